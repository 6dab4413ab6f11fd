//! New entries of the registers, typed by hand and with a reason. What stands there already is never overwritten.

use super::{EntryPage, NUMBER_TAKEN, judge, read_form, save, section, title};
use crate::{
    Portal, Shared,
    entry::{EntryForm, Register, field_name},
};
use adapters::{clock, table::Saved};
use axum::{
    extract::{Path, State},
    response::Response,
};
use http::StatusCode;
use pages::{
    answer,
    fields::Typed,
    problem::Problem,
    visitor::{AskingAccount, Visitor},
};

/// `GET /office/registers/{register}/add`
pub(crate) async fn show_add(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(register): Path<String>,
) -> Result<Response, Problem> {
    let register = Register::named(&register).ok_or(Problem::NotFound)?;
    let form = EntryForm::of(register.asked(true), &Vec::new(), add_address(register), 0);
    answer::page(&add_page(&portal, &visitor, register, form))
}

/// `POST /office/registers/{register}/add`
pub(crate) async fn add(
    State(portal): State<Shared>,
    visitor: Visitor,
    asking: AskingAccount,
    Path(register): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let register = Register::named(&register).ok_or(Problem::NotFound)?;
    let headings = register.asked(true);
    let (typed, _) = read_form(typed, &headings)?;
    let mut form = EntryForm::typed(headings, &typed, add_address(register), 0);
    let fields = form.fields.clone();
    let under = |heading: &'static str| fields.at(&field_name(heading)).value.as_str();
    if let Some((entry, change)) = judge(&portal, register, under, &mut form, &asking, clock::now()).await? {
        let found_by =
            field_name(if register == Register::Licensees { "License Number" } else { register.headings()[0] });
        match save(&portal, &entry, None, &change).await? {
            Saved::Now(_) | Saved::Unchanged => {
                return answer::see_other(&format!("{}?saved=yes", entry.key().address()));
            }
            Saved::NumberTaken => form.fields.tell(&field_name("License Number"), NUMBER_TAKEN),
            Saved::Conflict => form.fields.tell(
                &found_by,
                "This stands on the register already. Look for it there and change it, or correct what you typed.",
            ),
        }
    }
    answer::form_again(&add_page(&portal, &visitor, register, form), StatusCode::UNPROCESSABLE_ENTITY)
}

fn add_address(register: Register) -> String {
    format!("/office/registers/{}/add", register.name())
}

fn add_page(portal: &Portal, visitor: &Visitor, register: Register, form: EntryForm) -> EntryPage {
    let heading = format!("Add a {}", register.one());
    EntryPage {
        page: portal.page(heading.clone(), section(register), visitor),
        heading,
        register: register.name(),
        register_title: title(register),
        facts: Vec::new(),
        owner: None,
        saved: false,
        entry: EntryForm { button: "Add", why_label: "Reason", ..form },
        related: Vec::new(),
        related_title: "",
        events: None,
        trail: None,
    }
}
