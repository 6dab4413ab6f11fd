//! How bodies count credit: one small item beside the organisation's settings.

use super::super::{
    By, Table, TableError, Transacted,
    item::*,
    organisation::{PARTITION, audit_item},
    transact::key,
};
use domain::credit_type::CreditTypes;

impl Table {
    /// The types of credit; none before the first change.
    pub async fn fetch_credit_types(&self) -> Result<CreditTypes, TableError> {
        match self.fetch_item(key(PARTITION, "CREDITTYPES"), true).await? {
            Some(item) => Ok(CreditTypes {
                types: serde_json::from_str(text(&item, "types")?).map_err(|_| TableError::BadItem("types"))?,
                version: number(&item, "version")?,
            }),
            None => Ok(CreditTypes::default()),
        }
    }

    /// Saves the types over the version that they carry; `false` if somebody has changed them since.
    pub async fn save_credit_types(&self, types: &CreditTypes, by: By<'_>) -> Result<bool, TableError> {
        let mut item = key(PARTITION, "CREDITTYPES");
        item.insert("types".to_owned(), s(super::json(&types.types)?));
        let writes = vec![
            self.put_version(item, types.version)?,
            self.put_new(audit_item("CREDITTYPES", types.version + 1, by))?,
        ];
        Ok(self.transact(writes).await? == Transacted::Done)
    }
}
