//! The local cloud's own promises, with functions that only say what they were asked: it serves, and it leaves nothing running.

use local::{Cloud, Options, StartError};
use std::{
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    os::unix::fs::PermissionsExt,
    path::Path,
    time::{Duration, Instant},
};

/// A function in ten lines: it answers every page with the event that it was given.
const ECHO: &str = r#"#!/usr/bin/env python3
import json, os, urllib.request
api = "http://" + os.environ["AWS_LAMBDA_RUNTIME_API"] + "/2018-06-01/runtime/invocation/"
while True:
    event = urllib.request.urlopen(api + "next")
    seen = {"event": json.loads(event.read()), "environment": dict(os.environ)}
    answer = {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": json.dumps(seen)}
    name = event.headers["Lambda-Runtime-Aws-Request-Id"]
    urllib.request.urlopen(urllib.request.Request(api + name + "/response", json.dumps(answer).encode()))
"#;

fn functions(directory: &Path) {
    for name in local::functions::BINARIES {
        let file = directory.join(name);
        fs::write(&file, ECHO).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }
}

fn start(directory: &Path) -> Cloud {
    functions(directory);
    Cloud::start(Options { functions: Some(directory.to_path_buf()), ..Options::default() }).unwrap()
}

fn ask(url: &str, request: &str, body: &[u8]) -> String {
    let address = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let head =
        format!("{request} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
    stream
        .write_all(format!("{head}Cookie: a=1\r\nContent-Type: application/octet-stream\r\n\r\n").as_bytes())
        .unwrap();
    // The answer may come before all of the body was wanted.
    stream.write_all(body).ok();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok();
    String::from_utf8_lossy(&answer).into_owned()
}

fn processes_of_group(group: u32) -> usize {
    let in_group = |stat: String| {
        let after_name = stat.rsplit_once(") ").map(|(_, rest)| rest.to_owned()).unwrap_or_default();
        let mut fields = after_name.split(' ');
        // State, parent, group; a zombie is no running process.
        fields.next() != Some("Z") && fields.nth(1) == Some(&group.to_string())
    };
    let stats =
        fs::read_dir("/proc").unwrap().filter_map(|entry| fs::read_to_string(entry.ok()?.path().join("stat")).ok());
    stats.filter(|stat| in_group(stat.clone())).count()
}

#[test]
fn two_clouds_run_side_by_side_pass_requests_through_and_leave_no_process() {
    let places = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let clouds = places.each_ref().map(|place| start(place.path()));
    assert_ne!(clouds[0].endpoint(), clouds[1].endpoint());
    for cloud in &clouds {
        let pages = cloud.portal_url().unwrap();
        let answer = ask(pages, "GET /a/b?x=%20y&x=2", b"");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        let seen: serde_json::Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
        assert_eq!(seen["event"]["rawPath"], "/a/b");
        assert_eq!(seen["event"]["rawQueryString"], "x=%20y&x=2");
        assert_eq!(seen["event"]["headers"]["cookie"], "a=1");
        assert_eq!(seen["event"]["headers"]["host"], pages.strip_prefix("http://").unwrap());
        assert_eq!(seen["event"]["headers"].get("x-forwarded-for"), None);
        let told = cloud.environment();
        for name in [
            "TABLE_NAME",
            "ROSTER_BUCKET",
            "ROSTER_QUEUE_URL",
            "MAIL_QUEUE_URL",
            "EVENT_QUEUE_URL",
            "MAIL_FROM",
            "PUBLIC_BASE_URL",
            "BUCKET_ORIGIN",
            "AWS_ENDPOINT_URL",
            "AWS_ENDPOINT_URL_SESV2",
        ] {
            assert_eq!(seen["environment"][name].as_str(), told.get(name).map(String::as_str), "{name}");
        }
    }
    let groups = clouds.each_ref().map(|cloud| cloud.process().unwrap());
    assert!(groups.iter().all(|group| processes_of_group(*group) >= 2), "the cloud and its function run");
    drop(clouds);
    let began = Instant::now();
    while groups.iter().any(|group| processes_of_group(*group) > 0) {
        assert!(began.elapsed() < Duration::from_secs(5), "a process outlived its cloud");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[tokio::test]
async fn functions_may_do_what_the_template_lists_and_nothing_more() {
    use aws_sdk_dynamodb::{Client, config::Credentials, error::ProvideErrorMetadata, types::AttributeValue};
    let place = tempfile::tempdir().unwrap();
    let cloud = start(place.path());
    let answer = ask(cloud.portal_url().unwrap(), "GET /", b"");
    let seen: serde_json::Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
    let given = |name: &str| seen["environment"][name].as_str().unwrap().to_owned();
    let key = given("AWS_ACCESS_KEY_ID");
    let key = Credentials::new(key, given("AWS_SECRET_ACCESS_KEY"), Some(given("AWS_SESSION_TOKEN")), None, "portal");
    let shared = cloud.sdk_config().await;
    let client = Client::from_conf(aws_sdk_dynamodb::config::Builder::from(&shared).credentials_provider(key).build());

    let text = |value: &str| AttributeValue::S(value.to_owned());
    let put = client.put_item().table_name(cloud.table()).item("pk", text("a")).item("sk", text("b"));
    put.send().await.expect("the template lists PutItem");
    let scan = client.scan().table_name(cloud.table());
    assert_eq!(scan.send().await.unwrap_err().code(), Some("AccessDeniedException"));
    assert_eq!(client.list_tables().send().await.unwrap_err().code(), Some("AccessDeniedException"));
}

#[tokio::test]
async fn mails_go_to_the_mailbox_and_everything_else_to_the_endpoint() {
    use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message};
    let place = tempfile::tempdir().unwrap();
    let cloud = start(place.path());
    let shared = cloud.sdk_config().await;
    let content = |text: &str| Content::builder().data(text).build().unwrap();
    let message = Message::builder().subject(content("Hello")).body(Body::builder().text(content("There")).build());
    let sent = aws_sdk_sesv2::Client::new(&shared)
        .send_email()
        .from_email_address("ce@board.example")
        .destination(Destination::builder().to_addresses("ada@hospital.example").build())
        .content(EmailContent::builder().simple(message.build()).build());
    sent.send().await.unwrap();
    let mail = cloud.mailbox().wait_for("ada@hospital.example", Duration::from_secs(5), |_| true).await;
    assert_eq!(mail.expect("it is in the mailbox").subject, "Hello");
    assert!(ask(cloud.mailbox_url(), "GET /", b"").contains("Hello"));
    let table = aws_sdk_dynamodb::Client::new(&shared).describe_table().table_name(cloud.table()).send().await;
    assert!(table.is_ok(), "{table:?}");
}

#[test]
fn a_body_that_aws_would_refuse_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let cloud = start(place.path());
    let pages = cloud.portal_url().unwrap();
    let answer = ask(pages, "POST /", &vec![0; local::LARGEST_BODY + 1]);
    assert!(answer.starts_with("HTTP/1.1 413") || answer.is_empty(), "{}", &answer[..answer.len().min(200)]);
    let answer = ask(pages, "POST /", &vec![0; 1_000_000]);
    assert!(answer.starts_with("HTTP/1.1 200"), "{}", &answer[..answer.len().min(200)]);
}

#[test]
fn an_endpoint_that_is_there_is_used_and_left_running() {
    let place = tempfile::tempdir().unwrap();
    let first = start(place.path());
    let elsewhere = Options {
        endpoint: Some(first.endpoint().to_owned()),
        functions: Some(place.path().to_path_buf()),
        stack: "second".to_owned(),
        ..Options::default()
    };
    let second = Cloud::start(elsewhere).unwrap();
    assert_eq!(second.process(), None);
    assert_ne!(second.bucket(), first.bucket());
    let answer = ask(second.portal_url().unwrap(), "GET /", b"");
    let seen: serde_json::Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
    assert_eq!(seen["environment"]["AWS_ENDPOINT_URL"], first.endpoint());
    assert_eq!(seen["environment"]["AWS_ENDPOINT_URL_SESV2"], second.ses_endpoint(), "each has its own mailbox");
    assert_eq!(second.skipped(), [""; 0]);
    drop(second);
    assert!(ask(first.portal_url().unwrap(), "GET /", b"").starts_with("HTTP/1.1 200"));
}

#[test]
fn a_port_that_is_taken_and_an_endpoint_that_is_not_there_are_said() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let error = Cloud::start(Options { portal_port: port, ..Options::default() }).err().unwrap();
    assert!(matches!(error, StartError::PortBusy { option: "--portal-port", .. }), "{error}");
    drop(taken);
    let place = tempfile::tempdir().unwrap();
    functions(place.path());
    let nobody = Options {
        endpoint: Some(format!("http://127.0.0.1:{port}")),
        functions: Some(place.path().to_path_buf()),
        ..Options::default()
    };
    let error = Cloud::start(nobody).err().unwrap();
    assert!(matches!(error, StartError::NotAnswering { .. }), "{error}");
}
