//! A small world for the roster rules: a register, and a file that is judged row by row as an import judges it.

use domain::{
    course::{Course, CourseNumber, ProviderId},
    credit::CreditState,
    hours::CreditHours,
    import::ImportId,
    licence::{Licence, LicenceNumber},
    name::PersonName,
    register::Holder,
    roster::{
        cell::{Cell, SheetRow},
        heading::Headings,
        judge::{Registers, ReportingYear, Rules, Verdict, judge},
        outcome::{RowOutcome, RowStatus},
        record::{Asker, KeyDigest, Recorded, Settled, Source, Taken, settle},
        row::ReadRow,
    },
};
use jiff::civil::{Date, date};
use std::collections::BTreeMap;

/// The seven columns in the sample's order.
pub(crate) const HEADINGS: Headings = Headings::of_roster(1, [0, 1, 2, 3, 4, 5, 6]);

pub(crate) fn provider(id: &str) -> ProviderId {
    ProviderId::parse(id).unwrap()
}

fn course(number: &str, hours: &str, providers: &[&str], from: Date, to: Option<Date>) -> (CourseNumber, Course) {
    let number = CourseNumber::parse(number).unwrap();
    let course = Course {
        number: number.clone(),
        title: format!("Title of {number}"),
        hours: CreditHours::parse(hours).unwrap(),
        category: "Ethics".to_owned(),
        approved_from: from,
        approved_to: to,
        providers: providers.iter().map(|id| provider(id)).collect(),
    };
    (number, course)
}

fn holder(board: &str, number: &str, first: &str, last: &str) -> Holder {
    Holder {
        licence: Licence {
            board: board.to_owned(),
            profession: "RN".to_owned(),
            number: LicenceNumber::parse(number).unwrap(),
        },
        name: PersonName { first: first.to_owned(), last: last.to_owned() },
        active_from: Some(date(2020, 1, 1)),
        active_to: None,
        email_on_file: None,
    }
}

/// Courses of acme-ce and northside, and five licences: one of them lapsed, two with the same number.
pub(crate) fn registers() -> Registers {
    let (from, to) = (date(2025, 1, 1), date(2027, 12, 31));
    let courses = [
        course("ETH-101", "2.00", &["acme-ce"], from, Some(to)),
        course("PHM-220", "1.50", &["acme-ce", "northside"], from, Some(to)),
        course("OPEN-1", "1.00", &["acme-ce"], from, None),
        course("NSD-400", "1.00", &["northside"], from, Some(to)),
    ];
    let lapsed = Holder {
        active_to: Some(date(2025, 12, 31)),
        ..holder("TX-BON", "LPC.30921", "Zoë", "Müller-Lüdenscheidt")
    };
    let licences = [
        holder("TX-BON", "00012345", "Maria", "Garcia"),
        holder("TX-BON", "RN-204817", "James", "O'Brien"),
        lapsed,
        holder("TX-BON", "777", "Ann", "One"),
        holder("LA-BON", "777", "Bea", "Two"),
    ];
    let mut holders: BTreeMap<String, Vec<Holder>> = BTreeMap::new();
    for holder in licences {
        holders.entry(holder.licence.number.compared().to_owned()).or_default().push(holder);
    }
    Registers { courses: courses.into(), holders }
}

/// The rules of acme-ce on 1 March 2026.
pub(crate) fn rules() -> Rules {
    Rules {
        provider: Some(provider("acme-ce")),
        today: Some(date(2026, 3, 1)),
        reporting_year: ReportingYear::default(),
    }
}

/// A cell in short: nothing, `n:1.5` a number, `n:12345=00012345` a number with what is shown, `d:2026-01-15` a date cell,
/// `d:` a date cell that is no day, `e:#N/A` an error, `f:` a formula without its result, `b:` TRUE, else text.
pub(crate) fn cell(short: &str) -> Cell {
    match short.split_once(':') {
        _ if short.is_empty() => Cell::Empty,
        Some(("n", number)) => {
            let (stored, shown) =
                number.split_once('=').map_or((number, None), |(stored, shown)| (stored, Some(shown)));
            Cell::Number { stored: stored.to_owned(), shown: shown.map(str::to_owned) }
        }
        Some(("d", day)) => Cell::Date { stored: "46037".to_owned(), day: day.parse().ok() },
        Some(("e", error)) => Cell::Error(error.to_owned()),
        Some(("f", _)) => Cell::UncalculatedFormula,
        Some(("b", _)) => Cell::Bool(true),
        _ => Cell::Text(short.to_owned()),
    }
}

pub(crate) fn sheet_row(number: u32, cells: [&str; 7]) -> SheetRow {
    SheetRow { number, cells: cells.map(cell).to_vec() }
}

/// Maria's completion of ETH-101: sound in every cell.
pub(crate) const MARIA: [&str; 7] = ["Maria", "Garcia", "00012345", "ETH-101", "n:2026", "d:2026-01-15", "n:2"];

/// Maria's row with some of its cells replaced.
pub(crate) fn maria<const N: usize>(replaced: [(usize, &'static str); N]) -> [&'static str; 7] {
    let mut cells = MARIA;
    for (place, cell) in replaced {
        cells[place] = cell;
    }
    cells
}

/// What is recorded before the file comes.
pub(crate) type Record = BTreeMap<KeyDigest, Recorded>;

/// Judges the rows of a file one after the other, as an import does, and gives back what would be recorded after it.
pub(crate) fn judge_file(rows: &[SheetRow], mut record: Record, import: &str) -> (Vec<RowOutcome>, Record) {
    let (registers, rules) = (registers(), rules());
    let (asker, import) = (provider("acme-ce"), ImportId::of(&[import]));
    let mut taken = Taken::default();
    let mut outcomes = Vec::new();
    for row in rows {
        let read = ReadRow::read(row, &HEADINGS);
        let outcome = match judge(&read, Some(&registers), &rules) {
            Verdict::Refused(reasons) => RowOutcome::failed(&read, &reasons),
            Verdict::Sound(credit, mut notes) => {
                let key = KeyDigest::of(&credit);
                let settled = match (taken.refuses(key), record.get(&key)) {
                    (Some(reason), _) => Settled::Refused(reason),
                    (None, None) => Settled::New,
                    (None, Some(recorded)) => {
                        settle(&credit, &Asker { provider: &asker, import: &import, row: row.number }, recorded)
                    }
                };
                notes.extend(settled.note());
                if let Settled::Refused(reason) = settled {
                    RowOutcome::failed(&read, &[reason])
                } else {
                    taken.take(key, row.number);
                    let new = Recorded {
                        provider: asker.clone(),
                        hours: credit.hours,
                        source: Source::Row { import: import.clone(), row: row.number },
                        state: CreditState::Standing,
                    };
                    record.entry(key).or_insert(new);
                    RowOutcome::processed(&read, &notes)
                }
            }
        };
        outcomes.push(outcome);
    }
    (outcomes, record)
}

/// How many rows were processed.
pub(crate) fn processed(outcomes: &[RowOutcome]) -> usize {
    outcomes.iter().filter(|outcome| outcome.status == RowStatus::Processed).count()
}

/// An outcome as a person would read it: its status, and a line for each reason and note.
pub(crate) fn told(outcome: &RowOutcome) -> String {
    let mut told = match outcome.status {
        RowStatus::Processed => "processed".to_owned(),
        RowStatus::Failed => "failed".to_owned(),
    };
    for reason in &outcome.reasons {
        told += &format!("\n{} in {}: {}", reason.code, reason.column, reason.text);
    }
    for note in &outcome.notes {
        told += &format!("\n{}: {}", note.code, note.text);
    }
    told
}
