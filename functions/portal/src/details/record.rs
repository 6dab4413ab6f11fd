//! One record: what stands now, what stood before, and what may be done.

use super::{Asking, Facts, change_words};
use crate::{Shared, trouble};
use adapters::{clock, table::RecordedCredit};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::credit::{Change, CreditState, Former};
use pages::{answer, form::Query, layout::Page, moment::Moment, problem::Problem, visitor::Visitor};
use serde::Deserialize;

/// The fields of a record's address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    /// What was just done.
    done: Option<String>,
}

#[derive(Template)]
#[template(path = "details/record.html")]
struct RecordPage {
    page: Page,
    list: (&'static str, String),
    address: String,
    facts: Facts,
    is_office: bool,
    done: Option<&'static str>,
    stands: bool,
    /// Whether this visitor may restore it.
    restorable: bool,
    /// The record that this one came from or was replaced by.
    other: Option<(&'static str, String)>,
    history: Vec<FormerLine>,
}

/// What the record was, and the change that ended it.
struct FormerLine {
    version: u32,
    /// The name and the values, and whether it was withdrawn.
    what: String,
    change: &'static str,
    who: String,
    when: Moment,
    reason: String,
}

/// `GET /details/credits/{credit}` and `GET /office/credits/{credit}`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(reference): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let asking = Asking::of(visitor)?;
    let record = asking.fetch(&portal, &reference).await?;
    let history = match record.version {
        1 => Vec::new(),
        _ => portal.clients.table.fetch_history(&record).await.map_err(trouble::table)?,
    };
    let now = clock::now();
    let line = |former: &Former| FormerLine {
        version: former.version,
        what: former_words(former),
        change: change_words(&former.change),
        who: asking.who(&record.recorded, &former.change.made),
        when: portal.moment(former.change.made.at, now),
        reason: former.change.made.reason.as_str().to_owned(),
    };
    let restorable = match &record.recorded.state {
        CreditState::Standing => false,
        CreditState::Withdrawn(withdrawal) => {
            !withdrawal.replaced && (!withdrawal.by_office || asking.actor.is_office())
        }
    };
    answer::page(&RecordPage {
        page: asking.page(&portal, "Record of CE Details"),
        list: asking.list(&record),
        address: asking.address(&record.key()),
        facts: Facts::fetch(&portal, &asking, &record, now).await?,
        is_office: asking.actor.is_office(),
        done: asked.done.as_deref().and_then(done_words),
        stands: record.stands(),
        restorable,
        other: record.changed.as_ref().and_then(|change| other(&asking, &record, change)),
        history: history.iter().map(line).collect(),
    })
}

fn former_words(former: &Former) -> String {
    let withdrawn = if former.was_withdrawn { ", withdrawn" } else { "" };
    format!(
        "{} {}, {}, {} hours, CE Year {}{withdrawn}",
        former.name.first, former.name.last, former.number, former.hours, former.ce_year
    )
}

fn other(asking: &Asking, record: &RecordedCredit, change: &Change) -> Option<(&'static str, String)> {
    let key = change.other.as_ref()?;
    let words = if record.stands() { "The record that it came from" } else { "The record that has taken its place" };
    Some((words, asking.address(key)))
}

/// What was just done, if the address says something that we do.
fn done_words(done: &str) -> Option<&'static str> {
    match done {
        "corrected" => Some("The record is corrected. What it was before stands in its history."),
        "withdrawn" => Some("The record is withdrawn and no longer counts. You can restore it."),
        "restored" => Some("The record is restored and counts again."),
        _ => None,
    }
}
