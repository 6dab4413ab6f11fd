//! The fake Zoom's own promises: its pages, its webhooks, and what it tells of a meeting that is played through.

use domain::zoom::ZoomKind;
use local::zoom::{self, Hooks, NewMeeting, Part, Play, Who, ZoomServer, signature};
use serde_json::Value;
use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

const STARTS: i64 = 1_773_169_200;

fn ask(server: &ZoomServer, request: &str, more: &str, body: &str) -> String {
    let own = server.url().strip_prefix("http://").unwrap();
    let host = if more.contains("Host:") { String::new() } else { format!("Host: {own}\r\n") };
    let mut stream = TcpStream::connect(own).unwrap();
    let head = format!("{request} HTTP/1.1\r\nConnection: close\r\n{host}{more}Content-Length: {}\r\n\r\n", body.len());
    stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// A webhook as it came.
struct Came {
    timestamp: i64,
    signature: String,
    body: String,
}

impl Came {
    fn event(&self) -> String {
        serde_json::from_str::<Value>(&self.body).unwrap()["event"].as_str().unwrap().to_owned()
    }
}

/// An endpoint that refuses the first few, and hands on what came.
fn endpoint(refuse: usize) -> (String, Receiver<Came>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/webhooks/zoom", listener.local_addr().unwrap());
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for (place, stream) in listener.incoming().enumerate() {
            let mut stream = stream.unwrap();
            let mut text = String::new();
            let mut buffer = [0; 8_192];
            let body = loop {
                let read = stream.read(&mut buffer).unwrap();
                text.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
                let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                let header = |name: &str| {
                    let of = |line: &&str| line.to_ascii_lowercase().starts_with(&format!("{name}:"));
                    head.lines().find(of).and_then(|line| line.split_once(": ")).map(|(_, value)| value.to_owned())
                };
                if body.len() >= header("content-length").unwrap().parse().unwrap() {
                    break Came {
                        timestamp: header("x-zm-request-timestamp").unwrap().parse().unwrap(),
                        signature: header("x-zm-signature").unwrap(),
                        body: body.to_owned(),
                    };
                }
            };
            let status = if place < refuse { "500 x" } else { "204 x" };
            let answer = format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
            stream.write_all(answer.as_bytes()).unwrap();
            sender.send(body).ok();
        }
    });
    (url, receiver)
}

fn come(receiver: &Receiver<Came>, count: usize) -> Vec<Came> {
    (0..count).map(|_| receiver.recv_timeout(Duration::from_secs(10)).expect("a webhook")).collect()
}

fn hooks(url: String) -> Hooks {
    Hooks { url: Some(url), pauses: vec![Duration::from_millis(50); 3], ..Hooks::default() }
}

#[test]
fn what_happens_is_told_in_order_signed_over_its_very_bytes_and_soon() {
    let server = ZoomServer::start(0).unwrap();
    let (url, receiver) = endpoint(0);
    server.zoom().set_hooks(hooks(url));
    let number = server.zoom().add_meeting(NewMeeting::at(ZoomKind::Webinar, STARTS, 60));
    server.zoom().start(&number, STARTS, STARTS, 1).unwrap();
    let join = server.zoom().join(&number, &Who::Guest("Ada".to_owned()), STARTS + 5).unwrap();
    server.zoom().leave(&number, &join, STARTS + 65);
    server.zoom().end(&number, STARTS + 70, STARTS + 70);
    let came = come(&receiver, 4);
    let events: Vec<String> = came.iter().map(Came::event).collect();
    assert_eq!(events, ["webinar.started", "webinar.participant_joined", "webinar.participant_left", "webinar.ended"]);
    for hook in &came {
        assert_eq!(hook.signature, signature(zoom::WEBHOOK_SECRET, hook.timestamp, &hook.body));
        assert!((adapters::clock::now() - hook.timestamp).abs() < 60);
    }
    let left: Value = serde_json::from_str(&came[2].body).unwrap();
    assert_eq!(left["event_ts"], (STARTS + 65) * 1000);
    let object = &left["payload"]["object"];
    assert_eq!(
        (object["id"].as_str(), object["participant"]["leave_time"].as_str()),
        (Some(&*number), Some("2026-03-10T19:01:05Z"))
    );
    assert!(object["participant"]["leave_reason"].as_str().unwrap().contains("<br>"));
    // The number is a number where it begins, and a text elsewhere.
    let started: Value = serde_json::from_str(&came[0].body).unwrap();
    assert!(started["payload"]["object"]["id"].is_i64());
}

#[test]
fn a_webhook_that_is_refused_comes_again_and_on_demand_twice_and_out_of_order() {
    let server = ZoomServer::start(0).unwrap();
    let (url, receiver) = endpoint(2);
    server.zoom().set_hooks(hooks(url.clone()));
    let number = server.zoom().add_meeting(NewMeeting::at(ZoomKind::Meeting, STARTS, 60));
    server.zoom().start(&number, STARTS, STARTS, 1).unwrap();
    let came = come(&receiver, 3);
    assert!(came.iter().all(|hook| hook.body == came[0].body));
    server.zoom().set_hooks(Hooks { twice: true, out_of_order: true, ..hooks(url) });
    server.zoom().play_at_once(&number, STARTS);
    let told = server.zoom().told();
    let came = come(&receiver, 4);
    assert_eq!(came[0].body, came[1].body);
    let place = |hook: &Came| told.iter().position(|body| *body == hook.body).unwrap();
    assert!(place(&came[0]) > place(&came[2]), "the later came first");
}

#[test]
fn a_meeting_that_is_played_through_tells_one_of_everything_that_is_hard_to_read() {
    let server = ZoomServer::start(0).unwrap();
    let fake = server.zoom();
    let number = fake.add_meeting(NewMeeting::at(ZoomKind::Meeting, STARTS, 60));
    for name in ["Ada", "Bo", "Cy", "Di", "Ed", "Fay"] {
        fake.register(&number, &format!("{name}@people.example"), name, "Example").unwrap();
    }
    assert!(fake.play_at_once(&number, STARTS));
    let told = fake.told().join("\n");
    for event in [
        "started",
        "participant_joined",
        "participant_left",
        "participant_bind",
        "participant_joined_breakout_room",
        "participant_left_breakout_room",
        "ended",
    ] {
        assert!(told.contains(&format!("\"meeting.{event}\"")), "{event}");
    }
    let meeting = fake.meeting(&number).unwrap();
    let running = &meeting.runnings[0];
    assert_eq!((running.starts_at, running.ends_at), (STARTS - 600, Some(STARTS + 3_660)));
    let of = |place: usize| {
        running.stays.iter().filter(|stay| stay.registrant_id.as_ref() == Some(&meeting.registrants[place].id)).count()
    };
    // Once, away between, with a telephone, shared, with a breakout room, early away.
    assert_eq!([0, 1, 2, 3, 4, 5].map(of), [1, 2, 2, 2, 2, 1]);
    assert!(running.stays.iter().all(|stay| stay.left_at.is_some_and(|left| left >= stay.joined_at)));
}

#[test]
fn who_waits_is_let_in_and_the_wait_is_a_row_of_its_own() {
    let server = ZoomServer::start(0).unwrap();
    let fake = server.zoom();
    let number = fake.add_meeting(NewMeeting::at(ZoomKind::Meeting, STARTS, 60));
    assert_eq!(fake.join(&number, &Who::Host, STARTS), None, "nothing is running");
    fake.start(&number, STARTS, STARTS, 1).unwrap();
    let waiting = fake.wait(&number, &Who::Guest("Ada".to_owned()), STARTS).unwrap();
    fake.admit(&number, &waiting, STARTS + 30).unwrap();
    let stays = fake.meeting(&number).unwrap().runnings.remove(0).stays;
    let told: Vec<_> = stays.iter().map(|stay| (stay.is_waiting, stay.joined_at, stay.left_at)).collect();
    assert_eq!(told, [(true, STARTS, Some(STARTS + 30)), (false, STARTS + 30, None)]);
}

#[test]
fn a_person_makes_a_meeting_and_plays_it_with_the_buttons() {
    let server = ZoomServer::start(0).unwrap();
    let answer = ask(&server, "POST /meetings", "", "kind=webinar&topic=Ethics+%26+Law&in=5&minutes=60");
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    let number = server.zoom().meetings().remove(0).number;
    let maria = server.zoom().register(&number, "maria@people.example", "Maria", "Garcia").unwrap();
    assert!(ask(&server, "GET /", "", "").contains("Ethics &#38; Law"));
    let link = format!("/j/{number}?tk={}", maria.token);
    assert!(ask(&server, &format!("GET {link}"), "", "").contains("hasn't started it"));
    ask(&server, &format!("POST /meetings/{number}/start"), "", "pace=60");
    assert!(ask(&server, &format!("GET {link}"), "", "").contains(">Join<"));
    ask(&server, &format!("POST /j/{number}"), "", &format!("tk={}", maria.token));
    assert!(ask(&server, &format!("GET {link}"), "", "").contains("You are in."));
    let page = ask(&server, &format!("GET /meetings/{number}"), "", "");
    assert!(page.contains("running, 2 there") && page.contains("Leaves"), "{page}");
    ask(&server, &format!("POST /meetings/{number}/end"), "", "");
    let running = server.zoom().meeting(&number).unwrap().runnings.remove(0);
    assert!(running.ends_at.is_some() && running.starts_at == server.zoom().meeting(&number).unwrap().starts_at);
    assert!(ask(&server, "GET /j/1?tk=x", "", "").starts_with("HTTP/1.1 404"));
}

#[test]
fn pages_bring_a_strict_policy_and_answer_no_other_site() {
    let server = ZoomServer::start(0).unwrap();
    let page = ask(&server, "GET /", "", "");
    assert!(page.contains("content-security-policy: default-src 'none'"), "{page}");
    assert!(!page.contains("<script") && !page.contains(" style=") && !page.contains("https://"), "{page}");
    for strange in ["Host: evil.example\r\n", "Origin: https://evil.example\r\n"] {
        assert!(ask(&server, "POST /meetings", strange, "kind=meeting").starts_with("HTTP/1.1 403"), "{strange}");
    }
    assert!(server.zoom().meetings().is_empty());
    let fault = r#"{"path":"/v2/","status":503,"count":1}"#;
    assert!(ask(&server, "POST /_zoom/faults", "", fault).starts_with("HTTP/1.1 200"));
    assert!(ask(&server, "GET /v2/meetings/1", "", "").starts_with("HTTP/1.1 503"));
    assert!(ask(&server, "GET /v2/meetings/1", "", "").starts_with("HTTP/1.1 401"));
}

/// A meeting of an hour with these registrants, played through; its only running, or the last.
fn played(fake: &zoom::FakeZoom, names: &[&str], play: &Play) -> (String, Vec<zoom::Running>) {
    let number = fake.add_meeting(NewMeeting::at(ZoomKind::Meeting, STARTS, 60));
    for name in names {
        fake.register(&number, &format!("{name}@people.example"), name, "Example").unwrap();
    }
    assert!(fake.stage(&number, play, STARTS));
    let runnings = fake.meeting(&number).unwrap().runnings;
    (number, runnings)
}

/// What each stay of the registrants comes to: the name, from and to in seconds after the beginning, and what is odd in it.
fn told(runnings: &[zoom::Running]) -> Vec<String> {
    let stays = runnings.iter().flat_map(|running| &running.stays).filter(|stay| !stay.is_host);
    let odd = |stay: &zoom::Stay| match (stay.is_waiting, &stay.room, &stay.phone, &stay.registrant_id) {
        (true, ..) => " waiting",
        (_, Some(_), ..) => " breakout",
        (_, _, Some(_), Some(_)) => " known phone",
        (_, _, Some(_), None) => " phone",
        (_, _, _, None) => " stranger",
        _ => "",
    };
    let told = |stay: &zoom::Stay| {
        format!("{} {}..{}{}", stay.name, stay.joined_at - STARTS, stay.left_at.unwrap() - STARTS, odd(stay))
    };
    stays.map(told).collect()
}

#[test]
fn each_part_is_played_as_it_is_called() {
    let server = ZoomServer::start(0).unwrap();
    let ada = "Ada Example -120";
    for (choice, expected) in [
        ("in_full", vec![format!("{ada}..3660")]),
        ("late", vec!["Ada Example 600..3660".to_owned()]),
        ("early", vec![format!("{ada}..2400")]),
        ("away", vec![format!("{ada}..1200"), "Ada Example 1740..3660".to_owned()]),
        ("devices", vec![format!("{ada}..3660"), "Ada Example 120..3660".to_owned()]),
        ("breakout", vec![format!("{ada}..3660"), "Ada Example 1800..2400 breakout".to_owned()]),
        ("bound", vec![format!("{ada}..3660"), "Ada Example 60..3660 known phone".to_owned()]),
        ("pin", vec!["1312***0100 -120..3660 known phone".to_owned()]),
        ("phone", vec!["1312***0100 -120..3660 phone".to_owned()]),
        ("shared", vec![format!("{ada}..3660"), "A Colleague 120..3660".to_owned()]),
        ("renamed", vec!["Somebody Else -120..3660".to_owned()]),
        ("waited", vec![format!("{ada}..600 waiting"), "Ada Example 600..3660".to_owned()]),
        ("absent", vec![]),
        ("restarted", vec![format!("{ada}..1200"), "Ada Example 1325..3660".to_owned()]),
    ] {
        let play = Play::named(choice, 3_600).unwrap();
        assert_eq!(told(&played(server.zoom(), &["Ada"], &play).1), expected, "{choice}");
    }
    let choices: Vec<&str> = Play::CHOICES.iter().map(|(name, _)| *name).collect();
    assert!(choices.iter().all(|name| Play::named(name, 3_600).is_some()) && Play::named("other", 3_600).is_none());
}

#[test]
fn who_plays_what_is_said_person_by_person_and_a_restart_is_another_running() {
    let server = ZoomServer::start(0).unwrap();
    let play = Play::everybody(Part::InFull)
        .with("BO@people.example", Part::LeftEarly { at: 3_599 })
        .with("cy@people.example", Part::JoinedLate { at: 1_250 })
        .with("di@people.example", Part::Absent)
        .restarted(1_200, 1_320);
    let (_, runnings) = played(server.zoom(), &["Ada", "Bo", "Cy", "Di"], &play);
    let open: Vec<_> = runnings.iter().map(|it| (it.starts_at - STARTS, it.ends_at.unwrap() - STARTS)).collect();
    assert_eq!(open, [(-600, 1_200), (1_320, 3_660)]);
    assert_ne!(runnings[0].uuid, runnings[1].uuid);
    assert_eq!(runnings.iter().map(zoom::Running::people).collect::<Vec<_>>(), [3, 4]);
    let mut stays = told(&runnings);
    stays.sort();
    assert_eq!(
        stays,
        [
            "Ada Example -120..1200",
            "Ada Example 1325..3660",
            "Bo Example -105..1200",
            "Bo Example 1325..3599",
            "Cy Example 1330..3660",
        ]
    );
}

#[test]
fn a_telephones_number_is_whole_in_webhooks_and_masked_in_names() {
    let server = ZoomServer::start(0).unwrap();
    played(server.zoom(), &["Ada"], &Play::everybody(Part::PhoneAlone));
    let told = server.zoom().told().into_iter().find(|body| body.contains("1312***0100")).unwrap();
    let told: Value = serde_json::from_str(&told).unwrap();
    let who = &told["payload"]["object"]["participant"];
    assert_eq!((who["phone_number"].as_str(), who["user_name"].as_str()), (Some("13125550100"), Some("1312***0100")));
}

#[test]
fn a_person_chooses_a_play_and_spoils_the_reports_with_the_buttons() {
    let server = ZoomServer::start(0).unwrap();
    let fake = server.zoom();
    let number = fake.add_meeting(NewMeeting::at(ZoomKind::Meeting, STARTS, 60));
    fake.register(&number, "ada@people.example", "Ada", "Example").unwrap();
    let page = ask(&server, &format!("GET /meetings/{number}"), "", "");
    assert!(page.contains("everybody in full") && page.contains("Play it at once"), "{page}");
    ask(&server, &format!("POST /meetings/{number}/play"), "", "choice=late&pace=at_once");
    assert_eq!(told(&fake.meeting(&number).unwrap().runnings), ["Ada Example 600..3660"]);
    for kind in ["late", "empty", "growing", "small_pages", "at_once", "recover"] {
        let answer = ask(&server, "POST /bad-day", "", &format!("kind={kind}"));
        assert!(answer.starts_with("HTTP/1.1 303"), "{kind}: {answer}");
    }
    ask(&server, &format!("POST /meetings/{number}/start"), "", "pace=1");
    let who = fake.meeting(&number).unwrap().registrants[0].id.clone();
    ask(&server, &format!("POST /meetings/{number}/wait"), "", &format!("who={who}"));
    let page = ask(&server, &format!("GET /meetings/{number}"), "", "");
    assert!(page.contains("Let in") && page.contains("Takes another name"), "{page}");
    let join = fake.meeting(&number).unwrap().open().unwrap().stays[1].user_id.clone();
    ask(&server, &format!("POST /meetings/{number}/admit"), "", &format!("who={join}"));
    let join = fake.meeting(&number).unwrap().open().unwrap().stays[2].user_id.clone();
    ask(&server, &format!("POST /meetings/{number}/rename"), "", &format!("who={join}"));
    assert_eq!(fake.meeting(&number).unwrap().open().unwrap().stays[2].name, "Somebody Else");
}
