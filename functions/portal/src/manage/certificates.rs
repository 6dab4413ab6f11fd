//! The certificates of an event, for its provider's staff and the office: who is invited, who has submitted, what is issued, what is
//! held and why. Staff revoke a certificate, or issue it again with the name that the account has now; each deed has its reason, is
//! kept, and is told to the licensee. What somebody answered is never shown here.

use super::{Head, Managing, Part, history::Names};
use crate::{Portal, Shared, completion::by_roster, office::entries::NO_REASON, trouble};
use adapters::{clock, random};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    attendance::missing::Evaluation,
    certificate::grouped,
    completion::{Completion, Correction, Deed, IssueRefusal, Step, What, correct, may_issue, revoke},
    email::EmailAddress,
    event::Event,
    id::AccountId,
    mail::{Content, Mail, PastEvent},
    registration::Participation,
    request::parse_reason,
};
use http::StatusCode;
use pages::{
    answer,
    fields::{Fields, Typed},
    form::Query,
    layout::Page,
    moment::Moment,
    problem::Problem,
    visitor::Visitor,
};
use serde::Deserialize;

/// People on one page.
const PAGE_PEOPLE: i32 = 200;

/// The fields of the address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "manage/certificates.html")]
struct ListPage {
    page: Page,
    head: Head,
    lines: Vec<Line>,
    is_first: bool,
    next: Option<String>,
}

/// Somebody in the list.
struct Line {
    address: String,
    name: String,
    evaluation: Words,
    certificate: Words,
    at: Option<Moment>,
}

/// A state with its look.
struct Words {
    look: &'static str,
    words: &'static str,
}

#[derive(Template)]
#[template(path = "manage/certificate.html")]
struct OnePage {
    page: Page,
    head: Head,
    address: String,
    list: String,
    who: String,
    account_name: String,
    differs: bool,
    evaluation: Words,
    certificate: Words,
    until: Option<Moment>,
    submitted: Option<Submitted>,
    deeds: Vec<DeedLine>,
    form: Fields,
    refused: Option<&'static str>,
}

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

/// What was submitted, without what was answered.
struct Submitted {
    at: Moment,
    name: String,
    code: String,
    grouped: String,
    replaces: Option<String>,
    held: Option<String>,
    revoked: Option<String>,
    /// Licences whose credit a roster had recorded before.
    by_roster: Vec<String>,
    may_revoke: bool,
    may_issue: bool,
    is_under_way: bool,
}

/// What somebody did.
struct DeedLine {
    at: Moment,
    who: String,
    what: &'static str,
    why: String,
}

/// `GET /manage/events/{id}/certificates`
pub(crate) async fn list(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = managing.fetch(&portal, &id).await?;
    let after = asked.after.as_deref();
    let (people, next) =
        portal.clients.table.fetch_people_of(&event.id, after, PAGE_PEOPLE).await.map_err(trouble::table)?;
    let invited: Vec<&Participation> = people.iter().filter(|person| person.completion.is_some()).collect();
    let accounts: Vec<AccountId> = invited.iter().map(|person| person.account.clone()).collect();
    let troubles = portal.clients.table.fetch_mail_troubles(&accounts).await.map_err(trouble::table)?;
    let now = clock::now();
    let came_back = |person: &Participation| troubles.contains_key(&person.account);
    let mut lines: Vec<Line> = invited.iter().map(|person| line(&event, person, came_back(person), now)).collect();
    // What waits for somebody first.
    lines.sort_by_cached_key(|line| (line.certificate.words != HELD, line.name.to_lowercase()));
    answer::page(&ListPage {
        page: page_of(&managing, &portal, format!("Certificates: {}", event.title)),
        head: Head::of(&managing, &event, Part::Certificates),
        lines,
        is_first: after.is_none(),
        next,
    })
}

/// A page of this part, with its own article.
fn page_of(managing: &Managing, portal: &Portal, title: String) -> Page {
    let mut page = managing.page(portal, title);
    page.help = Some("/help/certificates-of-events");
    page
}

const HELD: &str = "Held";

fn line(event: &Event, person: &Participation, came_back: bool, now: i64) -> Line {
    let moment = |at| Moment::new(at, now, &event.when.zone.rules());
    Line {
        address: address(event, &person.account),
        name: name_of(person),
        evaluation: evaluation_words(person, came_back, now),
        certificate: certificate_words(person),
        at: person.submitted().map(|submitted| moment(submitted.at)),
    }
}

fn address(event: &Event, account: &AccountId) -> String {
    format!("/manage/events/{}/certificates/{account}", event.id)
}

fn name_of(person: &Participation) -> String {
    format!("{} {}", person.name.first, person.name.last)
}

fn evaluation_words(person: &Participation, came_back: bool, now: i64) -> Words {
    let (look, words) = match person.evaluation_standing(now) {
        Evaluation::Incomplete { .. } if came_back => ("bad", "Mail came back"),
        Evaluation::NotInvited => ("open", "Not invited"),
        Evaluation::Undeliverable => ("bad", "Mail came back"),
        Evaluation::Incomplete { .. } => ("open", "Incomplete"),
        Evaluation::Expired => ("bad", "Expired"),
        Evaluation::Submitted => ("good", "Submitted"),
    };
    Words { look, words }
}

fn certificate_words(person: &Participation) -> Words {
    let step = person.submitted().map(|submitted| &submitted.certificate.step);
    let (look, words) = match step {
        None => ("open", "None yet"),
        Some(Step::Pending) => ("open", "Being made"),
        Some(Step::Held { .. }) => ("bad", HELD),
        Some(Step::Issued { .. }) => ("good", "Issued"),
        Some(Step::Revoking { .. } | Step::Revoked { .. }) => ("bad", "Revoked"),
    };
    Words { look, words }
}

/// What one person's page is made of.
struct Facts {
    event: Event,
    person: Participation,
    /// The name that the account has now; where it is closed, the one on the certificate, which nobody can correct any more.
    name: domain::name::PersonName,
    /// Where mails to them go now; nowhere once the account is closed.
    address: Option<EmailAddress>,
    /// Mail to them came back.
    came_back: bool,
}

impl Facts {
    async fn fetch(portal: &Portal, managing: &Managing, id: &str, account: &str) -> Result<Self, Problem> {
        let account = AccountId::parse(account).map_err(|_| Problem::NotFound)?;
        let event = managing.fetch(portal, id).await?;
        let table = &portal.clients.table;
        let (person, known) =
            tokio::try_join!(table.fetch_participation(&event.id, &account), table.fetch_account(&account))
                .map_err(trouble::table)?;
        let person = person.filter(|person| person.completion.is_some()).ok_or(Problem::NotFound)?;
        let came_back = known.as_ref().is_some_and(|account| account.mail_trouble.is_some());
        let (name, address) = match known.filter(|_| !person.is_closed()) {
            Some(account) => (account.name, Some(account.email)),
            None => (person.submitted().map_or(&person.name, |submitted| &submitted.name).clone(), None),
        };
        Ok(Self { event, person, name, address, came_back })
    }
}

/// `GET /manage/events/{id}/certificates/{account}`
pub(crate) async fn one(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path((id, account)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let facts = Facts::fetch(&portal, &managing, &id, &account).await?;
    answer::page(&page(&portal, &managing, &facts).await?)
}

async fn page(portal: &Portal, managing: &Managing, facts: &Facts) -> Result<OnePage, Problem> {
    let Facts { event, person, name, .. } = facts;
    let now = clock::now();
    let moment = |at| Moment::new(at, now, &event.when.zone.rules());
    let deeds =
        portal.clients.table.fetch_certificate_deeds(&event.id, &person.account).await.map_err(trouble::table)?;
    let deeds = match deeds.is_empty() {
        true => Vec::new(),
        false => {
            let names = Names::fetch(portal, event).await?;
            deeds.into_iter().map(|deed| deed_line(deed, &names, managing, &moment)).collect()
        }
    };
    let completion = person.completion.as_deref();
    Ok(OnePage {
        page: page_of(managing, portal, format!("Certificate of {}", name_of(person))),
        head: Head::of(managing, event, Part::Certificates),
        address: address(event, &person.account),
        list: format!("/manage/events/{}/certificates", event.id),
        who: name_of(person),
        account_name: format!("{} {}", name.first, name.last),
        differs: person.submitted().is_some_and(|submitted| submitted.name != *name),
        evaluation: evaluation_words(person, facts.came_back, now),
        certificate: certificate_words(person),
        until: completion.filter(|it| it.submitted.is_none()).map(|completion| moment(completion.until)),
        submitted: person.submitted().map(|submitted| shown(submitted, (event, person), &moment)),
        deeds,
        form: Fields::of([("why", "")]),
        refused: None,
    })
}

fn shown(
    submitted: &domain::completion::Submitted,
    (event, person): (&Event, &Participation),
    moment: &impl Fn(i64) -> Moment,
) -> Submitted {
    let issue = &submitted.certificate;
    let (held, revoked) = match &issue.step {
        Step::Held { why, .. } => (Some(why.text()), None),
        Step::Revoking { why, .. } | Step::Revoked { why, .. } => (None, Some(why.clone())),
        Step::Pending | Step::Issued { .. } => (None, None),
    };
    Submitted {
        at: moment(submitted.at),
        name: format!("{} {}", submitted.name.first, submitted.name.last),
        code: issue.code.to_string(),
        grouped: grouped(&issue.code),
        replaces: issue.replaces.as_ref().map(ToString::to_string),
        held,
        revoked,
        by_roster: by_roster(submitted),
        may_revoke: matches!(issue.step, Step::Issued { .. } | Step::Held { .. }),
        may_issue: may_issue(event, person).is_ok() && !issue.step.is_to_do(),
        is_under_way: issue.step.is_to_do(),
    }
}

fn deed_line(deed: Deed, names: &Names, managing: &Managing, moment: &impl Fn(i64) -> Moment) -> DeedLine {
    DeedLine {
        at: moment(deed.at),
        who: names.of(managing, &deed.by).unwrap_or_else(|| "Somebody of the staff".to_owned()),
        what: match deed.what {
            What::Again { .. } => "Issued again",
            What::Revoked => "Revoked",
            What::TakenBack => "Revoked with the attendance",
        },
        why: deed.why,
    }
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
