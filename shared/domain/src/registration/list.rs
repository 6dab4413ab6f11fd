//! A list of people for an event: its rows as they are read, and what a sound one comes to beside who is there already. A row
//! never takes a seat twice, passes those who wait, or tells more of a person than the event's page of people does.

use super::{
    ParticipationState, RegistrationRefusal, Seats,
    expected::{Expected, OffBy, OffList, PutBy, takes_lists},
    plan::may_change,
};
use crate::{
    email::EmailAddress,
    event::Event,
    id::{self, EventId},
    import::ImportId,
    licence::LicenceNumber,
    name::PersonName,
    register::{
        reason as cells,
        row::{Reader, email, licence_number, name},
    },
    roster::{
        cell::{Cell, SheetRow},
        heading::{Column, Headings},
        outcome::{Note, ReasonText, RecordTexts},
        record::KeyDigest,
    },
};

/// People of one event, registered, waiting and put down together: as many as its page of people reads.
pub const MOST_PEOPLE: u32 = 10_000;
/// People whom one provider may have asked by mail on one day (UTC): the lists of two events as large as they may be. Their
/// addresses are a file's word only, and the mails go out in the organisation's name.
pub const MOST_ASKED_A_DAY: u32 = 20_000;
/// Whoever was taken off a list and is put down again is asked by a new mail only after so many seconds: a week.
pub const ASKED_AGAIN_AFTER_SECONDS: i64 = 7 * 86_400;

/// A row as far as it tells by itself. `Debug` shows no person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// The sheet's own row number.
    pub number: u32,
    /// The values as understood.
    pub record: RecordTexts,
    /// The person, if everything that is needed could be read.
    pub listed: Option<Listed>,
    /// Every reason why a cell couldn't be read, in the columns' order.
    pub reasons: Vec<ListReason>,
}

/// Somebody as a list has them. `Debug` shows no person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The name.
    pub name: PersonName,
    /// The address.
    pub email: EmailAddress,
    /// The licence number, if there is one.
    pub licence: Option<LicenceNumber>,
}

impl PersonRow {
    /// Reads the row's cells.
    pub fn read(row: &SheetRow, headings: &Headings) -> Self {
        let mut reader = Reader::of(row, headings);
        let first = reader.needed(Column::FirstName, name, Clone::clone);
        let last = reader.needed(Column::LastName, name, Clone::clone);
        let address = reader.needed(Column::Email, email, |address| address.shown().to_owned());
        let licence = reader.optional(Column::LicenseNumber, licence_number, |number| number.shown().to_owned());
        let listed = match (first, last, address) {
            (Some(first), Some(last), Some(email)) => Some(Listed { name: PersonName { first, last }, email, licence }),
            _ => None,
        };
        let turned_down = (!is_approved(headings.cell(row, Column::ApprovalStatus))).then_some(ListReason::NotApproved);
        Self {
            number: row.number,
            record: RecordTexts::of(reader.values),
            listed,
            reasons: reader.reasons.into_iter().map(ListReason::of_cell).chain(turned_down).collect(),
        }
    }
}

impl Listed {
    /// What the person takes in a file of this event: no later row may be about the same address.
    pub fn digest(&self, event: &EventId) -> KeyDigest {
        digest_of(event, &self.email)
    }
}

/// An address of an event's list, as it is known without being kept.
pub fn digest_of(event: &EventId, email: &EmailAddress) -> KeyDigest {
    KeyDigest(id::digest(&["person", event.as_str(), email.compared()]))
}

/// Whether Zoom's Approval Status lets somebody in. A list without that column, or with nothing in it, says nothing against it.
fn is_approved(cell: &Cell) -> bool {
    match cell {
        Cell::Empty => true,
        Cell::Text(text) => text.trim().is_empty() || text.trim().eq_ignore_ascii_case("approved"),
        _ => false,
    }
}

/// Why somebody can't be put down. A row has all of its reasons, not only the first. `Debug` shows no address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListReason {
    /// A cell can't be read.
    Cell(cells::Reason),
    /// The e-mail is no address that mail can be sent to.
    UnreadableEmail,
    /// An earlier row of the file is about the same address.
    DuplicateInFile {
        /// That row's number.
        first_row: u32,
    },
    /// Zoom's report says that the person was turned down, has cancelled, or isn't approved yet.
    NotApproved,
    /// All seats are taken, or people wait for them.
    NoSeat,
    /// The event has as many people as one may have.
    TooManyPeople,
    /// The event's provider has had as many people asked on this day as one may.
    TooManyToday,
    /// The event takes no lists, or no longer.
    Closed(RegistrationRefusal),
}

impl ListReason {
    fn of_cell(reason: cells::Reason) -> Self {
        match reason {
            cells::Reason::UnreadableEmail => ListReason::UnreadableEmail,
            reason => ListReason::Cell(reason),
        }
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            ListReason::Cell(reason) => reason.code(),
            ListReason::UnreadableEmail => "unreadable_email",
            ListReason::DuplicateInFile { .. } => "duplicate_in_file",
            ListReason::NotApproved => "not_approved",
            ListReason::NoSeat => "no_seat",
            ListReason::TooManyPeople => "too_many_people",
            ListReason::TooManyToday => "too_many_today",
            ListReason::Closed(refusal) => refusal.code(),
        }
    }

    /// The cell it is about.
    pub fn column(&self) -> Column {
        match self {
            ListReason::Cell(reason) => reason.column(),
            ListReason::NotApproved => Column::ApprovalStatus,
            ListReason::UnreadableEmail
            | ListReason::DuplicateInFile { .. }
            | ListReason::NoSeat
            | ListReason::TooManyPeople
            | ListReason::TooManyToday
            | ListReason::Closed(_) => Column::Email,
        }
    }

    /// The sentence: what is wrong in this row and what to do about it.
    pub fn text(&self) -> String {
        match self {
            ListReason::Cell(reason) => reason.text(),
            ListReason::UnreadableEmail => {
                "Email isn't an address that mail can be sent to. Write one address, as in name@example.org: the person is asked there to confirm.".to_owned()
            }
            ListReason::DuplicateInFile { first_row } => format!(
                "Row {first_row} has the same Email already, and each person has an address of their own here. Remove this row, or correct what is wrong in it."
            ),
            ListReason::NotApproved => {
                "Approval Status isn't approved: at Zoom this person was turned down, has cancelled or still waits for your approval, so they weren't put down. If they may come, write approved here and upload the file again.".to_owned()
            }
            ListReason::NoSeat => {
                "No seat is free, or people wait for one, and nobody passes them. Raise the number of seats on the event's page Details, or take somebody off the list, and upload the file again.".to_owned()
            }
            ListReason::TooManyPeople => format!(
                "The event has {MOST_PEOPLE} people, which is the most. Copy the event, and put the others down for the copy."
            ),
            ListReason::TooManyToday => format!(
                "{MOST_ASKED_A_DAY} people of your lists were asked by mail today, which is the most of one day. Upload the file again tomorrow: only what failed is done then."
            ),
            ListReason::Closed(RegistrationRefusal::Cancelled) => {
                "The event is cancelled, so nobody can be put down for it.".to_owned()
            }
            ListReason::Closed(RegistrationRefusal::NotPublished) => {
                "The event isn't published, so nobody can be put down for it. Publish it and upload the file again.".to_owned()
            }
            ListReason::Closed(_) => {
                "The event ended more than 30 days ago, so nobody can be put down for it any more. Enter who attended by Import CE Details.".to_owned()
            }
        }
    }

    /// The reason with its words.
    pub fn told(&self) -> ReasonText {
        ReasonText { code: self.code().to_owned(), text: self.text(), column: self.column().key().to_owned() }
    }
}

/// Who is known to an event by an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// Somebody who has registered, by themselves or since they confirmed.
    Registered,
    /// Somebody who waits for a seat.
    Waiting,
    /// Somebody who is put down.
    Expected(Box<Expected>),
    /// Somebody who was put down, and left the list.
    Off(OffList),
}

impl Known {
    /// Whom the event knows by a participation in this state; `None` if they cancelled.
    pub fn as_state(state: ParticipationState) -> Option<Self> {
        match state {
            ParticipationState::Registered => Some(Known::Registered),
            ParticipationState::Waiting { .. } => Some(Known::Waiting),
            ParticipationState::Cancelled => None,
        }
    }
}

/// What a sound row comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PuttingDown {
    /// The person is put down: a seat, and a mail that asks. `done` if this very row has done it before.
    New {
        /// It is done.
        done: bool,
    },
    /// These fields of the entry are other ones. `done` as above.
    Changed {
        /// The headings of the fields.
        fields: Vec<String>,
        /// It is done.
        done: bool,
    },
    /// The person is put down with the same already.
    PutDownBefore,
    /// The person has registered.
    Registered,
    /// The person waits for a seat.
    Waiting,
    /// The person was put down before, and has said that they aren't coming.
    Declined,
}

impl PuttingDown {
    /// The notes that go with it.
    pub fn notes(&self) -> Vec<Note> {
        match self {
            PuttingDown::New { .. } => Vec::new(),
            PuttingDown::Changed { fields, .. } => {
                vec![Note::Updated { fields: fields.clone() }]
            }
            PuttingDown::PutDownBefore => vec![Note::PutDownBefore],
            PuttingDown::Registered => vec![Note::RegisteredAlready],
            PuttingDown::Waiting => vec![Note::WaitingAlready],
            PuttingDown::Declined => vec![Note::Declined],
        }
    }
}

/// What a seat for somebody on a list depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeatRule {
    /// One is free, and nobody waits for it.
    FreeAndUnawaited,
    /// One is free. Nobody waits any more for seats that don't change hands, though they still stand in the waiting list.
    Free,
    /// Nothing: the event is over, and its seats keep nobody out.
    None,
}

impl SeatRule {
    /// The rule for an event at this moment.
    pub fn of(event: &Event, now: i64) -> Self {
        if event.has_ended(now) {
            SeatRule::None
        } else if may_change(event, now).is_err() {
            SeatRule::Free
        } else {
            SeatRule::FreeAndUnawaited
        }
    }

    fn allows(self, seats: &Seats) -> bool {
        match self {
            SeatRule::FreeAndUnawaited => seats.waiting == 0 && seats.has_free(),
            SeatRule::Free => seats.has_free(),
            SeatRule::None => true,
        }
    }
}

/// Decides what somebody on a list comes to, beside whom the event knows by this address. Whoever cancelled, or was taken off by
/// their provider, may be put down again: they are asked, as anybody is. Whoever said that they aren't coming isn't.
pub fn plan_putting_down(
    event: &Event,
    seats: &Seats,
    known: Option<&Known>,
    listed: &Listed,
    (import, row): (&ImportId, u32),
    now: i64,
) -> Result<PuttingDown, ListReason> {
    takes_lists(event, now).map_err(ListReason::Closed)?;
    match known {
        Some(Known::Registered) => Ok(PuttingDown::Registered),
        Some(Known::Waiting) => Ok(PuttingDown::Waiting),
        Some(Known::Expected(before)) => Ok(beside(before, listed, import, row)),
        Some(Known::Off(OffList { by: OffBy::Themselves, .. })) => Ok(PuttingDown::Declined),
        Some(Known::Off(OffList { by: OffBy::Provider, .. })) | None => {
            if seats.taken.saturating_add(seats.waiting) >= MOST_PEOPLE {
                Err(ListReason::TooManyPeople)
            } else if SeatRule::of(event, now).allows(seats) {
                Ok(PuttingDown::New { done: false })
            } else {
                Err(ListReason::NoSeat)
            }
        }
    }
}

/// Whether somebody who is put down anew is asked by a mail: not again in the week after they were taken off.
pub fn is_asked(known: Option<&Known>, now: i64) -> bool {
    !matches!(known, Some(Known::Off(off)) if now < off.at + ASKED_AGAIN_AFTER_SECONDS)
}

fn beside(before: &Expected, listed: &Listed, import: &ImportId, row: u32) -> PuttingDown {
    let changed = [
        ("First Name", before.name.first != listed.name.first),
        ("Last Name", before.name.last != listed.name.last),
        // A list without numbers takes none away.
        ("License Number", listed.licence.is_some() && before.licence != listed.licence),
    ];
    let fields: Vec<_> = changed.into_iter().filter(|(_, is)| *is).map(|(field, _)| field.to_owned()).collect();
    match (fields.is_empty(), before.by.is_row(import, row)) {
        (false, _) => PuttingDown::Changed { fields, done: false },
        (true, true) if before.by.changed.is_empty() => PuttingDown::New { done: true },
        (true, true) => PuttingDown::Changed { fields: before.by.changed.clone(), done: true },
        (true, false) => PuttingDown::PutDownBefore,
    }
}

/// The entry of somebody who is put down by a row.
pub fn put_down(event: &Event, listed: &Listed, (import, row): (&ImportId, u32), now: i64) -> Expected {
    Expected {
        event: event.id.clone(),
        email: listed.email.clone(),
        name: listed.name.clone(),
        licence: listed.licence.clone(),
        put_down_at: now,
        by: PutBy { import: import.clone(), row, changed: Vec::new() },
        told_version: event.version,
        version: 1,
    }
}

/// The entry as a row of a later list changes it, in these fields.
pub fn changed(before: &Expected, listed: &Listed, fields: &[String], (import, row): (&ImportId, u32)) -> Expected {
    Expected {
        name: listed.name.clone(),
        licence: listed.licence.clone().or_else(|| before.licence.clone()),
        by: PutBy { import: import.clone(), row, changed: fields.to_vec() },
        version: before.version + 1,
        ..before.clone()
    }
}
