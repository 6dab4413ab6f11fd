//! The AWS clients, made once per process over one injectable HTTP connector.

use crate::{
    config::{Settings, Stage},
    objects::Objects,
    queue::{CertificateQueue, EventQueue, MailQueue, Queue},
    secrets::Secrets,
    table::Table,
    zoom::Zoom,
};
use aws_config::{BehaviorVersion, SdkConfig, retry::RetryConfig, timeout::TimeoutConfig};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use std::time::Duration;

/// The clients that a door hands on.
#[derive(Clone)]
pub struct Clients {
    /// DynamoDB.
    pub table: Table,
    /// S3.
    pub objects: Objects,
    /// SQS: the import's queue.
    pub queue: Queue,
    /// SQS: the mails' queue.
    pub mails: MailQueue,
    /// SQS: the queue of events that somebody has to look at.
    pub events_queue: EventQueue,
    /// SQS: the queue of certificates.
    pub certificates_queue: CertificateQueue,
    /// S3: the bucket of certificates, in which nothing is ever written over.
    pub certificates: Objects,
    /// Secrets Manager. Not even its client is made before the first question.
    pub secrets: Secrets,
    /// Zoom. Nothing is read or asked before the first call.
    pub zoom: Zoom,
}

impl Clients {
    /// Makes the clients. Nothing is connected before the first call. `http` replaces the connector under all of them:
    /// tests count calls and break them there.
    pub async fn load(settings: &Settings, http: Option<SharedHttpClient>) -> Self {
        Self::from_config(settings, &load_config(http).await)
    }

    /// Makes the clients from an SDK configuration.
    pub fn from_config(settings: &Settings, shared: &SdkConfig) -> Self {
        let dynamodb = aws_sdk_dynamodb::config::Builder::from(shared)
            .timeout_config(timeouts(2, 3, 12))
            .retry_config(RetryConfig::standard().with_max_attempts(4))
            .build();
        let s3 = aws_sdk_s3::config::Builder::from(shared)
            // A local endpoint has no host names for buckets.
            .force_path_style(settings.stage == Stage::Local)
            .timeout_config(timeouts(2, 60, 120))
            .retry_config(RetryConfig::standard().with_max_attempts(4))
            .build();
        let sqs = aws_sdk_sqs::config::Builder::from(shared).timeout_config(timeouts(2, 5, 15)).build();
        let sqs = aws_sdk_sqs::Client::from_conf(sqs);
        let secrets = Secrets::new(shared, settings.zoom_secret_id.clone(), settings.certificate_secret_id.clone());
        let objects = Objects::new(aws_sdk_s3::Client::from_conf(s3), settings, shared);
        Self {
            table: Table::new(aws_sdk_dynamodb::Client::from_conf(dynamodb), settings.table_name.clone()),
            certificates: objects.in_bucket(&settings.certificate_bucket),
            objects,
            queue: Queue::new(sqs.clone(), settings.roster_queue_url.clone()),
            mails: MailQueue::new(sqs.clone(), settings.mail_queue_url.clone()),
            events_queue: EventQueue::new(sqs.clone(), settings.event_queue_url.clone()),
            certificates_queue: CertificateQueue::new(sqs, settings.certificate_queue_url.clone()),
            zoom: Zoom::new(secrets.clone(), &settings.zoom_base_url),
            secrets,
        }
    }
}

/// The SDK's configuration, from the environment.
pub(crate) async fn load_config(http: Option<SharedHttpClient>) -> SdkConfig {
    let mut loader = aws_config::defaults(BehaviorVersion::latest());
    if let Some(http) = http {
        loader = loader.http_client(http);
    }
    loader.load().await
}

/// The SDK alone would wait for ever for an answer: seconds to connect, for one attempt, and for all attempts of a call.
pub(crate) fn timeouts(connect: u64, attempt: u64, operation: u64) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(connect))
        .operation_attempt_timeout(Duration::from_secs(attempt))
        .operation_timeout(Duration::from_secs(operation))
        .build()
}
