//! Zoom's reports of who was there, as its API gives them: pages of participants of meetings, webinars, past meetings and the
//! dashboard. They are read into rows and nothing is decided. Texts are borrowed from the page, since a report of a large
//! webinar has a hundred thousand rows.

mod row;
mod time;
mod value;

use domain::attendance::Row;
use row::ReadRow;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use std::fmt;
pub(super) use value::Text;

/// The largest file of pages, in bytes: 100,000 rows of 500 bytes, and as much again.
pub const LARGEST_REPORT: usize = 100_000_000;

/// Room is made for as many rows as there may be of so many bytes. Moving rows that are read costs more than room that stays empty.
const BYTES_OF_A_ROW: usize = 300;

/// What may stand between two pages.
const JSON_BLANKS: [char; 4] = [' ', '\n', '\t', '\r'];

/// A page, or several in one file.
#[derive(Debug, Default)]
pub struct ReportPage<'a> {
    /// The rows, in the page's order.
    pub rows: Vec<Row<'a>>,
    /// Whether Zoom says that another page follows the last one.
    pub goes_on: bool,
}

/// What is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// Too many bytes.
    #[error("the report has {bytes} bytes, more than {LARGEST_REPORT}")]
    TooLarge {
        /// How many.
        bytes: usize,
    },
    /// No JSON, or JSON of something else.
    #[error("this isn't a report of Zoom's, at line {line}, column {column}")]
    NotAReport {
        /// Where it ends to be.
        line: usize,
        /// Where it ends to be.
        column: usize,
    },
}

impl<'a> ReportPage<'a> {
    /// Reads one page, a list of pages, or pages one after another.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, ReportError> {
        if bytes.len() > LARGEST_REPORT {
            return Err(ReportError::TooLarge { bytes: bytes.len() });
        }
        // Once for all texts: checked one by one they cost a third more.
        let text = std::str::from_utf8(bytes).map_err(|error| not_text(&bytes[..error.valid_up_to()]))?;
        let mut read = ReportPage { rows: Vec::with_capacity(bytes.len() / BYTES_OF_A_ROW), goes_on: false };
        let mut rest = text.trim_start_matches(JSON_BLANKS);
        while !rest.is_empty() {
            let mut reader = serde_json::Deserializer::from_str(rest);
            Pages(&mut read)
                .deserialize(&mut reader)
                .map_err(|error| not_a_report(&text[..text.len() - rest.len()], &error))?;
            let consumed = reader.into_iter::<IgnoredAny>().byte_offset();
            rest = rest[consumed..].trim_start_matches(JSON_BLANKS);
        }
        Ok(read)
    }
}

/// What is no report, behind what is one.
fn not_a_report(sound: &str, error: &serde_json::Error) -> ReportError {
    let (lines, column) = end_of(sound.as_bytes());
    let column = if error.line() == 1 { column + error.column() } else { error.column() };
    ReportError::NotAReport { line: lines - 1 + error.line(), column }
}

/// Where a text ends to be one.
fn not_text(sound: &[u8]) -> ReportError {
    let (line, column) = end_of(sound);
    ReportError::NotAReport { line, column }
}

/// How many lines these bytes have, and how many bytes the last one.
fn end_of(bytes: &[u8]) -> (usize, usize) {
    let lines = bytes.split(|byte| *byte == b'\n').count();
    let last = bytes.rsplit(|byte| *byte == b'\n').next().map_or(0, <[u8]>::len);
    (lines, last)
}

/// One page.
impl<'de: 'a, 'a> Deserialize<'de> for ReportPage<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut read = ReportPage::default();
        Page(&mut read).deserialize(deserializer)?;
        Ok(read)
    }
}

/// Reads one page or a list of them behind what was read before.
struct Pages<'r, 'a>(&'r mut ReportPage<'a>);

impl<'de: 'a, 'a> DeserializeSeed<'de> for Pages<'_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de: 'a, 'a> Visitor<'de> for Pages<'_, 'a> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a page of participants, or a list of pages")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut pages: A) -> Result<(), A::Error> {
        while pages.next_element_seed(Page(self.0))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, page: A) -> Result<(), A::Error> {
        Page(self.0).visit_map(page)
    }
}

/// Reads a page behind what was read before. One without participants isn't one of a report's.
struct Page<'r, 'a>(&'r mut ReportPage<'a>);

/// The members of a page that are read.
#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Member {
    Participants,
    NextPageToken,
    #[serde(other)]
    Other,
}

impl<'de: 'a, 'a> DeserializeSeed<'de> for Page<'_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de: 'a, 'a> Visitor<'de> for Page<'_, 'a> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a page of participants")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let (mut participants, mut token) = (None, None);
        while let Some(member) = members.next_key()? {
            let is_second = match member {
                Member::Participants => {
                    participants.replace(members.next_value_seed(Participants(&mut self.0.rows))?).is_some()
                }
                Member::NextPageToken => token.replace(members.next_value::<Text<'de>>()?).is_some(),
                Member::Other => members.next_value::<IgnoredAny>().map(|_| false)?,
            };
            if is_second {
                return Err(A::Error::custom("a member stands twice in a page"));
            }
        }
        participants.ok_or_else(|| A::Error::missing_field("participants"))?;
        self.0.goes_on = token.is_some_and(|token| !token.0.is_empty());
        Ok(())
    }
}

/// Reads a page's participants behind the rows of those before.
struct Participants<'r, 'a>(&'r mut Vec<Row<'a>>);

impl<'de: 'a, 'a> DeserializeSeed<'de> for Participants<'_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de: 'a, 'a> Visitor<'de> for Participants<'_, 'a> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a list of participants")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<(), A::Error> {
        while let Some(ReadRow(row)) = all.next_element()? {
            self.0.push(row);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(json: &str) -> Vec<String> {
        let page = ReportPage::parse(json.as_bytes()).unwrap();
        page.rows
            .iter()
            .map(|row| {
                let times = (row.join, row.leave, row.seconds);
                format!("{} <{}> {} {} {times:?}", row.name, row.email, row.registrant_id, row.is_waiting)
            })
            .collect()
    }

    #[test]
    fn every_member_may_be_missing_of_another_type_or_unknown() {
        let page = r#"{"participants": [
            {}, {"user_id": 16778240, "id": null, "name": ["x"], "join_time": true, "new": {"a": [1]}},
            {"name": "B\u00e9a", "user_email": " b@x.example ", "duration": "20", "status": "in_waiting_room",
             "join_time": "2019-02-01T12:34:12.660Z", "leave_time": "2019-02-01T13:34:12.6600000\u002B01:00"},
            {"user_name": "C", "email": "c@x.example", "duration": "01:21:18", "registrant_id": "r"}
        ]}"#;
        assert_eq!(
            rows(page),
            [
                " <>  false (None, None, None)",
                " <>  false (None, None, None)",
                "Béa <b@x.example>  true (Some(1549024452), Some(1549024452), Some(20))",
                "C <c@x.example> r false (None, None, Some(4878))",
            ]
        );
    }

    #[test]
    fn bytes_that_are_no_text_are_refused_where_they_stand() {
        let error = ReportPage::parse(b"{\n\"participants\": [\xff]}").unwrap_err();
        assert!(matches!(error, ReportError::NotAReport { line: 2, column: 17 }), "{error}");
    }

    #[test]
    fn what_is_no_report_is_refused_where_it_stands() {
        for (file, place) in [
            ("{\"participants\": 5}", (1, 18)),
            ("\n {\"participants\": []}  {\"participants\": 5}", (2, 41)),
            ("{\"participants\": []}\n{\n\"participants\": 5}", (3, 17)),
            ("{\"participants\": []} \"x}", (1, 24)),
        ] {
            let error = ReportPage::parse(file.as_bytes()).unwrap_err();
            let ReportError::NotAReport { line, column } = error else { panic!("{error}") };
            assert_eq!((line, column), place, "{file}");
        }
    }

    #[test]
    fn pages_may_come_one_by_one_in_a_list_or_one_after_another() {
        let page = |name: &str, token: &str| {
            format!(r#"{{"next_page_token":"{token}","participants":[{{"name":"{name}"}}]}}"#)
        };
        for file in
            [format!("[{},{}]", page("A", "t"), page("B", "")), format!("{}\n{}", page("A", "t"), page("B", ""))]
        {
            let read = ReportPage::parse(file.as_bytes()).unwrap();
            assert_eq!(read.rows.iter().map(|row| row.name.as_ref()).collect::<Vec<_>>(), ["A", "B"]);
            assert!(!read.goes_on);
        }
        assert!(ReportPage::parse(page("A", "t").as_bytes()).unwrap().goes_on, "another page is missing");
        for other in
            ["", "{}", "[1]", "{\"participants\": 5}", "{\"meetings\": []}", "not json", "{\"participants\": [5]}"]
        {
            let read = ReportPage::parse(other.as_bytes());
            assert!(other.is_empty() || read.is_err(), "{other}");
        }
    }

    #[test]
    fn what_stands_twice_and_may_contradict_itself_is_refused() {
        for row in [r#"{"name": "A", "name": "B"}"#, r#"{"duration": 1, "name": "A", "duration": 2}"#] {
            let page = format!(r#"{{"participants": [{row}]}}"#);
            assert!(ReportPage::parse(page.as_bytes()).is_err(), "{row}");
        }
        assert!(ReportPage::parse(br#"{"participants": [], "participants": []}"#).is_err());
        assert_eq!(rows(r#"{"x": 1, "participants": [{"x": 1, "x": 2}], "x": 2}"#).len(), 1, "what isn't read may");
    }
}
