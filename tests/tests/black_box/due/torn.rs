//! The worker of events torn at each of its calls, and given too little time.

use super::counts;
use domain::event::change::Told;
use tests::{
    connector::{Death, Mishap},
    due::{DAY, Due, FAR, HOUR, address},
};

/// An event of which everything is due at once: somebody to be told, a free seat with somebody who waits, links to be made and one
/// to be taken back, an hour's reminder.
async fn full() -> Due {
    let due = Due::open(HOUR / 2, Some(3)).await;
    due.wait(-2 * DAY);
    for number in 1..=4 {
        due.register(number).await;
    }
    due.look().await;
    due.move_by(60).await;
    due.cancel(1).await;
    due.wait(2 * DAY);
    due.watch.reset();
    due
}

async fn check(due: &Due, what: &str, expected: &(Vec<String>, Vec<(String, String)>)) {
    // Whoever died holds the look until its end.
    due.wait(FAR + 1);
    due.sweep().await;
    assert_eq!(&due.end_state().await, expected, "{what}");
    assert_eq!(due.check_links().await, 3, "{what}");
    let before = due.watch.total();
    due.look().await;
    assert_eq!(due.watch.total() - before, 1, "{what}: nothing is left to do");
}

/// What is expected of all, and how many calls it takes.
async fn expected() -> (usize, (Vec<String>, Vec<(String, String)>)) {
    let due = full().await;
    assert!(due.look().await);
    let calls = due.watch.total();
    let mails = [("event_changed", 3), ("reminder of the hour", 3), ("seat_free", 1)];
    assert_eq!(due.mails_by_kind().await, counts(mails));
    assert!(due.mails().await.contains(&("seat_free".to_owned(), address(4))));
    let state = due.end_state().await;
    check(&due, "plainly", &state).await;
    (calls, state)
}

#[tokio::test]
async fn a_process_that_dies_at_any_call_loses_no_mail_and_no_seat_and_doubles_none() {
    let (calls, expected) = expected().await;
    for at in 0..calls {
        for death in [Death::Before(at), Death::After(at)] {
            let due = full().await;
            due.watch.die(death);
            due.look().await;
            // Which calls there are depends on who was faster at the end.
            assert!(due.watch.has_died() || at + 2 > calls, "{death:?} was never reached");
            due.watch.reset();
            check(&due, &format!("after {death:?}"), &expected).await;
        }
    }
}

#[tokio::test]
async fn an_answer_that_is_lost_or_a_call_that_is_refused_is_nobodys_loss() {
    let (calls, expected) = expected().await;
    let lost = (0..calls).map(Mishap::LostAnswer);
    let outages = ["dynamodb TransactWriteItems", "dynamodb PutItem", "dynamodb Query", "sqs SendMessage"];
    for mishap in lost.chain(outages.map(Mishap::Outage)).chain([Mishap::ThrottledEach(3)]) {
        let due = full().await;
        due.watch.suffer(mishap.clone());
        due.look().await;
        due.watch.reset();
        check(&due, &format!("{mishap:?}"), &expected).await;
    }
}

#[tokio::test]
async fn who_was_registered_at_zoom_by_a_process_that_died_then_gets_that_link() {
    let due = Due::open(3 * DAY, None).await;
    for number in 1..=3 {
        due.register(number).await;
    }
    let number = due.zoom().meetings()[0].number.clone();
    for number_of_person in 1..=2 {
        due.zoom().register(&number, &address(number_of_person), "Maria", "Garcia").unwrap();
    }
    assert!(due.look().await);
    assert_eq!(due.check_links().await, 3);
    assert_eq!(due.zoom().meetings()[0].registrants.len(), 3);
}

#[tokio::test]
async fn a_thousand_registrants_get_their_links_and_reminders_over_several_short_runs() {
    let due = Due::open(2 * DAY, None).await;
    for number in 1..=1_000 {
        due.register(number).await;
    }
    due.wait(DAY + 1);
    let worker = due.worker().await;
    // Links may be begun until 45 seconds before the end; each takes some looks at the clock.
    due.tick(20);
    let mut runs = 0;
    while due.is_due(due.now()).await {
        assert!(due.nudge(&worker, 1, 45 + 15).await);
        runs += 1;
        let (links, mails) = (due.asked_for_links(), due.mails().await.len());
        assert!(runs < 10, "{runs} runs, {links} links and {mails} reminders");
    }
    assert!(runs > 2, "{runs} runs: the deadline wasn't short");
    assert_eq!((due.check_links().await, due.asked_for_links()), (1_000, 1_000));
    assert_eq!(due.mails_by_kind().await, counts([("reminder of the day", 1_000)]));
}

#[tokio::test]
async fn a_process_at_its_end_begins_nothing() {
    let due = full().await;
    due.change(vec![Told::Kind], |_| {}).await;
    due.watch.reset();
    let worker = due.worker().await;
    let asked = due.asked_for_links();
    assert!(due.nudge(&worker, 1, 20).await);
    assert_eq!((due.watch.sequence(), due.asked_for_links()), (vec!["dynamodb GetItem".to_owned()], asked));
    assert!(due.is_due(due.now()).await, "the next process does it");
}
