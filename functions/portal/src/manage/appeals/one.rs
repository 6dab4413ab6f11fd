//! Somebody's appeals about an event: what they say and show beside what was decided of them and why, and the answer. It is given
//! once and with a reason, which they read; granting it says a word that the worker carries out.

use super::{super::Managing, Due, address, name_of};
use crate::{
    Portal, Shared,
    attendance::compute_then,
    office::{
        entries::NO_REASON,
        trail::{Names, fetch_names},
    },
    registration::attended::explain,
    trouble,
};
use adapters::{clock, table::AppealAnswered};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    attendance::{
        Adjustment, MOST_ADJUSTMENTS, Said, Voice as Speaks,
        appeal::{Appeal, AppealState},
    },
    event::Event,
    id::AccountId,
    mail::Mail,
    registration::Participation,
    request::parse_reason,
};
use http::StatusCode;
use pages::{
    answer as respond,
    attendance::{Explained, Voice, verdict_look, verdict_words},
    fields::{Fields, Typed},
    layout::Page,
    moment::Moment,
    problem::Problem,
    visitor::Visitor,
};

/// Somebody else may say something of the event at the same moment, some hundred times in its first hours at most.
const TRIES: usize = 4;
const TOO_MUCH: &str = "So much was said of this event's attendance that nothing more is taken. Nothing was changed; refuse the appeal or write to the office.";

#[derive(Template)]
#[template(path = "manage/appeal.html")]
struct AppealPage {
    page: Page,
    address: String,
    who: String,
    email: String,
    title: String,
    when: String,
    manage: String,
    /// What was decided: its look and its words.
    decided: Option<(&'static str, &'static str)>,
    explained: Option<Explained>,
    appeals: Vec<ShownAppeal>,
    /// The number of the open one.
    open: Option<u32>,
    form: Fields,
}

struct ShownAppeal {
    number: u32,
    at: Moment,
    text: String,
    /// The address of the file, its name and its size.
    file: Option<(String, String, String)>,
    due: Option<Due>,
    answer: Option<Answered>,
}

struct Answered {
    granted: bool,
    at: Moment,
    who: String,
    why: String,
}

/// What the page is made of.
struct Facts {
    event: Event,
    person: Participation,
    appeals: Vec<Appeal>,
}

impl Facts {
    /// Of an event that this visitor manages; somebody who never appealed isn't there.
    async fn fetch(portal: &Portal, managing: &Managing, id: &str, account: &str) -> Result<Self, Problem> {
        let event = managing.fetch(portal, id).await?;
        let account = AccountId::parse(account).map_err(|_| Problem::NotFound)?;
        let table = &portal.clients.table;
        let (person, appeals) = tokio::try_join!(
            table.fetch_participation(&event.id, &account),
            table.fetch_appeals_of(&event.id, &account),
        )
        .map_err(trouble::table)?;
        match person {
            Some(person) if !appeals.is_empty() => Ok(Self { event, person, appeals }),
            _ => Err(Problem::NotFound),
        }
    }
}

/// `GET /manage/events/{id}/appeals/{account}`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path((id, account)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let facts = Facts::fetch(&portal, &managing, &id, &account).await?;
    respond::page(&page(&portal, &managing, &facts).await?)
}

async fn page(portal: &Portal, managing: &Managing, facts: &Facts) -> Result<AppealPage, Problem> {
    let (Facts { event, person, appeals }, now) = (facts, clock::now());
    let decided = person.decided.as_deref();
    // Whoever answers sees the decision even while its times can't be read; the failure is in the log.
    let computed = match decided {
        Some(decided) => compute_then(portal, event, &decided.case).await.ok(),
        None => None,
    };
    let names = if appeals.iter().all(Appeal::is_open) { Names::default() } else { fetch_names(portal).await? };
    Ok(AppealPage {
        page: managing.page(portal, format!("Appeal of {}", name_of(person))),
        address: address(&event.id, &person.account),
        who: name_of(person),
        email: person.email.as_ref().map_or("Account closed", |email| email.shown()).to_owned(),
        title: event.title.clone(),
        when: event.when.words(),
        manage: super::super::address(&event.id),
        decided: decided.map(|decided| (verdict_look(decided.verdict), verdict_words(decided.verdict))),
        explained: computed.as_ref().and_then(|it| explain(it, &person.account, Voice::They)),
        appeals: appeals.iter().rev().map(|appeal| shown(portal, appeal, &names, now)).collect(),
        open: appeals.iter().find(|appeal| appeal.is_open()).map(|appeal| appeal.number),
        form: Fields::of([("why", "")]),
    })
}

fn shown(portal: &Portal, appeal: &Appeal, names: &Names, now: i64) -> ShownAppeal {
    let file = appeal.file.as_ref().map(|file| {
        let there = format!("{}/files/{}", address(&appeal.event, &appeal.account), appeal.number);
        (there, file.name.clone(), size(file.bytes))
    });
    ShownAppeal {
        number: appeal.number,
        at: portal.moment(appeal.at, now),
        text: appeal.text.clone(),
        file,
        due: appeal.is_open().then(|| Due::of(appeal, portal.moment(appeal.answer_by, now), now)),
        answer: match &appeal.state {
            AppealState::Open => None,
            AppealState::Decided { granted, why, by, at } => Some(Answered {
                granted: *granted,
                at: portal.moment(*at, now),
                who: names.of(by.as_str()),
                why: why.clone(),
            }),
        },
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} bytes"),
        1_024..1_048_576 => format!("{} KB", bytes / 1_024),
        _ => format!("{}.{} MB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576),
    }
}

/// `POST /manage/events/{id}/appeals/{account}`
pub(crate) async fn answer(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path((id, account)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let typed = typed.only(|name| matches!(name, "do" | "why" | "number"))?;
    let granted = match typed.text("do") {
        "grant" => true,
        "refuse" => false,
        _ => return Err(Problem::Unreadable),
    };
    let facts = Facts::fetch(&portal, &managing, &id, &account).await?;
    let there = address(&facts.event.id, &facts.person.account);
    let open =
        facts.appeals.iter().find(|appeal| appeal.is_open() && appeal.number.to_string() == typed.text("number"));
    // Somebody has answered it meanwhile: the page says who, and how.
    let Some(appeal) = open else { return respond::see_other(&there) };
    let Some(why) = parse_reason(typed.text("why")) else {
        let mut page = page(&portal, &managing, &facts).await?;
        page.form = Fields::of([("why", typed.text("why"))]);
        page.form.label("why", "Reason");
        page.form.tell("why", NO_REASON);
        return respond::form_again(&page, StatusCode::UNPROCESSABLE_ENTITY);
    };
    let decided = appeal.decided(granted, &why, managing.account(), clock::now()).ok_or(Problem::Ours)?;
    carry_out(&portal, &managing, &facts, &decided).await?;
    respond::see_other(&there)
}

/// The answer with all that follows, once.
async fn carry_out(portal: &Portal, managing: &Managing, facts: &Facts, decided: &Appeal) -> Result<(), Problem> {
    let AppealState::Decided { granted, why, at, .. } = &decided.state else { return Err(Problem::Ours) };
    let (table, event) = (&portal.clients.table, &facts.event);
    let mail = Mail::answering(decided, &facts.person, event);
    if !granted {
        let answered = table.refuse_appeal(decided, mail.as_ref()).await.map_err(trouble::table)?;
        return after(portal, decided, answered, mail.as_ref()).await;
    }
    for _ in 0..TRIES {
        let record = table.fetch_attendance(&event.id).await.map_err(trouble::table)?;
        if record.said >= MOST_ADJUSTMENTS as u64 {
            return Err(Problem::NotNow(TOO_MUCH));
        }
        let word = Adjustment {
            number: record.said + 1,
            at: *at,
            by: managing.account().clone(),
            voice: if managing.is_office() { Speaks::Office } else { Speaks::Provider },
            why: why.clone(),
            said: Said::Decide { account: decided.account.clone(), full: true, appeal: true },
        };
        let answered = table.grant_appeal(decided, &record, &word, mail.as_ref()).await.map_err(trouble::table)?;
        if answered != AppealAnswered::Moved {
            after(portal, decided, answered, mail.as_ref()).await?;
            portal.nudge_event(&event.id).await;
            return Ok(());
        }
    }
    Err(Problem::TryAgain)
}

async fn after(
    portal: &Portal,
    decided: &Appeal,
    answered: AppealAnswered,
    mail: Option<&Mail>,
) -> Result<(), Problem> {
    if answered == AppealAnswered::Now {
        tracing::info!(event = %decided.event, account = %decided.account, number = decided.number, "appeal.answered");
        if let Some(mail) = mail {
            portal.nudge(mail).await;
        }
    }
    Ok(())
}

/// `GET /manage/events/{id}/appeals/{account}/files/{number}`: on to the bucket, by an address that works for minutes and saves the
/// file, so that no browser opens it here.
pub(crate) async fn file(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path((id, account, number)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let facts = Facts::fetch(&portal, &managing, &id, &account).await?;
    let appeal = facts.appeals.iter().find(|appeal| appeal.number.to_string() == number);
    let file = appeal.and_then(|appeal| appeal.file.as_ref()).ok_or(Problem::NotFound)?;
    let address = portal.clients.objects.presign_download(&file.key, &file.name).await.map_err(trouble::objects)?;
    respond::see_other(&address)
}
