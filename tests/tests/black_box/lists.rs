//! People put down from a file, on the deployed stack: a CSV and a workbook uploaded for an event, mails that ask, and what each
//! person's own word comes to.

use super::{
    accounts::{PASSWORD, deployed, log_in, new_address, person, sign_up_licensee, sign_up_to, wait_for_mail},
    webinars::{publish, webinar},
};
use adapters::{clients::Clients, clock, table::By};
use domain::{
    event::Event,
    id::AccountId,
    import::{Import, ImportId, Subject},
    registration::ParticipationState,
    zoom::ZoomKind,
};
use local::{demo::DEMO_PASSWORD, person::Person, zoom::NewMeeting};
use std::time::Duration;
use tests::{
    browser::{Browser, Manner},
    http::{ask, multipart},
};

const DAY: i64 = 86_400;

/// Uploads a list as the page's script does, and waits for its end.
async fn upload(clients: &Clients, portal: &str, acme: &Person, event: &Event, file: &[u8]) -> Import {
    let cookie = acme.cookie();
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("accept", "application/json"),
        ("origin", portal),
        ("cookie", &cookie),
    ];
    let address = format!("{portal}/manage/events/{}/people/import", event.id);
    let answer = ask("POST", &address, &headers, b"mode=import&file_name=people".to_vec()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let way: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    let fields = way["fields"].as_object().unwrap();
    let fields: Vec<_> =
        fields.iter().map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect();
    let (kind, body) = multipart(&fields, file);
    let sent = ask("POST", way["url"].as_str().unwrap(), &[("content-type", &kind)], body).await;
    assert!(sent.status < 300, "{}", sent.text());
    let id = ImportId::parse(way["id"].as_str().unwrap()).unwrap();
    for _ in 0..480 {
        let import = clients.table.fetch_import(&id).await.unwrap().unwrap();
        if import.state.has_ended() {
            return import;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    panic!("the import never ended");
}

/// A page on a phone that says so, and nothing that axe-core objects to.
async fn check_page(browser: &Browser, address: &str, says: &str) {
    browser.go(address).await;
    browser.wait_for(says).await;
    let found = browser.violations().await;
    assert!(found.is_empty(), "{address}: {found:#?}");
}

fn counts(import: &Import) -> (u32, u32, u32) {
    (import.counts.processed, import.counts.unchanged, import.counts.failed)
}

#[tokio::test(flavor = "multi_thread")]
async fn people_of_a_file_are_asked_and_each_ones_own_word_counts() {
    let cloud = deployed().await;
    let (clients, portal) = (cloud.clients().await.unwrap(), cloud.portal_url().unwrap());
    let (now, who) = (clock::now(), AccountId::of(&["tests", "the list's provider"]));
    let number = cloud.zoom().add_meeting(NewMeeting::at(ZoomKind::Meeting, now + 3 * DAY, 90));
    let draft = Event { capacity: Some(5), title: "The List".to_owned(), ..webinar(now + 3 * DAY, &number) };
    let event = publish(&clients, draft, By { account: &who, at: now }).await;
    let page = |path: &str| format!("/events/{}{path}", event.id);
    let [early, late, absent] = ["early", "late", "absent"].map(new_address);
    let mut has_account = sign_up_licensee(cloud, "list.early", &early, ("Erla", "Early")).await;
    let mut acme = person(cloud);
    log_in(&mut acme, "acme", DEMO_PASSWORD).await;

    let workbook = documents::sample::sample(Subject::People).unwrap();
    assert_eq!(counts(&upload(&clients, portal, &acme, &event, &workbook).await), (2, 0, 0));
    let csv = format!(
        "First Name,Last Name,Email,Approval Status\nErla,Early,{early},approved\nLars,Late,{late},approved\nAbe,Absent,{absent},approved\n"
    );
    let first = upload(&clients, portal, &acme, &event, csv.as_bytes()).await;
    assert_eq!(counts(&first), (3, 0, 0), "{:?}", first.counts);
    assert_eq!(counts(&upload(&clients, portal, &acme, &event, csv.as_bytes()).await), (3, 3, 0));
    let listed = acme.get(&format!("/manage/events/{}/people", event.id)).await.unwrap().text;
    assert!(listed.contains("5 put down and not confirmed") && listed.contains(&late), "{listed}");

    let browser = Browser::open(Manner { phone: true, ..Manner::default() }).await;
    browser.log_in(portal, "acme").await;
    check_page(&browser, &format!("{portal}/manage/events/{}/people", event.id), "Take off the list").await;
    browser.close().await;
    let browser = Browser::open(Manner { phone: true, ..Manner::default() }).await;
    browser.log_in_with(portal, "list.early", PASSWORD).await;
    check_page(&browser, &format!("{portal}/wallet/events"), "I'm not coming").await;
    check_page(&browser, &format!("{portal}/events/{}", event.id), "I'm not coming").await;
    browser.close().await;

    // One who has an account already, and who waits since all seats are kept.
    wait_for_mail(cloud, &early, "Please confirm: The List").await;
    let mine = has_account.get("/wallet/events").await.unwrap().text;
    assert!(mine.contains("Waiting for your confirmation") && mine.contains("The List"), "{mine}");
    let confirmed = has_account.post(&page("/confirm"), &[]).await.unwrap();
    assert_eq!(confirmed.status, 303, "{}", confirmed.text);
    wait_for_mail(cloud, &early, "You are registered: The List").await;
    let waits = new_address("waits");
    let mut waiting = sign_up_licensee(cloud, "list.waits", &waits, ("Wim", "Waits")).await;
    waiting.post(&page("/register"), &[]).await.unwrap();
    wait_for_mail(cloud, &waits, "You are on the waiting list: The List").await;

    // One who isn't coming, and one who signs up because of the mail.
    wait_for_mail(cloud, &absent, "Please confirm: The List").await;
    let mut not_coming = sign_up_to("/wallet/events", cloud, "list.absent", &absent, ("Abe", "Absent")).await;
    let declined = not_coming.post(&page("/decline"), &[]).await.unwrap();
    assert_eq!(declined.location, "/wallet/events?done=declined");
    wait_for_mail(cloud, &waits, "You have a seat now: The List").await;
    let mut signs_up = sign_up_to("/wallet/events", cloud, "list.late", &late, ("Lars", "Late")).await;
    let shown = signs_up.get(&page("")).await.unwrap().text;
    assert!(shown.contains("has put you down for this event"), "{shown}");
    signs_up.post(&page("/confirm"), &[]).await.unwrap();
    wait_for_mail(cloud, &late, "You are registered: The List").await;
    assert_eq!(counts(&upload(&clients, portal, &acme, &event, csv.as_bytes()).await), (3, 3, 0), "one isn't coming");
    assert_eq!(clients.table.fetch_expected_people(&event.id, None, 9).await.unwrap().0.len(), 2, "the sample's two");

    let (people, _) = clients.table.fetch_people_of(&event.id, None, 10).await.unwrap();
    assert!(people.iter().all(|person| person.state == ParticipationState::Registered));
    let mut registered: Vec<_> = people.iter().map(|person| person.name.first.as_str()).collect();
    registered.sort_unstable();
    assert_eq!(registered, ["Erla", "Lars", "Wim"]);
    assert_eq!(clients.table.fetch_seats(&event.id).await.unwrap().unwrap().taken, 5, "two haven't confirmed");
    for _ in 0..240 {
        if cloud.zoom().meeting(&number).unwrap().registrants.len() == 3 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    let at_zoom: Vec<_> =
        cloud.zoom().meeting(&number).unwrap().registrants.into_iter().map(|known| known.email).collect();
    assert_eq!(at_zoom.len(), 3);
    assert!(!at_zoom.iter().any(|known| *known == absent || known.ends_with("@mail.example")), "{at_zoom:?}");
    for address in [&late, &absent] {
        let mails = cloud.mailbox().mails_to(address).into_iter();
        let asked = mails.filter(|mail| mail.subject.starts_with("Please")).count();
        assert_eq!(asked, 1, "one mail, however often the file comes");
    }
    let log = std::fs::read_to_string(cloud.log().unwrap()).unwrap();
    let ours = log.lines().filter(|line| line.starts_with('{'));
    assert!(!ours.clone().any(|line| line.contains("Erla") || line.contains(&absent)), "a person stands in the log");
}
