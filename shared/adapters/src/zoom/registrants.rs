//! Registrants: each with a link that is theirs alone. Zoom knows them by their address, so that adding one twice is once.

use super::{Zoom, ask::Ask, error::ZoomError, text::Text, uuid::encode};
use domain::zoom::ZoomKind;
use http::Method;
use serde::Deserialize;
use serde_json::json;
use std::fmt;

/// Zoom takes names up to this length.
const LONGEST_NAME: usize = 64;
/// A link with its token has some hundred letters; browsers take some thousands.
const LONGEST_LINK: usize = 2_000;

/// Somebody to register. `Debug` shows nobody.
#[derive(Clone, Copy)]
pub struct NewRegistrant<'a> {
    /// Given names.
    pub first: &'a str,
    /// Family names; Zoom takes none.
    pub last: &'a str,
    /// The address.
    pub email: &'a str,
}

impl fmt::Debug for NewRegistrant<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("NewRegistrant(…)")
    }
}

/// Somebody who is registered. `Debug` shows neither link nor PIN: whoever has them is the person, for Zoom.
#[derive(Clone, PartialEq, Eq)]
pub struct Registrant {
    /// What Zoom's report names them by.
    pub id: String,
    /// Their own link.
    pub join_url: String,
    /// What they enter when they dial in.
    pub pin: Option<String>,
}

impl fmt::Debug for Registrant {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Registrant").field("id", &self.id).finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Written {
    registrant_id: Option<Text>,
    join_url: Option<Text>,
    participant_pin_code: Option<Text>,
}

impl Zoom {
    /// Registers somebody; who is registered already gets the same id again.
    pub async fn add_registrant(
        &self,
        kind: ZoomKind,
        number: &str,
        person: &NewRegistrant<'_>,
    ) -> Result<Registrant, ZoomError> {
        let path = format!("/{}/{}/registrants", kind.plural(), encode(number));
        let body = json!({ "email": person.email, "first_name": cut(person.first), "last_name": cut(person.last) });
        let written: Written = self.ask_for(&Ask::change(Method::POST, path, &body)).await?;
        let text = |field: &Option<Text>| field.as_ref().and_then(Text::text).map(str::to_owned);
        let join_url = text(&written.join_url).filter(|link| self.is_a_link_to_zoom(link));
        Ok(Registrant {
            id: text(&written.registrant_id).ok_or(ZoomError::Unreadable)?,
            join_url: join_url.ok_or(ZoomError::Unreadable)?,
            pin: text(&written.participant_pin_code),
        })
    }

    /// Takes a registrant's link back. One that isn't there any more is taken back already.
    pub async fn cancel_registrant(
        &self,
        kind: ZoomKind,
        number: &str,
        id: &str,
        email: &str,
    ) -> Result<(), ZoomError> {
        let path = format!("/{}/{}/registrants/status", kind.plural(), encode(number));
        let body = json!({ "action": "cancel", "registrants": [{ "id": id, "email": email }] });
        match self.ask(&Ask::change(Method::PUT, path, &body)).await {
            Ok(_) | Err(ZoomError::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// A person is sent there: to Zoom and nowhere else.
    fn is_a_link_to_zoom(&self, link: &str) -> bool {
        link.len() <= LONGEST_LINK
            && link.bytes().all(|byte| byte.is_ascii_graphic())
            && self.inner.place.may_lead_to(link)
    }
}

fn cut(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect()
}
