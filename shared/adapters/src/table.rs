//! The one table, by named queries only. Keys are natural; effects are conditional.

pub mod accounts;
mod certificates;
mod credits;
mod events;
mod help;
mod imports;
mod item;
mod links;
mod mails;
mod organisation;
mod part;
mod presence;
mod registers;
mod requests;
mod requirements;
mod suppressions;
mod throttles;
mod transact;
mod transcripts;
mod wallet;

pub use certificates::{Certification, PublishedKey};
pub use credits::{
    ChangeApplied, CreditOrder, CreditWritten, CreditsAsked, CreditsPage, CreditsTurn, InState, Month, RecordedCredit,
    SearchedTo, credit_reference, credit_referred_to,
};
pub use events::{
    Answered, AppealAnswered, AttendanceInputs, CarriedOut, DraftSaved, Evaluation, EventChange, EventQuestions,
    EventSaved, HeldLetter, Leaver, LeftEvents, LetterClaimed, Look, Looked, MOST_CATALOGUE_MONTHS, MeetingUses,
    Person, ProviderTemplate, PutDown, QuestionsSaved, QuestionsState,
};
pub use help::{HelpComment, HelpCounts};
pub use imports::{Arrival, Held};
pub use mails::{Claimed, HeldMail, MailState, OutboxMail};
pub use organisation::By;
pub use presence::Sightings;
pub use registers::{RegisterChange, Saved};
pub use requests::{Decided, Effect};
pub use requirements::SetLine;
pub use suppressions::{Lifted, Noted};
pub use throttles::Attempt;
pub use transact::Transacted;
pub use transcripts::IssuedTranscript;
pub use wallet::{DuePlace, DueReminder, DueSettings, Wallet};

use crate::remedy::Remedy;
use aws_sdk_dynamodb::{
    Client,
    error::{DisplayErrorContext, ProvideErrorMetadata, SdkError},
};

/// The table.
#[derive(Clone)]
pub struct Table {
    client: Client,
    name: String,
}

/// A call to the table that failed.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// Too much at once.
    #[error("the table is asked too much at once")]
    Throttled,
    /// Another worker has claimed what this one was working on.
    #[error("another worker has taken over")]
    LeaseLost,
    /// The service didn't do it.
    #[error("the table didn't answer as it should: {0}")]
    Service(String),
    /// An item isn't what it should be.
    #[error("an item of the table can't be read: {0}")]
    BadItem(&'static str),
}

impl TableError {
    /// What cures it.
    pub fn remedy(&self) -> Remedy {
        match self {
            TableError::Throttled | TableError::Service(_) => Remedy::RetryLater,
            TableError::LeaseLost => Remedy::Yield,
            TableError::BadItem(_) => Remedy::TellTheOperator,
        }
    }

    fn from_sdk<E>(error: SdkError<E>) -> Self
    where
        E: std::error::Error + ProvideErrorMetadata + 'static,
    {
        match error.code() {
            // The last: a transaction is at the item at this moment. The same call succeeds later.
            Some(
                "ProvisionedThroughputExceededException"
                | "ThrottlingException"
                | "RequestLimitExceeded"
                | "TransactionConflictException",
            ) => TableError::Throttled,
            _ => TableError::Service(DisplayErrorContext(error).to_string()),
        }
    }
}

impl Table {
    /// A table by its name.
    pub fn new(client: Client, name: String) -> Self {
        Self { client, name }
    }

    async fn fetch_item(&self, key: item::Item, consistent: bool) -> Result<Option<item::Item>, TableError> {
        let call = self.client.get_item().table_name(&self.name).set_key(Some(key)).consistent_read(consistent);
        Ok(call.send().await.map_err(TableError::from_sdk)?.item)
    }

    async fn put(&self, item: item::Item) -> Result<(), TableError> {
        let call = self.client.put_item().table_name(&self.name).set_item(Some(item));
        call.send().await.map_err(TableError::from_sdk)?;
        Ok(())
    }
}
