//! Which runs of a meeting are an event's.

use super::{at, span};
use domain::{
    attendance::runs::{LONGEST_RUN_SECONDS, MARGIN_SECONDS, belongs, may_belong, reach},
    id::EventId,
    presence::Slot,
};

fn slot(number: u128, from: &str, to: &str) -> Slot {
    Slot { starts_at: at(from), ends_at: at(to), event: EventId::from_bits(number) }
}

/// The events, by number, that a run is of.
fn owners(slots: &[Slot], from: &str, to: &str) -> Vec<usize> {
    let owns = |place: &usize| belongs(&slots[*place], slots, span(from, to));
    (0..slots.len()).filter(owns).map(|place| place + 1).collect()
}

#[test]
fn a_run_is_of_the_events_during_it_else_of_the_nearest_one_within_the_margin() {
    let alone = [slot(1, "15:00", "16:00")];
    for (from, to, expected) in [
        ("14:50", "16:05", vec![1]),
        ("15:59", "18:00", vec![1]),
        ("11:30", "11:59", vec![]),
        ("11:30", "12:00", vec![1]),
        ("14:50", "15:00", vec![1]),
        ("16:00", "17:00", vec![1]),
        ("19:00", "20:00", vec![1]),
        ("19:01", "20:00", vec![]),
    ] {
        assert_eq!(owners(&alone, from, to), expected, "{from} to {to}");
    }
    let day = [slot(1, "10:00", "11:00"), slot(2, "12:00", "13:00"), slot(3, "13:00", "14:00")];
    for (from, to, expected) in [
        ("09:50", "11:05", vec![1]),
        ("09:50", "12:10", vec![1, 2]),
        ("11:55", "14:10", vec![2, 3]),
        ("11:05", "11:20", vec![1]),
        ("11:20", "11:50", vec![2]),
        ("11:15", "11:45", vec![2]),
        ("14:10", "15:00", vec![3]),
        ("09:00", "09:30", vec![1]),
    ] {
        assert_eq!(owners(&day, from, to), expected, "{from} to {to}");
    }
}

#[test]
fn an_event_that_the_list_of_events_lacks_is_not_left_without_its_runs() {
    let own = slot(1, "15:00", "16:00");
    assert!(belongs(&own, &[], span("14:50", "16:05")) && belongs(&own, &[], span("16:10", "16:20")));
    // It was moved: the list still has it at its former time.
    assert!(belongs(&own, &[slot(1, "09:00", "10:00")], span("14:50", "14:59")));
}

#[test]
fn a_run_is_looked_at_if_it_began_when_an_events_can_begin() {
    let own = slot(1, "15:00", "16:00");
    for (began, expected) in [
        (own.starts_at - MARGIN_SECONDS - LONGEST_RUN_SECONDS - 1, false),
        (own.starts_at - MARGIN_SECONDS - LONGEST_RUN_SECONDS, true),
        (own.starts_at, true),
        (own.ends_at + MARGIN_SECONDS, true),
        (own.ends_at + MARGIN_SECONDS + 1, false),
    ] {
        assert_eq!(may_belong(&own, began), expected, "{}", began - own.starts_at);
    }
}

#[test]
fn a_rehearsal_alone_is_no_report_of_the_event() {
    let own = slot(1, "15:00", "16:00");
    assert!(!reach(&own, []) && !reach(&own, [span("14:00", "14:30"), span("14:40", "15:00")]));
    assert!(reach(&own, [span("14:00", "14:30"), span("14:50", "15:01")]));
}
