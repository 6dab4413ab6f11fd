//! A tour of all pages that people see, in light and dark, on a phone and on a desk: nothing that axe-core objects to, nothing
//! wider than the screen, no page without its one heading.

use base64::{Engine, engine::general_purpose::STANDARD};
use documents::mail::{MailFacts, render, samples};
use domain::organisation::Organisation;
use local::{Cloud, demo::DEMO_PASSWORD, person::Person};
use serde_json::Value;
use tests::{
    browser::{Browser, Manner},
    cloud,
    manual::{Of, PICTURES},
};

const PUBLIC: [&str; 12] = [
    "/",
    "/sign-up",
    "/sign-up?who=licensee",
    "/sign-up/other-address",
    "/login",
    "/forgot",
    "/about",
    "/events",
    "/events?words=nothing+like+this",
    "/verify",
    "/verify/nobodys-code",
    "/nothing/here",
];
const HELP: [&str; 8] = [
    "/help",
    "/help/import",
    "/help/details",
    "/help/events",
    "/help/joining",
    "/help/manage-events",
    "/help/review-attendance",
    "/help/check-a-certificate",
];
const SIGNED_IN: [&str; 3] = ["/", "/account", "/account/close"];
const PROVIDER: [&str; 9] = [
    "/profile",
    "/profile/change",
    "/details",
    "/details?surname=garcia",
    "/import",
    "/manage/events",
    "/manage/events/new",
    "/account/users",
    "/office/requests",
];
const LICENSEE: [&str; 6] = [
    "/wallet/courses",
    "/wallet/events",
    "/wallet/tracker",
    "/wallet/outside",
    "/wallet/transcripts",
    "/wallet/tracker/cycle?licence=TX-BON/RN/00012345",
];
const OFFICE: [&str; 19] = [
    "/office/licensees",
    "/office/licensees?number=00012345",
    "/office/licensees/TX-BON/RN/00012345",
    "/office/providers",
    "/office/providers/acme-ce",
    "/office/courses",
    "/office/requests",
    "/office/settings",
    "/office/settings/texts",
    "/office/registers/courses/import",
    "/office/registers/licensees/import",
    "/office/registers/providers/import",
    "/office/help",
    "/office/settings/credit",
    "/office/requirements",
    "/office/requirements/edit?board=TX-BON&profession=RN",
    "/office/settings/zoom",
    "/manage/events",
    "/account/users",
];

async fn deployed() -> &'static Cloud {
    tokio::task::spawn_blocking(cloud).await.unwrap()
}

/// The first address under this path that a page links to.
async fn linked(person: &mut Person, page: &str, path: &str) -> String {
    first_link(person, page, |link| link.starts_with(path)).await
}

/// The first event under this path that a page links to: its address ends with its id.
async fn linked_event(person: &mut Person, page: &str, path: &str) -> String {
    let is_id = |rest: &str| rest.len() == 26 && rest.bytes().all(|b| b.is_ascii_alphanumeric());
    first_link(person, page, |link| link.strip_prefix(path).is_some_and(is_id)).await
}

async fn first_link(person: &mut Person, page: &str, is_meant: impl Fn(&str) -> bool) -> String {
    let text = person.get(page).await.unwrap().text;
    let mut links = text.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap_or_default());
    links.find(|link| is_meant(link)).unwrap_or_else(|| panic!("{page} links to nothing of the kind")).to_owned()
}

/// The pages of one record and of one import, which have no fixed address.
async fn of_records(portal: &str, username: &str) -> Vec<String> {
    let mut person = Person::at(portal);
    person.post("/login", &[("username", username), ("password", DEMO_PASSWORD)]).await.unwrap();
    match username {
        "acme" => {
            // The demo's rosters are imported soon after the start.
            for _ in 0..240 {
                if person.get("/details").await.unwrap().text.contains("/details/credits/") {
                    break;
                }
                tokio::time::sleep(std::time::Duration::from_millis(250)).await;
            }
            let record = linked(&mut person, "/details", "/details/credits/").await;
            let import = linked(&mut person, "/import", "/import/").await;
            let event = linked_event(&mut person, "/manage/events", "/manage/events/").await;
            let parts = [
                "details",
                "agenda",
                "approvals",
                "where",
                "people",
                "people/import",
                "copy",
                "series",
                "cancel",
                "history",
            ];
            let parts = parts.map(|part| format!("{event}/{part}"));
            [vec![format!("{record}/correct"), format!("{record}/withdraw"), record, import, event], parts.to_vec()]
                .concat()
        }
        "maria" => {
            let event = linked_event(&mut person, "/events", "/events/").await;
            person.post(&format!("{event}/register"), &[]).await.unwrap();
            let hall = linked(&mut person, "/wallet/events", "/wallet/events/").await;
            vec![event.clone(), hall, format!("{event}/cancel")]
        }
        "office" => vec![linked(&mut person, "/office/licensees/TX-BON/RN/00012345", "/office/credits/").await],
        _ => Vec::new(),
    }
}

async fn tour(manner: Manner) {
    let cloud = deployed().await;
    let portal = cloud.portal_url().unwrap();
    let browser = Browser::open(manner).await;
    let mut wrong = Vec::new();
    let mut seen = 0;
    let mut look = async |paths: Vec<String>, who: &str| {
        for path in paths {
            browser.go(&format!("{portal}{path}")).await;
            seen += 1;
            let violations = browser.violations().await;
            if !violations.is_empty() {
                wrong.push(format!("{path} as {who}: {violations:#?}"));
            }
            let headings = browser.page.execute("return document.querySelectorAll('h1').length", Vec::new());
            let headings: Value = headings.await.unwrap();
            if headings != 1 {
                wrong.push(format!("{path} as {who}: {headings} headings"));
            }
        }
    };
    let owned = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>();
    look(owned(&PUBLIC), "nobody").await;
    look(owned(&HELP), "nobody").await;
    for (username, own) in [("acme", &PROVIDER[..]), ("maria", &LICENSEE), ("office", &OFFICE)] {
        browser.log_in(portal, username).await;
        look([owned(&SIGNED_IN), owned(own), of_records(portal, username).await].concat(), username).await;
    }
    browser.close().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 30);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_pages_in_light_on_a_desk() {
    tour(Manner::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_pages_in_the_dark_on_a_phone() {
    tour(Manner { dark: true, phone: true, ..Manner::default() }).await;
}

/// Mail programs show a mail on a ground of their own: its colours must be readable whichever that is. All mails are one
/// template, so that some of them show it.
#[tokio::test(flavor = "multi_thread")]
async fn mails_can_be_read_in_light_and_in_the_dark() {
    let organisation = Organisation::default();
    let facts = MailFacts { organisation: &organisation, public_base_url: "https://ce.example.org", link: Some("abc") };
    for dark in [false, true] {
        let browser = Browser::open(Manner { dark, phone: true, ..Manner::default() }).await;
        for sample in samples().iter().step_by(5) {
            let html = render(&sample.content, &facts).unwrap().html;
            browser.go(&format!("data:text/html;base64,{}", STANDARD.encode(html))).await;
            let violations = browser.violations().await;
            assert!(violations.is_empty(), "{}, dark: {dark}: {violations:#?}", sample.name);
        }
        browser.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_manuals_pictures_show_the_pages_as_they_are() {
    let cloud = deployed().await;
    let portal = cloud.portal_url().unwrap();
    // Their rows are there when the demo's rosters are imported.
    of_records(portal, "acme").await;
    // The Main Hall is there for whoever is registered.
    of_records(portal, "maria").await;
    let browser = Browser::open(Manner::default()).await;
    let mut logged_in = "";
    for picture in &PICTURES {
        let username = match picture.of {
            Of::Nobody => "",
            Of::Owner => "acme",
            Of::Licensee => "maria",
            Of::Office => "office",
        };
        if username != logged_in {
            browser.log_in(portal, username).await;
            logged_in = username;
        }
        browser.go(&format!("{portal}{}", picture.path)).await;
        if let Some(button) = picture.press {
            browser.press_first(button).await;
        }
        assert!(!browser.text().await.contains("There is nothing here"), "{} is gone", picture.path);
        browser.keep_help_picture(picture).await;
    }
    browser.close().await;
}
