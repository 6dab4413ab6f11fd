//! Providers, all under one key: a deployment has some hundreds of them at most.

use super::{Table, TableError, item::*};
use domain::course::ProviderId;

/// A provider of continuing education.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// Its id.
    pub id: ProviderId,
    /// Its name, as its pages show it.
    pub name: String,
}

impl Table {
    /// Saves a provider.
    pub async fn save_provider(&self, provider: &Provider) -> Result<(), TableError> {
        let item =
            item([("pk", s("PROVIDERS")), ("sk", s(format!("PROVIDER#{}", provider.id))), ("name", s(&provider.name))]);
        self.client
            .put_item()
            .table_name(&self.name)
            .set_item(Some(item))
            .send()
            .await
            .map_err(TableError::from_sdk)?;
        Ok(())
    }

    /// All providers, by id.
    pub async fn fetch_providers(&self) -> Result<Vec<Provider>, TableError> {
        let answer = self
            .client
            .query()
            .table_name(&self.name)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", s("PROVIDERS"))
            .send()
            .await
            .map_err(TableError::from_sdk)?;
        answer.items().iter().map(provider).collect()
    }

    /// One provider.
    pub async fn fetch_provider(&self, id: &ProviderId) -> Result<Option<Provider>, TableError> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.name)
            .key("pk", s("PROVIDERS"))
            .key("sk", s(format!("PROVIDER#{id}")))
            .send()
            .await
            .map_err(TableError::from_sdk)?;
        answer.item().map(provider).transpose()
    }
}

fn provider(item: &Item) -> Result<Provider, TableError> {
    let id = text(item, "sk")?.strip_prefix("PROVIDER#").ok_or(TableError::BadItem("sk"))?;
    Ok(Provider {
        id: ProviderId::parse(id).map_err(|_| TableError::BadItem("sk"))?,
        name: text(item, "name")?.to_owned(),
    })
}
