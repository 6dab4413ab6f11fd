//! Events as their provider and the office make them: drafted, refused with every reason, consented to, published, changed within
//! what was promised, copied and called off.

mod consents;
mod meetings;

use crate::world::{Answer, Who, World};
use adapters::table::By;
use domain::{
    event::{Consent, Event, EventState},
    id::{EventId, RequestId, SeriesId},
    mail::Content,
    organisation::{Body, Organisation, Texts},
    request::Outcome,
};
use jiff::civil::Date;
use pages::address::segment;

const NUMBER: u128 = 1;

fn check(answer: &Answer, status: u16, parts: &[&str]) {
    assert_eq!(answer.status, status, "{}", answer.text());
    for part in parts {
        assert!(answer.text().contains(part), "{part} in {}", answer.text());
    }
}

fn form(fields: &[(&str, &str)]) -> String {
    let pairs: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={}", segment(value))).collect();
    pairs.join("&")
}

fn path(page: &str) -> String {
    format!("/manage/events/{}{page}", EventId::from_bits(NUMBER))
}

/// A world in which an organisation lists two bodies, has its texts, and says how one of them counts; with a draft of Acme's.
async fn world() -> World {
    let world = World::new().await;
    let table = &world.clients.table;
    let (office, now) = (Who::Office.account_id(), adapters::clock::now());
    let by = By { account: &office, at: now };
    let body = |short: &str, name: &str| Body { short: short.to_owned(), name: name.to_owned() };
    let bodies = vec![body("NASBA", "Registry of CPE Sponsors"), body("APA", "Psychological Association")];
    assert!(table.save_organisation(&Organisation { bodies, ..Organisation::default() }, by).await.unwrap());
    let text = "Write to the office.".to_owned();
    let texts = Texts { grievance: text.clone(), accommodation: text.clone(), disclaimer: text, ..Texts::default() };
    assert!(table.save_texts(&texts, by).await.unwrap());
    world.offer("ETH-101", &["acme-ce"]).await;
    world.draft_event(NUMBER).await;
    world
}

async fn save(world: &World, page: &str, who: Who, fields: &[(&str, &str)]) -> Answer {
    let version = world.event(NUMBER).await.version.to_string();
    let all: Vec<_> = fields.iter().copied().chain([("version", version.as_str())]).collect();
    world.post(&path(page), who, form(&all)).await
}

fn first_day(event: &Event) -> String {
    event.when.first_day().to_string()
}

fn details(event: &Event) -> Vec<(&'static str, String)> {
    let fixed = [
        ("course", "ETH-101"),
        ("title", "Ethics at the bedside"),
        ("kind", "live_webinar"),
        ("starts_time", "18:00"),
        ("ends_time", "20:00"),
        ("zone", "America/New_York"),
        ("about", "What to do when nobody knows."),
        ("objectives", "Tell right from wrong\nSay so"),
        ("presenter-0", "Dr. Mia Chen"),
        ("credentials-0", "PhD, RN"),
        ("audience", "Nurses"),
        ("level", "intermediate"),
        ("prerequisites", "None"),
        ("preparation", "None"),
        ("fees", "Free"),
        ("refunds", "Nothing is paid, so nothing is refunded."),
        ("contact", "hello@acme.example"),
        ("complaints", "complaints@acme.example"),
        ("tolerance_seconds", "0"),
        ("capacity", "100"),
    ];
    let mut fields: Vec<_> = fixed.map(|(name, value)| (name, value.to_owned())).into();
    fields.push(("starts_on", first_day(event)));
    fields
}

async fn save_details(world: &World, change: &[(&'static str, &str)]) -> Answer {
    let mut fields = details(&world.event(NUMBER).await);
    for (name, value) in change {
        fields.retain(|(field, _)| field != name);
        fields.push((name, (*value).to_owned()));
    }
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    save(world, "/details", Who::Acme, &fields).await
}

const AGENDA: [(&str, &str); 11] = [
    ("segment-0", "Cases"),
    ("kind-0", "instruction"),
    ("starts-0", "18:00"),
    ("ends-0", "19:00"),
    ("kind-1", "break"),
    ("starts-1", "19:00"),
    ("ends-1", "19:10"),
    ("segment-2", "Answers"),
    ("kind-2", "instruction"),
    ("starts-2", "19:10"),
    ("ends-2", "20:00"),
];

const APPROVALS: [(&str, &str); 9] = [
    ("body-0", "NASBA"),
    ("standing-0", "approved"),
    ("number-0", "S-77"),
    ("statement-0", "Acme is registered with NASBA."),
    ("valid_from-0", "2026-01-01"),
    ("evidence-0", "Letter of January 2, 2026"),
    ("advertised-0", "1.4"),
    ("body-1", "APA"),
    ("standing-1", "not_approved"),
];

/// The office says how NASBA counts: the example of 50 minutes a credit.
async fn say_how_nasba_counts(world: &World) {
    let fields = [
        ("version", "0"),
        ("do", "save"),
        ("body", "NASBA"),
        ("name", "CPE credit"),
        ("minutes_per_credit", "50"),
        ("increment", "0.2"),
        ("rounding", "down"),
        ("minimum_minutes", "50"),
        ("first_credit_whole", "yes"),
        ("source", "The standards"),
        ("source_date", "2026-08-21"),
        ("reviewed_by", "Office Tester"),
    ];
    assert_eq!(world.post("/office/settings/credit", Who::Office, form(&fields)).await.status, 303);
}

/// Everything but the office's consent.
async fn complete(world: &World) {
    say_how_nasba_counts(world).await;
    assert_eq!(save_details(world, &[]).await.status, 303);
    assert_eq!(save(world, "/agenda", Who::Acme, &AGENDA).await.status, 303);
    let approvals = save(world, "/approvals", Who::AcmeMember, &APPROVALS).await;
    assert_eq!(approvals.status, 303, "{}", approvals.text());
    let room = [("room", "zoom"), ("zoom_number", "812 3456 7890"), ("zoom_kind", "meeting"), ("link", "")];
    assert_eq!(save(world, "/where", Who::Acme, &room).await.status, 303);
}

async fn open_requests(world: &World) -> Vec<domain::request::Request> {
    world.clients.table.fetch_open_requests(None, 10).await.unwrap().0
}

async fn decide(world: &World, id: &RequestId, what: &str) -> Answer {
    world.post(&format!("/office/requests/{id}"), Who::Office, format!("do={what}&why=Seen+the+letter")).await
}

/// Published, with all that it takes.
async fn published() -> World {
    let world = world().await;
    complete(&world).await;
    assert_eq!(save(&world, "/consent", Who::Acme, &[]).await.status, 303);
    let request = open_requests(&world).await.remove(0);
    assert_eq!(decide(&world, &request.id, "grant").await.status, 303);
    let answer = save(&world, "/publish", Who::Acme, &[]).await;
    assert_eq!(answer.header("location"), path("?done=published"), "{}", answer.text());
    world
}

fn consent(event: &Event) -> &Consent {
    &event.approval_of("NASBA").unwrap().approved().unwrap().consent
}

#[tokio::test]
async fn a_draft_is_made_once_of_an_approved_course() {
    let world = world().await;
    let page = world.get("/manage/events/new", Who::Acme).await;
    check(&page, 200, &["ETH-101: About ETH-101, 1.50 hours", "value=\"America/New_York\"", "Europe/Berlin"]);
    let id = EventId::from_bits(5);
    let fields = |course: &'static str, starts: &'static str| {
        [
            ("event", id.as_str()),
            ("course", course),
            ("title", ""),
            ("kind", "live_webinar"),
            ("starts_on", "2027-06-01"),
            ("starts_time", starts),
            ("ends_time", "20:00"),
            ("zone", "America/Chicago"),
        ]
    };
    let wrong = world.post("/manage/events/new", Who::Acme, form(&fields("NUR-9", "25:00"))).await;
    check(
        &wrong,
        422,
        &["Choose one of your approved courses", "Enter the time as hours and minutes", "value=\"2027-06-01\""],
    );
    for _ in 0..2 {
        let made = world.post("/manage/events/new", Who::Acme, form(&fields("ETH-101", "18:30"))).await;
        assert_eq!((made.status, made.header("location")), (303, format!("/manage/events/{id}").as_str()));
    }
    let event = world.event(5).await;
    assert_eq!((event.title.as_str(), event.version), ("About ETH-101", 1));
    assert_eq!(event.when.words(), "Tuesday, June 1, 2027, 6:30 PM to 8:00 PM CDT");
    let list = world.get("/manage/events", Who::AcmeMember).await;
    check(&list, 200, &["About ETH-101", "Tuesday, June 1, 2027, 6:30 PM to 8:00 PM CDT", "Draft"]);
    check(&world.get("/manage/events", Who::Beta).await, 200, &["There is no event yet", "Press New event"]);
    check(&world.get("/manage/events", Who::Office).await, 200, &["/manage/events?provider=acme-ce"]);
    check(&world.get("/manage/events?provider=acme-ce", Who::Office).await, 200, &["About ETH-101"]);
}

#[tokio::test]
async fn a_draft_is_refused_with_every_reason_at_once_each_with_its_place() {
    let world = world().await;
    let answer = save(&world, "/publish", Who::Acme, &[]).await;
    let places = [
        "/agenda#segment-0".to_owned(),
        "/where#room".to_owned(),
        "/details#presenter-0".to_owned(),
        "/details#refunds".to_owned(),
        "/approvals#standing-0".to_owned(),
        "/approvals#standing-1".to_owned(),
    ];
    check(&answer, 422, &["Not published", "14 reasons speak against publishing", "To be put right"]);
    check(&answer, 422, &places.map(|place| format!("href=\"{}\"", path(&place))).each_ref().map(String::as_str));
    assert_eq!(world.event(NUMBER).await.state, EventState::Draft);
    // What an approval lacks leads to its field, and the office is told where it can write what is missing.
    let said = [
        ("body-0", "NASBA"),
        ("standing-0", "approved"),
        ("body-1", "APA"),
        ("standing-1", "pending"),
        ("advertised-0", "2"),
    ];
    assert_eq!(save(&world, "/approvals", Who::Acme, &said).await.status, 303);
    let overview = world.get(&path(""), Who::Office).await;
    check(
        &overview,
        200,
        &[
            "/approvals#evidence-0",
            "/office/settings/credit",
            "approved for 1.50 at most",
            "The office hasn&#39;t been asked",
        ],
    );
}

#[tokio::test]
async fn an_event_goes_from_draft_over_the_offices_consent_to_the_catalogue() {
    let world = world().await;
    complete(&world).await;
    check(
        &world.get(&path(""), Who::Acme).await,
        200,
        &[
            "One reason speaks against publishing",
            "The office hasn&#39;t consented to the approval by NASBA",
            "110 minutes ÷ 50 = 2.20",
            "6:00 PM to 7:00 PM: Cases (instruction); 7:00 PM to 7:10 PM: break",
        ],
    );
    for _ in 0..2 {
        let asked = save(&world, "/consent", Who::Acme, &[]).await;
        assert_eq!(asked.header("location"), path("/approvals?asked=yes"));
    }
    assert!(matches!(consent(&world.event(NUMBER).await), Consent::Asked { .. }));
    let requests = open_requests(&world).await;
    assert_eq!(requests.len(), 1, "pressed twice, asked once");
    let queue = world.get("/office/requests", Who::Office).await;
    check(&queue, 200, &["Consent to an approval", "NASBA for “Ethics at the bedside”, acme-ce"]);
    let one = world.get(&format!("/office/requests/{}", requests[0].id), Who::Office).await;
    check(
        &one,
        200,
        &["Letter of January 2, 2026", "S-77", "1.40", "110 minutes ÷ 50 = 2.20", "approved from Jan 1, 2026"],
    );
    for _ in 0..2 {
        assert_eq!(decide(&world, &requests[0].id, "grant").await.status, 303);
    }
    let event = world.event(NUMBER).await;
    assert!(consent(&event).is_given());
    let day = event.when.first_day().strftime("%B %-d, %Y");
    let what = format!("Consent to the approval of “Ethics at the bedside” on {day} by NASBA");
    let of_event = Some(event.id.clone());
    let told = Content::Decided { what, granted: true, why: "Seen the letter".to_owned(), of_event };
    let asked = Content::ConsentAsked {
        provider: "Acme Continuing Education".to_owned(),
        title: event.title.clone(),
        when: event.when.clone(),
        bodies: vec!["NASBA".to_owned()],
    };
    let mut mails = world.mails().await;
    mails.sort_by(|a, b| a.0.cmp(&b.0));
    let expected = [("acme@example.org".to_owned(), told), ("office@example.org".to_owned(), asked)];
    assert_eq!(mails, expected, "the office is told that it is asked, once, and who asked of the answer");
    check(&world.get(&path(""), Who::Acme).await, 200, &["Nothing speaks against publishing"]);
    let version = event.version.to_string();
    for _ in 0..2 {
        let pressed = world.post(&path("/publish"), Who::Acme, form(&[("version", &version)])).await;
        assert_eq!(pressed.status, 303, "{}", pressed.text());
    }
    let event = world.event(NUMBER).await;
    assert!(event.is_published() && event.version == 8, "{}", event.version);
    check(&world.get("/manage/events", Who::Acme).await, 200, &["Published", "0 of 100"]);
    let history = world.get(&path("/history"), Who::AcmeMember).await;
    check(
        &history,
        200,
        &[
            "Published.",
            "The office was asked to consent.",
            "The office consents to the approval by NASBA: Seen the letter",
            "Acme Tester",
            "Approvals",
            "data-label=\"Who\">The office<",
        ],
    );
    assert!(!history.text().contains("Office Tester"), "the provider isn't told who of the office it was");
    check(&world.get(&path("/history"), Who::Office).await, 200, &["You", "Acme Tester"]);
}

#[tokio::test]
async fn what_was_promised_is_frozen_after_publishing_and_the_rest_is_not() {
    let world = published().await;
    let before = world.event(NUMBER).await;
    let more: Vec<_> =
        APPROVALS.iter().map(|(name, value)| (*name, if *name == "advertised-0" { "1.6" } else { value })).collect();
    let approvals = save(&world, "/approvals", Who::Acme, &more).await;
    check(&approvals, 422, &["Not saved", "can&#39;t be changed any more", "value=\"1.6\""]);
    let short = [("segment-0", "Cases"), ("starts-0", "18:00"), ("ends-0", "19:00")];
    check(
        &save(&world, "/agenda", Who::Acme, &short).await,
        422,
        &["1.40 credits for NASBA are advertised", "60 minutes ÷ 50"],
    );
    assert_eq!(world.event(NUMBER).await, before);
    assert_eq!(save_details(&world, &[("about", "More about it.")]).await.status, 303);
    let after = world.event(NUMBER).await;
    assert_eq!((after.details.about.as_str(), after.notices.len()), ("More about it.", 0));
    let room = [("room", "link"), ("zoom_number", ""), ("zoom_kind", ""), ("link", "https://meet.example.org/x")];
    assert_eq!(save(&world, "/where", Who::Acme, &room).await.status, 303);
    assert_eq!(world.event(NUMBER).await.notices.len(), 1, "registrants are told of another place");
    check(&world.get(&path("/where?saved=yes"), Who::Acme).await, 200, &["Nobody is registered or put down yet"]);
    check(&world.get(&path("/approvals"), Who::Acme).await, 200, &["This event is published", "are frozen"]);
    assert_eq!(save(&world, "/delete", Who::Acme, &[]).await.status, 409);
}

#[tokio::test]
async fn a_form_that_has_made_a_draft_says_so_when_it_is_sent_again_with_something_else() {
    let world = world().await;
    let id = EventId::from_bits(5);
    let fields = |title: &'static str| {
        [
            ("event", id.as_str()),
            ("course", "ETH-101"),
            ("title", title),
            ("kind", "live_webinar"),
            ("starts_on", "2027-06-01"),
            ("starts_time", "18:30"),
            ("ends_time", "20:00"),
            ("zone", "America/Chicago"),
        ]
    };
    let make = async |title| world.post("/manage/events/new", Who::Acme, form(&fields(title))).await;
    assert_eq!(make("First").await.status, 303);
    let again = make("Second").await;
    let address = format!("href=\"/manage/events/{id}\">First</a>");
    check(&again, 409, &["Nothing was made", "has made a draft already", &address, "value=\"Second\""]);
    assert!(!again.text().contains(&format!("name=\"event\" value=\"{id}\"")), "the next press makes another one");
    // After it was deleted the same form makes nothing unseen, and no draft over another's history.
    assert_eq!(world.post(&format!("/manage/events/{id}/delete"), Who::Acme, "version=1").await.status, 303);
    check(&make("First").await, 409, &["Nothing was made", "was deleted", "value=\"First\""]);
    assert!(world.clients.table.fetch_event(&id).await.unwrap().is_none());
    // Another's id tells nothing of what is there.
    let own = EventId::from_bits(NUMBER);
    world.offer("BET-1", &["beta-ce"]).await;
    let fields = [("event", own.as_str()), ("course", "BET-1"), ("title", "Theirs"), ("kind", "live_webinar")];
    let when = [("starts_on", "2027-06-01"), ("starts_time", "10:00"), ("ends_time", "12:00"), ("zone", "Chicago")];
    let answer = world.post("/manage/events/new", Who::Beta, form(&[fields, when].concat())).await;
    assert!(answer.status != 303 && !answer.text().contains("Ethics at the bedside"), "{}", answer.text());
}

#[tokio::test]
async fn nobodys_change_is_lost_unseen() {
    let world = world().await;
    let event = world.event(NUMBER).await;
    assert_eq!(save_details(&world, &[("about", "First.")]).await.status, 303);
    let mut fields = details(&event);
    fields.retain(|(name, _)| *name != "about");
    let version = event.version.to_string();
    fields.extend([("about", "Second.".to_owned()), ("version", version)]);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = world.post(&path("/details"), Who::AcmeMember, form(&fields)).await;
    check(
        &answer,
        409,
        &[
            "somebody else changed the event meanwhile",
            "Second.",
            "<strong>First.</strong>",
            "name=\"version\" value=\"2\"",
        ],
    );
    assert_eq!(world.event(NUMBER).await.details.about, "First.");
    let stale = world.post(&path("/publish"), Who::Acme, "version=1").await;
    check(&stale, 409, &["Somebody else has changed the event meanwhile"]);
}

#[tokio::test]
async fn everything_wrong_is_told_at_once_and_what_was_typed_is_kept() {
    let world = world().await;
    let wrong =
        [("title", ""), ("zone", "Mars/Base"), ("capacity", "many"), ("level", "high"), ("tolerance_seconds", "301")];
    let answer = save_details(&world, &wrong).await;
    check(
        &answer,
        422,
        &["href=\"#title\"", "href=\"#zone\"", "href=\"#capacity\"", "href=\"#level\"", "href=\"#tolerance_seconds\""],
    );
    check(&answer, 422, &["value=\"Mars/Base\"", "Dr. Mia Chen", "Enter this: an event can"]);
    let rows = [
        ("segment-0", ""),
        ("starts-0", "18:00"),
        ("ends-0", "17:00x"),
        ("segment-4", "Late"),
        ("starts-4", "23:00"),
        ("ends-4", "23:30"),
    ];
    let agenda = save(&world, "/agenda", Who::Acme, &rows).await;
    check(
        &agenda,
        422,
        &["id=\"segment-0-problem\"", "id=\"ends-0-problem\"", "id=\"starts-4-problem\"", "value=\"17:00x\""],
    );
    // Each names its part and its field, at the field and in the list above.
    for told in
        ["Part 1, Title: Enter what", "Part 1, End: Enter the time", "Part 5, Start: It begins outside the event"]
    {
        assert_eq!(agenda.text().matches(told).count(), 2, "{told} in {}", agenda.text());
    }
    let late = [("segment-0", "Cases"), ("starts-0", "18:00"), ("ends-0", "23:30")];
    let agenda = save(&world, "/agenda", Who::Acme, &late).await;
    check(&agenda, 422, &["href=\"#ends-0\">Part 1, End: It ends after the event"]);
    assert!(!agenda.text().contains("starts-0-problem"));
    let more = [("segment-0", "Cases"), ("do", "rows")];
    check(
        &save(&world, "/agenda", Who::Acme, &more).await,
        200,
        &["value=\"Cases\"", "Part 10", "Nothing is saved until"],
    );
    let room = [("room", "zoom"), ("zoom_number", "12"), ("zoom_kind", ""), ("link", "")];
    check(
        &save(&world, "/where", Who::Acme, &room).await,
        422,
        &["can&#39;t be a Zoom meeting number", "meeting or a webinar"],
    );
}

#[tokio::test]
async fn a_time_that_the_clocks_skip_is_refused_and_one_that_comes_twice_is_asked_about() {
    let world = world().await;
    // In New York clocks go forward on March 14 and back on November 7, 2027.
    let gap =
        save_details(&world, &[("starts_on", "2027-03-14"), ("starts_time", "02:30"), ("ends_time", "05:00")]).await;
    check(&gap, 422, &["2:30 AM doesn&#39;t exist on March 14, 2027", "from 3:00 AM on"]);
    let twice = [("starts_on", "2027-11-07"), ("starts_time", "01:30"), ("ends_time", "05:00")];
    let asked = save_details(&world, &twice).await;
    check(
        &asked,
        422,
        &[
            "1:30 AM comes twice on November 7, 2027",
            "first in EDT, then in EST",
            "name=\"starts_fold\" value=\"second\"",
        ],
    );
    let [on, starts, ends] = twice;
    assert_eq!(save_details(&world, &[on, starts, ends, ("starts_fold", "second")]).await.status, 303);
    assert_eq!(world.event(NUMBER).await.when.words(), "Sunday, November 7, 2027, 1:30 AM to 5:00 AM EST");
    check(&world.get(&path("/details"), Who::Acme).await, 200, &["name=\"starts_fold\" value=\"second\" checked"]);
}

#[tokio::test]
async fn a_city_is_understood_as_its_time_zone_and_one_of_several_is_asked_about() {
    let world = world().await;
    assert_eq!(save_details(&world, &[("zone", "chicago")]).await.status, 303);
    assert_eq!(world.event(NUMBER).await.when.zone.as_str(), "America/Chicago");
    let asked = save_details(&world, &[("zone", "West")]).await;
    check(&asked, 422, &["called that: Australia/West and Brazil/West. Enter the one that you mean", "value=\"West\""]);
    let unknown = save_details(&world, &[("zone", "Springfield")]).await;
    check(&unknown, 422, &["or type a city of it, such as Chicago"]);
    let page = world.get(&path("/details"), Who::Acme).await;
    check(&page, 200, &["value=\"America/Denver\" label=\"Mountain time (Denver)\"", "value=\"Europe/Paris\""]);
}

#[tokio::test]
async fn nothing_is_called_good_of_approvals_that_arent_there() {
    let world = world().await;
    let page = world.get(&path(""), Who::Acme).await;
    check(&page, 200, &["Nothing yet: </span></span> No credit is advertised", "No body is said to approve it"]);
    for premature in ["Each approval is complete", "No more credit than the time yields"] {
        assert!(!page.text().contains(premature), "{premature}");
    }
    complete(&world).await;
    check(&world.get(&path(""), Who::Acme).await, 200, &["Good: </span></span> No more credit than the time yields"]);
}

#[tokio::test]
async fn a_published_event_is_mended_though_the_office_has_emptied_its_texts() {
    let world = published().await;
    let (table, office) = (&world.clients.table, Who::Office.account_id());
    let by = By { account: &office, at: adapters::clock::now() };
    let texts = Texts { version: 1, ..Texts::default() };
    assert!(table.save_texts(&texts, by).await.unwrap());
    let room = [("room", "zoom"), ("zoom_number", "812 3456 7899"), ("zoom_kind", "meeting"), ("link", "")];
    let answer = save(&world, "/where", Who::Acme, &room).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
}

#[tokio::test]
async fn anothers_event_looks_like_none() {
    let world = world().await;
    for page in
        ["", "/details", "/agenda", "/approvals", "/where", "/history", "/copy", "/series", "/cancel", "/delete"]
    {
        let other = world.get(&path(page), Who::Beta).await;
        let none = world.get(&format!("/manage/events/{}{page}", EventId::from_bits(99)), Who::Beta).await;
        assert_eq!((other.status, none.status), (404, 404), "{page}");
        assert_eq!(other.text(), none.text(), "{page}");
    }
    assert_eq!(save(&world, "/publish", Who::Beta, &[]).await.status, 404);
    assert_eq!(save(&world, "/delete", Who::Beta, &[]).await.status, 404);
    // Nor can it be overwritten by a new one under its id.
    world.offer("BET-1", &["beta-ce"]).await;
    let id = EventId::from_bits(NUMBER);
    let fields = [
        ("event", id.as_str()),
        ("course", "BET-1"),
        ("kind", "live_webinar"),
        ("starts_on", "2027-06-01"),
        ("starts_time", "10:00"),
        ("ends_time", "12:00"),
        ("zone", "America/Chicago"),
    ];
    world.post("/manage/events/new", Who::Beta, form(&fields)).await;
    assert_eq!(world.event(NUMBER).await.provider.as_str(), "acme-ce");
}

#[tokio::test]
async fn a_copy_is_a_draft_that_keeps_the_offices_consent() {
    let world = published().await;
    let id = EventId::from_bits(8);
    let none = world.post(&path("/copy"), Who::Acme, form(&[("copy", id.as_str()), ("on", "soon")])).await;
    check(&none, 422, &["Enter the day as year, month and day", "value=\"soon\""]);
    for _ in 0..2 {
        let made = world.post(&path("/copy"), Who::Acme, form(&[("copy", id.as_str()), ("on", "2027-07-06")])).await;
        assert_eq!(made.header("location"), format!("/manage/events/{id}?done=copied"));
    }
    // Back in the browser and on to another day: it isn't called copied without being it.
    let other = world.post(&path("/copy"), Who::Acme, form(&[("copy", id.as_str()), ("on", "2027-07-13")])).await;
    let made = format!("href=\"/manage/events/{id}\"");
    check(&other, 409, &["Nothing was made", &made, "Tuesday, July 6, 2027", "value=\"2027-07-13\""]);
    let next = other.text().split("name=\"copy\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let made = world.post(&path("/copy"), Who::Acme, form(&[("copy", &next), ("on", "2027-07-13")])).await;
    assert_eq!(made.header("location"), format!("/manage/events/{next}?done=copied"));
    let copy = world.event(8).await;
    assert_eq!((copy.state.clone(), copy.published.is_none(), copy.version), (EventState::Draft, true, 1));
    assert_eq!(copy.when.words(), "Tuesday, July 6, 2027, 6:00 PM to 8:00 PM EDT");
    assert!(consent(&copy).is_given());
    check(&world.get(&format!("/manage/events/{id}"), Who::Acme).await, 200, &["Nothing speaks against publishing"]);
}

#[tokio::test]
async fn a_series_shows_its_days_before_it_is_made_and_is_made_once() {
    let world = world().await;
    let series = SeriesId::from_bits(3).to_string();
    let fields = |repeat: &'static str, times: &'static str, action: &'static str| {
        [
            ("series", series.clone()),
            ("repeat", repeat.to_owned()),
            ("times", times.to_owned()),
            ("days", String::new()),
            ("do", action.to_owned()),
        ]
    };
    let send = async |fields: [(&'static str, String); 5]| {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        save(&world, "/series", Who::Acme, &fields).await
    };
    check(&send(fields("weekly", "53", "show")).await, 422, &["Enter from 1 to 52 more days"]);
    check(&send(fields("weekly", "often", "make")).await, 422, &["as a whole number"]);
    let first: Date = world.event(NUMBER).await.when.first_day();
    let next = first.saturating_add(jiff::Span::new().weeks(1)).strftime("%A, %B %-d, %Y, 6:00 PM").to_string();
    let shown = send(fields("weekly", "3", "show")).await;
    check(&shown, 200, &[&next, "Make these 3 drafts"]);
    let (before, _) = world.clients.table.fetch_events_of(&crate::world::provider("acme-ce"), None, 60).await.unwrap();
    assert_eq!(before.len(), 1, "shown and not made");
    for _ in 0..2 {
        assert_eq!(send(fields("weekly", "3", "make")).await.header("location"), path("?done=series"));
    }
    let (events, _) = world.clients.table.fetch_events_of(&crate::world::provider("acme-ce"), None, 60).await.unwrap();
    assert_eq!(events.len(), 4);
    assert!(
        events.iter().all(|event| event.series == Some(SeriesId::from_bits(3)) && event.state == EventState::Draft)
    );
    let days = [
        ("series", "00000000000000000000000004"),
        ("repeat", "days"),
        ("times", ""),
        ("days", "2027-05-04\nsoon"),
        ("do", "show"),
    ];
    check(&save(&world, "/series", Who::Acme, &days).await, 422, &["Enter each day on a line of its own", "soon"]);
}

#[tokio::test]
async fn a_published_event_is_cancelled_with_a_reason_and_a_draft_is_deleted() {
    let world = published().await;
    check(&save(&world, "/cancel", Who::Acme, &[("why", "no")]).await, 422, &["Say why"]);
    for _ in 0..2 {
        let answer = save(&world, "/cancel", Who::Acme, &[("why", "The presenter is ill.")]).await;
        assert_eq!(answer.header("location"), path("?done=cancelled"));
    }
    let event = world.event(NUMBER).await;
    assert!(event.is_cancelled() && event.notices.len() == 1);
    check(&world.get(&path(""), Who::Acme).await, 200, &["Cancelled", "The presenter is ill."]);
    check(&world.get(&path("/details"), Who::Acme).await, 200, &["nothing of it can be changed", "/copy"]);
    assert_eq!(save_details(&world, &[]).await.status, 422);
    let other = World::new().await;
    other.offer("ETH-101", &["acme-ce"]).await;
    other.draft_event(NUMBER).await;
    let deleted = save(&other, "/delete", Who::Acme, &[]).await;
    assert_eq!(deleted.header("location"), "/manage/events?deleted=yes");
    assert_eq!(other.get(&path(""), Who::Acme).await.status, 404);
}

#[tokio::test]
async fn the_office_says_how_bodies_count_and_tries_it_out_first() {
    let world = world().await;
    let page = world.get("/office/settings/credit?example=NASBA", Who::Office).await;
    check(
        &page,
        200,
        &["There is none yet", "not reviewed yet", "value=\"50\"", "60 minutes ÷ 50 = 1.20", "80 minutes ÷ 50 = 1.60"],
    );
    let rule = [("version", "0"), ("body", "NASBA"), ("minutes_per_credit", "0"), ("rounding", "sideways")];
    let all: Vec<_> = rule.iter().copied().chain([("do", "preview")]).collect();
    let wrong = world.post("/office/settings/credit", Who::Office, form(&all)).await;
    check(&wrong, 422, &["id=\"minutes_per_credit-problem\"", "id=\"rounding-problem\"", "id=\"source-problem\""]);
    say_how_nasba_counts(&world).await;
    check(&world.get("/office/settings/credit", Who::Office).await, 200, &["Office Tester", "90 minutes ÷ 50 = 1.80"]);
    let stale = [("version", "0"), ("do", "remove"), ("body", "NASBA")];
    check(&world.post("/office/settings/credit", Who::Office, form(&stale)).await, 409, &["somebody else changed"]);
    let removed = [("version", "1"), ("do", "remove"), ("body", "NASBA")];
    assert_eq!(world.post("/office/settings/credit", Who::Office, form(&removed)).await.status, 303);
    assert!(world.clients.table.fetch_credit_types().await.unwrap().types.is_empty());
}
