//! What programs check certificates by, from the answers alone.

use crate::world::World;
use documents::credential::{Keys, verify};
use domain::{certificate::Validity, id::CertificateCode};

#[tokio::test]
async fn the_record_is_valid_by_the_published_keys() {
    let world = World::new().await;
    let issued = world.issue(1, Validity::Valid).await;
    let record = world.get(&format!("/verify/{}/credential.json", issued.record.data.code)).await;
    assert_eq!((record.status, record.body.as_ref()), (200, issued.credential.as_slice()));
    assert_eq!(record.header("content-type"), "application/vc+ld+json");
    let disposition = format!("attachment; filename=\"certificate-{}.json\"", issued.record.data.code);
    assert_eq!(record.header("content-disposition"), disposition);
    assert_eq!(record.header("access-control-allow-origin"), "*");
    assert_eq!(record.header("cache-control"), "no-store");

    let keys = world.get("/.well-known/certificate-keys.json").await;
    assert_eq!((keys.status, keys.header("content-type")), (200, "application/json"));
    assert_eq!(keys.header("access-control-allow-origin"), "*");
    assert_eq!(keys.header("cache-control"), "public, max-age=300");
    let found = verify(&record.body, &Keys::read(&keys.body).unwrap()).unwrap();
    assert_eq!((found.name.as_str(), found.key.as_str()), ("Mary Sue Hamish Watson", "2026-1"));
    let json: serde_json::Value = serde_json::from_slice(&keys.body).unwrap();
    let one = &json["keys"][0];
    assert_eq!((one["type"].as_str(), one["id"].as_str()), (Some("Multikey"), Some("2026-1")));
    assert!(one["publicKeyMultibase"].as_str().unwrap().starts_with("z6Mk"));
    assert_eq!(one["controller"], "http://check.test/.well-known/certificate-keys.json");
}

#[tokio::test]
async fn the_status_is_given_as_it_was_signed_and_soon_asked_for_again() {
    let world = World::new().await;
    let issued =
        world.issue(1, Validity::Revoked { at: 1_783_000_000, why: "By mistake".to_owned(), successor: None }).await;
    let status = world.get(&format!("/verify/{}/status", issued.record.data.code)).await;
    assert_eq!((status.status, status.body.as_ref()), (200, issued.status.as_slice()));
    assert_eq!(status.header("cache-control"), "public, max-age=60");
    assert_eq!(status.header("access-control-allow-origin"), "*");
    // The record names this very address.
    let record: serde_json::Value = serde_json::from_slice(&issued.credential).unwrap();
    let named = record["credentialStatus"]["statusListCredential"].as_str().unwrap();
    assert_eq!(named, format!("http://check.test/verify/{}/status", issued.record.data.code));
}

#[tokio::test]
async fn the_bucket_isnt_asked_for_a_code_that_the_register_hasnt() {
    let world = World::new().await;
    let unknown = CertificateCode::from_bits(4);
    for file in ["credential.json", "status"] {
        let answer = world.get(&format!("/verify/{unknown}/{file}")).await;
        assert_eq!(answer.status, 404, "{file}: the bucket would say 403, and we that something is broken");
        assert_eq!(answer.header("cache-control"), "no-store", "{file}");
    }
}

#[tokio::test]
async fn whom_to_tell_of_a_hole_is_the_organisations_own_word() {
    let world = World::new().await;
    assert_eq!(world.get("/.well-known/security.txt").await.status, 404);
    world.supported_at("help@ce.example.org").await;
    let answer = world.get("/.well-known/security.txt").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/plain; charset=utf-8"));
    assert!(answer.text().starts_with("Contact: mailto:help@ce.example.org\nExpires: 20"), "{}", answer.text());
    assert!(answer.text().contains("\nCanonical: http://check.test/.well-known/security.txt\n"));
}
