//! What mails about attendance say: that somebody appeals, that an appeal was answered, and that what was in full isn't any more. The times themselves
//! stand on the event's page behind a login, never in a mail.

use super::{Action, Letter, MailFacts, fact, paragraphs};
use domain::{id::AccountId, mail::PastEvent};

pub(super) fn appeal_filed(about: &PastEvent, account: &AccountId, answer_by: i64, facts: &MailFacts<'_>) -> Letter {
    let (title, organisation) = (fact(&about.title), facts.organisation());
    let until = about.when.zone.day(answer_by).strftime("%A, %B %-d, %Y").to_string();
    let path = format!("/manage/events/{}/appeals/{account}", about.id);
    Letter {
        subject: format!("An appeal is to be answered: {title}"),
        preheader: format!("By {until}."),
        before: vec![
            format!("Somebody who registered for “{title}” says that what was decided of their attendance is wrong. What they say, and the decision with all its times, stand on the appeal's page."),
            "Look at it, and grant or refuse it with a reason: they get it by mail.".to_owned(),
        ],
        facts: vec![("Event", about.when.words()), ("To be answered by", until)],
        action: Some(Action { label: "Open the appeal", url: facts.page(&path) }),
        after: vec![
            "If somebody else of you has answered meanwhile, there is nothing left to do. All open appeals stand under Events.".to_owned(),
        ],
        why: format!("you are an owner of {} at {organisation}, whose event it was.", fact(&about.provider)),
    }
}

pub(super) fn appeal_decided(about: &PastEvent, granted: bool, why: &str, facts: &MailFacts<'_>) -> Letter {
    let title = fact(&about.title);
    let (subject, happened, now) = if granted {
        (
            format!("Your appeal is granted: {title}"),
            "Your attendance counts in full.",
            "You need do nothing more. The event's page shows it within some minutes; what comes after it, the evaluation first, comes as for everybody who attended in full.",
        )
    } else {
        (
            format!("Your appeal is refused: {title}"),
            "The decision about your attendance stands as it was.",
            "The event's page shows the decision with all its times. If you know something that wasn't said, or have something that shows it, you can appeal again there, three times in all.",
        )
    };
    Letter {
        subject,
        preheader: happened.to_owned(),
        before: vec![
            format!(
                "You appealed against the decision about your attendance of “{title}”, and a person has looked at it."
            ),
            happened.to_owned(),
        ],
        facts: listed(about, why),
        action: Some(their_page(about, facts)),
        after: vec![now.to_owned()],
        why: registered(facts),
    }
}

pub(super) fn taken_back(about: &PastEvent, why: &str, facts: &MailFacts<'_>) -> Letter {
    let title = fact(&about.title);
    Letter {
        subject: format!("Your attendance was decided anew: {title}"),
        preheader: "It doesn't count in full any more.".to_owned(),
        before: vec![
            format!("Your attendance of “{title}” counted in full. It was looked at again, and it was decided that it doesn't."),
            "No program does this by itself: a person has decided it, and has to say why. A certificate that rests on it is revoked, and its credit is withdrawn.".to_owned(),
        ],
        facts: listed(about, why),
        action: Some(their_page(about, facts)),
        after: vec![
            "The event's page shows the decision with all its times and its reason. If it is wrong, appeal there: another look is taken at it within ten days.".to_owned(),
        ],
        why: registered(facts),
    }
}

fn listed(about: &PastEvent, why: &str) -> Vec<(&'static str, String)> {
    let mut listed = vec![
        ("When", about.when.words()),
        ("Provider", fact(&about.provider)),
        ("Reason given", paragraphs(why).join(" ")),
    ];
    if !about.contact.is_empty() {
        listed.push(("Questions about the event", fact(&about.contact)));
    }
    listed
}

fn their_page(about: &PastEvent, facts: &MailFacts<'_>) -> Action {
    Action { label: "Open your event", url: facts.page(&format!("/wallet/missing/{}", about.id)) }
}

fn registered(facts: &MailFacts<'_>) -> String {
    format!("you registered for this event at {} with this address.", facts.organisation())
}
