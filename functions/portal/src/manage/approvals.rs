//! What each of the organisation's bodies says of an event, what it promises, and what the time yields for it.

use super::{
    Managing, Part, Standing,
    form::{EventForm, Note, Saving, plain, row_of, save, text, version},
};
use crate::{Portal, Shared};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    credit_type::{CreditType, credit},
    event::{
        Approval, Consent, Event,
        consent::can_be_asked,
        draft::{ApprovalDraft, ApprovalsDraft, LONGEST_LINE, LONGEST_STATEMENT},
    },
    organisation::MOST_BODIES,
};
use http::StatusCode;
use pages::{
    answer,
    fields::{Field, Fields, Typed},
    form::Query,
    layout::Page,
    moment::Moment,
    problem::Problem,
    visitor::Visitor,
};
use serde::Deserialize;

/// The largest form of approvals, in bytes: two statements and some short fields for each body, each character of which can take
/// four bytes and each byte three characters in a form.
pub(crate) const LARGEST_APPROVALS_FORM: usize =
    MOST_BODIES * (2 * LONGEST_STATEMENT + 2 * LONGEST_LINE) * 12 + 4 * 1024;

const ROWS: [&str; 8] = ["body", "standing", "number", "statement", "valid_from", "valid_to", "evidence", "advertised"];
const FROZEN: [&str; 1] = [
    "Approvals and the advertised credit are frozen: people registered for what was promised. To change them, cancel this event and publish another one.",
];

/// The fields of the address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    saved: Option<String>,
    asked: Option<String>,
}

#[derive(Template)]
#[template(path = "manage/approvals.html")]
struct ApprovalsPage {
    page: Page,
    form: EventForm,
    rows: Vec<Row>,
    /// The bodies that the office can be asked about.
    to_ask: Vec<String>,
    /// They can't be asked about before there is an agenda.
    no_instruction: bool,
    asked: bool,
    is_office: bool,
    nothing_listed: bool,
}

struct Row {
    body: Field,
    name: String,
    standing: Field,
    number: Field,
    statement: Field,
    valid_from: Field,
    valid_to: Field,
    evidence: Field,
    advertised: Field,
    yields: String,
    /// The office's word, if there is one.
    consent: Option<ConsentWords>,
}

/// The office's word on an approval.
pub(super) struct ConsentWords {
    pub(super) look: &'static str,
    pub(super) words: &'static str,
    pub(super) why: Option<String>,
    pub(super) when: Option<Moment>,
}

impl ConsentWords {
    pub(super) fn of(portal: &Portal, consent: &Consent, now: i64) -> Self {
        let when = match consent {
            Consent::NotAsked => None,
            Consent::Asked { at, .. } | Consent::Given { at, .. } | Consent::Refused { at, .. } => {
                Some(portal.moment(*at, now))
            }
        };
        let (look, words, why) = match consent {
            Consent::NotAsked => ("open", "The office hasn't been asked", None),
            Consent::Asked { .. } => ("open", "The office was asked and hasn't answered yet", None),
            Consent::Given { .. } => ("good", "The office consents", None),
            Consent::Refused { why, .. } => ("bad", "The office doesn't consent", Some(why.clone())),
        };
        Self { look, words, why, when }
    }
}

/// `GET /manage/events/{id}/approvals`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = managing.fetch(&portal, &id).await?;
    let draft = ApprovalsDraft::of(&event, &managing.visitor.organisation.bodies);
    let form = form(&portal, &managing, &event, &draft).saved(&portal, &event, asked.saved.as_ref()).await?;
    let page = page(&portal, &managing, &event, form).await?;
    answer::page(&ApprovalsPage { asked: asked.asked.is_some(), ..page })
}

/// `POST /manage/events/{id}/approvals`
pub(crate) async fn change(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = managing.fetch(&portal, &id).await?;
    let typed = typed.only(|name| name == "version" || row_of(name, &ROWS, MOST_BODIES).is_some())?;
    let (seen, draft) = (version(&typed)?, draft_of(&typed));
    let bodies = &managing.visitor.organisation.bodies;
    let again = || form(&portal, &managing, &event, &draft).over(seen);
    let after = match draft.read(&event, bodies) {
        Ok(after) => after,
        Err(wrong) => {
            let page = page(&portal, &managing, &event, again().telling(wrong.into_iter().map(plain))).await?;
            return answer::form_again(&page, StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    let saving = save(&portal, &managing, &event, &after, seen, "The approvals were changed.").await?;
    let status = saving.status();
    match saving {
        Saving::Done => answer::see_other(&format!("{}/approvals?saved=yes", super::address(&event.id))),
        Saving::Refused(refusals) => {
            let form = EventForm { refusals, ..again() };
            answer::form_again(&page(&portal, &managing, &event, form).await?, status)
        }
        Saving::Conflict(fresh) => {
            let mut form = EventForm { note: Note::Conflict, ..self::form(&portal, &managing, &fresh, &draft) };
            form.fields.stands_now(values(&ApprovalsDraft::of(&fresh, bodies)));
            answer::form_again(&page(&portal, &managing, &fresh, form).await?, status)
        }
    }
}

/// What was typed, for each body that the form had.
fn draft_of(typed: &Typed) -> ApprovalsDraft {
    let row = |row: usize| {
        let text = |stem: &str| text(typed, &format!("{stem}-{row}"));
        ApprovalDraft {
            body: text("body"),
            standing: text("standing"),
            number: text("number"),
            statement: text("statement"),
            valid_from: text("valid_from"),
            valid_to: text("valid_to"),
            evidence: text("evidence"),
            advertised: text("advertised"),
        }
    };
    ApprovalsDraft { rows: (0..MOST_BODIES).map(row).take_while(|row| !row.body.is_empty()).collect() }
}

fn values(draft: &ApprovalsDraft) -> Vec<(String, String)> {
    let of_row = |(number, row): (usize, &ApprovalDraft)| {
        let texts = [
            &row.body,
            &row.standing,
            &row.number,
            &row.statement,
            &row.valid_from,
            &row.valid_to,
            &row.evidence,
            &row.advertised,
        ];
        ROWS.iter().zip(texts).map(|(stem, text)| (format!("{stem}-{number}"), text.clone())).collect::<Vec<_>>()
    };
    draft.rows.iter().enumerate().flat_map(of_row).collect()
}

fn form(portal: &Portal, managing: &Managing, event: &Event, draft: &ApprovalsDraft) -> EventForm {
    let labels = ["", "Standing", "Number", "Statement", "Valid from", "Valid to", "Evidence", "Advertised credit"];
    let mut form = EventForm::of(portal, managing, event, Part::Approvals, Fields::of(values(draft)));
    for row in 0..draft.rows.len() {
        for (stem, label) in ROWS.iter().zip(labels) {
            form.fields.label(&format!("{stem}-{row}"), label);
        }
    }
    form.freezing(event, &FROZEN)
}

async fn page(portal: &Portal, managing: &Managing, event: &Event, form: EventForm) -> Result<ApprovalsPage, Problem> {
    let standing = Standing::fetch(portal, managing, event).await?;
    let seconds = event.instruction_seconds();
    let row = |number: usize| {
        let field = |stem: &str| form.fields.at(&format!("{stem}-{number}")).clone();
        let body = field("body");
        let listed = standing.organisation.bodies.iter().find(|listed| listed.short.eq_ignore_ascii_case(&body.value));
        let approved = event.approval_of(&body.value).and_then(Approval::approved);
        Row {
            name: listed.map(|listed| listed.name.clone()).unwrap_or_default(),
            yields: yields(standing.types_for(event), &body.value, seconds),
            consent: approved.map(|approved| ConsentWords::of(portal, &approved.consent, standing.now)),
            standing: field("standing"),
            number: field("number"),
            statement: field("statement"),
            valid_from: field("valid_from"),
            valid_to: field("valid_to"),
            evidence: field("evidence"),
            advertised: field("advertised"),
            body,
        }
    };
    let can_ask = |approval: &&Approval| event.published.is_none() && approval.approved().is_some_and(can_be_asked);
    Ok(ApprovalsPage {
        page: form.page.clone(),
        rows: (0..MOST_BODIES).map(row).take_while(|row| !row.body.name.is_empty()).collect(),
        to_ask: event.approvals.iter().filter(can_ask).map(|approval| approval.body.clone()).collect(),
        no_instruction: event.instruction_seconds() == 0,
        asked: false,
        is_office: managing.is_office(),
        nothing_listed: standing.organisation.bodies.is_empty(),
        form,
    })
}

/// What the time yields for a body, with how it is counted.
pub(super) fn yields(types: &[CreditType], body: &str, seconds: u64) -> String {
    match CreditType::of_body(types, body) {
        Some(credit_type) => format!("{}: {}", credit_type.name, credit(seconds, &credit_type.rule).arithmetic),
        None => format!("The office hasn't entered how {body} counts credit."),
    }
}
