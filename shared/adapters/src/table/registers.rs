//! The registers: courses by number, and for each licence number everybody who holds it.
//!
//! All holders of a number stand in one item, so that a batch of rows is one batch of reads by exact key, half a read unit
//! a row, and a number that two people hold can't be mistaken for one.

use super::{Table, TableError, item::*};
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes, PutRequest, WriteRequest};
use domain::{
    course::{Course, CourseNumber, ProviderId},
    hours::CreditHours,
    licence::{Licence, LicenceNumber},
    name::PersonName,
    register::Holder,
    roster::judge::Registers,
};
use futures_util::{StreamExt, TryStreamExt, stream};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    time::Duration,
};

/// Keys in one BatchGetItem: DynamoDB's limit.
const KEYS_IN_A_BATCH: usize = 100;
/// Items in one BatchWriteItem: DynamoDB's limit.
const ITEMS_IN_A_BATCH: usize = 25;
/// Batches under way at once: enough to hide the round trips of 500 rows, few enough for one small function.
const BATCHES_AT_ONCE: usize = 8;
/// Tries for the keys that a batch leaves out when it is throttled; with doubling pauses from 50 ms about 6 s in all.
const TRIES: u32 = 7;

impl Table {
    /// The holders of these licence numbers and the courses of these numbers, in batches. Numbers in no register are left out.
    pub async fn fetch_registers(
        &self,
        numbers: &BTreeSet<String>,
        courses: &BTreeSet<CourseNumber>,
    ) -> Result<Registers, TableError> {
        let keys: Vec<Item> =
            numbers.iter().map(|compared| holders_key(compared)).chain(courses.iter().map(course_key)).collect();
        let batches: Vec<Vec<Item>> = keys.chunks(KEYS_IN_A_BATCH).map(<[Item]>::to_vec).collect();
        let answers: Vec<Vec<Item>> = stream::iter(batches.into_iter().map(|keys| self.fetch_batch(keys)))
            .buffer_unordered(BATCHES_AT_ONCE)
            .try_collect()
            .await?;
        let mut registers = Registers::default();
        for item in answers.into_iter().flatten() {
            if text(&item, "pk")?.starts_with("COURSE#") {
                let course = course(&item)?;
                registers.courses.insert(course.number.clone(), course);
            } else {
                let (compared, found) = holders(&item)?;
                registers.holders.insert(compared, found);
            }
        }
        Ok(registers)
    }

    /// Items by their keys, until none is left out. Eventually consistent: half a read unit each.
    pub(super) async fn fetch_batch(&self, mut keys: Vec<Item>) -> Result<Vec<Item>, TableError> {
        let mut found = Vec::with_capacity(keys.len());
        for attempt in 0..TRIES {
            let wanted =
                KeysAndAttributes::builder().set_keys(Some(keys)).build().map_err(|_| TableError::BadItem("keys"))?;
            let mut answer = self
                .client
                .batch_get_item()
                .request_items(&self.name, wanted)
                .send()
                .await
                .map_err(TableError::from_sdk)?;
            found.extend(answer.responses.take().and_then(|mut tables| tables.remove(&self.name)).unwrap_or_default());
            keys = answer
                .unprocessed_keys
                .take()
                .and_then(|mut tables| tables.remove(&self.name))
                .map(|left| left.keys)
                .unwrap_or_default();
            if keys.is_empty() {
                return Ok(found);
            }
            tokio::time::sleep(Duration::from_millis(50 << attempt)).await;
        }
        Err(TableError::Throttled)
    }

    /// Everybody who holds this number.
    pub async fn fetch_holders_by_number(&self, number: &LicenceNumber) -> Result<Vec<Holder>, TableError> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.name)
            .set_key(Some(holders_key(number.compared())))
            .send()
            .await
            .map_err(TableError::from_sdk)?;
        Ok(answer.item().map(holders).transpose()?.map(|(_, found)| found).unwrap_or_default())
    }

    /// The holder of this licence.
    pub async fn fetch_holder(&self, licence: &Licence) -> Result<Option<Holder>, TableError> {
        let same =
            |holder: &Holder| holder.licence.board == licence.board && holder.licence.profession == licence.profession;
        Ok(self.fetch_holders_by_number(&licence.number).await?.into_iter().find(same))
    }

    /// Replaces the register's entries of these numbers: all holders of one number must be among `holders`.
    pub async fn save_holders(&self, holders: &[Holder]) -> Result<(), TableError> {
        let mut by_number: BTreeMap<&str, Vec<&Holder>> = BTreeMap::new();
        for holder in holders {
            by_number.entry(holder.licence.number.compared()).or_default().push(holder);
        }
        self.save_batches(by_number.into_iter().map(|(compared, holders)| holders_item(compared, &holders)).collect())
            .await
    }

    /// Replaces the register's entries of these courses.
    pub async fn save_courses(&self, courses: &[Course]) -> Result<(), TableError> {
        self.save_batches(courses.iter().map(course_item).collect()).await
    }

    async fn save_batches(&self, items: Vec<Item>) -> Result<(), TableError> {
        let batches: Vec<Vec<Item>> = items.chunks(ITEMS_IN_A_BATCH).map(<[Item]>::to_vec).collect();
        stream::iter(batches.into_iter().map(|batch| self.save_batch(batch)))
            .buffer_unordered(BATCHES_AT_ONCE)
            .try_collect::<()>()
            .await
    }

    async fn save_batch(&self, items: Vec<Item>) -> Result<(), TableError> {
        let put = |item| PutRequest::builder().set_item(Some(item)).build().map_err(|_| TableError::BadItem("item"));
        let mut requests = items
            .into_iter()
            .map(|item| Ok(WriteRequest::builder().put_request(put(item)?).build()))
            .collect::<Result<Vec<_>, TableError>>()?;
        for attempt in 0..TRIES {
            let answer = self
                .client
                .batch_write_item()
                .request_items(&self.name, requests)
                .send()
                .await
                .map_err(TableError::from_sdk)?;
            requests = answer.unprocessed_items.and_then(|mut tables| tables.remove(&self.name)).unwrap_or_default();
            if requests.is_empty() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50 << attempt)).await;
        }
        Err(TableError::Throttled)
    }
}

fn holders_key(compared: &str) -> Item {
    item([("pk", s(format!("NUMBER#{compared}"))), ("sk", s("HOLDERS"))])
}

fn course_key(number: &CourseNumber) -> Item {
    item([("pk", s(format!("COURSE#{number}"))), ("sk", s("COURSE"))])
}

fn holders_item(compared: &str, holders: &[&Holder]) -> Item {
    let list = holders
        .iter()
        .map(|holder| {
            let mut map = item([
                ("board", s(&holder.licence.board)),
                ("profession", s(&holder.licence.profession)),
                ("number", s(holder.licence.number.shown())),
                ("first", s(&holder.name.first)),
                ("last", s(&holder.name.last)),
            ]);
            for (name, day) in [("active_from", holder.active_from), ("active_to", holder.active_to)] {
                if let Some(day) = day {
                    map.insert(name.to_owned(), s(day.to_string()));
                }
            }
            AttributeValue::M(map)
        })
        .collect();
    let mut item = holders_key(compared);
    item.insert("holders".to_owned(), AttributeValue::L(list));
    item
}

fn holders(item: &Item) -> Result<(String, Vec<Holder>), TableError> {
    let compared = text(item, "pk")?.strip_prefix("NUMBER#").ok_or(TableError::BadItem("pk"))?.to_owned();
    let list = item.get("holders").and_then(|value| value.as_l().ok()).ok_or(TableError::BadItem("holders"))?;
    let found = list.iter().map(|value| value.as_m().map_err(|_| TableError::BadItem("holders")).and_then(holder));
    Ok((compared, found.collect::<Result<_, _>>()?))
}

fn holder(map: &HashMap<String, AttributeValue>) -> Result<Holder, TableError> {
    Ok(Holder {
        licence: Licence {
            board: text(map, "board")?.to_owned(),
            profession: text(map, "profession")?.to_owned(),
            number: LicenceNumber::parse(text(map, "number")?).map_err(|_| TableError::BadItem("number"))?,
        },
        name: PersonName { first: text(map, "first")?.to_owned(), last: text(map, "last")?.to_owned() },
        active_from: optional_date(map, "active_from")?,
        active_to: optional_date(map, "active_to")?,
    })
}

fn course_item(course: &Course) -> Item {
    let mut item = course_key(&course.number);
    item.insert("title".to_owned(), s(&course.title));
    item.insert("hours".to_owned(), n(course.hours.hundredths()));
    item.insert("category".to_owned(), s(&course.category));
    item.insert("approved_from".to_owned(), s(course.approved_from.to_string()));
    if let Some(day) = course.approved_to {
        item.insert("approved_to".to_owned(), s(day.to_string()));
    }
    let providers = course.providers.iter().map(|id| s(id.as_str())).collect();
    item.insert("providers".to_owned(), AttributeValue::L(providers));
    item
}

fn course(item: &Item) -> Result<Course, TableError> {
    let number = text(item, "pk")?.strip_prefix("COURSE#").ok_or(TableError::BadItem("pk"))?;
    let providers =
        item.get("providers").and_then(|value| value.as_l().ok()).ok_or(TableError::BadItem("providers"))?;
    let providers = providers.iter().map(|value| {
        value.as_s().ok().and_then(|id| ProviderId::parse(id).ok()).ok_or(TableError::BadItem("providers"))
    });
    Ok(Course {
        number: CourseNumber::parse(number).map_err(|_| TableError::BadItem("pk"))?,
        title: text(item, "title")?.to_owned(),
        hours: CreditHours::from_hundredths(self::number(item, "hours")?).ok_or(TableError::BadItem("hours"))?,
        category: text(item, "category")?.to_owned(),
        approved_from: date(item, "approved_from")?,
        approved_to: optional_date(item, "approved_to")?,
        providers: providers.collect::<Result<_, _>>()?,
    })
}
