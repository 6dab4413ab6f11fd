//! An appeal as it is sent: some text, and one file if they like, known by its content. Sent twice it is one.

use super::missing::{Done, Facts, address, page};
use crate::{Portal, Shared, trouble};
use adapters::{clock, objects::appeal_key};
use axum::{
    extract::{
        Multipart, Path, State,
        multipart::{Field, MultipartError},
    },
    response::Response,
};
use documents::attendance::sha256;
use domain::{
    account::{Account, Rank},
    attendance::appeal::{
        Appeal, AppealFile, AppealRefusal, FileKind, LARGEST_APPEAL_FILE, LONGEST_APPEAL, file_appeal, parse_appeal,
    },
    event::Event,
    mail::Mail,
};
use futures_util::future::{join_all, try_join_all};
use http::StatusCode;
use pages::{
    answer,
    fields::Fields,
    problem::Problem,
    visitor::{AskingAccount, Visitor},
};
use std::collections::BTreeMap;

/// The largest form with an appeal, in bytes: the text at four bytes a sign, and some more file than is taken, so that one that is
/// somewhat too large is told so in words. In Base64 it stays below what a request to a function may have.
pub(crate) const LARGEST_APPEAL_FORM: usize = LARGEST_APPEAL_FILE + 4 * LONGEST_APPEAL + 200 * 1024;
const _: () = assert!(LARGEST_APPEAL_FORM / 3 * 4 + 200_000 < 6 * 1024 * 1024);

/// A provider has one owner or two; each costs a read and a mail.
const MOST_TOLD: usize = 10;

const NO_TEXT: &str = "Say what happened: when you came and left, with which device, and what is wrong in the decision. 4,000 signs at most.";
const TOO_LARGE: &str =
    "The file is larger than 4 MB. Attach a smaller one, such as a picture of the part that matters.";
const NOT_TAKEN: &str = "The file is neither a PDF nor a PNG or JPEG picture, whatever its name says. Save it as one of these and attach it again.";

/// What was sent.
#[derive(Default)]
struct Sent {
    text: String,
    called: String,
    file: Vec<u8>,
}

/// `POST /wallet/missing/{event}`
pub(crate) async fn send(
    State(portal): State<Shared>,
    visitor: Visitor,
    AskingAccount(asking): AskingAccount,
    Path(id): Path<String>,
    form: Multipart,
) -> Result<Response, Problem> {
    let sent = read(form).await?;
    let facts = Facts::fetch(&portal, &id, &asking.account.id).await?;
    let there = address(&facts.event.id, Some(Done::Appeal));
    let text = parse_appeal(&sent.text);
    if let Some(text) = &text
        && facts.appeals.iter().any(|appeal| appeal.is_open() && appeal.text == *text)
    {
        // Pressed twice: it was done by the first.
        return answer::see_other(&there);
    }
    let file = read_file(&facts, &sent);
    let (Some(text), Ok(file)) = (text.clone(), &file) else {
        return again(&portal, &visitor, &facts, &sent, (text.is_none(), file.err())).await;
    };
    let now = clock::now();
    let person = facts.person.as_ref().ok_or(Problem::NotNow(AppealRefusal::NotRegistered.text()))?;
    let filed = file_appeal(&facts.event, person, &facts.appeals, (text, file.clone()), now);
    let appeal = filed.map_err(|refusal| Problem::NotNow(refusal.text()))?;
    if let Some(file) = &appeal.file {
        let objects = &portal.clients.objects;
        let kept = objects.save_evidence(&file.key, sent.file, file.kind.media_type(), BTreeMap::new()).await;
        kept.map_err(trouble::objects)?;
    }
    let mails = mails(&portal, &facts.event, &appeal).await?;
    if portal.clients.table.save_appeal(&appeal, &facts.event.provider, &mails).await.map_err(trouble::table)? {
        join_all(mails.iter().map(|mail| portal.nudge(mail))).await;
    } else {
        // Another of theirs came at the same moment; if it is the same, it was done by that.
        let table = &portal.clients.table;
        let appeals = table.fetch_appeals_of(&appeal.event, &appeal.account).await.map_err(trouble::table)?;
        if !appeals.iter().any(|other| other.number == appeal.number && other.text == appeal.text) {
            return Err(Problem::NotNow(AppealRefusal::OneIsOpen.text()));
        }
    }
    tracing::info!(event = %appeal.event, account = %appeal.account, number = appeal.number, "appeal.filed");
    answer::see_other(&there)
}

/// The mails that tell the owners of the event's provider: without them nobody would look before its time is over.
async fn mails(portal: &Portal, event: &Event, appeal: &Appeal) -> Result<Vec<Mail>, Problem> {
    let table = &portal.clients.table;
    let (users, _) = table.fetch_users(Some(&event.provider)).await.map_err(trouble::table)?;
    let owners = users.iter().filter(|user| user.rank == Some(Rank::Owner)).take(MOST_TOLD);
    let accounts = try_join_all(owners.map(|user| table.fetch_account(&user.account))).await.map_err(trouble::table)?;
    let mail = |account: Account| Mail::of_appeal(appeal, event, &account.id, account.email);
    Ok(accounts.into_iter().flatten().map(mail).collect())
}

async fn read(mut form: Multipart) -> Result<Sent, Problem> {
    let unreadable = |error: MultipartError| Problem::of_status(error.status());
    let mut sent = Sent::default();
    let mut seen: Vec<String> = Vec::new();
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        let name = field.name().unwrap_or_default().to_owned();
        if seen.contains(&name) {
            return Err(Problem::Unreadable);
        }
        match name.as_str() {
            "text" => sent.text = text_of(field).await?,
            "file" => {
                field.file_name().unwrap_or_default().clone_into(&mut sent.called);
                sent.file = field.bytes().await.map_err(unreadable)?.to_vec();
            }
            _ => return Err(Problem::Unreadable),
        }
        seen.push(name);
    }
    Ok(sent)
}

async fn text_of(field: Field<'_>) -> Result<String, Problem> {
    field.text().await.map_err(|error| Problem::of_status(error.status()))
}

/// The file, if one was sent; a browser sends an empty one where none was chosen.
fn read_file(facts: &Facts, sent: &Sent) -> Result<Option<AppealFile>, &'static str> {
    if sent.file.is_empty() {
        return Ok(None);
    }
    if sent.file.len() > LARGEST_APPEAL_FILE {
        return Err(TOO_LARGE);
    }
    let kind = FileKind::of(&sent.file).ok_or(NOT_TAKEN)?;
    let sha256 = sha256(&sent.file);
    Ok(Some(AppealFile {
        key: appeal_key(&facts.event.id, &sha256),
        sha256,
        bytes: sent.file.len() as u64,
        name: kind.name(&sent.called),
        kind,
    }))
}

/// The page again, with what is wrong beside what was typed.
async fn again(
    portal: &Portal,
    visitor: &Visitor,
    facts: &Facts,
    sent: &Sent,
    (no_text, file): (bool, Option<&'static str>),
) -> Result<Response, Problem> {
    let mut shown = page(portal, visitor, facts, None).await?;
    if let Err(refusal) = shown.form {
        let refusal = if refusal.is_empty() { AppealRefusal::NotDecidedHere.text() } else { refusal };
        return Err(Problem::NotNow(refusal));
    }
    let mut form = Fields::of([("text", sent.text.as_str()), ("file", "")]);
    form.label("text", "What happened");
    form.label("file", "A file that shows it");
    if no_text {
        form.tell("text", NO_TEXT);
    }
    if let Some(problem) = file {
        form.tell("file", problem);
    }
    shown.form = Ok(form);
    answer::form_again(&shown, StatusCode::UNPROCESSABLE_ENTITY)
}
