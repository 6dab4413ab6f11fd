//! The local SESv2, asked as the functions ask it: by the SDK.

use aws_sdk_sesv2::{
    Client,
    config::{BehaviorVersion, Credentials, Region, retry::RetryConfig},
    error::ProvideErrorMetadata,
    operation::send_email::builders::SendEmailFluentBuilder,
    primitives::Blob,
    types::{
        Body, Content, Destination, EmailContent, Message, MessageHeader, MessageTag, RawMessage, SuppressionListReason,
    },
};
use local::{
    MailServer,
    mail::{MOST_MAILS, Outcome, Ports, Quota, Reason},
};
use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

const ADA: &str = "ada+ce@hospital.example";

fn start() -> (MailServer, Client) {
    let server = MailServer::start(Ports::default()).unwrap();
    let client = client(&server, RetryConfig::disabled());
    (server, client)
}

fn client(server: &MailServer, retries: RetryConfig) -> Client {
    let config = aws_sdk_sesv2::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(server.endpoint())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .retry_config(retries.with_initial_backoff(Duration::from_millis(1)))
        .build();
    Client::from_conf(config)
}

fn content(text: &str) -> Content {
    Content::builder().data(text).charset("UTF-8").build().unwrap()
}

fn header(name: &str, value: &str) -> MessageHeader {
    MessageHeader::builder().name(name).value(value).build().unwrap()
}

fn message() -> aws_sdk_sesv2::types::builders::MessageBuilder {
    let body =
        Body::builder().text(content("Sign in: https://ce.example/in?t=1.")).html(content("<p>Sign <b>in</b></p>"));
    Message::builder().subject(content("Your link – today")).body(body.build())
}

fn mail(client: &Client, to: &str, message: Message) -> SendEmailFluentBuilder {
    client
        .send_email()
        .from_email_address("Contact Hour <ce@board.example>")
        .destination(Destination::builder().to_addresses(to).build())
        .content(EmailContent::builder().simple(message).build())
}

/// A page of the mailbox, as a browser asks for it.
fn page(server: &MailServer, request: &str, more: &str) -> String {
    let own = server.mailbox_url().strip_prefix("http://").unwrap();
    let host = if more.contains("Host:") { String::new() } else { format!("Host: {own}\r\n") };
    let mut stream = TcpStream::connect(own).unwrap();
    stream.write_all(format!("{request} HTTP/1.1\r\nConnection: close\r\n{host}{more}\r\n").as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[tokio::test]
async fn a_mail_is_kept_with_all_that_it_was_sent_with() {
    let (server, client) = start();
    let message = message().headers(header("List-Unsubscribe", "<https://ce.example/u>")).build();
    let sent = mail(&client, ADA, message)
        .reply_to_addresses("help@board.example")
        .configuration_set_name("contact-hour")
        .email_tags(MessageTag::builder().name("kind").value("link").build().unwrap());
    let id = sent.send().await.unwrap().message_id.unwrap();
    let kept = server.mailbox().wait_for(ADA, Duration::from_secs(1), |mail| mail.id == id).await.unwrap();
    assert_eq!(kept.from, "Contact Hour <ce@board.example>");
    assert_eq!(
        (kept.to.as_slice(), kept.reply_to.as_slice()),
        (&[ADA.to_owned()][..], &["help@board.example".to_owned()][..])
    );
    assert_eq!((kept.subject.as_str(), kept.html.as_str()), ("Your link – today", "<p>Sign <b>in</b></p>"));
    assert_eq!(kept.links(), ["https://ce.example/in?t=1"]);
    assert_eq!(kept.header("list-unsubscribe"), Some("<https://ce.example/u>"));
    assert_eq!((kept.configuration_set.as_deref(), kept.tags["kind"].as_str()), (Some("contact-hour"), "link"));
    assert_eq!(kept.outcome_for(ADA), Some(Outcome::Delivered));
    assert!(!format!("{kept:?}").contains("ada"), "people don't stand in logs");
    assert_eq!(server.mailbox().mails_to("bob@hospital.example"), []);
}

#[tokio::test]
async fn a_raw_mail_is_kept_as_it_is_and_its_headers_say_whom_it_is_for() {
    let (server, client) = start();
    let raw = format!("From: ce@board.example\r\nTo: {ADA}\r\nSubject: Hello\r\n there\r\n\r\nText");
    let content = EmailContent::builder().raw(RawMessage::builder().data(Blob::new(raw.clone())).build().unwrap());
    client.send_email().content(content.build()).send().await.unwrap();
    let kept = server.mailbox().mails_to(ADA).remove(0);
    assert_eq!((kept.subject.as_str(), kept.raw), ("Hello there", Some(raw)));
}

#[tokio::test]
async fn what_ses_refuses_is_refused_and_not_kept() {
    let (server, client) = start();
    let many: Vec<String> = (0..51).map(|number| format!("a{number}@b.example")).collect();
    let many = Destination::builder().set_to_addresses(Some(many)).build();
    let folded = message().headers(header("X-Course", "a\r\nBcc: eve@c.example")).build();
    let plain = || message().build();
    let subject = message().subject(content("a\r\nBcc: eve@c.example")).build();
    let garbled = message().subject(Content::builder().data("–").build().unwrap()).build();
    let content = EmailContent::builder().simple(plain()).build();
    let to_ada = Destination::builder().to_addresses(ADA).build();
    for (what, send) in [
        ("a header that is two", mail(&client, ADA, folded)),
        ("a subject that is two headers", mail(&client, ADA, subject)),
        ("a subject that would be garbled", mail(&client, ADA, garbled)),
        ("51 recipients", mail(&client, ADA, plain()).destination(many)),
        ("no domain", mail(&client, "ada", plain())),
        ("an answer to two", mail(&client, ADA, plain()).reply_to_addresses("a@b.example\r\nBcc: c@d.example")),
        ("nobody", mail(&client, ADA, plain()).destination(Destination::builder().build())),
        ("no sender", client.send_email().destination(to_ada).content(content)),
        ("16 headers", mail(&client, ADA, message().set_headers(Some(vec![header("X-A", "b"); 16])).build())),
    ] {
        let error = send.send().await.unwrap_err();
        assert_eq!(error.code(), Some("BadRequestException"), "{what}: {error:?}");
        assert!(error.into_service_error().is_bad_request_exception(), "{what}");
    }
    assert_eq!(server.mailbox().mails(), []);
}

#[tokio::test]
async fn a_send_that_is_throttled_is_tried_again_and_arrives_once() {
    let (server, client) = start();
    server.mailbox().throttle_next(1);
    let error = mail(&client, ADA, message().build()).send().await.unwrap_err();
    assert!(error.into_service_error().is_too_many_requests_exception());
    server.mailbox().throttle_next(1);
    let patient = self::client(&server, RetryConfig::standard());
    mail(&patient, ADA, message().build()).send().await.unwrap();
    server.mailbox().fail_next(1);
    mail(&patient, ADA, message().build()).send().await.unwrap();
    assert_eq!(server.mailbox().mails_to(ADA).len(), 2);
}

#[tokio::test]
async fn an_answer_that_is_lost_leaves_a_mail_that_was_sent() {
    let (server, client) = start();
    server.mailbox().drop_next_answers(1);
    let error = mail(&client, ADA, message().build()).send().await.unwrap_err();
    assert_eq!(error.code(), None, "there was no answer: {error:?}");
    assert_eq!(server.mailbox().mails_to(ADA).len(), 1);
    mail(&client, ADA, message().build()).send().await.unwrap();
    assert_eq!(server.mailbox().mails_to(ADA).len(), 2);
}

#[tokio::test]
async fn the_account_says_what_may_be_sent_and_no_more_is_taken() {
    let (server, client) = start();
    let account = client.get_account().send().await.unwrap();
    let quota = account.send_quota.unwrap();
    assert_eq!((quota.max24_hour_send, quota.max_send_rate, quota.sent_last24_hours), (50_000.0, 14.0, 0.0));
    assert!(account.sending_enabled && account.production_access_enabled);

    server.mailbox().set_quota(Quota { in_24_hours: 3.0, in_a_second: 1.0, rate_is_enforced: true });
    mail(&client, ADA, message().build()).send().await.unwrap();
    let two = Destination::builder().to_addresses(ADA).to_addresses("bob@hospital.example").build();
    let error = mail(&client, ADA, message().build()).destination(two).send().await.unwrap_err();
    assert!(error.into_service_error().is_too_many_requests_exception(), "two in a second");
    server.mailbox().set_quota(Quota { in_24_hours: 1.0, ..Quota::default() });
    let error = mail(&client, ADA, message().build()).send().await.unwrap_err();
    assert!(error.into_service_error().is_limit_exceeded_exception());
    assert_eq!(client.get_account().send().await.unwrap().send_quota.unwrap().sent_last24_hours, 1.0);

    server.mailbox().pause(true);
    let error = mail(&client, ADA, message().build()).send().await.unwrap_err();
    assert!(error.into_service_error().is_sending_paused_exception());
    assert!(!client.get_account().send().await.unwrap().sending_enabled);
}

#[tokio::test]
async fn a_suppressed_address_gets_nothing_until_it_is_taken_off_the_list() {
    let (server, client) = start();
    let put = client.put_suppressed_destination().email_address(ADA).reason(SuppressionListReason::Bounce);
    put.send().await.unwrap();
    server.mailbox().suppress("bob@hospital.example", Reason::Complaint);
    let found = client.get_suppressed_destination().email_address(ADA).send().await.unwrap();
    let found = found.suppressed_destination.unwrap();
    assert_eq!((found.email_address.as_str(), found.reason), (ADA, SuppressionListReason::Bounce));
    let mut pages = client.list_suppressed_destinations().into_paginator().page_size(1).send();
    let mut listed = Vec::new();
    while let Some(page) = pages.next().await {
        listed.extend(page.unwrap().suppressed_destination_summaries.unwrap_or_default());
    }
    assert_eq!(listed.len(), 2);
    let complained = client.list_suppressed_destinations().reasons(SuppressionListReason::Complaint).send().await;
    assert_eq!(complained.unwrap().suppressed_destination_summaries.unwrap().len(), 1);

    mail(&client, ADA, message().build()).configuration_set_name("contact-hour").send().await.unwrap();
    assert_eq!(server.mailbox().mails_to(ADA)[0].outcome_for(ADA), Some(Outcome::Suppressed));
    let told = server.mailbox().events();
    assert_eq!(
        told.iter().map(|event| event["detail-type"].as_str().unwrap()).collect::<Vec<_>>(),
        ["Email Sent", "Email Bounced"]
    );
    assert_eq!(told[1]["detail"]["bounce"]["bounceSubType"], "OnAccountSuppressionList");

    client.delete_suppressed_destination().email_address(ADA).send().await.unwrap();
    let gone = client.get_suppressed_destination().email_address(ADA).send().await.unwrap_err();
    assert!(gone.into_service_error().is_not_found_exception());
    mail(&client, ADA, message().build()).send().await.unwrap();
    assert_eq!(server.mailbox().mails_to(ADA)[0].outcome_for(ADA), Some(Outcome::Delivered));
}

#[tokio::test]
async fn the_simulator_bounces_and_complains_as_events_say() {
    let (server, client) = start();
    for (name, outcome, kinds) in [
        ("success", Outcome::Delivered, &["Send", "Delivery"][..]),
        ("bounce+ada", Outcome::Bounced, &["Send", "Bounce"]),
        ("complaint", Outcome::Complained, &["Send", "Delivery", "Complaint"]),
        ("suppressionlist", Outcome::Suppressed, &["Send", "Bounce"]),
    ] {
        let to = format!("{name}@simulator.amazonses.com");
        let id = mail(&client, &to, message().build()).configuration_set_name("contact-hour").send().await.unwrap();
        let id = id.message_id.unwrap();
        assert_eq!(server.mailbox().mails_to(&to)[0].outcome_for(&to), Some(outcome));
        let told = server.mailbox().events();
        let told = told.iter().filter(|event| event["detail"]["mail"]["messageId"] == *id);
        assert_eq!(told.map(|event| event["detail"]["eventType"].as_str().unwrap()).collect::<Vec<_>>(), kinds);
        assert!(server.mailbox().suppressed(&to).is_none(), "the simulator's addresses don't come on the list");
        server.mailbox().clear();
    }
    mail(&client, "bounce@simulator.amazonses.com", message().build()).send().await.unwrap();
    assert!(server.mailbox().events().is_empty(), "without a configuration set SES tells nobody");
}

#[tokio::test]
async fn only_the_newest_mails_are_kept() {
    let (server, client) = start();
    for number in 0..MOST_MAILS + 1 {
        let subject = message().subject(content(&number.to_string())).build();
        mail(&client, ADA, subject).send().await.unwrap();
    }
    let kept = server.mailbox().mails();
    assert_eq!((kept.len(), kept[0].subject.as_str()), (MOST_MAILS, MOST_MAILS.to_string().as_str()));
}

#[tokio::test]
async fn the_mailbox_shows_a_mail_as_a_strangers() {
    let (server, client) = start();
    let body =
        Body::builder().text(content("<i>https://ce.example/in?a=1&b=2</i>")).html(content("<script>x</script>"));
    let message = Message::builder().subject(content("<b>Hi</b>")).body(body.build());
    let message = message.headers(header("X-Note", "<u>")).build();
    let id = mail(&client, ADA, message).send().await.unwrap().message_id.unwrap();
    let list = page(&server, "GET /", "");
    assert!(list.starts_with("HTTP/1.1 200") && list.contains("http-equiv=\"refresh\""), "{list}");
    assert!(list.contains("&#60;b&#62;Hi") && list.contains(ADA) && !list.contains("<b>"), "{list}");
    let one = page(&server, &format!("GET /mails/{id}"), "");
    assert!(one.contains("<a href=\"https://ce.example/in?a=1&#38;b=2\">"), "{one}");
    assert!(one.contains("&#60;u&#62;") && !one.contains("<script") && one.contains("sandbox=\"allow-popups"), "{one}");
    assert!(one.contains("default-src 'none'"), "{one}");
    let html = page(&server, &format!("GET /mails/{id}/html"), "");
    let policy = html.lines().find(|line| line.starts_with("content-security-policy")).unwrap();
    assert!(policy.contains("sandbox allow-popups") && !policy.contains("allow-scripts"), "{policy}");
    assert!(html.ends_with("<script>x</script>"));
    assert!(page(&server, "GET /mails/none", "").starts_with("HTTP/1.1 404"));
}

#[tokio::test]
async fn the_mailbox_as_json_is_of_one_person_and_is_cleared_by_its_button_alone() {
    let (server, client) = start();
    for to in [ADA, "bob@hospital.example"] {
        mail(&client, to, message().build()).send().await.unwrap();
    }
    for query in ["ada+ce@hospital.example", "ADA%2Bce%40hospital.example"] {
        let answer = page(&server, &format!("GET /mails.json?to={query}"), "");
        let mails: serde_json::Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
        assert_eq!((mails.as_array().unwrap().len(), mails[0]["to"][0].as_str()), (1, Some(ADA)));
        assert_eq!(mails[0]["subject"], "Your link – today");
    }
    let elsewhere = page(&server, "POST /clear", "Origin: http://evil.example\r\n");
    assert!(elsewhere.starts_with("HTTP/1.1 403"), "{elsewhere}");
    let renamed = page(&server, "GET /mails.json", "Host: evil.example\r\n");
    assert!(renamed.starts_with("HTTP/1.1 403") && !renamed.contains("ada"), "{renamed}");
    assert_eq!(server.mailbox().mails().len(), 2);
    let cleared = page(&server, "POST /clear", &format!("Origin: {}\r\nContent-Length: 0\r\n", server.mailbox_url()));
    assert!(cleared.starts_with("HTTP/1.1 303") && cleared.contains("location: /"), "{cleared}");
    assert_eq!(server.mailbox().mails(), []);
}

#[test]
fn who_cannot_sign_cannot_send() {
    let server = MailServer::start(Ports::default()).unwrap();
    let own = server.endpoint().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(own).unwrap();
    let head = format!(
        "POST /v2/email/outbound-emails HTTP/1.1\r\nHost: {own}\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{{}}"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 403") && answer.contains("MissingAuthenticationToken"), "{answer}");
}
