//! A case and its evidence make the same decision and the same explanations, whoever computes them.

use documents::{
    attendance::{Call, Case, CaseError, calls, explanation_of, explanations, read_file, sha256},
    zoom::archive::{Archive, PageSource},
};
use domain::{
    attendance::{Adjustment, Basis, Facts, File, Instance, Kept, Report, Said, Verdict, Voice},
    course::{CourseNumber, ProviderId},
    email::EmailAddress,
    event::{Event, EventKind, Span, When, Zone},
    id::{AccountId, EventId},
    name::PersonName,
    presence::{Kind, Participant, Sighting},
    registration::{Participation, ParticipationState, ZoomRegistrant},
    zoom::{MeetingNumber, ZoomKind},
};

const START: i64 = 1_780_326_000; // 2026-06-01T15:00:00Z

fn event() -> Event {
    let when = When { starts_at: START, ends_at: START + 3_600, zone: Zone::parse("America/New_York").unwrap() };
    Event::draft(
        EventId::from_bits(7),
        ProviderId::parse("provider-1").unwrap(),
        CourseNumber::parse("C-1").unwrap(),
        "Grief \u{202e}and <loss>".into(),
        EventKind::LiveWebinar,
        when,
    )
}

fn person(number: u128, name: (&str, &str)) -> Participation {
    Participation {
        event: EventId::from_bits(7),
        account: AccountId::from_bits(number),
        state: ParticipationState::Registered,
        name: PersonName { first: name.0.into(), last: name.1.into() },
        email: EmailAddress::parse(&format!("person{number}@example.org")).ok(),
        licences: vec![],
        registered_at: 1,
        zoom: Some(ZoomRegistrant {
            number: MeetingNumber::parse("81234567890").unwrap(),
            kind: ZoomKind::Meeting,
            registrant_id: format!("reg-{number}"),
            email: None,
            join_url: Some("https://zoom.us/j/81234567890?tk=secret".into()),
            pin: Some("1234".into()),
        }),
        clicked: None,
        told_version: 1,
        decided: None,
        completion: None,
        letter: None,
        version: 1,
    }
}

fn row(user: &str, registrant: &str, name: &str, from: i64, to: i64) -> String {
    let moment = |at: i64| jiff::Timestamp::from_second(START + at).unwrap();
    format!(
        r#"{{"user_id":"{user}","registrant_id":"{registrant}","name":"{name}","join_time":"{}","leave_time":"{}","duration":{},"status":"in_meeting"}}"#,
        moment(from),
        moment(to),
        to - from
    )
}

fn archived(rows: &[String]) -> Vec<u8> {
    let page = format!(r#"{{"next_page_token":"","participants":[{}]}}"#, rows.join(","));
    let mut archive = Archive::default();
    archive.add("uuid-1", PageSource::Report, page.as_bytes()).unwrap();
    archive.into_bytes()
}

fn report(evidence: &[u8]) -> Report {
    Report {
        at: START + 9_000,
        digest: "rows".into(),
        kept: Kept { key: "evidence/attendance/x".into(), sha256: sha256(evidence), bytes: evidence.len() as u64 },
        rows: 3,
        participants: Some(3),
        instances: vec![Instance { uuid: "uuid-1".into(), open: Span { from: START - 600, to: START + 3_700 } }],
        hosts: vec![],
        agreed: 2,
    }
}

fn case(people: &[Participation], words: &[Adjustment], known: Vec<Call>, evidence: &[u8]) -> Case {
    Case::of(&event(), Facts::of_event(&event(), people, &[]), words, known, Basis::Report(&report(evidence)))
}

fn everybody() -> Vec<Participation> {
    vec![person(2, ("Ann", "Lee")), person(1, ("Bob", "Stone"))]
}

#[test]
fn a_case_is_the_same_bytes_in_whatever_order_its_people_came_and_reads_back() {
    let evidence = archived(&[row("1", "reg-1", "Bob Stone", -60, 3_700), row("2", "reg-2", "Ann Lee", 0, 3_000)]);
    let one = case(&everybody(), &[], vec![], &evidence);
    let mut turned = everybody();
    turned.reverse();
    assert_eq!(one.bytes(), case(&turned, &[], vec![], &evidence).bytes());
    assert_eq!(Case::parse(&one.bytes()).unwrap(), one);
    assert_eq!((one.name().len(), one.name()), (32, Case::parse(&one.bytes()).unwrap().name()));
    let text = String::from_utf8(one.bytes()).unwrap();
    assert!(!text.contains("secret") && !text.contains("1234\""), "neither link nor PIN is evidence");
    let mut older: serde_json::Value = serde_json::from_slice(&one.bytes()).unwrap();
    older["version"] = 99.into();
    assert!(matches!(Case::parse(older.to_string().as_bytes()), Err(CaseError::Unreadable)));
}

#[test]
fn an_explanation_computed_again_has_the_same_bytes_and_says_who_why_and_by_which_evidence() {
    let evidence = archived(&[row("1", "reg-1", "Bob Stone", -60, 3_700), row("2", "reg-2", "Ann Lee", 0, 3_000)]);
    let made = case(&everybody(), &[], vec![], &evidence);
    let (facts, decision) = made.decide(&evidence).unwrap();
    let first = explanations(&made, &facts, &decision, 5);
    let again = Case::parse(&made.bytes()).unwrap();
    let (facts_again, decision_again) = again.decide(&evidence).unwrap();
    assert_eq!(explanations(&again, &facts_again, &decision_again, 99).file, first.file, "the moment is no part of it");
    for (account, decided) in &first.decided {
        let from = usize::try_from(decided.explained.from).unwrap();
        let kept = &first.file[from..from + decided.explained.bytes as usize];
        assert_eq!(sha256(kept), decided.explained.sha256);
        assert_eq!(explanation_of(&again, &facts_again, &decision_again, account).as_deref(), Some(kept));
    }
    let (_, ann) = first.decided.iter().find(|(account, _)| *account == AccountId::from_bits(2)).unwrap();
    assert_eq!((ann.verdict, ann.attended, ann.missed), (Verdict::Short, 3_000, 600));
    let from = usize::try_from(ann.explained.from).unwrap();
    let json: serde_json::Value =
        serde_json::from_slice(&first.file[from..from + ann.explained.bytes as usize]).unwrap();
    assert_eq!(json["missed"][0]["reason"], "left_early");
    assert_eq!(json["missed"][0]["from"], "2026-06-01T15:50:00Z");
    assert_eq!(json["evidence"]["case"], made.name());
    assert_eq!(json["evidence"]["source_sha256"], sha256(&evidence));
    assert_eq!(json["rule"]["version"], documents::attendance::RULE);
    assert!(!first.file[from..].windows(9).any(|text| text == b"Bob Stone"), "nobody else stands in it");
}

#[test]
fn evidence_with_another_byte_decides_nothing() {
    let evidence = archived(&[row("1", "reg-1", "Bob Stone", 0, 3_600)]);
    let made = case(&everybody(), &[], vec![], &evidence);
    let mut changed = evidence.clone();
    let last = changed.len() - 2;
    changed[last] ^= 1;
    assert!(matches!(made.decide(&changed), Err(CaseError::OtherEvidence)));
}

#[test]
fn the_substance_moves_with_what_was_decided_and_with_nothing_else() {
    let substance = |rows: &[String], people: &[Participation], words: &[Adjustment]| {
        let evidence = archived(rows);
        let made = case(people, words, vec![], &evidence);
        let (facts, decision) = made.decide(&evidence).unwrap();
        let all = explanations(&made, &facts, &decision, 5);
        all.decided.into_iter().find(|(account, _)| *account == AccountId::from_bits(1)).unwrap().1.substance
    };
    let bob = row("1", "reg-1", "Bob Stone", -60, 3_700);
    let plain = substance(std::slice::from_ref(&bob), &everybody(), &[]);
    let mut more = everybody();
    more.push(person(3, ("Cy", "Young")));
    let with_ann = [bob.clone(), row("2", "reg-2", "Ann Lee", 0, 60)];
    assert_eq!(substance(&with_ann, &more, &[]), plain, "others are no part of his");
    assert_ne!(substance(&[row("1", "reg-1", "Bob Stone", -60, 3_500)], &everybody(), &[]), plain);
    let word = |said| Adjustment {
        number: 1,
        at: 9,
        by: AccountId::from_bits(9),
        voice: Voice::Provider,
        why: "seen".into(),
        said,
    };
    let full = Said::Decide { account: AccountId::from_bits(1), full: true, appeal: false };
    assert_ne!(substance(std::slice::from_ref(&bob), &everybody(), &[word(full)]), plain);
    let anns = Said::Decide { account: AccountId::from_bits(2), full: true, appeal: false };
    assert_eq!(substance(&[bob], &everybody(), &[word(anns)]), plain);
}

#[test]
fn what_webhooks_told_of_a_telephone_finds_its_row_in_the_report() {
    let sighting = |kind, user: &str, phone: Option<&str>| Sighting {
        meeting: MeetingNumber::parse("81234567890").unwrap(),
        instance: "uuid-1".into(),
        at: START + 30,
        told_ms: 0,
        kind,
        who: Participant { user_id: Some(user.into()), phone: phone.map(Into::into), ..Participant::default() },
    };
    let bound = Kind::Bound { user_id: Some("1".into()), participant_uuid: None };
    let seen = [
        sighting(bound, "5", None),
        sighting(Kind::Joined, "5", Some("13125550142")),
        sighting(Kind::Joined, "1", None),
    ];
    let told = calls(&seen, &[]);
    assert_eq!(told.len(), 1, "only connections of which more is told than the report says");
    let mut turned = seen.to_vec();
    turned.reverse();
    assert_eq!(calls(&turned, &[]), told);
    assert_eq!(calls(&[], &told), told, "what an earlier case knew outlives the sightings");
    // The computer came late, the telephone that was bound to it was there from the start.
    let evidence = archived(&[row("1", "reg-1", "Bob Stone", 600, 3_600), row("5", "", "1312***0142", 0, 3_600)]);
    let verdict =
        |known: Vec<Call>| case(&everybody(), &[], known, &evidence).decide(&evidence).unwrap().1.people[0].verdict;
    assert_eq!(verdict(vec![]), Verdict::Short);
    assert_eq!(verdict(told), Verdict::Full);
}

#[test]
fn a_file_in_which_nobody_stays_to_the_end_holds_the_event_rather_than_refusing_everybody() {
    let csv = |until: &str, minutes: u32| {
        let row =
            |name: &str, email: &str| format!("{name},{email},06/01/2026 10:58:00 AM,06/01/2026 {until},{minutes}\n");
        let head = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes)\n";
        [head.to_owned(), row("Bob Stone", "person1@example.org"), row("Ann Lee", "person2@example.org")].concat()
    };
    let verdicts = |csv: &str, report: Option<&Report>| {
        let file = File {
            kept: Kept { key: "evidence/uploads/x".into(), sha256: sha256(csv.as_bytes()), bytes: csv.len() as u64 },
            name: "participants.csv".into(),
            at: START + 9_000,
            by: AccountId::from_bits(9),
            zone: Zone::parse("America/New_York").unwrap(),
            near: jiff::civil::date(2026, 6, 1),
            rows: 2,
            minutes_only: false,
        };
        let basis = Basis::File(&file, report);
        let made = Case::of(&event(), Facts::of_event(&event(), &everybody(), basis.hosts()), &[], vec![], basis);
        let (_, decision) = made.decide(csv.as_bytes()).unwrap();
        let holds: Vec<&str> = decision.window.holds.iter().map(|hold| hold.code()).collect();
        (decision.people.iter().map(|person| person.verdict).collect::<Vec<_>>(), holds)
    };
    let whole = csv("12:00:30 PM", 63);
    assert_eq!(verdicts(&whole, None).0, [Verdict::Full; 2]);
    let short = csv("11:57:00 AM", 59);
    let (held, holds) = verdicts(&short, None);
    assert_eq!((held, holds.contains(&"times_differ")), (vec![Verdict::Review; 2], true));
    // What Zoom said of the run stands beside the file: it was open, and they left.
    let evidence = archived(&[row("1", "reg-1", "Bob Stone", 0, 3_420)]);
    assert_eq!(verdicts(&short, Some(&report(&evidence))).0, [Verdict::Short; 2]);
}

#[test]
fn an_uploaded_file_is_read_by_its_clock() {
    let csv = b"Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes)\nBob Stone,person1@example.org,06/01/2026 11:00:00 AM,06/01/2026 12:00:00 PM,60\n";
    let read = read_file(csv, &Zone::parse("America/New_York").unwrap(), jiff::civil::date(2026, 6, 1)).unwrap();
    assert_eq!((read.rows[0].join, read.rows[0].leave), (Some(START), Some(START + 3_600)));
}
