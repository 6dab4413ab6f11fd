//! "Did you call in by telephone?": four digits, against the calls of that event that nobody has proven theirs.

use super::{
    HOUR, Stage,
    played::{decide, over, row},
};
use crate::world::{Answer, Who};
use domain::{
    attendance::{Said, Verdict, Voice},
    event::Event,
};

impl Stage {
    async fn call(&self, event: &Event, who: Who, digits: &str) -> Answer {
        self.world.post(&format!("/wallet/missing/{}/call", event.id), who, format!("digits={digits}")).await
    }

    /// The digits that were taken down, with whose they are.
    async fn claims(&self, event: &Event) -> Vec<(Who, String)> {
        let words = self.world.clients.table.fetch_adjustments(&event.id).await.unwrap();
        let claim = |said: &Said| match said {
            Said::Claim { account, last4 } => {
                let who = [Who::Ann, Who::Bob].into_iter().find(|who| who.account_id() == *account).unwrap();
                Some((who, last4.clone()))
            }
            _ => None,
        };
        assert!(words.iter().all(|word| word.voice == Voice::Licensee));
        words.iter().filter_map(|word| claim(&word.said)).collect()
    }
}

fn calls(event: &Event, numbers: &[&str]) -> Vec<String> {
    numbers.iter().map(|number| row(event, "", number, (-1, 91))).collect()
}

fn done(answer: &Answer) -> (u16, &str) {
    (answer.status, answer.header("location").rsplit("done=").next().unwrap())
}

async fn played(numbers: &[&str]) -> (Stage, Event) {
    let stage = Stage::new().await;
    let event = over(&stage, 1, 2 * HOUR, &[Who::Ann, Who::Bob]).await;
    decide(&stage, &event, &calls(&event, numbers), true).await;
    (stage, event)
}

#[tokio::test]
async fn s2_14_the_one_call_with_these_digits_is_counted_and_never_asked_for_again() {
    let (stage, event) = played(&["1615***0123"]).await;
    assert_eq!(stage.participation(&event, Who::Ann).await.unwrap().decided.unwrap().verdict, Verdict::Absent);
    for _ in 0..2 {
        assert_eq!(done(&stage.call(&event, Who::Ann, "01-23").await), (303, "call"));
    }
    assert_eq!(stage.claims(&event).await, [(Who::Ann, "0123".to_owned())]);
    let page = stage.world.get(&format!("/wallet/missing/{}?done=call", event.id), Who::Ann).await;
    assert!(page.text().contains("Your call was found; it is being counted."), "{}", page.text());
    assert!(!page.text().contains("Look for my call") && !page.text().contains("0123"), "{}", page.text());
    let other = stage.call(&event, Who::Ann, "9999").await;
    assert!(other.status == 409 && other.text().contains("You have named your call before"), "{}", other.text());
    decide(&stage, &event, &calls(&event, &["1615***0123"]), true).await;
    assert_eq!(stage.participation(&event, Who::Ann).await.unwrap().decided.unwrap().verdict, Verdict::Full);
}

#[tokio::test]
async fn digits_of_no_call_are_counted_five_times_and_change_nothing() {
    let (stage, event) = played(&["1615***0123"]).await;
    for digits in ["0001", "0002", "0003", "0004", "0005"] {
        assert_eq!(done(&stage.call(&event, Who::Ann, digits).await), (303, "no-call"), "{digits}");
    }
    let sixth = stage.call(&event, Who::Ann, "0123").await;
    assert!(sixth.status == 409 && sixth.text().contains("You have tried five times"), "{}", sixth.text());
    assert!(stage.claims(&event).await.is_empty());
    let page = stage.world.get(&format!("/wallet/missing/{}?done=no-call", event.id), Who::Ann).await;
    assert!(page.text().contains("There is no call with these digits"), "{}", page.text());
    // Others aren't stopped by it.
    assert_eq!(done(&stage.call(&event, Who::Bob, "0123").await), (303, "call"));
}

#[tokio::test]
async fn two_calls_with_these_digits_or_two_who_name_them_go_to_staff() {
    let (stage, event) = played(&["1615***0123", "1212***0123", "1303***7777"]).await;
    for _ in 0..2 {
        assert_eq!(
            done(&stage.call(&event, Who::Ann, "0123").await),
            (303, "call-unclear"),
            "twice is answered as once"
        );
    }
    let other = stage.call(&event, Who::Ann, "7777").await;
    assert!(other.status == 409 && other.text().contains("anything unclear goes to staff"), "{}", other.text());
    let (stage, event) = played(&["1615***0123"]).await;
    assert_eq!(done(&stage.call(&event, Who::Ann, "0123").await), (303, "call"));
    for _ in 0..2 {
        assert_eq!(done(&stage.call(&event, Who::Bob, "0123").await), (303, "call-unclear"));
    }
    assert_eq!(stage.claims(&event).await, [(Who::Ann, "0123".to_owned()), (Who::Bob, "0123".to_owned())]);
    decide(&stage, &event, &calls(&event, &["1615***0123"]), true).await;
    for who in [Who::Ann, Who::Bob] {
        assert_ne!(stage.participation(&event, who).await.unwrap().decided.unwrap().verdict, Verdict::Full, "{who:?}");
    }
}

#[tokio::test]
async fn no_digits_are_taken_before_the_report_or_that_arent_four() {
    let stage = Stage::new().await;
    let event = over(&stage, 1, 2 * HOUR, &[Who::Ann]).await;
    let early = stage.call(&event, Who::Ann, "0123").await;
    assert!(early.status == 409 && early.text().contains("Come back when it is"), "{}", early.text());
    assert_eq!(stage.call(&event, Who::Ann, "12345").await.status, 409);
    assert_eq!(stage.call(&event, Who::Bob, "0123").await.status, 404);
    let hall = stage.world.get(&format!("/wallet/events/{}", event.id), Who::Ann).await;
    assert!(hall.text().contains("in which the calls stand"), "{}", hall.text());
}
