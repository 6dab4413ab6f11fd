//! The organisation's settings: read, changed over the version that the form showed, and tried out in another colour. Nothing
//! is saved while a field is wrong, and nobody's change is lost unseen.

use crate::{Portal, Shared, trouble};
use adapters::{clock, table::By};
use askama::Template;
use axum::{extract::State, response::Response};
use domain::organisation::{MOST_BODIES, Organisation, colour::Colour, draft::Draft};
use http::StatusCode;
use pages::{
    answer,
    fields::{Fields, Typed},
    form::Query,
    layout::{Page, Section},
    problem::Problem,
    visitor::{AskingAccount, Visitor},
};
use serde::Deserialize;
use std::sync::Arc;

/// The largest form of settings, in bytes: 30 bodies of 140 characters and some short fields, each character of which can take four
/// bytes and each byte three characters in a form.
pub(crate) const LARGEST_SETTINGS_FORM: usize = 64 * 1024;

/// Empty rows for bodies that are to come: enough for most, and there is a button for more.
const SPARE_ROWS: usize = 2;

/// The fields of the address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    saved: Option<String>,
}

#[derive(Template)]
#[template(path = "office/settings.html")]
struct SettingsPage {
    page: Page,
    form: Fields,
    version: u64,
    rows: Vec<usize>,
    note: Note,
    contrast: Option<Contrast>,
    logo: Option<String>,
    logo_problem: Option<String>,
    year_of_deployment: String,
    months: Vec<(String, &'static str)>,
}

/// What is said above the form.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Note {
    Nothing,
    Saved,
    /// The page is shown in a colour that isn't saved.
    Preview,
    /// There are more or fewer rows, and nothing is saved.
    Rows,
    /// Somebody else has changed the settings.
    Conflict,
}

/// A colour with what can be read in it: on white, and its lighter form on dark pages.
struct Contrast {
    light: String,
    dark: String,
    on_white: String,
}

impl Contrast {
    fn of(colour: Colour) -> Self {
        let hundredths = colour.on_white();
        Self {
            light: colour.to_string(),
            dark: colour.on_dark().to_string(),
            on_white: format!("{}.{:02}", hundredths / 100, hundredths % 100),
        }
    }
}

/// `GET /office/settings`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let note = if asked.saved.is_some() { Note::Saved } else { Note::Nothing };
    let draft = Draft::of(&visitor.organisation);
    answer::page(&settings_page(&portal, &visitor, &draft, note))
}

/// `POST /office/settings`
pub(crate) async fn save(
    State(portal): State<Shared>,
    visitor: Visitor,
    AskingAccount(asking): AskingAccount,
    typed: Typed,
) -> Result<Response, Problem> {
    let typed = typed.only(is_field)?;
    let mut draft = draft_of(&typed);
    let version: u64 = typed.text("version").parse().map_err(|_| Problem::Unreadable)?;
    match typed.text("do") {
        "rows" => {
            draft.bodies.resize(draft.bodies.len() + SPARE_ROWS, Default::default());
            return answer::page(&settings_page(&portal, &visitor, &draft, Note::Rows).over(version));
        }
        "preview" => return preview(&portal, &visitor, &draft, version),
        "save" => {}
        other => {
            let row =
                other.strip_prefix("remove-").and_then(|row| row.parse().ok()).filter(|row| *row < draft.bodies.len());
            draft.bodies.remove(row.ok_or(Problem::Unreadable)?);
            return answer::page(&settings_page(&portal, &visitor, &draft, Note::Rows).over(version));
        }
    }
    let settings = match draft.read(&visitor.organisation) {
        Ok(settings) => settings,
        Err(wrong) => {
            let mut page = settings_page(&portal, &visitor, &draft, Note::Nothing).over(version);
            for problem in wrong {
                page.form.tell(&problem.field(), problem);
            }
            return answer::form_again(&page, StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    if version != visitor.organisation.version {
        return conflict(&portal, &visitor, &draft);
    }
    let by = By { account: &asking.account.id, at: clock::now() };
    if portal.clients.table.save_organisation(&settings, by).await.map_err(trouble::table)? {
        return answer::see_other("/office/settings?saved=yes");
    }
    let fresh = portal.clients.table.fetch_organisation().await.map_err(trouble::table)?;
    conflict(&portal, &Visitor { organisation: Arc::new(fresh), ..visitor }, &draft)
}

/// The form with what was typed, and beside it what stands there now: saved again, it replaces that.
fn conflict(portal: &Portal, visitor: &Visitor, draft: &Draft) -> Result<Response, Problem> {
    let mut page = settings_page(portal, visitor, draft, Note::Conflict);
    page.form.stands_now(values(&Draft::of(&visitor.organisation), 0));
    answer::form_again(&page, StatusCode::CONFLICT)
}

/// The page in the colour that was typed, if it is one.
fn preview(portal: &Portal, visitor: &Visitor, draft: &Draft, version: u64) -> Result<Response, Problem> {
    let accent = match Colour::parse(&draft.accent) {
        Ok(accent) => accent,
        Err(problem) => {
            let mut page = settings_page(portal, visitor, draft, Note::Nothing).over(version);
            page.form.tell("accent", problem);
            return answer::form_again(&page, StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    let organisation = Arc::new(Organisation { accent, ..Organisation::clone(&visitor.organisation) });
    let visitor = Visitor { organisation, ..visitor.clone() };
    answer::page(&settings_page(portal, &visitor, draft, Note::Preview).over(version))
}

/// The page after a file was sent that can't be the logo.
pub(super) fn with_logo_problem(portal: &Portal, visitor: &Visitor, problem: String) -> Result<Response, Problem> {
    let page = settings_page(portal, visitor, &Draft::of(&visitor.organisation), Note::Nothing);
    answer::form_again(&SettingsPage { logo_problem: Some(problem), ..page }, StatusCode::UNPROCESSABLE_ENTITY)
}

fn is_field(name: &str) -> bool {
    let is_row = |stem: &str| {
        name.strip_prefix(stem).is_some_and(|row| row.parse::<usize>().is_ok_and(|row| row < MOST_BODIES + SPARE_ROWS))
    };
    PLAIN_FIELDS.contains(&name) || matches!(name, "version" | "do") || is_row("short-") || is_row("body-")
}

const PLAIN_FIELDS: [&str; 7] = ["name", "support_email", "reply_to", "accent", "month", "day", "retention_years"];

fn draft_of(typed: &Typed) -> Draft {
    let text = |name: &str| typed.text(name).to_owned();
    let row = |row: usize| (text(&format!("short-{row}")), text(&format!("body-{row}")));
    let mut bodies: Vec<_> = (0..MOST_BODIES + SPARE_ROWS).map(row).collect();
    let typed_rows = bodies.iter().rposition(|(short, name)| !(short.is_empty() && name.is_empty()));
    bodies.truncate(typed_rows.map_or(0, |last| last + 1));
    Draft {
        name: text("name"),
        support_email: text("support_email"),
        reply_to: text("reply_to"),
        accent: text("accent"),
        month: text("month"),
        day: text("day"),
        retention_years: text("retention_years"),
        bodies,
    }
}

/// The form's fields, with so many rows of bodies at least.
fn values(draft: &Draft, rows: usize) -> Vec<(String, String)> {
    let plain = [
        &draft.name,
        &draft.support_email,
        &draft.reply_to,
        &draft.accent,
        &draft.month,
        &draft.day,
        &draft.retention_years,
    ];
    let mut values: Vec<_> =
        PLAIN_FIELDS.iter().zip(plain).map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let none = (String::new(), String::new());
    for row in 0..rows.max(draft.bodies.len()) {
        let (short, name) = draft.bodies.get(row).unwrap_or(&none);
        values.push((format!("short-{row}"), short.clone()));
        values.push((format!("body-{row}"), name.clone()));
    }
    values
}

fn settings_page(portal: &Portal, visitor: &Visitor, draft: &Draft, note: Note) -> SettingsPage {
    let rows = (draft.bodies.len() + SPARE_ROWS).min(MOST_BODIES + SPARE_ROWS);
    let page = portal.page("Settings", Section::Settings, visitor);
    SettingsPage {
        logo: page.logo(),
        page,
        form: Fields::of(values(draft, rows)),
        version: visitor.organisation.version,
        rows: (0..rows).collect(),
        note,
        contrast: Colour::parse(&draft.accent).ok().map(Contrast::of),
        logo_problem: None,
        year_of_deployment: beginning(portal.reporting_year.month(), portal.reporting_year.day()),
        months: MONTHS.iter().zip(1..).map(|(name, month): (_, u8)| (month.to_string(), *name)).collect(),
    }
}

/// The months, in their order.
pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn beginning(month: i8, day: i8) -> String {
    let name = usize::try_from(month - 1).ok().and_then(|at| MONTHS.get(at)).unwrap_or(&"January");
    format!("{name} {day}")
}

impl SettingsPage {
    /// The same, to be saved over the version that the form had: nothing was read anew.
    fn over(self, version: u64) -> Self {
        Self { version, ..self }
    }

    fn short(&self, row: &usize) -> String {
        format!("short-{row}")
    }

    fn body(&self, row: &usize) -> String {
        format!("body-{row}")
    }

    fn is(&self, note: &str) -> bool {
        let own = match self.note {
            Note::Nothing => "",
            Note::Saved => "saved",
            Note::Preview => "preview",
            Note::Rows => "rows",
            Note::Conflict => "conflict",
        };
        own == note
    }
}
