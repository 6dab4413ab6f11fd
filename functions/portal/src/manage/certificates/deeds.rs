//! What staff do to a certificate: they revoke it, which is asked for twice, or issue it again. Each deed has its reason, is kept, and is
//! told to the licensee.

use super::{Facts, address, name_of, one::page, page_of};
use crate::{
    Portal, Shared,
    manage::{Head, Managing, Part},
    office::entries::NO_REASON,
    trouble,
};
use adapters::{clock, random};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    completion::{Completion, Correction, Deed, IssueRefusal, What, correct, may_issue, revoke},
    mail::{Content, Mail, PastEvent},
    request::parse_reason,
};
use http::StatusCode;
use pages::{
    answer,
    fields::{Fields, Typed},
    layout::Page,
    problem::Problem,
    visitor::Visitor,
};

#[derive(Template)]
#[template(path = "manage/revoke.html")]
struct RevokePage {
    page: Page,
    head: Head,
    address: String,
    who: String,
    code: String,
    why: String,
}

/// `POST /manage/events/{id}/certificates/{account}`
pub(crate) async fn act(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path((id, account)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let typed = typed.only(|name| matches!(name, "do" | "why" | "code"))?;
    let facts = Facts::fetch(&portal, &managing, &id, &account).await?;
    let there = address(&facts.event, &facts.person.account);
    let Some(why) = parse_reason(typed.text("why")) else {
        let mut page = page(&portal, &managing, &facts).await?;
        page.form = Fields::of([("why", typed.text("why"))]);
        page.form.label("why", "Reason");
        page.form.tell("why", NO_REASON);
        return answer::form_again(&page, StatusCode::UNPROCESSABLE_ENTITY);
    };
    // Pressed twice, or somebody else was faster: the page says what stands now.
    if facts.person.submitted().is_some_and(|it| it.certificate.code.as_str() != typed.text("code")) {
        return answer::see_other(&there);
    }
    let now = clock::now();
    let planned = match typed.text("do") {
        "revoke" | "ask-revoke" => planned_revocation(&facts, &why, now),
        "again" => planned_correction(&facts)?,
        _ => return Err(Problem::Unreadable),
    };
    let (completion, what) = match planned {
        Ok(planned) => planned,
        Err(refusal) => {
            let mut page = page(&portal, &managing, &facts).await?;
            page.refused = Some(refusal.text());
            return answer::form_again(&page, StatusCode::CONFLICT);
        }
    };
    if typed.text("do") == "ask-revoke" {
        return answer::page(&asking(&portal, &managing, &facts, why));
    }
    carry_out(&portal, &managing, &facts, (completion, what, why), now).await?;
    answer::see_other(&there)
}

/// A revocation can't be undone but by a new certificate: it is asked for twice.
fn asking(portal: &Portal, managing: &Managing, facts: &Facts, why: String) -> RevokePage {
    let Facts { event, person, .. } = facts;
    RevokePage {
        page: page_of(managing, portal, format!("Revoke the certificate of {}?", name_of(person))),
        head: Head::of(managing, event, Part::Certificates),
        address: address(event, &person.account),
        who: name_of(person),
        code: person.submitted().map(|submitted| submitted.certificate.code.to_string()).unwrap_or_default(),
        why,
    }
}

type Planned = Result<(Completion, What), IssueRefusal>;

fn planned_revocation(facts: &Facts, why: &str, now: i64) -> Planned {
    let completion = facts.person.completion.as_deref().ok_or(IssueRefusal::NoCertificate)?;
    Ok((revoke(completion, why, now)?, What::Revoked))
}

fn planned_correction(facts: &Facts) -> Result<Planned, Problem> {
    let code = random::certificate_code();
    let code = code.map_err(|error| trouble::operator("making a certificate's code", &error))?;
    let Some(completion) = facts.person.completion.as_deref() else { return Ok(Err(IssueRefusal::NoCertificate)) };
    if let Err(refusal) = may_issue(&facts.event, &facts.person) {
        return Ok(Err(refusal));
    }
    let correction = Correction { name: facts.name.clone(), code: code.clone() };
    Ok(correct(completion, correction).map(|completion| (completion, What::Again { code })))
}

/// The deed with its note and the mail that tells it; then the worker is woken.
async fn carry_out(
    portal: &Portal,
    managing: &Managing,
    facts: &Facts,
    (completion, what, why): (Completion, What, String),
    now: i64,
) -> Result<(), Problem> {
    let (table, event, person) = (&portal.clients.table, &facts.event, &facts.person);
    let Some(code) = person.submitted().map(|submitted| submitted.certificate.code.clone()) else {
        return Err(Problem::NotFound);
    };
    let about = Box::new(PastEvent::of(event));
    let content = match what {
        What::Revoked | What::TakenBack => Content::CertificateRevoked { about, why: why.clone() },
        What::Again { .. } => Content::CertificateCorrected { about, why: why.clone() },
    };
    let mail = facts.address.clone().map(|to| Mail::about_certificate(to, &code, content, now));
    let (by, account) = (managing.account().clone(), person.account.clone());
    let deed = Deed { at: now, by, account, code, what, why };
    let saved = table.save_completion_for(person, &completion, &deed, mail.as_ref()).await.map_err(trouble::table)?;
    if !saved {
        return Err(Problem::TryAgain);
    }
    tracing::info!(event = %event.id, account = %person.account, certificate = %deed.code, "certificate.deed");
    if let Some(mail) = mail {
        portal.nudge(&mail).await;
    }
    portal.wake_certificate(&event.id, &person.account).await;
    Ok(())
}
