//! Certificates and a transcript to look at: the samples and their extremes, on both papers. `cargo run -p documents --example certificates -- FOLDER`.

use documents::certificate::{Fonts, Images, Picture, preview, render, render_transcript};
use domain::{
    certificate::{CertificateData, Paper},
    hours::CreditHours,
    id::CertificateCode,
    name::PersonName,
    transcript::TranscriptData,
};
use std::{env, fs, path::Path};

fn main() {
    let folder = env::args().nth(1).expect("name the folder to write to");
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let fonts = Fonts::with_folder(here.join("fonts"));
    let picture = |name: &str| {
        let bytes = fs::read(here.join("samples").join(name)).expect("the picture stands beside the sample");
        Some(Picture::read(&bytes).expect("it is a picture"))
    };
    let pictures = Images { logo: picture("logo.png"), signature: picture("signature.png") };
    for (name, data, images) in samples(&pictures) {
        for paper in Paper::ALL {
            let rendered = render(&data, &images, paper, None, &fonts);
            let pdf = rendered.unwrap_or_else(|problem| panic!("{name}: {problem}")).pdf;
            let picture = preview(&data, &images, paper, &fonts).expect("what prints has a picture");
            fs::write(Path::new(&folder).join(format!("{name}-{}.svgz", paper.as_str())), picture)
                .expect("it can be written");
            let file = Path::new(&folder).join(format!("{name}-{}.pdf", paper.as_str()));
            println!("{:>7} {}", pdf.len(), file.display());
            fs::write(file, pdf).expect("the folder can be written to");
        }
    }
    for paper in Paper::ALL {
        let mut data: TranscriptData =
            serde_json::from_str(include_str!("../samples/transcript.json")).expect("the sample is a transcript");
        data.paper = paper;
        let rendered = render_transcript(&data, &pictures, b"{}", &fonts).expect("it can be printed");
        let file = Path::new(&folder).join(format!("transcript-{}.pdf", paper.as_str()));
        fs::write(file, rendered.pdf).expect("the folder can be written to");
    }
}

fn samples(pictures: &Images) -> Vec<(String, CertificateData, Images)> {
    let sample: CertificateData =
        serde_json::from_str(include_str!("../samples/certificate.json")).expect("the sample is a certificate");
    let named = |first: &str, last: &str| {
        let mut data = sample.clone();
        data.participant.name = PersonName { first: first.to_owned(), last: last.to_owned() };
        data
    };
    let mut all = vec![("sample".to_owned(), sample.clone(), pictures.clone())];
    let mut electronic = named("Nguyễn Anh", "Văn");
    electronic.signatory = None;
    electronic.participant.licences.clear();
    electronic.supersedes = Some(CertificateCode::from_bits(7));
    all.push(("electronic".to_owned(), electronic, Images::default()));
    for (name, first, last) in [
        ("arabic", "كمال مجدي", "العامر"),
        ("hebrew", "יונתן חיים", "כהן"),
        ("mixed", "O'Neill كمال", "Cohen כהן"),
        ("hindi", "ललित मोहन", "शर्मा"),
        ("burmese", "မေရီ စူး ဟာမစ်ရှ်", "ဝပ်ဆင်"),
        ("khmer", "រិទ្ធី មករា", "វ៉េង"),
        ("thai", "ปรีชา กล้าหาญ", "แสงระวี"),
        ("chinese", "雅婷", "張"),
        ("japanese", "太郎 トーマス", "山田"),
        ("korean", "소현", "박"),
        ("yoruba", "Ọ̀gbẹ́ni Adebola", "Adekunle"),
    ] {
        let mut data = named(first, last);
        data.activity.title = format!("{first}: {}", data.activity.title);
        all.push((name.to_owned(), data, Images { signature: None, ..pictures.clone() }));
    }
    all.push(("long".to_owned(), long(&sample), pictures.clone()));
    all.push(("ten-bodies".to_owned(), ten_bodies(&sample), pictures.clone()));
    all
}

/// Everything as long as it may be.
fn long(sample: &CertificateData) -> CertificateData {
    let mut data = sample.clone();
    let name = "Maximiliane Wilhelmina von Hohenlohe-Waldenburg-Schillingsfürst zu Langenburg und Öhringen der Ältere";
    let cut = |text: &str, most: usize| text.chars().take(most).collect::<String>();
    data.participant.name = PersonName { first: cut(name, 100), last: cut(&name.to_uppercase(), 100) };
    data.activity.title = cut(&"The Duty to Warn and the Duty to Protect in Telehealth Practice, ".repeat(4), 200);
    let presenter = data.activity.presenters[0].clone();
    data.activity.presenters = vec![presenter; 20];
    data.disclaimer = vec!["Boards decide for themselves which courses they accept. ".repeat(20); 3];
    data
}

/// Ten bodies, each with a long statement.
fn ten_bodies(sample: &CertificateData) -> CertificateData {
    let mut data = sample.clone();
    let first = data.credits[0].clone();
    data.credits = (1..=10)
        .map(|number| {
            let mut credit = first.clone();
            credit.body = format!("BODY{number}");
            credit.body_name = format!("National Association of Boards of Examiners for Profession {number}");
            credit.hours = CreditHours::from_hundredths(100 + number * 25).expect("some hours");
            credit.statement = credit.statement.repeat(if number % 3 == 0 { 5 } else { 2 });
            credit
        })
        .collect();
    data
}
