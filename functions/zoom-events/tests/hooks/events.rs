//! The shapes that API Gateway sends, from `events/zoom-events`.

use crate::world::{NOW, World};
use domain::presence::Place;
use lambda_http::{Body, Response};
use serde_json::{Value, json};

async fn answer(world: &World, event: &str) -> Response<Body> {
    world.ask(&lambda_http::request::from_str(event).unwrap(), NOW).await
}

macro_rules! event {
    ($case:literal) => {
        include_str!(concat!("../../../../events/zoom-events/", $case, ".json"))
    };
}

#[tokio::test]
async fn bodies_as_text_and_in_base64_are_the_bytes_that_were_signed() {
    let world = World::new().await;
    assert_eq!(answer(&world, event!("participant-joined")).await.status(), 200);
    let joined = world.live().await;
    assert_eq!((joined.count_in(), &joined.people[0].place), (1, &Place::Room(NOW - 2)));
    assert!(joined.people[0].names.contains("Zoë Ünal"));
    assert_eq!(answer(&world, event!("participant-left-base64")).await.status(), 200);
    let left = world.live().await;
    assert_eq!((left.people.len(), left.count_in()), (1, 0));
    assert_eq!(left.people[0].left.as_ref().unwrap().reason, "Zoë Ünal left the meeting. Reason: left the meeting.");
}

#[tokio::test]
async fn the_address_is_validated() {
    let world = World::new().await;
    let answer = answer(&world, event!("url-validation")).await;
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["content-type"]),
        (200, &"application/json".parse().unwrap())
    );
    let Body::Text(text) = answer.body() else { panic!("no text") };
    let expected = json!({"plainToken": "qgg8vlvZRS6UYooatFL8Aw", "encryptedToken": "9f6e013c842ea35e310c27ecdcd5d697a05ac759a581275ebe878787e8c17991"});
    assert_eq!(serde_json::from_str::<Value>(text).unwrap(), expected);
}

#[tokio::test]
async fn a_forgery_is_refused_and_a_rehearsal_has_no_effect() {
    let world = World::new().await;
    assert_eq!(answer(&world, event!("forged")).await.status(), 401);
    assert_eq!(world.kept(), [""; 0]);
    assert_eq!(answer(&world, event!("rehearsal-ended")).await.status(), 200);
    assert_eq!((world.sightings().await.len(), world.kept().len()), (0, 1));
}
