//! Requests to the office: seen, decided once, with their effects and one mail each.

use crate::world::{Answer, Who, World, provider};
use domain::{
    email::EmailAddress,
    id::RequestId,
    licence::LicenceNumber,
    link::Purpose,
    mail::Content,
    register::{Change, Provider},
    request::{Asks, FieldChange, Outcome},
};

fn check(answer: &Answer, status: u16, parts: &[&str]) {
    assert_eq!(answer.status, status, "{}", answer.text());
    for part in parts {
        assert!(answer.text().contains(part), "{part} in {}", answer.text());
    }
}

fn city(version: u64) -> Asks {
    let change = FieldChange { field: "City".to_owned(), from: String::new(), to: "Austin".to_owned() };
    Asks::ProfileChange { provider: provider("acme-ce"), version, fields: vec![change] }
}

fn path(number: u128) -> String {
    format!("/office/requests/{}", RequestId::from_bits(number))
}

async fn decide(world: &World, number: u128, form: &str) -> Answer {
    world.post(&path(number), Who::Office, form.to_owned()).await
}

async fn outcome(world: &World, number: u128) -> Option<Outcome> {
    let request = world.clients.table.fetch_request(&RequestId::from_bits(number)).await.unwrap().unwrap();
    request.decision.map(|decision| decision.outcome)
}

/// A provider with a licence number.
async fn numbered(world: &World, id: &str, number: &str) {
    let mut numbered = Provider::named(provider(id), "Gamma");
    numbered.licence = LicenceNumber::parse(number).ok();
    world.clients.table.save_provider(&numbered).await.unwrap();
}

#[tokio::test]
async fn a_granted_change_of_a_profile_is_made_once_and_told_once() {
    let world = World::new().await;
    world.asked(1, city(1)).await;
    check(
        &world.get("/office/requests", Who::Office).await,
        200,
        &["Change of a CE Profile", "acme-ce: City", "1 hour ago"],
    );
    check(&world.get(&path(1), Who::Office).await, 200, &["Please.", "Austin", "value=\"grant\""]);
    for _ in 0..2 {
        let answer = decide(&world, 1, "do=grant&why=It+is+so").await;
        assert_eq!((answer.status, answer.header("location")), (303, path(1).as_str()));
    }
    // A decision that is made once isn't made otherwise by pressing the other button on an old page.
    assert_eq!(decide(&world, 1, "do=refuse&why=Or+not").await.status, 303);
    let entry = world.entry("acme-ce").await;
    assert_eq!((entry.value.contact.city.as_deref(), entry.version), (Some("Austin"), 2));
    let decided = Content::Decided {
        what: "Change of a CE Profile".to_owned(),
        granted: true,
        why: "It is so".to_owned(),
        of_event: None,
    };
    assert_eq!(world.mails().await, [("asker@example.org".to_owned(), decided)]);
    check(&world.get(&path(1), Who::Office).await, 200, &["Granted", "Office Tester", "It is so"]);
    let closed = world.get("/office/requests?show=closed", Who::Office).await;
    check(&closed, 200, &["Granted", "Office Tester", "It is so"]);
    check(&world.get("/office/requests", Who::Office).await, 200, &["Nothing waits for a decision"]);
    let trail = world.get("/office/providers/acme-ce", Who::Office).await;
    check(&trail, 200, &["City: was empty", "It is so (request ", "Office Tester"]);
}

#[tokio::test]
async fn a_decision_takes_a_reason_and_a_refusal_changes_nothing() {
    let world = World::new().await;
    world.asked(1, city(1)).await;
    check(&decide(&world, 1, "do=refuse&why=no").await, 422, &["Say why", "id=\"why-problem\"", ">\nno</textarea>"]);
    assert_eq!(decide(&world, 1, "do=burn&why=Because").await.status, 400);
    assert_eq!(outcome(&world, 1).await, None);
    assert_eq!(decide(&world, 1, "do=refuse&why=It+isn%27t+so").await.status, 303);
    assert_eq!((outcome(&world, 1).await, world.entry("acme-ce").await.version), (Some(Outcome::Refused), 1));
    assert_eq!(world.mails().await.len(), 1);
    assert_eq!(world.get(&path(9), Who::Office).await.status, 404);
    assert_eq!(world.get("/office/requests/nonsense", Who::Office).await.status, 404);
}

#[tokio::test]
async fn a_change_that_was_asked_of_an_older_entry_cant_be_granted() {
    let world = World::new().await;
    world.asked(1, city(1)).await;
    let before = world.entry("acme-ce").await;
    let mut now = before.value.clone();
    now.contact.city = Some("Dallas".to_owned());
    let change = Change { by: Who::Office.account_id().to_string(), at: 1, why: "Told by phone".to_owned() };
    world.clients.table.save_provider_if(&now, Some(&before), &change).await.unwrap();
    let page = world.get(&path(1), Who::Office).await;
    check(&page, 200, &["has changed since this was asked", "last: City", "Now: Dallas"]);
    assert!(!page.text().contains("value=\"grant\""));
    check(&decide(&world, 1, "do=grant&why=It+is+so").await, 409, &["Not decided yet"]);
    assert_eq!(world.entry("acme-ce").await.value.contact.city.as_deref(), Some("Dallas"));
    assert_eq!((outcome(&world, 1).await, world.mails().await.len()), (None, 0));
    assert_eq!(decide(&world, 1, "do=refuse&why=Ask+anew").await.status, 303);
}

#[tokio::test]
async fn another_address_is_put_on_file_and_gets_the_sign_up_link() {
    let world = World::new().await;
    numbered(&world, "gamma-ce", "P-77").await;
    let email = EmailAddress::parse("new@gamma.example").unwrap();
    let asks =
        |number: &str| Asks::ProviderAddress { licence: LicenceNumber::parse(number).unwrap(), email: email.clone() };
    world.asked(1, asks("p 77")).await;
    check(
        &world.get(&path(1), Who::Office).await,
        200,
        &["Gamma", "new@gamma.example", "sends the sign-up link there"],
    );
    for _ in 0..2 {
        assert_eq!(decide(&world, 1, "do=grant&why=Called+them").await.status, 303);
    }
    let entry = world.entry("gamma-ce").await;
    assert_eq!((entry.value.email_on_file.as_ref(), entry.version), (Some(&email), 2));
    let purpose = Purpose::SignUpProvider { provider: provider("gamma-ce"), email: email.clone() };
    let link = Content::SignUp { provider: Some("Gamma".to_owned()), purpose };
    assert_eq!(world.mails().await, [("new@gamma.example".to_owned(), link)]);
    // A number that nobody has can only be refused.
    world.asked(2, asks("P-78")).await;
    let page = world.get(&path(2), Who::Office).await;
    check(&page, 200, &["P-78 isn&#39;t any provider&#39;s on the register"]);
    assert!(!page.text().contains("value=\"grant\""));
    assert_eq!(decide(&world, 2, "do=grant&why=Called+them").await.status, 409);
    assert_eq!(decide(&world, 2, "do=refuse&why=No+such+number").await.status, 303);
}

#[tokio::test]
async fn a_provider_with_an_owner_gets_no_second_sign_up_link() {
    let world = World::new().await;
    numbered(&world, "acme-ce", "P-1").await;
    let email = EmailAddress::parse("new@acme.example").unwrap();
    world.asked(1, Asks::ProviderAddress { licence: LicenceNumber::parse("P-1").unwrap(), email }).await;
    check(&world.get(&path(1), Who::Office).await, 200, &["has an owner&#39;s account already: acme"]);
    assert_eq!(decide(&world, 1, "do=grant&why=Moved+office").await.status, 303);
    let mails = world.mails().await;
    assert!(matches!(&mails[..], [(_, Content::Decided { granted: true, .. })]), "{mails:?}");
}

#[tokio::test]
async fn a_granted_claim_puts_the_licence_on_the_account_and_a_taken_one_doesnt() {
    let world = World::new().await;
    let rn = world.holder("TX-BON", "RN", "700", "Ann", "Tester").await;
    let asks = Asks::Licence { licence: LicenceNumber::parse("700").unwrap() };
    world.asked(1, asks.clone()).await;
    check(
        &world.get(&path(1), Who::Office).await,
        200,
        &["Ann Tester", "ann@example.org", "TX-BON RN 700", "None yet"],
    );
    // As if the function had died between the licence and the request: pressing again closes it.
    world.clients.table.prove_licence(&Who::Ann.account_id(), &rn.licence, None, 1).await.unwrap();
    for _ in 0..2 {
        assert_eq!(decide(&world, 1, "do=grant&why=Saw+the+card").await.status, 303);
    }
    assert_eq!(world.clients.table.fetch_account_of(&rn.licence).await.unwrap(), Some(Who::Ann.account_id()));
    assert_eq!(world.mails().await.len(), 1);
    // A licence that is Bob's isn't Ann's by a grant.
    let lvn = world.holder("TX-BON", "LVN", "701", "Ann", "Tester").await;
    world.clients.table.prove_licence(&Who::Bob.account_id(), &lvn.licence, None, 1).await.unwrap();
    world.asked(2, Asks::Licence { licence: LicenceNumber::parse("701").unwrap() }).await;
    world.holder("TX-BON", "RN", "702", "Zoe", "Quixwood").await;
    world.asked(3, Asks::Licence { licence: LicenceNumber::parse("702").unwrap() }).await;
    check(&world.get(&path(3), Who::Office).await, 200, &["isn&#39;t that of any holder"]);
    check(&world.get(&path(2), Who::Office).await, 200, &["on another account already", "Another account"]);
    check(&decide(&world, 2, "do=grant&why=Saw+the+card").await, 409, &["on another account meanwhile"]);
    assert_eq!((outcome(&world, 2).await, world.mails().await.len()), (None, 1));
}

#[tokio::test]
async fn of_several_holders_of_a_number_one_must_be_chosen() {
    let world = World::new().await;
    let rn = world.holder("TX-BON", "RN", "700", "Ann", "Tester").await;
    let mut lvn = rn.clone();
    lvn.licence.profession = "LVN".to_owned();
    world.clients.table.save_holders(&[rn.clone(), lvn.clone()]).await.unwrap();
    world.asked(1, Asks::Licence { licence: rn.licence.number.clone() }).await;
    check(&decide(&world, 1, "do=grant&why=Saw+the+card").await, 409, &["Choose which of the licenses"]);
    assert_eq!(decide(&world, 1, "do=grant&why=Saw+the+card&licence=TX-BON%23LVN").await.status, 303);
    assert_eq!(world.clients.table.fetch_account_of(&lvn.licence).await.unwrap(), Some(Who::Ann.account_id()));
    assert_eq!(world.clients.table.fetch_account_of(&rn.licence).await.unwrap(), None);
}

#[tokio::test]
async fn another_address_is_granted_only_for_what_the_office_has_looked_at() {
    let world = World::new().await;
    numbered(&world, "gamma", "P-7").await;
    let email = EmailAddress::parse("new@gamma.example").unwrap();
    world.asked(1, Asks::ProviderAddress { licence: LicenceNumber::parse("P-7").unwrap(), email }).await;
    let page = world.get(&path(1), Who::Office).await;
    let seen = page.text().split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    // The number becomes another provider's before Grant is pressed.
    let mut other = world.entry("gamma").await.value;
    other.licence = None;
    world.clients.table.save_provider(&other).await.unwrap();
    numbered(&world, "delta", "P-7").await;
    let form = format!("do=grant&why=Known&seen={}", pages::address::segment(&seen));
    check(&decide(&world, 1, &form).await, 409, &["was changed meanwhile"]);
    assert_eq!(outcome(&world, 1).await, None);
    assert_eq!(world.entry("delta").await.value.email_on_file, None);
}
