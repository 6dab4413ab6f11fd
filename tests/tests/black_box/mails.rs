//! Mails: each goes out once, by a link that works, whatever happens to the process, the table or SESv2 on the way.

use adapters::{clock, table::MailState};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    email::EmailAddress,
    id::AccountId,
    licence::{Licence, LicenceNumber},
    link::Purpose,
    mail::{Content, Mail},
};
use local::mail::Quota;
use std::time::Duration;
use tests::{
    cloud,
    connector::{Death, Mishap},
    outbox::{Outbox, READER, always, deliver},
};

#[tokio::test]
async fn a_mail_goes_out_with_a_link_that_works_and_the_same_message_twice_sends_it_once() {
    let outbox = Outbox::open().await;
    let mail = outbox.reset("maria").await;
    for _ in 0..2 {
        assert!(outbox.deliver(&[&mail]).await.is_empty());
    }
    assert!(outbox.deliver(&[&mail, &mail]).await.is_empty());
    let sent = outbox.mailbox().mails_to(READER);
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].subject, "Set a new password at Contact Hour");
    assert_eq!(sent[0].from, format!("Contact Hour <{}>", local::mail::FROM));
    assert_eq!(sent[0].header(adapters::mail::ID_HEADER), Some(mail.id.as_str()));
    assert_eq!(sent[0].header("Auto-Submitted"), Some("auto-generated"));
    assert_eq!(sent[0].tags["mail"], mail.id.as_str());
    assert_eq!(outbox.links().await, [mail.content.purpose().cloned()]);
    assert_eq!(outbox.mail(&mail.id).await.state, MailState::Sent);
    assert_eq!(outbox.table.fetch_due_mails(i64::MAX / 2, 10).await.unwrap(), []);
}

#[tokio::test]
async fn a_reminder_of_a_cycle_can_be_stopped_by_what_stands_in_its_header_and_in_its_foot() {
    let outbox = Outbox::open().await;
    let number = LicenceNumber::parse("RN-1").unwrap();
    let licence = Licence { board: "TX-BON".into(), profession: "RN".into(), number };
    let stops = Purpose::StopReminders { account: AccountId::from_bits(1), licence };
    let (ends, missing) = (jiff::civil::date(2027, 12, 31), vec!["1.00 hours in all".to_owned()]);
    let content = Content::CycleEnds { licence: "TX-BON RN RN-1".into(), ends, missing, stops: stops.clone() };
    let mail = outbox.save("cycle", content).await;
    assert!(outbox.deliver(&[&mail]).await.is_empty());
    let sent = outbox.mailbox().mails_to(READER).remove(0);
    let header = sent.header("List-Unsubscribe").unwrap();
    let address = header.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap();
    assert!(address.contains("/reminders/stop?token="), "{address}");
    assert!(sent.text.contains(address) && sent.html.contains(address));
    assert_eq!(sent.header("List-Unsubscribe-Post"), Some("List-Unsubscribe=One-Click"));
    assert_eq!(outbox.links().await, [Some(stops)], "it works");
    // What people wait for can't be unsubscribed from.
    let reset = outbox.reset("maria").await;
    assert!(outbox.deliver(&[&reset]).await.is_empty());
    assert!(outbox.mailbox().mails_to(READER).iter().any(|mail| mail.header("List-Unsubscribe").is_none()));
}

#[tokio::test]
async fn two_workers_at_once_send_a_mail_once() {
    let outbox = Outbox::open().await;
    for round in 0..5 {
        let mail = outbox.reset(&round.to_string()).await;
        let (one, other) = (outbox.worker().await, outbox.worker().await);
        let batches = [[&mail], [&mail]];
        let (first, second) = tokio::join!(deliver(&one, &batches[0]), deliver(&other, &batches[1]));
        assert!(first.is_empty() && second.is_empty(), "who comes second leaves it to the first");
        assert_eq!(outbox.mail(&mail.id).await.state, MailState::Sent);
        assert_eq!(outbox.mailbox().mails_to(READER).len(), round + 1);
    }
}

#[tokio::test]
async fn a_throttled_mail_goes_out_later_and_the_rest_of_its_batch_isnt_tried() {
    let outbox = Outbox::open().await;
    let mails = [outbox.reset("a").await, outbox.reset("b").await, outbox.reset("c").await];
    let batch: Vec<&Mail> = mails.iter().collect();
    outbox.mailbox().throttle_next(1);
    assert_eq!(outbox.deliver(&batch).await, [0, 1, 2]);
    assert!(outbox.mailbox().mails().is_empty());
    assert_eq!((outbox.mail(&mails[0].id).await.tries, outbox.mail(&mails[1].id).await.tries), (1, 0));
    assert!(outbox.deliver(&batch).await.is_empty(), "nothing holds it any more");
    assert_eq!(outbox.mailbox().mails_to(READER).len(), 3);
}

#[tokio::test]
async fn a_pause_of_the_account_loses_no_mail() {
    let outbox = Outbox::open().await;
    let mail = outbox.reset("maria").await;
    outbox.mailbox().pause(true);
    for _ in 0..3 {
        assert_eq!(outbox.deliver(&[&mail]).await, [0]);
    }
    let waiting = outbox.mail(&mail.id).await;
    assert_eq!((waiting.state, waiting.tries), (MailState::Due, 3));
    // The sweep lets it rest, then hands it out.
    let now = clock::now();
    assert_eq!(outbox.table.fetch_due_mails(now + 200, 10).await.unwrap(), []);
    assert_eq!(outbox.table.fetch_due_mails(now + 245, 10).await.unwrap(), std::slice::from_ref(&mail.id));
    outbox.mailbox().pause(false);
    assert!(outbox.deliver(&[&mail]).await.is_empty());
    assert_eq!(outbox.mailbox().mails_to(READER).len(), 1);
}

#[tokio::test]
async fn a_broken_answer_of_one_mail_doesnt_hold_up_the_others() {
    let outbox = Outbox::open().await;
    let mails = [outbox.reset("a").await, outbox.reset("b").await];
    outbox.mailbox().fail_next(1);
    assert_eq!(outbox.deliver(&[&mails[0], &mails[1]]).await, [0]);
    assert_eq!(outbox.mailbox().mails_to(READER).len(), 1);
    assert!(outbox.deliver(&[&mails[0]]).await.is_empty());
    assert_eq!(outbox.mailbox().mails_to(READER).len(), 2);
}

#[tokio::test]
async fn a_mail_that_is_refused_for_good_is_never_tried_again() {
    let (ses, bodies) = always(
        400,
        "content-type: application/json\r\nx-amzn-errortype: MessageRejected\r\n",
        r#"{"message":"Message is not acceptable."}"#,
    );
    let outbox = Outbox::open().await.with_ses(ses);
    let mail = outbox.reset("maria").await;
    assert!(outbox.deliver(&[&mail]).await.is_empty(), "trying again would change nothing");
    assert_eq!(outbox.mail(&mail.id).await.state, MailState::Refused);
    let asked = || bodies.lock().unwrap().iter().filter(|body| body.contains("FromEmailAddress")).count();
    assert_eq!(asked(), 1);
    assert!(outbox.deliver(&[&mail]).await.is_empty());
    assert_eq!(asked(), 1);
}

#[tokio::test]
async fn an_account_that_may_not_write_to_this_address_yet_keeps_the_mail() {
    let (ses, _) = always(
        400,
        "content-type: application/json\r\nx-amzn-errortype: MessageRejected\r\n",
        r#"{"message":"Email address is not verified. The following identities failed the check in region US-EAST-1"}"#,
    );
    let outbox = Outbox::open().await.with_ses(ses);
    let mail = outbox.reset("maria").await;
    assert_eq!(outbox.deliver(&[&mail]).await, [0]);
    assert_eq!(outbox.mail(&mail.id).await.state, MailState::Due);
}

#[tokio::test]
async fn a_mail_that_says_nothing_goes_nowhere() {
    let outbox = Outbox::open().await;
    let mail = outbox.save("nobody", Content::Nothing).await;
    assert!(outbox.deliver(&[&mail]).await.is_empty());
    assert!(outbox.mailbox().mails().is_empty());
}

#[tokio::test]
async fn a_mail_that_cant_be_read_comes_to_an_operator_and_not_to_every_sweep() {
    let outbox = Outbox::open().await;
    let (broken, sound) = (outbox.reset("broken").await, outbox.reset("sound").await);
    outbox.set(&broken.id, "content", AttributeValue::S("???".to_owned())).await;
    assert_eq!(outbox.deliver(&[&broken, &sound]).await, [0]);
    assert_eq!(outbox.mailbox().mails_to(READER).len(), 1);
    assert_eq!(outbox.table.fetch_due_mails(clock::now() + 3_600, 10).await.unwrap(), []);
}

#[tokio::test]
async fn mails_go_out_as_fast_as_the_account_may_and_no_faster() {
    let outbox = Outbox::open().await;
    outbox.mailbox().set_quota(Quota { in_a_second: 8.0, rate_is_enforced: true, ..Quota::default() });
    let mut mails = Vec::new();
    for number in 0..6 {
        mails.push(outbox.reset(&number.to_string()).await);
    }
    let halves: Vec<Vec<&Mail>> = mails.chunks(3).map(|half| half.iter().collect()).collect();
    let (one, other) = (outbox.worker().await, outbox.worker().await);
    let began = std::time::Instant::now();
    let (first, second) = tokio::join!(deliver(&one, &halves[0]), deliver(&other, &halves[1]));
    assert!(first.is_empty() && second.is_empty(), "nothing was turned away");
    assert!(began.elapsed() >= Duration::from_millis(500), "each worker waits a quarter of a second twice");
    assert_eq!(outbox.mailbox().mails_to(READER).len(), 6);
}

#[tokio::test]
async fn the_sweep_hands_out_what_is_due_and_nothing_else() {
    let (queue, bodies) =
        always(200, "content-type: application/x-amz-json-1.0\r\n", r#"{"MessageId":"m","MD5OfMessageBody":"x"}"#);
    let outbox = Outbox::open().await.with_queue(queue);
    let (due, sent) = (outbox.reset("due").await, outbox.reset("sent").await);
    outbox.save("nobody", Content::Nothing).await;
    outbox.deliver(&[&sent]).await;
    // Somebody is sending one at this moment, and one that can't be read is an operator's.
    let (held, broken) = (outbox.reset("held").await, outbox.reset("broken").await);
    let until = clock::now() + 60;
    outbox.set(&held.id, "lease_until", AttributeValue::N(until.to_string())).await;
    outbox.set(&broken.id, "content", AttributeValue::S("???".to_owned())).await;
    let sweep = serde_json::from_str(include_str!("../../../events/send-evaluations/sweep.json")).unwrap();
    let answer = send_evaluations::handle(sweep, clock::now() + 60, &outbox.worker().await).await.unwrap();
    assert_eq!(answer, serde_json::json!({ "handed_out": 2 }));
    let bodies = bodies.lock().unwrap();
    let is_told = |mail: &Mail| bodies.iter().any(|body| body.contains(mail.id.as_str()));
    assert!(bodies.len() == 2 && is_told(&due) && is_told(&broken), "{bodies:?}");
}

/// The newest first, as the mailbox has them.
async fn end_state(outbox: &Outbox, mail: &Mail) -> (MailState, usize, bool) {
    let links = outbox.links().await;
    let all_work = links.iter().all(|link| link.as_ref() == mail.content.purpose());
    (outbox.mail(&mail.id).await.state, links.len(), all_work)
}

/// The calls of one mail's way.
const CALLS: [&str; 7] = [
    "dynamodb GetItem",
    "dynamodb GetItem",
    "dynamodb GetItem",
    "ses GET",
    "dynamodb TransactWriteItems",
    "ses POST",
    "dynamodb UpdateItem",
];
/// SESv2 has taken the mail at the end of this call, and the table knows it at the end of the next.
const SENT: usize = 5;

#[tokio::test]
async fn a_process_that_dies_at_any_call_loses_no_mail_and_doubles_it_only_between_sending_and_marking() {
    let plain = Outbox::open().await;
    let mail = plain.reset("maria").await;
    assert!(plain.deliver(&[&mail]).await.is_empty());
    assert_eq!(plain.watch.sequence(), CALLS);
    for at in 0..CALLS.len() {
        for death in [Death::Before(at), Death::After(at)] {
            let outbox = Outbox::open().await;
            let mail = outbox.reset("maria").await;
            outbox.watch.die(death);
            outbox.deliver(&[&mail]).await;
            assert!(outbox.watch.has_died(), "{death:?} was never reached");
            outbox.watch.reset();
            outbox.expire_lease(&mail.id).await;
            for _ in 0..2 {
                assert!(outbox.deliver(&[&mail]).await.is_empty(), "after {death:?}");
            }
            let sent = if matches!(death, Death::After(SENT)) || death == Death::Before(SENT + 1) { 2 } else { 1 };
            assert_eq!(end_state(&outbox, &mail).await, (MailState::Sent, sent, true), "after {death:?}");
        }
    }
}

#[tokio::test]
async fn an_answer_that_is_lost_doubles_a_mail_only_if_it_was_the_word_that_it_is_sent() {
    for at in 0..CALLS.len() {
        let outbox = Outbox::open().await;
        let mail = outbox.reset("maria").await;
        outbox.watch.suffer(Mishap::LostAnswer(at));
        outbox.deliver(&[&mail]).await;
        outbox.watch.reset();
        outbox.expire_lease(&mail.id).await;
        assert!(outbox.deliver(&[&mail]).await.is_empty());
        let sent = if at == SENT { 2 } else { 1 };
        assert_eq!(end_state(&outbox, &mail).await, (MailState::Sent, sent, true), "answer {at} lost");
    }
}

#[tokio::test]
async fn the_deployed_function_sends_what_it_is_nudged_for() {
    let (cloud, address) = (cloud(), "nudged.reader@example.org");
    let clients = cloud.clients().await.unwrap();
    let content = Content::PasswordChanged { username: "maria.garcia".to_owned() };
    let mail = Mail::about(&["test", "nudged"], EmailAddress::parse(address).unwrap(), content, clock::now());
    clients.table.save_mail(&mail).await.unwrap();
    clients.mails.send_nudge(&mail.id).await.unwrap();
    let sent = cloud.mailbox().wait_for(address, Duration::from_secs(30), |_| true).await.expect("the mail came");
    assert!(sent.subject.starts_with("Your password at "), "{}", sent.subject);
    assert_eq!(sent.links(), [format!("{}/forgot", cloud.portal_url().unwrap())]);
}
