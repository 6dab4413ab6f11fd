//! A row of a page. Zoom's names for one thing differ from report to report; the first that says something counts. Read member by
//! member into the domain's row, without anything in between: a large report has a hundred thousand.

use super::value::{Length, Moment, Text};
use domain::attendance::Row;
use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, Visitor},
};
use std::{borrow::Cow, fmt};

/// The members that are read.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Member {
    Id,
    ParticipantUserId,
    UserId,
    ParticipantUuid,
    RegistrantId,
    Name,
    UserName,
    UserEmail,
    Email,
    JoinTime,
    LeaveTime,
    Duration,
    Status,
    PhoneNumber,
    #[serde(other)]
    Other,
}

/// A row as it is read.
pub(super) struct ReadRow<'a>(pub(super) Row<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for ReadRow<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Reader).map(ReadRow)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Row<'de>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a participant")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Row<'de>, A::Error> {
        let mut row = Row::default();
        // What is taken where the better name says nothing.
        let [mut id, mut email, mut user_name] = [const { Cow::Borrowed("") }; 3];
        let mut seen = 0u32;
        while let Some(member) = members.next_key::<Member>()? {
            let bit = 1 << member as u32;
            if seen & bit != 0 && member != Member::Other {
                return Err(A::Error::custom("a member stands twice in a row"));
            }
            seen |= bit;
            let mut text = || members.next_value::<Text<'de>>().map(|text| text.0);
            match member {
                Member::Id => id = text()?,
                Member::ParticipantUserId => row.account = text()?,
                Member::UserId => row.connection = text()?,
                Member::ParticipantUuid => row.uuid = text()?,
                Member::RegistrantId => row.registrant_id = text()?,
                Member::Name => row.name = text()?,
                Member::UserName => user_name = text()?,
                Member::UserEmail => row.email = text()?,
                Member::Email => email = text()?,
                Member::Status => row.is_waiting = text()? == "in_waiting_room",
                Member::PhoneNumber => row.phone = text()?,
                Member::JoinTime => row.join = members.next_value::<Moment>()?.0,
                Member::LeaveTime => row.leave = members.next_value::<Moment>()?.0,
                Member::Duration => row.seconds = members.next_value::<Length>()?.0,
                Member::Other => drop(members.next_value::<IgnoredAny>()?),
            }
        }
        for (better, other) in [(&mut row.account, id), (&mut row.email, email), (&mut row.name, user_name)] {
            if better.is_empty() {
                *better = other;
            }
        }
        Ok(row)
    }
}
