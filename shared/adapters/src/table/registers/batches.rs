//! Items read and written in batches, until none is left out. Batches know no conditions: what two people may change at once
//! goes through `saving`.

use super::super::{Table, TableError, item::*};
use aws_sdk_dynamodb::types::{DeleteRequest, KeysAndAttributes, PutRequest, WriteRequest};
use futures_util::{StreamExt, TryStreamExt, stream};
use std::time::Duration;

/// Keys in one BatchGetItem: DynamoDB's limit.
pub(super) const KEYS_IN_A_BATCH: usize = 100;
/// Items in one BatchWriteItem: DynamoDB's limit.
const ITEMS_IN_A_BATCH: usize = 25;
/// Batches under way at once: enough to hide the round trips of 500 rows, few enough for one small function.
pub(super) const BATCHES_AT_ONCE: usize = 8;
/// Tries for the keys that a batch leaves out when it is throttled; with doubling pauses from 50 ms about 6 s in all.
const TRIES: u32 = 7;

/// What is done with an item of a batch.
pub(super) enum InBatch {
    /// It is written over whatever stands there.
    Put(Item),
    /// What stands under this key is removed.
    Delete(Item),
}

impl InBatch {
    fn request(self) -> Result<WriteRequest, TableError> {
        let request = WriteRequest::builder();
        Ok(match self {
            InBatch::Put(item) => {
                let put = PutRequest::builder().set_item(Some(item)).build();
                request.put_request(put.map_err(|_| TableError::BadItem("item"))?).build()
            }
            InBatch::Delete(key) => {
                let delete = DeleteRequest::builder().set_key(Some(key)).build();
                request.delete_request(delete.map_err(|_| TableError::BadItem("key"))?).build()
            }
        })
    }
}

impl Table {
    /// Items by their keys, until none is left out. Eventually consistent: half a read unit each.
    pub(in super::super) async fn fetch_batch(&self, mut keys: Vec<Item>) -> Result<Vec<Item>, TableError> {
        let mut found = Vec::with_capacity(keys.len());
        for attempt in 0..TRIES {
            let wanted =
                KeysAndAttributes::builder().set_keys(Some(keys)).build().map_err(|_| TableError::BadItem("keys"))?;
            let mut answer = self
                .client
                .batch_get_item()
                .request_items(&self.name, wanted)
                .send()
                .await
                .map_err(TableError::from_sdk)?;
            found.extend(answer.responses.take().and_then(|mut tables| tables.remove(&self.name)).unwrap_or_default());
            keys = answer
                .unprocessed_keys
                .take()
                .and_then(|mut tables| tables.remove(&self.name))
                .map(|left| left.keys)
                .unwrap_or_default();
            if keys.is_empty() {
                return Ok(found);
            }
            tokio::time::sleep(Duration::from_millis(50 << attempt)).await;
        }
        Err(TableError::Throttled)
    }

    pub(super) async fn save_batches(&self, items: Vec<InBatch>) -> Result<(), TableError> {
        let requests = items.into_iter().map(InBatch::request).collect::<Result<Vec<_>, _>>()?;
        let batches: Vec<Vec<WriteRequest>> = requests.chunks(ITEMS_IN_A_BATCH).map(<[WriteRequest]>::to_vec).collect();
        stream::iter(batches.into_iter().map(|batch| self.save_batch(batch)))
            .buffer_unordered(BATCHES_AT_ONCE)
            .try_collect::<()>()
            .await
    }

    async fn save_batch(&self, mut requests: Vec<WriteRequest>) -> Result<(), TableError> {
        for attempt in 0..TRIES {
            let answer = self
                .client
                .batch_write_item()
                .request_items(&self.name, requests)
                .send()
                .await
                .map_err(TableError::from_sdk)?;
            requests = answer.unprocessed_items.and_then(|mut tables| tables.remove(&self.name)).unwrap_or_default();
            if requests.is_empty() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50 << attempt)).await;
        }
        Err(TableError::Throttled)
    }
}
