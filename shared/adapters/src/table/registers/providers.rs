//! Providers, all under one key (a deployment has some hundreds of them at most), and each by its licence number.

use super::{
    super::{Table, TableError, item::*},
    batches::InBatch,
    saving::{Beside, RegisterChange, Saved, Writing, changed, note_item, stamp, versioned},
};
use aws_sdk_dynamodb::types::TransactWriteItem;
use domain::{
    course::ProviderId,
    id::AccountId,
    licence::LicenceNumber,
    register::{Change, Contact, Fields, Provider, Versioned},
};
use std::collections::{BTreeMap, BTreeSet};

impl Table {
    /// All providers, by id.
    pub async fn fetch_providers(&self) -> Result<Vec<Provider>, TableError> {
        Ok(self.fetch_versions_of_providers().await?.into_iter().map(|provider| provider.value).collect())
    }

    /// All providers with their versions, by id.
    pub async fn fetch_versions_of_providers(&self) -> Result<Vec<Versioned<Provider>>, TableError> {
        let mut found = Vec::new();
        let mut after = None;
        loop {
            let answer = self
                .client
                .query()
                .table_name(&self.name)
                .key_condition_expression("pk = :pk")
                .expression_attribute_values(":pk", s("PROVIDERS"))
                .set_exclusive_start_key(after)
                .send()
                .await
                .map_err(TableError::from_sdk)?;
            for item in answer.items() {
                found.push(provider(item)?);
            }
            after = answer.last_evaluated_key;
            if after.is_none() {
                return Ok(found);
            }
        }
    }

    /// What these providers are called, by id; those that no longer are on the register are left out.
    pub async fn fetch_provider_names(
        &self,
        ids: &BTreeSet<ProviderId>,
    ) -> Result<BTreeMap<ProviderId, String>, TableError> {
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let items = self.fetch_batches(ids.iter().map(key).collect()).await?;
        items.iter().map(provider).map(|found| found.map(|it| (it.value.id, it.value.name))).collect()
    }

    /// A provider, as it stands at this moment.
    pub async fn fetch_provider(&self, id: &ProviderId) -> Result<Option<Versioned<Provider>>, TableError> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.name)
            .set_key(Some(key(id)))
            .consistent_read(true)
            .send()
            .await
            .map_err(TableError::from_sdk)?;
        answer.item().map(provider).transpose()
    }

    /// The provider with this licence number. The table is asked twice for every number, known or not, so that the time it
    /// takes tells nobody which numbers are on the register.
    pub async fn fetch_provider_by_licence(
        &self,
        licence: &LicenceNumber,
    ) -> Result<Option<Versioned<Provider>>, TableError> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.name)
            .set_key(Some(number_key(licence)))
            .consistent_read(true)
            .send()
            .await
            .map_err(TableError::from_sdk)?;
        // No provider has this id: it is longer than ids are.
        let nobody = "-".repeat(41);
        let id = answer.item().map(|item| text(item, "provider")).transpose()?.unwrap_or(&nobody);
        let answer = self
            .client
            .get_item()
            .table_name(&self.name)
            .set_key(Some(key_of(id)))
            .consistent_read(true)
            .send()
            .await
            .map_err(TableError::from_sdk)?;
        answer.item().map(provider).transpose()
    }

    /// Saves a provider made of what was read before, `None` for a new one. Its licence number is its own, or
    /// [`Saved::NumberTaken`].
    pub async fn save_provider_if(
        &self,
        provider: &Provider,
        before: Option<&Versioned<Provider>>,
        change: &Change,
    ) -> Result<Saved, TableError> {
        let changed = changed(before, provider, Provider::fields);
        if before.is_some() && changed.is_empty() {
            return Ok(Saved::Unchanged);
        }
        let (writing, beside) = writing(provider, before, changed, change);
        self.write_entry(writing, beside).await
    }

    /// The writes by which a provider's entry is changed, in the transaction of what it is changed for; none if it is the same
    /// already. The first two are refused if the entry has moved on, the next if the number is another's.
    pub(in super::super) fn provider_writes(
        &self,
        provider: &Provider,
        before: &Versioned<Provider>,
        change: &Change,
    ) -> Result<Vec<TransactWriteItem>, TableError> {
        let changed = changed(Some(before), provider, Provider::fields);
        if changed.is_empty() {
            return Ok(Vec::new());
        }
        let (writing, beside) = writing(provider, Some(before), changed, change);
        self.entry_writes(writing, beside)
    }

    /// Who changed a provider's entry when and why, newest first.
    pub async fn fetch_changes_of_provider(
        &self,
        id: &ProviderId,
        after: Option<&str>,
        limit: i32,
    ) -> Result<(Vec<RegisterChange>, Option<String>), TableError> {
        self.fetch_changes(&audit_name(id), after, limit).await
    }

    /// Replaces a provider's entry, whatever stands there, without a trail: for what is loaded whole. That its licence number
    /// is nobody else's is for the loader to know.
    pub async fn save_provider(&self, provider: &Provider) -> Result<(), TableError> {
        let before = self.fetch_provider(&provider.id).await?;
        let mut own = provider_item(provider);
        stamp(&mut own, before.as_ref().map_or(1, |before| before.version + 1), None);
        let mut items = vec![InBatch::Put(own)];
        items.extend(provider.licence.iter().map(|licence| InBatch::Put(number_item(licence, &provider.id))));
        items.extend(number_left(before.as_ref(), provider).map(|licence| InBatch::Delete(number_key(licence))));
        self.save_batches(items).await
    }
}

/// What a provider's change writes: the entry, and the number that it is looked up by.
fn writing<'a>(
    provider: &Provider,
    before: Option<&Versioned<Provider>>,
    changed: Fields,
    change: &'a Change,
) -> (Writing<'a>, Vec<Beside>) {
    let mut beside = Vec::new();
    if let Some(licence) = &provider.licence {
        beside.push(Beside::PutUnlessAnothers(number_item(licence, &provider.id), s(provider.id.as_str())));
    }
    beside.extend(number_left(before, provider).map(|licence| Beside::Delete(number_key(licence))));
    let writing = Writing {
        name: audit_name(&provider.id),
        item: provider_item(provider),
        before: before.map(|before| before.version),
        changed,
        change,
    };
    (writing, beside)
}

/// The licence number that a provider had and has no longer.
fn number_left<'a>(before: Option<&'a Versioned<Provider>>, now: &Provider) -> Option<&'a LicenceNumber> {
    let compared = now.licence.as_ref().map(LicenceNumber::compared);
    before.and_then(|before| before.value.licence.as_ref()).filter(|number| Some(number.compared()) != compared)
}

/// The entry of a provider's history that says that the office closed its owner's account.
pub(in super::super) fn owner_closed_item(provider: &ProviderId, account: &AccountId, change: &Change) -> Item {
    note_item(&audit_name(provider), "owner.closed", ("Owner's account", account.as_str()), change)
}

fn audit_name(id: &ProviderId) -> String {
    format!("PROVIDER#{id}")
}

fn key(id: &ProviderId) -> Item {
    key_of(id.as_str())
}

fn key_of(id: &str) -> Item {
    item([("pk", s("PROVIDERS")), ("sk", s(format!("PROVIDER#{id}")))])
}

fn number_key(licence: &LicenceNumber) -> Item {
    item([("pk", s(format!("PROVIDER-NUMBER#{}", licence.compared()))), ("sk", s("PROVIDER"))])
}

fn number_item(licence: &LicenceNumber, id: &ProviderId) -> Item {
    let mut item = number_key(licence);
    item.insert("provider".to_owned(), s(id.as_str()));
    item
}

fn provider_item(provider: &Provider) -> Item {
    let mut item = key(&provider.id);
    item.insert("name".to_owned(), s(&provider.name));
    let contact = &provider.contact;
    let texts = [
        ("licence", provider.licence.as_ref().map(|number| number.shown().to_owned())),
        ("active_from", provider.active_from.map(|day| day.to_string())),
        ("active_to", provider.active_to.map(|day| day.to_string())),
        ("email", provider.email_on_file.as_ref().map(|address| address.shown().to_owned())),
        ("person", contact.person.clone()),
        ("phone", contact.phone.clone()),
        ("website", contact.website.clone()),
        ("street", contact.street.clone()),
        ("city", contact.city.clone()),
        ("region", contact.region.clone()),
        ("postal_code", contact.postal_code.clone()),
        ("country", contact.country.clone()),
    ];
    item.extend(texts.into_iter().filter_map(|(name, text)| Some((name.to_owned(), s(text?)))));
    item
}

fn provider(item: &Item) -> Result<Versioned<Provider>, TableError> {
    let id = text(item, "sk")?.strip_prefix("PROVIDER#").ok_or(TableError::BadItem("sk"))?;
    let licence = optional_text(item, "licence").map(|number| LicenceNumber::parse(&number)).transpose();
    let provider = Provider {
        id: ProviderId::parse(id).map_err(|_| TableError::BadItem("sk"))?,
        name: text(item, "name")?.to_owned(),
        licence: licence.map_err(|_| TableError::BadItem("licence"))?,
        active_from: optional_date(item, "active_from")?,
        active_to: optional_date(item, "active_to")?,
        email_on_file: optional_email(item, "email")?,
        contact: Contact {
            person: optional_text(item, "person"),
            phone: optional_text(item, "phone"),
            website: optional_text(item, "website"),
            street: optional_text(item, "street"),
            city: optional_text(item, "city"),
            region: optional_text(item, "region"),
            postal_code: optional_text(item, "postal_code"),
            country: optional_text(item, "country"),
        },
    };
    versioned(item, provider)
}
