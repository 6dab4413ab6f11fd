//! The way from SES to the queue of what becomes of mails, in the place of the bus and the template's rule: the local bus takes no
//! events of AWS's services. An event is handed on until the queue has taken it.

use super::Mailbox;
use aws_sdk_sqs::{
    Client,
    config::{BehaviorVersion, Credentials, Region},
};
use std::time::Duration;

/// How often it is looked for something to hand on: SES takes a second or more.
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);
/// A local cloud that is stopped and started again is there within this, some tries later.
const AFTER_A_FAILURE: Duration = Duration::from_secs(1);

/// Hands on what is told of mails, for as long as the server runs.
pub(super) async fn deliver(mailbox: Mailbox, endpoint: String, queue_url: String) {
    let config = aws_sdk_sqs::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(endpoint)
        .region(Region::new(crate::REGION))
        .credentials_provider(Credentials::new("test", "test", None, None, "local SES"));
    let client = Client::from_conf(config.build());
    loop {
        for event in mailbox.take_to_hand_on() {
            let send = || client.send_message().queue_url(&queue_url).message_body(event.to_string()).send();
            while send().await.is_err() {
                tokio::time::sleep(AFTER_A_FAILURE).await;
            }
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
}
