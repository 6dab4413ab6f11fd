//! The table's items, out and in.

use super::{
    CopyError, Kept,
    folder::{Folder, FolderError, ITEMS},
    item::{self, Item},
};
use aws_sdk_dynamodb::types::{PutRequest, WriteRequest};
use sha2::{Digest, Sha256};
use std::{
    collections::HashSet,
    io::{self, Write},
    time::Duration,
};

/// As many as DynamoDB takes at once.
const BATCH: usize = 25;
/// What DynamoDB hands back is sent again, ever later: the last time after half a minute.
const MOST_TRIES: u32 = 10;
/// How often somebody who waits is told: every so many items.
const TOLD_EVERY: u64 = 10_000;

type ItemDigest = [u8; 32];

/// Writes every item into the backup's list. One page after the other, in the table's own order: a gigabyte takes some minutes.
pub(super) async fn copy(kept: &Kept, folder: &Folder) -> Result<u64, CopyError> {
    let mut list = folder.list(ITEMS)?;
    let items = each(kept, |item| Ok(writeln!(list, "{}", line(item)?).map_err(FolderError::from)?)).await?;
    list.into_inner()
        .map_err(io::IntoInnerError::into_error)
        .and_then(|file| file.sync_all())
        .map_err(FolderError::from)?;
    Ok(items)
}

/// Whether everything that stands in the table stands in the backup too, like that.
pub(super) async fn check(kept: &Kept, folder: &Folder) -> Result<(), CopyError> {
    let mut known: HashSet<ItemDigest> = HashSet::new();
    for line in folder.lines(ITEMS)? {
        let line = line?;
        item::from_line(&line).ok_or_else(|| FolderError::Broken(ITEMS.to_owned()))?;
        known.insert(Sha256::digest(line).into());
    }
    let checked = |item: &Item| match known.contains::<ItemDigest>(&Sha256::digest(line(item)?).into()) {
        true => Ok(()),
        false => Err(CopyError::NotEmpty("an item in its table".to_owned())),
    };
    each(kept, checked).await.map(|_| ())
}

/// Writes every item of the backup. What stands there already is written again: it is the same.
pub(super) async fn put_back(kept: &Kept, folder: &Folder) -> Result<u64, CopyError> {
    let mut items = 0;
    let mut batch = Vec::with_capacity(BATCH);
    for line in folder.lines(ITEMS)? {
        let item = item::from_line(&line?).ok_or_else(|| FolderError::Broken(ITEMS.to_owned()))?;
        batch.push(item);
        items += 1;
        if batch.len() == BATCH {
            write(kept, std::mem::take(&mut batch)).await?;
        }
        tell(items);
    }
    write(kept, batch).await?;
    Ok(items)
}

async fn each(kept: &Kept, mut with: impl FnMut(&Item) -> Result<(), CopyError>) -> Result<u64, CopyError> {
    let mut items = 0;
    let scan = kept.dynamodb.scan().table_name(&kept.table).consistent_read(true);
    let mut pages = scan.into_paginator().send();
    while let Some(page) = pages.next().await {
        for item in page.map_err(CopyError::service)?.items() {
            with(item)?;
            items += 1;
            tell(items);
        }
    }
    Ok(items)
}

fn tell(items: u64) {
    if items.is_multiple_of(TOLD_EVERY) {
        eprintln!("{items} items …");
    }
}

fn line(item: &Item) -> Result<String, CopyError> {
    item::to_line(item)
        .ok_or_else(|| CopyError::Service("an item has a kind of value that this program doesn't know".to_owned()))
}

async fn write(kept: &Kept, items: Vec<Item>) -> Result<(), CopyError> {
    let put = |item| PutRequest::builder().set_item(Some(item)).build().map_err(CopyError::service);
    let request = |item| Ok(WriteRequest::builder().put_request(put(item)?).build());
    let mut waiting = items.into_iter().map(request).collect::<Result<Vec<_>, CopyError>>()?;
    for tried in 0..MOST_TRIES {
        if waiting.is_empty() {
            return Ok(());
        }
        if tried > 0 {
            tokio::time::sleep(Duration::from_millis(50 << tried)).await;
        }
        let call = kept.dynamodb.batch_write_item().request_items(&kept.table, std::mem::take(&mut waiting));
        let answer = call.send().await.map_err(CopyError::service)?;
        waiting = answer.unprocessed_items.and_then(|mut all| all.remove(&kept.table)).unwrap_or_default();
    }
    match waiting.is_empty() {
        true => Ok(()),
        false => Err(CopyError::Service("DynamoDB takes no more items for now".to_owned())),
    }
}
