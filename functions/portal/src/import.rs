//! The tab Import CE Details, and the imports of the office's registers. A provider sees its own imports, the office those of
//! the registers, and neither anything of others: a foreign id and an unknown one get the same answer. Lists of an
//! event's people are seen by its provider and the office.

pub(crate) mod counts;
pub(crate) mod follow;
pub(crate) mod history;
pub(crate) mod one;
pub(crate) mod rows;
pub(crate) mod start;
pub(crate) mod tab;
mod tally;

use crate::{Portal, trouble};
use adapters::objects::TICKET_SECONDS;
use domain::import::{Import, ImportId, Mode, Owner, State};
use pages::problem::Problem;

/// The import of this id, if it is this owner's.
async fn fetch_own(portal: &Portal, owner: &Owner, id: &str) -> Result<Import, Problem> {
    let id = ImportId::parse(id).map_err(|_| Problem::NotFound)?;
    let import = portal.clients.table.fetch_import(&id).await.map_err(trouble::table)?;
    import.filter(|import| import.owner.may_be_seen_by(owner)).ok_or(Problem::NotFound)
}

/// Where an import stands, as a person is told it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// Its file may still be sent.
    Awaiting,
    /// Its file didn't come in time.
    Expired,
    /// Work goes on.
    Running,
    /// Every row has its outcome.
    Done,
    /// The file couldn't be imported.
    Refused,
}

impl Standing {
    fn of(import: &Import, now: i64) -> Self {
        match import.state {
            State::AwaitingFile if import.created_at + TICKET_SECONDS <= now => Standing::Expired,
            State::AwaitingFile => Standing::Awaiting,
            State::Received | State::Judging | State::Finishing => Standing::Running,
            State::Done => Standing::Done,
            State::Failed => Standing::Refused,
        }
    }

    /// The class of its words: `good` only where nothing is left to do, `bad` where nothing came of it, else `open`.
    fn look(self, import: &Import) -> &'static str {
        match (self, import.counts.processed, import.counts.failed + import.rosters_left_out) {
            (Standing::Refused, _, _) | (Standing::Done, 0, _) => "bad",
            (Standing::Done, _, 0) => "good",
            (Standing::Done | Standing::Awaiting | Standing::Expired | Standing::Running, _, _) => "open",
        }
    }
}

/// The words for where an import stands.
fn state_words(import: &Import, now: i64) -> &'static str {
    match (Standing::of(import, now), import.state, import.mode) {
        (Standing::Awaiting, _, _) => "Waiting for the file",
        (Standing::Expired, _, _) => "Expired: no file came",
        (Standing::Running, State::Judging, _) => "Judging the rows",
        (Standing::Running, State::Finishing, _) => "Putting the results together",
        (Standing::Running, State::AwaitingFile | State::Received | State::Done | State::Failed, _) => {
            "Reading the file"
        }
        (Standing::Done, _, Mode::Check) => "Checked",
        (Standing::Done, _, Mode::Import) => {
            match (import.counts.processed, import.counts.failed + import.rosters_left_out) {
                (0, _) => "Nothing imported",
                (_, 0) => "Imported",
                (_, _) => "Imported in part",
            }
        }
        (Standing::Refused, _, Mode::Check) => "Not checked",
        (Standing::Refused, _, Mode::Import) => "Not imported",
    }
}

fn mode_words(mode: Mode) -> &'static str {
    match mode {
        Mode::Check => "Check only",
        Mode::Import => "Import",
    }
}
