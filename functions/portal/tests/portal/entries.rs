//! The office's registers by hand: found, changed over the version that was shown and with a reason, added.

use crate::world::{Answer, Who, World, provider};
use domain::course::CourseNumber;

fn check(answer: &Answer, status: u16, parts: &[&str]) {
    assert_eq!(answer.status, status, "{}", answer.text());
    for part in parts {
        assert!(answer.text().contains(part), "{part} in {}", answer.text());
    }
}

const COURSE: &str = "title=Ethics+anew&hours=2&category=Ethics&approved_from=2026-01-01&approved_to=2026-12-31&providers=acme-ce%0D%0Abeta-ce&why=New+approval";

#[tokio::test]
async fn providers_are_listed_and_found() {
    let world = World::new().await;
    let all = world.get("/office/providers", Who::Office).await;
    check(
        &all,
        200,
        &[
            "2 providers",
            "Acme Continuing Education",
            "Beta Learning",
            "/office/registers/providers/import",
            "/office/registers/providers/add",
        ],
    );
    let found = world.get("/office/providers?search=BETA", Who::Office).await;
    check(&found, 200, &["1 provider,", "Beta Learning"]);
    assert!(!found.text().contains("Acme Continuing"));
    check(&world.get("/office/providers?search=zzz", Who::Office).await, 200, &["No provider of the register has"]);
    check(&world.get("/office/providers?page=99", Who::Office).await, 200, &["Acme"]);
}

#[tokio::test]
async fn courses_are_listed_found_by_the_beginning_and_changed_with_their_providers() {
    let world = World::new().await;
    world.offer("ETH-101", &["acme-ce"]).await;
    world.offer("LAW-1", &[]).await;
    let found = world.get("/office/courses?number=eth", Who::Office).await;
    check(&found, 200, &["ETH-101", "Approved now", "/office/registers/courses/import"]);
    assert!(!found.text().contains("LAW-1"));
    let page = world.get("/office/courses/ETH-101", Who::Office).await;
    check(&page, 200, &["value=\"1.50\"", "Acme Continuing Education", "Nothing was changed by hand yet"]);
    let saved = world.post("/office/courses/ETH-101", Who::Office, format!("version=1&{COURSE}")).await;
    assert_eq!((saved.status, saved.header("location")), (303, "/office/courses/ETH-101?saved=yes"));
    let page = world.get("/office/courses/ETH-101?saved=yes", Who::Office).await;
    check(
        &page,
        200,
        &[
            "Saved.",
            "Ethics anew",
            "Beta Learning",
            "Title: was “About ETH-101”",
            "Hours: was “1.50”",
            "New approval",
            "Office Tester",
        ],
    );
    let of_beta = world.clients.table.fetch_courses_of(&provider("beta-ce"), None, 9).await.unwrap().0;
    assert_eq!(of_beta.len(), 1);
}

#[tokio::test]
async fn wrong_fields_of_an_entry_are_told_and_kept() {
    let world = World::new().await;
    world.offer("ETH-101", &["acme-ce"]).await;
    let form = "version=1&title=&hours=many&category=Ethics&approved_from=2026-05-01&approved_to=2026-04-01&providers=gamma-ce&why=";
    let again = world.post("/office/courses/ETH-101", Who::Office, form).await;
    check(
        &again,
        422,
        &[
            "href=\"#title\">Title: Enter this",
            "id=\"hours-problem\"",
            "value=\"many\"",
            "before the first day",
            "id=\"why-problem\"",
            "gamma-ce</textarea>",
        ],
    );
    let unknown = world
        .post("/office/courses/ETH-101", Who::Office, format!("version=1&{}", COURSE.replace("beta-ce", "gamma-ce")))
        .await;
    check(&unknown, 422, &["Not on the register of providers: gamma-ce"]);
    let standing = world.clients.table.fetch_course(&CourseNumber::parse("ETH-101").unwrap()).await.unwrap().unwrap();
    assert_eq!(standing.version, 1);
}

#[tokio::test]
async fn an_entry_that_somebody_else_changed_stands_beside_what_was_typed() {
    let world = World::new().await;
    world.offer("ETH-101", &["acme-ce"]).await;
    let path = "/office/courses/ETH-101";
    assert_eq!(world.post(path, Who::Office, format!("version=1&{COURSE}")).await.status, 303);
    let late = COURSE.replace("Ethics+anew", "My+title");
    let again = world.post(path, Who::Office, format!("version=1&{late}")).await;
    check(
        &again,
        409,
        &[
            "was changed meanwhile",
            "value=\"My title\"",
            "<strong>Ethics anew</strong>",
            "name=\"version\" value=\"2\"",
        ],
    );
    assert_eq!(again.text().matches("Now there stands").count(), 1, "{}", again.text());
    assert_eq!(world.post(path, Who::Office, format!("version=2&{late}")).await.status, 303);
    check(&world.get(path, Who::Office).await, 200, &["My title"]);
}

#[tokio::test]
async fn entries_are_added_once_and_numbers_are_one_providers() {
    let world = World::new().await;
    let form =
        "version=0&provider_id=gamma-ce&provider_name=Gamma&license_number=P-1&email=g%40example.org&why=Approved";
    let add = "/office/registers/providers/add";
    check(&world.get(add, Who::Office).await, 200, &["Add a provider", "name=\"provider_id\""]);
    let added = world.post(add, Who::Office, form).await;
    assert_eq!((added.status, added.header("location")), (303, "/office/providers/gamma-ce?saved=yes"));
    check(&world.post(add, Who::Office, form).await, 422, &["stands on the register already"]);
    let other = form.replace("gamma-ce", "delta-ce").replace("P-1", "p1");
    check(&world.post(add, Who::Office, other).await, 422, &["Another provider has this license number"]);
    let licensee = "version=0&board=tx-bon&profession=rn&license_number=9%2F1&first_name=Ann&last_name=Lee&why=New";
    let added = world.post("/office/registers/licensees/add", Who::Office, licensee).await;
    assert_eq!((added.status, added.header("location")), (303, "/office/licensees/TX-BON/RN/9%2F1?saved=yes"));
    let course = format!("version=0&course_number=a%2F1&{COURSE}");
    assert_eq!(world.post("/office/registers/courses/add", Who::Office, course).await.status, 303);
    for path in ["/office/courses/A%2F1", "/office/courses/A/1"] {
        check(&world.get(path, Who::Office).await, 200, &["A/1: Ethics anew"]);
    }
    assert_eq!(world.get("/office/registers/people/add", Who::Office).await.status, 404);
    for path in ["/office/providers/nobody", "/office/providers/NOT", "/office/courses/NONE"] {
        assert_eq!(world.get(path, Who::Office).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn licensees_are_found_by_surname_in_pages() {
    let world = World::new().await;
    for number in 0..60 {
        world.holder("TX-BON", "RN", &format!("RN-{number}"), &format!("Ann{number:02}"), "Müller").await;
    }
    let first = world.get("/office/licensees?surname=mulle", Who::Office).await;
    check(&first, 200, &["Ann00 Müller", "rel=\"next\"", "/office/registers/licensees/import"]);
    let next = first.text().split("after=").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let second = world.get(&format!("/office/licensees?surname=mulle&first_name=&after={next}"), Who::Office).await;
    check(&second, 200, &["Ann59 Müller"]);
    check(&world.get("/office/licensees?surname=muller&first_name=ann07", Who::Office).await, 200, &["Ann07 Müller"]);
    check(&world.get("/office/licensees?surname=Zz", Who::Office).await, 200, &["No licensee of the register"]);
}

#[tokio::test]
async fn the_office_profile_has_its_tabs_and_says_whose_account_it_is_on() {
    let world = World::new().await;
    let holder = world.holder("TX-BON", "RN", "RN-1", "Ann", "Lee").await;
    let path = "/office/licensees/TX-BON/RN/RN1";
    let page = world.get(&format!("{path}?tab=profile"), Who::Office).await;
    check(&page, 200, &["tab=profile\" aria-current=\"page\"", "Not connected", "None: an account", "value=\"Lee\""]);
    world.clients.table.prove_licence(&Who::Ann.account_id(), &holder.licence, None, 1).await.unwrap();
    let saved = world
        .post(path, Who::Office, "version=1&first_name=Ann&last_name=Lee-Ray&email=a%40example.org&why=Married")
        .await;
    assert_eq!(
        (saved.status, saved.header("location")),
        (303, "/office/licensees/TX-BON/RN/RN1?tab=profile&saved=yes")
    );
    let page = world.get(&format!("{path}?tab=profile&saved=yes"), Who::Office).await;
    check(&page, 200, &["Saved.", "Connected: ann", "a@example.org", "Lee-Ray"]);
    let history = world.get(&format!("{path}?tab=history"), Who::Office).await;
    check(&history, 200, &["Last Name: was “Lee”", "Married", "tab=history\" aria-current=\"page\""]);
    check(&world.get(path, Who::Office).await, 200, &["RN1\" aria-current=\"page\">Courses"]);
    check(
        &world.post(path, Who::Office, "version=1&first_name=Ann&last_name=Lee&why=Back").await,
        409,
        &["<strong>Lee-Ray</strong>"],
    );
    assert_eq!(world.get(&format!("{path}?tab=other"), Who::Office).await.status, 400);
}

#[tokio::test]
async fn a_providers_entry_leads_to_its_owner_and_no_other_entry_does() {
    let world = World::new().await;
    world.offer("ETH-101", &["acme-ce"]).await;
    let link = "href=\"/account/owner?provider=acme-ce\"";
    check(&world.get("/office/providers/acme-ce", Who::Office).await, 200, &[link]);
    for other in ["/office/courses/ETH-101", "/office/registers/providers/add"] {
        let page = world.get(other, Who::Office).await;
        assert!(page.status == 200 && !page.text().contains("/account/owner"), "{other}");
    }
}
