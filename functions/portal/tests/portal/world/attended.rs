//! Events that are over: who was registered, what Zoom reports, and what the worker makes of it, by the worker's own pure steps.

use super::{Who, World, provider};
use adapters::{
    clock,
    objects::{case_key, explanations_key, report_key},
    table::{By, EventSaved, Person},
};
use documents::{
    attendance::{Case, calls, explanations, sha256},
    zoom::archive::{Archive, PageSource, read, rows_digest},
};
use domain::{
    attendance::{Applied, Decided, Facts, Instance, Kept, Record, Report, plan},
    course::CourseNumber,
    credit_type::examples,
    email::EmailAddress,
    event::{
        Approval, Approved, Consent, Event, EventKind, EventState, MeetingNumber, Published, Room, Segment,
        SegmentKind, Span, Standing, When, Zone, ZoomKind,
    },
    hours::CreditHours,
    id::{AccountId, EventId},
    name::PersonName,
};
use std::collections::BTreeMap;

/// The length of the events here, in seconds: an hour and a half.
pub(crate) const LENGTH: i64 = 5_400;

/// Somebody's stay, as Zoom reports it, in seconds from the event's start.
#[derive(Clone)]
pub(crate) struct Stay {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) from: i64,
    pub(crate) to: i64,
}

pub(crate) fn stay(name: &str, email: &str, from: i64, to: i64) -> Stay {
    Stay { name: name.to_owned(), email: email.to_owned(), from, to }
}

impl World {
    /// A webinar of Acme's that ended two hours ago, for 1.60 credits of NASBA, with a break of ten minutes in it.
    pub(crate) async fn ended_event(&self, number: u128) -> Event {
        let now = clock::now();
        let starts_at = (now - 7_200 - LENGTH).div_euclid(300) * 300;
        let when = When { starts_at, ends_at: starts_at + LENGTH, zone: Zone::parse("America/New_York").unwrap() };
        let course = CourseNumber::parse("ETH-101").unwrap();
        let (id, title) = (EventId::from_bits(number), "Ethics at the bedside".to_owned());
        let mut event = Event::draft(id, provider("acme-ce"), course, title, EventKind::LiveWebinar, when);
        let part = |title: &str, kind, from: i64, to: i64| Segment {
            title: title.to_owned(),
            kind,
            starts_at: starts_at + from * 60,
            ends_at: starts_at + to * 60,
        };
        event.agenda = vec![
            part("Cases", SegmentKind::Instruction, 0, 40),
            part("Coffee", SegmentKind::Break, 40, 50),
            part("The code", SegmentKind::Instruction, 50, 90),
        ];
        let approved = Approved {
            number: "S-77".to_owned(),
            statement: "Registered.".to_owned(),
            valid_from: Some(jiff::civil::date(2020, 1, 1)),
            valid_to: None,
            evidence: "Letter".to_owned(),
            advertised: CreditHours::from_hundredths(160),
            consent: Consent::Given { by: Who::Office.account_id(), at: 1 },
        };
        event.approvals = vec![Approval { body: "NASBA".to_owned(), standing: Standing::Approved(Box::new(approved)) }];
        let meeting = MeetingNumber::parse("81234567890").unwrap();
        event.room = Some(Room::Zoom { number: meeting, kind: ZoomKind::Meeting });
        let (table, acme) = (&self.clients.table, Who::Acme.account_id());
        let by = By { account: &acme, at: 1 };
        assert!(table.create_events(std::slice::from_ref(&event), by).await.unwrap());
        let draft = table.fetch_event(&event.id).await.unwrap().unwrap();
        let published = Published {
            at: 1,
            provider_name: "Acme Continuing Education".to_owned(),
            course_title: "Ethics".to_owned(),
            category: "Ethics".to_owned(),
            course_hours: CreditHours::from_hundredths(200).unwrap(),
            credit_types: examples(),
        };
        let after = Event { state: EventState::Published, published: Some(published), ..draft.clone() };
        assert!(matches!(table.publish_event(&draft, &after, by).await.unwrap(), EventSaved::Now(_)));
        self.event(number).await
    }

    /// Registers somebody for an event, the day before it.
    pub(crate) async fn seat(&self, event: &Event, account: AccountId, first: &str, last: &str, email: &str) {
        let person = Person {
            account,
            name: PersonName { first: first.to_owned(), last: last.to_owned() },
            email: EmailAddress::parse(email).unwrap(),
            licences: Vec::new(),
        };
        let day_before = event.when.starts_at - 86_400;
        self.clients.table.register(event, &person, |_| None, day_before).await.unwrap().unwrap();
    }

    /// Registers Ann and Bob, as they are called and written to.
    pub(crate) async fn seat_both(&self, event: &Event) {
        for who in [Who::Ann, Who::Bob] {
            let name = format!("{who:?}");
            let email = format!("{}@example.org", name.to_lowercase());
            self.seat(event, who.account_id(), &name, "Tester", &email).await;
        }
    }

    /// What Zoom reports of an event, kept, and come so many times; the meeting was open from and to these seconds.
    pub(crate) async fn report(&self, event: &Event, stays: &[Stay], (from, to): (i64, i64), agreed: u32) {
        let start = event.when.starts_at;
        let moment = |seconds: i64| jiff::Timestamp::from_second(start + seconds).unwrap().to_string();
        let row = |stay: &Stay| {
            serde_json::json!({
                "user_id": format!("{}{}", stay.name, stay.from),
                "name": stay.name,
                "user_email": stay.email,
                "join_time": moment(stay.from),
                "leave_time": moment(stay.to),
                "duration": stay.to - stay.from,
                "status": "in_meeting",
            })
        };
        let rows: Vec<_> = stays.iter().map(row).collect();
        let page = serde_json::json!({ "next_page_token": "", "participants": rows }).to_string();
        let mut archive = Archive::default();
        archive.add("uuid-1", PageSource::Report, page.as_bytes()).unwrap();
        let evidence = archive.into_bytes();
        let (digest, named) = (rows_digest(&read(&evidence).unwrap().rows), sha256(&evidence));
        let key = report_key(&event.id, &named);
        let kept = Kept { key: key.clone(), sha256: named, bytes: evidence.len() as u64 };
        self.clients.objects.save_evidence(&key, evidence, "application/jsonl", BTreeMap::new()).await.unwrap();
        let report = Report {
            at: clock::now(),
            digest,
            kept,
            rows: stays.len().try_into().unwrap(),
            participants: Some(u32::try_from(stays.len()).unwrap() + 1),
            instances: vec![Instance { uuid: "uuid-1".to_owned(), open: Span { from: start + from, to: start + to } }],
            hosts: Vec::new(),
            agreed,
        };
        let table = &self.clients.table;
        let record = table.fetch_attendance(&event.id).await.unwrap();
        let final_at = (agreed >= 2).then(clock::now);
        let record =
            Record { report: Some(report), final_at, tries: 2, tried_at: Some(clock::now()), next_at: None, ..record };
        assert!(table.save_attendance(&event.id, &record).await.unwrap());
    }

    /// What the worker does: everybody is decided of by what is known, and it is kept.
    pub(crate) async fn carry_out(&self, event: &Event) {
        let (table, objects) = (&self.clients.table, &self.clients.objects);
        let inputs = table.fetch_attendance_inputs(event).await.unwrap();
        let basis = inputs.record.basis(&inputs.settled).unwrap();
        let facts = Facts::of_event(event, &inputs.people, &inputs.hosts);
        let case = Case::of(event, facts, &inputs.adjustments, calls(&inputs.sightings, &[]), basis);
        let evidence = objects.fetch_evidence(case.source.key().unwrap(), 10_000_000).await.unwrap();
        let (facts, decision) = case.decide(&evidence).unwrap();
        let explained = explanations(&case, &facts, &decision, clock::now());
        let (case_at, lines_at) = (case_key(&event.id, &case.name()), explanations_key(&event.id, &case.name()));
        for (key, bytes) in [(case_at, case.bytes()), (lines_at, explained.file.clone())] {
            objects.save_evidence(&key, bytes, "application/json", BTreeMap::new()).await.unwrap();
        }
        let before: BTreeMap<AccountId, Option<Decided>> =
            inputs.people.iter().map(|it| (it.account.clone(), it.decided.as_deref().cloned())).collect();
        let unmatched = decision.people.iter().filter(|person| person.registrant.is_none() && !person.is_settled);
        let plan = plan(&before, explained.decided, unmatched.count().try_into().unwrap());
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
            holds: decision.window.holds.iter().map(|hold| hold.code().to_owned()).collect(),
        };
        let record = Record { applied: Some(applied), ..inputs.record.clone() };
        let moves = plan.moves.len().try_into().unwrap();
        assert!(table.save_plan(&event.id, &record, moves).await.unwrap());
    }

    /// What is decided of somebody.
    pub(crate) async fn decided(&self, event: &Event, account: &AccountId) -> Option<Decided> {
        let person = self.clients.table.fetch_participation(&event.id, account).await.unwrap();
        person.unwrap().decided.map(|decided| *decided)
    }

    /// Loses what is kept under this beginning of a path.
    pub(crate) fn lose(&self, part: &str) {
        self.shelf.lock().unwrap().retain(|path, _| !path.contains(part));
    }
}
