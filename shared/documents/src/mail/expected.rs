//! What mails say to somebody whom a provider has put down for an event: that nothing is theirs before they confirm, and that doing
//! nothing is an answer. No mail has the name that stands on the list, since whoever made the list would write our mail with it.

use super::{
    Action, Letter, MailFacts,
    events::{listed, say_changes, with_statements},
    fact,
};
use domain::mail::{EventFacts, ExpectedNews};

pub(super) fn letter(event: &EventFacts, news: &ExpectedNews, facts: &MailFacts<'_>) -> Letter {
    let (title, provider) = (fact(&event.title), fact(&event.provider));
    let (subject, before, action, after, listed) = match news {
        ExpectedNews::PutDown | ExpectedNews::PutDownBegun => (
            format!("Please confirm: {title}"),
            vec![
                format!(
                    "{provider} has put you down for “{title}”, and a seat is kept for you. You aren't registered before you confirm."
                ),
                how_to_confirm(),
            ],
            confirm(event, facts),
            vec![if *news == ExpectedNews::PutDown { DECLINE } else { DECLINE_BEGUN }.to_owned()],
            listed(event),
        ),
        ExpectedNews::PutDownAfterwards => (
            format!("Please confirm: {title}"),
            vec![
                format!(
                    "{provider} says that you were registered for “{title}”, which is over. You aren't registered here before you confirm. Confirm if you were there: credit is given only if it is proven that you attended all of it."
                ),
                how_to_confirm(),
            ],
            confirm(event, facts),
            vec![DECLINE_AFTERWARDS.to_owned()],
            listed(event),
        ),
        ExpectedNews::AskedAgain => (
            format!("Please confirm before it begins: {title}"),
            vec![
                format!(
                    "“{title}” begins within a day. {provider} has put you down for it, and you haven't confirmed yet: without that there is no way in for you, and no credit."
                ),
                how_to_confirm(),
            ],
            confirm(event, facts),
            vec![DECLINE.to_owned()],
            listed(event),
        ),
        ExpectedNews::Changed { told } => {
            let mut before = vec![format!(
                "“{title}”, for which {provider} has put you down, was changed. Below is what is so now."
            )];
            let listed = say_changes(event, told, &mut before);
            before.push(how_to_confirm());
            (format!("Changed: {title}"), before, confirm(event, facts), vec![DECLINE.to_owned()], listed)
        }
        ExpectedNews::Cancelled { why } => {
            let mut listed = listed(event);
            listed.push(("Reason given", fact(why)));
            let before = format!(
                "{provider} has cancelled “{title}”, for which it had put you down. It won't take place, and gives no credit. There is nothing for you to do."
            );
            (format!("Cancelled: {title}"), vec![before], None, Vec::new(), listed)
        }
        ExpectedNews::ConfirmedAfterwards => {
            let before = format!("You confirmed that you were registered for “{title}”, which is over.");
            let after = "Credit is given only if it is proven that you attended all of the event. Your provider answers questions about that.";
            (
                format!("Confirmed: {title}"),
                vec![before],
                confirmed(event, facts),
                vec![after.to_owned()],
                listed(event),
            )
        }
    };
    Letter {
        subject,
        preheader: event.when.words(),
        before,
        facts: listed,
        action,
        // What is off promises nothing any more.
        after: if matches!(news, ExpectedNews::Cancelled { .. }) { after } else { with_statements(event, after) },
        why: format!("{provider} has put this address down for the event at {}.", facts.organisation()),
    }
}

const DECLINE: &str = "If you don't want to come, you need do nothing. You can also log in and press “I'm not coming” on the event's page, so that somebody else gets the seat.";
const DECLINE_BEGUN: &str = "If you don't want to come, you need do nothing. You can also log in and press “I'm not coming” on the event's page.";
const DECLINE_AFTERWARDS: &str = "If you weren't there, you need do nothing.";

fn how_to_confirm() -> String {
    "Open the event's page, log in with an account of this address, or sign up as a licensee with it, and press Confirm registration.".to_owned()
}

fn confirm(event: &EventFacts, facts: &MailFacts<'_>) -> Option<Action> {
    Some(Action { label: "Open the event's page", url: facts.page(&format!("/events/{}", event.id)) })
}

fn confirmed(event: &EventFacts, facts: &MailFacts<'_>) -> Option<Action> {
    Some(Action { label: "Open your event", url: facts.page(&format!("/wallet/events/{}", event.id)) })
}
