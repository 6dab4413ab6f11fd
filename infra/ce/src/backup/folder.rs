//! A backup's folder: lists that are written line by line, files under their digests, and the seal over both.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fs::{self, DirBuilder, File},
    io::{self, BufRead, BufReader, BufWriter, Read, Write},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

/// What the folder holds is described in the module above; another description would be another number.
const FORMAT: u32 = 1;
const SEAL: &str = "backup.json";
/// The list of the table's items.
pub(super) const ITEMS: &str = "table.jsonl";
/// The list of the buckets' files.
pub(super) const OBJECTS: &str = "objects.jsonl";
/// An item has at most 400 KB; escaped as JSON, each byte at most six. A longer line is no item, and isn't read into memory.
const LONGEST_LINE: u64 = 3 * 1024 * 1024;

#[derive(Debug, thiserror::Error)]
pub(super) enum FolderError {
    #[error("{} is there already: a backup is a folder of its own.", .0.display())]
    Taken(PathBuf),
    #[error("{} isn't a backup: it has no backup.json, which `ce backup` writes last.", .0.display())]
    NoBackup(PathBuf),
    #[error("This backup has format {0}; this program knows format {FORMAT}.")]
    OtherFormat(u32),
    #[error("{0} isn't as it was sealed: the backup was changed, or lost something, and nothing of it was put back.")]
    Broken(String),
    #[error("the disk: {0}")]
    Disk(#[from] io::Error),
}

#[derive(Debug, Serialize, Deserialize)]
struct Seal {
    format: u32,
    items: u64,
    objects: u64,
    /// Of both lists; the list of files has each file's.
    digests: BTreeMap<String, String>,
    /// Of the seal of the backup that was made before, so that none can be changed without all that came after.
    #[serde(default)]
    after: Option<String>,
}

/// A file of a bucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Object {
    /// `rosters` or `certificates`.
    pub(super) bucket: String,
    pub(super) key: String,
    /// The version that it was when it came to a bucket first, empty where buckets have none: imports know files by it.
    pub(super) version: String,
    pub(super) digest: String,
    pub(super) content_type: Option<String>,
    pub(super) metadata: BTreeMap<String, String>,
}

/// A backup's folder.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// A new one, which its owner alone may enter.
    pub(super) fn make(path: &Path) -> Result<Self, FolderError> {
        let made = DirBuilder::new().mode(0o700).create(path);
        match made {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(FolderError::Taken(path.to_owned())),
            made => {
                made?;
                fs::create_dir(path.join("objects"))?;
                Ok(Self { path: path.to_owned() })
            }
        }
    }

    /// One that was sealed; all of it is checked, so that nothing is put back of one that isn't whole.
    pub(super) fn open(path: &Path) -> Result<Self, FolderError> {
        let text = fs::read(path.join(SEAL)).map_err(|_| FolderError::NoBackup(path.to_owned()))?;
        let seal: Seal = serde_json::from_slice(&text).map_err(|_| FolderError::Broken(SEAL.to_owned()))?;
        if seal.format != FORMAT {
            return Err(FolderError::OtherFormat(seal.format));
        }
        let folder = Self { path: path.to_owned() };
        let broken = |name: &str| FolderError::Broken(name.to_owned());
        for list in [ITEMS, OBJECTS] {
            let digest = digest_of(&path.join(list)).map_err(|_| broken(list))?;
            if seal.digests.get(list) != Some(&digest) {
                return Err(broken(list));
            }
        }
        for object in folder.objects()? {
            let object = object?;
            let digest = digest_of(&folder.object(&object.digest)).map_err(|_| broken(&object.digest))?;
            if digest != object.digest {
                return Err(broken(&object.digest));
            }
        }
        Ok(folder)
    }

    /// Writes a list, a line each.
    pub(super) fn list(&self, name: &str) -> Result<BufWriter<File>, FolderError> {
        Ok(BufWriter::new(File::create_new(self.path.join(name))?))
    }

    /// The lines of a list.
    pub(super) fn lines(
        &self,
        name: &str,
    ) -> Result<impl Iterator<Item = Result<String, FolderError>> + use<>, FolderError> {
        let mut file = BufReader::new(File::open(self.path.join(name))?);
        let name = name.to_owned();
        Ok(std::iter::from_fn(move || {
            let mut line = String::new();
            match file.by_ref().take(LONGEST_LINE).read_line(&mut line) {
                Ok(0) => None,
                Ok(_) if line.ends_with('\n') => {
                    line.pop();
                    Some(Ok(line))
                }
                Ok(_) => Some(Err(FolderError::Broken(name.clone()))),
                Err(error) => Some(Err(error.into())),
            }
        }))
    }

    /// The files that the backup has.
    pub(super) fn objects(&self) -> Result<impl Iterator<Item = Result<Object, FolderError>> + use<>, FolderError> {
        let read = |line: String| serde_json::from_str(&line).map_err(|_| FolderError::Broken(OBJECTS.to_owned()));
        Ok(self.lines(OBJECTS)?.map(move |line| line.and_then(read)))
    }

    /// Where a file stands, by its digest.
    pub(super) fn object(&self, digest: &str) -> PathBuf {
        // Of a list that somebody else wrote: a digest has no letters that lead elsewhere.
        let plain: String = digest.chars().filter(char::is_ascii_hexdigit).collect();
        self.path.join("objects").join(plain)
    }

    /// A file that is being fetched, under no name that anything else has.
    pub(super) fn unfinished(&self, number: usize) -> PathBuf {
        self.path.join("objects").join(format!("unfinished-{number}"))
    }

    /// The digest of the seal, which is that of the whole backup.
    pub(super) fn seal_digest(&self) -> Result<String, FolderError> {
        Ok(digest_of(&self.path.join(SEAL))?)
    }

    /// The digest of the seal of the backup before, if this one was made after one.
    pub(super) fn after(&self) -> Result<Option<String>, FolderError> {
        let seal: Seal = serde_json::from_slice(&fs::read(self.path.join(SEAL))?)
            .map_err(|_| FolderError::Broken(SEAL.to_owned()))?;
        Ok(seal.after)
    }

    /// Writes the seal: from now on it is a backup. Its digest.
    pub(super) fn seal(&self, items: u64, objects: u64, after: Option<String>) -> Result<String, FolderError> {
        let digests = [ITEMS, OBJECTS].map(|list| Ok((list.to_owned(), digest_of(&self.path.join(list))?)));
        let digests = digests.into_iter().collect::<Result<_, io::Error>>()?;
        let seal = Seal { format: FORMAT, items, objects, digests, after };
        let mut file = File::create_new(self.path.join(SEAL))?;
        file.write_all(&serde_json::to_vec_pretty(&seal).map_err(io::Error::other)?)?;
        file.sync_all()?;
        self.seal_digest()
    }
}

/// The digest of a file, in pieces: none is too large.
pub(super) fn digest_of(path: &Path) -> Result<String, io::Error> {
    let mut file = File::open(path)?;
    let mut digest = Sha256::new();
    let mut piece = vec![0; 64 * 1024];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hex::encode(digest.finalize())),
            length => digest.update(&piece[..length]),
        }
    }
}
