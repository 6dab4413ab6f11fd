//! `ce replay` against a real queue: what waits is listed, moved once, and gone from where it waited.

use aws_sdk_sqs::{Client, types::QueueAttributeName};
use local::{Cloud, Options, functions::BINARIES};
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    process::{Command, Output},
};

/// Functions that never come up: what is moved back stays in its queue, or on its way through it, and is counted there.
fn cloud(directory: &std::path::Path) -> Cloud {
    for name in BINARIES {
        let file = directory.join(name);
        fs::write(&file, "#!/bin/sh\nsleep 60\n").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }
    Cloud::start(Options { functions: Some(directory.to_path_buf()), ..Options::default() }).unwrap()
}

fn replay(cloud: &Cloud, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ce")).arg("replay").args(arguments).envs(cloud.environment()).output().unwrap()
}

async fn waiting(client: &Client, queue: &str) -> i64 {
    use QueueAttributeName::{ApproximateNumberOfMessages as Visible, ApproximateNumberOfMessagesNotVisible as Hidden};
    let answer = client.get_queue_attributes().queue_url(queue).attribute_names(QueueAttributeName::All).send().await;
    let all = answer.unwrap().attributes.unwrap();
    [Visible, Hidden].iter().map(|name| all[name].parse::<i64>().unwrap()).sum()
}

#[tokio::test]
async fn what_waits_is_listed_and_then_moved_back_once() {
    let directory = tempfile::tempdir().unwrap();
    let cloud = cloud(directory.path());
    let client = Client::new(&cloud.sdk_config().await);
    for number in 0..12 {
        let body = format!(r#"{{"detail":{{"object":{{"key":"drop/acme-ce/{number}.xlsx"}}}}}}"#);
        client.send_message().queue_url(cloud.dlq_url()).message_body(body).send().await.unwrap();
    }

    let listed = replay(&cloud, &["roster", "--dry-run"]);
    let text = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    assert!(text.contains("the file drop/acme-ce/11.xlsx") && text.contains("12 waiting; none moved"), "{text}");
    assert_eq!(waiting(&client, cloud.dlq_url()).await, 12);
    assert_eq!(waiting(&client, cloud.queue_url()).await, 0);

    let moved = replay(&cloud, &[cloud.queue_url()]);
    let text = String::from_utf8_lossy(&moved.stdout).into_owned();
    assert!(moved.status.success() && text.contains("12 moved, 0 not moved."), "{text}");
    assert_eq!(waiting(&client, cloud.dlq_url()).await, 0);
    assert_eq!(waiting(&client, cloud.queue_url()).await, 12);
}

#[test]
fn a_queue_that_is_none_ends_with_two() {
    let answer = Command::new(env!("CARGO_BIN_EXE_ce")).args(["replay", "nothing"]).output().unwrap();
    assert_eq!(answer.status.code(), Some(2));
    assert!(
        String::from_utf8_lossy(&answer.stderr).contains("nor `events` nor `certificates` nor `feedback` nor the URL")
    );
}
