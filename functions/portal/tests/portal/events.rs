//! The shapes that API Gateway sends, from `events/portal`, and the form in which it gets its answers back.

use crate::world::World;
use domain::import::ImportId;
use lambda_http::{Body, IntoResponse, Response};
use tower::ServiceExt;

/// What the demo deployment's pages are reached by in the events.
const BASE: &str = "http://127.0.0.1:3000";

async fn answer(world: &World, event: &str) -> Response<Body> {
    let request = lambda_http::request::from_str(event).unwrap();
    let response = world.router().oneshot(request.map(axum::body::Body::new)).await.unwrap();
    response.into_response().await
}

fn text(response: &Response<Body>) -> &str {
    match response.body() {
        Body::Text(text) => text,
        other => panic!("not text: {other:?}"),
    }
}

macro_rules! event {
    ($case:literal) => {
        include_str!(concat!("../../../../events/portal/", $case, ".json"))
    };
}

#[tokio::test]
async fn the_home_page_is_answered() {
    let world = World::at(BASE).await;
    let home = answer(&world, event!("home")).await;
    assert_eq!(home.status(), 200);
    assert!(text(&home).contains("<h1>From an hour in class to a credit that counts</h1>"));
}

#[tokio::test]
async fn cookies_say_who_asks_and_pages_for_browsers_are_packed() {
    let world = World::at(BASE).await;
    let page = answer(&world, event!("import")).await;
    assert_eq!((page.status().as_u16(), page.headers()["content-encoding"].to_str().unwrap()), (200, "gzip"));
    let Body::Binary(packed) = page.body() else { panic!("packed bytes must leave as base64") };
    let mut unpacked = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(packed.as_slice()), &mut unpacked).unwrap();
    assert!(unpacked.contains("Click Here to Download Sample Format For Uploads"));
    assert!(unpacked.contains("Acme Tester"));
}

#[tokio::test]
async fn a_form_in_base64_starts_an_import() {
    let world = World::at(BASE).await;
    let started = answer(&world, event!("start-import-form")).await;
    assert_eq!(started.status(), 303);
    let id = started.headers()["location"].to_str().unwrap().strip_prefix("/import/").unwrap().to_owned();
    let import = world.clients.table.fetch_import(&ImportId::parse(&id).unwrap()).await.unwrap().unwrap();
    assert_eq!(import.owner.provider().unwrap().as_str(), "acme-ce");
}

#[tokio::test]
async fn a_script_gets_json_as_text() {
    let world = World::at(BASE).await;
    let started = answer(&world, event!("start-import-json")).await;
    let way: serde_json::Value = serde_json::from_str(text(&started)).unwrap();
    assert!(way["fields"]["policy"].is_string());
}

#[tokio::test]
async fn a_workbook_leaves_as_bytes() {
    let world = World::at(BASE).await;
    let sample = answer(&world, event!("sample")).await;
    assert!(matches!(sample.body(), Body::Binary(bytes) if bytes.starts_with(b"PK")), "API Gateway must get base64");
}
