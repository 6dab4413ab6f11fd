//! What Zoom says of one event: the reports of all runs that are the event's, fetched whole or not at all, and archived once as
//! they came.
//!
//! A run, a page or an answer that is missing makes the fetch fail: what is incomplete must never look like a report in which
//! people were absent. Nothing is decided of anybody here, and nothing of the event is changed; the same fetch again archives
//! nothing twice.
//!
//! A fetch is a call of Zoom's for whether the meeting still runs, one for its runs, one for each run of the event, and one for
//! each 300 rows: ten for 1,000 people and 1,615 rows, with the token.

use crate::{DueError, run::Run};
use adapters::{
    objects::report_key,
    remedy::Remedy,
    table::TableError,
    zoom::{PastSession, Report, ReportSource, ZoomError},
};
use documents::zoom::{
    archive::{self, Archive, PageSource, rows_digest},
    report::ReportError,
};
use domain::{
    attendance::{Instance, Row, runs},
    event::{Event, Room, Span},
    presence::{MeetingNumber, Slot},
    zoom::ZoomKind,
};
use futures_util::{StreamExt, TryStreamExt, future::try_join3, stream};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Calls of Zoom's side by side: reports are its dearest, ten a second for all of a paid account, and two workers share them.
const ASKED_AT_ONCE: usize = 4;

/// What Zoom says of an event. Its bytes hold people: they are no part of `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Where it is archived; `None` if its rows are those that were known, and archived, before.
    pub source: Option<Archived>,
    /// The runs of the event, by their beginning; all have ended.
    pub instances: Vec<Instance>,
    /// How many people Zoom counts, run by run, if it says so of each.
    pub participants: Option<u32>,
    /// How many rows there are.
    pub rows: u32,
    /// The digest of the set of rows: the same for the same rows in any order and on any pages.
    pub digest: String,
    /// The pages, as [`documents::zoom::archive`] reads them.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Fetched {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Fetched { source, instances, participants, rows, digest, .. } = self;
        write!(out, "Fetched({source:?}, {instances:?}, {participants:?} people, {rows} rows, {digest} …)")
    }
}

/// What was archived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archived {
    /// Its key in the bucket.
    pub key: String,
    /// The SHA-256 of its bytes, as hex.
    pub sha256: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// How many rows stand on its pages.
    pub rows: u32,
    /// How many pages it has.
    pub pages: u32,
}

/// Why there is nothing that counts.
#[derive(Debug, thiserror::Error)]
pub enum NotFetched {
    /// The event isn't on Zoom.
    #[error("the event takes place in no meeting of Zoom's")]
    NoMeeting,
    /// Zoom hasn't got it yet: the meeting runs, no run is told of, or a report isn't written.
    #[error("Zoom has no report of the event yet")]
    NotThereYet,
    /// Zoom fails, and that passes.
    #[error("Zoom's report can't be had at the moment: {code}")]
    Failing {
        /// Zoom's reason, as `adapters::zoom` names it.
        code: &'static str,
        /// From when on it is worth another try, in seconds since 1970, if Zoom said so.
        not_before: Option<i64>,
    },
    /// A person has to cure something at Zoom or in its credentials first.
    #[error("Zoom's report can't be had until somebody has cured this: {code}")]
    NeedsSomebody {
        /// Zoom's reason, as `adapters::zoom` names it.
        code: &'static str,
    },
    /// The process has to end first.
    #[error("there was no time left to fetch the report")]
    OutOfTime,
    /// Our own table or bucket failed.
    #[error(transparent)]
    Own(#[from] DueError),
}

impl From<TableError> for NotFetched {
    fn from(error: TableError) -> Self {
        Self::Own(error.into())
    }
}

impl From<ZoomError> for NotFetched {
    fn from(error: ZoomError) -> Self {
        match (&error, error.remedy()) {
            (ZoomError::NotFound, _) => Self::NotThereYet,
            (_, Remedy::TellTheOperator) => Self::NeedsSomebody { code: error.code() },
            (_, Remedy::RetryLater | Remedy::Yield) => {
                Self::Failing { code: error.code(), not_before: error.not_before() }
            }
        }
    }
}

impl From<ReportError> for NotFetched {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::TooLarge { .. } => ZoomError::TooLarge.into(),
            ReportError::NotAReport { .. } => ZoomError::Unreadable.into(),
        }
    }
}

/// A run of the event, and how many people Zoom counts in it.
struct Ran {
    instance: Instance,
    participants: Option<u32>,
}

/// Fetches what Zoom says of an event, and archives it unless its rows have the digest that is `known`.
pub(crate) async fn fetch(event: &Event, known: Option<&str>, run: &Run<'_>) -> Result<Fetched, NotFetched> {
    let Some(Room::Zoom { number, kind }) = &event.room else { return Err(NotFetched::NoMeeting) };
    let ran = fetch_runs(event, number, *kind, run).await?;
    let reports = fetch_reports(&ran, *kind, run).await?;
    let mut archive = Archive::default();
    let mut stand_ins = BTreeSet::new();
    for (ran, report) in ran.iter().zip(reports) {
        if report.rows() == 0 && ran.participants != Some(0) {
            return Err(NotFetched::NotThereYet);
        }
        for page in report.pages {
            if page.source == ReportSource::PastParticipants {
                stand_ins.insert(ran.instance.uuid.as_str());
            }
            archive.add(&ran.instance.uuid, source(page.source), &page.raw)?;
        }
    }
    let (pages, bytes) = (archive.pages(), archive.into_bytes());
    let (rows, digest) = read(&bytes, &stand_ins)?;
    let source = if known == Some(digest.as_str()) { None } else { Some(keep(event, &bytes, rows, pages, run).await?) };
    let participants = ran.iter().map(|ran| ran.participants).sum();
    let instances: Vec<Instance> = ran.into_iter().map(|ran| ran.instance).collect();
    let is_known = source.is_none();
    tracing::info!(event = %event.id, instances = instances.len(), pages, rows, is_known, "due.report_fetched");
    Ok(Fetched { source, instances, participants, rows, digest, bytes })
}

/// The runs of the event, by their beginning.
async fn fetch_runs(
    event: &Event,
    number: &MeetingNumber,
    kind: ZoomKind,
    run: &Run<'_>,
) -> Result<Vec<Ran>, NotFetched> {
    if !run.has_time() {
        return Err(NotFetched::OutOfTime);
    }
    let (zoom, own) = (&run.world.clients.zoom, event.slot());
    let window = own.window();
    let is_running = async {
        // Who left the meeting open, or opened it again, is still in it: what ended so far is a part.
        if !window.contains(&run.now()) {
            return Ok(false);
        }
        match zoom.fetch_is_running(kind, number.as_str()).await {
            Err(ZoomError::NotFound) => Ok(false),
            answer => answer.map_err(NotFetched::from),
        }
    };
    let listed = async { zoom.fetch_instances(kind, number.as_str()).await.map_err(NotFetched::from) };
    let slots = async { Ok(run.table().fetch_events_of_meeting(number, window.clone()).await?) };
    let (is_running, listed, slots) = try_join3(is_running, listed, slots).await?;
    if is_running {
        return Err(NotFetched::NotThereYet);
    }
    let near = listed.into_iter().filter(|it| it.starts_at.is_none_or(|began| runs::may_belong(&own, began)));
    let asked = near.map(|it| async move {
        if !run.has_time() {
            return Err(NotFetched::OutOfTime);
        }
        let told = zoom.fetch_past(kind, &it.uuid).await?;
        ran(it.uuid, PastSession { starts_at: told.starts_at.or(it.starts_at), ..told })
    });
    let ran: Vec<Ran> = stream::iter(asked).buffered(ASKED_AT_ONCE).try_collect().await?;
    belonging(&own, &slots, ran)
}

/// A run that has ended, by the name that it is listed under.
fn ran(uuid: String, told: PastSession) -> Result<Ran, NotFetched> {
    let from = told.starts_at.ok_or(ZoomError::Unreadable)?;
    let to = told.ends_at.ok_or(NotFetched::NotThereYet)?;
    let participants = told.participants.and_then(|count| u32::try_from(count).ok());
    Ok(Ran { instance: Instance { uuid, open: Span { from, to } }, participants })
}

fn belonging(own: &Slot, slots: &[Slot], ran: Vec<Ran>) -> Result<Vec<Ran>, NotFetched> {
    // A list that names a run twice names it once.
    let ours: BTreeMap<(i64, String), Ran> = ran
        .into_iter()
        .filter(|ran| runs::belongs(own, slots, ran.instance.open))
        .map(|ran| ((ran.instance.open.from, ran.instance.uuid.clone()), ran))
        .collect();
    if !runs::reach(own, ours.values().map(|ran| ran.instance.open)) {
        return Err(NotFetched::NotThereYet);
    }
    Ok(ours.into_values().collect())
}

/// The whole report of each run.
async fn fetch_reports(ran: &[Ran], kind: ZoomKind, run: &Run<'_>) -> Result<Vec<Report>, NotFetched> {
    let zoom = &run.world.clients.zoom;
    let asked = ran.iter().map(|ran| async {
        let report = zoom.fetch_report_while(kind, &ran.instance.uuid, || run.has_time()).await?;
        report.ok_or(NotFetched::OutOfTime)
    });
    stream::iter(asked).buffered(ASKED_AT_ONCE).try_collect().await
}

/// How many rows the archive has, and their digest. `stand_ins` are the runs whose list stands in for a report.
fn read(bytes: &[u8], stand_ins: &BTreeSet<&str>) -> Result<(u32, String), NotFetched> {
    let read = archive::read(bytes)?;
    if read.is_partial {
        return Err(ZoomError::Unreadable.into());
    }
    // Zoom writes no report of one participant; where the list knows more, the report is still to come.
    let is_alone = |uuid: &&str| people(read.rows.iter().filter(|row| row.instance == **uuid)) <= 1;
    if read.rows.is_empty() || !stand_ins.iter().all(is_alone) {
        return Err(NotFetched::NotThereYet);
    }
    Ok((u32::try_from(read.rows.len()).unwrap_or(u32::MAX), rows_digest(&read.rows)))
}

fn people<'a, 'b: 'a>(rows: impl Iterator<Item = &'a Row<'b>>) -> usize {
    let who = |row: &'a Row<'b>| (&row.registrant_id, &row.account, &row.email, &row.name);
    rows.map(who).collect::<BTreeSet<_>>().len()
}

fn source(source: ReportSource) -> PageSource {
    match source {
        ReportSource::Report => PageSource::Report,
        ReportSource::PastParticipants => PageSource::PastParticipants,
    }
}

async fn keep(event: &Event, bytes: &[u8], rows: u32, pages: u32, run: &Run<'_>) -> Result<Archived, NotFetched> {
    if !run.has_time() {
        return Err(NotFetched::OutOfTime);
    }
    let sha256 = hex::encode(Sha256::digest(bytes));
    let key = report_key(&event.id, &sha256);
    let kept = run.objects().save_evidence(&key, bytes.to_vec(), "application/x-ndjson", BTreeMap::new());
    kept.await.map_err(DueError::from)?;
    Ok(Archived { key, sha256, bytes: bytes.len() as u64, rows, pages })
}
