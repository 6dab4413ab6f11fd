//! Events as everybody sees them: the catalogue, an event's page, its file for calendars, and the next ones on the front page.

use crate::world::{Answer, Who, World, provider};
use adapters::{
    clock,
    table::{By, EventSaved},
};
use domain::{
    course::{Course, CourseNumber},
    credit_type::{CreditTypes, examples},
    event::{
        Approval, Approved, Consent, Event, EventKind, EventState, Level, Policy, Presenter, Room, Segment,
        SegmentKind, Standing, When, Zone,
        promotion::statements,
        publish::{Facts, plan_publication},
    },
    hours::CreditHours,
    id::EventId,
    organisation::{Body, Organisation, Texts},
};
use jiff::{Timestamp, civil::date, tz::TimeZone};
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};

const DAY: i64 = 24 * 3_600;
const DISCLAIMER: &str = "No board has to accept what another body approves.";
/// What would become markup, a header or a property if anything forgot to escape it.
const HOSTILE: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>; a, b\\n";

/// What publishing is decided by.
struct Stand {
    world: World,
    organisation: Organisation,
    texts: Texts,
}

fn by(who: &domain::id::AccountId) -> By<'_> {
    By { account: who, at: 1 }
}

async fn stand() -> Stand {
    let world = World::new().await;
    let office = Who::Office.account_id();
    let body = |short: &str, name: &str| Body { short: short.to_owned(), name: name.to_owned() };
    let bodies = vec![
        body("NASBA", "National Registry"),
        body("APA", "Psychological Association"),
        body("ANCC", "Nursing Center"),
    ];
    let organisation = Organisation { name: "The Board".to_owned(), bodies, ..Organisation::default() };
    assert!(world.clients.table.save_organisation(&organisation, by(&office)).await.unwrap());
    let texts = Texts {
        grievance: "Write to the Board.".to_owned(),
        accommodation: "Tell us what you need.".to_owned(),
        disclaimer: DISCLAIMER.to_owned(),
        ..Texts::default()
    };
    assert!(world.clients.table.save_texts(&texts, by(&office)).await.unwrap());
    let types = CreditTypes { types: examples(), version: 0 };
    assert!(world.clients.table.save_credit_types(&types, by(&office)).await.unwrap());
    Stand { world, organisation, texts }
}

fn hours(hundredths: u32) -> CreditHours {
    CreditHours::from_hundredths(hundredths).unwrap()
}

fn course(number: &str, category: &str) -> Course {
    Course {
        number: CourseNumber::parse(number).unwrap(),
        title: format!("Title of {number}"),
        hours: hours(300),
        category: category.to_owned(),
        approved_from: date(2020, 1, 1),
        approved_to: None,
        providers: ["acme-ce", "beta-ce"].map(provider).into(),
    }
}

fn approved(advertised: u32) -> Standing {
    Standing::Approved(Box::new(Approved {
        number: "N-77".to_owned(),
        statement: "Acme is on the register of sponsors.".to_owned(),
        valid_from: Some(date(2020, 1, 1)),
        valid_to: None,
        evidence: "Letter".to_owned(),
        advertised: Some(hours(advertised)),
        consent: Consent::Given { by: Who::Office.account_id(), at: 5 },
    }))
}

/// Ninety minutes with a break of ten, approved by one body, not by another, and pending with the third.
fn event(title: &str, starts_at: i64) -> Event {
    static NUMBER: AtomicU64 = AtomicU64::new(1_000);
    let id = EventId::from_bits(NUMBER.fetch_add(1, Ordering::Relaxed).into());
    let zone = Zone::parse("America/New_York").unwrap();
    let when = When { starts_at, ends_at: starts_at + 5_400, zone };
    let course = CourseNumber::parse("ETH-101").unwrap();
    let mut event = Event::draft(id, provider("acme-ce"), course, title.to_owned(), EventKind::LiveWebinar, when);
    let part = |kind, title: &str, from: i64, to: i64| Segment {
        title: title.to_owned(),
        kind,
        starts_at: starts_at + from * 60,
        ends_at: starts_at + to * 60,
    };
    event.agenda = vec![
        part(SegmentKind::Instruction, "Duties", 0, 40),
        part(SegmentKind::Break, "", 40, 50),
        part(SegmentKind::Instruction, "Cases", 50, 90),
    ];
    let said = |body: &str, standing| Approval { body: body.to_owned(), standing };
    event.approvals =
        vec![said("NASBA", approved(160)), said("APA", Standing::NotApproved), said("ANCC", Standing::Pending)];
    event.room = Some(Room::Link { url: "https://meet.example.org/secret-room".to_owned() });
    event.policy = Policy { tolerance_seconds: 120 };
    let details = &mut event.details;
    details.about = "What one owes to whom.".to_owned();
    details.presenters =
        vec![Presenter { name: "Dr. Roe".into(), credentials: "PhD".into(), about: "Teaches ethics.".into() }];
    details.objectives = vec!["Tell a duty from a favor.".into()];
    details.audience = "Nurses".into();
    details.level = Some(Level::Intermediate);
    details.prerequisites = "A license".into();
    details.preparation = "Read the code".into();
    details.fees = "$20".into();
    details.refunds = "Until a day before".into();
    details.contact = "Call Acme".into();
    details.complaints = "Write to Acme".into();
    event
}

/// A draft of Acme's, in a month.
pub(crate) fn draft_of_acme(id: EventId) -> Event {
    Event { id, ..event("A draft", clock::now() + 30 * DAY) }
}

impl Stand {
    async fn draft(&self, event: &Event) -> Event {
        let table = &self.world.clients.table;
        assert!(table.create_events(std::slice::from_ref(event), by(&Who::Acme.account_id())).await.unwrap());
        table.fetch_event(&event.id).await.unwrap().unwrap()
    }

    /// Publishes an event as its course's, by the rules.
    async fn publish_as(&self, event: &Event, course: &Course) -> Event {
        let draft = self.draft(event).await;
        let name = if event.provider.as_str() == "acme-ce" { "Acme Continuing Education" } else { "Béta Learning" };
        let types = examples();
        let facts = Facts {
            course: Some(course),
            provider_name: name,
            organisation: &self.organisation,
            texts: &self.texts,
            credit_types: &types,
            neighbours: &[],
            now: draft.when.starts_at - 1,
        };
        let published = plan_publication(&draft, &facts).unwrap();
        let table = &self.world.clients.table;
        let saved = table.publish_event(&draft, &published, by(&Who::Acme.account_id())).await.unwrap();
        assert!(matches!(saved, EventSaved::Now(_)), "{saved:?}");
        table.fetch_event(&event.id).await.unwrap().unwrap()
    }

    async fn publish(&self, event: &Event) -> Event {
        self.publish_as(event, &course(event.course.as_str(), "Ethics")).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.world.get(path, Who::Nobody).await
    }

    /// The titles that a page of the catalogue shows, in its order.
    async fn titles(&self, path: &str) -> Vec<String> {
        let page = self.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        page.text().split("<h3><a href=\"").skip(1).map(|rest| text_of(rest).to_owned()).collect()
    }
}

fn text_of(rest: &str) -> &str {
    rest.split_once('>').unwrap().1.split('<').next().unwrap()
}

/// What a reader reads: entities as their signs.
fn read(html: &str) -> String {
    html.replace("&#39;", "'").replace("&#34;", "\"").replace("&#60;", "<").replace("&#62;", ">").replace("&#38;", "&")
}

fn address(event: &Event) -> String {
    format!("/events/{}", event.id)
}

#[tokio::test]
async fn an_empty_catalogue_says_what_to_do_and_so_does_the_front_page() {
    let stand = stand().await;
    let page = stand.get("/events").await;
    assert!(page.text().contains("No event is announced yet"), "{}", page.text());
    assert!(page.text().contains("<a href=\"/events\" aria-current=\"page\">Events</a>"), "{}", page.text());
    assert!(stand.get("/").await.text().contains("<a href=\"/events\">All events</a>"));
    let narrowed = stand.get("/events?words=zebra").await;
    assert!(narrowed.text().contains("No event matches this search"), "{}", narrowed.text());
}

#[tokio::test]
async fn s2_36_the_catalogue_the_page_and_the_calendar_say_of_each_body_whether_it_approves() {
    let stand = stand().await;
    let event = stand.publish(&event("Ethics", clock::now() + 3 * DAY)).await;
    let said = statements(&event, &stand.organisation, &stand.texts);
    assert_eq!(said.lines.len(), 3);
    let page = stand.get(&address(&event)).await;
    let calendar = stand.get(&format!("{}/calendar.ics", address(&event))).await;
    let calendar = calendar.text().replace("\r\n ", "").replace("\\,", ",").replace("\\;", ";");
    for path in ["/events", "/", &address(&event)] {
        let shown = read(stand.get(path).await.text());
        for (line, beginning) in
            said.lines.iter().zip(["Approved by National", "Not approved by Psycho", "Pending with Nursing"])
        {
            assert!(line.text.starts_with(beginning), "{line:?}");
            assert!(shown.contains(&line.text), "{path} lacks {}", line.text);
            assert!(calendar.contains(&line.text), "{} in {calendar}", line.text);
        }
    }
    for path in ["/events", &address(&event)] {
        assert!(stand.get(path).await.text().contains(DISCLAIMER), "{path}");
    }
    assert!(calendar.contains(DISCLAIMER) && page.text().contains("Acme is on the register of sponsors."));
}

#[tokio::test]
async fn an_events_page_tells_all_that_people_want_to_know_and_not_the_link() {
    let stand = stand().await;
    let event = stand.publish(&Event { capacity: Some(1_200), ..event("Ethics", clock::now() + 3 * DAY) }).await;
    let page = stand.get(&address(&event)).await;
    for part in [
        "<h1>Ethics</h1>",
        "Live webinar",
        "Acme Continuing Education",
        "ETH-101 <small>Title of ETH-101",
        "80 minutes",
        "1,200 (1,200 left)",
        "What one owes to whom.",
        "<strong>Dr. Roe</strong>, PhD",
        "Tell a duty from a favor.",
        "Nurses",
        "Intermediate",
        "A license",
        "Read the code",
        "$20",
        "Until a day before",
        "Call Acme",
        "Write to Acme",
        "Write to the Board.",
        "Tell us what you need.",
        "there is no partial credit",
        "You may miss up to 2 minutes in all",
        "80 minutes ÷ 50 = 1.60; in steps of 0.20, rounded down: 1.60",
        "Duties",
        "<svg class=\"timeline\"",
        "1.60",
        "N-77 <small>since",
        "/calendar.ics\" download",
    ] {
        assert!(read(page.text()).contains(part), "{part} in {}", page.text());
    }
    assert!(read(page.text()).contains(", read on "), "the source and its date are for everybody");
    for (who, is_told) in
        [(Who::Nobody, false), (Who::Ann, false), (Who::Beta, false), (Who::Acme, true), (Who::Office, true)]
    {
        let page = stand.world.get(&address(&event), who).await;
        assert_eq!(read(page.text()).contains("The office hasn't reviewed this rule yet."), is_told, "{who:?}");
    }
    assert!(!page.text().contains("secret-room"), "the link is for registrants");
    assert!(page.body.len() < 60_000 && !page.text().contains("style=\""));
}

#[tokio::test]
async fn a_draft_is_there_only_for_its_provider_and_the_office() {
    let stand = stand().await;
    let draft = stand.draft(&event("Not yet", clock::now() + 3 * DAY)).await;
    for (who, status) in
        [(Who::Nobody, 404), (Who::Ann, 404), (Who::Beta, 404), (Who::AcmeMember, 200), (Who::Office, 200)]
    {
        let page = stand.world.get(&address(&draft), who).await;
        assert_eq!(page.status, status, "{who:?}");
        assert_eq!(page.text().contains("This is a preview of a draft."), status == 200, "{who:?}");
        assert_eq!(page.text().contains("Not yet"), status == 200, "{who:?}");
        let file = stand.world.get(&format!("{}/calendar.ics", address(&draft)), who).await;
        assert_eq!(file.status, 404, "{who:?}");
    }
    assert_eq!(stand.titles("/events").await, Vec::<String>::new());
    assert_eq!(stand.get("/events/nonsense").await.status, 404);
}

#[tokio::test]
async fn a_cancelled_event_says_so_with_its_reason_wherever_it_is_told_of() {
    let stand = stand().await;
    let before = stand.publish(&event("Ethics", clock::now() + DAY)).await;
    let state = EventState::Cancelled { at: clock::now(), why: "The presenter is ill.".to_owned() };
    let after = Event { state, ..before.clone() };
    let table = &stand.world.clients.table;
    let who = Who::Acme.account_id();
    assert!(matches!(table.change_event(&before, &after, by(&who), "x").await.unwrap(), EventSaved::Now(_)));
    let page = stand.get(&address(&after)).await;
    assert!(page.text().contains("Cancelled</span>") && page.text().contains("The presenter is ill."));
    let list = stand.get("/events").await;
    assert!(list.text().contains("Cancelled</span>"));
    for page in [&page, &list] {
        let near =
            ["tomorrow", "in 1 day", "in 24 hours", "in 23 hours"].iter().find(|soon| page.text().contains(**soon));
        assert_eq!(near, None, "it isn't near: it won't take place");
    }
    assert!(!stand.get("/").await.text().contains("Ethics"), "the front page invites to what takes place");
    let file = stand.get(&format!("{}/calendar.ics", address(&after))).await;
    assert!(file.text().contains("\r\nSTATUS:CANCELLED\r\n") && file.text().contains("The presenter is ill."));
    let before_text = format!("\r\nSEQUENCE:{}\r\n", before.version);
    assert!(!file.text().contains(&before_text), "calendars take a later version only");
}

#[tokio::test]
async fn filters_and_words_find_what_they_name_and_stay_in_the_address() {
    let stand = stand().await;
    // About noon in New York: what begins late in the evening is an event of two days.
    let soon = clock::now().div_euclid(DAY) * DAY + 2 * DAY + 16 * 3_600;
    stand.publish(&event("Ethics of Care", soon)).await;
    let mut of_beta = event("Pain & Opioids", soon + DAY);
    (of_beta.provider, of_beta.course) = (provider("beta-ce"), CourseNumber::parse("PHM-220").unwrap());
    of_beta.approvals[0].standing = Standing::NotApproved;
    of_beta.approvals[1].standing = approved(100);
    stand.publish_as(&of_beta, &course("PHM-220", "Pharmacology")).await;
    let mut conference = event("Autumn Congress", soon + 40 * DAY);
    conference.kind = EventKind::Conference;
    stand.publish(&conference).await;
    let mut on_demand = event("Watch it", clock::now() + 60);
    (on_demand.kind, on_demand.minutes, on_demand.room) = (EventKind::OnDemand, Some(80), None);
    on_demand.agenda.clear();
    on_demand.when.ends_at = clock::now() + 300 * DAY;
    stand.publish(&on_demand).await;
    let all = ["Ethics of Care", "Pain &#38; Opioids", "Autumn Congress", "Watch it"];
    let day = |at: i64| clock::day_in(&TimeZone::get("America/New_York").unwrap(), at).to_string();
    for (query, expected) in [
        (String::new(), &all[..]),
        ("?words=care".to_owned(), &all[..1]),
        ("?words=CARE+ethics".to_owned(), &all[..1]),
        ("?words=opioid+beta".to_owned(), &all[1..2]),
        ("?words=phm220".to_owned(), &all[1..2]),
        ("?words=--".to_owned(), &[]),
        ("?kind=conference".to_owned(), &all[2..3]),
        ("?kind=on_demand".to_owned(), &all[3..]),
        ("?category=Pharmacology".to_owned(), &all[1..2]),
        ("?body=APA".to_owned(), &all[1..2]),
        ("?body=ANCC".to_owned(), &[]),
        ("?least=1.2".to_owned(), &["Ethics of Care", "Autumn Congress", "Watch it"][..]),
        ("?body=APA&least=1.2".to_owned(), &[]),
        (format!("?kind=live_webinar&from={}", day(soon + DAY)), &all[1..2]),
        (format!("?kind=live_webinar&to={}", day(soon)), &all[..1]),
    ] {
        assert_eq!(stand.titles(&format!("/events{query}")).await, expected, "{query}");
    }
    let narrowed = stand.get("/events?words=a%22b&kind=conference&least=2").await;
    for part in ["value=\"a&#34;b\"", "<option value=\"conference\" selected>", "value=\"2\""] {
        assert!(narrowed.text().contains(part), "{part} in {}", narrowed.text());
    }
    let unread = stand.get("/events?least=much&from=2026-02-02&to=2026-01-01").await;
    for part in ["Nothing was searched", "isn&#39;t an amount of credit", "before the first one"] {
        assert!(unread.text().contains(part), "{part} in {}", unread.text());
    }
}

#[tokio::test]
async fn a_page_that_is_full_leads_to_the_next_one_and_each_event_stands_on_one_of_them() {
    let stand = stand().await;
    for number in 0..25 {
        // Some at the same moment, and over the end of a month.
        stand.publish(&event(&format!("Event {number:02}"), clock::now() + DAY * (1 + number / 3))).await;
    }
    let first = stand.get("/events?kind=live_webinar&words=event").await;
    let next = first.text().split("<a href=\"").find(|rest| rest.contains("rel=\"next\"")).unwrap();
    let next = next.split('"').next().unwrap().replace("&#38;", "&");
    assert!(next.contains("kind=live_webinar") && next.contains("words=event"), "{next}");
    let mut titles = stand.titles("/events?kind=live_webinar&words=event").await;
    assert_eq!(titles.len(), 20);
    titles.extend(stand.titles(&next).await);
    titles.sort();
    assert_eq!(titles, (0..25).map(|number| format!("Event {number:02}")).collect::<Vec<_>>());
    assert_eq!(stand.titles("/").await.len(), 5);
}

#[tokio::test]
async fn times_are_told_in_the_events_zone_and_in_the_readers_over_a_change_of_clocks() {
    let stand = stand().await;
    // An hour before to an hour after the next change of the clocks in New York.
    let zone = TimeZone::get("America/New_York").unwrap();
    let soon = Timestamp::from_second(clock::now() + 3 * DAY).unwrap();
    let change = zone.following(soon).next().unwrap().timestamp();
    let mut over = event("Through the night", change.as_second() - 3_600);
    over.when.ends_at = over.when.starts_at + 7_200;
    let over = stand.publish(&over).await;
    let page = stand.get(&format!("{}?zone=America/Phoenix", address(&over))).await;
    let (start, end) = (change.as_second() - 3_600, change.as_second() + 3_600);
    assert!(page.text().contains(&over.when.words()), "{}", page.text());
    assert!(over.when.words().contains("EST") && over.when.words().contains("EDT"), "{}", over.when.words());
    // Phoenix has no summer time: seven hours behind, always.
    let there = |at: i64| Timestamp::from_second(at - 7 * 3_600).unwrap();
    let expected = format!(
        "{} to {} MST",
        there(start).strftime("%A, %B %-d, %Y, %-I:%M %p"),
        there(end).strftime(if there(start).strftime("%d").to_string() == there(end).strftime("%d").to_string() {
            "%-I:%M %p"
        } else {
            "%A, %B %-d, %Y, %-I:%M %p"
        })
    );
    assert!(page.text().contains(&expected), "{expected} in {}", page.text());
    assert!(page.text().contains("<option value=\"America/Phoenix\" selected>"));
    assert!(page.text().contains("On your clock") && !page.headers.contains_key("set-cookie"));
    let machine = Timestamp::from_second(start).unwrap().to_string();
    assert!(page.text().contains(&format!("<time datetime=\"{machine}\">")), "{machine}");
    let typo = stand.get(&format!("{}?zone=Mars/Olympus", address(&over))).await;
    assert!(typo.status == 200 && typo.text().contains("isn't a time zone"), "{}", typo.text());
}

#[tokio::test]
async fn a_title_gets_neither_into_markup_nor_into_the_calendars_lines() {
    let stand = stand().await;
    let mut hostile = event(HOSTILE, clock::now() + DAY);
    hostile.agenda[0].title = HOSTILE.to_owned();
    hostile.details.about = format!("{HOSTILE}\r\nEND:VEVENT\r\nX-EVIL:1");
    let hostile = stand.publish(&hostile).await;
    for path in ["/events", "/", &address(&hostile), &format!("/events?words={}", pages::address::segment(HOSTILE))] {
        let page = stand.get(path).await;
        assert!(!page.text().contains("<script>alert") && !page.text().contains("<img src=x"), "{path}");
        assert!(page.text().contains("&#60;script&#62;alert(1)"), "{path}");
    }
    let file = stand.get(&format!("{}/calendar.ics", address(&hostile))).await;
    assert_eq!(file.header("content-type"), "text/calendar; charset=utf-8; method=PUBLISH");
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"event.ics\"");
    assert!(file.text().split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')));
    let unfolded = file.text().replace("\r\n ", "");
    let uid = format!("UID:{}@portal.test", hostile.id);
    for line in ["METHOD:PUBLISH", "STATUS:CONFIRMED", &uid, &format!("SEQUENCE:{}", hostile.version)] {
        assert_eq!(unfolded.split("\r\n").filter(|found| *found == line).count(), 1, "{line} in {unfolded}");
    }
    assert_eq!(unfolded.matches("\r\nEND:VEVENT\r\n").count(), 1);
}

/// Hears how many calls the catalogue says it has made.
#[derive(Clone, Default)]
struct Hearing(Arc<Mutex<Vec<u64>>>);

impl tracing::Subscriber for Hearing {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        event.record(&mut Calls(self));
    }

    fn enter(&self, _: &tracing::span::Id) {}

    fn exit(&self, _: &tracing::span::Id) {}
}

struct Calls<'a>(&'a Hearing);

impl tracing::field::Visit for Calls<'_> {
    fn record_u64(&mut self, field: &tracing::field::Field, value: u64) {
        if field.name() == "calls" {
            self.0.0.lock().unwrap().push(value);
        }
    }

    fn record_debug(&mut self, _: &tracing::field::Field, _: &dyn std::fmt::Debug) {}
}

#[tokio::test]
async fn a_page_asks_for_no_more_months_than_it_needs() {
    let stand = stand().await;
    // An event in the code that another test's thread comes upon first, while this thread alone listens, is noted as one that
    // nobody hears. So it is come upon here, before anybody listens.
    assert_eq!(stand.get("/events").await.status, 200);
    let hearing = Hearing::default();
    let guard = tracing::subscriber::set_default(hearing.clone());
    let calls = async |path: &str| {
        assert_eq!(stand.get(path).await.status, 200);
        hearing.0.lock().unwrap().pop().unwrap()
    };
    // A year and what is on demand, if there is nothing.
    let empty = calls("/events").await;
    assert!((13..=14).contains(&empty), "{empty}");
    assert_eq!(calls("/events?kind=on_demand").await, 1);
    for number in 0..21 {
        stand.publish(&event(&format!("Event {number:02}"), clock::now() + 3_600)).await;
    }
    // A full page: on demand, and the month that the events are in (or the one before it, at its end).
    assert!((2..=3).contains(&calls("/events").await));
    drop(guard);
}
