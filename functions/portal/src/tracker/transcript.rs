//! Transcripts: a licensee chooses what one has; it is frozen as the tracker counts at that moment and made by the worker, as a file that
//! anybody can check. The same as a list is made here, for the licensee's own use.

use super::{Held, Tracking};
use crate::{Portal, Shared, completion::title_of, trouble};
use adapters::{
    clock,
    objects::{LARGEST_TRANSCRIPT, attachment, can_be_frozen, forget_transcript, transcript_key},
    random,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use documents::{
    export::{ExportError, ExportKind},
    transcript_list::write_transcript,
};
use domain::{
    account::Account,
    certificate::{IssuingOrganisation, Paper, Participant, grouped},
    id::{AccountId, CertificateCode, TranscriptId},
    organisation::Organisation,
    tracker::LicenceTracker,
    transcript::{
        Cover, MOST_LINES, MOST_TRANSCRIPTS, Source, TrackedLicence, TranscriptChoice, TranscriptData,
        TranscriptRecord, TranscriptState, of_licence, unassigned,
    },
};
use http::{
    HeaderValue, StatusCode,
    header::{CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_TYPE},
};
use pages::{
    answer,
    form::{Form, Query},
    layout::{Page, Section},
    moment::Moment,
    problem::Problem,
    visitor::{AskingAccount, Visitor},
};
use serde::Deserialize;
use std::fs::File;

/// Seconds after which a browser without scripts looks again while a transcript is being made.
const LOOKS_AGAIN_SECONDS: u32 = 5;
/// A transcript takes some seconds. After so many something is wrong, and its licensee can ask again.
const LATE_SECONDS: i64 = 120;

const TOO_MANY_LINES: &str =
    "More than 1,000 credits don't go on one transcript. Choose one license, or its present cycle only.";
const TOO_MANY: &str =
    "20 transcripts are kept at a time. Remove one that has served, and make this one then. Nothing was made.";

/// The fields of the address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    done: Option<String>,
}

/// What a transcript is asked to have.
#[derive(Deserialize)]
pub(crate) struct Choice {
    /// A licence's reference; empty for all.
    #[serde(default)]
    licence: String,
    #[serde(default)]
    cover: String,
    #[serde(default)]
    paper: String,
}

/// The form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    id: String,
    licence: String,
    cover: String,
    paper: String,
}

#[derive(Template)]
#[template(path = "tracker/transcripts.html")]
struct TranscriptsPage {
    page: Page,
    done: Option<&'static str>,
    problem: Option<String>,
    id: String,
    licences: Vec<(String, String, bool)>,
    covers: Vec<(&'static str, &'static str, bool)>,
    papers: Vec<(&'static str, &'static str, bool)>,
    lines: Vec<Line>,
}

/// A transcript in the list.
struct Line {
    id: String,
    title: String,
    asked: Moment,
    code: String,
    grouped: String,
    stage: Stage,
}

enum Stage {
    Pending { is_late: bool },
    Made,
    Refused { why: String },
}

/// `GET /wallet/transcripts`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    AskingAccount(asking): AskingAccount,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let choice = Choice { licence: String::new(), cover: String::new(), paper: String::new() };
    let page = page(&portal, &visitor, &asking.account, &choice).await?;
    let newest = page.lines.first().map(|line| &line.stage);
    let done = match (asked.done.as_deref(), newest) {
        (Some("asked"), Some(Stage::Pending { .. })) => {
            Some("The transcript is being made. It stands below within seconds.")
        }
        (Some("asked"), Some(Stage::Made)) => Some("The transcript is made. It stands below."),
        (Some("removed"), _) => Some("The transcript is removed. Nobody can check it any more."),
        _ => None,
    };
    answer::page(&TranscriptsPage { done, ..page })
}

async fn page(
    portal: &Portal,
    visitor: &Visitor,
    account: &Account,
    choice: &Choice,
) -> Result<TranscriptsPage, Problem> {
    let table = &portal.clients.table;
    let read = tokio::try_join!(table.fetch_licences(&account.id), table.fetch_wallet(&account.id));
    let (claimed, wallet) = read.map_err(trouble::table)?;
    let now = clock::now();
    let mut records = wallet.transcripts;
    records.sort_by_key(|record| std::cmp::Reverse(record.asked_at));
    let lines: Vec<Line> = records.iter().map(|record| line(portal, record, now)).collect();
    let mut page = portal.page("Transcripts", Section::Tracker, visitor);
    if lines.iter().any(|line| matches!(line.stage, Stage::Pending { is_late: false })) {
        page.reload_seconds = Some(LOOKS_AGAIN_SECONDS);
    }
    let all = (String::new(), "All licenses".to_owned(), choice.licence.is_empty());
    let licences = claimed.held.iter().map(|held| {
        let reference = super::reference(&held.licence);
        let is_chosen = choice.licence == reference;
        (reference, title_of(&held.licence), is_chosen)
    });
    let (cover, paper) = (Cover::parse(&choice.cover), Paper::parse(&choice.paper));
    let id = random::transcript_id().map_err(|error| trouble::operator("making a transcript's id", &error))?;
    Ok(TranscriptsPage {
        page,
        done: None,
        problem: None,
        id: id.to_string(),
        licences: std::iter::once(all).chain(licences).collect(),
        covers: Cover::ALL.map(|it| (it.as_str(), it.title(), it == cover.unwrap_or(Cover::Everything))).to_vec(),
        papers: Paper::ALL.map(|it| (it.as_str(), it.words(), it == paper.unwrap_or(Paper::Letter))).to_vec(),
        lines,
    })
}

fn line(portal: &Portal, record: &TranscriptRecord, now: i64) -> Line {
    Line {
        id: record.id.to_string(),
        title: record.choice.title(),
        asked: Moment::new(record.asked_at, now, portal.site.time_zone()),
        code: record.code.to_string(),
        grouped: grouped(&record.code),
        stage: match &record.state {
            TranscriptState::Asked => Stage::Pending { is_late: now - record.asked_at > LATE_SECONDS },
            TranscriptState::Made { .. } => Stage::Made,
            TranscriptState::Refused { why } => Stage::Refused { why: why.clone() },
        },
    }
}

/// `POST /wallet/transcripts`
pub(crate) async fn make(
    State(portal): State<Shared>,
    visitor: Visitor,
    AskingAccount(asking): AskingAccount,
    Form(Wanted { id, licence, cover, paper }): Form<Wanted>,
) -> Result<Response, Problem> {
    let id = TranscriptId::parse(&id).map_err(|_| Problem::Unreadable)?;
    let choice = Choice { licence, cover, paper };
    let (account, table, now) = (&asking.account.id, &portal.clients.table, clock::now());
    let there = "/wallet/transcripts?done=asked";
    let wallet = table.fetch_wallet(account).await.map_err(trouble::table)?;
    if wallet.transcripts.iter().any(|record| record.id == id) {
        // Pressed twice: whatever the first has left to be done is done.
        return carry_on(&portal, &asking.account, &id, now).await;
    }
    if wallet.transcripts.len() >= MOST_TRANSCRIPTS {
        let page = page(&portal, &visitor, &asking.account, &choice).await?;
        return answer::form_again(
            &TranscriptsPage { problem: Some(TOO_MANY.to_owned()), ..page },
            StatusCode::CONFLICT,
        );
    }
    let (tracking, organisation) = fetch_sources(&portal, account, now).await?;
    let chosen = chosen(&tracking, &choice)?;
    let code = random::certificate_code().map_err(|error| trouble::operator("making a transcript's code", &error))?;
    let record = TranscriptRecord { id, code, choice: chosen, asked_at: now, state: TranscriptState::Asked };
    let data = data(&portal, (&asking.account, &organisation), &tracking, (&record.choice, &record.code), now);
    let is_too_large = data.lines().count() > MOST_LINES || !can_be_frozen(&data).map_err(trouble::transcript)?;
    let problem = match without_present_cycle(&tracking, &record.choice) {
        Some(problem) => Some(problem),
        None => is_too_large.then(|| TOO_MANY_LINES.to_owned()),
    };
    if problem.is_some() {
        let page = page(&portal, &visitor, &asking.account, &choice).await?;
        return answer::form_again(&TranscriptsPage { problem, ..page }, StatusCode::UNPROCESSABLE_ENTITY);
    }
    // The entry first: what is stored without one would belong to nobody.
    if !table.ask_transcript(account, &record).await.map_err(trouble::table)? {
        return carry_on(&portal, &asking.account, &record.id, now).await;
    }
    freeze(&portal, account, &record.id, &data).await?;
    answer::see_other(there)
}

/// Does what is left to be done of a transcript that was asked for: its request may have died between two steps.
async fn carry_on(portal: &Portal, account: &Account, id: &TranscriptId, now: i64) -> Result<Response, Problem> {
    let record = portal.clients.table.fetch_transcript(&account.id, id).await.map_err(trouble::table)?;
    if let Some(record) = record.filter(|record| record.state == TranscriptState::Asked) {
        let (tracking, organisation) = fetch_sources(portal, &account.id, now).await?;
        let data = data(portal, (account, &organisation), &tracking, (&record.choice, &record.code), now);
        if data.lines().count() > MOST_LINES {
            return Err(Problem::NotNow(TOO_MANY_LINES));
        }
        freeze(portal, &account.id, id, &data).await?;
    }
    answer::see_other("/wallet/transcripts?done=asked")
}

async fn fetch_sources(portal: &Portal, account: &AccountId, now: i64) -> Result<(Tracking, Organisation), Problem> {
    tokio::try_join!(super::fetch(portal, account, now), async {
        portal.clients.table.fetch_organisation().await.map_err(trouble::table)
    })
}

/// Freezes what a transcript says, if that wasn't done before, and has it made. A nudge that can't be sent loses nothing: a sweep
/// finds it, and the page offers to ask again.
async fn freeze(portal: &Portal, account: &AccountId, id: &TranscriptId, data: &TranscriptData) -> Result<(), Problem> {
    let (table, objects) = (&portal.clients.table, &portal.clients.objects);
    objects.freeze_transcript(account, id, data).await.map_err(trouble::transcript)?;
    // Removed in another window meanwhile: nothing of it stays.
    let stands = table.fetch_transcript(account, id).await.map_err(trouble::table)?;
    if stands.is_none_or(|stands| stands.code != data.code) {
        return objects.delete_transcript(account, id).await.map_err(trouble::objects);
    }
    if let Err(error) = portal.clients.certificates_queue.send_transcript_nudge(account, id).await {
        tracing::warn!(%account, transcript = %id, %error, "transcript.nudge_failed: the sweep will find it");
    }
    Ok(())
}

/// Why a present cycle can't be told alone, if that is what was chosen: which one it is isn't known of a licence.
fn without_present_cycle(tracking: &Tracking, choice: &TranscriptChoice) -> Option<String> {
    if choice.cover != Cover::PresentCycles {
        return None;
    }
    let is_chosen = |held: &&Held| choice.licence.as_ref().is_none_or(|only| *only == held.licence);
    tracking.held.iter().filter(is_chosen).find_map(|held| {
        let why = match tracking.track(held) {
            Err(lacking) => lacking.text(),
            Ok(tracker) if tracker.present().is_none() => "What its board asks isn't entered here yet.",
            Ok(_) => return None,
        };
        let title = held.title();
        Some(format!("The present cycle of {title} isn't known. {why} Or choose all credits. Nothing was made."))
    })
}

/// The choice, if it is of this person's licences.
fn chosen(tracking: &Tracking, choice: &Choice) -> Result<TranscriptChoice, Problem> {
    let licence = match choice.licence.as_str() {
        "" => None,
        named => Some(tracking.licence(named).ok_or(Problem::NotFound)?.licence.clone()),
    };
    let cover = Cover::parse(&choice.cover).ok_or(Problem::Unreadable)?;
    Ok(TranscriptChoice { licence, cover, paper: Paper::parse(&choice.paper).ok_or(Problem::Unreadable)? })
}

/// What a transcript says, as the tracker counts at this moment.
fn data(
    portal: &Portal,
    (account, organisation): (&Account, &Organisation),
    tracking: &Tracking,
    (chosen, code): (&TranscriptChoice, &CertificateCode),
    now: i64,
) -> TranscriptData {
    let source = Source { ledger: &tracking.ledger, certificates: &tracking.certificates, cover: chosen.cover };
    let is_chosen = |held: &&Held| chosen.licence.as_ref().is_none_or(|only| *only == held.licence);
    let held: Vec<&Held> = tracking.held.iter().filter(is_chosen).collect();
    let part = |held: &&Held| {
        let counts: Vec<usize> =
            (0..tracking.ledger.credits().len()).filter(|place| tracking.counts_for(*place, held)).collect();
        let has_requirements = !held.requirements.versions.is_empty();
        let tracker: Option<LicenceTracker<'_>> = tracking.track(held).ok().filter(|_| has_requirements);
        of_licence(source, &TrackedLicence { licence: &held.licence, tracker: tracker.as_ref(), counts: &counts })
    };
    let address = portal.site.public_base_url();
    TranscriptData {
        verify_at: format!("{address}/verify/{code}"),
        code: code.clone(),
        made_at: now,
        as_of: tracking.today,
        holder: Participant {
            name: account.name.clone(),
            licences: held.iter().map(|held| held.licence.clone()).collect(),
        },
        organisation: IssuingOrganisation {
            name: organisation.name.clone(),
            contact: organisation.support_email.as_ref().map(|email| email.shown().to_owned()).unwrap_or_default(),
            address: address.to_owned(),
        },
        paper: chosen.paper,
        licences: held.iter().map(part).collect(),
        // What counts for none says nothing of the one licence that was chosen.
        unassigned: match &chosen.licence {
            None => unassigned(source, &tracking.unassigned()),
            Some(_) => Vec::new(),
        },
        is_cut: tracking.credits_are_cut,
        may_lack_unassigned: chosen.licence.is_none() && tracking.registrations_are_cut,
    }
}

/// `GET /wallet/transcripts/credits.csv`
pub(crate) async fn csv(
    State(portal): State<Shared>,
    AskingAccount(asking): AskingAccount,
    Query(choice): Query<Choice>,
) -> Result<Response, Problem> {
    let now = clock::now();
    let tracking = super::fetch(&portal, &asking.account.id, now).await?;
    let paper = if choice.paper.is_empty() { Paper::Letter.as_str().to_owned() } else { choice.paper };
    let cover = if choice.cover.is_empty() { Cover::Everything.as_str().to_owned() } else { choice.cover };
    let chosen = chosen(&tracking, &Choice { paper, cover, ..choice })?;
    // It is the licensee's own, and nobody checks it: it has no code.
    let nobodys = CertificateCode::from_bits(0);
    let data = data(&portal, (&asking.account, &Organisation::default()), &tracking, (&chosen, &nobodys), now);
    let failed = |error: std::io::Error| trouble::export(ExportError::from(error));
    let folder = tempfile::tempdir().map_err(failed)?;
    let path = folder.path().join("credits");
    let out = File::create(&path).map_err(failed)?;
    write_transcript(ExportKind::Csv, &data, folder.path(), out).map_err(trouble::export)?;
    let bytes = std::fs::read(&path).map_err(failed)?;
    let name = format!("CE credits {}.csv", tracking.today);
    let mut list = file(bytes, ExportKind::Csv.content_type(), &attachment(&name))?;
    // What is text goes through a decoder on its way to API Gateway, which would drop the byte order mark that Excel knows UTF-8 by, and
    // leave the answer shorter than it says. Something encoded is let through byte by byte.
    list.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("identity"));
    Ok(list)
}

fn file(bytes: Vec<u8>, kind: &'static str, disposition: &str) -> Result<Response, Problem> {
    let disposition = HeaderValue::from_str(disposition).map_err(|_| Problem::NotFound)?;
    Ok(([(CONTENT_TYPE, HeaderValue::from_static(kind)), (CONTENT_DISPOSITION, disposition)], bytes).into_response())
}

/// How a file is to come.
#[derive(Deserialize)]
pub(crate) struct FileAsked {
    /// To be shown, so that it can be printed, and not saved.
    show: Option<String>,
}

/// `GET /wallet/transcripts/{id}/file`
pub(crate) async fn pdf(
    State(portal): State<Shared>,
    AskingAccount(asking): AskingAccount,
    Path(id): Path<String>,
    Query(asked): Query<FileAsked>,
) -> Result<Response, Problem> {
    let account = &asking.account.id;
    let record = fetch(&portal, account, &id).await?.ok_or(Problem::NotFound)?;
    if !matches!(record.state, TranscriptState::Made { .. }) {
        return Err(Problem::NotFound);
    }
    let key = transcript_key(account, &record.id);
    let bytes = portal.clients.objects.fetch_evidence(&key, LARGEST_TRANSCRIPT).await.map_err(trouble::objects)?;
    let day = portal.today(record.asked_at);
    let disposition = match asked.show.is_some() {
        true => "inline".to_owned(),
        false => attachment(&format!("CE transcript {day}.pdf")),
    };
    file(bytes, "application/pdf", &disposition)
}

async fn fetch(portal: &Portal, account: &AccountId, id: &str) -> Result<Option<TranscriptRecord>, Problem> {
    let id = TranscriptId::parse(id).map_err(|_| Problem::NotFound)?;
    portal.clients.table.fetch_transcript(account, &id).await.map_err(trouble::table)
}

/// `POST /wallet/transcripts/{id}/again`
pub(crate) async fn again(
    State(portal): State<Shared>,
    AskingAccount(asking): AskingAccount,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = TranscriptId::parse(&id).map_err(|_| Problem::NotFound)?;
    carry_on(&portal, &asking.account, &id, clock::now()).await
}

/// `POST /wallet/transcripts/{id}/remove`
pub(crate) async fn remove(
    State(portal): State<Shared>,
    AskingAccount(asking): AskingAccount,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let account = &asking.account.id;
    if let Some(record) = fetch(&portal, account, &id).await? {
        let stores = (&portal.clients.objects, &portal.clients.table);
        forget_transcript(stores, account, &record).await.map_err(trouble::transcript)?;
        tracing::info!(%account, transcript = %record.id, "transcript.removed");
    }
    answer::see_other("/wallet/transcripts?done=removed")
}
