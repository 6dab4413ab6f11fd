//! A provider whose address on file no longer reaches it asks for the office's approval of another. Here too every number
//! gets the same page.

use crate::{
    Door, Network, Shared, trouble,
    view::{FormPage, Message},
};
use adapters::{clock, random};
use axum::{extract::State, response::Response};
use domain::{
    email::EmailAddress,
    licence::LicenceNumber,
    request::{Asks, Request, parse_reason},
};
use pages::{field::Field, form::Form, layout::Section, problem::Problem, visitor::Visitor};
use serde::Deserialize;

/// The form.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OtherAddress {
    license_number: String,
    email: String,
    message: String,
}

fn form(door: &Door, visitor: &Visitor, typed: &OtherAddress) -> FormPage {
    let fields = vec![
        Field::text("license_number", "License Number", "off").holding(&typed.license_number),
        Field::email("email", "Email")
            .holding(&typed.email)
            .with_hint("The address that reaches you now. We send the answer there."),
        Field::text("message", "How can we recognize you?", "off").holding(&typed.message).with_hint(
            "For instance who you are at the provider, and a telephone number on which the office may call you.",
        ),
    ];
    let page = door.page("Sign Up with another address", Section::Elsewhere, visitor).helped_by("/help/sign-up");
    FormPage::new(page, "/sign-up/other-address", "Ask the office", fields)
        .lead(&["A person at the office looks at each of these, and may call or write to the provider. You get the answer by mail."])
        .ways(&[("/sign-up", "Back to Sign Up")])
}

/// `GET /sign-up/other-address`
pub(crate) async fn show(State(door): State<Shared>, visitor: Visitor) -> Result<Response, Problem> {
    form(&door, &visitor, &OtherAddress::default()).show()
}

/// `POST /sign-up/other-address`
pub(crate) async fn ask(
    State(door): State<Shared>,
    visitor: Visitor,
    Network(network): Network,
    Form(typed): Form<OtherAddress>,
) -> Result<Response, Problem> {
    let (licence, email) = (LicenceNumber::parse(&typed.license_number), EmailAddress::parse(&typed.email));
    let (Ok(licence), Ok(email), Some(message)) = (&licence, &email, parse_reason(&typed.message)) else {
        let mut page = form(&door, &visitor, &typed);
        let wrong = [
            licence.is_err().then_some(super::NOT_A_NUMBER),
            email.is_err().then_some(super::NOT_AN_EMAIL),
            parse_reason(&typed.message).is_none().then_some("Write a sentence or two, with at most 1,000 characters."),
        ];
        page.fields = page.fields.into_iter().zip(wrong).map(|(field, wrong)| field.with_error(wrong)).collect();
        return page.refuse();
    };
    let now = clock::now();
    door.count(&door.limits.mails_by_network, &network, now).await?;
    door.count(&door.limits.mails_to_address, &format!("other-address {network}"), now).await?;
    let request = Request {
        id: random::request_id().map_err(trouble::chance)?,
        asks: Asks::ProviderAddress { licence: licence.clone(), email: email.clone() },
        message,
        account: None,
        answer_to: email.clone(),
        created_at: now,
        decision: None,
    };
    door.clients.table.save_request(&request).await.map_err(trouble::table)?;
    let page = door.page("The office has your request", Section::Elsewhere, &visitor).helped_by("/help/sign-up");
    let paragraphs = ["A person will look at it. The answer comes by mail to the address that you gave."];
    Message::new(page, &paragraphs, &[("/", "Home")]).show()
}
