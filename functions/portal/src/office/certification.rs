//! The settings about evaluations and certificates: how long an evaluation can be submitted, when people are reminded, who signs, and
//! the picture of their signature. What is issued stays as it is, whatever is changed here.

use crate::{Portal, Shared, trouble};
use adapters::{
    clock,
    table::{By, Certification},
};
use askama::Template;
use axum::{
    extract::{Multipart, State, multipart::MultipartError},
    response::Response,
};
use domain::{
    certificate::{LONGEST_SIGNATORY, Signatory},
    completion::{EvaluationTimes, MOST_DAYS_TO_SUBMIT},
    organisation::logo::{LARGEST_LOGO, Logo},
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

/// The largest form with a signature, in bytes: as that of a logo.
pub(crate) const LARGEST_SIGNATURE_FORM: usize = super::logo::LARGEST_LOGO_FORM;

/// The fields of the address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    saved: Option<String>,
}

#[derive(Template)]
#[template(path = "office/certification.html")]
struct CertificationPage {
    page: Page,
    form: Fields,
    version: u64,
    saved: bool,
    conflict: bool,
    signature: Option<String>,
    signature_problem: Option<String>,
    largest_kb: usize,
}

/// `GET /office/settings/certificates`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let settings = fetch(&portal).await?;
    let page = page(&portal, &visitor, Fields::of(texts(&settings)), &settings);
    answer::page(&CertificationPage { saved: asked.saved.is_some(), ..page })
}

async fn fetch(portal: &Portal) -> Result<Certification, Problem> {
    portal.clients.table.fetch_certification().await.map_err(trouble::table)
}

const NAMES: [&str; 4] = ["days", "remind_after", "signatory_name", "signatory_role"];

fn texts(settings: &Certification) -> [(&'static str, String); 4] {
    let (name, role) = settings.signatory.as_ref().map(|it| (it.name.clone(), it.role.clone())).unwrap_or_default();
    let [days, remind_after, signatory_name, signatory_role] = NAMES;
    [
        (days, settings.times.days.to_string()),
        (remind_after, settings.times.remind_after.to_string()),
        (signatory_name, name),
        (signatory_role, role),
    ]
}

fn page(portal: &Portal, visitor: &Visitor, form: Fields, settings: &Certification) -> CertificationPage {
    CertificationPage {
        page: portal.page("Evaluations and certificates", Section::Settings, visitor),
        form,
        version: settings.version,
        saved: false,
        conflict: false,
        signature: settings.signature.as_ref().map(|name| format!("/organisation/{name}")),
        signature_problem: None,
        largest_kb: LARGEST_LOGO / 1024,
    }
}

/// `POST /office/settings/certificates`
pub(crate) async fn save(
    State(portal): State<Shared>,
    visitor: Visitor,
    AskingAccount(asking): AskingAccount,
    typed: Typed,
) -> Result<Response, Problem> {
    let typed = typed.only(|name| name == "version" || NAMES.contains(&name))?;
    let version = typed.text("version").parse().map_err(|_| Problem::Unreadable)?;
    let mut form = Fields::of(NAMES.map(|name| (name, typed.text(name).trim())));
    let times = read_times(&typed, &mut form);
    let signatory = read_signatory(&typed, &mut form);
    let standing = fetch(&portal).await?;
    if !form.are_right() {
        let again = CertificationPage { version, ..page(&portal, &visitor, form, &standing) };
        return answer::form_again(&again, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let settings = Certification { times, signatory, signature: standing.signature, version };
    let by = By { account: &asking.account.id, at: clock::now() };
    if portal.clients.table.save_certification(&settings, by).await.map_err(trouble::table)? {
        return answer::see_other("/office/settings/certificates?saved=yes");
    }
    let fresh = fetch(&portal).await?;
    form.stands_now(texts(&fresh));
    let again = page(&portal, &visitor, form, &fresh);
    answer::form_again(&CertificationPage { conflict: true, ..again }, StatusCode::CONFLICT)
}

fn read_times(typed: &Typed, form: &mut Fields) -> EvaluationTimes {
    let days = typed.text("days").trim().parse().ok().filter(|days| (1..=MOST_DAYS_TO_SUBMIT).contains(days));
    if days.is_none() {
        form.label("days", "Days to submit");
        form.tell("days", format!("Enter a whole number of days from 1 to {MOST_DAYS_TO_SUBMIT}."));
    }
    let remind = typed.text("remind_after").trim().parse().ok();
    let remind = remind.filter(|remind: &u16| days.is_none_or(|days| *remind < days));
    if remind.is_none() {
        form.label("remind_after", "Days to the reminder");
        form.tell("remind_after", "Enter a whole number of days below the days to submit, or 0 for no reminder.");
    }
    EvaluationTimes { days: days.unwrap_or(1), remind_after: remind.unwrap_or(0) }
}

fn read_signatory(typed: &Typed, form: &mut Fields) -> Option<Signatory> {
    let (name, role) = (typed.text("signatory_name").trim(), typed.text("signatory_role").trim());
    if name.is_empty() && role.is_empty() {
        return None;
    }
    let is_line =
        |text: &str| (1..=LONGEST_SIGNATORY).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    for (field, label, text) in [("signatory_name", "Name", name), ("signatory_role", "Role", role)] {
        if !is_line(text) {
            form.label(field, label);
            form.tell(
                field,
                format!(
                    "Enter both the name and the role, up to {LONGEST_SIGNATORY} characters each, or leave both empty."
                ),
            );
        }
    }
    Some(Signatory { name: name.to_owned(), role: role.to_owned() })
}

/// `POST /office/settings/certificates/signature`
pub(crate) async fn save_signature(
    State(portal): State<Shared>,
    visitor: Visitor,
    AskingAccount(asking): AskingAccount,
    form: Multipart,
) -> Result<Response, Problem> {
    let sent = read(form).await?;
    let standing = fetch(&portal).await?;
    let signature = match sent {
        None => None,
        Some(bytes) => match Logo::read(&bytes) {
            Ok(picture) => {
                let name = picture.name();
                portal.clients.table.save_logo(&name, picture.bytes).await.map_err(trouble::table)?;
                Some(name)
            }
            Err(problem) => {
                let again = page(&portal, &visitor, Fields::of(texts(&standing)), &standing);
                let again = CertificationPage { signature_problem: Some(problem.to_string()), ..again };
                return answer::form_again(&again, StatusCode::UNPROCESSABLE_ENTITY);
            }
        },
    };
    let settings = Certification { signature, ..standing };
    let by = By { account: &asking.account.id, at: clock::now() };
    if !portal.clients.table.save_certification(&settings, by).await.map_err(trouble::table)? {
        return Err(Problem::NotNow(
            "Somebody else has changed these settings at this very moment. Go back, reload the page and choose the picture again.",
        ));
    }
    answer::see_other("/office/settings/certificates?saved=yes")
}

/// The picture that was sent, or nothing if it is to be taken away.
async fn read(mut form: Multipart) -> Result<Option<Vec<u8>>, Problem> {
    let unreadable = |error: MultipartError| Problem::of_status(error.status());
    let (mut picture, mut is_removed) = (Vec::new(), false);
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        match field.name().unwrap_or_default() {
            "do" => is_removed |= field.text().await.map_err(unreadable)? == "remove",
            "signature" => picture = field.bytes().await.map_err(unreadable)?.to_vec(),
            _ => return Err(Problem::Unreadable),
        }
    }
    Ok((!is_removed).then_some(picture))
}
