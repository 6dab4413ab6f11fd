//! The reasons for which rows and files fail, for people: a label for each code, and an example of each sentence. The
//! sentences themselves are the domain's.

use domain::{
    hours::CreditHours,
    import::Subject,
    roster::{
        file::{Damage, FileRefusal, SizeLimit, Unsupported},
        heading::Column,
        reason::{Absence, ConflictingField, DateProblem, NumberProblem, Reason},
    },
};
use jiff::civil::date;

/// A reason as the help tells it.
pub(crate) struct Told {
    pub(crate) code: &'static str,
    pub(crate) label: String,
    pub(crate) sentence: String,
}

/// A few words for a reason's code. A code of a later version is told by its own words.
pub(crate) fn label(code: &str) -> String {
    let known = match code {
        "missing_value" => "Missing value",
        "unreadable_date" => "Unreadable date",
        "unreadable_number" => "Unreadable number",
        "unknown_licence" => "Unknown license",
        "ambiguous_licence" => "License number of several people",
        "name_does_not_match_licence" => "Name doesn't match license",
        "unknown_course" => "Unknown course",
        "course_not_associated_with_provider" => "Course not associated with you",
        "date_outside_course_approval" => "Date outside the course's approval",
        "date_in_future" => "Date in the future",
        "ce_year_does_not_match_date" => "CE Year doesn't match date",
        "hours_not_positive" => "Hours not above zero",
        "hours_exceed_course" => "More hours than the course has",
        "duplicate_in_file" => "Twice in the file",
        "conflicts_with_record" => "Conflicts with the record",
        "unreadable_email" => "Unreadable e-mail",
        "unreadable_id" => "Unreadable provider ID",
        "hours_too_many" => "More hours than any course has",
        "dates_out_of_order" => "Last day before the first",
        "unknown_provider" => "Unknown provider",
        "too_many_providers" => "Too many providers",
        "no_seat" => "No seat free",
        "too_many_people" => "Too many people",
        "too_many_today" => "Too many people asked today",
        "not_approved" => "Not approved at Zoom",
        "not_published" => "Event not published",
        "event_cancelled" => "Event cancelled",
        "event_ended" => "Event over too long",
        "conflicts_with_register" => "Conflicts with the register",
        "unsupported_format" => "Not a kind of file we read",
        "password_protected" => "Protected with a password",
        "too_large" => "Too large",
        "too_many_rows" => "Too many rows",
        "damaged" => "Damaged",
        "no_heading_row" => "No heading row",
        "missing_column" => "A heading missing or twice",
        other => return other.replace('_', " "),
    };
    known.to_owned()
}

/// Every reason for which a row can fail, each with a sentence such as its Status shows.
pub(crate) fn of_rows() -> Vec<Told> {
    let hours = |hundredths| CreditHours::from_hundredths(hundredths).unwrap_or(CreditHours::MAX);
    let day = date(2026, 1, 31);
    [
        Reason::MissingValue { column: Column::LastName, instead: Absence::Nothing },
        Reason::UnreadableDate(DateProblem::DayFirst),
        Reason::UnreadableNumber { column: Column::CeHours, problem: NumberProblem::NotANumber },
        Reason::UnknownLicence { number: "RN-4711".to_owned(), hint: None },
        Reason::AmbiguousLicence {
            number: "4711".to_owned(),
            holders: vec!["TX-BON RN".to_owned(), "TX-BON LVN".to_owned()],
        },
        Reason::NameDoesNotMatchLicence { number: "RN-4711".to_owned() },
        Reason::UnknownCourse { number: "CE-999".to_owned(), became_a_date: false },
        Reason::CourseNotAssociatedWithProvider { number: "CE-102".to_owned() },
        Reason::DateOutsideCourseApproval { date: day, from: date(2024, 1, 1), to: Some(date(2025, 12, 31)) },
        Reason::DateInFuture { date: date(2031, 1, 31) },
        Reason::CeYearDoesNotMatchDate { year: 2025, expected: 2026, date: day },
        Reason::HoursNotPositive,
        Reason::HoursExceedCourse { hours: hours(300), most: hours(150) },
        Reason::DuplicateInFile { first_row: 12 },
        Reason::ConflictsWithRecord { field: ConflictingField::CeHours { recorded: hours(150) } },
    ]
    .iter()
    .map(|reason| Told { code: reason.code(), label: label(reason.code()), sentence: reason.text() })
    .collect()
}

/// Every reason for which a whole file can fail.
pub(crate) fn of_files() -> Vec<Told> {
    [
        FileRefusal::UnsupportedFormat(Unsupported::MacroWorkbook),
        FileRefusal::PasswordProtected,
        FileRefusal::TooLarge(SizeLimit::File { megabytes: 64 }),
        FileRefusal::TooManyRows,
        FileRefusal::Damaged(Damage::Container),
        FileRefusal::NoHeadingRow { subject: Subject::Roster },
        FileRefusal::MissingColumn { row: 1, missing: vec![Column::LicenseNumber], doubled: Vec::new() },
    ]
    .iter()
    .map(|refusal| Told { code: refusal.code(), label: label(refusal.code()), sentence: refusal.to_string() })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_of_the_contract_is_told_with_a_label() {
        let codes: Vec<_> = of_rows().iter().chain(&of_files()).map(|told| told.code).collect();
        let contract = [
            "missing_value",
            "unreadable_date",
            "unreadable_number",
            "unknown_licence",
            "ambiguous_licence",
            "name_does_not_match_licence",
            "unknown_course",
            "course_not_associated_with_provider",
            "date_outside_course_approval",
            "date_in_future",
            "ce_year_does_not_match_date",
            "hours_not_positive",
            "hours_exceed_course",
            "duplicate_in_file",
            "conflicts_with_record",
            "unsupported_format",
            "password_protected",
            "too_large",
            "too_many_rows",
            "damaged",
            "no_heading_row",
            "missing_column",
        ];
        assert_eq!(codes, contract);
        for code in contract {
            assert_ne!(label(code), code.replace('_', " "), "{code} has no label");
        }
    }
}
