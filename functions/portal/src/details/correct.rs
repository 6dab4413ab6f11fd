//! The correction of a record: the roster's seven fields, filled with what stands there, judged by the rules of a row.

use super::{Asking, Facts, Outcome, apply, status_of};
use crate::{Portal, Shared, trouble};
use adapters::{clock, table::RecordedCredit};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    credit::{Actor, ChangeReason, CreditKey, Plan, Refusal, judge_correction, plan_correction, read_form},
    roster::{
        heading::Column,
        judge::{Credit, Registers, Rules},
        reason::Reason,
        row::ReadRow,
    },
};
use http::StatusCode;
use pages::{answer, form::Form, layout::Page, problem::Problem, visitor::Visitor};
use serde::Deserialize;
use std::collections::BTreeSet;

/// The fields of the form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Correction {
    first_name: String,
    last_name: String,
    license_number: String,
    course_number: String,
    ce_year: String,
    course_date: String,
    ce_hours: String,
    reason: String,
    /// The version that was corrected.
    version: u32,
}

impl Correction {
    fn texts(&self) -> [&str; 7] {
        [
            &self.first_name,
            &self.last_name,
            &self.license_number,
            &self.course_number,
            &self.ce_year,
            &self.course_date,
            &self.ce_hours,
        ]
    }
}

#[derive(Template)]
#[template(path = "details/correct.html")]
struct CorrectPage {
    page: Page,
    list: (&'static str, String),
    address: String,
    facts: Facts,
    is_office: bool,
    stands: bool,
    fields: Vec<Field>,
    reason: String,
    reason_wrong: Option<String>,
    version: u32,
    /// Why nothing was saved.
    refusal: Option<String>,
}

impl CorrectPage {
    /// Whether something that was typed has to be corrected.
    fn is_wrong(&self) -> bool {
        self.reason_wrong.is_some() || self.fields.iter().any(|field| !field.wrong.is_empty())
    }
}

/// A field of the form, with what is wrong in it.
struct Field {
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    text: String,
    wrong: Vec<String>,
}

/// What the form shows besides the record.
struct Entered<'a> {
    texts: [&'a str; 7],
    reasons: &'a [Reason],
    why: &'a str,
    why_wrong: Option<String>,
    refusal: Option<String>,
}

/// `GET …/credits/{credit}/correct`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(reference): Path<String>,
) -> Result<Response, Problem> {
    let asking = Asking::of(visitor)?;
    let record = asking.fetch(&portal, &reference).await?;
    let texts = record.texts();
    let texts = texts.each_ref().map(String::as_str);
    let entered = Entered { texts, reasons: &[], why: "", why_wrong: None, refusal: None };
    form(&portal, &asking, &record, entered, StatusCode::OK).await
}

/// `POST …/credits/{credit}/correct`
pub(crate) async fn save(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(reference): Path<String>,
    Form(correction): Form<Correction>,
) -> Result<Response, Problem> {
    let asking = Asking::of(visitor)?;
    let record = asking.fetch(&portal, &reference).await?;
    let now = clock::now();
    let row = read_form(correction.texts());
    let reporting_year = asking.visitor.organisation.reporting_year.unwrap_or(portal.reporting_year);
    let rules =
        Rules { provider: Some(record.recorded.provider.clone()), today: Some(portal.today(now)), reporting_year };
    let registers = fetch_registers(&portal, &row).await?;
    let judged = judge_correction(&record, &row, &registers, &rules);
    let (credit, reason) = match (judged, ChangeReason::parse(&correction.reason)) {
        (Ok(credit), Ok(reason)) => (credit, reason),
        (judged, reason) => {
            let entered = Entered {
                texts: correction.texts(),
                reasons: &judged.err().unwrap_or_default(),
                why: &correction.reason,
                why_wrong: reason.err().map(|error| error.to_string()),
                refusal: None,
            };
            return form(&portal, &asking, &record, entered, status_of(None)).await;
        }
    };
    let planned = plan(&portal, &asking, &record, correction.version, credit).await?;
    match apply(&portal, &asking, record, correction.version, planned, (reason, now)).await? {
        Outcome::Done(response) => Ok(response),
        Outcome::Refused(refusal, fresh) => {
            let kept = fresh.texts();
            // What somebody else has changed is shown as it is now; everything else as it was typed.
            let texts = match refusal {
                Refusal::ChangedMeanwhile => kept.each_ref().map(String::as_str),
                _ => correction.texts(),
            };
            let why = correction.reason.as_str();
            let entered = Entered { texts, reasons: &[], why, why_wrong: None, refusal: Some(refusal.text()) };
            form(&portal, &asking, &fresh, entered, status_of(Some(&refusal))).await
        }
    }
}

/// Plans a correction, with a look at what stands under the other key, if it is another one. Only whether it can be taken is
/// told of that.
async fn plan(
    portal: &Portal,
    asking: &Asking,
    record: &RecordedCredit,
    seen: u32,
    credit: Box<Credit>,
) -> Result<(Plan, Result<(), Refusal>), Problem> {
    let key = CreditKey::of(&credit);
    let stays = record.key().is(&key);
    let beside = match stays {
        true => None,
        false => portal.clients.table.fetch_credit(&Actor::Office, &key).await.map_err(trouble::table)?,
    };
    let asked_for = match stays {
        true => Plan::Correct(credit.clone()),
        false => Plan::Move { credit: credit.clone(), onto: None },
    };
    Ok(match plan_correction(record, seen, &asking.actor, credit, beside.as_ref()) {
        Ok(plan) => (plan, Ok(())),
        Err(refusal) => (asked_for, Err(refusal)),
    })
}

/// The row's licence and course in the registers; a number that isn't there is looked up with the zeros it may have lost.
async fn fetch_registers(portal: &Portal, row: &ReadRow) -> Result<Registers, Problem> {
    let table = &portal.clients.table;
    let courses: BTreeSet<_> = row.course.iter().cloned().collect();
    let Some(number) = &row.licence else {
        return table.fetch_registers(&BTreeSet::new(), &courses).await.map_err(trouble::table);
    };
    let compared = number.compared().to_owned();
    let mut registers =
        table.fetch_registers(&BTreeSet::from([compared.clone()]), &courses).await.map_err(trouble::table)?;
    if !registers.holders.contains_key(&compared) {
        let padded: BTreeSet<_> = number.with_leading_zeros().iter().map(|n| n.compared().to_owned()).collect();
        let found = table.fetch_registers(&padded, &BTreeSet::new()).await.map_err(trouble::table)?;
        registers.holders.extend(found.holders);
    }
    Ok(registers)
}

async fn form(
    portal: &Portal,
    asking: &Asking,
    record: &RecordedCredit,
    entered: Entered<'_>,
    status: StatusCode,
) -> Result<Response, Problem> {
    let fields = Column::ALL.map(|column| Field {
        name: column.key(),
        label: column.heading(),
        kind: if column == Column::CourseDate { "date" } else { "text" },
        text: entered.texts[column as usize].to_owned(),
        wrong: entered.reasons.iter().filter(|reason| reason.column() == column).map(Reason::text).collect(),
    });
    let page = CorrectPage {
        page: asking.page(portal, "Correct a record"),
        list: asking.list(record),
        address: asking.address(&record.key()),
        facts: Facts::fetch(portal, asking, record, clock::now()).await?,
        is_office: asking.actor.is_office(),
        stands: record.stands(),
        fields: fields.into(),
        reason: entered.why.to_owned(),
        reason_wrong: entered.why_wrong,
        version: record.version,
        refusal: entered.refusal,
    };
    answer::form_again(&page, status)
}
