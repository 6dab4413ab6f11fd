//! What a licensee keeps in their CE Wallet beside the records: what they told of their licences' cycles, where they assigned credits,
//! certificates from elsewhere, and transcripts. It is theirs alone, and goes with the account.
//!
//! ```text
//! WALLET#{account} / CYCLE#{board}#{profession}#{number}                 a licence's days, and the next reminder (gsi2: DUE#CYCLES)
//!                  / CREDIT#{credit}                                     for which licences a credit counts, as its licensee says
//!                  / OUTSIDE#{id}                                        a certificate from elsewhere
//!                  / TRANSCRIPT#{id}                                     a transcript that was asked for
//! ```
//!
//! Nothing is written for an account that is closed: whoever ends what it left behind has seen everything then.

use super::{Table, TableError, Transacted, item::*, transact::key, transcripts};
use domain::{
    id::{AccountId, OutsideId},
    licence::{Licence, LicenceNumber},
    mail::Mail,
    tracker::{Assignment, LicenceSettings, OutsideCertificate, Reminders},
    transcript::TranscriptRecord,
};
use futures_util::future::try_join_all;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Pages of a wallet, 1 MB each: 500 credits assigned to five licences are less than one.
const MOST_PAGES: usize = 4;
/// Items that are deleted side by side.
const DELETED_AT_ONCE: usize = 16;

/// All that stands in a wallet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wallet {
    /// What was told of licences.
    pub settings: Vec<LicenceSettings>,
    /// Where credits were assigned.
    pub assignments: Vec<Assignment>,
    /// The version in which a credit's assignments stand, by the credit's id.
    pub assigned: BTreeMap<String, u64>,
    /// Certificates from elsewhere.
    pub outside: Vec<OutsideCertificate>,
    /// Transcripts.
    pub transcripts: Vec<TranscriptRecord>,
}

pub(super) fn partition(account: &AccountId) -> String {
    format!("WALLET#{account}")
}

fn licence_place(licence: &Licence) -> String {
    format!("{}#{}#{}", licence.board, licence.profession, licence.number.compared())
}

fn cycle_key(account: &AccountId, licence: &Licence) -> Item {
    key(partition(account), format!("CYCLE#{}", licence_place(licence)))
}

fn assignments_key(account: &AccountId, credit: &str) -> Item {
    key(partition(account), format!("{ASSIGNED}{credit}"))
}

/// What the keys of credits' assignments begin with.
const ASSIGNED: &str = "CREDIT#";

fn outside_key(account: &AccountId, id: &OutsideId) -> Item {
    key(partition(account), format!("OUTSIDE#{id}"))
}

impl Table {
    /// A person's wallet, as it stands at this moment. One query, of a few units for hundreds of credits.
    pub async fn fetch_wallet(&self, account: &AccountId) -> Result<Wallet, TableError> {
        let mut wallet = Wallet::default();
        for item in self.fetch_wallet_items(account).await? {
            let sk = text(&item, "sk")?;
            if sk.starts_with("CYCLE#") {
                wallet.settings.push(settings(&item)?);
            } else if let Some(credit) = sk.strip_prefix(ASSIGNED) {
                wallet.assigned.insert(credit.to_owned(), number(&item, "version")?);
                wallet.assignments.extend(assignments(&item)?);
            } else if sk.starts_with("OUTSIDE#") {
                wallet.outside.push(outside(&item)?);
            } else if sk.starts_with(transcripts::OWN) {
                wallet.transcripts.push(transcripts::transcript(&item)?);
            }
        }
        Ok(wallet)
    }

    async fn fetch_wallet_items(&self, account: &AccountId) -> Result<Vec<Item>, TableError> {
        let mut pages = self
            .client
            .query()
            .table_name(&self.name)
            .consistent_read(true)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", s(partition(account)))
            .into_paginator()
            .send();
        let mut items = Vec::new();
        for _ in 0..MOST_PAGES {
            let Some(page) = pages.next().await else { break };
            items.extend(page.map_err(TableError::from_sdk)?.items.unwrap_or_default());
        }
        Ok(items)
    }

    /// Saves what was told of a licence over the version that it carries; `false` if it was changed since.
    pub async fn save_licence_settings(
        &self,
        account: &AccountId,
        settings: &LicenceSettings,
        now: i64,
    ) -> Result<bool, TableError> {
        // The sweep plans the next reminder by what was told.
        let due = (settings.remind != Reminders::Never).then_some(DueReminder { planned: None, at: now });
        let put = self.put_version(settings_item(account, settings, due)?, settings.version)?;
        Ok(self.transact(vec![put, self.must_be_open(account)?]).await? == Transacted::Done)
    }

    /// Where licences' next reminders stand that are due or aren't planned yet, the longest due first.
    pub async fn fetch_due_reminders(&self, now: i64, limit: i32) -> Result<Vec<DuePlace>, TableError> {
        let due = self.fetch_due(REMINDERS, now, limit).await?;
        let place = |found: &Item| {
            let account = text(found, "pk")?.strip_prefix("WALLET#").unwrap_or_default();
            let account = AccountId::parse(account).map_err(|_| TableError::BadItem("pk"))?;
            Ok(DuePlace { account, entry: text(found, "sk")?.to_owned() })
        };
        due.iter().map(place).collect()
    }

    /// What was told of a licence whose reminder is due, with the day that was planned; `None` if it isn't due any more: the index is
    /// behind.
    pub async fn fetch_due_reminder(&self, place: &DuePlace, now: i64) -> Result<Option<DueSettings>, TableError> {
        let Some(item) = self.fetch_item(place.key(), true).await? else { return Ok(None) };
        let sorted = optional_text(&item, "gsi2sk").filter(|at| *at < sortable(now + 1));
        let Some(sorted) = sorted else { return Ok(None) };
        Ok(Some(DueSettings { settings: settings(&item)?, planned: optional_date(&item, "remind_on")?, sorted }))
    }

    /// Leaves a reminder alone until then: what can't be done now doesn't keep the others from being done. What else the entry says stays
    /// as it is, whether it can be read or not.
    pub async fn rest_reminder(&self, place: &DuePlace, until: i64) -> Result<(), TableError> {
        let sorted = item([(":sorted", s(format!("{}#{}#{}", sortable(until), place.account, place.entry)))]);
        let rest = self.update_if(place.key(), "SET gsi2sk = :sorted", "attribute_exists(gsi2pk)", sorted)?;
        self.transact(vec![rest]).await.map(|_| ())
    }

    /// Plans a licence's next reminder after the one that was read, with the mail of that one: both or neither. What was told stays as it
    /// is, with its version. Tells whether it was done: not if something was told or planned meanwhile, or the mail was made before.
    pub async fn plan_reminder(
        &self,
        account: &AccountId,
        was: &DueSettings,
        due: DueReminder,
        mail: Option<&Mail>,
    ) -> Result<bool, TableError> {
        let licence = &was.settings.licence;
        let mut values = item([
            (":sorted", s(due_at(account, licence, due.at))),
            (":seen", s(&was.sorted)),
            (":was", n(was.settings.version)),
        ]);
        let update = match due.planned {
            Some(planned) => {
                values.insert(":planned".to_owned(), s(planned.to_string()));
                "SET gsi2sk = :sorted, remind_on = :planned"
            }
            None => "SET gsi2sk = :sorted REMOVE remind_on",
        };
        let condition = "gsi2sk = :seen AND version = :was";
        let mut writes =
            vec![self.update_if(cycle_key(account, licence), update, condition, values)?, self.must_be_open(account)?];
        writes.extend(mail.map(|mail| self.mail_write(mail)).transpose()?);
        Ok(self.transact(writes).await? == Transacted::Done)
    }

    /// Removes what was told of a licence.
    pub async fn delete_wallet_settings(&self, account: &AccountId, licence: &Licence) -> Result<(), TableError> {
        self.delete(cycle_key(account, licence)).await
    }

    /// Saves for which licences a credit counts, all at once, over the version that was read (0 if nothing was said of it before); `false`
    /// if something else was said meanwhile. What isn't named is as it was reported again.
    pub async fn save_assignments(
        &self,
        account: &AccountId,
        credit: &str,
        said: &[Assignment],
        was: u64,
    ) -> Result<bool, TableError> {
        let mut made = assignments_key(account, credit);
        let choices = serde_json::to_string(said).map_err(|_| TableError::BadItem("choices"))?;
        made.insert("choices".to_owned(), s(choices));
        let writes = vec![self.put_version(made, was)?, self.must_be_open(account)?];
        Ok(self.transact(writes).await? == Transacted::Done)
    }

    /// Saves a certificate from elsewhere over the version that it carries; `false` if it was changed since.
    pub async fn save_outside(
        &self,
        account: &AccountId,
        certificate: &OutsideCertificate,
    ) -> Result<bool, TableError> {
        let mut made = outside_key(account, &certificate.id);
        let says = serde_json::to_string(certificate).map_err(|_| TableError::BadItem("certificate"))?;
        made.insert("certificate".to_owned(), s(says));
        let writes = vec![self.put_version(made, certificate.version)?, self.must_be_open(account)?];
        Ok(self.transact(writes).await? == Transacted::Done)
    }

    /// A certificate from elsewhere, if the account has it.
    pub async fn fetch_outside(
        &self,
        account: &AccountId,
        id: &OutsideId,
    ) -> Result<Option<OutsideCertificate>, TableError> {
        self.fetch_item(outside_key(account, id), true).await?.as_ref().map(outside).transpose()
    }

    /// Removes a certificate from elsewhere as it was read, with what was said of its credit; `false` if it was changed since.
    pub async fn delete_outside(
        &self,
        account: &AccountId,
        certificate: &OutsideCertificate,
    ) -> Result<bool, TableError> {
        let writes = vec![
            self.delete_version(outside_key(account, &certificate.id), certificate.version)?,
            self.delete_any(assignments_key(account, certificate.id.as_str()))?,
        ];
        Ok(self.transact(writes).await? == Transacted::Done)
    }

    /// Removes a whole wallet, however large: only once the files that its entries name are gone. Twice is once.
    pub async fn delete_wallet(&self, account: &AccountId) -> Result<(), TableError> {
        loop {
            let items = self.fetch_wallet_items(account).await?;
            if items.is_empty() {
                return Ok(());
            }
            for batch in items.chunks(DELETED_AT_ONCE) {
                let keys = batch.iter().map(|item| Ok(key(text(item, "pk")?, text(item, "sk")?)));
                let keys = keys.collect::<Result<Vec<_>, TableError>>()?;
                try_join_all(keys.into_iter().map(|key| self.delete(key))).await?;
            }
        }
    }

    async fn delete(&self, key: Item) -> Result<(), TableError> {
        let call = self.client.delete_item().table_name(&self.name).set_key(Some(key));
        call.send().await.map_err(TableError::from_sdk)?;
        Ok(())
    }
}

/// Where a licence's next reminder stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DuePlace {
    /// Whose wallet.
    pub account: AccountId,
    entry: String,
}

impl DuePlace {
    fn key(&self) -> Item {
        key(partition(&self.account), self.entry.clone())
    }
}

/// What was told of a licence, where its reminder is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueSettings {
    /// What was told.
    pub settings: LicenceSettings,
    /// The day that was planned.
    pub planned: Option<Date>,
    /// Where it stood in the index.
    sorted: String,
}

/// When a licence's reminders are looked at next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueReminder {
    /// The day of the reminder, if it is planned.
    pub planned: Option<Date>,
    /// The moment from which on it is looked at, in seconds since 1970.
    pub at: i64,
}

/// The partition of the reminders that are to come.
const REMINDERS: &str = "DUE#CYCLES";

fn due_at(account: &AccountId, licence: &Licence, at: i64) -> String {
    format!("{}#{account}#{}", sortable(at), licence_place(licence))
}

fn settings_item(
    account: &AccountId,
    settings: &LicenceSettings,
    due: Option<DueReminder>,
) -> Result<Item, TableError> {
    let LicenceSettings { licence, known, conditions, remind, .. } = settings;
    let mut made = cycle_key(account, licence);
    made.extend(licence_attributes(licence));
    made.extend(item([
        ("known", s(serde_json::to_string(known).map_err(|_| TableError::BadItem("known"))?)),
        ("conditions", s(serde_json::to_string(conditions).map_err(|_| TableError::BadItem("conditions"))?)),
        ("remind", s(remind.as_str())),
    ]));
    if let Some(DueReminder { planned, at }) = due {
        made.extend(item([("gsi2pk", s(REMINDERS)), ("gsi2sk", s(due_at(account, licence, at)))]));
        if let Some(planned) = planned {
            made.insert("remind_on".to_owned(), s(planned.to_string()));
        }
    }
    Ok(made)
}

fn licence_attributes(licence: &Licence) -> Item {
    item([("board", s(&licence.board)), ("profession", s(&licence.profession)), ("number", s(licence.number.shown()))])
}

fn licence(item: &Item) -> Result<Licence, TableError> {
    Ok(Licence {
        board: text(item, "board")?.to_owned(),
        profession: text(item, "profession")?.to_owned(),
        number: LicenceNumber::parse(text(item, "number")?).map_err(|_| TableError::BadItem("number"))?,
    })
}

fn settings(item: &Item) -> Result<LicenceSettings, TableError> {
    Ok(LicenceSettings {
        licence: licence(item)?,
        known: serde_json::from_str(text(item, "known")?).map_err(|_| TableError::BadItem("known"))?,
        conditions: serde_json::from_str(text(item, "conditions")?).map_err(|_| TableError::BadItem("conditions"))?,
        remind: Reminders::parse(text(item, "remind")?).ok_or(TableError::BadItem("remind"))?,
        version: number(item, "version")?,
    })
}

fn assignments(item: &Item) -> Result<Vec<Assignment>, TableError> {
    serde_json::from_str(text(item, "choices")?).map_err(|_| TableError::BadItem("choices"))
}

fn outside(item: &Item) -> Result<OutsideCertificate, TableError> {
    let says = text(item, "certificate")?;
    let certificate: OutsideCertificate = serde_json::from_str(says).map_err(|_| TableError::BadItem("certificate"))?;
    Ok(OutsideCertificate { version: number(item, "version")?, ..certificate })
}
