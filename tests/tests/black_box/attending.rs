//! Webinars that are over, on the deployed stack: a fake Zoom that was played, the worker that asks it, and what staff and licensees
//! read and do in the browser. The clock can't be moved there, so that an event is published ahead and its time is set back.

use super::webinars::webinar;
use adapters::{
    clients::Clients,
    clock,
    table::{By, EventSaved, Person},
};
use domain::{
    attendance::{Decided, Record, Verdict},
    credit_type::{CreditType, Rounding, Rule},
    email::EmailAddress,
    event::{
        Approval, Approved, Consent, Event, EventState, Published, Segment, SegmentKind, Standing, When, ZoomKind,
    },
    hours::CreditHours,
    id::AccountId,
    mail::{Content, Mail},
    name::PersonName,
    registration::Participation,
};
use fantoccini::Locator;
use jiff::civil::date;
use local::{
    Cloud,
    demo::DEMO_PASSWORD,
    person::Person as Visitor,
    zoom::{Fault, NewMeeting, Part, Play},
};
use std::time::Duration;
use tests::{
    browser::{Browser, Manner},
    cloud,
};

const HOUR: i64 = 3_600;
const LENGTH: i64 = 5_400;
const PATIENCE: Duration = Duration::from_secs(60);

/// A webinar of an hour and a half with an agenda and a body that approves it, as it is once it is published.
fn planned(title: &str, starts_at: i64, number: &str) -> (Event, Published) {
    let mut event = webinar(starts_at, number);
    event.title = title.to_owned();
    event.details.contact = "Ask at webinars@acme-ce.example.".to_owned();
    event.agenda = agenda(starts_at);
    let approved = Approved {
        number: "ACEP 7001".into(),
        statement: "NBCC approves this event.".into(),
        valid_from: Some(date(2020, 1, 1)),
        valid_to: None,
        evidence: "Letter of 2020".into(),
        advertised: CreditHours::parse("1.25").ok(),
        consent: Consent::Given { by: AccountId::of(&["tests", "office"]), at: starts_at - 9 * HOUR },
    };
    event.approvals = vec![Approval { body: "NBCC".into(), standing: Standing::Approved(Box::new(approved)) }];
    let rule = Rule {
        minutes_per_credit: 60,
        increment: None,
        rounding: Rounding::Down,
        minimum_minutes: 60,
        first_credit_whole: false,
    };
    let credit_type = CreditType {
        body: "NBCC".into(),
        name: "clock hour".into(),
        rule,
        source: "its policy".into(),
        source_date: date(2026, 1, 1),
        reviewed_by: String::new(),
    };
    let published = Published {
        at: starts_at - 9 * HOUR,
        provider_name: "Acme Continuing Education".into(),
        course_title: "Ethics".into(),
        category: "Ethics".into(),
        course_hours: CreditHours::from_hundredths(200).unwrap(),
        credit_types: vec![credit_type],
    };
    (event, published)
}

/// Three quarters of an hour, a break of ten minutes, and the rest.
fn agenda(starts_at: i64) -> Vec<Segment> {
    let part = |title: &str, kind, from: i64, to: i64| Segment {
        title: title.into(),
        kind,
        starts_at: starts_at + from * 60,
        ends_at: starts_at + to * 60,
    };
    vec![
        part("Duties", SegmentKind::Instruction, 0, 45),
        part("", SegmentKind::Break, 45, 55),
        part("Cases", SegmentKind::Instruction, 55, 90),
    ]
}

fn account(name: &str, title: &str) -> AccountId {
    AccountId::of(&["tests", title, name])
}

async fn register(clients: &Clients, event: &Event, account: &AccountId, name: (&str, &str), email: &str) {
    let person = Person {
        account: account.clone(),
        name: PersonName { first: name.0.into(), last: name.1.into() },
        email: EmailAddress::parse(email).unwrap(),
        licences: Vec::new(),
    };
    let quiet = |person: &Participation| Mail::about_registration(person, Content::Nothing, clock::now());
    clients.table.register(event, &person, quiet, clock::now()).await.unwrap().unwrap();
}

/// What stands of an event's people at this moment.
pub(super) struct Held<'a> {
    pub(super) cloud: &'a Cloud,
    pub(super) clients: Clients,
    pub(super) event: Event,
    pub(super) maria: AccountId,
}

impl<'a> Held<'a> {
    /// Publishes a webinar, registers the demo's licensee and these people, waits for their links, and sets it back so that it ended
    /// half an hour ago.
    pub(super) async fn with(cloud: &'a Cloud, title: &str, people: &[&str]) -> Self {
        let clients = cloud.clients().await.unwrap();
        let now = clock::now();
        let began = now - HOUR / 2 - LENGTH;
        let number = cloud.zoom().add_meeting(NewMeeting::at(ZoomKind::Meeting, now + 900, 90));
        let who = AccountId::of(&["tests", "webinar's provider"]);
        let by = By { account: &who, at: now };
        let (draft, published) = planned(title, now + 900, &number);
        assert!(clients.table.create_events(std::slice::from_ref(&draft), by).await.unwrap());
        let read = clients.table.fetch_event(&draft.id).await.unwrap().unwrap();
        let after = Event { state: EventState::Published, published: Some(published), ..read.clone() };
        assert_eq!(clients.table.publish_event(&read, &after, by).await.unwrap(), EventSaved::Now(2));
        let event = clients.table.fetch_event(&draft.id).await.unwrap().unwrap();
        let email = EmailAddress::parse("maria.garcia@people.example").unwrap();
        let maria = clients.table.fetch_accounts_of(&email).await.unwrap().remove(0);
        register(&clients, &event, &maria.id, (&maria.name.first, &maria.name.last), email.shown()).await;
        for name in people {
            let email = format!("{}@people.example", name.to_lowercase());
            register(&clients, &event, &account(name, title), (name, "Example"), &email).await;
        }
        let mut held = Self { cloud, clients, event, maria: maria.id };
        held.nudge().await;
        for who in people.iter().map(|name| account(name, title)).chain([held.maria.clone()]) {
            held.until(&who, |person| person.zoom.is_some()).await;
        }
        held.set_back(began, by).await;
        cloud.zoom().plan(&number, began);
        held
    }

    async fn set_back(&mut self, began: i64, by: By<'_>) {
        for _ in 0..20 {
            let before = self.clients.table.fetch_event(&self.event.id).await.unwrap().unwrap();
            let when = When { starts_at: began, ends_at: began + LENGTH, ..before.when.clone() };
            let after = Event { when, agenda: agenda(began), ..before.clone() };
            if let EventSaved::Now(_) = self.clients.table.change_event(&before, &after, by, "Set back").await.unwrap()
            {
                self.event = self.clients.table.fetch_event(&self.event.id).await.unwrap().unwrap();
                return;
            }
        }
        panic!("the event moves");
    }

    fn number(&self) -> &str {
        self.event.room.as_ref().and_then(|room| room.meeting_number()).unwrap().as_str()
    }

    /// Plays the meeting.
    pub(super) fn stage(&self, play: &Play) {
        self.cloud.zoom().set_report_delay(0);
        assert!(self.cloud.zoom().stage(self.number(), play, clock::now()));
    }

    /// Two nudges: what comes twice is once.
    async fn nudge(&self) {
        for _ in 0..2 {
            self.clients.events_queue.send_nudge(&self.event.id).await.unwrap();
        }
    }

    pub(super) async fn until(&self, who: &AccountId, is_so: impl Fn(&Participation) -> bool) -> Participation {
        for _ in 0..240 {
            let person = self.clients.table.fetch_participation(&self.event.id, who).await.unwrap().unwrap();
            if is_so(&person) {
                return person;
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        panic!("it never came to that: {:?}", self.record().await);
    }

    async fn record(&self) -> Record {
        self.clients.table.fetch_attendance(&self.event.id).await.unwrap()
    }

    async fn until_record(&self, is_so: impl Fn(&Record) -> bool) -> Record {
        for _ in 0..240 {
            let record = self.record().await;
            if is_so(&record) {
                return record;
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        panic!("it never came to that: {:?}", self.record().await);
    }

    /// Lets Zoom be asked until two reports agree.
    pub(super) async fn decide(&self) -> Record {
        self.nudge().await;
        self.until_record(|record| record.report.is_some()).await;
        let record = self.record().await;
        // Ten minutes on a test's clock.
        let soon = Record { next_at: Some(clock::now()), ..record };
        assert!(self.clients.table.ask_again(&self.event, &soon, clock::now()).await.unwrap());
        self.nudge().await;
        self.until_record(|record| record.applied.is_some()).await
    }

    async fn decided(&self, who: &AccountId) -> Decided {
        *self.until(who, |person| person.decided.is_some()).await.decided.unwrap()
    }

    pub(super) fn page(&self, path: &str) -> String {
        format!("{}{path}", self.cloud.portal_url().unwrap())
    }

    fn manage(&self, more: &str) -> String {
        self.page(&format!("/manage/events/{}/attendance{more}", self.event.id))
    }

    fn hall(&self) -> String {
        self.page(&format!("/wallet/events/{}", self.event.id))
    }

    fn missing(&self) -> String {
        self.page(&format!("/wallet/missing/{}", self.event.id))
    }

    pub(super) async fn mail(&self, to: &str, subject: &str) -> usize {
        let is_it = |found: &str| found.contains(subject) && found.contains(&self.event.title);
        let found = self.cloud.mailbox().wait_for(to, PATIENCE, |mail| is_it(&mail.subject)).await;
        assert!(found.is_some(), "no mail {subject} to {to}");
        self.cloud.mailbox().mails_to(to).into_iter().filter(|mail| is_it(&mail.subject)).count()
    }
}

/// Reloads a page until it says so: what was said there is carried out by the worker.
pub(super) async fn until_says(browser: &Browser, address: &str, words: &str) {
    for _ in 0..60 {
        browser.go(address).await;
        if browser.text().await.contains(words) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    panic!("{address} never said {words:?}:\n{}", browser.text().await);
}

pub(super) async fn open_cloud() -> &'static Cloud {
    tokio::task::spawn_blocking(cloud).await.unwrap()
}

pub(super) async fn phone(cloud: &Cloud, username: &str) -> Browser {
    let browser = Browser::open(Manner { phone: true, ..Manner::default() }).await;
    browser.log_in(cloud.portal_url().unwrap(), username).await;
    browser
}

pub(super) async fn desk(cloud: &Cloud, username: &str) -> Browser {
    let browser = Browser::open(Manner::default()).await;
    browser.log_in(cloud.portal_url().unwrap(), username).await;
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_each_is_decided_and_explained_and_an_appeal_is_refused_and_another_granted() {
    let cloud = open_cloud().await;
    const TITLE: &str = "Duties to Warn";
    let people = ["Fay", "Lia", "Tam", "Bro", "Sha", "Ren", "Wai", "Abe"];
    let held = Held::with(cloud, TITLE, &people).await;
    let play = Play::everybody(Part::InFull)
        .with("maria.garcia@people.example", Part::LeftEarly { at: 4_800 })
        .with("lia@people.example", Part::JoinedLate { at: 600 })
        .with("tam@people.example", Part::TwoDevices)
        .with("bro@people.example", Part::Breakout)
        .with("sha@people.example", Part::Shared)
        .with("ren@people.example", Part::Renamed)
        .with("wai@people.example", Part::Waited { until: 300 })
        .with("abe@people.example", Part::Absent);
    held.stage(&play);
    let record = held.decide().await;
    let counts = record.applied.unwrap().counts;
    assert_eq!((counts.full, counts.short, counts.review, counts.absent), (3, 3, 2, 1));

    // Staff: the day's overview, the queue, one person.
    let acme = desk(cloud, "acme").await;
    acme.go(&held.manage("")).await;
    acme.says(&["In full", "Not in full", "Under review", "Fay Example", "Zoom"]).await;
    acme.go(&held.manage("/review")).await;
    acme.says(&["Review", "Sha Example", "Ren Example", "Abe Example"]).await;
    acme.go(&held.manage(&format!("/people/{}", account("Ren", TITLE)))).await;
    acme.says(&["Ren Example", "under another name", "It was them, and nobody else"]).await;
    acme.fill("why", "I called her: she had taken her married name.").await;
    acme.press("It was them alone").await;
    held.until(&account("Ren", TITLE), |person| {
        person.decided.as_ref().is_some_and(|decided| decided.verdict == Verdict::Full)
    })
    .await;
    acme.go(&held.manage("/sheet")).await;
    acme.says(&["Duties to Warn", "Example"]).await;
    acme.go(&held.manage("/history")).await;
    acme.says(&["married name"]).await;

    // The licensee: why, with the picture and its words, and the same bytes as JSON.
    let maria = phone(cloud, "maria").await;
    maria.go(&held.hall()).await;
    maria.says(&["Your attendance:", "10 minutes", "Computed again for this page", "70 minutes of 80 minutes"]).await;
    maria.go(&held.missing()).await;
    maria
        .says(&["Why don't I have my evaluation?", "You left before instruction ended", "webinars@acme-ce.example"])
        .await;
    maria.fill("text", "My computer froze at the end, and I heard the rest through the wall.").await;
    let folder = tempfile::tempdir().unwrap();
    let photo = folder.path().join("frozen.pdf");
    std::fs::write(&photo, b"%PDF-1.7\n% what the computer showed\n").unwrap();
    maria.choose_file(&photo).await;
    maria.press("Send the appeal").await;
    maria.says(&["Open", "froze at the end"]).await;

    check_proof(&held).await;
    answer(&acme, &held, "Who isn't connected isn't there: boards ask for it.", "Refuse").await;
    assert_eq!(held.mail("maria.garcia@people.example", "appeal").await, 1);
    maria.go(&held.missing()).await;
    maria.says(&["Refused", "boards ask for it", "Appeal"]).await;
    assert_eq!(held.decided(&held.maria).await.verdict, Verdict::Short);
    maria
        .fill(
            "text",
            "Zoom's own mail says that their service failed from 4:20 PM on. It is attached to my mail to you.",
        )
        .await;
    maria.press("Send the appeal").await;
    maria.look("Open").await;
    answer(&acme, &held, "Zoom's status page says the same.", "Grant").await;
    held.until(&held.maria, |person| person.decided.as_ref().is_some_and(|decided| decided.verdict == Verdict::Full))
        .await;
    maria.go(&held.hall()).await;
    maria.says(&["In full", "status page says the same", "1.25"]).await;
    maria.go(&held.missing()).await;
    maria.says(&["Granted", "Your evaluation is there"]).await;
    assert_eq!(held.mail("maria.garcia@people.example", "appeal").await, 2);
    maria.close().await;
    acme.close().await;
}

/// What came with the appeal is there for staff, and for nobody else.
async fn check_proof(held: &Held<'_>) {
    let address = format!("/manage/events/{}/appeals/{}", held.event.id, held.maria);
    let mut acme = Visitor::at(held.cloud.portal_url().unwrap());
    acme.post("/login", &[("username", "acme"), ("password", DEMO_PASSWORD)]).await.unwrap();
    let page = acme.get(&address).await.unwrap().text;
    let (before, _) = page.split_once("\">Download frozen.pdf").expect("the file is named");
    let file = before.rsplit('"').next().unwrap();
    let led = acme.get(file).await.unwrap();
    let proof = acme.get(&led.location).await.unwrap();
    assert!(proof.status == 200 && proof.text.contains("what the computer showed"), "{led:?} {proof:?}");
    let mut northside = Visitor::at(held.cloud.portal_url().unwrap());
    northside.post("/login", &[("username", "northside"), ("password", DEMO_PASSWORD)]).await.unwrap();
    assert!(northside.get(file).await.unwrap().status.is_client_error());
}

/// The oldest open appeal of the event's licensee is answered.
async fn answer(acme: &Browser, held: &Held<'_>, why: &str, button: &str) {
    acme.go(&held.page("/manage/appeals")).await;
    acme.says(&["Appeals", &held.event.title]).await;
    acme.go(&held.page(&format!("/manage/events/{}/appeals/{}", held.event.id, held.maria))).await;
    acme.look("What was decided").await;
    acme.fill("why", why).await;
    acme.press(button).await;
    acme.look(why).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_dialled_in_names_the_call_and_is_in_full() {
    let cloud = open_cloud().await;
    let held = Held::with(cloud, "Boundaries by Telephone", &["Pia"]).await;
    held.stage(&Play::everybody(Part::InFull).with("maria.garcia@people.example", Part::PhoneAlone));
    held.decide().await;
    assert_eq!(held.decided(&held.maria).await.verdict, Verdict::Absent);
    let maria = phone(cloud, "maria").await;
    maria.go(&held.missing()).await;
    maria.says(&["Zoom's report doesn't name you", "Did you call in by telephone?"]).await;
    maria.fill("digits", "9999").await;
    maria.press("Look for my call").await;
    maria.look("Did you call in by telephone?").await;
    assert_eq!(held.decided(&held.maria).await.verdict, Verdict::Absent);
    // The first of the meeting's registrants.
    let digits = held
        .cloud
        .zoom()
        .meeting(held.number())
        .unwrap()
        .registrants
        .iter()
        .position(|it| it.email.starts_with("maria"));
    maria.fill("digits", &format!("{:04}", 100 + digits.unwrap())).await;
    maria.press("Look for my call").await;
    held.until(&held.maria, |person| person.decided.as_ref().is_some_and(|decided| decided.verdict == Verdict::Full))
        .await;
    until_says(&maria, &held.hall(), "In full").await;
    maria.look("Your attendance:").await;
    maria.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_meeting_that_closed_early_waits_for_staffs_times_and_then_counts() {
    let cloud = open_cloud().await;
    let held = Held::with(cloud, "A Room that Closed", &["Una"]).await;
    held.stage(&Play { ends: -300, ..Play::everybody(Part::InFull) });
    held.decide().await;
    assert_eq!(held.decided(&held.maria).await.verdict, Verdict::Review);
    let maria = phone(cloud, "maria").await;
    maria.go(&held.missing()).await;
    maria.says(&["people look at it"]).await;
    let acme = desk(cloud, "acme").await;
    acme.go(&held.manage("/times")).await;
    acme.says(&["When it took place", "These are the times that Zoom's meeting suggests"]).await;
    acme.fill("why", "The presenter finished five minutes early.").await;
    acme.press("Show what would change").await;
    acme.says(&["What would change by these times", "Nothing is saved yet"]).await;
    assert_eq!(held.record().await.said, 0);
    acme.press("Save these times").await;
    held.until(&held.maria, |person| person.decided.as_ref().is_some_and(|decided| decided.verdict == Verdict::Full))
        .await;
    until_says(&maria, &held.hall(), "In full").await;
    maria.close().await;
    acme.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn zoom_fails_and_staff_upload_its_export_instead() {
    let cloud = open_cloud().await;
    let held = Held::with(cloud, "Records without Zoom", &["Ida"]).await;
    held.cloud.zoom().fail(Fault {
        path: format!("/past_meetings/{}", held.number()),
        count: 999,
        status: Some(500),
        ..Fault::default()
    });
    held.nudge().await;
    held.until_record(|record| record.trouble.is_some()).await;
    let maria = phone(cloud, "maria").await;
    maria.go(&held.missing()).await;
    maria.says(&["Zoom's report of who was there isn't in yet"]).await;
    let acme = desk(cloud, "acme").await;
    acme.go(&held.manage("/files")).await;
    acme.look("Upload Zoom's export").await;
    let zone = held.event.when.zone.clone();
    let at = |second: i64| zone.local(second).strftime("%m/%d/%Y %I:%M:%S %p").to_string();
    let (from, to) = (held.event.when.starts_at, held.event.when.ends_at);
    let row = |name: &str, email: &str, until: i64| {
        format!("{name},{email},{},{},{}\n", at(from - 60), at(until), (until - from + 60) / 60)
    };
    let csv = [
        "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes)\n".to_owned(),
        row("Maria Garcia", "maria.garcia@people.example", to + 60),
        row("Ida Example", "ida@people.example", to - 1_200),
    ];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("participants.csv");
    std::fs::write(&path, csv.concat()).unwrap();
    acme.choose_file(&path).await;
    // Nothing is guessed: the file says no time zone.
    acme.click(Locator::XPath("//form[@id='upload']//button")).await;
    acme.look("Kept:").await;
    acme.select("zone", zone.as_str()).await;
    acme.click(Locator::XPath("//form[@id='upload']//button")).await;
    acme.says(&["What would change", "Use this file"]).await;
    assert!(held.record().await.applied.is_none(), "nothing is decided by an upload alone");
    acme.click(Locator::Css("#use textarea")).await;
    acme.keys("Zoom's service was away all day.").await;
    acme.press("Use this file").await;
    held.until(&held.maria, |person| person.decided.as_ref().is_some_and(|decided| decided.verdict == Verdict::Full))
        .await;
    assert_eq!(held.decided(&account("Ida", "Records without Zoom")).await.verdict, Verdict::Short);
    until_says(&maria, &held.hall(), "In full").await;
    cloud.zoom().recover();
    maria.close().await;
    acme.close().await;
}
