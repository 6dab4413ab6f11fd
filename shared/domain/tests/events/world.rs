//! A course, an organisation with three bodies, and an event that can be published: each test spoils one thing of it.

use domain::{
    course::{Course, CourseNumber, ProviderId},
    credit_type::{CreditType, examples},
    email::EmailAddress,
    event::{
        Approval, Approved, Consent, Event, EventKind, Level, MeetingNumber, Presenter, Room, Segment, SegmentKind,
        Standing, When, Zone, ZoomKind,
        publish::{Facts, plan_publication},
    },
    hours::CreditHours,
    id::{AccountId, EventId},
    name::PersonName,
    organisation::{Body, Organisation, Texts},
    registration::{Participation, ParticipationState, ZoomRegistrant},
};
use jiff::civil::date;

pub(crate) const HOUR: i64 = 3_600;
/// July 1, 2026, 1:00 PM in New York.
pub(crate) const START: i64 = 1_782_925_200;
/// A week before.
pub(crate) const NOW: i64 = START - 7 * 24 * HOUR;

pub(crate) struct World {
    pub(crate) course: Option<Course>,
    pub(crate) organisation: Organisation,
    pub(crate) texts: Texts,
    pub(crate) credit_types: Vec<CreditType>,
    pub(crate) neighbours: Vec<Event>,
    pub(crate) now: i64,
}

impl World {
    pub(crate) fn facts(&self) -> Facts<'_> {
        Facts {
            course: self.course.as_ref(),
            provider_name: "Acme Continuing Education",
            organisation: &self.organisation,
            texts: &self.texts,
            credit_types: &self.credit_types,
            neighbours: &self.neighbours,
            now: self.now,
        }
    }
}

pub(crate) fn hours(hundredths: u32) -> CreditHours {
    CreditHours::from_hundredths(hundredths).unwrap()
}

pub(crate) fn zone(name: &str) -> Zone {
    Zone::parse(name).unwrap()
}

pub(crate) fn acme() -> ProviderId {
    ProviderId::parse("acme-ce").unwrap()
}

pub(crate) fn world() -> World {
    let body = |short: &str, name: &str| Body { short: short.to_owned(), name: name.to_owned() };
    World {
        course: Some(Course {
            number: CourseNumber::parse("ETH-101").unwrap(),
            title: "Ethics".to_owned(),
            hours: hours(200),
            category: "Ethics".to_owned(),
            approved_from: date(2026, 1, 1),
            approved_to: Some(date(2026, 12, 31)),
            providers: [acme()].into(),
        }),
        organisation: Organisation {
            bodies: vec![
                body("NASBA", "National Registry of CPE Sponsors"),
                body("APA", "American Psychological Association"),
                body("ANCC", "Nursing Credentialing Center"),
            ],
            ..Organisation::default()
        },
        texts: Texts {
            grievance: "Write to us.".to_owned(),
            accommodation: "Tell us what you need.".to_owned(),
            disclaimer: "No board has to accept this.\n\nAsk yours.".to_owned(),
            ..Texts::default()
        },
        credit_types: examples(),
        neighbours: Vec::new(),
        now: NOW,
    }
}

pub(crate) fn approved(advertised: u32) -> Approved {
    Approved {
        number: "123".to_owned(),
        statement: "Acme is registered with NASBA.".to_owned(),
        valid_from: Some(date(2026, 1, 1)),
        valid_to: Some(date(2026, 12, 31)),
        evidence: "Letter of January 2, 2026".to_owned(),
        advertised: Some(hours(advertised)),
        consent: Consent::Given { by: AccountId::from_bits(9), at: 5 },
    }
}

pub(crate) fn approval(body: &str, standing: Standing) -> Approval {
    Approval { body: body.to_owned(), standing }
}

pub(crate) fn segment(kind: SegmentKind, from_minutes: i64, to_minutes: i64) -> Segment {
    Segment {
        title: format!("{} {from_minutes}", kind.title()),
        kind,
        starts_at: START + from_minutes * 60,
        ends_at: START + to_minutes * 60,
    }
}

pub(crate) fn zoom() -> Room {
    Room::Zoom { number: MeetingNumber::parse("81234567890").unwrap(), kind: ZoomKind::Meeting }
}

/// Ninety minutes with a break of ten: eighty of instruction.
pub(crate) fn event() -> Event {
    let when = When { starts_at: START, ends_at: START + 90 * 60, zone: zone("America/New_York") };
    let course = CourseNumber::parse("ETH-101").unwrap();
    let mut event = Event::draft(
        EventId::from_bits(1),
        acme(),
        course,
        "Ethics in Practice".to_owned(),
        EventKind::LiveWebinar,
        when,
    );
    event.agenda = vec![
        segment(SegmentKind::Instruction, 0, 40),
        segment(SegmentKind::Break, 40, 50),
        segment(SegmentKind::Instruction, 50, 90),
    ];
    let details = &mut event.details;
    details.presenters = vec![Presenter { name: "Ann Lee".into(), credentials: "PhD".into(), about: String::new() }];
    details.objectives = vec!["Tell right from wrong.".into()];
    details.audience = "Everybody".into();
    details.level = Some(Level::Introductory);
    for text in [
        &mut details.prerequisites,
        &mut details.preparation,
        &mut details.fees,
        &mut details.refunds,
        &mut details.contact,
        &mut details.complaints,
    ] {
        *text = "None".into();
    }
    event.capacity = Some(2);
    event.room = Some(zoom());
    event.approvals = vec![
        approval("NASBA", Standing::Approved(Box::new(approved(160)))),
        approval("APA", Standing::NotApproved),
        approval("ANCC", Standing::Pending),
    ];
    event.version = 3;
    event
}

pub(crate) fn published() -> Event {
    plan_publication(&event(), &world().facts()).unwrap()
}

pub(crate) fn person(number: u128, state: ParticipationState) -> Participation {
    Participation {
        event: EventId::from_bits(1),
        account: AccountId::from_bits(number),
        state,
        name: PersonName { first: "Maria".into(), last: "Garcia".into() },
        email: EmailAddress::parse("maria@example.org").ok(),
        licences: Vec::new(),
        registered_at: NOW,
        zoom: None,
        clicked: None,
        told_version: 0,
        decided: None,
        completion: None,
        letter: None,
        version: 1,
    }
}

pub(crate) fn own_link(number: &str) -> ZoomRegistrant {
    ZoomRegistrant {
        number: MeetingNumber::parse(number).unwrap(),
        kind: ZoomKind::Meeting,
        registrant_id: "r1".into(),
        email: EmailAddress::parse("maria@example.org").ok(),
        join_url: Some("https://zoom.us/w/1?tk=own".into()),
        pin: Some("123456".into()),
    }
}
