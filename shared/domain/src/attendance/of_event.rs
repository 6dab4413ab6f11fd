//! What an event and the people in it are, as far as attendance depends on them.

use super::{Advertised, Facts, Registrant, Settled, Staff};
use crate::{
    email::EmailAddress,
    event::{Event, EventKind, Presenter, SegmentKind, Span, spans},
    name::PersonName,
    registration::Participation,
};

/// Whether Zoom's report decides about this event: a live webinar that took place. Credit of the other kinds is entered by import.
pub fn is_decided_by_attendance(event: &Event) -> bool {
    event.kind == EventKind::LiveWebinar && event.is_published()
}

impl Facts {
    /// The facts of an event, its people and those who run it, before anything is known of the meeting. Only who has a seat is a
    /// registrant; whoever cancelled and came in all the same is for staff to look at.
    pub fn of_event(event: &Event, people: &[Participation], hosts: &[EmailAddress]) -> Self {
        let mut registrants: Vec<Registrant> =
            people.iter().filter(|person| person.state.has_seat()).map(registrant).collect();
        // Pages of the table may come in any order: the same people make the same facts.
        registrants.sort_by(|one, other| one.id.cmp(&other.id));
        Self {
            schedule: event.when.span(),
            actual: None,
            breaks: breaks(event),
            instances: None,
            is_partial: false,
            tolerance_seconds: event.policy.tolerance_seconds.into(),
            credits: advertised(event),
            staff: staff(event, hosts, &registrants),
            registrants,
            settled: Settled::default(),
        }
    }
}

/// What isn't instruction: the agenda's breaks, and what it leaves open.
fn breaks(event: &Event) -> Vec<Span> {
    let has_instruction = event.agenda.iter().any(|segment| segment.kind == SegmentKind::Instruction);
    if !has_instruction {
        return Vec::new();
    }
    spans::minus(&[event.when.span()], &event.instruction())
}

/// What each approving body gives, by the types of credit that were promised when the event was published.
fn advertised(event: &Event) -> Vec<Advertised> {
    let types = event.published.iter().flat_map(|published| &published.credit_types);
    let credit = |body: &str, hours| {
        let rule = types.clone().find(|credit_type| credit_type.body == body)?.rule;
        Some(Advertised { body: body.to_owned(), hours, rule })
    };
    event.advertised().filter_map(|(body, hours)| credit(body, hours)).collect()
}

/// Who presents, and the accounts of the provider's people. One of them who is registered attends like anybody else.
fn staff(event: &Event, hosts: &[EmailAddress], registrants: &[Registrant]) -> Vec<Staff> {
    let presents = |presenter: &Presenter| {
        let whole = presenter.name.trim();
        let (first, last) = whole.rsplit_once(char::is_whitespace).unwrap_or(("", whole));
        let name = PersonName { first: first.trim().to_owned(), last: last.to_owned() };
        Staff { name, emails: Vec::new() }
    };
    let mut staff: Vec<Staff> = event.details.presenters.iter().map(presents).collect();
    let attends = |email: &&EmailAddress| !registrants.iter().any(|registrant| registrant.emails.contains(email));
    let mut emails: Vec<EmailAddress> = hosts.iter().filter(attends).cloned().collect();
    emails.sort();
    if !emails.is_empty() {
        staff.push(Staff { name: PersonName { first: String::new(), last: String::new() }, emails });
    }
    staff
}

fn registrant(person: &Participation) -> Registrant {
    let zoom = person.zoom.as_ref();
    let mut emails: Vec<EmailAddress> = person.email.iter().cloned().collect();
    let at_zoom = zoom.and_then(|zoom| zoom.email.clone()).filter(|email| !emails.contains(email));
    emails.extend(at_zoom);
    Registrant {
        id: person.account.to_string(),
        name: person.name.clone(),
        emails,
        zoom_ids: zoom.map(|zoom| zoom.registrant_id.clone()).into_iter().collect(),
        phone_last4: None,
    }
}
