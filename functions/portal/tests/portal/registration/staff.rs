//! The people of an event for its staff, and the connection to Zoom.

use super::{HOUR, Stage};
use crate::world::{Who, World};
use adapters::{clock, table::Noted};
use domain::{
    account::MailTrouble,
    email::EmailAddress,
    event::Event,
    presence::{Kind, Participant, Sighting},
    suppression::Trouble,
};
use serde_json::json;

fn people(event: &Event) -> String {
    format!("/manage/events/{}/people", event.id)
}

#[tokio::test]
async fn staff_see_their_own_events_people_in_order_with_what_each_did() {
    let stage = Stage::new().await;
    let event = stage.event(1, 10 * 60, Some(1)).await;
    let empty = stage.world.get(&people(&event), Who::Acme).await;
    assert!(empty.text().contains("Nobody has registered yet."), "{}", empty.text());
    stage.register(&event, Who::Bob).await;
    stage.register(&event, Who::Ann).await;
    stage.world.post(&format!("/wallet/events/{}/join", event.id), Who::Bob, "").await;
    for who in [Who::Acme, Who::AcmeMember, Who::Office] {
        let page = stage.world.get(&people(&event), who).await;
        for part in ["1 person with a seat, 1 waiting, 0 cancelled", "bob@example.org", "no. 1", ">made<", "just now"] {
            assert!(page.text().contains(part), "{part} in {}", page.text());
        }
        let (bob, ann) = (page.text().find("Bob Tester").unwrap(), page.text().find("Ann Tester").unwrap());
        assert!(bob < ann, "who has a seat stands before who waits");
    }
    for (who, status) in [(Who::Beta, 404), (Who::Ann, 403), (Who::Nobody, 303)] {
        assert_eq!(stage.world.get(&people(&event), who).await.status, status, "{who:?}");
        let file = stage.world.post(&format!("{}/export", people(&event)), who, "kind=csv").await;
        assert!(file.status >= 400, "{who:?}");
    }
}

#[tokio::test]
async fn the_people_of_an_event_can_be_taken_along_as_a_file() {
    let stage = Stage::new().await;
    let event = stage.event(1, HOUR, None).await;
    stage.register(&event, Who::Ann).await;
    for (kind, begins) in [("csv", "\u{feff}First Name,Last Name,Email".as_bytes()), ("xlsx", b"PK".as_slice())] {
        let made = stage.world.post(&format!("{}/export", people(&event)), Who::Acme, format!("kind={kind}")).await;
        assert_eq!(made.status, 303, "{}", made.text());
        let path = made.header("location").split_once("://").unwrap().1.split_once('/').unwrap().1;
        let file = stage.world.shelved(path.split('?').next().unwrap()).unwrap();
        assert!(file.starts_with(begins), "{kind}");
        if kind == "csv" {
            let text = std::str::from_utf8(&file).unwrap();
            assert!(text.contains("Ann,Tester,ann@example.org,Registered,,,"), "{text}");
            assert!(text.trim_end().ends_with("not yet"), "{text}");
        }
    }
}

#[tokio::test]
async fn of_who_has_closed_the_account_staff_see_the_record_without_an_address() {
    let stage = Stage::new().await;
    let event = stage.event(1, HOUR, None).await;
    stage.register(&event, Who::Ann).await;
    let table = &stage.world.clients.table;
    table.leave_event(&event.id, Some(&event), &Who::Ann.account_id(), clock::now()).await.unwrap();
    let page = stage.world.get(&people(&event), Who::Acme).await;
    assert!(page.text().contains("Ann Tester <small class=\"reason\">Account closed</small>"), "{}", page.text());
    assert!(page.text().contains("Cancelled") && !page.text().contains("ann@example.org"));
    let made = stage.world.post(&format!("{}/export", people(&event)), Who::Acme, "kind=csv").await;
    let path = made.header("location").split_once("://").unwrap().1.split_once('/').unwrap().1;
    let file = stage.world.shelved(path.split('?').next().unwrap()).unwrap();
    let text = std::str::from_utf8(&file).unwrap();
    assert!(text.contains("Ann,Tester,Account closed,Cancelled,"), "{text}");
}

#[tokio::test]
async fn staff_see_who_is_in_as_zoom_tells_it() {
    let stage = Stage::new().await;
    let event = stage.event(1, 60, None).await;
    stage.register(&event, Who::Ann).await;
    stage.world.post(&format!("/wallet/events/{}/join", event.id), Who::Ann, "").await;
    let zoom = stage.participation(&event, Who::Ann).await.unwrap().zoom.unwrap();
    let now = clock::now();
    let seen = |at: i64, kind: Kind, who: Participant| Sighting {
        at,
        told_ms: 0,
        kind,
        instance: "u".to_owned(),
        meeting: zoom.number.clone(),
        who,
    };
    let who = |id: &str, name: &str, registrant: Option<&str>| Participant {
        user_id: Some(id.to_owned()),
        name: Some(name.to_owned()),
        registrant_id: registrant.map(str::to_owned),
        ..Participant::default()
    };
    let sightings = [
        seen(now - 90, Kind::Started, Participant::default()),
        seen(now - 60, Kind::Joined, who("1", "Annie", Some(&zoom.registrant_id))),
        seen(now - 30, Kind::JoinedWaitingRoom, who("2", "iPhone", None)),
    ];
    for (place, sighting) in sightings.iter().enumerate() {
        let table = &stage.world.clients.table;
        assert!(table.save_sighting(sighting, &format!("digest{place}"), "x", now).await.unwrap());
    }
    let page = stage.world.get(&people(&event), Who::Acme).await;
    for part in [
        "1 in, 1 in the waiting room, 2 seen in all",
        "The meeting runs, since",
        "the report decides",
        "hx-trigger=\"every 10s\"",
        "In Zoom: Annie.",
        "iPhone <small>not one of the registered links",
    ] {
        assert!(page.text().contains(part), "{part} in {}", page.text());
    }
    let live = format!("{}/live", people(&event));
    let plain = stage.world.get(&live, Who::Acme).await;
    assert_eq!((plain.status, plain.header("location")), (303, people(&event).as_str()));
    let request = crate::world::request(http::Method::GET, &live, Who::Acme).header("hx-request", "true");
    let piece = stage.world.send(request.body(axum::body::Body::empty()).unwrap()).await;
    assert!(piece.text().trim_start().starts_with("<section id=\"live\"") && piece.text().contains("Annie"));
    assert_eq!(stage.world.get(&live, Who::Beta).await.status, 404);
}

#[tokio::test]
async fn the_office_sees_whether_zoom_is_connected_and_what_is_missing() {
    let world = World::new().await;
    let page = world.get("/office/settings/zoom", Who::Office).await;
    assert!(
        page.text().contains("None yet") && page.text().contains("http://portal.test/zoom/events"),
        "{}",
        page.text()
    );
    let failed = world.post("/office/settings/zoom/test", Who::Office, "").await;
    assert!(failed.text().contains("Zoom isn&#39;t set up"), "{}", failed.text());

    let stage = Stage::new().await;
    let test = async || stage.world.post("/office/settings/zoom/test", Who::Office, "").await;
    let works = test().await;
    assert!(works.text().contains("The connection works, and the app has all scopes"), "{}", works.text());
    assert!(works.text().contains("There</span>"));
    stage.zoom.zoom().remove_scope("meeting:write:registrant:admin");
    let lacks = test().await;
    assert!(lacks.text().contains("<li><code>meeting:write:registrant:admin</code></li>"), "{}", lacks.text());
    stage.zoom.zoom().refuse_credentials(true);
    let refused = test().await;
    assert!(refused.text().contains("Zoom refuses the credentials."), "{}", refused.text());
    assert!(!refused.text().contains(local::zoom::CLIENT_SECRET));
}

#[tokio::test]
async fn staff_compare_a_meetings_settings_with_what_its_event_needs() {
    let stage = Stage::new().await;
    let event = stage.event(1, HOUR, None).await;
    let address = format!("/manage/events/{}/where/check", event.id);
    let right = stage.world.post(&address, Who::Acme, "").await;
    assert!(right.text().contains("Everything is set at Zoom as the event needs it."), "{}", right.text());
    let back = format!("href=\"/manage/events/{}\">Back to the event</a>", event.id);
    assert!(right.text().contains(&back) && right.text().contains(&event.when.words()), "{}", right.text());
    let number = event.room.as_ref().unwrap().meeting_number().unwrap();
    stage.zoom.zoom().set(number.as_str(), "registrants_confirmation_email", json!(true));
    let noted = stage.world.post(&address, Who::Acme, "").await;
    assert!(
        noted.text().contains("This fits, with notes.") && noted.text().contains("Good to know"),
        "{}",
        noted.text()
    );
    assert!(!noted.text().contains("isn&#39;t as the event needs it") && !noted.text().contains("isn't as the event"));
    stage.zoom.zoom().set(number.as_str(), "approval_type", json!(2));
    let wrong = stage.world.post(&address, Who::Acme, "").await;
    assert!(!wrong.text().contains("This fits"));
    assert!(wrong.text().contains("Registration is off at Zoom") && wrong.text().contains("Wrong</span>"));
    stage.zoom.zoom().refuse_credentials(true);
    stage.zoom.zoom().revoke_tokens();
    let unread = stage.world.post(&address, Who::Acme, "").await;
    assert!(unread.text().contains("Zoom refuses the credentials."), "{}", unread.text());
    assert_eq!(stage.world.post(&address, Who::Beta, "").await.status, 404);
}

#[tokio::test]
async fn staff_see_whom_no_mail_reaches_and_how_many_they_are() {
    let stage = Stage::new().await;
    let event = stage.event(1, HOUR, None).await;
    for who in [Who::Ann, Who::Bob] {
        stage.register(&event, who).await;
    }
    let page = stage.world.get(&people(&event), Who::Acme).await;
    assert!(!page.text().contains("Mail came back") && !page.text().contains("Mail doesn"), "{}", page.text());
    let table = &stage.world.clients.table;
    stage.put_down(&event, "eve@elsewhere.example").await;
    let eve = EmailAddress::parse("Eve@elsewhere.example").unwrap();
    let ann = EmailAddress::parse("ann@example.org").unwrap();
    let trouble = MailTrouble { why: Trouble::Bounce, at: clock::now() };
    assert_eq!(table.mark_mail_trouble(&ann, trouble).await.unwrap(), 1);
    let noted = Noted { trouble: Trouble::Complaint, at: clock::now(), mail: None, code: "abuse" };
    table.note_suppression(&eve, &noted).await.unwrap();
    for who in [Who::Acme, Who::Office] {
        let page = stage.world.get(&people(&event), who).await;
        assert!(page.text().contains("reach 2 people: it came back, or was marked as spam."), "{}", page.text());
        let row = |name: &str| page.text().split("<tr").find(|row| row.contains(name)).unwrap().to_owned();
        assert!(row("Ann Tester").contains("Mail came back"), "{}", row("Ann Tester"));
        assert!(row("As Listed").contains("Marked as spam"), "{}", row("As Listed"));
        assert!(!row("Bob Tester").contains("Mail came back"), "{}", row("Bob Tester"));
    }
    // Who has cancelled is written to no more.
    stage.cancel(&event, Who::Ann).await;
    let page = stage.world.get(&people(&event), Who::Acme).await;
    assert!(page.text().contains("reach 1 person:"), "{}", page.text());
}

#[tokio::test]
async fn a_licensee_whose_mail_came_back_reads_so_in_the_head_of_every_page() {
    let stage = Stage::new().await;
    let ann = EmailAddress::parse("ann@example.org").unwrap();
    let trouble = MailTrouble { why: Trouble::Bounce, at: clock::now() };
    stage.world.clients.table.mark_mail_trouble(&ann, trouble).await.unwrap();
    for page in ["/", "/events", "/wallet/courses", "/help", "/nothing-here"] {
        let told = stage.world.get(page, Who::Ann).await;
        assert!(told.text().contains("Mail to a…n@example.org came back"), "{page}: {}", told.text());
        assert!(!stage.world.get(page, Who::Bob).await.text().contains("came back"), "{page}");
    }
}
