//! The office's pages and the help.

use crate::world::{Who, World};

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
