//! What must hold whatever Zoom reports: no second counts twice, and nothing depends on how the rows come.

use super::*;
use proptest::prelude::*;

/// A row of Ann's around the event's hour, by one of her names.
fn any_row() -> impl Strategy<Value = Row<'static>> {
    let names = prop_oneof![Just("Ann Lee"), Just("Ann's iPhone"), Just(""), Just("Zoe Marsh"), Just("Lee Family")];
    (-1_800i64..5_400, 0i64..5_400, names, any::<bool>(), 0..10u8).prop_map(|(from, length, name, is_waiting, kind)| {
        Row {
            join: Some(THREE + from),
            leave: (kind != 0).then_some(THREE + from + length),
            is_waiting: is_waiting && kind > 7,
            name: name.into(),
            ..ann("15:00", "15:00")
        }
    })
}

fn any_rows() -> impl Strategy<Value = Vec<Row<'static>>> {
    proptest::collection::vec(any_row(), 0..12)
}

fn any_facts() -> impl Strategy<Value = Facts> {
    let instances = prop_oneof![
        Just(None),
        Just(open(&[("14:00", "17:30")])),
        Just(open(&[("15:00", "15:25"), ("15:27", "16:00")])),
        Just(open(&[("15:05", "15:50")])),
    ];
    (instances, 0..400u32, any::<bool>()).prop_map(|(instances, tolerance_seconds, breaks)| Facts {
        instances,
        tolerance_seconds,
        breaks: if breaks { vec![span("15:30", "15:40")] } else { vec![] },
        ..facts()
    })
}

fn has(spans: &[Span], second: i64) -> bool {
    spans.iter().any(|span| (span.from..span.to).contains(&second))
}

proptest! {
    #[test]
    fn each_second_counts_once_and_only_where_it_was_required(facts in any_facts(), rows in any_rows()) {
        let decision = decide(&facts, &rows);
        let person = &decision.people[0];
        let expected = (THREE - 3_600..THREE + 7_200)
            .filter(|second| has(&decision.window.required, *second) && has(&person.stays, *second));
        prop_assert_eq!(person.attended_seconds, u64::try_from(expected.count()).unwrap());
        prop_assert_eq!(person.attended_seconds + person.missed_seconds(), decision.window.required_seconds());
        prop_assert!(person.missed.windows(2).all(|pair| pair[0].span.to <= pair[1].span.from));
        prop_assert!(decision.window.required.iter().all(|span| span.from >= facts.schedule.from && span.to <= facts.schedule.to));
    }

    #[test]
    fn the_order_of_the_rows_and_their_doubles_change_nothing(
        facts in any_facts(),
        rows in any_rows(),
        order in any::<prop::sample::Index>(),
    ) {
        let decided = decide(&facts, &rows).people;
        let mut other: Vec<_> = rows.iter().rev().cloned().collect();
        if !other.is_empty() {
            let at = order.index(other.len());
            other.rotate_left(at);
            other.push(other[at].clone());
        }
        prop_assert_eq!(decide(&facts, &other).people, decided);
    }

    #[test]
    fn splitting_a_row_at_any_moment_changes_nothing(
        facts in any_facts(),
        rows in any_rows(),
        which in any::<prop::sample::Index>(),
        part in 0i64..5_400,
    ) {
        prop_assume!(!rows.is_empty());
        let mut split = rows.clone();
        let row = split.swap_remove(which.index(rows.len()));
        let (Some(from), Some(to)) = (row.join, row.leave) else { return Ok(()) };
        let at = (from + part).min(to);
        split.push(Row { leave: Some(at), ..row.clone() });
        split.push(Row { join: Some(at), ..row });
        prop_assert_eq!(decide(&facts, &split).people, decide(&facts, &rows).people);
    }

    #[test]
    fn a_row_more_never_takes_time_away(facts in any_facts(), rows in any_rows(), more in any_row()) {
        let before = of_ann(&facts, &rows).attended_seconds;
        let with = [rows, vec![more]].concat();
        prop_assert!(of_ann(&facts, &with).attended_seconds >= before);
    }

    #[test]
    fn nobody_is_credited_whom_staff_have_to_look_at(facts in any_facts(), rows in any_rows()) {
        for person in decide(&facts, &rows).people {
            let is_full = person.verdict == domain::attendance::Verdict::Full;
            prop_assert!(!is_full || person.missed_seconds() <= u64::from(facts.tolerance_seconds));
            prop_assert!(!is_full || !person.reasons.iter().any(|reason| reason.asks_for_review()));
        }
    }
}
