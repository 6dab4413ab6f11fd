//! Attendance of an event for its provider's staff and the office: what stands, why, and what people say of it. What counts is
//! decided in `domain` and carried out by the worker of events; here it is shown, tried out and said. Nothing on these pages may
//! write a decision, lead to another provider's event, or put somebody's handle, telephone number or e-mail address into an
//! address; a name stands in one only where staff have typed it to search for it, and the address is their own.

mod again;
pub(crate) mod files;
mod glance;
pub(crate) mod history;
mod known;
pub(crate) mod overview;
mod people;
pub(crate) mod person;
pub(crate) mod person_deeds;
pub(crate) mod plan;
mod preview;
pub(crate) mod print;
pub(crate) mod review;
pub(crate) mod review_deeds;
mod say;
mod sheet;
mod times;
pub(crate) mod times_page;
mod words;

use super::{Head, Managing, Part, address};
use crate::Portal;
use adapters::table::AttendanceInputs;
use domain::event::Event;
use known::Known;
use pages::layout::Page;
use serde::Deserialize;

/// Looks at a page after something was said, three seconds apart: the worker takes a second or two.
const MOST_LOOKS: u8 = 5;
/// The largest form with a reason, in bytes: 1,000 characters of four bytes, each of which takes three characters in a form, and
/// some short fields.
pub(crate) const LARGEST_WORD_FORM: usize = 16 * 1024;

/// A page about an event's attendance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Overview,
    Review,
    Times,
    Files,
    Plan,
    History,
    /// One person's.
    Person,
}

const PLACES: [(Place, &str, &str); 6] = [
    (Place::Overview, "", "Overview"),
    (Place::Review, "/review", "Review"),
    (Place::Times, "/times", "Times"),
    (Place::Files, "/files", "Sources"),
    (Place::Plan, "/plan", "What would change"),
    (Place::History, "/history", "What was said"),
];

/// What was done just now, as an address tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Done {
    Said,
    Asked,
    Uploaded,
}

impl Done {
    fn words(self) -> &'static str {
        match self {
            Done::Said => "Saved. It is being carried out; this page shows it in a moment.",
            Done::Asked => {
                "Zoom is asked as soon as it can have a report. What is decided stays until another report has come twice."
            }
            Done::Uploaded => "The file is kept. Nothing is decided by it before you say so.",
        }
    }
}

/// The fields of an address that every page may have.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    done: Option<Done>,
    /// How often the page has looked whether it is carried out.
    look: Option<u8>,
    /// The page of a list.
    page: Option<usize>,
}

/// What stands above every page about an event's attendance.
struct Top {
    head: Head,
    /// Where the event's attendance is.
    base: String,
    ways: Vec<(String, &'static str, bool)>,
    done: Option<&'static str>,
    /// Where what stands is looked at again.
    renew: Option<String>,
    /// The number of the last word: what a form adds to.
    said: u64,
    /// Why what was asked for wasn't done.
    told: Option<String>,
}

impl Top {
    fn of(managing: &Managing, event: &Event, inputs: &AttendanceInputs, place: Place, asked: &Asked) -> Self {
        let base = base(event);
        let way = |(of, path, label): (Place, &str, &'static str)| (format!("{base}{path}"), label, of == place);
        Self {
            head: Head::of(managing, event, Part::Attendance),
            ways: PLACES.map(way).into(),
            done: asked.done.map(Done::words),
            renew: None,
            said: inputs.record.said,
            told: None,
            base,
        }
    }

    /// The same, looking again at this address while what was said isn't carried out yet.
    fn looking(mut self, address: &str, known: &Known, asked: &Asked) -> Self {
        let look = asked.look.unwrap_or(0);
        if asked.done.is_some() && look < MOST_LOOKS && known.is_on_its_way() {
            self.renew = Some(format!("{address}?done=said&look={}", look + 1));
        }
        self
    }

    fn telling(self, told: Option<String>) -> Self {
        Self { told, ..self }
    }

    fn head(&self) -> &Head {
        &self.head
    }
}

/// Where the attendance of an event stands that is over.
pub(super) fn address_of(event: &Event, now: i64) -> Option<String> {
    known::closed(event, now).is_none().then(|| base(event))
}

/// Where an event's attendance is.
fn base(event: &Event) -> String {
    format!("{}/attendance", address(&event.id))
}

fn page(portal: &Portal, managing: &Managing, event: &Event, what: &str) -> Page {
    let mut page = managing.page(portal, format!("{what}: {}", event.title));
    page.help = Some("/help/review-attendance");
    page
}
