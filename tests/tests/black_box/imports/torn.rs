//! The import, torn: a process that dies at every call, an answer that is lost, a table that is asked too much, and what each step
//! costs.

use super::*;
use adapters::table::TableError;
use domain::import::{Checkpoint, Counts, Subject};
use tests::connector::{Death, Mishap};

/// Lets a dead worker's lease end.
pub(super) async fn expire_lease(workshop: &Workshop, id: &ImportId) {
    use aws_sdk_dynamodb::types::AttributeValue;
    let key = |text: String| AttributeValue::S(text);
    let updated = workshop
        .dynamodb
        .update_item()
        .table_name(&workshop.world.settings.table_name)
        .key("pk", key(format!("IMPORT#{id}")))
        .key("sk", key("IMPORT".into()))
        .update_expression("SET lease_until = :past, gsi2sk = :due")
        .condition_expression("attribute_exists(gsi2pk)")
        .expression_attribute_values(":past", AttributeValue::N("0".into()))
        .expression_attribute_values(":due", key("000000000000".into()))
        .send()
        .await;
    // No item yet, or an import that has ended: there is nothing to expire.
    drop(updated);
}

/// Rows of one file over several batches, with doubles across them, unknown licences and a conflict.
fn long_roster() -> Vec<Row> {
    let walker = |n: usize| Row {
        first: "Wren".into(),
        last: "Walker".into(),
        licence: format!("W{:05}", n % 1_400),
        course: "ETH-101".into(),
        date: (2, 1),
        hours: 200,
    };
    let mut rows: Vec<Row> = (0..1_450).map(walker).collect();
    rows[700].licence = "X1".into();
    rows[1_100].hours = 900;
    rows
}

#[tokio::test]
async fn an_import_in_steps_ends_as_one_in_one_go() {
    let (whole, steps) = (Workshop::open().await, Workshop::open().await);
    whole.enter_walkers().await;
    steps.enter_walkers().await;
    let one = import_of(&whole, "long.xlsx", workbook(&long_roster())).await;
    let message = steps.drop_file(ACME, "long.xlsx", workbook(&long_roster())).await;
    // So near to its deadline the function hands on after each batch.
    assert_eq!(steps.deliver(&message, 30).await, 0);
    assert_eq!(steps.import(&Workshop::import_of(&message)).await.state, State::Judging);
    assert_eq!(steps.drain(30).await, 3, "three more steps: two batches, and the results");
    let two = steps.import(&Workshop::import_of(&message)).await;
    assert_eq!(two.counts, one.counts);
    check_counts(&two, 1_398, 0, 52);
    assert_eq!(two.counts.reasons["duplicate_in_file"], 50);
    for name in ["rows/all.ndjson", "rows/all.index", "rows/failed.ndjson", "rows/duplicate_in_file.index"] {
        let (one, two) = (whole.result(&one.id, name).await, steps.result(&two.id, name).await);
        assert!(one.is_some() && one == two, "{name} differs");
    }
    assert_eq!(steps.credits().await.len(), whole.credits().await.len());
}

/// A flow of the import, from the word that its file has come.
#[derive(Debug, Clone, Copy)]
enum Flow {
    Drop,
    Upload,
    Check,
    Damaged,
    Register(Subject),
    People,
}

impl Flow {
    /// Brings the file; the import's id and the message.
    async fn begin(self, workshop: &Workshop) -> (ImportId, String) {
        let rows = [garcia(10), garcia(11), garcia(11), Row { licence: "999".into(), ..garcia(12) }];
        match self {
            Flow::Drop => {
                let message = workshop.drop_file(ACME, "may.xlsx", workbook(&rows)).await;
                (Workshop::import_of(&message), message)
            }
            Flow::Upload => workshop.upload(Mode::Import, workbook(&rows)).await,
            Flow::Check => workshop.upload(Mode::Check, workbook(&rows)).await,
            Flow::Register(subject) => {
                workshop.upload_register(subject, documents::sample::sample(subject).unwrap()).await
            }
            Flow::People => {
                let event = workshop.event(3).await;
                workshop.upload_people(&event, people(&[1, 2, 2, 3, 4])).await
            }
            Flow::Damaged => workshop.upload(Mode::Import, workbook(&rows)[..2_000].to_vec()).await,
        }
    }
}

/// A list of people by their numbers, as a CSV.
fn people(numbers: &[u32]) -> Vec<u8> {
    let mut file = String::from("First Name,Last Name,Email\n");
    for number in numbers {
        file.push_str(&format!("Maria,Garcia,maria{number}@people.example\n"));
    }
    file.into_bytes()
}

/// What two runs of a flow must agree on: the import's end, its credits, its files.
async fn end_state(workshop: &Workshop, id: &ImportId) -> (State, String, Vec<String>, Vec<Option<Vec<u8>>>) {
    let import = workshop.import(id).await;
    let told = format!("{:?} {:?} {:?}", import.rows_in_file, import.counts, import.refusal);
    let mut files = Vec::new();
    for name in ["rows/all.ndjson", "rows/failed.index", "annotated.xlsx"] {
        files.push(workshop.result(id, name).await);
    }
    // An upload's id is random, and stands in the trail of what it changed.
    let told = format!("{told} {:#?} {:#?}", workshop.entries().await, workshop.people().await)
        .replace(id.as_str(), "this import");
    (import.state, told, workshop.credits().await.into_keys().collect(), files)
}

/// Kills a flow at each of its calls, before and after it is carried out, delivers its message again, and compares.
async fn check_deaths(flow: Flow) {
    let plain = Workshop::open().await;
    let (id, message) = flow.begin(&plain).await;
    plain.watch.reset();
    assert_eq!(plain.deliver(&message, FAR).await, 0);
    let calls = plain.watch.total();
    let expected = end_state(&plain, &id).await;
    assert!(expected.0.has_ended() && calls > 5, "{flow:?} makes {calls} calls");
    for at in 0..calls {
        for death in [Death::Before(at), Death::After(at)] {
            let workshop = Workshop::open().await;
            let (id, message) = flow.begin(&workshop).await;
            workshop.watch.die(death);
            workshop.deliver(&message, FAR).await;
            assert!(workshop.watch.has_died(), "{flow:?}: {death:?} was never reached");
            workshop.watch.reset();
            expire_lease(&workshop, &id).await;
            assert_eq!(workshop.deliver(&message, FAR).await, 0, "{flow:?} after {death:?}");
            workshop.drain(FAR).await;
            let ended = end_state(&workshop, &id).await;
            assert_eq!(ended.1, expected.1, "{flow:?} after {death:?}");
            assert!(ended == expected, "{flow:?} ends otherwise after {death:?}");
        }
    }
    eprintln!("{flow:?}: {} deaths at {calls} calls, nothing lost, nothing doubled", 2 * calls);
}

#[tokio::test]
async fn a_drop_that_dies_at_any_call_loses_and_doubles_nothing() {
    check_deaths(Flow::Drop).await;
}

#[tokio::test]
async fn a_file_that_a_backup_puts_back_is_the_import_that_it_was() {
    let workshop = Workshop::open().await;
    let message = workshop.drop_file(ACME, "june.xlsx", workbook(&[garcia(10), garcia(11)])).await;
    assert_eq!(workshop.deliver(&message, FAR).await, 0);
    let id = Workshop::import_of(&message);
    let before = end_state(&workshop, &id).await;
    let again = workshop.put_back(&message, workbook(&[garcia(10), garcia(11)])).await;
    assert_ne!(Workshop::import_of(&again), id, "the bucket calls it another version");
    assert_eq!(workshop.deliver(&again, FAR).await, 0);
    assert!(end_state(&workshop, &id).await == before, "and nothing is imported by it");
}

#[tokio::test]
async fn an_upload_that_dies_at_any_call_loses_and_doubles_nothing() {
    check_deaths(Flow::Upload).await;
}

#[tokio::test]
async fn a_register_that_dies_at_any_call_loses_and_doubles_nothing() {
    check_deaths(Flow::Register(Subject::Courses)).await;
}

#[tokio::test]
async fn a_list_of_people_that_dies_at_any_call_loses_and_doubles_nothing() {
    check_deaths(Flow::People).await;
}

#[tokio::test]
async fn a_person_put_down_costs_one_transaction_of_four_items_and_one_known_nothing() {
    let workshop = Workshop::open().await;
    let event = workshop.event(1_000).await;
    let numbers: Vec<u32> = (0..600).collect();
    let (id, message) = workshop.upload_people(&event, people(&numbers)).await;
    workshop.watch.reset();
    assert_eq!(workshop.deliver(&message, FAR).await, 0);
    check_counts(&workshop.import(&id).await, 600, 0, 0);
    let (calls, spent) = (workshop.watch.calls(), workshop.watch.capacity());
    eprintln!("600 people put down: {} AWS calls {calls:?}, {spent:?}", workshop.watch.total());
    // Besides: the arrival, claim, reading and end of the import.
    let transactions = calls["dynamodb TransactWriteItems"];
    assert!((600..=603).contains(&transactions), "{transactions}");
    assert_eq!(calls["dynamodb Query"], 3, "who is registered, put down and off the list is asked once each");
    assert_eq!(calls["sqs SendMessage"], 600, "a nudge for each mail");
    let of_events = workshop.people().await;
    assert_eq!(of_events.keys().filter(|key| key.starts_with("MAIL#")).count(), 600);
    // The same list again: nothing but the import's own.
    let again = workshop.announce_people_again(&event, people(&numbers)).await;
    workshop.watch.reset();
    assert_eq!(workshop.deliver(&again.1, FAR).await, 0);
    check_counts(&workshop.import(&again.0).await, 600, 600, 0);
    let calls = workshop.watch.calls();
    eprintln!("the same again: {} AWS calls {calls:?}", workshop.watch.total());
    assert!(calls.get("dynamodb TransactWriteItems").copied().unwrap_or_default() <= 3, "{calls:?}");
    assert!(!calls.contains_key("sqs SendMessage"), "{calls:?}");
    assert_eq!(workshop.people().await, of_events);
}

#[tokio::test]
async fn a_check_that_dies_at_any_call_ends_as_any_other() {
    check_deaths(Flow::Check).await;
}

#[tokio::test]
async fn a_refusal_that_dies_at_any_call_is_a_refusal_all_the_same() {
    check_deaths(Flow::Damaged).await;
}

#[tokio::test]
async fn an_answer_that_is_lost_at_any_call_doubles_nothing() {
    let plain = Workshop::open().await;
    let (id, message) = Flow::Upload.begin(&plain).await;
    plain.watch.reset();
    plain.deliver(&message, FAR).await;
    let (calls, expected) = (plain.watch.total(), end_state(&plain, &id).await);
    for at in 0..calls {
        let workshop = Workshop::open().await;
        let (id, message) = Flow::Upload.begin(&workshop).await;
        workshop.watch.suffer(Mishap::LostAnswer(at));
        let failures = workshop.deliver(&message, FAR).await;
        workshop.watch.reset();
        if failures > 0 {
            workshop.deliver(&message, FAR).await;
        }
        expire_lease(&workshop, &id).await;
        workshop.deliver(&message, FAR).await;
        workshop.drain(FAR).await;
        assert!(end_state(&workshop, &id).await == expected, "otherwise after the answer of call {at} was lost");
    }
}

#[tokio::test]
async fn a_table_that_is_asked_too_much_costs_time_and_no_row() {
    let workshop = Workshop::open().await;
    workshop.enter_walkers().await;
    let message = workshop.drop_file(ACME, "long.xlsx", workbook(&long_roster())).await;
    workshop.watch.suffer(Mishap::ThrottledEach(3));
    assert_eq!(workshop.deliver(&message, FAR).await, 0);
    workshop.watch.reset();
    check_counts(&workshop.import(&Workshop::import_of(&message)).await, 1_398, 0, 52);
}

#[tokio::test]
async fn an_outage_condemns_no_file() {
    let workshop = Workshop::open().await;
    let (id, message) = workshop.upload(Mode::Import, workbook(&[garcia(10)])).await;
    for _ in 0..5 {
        workshop.watch.suffer(Mishap::Outage("s3 GET"));
        assert_eq!(workshop.deliver(&message, FAR).await, 1);
    }
    let import = workshop.import(&id).await;
    assert_eq!((import.state, import.readings_begun, import.tries), (State::Received, 0, 5));
    workshop.watch.reset();
    let due = workshop.world.clients.table.fetch_due_imports(adapters::clock::now(), 10).await.unwrap();
    assert!(due.is_empty(), "after five tries it rests before the sweep hands it out again");
    assert_eq!(workshop.deliver(&message, FAR).await, 0);
    check_counts(&workshop.import(&id).await, 1, 0, 0);
}

#[tokio::test]
async fn a_worker_that_lost_its_lease_writes_nothing() {
    let workshop = Workshop::open().await;
    let (id, message) = workshop.upload(Mode::Import, workbook(&[garcia(10)])).await;
    workshop.watch.die(Death::Before(4));
    workshop.deliver(&message, FAR).await;
    workshop.watch.reset();
    let table = &workshop.world.clients.table;
    expire_lease(&workshop, &id).await;
    let import = workshop.import(&id).await;
    let late = table.claim_import(&import, import.lease.epoch + 1, 1).await.unwrap();
    let import = workshop.import(&id).await;
    table.claim_import(&import, import.lease.epoch + 1, 1).await.unwrap();
    let before = workshop.dump().await;
    let (counts, checkpoint) = (Counts::default(), Checkpoint::default());
    let refusal = Refusal { code: "damaged".into(), text: "x".into() };
    let lost = |answer: Result<(), TableError>| assert!(matches!(answer, Err(TableError::LeaseLost)), "{answer:?}");
    lost(table.claim_import(&import, late.epoch + 1, 1).await.map(|_| ()));
    lost(table.record_reading(&late, 1, 0).await);
    lost(table.record_progress(&late, &counts).await);
    lost(table.record_checkpoint(&late, State::Judging, &checkpoint, 1).await);
    lost(table.release_import(&late, &import, 1).await);
    lost(table.finish_import(&late, &counts, 1).await);
    lost(table.fail_import(&late, &refusal, 1).await);
    assert_eq!(workshop.dump().await, before);
}

#[tokio::test]
async fn of_several_messages_only_the_one_that_failed_comes_back() {
    let workshop = Workshop::open().await;
    let good = workshop.drop_file(ACME, "good.xlsx", workbook(&[garcia(10)])).await;
    let bad = workshop.drop_file("nobody", "bad.xlsx", workbook(&[garcia(11)])).await;
    let other = workshop.drop_file(ACME, "other.xlsx", workbook(&[garcia(12)])).await;
    let record = |id: &str, body: &str| serde_json::json!({ "messageId": id, "body": body });
    let event = serde_json::json!({ "Records": [record("1", &good), record("2", &bad), record("3", &other)] });
    let answer = import_roster::handle(event, adapters::clock::now() + FAR, &workshop.world).await.unwrap();
    assert_eq!(answer, serde_json::json!({ "batchItemFailures": [{ "itemIdentifier": "2" }] }));
    assert_eq!(workshop.credits().await.len(), 2);
}

#[tokio::test]
async fn a_long_import_stores_its_outcomes_before_it_puts_them_together_and_does_without_them_if_it_must() {
    let workshop = Workshop::open().await;
    let unknown = |n: usize| Row { licence: format!("N{n}"), ..garcia(10) };
    let rows: Vec<Row> = (0..5_200).map(unknown).collect();
    let message = workshop.drop_file(ACME, "long.xlsx", workbook(&rows)).await;
    let id = Workshop::import_of(&message);
    assert_eq!(workshop.deliver(&message, FAR).await, 0);
    let import = workshop.import(&id).await;
    assert_eq!((import.state, import.checkpoint.parts.len()), (State::Finishing, 1));
    // What the step stored is deleted before the results are put together: the rows are judged anew.
    let bucket = &workshop.world.settings.roster_bucket;
    let key = format!("{}.ndjson.gz", import.checkpoint.parts[0]);
    workshop.s3.delete_object().bucket(bucket).key(key).send().await.unwrap();
    assert_eq!(workshop.drain(FAR).await, 3, "begun anew, judged anew, put together");
    check_counts(&workshop.import(&id).await, 0, 0, 5_200);
    let last = workshop.world.clients.objects.fetch_result_page(&id, &View::Failed, 103).await.unwrap();
    assert_eq!(last.last().unwrap().row, 5_201);
}

#[tokio::test]
async fn the_sweep_hands_out_what_a_dead_worker_left() {
    let workshop = Workshop::open().await;
    let message = workshop.drop_file(ACME, "may.xlsx", workbook(&[garcia(10)])).await;
    let id = Workshop::import_of(&message);
    workshop.watch.die(Death::Before(7));
    workshop.deliver(&message, FAR).await;
    workshop.watch.reset();
    expire_lease(&workshop, &id).await;
    let answer = import_roster::handle(serde_json::json!({ "sweep": true }), 0, &workshop.world).await.unwrap();
    assert_eq!(answer["handed_out"], 1);
    assert_eq!(workshop.drain(FAR).await, 1);
    check_counts(&workshop.import(&id).await, 1, 0, 0);
    let answer = import_roster::handle(serde_json::json!({ "sweep": true }), 0, &workshop.world).await.unwrap();
    assert_eq!(answer["handed_out"], 0, "what has ended isn't handed out again");
}

#[tokio::test]
async fn an_accepted_row_costs_one_table_write_one_index_write_and_half_a_read() {
    let workshop = Workshop::open().await;
    workshop.enter_walkers().await;
    let walker =
        |n: usize| Row { licence: format!("W{n:05}"), first: "Wren".into(), last: "Walker".into(), ..garcia(10) };
    let rows: Vec<Row> = (0..1_000).map(walker).collect();
    let message = workshop.drop_file(ACME, "thousand.xlsx", workbook(&rows)).await;
    workshop.watch.reset();
    assert_eq!(workshop.deliver(&message, FAR).await, 0);
    check_counts(&workshop.import(&Workshop::import_of(&message)).await, 1_000, 0, 0);
    let (calls, spent) = (workshop.watch.calls(), workshop.watch.capacity());
    eprintln!("1,000 accepted rows: {} AWS calls {calls:?}", workshop.watch.total());
    eprintln!(
        "capacity units: {:.1} table writes, {:.1} index writes, {:.1} reads",
        spent.table_writes as f64 / 100.0,
        spent.index_writes as f64 / 100.0,
        spent.reads as f64 / 100.0
    );
    assert_eq!(
        calls["dynamodb PutItem"], 1_003,
        "one write a row, the import's own item, and the month in the two orders of the directory"
    );
    // What an import costs besides its rows: its item, claim, reading, progress, end and audit entry, each with its indexes.
    const BESIDES: u64 = 30 * 100;
    assert!(spent.table_writes <= 1_000 * 100 + BESIDES, "{spent:?}");
    assert!(spent.index_writes <= 1_000 * 100 + BESIDES, "{spent:?}");
    assert!(spent.reads <= 1_000 * 50 + BESIDES, "{spent:?}");
}
