//! What boards ask of their licensees: sets of requirements, each saved as a new version beside the older ones, and tried out on real
//! licensees before it is. No board's rule stands in the program, and no cycle that is over is counted anew unless somebody says so.

mod form;
mod trial;

use crate::{Portal, Shared, office::day, trouble};
use adapters::{
    clock,
    table::{By, SetLine},
};
use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use domain::requirement::{Draft, RequirementSet, Requirements, Version, examples};
use form::{SetForm, draft_of, is_field};
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
use trial::Trial;

/// The largest form, in bytes: 24 categories with four texts and 10 rules of delivery, each character of which can take four bytes and
/// each byte three characters in a form.
pub(crate) const LARGEST_REQUIREMENTS_FORM: usize = 192 * 1024;

/// The fields of the list's address.
#[derive(Deserialize)]
pub(crate) struct ListAsked {
    done: Option<String>,
}

#[derive(Template)]
#[template(path = "office/requirements.html")]
struct ListPage {
    page: Page,
    done: bool,
    sets: Vec<Line>,
    examples: Vec<Line>,
}

/// A set in a list.
struct Line {
    address: String,
    board: String,
    profession: String,
    name: String,
    versions: String,
    reviewed: Option<String>,
    source: String,
}

/// `GET /office/requirements`
pub(crate) async fn list(
    State(portal): State<Shared>,
    visitor: Visitor,
    Query(asked): Query<ListAsked>,
) -> Result<Response, Problem> {
    let sets = portal.clients.table.fetch_requirement_sets().await.map_err(trouble::table)?;
    let is_new = |example: &&RequirementSet| {
        !sets.iter().any(|set| set.board == example.board && set.profession == example.profession)
    };
    answer::page(&ListPage {
        page: portal.page("Requirements", Section::Settings, &visitor),
        done: asked.done.is_some(),
        examples: examples().iter().filter(is_new).map(example_line).collect(),
        sets: sets.iter().map(line).collect(),
    })
}

fn line(set: &SetLine) -> Line {
    Line {
        address: edit_address(&set.board, &set.profession),
        board: set.board.clone(),
        profession: set.profession.clone(),
        name: set.name.clone(),
        versions: format!("{}, saved on {}", set.versions, day(set.saved_on)),
        reviewed: Some(set.reviewed_by.clone()).filter(|by| !by.is_empty()),
        source: String::new(),
    }
}

fn example_line(set: &RequirementSet) -> Line {
    Line {
        address: format!("/office/requirements/edit?example={}", segment(&set.board)),
        board: set.board.clone(),
        profession: set.profession.clone(),
        name: set.name.clone(),
        versions: String::new(),
        reviewed: None,
        source: set.source.clone(),
    }
}

fn edit_address(board: &str, profession: &str) -> String {
    format!("/office/requirements/edit?board={}&profession={}", segment(board), segment(profession))
}

/// The fields of the editor's address.
#[derive(Deserialize)]
pub(crate) struct EditAsked {
    board: Option<String>,
    profession: Option<String>,
    /// The board of an example to begin with.
    example: Option<String>,
    /// An older version to begin with.
    version: Option<u32>,
}

#[derive(Template)]
#[template(path = "office/requirements_edit.html")]
struct EditPage {
    page: Page,
    form: SetForm,
    /// The version that is seen; 0 for none.
    seen: u32,
    versions: Vec<VersionLine>,
    corrects_past: bool,
    try_on: String,
    trials: Vec<Trial>,
    note: Note,
}

/// A version in the history.
struct VersionLine {
    number: u32,
    address: String,
    name: String,
    from: String,
    saved_on: String,
    corrects_past: bool,
    reviewed: Option<String>,
    total: String,
}

/// What is said above the form.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Note {
    Nothing,
    /// It was tried out, and nothing is saved.
    Tried,
    /// There are more rows, and nothing is saved.
    Rows,
    /// Somebody else has saved a version.
    Conflict,
    /// What is to be saved is what stands.
    Same,
}

impl EditPage {
    fn is(&self, note: &str) -> bool {
        matches!(
            (self.note, note),
            (Note::Tried, "tried") | (Note::Rows, "rows") | (Note::Conflict, "conflict") | (Note::Same, "same")
        )
    }
}

/// `GET /office/requirements/edit`
pub(crate) async fn edit(
    State(portal): State<Shared>,
    visitor: Visitor,
    Query(asked): Query<EditAsked>,
) -> Result<Response, Problem> {
    let (board, profession) = (asked.board.unwrap_or_default(), asked.profession.unwrap_or_default());
    let known = match board.is_empty() || profession.is_empty() {
        true => Requirements::default(),
        false => portal.clients.table.fetch_requirements(&board, &profession).await.map_err(trouble::table)?,
    };
    let version = match asked.version {
        Some(number) => Some(known.versions.iter().find(|it| it.number == number).ok_or(Problem::NotFound)?),
        None => known.newest(),
    };
    let draft = match (version, &asked.example) {
        (Some(version), _) => Draft::of(&version.set),
        (None, Some(board)) => examples().iter().find(|set| set.board == *board).map(Draft::of).unwrap_or_default(),
        (None, None) => Draft { board, profession, others_count: true, shares: true, ..Draft::default() },
    };
    answer::page(&page(&portal, &visitor, &known, SetForm::of(&draft)))
}

/// `POST /office/requirements/edit`
pub(crate) async fn save(
    State(portal): State<Shared>,
    visitor: Visitor,
    AskingAccount(asking): AskingAccount,
    typed: Typed,
) -> Result<Response, Problem> {
    let typed = typed.only(|name| matches!(name, "seen" | "do" | "corrects_past" | "try_on") || is_field(name))?;
    let seen: u32 = typed.text("seen").parse().map_err(|_| Problem::Unreadable)?;
    let draft = draft_of(&typed);
    let corrects_past = typed.text("corrects_past") == "yes";
    let table = &portal.clients.table;
    let read = draft.read();
    let (board, profession) = match &read {
        Ok(set) => (set.board.clone(), set.profession.clone()),
        Err(_) => (draft.board.trim().to_uppercase(), draft.profession.trim().to_uppercase()),
    };
    let known = match board.is_empty() || profession.is_empty() {
        true => Requirements::default(),
        false => table.fetch_requirements(&board, &profession).await.map_err(trouble::table)?,
    };
    let shown = |form: SetForm, note: Note| EditPage {
        seen,
        corrects_past,
        try_on: typed.text("try_on").to_owned(),
        note,
        ..page(&portal, &visitor, &known, form)
    };
    let action = typed.text("do");
    if action == "rows" {
        return answer::page(&shown(SetForm::with_more_rows(&draft), Note::Rows));
    }
    let set = match read {
        Ok(set) => set,
        Err(wrong) => {
            let form = SetForm::wrong(&draft, &wrong);
            return answer::form_again(&shown(form, Note::Nothing), StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    let now = clock::now();
    let number = seen.checked_add(1).ok_or(Problem::Unreadable)?;
    let version = Version { number, set, saved_on: portal.today(now), corrects_past };
    match action {
        "try" => {
            let trials = trial::try_out(&portal, &known, &version, typed.text("try_on"), portal.today(now)).await?;
            answer::page(&EditPage { trials, ..shown(SetForm::of(&draft), Note::Tried) })
        }
        "save"
            if known
                .newest()
                .is_some_and(|newest| newest.set == version.set && newest.corrects_past == corrects_past) =>
        {
            // Pressed twice: it was done by the first. Saved without a change it is no new version.
            match known.newest().is_some_and(|newest| newest.number == version.number) {
                true => Ok(answer::see_other("/office/requirements?done=yes").into_response()),
                false => answer::page(&shown(SetForm::of(&draft), Note::Same)),
            }
        }
        "save" => {
            let by = By { account: &asking.account.id, at: now };
            let is_newest = known.versions.len() == usize::try_from(seen).unwrap_or(usize::MAX);
            if is_newest && table.save_requirements(&version, by).await.map_err(trouble::table)? {
                tracing::info!(board, profession, version = version.number, "requirements.saved");
                return Ok(answer::see_other("/office/requirements?done=yes").into_response());
            }
            let fresh = table.fetch_requirements(&board, &profession).await.map_err(trouble::table)?;
            let newest = fresh.newest().map_or(0, |newest| newest.number);
            let page = EditPage {
                seen: newest,
                corrects_past,
                note: Note::Conflict,
                ..page(&portal, &visitor, &fresh, SetForm::of(&draft))
            };
            answer::form_again(&page, StatusCode::CONFLICT)
        }
        _ => Err(Problem::Unreadable),
    }
}

fn page(portal: &Portal, visitor: &Visitor, known: &Requirements, form: SetForm) -> EditPage {
    EditPage {
        page: portal.page("Requirements", Section::Settings, visitor),
        form,
        seen: known.newest().map_or(0, |newest| newest.number),
        versions: known.versions.iter().rev().map(version_line).collect(),
        corrects_past: false,
        try_on: String::new(),
        trials: Vec::new(),
        note: Note::Nothing,
    }
}

fn version_line(version: &Version) -> VersionLine {
    let Version { number, set, saved_on, corrects_past } = version;
    VersionLine {
        number: *number,
        address: format!("{}&version={number}", edit_address(&set.board, &set.profession)),
        name: set.name.clone(),
        from: day(set.from),
        saved_on: day(*saved_on),
        corrects_past: *corrects_past,
        reviewed: Some(set.reviewed_by.clone()).filter(|by| !by.is_empty()),
        total: set.total.to_string(),
    }
}

/// A cycle in words.
fn span(from: Date, to: Date) -> String {
    format!("{} to {}", day(from), day(to))
}
