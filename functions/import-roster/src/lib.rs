//! The door of the roster import: a queue message in, credits and an annotated workbook out.
//!
//! A message is only a nudge; what is due stands in the table. This room translates messages and hands back those that only
//! a retry could cure. What a row is worth is decided in `domain::roster`, never here.

mod arrival;
mod error;
mod finishing;
mod judging;
mod message;
mod reading;
mod scratch;
mod work;

pub use error::ImportError;
pub use scratch::clear_abandoned;

use adapters::{clients::Clients, clock, config::Settings, remedy::Remedy};
use documents::workbook::ReaderOptions;
use message::{Message, QueueEvent};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Imports that one sweep hands out at most: what five minutes of an outage leave behind, in one page of the index.
const SWEPT_AT_ONCE: i32 = 100;

/// What the function works with.
pub struct World {
    /// AWS.
    pub clients: Clients,
    /// The deployment's settings.
    pub settings: Settings,
    /// A folder for files that live as long as one message.
    pub scratch: PathBuf,
    /// How files are read.
    pub reader: ReaderOptions,
}

/// Handles an event: a batch of the queue, or the schedule's sweep. `deadline` is the moment, in seconds since 1970, at which
/// this process is ended; work that isn't done some time before it is handed on. Answers with the messages to deliver again.
pub async fn handle(event: Value, deadline: i64, world: &World) -> Result<Value, ImportError> {
    if event.get("sweep").is_some() {
        return sweep(world).await;
    }
    let event: QueueEvent = serde_json::from_value(event).map_err(|_| ImportError::UnknownEvent)?;
    let mut failures = Vec::new();
    for record in event.records {
        if let Err(error) = handle_message(&record.body, deadline, world).await {
            match error.remedy() {
                Remedy::Yield => {
                    tracing::info!(message = record.message_id, "import.taken_over: another worker has it")
                }
                Remedy::RetryLater | Remedy::TellTheOperator => {
                    tracing::error!(message = record.message_id, %error, "import.message_failed: it will be delivered again");
                    failures.push(json!({ "itemIdentifier": record.message_id }));
                }
            }
        }
    }
    Ok(json!({ "batchItemFailures": failures }))
}

async fn handle_message(body: &str, deadline: i64, world: &World) -> Result<(), ImportError> {
    let import = match Message::read(body)? {
        Message::FileArrived(object) => arrival::note_arrival(&object, world).await?,
        Message::Nudge(import) => Some(import),
    };
    match import {
        Some(import) => work::work_on(&import, deadline, world).await,
        None => Ok(()),
    }
}

/// Hands out what was left: imports whose work is due and whom nobody holds.
async fn sweep(world: &World) -> Result<Value, ImportError> {
    let due = world.clients.table.fetch_due_imports(clock::now(), SWEPT_AT_ONCE).await?;
    for import in &due {
        world.clients.queue.send_nudge(import).await?;
    }
    if !due.is_empty() {
        tracing::warn!(imports = due.len(), "import.swept: work was left and is handed out again");
    }
    Ok(json!({ "handed_out": due.len() }))
}
