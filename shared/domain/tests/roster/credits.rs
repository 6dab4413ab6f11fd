//! Corrections, withdrawals and restorations: what is planned, and what is refused with which sentence.

use crate::world::*;
use domain::{
    course::CourseNumber,
    credit::{
        Actor, Change, ChangeKind, ChangeReason, CreditState, Made, Plan, RecordedCredit, Refusal, Withdrawal,
        judge_correction, plan_correction, plan_restoration, plan_withdrawal, read_form,
    },
    hours::CreditHours,
    import::ImportId,
    licence::{Licence, LicenceNumber},
    name::PersonName,
    register::Holder,
    roster::{
        judge::Registers,
        record::{Recorded, Source},
    },
};
use jiff::civil::date;

/// Maria's credit for ETH-101 as acme-ce has recorded it.
fn marias() -> RecordedCredit {
    RecordedCredit {
        licence: Licence {
            board: "TX-BON".to_owned(),
            profession: "RN".to_owned(),
            number: LicenceNumber::parse("00012345").unwrap(),
        },
        course: CourseNumber::parse("ETH-101").unwrap(),
        title: "Title of ETH-101".to_owned(),
        category: "Ethics".to_owned(),
        date: date(2026, 1, 15),
        hours: CreditHours::parse("1.5").unwrap(),
        ce_year: 2026,
        name: PersonName { first: "Maria".to_owned(), last: "Garcia".to_owned() },
        recorded: Recorded {
            provider: provider("acme-ce"),
            hours: CreditHours::parse("1.5").unwrap(),
            source: Source::Row { import: ImportId::of(&["file"]), row: 2 },
            state: CreditState::Standing,
        },
        recorded_at: 0,
        version: 3,
        corrected_on: None,
        changed: None,
    }
}

fn withdrawn(by_office: bool, replaced: bool) -> RecordedCredit {
    let mut record = marias();
    record.recorded.state = CreditState::Withdrawn(Withdrawal { on: date(2026, 2, 1), by_office, replaced });
    record
}

fn acme() -> Actor {
    Actor::Provider(provider("acme-ce"))
}

/// Plans the correction of a record to what the form says, beside what stands there; refused cells are told by their sentences.
fn correct(
    record: &RecordedCredit,
    form: [&str; 7],
    actor: &Actor,
    beside: Option<&RecordedCredit>,
) -> Result<Plan, String> {
    let told = |reasons: Vec<_>| reasons.iter().map(domain::roster::reason::Reason::text).collect::<Vec<_>>().join(" ");
    let credit = judge_correction(record, &read_form(form), &registers(), &rules()).map_err(told)?;
    plan_correction(record, record.version, actor, credit, beside).map_err(|refusal| refusal.text())
}

const FORM: [&str; 7] = ["Maria", "Garcia", "00012345", "ETH-101", "2026", "2026-01-15", "1.50"];

fn form<const N: usize>(replaced: [(usize, &'static str); N]) -> [&'static str; 7] {
    let mut cells = FORM;
    for (place, cell) in replaced {
        cells[place] = cell;
    }
    cells
}

#[test]
fn the_form_is_filled_with_what_is_recorded() {
    assert_eq!(marias().texts(), FORM);
}

#[test]
fn other_hours_are_corrected_where_the_record_stands() {
    let Ok(Plan::Correct(credit)) = correct(&marias(), form([(6, "2")]), &acme(), None) else {
        panic!("not corrected")
    };
    assert_eq!(credit.hours.to_string(), "2.00");
    assert!(matches!(correct(&marias(), form([(0, "Mary"), (0, "María")]), &acme(), None), Ok(Plan::Correct(_))));
}

#[test]
fn another_date_course_or_licence_moves_the_record() {
    for change in [(5, "1/16/2026"), (3, "PHM-220"), (2, "rn-204817")] {
        let named = if change.0 == 2 { form([change, (0, "James"), (1, "O'Brien")]) } else { form([change]) };
        let plan = correct(&marias(), named, &acme(), None).unwrap();
        assert!(matches!(plan, Plan::Move { onto: None, .. }), "{change:?}");
    }
}

#[test]
fn a_form_without_a_change_changes_nothing() {
    for same in [FORM, form([(2, "000-12345"), (3, "eth-101"), (5, "1/15/2026"), (6, "1,5")])] {
        assert!(correct(&marias(), same, &acme(), None).unwrap_err().starts_with("Nothing differs"));
    }
}

#[test]
fn a_correction_is_judged_by_the_rules_of_a_row() {
    let refused = correct(&marias(), form([(4, "2025"), (6, "3")]), &acme(), None).unwrap_err();
    assert_eq!(
        refused,
        "The course date 2026-01-15 belongs to CE Year 2026, not 2025. Correct whichever is wrong. 3.00 hours are more than the 2.00 that the course is approved for. Correct the hours."
    );
    assert!(
        correct(&marias(), form([(3, "NSD-400")]), &acme(), None).unwrap_err().contains("isn't associated with you")
    );
    assert!(correct(&marias(), form([(1, "Miller")]), &acme(), None).unwrap_err().contains("isn't that of the holder"));
    assert!(correct(&marias(), form([(5, "")]), &acme(), None).unwrap_err().starts_with("Course Date is empty."));
}

#[test]
fn whose_licence_it_is_stays_settled_when_another_gets_the_same_number() {
    let mut registers: Registers = registers();
    let first = registers.holders["00012345"][0].clone();
    let mut licence = first.licence.clone();
    licence.board = "LA-BON".to_owned();
    let newcomer = Holder { licence, name: PersonName { first: "Bo".to_owned(), last: "New".to_owned() }, ..first };
    registers.holders.get_mut("00012345").unwrap().insert(0, newcomer);
    let credit = judge_correction(&marias(), &read_form(form([(6, "2")])), &registers, &rules()).unwrap();
    assert_eq!(credit.licence.board, "TX-BON");
    let mut other = marias();
    other.licence.number = LicenceNumber::parse("RN-204817").unwrap();
    assert!(judge_correction(&other, &read_form(form([(6, "2")])), &registers, &rules()).is_err());
}

#[test]
fn what_stands_under_the_other_key_is_not_overwritten() {
    let moved = form([(5, "2026-01-16")]);
    let standing = RecordedCredit { date: date(2026, 1, 16), ..marias() };
    assert_eq!(
        correct(&marias(), moved, &acme(), Some(&standing)).unwrap_err(),
        "You have already recorded a credit for this license, course and date with 1.50 hours. Correct the row if it is wrong; if the record is wrong, correct it on CE Details."
    );
    let mut foreign = standing.clone();
    foreign.recorded.provider = provider("northside");
    assert!(correct(&marias(), moved, &acme(), Some(&foreign)).unwrap_err().contains("another provider"));
    assert!(correct(&marias(), moved, &Actor::Office, Some(&foreign)).is_err(), "not by the office either");
    // A correction that is taken back: what was withdrawn by it doesn't count, so its place is free.
    assert!(matches!(
        correct(&marias(), moved, &acme(), Some(&withdrawn(false, true))),
        Ok(Plan::Move { onto: Some(_), .. })
    ));
    assert!(
        correct(&marias(), moved, &acme(), Some(&withdrawn(true, false))).unwrap_err().contains("The office withdrew")
    );
    assert!(correct(&marias(), moved, &Actor::Office, Some(&withdrawn(true, false))).is_ok());
}

#[test]
fn what_is_withdrawn_is_restored_and_nothing_else() {
    let record = marias();
    assert_eq!(plan_withdrawal(&record, 3, &acme()), Ok(Plan::Withdraw));
    assert_eq!(plan_restoration(&record, 3, &acme()), Err(Refusal::NotWithdrawn));
    let gone = withdrawn(false, false);
    assert_eq!(plan_withdrawal(&gone, 3, &acme()), Err(Refusal::Withdrawn));
    assert_eq!(plan_restoration(&gone, 3, &acme()), Ok(Plan::Restore));
    assert!(correct(&gone, form([(6, "2")]), &acme(), None).unwrap_err().contains("is withdrawn"));
    assert_eq!(plan_restoration(&withdrawn(true, false), 3, &acme()), Err(Refusal::WithdrawnByOffice));
    assert_eq!(plan_restoration(&withdrawn(true, false), 3, &Actor::Office), Ok(Plan::Restore));
    assert_eq!(plan_restoration(&withdrawn(false, true), 3, &Actor::Office), Err(Refusal::Replaced));
}

#[test]
fn a_record_is_changed_by_its_provider_or_the_office_and_in_the_version_that_was_seen() {
    let beta = Actor::Provider(provider("northside"));
    assert_eq!(plan_withdrawal(&marias(), 3, &beta), Err(Refusal::NotYours));
    assert_eq!(plan_withdrawal(&marias(), 2, &acme()), Err(Refusal::ChangedMeanwhile));
    assert_eq!(plan_withdrawal(&marias(), 3, &Actor::Office), Ok(Plan::Withdraw));
}

#[test]
fn a_form_sent_twice_is_known_by_what_it_has_done() {
    let reason = ChangeReason::parse("never came").unwrap();
    let on = date(2026, 2, 1);
    let made = Made { by_office: false, account: "a1".to_owned(), at: 9, on, reason: reason.clone() };
    let change = Change { kind: ChangeKind::Withdrawn, made, other: None };
    let done = RecordedCredit { version: 4, changed: Some(change), ..withdrawn(false, false) };
    assert!(done.has_had(3, &Plan::Withdraw, "a1", &reason));
    assert!(!done.has_had(3, &Plan::Withdraw, "a2", &reason), "somebody else's");
    assert!(!done.has_had(2, &Plan::Withdraw, "a1", &reason), "an older form");
    assert!(!done.has_had(3, &Plan::Restore, "a1", &reason), "another change");
    assert!(!format!("{done:?}").contains("Garcia") && !format!("{done:?}").contains("never came"));
}
