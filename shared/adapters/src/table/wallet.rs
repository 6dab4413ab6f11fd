//! What a licensee keeps in their CE Wallet beside the records: what they told of their licences' cycles, where they assigned credits,
//! certificates from elsewhere, and transcripts. It is theirs alone, and goes with the account.
//!
//! ```text
//! WALLET#{account} / CYCLE#{board}#{profession}#{number}                 a licence's days, and the next reminder (gsi2: DUE#CYCLES)
//!                  / CREDIT#{board}#{profession}#{number}#{credit}       a credit's assignment
//!                  / OUTSIDE#{id}                                        a certificate from elsewhere
//!                  / TRANSCRIPT#{id}                                     a transcript that was asked for
//! ```

use super::{Table, TableError, Transacted, item::*, transact::key, transcripts};
use domain::{
    id::{AccountId, OutsideId},
    licence::{Licence, LicenceNumber},
    mail::Mail,
    tracker::{Assignment, Choice, LicenceSettings, OutsideCertificate, Reminders},
    transcript::TranscriptRecord,
};
use jiff::civil::Date;

/// Pages of a wallet, 1 MB each: 500 credits assigned to five licences are less than one.
const MOST_PAGES: usize = 4;

/// All that stands in a wallet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wallet {
    /// What was told of licences.
    pub settings: Vec<LicenceSettings>,
    /// Where credits were assigned.
    pub assignments: Vec<Assignment>,
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

fn assignment_key(account: &AccountId, licence: &Licence, credit: &str) -> Item {
    key(partition(account), format!("CREDIT#{}#{credit}", licence_place(licence)))
}

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
            } else if sk.starts_with("CREDIT#") {
                wallet.assignments.push(assignment(&item)?);
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
        let writes = vec![self.put_version(settings_item(account, settings, due)?, settings.version)?];
        Ok(self.transact(writes).await? == Transacted::Done)
    }

    /// Licences whose next reminder is due or isn't planned yet, the longest due first: whose, and what was told of them, with the day
    /// that was planned.
    pub async fn fetch_due_reminders(
        &self,
        now: i64,
        limit: i32,
    ) -> Result<Vec<(AccountId, LicenceSettings, Option<Date>)>, TableError> {
        let mut due = Vec::new();
        for found in &self.fetch_due(REMINDERS, now, limit).await? {
            let place = key(text(found, "pk")?, text(found, "sk")?);
            // The index is behind: it may be done already.
            let Some(item) = self.fetch_item(place, true).await? else { continue };
            if optional_text(&item, "gsi2sk").is_none_or(|at| at >= sortable(now + 1)) {
                continue;
            }
            let account = text(&item, "pk")?.strip_prefix("WALLET#").unwrap_or_default();
            let account = AccountId::parse(account).map_err(|_| TableError::BadItem("pk"))?;
            due.push((account, settings(&item)?, optional_date(&item, "remind_on")?));
        }
        Ok(due)
    }

    /// Plans a licence's next reminder over the settings that were read, with the mail of the one that is due: both or neither. Tells
    /// whether it was done: not if something was told meanwhile, or the mail was made before.
    pub async fn plan_reminder(
        &self,
        account: &AccountId,
        settings: &LicenceSettings,
        due: DueReminder,
        mail: Option<&Mail>,
    ) -> Result<bool, TableError> {
        let mut writes = vec![self.put_version(settings_item(account, settings, Some(due))?, settings.version)?];
        writes.extend(mail.map(|mail| self.mail_write(mail)).transpose()?);
        Ok(self.transact(writes).await? == Transacted::Done)
    }

    /// Removes what was told of a licence.
    pub async fn delete_wallet_settings(&self, account: &AccountId, licence: &Licence) -> Result<(), TableError> {
        self.delete(cycle_key(account, licence)).await
    }

    /// Saves where a credit is assigned, or takes back what was said of it: the last word counts.
    pub async fn save_assignment(
        &self,
        account: &AccountId,
        (licence, credit): (&Licence, &str),
        choice: Option<&Choice>,
    ) -> Result<(), TableError> {
        let mut made = assignment_key(account, licence, credit);
        match choice {
            Some(choice) => {
                made.extend(licence_attributes(licence));
                let choice = serde_json::to_string(choice).map_err(|_| TableError::BadItem("choice"))?;
                made.extend(item([("credit", s(credit)), ("choice", s(choice))]));
                self.put(made).await
            }
            None => self.delete(made).await,
        }
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
        let writes = vec![self.put_version(made, certificate.version)?];
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

    /// Removes a certificate from elsewhere.
    pub async fn delete_outside(&self, account: &AccountId, id: &OutsideId) -> Result<(), TableError> {
        self.delete(outside_key(account, id)).await
    }

    /// Removes a whole wallet: only once the files that its entries name are gone. Twice is once.
    pub async fn delete_wallet(&self, account: &AccountId) -> Result<(), TableError> {
        for item in self.fetch_wallet_items(account).await? {
            self.delete(key(text(&item, "pk")?, text(&item, "sk")?)).await?;
        }
        Ok(())
    }

    async fn delete(&self, key: Item) -> Result<(), TableError> {
        let call = self.client.delete_item().table_name(&self.name).set_key(Some(key));
        call.send().await.map_err(TableError::from_sdk)?;
        Ok(())
    }
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
        let place = format!("{}#{account}#{}", sortable(at), licence_place(licence));
        made.extend(item([("gsi2pk", s(REMINDERS)), ("gsi2sk", s(place))]));
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

fn assignment(item: &Item) -> Result<Assignment, TableError> {
    Ok(Assignment {
        licence: licence(item)?,
        credit: text(item, "credit")?.to_owned(),
        choice: serde_json::from_str(text(item, "choice")?).map_err(|_| TableError::BadItem("choice"))?,
    })
}

fn outside(item: &Item) -> Result<OutsideCertificate, TableError> {
    let says = text(item, "certificate")?;
    let certificate: OutsideCertificate = serde_json::from_str(says).map_err(|_| TableError::BadItem("certificate"))?;
    Ok(OutsideCertificate { version: number(item, "version")?, ..certificate })
}
