//! What holds for every roster, whatever stands in its cells.

use crate::world::*;
use domain::{
    course::CourseNumber,
    hours::CreditHours,
    licence::LicenceNumber,
    roster::{
        cell::{Cell, SheetRow},
        outcome::RowStatus,
        row::ReadRow,
    },
};
use jiff::{ToSpan, civil::date};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn any_cell() -> impl Strategy<Value = Cell> {
    let number = prop_oneof![
        (0u32..60_000).prop_map(|n| n.to_string()),
        any::<f64>().prop_map(|n| n.to_string()),
        any::<i64>().prop_map(|n| format!("{n}e-3")),
        ".{0,20}",
    ];
    prop_oneof![
        Just(Cell::Empty),
        ".{0,60}".prop_map(Cell::Text),
        "[0-9/., -]{0,12}".prop_map(Cell::Text),
        (number.clone(), proptest::option::of("[0-9]{0,12}"))
            .prop_map(|(stored, shown)| Cell::Number { stored, shown }),
        (number, proptest::option::of(0i32..60_000)).prop_map(|(stored, day)| Cell::Date {
            stored,
            day: day.and_then(|days| date(1900, 1, 1).checked_add(days.days()).ok()),
        }),
        any::<bool>().prop_map(Cell::Bool),
        ".{0,10}".prop_map(Cell::Error),
        Just(Cell::UncalculatedFormula),
    ]
}

/// A cell of Maria's row, or one that is likely to fail, or any.
fn likely_cell(place: usize) -> impl Strategy<Value = Cell> {
    let choices: &'static [&'static str] = match place {
        0 => &["Maria", "James", "M.", ""],
        1 => &["Garcia", "O'Brien", "Miller"],
        2 => &["00012345", "000-12345", "RN-204817", "rn204817", "777", "n:12345=00012345", "ZZ-1"],
        3 => &["ETH-101", "eth-101", "PHM-220", "NSD-400", "OPEN-1"],
        4 => &["n:2026", "2026", "n:2025"],
        5 => &["d:2026-01-15", "1/15/2026", "2026-01-16", "d:2024-12-31", "d:2026-03-02", "d:2099-01-01"],
        _ => &["n:1", "1.00", "n:1.5", "2", "2.01", "n:2.0000000000000004", "n:0"],
    };
    prop_oneof![
        12 => proptest::sample::select(choices).prop_map(cell),
        1 => any_cell(),
    ]
}

fn likely_row() -> impl Strategy<Value = Vec<Cell>> {
    (0..7).map(likely_cell).collect::<Vec<_>>()
}

fn file() -> impl Strategy<Value = Vec<SheetRow>> {
    proptest::collection::vec(likely_row(), 0..40)
        .prop_map(|rows| (2..).zip(rows).map(|(number, cells)| SheetRow { number, cells }).collect())
}

/// The key of a row that was read whole: licence, course and date in the forms that are compared.
fn key(row: &SheetRow) -> Option<(String, CourseNumber, jiff::civil::Date)> {
    let read = ReadRow::read(row, &HEADINGS);
    Some((read.licence?.compared().to_owned(), read.course?, read.course_date?))
}

proptest! {
    #[test]
    fn any_cells_are_judged_without_a_panic(cells in proptest::collection::vec(any_cell(), 0..10)) {
        let (outcomes, _) = judge_file(&[SheetRow { number: 2, cells }], Record::new(), "file");
        let failed = outcomes[0].status == RowStatus::Failed;
        prop_assert_eq!(failed, !outcomes[0].reasons.is_empty());
        prop_assert!(outcomes[0].reasons.iter().all(|reason| !reason.code.is_empty() && !reason.text.is_empty()));
    }

    #[test]
    fn judging_is_deterministic_and_every_row_has_one_outcome(rows in file()) {
        let (first, record) = judge_file(&rows, Record::new(), "file");
        let (second, again) = judge_file(&rows, Record::new(), "file");
        prop_assert_eq!(&first, &second);
        prop_assert_eq!(&record, &again);
        prop_assert_eq!(first.len(), rows.len());
        let failed = first.iter().filter(|outcome| outcome.status == RowStatus::Failed).count();
        prop_assert_eq!(processed(&first) + failed, rows.len());
        prop_assert_eq!(processed(&first), record.len());
    }

    #[test]
    fn a_key_is_credited_by_at_most_one_row_of_a_file(rows in file()) {
        let (outcomes, _) = judge_file(&rows, Record::new(), "file");
        let mut credited = BTreeSet::new();
        for (row, outcome) in rows.iter().zip(&outcomes) {
            if outcome.status == RowStatus::Processed {
                prop_assert!(credited.insert(key(row).unwrap()));
            }
        }
        // And by one, if any row that asks for it is sound.
        for (row, outcome) in rows.iter().zip(&outcomes) {
            if outcome.reasons.iter().any(|reason| reason.code == "duplicate_in_file") {
                prop_assert!(credited.contains(&key(row).unwrap()));
            }
        }
    }

    #[test]
    fn the_order_of_rows_with_different_keys_changes_no_outcome(rows in file(), seed in any::<u64>()) {
        let mut seen = BTreeSet::new();
        let rows: Vec<_> = rows.into_iter().filter(|row| key(row).is_none_or(|key| seen.insert(key))).collect();
        let (outcomes, record) = judge_file(&rows, Record::new(), "file");
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by_key(|index| (*index as u64 + 1).wrapping_mul(seed | 1));
        let shuffled: Vec<_> = order.iter().map(|index| rows[*index].clone()).collect();
        let (shuffled, shuffled_record) = judge_file(&shuffled, Record::new(), "file");
        for (outcome, index) in shuffled.iter().zip(order) {
            prop_assert_eq!(outcome, &outcomes[index]);
        }
        prop_assert_eq!(record, shuffled_record);
    }

    #[test]
    fn no_processed_row_breaks_its_courses_limits(rows in file()) {
        let registers = registers();
        let (outcomes, _) = judge_file(&rows, Record::new(), "file");
        for (row, outcome) in rows.iter().zip(&outcomes) {
            if outcome.status == RowStatus::Failed {
                continue;
            }
            let read = ReadRow::read(row, &HEADINGS);
            let course = &registers.courses[&read.course.unwrap()];
            prop_assert!(read.hours.unwrap() <= course.hours);
            prop_assert!(course.approved_on(read.course_date.unwrap()));
            prop_assert!(read.course_date <= rules().today);
            prop_assert!(course.providers.contains(&provider("acme-ce")));
        }
    }

    #[test]
    fn too_many_hours_fail_in_every_spelling(hundredths in 201u32..99_999, spelling in 0..6) {
        let (whole, part) = (hundredths / 100, hundredths % 100);
        let hours = match spelling {
            0 => format!("{whole}.{part:02}"),
            1 => format!("{whole},{part:02}"),
            2 => format!("  {whole}.{part:02} "),
            3 => format!("n:{whole}.{part:02}"),
            4 => format!("n:{}e-2", hundredths),
            _ => format!("n:{:.17}", f64::from(hundredths) / 100.0),
        };
        let (outcomes, _) = judge_file(&[sheet_row(2, maria([(6, hours.leak())]))], Record::new(), "file");
        let codes: Vec<_> = outcomes[0].reasons.iter().map(|reason| reason.code.as_str()).collect();
        prop_assert_eq!(codes, ["hours_exceed_course"]);
    }

    #[test]
    fn a_date_outside_of_the_approval_fails_in_every_spelling(days in 1i32..2_000, spelling in 0..5) {
        let day = date(2025, 1, 1).checked_sub(days.days()).unwrap();
        let text = match spelling {
            0 => format!("{day}"),
            1 => format!("d:{day}"),
            2 => format!("{}/{}/{}", day.month(), day.day(), day.year()),
            3 => day.to_string().replace('-', ""),
            _ => format!("{day}T08:00:00"),
        };
        let year = format!("n:{}", day.year());
        let (outcomes, _) = judge_file(&[sheet_row(2, maria([(4, year.leak()), (5, text.leak())]))], Record::new(), "file");
        let codes: Vec<_> = outcomes[0].reasons.iter().map(|reason| reason.code.as_str()).collect();
        prop_assert_eq!(codes, ["date_outside_course_approval"]);
    }

    #[test]
    fn a_licence_is_the_same_with_other_case_spaces_dots_and_dashes(
        letters in "[a-z]{0,4}", digits in "[0-9]{1,9}", separators in proptest::collection::vec("[ .\u{2013}-]{0,2}", 13),
    ) {
        let plain = format!("{letters}{digits}");
        let dressed: String = plain.chars().zip(&separators).map(|(c, between)| format!("{c}{between}")).collect();
        let compared = |text: &str| LicenceNumber::parse(text).unwrap().compared().to_owned();
        prop_assert_eq!(compared(&plain), compared(&dressed.to_uppercase()));
        let zero = format!("0{digits}");
        prop_assert_ne!(compared(&digits), compared(&zero));
    }

    #[test]
    fn hours_survive_being_written_and_read(hundredths in 1u32..=99_999) {
        let hours = CreditHours::from_hundredths(hundredths).unwrap();
        prop_assert_eq!(CreditHours::parse(&hours.to_string()), Ok(hours));
        prop_assert_eq!(CreditHours::parse(&(f64::from(hundredths) / 100.0).to_string()), Ok(hours));
    }
}
