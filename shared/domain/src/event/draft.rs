//! An event as its provider types it, page by page, and what is wrong with it: every wrong field, not the first. A draft may
//! lack most of what publishing asks for; what is there has to be readable.

mod agenda;
mod approvals;
mod details;

pub use agenda::{AgendaDraft, SegmentDraft};
pub use approvals::{ApprovalDraft, ApprovalsDraft};
pub use details::{DetailsDraft, PresenterDraft};

use super::{
    MOST_CAPACITY, MOST_TOLERANCE_SECONDS,
    agenda::{LONGEST_SEGMENT_TITLE, MOST_SEGMENTS},
    when::{LocalProblem, ZoneProblem},
};

/// As long as a line of a page.
pub const LONGEST_LINE: usize = 200;
/// As long as a page of text.
pub const LONGEST_TEXT: usize = 4_000;
/// More than a page shows at once.
pub const MOST_PRESENTERS: usize = 20;
/// More than an evaluation asks about.
pub const MOST_OBJECTIVES: usize = 20;
/// A body's statement with its disclaimer; thirty of them have to fit beside the rest in one item of the table, which has room
/// for 400 KB.
pub const LONGEST_STATEMENT: usize = 2_000;
/// A live event is a day's at most, in seconds.
pub const LONGEST_LIVE_SECONDS: i64 = 24 * 3_600;
/// A conference is a fortnight's at most, in seconds.
pub const LONGEST_CONFERENCE_SECONDS: i64 = 14 * 24 * 3_600;
/// An on-demand event stands for three years at most, in seconds: courses are approved for less.
pub const LONGEST_ON_DEMAND_SECONDS: i64 = 3 * 366 * 24 * 3_600;
/// More minutes of instruction than any on-demand event has: a hundred hours.
pub const MOST_MINUTES: u32 = 6_000;

/// What is wrong with one field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidField {
    /// The field's name in the form.
    pub field: String,
    /// What is wrong with it.
    pub why: Why,
}

/// Why a field can't be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// It may not be empty.
    #[error("Enter this: an event can't be without it.")]
    Missing,
    /// Too long a line.
    #[error("This is longer than {0} characters. Shorten it.")]
    TooLong(usize),
    /// Control characters.
    #[error("This holds characters that can't be shown. Type it anew.")]
    Unprintable,
    /// Not a course number.
    #[error("That can't be a course number. Choose one of your courses.")]
    Course,
    /// Not a kind of event.
    #[error("Choose live webinar, on-demand or conference.")]
    Kind,
    /// Not a time zone.
    #[error("{0}")]
    Zone(ZoneProblem),
    /// Not a moment.
    #[error("{0}")]
    Local(LocalProblem),
    /// It ends before it begins.
    #[error("The end isn't after the start. Correct one of the two.")]
    EndsBeforeItBegins,
    /// Too long for its kind.
    #[error(
        "A live webinar lasts a day at most, a conference two weeks, and an on-demand event three years. Correct the start, the end or the kind."
    )]
    TooLongAnEvent,
    /// Not minutes.
    #[error("Enter the minutes of instruction as a whole number from 1 to {MOST_MINUTES}.")]
    Minutes,
    /// Too many presenters.
    #[error("There are more than {MOST_PRESENTERS} presenters. Remove some.")]
    TooManyPresenters,
    /// Too many objectives.
    #[error("There are more than {MOST_OBJECTIVES} objectives. Remove some.")]
    TooManyObjectives,
    /// Not a level.
    #[error("Choose introductory, intermediate or advanced, or leave it open for now.")]
    Level,
    /// Not a number of people.
    #[error(
        "Enter how many people may register, a whole number from 1 to {MOST_CAPACITY}, or leave this empty for no limit."
    )]
    Capacity,
    /// Not a tolerance.
    #[error("Enter how many seconds somebody may miss in all, from 0 to {MOST_TOLERANCE_SECONDS}.")]
    Tolerance,
    /// Neither Zoom, a link nor nothing.
    #[error("Choose Zoom, a link of your own, or nothing yet.")]
    Room,
    /// Not a meeting's number.
    #[error("That can't be a Zoom meeting number: it has 9 to 12 digits, as in 812 3456 7890. Copy it from Zoom.")]
    MeetingNumber,
    /// Neither a meeting nor a webinar.
    #[error("Choose whether it is a meeting or a webinar.")]
    ZoomKind,
    /// Not an address.
    #[error("Enter the whole address, beginning with https://.")]
    Link,
    /// Too many parts.
    #[error("The agenda has more than {MOST_SEGMENTS} parts. Remove some.")]
    TooManySegments,
    /// A part without a title.
    #[error("Enter what this part is about, up to {LONGEST_SEGMENT_TITLE} characters, or empty the whole row.")]
    SegmentTitle,
    /// Neither instruction nor a break.
    #[error("Choose whether this part is instruction or a break.")]
    SegmentKind,
    /// A part that begins before the event does, or when it is over.
    #[error("It begins outside the event's time, which is {0}. Move it, or change when the event starts.")]
    BeginsOutside(String),
    /// A part that ends after the event has.
    #[error("It ends after the event, which is {0}. Move it, or change when the event ends.")]
    EndsOutside(String),
    /// Two sessions of a live webinar at the same time.
    #[error("It begins before part {other} has ended, and nobody can attend both. Move one of the two.")]
    Overlaps {
        /// The number of the other one's row, counted from one.
        other: usize,
    },
    /// Not a standing.
    #[error("Choose approved, not approved or pending.")]
    Standing,
    /// Not a day.
    #[error("Enter the day as year, month and day, as in 2026-07-01.")]
    Day,
    /// A last day before the first.
    #[error("This is before the first day. Correct one of the two.")]
    LastDayBeforeFirst,
    /// Not hours.
    #[error("Enter the credit as a number with at most two decimals, more than zero, as in 1.50.")]
    Hours,
}

/// A form being read: what was found wrong so far.
#[derive(Default)]
struct Reading {
    wrong: Vec<InvalidField>,
}

impl Reading {
    fn refuse<T>(&mut self, field: impl Into<String>, why: Why) -> Option<T> {
        self.wrong.push(InvalidField { field: field.into(), why });
        None
    }

    /// A line that may be empty.
    fn line(&mut self, field: impl Into<String>, raw: &str) -> Option<String> {
        let text = raw.trim();
        if text.chars().count() > LONGEST_LINE {
            return self.refuse(field, Why::TooLong(LONGEST_LINE));
        }
        if text.chars().any(char::is_control) {
            return self.refuse(field, Why::Unprintable);
        }
        Some(text.to_owned())
    }

    /// A line that may not be empty.
    fn required(&mut self, field: &str, raw: &str) -> Option<String> {
        let text = self.line(field, raw)?;
        if text.is_empty() { self.refuse(field, Why::Missing) } else { Some(text) }
    }

    /// A text of several lines that may be empty.
    fn text(&mut self, field: impl Into<String>, raw: &str, longest: usize) -> Option<String> {
        let text = raw.replace("\r\n", "\n").trim().to_owned();
        if text.chars().count() > longest {
            return self.refuse(field, Why::TooLong(longest));
        }
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            return self.refuse(field, Why::Unprintable);
        }
        Some(text)
    }

    /// What was read if nothing is wrong with anything.
    fn end<T>(self, read: Option<T>) -> Result<T, Vec<InvalidField>> {
        match read {
            Some(value) if self.wrong.is_empty() => Ok(value),
            Some(_) | None => Err(self.wrong),
        }
    }
}
