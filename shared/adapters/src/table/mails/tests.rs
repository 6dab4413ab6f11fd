use super::*;
use crate::random::Secret;
use aws_sdk_dynamodb::{
    Client,
    config::{BehaviorVersion, Credentials, Region},
    types::{
        AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
        ScalarAttributeType,
    },
};
use domain::{
    id::AccountId,
    mail::{ASKED_MAIL_SECONDS, Content},
};

const NOW: i64 = 1_770_000_000;

/// A table in memory, as the template has it as far as mails need it.
pub(in super::super) async fn table() -> Table {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(dynoxide::server::serve_on(listener, dynoxide::Database::memory().unwrap()));
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .endpoint_url(endpoint);
    let client = Client::from_conf(config.build());
    let attribute = |name: &str| {
        AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S).build().unwrap()
    };
    let key = |name: &str, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap();
    let index = GlobalSecondaryIndex::builder()
        .index_name("gsi2")
        .key_schema(key("gsi2pk", KeyType::Hash))
        .key_schema(key("gsi2sk", KeyType::Range))
        .projection(Projection::builder().projection_type(ProjectionType::KeysOnly).build())
        .build()
        .unwrap();
    client
        .create_table()
        .table_name("table")
        .billing_mode(BillingMode::PayPerRequest)
        .set_attribute_definitions(Some(["pk", "sk", "gsi2pk", "gsi2sk"].map(attribute).into()))
        .key_schema(key("pk", KeyType::Hash))
        .key_schema(key("sk", KeyType::Range))
        .global_secondary_indexes(index)
        .send()
        .await
        .unwrap();
    Table::new(client, "table".to_owned())
}

fn address() -> EmailAddress {
    EmailAddress::parse("maria@example.org").unwrap()
}

fn purpose() -> Purpose {
    Purpose::Reset { account: AccountId::from_bits(7), epoch: 3 }
}

fn reset() -> Mail {
    let content = Content::Reset { username: "maria".to_owned(), purpose: purpose() };
    Mail::asked_for("reset", "maria", address(), content, NOW)
}

async fn held(table: &Table, mail: &Mail, now: i64) -> HeldMail {
    let read = table.fetch_mail(&mail.id).await.unwrap().unwrap();
    match table.claim_mail(&read, "a", now, 60, None).await.unwrap() {
        Claimed::Held(held) => held,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_mail_is_kept_as_it_was_asked_for_and_asking_twice_is_one_mail() {
    let (table, mail) = (table().await, reset());
    assert!(table.save_mail(&mail).await.unwrap());
    let again = Mail { created_at: NOW + 1, ..reset() };
    assert!(!table.save_mail(&again).await.unwrap());
    let kept = table.fetch_mail(&mail.id).await.unwrap().unwrap();
    assert_eq!((kept.mail, kept.state, kept.tries), (mail.clone(), MailState::Due, 0));
    assert_eq!(table.fetch_due_mails(NOW - 1, 10).await.unwrap(), []);
    assert_eq!(table.fetch_due_mails(NOW, 10).await.unwrap(), [mail.id]);
}

#[tokio::test]
async fn a_mail_in_a_transaction_is_written_with_it_or_not_at_all() {
    let (table, mail) = (table().await, reset());
    let write = |table: &Table| table.client.transact_write_items().transact_items(table.mail_write(&reset()).unwrap());
    write(&table).send().await.unwrap();
    assert_eq!(table.fetch_mail(&mail.id).await.unwrap().unwrap().mail, mail);
    assert!(write(&table).send().await.is_err(), "the mail was there already");
}

#[tokio::test]
async fn what_says_nothing_is_kept_and_never_due() {
    let table = table().await;
    let mail = Mail::asked_for("reset", "nobody", address(), Content::Nothing, NOW);
    assert!(table.save_mail(&mail).await.unwrap());
    assert_eq!(table.fetch_due_mails(NOW + ASKED_MAIL_SECONDS, 10).await.unwrap(), []);
    let read = table.fetch_mail(&mail.id).await.unwrap().unwrap();
    assert_eq!(table.claim_mail(&read, "a", NOW, 60, None).await.unwrap(), Claimed::NotDue);
}

#[tokio::test]
async fn of_two_workers_one_gets_the_mail_and_the_links_of_the_other_never_work() {
    let (table, mail) = (table().await, reset());
    table.save_mail(&mail).await.unwrap();
    let read = table.fetch_mail(&mail.id).await.unwrap().unwrap();
    let (first, second) = (Secret::new().unwrap().hash(), Secret::new().unwrap().hash());
    let claimed = table.claim_mail(&read, "a", NOW, 60, Some((&first, &purpose(), NOW + 100))).await.unwrap();
    assert!(matches!(claimed, Claimed::Held(HeldMail { epoch: 1, tries: 1, .. })));
    let late = table.claim_mail(&read, "a", NOW, 60, Some((&second, &purpose(), NOW + 100))).await;
    assert!(matches!(late, Err(TableError::LeaseLost)));
    assert_eq!(table.fetch_link(&first, NOW).await.unwrap(), Some(purpose()));
    assert_eq!(table.fetch_link(&second, NOW).await.unwrap(), None);
    let read = table.fetch_mail(&mail.id).await.unwrap().unwrap();
    assert_eq!(table.claim_mail(&read, "a", NOW + 59, 60, None).await.unwrap(), Claimed::HeldUntil(NOW + 60));
    assert!(matches!(table.claim_mail(&read, "a", NOW + 60, 60, None).await.unwrap(), Claimed::Held(_)));
}

#[tokio::test]
async fn a_link_works_once_and_until_its_end() {
    let (table, mail) = (table().await, reset());
    table.save_mail(&mail).await.unwrap();
    let read = table.fetch_mail(&mail.id).await.unwrap().unwrap();
    let hash = Secret::new().unwrap().hash();
    table.claim_mail(&read, "a", NOW, 60, Some((&hash, &purpose(), NOW + 100))).await.unwrap();
    assert_eq!(table.fetch_link(&hash, NOW + 99).await.unwrap(), Some(purpose()));
    assert_eq!(table.fetch_link(&hash, NOW + 100).await.unwrap(), None);
    let used = async |now| {
        let used = table.link_used(&hash, now).unwrap();
        table.client.transact_write_items().transact_items(used).send().await.is_ok()
    };
    assert!(!used(NOW + 100).await, "it had expired");
    assert!(used(NOW + 99).await);
    assert!(!used(NOW + 99).await, "it was used");
    assert_eq!(table.fetch_link(&hash, NOW).await.unwrap(), None);
}

#[tokio::test]
async fn a_mail_that_was_sent_or_refused_is_never_claimed_again_and_expires() {
    let table = table().await;
    let other = Mail::asked_for("reset", "other", address(), reset().content, NOW);
    for mail in [reset(), other.clone()] {
        table.save_mail(&mail).await.unwrap();
        let held = held(&table, &mail, NOW).await;
        if mail == other {
            table.mark_refused(&held, "bad_address", NOW).await.unwrap();
        } else {
            table.mark_sent(&held, "0100-abc", NOW).await.unwrap();
        }
        let read = table.fetch_mail(&mail.id).await.unwrap().unwrap();
        assert_eq!(read.state, if mail == other { MailState::Refused } else { MailState::Sent });
        assert_eq!(table.claim_mail(&read, "a", NOW + 999, 60, None).await.unwrap(), Claimed::NotDue);
        assert!(matches!(table.release_mail(&held, NOW).await, Err(TableError::LeaseLost)));
        let item = table.client.get_item().table_name("table").set_key(Some(key(&mail.id))).send().await.unwrap();
        assert_eq!(number::<i64>(item.item().unwrap(), "expires_at").unwrap(), NOW + 30 * 86_400);
    }
    assert_eq!(table.fetch_due_mails(i64::MAX / 2, 10).await.unwrap(), []);
}

#[tokio::test]
async fn a_worker_that_lost_its_lease_marks_nothing() {
    let (table, mail) = (table().await, reset());
    table.save_mail(&mail).await.unwrap();
    let first = held(&table, &mail, NOW).await;
    let second = held(&table, &mail, NOW + 60).await;
    assert_eq!((first.epoch, second.epoch), (1, 2));
    assert!(matches!(table.mark_sent(&first, "x", NOW).await, Err(TableError::LeaseLost)));
    assert!(matches!(table.release_mail(&first, NOW).await, Err(TableError::LeaseLost)));
    table.mark_sent(&second, "y", NOW).await.unwrap();
}

#[tokio::test]
async fn a_claim_whose_answer_was_lost_is_the_workers_own_and_nobody_elses() {
    let (table, mail) = (table().await, reset());
    table.save_mail(&mail).await.unwrap();
    let read = table.fetch_mail(&mail.id).await.unwrap().unwrap();
    for _ in 0..2 {
        assert!(matches!(table.claim_mail(&read, "a", NOW, 60, None).await.unwrap(), Claimed::Held(_)));
    }
    assert!(matches!(table.claim_mail(&read, "b", NOW, 60, None).await, Err(TableError::LeaseLost)));
    let held = table.fetch_mail(&mail.id).await.unwrap().unwrap();
    assert_eq!((held.lease.epoch, held.tries), (1, 1));
}

#[tokio::test]
async fn what_couldnt_be_sent_rests_longer_each_time() {
    let (table, mail) = (table().await, reset());
    table.save_mail(&mail).await.unwrap();
    for rest in [60, 120, 240] {
        let held = held(&table, &mail, NOW).await;
        if rest > 60 {
            assert_eq!(table.fetch_due_mails(NOW + 60 + rest - 1, 10).await.unwrap(), [], "somebody may still send it");
        }
        table.release_mail(&held, NOW).await.unwrap();
        assert_eq!(table.fetch_due_mails(NOW + rest - 1, 10).await.unwrap(), []);
        assert_eq!(table.fetch_due_mails(NOW + rest, 10).await.unwrap(), std::slice::from_ref(&mail.id));
    }
    table.put_off_mail(&mail.id, NOW + 9_000).await.unwrap();
    assert_eq!(table.fetch_due_mails(NOW + 8_999, 10).await.unwrap(), []);
}

#[tokio::test]
async fn what_is_told_of_a_mail_is_noted_beside_its_state_whenever_it_comes() {
    let (table, mail) = (table().await, reset());
    table.note_feedback(&mail.id, Trouble::Bounce).await.unwrap();
    assert_eq!(table.fetch_mail(&mail.id).await.unwrap(), None, "a mail that isn't kept isn't made of a word about it");
    table.save_mail(&mail).await.unwrap();
    let held = held(&table, &mail, NOW).await;
    table.note_feedback(&mail.id, Trouble::Bounce).await.unwrap();
    table.mark_sent(&held, "ses-1", NOW).await.unwrap();
    let of = async || {
        let read = table.fetch_mail(&mail.id).await.unwrap().unwrap();
        (read.state, read.feedback)
    };
    assert_eq!(of().await, (MailState::Sent, Some(Trouble::Bounce)));
    for trouble in [Trouble::Complaint, Trouble::Bounce, Trouble::Complaint] {
        table.note_feedback(&mail.id, trouble).await.unwrap();
    }
    assert_eq!(of().await, (MailState::Sent, Some(Trouble::Complaint)));
}
