//! What mails about events say. Each that somebody could come by says which body approves the event and which doesn't, with the
//! disclaimer, in the very words of the catalogue; one about a cancellation names no credit, since there is none to get. None holds a link into a meeting, since a mail is passed on more easily than a login.

use super::{Action, Letter, MailFacts, fact, paragraphs};
use domain::{event::change::Told, mail::EventFacts, registration::Reminder};

pub(super) fn confirmed(event: &EventFacts, facts: &MailFacts<'_>) -> Letter {
    let title = fact(&event.title);
    Letter {
        subject: format!("You are registered: {title}"),
        preheader: event.when.words(),
        before: vec![
            format!("You have a seat in “{title}”."),
            "To take part, log in, choose Access Event in My Events, and press Join Now in the Main Hall: it opens a quarter of an hour before the start. Your link there is your own; don't pass it on, since only who comes in by their own link can be credited.".to_owned(),
        ],
        facts: listed(event),
        action: Some(my_event(event, "Open your event", facts)),
        after: with_statements(
            event,
            vec![
                "Credit is given only for attending all of the event.".to_owned(),
                "If you can't come, cancel on the event's page, so that somebody else gets your seat.".to_owned(),
            ],
        ),
        why: registered(facts),
    }
}

pub(super) fn waiting(event: &EventFacts, facts: &MailFacts<'_>) -> Letter {
    let title = fact(&event.title);
    Letter {
        subject: format!("You are on the waiting list: {title}"),
        preheader: "You get a mail as soon as a seat is yours.".to_owned(),
        before: vec![format!(
            "All seats of “{title}” are taken, so you are on its waiting list. Seats that get free are given in the order of the list; you get a mail as soon as one is yours, and need do nothing until then."
        )],
        facts: listed(event),
        action: Some(my_event(event, "Open the event", facts)),
        after: with_statements(event, vec!["If you don't want to wait, cancel on the event's page.".to_owned()]),
        why: registered(facts),
    }
}

pub(super) fn seat_free(event: &EventFacts, facts: &MailFacts<'_>) -> Letter {
    let title = fact(&event.title);
    Letter {
        subject: format!("You have a seat now: {title}"),
        preheader: event.when.words(),
        before: vec![format!(
            "You were on the waiting list of “{title}”. A seat got free, and it is yours: you are registered."
        )],
        facts: listed(event),
        action: Some(my_event(event, "Open your event", facts)),
        after: with_statements(
            event,
            vec![
                "If you can't come any more, cancel on the event's page, so that the next one gets the seat."
                    .to_owned(),
            ],
        ),
        why: registered(facts),
    }
}

pub(super) fn registration_cancelled(event: &EventFacts, facts: &MailFacts<'_>) -> Letter {
    let title = fact(&event.title);
    let mut after = vec![
        "If it wasn't you, log in and register again, and set a new password: somebody may know yours.".to_owned(),
    ];
    after.extend(refunds(event));
    Letter {
        subject: format!("Your registration is cancelled: {title}"),
        preheader: "Your seat is free for somebody else.".to_owned(),
        before: vec![format!("You cancelled your registration for “{title}”. You aren't expected there any more.")],
        facts: listed(event),
        action: Some(Action { label: "Look for other events", url: facts.page("/events") }),
        after,
        why: registered(facts),
    }
}

pub(super) fn changed(event: &EventFacts, told: &[Told], facts: &MailFacts<'_>) -> Letter {
    let title = fact(&event.title);
    let mut before = vec![format!("“{title}”, for which you registered, was changed. Below is what is so now.")];
    let listed = say_changes(event, told, &mut before);
    let mut after = vec![
        "Your registration stands. If you can't come, cancel on the event's page, so that somebody else gets your seat."
            .to_owned(),
    ];
    after.extend(refunds(event));
    Letter {
        subject: format!("Changed: {title}"),
        preheader: event.when.words(),
        before,
        facts: listed,
        action: Some(my_event(event, "Open your event", facts)),
        after: with_statements(event, after),
        why: registered(facts),
    }
}

/// Says what changed; the facts of the event as it is now.
pub(super) fn say_changes(event: &EventFacts, told: &[Told], before: &mut Vec<String>) -> Vec<(&'static str, String)> {
    let mut listed = listed(event);
    for change in told {
        match change {
            Told::Time { before } => listed.insert(0, ("It was to be", before.words())),
            Told::Room => before.push(
                "It takes place in another room: links of before don't work any more. Your new one is in the Main Hall.".to_owned(),
            ),
            Told::Attendance => before.push(
                "Which times count, or how much of them may be missed, has changed. The event's page has the agenda as it is now.".to_owned(),
            ),
            Told::Kind => before.push(
                "It is held in another form now. Look at its page for what that means for you.".to_owned(),
            ),
            Told::Cancelled { .. } => {}
        }
    }
    listed
}

pub(super) fn cancelled(event: &EventFacts, why: &str, facts: &MailFacts<'_>) -> Letter {
    let (title, provider) = (fact(&event.title), fact(&event.provider));
    let mut listed = listed(event);
    listed.push(("Reason given", fact(why)));
    Letter {
        subject: format!("Cancelled: {title}"),
        preheader: "The event won't take place.".to_owned(),
        before: vec![format!(
            "{provider} has cancelled “{title}”, for which you registered. It won't take place, and gives no credit."
        )],
        facts: listed,
        action: Some(Action { label: "Look for other events", url: facts.page("/events") }),
        after: refunds(event).collect(),
        why: registered(facts),
    }
}

pub(super) fn reminder(event: &EventFacts, reminder: Reminder, facts: &MailFacts<'_>) -> Letter {
    let title = fact(&event.title);
    let (subject, soon) = match reminder {
        Reminder::Day => (format!("Tomorrow: {title}"), "within a day"),
        Reminder::Hour => (format!("In an hour: {title}"), "within an hour"),
    };
    Letter {
        subject,
        preheader: event.when.words(),
        before: vec![
            format!("“{title}” begins {soon}."),
            "The Main Hall opens a quarter of an hour before. Come in time and by your own link: credit is given only for attending all of it.".to_owned(),
        ],
        facts: listed(event),
        action: Some(my_event(event, "Open the Main Hall", facts)),
        after: with_statements(
            event,
            vec!["If you can't come, cancel on the event's page, so that somebody else gets your seat.".to_owned()],
        ),
        why: registered(facts),
    }
}

pub(super) fn listed(event: &EventFacts) -> Vec<(&'static str, String)> {
    let mut listed = vec![("When", event.when.words()), ("Provider", fact(&event.provider))];
    if !event.contact.is_empty() {
        listed.push(("Questions about the event", fact(&event.contact)));
    }
    listed
}

fn refunds(event: &EventFacts) -> impl Iterator<Item = String> + '_ {
    (!event.refunds.is_empty()).then(|| format!("Refunds and cancellation: {}", fact(&event.refunds))).into_iter()
}

fn my_event(event: &EventFacts, label: &'static str, facts: &MailFacts<'_>) -> Action {
    Action { label, url: facts.page(&format!("/wallet/events/{}", event.id)) }
}

/// What is said of approvals comes last and whole.
pub(super) fn with_statements(event: &EventFacts, mut after: Vec<String>) -> Vec<String> {
    for line in &event.statements.lines {
        after.push(fact(&line.text));
        after.extend(paragraphs(&line.statement));
    }
    after.extend(event.statements.disclaimer.iter().flat_map(|text| paragraphs(text)));
    after
}

fn registered(facts: &MailFacts<'_>) -> String {
    format!("you registered for this event at {} with this address.", facts.organisation())
}
