//! What the small world stands on: a table with its indexes, and a bucket that hands out what was put into it.

use super::Shelf;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
    ScalarAttributeType,
};
use axum::{
    body::Bytes,
    extract::{Path, State},
};
use http::{HeaderMap, StatusCode};
use tokio::net::TcpListener;

pub(super) async fn listen() -> (String, TcpListener) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    (format!("http://{}", listener.local_addr().unwrap()), listener)
}

pub(super) async fn sdk_config(address: &str) -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        .endpoint_url(address)
        .region(Region::new("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new("test", "test", None, None, "test")))
        .load()
        .await
}

/// `GET` with a range, as S3 answers it.
pub(super) async fn hand_out(
    State(shelf): State<Shelf>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> (StatusCode, Bytes) {
    let Some(bytes) = shelf.lock().unwrap().get(&path).cloned() else { return (StatusCode::NOT_FOUND, Bytes::new()) };
    let range = headers.get("range").and_then(|value| value.to_str().ok()).and_then(|text| text.strip_prefix("bytes="));
    let Some((from, to)) = range.and_then(|text| text.split_once('-')) else { return (StatusCode::OK, bytes) };
    let from: usize = from.parse().unwrap();
    let to = to.parse().map_or(bytes.len(), |last: usize| (last + 1).min(bytes.len()));
    if from >= bytes.len() {
        return (StatusCode::RANGE_NOT_SATISFIABLE, Bytes::new());
    }
    (StatusCode::PARTIAL_CONTENT, bytes.slice(from..to))
}

/// Takes an object away.
pub(super) async fn take_away(State(shelf): State<Shelf>, Path(path): Path<String>) -> StatusCode {
    shelf.lock().unwrap().remove(&path);
    StatusCode::NO_CONTENT
}

/// `PUT`, with the chunks that the SDK wraps a body in taken apart; what is to be put once isn't put over what stands there.
pub(super) async fn take_in(
    State(shelf): State<Shelf>,
    Path(path): Path<String>,
    headers: HeaderMap,
    mut body: Bytes,
) -> StatusCode {
    if headers.contains_key("if-none-match") && shelf.lock().unwrap().contains_key(&path) {
        return StatusCode::PRECONDITION_FAILED;
    }
    let encoding = headers.get("content-encoding").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut whole = Vec::new();
    if encoding.contains("aws-chunked") {
        while let Some(end) = body.windows(2).position(|two| two == b"\r\n") {
            let line = std::str::from_utf8(&body[..end]).unwrap();
            let length = usize::from_str_radix(line.split(';').next().unwrap(), 16).unwrap();
            if length == 0 {
                break;
            }
            whole.extend_from_slice(&body[end + 2..end + 2 + length]);
            body = body.slice(end + 4 + length..);
        }
    } else {
        whole.extend_from_slice(&body);
    }
    shelf.lock().unwrap().insert(path, whole.into());
    StatusCode::OK
}

pub(super) async fn create_table(client: &aws_sdk_dynamodb::Client) {
    let attribute = |name: &str| {
        AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S).build().unwrap()
    };
    let key = |name: &str, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap();
    let index = |name: &str, projection| {
        GlobalSecondaryIndex::builder()
            .index_name(name)
            .key_schema(key(&format!("{name}pk"), KeyType::Hash))
            .key_schema(key(&format!("{name}sk"), KeyType::Range))
            .projection(Projection::builder().projection_type(projection).build())
            .build()
            .unwrap()
    };
    client
        .create_table()
        .table_name("table")
        .billing_mode(BillingMode::PayPerRequest)
        .set_attribute_definitions(Some(["pk", "sk", "gsi1pk", "gsi1sk", "gsi2pk", "gsi2sk"].map(attribute).into()))
        .key_schema(key("pk", KeyType::Hash))
        .key_schema(key("sk", KeyType::Range))
        .global_secondary_indexes(index("gsi1", ProjectionType::All))
        .global_secondary_indexes(index("gsi2", ProjectionType::KeysOnly))
        .send()
        .await
        .unwrap();
}
