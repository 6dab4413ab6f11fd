//! What mails about requests and credits say.

use super::{Action, Letter, MailFacts, fact};
use domain::{course::CourseNumber, event::When, hours::CreditHours, id::EventId, mail::CreditChange};
use jiff::civil::Date;

/// A credit as it was recorded.
pub(super) struct Recorded<'a> {
    pub(super) course: &'a CourseNumber,
    pub(super) title: &'a str,
    pub(super) date: Date,
    pub(super) hours: CreditHours,
}

pub(super) fn decided(
    (what, event): (&str, Option<&EventId>),
    granted: bool,
    why: &str,
    facts: &MailFacts<'_>,
) -> Letter {
    let (what, organisation) = (fact(what), facts.organisation());
    let office = facts.organisation.support_email.as_ref().map_or(organisation.as_str(), |address| address.shown());
    let (subject, happened, now) = if granted {
        (
            format!("{organisation} has granted your request"),
            "You asked the office, and the office has granted it.",
            match event {
                Some(_) => "As soon as nothing else speaks against it, publish the event on its Overview.".to_owned(),
                None => "You need do nothing more; if a link or an invitation belongs to it, that comes in a mail of its own.".to_owned(),
            },
        )
    } else {
        (
            format!("{organisation} has refused your request"),
            "You asked the office, and the office has refused it.",
            format!(
                "If you think that this is a mistake, write to {office} with what the office should know, or ask again."
            ),
        )
    };
    Letter {
        subject,
        preheader: what.clone(),
        before: vec![happened.to_owned()],
        facts: vec![("You asked for", what), ("The office's words", fact(why))],
        action: event
            .map(|event| Action { label: "Open the event", url: facts.page(&format!("/manage/events/{event}")) }),
        after: vec![now],
        why: format!("this address was given with the request to {organisation}."),
    }
}

pub(super) fn cycle_ends(licence: &str, ends: Date, missing: &[String], facts: &MailFacts<'_>) -> Letter {
    let (licence, day) = (fact(licence), ends.strftime("%A, %B %-d, %Y").to_string());
    let missing: Vec<String> = missing.iter().map(|part| fact(part)).collect();
    Letter {
        subject: format!("Your cycle ends on {day}: {licence}"),
        preheader: format!("Missing: {}.", missing.join("; ")),
        before: vec![
            format!("The present cycle of your license {licence} ends on {day}, and something is missing in it."),
            "Your CE Tracker shows what counts, and which events fill what is missing. Your board alone decides what it accepts.".to_owned(),
        ],
        facts: vec![("License", licence), ("Cycle ends on", day), ("Missing", missing.join("; "))],
        action: Some(Action { label: "Open CE Tracker", url: facts.page("/wallet/tracker") }),
        after: vec![
            "To get them at other times, open CE Tracker and press “Days and reminders” at the license.".to_owned(),
        ],
        why: format!("you asked {} to remind you of your license's cycle.", facts.organisation()),
    }
}

pub(super) fn consent_asked(
    provider: &str,
    title: &str,
    when: &When,
    bodies: &[String],
    facts: &MailFacts<'_>,
) -> Letter {
    let (provider, title) = (fact(provider), fact(title));
    let approvals = if bodies.len() == 1 { "an approval" } else { "approvals" };
    Letter {
        subject: format!("Consent asked for: {title}"),
        preheader: format!("{provider} waits for the office's answer."),
        before: vec![
            format!("{provider} asks the office to consent to {approvals} of “{title}”."),
            "Look at the evidence among the requests, and grant or refuse each with a reason. Until then the event can't be published.".to_owned(),
        ],
        facts: vec![("When", when.words()), ("Approved by", bodies.iter().map(|body| fact(body)).collect::<Vec<_>>().join(", "))],
        action: Some(Action { label: "Open the requests", url: facts.page("/office/requests") }),
        after: vec!["If somebody else of the office has answered meanwhile, there is nothing left to do.".to_owned()],
        why: format!("you work in the office of {}.", facts.organisation()),
    }
}

pub(super) fn credit_changed(
    change: &CreditChange,
    before: &Recorded<'_>,
    by: &str,
    why: &str,
    facts: &MailFacts<'_>,
) -> Letter {
    let by = fact(by);
    let (subject, happened, name) = match change {
        CreditChange::Corrected { .. } => (
            "A credit on your record was corrected",
            format!("{by} has corrected a credit on your record."),
            "Now recorded",
        ),
        CreditChange::Withdrawn => (
            "A credit on your record was withdrawn",
            format!(
                "{by} has withdrawn a credit from your record. It no longer counts; that it was there, and why it was withdrawn, stays on the record."
            ),
            "Withdrawn",
        ),
        CreditChange::Restored => (
            "A credit on your record counts again",
            format!("A credit on your record had been withdrawn, and {by} has restored it. It counts again."),
            "Restored",
        ),
        CreditChange::Added => (
            "A credit was added to your record",
            format!(
                "A credit had been recorded for somebody else, and {by} has corrected that: it is on your record now, and counts."
            ),
            "Now recorded",
        ),
    };
    let mut listed = vec![("Course", fact(before.title))];
    match change {
        CreditChange::Corrected { course, date, hours } => {
            listed.push(("Recorded before", credit(before.course, before.date, before.hours)));
            listed.push((name, credit(course, *date, *hours)));
        }
        CreditChange::Withdrawn | CreditChange::Restored | CreditChange::Added => {
            listed.push((name, credit(before.course, before.date, before.hours)));
        }
    }
    listed.push(("Reason given", fact(why)));
    Letter {
        subject: subject.to_owned(),
        preheader: fact(before.title),
        before: vec![happened],
        facts: listed,
        action: Some(Action { label: "Log in to see your record", url: facts.page("/login") }),
        after: vec![format!("If you think that this is a mistake, ask {by} first; if that doesn't help, write to us.")],
        why: format!("it is your record at {}, and you are told of each change to it.", facts.organisation()),
    }
}

fn credit(course: &CourseNumber, date: Date, hours: CreditHours) -> String {
    format!("{}, {}, {hours} hours", fact(course.as_str()), date.strftime("%B %-d, %Y"))
}
