//! Shows the pages in every state to a browser, over made-up data and without a cloud: `cargo run -p portal --example gallery`.

#[path = "../tests/portal/world.rs"]
#[expect(dead_code, reason = "the tests use more of the world than the gallery does")]
mod world;

use adapters::table::By;
use axum::Router;
use domain::{
    credit_type::{CreditTypes, examples},
    event::{Approval, Approved, Consent, Event, Segment, SegmentKind, Standing},
    hours::CreditHours,
    id::AccountId,
    import::{Counts, Mode, Refusal},
    organisation::{Body, Organisation},
};
use tokio::net::TcpListener;
use world::{
    World,
    attended::{LENGTH, stay},
    failed, processed, unchanged,
};

#[tokio::main]
async fn main() {
    let listener = TcpListener::bind("127.0.0.1:3100").await.expect("port 3100 is free");
    let world = World::at("http://127.0.0.1:3100").await;
    let now = adapters::clock::now();
    let waiting = world.announced("acme-ce", 1, Mode::Import, now - 60).await;
    let expired = world.announced("acme-ce", 2, Mode::Check, now - 7200).await;
    let reasons = [("unknown_licence".to_owned(), 31)].into();
    let counts = Counts { processed: 4_310, unchanged: 12, failed: 44, reasons };
    let judging = world.judging("acme-ce", 3, 14_000, &counts).await;
    let text = "The workbook is protected with a password, so it can't be read. Open it, remove the password, save it and upload it again.";
    let refused =
        world.refused("acme-ce", 4, &Refusal { code: "password_protected".to_owned(), text: text.to_owned() }).await;
    let mut rows: Vec<_> = (2..130).map(|row| processed(row, "Mary Ann", "O’Connor-Smith")).collect();
    rows[3] = unchanged(5);
    rows[1] = failed(
        3,
        &[
            (
                "unknown_licence",
                "The license number 00123 isn't in the register. Check it with the licensee, correct the cell and upload the file again; rows already processed won't be doubled.",
                "license_number",
            ),
            ("hours_not_positive", "The hours must be more than zero. Enter the hours that were earned.", "ce_hours"),
        ],
    );
    rows[6] = failed(
        8,
        &[(
            "course_not_associated_with_provider",
            "The course CE-101 isn't associated with you. Check the number against the courses on your CE Profile; if you do offer it, ask the office to associate it with you.",
            "course_number",
        )],
    );
    let done = world.done("acme-ce", 5, Mode::Import, &rows).await;
    let check = world.done("acme-ce", 6, Mode::Check, &rows).await;
    let holder = world.holder("TX-BON", "RN", "RN-10004", "Mary Ann", "O’Connor-Smith").await;
    world.credit(&holder, "CE-101", "Ethics at the bedside", 14).await;
    world.credit(&holder, "CE-102", "Pain management in the elderly", 15).await;
    for import in [waiting, expired, judging, refused, done, check] {
        println!("http://127.0.0.1:3100/import/{}", import.id);
    }
    println!("http://127.0.0.1:3100/office/licensees/TX-BON/RN/RN10004");
    println!("http://127.0.0.1:3100/manage/events/{}", event(&world).await.id);
    let over = attended(&world).await;
    for page in ["", "/review", "/times", "/files", "/plan", "/history", "/sheet"] {
        println!("http://127.0.0.1:3100/manage/events/{}/attendance{page}", over.id);
    }
    println!("http://127.0.0.1:3100/manage/events/{}/attendance/people/{}", over.id, AccountId::from_bits(103));
    world.evaluated(&over).await;
    for page in ["evaluation", "evaluation/preview", "results"] {
        println!("http://127.0.0.1:3100/manage/events/{}/{page}", over.id);
    }
    println!("Acme's cookie: {}", world::Who::Acme.cookie());
    println!("The office's cookie: {}", world::Who::Office.cookie());
    let pages: Router = world.router();
    axum::serve(listener, pages).await.expect("the server runs");
}

/// A draft with an agenda and an approval, of which some parts are missing still.
async fn event(world: &World) -> Event {
    let (table, now) = (&world.clients.table, adapters::clock::now());
    let (acme, office) = (world::Who::Acme.account_id(), world::Who::Office.account_id());
    let body = |short: &str, name: &str| Body { short: short.to_owned(), name: name.to_owned() };
    let bodies =
        vec![body("NASBA", "National Registry of CPE Sponsors"), body("APA", "American Psychological Association")];
    let organisation = Organisation { bodies, ..Organisation::default() };
    table.save_organisation(&organisation, By { account: &office, at: now }).await.expect("the table answers");
    let mut types = CreditTypes { types: examples(), version: 0 };
    types.types.truncate(2);
    table.save_credit_types(&types, By { account: &office, at: now }).await.expect("the table answers");
    world.offer("ETH-101", &["acme-ce"]).await;
    let before = world.draft_event(1).await;
    let at = |minutes: i64| before.when.starts_at + minutes * 60;
    let segment =
        |title: &str, kind, from, to| Segment { title: title.to_owned(), kind, starts_at: at(from), ends_at: at(to) };
    let agenda = vec![
        segment("Cases from the ward", SegmentKind::Instruction, 0, 55),
        segment("Coffee", SegmentKind::Break, 55, 70),
        segment("What the code says", SegmentKind::Instruction, 70, 120),
    ];
    let approved = Approved {
        number: "S-77".to_owned(),
        statement: "Acme is registered with NASBA as a sponsor of continuing professional education.".to_owned(),
        valid_from: Some(jiff::civil::date(2026, 1, 1)),
        valid_to: None,
        evidence: "Letter of January 2, 2026".to_owned(),
        advertised: CreditHours::from_hundredths(140),
        consent: Consent::NotAsked,
    };
    let approvals = vec![Approval { body: "NASBA".to_owned(), standing: Standing::Approved(Box::new(approved)) }];
    let after = Event { agenda, approvals, ..before.clone() };
    table.save_event(&before, &after, By { account: &acme, at: now }, "As agreed").await.expect("the table answers");
    after
}

/// An event that is over: some were there in full, some not, some are doubtful, and some are nobody who is known.
async fn attended(world: &World) -> Event {
    let event = world.ended_event(7).await;
    let people = [
        ("Maria", "García"),
        ("Ben", "Okafor"),
        ("Chloé", "Dubois-Lefèvre"),
        ("Dmitri", "Petrov"),
        ("Elena", "Rossi"),
        ("Farid", "Haddad"),
        ("Grace", "Kim"),
        ("Hannah", "Schmidt"),
        ("Ivan", "Novák"),
    ];
    let email = |number: usize| format!("person{number}@example.org");
    for (number, (first, last)) in people.iter().enumerate() {
        let account = AccountId::from_bits(101 + number as u128);
        world.seat(&event, account, first, last, &email(number)).await;
    }
    let stays = [
        stay("Maria García", &email(0), -300, LENGTH + 120),
        stay("Ben Okafor", &email(1), -100, 2_000),
        stay("Ben Okafor", &email(1), 2_130, LENGTH),
        stay("Chloé Dubois", &email(2), 600, 3_300),
        stay("Chloé Dubois", &email(2), 3_360, 4_500),
        stay("Dmitri Petrov", &email(3), 0, LENGTH),
        stay("Olga Petrova", &email(3), 0, LENGTH),
        stay("Elena Rossi", &email(4), -20, LENGTH),
        stay("Farid's iPad", "", 0, LENGTH),
        stay("Grace K.", "grace.kim@elsewhere.example", 0, LENGTH),
        stay("Conference Room 2", "", 300, LENGTH),
    ];
    world.report(&event, &stays, (-600, LENGTH + 300), 2).await;
    world.carry_out(&event).await;
    event
}
