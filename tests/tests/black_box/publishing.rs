//! An event from its draft to the catalogue, in the browser: its provider reads every reason against it, the office refuses and then
//! consents, and people read which body approves it and which doesn't. Nothing of it needs a mouse where a form is filled in.

use adapters::clock;
use domain::event::Zone;
use fantoccini::Locator;
use local::Cloud;
use std::time::Duration;
use tests::{
    browser::{Browser, DOWN, ENTER, Manner},
    cloud,
};

const TITLE: &str = "Ethics when the Clock Runs";
const OFFICE: &str = "registrar@board.example";
const OWNER: &str = "office@acme-ce.example";
const PATIENCE: Duration = Duration::from_secs(60);

/// Presses the last button of these words: a form's first is the one that the Enter key presses.
async fn press_last(browser: &Browser, words: &str) {
    browser.click(Locator::XPath(&format!("(//button[normalize-space()='{words}'])[last()]"))).await;
}

async fn choose(browser: &Browser, name: &str, value: &str) {
    browser.click(Locator::Css(&format!("input[name='{name}'][value='{value}']"))).await;
}

async fn mail(cloud: &Cloud, to: &str, subject: &str) {
    let found = cloud.mailbox().wait_for(to, PATIENCE, |mail| mail.subject.contains(subject)).await;
    assert!(found.is_some(), "no mail {subject} to {to}");
}

/// A draft in sixty days; its address.
async fn draft(browser: &Browser, portal: &str) -> String {
    browser.go(&format!("{portal}/manage/events")).await;
    browser.look("Each event is a dated offering").await;
    browser.follow("New event").await;
    browser.look("Choose the course and the time").await;
    let zone = Zone::parse("America/Chicago").unwrap();
    let day = zone.day(clock::now() + 60 * 86_400).strftime("%m%d%Y").to_string();
    browser.select("course", "ETH-101").await;
    for (field, typed) in
        [("title", TITLE), ("starts_on", &day), ("starts_time", "0600PM"), ("ends_time", "0715PM"), ("zone", "Chicago")]
    {
        browser.fill(field, typed).await;
    }
    browser.press("Save the draft").await;
    browser.look("Before you publish").await;
    browser.page.current_url().await.unwrap().to_string()
}

async fn fill_agenda(browser: &Browser, event: &str) {
    browser.go(&format!("{event}/agenda")).await;
    browser.look("Sessions and breaks").await;
    for (field, typed) in [
        ("segment-0", "Duties"),
        ("starts-0", "0600PM"),
        ("ends-0", "0635PM"),
        ("starts-1", "0635PM"),
        ("ends-1", "0645PM"),
        ("segment-2", "Cases"),
        ("starts-2", "0645PM"),
        // Beyond the end: it is told at the field.
        ("ends-2", "0745PM"),
    ] {
        browser.fill(field, typed).await;
    }
    browser.select("kind-1", "break").await;
    press_last(browser, "Save").await;
    browser.says(&["Not saved yet", "Part 3, End: It ends after the event"]).await;
    browser.fill("ends-2", "0715PM").await;
    press_last(browser, "Save").await;
    browser.says(&["Saved.", "Instruction without breaks: 65 minutes"]).await;
}

async fn fill_details(browser: &Browser, event: &str) {
    browser.go(&format!("{event}/details")).await;
    browser.look("Who and what for").await;
    for (field, typed) in [
        ("objectives", "Decide in time, and say why."),
        ("presenter-0", "Dr. Amara Nwosu"),
        ("audience", "Nurses"),
        ("prerequisites", "None"),
        ("preparation", "None"),
        ("fees", "Free"),
        ("refunds", "Nothing is paid."),
        ("contact", "office@acme-ce.example"),
        ("complaints", "office@acme-ce.example"),
    ] {
        browser.fill(field, typed).await;
    }
    browser.select("level", "intermediate").await;
    press_last(browser, "Save").await;
    browser.look("Saved.").await;
}

async fn fill_approvals(browser: &Browser, event: &str) {
    browser.go(&format!("{event}/approvals")).await;
    browser.look("each body needs a word").await;
    choose(browser, "standing-0", "approved").await;
    for (field, typed) in [
        ("number-0", "TX-2026-7"),
        ("statement-0", "Acme is an approved provider of the Texas Board of Nursing (demo)."),
        ("valid_from-0", "01012025"),
        ("evidence-0", "Letter of January 2, 2025"),
        ("advertised-0", "1.00"),
    ] {
        browser.fill(field, typed).await;
    }
    choose(browser, "standing-1", "not_approved").await;
    choose(browser, "standing-2", "pending").await;
    press_last(browser, "Save").await;
    browser.says(&["Saved.", "The office hasn't been asked"]).await;
}

/// Says where it takes place and asks the office, without a mouse.
async fn room_and_consent_by_keyboard(browser: &Browser, event: &str) {
    browser.go(&format!("{event}/where")).await;
    browser.look("Registrants come to").await;
    browser.tab_to("input[name=room]").await;
    browser.keys(DOWN).await;
    browser.tab_to("#zoom_number").await;
    browser.keys("845 6677 8899").await;
    browser.tab_to("#zoom_kind").await;
    browser.keys("M").await;
    browser.tab_to("form[action$='/where'] button").await;
    browser.keys(ENTER).await;
    browser.says(&["Saved.", "Compare with Zoom"]).await;
    ask_by_keyboard(browser, event).await;
}

async fn ask_by_keyboard(browser: &Browser, event: &str) {
    browser.go(&format!("{event}/approvals")).await;
    browser.wait_for("Ask the office to consent").await;
    browser.tab_to("form[action$='/consent'] button").await;
    browser.keys(ENTER).await;
    browser.says(&["The office is asked.", "The office was asked and hasn't answered yet"]).await;
}

/// The office opens the request of this event and decides it.
async fn decide(office: &Browser, portal: &str, word: &str, why: &str) {
    office.go(&format!("{portal}/office/requests")).await;
    office.look(TITLE).await;
    let link = format!("//tr[contains(., '{TITLE}')]//a");
    office.click(Locator::XPath(&link)).await;
    office.says(&["What the office is asked to consent to", "Letter of", "65 minutes"]).await;
    office.fill("why", why).await;
    office.press(word).await;
    office.look(why).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_made_refused_mended_consented_to_and_published_in_the_browser() {
    let cloud = tokio::task::spawn_blocking(cloud).await.unwrap();
    let portal = cloud.portal_url().unwrap();
    let (acme, office) = (Browser::open(Manner::default()).await, Browser::open(Manner::default()).await);
    acme.log_in(portal, "acme").await;
    office.log_in(portal, "office").await;
    let event = draft(&acme, portal).await;

    // Everything that speaks against it is told at once.
    acme.press("Publish").await;
    let reasons = [
        "Not published",
        "reasons speak against publishing",
        "The learning objectives aren't said",
        "It isn't said where the event takes place",
        "Nothing is said of TX-BON",
        "Nothing is said of APA",
        "No credit is advertised",
    ];
    acme.says(&reasons).await;
    fill_agenda(&acme, &event).await;
    fill_details(&acme, &event).await;
    fill_approvals(&acme, &event).await;
    room_and_consent_by_keyboard(&acme, &event).await;
    mail(cloud, OFFICE, &format!("Consent asked for: {TITLE}")).await;
    acme.go(&event).await;
    acme.says(&["One reason speaks against publishing", "The office hasn't consented to the approval by TX-BON"]).await;

    // The office refuses, and its provider reads why.
    decide(&office, portal, "Refuse", "The letter is of another year.").await;
    mail(cloud, OWNER, "has refused your request").await;
    acme.go(&format!("{event}/approvals")).await;
    acme.says(&["The office doesn't consent", "The letter is of another year."]).await;
    acme.go(&format!("{event}/history")).await;
    acme.says(&["The office doesn't consent to the approval by TX-BON: The letter is of another year."]).await;

    // Mended and asked again, it is consented to and published.
    acme.go(&format!("{event}/approvals")).await;
    acme.fill("evidence-0", "Letter of January 5, 2026").await;
    press_last(&acme, "Save").await;
    acme.look("Saved.").await;
    ask_by_keyboard(&acme, &event).await;
    decide(&office, portal, "Grant", "The new letter is right.").await;
    acme.go(&event).await;
    acme.says(&["Nothing speaks against publishing", "The office consents"]).await;
    acme.press("Publish").await;
    acme.says(&["The event is published: it stands in the catalogue"]).await;

    // Everybody reads who approves it and who doesn't.
    let catalogue = format!("{portal}/events?words=Clock+Runs");
    office.page.delete_all_cookies().await.unwrap();
    office.go(&catalogue).await;
    let approved = "Approved by Texas Board of Nursing (demo) (TX-BON), no. TX-2026-7: 1.00 credits";
    let others = [
        "Not approved by National Registry of CPE Sponsors (demo) (NASBA)",
        "Pending with American Psychological Association (demo) (APA)",
    ];
    office.says(&[TITLE, approved, others[0], others[1]]).await;
    office.follow(TITLE).await;
    office.says(&["Credit and approvals", approved, others[0], others[1], "6:00 PM to 7:15 PM"]).await;
    acme.close().await;
    office.close().await;
}
