//! A file has come: which import is it of? Uploads belong to whoever announced them; drops to whom the prefix belongs,
//! which IAM grants. The event's own word is never taken for size or version: the bucket is asked.

use crate::{ImportError, World, message::ArrivedObject};
use adapters::{
    clock,
    objects::{DROPS, Found, ObjectsError, UPLOADS},
    table::Arrival,
};
use domain::{
    course::ProviderId,
    import::{Import, ImportId, Mode, ObjectVersion},
};

/// Notes the arrival; the import to work on, if there is one.
pub(crate) async fn note_arrival(arrived: &ArrivedObject, world: &World) -> Result<Option<ImportId>, ImportError> {
    if arrived.bucket != world.clients.objects.bucket() {
        return Err(ImportError::ForeignFile);
    }
    if arrived.key.ends_with('/') {
        // What consoles and sync tools make to show an empty folder.
        return Ok(None);
    }
    let found = match world.clients.objects.fetch_version(&arrived.key, arrived.version.as_deref()).await {
        Ok(found) => found,
        Err(ObjectsError::Missing) => {
            tracing::warn!("import.file_gone: a file was deleted before it could be imported");
            return Ok(None);
        }
        Err(error) => return Err(error.into()),
    };
    if let Some(id) = arrived.key.strip_prefix(UPLOADS) {
        let id = ImportId::parse(id).map_err(|_| ImportError::ForeignFile)?;
        return note_upload(&id, &found.object, world).await;
    }
    let dropped = arrived.key.strip_prefix(DROPS).and_then(|rest| rest.split_once('/'));
    let Some((provider, name)) = dropped.filter(|(_, name)| !name.is_empty()) else {
        return Err(ImportError::ForeignFile);
    };
    let provider = ProviderId::parse(provider).map_err(|_| ImportError::UnknownProvider)?;
    note_drop(provider, name, found, world).await.map(Some)
}

async fn note_upload(id: &ImportId, object: &ObjectVersion, world: &World) -> Result<Option<ImportId>, ImportError> {
    let now = clock::now();
    let today = clock::day_in(&world.settings.time_zone, now);
    match world.clients.table.record_arrival(id, object, now, today).await? {
        Arrival::Nobody => Err(ImportError::Unannounced),
        Arrival::Import(import) if import.object.as_ref() == Some(object) => Ok(Some(import.id)),
        Arrival::Import(import) => {
            tracing::warn!(import = %import.id, "import.second_file: a second file came for the same import and is left alone");
            Ok(None)
        }
    }
}

/// A version of a dropped file is one import, however often we hear of it, and also where a backup was put back: then it is another
/// version of the same file.
async fn note_drop(
    provider: ProviderId,
    name: &str,
    Found { object, came_as }: Found,
    world: &World,
) -> Result<ImportId, ImportError> {
    let table = &world.clients.table;
    if table.fetch_provider(&provider).await?.is_none() {
        tracing::warn!(%provider, "import.unknown_provider: enter the provider into the register, or move the file to another's prefix");
        return Err(ImportError::UnknownProvider);
    }
    let id = ImportId::of(&["drop", &object.key, came_as.as_ref().unwrap_or(&object.version)]);
    let now = clock::now();
    let today = clock::day_in(&world.settings.time_zone, now);
    let import = Import::announced(id.clone(), provider, name, Mode::Import, now, today).with_file(object);
    table.save_new_import(&import).await?;
    Ok(id)
}
