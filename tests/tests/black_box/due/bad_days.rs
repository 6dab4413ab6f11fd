//! Zoom on bad days: nothing is lost, nobody is held up by somebody else, what a person has to cure comes to a person, and all else
//! of an event goes on.

use super::counts;
use local::zoom::Fault;
use tests::due::{DAY, Due, FAR, HOUR};

async fn three(begins_in: i64) -> Due {
    let due = Due::open(begins_in, None).await;
    for number in 1..=3 {
        due.register(number).await;
    }
    due
}

fn limit(kind: &str, retry_after: &str, count: u32) -> Fault {
    let (limit, retry_after) = (Some(kind.to_owned()), Some(retry_after.to_owned()));
    Fault { path: "registrants".into(), count, status: Some(429), limit, retry_after, ..Fault::default() }
}

fn written(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).unwrap().to_string()
}

#[tokio::test]
async fn a_limit_of_the_second_is_waited_for_however_zoom_tells_it() {
    for retry_after in ["1".to_owned(), written(adapters::clock::now() + 1)] {
        let due = three(3 * DAY).await;
        due.zoom().fail(limit("QPS", &retry_after, 2));
        assert!(due.look().await);
        assert_eq!(due.check_links().await, 3, "{retry_after}");
        assert!(!due.is_due(due.now()).await);
    }
}

#[tokio::test]
async fn a_limit_of_the_day_puts_links_off_until_then_and_nothing_else() {
    for told in ["21600".to_owned(), written(adapters::clock::now() + 21_600)] {
        let due = Due::open(DAY + HOUR, None).await;
        for number in 1..=8 {
            due.register(number).await;
        }
        due.zoom().fail(limit("Daily-limit", &told, 1_000));
        let worker = due.worker().await;
        assert!(due.nudge(&worker, 1, FAR).await, "nobody has to do anything");
        let asked = due.asked_for_links();
        assert!((5..=8).contains(&asked), "{asked} refusals in a row are everybody's");
        assert!(!due.is_due(due.now() + HOUR - 1).await && due.is_due(due.now() + HOUR).await, "to the reminder");
        due.wait(HOUR + 1);
        assert!(due.nudge(&worker, 1, FAR).await);
        assert_eq!(due.mails_by_kind().await, counts([("reminder of the day", 8)]), "which waits for no link");
        assert_eq!(due.asked_for_links(), asked, "Zoom isn't asked before it wants to be");
        assert!(!due.is_due(due.now() + 4 * HOUR).await && due.is_due(due.now() + 6 * HOUR).await);
        due.zoom().recover();
        due.wait(6 * HOUR);
        assert!(due.nudge(&worker, 1, FAR).await);
        assert_eq!(due.check_links().await, 8);
    }
}

#[tokio::test]
async fn a_limit_of_one_person_holds_up_nobody_else() {
    let due = Due::open(3 * DAY, None).await;
    for number in 1..=12 {
        due.register(number).await;
    }
    due.zoom().fail(limit("Daily-limit", "3600", 1));
    let worker = due.worker().await;
    assert!(due.nudge(&worker, 1, FAR).await);
    assert_eq!(due.check_links().await, 11);
    due.wait(HOUR + 600);
    assert!(due.nudge(&worker, 1, FAR).await);
    assert_eq!(due.check_links().await, 12);
}

#[tokio::test]
async fn a_failing_or_slow_zoom_costs_minutes_and_no_link() {
    let failing = Fault { path: "registrants".into(), count: 1_000, status: Some(500), ..Fault::default() };
    let slow = Fault { path: "registrants".into(), count: 1_000, delay_ms: 3_000, ..Fault::default() };
    let nonsense = Fault { path: "registrants".into(), count: 1, body: Some("<html>".into()), ..Fault::default() };
    for (fault, needs_somebody) in [(failing, false), (slow, false), (nonsense, true)] {
        let due = three(3 * DAY).await;
        due.zoom().fail(fault.clone());
        assert_eq!(due.look().await, !needs_somebody, "{fault:?}");
        assert!(due.check_links().await < 3, "{fault:?}");
        due.zoom().recover();
        due.wait(HOUR + 1);
        due.sweep().await;
        assert_eq!(due.check_links().await, 3, "{fault:?}");
        assert!(!due.is_due(due.now() + HOUR).await, "{fault:?}");
    }
}

#[tokio::test]
async fn what_a_person_has_to_cure_comes_to_a_person_once_and_all_else_goes_on() {
    let due = three(DAY + HOUR).await;
    let number = due.zoom().meetings()[0].number.clone();
    due.zoom().set(&number, "approval_type", serde_json::json!(2));
    due.move_by(60).await;
    let worker = due.worker().await;
    assert!(!due.nudge(&worker, 1, FAR).await, "the message goes on to the dead letters");
    assert_eq!(
        due.table.fetch_look(due.id()).await.unwrap().unwrap().looked.trouble.as_deref(),
        Some("registration_off")
    );
    assert_eq!(due.mails_by_kind().await, counts([("event_changed", 3)]));
    assert!(!due.nudge(&worker, 2, FAR).await, "as long as it isn't cured");
    assert!(due.nudge(&worker, 1, FAR).await, "another message isn't one more dead letter");
    assert!(!due.is_due(due.now() + HOUR / 2).await && due.is_due(due.now() + HOUR).await, "at a slower pace");
    due.wait(HOUR + 61);
    due.sweep_with(&worker).await;
    assert_eq!(due.mails_by_kind().await, counts([("event_changed", 3), ("reminder of the day", 3)]));
    assert_eq!(due.check_links().await, 0);
    due.zoom().set(&number, "approval_type", serde_json::json!(0));
    assert!(due.nudge(&worker, 5, FAR).await, "a dead letter that is replayed does it at once");
    assert_eq!(due.check_links().await, 3);
    assert_eq!(due.table.fetch_look(due.id()).await.unwrap().unwrap().looked.trouble, None);
}

#[tokio::test]
async fn refused_credentials_a_missing_scope_and_no_credentials_each_ask_for_somebody() {
    let due = three(3 * DAY).await;
    let trouble = async || due.table.fetch_look(due.id()).await.unwrap().unwrap().looked.trouble.unwrap_or_default();
    let worker = due.worker_without_zoom().await;
    assert!(!due.nudge(&worker, 1, FAR).await);
    assert_eq!((trouble().await.as_str(), due.asked_for_links()), ("not_configured", 0));
    due.zoom().refuse_credentials(true);
    assert!(!due.look().await, "another reason is told too");
    assert_eq!((trouble().await.as_str(), due.asked_for_links()), ("credentials_refused", 0));
    due.zoom().refuse_credentials(false);
    due.zoom().remove_scope("meeting:write:registrant:admin");
    assert!(!due.look().await);
    assert_eq!(trouble().await, "scope_missing");
    assert!(due.asked_for_links() <= 4, "the next ones aren't asked for");
}

#[tokio::test]
async fn who_has_no_link_an_hour_before_is_somebodys_matter_whatever_the_reason() {
    let due = three(2 * HOUR).await;
    due.zoom().fail(Fault { path: "registrants".into(), count: 1_000, status: Some(500), ..Fault::default() });
    assert!(due.look().await, "there is time");
    due.wait(HOUR + 1);
    assert!(!due.look().await);
    assert_eq!(due.mails_by_kind().await, counts([("reminder of the hour", 3)]));
}
