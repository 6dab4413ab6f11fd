//! The shapes that API Gateway sends, from `events/verify-certificate`, and the form in which it gets its answers back.

use crate::world::World;
use domain::{certificate::Validity, id::CertificateCode};
use lambda_http::{Body, IntoResponse, Response};
use tower::ServiceExt;

/// The code in the events.
const CODE: &str = "7k2m9qx4vb1nr8dz0hw3tj6pcs";

async fn answer(world: &World, event: &str) -> Response<Body> {
    let request = lambda_http::request::from_str(event).unwrap();
    world.router().oneshot(request.map(axum::body::Body::new)).await.unwrap().into_response().await
}

fn text(response: &Response<Body>) -> &str {
    match response.body() {
        Body::Text(text) => text,
        other => panic!("not text: {other:?}"),
    }
}

async fn issued() -> World {
    let world = World::new().await;
    let data = crate::world::data(&CertificateCode::parse(CODE).unwrap());
    world.issue_as(data, Validity::Valid).await;
    world
}

#[tokio::test]
async fn a_certificates_page_is_answered_as_text() {
    let page = answer(&issued().await, include_str!("../../../../events/verify-certificate/certificate.json")).await;
    assert_eq!(page.status(), 200);
    assert!(text(&page).contains("Mary Sue Hamish Watson"));
}

#[tokio::test]
async fn a_file_in_base64_is_compared() {
    let page = answer(&issued().await, include_str!("../../../../events/verify-certificate/compare.json")).await;
    assert_eq!(page.status(), 200);
    assert!(text(&page).contains("This file is not the one that was issued"));
}

#[tokio::test]
async fn the_keys_are_answered() {
    let keys = answer(&issued().await, include_str!("../../../../events/verify-certificate/keys.json")).await;
    assert_eq!(keys.status(), 200);
    let bytes: Vec<u8> = match keys.into_body() {
        Body::Text(text) => text.into_bytes(),
        Body::Binary(bytes) => bytes,
        other => panic!("nothing: {other:?}"),
    };
    assert!(String::from_utf8(bytes).unwrap().contains("publicKeyMultibase"));
}
