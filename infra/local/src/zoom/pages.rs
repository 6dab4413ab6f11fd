//! The fake Zoom's pages: meetings to look at, to make, and to play through; and the page that a registrant's link leads to.
//!
//! Only this machine's own names are answered, and no other site's forms.

use super::{
    api::{self, value_of},
    delivery::{self, Delivery},
    faults::Fault,
    meeting::{Meeting, NewMeeting, Registrant},
    play::Play,
    running::Who,
    world::FakeZoom,
};
use crate::mail::pages::{Answer, POLICY, STYLE, answered, is_own, page, with, words};
use askama::Template;
use domain::zoom::ZoomKind;
use http::{HeaderValue, Method, StatusCode, header, request::Parts};
use jiff::{Timestamp, tz::TimeZone};
use std::time::Duration;

/// Seldom enough to press a button, often enough to watch.
const REFRESH_SECONDS: u8 = 5;
/// A meeting is played through in this.
const PLAY: Duration = Duration::from_secs(60);
/// As many deliveries as a page shows.
const SHOWN_DELIVERIES: usize = 30;
/// Zoom says that a report may take so long.
const LATE_SECONDS: i64 = 1_800;
/// A report that is being written, and pages that a handful of people fill.
const HALF_WRITTEN_ROWS: usize = 2;
const SMALL_PAGE_ROWS: usize = 3;
const LONGEST_MINUTES: i64 = 24 * 60;

const OWN_STYLE: &str = include_str!("../../templates/zoom/style.css");

#[derive(Template)]
#[template(path = "zoom/list.html")]
struct ListPage {
    meetings: Vec<Meeting>,
}

#[derive(Template)]
#[template(path = "zoom/meeting.html")]
struct MeetingPage<'a> {
    meeting: &'a Meeting,
    links: Vec<(&'a Registrant, String)>,
    deliveries: Vec<Delivery>,
    refresh_seconds: Option<u8>,
    plays: [(&'static str, &'static str); 15],
}

#[derive(Template)]
#[template(path = "zoom/join.html")]
struct JoinPage<'a> {
    meeting: &'a Meeting,
    registrant: &'a Registrant,
    join: Option<String>,
}

impl Meeting {
    fn when(&self) -> String {
        moment(self.starts_at)
    }

    fn state(&self) -> String {
        match (self.open(), self.runnings.len()) {
            (Some(running), _) => format!("running, {} there", running.present().count()),
            (None, 0) => "not begun".to_owned(),
            (None, _) => "ended".to_owned(),
        }
    }
}

fn moment(seconds: i64) -> String {
    let time = Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(TimeZone::UTC);
    time.strftime("%-d %b %Y, %H:%M:%S UTC").to_string()
}

/// Answers what isn't a call of the API.
pub(super) async fn answer(zoom: &FakeZoom, port: u16, head: &Parts, body: &[u8], now: i64) -> Answer {
    if !is_own(&head.headers, port) {
        return words(StatusCode::FORBIDDEN, "This is the fake Zoom of 127.0.0.1 and localhost alone.");
    }
    let base = format!("http://127.0.0.1:{port}");
    let form = String::from_utf8_lossy(body).into_owned();
    let query = head.uri.query().unwrap_or_default();
    let pieces: Vec<&str> = head.uri.path().trim_matches('/').split('/').collect();
    match (&head.method, pieces.as_slice()) {
        (&Method::GET, [""]) => page(&ListPage { meetings: zoom.meetings() }),
        (&Method::GET, ["style.css"]) => {
            with(answered(format!("{STYLE}{OWN_STYLE}"), "text/css; charset=utf-8"), POLICY)
        }
        (&Method::GET, ["meetings", number]) => meeting_page(zoom, &base, number, query),
        (&Method::POST, ["meetings"]) => make(zoom, &form, now),
        (&Method::POST, ["meetings", number, deed]) => act(zoom, number, deed, &form, now).await,
        (&Method::GET, ["j", number]) => join_page(zoom, number, query),
        (&Method::POST, ["j", number]) => join_or_leave(zoom, number, &form, now),
        (&Method::POST, ["bad-day"]) => bad_day(zoom, &form),
        (&Method::POST, ["_zoom", "faults"]) => match serde_json::from_slice::<Fault>(body) {
            Ok(fault) => {
                zoom.fail(fault);
                words(StatusCode::OK, "It will go wrong.")
            }
            Err(error) => words(StatusCode::BAD_REQUEST, &format!("That is no fault: {error}")),
        },
        _ => missing(),
    }
}

fn meeting_page(zoom: &FakeZoom, base: &str, number: &str, query: &str) -> Answer {
    let Some(meeting) = zoom.meeting(number) else { return missing() };
    let links = meeting.registrants.iter().map(|it| (it, api::join_url(base, number, &it.token))).collect();
    let deliveries = zoom.deliveries().into_iter().take(SHOWN_DELIVERIES).collect();
    // Only while it is played: nobody's choice in a form is to be lost under their hands.
    let refresh_seconds = (value_of(query, "watch").is_some() && meeting.open().is_some()).then_some(REFRESH_SECONDS);
    page(&MeetingPage { meeting: &meeting, links, deliveries, refresh_seconds, plays: Play::CHOICES })
}

fn make(zoom: &FakeZoom, form: &str, now: i64) -> Answer {
    let kind = if value_of(form, "kind").as_deref() == Some("webinar") { ZoomKind::Webinar } else { ZoomKind::Meeting };
    let number = |name: &str, most: i64, usual: i64| {
        value_of(form, name).and_then(|text| text.trim().parse().ok()).unwrap_or(usual).clamp(0, most)
    };
    let starts_at = value_of(form, "date").and_then(|date| date.trim().parse::<jiff::civil::DateTime>().ok());
    let starts_at = starts_at.and_then(|date| date.to_zoned(TimeZone::UTC).ok()).map(|it| it.timestamp().as_second());
    // A whole minute, as hosts plan.
    let soon = (now + number("in", 400 * 24 * 60, 10) * 60).div_euclid(60) * 60;
    let mut made = NewMeeting::at(kind, starts_at.unwrap_or(soon), number("minutes", LONGEST_MINUTES, 60).max(1));
    if let Some(topic) = value_of(form, "topic").filter(|topic| !topic.trim().is_empty()) {
        made.topic = topic.chars().take(200).collect();
    }
    go_to(&format!("/meetings/{}", zoom.add_meeting(made)))
}

async fn act(zoom: &FakeZoom, number: &str, deed: &str, form: &str, now: i64) -> Answer {
    let Some(meeting) = zoom.meeting(number) else { return missing() };
    let at = meeting.open().map_or(now, |running| running.time(now));
    let who = value_of(form, "who").unwrap_or_default();
    match deed {
        "start" => {
            let pace = value_of(form, "pace").and_then(|pace| pace.parse().ok()).unwrap_or(1);
            zoom.start(number, if pace > 1 { meeting.starts_at } else { now }, now, pace);
            zoom.join(number, &Who::Host, if pace > 1 { meeting.starts_at } else { now });
        }
        "everyone" => join_everyone(zoom, &meeting, at),
        "join" => {
            zoom.join(number, &Who::Registrant(who), at);
        }
        "share" => {
            let name = value_of(form, "name").filter(|name| !name.trim().is_empty());
            let name = name.unwrap_or_else(|| "A Colleague".to_owned());
            zoom.join(number, &Who::Sharing { registrant: who, name }, at);
        }
        "dial" => {
            let phone = |registrant| Who::Phone { number: "13125550142".to_owned(), registrant };
            zoom.join(number, &phone(Some(who).filter(|who| !who.is_empty())), at);
        }
        "guest" => {
            zoom.join(number, &Who::Guest("iPhone".to_owned()), at);
        }
        "leave" => {
            zoom.leave(number, &who, at);
        }
        "wait" => {
            zoom.wait(number, &Who::Registrant(who), at);
        }
        "admit" => {
            zoom.admit(number, &who, at);
        }
        "rename" => {
            zoom.rename(number, &who, "Somebody Else");
        }
        "breakout" => {
            // The same button leads in and out.
            if !zoom.enter_breakout(number, &who, at) {
                zoom.leave_breakout(number, &who, at);
            }
        }
        "end" => {
            zoom.end(number, at, now);
        }
        "play" => {
            let chosen = value_of(form, "choice").unwrap_or_default();
            let play = Play::named(&chosen, meeting.minutes * 60).unwrap_or_else(Play::one_of_each);
            if value_of(form, "pace").as_deref() == Some("at_once") {
                zoom.stage(number, &play, now);
            } else {
                let (zoom, number) = (zoom.clone(), number.to_owned());
                tokio::spawn(async move { zoom.play(&number, &play, PLAY).await });
            }
        }
        "validate" => {
            let valid = delivery::validate(zoom).await;
            return words(
                StatusCode::OK,
                if valid { "The endpoint knows the secret." } else { "The endpoint didn't answer as it should." },
            );
        }
        _ => return missing(),
    }
    go_to(&format!(
        "/meetings/{number}{}",
        if deed == "play" && value_of(form, "pace").is_none() { "?watch=1" } else { "" }
    ))
}

fn join_everyone(zoom: &FakeZoom, meeting: &Meeting, at: i64) {
    let there = |id: &str| {
        meeting.open().is_some_and(|open| open.present().any(|stay| stay.registrant_id.as_deref() == Some(id)))
    };
    for registrant in meeting.registrants.iter().filter(|it| !it.is_cancelled && !there(&it.id)) {
        zoom.join(&meeting.number, &Who::Registrant(registrant.id.clone()), at);
    }
}

fn join_page(zoom: &FakeZoom, number: &str, query: &str) -> Answer {
    let token = value_of(query, "tk").unwrap_or_default();
    let Some(meeting) = zoom.meeting(number) else { return missing() };
    let Some(registrant) = meeting.registrant_by_token(&token) else {
        return words(StatusCode::NOT_FOUND, "This link isn't good any more. Register again to get another.");
    };
    let mut present = meeting.open().into_iter().flat_map(|open| open.present());
    let join = present.find(|stay| stay.registrant_id.as_ref() == Some(&registrant.id));
    let join = join.map(|stay| stay.user_id.clone());
    page(&JoinPage { meeting: &meeting, registrant, join })
}

fn join_or_leave(zoom: &FakeZoom, number: &str, form: &str, now: i64) -> Answer {
    let token = value_of(form, "tk").unwrap_or_default();
    let Some(meeting) = zoom.meeting(number) else { return missing() };
    let (Some(registrant), at) =
        (meeting.registrant_by_token(&token), meeting.open().map_or(now, |running| running.time(now)))
    else {
        return words(StatusCode::NOT_FOUND, "This link isn't good any more. Register again to get another.");
    };
    match value_of(form, "leave").filter(|join| !join.is_empty()) {
        Some(join) => {
            zoom.leave(number, &join, at);
        }
        None => {
            zoom.join(number, &Who::Registrant(registrant.id.clone()), at);
        }
    }
    go_to(&format!("/j/{number}?tk={token}"))
}

fn bad_day(zoom: &FakeZoom, form: &str) -> Answer {
    let fault = |status| Fault { count: 3, status, ..Fault::default() };
    match value_of(form, "kind").as_deref() {
        Some("failing") => zoom.fail(fault(Some(503))),
        Some("limited") => {
            zoom.fail(Fault { retry_after: Some("2".to_owned()), limit: Some("QPS".to_owned()), ..fault(Some(429)) })
        }
        Some("slow") => zoom.fail(Fault { delay_ms: 5_000, ..fault(None) }),
        Some("refusing") => zoom.refuse_credentials(true),
        Some("late") => zoom.set_report_delay(LATE_SECONDS),
        Some("at_once") => zoom.set_report_delay(0),
        Some("empty") => zoom.set_report_rows(Some(0)),
        Some("growing") => zoom.set_report_rows(Some(HALF_WRITTEN_ROWS)),
        Some("small_pages") => zoom.set_page_limit(Some(SMALL_PAGE_ROWS)),
        _ => {
            zoom.recover();
            zoom.refuse_credentials(false);
            zoom.set_report_rows(None);
            zoom.set_page_limit(None);
        }
    }
    go_to("/")
}

fn go_to(place: &str) -> Answer {
    let mut answer = words(StatusCode::SEE_OTHER, "Done.");
    if let Ok(place) = HeaderValue::try_from(place) {
        answer.headers_mut().insert(header::LOCATION, place);
    }
    answer
}

fn missing() -> Answer {
    words(StatusCode::NOT_FOUND, "There is no such meeting here. Nothing is kept when the fake Zoom ends.")
}
