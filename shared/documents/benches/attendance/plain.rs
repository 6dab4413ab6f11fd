//! The plainest reading of a report by serde_json: the members of a row as they stand there, and nothing made of them. It is the
//! measure that the decision is held against.

use serde::Deserialize;
use std::borrow::Cow;

#[derive(Deserialize)]
#[expect(dead_code, reason = "it is only read into")]
pub(crate) struct Page<'a> {
    #[serde(borrow)]
    participants: Vec<Participant<'a>>,
    #[serde(borrow)]
    next_page_token: Cow<'a, str>,
}

/// The members of a row that the reader of reports takes too.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Participant<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    participant_user_id: Cow<'a, str>,
    #[serde(borrow)]
    user_id: Cow<'a, str>,
    #[serde(borrow)]
    participant_uuid: Cow<'a, str>,
    #[serde(borrow)]
    registrant_id: Cow<'a, str>,
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    user_name: Cow<'a, str>,
    #[serde(borrow)]
    user_email: Cow<'a, str>,
    #[serde(borrow)]
    email: Cow<'a, str>,
    #[serde(borrow)]
    join_time: Cow<'a, str>,
    #[serde(borrow)]
    leave_time: Cow<'a, str>,
    duration: u64,
    #[serde(borrow)]
    status: Cow<'a, str>,
    #[serde(borrow)]
    phone_number: Cow<'a, str>,
}

/// Reads all pages.
pub(crate) fn read(bytes: &[u8]) -> Vec<Page<'_>> {
    let pages: Result<Vec<Page<'_>>, _> = serde_json::Deserializer::from_slice(bytes).into_iter().collect();
    pages.expect("the report is sound")
}
