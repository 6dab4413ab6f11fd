//! The connector under all AWS clients, watched: which calls a flow makes, what they cost, and what happens if the process
//! dies at one of them.

use aws_smithy_runtime_api::client::{
    http::{
        HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
    },
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
    runtime_components::RuntimeComponents,
};
use aws_smithy_types::body::SdkBody;
use http_body_util::BodyExt;
use serde_json::Value;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

/// A call that was made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Call {
    /// `dynamodb PutItem`, `s3 GET`, `sqs SendMessage`, `ses POST`.
    pub what: String,
}

/// Capacity that DynamoDB says was used, in hundredths of a unit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Capacity {
    /// Units written to the table.
    pub table_writes: u64,
    /// Units written to indexes.
    pub index_writes: u64,
    /// Units read.
    pub reads: u64,
}

/// When a process dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Death {
    /// Before its n-th call (from 0) is sent.
    Before(usize),
    /// After its n-th call was carried out, and before the answer came.
    After(usize),
}

/// What goes wrong without anybody dying.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mishap {
    /// The n-th call (from 0) is carried out and its answer is lost once: the SDK asks again.
    LostAnswer(usize),
    /// Every n-th call to the table is refused for being too much.
    ThrottledEach(usize),
    /// Calls of this kind don't come through.
    Outage(&'static str),
}

/// What happens to a call.
enum Fate {
    Served,
    Unsent,
    Unanswered,
    Lost,
    Throttled,
}

/// What is watched, and when the process dies.
#[derive(Debug, Default)]
pub struct Watch {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    calls: Vec<Call>,
    capacity: Capacity,
    death: Option<Death>,
    mishap: Option<Mishap>,
    dead: bool,
}

impl Watch {
    /// Lets the process die at a call; the count of calls begins anew.
    pub fn die(&self, death: Death) {
        *self.lock() = State { death: Some(death), ..State::default() };
    }

    /// Lets something go wrong; the count of calls begins anew.
    pub fn suffer(&self, mishap: Mishap) {
        *self.lock() = State { mishap: Some(mishap), ..State::default() };
    }

    /// A new process: nothing is counted, nobody dies.
    pub fn reset(&self) {
        *self.lock() = State::default();
    }

    /// Whether the process has died.
    pub fn has_died(&self) -> bool {
        self.lock().dead
    }

    /// How often which call was made.
    pub fn calls(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for call in &self.lock().calls {
            *counts.entry(call.what.clone()).or_default() += 1;
        }
        counts
    }

    /// The calls in the order in which they were made.
    pub fn sequence(&self) -> Vec<String> {
        self.lock().calls.iter().map(|call| call.what.clone()).collect()
    }

    /// How many calls were made.
    pub fn total(&self) -> usize {
        self.lock().calls.len()
    }

    /// What DynamoDB says was used.
    pub fn capacity(&self) -> Capacity {
        self.lock().capacity
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a call, and says what becomes of it.
    fn begin(&self, what: String) -> Fate {
        let mut state = self.lock();
        if state.dead {
            return Fate::Unsent;
        }
        let place = state.calls.len();
        let fate = match (&state.death, &state.mishap) {
            (Some(Death::Before(at)), _) if *at == place => Fate::Unsent,
            (Some(Death::After(at)), _) if *at == place => Fate::Unanswered,
            (_, Some(Mishap::LostAnswer(at))) if *at == place => Fate::Lost,
            (_, Some(Mishap::ThrottledEach(each))) if what.starts_with("dynamodb") && place.is_multiple_of(*each) => {
                Fate::Throttled
            }
            (_, Some(Mishap::Outage(kind))) if what == *kind => Fate::Throttled,
            _ => Fate::Served,
        };
        state.dead = matches!(fate, Fate::Unsent | Fate::Unanswered);
        state.calls.push(Call { what });
        fate
    }

    fn spend(&self, operation: &str, answer: &Value) {
        let consumed = match &answer["ConsumedCapacity"] {
            Value::Array(list) => list.clone(),
            Value::Null => return,
            one => vec![one.clone()],
        };
        let hundredths = |value: &Value| value.as_f64().map_or(0, |units| (units * 100.0).round() as u64);
        let mut state = self.lock();
        for entry in consumed {
            let indexes: u64 = entry["GlobalSecondaryIndexes"]
                .as_object()
                .map_or(0, |indexes| indexes.values().map(|index| hundredths(&index["CapacityUnits"])).sum());
            let table = match &entry["Table"]["CapacityUnits"] {
                Value::Null => hundredths(&entry["CapacityUnits"]) - indexes,
                units => hundredths(units),
            };
            if operation.contains("Get") || operation.contains("Query") {
                state.capacity.reads += table + indexes;
            } else {
                state.capacity.table_writes += table;
                state.capacity.index_writes += indexes;
            }
        }
    }
}

/// An HTTP client for the SDK's clients that is watched.
pub fn watched(watch: Arc<Watch>) -> SharedHttpClient {
    let inner = aws_smithy_http_client::Builder::new().build_http();
    SharedHttpClient::new(WatchedClient { inner, watch })
}

#[derive(Debug)]
struct WatchedClient {
    inner: SharedHttpClient,
    watch: Arc<Watch>,
}

impl HttpClient for WatchedClient {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(WatchedConnector { inner, watch: Arc::clone(&self.watch) })
    }
}

#[derive(Debug)]
struct WatchedConnector {
    inner: SharedHttpConnector,
    watch: Arc<Watch>,
}

impl HttpConnector for WatchedConnector {
    fn call(&self, mut request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default().to_owned();
        let what = match target.split_once('.') {
            Some((service, operation)) if service.starts_with("DynamoDB") => format!("dynamodb {operation}"),
            Some((_, operation)) => format!("sqs {operation}"),
            None if request.uri().contains("/v2/email/") => format!("ses {}", request.method()),
            None => format!("s3 {}", request.method()),
        };
        let is_table = what.starts_with("dynamodb");
        if is_table {
            ask_for_capacity(&mut request);
        }
        let fate = self.watch.begin(what.clone());
        match fate {
            Fate::Unsent => return HttpConnectorFuture::ready(Err(died())),
            Fate::Throttled => return HttpConnectorFuture::ready(Ok(throttled())),
            Fate::Served | Fate::Unanswered | Fate::Lost => {}
        }
        let (answer, watch) = (self.inner.call(request), Arc::clone(&self.watch));
        HttpConnectorFuture::new(async move {
            let answer = answer.await?;
            let answer = if is_table { read_capacity(answer, &what, &watch).await? } else { answer };
            match fate {
                Fate::Unanswered => Err(died()),
                Fate::Lost => Err(ConnectorError::io("the connection was reset".into())),
                Fate::Served | Fate::Unsent | Fate::Throttled => Ok(answer),
            }
        })
    }
}

/// A process that died sees no answer; the SDK isn't to try again on its behalf.
fn died() -> ConnectorError {
    ConnectorError::user("the process died".into())
}

/// DynamoDB's refusal of what is too much at once; S3's clients take its status for a failure that passes.
fn throttled() -> HttpResponse {
    let body =
        r#"{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException","message":"slow down"}"#;
    let status = aws_smithy_runtime_api::http::StatusCode::try_from(503).expect("a status");
    HttpResponse::new(status, SdkBody::from(body))
}

fn ask_for_capacity(request: &mut HttpRequest) {
    let Some(mut body) = request.body().bytes().and_then(|bytes| serde_json::from_slice::<Value>(bytes).ok()) else {
        return;
    };
    body["ReturnConsumedCapacity"] = "INDEXES".into();
    let bytes = body.to_string().into_bytes();
    request.headers_mut().insert("content-length", bytes.len().to_string());
    *request.body_mut() = SdkBody::from(bytes);
}

async fn read_capacity(mut answer: HttpResponse, what: &str, watch: &Watch) -> Result<HttpResponse, ConnectorError> {
    let body = std::mem::replace(answer.body_mut(), SdkBody::taken());
    let bytes = body.collect().await.map_err(ConnectorError::io)?.to_bytes();
    if let Ok(json) = serde_json::from_slice(&bytes) {
        watch.spend(what, &json);
    }
    *answer.body_mut() = SdkBody::from(bytes);
    Ok(answer)
}
