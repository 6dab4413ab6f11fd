//! An event in a list: when, what, by whom, and what each body says of it.

use super::Told;
use crate::tracker::gaps::Gap;
use domain::{
    event::{Card, EventKind, promotion::lines_of_card},
    organisation::Organisation,
};
use jiff::Timestamp;
use pages::moment::Moment;

/// An event in a list.
pub(crate) struct Line {
    pub(crate) address: String,
    pub(crate) title: String,
    pub(crate) cancelled: bool,
    /// With the weekday, in the event's own zone.
    pub(crate) when: String,
    pub(crate) zone: String,
    pub(crate) machine_start: String,
    /// How far away it is; nothing of what won't take place.
    pub(crate) relative: Option<String>,
    pub(crate) kind: &'static str,
    pub(crate) provider: String,
    pub(crate) category: String,
    pub(crate) course: String,
    pub(crate) told: Vec<Told>,
    /// What it would do for the visitor's licences.
    pub(crate) fills: Vec<Gap>,
}

impl Line {
    pub(crate) fn of(card: &Card, organisation: &Organisation, now: i64) -> Self {
        let when = &card.when;
        let moment = Moment::new(when.starts_at, now, &when.zone.rules());
        Self {
            address: format!("/events/{}", card.event),
            title: card.title.clone(),
            cancelled: card.cancelled,
            when: match card.kind {
                EventKind::OnDemand => available(when),
                EventKind::LiveWebinar | EventKind::Conference => when.words(),
            },
            zone: when.zone.to_string(),
            machine_start: moment.machine,
            relative: moment.relative.filter(|_| card.kind != EventKind::OnDemand && !card.cancelled),
            kind: card.kind.title(),
            provider: card.provider_name.clone(),
            category: card.category.clone(),
            course: card.course.to_string(),
            told: lines_of_card(card, organisation).into_iter().map(Told::of).collect(),
            fills: Vec::new(),
        }
    }
}

/// From when to when an on-demand event can be taken.
pub(crate) fn available(when: &domain::event::When) -> String {
    format!("Any time: {}", when.words())
}

/// A moment for the `datetime` attribute.
pub(super) fn machine(seconds: i64) -> String {
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
