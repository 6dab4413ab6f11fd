//! Certificates: what one says, frozen when it is issued, and what has become of it since.
//!
//! Nothing here may say more than was decided: a body that approved nothing on the event's day has no line and no statement, and the
//! hours are those that the decision credited.

mod certify;
mod record;

pub use certify::{Certifying, certify, day_of, hours_for, least_hours};
pub use record::{CertificateRecord, FileHash, Validity};

use crate::{
    course::CourseNumber,
    event::{Presenter, When},
    hours::CreditHours,
    id::CertificateCode,
    licence::Licence,
    name::PersonName,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a certificate says (C4 of the rules that boards publish): all of it is frozen at issue. As JSON it is what
/// `ce certificate render` reads and what is kept beside the files. `Debug` shows no person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateData {
    /// Its code.
    pub code: CertificateCode,
    /// When it was issued, in seconds since 1970.
    pub issued_at: i64,
    /// The address of the page that anybody can check it on: `https://ce.example.org/verify/{code}`.
    pub verify_at: String,
    /// Whose it is.
    pub participant: Participant,
    /// What was attended.
    pub activity: Activity,
    /// Who offered it.
    pub provider: IssuingProvider,
    /// The organisation that issues it.
    pub organisation: IssuingOrganisation,
    /// The credit with each body that approved it: never empty.
    pub credits: Vec<CertifiedCredit>,
    /// The organisation's disclaimer, in paragraphs.
    pub disclaimer: Vec<String>,
    /// Who signs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signatory: Option<Signatory>,
    /// The certificate that it takes the place of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<CertificateCode>,
}

/// Whose certificate it is.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Participant {
    /// The name, as the account had it at issue.
    pub name: PersonName,
    /// The licences that are proven to be theirs.
    #[serde(default)]
    pub licences: Vec<Licence>,
}

impl Participant {
    /// The name as it prints: given names first, but in Chinese, Japanese and Korean letters the surname, as those who write so
    /// write it.
    pub fn printed_name(&self) -> String {
        let (first, last) = (self.name.first.trim(), self.name.last.trim());
        match (first.is_empty(), last.is_empty()) {
            (true, _) => last.to_owned(),
            (_, true) => first.to_owned(),
            _ if [first, last].iter().all(|part| is_han_or_hangul(part)) => format!("{last}{first}"),
            _ => format!("{first} {last}"),
        }
    }
}

/// Whether a part of a name is all in Chinese characters or Korean syllables. Kana isn't asked: with it stand foreign names.
fn is_han_or_hangul(part: &str) -> bool {
    part.chars().all(|sign| matches!(u32::from(sign), 0x3005..=0x3007 | 0x3400..=0x9fff | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff))
}

/// What was attended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Activity {
    /// The event's title.
    pub title: String,
    /// The approved course's number.
    pub course: CourseNumber,
    /// The course's title, as it was approved.
    pub course_title: String,
    /// The board's category that it counts in.
    pub category: String,
    /// When it took place.
    pub when: When,
    /// How it was delivered, in the words that boards ask for: `Live interactive webinar`.
    pub format: String,
    /// Where: `Online, by Zoom`.
    pub location: String,
    /// Its instruction in minutes, without breaks.
    pub instruction_minutes: u32,
    /// Who presented it.
    #[serde(default)]
    pub presenters: Vec<Presenter>,
}

/// Who offered it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuingProvider {
    /// Its name.
    pub name: String,
    /// Its licence number with the board.
    pub number: String,
    /// Its address, in lines; empty if none is known.
    #[serde(default)]
    pub address: Vec<String>,
    /// How to reach it.
    pub contact: String,
}

/// The organisation that issues it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuingOrganisation {
    /// Its name.
    pub name: String,
    /// Where to write to it, if it says so.
    #[serde(default)]
    pub contact: String,
    /// The address of its pages, which issues its credentials: `https://ce.example.org`.
    pub address: String,
}

/// The credit with one body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertifiedCredit {
    /// The body's short name.
    pub body: String,
    /// Its whole name.
    pub body_name: String,
    /// How much.
    pub hours: CreditHours,
    /// What the body calls it: `CPE credit`.
    pub kind: String,
    /// How many minutes of instruction make one of it.
    pub minutes_per_credit: u16,
    /// The approval's number.
    #[serde(default)]
    pub approval: String,
    /// The statement that the body asks for, valid on the event's day.
    #[serde(default)]
    pub statement: String,
}

/// A name or a role fits into a line above the certificate's foot.
pub const LONGEST_SIGNATORY: usize = 80;

/// Who signs certificates.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signatory {
    /// The name.
    pub name: String,
    /// What they are: `CE director`.
    pub role: String,
}

impl fmt::Debug for CertificateData {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "CertificateData({})", self.code)
    }
}

impl fmt::Debug for Participant {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Participant(…)")
    }
}

impl fmt::Debug for Signatory {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Signatory(…)")
    }
}

/// What a sheet is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Paper {
    /// 11 by 8½ inches, lying.
    Letter,
    /// 297 by 210 millimetres, lying.
    A4,
}

impl Paper {
    /// Both.
    pub const ALL: [Paper; 2] = [Paper::Letter, Paper::A4];

    /// Its name in addresses and files.
    pub fn as_str(self) -> &'static str {
        match self {
            Paper::Letter => "letter",
            Paper::A4 => "a4",
        }
    }

    /// What people call it.
    pub fn words(self) -> &'static str {
        match self {
            Paper::Letter => "US Letter",
            Paper::A4 => "A4",
        }
    }

    /// Reads its name.
    pub fn parse(raw: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|paper| paper.as_str() == raw)
    }
}

/// A code as people read it, on sheets and pages alike: in groups of five, the last of six.
pub fn grouped(code: &CertificateCode) -> String {
    const GROUP: usize = 5;
    let code = code.as_str();
    let begins = |place: usize| place > 0 && place.is_multiple_of(GROUP) && place + 1 < code.len();
    let letters = code.chars().enumerate();
    letters.flat_map(|(place, letter)| begins(place).then_some(' ').into_iter().chain([letter])).collect()
}

/// Reads a code as people type it: without regard to dashes, blanks and capitals, and with O for 0 and I or L for 1, which no code has
/// (Crockford's base 32). `None` for what can't be one.
pub fn read_code(typed: &str) -> Option<CertificateCode> {
    /// With blanks between all of its letters a code has 51 signs.
    const LONGEST: usize = 100;
    if typed.len() > LONGEST {
        return None;
    }
    let plain: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}' | '.'))
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        })
        .collect();
    CertificateCode::parse(&plain).ok()
}
