//! The check's pages over a small world, to be looked at: `cargo run -p verify-certificate --example verify-gallery`. It prints where each one is, and puts
//! the valid certificate's sheet into a folder, to be dropped.

#[path = "../tests/verify/world.rs"]
#[expect(dead_code, reason = "the tests use all of it")]
mod world;

use axum::{Router, routing::get};
use domain::{certificate::Validity, id::CertificateCode, name::PersonName};
use world::{World, data};

const ADDRESS: &str = "127.0.0.1:3101";

#[tokio::main]
async fn main() {
    let base = format!("http://{ADDRESS}");
    let world = World::at(&base).await;
    let by = CertificateCode::from_bits(0x77);
    let valid = world.issue(0x1234_5678_9abc_def0_1234_5678_9abc_def0, Validity::Valid).await;
    let at = 1_783_000_000;
    let superseded = world.issue(2, Validity::Superseded { at, by: by.clone() }).await.record.data.code;
    let why = "The provider told us that the event was held without the presenter who was approved for it.".to_owned();
    let revoked = world.issue(3, Validity::Revoked { at, why, successor: None }).await.record.data.code;
    let mut newer = data(&by);
    newer.supersedes = Some(superseded.clone());
    newer.participant.name = PersonName { first: "أمينة".to_owned(), last: "الفارسي".to_owned() };
    world.issue_as(newer, Validity::Valid).await;
    let folder = std::env::temp_dir();
    std::fs::write(folder.join("certificate.pdf"), &valid.letter).unwrap();
    std::fs::write(folder.join("changed.pdf"), [valid.letter.as_slice(), b"\n"].concat()).unwrap();
    println!("{base}/verify\n{base}/verify/nobodys");
    for code in [&valid.record.data.code, &superseded, &revoked, &by] {
        println!("{base}/verify/{code}");
    }
    println!("{}/certificate.pdf and changed.pdf", folder.display());
    let assets = Router::new().route("/assets/{name}", get(pages::assets::serve));
    let listener = tokio::net::TcpListener::bind(ADDRESS).await.unwrap();
    axum::serve(listener, assets.fallback_service(world.router())).await.unwrap();
}
