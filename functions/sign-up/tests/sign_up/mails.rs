//! How many mails somebody may have sent to others.

use crate::world::World;
use adapters::{clock, table::Attempt};
use domain::mail::Content;

const MARIA: &str = "maria@people.example";

async fn allowed(world: &World, subject: &str, occasions: i64) -> usize {
    let mut allowed = 0;
    for occasion in 0..occasions {
        let limit = &world.limits.mails_to_address_of_all;
        let counted = world.clients.table.count_occasion(limit, subject, occasion, clock::now()).await.unwrap();
        allowed += usize::from(counted == Attempt::Allowed);
    }
    allowed
}

/// The links to a new password, and those to sign up.
async fn links(world: &World) -> (usize, usize) {
    let mails = world.mails().await;
    let count = |is: fn(&Content) -> bool| mails.iter().filter(|(_, content)| is(content)).count();
    (
        count(|content| matches!(content, Content::Reset { .. })),
        count(|content| matches!(content, Content::SignUp { .. } | Content::HasAccount { .. })),
    )
}

#[tokio::test]
async fn past_the_days_mails_to_an_address_none_is_sent_and_the_answer_is_the_same() {
    let mut world = World::new().await;
    world.licensee("maria").await;
    let licensee = [("who", "licensee"), ("license_number", ""), ("email", MARIA)];
    let provider = [("who", "provider"), ("license_number", "CEP-1001")];
    let most = usize::try_from(world.limits.mails_to_address_of_all.most).unwrap();
    for subject in ["forgot maria@people.example", "sign-up maria@people.example", "sign-up CEP1001"] {
        assert_eq!(allowed(&world, subject, 50).await, most, "{subject}");
    }
    let forgot = world.post("/forgot", "", &[("email", MARIA)]).await;
    let signed_up = [world.post("/sign-up", "", &licensee).await, world.post("/sign-up", "", &provider).await];
    assert_eq!(links(&world).await, (0, 0), "none is sent");

    // The same on a day without any.
    let fresh = World::new().await;
    fresh.licensee("maria").await;
    assert_eq!(forgot, fresh.post("/forgot", "", &[("email", MARIA)]).await);
    let others = [fresh.post("/sign-up", "", &licensee).await, fresh.post("/sign-up", "", &provider).await];
    assert_eq!(signed_up, others);
    assert_eq!(links(&fresh).await, (1, 2), "each is sent");

    // More for who sets the parameter.
    world.limits = sign_up::Limits::read(|name| (name == "MAILS_TO_ADDRESS").then(|| "60".to_owned()));
    world.network = "203.0.113.2".to_owned();
    world.post("/forgot", "", &[("email", MARIA)]).await;
    assert_eq!(links(&world).await, (1, 0), "what was refused before stands in nobody's way");
}

#[tokio::test]
async fn asking_again_within_a_quarter_of_an_hour_counts_once() {
    let mut world = World::new().await;
    world.licensee("maria").await;
    for network in 1..10 {
        world.network = format!("203.0.113.{network}");
        assert_eq!(world.post("/forgot", "", &[("email", MARIA)]).await.status, 200);
    }
    assert!(links(&world).await.0 <= 2, "one, or two at the turn of a quarter");
    let left = allowed(&world, "forgot maria@people.example", 50).await;
    let most = usize::try_from(world.limits.mails_to_address_of_all.most).unwrap();
    assert!(left == most - 1 || left == most - 2, "{left} of {most}");
}

#[tokio::test]
async fn one_networks_share_of_an_addresss_mails_leaves_some_for_others() {
    let mut world = World::new().await;
    world.licensee("maria").await;
    let limit = world.limits.mails_to_address;
    assert!(limit.most < world.limits.mails_to_address_of_all.most);
    for occasion in 0..i64::from(limit.most) {
        let subject = "forgot 203.0.113.1 maria@people.example";
        world.clients.table.count_occasion(&limit, subject, occasion, clock::now()).await.unwrap();
    }
    for _ in 0..3 {
        world.post("/forgot", "", &[("email", MARIA)]).await;
    }
    assert_eq!(links(&world).await.0, 0);
    assert_eq!(allowed(&world, "forgot maria@people.example", 1).await, 1);
    world.network = "203.0.113.2".to_owned();
    world.post("/forgot", "", &[("email", MARIA)]).await;
    assert_eq!(links(&world).await.0, 1, "its owner, elsewhere");
}
