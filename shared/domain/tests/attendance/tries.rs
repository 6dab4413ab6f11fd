//! When Zoom is asked, and how long a decision may take.

use domain::attendance::tries::{
    ALARM_SECONDS, ClockState, DECIDED_WITHIN_SECONDS, FIRST_TRY_SECONDS, GIVEN_UP_SECONDS, clock, next_try,
};

const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;
const END: i64 = 1_800_000_000;

#[test]
fn the_pace_is_that_of_the_table() {
    let table = [
        // Tries made, whether the last brought new rows, how long after the end; how long after the end comes the next.
        (0, false, -HOUR, Some(30 * MINUTE)),
        (0, false, 2 * DAY, Some(30 * MINUTE)),
        (1, false, 30 * MINUTE, Some(40 * MINUTE)),
        (2, false, 40 * MINUTE, Some(60 * MINUTE)),
        (3, false, 60 * MINUTE, Some(100 * MINUTE)),
        (4, false, 100 * MINUTE, Some(160 * MINUTE)),
        (5, false, 160 * MINUTE, Some(220 * MINUTE)),
        (4_000_000_000, false, DAY - 1, Some(DAY - 1 + HOUR)),
        (27, false, DAY, Some(DAY + 6 * HOUR)),
        (80, false, 14 * DAY - 6 * HOUR, Some(14 * DAY)),
        (81, false, 14 * DAY - 6 * HOUR + 1, None),
        (81, false, 20 * DAY, None),
        // What was new is asked for again, however late it came.
        (1, true, 30 * MINUTE, Some(40 * MINUTE)),
        (40, true, 3 * DAY, Some(3 * DAY + 10 * MINUTE)),
        (40, true, 20 * DAY, Some(20 * DAY + 10 * MINUTE)),
    ];
    for (tries, last_changed, after, expected) in table {
        let next = next_try(END, FIRST_TRY_SECONDS, tries, last_changed, END + after);
        assert_eq!(next.map(|at| at - END), expected, "{tries} tries, {after} s after the end");
    }
}

#[test]
fn the_first_try_is_when_the_deployment_says_and_never_before_the_end() {
    for (first_try, expected) in [(0, 0), (60, 60), (-60, 0)] {
        assert_eq!(next_try(END, first_try, 0, false, END), Some(END + expected));
    }
}

#[test]
fn a_zoom_that_stays_silent_is_asked_some_eighty_times_in_two_weeks_and_then_no_more() {
    let (mut tries, mut now) = (0, END);
    while let Some(at) = next_try(END, FIRST_TRY_SECONDS, tries, false, now) {
        assert!(at > now || tries == 0, "it goes on");
        (tries, now) = (tries + 1, at);
    }
    assert!((75..=85).contains(&tries), "{tries}");
    assert!(now > END + GIVEN_UP_SECONDS - 6 * HOUR, "it was asked to the end");
}

#[test]
fn staff_are_warned_four_hours_before_it_is_too_late() {
    let table = [
        (0, DAY, ClockState::InTime),
        (ALARM_SECONDS - 1, 4 * HOUR + 1, ClockState::InTime),
        (ALARM_SECONDS, 4 * HOUR, ClockState::Alarm),
        (DECIDED_WITHIN_SECONDS, 0, ClockState::Alarm),
        (DECIDED_WITHIN_SECONDS + 1, -1, ClockState::Late),
    ];
    for (after, left, state) in table {
        let clock = clock(END, END + after);
        assert_eq!(
            (clock.due_at - END, clock.left_seconds, clock.state),
            (DAY, left, state),
            "{after} s after the end"
        );
    }
}
