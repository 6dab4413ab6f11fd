//! What Zoom says of one event: whole or not at all, of the right runs, and kept once as it came.

use documents::zoom::archive::{read, rows_digest};
use domain::event::{Event, MeetingNumber, Room, ZoomKind};
use local::zoom::{Fault, NewMeeting, Part, Play, Who};
use reconcile_attendance::{Fetched, NotFetched, fetch_report};
use std::collections::BTreeSet;
use tests::due::{Due, FAR, HOUR};

/// Longer ago than an event lasts.
const BEGAN: i64 = -2 * HOUR;
const LENGTH: i64 = 5_400;

/// An event of an hour and a half that ended half an hour ago, whose report is there as soon as it is played.
async fn ended() -> (Due, Event, String) {
    let due = Due::open(BEGAN, None).await;
    due.zoom().set_report_delay(0);
    let event = due.event().await;
    let number = event.room.as_ref().and_then(Room::meeting_number).unwrap().to_string();
    (due, event, number)
}

fn register(due: &Due, number: &str, names: &[&str]) {
    for name in names {
        due.zoom().register(number, &format!("{name}@people.example"), name, "Example").unwrap();
    }
}

async fn fetch(due: &Due, event: &Event, known: Option<&str>) -> Result<Fetched, NotFetched> {
    fetch_report(event, known, due.now() + FAR, &due.worker().await).await
}

/// Somebody was there from one moment to another, in seconds after the event's beginning, in a run of their own.
fn a_run(due: &Due, number: &str, event: &Event, people: usize, from: i64, to: i64) -> String {
    let (zoom, start) = (due.zoom(), event.when.starts_at);
    let uuid = zoom.start(number, start + from, due.now(), 1).unwrap();
    for person in 0..people {
        zoom.join(number, &Who::Guest(format!("Guest {person}")), start + from).unwrap();
    }
    zoom.end(number, start + to, due.now());
    uuid
}

#[tokio::test]
async fn all_rows_are_kept_as_zoom_wrote_them_and_a_second_fetch_that_agrees_keeps_nothing_more() {
    let (due, event, number) = ended().await;
    register(&due, &number, &["Ada", "Bo", "Cy", "Di", "Ed", "Fay"]);
    due.zoom().play_at_once(&number, due.now());
    let first = fetch(&due, &event, None).await.unwrap();
    let source = first.source.clone().unwrap();
    assert_eq!(due.kept(), std::slice::from_ref(&source.key));
    assert_eq!(source.key, format!("evidence/attendance/{}/{}.jsonl", event.id, source.sha256));
    let kept = due.objects().await.fetch_evidence(&source.key, 1_000_000).await.unwrap();
    assert_eq!((kept.len() as u64, source.pages), (source.bytes, 1));
    assert_eq!(kept, first.bytes);
    let archived = read(&kept).unwrap();
    assert_eq!((archived.rows.len() as u32, rows_digest(&archived.rows)), (first.rows, first.digest.clone()));
    assert!(archived.rows.iter().all(|row| row.instance == *first.instances[0].uuid));
    assert!(archived.rows.iter().any(|row| !row.registrant_id.is_empty()));
    let open = first.instances[0].open;
    assert_eq!((open.from, open.to), (event.when.starts_at - 600, event.when.ends_at + 60));
    assert_eq!(first.participants, Some(9), "the host, a guest and a telephone came too");
    assert!(!format!("{first:?}").contains("Ada"), "people don't stand in logs");

    let again = fetch(&due, &event, Some(&first.digest)).await.unwrap();
    assert_eq!((again.source, again.digest), (None, first.digest.clone()));
    // A process that died before anybody noted the digest keeps the same once more.
    let unknown = fetch(&due, &event, None).await.unwrap();
    assert_eq!((unknown.source, due.kept().len()), (Some(source), 1));
    // On other pages they are the same rows.
    due.zoom().set_page_limit(Some(2));
    let pages = fetch(&due, &event, Some(&first.digest)).await.unwrap();
    assert_eq!((pages.source, due.kept().len()), (None, 1));
}

#[tokio::test]
async fn a_thousand_people_and_1615_rows_cost_ten_calls_of_zooms_and_in_several_runs_no_more_than_twenty() {
    for (runs, most) in [(1, 10), (5, 20)] {
        let (due, event, number) = ended().await;
        for run in 0..runs {
            let rows = 1_615 / runs + usize::from(run < 1_615 % runs);
            let from = LENGTH / runs as i64 * run as i64;
            a_run(&due, &number, &event, rows, from, from + LENGTH / runs as i64 - 60);
        }
        let fetched = fetch(&due, &event, None).await.unwrap();
        assert_eq!((fetched.rows, fetched.instances.len()), (1_615, runs));
        let asked = due.zoom().calls("/");
        assert!(asked <= most, "{asked} calls for {runs} runs");
        assert_eq!(due.watch.calls().get("s3 PUT"), Some(&1));
    }
}

#[tokio::test]
async fn thirty_one_rows_on_pages_of_three_are_thirty_one_rows() {
    for kind in ZoomKind::ALL {
        let (due, mut event, _) = ended().await;
        let number = due.zoom().add_meeting(NewMeeting::at(kind, event.when.starts_at, 90));
        event.room = Some(Room::Zoom { number: MeetingNumber::parse(&number).unwrap(), kind });
        a_run(&due, &number, &event, 31, 0, LENGTH);
        due.zoom().set_page_limit(Some(3));
        let fetched = fetch(&due, &event, None).await.unwrap();
        let rows = read(&fetched.bytes).unwrap().rows;
        let names: BTreeSet<&str> = rows.iter().map(|row| row.name.as_ref()).collect();
        assert_eq!((fetched.rows, names.len(), fetched.source.unwrap().pages), (31, 31, 11), "{kind:?}");
    }
}

#[tokio::test]
async fn a_restarted_meeting_is_fetched_in_all_its_runs_and_one_that_fails_fails_the_fetch() {
    let (due, event, number) = ended().await;
    register(&due, &number, &["Ada", "Bo", "Cy"]);
    due.zoom().set_next_uuid(&number, "/u2F0gUNSqqC7DT+08xKrw==");
    due.zoom().stage(&number, &Play::everybody(Part::InFull).restarted(1_500, 1_620), due.now());
    let uuids: Vec<String> = due.zoom().meeting(&number).unwrap().runnings.iter().map(|it| it.uuid.clone()).collect();
    assert_eq!(uuids.len(), 2);
    for uuid in &uuids {
        due.zoom().fail(Fault::of_report(uuid, 99));
        let error = fetch(&due, &event, None).await.unwrap_err();
        assert!(matches!(error, NotFetched::Failing { code: "failing", .. }), "{error}");
        due.zoom().recover();
        // Both lists of it are empty, and Zoom counts people in it.
        let (path, body) = (format!("{uuid}/participants"), Some(r#"{"participants":[]}"#.to_owned()));
        due.zoom().fail(Fault { path, body, count: 2, ..Fault::default() });
        assert!(matches!(fetch(&due, &event, None).await, Err(NotFetched::NotThereYet)));
    }
    assert!(due.kept().is_empty(), "nothing counts of a fetch that failed");
    let fetched = fetch(&due, &event, None).await.unwrap();
    let told: Vec<&str> = fetched.instances.iter().map(|it| it.uuid.as_str()).collect();
    assert_eq!(told, uuids);
    let start = event.when.starts_at;
    let open: Vec<(i64, i64)> = fetched.instances.iter().map(|it| (it.open.from - start, it.open.to - start)).collect();
    assert_eq!(open, [(-600, 1_500), (1_620, LENGTH + 60)]);
    assert_eq!(fetched.rows, 8, "three people and the host, twice");
}

#[tokio::test]
async fn a_page_that_fails_fails_the_fetch_and_the_next_one_is_whole() {
    let (due, event, number) = ended().await;
    a_run(&due, &number, &event, 7, 0, LENGTH);
    due.zoom().set_page_limit(Some(3));
    due.zoom().fail(Fault { after: 1, ..Fault::of_later_pages(99) });
    let error = fetch(&due, &event, None).await.unwrap_err();
    assert!(matches!(error, NotFetched::Failing { .. }), "{error}");
    assert!(due.kept().is_empty());
    due.zoom().recover();
    assert_eq!(fetch(&due, &event, None).await.unwrap().rows, 7);
    // A page that isn't one of a report's is somebody's matter.
    let page = r#"{"participants":[7],"next_page_token":""}"#.to_owned();
    due.zoom().fail(Fault { path: "/report/".to_owned(), body: Some(page), ..Fault::default() });
    let error = fetch(&due, &event, None).await.unwrap_err();
    assert!(matches!(error, NotFetched::NeedsSomebody { code: "unreadable" }), "{error}");
}

#[tokio::test]
async fn what_is_not_there_yet_is_waited_for() {
    let (due, event, number) = ended().await;
    let is_waited_for = async |why: &str| {
        let answer = fetch(&due, &event, None).await;
        assert!(matches!(answer, Err(NotFetched::NotThereYet)), "{why}: {answer:?}");
    };
    is_waited_for("the meeting never began").await;
    a_run(&due, &number, &event, 2, -3_000, -2_400);
    is_waited_for("there was a rehearsal only").await;
    let zoom = due.zoom();
    zoom.start(&number, event.when.starts_at, due.now(), 1).unwrap();
    for person in 0..3 {
        zoom.join(&number, &Who::Guest(format!("Guest {person}")), event.when.starts_at).unwrap();
    }
    is_waited_for("it still runs").await;
    zoom.set_report_delay(1_800);
    zoom.end(&number, event.when.ends_at, due.now());
    is_waited_for("the report comes late").await;
    zoom.set_report_delay(0);
    zoom.set_report_rows(Some(0));
    is_waited_for("the report is empty though people were there").await;
    assert!(due.kept().is_empty());
    zoom.set_report_rows(None);
    let fetched = fetch(&due, &event, None).await.unwrap();
    assert_eq!((fetched.rows, fetched.instances.len()), (5, 2), "the rehearsal is near, and is told");
}

#[tokio::test]
async fn a_meeting_that_was_opened_again_is_waited_for_to_its_end() {
    let (due, event, number) = ended().await;
    a_run(&due, &number, &event, 3, 0, 1_200);
    due.zoom().start(&number, event.when.starts_at + 1_260, due.now(), 1).unwrap();
    due.zoom().join(&number, &Who::Host, event.when.starts_at + 1_260).unwrap();
    assert!(matches!(fetch(&due, &event, None).await, Err(NotFetched::NotThereYet)));
    due.zoom().end(&number, event.when.ends_at, due.now());
    assert_eq!(fetch(&due, &event, None).await.unwrap().rows, 4);
    // Somebody else's meeting there, days later, holds up nothing.
    due.wait(2 * 24 * HOUR);
    due.zoom().start(&number, due.now(), due.now(), 1).unwrap();
    assert_eq!(fetch(&due, &event, None).await.unwrap().rows, 4);
}

#[tokio::test]
async fn a_report_that_grows_between_two_fetches_is_kept_as_it_was_both_times() {
    let (due, event, number) = ended().await;
    a_run(&due, &number, &event, 5, 0, LENGTH);
    due.zoom().set_report_rows(Some(2));
    let first = fetch(&due, &event, None).await.unwrap();
    due.zoom().set_report_rows(None);
    let second = fetch(&due, &event, Some(&first.digest)).await.unwrap();
    assert_eq!((first.rows, second.rows), (2, 5));
    assert_ne!(first.digest, second.digest);
    let keys: BTreeSet<String> = [first, second].into_iter().filter_map(|it| Some(it.source?.key)).collect();
    assert_eq!(due.kept().into_iter().collect::<BTreeSet<_>>(), keys);
    assert_eq!(keys.len(), 2);
}

#[tokio::test]
async fn of_one_participant_zooms_list_stands_in_for_the_report_and_of_several_it_does_not() {
    let (due, event, number) = ended().await;
    a_run(&due, &number, &event, 1, 0, LENGTH);
    let fetched = fetch(&due, &event, None).await.unwrap();
    assert_eq!(fetched.rows, 1);
    assert!(String::from_utf8(fetched.bytes).unwrap().contains("\"source\":\"past_participants\""));
    let (due, event, number) = ended().await;
    a_run(&due, &number, &event, 3, 0, LENGTH);
    let missing = r#"{"code":3001,"message":"Meeting does not exist."}"#.to_owned();
    due.zoom().fail(Fault { path: "/report/".to_owned(), status: Some(404), body: Some(missing), ..Fault::default() });
    assert!(matches!(fetch(&due, &event, None).await, Err(NotFetched::NotThereYet)));
    assert_eq!(fetch(&due, &event, None).await.unwrap().rows, 3);
}

#[tokio::test]
async fn what_took_place_in_the_same_meeting_for_another_event_is_not_this_events() {
    let (due, event, number) = ended().await;
    let later = due.another_event(event.when.ends_at + 600, event.when.ends_at + 600 + HOUR).await;
    let ours = a_run(&due, &number, &event, 2, -300, LENGTH + 60);
    let theirs = a_run(&due, &number, &event, 3, LENGTH + 300, LENGTH + 600 + HOUR);
    due.wait(HOUR);
    for (event, uuid, rows) in [(&event, ours, 2), (&later, theirs, 3)] {
        let fetched = fetch(&due, event, None).await.unwrap();
        assert_eq!((fetched.instances[0].uuid.as_str(), fetched.instances.len(), fetched.rows), (&*uuid, 1, rows));
    }
}

#[tokio::test]
async fn what_a_person_has_to_cure_what_passes_and_what_is_not_on_zoom_are_told_apart() {
    let (due, event, number) = ended().await;
    a_run(&due, &number, &event, 2, 0, LENGTH);
    due.zoom().remove_scope("report:read:list_meeting_participants:admin");
    let error = fetch(&due, &event, None).await.unwrap_err();
    assert!(matches!(error, NotFetched::NeedsSomebody { code: "scope_missing" }), "{error}");
    let without = due.worker_without_zoom().await;
    let error = fetch_report(&event, None, due.now() + FAR, &without).await.unwrap_err();
    assert!(matches!(error, NotFetched::NeedsSomebody { code: "not_configured" }), "{error}");
    let (limit, retry_after) = (Some("Daily-limit".to_owned()), Some("3600".to_owned()));
    due.zoom().fail(Fault { path: "/instances".to_owned(), status: Some(429), limit, retry_after, ..Fault::default() });
    let error = fetch(&due, &event, None).await.unwrap_err();
    let NotFetched::Failing { code: "daily_limit", not_before: Some(until) } = error else { panic!("{error}") };
    assert!(until - adapters::clock::now() > 3_500);
    let linked = Event { room: Some(Room::Link { url: "https://meet.example.org/x".to_owned() }), ..event.clone() };
    for event in [linked, Event { room: None, ..event }] {
        assert!(matches!(fetch(&due, &event, None).await, Err(NotFetched::NoMeeting)));
    }
}

#[tokio::test]
async fn nothing_is_begun_when_the_process_has_to_end_and_evidence_is_read_no_further_than_asked() {
    let (due, event, number) = ended().await;
    a_run(&due, &number, &event, 2, 0, LENGTH);
    let worker = due.worker().await;
    let asked = due.zoom().calls("/");
    let answer = fetch_report(&event, None, due.now() + 20, &worker).await;
    assert!(matches!(answer, Err(NotFetched::OutOfTime)));
    assert_eq!(due.zoom().calls("/"), asked);
    // Time that ends between two calls ends the fetch: each look at the clock takes ten seconds here.
    due.tick(10_000);
    let answer = fetch_report(&event, None, due.now() + 60, &worker).await;
    assert!(matches!(answer, Err(NotFetched::OutOfTime)), "{answer:?}");
    due.tick(0);
    assert!(due.kept().is_empty());
    let fetched = fetch(&due, &event, None).await.unwrap();
    let (objects, source) = (due.objects().await, fetched.source.unwrap());
    let most = usize::try_from(source.bytes).unwrap();
    assert_eq!(objects.fetch_evidence(&source.key, most).await.unwrap().len(), most);
    let error = objects.fetch_evidence(&source.key, most - 1).await.unwrap_err();
    assert!(matches!(error, adapters::objects::ObjectsError::TooLarge { .. }), "{error}");
    let error = objects.fetch_evidence("evidence/attendance/none", 9).await.unwrap_err();
    assert!(matches!(error, adapters::objects::ObjectsError::Missing), "{error}");
}
