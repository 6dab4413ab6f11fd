//! CE Tracker: what is asked, what counts, what people say of their credits, and what the office enters.

use crate::world::{Answer, Who, World, credit, request};
use adapters::{
    objects::transcript_key,
    random::Secret,
    table::{By, credit_reference},
};
use axum::body::Body;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{
    course::CourseNumber,
    event::{Approval, Approved, Consent, Event, Room, Standing},
    hours::CreditHours,
    id::{EventId, OutsideId, TranscriptId},
    licence::Licence,
    link::Purpose,
    register::Holder,
    requirement::{
        Anchor, Carry, Category, CycleRule, Delivery, FirstCycle, FormatRule, Repeat, RequirementSet, Version,
    },
    roster::judge::Credit,
    tracker::{LicenceSettings, Reminders},
    transcript::{TranscriptData, TranscriptRecord},
};
use http::Method;
use jiff::civil::{Date, date};
use pages::address::segment;

fn hours(text: &str) -> CreditHours {
    CreditHours::parse(text).unwrap()
}

fn today() -> Date {
    jiff::Timestamp::from_second(adapters::clock::now()).unwrap().to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// Six hours in each year, two of them of ethics; at most four alone.
fn set(board: &str) -> RequirementSet {
    let year = today().year();
    RequirementSet {
        board: board.to_owned(),
        profession: "RN".to_owned(),
        name: "Texas, registered nurse".to_owned(),
        from: date(2020, 1, 1),
        cycle: CycleRule { months: 12, anchor: Anchor::FixedDate { ends: date(year, 12, 31) } },
        total: hours("6"),
        categories: vec![Category { least: Some(hours("2")), ..Category::named("Ethics") }, Category::named("Pain")],
        formats: vec![FormatRule { of: vec![Delivery::SelfStudy], least: None, most: Some(hours("4").into()) }],
        most_a_day: None,
        carry: Some(Carry { most: hours("2") }),
        first_cycle: FirstCycle::Whole,
        repeat: Repeat::OnceACycle,
        others_count: true,
        shares: true,
        grace_days: 0,
        source: "https://example.org/rules".to_owned(),
        source_date: date(2026, 1, 1),
        reviewed_by: "The office".to_owned(),
    }
}

async fn ask(world: &World, set: RequirementSet) {
    let known = world.clients.table.fetch_requirements(&set.board, &set.profession).await.unwrap();
    let number = u32::try_from(known.versions.len()).unwrap() + 1;
    let version = Version { number, set, saved_on: date(2020, 1, 1), corrects_past: false };
    let by = By { account: &Who::Office.account_id(), at: 1 };
    assert!(world.clients.table.save_requirements(&version, by).await.unwrap());
}

async fn holder(world: &World, board: &str) -> Holder {
    let holder = world.holder(board, "RN", &format!("{board}-1"), "Ann", "Tester").await;
    world.clients.table.prove_licence(&Who::Ann.account_id(), &holder.licence, None, 1).await.unwrap();
    holder
}

/// A credit of a course, of so many hours in a category, on a day of this year.
async fn record(world: &World, holder: &Holder, course: &str, category: &str, text: &str, day: Date) -> String {
    let credit = Credit {
        title: format!("About {course}"),
        category: category.to_owned(),
        hours: hours(text),
        ..credit(holder, course, day)
    };
    credit_reference(&world.record("acme-ce", credit, 14).await)
}

fn first_of_year() -> Date {
    date(today().year(), 1, 1)
}

fn reference(licence: &Licence) -> String {
    format!("{}/{}/{}", licence.board, licence.profession, licence.number.compared())
}

fn says(answer: &Answer, parts: &[&str]) {
    let text = answer.text();
    for part in parts {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[tokio::test]
async fn the_tracker_adds_up_what_counts_and_says_what_is_missing_by_when() {
    let world = World::new().await;
    let empty = world.get("/wallet/tracker", Who::Ann).await;
    says(&empty, &["<h1>CE Tracker</h1>", "No license is connected to your account yet"]);
    let held = holder(&world, "TX-BON").await;
    says(&world.get("/wallet/tracker", Who::Ann).await, &["entered here yet, so nothing can be said to be missing"]);
    ask(&world, set("TX-BON")).await;
    record(&world, &held, "CE-101", "Ethics", "1", first_of_year()).await;
    record(&world, &held, "CE-102", "Cooking", "4.5", first_of_year()).await;
    let page = world.get("/wallet/tracker", Who::Ann).await;
    let year = today().year();
    says(
        &page,
        &[
            "TX-BON RN TX-BON-1",
            &format!("Missing by Dec 31, {year}: 2.00 hours in all; 1.00 hours of Ethics."),
            "4.00 of 6.00 hours",
            "1.00 of 2.00 hours",
            // Nobody has said how the second one was held: of it four hours count, with the first.
            "Your board counts at most 4.00 hours of: On-demand, self-study.",
            "Not met yet",
            "About CE-102",
            "class=\"missing\"",
        ],
    );
}

#[tokio::test]
async fn unknown_delivery_counts_against_the_limit_until_its_licensee_says_how_it_was() {
    let world = World::new().await;
    let held = holder(&world, "TX-BON").await;
    ask(&world, set("TX-BON")).await;
    record(&world, &held, "CE-101", "Ethics", "2", first_of_year()).await;
    let cooking = record(&world, &held, "CE-102", "Cooking", "4", first_of_year()).await;
    says(&world.get("/wallet/tracker", Who::Ann).await, &["4.00 of 6.00 hours", "2.00 hours in all"]);
    let page = world.get(&format!("/wallet/tracker/credit?credit={cooking}"), Who::Ann).await;
    says(&page, &["How the course was held", "approved in: Cooking", "No category: only the total"]);
    let field = segment(&format!("licence/{}", reference(&held.licence)));
    let form = format!("credit={cooking}&delivery=live_webinar&{field}=in%2FCooking");
    let done = world.post("/wallet/tracker/credit", Who::Ann, form.clone()).await;
    assert_eq!((done.status, done.header("location").contains("done=assigned")), (303, true), "{}", done.text());
    let page = world.get(done.header("location"), Who::Ann).await;
    says(&page, &["You have all that is asked", "6.00 of 6.00 hours", "Saved. The hours below are counted anew."]);
    // Pressed twice it says the same.
    assert_eq!(world.post("/wallet/tracker/credit", Who::Ann, form).await.status, 303);
    // Taken back, it is as the record has it, and nothing is kept.
    let back = format!("credit={cooking}&delivery=&{field}=in%2FCooking");
    assert_eq!(world.post("/wallet/tracker/credit", Who::Ann, back).await.status, 303);
    assert!(world.clients.table.fetch_wallet(&Who::Ann.account_id()).await.unwrap().assignments.is_empty());
    says(&world.get("/wallet/tracker", Who::Ann).await, &["2.00 hours in all"]);
}

#[tokio::test]
async fn a_credit_is_sorted_anew_left_out_and_brought_back_and_the_record_stays() {
    let world = World::new().await;
    let held = holder(&world, "TX-BON").await;
    ask(&world, set("TX-BON")).await;
    let pain = record(&world, &held, "CE-101", "Pain", "2", first_of_year()).await;
    let field = segment(&format!("licence/{}", reference(&held.licence)));
    let say = async |value: &str| {
        let form = format!("credit={pain}&delivery=&{field}={}", segment(value));
        assert_eq!(world.post("/wallet/tracker/credit", Who::Ann, form).await.status, 303);
        world.get("/wallet/tracker", Who::Ann).await
    };
    says(&say("in/Ethics").await, &["Missing by", "4.00 hours in all", "2.00 of 2.00 hours"]);
    let left = say("left").await;
    says(&left, &["Unassigned credits", "6.00 hours in all", "Assign<span class=\"only-heard\">: About CE-101"]);
    let back = say("in/Pain").await;
    assert!(!back.text().contains("Unassigned credits"), "{}", back.text());
    assert!(world.clients.table.fetch_wallet(&Who::Ann.account_id()).await.unwrap().assignments.is_empty());
    says(&world.get("/wallet/courses", Who::Ann).await, &["Pain"]);
    // What wasn't offered is no category of anybody's.
    let made_up = format!("credit={pain}&delivery=&{field}={}", segment("in/Whatever I like"));
    assert_eq!(world.post("/wallet/tracker/credit", Who::Ann, made_up).await.status, 400);
    // It is nobody else's to sort.
    let form = format!("credit={pain}&{field}=left");
    assert_eq!(world.post("/wallet/tracker/credit", Who::Bob, form).await.status, 404);
}

#[tokio::test]
async fn a_credit_counts_for_a_second_licence_where_both_boards_let_it() {
    let world = World::new().await;
    let (texas, louisiana) = (holder(&world, "TX-BON").await, holder(&world, "LA-BON").await);
    ask(&world, set("TX-BON")).await;
    ask(&world, RequirementSet { shares: false, ..set("LA-BON") }).await;
    let ethics = record(&world, &texas, "CE-101", "Ethics", "2", first_of_year()).await;
    let field = |holder: &Holder| segment(&format!("licence/{}", reference(&holder.licence)));
    let form =
        |own: &str| format!("credit={ethics}&{}={}&{}=in%2FEthics", field(&texas), segment(own), field(&louisiana));
    let refused = world.post("/wallet/tracker/credit", Who::Ann, form("in/Ethics")).await;
    assert_eq!(refused.status, 422);
    says(&refused, &["Not saved yet", "t let a credit count for another license too", "LA-BON RN LA-BON-1"]);
    assert_eq!(world.post("/wallet/tracker/credit", Who::Ann, form("left")).await.status, 303);
    ask(&world, set("LA-BON")).await;
    assert_eq!(world.post("/wallet/tracker/credit", Who::Ann, form("in/Ethics")).await.status, 303);
    let page = world.get("/wallet/tracker", Who::Ann).await;
    assert_eq!(page.text().matches("2.00 of 6.00 hours").count(), 2, "{}", page.text());
    says(&page, &["Recorded for another of your licenses; assigned here by you."]);
}

#[tokio::test]
async fn two_windows_that_assign_one_credit_at_once_never_give_it_to_boards_that_dont_share() {
    for _ in 0..4 {
        let world = World::new().await;
        let (texas, louisiana) = (holder(&world, "TX-BON").await, holder(&world, "LA-BON").await);
        ask(&world, set("TX-BON")).await;
        ask(&world, RequirementSet { shares: false, ..set("LA-BON") }).await;
        let ethics = record(&world, &texas, "CE-101", "Ethics", "2", first_of_year()).await;
        let field = |holder: &Holder| segment(&format!("licence/{}", reference(&holder.licence)));
        // Each form asks of one license alone, as a page does that was loaded before the other one was connected.
        let only = |holder: &Holder, value: &str| format!("credit={ethics}&{}={value}", field(holder));
        let at = "/wallet/tracker/credit";
        assert_eq!(world.post(at, Who::Ann, only(&texas, "left")).await.status, 303);
        let forms = [only(&texas, "in%2FEthics"), only(&louisiana, "in%2FEthics")];
        let [first, second] = forms.map(|form| world.post(at, Who::Ann, form));
        let (first, second) = tokio::join!(first, second);
        let mut answers = [first.status, second.status];
        answers.sort_unstable();
        assert_eq!(answers, [303, 422], "one of them, and whoever is second is told why");
    }
}

#[tokio::test]
async fn a_mails_link_stops_the_reminders_of_its_license_without_a_login_and_opening_it_does_nothing() {
    let world = World::new().await;
    let (texas, louisiana) = (holder(&world, "TX-BON").await, holder(&world, "LA-BON").await);
    let (table, account) = (&world.clients.table, Who::Ann.account_id());
    for licence in [&texas.licence, &louisiana.licence] {
        let told = LicenceSettings { remind: Reminders::Usual, ..LicenceSettings::of(licence.clone()) };
        assert!(table.save_licence_settings(&account, &told, 1).await.unwrap());
    }
    let links = [
        Purpose::StopReminders { account: account.clone(), licence: texas.licence.clone() },
        Purpose::Reset { account: account.clone(), epoch: 0 },
    ];
    let [stops, other] = [107_u8, 108].map(|byte| Secret::parse(&BASE64_URL_SAFE_NO_PAD.encode([byte; 32])).unwrap());
    for (secret, purpose) in [&stops, &other].into_iter().zip(&links) {
        table.save_link(&secret.hash(), purpose, i64::MAX / 2).await.unwrap();
    }
    let remind = async || {
        let mut all = table.fetch_wallet(&account).await.unwrap().settings;
        all.sort_by(|one, other| other.licence.board.cmp(&one.licence.board));
        all.iter().map(|told| told.remind).collect::<Vec<_>>()
    };
    let at = |secret: &Secret| format!("/reminders/stop?token={}", secret.reveal());
    let page = world.get(&at(&stops), Who::Nobody).await;
    says(&page, &["Get no more reminders?", "TX-BON RN license", "<button type=\"submit\">Don"]);
    assert!(!page.text().contains("TX-BON-1"), "whoever has the mail isn't told the number");
    assert_eq!(remind().await, [Reminders::Usual; 2], "opening it changes nothing");
    // As a mail program posts it, and once more.
    for _ in 0..2 {
        let done = world.post(&at(&stops), Who::Nobody, "List-Unsubscribe=One-Click").await;
        assert_eq!(done.status, 200, "{}", done.text());
        says(&done, &["You get no more reminders"]);
    }
    assert_eq!(remind().await, [Reminders::Never, Reminders::Usual], "those of the other license go on");
    for dead in [at(&other), "/reminders/stop?token=x".to_owned(), "/reminders/stop".to_owned()] {
        let gone = world.post(&dead, Who::Nobody, "").await;
        assert_eq!(gone.status, 410);
        says(&gone, &["This link works no longer"]);
    }
}

#[tokio::test]
async fn what_was_said_of_a_certificate_from_elsewhere_goes_with_it() {
    let world = World::new().await;
    let held = holder(&world, "TX-BON").await;
    ask(&world, set("TX-BON")).await;
    let id = "0123456789abcdefghjkmnpqrs";
    let day = today().to_string();
    let fields = [
        ("id", id),
        ("version", "0"),
        ("title", "Grief"),
        ("provider", "University"),
        ("date", day.as_str()),
        ("hours", "2"),
        ("delivery", "in_person"),
        ("course", ""),
    ];
    assert_eq!(send_outside(&world, &fields, None).await.status, 303);
    let field = segment(&format!("licence/{}", reference(&held.licence)));
    let form = format!("credit={id}&{field}=in%2FEthics");
    assert_eq!(world.post("/wallet/tracker/credit", Who::Ann, form).await.status, 303);
    let wallet = async || world.clients.table.fetch_wallet(&Who::Ann.account_id()).await.unwrap();
    assert_eq!(wallet().await.assignments.len(), 1);
    assert_eq!(world.post(&format!("/wallet/outside/{id}/remove"), Who::Ann, "").await.status, 303);
    assert_eq!(wallet().await, Default::default());
}

#[tokio::test]
async fn a_cycle_that_depends_on_days_asks_for_them_and_follows_what_is_told() {
    let world = World::new().await;
    let held = holder(&world, "TX-BON").await;
    let cycle = CycleRule { months: 24, anchor: Anchor::BirthMonth };
    let supervision =
        Category { only_for: "Supervisors".to_owned(), least: Some(hours("1")), ..Category::named("Supervision") };
    ask(&world, RequirementSet { cycle, categories: vec![supervision], ..set("TX-BON") }).await;
    says(&world.get("/wallet/tracker", Who::Ann).await, &["Your cycle ends with the month of your birth."]);
    let licence = segment(&reference(&held.licence));
    let page = world.get(&format!("/wallet/tracker/cycle?licence={licence}"), Who::Ann).await;
    says(
        &page,
        &["Its cycles end with the month in which you were born.", "Supervisors", "The register says: Jan 1, 2020."],
    );
    let year = today().year() + 1;
    let say =
        async |rest: &str| world.post("/wallet/tracker/cycle", Who::Ann, format!("licence={licence}&{rest}")).await;
    let wrong = say("version=0&issued_on=soon&birth_month=13&ends_on=x").await;
    assert_eq!(wrong.status, 422);
    says(&wrong, &["Not saved yet", "value=\"soon\"", "Choose a month"]);
    let told =
        format!("version=0&issued_on=&birth_month=6&ends_on={year}-06-15&condition%2FSupervisors=yes&remind=usual");
    assert_eq!(say(&told).await.status, 303);
    let page = world.get("/wallet/tracker", Who::Ann).await;
    says(&page, &[&format!("Jul 1, {} to", year - 2), &format!("Jun 30, {year}"), "1.00 hours of Supervision"]);
    // Pressed twice it is done; from another window it isn't lost.
    assert_eq!(say(&told).await.status, 303);
    let other = say(&format!("version=0&issued_on=&birth_month=&ends_on={year}-07-15")).await;
    assert_eq!(other.status, 409);
    says(&other, &["You have changed this in another window"]);
    assert_eq!(say(&format!("version=1&issued_on=&birth_month=&ends_on={year}-07-15")).await.status, 303);
    says(&world.get("/wallet/tracker", Who::Ann).await, &[&format!("Jul 31, {year}")]);
}

async fn send_outside(world: &World, fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Answer {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into_bytes());
    }
    let (name, bytes) = file.unwrap_or(("", b""));
    let head = format!(
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/pdf\r\n\r\n"
    );
    body.extend(head.into_bytes());
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--x--\r\n");
    let mut asked = request(Method::POST, "/wallet/outside", Who::Ann);
    asked.headers_mut().unwrap().insert("content-type", "multipart/form-data; boundary=x".parse().unwrap());
    world.send(asked.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn a_certificate_from_elsewhere_is_entered_assigned_changed_and_removed_with_its_file() {
    let world = World::new().await;
    let held = holder(&world, "TX-BON").await;
    ask(&world, set("TX-BON")).await;
    let id = OutsideId::from_bits(7).to_string();
    let day = first_of_year().to_string();
    let fields = |version, text| {
        [
            ("id", id.as_str()),
            ("version", version),
            ("title", "Grief <b>and</b> loss"),
            ("provider", "University"),
            ("date", day.as_str()),
            ("hours", text),
            ("delivery", "in_person"),
            ("course", ""),
        ]
    };
    let wrong = send_outside(&world, &fields("0", "many"), Some(("a.pdf", b"MZ"))).await;
    assert_eq!(wrong.status, 422);
    says(
        &wrong,
        &["Enter the hours that the certificate gives", "neither a PDF nor a PNG or JPEG", "value=\"University\""],
    );
    let scan: &[u8] = b"%PDF-1.7 scan";
    for _ in 0..2 {
        // Sent twice it is one.
        let sent = send_outside(&world, &fields("0", "3"), Some(("scan.pdf", scan))).await;
        assert_eq!(sent.status, 303, "{}", sent.text());
    }
    let page = world.get("/wallet/tracker", Who::Ann).await;
    says(&page, &["Unassigned credits", "Self-reported", "Grief &#60;b&#62;and&#60;/b&#62; loss", "6.00 hours in all"]);
    assert_eq!(page.text().matches("Self-reported").count(), 1);
    let field = segment(&format!("licence/{}", reference(&held.licence)));
    let form = format!("credit={id}&{field}=in%2FEthics");
    assert_eq!(world.post("/wallet/tracker/credit", Who::Ann, form).await.status, 303);
    let page = world.get("/wallet/tracker", Who::Ann).await;
    says(&page, &["3.00 hours in all", "Self-reported", "3.00 of 2.00 hours"]);
    // Its file is its licensee's alone.
    let file = format!("/wallet/outside/{id}/file");
    let own = world.get(&file, Who::Ann).await;
    assert_eq!(
        (own.status, own.body.as_ref(), own.header("content-disposition")),
        (200, scan, "attachment; filename=\"scan.pdf\"; filename*=UTF-8''scan.pdf")
    );
    assert_eq!(world.get(&file, Who::Bob).await.status, 404);
    assert_eq!(world.get(&format!("/wallet/outside?id={id}"), Who::Bob).await.status, 404);
    // Changed, the file stays unless it is taken away.
    assert_eq!(send_outside(&world, &fields("1", "4"), None).await.status, 303);
    assert_eq!(send_outside(&world, &fields("1", "5"), None).await.status, 409, "it was changed meanwhile");
    says(&world.get("/wallet/tracker", Who::Ann).await, &["2.00 hours in all"]);
    assert_eq!(world.get(&file, Who::Ann).await.status, 200);
    // The same file under another name is the same file, and stays.
    assert_eq!(send_outside(&world, &fields("2", "4"), Some(("other.pdf", scan))).await.status, 303);
    let own = world.get(&file, Who::Ann).await;
    assert!((own.status, own.body.as_ref()) == (200, scan) && own.header("content-disposition").contains("other.pdf"));
    // What came with a change that wasn't saved stays nowhere.
    let lost = send_outside(&world, &fields("1", "5"), Some(("lost.pdf", b"%PDF-1.7 another"))).await;
    assert_eq!((lost.status, world.shelved_under("rosters/outside/").len()), (409, 1));
    // Another's removal removes nothing.
    assert_eq!(world.post(&format!("/wallet/outside/{id}/remove"), Who::Bob, "").await.status, 303);
    says(&world.get("/wallet/tracker", Who::Ann).await, &["2.00 hours in all"]);
    let key =
        world.clients.table.fetch_wallet(&Who::Ann.account_id()).await.unwrap().outside[0].file.clone().unwrap().key;
    assert!(world.shelved(&format!("rosters/{key}")).is_some());
    assert_eq!(world.post(&format!("/wallet/outside/{id}/remove"), Who::Ann, "").await.status, 303);
    says(&world.get("/wallet/tracker", Who::Ann).await, &["6.00 hours in all"]);
    assert_eq!(world.get(&file, Who::Ann).await.status, 404);
    assert!(world.shelved(&format!("rosters/{key}")).is_none(), "the file is gone too");
}

#[tokio::test]
async fn another_cycle_is_shown_by_the_rules_that_held_for_it() {
    let world = World::new().await;
    let held = holder(&world, "TX-BON").await;
    ask(&world, set("TX-BON")).await;
    let last = date(today().year() - 1, 5, 1);
    record(&world, &held, "CE-101", "Ethics", "3", last).await;
    let licence = segment(&reference(&held.licence));
    let page = world.get(&format!("/wallet/tracker?licence={licence}&on={last}"), Who::Ann).await;
    says(
        &page,
        &[&format!("Dec 31, {}", last.year()), "Not met</span>", "3.00 of 6.00 hours", "Next cycle", "Cycle before"],
    );
}

/// The editor's form with a set that can be saved.
fn form(total: &str, seen: u32, action: &str) -> String {
    let fields = [
        ("seen", seen.to_string()),
        ("do", action.to_owned()),
        ("board", "tx-bon".to_owned()),
        ("profession", "rn".to_owned()),
        ("name", "Texas, registered nurse".to_owned()),
        ("from", "2020-01-01".to_owned()),
        ("months", "12".to_owned()),
        ("anchor", "fixed_date".to_owned()),
        ("ends", "2025-12-31".to_owned()),
        ("total", total.to_owned()),
        ("first_cycle", "whole".to_owned()),
        ("repeat", "once_a_cycle".to_owned()),
        ("others_count", "yes".to_owned()),
        ("category.0.name", "Ethics".to_owned()),
        ("category.0.least", "2".to_owned()),
        ("format.0.self_study", "yes".to_owned()),
        ("format.0.most", "4".to_owned()),
        ("source", "https://example.org/<rules>".to_owned()),
        ("source_date", "2026-01-01".to_owned()),
        ("try_on", "TX-BON-1, nobody".to_owned()),
    ];
    fields.map(|(name, value)| format!("{name}={}", segment(&value))).join("&")
}

#[tokio::test]
async fn the_office_enters_tries_out_and_changes_what_a_board_asks() {
    let world = World::new().await;
    let held = holder(&world, "TX-BON").await;
    let year = today().year();
    record(&world, &held, "CE-101", "Ethics", "4", date(year - 1, 3, 1)).await;
    let list = world.get("/office/requirements", Who::Office).await;
    says(&list, &["There are none yet", "Nevada, clinical professional counselor", "not reviewed yet"]);
    says(&world.get("/office/requirements/edit?example=NV-CPC", Who::Office).await, &["value=\"Suicide prevention\""]);
    let save = async |form: String| world.post("/office/requirements/edit", Who::Office, form).await;
    let wrong = save(form("lots", 0, "save")).await;
    assert_eq!(wrong.status, 422);
    says(&wrong, &["Enter hours as a number", "value=\"lots\"", "value=\"Ethics\""]);
    let rows = save(form("6", 0, "rows")).await;
    says(&rows, &["There are more rows below", "name=\"category.6.name\""]);
    let tried = save(form("6", 0, "try")).await;
    says(
        &tried,
        &["Only tried out", "4.00 of 6.00 hours, missing: 2.00 hours in all", "The register has no such license"],
    );
    assert!(world.clients.table.fetch_requirements("TX-BON", "RN").await.unwrap().versions.is_empty());
    for _ in 0..2 {
        // Pressed twice it is one version.
        assert_eq!(save(form("6", 0, "save")).await.status, 303);
    }
    says(&world.get("/office/requirements?done=yes", Who::Office).await, &["Saved as a new version.", "1, saved on"]);
    says(
        &world.get("/wallet/tracker", Who::Ann).await,
        &["Nobody has reviewed these requirements yet", "of 6.00 hours"],
    );
    // Whoever hasn't seen the newest version doesn't write over it.
    let overtaken = save(form("8", 0, "save")).await;
    assert_eq!(overtaken.status, 409);
    says(&overtaken, &["somebody else saved a version meanwhile"]);
    says(&save(form("6", 1, "save")).await, &["Nothing differs from the newest version"]);
    assert_eq!(save(form("8", 1, "save")).await.status, 303);
    // The cycle that is over stays as it was, and a correction of it is shown before it is saved.
    let licence = segment(&reference(&held.licence));
    let past = format!("/wallet/tracker?licence={licence}&on={}-03-01", year - 1);
    says(&world.get(&past, Who::Ann).await, &["4.00 of 6.00 hours"]);
    says(&world.get("/wallet/tracker", Who::Ann).await, &["0.00 of 8.00 hours"]);
    let tried = save(form("9", 2, "try") + "&corrects_past=yes").await;
    says(&tried, &["<strong>4.00 of 9.00 hours, missing: 5.00 hours in all</strong>", "would be counted anew"]);
    assert_eq!(save(form("9", 2, "save") + "&corrects_past=yes").await.status, 303);
    says(&world.get(&past, Who::Ann).await, &["4.00 of 9.00 hours", "version 3"]);
    let versions = world.get("/office/requirements/edit?board=TX-BON&profession=RN", Who::Office).await;
    says(&versions, &["Past cycles too", "https://example.org/&#60;rules&#62;", "value=\"9.00\""]);
    says(
        &world.get("/office/requirements/edit?board=TX-BON&profession=RN&version=1", Who::Office).await,
        &["value=\"6.00\""],
    );
}

/// A published event of a course in some days, approved by a body for an hour and a half.
async fn announce(world: &World, number: u128, course: &str, body: &str, in_days: i64) -> Event {
    let starts_at = adapters::clock::now() + in_days * 86_400;
    let approved = Approved {
        number: "A-1".to_owned(),
        statement: String::new(),
        valid_from: None,
        valid_to: None,
        evidence: "Letter".to_owned(),
        advertised: Some(hours("1.5")),
        consent: Consent::default(),
    };
    let event = Event {
        course: CourseNumber::parse(course).unwrap(),
        approvals: vec![Approval { body: body.to_owned(), standing: Standing::Approved(Box::new(approved)) }],
        room: Some(Room::Link { url: "https://meet.example.org/room".to_owned() }),
        ..crate::registration::event(number, starts_at)
    };
    crate::registration::publish(world, event).await
}

/// The same as [`set`], with a cycle that goes on for some months whatever day it is.
fn lasting(board: &str) -> RequirementSet {
    let ends = today().checked_add(jiff::Span::new().days(100)).unwrap();
    RequirementSet { cycle: CycleRule { months: 12, anchor: Anchor::FixedDate { ends } }, ..set(board) }
}

#[tokio::test]
async fn events_that_fill_what_is_missing_are_told_and_found_before_registering() {
    let world = World::new().await;
    let held = holder(&world, "TX-BON").await;
    ask(&world, lasting("TX-BON")).await;
    let day = today().yesterday().unwrap();
    record(&world, &held, "CE-101", "Ethics", "1", day).await;
    announce(&world, 1, "CE-101", "TX-BON", 20).await;
    let new = announce(&world, 2, "CE-102", "TX-BON", 10).await;
    let other = announce(&world, 3, "CE-103", "LA-BON", 12).await;
    announce(&world, 4, "CE-104", "TX-BON", 11).await;

    // What falls into the next cycle fills nothing of this one.
    let next = announce(&world, 5, "CE-105", "TX-BON", 110).await;
    let later = world.get(&format!("/events/{}", next.id), Who::Ann).await;
    says(&later, &["It falls into your next cycle, which begins on", "1.50 hours would count there."]);
    assert!(!later.text().contains("Fills a gap"), "{}", later.text());

    // The tracker leads to the best, and never to a course that wouldn't count again.
    let page = world.get("/wallet/tracker", Who::Ann).await;
    let fills = "Fills of what is missing: 1.50 hours in all; 1.00 of Ethics.";
    says(&page, &["Events that fill what is missing", fills, &format!("href=\"/events/{}\"", new.id)]);
    assert!(!page.text().contains(&format!("href=\"/events/{}\"", EventId::from_bits(1))), "{}", page.text());

    // The event's page says it before registering, to its licensee alone.
    let own = world.get(&format!("/events/{}", new.id), Who::Ann).await;
    says(&own, &["For your licenses", "Fills a gap", fills, "TX-BON RN TX-BON-1"]);
    let repeat = world.get(&format!("/events/{}", EventId::from_bits(1)), Who::Ann).await;
    says(&repeat, &["Taken before", "and your board wouldn&#39;t count it again yet."]);
    for who in [Who::Nobody, Who::Bob, Who::Acme] {
        assert!(!world.get(&format!("/events/{}", new.id), who).await.text().contains("For your licenses"), "{who:?}");
    }

    // The catalogue's filter, for those of whom something is known.
    let all = world.get("/events", Who::Ann).await;
    says(&all, &["Only what fills my gaps", "Fills a gap", "Taken before"]);
    let filled = world.get("/events?gaps=yes", Who::Ann).await;
    let shows = |number: u128| filled.text().contains(&format!("href=\"/events/{}\"", EventId::from_bits(number)));
    assert_eq!([1, 2, 3, 4, 5].map(shows), [false, true, true, true, false], "{}", filled.text());
    says(&filled, &["name=\"gaps\" value=\"yes\" checked"]);
    let nobody = world.get("/events?gaps=yes", Who::Nobody).await;
    assert!(nobody.text().contains(&other.id.to_string()) && !nobody.text().contains("Only what fills my gaps"));

    // Registered for, it is planned: dotted, and no longer missing.
    assert_eq!(world.post(&format!("/events/{}/register", new.id), Who::Ann, "").await.status, 303);
    let page = world.get("/wallet/tracker", Who::Ann).await;
    says(&page, &["1.50 more by events that you are registered for", "class=\"planned\"", "Dotted: events"]);
    assert!(!page.text().contains(&format!("href=\"/events/{}\"", new.id)), "it isn't suggested any more");
    says(
        &world.get(&format!("/events/{}", other.id), Who::Ann).await,
        &["Fills of what is missing: 1.50 hours in all."],
    );
}

/// The form for a transcript, with an id.
fn transcript_form(number: u128, licence: &str, cover: &str) -> String {
    let id = TranscriptId::from_bits(number);
    format!("id={id}&licence={}&cover={cover}&paper=a4", segment(licence))
}

/// The worker has made it.
async fn made(world: &World, number: u128) -> TranscriptRecord {
    let (table, account) = (&world.clients.table, Who::Ann.account_id());
    let record = table.fetch_transcript(&account, &TranscriptId::from_bits(number)).await.unwrap().unwrap();
    assert!(table.issue_transcript(&account, &record, "ab").await.unwrap());
    let key = transcript_key(&account, &record.id);
    world.clients.objects.save_bytes(&key, b"%PDF-1.7 sheet".to_vec(), "application/pdf").await.unwrap();
    record
}

/// What was frozen of it.
async fn frozen(world: &World, number: u128) -> TranscriptData {
    let (account, id) = (Who::Ann.account_id(), TranscriptId::from_bits(number));
    world.clients.objects.fetch_transcript_data(&account, &id).await.unwrap().data
}

#[tokio::test]
async fn a_transcript_is_frozen_as_the_tracker_counts_made_once_handed_out_and_removed() {
    let world = World::new().await;
    let held = holder(&world, "TX-BON").await;
    ask(&world, set("TX-BON")).await;
    record(&world, &held, "CE-101", "Ethics", "1", first_of_year()).await;
    record(&world, &held, "CE-102", "Cooking", "4.5", first_of_year()).await;
    let empty = world.get("/wallet/transcripts", Who::Ann).await;
    says(&empty, &["<h1>Transcripts</h1>", "You have made none yet", "TX-BON RN TX-BON-1", "All licenses"]);
    for _ in 0..2 {
        // Pressed twice it is one.
        let asked = world.post("/wallet/transcripts", Who::Ann, transcript_form(7, "", "everything")).await;
        assert_eq!((asked.status, asked.header("location")), (303, "/wallet/transcripts?done=asked"));
    }
    let page = world.get("/wallet/transcripts?done=asked", Who::Ann).await;
    says(&page, &["All credits, all licenses", "Being made", "is being made. It stands below within seconds."]);
    assert_eq!(page.text().matches("Being made").count(), 1);
    let file = format!("/wallet/transcripts/{}/file", TranscriptId::from_bits(7));
    assert_eq!(world.get(&file, Who::Ann).await.status, 404, "it isn't there yet");

    let data = frozen(&world, 7).await;
    assert_eq!(data.verify_at, format!("{}/verify/{}", world.settings.public_base_url, data.code));
    let cycle = &data.licences[0].cycles[0];
    let standing = cycle.standing.as_ref().unwrap();
    assert_eq!((standing.counted, standing.required), (400, 600));
    let lines: Vec<_> = cycle.lines.iter().map(|line| (line.title.as_str(), line.counted)).collect();
    assert_eq!(lines, [("About CE-101", Some(100)), ("About CE-102", Some(300))]);
    // What comes later isn't on it.
    record(&world, &held, "CE-103", "Ethics", "1", first_of_year()).await;
    assert_eq!(frozen(&world, 7).await, data);

    let made = made(&world, 7).await;
    says(&world.get("/wallet/transcripts", Who::Ann).await, &[&format!("/verify/{}", made.code), "Download", "Print"]);
    let own = world.get(&file, Who::Ann).await;
    assert_eq!((own.status, own.body.as_ref()), (200, b"%PDF-1.7 sheet".as_slice()));
    assert!(own.header("content-disposition").starts_with("attachment; filename=\"CE transcript "));
    assert_eq!(world.get(&format!("{file}?show=yes"), Who::Ann).await.header("content-disposition"), "inline");
    // It is nobody else's, and nobody else removes it.
    assert_eq!(world.get(&file, Who::Bob).await.status, 404);
    let remove = format!("/wallet/transcripts/{}/remove", TranscriptId::from_bits(7));
    assert_eq!(world.post(&remove, Who::Bob, "").await.status, 303);
    assert_eq!(world.get(&file, Who::Ann).await.status, 200);
    for _ in 0..2 {
        assert_eq!(world.post(&remove, Who::Ann, "").await.status, 303);
    }
    assert_eq!(world.get(&file, Who::Ann).await.status, 404);
    assert_eq!(world.clients.table.fetch_issued_transcript(&made.code).await.unwrap(), None);
    let prefix = format!("rosters/transcripts/{}/{}", Who::Ann.account_id(), TranscriptId::from_bits(7));
    assert!(world.shelved(&format!("{prefix}.pdf")).is_none() && world.shelved(&format!("{prefix}.json")).is_none());
}

#[tokio::test]
async fn a_transcript_of_one_license_says_nothing_of_another() {
    let world = World::new().await;
    let (texas, louisiana) = (holder(&world, "TX-BON").await, holder(&world, "LA-BON").await);
    ask(&world, set("TX-BON")).await;
    record(&world, &texas, "CE-101", "Ethics", "1", first_of_year()).await;
    record(&world, &louisiana, "CE-102", "Pain", "2", first_of_year()).await;
    let only = reference(&texas.licence);
    assert_eq!(world.post("/wallet/transcripts", Who::Ann, transcript_form(7, &only, "present")).await.status, 303);
    let text = serde_json::to_string(&frozen(&world, 7).await).unwrap();
    assert!(text.contains("CE-101") && !text.contains("LA-BON") && !text.contains("CE-102"), "{text}");
    // Another's license can't be named, nor what doesn't exist.
    let bobs = world.post("/wallet/transcripts", Who::Bob, transcript_form(8, &only, "present")).await;
    assert_eq!(bobs.status, 404);
    assert_eq!(world.post("/wallet/transcripts", Who::Ann, transcript_form(9, &only, "nothing")).await.status, 400);
}

#[tokio::test]
async fn the_present_cycle_alone_is_told_only_where_it_is_known() {
    let world = World::new().await;
    let (texas, louisiana) = (holder(&world, "TX-BON").await, holder(&world, "LA-BON").await);
    let cycle = CycleRule { months: 12, anchor: Anchor::BirthMonth };
    ask(&world, RequirementSet { cycle, ..set("TX-BON") }).await;
    record(&world, &texas, "CE-101", "Ethics", "1", first_of_year()).await;
    let present = async |held: &Holder| {
        let form = transcript_form(7, &reference(&held.licence), "present");
        world.post("/wallet/transcripts", Who::Ann, form).await
    };
    let refused = present(&texas).await;
    assert_eq!(refused.status, 422, "all credits would be given away");
    says(&refused, &["TX-BON RN TX-BON-1 isn", "Enter the month.", "Nothing was made."]);
    let unknown = present(&louisiana).await;
    assert_eq!(unknown.status, 422);
    says(&unknown, &["entered here yet."]);
    let wallet = async || world.clients.table.fetch_wallet(&Who::Ann.account_id()).await.unwrap();
    assert!(wallet().await.transcripts.is_empty());
    let all = transcript_form(7, &reference(&texas.licence), "everything");
    assert_eq!(world.post("/wallet/transcripts", Who::Ann, all).await.status, 303);
}

#[tokio::test]
async fn no_more_transcripts_are_kept_than_are_of_use_and_a_refused_one_says_why() {
    let world = World::new().await;
    for number in 1..=20 {
        assert_eq!(
            world.post("/wallet/transcripts", Who::Ann, transcript_form(number, "", "everything")).await.status,
            303
        );
    }
    let more = world.post("/wallet/transcripts", Who::Ann, transcript_form(21, "", "present")).await;
    assert_eq!(more.status, 409);
    says(&more, &["20 transcripts are kept at a time", "value=\"present\" checked"]);
    let (table, account) = (&world.clients.table, Who::Ann.account_id());
    let third = table.fetch_transcript(&account, &TranscriptId::from_bits(3)).await.unwrap().unwrap();
    assert!(table.refuse_transcript(&account, &third, "The title has <signs>.").await.unwrap());
    says(&world.get("/wallet/transcripts", Who::Ann).await, &["be printed</span> The title has &#60;signs&#62;."]);
    let export = world.clients.table.fetch_wallet(&account).await.unwrap();
    assert_eq!(export.transcripts.len(), 20);
}

#[tokio::test]
async fn the_list_has_a_row_for_each_credit_and_no_formula() {
    let world = World::new().await;
    let held = holder(&world, "TX-BON").await;
    ask(&world, set("TX-BON")).await;
    record(&world, &held, "CE-101", "Ethics", "1", first_of_year()).await;
    let id = OutsideId::from_bits(7).to_string();
    let day = first_of_year().to_string();
    let fields = [
        ("id", id.as_str()),
        ("version", "0"),
        ("title", "=cmd|' /C calc'!A0"),
        ("provider", "University, of \"L\""),
        ("date", day.as_str()),
        ("hours", "3"),
        ("delivery", "in_person"),
        ("course", ""),
    ];
    assert_eq!(send_outside(&world, &fields, None).await.status, 303);
    let list = world.get("/wallet/transcripts/credits.csv?licence=&cover=everything&paper=letter&id=x", Who::Ann).await;
    assert_eq!((list.status, list.header("content-type")), (200, "text/csv; charset=utf-8"));
    assert!(list.header("content-disposition").starts_with("attachment; filename=\"CE credits "));
    let year = today().year();
    let rows: Vec<&str> = list.text().lines().skip(1).collect();
    assert_eq!(
        rows,
        [
            format!(
                "TX-BON RN TX-BON-1,{year}-01-01,{year}-12-31,{day},About CE-101,CE-101,Acme Continuing Education,Ethics,,1.00,1.00,,On record,"
            ),
            format!(",,,{day},\"'=cmd|' /C calc'!A0\",,\"University, of \"\"L\"\"\",,In person,3.00,,,Self-reported,"),
        ]
    );
    assert_eq!(world.get("/wallet/transcripts/credits.csv", Who::Ann).await.status, 200);
    assert_eq!(world.get("/wallet/transcripts/credits.csv?licence=X/Y/1", Who::Ann).await.status, 404);
}
