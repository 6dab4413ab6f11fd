//! Who is believed: every recorded signature and validation, and nothing that was changed, kept too long or never signed.

use crate::world::{NOW, SECRET, World, request, signed};
use lambda_http::{Body, http};
use serde_json::{Value, json};
use zoom_events::{SIGNATURE_HEADER, SigningSecret, TIMESTAMP_HEADER, TOLERANCE_SECONDS, sign};

fn vectors() -> Value {
    serde_json::from_str(include_str!("../data/webhook_signatures.json")).unwrap()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

#[tokio::test]
async fn every_recorded_signature_is_judged_as_recorded() {
    for vector in vectors()["signatures"].as_array().unwrap() {
        let world = World::with(&[text(vector, "secret")]).await;
        let (body, timestamp) = (text(vector, "body"), text(vector, "x_zm_request_timestamp"));
        let headers = [(SIGNATURE_HEADER, text(vector, "x_zm_signature")), (TIMESTAMP_HEADER, timestamp)];
        let answer = world.ask(&request(body, &headers), timestamp.parse().unwrap()).await;
        let expected = if vector["expected_valid"] == true { 200 } else { 401 };
        assert_eq!(answer.status(), expected, "{} {}", vector["id"], vector["rule"]);
        if expected == 401 {
            assert!(matches!(answer.body(), Body::Empty), "a refusal says nothing");
        }
        let token = serde_json::from_str::<Value>(body).unwrap()["payload"]["plainToken"].clone();
        if expected == 200 && token.is_string() {
            let Body::Text(answer) = answer.body() else { panic!("{}: no answer", vector["id"]) };
            assert_eq!(serde_json::from_str::<Value>(answer).unwrap()["plainToken"], token);
        }
    }
}

#[tokio::test]
async fn every_recorded_validation_is_answered_as_recorded() {
    for vector in vectors()["url_validation"].as_array().unwrap() {
        let secret = text(vector, "secret");
        let world = World::with(&[secret]).await;
        let answer = world.ask(&signed(&vector["request"].to_string(), &NOW.to_string(), secret), NOW).await;
        assert_eq!(json!(answer.status().as_u16()), vector["expected"]["status"]);
        assert_eq!(answer.headers()["content-type"], "application/json");
        let Body::Text(answer) = answer.body() else { panic!("no answer") };
        let answer: Value = serde_json::from_str(answer).unwrap();
        assert_eq!(answer["plainToken"], vector["expected"]["plainToken"]);
        assert_eq!(answer["encryptedToken"], vector["expected"]["encryptedToken"]);
        assert_eq!(world.kept(), [""; 0], "a validation tells nothing that is to be kept");
    }
}

const BODY: &str = r#"{"event":"user.updated"}"#;

fn signature(body: &str, timestamp: &str) -> String {
    sign(&SigningSecret::parse(SECRET).unwrap(), timestamp, body.as_bytes())
}

#[tokio::test]
async fn a_validation_that_isnt_signed_is_refused() {
    let world = World::new().await;
    let body = r#"{"event":"endpoint.url_validation","payload":{"plainToken":"abc"}}"#;
    for headers in [vec![], vec![(TIMESTAMP_HEADER, "1795335300"), (SIGNATURE_HEADER, "v0=")]] {
        assert_eq!(world.ask(&request(body, &headers), NOW).await.status(), 401);
    }
}

#[tokio::test]
async fn a_signature_is_good_for_five_minutes_either_way() {
    let world = World::new().await;
    let signed = signed(BODY, &NOW.to_string(), SECRET);
    for (late, status) in [
        (0, 200),
        (TOLERANCE_SECONDS, 200),
        (-TOLERANCE_SECONDS, 200),
        (TOLERANCE_SECONDS + 1, 401),
        (-TOLERANCE_SECONDS - 1, 401),
    ] {
        assert_eq!(world.ask(&signed, NOW + late).await.status(), status, "{late} s later");
    }
}

#[tokio::test]
async fn missing_and_odd_headers_are_refused_without_a_word() {
    let world = World::new().await;
    let now = NOW.to_string();
    let good = signature(BODY, &now);
    let upper = good.to_uppercase();
    let odd_time =
        |time: &'static str| vec![(TIMESTAMP_HEADER, time.to_owned()), (SIGNATURE_HEADER, signature(BODY, time))];
    let odd_signature = |text: &str| vec![(TIMESTAMP_HEADER, now.clone()), (SIGNATURE_HEADER, text.to_owned())];
    let mut cases = vec![
        vec![],
        vec![(TIMESTAMP_HEADER, now.clone())],
        vec![(SIGNATURE_HEADER, good.clone())],
        [odd_signature(&good), odd_signature(&good)].concat(),
    ];
    cases.extend(["", "+1795335300", " ", "1795335300.0", "1795335300000", "99999999999999999999"].map(odd_time));
    cases.extend(["", "v0=", "v1=", "v0", &good[3..], &good[..66], &format!("{good}00"), &upper].map(odd_signature));
    for headers in cases {
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = world.ask(&request(BODY, &headers), NOW).await;
        assert_eq!((answer.status().as_u16(), matches!(answer.body(), Body::Empty)), (401, true), "{headers:?}");
    }
    assert_eq!(world.kept(), [""; 0]);
}

#[tokio::test]
async fn while_a_secret_is_replaced_both_count_and_afterwards_only_one() {
    let world = World::with(&["new", "old"]).await;
    for secret in ["old", "new"] {
        assert_eq!(world.ask(&signed(BODY, &NOW.to_string(), secret), NOW).await.status(), 200, "{secret}");
    }
    let afterwards = World::with(&["new"]).await;
    assert_eq!(afterwards.ask(&signed(BODY, &NOW.to_string(), "old"), NOW).await.status(), 401);
}

#[tokio::test]
async fn secrets_are_read_once_and_anew_when_a_signature_fails_but_not_for_every_stranger() {
    let (world, stored) = World::new().await.with_stored("old").await;
    let status = async |secret: &str, now: i64| world.ask(&signed(BODY, &now.to_string(), secret), now).await.status();
    for _ in 0..3 {
        assert_eq!(status("old", NOW).await, 200);
    }
    assert_eq!(stored.asked(), 1);
    stored.replace("new, old");
    assert_eq!(status("new", NOW).await, 200, "it was replaced without a word to us");
    assert_eq!(stored.asked(), 2);
    for second in 1..50 {
        assert_eq!(status("a stranger's", NOW + second).await, 401);
    }
    assert_eq!((status("old", NOW).await.as_u16(), stored.asked()), (200, 2));
    assert_eq!((status("a stranger's", NOW + 60).await.as_u16(), stored.asked()), (401, 3));
}

#[tokio::test]
async fn while_the_secret_cant_be_read_zoom_is_asked_to_send_again() {
    let (world, stored) = World::new().await.with_stored("").await;
    assert_eq!(world.ask(&signed(BODY, &NOW.to_string(), SECRET), NOW).await.status(), 503);
    assert_eq!(world.kept(), [""; 0]);
    stored.replace(SECRET);
    assert_eq!(world.ask(&signed(BODY, &NOW.to_string(), SECRET), NOW).await.status(), 200);
}

#[tokio::test]
async fn each_secret_of_a_list_counts_and_none_is_empty() {
    assert_eq!(SigningSecret::parse_all(" new, old\n").len(), 2);
    assert!(SigningSecret::parse_all(" , ").is_empty() && SigningSecret::parse("").is_none());
    let nobody = World::with(&[]).await;
    // Anybody can sign with nothing.
    let headers = [(TIMESTAMP_HEADER, "1795335300"), (SIGNATURE_HEADER, "v0=00")];
    assert_eq!(nobody.ask(&request(BODY, &headers), NOW).await.status(), 401);
}

#[tokio::test]
async fn bytes_are_signed_as_they_came_also_where_they_are_no_text() {
    let world = World::new().await;
    let body = b"{\"event\":\"user.updated\",\"x\":\"\xff\"}".to_vec();
    let now = NOW.to_string();
    let signature = sign(&SigningSecret::parse(SECRET).unwrap(), &now, &body);
    let spaced = b"{ \"event\":\"user.updated\",\"x\":\"\xff\"}".to_vec();
    for (body, status) in [(body, 200), (spaced, 401)] {
        let request = http::Request::post("/zoom/events").header(TIMESTAMP_HEADER, &now);
        let request = request.header(SIGNATURE_HEADER, &signature).body(Body::Binary(body)).unwrap();
        assert_eq!(world.ask(&request, NOW).await.status(), status);
    }
}

#[tokio::test]
async fn only_posts_are_answered() {
    let world = World::new().await;
    for method in ["GET", "PUT", "OPTIONS"] {
        let request = http::Request::builder().method(method).uri("/zoom/events").body(Body::Empty).unwrap();
        assert_eq!(world.ask(&request, NOW).await.status(), 405);
    }
}

#[tokio::test]
async fn no_bit_can_be_changed_in_body_time_or_signature() {
    let (world, now) = (World::new().await, NOW.to_string());
    let good = [BODY, &now, &signature(BODY, &now)].concat().into_bytes();
    let mut asked = 0;
    for changed in (0..good.len()).flat_map(|place| (0..8).map(move |bit| (place, bit))) {
        let mut all = good.clone();
        all[changed.0] ^= 1 << changed.1;
        let (body, headers) = all.split_at(BODY.len());
        let (time, signature) = headers.split_at(now.len());
        let request =
            http::Request::post("/zoom/events").header(TIMESTAMP_HEADER, time).header(SIGNATURE_HEADER, signature);
        // What can't even stand in a header never comes here.
        let Ok(request) = request.body(Body::Binary(body.to_vec())) else { continue };
        assert_eq!(world.ask(&request, NOW).await.status(), 401, "bit {} of byte {}", changed.1, changed.0);
        asked += 1;
    }
    assert!(asked > 600, "{asked}");
}
