//! What promotion says of approvals: one text for the catalogue, the event's page and every mail, so that none can say more than
//! another. Each body is named, those that don't approve as well.

use super::{Approval, Event, Standing, Word};
use crate::organisation::{Body, Organisation, Texts, draft::paragraphs};
use serde::{Deserialize, Serialize};

/// What is said wherever an event is promoted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statements {
    /// One line for each body.
    pub lines: Vec<Line>,
    /// The organisation's disclaimer, in paragraphs.
    pub disclaimer: Vec<String>,
}

/// What is said of one body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its short name.
    pub body: String,
    /// What it says, for a mark beside the line.
    pub word: Word,
    /// The sentence.
    pub text: String,
    /// The body's own statement; empty unless it approves.
    pub statement: String,
}

/// What is said of an event: the organisation's bodies in its order, then those that it doesn't list any more. A body of which
/// nothing is said doesn't approve.
pub fn statements(event: &Event, organisation: &Organisation, texts: &Texts) -> Statements {
    let listed = organisation.bodies.iter().map(|body| line(body, event.approval_of(&body.short)));
    let is_listed =
        |approval: &&Approval| organisation.bodies.iter().any(|body| body.short.eq_ignore_ascii_case(&approval.body));
    let others = event.approvals.iter().filter(|approval| !is_listed(approval));
    let others = others
        .map(|approval| line(&Body { short: approval.body.clone(), name: approval.body.clone() }, Some(approval)));
    Statements { lines: listed.chain(others).collect(), disclaimer: paragraphs(&texts.disclaimer) }
}

fn line(body: &Body, approval: Option<&Approval>) -> Line {
    let name = match body.name == body.short {
        true => body.short.clone(),
        false => format!("{} ({})", body.name, body.short),
    };
    let standing = approval.map_or(&Standing::NotApproved, |approval| &approval.standing);
    let (text, statement) = match standing {
        Standing::Approved(approved) => {
            let number = if approved.number.is_empty() { String::new() } else { format!(", no. {}", approved.number) };
            let credit = match approved.advertised {
                Some(hours) => format!("{hours} credits for attending in its entirety, and none for less"),
                None => "no credit".to_owned(),
            };
            (format!("Approved by {name}{number}: {credit}."), approved.statement.clone())
        }
        Standing::NotApproved => (format!("Not approved by {name}: this event gives no credit there."), String::new()),
        Standing::Pending => (
            format!(
                "Pending with {name}: it hasn't decided, and as long as it hasn't this event gives no credit there."
            ),
            String::new(),
        ),
    };
    Line { body: body.short.clone(), word: standing.word(), text, statement }
}
