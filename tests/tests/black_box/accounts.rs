//! Stories of accounts: the deployed stack, through HTTP, the mailbox and the browser.

use domain::{course::ProviderId, email::EmailAddress, licence::LicenceNumber, register::Provider};
use local::{
    Cloud, Mail,
    demo::DEMO_PASSWORD,
    person::{Person, Reply},
};
use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};
use tests::cloud;

const PATIENCE: Duration = Duration::from_secs(60);
pub(super) const PASSWORD: &str = "velvet anchor pretzel 81";

pub(super) async fn deployed() -> &'static Cloud {
    tokio::task::spawn_blocking(cloud).await.unwrap()
}

pub(super) fn person(cloud: &Cloud) -> Person {
    Person::at(cloud.portal_url().unwrap())
}

/// An address that nobody else uses.
pub(super) fn new_address(stem: &str) -> String {
    static MADE: AtomicUsize = AtomicUsize::new(0);
    format!("{stem}.{}@people.example", MADE.fetch_add(1, Ordering::Relaxed))
}

/// The link to this page in the mail to this address.
async fn link(cloud: &Cloud, address: &str, path: &str) -> String {
    let wanted = format!("{path}?token=");
    let has_it = |mail: &Mail| mail.links().iter().any(|link| link.contains(&wanted));
    let mail = cloud.mailbox().wait_for(address, PATIENCE, has_it).await.expect("no mail with the link came");
    mail.links().into_iter().find(|link| link.contains(&wanted)).unwrap().to_owned()
}

pub(super) async fn wait_for_mail(cloud: &Cloud, address: &str, words: &str) -> Mail {
    let says = |mail: &Mail| mail.subject.contains(words) || mail.text.contains(words);
    cloud.mailbox().wait_for(address, PATIENCE, says).await.unwrap_or_else(|| panic!("no mail says {words:?}"))
}

/// Opens a link: out of the address into a cookie.
async fn open(person: &mut Person, link: &str) -> Reply {
    let carried = person.get(link).await.unwrap();
    assert_eq!(carried.status, 303, "{}", carried.text);
    assert!(!carried.location.contains("token"), "the secret stays in the address");
    person.get(&carried.location).await.unwrap()
}

/// The link that a form was shown for.
fn shown_for(form: &Reply) -> String {
    let field = form.text.split("name=\"link\" value=\"").nth(1).unwrap_or_else(|| panic!("{}", form.text));
    field.split('"').next().unwrap().to_owned()
}

pub(super) async fn log_in(person: &mut Person, username: &str, password: &str) -> Reply {
    person.post("/login", &[("username", username), ("password", password)]).await.unwrap()
}

/// Signs a licensee up.
pub(super) async fn sign_up_licensee(cloud: &Cloud, username: &str, email: &str, name: (&str, &str)) -> Person {
    let mut somebody = person(cloud);
    let asked =
        somebody.post("/sign-up", &[("who", "licensee"), ("email", email), ("license_number", "")]).await.unwrap();
    assert_eq!(asked.status, 200, "{}", asked.text);
    let form = open(&mut somebody, &link(cloud, email, "/sign-up/details").await).await;
    assert!(form.text.contains("You are signing up as a licensee."), "{}", form.text);
    let shown = shown_for(&form);
    let fields = [
        ("link", shown.as_str()),
        ("first_name", name.0),
        ("last_name", name.1),
        ("username", username),
        ("password", PASSWORD),
        ("email", email),
    ];
    let made = somebody.post("/sign-up/details", &fields).await.unwrap();
    assert_eq!((made.status.as_u16(), made.location.as_str()), (303, "/wallet/courses"), "{}", made.text);
    somebody
}

#[tokio::test(flavor = "multi_thread")]
async fn every_license_number_gets_the_same_page_and_the_address_on_file_gets_the_link() {
    let cloud = deployed().await;
    let email = new_address("harbor");
    let provider = Provider {
        licence: Some(LicenceNumber::parse("CEP-2001").unwrap()),
        email_on_file: Some(EmailAddress::parse(&email).unwrap()),
        ..Provider::named(ProviderId::parse("harbor-ce").unwrap(), "Harbor Learning")
    };
    cloud.clients().await.unwrap().table.save_provider(&provider).await.unwrap();
    let mut pages = Vec::new();
    // One that nobody has claimed, one that has an account, a licensee's, and nobody's.
    for number in ["cep 2001", "CEP-1001", "00012345", "CEP-9999"] {
        let fields = [("who", "provider"), ("license_number", number)];
        pages.push(person(cloud).post("/sign-up", &fields).await.unwrap());
    }
    for page in &pages {
        assert_eq!((page.status.as_u16(), &page.text), (200, &pages[0].text));
    }
    assert!(pages[0].text.contains("If this number is on our register, we have written to the address on file."));
    let mut owner = person(cloud);
    let form = open(&mut owner, &link(cloud, &email, "/sign-up/details").await).await;
    assert!(form.text.contains("You are signing up for Harbor Learning, as its owner."), "{}", form.text);
    let shown = shown_for(&form);
    let fields = [
        ("link", shown.as_str()),
        ("first_name", "Ines"),
        ("last_name", "Moreau"),
        ("username", "harbor.owner"),
        ("password", "harbor learning 2001"),
        ("email", &email),
    ];
    let weak = owner.post("/sign-up/details", &fields).await.unwrap();
    assert!(weak.status == 422 && weak.text.contains("would be guessed soon"), "{} {}", weak.status, weak.text);
    assert!(weak.text.contains("harbor.owner") && !weak.text.contains("harbor learning 2001"), "a password came back");
    let fields = fields.map(|(name, value)| (name, if name == "password" { PASSWORD } else { value }));
    assert_eq!(owner.post("/sign-up/details", &fields).await.unwrap().location, "/profile");
    let profile = owner.get("/profile").await.unwrap().text;
    assert!(profile.contains("Harbor Learning") && profile.contains("CEP-2001"), "{profile}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_address_is_the_offices_to_approve() {
    let cloud = deployed().await;
    let email = new_address("moved");
    let provider = Provider {
        licence: Some(LicenceNumber::parse("CEP-2002").unwrap()),
        email_on_file: Some(EmailAddress::parse("gone@nowhere.example").unwrap()),
        ..Provider::named(ProviderId::parse("moved-ce").unwrap(), "Moved Learning")
    };
    cloud.clients().await.unwrap().table.save_provider(&provider).await.unwrap();
    let mut asker = person(cloud);
    let asked = asker
        .post(
            "/sign-up/other-address",
            &[
                ("license_number", "CEP-2002"),
                ("email", &email),
                ("message", "We moved offices in May; call 555-0100."),
            ],
        )
        .await
        .unwrap();
    assert!(asked.status == 200 && asked.text.contains("The office has your request"), "{}", asked.text);
    let mut office = person(cloud);
    log_in(&mut office, "office", DEMO_PASSWORD).await;
    let queue = office.get("/office/requests").await.unwrap().text;
    let request = queue
        .split("href=\"/office/requests/")
        .skip(1)
        .map(|rest| format!("/office/requests/{}", rest.split('"').next().unwrap()));
    let mut granted = false;
    for path in request {
        let page = office.get(&path).await.unwrap().text;
        if page.contains(&email) {
            assert!(page.contains("Moved Learning") && page.contains("gone@nowhere.example"), "{page}");
            let decided = office.post(&path, &[("do", "grant"), ("why", "Called them back.")]).await.unwrap();
            assert_eq!(decided.status, 303, "{}", decided.text);
            granted = true;
        }
    }
    assert!(granted, "{queue}");
    let form = open(&mut asker, &link(cloud, &email, "/sign-up/details").await).await;
    assert!(form.text.contains("You are signing up for Moved Learning, as its owner."), "{}", form.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_licensee_signs_up_logs_out_and_in_and_a_link_works_once() {
    let cloud = deployed().await;
    let email = new_address("lucia");
    let mut lucia = sign_up_licensee(cloud, "lucia.once", &email, ("Lucía", "Fernández")).await;
    assert!(lucia.get("/account").await.unwrap().text.contains(&email));
    let again = lucia
        .post(
            "/sign-up/details",
            &[
                ("link", "used"),
                ("first_name", "L"),
                ("last_name", "F"),
                ("username", "lucia.twice"),
                ("password", PASSWORD),
                ("email", &email),
            ],
        )
        .await
        .unwrap();
    assert_eq!(again.status, 410, "a link works once");
    assert_eq!(lucia.post("/logout", &[]).await.unwrap().location, "/login?done=logout");
    assert_eq!(lucia.get("/account").await.unwrap().location, "/login?next=%2Faccount");
    let wrong = log_in(&mut lucia, "lucia.once", "velvet anchor pretzel 82").await;
    let unknown = log_in(&mut lucia, "lucia.never", PASSWORD).await;
    assert_eq!((wrong.status.as_u16(), unknown.status.as_u16()), (422, 422));
    assert_eq!(wrong.text.replace("lucia.once", "*"), unknown.text.replace("lucia.never", "*"));
    assert_eq!(log_in(&mut lucia, "Lucia.Once", PASSWORD).await.location, "/wallet/courses");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_set_anew_once_and_ends_every_session() {
    let cloud = deployed().await;
    let email = new_address("benjamin");
    let mut elsewhere = sign_up_licensee(cloud, "benjamin.reset", &email, ("Benjamin", "Castillo")).await;
    let mut person = person(cloud);
    let asked = person.post("/forgot", &[("email", &email)]).await.unwrap();
    let unknown = person.post("/forgot", &[("email", &new_address("nobody"))]).await.unwrap();
    assert_eq!(asked.text, unknown.text);
    let link = link(cloud, &email, "/reset").await;
    // Programs that look into mails open links too.
    for _ in 0..3 {
        assert_eq!(open(&mut self::person(cloud), &link).await.status, 200);
    }
    let shown = shown_for(&open(&mut person, &link).await);
    let weak = person.post("/reset", &[("password", "benjamin.castillo"), ("link", &shown)]).await.unwrap();
    assert!(weak.status == 422 && weak.text.contains("would be guessed soon"), "{} {}", weak.status, weak.text);
    let changed = "granite walrus tulip 55";
    let set = person.post("/reset", &[("password", changed), ("link", &shown)]).await.unwrap();
    assert_eq!(set.location, "/wallet/courses", "{} {}", set.status, set.text);
    assert_eq!(open(&mut person, &link).await.status, 410);
    assert_eq!(elsewhere.get("/account").await.unwrap().status, 303, "the other session has ended");
    assert_eq!(log_in(&mut person, "benjamin.reset", PASSWORD).await.status, 422);
    assert_eq!(log_in(&mut person, "benjamin.reset", changed).await.status, 303);
    wait_for_mail(cloud, &email, "Your password at").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_address_takes_the_place_of_the_old_one_when_its_link_is_opened_and_the_old_one_is_told() {
    let cloud = deployed().await;
    let (old, new) = (new_address("aisha.old"), new_address("aisha.new"));
    let mut aisha = sign_up_licensee(cloud, "aisha.moves", &old, ("Aisha", "Ramirez")).await;
    let unproven = aisha.post("/account/email", &[("email", &new), ("password", "not my password")]).await.unwrap();
    assert_eq!(unproven.status, 422, "{}", unproven.text);
    let asked = aisha.post("/account/email", &[("email", &new), ("password", PASSWORD)]).await.unwrap();
    assert_eq!(asked.location, "/account?done=email-asked", "{}", asked.text);
    wait_for_mail(cloud, &old, "is about to change").await;
    let link = link(cloud, &new, "/verify-email").await;
    let form = open(&mut aisha, &link).await;
    assert!(form.text.contains(&new));
    assert_eq!(aisha.post("/verify-email", &[("link", "another")]).await.unwrap().status, 410);
    let taken = aisha.post("/verify-email", &[("link", &shown_for(&form))]).await.unwrap();
    assert_eq!(taken.location, "/login?done=email", "{}", taken.text);
    log_in(&mut aisha, "aisha.moves", PASSWORD).await;
    let renamed = aisha.post("/account/name", &[("first_name", "Aïsha"), ("last_name", "Ramírez")]).await.unwrap();
    assert_eq!(renamed.location, "/account?done=name", "{}", renamed.text);
    let page = aisha.get("/account").await.unwrap().text;
    assert!(page.contains(&new) && !page.contains(&old), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_license_is_verified_by_its_address_on_file_and_nothing_else() {
    let cloud = deployed().await;
    // The demo's Maria reads the address on file: her license was verified when she signed up.
    let mut maria = person(cloud);
    assert_eq!(log_in(&mut maria, "maria", DEMO_PASSWORD).await.status, 303);
    let account = maria.get("/account").await.unwrap().text;
    assert!(account.contains("00012345") && account.contains("Verified"), "{account}");
    // Another Maria Garcia claims the same number: the holder is asked, and the claimant learns nothing.
    let email = new_address("other.maria");
    let mut other = sign_up_licensee(cloud, "other.maria", &email, ("Maria", "Garcia")).await;
    let claimed = other.post("/account/licences", &[("license_number", "000-12345")]).await.unwrap();
    let nonsense = other.post("/account/licences", &[("license_number", "NOBODYS-1")]).await.unwrap();
    assert_eq!((claimed.location.as_str(), &claimed.location), ("/account?done=claim#licenses", &nonsense.location));
    assert!(other.get("/account").await.unwrap().text.contains("Unverified"));
    let proof = link(cloud, "maria.garcia@people.example", "/verify-licence").await;
    let asked = open(&mut maria, &proof).await;
    assert!(asked.text.contains("other.maria"), "{}", asked.text);
    let refused = maria.post("/verify-licence", &[("link", &shown_for(&asked))]).await.unwrap();
    assert!(refused.status == 422 && refused.text.contains("on another account already"), "{}", refused.text);
    let courses = other.get("/wallet/courses").await.unwrap().text;
    assert!(courses.contains("unverified") && !courses.contains("ETH-101"), "{courses}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_invites_a_member_who_works_for_the_provider_until_removed() {
    let cloud = deployed().await;
    let mut owner = person(cloud);
    log_in(&mut owner, "northside", DEMO_PASSWORD).await;
    let email = new_address("member");
    let invited = owner.post("/account/users/invite", &[("email", &email)]).await.unwrap();
    assert_eq!(invited.location, "/account/users?done=invited", "{}", invited.text);
    let mut member = person(cloud);
    let form = open(&mut member, &link(cloud, &email, "/sign-up/details").await).await;
    assert!(form.text.contains("You are invited to work with Northside Hospital Education."), "{}", form.text);
    let shown = shown_for(&form);
    let fields = [
        ("link", shown.as_str()),
        ("first_name", "Noé"),
        ("last_name", "Dubois"),
        ("username", "noe.member"),
        ("password", PASSWORD),
        ("email", &email),
    ];
    assert_eq!(member.post("/sign-up/details", &fields).await.unwrap().location, "/profile");
    assert_eq!(member.get("/import").await.unwrap().status, 200);
    assert_eq!(member.get("/account/users").await.unwrap().status, 403, "only the owner says who is a user");
    let users = owner.get("/account/users").await.unwrap().text;
    assert!(users.contains("noe.member") && !users.contains(&email), "{users}");
    let id = users.split("name=\"account\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let removed = owner.post("/account/users/remove", &[("account", id)]).await.unwrap();
    assert_eq!(removed.location, "/account/users?done=removed", "{}", removed.text);
    assert_eq!(member.get("/import").await.unwrap().status, 303, "the session has ended with the account");
    assert_eq!(log_in(&mut member, "noe.member", PASSWORD).await.status, 422);
    // Nobody's account is removed by another provider's owner.
    let mut acme = person(cloud);
    log_in(&mut acme, "acme", DEMO_PASSWORD).await;
    assert_eq!(acme.post("/account/users/remove", &[("account", id)]).await.unwrap().status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_locked_out_by_others_attempts() {
    let cloud = deployed().await;
    let email = new_address("target");
    let mut owner = sign_up_licensee(cloud, "target.owner", &email, ("Karen", "Ellis")).await;
    owner.post("/logout", &[]).await.unwrap();
    let mut attacker = person(cloud);
    let mut refused = 0;
    for attempt in 0..14 {
        let reply = log_in(&mut attacker, "target.owner", &format!("not the password {attempt}")).await;
        refused += u32::from(reply.status == 429);
    }
    assert!(refused >= 3, "attempts with one username are limited");
    assert_eq!(log_in(&mut attacker, "target.owner", PASSWORD).await.status, 429, "guessing on doesn't help");
    assert_eq!(log_in(&mut owner, "target.owner", PASSWORD).await.status, 303, "the owner's own browser gets in");
    wait_for_mail(cloud, &email, "Many wrong passwords").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_account_is_gone_and_its_data_was_its_owners_to_take() {
    let cloud = deployed().await;
    let email = new_address("leaving");
    let mut somebody = sign_up_licensee(cloud, "leaving.soon", &email, ("Åsa", "Lindström")).await;
    let export = somebody.get("/account/export").await.unwrap();
    let told: serde_json::Value = serde_json::from_str(&export.text).unwrap();
    assert_eq!(
        (&told["account"]["email"], &told["account"]["last_name"]),
        (&email.as_str().into(), &"Lindström".into())
    );
    let kept = somebody.post("/account/close", &[("password", "not my password at all")]).await.unwrap();
    assert_eq!(kept.status, 422);
    assert_eq!(
        somebody.post("/account/close", &[("password", PASSWORD)]).await.unwrap().location,
        "/login?done=closed"
    );
    assert_eq!(log_in(&mut somebody, "leaving.soon", PASSWORD).await.status, 422);
    wait_for_mail(cloud, &email, "is closed").await;
    let table = cloud.clients().await.unwrap().table;
    let address = EmailAddress::parse(&email).unwrap();
    assert!(table.fetch_accounts_of(&address).await.unwrap().is_empty(), "the address is free again");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_with_one_link_make_one_account() {
    let cloud = deployed().await;
    let email = new_address("race");
    let mut somebody = person(cloud);
    somebody.post("/sign-up", &[("who", "licensee"), ("email", &email), ("license_number", "")]).await.unwrap();
    let shown = shown_for(&open(&mut somebody, &link(cloud, &email, "/sign-up/details").await).await);
    let tries = (0..6).map(|n| {
        let mut one = somebody.clone();
        let (email, shown) = (email.clone(), shown.clone());
        tokio::spawn(async move {
            let username = format!("race.{n}");
            let fields = [
                ("link", shown.as_str()),
                ("first_name", "R"),
                ("last_name", "C"),
                ("username", &username),
                ("password", PASSWORD),
                ("email", &email),
            ];
            one.post("/sign-up/details", &fields.map(|(name, value)| (name, value as &str))).await.unwrap().status
        })
    });
    let mut made = 0;
    for one in tries.collect::<Vec<_>>() {
        let status = one.await.unwrap().as_u16();
        assert!([303, 410, 422, 503].contains(&status), "{status}");
        made += u32::from(status == 303);
    }
    assert_eq!(made, 1);
}
