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
    certificate::{day_of, hours_for},
    completion::{Assigned, Completion, SubmitRefusal, may_submit, submit},
    evaluation::{Answers, Form, read_answers, read_draft},
    event::Event,
    hours::CreditHours,
    id::EventId,
    licence::Licence,
    name::{NameMatch, PersonName, compare},
    register::{Holder, Versioned},
    registration::Participation,
    requirement::{RequirementSet, Requirements},
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
    /// Licences that the event gives nothing for, in words.
    without: Vec<String>,
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
    licences: Vec<Candidate>,
}

/// A licence of the account's, with what the event's credit may be to it.
struct Candidate {
    licence: Licence,
    /// The name that the register has.
    name: Option<PersonName>,
    /// What it is given; `None` if its board doesn't approve the event.
    hours: Option<CreditHours>,
    /// Whether its board lets a credit count for another licence too.
    shares: bool,
    /// The categories that can be chosen, by what goes into the record, with what they are called. The first is the likely one.
    categories: Vec<(String, String)>,
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
    if is_submitted && let Some(strict) = not_shared(&facts, &chosen(&facts, &typed)) {
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
    let fields: BTreeSet<String> = facts.offered().map(|candidate| licence_field(&candidate.licence)).collect();
    fields.iter().all(|field| !typed.text(field).is_empty())
        && typed.clone().only(|name| is_own(name) || fields.contains(name)).is_ok()
}

/// Where the credit is to go.
fn chosen(facts: &Facts, typed: &Typed) -> Vec<Assigned> {
    let of = |candidate: &Candidate| assigned(candidate, typed.text(&licence_field(&candidate.licence)));
    facts.offered().filter_map(of).collect()
}

impl Facts {
    /// The licences that the event gives something for.
    fn offered(&self) -> impl Iterator<Item = &Candidate> {
        self.licences.iter().filter(|candidate| candidate.hours.is_some())
    }
}

/// What there is to say of a licence whose board says of an event that it doesn't approve it, or hasn't decided.
pub(crate) fn gives_nothing(licence: &str) -> String {
    format!("The board of {licence} doesn't approve this event, so there is no credit for that license.")
}

/// The licence whose board lets a credit count for no other, if it is to go to several.
fn not_shared(facts: &Facts, assigned: &[Assigned]) -> Option<String> {
    let is_chosen = |candidate: &&Candidate| assigned.iter().any(|it| it.licence == candidate.licence);
    let strict = facts.offered().filter(is_chosen).find(|candidate| !candidate.shares && assigned.len() > 1);
    strict.map(|candidate| title_of(&candidate.licence))
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
fn assigned(candidate: &Candidate, chosen: &str) -> Option<Assigned> {
    let licence = candidate.licence.clone();
    match chosen {
        NOT_THERE => None,
        LATER => Some(Assigned::to(licence, String::new())),
        // What isn't among what was offered is decided later, and nothing is lost.
        chosen => {
            let known = candidate.categories.iter().find(|(value, _)| value == chosen);
            Some(Assigned::to(licence, known.map(|(value, _)| value.clone()).unwrap_or_default()))
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
    let of_licence = async |licence: Licence| {
        let read = tokio::try_join!(
            table.fetch_holder(&licence),
            table.fetch_requirements(&licence.board, &licence.profession),
        );
        read.map(|(holder, requirements)| (licence, holder, requirements))
    };
    let licences = try_join_all(claimed.held.into_iter().map(|held| of_licence(held.licence)));
    let licences = licences.await.map_err(trouble::table)?;
    let own = event.published.as_ref().map(|known| known.category.as_str()).unwrap_or_default();
    let others: BTreeSet<String> = courses.0.into_iter().map(|course| course.category).collect();
    let credited = person.decided.as_ref().map(|decided| decided.credits.as_slice()).unwrap_or_default();
    let (day, today) = (day_of(&event), portal.today(clock::now()));
    let candidate = |(licence, holder, requirements): (Licence, Option<Versioned<Holder>>, Requirements)| Candidate {
        name: holder.map(|holder| holder.value.name),
        hours: hours_for(&event, credited, &licence),
        shares: requirements.shares_on(day, today),
        categories: match requirements.of_day(day, today) {
            Some(version) => of_board(&version.set, own),
            None => of_provider(own, &others),
        },
        licence,
    };
    let licences = licences.into_iter().map(candidate).collect();
    Ok(Facts { event, person, account, form, evaluation, licences })
}

/// The categories of a licence's board, the one that the event was approved in first. The record keeps its own name of that one.
fn of_board(set: &RequirementSet, own: &str) -> Vec<(String, String)> {
    let (meant, others): (Vec<_>, Vec<_>) = set.categories.iter().partition(|category| category.is_meant_by(own));
    let none = (!own.is_empty() && meant.is_empty()).then(|| (own.to_owned(), ONLY_TOTAL.to_owned()));
    let meant = meant.into_iter().map(|category| (own.to_owned(), category.name.clone()));
    let others = others.into_iter().map(|category| (category.name.clone(), category.name.clone()));
    none.into_iter().chain(meant).chain(others).collect()
}

/// What a credit counts in that is in none of a board's categories.
pub(crate) const ONLY_TOTAL: &str = "No category: only the total";

/// The categories of a provider's courses, the event's own first: where what a board asks isn't entered, nothing else is known.
fn of_provider(own: &str, others: &BTreeSet<String>) -> Vec<(String, String)> {
    let others = others.iter().map(String::as_str).filter(|other| *other != own);
    let all = std::iter::once(own).chain(others).filter(|category| !category.is_empty());
    all.map(|category| (category.to_owned(), category.to_owned())).collect()
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
    let differing = facts.licences.iter().filter_map(|Candidate { licence, name, .. }| {
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
        without: facts
            .licences
            .iter()
            .filter(|candidate| candidate.hours.is_none())
            .map(|candidate| gives_nothing(&title_of(&candidate.licence)))
            .collect(),
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
    let mut fields: Vec<LicenceField> = Vec::new();
    let mut taken: Vec<&Candidate> = Vec::new();
    for (place, candidate) in facts.offered().enumerate() {
        let name = licence_field(&candidate.licence);
        // Where a board lets a credit count for one licence alone, the first has it unless its holder chooses otherwise.
        let may_share = taken.is_empty() || (candidate.shares && taken.iter().all(|other| other.shares));
        let likely = match may_share {
            true => candidate.categories.first().map_or(LATER, |(value, _)| value.as_str()),
            false => NOT_THERE,
        };
        let chosen = typed.map(|typed| typed.text(&name)).filter(|text| !text.is_empty()).unwrap_or(likely);
        if chosen != NOT_THERE {
            taken.push(candidate);
        }
        let named = candidate.categories.iter().map(|(value, label)| (value.as_str(), label.as_str()));
        let more = [(LATER, "Decide later"), (NOT_THERE, "Not for this license")];
        let choices = named.chain(more).map(|(value, label)| (value.to_owned(), label.to_owned(), value == chosen));
        fields.push(LicenceField {
            licence: title_of(&candidate.licence),
            hours: candidate.hours.map(|hours| hours.to_string()).unwrap_or_default(),
            choices: choices.collect(),
            id: format!("licence-{place}"),
            name,
        });
    }
    fields
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
