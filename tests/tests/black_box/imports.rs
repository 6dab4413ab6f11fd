//! The import, twice: the same file, the same message, two at once, and the same credits from elsewhere.

mod torn;

use torn::expire_lease;

use domain::{
    import::{Import, ImportId, Mode, Refusal, State, View},
    roster::outcome::RowOutcome,
};
use tests::{
    connector::Death,
    rosters::{Row, garcia, workbook},
    workshop::{FAR, Workshop},
};

const ACME: &str = "acme-ce";

fn check_counts(import: &Import, processed: u32, unchanged: u32, failed: u32) {
    let counts = &import.counts;
    assert_eq!(import.state, State::Done, "{:?}", import.refusal);
    assert_eq!((counts.processed, counts.unchanged, counts.failed), (processed, unchanged, failed));
    assert_eq!(import.rows_in_file, Some(processed + failed));
}

/// The Status column of an annotated workbook.
fn statuses(workbook: &[u8]) -> Vec<String> {
    use calamine::{Data, Reader, Xlsx};
    let mut workbook: Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(workbook)).unwrap();
    let range = workbook.worksheet_range_at(0).unwrap().unwrap();
    let place = range.rows().next().unwrap().iter().position(|cell| *cell == Data::String("Status".into())).unwrap();
    range.rows().skip(1).map(|row| row[place].to_string()).collect()
}

/// Drops a file, delivers its message, and gives the ended import.
async fn import_of(workshop: &Workshop, name: &str, bytes: Vec<u8>) -> Import {
    let message = workshop.drop_file(ACME, name, bytes).await;
    assert_eq!(workshop.deliver(&message, FAR).await, 0);
    workshop.drain(FAR).await;
    workshop.import(&Workshop::import_of(&message)).await
}

async fn rows(workshop: &Workshop, import: &Import, view: View) -> Vec<RowOutcome> {
    workshop.world.clients.objects.fetch_result_page(&import.id, &view, 0).await.unwrap()
}

#[tokio::test]
async fn the_sample_as_downloaded_is_the_successful_example() {
    let workshop = Workshop::open().await;
    let import = import_of(&workshop, "sample.xlsx", documents::sample::roster_sample().unwrap()).await;
    check_counts(&import, 3, 0, 0);
    assert_eq!(workshop.credits().await.len(), 3);
    assert!(workshop.result(&import.id, "annotated.xlsx").await.is_some());
    assert_eq!(rows(&workshop, &import, View::All).await.len(), 3);
}

#[tokio::test]
async fn the_same_file_twice_changes_nothing_and_fails_nothing() {
    let workshop = Workshop::open().await;
    let file = workbook(&[garcia(10), garcia(11)]);
    check_counts(&import_of(&workshop, "may.xlsx", file.clone()).await, 2, 0, 0);
    let before = workshop.credits().await;
    let again = import_of(&workshop, "may.xlsx", file).await;
    check_counts(&again, 2, 2, 0);
    assert_eq!(workshop.credits().await, before);
    let told = rows(&workshop, &again, View::Processed).await;
    assert_eq!(told[0].notes[0].text, "Already recorded, unchanged.");
}

#[tokio::test]
async fn a_corrected_file_records_what_failed_and_fails_nothing_that_was_right() {
    let workshop = Workshop::open().await;
    let wrong = Row { licence: "999".into(), ..garcia(11) };
    check_counts(&import_of(&workshop, "may.xlsx", workbook(&[garcia(10), wrong])).await, 1, 0, 1);
    check_counts(&import_of(&workshop, "may.xlsx", workbook(&[garcia(10), garcia(11)])).await, 2, 1, 0);
    assert_eq!(workshop.credits().await.len(), 2);
}

#[tokio::test]
async fn the_workbook_given_back_can_be_corrected_and_sent_again() {
    let workshop = Workshop::open().await;
    let wrong = Row { licence: "999".into(), ..garcia(11) };
    let first = import_of(&workshop, "may.xlsx", workbook(&[garcia(10), wrong])).await;
    let given_back = workshop.result(&first.id, "annotated.xlsx").await.unwrap();
    assert!(statuses(&given_back)[1].starts_with("Failed: "));
    let again = import_of(&workshop, "may corrected.xlsx", given_back).await;
    check_counts(&again, 1, 1, 1);
    let twice = statuses(&workshop.result(&again.id, "annotated.xlsx").await.unwrap());
    assert_eq!(twice[0], "Processed: Already recorded, unchanged.", "one Status column, written over");
}

#[tokio::test]
async fn a_second_sheet_of_people_is_not_read_and_not_passed_over_in_silence() {
    let workshop = Workshop::open().await;
    let file = tests::rosters::workbook_of(&[&[garcia(10)], &[garcia(11)], &[]]);
    let import = import_of(&workshop, "two.xlsx", file).await;
    check_counts(&import, 1, 0, 0);
    assert_eq!(import.rosters_left_out, 1, "the third sheet has headings and nobody under them");
}

#[tokio::test]
async fn the_same_message_twice_changes_nothing() {
    let workshop = Workshop::open().await;
    let message = workshop.drop_file(ACME, "may.xlsx", workbook(&[garcia(10)])).await;
    assert_eq!(workshop.deliver(&message, FAR).await, 0);
    let before = workshop.dump().await;
    assert_eq!(workshop.deliver(&message, FAR).await, 0);
    assert_eq!(workshop.dump().await, before);
}

#[tokio::test]
async fn two_messages_at_once_import_the_file_once() {
    let workshop = Workshop::open().await;
    let message = workshop.drop_file(ACME, "may.xlsx", workbook(&[garcia(10), garcia(11)])).await;
    let (one, two) = tokio::join!(workshop.deliver(&message, FAR), workshop.deliver(&message, FAR));
    assert_eq!((one, two), (0, 0));
    check_counts(&workshop.import(&Workshop::import_of(&message)).await, 2, 0, 0);
    assert_eq!(workshop.credits().await.len(), 2);
}

#[tokio::test]
async fn two_files_with_the_same_rows_at_once_credit_each_row_once_and_fail_none() {
    let workshop = Workshop::open().await;
    let rows: Vec<Row> = (1..=28).map(garcia).collect();
    let one = workshop.drop_file(ACME, "one.xlsx", workbook(&rows)).await;
    let two = workshop.drop_file(ACME, "two.xlsx", workbook(&rows)).await;
    tokio::join!(workshop.deliver(&one, FAR), workshop.deliver(&two, FAR));
    let one = workshop.import(&Workshop::import_of(&one)).await;
    let two = workshop.import(&Workshop::import_of(&two)).await;
    assert_eq!((one.counts.processed, two.counts.processed), (28, 28));
    assert_eq!((one.counts.failed, two.counts.failed), (0, 0));
    assert_eq!(one.counts.unchanged + two.counts.unchanged, 28);
    assert_eq!(workshop.credits().await.len(), 28);
}

#[tokio::test]
async fn the_same_credit_with_other_hours_conflicts_with_the_record() {
    let workshop = Workshop::open().await;
    import_of(&workshop, "may.xlsx", workbook(&[garcia(10)])).await;
    let other = import_of(&workshop, "june.xlsx", workbook(&[Row { hours: 100, ..garcia(10) }, garcia(10)])).await;
    check_counts(&other, 1, 1, 1);
    let failed = rows(&workshop, &other, View::Failed).await;
    assert_eq!(failed[0].reasons[0].code, "conflicts_with_record");
    assert_eq!(rows(&workshop, &other, View::Reason("conflicts_with_record".into())).await, failed);
}

#[tokio::test]
async fn another_providers_record_is_a_conflict_and_not_ours() {
    let workshop = Workshop::open().await;
    let message = workshop.drop_file("northside", "n.xlsx", workbook(&[garcia(10)])).await;
    workshop.deliver(&message, FAR).await;
    let ours = import_of(&workshop, "a.xlsx", workbook(&[garcia(10)])).await;
    let failed = rows(&workshop, &ours, View::Failed).await;
    assert!(failed[0].reasons[0].text.contains("by another provider"), "{failed:?}");
    assert_eq!(workshop.credits().await.len(), 1);
}

#[tokio::test]
async fn a_check_records_nothing_and_its_import_records_the_same_version() {
    let workshop = Workshop::open().await;
    let file = workbook(&[garcia(10), garcia(11), garcia(11), Row { licence: "999".into(), ..garcia(12) }]);
    let (id, message) = workshop.upload(Mode::Check, file).await;
    assert_eq!(workshop.deliver(&message, FAR).await, 0);
    let check = workshop.import(&id).await;
    check_counts(&check, 2, 0, 2);
    assert_eq!(workshop.credits().await.len(), 0);
    let given_back = statuses(&workshop.result(&id, "annotated.xlsx").await.unwrap());
    assert_eq!(given_back[0], "Check only, nothing is recorded. An import would say: Processed");

    let table = &workshop.world.clients.table;
    let following = table.start_following_import(&check, 2_000_000_000, check.today).await.unwrap();
    let again = table.start_following_import(&check, 2_000_000_001, check.today).await.unwrap();
    assert_eq!(following, again, "the button pressed twice is one import");
    workshop.world.clients.queue.send_nudge(&following).await.unwrap();
    workshop.world.clients.queue.send_nudge(&following).await.unwrap();
    assert_eq!(workshop.drain(FAR).await, 2);
    let import = workshop.import(&following).await;
    check_counts(&import, 2, 0, 2);
    assert_eq!(import.object, check.object);
    assert_eq!(rows(&workshop, &import, View::All).await, rows(&workshop, &check, View::All).await);
    assert_eq!(workshop.credits().await.len(), 2);
}

#[tokio::test]
async fn files_from_elsewhere_change_nothing_and_come_to_an_operator() {
    let workshop = Workshop::open().await;
    let before = workshop.dump().await;
    let bucket = workshop.world.settings.roster_bucket.clone();
    let foreign = tests::workshop::created("somebody-elses", "drop/acme-ce/a.xlsx", Some("1"));
    assert_eq!(workshop.deliver(&foreign, FAR).await, 1);
    let message = workshop.drop_file("nobody", "a.xlsx", workbook(&[garcia(10)])).await;
    assert_eq!(workshop.deliver(&message, FAR).await, 1);
    let gone = tests::workshop::created(&bucket, "drop/acme-ce/gone.xlsx", Some("1"));
    assert_eq!(workshop.deliver(&gone, FAR).await, 0, "a file that was deleted is nobody's fault");
    assert_eq!(workshop.deliver(r#"{"hello":"world"}"#, FAR).await, 1);
    assert_eq!(workshop.dump().await, before);
}

#[tokio::test]
async fn a_file_that_was_deleted_before_its_import_fails_with_a_sentence() {
    let workshop = Workshop::open().await;
    let (id, message) = workshop.upload(Mode::Check, workbook(&[garcia(10)])).await;
    workshop.deliver(&message, FAR).await;
    let check = workshop.import(&id).await;
    let object = check.object.clone().unwrap();
    let bucket = &workshop.world.settings.roster_bucket;
    workshop.s3.delete_object().bucket(bucket).key(&object.key).version_id(&object.version).send().await.unwrap();
    let table = &workshop.world.clients.table;
    let following = table.start_following_import(&check, 2_000_000_000, check.today).await.unwrap();
    workshop.world.clients.queue.send_nudge(&following).await.unwrap();
    workshop.drain(FAR).await;
    let import = workshop.import(&following).await;
    assert_eq!(import.state, State::Failed);
    assert!(import.refusal.unwrap().text.contains("Upload it again"));
}

#[tokio::test]
async fn a_second_file_for_the_same_upload_is_left_alone() {
    let workshop = Workshop::open().await;
    let (id, first) = workshop.upload(Mode::Import, workbook(&[garcia(10)])).await;
    let key = adapters::objects::upload_key(&id);
    let bucket = workshop.world.settings.roster_bucket.clone();
    let put = workshop.s3.put_object().bucket(&bucket).key(&key).body(workbook(&[garcia(20)]).into());
    let second = tests::workshop::created(&bucket, &key, put.send().await.unwrap().version_id());
    workshop.deliver(&first, FAR).await;
    workshop.deliver(&second, FAR).await;
    check_counts(&workshop.import(&id).await, 1, 0, 0);
    assert_eq!(workshop.credits().await.len(), 1);
}

#[tokio::test]
async fn a_file_that_stops_its_readers_ends_as_damaged_and_says_so() {
    let workshop = Workshop::open().await;
    let message = workshop.drop_file(ACME, "may.xlsx", workbook(&[garcia(10)])).await;
    for _ in 0..3 {
        // The process ends while it reads: after the claim and the fetch of the file, before any word of the reading.
        workshop.watch.die(Death::Before(5));
        assert_eq!(workshop.deliver(&message, FAR).await, 1);
        expire_lease(&workshop, &Workshop::import_of(&message)).await;
    }
    workshop.watch.reset();
    assert_eq!(workshop.deliver(&message, FAR).await, 0);
    let import = workshop.import(&Workshop::import_of(&message)).await;
    assert_eq!(import.state, State::Failed);
    let refusal = import.refusal.unwrap();
    assert_eq!(refusal.code, "damaged");
    assert!(refusal.text.contains("didn't come to an end"), "{}", refusal.text);
    assert!(workshop.credits().await.is_empty());
}
