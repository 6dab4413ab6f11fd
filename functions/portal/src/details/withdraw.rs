//! The withdrawal of a record, and its undoing: each with a reason, on a page of its own that says what it means.

use super::{Asking, Facts, Outcome, apply, status_of};
use crate::{Portal, Shared};
use adapters::{clock, table::RecordedCredit};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::credit::{ChangeReason, Plan, Refusal, plan_restoration, plan_withdrawal};
use http::StatusCode;
use pages::{answer, form::Form, layout::Page, problem::Problem, visitor::Visitor};
use serde::Deserialize;

/// The fields of the form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Signed {
    reason: String,
    /// The version that was looked at.
    version: u32,
}

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Withdraw,
    Restore,
}

impl Deed {
    fn plan(self) -> Plan {
        match self {
            Deed::Withdraw => Plan::Withdraw,
            Deed::Restore => Plan::Restore,
        }
    }

    fn judge(self, record: &RecordedCredit, seen: u32, asking: &Asking) -> Result<(), Refusal> {
        match self {
            Deed::Withdraw => plan_withdrawal(record, seen, &asking.actor).map(|_| ()),
            Deed::Restore => plan_restoration(record, seen, &asking.actor).map(|_| ()),
        }
    }
}

#[derive(Template)]
#[template(path = "details/withdraw.html")]
struct DeedPage {
    page: Page,
    list: (&'static str, String),
    address: String,
    facts: Facts,
    is_office: bool,
    restores: bool,
    /// Whether it is possible now.
    possible: bool,
    reason: String,
    reason_wrong: Option<String>,
    version: u32,
    /// Why nothing was saved, or can't be.
    refusal: Option<String>,
}

/// `GET …/credits/{credit}/withdraw`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(reference): Path<String>,
) -> Result<Response, Problem> {
    ask(&portal, visitor, &reference, Deed::Withdraw).await
}

/// `GET …/credits/{credit}/restore`
pub(crate) async fn show_restoration(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(reference): Path<String>,
) -> Result<Response, Problem> {
    ask(&portal, visitor, &reference, Deed::Restore).await
}

/// `POST …/credits/{credit}/withdraw`
pub(crate) async fn save(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(reference): Path<String>,
    Form(signed): Form<Signed>,
) -> Result<Response, Problem> {
    carry_out(&portal, visitor, &reference, Deed::Withdraw, signed).await
}

/// `POST …/credits/{credit}/restore`
pub(crate) async fn save_restoration(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(reference): Path<String>,
    Form(signed): Form<Signed>,
) -> Result<Response, Problem> {
    carry_out(&portal, visitor, &reference, Deed::Restore, signed).await
}

async fn ask(portal: &Portal, visitor: Visitor, reference: &str, deed: Deed) -> Result<Response, Problem> {
    let asking = Asking::of(visitor)?;
    let record = asking.fetch(portal, reference).await?;
    let refusal = deed.judge(&record, record.version, &asking).err();
    form(portal, &asking, &record, deed, ("", None), refusal.as_ref(), StatusCode::OK).await
}

async fn carry_out(
    portal: &Portal,
    visitor: Visitor,
    reference: &str,
    deed: Deed,
    signed: Signed,
) -> Result<Response, Problem> {
    let asking = Asking::of(visitor)?;
    let record = asking.fetch(portal, reference).await?;
    let reason = match ChangeReason::parse(&signed.reason) {
        Ok(reason) => reason,
        Err(wrong) => {
            let why = (signed.reason.as_str(), Some(wrong.to_string()));
            return form(portal, &asking, &record, deed, why, None, status_of(None)).await;
        }
    };
    let judged = deed.judge(&record, signed.version, &asking);
    let planned = (deed.plan(), judged);
    match apply(portal, &asking, record, signed.version, planned, (reason, clock::now())).await? {
        Outcome::Done(response) => Ok(response),
        Outcome::Refused(refusal, fresh) => {
            let why = (signed.reason.as_str(), None);
            form(portal, &asking, &fresh, deed, why, Some(&refusal), status_of(Some(&refusal))).await
        }
    }
}

async fn form(
    portal: &Portal,
    asking: &Asking,
    record: &RecordedCredit,
    deed: Deed,
    (reason, reason_wrong): (&str, Option<String>),
    refusal: Option<&Refusal>,
    status: StatusCode,
) -> Result<Response, Problem> {
    let title = match deed {
        Deed::Withdraw => "Withdraw a record",
        Deed::Restore => "Restore a record",
    };
    let page = DeedPage {
        page: asking.page(portal, title),
        list: asking.list(record),
        address: asking.address(&record.key()),
        facts: Facts::fetch(portal, asking, record, clock::now()).await?,
        is_office: asking.actor.is_office(),
        restores: deed == Deed::Restore,
        possible: deed.judge(record, record.version, asking).is_ok(),
        reason: reason.to_owned(),
        reason_wrong,
        version: record.version,
        refusal: refusal.map(Refusal::text),
    };
    answer::form_again(&page, status)
}
