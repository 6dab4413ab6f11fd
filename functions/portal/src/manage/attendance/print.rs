//! The sign-in/sign-out sheet of an event, as boards ask for it: made of what was decided by, and of the outcomes that stand.

use super::{
    base,
    known::{Known, fetch_ended},
    page,
    sheet::{Attendee, Evidence, SignInSheet, Sources},
};
use crate::{
    Shared,
    attendance::{Computed, compute_then},
    manage::Managing,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use documents::attendance::Source;
use domain::{attendance::Person, registration::Participation};
use pages::{answer, problem::Problem, visitor::Visitor};
use std::collections::BTreeMap;

const NOTHING_YET: &str =
    "There is no sheet yet: neither Zoom's report nor a file tells who was there. Come back when everybody is decided.";

/// `GET /manage/events/{id}/attendance/sheet`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let known = Known::fetch(&portal, fetch_ended(&portal, &managing, &id).await?).await?;
    let then = match &known.inputs.record.applied {
        Some(applied) => Some(compute_then(&portal, &known.event, &applied.case).await?),
        None => None,
    };
    let computed = then.as_ref().or(known.computed.as_ref()).ok_or(Problem::NotNow(NOTHING_YET))?;
    let by_account: BTreeMap<&str, &Participation> =
        known.inputs.people.iter().map(|person| (person.account.as_str(), person)).collect();
    let people = outcomes(computed, &by_account);
    let attendees: Vec<Attendee<'_>> = people.iter().map(|person| attendee(computed, &by_account, person)).collect();
    let sources = Sources {
        event: &known.event,
        provider: &computed.case.provider,
        window: &computed.decision.window,
        people: &attendees,
        evidence: evidence(computed),
        made_at: known.now,
    };
    let sheet = SignInSheet::of(page(&portal, &managing, &known.event, "Sign-in/sign-out sheet"), sources);
    answer::page(&SignInSheet { back: base(&known.event), ..sheet })
}

/// Everybody with the outcome that stands: who was found in full stays so, whatever a later report says.
fn outcomes(computed: &Computed, by_account: &BTreeMap<&str, &Participation>) -> Vec<Person> {
    let stands = |person: &Person| {
        let participation = by_account.get(account_of(computed, person)?)?;
        Some(participation.decided.as_deref()?.verdict)
    };
    let people = computed.decision.people.iter();
    people.map(|person| Person { verdict: stands(person).unwrap_or(person.verdict), ..person.clone() }).collect()
}

fn account_of<'c>(computed: &'c Computed, person: &Person) -> Option<&'c str> {
    Some(computed.facts.registrants.get(person.registrant?)?.id.as_str())
}

fn attendee<'a>(
    computed: &'a Computed,
    by_account: &BTreeMap<&str, &'a Participation>,
    person: &'a Person,
) -> Attendee<'a> {
    let registrant = person.registrant.and_then(|place| computed.facts.registrants.get(place));
    let licences = |id: &str| by_account.get(id).map(|person| &person.licences[..]).unwrap_or_default();
    let decided = registrant.and_then(|it| by_account.get(it.id.as_str())).and_then(|it| it.decided.as_deref());
    let note = match decided {
        Some(decided) if decided.turned.is_some() => Some("what is known now says less: staff have to look"),
        Some(decided) if decided.by.is_some() => Some("decided by staff, with their reason on record"),
        Some(_) | None => None,
    };
    Attendee { registrant: registrant.map(|registrant| (&registrant.name, licences(&registrant.id))), person, note }
}

fn evidence(computed: &Computed) -> Vec<Evidence> {
    let what = match &computed.case.source {
        Source::Report { .. } => "Zoom's report",
        Source::File { .. } => "The file of Zoom's that was uploaded",
        Source::Nothing => "No report: decided by people's words",
    };
    let evidence = |what: &str, sha256: &str| Evidence { what: what.to_owned(), sha256: sha256.to_owned() };
    vec![
        evidence(what, computed.case.source.sha256()),
        evidence("What it was decided by", &documents::attendance::sha256(&computed.case.bytes())),
    ]
}
