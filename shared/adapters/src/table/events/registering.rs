//! Registering, cancelling and promoting: read what stands, let the domain decide, write all of it or nothing, and begin anew if
//! somebody else was faster. The mail that tells of it is part of the write.

use super::{
    super::{
        Table, TableError, Transacted,
        accounts::{self, account_key},
        item::*,
        transact::key,
    },
    expected::expected_key,
    partition,
    people::{participation, person_item, person_key},
    seats::{has_list, seats as read_seats, seats_key},
};
use domain::{
    email::EmailAddress,
    event::Event,
    id::{AccountId, EventId},
    mail::Mail,
    name::PersonName,
    registration::{
        Cancelling, Confirming, Participation, ParticipationState, Registering, RegistrationRefusal, ShownLicence,
        plan_cancellation, plan_confirmation, plan_promotion, plan_registration,
    },
};
use futures_util::future::try_join;
use std::time::Duration;

/// How often somebody tries whom others forestall. The rests between sum up to about two seconds and a half, in which a seat's
/// item takes some hundred moves.
const MOST_TRIES: u32 = 10;

/// Somebody who registers, as their account has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The account.
    pub account: AccountId,
    /// The name.
    pub name: PersonName,
    /// The address.
    pub email: EmailAddress,
    /// The licences, verified or not.
    pub licences: Vec<ShownLicence>,
}

impl Table {
    /// Registers a person for an event as it was read: a seat, or a place in the waiting list. `mail` makes the mail that tells of
    /// the participation as it will be; its id has to come from event, account and version. Nobody is registered whose account is
    /// closed, also if it is closed at this moment.
    pub async fn register(
        &self,
        event: &Event,
        person: &Person,
        mail: impl Fn(&Participation) -> Option<Mail>,
        now: i64,
    ) -> Result<Result<Participation, RegistrationRefusal>, TableError> {
        let mut tries = Tries::default();
        loop {
            let (seats, existing) = try_join(
                self.fetch_item(seats_key(&event.id), true),
                self.fetch_participation(&event.id, &person.account),
            )
            .await?;
            let Some(seats) = seats else { return Ok(Err(RegistrationRefusal::NotPublished)) };
            // Most events have no list: nobody is looked up on it then, and the seats say in the end that there still is none.
            let (seats, has_list) = (read_seats(&seats)?, has_list(&seats));
            if has_list && self.fetch_expected(&event.id, &person.email).await?.is_some() {
                // Whoever is put down has a seat already: registering is confirming.
                match self.confirm_registration(event, person, &mail, now).await? {
                    Err(RegistrationRefusal::NotExpected) => {}
                    confirmed => return Ok(confirmed.map(|(_, participation)| participation)),
                }
                tries.rest().await?;
                continue;
            }
            let plan = match plan_registration(event, &seats, existing.as_ref(), now) {
                Ok(plan) => plan,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let was = existing.as_ref().map_or(0, |existing| existing.version);
            let mut participation = registered(event, person, plan, was + 1, now);
            // Who comes back keeps a link that still works. One that doesn't, or is into another meeting, is the worker's to take back.
            participation.zoom = existing.and_then(|existing| existing.zoom);
            let mut writes = vec![
                self.must_be_open(&person.account)?,
                self.put_version(person_item(&participation, event.when.starts_at)?, was)?,
                self.seats_register(&event.id, plan, has_list, now)?,
            ];
            if has_list {
                writes.push(self.must_not_be_there(expected_key(&event.id, &person.email))?);
            }
            writes.extend(mail(&participation).map(|mail| self.mail_write(&mail)).transpose()?);
            if let Registering::Wait { place } = plan {
                let mut waiting = waiting_key(&event.id, place);
                waiting.insert("account".to_owned(), s(person.account.as_str()));
                writes.push(self.put_new(waiting)?);
            }
            match self.transact(writes).await {
                Ok(Transacted::Done) => return Ok(Ok(participation)),
                Ok(Transacted::Refused(places)) if places.contains(&0) => {
                    return Ok(Err(RegistrationRefusal::AccountClosed));
                }
                moved => tries.after(moved)?,
            }
            if self.is_closed(&event.id).await? {
                return Ok(Err(RegistrationRefusal::Cancelled));
            }
            tries.rest().await?;
        }
    }

    /// Cancels a person's registration. Whoever calls it promotes afterwards; if that is lost, the worker does.
    pub async fn cancel_registration(
        &self,
        event: &Event,
        account: &AccountId,
        mail: impl Fn(&Participation) -> Option<Mail>,
        now: i64,
    ) -> Result<Result<Participation, RegistrationRefusal>, TableError> {
        let mut tries = Tries::default();
        loop {
            let Some(existing) = self.fetch_participation(&event.id, account).await? else {
                return Ok(Err(RegistrationRefusal::NotRegistered));
            };
            let plan = match plan_cancellation(event, &existing, now) {
                Ok(plan) => plan,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let cancelled = Participation {
                state: ParticipationState::Cancelled,
                version: existing.version + 1,
                ..existing.clone()
            };
            let mut writes = vec![
                self.put_version(person_item(&cancelled, event.when.starts_at)?, existing.version)?,
                self.seats_cancel(&event.id, plan, now)?,
            ];
            writes.extend(mail(&cancelled).map(|mail| self.mail_write(&mail)).transpose()?);
            if let (Cancelling::Place, Some(place)) = (plan, existing.state.place()) {
                writes.push(self.delete_any(waiting_key(&event.id, place))?);
            }
            match self.transact(writes).await {
                Ok(Transacted::Done) => return Ok(Ok(cancelled)),
                moved => tries.after(moved)?,
            }
            tries.rest().await?;
        }
    }

    /// Gives a free seat to whoever waits first, if there are both; who got it. Whoever calls it asks again until nobody did.
    pub async fn promote_first(
        &self,
        event: &Event,
        mail: impl Fn(&Participation) -> Option<Mail>,
        now: i64,
    ) -> Result<Option<Participation>, TableError> {
        let mut tries = Tries::default();
        loop {
            let Some(seats) = self.fetch_seats(&event.id).await? else { return Ok(None) };
            if seats.waiting == 0 {
                return Ok(None);
            }
            let Some((first, address)) = self.fetch_first_waiting(&event.id).await? else { return Ok(None) };
            let Some(plan) = plan_promotion(event, &seats, &[first], now) else { return Ok(None) };
            let before = plan.participation;
            let Some(address) = address else {
                // It was registered while its account was closed: nobody comes.
                self.leave_event(&event.id, Some(event), &before.account, now).await?;
                tries.rest().await?;
                continue;
            };
            let Some(place) = before.state.place() else { return Ok(None) };
            let promoted =
                Participation { state: ParticipationState::Registered, version: before.version + 1, ..before.clone() };
            let mut writes = vec![
                self.put_version(person_item(&promoted, event.when.starts_at)?, before.version)?,
                self.seats_promote(&event.id, now)?,
                self.delete_any(waiting_key(&event.id, place))?,
            ];
            // The mail goes to the address of now; what the provider sees keeps the one of the registration.
            let reached = Participation { email: Some(address), ..promoted.clone() };
            writes.extend(mail(&reached).map(|mail| self.mail_write(&mail)).transpose()?);
            match self.transact(writes).await {
                Ok(Transacted::Done) => return Ok(Some(promoted)),
                moved => tries.after(moved)?,
            }
            if self.is_closed(&event.id).await? {
                return Ok(None);
            }
            tries.rest().await?;
        }
    }

    /// Confirms what a person was put down for: the entry of the list goes, the participation comes, with the seat that was kept.
    /// Whoever had a seat by themselves keeps that one, stands in the answer as before, and gets no mail.
    pub async fn confirm_registration(
        &self,
        event: &Event,
        person: &Person,
        mail: impl Fn(&Participation) -> Option<Mail>,
        now: i64,
    ) -> Result<Result<(Confirming, Participation), RegistrationRefusal>, TableError> {
        let mut tries = Tries::default();
        loop {
            let (existing, expected) = try_join(
                self.fetch_participation(&event.id, &person.account),
                self.fetch_expected(&event.id, &person.email),
            )
            .await?;
            let plan = match plan_confirmation(event, expected.as_ref(), existing.as_ref(), now) {
                Ok(plan) => plan,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let Some(expected) = expected else { return Ok(Err(RegistrationRefusal::NotExpected)) };
            let mut writes = vec![
                self.must_be_open(&person.account)?,
                self.delete_version(expected_key(&event.id, &person.email), expected.version)?,
                self.seats_confirm(&event.id, plan, now)?,
            ];
            let confirmed = match (plan, existing) {
                (Confirming::HasOne, Some(existing)) => {
                    // The seat that is relied on must not be given back at this moment.
                    writes.push(self.must_be_version(person_key(&event.id, &person.account), existing.version)?);
                    existing
                }
                (_, existing) => {
                    let was = existing.as_ref().map_or(0, |existing| existing.version);
                    let zoom = existing.and_then(|existing| existing.zoom);
                    let mut confirmed = registered(event, person, Registering::Seat, was + 1, now);
                    confirmed.zoom = zoom;
                    writes.push(self.put_version(person_item(&confirmed, event.when.starts_at)?, was)?);
                    writes.extend(mail(&confirmed).map(|mail| self.mail_write(&mail)).transpose()?);
                    confirmed
                }
            };
            if let Confirming::InsteadOfWaiting { place } = plan {
                writes.push(self.delete_any(waiting_key(&event.id, place))?);
            }
            match self.transact(writes).await {
                Ok(Transacted::Done) => return Ok(Ok((plan, confirmed))),
                Ok(Transacted::Refused(places)) if places.contains(&0) => {
                    return Ok(Err(RegistrationRefusal::AccountClosed));
                }
                moved => tries.after(moved)?,
            }
            if self.is_closed(&event.id).await? {
                return Ok(Err(RegistrationRefusal::Cancelled));
            }
            tries.rest().await?;
        }
    }

    async fn is_closed(&self, event: &EventId) -> Result<bool, TableError> {
        let seats = self.fetch_item(seats_key(event), true).await?;
        Ok(seats.is_none_or(|seats| seats.contains_key("closed_at")))
    }

    /// Whoever waits first, and the address of their account at this moment; `None` if it is closed.
    async fn fetch_first_waiting(
        &self,
        event: &EventId,
    ) -> Result<Option<(Participation, Option<EmailAddress>)>, TableError> {
        let answer = self
            .client
            .query()
            .table_name(&self.name)
            .consistent_read(true)
            .key_condition_expression("pk = :pk AND begins_with(sk, :waiting)")
            .expression_attribute_values(":pk", s(partition(event)))
            .expression_attribute_values(":waiting", s("WAITING#"))
            .limit(1)
            .send()
            .await
            .map_err(TableError::from_sdk)?;
        let Some(first) = answer.items().first() else { return Ok(None) };
        let account = AccountId::parse(text(first, "account")?).map_err(|_| TableError::BadItem("account"))?;
        let (mut person, mut address) = (None, None);
        for item in self.fetch_now(vec![person_key(event, &account), account_key(&account)]).await? {
            match text(&item, "sk")? {
                "ACCOUNT" => address = Some(accounts::address(&item)?.1),
                _ => person = Some(participation(&item)?),
            }
        }
        Ok(person.map(|person| {
            let address = address.unwrap_or_else(|| person.email.clone());
            (person, address)
        }))
    }
}

fn registered(event: &Event, person: &Person, plan: Registering, version: u64, now: i64) -> Participation {
    Participation {
        event: event.id.clone(),
        account: person.account.clone(),
        state: match plan {
            Registering::Seat => ParticipationState::Registered,
            Registering::Wait { place } => ParticipationState::Waiting { place },
        },
        name: person.name.clone(),
        email: Some(person.email.clone()),
        licences: person.licences.clone(),
        registered_at: now,
        zoom: None,
        clicked: None,
        told_version: event.version,
        decided: None,
        completion: None,
        letter: None,
        version,
    }
}

pub(super) fn waiting_key(event: &EventId, place: u64) -> Item {
    key(partition(event), format!("WAITING#{place:010}"))
}

/// Tries of one who may be forestalled.
#[derive(Default)]
pub(super) struct Tries(u32);

impl Tries {
    /// What came of a try that wasn't done: somebody was faster, or is at it at this moment; anything else ends it.
    pub(super) fn after(&mut self, answer: Result<Transacted, TableError>) -> Result<(), TableError> {
        match answer {
            Ok(_) | Err(TableError::Throttled) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Rests a little longer each time; gives up in the end.
    pub(super) async fn rest(&mut self) -> Result<(), TableError> {
        self.0 += 1;
        if self.0 >= MOST_TRIES {
            return Err(TableError::Throttled);
        }
        tokio::time::sleep(Duration::from_millis(5 << self.0.min(8))).await;
        Ok(())
    }
}
