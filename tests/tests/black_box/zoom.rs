//! Zoom's webhooks: each is kept and noted once, whatever happens to the process, the table or the bucket on the way.

use adapters::clock;
use domain::{
    id::EventId,
    presence::{Live, MeetingNumber, Slot},
};
use local::zoom::{WEBHOOK_SECRET, signature};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tests::{
    cloud,
    connector::{Death, Mishap},
    hooks::{Hooks, joined, publish, send},
    http::{Answer, ask},
};

fn calls<const N: usize>(counts: [(&str, usize); N]) -> BTreeMap<String, usize> {
    counts.into_iter().map(|(what, count)| (what.to_owned(), count)).collect()
}

#[tokio::test]
async fn a_webhook_is_three_calls_the_next_two_and_one_write_unit_each() {
    let hooks = Hooks::open().await;
    let process = hooks.process().await;
    assert_eq!(send(&process, &joined("ann", 9)).await, 200);
    assert_eq!(hooks.watch.calls(), calls([("s3 PUT", 1), ("dynamodb Query", 1), ("dynamodb PutItem", 1)]));
    assert_eq!(hooks.watch.sequence()[2], "dynamodb PutItem", "nothing is noted before it is kept");
    assert_eq!((hooks.watch.capacity().table_writes, hooks.watch.capacity().index_writes), (100, 0));
    assert_eq!(hooks.watch.capacity().reads, 50);
    for body in [joined("bob", 8), joined("ann", 9)] {
        hooks.watch.reset();
        assert_eq!(send(&process, &body).await, 200);
        assert_eq!(hooks.watch.calls(), calls([("s3 PUT", 1), ("dynamodb PutItem", 1)]));
    }
    hooks.watch.reset();
    let of_no_effect = joined("ann", 9).replace("participant_joined", "registration_created");
    assert_eq!(send(&process, &of_no_effect).await, 200);
    assert_eq!(hooks.watch.calls(), calls([("s3 PUT", 1)]));
}

#[tokio::test]
async fn a_process_that_dies_at_any_call_loses_nothing_and_doubles_nothing() {
    let plain = Hooks::open().await;
    assert_eq!(send(&plain.process().await, &joined("ann", 9)).await, 200);
    let (total, expected) = (plain.watch.total(), plain.end_state().await);
    assert_eq!((total, expected.0.len(), expected.1.len()), (3, 1, 1));
    for at in 0..total {
        for death in [Death::Before(at), Death::After(at)] {
            let hooks = Hooks::open().await;
            hooks.watch.die(death);
            assert_eq!(
                send(&hooks.process().await, &joined("ann", 9)).await,
                503,
                "Zoom must send it again: {death:?}"
            );
            assert!(hooks.watch.has_died(), "{death:?} was never reached");
            hooks.watch.reset();
            for _ in 0..2 {
                assert_eq!(send(&hooks.process().await, &joined("ann", 9)).await, 200, "after {death:?}");
            }
            assert_eq!(hooks.end_state().await, expected, "after {death:?}");
        }
    }
}

#[tokio::test]
async fn an_answer_that_is_lost_is_nobodys_loss() {
    let plain = Hooks::open().await;
    assert_eq!(send(&plain.process().await, &joined("ann", 9)).await, 200);
    let expected = plain.end_state().await;
    for at in 0..3 {
        let hooks = Hooks::open().await;
        hooks.watch.suffer(Mishap::LostAnswer(at));
        assert_eq!(send(&hooks.process().await, &joined("ann", 9)).await, 200, "answer {at} lost");
        assert_eq!(hooks.end_state().await, expected, "answer {at} lost");
    }
}

#[tokio::test]
async fn what_is_away_is_answered_with_a_request_to_send_again() {
    for kind in ["s3 PUT", "dynamodb Query", "dynamodb PutItem"] {
        let hooks = Hooks::open().await;
        hooks.watch.suffer(Mishap::Outage(kind));
        assert_eq!(send(&hooks.process().await, &joined("ann", 9)).await, 503, "{kind}");
        let (seen, kept) = hooks.end_state().await;
        assert_eq!((seen.len(), kept.len()), (0, usize::from(kind != "s3 PUT")), "{kind}");
        hooks.watch.reset();
        assert_eq!(send(&hooks.process().await, &joined("ann", 9)).await, 200, "{kind}");
        assert_eq!(hooks.end_state().await.0.len(), 1, "{kind}");
    }
}

#[tokio::test]
async fn two_processes_that_take_one_webhook_at_once_note_it_once() {
    let hooks = Hooks::open().await;
    let (one, other, body) = (hooks.process().await, hooks.process().await, joined("ann", 9));
    let answers = tokio::join!(send(&one, &body), send(&other, &body));
    assert_eq!(answers, (200, 200));
    let (seen, kept) = hooks.end_state().await;
    assert_eq!((seen.len(), kept.len()), (1, 1));
}

/// Sends a body to the deployed function, signed as the fake Zoom signs.
async fn deliver(body: &Value, secret: &str) -> Answer {
    let (now, body) = (clock::now(), body.to_string());
    let url = format!("{}/zoom/events", cloud().portal_url().unwrap());
    let (signature, now) = (signature(secret, now, &body), now.to_string());
    let headers = [
        ("content-type", "application/json"),
        ("x-zm-request-timestamp", now.as_str()),
        ("x-zm-signature", signature.as_str()),
    ];
    ask("POST", &url, &headers, body.into_bytes()).await
}

#[tokio::test]
async fn the_deployed_door_believes_zoom_and_nobody_else() {
    let cloud = tokio::task::spawn_blocking(cloud).await.unwrap();
    let secrets = aws_sdk_secretsmanager::Client::new(&cloud.sdk_config().await);
    let written = secrets.put_secret_value().secret_id(cloud.zoom_secret_id()).secret_string(local::zoom::secret());
    written.send().await.unwrap();
    let (meeting, now) = (MeetingNumber::parse("86420864208").unwrap(), clock::now());
    let table = cloud.clients().await.unwrap().table;
    let slot = Slot { starts_at: now, ends_at: now + 3_600, event: EventId::from_bits(86_420) };
    publish(&table, &meeting, &slot).await;

    let validation = json!({"event": "endpoint.url_validation", "payload": {"plainToken": "token"}});
    let answer = deliver(&validation, WEBHOOK_SECRET).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let answer: Value = serde_json::from_str(&answer.text()).unwrap();
    assert_eq!((&answer["plainToken"], answer["encryptedToken"].as_str().unwrap().len()), (&json!("token"), 64));

    let at = jiff::Timestamp::from_second(now).unwrap().to_string();
    let joined = json!({"event": "meeting.participant_joined", "event_ts": now * 1_000, "payload": {"object":
        {"id": meeting.as_str(), "uuid": "u", "participant": {"user_id": "1", "user_name": "Zoë Ünal", "join_time": at}}}});
    assert_eq!(deliver(&joined, "a stranger's").await.status, 401);
    for _ in 0..2 {
        assert_eq!(deliver(&joined, WEBHOOK_SECRET).await.status, 200);
    }
    let seen = table.fetch_sightings(&meeting, slot.window()).await.unwrap().list;
    assert_eq!((seen.len(), Live::of(&seen).count_in()), (1, 1));
}
