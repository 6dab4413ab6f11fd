//! The office's pages and the help.

use crate::world::{Who, World};
use adapters::table::Noted;
use domain::{account::MailTrouble, email::EmailAddress, register::Holder, suppression::Trouble};

#[tokio::test]
async fn a_licensees_recorded_courses_stand_on_the_office_profile() {
    let world = World::new().await;
    let holder = world.holder("TX-BON", "RN", "rn 10/04", "Ann", "O'Lee").await;
    world.credit(&holder, "CE-101", "Ethics & law", 14).await;
    let found = world.get("/office/licensees?number=RN-10%2F04", Who::Office).await;
    assert!(found.text().contains("href=\"/office/licensees/TX-BON/RN/RN10%2F04\""), "{}", found.text());
    // API Gateway hands the address on decoded; both forms lead to the same profile.
    for path in ["/office/licensees/TX-BON/RN/RN10%2F04", "/office/licensees/TX-BON/RN/RN10/04"] {
        let profile = world.get(path, Who::Office).await;
        for part in [
            "<h1>Office Profile</h1>",
            "Courses</a>",
            "O&#39;Lee",
            "CE-101",
            "Ethics &#38; law",
            "2026-01-31",
            "1.50",
            "Ethics",
            "Imported by Acme Continuing Education, row 14",
        ] {
            assert!(profile.text().contains(part), "{part} in {}", profile.text());
        }
    }
}

#[tokio::test]
async fn a_search_that_finds_nothing_says_so() {
    let world = World::new().await;
    world.holder("TX-BON", "RN", "1", "Ann", "Lee").await;
    let get = async |path: &str| world.get(path, Who::Office).await;
    assert!(get("/office/licensees").await.text().contains("Enter a license number"));
    assert!(
        get("/office/licensees?number=001").await.text().contains("No license of the register has the number 001.")
    );
    assert!(get("/office/licensees?number=%00").await.text().contains("That can't be a license number"));
    assert_eq!(get("/office/licensees/TX-BON/LVN/1").await.status, 404);
    assert!(get("/office/licensees/TX-BON/RN/1").await.text().contains("No course is recorded for this license yet."));
}

#[tokio::test]
async fn the_sample_and_the_examples_are_workbooks_to_keep() {
    let world = World::new().await;
    for (path, name) in [
        ("/import/sample.xlsx", "CE-roster-sample.xlsx"),
        ("/help/examples/successful.xlsx", "CE-roster-successful.xlsx"),
        ("/help/examples/failed.xlsx", "CE-roster-failed.xlsx"),
    ] {
        let answer = world.get(path, Who::Acme).await;
        assert_eq!(answer.header("content-disposition"), format!("attachment; filename=\"{name}\""));
        assert!(answer.header("content-type").ends_with("spreadsheetml.sheet"));
        assert!(answer.body.starts_with(b"PK\x03\x04"));
    }
    assert_eq!(world.get("/help/examples/other.xlsx", Who::Acme).await.status, 404);
}

#[tokio::test]
async fn the_office_profile_tells_of_mail_that_came_back_from_the_account_and_from_the_address_on_file() {
    let world = World::new().await;
    let on_file = EmailAddress::parse("old@nowhere.example").unwrap();
    let holder =
        Holder { email_on_file: Some(on_file.clone()), ..world.holder("TX-BON", "RN", "77", "Ann", "Lee").await };
    let table = &world.clients.table;
    table.save_holders(std::slice::from_ref(&holder)).await.unwrap();
    table.prove_licence(&Who::Ann.account_id(), &holder.licence, None, 1).await.unwrap();
    let profile = "/office/licensees/TX-BON/RN/77?tab=profile";
    let before = world.get(profile, Who::Office).await;
    assert!(before.text().contains("Connected: ann") && !before.text().contains("came back"), "{}", before.text());
    let at = adapters::clock::now();
    let noted = Noted { trouble: Trouble::Bounce, at, mail: None, code: "General" };
    table.note_suppression(&on_file, &noted).await.unwrap();
    let ann = EmailAddress::parse("ann@example.org").unwrap();
    table.mark_mail_trouble(&ann, MailTrouble { why: Trouble::Complaint, at }).await.unwrap();
    let page = world.get(profile, Who::Office).await;
    for part in ["Mail came back", "Marked as spam", "Nothing is written to the account", "just now"] {
        assert!(page.text().contains(part), "{part} in {}", page.text());
    }
}
