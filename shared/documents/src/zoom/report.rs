//! Zoom's reports of who was there, as its API gives them: pages of participants of meetings, webinars, past meetings and the
//! dashboard. They are read into rows and nothing is decided. Texts are borrowed from the page, since a report of a large
//! webinar has a hundred thousand rows.

use domain::attendance::Row;
use jiff::Timestamp;
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use std::{borrow::Cow, fmt};

/// The largest file of pages, in bytes: 100,000 rows of 500 bytes, and as much again.
pub const LARGEST_REPORT: usize = 100_000_000;

/// How many rows Zoom gives at most in a page.
const ROWS_OF_A_PAGE: usize = 300;

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
        let mut read = ReportPage::default();
        for pages in serde_json::Deserializer::from_str(text).into_iter::<Pages<'a>>() {
            let pages =
                pages.map_err(|error| ReportError::NotAReport { line: error.line(), column: error.column() })?;
            for mut page in pages.0 {
                read.rows.append(&mut page.participants.0);
                read.goes_on = !page.next_page_token.0.is_empty();
            }
        }
        Ok(read)
    }
}

/// Where a text ends to be one.
fn not_text(sound: &[u8]) -> ReportError {
    let line = sound.split(|byte| *byte == b'\n').count();
    let column = sound.rsplit(|byte| *byte == b'\n').next().map_or(0, <[u8]>::len);
    ReportError::NotAReport { line, column }
}

/// One page or a list of them.
struct Pages<'a>(Vec<Page<'a>>);

/// A page. One without participants isn't one of a report's.
#[derive(Deserialize)]
pub(super) struct Page<'a> {
    #[serde(borrow)]
    pub(super) participants: Participants<'a>,
    #[serde(borrow, default)]
    pub(super) next_page_token: Text<'a>,
}

impl<'de> Deserialize<'de> for Pages<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Pages<'de>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a page of participants, or a list of pages")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut pages: A) -> Result<Pages<'de>, A::Error> {
                let mut read = Vec::new();
                while let Some(page) = pages.next_element()? {
                    read.push(page);
                }
                Ok(Pages(read))
            }

            fn visit_map<A: MapAccess<'de>>(self, page: A) -> Result<Pages<'de>, A::Error> {
                Page::deserialize(serde::de::value::MapAccessDeserializer::new(page)).map(|page| Pages(vec![page]))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

/// The participants of a page, each made a row as it is read.
pub(super) struct Participants<'a>(pub(super) Vec<Row<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for Participants<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Vec<Row<'de>>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a list of participants")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<Self::Value, A::Error> {
                let mut rows = Vec::with_capacity(ROWS_OF_A_PAGE);
                while let Some(participant) = all.next_element::<Participant<'de>>()? {
                    rows.push(participant.row());
                }
                Ok(rows)
            }
        }
        deserializer.deserialize_seq(Reader).map(Participants)
    }
}

/// One row. Zoom's names for one thing differ from report to report; the first that says something counts.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Participant<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    participant_user_id: Text<'a>,
    #[serde(borrow)]
    user_id: Text<'a>,
    #[serde(borrow)]
    participant_uuid: Text<'a>,
    #[serde(borrow)]
    registrant_id: Text<'a>,
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    user_name: Text<'a>,
    #[serde(borrow)]
    user_email: Text<'a>,
    #[serde(borrow)]
    email: Text<'a>,
    #[serde(borrow)]
    join_time: Text<'a>,
    #[serde(borrow)]
    leave_time: Text<'a>,
    #[serde(borrow)]
    duration: Text<'a>,
    #[serde(borrow)]
    status: Text<'a>,
    #[serde(borrow)]
    phone_number: Text<'a>,
}

impl<'a> Participant<'a> {
    fn row(self) -> Row<'a> {
        let first = |one: Text<'a>, other: Text<'a>| if one.0.is_empty() { other.0 } else { one.0 };
        Row {
            is_waiting: self.status.0 == "in_waiting_room",
            join: moment(&self.join_time.0),
            leave: moment(&self.leave_time.0),
            seconds: seconds(&self.duration.0),
            instance: Cow::Borrowed(""),
            connection: self.user_id.0,
            uuid: self.participant_uuid.0,
            bound_to: Cow::Borrowed(""),
            registrant_id: self.registrant_id.0,
            account: first(self.participant_user_id, self.id),
            email: first(self.user_email, self.email),
            name: first(self.name, self.user_name),
            phone: self.phone_number.0,
        }
    }
}

/// A moment of RFC 3339 in whole seconds; whatever else stands there wasn't told.
fn moment(text: &str) -> Option<i64> {
    if let Some(moment) = plain_moment(text) {
        return Some(moment);
    }
    Some(text.parse::<Timestamp>().ok()?.as_millisecond().div_euclid(1_000))
}

/// A moment as Zoom nearly always writes it, `2026-05-12T15:00:00Z`; `None` for any other form, and at the ends of months.
fn plain_moment(text: &str) -> Option<i64> {
    let signs: &[u8; 20] = text.as_bytes().try_into().ok()?;
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', h1, h2, b':', n1, n2, b':', s1, s2, b'Z'] = *signs else {
        return None;
    };
    let two = |tens: u8, ones: u8| {
        (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
    };
    let (year, month, day) = (two(y1, y2)? * 100 + two(y3, y4)?, two(m1, m2)?, two(d1, d2)?);
    let (hour, minute, second) = (two(h1, h2)?, two(n1, n2)?, two(s1, s2)?);
    if year < 1970 || !(1..=12).contains(&month) || !(1..=28).contains(&day) || hour > 23 || minute > 59 || second > 59
    {
        return None;
    }
    // Counted from March on, the day that is put in stands at the year's end.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 719_469;
    Some(((days * 24 + hour) * 60 + minute) * 60 + second)
}

/// A length in seconds, as a number or as the dashboard's `01:21:18`.
fn seconds(text: &str) -> Option<u64> {
    if let Ok(seconds) = text.parse() {
        return Some(seconds);
    }
    let mut parts = text.split(':');
    let parsed: Option<Vec<u64>> = parts.by_ref().take(4).map(|part| part.parse().ok()).collect();
    match parsed?.as_slice() {
        [seconds] => Some(*seconds),
        [minutes, seconds] => minutes.checked_mul(60)?.checked_add(*seconds),
        [hours, minutes, seconds] => {
            hours.checked_mul(60)?.checked_add(*minutes)?.checked_mul(60)?.checked_add(*seconds)
        }
        _ => None,
    }
}

/// As [`str::trim`]; nearly every text begins and ends with a sign of ASCII.
fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [b'!'..=b'~'] | [b'!'..=b'~', .., b'!'..=b'~'] => text,
        _ => text.trim(),
    }
}

/// A text or a number as text; empty if it is missing or anything else.
#[derive(Default)]
pub(super) struct Text<'a>(pub(super) Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Cow<'de, str>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("anything")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Cow::Borrowed(trimmed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Cow::Owned(text.trim().to_owned()))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
                Ok(Cow::Owned(number.to_string()))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
                Ok(Cow::Owned(number.to_string()))
            }

            fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
                Ok(Cow::Borrowed(""))
            }

            fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
                Ok(Cow::Borrowed(""))
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Cow::Borrowed(""))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Cow::Borrowed(""))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Cow::Borrowed(""))
            }
        }
        deserializer.deserialize_any(Reader).map(Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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

    proptest! {
        #[test]
        fn plain_moments_are_those_of_the_calendar(at in 0i64..8_000_000_000) {
            let text = Timestamp::from_second(at).unwrap().to_string();
            prop_assert!(plain_moment(&text).is_none_or(|read| read == at), "{}", text);
            prop_assert_eq!(moment(&text), Some(at));
        }
    }

    #[test]
    fn what_only_looks_like_a_moment_is_none() {
        for text in [
            "2026-13-01T00:00:00Z",
            "2026-02-30T00:00:00Z",
            "2026-05-12T24:00:00Z",
            "2026-05-1aT00:00:00Z",
            "2026-05-12 00:00:0 Z",
        ] {
            assert_eq!(moment(text), None, "{text}");
        }
        assert_eq!(moment("2024-02-29T00:00:00Z"), Some(1_709_164_800));
    }

    #[test]
    fn bytes_that_are_no_text_are_refused_where_they_stand() {
        let error = ReportPage::parse(b"{\n\"participants\": [\xff]}").unwrap_err();
        assert!(matches!(error, ReportError::NotAReport { line: 2, column: 17 }), "{error}");
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
        for other in ["", "{}", "[1]", "{\"participants\": 5}", "{\"meetings\": []}", "not json"] {
            let read = ReportPage::parse(other.as_bytes());
            assert!(other.is_empty() || read.is_err(), "{other}");
        }
    }
}
