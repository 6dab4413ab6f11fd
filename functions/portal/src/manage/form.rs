//! Forms over an event: saved over the version that they showed, shown again with everything that is wrong, and told what was
//! promised and can't be changed any more.

use super::{Head, Managing, Part, Standing, saved::Came};
use crate::{Portal, trouble};
use adapters::table::EventSaved;
use domain::event::{
    Event, EventState,
    change::{EditRefusal, plan_edit},
    consent::{Lost, lost},
    draft::InvalidField,
};
use http::StatusCode;
use pages::{
    fields::{Fields, Typed},
    layout::Page,
    problem::Problem,
};

/// Tries to save over others who plan in the same meeting: each of them has it a moment.
const MOST_TRIES: usize = 3;
const BUSY: &str =
    "Others are planning events in the same Zoom meeting at this moment, so nothing was saved. Save again in a minute.";

/// What is said above a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Note {
    Nothing,
    Saved,
    /// There are more rows, and nothing is saved.
    Rows,
    /// Somebody else has changed the event.
    Conflict,
}

/// What every form over an event has.
pub(super) struct EventForm {
    pub(super) page: Page,
    pub(super) head: Head,
    pub(super) fields: Fields,
    /// The version that is saved over.
    pub(super) version: u64,
    pub(super) note: Note,
    /// What saving it brought about.
    pub(super) came: Came,
    /// Why a published event isn't changed like this.
    pub(super) refusals: Vec<String>,
    /// What can't be changed any more, and why.
    pub(super) frozen: Vec<&'static str>,
    /// Whether anything can be saved.
    pub(super) open: bool,
}

impl EventForm {
    pub(super) fn of(portal: &Portal, managing: &Managing, event: &Event, part: Part, fields: Fields) -> Self {
        let head = Head::of(managing, event, part);
        let label = head.tabs.iter().find(|tab| tab.2).map_or("Event", |tab| tab.1);
        let page = managing.page(portal, format!("{label}: {}", event.title));
        let open = match event.state {
            EventState::Draft => true,
            EventState::Published => !event.has_ended(adapters::clock::now()),
            EventState::Cancelled { .. } => false,
        };
        Self {
            page,
            head,
            fields,
            version: event.version,
            note: Note::Nothing,
            came: Came::default(),
            refusals: Vec::new(),
            frozen: Vec::new(),
            open,
        }
    }

    /// The same with what is frozen, once the event is published.
    pub(super) fn freezing(self, event: &Event, frozen: &[&'static str]) -> Self {
        let frozen = if event.published.is_some() { frozen.to_vec() } else { Vec::new() };
        Self { frozen, ..self }
    }

    /// The same after it was saved, if the address says so, with what that brought about.
    pub(super) async fn saved(self, portal: &Portal, event: &Event, saved: Option<&String>) -> Result<Self, Problem> {
        match saved {
            Some(_) => Ok(Self { note: Note::Saved, came: Came::fetch(portal, event).await?, ..self }),
            None => Ok(self),
        }
    }

    /// The same, to be saved over the version that the form had: nothing was read anew.
    pub(super) fn over(self, version: u64) -> Self {
        Self { version, ..self }
    }

    /// The same with what is wrong, field by field.
    pub(super) fn telling(mut self, wrong: impl IntoIterator<Item = (String, String)>) -> Self {
        for (field, told) in wrong {
            self.fields.tell(&field, told);
        }
        self
    }

    /// The same with the names of its fields for the list of what is wrong.
    pub(super) fn labelled(mut self, labels: &[(&str, &'static str)]) -> Self {
        for (name, label) in labels {
            self.fields.label(name, label);
        }
        self
    }

    pub(super) fn head(&self) -> &Head {
        &self.head
    }

    pub(super) fn is(&self, note: &str) -> bool {
        let own = match self.note {
            Note::Nothing => "",
            Note::Saved => "saved",
            Note::Rows => "rows",
            Note::Conflict => "conflict",
        };
        own == note
    }
}

/// What is wrong with a field, as it is told.
pub(super) fn plain(wrong: InvalidField) -> (String, String) {
    (wrong.field, wrong.why.to_string())
}

/// The version that a form was made of.
pub(super) fn version(typed: &Typed) -> Result<u64, Problem> {
    typed.text("version").parse().map_err(|_| Problem::Unreadable)
}

/// A typed text with the line ends that we keep.
pub(super) fn text(typed: &Typed, name: &str) -> String {
    typed.text(name).replace("\r\n", "\n")
}

/// The number of a field's row, if it is one of these rows.
pub(super) fn row_of(name: &str, stems: &[&str], most: usize) -> Option<usize> {
    let (stem, row) = name.rsplit_once('-')?;
    row.parse().ok().filter(|row| *row < most && stems.contains(&stem))
}

/// What came of saving.
pub(super) enum Saving {
    /// It is so now.
    Done,
    /// Somebody else has changed it: the event as it stands.
    Conflict(Box<Event>),
    /// It can't be changed like this.
    Refused(Vec<String>),
}

impl Saving {
    /// The status of a form that is shown again.
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Saving::Done => StatusCode::OK,
            Saving::Conflict(_) => StatusCode::CONFLICT,
            Saving::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }
}

/// Saves what a form made of an event in the version that it showed: a draft as it is, a published event as far as it may be
/// changed.
pub(super) async fn save(
    portal: &Portal,
    managing: &Managing,
    before: &Event,
    after: &Event,
    seen: u64,
    why: &str,
) -> Result<Saving, Problem> {
    if seen != before.version {
        return Ok(Saving::Conflict(Box::new(before.clone())));
    }
    let lost: Vec<String> = lost(before, after).iter().map(Lost::text).collect();
    let why = [&[why.to_owned()], &lost[..]].concat().join(" ");
    for _ in 0..MOST_TRIES {
        let saved = match try_to_save(portal, managing, before, after, &why).await? {
            Ok(saved) => saved,
            Err(saving) => return Ok(saving),
        };
        if saved == EventSaved::Conflict {
            let fresh = managing.find(portal, &before.id).await?.ok_or(Problem::NotFound)?;
            if fresh.version != before.version {
                return Ok(Saving::Conflict(Box::new(fresh)));
            }
            // Somebody has planned another event in the same meeting just now: it is judged beside that one.
            continue;
        }
        // Registrants are told of what changed by the worker.
        if after.is_published() {
            portal.nudge_event(&before.id).await;
        }
        return Ok(Saving::Done);
    }
    Ok(Saving::Refused(vec![BUSY.to_owned()]))
}

/// Saves once; or what came of it without saving anything.
async fn try_to_save(
    portal: &Portal,
    managing: &Managing,
    before: &Event,
    after: &Event,
    why: &str,
) -> Result<Result<EventSaved, Saving>, Problem> {
    let (table, now) = (&portal.clients.table, adapters::clock::now());
    let saved = match before.state {
        EventState::Draft if before == after => return Ok(Err(Saving::Done)),
        EventState::Draft => table.save_event(before, after, managing.by(now), why).await,
        EventState::Published | EventState::Cancelled { .. } => {
            let standing = Standing::fetch(portal, managing, after).await?;
            match plan_edit(before, after, &standing.facts()) {
                Ok(_) if before == after => return Ok(Err(Saving::Done)),
                Ok(plan) => table.change_event_beside(before, &plan.event, managing.by(now), why, &standing.uses).await,
                Err(refusals) => {
                    return Ok(Err(Saving::Refused(refusals.iter().map(EditRefusal::text).collect())));
                }
            }
        }
    };
    saved.map(Ok).map_err(trouble::table)
}
