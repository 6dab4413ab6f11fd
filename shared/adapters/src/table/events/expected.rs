//! People who are put down for an event from a list. Each has a seat: what comes and goes here moves the seats in the same
//! transaction. Entries of the past go by themselves (expires_at).

use super::{
    super::{Table, TableError, Transacted, item::*, part::Part, transact::key},
    by_time, event_id, json,
    lists::off_item,
    partition,
    registering::Tries,
};
use domain::{
    email::EmailAddress,
    event::Event,
    id::EventId,
    import::ImportId,
    licence::LicenceNumber,
    mail::Mail,
    name::PersonName,
    registration::{Cancelling, Expected, KEPT_AFTER_SECONDS, OffBy, OffList, PutBy, Seats},
};

/// What came of putting somebody down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PutDown {
    /// It is done; the seats have moved on by one version. Whether the mail is new: one a day is sent for an event and address.
    Now {
        /// The mail is to be sent.
        mailed: bool,
    },
    /// Seats or people have moved since they were read; nothing has happened.
    Moved,
    /// The provider has had as many people asked on this day as one may; nothing has happened.
    TooManyToday,
}

impl Table {
    /// Somebody who is put down for an event, by their address, as it stands at this moment.
    pub async fn fetch_expected(&self, event: &EventId, email: &EmailAddress) -> Result<Option<Expected>, TableError> {
        self.fetch_item(expected_key(event, email), true).await?.as_ref().map(expected).transpose()
    }

    /// The people who are put down for an event, by address: a page of `limit` after the cursor.
    pub async fn fetch_expected_people(
        &self,
        event: &EventId,
        after: Option<&str>,
        limit: i32,
    ) -> Result<(Vec<Expected>, Option<String>), TableError> {
        let partition = partition(event);
        self.fetch_page(Part::of(&partition).beginning(EXPECTED).of_now(), after, limit, expected).await
    }

    /// The events that an address is put down for, the latest first: a page of `limit` after the cursor. Eventually consistent.
    pub async fn fetch_expected_of(
        &self,
        email: &EmailAddress,
        after: Option<&str>,
        limit: i32,
    ) -> Result<(Vec<Expected>, Option<String>), TableError> {
        let partition = of_address(email);
        self.fetch_page(Part::of_index(&partition).backwards(true), after, limit, expected).await
    }

    /// Puts somebody down as `registration::list` planned it by these seats, with the mail that asks them. A mail that is sent
    /// counts among the provider's of this day.
    pub async fn put_down(
        &self,
        event: &Event,
        seats: &Seats,
        person: &Expected,
        mail: &Mail,
        now: i64,
    ) -> Result<PutDown, TableError> {
        const PLACE_OF_MAIL: usize = 2;
        const PLACE_OF_COUNT: usize = 3;
        let mut writes = vec![
            self.seats_put_down(event, seats, now)?,
            self.put_version(expected_item(person, event)?, 0)?,
            self.mail_write(mail)?,
        ];
        if mail.content.is_sent() {
            writes.push(self.count_asked(&event.provider, now)?);
        }
        match self.transact(writes.clone()).await? {
            Transacted::Done => return Ok(PutDown::Now { mailed: true }),
            Transacted::Refused(places) if places == [PLACE_OF_COUNT] => return Ok(PutDown::TooManyToday),
            Transacted::Refused(places) if places.first() == Some(&PLACE_OF_MAIL) => {}
            Transacted::Refused(_) => return Ok(PutDown::Moved),
        }
        // They were put down and taken off before on this day: they have their mail.
        writes.truncate(PLACE_OF_MAIL);
        Ok(match self.transact(writes).await? {
            Transacted::Done => PutDown::Now { mailed: false },
            Transacted::Refused(_) => PutDown::Moved,
        })
    }

    /// Saves a changed entry over the version before; `false` if it has moved or gone meanwhile.
    pub async fn change_expected(&self, event: &Event, person: &Expected) -> Result<bool, TableError> {
        let was = person.version.saturating_sub(1).max(1);
        let write = self.put_version(expected_item(person, event)?, was)?;
        Ok(self.transact(vec![write]).await? == Transacted::Done)
    }

    /// Takes somebody off an event's list whose account is closed, and frees the seat; nothing is kept of it. `false` if they don't
    /// stand there. Whoever calls it promotes afterwards; if that is lost, the worker does.
    pub async fn release_expected(&self, event: &EventId, email: &EmailAddress, now: i64) -> Result<bool, TableError> {
        self.free_expected(event, email, None, now).await
    }

    /// Takes somebody off an event's list by somebody's word, and frees the seat. As long as the entry would have been kept it is
    /// known whose word it was, by a digest of the address: a later list isn't to ask them again as if they were new. `false` as
    /// above.
    pub async fn take_off_list(
        &self,
        event: &EventId,
        email: &EmailAddress,
        by: OffBy,
        now: i64,
    ) -> Result<bool, TableError> {
        self.free_expected(event, email, Some(by), now).await
    }

    async fn free_expected(
        &self,
        event: &EventId,
        email: &EmailAddress,
        by: Option<OffBy>,
        now: i64,
    ) -> Result<bool, TableError> {
        let mut tries = Tries::default();
        loop {
            let Some(found) = self.fetch_item(expected_key(event, email), true).await? else { return Ok(false) };
            let mut writes = vec![
                self.delete_version(expected_key(event, email), number(&found, "version")?)?,
                self.seats_cancel(event, Cancelling::Seat, now)?,
            ];
            if let Some(by) = by {
                let until = number(&found, "expires_at")?;
                writes.push(self.put_any(off_item(event, email, OffList { by, at: now }, until))?);
            }
            match self.transact(writes).await {
                Ok(Transacted::Done) => return Ok(true),
                moved => tries.after(moved)?,
            }
            tries.rest().await?;
        }
    }

    /// Notes that somebody who is put down was told of the event as it stands, with the mail that tells. `false` if it was done
    /// before, or the entry has moved since it was read.
    pub async fn tell_expected(&self, person: &Expected, event: &Event, mail: &Mail) -> Result<bool, TableError> {
        let values = item([
            (":told", n(event.version)),
            (":sorted", s(by_time(event.when.starts_at, &event.id))),
            (":until", n(event.when.ends_at + KEPT_AFTER_SECONDS)),
            (":one", n(1)),
            (":was", n(person.version)),
        ]);
        let update = "SET told_version = :told, gsi1sk = :sorted, expires_at = :until, version = version + :one";
        let told = self.update_if(expected_key(&person.event, &person.email), update, "version = :was", values)?;
        let noted = match self.transact(vec![told.clone(), self.mail_write(mail)?]).await? {
            Transacted::Refused(places) if places == [1] => self.transact(vec![told]).await?,
            noted => noted,
        };
        Ok(noted == Transacted::Done)
    }
}

const EXPECTED: &str = "EXPECTED#";

pub(super) fn expected_key(event: &EventId, email: &EmailAddress) -> Item {
    key(partition(event), of_address(email))
}

fn of_address(email: &EmailAddress) -> String {
    format!("{EXPECTED}{}", email.compared())
}

/// An entry with everything of it; its version is the caller's to add.
fn expected_item(person: &Expected, event: &Event) -> Result<Item, TableError> {
    let mut made = expected_key(&person.event, &person.email);
    made.extend(item([
        ("gsi1pk", s(of_address(&person.email))),
        ("gsi1sk", s(by_time(event.when.starts_at, &event.id))),
        ("first_name", s(&person.name.first)),
        ("last_name", s(&person.name.last)),
        ("email", s(person.email.shown())),
        ("put_down_at", n(person.put_down_at)),
        ("by_import", s(person.by.import.as_str())),
        ("by_row", n(person.by.row)),
        ("by_changed", s(json(&person.by.changed)?)),
        ("told_version", n(person.told_version)),
        ("expires_at", n(event.when.ends_at + KEPT_AFTER_SECONDS)),
    ]));
    if let Some(licence) = &person.licence {
        made.insert("licence".to_owned(), s(licence.shown()));
    }
    Ok(made)
}

fn expected(item: &Item) -> Result<Expected, TableError> {
    let event = text(item, "pk")?.strip_prefix("EVENT#").ok_or(TableError::BadItem("pk"))?;
    let licence = optional_text(item, "licence").map(|number| LicenceNumber::parse(&number)).transpose();
    Ok(Expected {
        event: event_id(event)?,
        email: EmailAddress::parse(text(item, "email")?).map_err(|_| TableError::BadItem("email"))?,
        name: PersonName { first: text(item, "first_name")?.to_owned(), last: text(item, "last_name")?.to_owned() },
        licence: licence.map_err(|_| TableError::BadItem("licence"))?,
        put_down_at: number(item, "put_down_at")?,
        by: PutBy {
            import: ImportId::parse(text(item, "by_import")?).map_err(|_| TableError::BadItem("by_import"))?,
            row: number(item, "by_row")?,
            changed: serde_json::from_str(text(item, "by_changed")?).map_err(|_| TableError::BadItem("by_changed"))?,
        },
        told_version: number(item, "told_version")?,
        version: number(item, "version")?,
    })
}
