//! What the pieces say and show, from decisions as the domain makes them.

use super::*;
use domain::{
    attendance::{Facts, Hold, Instance, Missed, MissedReason, Reason, Registrant, Row, Verdict, decide},
    credit_type::{Rounding, Rule},
    email::EmailAddress,
    hours::CreditHours,
    name::PersonName,
};
use std::borrow::Cow;

const THREE: i64 = 1_782_932_400; // 2026-07-01T19:00:00Z: three o'clock in New York
const MINUTE: i64 = 60;

fn new_york() -> Zone {
    Zone::parse("America/New_York").unwrap()
}

fn span(from: i64, to: i64) -> Span {
    Span { from: THREE + from, to: THREE + to }
}

fn facts() -> Facts {
    let rule = Rule {
        minutes_per_credit: 60,
        increment: None,
        rounding: Rounding::Down,
        minimum_minutes: 0,
        first_credit_whole: false,
    };
    Facts {
        schedule: span(0, 60 * MINUTE),
        actual: None,
        breaks: Vec::new(),
        instances: Some(vec![Instance { uuid: "one".into(), open: span(-900, 65 * MINUTE) }]),
        is_partial: false,
        tolerance_seconds: 0,
        credits: vec![Advertised { body: "ASWB".into(), hours: CreditHours::from_hundredths(100).unwrap(), rule }],
        staff: Vec::new(),
        registrants: vec![Registrant {
            id: "ann".into(),
            name: PersonName { first: "Ann".into(), last: "Lee".into() },
            emails: vec![EmailAddress::parse("ann.lee@people.example").unwrap()],
            zoom_ids: vec!["z1".into()],
            phone_last4: None,
        }],
        settled: domain::attendance::Settled::default(),
    }
}

fn row(from: i64, to: i64, is_waiting: bool) -> Row<'static> {
    Row {
        is_waiting,
        join: Some(THREE + from),
        leave: Some(THREE + to),
        registrant_id: Cow::Borrowed("z1"),
        name: Cow::Borrowed("Ann Lee"),
        ..Row::default()
    }
}

fn explained(facts: &Facts, rows: &[Row<'_>], voice: Voice) -> (Explained, Person, Window) {
    explained_as(facts, rows, voice, "Ethics")
}

fn explained_as(facts: &Facts, rows: &[Row<'_>], voice: Voice, title: &str) -> (Explained, Person, Window) {
    let mut decision = decide(facts, rows);
    let (window, person) = (decision.window.clone(), decision.people.remove(0));
    let zone = new_york();
    let shown = Shown {
        id: "mine",
        title,
        zone: &zone,
        window: &window,
        person: &person,
        tolerance_seconds: facts.tolerance_seconds,
        advertised: &facts.credits,
        voice,
    };
    (Explained::of(&shown), person, window)
}

#[test]
fn a_minute_short_is_told_with_its_numbers_to_both() {
    let rows = [row(60, 60 * MINUTE, false)];
    let (you, ..) = explained(&facts(), &rows, Voice::You);
    assert_eq!(
        you.rule.last().unwrap(),
        "You attended 59 minutes of 60 minutes of instruction and missed 1 minute; the event's policy forgives 0 seconds, so it isn't in full."
    );
    assert_eq!(you.missed, ["3:00 PM to 3:01 PM, 1 minute: came after instruction had begun"]);
    assert_eq!(
        you.credits,
        [
            "ASWB: none of the 1.00 hours that were advertised. Credit is given for attending in full, never a part of it."
        ]
    );
    assert!(you.reasons[0].starts_with("You came after instruction had begun."));
    let (they, ..) = explained(&facts(), &rows, Voice::They);
    assert!(they.rule.last().unwrap().starts_with("They attended 59 minutes"));
    assert_eq!(they.reasons, ["They came after instruction had begun."]);
}

#[test]
fn what_is_forgiven_and_what_is_in_full_is_told() {
    let tolerant = Facts { tolerance_seconds: 90, ..facts() };
    let (you, ..) = explained(&tolerant, &[row(72, 60 * MINUTE, false)], Voice::You);
    assert_eq!(
        you.rule.last().unwrap(),
        "You attended 58 minutes 48 seconds of 60 minutes of instruction and missed 1 minute 12 seconds; the event's policy forgives 1 minute 30 seconds, so it is in full."
    );
    let (you, ..) = explained(&facts(), &[row(-120, 61 * MINUTE, false)], Voice::You);
    assert_eq!(you.rule.last().unwrap(), "You attended all 60 minutes of instruction, so it is in full.");
    assert_eq!(
        you.stays,
        ["2:58 PM to 4:01 PM, 1 hour 3 minutes: what lies before 3:00 PM or after 4:00 PM doesn't count"]
    );
    assert_eq!(you.credits, ["ASWB: 1.00 hours, all that was advertised."]);
    assert_eq!(you.missed, Vec::<String>::new());
}

#[test]
fn who_was_not_there_has_a_picture_and_words_all_the_same() {
    let (you, person, _) = explained(&facts(), &[], Voice::You);
    assert_eq!(person.verdict, Verdict::Absent);
    assert!(you.picture.contains("You weren&#39;t seen") && you.picture.contains("1 absent"), "{}", you.picture);
    assert_eq!(you.missed, ["3:00 PM to 4:00 PM, 1 hour: not there at all"]);
    assert!(you.rule.last().unwrap().contains("none of the 60 minutes"));
}

#[test]
fn what_is_not_settled_is_told_as_not_decided() {
    let late = Facts {
        instances: Some(vec![Instance { uuid: "one".into(), open: span(7 * MINUTE, 67 * MINUTE) }]),
        ..facts()
    };
    let (you, ..) = explained(&late, &[row(7 * MINUTE, 67 * MINUTE, false)], Voice::You);
    assert!(you.rule.last().unwrap().ends_with("nothing is decided before staff have looked at it."));
    assert!(you.rule.iter().any(|told| told.contains("For 7 minutes") && told.contains("nobody is charged")));
    assert_eq!(you.closed, ["3:00 PM to 3:07 PM, 7 minutes"]);
    assert!(you.credits[0].contains("as long as staff haven't looked at it"));
    let staff = EventExplained::of("times", "Ethics", &new_york(), &late, &domain::attendance::window(&late));
    assert!(staff.lines.contains(&"It opened 7 minutes after the scheduled start.".to_owned()), "{:?}", staff.lines);
    assert!(
        staff.lines.contains(&"Suggested as the actual times: 3:07 PM to 4:07 PM, 1 hour.".to_owned()),
        "{:?}",
        staff.lines
    );
    assert_eq!(staff.holds[0], Hold::TimesDiffer.text());
    assert!(staff.picture.contains("class=\"suggested\"") && staff.picture.contains("class=\"closed\""));
}

#[test]
fn an_event_whose_meeting_is_not_known_says_so() {
    let unknown = Facts { instances: None, actual: Some(span(300, 65 * MINUTE)), ..facts() };
    let staff = EventExplained::of("times", "Ethics", &new_york(), &unknown, &domain::attendance::window(&unknown));
    assert!(staff.picture.contains("isn&#39;t known") && staff.picture.contains("As staff have set it"));
    assert!(
        staff.lines.contains(&"Actual times, as staff have set them: 3:05 PM to 4:05 PM, 1 hour.".to_owned()),
        "{:?}",
        staff.lines
    );
}

#[test]
fn hostile_titles_stay_text() {
    let title = "<script>alert(1)</script>\"'\u{202e}&";
    let (you, ..) = explained_as(&facts(), &[], Voice::You, title);
    assert!(!you.picture.contains("<script") && !you.picture.contains('\u{202e}'), "{}", you.picture);
    assert!(you.picture.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;"), "{}", you.picture);
}

#[test]
fn the_key_says_what_no_lane_is_named_by() {
    let broken = Facts { breaks: vec![span(30 * MINUTE, 35 * MINUTE)], ..facts() };
    let (you, ..) = explained(&broken, &[row(-60, 60 * MINUTE, false)], Voice::You);
    assert_eq!(you.key.matches("<li>").count(), 2, "{}", you.key);
    assert!(you.key.contains("</svg> break</li>") && you.key.contains("doesn't count</li>"), "{}", you.key);
    assert_eq!(explained(&facts(), &[row(0, 60 * MINUTE, false)], Voice::You).0.key, "");
}

#[test]
fn a_stay_of_a_second_is_seen() {
    let (you, _, window) = explained(&facts(), &[row(1_800, 1_801, false)], Voice::You);
    assert!(you.picture.contains("class=\"stay\" x=\"50.00%\" y=\"74\" width=\"0.02%\""), "{}", you.picture);
    let long = Facts { schedule: span(0, 8 * 3_600), instances: None, ..facts() };
    let (_, person, window_of_a_day) = explained(&long, &[row(1_800, 1_801, false)], Voice::You);
    assert!(mini_bar(&window_of_a_day, &person).contains("width=\"0.01%\""));
    assert!(!mini_bar_of_schedule(&window).contains("stay"));
}

#[test]
fn the_night_on_which_clocks_go_back_tells_each_time_apart() {
    let half_past_midnight = 1_793_507_400 - THREE; // 2026-11-01T04:30:00Z
    let night =
        Facts { schedule: span(half_past_midnight, half_past_midnight + 3 * 3_600), instances: None, ..facts() };
    let rows = [row(half_past_midnight, half_past_midnight + 3_600, false)];
    let (you, ..) = explained(&night, &rows, Voice::You);
    assert_eq!(you.stays, ["12:30 AM EDT to 1:30 AM EDT, 1 hour"]);
    assert_eq!(you.missed, ["1:30 AM EDT to 2:30 AM EST, 2 hours: left before instruction ended"]);
    assert!(you.clock.starts_with("All times are of America/New_York."));
    assert!(you.picture.contains(">12:30 AM EDT</text>") && you.picture.contains(">2:30 AM EST</text>"));
}

#[test]
fn an_event_over_midnight_says_the_days() {
    let eleven = 8 * 3_600;
    let night = Facts { schedule: span(eleven, eleven + 2 * 3_600), instances: None, ..facts() };
    let (you, ..) = explained(&night, &[row(eleven, eleven + 3_600 + 90, false)], Voice::You);
    assert_eq!(you.stays, ["Wed 11:00 PM to Thu 12:01:30 AM, 1 hour 1 minute 30 seconds"]);
}

#[test]
fn all_that_the_picture_shows_stands_in_words() {
    let breaks = vec![span(30 * MINUTE, 35 * MINUTE)];
    let open = |from, to| Instance { uuid: format!("at {from}"), open: span(from, to) };
    let facts =
        Facts { breaks, instances: Some(vec![open(-900, 20 * MINUTE), open(22 * MINUTE, 70 * MINUTE)]), ..facts() };
    for seed in 0..60_i64 {
        let rows: Vec<Row<'_>> = (0..seed % 50)
            .map(|number| {
                let from = (number * 97 + seed * 31) % 5_000 - 800;
                row(from, from + (number * 53 + seed) % 400 + 1, (number + seed) % 7 == 0)
            })
            .collect();
        let (you, person, window) = explained(&facts, &rows, Voice::You);
        let zone = new_york();
        let shown = Shown {
            id: "mine",
            title: "Ethics",
            zone: &zone,
            window: &window,
            person: &person,
            tolerance_seconds: 0,
            advertised: &[],
            voice: Voice::You,
        };
        let (picture, clock) = (picture::of_person(&shown), clock_of(&zone, &window, &person));
        let words = [&you.required, &you.stays, &you.missed, &you.waited, &you.breaks, &you.closed];
        let words: String = words.into_iter().flatten().map(|line| format!("{line}\n")).collect();
        for bar in picture.lanes.iter().flat_map(|lane| &lane.spans) {
            for at in [bar.span.from, bar.span.to] {
                assert!(words.contains(&clock.time(at)), "{} of {bar:?} isn't in {words}", clock.time(at));
            }
        }
        for missed in &person.missed {
            let told = format!(
                "{}, {}: {}",
                clock.span(missed.span),
                length(missed.span.seconds()),
                missed_words(missed.reason)
            );
            assert!(words.contains(&told), "{told} isn't in {words}");
        }
        assert!(you.stays.len() == person.stays.len() && you.waited.len() == person.waited.len());
    }
}

#[test]
fn fifty_stays_are_all_drawn_and_the_page_stays_small() {
    let rows: Vec<_> = (0..50).map(|number| row(number * 72, number * 72 + 60, false)).collect();
    let (you, ..) = explained(&facts(), &rows, Voice::You);
    assert_eq!(you.picture.matches("class=\"stay\"").count(), 50);
    assert_eq!(you.stays.len(), 50);
    let size = you.picture.len() + you.stays.iter().chain(&you.missed).map(String::len).sum::<usize>();
    assert!(size < 45_000, "{size} bytes");
}

#[test]
fn every_reason_and_hold_speaks_to_the_person() {
    const REASONS: [Reason; 22] = [
        Reason::NotInReport,
        Reason::NotRegistered,
        Reason::DialInUnverified,
        Reason::AmbiguousEmail,
        Reason::JoinedLate,
        Reason::LeftEarly,
        Reason::Gap,
        Reason::InWaitingRoom,
        Reason::WithinTolerance,
        Reason::SharedLink,
        Reason::OtherAccount,
        Reason::Renamed,
        Reason::GroupName,
        Reason::SameName,
        Reason::LeaveMissing,
        Reason::LeaveUnknown,
        Reason::TimesContradict,
        Reason::ImpossibleTimes,
        Reason::MinutesOnly,
        Reason::ReportIncomplete,
        Reason::EventTimesDiffer,
        Reason::EventTooShort,
    ];
    const HOLDS: [Hold; 5] =
        [Hold::TimesDiffer, Hold::NeverOpen, Hold::NothingRequired, Hold::UnderAnHour, Hold::LessThanAdvertised];
    let told: Vec<_> = REASONS.map(reason_to_you).into_iter().chain(HOLDS.map(hold_to_you)).collect();
    let different: std::collections::BTreeSet<_> = told.iter().collect();
    assert_eq!(different.len(), told.len());
    for words in told {
        assert!(words.contains("you") || words.contains("You"), "{words}");
        assert!(!words.contains("They ") && words.ends_with('.'), "{words}");
        assert!(["appeal", "don't have to do anything", "enter"].iter().any(|now| words.contains(now)), "{words}");
    }
}

#[test]
fn each_missed_slice_is_marked_with_its_number_and_its_reason_where_there_is_room() {
    let rows = [row(240, 40 * MINUTE, false), row(50 * MINUTE, 60 * MINUTE, false)];
    let (you, person, _) = explained(&facts(), &rows, Voice::You);
    let slices = [
        Missed { span: span(0, 240), reason: MissedReason::JoinedLate },
        Missed { span: span(2_400, 3_000), reason: MissedReason::Gap },
    ];
    assert_eq!(person.missed, slices);
    assert!(you.picture.contains(">1 late</text>") && you.picture.contains(">2 away</text>"), "{}", you.picture);
}

#[test]
fn the_pieces_of_the_template_show_all_of_it() {
    #[derive(askama::Template)]
    #[template(
        source = r#"{% import "attendance.html" as attendance %}{% call attendance::picture(it) %}{% endcall %}{% call attendance::rule(it) %}{% endcall %}{% call attendance::lists(it) %}{% endcall %}"#,
        ext = "html"
    )]
    struct Pieces {
        it: Explained,
    }
    let broken = Facts { breaks: vec![span(30 * MINUTE, 35 * MINUTE)], ..facts() };
    let rows = [row(0, 60, true), row(60, 50 * MINUTE, false)];
    let (it, ..) = explained(&broken, &rows, Voice::You);
    let html = askama::Template::render(&Pieces { it: it.clone() }).unwrap();
    let reasons = it.reasons.iter().map(|reason| (*reason).to_owned());
    let lists = [it.rule, it.credits, it.required, it.stays, it.missed, it.waited, it.breaks].concat();
    for line in lists.into_iter().chain(reasons) {
        assert!(html.contains(&line.replace('\'', "&#39;")), "{line} isn't in {html}");
    }
    assert!(html.contains(&it.picture) && html.contains(&it.key));
}
