//! The people of an event: who they are there, what they were told, and their own way in.

use super::{
    super::{Table, TableError, Transacted, item::*, part::Part, transact::key},
    event_id, json, partition,
};
use aws_sdk_dynamodb::{
    operation::update_item::UpdateItemError,
    types::{AttributeValue, TransactWriteItem},
};
use domain::{
    attendance::Decided,
    completion::{Completion, Letter, LetterKind, LetterState},
    email::EmailAddress,
    event::Event,
    id::{AccountId, EventId},
    import::Lease,
    mail::Mail,
    name::PersonName,
    registration::{Clicked, Participation, ParticipationState, ZoomRegistrant},
};
use futures_util::future::try_join_all;
use std::collections::{BTreeMap, BTreeSet};

impl Table {
    /// A person's part in an event, as it stands at this moment.
    pub async fn fetch_participation(
        &self,
        event: &EventId,
        account: &AccountId,
    ) -> Result<Option<Participation>, TableError> {
        self.fetch_item(person_key(event, account), true).await?.as_ref().map(participation).transpose()
    }

    /// Somebody's part in each of these events, as far as they have one, as it stands at this moment.
    pub async fn fetch_participations(
        &self,
        events: &BTreeSet<&EventId>,
        account: &AccountId,
    ) -> Result<Vec<Participation>, TableError> {
        let keys: Vec<Item> = events.iter().map(|event| person_key(event, account)).collect();
        let batches = keys.chunks(PEOPLE_IN_A_BATCH).map(|keys| self.fetch_now(keys.to_vec()));
        let items = try_join_all(batches).await?;
        items.iter().flatten().map(participation).collect()
    }

    /// The people of an event, those who cancelled as well: a page of `limit` after the cursor.
    pub async fn fetch_people_of(
        &self,
        event: &EventId,
        after: Option<&str>,
        limit: i32,
    ) -> Result<(Vec<Participation>, Option<String>), TableError> {
        let partition = partition(event);
        self.fetch_page(Part::of(&partition).beginning("PERSON#").of_now(), after, limit, participation).await
    }

    /// A person's registrations, by the event's start as the person was last told, the latest first, without cancelled ones: a
    /// page of `limit` after the cursor.
    pub async fn fetch_events_of_person(
        &self,
        account: &AccountId,
        after: Option<&str>,
        limit: i32,
    ) -> Result<(Vec<Participation>, Option<String>), TableError> {
        let (mut people, next) = self.fetch_registrations_of(account, false, after, limit).await?;
        // The index is behind: what the person has cancelled a moment ago isn't theirs to come to any more.
        people.retain(|person| person.state != ParticipationState::Cancelled);
        Ok((people, next))
    }

    /// What the index has of a person's registrations in one of its two places, that of the cancelled ones or the other, in the same
    /// order and as it stands at this moment. It is behind: what was cancelled or taken up again a moment ago is in the wrong place or in
    /// both. For whoever asks for both and must not miss any.
    pub async fn fetch_registrations_of(
        &self,
        account: &AccountId,
        are_cancelled: bool,
        after: Option<&str>,
        limit: i32,
    ) -> Result<(Vec<Participation>, Option<String>), TableError> {
        let partition = &if are_cancelled { cancelled_events(account) } else { my_events(account) };
        let read = |item: &Item| {
            let (pk, sk) = (text(item, "pk")?, text(item, "sk")?);
            Ok((pk.to_owned(), key(pk, sk)))
        };
        let (mut keys, next) =
            self.fetch_page(Part::of_keys_index(partition).backwards(true), after, limit, read).await?;
        let mut found = BTreeMap::new();
        // Of one that moves at this moment the index may show both places, and a batch takes each key once.
        let mut seen = BTreeSet::new();
        keys.retain(|(event, _)| seen.insert(event.clone()));
        // As they stand at this moment: one that the index shows isn't to be passed over.
        for keys in keys.chunks(PEOPLE_IN_A_BATCH) {
            for item in self.fetch_now(keys.iter().map(|(_, key)| key.clone()).collect()).await? {
                let person = participation(&item)?;
                found.insert(person.event.clone(), person);
            }
        }
        let in_order = keys.iter().filter_map(|(_, key)| found.remove(&event_of(key).ok()?));
        Ok((in_order.collect(), next))
    }

    /// The events of a person's registrations, in the same order, `limit` at most: half a read unit for some hundred.
    pub async fn fetch_event_ids_of_person(&self, account: &AccountId, limit: i32) -> Result<Vec<EventId>, TableError> {
        let partition = my_events(account);
        let part = Part::of_keys_index(&partition).backwards(true);
        Ok(self.fetch_page(part, None, limit, event_of).await?.0)
    }

    /// Notes that Join Now was pressed: the first time once, the last time each time. `false` if there is no seat to join from.
    pub async fn note_click(&self, event: &EventId, account: &AccountId, now: i64) -> Result<bool, TableError> {
        let write = self.update_if(
            person_key(event, account),
            "SET clicked_first = if_not_exists(clicked_first, :now), clicked_last = :now, version = version + :one",
            "participation = :registered",
            item([(":now", n(now)), (":one", n(1)), (":registered", s(REGISTERED))]),
        )?;
        Ok(self.transact(vec![write]).await? == Transacted::Done)
    }

    /// Saves a person's own way into the meeting, unless there is one for that meeting already or no seat any more; tells whether
    /// it was saved. Two who make one at the same time leave one.
    pub async fn save_zoom_registrant(
        &self,
        event: &EventId,
        account: &AccountId,
        zoom: &ZoomRegistrant,
    ) -> Result<bool, TableError> {
        let values = item([
            (":zoom", s(json(zoom)?)),
            (":number", s(zoom.number.as_str())),
            (":one", n(1)),
            (":registered", s(REGISTERED)),
        ]);
        // No transaction, at half its price: after a lost answer the second try finds the first one's link, and says that there is one.
        let answer = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(person_key(event, account)))
            .update_expression("SET zoom = :zoom, zoom_number = :number, version = version + :one")
            .condition_expression(
                "participation = :registered AND (attribute_not_exists(zoom_number) OR zoom_number <> :number)",
            )
            .set_expression_attribute_values(Some(values))
            .send()
            .await;
        match answer {
            Ok(_) => Ok(true),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(false),
                _ => Err(TableError::from_sdk(error)),
            },
        }
    }

    /// Forgets a person's own way into the meeting, if it is still this one: it was taken back at Zoom. Whoever has a seat
    /// (again) gets one anew. Tells whether it was forgotten.
    pub async fn forget_zoom_registrant(
        &self,
        event: &EventId,
        account: &AccountId,
        zoom: &ZoomRegistrant,
    ) -> Result<bool, TableError> {
        let write = self.update_if(
            person_key(event, account),
            "SET version = version + :one REMOVE zoom, zoom_number",
            "zoom = :zoom",
            item([(":zoom", s(json(zoom)?)), (":one", n(1))]),
        )?;
        Ok(self.transact(vec![write]).await? == Transacted::Done)
    }

    /// Notes that a person was told of the event as it stands, with the mail that tells; in My Events it stands at its time of
    /// now. `false` if it was done before, or the participation has moved since it was read. A mail that is there already has
    /// told it: then only the note is made, so that nobody is looked at for ever.
    pub async fn tell_person(&self, person: &Participation, event: &Event, mail: &Mail) -> Result<bool, TableError> {
        let mut set = "SET told_version = :told, starts_at = :starts_at, version = version + :one".to_owned();
        let mut values = item([
            (":told", n(event.version)),
            (":starts_at", n(event.when.starts_at)),
            (":one", n(1)),
            (":was", n(person.version)),
        ]);
        if person.state != ParticipationState::Cancelled {
            set.push_str(", gsi2sk = :sorted");
            values.insert(":sorted".to_owned(), s(sortable(event.when.starts_at)));
        }
        let told = self.update_if(person_key(&person.event, &person.account), &set, "version = :was", values)?;
        let noted = match self.transact(vec![told.clone(), self.mail_write(mail)?]).await? {
            Transacted::Refused(places) if places == [1] => self.transact(vec![told]).await?,
            noted => noted,
        };
        Ok(noted == Transacted::Done)
    }
}

/// Keys in one BatchGetItem: DynamoDB's limit.
const PEOPLE_IN_A_BATCH: usize = 100;

impl Table {
    /// Part of a transaction that rests on a participation: it is as it was read, and stays so.
    pub(in super::super) fn must_be_as_read(&self, person: &Participation) -> Result<TransactWriteItem, TableError> {
        self.must_be_version(person_key(&person.event, &person.account), person.version)
    }

    /// Part of a transaction that is for somebody whose account isn't closed: of a closed one the participation has no address.
    pub(super) fn must_be_somebodys(&self, person: Item) -> Result<TransactWriteItem, TableError> {
        self.must_have(person, "email")
    }

    /// What a closed account leaves of a participation, over the version that was read. Nothing but that is written: who is sending a
    /// letter at this moment stands on the same item, and moves without the version.
    pub(super) fn left_write(
        &self,
        before: &Participation,
        left: &Participation,
    ) -> Result<TransactWriteItem, TableError> {
        let mut set = "SET participation = :state, version = version + :one".to_owned();
        let mut values = item([(":state", s(state_name(left.state))), (":one", n(1)), (":was", n(before.version))]);
        if let Some(zoom) = &left.zoom {
            set.push_str(", zoom = :zoom, zoom_number = :number");
            values.extend(item([(":zoom", s(json(zoom)?)), (":number", s(zoom.number.as_str()))]));
        }
        // Nobody looks for the registrations of a closed account any more.
        set.push_str(" REMOVE email, gsi2pk, gsi2sk");
        if left.state.place().is_none() {
            set.push_str(", place");
        }
        self.update_if(person_key(&before.event, &before.account), &set, "version = :was", values)
    }
}

fn state_name(state: ParticipationState) -> &'static str {
    match state {
        ParticipationState::Registered => REGISTERED,
        ParticipationState::Waiting { .. } => WAITING,
        ParticipationState::Cancelled => CANCELLED,
    }
}

const REGISTERED: &str = "registered";
const WAITING: &str = "waiting";
const CANCELLED: &str = "cancelled";

pub(super) fn person_key(event: &EventId, account: &AccountId) -> Item {
    key(partition(event), format!("PERSON#{account}"))
}

fn my_events(account: &AccountId) -> String {
    format!("PERSON#{account}")
}

fn cancelled_events(account: &AccountId) -> String {
    format!("PERSON#{account}#CANCELLED")
}

/// A participation with everything of it; its version is the caller's to add.
pub(super) fn person_item(person: &Participation, starts_at: i64) -> Result<Item, TableError> {
    let mut made = person_key(&person.event, &person.account);
    made.extend(item([
        ("first_name", s(&person.name.first)),
        ("last_name", s(&person.name.last)),
        ("licences", s(json(&person.licences)?)),
        ("registered_at", n(person.registered_at)),
        ("told_version", n(person.told_version)),
        ("starts_at", n(starts_at)),
    ]));
    let state = state_name(person.state);
    if let ParticipationState::Waiting { place } = person.state {
        made.insert("place".to_owned(), n(place));
    }
    made.insert("participation".to_owned(), s(state));
    // Nobody looks for the registrations of a closed account any more.
    if let Some(email) = &person.email {
        let partition = if state == CANCELLED { cancelled_events } else { my_events };
        made.insert("email".to_owned(), s(email.shown()));
        made.insert("gsi2pk".to_owned(), s(partition(&person.account)));
        made.insert("gsi2sk".to_owned(), s(sortable(starts_at)));
    }
    if let Some(zoom) = &person.zoom {
        made.insert("zoom".to_owned(), s(json(zoom)?));
        made.insert("zoom_number".to_owned(), s(zoom.number.as_str()));
    }
    if let Some(decided) = &person.decided {
        made.insert("decided".to_owned(), s(json(decided)?));
    }
    if let Some(completion) = &person.completion {
        made.insert("completion".to_owned(), s(json(completion)?));
    }
    if let Some(letter) = &person.letter {
        made.extend(letter_values(letter).into_iter().map(|(name, value)| (name.to_owned(), value)));
    }
    if let Some(clicked) = person.clicked {
        made.insert("clicked_first".to_owned(), n(clicked.first));
        made.insert("clicked_last".to_owned(), n(clicked.last));
    }
    Ok(made)
}

fn event_of(item: &Item) -> Result<EventId, TableError> {
    event_id(text(item, "pk")?.strip_prefix("EVENT#").ok_or(TableError::BadItem("pk"))?)
}

pub(super) fn participation(item: &Item) -> Result<Participation, TableError> {
    let account = text(item, "sk")?.strip_prefix("PERSON#").ok_or(TableError::BadItem("sk"))?;
    let state = match text(item, "participation")? {
        REGISTERED => ParticipationState::Registered,
        WAITING => ParticipationState::Waiting { place: number(item, "place")? },
        CANCELLED => ParticipationState::Cancelled,
        _ => return Err(TableError::BadItem("participation")),
    };
    let clicked = match (optional_number(item, "clicked_first"), optional_number(item, "clicked_last")) {
        (Some(first), Some(last)) => Some(Clicked { first, last }),
        _ => None,
    };
    let zoom = optional_text(item, "zoom").map(|zoom| serde_json::from_str(&zoom)).transpose();
    let email = optional_text(item, "email").map(|email| EmailAddress::parse(&email)).transpose();
    Ok(Participation {
        event: event_of(item)?,
        account: AccountId::parse(account).map_err(|_| TableError::BadItem("sk"))?,
        state,
        name: PersonName { first: text(item, "first_name")?.to_owned(), last: text(item, "last_name")?.to_owned() },
        email: email.map_err(|_| TableError::BadItem("email"))?,
        licences: serde_json::from_str(text(item, "licences")?).map_err(|_| TableError::BadItem("licences"))?,
        registered_at: number(item, "registered_at")?,
        zoom: zoom.map_err(|_| TableError::BadItem("zoom"))?,
        clicked,
        told_version: number(item, "told_version")?,
        decided: decided(item)?,
        completion: completion(item)?,
        letter: letter(item)?,
        version: number(item, "version")?,
    })
}

fn completion(item: &Item) -> Result<Option<Box<Completion>>, TableError> {
    let completion = optional_text(item, "completion").map(|completion| serde_json::from_str(&completion)).transpose();
    completion.map_err(|_| TableError::BadItem("completion"))
}

/// A mail about a completion, attribute by attribute: a claim counts up where it stands.
pub(super) fn letter_values(letter: &Letter) -> Vec<(&'static str, AttributeValue)> {
    let Letter { kind, state, at, lease, tries, code } = letter;
    let mut values = vec![
        ("letter", s(kind.as_str())),
        ("letter_state", s(state.as_str())),
        ("letter_at", n(at)),
        ("letter_epoch", n(lease.epoch)),
        ("letter_until", n(lease.until)),
        ("letter_tries", n(tries)),
    ];
    values.extend(code.as_ref().map(|code| ("letter_code", s(code))));
    values
}

fn letter(item: &Item) -> Result<Option<Letter>, TableError> {
    let Some(kind) = optional_text(item, "letter") else { return Ok(None) };
    let state = text(item, "letter_state")?;
    Ok(Some(Letter {
        kind: LetterKind::ALL.into_iter().find(|known| known.as_str() == kind).ok_or(TableError::BadItem("letter"))?,
        state: LetterState::ALL
            .into_iter()
            .find(|known| known.as_str() == state)
            .ok_or(TableError::BadItem("letter_state"))?,
        at: number(item, "letter_at")?,
        lease: Lease { epoch: number(item, "letter_epoch")?, until: number(item, "letter_until")? },
        tries: number(item, "letter_tries")?,
        code: optional_text(item, "letter_code"),
    }))
}

fn decided(item: &Item) -> Result<Option<Box<Decided>>, TableError> {
    let decided = optional_text(item, "decided").map(|decided| serde_json::from_str(&decided)).transpose();
    decided.map_err(|_| TableError::BadItem("decided"))
}
