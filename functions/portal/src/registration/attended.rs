//! What was decided of the visitor's own attendance, as the Main Hall tells it after the event: waiting for Zoom's report, in full or
//! not, and why, with the times as a picture and in words, and what the decision rests on. Nothing is decided here, and nothing is
//! told of anybody else.

use super::fetch_own;
use crate::{
    Portal, Shared,
    attendance::{Computed, compute_then, fetch_explanation},
    trouble,
};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use documents::attendance::sha256;
use domain::{
    attendance::{
        Decided, Person, Record, Verdict,
        missing::{Asked, Certificate, Evaluation, Why, plainly, why},
    },
    event::{Event, EventKind},
    id::AccountId,
    registration::Participation,
};
use http::{HeaderValue, header::CONTENT_TYPE};
use pages::{
    attendance::{Explained, Shown, Voice, verdict_look, verdict_words},
    moment::Moment,
    problem::Problem,
    visitor::AskingAccount,
};

/// What the Main Hall tells after the event.
pub(crate) struct Attended {
    pub(crate) look: &'static str,
    pub(crate) words: &'static str,
    pub(crate) says: &'static str,
    /// Until when somebody waits who isn't decided of.
    pub(crate) pending: Option<Pending>,
    /// The times; `None` before a decision, and while what it rests on can't be read.
    pub(crate) explained: Option<Explained>,
    pub(crate) proof: Option<Proof>,
    /// A later report says less, and staff look at it.
    pub(crate) is_turned: bool,
}

/// The clock while nothing is decided.
pub(crate) struct Pending {
    pub(crate) due: Moment,
    pub(crate) is_over: bool,
    pub(crate) next: Option<Moment>,
    pub(crate) is_late: bool,
}

/// What a decision rests on.
pub(crate) struct Proof {
    pub(crate) decided: Moment,
    /// What staff have said who decided it.
    pub(crate) staffs_why: Option<String>,
    pub(crate) rule: String,
    pub(crate) case: String,
    pub(crate) source: String,
    pub(crate) explanation: String,
    /// Whether computing it again for this page gave the same bytes.
    pub(crate) is_same: bool,
}

/// Why an evaluation or a certificate is missing, from what stands on the participation.
pub(super) fn asked<'a>(
    event: &'a Event,
    person: Option<&'a Participation>,
    record: &'a Record,
    now: i64,
) -> Asked<'a> {
    let evaluation = person.map_or(Evaluation::NotInvited, |person| person.evaluation_standing(now));
    let certificate = person.map_or(Certificate::None, Participation::certificate_standing);
    Asked { event, person, record, evaluation, certificate, now }
}

/// What there is to tell of somebody who had a seat, once a live webinar is over.
pub(super) async fn attended(
    portal: &Portal,
    event: &Event,
    person: &Participation,
    record: &Record,
    now: i64,
) -> Option<Attended> {
    if event.kind != EventKind::LiveWebinar || !event.has_ended(now) || !person.state.has_seat() {
        return None;
    }
    let Some(decided) = person.decided.as_deref() else { return Some(undecided(event, person, record, now)) };
    // Whoever can't be shown the times is told the decision all the same; the failure is in the log.
    let computed = compute_then(portal, event, &decided.case).await.ok();
    let zone = event.when.zone.rules();
    let moment = |at| Moment::new(at, now, &zone);
    let proof = computed.as_ref().map(|computed| proof(computed, decided, &person.account, moment(decided.at)));
    Some(Attended {
        look: verdict_look(decided.verdict),
        words: verdict_words(decided.verdict),
        says: says(event, person, decided, record, now),
        pending: None,
        explained: computed.as_ref().and_then(|it| explain(it, &person.account, Voice::You)),
        proof,
        is_turned: decided.turned.is_some(),
    })
}

fn undecided(event: &Event, person: &Participation, record: &Record, now: i64) -> Attended {
    let zone = event.when.zone.rules();
    let moment = |at| Moment::new(at, now, &zone);
    let whys = why(&asked(event, Some(person), record, now));
    let pending = whys.iter().find_map(|why| match why {
        Why::ReportPending { due_at, next_at, is_late } => {
            let next = next_at.filter(|at| *at > now).map(moment);
            Some(Pending { due: moment(*due_at), is_over: now > *due_at, next, is_late: *is_late })
        }
        _ => None,
    });
    let (words, says) = match whys.iter().find(|why| !matches!(why, Why::EventWithoutCredit(_))) {
        Some(it @ Why::ReportPending { .. }) => ("Waiting for Zoom's report", it.text()),
        Some(it) => ("Under review", it.text()),
        None => ("Not decided", ""),
    };
    Attended { look: "open", words, says, pending, explained: None, proof: None, is_turned: false }
}

fn says(event: &Event, person: &Participation, decided: &Decided, record: &Record, now: i64) -> &'static str {
    match decided.verdict {
        Verdict::Full => match plainly(&asked(event, Some(person), record, now)) {
            Some(plainly) => plainly.text(),
            None => "You attended this event in full.",
        },
        Verdict::Short | Verdict::Absent if decided.by.is_some() => Why::UnderReview { is_decided: true }.text(),
        Verdict::Short => {
            "You missed more of the instruction than this event forgives, so it gives you no credit: there is none for a part."
        }
        Verdict::Review => Why::UnderReview { is_decided: false }.text(),
        Verdict::Absent => "Nothing of what Zoom reports is yours, so this event gives you no credit.",
    }
}

fn proof(computed: &Computed, decided: &Decided, account: &AccountId, at: Moment) -> Proof {
    let word = computed.case.adjustments.iter().find(|word| Some(word.number) == decided.by);
    let again = computed.explanation_of(account).map(|bytes| sha256(&bytes));
    Proof {
        decided: at,
        staffs_why: word.map(|word| word.why.clone()).filter(|why| !why.is_empty()),
        rule: computed.case.rule.clone(),
        case: decided.case.clone(),
        source: computed.case.source.sha256().to_owned(),
        explanation: decided.explained.sha256.clone(),
        is_same: again.as_ref() == Some(&decided.explained.sha256),
    }
}

/// One registrant's attendance as it was decided.
pub(crate) fn explain(computed: &Computed, account: &AccountId, voice: Voice) -> Option<Explained> {
    let (facts, decision) = (&computed.facts, &computed.decision);
    let is_theirs = |person: &&Person| {
        person.registrant.and_then(|place| facts.registrants.get(place)).is_some_and(|it| it.id == account.as_str())
    };
    Some(Explained::of(&Shown {
        id: "attendance-times",
        title: &computed.case.title,
        zone: &computed.case.zone,
        window: &decision.window,
        person: decision.people.iter().find(is_theirs)?,
        tolerance_seconds: facts.tolerance_seconds,
        advertised: &facts.credits,
        voice,
    }))
}

/// `GET /wallet/events/{id}/attendance.json`: the explanation that was kept of the visitor's own decision, byte by byte.
pub(crate) async fn json(
    State(portal): State<Shared>,
    AskingAccount(asking): AskingAccount,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let (event, person) = fetch_own(&portal, &id, &asking.account.id).await?;
    let decided = person.decided.as_deref().filter(|_| person.state.has_seat()).ok_or(Problem::NotFound)?;
    let bytes = fetch_explanation(&portal, &event, decided).await?;
    Ok(([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], bytes).into_response())
}

/// What is known of an event's attendance, and what that comes to with what was said.
pub(super) async fn fetch_standing(
    portal: &Portal,
    event: &Event,
) -> Result<(Record, domain::attendance::Settled), Problem> {
    let table = &portal.clients.table;
    // The record first: a word said in between makes it old, and then nothing can be said over it.
    let record = table.fetch_attendance(&event.id).await.map_err(trouble::table)?;
    let words = table.fetch_adjustments(&event.id).await.map_err(trouble::table)?;
    Ok((record, domain::attendance::Settled::of(&words)))
}

/// What My Events tells at a glance of an event that is over.
pub(super) fn glance(event: &Event, person: &Participation, now: i64) -> Option<(&'static str, &'static str)> {
    if event.kind != EventKind::LiveWebinar || !event.has_ended(now) || !person.state.has_seat() {
        return None;
    }
    Some(match person.decided.as_deref() {
        Some(decided) => (verdict_look(decided.verdict), verdict_words(decided.verdict)),
        None if now < event.when.ends_at + domain::attendance::tries::DECIDED_WITHIN_SECONDS => {
            ("open", "Waiting for Zoom's report")
        }
        None => ("open", "Not decided yet"),
    })
}
