//! Events, for everybody: the catalogue, an event's page, and its file for calendars. Here an event is told of, never changed. What
//! bodies say of it is told by one text ([`promotion`]), each body named, those that don't approve as well. A draft isn't there
//! for anybody but its provider and the office.

mod asked;
pub(crate) mod calendar;
mod find;
pub(crate) mod line;
pub(crate) mod list;
mod matrix;
pub(crate) mod next;
pub(crate) mod one;

use crate::{Portal, trouble};
use domain::{
    event::{Event, EventState, promotion},
    id::EventId,
};
use pages::{problem::Problem, visitor::Visitor};

/// An event that this visitor may see: a published one, or one that was; a draft only by its provider and the office.
async fn fetch_visible(portal: &Portal, visitor: &Visitor, id: &str) -> Result<Event, Problem> {
    let id = EventId::parse(id).map_err(|_| Problem::NotFound)?;
    let event = portal.clients.table.fetch_event(&id).await.map_err(trouble::table)?.ok_or(Problem::NotFound)?;
    let is_public = event.published.is_some() && event.state != EventState::Draft;
    let is_theirs = visitor.is_office() || visitor.provider() == Some(&event.provider);
    if is_public || is_theirs { Ok(event) } else { Err(Problem::NotFound) }
}

/// Whether a body's word is good, bad or still open, as states look.
fn look(word: domain::event::Word) -> &'static str {
    match word {
        domain::event::Word::Approved => "good",
        domain::event::Word::NotApproved => "bad",
        domain::event::Word::Pending => "open",
    }
}

/// A sentence on one body, with its look.
pub(crate) struct Told {
    pub(crate) look: &'static str,
    pub(crate) text: String,
}

impl Told {
    pub(crate) fn of(line: promotion::Line) -> Self {
        Self { look: look(line.word), text: line.text }
    }
}
