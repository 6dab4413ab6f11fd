//! `ce replay`: what failed five times, handed back once its cause is cured.
//!
//! By receive, send, delete: a message is deleted only after its copy was taken, so a crash in between repeats it (which
//! the import bears) and never loses it.

use aws_sdk_sqs::{
    Client,
    error::DisplayErrorContext,
    types::{Message, MessageSystemAttributeName, QueueAttributeName},
};
use std::{collections::HashSet, env, error::Error, fs, io, process::ExitCode};

/// Moves the messages of a queue's dead-letter queue back into it.
///
/// Ends with 0 if all were moved (or listed), with 1 if some couldn't be, and with 2 if the queue can't be found or asked.
#[derive(clap::Args)]
pub(crate) struct Replay {
    /// `roster`, `mail`, `events`, `certificates`, `feedback`, or the URL of a queue that has a dead-letter queue. `roster` is ROSTER_QUEUE_URL, `mail` MAIL_QUEUE_URL, `events` EVENT_QUEUE_URL, `certificates` CERTIFICATE_QUEUE_URL and `feedback` FEEDBACK_QUEUE_URL, or the queues of the `ce up` that runs.
    queue: String,
    /// List the messages with their tries and what they are about, and move none; why one failed is in the log.
    #[arg(long)]
    dry_run: bool,
}

/// SQS hands out at most ten at a time.
const BATCH: i32 = 10;
/// Long enough to list thousands; they are shown again at the end of the list.
const HIDDEN_WHILE_LISTED_SECONDS: i32 = 60;
/// A dead-letter queue holds what failed since somebody last looked: a hundred thousand would be a flood that needs more than this.
const MOST_BATCHES: usize = 10_000;
/// A batch may by chance hold only what was seen; three in a row mean that nothing else waits.
const MOST_STALE_BATCHES: usize = 3;

#[derive(Debug, thiserror::Error)]
enum ReplayError {
    #[error("Which queue is meant? Set {0} (an output of the stack), or start `cargo ce up`.")]
    NoQueue(&'static str),
    #[error(
        "`{0}` is neither `roster` nor `mail` nor `events` nor `certificates` nor `feedback` nor the URL of a queue."
    )]
    UnknownQueue(String),
    #[error("The queue has no dead-letter queue.")]
    NoDeadLetterQueue,
    #[error("SQS didn't do it: {0}")]
    Sqs(String),
    #[error("Nobody answers there: {0}")]
    Unreachable(String),
}

/// The queues that have a name, and the variables that hold their URLs.
const VARIABLES: [(&str, &str); 5] = [
    ("roster", "ROSTER_QUEUE_URL"),
    ("mail", "MAIL_QUEUE_URL"),
    ("events", "EVENT_QUEUE_URL"),
    ("certificates", "CERTIFICATE_QUEUE_URL"),
    ("feedback", "FEEDBACK_QUEUE_URL"),
];

/// The variable behind a queue's name; for a URL that of the first.
fn variable(queue: &str) -> &'static str {
    VARIABLES.iter().find(|(name, _)| *name == queue).unwrap_or(&VARIABLES[0]).1
}

/// A queue, and whom to ask about it.
struct Asked {
    client: Client,
    queue: String,
    /// Whether `ce up` wrote it down; it may have been killed since.
    recorded: bool,
}

/// The messages that came so far. What fails to move comes back after a while: it is tried once.
#[derive(Default)]
struct Seen {
    ids: HashSet<String>,
    stale_batches: usize,
}

impl Seen {
    /// What is new in a batch; `None` if no more is to be expected.
    fn fresh(&mut self, batch: Vec<Message>) -> Option<Vec<Message>> {
        if batch.is_empty() {
            return None;
        }
        let mut fresh = batch;
        fresh.retain(|message| self.ids.insert(message.message_id.clone().unwrap_or_default()));
        self.stale_batches = if fresh.is_empty() { self.stale_batches + 1 } else { 0 };
        (self.stale_batches < MOST_STALE_BATCHES).then_some(fresh)
    }
}

struct Counts {
    moved: usize,
    failed: usize,
}

impl Replay {
    pub(crate) fn run(self) -> ExitCode {
        let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => return unable(&error),
        };
        match runtime.block_on(self.replay()) {
            Ok(counts) if counts.failed == 0 => ExitCode::SUCCESS,
            Ok(_) => ExitCode::FAILURE,
            Err(error) => unable(&error),
        }
    }

    async fn replay(&self) -> Result<Counts, ReplayError> {
        let Asked { client, queue, recorded } = self.open().await?;
        let dead_letters = dead_letter_queue(&client, &queue).await.map_err(|error| match error {
            ReplayError::Unreachable(_) if recorded => ReplayError::NoQueue(variable(&self.queue)),
            other => other,
        })?;
        let mut counts = Counts { moved: 0, failed: 0 };
        let mut seen = Seen::default();
        let mut listed = Vec::new();
        for _ in 0..MOST_BATCHES {
            let batch = receive(&client, &dead_letters, self.dry_run).await?;
            let Some(fresh) = seen.fresh(batch) else { break };
            for message in &fresh {
                if self.dry_run {
                    println!("{}", described(message));
                    listed.extend(message.receipt_handle.clone());
                } else if let Err(error) = hand_back(&client, &queue, &dead_letters, message).await {
                    counts.failed += 1;
                    println!("{}: not moved: {error}", message.message_id().unwrap_or("?"));
                } else {
                    counts.moved += 1;
                    println!("{}: moved", message.message_id().unwrap_or("?"));
                }
            }
        }
        show_again(&client, &dead_letters, listed).await;
        if self.dry_run {
            println!("{} waiting; none moved (--dry-run).", seen.ids.len());
        } else {
            println!("{} moved, {} not moved.", counts.moved, counts.failed);
        }
        Ok(counts)
    }

    /// From the environment, or from the `ce up` that runs.
    async fn open(&self) -> Result<Asked, ReplayError> {
        let variable = variable(&self.queue);
        let named = match self.queue.as_str() {
            "roster" | "mail" | "events" | "certificates" | "feedback" => {
                env::var(variable).ok().filter(|url| !url.is_empty())
            }
            url if url.starts_with("http://") || url.starts_with("https://") => Some(url.to_owned()),
            other => return Err(ReplayError::UnknownQueue(other.to_owned())),
        };
        let mut loader = aws_config::defaults(aws_config::BehaviorVersion::latest());
        let up = running_cloud();
        let queue = match (named, &up) {
            (Some(queue), _) => queue,
            (None, Some(up)) => up(variable).ok_or(ReplayError::NoQueue(variable))?,
            (None, None) => return Err(ReplayError::NoQueue(variable)),
        };
        // A queue of the local cloud is asked there, whatever AWS account the shell is set to.
        let up = up.filter(|up| VARIABLES.iter().any(|(_, variable)| up(variable).as_deref() == Some(&*queue)));
        if let Some(up) = &up {
            let key = aws_sdk_sqs::config::Credentials::new("test", "test", None, None, "local");
            loader = loader.region(local::REGION).credentials_provider(key);
            loader = loader.endpoint_url(up("AWS_ENDPOINT_URL").ok_or(ReplayError::NoQueue(variable))?);
        }
        Ok(Asked { client: Client::new(&loader.load().await), queue, recorded: up.is_some() })
    }
}

/// What `ce up` wrote down, while it runs.
fn running_cloud() -> Option<impl Fn(&str) -> Option<String>> {
    let text = fs::read_to_string(crate::up::addresses()).ok()?;
    let addresses: serde_json::Value = serde_json::from_str(&text).ok()?;
    Some(move |name: &str| addresses["environment"][name].as_str().map(str::to_owned))
}

async fn dead_letter_queue(client: &Client, queue: &str) -> Result<String, ReplayError> {
    let asked = client.get_queue_attributes().queue_url(queue).attribute_names(QueueAttributeName::RedrivePolicy);
    let answer = asked.send().await.map_err(sqs)?;
    let policy = answer.attributes().and_then(|all| all.get(&QueueAttributeName::RedrivePolicy));
    let policy: serde_json::Value =
        policy.and_then(|text| serde_json::from_str(text).ok()).ok_or(ReplayError::NoDeadLetterQueue)?;
    let name = policy["deadLetterTargetArn"].as_str().and_then(|arn| arn.rsplit(':').next());
    let found =
        client.get_queue_url().queue_name(name.ok_or(ReplayError::NoDeadLetterQueue)?).send().await.map_err(sqs)?;
    found.queue_url.ok_or(ReplayError::NoDeadLetterQueue)
}

async fn receive(client: &Client, queue: &str, only_listing: bool) -> Result<Vec<Message>, ReplayError> {
    let answer = client
        .receive_message()
        .queue_url(queue)
        .max_number_of_messages(BATCH)
        .message_system_attribute_names(MessageSystemAttributeName::All)
        .message_attribute_names("All")
        .set_visibility_timeout(only_listing.then_some(HIDDEN_WHILE_LISTED_SECONDS))
        .wait_time_seconds(1)
        .send()
        .await
        .map_err(sqs)?;
    Ok(answer.messages.unwrap_or_default())
}

async fn hand_back(client: &Client, queue: &str, dead_letters: &str, message: &Message) -> Result<(), ReplayError> {
    client
        .send_message()
        .queue_url(queue)
        .message_body(message.body().unwrap_or_default())
        .set_message_attributes(message.message_attributes.clone())
        .send()
        .await
        .map_err(sqs)?;
    let receipt = message.receipt_handle().unwrap_or_default();
    client.delete_message().queue_url(dead_letters).receipt_handle(receipt).send().await.map_err(sqs)?;
    Ok(())
}

/// What was only listed is there again for whoever looks next; what this fails for comes back by itself.
async fn show_again(client: &Client, queue: &str, receipts: Vec<String>) {
    for receipt in receipts {
        let shown = client.change_message_visibility().queue_url(queue).receipt_handle(receipt).visibility_timeout(0);
        shown.send().await.ok();
    }
}

/// The message's id, how often it was tried, and what it was about: its reason stands in the function's log, under that id.
fn described(message: &Message) -> String {
    let id = message.message_id().unwrap_or("?");
    let tried = message.attributes().and_then(|all| all.get(&MessageSystemAttributeName::ApproximateReceiveCount));
    let tried = tried.and_then(|count| count.parse::<u64>().ok()).map_or(0, |count| count.saturating_sub(1));
    format!("{id}: tried {tried} times; {}", about(message.body().unwrap_or_default()))
}

fn about(body: &str) -> String {
    let Ok(value) = serde_json::from_str::<serde_json::Value>(body) else {
        return "not a message that a function reads".to_owned();
    };
    if let Some(key) = value["detail"]["object"]["key"].as_str() {
        return format!("the file {key}");
    }
    if let (Some(event), Some(account)) = (value["event"].as_str(), value["account"].as_str()) {
        return format!("the certificate of account {account} for event {event}");
    }
    if let (Some(event), Some(account)) = (value["letter"]["event"].as_str(), value["letter"]["account"].as_str()) {
        return format!("the mail to account {account} about event {event}");
    }
    // Only ids: what the mail service tells names people.
    if value["source"] == "aws.ses" {
        let mail = value["detail"]["mail"]["tags"]["mail"][0].as_str().unwrap_or("?");
        return format!("what was told of the mail {mail}");
    }
    let named = ["import", "mail", "event"].into_iter().find_map(|kind| Some((kind, value[kind].as_str()?)));
    match named {
        Some((kind, id)) => format!("the {kind} {id}"),
        None => "not a message that a function reads".to_owned(),
    }
}

fn sqs<E: Error + 'static>(error: E) -> ReplayError {
    let refused = is_refused(&error);
    let words = DisplayErrorContext(error).to_string();
    if refused { ReplayError::Unreachable(words) } else { ReplayError::Sqs(words) }
}

/// Whether nobody listens at the address.
fn is_refused(error: &(dyn Error + 'static)) -> bool {
    let causes = std::iter::successors(Some(error), |&error| error.source());
    causes
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::ConnectionRefused)
}

fn unable(error: &dyn Error) -> ExitCode {
    eprintln!("{error}");
    ExitCode::from(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_waiting_message_says_what_it_is_about() {
        assert_eq!(about(r#"{"detail":{"object":{"key":"drop/acme-ce/a.xlsx"}}}"#), "the file drop/acme-ce/a.xlsx");
        assert_eq!(about(r#"{"import":"abc"}"#), "the import abc");
        assert_eq!(about(r#"{"mail":"abc"}"#), "the mail abc");
        assert_eq!(about(r#"{"event":"abc"}"#), "the event abc");
        assert_eq!(about(r#"{"event":"abc","account":"d"}"#), "the certificate of account d for event abc");
        assert_eq!(about(r#"{"letter":{"event":"abc","account":"d"}}"#), "the mail to account d about event abc");
        let told = r#"{"source":"aws.ses","detail":{"mail":{"destination":["a@b.c"],"tags":{"mail":["abc"]}}}}"#;
        assert_eq!(about(told), "what was told of the mail abc");
        assert_eq!(about("FAIL"), "not a message that a function reads");
    }

    #[test]
    fn a_batch_of_messages_that_came_before_doesnt_end_it_while_others_may_wait() {
        let batch = |ids: &[&str]| ids.iter().map(|id| Message::builder().message_id(*id).build()).collect::<Vec<_>>();
        let mut seen = Seen::default();
        let mut fresh = |ids: &[&str]| seen.fresh(batch(ids)).map(|fresh| fresh.len());
        assert_eq!(fresh(&["a", "b"]), Some(2));
        assert_eq!([fresh(&["a"]), fresh(&["b"])], [Some(0), Some(0)]);
        assert_eq!(fresh(&["b", "c"]), Some(1));
        assert_eq!([fresh(&["a"]), fresh(&["b"]), fresh(&["c"])], [Some(0), Some(0), None]);
        assert_eq!(fresh(&[]), None);
    }

    #[tokio::test]
    async fn a_cloud_that_is_gone_is_told_from_one_that_refuses() {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let key = aws_sdk_sqs::config::Credentials::new("test", "test", None, None, "test");
        let loader = aws_config::defaults(aws_config::BehaviorVersion::latest()).region(local::REGION);
        let loader = loader.credentials_provider(key).endpoint_url(format!("http://{free}"));
        let once = aws_config::retry::RetryConfig::disabled();
        let client = Client::new(&loader.retry_config(once).load().await);
        let error = dead_letter_queue(&client, &format!("http://{free}/000000000000/roster")).await.unwrap_err();
        assert!(matches!(error, ReplayError::Unreachable(_)), "{error}");
    }
}
