//! When an event really took place, and its breaks: shown beside what was planned and what Zoom tells, tried out before it is
//! saved, and taken back by saying that the schedule counts. And the word that an event counts though it was too short.

use super::{
    Asked, Place, Top,
    again::Again,
    base,
    known::{Known, fetch_ended},
    page,
    preview::Preview,
    say::{NotSaid, say},
    times::{self, BreakRow},
};
use crate::{Portal, Shared, manage::Managing};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    attendance::{MOST_BREAKS, Said},
    event::Span,
};
use http::StatusCode;
use pages::{
    answer,
    attendance::EventExplained,
    fields::{Fields, Typed},
    form::Query,
    layout::Page,
    problem::Problem,
    visitor::Visitor,
};

/// The largest form of times, in bytes: a reason of 1,000 characters, each of which can take twelve bytes in a form, and four
/// short fields for each break.
pub(crate) const LARGEST_TIMES_FORM: usize = 1_000 * 12 + MOST_BREAKS * 4 * 60 + 2_048;

const LABELS: [(&str, &str); 6] = [
    ("start-on", "Day of the start"),
    ("start-time", "Start"),
    ("start-fold", "Start"),
    ("end-on", "Day of the end"),
    ("end-time", "End"),
    ("end-fold", "End"),
];
const NOT_SET: &str = "Nobody has set the times, so the schedule counts already.";
const NOT_SHORT: &str = "The event isn't too short for its credit, so there is nothing to say.";

#[derive(Template)]
#[template(path = "manage/attendance/times.html")]
struct TimesPage {
    page: Page,
    top: Top,
    it: EventExplained,
    /// The times as they would be.
    tried: Option<Tried>,
    fields: Fields,
    rows: Vec<BreakRow>,
    zone: String,
    /// Zoom's times, where they differ from the schedule and stand in the form.
    is_suggested: bool,
    is_set: bool,
    is_short: bool,
    counts_all_the_same: bool,
    again: Again,
}

/// What would come of the times that were typed.
struct Tried {
    it: EventExplained,
    preview: Option<Preview>,
}

/// `GET /manage/events/{id}/attendance/times`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let known = Known::fetch(&portal, fetch_ended(&portal, &managing, &id).await?).await?;
    let (fields, _) = stands(&known);
    answer::page(&times_page(&portal, &managing, &known, &asked, fields, Again::default()))
}

/// `POST /manage/events/{id}/attendance/times`
pub(crate) async fn save(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = fetch_ended(&portal, &managing, &id).await?;
    let typed = typed.only(|name| matches!(name, "said" | "do" | "why") || times::is_field(name))?;
    let seen = typed.text("said").parse().map_err(|_| Problem::Unreadable)?;
    let known = Known::fetch(&portal, event).await?;
    let asked = Asked::default();
    match typed.text("do") {
        what @ ("try" | "save") => {
            let mut fields = times::typed_again(&typed);
            for (name, label) in LABELS {
                fields.label(name, label);
            }
            let Some((event, breaks)) = times::read(&mut fields, &known.event.when.zone) else {
                let again = Again { told: None, ..Again::of("times", typed.text("why"), "") };
                let page = times_page(&portal, &managing, &known, &asked, fields, again);
                return answer::form_again(&page, StatusCode::UNPROCESSABLE_ENTITY);
            };
            let said = Said::Times { event, breaks };
            if what == "save" {
                let came =
                    say(&portal, &managing, &known.event, seen, typed.text("why"), std::slice::from_ref(&said)).await?;
                return done(&portal, &managing, &known, came, ("times", typed.text("why")), fields, Some(said)).await;
            }
            let tried = try_out(&portal, &managing, &known, said).await?;
            let again = Again { told: None, ..Again::of("times", typed.text("why"), "") };
            let page = times_page(&portal, &managing, &known, &asked, fields, again);
            answer::page(&TimesPage { tried: Some(tried), ..page })
        }
        what @ ("schedule" | "counts" | "counts-not") => {
            let came = match word(what, &known, seen) {
                Ok(said) => say(&portal, &managing, &known.event, seen, typed.text("why"), &[said]).await?,
                Err(told) => {
                    let again = Again::of(what, typed.text("why"), told);
                    let page = times_page(&portal, &managing, &known, &asked, stands(&known).0, again);
                    return answer::form_again(&page, StatusCode::UNPROCESSABLE_ENTITY);
                }
            };
            done(&portal, &managing, &known, came, (what, typed.text("why")), stands(&known).0, None).await
        }
        _ => Err(Problem::Unreadable),
    }
}

/// On to the overview, or the form once more with why nothing was said.
async fn done(
    portal: &Portal,
    managing: &Managing,
    known: &Known,
    came: Result<(), NotSaid>,
    (form, why): (&str, &str),
    fields: Fields,
    said: Option<Said>,
) -> Result<Response, Problem> {
    let Err(not) = came else { return answer::see_other(&format!("{}?done=said", base(&known.event))) };
    let page = times_page(portal, managing, known, &Asked::default(), fields, Again::of(form, why, not.text()));
    let tried = match said {
        Some(said) if not == NotSaid::NoReason => Some(try_out(portal, managing, known, said).await?),
        _ => None,
    };
    answer::form_again(&TimesPage { tried, ..page }, not.status())
}

/// A word about the event's time besides the times themselves.
fn word(what: &str, known: &Known, seen: u64) -> Result<Said, &'static str> {
    // A form that comes twice finds its own word: what it said is compared then.
    let upto = |word: &&domain::attendance::Adjustment| word.number <= seen;
    let adjustments: Vec<_> = known.inputs.adjustments.iter().filter(upto).cloned().collect();
    let standing = domain::attendance::Settled::of(&adjustments).standing;
    let last = |is: fn(&Said) -> bool| {
        adjustments.iter().rev().find(|word| standing.contains(&word.number) && is(&word.said)).map(|word| word.number)
    };
    match what {
        "schedule" => {
            let event = known.event.when.span();
            let is_set = last(|said| matches!(said, Said::Times { .. }));
            let number = is_set.ok_or(NOT_SET)?;
            // Of several words about the times each earlier one would count again: the schedule is said as what counts then.
            let earlier = adjustments.iter().filter(|word| word.number != number && standing.contains(&word.number));
            let is_first = !earlier.clone().any(|word| matches!(word.said, Said::Times { .. }));
            let breaks = domain::attendance::Facts::of_event(&known.event, &[], &[]).breaks;
            Ok(if is_first { Said::TakeBack { number } } else { Said::Times { event, breaks } })
        }
        "counts" if known.window().holds.iter().any(|hold| is_short(*hold)) => Ok(Said::EventCounts),
        "counts" => Err(NOT_SHORT),
        _ => last(|said| matches!(said, Said::EventCounts)).map(|number| Said::TakeBack { number }).ok_or(NOT_SHORT),
    }
}

fn is_short(hold: domain::attendance::Hold) -> bool {
    use domain::attendance::Hold;
    matches!(hold, Hold::UnderAnHour | Hold::LessThanAdvertised)
}

async fn try_out(portal: &Portal, managing: &Managing, known: &Known, said: Said) -> Result<Tried, Problem> {
    let then = known.with(portal, vec![said], managing.account()).await?;
    let (event, zone) = (&known.event, &known.event.when.zone);
    Ok(Tried {
        it: EventExplained::of("tried", &event.title, zone, &then.facts(), &then.window()),
        preview: Preview::of(&then, &base(event), 1),
    })
}

/// The form over what stands: what staff have set, what Zoom's times suggest, or the schedule. And whether it is suggested.
fn stands(known: &Known) -> (Fields, bool) {
    let facts = known.facts();
    let suggestion: Option<Span> = known.window().suggestion;
    let event = facts.actual.or(suggestion).unwrap_or(facts.schedule);
    (times::filled(event, &facts.breaks, &known.event.when.zone), facts.actual.is_none() && suggestion.is_some())
}

fn times_page(
    portal: &Portal,
    managing: &Managing,
    known: &Known,
    asked: &Asked,
    fields: Fields,
    again: Again,
) -> TimesPage {
    let event = &known.event;
    let window = known.window();
    TimesPage {
        page: page(portal, managing, event, "Times"),
        top: Top::of(managing, event, &known.inputs, Place::Times, asked).telling(again.told.clone()),
        it: EventExplained::of("times", &event.title, &event.when.zone, &known.facts(), &window),
        tried: None,
        rows: times::rows(&fields),
        fields,
        zone: event.when.zone.to_string(),
        is_suggested: again.form.is_empty() && stands(known).1,
        is_set: known.inputs.settled.times.is_some(),
        is_short: window.holds.iter().any(|hold| is_short(*hold)),
        counts_all_the_same: known.inputs.settled.event_counts,
        again,
    }
}
