//! `ce certificate verify`: is the record in this file ours and untouched, and what does it say? Offline, with the published keys.

use super::UNREADABLE;
use clap::Args;
use documents::credential::{InvalidKey, Keys, NotAttached, NotValid, Verified, extract_credential, verify};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::{fs, io, path::PathBuf, process::ExitCode};

pub(super) const HELP: &str = "\
KEYS.json is what the organisation publishes at /.well-known/certificate-keys.json: {\"keys\": [{\"id\", \"publicKeyMultibase\", \"from\",
\"retired\"}]}. Without --keys it is read from certificate-keys.json in this folder.

Only the signed record inside the file is checked, and not the sheet that people see: compare what stands there with what is printed
here, or have the certificate's page compare the file.

Exit 0 when the record is valid, 1 when it isn't, 2 when the file or the keys can't be read. Only the certificate's page tells
whether it was revoked or replaced since.

With --json, version 1 of this contract (the order of keys is free, other keys may come):
  {\"valid\": true, \"certificate\", \"key\", \"issuer\", \"issued_at\", \"name\", \"licenses\": [], \"title\", \"provider\", \"starts_at\", \"ends_at\",
   \"credits\": [{\"hours\", \"of\"}], \"checked\": \"record\"}
  Exit 0. Not valid: exit 1 and {\"valid\": false, \"error\": {\"code\", \"text\"}}. Unreadable: exit 2 and {\"error\": {\"code\", \"text\"}}.";

/// Where the keys are looked for if nobody says.
const KEYS: &str = "certificate-keys.json";

#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// The certificate's PDF, or its record alone.
    #[arg(value_name = "FILE.pdf|FILE.json")]
    file: PathBuf,
    /// The published keys.
    #[arg(long, value_name = "KEYS.json", default_value = KEYS)]
    keys: PathBuf,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Why it can't be told.
#[derive(Debug, thiserror::Error)]
enum Unreadable {
    #[error("{} can't be read: {source}.", path.display())]
    CannotRead { path: PathBuf, source: io::Error },
    #[error("{}: {problem}.", path.display())]
    Attachment { path: PathBuf, problem: NotAttached },
    #[error("{}: {problem}.", path.display())]
    Keys { path: PathBuf, problem: InvalidKey },
}

impl Unreadable {
    /// The stable code.
    fn code(&self) -> &'static str {
        match self {
            Unreadable::CannotRead { .. } => "cannot_read",
            Unreadable::Attachment { problem, .. } => problem.code(),
            Unreadable::Keys { .. } => "bad_keys",
        }
    }
}

/// Runs `ce certificate verify`.
pub(super) fn run(args: &VerifyArgs) -> ExitCode {
    match check(args) {
        Ok(Ok(found)) if args.json => {
            println!("{}", facts(&found));
            ExitCode::SUCCESS
        }
        Ok(Ok(found)) => {
            print!("{}", words(&found));
            ExitCode::SUCCESS
        }
        Ok(Err(problem)) => {
            let text = format!("Not valid: {problem}.");
            if args.json {
                println!("{}", json!({"valid": false, "error": {"code": problem.code(), "text": text}}));
            } else {
                println!("{text}");
            }
            ExitCode::FAILURE
        }
        Err(error) => {
            if args.json {
                println!("{}", json!({"error": {"code": error.code(), "text": error.to_string()}}));
            } else {
                eprintln!("{error}");
            }
            ExitCode::from(UNREADABLE)
        }
    }
}

fn check(args: &VerifyArgs) -> Result<Result<Verified, NotValid>, Unreadable> {
    let read = |path: &PathBuf| fs::read(path).map_err(|source| Unreadable::CannotRead { path: path.clone(), source });
    let bytes = read(&args.file)?;
    let record = if bytes.starts_with(b"%PDF-") {
        let attached = extract_credential(&bytes);
        attached.map_err(|problem| Unreadable::Attachment { path: args.file.clone(), problem })?
    } else {
        bytes
    };
    let keys = Keys::read(&read(&args.keys)?);
    let keys = keys.map_err(|problem| Unreadable::Keys { path: args.keys.clone(), problem })?;
    Ok(verify(&record, &keys))
}

fn moment(seconds: i64) -> String {
    Timestamp::from_second(seconds).unwrap_or_default().to_string()
}

fn facts(found: &Verified) -> Value {
    let credits: Vec<Value> =
        found.credits.iter().map(|credit| json!({"hours": credit.amount, "of": credit.of})).collect();
    json!({
        "valid": true,
        "certificate": found.certificate,
        "key": found.key,
        "issuer": found.issuer,
        "issued_at": moment(found.issued_at),
        "name": found.name,
        "licenses": found.licences,
        "title": found.title,
        "provider": found.provider,
        "starts_at": moment(found.starts_at),
        "ends_at": moment(found.ends_at),
        "credits": credits,
        "checked": "record",
    })
}

fn words(found: &Verified) -> String {
    let mut lines = vec![
        "Valid: the record in the file is signed as it is, and nothing in it was changed.".to_owned(),
        format!("  Name:      {}", found.name),
    ];
    lines.extend(found.licences.iter().map(|licence| format!("  License:   {licence}")));
    lines.push(format!("  Title:     {}", found.title));
    lines.push(format!("  Provider:  {}", found.provider));
    lines.push(format!("  When:      {} to {}", moment(found.starts_at), moment(found.ends_at)));
    lines.extend(found.credits.iter().map(|credit| format!("  Credit:    {} {}", credit.amount, credit.of)));
    lines.push(format!("  Issued:    {} by {}, key {}", moment(found.issued_at), found.issuer, found.key));
    lines.push(
        "Only the record was checked, and not the page that people see: compare it with what stands above.".to_owned(),
    );
    lines.push(format!("Whether it was revoked or replaced since is told only at {}", found.certificate));
    lines.join("\n") + "\n"
}
