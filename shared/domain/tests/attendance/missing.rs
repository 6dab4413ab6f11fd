//! "Why don't I have my evaluation?": every code comes out, each with its sentence and what to do now.

use super::{THREE, name};
use domain::{
    attendance::{
        Credited, Decided, Explained, Reason, Record, Turned, Verdict,
        missing::{Asked, Certificate, Evaluation, NoCredit, Plainly, Why, plainly, why},
    },
    course::{CourseNumber, ProviderId},
    event::{
        Approval, Approved, Consent, Event, EventKind, EventState, MeetingNumber, Published, Room, Standing, When,
        Zone, ZoomKind,
    },
    hours::CreditHours,
    id::{AccountId, EventId},
    registration::{Participation, ParticipationState},
};
use std::collections::BTreeSet;

const HOUR: i64 = 3_600;
/// An hour from 15:00 on.
pub(super) const END: i64 = THREE + HOUR;

/// A live webinar of that hour, on Zoom, that a body gives one credit for.
pub(super) fn event() -> Event {
    let when = When { starts_at: THREE, ends_at: END, zone: Zone::parse("America/New_York").unwrap() };
    let (provider, course) = (ProviderId::parse("acme-ce").unwrap(), CourseNumber::parse("ETH-101").unwrap());
    let id = EventId::from_bits(1);
    let mut event = Event::draft(id, provider, course, "Ethics".to_owned(), EventKind::LiveWebinar, when);
    event.state = EventState::Published;
    event.published = Some(Published {
        at: 1,
        provider_name: "Acme".to_owned(),
        course_title: "Ethics".to_owned(),
        category: "Ethics".to_owned(),
        course_hours: CreditHours::from_hundredths(100).unwrap(),
        credit_types: Vec::new(),
    });
    let approved = Approved {
        number: "1".to_owned(),
        statement: String::new(),
        valid_from: None,
        valid_to: None,
        evidence: String::new(),
        advertised: CreditHours::from_hundredths(100),
        consent: Consent::Given { by: AccountId::from_bits(9), at: 1 },
    };
    event.approvals = vec![Approval { body: "NBCC".to_owned(), standing: Standing::Approved(Box::new(approved)) }];
    let number = MeetingNumber::parse("81234567890").unwrap();
    event.room = Some(Room::Zoom { number, kind: ZoomKind::Meeting });
    event
}

pub(super) fn person(decided: Option<Decided>) -> Participation {
    Participation {
        event: EventId::from_bits(1),
        account: AccountId::from_bits(1),
        state: ParticipationState::Registered,
        name: name("Ann", "Lee"),
        email: domain::email::EmailAddress::parse("ann@people.example").ok(),
        licences: Vec::new(),
        registered_at: 1,
        zoom: None,
        clicked: None,
        told_version: 1,
        completion: None,
        letter: None,
        decided: decided.map(Box::new),
        version: 1,
    }
}

pub(super) fn decided(verdict: Verdict, reasons: &[Reason]) -> Decided {
    Decided {
        at: END + HOUR,
        case: "case".to_owned(),
        verdict,
        reasons: reasons.to_vec(),
        required: 3_600,
        attended: 0,
        missed: 3_600,
        credits: (verdict == Verdict::Full)
            .then(|| Credited { body: "NBCC".to_owned(), hours: domain::hours::CreditHours::parse("1").ok() })
            .into_iter()
            .collect(),
        by: None,
        withdrawn: None,
        explained: Explained { from: 0, bytes: 1, sha256: "ab".to_owned() },
        substance: "s".to_owned(),
        turned: None,
    }
}

struct Case {
    event: Event,
    person: Option<Participation>,
    record: Record,
    evaluation: Evaluation,
    certificate: Certificate,
    now: i64,
}

impl Case {
    fn asked(&self) -> Asked<'_> {
        Asked {
            event: &self.event,
            person: self.person.as_ref(),
            record: &self.record,
            evaluation: self.evaluation,
            certificate: self.certificate,
            now: self.now,
        }
    }

    fn whys(&self) -> Vec<Why> {
        why(&self.asked())
    }
}

fn case(decided: Option<Decided>) -> Case {
    Case {
        event: event(),
        person: Some(person(decided)),
        record: Record::default(),
        evaluation: Evaluation::NotInvited,
        certificate: Certificate::None,
        now: END + 2 * HOUR,
    }
}

fn of(verdict: Verdict, reasons: &[Reason]) -> Case {
    case(Some(decided(verdict, reasons)))
}

fn full(evaluation: Evaluation, certificate: Certificate) -> Case {
    Case { evaluation, certificate, ..of(Verdict::Full, &[]) }
}

/// Every case that says something, with the codes in their order.
fn table() -> Vec<(Case, &'static [&'static str])> {
    let waiting = Participation { state: ParticipationState::Waiting { place: 1 }, ..person(None) };
    let gone = Participation { state: ParticipationState::Cancelled, ..person(Some(decided(Verdict::Full, &[]))) };
    let with = |change: fn(&mut Event)| {
        let mut made = case(None);
        change(&mut made.event);
        made
    };
    let turned = Turned {
        at: END,
        case: "other".to_owned(),
        verdict: Verdict::Short,
        reasons: vec![Reason::Gap],
        attended: 1,
        missed: 3_599,
    };
    let doubted = |evaluation, certificate| {
        let decided = Decided { turned: Some(turned.clone()), ..decided(Verdict::Full, &[]) };
        Case { evaluation, certificate, ..case(Some(decided)) }
    };
    let by_staff = Decided { by: Some(3), ..decided(Verdict::Short, &[Reason::DecidedByStaff]) };
    vec![
        (Case { person: None, ..case(None) }, &["not_registered"]),
        (Case { person: Some(waiting), ..case(None) }, &["not_registered"]),
        (Case { person: Some(gone), ..case(None) }, &["not_registered"]),
        (case(None), &["report_pending"]),
        (Case { now: END + 30 * HOUR, ..case(None) }, &["report_pending"]),
        (of(Verdict::Absent, &[Reason::NotInReport]), &["not_in_report"]),
        (of(Verdict::Short, &[Reason::LeftEarly]), &["left_early"]),
        (of(Verdict::Short, &[Reason::JoinedLate, Reason::Gap]), &["joined_late", "gap"]),
        (of(Verdict::Short, &[Reason::InWaitingRoom]), &["in_waiting_room"]),
        (of(Verdict::Short, &[Reason::LeftEarly, Reason::SharedLink]), &["left_early", "shared_link"]),
        (of(Verdict::Review, &[Reason::LeftEarly, Reason::SharedLink]), &["under_review", "shared_link", "left_early"]),
        (of(Verdict::Review, &[Reason::OtherAccount]), &["under_review", "other_account"]),
        (of(Verdict::Review, &[Reason::DialInUnverified]), &["under_review", "dial_in_unverified"]),
        (of(Verdict::Review, &[Reason::Renamed]), &["under_review"]),
        (of(Verdict::Short, &[Reason::LeaveUnknown]), &["under_review"]),
        (case(Some(by_staff)), &["under_review"]),
        (doubted(Evaluation::NotInvited, Certificate::None), &["under_review"]),
        // Who was invited before can't submit now: that the evaluation waits for them, or waited, would be no answer.
        (doubted(Evaluation::Incomplete { until: 9 }, Certificate::None), &["under_review"]),
        (doubted(Evaluation::Expired, Certificate::None), &["under_review"]),
        (doubted(Evaluation::Undeliverable, Certificate::None), &["under_review"]),
        (doubted(Evaluation::Submitted, Certificate::Held), &["under_review", "certificate_held"]),
        (full(Evaluation::Undeliverable, Certificate::None), &["mail_undeliverable"]),
        (full(Evaluation::Incomplete { until: 9 }, Certificate::None), &["evaluation_incomplete"]),
        (full(Evaluation::Expired, Certificate::None), &["evaluation_expired"]),
        (full(Evaluation::Submitted, Certificate::None), &["certificate_pending"]),
        (full(Evaluation::Submitted, Certificate::Pending), &["certificate_pending"]),
        (full(Evaluation::Submitted, Certificate::Held), &["certificate_held"]),
        (with(|event| event.state = EventState::Cancelled { why: "Ill".to_owned(), at: 1 }), &["event_without_credit"]),
        (with(|event| event.kind = EventKind::OnDemand), &["event_without_credit"]),
        (with(|event| event.kind = EventKind::Conference), &["event_without_credit"]),
        (with(|event| event.approvals.clear()), &["event_without_credit", "report_pending"]),
    ]
}

#[test]
fn every_code_comes_out_and_the_decisive_one_first() {
    let mut seen = BTreeSet::new();
    for (place, (case, expected)) in table().into_iter().enumerate() {
        let codes: Vec<&str> = case.whys().into_iter().map(Why::code).collect();
        assert_eq!(codes, expected, "case {place}");
        assert_eq!(plainly(&case.asked()), None, "case {place}");
        seen.extend(codes);
    }
    let all = [
        "certificate_held",
        "certificate_pending",
        "dial_in_unverified",
        "evaluation_expired",
        "evaluation_incomplete",
        "event_without_credit",
        "gap",
        "in_waiting_room",
        "joined_late",
        "left_early",
        "mail_undeliverable",
        "not_in_report",
        "not_registered",
        "other_account",
        "report_pending",
        "shared_link",
        "under_review",
    ];
    assert!(seen.iter().eq(all.iter()), "{seen:?}");
}

#[test]
fn each_reason_says_what_happened_and_what_to_do_now_in_words_of_its_own() {
    let mut said = BTreeSet::new();
    for (case, _) in table() {
        for why in case.whys() {
            for text in [why.text(), why.what_now()] {
                assert!(text.len() > 20 && text.ends_with('.'), "{why:?}: {text}");
                assert!(!text.contains("Staff have to") && !text.contains(" they "), "{why:?}: {text}");
            }
            said.insert((why.code(), why.text()));
        }
    }
    let texts: BTreeSet<&str> = said.iter().map(|(_, text)| *text).collect();
    assert_eq!(texts.len(), said.len(), "no two say the same");
}

#[test]
fn a_report_that_is_waited_for_says_until_when_and_that_it_is_late_once_it_is() {
    let early = Why::ReportPending { due_at: END + 24 * HOUR, next_at: None, is_late: false };
    assert_eq!(case(None).whys(), [early]);
    let late = Case { now: END + 21 * HOUR, ..case(None) }.whys();
    assert!(matches!(late[..], [Why::ReportPending { is_late: true, .. }]), "{late:?}");
    assert_ne!(late[0].text(), early.text());
}

#[test]
fn what_people_have_decided_is_told_otherwise_than_what_they_look_at() {
    let by_staff = Decided { by: Some(3), ..decided(Verdict::Short, &[Reason::DecidedByStaff]) };
    assert_eq!(case(Some(by_staff)).whys(), [Why::UnderReview { is_decided: true }]);
    assert_eq!(of(Verdict::Review, &[Reason::Renamed]).whys(), [Why::UnderReview { is_decided: false }]);
}

#[test]
fn where_nothing_is_missing_it_is_said_plainly() {
    let full = full(Evaluation::NotInvited, Certificate::None);
    assert_eq!(plainly(&full.asked()), Some(Plainly::OnItsWay));
    assert!(Plainly::OnItsWay.text().contains("on its way"));
    let early = Case { now: END - 1, ..case(None) };
    assert_eq!((early.whys(), plainly(&early.asked())), (vec![], Some(Plainly::NotOver)));
    let done = Case { evaluation: Evaluation::Submitted, certificate: Certificate::Issued, ..full };
    assert_eq!(plainly(&done.asked()), Some(Plainly::Done));
}

#[test]
fn who_is_in_full_and_earns_nothing_of_what_was_advertised_reads_that_people_look_at_it() {
    let nothing = Decided { credits: vec![], ..decided(Verdict::Full, &[Reason::EventTooShort]) };
    let made = case(Some(nothing));
    assert_eq!((made.whys(), plainly(&made.asked())), (vec![Why::UnderReview { is_decided: false }], None));
}

#[test]
fn a_kind_of_event_whose_credit_is_reported_is_told_so() {
    let mut made = case(None);
    made.event.kind = EventKind::OnDemand;
    assert_eq!(made.whys(), [Why::EventWithoutCredit(NoCredit::Reported)]);
}
