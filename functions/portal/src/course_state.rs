//! Where a course's approval stands today, in words.

use domain::course::Course;
use jiff::civil::Date;

/// Where an approval stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CourseState {
    Approved,
    Ended,
    ToCome,
}

impl CourseState {
    /// Where a course's approval stands on a day.
    pub(crate) fn of(course: &Course, today: Date) -> Self {
        match (course.approved_on(today), today < course.approved_from) {
            (true, _) => CourseState::Approved,
            (false, true) => CourseState::ToCome,
            (false, false) => CourseState::Ended,
        }
    }

    /// The words.
    pub(crate) fn words(self) -> &'static str {
        match self {
            CourseState::Approved => "Approved now",
            CourseState::Ended => "Ended",
            CourseState::ToCome => "To come",
        }
    }

    /// The class of the words.
    pub(crate) fn look(self) -> &'static str {
        match self {
            CourseState::Approved => "good",
            CourseState::Ended => "bad",
            CourseState::ToCome => "open",
        }
    }
}
