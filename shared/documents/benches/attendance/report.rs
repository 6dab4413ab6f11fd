//! A report as Zoom gives it of a large event: people who come by their own link, a few by their address only, by telephone or
//! from nowhere; a quarter goes into a breakout room, a fifth has a second device, and some wait at the door. And the event that it
//! is of.

use domain::{
    attendance::{Advertised, Facts, Instance, Registrant, Staff},
    credit_type::{Rounding, Rule},
    email::EmailAddress,
    event::Span,
    hours::CreditHours,
    name::PersonName,
};
use jiff::Timestamp;
use serde_json::{Value, json};

/// When the event begins: 2026-05-12T15:00:00Z.
const BEGIN: i64 = 1_778_598_000;
const HOURS: i64 = 2;
/// Rows of a page, as Zoom's largest.
const PAGE: usize = 300;

const FIRST: [&str; 16] = [
    "Maria",
    "James",
    "Zoë",
    "Robert",
    "Wei",
    "Fatima",
    "José",
    "Elizabeth",
    "Olu",
    "Anna",
    "Dmitri",
    "Siobhán",
    "Thomas",
    "Katherine",
    "Nguyen",
    "Lee",
];
const SHORT: [&str; 16] = [
    "Maria", "Jim", "Zoe", "Bob", "Wei", "Fatima", "Jose", "Liz", "Olu", "Ann", "Dima", "Siobhan", "Tom", "Kate",
    "Nguyen", "Lee",
];
const LAST: [&str; 12] = [
    "Garcia Lopez",
    "O'Brien",
    "Smith",
    "Müller",
    "Okafor",
    "Van Antwerpen",
    "Johnson",
    "Kowalski",
    "Tran",
    "Haddad",
    "Stone",
    "Nakamura",
];

/// A surname that few share.
fn surname(person: u32) -> String {
    let syllable = |place: u32| ["ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "wu"][(place % 10) as usize];
    let ending: String = (1..5).map(|power| syllable(person / 10u32.pow(power))).collect();
    format!("{}{ending}", LAST[(person % 12) as usize])
}

fn first(person: u32) -> usize {
    (person / 12 % 16) as usize
}

fn address(person: u32) -> String {
    format!("person.{person}@example.com")
}

fn link(person: u32) -> String {
    format!("r{:021}", u64::from(person) * 7_919 + 12_345)
}

/// The event: two hours with a break, credits of two bodies, and everybody registered.
pub(crate) fn facts(people: u32) -> Facts {
    let span = |from: i64, to: i64| Span { from: BEGIN + 60 * from, to: BEGIN + 60 * to };
    let advertised = |body: &str, hours: u32| Advertised {
        body: body.to_owned(),
        hours: CreditHours::from_hundredths(hours).expect("hours of a day"),
        rule: Rule {
            minutes_per_credit: 50,
            increment: CreditHours::from_hundredths(20),
            rounding: Rounding::Down,
            minimum_minutes: 50,
            first_credit_whole: false,
        },
    };
    Facts {
        schedule: span(0, 60 * HOURS),
        actual: None,
        breaks: vec![span(55, 65)],
        instances: Some(vec![Instance { uuid: "u==".to_owned(), open: span(-30, 60 * HOURS + 20) }]),
        is_partial: false,
        tolerance_seconds: 60,
        credits: vec![advertised("NASBA", 220), advertised("BOARD", 200)],
        staff: vec![Staff {
            name: PersonName { first: "Ada".to_owned(), last: "Host".to_owned() },
            emails: EmailAddress::parse("host@example.com").into_iter().collect(),
        }],
        registrants: (0..people).map(registrant).collect(),
        settled: domain::attendance::Settled::default(),
    }
}

fn registrant(person: u32) -> Registrant {
    Registrant {
        id: format!("registrant-{person}"),
        name: PersonName { first: FIRST[first(person)].to_owned(), last: surname(person) },
        emails: EmailAddress::parse(&address(person)).into_iter().collect(),
        zoom_ids: vec![link(person)],
        phone_last4: None,
    }
}

/// The report's pages one after another, and how many rows they have.
pub(crate) fn pages(people: u32) -> (String, u32) {
    let mut rows: Vec<Value> = (0..people).flat_map(rows_of).collect();
    // Zoom's order isn't ours.
    rows.sort_by_key(|row| (row["join_time"].to_string(), row["user_id"].to_string()));
    let count = rows.len();
    let pages: Vec<String> = rows
        .chunks(PAGE)
        .enumerate()
        .map(|(place, rows)| {
            let token = if (place + 1) * PAGE < count { "Tva2CuIdTgsv8wAnhyAdU3m06Y2HuLQtlh3" } else { "" };
            json!({"next_page_token": token, "page_count": count.div_ceil(PAGE), "page_size": PAGE, "total_records": count, "participants": rows}).to_string()
        })
        .collect();
    (pages.join("\n"), u32::try_from(count).expect("a report has fewer rows"))
}

fn rows_of(person: u32) -> Vec<Value> {
    let late = i64::from(person * 37 % 1_500) - 1_440;
    let end = HOURS * 3_600 + 600 - i64::from(person * 53 % 640);
    let mut rows = vec![row(person, 0, late, end)];
    if person.is_multiple_of(4) {
        // A breakout room: its own row, on the same connection.
        let mut room = row(person, 0, 1_800, 2_700);
        room["bo_mtg_id"] = json!("Dkgwu8nm/ExG1vM+GhLRhA==");
        rows.push(room);
    }
    if person % 5 == 1 {
        let mut device = row(person, 1, late + 90, end - 300);
        device["name"] = json!("iPhone");
        rows.push(device);
    }
    if person * 165 / 1_000 != (person + 1) * 165 / 1_000 {
        let mut door = row(person, 2, late - 120, late);
        door["status"] = json!("in_waiting_room");
        rows.push(door);
    }
    rows
}

/// One row, with the members that Zoom's published example of this report has.
fn row(person: u32, connection: u32, from: i64, to: i64) -> Value {
    let time = |at: i64| Timestamp::from_second(BEGIN + at).expect("a moment of 2026").to_string();
    let (name, short) = (format!("{} {}", FIRST[first(person)], surname(person)), SHORT[first(person)]);
    let name = match person % 20 {
        0 => format!("{short} {}", surname(person)),
        1 => format!("{name} (she/her)"),
        2 => name.to_uppercase(),
        3 => format!("{}, {}", surname(person), FIRST[first(person)]),
        _ => name,
    };
    let mut row = json!({
        "customer_key": "349589LkJyeW", "duration": to - from, "failover": false, "id": "30R7kT7bTIKSNUFEuH_Qlg",
        "join_time": time(from), "leave_time": time(to), "name": name, "registrant_id": link(person),
        "status": "in_meeting", "user_email": address(person), "user_id": (16_778_240 + 4 * person + connection).to_string(),
        "participant_user_id": "",
    });
    row["id"] = json!("");
    match person % 50 {
        7 => row["registrant_id"] = json!(""),
        17 => {
            row["registrant_id"] = json!("");
            row["user_email"] = json!("");
            row["name"] = json!(format!("1615***{:04}", person % 10_000));
        }
        27 => {
            row["registrant_id"] = json!("");
            row["user_email"] = json!(format!("somebody.{person}@home.example"));
        }
        _ => {}
    }
    row
}
