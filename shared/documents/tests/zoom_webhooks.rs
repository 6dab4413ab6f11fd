//! Zoom's own examples and the shapes that bodies really have: each is read as what it says.

use documents::zoom::webhook::{LARGEST_BODY, Told, Webhook, WebhookError, Why};
use domain::presence::{Kind, Live, MeetingNumber, Sighting};
use proptest::prelude::*;
use serde_json::{Value, json};

macro_rules! sample {
    ($name:literal) => {
        Webhook::parse(include_bytes!(concat!("data/zoom/webhooks/", $name, ".json"))).unwrap()
    };
}

/// When the examples say that things happened: 2021-07-13T21:44:51Z.
const THEN: i64 = 1_626_212_691;
/// When most of them say that it was told.
const TOLD_MS: i64 = 1_626_230_691_572;

fn seen(webhook: Webhook) -> Sighting {
    match webhook.told {
        Told::Seen(sighting) => *sighting,
        other => panic!("{}: {other:?}", webhook.event),
    }
}

/// Jill, as all examples of participants have her.
fn check_jill(sighting: &Sighting, user_id: &str) {
    assert_eq!((sighting.meeting.as_str(), sighting.instance.as_str()), ("1234567890", "4444AAAiAAAAAiAiAiiAii=="));
    assert_eq!(sighting.told_ms, TOLD_MS);
    let who = &sighting.who;
    let texts = [&who.user_id, &who.participant_uuid, &who.registrant_id, &who.email, &who.name, &who.phone];
    let wanted = [
        user_id,
        "55555AAAiAAAAAiAiAiiAii",
        "abcdefghij0-klmnopq23456",
        "jchill@example.com",
        "Jill Chill",
        "8615250064084",
    ];
    assert_eq!(texts.map(|text| text.as_deref().unwrap_or_default()), wanted);
}

#[test]
fn the_examples_of_participants_say_who_was_seen_where_and_when() {
    const JOIN: &str = "55555AAAiAAAAAiAiAiiAii";
    let room = || "FkQbpP2UR028mDrwzEahqw==".to_owned();
    let bound = Kind::Bound {
        user_id: Some("16778240".to_owned()),
        participant_uuid: Some("B8E2844F-F162-4808-A997-F267BCE8B0BB".to_owned()),
    };
    let reason = "Jill Chill left the webinar. Reason: Host ended the webinar.".to_owned();
    let cases = [
        (sample!("meeting.participant_joined"), Kind::Joined, THEN, JOIN),
        (sample!("meeting.participant_bind"), bound, THEN, JOIN),
        (
            sample!("meeting.participant_joined_breakout_room"),
            Kind::JoinedBreakout { room: room() },
            THEN + 60,
            "31228928",
        ),
        (sample!("meeting.participant_joined_waiting_room"), Kind::JoinedWaitingRoom, THEN, JOIN),
        (sample!("meeting.participant_left_waiting_room"), Kind::LeftWaitingRoom, THEN, JOIN),
        (sample!("webinar.participant_left"), Kind::Left { reason }, THEN + 66 * 60, JOIN),
    ];
    for (webhook, kind, at, user_id) in cases {
        let sighting = seen(webhook);
        assert_eq!((&sighting.kind, sighting.at), (&kind, at));
        check_jill(&sighting, user_id);
    }
}

#[test]
fn the_examples_of_a_beginning_and_of_a_rehearsals_end_are_told_apart() {
    let started = seen(sample!("meeting.started"));
    assert_eq!((started.kind, started.at, started.meeting.as_str()), (Kind::Started, THEN, "1234567890"));
    assert_eq!(sample!("webinar.ended").told, Told::Nothing(Why::Rehearsal));
    let ended = include_str!("data/zoom/webhooks/webinar.ended.json").replace("\"practice_session\": true", "\"x\": 1");
    let ended = seen(Webhook::parse(ended.as_bytes()).unwrap());
    assert_eq!((ended.kind, ended.at), (Kind::Ended, THEN + 4_560));
}

#[test]
fn the_other_examples_have_no_effect_each_for_its_reason() {
    let cases = [
        (sample!("meeting.participant_jbh_waiting"), Why::BeforeHost),
        (sample!("meeting.participant_jbh_waiting_left"), Why::BeforeHost),
        (sample!("meeting.registration_approved"), Why::Registration),
        (sample!("meeting.participant_role_changed"), Why::OtherKind),
        (sample!("webinar.converted_to_meeting"), Why::OtherKind),
    ];
    for (webhook, why) in cases {
        assert_eq!(webhook.told, Told::Nothing(why), "{}", webhook.event);
        assert_eq!(webhook.told_ms, Some(TOLD_MS), "{}", webhook.event);
    }
}

#[test]
fn webinars_use_the_same_words_and_the_rarer_kinds_are_known() {
    let kinds = [
        ("started", Kind::Started),
        ("ended", Kind::Ended),
        ("participant_joined", Kind::Joined),
        ("participant_put_in_waiting_room", Kind::PutInWaitingRoom),
        ("participant_admitted", Kind::Admitted),
        ("participant_left_breakout_room", Kind::LeftBreakout { room: String::new() }),
    ];
    for (name, kind) in kinds {
        for of in ["meeting", "webinar"] {
            let body = json!({"event": format!("{of}.{name}"), "event_ts": 5_000_000_000_i64,
                "payload": {"object": {"id": 123456789, "participant": {"user_id": 7}}}});
            assert_eq!(seen(parse(&body)).kind, kind, "{of}.{name}");
        }
    }
    for of in ["meeting_chat", "phone", "user", ""] {
        assert_eq!(parse(&json!({"event": format!("{of}.started")})).told, Told::Nothing(Why::OtherKind), "{of}");
    }
}

fn parse(body: &Value) -> Webhook {
    Webhook::parse(body.to_string().as_bytes()).unwrap()
}

fn joined(meeting: Value, participant: Value) -> Webhook {
    parse(&json!({"event": "meeting.participant_joined", "event_ts": TOLD_MS,
        "payload": {"object": {"id": meeting, "uuid": "u", "participant": participant}}}))
}

#[test]
fn every_recorded_shape_is_handled() {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("data/zoom/payload_shapes.json")).unwrap();
    for vector in &vectors {
        let (input, expected) = (&vector["input"], &vector["expected"]);
        match vector["id"].as_str().unwrap() {
            "sh-01" => {
                let who = json!({"user_id": "1"});
                let [one, other] = [0, 1].map(|place| seen(joined(input[place].clone(), who.clone())).meeting);
                assert_eq!(one, other, "{expected}");
            }
            "sh-03" => {
                let body = json!({"event": input["event"], "event_ts": TOLD_MS,
                    "payload": {"object": {"id": 111111111, "participant": input["participant"]}}});
                assert_eq!(parse(&body).told, Told::Nothing(Why::BeforeHost), "{expected}");
            }
            "sh-05" => {
                let body = json!({"event": "meeting.participant_left", "event_ts": TOLD_MS, "payload": {"object":
                    {"id": 111111111, "participant": {"user_id": "1", "leave_reason": input}}}});
                let Kind::Left { reason } = seen(parse(&body)).kind else { panic!("not left") };
                assert_eq!(reason, "Jill Chill left the meeting. Reason: Host ended the meeting.", "{expected}");
            }
            "sh-07" => {
                let times = ["2022-03-23T06:58:09Z", "2022-03-23T07:02:28Z"];
                let [from, to] =
                    times.map(|at| seen(joined(json!(111111111), json!({"user_id": 1, "join_time": at}))).at);
                assert_eq!(json!(to - from), input["api_s"]);
                assert_eq!(json!((to - from).unsigned_abs().div_ceil(60)), expected["csv_minutes"]);
            }
            // About the pages of a report, which a webhook doesn't have.
            "sh-09" => assert_eq!(expected, "fetch on"),
            unknown => panic!("{unknown} is a shape that nobody has looked at"),
        }
    }
}

#[test]
fn what_is_missing_or_of_another_type_is_not_told_and_no_error() {
    let bare = seen(joined(json!("123456789"), json!({"user_id": 16778240})));
    assert_eq!((bare.at, bare.who.user_id.as_deref()), (TOLD_MS / 1_000, Some("16778240")));
    let odd = json!({"user_id": ["x"], "participant_uuid": " u ", "email": {}, "user_name": 7, "join_time": "soon",
        "phone_number": "", "registrant_id": null, "new_member": {"deep": [1]}});
    let odd = seen(joined(json!(123456789), odd));
    assert_eq!(odd.who.participant_uuid.as_deref(), Some("u"));
    assert_eq!(odd.who.name.as_deref(), Some("7"));
    assert_eq!([&odd.who.user_id, &odd.who.email, &odd.who.phone, &odd.who.registrant_id], [&None; 4]);
    let incomplete = [
        joined(json!(null), json!({"user_id": 1})),
        joined(json!("12"), json!({"user_id": 1})),
        joined(json!(1.5e9), json!({"user_id": 1})),
        joined(json!(123456789), json!({"user_name": "Ann"})),
        joined(json!(123456789), json!("Ann")),
        parse(&json!({"event": "meeting.started", "payload": {"object": {"id": 123456789}}})),
        parse(&json!({"event": "meeting.started"})),
        parse(&json!({"event": "endpoint.url_validation", "payload": {"plainToken": ""}})),
        parse(&json!({"event": "endpoint.url_validation", "payload": {"plainToken": "x".repeat(300)}})),
    ];
    for webhook in incomplete {
        assert_eq!(webhook.told, Told::Nothing(Why::Incomplete), "{}", webhook.event);
    }
}

#[test]
fn a_token_to_validate_the_address_is_read_as_it_is() {
    let webhook = parse(&json!({"event": "endpoint.url_validation", "payload": {"plainToken": "plainTokenField"}}));
    assert_eq!(webhook.told, Told::UrlValidation { plain_token: "plainTokenField".to_owned() });
    assert_eq!(format!("{:?}", webhook.told), "UrlValidation(…)");
}

#[test]
fn what_is_no_webhook_is_refused_by_what_it_is() {
    let refusal = |body: &[u8]| Webhook::parse(body).unwrap_err().to_string();
    assert_eq!(refusal(b""), "the body isn't JSON, at line 1, column 0");
    assert_eq!(refusal(b"{\"event\":\"meeting.started\""), "the body isn't JSON, at line 1, column 26");
    assert!(matches!(Webhook::parse(b"\xff\xfe"), Err(WebhookError::NotJson { .. })));
    for nameless in ["[]", "{}", "7", "{\"event\":7}", "{\"event\":\"\"}", "{\"event\":\"\\u4e16\"}"] {
        assert_eq!(refusal(nameless.as_bytes()), "the body names no event", "{nameless}");
    }
    let deep = "[".repeat(100_000);
    assert!(matches!(Webhook::parse(deep.as_bytes()), Err(WebhookError::NotJson { .. })));
    let huge = vec![b' '; LARGEST_BODY + 1];
    assert!(matches!(Webhook::parse(&huge), Err(WebhookError::TooLarge { .. })));
}

#[test]
fn a_long_name_is_cut_and_a_strange_event_stays_out_of_the_log() {
    let webhook = joined(json!(123456789), json!({"user_id": 1, "user_name": "é".repeat(1_000)}));
    assert_eq!(seen(webhook).who.name.unwrap().chars().count(), 300);
    let strange = parse(&json!({"event": "meeting.started\n{\"level\":\"ERROR\"}"}));
    assert_eq!(strange.event.as_str(), "meeting.startedlevelERROR");
}

#[test]
fn the_examples_in_any_order_come_to_one_person() {
    let told = [
        seen(sample!("webinar.participant_left")),
        seen(sample!("meeting.participant_joined_breakout_room")),
        seen(sample!("meeting.participant_joined")),
        seen(sample!("meeting.participant_joined_waiting_room")),
    ];
    let live = Live::of(&told);
    assert_eq!((live.people.len(), live.count_in()), (1, 0));
    assert_eq!(live.people[0].key, "abcdefghij0-klmnopq23456");
    assert_eq!(told[0].meeting, MeetingNumber::parse("123 456 7890").unwrap());
}

proptest! {
    #[test]
    fn no_bytes_are_too_much(body in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = Webhook::parse(&body);
    }

    #[test]
    fn an_example_with_any_byte_changed_is_read_or_refused(place in 0usize..900, byte in any::<u8>()) {
        let mut body = include_bytes!("data/zoom/webhooks/meeting.participant_bind.json").to_vec();
        let place = place % body.len();
        body[place] = byte;
        let _ = Webhook::parse(&body);
    }
}
