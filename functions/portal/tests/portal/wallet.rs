//! The licensee's own view of the record.

use crate::world::{Who, World};
use domain::mail::{Content, Mail};

#[tokio::test]
async fn the_record_is_there_at_once_and_also_when_the_account_comes_later() {
    let world = World::new().await;
    let empty = world.get("/wallet/courses", Who::Ann).await;
    assert!(empty.text().contains("No license is connected to your account yet"), "{}", empty.text());
    // Recorded before the licence is on any account.
    let holder = world.holder("TX-BON", "RN", "RN-1", "Ann", "Tester").await;
    world.credit(&holder, "CE-101", "Ethics & law", 14).await;
    world.clients.table.prove_licence(&Who::Ann.account_id(), &holder.licence, None, 1).await.unwrap();
    world.credit(&holder, "CE-102", "Pain", 15).await;
    let page = world.get("/wallet/courses", Who::Ann).await;
    for part in [
        "<h1>Courses</h1>",
        "CE Wallet",
        "TX-BON RN RN-1",
        "CE-101",
        "CE-102",
        "Ethics &#38; law",
        "CE year 2026",
        "3.00 <small>hours",
    ] {
        assert!(page.text().contains(part), "{part} in {}", page.text());
    }
    // Providers are called by their names, and a licensee isn't shown where in whose file the credit stood.
    assert!(page.text().contains("Reported by Acme Continuing Education"), "{}", page.text());
    assert!(!page.text().contains("acme-ce") && !page.text().contains("of import"), "{}", page.text());
    let others = world.get("/wallet/courses", Who::Bob).await;
    assert!(!others.text().contains("CE-101"), "{}", others.text());
}

#[tokio::test]
async fn a_licence_that_is_only_claimed_shows_nothing_but_what_to_do() {
    let world = World::new().await;
    let holder = world.holder("TX-BON", "RN", "RN-1", "Ann", "Tester").await;
    world.credit(&holder, "CE-101", "Ethics & law", 14).await;
    let to = domain::email::EmailAddress::parse("x@example.org").unwrap();
    let mail = Mail::about(&["test"], to, Content::Nothing, 1);
    world.clients.table.claim_licence(&Who::Ann.account_id(), &holder.licence.number, &mail, 1).await.unwrap();
    let page = world.get("/wallet/courses", Who::Ann).await;
    assert!(page.text().contains("License RN-1: unverified"), "{}", page.text());
    assert!(!page.text().contains("CE-101"));
}

#[tokio::test]
async fn a_long_record_is_shown_in_pages_and_added_up_whole() {
    let world = World::new().await;
    let holder = world.holder("TX-BON", "RN", "RN-1", "Ann", "Tester").await;
    for number in 0..60 {
        world.credit(&holder, &format!("CE-{number:03}"), "Ethics", number).await;
    }
    world.clients.table.prove_licence(&Who::Ann.account_id(), &holder.licence, None, 1).await.unwrap();
    let first = world.get("/wallet/courses", Who::Ann).await;
    assert!(first.text().contains("90.00 <small>hours") && first.text().contains("Page 1 of 2"), "{}", first.text());
    let second = world.get("/wallet/courses?page=2", Who::Ann).await;
    assert!(second.text().contains("CE-009") && !second.text().contains("CE-059"), "{}", second.text());
}
