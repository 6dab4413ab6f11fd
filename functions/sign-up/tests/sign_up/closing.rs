//! Closing accounts: the office keeps one, and a provider whose owner has left gets another.

use crate::world::{PASSWORD, World, provider};
use adapters::table::accounts::{Closed, Closing};
use domain::{
    link::Purpose,
    mail::{Content, Mail},
};

async fn close_own(world: &World, cookie: &str) -> crate::world::Answer {
    world.post("/account/close", cookie, &[("password", PASSWORD)]).await
}

#[tokio::test]
async fn the_offices_only_user_is_told_to_invite_another_first() {
    let world = World::new().await;
    let first = world.invited(None, "olga").await;
    let refused = close_own(&world, &first).await;
    assert_eq!(refused.status, 409);
    for part in
        ["Your account is the office&#39;s only one", "Invite somebody else to the office first", "/account/users"]
    {
        assert!(refused.text.contains(part), "{part} in {}", refused.text);
    }
    assert_eq!(world.get("/account", &first).await.status, 200, "still there");
    let second = world.invited(None, "oscar").await;
    assert_eq!(close_own(&world, &first).await.status, 303);
    assert_eq!(close_own(&world, &second).await.status, 409, "now the only one");
}

#[tokio::test]
async fn two_who_close_their_accounts_at_once_dont_leave_the_office_empty() {
    let world = World::new().await;
    world.invited(None, "olga").await;
    world.invited(None, "oscar").await;
    let (olga, oscar) = (world.account("olga").await, world.account("oscar").await);
    let close = async |account: &domain::account::Account| {
        let content = Content::AccountClosed { username: account.username.shown().to_owned(), of_licensee: false };
        let mail = Mail::about_account(&account.id, "closed", account.email.clone(), content, 9);
        let closing = Closing { account, licences: &[], claims: &[], mail: &mail, by_office: None };
        world.clients.table.close_account(&closing, 9).await
    };
    let (one, other) = tokio::join!(close(&olga), close(&oscar));
    let closed = [&one, &other].iter().filter(|closed| matches!(closed, Ok(Closed::Now))).count();
    assert_eq!(closed, 1, "{one:?} {other:?}");
    assert_eq!(world.clients.table.fetch_users(None).await.unwrap().0.len(), 1);
}

#[tokio::test]
async fn the_office_closes_the_account_of_an_owner_who_left_and_invites_another() {
    let world = World::new().await;
    let gone = world.owner("acme-ce", "acme.owner").await;
    let office = world.invited(None, "olga").await;
    let id = world.clients.table.fetch_owner(Some(&provider("acme-ce"))).await.unwrap().unwrap().id;
    let page = world.get("/account/owner?provider=acme-ce", &office).await;
    assert!(
        page.status == 200 && page.text.contains("acme.owner") && page.text.contains("Close the owner"),
        "{}",
        page.text
    );
    let early =
        world.post("/account/owner/invite", &office, &[("provider", "acme-ce"), ("email", "new@acme.example")]).await;
    assert!(early.status == 409 && early.text.contains("This provider has an owner"), "{}", early.text);

    let form = |why| [("provider", "acme-ce"), ("account", id.as_str()), ("why", why)];
    let unsaid = world.post("/account/owner/close", &office, &form("")).await;
    assert!(unsaid.status == 422 && unsaid.text.contains("Say in a sentence why"), "{}", unsaid.text);
    assert_eq!(world.post("/account/owner/close", &gone, &form("Mine")).await.status, 403);
    let closed = world.post("/account/owner/close", &office, &form("Left Acme in May")).await;
    assert_eq!((closed.status, closed.location.as_str()), (303, "/account/owner?provider=acme-ce&done=closed"));
    assert_eq!(world.post("/account/owner/close", &office, &form("Left Acme in May")).await.status, 409, "once");
    assert_eq!(world.log_in("acme.owner", PASSWORD).await.status, 422);
    assert_eq!(world.get("/account", &gone).await.status, 303, "the session has ended");
    let told = (
        "office@acme.example".to_owned(),
        Content::AccountClosed { username: "acme.owner".to_owned(), of_licensee: false },
    );
    assert!(world.mails().await.contains(&told), "{:?}", world.mails().await);
    let (changes, _) = world.clients.table.fetch_changes_of_provider(&provider("acme-ce"), None, 9).await.unwrap();
    let by = world.account("olga").await.id.to_string();
    assert_eq!((changes[0].change.why.as_str(), &changes[0].change.by), ("Left Acme in May", &by));
    assert_eq!(changes[0].before, [("Owner's account".to_owned(), id.to_string())]);

    let invite = [("provider", "acme-ce"), ("email", "new@acme.example")];
    assert_eq!(world.post("/account/owner/invite", &office, &invite).await.status, 303);
    let again = world.post("/account/owner/invite", &office, &invite).await;
    assert!(again.status == 422 && again.text.contains("invited already"), "{}", again.text);
    let mails = world.mails().await;
    let purpose = mails.iter().filter(|(to, _)| to == "new@acme.example").find_map(|(_, content)| content.purpose());
    let Some(purpose @ Purpose::Invitation { .. }) = purpose else { panic!("{mails:?}") };
    let new = world.take_link(purpose, "acme.new", "new@acme.example").await;
    assert_eq!(new.status, 303, "{}", new.text);
    let owner = world.clients.table.fetch_owner(Some(&provider("acme-ce"))).await.unwrap().unwrap();
    assert_eq!(owner.username.shown(), "acme.new");
    assert_eq!(world.get("/account/users", &new.cookie).await.status, 200, "an owner decides who else works there");
}

#[tokio::test]
async fn only_one_of_two_invited_owners_becomes_it() {
    let world = World::new().await;
    let office = world.invited(None, "olga").await;
    for email in ["one@acme.example", "two@acme.example"] {
        let sent = world.post("/account/owner/invite", &office, &[("provider", "acme-ce"), ("email", email)]).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
    }
    let mails = world.mails().await;
    let purpose = |to: &str| mails.iter().find(|(at, _)| at == to).unwrap().1.purpose().unwrap().clone();
    let first = world.take_link(&purpose("one@acme.example"), "one", "one@acme.example").await;
    let second = world.take_link(&purpose("two@acme.example"), "two", "two@acme.example").await;
    assert_eq!((first.status, second.status), (303, 410), "{}", second.text);
}
