//! The meetings of Zoom's that events take place in: one event's at a time, and moved by people.

use super::*;

/// Another draft of a provider's, complete but for what it lacks by intention, in the same meeting so many hours later.
async fn in_the_same_meeting(world: &World, number: u128, whose: &str, hours: i64) -> Event {
    let model = world.event(NUMBER).await;
    let id = EventId::from_bits(number);
    let mut event = Event { id: id.clone(), state: EventState::Draft, published: None, version: 0, ..model };
    event.provider = crate::world::provider(whose);
    event.title = "A secret title".to_owned();
    event.when.starts_at += hours * 3_600;
    event.when.ends_at += hours * 3_600;
    for segment in &mut event.agenda {
        segment.starts_at += hours * 3_600;
        segment.ends_at += hours * 3_600;
    }
    let by = By { account: &Who::Office.account_id(), at: adapters::clock::now() };
    assert!(world.clients.table.create_events(std::slice::from_ref(&event), by).await.unwrap());
    world.event(number).await
}

#[tokio::test]
async fn anothers_zoom_meeting_isnt_taken_by_publishing_nor_by_an_edit() {
    let world = published().await;
    world.offer("ETH-101", &["acme-ce", "beta-ce"]).await;
    let theirs = in_the_same_meeting(&world, 21, "beta-ce", 3).await;
    let publish = |id: &EventId| format!("/manage/events/{id}/publish");
    let taken = "The Zoom meeting 812 3456 7890 is in use for another event around this time";
    let refused = world.post(&publish(&theirs.id), Who::Beta, "version=1").await;
    let place = format!("href=\"/manage/events/{}/where#zoom_number\"", theirs.id);
    check(&refused, 422, &["One reason speaks against publishing", taken, &place]);
    assert!(!refused.text().contains("Acme") && !refused.text().contains("Ethics at the bedside"));
    assert!(!world.event(21).await.is_published());
    // Published in a room of its own, it isn't moved into the meeting either.
    let table = &world.clients.table;
    let by = By { account: &Who::Beta.account_id(), at: adapters::clock::now() };
    let link = domain::event::Room::Link { url: "https://meet.example.org/b".to_owned() };
    table.save_event(&theirs, &Event { room: Some(link), ..theirs.clone() }, by, "x").await.unwrap();
    assert_eq!(world.post(&publish(&theirs.id), Who::Beta, "version=2").await.status, 303);
    let room =
        [("version", "3"), ("room", "zoom"), ("zoom_number", "81234567890"), ("zoom_kind", "meeting"), ("link", "")];
    let edited = world.post(&format!("/manage/events/{}/where", theirs.id), Who::Beta, form(&room)).await;
    check(&edited, 422, &["Not saved", taken, "value=\"81234567890\""]);
    // Far enough away the number is nobody's.
    let later = in_the_same_meeting(&world, 22, "beta-ce", 24 * 7).await;
    let answer = world.post(&publish(&later.id), Who::Beta, "version=1").await;
    assert_eq!(answer.status, 303, "{}", answer.text());
}

#[tokio::test]
async fn ones_own_events_may_follow_each_other_in_a_meeting_but_not_run_in_it_together() {
    let world = published().await;
    let together = in_the_same_meeting(&world, 21, "acme-ce", 1).await;
    let refused = world.post(&format!("/manage/events/{}/publish", together.id), Who::Acme, "version=1").await;
    check(&refused, 422, &["Your event “Ethics at the bedside”", "uses the same Zoom meeting at the same time"]);
    let after = in_the_same_meeting(&world, 22, "acme-ce", 2).await;
    let answer = world.post(&format!("/manage/events/{}/publish", after.id), Who::Acme, "version=1").await;
    assert_eq!(answer.status, 303, "{}", answer.text());
}

#[tokio::test]
async fn whoever_moves_a_published_event_reads_who_is_told_and_what_zoom_doesnt_know() {
    let world = published().await;
    register(&world, Who::Ann).await;
    assert_eq!(save_details(&world, &[("starts_time", "18:30"), ("ends_time", "20:30")]).await.status, 303);
    let saved = world.get(&path("/details?saved=yes"), Who::Acme).await;
    let told = [
        "1 person who is registered, put down or waits is told by mail",
        "Zoom doesn&#39;t know of it: move the meeting 812 3456 7890 there too",
        "6:30 PM to 8:30 PM",
        "Compare with Zoom",
    ];
    check(&saved, 200, &told);
    // Of a text nobody is told, and an address alone says nothing.
    assert_eq!(
        save_details(&world, &[("starts_time", "18:30"), ("ends_time", "20:30"), ("about", "New.")]).await.status,
        303
    );
    let saved = world.get(&path("/details?saved=yes"), Who::Acme).await;
    assert!(saved.text().contains("Saved.") && !saved.text().contains("told by mail"), "{}", saved.text());
}

async fn register(world: &World, who: Who) {
    let now = adapters::clock::now();
    let person = adapters::table::Person {
        account: who.account_id(),
        name: domain::name::PersonName { first: "Ann".into(), last: "Tester".into() },
        email: domain::email::EmailAddress::parse(&format!("{who:?}@example.org")).unwrap(),
        licences: Vec::new(),
    };
    let quiet = |person: &_| domain::mail::Mail::about_registration(person, Content::Nothing, now);
    world.clients.table.register(&world.event(NUMBER).await, &person, quiet, now).await.unwrap().unwrap();
}

#[tokio::test]
async fn whoever_leaves_fewer_seats_than_are_taken_reads_that_nobody_loses_theirs() {
    let world = published().await;
    for who in [Who::Ann, Who::Bob] {
        register(&world, who).await;
    }
    for (capacity, is_said) in [("2", false), ("1", true)] {
        assert_eq!(save_details(&world, &[("capacity", capacity)]).await.status, 303);
        let saved = world.get(&path("/details?saved=yes"), Who::Acme).await;
        let said = "2 seats are taken, more than the new limit of 1. Nobody loses theirs";
        assert_eq!(saved.text().contains(said), is_said, "{capacity}: {}", saved.text());
    }
}
