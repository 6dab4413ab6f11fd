//! Where one credit counts: for each licence whether, and in which category. The register's record stays as it is; what is said here is
//! the licensee's own word, and can be taken back.

use super::{Held, Tracking, is_recorded_for};
use crate::{
    Portal, Shared,
    completion::evaluate::{ONLY_TOTAL, gives_nothing},
    office::day,
    trouble,
};
use adapters::clock;
use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use domain::{
    certificate::hours_for,
    completion::{AssignRefusal, Beside, assign_later, beside, may_issue},
    credit::{Actor, CreditKey},
    id::{AccountId, EventId},
    requirement::{Delivery, Version},
    tracker::{Assignment, Choice, CreditSource, TrackedCredit, assignable},
};
use http::StatusCode;
use jiff::civil::Date;
use pages::{
    address::segment,
    answer,
    fields::Typed,
    form::Query,
    layout::{Page, Section},
    problem::Problem,
    visitor::{AskingAccount, Visitor},
};
use serde::Deserialize;

/// The fields of the address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    credit: Option<String>,
}

#[derive(Template)]
#[template(path = "tracker/place.html")]
struct PlacePage {
    page: Page,
    title: String,
    provider: String,
    date: String,
    hours: String,
    approved_in: String,
    id: String,
    is_self_reported: bool,
    is_certificate: bool,
    outside_address: Option<String>,
    deliveries: Option<Vec<(String, String, bool)>>,
    licences: Vec<LicenceField>,
    problem: Option<String>,
}

/// A licence's field.
struct LicenceField {
    id: String,
    name: String,
    title: String,
    note: Option<&'static str>,
    choices: Vec<(String, String, bool)>,
}

/// The beginning of a licence's field's name.
const LICENCE_FIELD: &str = "licence/";
/// A value: the credit doesn't count for the licence.
const LEFT: &str = "left";
/// The beginning of a value with a category.
const IN: &str = "in/";

/// `GET /wallet/tracker/credit`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    AskingAccount(asking): AskingAccount,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let tracking = super::fetch(&portal, &asking.account.id, clock::now()).await?;
    let place = asked.credit.as_deref().and_then(|id| tracking.ledger.find(id)).ok_or(Problem::NotFound)?.0;
    answer::page(&page(&portal, &visitor, &tracking, place, None))
}

/// `POST /wallet/tracker/credit`
pub(crate) async fn save(
    State(portal): State<Shared>,
    visitor: Visitor,
    AskingAccount(asking): AskingAccount,
    typed: Typed,
) -> Result<Response, Problem> {
    let typed = typed.only(|name| matches!(name, "credit" | "delivery") || name.starts_with(LICENCE_FIELD))?;
    let account = &asking.account.id;
    for _ in 0..MOST_TRIES {
        let tracking = super::fetch(&portal, account, clock::now()).await?;
        let (place, credit) = tracking.ledger.find(typed.text("credit")).ok_or(Problem::NotFound)?;
        let again = |problem: String| {
            let page = page(&portal, &visitor, &tracking, place, Some(&typed));
            let page = PlacePage { problem: Some(problem), ..page };
            answer::form_again(&page, StatusCode::UNPROCESSABLE_ENTITY)
        };
        let said = read(&tracking, place, &typed)?;
        if let Some(problem) = shared_wrongly(&tracking, place, &said) {
            return again(problem);
        }
        if credit.source == CreditSource::Certificate {
            return match enter(&portal, account, credit, &said).await? {
                Entered::Now => Ok(answer::see_other("/wallet/tracker?done=entering").into_response()),
                Entered::Not(problem) => again(problem),
            };
        }
        let before = tracking.said.get(&credit.id).cloned().unwrap_or_default();
        let after = said_now(&before.choices, credit, &said);
        let table = &portal.clients.table;
        // What is the same as before is saved already. Else it is saved over what was looked at: what was said meanwhile from elsewhere
        // might not go with it.
        if after == before.choices
            || table.save_assignments(account, &credit.id, &after, before.version).await.map_err(trouble::table)?
        {
            tracing::info!(%account, licences = said.len(), "tracker.assigned");
            let there = format!("/wallet/tracker?done=assigned&credit={}", segment(&credit.id));
            return Ok(answer::see_other(&there).into_response());
        }
    }
    Err(Problem::TryAgain)
}

/// What the form says of each licence that it asked of.
fn read<'a>(tracking: &'a Tracking, place: usize, typed: &Typed) -> Result<Vec<(&'a Held, Choice)>, Problem> {
    let credit = &tracking.ledger.credits()[place];
    let delivery = Delivery::parse(typed.text("delivery")).filter(|_| credit.delivery.is_none());
    let mut said = Vec::new();
    for held in &tracking.held {
        let choice = match typed.text(&field(held)) {
            // The form didn't ask of this licence: nothing is said of it.
            "" => continue,
            LEFT => Choice::Left,
            other => match other.strip_prefix(IN) {
                // Only what was offered: a category goes into the record with a certificate's credit.
                Some(category) if is_offered(tracking, place, held, other) => {
                    Choice::Counts { category: category.to_owned(), delivery }
                }
                _ => return Err(Problem::Unreadable),
            },
        };
        said.push((held, choice));
    }
    Ok(said)
}

/// What is said of a credit after a form, with what was said before of licences that the form didn't ask of. What holds without anybody's
/// word isn't kept.
fn said_now(before: &[Assignment], credit: &TrackedCredit, said: &[(&Held, Choice)]) -> Vec<Assignment> {
    let is_said =
        |of: &&Assignment| said.iter().any(|(held, _)| held.licence.as_compared() == of.licence.as_compared());
    let kept = before.iter().filter(|of| !is_said(of)).cloned();
    let new = said.iter().filter(|(held, choice)| !is_what_holds(credit, held, choice)).map(|(held, choice)| {
        Assignment { licence: held.licence.clone(), credit: credit.id.clone(), choice: choice.clone() }
    });
    kept.chain(new).collect()
}

/// What came of having a credit entered.
enum Entered {
    /// A worker enters it.
    Now,
    /// It can't be, since.
    Not(String),
}

/// Has a certificate's credit entered for licences that it was entered for before by nobody; or says what keeps it from that. A worker
/// enters it, within seconds; twice is once.
async fn enter(
    portal: &Portal,
    account: &AccountId,
    credit: &TrackedCredit,
    said: &[(&Held, Choice)],
) -> Result<Entered, Problem> {
    let id = EventId::parse(&credit.id).map_err(|_| Problem::NotFound)?;
    let table = &portal.clients.table;
    let read = tokio::try_join!(table.fetch_event(&id), table.fetch_participation(&id, account));
    let (Some(event), Some(person)) = read.map_err(trouble::table)? else { return Err(Problem::NotFound) };
    if let Err(refusal) = may_issue(&event, &person) {
        return Ok(Entered::Not(refusal.text().to_owned()));
    }
    let credited = person.decided.as_ref().map(|decided| decided.credits.as_slice()).unwrap_or_default();
    let mut completion = person.completion.as_deref().cloned().ok_or(Problem::NotFound)?;
    let (mut is_chosen, mut is_changed) = (false, false);
    for (held, choice) in said {
        let Choice::Counts { category, .. } = choice else { continue };
        is_chosen = true;
        if hours_for(&event, credited, &held.licence).is_none() {
            return Ok(Entered::Not(gives_nothing(&held.title())));
        }
        let key = CreditKey { licence: held.licence.clone(), course: event.course.clone(), date: credit.date };
        let stands = table.fetch_credit(&Actor::Office, &key).await.map_err(trouble::table)?;
        if let Some(record) = stands
            && let Beside::Held(why) = beside(&record.recorded, &event.id, &event.provider, &held.licence)
        {
            tracing::info!(event = %event.id, %account, why = why.code(), "tracker.not_entered");
            return Ok(Entered::Not(STANDS_THERE.to_owned()));
        }
        completion = match assign_later(&completion, held.licence.clone(), category.clone()) {
            Ok(completion) => completion,
            // Pressed twice: it was done by the first.
            Err(AssignRefusal::Already) => continue,
            Err(refusal @ AssignRefusal::NotIssued) => return Ok(Entered::Not(refusal.text().to_owned())),
        };
        is_changed = true;
    }
    if !is_chosen {
        return Ok(Entered::Not(NONE_CHOSEN.to_owned()));
    }
    if is_changed {
        let saved = table.save_completion_to_end(&person, &completion, clock::now()).await.map_err(trouble::table)?;
        if !saved {
            return Err(Problem::TryAgain);
        }
        tracing::info!(event = %event.id, %account, "tracker.to_enter");
        portal.wake_certificate(&event.id, account).await;
    }
    Ok(Entered::Now)
}

/// How often a credit's assignments are read anew that were changed meanwhile: nobody has so many windows open.
const MOST_TRIES: usize = 4;
const NONE_CHOSEN: &str = "Choose a category under the license that the credit counts for. Nothing was entered.";

const STANDS_THERE: &str = "The record of that license has this course and day already in a way that this certificate's credit can't stand beside. Write to the event's contact and say which license it is for.";

/// Whether a choice is what holds without any: nothing need be kept then.
fn is_what_holds(credit: &TrackedCredit, held: &Held, choice: &Choice) -> bool {
    let recorded = is_recorded_for(credit, &held.licence);
    match choice {
        Choice::Counts { category, delivery } => recorded && delivery.is_none() && *category == credit.category,
        Choice::Left => !recorded,
    }
}

/// What keeps a credit from counting for all of the licences that were chosen.
fn shared_wrongly(tracking: &Tracking, place: usize, said: &[(&Held, Choice)]) -> Option<String> {
    let of = |held: &Held| said.iter().find(|(other, _)| other.licence == held.licence).map(|(_, choice)| choice);
    let counts = |held: &&Held| match of(held) {
        Some(Choice::Counts { .. }) => true,
        Some(Choice::Left) => false,
        None => tracking.counts_for(place, held),
    };
    let counting: Vec<&Held> = tracking.held.iter().filter(counts).collect();
    let licences: Vec<_> = counting.iter().map(|held| &held.licence).collect();
    let credit = tracking.ledger.credits().get(place)?;
    let lets = |held: &Held| version_on(tracking, held, credit.date).is_none_or(|version| version.set.shares);
    let shares = |licence: &domain::licence::Licence| {
        tracking.held.iter().find(|held| held.licence == *licence).is_none_or(lets)
    };
    let refused = counting.iter().find(|held| {
        // What both boards' registers have already isn't for this page to forbid.
        !is_recorded_for(credit, &held.licence) && !assignable(&held.licence, &licences, shares)
    })?;
    let strict = counting.iter().find(|held| !lets(held)).unwrap_or(refused);
    Some(format!(
        "The board of {} doesn't let a credit count for another license too. Choose one of your licenses for it, and \u{201c}Doesn't count\u{201d} for the others.",
        strict.title()
    ))
}

/// What a licence's credit of a day follows: the rules of the cycle that it lies in; where no cycle is known, those of its day.
fn version_on<'a>(tracking: &'a Tracking, held: &'a Held, day: Date) -> Option<&'a Version> {
    let tracker = tracking.track(held).ok();
    let version = tracker.as_ref().and_then(|tracker| tracker.on(day)).map(|tracked| tracked.version);
    version.or_else(|| held.requirements.of_day(day, tracking.today))
}

fn field(held: &Held) -> String {
    format!("{LICENCE_FIELD}{}", held.reference())
}

fn page(portal: &Portal, visitor: &Visitor, tracking: &Tracking, place: usize, typed: Option<&Typed>) -> PlacePage {
    let credit = &tracking.ledger.credits()[place];
    let said = tracking.held.iter().filter_map(|held| held.choice(place));
    let told = said.filter_map(|choice| match choice {
        Choice::Counts { delivery, .. } => *delivery,
        Choice::Left => None,
    });
    let told = typed.map_or_else(|| told.min(), |typed| Delivery::parse(typed.text("delivery")));
    let deliveries = credit.delivery.is_none().then(|| {
        let unknown = (String::new(), "Not known".to_owned(), told.is_none());
        let known = Delivery::ALL.map(|it| (it.as_str().to_owned(), it.title().to_owned(), told == Some(it)));
        std::iter::once(unknown).chain(known).collect()
    });
    let fields = tracking.held.iter().enumerate().map(|(number, held)| {
        let chosen = typed.map(|typed| typed.text(&field(held)).to_owned()).filter(|value| !value.is_empty());
        licence_field(tracking, place, (number, held), chosen)
    });
    PlacePage {
        page: portal.page("Where a credit counts", Section::Tracker, visitor),
        title: credit.title.clone(),
        provider: credit.provider.clone(),
        date: day(credit.date),
        hours: credit.hours.to_string(),
        approved_in: credit.category.clone(),
        id: credit.id.clone(),
        is_self_reported: credit.is_self_reported(),
        is_certificate: credit.source == CreditSource::Certificate,
        outside_address: credit.is_self_reported().then(|| format!("/wallet/outside?id={}", segment(&credit.id))),
        deliveries,
        licences: fields.collect(),
        problem: None,
    }
}

/// Whether a value is one of those that a licence's field has.
fn is_offered(tracking: &Tracking, place: usize, held: &Held, value: &str) -> bool {
    licence_field(tracking, place, (0, held), None).choices.iter().any(|(offered, ..)| offered == value)
}

fn licence_field(
    tracking: &Tracking,
    place: usize,
    (number, held): (usize, &Held),
    chosen: Option<String>,
) -> LicenceField {
    let credit = &tracking.ledger.credits()[place];
    let set = version_on(tracking, held, credit.date).map(|version| &version.set);
    let now = match held.choice(place) {
        Some(Choice::Counts { category, .. }) => format!("{IN}{category}"),
        Some(Choice::Left) => LEFT.to_owned(),
        None if is_recorded_for(credit, &held.licence) => format!("{IN}{}", credit.category),
        None => LEFT.to_owned(),
    };
    let chosen = chosen.unwrap_or(now);
    // A category counts by what it means to the board: the chosen one may be named otherwise.
    let category = chosen.strip_prefix(IN).unwrap_or_default();
    let meant = |name: &str| set.and_then(|set| set.categories.iter().find(|it| it.is_meant_by(name)));
    let is_chosen = |name: &str| chosen != LEFT && meant(category).map_or(name.is_empty(), |it| it.name == name);
    let mut choices: Vec<(String, String, bool)> = Vec::new();
    for it in set.map(|set| set.categories.as_slice()).unwrap_or_default() {
        // The record's own name of it is kept, so that nothing is said where nothing was changed.
        let value = if it.is_meant_by(&credit.category) { &credit.category } else { &it.name };
        choices.push((format!("{IN}{value}"), it.name.clone(), is_chosen(&it.name)));
    }
    let other = if meant(&credit.category).is_none() { credit.category.as_str() } else { "" };
    choices.push((format!("{IN}{other}"), ONLY_TOTAL.to_owned(), is_chosen("")));
    choices.push((LEFT.to_owned(), "Doesn't count for this license".to_owned(), chosen == LEFT));
    let has_own = |other: &TrackedCredit| {
        is_recorded_for(other, &held.licence) && other.date == credit.date && other.course == credit.course
    };
    let doubles = !is_recorded_for(credit, &held.licence)
        && credit.course.is_some()
        && tracking.ledger.credits().iter().any(has_own);
    LicenceField {
        id: format!("licence-{number}"),
        name: field(held),
        title: held.title(),
        note: match doubles {
            true => Some(
                "The same course and day stand in this license's record already. Assigned here too, it counts no second time.",
            ),
            false if set.is_none() => Some("What this license's board asks isn't entered here yet."),
            false => None,
        },
        choices,
    }
}
