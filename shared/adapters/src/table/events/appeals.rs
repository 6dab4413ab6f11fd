//! Appeals: one item each, kept for good beside its event. An answer, the word that carries it out and the mail that tells of it are
//! one transaction, so that nobody is told of what didn't happen, and answering twice answers once.
//!
//! ```text
//! EVENT#{event}, APPEAL#{account}#{n}   the appeal; while it is open it stands in two queues by when it is to be answered:
//!                                       gsi1 PROVIDER#{provider}#APPEALS / {answer_by}#{event}#{account}, its provider's
//!                                       gsi2 APPEALS / the same, everybody's
//! ```

use super::{
    super::{Table, TableError, Transacted, item::*, part::Part, transact::key},
    json, partition,
};
use aws_sdk_dynamodb::types::{Select, TransactWriteItem};
use domain::{
    attendance::{
        Adjustment, Record,
        appeal::{Appeal, MOST_APPEALS},
    },
    course::ProviderId,
    id::{AccountId, EventId},
    mail::Mail,
};

/// The queue of all open appeals.
const OPEN: &str = "APPEALS";
/// Keys in one BatchGetItem: DynamoDB's limit.
const MOST_AT_ONCE: i32 = 100;

/// What came of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppealAnswered {
    /// It is answered now, with all that follows.
    Now,
    /// It was answered before; nothing has happened.
    Before,
    /// Somebody has said something else of the event's attendance since it was read; nothing has happened.
    Moved,
}

impl Table {
    /// Saves a new appeal with the mails that tell of it; tells whether it was new.
    pub async fn save_appeal(
        &self,
        appeal: &Appeal,
        provider: &ProviderId,
        mails: &[Mail],
    ) -> Result<bool, TableError> {
        let mut made = appeal_key(&appeal.event, &appeal.account, appeal.number);
        let place = place(appeal);
        made.extend(item([
            ("appeal", s(json(appeal)?)),
            ("is_open", s("yes")),
            ("gsi1pk", s(queue_of(provider))),
            ("gsi1sk", s(&place)),
            ("gsi2pk", s(OPEN)),
            ("gsi2sk", s(&place)),
        ]));
        let mut writes = vec![self.put_new(made)?];
        for mail in mails {
            writes.push(self.mail_write(mail)?);
        }
        Ok(self.transact(writes).await? == Transacted::Done)
    }

    /// Somebody's appeals about an event, the first first, as they stand at this moment.
    pub async fn fetch_appeals_of(&self, event: &EventId, account: &AccountId) -> Result<Vec<Appeal>, TableError> {
        let (partition, beginning) = (partition(event), format!("APPEAL#{account}#"));
        let most = i32::try_from(MOST_APPEALS).unwrap_or(i32::MAX);
        Ok(self.fetch_page(Part::of(&partition).beginning(&beginning).of_now(), None, most, read).await?.0)
    }

    /// The open appeals about a provider's events, the soonest due first: a page of `limit` after the cursor.
    pub async fn fetch_open_appeals_of(
        &self,
        provider: &ProviderId,
        after: Option<&str>,
        limit: i32,
    ) -> Result<(Vec<Appeal>, Option<String>), TableError> {
        let queue = queue_of(provider);
        self.fetch_page(Part::of_index(&queue), after, limit, read).await
    }

    /// The open appeals about all events, the soonest due first: `limit` at most, and 100 in any case. Whoever answers them sees the next.
    pub async fn fetch_open_appeals(&self, limit: i32) -> Result<Vec<Appeal>, TableError> {
        let answer = self
            .client
            .query()
            .table_name(&self.name)
            .index_name("gsi2")
            .key_condition_expression("gsi2pk = :open")
            .expression_attribute_values(":open", s(OPEN))
            .limit(limit.min(MOST_AT_ONCE))
            .send()
            .await
            .map_err(TableError::from_sdk)?;
        let keys = answer.items().iter().map(|it| Ok(key(text(it, "pk")?, text(it, "sk")?)));
        let keys = keys.collect::<Result<Vec<Item>, TableError>>()?;
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let items = self.fetch_batch(keys).await?;
        let mut appeals: Vec<Appeal> = items.iter().map(read).collect::<Result<_, _>>()?;
        // The index is a moment behind.
        appeals.retain(Appeal::is_open);
        appeals.sort_by(|one, other| (one.answer_by, &one.event).cmp(&(other.answer_by, &other.event)));
        Ok(appeals)
    }

    /// How many appeals are open: about a provider's events, or about all. One query, of 1 MB at most.
    pub async fn count_open_appeals(&self, provider: Option<&ProviderId>) -> Result<u32, TableError> {
        let (index, condition, queue) = match provider {
            Some(provider) => ("gsi1", "gsi1pk = :queue", queue_of(provider)),
            None => ("gsi2", "gsi2pk = :queue", OPEN.to_owned()),
        };
        let answer = self
            .client
            .query()
            .table_name(&self.name)
            .index_name(index)
            .key_condition_expression(condition)
            .expression_attribute_values(":queue", s(queue))
            .select(Select::Count)
            .send()
            .await
            .map_err(TableError::from_sdk)?;
        Ok(u32::try_from(answer.count()).unwrap_or(0))
    }

    /// Refuses an appeal, with the mail that tells of it.
    pub async fn refuse_appeal(&self, decided: &Appeal, mail: Option<&Mail>) -> Result<AppealAnswered, TableError> {
        Ok(match self.transact(self.answer_writes(decided, mail)?).await? {
            Transacted::Done => AppealAnswered::Now,
            Transacted::Refused(_) => AppealAnswered::Before,
        })
    }

    /// Grants an appeal: its answer, the word that carries it out, with the record as it is before it, and the mail.
    pub async fn grant_appeal(
        &self,
        decided: &Appeal,
        record: &Record,
        word: &Adjustment,
        mail: Option<&Mail>,
    ) -> Result<AppealAnswered, TableError> {
        let writes = self.answer_writes(decided, mail)?;
        if self.say_with(&decided.event, record, std::slice::from_ref(word), writes, word.at).await? {
            return Ok(AppealAnswered::Now);
        }
        let stands = self.fetch_item(appeal_key(&decided.event, &decided.account, decided.number), true).await?;
        let is_open = stands.as_ref().map(read).transpose()?.is_some_and(|appeal| appeal.is_open());
        Ok(if is_open { AppealAnswered::Moved } else { AppealAnswered::Before })
    }

    fn answer_writes(&self, decided: &Appeal, mail: Option<&Mail>) -> Result<Vec<TransactWriteItem>, TableError> {
        let update = "SET appeal = :appeal REMOVE is_open, gsi1pk, gsi1sk, gsi2pk, gsi2sk";
        let values = item([(":appeal", s(json(decided)?))]);
        let place = appeal_key(&decided.event, &decided.account, decided.number);
        let mut writes = vec![self.update_if(place, update, "attribute_exists(is_open)", values)?];
        writes.extend(mail.map(|mail| self.mail_write(mail)).transpose()?);
        Ok(writes)
    }
}

fn appeal_key(event: &EventId, account: &AccountId, number: u32) -> Item {
    key(partition(event), format!("APPEAL#{account}#{number:02}"))
}

fn queue_of(provider: &ProviderId) -> String {
    format!("PROVIDER#{provider}#APPEALS")
}

fn place(appeal: &Appeal) -> String {
    format!("{}#{}#{}", sortable(appeal.answer_by), appeal.event, appeal.account)
}

fn read(item: &Item) -> Result<Appeal, TableError> {
    serde_json::from_str(text(item, "appeal")?).map_err(|_| TableError::BadItem("appeal"))
}
