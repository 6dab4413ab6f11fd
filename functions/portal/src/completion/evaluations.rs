//! CE Wallet › Evaluations: what waits to be submitted, marked Incomplete, above what is Submitted.

use super::{evaluation_address, fetch_completions};
use crate::Shared;
use adapters::clock;
use askama::Template;
use axum::{extract::State, response::Response};
use domain::{attendance::missing::Evaluation, event::Event, registration::Participation};
use pages::{
    answer,
    form::Query,
    layout::{Page, Section},
    moment::Moment,
    problem::Problem,
    visitor::{AskingAccount, Visitor},
};
use serde::Deserialize;

/// The fields of the address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "completion/evaluations.html")]
struct EvaluationsPage {
    page: Page,
    incomplete: Vec<Line>,
    submitted: Vec<Line>,
    is_first: bool,
    older: Option<String>,
}

/// An evaluation in the list.
struct Line {
    address: String,
    title: String,
    provider: String,
    when: String,
    state: Stage,
}

/// Where it stands.
enum Stage {
    Incomplete { until: Moment },
    Submitted { at: Moment },
    Expired { at: Moment },
}

/// `GET /wallet/evaluations`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    AskingAccount(asking): AskingAccount,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let after = asked.after.as_deref();
    let (found, older) = fetch_completions(&portal, &asking.account.id, after).await?;
    let now = clock::now();
    let lines = found.iter().filter_map(|(event, person)| line(event, person, now));
    let (submitted, mut incomplete): (Vec<_>, Vec<_>) =
        lines.partition(|line| matches!(line.state, Stage::Submitted { .. }));
    // What can still be submitted before what can't any more.
    incomplete.sort_by_key(|line| matches!(line.state, Stage::Expired { .. }));
    answer::page(&EvaluationsPage {
        page: portal.page("Evaluations", Section::Evaluations, &visitor),
        incomplete,
        submitted,
        is_first: after.is_none(),
        older,
    })
}

fn line(event: &Event, person: &Participation, now: i64) -> Option<Line> {
    let completion = person.completion.as_deref()?;
    let moment = |at| Moment::new(at, now, &event.when.zone.rules());
    let state = match (person.evaluation_standing(now), &completion.submitted) {
        (_, Some(submitted)) => Stage::Submitted { at: moment(submitted.at) },
        (Evaluation::Expired, None) => Stage::Expired { at: moment(completion.until) },
        (_, None) => Stage::Incomplete { until: moment(completion.until) },
    };
    Some(Line {
        address: evaluation_address(&event.id),
        title: event.title.clone(),
        provider: event.published.as_ref().map(|known| known.provider_name.clone()).unwrap_or_default(),
        when: event.when.words(),
        state,
    })
}
