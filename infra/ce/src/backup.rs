//! `ce backup` and `ce restore`: everything that a deployment keeps, in a folder, and back into an empty deployment; `ce audit`: whether anything
//! was changed between backups that may never change.
//!
//! The folder has `table.jsonl` (an item a line, as DynamoDB writes it), `objects.jsonl` (a file a line, with its digest), `objects/` (the files,
//! each under its digest: no key becomes a path) and, written last, `backup.json` with the digests of both lists. A folder without it is no backup.

mod audit;
mod folder;
mod item;
mod objects;
mod table;

use crate::deployment::Deployment;
use adapters::config::{ConfigError, Stage};
use audit::Snapshot;
use folder::{Folder, FolderError};
use std::{path::PathBuf, process::ExitCode};

/// Copies everything that a deployment keeps into a new folder: the table, the rosters, the evidence, the certificates.
///
/// Works on the deployment that the functions' environment names (STAGE, TABLE_NAME, ROSTER_BUCKET, CERTIFICATE_BUCKET … and AWS credentials), or on the `cargo ce
/// up` that runs. Deploy it with Paused=yes first: what changes while it is copied may be torn. The folder holds people's
/// records and passwords' hashes, readable by you alone: encrypt it wherever it goes. Secrets aren't in it: keep the two of
/// Secrets Manager apart.
///
/// It says the backup's seal: written down where nobody can change it, it shows later that the backup is that one.
///
/// Ends with 0 if all is there, with 1 if something couldn't be copied, and with 2 if the deployment or the folder can't be used.
#[derive(clap::Args)]
pub(crate) struct Backup {
    /// A folder that isn't there yet.
    folder: PathBuf,
    /// The backup that was made last: the new one's seal names it, so that neither can be changed without the other.
    #[arg(long, value_name = "FOLDER")]
    after: Option<PathBuf>,
}

/// Compares backups: whether histories, requirement sets, credits, evidence and certificates are as they were.
///
/// A credit that was corrected or withdrawn has its history; one that was changed behind the product's back has none, and is told.
/// Each backup is checked, and compared with the one before it.
///
/// Ends with 0 if nothing was changed that may never change, with 1 if something was, and with 2 if a backup can't be read or isn't whole.
#[derive(clap::Args)]
pub(crate) struct Audit {
    /// Folders that `ce backup` made, the oldest first.
    #[arg(required = true)]
    folders: Vec<PathBuf>,
}

/// Puts a backup back into an empty deployment.
///
/// All of the backup is checked before the first item is written. A restore that was interrupted is run again: what stands
/// already as in the backup is left as it is, and anything else in the deployment is a reason to stop. Deploy it with Paused=yes
/// before and with Paused=no after, so that nothing works on the half of it.
///
/// Ends with 0 if all is there, with 1 if something couldn't be written, and with 2 if the deployment isn't empty or the
/// backup isn't whole: nothing was written then.
#[derive(clap::Args)]
pub(crate) struct Restore {
    /// The folder that `ce backup` made.
    folder: PathBuf,
}

#[derive(Debug, thiserror::Error)]
enum CopyError {
    #[error("{0}. Set the environment of the functions, or start `cargo ce up`.")]
    NoDeployment(#[from] ConfigError),
    #[error("CERTIFICATE_BUCKET isn't set: it is an output of the stack.")]
    NoCertificateBucket,
    #[error(transparent)]
    Folder(#[from] FolderError),
    #[error(
        "The deployment holds {0}, which the backup doesn't, or not like that. Restore into an empty stack: nothing was written."
    )]
    NotEmpty(String),
    #[error("AWS didn't do it: {0}. Run it again.")]
    Service(String),
}

impl CopyError {
    fn service(error: impl std::error::Error) -> Self {
        Self::Service(aws_sdk_s3::error::DisplayErrorContext(error).to_string())
    }

    /// 2 where nothing was begun.
    fn code(&self) -> ExitCode {
        match self {
            Self::Service(_) | Self::Folder(FolderError::Disk(_)) => ExitCode::FAILURE,
            Self::NoDeployment(_) | Self::NoCertificateBucket | Self::Folder(_) | Self::NotEmpty(_) => {
                ExitCode::from(2)
            }
        }
    }
}

/// A deployment's table and buckets. A bucket has a name of its own here: it is another one after a disaster.
struct Kept {
    dynamodb: aws_sdk_dynamodb::Client,
    table: String,
    s3: aws_sdk_s3::Client,
    /// What a backup calls them, and what AWS does.
    buckets: [(&'static str, String); 2],
}

impl Kept {
    async fn open() -> Result<Self, CopyError> {
        let Deployment { settings, config } = Deployment::open().await?;
        if settings.certificate_bucket.is_empty() {
            return Err(CopyError::NoCertificateBucket);
        }
        // A local endpoint has no host names for buckets.
        let s3 = aws_sdk_s3::config::Builder::from(&config).force_path_style(settings.stage == Stage::Local).build();
        Ok(Self {
            dynamodb: aws_sdk_dynamodb::Client::new(&config),
            table: settings.table_name,
            s3: aws_sdk_s3::Client::from_conf(s3),
            buckets: [("rosters", settings.roster_bucket), ("certificates", settings.certificate_bucket)],
        })
    }
}

impl Backup {
    pub(crate) fn run(self) -> ExitCode {
        finish(async {
            let after = self.after.map(|before| Folder::open(&before)?.seal_digest()).transpose()?;
            let kept = Kept::open().await?;
            let folder = Folder::make(&self.folder)?;
            let objects = objects::copy(&kept, &folder).await?;
            let items = table::copy(&kept, &folder).await?;
            let seal = folder.seal(items, objects, after)?;
            let folder = self.folder.display();
            Ok(format!("{items} items and {objects} files are in {folder}. Its seal: {seal}"))
        })
    }
}

impl Restore {
    pub(crate) fn run(self) -> ExitCode {
        finish(async {
            let folder = Folder::open(&self.folder)?;
            let kept = Kept::open().await?;
            table::check(&kept, &folder).await?;
            let there = objects::check(&kept, &folder).await?;
            // The table first: of a file that is put back an import asks whether it is known.
            let items = table::put_back(&kept, &folder).await?;
            let objects = objects::put_back(&kept, &folder, &there).await?;
            Ok(format!("{items} items and {objects} files are back."))
        })
    }
}

impl Audit {
    pub(crate) fn run(self) -> ExitCode {
        match self.audit() {
            Ok(true) => ExitCode::SUCCESS,
            Ok(false) => ExitCode::FAILURE,
            Err(error) => {
                eprintln!("{error}");
                ExitCode::from(2)
            }
        }
    }

    /// Whether nothing was changed.
    fn audit(&self) -> Result<bool, FolderError> {
        let mut earlier: Option<Snapshot> = None;
        let mut faults = 0;
        for path in &self.folders {
            let snapshot = Snapshot::read(&Folder::open(path)?)?;
            let since = earlier.as_ref().map(|earlier| snapshot.faults_since(earlier)).unwrap_or_default();
            for fault in snapshot.faults().into_iter().chain(since) {
                println!("{}: {fault}", path.display());
                faults += 1;
            }
            println!("{}: {} records looked at; its seal: {}", path.display(), snapshot.records(), snapshot.seal);
            earlier = Some(snapshot);
        }
        println!("{}", if faults == 0 { "Nothing was changed." } else { "Somebody changed what may never change." });
        Ok(faults == 0)
    }
}

fn finish(work: impl Future<Output = Result<String, CopyError>>) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(work) {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            error.code()
        }
    }
}
