//! One evaluation: its questions, the name as it will print, and the licences that the credit goes to. Saving keeps whatever there is;
//! submitting is one transaction, and twice is once. Reading it changes nothing: programs that look through mails follow links.

use super::{evaluation_address, title_of};
use crate::{Portal, Shared, registration::fetch_own, trouble};
use adapters::{
    clock, random,
    table::{DraftSaved, Evaluation},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    account::Account,
    completion::{Assigned, Completion, SubmitRefusal, may_submit, submit},
    evaluation::{Answers, Form, read_answers, read_draft},
    event::Event,
    id::EventId,
    licence::Licence,
    name::{NameMatch, PersonName, compare},
    registration::Participation,
    requirement::Requirements,
};
use futures_util::future::try_join_all;
use http::StatusCode;
use pages::{
    answer,
    evaluation::Questions,
    fields::Typed,
    form::Query,
    layout::{Page, Section},
    moment::Moment,
    problem::Problem,
    visitor::{AskingAccount, Visitor},
};
use serde::Deserialize;
use std::collections::BTreeSet;

/// Courses of a provider whose categories are offered beside the event's own.
const MOST_COURSES: i32 = 100;
/// How often a submission is tried again if something else moves the participation at the same moment.
const MOST_TRIES: usize = 3;

/// A value of a licence's field: the credit doesn't go there.
const NOT_THERE: &str = "no";
/// A value of a licence's field: the category is decided later.
const LATER: &str = "later";

/// The fields of the address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    saved: Option<String>,
}

#[derive(Template)]
#[template(path = "completion/evaluate.html")]
struct EvaluatePage {
    page: Page,
    title: String,
    when: String,
    provider: String,
    address: String,
    saved: bool,
    until: Moment,
    questions: Questions,
    name: String,
    differing: Vec<String>,
    licences: Vec<LicenceField>,
    /// The account's licences aren't those any more that the form asked of.
    licences_changed: bool,
    /// The licence whose board lets a credit count for no other, where the credit was to go to several.
    not_shared: Option<String>,
    /// Another draft was kept from elsewhere since the page was loaded.
    elsewhere: bool,
    /// The version of the draft that the page shows.
    version: u64,
}

/// A licence that the credit may go to.
struct LicenceField {
    id: String,
    name: String,
    licence: String,
    hours: String,
    choices: Vec<(String, String, bool)>,
}

#[derive(Template)]
#[template(path = "completion/closed.html")]
struct ClosedPage {
    page: Page,
    title: String,
    when: String,
    says: &'static str,
    contact: String,
    missing: String,
    is_submitted: bool,
}

/// What an evaluation's page is made of.
struct Facts {
    event: Event,
    person: Participation,
    account: Account,
    form: Form,
    evaluation: Option<Evaluation>,
    licences: Vec<(Licence, Option<PersonName>)>,
    categories: Vec<String>,
}

/// `GET /wallet/evaluations/{event}`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    AskingAccount(asking): AskingAccount,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (event, person) = fetch_own(&portal, &id, &asking.account.id).await?;
    let now = clock::now();
    let completion = match may_submit(&event, &person, now) {
        Ok(completion) => completion.clone(),
        Err(refusal) => return closed(&portal, &visitor, &event, refusal),
    };
    let facts = fetch(&portal, event, person, asking.account.clone()).await?;
    let answers = facts.evaluation.as_ref().map(|kept| kept.answers.clone()).unwrap_or_default();
    let questions = Questions::of(&facts.form, &answers);
    let shown = Shown { completion: &completion, questions, typed: None, saved: asked.saved.is_some() };
    answer::page(&page(&portal, &visitor, &facts, shown, now))
}

/// `POST /wallet/evaluations/{event}`
pub(crate) async fn send(
    State(portal): State<Shared>,
    visitor: Visitor,
    AskingAccount(asking): AskingAccount,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let (event, person) = fetch_own(&portal, &id, &asking.account.id).await?;
    let now = clock::now();
    let completion = match may_submit(&event, &person, now) {
        Ok(completion) => completion.clone(),
        // Pressed twice: it was done by the first.
        Err(SubmitRefusal::AlreadySubmitted) => return answer::see_other(SUBMITTED),
        Err(refusal) => return refused(&portal, &visitor, &event, refusal),
    };
    let facts = fetch(&portal, event, person, asking.account.clone()).await?;
    let is_own = |name: &str| name == "do" || name == "version" || facts.form.has_field(name);
    let typed = typed.only(|name| is_own(name) || name.starts_with(LICENCE_FIELD))?;
    let is_submitted = typed.text("do") == "submit";
    let read = if is_submitted { read_answers } else { read_draft };
    let answers = match read(&facts.form, |name: &str| typed.text(name)) {
        Ok(answers) => answers,
        Err(wrong) => {
            let questions = Questions::typed(&facts.form, &typed, &wrong);
            let shown = Shown { completion: &completion, questions, typed: Some(&typed), saved: false };
            return answer::form_again(&page(&portal, &visitor, &facts, shown, now), StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    if is_submitted && !asks_of_each(&facts, &typed, is_own) {
        let questions = Questions::of(&facts.form, &answers);
        let shown = Shown { completion: &completion, questions, typed: Some(&typed), saved: false };
        let page = EvaluatePage { licences_changed: true, ..page(&portal, &visitor, &facts, shown, now) };
        return answer::form_again(&page, StatusCode::UNPROCESSABLE_ENTITY);
    }
    if is_submitted && let Some(strict) = not_shared(&portal, &chosen(&facts, &typed)).await? {
        let questions = Questions::of(&facts.form, &answers);
        let shown = Shown { completion: &completion, questions, typed: Some(&typed), saved: false };
        let page = EvaluatePage { not_shared: Some(strict), ..page(&portal, &visitor, &facts, shown, now) };
        return answer::form_again(&page, StatusCode::UNPROCESSABLE_ENTITY);
    }
    match is_submitted {
        true => submit_now(&portal, &visitor, facts, &typed, &answers).await,
        false => match save(&portal, &facts, &typed, &answers).await? {
            Kept::Now => answer::see_other(&format!("{}?saved=yes", evaluation_address(&facts.event.id))),
            Kept::Elsewhere { version } => {
                let questions = Questions::of(&facts.form, &answers);
                let shown = Shown { completion: &completion, questions, typed: Some(&typed), saved: false };
                let again = page(&portal, &visitor, &facts, shown, now);
                answer::form_again(&EvaluatePage { elsewhere: true, version, ..again }, StatusCode::CONFLICT)
            }
        },
    }
}

/// Whether the form asked of each licence that the account has now, and of no other: where the credit goes is the person's to say.
fn asks_of_each(facts: &Facts, typed: &Typed, is_own: impl Fn(&str) -> bool) -> bool {
    let fields: BTreeSet<String> = facts.licences.iter().map(|(licence, _)| licence_field(licence)).collect();
    fields.iter().all(|field| !typed.text(field).is_empty())
        && typed.clone().only(|name| is_own(name) || fields.contains(name)).is_ok()
}

/// Where the credit is to go.
fn chosen(facts: &Facts, typed: &Typed) -> Vec<Assigned> {
    let of = |(licence, _): &(Licence, Option<PersonName>)| {
        assigned(licence.clone(), typed.text(&licence_field(licence)), &facts.categories)
    };
    facts.licences.iter().filter_map(of).collect()
}

/// The licence whose board lets a credit count for no other, if it is to go to several. One licence asks nothing of the table.
async fn not_shared(portal: &Portal, assigned: &[Assigned]) -> Result<Option<String>, Problem> {
    if assigned.len() < 2 {
        return Ok(None);
    }
    let table = &portal.clients.table;
    let asked = assigned.iter().map(|it| table.fetch_requirements(&it.licence.board, &it.licence.profession));
    let asked = try_join_all(asked).await.map_err(trouble::table)?;
    let is_strict = |requirements: &Requirements| requirements.newest().is_some_and(|version| !version.set.shares);
    let strict = assigned.iter().zip(&asked).find(|(_, requirements)| is_strict(requirements));
    Ok(strict.map(|(it, _)| title_of(&it.licence)))
}

/// Where somebody is led who has submitted.
const SUBMITTED: &str = "/wallet/certificates?done=submitted";

/// What came of keeping a draft.
enum Kept {
    Now,
    /// Another one was kept from elsewhere since the page was loaded, and stands in this version.
    Elsewhere {
        version: u64,
    },
}

/// Keeps what there is, over the draft that the page showed.
async fn save(portal: &Portal, facts: &Facts, typed: &Typed, answers: &Answers) -> Result<Kept, Problem> {
    let (event, account) = (&facts.event.id, &facts.account.id);
    let table = &portal.clients.table;
    let was = typed.text("version").parse().unwrap_or(0);
    match table.save_draft(event, account, answers, was, clock::now()).await.map_err(trouble::table)? {
        DraftSaved::Now(_) => Ok(Kept::Now),
        // The account was closed while this page was being sent.
        DraftSaved::Left => Err(Problem::NotFound),
        DraftSaved::Conflict => {
            let stands = table.fetch_evaluation(event, account).await.map_err(trouble::table)?;
            Ok(match stands {
                // The same pressed twice is no conflict; another browser's would be lost.
                Some(stands) if stands.answers != *answers => Kept::Elsewhere { version: stands.version },
                Some(_) => Kept::Now,
                None => Kept::Elsewhere { version: 0 },
            })
        }
    }
}

/// Submits it: the participation with the certificate's code, and the answers, in one transaction.
async fn submit_now(
    portal: &Portal,
    visitor: &Visitor,
    facts: Facts,
    typed: &Typed,
    answers: &Answers,
) -> Result<Response, Problem> {
    let assigned = chosen(&facts, typed);
    let Facts { event, mut person, account, .. } = facts;
    let table = &portal.clients.table;
    let now = clock::now();
    for _ in 0..MOST_TRIES {
        let completion = match may_submit(&event, &person, now) {
            Ok(completion) => completion,
            Err(SubmitRefusal::AlreadySubmitted) => return answer::see_other(SUBMITTED),
            Err(refusal) => return refused(portal, visitor, &event, refusal),
        };
        let code =
            random::certificate_code().map_err(|error| trouble::operator("making a certificate's code", &error))?;
        let after = submit(completion, account.name.clone(), assigned.clone(), code, now);
        if table.submit_evaluation(&person, &after, answers, now).await.map_err(trouble::table)? {
            tracing::info!(event = %event.id, account = %account.id, "evaluation.submitted");
            portal.wake_certificate(&event.id, &account.id).await;
            return answer::see_other(SUBMITTED);
        }
        let fresh = table.fetch_participation(&event.id, &account.id).await.map_err(trouble::table)?;
        person = fresh.ok_or(Problem::NotFound)?;
    }
    Err(Problem::NotNow(
        "Something else changed your registration at this very moment, and nothing was submitted. Go back and press Submit again.",
    ))
}

/// The licence that somebody chose for the credit, with its category.
fn assigned(licence: Licence, chosen: &str, categories: &[String]) -> Option<Assigned> {
    match chosen {
        NOT_THERE => None,
        LATER => Some(Assigned::to(licence, String::new())),
        // What isn't among what was offered is decided later, and nothing is lost.
        chosen => {
            let category = categories.iter().find(|known| *known == chosen).cloned().unwrap_or_default();
            Some(Assigned::to(licence, category))
        }
    }
}

async fn fetch(portal: &Portal, event: Event, person: Participation, account: Account) -> Result<Facts, Problem> {
    let table = &portal.clients.table;
    let read = tokio::try_join!(
        table.fetch_form(&event),
        table.fetch_evaluation(&event.id, &account.id),
        table.fetch_licences(&account.id),
        table.fetch_courses_of(&event.provider, None, MOST_COURSES),
    );
    let (form, evaluation, claimed, courses) = read.map_err(trouble::table)?;
    let holders = claimed.held.iter().map(|held| table.fetch_holder(&held.licence));
    let holders = try_join_all(holders).await.map_err(trouble::table)?;
    let held = claimed.held.iter().map(|held| held.licence.clone());
    let licences = held.zip(holders.into_iter().map(|holder| holder.map(|it| it.value.name))).collect();
    let own = event.published.as_ref().map(|known| known.category.clone()).filter(|own| !own.is_empty());
    let others: BTreeSet<String> = courses.0.into_iter().map(|course| course.category).collect();
    let others = others.into_iter().filter(|other| !other.is_empty() && Some(other) != own.as_ref());
    let categories = own.clone().into_iter().chain(others).collect();
    Ok(Facts { event, person, account, form, evaluation, licences, categories })
}

/// The beginning of a licence's field's name.
const LICENCE_FIELD: &str = "licence/";

/// A licence's field, by what the licence is: one that is connected or given back while the page is open moves no other's.
fn licence_field(licence: &Licence) -> String {
    format!("{LICENCE_FIELD}{}/{}/{}", licence.board, licence.profession, licence.number.compared())
}

/// What is shown of an evaluation.
struct Shown<'a> {
    completion: &'a Completion,
    questions: Questions,
    typed: Option<&'a Typed>,
    saved: bool,
}

fn page(portal: &Portal, visitor: &Visitor, facts: &Facts, shown: Shown<'_>, now: i64) -> EvaluatePage {
    let Facts { event, account, .. } = facts;
    let differs = |name: &PersonName| compare(&account.name, name) != NameMatch::Same;
    let differing = facts.licences.iter().filter_map(|(licence, name)| {
        let name = name.as_ref().filter(|name| differs(name))?;
        Some(format!("{}: {} {}", title_of(licence), name.first, name.last))
    });
    EvaluatePage {
        page: portal.page("Evaluation", Section::Evaluations, visitor),
        title: event.title.clone(),
        when: event.when.words(),
        provider: event.published.as_ref().map(|known| known.provider_name.clone()).unwrap_or_default(),
        address: evaluation_address(&event.id),
        saved: shown.saved,
        until: Moment::new(shown.completion.until, now, &event.when.zone.rules()),
        questions: shown.questions,
        name: format!("{} {}", account.name.first, account.name.last),
        differing: differing.collect(),
        licences: licence_fields(facts, shown.typed),
        licences_changed: false,
        not_shared: None,
        elsewhere: false,
        version: match shown.typed {
            Some(typed) => typed.text("version").parse().unwrap_or(0),
            None => facts.evaluation.as_ref().map_or(0, |kept| kept.version),
        },
    }
}

fn licence_fields(facts: &Facts, typed: Option<&Typed>) -> Vec<LicenceField> {
    let credited = facts.person.decided.as_ref().map(|decided| decided.credits.as_slice()).unwrap_or_default();
    let field = |(place, (licence, _)): (usize, &(Licence, Option<PersonName>))| {
        let name = licence_field(licence);
        let first = facts.categories.first().map_or(LATER, String::as_str);
        let chosen = typed.map(|typed| typed.text(&name)).filter(|text| !text.is_empty()).unwrap_or(first);
        let named = facts.categories.iter().map(|category| (category.as_str(), category.as_str()));
        let more = [(LATER, "Decide later"), (NOT_THERE, "Not for this license")];
        let choices = named.chain(more).map(|(value, label)| (value.to_owned(), label.to_owned(), value == chosen));
        LicenceField {
            licence: title_of(licence),
            hours: domain::certificate::hours_for(credited, licence).map(|it| it.to_string()).unwrap_or_default(),
            choices: choices.collect(),
            id: format!("licence-{place}"),
            name,
        }
    };
    facts.licences.iter().enumerate().map(field).collect()
}

fn missing_address(event: &EventId) -> String {
    format!("/wallet/missing/{event}")
}

/// What there is to say to whoever looks at an evaluation that can't be submitted.
fn closed(portal: &Portal, visitor: &Visitor, event: &Event, refusal: SubmitRefusal) -> Result<Response, Problem> {
    answer::page(&closed_page(portal, visitor, event, refusal))
}

/// The same to whoever has sent something.
fn refused(portal: &Portal, visitor: &Visitor, event: &Event, refusal: SubmitRefusal) -> Result<Response, Problem> {
    answer::form_again(&closed_page(portal, visitor, event, refusal), StatusCode::CONFLICT)
}

fn closed_page(portal: &Portal, visitor: &Visitor, event: &Event, refusal: SubmitRefusal) -> ClosedPage {
    ClosedPage {
        page: portal.page("Evaluation", Section::Evaluations, visitor),
        title: event.title.clone(),
        when: event.when.words(),
        says: refusal.text(),
        contact: event.details.contact.clone(),
        missing: missing_address(&event.id),
        is_submitted: refusal == SubmitRefusal::AlreadySubmitted,
    }
}
