//! What becomes of mails: one that comes back for good, or is called spam, ends what is written to its address until somebody who
//! has logged in says otherwise; whatever comes twice, late, strange or torn.

use adapters::{
    clock,
    table::{Lifted, MailState, Noted},
};
use domain::{
    account::{MailTrouble, Role},
    email::EmailAddress,
    id::AccountId,
    link::Purpose,
    mail::{Content, Mail},
    suppression::{Suppression, TRIED_AGAIN_SECONDS, Trouble},
};
use local::mail::Reason;
use tests::{
    connector::{Death, Mishap},
    outbox::{Outbox, READER},
};

const BOUNCES: &str = "bounce+maria@simulator.amazonses.com";
const COMPLAINS: &str = "complaint+maria@simulator.amazonses.com";

fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

fn told() -> Content {
    Content::PasswordChanged { username: "maria".to_owned() }
}

fn reset() -> Content {
    let purpose = Purpose::Reset { account: AccountId::from_bits(7), epoch: 0 };
    Content::Reset { username: "maria".to_owned(), purpose }
}

/// Sends a mail and has noted what became of it.
async fn written_to(outbox: &Outbox, to: &str) -> Mail {
    let mail = outbox.save_to(to, "first", told()).await;
    assert!(outbox.deliver(&[&mail]).await.is_empty());
    assert!(outbox.record(&outbox.told()).await.is_empty());
    mail
}

async fn known(outbox: &Outbox, of: &str) -> Option<Suppression> {
    outbox.table.fetch_suppression(&address(of)).await.unwrap()
}

/// Whether one more mail to this address leaves, and where it ends.
async fn next(outbox: &Outbox, to: &str, about: &str, content: Content) -> (bool, MailState) {
    let before = outbox.mailbox().mails_to(to).len();
    let mail = outbox.save_to(to, about, content).await;
    assert!(outbox.deliver(&[&mail]).await.is_empty(), "a refusal is an end, and nothing to try again");
    (outbox.mailbox().mails_to(to).len() > before, outbox.mail(&mail.id).await.state)
}

const LEAVES: (bool, MailState) = (true, MailState::Sent);
const STAYS: (bool, MailState) = (false, MailState::Refused);

#[tokio::test]
async fn a_mail_that_comes_back_is_the_last_to_its_address_and_marks_whose_it_is() {
    let outbox = Outbox::open().await;
    let maria = outbox.account(7, BOUNCES, Role::Licensee).await;
    let other = outbox.account(8, READER, Role::Licensee).await;
    let mail = written_to(&outbox, BOUNCES).await;
    let (why, at) = known(&outbox, BOUNCES).await.unwrap().standing().unwrap();
    assert_eq!(why, Trouble::Bounce);
    assert_eq!(outbox.mail(&mail.id).await.feedback, Some(Trouble::Bounce));
    let marked = outbox.table.fetch_account(&maria.id).await.unwrap().unwrap();
    assert_eq!(marked.mail_trouble, Some(MailTrouble { why, at }));
    assert_eq!(outbox.table.fetch_account(&other.id).await.unwrap().unwrap().mail_trouble, None);
    assert_eq!(next(&outbox, BOUNCES, "second", told()).await, STAYS);
    assert_eq!(next(&outbox, BOUNCES, "link", reset()).await, STAYS, "not on the day on which it came back");
    assert_eq!(next(&outbox, READER, "other", told()).await, LEAVES);
    assert_eq!(outbox.table.fetch_due_mails(i64::MAX / 2, 10).await.unwrap(), [], "nothing is left to the sweep");
}

#[tokio::test]
async fn every_account_of_the_address_is_marked_and_one_that_has_another_address_by_now_isnt() {
    let outbox = Outbox::open().await;
    let office = outbox.account(1, BOUNCES, Role::Office).await;
    let licensee = outbox.account(2, &BOUNCES.to_uppercase(), Role::Licensee).await;
    let gone = outbox.account(3, "new@example.org", Role::Licensee).await;
    written_to(&outbox, BOUNCES).await;
    for (account, is_marked) in [(office, true), (licensee, true), (gone, false)] {
        let account = outbox.table.fetch_account(&account.id).await.unwrap().unwrap();
        assert_eq!(account.mail_trouble.is_some(), is_marked);
    }
}

#[tokio::test]
async fn the_same_word_twice_late_or_in_another_order_comes_to_the_same() {
    let outbox = Outbox::open().await;
    let maria = outbox.account(7, BOUNCES, Role::Licensee).await;
    written_to(&outbox, BOUNCES).await;
    let (bounce, first) = (outbox.told().remove(0), known(&outbox, BOUNCES).await);
    let complaint = bounce_as_complaint(&bounce, -5);
    for _ in 0..2 {
        assert!(outbox.record(&[bounce.clone(), bounce.clone()]).await.is_empty());
    }
    assert_eq!(known(&outbox, BOUNCES).await, first);
    let marks = |account: domain::account::Account| (account.mail_trouble, account.version);
    let marked = marks(outbox.table.fetch_account(&maria.id).await.unwrap().unwrap());
    assert_eq!(marked.1, 2, "the second word is no second mark");

    let other_order = Outbox::open().await;
    other_order.account(7, BOUNCES, Role::Licensee).await;
    assert!(outbox.record(std::slice::from_ref(&complaint)).await.is_empty());
    assert!(other_order.record(&[complaint, bounce]).await.is_empty());
    assert_eq!(known(&outbox, BOUNCES).await, known(&other_order, BOUNCES).await);
    for outbox in [&outbox, &other_order] {
        let account = outbox.table.fetch_account(&maria.id).await.unwrap().unwrap();
        assert_eq!(account.mail_trouble.unwrap().why, Trouble::Complaint, "a complaint stands before a bounce");
    }
}

/// The same event as a complaint, so many seconds later.
fn bounce_as_complaint(bounce: &str, later: i64) -> String {
    let mut event: serde_json::Value = serde_json::from_str(bounce).unwrap();
    let at = event["detail"]["bounce"]["timestamp"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    let at = jiff::Timestamp::from_second(at.as_second() + later).unwrap();
    event["detail-type"] = "Email Complaint Received".into();
    event["detail"]["complaint"] = serde_json::json!({ "timestamp": at.to_string(), "complaintFeedbackType": "abuse" });
    event.to_string()
}

#[tokio::test]
async fn after_a_complaint_only_what_its_reader_asks_for_is_tried_a_day_later() {
    let outbox = Outbox::open().await;
    written_to(&outbox, COMPLAINS).await;
    assert_eq!(known(&outbox, COMPLAINS).await.unwrap().standing().unwrap().0, Trouble::Complaint);
    assert_eq!(next(&outbox, COMPLAINS, "told", told()).await, STAYS);
    assert_eq!(next(&outbox, COMPLAINS, "today", reset()).await, STAYS);

    let outbox = Outbox::open().await;
    let yesterday = clock::now() - TRIED_AGAIN_SECONDS;
    let noted = Noted { trouble: Trouble::Complaint, at: yesterday, mail: None, code: "abuse" };
    outbox.table.note_suppression(&address(READER), &noted).await.unwrap();
    outbox.mailbox().suppress(READER, Reason::Complaint);
    assert_eq!(next(&outbox, READER, "told", told()).await, STAYS);
    assert_eq!(outbox.mailbox().suppressed(READER).map(|entry| entry.reason), Some(Reason::Complaint));
    assert_eq!(next(&outbox, READER, "link", reset()).await, LEAVES);
    assert_eq!(outbox.mailbox().suppressed(READER), None, "SES is told that it may");
    assert_eq!(outbox.links().await, [reset().purpose().cloned()]);
}

#[tokio::test]
async fn a_refused_mail_makes_no_link_valid_and_costs_one_read_more() {
    let outbox = Outbox::open().await;
    let noted = Noted { trouble: Trouble::Bounce, at: clock::now(), mail: None, code: "General" };
    outbox.table.note_suppression(&address(READER), &noted).await.unwrap();
    let mail = outbox.reset("link").await;
    outbox.watch.reset();
    assert!(outbox.deliver(&[&mail]).await.is_empty());
    let calls = ["GetItem", "GetItem", "GetItem", "UpdateItem", "UpdateItem"].map(|call| format!("dynamodb {call}"));
    assert_eq!(outbox.watch.sequence(), calls, "SESv2 isn't even asked for its rate");
}

#[tokio::test]
async fn what_its_person_lifts_goes_out_again_and_ses_is_told() {
    let outbox = Outbox::open().await;
    written_to(&outbox, BOUNCES).await;
    outbox.mailbox().suppress(BOUNCES, Reason::Bounce);
    // A moment later: the same second is still the bounce's.
    let later = clock::now() + 1;
    assert_eq!(outbox.table.lift_suppression(&address(BOUNCES), later).await.unwrap(), Lifted::Now);
    assert_eq!(next(&outbox, BOUNCES, "again", told()).await, LEAVES);
    assert_eq!(outbox.mailbox().suppressed(BOUNCES), None);
}

#[tokio::test]
async fn what_passes_by_itself_keeps_no_mail_from_anybody() {
    let outbox = Outbox::open().await;
    let maria = outbox.account(7, "maria.garcia@example.org", Role::Licensee).await;
    let event = include_str!("../../../events/record-mail-feedback/mailbox-full.json");
    let answer = record_mail_feedback::handle(serde_json::from_str(event).unwrap(), &outbox.table).await.unwrap();
    assert_eq!(answer, serde_json::json!({ "batchItemFailures": [] }));
    assert_eq!(known(&outbox, "maria.garcia@example.org").await, None);
    assert_eq!(outbox.table.fetch_account(&maria.id).await.unwrap().unwrap().version, 1);
    assert_eq!(next(&outbox, "maria.garcia@example.org", "next", told()).await, LEAVES);
}

#[tokio::test]
async fn a_word_about_a_mail_that_nobody_knows_still_counts_for_its_address() {
    let outbox = Outbox::open().await;
    for event in ["bounced", "complained"] {
        let event =
            std::fs::read_to_string(local::files::root().join(format!("events/record-mail-feedback/{event}.json")));
        let event = serde_json::from_str(&event.unwrap()).unwrap();
        let answer = record_mail_feedback::handle(event, &outbox.table).await.unwrap();
        assert_eq!(answer, serde_json::json!({ "batchItemFailures": [] }));
    }
    let known = known(&outbox, "maria.garcia@example.org").await.unwrap();
    assert_eq!((known.bounced_at, known.complained_at), (Some(1_770_000_002), Some(1_770_000_002)));
    let unknown = domain::id::MailId::parse("06ep3b7q5m9x2k8r4tz1vwy0ch").unwrap();
    assert_eq!(outbox.table.fetch_mail(&unknown).await.unwrap(), None, "no mail is made of a word about it");
}

#[tokio::test]
async fn a_strange_body_comes_to_an_operator_and_holds_up_nobody_elses() {
    let outbox = Outbox::open().await;
    let mail = outbox.save_to(BOUNCES, "first", told()).await;
    outbox.deliver(&[&mail]).await;
    let sound = outbox.told().remove(0);
    let bodies = ["", "{}", "[1]", "no json", r#"{"source":"aws.s3"}"#].map(str::to_owned);
    let batch: Vec<String> = bodies.into_iter().chain([sound]).collect();
    assert_eq!(outbox.record(&batch).await, [0, 1, 2, 3, 4]);
    assert!(known(&outbox, BOUNCES).await.is_some());
    let strange = serde_json::json!({ "nothing": true });
    assert!(record_mail_feedback::handle(strange, &outbox.table).await.is_err());
}

/// The calls for one word: it is noted and read again, the account is found and marked, and the mail.
const CALLS: [&str; 6] = ["UpdateItem", "GetItem", "BatchGetItem", "BatchGetItem", "TransactWriteItems", "UpdateItem"];

#[tokio::test]
async fn a_process_that_dies_at_any_call_loses_no_word() {
    let started = async || {
        let outbox = Outbox::open().await;
        outbox.account(7, BOUNCES, Role::Licensee).await;
        let mail = outbox.save_to(BOUNCES, "first", told()).await;
        outbox.deliver(&[&mail]).await;
        outbox.watch.reset();
        (outbox, mail)
    };
    let (plain, _) = started().await;
    assert!(plain.record(&plain.told()).await.is_empty());
    assert_eq!(plain.watch.sequence(), CALLS.map(|call| format!("dynamodb {call}")));
    for at in 0..CALLS.len() {
        for torn in [Some(Death::Before(at)), Some(Death::After(at)), None] {
            let (outbox, mail) = started().await;
            match torn {
                Some(death) => outbox.watch.die(death),
                None => outbox.watch.suffer(Mishap::LostAnswer(at)),
            }
            outbox.record(&outbox.told()).await;
            outbox.watch.reset();
            assert!(outbox.record(&outbox.told()).await.is_empty(), "{torn:?} at {at}");
            let account = outbox.table.fetch_account(&AccountId::from_bits(7)).await.unwrap().unwrap();
            assert!(account.mail_trouble.is_some() && account.version == 2, "{torn:?} at {at}");
            assert_eq!(outbox.mail(&mail.id).await.feedback, Some(Trouble::Bounce), "{torn:?} at {at}");
        }
    }
}

/// Reloads a page until it says so.
async fn until_says(person: &mut local::person::Person, page: &str, words: &str) -> String {
    for _ in 0..120 {
        let text = person.get(page).await.unwrap().text;
        if text.contains(words) {
            return text;
        }
        tokio::time::sleep(std::time::Duration::from_millis(250)).await;
    }
    panic!("{page} never said {words:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_the_deployed_stack_a_bounce_reaches_its_person_and_the_events_staff_until_the_person_says_that_it_works() {
    use super::{
        accounts::{deployed, log_in, person, sign_up_licensee},
        webinars::{publish, webinar},
    };
    const EMAIL: &str = "bounce+returned@simulator.amazonses.com";
    let cloud = deployed().await;
    let clients = cloud.clients().await.unwrap();
    let standing =
        async || clients.table.fetch_suppression(&address(EMAIL)).await.unwrap().and_then(|it| it.standing());
    // The mail with the link came back too, as the simulator's do; but who opens a link has it, and is written to.
    let mut maria = sign_up_licensee(cloud, "returned.maria", EMAIL, ("Maria", "Returned")).await;
    assert!(!maria.get("/wallet/courses").await.unwrap().text.contains("came back"));

    let who = AccountId::of(&["tests", "returned"]);
    let by = adapters::table::By { account: &who, at: clock::now() };
    let number = cloud.zoom().add_meeting(local::zoom::NewMeeting::at(
        domain::event::ZoomKind::Meeting,
        clock::now() + 86_400,
        90,
    ));
    let event = publish(&clients, webinar(clock::now() + 86_400, &number), by).await;
    let next_second = || tokio::time::sleep(std::time::Duration::from_secs(2));
    // What is told in the second of the proof is void by it.
    next_second().await;
    let registered = maria.post(&format!("/events/{}/register", event.id), &[]).await.unwrap();
    assert_eq!(registered.status, 303, "{}", registered.text);
    let page = until_says(&mut maria, "/wallet/courses", "came back").await;
    assert!(page.contains("Mail to b…d@simulator.amazonses.com came back"), "{page}");
    assert_eq!(standing().await.map(|(why, _)| why), Some(Trouble::Bounce));
    let mut acme = person(cloud);
    log_in(&mut acme, "acme", local::demo::DEMO_PASSWORD).await;
    let people = acme.get(&format!("/manage/events/{}/people", event.id)).await.unwrap().text;
    assert!(people.contains("Mail came back") && people.contains("reach 1 person:"), "{people}");

    // Nothing more goes there, and no log names the address.
    let before = cloud.mailbox().mails_to(EMAIL).len();
    let next = Mail::about(&["test", "returned"], address(EMAIL), told(), clock::now());
    clients.table.save_mail(&next).await.unwrap();
    clients.mails.send_nudge(&next.id).await.unwrap();
    for _ in 0..120 {
        if clients.table.fetch_mail(&next.id).await.unwrap().unwrap().state == MailState::Refused {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(250)).await;
    }
    assert_eq!(clients.table.fetch_mail(&next.id).await.unwrap().unwrap().state, MailState::Refused);
    assert_eq!(cloud.mailbox().mails_to(EMAIL).len(), before);

    let lifted = maria.post("/account/write-again", &[]).await.unwrap();
    assert_eq!(lifted.location, "/account?done=write-again", "{}", lifted.text);
    assert!(!maria.get("/wallet/courses").await.unwrap().text.contains("came back"));
    next_second().await;
    let again = Mail::about(&["test", "returned again"], address(EMAIL), told(), clock::now());
    clients.table.save_mail(&again).await.unwrap();
    clients.mails.send_nudge(&again.id).await.unwrap();
    let is_it = |mail: &local::Mail| mail.tags["mail"] == again.id.as_str();
    assert!(cloud.mailbox().wait_for(EMAIL, std::time::Duration::from_secs(60), is_it).await.is_some());
    // Which comes back as well; and on the same day the word isn't taken again.
    until_says(&mut maria, "/wallet/courses", "came back").await;
    assert_eq!(maria.post("/account/write-again", &[]).await.unwrap().status, 409);
}
