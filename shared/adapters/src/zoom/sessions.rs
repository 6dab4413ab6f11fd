//! A meeting or webinar as it is set up, in the domain's words.

use super::{Zoom, ask::Ask, error::ZoomError, text::Text, uuid::encode};
use domain::zoom::{Approval, Recurrence, RegistersFor, Slot, ZoomKind, ZoomSession};
use serde::Deserialize;

/// Zoom plans at most 60 dates of a series.
const MOST_DATES: usize = 100;

#[derive(Deserialize)]
struct Written {
    #[serde(rename = "type")]
    kind: Option<Text>,
    start_time: Option<Text>,
    duration: Option<Text>,
    #[serde(default)]
    occurrences: Vec<Occurrence>,
    #[serde(default)]
    settings: Settings,
}

#[derive(Deserialize)]
struct Occurrence {
    start_time: Option<Text>,
    duration: Option<Text>,
    status: Option<Text>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Settings {
    approval_type: Option<Text>,
    registration_type: Option<Text>,
    close_registration: Option<Text>,
    registrants_restrict_number: Option<Text>,
    allow_multiple_devices: Option<Text>,
    waiting_room: Option<Text>,
    meeting_authentication: Option<Text>,
    use_pmi: Option<Text>,
    registrants_confirmation_email: Option<Text>,
}

impl Zoom {
    /// How it is set up. A number that is of the other kind is found as what it is, so that it can be said.
    pub async fn fetch_session(&self, kind: ZoomKind, number: &str) -> Result<ZoomSession, ZoomError> {
        match self.fetch_session_as(kind, number).await {
            Err(error @ (ZoomError::NotFound | ZoomError::OtherKind)) => {
                // The first answer stands if the second isn't better: the plan may have no webinars at all.
                self.fetch_session_as(kind.other(), number).await.map_err(|_| error)
            }
            found => found,
        }
    }

    async fn fetch_session_as(&self, kind: ZoomKind, number: &str) -> Result<ZoomSession, ZoomError> {
        let ask = Ask::get(format!("/{}/{}", kind.plural(), encode(number)));
        Ok(self.ask_for::<Written>(&ask).await?.read(kind))
    }
}

impl Written {
    fn read(self, kind: ZoomKind) -> ZoomSession {
        let settings = &self.settings;
        ZoomSession {
            kind,
            slot: slot(self.start_time.as_ref(), self.duration.as_ref()),
            recurrence: self.recurrence(),
            approval: number(&settings.approval_type).and_then(|approval| match approval {
                0 => Some(Approval::Automatic),
                1 => Some(Approval::Manual),
                2 => Some(Approval::NoRegistration),
                _ => None,
            }),
            registers_for: number(&settings.registration_type).and_then(|dates| match dates {
                1 => Some(RegistersFor::AllDates),
                2 => Some(RegistersFor::EachDate),
                3 => Some(RegistersFor::ChosenDates),
                _ => None,
            }),
            registration_closes: flag(&settings.close_registration),
            // 0 is no restriction.
            registrants_limit: number(&settings.registrants_restrict_number)
                .and_then(|limit| u32::try_from(limit).ok())
                .filter(|limit| *limit > 0),
            multiple_devices: flag(&settings.allow_multiple_devices),
            waiting_room: flag(&settings.waiting_room),
            authentication: flag(&settings.meeting_authentication),
            personal_room: match number(&self.kind) {
                Some(4) => Some(true),
                _ => flag(&settings.use_pmi),
            },
            confirmation_mails: flag(&settings.registrants_confirmation_email),
        }
    }

    fn recurrence(&self) -> Recurrence {
        match number(&self.kind) {
            Some(1) => Recurrence::Instant,
            Some(2 | 4 | 5) => Recurrence::Once,
            Some(3 | 6) => Recurrence::WithoutTime,
            Some(8 | 9) => Recurrence::Fixed(
                self.occurrences
                    .iter()
                    .take(MOST_DATES)
                    .filter(|date| date.status.as_ref().and_then(Text::text) != Some("deleted"))
                    .filter_map(|date| slot(date.start_time.as_ref(), date.duration.as_ref()))
                    .collect(),
            ),
            _ => Recurrence::Unknown,
        }
    }
}

fn slot(starts: Option<&Text>, minutes: Option<&Text>) -> Option<Slot> {
    Some(Slot { starts_at: starts?.moment()?, minutes: minutes.and_then(Text::number) })
}

fn number(field: &Option<Text>) -> Option<i64> {
    field.as_ref().and_then(Text::number)
}

fn flag(field: &Option<Text>) -> Option<bool> {
    field.as_ref().and_then(Text::flag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: serde_json::Value) -> ZoomSession {
        serde_json::from_value::<Written>(json).unwrap().read(ZoomKind::Meeting)
    }

    #[test]
    fn an_empty_answer_is_a_session_of_which_nothing_is_known() {
        let session = read(serde_json::json!({}));
        assert_eq!((session.slot, session.recurrence, session.approval), (None, Recurrence::Unknown, None));
    }

    #[test]
    fn settings_are_read_as_numbers_and_as_texts_and_unknown_ones_are_passed_over() {
        let session = read(serde_json::json!({
            "id": "81234567890", "type": "8", "start_time": "2026-03-10T19:00:00Z", "duration": "60", "new_field": [1],
            "occurrences": [
                {"occurrence_id": 1, "start_time": "2026-03-10T19:00:00Z", "duration": 60, "status": "available"},
                {"occurrence_id": "2", "start_time": "2026-03-17T18:00:00Z", "duration": 60, "status": "deleted"},
            ],
            "settings": {"approval_type": "0", "registration_type": 3, "waiting_room": "true", "registrants_restrict_number": 0},
        }));
        let slot = Slot { starts_at: 1_773_169_200, minutes: Some(60) };
        assert_eq!((session.slot, session.recurrence), (Some(slot), Recurrence::Fixed(vec![slot])));
        assert_eq!(
            (session.approval, session.registers_for),
            (Some(Approval::Automatic), Some(RegistersFor::ChosenDates))
        );
        assert_eq!((session.waiting_room, session.registrants_limit), (Some(true), None));
    }
}
