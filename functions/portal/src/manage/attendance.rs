//! Attendance of an event for its provider's staff and the office. What counts is decided in `domain`; here it is shown.

// The list of the event's people leads to it; that page comes with the reviews.
#[cfg_attr(not(test), expect(dead_code, reason = "the page that shows the sheet comes with the reviews"))]
pub(crate) mod sheet;
