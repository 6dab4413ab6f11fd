//! People who are put down for an event from a list, over a real table in memory: one seat each, whoever else moves.

use super::*;

fn listed(number: u128) -> Listed {
    Listed {
        name: PersonName { first: "Maria".into(), last: format!("Garcia {number}") },
        email: person(number).email,
        licence: None,
    }
}

/// Puts somebody down by the seats as they are now; whether it was done, and with a new mail.
async fn put(table: &Table, event: &Event, number: u128) -> PutDown {
    let seats = table.fetch_seats(&event.id).await.unwrap().unwrap();
    put_by(table, event, &seats, number).await
}

async fn put_by(table: &Table, event: &Event, seats: &Seats, number: u128) -> PutDown {
    let person = list::put_down(event, &listed(number), (&ImportId::from_bits(1), 2), NOW);
    let asks = Mail::putting_down(&person, &EventFacts::of(event, Statements::default()), NOW);
    table.put_down(event, seats, &person, &asks, NOW).await.unwrap()
}

async fn confirm(table: &Table, event: &Event, number: u128) -> Result<Confirming, RegistrationRefusal> {
    let answer = table.confirm_registration(event, &person(number), mail(event), NOW).await.unwrap();
    answer.map(|(plan, _)| plan)
}

async fn is_expected(table: &Table, event: &Event, number: u128) -> bool {
    table.fetch_expected(&event.id, &person(number).email).await.unwrap().is_some()
}

#[tokio::test]
async fn who_is_put_down_has_a_seat_and_a_mail_and_keeps_the_seat_by_confirming() {
    let table = table().await;
    let event = publish(&table, Event { capacity: Some(2), ..draft(1) }).await;
    assert_eq!(put(&table, &event, 1).await, PutDown::Now { mailed: true });
    let seats = table.fetch_seats(&event.id).await.unwrap().unwrap();
    assert_eq!((seats.taken, seats.free()), (1, Some(1)));
    let found = table.fetch_expected_of(&person(1).email, None, 9).await.unwrap().0;
    assert_eq!(found.iter().map(|found| &found.event).collect::<Vec<_>>(), [&event.id]);
    assert_eq!(table.fetch_due_mails(NOW + 1, 9).await.unwrap().len(), 1);
    assert!(everybody(&table, &event).await.is_empty(), "nobody is registered over their head");
    assert_eq!(put(&table, &event, 1).await, PutDown::Moved, "one address, one seat");
    assert_eq!(confirm(&table, &event, 1).await, Ok(Confirming::Seat));
    assert_eq!(confirm(&table, &event, 1).await, Err(RegistrationRefusal::NotExpected));
    let people = everybody(&table, &event).await;
    assert_eq!((people.len(), people[0].state), (1, ParticipationState::Registered));
    assert_eq!(people[0].name, person(1).name, "the account's own");
    assert_eq!(table.fetch_seats(&event.id).await.unwrap().unwrap().taken, 1);
    assert!(!is_expected(&table, &event, 1).await);
    assert!(table.fetch_expected_of(&person(1).email, None, 9).await.unwrap().0.is_empty());
}

#[tokio::test]
async fn registering_by_oneself_takes_the_kept_seat_over_even_if_the_event_is_full() {
    let table = table().await;
    let event = publish(&table, draft(1)).await;
    put(&table, &event, 1).await;
    assert_eq!(register(&table, &event, 2).await, Ok(ParticipationState::Waiting { place: 1 }));
    assert_eq!(register(&table, &event, 1).await, Ok(ParticipationState::Registered));
    assert!(!is_expected(&table, &event, 1).await);
    let seats = table.fetch_seats(&event.id).await.unwrap().unwrap();
    assert_eq!((seats.taken, seats.waiting), (1, 1));
}

#[tokio::test]
async fn who_isnt_coming_or_is_taken_off_frees_the_seat_once_and_the_first_waiting_gets_it() {
    let table = table().await;
    let event = publish(&table, draft(1)).await;
    put(&table, &event, 1).await;
    register(&table, &event, 2).await.unwrap();
    assert!(table.release_expected(&event.id, &person(1).email, NOW).await.unwrap());
    assert!(!table.release_expected(&event.id, &person(1).email, NOW).await.unwrap());
    let promoted = table.promote_first(&event, mail(&event), NOW).await.unwrap().unwrap();
    assert_eq!(promoted.account, account(2));
    let seats = table.fetch_seats(&event.id).await.unwrap().unwrap();
    assert_eq!((seats.taken, seats.waiting), (1, 0));
    assert_eq!(put(&table, &event, 3).await, PutDown::Moved, "no seat is free");
    cancel(&table, &event, 2).await.unwrap();
    assert_eq!(put(&table, &event, 1).await, PutDown::Now { mailed: false }, "one mail a day, however often");
    assert_eq!(put(&table, &event, 2).await, PutDown::Moved);
}

#[tokio::test]
async fn a_confirmation_of_whoever_waits_or_has_a_seat_leaves_one_seat() {
    let table = table().await;
    let event = publish(&table, Event { capacity: Some(3), ..draft(1) }).await;
    // Registered with another address than the one that is put down since.
    register(&table, &event, 1).await.unwrap();
    let new_address = Person { email: person(7).email, ..person(1) };
    put(&table, &event, 7).await;
    let answer = table.confirm_registration(&event, &new_address, mail(&event), NOW).await.unwrap();
    assert_eq!(answer.unwrap().0, Confirming::HasOne);
    assert_eq!(table.fetch_seats(&event.id).await.unwrap().unwrap().taken, 1);
    // Waits by the old address, and is put down by the new one.
    for number in [2, 3] {
        put(&table, &event, number).await;
    }
    register(&table, &event, 4).await.unwrap();
    let new_address = Person { email: person(3).email, ..person(4) };
    let answer = table.confirm_registration(&event, &new_address, mail(&event), NOW).await.unwrap();
    assert_eq!(answer.unwrap().0, Confirming::InsteadOfWaiting { place: 1 });
    let seats = table.fetch_seats(&event.id).await.unwrap().unwrap();
    assert_eq!((seats.taken, seats.waiting), (3, 0));
    assert_eq!(table.promote_first(&event, mail(&event), NOW).await.unwrap(), None, "nobody waits any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmation_beside_a_seat_that_is_given_back_at_this_moment_keeps_the_other() {
    let (table, config) = open_table().await;
    let event = publish(&table, Event { capacity: Some(3), ..draft(1) }).await;
    register(&table, &event, 1).await.unwrap();
    put(&table, &event, 7).await;
    let (canceller, of, handle) = (table.clone(), event.clone(), tokio::runtime::Handle::current());
    let cancels = move || assert!(handle.block_on(cancel(&canceller, &of, 1)).is_ok());
    let between = Between(Mutex::new(Some(Box::new(cancels))));
    let config = aws_sdk_dynamodb::config::Builder::from(&config).interceptor(between).build();
    let torn = Table::new(Client::from_conf(config), "table".to_owned());
    let new_address = Person { email: person(7).email, ..person(1) };
    let answer = torn.confirm_registration(&event, &new_address, mail(&event), NOW).await.unwrap();
    assert_eq!(answer.unwrap().0, Confirming::Seat, "the one that was relied on is gone");
    assert_eq!(check_seats(&table, &event).await.taken, 1);
}

#[tokio::test]
async fn the_lists_that_name_an_address_come_page_by_page() {
    let table = table().await;
    for number in 1..=3 {
        let event = publish(&table, draft(number)).await;
        put(&table, &event, 1).await;
    }
    let email = person(1).email;
    let (first, more) = table.fetch_expected_of(&email, None, 2).await.unwrap();
    let (last, none) = table.fetch_expected_of(&email, more.as_deref(), 2).await.unwrap();
    assert_eq!((first.len(), last.len(), none), (2, 1, None));
}

#[tokio::test]
async fn a_list_that_read_the_event_before_somebody_registered_puts_nobody_down() {
    let table = table().await;
    let event = publish(&table, Event { capacity: Some(9), ..draft(1) }).await;
    let read = table.fetch_seats(&event.id).await.unwrap().unwrap();
    register(&table, &event, 1).await.unwrap();
    assert_eq!(put_by(&table, &event, &read, 1).await, PutDown::Moved);
    assert_eq!(table.fetch_seats(&event.id).await.unwrap().unwrap().taken, 1);
}

#[tokio::test]
async fn of_lists_registrations_and_confirmations_at_once_no_seat_is_lost_or_doubled() {
    let table = table().await;
    let event = publish(&table, Event { capacity: Some(12), ..draft(1) }).await;
    let work = (0..24_u128).map(|turn| {
        let (table, event) = (table.clone(), event.clone());
        tokio::spawn(async move {
            let number = turn % 8;
            match turn / 8 {
                0 => {
                    put(&table, &event, number).await;
                }
                1 => {
                    let _ = table.register(&event, &person(number), mail(&event), NOW).await;
                }
                _ => {
                    let _ = table.confirm_registration(&event, &person(number), mail(&event), NOW).await;
                }
            }
        })
    });
    for done in work.collect::<Vec<_>>() {
        done.await.unwrap();
    }
    let seats = table.fetch_seats(&event.id).await.unwrap().unwrap();
    let seated = everybody(&table, &event).await.into_iter().filter(|person| person.state.has_seat()).count();
    let (expected, _) = table.fetch_expected_people(&event.id, None, 99).await.unwrap();
    assert_eq!(usize::try_from(seats.taken).unwrap(), seated + expected.len());
    for person in expected {
        let (people, _) = table.fetch_people_of(&event.id, None, 99).await.unwrap();
        assert!(people.iter().all(|other| other.email.as_ref() != Some(&person.email)), "nobody is there twice");
    }
}

#[tokio::test]
async fn who_is_put_down_is_told_of_a_change_once_and_finds_the_event_at_its_new_time() {
    let table = table().await;
    let event = publish(&table, draft(1)).await;
    put(&table, &event, 1).await;
    let mut moved = event.clone();
    moved.version = 3;
    moved.when.starts_at += DAY;
    let read = table.fetch_expected(&event.id, &person(1).email).await.unwrap().unwrap();
    let told = Mail::about_change_to_expected(&read, 3, Content::Nothing, NOW);
    assert!(table.tell_expected(&read, &moved, &told).await.unwrap());
    assert!(!table.tell_expected(&read, &moved, &told).await.unwrap());
    let after = table.fetch_expected(&event.id, &person(1).email).await.unwrap().unwrap();
    assert_eq!(after.told_version, 3);
    // Nobody is asked about what is called off.
    let by_now = change::plan_cancellation(&event, "Ill", NOW).unwrap().event;
    let who = account(99);
    table.change_event(&event, &by_now, by(&who), "Ill").await.unwrap();
    assert_eq!(put(&table, &event, 2).await, PutDown::Moved);
    assert_eq!(confirm(&table, &event, 1).await, Err(RegistrationRefusal::Cancelled));
}

#[tokio::test]
async fn who_leaves_a_list_frees_the_seat_and_leaves_only_a_digest_of_whose_word_it_was() {
    let (table, client) = table_and_client().await;
    let event = publish(&table, Event { capacity: Some(9), ..draft(1) }).await;
    for (number, by) in [(1, OffBy::Themselves), (2, OffBy::Provider)] {
        put(&table, &event, number).await;
        let email = person(number).email;
        assert!(table.take_off_list(&event.id, &email, by, NOW).await.unwrap());
        assert!(!table.take_off_list(&event.id, &email, by, NOW).await.unwrap(), "twice is once");
        let known = table.fetch_known(&event.id, &email).await.unwrap();
        assert_eq!(known, Some(Known::Off(OffList { by, at: NOW })));
    }
    assert_eq!(table.fetch_seats(&event.id).await.unwrap().unwrap().taken, 0);
    let (off, more) = table.fetch_off_list(&event.id, None, 9).await.unwrap();
    assert_eq!((off.len(), more), (2, None));
    let all = client.scan().table_name("table").send().await.unwrap();
    let left: Vec<_> = all.items().iter().filter(|item| format!("{item:?}").contains("OFFLIST#")).collect();
    assert_eq!(left.len(), 2);
    for item in left {
        let text = format!("{item:?}").to_lowercase();
        assert!(item.contains_key("expires_at") && !text.contains('@') && !text.contains("garcia"), "{text}");
    }
    // Who closes their account leaves nothing.
    put(&table, &event, 3).await;
    assert!(table.release_expected(&event.id, &person(3).email, NOW).await.unwrap());
    assert_eq!(table.fetch_known(&event.id, &person(3).email).await.unwrap(), None);
}

#[tokio::test]
async fn a_list_takes_free_seats_of_a_running_event_and_any_of_one_that_is_over() {
    let table = table().await;
    let event = publish(&table, draft(1)).await;
    put(&table, &event, 1).await;
    register(&table, &event, 2).await.unwrap();
    let at = async |number, now| {
        let seats = table.fetch_seats(&event.id).await.unwrap().unwrap();
        let person = list::put_down(&event, &listed(number), (&ImportId::from_bits(1), 2), now);
        let asks = Mail::putting_down(&person, &EventFacts::of(&event, Statements::default()), now);
        table.put_down(&event, &seats, &person, &asks, now).await.unwrap()
    };
    let (running, over) = (event.when.starts_at, event.when.ends_at);
    assert_eq!(at(3, running).await, PutDown::Moved, "no seat is free");
    assert!(table.take_off_list(&event.id, &person(1).email, OffBy::Provider, running).await.unwrap());
    assert_eq!(at(4, running - 1).await, PutDown::Moved, "somebody waits for it");
    assert_eq!(at(4, running).await, PutDown::Now { mailed: true }, "nobody gets it any more who waited");
    assert_eq!(at(5, over).await, PutDown::Now { mailed: true });
    let seats = table.fetch_seats(&event.id).await.unwrap().unwrap();
    assert_eq!((seats.taken, seats.waiting), (2, 1));
}

#[tokio::test]
async fn a_provider_asks_so_many_people_a_day_and_not_one_more() {
    use aws_sdk_dynamodb::types::AttributeValue::{N, S};
    let (table, client) = table_and_client().await;
    let event = publish(&table, Event { capacity: Some(9), ..draft(1) }).await;
    let (day, asked) = (NOW.div_euclid(DAY).to_string(), MOST_ASKED_A_DAY - 1);
    client
        .put_item()
        .table_name("table")
        .item("pk", S(format!("ASKED#{}", event.provider)))
        .item("sk", S(day))
        .item("asked", N(asked.to_string()))
        .send()
        .await
        .unwrap();
    assert_eq!(put(&table, &event, 1).await, PutDown::Now { mailed: true });
    assert_eq!(put(&table, &event, 2).await, PutDown::TooManyToday);
    assert_eq!(table.fetch_seats(&event.id).await.unwrap().unwrap().taken, 1, "nothing has happened");
    let seats = table.fetch_seats(&event.id).await.unwrap().unwrap();
    let person = list::put_down(&event, &listed(2), (&ImportId::from_bits(1), 2), NOW + DAY);
    let asks = Mail::putting_down(&person, &EventFacts::of(&event, Statements::default()), NOW + DAY);
    let tomorrow = table.put_down(&event, &seats, &person, &asks, NOW + DAY).await.unwrap();
    assert_eq!(tomorrow, PutDown::Now { mailed: true });
}
