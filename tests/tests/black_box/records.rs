//! Stories of records: the deployed stack, through HTTP, the bucket and the mailbox. A register from Excel, a roster, an account
//! made later, a correction, a withdrawal, an export read back, a change request.

use domain::import::{ImportId, State};
use local::{
    Cloud,
    demo::DEMO_PASSWORD,
    person::{Person, Reply},
};
use std::time::Duration;
use tests::{
    cloud,
    http::{Answer, ask, multipart},
    rosters::{Row, workbook},
};

const PATIENCE: Duration = Duration::from_secs(60);
const PASSWORD: &str = "velvet anchor pretzel 81";

async fn deployed() -> &'static Cloud {
    tokio::task::spawn_blocking(cloud).await.unwrap()
}

async fn logged_in(cloud: &Cloud, username: &str) -> Person {
    let mut person = Person::at(cloud.portal_url().unwrap());
    let reply = person.post("/login", &[("username", username), ("password", DEMO_PASSWORD)]).await.unwrap();
    assert_eq!(reply.status, 303, "{}", reply.text);
    person
}

/// Announces an import on a tab and sends its file, as a browser without scripts does; waits for its end.
async fn import(cloud: &Cloud, person: &mut Person, tab: &str, file: &[u8]) -> String {
    let announced = person.post(tab, &[("mode", "import")]).await.unwrap();
    assert_eq!(announced.status, 303, "{}", announced.text);
    let page = person.get(&announced.location).await.unwrap().text;
    let (_, form) = page.split_once("enctype=\"multipart/form-data\"").unwrap_or_else(|| panic!("{page}"));
    let before = page[..page.len() - form.len()].rsplit_once("<form").unwrap().1;
    let url = attribute(before, "action").or_else(|| attribute(form, "action")).unwrap();
    let fields: Vec<(String, String)> = form
        .split("<input type=\"hidden\"")
        .skip(1)
        .map(|input| (attribute(input, "name").unwrap(), attribute(input, "value").unwrap()))
        .collect();
    let (kind, body) = multipart(&fields, file);
    let sent: Answer = ask("POST", &url, &[("content-type", &kind)], body).await;
    assert!(sent.status < 400, "{}", sent.text());
    let id = ImportId::parse(announced.location.rsplit('/').next().unwrap()).unwrap();
    let table = cloud.clients().await.unwrap().table;
    for _ in 0..480 {
        let import = table.fetch_import(&id).await.unwrap().unwrap();
        if import.state.has_ended() {
            assert_eq!(import.state, State::Done, "{:?}", import.refusal);
            return person.get(&announced.location).await.unwrap().text;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    panic!("the import {id} never ended");
}

/// An attribute's value, with the entities of our own templates.
fn attribute(text: &str, name: &str) -> Option<String> {
    let (_, rest) = text.split_once(&format!("{name}=\""))?;
    let value = rest.split('"').next()?;
    Some(value.replace("&#38;", "&").replace("&amp;", "&").replace("&#43;", "+").replace("&#61;", "="))
}

/// A workbook with these headings and rows.
fn sheet(rows: &[&[&str]]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (at, row) in (0..).zip(rows) {
        for (place, text) in (0..).zip(*row) {
            sheet.write_string(at, place, *text).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

/// The first address on a page that begins so.
fn linked(page: &Reply, beginning: &str) -> String {
    let links = page.text.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap_or_default());
    links.into_iter().find(|link| link.starts_with(beginning)).unwrap_or_else(|| panic!("{}", page.text)).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_register_to_the_licensees_own_page_and_back_to_a_roster() {
    let cloud = deployed().await;
    let email = "vera.lindholm@people.example";
    // The office registers a licensee from Excel.
    let mut office = logged_in(cloud, "office").await;
    let register = sheet(&[
        &["Board", "Profession", "License Number", "First Name", "Last Name", "Active From", "Active To", "Email"],
        &["TX-BON", "RN", "RN-77001", "Vera", "Lindholm", "2020-01-01", "", email],
        &["TX-BON", "RN", "", "Nobody", "Atall", "2020-01-01", "", ""],
    ]);
    let page = import(cloud, &mut office, "/office/registers/licensees/import", &register).await;
    assert!(page.contains("License Number is empty"), "{page}");
    let profile = office.get("/office/licensees/TX-BON/RN/RN77001").await.unwrap();
    assert!(profile.text.contains("Vera Lindholm"), "{}", profile.text);

    // The provider reports her course; she has no account yet.
    let mut acme = logged_in(cloud, "acme").await;
    let row = Row {
        first: "Vera".into(),
        last: "Lindholm".into(),
        licence: "RN-77001".into(),
        course: "PHM-220".into(),
        date: (3, 5),
        hours: 150,
    };
    import(cloud, &mut acme, "/import", &workbook(std::slice::from_ref(&row))).await;

    // Her account is made later, and shows it at once.
    let mut vera = Person::at(cloud.portal_url().unwrap());
    vera.post("/sign-up", &[("who", "licensee"), ("email", email), ("license_number", "rn 77001")]).await.unwrap();
    let has_link = |mail: &local::Mail| mail.links().iter().any(|link| link.contains("/sign-up/details?"));
    let mail = cloud.mailbox().wait_for(email, PATIENCE, has_link).await.expect("the link");
    let link = mail.links().into_iter().find(|link| link.contains("/sign-up/details?")).unwrap().to_owned();
    vera.get(&link).await.unwrap();
    let form = vera.get("/sign-up/details").await.unwrap().text;
    let shown = form.split("name=\"link\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let fields = [
        ("link", shown.as_str()),
        ("first_name", "Vera"),
        ("last_name", "Lindholm"),
        ("username", "vera.lindholm"),
        ("password", PASSWORD),
        ("email", email),
    ];
    assert_eq!(vera.post("/sign-up/details", &fields).await.unwrap().location, "/wallet/courses");
    let courses = vera.get("/wallet/courses").await.unwrap().text;
    assert!(courses.contains("PHM-220") && courses.contains("1.50"), "{courses}");

    // The provider corrects the hours, and she is told.
    let list = acme.get("/details?number=RN-77001").await.unwrap();
    let record = linked(&list, "/details/credits/");
    let correction = [
        ("version", "1"),
        ("first_name", "Vera"),
        ("last_name", "Lindholm"),
        ("license_number", "RN-77001"),
        ("course_number", "PHM-220"),
        ("ce_year", "2026"),
        ("course_date", "2026-03-05"),
        ("ce_hours", "1.25"),
        ("reason", "She left a quarter of an hour early."),
    ];
    let corrected = acme.post(&format!("{record}/correct"), &correction).await.unwrap();
    assert_eq!(corrected.status, 303, "{}", corrected.text);
    let says = |words: &'static str| move |mail: &local::Mail| mail.text.contains(words);
    cloud.mailbox().wait_for(email, PATIENCE, says("She left a quarter of an hour early.")).await.expect("the mail");
    let courses = vera.get("/wallet/courses").await.unwrap().text;
    assert!(courses.contains("1.25") && courses.contains("Corrected"), "{courses}");
    // The office's page has the same, and who did it.
    let office_list = office.get("/office/licensees/TX-BON/RN/RN77001").await.unwrap();
    let history = office.get(&linked(&office_list, "/office/credits/")).await.unwrap().text;
    assert!(history.contains("1.50") && history.contains("She left a quarter of an hour early."), "{history}");
    // Another provider knows nothing of it.
    let mut northside = logged_in(cloud, "northside").await;
    assert_eq!(northside.get(&record).await.unwrap().status, 404);
    assert!(!northside.get("/details?number=RN-77001").await.unwrap().text.contains("Lindholm"));

    // What is exported can be uploaded again, and changes nothing.
    let export = acme.post("/details/export", &[("kind", "csv"), ("number", "RN-77001")]).await.unwrap();
    assert_eq!(export.status, 303, "{}", export.text);
    let file = ask("GET", &export.location, &[], Vec::new()).await;
    assert!(file.status == 200 && file.text().contains("RN-77001"), "{}", file.text());
    let again = import(cloud, &mut acme, "/import", &file.body).await;
    assert!(again.contains("1 processed row was already recorded, unchanged."), "{again}");

    // Withdrawn, it no longer counts, and the old roster doesn't bring it back.
    let reason = [("version", "2"), ("reason", "Another person's card.")];
    let withdrawn = acme.post(&format!("{record}/withdraw"), &reason).await.unwrap();
    assert_eq!(withdrawn.status, 303, "{}", withdrawn.text);
    cloud.mailbox().wait_for(email, PATIENCE, says("Another person's card.")).await.expect("the mail");
    let old = import(cloud, &mut acme, "/import", &workbook(&[Row { hours: 125, ..row }])).await;
    assert!(old.contains("withdrew this credit"), "{old}");
    let courses = vera.get("/wallet/courses").await.unwrap().text;
    assert!(courses.contains("Withdrawn") && courses.contains("Another person"), "{courses}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_asks_for_a_change_and_the_office_decides_once() {
    let cloud = deployed().await;
    let mut northside = logged_in(cloud, "northside").await;
    let form = northside.get("/profile/change").await.unwrap();
    let (_, at) = form.text.split_once("action=\"/profile/change").unwrap_or_else(|| panic!("{}", form.text));
    let action = format!("/profile/change{}", at.split('"').next().unwrap());
    let mut fields: Vec<(String, String)> = form
        .text
        .split("<input")
        .skip(1)
        .filter_map(|input| Some((attribute(input, "name")?, attribute(input, "value").unwrap_or_default())))
        .filter(|(name, _)| name != "words")
        .collect();
    for (name, value) in &mut fields {
        if name == "city" {
            "Galveston".clone_into(value);
        }
    }
    fields.push(("why".to_owned(), "We have moved.".to_owned()));
    let sent: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let asked = northside.post(&action, &sent).await.unwrap();
    assert_eq!(asked.status, 303, "{}", asked.text);
    assert!(!northside.get("/profile").await.unwrap().text.contains("<dd>Galveston"), "nothing changes unasked");

    let mut office = logged_in(cloud, "office").await;
    let queue = office.get("/office/requests").await.unwrap();
    let mut decided = None;
    for link in queue.text.split("href=\"/office/requests/").skip(1) {
        let path = format!("/office/requests/{}", link.split('"').next().unwrap());
        if office.get(&path).await.unwrap().text.contains("Galveston") {
            let fields = [("do", "grant"), ("why", "Seen on the lease.")];
            assert_eq!(office.post(&path, &fields).await.unwrap().status, 303);
            // Pressed twice, decided once.
            office.post(&path, &fields).await.unwrap();
            decided = Some(path);
        }
    }
    let decided = decided.expect("the request is in the queue");
    assert!(northside.get("/profile").await.unwrap().text.contains("Galveston"));
    assert!(office.get(&decided).await.unwrap().text.contains("Seen on the lease."));
    let told = |mail: &local::Mail| mail.text.contains("Seen on the lease.");
    let address = "education@northside.example";
    cloud.mailbox().wait_for(address, PATIENCE, told).await.expect("the answer");
    assert_eq!(cloud.mailbox().mails_to(address).iter().filter(|mail| told(mail)).count(), 1);
}
