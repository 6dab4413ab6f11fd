//! How bodies count credit: data with a source, a day and a reviewer, tried out on minutes before they are saved. No rule of a body
//! stands in the program.

use crate::{Portal, Shared, trouble};
use adapters::clock;
use adapters::table::By;
use askama::Template;
use axum::{extract::State, response::Response};
use domain::credit_type::{CreditType, CreditTypes, Draft, Rounding, credit, examples};
use http::StatusCode;
use pages::{
    address::segment,
    answer,
    fields::{Fields, Typed},
    form::Query,
    layout::{Page, Section},
    problem::Problem,
    visitor::{AskingAccount, Visitor},
};
use serde::Deserialize;

/// Minutes that a rule is tried out on: an hour, an hour and a half, and one that falls between steps.
const TRIED: [u64; 3] = [60, 90, 80];

const FIELDS: [(&str, &str); 10] = [
    ("body", "Body"),
    ("name", "Name of the credit"),
    ("minutes_per_credit", "Minutes for one credit"),
    ("increment", "Steps"),
    ("rounding", "Parts of a step"),
    ("minimum_minutes", "Least minutes"),
    ("first_credit_whole", "First credit"),
    ("source", "Source"),
    ("source_date", "Read on"),
    ("reviewed_by", "Reviewed by"),
];

/// The fields of the address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    edit: Option<String>,
    example: Option<String>,
    done: Option<String>,
}

#[derive(Template)]
#[template(path = "office/credit.html")]
struct CreditPage {
    page: Page,
    types: Vec<Line>,
    examples: Vec<Line>,
    form: Fields,
    version: u64,
    bodies: Vec<(String, String)>,
    roundings: Vec<(String, &'static str)>,
    /// What the rule in the form yields.
    preview: Vec<String>,
    done: bool,
    conflict: bool,
    previewed: bool,
}

/// A type of credit in a list.
struct Line {
    body: String,
    name: String,
    address: String,
    yields: Vec<String>,
    source: String,
    source_date: String,
    reviewed: Option<String>,
}

/// `GET /office/settings/credit`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let types = portal.clients.table.fetch_credit_types().await.map_err(trouble::table)?;
    let chosen = match (&asked.edit, &asked.example) {
        (Some(body), _) => CreditType::of_body(&types.types, body).cloned(),
        (None, Some(body)) => CreditType::of_body(&examples(), body).cloned(),
        (None, None) => None,
    };
    let draft = chosen.as_ref().map(Draft::of).unwrap_or_default();
    let page = page(&portal, &visitor, &types, &draft);
    answer::page(&CreditPage { done: asked.done.is_some(), ..page })
}

/// `POST /office/settings/credit`
pub(crate) async fn save(
    State(portal): State<Shared>,
    visitor: Visitor,
    AskingAccount(asking): AskingAccount,
    typed: Typed,
) -> Result<Response, Problem> {
    let typed =
        typed.only(|name| matches!(name, "version" | "do") || FIELDS.iter().any(|(field, _)| *field == name))?;
    let seen: u64 = typed.text("version").parse().map_err(|_| Problem::Unreadable)?;
    let table = &portal.clients.table;
    let types = table.fetch_credit_types().await.map_err(trouble::table)?;
    let draft = draft_of(&typed);
    let page = |types: &CreditTypes| page(&portal, &visitor, types, &draft);
    let changed = match typed.text("do") {
        "remove" => types.without(&draft.body),
        action @ ("save" | "preview") => {
            let bodies: Vec<_> = visitor.organisation.bodies.iter().map(|body| body.short.as_str()).collect();
            match draft.read(&bodies) {
                Ok(credit_type) if action == "save" && !bodies.is_empty() => types.with(credit_type),
                Ok(_) => return answer::page(&CreditPage { previewed: true, version: seen, ..page(&types) }),
                Err(wrong) => {
                    let mut page = page(&types);
                    for problem in wrong {
                        page.form.tell(problem.field(), problem);
                    }
                    let page = CreditPage { version: seen, ..page };
                    return answer::form_again(&page, StatusCode::UNPROCESSABLE_ENTITY);
                }
            }
        }
        _ => return Err(Problem::Unreadable),
    };
    let by = By { account: &asking.account.id, at: clock::now() };
    let is_saved = seen == types.version && table.save_credit_types(&changed, by).await.map_err(trouble::table)?;
    if is_saved {
        return answer::see_other("/office/settings/credit?done=yes");
    }
    let fresh = table.fetch_credit_types().await.map_err(trouble::table)?;
    let mut page = page(&fresh);
    if let Some(now) = CreditType::of_body(&fresh.types, &draft.body) {
        page.form.stands_now(values(&Draft::of(now)));
    }
    answer::form_again(&CreditPage { conflict: true, ..page }, StatusCode::CONFLICT)
}

fn draft_of(typed: &Typed) -> Draft {
    let text = |name: &str| typed.text(name).to_owned();
    Draft {
        body: text("body"),
        name: text("name"),
        minutes_per_credit: text("minutes_per_credit"),
        increment: text("increment"),
        rounding: text("rounding"),
        minimum_minutes: text("minimum_minutes"),
        first_credit_whole: typed.text("first_credit_whole") == "yes",
        source: text("source"),
        source_date: text("source_date"),
        reviewed_by: text("reviewed_by"),
    }
}

fn values(draft: &Draft) -> Vec<(&'static str, String)> {
    let texts = [
        draft.body.clone(),
        draft.name.clone(),
        draft.minutes_per_credit.clone(),
        draft.increment.clone(),
        draft.rounding.clone(),
        draft.minimum_minutes.clone(),
        if draft.first_credit_whole { "yes".to_owned() } else { String::new() },
        draft.source.clone(),
        draft.source_date.clone(),
        draft.reviewed_by.clone(),
    ];
    FIELDS.iter().zip(texts).map(|((name, _), text)| (*name, text)).collect()
}

/// What some minutes yield by a rule, with how it is counted.
fn tried(credit_type: &CreditType) -> Vec<String> {
    TRIED.map(|minutes| credit(minutes * 60, &credit_type.rule).arithmetic).into()
}

fn line(credit_type: &CreditType, how: &str) -> Line {
    Line {
        body: credit_type.body.clone(),
        name: credit_type.name.clone(),
        address: format!("/office/settings/credit?{how}={}#form", segment(&credit_type.body)),
        yields: tried(credit_type),
        source: credit_type.source.clone(),
        source_date: crate::office::day(credit_type.source_date),
        reviewed: credit_type.is_reviewed().then(|| credit_type.reviewed_by.clone()),
    }
}

fn page(portal: &Portal, visitor: &Visitor, types: &CreditTypes, draft: &Draft) -> CreditPage {
    let is_new = |example: &&CreditType| CreditType::of_body(&types.types, &example.body).is_none();
    let mut form = Fields::of(values(draft));
    for (name, label) in FIELDS {
        form.label(name, label);
    }
    let listed = &visitor.organisation.bodies;
    let mut bodies = vec![(String::new(), "Choose a body".to_owned())];
    bodies.extend(listed.iter().map(|body| (body.short.clone(), format!("{}: {}", body.short, body.name))));
    if !draft.body.is_empty() && !listed.iter().any(|body| body.short == draft.body) {
        bodies.push((draft.body.clone(), format!("{}: not among the organisation's bodies yet", draft.body)));
    }
    let words = |rounding: Rounding| match rounding {
        Rounding::Down => "are lost",
        Rounding::Nearest => "count to the nearest step",
        Rounding::Up => "count as a whole step",
    };
    CreditPage {
        page: portal.page("Types of credit", Section::Settings, visitor),
        types: types.types.iter().map(|credit_type| line(credit_type, "edit")).collect(),
        examples: examples().iter().filter(is_new).map(|example| line(example, "example")).collect(),
        form,
        version: types.version,
        bodies,
        roundings: [(String::new(), "Choose")]
            .into_iter()
            .chain(Rounding::ALL.map(|rounding| (rounding.as_str().to_owned(), words(rounding))))
            .collect(),
        preview: draft.read(&[]).as_ref().map(tried).unwrap_or_default(),
        done: false,
        conflict: false,
        previewed: false,
    }
}
