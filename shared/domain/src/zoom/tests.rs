use super::*;

/// 2026-03-10T19:00:00Z.
const STARTS: i64 = 1_773_169_200;

fn planned() -> Planned {
    Planned {
        kind: ZoomKind::Meeting,
        starts_at: STARTS,
        ends_at: STARTS + 3_600,
        zone: TimeZone::UTC,
        seats: Some(100),
    }
}

fn fine() -> ZoomSession {
    ZoomSession {
        kind: ZoomKind::Meeting,
        slot: Some(Slot { starts_at: STARTS, minutes: Some(60) }),
        recurrence: Recurrence::Once,
        approval: Some(Approval::Automatic),
        registers_for: None,
        registration_closes: Some(false),
        registrants_limit: None,
        multiple_devices: Some(false),
        waiting_room: Some(false),
        authentication: Some(false),
        personal_room: Some(false),
        confirmation_mails: Some(false),
    }
}

fn codes(session: &ZoomSession) -> Vec<(&'static str, Level)> {
    verify(session, &planned()).into_iter().map(|finding| (finding.code, finding.level)).collect()
}

fn check(change: impl FnOnce(&mut ZoomSession), code: &'static str, level: Level) {
    let mut session = fine();
    change(&mut session);
    assert_eq!(codes(&session), [(code, level)]);
}

#[test]
fn a_session_as_the_event_needs_it_has_nothing_wrong() {
    assert_eq!(codes(&fine()), []);
}

#[test]
fn what_zoom_does_not_tell_is_not_called_wrong() {
    let silent = ZoomSession {
        approval: None,
        registration_closes: None,
        multiple_devices: None,
        waiting_room: None,
        authentication: None,
        personal_room: None,
        confirmation_mails: None,
        ..fine()
    };
    assert_eq!(codes(&silent), []);
}

#[test]
fn each_setting_that_keeps_people_from_their_credit_is_wrong() {
    check(|it| it.kind = ZoomKind::Webinar, "other_kind", Level::Wrong);
    check(|it| it.approval = Some(Approval::NoRegistration), "registration_off", Level::Wrong);
    check(|it| it.approval = Some(Approval::Manual), "manual_approval", Level::Wrong);
    check(|it| it.recurrence = Recurrence::WithoutTime, "no_fixed_time", Level::Wrong);
    check(|it| it.recurrence = Recurrence::Instant, "instant", Level::Wrong);
    let slot = |starts_at| Some(Slot { starts_at, minutes: Some(60) });
    check(|it| it.slot = slot(STARTS + 60), "other_time", Level::Wrong);
    check(|it| it.slot = slot(STARTS - 3_601), "other_time", Level::Wrong);
    let series = |it: &mut ZoomSession| {
        it.recurrence = Recurrence::Fixed(vec![Slot { starts_at: STARTS, minutes: Some(60) }]);
        it.registers_for = Some(RegistersFor::ChosenDates);
    };
    check(series, "registers_for_dates", Level::Wrong);
}

#[test]
fn each_setting_that_surprises_somebody_is_a_warning_or_a_note() {
    let lasts = |minutes| Some(Slot { starts_at: STARTS, minutes: Some(minutes) });
    check(|it| it.slot = lasts(59), "too_short", Level::Warning);
    check(|it| it.slot = lasts(90), "longer", Level::Note);
    check(|it| it.slot = Some(Slot { starts_at: STARTS - 900, minutes: Some(75) }), "longer", Level::Note);
    check(|it| it.slot = None, "time_unknown", Level::Warning);
    check(|it| it.registrants_limit = Some(99), "fewer_places", Level::Warning);
    check(|it| it.registration_closes = Some(true), "registration_closes", Level::Warning);
    check(|it| it.multiple_devices = Some(true), "multiple_devices", Level::Warning);
    check(|it| it.authentication = Some(true), "authentication", Level::Warning);
    check(|it| it.personal_room = Some(true), "personal_room", Level::Warning);
    check(|it| it.waiting_room = Some(true), "waiting_room", Level::Note);
    check(|it| it.confirmation_mails = Some(true), "two_confirmations", Level::Note);
}

#[test]
fn of_a_series_the_date_that_is_the_events_is_compared() {
    let day = 86_400;
    let slots = [STARTS - 7 * day, STARTS, STARTS + 7 * day];
    let mut session = fine();
    session.slot = Some(Slot { starts_at: STARTS - 7 * day, minutes: Some(60) });
    session.recurrence = Recurrence::Fixed(slots.map(|starts_at| Slot { starts_at, minutes: Some(60) }).to_vec());
    assert_eq!(codes(&session), []);
}

#[test]
fn everything_is_said_at_once_with_the_worst_first_and_in_the_events_time_zone() {
    let zone = TimeZone::fixed(jiff::tz::offset(-5));
    let mut session = fine();
    session.waiting_room = Some(true);
    session.multiple_devices = Some(true);
    session.slot = Some(Slot { starts_at: STARTS + 1_800, minutes: Some(60) });
    session.approval = Some(Approval::NoRegistration);
    let found = verify(&session, &Planned { zone, ..planned() });
    let levels: Vec<_> = found.iter().map(|finding| finding.level).collect();
    assert_eq!(levels, [Level::Wrong, Level::Wrong, Level::Warning, Level::Note]);
    assert_eq!(
        found[0].says,
        "At Zoom it begins Tuesday, March 10, 2026, 2:30 PM -05, and the event Tuesday, March 10, 2026, 2:00 PM -05."
    );
    assert!(found.iter().all(|finding| finding.says.ends_with('.') && finding.cure.ends_with('.')));
}
