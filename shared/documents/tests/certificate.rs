//! Certificates as files: everybody's name in its own script, what is as long as it may be, what is hostile, and what other programs
//! make of the file (`qpdf`, `pdffonts`, `pdftotext`; a test says so loudly where one is missing).

mod programs;

use documents::{
    certificate::{Fonts, Images, Part, Picture, RenderError, Rendered, preview, render},
    credential::{Keys, SigningKey, extract_credential, sign, verify},
};
use domain::{
    certificate::{CertificateData, Paper},
    hours::CreditHours,
    id::CertificateCode,
    name::PersonName,
};
use programs::told;
use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn fonts() -> Fonts {
    Fonts::with_folder(here().join("fonts"))
}

fn sample() -> CertificateData {
    serde_json::from_str(include_str!("../samples/certificate.json")).unwrap()
}

fn named(first: &str, last: &str) -> CertificateData {
    let mut data = sample();
    data.participant.name = PersonName { first: first.into(), last: last.into() };
    data
}

fn made(data: &CertificateData) -> Result<Rendered, RenderError> {
    render(data, &Images::default(), Paper::Letter, None, &fonts())
}

fn pictures() -> Images {
    let picture = |name: &str| Picture::read(&fs::read(here().join("samples").join(name)).unwrap()).ok();
    Images { logo: picture("logo.png"), signature: picture("signature.png") }
}

fn text_of(pdf: &[u8]) -> Option<String> {
    told("pdftotext", &["-enc", "UTF-8", "-raw", "FILE", "-"], pdf)
}

/// Texts without gaps and marks of direction, whose number is a reader's choice.
fn squeezed(text: &str) -> String {
    let is_mark =
        |sign: &char| matches!(sign, '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().filter(|sign| !sign.is_whitespace() && !is_mark(sign)).collect()
}

/// Where the shared samples stand, beside the repository; `None`, and loudly, if they don't.
fn shared(name: &str) -> Option<String> {
    let found = here().ancestors().map(|folder| folder.join("shared/data/names").join(name)).find(|file| file.exists());
    if found.is_none() {
        eprintln!("SKIPPED: shared/data/names/{name} isn't beside the repository");
    }
    found.map(|file: PathBuf| fs::read_to_string(file).unwrap())
}

/// One name for each script that there is a font for.
const NAMES: [&str; 27] = [
    "Ọ̀gbẹ́ni Adéọlá Nguyễn Văn Ðức",
    "Δημήτρης Καρατζής",
    "Дмитрий Васильев",
    "كمال مجدي العامر",
    "ژیلا شازیہ واټسن",
    "יונתן חיים כהן",
    "Արթուր Դարբինյան",
    "মেরি সু রহমান",
    "ᏣᎳᎩ ᏌᏊᏯ",
    "ललित मोहन शर्मा",
    "ሜሪ ዋትሰን",
    "თეკლა ნაკაშიძე",
    "ખુશી પટેલ દવે",
    "ਜ਼ੈਨਡਿਆ ਵਾਟਸਨ",
    "ವಿಜಯ ಲಕ್ಷ್ಮಿ ಯಶ್",
    "រិទ្ធី មករា វ៉េង",
    "ມະນີ ວັດທະນາ",
    "ജോൺ ചാണ്ടി",
    "မေရီ ဝပ်ဆင်",
    "ମେରୀ ୱାଟସନ",
    "මේරි වොට්සන්",
    "ܡܪܝܡ",
    "ராஜேந்திர சோழன்",
    "రాజశేఖర్ రెడ్డి",
    "ޒެންޑަޔާ",
    "ปรีชา กล้าหาญ",
    "山田太郎 トーマス 张安怡 박소현",
];

#[test]
fn a_name_of_every_script_prints() {
    for name in NAMES {
        made(&named(name, "")).unwrap_or_else(|problem| panic!("{name}: {problem}"));
    }
}

#[test]
fn everybody_of_the_shared_list_gets_a_certificate_that_reads_as_their_name() {
    let Some(people) = shared("people.tsv") else { return };
    let names: Vec<&str> = people.lines().skip(1).filter_map(|line| line.split('\t').next()).collect();
    assert_eq!(names.len(), 177);
    let mut unlike = Vec::new();
    for name in names {
        let pdf = made(&named(name, "")).unwrap_or_else(|problem| panic!("{name}: {problem}")).pdf;
        // In its own order: the raw one is the order on the paper, from left to right.
        let Some(text) = told("pdftotext", &["-enc", "UTF-8", "FILE", "-"], &pdf) else { return };
        // Poppler joins what a hyphen parts at a line's end, and turns a comma or a doubling mark in Arabic around.
        let loose = |text: &str| squeezed(text).replace(['-', '\u{651}'], "");
        if !name.split(',').all(|part| loose(&text).contains(&loose(part))) {
            unlike.push(name);
        }
    }
    assert!(unlike.is_empty(), "{unlike:#?}");
}

#[test]
fn other_programs_find_nothing_wrong_and_all_fonts_embedded() {
    let mut data = sample();
    data.participant.name = PersonName { first: "Rosa María كمال".into(), last: "שרון 山田".into() };
    let pdf = render(&data, &pictures(), Paper::A4, Some(b"{}"), &fonts()).unwrap().pdf;
    told("qpdf", &["--check", "FILE"], &pdf);
    if let Some(list) = told("pdffonts", &["FILE"], &pdf) {
        let rows: Vec<&str> = list.lines().skip(2).collect();
        assert_eq!(rows.len(), 6, "{list}");
        for row in rows {
            assert!(row.contains("yes yes yes") && row.as_bytes()[6] == b'+', "{row}");
        }
    }
    if let Some(about) = told("pdfinfo", &["FILE"], &pdf) {
        assert!(about.contains("Tagged:          yes") && about.contains("A4"), "{about}");
    }
}

#[test]
fn the_file_says_what_the_data_say() {
    let mut data = sample();
    data.supersedes = Some(CertificateCode::from_bits(7));
    let Some(text) = text_of(&made(&data).unwrap().pdf) else { return };
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in [
        "Mary Sue Hamish Watson",
        "TX-BON, RN 0812345; CA-BBS, LCSW LCS 29187",
        "has completed the live interactive webinar",
        "Ethics of Telehealth: Consent, Boundaries and Records across State Lines",
        "Wednesday, July 1, 2026, 1:30 PM to 3:00 PM EDT",
        "1.25 clock hours (60-minute hour)",
        "1.50 CPE credits (50-minute hour)",
        "National Board for Certified Counselors (NBCC)",
        "ACEP No. 7214",
        "Lakeside Learning Cooperative",
        "Provider number P-10482",
        "1200 Harbor Street, Suite 4",
        "ce@lakeside.example.org",
        "Delivery format: Live interactive webinar",
        "Location: Online, by Zoom",
        "Field of study: Ethics",
        "Amara Okafor, PhD, LPC",
        "Helen Brandt, EdD",
        "Director of Continuing Education",
        "7k2m9 qx4vb 1nr8d z0hw3 tj6pcs",
        "Issued July 1, 2026",
        "Replaces certificate 00000 00000 00000 00000 000007",
        "solely responsible for all aspects of the programs.",
        "Boards decide for themselves",
    ] {
        assert!(text.contains(said), "{said:?} isn't in:\n{text}");
    }
    assert!(squeezed(&text).contains(&data.verify_at));
}

#[test]
fn without_a_signatory_it_says_who_issued_it() {
    let mut data = sample();
    data.signatory = None;
    let Some(text) = text_of(&made(&data).unwrap().pdf) else { return };
    assert!(squeezed(&text).contains("IssuedelectronicallybyAssociationforContinuingEducationinCounseling"), "{text}");
}

#[test]
fn a_sign_that_no_font_has_is_named_and_nothing_is_made() {
    let check = |data: &CertificateData, part: Part, signs: &str| {
        let expected = RenderError::MissingGlyphs { part, characters: signs.chars().collect() };
        assert_eq!(made(data), Err(expected));
    };
    check(&named("Ana ☃", "𓀀b"), Part::Name, "☃𓀀");
    check(&named("Mary\u{7}", "Watson"), Part::Name, "\u{7}");
    let mut data = sample();
    data.activity.title = "Runes ᚠ".into();
    check(&data, Part::Title, "ᚠ");
    let without = render(&named("雅婷", "張"), &Images::default(), Paper::A4, None, &Fonts::built_in());
    assert!(matches!(without, Err(RenderError::NoFont { part: Part::Name, .. })), "{without:?}");
}

#[test]
fn signs_that_only_steer_are_left_out() {
    let plain = made(&named("Mary", "Watson")).unwrap();
    assert_eq!(made(&named("\u{202e}Ma\u{200b}ry\u{2066}", "Wat\u{ad}son\u{200f}")), Ok(plain));
}

#[test]
fn hostile_names_print_or_are_refused_and_no_file_breaks() {
    let own = [
        "(",
        ")\\",
        "<<>>",
        "%PDF-1.7 endobj stream",
        "\\(\\))",
        "a\u{0}b",
        "\r\n/Type",
        "]]>&<x/>",
        "\u{feff}\u{fffe}",
    ];
    let shared = shared("naughty_display_names.json").map(|text| serde_json::from_str::<Vec<String>>(&text).unwrap());
    let names = own.iter().map(|name| (*name).to_owned()).chain(shared.unwrap_or_default());
    let mut refused = 0;
    for name in names {
        let mut data = named(&name, "Watson");
        data.activity.title = format!("Of {name}");
        match made(&data) {
            Ok(rendered) => {
                told("qpdf", &["--check", "FILE"], &rendered.pdf);
            }
            Err(RenderError::MissingGlyphs { .. }) => refused += 1,
            Err(other) => panic!("{name:?}: {other}"),
        }
    }
    assert!(refused < 15, "{refused} were refused");
}

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

#[test]
fn the_longest_name_and_title_fit_on_both_papers() {
    let wide = "W".repeat(100);
    let ordinary = cut(&"Maximiliane Wilhelmina von Hohenlohe-Waldenburg ".repeat(3), 100);
    let han = "張".repeat(100);
    let arabic = cut(&"عبد الكريم عبد الحميد ".repeat(6), 100);
    for part in [wide, ordinary, han, arabic] {
        let mut data = named(&part, &part);
        data.activity.title = part.repeat(2);
        data.activity.presenters = vec![data.activity.presenters[0].clone(); 20];
        for paper in Paper::ALL {
            let made = render(&data, &pictures(), paper, None, &fonts());
            assert!(made.is_ok(), "{}: {:?}", cut(&part, 10), made.err());
        }
    }
}

#[test]
fn ten_bodies_with_long_statements_go_on_to_sheets_of_their_own() {
    let mut data = sample();
    let first = data.credits[0].clone();
    data.credits = (1..=10)
        .map(|number| {
            let mut credit = first.clone();
            credit.body = format!("BODY{number}");
            credit.body_name = cut(&format!("National Association of Boards of Examiners {number} ").repeat(3), 120);
            credit.hours = CreditHours::from_hundredths(100 + number).unwrap();
            credit.statement = cut(&format!("Statement {number} says this. ").repeat(90), 2_000);
            credit
        })
        .collect();
    for paper in Paper::ALL {
        let pdf = render(&data, &Images::default(), paper, None, &fonts()).unwrap().pdf;
        let Some(text) = text_of(&pdf) else { return };
        for number in 1..=10 {
            assert!(text.contains(&format!("1.{number:02} clock hours")), "{number}");
            assert!(text.contains(&format!("Statement {number} says this.")), "{number}");
        }
    }
}

#[test]
fn the_same_data_are_the_same_bytes_in_this_process_and_in_another() {
    const PLACE: &str = "CERTIFICATE_TO";
    let key = SigningKey::from_seed("2026-1", &[7; 32]).unwrap();
    let made = || {
        let data = named("Rosa كمال", "שרון 山田");
        render(&data, &pictures(), Paper::Letter, Some(&sign(&data, &key)), &fonts()).unwrap().pdf
    };
    // The other process makes this one alone.
    if let Ok(place) = std::env::var(PLACE) {
        fs::write(place, made()).unwrap();
        return;
    }
    // Here others come first and between, in two orders, whose letters and texts it shares: what a process keeps changes nothing.
    let others = [("Rosa", "כמאל"), ("كمال", "山田"), ("Ana", "Watson")];
    let other = |(first, last): &(&str, &str)| {
        render(&named(first, last), &Images::default(), Paper::A4, None, &fonts()).unwrap();
    };
    others.iter().for_each(other);
    let pdf = made();
    others.iter().rev().for_each(other);
    assert!(made() == pdf, "another certificate before it made other bytes");
    let place = tempfile::NamedTempFile::new().unwrap();
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "the_same_data_are_the_same_bytes_in_this_process_and_in_another"])
        .env(PLACE, place.path())
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    assert!(fs::read(place.path()).unwrap() == pdf, "another process made other bytes");
}

#[test]
fn a_title_that_was_made_with_the_large_font_is_refused_where_that_font_is_missing() {
    let mut data = sample();
    data.activity.title = "遠隔医療の倫理".into();
    made(&data).unwrap();
    let without = render(&data, &Images::default(), Paper::Letter, None, &Fonts::built_in());
    assert!(matches!(without, Err(RenderError::NoFont { part: Part::Title, .. })), "{without:?}");
}

#[test]
fn the_signed_record_comes_out_of_the_file_as_it_went_in() {
    let (data, key) = (sample(), SigningKey::from_seed("2026-1", &[7; 32]).unwrap());
    let record = sign(&data, &key);
    let pdf = render(&data, &Images::default(), Paper::A4, Some(&record), &fonts()).unwrap().pdf;
    let found = extract_credential(&pdf).unwrap();
    assert_eq!(found, record);
    assert_eq!(verify(&found, &Keys { keys: vec![key.public(0)] }).unwrap().name, "Mary Sue Hamish Watson");
}

#[test]
fn files_that_are_cut_or_flipped_give_no_false_record_and_no_panic() {
    let (data, key) = (sample(), SigningKey::from_seed("2026-1", &[7; 32]).unwrap());
    let record = sign(&data, &key);
    let pdf = render(&data, &Images::default(), Paper::A4, Some(&record), &fonts()).unwrap().pdf;
    let keys = Keys { keys: vec![key.public(0)] };
    for length in (0..pdf.len()).step_by(97) {
        if let Ok(found) = extract_credential(&pdf[..length]) {
            assert!(found == record || verify(&found, &keys).is_err());
        }
    }
    for place in (0..pdf.len()).step_by(53) {
        let mut flipped = pdf.clone();
        flipped[place] ^= 0x20;
        if let Ok(found) = extract_credential(&flipped) {
            assert!(found == record || verify(&found, &keys).is_err(), "{place}");
        }
    }
    let without = made(&data).unwrap().pdf;
    assert!(extract_credential(&without).is_err());
    assert!(extract_credential(&[pdf.as_slice(), &pdf].concat()).is_err(), "two records");
}

#[test]
fn a_file_with_its_record_stays_small() {
    /// What a certificate with its fonts, code and record may weigh.
    const MOST_BYTES: usize = 40 * 1024;
    let (data, key) = (sample(), SigningKey::from_seed("2026-1", &[7; 32]).unwrap());
    for paper in Paper::ALL {
        let pdf = render(&data, &Images::default(), paper, Some(&sign(&data, &key)), &fonts()).unwrap().pdf;
        assert!(pdf.len() <= MOST_BYTES, "{} bytes", pdf.len());
    }
}

#[test]
fn its_picture_is_drawn_from_what_prints_and_describes_each_glyph_once() {
    let picture = |data: &CertificateData| {
        let packed = preview(data, &pictures(), Paper::Letter, &fonts()).unwrap();
        assert_eq!(packed, preview(data, &pictures(), Paper::Letter, &fonts()).unwrap());
        assert!(packed.len() < 60_000, "{} bytes", packed.len());
        let mut text = String::new();
        flate2::read::GzDecoder::new(packed.as_slice()).read_to_string(&mut text).unwrap();
        text
    };
    let svg = picture(&sample());
    assert!(svg.starts_with("<svg xmlns") && svg.contains("viewBox=\"0 0 792 612\"") && svg.ends_with("</svg>\n"));
    for hidden in ["<text", "<script", "Watson", "NaN", "inf"] {
        assert!(!svg.contains(hidden), "{hidden}");
    }
    assert_eq!(svg.matches("<image ").count(), 2, "the logo and the signature");
    let mut described = 0;
    for name in svg.split("<path id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        described += 1;
        assert_eq!(svg.matches(&format!("<path id=\"{name}\"")).count(), 1);
        assert!(svg.contains(&format!("<use href=\"#{name}\"")), "{name}");
    }
    // All signs of the name but the blanks, and another name is another picture.
    assert!(described > 60 && svg.matches("<use ").count() > 700, "{described}");
    assert_ne!(picture(&named("كمال مجدي", "العامر")), svg);
}
