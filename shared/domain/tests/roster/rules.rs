//! Every reason for which a row fails and every note, with its code, its cell and its sentence as the provider reads it.

use crate::world::*;
use domain::{
    credit::{CreditState, Withdrawal},
    hours::CreditHours,
    import::ImportId,
    roster::{
        judge::{Verdict, judge},
        outcome::RowOutcome,
        record::{KeyDigest, Recorded, Source},
        row::ReadRow,
    },
};
use jiff::civil::date;

/// Judges one row alone and compares what is told of it.
#[track_caller]
fn check(cells: [&str; 7], expected: &str) {
    let (outcomes, _) = judge_file(&[sheet_row(2, cells)], Record::new(), "file");
    assert_eq!(told(&outcomes[0]), expected, "{cells:?}");
}

/// Judges a file against a record with one credit in it, and compares what is told of the last row.
#[track_caller]
fn check_file(rows: &[[&str; 7]], record: Record, expected: &str) {
    let rows: Vec<_> = (2..).zip(rows).map(|(number, cells)| sheet_row(number, *cells)).collect();
    let (outcomes, _) = judge_file(&rows, record, "file");
    assert_eq!(told(outcomes.last().unwrap()), expected);
}

/// A record of Maria's credit by this provider with these hours, from another import.
fn recorded(by: &str, hours: &str) -> Record {
    let read = ReadRow::read(&sheet_row(2, MARIA), &HEADINGS);
    let Verdict::Sound(credit, _) = judge(&read, Some(&registers()), &rules()) else { panic!("Maria's row is sound") };
    let hours = CreditHours::parse(hours).unwrap();
    let state = CreditState::Standing;
    let before = Recorded {
        provider: provider(by),
        hours,
        source: Source::Row { import: ImportId::of(&["before"]), row: 9 },
        state,
    };
    Record::from([(KeyDigest::of(&credit), before)])
}

#[test]
fn a_sound_row_is_processed() {
    check(MARIA, "processed");
    check(maria([(2, "000-12 345"), (3, "eth-101"), (5, "1/15/2026"), (6, "2,00")]), "processed");
    check(maria([(2, "n:12345=00012345")]), "processed");
    check(maria([(0, "MARÍA"), (1, "garcía")]), "processed");
    check(maria([(5, "d:2026-03-01")]), "processed");
}

#[test]
fn missing_value_names_its_cell_and_what_stands_there() {
    check(
        maria([(0, "")]),
        "failed\nmissing_value in first_name: First Name is empty. Fill it in and upload the file again.",
    );
    check(
        maria([(6, "e:#N/A")]),
        "failed\nmissing_value in ce_hours: CE Hours holds the error #N/A. Replace it with the value and upload the file again.",
    );
    check(
        maria([(2, "f:")]),
        "failed\nmissing_value in license_number: License Number holds a formula whose result isn't saved in the file. Replace it with the value and upload the file again.",
    );
    check(
        maria([(3, "ETH\u{7}101")]),
        "failed\nmissing_value in course_number: Course Number holds what can't be such a value. Type it again and upload the file again.",
    );
}

#[test]
fn unreadable_date_says_what_is_wrong_with_it() {
    check(
        maria([(5, "soon")]),
        "failed\nunreadable_date in course_date: The course date can't be read. Write it as 2026-01-31 or 1/31/2026, or format the cell as a date.",
    );
    check(
        maria([(5, "15/01/2026")]),
        "failed\nunreadable_date in course_date: The course date begins with a number that is no month. Write the month first, as in 1/31/2026, or write 2026-01-31.",
    );
    check(
        maria([(5, "2/30/2026")]),
        "failed\nunreadable_date in course_date: The course date isn't in the calendar. Correct it.",
    );
    check(
        maria([(5, "d:")]),
        "failed\nunreadable_date in course_date: The course date isn't in the calendar. Correct it.",
    );
    check(
        maria([(5, "n:46037")]),
        "failed\nunreadable_date in course_date: The course date is a plain number. Format the cell as a date, check that it shows the right day, and upload the file again.",
    );
}

#[test]
fn unreadable_number_names_the_year_or_the_hours() {
    check(
        maria([(6, "two")]),
        "failed\nunreadable_number in ce_hours: CE Hours isn't a number. Write hours as in 1.50, and upload the file again.",
    );
    check(
        maria([(6, "1.333")]),
        "failed\nunreadable_number in ce_hours: CE Hours has more than two decimals, and credit is counted in hundredths. Enter the hours with two decimals.",
    );
    check(
        maria([(6, "d:2026-01-15")]),
        "failed\nunreadable_number in ce_hours: CE Hours is formatted as a date or a time. Format the cell as a number, type the value again and upload the file again.",
    );
    check(
        maria([(4, "26")]),
        "failed\nunreadable_number in ce_year: CE Year isn't a year of four digits, as in 2026. Correct it.",
    );
}

#[test]
fn unknown_licence_suggests_what_a_spreadsheet_may_have_done() {
    check(
        maria([(2, "ZZ-1")]),
        "failed\nunknown_licence in license_number: The license number ZZ-1 isn't in the register. Check it with the licensee, correct the cell and upload the file again; rows already processed won't be doubled.",
    );
    check(
        maria([(2, "n:12345")]),
        "failed\nunknown_licence in license_number: The license number 12345 isn't in the register, but 00012345 is: the zeros in front may have been lost. Check it with the licensee, format the column as text, type the number with its zeros and upload the file again.",
    );
    check(
        maria([(2, "d:2026-01-15")]),
        "failed\nunknown_licence in license_number: The license number has been turned into a date. Format the column as text, type the number again and upload the file again.",
    );
    check(
        maria([(2, "n:12345678901234567")]),
        "failed\nunknown_licence in license_number: The license number is stored as a number that has lost digits. Format the column as text, type the number again and upload the file again.",
    );
}

#[test]
fn ambiguous_licence_names_the_boards_and_no_person() {
    check(
        maria([(2, "777")]),
        "failed\nambiguous_licence in license_number: The license number 777 belongs to several licenses (TX-BON RN, LA-BON RN), so it doesn't tell whose credit this is. Ask the office how to report it.",
    );
}

#[test]
fn name_does_not_match_licence_never_shows_the_holders_name() {
    let outcome = "failed\nname_does_not_match_licence in last_name: The name isn't that of the holder of license 00012345. Check the number and the name with the licensee, correct what is wrong and upload the file again.";
    check(maria([(0, "Peter"), (1, "Miller")]), outcome);
    assert!(!outcome.contains("Garcia") && !outcome.contains("Maria"));
}

#[test]
fn unknown_course_says_where_to_look() {
    check(
        maria([(3, "ETH-999")]),
        "failed\nunknown_course in course_number: No course has the number ETH-999. Check it against the courses on your CE Profile, correct the cell and upload the file again.",
    );
    check(
        maria([(3, "d:2026-01-15")]),
        "failed\nunknown_course in course_number: The course number has been turned into a date. Format the column as text, type the number again and upload the file again.",
    );
}

#[test]
fn another_providers_course_fails_without_telling_more_of_it() {
    check(
        maria([(3, "NSD-400"), (5, "d:2024-01-15"), (4, "n:2024"), (6, "n:9")]),
        "failed\ncourse_not_associated_with_provider in course_number: The course NSD-400 isn't associated with you. Check the number against the courses on your CE Profile; if you do offer it, ask the office to associate it with you.",
    );
}

#[test]
fn date_outside_course_approval_tells_the_approval() {
    check(
        maria([(5, "d:2024-12-31"), (4, "n:2024")]),
        "failed\ndate_outside_course_approval in course_date: The course was approved from 2025-01-01 to 2027-12-31, and 2024-12-31 is outside of that. Correct the course date or the course number.",
    );
    check(
        maria([(3, "OPEN-1"), (6, "n:1"), (5, "d:2024-12-31"), (4, "n:2024")]),
        "failed\ndate_outside_course_approval in course_date: The course is approved from 2025-01-01 on, and 2024-12-31 is before that. Correct the course date or the course number.",
    );
}

#[test]
fn date_in_future_fails_from_tomorrow_on() {
    check(
        maria([(5, "d:2026-03-02")]),
        "failed\ndate_in_future in course_date: The course date 2026-03-02 is still to come. Correct it, or upload the row when the course has been held.",
    );
}

#[test]
fn ce_year_does_not_match_date_gives_both() {
    check(
        maria([(4, "n:2025")]),
        "failed\nce_year_does_not_match_date in ce_year: The course date 2026-01-15 belongs to CE Year 2026, not 2025. Correct whichever is wrong.",
    );
}

#[test]
fn hours_must_be_more_than_zero_and_no_more_than_the_course_has() {
    check(
        maria([(6, "n:0")]),
        "failed\nhours_not_positive in ce_hours: The hours must be more than zero. Enter the hours that were earned.",
    );
    check(
        maria([(6, "n:2.01")]),
        "failed\nhours_exceed_course in ce_hours: 2.01 hours are more than the 2.00 that the course is approved for. Correct the hours.",
    );
}

#[test]
fn duplicate_in_file_names_the_row_that_counts() {
    check_file(
        &[maria([(6, "n:9")]), MARIA, maria([(2, "000 12345"), (6, "n:1")])],
        Record::new(),
        "failed\nduplicate_in_file in license_number: Row 3 has the same license, course and date already, and it counts once. Remove this row, or correct what is wrong in it.",
    );
}

#[test]
fn conflicts_with_record_names_what_differs() {
    check_file(
        &[MARIA],
        recorded("acme-ce", "1.50"),
        "failed\nconflicts_with_record in ce_hours: You have already recorded a credit for this license, course and date with 1.50 hours. Correct the row if it is wrong; if the record is wrong, correct it on CE Details.",
    );
    check_file(
        &[MARIA],
        recorded("northside", "1.50"),
        "failed\nconflicts_with_record in ce_hours: A credit for this license, course and date is already recorded by another provider. Remove the row, or ask the office if yours is the right one.",
    );
}

/// The same record, withdrawn.
fn withdrawn(by: &str, by_office: bool, replaced: bool) -> Record {
    let mut record = recorded(by, "2.00");
    for recorded in record.values_mut() {
        recorded.state = CreditState::Withdrawn(Withdrawal { on: date(2026, 2, 20), by_office, replaced });
    }
    record
}

#[test]
fn an_old_file_brings_back_no_record_that_was_withdrawn() {
    let failed = "failed\nconflicts_with_record in license_number: ";
    check_file(
        &[MARIA],
        withdrawn("acme-ce", false, false),
        &format!(
            "{failed}You withdrew this credit on 2026-02-20. If it was right, restore it on CE Details; otherwise remove the row."
        ),
    );
    check_file(
        &[MARIA],
        withdrawn("acme-ce", true, false),
        &format!(
            "{failed}The office withdrew this credit on 2026-02-20. Remove the row, or ask the office if the credit was right."
        ),
    );
    check_file(
        &[MARIA],
        withdrawn("acme-ce", false, true),
        &format!(
            "{failed}You corrected this credit on 2026-02-20 to another license, course or date. Correct the row in the same way, or remove it."
        ),
    );
}

#[test]
fn what_another_provider_withdrew_is_not_told() {
    check_file(
        &[MARIA],
        withdrawn("northside", false, false),
        "failed\nconflicts_with_record in ce_hours: A credit for this license, course and date is already recorded by another provider. Remove the row, or ask the office if yours is the right one.",
    );
}

#[test]
fn the_same_import_run_again_after_a_withdrawal_says_what_it_said() {
    let rows = [sheet_row(2, MARIA)];
    let (first, mut record) = judge_file(&rows, Record::new(), "file");
    for recorded in record.values_mut() {
        let on = date(2026, 2, 20);
        recorded.state = CreditState::Withdrawn(Withdrawal { on, by_office: false, replaced: false });
    }
    let (second, again) = judge_file(&rows, record.clone(), "file");
    assert_eq!((first, record), (second, again));
}

#[test]
fn an_apostrophe_that_guards_a_formula_sign_is_not_part_of_a_value() {
    check(maria([(2, "'-00012345"), (0, "'-Maria"), (3, "ETH-101")]), "processed");
    let read = ReadRow::read(&sheet_row(2, maria([(1, "'t Hooft"), (3, "'=1")])), &HEADINGS);
    assert_eq!((read.name.last.as_str(), read.course.unwrap().as_str()), ("'t Hooft", "=1"));
}

#[test]
fn more_hours_than_any_course_has_exceed_the_course() {
    check_file(
        &[maria([(6, "n:1500")])],
        Record::new(),
        "failed\nhours_exceed_course in ce_hours: The hours are more than any course has. Correct them: 1.50 are an hour and a half.",
    );
}

#[test]
fn a_row_that_conflicts_with_the_record_leaves_its_key_to_a_later_row() {
    check_file(
        &[maria([(6, "n:1")]), MARIA],
        recorded("acme-ce", "2.00"),
        "processed\nalready_recorded: Already recorded, unchanged.",
    );
}

#[test]
fn a_credit_recorded_before_is_processed_with_a_note() {
    check_file(&[MARIA], recorded("acme-ce", "2.00"), "processed\nalready_recorded: Already recorded, unchanged.");
}

#[test]
fn a_licence_that_was_not_active_is_a_note_and_no_reason() {
    let zoe = ["Zoe", "Muller-Ludenscheidt", "LPC 30921", "ETH-101", "2026", "2026-01-15", "1"];
    check(
        zoe,
        "processed\nlicence_not_active: The license wasn't active on 2026-01-15. The credit counts all the same.",
    );
}

#[test]
fn all_reasons_of_a_row_are_given_in_the_columns_order() {
    let (outcomes, _) = judge_file(
        &[sheet_row(2, ["", "Miller", "ZZ-1", "ETH-101", "n:2098", "d:2099-01-15", "n:9"])],
        Record::new(),
        "file",
    );
    let codes: Vec<_> = outcomes[0].reasons.iter().map(|reason| reason.code.as_str()).collect();
    assert_eq!(
        codes,
        [
            "missing_value",
            "unknown_licence",
            "ce_year_does_not_match_date",
            "date_outside_course_approval",
            "date_in_future",
            "hours_exceed_course",
        ]
    );
    let columns: Vec<_> = outcomes[0].failed_columns().map(|column| column.key()).collect();
    assert_eq!(columns, ["first_name", "license_number", "ce_year", "course_date", "ce_hours"]);
    check(
        [""; 7],
        "failed\nmissing_value in first_name: First Name is empty. Fill it in and upload the file again.\nmissing_value in last_name: Last Name is empty. Fill it in and upload the file again.\nmissing_value in license_number: License Number is empty. Fill it in and upload the file again.\nmissing_value in course_number: Course Number is empty. Fill it in and upload the file again.\nmissing_value in ce_year: CE Year is empty. Fill it in and upload the file again.\nmissing_value in course_date: Course Date is empty. Fill it in and upload the file again.\nmissing_value in ce_hours: CE Hours is empty. Fill it in and upload the file again.",
    );
}

#[test]
fn the_same_import_run_again_says_the_same() {
    let rows = [sheet_row(2, MARIA), sheet_row(3, MARIA), sheet_row(4, maria([(3, "PHM-220"), (6, "n:1")]))];
    let (first, record) = judge_file(&rows, Record::new(), "file");
    let (second, again) = judge_file(&rows, record.clone(), "file");
    assert_eq!(first, second);
    assert_eq!(record, again);
}

#[test]
fn the_same_file_imported_twice_fails_no_row_that_was_right() {
    let rows = [sheet_row(2, MARIA), sheet_row(3, maria([(3, "PHM-220"), (6, "n:1")]))];
    let (first, record) = judge_file(&rows, Record::new(), "first");
    let (second, again) = judge_file(&rows, record.clone(), "second");
    assert_eq!((processed(&first), processed(&second)), (2, 2));
    assert!(second.iter().all(|outcome| outcome.notes[0].code == "already_recorded"));
    assert_eq!(record, again);
}

#[test]
fn without_registers_only_the_row_itself_is_judged() {
    let read = ReadRow::read(&sheet_row(2, maria([(2, "ZZ-1"), (3, "XX-1"), (6, "n:99")])), &HEADINGS);
    assert!(matches!(judge(&read, None, &rules()), Verdict::Sound(..)));
    let read = ReadRow::read(&sheet_row(2, maria([(4, "n:2020"), (6, "")])), &HEADINGS);
    let Verdict::Refused(reasons) = judge(&read, None, &rules()) else { panic!("two cells are wrong") };
    let codes: Vec<_> = RowOutcome::failed(&read, &reasons).reasons.into_iter().map(|reason| reason.code).collect();
    assert_eq!(codes, ["ce_year_does_not_match_date", "missing_value"]);
}
