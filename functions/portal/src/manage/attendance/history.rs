//! Every word that was said about an event's attendance, by whom, when and why, and every plan that was carried out. Nothing is
//! ever deleted here: a word is taken back by another.

use super::{
    Asked, Place, Top,
    again::Again,
    base,
    known::{closed, fetch_ended},
    page,
    person::{speaker, whose},
    say::say,
    words,
};
use crate::{
    Portal, Shared,
    manage::{Managing, history::Names},
    trouble,
};
use adapters::{
    clock,
    table::{AttendanceInputs, CarriedOut},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    attendance::{Adjustment, Said},
    event::Event,
};
use http::StatusCode;
use pages::{
    answer,
    form::{Form, Query},
    layout::Page,
    moment::Moment,
    problem::Problem,
    visitor::Visitor,
    words::counted,
};
use serde::Deserialize;

/// Words on one page.
const PAGE_WORDS: usize = 100;
/// Plans that are shown, the latest.
const MOST_PLANS: i32 = 50;
const NOT_THERE: &str = "This word is taken back already, so nothing was said.";

#[derive(Template)]
#[template(path = "manage/attendance/history.html")]
struct HistoryPage {
    page: Page,
    top: Top,
    lines: Vec<Line>,
    all: usize,
    at: usize,
    pages: usize,
    plans: Vec<PlanLine>,
    again: Again,
}

struct Line {
    number: u64,
    when: Moment,
    who: String,
    what: String,
    why: String,
    stands: bool,
}

struct PlanLine {
    number: u32,
    when: Moment,
    /// At least so many: where a plan was taken up after an interruption, those whom the first process wrote aren't counted.
    moves: String,
    counts: String,
    case: String,
    words: u64,
}

/// Which word is taken back, and why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TakenBack {
    said: u64,
    number: u64,
    why: String,
}

/// `GET /manage/events/{id}/attendance/history`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = managing.fetch(&portal, &id).await?;
    if let Some(why) = closed(&event, clock::now()) {
        return Err(Problem::NotNow(why));
    }
    answer::page(&history_page(&portal, &managing, &event, &asked, Again::default()).await?)
}

/// `POST /manage/events/{id}/attendance/history`
pub(crate) async fn take_back(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(taken): Form<TakenBack>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = fetch_ended(&portal, &managing, &id).await?;
    let words = portal.clients.table.fetch_adjustments(&event.id).await.map_err(trouble::table)?;
    let upto: Vec<Adjustment> = words.into_iter().filter(|word| word.number <= taken.said).collect();
    let standing = domain::attendance::Settled::of(&upto).standing;
    let (told, status) = if standing.contains(&taken.number) {
        let said = [Said::TakeBack { number: taken.number }];
        match say(&portal, &managing, &event, taken.said, &taken.why, &said).await? {
            Ok(()) => return answer::see_other(&format!("{}/history?done=said", base(&event))),
            Err(not) => (not.text(), not.status()),
        }
    } else {
        (NOT_THERE, StatusCode::CONFLICT)
    };
    let again = Again::of(&taken.number.to_string(), &taken.why, told);
    let page = history_page(&portal, &managing, &event, &Asked::default(), again).await?;
    answer::form_again(&page, status)
}

async fn history_page(
    portal: &Portal,
    managing: &Managing,
    event: &Event,
    asked: &Asked,
    again: Again,
) -> Result<HistoryPage, Problem> {
    let table = &portal.clients.table;
    let inputs: AttendanceInputs = table.fetch_attendance_inputs(event).await.map_err(trouble::table)?;
    let (plans, _) = table.fetch_plans(&event.id, None, MOST_PLANS).await.map_err(trouble::table)?;
    let names = Names::fetch(portal, event).await?;
    let now = clock::now();
    let at = asked.page.unwrap_or(1).max(1);
    let whose = whose(&inputs.people);
    let line = |word: &Adjustment| Line {
        number: word.number,
        when: portal.moment(word.at, now),
        who: speaker(&names, managing, word),
        what: words::said(&word.said, &event.when.zone, &inputs.record, &whose),
        why: word.why.clone(),
        stands: inputs.settled.standing.contains(&word.number),
    };
    let newest = inputs.adjustments.iter().rev();
    Ok(HistoryPage {
        page: page(portal, managing, event, "What was said"),
        top: Top::of(managing, event, &inputs, Place::History, asked).telling(again.told.clone()),
        lines: newest.skip((at - 1).saturating_mul(PAGE_WORDS)).take(PAGE_WORDS).map(line).collect(),
        all: inputs.adjustments.len(),
        at,
        pages: inputs.adjustments.len().div_ceil(PAGE_WORDS).max(1),
        plans: plans.iter().map(|plan| plan_line(portal, plan, now)).collect(),
        again,
    })
}

fn plan_line(portal: &Portal, plan: &CarriedOut, now: i64) -> PlanLine {
    let applied = &plan.applied;
    let counts = applied.counts;
    PlanLine {
        number: applied.plan,
        when: portal.moment(applied.at, now),
        moves: match plan.moves {
            0 => "nobody".to_owned(),
            some => format!("at least {}", counted(some, "person changed", "people changed")),
        },
        counts: format!(
            "{} in full, {} not in full, {} under review, {} not there, {} unmatched",
            counts.full, counts.short, counts.review, counts.absent, counts.unmatched
        ),
        case: applied.case.clone(),
        words: applied.said,
    }
}
