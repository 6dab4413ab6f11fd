//! The buckets' files, out and in.

use super::{
    CopyError, Kept,
    folder::{self, Folder, FolderError, OBJECTS, Object},
};
use adapters::objects::{RESTORED_DIGEST, RESTORED_VERSION};
use aws_sdk_s3::{Client, primitives::ByteStream};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fs,
    io::{self, Write},
    sync::Arc,
};
use tokio::{io::AsyncWriteExt, task::JoinSet};

/// So many files are on their way at once: they are small, and each is a round trip.
const AT_ONCE: usize = 16;
/// How often somebody who waits is told: every so many files.
const TOLD_EVERY: u64 = 1_000;

/// Where a file stands: the backup's name of its bucket, and its key.
type Place = (String, String);

/// Copies every file into the folder, and writes the list of them.
pub(super) async fn copy(kept: &Kept, folder: &Folder) -> Result<u64, CopyError> {
    let mut list = folder.list(OBJECTS)?;
    let folder = Arc::new(Folder::clone(folder));
    let mut copied = 0;
    let mut fetching = JoinSet::new();
    let mut note = |object: Result<Object, CopyError>| -> Result<(), CopyError> {
        let line = serde_json::to_string(&object?).map_err(io::Error::other).map_err(FolderError::from)?;
        writeln!(list, "{line}").map_err(FolderError::from)?;
        copied += 1;
        tell(copied);
        Ok(())
    };
    let mut number = 0;
    for (name, bucket) in &kept.buckets {
        let mut pages = kept.s3.list_objects_v2().bucket(bucket).into_paginator().send();
        while let Some(page) = pages.next().await {
            for key in page.map_err(CopyError::service)?.contents().iter().filter_map(|object| object.key()) {
                if fetching.len() == AT_ONCE
                    && let Some(object) = fetching.join_next().await
                {
                    note(object.map_err(CopyError::service)?)?;
                }
                number += 1;
                let (client, folder, bucket) = (kept.s3.clone(), Arc::clone(&folder), bucket.clone());
                let place = ((*name).to_owned(), key.to_owned());
                fetching.spawn(async move { fetch(&client, &bucket, place, &folder, number).await });
            }
        }
    }
    while let Some(object) = fetching.join_next().await {
        note(object.map_err(CopyError::service)?)?;
    }
    list.into_inner()
        .map_err(io::IntoInnerError::into_error)
        .and_then(|file| file.sync_all())
        .map_err(FolderError::from)?;
    Ok(copied)
}

async fn fetch(
    client: &Client,
    bucket: &str,
    (name, key): Place,
    folder: &Folder,
    number: usize,
) -> Result<Object, CopyError> {
    let answer = client.get_object().bucket(bucket).key(&key).send().await.map_err(CopyError::service)?;
    let path = folder.unfinished(number);
    let mut file = tokio::fs::File::create(&path).await.map_err(FolderError::from)?;
    let mut body = answer.body;
    while let Some(piece) = body.try_next().await.map_err(CopyError::service)? {
        file.write_all(&piece).await.map_err(FolderError::from)?;
    }
    file.sync_all().await.map_err(FolderError::from)?;
    let digest = folder::digest_of(&path).map_err(FolderError::from)?;
    fs::rename(&path, folder.object(&digest)).map_err(FolderError::from)?;
    let mut metadata: BTreeMap<String, String> = answer.metadata.unwrap_or_default().into_iter().collect();
    // Of a file that was put back once before, what it was then.
    metadata.remove(RESTORED_DIGEST);
    let version = metadata.remove(RESTORED_VERSION).or(answer.version_id).unwrap_or_default();
    Ok(Object { bucket: name, key, version, digest, content_type: answer.content_type, metadata })
}

/// Whether every file that stands in the buckets stands in the backup too, like that; which do.
pub(super) async fn check(kept: &Kept, folder: &Folder) -> Result<HashSet<Place>, CopyError> {
    let mut known: HashMap<Place, String> = HashMap::new();
    for object in folder.objects()? {
        let object = object?;
        known.insert((object.bucket, object.key), object.digest);
    }
    let mut there = HashSet::new();
    for (name, bucket) in &kept.buckets {
        let mut pages = kept.s3.list_objects_v2().bucket(bucket).into_paginator().send();
        while let Some(page) = pages.next().await {
            for key in page.map_err(CopyError::service)?.contents().iter().filter_map(|object| object.key()) {
                let place = ((*name).to_owned(), key.to_owned());
                let head = kept.s3.head_object().bucket(bucket).key(key).send().await.map_err(CopyError::service)?;
                let digest = head.metadata.as_ref().and_then(|metadata| metadata.get(RESTORED_DIGEST));
                if digest.is_none() || digest != known.get(&place) {
                    return Err(CopyError::NotEmpty(format!("a file in its bucket of {name}")));
                }
                there.insert(place);
            }
        }
    }
    Ok(there)
}

/// Puts back every file that isn't there.
pub(super) async fn put_back(kept: &Kept, folder: &Folder, there: &HashSet<Place>) -> Result<u64, CopyError> {
    let mut files = 0;
    let mut putting: JoinSet<Result<(), CopyError>> = JoinSet::new();
    for object in folder.objects()? {
        let object = object?;
        files += 1;
        tell(files);
        if there.contains(&(object.bucket.clone(), object.key.clone())) {
            continue;
        }
        let Some((_, bucket)) = kept.buckets.iter().find(|(name, _)| *name == object.bucket) else {
            return Err(FolderError::Broken(OBJECTS.to_owned()).into());
        };
        if putting.len() == AT_ONCE
            && let Some(put) = putting.join_next().await
        {
            put.map_err(CopyError::service)??;
        }
        let (client, bucket, path) = (kept.s3.clone(), bucket.clone(), folder.object(&object.digest));
        putting.spawn(async move {
            let body = ByteStream::from_path(path).await.map_err(CopyError::service)?;
            let restored = [(RESTORED_DIGEST.to_owned(), object.digest), (RESTORED_VERSION.to_owned(), object.version)];
            let metadata = object.metadata.into_iter().chain(restored).collect();
            let put = client.put_object().bucket(bucket).key(object.key).body(body);
            put.set_content_type(object.content_type)
                .set_metadata(Some(metadata))
                .send()
                .await
                .map_err(CopyError::service)?;
            Ok(())
        });
    }
    while let Some(put) = putting.join_next().await {
        put.map_err(CopyError::service)??;
    }
    Ok(files)
}

fn tell(files: u64) {
    if files.is_multiple_of(TOLD_EVERY) {
        eprintln!("{files} files …");
    }
}
