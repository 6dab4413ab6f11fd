//! An event for people's calendars: one VEVENT of RFC 5545, published and not an invitation that somebody has to answer.
//!
//! Written here, since it is one object of a dozen lines; the known crates bring a clock, random ids and a parser along. Text
//! from people stays text: it can end no line, begin no property and close no object.

use jiff::Timestamp;
use std::fmt::Write;

/// As long as a line may be, in bytes without its end (RFC 5545, 3.1).
pub const LONGEST_LINE: usize = 75;

/// An event as a calendar keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<'a> {
    /// What it is known by, ever the same for one event: a later file replaces what an earlier one put there.
    pub uid: &'a str,
    /// Rises with each change: calendars keep the highest.
    pub sequence: u64,
    /// When this file was made, in seconds since 1970.
    pub stamp: i64,
    /// When the event begins.
    pub starts_at: i64,
    /// When it ends.
    pub ends_at: i64,
    /// Its title.
    pub summary: &'a str,
    /// What else is to be known, in lines.
    pub description: &'a str,
    /// Where it takes place, in words.
    pub location: &'a str,
    /// Its page; our own address, which needs no escaping.
    pub url: &'a str,
    /// Whether it was called off.
    pub cancelled: bool,
    /// Whether it takes up the whole time from start to end; what is watched when one likes doesn't.
    pub busy: bool,
}

/// The file of one event.
pub fn file(entry: &Entry<'_>) -> String {
    let mut out = String::with_capacity(1_024);
    for (name, value) in [
        ("BEGIN", "VCALENDAR".to_owned()),
        ("VERSION", "2.0".to_owned()),
        ("PRODID", "-//Contact Hour//Events//EN".to_owned()),
        ("CALSCALE", "GREGORIAN".to_owned()),
        ("METHOD", "PUBLISH".to_owned()),
        ("BEGIN", "VEVENT".to_owned()),
        ("UID", escaped(entry.uid)),
        ("SEQUENCE", entry.sequence.to_string()),
        ("DTSTAMP", utc(entry.stamp)),
        ("DTSTART", utc(entry.starts_at)),
        ("DTEND", utc(entry.ends_at)),
        ("SUMMARY", escaped(entry.summary)),
        ("DESCRIPTION", escaped(entry.description)),
        ("LOCATION", escaped(entry.location)),
        ("URL", entry.url.chars().filter(|c| !c.is_control()).collect()),
        ("STATUS", if entry.cancelled { "CANCELLED" } else { "CONFIRMED" }.to_owned()),
        ("TRANSP", if entry.busy && !entry.cancelled { "OPAQUE" } else { "TRANSPARENT" }.to_owned()),
        ("END", "VEVENT".to_owned()),
        ("END", "VCALENDAR".to_owned()),
    ] {
        fold(&format!("{name}:{value}"), &mut out);
    }
    out
}

/// A moment in UTC: `20260701T173000Z`.
fn utc(seconds: i64) -> String {
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH).strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A text as a value: its line ends written out, its signs with a meaning escaped, other control characters left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\u{2028}' | '\u{2029}' => out.push_str("\\n"),
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// A line in pieces of [`LONGEST_LINE`] bytes at most, none of which ends within a character.
fn fold(line: &str, out: &mut String) {
    let mut length = 0;
    for c in line.chars() {
        if length + c.len_utf8() > LONGEST_LINE {
            out.push_str("\r\n ");
            // The blank in front counts.
            length = 1;
        }
        // Writing to a String can't fail.
        let _ = out.write_char(c);
        length += c.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ENTRY: Entry<'_> = Entry {
        uid: "0123@ce.example",
        sequence: 3,
        stamp: 1_790_000_000,
        starts_at: 1_782_927_000, // 2026-07-01T17:30:00Z
        ends_at: 1_782_932_400,
        summary: "Ethics",
        description: "By Acme.\nNo partial credit.",
        location: "Online",
        url: "https://ce.example/events/0123",
        cancelled: false,
        busy: true,
    };

    /// What a calendar reads: lines unfolded, each a name and its value.
    fn read(file: &str) -> Vec<(String, String)> {
        let unfolded = file.replace("\r\n ", "");
        let property =
            |line: &str| line.split_once(':').map(|(name, value)| (name.to_owned(), value.to_owned())).unwrap();
        unfolded.split_terminator("\r\n").map(property).collect()
    }

    /// A text as a calendar understands it.
    fn unescaped(value: &str) -> String {
        let mut out = String::new();
        let mut chars = value.chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' => match chars.next().unwrap() {
                    'n' | 'N' => out.push('\n'),
                    other => out.push(other),
                },
                c => out.push(c),
            }
        }
        out
    }

    fn value(file: &str, name: &str) -> String {
        let found: Vec<_> = read(file).into_iter().filter(|(of, _)| of == name).map(|(_, value)| value).collect();
        assert_eq!(found.len(), 1, "{name} once in {file}");
        found[0].clone()
    }

    #[test]
    fn an_event_is_told_as_calendars_want_it() {
        let expected = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Contact Hour//Events//EN\r\nCALSCALE:GREGORIAN\r\n\
            METHOD:PUBLISH\r\nBEGIN:VEVENT\r\nUID:0123@ce.example\r\nSEQUENCE:3\r\nDTSTAMP:20260921T141320Z\r\n\
            DTSTART:20260701T173000Z\r\nDTEND:20260701T190000Z\r\nSUMMARY:Ethics\r\n\
            DESCRIPTION:By Acme.\\nNo partial credit.\r\nLOCATION:Online\r\nURL:https://ce.example/events/0123\r\n\
            STATUS:CONFIRMED\r\nTRANSP:OPAQUE\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        assert_eq!(file(&ENTRY), expected);
    }

    #[test]
    fn what_was_called_off_is_said_to_be_and_takes_no_time() {
        let told = file(&Entry { cancelled: true, ..ENTRY });
        assert_eq!((value(&told, "STATUS").as_str(), value(&told, "TRANSP").as_str()), ("CANCELLED", "TRANSPARENT"));
        assert_eq!(value(&file(&Entry { busy: false, ..ENTRY }), "TRANSP"), "TRANSPARENT");
    }

    #[test]
    fn a_title_can_neither_end_its_line_nor_begin_another() {
        let title = "Ethics\r\nEND:VEVENT\r\nBEGIN:VALARM\u{85}\u{2028}ATTACH:x; a, b\\n \"c\"\u{0}\t";
        let told = file(&Entry { summary: title, ..ENTRY });
        assert_eq!(read(&told).len(), read(&file(&ENTRY)).len());
        assert_eq!(unescaped(&value(&told, "SUMMARY")), "Ethics\nEND:VEVENT\nBEGIN:VALARM\nATTACH:x; a, b\\n \"c\"");
        assert_eq!(told.matches("\r\nEND:VEVENT\r\n").count(), 1);
    }

    proptest! {
        #[test]
        fn any_text_is_read_back_whole_and_no_line_is_too_long(title in "\\PC{0,300}", about in "(\\PC|\n){0,900}") {
            let told = file(&Entry { summary: &title, description: &about, ..ENTRY });
            for line in told.split("\r\n") {
                prop_assert!(line.len() <= LONGEST_LINE && !line.contains(['\r', '\n']), "{line:?}");
            }
            let kept = |text: &str| text.replace(['\u{2028}', '\u{2029}'], "\n");
            prop_assert_eq!(unescaped(&value(&told, "SUMMARY")), kept(&title));
            prop_assert_eq!(unescaped(&value(&told, "DESCRIPTION")), kept(&about));
        }
    }
}
