//! Events that are over, and what the worker decides of them by what Zoom reports: played here with the worker's own rules, so that
//! the pages show what they show after it.

use super::{DAY, HOUR, Stage, by};
use crate::world::Who;
use adapters::{
    clock,
    objects::{case_key, explanations_key, report_key},
};
use documents::{
    attendance::{Case, calls, explanations, sha256},
    zoom::archive::{Archive, PageSource},
};
use domain::{
    attendance::{Applied, Facts, Instance, Kept, Plan, Record, Report, plan},
    credit_type::examples,
    event::{Approval, Approved, Consent, Event, EventState, MeetingNumber, Room, Span, Standing},
    hours::CreditHours,
    zoom::ZoomKind,
};
use local::zoom::NewMeeting;
use std::collections::BTreeMap;

/// An hour and a half with a break, which NASBA gives 1.60 credits for; these are registered, and it ended so many seconds ago.
pub(super) async fn over(stage: &Stage, number: u128, ended_ago: i64, who: &[Who]) -> Event {
    let starts_at = clock::now() + HOUR;
    let meeting = stage.zoom.zoom().add_meeting(NewMeeting::at(ZoomKind::Meeting, starts_at, 90));
    let room = Room::Zoom { number: MeetingNumber::parse(&meeting).unwrap(), kind: ZoomKind::Meeting };
    let approved = Approved {
        number: "S-77".to_owned(),
        statement: "Registered.".to_owned(),
        valid_from: None,
        valid_to: None,
        evidence: "Letter".to_owned(),
        advertised: CreditHours::from_hundredths(160),
        consent: Consent::Given { by: Who::Office.account_id(), at: 1 },
    };
    let approval = Approval { body: "NASBA".to_owned(), standing: Standing::Approved(Box::new(approved)) };
    let mut made = super::event(number, starts_at);
    (made.room, made.approvals) = (Some(room), vec![approval]);
    made.details.contact = "Write to ce@acme.example.".to_owned();
    let before = stage.publish(made).await;
    for who in who {
        assert_eq!(stage.register(&before, *who).await.status, 303);
    }
    let mut after = before.clone();
    let back = before.when.ends_at - (clock::now() - ended_ago);
    (after.when.starts_at, after.when.ends_at) = (before.when.starts_at - back, before.when.ends_at - back);
    for part in &mut after.agenda {
        (part.starts_at, part.ends_at) = (part.starts_at - back, part.ends_at - back);
    }
    after.state = EventState::Published;
    after.published.as_mut().unwrap().credit_types = examples();
    let acme = Who::Acme.account_id();
    stage.world.clients.table.change_event(&before, &after, by(&acme), "Moved.").await.unwrap();
    stage.world.clients.table.fetch_event(&before.id).await.unwrap().unwrap()
}

/// Somebody's row of the report, in minutes from the event's start.
pub(super) fn row(event: &Event, email: &str, name: &str, (from, to): (i64, i64)) -> String {
    let moment = |minutes: i64| jiff::Timestamp::from_second(event.when.starts_at + minutes * 60).unwrap();
    let (join, leave, seconds) = (moment(from), moment(to), (to - from) * 60);
    format!(
        r#"{{"user_id":"{name}{from}","name":"{name}","user_email":"{email}","join_time":"{join}","leave_time":"{leave}","duration":{seconds},"status":"in_meeting"}}"#
    )
}

/// What Zoom reports, kept twice the same, and everybody decided of. `is_kept` is false where what it rests on is lost.
pub(super) async fn decide(stage: &Stage, event: &Event, rows: &[String], is_kept: bool) {
    let (table, objects) = (&stage.world.clients.table, &stage.world.clients.objects);
    let page = format!(r#"{{"next_page_token":"","participants":[{}]}}"#, rows.join(","));
    let mut archive = Archive::default();
    archive.add("uuid-1", PageSource::Report, page.as_bytes()).unwrap();
    let evidence = archive.into_bytes();
    let digest = sha256(&evidence);
    let open = Span { from: event.when.starts_at - 600, to: event.when.ends_at + 600 };
    let report = Report {
        at: clock::now(),
        digest: digest.clone(),
        kept: Kept { key: report_key(&event.id, &digest), sha256: digest, bytes: evidence.len() as u64 },
        rows: rows.len().try_into().unwrap(),
        participants: None,
        instances: vec![Instance { uuid: "uuid-1".to_owned(), open }],
        hosts: vec![],
        agreed: 2,
    };
    let record = table.fetch_attendance(&event.id).await.unwrap();
    let record = Record { report: Some(report), final_at: Some(clock::now()), next_at: None, ..record };
    assert!(table.save_attendance(&event.id, &record).await.unwrap());
    let inputs = table.fetch_attendance_inputs(event).await.unwrap();
    let facts = Facts::of_event(event, &inputs.people, &inputs.hosts);
    let basis = inputs.record.basis(&inputs.settled).unwrap();
    let case = Case::of(event, facts, &inputs.adjustments, calls(&inputs.sightings, &[]), basis);
    let (facts, decision) = case.decide(&evidence).unwrap();
    let explained = explanations(&case, &facts, &decision, clock::now());
    if is_kept {
        let (name, nothing) = (case.name(), BTreeMap::new);
        for (key, bytes) in [
            (case.source.key().unwrap().to_owned(), evidence),
            (case_key(&event.id, &name), case.bytes()),
            (explanations_key(&event.id, &name), explained.file.clone()),
        ] {
            objects.save_evidence(&key, bytes, "application/json", nothing()).await.unwrap();
        }
    }
    let before =
        inputs.people.iter().map(|person| (person.account.clone(), person.decided.as_deref().cloned())).collect();
    let plan: Plan = plan(&before, explained.decided, 0);
    for step in &plan.moves {
        let person = inputs.people.iter().find(|person| person.account == step.account).unwrap();
        assert!(table.decide_person(person, &step.decided, &domain::completion::Following::Stays).await.unwrap());
    }
    let applied = Applied {
        plan: inputs.record.applied.as_ref().map_or(1, |applied| applied.plan + 1),
        case: case.name(),
        at: clock::now(),
        said: inputs.record.said,
        by: basis.digest().to_owned(),
        counts: plan.counts,
        holds: Vec::new(),
    };
    let record = Record { applied: Some(applied), ..inputs.record.clone() };
    assert!(table.save_plan(&event.id, &record, 1).await.unwrap());
}

/// An event that ended two hours ago and of which this is reported, with Ann and Bob registered.
pub(super) async fn reported(stage: &Stage, number: u128, rows: impl Fn(&Event) -> Vec<String>) -> Event {
    let event = over(stage, number, 2 * HOUR, &[Who::Ann, Who::Bob]).await;
    decide(stage, &event, &rows(&event), true).await;
    event
}

/// An event that Ann left early, two hours ago.
pub(super) async fn left_early(stage: &Stage, number: u128) -> Event {
    reported(stage, number, |event| vec![row(event, "ann@example.org", "Ann Tester", (-5, 60))]).await
}

#[tokio::test]
async fn what_is_played_is_decided() {
    let stage = Stage::new().await;
    let event = over(&stage, 1, DAY, &[Who::Ann]).await;
    decide(&stage, &event, &[row(&event, "ann@example.org", "Ann Tester", (0, 90))], true).await;
    let decided = stage.participation(&event, Who::Ann).await.unwrap().decided.unwrap();
    assert_eq!(decided.verdict, domain::attendance::Verdict::Full, "{decided:?}");
    assert!(decided.is_credited());
}
