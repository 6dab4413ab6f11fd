//! What the office consents to: an approval as the event has it, beside the course's own approval and what the time yields.

use super::matter::{Row, View, nothing};
use crate::office::day;
use domain::{
    course::Course,
    credit_type::{CreditType, CreditTypes, credit},
    event::{
        Approval, Approved, Consent, Event,
        consent::{AskedOf, content_of},
    },
};

/// The facts of an approval that the office is asked about.
pub(super) fn view(event: &Event, course: Option<&Course>, types: &CreditTypes, asked: &AskedOf) -> View {
    let approved = event.approval_of(&asked.body).and_then(Approval::approved);
    let is_asked = |approved: &&Approved| matches!(approved.consent, Consent::Asked { .. });
    let stands = approved.filter(|approved| content_of(approved) == asked.content).filter(is_asked).is_some();
    let mut notes = Vec::new();
    if !stands {
        notes.push(
            "The approval was changed since this was asked, so it can only be refused. The provider asks anew when it is right."
                .to_owned(),
        );
    }
    notes.extend(approved.and_then(|approved| too_much(event, approved, types, &asked.body)));
    View {
        facts: facts(event, course, types, asked),
        rows: approved.map(rows).unwrap_or_default(),
        is_content: true,
        notes,
        can_grant: stands,
        granting: "Granting says that the office has seen the evidence and consents to this approval as it stands here. The provider can then publish the event with it.",
        link: Some((crate::manage::address(&event.id), event.title.clone())),
        ..nothing()
    }
}

fn facts(event: &Event, course: Option<&Course>, types: &CreditTypes, asked: &AskedOf) -> Vec<(&'static str, String)> {
    let approved = match course {
        Some(course) => {
            let last =
                course.approved_to.map_or_else(|| "without an end".to_owned(), |last| format!("to {}", day(last)));
            format!(
                "{}: {}, {} hours of {}, approved from {} {last}",
                course.number,
                course.title,
                course.hours,
                course.category,
                day(course.approved_from)
            )
        }
        None => format!("{}: not on the register", event.course),
    };
    let yields = match CreditType::of_body(&types.types, &asked.body) {
        Some(known) => {
            let review = if known.is_reviewed() { "" } else { " (the rule isn't reviewed yet)" };
            format!("{}: {}{review}", known.name, credit(event.instruction_seconds(), &known.rule).arithmetic)
        }
        None => format!("How {} counts credit isn't entered. Do so among the types of credit.", asked.body),
    };
    vec![
        ("Body", asked.body.clone()),
        ("When", event.when.words()),
        ("Provider", event.provider.to_string()),
        ("Course", approved),
        ("The time yields", yields),
    ]
}

/// The approval's content; it has no former state to be compared with.
fn rows(approved: &Approved) -> Vec<Row> {
    let days = |day: Option<jiff::civil::Date>| day.map(crate::office::day).unwrap_or_default();
    let row = |field: &str, to: String| Row { field: field.to_owned(), from: String::new(), to, now: None };
    vec![
        row("Number", approved.number.clone()),
        row("Statement", approved.statement.clone()),
        row("Valid from", days(approved.valid_from)),
        row("Valid to", days(approved.valid_to)),
        row("Evidence", approved.evidence.clone()),
        row("Advertised credit", approved.advertised.map(|hours| hours.to_string()).unwrap_or_default()),
    ]
}

/// What the check-list will say too, so that the office needn't count.
fn too_much(event: &Event, approved: &Approved, types: &CreditTypes, body: &str) -> Option<String> {
    let (advertised, known) = (approved.advertised?, CreditType::of_body(&types.types, body)?);
    let yields = credit(event.instruction_seconds(), &known.rule);
    (advertised.hundredths() > yields.hundredths()).then(|| {
        format!("{advertised} credits are advertised, more than the instruction yields ({}). The event can't be published like this, whatever you decide.", yields.arithmetic)
    })
}
