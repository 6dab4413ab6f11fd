//! People whom a provider has put down: what they see and may do, and what the event's staff see of them.

use super::{DAY, HOUR, Stage};
use crate::world::Who;
use adapters::{clock, table::PutDown};
use domain::{
    email::EmailAddress,
    event::Event,
    import::{ImportId, Owner, Subject},
    licence::LicenceNumber,
    mail::{Content, EventFacts, ExpectedNews, Mail},
    name::PersonName,
    registration::{
        ParticipationState::{Registered, Waiting},
        list::{self, Listed},
    },
};

const PAST_END: i64 = -2 * HOUR;

impl Stage {
    /// Puts an address down as a list would.
    pub(super) async fn put_down(&self, event: &Event, address: &str) {
        let (table, now) = (&self.world.clients.table, clock::now());
        let seats = table.fetch_seats(&event.id).await.unwrap().unwrap();
        let listed = Listed {
            name: PersonName { first: "As".into(), last: "Listed".into() },
            email: EmailAddress::parse(address).unwrap(),
            licence: Some(LicenceNumber::parse("RN 77").unwrap()),
        };
        let person = list::put_down(event, &listed, (&ImportId::from_bits(1), 2), now);
        let asks = Mail::putting_down(&person, &EventFacts::of(event, Default::default()), now);
        let put = table.put_down(event, &seats, &person, &asks, now).await.unwrap();
        assert_eq!(put, PutDown::Now { mailed: true });
    }

    async fn taken(&self, event: &Event) -> u32 {
        self.world.clients.table.fetch_seats(&event.id).await.unwrap().unwrap().taken
    }

    async fn answer(&self, event: &Event, who: Who, what: &str) -> crate::world::Answer {
        self.world.post(&format!("/events/{}/{what}", event.id), who, "").await
    }
}

fn people(event: &Event) -> String {
    format!("/manage/events/{}/people", event.id)
}

#[tokio::test]
async fn who_is_put_down_finds_it_on_top_of_my_events_confirms_once_and_keeps_the_seat() {
    let stage = Stage::new().await;
    let event = stage.event(1, 3 * DAY, Some(1)).await;
    stage.put_down(&event, "ANN@example.org").await;
    let mine = stage.world.get("/wallet/events", Who::Ann).await;
    for part in [
        "Waiting for your confirmation",
        "A seat is kept for you.",
        "Ethics 1",
        "Confirm registration",
        "I'm not coming",
    ] {
        assert!(mine.text().contains(part), "{part} in {}", mine.text());
    }
    assert!(!mine.text().contains("You aren't registered for any event"));
    let page = stage.world.get(&format!("/events/{}", event.id), Who::Ann).await;
    assert!(page.text().contains("has put you down for this event"), "{}", page.text());
    assert!(page.text().contains("Ann Tester") && !page.text().contains("As Listed"), "the account's own name");
    let others = stage.world.get("/wallet/events", Who::Bob).await;
    assert!(!others.text().contains("Waiting for your confirmation"), "it is nobody else's");
    for _ in 0..2 {
        let confirmed = stage.answer(&event, Who::Ann, "confirm").await;
        let there = format!("/wallet/events/{}?done=registered", event.id);
        assert_eq!((confirmed.status, confirmed.header("location")), (303, there.as_str()), "{}", confirmed.text());
    }
    let own = stage.participation(&event, Who::Ann).await.unwrap();
    assert_eq!((own.state, own.name.first.as_str()), (Registered, "Ann"));
    assert_eq!(stage.taken(&event).await, 1);
    assert_eq!(stage.mails_to(Who::Ann).await, ["seat"], "besides the one that asked, which went as it was listed");
    let mine = stage.world.get("/wallet/events", Who::Ann).await;
    assert!(!mine.text().contains("Waiting for your confirmation") && mine.text().contains("Access Event"));
    assert_eq!(stage.answer(&event, Who::Bob, "confirm").await.status, 409, "nobody has put Bob down");
}

#[tokio::test]
async fn pressing_register_is_confirming_even_if_all_seats_are_taken() {
    let stage = Stage::new().await;
    let event = stage.event(1, 3 * DAY, Some(1)).await;
    stage.put_down(&event, "ann@example.org").await;
    stage.register(&event, Who::Bob).await;
    stage.register(&event, Who::Ann).await;
    assert_eq!(stage.state(&event, Who::Ann).await, Some(Registered));
    assert_eq!(stage.state(&event, Who::Bob).await, Some(Waiting { place: 1 }));
    assert_eq!(stage.taken(&event).await, 1);
}

#[tokio::test]
async fn who_isnt_coming_frees_the_seat_for_the_first_who_waits() {
    let stage = Stage::new().await;
    let event = stage.event(1, 3 * DAY, Some(1)).await;
    stage.put_down(&event, "ann@example.org").await;
    stage.register(&event, Who::Bob).await;
    for _ in 0..2 {
        let declined = stage.answer(&event, Who::Ann, "decline").await;
        assert_eq!((declined.status, declined.header("location")), (303, "/wallet/events?done=declined"));
    }
    assert_eq!(stage.state(&event, Who::Bob).await, Some(Registered));
    assert_eq!(stage.mails_to(Who::Bob).await, ["seat free", "waiting"]);
    assert_eq!(stage.taken(&event).await, 1);
    let told = stage.world.get("/wallet/events?done=declined", Who::Ann).await;
    assert!(told.text().contains("You have said that you aren't coming."), "{}", told.text());
    assert_eq!(stage.answer(&event, Who::Ann, "confirm").await.status, 409);
}

#[tokio::test]
async fn a_confirmation_is_taken_when_the_event_has_begun_or_is_over_and_says_what_it_is_worth() {
    let stage = Stage::new().await;
    let event = stage.event(1, PAST_END, None).await;
    stage.put_down(&event, "ann@example.org").await;
    let mine = stage.world.get("/wallet/events", Who::Ann).await;
    assert!(mine.text().contains("It is over. Confirm if you were there"), "{}", mine.text());
    assert!(mine.text().contains("I wasn't there<span") && !mine.text().contains("seat is kept"), "{}", mine.text());
    let asked = |(to, content): &(String, Content)| {
        to == "ann@example.org" && matches!(content, Content::Expected { news: ExpectedNews::PutDownAfterwards, .. })
    };
    assert!(stage.world.mails().await.iter().any(asked), "the mail keeps no seat either");
    let nobody = stage.world.get(&format!("/events/{}", event.id), Who::Nobody).await;
    assert!(nobody.text().contains("asked you by mail to confirm"), "{}", nobody.text());
    let page = stage.world.get(&format!("/events/{}", event.id), Who::Ann).await;
    assert!(page.text().contains("Confirm if you were there"), "{}", page.text());
    assert_eq!(stage.answer(&event, Who::Ann, "confirm").await.status, 303);
    assert_eq!(stage.state(&event, Who::Ann).await, Some(Registered));
    let mails = stage.world.mails().await;
    let afterwards = |(to, content): &&(String, Content)| {
        to == "ann@example.org" && matches!(content, Content::Expected { news: ExpectedNews::ConfirmedAfterwards, .. })
    };
    assert_eq!(mails.iter().filter(afterwards).count(), 1);
    assert!(!stage.world.get(&format!("/events/{}", event.id), Who::Bob).await.text().contains("put you down"));
}

#[tokio::test]
async fn staff_see_who_is_put_down_take_them_off_and_have_them_in_the_file() {
    let stage = Stage::new().await;
    let event = stage.event(1, 3 * DAY, Some(1)).await;
    stage.put_down(&event, "nobody-yet@example.org").await;
    stage.register(&event, Who::Bob).await;
    for who in [Who::Acme, Who::AcmeMember, Who::Office] {
        let page = stage.world.get(&people(&event), who).await;
        for part in [
            "1 put down and not confirmed",
            "Put down, not confirmed",
            "nobody-yet@example.org",
            "RN 77",
            "Take off the list",
            "Import registrations from a file",
        ] {
            assert!(page.text().contains(part), "{part} in {}", page.text());
        }
    }
    let made = stage.world.post(&format!("{}/export", people(&event)), Who::Acme, "kind=csv").await;
    let path = made.header("location").split_once("://").unwrap().1.split_once('/').unwrap().1;
    let file = stage.world.shelved(path.split('?').next().unwrap()).unwrap();
    let text = std::str::from_utf8(&file).unwrap();
    assert!(text.contains("As,Listed,nobody-yet@example.org,\"Put down, not confirmed\",,RN 77,"), "{text}");
    let form = "email=nobody-yet%40example.org";
    assert_eq!(stage.world.post(&format!("{}/take-off", people(&event)), Who::Beta, form).await.status, 404);
    let off = stage.world.post(&format!("{}/take-off", people(&event)), Who::Office, form).await;
    assert_eq!((off.status, off.header("location").ends_with("?done=taken-off#expected")), (303, true));
    assert_eq!(stage.state(&event, Who::Bob).await, Some(Registered), "who waited has the seat");
    let again = stage.world.post(&format!("{}/take-off", people(&event)), Who::Acme, form).await;
    assert!(again.header("location").ends_with("?done=taken-off#expected"), "pressed twice is pressed once");
    let other = stage.world.post(&format!("{}/take-off", people(&event)), Who::Acme, "email=who%40example.org").await;
    assert!(other.header("location").ends_with("?done=not-listed#expected"), "{}", other.header("location"));
    let page = stage.world.get(&format!("{}?done=not-listed", people(&event)), Who::Acme).await;
    assert!(page.text().contains("Nobody was taken off"), "{}", page.text());
    let page = stage.world.get(&format!("{}?done=taken-off", people(&event)), Who::Acme).await;
    assert!(page.text().contains("Taken off the list.") && !page.text().contains("nobody-yet"), "{}", page.text());
}

#[tokio::test]
async fn a_list_is_announced_and_its_import_seen_by_the_events_provider_and_the_office_alone() {
    let stage = Stage::new().await;
    let event = stage.event(1, 3 * DAY, None).await;
    let lists = format!("{}/import", people(&event));
    let page = stage.world.get(&lists, Who::Acme).await;
    for part in
        ["Import registrations", "Upload List", "No list has been uploaded for this event yet.", "People of the event"]
    {
        assert!(page.text().contains(part), "{part} in {}", page.text());
    }
    let sample = stage.world.get(&format!("{}/sample.xlsx", people(&event)), Who::Acme).await;
    assert!(sample.status == 200 && sample.body.starts_with(b"PK"));
    let begun = stage.world.post(&lists, Who::AcmeMember, "mode=check&file_name=June.csv").await;
    let address = begun.header("location").to_owned();
    assert_eq!(begun.status, 303, "{}", begun.text());
    let import = ImportId::parse(address.rsplit('/').next().unwrap()).unwrap();
    let import = stage.world.clients.table.fetch_import(&import).await.unwrap().unwrap();
    assert_eq!((import.subject, import.file_name.as_str()), (Subject::People, "June.csv"));
    assert_eq!(import.owner, Owner::Event { event: event.id.clone(), provider: event.provider.clone() });
    for (who, status) in
        [(Who::Acme, 200), (Who::AcmeMember, 200), (Who::Office, 200), (Who::Beta, 404), (Who::Ann, 403)]
    {
        assert_eq!(stage.world.get(&address, who).await.status, status, "{who:?}");
    }
    let shown = stage.world.get(&address, Who::Office).await;
    assert!(shown.text().contains(&format!("href=\"{}\"", people(&event))) && shown.text().contains("Upload List"));
    assert!(stage.world.get(&lists, Who::Office).await.text().contains("June.csv"));
    assert!(!stage.world.get("/import", Who::Acme).await.text().contains("June.csv"), "it is no roster");
}

#[tokio::test]
async fn no_list_is_taken_of_what_is_called_off_or_a_draft() {
    let stage = Stage::new().await;
    let event = stage.event(1, 3 * DAY, None).await;
    stage.put_down(&event, "ann@example.org").await;
    stage.call_off(&event, "Ill.").await;
    let draft = stage.world.draft_event(5).await;
    for event in [&event, &draft] {
        let lists = format!("{}/import", people(event));
        let page = stage.world.get(&lists, Who::Acme).await;
        assert!(page.text().contains("This one takes no lists now.") && !page.text().contains("Upload List"));
        assert_eq!(stage.world.post(&lists, Who::Acme, "mode=import").await.status, 409);
    }
    assert!(!stage.world.get("/wallet/events", Who::Ann).await.text().contains("Waiting for your confirmation"));
    assert_eq!(stage.answer(&event, Who::Ann, "confirm").await.status, 409);
}
