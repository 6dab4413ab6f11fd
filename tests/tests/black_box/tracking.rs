//! CE Tracker in the browser: the office enters what a board asks; a licensee comes on a phone, from an empty cycle to a met one, with
//! hours of the cycle before, an edit, and a certificate from elsewhere; nobody else sees any of it.

use crate::{
    accounts::{PASSWORD, new_address, sign_up_to},
    attending::{desk, open_cloud, until_says},
};
use adapters::{
    clock,
    objects::{LARGEST_TRANSCRIPT, ObjectsError, transcript_key},
    table::{Month, accounts::HeldLicence},
};
use domain::{
    course::{CourseNumber, ProviderId},
    email::EmailAddress,
    hours::CreditHours,
    id::ImportId,
    licence::{Licence, LicenceNumber},
    name::PersonName,
    register::Holder,
    roster::{judge::Credit, record::Asker},
};
use fantoccini::Locator;
use jiff::civil::{Date, date};
use local::{Cloud, person::Person};
use std::{path::Path, process::Command};
use tests::browser::{Browser, Manner};

const BOARD: &str = "OH-BON";

fn name() -> PersonName {
    PersonName { first: "Vida".to_owned(), last: "Okonkwo".to_owned() }
}

fn licence() -> Licence {
    Licence { board: BOARD.to_owned(), profession: "RN".to_owned(), number: LicenceNumber::parse("OH-55001").unwrap() }
}

/// The last day of a year.
fn end_of(year: i16) -> Date {
    date(year, 12, 31)
}

fn this_year() -> i16 {
    clock::day_in(&jiff::tz::TimeZone::UTC, clock::now()).year()
}

/// A credit that a provider has reported.
async fn report(cloud: &Cloud, course: &str, category: &str, hundredths: u32, day: Date) {
    let table = cloud.clients().await.unwrap().table;
    let credit = Credit {
        licence: licence(),
        course: CourseNumber::parse(course).unwrap(),
        title: format!("About {course}"),
        category: category.to_owned(),
        date: day,
        hours: CreditHours::from_hundredths(hundredths).unwrap(),
        ce_year: day.year(),
        name: name(),
    };
    let provider = ProviderId::parse("acme-ce").unwrap();
    table.note_credit_months(&provider, &[(credit.course.clone(), Month::of(day))]).await.unwrap();
    let asker = Asker { provider: &provider, import: &ImportId::from_bits(5_501), row: 2 };
    table.record_credit(&credit, &asker, clock::now()).await.unwrap();
}

/// A licensee whose licence is proven.
async fn licensee(cloud: &Cloud) -> Person {
    licensee_of(cloud, licence(), name(), "vida.okonkwo").await
}

/// The same by another name.
pub(super) async fn licensee_of(cloud: &Cloud, licence: Licence, name: PersonName, username: &str) -> Person {
    let email = new_address("vida");
    let holder = Holder {
        licence,
        name,
        active_from: Some(date(2015, 1, 1)),
        active_to: None,
        email_on_file: Some(EmailAddress::parse(&email).unwrap()),
    };
    let table = cloud.clients().await.unwrap().table;
    table.save_holders(std::slice::from_ref(&holder)).await.unwrap();
    let called = (holder.name.first.as_str(), holder.name.last.as_str());
    let somebody = sign_up_to("/wallet/courses", cloud, username, &email, called).await;
    let account = table.fetch_accounts_of(&EmailAddress::parse(&email).unwrap()).await.unwrap().remove(0).id;
    table.prove_licence(&account, &holder.licence, None, clock::now()).await.unwrap();
    let held: Vec<HeldLicence> = table.fetch_licences(&account).await.unwrap().held;
    assert_eq!(held.len(), 1);
    somebody
}

/// The office enters what the board asks, and tries it out first.
async fn enter_requirements(cloud: &Cloud) {
    let office = desk(cloud, "office").await;
    let portal = cloud.portal_url().unwrap();
    office.go(&format!("{portal}/office/settings")).await;
    office.follow("what boards ask of their licensees").await;
    office.says(&["What each board asks of its licensees in a cycle", "Nevada, clinical professional counselor"]).await;
    office.go(&format!("{portal}/office/requirements/edit")).await;
    office.look("A board's requirements").await;
    for (field, typed) in [
        ("board", "oh-bon"),
        ("profession", "RN"),
        ("name", "Ohio, registered nurse"),
        ("from", "01012015"),
        ("months", "12"),
        ("ends", &format!("1231{}", this_year())),
        ("total", "6"),
        ("carry", "2"),
        ("category.0.name", "Ethics"),
        ("category.0.least", "2"),
        ("source", "https://example.org/ohio"),
        ("source_date", "01012026"),
        ("reviewed_by", "Ruth Lindqvist"),
        ("try_on", "OH-55001"),
    ] {
        office.fill(field, typed).await;
    }
    office.select("anchor", "fixed_date").await;
    office.select("repeat", "once_a_cycle").await;
    office.press("Try it out").await;
    // One thing was forgotten, and everything that was typed is still there.
    office.says(&["Not saved yet", "First cycle: Choose one of the answers."]).await;
    office.select("first_cycle", "whole").await;
    office.press("Try it out").await;
    let last = this_year() - 1;
    office
        .says(&["Only tried out", &format!("Dec 31, {last}"), "7.00 of 6.00 hours, missing: 1.00 hours of Ethics"])
        .await;
    office.click(Locator::XPath("(//button[normalize-space()='Save'])[last()]")).await;
    office.says(&["Saved as a new version.", "Ohio, registered nurse", "Ruth Lindqvist"]).await;
    office.close().await;
}

async fn choose(browser: &Browser, value: &str) {
    browser.click(Locator::Css(&format!("main form option[value='{value}']"))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_licensee_goes_from_an_empty_cycle_to_a_met_one_on_a_phone() {
    let cloud = open_cloud().await;
    let portal = cloud.portal_url().unwrap();
    let mut vida = licensee(cloud).await;
    // Last year she had an hour more than was asked, and too little of ethics.
    report(cloud, "GER-300", "Gerontology", 600, end_of(this_year() - 1)).await;
    report(cloud, "ETH-103", "Ethics", 100, end_of(this_year() - 1)).await;
    enter_requirements(cloud).await;

    let phone = Browser::open(Manner { phone: true, ..Manner::default() }).await;
    phone.log_in_with(portal, "vida.okonkwo", PASSWORD).await;
    phone.follow("CE Tracker").await;
    let brought = "1.00 of 6.00 hours, 1.00 of them from the cycle before";
    phone.says(&["What your boards ask of you", "Not met yet", brought, "5.00 missing", "2.00 hours of Ethics"]).await;
    phone.keep_picture("tracker-empty").await;
    phone.follow("Cycle before").await;
    phone.says(&["Not met", "7.00 of 6.00 hours", "1.00 hours go over into the next cycle", "About GER-300"]).await;

    // A certificate from elsewhere, with its file.
    phone.go(&format!("{portal}/wallet/tracker")).await;
    phone.follow("Enter a certificate from elsewhere").await;
    phone.look("It is marked as self-reported").await;
    for (field, typed) in [("title", "Grief and loss"), ("provider", "University of Ohio"), ("hours", "1.5")] {
        phone.fill(field, typed).await;
    }
    phone.fill("date", &format!("0101{}", this_year())).await;
    let folder = tempfile::tempdir().unwrap();
    let scan = folder.path().join("scan.pdf");
    std::fs::write(&scan, b"%PDF-1.7\n% a scan\n").unwrap();
    phone.choose_file(&scan).await;
    phone.press("Enter").await;
    phone.says(&["Not saved yet", "Choose how the course was held."]).await;
    phone.select("delivery", "in_person").await;
    phone.choose_file(&scan).await;
    phone.press("Enter").await;
    phone.says(&["The certificate is entered as self-reported.", "Unassigned credits", "Grief and loss"]).await;

    // It is assigned, and then put into another category.
    phone.click(Locator::XPath("//a[starts-with(normalize-space(), 'Assign')]")).await;
    phone.look("Doesn't count for this license").await;
    choose(&phone, "in/").await;
    phone.press("Assign").await;
    phone.says(&["Saved. The hours below are counted anew.", "2.50 of 6.00 hours", "2.00 hours of Ethics"]).await;
    phone.follow("Change it").await;
    phone.look("Grief and loss").await;
    choose(&phone, "in/Ethics").await;
    phone.press("Assign").await;
    phone.says(&["Saved. The hours below are counted anew.", "1.50 of 2.00 hours", "0.50 hours of Ethics"]).await;

    // A provider reports the rest: it counts at once.
    report(cloud, "ETH-102", "Ethics", 150, date(this_year(), 1, 2)).await;
    report(cloud, "PHM-221", "Pharmacology", 200, date(this_year(), 1, 3)).await;
    phone.go(&format!("{portal}/wallet/tracker")).await;
    phone.says(&["Met", "You have all that is asked of you in this cycle.", "6.00 of 6.00 hours"]).await;
    phone.keep_picture("tracker-met").await;

    let (folder, number) = transcribe(cloud, &phone).await;
    check(cloud, &folder, &number).await;

    let transcripts = vida.get("/wallet/transcripts").await.unwrap().text;
    let (before, _) = transcripts.split_once("/file\"").expect("the sheet can be had");
    let sheet = format!("{}/file", before.rsplit('"').next().unwrap());
    assert!(vida.get(&sheet).await.unwrap().text.starts_with("%PDF"), "{sheet}");

    // Only she has its file, and what she is kept of says what she entered.
    let page = vida.get("/wallet/tracker").await.unwrap().text;
    let id = page
        .split("/wallet/tracker/credit?credit=")
        .map(|rest| rest.split('"').next().unwrap())
        .find(|id| id.len() == 26);
    let file = format!("/wallet/outside/{}/file", id.unwrap());
    assert_eq!(vida.get(&file).await.unwrap().status, 200);
    let mut maria = Person::at(portal);
    maria.post("/login", &[("username", "maria"), ("password", local::demo::DEMO_PASSWORD)]).await.unwrap();
    assert_eq!(maria.get(&file).await.unwrap().status, 404);
    let export = vida.get("/account/export").await.unwrap().text;
    assert!(export.contains("Grief and loss") && export.contains("\"category\": \"Ethics\""), "{export}");
    assert!(export.contains(&number), "{export}");

    // Removed, it is nobody's any more: her transcript, and then her certificate from elsewhere.
    phone.go(&format!("{portal}/wallet/transcripts")).await;
    phone.look("Your transcripts").await;
    phone.press_first("Remove").await;
    phone.says(&["The transcript is removed.", "You have made none yet."]).await;
    assert_eq!(Person::at(portal).get(&format!("/verify/{number}")).await.unwrap().status, 404);
    phone.go(&format!("{portal}/wallet/outside?id={}", id.unwrap())).await;
    phone.press("Remove this certificate").await;
    phone.says(&["1.50 of 2.00 hours"]).await;
    assert_eq!(vida.get(&file).await.unwrap().status, 404);

    // Her account is closed: what she had in her wallet is nowhere any more.
    phone.go(&format!("{portal}/wallet/transcripts")).await;
    phone.press("Make PDF").await;
    until_says(&phone, &format!("{portal}/wallet/transcripts"), "Check or share").await;
    enter_from_elsewhere(&phone, portal, &scan).await;
    let clients = cloud.clients().await.unwrap();
    let account = clients.table.fetch_account_of(&licence()).await.unwrap().unwrap();
    let held = clients.table.fetch_wallet(&account).await.unwrap();
    let code = held.transcripts[0].code.clone();
    let files = [transcript_key(&account, &held.transcripts[0].id), held.outside[0].file.as_ref().unwrap().key.clone()];
    for file in &files {
        clients.objects.fetch_evidence(file, LARGEST_TRANSCRIPT).await.unwrap();
    }
    phone.go(&format!("{portal}/account/close")).await;
    phone.fill("password", PASSWORD).await;
    phone.press("Close my account").await;
    phone.wait_to_leave("/account/close").await;
    // The sweep gives the index some minutes; here they are over.
    clients.table.rest_leaver(&account, clock::now() - 1).await.unwrap();
    cloud.sweep(cloud.due_function()).unwrap();
    for file in &files {
        let gone = clients.objects.fetch_evidence(file, LARGEST_TRANSCRIPT).await;
        assert!(matches!(gone, Err(ObjectsError::Missing)), "{file} is still there");
    }
    let left = clients.table.fetch_wallet(&account).await.unwrap();
    assert!(left.transcripts.is_empty() && left.outside.is_empty() && left.assignments.is_empty(), "{left:?}");
    assert_eq!(Person::at(portal).get(&format!("/verify/{code}")).await.unwrap().status, 404);
    phone.close().await;
}

/// She enters a certificate from elsewhere with its file.
async fn enter_from_elsewhere(phone: &Browser, portal: &str, scan: &Path) {
    phone.go(&format!("{portal}/wallet/outside")).await;
    phone.look("It is marked as self-reported").await;
    for (field, typed) in [("title", "Wound care"), ("provider", "University of Ohio"), ("hours", "1")] {
        phone.fill(field, typed).await;
    }
    phone.fill("date", &format!("0102{}", this_year())).await;
    phone.select("delivery", "in_person").await;
    phone.choose_file(scan).await;
    phone.press("Enter").await;
    phone.says(&["The certificate is entered as self-reported.", "Wound care"]).await;
}

/// She makes a transcript: its sheet, which is whole and read out in order, in a folder, and its number.
async fn transcribe(cloud: &Cloud, phone: &Browser) -> (tempfile::TempDir, String) {
    let portal = cloud.portal_url().unwrap();
    phone.follow("Transcripts").await;
    phone.says(&["Make a transcript", "You have made none yet.", "OH-BON RN OH-55001"]).await;
    phone.press("Make PDF").await;
    phone.says(&["Your transcripts", "All credits, all licenses"]).await;
    until_says(phone, &format!("{portal}/wallet/transcripts"), "Check or share").await;
    phone.says(&["Your transcripts", "Download", "Print"]).await;
    phone.keep_picture("transcripts").await;
    let clients = cloud.clients().await.unwrap();
    let account = clients.table.fetch_account_of(&licence()).await.unwrap().unwrap();
    let made = clients.table.fetch_wallet(&account).await.unwrap().transcripts.remove(0);
    let bytes = clients.objects.fetch_evidence(&transcript_key(&account, &made.id), LARGEST_TRANSCRIPT).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("transcript.pdf");
    std::fs::write(&path, bytes).unwrap();
    let file = path.to_str().unwrap();
    run("qpdf", &["--check", file]);
    let text = run("pdftotext", &["-layout", file, "-"]);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "Continuing Education Transcript Vida Okonkwo License: OH-BON, RN OH-55001",
        "6.00 of 6.00 hours. 1.00 of them came over from the cycle before. All that is asked is there.",
        "Grief and loss. University of Ohio, In person Ethics Self-reported 1.50 1.50",
        "In all 5.00 hours, of which 5.00 count; 1.50 hours are self-reported.",
        "7.00 of 6.00 hours. Missing: 1.00 hours of Ethics.",
    ] {
        assert!(text.contains(words), "{words:?} isn't on the sheet:\n{text}");
    }
    assert_eq!(Person::at(portal).get(&format!("/wallet/transcripts/{}/file", made.id)).await.unwrap().status, 303);
    (folder, made.code.to_string())
}

/// Anybody checks it: by its file, by its number, and a changed byte is told.
async fn check(cloud: &Cloud, folder: &tempfile::TempDir, number: &str) {
    let portal = cloud.portal_url().unwrap();
    let path = folder.path().join("transcript.pdf");
    let board = Browser::open(Manner::default()).await;
    board.go(&format!("{portal}/verify")).await;
    board.look("See whether a certificate or a transcript is real").await;
    board.choose_file(&path).await;
    board.click(Locator::XPath("(//button[normalize-space()='Check'])[last()]")).await;
    board.says(&["Issued", "Vida Okonkwo", "This file is exactly the one that was issued", "Self-reported"]).await;
    board.keep_picture("transcript-checked").await;
    let mut changed = std::fs::read(&path).unwrap();
    let place = changed.len() / 2;
    changed[place] ^= 1;
    std::fs::write(&path, changed).unwrap();
    board.go(&format!("{portal}/verify/{number}")).await;
    board
        .says(&[
            "What the transcript says",
            "6.00 of 6.00 hours. 1.00 of them came over from the cycle before. All that is asked is there.",
        ])
        .await;
    board.choose_file(&path).await;
    board.press("Compare").await;
    board.says(&["This file is not the one that was issued"]).await;
    board.close().await;
}

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap_or_else(|_| panic!("{program} isn't there"));
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
