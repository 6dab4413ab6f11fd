//! What is known and decided of an event's attendance, and every word that was said about it.
//!
//! ```text
//! EVENT#{event}, ATTENDANCE             the record: what Zoom was asked, what was decided; its version moves with each change
//!                ADJUSTMENT#{number}    a word of staff's or of a registrant's; only ever added
//!                PLAN#{number}          a plan that was carried out; only ever added
//!                PERSON#{account}       the participation: what is decided of the person stands there
//! ```
//!
//! A word costs a transaction of three items: itself, the record, and the seats' item, which makes the event due. A decision
//! costs one update of one participation.

use super::{
    super::{Table, TableError, Transacted, item::*, part::Part, transact::key},
    completions::{LETTER, set_invitation},
    json, partition,
    people::person_key,
    seats::{moving, seats_key},
};
use aws_sdk_dynamodb::{operation::update_item::UpdateItemError, types::TransactWriteItem};
use domain::{
    attendance::{Adjustment, Applied, Decided, Record, Settled},
    completion::Following,
    email::EmailAddress,
    event::{Event, Room},
    id::EventId,
    mail::Mail,
    presence::Sighting,
    registration::Participation,
};

/// Words read in one page: at most 1 MB in any case, and one is some 300 bytes.
const WORDS_AT_ONCE: i32 = 1_000;

/// A page of people is at most 1 MB in any case.
const PEOPLE_AT_ONCE: i32 = 1_000;

/// A plan that was carried out, as its item tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarriedOut {
    /// What was decided.
    pub applied: Applied,
    /// How many registrants changed.
    pub moves: u32,
}

/// Everything that the table knows of an event's attendance, as it stands at this moment.
#[derive(Debug, Clone)]
pub struct AttendanceInputs {
    /// The record.
    pub record: Record,
    /// What was said, in its order.
    pub adjustments: Vec<Adjustment>,
    /// What that comes to.
    pub settled: Settled,
    /// Everybody who ever registered.
    pub people: Vec<Participation>,
    /// The addresses of the provider's people.
    pub hosts: Vec<EmailAddress>,
    /// What webhooks told while the meeting ran.
    pub sightings: Vec<Sighting>,
}

impl Table {
    /// All of it: five queries side by side, one more for each page of people, and one batch for the hosts' addresses. Nothing can
    /// have been said or recorded between the record and the rest that the record's version wouldn't tell.
    pub async fn fetch_attendance_inputs(&self, event: &Event) -> Result<AttendanceInputs, TableError> {
        let record = self.fetch_attendance(&event.id).await?;
        let (adjustments, people, hosts, sightings) = tokio::try_join!(
            self.fetch_adjustments(&event.id),
            self.fetch_all_people_of(&event.id),
            self.fetch_hosts(event),
            self.fetch_seen(event),
        )?;
        let settled = Settled::of(&adjustments);
        Ok(AttendanceInputs { record, adjustments, settled, people, hosts, sightings })
    }

    async fn fetch_all_people_of(&self, event: &EventId) -> Result<Vec<Participation>, TableError> {
        let (mut people, mut after) = (Vec::new(), None);
        loop {
            let page = self.fetch_people_of(event, after.as_deref(), PEOPLE_AT_ONCE).await?;
            people.extend(page.0);
            after = page.1;
            if after.is_none() {
                return Ok(people);
            }
        }
    }

    async fn fetch_hosts(&self, event: &Event) -> Result<Vec<EmailAddress>, TableError> {
        let (users, _) = self.fetch_users(Some(&event.provider)).await?;
        let accounts: Vec<_> = users.into_iter().map(|user| user.account).collect();
        if accounts.is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.fetch_addresses(&accounts).await?.into_values().flatten().collect())
    }

    async fn fetch_seen(&self, event: &Event) -> Result<Vec<Sighting>, TableError> {
        match &event.room {
            Some(Room::Zoom { number, .. }) => Ok(self.fetch_sightings(number, event.slot().window()).await?.list),
            Some(Room::Link { .. }) | None => Ok(Vec::new()),
        }
    }

    /// An event's attendance, as it stands at this moment; a new record if nothing is known of it.
    pub async fn fetch_attendance(&self, event: &EventId) -> Result<Record, TableError> {
        let Some(item) = self.fetch_item(record_key(event), true).await? else { return Ok(Record::default()) };
        let record: Record = serde_json::from_str(text(&item, "record")?).map_err(|_| TableError::BadItem("record"))?;
        Ok(Record { version: number(&item, "version")?, ..record })
    }

    /// Saves the record in its next version; `false` if it has moved since it was read.
    pub async fn save_attendance(&self, event: &EventId, record: &Record) -> Result<bool, TableError> {
        let write = self.put_version(record_item(event, record)?, record.version)?;
        Ok(self.transact(vec![write]).await? == Transacted::Done)
    }

    /// Saves the record in its next version with a plan that was carried out; `false` if it has moved since it was read.
    pub async fn save_plan(&self, event: &EventId, record: &Record, moves: u32) -> Result<bool, TableError> {
        let Some(applied) = &record.applied else { return Err(TableError::BadItem("plan")) };
        let mut made = key(partition(event), format!("PLAN#{:010}", applied.plan));
        made.extend(item([("applied", s(json(applied)?)), ("moves", n(moves))]));
        let writes = vec![self.put_version(record_item(event, record)?, record.version)?, self.put_new(made)?];
        Ok(self.transact(writes).await? == Transacted::Done)
    }

    /// The plans that were carried out, the latest first: a page of `limit` after the cursor.
    pub async fn fetch_plans(
        &self,
        event: &EventId,
        after: Option<&str>,
        limit: i32,
    ) -> Result<(Vec<CarriedOut>, Option<String>), TableError> {
        let partition = partition(event);
        self.fetch_page(Part::of(&partition).beginning("PLAN#").backwards(true), after, limit, carried_out).await
    }

    /// Every word that was said about an event's attendance, in their order.
    pub async fn fetch_adjustments(&self, event: &EventId) -> Result<Vec<Adjustment>, TableError> {
        let (partition, mut words, mut after) = (partition(event), Vec::new(), None);
        loop {
            let part = Part::of(&partition).beginning("ADJUSTMENT#").of_now();
            let page: (Vec<Adjustment>, Option<String>) =
                self.fetch_page(part, after.as_deref(), WORDS_AT_ONCE, adjustment).await?;
            words.extend(page.0);
            after = page.1;
            if after.is_none() {
                return Ok(words);
            }
        }
    }

    /// Adds words to those that were said, with the record as it is with them, and makes the event due. Each has to have the number
    /// that comes next. `false` if the record has moved since it was read: nothing has happened then.
    pub async fn say_of_attendance(
        &self,
        event: &EventId,
        record: &Record,
        words: &[Adjustment],
        now: i64,
    ) -> Result<bool, TableError> {
        self.say_with(event, record, words, Vec::new(), now).await
    }

    /// The same, together with what has to agree with it.
    pub(super) async fn say_with(
        &self,
        event: &EventId,
        record: &Record,
        words: &[Adjustment],
        more: Vec<TransactWriteItem>,
        now: i64,
    ) -> Result<bool, TableError> {
        let said = words.iter().map(|word| word.number).max().unwrap_or(record.said);
        let record = Record { said, ..record.clone() };
        let mut writes = vec![self.put_version(record_item(event, &record)?, record.version)?];
        for word in words {
            let mut made = key(partition(event), format!("ADJUSTMENT#{:010}", word.number));
            made.insert("adjustment".to_owned(), s(json(word)?));
            writes.push(self.put_new(made)?);
        }
        let update = "SET version = version + :one, gsi2pk = :due, gsi2sk = :now";
        writes.push(self.update_if(seats_key(event), update, "attribute_exists(pk)", moving(event, now))?);
        writes.extend(more);
        Ok(self.transact(writes).await? == Transacted::Done)
    }

    /// Writes what is decided of a person, if the participation is as it was read; their link and PIN go, since the event is over
    /// and nobody comes in by them any more. What follows from it (an invitation, the end of one) is part of the same update. Tells
    /// whether it was written.
    pub async fn decide_person(
        &self,
        person: &Participation,
        decided: &Decided,
        following: &Following,
    ) -> Result<bool, TableError> {
        let (set, values) = decision(person, decided, following)?;
        if let Some(deed) = self.deed_of(following, &person.event)? {
            let update = self.update_if(person_key(&person.event, &person.account), &set, "version = :was", values)?;
            return Ok(self.transact(vec![update, deed]).await? == Transacted::Done);
        }
        let update = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(person_key(&person.event, &person.account)))
            .update_expression(set)
            .condition_expression("version = :was")
            .set_expression_attribute_values(Some(values));
        match update.send().await {
            Ok(_) => Ok(true),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(false),
                _ => Err(TableError::from_sdk(error)),
            },
        }
    }

    /// The same with the mail that tells it, both or none.
    pub async fn decide_and_tell(
        &self,
        person: &Participation,
        decided: &Decided,
        following: &Following,
        mail: &Mail,
    ) -> Result<bool, TableError> {
        let (set, values) = decision(person, decided, following)?;
        let update = self.update_if(person_key(&person.event, &person.account), &set, "version = :was", values)?;
        // The mail's key is the decision's: where it stands already, it was told.
        let mut writes = vec![update.clone(), self.mail_write(mail)?];
        writes.extend(self.deed_of(following, &person.event)?);
        match self.transact(writes.clone()).await? {
            Transacted::Done => Ok(true),
            Transacted::Refused(places) if places == [1] => {
                writes.remove(1);
                Ok(self.transact(writes).await? == Transacted::Done)
            }
            Transacted::Refused(_) => Ok(false),
        }
    }

    /// The note of a certificate that ends by a decision.
    fn deed_of(&self, following: &Following, event: &EventId) -> Result<Option<TransactWriteItem>, TableError> {
        match following {
            Following::TakenBack { deed: Some(deed), .. } => self.deed_write(event, deed).map(Some),
            Following::TakenBack { deed: None, .. } | Following::Invited { .. } | Following::Stays => Ok(None),
        }
    }

    /// Makes an event due now, for whoever asks Zoom again; `false` before it is published.
    pub async fn ask_again(&self, event: &Event, record: &Record, now: i64) -> Result<bool, TableError> {
        self.say_with(&event.id, record, &[], Vec::new(), now).await
    }
}

fn decision(person: &Participation, decided: &Decided, following: &Following) -> Result<(String, Item), TableError> {
    let mut set = "SET decided = :decided, version = version + :one".to_owned();
    let mut remove = Vec::new();
    let mut values = item([(":decided", s(json(decided)?)), (":one", n(1)), (":was", n(person.version))]);
    if let Some(zoom) = person.zoom.as_ref().filter(|zoom| zoom.join_url.is_some() || zoom.pin.is_some()) {
        let spent = domain::registration::ZoomRegistrant { join_url: None, pin: None, ..zoom.clone() };
        set.push_str(", zoom = :zoom");
        values.insert(":zoom".to_owned(), s(json(&spent)?));
    }
    match following {
        Following::Stays => {}
        Following::Invited { completion, letter } => set_invitation(&mut set, &mut values, completion, letter)?,
        Following::TakenBack { completion, .. } => {
            match completion {
                Some(completion) => {
                    set.push_str(", completion = :completion");
                    values.insert(":completion".to_owned(), s(json(completion)?));
                }
                None => remove.push("completion"),
            }
            remove.extend(LETTER);
        }
    }
    if !remove.is_empty() {
        set.push_str(" REMOVE ");
        set.push_str(&remove.join(", "));
    }
    Ok((set, values))
}

fn record_key(event: &EventId) -> Item {
    key(partition(event), "ATTENDANCE")
}

fn record_item(event: &EventId, record: &Record) -> Result<Item, TableError> {
    let mut made = record_key(event);
    made.insert("record".to_owned(), s(json(record)?));
    Ok(made)
}

fn adjustment(item: &Item) -> Result<Adjustment, TableError> {
    serde_json::from_str(text(item, "adjustment")?).map_err(|_| TableError::BadItem("adjustment"))
}

fn carried_out(item: &Item) -> Result<CarriedOut, TableError> {
    let applied = serde_json::from_str(text(item, "applied")?).map_err(|_| TableError::BadItem("applied"))?;
    Ok(CarriedOut { applied, moves: number(item, "moves")? })
}
