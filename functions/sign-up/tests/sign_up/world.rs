//! A small world for the accounts: a real table in memory behind the real client, and a queue that takes every nudge. People
//! come to their accounts by the pages' own steps.

use adapters::{
    clients::Clients,
    config::{Settings, Stage},
    random::Secret,
    table::accounts::Invitation,
};
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
    ScalarAttributeType,
};
use axum::{Router, body::Body};
use domain::{
    account::{Account, Rank},
    course::ProviderId,
    email::EmailAddress,
    id::InvitationId,
    licence::LicenceNumber,
    link::Purpose,
    mail::Content,
    register::{Change, Provider},
};
use http::Request;
use http_body_util::BodyExt;
use jiff::tz::TimeZone;
use lambda_http::{
    aws_lambda_events::apigw::{ApiGatewayV2httpRequestContext, ApiGatewayV2httpRequestContextHttpDescription},
    request::RequestContext,
};
use sign_up::{Hasher, Limits};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tower::ServiceExt;

pub(crate) const BASE: &str = "http://accounts.test";
pub(crate) const PASSWORD: &str = "correct horse battery staple";

pub(crate) struct World {
    settings: Settings,
    pub(crate) clients: Clients,
    pub(crate) limits: Limits,
    pub(crate) hasher: Arc<Hasher>,
    /// Where the next request seems to come from.
    pub(crate) network: String,
    /// What the queues were sent.
    pub(crate) nudged: Arc<Mutex<Vec<String>>>,
}

/// An answer, and the hashes that were worked out for it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) text: String,
    pub(crate) location: String,
    /// The session's cookie, if one was set.
    pub(crate) cookie: String,
    pub(crate) hashes: u64,
}

impl World {
    /// A world with two providers, with one address on file for both.
    pub(crate) async fn new() -> Self {
        let (address, listener) = listen().await;
        tokio::spawn(dynoxide::server::serve_on(listener, dynoxide::Database::memory().unwrap()));
        let (queue, listener) = listen().await;
        let nudged: Arc<Mutex<Vec<String>>> = Arc::default();
        let heard = Arc::clone(&nudged);
        let hear = async move |body: String| {
            heard.lock().unwrap().push(body);
            "{}"
        };
        tokio::spawn(async move { axum::serve(listener, Router::new().fallback(hear)).await });
        let settings = Settings {
            certificate_queue_url: String::new(),
            certificate_bucket: "certificates".to_owned(),
            certificate_secret_id: String::new(),
            zoom_secret_id: String::new(),
            zoom_base_url: String::new(),
            first_report_try_seconds: 1_800,
            stage: Stage::Local,
            table_name: "table".to_owned(),
            roster_bucket: "rosters".to_owned(),
            roster_queue_url: format!("{queue}/rosters"),
            mail_queue_url: format!("{queue}/mails"),
            event_queue_url: format!("{queue}/events"),
            mail_from: String::new(),
            mail_configuration_set: String::new(),
            public_base_url: BASE.to_owned(),
            bucket_origin: "http://bucket.test".to_owned(),
            time_zone: TimeZone::UTC,
            reporting_year: Default::default(),
        };
        let config = sdk_config(&address).await;
        let mut clients = Clients::from_config(&settings, &config);
        let at_queue = Clients::from_config(&settings, &sdk_config(&queue).await);
        (clients.mails, clients.events_queue) = (at_queue.mails, at_queue.events_queue);
        create_table(&aws_sdk_dynamodb::Client::new(&config)).await;
        let world = Self {
            settings,
            clients,
            limits: Limits::read(|_| None),
            hasher: Arc::default(),
            network: "203.0.113.1".to_owned(),
            nudged,
        };
        for (id, number) in [("acme-ce", "CEP-1001"), ("beta-ce", "CEP-1002")] {
            let entry = Provider {
                licence: LicenceNumber::parse(number).ok(),
                email_on_file: EmailAddress::parse("office@acme.example").ok(),
                ..Provider::named(provider(id), id)
            };
            let change = Change { by: "tests".to_owned(), at: 1, why: "new".to_owned() };
            world.clients.table.save_provider_if(&entry, None, &change).await.unwrap();
        }
        world
    }

    /// Asks for a page, or sends a form.
    pub(crate) async fn ask(&self, path: &str, cookie: &str, form: Option<&[(&str, &str)]>) -> Answer {
        let before = self.hasher.worked();
        let mut request = Request::builder().uri(path).header("cookie", cookie);
        if form.is_some() {
            request = request
                .method("POST")
                .header("origin", BASE)
                .header("sec-fetch-site", "same-origin")
                .header("content-type", "application/x-www-form-urlencoded");
        }
        let mut request = request.body(Body::from(form.map(encoded).unwrap_or_default())).unwrap();
        let mut http = ApiGatewayV2httpRequestContextHttpDescription::default();
        http.source_ip = Some(self.network.clone());
        let mut context = ApiGatewayV2httpRequestContext::default();
        context.http = http;
        request.extensions_mut().insert(RequestContext::ApiGatewayV2(context));
        let limits = self.limits.clone();
        let router = sign_up::router(&self.settings, self.clients.clone(), limits, Arc::clone(&self.hasher)).unwrap();
        let answer = router.oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let header = |name| parts.headers.get_all(name).iter().map(|value| value.to_str().unwrap().to_owned());
        let cookie = header("set-cookie").find(|text| text.starts_with("__Host-session="));
        Answer {
            status: parts.status.as_u16(),
            location: header("location").next().unwrap_or_default(),
            cookie: cookie.map(|text| text.split(';').next().unwrap().to_owned()).unwrap_or_default(),
            text: String::from_utf8(body.collect().await.unwrap().to_bytes().into()).unwrap(),
            hashes: self.hasher.worked() - before,
        }
    }

    pub(crate) async fn get(&self, path: &str, cookie: &str) -> Answer {
        self.ask(path, cookie, None).await
    }

    pub(crate) async fn post(&self, path: &str, cookie: &str, form: &[(&str, &str)]) -> Answer {
        self.ask(path, cookie, Some(form)).await
    }

    /// The second step of Sign Up behind a link for this purpose, with this username.
    pub(crate) async fn take_link(&self, purpose: &Purpose, username: &str, email: &str) -> Answer {
        let secret = Secret::new().unwrap();
        self.clients.table.save_link(&secret.hash(), purpose, i64::MAX / 2).await.unwrap();
        let form = [
            ("first_name", "Mary"),
            ("last_name", "Baker"),
            ("username", username),
            ("password", PASSWORD),
            ("email", email),
            ("link", secret.hash().as_str()),
        ]
        .map(|(name, value)| (name, value.to_owned()));
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.post("/sign-up/details", &format!("__Host-link={}", secret.reveal()), &form).await
    }

    /// A licensee's account, and its session's cookie.
    pub(crate) async fn licensee(&self, username: &str) -> String {
        let email = format!("{username}@people.example");
        let purpose = Purpose::SignUpLicensee { email: EmailAddress::parse(&email).unwrap(), licence: None };
        self.signed_up(&purpose, username, &email).await
    }

    /// The owner's account of a provider, and its session's cookie.
    pub(crate) async fn owner(&self, id: &str, username: &str) -> String {
        let email = EmailAddress::parse("office@acme.example").unwrap();
        let purpose = Purpose::SignUpProvider { provider: provider(id), email };
        self.signed_up(&purpose, username, "office@acme.example").await
    }

    /// Somebody who was invited, to a provider or to the office, and their session's cookie.
    pub(crate) async fn invited(&self, to: Option<&str>, username: &str) -> String {
        let email = format!("{username}@people.example");
        let purpose = self.invite(to, &email).await;
        self.signed_up(&purpose, username, &email).await
    }

    /// An invitation, and what its link is for.
    pub(crate) async fn invite(&self, to: Option<&str>, email: &str) -> Purpose {
        let email = EmailAddress::parse(email).unwrap();
        let id: InvitationId = adapters::random::invitation_id().unwrap();
        let invitation =
            Invitation { id, provider: to.map(provider), rank: Rank::Member, email, at: adapters::clock::now() };
        let mail = invitation.mail("somebody".to_owned(), invitation.at);
        assert!(self.clients.table.invite(&invitation, &mail).await.unwrap());
        mail.content.purpose().unwrap().clone()
    }

    async fn signed_up(&self, purpose: &Purpose, username: &str, email: &str) -> String {
        let answer = self.take_link(purpose, username, email).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        answer.cookie
    }

    pub(crate) async fn log_in(&self, username: &str, password: &str) -> Answer {
        self.post("/login", "", &[("username", username), ("password", password)]).await
    }

    /// The account of somebody who signed up with [`World::licensee`] or was invited.
    pub(crate) async fn account(&self, username: &str) -> Account {
        let email = EmailAddress::parse(&format!("{username}@people.example")).unwrap();
        self.clients.table.fetch_accounts_of(&email).await.unwrap().remove(0)
    }

    /// What the mails that wait to be sent tell, each with its address.
    pub(crate) async fn mails(&self) -> Vec<(String, Content)> {
        let mut found = Vec::new();
        for id in self.clients.table.fetch_due_mails(i64::from(u32::MAX), 100).await.unwrap() {
            let mail = self.clients.table.fetch_mail(&id).await.unwrap().unwrap().mail;
            found.push((mail.to.shown().to_owned(), mail.content));
        }
        found
    }
}

pub(crate) fn provider(id: &str) -> ProviderId {
    ProviderId::parse(id).unwrap()
}

fn encoded(form: &[(&str, &str)]) -> String {
    let sign = |byte: u8| match byte {
        b' ' => "+".to_owned(),
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    let pair = |(name, value): &(&str, &str)| format!("{name}={}", value.bytes().map(sign).collect::<String>());
    form.iter().map(pair).collect::<Vec<_>>().join("&")
}

async fn listen() -> (String, TcpListener) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    (format!("http://{}", listener.local_addr().unwrap()), listener)
}

async fn sdk_config(address: &str) -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        .endpoint_url(address)
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .load()
        .await
}

async fn create_table(client: &aws_sdk_dynamodb::Client) {
    let attribute = |name: &str| {
        AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S).build().unwrap()
    };
    let key = |name: &str, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap();
    let index = |name: &str, projection| {
        GlobalSecondaryIndex::builder()
            .index_name(name)
            .key_schema(key(&format!("{name}pk"), KeyType::Hash))
            .key_schema(key(&format!("{name}sk"), KeyType::Range))
            .projection(Projection::builder().projection_type(projection).build())
            .build()
            .unwrap()
    };
    client
        .create_table()
        .table_name("table")
        .billing_mode(BillingMode::PayPerRequest)
        .set_attribute_definitions(Some(["pk", "sk", "gsi1pk", "gsi1sk", "gsi2pk", "gsi2sk"].map(attribute).into()))
        .key_schema(key("pk", KeyType::Hash))
        .key_schema(key("sk", KeyType::Range))
        .global_secondary_indexes(index("gsi1", ProjectionType::All))
        .global_secondary_indexes(index("gsi2", ProjectionType::KeysOnly))
        .send()
        .await
        .unwrap();
}
