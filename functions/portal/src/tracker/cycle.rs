//! A licence's days, which decide on its cycles: what the register has, and what its holder tells where that is wrong or says nothing.

use super::{Held, Tracking};
use crate::{
    Portal, Shared,
    office::{day, settings::MONTHS},
    trouble,
};
use adapters::clock;
use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use domain::{
    requirement::Anchor,
    tracker::{InvalidSetting, Lacking, LicenceSettings, Reminders, SettingsDraft},
};
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
use std::collections::BTreeSet;

/// The fields of the address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    licence: Option<String>,
}

#[derive(Template)]
#[template(path = "tracker/cycle.html")]
struct CyclePage {
    page: Page,
    title: String,
    reference: String,
    version: u64,
    rule: Option<&'static str>,
    lacking: Option<&'static str>,
    registered: Option<String>,
    form: Fields,
    months: Vec<(String, &'static str, bool)>,
    conditions: Vec<(String, String, bool)>,
    reminders: Vec<(&'static str, &'static str, bool)>,
    conflict: bool,
}

const FIELDS: [(&str, &str); 3] =
    [("issued_on", "Issued on"), ("birth_month", "Month of birth"), ("ends_on", "Ends on")];

/// The beginning of a condition's field's name.
const CONDITION: &str = "condition/";

/// `GET /wallet/tracker/cycle`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    AskingAccount(asking): AskingAccount,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let tracking = super::fetch(&portal, &asking.account.id, clock::now()).await?;
    let held = tracking.licence(asked.licence.as_deref().unwrap_or_default()).ok_or(Problem::NotFound)?;
    let draft = SettingsDraft::of(&held.settings.known);
    answer::page(&page(&portal, &visitor, &tracking, held, (&draft, &held.settings)))
}

/// `POST /wallet/tracker/cycle`
pub(crate) async fn save(
    State(portal): State<Shared>,
    visitor: Visitor,
    AskingAccount(asking): AskingAccount,
    typed: Typed,
) -> Result<Response, Problem> {
    let is_field = |name: &str| FIELDS.iter().any(|(field, _)| *field == name);
    let typed = typed.only(|name| {
        matches!(name, "licence" | "version" | "remind") || is_field(name) || name.starts_with(CONDITION)
    })?;
    let account = &asking.account.id;
    let tracking = super::fetch(&portal, account, clock::now()).await?;
    let held = tracking.licence(typed.text("licence")).ok_or(Problem::NotFound)?;
    let text = |name: &str| typed.text(name).to_owned();
    let draft =
        SettingsDraft { issued_on: text("issued_on"), birth_month: text("birth_month"), ends_on: text("ends_on") };
    let told = LicenceSettings {
        licence: held.licence.clone(),
        known: held.settings.known,
        conditions: conditions(held)
            .into_iter()
            .filter(|name| typed.text(&format!("{CONDITION}{name}")) == "yes")
            .collect(),
        remind: Reminders::parse(typed.text("remind")).unwrap_or_default(),
        version: typed.text("version").parse().map_err(|_| Problem::Unreadable)?,
    };
    let known = match draft.read(tracking.today) {
        Ok(known) => known,
        Err(wrong) => {
            let mut page = page(&portal, &visitor, &tracking, held, (&draft, &told));
            for problem in wrong {
                page.form.tell(InvalidSetting::field(problem), problem);
            }
            return answer::form_again(&page, StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    let told = LicenceSettings { known, ..told };
    let is_said = LicenceSettings { version: held.settings.version, ..told.clone() } == held.settings;
    // Pressed twice: it was done by the first.
    if is_said
        || portal.clients.table.save_licence_settings(account, &told, clock::now()).await.map_err(trouble::table)?
    {
        return Ok(answer::see_other("/wallet/tracker?done=cycle").into_response());
    }
    let page = CyclePage {
        conflict: true,
        version: held.settings.version,
        ..page(&portal, &visitor, &tracking, held, (&draft, &told))
    };
    answer::form_again(&page, StatusCode::CONFLICT)
}

/// Whom the board's requirements ask more of.
fn conditions(held: &Held) -> BTreeSet<String> {
    let sets = held.requirements.versions.iter().map(|version| &version.set);
    let named = sets.flat_map(|set| &set.categories).map(|category| category.only_for.clone());
    named.filter(|name| !name.is_empty()).collect()
}

fn page(
    portal: &Portal,
    visitor: &Visitor,
    tracking: &Tracking,
    held: &Held,
    (draft, told): (&SettingsDraft, &LicenceSettings),
) -> CyclePage {
    let SettingsDraft { issued_on, birth_month, ends_on } = draft;
    let values = [("issued_on", issued_on), ("birth_month", birth_month), ("ends_on", ends_on)];
    let mut form = Fields::of(values.map(|(name, value)| (name, value.as_str())));
    for (name, label) in FIELDS {
        form.label(name, label);
    }
    let months = (1..=12).zip(MONTHS).map(|(number, name): (u8, _)| {
        let value = number.to_string();
        let is_chosen = *birth_month == value;
        (value, name, is_chosen)
    });
    let conditions = conditions(held).into_iter().map(|name| {
        let is_chosen = told.conditions.contains(&name);
        (format!("{CONDITION}{name}"), name, is_chosen)
    });
    let registered = held.known.issued_on.filter(|_| held.settings.known.issued_on.is_none());
    CyclePage {
        page: portal.page("A license's cycle", Section::Tracker, visitor),
        title: held.title(),
        reference: held.reference(),
        version: told.version,
        rule: held.requirements.newest().map(|version| match version.set.cycle.anchor {
            Anchor::BirthMonth => "Its cycles end with the month in which you were born.",
            Anchor::FixedDate { .. } => {
                "Its cycles end on the same day for everybody, unless your license says otherwise."
            }
            Anchor::IssueAnniversary => "Its cycles end the day before the anniversary of its issue.",
        }),
        lacking: tracking.track(held).err().map(Lacking::text),
        registered: registered.map(day),
        form,
        months: months.collect(),
        conditions: conditions.collect(),
        reminders: Reminders::ALL.map(|it| (it.as_str(), it.title(), it == told.remind)).into(),
        conflict: false,
    }
}
