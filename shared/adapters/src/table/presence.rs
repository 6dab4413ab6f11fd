//! What Zoom tells of a meeting while it runs, each piece an item of its own: they come in any order and twice, and nothing is
//! read to write one. What they come to is put together by `domain::presence` when somebody looks.
//!
//! ```text
//! ZOOM#{number}   EVENT#{starts_at}#{event}   an event that uses this number: ends_at
//!                 PLAN                        rises with each event that is planned here
//!                 SEEN#{at}#{SHA-256}         a sighting, by the digest of the webhook's body (expires_at)
//! ```
//!
//! They stand under the meeting's number, not under an event: two events that follow each other in one meeting both see who
//! stayed, and an event whose time was set right afterwards sees what was told before. What was told of a number that no event
//! used then is kept as evidence only. A sighting costs one write
//! unit, whether it is new or there already; a lookup half a read unit.

use super::{Table, TableError, item::*};
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use domain::{
    event::draft::LONGEST_CONFERENCE_SECONDS,
    id::EventId,
    presence::{MeetingNumber, Sighting, Slot, possible_starts},
};
use std::ops::RangeInclusive;

/// Sightings are for looking while an event runs and in the two weeks after; the evidence is kept elsewhere. Those of the first
/// day of the longest conference have to last as long. Far longer than a webhook can be sent again: Zoom's last try is 85 minutes
/// after the first, and a signature is good for five.
const KEPT_SECONDS: i64 = LONGEST_CONFERENCE_SECONDS + 14 * 86_400;

/// Pages of 1 MB that are read at most, each of some 2,000 sightings: 1,000 people who come and go twenty times.
const MOST_PAGES: usize = 10;

/// The sightings of a meeting.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sightings {
    /// In the order of their moments.
    pub list: Vec<Sighting>,
    /// Whether these are all; if not, they are the first.
    pub is_complete: bool,
}

impl Table {
    /// Saves a sighting by the digest of the body that told it, unless it is there already; tells whether it was new.
    pub async fn save_sighting(
        &self,
        sighting: &Sighting,
        digest: &str,
        evidence: &str,
        now: i64,
    ) -> Result<bool, TableError> {
        let json = serde_json::to_string(sighting).map_err(|_| TableError::BadItem("sighting"))?;
        let item = item([
            ("pk", s(partition(&sighting.meeting))),
            ("sk", s(format!("{}#{digest}", seen(sighting.at)))),
            ("sighting", s(json)),
            ("evidence", s(evidence)),
            ("expires_at", n(now + KEPT_SECONDS)),
        ]);
        let put = self.client.put_item().table_name(&self.name).set_item(Some(item));
        match put.condition_expression("attribute_not_exists(pk)").send().await {
            Ok(_) => Ok(true),
            Err(error) => match error.as_service_error() {
                Some(PutItemError::ConditionalCheckFailedException(_)) => Ok(false),
                _ => Err(TableError::from_sdk(error)),
            },
        }
    }

    /// The sightings of a meeting within these moments: [`Slot::window`] has those that an event's may be.
    pub async fn fetch_sightings(
        &self,
        meeting: &MeetingNumber,
        moments: RangeInclusive<i64>,
    ) -> Result<Sightings, TableError> {
        let (first, last) = (seen((*moments.start()).max(0)), format!("{}#~", seen((*moments.end()).max(0))));
        let mut found = Sightings { list: Vec::new(), is_complete: true };
        let mut from = None;
        for _ in 0..MOST_PAGES {
            let page = self.query_between(meeting, &first, &last).set_exclusive_start_key(from).send().await;
            let page = page.map_err(TableError::from_sdk)?;
            for item in page.items() {
                let sighting = serde_json::from_str(text(item, "sighting")?);
                found.list.push(sighting.map_err(|_| TableError::BadItem("sighting"))?);
            }
            from = page.last_evaluated_key;
            if from.is_none() {
                return Ok(found);
            }
        }
        found.is_complete = false;
        Ok(found)
    }

    /// The events that something in this meeting within these moments may be about: [`Slot::nearest`] says which. One page
    /// holds thousands; there are a few.
    pub async fn fetch_events_of_meeting(
        &self,
        meeting: &MeetingNumber,
        moments: RangeInclusive<i64>,
    ) -> Result<Vec<Slot>, TableError> {
        self.fetch_slots(meeting, moments, false).await
    }

    /// The same as it stands at this moment, for whoever plans another event there.
    pub(super) async fn fetch_slots_now(
        &self,
        meeting: &MeetingNumber,
        moments: RangeInclusive<i64>,
    ) -> Result<Vec<Slot>, TableError> {
        self.fetch_slots(meeting, moments, true).await
    }

    async fn fetch_slots(
        &self,
        meeting: &MeetingNumber,
        moments: RangeInclusive<i64>,
        is_now: bool,
    ) -> Result<Vec<Slot>, TableError> {
        let (from, until) = (*possible_starts(*moments.start()).start(), *possible_starts(*moments.end()).end());
        let (first, last) = (starting(from.max(0)), format!("{}#~", starting(until.max(0))));
        let query = self.query_between(meeting, &first, &last).consistent_read(is_now);
        let page = query.send().await.map_err(TableError::from_sdk)?;
        page.items().iter().map(slot).collect()
    }

    fn query_between(
        &self,
        meeting: &MeetingNumber,
        first: &str,
        last: &str,
    ) -> aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder {
        self.client
            .query()
            .table_name(&self.name)
            .key_condition_expression("pk = :pk AND sk BETWEEN :first AND :last")
            .expression_attribute_values(":pk", s(partition(meeting)))
            .expression_attribute_values(":first", s(first))
            .expression_attribute_values(":last", s(last))
    }
}

/// The item that leads from a meeting's number to an event.
pub(super) fn event_of_meeting_item(meeting: &MeetingNumber, slot: &Slot) -> Item {
    item([
        ("pk", s(partition(meeting))),
        ("sk", s(format!("{}#{}", starting(slot.starts_at), slot.event))),
        ("ends_at", n(slot.ends_at)),
    ])
}

fn slot(item: &Item) -> Result<Slot, TableError> {
    let place = text(item, "sk")?.strip_prefix("EVENT#").and_then(|rest| rest.split_once('#'));
    let (starts_at, event) = place.ok_or(TableError::BadItem("sk"))?;
    Ok(Slot {
        starts_at: starts_at.parse().map_err(|_| TableError::BadItem("sk"))?,
        ends_at: number(item, "ends_at")?,
        event: EventId::parse(event).map_err(|_| TableError::BadItem("sk"))?,
    })
}

pub(super) fn partition(meeting: &MeetingNumber) -> String {
    format!("ZOOM#{meeting}")
}

fn starting(at: i64) -> String {
    format!("EVENT#{}", sortable(at))
}

fn seen(at: i64) -> String {
    format!("SEEN#{}", sortable(at))
}
