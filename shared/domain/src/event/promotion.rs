//! What promotion says of approvals: one text for the catalogue, the event's page and every mail, so that none can say more than
//! another. Each body is named, those that don't approve as well.

use super::{Approval, Card, CardCredit, Event, Word};
use crate::{
    hours::CreditHours,
    organisation::{Body, Organisation, Texts, draft::paragraphs},
};
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
    let said = event.approvals.iter().map(Said::of).collect();
    Statements { lines: lines(said, organisation), disclaimer: paragraphs(&texts.disclaimer) }
}

/// The same lines of an event's card, without the bodies' own statements: these stand on the event's page.
pub fn lines_of_card(card: &Card, organisation: &Organisation) -> Vec<Line> {
    let said = |credit: &CardCredit| Said {
        body: credit.body.clone(),
        word: credit.word,
        number: credit.number.clone(),
        advertised: credit.advertised,
        statement: String::new(),
    };
    lines(card.credits.iter().map(said).collect(), organisation)
}

/// What one body says, wherever it stands written.
struct Said {
    body: String,
    word: Word,
    number: String,
    advertised: Option<CreditHours>,
    statement: String,
}

impl Said {
    fn of(approval: &Approval) -> Self {
        let approved = approval.approved();
        Self {
            body: approval.body.clone(),
            word: approval.standing.word(),
            number: approved.map(|approved| approved.number.clone()).unwrap_or_default(),
            advertised: approval.advertised(),
            statement: approved.map(|approved| approved.statement.clone()).unwrap_or_default(),
        }
    }

    fn nothing(body: &str) -> Self {
        let (number, statement) = (String::new(), String::new());
        Self { body: body.to_owned(), word: Word::NotApproved, number, advertised: None, statement }
    }
}

fn lines(mut said: Vec<Said>, organisation: &Organisation) -> Vec<Line> {
    let mut lines = Vec::with_capacity(said.len());
    for body in &organisation.bodies {
        let place = said.iter().position(|said| said.body.eq_ignore_ascii_case(&body.short));
        let of_body = place.map_or_else(|| Said::nothing(&body.short), |place| said.remove(place));
        lines.push(line(body, of_body));
    }
    let others = said.into_iter().map(|said| line(&Body { short: said.body.clone(), name: said.body.clone() }, said));
    lines.extend(others);
    lines
}

fn line(body: &Body, said: Said) -> Line {
    let name = match body.name == body.short {
        true => body.short.clone(),
        false => format!("{} ({})", body.name, body.short),
    };
    let text = match said.word {
        Word::Approved => {
            let number = if said.number.is_empty() { String::new() } else { format!(", no. {}", said.number) };
            let credit = match said.advertised {
                Some(hours) => format!("{hours} credits for attending in its entirety, and none for less"),
                None => "no credit".to_owned(),
            };
            format!("Approved by {name}{number}: {credit}.")
        }
        Word::NotApproved => format!("Not approved by {name}: this event gives no credit there."),
        Word::Pending => format!(
            "Pending with {name}: it hasn't decided, and as long as it hasn't this event gives no credit there."
        ),
    };
    Line { body: body.short.clone(), word: said.word, text, statement: said.statement }
}
