//! Mail that came back, or was called spam: its person is told on every page, and says that it works or gives another address.

use crate::world::{PASSWORD, World};
use adapters::{
    clock,
    random::Secret,
    table::{Noted, accounts::Changed},
};
use domain::{
    account::MailTrouble,
    email::EmailAddress,
    link::Purpose,
    suppression::{TRIED_AGAIN_SECONDS, Trouble},
};

fn address(username: &str) -> EmailAddress {
    EmailAddress::parse(&format!("{username}@people.example")).unwrap()
}

/// What the function notes when such a word comes.
async fn came_back(world: &World, username: &str, why: Trouble, at: i64) {
    let noted = Noted { trouble: why, at, mail: None, code: "General" };
    let known = world.clients.table.note_suppression(&address(username), &noted).await.unwrap();
    let (why, at) = known.standing().unwrap();
    world.clients.table.mark_mail_trouble(&address(username), MailTrouble { why, at }).await.unwrap();
}

async fn stands(world: &World, username: &str) -> (bool, bool) {
    let known = world.clients.table.fetch_suppression(&address(username)).await.unwrap();
    (known.is_some_and(|known| known.standing().is_some()), world.account(username).await.mail_trouble.is_some())
}

#[tokio::test]
async fn its_person_is_told_on_every_page_and_nobody_else_is() {
    let world = World::new().await;
    let (maria, ben) = (world.licensee("maria").await, world.licensee("ben").await);
    let now = clock::now();
    came_back(&world, "maria", Trouble::Bounce, now - 3_700).await;
    for page in ["/account", "/account/close"] {
        let told = world.get(page, &maria).await.text;
        for part in ["Mail to m…a@people.example came back", "action=\"/account/write-again\"", "Send mail there again"]
        {
            assert!(told.contains(part), "{part} in {told}");
        }
        assert!(!world.get(page, &ben).await.text.contains("came back"));
    }
    assert!(world.get("/account", &maria).await.text.contains("1 hour ago"), "the account says since when");
    came_back(&world, "maria", Trouble::Complaint, now).await;
    let told = world.get("/account", &maria).await.text;
    assert!(told.contains("was marked as spam") && !told.contains("came back"), "{told}");
    let export = world.get("/account/export", &maria).await.text;
    assert!(export.contains("\"mail_to_it_failed\"") && export.contains("\"complaint\""), "{export}");
}

#[tokio::test]
async fn who_says_that_it_works_is_written_to_again_and_once_a_day_only() {
    let world = World::new().await;
    let maria = world.licensee("maria").await;
    came_back(&world, "maria", Trouble::Bounce, clock::now() - 10).await;
    assert_eq!(world.get("/account/write-again", &maria).await.status, 405, "a GET changes nothing");
    assert_eq!(stands(&world, "maria").await, (true, true));
    let said = world.post("/account/write-again", &maria, &[]).await;
    assert_eq!((said.status, said.location.as_str()), (303, "/account?done=write-again"), "{}", said.text);
    assert_eq!(stands(&world, "maria").await, (false, false));
    let page = world.get(&said.location, &maria).await.text;
    assert!(page.contains("We write to your email again.") && !page.contains("came back"), "{page}");
    // Pressed twice.
    assert_eq!(world.post("/account/write-again", &maria, &[]).await.status, 303);

    came_back(&world, "maria", Trouble::Bounce, clock::now() + 5).await;
    let refused = world.post("/account/write-again", &maria, &[]).await;
    assert!(
        refused.status == 409 && refused.text.contains("within the last day"),
        "{} {}",
        refused.status,
        refused.text
    );
    assert_eq!(stands(&world, "maria").await, (true, true));
}

#[tokio::test]
async fn an_address_that_is_proven_needs_no_button() {
    let world = World::new().await;
    let maria = world.licensee("maria").await;
    let long_ago = clock::now() - 2 * TRIED_AGAIN_SECONDS;
    came_back(&world, "maria", Trouble::Bounce, long_ago).await;
    // Mail to the new address came back once too.
    let noted = Noted { trouble: Trouble::Bounce, at: long_ago, mail: None, code: "General" };
    world.clients.table.note_suppression(&address("maria.new"), &noted).await.unwrap();
    let account = world.account("maria").await;
    assert_eq!(world.clients.table.ask_for_email(&account, &address("maria.new"), &[]).await.unwrap(), Changed::Now);
    let purpose = Purpose::ChangeEmail { account: account.id.clone(), email: address("maria.new") };
    let secret = Secret::new().unwrap();
    world.clients.table.save_link(&secret.hash(), &purpose, i64::MAX / 2).await.unwrap();
    let cookie = format!("{maria}; __Host-link={}", secret.reveal());
    let taken = world.post("/verify-email", &cookie, &[("link", secret.hash().as_str())]).await;
    assert_eq!(taken.status, 303, "{}", taken.text);
    assert_eq!(stands(&world, "maria.new").await, (false, false));
    let old = world.clients.table.fetch_suppression(&address("maria")).await.unwrap().unwrap();
    assert!(old.standing().is_some(), "of the old address nothing was proven");
}

#[tokio::test]
async fn the_link_to_a_new_password_proves_the_address_and_a_change_of_password_doesnt() {
    let world = World::new().await;
    let maria = world.licensee("maria").await;
    came_back(&world, "maria", Trouble::Bounce, clock::now() - 10).await;
    let changed =
        world.post("/account/password", &maria, &[("old", PASSWORD), ("new", "another quiet lantern 77")]).await;
    assert_eq!(changed.status, 303, "{}", changed.text);
    assert_eq!(stands(&world, "maria").await, (true, true));
    let account = world.account("maria").await;
    let purpose = Purpose::Reset { account: account.id.clone(), epoch: account.epoch };
    let secret = Secret::new().unwrap();
    world.clients.table.save_link(&secret.hash(), &purpose, i64::MAX / 2).await.unwrap();
    let fields = [("password", "velvet anchor pretzel 81"), ("link", secret.hash().as_str())]
        .map(|(name, value)| (name, value.to_owned()));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let reset = world.post("/reset", &format!("__Host-link={}", secret.reveal()), &fields).await;
    assert_eq!(reset.status, 303, "{}", reset.text);
    assert_eq!(stands(&world, "maria").await, (false, false));
}

#[tokio::test]
async fn who_signs_up_by_a_link_that_came_is_written_to_there() {
    let world = World::new().await;
    let noted = Noted { trouble: Trouble::Complaint, at: clock::now() - 10, mail: None, code: "abuse" };
    world.clients.table.note_suppression(&address("nina"), &noted).await.unwrap();
    world.licensee("nina").await;
    assert_eq!(stands(&world, "nina").await, (false, false));
}

#[tokio::test]
async fn a_change_of_the_name_keeps_the_mark() {
    let world = World::new().await;
    let maria = world.licensee("maria").await;
    came_back(&world, "maria", Trouble::Bounce, clock::now() - 10).await;
    let renamed = world.post("/account/name", &maria, &[("first_name", "Mia"), ("last_name", "Baker")]).await;
    assert_eq!(renamed.status, 303, "{}", renamed.text);
    assert_eq!(stands(&world, "maria").await, (true, true));
    assert_eq!(world.account("maria").await.name.first, "Mia");
}

#[tokio::test]
async fn the_office_sees_of_a_providers_owner_that_no_mail_arrives() {
    let world = World::new().await;
    world.owner("acme-ce", "acme.owner").await;
    let office = world.invited(None, "olga").await;
    let email = EmailAddress::parse("office@acme.example").unwrap();
    let trouble = MailTrouble { why: Trouble::Bounce, at: clock::now() };
    let before = world.get("/account/owner?provider=acme-ce", &office).await.text;
    assert!(!before.contains("Mail came back"), "{before}");
    assert_eq!(world.clients.table.mark_mail_trouble(&email, trouble).await.unwrap(), 1);
    let page = world.get("/account/owner?provider=acme-ce", &office).await.text;
    assert!(page.contains("Mail came back") && page.contains("just now"), "{page}");
}
