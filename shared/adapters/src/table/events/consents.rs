//! The office's word on approvals: asked for together with the requests in its queue, answered together with their decisions.

use super::{
    super::{By, Table, TableError},
    EventSaved,
};
use aws_sdk_dynamodb::types::TransactWriteItem;
use domain::{event::Event, id::RequestId, mail::Mail, request::Request};

impl Table {
    /// Asks the office about approvals of a draft: the event in which they are asked about, a request for each, and the mails that
    /// tell the office of them.
    pub async fn ask_for_consent(
        &self,
        before: &Event,
        after: &Event,
        requests: &[Request],
        mails: &[Mail],
        by: By<'_>,
    ) -> Result<EventSaved, TableError> {
        let mut writes = self.event_writes(before, after, by, "The office was asked to consent.")?;
        for request in requests {
            writes.extend(self.request_writes(request)?);
        }
        for mail in mails {
            writes.push(self.mail_write(mail)?);
        }
        self.saved(before, writes).await
    }

    /// Closes requests whose event doesn't say any more what they ask about. One that the office has decided meanwhile lets the
    /// whole change fail: the event has its answer then, in another version.
    pub(super) fn taken_back_writes(
        &self,
        requests: &[RequestId],
        by: By<'_>,
        why: &str,
    ) -> Result<Vec<TransactWriteItem>, TableError> {
        let why = format!("{why} So this isn't asked for any more.");
        requests.iter().map(|id| self.request_taken_back(id, by, &why)).collect()
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
