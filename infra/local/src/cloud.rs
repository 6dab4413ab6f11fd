//! A cloud of one's own: started on its ports, deployed, filled, and ended when it is dropped.

use crate::{
    StartError, demo,
    deploy::Deployment,
    endpoint::{self, Found},
    files, functions, gateway, http,
    mail::{self, MailServer, Mailbox, Ports},
    python::{Environment, Python},
    server::{self, Server},
    zoom::{self, FakeZoom, Hooks, ZoomServer},
};
use adapters::{clients::Clients, config::Settings};
use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::Credentials;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};
use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    thread,
    time::Duration,
};
use tokio::runtime::Runtime;

/// How to start a cloud. The default takes free ports and says nothing, as tests want it.
pub struct Options {
    /// The local cloud's port; 0 takes a free one. Not used with an endpoint.
    pub port: u16,
    /// The pages' port; 0 takes a free one.
    pub portal_port: u16,
    /// The local SESv2's port and its mailbox's; 0 takes a free one.
    pub mail_ports: Ports,
    /// The fake Zoom's port; 0 takes a free one.
    pub zoom_port: u16,
    /// An endpoint that is there already: no local cloud is started then.
    pub endpoint: Option<String>,
    /// A folder with the functions' binaries; built from source if none is named.
    pub functions: Option<PathBuf>,
    /// Where the Python environment, logs and scratch files are kept.
    pub directory: PathBuf,
    /// The stack's name.
    pub stack: String,
    /// Whether the demo data is loaded.
    pub seed: bool,
    /// Told before each step that may take a while.
    pub progress: Box<dyn Fn(&str) + Send>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            portal_port: 0,
            mail_ports: Ports::default(),
            zoom_port: 0,
            endpoint: None,
            functions: env::var_os(functions::BUILT).filter(|folder| !folder.is_empty()).map(PathBuf::from),
            directory: files::kept(),
            stack: "contact-hour".to_owned(),
            seed: false,
            progress: Box::new(|_| ()),
        }
    }
}

/// A running cloud. Dropping it ends what it started; an endpoint that was there stays, with the stack in it.
pub struct Cloud {
    endpoint: String,
    portal_url: Option<String>,
    outputs: BTreeMap<String, String>,
    skipped: Vec<&'static str>,
    mail: MailServer,
    zoom: ZoomServer,
    server: Option<Server>,
    runtime: Option<Arc<Runtime>>,
    python: PathBuf,
}

/// No SDK for Lambda is built for the one call that stories make.
const SWEEP: &str = "
import sys, boto3
called = boto3.client('lambda', region_name=sys.argv[2]).invoke(FunctionName=sys.argv[1], Payload=b'{\"sweep\":true}')
sys.exit(called['Payload'].read().decode() if 'FunctionError' in called else 0)
";

impl Cloud {
    /// Starts a cloud. Blocks until it is ready, from threads of a runtime too.
    pub fn start(options: Options) -> Result<Self, StartError> {
        let started = thread::Builder::new().name("cloud".to_owned()).spawn(move || start(&options));
        let started = started.map_err(StartError::io("starting a thread"))?;
        started.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }

    /// Where AWS's APIs are answered.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Where people reach the pages; `None` where the endpoint has no HTTP API.
    pub fn portal_url(&self) -> Option<&str> {
        self.portal_url.as_deref()
    }

    /// What the endpoint lacks and was therefore skipped, a sentence each.
    pub fn skipped(&self) -> &[&'static str] {
        &self.skipped
    }

    /// What the functions sent, and the switches that make sending fail.
    pub fn mailbox(&self) -> &Mailbox {
        self.mail.mailbox()
    }

    /// Where people read what was sent, without a slash at the end.
    pub fn mailbox_url(&self) -> &str {
        self.mail.mailbox_url()
    }

    /// Where SESv2's API is answered; no other service's.
    pub fn ses_endpoint(&self) -> &str {
        self.mail.endpoint()
    }

    /// The fake Zoom: its meetings, and the switches that make it fail.
    pub fn zoom(&self) -> &FakeZoom {
        self.zoom.zoom()
    }

    /// Where the fake Zoom is, for the functions and for people, without a slash at the end.
    pub fn zoom_url(&self) -> &str {
        self.zoom.url()
    }

    /// The table's name.
    pub fn table(&self) -> &str {
        self.output("TableName")
    }

    /// The bucket of rosters.
    pub fn bucket(&self) -> &str {
        self.output("RosterBucketName")
    }

    /// The queue of rosters.
    pub fn queue_url(&self) -> &str {
        self.output("RosterQueueUrl")
    }

    /// Where imports that failed five times wait.
    pub fn dlq_url(&self) -> &str {
        self.output("RosterDlqUrl")
    }

    /// The import's function: invoked with `{"sweep":true}` it does what the schedule has it do.
    pub fn import_function(&self) -> &str {
        self.output("ImportRosterFunctionName")
    }

    /// The queue of mails.
    pub fn mail_queue_url(&self) -> &str {
        self.output("MailQueueUrl")
    }

    /// Where mails that couldn't be sent five times wait.
    pub fn mail_dlq_url(&self) -> &str {
        self.output("MailDlqUrl")
    }

    /// The function that sends mails: invoked with `{"sweep":true}` it does what the schedule has it do.
    pub fn mail_function(&self) -> &str {
        self.output("SendEvaluationsFunctionName")
    }

    /// The queue of what became of mails.
    pub fn feedback_queue_url(&self) -> &str {
        self.output("FeedbackQueueUrl")
    }

    /// Where what became of mails waits if it couldn't be noted five times.
    pub fn feedback_dlq_url(&self) -> &str {
        self.output("FeedbackDlqUrl")
    }

    /// The queue of events to look at.
    pub fn event_queue_url(&self) -> &str {
        self.output("EventQueueUrl")
    }

    /// Where events that couldn't be looked at five times wait.
    pub fn event_dlq_url(&self) -> &str {
        self.output("EventDlqUrl")
    }

    /// The function that does what is due of events: invoked with `{"sweep":true}` it does what the schedule has it do.
    pub fn due_function(&self) -> &str {
        self.output("ReconcileAttendanceFunctionName")
    }

    /// The secret that holds what Zoom gave.
    pub fn zoom_secret_id(&self) -> &str {
        self.output("ZoomSecretId")
    }

    /// The bucket of certificates.
    pub fn certificate_bucket(&self) -> &str {
        self.output("CertificateBucketName")
    }

    /// The queue of certificates to make or revoke.
    pub fn certificate_queue_url(&self) -> &str {
        self.output("CertificateQueueUrl")
    }

    /// Where certificates that couldn't be made five times wait.
    pub fn certificate_dlq_url(&self) -> &str {
        self.output("CertificateDlqUrl")
    }

    /// The secret that certificates are signed with.
    pub fn certificate_secret_id(&self) -> &str {
        self.output("CertificateSecretId")
    }

    /// The log groups of the functions, the portal's first.
    pub fn log_groups(&self) -> [&str; 8] {
        [
            "PortalLogGroup",
            "ImportRosterLogGroup",
            "SendEvaluationsLogGroup",
            "ZoomEventsLogGroup",
            "ReconcileAttendanceLogGroup",
            "RenderCertificateLogGroup",
            "VerifyCertificateLogGroup",
            "RecordMailFeedbackLogGroup",
        ]
        .map(|name| self.output(name))
    }

    /// Where the local cloud and its functions write; `None` for an endpoint that was there already.
    pub fn log(&self) -> Option<&Path> {
        self.server.as_ref().map(Server::log)
    }

    /// The local cloud's process, whose group has the functions' too; `None` for an endpoint that was there already.
    pub fn process(&self) -> Option<u32> {
        self.server.as_ref().map(Server::process)
    }

    /// The environment of an SDK client or of a function that is to work on this cloud.
    pub fn environment(&self) -> BTreeMap<String, String> {
        let portal = self.portal_url.as_deref().unwrap_or_default();
        let ours = [
            ("AWS_ENDPOINT_URL", self.endpoint()),
            (mail::ENDPOINT_VARIABLE, self.ses_endpoint()),
            ("STAGE", "local"),
            ("TABLE_NAME", self.table()),
            ("ROSTER_BUCKET", self.bucket()),
            ("ROSTER_QUEUE_URL", self.queue_url()),
            ("MAIL_QUEUE_URL", self.mail_queue_url()),
            ("EVENT_QUEUE_URL", self.event_queue_url()),
            ("CERTIFICATE_QUEUE_URL", self.certificate_queue_url()),
            ("CERTIFICATE_BUCKET", self.certificate_bucket()),
            ("CERTIFICATE_SECRET_ID", self.certificate_secret_id()),
            ("FEEDBACK_QUEUE_URL", self.feedback_queue_url()),
            ("MAIL_FROM", mail::FROM),
            ("PUBLIC_BASE_URL", portal),
            ("BUCKET_ORIGIN", self.endpoint()),
            ("ORGANISATION_TIME_ZONE", "America/New_York"),
            ("REPORTING_YEAR_START", "01-01"),
            ("ZOOM_SECRET_ID", self.zoom_secret_id()),
            (zoom::BASE_VARIABLE, self.zoom_url()),
        ];
        crate::credentials().into_iter().chain(ours).map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    /// Has a function do at once what its schedule has it do, and waits until it has.
    pub fn sweep(&self, function: &str) -> Result<(), StartError> {
        let mut python = Command::new(&self.python);
        python.args(["-c", SWEEP, function, crate::REGION]).envs(self.environment());
        let swept = python.output().map_err(StartError::io("running Python"))?;
        match swept.status.success() {
            true => Ok(()),
            false => Err(StartError::SweepFailed { reason: String::from_utf8_lossy(&swept.stderr).trim().to_owned() }),
        }
    }

    /// The AWS clients of this cloud, as the functions make theirs.
    pub async fn clients(&self) -> Result<Clients, StartError> {
        let environment = self.environment();
        let settings = Settings::read(|name| environment.get(name).cloned());
        let settings = settings.map_err(|error| StartError::DemoFailed { reason: error.to_string() })?;
        Ok(Clients::from_config(&settings, &self.sdk_config().await))
    }

    /// The configuration of any other AWS client of this cloud.
    pub async fn sdk_config(&self) -> SdkConfig {
        let loader = aws_config::defaults(BehaviorVersion::latest())
            .region(crate::REGION)
            .credentials_provider(Credentials::new("test", "test", None, None, "local cloud"));
        // Not by the loader: its endpoint would stand above the one of SESv2 alone.
        let builder = loader.load().await.into_builder().endpoint_url(self.endpoint());
        builder.service_config(ServiceEndpoints { ses: self.ses_endpoint().to_owned() }).build()
    }

    fn output(&self, name: &str) -> &str {
        self.outputs.get(name).map_or("", String::as_str)
    }
}

/// The services that have an endpoint of their own, as the functions read them from their environment.
#[derive(Debug)]
struct ServiceEndpoints {
    ses: String,
}

impl LoadServiceConfig for ServiceEndpoints {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        (key.service_id() == "SESv2" && key.env() == "AWS_ENDPOINT_URL").then(|| self.ses.clone())
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        // Not waited for: a cloud may be dropped inside a runtime.
        if let Some(runtime) = self.runtime.take().and_then(Arc::into_inner) {
            runtime.shutdown_background();
        }
        drop(self.server.take());
    }
}

/// Zoom takes up to half an hour; nobody who plays an event through in a minute waits as long.
const REPORT_DELAY_SECONDS: i64 = 5;

/// The outputs that [`Cloud`] promises.
const PROMISED: [&str; 27] = [
    "CertificateBucketName",
    "CertificateQueueUrl",
    "CertificateDlqUrl",
    "CertificateSecretId",
    "RenderCertificateLogGroup",
    "VerifyCertificateLogGroup",
    "TableName",
    "RosterBucketName",
    "RosterQueueUrl",
    "RosterDlqUrl",
    "MailQueueUrl",
    "MailDlqUrl",
    "FeedbackQueueUrl",
    "FeedbackDlqUrl",
    "ImportRosterFunctionName",
    "SendEvaluationsFunctionName",
    "PortalLogGroup",
    "SignUpLogGroup",
    "ImportRosterLogGroup",
    "SendEvaluationsLogGroup",
    "ZoomEventsLogGroup",
    "RecordMailFeedbackLogGroup",
    "ZoomSecretId",
    "EventQueueUrl",
    "EventDlqUrl",
    "ReconcileAttendanceFunctionName",
    "ReconcileAttendanceLogGroup",
];

fn start(options: &Options) -> Result<Cloud, StartError> {
    let progress = &*options.progress;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = Arc::new(runtime.map_err(StartError::io("starting a runtime"))?);
    let client = http::Client::new(Arc::clone(&runtime));
    // All ports first: a sentence about them shouldn't come after minutes of building.
    let pages = server::listen(options.portal_port, "--portal-port")?;
    let pages_port = pages.local_addr().map_err(StartError::io("opening the pages' port"))?.port();
    let mail = MailServer::start(options.mail_ports)?;
    let zoom = ZoomServer::start(options.zoom_port)?;
    let python = Python::find()?;
    let environment =
        python.environment(&options.directory.join("python"), "cloud", &files::here("requirements.txt"), progress)?;

    let (endpoint, directory, mut server) = match &options.endpoint {
        Some(endpoint) => (endpoint::check_local(endpoint)?, options.directory.join("cloud-elsewhere"), None),
        None => start_server(options, &environment, progress)?,
    };
    let binaries = directory.join("functions");
    functions::build(options.functions.as_deref(), &binaries, progress)?;
    let found = match &mut server {
        Some(server) => {
            progress("waiting for the local cloud");
            server.wait(&client)?;
            Found { pages: true, ..Found::default() }
        }
        None => {
            progress(&format!("asking {endpoint} what it can do"));
            endpoint::probe(&endpoint, &client)?
        }
    };
    let pages_url = format!("http://127.0.0.1:{pages_port}");
    progress("deploying infra/template.yaml");
    let deployment = Deployment {
        environment: &environment,
        endpoint: &endpoint,
        found: &found,
        functions: &binaries,
        stack: &options.stack,
        public_base_url: &pages_url,
        ses_endpoint: mail.endpoint(),
        zoom_url: zoom.url(),
    };
    let outputs = deployment.run(progress)?;
    if let Some(missing) = PROMISED.into_iter().find(|name| !outputs.contains_key(*name)) {
        return Err(StartError::OutputMissing(missing));
    }
    if found.pages {
        let api = outputs.get("ApiId").ok_or(StartError::OutputMissing("ApiId"))?;
        gateway::serve(&runtime, pages, format!("{endpoint}/_aws/execute-api/{api}/$default"))
            .map_err(StartError::io("opening the pages' port"))?;
    }
    let feedback = outputs.get("FeedbackQueueUrl").ok_or(StartError::OutputMissing("FeedbackQueueUrl"))?;
    mail.deliver_feedback_to(&endpoint, feedback);
    let secret = outputs.get("ZoomSecretId").ok_or(StartError::OutputMissing("ZoomSecretId"))?;
    runtime.block_on(zoom::save_secret(&endpoint, secret))?;
    zoom.zoom().set_report_delay(REPORT_DELAY_SECONDS);
    let portal_url = found.pages.then_some(pages_url);
    if let Some(pages) = &portal_url {
        zoom.zoom().set_hooks(Hooks { url: Some(format!("{pages}{}", zoom::WEBHOOK_PATH)), ..Hooks::default() });
    }
    let cloud = Cloud {
        endpoint,
        portal_url,
        outputs,
        skipped: found.skipped,
        mail,
        zoom,
        server,
        runtime: Some(Arc::clone(&runtime)),
        python: environment.python(),
    };
    if options.seed {
        progress("loading the demo data");
        runtime.block_on(demo::load(&cloud))?;
    }
    Ok(cloud)
}

fn start_server(
    options: &Options,
    environment: &Environment,
    progress: &dyn Fn(&str),
) -> Result<(String, PathBuf, Option<Server>), StartError> {
    // Held only until it is known to be free.
    let port =
        server::listen(options.port, "--port")?.local_addr().map_err(StartError::io("finding a free port"))?.port();
    let directory = options.directory.join(format!("cloud-{port}"));
    forget_old(&options.directory);
    fs::create_dir_all(&directory).map_err(StartError::io("making the local cloud's folder"))?;
    progress(&format!("starting the local cloud on port {port}"));
    let server = Server::start(environment, port, &directory)?;
    Ok((format!("http://127.0.0.1:{port}"), directory, Some(server)))
}

/// Long enough to read the log of a test that failed yesterday evening.
const LOGS_KEPT: Duration = Duration::from_secs(24 * 3600);

/// Clouds on free ports leave a folder each. One that can't be removed does no harm.
fn forget_old(directory: &Path) {
    let folders = fs::read_dir(directory).into_iter().flatten().flatten();
    for folder in folders.filter(|folder| folder.file_name().to_string_lossy().starts_with("cloud-")) {
        // Its log is written to for as long as the cloud runs.
        let written = fs::metadata(folder.path().join("cloud.log")).and_then(|log| log.modified());
        if written.is_ok_and(|time| time.elapsed().is_ok_and(|age| age > LOGS_KEPT)) {
            fs::remove_dir_all(folder.path()).ok();
        }
    }
}
