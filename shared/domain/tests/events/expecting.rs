//! People whom a provider has put down from a list: their rows, their seats, and what their own word comes to.

use crate::world::*;
use ParticipationState::{Cancelled, Registered, Waiting};
use domain::{
    email::EmailAddress,
    event::change,
    import::{ImportId, Subject},
    licence::LicenceNumber,
    mail::{Content, EventFacts, ExpectedNews, Mail},
    name::PersonName,
    registration::{
        Confirming, Expected, IMPORT_AFTER_SECONDS, OffBy, OffList, ParticipationState, PutBy, RegistrationRefusal,
        Seats, ZoomRegistrant, asks_again, awaits_confirmation,
        list::{
            ASKED_AGAIN_AFTER_SECONDS, Known, ListReason, Listed, MOST_PEOPLE, PersonRow, PuttingDown, changed,
            is_asked, plan_putting_down, put_down,
        },
        plan_confirmation,
    },
    roster::{
        cell::{Cell, SheetRow},
        heading::HeadingRow,
    },
};

const DAY: i64 = 24 * HOUR;
const ENDS: i64 = START + 90 * 60;

fn import(number: u128) -> ImportId {
    ImportId::from_bits(number)
}

fn read(headings: &[&str], cells: &[&str]) -> PersonRow {
    let row = |number, texts: &[&str]| SheetRow {
        number,
        cells: texts.iter().map(|text| Cell::Text((*text).to_owned())).collect(),
    };
    let headings = HeadingRow::read(&row(1, headings), Subject::People).complete().expect("the headings are known");
    PersonRow::read(&row(2, cells), &headings)
}

fn listed(first: &str, licence: Option<&str>) -> Listed {
    Listed {
        name: PersonName { first: first.to_owned(), last: "Garcia".to_owned() },
        email: EmailAddress::parse("maria@example.org").unwrap(),
        licence: licence.map(|number| LicenceNumber::parse(number).unwrap()),
    }
}

fn expected(put_down_at: i64) -> Expected {
    Expected { put_down_at, ..put_down(&published(), &listed("Maria", None), (&import(1), 2), NOW) }
}

#[test]
fn the_mail_that_asks_keeps_no_seat_of_what_is_over() {
    let facts = EventFacts::of(&published(), Default::default());
    let news = |now| match Mail::putting_down(&expected(now), &facts, now).content {
        Content::Expected { news, .. } => news,
        other => panic!("{other:?}"),
    };
    assert_eq!((news(NOW), news(START - 1)), (ExpectedNews::PutDown, ExpectedNews::PutDown));
    assert_eq!((news(START), news(ENDS - 1)), (ExpectedNews::PutDownBegun, ExpectedNews::PutDownBegun));
    assert_eq!(news(ENDS), ExpectedNews::PutDownAfterwards);
}

fn seats(taken: u32, waiting: u32) -> Seats {
    Seats { capacity: Some(2), taken, waiting, next_place: 1, version: 1 }
}

#[test]
fn a_row_is_read_under_zooms_headings_and_needs_no_licence() {
    let of_zoom = ["First Name", "Last Name", "Email", "Registration Time", "Approval Status"];
    let row = read(&of_zoom, &["Maria", "Garcia", "Maria@Example.org", "Jul 1, 2026 10:00:00", "approved"]);
    let person = row.listed.unwrap();
    assert_eq!((person.name.first.as_str(), person.email.shown()), ("Maria", "Maria@Example.org"));
    assert_eq!(person.email.compared(), "maria@example.org");
    assert_eq!((person.licence, row.reasons), (None, vec![]));
    let with_number = read(&["First", "Surname", "User Email", "License #"], &["A", "B", "a@b.org", "RN 0012"]);
    assert_eq!(with_number.listed.unwrap().licence.unwrap().shown(), "RN 0012");
    assert!(!format!("{:?}", read(&of_zoom, &["Maria", "Garcia", "maria@example.org", "", ""])).contains("aria"));
}

#[test]
fn a_row_has_all_of_its_reasons() {
    let row = read(&["First Name", "Last Name", "Email", "License Number"], &["", "", "nobody", &"9".repeat(60)]);
    let told: Vec<_> = row.reasons.iter().map(|reason| (reason.code(), reason.column().key())).collect();
    assert_eq!(
        told,
        [
            ("missing_value", "first_name"),
            ("missing_value", "last_name"),
            ("unreadable_email", "email"),
            ("missing_value", "license_number"),
        ]
    );
    assert!(row.listed.is_none());
    assert!(!row.reasons[2].text().contains("leave the cell empty"), "an address is needed");
}

#[test]
fn somebody_new_takes_a_seat_and_never_one_that_isnt_free_or_that_others_wait_for() {
    let event = published();
    let plan = |seats: Seats| plan_putting_down(&event, &seats, None, &listed("Maria", None), (&import(1), 2), NOW);
    assert_eq!(plan(seats(1, 0)), Ok(PuttingDown::New { done: false }));
    assert_eq!(plan(seats(2, 0)), Err(ListReason::NoSeat));
    assert_eq!(plan(seats(1, 1)), Err(ListReason::NoSeat));
    assert_eq!(plan(Seats { capacity: None, ..seats(MOST_PEOPLE - 1, 0) }), Ok(PuttingDown::New { done: false }));
    assert_eq!(plan(Seats { capacity: None, ..seats(MOST_PEOPLE, 0) }), Err(ListReason::TooManyPeople));
}

#[test]
fn the_same_row_again_is_the_same_and_another_file_changes_only_what_differs() {
    let event = published();
    let before = expected(NOW);
    let plan = |before: &Expected, listed: &Listed, of, row| {
        let known = Known::Expected(Box::new(before.clone()));
        plan_putting_down(&event, &seats(2, 3), Some(&known), listed, (&import(of), row), NOW).unwrap()
    };
    let same = listed("Maria", None);
    assert_eq!(plan(&before, &same, 1, 2), PuttingDown::New { done: true }, "the same import run again");
    assert_eq!(plan(&before, &same, 9, 2), PuttingDown::PutDownBefore, "another one with the same content");
    let fields = vec!["First Name".to_owned(), "License Number".to_owned()];
    let other = listed("Mary", Some("RN 1"));
    assert_eq!(plan(&before, &other, 9, 2), PuttingDown::Changed { fields: fields.clone(), done: false });
    let after = changed(&before, &other, &fields, (&import(9), 2));
    assert_eq!((after.put_down_at, after.version), (before.put_down_at, before.version + 1));
    assert_eq!(plan(&after, &other, 9, 2), PuttingDown::Changed { fields, done: true });
    let without = listed("Mary", None);
    assert_eq!(plan(&after, &without, 10, 2), PuttingDown::PutDownBefore, "a list without numbers takes none away");
}

#[test]
fn who_has_registered_or_waits_is_left_alone_and_told_apart() {
    let note = |known: Known| {
        let listed = listed("M", None);
        let plan = plan_putting_down(&published(), &seats(2, 1), Some(&known), &listed, (&import(1), 2), NOW);
        plan.unwrap().notes()[0].clone()
    };
    let told = |state| Known::as_state(state).map(|known| note(known).code());
    assert_eq!(told(Registered), Some("already_registered"));
    assert_eq!(told(Waiting { place: 3 }), Some("already_waiting"));
    assert_eq!(told(Cancelled), None, "who cancelled may be put down again");
}

#[test]
fn who_isnt_coming_is_never_put_down_again_and_who_was_taken_off_is_without_a_mail_within_a_week() {
    let off = |by| Known::Off(OffList { by, at: NOW });
    let plan = |known: &Known| {
        plan_putting_down(&published(), &seats(1, 0), Some(known), &listed("M", None), (&import(1), 2), NOW)
    };
    let declined = plan(&off(OffBy::Themselves)).unwrap();
    assert_eq!((&declined, declined.notes()[0].code()), (&PuttingDown::Declined, "declined"));
    let taken_off = off(OffBy::Provider);
    assert_eq!(plan(&taken_off), Ok(PuttingDown::New { done: false }));
    assert!(!is_asked(Some(&taken_off), NOW) && !is_asked(Some(&taken_off), NOW + ASKED_AGAIN_AFTER_SECONDS - 1));
    assert!(is_asked(Some(&taken_off), NOW + ASKED_AGAIN_AFTER_SECONDS) && is_asked(None, NOW));
}

#[test]
fn who_waits_holds_a_list_up_only_while_seats_change_hands_and_a_full_event_only_until_its_end() {
    let live = published();
    let plan =
        |seats: Seats, now| plan_putting_down(&live, &seats, None, &listed("M", None), (&import(1), 2), now).map(drop);
    let (some_free, full) = (seats(1, 5), seats(2, 5));
    for (seats, now, answer) in [
        (some_free, START - 1, Err(ListReason::NoSeat)),
        (some_free, START, Ok(())),
        (full, ENDS - 1, Err(ListReason::NoSeat)),
        (full, ENDS, Ok(())),
        (seats(MOST_PEOPLE, 0), ENDS, Err(ListReason::TooManyPeople)),
    ] {
        assert_eq!(plan(seats, now), answer, "{seats:?} {now}");
    }
}

#[test]
fn whom_zoom_hasnt_approved_isnt_put_down() {
    let reasons = |status: &str| {
        let row = read(&["First Name", "Last Name", "Email", "Approval Status"], &["A", "B", "a@b.org", status]);
        row.reasons.iter().map(|reason| (reason.code(), reason.column().key())).collect::<Vec<_>>()
    };
    for fine in ["approved", " Approved ", ""] {
        assert_eq!(reasons(fine), [], "{fine}");
    }
    for not in ["denied", "cancelled", "pending approval", "not approved"] {
        assert_eq!(reasons(not), [("not_approved", "approval_status")], "{not}");
    }
}

#[test]
fn a_registrant_from_before_zooms_kinds_were_kept_is_a_meetings() {
    let old = r#"{"number":"81234567890","registrant_id":"r","email":"a@b.org","join_url":"https://zoom.example/w","pin":null}"#;
    let read: ZoomRegistrant = serde_json::from_str(old).unwrap();
    assert_eq!(read.kind, domain::event::ZoomKind::Meeting);
}

#[test]
fn lists_and_confirmations_are_taken_until_a_month_after_the_end_and_never_for_what_is_called_off() {
    let live = published();
    let put = |event: &_, now| {
        plan_putting_down(event, &seats(0, 0), None, &listed("M", None), (&import(1), 2), now).map(drop)
    };
    let confirm = |event: &_, now| plan_confirmation(event, Some(&expected(NOW)), None, now).map(drop);
    let last = ENDS + IMPORT_AFTER_SECONDS - 1;
    for now in [NOW, START + 1, ENDS, last] {
        assert!(put(&live, now).is_ok() && confirm(&live, now).is_ok() && awaits_confirmation(&live, now), "{now}");
    }
    let off = change::plan_cancellation(&live, "Ill", NOW).unwrap().event;
    for (event, now, why) in [
        (&live, last + 1, RegistrationRefusal::Ended),
        (&off, NOW, RegistrationRefusal::Cancelled),
        (&event(), NOW, RegistrationRefusal::NotPublished),
    ] {
        assert_eq!((put(event, now), confirm(event, now)), (Err(ListReason::Closed(why)), Err(why)));
        assert!(!awaits_confirmation(event, now));
    }
}

#[test]
fn a_confirmation_takes_the_kept_seat_over_and_never_makes_two_of_one() {
    let event = published();
    let plan = |existing: Option<ParticipationState>| {
        let existing = existing.map(|state| person(1, state));
        plan_confirmation(&event, Some(&expected(NOW)), existing.as_ref(), NOW)
    };
    assert_eq!(plan(None), Ok(Confirming::Seat));
    assert_eq!(plan(Some(Cancelled)), Ok(Confirming::Seat), "who cancelled may be asked again");
    assert_eq!(plan(Some(Waiting { place: 4 })), Ok(Confirming::InsteadOfWaiting { place: 4 }));
    assert_eq!(plan(Some(Registered)), Ok(Confirming::HasOne));
    assert_eq!(plan_confirmation(&event, None, None, NOW), Err(RegistrationRefusal::NotExpected));
}

#[test]
fn who_hasnt_confirmed_is_asked_again_a_day_before_and_not_in_the_last_hour() {
    let event = published();
    let asks = |put_down_at, now| asks_again(&event, &expected(put_down_at), now);
    assert!(!asks(NOW, START - DAY - 1));
    assert!(asks(NOW, START - DAY) && asks(NOW, START - HOUR - 1));
    assert!(!asks(NOW, START - HOUR) && !asks(NOW, START));
    assert!(!asks(START - DAY, START - 2 * HOUR), "they were asked within this day");
}

#[test]
fn a_row_knows_its_own_run() {
    let by = PutBy { import: import(1), row: 2, changed: Vec::new() };
    assert!(by.is_row(&import(1), 2) && !by.is_row(&import(1), 3) && !by.is_row(&import(2), 2));
}
