//! The door that makes certificates: a queue message in; credits recorded, two sheets and a signed credential stored, the register's
//! entry made, last of all the person's participation moved on. And the one that revokes them; and transcripts are made here too.
//!
//! A message is only a nudge; what is to be done stands on the participation until it is done, and the event's own look finds what was
//! left. Each step may be repeated: files are put once under the certificate's code, credits under their natural keys, and the
//! register's entry once. Whether somebody is certified is decided where the evaluation is submitted, never here.

mod credits;
mod error;
mod make;
mod message;
mod revoke;
mod transcript;

pub use error::CertificateError;

use adapters::{clients::Clients, clock, config::Settings, remedy::Remedy, table::TableError};
use domain::{
    completion::{Assigned, Step, Submitted},
    course::ProviderId,
    event::Event,
    id::{AccountId, EventId},
    registration::Participation,
};
use message::{Message, Nudge, QueueEvent, message_of};
use serde_json::{Value, json};
use std::{collections::BTreeSet, sync::Mutex};

/// What the function works with.
pub struct World {
    /// AWS.
    pub clients: Clients,
    /// The deployment's settings.
    pub settings: Settings,
    /// Months of providers' courses that are noted for their lists, and keys that are published: noted once by each process.
    noted: Mutex<BTreeSet<(ProviderId, String, String)>>,
    published: Mutex<BTreeSet<String>>,
}

impl World {
    /// A world in which nothing is noted yet.
    pub fn new(clients: Clients, settings: Settings) -> Self {
        Self { clients, settings, noted: Mutex::default(), published: Mutex::default() }
    }
}

/// Somebody's certificate that there is something to do about.
pub(crate) struct Task<'a> {
    pub(crate) world: &'a World,
    pub(crate) event: &'a Event,
    pub(crate) person: &'a Participation,
    pub(crate) submitted: &'a Submitted,
    pub(crate) now: i64,
}

/// Handles a batch of the queue. Answers with the messages to deliver again.
pub async fn handle(event: Value, world: &World) -> Result<Value, CertificateError> {
    let event: QueueEvent = serde_json::from_value(event).map_err(|_| CertificateError::UnknownEvent)?;
    let mut failures = Vec::new();
    for record in event.records {
        let done = match message_of(&record.body) {
            Ok(Message::Certificate(Nudge { event, account })) => work(&event, &account, world).await,
            Ok(Message::Transcript { transcript }) => transcript::make(&transcript, world).await,
            Err(error) => Err(error),
        };
        let Err(error) = done else { continue };
        match error.remedy() {
            Remedy::Yield => {
                tracing::info!(message = record.message_id, "certificate.taken_over: another worker has it")
            }
            Remedy::RetryLater | Remedy::TellTheOperator => {
                tracing::error!(message = record.message_id, %error, "certificate.message_failed: it will be delivered again");
                failures.push(json!({ "itemIdentifier": record.message_id }));
            }
        }
    }
    Ok(json!({ "batchItemFailures": failures }))
}

/// Does what is to be done of a person's certificate, if anything is.
async fn work(event: &EventId, account: &AccountId, world: &World) -> Result<(), CertificateError> {
    let table = &world.clients.table;
    let Some(person) = table.fetch_participation(event, account).await? else {
        tracing::warn!(%event, %account, "certificate.unknown: nobody of this account is registered there");
        return Ok(());
    };
    let Some(submitted) = person.submitted() else { return Ok(()) };
    if matches!(submitted.certificate.step, Step::Issued { .. }) && !submitted.is_to_do() {
        return Ok(());
    }
    let Some(event) = table.fetch_event(event).await? else { return Err(TableError::BadItem("event").into()) };
    let task = Task { world, event: &event, person: &person, submitted, now: clock::now() };
    match &submitted.certificate.step {
        Step::Pending => make::make(&task).await,
        Step::Revoking { .. } => revoke::revoke(&task).await,
        // Whoever was making it meanwhile has recorded its credit after it was revoked: its message comes again, and ends that too.
        Step::Revoked { .. } => revoke::end(&task).await,
        // Another process may have entered it while it was held.
        Step::Held { .. } => make::issue_entered(&task).await.map(|_| ()),
        // It was assigned to a licence since.
        Step::Issued { at } => make::enter_later(&task, *at).await,
    }
}

impl Task<'_> {
    /// Moves the certificate on, if nobody else has meanwhile.
    pub(crate) async fn move_on(&self, step: Step) -> Result<(), CertificateError> {
        self.move_on_with(step, self.submitted.licences.clone()).await
    }

    /// The same with what is known now of the credit of each licence.
    pub(crate) async fn move_on_with(&self, step: Step, licences: Vec<Assigned>) -> Result<(), CertificateError> {
        let Some(completion) = self.person.completion.as_deref() else { return Err(CertificateError::Moved) };
        let mut completion = completion.clone();
        if let Some(submitted) = &mut completion.submitted {
            submitted.certificate.step = step;
            submitted.licences = licences;
        }
        match self.world.clients.table.save_completion(self.person, &completion, None).await? {
            true => Ok(()),
            false => Err(CertificateError::Moved),
        }
    }
}
