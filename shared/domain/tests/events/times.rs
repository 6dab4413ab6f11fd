//! Local times, and copies of events on other days.

use crate::world::*;
use domain::{
    event::{
        Consent, Event, EventState, Standing, When, Zone,
        copy::{MOST_IN_A_SERIES, Repeat, SeriesProblem, plan_copy, plan_days, plan_series},
        when::{LocalProblem, Pick, ZoneProblem, read_local},
    },
    id::{EventId, SeriesId},
};
use jiff::civil::date;

#[test]
fn only_names_of_the_time_zone_database_are_zones() {
    assert_eq!(Zone::parse(" america/new_york ").unwrap().as_str(), "America/New_York");
    for bad in ["", "EDT5", "Mars/Olympus", "../etc/passwd", "Etc/Unknown"] {
        assert!(Zone::parse(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn a_local_time_is_the_moment_that_the_zones_clocks_show() {
    assert_eq!(read_local("2026-07-01", "13:00", &zone("America/New_York"), None), Ok(START));
    assert_eq!(read_local("2026-07-01", "12:00", &zone("America/Chicago"), None), Ok(START));
    assert_eq!(read_local("2026-07-01", "25:00", &zone("UTC"), None), Err(LocalProblem::NotATime));
    assert_eq!(read_local("2026-02-30", "12:00", &zone("UTC"), None), Err(LocalProblem::NotADate));
}

#[test]
fn a_time_that_clocks_skip_is_refused_by_its_name() {
    let problem = read_local("2026-03-08", "02:30", &zone("America/New_York"), Some(Pick::First)).unwrap_err();
    assert_eq!(
        problem.to_string(),
        "2:30 AM doesn't exist on March 8, 2026 in America/New_York: clocks are set forward over it. Enter a time from 3:00 AM on, or one before the change."
    );
    let lord_howe = read_local("2026-10-04", "02:15", &zone("Australia/Lord_Howe"), None).unwrap_err();
    assert!(lord_howe.to_string().contains("from 2:30 AM on"), "{lord_howe}");
}

#[test]
fn a_time_that_comes_twice_is_asked_about_by_its_zones_names() {
    let new_york = zone("America/New_York");
    let problem = read_local("2026-11-01", "01:30", &new_york, None).unwrap_err();
    assert_eq!(
        problem.to_string(),
        "1:30 AM comes twice on November 1, 2026, since clocks are set back: first in EDT, then in EST. Choose which one you mean."
    );
    let LocalProblem::Twice { first, second, .. } = problem else { panic!("{problem}") };
    assert_eq!((first.name.as_str(), second.name.as_str(), second.at - first.at), ("EDT", "EST", HOUR));
    assert_eq!(read_local("2026-11-01", "01:30", &new_york, Some(Pick::First)), Ok(first.at));
    assert_eq!(read_local("2026-11-01", "01:30", &new_york, Some(Pick::Second)), Ok(second.at));
}

#[test]
fn when_an_event_is_reads_like_a_sentence_in_any_zone() {
    let when = event().when;
    assert_eq!(when.words(), "Wednesday, July 1, 2026, 1:00 PM to 2:30 PM EDT");
    assert_eq!(when.words_in(&zone("America/Los_Angeles")), "Wednesday, July 1, 2026, 10:00 AM to 11:30 AM PDT");
    let over_night = When { ends_at: when.starts_at + 12 * HOUR, ..when };
    assert_eq!(over_night.words(), "Wednesday, July 1, 2026, 1:00 PM to Thursday, July 2, 2026, 1:00 AM EDT");
    let back = |day: &str, time: &str, pick| read_local(day, time, &zone("America/New_York"), pick).unwrap();
    let over_change = When {
        starts_at: back("2026-11-01", "00:30", None),
        ends_at: back("2026-11-01", "03:00", None),
        zone: zone("America/New_York"),
    };
    assert_eq!(over_change.words(), "Sunday, November 1, 2026, 12:30 AM EDT to 3:00 AM EST");
}

fn consent(event: &Event) -> &Consent {
    &event.approvals[0].approved().unwrap().consent
}

#[test]
fn a_copy_keeps_the_walls_clock_over_a_change_of_the_clocks() {
    let original = published();
    let copy = plan_copy(&original, EventId::from_bits(2), date(2026, 12, 2), None).unwrap();
    assert_eq!(copy.when.words(), "Wednesday, December 2, 2026, 1:00 PM to 2:30 PM EST");
    assert_eq!(copy.agenda[1].starts_at - copy.when.starts_at, 40 * 60);
    assert_eq!((&copy.state, &copy.published, copy.version), (&EventState::Draft, &None, 0));
    assert_eq!((copy.instruction_seconds(), &copy.details), (original.instruction_seconds(), &original.details));
    let first = read_local("2026-11-01", "01:30", &zone("America/New_York"), Some(Pick::First)).unwrap();
    let mut night = original.clone();
    night.when = When { starts_at: first - 24 * HOUR, ends_at: first - 22 * HOUR, ..night.when };
    night.agenda.clear();
    assert!(matches!(
        plan_copy(&night, EventId::from_bits(2), date(2026, 11, 1), None),
        Err(LocalProblem::Twice { .. })
    ));
    let picked = plan_copy(&night, EventId::from_bits(2), date(2026, 11, 1), Some(Pick::First)).unwrap();
    assert_eq!(picked.when.starts_at, first);
}

#[test]
fn a_copy_keeps_the_offices_consent_only_where_the_approval_holds() {
    let original = published();
    let on = |day| plan_copy(&original, EventId::from_bits(2), day, None).unwrap();
    assert!(consent(&on(date(2026, 12, 31))).is_given());
    assert_eq!(consent(&on(date(2027, 1, 1))), &Consent::NotAsked);
    let mut asked = original.clone();
    let Standing::Approved(approved) = &mut asked.approvals[0].standing else { panic!() };
    approved.consent = Consent::Asked { by: domain::id::AccountId::from_bits(1), at: 1, request: None };
    let copy = plan_copy(&asked, EventId::from_bits(2), date(2026, 8, 1), None).unwrap();
    assert_eq!(consent(&copy), &Consent::NotAsked);
}

#[test]
fn a_city_is_a_time_zone_unless_several_are_called_that() {
    let read = |typed: &str| Zone::read(typed).map(|zone| zone.to_string());
    for (typed, zone) in [
        ("America/Chicago", "America/Chicago"),
        ("Chicago", "America/Chicago"),
        (" new york ", "America/New_York"),
        ("PORT-AU-PRINCE", "America/Port-au-Prince"),
        ("Indianapolis", "America/Indiana/Indianapolis"),
        ("buenos aires", "America/Argentina/Buenos_Aires"),
        ("UTC", "UTC"),
    ] {
        assert_eq!(read(typed).as_deref(), Ok(zone), "{typed}");
    }
    let several = read("west").unwrap_err();
    assert_eq!(several, ZoneProblem::Several(vec!["Australia/West".into(), "Brazil/West".into()]));
    assert!(several.to_string().contains("Australia/West and Brazil/West"), "{several}");
    for unknown in ["", "Eastern", "Springfield", "America", "Mars/Base", "/"] {
        assert_eq!(read(unknown), Err(ZoneProblem::Unknown), "{unknown}");
    }
}

#[test]
fn a_series_is_planned_whole_or_not_at_all() {
    let event = published();
    let weeks = plan_days(&event, &Repeat::Weekly { times: 3 }).unwrap();
    assert_eq!(weeks, [date(2026, 7, 8), date(2026, 7, 15), date(2026, 7, 22)]);
    let months = plan_days(&event, &Repeat::Monthly { times: 2 }).unwrap();
    assert_eq!(months, [date(2026, 8, 1), date(2026, 9, 1)]);
    let mut last_day = event.clone();
    last_day.when = When { starts_at: START + 30 * 24 * HOUR, ends_at: START + 30 * 24 * HOUR + HOUR, ..last_day.when };
    let problem = plan_days(&last_day, &Repeat::Monthly { times: 2 }).unwrap_err();
    assert_eq!(problem.to_string(), "September 2026 has no day 31. Enter the days one by one instead.");
    assert_eq!(plan_days(&event, &Repeat::Weekly { times: MOST_IN_A_SERIES + 1 }), Err(SeriesProblem::HowMany));
    assert_eq!(plan_days(&event, &Repeat::Weekly { times: 0 }), Err(SeriesProblem::HowMany));
    let own_day = Repeat::Days(vec![date(2026, 8, 1), date(2026, 7, 1)]);
    assert_eq!(plan_days(&event, &own_day), Err(SeriesProblem::Twice(date(2026, 7, 1))));

    let (series, ids) = (SeriesId::from_bits(5), [2, 3, 4].map(EventId::from_bits));
    let events = plan_series(&event, &series, &weeks, &ids, None).unwrap();
    assert_eq!(events.iter().map(|event| event.id.clone()).collect::<Vec<_>>(), ids);
    assert!(events.iter().all(|event| event.series.as_ref() == Some(&series) && event.state == EventState::Draft));
    assert_eq!(events[2].when.words(), "Wednesday, July 22, 2026, 1:00 PM to 2:30 PM EDT");
    assert_eq!(plan_series(&event, &series, &weeks, &ids[..2], None), Err(SeriesProblem::HowMany));
}
