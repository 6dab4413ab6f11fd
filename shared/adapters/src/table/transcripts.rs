//! Transcripts: in their licensee's wallet by their ids, and for everybody by their codes. What one says stands in the bucket.
//!
//! ```text
//! WALLET#{account} / TRANSCRIPT#{id}      where it stands: asked, made or refused
//! TRANSCRIPT#{code} / TRANSCRIPT          whose it is and its file's hash; there from when it is made until it is removed
//! ```

use super::{Table, TableError, Transacted, item::*, transact::key, wallet::partition};
use domain::{
    id::{AccountId, CertificateCode, TranscriptId},
    transcript::{TranscriptRecord, TranscriptState},
};

/// A transcript as whoever checks it finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedTranscript {
    /// Whose it is.
    pub account: AccountId,
    /// Its id in their wallet.
    pub id: TranscriptId,
    /// The SHA-256 of its file, in hexadecimal digits.
    pub sha256: String,
}

fn own_key(account: &AccountId, id: &TranscriptId) -> Item {
    key(partition(account), format!("{OWN}{id}"))
}

fn issued_key(code: &CertificateCode) -> Item {
    key(format!("TRANSCRIPT#{code}"), "TRANSCRIPT")
}

/// What the keys of a wallet's transcripts begin with.
pub(super) const OWN: &str = "TRANSCRIPT#";
const ASKED: &str = "asked";
const MADE: &str = "made";
const REFUSED: &str = "refused";
/// The partition of those that are to be made.
const DUE: &str = "DUE#TRANSCRIPTS";
/// One takes some seconds: after so many it is looked for.
const MADE_WITHIN_SECONDS: i64 = 120;
/// A form that is sent again after its transcript was removed asks for another one under the same id: what a worker has made of the first
/// is nothing of the second's.
const AS_IT_WAS_ASKED: &str = "stands = :was AND code = :code";

fn due_at(account: &AccountId, id: &TranscriptId, at: i64) -> String {
    format!("{}#{account}#{id}", sortable(at))
}

impl Table {
    /// Notes a transcript that is asked for, once; `false` if it was noted before, or the account is closed.
    pub async fn ask_transcript(&self, account: &AccountId, asked: &TranscriptRecord) -> Result<bool, TableError> {
        let mut made = own_key(account, &asked.id);
        made.extend(item([
            ("code", s(asked.code.as_str())),
            ("choice", s(serde_json::to_string(&asked.choice).map_err(|_| TableError::BadItem("choice"))?)),
            ("asked_at", n(asked.asked_at)),
            ("stands", s(ASKED)),
            ("gsi2pk", s(DUE)),
            ("gsi2sk", s(due_at(account, &asked.id, asked.asked_at + MADE_WITHIN_SECONDS))),
        ]));
        Ok(self.transact(vec![self.put_new(made)?, self.must_be_open(account)?]).await? == Transacted::Done)
    }

    /// A transcript of somebody's, as it stands at this moment.
    pub async fn fetch_transcript(
        &self,
        account: &AccountId,
        id: &TranscriptId,
    ) -> Result<Option<TranscriptRecord>, TableError> {
        self.fetch_item(own_key(account, id), true).await?.as_ref().map(transcript).transpose()
    }

    /// Says that a transcript is made, and lets everybody check it: both or neither. `false` if it was removed or settled meanwhile, or
    /// another one has its code.
    pub async fn issue_transcript(
        &self,
        account: &AccountId,
        asked: &TranscriptRecord,
        sha256: &str,
    ) -> Result<bool, TableError> {
        let mut issued = issued_key(&asked.code);
        issued.extend(item([("account", s(account.as_str())), ("id", s(asked.id.as_str())), ("sha256", s(sha256))]));
        let values =
            item([(":now", s(MADE)), (":was", s(ASKED)), (":sha256", s(sha256)), (":code", s(asked.code.as_str()))]);
        let update = "SET stands = :now, sha256 = :sha256 REMOVE gsi2pk, gsi2sk";
        let writes =
            vec![self.update_if(own_key(account, &asked.id), update, AS_IT_WAS_ASKED, values)?, self.put_new(issued)?];
        Ok(self.transact(writes).await? == Transacted::Done)
    }

    /// Says why a transcript can't be made; `false` if it was removed or settled meanwhile.
    pub async fn refuse_transcript(
        &self,
        account: &AccountId,
        asked: &TranscriptRecord,
        why: &str,
    ) -> Result<bool, TableError> {
        let values =
            item([(":now", s(REFUSED)), (":was", s(ASKED)), (":why", s(why)), (":code", s(asked.code.as_str()))]);
        let update = "SET stands = :now, why = :why REMOVE gsi2pk, gsi2sk";
        let write = self.update_if(own_key(account, &asked.id), update, AS_IT_WAS_ASKED, values)?;
        Ok(self.transact(vec![write]).await? == Transacted::Done)
    }

    /// Transcripts that were asked for some time ago and stand as they did then: whose, and which. Each is left alone until `again` then.
    pub async fn fetch_due_transcripts(
        &self,
        now: i64,
        again: i64,
        limit: i32,
    ) -> Result<Vec<(AccountId, TranscriptId)>, TableError> {
        let mut due = Vec::new();
        for found in &self.fetch_due(DUE, now, limit).await? {
            let account = text(found, "pk")?.strip_prefix("WALLET#").unwrap_or_default();
            let account = AccountId::parse(account).map_err(|_| TableError::BadItem("pk"))?;
            let id = text(found, "sk")?.strip_prefix(OWN).unwrap_or_default();
            let id = TranscriptId::parse(id).map_err(|_| TableError::BadItem("sk"))?;
            let values = item([(":sorted", s(due_at(&account, &id, again))), (":was", s(text(found, "gsi2sk")?))]);
            let rest = self.update_if(own_key(&account, &id), "SET gsi2sk = :sorted", "gsi2sk = :was", values)?;
            // The index is behind, or another sweep has it.
            if self.transact(vec![rest]).await? == Transacted::Done {
                due.push((account, id));
            }
        }
        Ok(due)
    }

    /// Removes a transcript, for its licensee and for everybody. Twice is once.
    pub async fn delete_transcript(&self, account: &AccountId, record: &TranscriptRecord) -> Result<(), TableError> {
        let writes = vec![self.delete_any(issued_key(&record.code))?, self.delete_any(own_key(account, &record.id))?];
        self.transact(writes).await.map(|_| ())
    }

    /// The transcript of a code.
    pub async fn fetch_issued_transcript(
        &self,
        code: &CertificateCode,
    ) -> Result<Option<IssuedTranscript>, TableError> {
        let Some(found) = self.fetch_item(issued_key(code), false).await? else { return Ok(None) };
        Ok(Some(IssuedTranscript {
            account: AccountId::parse(text(&found, "account")?).map_err(|_| TableError::BadItem("account"))?,
            id: TranscriptId::parse(text(&found, "id")?).map_err(|_| TableError::BadItem("id"))?,
            sha256: text(&found, "sha256")?.to_owned(),
        }))
    }
}

pub(super) fn transcript(item: &Item) -> Result<TranscriptRecord, TableError> {
    let id = text(item, "sk")?.strip_prefix(OWN).unwrap_or_default();
    Ok(TranscriptRecord {
        id: TranscriptId::parse(id).map_err(|_| TableError::BadItem("sk"))?,
        code: CertificateCode::parse(text(item, "code")?).map_err(|_| TableError::BadItem("code"))?,
        choice: serde_json::from_str(text(item, "choice")?).map_err(|_| TableError::BadItem("choice"))?,
        asked_at: number(item, "asked_at")?,
        state: match text(item, "stands")? {
            ASKED => TranscriptState::Asked,
            MADE => TranscriptState::Made { sha256: text(item, "sha256")?.to_owned() },
            REFUSED => TranscriptState::Refused { why: text(item, "why")?.to_owned() },
            _ => return Err(TableError::BadItem("stands")),
        },
    })
}
