//! A field as Zoom may write it: ids are numbers here and texts there, and so are codes and times. What can't be read is as
//! good as absent, so that no new form of one field costs the rest of an answer.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// The most that is kept of a field: a link of Zoom's with its token has some hundreds of letters.
const LONGEST: usize = 4_000;

/// A field's text, whatever it was written as.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Text(String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Value::deserialize(deserializer)? {
            Value::String(text) if text.len() <= LONGEST => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Bool(flag) => flag.to_string(),
            Value::String(_) | Value::Null | Value::Array(_) | Value::Object(_) => String::new(),
        }))
    }
}

impl Text {
    /// The text, if there is one.
    pub fn text(&self) -> Option<&str> {
        Some(self.0.as_str()).filter(|text| !text.is_empty())
    }

    /// The whole number that it is.
    pub fn number(&self) -> Option<i64> {
        self.0.parse().ok()
    }

    /// The moment that it is, in seconds since 1970.
    pub fn moment(&self) -> Option<i64> {
        self.0.parse::<Timestamp>().ok().map(Timestamp::as_second)
    }

    /// Whether it says yes.
    pub fn flag(&self) -> Option<bool> {
        match self.0.as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Text {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn an_id_is_the_same_as_a_number_and_as_a_text() {
        assert!(read("111111111") == read("\"111111111\""));
        assert_eq!(read("81234567890").text(), Some("81234567890"));
    }

    #[test]
    fn a_moment_is_read_with_and_without_fractions_and_offsets() {
        for written in
            ["\"2022-03-23T06:58:09Z\"", "\"2022-03-23T06:58:09.0000000+00:00\"", "\"2022-03-23T02:58:09-04:00\""]
        {
            assert_eq!(read(written).moment(), Some(1_648_018_689), "{written}");
        }
        assert_eq!(read("\"soon\"").moment(), None);
    }

    #[test]
    fn what_cannot_be_read_is_absent() {
        for odd in ["null", "[]", "{\"a\":1}", "\"\""] {
            assert_eq!((read(odd).text(), read(odd).number(), read(odd).flag()), (None, None, None), "{odd}");
        }
    }
}
