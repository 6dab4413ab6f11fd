//! The office's word on approvals: asked for together with the requests in its queue, answered together with their decisions.

use super::{
    super::{By, Table, TableError},
    EventSaved,
};
use aws_sdk_dynamodb::types::TransactWriteItem;
use domain::{event::Event, request::Request};

impl Table {
    /// Asks the office about approvals of a draft: the event in which they are asked about, and a request for each.
    pub async fn ask_for_consent(
        &self,
        before: &Event,
        after: &Event,
        requests: &[Request],
        by: By<'_>,
    ) -> Result<EventSaved, TableError> {
        let mut writes = self.event_writes(before, after, by, "The office was asked to consent.")?;
        for request in requests {
            writes.extend(self.request_writes(request)?);
        }
        self.saved(before, writes).await
    }

    /// What an answer of the office's changes of the event.
    pub(in super::super) fn answered_writes(
        &self,
        before: &Event,
        after: &Event,
        by: By<'_>,
        why: &str,
    ) -> Result<Vec<TransactWriteItem>, TableError> {
        self.event_writes(before, after, by, why)
    }
}
