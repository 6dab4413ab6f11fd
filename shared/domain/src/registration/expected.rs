//! People whom a provider has put down for an event from a list: each has a seat, and is asked to confirm. Nobody is registered
//! over their head: without their own word there is no participation, no link and no credit. Whether the address has an account
//! here is never asked, so that a list can't find it out.

use super::{Participation, ParticipationState, RegistrationRefusal, Reminder, reminder_time};
use crate::{
    email::EmailAddress, event::Event, id::EventId, import::ImportId, licence::LicenceNumber, name::PersonName,
};

/// How long after an event's end people may be put down for it, and confirm, in seconds: a month. Reports and lists of a meeting
/// come when it is over, and are gone through at the month's end; credit needs proven attendance anyway.
pub const IMPORT_AFTER_SECONDS: i64 = 30 * 86_400;
/// How long after an event's end the addresses of people are kept who never confirmed, in seconds: as long as they may, and as
/// long again for questions why they weren't credited.
pub const KEPT_AFTER_SECONDS: i64 = IMPORT_AFTER_SECONDS + 30 * 86_400;

/// Somebody who is put down for an event. `Debug` shows no person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// The event.
    pub event: EventId,
    /// The address: what the person is known by.
    pub email: EmailAddress,
    /// The name, as the list has it. The certificate's is the account's own.
    pub name: PersonName,
    /// The licence number, as the list has it, if it has one.
    pub licence: Option<LicenceNumber>,
    /// Since when, in seconds since 1970.
    pub put_down_at: i64,
    /// What put the person down, or changed the entry last.
    pub by: PutBy,
    /// The event's version that the person was last told of.
    pub told_version: u64,
    /// Rises with each change, from 1; 0 before it is saved.
    pub version: u64,
}

/// Somebody who stood on an event's list and doesn't any more. Neither name nor address is kept of them, only a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OffList {
    /// Whose word it was.
    pub by: OffBy,
    /// When, in seconds since 1970.
    pub at: i64,
}

/// Whose word took somebody off a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OffBy {
    /// Their own: they aren't coming, and no later list puts them down again.
    Themselves,
    /// Their provider's: a later list may put them down again.
    Provider,
}

impl OffBy {
    /// Both.
    pub const ALL: [OffBy; 2] = [OffBy::Themselves, OffBy::Provider];

    /// Its name in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            OffBy::Themselves => "declined",
            OffBy::Provider => "taken_off",
        }
    }
}

/// A row of a list: the same row again is the same import run a second time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutBy {
    /// The import.
    pub import: ImportId,
    /// Its row.
    pub row: u32,
    /// The fields that it changed of an entry that stood there before; none if it made the entry.
    pub changed: Vec<String>,
}

impl PutBy {
    /// Whether it is this row.
    pub fn is_row(&self, import: &ImportId, row: u32) -> bool {
        self.import == *import && self.row == row
    }
}

/// What a confirmation comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirming {
    /// The seat that was kept is the person's own.
    Seat,
    /// The person waited for a seat, and leaves the list for the one that was kept.
    InsteadOfWaiting {
        /// The place in the list.
        place: u64,
    },
    /// The person has a seat already, so that the one that was kept is free.
    HasOne,
}

/// Decides what a confirmation comes to, beside what the person has registered without the list.
pub fn plan_confirmation(
    event: &Event,
    expected: Option<&Expected>,
    existing: Option<&Participation>,
    now: i64,
) -> Result<Confirming, RegistrationRefusal> {
    takes_lists(event, now)?;
    if expected.is_none() {
        return Err(RegistrationRefusal::NotExpected);
    }
    Ok(match existing.map(|existing| existing.state) {
        Some(ParticipationState::Registered) => Confirming::HasOne,
        Some(ParticipationState::Waiting { place }) => Confirming::InsteadOfWaiting { place },
        Some(ParticipationState::Cancelled) | None => Confirming::Seat,
    })
}

/// Whether people can be put down for an event, and confirm, at this moment; why not.
pub(super) fn takes_lists(event: &Event, now: i64) -> Result<(), RegistrationRefusal> {
    if event.is_cancelled() {
        Err(RegistrationRefusal::Cancelled)
    } else if !event.is_published() {
        Err(RegistrationRefusal::NotPublished)
    } else if now >= event.when.ends_at + IMPORT_AFTER_SECONDS {
        Err(RegistrationRefusal::Ended)
    } else {
        Ok(())
    }
}

/// Whether who is put down for an event can still confirm.
pub fn awaits_confirmation(event: &Event, now: i64) -> bool {
    takes_lists(event, now).is_ok()
}

/// Whether somebody is asked to confirm once more at this moment: a day before, unless they were asked within that day. An hour
/// before it would be too late to sign up.
pub fn asks_again(event: &Event, expected: &Expected, now: i64) -> bool {
    reminder_time(event, now) == Some(Reminder::Day)
        && expected.put_down_at < event.when.starts_at - Reminder::Day.seconds_before()
}
