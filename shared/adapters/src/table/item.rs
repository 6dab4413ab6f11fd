//! Items as maps of attributes: small readers that name what is wrong.

use super::TableError;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::email::EmailAddress;
use jiff::civil::Date;
use std::collections::HashMap;

pub(super) type Item = HashMap<String, AttributeValue>;

pub(super) fn s(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

pub(super) fn n(value: impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

pub(super) fn text<'a>(item: &'a Item, name: &'static str) -> Result<&'a str, TableError> {
    item.get(name).and_then(|value| value.as_s().ok()).map(String::as_str).ok_or(TableError::BadItem(name))
}

pub(super) fn optional_text(item: &Item, name: &str) -> Option<String> {
    item.get(name).and_then(|value| value.as_s().ok()).cloned()
}

pub(super) fn number<T: std::str::FromStr>(item: &Item, name: &'static str) -> Result<T, TableError> {
    optional_number(item, name).ok_or(TableError::BadItem(name))
}

pub(super) fn optional_number<T: std::str::FromStr>(item: &Item, name: &str) -> Option<T> {
    item.get(name).and_then(|value| value.as_n().ok()).and_then(|text| text.parse().ok())
}

pub(super) fn date(item: &Item, name: &'static str) -> Result<Date, TableError> {
    text(item, name)?.parse().map_err(|_| TableError::BadItem(name))
}

pub(super) fn optional_date(item: &Item, name: &'static str) -> Result<Option<Date>, TableError> {
    match item.get(name) {
        None => Ok(None),
        Some(_) => date(item, name).map(Some),
    }
}

pub(super) fn optional_email(item: &Item, name: &'static str) -> Result<Option<EmailAddress>, TableError> {
    let address = optional_text(item, name).map(|text| EmailAddress::parse(&text)).transpose();
    address.map_err(|_| TableError::BadItem(name))
}

/// Attributes of one item.
pub(super) fn item<const N: usize>(attributes: [(&str, AttributeValue); N]) -> Item {
    attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Seconds as a text that sorts as they do.
pub(super) fn sortable(seconds: i64) -> String {
    format!("{seconds:012}")
}

/// A page's last key, as a text that can stand in an address; it holds keys only of what the reader may see.
pub(super) fn cursor(last: Option<&Item>) -> Option<String> {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    let last = last?;
    let texts: std::collections::BTreeMap<_, _> =
        last.iter().filter_map(|(name, value)| Some((name, value.as_s().ok()?))).collect();
    serde_json::to_vec(&texts).ok().map(|bytes| BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

/// The key behind a cursor, if it is one of this partition; a cursor that somebody has changed is none, and begins anew.
pub(super) fn key_after(cursor: &str, partition: (&str, &str)) -> Option<Item> {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    let texts: std::collections::BTreeMap<String, String> =
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let wanted: &[&str] = match partition.0 {
        "gsi1pk" => &["gsi1pk", "gsi1sk", "pk", "sk"],
        "gsi2pk" => &["gsi2pk", "gsi2sk", "pk", "sk"],
        _ => &["pk", "sk"],
    };
    let is_ours = texts.keys().map(String::as_str).eq(wanted.iter().copied())
        && texts.get(partition.0).is_some_and(|value| value == partition.1)
        && texts.values().all(|value| !value.is_empty());
    is_ours.then(|| texts.into_iter().map(|(name, value)| (name, AttributeValue::S(value))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_back_to_its_own_partition_only() {
        let last = item([("pk", s("LICENCE#a")), ("sk", s("CREDIT#1"))]);
        let cursor = cursor(Some(&last)).unwrap();
        assert_eq!(key_after(&cursor, ("pk", "LICENCE#a")), Some(last));
        assert_eq!(key_after(&cursor, ("pk", "LICENCE#b")), None);
        assert_eq!(key_after(&cursor, ("gsi1pk", "LICENCE#a")), None);
        assert_eq!(key_after("nonsense", ("pk", "LICENCE#a")), None);
    }
}
