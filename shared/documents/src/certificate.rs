//! Certificates as PDF: made to be printed and hung up, read out to those who don't see them, and kept for decades (PDF/A-3a and
//! PDF/UA-1, which the library's own validators pass or refuse).
//!
//! The same data are the same bytes, in any process: nothing here asks for the time, for chance or for the machine's fonts. A name
//! with a sign that no font has is refused; it never prints as a box.

mod file;
mod following;
mod fonts;
mod front;
mod packed;
mod picture;
mod qr;
mod scripts;
mod setting;
mod sheet;
mod svg;
mod text;
mod transcript;
mod words;

pub use fonts::{CJK_FILE, Fonts, NoFont};
pub use picture::{Images, InvalidPicture, Picture};
pub use transcript::render_transcript;

use domain::{
    certificate::{CertificateData, Paper},
    event::Presenter,
};
use flate2::{Compression, GzBuilder};
use std::{collections::BTreeSet, fmt, io::Write};

/// What it is called.
const HEADING: &str = "Certificate of Completion";
/// What a transcript is called.
const TRANSCRIPT_HEADING: &str = "Continuing Education Transcript";

/// A certificate's file. `Debug` shows its length alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Its bytes.
    pub pdf: Vec<u8>,
}

impl fmt::Debug for Rendered {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Rendered({} bytes)", self.pdf.len())
    }
}

/// A part of a certificate, so that it can be said where something is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The participant's name.
    Name,
    /// Their licences.
    Licences,
    /// The title.
    Title,
    /// What else is said of the activity.
    Activity,
    /// Those who presented it.
    Presenters,
    /// The provider.
    Provider,
    /// The organisation.
    Organisation,
    /// The credit.
    Credits,
    /// What bodies state.
    Statements,
    /// The disclaimer.
    Disclaimer,
    /// Who signs.
    Signatory,
    /// The address that it can be checked at, and the code in it.
    Address,
    /// Words that stand on every certificate.
    Fixed,
}

impl Part {
    /// As people call it.
    pub fn as_str(self) -> &'static str {
        match self {
            Part::Name => "name",
            Part::Licences => "licenses",
            Part::Title => "title",
            Part::Activity => "activity",
            Part::Presenters => "presenters",
            Part::Provider => "provider",
            Part::Organisation => "organization",
            Part::Credits => "credits",
            Part::Statements => "statements",
            Part::Disclaimer => "disclaimer",
            Part::Signatory => "signatory",
            Part::Address => "address",
            Part::Fixed => "printed words",
        }
    }
}

/// Why there is no file. None of them is cured by trying again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// Signs that no font has: a person has to see what to do.
    #[error("The {} has characters that no font of ours has: {}.", part.as_str(), listed(characters))]
    MissingGlyphs {
        /// Where.
        part: Part,
        /// Which.
        characters: BTreeSet<char>,
    },
    /// The font for it isn't beside the program.
    #[error("The {} needs a font that can't be opened: {problem}.", part.as_str())]
    NoFont {
        /// What needs it.
        part: Part,
        /// What is wrong.
        problem: NoFont,
    },
    /// Longer than can stand on a certificate in letters that can be read.
    #[error("The {} is too long for a certificate. Shorten it.", part.as_str())]
    DoesNotFit {
        /// What.
        part: Part,
    },
    /// The address is longer than a QR code holds.
    #[error("The address to check the certificate at is too long for a QR code.")]
    Address,
    /// The logo or the signature looked like a picture, but couldn't be unpacked.
    #[error("The logo or the signature can't be read. Save the picture again and choose it again.")]
    Picture,
    /// Neither the validator of PDF/A-3a nor that of PDF/UA-1 may find fault; this one did.
    #[error("The file breaks a rule of PDF/A-3a or PDF/UA-1: {rule}.")]
    Invalid {
        /// The first rule.
        rule: &'static str,
    },
    /// The file can't be written.
    #[error("The file can't be written.")]
    Library,
}

/// Signs as people can look them up: those that can be seen with their form.
fn listed(characters: &BTreeSet<char>) -> String {
    /// As many as one reads in a sentence.
    const MOST: usize = 10;
    let one = |sign: &char| {
        let code = format!("U+{:04X}", u32::from(*sign));
        if sign.is_alphanumeric() { format!("{sign} ({code})") } else { code }
    };
    let mut all: Vec<String> = characters.iter().take(MOST).map(one).collect();
    if characters.len() > MOST {
        all.push(format!("and {} more", characters.len() - MOST));
    }
    all.join(", ")
}

/// Makes a certificate's file, with the signed credential attached if there is one.
pub fn render(
    data: &CertificateData,
    images: &Images,
    paper: Paper,
    credential: Option<&[u8]>,
    fonts: &Fonts,
) -> Result<Rendered, RenderError> {
    let setter = setting::Setter::new(fonts);
    let measures = measures(paper);
    let code = qr::Code::of(&data.verify_at).ok_or(RenderError::Address)?;
    let (front, later) = front::lay_out(&setter, data, images, code, measures)?;
    let mut sheets = vec![front];
    sheets.extend(following::lay_out(&setter, data, later, measures)?);
    let about = file::About {
        title: format!("{HEADING}: {}, {}", data.activity.title, data.participant.printed_name()),
        description: format!("Certificate {}, which anybody can check at {}", data.code, data.verify_at),
        author: &data.organisation.name,
        heading: HEADING,
        made_at: data.issued_at,
        code: &data.code,
        record: "The signed record of this certificate (Open Badges 3.0)",
    };
    file::write(&about, sheets, credential).map(|pdf| Rendered { pdf })
}

/// The front sheet as a picture for pages: SVG, packed with gzip to a third. It is drawn from what is printed, and only to be looked at.
pub fn preview(data: &CertificateData, images: &Images, paper: Paper, fonts: &Fonts) -> Result<Vec<u8>, RenderError> {
    let setter = setting::Setter::new(fonts);
    let code = qr::Code::of(&data.verify_at).ok_or(RenderError::Address)?;
    let (front, _) = front::lay_out(&setter, data, images, code, measures(paper))?;
    // What goes to memory can't fail; the head has no time in it, so the same sheet is the same bytes.
    let mut packer = GzBuilder::new().write(Vec::new(), Compression::best());
    packer.write_all(svg::write(&front).as_bytes()).map_err(|_| RenderError::Library)?;
    packer.finish().map_err(|_| RenderError::Library)
}

/// A sheet's width and height in points, lying.
fn measures(paper: Paper) -> (f32, f32) {
    match paper {
        Paper::Letter => (792.0, 612.0),
        Paper::A4 => (841.89, 595.28),
    }
}

/// `Jane Roe, PhD, LPC`.
fn presenter(presenter: &Presenter) -> String {
    match presenter.credentials.trim() {
        "" => presenter.name.clone(),
        credentials => format!("{}, {credentials}", presenter.name),
    }
}

/// What bodies state, each under its name, and then the disclaimer.
fn paragraphs(data: &CertificateData) -> impl Iterator<Item = (Part, Option<String>, &str)> {
    let stated = data.credits.iter().filter(|credit| !credit.statement.trim().is_empty());
    let statements = stated.map(|credit| (Part::Statements, Some(words::body(credit)), credit.statement.as_str()));
    let disclaimer = data.disclaimer.iter().filter(|text| !text.trim().is_empty()).enumerate();
    let heading = |place: usize| (place == 0).then(|| "Disclaimer".to_owned());
    statements.chain(disclaimer.map(move |(place, text)| (Part::Disclaimer, heading(place), text.as_str())))
}
