//! An outbox to break: the sending's own code over a table of its own and a local SESv2 of its own.

use crate::{
    connector::Watch,
    workshop::{aws_config, create_table, dynamodb, s3, serve_table, settings, sqs},
};
use adapters::{
    clients::Clients,
    clock,
    mail::MailSender,
    objects::Objects,
    queue::{MailQueue, Queue},
    random::Secret,
    table::{
        OutboxMail, Table,
        accounts::{Made, NewAccount, Proof},
    },
};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    account::{Account, Role, Username},
    email::EmailAddress,
    id::{AccountId, MailId},
    link::Purpose,
    mail::{Content, Mail},
    name::PersonName,
};
use local::{
    MailServer, Mailbox,
    mail::{Ports, Quota},
};
use send_evaluations::{Pace, World};
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
};

/// The one person who is written to.
pub const READER: &str = "maria.garcia@example.org";

const TABLE: &str = "outbox";
/// As Lambda's 60 s.
const FAR: i64 = 60;

/// The outbox.
pub struct Outbox {
    /// The watch over the calls of its workers.
    pub watch: Arc<Watch>,
    /// The table, unwatched.
    pub table: Table,
    dynamodb: aws_sdk_dynamodb::Client,
    table_endpoint: String,
    ses_endpoint: String,
    queue_endpoint: String,
    mail: MailServer,
}

impl Outbox {
    /// Opens an outbox. Nobody listens at its queue: nothing may depend on a nudge.
    pub async fn open() -> Self {
        let table_endpoint = serve_table().await;
        let dynamodb = dynamodb(&aws_config(None).await, &table_endpoint);
        create_table(&dynamodb, TABLE).await;
        let mail = MailServer::start(Ports::default()).unwrap();
        // So many that no test waits for its turn, unless it is about that.
        mail.mailbox().set_quota(Quota { in_a_second: 10_000.0, ..Quota::default() });
        Self {
            watch: Arc::default(),
            table: Table::new(dynamodb.clone(), TABLE.to_owned()),
            dynamodb,
            table_endpoint,
            ses_endpoint: mail.endpoint().to_owned(),
            queue_endpoint: "http://127.0.0.1:9".to_owned(),
            mail,
        }
    }

    /// The same outbox before an SESv2 that always says the same.
    pub fn with_ses(mut self, endpoint: String) -> Self {
        self.ses_endpoint = endpoint;
        self
    }

    /// The same outbox with a queue.
    pub fn with_queue(mut self, endpoint: String) -> Self {
        self.queue_endpoint = endpoint;
        self
    }

    /// What was sent.
    pub fn mailbox(&self) -> &Mailbox {
        self.mail.mailbox()
    }

    /// A new process of the function.
    pub async fn worker(&self) -> World {
        let shared = aws_config(Some(&self.watch)).await;
        let settings = settings(TABLE, &format!("{}/queue", self.queue_endpoint), &self.table_endpoint);
        let clients = Clients {
            table: Table::new(dynamodb(&shared, &self.table_endpoint), TABLE.to_owned()),
            objects: Objects::new(s3(&shared, &self.table_endpoint), &settings, &shared),
            queue: Queue::new(sqs(&shared, &self.queue_endpoint), settings.roster_queue_url.clone()),
            mails: MailQueue::new(sqs(&shared, &self.queue_endpoint), settings.mail_queue_url.clone()),
            ..Clients::from_config(&settings, &shared)
        };
        let at_ses = shared.into_builder().endpoint_url(&self.ses_endpoint).build();
        let sender = MailSender::from_config(&settings, &at_ses);
        World { clients, settings, sender, pace: Pace::default() }
    }

    /// A mail with a link, saved; each `about` is another mail.
    pub async fn reset(&self, about: &str) -> Mail {
        let purpose = Purpose::Reset { account: AccountId::from_bits(7), epoch: 1 };
        self.save(about, Content::Reset { username: "maria.garcia".to_owned(), purpose }).await
    }

    /// A mail of any content, saved.
    pub async fn save(&self, about: &str, content: Content) -> Mail {
        self.save_to(READER, about, content).await
    }

    /// A mail to somebody else, saved.
    pub async fn save_to(&self, address: &str, about: &str, content: Content) -> Mail {
        let mail = Mail::asked_for("test", about, EmailAddress::parse(address).unwrap(), content, clock::now());
        assert!(self.table.save_mail(&mail).await.unwrap());
        mail
    }

    /// Delivers a batch of nudges to a new process; the numbers of those that are handed back.
    pub async fn deliver(&self, mails: &[&Mail]) -> Vec<usize> {
        deliver(&self.worker().await, mails).await
    }

    /// A mail as it stands.
    pub async fn mail(&self, id: &MailId) -> OutboxMail {
        self.table.fetch_mail(id).await.unwrap().expect("the mail is in the table")
    }

    /// What SES has told of the mails so far, each as the message by which the queue delivers it.
    pub fn told(&self) -> Vec<String> {
        let is_handed_on =
            |event: &Value| event["detail-type"] != "Email Sent" && event["detail-type"] != "Email Delivered";
        self.mailbox().events().iter().filter(|event| is_handed_on(event)).map(ToString::to_string).collect()
    }

    /// Delivers messages to the function that notes what becomes of mails; the numbers of those that are handed back.
    pub async fn record(&self, bodies: &[String]) -> Vec<usize> {
        let numbered = (0..).zip(bodies);
        let records: Vec<Value> = numbered
            .map(|(number, body): (usize, _)| json!({ "messageId": number.to_string(), "body": body }))
            .collect();
        let table = Table::new(dynamodb(&aws_config(Some(&self.watch)).await, &self.table_endpoint), TABLE.to_owned());
        match record_mail_feedback::handle(json!({ "Records": records }), &table).await {
            Ok(answer) => handed_back(&answer),
            Err(_) => (0..bodies.len()).collect(),
        }
    }

    /// An account with this address.
    pub async fn account(&self, number: u128, address: &str, role: Role) -> Account {
        let account = Account {
            id: AccountId::from_bits(number),
            username: Username::parse(&format!("person{number}")).unwrap(),
            email: EmailAddress::parse(address).unwrap(),
            email_to_come: None,
            mail_trouble: None,
            name: PersonName { first: "Maria".to_owned(), last: "Garcia".to_owned() },
            role,
            epoch: 0,
            created_at: 0,
            version: 1,
        };
        let link = Secret::new().unwrap().hash();
        let purpose = Purpose::SignUpLicensee { email: account.email.clone(), licence: None };
        self.table.save_link(&link, &purpose, i64::MAX / 2).await.unwrap();
        let new = NewAccount { account: &account, password_hash: "x", link: &link, proof: &Proof::Address, mails: &[] };
        assert_eq!(self.table.make_account(&new, 1).await.unwrap(), Made::Now);
        account
    }

    /// Lets the lease of a worker that died end now.
    pub async fn expire_lease(&self, id: &MailId) {
        self.set(id, "lease_until", AttributeValue::N("0".to_owned())).await;
    }

    /// Changes an attribute of a mail's item.
    pub async fn set(&self, id: &MailId, name: &str, value: AttributeValue) {
        let update = self.dynamodb.update_item().table_name(TABLE);
        update
            .key("pk", AttributeValue::S(format!("MAIL#{id}")))
            .key("sk", AttributeValue::S("MAIL".to_owned()))
            .update_expression("SET #name = :value")
            .expression_attribute_names("#name", name)
            .expression_attribute_values(":value", value)
            .send()
            .await
            .unwrap();
    }

    /// What the link of each mail in the mailbox proves now, the newest first.
    pub async fn links(&self) -> Vec<Option<Purpose>> {
        let mut proved = Vec::new();
        for mail in self.mailbox().mails_to(READER) {
            let links = mail.links();
            let secret = links.iter().find_map(|link| link.split_once("?token=")).expect("a link with a token").1;
            let hash = Secret::parse(secret).expect("a secret of ours").hash();
            proved.push(self.table.fetch_link(&hash, clock::now()).await.unwrap());
        }
        proved
    }
}

/// Delivers a batch of nudges to a process; the numbers of those that are handed back.
pub async fn deliver(world: &World, mails: &[&Mail]) -> Vec<usize> {
    let records: Vec<Value> = (0..)
        .zip(mails)
        .map(|(number, mail): (usize, _)| {
            json!({ "messageId": number.to_string(), "body": json!({ "mail": mail.id.as_str() }).to_string() })
        })
        .collect();
    match send_evaluations::handle(json!({ "Records": records }), clock::now() + FAR, world).await {
        Ok(answer) => handed_back(&answer),
        Err(_) => (0..mails.len()).collect(),
    }
}

fn handed_back(answer: &Value) -> Vec<usize> {
    let failures = answer["batchItemFailures"].as_array().unwrap().iter();
    failures.map(|failure| failure["itemIdentifier"].as_str().unwrap().parse().unwrap()).collect()
}

/// A service that gives every request the same answer, and the bodies that it was sent.
pub fn always(status: u16, headers: &str, body: &'static str) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let length = body.len();
    let answer = format!("HTTP/1.1 {status} x\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}");
    let bodies = Arc::<Mutex<Vec<String>>>::default();
    let seen = Arc::clone(&bodies);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            if let Some(body) = read_request(&stream) {
                seen.lock().unwrap().push(body);
                (&stream).write_all(answer.as_bytes()).ok();
            }
        }
    });
    (endpoint, bodies)
}

fn read_request(stream: &TcpStream) -> Option<String> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        if line == "\r\n" {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    String::from_utf8(body).ok()
}
