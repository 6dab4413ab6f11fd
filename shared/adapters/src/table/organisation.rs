//! The organisation: its settings, small enough to be read with every page; its texts and its logo, read where they are shown.

use super::{Table, TableError, Transacted, item::*, transact::key};
use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use domain::{
    email::EmailAddress,
    id::AccountId,
    organisation::{Body, Organisation, RETENTION_YEARS, Texts, colour::Colour},
    roster::judge::ReportingYear,
};

pub(super) const PARTITION: &str = "ORGANISATION";

/// Who changes something, and when.
#[derive(Debug, Clone, Copy)]
pub struct By<'a> {
    /// The account.
    pub account: &'a AccountId,
    /// In seconds since 1970.
    pub at: i64,
}

impl Table {
    /// The organisation's settings; the default ones before the first change.
    pub async fn fetch_organisation(&self) -> Result<Organisation, TableError> {
        match self.fetch_item(settings_key(), false).await? {
            Some(item) => organisation(&item),
            None => Ok(Organisation::default()),
        }
    }

    /// Saves the settings over the version that they carry; `false` if somebody has changed them since.
    pub async fn save_organisation(&self, settings: &Organisation, by: By<'_>) -> Result<bool, TableError> {
        let writes = vec![
            self.put_version(organisation_item(settings), settings.version)?,
            self.put_new(audit_item("SETTINGS", settings.version + 1, by))?,
        ];
        Ok(self.transact(writes).await? == Transacted::Done)
    }

    /// The organisation's texts.
    pub async fn fetch_texts(&self) -> Result<Texts, TableError> {
        match self.fetch_item(key(PARTITION, "TEXTS"), false).await? {
            Some(item) => Ok(Texts {
                grievance: text(&item, "grievance")?.to_owned(),
                accommodation: text(&item, "accommodation")?.to_owned(),
                disclaimer: text(&item, "disclaimer")?.to_owned(),
                privacy: text(&item, "privacy")?.to_owned(),
                version: number(&item, "version")?,
            }),
            None => Ok(Texts::default()),
        }
    }

    /// Saves the texts over the version that they carry; `false` if somebody has changed them since.
    pub async fn save_texts(&self, texts: &Texts, by: By<'_>) -> Result<bool, TableError> {
        let mut item = key(PARTITION, "TEXTS");
        for (name, value) in [
            ("grievance", &texts.grievance),
            ("accommodation", &texts.accommodation),
            ("disclaimer", &texts.disclaimer),
            ("privacy", &texts.privacy),
        ] {
            item.insert(name.to_owned(), s(value));
        }
        let writes =
            vec![self.put_version(item, texts.version)?, self.put_new(audit_item("TEXTS", texts.version + 1, by))?];
        Ok(self.transact(writes).await? == Transacted::Done)
    }

    /// Saves a logo under a name that tells it from every other. Settings name the one that is shown.
    pub async fn save_logo(&self, name: &str, bytes: &[u8]) -> Result<(), TableError> {
        let mut item = logo_key(name);
        item.insert("bytes".to_owned(), AttributeValue::B(Blob::new(bytes)));
        self.put(item).await
    }

    /// A logo's bytes.
    pub async fn fetch_logo(&self, name: &str) -> Result<Option<Vec<u8>>, TableError> {
        let item = self.fetch_item(logo_key(name), false).await?;
        Ok(item.and_then(|item| item.get("bytes")?.as_b().ok().map(|bytes| bytes.as_ref().to_vec())))
    }
}

pub(super) fn settings_key() -> Item {
    key(PARTITION, "SETTINGS")
}

fn logo_key(name: &str) -> Item {
    key(PARTITION, format!("LOGO#{name}"))
}

pub(super) fn audit_item(what: &str, version: u64, by: By<'_>) -> Item {
    let mut item = key("AUDIT#ORGANISATION", format!("{what}#{version:010}"));
    item.insert("by".to_owned(), s(by.account.as_str()));
    item.insert("at".to_owned(), n(by.at));
    item
}

fn organisation_item(settings: &Organisation) -> Item {
    let mut item = settings_key();
    item.insert("name".to_owned(), s(&settings.name));
    item.insert("accent".to_owned(), s(settings.accent.digits()));
    item.insert("retention_years".to_owned(), n(settings.retention_years));
    for (name, address) in [("support_email", &settings.support_email), ("reply_to", &settings.reply_to)] {
        if let Some(address) = address {
            item.insert(name.to_owned(), s(address.shown()));
        }
    }
    if let Some(logo) = &settings.logo {
        item.insert("logo".to_owned(), s(logo));
    }
    if let Some(year) = settings.reporting_year {
        item.insert("reporting_year".to_owned(), s(year.to_string()));
    }
    // A list of some short texts can be written as JSON without fail.
    item.insert("bodies".to_owned(), s(serde_json::to_string(&settings.bodies).unwrap_or_default()));
    item
}

pub(super) fn organisation(item: &Item) -> Result<Organisation, TableError> {
    let address = |name: &'static str| match optional_text(item, name) {
        None => Ok(None),
        Some(text) => EmailAddress::parse(&text).map(Some).map_err(|_| TableError::BadItem(name)),
    };
    let year = match optional_text(item, "reporting_year") {
        None => None,
        Some(text) => Some(ReportingYear::parse(&text).ok_or(TableError::BadItem("reporting_year"))?),
    };
    let bodies: Vec<Body> = serde_json::from_str(text(item, "bodies")?).map_err(|_| TableError::BadItem("bodies"))?;
    Ok(Organisation {
        name: text(item, "name")?.to_owned(),
        support_email: address("support_email")?,
        reply_to: address("reply_to")?,
        accent: Colour::parse(text(item, "accent")?).map_err(|_| TableError::BadItem("accent"))?,
        logo: optional_text(item, "logo"),
        reporting_year: year,
        bodies,
        retention_years: optional_number(item, "retention_years").unwrap_or(RETENTION_YEARS),
        version: number(item, "version")?,
    })
}
