//! Licences and their holders: by number with everybody who holds it, by licence, and by the beginning of the surname.

use super::{
    super::{Table, TableError, item::*, part::Part},
    batches::InBatch,
    saving::{Beside, RegisterChange, Saved, Writing, changed, stamp, versioned},
};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    licence::{Licence, LicenceNumber, short_name},
    name::{PersonName, search_form},
    register::{Change, Holder, Versioned},
};
use std::collections::{BTreeMap, BTreeSet};

/// Letters of a surname that choose the partition of the index, and that a search needs at least: with one, a third of a
/// register would share three partitions of 1,000 writes/s.
const LETTERS_OF_A_PARTITION: usize = 2;
/// What an attribute that holds a holder is called, before board and profession.
const HOLDER: &str = "holder#";

impl Table {
    /// Everybody who holds this number.
    pub async fn fetch_holders_by_number(&self, number: &LicenceNumber) -> Result<Vec<Holder>, TableError> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.name)
            .set_key(Some(key(number.compared())))
            .send()
            .await
            .map_err(TableError::from_sdk)?;
        let found = answer.item().map(holders).transpose()?.map(|(_, found)| found).unwrap_or_default();
        Ok(found.into_iter().map(|holder| holder.value).collect())
    }

    /// Everybody who holds one of these numbers (in the compared form), with versions, in batches.
    pub async fn fetch_versions_of_holders(
        &self,
        numbers: &BTreeSet<String>,
    ) -> Result<BTreeMap<String, Vec<Versioned<Holder>>>, TableError> {
        let items = self.fetch_batches(numbers.iter().map(|compared| key(compared)).collect()).await?;
        items.iter().map(holders).collect()
    }

    /// The holder of this licence, as it stands at this moment.
    pub async fn fetch_holder(&self, licence: &Licence) -> Result<Option<Versioned<Holder>>, TableError> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.name)
            .set_key(Some(licence_key(licence)))
            .consistent_read(true)
            .send()
            .await
            .map_err(TableError::from_sdk)?;
        answer.item().map(versioned_holder).transpose()
    }

    /// Holders whose surname begins like this, and with a first name those whose first name begins like that and whose surname
    /// is this: in order, a page of `limit` after the cursor. A surname of one letter finds only those who have no more.
    pub async fn fetch_holders_by_surname(
        &self,
        surname: &str,
        first_name: Option<&str>,
        after: Option<&str>,
        limit: i32,
    ) -> Result<(Vec<Holder>, Option<String>), TableError> {
        let surname = search_form(surname);
        let partition = surname_partition(&surname);
        let beginning = match first_name.map(search_form).filter(|first| !first.is_empty()) {
            Some(first) => format!("{surname}#{first}"),
            None if surname.chars().count() < LETTERS_OF_A_PARTITION => format!("{surname}#"),
            None => surname,
        };
        self.fetch_page(Part::of_index(&partition).beginning(&beginning), after, limit, holder).await
    }

    /// Saves a licence's holder made of what was read before, `None` for a new licence.
    pub async fn save_holder_if(
        &self,
        holder: &Holder,
        before: Option<&Versioned<Holder>>,
        change: &Change,
    ) -> Result<Saved, TableError> {
        check_address(&holder.licence)?;
        let changed = changed(before, holder, Holder::fields);
        if before.is_some() && changed.is_empty() {
            return Ok(Saved::Unchanged);
        }
        let writing = Writing {
            name: audit_name(&holder.licence),
            item: licence_item(holder),
            before: before.map(|before| before.version),
            changed,
            change,
        };
        let mut copy = attributes(holder);
        stamp(&mut copy, writing.version(), Some(&writing.last_change()));
        let beside = vec![Beside::Set {
            key: key(holder.licence.number.compared()),
            attribute: attribute_name(&holder.licence),
            value: AttributeValue::M(copy),
        }];
        self.write_entry(writing, beside).await
    }

    /// Who changed a licence's entry when and why, newest first.
    pub async fn fetch_changes_of_holder(
        &self,
        licence: &Licence,
        after: Option<&str>,
        limit: i32,
    ) -> Result<(Vec<RegisterChange>, Option<String>), TableError> {
        self.fetch_changes(&audit_name(licence), after, limit).await
    }

    /// Replaces the register's entries of these numbers, whatever stands there, without a trail: for what is loaded whole. All
    /// holders of one number must be among `holders`.
    pub async fn save_holders(&self, holders: &[Holder]) -> Result<(), TableError> {
        let numbers = holders.iter().map(|holder| holder.licence.number.compared().to_owned()).collect();
        let before = self.fetch_versions_of_holders(&numbers).await?;
        let mut by_number: BTreeMap<&str, Item> = BTreeMap::new();
        let mut items = Vec::new();
        for holder in holders {
            check_address(&holder.licence)?;
            let compared = holder.licence.number.compared();
            let standing = before.get(compared).into_iter().flatten().find(|standing| is_same(&standing.value, holder));
            let version = standing.map_or(1, |standing| standing.version + 1);
            let (mut own, mut copy) = (licence_item(holder), attributes(holder));
            stamp(&mut own, version, None);
            stamp(&mut copy, version, None);
            items.push(InBatch::Put(own));
            let all = by_number.entry(compared).or_insert_with(|| key(compared));
            all.insert(attribute_name(&holder.licence), AttributeValue::M(copy));
        }
        items.extend(by_number.into_values().map(InBatch::Put));
        self.save_batches(items).await
    }
}

fn is_same(one: &Holder, other: &Holder) -> bool {
    one.licence.board == other.licence.board && one.licence.profession == other.licence.profession
}

/// Board and profession stand in keys and addresses: none may be empty or hold what parts keys.
fn check_address(licence: &Licence) -> Result<(), TableError> {
    let fits = |text: &str| short_name(text).is_ok_and(|name| name == text);
    match (fits(&licence.board), fits(&licence.profession)) {
        (false, _) => Err(TableError::BadItem("board")),
        (_, false) => Err(TableError::BadItem("profession")),
        (true, true) => Ok(()),
    }
}

fn audit_name(licence: &Licence) -> String {
    format!("LICENCE#{}#{}#{}", licence.board, licence.profession, licence.number.compared())
}

pub(super) fn key(compared: &str) -> Item {
    item([("pk", s(format!("NUMBER#{compared}"))), ("sk", s("HOLDERS"))])
}

fn licence_key(licence: &Licence) -> Item {
    let Licence { board, profession, number } = licence;
    item([("pk", s(format!("LICENCE#{board}#{profession}#{}", number.compared()))), ("sk", s("HOLDER"))])
}

fn attribute_name(licence: &Licence) -> String {
    format!("{HOLDER}{}#{}", licence.board, licence.profession)
}

fn surname_partition(surname: &str) -> String {
    format!("SURNAME#{}", surname.chars().take(LETTERS_OF_A_PARTITION).collect::<String>())
}

fn licence_item(holder: &Holder) -> Item {
    let Licence { board, profession, number } = &holder.licence;
    let (surname, first) = (search_form(&holder.name.last), search_form(&holder.name.first));
    let mut item = licence_key(&holder.licence);
    item.insert("gsi1pk".to_owned(), s(surname_partition(&surname)));
    item.insert("gsi1sk".to_owned(), s(format!("{surname}#{first}#{board}#{profession}#{}", number.compared())));
    item.extend(attributes(holder));
    item
}

fn attributes(holder: &Holder) -> Item {
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
    if let Some(address) = &holder.email_on_file {
        map.insert("email".to_owned(), s(address.shown()));
    }
    map
}

pub(super) fn holders(item: &Item) -> Result<(String, Vec<Versioned<Holder>>), TableError> {
    let compared = text(item, "pk")?.strip_prefix("NUMBER#").ok_or(TableError::BadItem("pk"))?.to_owned();
    let mut names: Vec<&String> = item.keys().filter(|name| name.starts_with(HOLDER)).collect();
    // Attributes come in any order; a list that people read has one.
    names.sort();
    let found = names.into_iter().map(|name| {
        let map = item.get(name).and_then(|value| value.as_m().ok()).ok_or(TableError::BadItem("holder"))?;
        versioned_holder(map)
    });
    Ok((compared, found.collect::<Result<_, _>>()?))
}

fn versioned_holder(map: &Item) -> Result<Versioned<Holder>, TableError> {
    versioned(map, holder(map)?)
}

fn holder(map: &Item) -> Result<Holder, TableError> {
    Ok(Holder {
        licence: Licence {
            board: text(map, "board")?.to_owned(),
            profession: text(map, "profession")?.to_owned(),
            number: LicenceNumber::parse(text(map, "number")?).map_err(|_| TableError::BadItem("number"))?,
        },
        name: PersonName { first: text(map, "first")?.to_owned(), last: text(map, "last")?.to_owned() },
        active_from: optional_date(map, "active_from")?,
        active_to: optional_date(map, "active_to")?,
        email_on_file: optional_email(map, "email")?,
    })
}
