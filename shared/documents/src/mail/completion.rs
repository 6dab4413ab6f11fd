//! What mails about evaluations and certificates say. Their links open pages behind a login and carry no secret: whoever a mail is
//! forwarded to sees nothing, and what scans mails changes nothing.

use super::{Action, Letter, MailFacts, fact, paragraphs};
use domain::mail::PastEvent;

pub(super) fn evaluation_ready(about: &PastEvent, until: i64, facts: &MailFacts<'_>) -> Letter {
    let title = fact(&about.title);
    Letter {
        subject: format!("Your evaluation is ready: {title}"),
        preheader: format!("You attended in full. Submit the evaluation by {} to get your certificate.", day(about, until)),
        before: vec![
            format!("You attended “{title}” in full. To get your certificate, fill in the evaluation and press Submit at its bottom: the certificate is made at once."),
            "You can save it and go on later. The name on your account is the name on the certificate; it is shown before you submit.".to_owned(),
        ],
        facts: listed(about, until),
        action: Some(open_evaluation(about, facts)),
        after: vec![
            "The link leads to the page after you have logged in. You find it in your CE Wallet too, under Evaluations, where it is marked Incomplete.".to_owned(),
        ],
        why: registered(facts),
    }
}

pub(super) fn evaluation_reminder(about: &PastEvent, until: i64, facts: &MailFacts<'_>) -> Letter {
    let title = fact(&about.title);
    Letter {
        subject: format!("Your evaluation still waits: {title}"),
        preheader: format!("Without it there is no certificate. It can be submitted by {}.", day(about, until)),
        before: vec![
            format!(
                "You attended “{title}” in full, and your evaluation isn't submitted. Without it there is no certificate, and no credit."
            ),
            "It takes some minutes. What you have saved is still there.".to_owned(),
        ],
        facts: listed(about, until),
        action: Some(open_evaluation(about, facts)),
        after: vec!["No other reminder follows. If this one comes again, it couldn't be delivered before.".to_owned()],
        why: registered(facts),
    }
}

pub(super) fn certificate_corrected(about: &PastEvent, why: &str, facts: &MailFacts<'_>) -> Letter {
    let title = fact(&about.title);
    Letter {
        subject: format!("Your certificate is issued again: {title}"),
        preheader: "A new one takes the place of the old one.".to_owned(),
        before: vec![
            format!(
                "Your certificate of “{title}” is issued again. The new one has a code of its own and takes the place of the old one, which now says so to everybody who checks it."
            ),
            "If you have handed in the old one anywhere, hand in the new one too.".to_owned(),
        ],
        facts: reasoned(about, why),
        action: Some(open_certificates(facts)),
        after: Vec::new(),
        why: registered(facts),
    }
}

pub(super) fn certificate_revoked(about: &PastEvent, why: &str, facts: &MailFacts<'_>) -> Letter {
    let title = fact(&about.title);
    // While the attendance counts in full there is nothing to appeal against.
    let whom = match about.contact.is_empty() {
        true => format!("This event names no contact: if you think that it is wrong, write to {}", facts.organisation()),
        false => "If you think that it is wrong, write to the event's contact, which stands above under “Questions about the event”".to_owned(),
    };
    Letter {
        subject: format!("Your certificate was revoked: {title}"),
        preheader: "It doesn't count any more.".to_owned(),
        before: vec![
            format!(
                "Your certificate of “{title}” was revoked, and the credit of it is withdrawn. Everybody who checks the certificate reads that, with the reason."
            ),
            "No program does this by itself: a person has decided it, and has to say why.".to_owned(),
        ],
        facts: reasoned(about, why),
        action: Some(open_certificates(facts)),
        after: vec![format!("{whom}. Say which event it is about and why the certificate should stand.")],
        why: registered(facts),
    }
}

fn day(about: &PastEvent, at: i64) -> String {
    about.when.zone.local(at).strftime("%A, %B %-d, %Y").to_string()
}

fn listed(about: &PastEvent, until: i64) -> Vec<(&'static str, String)> {
    let time = about.when.zone.local(until).strftime("%-I:%M %p").to_string();
    let until = format!("{}, {time} {}", day(about, until), about.when.zone.abbreviation(until));
    let mut listed = event_facts(about);
    listed.push(("To be submitted by", until));
    with_contact(listed, about)
}

fn reasoned(about: &PastEvent, why: &str) -> Vec<(&'static str, String)> {
    let mut listed = event_facts(about);
    listed.push(("Reason given", paragraphs(why).join(" ")));
    with_contact(listed, about)
}

fn event_facts(about: &PastEvent) -> Vec<(&'static str, String)> {
    vec![("Event", about.when.words()), ("Provider", fact(&about.provider))]
}

fn with_contact(mut listed: Vec<(&'static str, String)>, about: &PastEvent) -> Vec<(&'static str, String)> {
    if !about.contact.is_empty() {
        listed.push(("Questions about the event", fact(&about.contact)));
    }
    listed
}

fn open_evaluation(about: &PastEvent, facts: &MailFacts<'_>) -> Action {
    Action { label: "Open your evaluation", url: facts.page(&format!("/wallet/evaluations/{}", about.id)) }
}

fn open_certificates(facts: &MailFacts<'_>) -> Action {
    Action { label: "Open your certificates", url: facts.page("/wallet/certificates") }
}

fn registered(facts: &MailFacts<'_>) -> String {
    format!("you registered for this event at {} with this address.", facts.organisation())
}
