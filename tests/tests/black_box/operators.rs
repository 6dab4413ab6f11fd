//! What operators rely on: another endpoint, dead letters that can be replayed, logs without people, events that can be invoked.

use aws_sdk_sqs::types::QueueAttributeName;
use domain::{import::Owner, register::Provider};
use local::{Cloud, Options, person::Person};
use std::{
    path::PathBuf,
    process::{Command, Output},
    time::Duration,
};
use tests::{
    cloud,
    rosters::{garcia, workbook},
    workshop::{FAR, Workshop, provider},
};

/// The tool, built with everything else by `ce test`, or now.
fn ce() -> PathBuf {
    if let Some(built) = std::env::var_os("CONTACT_HOUR_FUNCTIONS") {
        return PathBuf::from(built).join("ce");
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let build = Command::new(cargo).current_dir(local::files::root()).args(["build", "--package", "ce"]).status();
    assert!(build.unwrap().success());
    std::env::current_exe().unwrap().ancestors().nth(2).unwrap().join("ce")
}

async fn messages_in(sqs: &aws_sdk_sqs::Client, queue: &str) -> u32 {
    let name = QueueAttributeName::ApproximateNumberOfMessages;
    let answer = sqs.get_queue_attributes().queue_url(queue).attribute_names(name.clone()).send().await.unwrap();
    answer.attributes().unwrap()[&name].parse().unwrap()
}

async fn wait_for_messages(sqs: &aws_sdk_sqs::Client, queue: &str, wanted: u32) {
    for _ in 0..240 {
        if messages_in(sqs, queue).await == wanted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    panic!("the queue never had {wanted} messages, but {}", messages_in(sqs, queue).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_is_there_is_used_and_its_dead_letters_are_replayed() {
    let (there, ours) = tokio::task::spawn_blocking(|| {
        let there = Cloud::start(Options { stack: "somebody-elses".into(), ..Options::default() }).unwrap();
        let endpoint = Some(there.endpoint().to_owned());
        let ours = Cloud::start(Options { endpoint, seed: true, ..Options::default() }).unwrap();
        (there, ours)
    })
    .await
    .unwrap();
    assert_eq!(ours.endpoint(), there.endpoint());
    assert!(ours.process().is_none(), "an endpoint that is there isn't started again");
    let sqs = aws_sdk_sqs::Client::new(&ours.sdk_config().await);
    let clients = ours.clients().await.unwrap();

    // A provider that isn't in the register: the file can't be imported, and after five tries its message is put aside.
    let quickly = sqs.set_queue_attributes().queue_url(ours.queue_url());
    quickly.attributes(QueueAttributeName::VisibilityTimeout, "1").send().await.unwrap();
    let latecomer = provider("latecomer");
    clients.objects.save_bytes("drop/latecomer/may.xlsx", workbook(&[garcia(12)]), "x").await.unwrap();
    wait_for_messages(&sqs, ours.dlq_url(), 1).await;

    // Its cause is cured, and the message is handed back.
    clients.table.save_provider(&Provider::named(latecomer.clone(), "Latecomer")).await.unwrap();
    let replay = |arguments: &[&str]| -> Output {
        Command::new(ce()).arg("replay").args(arguments).envs(ours.environment()).output().unwrap()
    };
    let listed = replay(&["roster", "--dry-run"]);
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    assert!(String::from_utf8_lossy(&listed.stdout).contains("drop/latecomer/may.xlsx"), "{listed:?}");
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut imports = Vec::new();
    for _ in 0..90 {
        // What was listed stays hidden for a minute.
        let replayed = replay(&["roster"]);
        assert!(replayed.status.success(), "{}", String::from_utf8_lossy(&replayed.stderr));
        imports = clients.table.fetch_imports_of(&Owner::Provider(latecomer.clone()), None, 10).await.unwrap().0;
        if imports.first().is_some_and(|import| import.state.has_ended()) {
            break;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    // The course isn't the latecomer's, so its row fails; the file is imported all the same.
    assert_eq!(imports.len(), 1);
    assert_eq!(imports[0].counts.reasons["course_not_associated_with_provider"], 1);
    assert_eq!(messages_in(&sqs, ours.dlq_url()).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_name_stands_in_a_log_line() {
    let cloud = tokio::task::spawn_blocking(cloud).await.unwrap();
    let clients = cloud.clients().await.unwrap();
    let canary = tests::rosters::Row { first: "Xanthippe".into(), last: "Quixwood".into(), ..garcia(25) };
    let rows = [canary, garcia(26)];
    clients.objects.save_bytes("drop/acme-ce/canary Quixwood.xlsx", workbook(&rows), "x").await.unwrap();
    let mut seen = false;
    for _ in 0..240 {
        let (imports, _) =
            clients.table.fetch_imports_of(&Owner::Provider(provider("acme-ce")), None, 30).await.unwrap();
        seen = imports.iter().any(|import| import.file_name.starts_with("canary") && import.state.has_ended());
        if seen {
            break;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    assert!(seen, "the file was never imported");
    let log = std::fs::read_to_string(cloud.log().unwrap()).unwrap();
    assert!(log.contains("import.done"), "the functions' log isn't there");
    let ours = log.lines().filter(|line| line.starts_with('{'));
    for line in ours {
        for name in ["Xanthippe", "Quixwood", "Garcia", "Müller", "O'Brien"] {
            assert!(!line.contains(name), "{name} stands in a log line: {line}");
        }
    }
}

#[tokio::test]
async fn the_recorded_events_are_answered_as_their_names_say() {
    let folder = local::files::root().join("events/import-roster");
    let workshop = Workshop::open().await;
    let bucket = workshop.world.settings.roster_bucket.clone();
    let now = adapters::clock::now() + FAR;
    let mut answered = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap().replace("contact-hour-rosters", &bucket);
        let event = serde_json::from_str(&text).unwrap();
        let answer = match import_roster::handle(event, now, &workshop.world).await {
            Ok(answer) => answer.to_string(),
            Err(error) => error.to_string(),
        };
        answered.push(format!("{}: {answer}", path.file_stem().unwrap().to_str().unwrap()));
    }
    answered.sort();
    let failed = r#"{"batchItemFailures":[{"itemIdentifier":"059f36b4-87a3-44ab-83d2-661975830a7d"}]}"#;
    let taken = r#"{"batchItemFailures":[]}"#;
    let expected = [
        // Files that aren't there: they were deleted before they could be imported.
        format!("file-dropped: {taken}"),
        format!("file-of-another-bucket: {failed}"),
        format!("file-uploaded: {taken}"),
        format!("no-message-of-ours: {failed}"),
        // An import that isn't in the table.
        format!("nudge: {failed}"),
        r#"sweep: {"handed_out":0}"#.to_owned(),
    ];
    assert_eq!(answered, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_offices_first_user_is_invited_by_the_tool_and_nobody_after() {
    let empty = tokio::task::spawn_blocking(|| Cloud::start(Options::default()).unwrap()).await.unwrap();
    let invite = |email: &str| -> Output {
        Command::new(ce()).args(["first-office", email]).envs(empty.environment()).output().unwrap()
    };
    assert_eq!(invite("not an address").status.code(), Some(2));
    let email = "first@board.example";
    let invited = invite(email);
    assert!(invited.status.success(), "{}", String::from_utf8_lossy(&invited.stderr));
    let has_link = |mail: &local::Mail| mail.links().iter().any(|link| link.contains("/sign-up/details?"));
    let mail = empty.mailbox().wait_for(email, Duration::from_secs(60), has_link).await.expect("the invitation");
    let link = mail.links().into_iter().find(|link| link.contains("/sign-up/details?")).unwrap().to_owned();
    let mut first = Person::at(empty.portal_url().unwrap());
    first.get(&link).await.unwrap();
    let form = first.get("/sign-up/details").await.unwrap().text;
    assert!(form.contains("You are invited to work in the office."), "{form}");
    let shown = form.split("name=\"link\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let fields = [
        ("link", shown.as_str()),
        ("first_name", "Ada"),
        ("last_name", "Brandt"),
        ("username", "ada.brandt"),
        ("password", "velvet anchor pretzel 81"),
        ("email", email),
    ];
    assert_eq!(first.post("/sign-up/details", &fields).await.unwrap().location, "/office/licensees");
    let second = invite("second@board.example");
    assert_eq!(second.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&second.stderr).contains("The office has an account already."), "{second:?}");
}
