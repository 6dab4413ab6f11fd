//! An address that has an account already.

use crate::world::{World, provider};
use domain::{email::EmailAddress, link::Purpose};

#[tokio::test]
async fn one_address_on_file_for_two_providers_is_told_what_to_do_behind_its_own_link_only() {
    let world = World::new().await;
    world.owner("acme-ce", "acme.owner").await;
    let email = EmailAddress::parse("office@acme.example").unwrap();
    let purpose = Purpose::SignUpProvider { provider: provider("beta-ce"), email };
    let answer = world.take_link(&purpose, "beta.owner", "office@acme.example").await;
    assert_eq!(answer.status, 422);
    for part in [
        "office@acme.example has the account acme.owner of acme-ce already",
        "Log in with it.",
        "To work for beta-ce as well, ask the office to take another address for it",
        "href=\"/sign-up/other-address\"",
        "href=\"/login\"",
        "value=\"beta.owner\"",
    ] {
        assert!(answer.text.contains(part), "{part} in {}", answer.text);
    }
    // To anybody without the link the number is like any other.
    let form = |number| [("who", "provider"), ("license_number", number)];
    let asked = world.post("/sign-up", "", &form("CEP-1002")).await;
    assert_eq!(asked, world.post("/sign-up", "", &form("CEP-9999")).await);
    assert!(!asked.text.contains("acme.owner"));
}

#[tokio::test]
async fn a_member_who_is_invited_twice_is_sent_to_the_account_or_the_owner() {
    let world = World::new().await;
    world.owner("acme-ce", "acme.owner").await;
    world.invited(Some("acme-ce"), "carl").await;
    let purpose = world.invite(Some("beta-ce"), "carl@people.example").await;
    let answer = world.take_link(&purpose, "carl.again", "carl@people.example").await;
    assert_eq!(answer.status, 422);
    let told = "the account carl of acme-ce already, and an address can have one account of this kind. Log in with it. To work for beta-ce as well, ask its owner to invite you at another address.";
    assert!(answer.text.contains(told), "{}", answer.text);
    assert!(!answer.text.contains("/sign-up/other-address"));
}

#[tokio::test]
async fn a_browser_asks_nobody_for_a_number_that_a_licensee_may_leave_out() {
    let world = World::new().await;
    for page in ["/sign-up", "/sign-up?who=licensee"] {
        let text = world.get(page, "").await.text;
        let field = text.split("<input id=\"license_number\"").nth(1).unwrap().split('>').next().unwrap();
        assert!(!field.contains("required") && field.contains("aria-describedby"), "{page}: {field}");
    }
}
