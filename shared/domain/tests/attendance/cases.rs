//! The cases of the contract: what time counts, and what it comes to.

use super::*;
use domain::{
    attendance::{Advertised, Hold, MissedReason, Verdict},
    credit_type::{Rounding, Rule},
    hours::CreditHours,
};

fn minutes(person: &Person) -> u64 {
    assert_eq!(person.attended_seconds % 60, 0);
    person.attended_seconds / 60
}

fn whole_hour(hundredths: u32) -> Advertised {
    let rule = Rule {
        minutes_per_credit: 60,
        increment: None,
        rounding: Rounding::Down,
        minimum_minutes: 0,
        first_credit_whole: false,
    };
    Advertised { body: "APA".to_owned(), hours: CreditHours::from_hundredths(hundredths).unwrap(), rule }
}

#[test]
fn time_before_and_after_the_event_counts_nothing() {
    let whole = of_ann(&facts(), &[ann("14:50", "16:05")]);
    assert_eq!((minutes(&whole), whole.verdict, whole.missed.len()), (60, Verdict::Full, 0));
    let before = of_ann(&facts(), &[ann("14:30", "15:30")]);
    assert_eq!((minutes(&before), before.verdict), (30, Verdict::Short));
    assert_eq!(codes(&before), ["left_early"]);
    let outside = of_ann(&facts(), &[ann("13:00", "14:00")]);
    assert_eq!((minutes(&outside), outside.verdict), (0, Verdict::Short));
}

#[test]
fn a_gap_is_forgiven_only_by_the_policy_and_the_threshold_is_enough() {
    let rows = [ann("15:00", "15:20"), ann("15:21", "16:00")];
    let strict = of_ann(&facts(), &rows);
    assert_eq!((minutes(&strict), strict.verdict, strict.missed_seconds()), (59, Verdict::Short, 60));
    assert_eq!(strict.missed[0].reason, MissedReason::Gap);
    for (tolerance_seconds, verdict) in [(59, Verdict::Short), (60, Verdict::Full)] {
        let person = of_ann(&Facts { tolerance_seconds, ..facts() }, &rows);
        assert_eq!((minutes(&person), person.verdict), (59, verdict), "{tolerance_seconds}");
    }
    let forgiven = of_ann(&Facts { tolerance_seconds: 60, ..facts() }, &rows);
    assert_eq!(codes(&forgiven), ["gap", "within_tolerance"]);
}

#[test]
fn devices_and_breakout_rooms_count_once() {
    let phone = Row { name: "Ann's iPhone".into(), ..ann("15:05", "15:55") };
    let breakout = Row { connection: "other".into(), ..ann("15:20", "15:40") };
    for rows in [vec![ann("15:00", "16:00"), phone], vec![ann("15:00", "16:00"), breakout]] {
        let person = of_ann(&facts(), &rows);
        assert_eq!((minutes(&person), person.verdict), (60, Verdict::Full));
        assert_eq!(person.stays, [span("15:00", "16:00")]);
    }
}

#[test]
fn the_waiting_room_is_no_attendance() {
    let waiting = Row { is_waiting: true, ..ann("14:55", "15:10") };
    let person = of_ann(&facts(), &[waiting.clone(), ann("15:10", "16:00")]);
    assert_eq!((minutes(&person), person.verdict), (50, Verdict::Short));
    assert_eq!(person.missed.len(), 1);
    assert_eq!((person.missed[0].span, person.missed[0].reason), (span("15:00", "15:10"), MissedReason::InWaitingRoom));
    let never_let_in = of_ann(&facts(), &[waiting]);
    assert_eq!((never_let_in.verdict, minutes(&never_let_in)), (Verdict::Short, 0));
    assert!(codes(&never_let_in).contains(&"in_waiting_room"));
}

#[test]
fn who_leaves_in_a_break_misses_nothing() {
    let facts = Facts { schedule: span("15:00", "16:30"), breaks: vec![span("15:40", "15:50")], ..facts() };
    let person = of_ann(&facts, &[ann("15:00", "15:40"), ann("15:50", "16:30")]);
    assert_eq!((minutes(&person), person.verdict, person.missed.len()), (80, Verdict::Full, 0));
    let late = of_ann(&facts, &[ann("15:00", "15:40"), ann("15:51", "16:30")]);
    assert_eq!((minutes(&late), late.verdict), (79, Verdict::Short));
}

#[test]
fn a_closed_meeting_is_charged_to_nobody_and_an_event_of_less_than_an_hour_credits_nobody() {
    let facts =
        Facts { instances: open(&[("15:00", "15:25"), ("15:27", "16:00")]), credits: vec![whole_hour(100)], ..facts() };
    let rows = [ann("15:00", "15:25"), ann("15:27", "16:00")];
    let decision = decide(&facts, &rows);
    assert_eq!(decision.window.required_seconds(), 58 * 60);
    assert_eq!(decision.window.closed, [span("15:25", "15:27")]);
    assert_eq!(decision.window.holds, [Hold::UnderAnHour, Hold::LessThanAdvertised]);
    let person = &decision.people[0];
    assert_eq!((minutes(person), person.verdict), (58, Verdict::Full));
    assert_eq!(person.credits[0].hours, None, "nobody is credited by itself");
    assert_eq!(codes(person), ["event_too_short"]);
}

#[test]
fn a_missing_time_of_leaving_ends_with_the_instance() {
    let endless = Row { leave: None, ..ann("15:00", "15:00") };
    let facts = Facts { instances: open(&[("14:50", "16:10")]), ..facts() };
    let person = of_ann(&facts, std::slice::from_ref(&endless));
    assert_eq!((minutes(&person), person.verdict), (60, Verdict::Full));
    assert_eq!(codes(&person), ["leave_missing"]);
    assert_eq!(person.stays, [span("15:00", "16:10")]);
    let unknown = of_ann(&Facts { instances: None, ..facts.clone() }, std::slice::from_ref(&endless));
    assert_eq!((unknown.verdict, minutes(&unknown)), (Verdict::Review, 0), "nothing stands for it");
    assert!(codes(&unknown).contains(&"leave_unknown"));
    let told = Row { seconds: Some(1_800), ..endless };
    let person = of_ann(&Facts { instances: None, ..facts }, &[told]);
    assert_eq!((person.verdict, minutes(&person)), (Verdict::Short, 30), "the report's own length stands for it");
    let listed = Row { join: None, leave: None, seconds: Some(0), ..ann("15:00", "15:00") };
    assert_eq!(of_ann(&super::facts(), &[listed]).verdict, Verdict::Absent, "listed as not having come");
}

#[test]
fn credit_is_all_that_was_advertised_or_none() {
    let facts = |tolerance| Facts {
        schedule: span("15:00", "16:01"),
        credits: vec![whole_hour(100)],
        tolerance_seconds: tolerance,
        ..facts()
    };
    let full = of_ann(&facts(0), &[ann("15:00", "16:01")]);
    assert_eq!(full.credits[0].hours, CreditHours::from_hundredths(100), "61 minutes are no 1.02");
    let short = of_ann(&facts(0), &[ann("15:00", "15:45")]);
    assert_eq!((short.verdict, short.credits[0].hours), (Verdict::Short, None));
    // What the policy forgives costs nothing of the credit.
    let forgiven = of_ann(&facts(120), &[ann("15:02", "16:01")]);
    assert_eq!(forgiven.credits[0].hours, CreditHours::from_hundredths(100));
    let too_much = Facts { credits: vec![whole_hour(150)], ..facts(0) };
    let decision = decide(&too_much, &[ann("15:00", "16:01")]);
    assert_eq!(decision.window.holds, [Hold::LessThanAdvertised]);
    assert_eq!(decision.people[0].credits[0].hours, None);
}

#[test]
fn what_staff_set_counts_exactly_and_what_differs_is_held_with_a_suggestion() {
    let late = Facts { instances: open(&[("15:05", "16:20")]), schedule: span("15:00", "16:10"), ..facts() };
    let decision = decide(&late, &[ann("15:05", "16:15")]);
    assert_eq!(decision.window.holds, [Hold::TimesDiffer]);
    assert_eq!(decision.window.suggestion, Some(span("15:05", "16:15")), "shifted, as long as it stayed open");
    assert_eq!(decision.people[0].verdict, Verdict::Review);
    let settled = Facts { actual: Some(span("15:05", "16:15")), ..late.clone() };
    let decision = decide(&settled, &[ann("15:05", "16:15")]);
    assert!(decision.window.holds.is_empty());
    assert_eq!((decision.people[0].verdict, minutes(&decision.people[0])), (Verdict::Full, 70));
    let early = Facts { instances: open(&[("14:30", "15:50")]), ..facts() };
    assert_eq!(decide(&early, &[]).window.suggestion, Some(span("15:00", "15:50")), "opened early to rehearse");
    let never = Facts { instances: open(&[("10:00", "11:00")]), ..facts() };
    let decision = decide(&never, &[ann("15:00", "16:00")]);
    assert_eq!(
        (decision.window.holds.as_slice(), decision.people[0].verdict),
        (&[Hold::NeverOpen][..], Verdict::Review)
    );
    let nothing = Facts { breaks: vec![span("15:00", "16:00")], ..facts() };
    let decision = decide(&nothing, &[ann("15:00", "16:00")]);
    assert_eq!(
        (decision.window.holds.as_slice(), decision.people[0].verdict),
        (&[Hold::NothingRequired][..], Verdict::Review)
    );
}

#[test]
fn a_night_of_changed_clocks_changes_nothing() {
    // 2026-11-01 05:30 UTC is 01:30 in New York for the first time; an hour later it is 01:30 again.
    let from = 1_793_511_000;
    let facts = Facts { schedule: Span { from, to: from + 5_400 }, ..facts() };
    let row = Row { join: Some(from), leave: Some(from + 5_400), ..ann("15:00", "15:00") };
    assert_eq!(of_ann(&facts, &[row]).attended_seconds, 5_400);
}

#[test]
fn only_minutes_go_to_staff_and_contradictions_count_the_shorter() {
    let sum = Row { join: None, leave: None, seconds: Some(4_500), ..ann("15:00", "15:00") };
    let person = of_ann(&facts(), &[sum]);
    assert_eq!((person.verdict, person.attended_seconds), (Verdict::Review, 0));
    assert_eq!((codes(&person), person.reported_seconds), (vec!["minutes_only"], Some(4_500)));
    let month = Row { leave: Some(at("15:00") + 28 * 86_400), seconds: Some(20), ..ann("15:00", "15:00") };
    let person = of_ann(&facts(), &[month]);
    assert_eq!(person.attended_seconds, 20, "28 days are not credited");
    assert!(codes(&person).contains(&"times_contradict"));
    let whole = Row { seconds: Some(3_000), ..ann("14:50", "16:00") };
    assert_eq!(of_ann(&facts(), &[whole, ann("15:00", "16:00")]).verdict, Verdict::Review, "in doubt, though full");
    let rounded = Row { seconds: Some(3_660), ..ann("15:00", "16:00:20") };
    assert_eq!(of_ann(&facts(), &[rounded]).verdict, Verdict::Full, "exports round minutes up");
    let backwards = ann("16:00", "15:00");
    let person = of_ann(&facts(), &[backwards, ann("15:00", "16:00")]);
    assert_eq!((person.verdict, codes(&person)), (Verdict::Full, vec!["impossible_times"]));
}

#[test]
fn who_is_registered_and_in_no_row_is_absent() {
    let decision = decide(&facts(), &[ann("15:00", "16:00")]);
    let bob = &decision.people[1];
    assert_eq!((bob.verdict, codes(bob), bob.registrant), (Verdict::Absent, vec!["not_in_report"], Some(1)));
    assert_eq!((bob.attended_seconds, bob.missed_seconds()), (0, 3_600));
    assert_eq!(decision.people.len(), 2);
    // A page that is missing may tell of him, and can't take anything from her.
    let partial = decide(&Facts { is_partial: true, ..facts() }, &[ann("15:00", "16:00")]);
    assert_eq!(partial.people[0].verdict, Verdict::Full);
    assert_eq!(
        (partial.people[1].verdict, codes(&partial.people[1])),
        (Verdict::Review, vec!["not_in_report", "report_incomplete"])
    );
}
