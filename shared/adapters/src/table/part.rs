//! Lists, page by page: some items of one partition in the order of their sort keys, and a cursor that leads to the next page and
//! to nowhere else. Decides nothing of what the items mean.

use super::{Table, TableError, item::*};

/// Which items a list is of, and in which order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    /// The partition's and the sort key's attribute: the table's, or an index's.
    keys: (&'static str, &'static str),
    partition: &'a str,
    beginning: &'a str,
    is_backwards: bool,
    is_of_now: bool,
}

impl<'a> Part<'a> {
    /// A partition of the table.
    pub(super) fn of(partition: &'a str) -> Self {
        Self { keys: ("pk", "sk"), partition, beginning: "", is_backwards: false, is_of_now: false }
    }

    /// A partition of the index: eventually consistent.
    pub(super) fn of_index(partition: &'a str) -> Self {
        Self { keys: ("gsi1pk", "gsi1sk"), ..Self::of(partition) }
    }

    /// A partition of the index that has keys alone: eventually consistent, and no update of an item's other attributes costs anything
    /// there.
    pub(super) fn of_keys_index(partition: &'a str) -> Self {
        Self { keys: ("gsi2pk", "gsi2sk"), ..Self::of(partition) }
    }

    /// Only what has a sort key that begins like this.
    pub(super) fn beginning(self, beginning: &'a str) -> Self {
        Self { beginning, ..self }
    }

    /// The last sort key first.
    pub(super) fn backwards(self, is_backwards: bool) -> Self {
        Self { is_backwards, ..self }
    }

    /// As it stands at this moment, at twice the price. An index can't say that.
    pub(super) fn of_now(self) -> Self {
        Self { is_of_now: true, ..self }
    }
}

impl Table {
    /// The keys of what was due before now in a partition of the index of dues, the longest due first. The index is behind: what it names
    /// may be done already.
    pub(super) async fn fetch_due(&self, partition: &str, now: i64, limit: i32) -> Result<Vec<Item>, TableError> {
        let answer = self
            .client
            .query()
            .table_name(&self.name)
            .index_name("gsi2")
            .key_condition_expression("gsi2pk = :due AND gsi2sk < :later")
            .expression_attribute_values(":due", s(partition))
            .expression_attribute_values(":later", s(sortable(now + 1)))
            .limit(limit)
            .send()
            .await
            .map_err(TableError::from_sdk)?;
        Ok(answer.items.unwrap_or_default())
    }

    /// A page of a list: `limit` items at most after the cursor, and the cursor to those behind them, if there may be any.
    pub(super) async fn fetch_page<T>(
        &self,
        part: Part<'_>,
        after: Option<&str>,
        limit: i32,
        read: impl Fn(&Item) -> Result<T, TableError>,
    ) -> Result<(Vec<T>, Option<String>), TableError> {
        let Part { keys: (pk, sk), partition, beginning, is_backwards, is_of_now } = part;
        let mut query = self.client.query().table_name(&self.name).expression_attribute_values(":pk", s(partition));
        query = match beginning {
            "" => query.key_condition_expression(format!("{pk} = :pk")),
            beginning => query
                .key_condition_expression(format!("{pk} = :pk AND begins_with({sk}, :beginning)"))
                .expression_attribute_values(":beginning", s(beginning)),
        };
        let answer = query
            .set_index_name(pk.strip_suffix("pk").filter(|index| !index.is_empty()).map(ToOwned::to_owned))
            .set_consistent_read(is_of_now.then_some(true))
            .scan_index_forward(!is_backwards)
            .limit(limit)
            .set_exclusive_start_key(after.and_then(|cursor| key_after(cursor, (pk, partition))))
            .send()
            .await
            .map_err(TableError::from_sdk)?;
        let items = answer.items().iter().map(read).collect::<Result<_, _>>()?;
        Ok((items, cursor(answer.last_evaluated_key())))
    }
}
