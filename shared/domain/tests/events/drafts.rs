//! Events as people type them.

use crate::world::*;
use domain::event::{
    Consent, Event, EventKind, SegmentKind,
    draft::{AgendaDraft, ApprovalsDraft, DetailsDraft, InvalidField, PresenterDraft, SegmentDraft},
};
use domain::id::EventId;

fn fields(wrong: Result<Event, Vec<InvalidField>>) -> Vec<String> {
    let wrong = wrong.unwrap_err();
    assert!(wrong.iter().all(|field| field.why.to_string().ends_with('.')));
    wrong.into_iter().map(|wrong| wrong.field).collect()
}

#[test]
fn an_event_typed_as_it_stands_is_the_same_event() {
    let (event, bodies) = (event(), world().organisation.bodies);
    assert_eq!(DetailsDraft::of(&event).read(&event).unwrap(), event);
    assert_eq!(AgendaDraft::of(&event).read(&event).unwrap(), event);
    assert_eq!(ApprovalsDraft::of(&event, &bodies).read(&event, &bodies).unwrap(), event);
    let json = serde_json::to_string(&published()).unwrap();
    assert_eq!(serde_json::from_str::<Event>(&json).unwrap(), published());
}

#[test]
fn a_new_event_is_what_was_typed_and_nothing_else() {
    let standing = event();
    let typed = DetailsDraft::of(&standing);
    let new = typed.read_new(EventId::from_bits(7), acme()).unwrap();
    let expected =
        Event { id: EventId::from_bits(7), agenda: Vec::new(), approvals: Vec::new(), version: 0, ..standing };
    assert_eq!(new, expected);
    assert!(DetailsDraft::default().read_new(EventId::from_bits(7), acme()).is_err());
}

#[test]
fn every_wrong_detail_is_told_with_its_name() {
    let standing = event();
    let draft = DetailsDraft {
        course: "#".into(),
        title: " ".into(),
        kind: "webinar".into(),
        starts_on: "2026-03-08".into(),
        starts_time: "02:30".into(),
        ends_on: "2026-11-01".into(),
        ends_time: "01:30".into(),
        zone: "America/New_York".into(),
        presenters: vec![
            PresenterDraft::default(),
            PresenterDraft { credentials: "PhD".into(), ..PresenterDraft::default() },
        ],
        objectives: "x\n".repeat(21),
        audience: "a\u{0}b".into(),
        level: "expert".into(),
        fees: "x".repeat(4_001),
        capacity: "0".into(),
        tolerance_seconds: "301".into(),
        room: "zoom".into(),
        zoom_number: "12".into(),
        ..DetailsDraft::default()
    };
    assert_eq!(
        fields(draft.read(&standing)),
        [
            "course",
            "title",
            "kind",
            "starts_time",
            "ends_fold",
            "presenter-1",
            "objectives",
            "level",
            "audience",
            "fees",
            "capacity",
            "tolerance_seconds",
            "zoom_number",
            "zoom_kind"
        ]
    );
    let as_it_stands = || DetailsDraft::of(&standing);
    let ends_first = DetailsDraft { ends_time: "13:00".into(), ..as_it_stands() };
    assert_eq!(fields(ends_first.read(&standing)), ["ends_time"]);
    let too_long = DetailsDraft { ends_on: "2026-07-03".into(), ..as_it_stands() };
    assert_eq!(fields(too_long.read(&standing)), ["ends_on"]);
    let insecure = DetailsDraft { room: "link".into(), link: "http://a.example".into(), ..as_it_stands() };
    assert_eq!(fields(insecure.read(&standing)), ["link"]);
    let on_demand = DetailsDraft { kind: "on_demand".into(), minutes: "x".into(), ..as_it_stands() };
    assert_eq!(fields(on_demand.read(&standing)), ["minutes"]);
}

#[test]
fn the_agenda_moves_with_the_events_start() {
    let standing = event();
    let later = DetailsDraft { starts_time: "14:00".into(), ends_time: "15:30".into(), ..DetailsDraft::of(&standing) };
    let moved = later.read(&standing).unwrap();
    assert_eq!(moved.agenda[0].starts_at, START + HOUR);
    assert_eq!(moved.instruction_seconds(), standing.instruction_seconds());
}

#[test]
fn a_form_shown_again_keeps_which_of_two_hours_was_meant() {
    let mut night = event();
    let typed = DetailsDraft {
        starts_on: "2026-11-01".into(),
        starts_time: "01:30".into(),
        starts_fold: "second".into(),
        ends_on: String::new(),
        ends_time: "03:00".into(),
        ..DetailsDraft::of(&night)
    };
    night.agenda.clear();
    let read = typed.read(&night).unwrap();
    assert_eq!(read.when.ends_at - read.when.starts_at, 90 * 60);
    let again = DetailsDraft::of(&read);
    assert_eq!((again.starts_fold.as_str(), again.ends_fold.as_str()), ("second", ""));
    assert_eq!(again.read(&read).unwrap(), read);
}

fn row(title: &str, kind: &str, starts: &str, ends: &str) -> SegmentDraft {
    let [title, kind, starts, ends] = [title, kind, starts, ends].map(str::to_owned);
    SegmentDraft { title, kind, starts, ends, ..SegmentDraft::default() }
}

#[test]
fn every_wrong_part_of_an_agenda_is_told_with_its_row() {
    let standing = event();
    let draft = AgendaDraft {
        rows: vec![
            row("Welcome", "", "13:00", "13:40"),
            SegmentDraft::default(),
            row("", "instruction", "13:40", "13:50"),
            row("Overlaps", "", "13:30", "13:45"),
            row("Early", "", "12:00", "13:10"),
            row("Backwards", "nap", "13:50", "x"),
            row("", "break", "13:50", "14:00"),
            row("Late", "", "14:20", "14:45"),
            row("Later", "", "14:30", "14:40"),
        ],
    };
    let told = |field: &str| {
        let wrong = draft.read(&standing).unwrap_err();
        wrong.into_iter().find(|wrong| wrong.field == field).unwrap().why.to_string()
    };
    assert!(told("starts-3").contains("before part 1 has ended"), "{}", told("starts-3"));
    assert!(told("ends-7").contains("ends after the event, which is Wednesday, July 1, 2026, 1:00 PM to 2:30 PM EDT"));
    assert!(told("starts-8").contains("begins outside the event's time"));
    assert_eq!(
        fields(draft.read(&standing)),
        ["segment-2", "starts-4", "kind-5", "ends-5", "ends-7", "starts-8", "starts-3", "starts-2"]
    );
    let conference = Event { kind: EventKind::Conference, ..standing };
    let at_once = AgendaDraft { rows: vec![row("A", "", "13:00", "14:00"), row("B", "", "13:00", "14:30")] };
    assert_eq!(at_once.read(&conference).unwrap().instruction_seconds(), 90 * 60);
}

#[test]
fn an_agenda_goes_on_after_midnight() {
    let mut standing = event();
    standing.when.starts_at += 9 * HOUR;
    standing.when.ends_at += 12 * HOUR;
    let draft = AgendaDraft { rows: vec![row("Night", "", "22:30", "00:30")] };
    let read = draft.read(&standing).unwrap();
    assert_eq!(read.instruction_seconds(), 2 * 3_600);
    assert_eq!(AgendaDraft::of(&read).read(&read).unwrap(), read);
    assert_eq!(read.agenda[0].kind, SegmentKind::Instruction);
}

#[test]
fn every_wrong_approval_is_told_with_its_row_and_any_change_asks_the_office_anew() {
    let (standing, bodies) = (event(), world().organisation.bodies);
    let as_it_stands = || ApprovalsDraft::of(&standing, &bodies);
    let mut draft = as_it_stands();
    draft.rows[0].valid_to = "2025-01-01".into();
    draft.rows[1].standing = "maybe".into();
    draft.rows[2].standing = "approved".into();
    draft.rows[2].advertised = "1.333".into();
    draft.rows[2].valid_from = "soon".into();
    let wrong = draft.read(&standing, &bodies);
    assert_eq!(fields(wrong), ["valid_to-0", "standing-1", "valid_from-2", "advertised-2"]);
    let consent = |draft: &ApprovalsDraft| {
        draft.read(&standing, &bodies).unwrap().approvals[0].approved().unwrap().consent.clone()
    };
    assert!(consent(&as_it_stands()).is_given());
    let change: [fn(&mut domain::event::draft::ApprovalDraft); 6] = [
        |row| row.number = "124".into(),
        |row| row.statement = "Another".into(),
        |row| row.valid_from = "2026-02-01".into(),
        |row| row.valid_to = "2026-11-30".into(),
        |row| row.evidence = "Another letter".into(),
        |row| row.advertised = "1.40".into(),
    ];
    for change in change {
        let mut draft = as_it_stands();
        change(&mut draft.rows[0]);
        assert_eq!(consent(&draft), Consent::NotAsked);
    }
    let mut unsaid = as_it_stands();
    unsaid.rows[1].standing.clear();
    assert!(unsaid.read(&standing, &bodies).unwrap().approval_of("APA").is_none());
}
