//! What is set at Zoom against what the event needs.

use super::{Approval, Finding, Planned, Recurrence, RegistersFor, Slot, ZoomKind, ZoomSession};
use jiff::{Timestamp, tz::TimeZone};

/// Hosts plan a meeting to open before the event; more than an hour is another time.
const EARLIEST_OPENING: i64 = 3_600;

/// Everything that isn't as the event needs it, the worst first. Nothing found is nothing wrong.
pub fn verify(session: &ZoomSession, planned: &Planned) -> Vec<Finding> {
    let mut found = Vec::new();
    found.extend(check_kind(session, planned));
    found.extend(check_time(session, planned));
    found.extend(check_registration(session));
    found.extend(check_series(session));
    found.extend(check_places(session, planned));
    found.extend(check_doors(session));
    // Stable: within a level the order above stays.
    found.sort_by_key(|finding| finding.level);
    found
}

fn check_kind(session: &ZoomSession, planned: &Planned) -> Option<Finding> {
    if session.kind == planned.kind {
        return None;
    }
    let says =
        format!("This number is a {}'s at Zoom, and the event says {}.", session.kind.as_str(), planned.kind.as_str());
    Some(Finding::wrong("other_kind", says, "Choose the other kind in the event, or enter the number that you meant."))
}

fn check_time(session: &ZoomSession, planned: &Planned) -> Option<Finding> {
    match &session.recurrence {
        Recurrence::WithoutTime => Some(Finding::wrong(
            "no_fixed_time",
            "At Zoom it recurs without a fixed time: Zoom can't register people for one date of it.",
            "Edit it at Zoom, and under Recurrence choose anything but \"No Fixed Time\"; or make one for this event alone.",
        )),
        Recurrence::Instant => Some(Finding::wrong(
            "instant",
            "At Zoom it was started at once and has no plan: nobody can be registered for it.",
            "Schedule one at Zoom (Meetings › Schedule a Meeting), and enter its number.",
        )),
        Recurrence::Fixed(slots) if !slots.is_empty() => check_slots(slots, planned),
        Recurrence::Fixed(_) | Recurrence::Once | Recurrence::Unknown => match session.slot {
            Some(slot) => check_slots(&[slot], planned),
            None => Some(Finding::warning(
                "time_unknown",
                "Zoom didn't say when it is planned, so that its time couldn't be compared with the event's.",
                "Look at Zoom whether date and time are the event's.",
            )),
        },
    }
}

/// The slot that is meant is the one nearest to the event.
fn check_slots(slots: &[Slot], planned: &Planned) -> Option<Finding> {
    let slot = slots.iter().min_by_key(|slot| (slot.starts_at.saturating_sub(planned.starts_at)).abs())?;
    let ends_at = slot.minutes.map(|minutes| slot.starts_at.saturating_add(minutes.saturating_mul(60)));
    let early = planned.starts_at.saturating_sub(slot.starts_at);
    let cure = "Edit it at Zoom, and set When, Duration and Time Zone to the event's.";
    if !(0..=EARLIEST_OPENING).contains(&early) {
        let says = format!(
            "At Zoom it begins {}, and the event {}.",
            moment(slot.starts_at, &planned.zone),
            moment(planned.starts_at, &planned.zone)
        );
        return Some(Finding::wrong("other_time", says, cure));
    }
    match ends_at {
        Some(ends_at) if ends_at < planned.ends_at => {
            let says = format!(
                "At Zoom it is planned to end {}, and the event ends {}. Zoom may end it early, and shows people the shorter time.",
                moment(ends_at, &planned.zone),
                moment(planned.ends_at, &planned.zone)
            );
            Some(Finding::warning("too_short", says, cure))
        }
        Some(ends_at) if early > 0 || ends_at > planned.ends_at => {
            let says = format!(
                "At Zoom it is planned from {} to {}, longer than the event. Only the event's own time counts.",
                moment(slot.starts_at, &planned.zone),
                moment(ends_at, &planned.zone)
            );
            Some(Finding::note("longer", says, cure))
        }
        _ => None,
    }
}

fn check_registration(session: &ZoomSession) -> Option<Finding> {
    let cure = match session.kind {
        ZoomKind::Meeting => {
            "Edit it at Zoom: Registration › Required, then under the Registration tab › Approval choose \"Automatically Approve\"."
        }
        ZoomKind::Webinar => {
            "Edit it at Zoom: Registration › Required, then under Invitations › Approve Registrants choose \"Automatically Approve\"."
        }
    };
    match session.approval {
        Some(Approval::Automatic) | None => None,
        Some(Approval::NoRegistration) => Some(Finding::wrong(
            "registration_off",
            "Registration is off at Zoom: without it nobody gets a link of their own, and Zoom's report can't tell who was there.",
            cure,
        )),
        Some(Approval::Manual) => Some(Finding::wrong(
            "manual_approval",
            "The host approves each registrant by hand at Zoom: until then they have no link.",
            cure,
        )),
    }
}

fn check_series(session: &ZoomSession) -> Option<Finding> {
    let recurs = matches!(session.recurrence, Recurrence::Fixed(_));
    match session.registers_for {
        Some(RegistersFor::EachDate | RegistersFor::ChosenDates) if recurs => Some(Finding::wrong(
            "registers_for_dates",
            "It is a series at Zoom for which people register date by date: our registrants may be put on another date.",
            "Edit it at Zoom: Registration › \"Attendees register once and can attend any of the occurrences\"; or make one for this event alone.",
        )),
        _ => None,
    }
}

fn check_places(session: &ZoomSession, planned: &Planned) -> Vec<Finding> {
    let mut found = Vec::new();
    if let Some(limit) = session.registrants_limit.filter(|limit| planned.seats.is_none_or(|seats| seats > *limit)) {
        let says = match planned.seats {
            Some(seats) => format!("Zoom registers at most {limit} people, and the event has {seats} seats."),
            None => format!("Zoom registers at most {limit} people, and the event sets no limit."),
        };
        let cure = "Raise \"Restrict number of registrants\" in the registration's options at Zoom, or give the event as many seats.";
        found.push(Finding::warning("fewer_places", says, cure));
    }
    if session.registration_closes == Some(true) {
        found.push(Finding::warning(
            "registration_closes",
            "Zoom closes its registration after the planned date: if the event moves, people can't be registered.",
            "In the registration's options at Zoom, take the mark from \"Close registration after event date\".",
        ));
    }
    if session.confirmation_mails == Some(true) {
        found.push(Finding::note(
            "two_confirmations",
            "Zoom mails its own confirmation too: people get two, and Zoom's names no board.",
            "In the registration's Email Settings at Zoom, switch off \"Confirmation Email to Registrants\".",
        ));
    }
    found
}

fn check_doors(session: &ZoomSession) -> Vec<Finding> {
    let mut found = Vec::new();
    if session.authentication == Some(true) {
        found.push(Finding::warning(
            "authentication",
            "Only people who are signed in to Zoom get in: registrants without a Zoom account stay outside.",
            "Edit it at Zoom: Security › take the mark from \"Require authentication to join\".",
        ));
    }
    if session.multiple_devices == Some(true) {
        found.push(Finding::warning(
            "multiple_devices",
            "One link works on several devices at once: it can be shared, and such stays go to a person for review.",
            "In the registration's options at Zoom, take the mark from \"Allow attendees to join from multiple devices\".",
        ));
    }
    if session.personal_room == Some(true) {
        found.push(Finding::warning(
            "personal_room",
            "It takes place in the host's personal room: whoever has the room's number gets in, registered or not.",
            "Edit it at Zoom: Meeting ID › \"Generate Automatically\", and enter the new number.",
        ));
    }
    if session.waiting_room == Some(true) {
        found.push(Finding::note(
            "waiting_room",
            "People wait until the host lets them in, and the time that they wait doesn't count.",
            "Let people in before the event begins; or edit it at Zoom: Security › take the mark from \"Waiting Room\".",
        ));
    }
    found
}

fn moment(seconds: i64, zone: &TimeZone) -> String {
    let time = Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone());
    // As everywhere else.
    time.strftime("%A, %B %-d, %Y, %-I:%M %p %Z").to_string()
}
