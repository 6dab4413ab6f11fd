//! Credits, each under its natural key: (licence, course, date). One conditional write of the table and one of one index.
//!
//! ```text
//! pk      LICENCE#{board}#{profession}#{number}      a licensee's Courses are one query
//! sk      CREDIT#{date}#{course}                     what stands now
//!         HISTORY#{date}#{course}#{version}          what stood in that version, and the change that ended it
//! gsi1pk  PROVIDER#{provider}#COURSE#{course}#{month} a provider's list by course and month; one key takes 1,000 writes/s
//! gsi1sk  {date}#{board}#{profession}#{number}
//! ```

mod asked;
mod changes;
mod items;
mod list;
mod months;
mod walk;

pub use asked::{CreditOrder, CreditsAsked, InState, credit_reference, credit_referred_to};
pub use changes::ChangeApplied;
pub use domain::credit::RecordedCredit;
pub use list::{CreditsPage, CreditsTurn, SearchedTo};
pub use months::Month;

use super::{Table, TableError, item::*, part::Part};
use aws_sdk_dynamodb::{operation::put_item::PutItemError, types::ReturnValuesOnConditionCheckFailure};
use domain::{
    course::ProviderId,
    credit::{Actor, CreditKey, Former},
    id::EventId,
    import::ImportId,
    licence::Licence,
    roster::{
        judge::Credit,
        record::{Asker, Recorded, Source},
    },
};
use items::{credit_item, credit_key, former, licence_key, recorded, recorded_credit};
use std::collections::{BTreeMap, BTreeSet};

/// What came of writing a credit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CreditWritten {
    /// It is recorded now.
    Now,
    /// Something stands under its key already.
    Before(Recorded),
}

impl Table {
    /// Records a credit unless something stands under its key. An accepted row costs one write of the table and one of the
    /// index. Its course and month must have been [noted](Table::note_credit_months) before.
    pub async fn record_credit(
        &self,
        credit: &Credit,
        asker: &Asker<'_>,
        now: i64,
    ) -> Result<CreditWritten, TableError> {
        let source = Source::Row { import: asker.import.clone(), row: asker.row };
        self.record(credit, asker.provider, &source, now).await
    }

    /// The same for a credit that an event earns, at the same price.
    pub async fn record_event_credit(
        &self,
        credit: &Credit,
        provider: &ProviderId,
        event: &EventId,
        now: i64,
    ) -> Result<CreditWritten, TableError> {
        self.record(credit, provider, &Source::Event { event: event.clone() }, now).await
    }

    async fn record(
        &self,
        credit: &Credit,
        provider: &ProviderId,
        source: &Source,
        now: i64,
    ) -> Result<CreditWritten, TableError> {
        let answer = self
            .client
            .put_item()
            .table_name(&self.name)
            .set_item(Some(credit_item(credit, provider, source, now)))
            .condition_expression("attribute_not_exists(pk)")
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match answer {
            Ok(_) => Ok(CreditWritten::Now),
            Err(error) => match error.as_service_error() {
                Some(PutItemError::ConditionalCheckFailedException(failed)) => {
                    let item = failed.item().ok_or(TableError::BadItem("condition's item"))?;
                    Ok(CreditWritten::Before(recorded(item)?))
                }
                _ => Err(TableError::from_sdk(error)),
            },
        }
    }

    /// What stands under the keys of these credits; for a check, which records nothing. By the place in `credits`.
    pub async fn fetch_recorded(&self, credits: &[&Credit]) -> Result<BTreeMap<usize, Recorded>, TableError> {
        let keys: Vec<CreditKey> = credits.iter().map(|credit| CreditKey::of(credit)).collect();
        self.fetch_recorded_under(&keys).await
    }

    /// What stands under these keys, by the place in `keys`.
    pub async fn fetch_recorded_under(&self, keys: &[CreditKey]) -> Result<BTreeMap<usize, Recorded>, TableError> {
        let mut places: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
        for (place, key) in keys.iter().enumerate() {
            places.entry(credit_key(key)).or_default().push(place);
        }
        let keys: Vec<Item> = places.keys().map(|(pk, sk)| item([("pk", s(pk)), ("sk", s(sk))])).collect();
        let mut found = BTreeMap::new();
        for batch in keys.chunks(100) {
            for item in self.fetch_batch(batch.to_vec()).await? {
                let key = (text(&item, "pk")?.to_owned(), text(&item, "sk")?.to_owned());
                for place in places.get(&key).into_iter().flatten() {
                    found.insert(*place, recorded(&item)?);
                }
            }
        }
        Ok(found)
    }

    /// A licensee's credits, newest first, a page of `limit` after the cursor. Withdrawn ones are among them.
    pub async fn fetch_credits_of(
        &self,
        licence: &Licence,
        after: Option<&str>,
        limit: i32,
    ) -> Result<(Vec<RecordedCredit>, Option<String>), TableError> {
        let partition = licence_key(licence);
        self.fetch_page(Part::of(&partition).beginning("CREDIT#").backwards(true), after, limit, recorded_credit).await
    }

    /// The record under this key, if it is one that the actor may see: another provider's looks like one that never was.
    pub async fn fetch_credit(&self, actor: &Actor, key: &CreditKey) -> Result<Option<RecordedCredit>, TableError> {
        let (pk, sk) = credit_key(key);
        let answer = self
            .client
            .get_item()
            .table_name(&self.name)
            .set_key(Some(item([("pk", s(pk)), ("sk", s(sk))])))
            .consistent_read(true)
            .send()
            .await
            .map_err(TableError::from_sdk)?;
        let record = answer.item().map(recorded_credit).transpose()?;
        Ok(record.filter(|record| actor.may_change(&record.recorded)))
    }

    /// What a record was before its changes, the latest first.
    pub async fn fetch_history(&self, record: &RecordedCredit) -> Result<Vec<Former>, TableError> {
        /// Nobody corrects a record oftener; the latest are what is asked for.
        const MOST_VERSIONS: i32 = 100;
        let answer = self
            .client
            .query()
            .table_name(&self.name)
            .key_condition_expression("pk = :pk AND begins_with(sk, :history)")
            .expression_attribute_values(":pk", s(licence_key(&record.licence)))
            .expression_attribute_values(":history", s(format!("HISTORY#{}#{}#", record.date, record.course)))
            .scan_index_forward(false)
            .limit(MOST_VERSIONS)
            .send()
            .await
            .map_err(TableError::from_sdk)?;
        answer.items().iter().map(former).collect()
    }

    /// The names of these imports' files, as far as the imports are ones that the actor may see.
    pub async fn fetch_file_names(
        &self,
        actor: &Actor,
        imports: &BTreeSet<ImportId>,
    ) -> Result<BTreeMap<ImportId, String>, TableError> {
        let keys: Vec<Item> =
            imports.iter().map(|id| item([("pk", s(format!("IMPORT#{id}"))), ("sk", s("IMPORT"))])).collect();
        let mut names = BTreeMap::new();
        for batch in keys.chunks(100) {
            for item in self.fetch_batch(batch.to_vec()).await? {
                let id = text(&item, "pk")?.strip_prefix("IMPORT#").ok_or(TableError::BadItem("pk"))?;
                let id = ImportId::parse(id).map_err(|_| TableError::BadItem("pk"))?;
                let owner = ProviderId::parse(text(&item, "provider")?).map_err(|_| TableError::BadItem("provider"))?;
                if *actor == Actor::Office || *actor == Actor::Provider(owner) {
                    names.insert(id, text(&item, "file_name")?.to_owned());
                }
            }
        }
        Ok(names)
    }
}
