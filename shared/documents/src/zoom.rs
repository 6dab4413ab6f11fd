//! What Zoom writes, read into the domain's types. Every member may be missing, of another type or unknown to us: that is
//! never an error, only something that wasn't told. Nothing here decides who attended.

pub mod archive;
pub mod export;
pub mod report;
pub mod webhook;

use jiff::Timestamp;
use serde_json::Value;

/// Characters that are kept of a text: names have 64 at Zoom, addresses 254; a reason holds a name and a sentence.
const LONGEST_TEXT: usize = 300;

/// From here on a number of seconds since 1970 would be in the year 5138: it is milliseconds.
const MILLISECONDS_FROM: i64 = 100_000_000_000;

/// A text or a number as text, without blanks around it; `None` if it is empty or anything else.
fn text(object: &Value, name: &str) -> Option<String> {
    let text = match object.get(name)? {
        Value::String(text) => text.trim().chars().take(LONGEST_TEXT).collect(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    Some(text).filter(|text: &String| !text.is_empty())
}

/// A truth: `true`, or the word for it.
fn truth(object: &Value, name: &str) -> bool {
    match object.get(name) {
        Some(Value::Bool(truth)) => *truth,
        Some(Value::String(text)) => text.trim().eq_ignore_ascii_case("true"),
        _ => false,
    }
}

/// A moment in milliseconds since 1970: any form of RFC 3339, or a number of seconds or milliseconds.
fn moment_ms(object: &Value, name: &str) -> Option<i64> {
    let text = text(object, name)?;
    if let Ok(number) = text.parse::<i64>() {
        let ms = if number.abs() < MILLISECONDS_FROM { number.checked_mul(1_000)? } else { number };
        return Timestamp::from_millisecond(ms).ok().map(|_| ms);
    }
    text.parse::<Timestamp>().ok().map(Timestamp::as_millisecond)
}

/// The same in whole seconds.
fn moment(object: &Value, name: &str) -> Option<i64> {
    moment_ms(object, name).map(|ms| ms.div_euclid(1_000))
}

/// Markup as the text that a reader would see of it, on one line. It is data still: whoever shows it escapes it.
fn plain(markup: &str) -> String {
    let mut text = String::with_capacity(markup.len());
    let mut rest = markup;
    while let Some((before, from)) = rest.split_once('<') {
        text.push_str(before);
        match from.split_once('>') {
            Some((tag, after)) if is_tag(tag) => {
                text.push(' ');
                rest = after;
            }
            _ => {
                text.push('<');
                rest = from;
            }
        }
    }
    text.push_str(rest);
    // The ampersand last, so that what was written out isn't read twice.
    const ENTITIES: [(&str, &str); 6] =
        [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    let text = ENTITIES.iter().fold(text, |text, (entity, sign)| text.replace(entity, sign));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `br`, `/b`, `a href="…"`; not `3 and x`.
fn is_tag(inside: &str) -> bool {
    let name = inside.strip_prefix('/').unwrap_or(inside);
    name.starts_with(|c: char| c.is_ascii_alphabetic()) && !inside.contains('<')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn markup_becomes_what_a_reader_would_see() {
        let reason = "Jill Chill left the meeting.<br>Reason: Host ended the meeting.";
        assert_eq!(plain(reason), "Jill Chill left the meeting. Reason: Host ended the meeting.");
        assert_eq!(plain("<b>Ann</b> &amp; Bob<br/>left"), "Ann & Bob left");
        assert_eq!(plain("1 < 2 and 3 > 2, <3"), "1 < 2 and 3 > 2, <3");
        assert_eq!(plain("&amp;lt;script&amp;gt;"), "&lt;script&gt;");
        assert_eq!(plain("<script>x</script>"), "x");
    }

    #[test]
    fn moments_are_read_in_every_form() {
        let forms = json!({
            "z": "2022-03-23T06:58:09Z",
            "offset": "2022-03-23T06:58:09+00:00",
            "escaped": serde_json::from_str::<Value>(r#""2022-03-23T06:58:09.0000000\u002B00:00""#).unwrap(),
            "elsewhere": "2022-03-23T02:58:09.250-04:00",
            "seconds": 1_648_018_689,
            "milliseconds": 1_648_018_689_572_i64,
            "as_text": "1648018689572",
        });
        for name in forms.as_object().unwrap().keys() {
            assert_eq!(moment(&forms, name), Some(1_648_018_689), "{name}");
        }
        let odd = json!({"a": "", "b": "yesterday", "c": i64::MAX, "d": null, "e": [], "f": "2022-03-23", "g": 1.5});
        for name in odd.as_object().unwrap().keys() {
            assert_eq!(moment(&odd, name), None, "{name}");
        }
    }
}
