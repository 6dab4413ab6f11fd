//! The settings as somebody typed them, and what is wrong with them: every wrong field, not the first.

use super::{
    Body, LONGEST_ORGANISATION_NAME, LONGEST_TEXT, MOST_BODIES, Organisation, Texts,
    colour::{Colour, InvalidColour},
};
use crate::{email::EmailAddress, roster::judge::ReportingYear};

/// As long as the head of a matrix' row.
pub const LONGEST_BODY_SHORT: usize = 20;
/// As long as two lines of a matrix.
pub const LONGEST_BODY_NAME: usize = 120;
/// Longer than any board asks for; a slip of the keyboard isn't kept for a century.
pub const MOST_RETENTION_YEARS: u8 = 50;

/// The settings as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// The organisation's name.
    pub name: String,
    /// Where people write for help.
    pub support_email: String,
    /// Where answers go.
    pub reply_to: String,
    /// The accent colour.
    pub accent: String,
    /// The month in which the reporting year begins, 1 to 12; empty with the day: as the deployment was set up.
    pub month: String,
    /// The day of that month.
    pub day: String,
    /// How many years records are kept.
    pub retention_years: String,
    /// Short names and names of bodies; rows that are empty don't count.
    pub bodies: Vec<(String, String)>,
}

/// What is wrong with a setting.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum InvalidSetting {
    /// No name.
    #[error("Enter the organisation's name: it stands at the head of every page and in every mail.")]
    NameMissing,
    /// Too long a name.
    #[error(
        "The name is longer than {LONGEST_ORGANISATION_NAME} characters, so it doesn't fit at the head of a page. Shorten it."
    )]
    NameTooLong,
    /// A name with control characters.
    #[error("The name holds characters that can't be shown. Type it anew.")]
    NameUnprintable,
    /// No address.
    #[error("That isn't an email address that mail can be sent to. Write it like help@example.org, or leave it empty.")]
    SupportEmail,
    /// No address.
    #[error(
        "That isn't an email address that mail can be sent to. Write it like office@example.org, or leave it empty."
    )]
    ReplyTo,
    /// A colour that is none, or can't be read.
    #[error(transparent)]
    Accent(InvalidColour),
    /// A day that not every year has.
    #[error("Choose a month and a day that every year has, such as July 1, or choose neither.")]
    ReportingYear,
    /// Not a number of years.
    #[error("Enter a whole number of years from 1 to {MOST_RETENTION_YEARS}.")]
    Retention,
    /// More than a matrix shows.
    #[error("There are more than {MOST_BODIES} bodies. Remove some.")]
    TooManyBodies,
    /// A body without a short name, or with too long a one.
    #[error("Enter a short name of up to {LONGEST_BODY_SHORT} characters, such as TX-BON, or empty the whole row.")]
    BodyShort {
        /// The row, from 0.
        row: usize,
    },
    /// The same short name again.
    #[error("Another row has this short name already. Change one of the two, or empty the whole row.")]
    BodyTwice {
        /// The row, from 0.
        row: usize,
    },
    /// A body without a name, or with too long a one.
    #[error("Enter the body's name, up to {LONGEST_BODY_NAME} characters, or empty the whole row.")]
    BodyName {
        /// The row, from 0.
        row: usize,
    },
}

impl InvalidSetting {
    /// The form's field that is wrong.
    pub fn field(&self) -> String {
        match self {
            Self::NameMissing | Self::NameTooLong | Self::NameUnprintable => "name".to_owned(),
            Self::SupportEmail => "support_email".to_owned(),
            Self::ReplyTo => "reply_to".to_owned(),
            Self::Accent(_) => "accent".to_owned(),
            Self::ReportingYear => "month".to_owned(),
            Self::Retention => "retention_years".to_owned(),
            Self::TooManyBodies => "short-0".to_owned(),
            Self::BodyShort { row } | Self::BodyTwice { row } => format!("short-{row}"),
            Self::BodyName { row } => format!("body-{row}"),
        }
    }
}

impl Draft {
    /// The settings as they stand, as somebody would type them.
    pub fn of(settings: &Organisation) -> Self {
        let address =
            |email: &Option<EmailAddress>| email.as_ref().map(|email| email.shown().to_owned()).unwrap_or_default();
        let (month, day) = match settings.reporting_year {
            Some(year) => (year.month().to_string(), year.day().to_string()),
            None => (String::new(), String::new()),
        };
        Self {
            name: settings.name.clone(),
            support_email: address(&settings.support_email),
            reply_to: address(&settings.reply_to),
            accent: settings.accent.to_string(),
            month,
            day,
            retention_years: settings.retention_years.to_string(),
            bodies: settings.bodies.iter().map(|body| (body.short.clone(), body.name.clone())).collect(),
        }
    }

    /// The settings that were typed, over those that stand: what the form doesn't hold (the logo, the version) stays.
    pub fn read(&self, standing: &Organisation) -> Result<Organisation, Vec<InvalidSetting>> {
        let mut wrong = Vec::new();
        let mut told = |problem| wrong.push(problem);
        let name = read_name(&self.name).map_err(&mut told).ok();
        let support_email = read_address(&self.support_email).map_err(|()| told(InvalidSetting::SupportEmail)).ok();
        let reply_to = read_address(&self.reply_to).map_err(|()| told(InvalidSetting::ReplyTo)).ok();
        let accent = Colour::parse(&self.accent).map_err(|error| told(InvalidSetting::Accent(error))).ok();
        let year = read_year(&self.month, &self.day).map_err(|()| told(InvalidSetting::ReportingYear)).ok();
        let years = self.retention_years.trim().parse().ok().filter(|years| (1..=MOST_RETENTION_YEARS).contains(years));
        if years.is_none() {
            told(InvalidSetting::Retention);
        }
        let bodies = read_bodies(&self.bodies, &mut told);
        match (name, support_email, reply_to, accent, year, years) {
            (Some(name), Some(support_email), Some(reply_to), Some(accent), Some(reporting_year), Some(years))
                if wrong.is_empty() =>
            {
                let logo = standing.logo.clone();
                let (retention_years, version) = (years, standing.version);
                Ok(Organisation {
                    name,
                    support_email,
                    reply_to,
                    accent,
                    logo,
                    reporting_year,
                    bodies,
                    retention_years,
                    version,
                })
            }
            _ => Err(wrong),
        }
    }
}

fn read_name(raw: &str) -> Result<String, InvalidSetting> {
    let name = raw.trim();
    match name.chars().count() {
        0 => Err(InvalidSetting::NameMissing),
        long if long > LONGEST_ORGANISATION_NAME => Err(InvalidSetting::NameTooLong),
        _ if name.chars().any(char::is_control) => Err(InvalidSetting::NameUnprintable),
        _ => Ok(name.to_owned()),
    }
}

fn read_address(raw: &str) -> Result<Option<EmailAddress>, ()> {
    if raw.trim().is_empty() { Ok(None) } else { EmailAddress::parse(raw).map(Some).map_err(|_| ()) }
}

fn read_year(month: &str, day: &str) -> Result<Option<ReportingYear>, ()> {
    match (month.trim(), day.trim()) {
        ("", "") => Ok(None),
        (month, day) => ReportingYear::parse(&format!("{month}-{day}")).map(Some).ok_or(()),
    }
}

fn read_bodies(rows: &[(String, String)], told: &mut impl FnMut(InvalidSetting)) -> Vec<Body> {
    let mut bodies: Vec<Body> = Vec::new();
    for (row, (short, name)) in rows.iter().enumerate() {
        let (short, name) = (short.trim(), name.trim());
        if short.is_empty() && name.is_empty() {
            continue;
        }
        if !is_line(short, LONGEST_BODY_SHORT) {
            told(InvalidSetting::BodyShort { row });
        } else if bodies.iter().any(|body| body.short.eq_ignore_ascii_case(short)) {
            told(InvalidSetting::BodyTwice { row });
        }
        if !is_line(name, LONGEST_BODY_NAME) {
            told(InvalidSetting::BodyName { row });
        }
        bodies.push(Body { short: short.to_owned(), name: name.to_owned() });
    }
    if bodies.len() > MOST_BODIES {
        told(InvalidSetting::TooManyBodies);
    }
    bodies
}

fn is_line(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

/// A text that can't stand on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    /// Too long.
    #[error("The text is {over} characters too long: {LONGEST_TEXT} fit. Shorten it.")]
    TooLong {
        /// By how many characters.
        over: usize,
    },
    /// With control characters.
    #[error("The text holds characters that can't be shown. Paste it as plain text.")]
    Unprintable,
}

/// Reads a plain text: lines end in one way, and nothing stands around it.
pub fn read_text(raw: &str) -> Result<String, InvalidText> {
    let text = raw.replace("\r\n", "\n").trim().to_owned();
    let over = text.chars().count().saturating_sub(LONGEST_TEXT);
    match text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        _ if over > 0 => Err(InvalidText::TooLong { over }),
        true => Err(InvalidText::Unprintable),
        false => Ok(text),
    }
}

/// The paragraphs of a text: what empty lines part.
pub fn paragraphs(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut open = false;
    for line in text.lines().map(str::trim) {
        match (line.is_empty(), open, found.last_mut()) {
            (true, _, _) => open = false,
            (false, true, Some(last)) => {
                last.push(' ');
                last.push_str(line);
            }
            (false, _, _) => {
                found.push(line.to_owned());
                open = true;
            }
        }
    }
    found
}

impl Texts {
    /// The texts with their fields' names in forms.
    pub fn named(&self) -> [(&'static str, &str); 4] {
        [
            ("grievance", &self.grievance),
            ("accommodation", &self.accommodation),
            ("disclaimer", &self.disclaimer),
            ("privacy", &self.privacy),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        Draft::of(&Organisation::default())
    }

    #[test]
    fn settings_typed_as_they_stand_are_the_same_settings() {
        let standing = Organisation {
            support_email: EmailAddress::parse("help@example.org").ok(),
            reporting_year: ReportingYear::beginning(7, 1),
            bodies: vec![Body { short: "TX-BON".into(), name: "Texas Board of Nursing".into() }],
            logo: Some("abc.png".into()),
            version: 4,
            ..Organisation::default()
        };
        assert_eq!(Draft::of(&standing).read(&standing), Ok(standing));
    }

    #[test]
    fn every_wrong_field_is_told_with_its_name() {
        let draft = Draft {
            name: "  ".into(),
            support_email: "nobody".into(),
            reply_to: "a@b@c".into(),
            accent: "#ffee00".into(),
            month: "2".into(),
            day: "30".into(),
            retention_years: "0".into(),
            bodies: vec![
                ("A".into(), "One".into()),
                ("a".into(), "Two".into()),
                (String::new(), String::new()),
                (String::new(), "Three".into()),
                ("B".into(), "x".repeat(121)),
            ],
        };
        let wrong = draft.read(&Organisation::default()).unwrap_err();
        let fields: Vec<_> = wrong.iter().map(InvalidSetting::field).collect();
        assert_eq!(
            fields,
            ["name", "support_email", "reply_to", "accent", "month", "retention_years", "short-1", "short-3", "body-4"]
        );
        assert!(wrong[3].to_string().contains("too pale"), "{}", wrong[3]);
    }

    #[test]
    fn an_empty_row_is_no_body_and_an_empty_year_is_the_deployments() {
        let typed = Draft { bodies: vec![(" ".into(), String::new())], ..draft() };
        let read = typed.read(&Organisation::default()).unwrap();
        assert!(read.bodies.is_empty() && read.reporting_year.is_none());
        let leap = Draft { month: "2".into(), day: "29".into(), ..draft() };
        assert_eq!(leap.read(&Organisation::default()), Err(vec![InvalidSetting::ReportingYear]));
    }

    #[test]
    fn texts_are_plain_with_paragraphs_between_empty_lines() {
        let text = read_text(" One\r\nline.\r\n\r\n\r\nTwo. ").unwrap();
        assert_eq!(paragraphs(&text), ["One line.", "Two."]);
        assert_eq!(read_text(&"x".repeat(4_003)), Err(InvalidText::TooLong { over: 3 }));
        assert_eq!(read_text("a\u{0}b"), Err(InvalidText::Unprintable));
    }
}
