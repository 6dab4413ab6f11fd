//! What becomes of registrations when an account is closed, and what of them stands in one's own file.

use crate::world::{PASSWORD, World, provider};
use adapters::{
    clock,
    table::{
        By, DraftSaved, EventSaved, Leaver, Person, PutDown,
        accounts::{Closed, Closing},
    },
};
use domain::{
    account::Account,
    attendance::{
        Decided, Explained, Reason, Verdict,
        appeal::{Appeal, AppealState},
    },
    completion::{EvaluationTimes, invite, submit},
    course::CourseNumber,
    evaluation::Answers,
    event::{Event, EventKind, EventState, MeetingNumber, Published, Room, When, Zone, ZoomKind},
    hours::CreditHours,
    id::{AccountId, CertificateCode, EventId},
    import::ImportId,
    licence::LicenceNumber,
    mail::{Content, EventFacts, Mail},
    registration::{
        Participation, ParticipationState, RegistrationRefusal, ShownLicence, ZoomRegistrant,
        list::{self, Listed},
    },
};
use serde_json::Value;

const DAY: i64 = 86_400;

/// A published event of an hour with one seat, in a meeting of Zoom's.
async fn event(world: &World, number: u128, starts_at: i64) -> Event {
    let when = When { starts_at, ends_at: starts_at + 3_600, zone: Zone::parse("America/New_York").unwrap() };
    let (course, kind) = (CourseNumber::parse("ETH-101").unwrap(), EventKind::LiveWebinar);
    let title = format!("Ethics {number}");
    let mut draft = Event::draft(EventId::from_bits(number), provider("acme-ce"), course, title, kind, when);
    draft.capacity = Some(1);
    draft.room = Some(Room::Zoom { number: MeetingNumber::parse("81234567890").unwrap(), kind: ZoomKind::Meeting });
    let who = AccountId::from_bits(99);
    let (table, by) = (&world.clients.table, By { account: &who, at: 1 });
    assert!(table.create_events(std::slice::from_ref(&draft), by).await.unwrap());
    let read = table.fetch_event(&draft.id).await.unwrap().unwrap();
    let published = Published {
        at: 1,
        provider_name: "Acme".into(),
        course_title: "Ethics".into(),
        category: "Ethics".into(),
        course_hours: CreditHours::from_hundredths(200).unwrap(),
        credit_types: Vec::new(),
    };
    let after = Event { state: EventState::Published, published: Some(published), ..read.clone() };
    assert_eq!(table.publish_event(&read, &after, by).await.unwrap(), EventSaved::Now(2));
    table.fetch_event(&draft.id).await.unwrap().unwrap()
}

/// Registers somebody an hour before the event at the latest.
async fn register(world: &World, event: &Event, account: &Account) -> Result<ParticipationState, RegistrationRefusal> {
    let person = Person {
        account: account.id.clone(),
        name: account.name.clone(),
        email: account.email.clone(),
        licences: vec![ShownLicence::Claimed { number: LicenceNumber::parse("RN 1").unwrap() }],
    };
    let now = clock::now().min(event.when.starts_at - 3_600);
    let mail = |person: &Participation| Mail::about_registration(person, Content::Nothing, now);
    Ok(world.clients.table.register(event, &person, mail, now).await.unwrap()?.state)
}

async fn give_link(world: &World, event: &Event, account: &Account) {
    let own = ZoomRegistrant {
        number: MeetingNumber::parse("81234567890").unwrap(),
        kind: ZoomKind::Meeting,
        registrant_id: "registrant-1".into(),
        email: Some(account.email.clone()),
        join_url: Some("https://zoom.us/w/1?tk=own".into()),
        pin: Some("123456".into()),
    };
    assert!(world.clients.table.save_zoom_registrant(&event.id, &account.id, &own).await.unwrap());
}

/// Puts the account's address down for an event, from a provider's list.
async fn put_down(world: &World, event: &Event, account: &Account) {
    let row = Listed { name: account.name.clone(), email: account.email.clone(), licence: None };
    let table = &world.clients.table;
    let seats = table.fetch_seats(&event.id).await.unwrap().unwrap();
    let person = list::put_down(event, &row, (&ImportId::from_bits(1), 2), clock::now());
    let asks = Mail::putting_down(
        &person,
        &EventFacts::of(event, domain::event::promotion::Statements::default()),
        clock::now(),
    );
    let done = table.put_down(event, &seats, &person, &asks, clock::now()).await.unwrap();
    assert_eq!(done, PutDown::Now { mailed: true });
}

async fn part(world: &World, event: &Event, account: &Account) -> Participation {
    world.clients.table.fetch_participation(&event.id, &account.id).await.unwrap().unwrap()
}

async fn cancel(world: &World, event: &Event, account: &Account) {
    let mail = |person: &Participation| Mail::about_registration(person, Content::Nothing, 1);
    world.clients.table.cancel_registration(event, &account.id, mail, clock::now()).await.unwrap().unwrap();
}

async fn close(world: &World, cookie: &str) -> u16 {
    world.post("/account/close", cookie, &[("password", PASSWORD)]).await.status
}

/// What stands on a participation that is kept: who it was and when, and no way to them or in.
fn is_a_record_only(person: &Participation) -> bool {
    person.name.last == "Baker"
        && person.licences.len() == 1
        && person.is_closed()
        && person.zoom.as_ref().is_none_or(|own| own.registrant_id == "registrant-1" && !own.is_personal())
}

#[tokio::test]
async fn closing_an_account_gives_its_seats_to_others_and_leaves_of_the_past_what_proves_attendance() {
    let world = World::new().await;
    let cookie = world.licensee("ann.baker").await;
    world.licensee("bob.baker").await;
    let (ann, bob) = (world.account("ann.baker").await, world.account("bob.baker").await);
    let now = clock::now();
    let [coming, full, running, over, left] = [
        event(&world, 1, now + DAY).await,
        event(&world, 2, now + DAY).await,
        event(&world, 3, now - 60).await,
        event(&world, 4, now - DAY).await,
        event(&world, 5, now + DAY).await,
    ];
    register(&world, &full, &bob).await.unwrap();
    for event in [&coming, &full, &running, &over, &left] {
        register(&world, event, &ann).await.unwrap();
    }
    register(&world, &coming, &bob).await.unwrap();
    for event in [&coming, &running, &over] {
        give_link(&world, event, &ann).await;
    }
    cancel(&world, &left, &ann).await;

    let page = world.get("/account/close", &cookie).await;
    for part in ["What you are registered for is cancelled", "your email, your Zoom link and your PIN are removed"] {
        assert!(page.text.contains(part), "{part} in {}", page.text);
    }
    assert_eq!(close(&world, &cookie).await, 303);

    let given_back = part(&world, &coming, &ann).await;
    assert_eq!((given_back.state, given_back.is_closed()), (ParticipationState::Cancelled, true));
    assert!(given_back.zoom.unwrap().is_personal(), "the worker takes it back at Zoom by its address");
    assert_eq!(part(&world, &full, &ann).await.state, ParticipationState::Cancelled);
    let table = &world.clients.table;
    let seats = [&coming, &full].map(async |event| table.fetch_seats(&event.id).await.unwrap().unwrap());
    let [coming_seats, full_seats] = seats;
    let (coming_seats, full_seats) = (coming_seats.await, full_seats.await);
    assert_eq!((coming_seats.taken, coming_seats.waiting), (0, 1), "bob waits for it");
    assert_eq!((full_seats.taken, full_seats.waiting), (1, 0));
    let nudged = world.nudged.lock().unwrap().iter().any(|body| body.contains(coming.id.as_str()));
    assert!(nudged, "the worker gives the seat to bob");
    for event in [&running, &over] {
        let kept = part(&world, event, &ann).await;
        assert!(kept.state.has_seat() && kept.zoom.is_some() && is_a_record_only(&kept), "{kept:?}");
    }
    assert!(is_a_record_only(&part(&world, &left, &ann).await));
    assert!(part(&world, &full, &bob).await.email.is_some(), "nobody else's");
    let mails = world.mails().await;
    let to_ann: Vec<_> = mails.iter().filter(|(to, _)| to.starts_with("ann.") && to.contains("baker")).collect();
    let closed = Content::AccountClosed { username: "ann.baker".to_owned(), of_licensee: true };
    assert!(to_ann.iter().any(|(_, content)| *content == closed), "{to_ann:?}");
    let told = |content: &Content| matches!(content, Content::RegistrationCancelled { .. });
    assert!(!mails.iter().any(|(_, content)| told(content)), "one mail says it all");
}

#[tokio::test]
async fn a_closing_that_comes_to_nothing_leaves_everything_as_it_was() {
    let world = World::new().await;
    let cookie = world.licensee("ann.baker").await;
    let ann = world.account("ann.baker").await;
    let now = clock::now();
    let [coming, over, listed] =
        [event(&world, 1, now + DAY).await, event(&world, 2, now - DAY).await, event(&world, 3, now + DAY).await];
    for event in [&coming, &over] {
        register(&world, event, &ann).await.unwrap();
        give_link(&world, event, &ann).await;
    }
    put_down(&world, &listed, &ann).await;
    let before = [part(&world, &coming, &ann).await, part(&world, &over, &ann).await];
    // What another window was faster with: the transaction is refused.
    let mail = Mail::about_account(&ann.id, "closed", ann.email.clone(), Content::Nothing, now);
    assert!(world.clients.table.save_mail(&mail).await.unwrap());
    let refused = world.post("/account/close", &cookie, &[("password", PASSWORD)]).await;
    assert_ne!(refused.status, 303);
    assert!(refused.text.contains("nothing that you are registered for is cancelled"), "{}", refused.text);
    assert_eq!(world.get("/account", &cookie).await.status, 200, "the account stands");
    assert_eq!([part(&world, &coming, &ann).await, part(&world, &over, &ann).await], before);
    let table = &world.clients.table;
    assert!(table.fetch_expected(&listed.id, &ann.email).await.unwrap().is_some(), "the seat is kept still");
    assert!(table.fetch_leavers(now + DAY, 9).await.unwrap().is_empty());
    assert!(world.nudged.lock().unwrap().iter().all(|body| !body.contains(coming.id.as_str())));
}

#[tokio::test]
async fn what_was_filled_in_and_never_sent_goes_with_the_account_and_what_was_sent_stays() {
    let world = World::new().await;
    let cookie = world.licensee("ann.baker").await;
    let ann = world.account("ann.baker").await;
    let now = clock::now();
    let [begun, sent] = [event(&world, 1, now - DAY).await, event(&world, 2, now - DAY).await];
    let table = &world.clients.table;
    let answers = Answers::default();
    for event in [&begun, &sent] {
        register(&world, event, &ann).await.unwrap();
        let person = part(&world, event, &ann).await;
        let (completion, letter) = invite(EvaluationTimes::default(), now);
        assert!(table.save_completion(&person, &completion, Some(&letter)).await.unwrap());
        let saved = table.save_draft(&event.id, &ann.id, &answers, 0, now).await.unwrap();
        assert_eq!(saved, DraftSaved::Now(1));
    }
    let person = part(&world, &sent, &ann).await;
    let code = CertificateCode::from_bits(7);
    let submitted = submit(person.completion.as_deref().unwrap(), person.name.clone(), Vec::new(), code, now);
    assert!(table.submit_evaluation(&person, &submitted, &answers, now).await.unwrap());
    assert_eq!(close(&world, &cookie).await, 303);
    assert_eq!(table.fetch_evaluation(&begun.id, &ann.id).await.unwrap(), None);
    // A page that was sent before, and comes after.
    let late = table.save_draft(&begun.id, &ann.id, &answers, 0, now).await.unwrap();
    assert_eq!((late, table.fetch_evaluation(&begun.id, &ann.id).await.unwrap()), (DraftSaved::Left, None));
    assert!(table.fetch_evaluation(&sent.id, &ann.id).await.unwrap().is_some_and(|kept| kept.is_submitted));
    for event in [&begun, &sent] {
        assert!(is_a_record_only(&part(&world, event, &ann).await));
    }
}

#[tokio::test]
async fn a_closing_that_dies_leaves_a_mark_by_which_all_of_it_is_ended_and_nobody_registers_afterwards() {
    let world = World::new().await;
    world.licensee("ann.baker").await;
    let ann = world.account("ann.baker").await;
    let now = clock::now();
    let [coming, over, listed] =
        [event(&world, 1, now + DAY).await, event(&world, 2, now - DAY).await, event(&world, 3, now + DAY).await];
    for event in [&coming, &over] {
        register(&world, event, &ann).await.unwrap();
        give_link(&world, event, &ann).await;
    }
    put_down(&world, &listed, &ann).await;
    let table = &world.clients.table;
    // As far as a request came whose process died: the account is closed, and nothing else.
    let mail = Mail::about_account(&ann.id, "closed", ann.email.clone(), Content::Nothing, now);
    let closing = Closing { account: &ann, licences: &[], claims: &[], mail: &mail, by_office: None };
    assert_eq!(table.close_account(&closing, now).await.unwrap(), Closed::Now);
    assert_eq!(register(&world, &listed, &ann).await, Err(RegistrationRefusal::AccountClosed));
    assert!(!part(&world, &over, &ann).await.is_closed());

    let leaver = Leaver { account: ann.id.clone(), email: ann.email.clone() };
    assert_eq!(table.fetch_leavers(now + 30, 9).await.unwrap(), [], "the request itself may be at it");
    assert_eq!(table.fetch_leavers(now + 61, 9).await.unwrap(), std::slice::from_ref(&leaver));
    let none = table.leave_everything(&leaver, now, || false).await.unwrap();
    assert!(!none.is_all, "without time nothing is done, and said to be");
    for _ in 0..2 {
        assert!(table.leave_everything(&leaver, now, || true).await.unwrap().is_all);
        let left = part(&world, &coming, &ann).await;
        assert_eq!((left.state, left.is_closed()), (ParticipationState::Cancelled, true));
        assert!(is_a_record_only(&part(&world, &over, &ann).await));
        for event in [&coming, &listed] {
            assert_eq!(table.fetch_seats(&event.id).await.unwrap().unwrap().taken, 0, "{}", event.title);
        }
        assert!(table.fetch_expected(&listed.id, &ann.email).await.unwrap().is_none());
    }
    assert_eq!(register(&world, &coming, &ann).await, Err(RegistrationRefusal::AccountClosed));
    table.forget_leaver(&ann.id).await.unwrap();
    assert_eq!(table.fetch_leavers(now + DAY, 9).await.unwrap(), []);
}

#[tokio::test]
async fn more_registrations_than_one_page_end_with_the_account() {
    let world = World::new().await;
    let cookie = world.licensee("ann.baker").await;
    let ann = world.account("ann.baker").await;
    let mut events = Vec::new();
    for number in 1..=103 {
        let event = event(&world, number, clock::now() - DAY * i64::try_from(number).unwrap()).await;
        register(&world, &event, &ann).await.unwrap();
        events.push(event);
    }
    assert_eq!(close(&world, &cookie).await, 303);
    for event in &events {
        assert!(is_a_record_only(&part(&world, event, &ann).await), "{}", event.title);
    }
}

#[tokio::test]
async fn the_own_file_holds_what_one_registered_for_with_the_own_link() {
    let world = World::new().await;
    let cookie = world.licensee("ann.baker").await;
    let ann = world.account("ann.baker").await;
    let [coming, left] = [event(&world, 1, clock::now() + DAY).await, event(&world, 2, clock::now() + DAY).await];
    for event in [&coming, &left] {
        register(&world, event, &ann).await.unwrap();
    }
    give_link(&world, &coming, &ann).await;
    assert!(world.clients.table.note_click(&coming.id, &ann.id, 1_782_925_200).await.unwrap());
    cancel(&world, &left, &ann).await;
    let listed = event(&world, 3, clock::now() + DAY).await;
    put_down(&world, &listed, &ann).await;
    let file = world.get("/account/export", &cookie).await;
    let file: Value = serde_json::from_str(&file.text).unwrap();
    let told = |place: usize, path: &str| file["registrations"][place].pointer(path).cloned().unwrap_or_default();
    assert_eq!(told(0, "/event/id"), coming.id.as_str());
    assert_eq!((told(0, "/event/title"), told(0, "/state")), ("Ethics 1".into(), "registered".into()));
    assert_eq!(told(0, "/zoom/link"), "https://zoom.us/w/1?tk=own");
    assert_eq!((told(0, "/zoom/pin"), told(0, "/email")), ("123456".into(), "ann.baker@people.example".into()));
    assert_eq!(told(0, "/join_now_first_pressed_at"), "2026-07-01T17:00:00Z");
    assert_eq!(told(0, "/licenses/0/license_number"), "RN 1");
    assert_eq!((told(1, "/event/title"), told(1, "/state")), ("Ethics 2".into(), "cancelled".into()));
    assert_eq!(file["registrations"].as_array().unwrap().len(), 2);
    assert_eq!(file["put_down_by_providers"][0]["event"], listed.id.as_str());
    assert_eq!(file["put_down_by_providers"][0]["email"], "ann.baker@people.example");
    assert_eq!(file["registrations_are_complete"], true);
    assert_eq!(file["put_down_by_providers_is_complete"], true);
    assert!(file["not_in_this_file"][0].as_str().unwrap().contains("30 days"));
}

#[tokio::test]
async fn the_own_file_holds_what_was_decided_of_ones_attendance_and_ones_appeals() {
    let world = World::new().await;
    let cookie = world.licensee("ann.baker").await;
    let ann = world.account("ann.baker").await;
    let over = event(&world, 1, clock::now() - DAY).await;
    register(&world, &over, &ann).await.unwrap();
    let decided = Decided {
        at: 1_782_925_200,
        case: "c".into(),
        verdict: Verdict::Short,
        reasons: vec![Reason::LeftEarly],
        required: 3_600,
        attended: 3_000,
        missed: 600,
        credits: vec![],
        by: None,
        withdrawn: None,
        explained: Explained { from: 0, bytes: 1, sha256: "s".into() },
        substance: "x".into(),
        turned: None,
    };
    let own = part(&world, &over, &ann).await;
    assert!(world.clients.table.decide_person(&own, &decided, &domain::completion::Following::Stays).await.unwrap());
    let appeal = Appeal {
        event: over.id.clone(),
        account: ann.id.clone(),
        number: 1,
        text: "I stayed to the end.".into(),
        file: None,
        at: 1_782_925_300,
        answer_by: 1_783_925_300,
        state: AppealState::Open,
    };
    assert!(world.clients.table.save_appeal(&appeal, &over.provider, &[]).await.unwrap());
    let file: Value = serde_json::from_str(&world.get("/account/export", &cookie).await.text).unwrap();
    let told = |path: &str| file["registrations"][0].pointer(path).cloned().unwrap_or_default();
    assert_eq!((told("/attendance/verdict"), told("/attendance/missed_seconds")), ("short".into(), 600.into()));
    assert_eq!(told("/attendance/reasons/0"), "They left before instruction ended.");
    assert_eq!((told("/appeals/0/text"), told("/appeals/0/answer")), ("I stayed to the end.".into(), Value::Null));
}
