//! Lists of people for an event: each new one takes a seat and gets a mail that asks; the same again changes nothing, a corrected
//! list only what failed, and nobody is put down for what is full, over or called off.

use super::*;
use adapters::table::{By, Person};
use aws_sdk_dynamodb::types::AttributeValue::S;
use domain::{
    event::{Event, EventKind, EventState, Published, Room, When, Zone, change, promotion::Statements},
    hours::CreditHours,
    id::EventId,
    mail::{Content, EventFacts, Mail},
    name::PersonName,
    registration::{
        Expected, OffBy, Participation,
        list::{self, Listed},
    },
};
use std::time::Duration;

const HEAD: &str = "First Name,Last Name,Email,License Number\n";
const DAY: i64 = 86_400;

fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

impl Office {
    /// A published event of Acme's that begins in so many seconds, with so many seats.
    async fn event(&self, begins_in: i64, capacity: Option<u32>) -> Event {
        let starts_at = clock::now() + begins_in;
        let when = When { starts_at, ends_at: starts_at + 5_400, zone: Zone::parse("America/New_York").unwrap() };
        let (course, kind) = (CourseNumber::parse("ETH-101").unwrap(), EventKind::LiveWebinar);
        let mut draft =
            Event::draft(EventId::from_bits(1), provider("acme-ce"), course, "Ethics".to_owned(), kind, when);
        draft.capacity = capacity;
        draft.room = Some(Room::Link { url: "https://meet.example/room".to_owned() });
        let who = AccountId::from_bits(99);
        let by = By { account: &who, at: clock::now() };
        assert!(self.table().create_events(std::slice::from_ref(&draft), by).await.unwrap());
        let read = self.table().fetch_event(&draft.id).await.unwrap().unwrap();
        let published = Published {
            at: clock::now(),
            provider_name: "Acme".into(),
            course_title: "Ethics".into(),
            category: "Ethics".into(),
            course_hours: CreditHours::from_hundredths(200).unwrap(),
            credit_types: Vec::new(),
        };
        let after = Event { state: EventState::Published, published: Some(published), ..read.clone() };
        self.table().publish_event(&read, &after, by).await.unwrap();
        self.table().fetch_event(&draft.id).await.unwrap().unwrap()
    }

    /// Brings a list for an event; the import's id.
    async fn bring_list(&self, event: &Event, mode: Mode, file: &[u8]) -> ImportId {
        let id = self.bring(Subject::Courses, mode, file).await;
        let object = self.table().fetch_import(&id).await.unwrap().unwrap().object.unwrap();
        let list = ImportId::from_bits(u128::MAX - u128::from(self.imports.fetch_add(1, Ordering::Relaxed)));
        let of = (event.id.clone(), event.provider.clone());
        let import = Import::of_people(list.clone(), of, "june.csv", mode, clock::now(), date(2026, 6, 1));
        self.table().save_new_import(&import.with_file(object)).await.unwrap();
        list
    }

    async fn list(&self, event: &Event, mode: Mode, file: &[u8]) -> (Import, Vec<RowOutcome>) {
        let id = self.bring_list(event, mode, file).await;
        assert_eq!(self.nudge(&id).await, 0);
        self.outcome(&id).await
    }

    async fn expected(&self, event: &Event) -> Vec<Expected> {
        self.table().fetch_expected_people(&event.id, None, 99).await.unwrap().0
    }

    async fn taken(&self, event: &Event) -> u32 {
        self.table().fetch_seats(&event.id).await.unwrap().unwrap().taken
    }

    async fn register(&self, event: &Event, address: &str) {
        let person = Person {
            account: AccountId::of(&[address]),
            name: PersonName { first: "A".into(), last: "B".into() },
            email: email(address),
            licences: Vec::new(),
        };
        let quiet = |person: &Participation| Mail::about_registration(person, Content::Nothing, clock::now());
        self.table().register(event, &person, quiet, clock::now()).await.unwrap().unwrap();
        // Whose address it is, as signing up notes it.
        let whose = [("pk", format!("EMAIL#licensee#{}", person.email.compared())), ("sk", "EMAIL".to_owned())];
        let put = self.raw.put_item().table_name("table").item("account", S(person.account.to_string()));
        whose.into_iter().fold(put, |put, (name, value)| put.item(name, S(value))).send().await.unwrap();
    }

    /// A list under way, and what somebody does when its first row is done.
    async fn list_meanwhile(
        &self,
        event: &Event,
        file: &[u8],
        act: impl AsyncFnOnce(&Table),
    ) -> (Import, Vec<RowOutcome>) {
        let id = self.bring_list(event, Mode::Import, file).await;
        let meanwhile = async {
            while self.taken(event).await == 0 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            act(self.table()).await;
        };
        let (failed, ()) = tokio::join!(self.nudge(&id), meanwhile);
        assert_eq!(failed, 0);
        self.outcome(&id).await
    }

    async fn mails(&self) -> usize {
        self.table().fetch_due_mails(clock::now() + 1, 999).await.unwrap().len()
    }
}

#[tokio::test]
async fn the_sample_puts_each_person_down_once_with_one_mail_whatever_kind_of_file_it_is() {
    let office = Office::open().await;
    let event = office.event(9 * DAY, Some(5)).await;
    let (first, told) = office.list(&event, Mode::Import, &sample(Subject::People).unwrap()).await;
    assert_eq!(counts(&first), (2, 0, 0), "{told:?}");
    let people = office.expected(&event).await;
    let licences: Vec<_> = people.iter().map(|person| person.licence.as_ref().map(LicenceNumber::shown)).collect();
    assert_eq!(licences, [None, Some("00012345")]);
    assert_eq!((office.taken(&event).await, office.mails().await), (2, 2));
    // The same people as a CSV in Zoom's words, in another spelling of their addresses.
    let zoom = "First Name,Last Name,User Email,Registration Time,Approval Status\n\
                Maria,Garcia,MARIA.GARCIA@mail.example,Jul 1,approved\nJames,O'Brien,james.obrien@mail.example,Jul 1,approved\n\
                Not,Wanted,not.wanted@mail.example,Jul 1,denied\n";
    let (again, told) = office.list(&event, Mode::Import, zoom.as_bytes()).await;
    assert_eq!((counts(&again), codes(&told[2])), ((2, 2, 1), vec!["not_approved"]), "{told:?}");
    assert_eq!(told[0].notes[0].text, "Already on the event's list, unchanged.");
    assert_eq!((office.taken(&event).await, office.mails().await), (2, 2), "no seat and no mail more");
    let history = office.table().fetch_imports_of(&first.owner, None, 9).await.unwrap().0;
    assert_eq!(history.len(), 2);
}

#[tokio::test]
async fn a_corrected_list_touches_only_what_failed_and_what_differs() {
    let office = Office::open().await;
    let event = office.event(9 * DAY, Some(3)).await;
    office.register(&event, "self@x.example").await;
    let file = format!(
        "{HEAD}Ann,Lee,ann@x.example,RN 1\nBo,Park,nobody,\nAnn,Leigh,ANN@x.example,\nSelf,Made,Self@x.example,\n,,cy@x.example,\nDi,Fox,di@x.example,\nEd,Gray,ed@x.example,\n"
    );
    let (import, told) = office.list(&event, Mode::Import, file.as_bytes()).await;
    assert_eq!(counts(&import), (3, 1, 4));
    let all: Vec<_> = told.iter().map(codes).collect();
    let missing = vec!["missing_value", "missing_value"];
    assert_eq!(
        all,
        [vec![], vec!["unreadable_email"], vec!["duplicate_in_file"], vec![], missing, vec![], vec!["no_seat"]]
    );
    assert_eq!(told[3].notes[0].code, "already_registered");
    assert!(told[6].reasons[0].text.contains("Raise the number of seats"), "{told:?}");
    let corrected = file.replace("Di,Fox", "Diana,Fox").replace("nobody", "bo@x.example");
    let (import, told) = office.list(&event, Mode::Import, corrected.as_bytes()).await;
    assert_eq!(counts(&import), (3, 2, 4));
    assert_eq!(codes(&told[1]), ["no_seat"], "a seat is never made");
    assert_eq!(told[5].notes[0].text, "Updated: First Name.");
    assert_eq!((office.taken(&event).await, office.mails().await), (3, 2));
    let people = office.expected(&event).await;
    assert_eq!(people.iter().map(|person| person.name.first.as_str()).collect::<Vec<_>>(), ["Ann", "Diana"]);
}

#[tokio::test]
async fn nobody_who_waits_is_passed_by_a_list() {
    let office = Office::open().await;
    let event = office.event(9 * DAY, Some(1)).await;
    office.register(&event, "one@x.example").await;
    office.register(&event, "two@x.example").await;
    let file = format!("{HEAD}Ann,Lee,ann@x.example,\nTwo,Waits,two@x.example,\n");
    let (import, told) = office.list(&event, Mode::Import, file.as_bytes()).await;
    assert_eq!((counts(&import), codes(&told[0])), ((1, 1, 1), vec!["no_seat"]));
    assert_eq!(told[1].notes[0].code, "already_waiting");
}

#[tokio::test]
async fn a_check_counts_seats_as_the_import_would_and_takes_none() {
    let office = Office::open().await;
    let event = office.event(9 * DAY, Some(2)).await;
    let file = format!("{HEAD}A,A,a@x.example,\nB,B,b@x.example,\nC,C,c@x.example,\n");
    let (check, _) = office.list(&event, Mode::Check, file.as_bytes()).await;
    assert_eq!(counts(&check), (2, 0, 1));
    assert_eq!((office.taken(&event).await, office.mails().await, office.expected(&event).await.len()), (0, 0, 0));
    let (import, _) = office.list(&event, Mode::Import, file.as_bytes()).await;
    assert_eq!(import.counts, check.counts);
}

#[tokio::test]
async fn lists_are_taken_until_a_month_after_the_end_and_not_for_what_is_called_off() {
    let file = format!("{HEAD}A,A,a@x.example,\n");
    for (begins_in, taken) in [(-2 * DAY, true), (-29 * DAY, true), (-31 * DAY, false)] {
        let office = Office::open().await;
        let event = office.event(begins_in, None).await;
        let (import, told) = office.list(&event, Mode::Import, file.as_bytes()).await;
        assert_eq!(import.counts.processed == 1, taken, "{begins_in} {told:?}");
        assert!(taken || codes(&told[0]) == ["event_ended"], "{told:?}");
    }
    let office = Office::open().await;
    let event = office.event(9 * DAY, None).await;
    let plan = change::plan_cancellation(&event, "Ill.", clock::now()).unwrap();
    let who = AccountId::from_bits(99);
    office.table().change_event(&event, &plan.event, By { account: &who, at: clock::now() }, "Ill.").await.unwrap();
    let (import, told) = office.list(&event, Mode::Import, file.as_bytes()).await;
    assert_eq!((counts(&import), codes(&told[0])), ((0, 0, 1), vec!["event_cancelled"]));
}

#[tokio::test]
async fn two_lists_and_people_who_register_at_once_take_each_seat_once() {
    let office = Office::open().await;
    let event = office.event(9 * DAY, None).await;
    let mut file = String::from(HEAD);
    for number in 0..60 {
        file.push_str(&format!("Wren,Walker,w{number}@x.example,\n"));
    }
    let one = office.bring_list(&event, Mode::Import, file.as_bytes()).await;
    let two = office.bring_list(&event, Mode::Import, file.as_bytes()).await;
    let themselves = async {
        for number in 50..70 {
            office.register(&event, &format!("w{number}@x.example")).await;
        }
    };
    let (one_failed, two_failed, ()) = tokio::join!(office.nudge(&one), office.nudge(&two), themselves);
    assert_eq!((one_failed, two_failed), (0, 0));
    let (one, two) = (office.outcome(&one).await.0, office.outcome(&two).await.0);
    assert_eq!((one.counts.failed, two.counts.failed), (0, 0));
    let people = office.table().fetch_people_of(&event.id, None, 99).await.unwrap().0;
    assert_eq!(people.len(), 20);
    assert_eq!(office.expected(&event).await.len(), 50, "whoever registered by themselves is put down no more");
    assert_eq!(office.taken(&event).await, 70);
}

#[tokio::test]
async fn a_list_that_stops_before_its_results_ends_as_any_other() {
    let office = Office::open().await;
    let event = office.event(9 * DAY, Some(2)).await;
    let file = format!("{HEAD}A,A,a@x.example,\nB,B,b@x.example,\nC,C,c@x.example,\n");
    let id = office.bring_list(&event, Mode::Import, file.as_bytes()).await;
    office.stop_before_results(&id).await;
    assert_eq!(office.nudge(&id).await, 0);
    let (import, told) = office.outcome(&id).await;
    assert_eq!((counts(&import), told[0].notes.len()), ((2, 0, 1), 0), "{told:?}");
    assert_eq!((office.taken(&event).await, office.mails().await), (2, 2));
}

/// A list of so many people, w0 and so on.
fn walkers(rows: u32) -> String {
    (0..rows).map(|number| format!("Wren,Walker,w{number}@x.example,\n")).fold(HEAD.to_owned(), |all, row| all + &row)
}

fn staff() -> AccountId {
    AccountId::from_bits(99)
}

#[tokio::test]
async fn everybody_is_told_of_the_event_as_it_was_when_they_were_put_down() {
    let office = Office::open().await;
    let event = office.event(9 * DAY, None).await;
    let mut moved = event.clone();
    (moved.when.starts_at, moved.when.ends_at) = (event.when.starts_at + DAY, event.when.ends_at + DAY);
    // More than one batch, with the change within the first.
    let (import, _) = office
        .list_meanwhile(&event, walkers(520).as_bytes(), async |table: &Table| {
            let who = staff();
            table.change_event(&event, &moved, By { account: &who, at: clock::now() }, "").await.unwrap();
        })
        .await;
    assert_eq!(counts(&import), (520, 0, 0));
    let people = office.table().fetch_expected_people(&event.id, None, 600).await.unwrap().0;
    let (mut of_old, mut of_new) = (0, 0);
    for person in people {
        let facts = EventFacts::of(&event, Statements::default());
        let id = Mail::putting_down(&person, &facts, person.put_down_at).id;
        let Content::Expected { event: told, .. } = office.table().fetch_mail(&id).await.unwrap().unwrap().mail.content
        else {
            panic!("another mail")
        };
        let is_new = person.told_version > event.version;
        assert_eq!(told.when, if is_new { moved.when.clone() } else { event.when.clone() }, "{}", person.told_version);
        (of_old, of_new) = (of_old + u32::from(!is_new), of_new + u32::from(is_new));
    }
    assert!(of_old > 0 && of_new > 20, "{of_old} {of_new}: the change came within the first batch");
}

#[tokio::test]
async fn a_list_whose_event_is_called_off_meanwhile_ends_and_says_so() {
    let office = Office::open().await;
    let event = office.event(9 * DAY, None).await;
    let (import, told) = office
        .list_meanwhile(&event, walkers(200).as_bytes(), async |table: &Table| {
            let plan = change::plan_cancellation(&event, "Ill.", clock::now()).unwrap();
            let who = staff();
            table.change_event(&event, &plan.event, By { account: &who, at: clock::now() }, "Ill.").await.unwrap();
        })
        .await;
    assert!(import.counts.processed > 0 && import.counts.failed > 0, "{:?}", import.counts);
    assert_eq!(codes(&told[199]), ["event_cancelled"]);
}

#[tokio::test]
async fn seats_that_are_raised_while_a_list_is_under_way_are_given_to_its_further_rows() {
    let office = Office::open().await;
    let event = office.event(9 * DAY, Some(1)).await;
    let more = Event { capacity: Some(5), ..event.clone() };
    let (import, told) = office
        .list_meanwhile(&event, walkers(400).as_bytes(), async |table: &Table| {
            let who = staff();
            table.change_event(&event, &more, By { account: &who, at: clock::now() }, "").await.unwrap();
        })
        .await;
    assert_eq!(counts(&import), (5, 0, 395), "{:?}", told.first());
    assert_eq!(office.taken(&event).await, 5);
}

#[tokio::test]
async fn rows_that_a_process_has_no_time_for_are_left_to_the_next() {
    let office = Office::open().await;
    let event = office.event(9 * DAY, None).await;
    let id = office.bring_list(&event, Mode::Import, walkers(5).as_bytes()).await;
    // The queue isn't there to hand it on; what is done is noted before.
    assert_eq!(office.nudge_until(&id, clock::now() + 10).await, 1);
    let import = office.table().fetch_import(&id).await.unwrap().unwrap();
    assert_eq!((import.checkpoint.judged_to_row, import.checkpoint.counts.judged()), (2, 1));
    assert_eq!(office.taken(&event).await, 1);
    assert_eq!(office.nudge(&id).await, 0);
    let (import, told) = office.outcome(&id).await;
    assert_eq!((counts(&import), told.len()), ((5, 0, 0), 5));
    assert_eq!((office.taken(&event).await, office.mails().await), (5, 5));
}

#[tokio::test]
async fn the_same_list_again_asks_nobody_who_isnt_coming_and_nobody_twice_within_a_week() {
    let office = Office::open().await;
    let event = office.event(9 * DAY, None).await;
    let before = clock::now() - 2 * DAY;
    for (number, by) in [(0, OffBy::Themselves), (1, OffBy::Provider)] {
        let listed = Listed {
            name: PersonName { first: "Wren".into(), last: "Walker".into() },
            email: email(&format!("w{number}@x.example")),
            licence: None,
        };
        let person = list::put_down(&event, &listed, (&ImportId::from_bits(7), 2), before);
        let asks = Mail::putting_down(&person, &EventFacts::of(&event, Statements::default()), before);
        let seats = office.table().fetch_seats(&event.id).await.unwrap().unwrap();
        office.table().put_down(&event, &seats, &person, &asks, before).await.unwrap();
        assert!(office.table().take_off_list(&event.id, &listed.email, by, before).await.unwrap());
    }
    let (import, told) = office.list(&event, Mode::Import, walkers(3).as_bytes()).await;
    assert_eq!(counts(&import), (3, 1, 0));
    assert_eq!(told[0].notes[0].code, "declined");
    assert!(told[1].notes.is_empty() && told[2].notes.is_empty());
    let people = office.expected(&event).await;
    assert_eq!(people.iter().map(|person| person.email.shown()).collect::<Vec<_>>(), ["w1@x.example", "w2@x.example"]);
    let mut asked = Vec::new();
    for person in &people {
        let id = Mail::putting_down(person, &EventFacts::of(&event, Statements::default()), person.put_down_at).id;
        asked.push(office.table().fetch_mail(&id).await.unwrap().unwrap().mail.content.is_sent());
    }
    assert_eq!(asked, [false, true], "who was taken off two days ago gets no second mail");
}
