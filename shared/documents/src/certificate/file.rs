//! Sheets into a file: metadata, the outline that readers jump by, the attached credential, and the validators' last word.

use super::{
    RenderError, packed,
    sheet::{self, Sheet},
    text::printed,
};
use domain::id::CertificateCode;
use jiff::{Timestamp, civil::DateTime as Civil, tz::TimeZone};
use krilla::{
    Data, Document, SerializeSettings,
    configure::{Accessibility, Archival, Configuration, ConfigurationBuilder, ValidationError},
    destination::XyzDestination,
    embed::{AssociationKind, EmbeddedFile, MimeType},
    error::KrillaError,
    geom::Point,
    metadata::{DateTime, Metadata},
    outline::{Outline, OutlineNode},
};

/// What the attachment is called.
pub(crate) const ATTACHMENT: &str = "credential.json";
/// The language of our words.
const LANGUAGE: &str = "en-US";

/// What is said of a file to whoever doesn't open it.
pub(super) struct About<'a> {
    /// What it is, and whose.
    pub(super) title: String,
    pub(super) description: String,
    /// Who issued it.
    pub(super) author: &'a str,
    /// What the outline calls the first sheet.
    pub(super) heading: &'static str,
    /// When, in seconds since 1970.
    pub(super) made_at: i64,
    pub(super) code: &'a CertificateCode,
    /// What the attachment is.
    pub(super) record: &'static str,
}

/// Writes the file.
pub(super) fn write(about: &About<'_>, sheets: Vec<Sheet>, credential: Option<&[u8]>) -> Result<Vec<u8>, RenderError> {
    let settings = SerializeSettings {
        configuration: configuration()?,
        enable_tagging: true,
        // Packed afterwards, all by one packer.
        compress_content_streams: false,
        ..Default::default()
    };
    let mut document = Document::new_with(settings);
    let made = date(about.made_at);
    document.set_metadata(
        Metadata::new()
            .title(printed(&about.title))
            .description(about.description.clone())
            .authors(vec![printed(about.author)])
            .creator("Contact Hour".to_owned())
            .language(LANGUAGE.to_owned())
            .creation_date(made)
            .document_id(about.code.to_string()),
    );
    let mut outline = Outline::new();
    for place in 0..sheets.len() {
        let title = if place == 0 { about.heading.to_owned() } else { format!("Sheet {}", place + 1) };
        outline.push_child(OutlineNode::new(title, XyzDestination::new(place, Point::from_xy(0.0, 0.0))));
    }
    sheet::write(&mut document, sheets, LANGUAGE);
    document.set_outline(outline);
    if let Some(credential) = credential {
        document.embed_file(EmbeddedFile {
            path: ATTACHMENT.to_owned(),
            mime_type: MimeType::new("application/vc+ld+json"),
            description: Some(about.record.to_owned()),
            association_kind: AssociationKind::Data,
            data: Data::from(credential.to_vec()),
            modification_date: Some(made),
            compress: Some(false),
            location: None,
        });
    }
    let pdf = document.finish().map_err(problem)?;
    Ok(packed::packed(&pdf).unwrap_or(pdf))
}

fn configuration() -> Result<Configuration, RenderError> {
    ConfigurationBuilder::new()
        .with_archival_validator(Archival::A3_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|_| RenderError::Library)
}

/// A moment in the file's form: the certificate's own day of issue, never today.
fn date(seconds: i64) -> DateTime {
    let moment: Civil = Timestamp::from_second(seconds).unwrap_or_default().to_zoned(TimeZone::UTC).datetime();
    let small = |number: i8| u8::try_from(number).unwrap_or(0);
    DateTime::new(u16::try_from(moment.year()).unwrap_or(1970))
        .month(small(moment.month()))
        .day(small(moment.day()))
        .hour(small(moment.hour()))
        .minute(small(moment.minute()))
        .second(small(moment.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}

fn problem(error: KrillaError) -> RenderError {
    match error {
        KrillaError::Image(..) => RenderError::Picture,
        KrillaError::Validation(errors) => {
            RenderError::Invalid { rule: errors.first().map_or("unknown", |(error, _)| rule(error)) }
        }
        _ => RenderError::Library,
    }
}

fn rule(error: &ValidationError) -> &'static str {
    match error {
        ValidationError::ContainsNotDefGlyph(..) => "a sign has no glyph",
        ValidationError::NoCodepointMapping(..) | ValidationError::InvalidCodepointMapping(..) => {
            "a glyph stands for no sign"
        }
        ValidationError::UnicodePrivateArea(..) => "a sign is of the private area",
        ValidationError::MissingAltText(_) | ValidationError::MissingAnnotationAltText(_) => "a picture has no words",
        ValidationError::TooLongString | ValidationError::TooLongName => "a text is too long",
        ValidationError::NoDocumentTitle | ValidationError::MissingHeadingTitle => "a title is missing",
        ValidationError::MissingDocumentOutline => "the outline is missing",
        ValidationError::MissingTagging => "the tags are missing",
        ValidationError::EmbeddedFile(..) => "the attachment isn't described",
        _ => "another one",
    }
}
