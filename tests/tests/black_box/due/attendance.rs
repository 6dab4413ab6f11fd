//! After an event's end: Zoom is asked until two reports agree, everybody is decided of once, and nobody by half a report.

use adapters::{clock, table::TableError};
use domain::{
    attendance::{Adjustment, Decided, Reason, Record, Said, Verdict, Voice},
    event::{Event, Room, Span},
    id::AccountId,
};
use local::zoom::{Fault, Part, Play};
use std::collections::BTreeMap;
use tests::{
    connector::{Death, Mishap},
    due::{DAY, Due, FAR, HOUR, address},
};

const MINUTE: i64 = 60;
const LENGTH: i64 = 5_400;

/// The event's meeting.
fn number(event: &Event) -> String {
    event.room.as_ref().and_then(Room::meeting_number).unwrap().to_string()
}

/// An event at its end, with so many people who have links, played like this.
async fn held(people: u128, play: &Play) -> Due {
    let due = registered(people).await;
    stage(&due, play).await;
    due
}

/// An event with so many people who have links; nobody has come yet.
async fn registered(people: u128) -> Due {
    let due = Due::open(30 * MINUTE, None).await;
    for number in 1..=people {
        due.register(number).await;
    }
    assert!(due.look().await);
    assert_eq!(due.check_links().await as u128, people);
    due
}

/// Plays the meeting, at its end.
async fn stage(due: &Due, play: &Play) {
    due.wait(30 * MINUTE + LENGTH + 1);
    due.zoom().set_report_delay(0);
    // The fake Zoom goes by the real clock, which the tests' own is ahead of.
    assert!(due.zoom().stage(&number(&due.event().await), play, clock::now()));
    assert!(due.look().await);
}

/// The looks after so many minutes each.
async fn look_after(due: &Due, minutes: &[i64]) {
    for wait in minutes {
        due.wait(wait * MINUTE);
        assert!(due.look().await);
    }
}

async fn record(due: &Due) -> Record {
    due.table.fetch_attendance(due.id()).await.unwrap()
}

async fn decided(due: &Due) -> BTreeMap<u128, Decided> {
    let people = due.people().await;
    let number = |account: &AccountId| (1..10_000).find(|number| AccountId::from_bits(*number) == *account).unwrap();
    people.into_iter().filter_map(|person| Some((number(&person.account), *person.decided?))).collect()
}

async fn verdicts(due: &Due) -> Vec<&'static str> {
    decided(due).await.values().map(|decided| decided.verdict.as_str()).collect()
}

/// Somebody says something, as pages do.
async fn say(due: &Due, said: Said) {
    let record = record(due).await;
    let word = Adjustment {
        number: record.said + 1,
        at: due.now(),
        by: AccountId::from_bits(99),
        voice: Voice::Provider,
        why: "the host saw it".to_owned(),
        said,
    };
    assert!(due.table.say_of_attendance(due.id(), &record, &[word], due.now()).await.unwrap());
}

#[tokio::test]
async fn two_reports_that_agree_decide_everybody_and_a_third_look_changes_nothing() {
    let length = Part::each(LENGTH);
    let play = Play::everybody(Part::InFull)
        .with(&address(2), Part::LeftEarly { at: 3_600 })
        .with(&address(3), Part::JoinedLate { at: 600 })
        .with(&address(4), Part::TwoDevices)
        .with(&address(5), Part::Breakout)
        .with(&address(6), Part::Shared)
        .with(&address(7), Part::Renamed)
        .with(&address(8), Part::Waited { until: 600 })
        .with(&address(9), Part::Absent)
        .with(&address(10), Part::PhoneAlone)
        .with(&address(11), Part::Away { from: 1_800, to: 2_340 })
        .with(&address(12), Part::PhoneWithPin);
    assert_eq!(length.len(), 13, "another part has come: play it here");
    let due = held(12, &play).await;
    assert!(verdicts(&due).await.is_empty());
    assert_eq!(due.zoom().calls("/report/"), 0, "nobody asks before half an hour has passed");
    look_after(&due, &[29]).await;
    assert_eq!(due.zoom().calls("/report/"), 0);
    look_after(&due, &[1]).await;
    let once = record(&due).await;
    assert_eq!((once.report.map(|report| report.agreed), once.final_at), (Some(1), None));
    assert!(verdicts(&due).await.is_empty(), "one report decides nobody");
    look_after(&due, &[10]).await;
    let expected =
        ["full", "short", "short", "full", "full", "review", "review", "short", "absent", "absent", "short", "full"];
    assert_eq!(verdicts(&due).await, expected);
    let all = decided(&due).await;
    let codes = |number: u128| all[&number].reasons.iter().map(|reason| reason.code()).collect::<Vec<_>>();
    assert_eq!((codes(2), all[&2].missed), (vec!["left_early"], 1_800));
    assert_eq!((codes(3), all[&3].missed), (vec!["joined_late"], 600));
    assert_eq!((codes(4), all[&4].attended), (vec![], 5_400), "two devices are one person");
    assert_eq!((codes(5), all[&5].attended), (vec![], 5_400), "a breakout room isn't doubled");
    assert_eq!(codes(6), ["shared_link", "renamed"]);
    assert_eq!(codes(7), ["renamed"]);
    assert_eq!((codes(8), all[&8].missed), (vec!["in_waiting_room"], 600));
    assert_eq!((codes(11), all[&11].missed), (vec!["gap"], 540));
    let stood = record(&due).await;
    let applied = stood.applied.clone().unwrap();
    assert_eq!((applied.counts.full, applied.counts.short, applied.counts.review, applied.counts.absent), (4, 4, 2, 2));
    assert_eq!((applied.counts.unmatched, applied.plan), (1, 1), "a call that nobody has claimed");
    // Nothing is left to do, whoever looks.
    assert!(!due.is_due(due.now() + 30 * DAY).await);
    due.watch.reset();
    look_after(&due, &[5, 600]).await;
    assert_eq!(due.watch.total(), 2, "two looks at what isn't due are a call each");
    assert_eq!((decided(&due).await, record(&due).await), (all, stood));
}

#[tokio::test]
async fn who_is_decided_of_keeps_no_link_and_no_pin() {
    let due = held(2, &Play::everybody(Part::InFull)).await;
    look_after(&due, &[30, 10]).await;
    for person in due.people().await {
        let zoom = person.zoom.unwrap();
        assert_eq!((zoom.join_url, zoom.pin), (None, None));
        assert!(!zoom.registrant_id.is_empty(), "by which the report names them");
    }
    assert_eq!(due.asked_for_links(), 2, "and nobody makes them a new one");
}

#[tokio::test]
async fn a_report_that_is_late_empty_or_grows_is_waited_for() {
    let due = registered(3).await;
    stage(&due, &Play::everybody(Part::InFull)).await;
    due.zoom().set_report_delay(DAY);
    look_after(&due, &[30, 10, 20, 40]).await;
    let waiting = record(&due).await;
    assert_eq!((waiting.trouble.as_deref(), waiting.tries), (Some("report_not_there"), 4));
    assert!(verdicts(&due).await.is_empty());
    // What is there then is a part of it.
    due.zoom().set_report_delay(0);
    due.zoom().set_report_rows(Some(2));
    look_after(&due, &[60]).await;
    let part = record(&due).await;
    assert_eq!((part.trouble.as_deref(), part.report.as_ref().map(|report| report.rows)), (None, Some(2)));
    due.zoom().set_report_rows(None);
    look_after(&due, &[10]).await;
    assert!(verdicts(&due).await.is_empty(), "the second report has more");
    assert_eq!(record(&due).await.report.map(|report| (report.rows, report.agreed)), Some((4, 1)));
    look_after(&due, &[10]).await;
    assert_eq!(verdicts(&due).await, ["full", "full", "full"]);
    assert_eq!(due.kept().iter().filter(|key| key.ends_with(".jsonl") && !key.contains("explained")).count(), 2);
}

#[tokio::test]
async fn an_empty_report_of_a_meeting_in_which_somebody_was_decides_nobody() {
    let due = held(2, &Play::everybody(Part::InFull)).await;
    due.zoom().set_report_rows(Some(0));
    look_after(&due, &[30, 10, 20, 40, 60, 60]).await;
    assert!(verdicts(&due).await.is_empty());
    assert_eq!(record(&due).await.trouble.as_deref(), Some("report_not_there"));
}

#[tokio::test]
async fn a_failing_page_leaves_the_event_due_and_pages_are_one_report() {
    let due = held(7, &Play::everybody(Part::TwoDevices)).await;
    due.zoom().set_page_limit(Some(3));
    due.zoom().fail(Fault { after: 1, ..Fault::of_later_pages(99) });
    look_after(&due, &[30]).await;
    let failed = record(&due).await;
    assert!(failed.report.is_none() && failed.trouble.is_some() && failed.next_at.is_some(), "{failed:?}");
    due.zoom().recover();
    look_after(&due, &[10, 10]).await;
    assert_eq!(verdicts(&due).await, vec!["full"; 7]);
}

#[tokio::test]
async fn a_restart_is_charged_to_nobody_and_a_meeting_that_closed_early_is_held() {
    let due = held(2, &Play::everybody(Part::InFull).restarted(1_500, 1_620)).await;
    look_after(&due, &[30, 10]).await;
    // The two minutes in which it was closed aren't charged; the five seconds until they came again are.
    let times: Vec<_> = decided(&due).await.values().map(|decided| (decided.required, decided.missed)).collect();
    assert_eq!(times, [(5_280, 5), (5_280, 5)]);

    let due = held(2, &Play { ends: -900, ..Play::everybody(Part::InFull) }).await;
    look_after(&due, &[30, 10]).await;
    assert_eq!(verdicts(&due).await, ["review", "review"]);
    assert_eq!(record(&due).await.applied.unwrap().holds, ["times_differ"]);
    // Staff say when it ended: exactly that counts.
    let start = due.event().await.when.starts_at;
    say(&due, Said::Times { event: Span { from: start, to: start + 4_500 }, breaks: vec![] }).await;
    assert!(due.look().await);
    assert_eq!(verdicts(&due).await, ["full", "full"]);
    let applied = record(&due).await.applied.unwrap();
    assert_eq!((applied.plan, applied.said), (2, 1));
    let (plans, _) = due.table.fetch_plans(due.id(), None, 10).await.unwrap();
    assert_eq!(plans.iter().map(|plan| (plan.applied.plan, plan.moves)).collect::<Vec<_>>(), [(2, 2), (1, 2)]);
}

#[tokio::test]
async fn a_word_of_staffs_changes_whom_it_is_about_and_undone_it_never_was() {
    let play =
        Play::everybody(Part::InFull).with(&address(2), Part::Renamed).with(&address(3), Part::LeftEarly { at: 5_000 });
    let due = held(3, &play).await;
    look_after(&due, &[30, 10]).await;
    assert_eq!(verdicts(&due).await, ["full", "review", "short"]);
    let before = decided(&due).await;
    say(&due, Said::Clear { account: AccountId::from_bits(2), doubts: vec![Reason::Renamed] }).await;
    assert!(due.look().await);
    let after = decided(&due).await;
    assert_eq!((after[&1].clone(), after[&3].clone()), (before[&1].clone(), before[&3].clone()), "nobody else moves");
    assert_eq!(after[&2].verdict, Verdict::Full);
    say(&due, Said::Decide { account: AccountId::from_bits(3), full: true, appeal: false }).await;
    assert!(due.look().await);
    assert_eq!((decided(&due).await[&3].verdict, decided(&due).await[&3].by), (Verdict::Full, Some(2)));
    // What was given is taken back by no report and no undoing: staff are asked, and say so.
    say(&due, Said::TakeBack { number: 2 }).await;
    assert!(due.look().await);
    let turned = decided(&due).await[&3].clone();
    assert_eq!((turned.verdict, turned.turned.map(|turned| turned.verdict)), (Verdict::Full, Some(Verdict::Short)));
    assert_eq!(record(&due).await.applied.unwrap().counts.review, 1);
    // They have another address since they registered.
    due.account(3, Some("three.new@people.example")).await;
    say(&due, Said::Withdraw { account: AccountId::from_bits(3) }).await;
    assert!(due.look().await);
    assert_eq!(verdicts(&due).await, ["full", "full", "short"]);
    let short = decided(&due).await[&3].clone();
    assert_eq!((short.by, short.reasons), (None, vec![Reason::LeftEarly]), "what the rule finds, and no word by hand");
    let told = due.mails().await.into_iter().filter(|(kind, _)| kind == "attendance_taken_back").collect::<Vec<_>>();
    assert_eq!(
        told,
        [("attendance_taken_back".to_owned(), "three.new@people.example".to_owned())],
        "they are told, once"
    );
}

#[tokio::test]
async fn who_is_registered_by_telephone_is_found_by_the_digits_that_they_say() {
    let due = held(2, &Play::everybody(Part::InFull).with(&address(2), Part::PhoneAlone)).await;
    look_after(&due, &[30, 10]).await;
    assert_eq!(verdicts(&due).await, ["full", "absent"]);
    say(&due, Said::Claim { account: AccountId::from_bits(2), last4: "0101".to_owned() }).await;
    assert!(due.look().await);
    assert_eq!(verdicts(&due).await, ["full", "full"]);
    assert_eq!(record(&due).await.applied.unwrap().counts.unmatched, 0);
}

#[tokio::test]
async fn who_confirms_after_everybody_was_decided_is_decided_too() {
    let due = registered(2).await;
    due.put_down(3).await;
    stage(&due, &Play::everybody(Part::InFull)).await;
    look_after(&due, &[30, 10]).await;
    assert_eq!(verdicts(&due).await, ["full", "full"]);
    due.confirm(3).await;
    assert!(due.look().await);
    assert_eq!(verdicts(&due).await, ["full", "full", "absent"]);
    assert_eq!(record(&due).await.applied.map(|applied| applied.plan), Some(2));
    due.watch.reset();
    assert!(due.look().await);
    assert_eq!(due.watch.total(), 1, "and nothing is left to do");
}

/// Lets Zoom be asked at this moment, as staff's button does.
async fn ask(due: &Due) {
    let record = record(due).await;
    let soon = Record { next_at: Some(due.now()), ..record };
    assert!(due.table.ask_again(&due.event().await, &soon, due.now()).await.unwrap());
    assert!(due.look().await);
}

#[tokio::test]
async fn another_report_after_the_final_one_decides_nothing_before_it_has_come_twice_and_keeps_nobody_waiting() {
    let due = held(3, &Play::everybody(Part::InFull).with(&address(3), Part::LeftEarly { at: 5_000 })).await;
    due.put_down(4).await;
    look_after(&due, &[30, 10]).await;
    assert_eq!(verdicts(&due).await, ["full", "full", "short"]);
    let stood = record(&due).await;
    // Zoom has lost most of it, and somebody says something meanwhile, and somebody confirms.
    due.zoom().set_report_rows(Some(2));
    ask(&due).await;
    let pending = record(&due).await;
    assert_eq!((pending.report.as_ref(), pending.candidate.is_some()), (stood.report.as_ref(), true));
    say(&due, Said::Decide { account: AccountId::from_bits(3), full: true, appeal: false }).await;
    due.confirm(4).await;
    assert!(due.look().await);
    assert_eq!(verdicts(&due).await, ["full", "full", "full", "absent"], "by the report that was final");
    assert!(decided(&due).await.values().all(|decided| decided.turned.is_none()));
    let next = record(&due).await.next_at.expect("it is asked for once more");
    assert!(due.is_due(next).await);
    // It was a slip of Zoom's.
    due.zoom().set_report_rows(None);
    due.wait(10 * MINUTE);
    assert!(due.look().await);
    let back = record(&due).await;
    assert_eq!((back.report, back.candidate, back.next_at), (stood.report, None, None));
    // Twice the same is another report: what would be less goes to staff.
    due.zoom().set_report_rows(Some(2));
    ask(&due).await;
    due.wait(10 * MINUTE);
    assert!(due.look().await);
    let all = decided(&due).await;
    assert!(all.values().filter(|decided| decided.turned.is_some()).count() >= 1, "{all:?}");
    assert_eq!(verdicts(&due).await, ["full", "full", "full", "absent"], "nothing is taken back");
}

#[tokio::test]
async fn where_no_report_ever_comes_people_are_decided_by_hand() {
    let due = registered(2).await;
    due.wait(30 * MINUTE + LENGTH + 1);
    let world = due.worker_without_zoom().await;
    due.nudge(&world, 1, FAR).await;
    say(&due, Said::Decide { account: AccountId::from_bits(1), full: true, appeal: true }).await;
    assert!(due.nudge(&due.worker_without_zoom().await, 1, FAR).await);
    assert_eq!(verdicts(&due).await, ["full"], "and nobody else is decided of");
    let stood = record(&due).await;
    assert_eq!(stood.applied.as_ref().map(|applied| (applied.said, applied.leaves_open())), Some((1, true)));
    assert!(stood.next_at.is_some() || stood.trouble.is_some(), "Zoom is still asked");
    // Once a report comes after all, the others are decided by it.
    due.zoom().set_report_delay(0);
    assert!(due.zoom().stage(&number(&due.event().await), &Play::everybody(Part::InFull), clock::now()));
    due.wait(HOUR);
    assert!(due.look().await);
    ask(&due).await;
    assert_eq!(verdicts(&due).await, ["full", "full"]);
    assert_eq!(decided(&due).await[&1].by, Some(1));
}

#[tokio::test]
async fn an_event_whose_times_nobody_settles_is_warned_of_too() {
    let due = held(1, &Play { ends: -900, ..Play::everybody(Part::InFull) }).await;
    look_after(&due, &[30, 10]).await;
    assert_eq!(verdicts(&due).await, ["review"]);
    let at = due.event().await.when.ends_at + 20 * HOUR;
    assert!(due.is_due(at + 1).await, "it is looked at again");
    due.wait(at + 1 - due.now());
    assert!(!due.look().await, "and told of");
}

#[tokio::test]
async fn staff_are_warned_before_the_day_is_over_and_no_more_once_all_is_decided() {
    let due = held(2, &Play::everybody(Part::InFull)).await;
    due.zoom().fail(Fault { path: "/report/".to_owned(), count: 9_999, status: Some(500), ..Fault::default() });
    let mut hours = 0;
    while due.look().await {
        due.wait(HOUR / 2);
        hours += 1;
        assert!(hours <= 48, "nobody was warned");
    }
    let passed = due.now() - due.event().await.when.ends_at;
    assert!((20 * HOUR..21 * HOUR).contains(&passed), "{passed}");
    let world = due.worker().await;
    assert!(!due.nudge(&world, 2, FAR).await, "its message comes to whoever watches the dead letters");
    due.zoom().recover();
    due.wait(HOUR);
    due.look().await;
    due.wait(10 * MINUTE + 1);
    assert!(due.nudge(&due.worker().await, 1, FAR).await);
    assert_eq!(verdicts(&due).await, ["full", "full"]);
}

#[tokio::test]
async fn without_zooms_credentials_an_event_waits_for_a_file() {
    let due = registered(1).await;
    due.wait(30 * MINUTE + LENGTH + 1);
    let world = due.worker_without_zoom().await;
    due.nudge(&world, 1, FAR).await;
    due.wait(30 * MINUTE);
    due.nudge(&world, 1, FAR).await;
    let waiting = record(&due).await;
    assert_eq!((waiting.trouble.as_deref(), waiting.report), (Some("not_configured"), None));
    assert!(waiting.next_at.is_some_and(|at| at <= due.now() + HOUR), "that they were entered is seen within the hour");
}

/// What a test compares: who is decided how, and what the record says.
async fn end_state(due: &Due) -> (BTreeMap<u128, (Verdict, Vec<Reason>, u64)>, Option<(u32, u64)>) {
    let people = decided(due).await.into_iter();
    let people = people.map(|(number, it)| (number, (it.verdict, it.reasons, it.attended))).collect();
    let applied = record(due).await.applied;
    (people, applied.map(|applied| (applied.counts.people(), applied.said)))
}

async fn torn() -> Due {
    let due = held(3, &Play::everybody(Part::InFull).with(&address(2), Part::LeftEarly { at: 600 })).await;
    look_after(&due, &[30]).await;
    due.wait(10 * MINUTE);
    due.watch.reset();
    due
}

#[tokio::test]
async fn a_process_that_dies_at_any_call_leaves_nobody_undecided_and_nobody_decided_twice() {
    let due = torn().await;
    assert!(due.look().await);
    let (calls, expected) = (due.watch.total(), end_state(&due).await);
    assert_eq!(expected.0.len(), 3);
    let deaths = (0..calls).flat_map(|at| [Death::Before(at), Death::After(at)]);
    for death in deaths {
        let due = torn().await;
        due.watch.die(death);
        due.look().await;
        due.watch.reset();
        due.wait(FAR + 1);
        due.sweep().await;
        // A report that was asked for and not noted is asked for again.
        due.wait(10 * MINUTE);
        due.sweep().await;
        assert_eq!(end_state(&due).await, expected, "{death:?}");
        let versions = due.people().await.iter().map(|person| person.version).collect::<Vec<_>>();
        let once = due.people().await.iter().all(|person| person.decided.is_some());
        assert!(once, "{death:?}: {versions:?}");
        due.look().await;
        assert_eq!(due.people().await.iter().map(|person| person.version).collect::<Vec<_>>(), versions);
    }
}

#[tokio::test]
async fn lost_answers_and_outages_end_in_the_same() {
    let due = torn().await;
    assert!(due.look().await);
    let (calls, expected) = (due.watch.total(), end_state(&due).await);
    let outages = ["dynamodb UpdateItem", "dynamodb TransactWriteItems", "s3 PUT", "s3 GET", "dynamodb Query"];
    let mishaps =
        (0..calls).map(Mishap::LostAnswer).chain(outages.map(Mishap::Outage)).chain([Mishap::ThrottledEach(3)]);
    for mishap in mishaps {
        let due = torn().await;
        due.watch.suffer(mishap.clone());
        due.look().await;
        due.watch.reset();
        for _ in 0..2 {
            due.wait(10 * MINUTE + FAR);
            due.sweep().await;
        }
        assert_eq!(end_state(&due).await, expected, "{mishap:?}");
    }
}

#[tokio::test]
async fn two_who_say_something_at_once_are_heard_one_after_the_other() -> Result<(), TableError> {
    let due = held(2, &Play::everybody(Part::LeftEarly { at: 900 })).await;
    look_after(&due, &[30, 10]).await;
    let stood = record(&due).await;
    let word = |person: u128| Adjustment {
        number: stood.said + 1,
        at: due.now(),
        by: AccountId::from_bits(99),
        voice: Voice::Office,
        why: String::new(),
        said: Said::Decide { account: AccountId::from_bits(person), full: true, appeal: false },
    };
    assert!(due.table.say_of_attendance(due.id(), &stood, &[word(1)], due.now()).await?);
    assert!(!due.table.say_of_attendance(due.id(), &stood, &[word(2)], due.now()).await?, "it has moved since");
    assert!(due.look().await);
    assert_eq!(verdicts(&due).await, ["full", "short"]);
    assert_eq!(due.table.fetch_adjustments(due.id()).await?.len(), 1);
    Ok(())
}

/// What an event of a thousand people may cost from its end to the last decision.
const MOST_ZOOM_CALLS: usize = 20;
const MOST_WRITE_UNITS: u64 = 1_250;

#[tokio::test]
async fn a_thousand_people_cost_no_more_than_twenty_calls_of_zooms_and_1250_write_units() {
    const PEOPLE: u128 = 1_000;
    let due = registered(PEOPLE).await;
    // With the tablets of most of them 1,615 rows, and the host's.
    let mut play = Play::everybody(Part::InFull);
    for number in 1..=614 {
        play = play.with(&address(number), Part::TwoDevices);
    }
    due.wait(30 * MINUTE + LENGTH + 1);
    due.zoom().set_report_delay(0);
    assert!(due.zoom().stage(&number(&due.event().await), &play, clock::now()));
    due.watch.reset();
    let asked_before = due.zoom().calls("/");
    look_after(&due, &[0, 30, 10]).await;
    assert_eq!(record(&due).await.report.map(|report| report.rows), Some(1_615));
    let full = record(&due).await.applied.map(|applied| applied.counts.full);
    assert_eq!(full, Some(1_000));
    let asked = due.zoom().calls("/") - asked_before;
    assert!(asked <= MOST_ZOOM_CALLS, "{asked} calls of Zoom's");
    let spent = due.watch.capacity();
    let units = (spent.table_writes + spent.index_writes) / 100;
    println!("{asked} calls of Zoom's, {units} write units, {} read units", spent.reads / 100);
    assert!(units <= MOST_WRITE_UNITS, "{units} write units: {spent:?}");
}
