//! Help: the manual, an article a tab, found by plain words; the sample and the examples of a successful and a failed
//! import. It says only what the product does, shows everybody the same, and keeps of who answers no more than the answer.

mod answer;
mod articles;
mod office;
mod search;

pub(crate) use answer::count;
pub(crate) use office::show as answers;

use crate::{Shared, import::tab::register_named, trouble};
use articles::{About, Article, Group};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use documents::sample;
use domain::import::Subject;
use pages::{
    answer as respond,
    assets::{Picture, picture},
    form::Query,
    layout::{Page, Section},
    problem::Problem,
    visitor::Visitor,
};
use search::Found;
use serde::Deserialize;

/// The fields of the index's address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    words: Option<String>,
}

#[derive(Template)]
#[template(path = "help/index.html")]
struct IndexPage {
    page: Page,
    words: String,
    longest_words: usize,
    /// What was found, if something was searched for.
    found: Option<Found>,
    groups: Vec<(Group, Vec<Article>)>,
    is_office: bool,
}

/// `GET /help`
pub(crate) async fn index(
    State(portal): State<Shared>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let words: String = asked.words.unwrap_or_default().trim().chars().take(search::LONGEST_WORDS).collect();
    let of_group = |group| Article::ALL.into_iter().filter(|article| article.about().group == group).collect();
    respond::page(&IndexPage {
        page: portal.page("Help", Section::Help, &visitor),
        found: (!words.is_empty()).then(|| search::find(&words)),
        words,
        longest_words: search::LONGEST_WORDS,
        groups: Group::ALL.map(|group| (group, of_group(group))).into(),
        is_office: visitor.is_office(),
    })
}

/// What a reader has answered, as the address says it after the answer was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answered {
    /// The article answered the question.
    Yes,
    /// It didn't; what was missing may still be said.
    No,
    /// It didn't, and what was missing has been said.
    Told,
}

/// The fields of an article's address.
#[derive(Deserialize)]
pub(crate) struct Reading {
    answered: Option<Answered>,
}

#[derive(Template)]
#[template(path = "help/article.html")]
struct ArticlePage {
    page: Page,
    article: Article,
    about: &'static About,
    updated: String,
    /// Its picture and what is to be seen there, once there is one.
    picture: Option<(&'static Picture, &'static str)>,
    related: Vec<(String, &'static About)>,
    answered: Option<Answered>,
    longest_comment: usize,
}

/// `GET /help/{article}`
pub(crate) async fn article(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(name): Path<String>,
    Query(reading): Query<Reading>,
) -> Result<Response, Problem> {
    let article = Article::named(&name).ok_or(Problem::NotFound)?;
    let about = article.about();
    respond::page(&ArticlePage {
        page: portal.page(format!("{}: help", about.title), Section::Help, &visitor),
        article,
        about,
        updated: about.updated.strftime("%B %-d, %Y").to_string(),
        picture: picture(about.name).zip(about.picture),
        related: about.related.iter().map(|article| (article.address(), article.about())).collect(),
        answered: reading.answered,
        longest_comment: answer::LONGEST_COMMENT,
    })
}

/// `GET /import/sample.xlsx`
pub(crate) async fn sample() -> Result<Response, Problem> {
    workbook(sample::roster_sample(), "CE-roster-sample.xlsx")
}

/// `GET /office/registers/{register}/sample.xlsx`
pub(crate) async fn register_sample(Path(register): Path<String>) -> Result<Response, Problem> {
    let register = register_named(&register)?;
    let name = match register {
        Subject::Roster => "CE-roster-sample.xlsx",
        Subject::Providers => "Providers-sample.xlsx",
        Subject::Courses => "Courses-sample.xlsx",
        Subject::Licensees => "Licensees-sample.xlsx",
        Subject::People => PEOPLE_SAMPLE,
    };
    workbook(sample::sample(register), name)
}

/// The sample of a list of people for an event.
pub(crate) fn people_sample() -> Result<Response, Problem> {
    workbook(sample::sample(Subject::People), PEOPLE_SAMPLE)
}

const PEOPLE_SAMPLE: &str = "People-sample.xlsx";

/// `GET /help/examples/{successful,failed}.xlsx`
pub(crate) async fn example(Path(name): Path<String>) -> Result<Response, Problem> {
    match name.as_str() {
        "successful.xlsx" => workbook(sample::successful_example(), "CE-roster-successful.xlsx"),
        "failed.xlsx" => workbook(sample::failed_example(), "CE-roster-failed.xlsx"),
        _ => Err(Problem::NotFound),
    }
}

fn workbook<E: std::error::Error + 'static>(made: Result<Vec<u8>, E>, name: &'static str) -> Result<Response, Problem> {
    respond::workbook(made.map_err(|error| trouble::operator("making a sample workbook", &error))?, name)
}
