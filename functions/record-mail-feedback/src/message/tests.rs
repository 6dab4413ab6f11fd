use super::*;
use serde_json::{Value, json};

const NOW: i64 = 1_770_000_100;

fn recorded(text: &str) -> String {
    let event: QueueEvent = serde_json::from_str(text).unwrap();
    event.records.into_iter().next().unwrap().body
}

fn bounced() -> Value {
    serde_json::from_str(&recorded(include_str!("../../../../events/record-mail-feedback/bounced.json"))).unwrap()
}

#[test]
fn the_recorded_events_are_understood() {
    let read = |text: &str| read(&recorded(text), NOW).unwrap().unwrap();
    let bounce = read(include_str!("../../../../events/record-mail-feedback/bounced.json"));
    assert_eq!(bounce.word, Word::CameBack(BounceKind::Permanent));
    assert_eq!(bounce.address.shown(), "maria.garcia@example.org");
    assert_eq!(bounce.mail.as_ref().map(MailId::as_str), Some("06ep3b7q5m9x2k8r4tz1vwy0ch"));
    assert_eq!((bounce.at, bounce.code.as_str()), (1_770_000_002, "General"));
    let full = read(include_str!("../../../../events/record-mail-feedback/mailbox-full.json"));
    assert_eq!((full.word, full.code.as_str()), (Word::CameBack(BounceKind::Transient), "MailboxFull"));
    let complaint = read(include_str!("../../../../events/record-mail-feedback/complained.json"));
    assert_eq!((complaint.word, complaint.code.as_str()), (Word::ComplainedOf(ComplaintKind::Unwanted), "abuse"));
}

#[test]
fn an_event_of_another_kind_is_nobodys_trouble() {
    let delivered = recorded(include_str!("../../../../events/record-mail-feedback/delivered.json"));
    assert_eq!(read(&delivered, NOW).unwrap(), None);
}

#[test]
fn the_mail_that_we_sent_says_whom_it_is_about_and_not_what_came_back() {
    let mut event = bounced();
    event["detail"]["bounce"]["bouncedRecipients"][0]["emailAddress"] = json!("somebody.else@elsewhere.example");
    let read = read(&event.to_string(), NOW).unwrap().unwrap();
    assert_eq!(read.address.shown(), "maria.garcia@example.org");
    assert!(!format!("{read:?}").contains("maria"), "people don't stand in logs");
}

#[test]
fn a_clock_that_is_ahead_and_a_code_that_is_none_do_no_harm() {
    let mut event = bounced();
    event["detail"]["bounce"]["timestamp"] = json!("2099-01-01T00:00:00.000Z");
    event["detail"]["bounce"]["bounceSubType"] = json!(format!("<b>\r\n{}", "x".repeat(100)));
    event["detail"]["mail"]["tags"] = json!({ "mail": ["../../x"] });
    let read = read(&event.to_string(), NOW).unwrap().unwrap();
    assert_eq!((read.at, read.mail), (NOW, None));
    assert_eq!(read.code, format!("b{}", "x".repeat(39)));
}

#[test]
fn a_complaint_that_is_no_readers_wish_is_told_from_one_that_is() {
    let kinds = [None, Some("abuse"), Some("fraud"), Some("other"), Some("auth-failure"), Some("not-spam")];
    let wanted = kinds.map(|kind| Word::ComplainedOf(complaint_kind(kind)).trouble().is_some());
    assert_eq!(wanted, [true, true, true, true, false, false]);
}

#[test]
fn what_the_service_doesnt_write_is_refused() {
    let strange = recorded(include_str!("../../../../events/record-mail-feedback/no-event-of-ses.json"));
    let changed = |place: &str, value: Value| {
        let mut event = bounced();
        *event.pointer_mut(place).unwrap() = value;
        event.to_string()
    };
    let bodies = [
        strange,
        String::new(),
        "{}".to_owned(),
        "[]".to_owned(),
        changed("/source", json!("custom.ses")),
        changed("/detail/bounce", Value::Null),
        changed("/detail/bounce/bounceType", json!("Forever")),
        changed("/detail/bounce/timestamp", json!("yesterday")),
        changed("/detail/mail/destination", json!([])),
        changed("/detail/mail/destination", json!(["a@example.org", "b@example.org"])),
        changed("/detail/mail/destination", json!(["Maria <maria@example.org>\r\n"])),
        changed("/detail/mail", json!("x")),
    ];
    for body in bodies {
        assert!(read(&body, NOW).is_err(), "{body}");
    }
}
