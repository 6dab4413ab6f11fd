//! What was changed of an event: by whom, when and why, and which of its parts.

use super::{Head, Managing, Part};
use crate::{Portal, Shared, trouble};
use adapters::{clock, table::EventChange};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    event::{Consent, Event},
    id::AccountId,
};
use pages::{answer, form::Query, layout::Page, moment::Moment, problem::Problem, visitor::Visitor};
use serde::Deserialize;

/// Changes on one page.
const PAGE_CHANGES: i32 = 20;

/// The fields of the address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "manage/history.html")]
struct HistoryPage {
    page: Page,
    head: Head,
    lines: Vec<Line>,
    older: Option<String>,
    is_first: bool,
}

struct Line {
    when: Moment,
    who: String,
    why: String,
    parts: String,
}

/// `GET /manage/events/{id}/history`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = managing.fetch(&portal, &id).await?;
    let after = asked.after.as_deref();
    let found = portal.clients.table.fetch_history_of(&event.id, after, PAGE_CHANGES).await;
    let (changes, older) = found.map_err(trouble::table)?;
    let names = Names::fetch(&portal, &event).await?;
    let now = clock::now();
    answer::page(&HistoryPage {
        page: managing.page(&portal, format!("History: {}", event.title)),
        head: Head::of(&managing, &event, Part::History),
        lines: changes
            .iter()
            .enumerate()
            .map(|(place, change)| Line {
                when: portal.moment(change.at, now),
                who: names.of_change(&managing, change, following(&changes, place, &event)),
                why: change.why.clone(),
                parts: parts(change, following(&changes, place, &event)),
            })
            .collect(),
        older,
        is_first: after.is_none(),
    })
}

/// What a change made of the event: what stood before the next one, or what stands now.
fn following<'a>(changes: &'a [EventChange], place: usize, now: &'a Event) -> Option<&'a Event> {
    let version = changes[place].version;
    let later = place.checked_sub(1).map(|place| &changes[place].before);
    later.or(Some(now)).filter(|event| event.version == version)
}

/// Which parts a change was of.
fn parts(change: &EventChange, after: Option<&Event>) -> String {
    let (before, Some(after)) = (&change.before, after) else { return String::new() };
    let parts = [
        ("Title", before.title != after.title),
        ("Course", before.course != after.course),
        ("Kind", before.kind != after.kind),
        ("Time", before.when != after.when),
        ("Agenda", before.agenda != after.agenda || before.minutes != after.minutes),
        ("Texts", before.details != after.details),
        ("Seats", before.capacity != after.capacity),
        ("Tolerance", before.policy != after.policy),
        ("Approvals", before.approvals != after.approvals),
        ("Where", before.room != after.room),
        ("Series", before.series != after.series),
        ("State", before.state != after.state),
    ];
    parts.iter().filter(|(_, changed)| *changed).map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

/// The people of the provider and of the office.
pub(super) struct Names {
    provider: Vec<(AccountId, String)>,
    office: Vec<(AccountId, String)>,
}

impl Names {
    pub(super) async fn fetch(portal: &Portal, event: &Event) -> Result<Self, Problem> {
        let table = &portal.clients.table;
        let (provider, _) = table.fetch_users(Some(&event.provider)).await.map_err(trouble::table)?;
        let (office, _) = table.fetch_users(None).await.map_err(trouble::table)?;
        let name =
            |user: adapters::table::accounts::User| (user.account, format!("{} {}", user.name.first, user.name.last));
        Ok(Self { provider: provider.into_iter().map(name).collect(), office: office.into_iter().map(name).collect() })
    }

    /// Who made a change, where its own words tell: whoever answered as the office was of the office, if not any more.
    fn of_change(&self, managing: &Managing, change: &EventChange, after: Option<&Event>) -> String {
        let answered = |event: &Event| {
            let consents = event.approvals.iter().filter_map(|approval| Some(&approval.approved()?.consent));
            consents.into_iter().any(|consent| match consent {
                Consent::Given { by, at } | Consent::Refused { by, at, .. } => *by == change.by && *at == change.at,
                Consent::NotAsked | Consent::Asked { .. } => false,
            })
        };
        match self.of(managing, &change.by) {
            Some(name) => name,
            None if after.is_some_and(answered) => "The office".to_owned(),
            None if managing.is_office() => format!("account {}", change.by),
            None => "Somebody who has left".to_owned(),
        }
    }

    /// Who made a change, as this visitor is told it: a provider isn't told the names of the office's people.
    pub(super) fn of(&self, managing: &Managing, by: &AccountId) -> Option<String> {
        if by == managing.account() {
            return Some("You".to_owned());
        }
        let named =
            |people: &[(AccountId, String)]| people.iter().find(|(id, _)| id == by).map(|(_, name)| name.clone());
        match (named(&self.provider), named(&self.office)) {
            (Some(name), _) => Some(name),
            (None, Some(name)) if managing.is_office() => Some(format!("{name}, the office")),
            (None, Some(_)) => Some("The office".to_owned()),
            (None, None) => None,
        }
    }
}
