//! The work that a request costs: the same for names that nobody has as for those that somebody has.

use crate::world::{PASSWORD, World};
use argon2::{Algorithm, Argon2, Params, Version, password_hash::PasswordHasher};

const WRONG: &str = "wrong wrong wrong wrong";

#[tokio::test]
async fn a_login_takes_one_hash_whoever_it_is_and_none_past_the_limit() {
    let world = World::new().await;
    world.licensee("maria").await;
    let leaving = world.licensee("leaving").await;
    let closed = world.post("/account/close", &leaving, &[("password", PASSWORD)]).await;
    assert_eq!((closed.status, closed.hashes), (303, 1), "{}", closed.text);
    for name in ["maria", "nobody", "leaving"] {
        let answer = world.log_in(name, WRONG).await;
        assert_eq!((answer.status, answer.hashes), (422, 1), "{name}");
    }
    let asked = |name: &'static str| {
        let world = &world;
        async move { (world.log_in(name, WRONG).await, name) }
    };
    for _ in 1..world.limits.login_by_name.most {
        for name in ["maria", "nobody"] {
            asked(name).await;
        }
    }
    let ((mut known, _), (mut unknown, _)) = (asked("maria").await, asked("nobody").await);
    assert_eq!((known.status, known.hashes), (429, 0), "locked: {}", known.text);
    for (answer, name) in [(&mut known, "maria"), (&mut unknown, "nobody")] {
        answer.text = answer.text.replace(name, "*");
    }
    assert_eq!(known, unknown, "whether a name is somebody's");
}

#[tokio::test]
async fn asking_for_a_link_takes_no_hash_whoever_it_is_for() {
    let world = World::new().await;
    world.licensee("maria").await;
    world.owner("acme-ce", "acme").await;
    for (path, forms) in [
        ("/forgot", [[("email", "maria@people.example")], [("email", "nobody@people.example")]].map(Vec::from)),
        ("/sign-up", ["CEP-1001", "CEP-9999"].map(|number| vec![("who", "provider"), ("license_number", number)])),
        (
            "/sign-up",
            ["maria@people.example", "nobody@people.example"]
                .map(|email| vec![("who", "licensee"), ("license_number", ""), ("email", email)]),
        ),
    ] {
        let [known, unknown] = forms;
        let (known, unknown) = (world.post(path, "", &known).await, world.post(path, "", &unknown).await);
        assert_eq!(known, unknown, "{path}");
        assert_eq!((known.status, known.hashes), (200, 0), "{path}: {}", known.text);
    }
}

#[tokio::test]
async fn a_password_is_hashed_again_once_when_it_was_hashed_with_less_work() {
    let world = World::new().await;
    world.licensee("maria").await;
    assert_eq!(world.log_in("maria", PASSWORD).await.hashes, 1, "a hash of today's work stays as it is");
    let account = world.account("maria").await;
    let stored =
        async || world.clients.table.fetch_credentials(Some(&account.id)).await.unwrap().unwrap().password_hash;
    let todays = stored().await;
    assert_eq!(world.log_in("maria", PASSWORD).await.status, 303);
    assert_eq!(stored().await, todays);

    let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(1_024, 1, 1, None).unwrap());
    let weak = weak.hash_password(PASSWORD.as_bytes()).unwrap().to_string();
    world.clients.table.rehash_password(&account.id, &weak).await.unwrap();
    assert_eq!(world.log_in("maria", WRONG).await.hashes, 1);
    assert_eq!(stored().await, weak, "not by who doesn't know it");
    let answer = world.log_in("maria", PASSWORD).await;
    assert_eq!((answer.status, answer.hashes), (303, 2));
    assert!(stored().await.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", stored().await);
    assert_eq!(world.log_in("maria", PASSWORD).await.hashes, 1);
}
