//! What somebody registered for, with their own way in: the link and the PIN are theirs.

use super::moment;
use crate::{Door, trouble};
use adapters::clock;
use domain::{
    attendance::{
        Decided,
        appeal::{Appeal, AppealState},
    },
    event::Event,
    id::{AccountId, EventId},
    registration::{Expected, Participation, ParticipationState, ShownLicence},
};
use pages::problem::Problem;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Registrations in one page of the query: as many as one batch of events.
const AT_ONCE: i32 = 100;
/// Pages of each kind: 2,000 registrations of some 1,500 bytes are 3 MB of the 6 that a Lambda answers at most.
const MOST_PAGES: usize = 10;

/// Somebody's registrations, the latest events first, then those that were cancelled.
#[derive(Default)]
pub(super) struct Registrations {
    pub(super) list: Vec<Value>,
    /// Whether these are all.
    pub(super) are_complete: bool,
}

pub(super) async fn of(door: &Door, account: &AccountId) -> Result<Registrations, Problem> {
    let mut found = Registrations { list: Vec::new(), are_complete: true };
    let mut told = BTreeSet::new();
    for are_cancelled in [false, true] {
        let mut after: Option<String> = None;
        for _ in 0..MOST_PAGES {
            let table = &door.clients.table;
            let page = table.fetch_registrations_of(account, are_cancelled, after.as_deref(), AT_ONCE).await;
            let (mut people, next) = page.map_err(trouble::table)?;
            // Of what was cancelled or taken up again a moment ago both places may tell.
            people.retain(|person| told.insert(person.event.clone()));
            let ids: Vec<EventId> = people.iter().map(|person| person.event.clone()).collect();
            let events = table.fetch_events(&ids).await.map_err(trouble::table)?;
            let events: BTreeMap<&EventId, &Event> = events.iter().map(|event| (&event.id, event)).collect();
            for person in &people {
                let event = events.get(&person.event).copied();
                // Who has nothing decided may have appealed because of that.
                let is_over = event.is_none_or(|event| event.has_ended(clock::now()));
                let appeals = match is_over && person.state.has_seat() {
                    true => table.fetch_appeals_of(&person.event, account).await.map_err(trouble::table)?,
                    false => Vec::new(),
                };
                found.list.push(registration(person, event, &appeals));
            }
            after = next;
            if after.is_none() {
                break;
            }
        }
        found.are_complete &= after.is_none();
    }
    Ok(found)
}

fn registration(person: &Participation, event: Option<&Event>, appeals: &[Appeal]) -> Value {
    json!({
        "event": {
            "id": person.event.as_str(),
            "title": event.map(|event| event.title.as_str()),
            "provider": event.map(|event| event.provider.as_str()),
            "starts_at": event.map(|event| moment(event.when.starts_at)),
            "ends_at": event.map(|event| moment(event.when.ends_at)),
        },
        "state": match person.state {
            ParticipationState::Registered => "registered",
            ParticipationState::Waiting { .. } => "waiting",
            ParticipationState::Cancelled => "cancelled",
        },
        "waiting_place": person.state.place(),
        "registered_at": moment(person.registered_at),
        "first_name": person.name.first,
        "last_name": person.name.last,
        "email": person.email.as_ref().map(|email| email.shown()),
        "licenses": person.licences.iter().map(licence).collect::<Vec<_>>(),
        "join_now_first_pressed_at": person.clicked.map(|clicked| moment(clicked.first)),
        "join_now_last_pressed_at": person.clicked.map(|clicked| moment(clicked.last)),
        "zoom": person.zoom.as_ref().map(|own| json!({
            "meeting_number": own.number.as_str(),
            "registrant_id": own.registrant_id,
            "email": own.email.as_ref().map(|email| email.shown()),
            "link": own.join_url,
            "pin": own.pin,
        })),
        "attendance": person.decided.as_deref().map(attendance),
        "appeals": appeals.iter().map(appeal).collect::<Vec<_>>(),
    })
}

/// What was decided; the whole explanation stands in the event's Main Hall.
fn attendance(decided: &Decided) -> Value {
    json!({
        "decided_at": moment(decided.at),
        "verdict": decided.verdict,
        "reasons": decided.reasons.iter().map(|reason| reason.text()).collect::<Vec<_>>(),
        "required_seconds": decided.required,
        "attended_seconds": decided.attended,
        "missed_seconds": decided.missed,
        "credits": decided.credits.iter().map(|credit| json!({
            "body": credit.body,
            "hours": credit.hours.map(|hours| hours.to_string()),
        })).collect::<Vec<_>>(),
        "a_later_report_says_less": decided.turned.is_some(),
    })
}

fn appeal(appeal: &Appeal) -> Value {
    let answer = match &appeal.state {
        AppealState::Open => Value::Null,
        AppealState::Decided { granted, why, at, .. } => {
            json!({ "granted": granted, "reason": why, "at": moment(*at) })
        }
    };
    json!({
        "number": appeal.number,
        "sent_at": moment(appeal.at),
        "text": appeal.text,
        "file": appeal.file.as_ref().map(|file| file.name.as_str()),
        "answer": answer,
    })
}

/// What a provider's list says of this address. It is no registration before it is confirmed.
pub(super) fn put_down(entry: &Expected) -> Value {
    json!({
        "event": entry.event.as_str(),
        "first_name": entry.name.first,
        "last_name": entry.name.last,
        "email": entry.email.shown(),
        "license_number": entry.licence.as_ref().map(|number| number.shown()),
        "put_down_at": moment(entry.put_down_at),
    })
}

fn licence(licence: &ShownLicence) -> Value {
    match licence {
        ShownLicence::Verified { held } => json!({
            "board": held.board,
            "profession": held.profession,
            "license_number": held.number.shown(),
            "verified": true,
        }),
        ShownLicence::Claimed { number } => json!({ "license_number": number.shown(), "verified": false }),
    }
}
