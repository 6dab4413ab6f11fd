//! The sentences of a certificate: data into words. They say what the data say and nothing more.

use domain::certificate::{CertificateData, CertifiedCredit};
use jiff::Timestamp;

/// `1.50 CPE credits`.
pub(super) fn amount(credit: &CertifiedCredit) -> String {
    format!("{} {}", credit.hours, kind(credit))
}

/// What the amount counts, in the plural where it isn't one.
fn kind(credit: &CertifiedCredit) -> String {
    const ONE: u32 = 100;
    let plural = if credit.hours.hundredths() == ONE || credit.kind.ends_with('s') { "" } else { "s" };
    format!("{}{plural}", credit.kind)
}

/// `50-minute hour`: how much instruction one of it stands for.
pub(super) fn measure(credit: &CertifiedCredit) -> String {
    format!("({}-minute hour)", credit.minutes_per_credit)
}

/// The body by its whole name, with the short one that people know: `National Board for Certified Counselors (NBCC)`.
pub(super) fn body(credit: &CertifiedCredit) -> String {
    match (credit.body_name.trim(), credit.body.trim()) {
        ("", short) => short.to_owned(),
        (name, short) if short.is_empty() || name.contains(short) => name.to_owned(),
        (name, short) => format!("{name} ({short})"),
    }
}

/// How it was delivered, in the middle of a sentence: `the live interactive webinar`.
pub(super) fn completed(format: &str) -> String {
    let mut letters = format.chars();
    let first = letters.next().map(char::to_lowercase);
    let is_word = letters.clone().next().is_some_and(char::is_lowercase);
    match first {
        Some(first) if is_word => format!("has completed the {}{}", first.collect::<String>(), letters.as_str()),
        _ => format!("has completed the {format}"),
    }
}

/// The licences on one line: `TX-BON, RN 123456`.
pub(super) fn licences(data: &CertificateData) -> String {
    let each = |licence: &domain::licence::Licence| {
        format!("{}, {} {}", licence.board, licence.profession, licence.number.shown())
    };
    let all: Vec<String> = data.participant.licences.iter().map(each).collect();
    match all.len() {
        0 => String::new(),
        1 => format!("License: {}", all[0]),
        _ => format!("Licenses: {}", all.join("; ")),
    }
}

/// The day of issue, where the event's clock stands: `November 23, 2026`.
pub(super) fn issued(data: &CertificateData) -> String {
    let moment = Timestamp::from_second(data.issued_at).unwrap_or_default();
    moment.to_zoned(data.activity.when.zone.rules()).strftime("%B %-d, %Y").to_string()
}

/// `1 hour 15 minutes`, since boards ask for the time and not for what was made of it.
pub(super) fn instruction(minutes: u32) -> String {
    let count = |number: u32, word: &str| format!("{number} {word}{}", if number == 1 { "" } else { "s" });
    count(minutes, "minute")
}

/// The lines of facts about what was attended, each a label and what it says.
pub(super) fn activity(data: &CertificateData) -> Vec<(&'static str, String)> {
    let activity = &data.activity;
    let course = if activity.course_title == activity.title {
        activity.course.to_string()
    } else {
        format!("{}, {}", activity.course, activity.course_title)
    };
    vec![
        ("Delivery format", activity.format.clone()),
        ("Location", activity.location.clone()),
        ("Instruction", instruction(activity.instruction_minutes)),
        ("Field of study", activity.category.clone()),
        ("Course", course),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_stands_in_a_sentence_without_its_capital() {
        assert_eq!(completed("Live interactive webinar"), "has completed the live interactive webinar");
        assert_eq!(completed("QAS self-study"), "has completed the QAS self-study");
    }
}
