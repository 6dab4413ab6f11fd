//! Requests to the office: open until they are decided, once. The decision, what it changes in the register and the mail that
//! tells of it are one transaction, so that nobody is told of what didn't happen, and pressing twice decides once.
//!
//! ```text
//! pk, sk                               gsi1                                       what
//! REQUEST#{id}, REQUEST                REQUESTS#OPEN or REQUESTS#CLOSED, {seconds}#{id}    the queue, and what was decided
//! PROVIDER#{id}#REQUESTS, {seconds}#{request}                                     a copy beside who asks: one query for their page
//! ACCOUNT#{id}#REQUESTS, {seconds}#{request}                                      the same for what an account asks by itself
//! ```

use super::{By, Table, TableError, item::*, part::Part, transact::key};
use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use domain::{
    course::ProviderId,
    email::EmailAddress,
    event::{Event, consent::answered},
    id::{AccountId, RequestId},
    licence::Licence,
    mail::Mail,
    register::{Change, Provider, Versioned},
    request::{Asks, Decision, Outcome, Request},
};

const OPEN: &str = "REQUESTS#OPEN";
const CLOSED: &str = "REQUESTS#CLOSED";

/// What a decision changes besides the request.
#[derive(Debug, Clone, Copy)]
pub enum Effect<'a> {
    /// Nothing in the registers.
    Nothing,
    /// A provider's entry.
    Provider {
        /// What it becomes.
        provider: &'a Provider,
        /// What it was decided on.
        before: &'a Versioned<Provider>,
        /// Who changes it and why.
        change: &'a Change,
    },
    /// A licence is put on an account.
    Licence {
        /// The account.
        account: &'a AccountId,
        /// The licence.
        licence: &'a Licence,
    },
    /// An event's approval gets the office's word.
    Event {
        /// What the event becomes.
        after: &'a Event,
        /// What it was decided on.
        before: &'a Event,
    },
}

/// What came of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    /// It is decided now, with all its effects.
    Now,
    /// It was decided before; nothing has happened.
    Before,
    /// The register's entry, or the event, has changed since it was read; nothing has happened.
    RegisterMoved,
    /// The licence number is another provider's; nothing has happened.
    NumberTaken,
    /// The licence is on another account; nothing has happened.
    LicenceTaken,
}

impl Table {
    /// Saves a new request; tells whether it was new.
    pub async fn save_request(&self, request: &Request) -> Result<bool, TableError> {
        Ok(self.transact(self.request_writes(request)?).await? == super::Transacted::Done)
    }

    /// A new request.
    pub(super) fn request_writes(&self, request: &Request) -> Result<Vec<TransactWriteItem>, TableError> {
        let mut writes = vec![self.put_new(queued(request)?)?];
        writes.extend(copy(request)?.map(|copy| self.put_any(copy)).transpose()?);
        Ok(writes)
    }

    /// A request, as it stands at this moment.
    pub async fn fetch_request(&self, id: &RequestId) -> Result<Option<Request>, TableError> {
        self.fetch_item(request_key(id), true).await?.as_ref().map(read).transpose()
    }

    /// The open requests, the longest waiting first: a page of `limit` after the cursor.
    pub async fn fetch_open_requests(
        &self,
        after: Option<&str>,
        limit: i32,
    ) -> Result<(Vec<Request>, Option<String>), TableError> {
        self.fetch_queue(OPEN, true, after, limit).await
    }

    /// The closed requests, the last decided first: a page of `limit` after the cursor.
    pub async fn fetch_closed_requests(
        &self,
        after: Option<&str>,
        limit: i32,
    ) -> Result<(Vec<Request>, Option<String>), TableError> {
        self.fetch_queue(CLOSED, false, after, limit).await
    }

    /// The newest requests that a provider made, open and closed.
    pub async fn fetch_requests_of_provider(
        &self,
        provider: &ProviderId,
        limit: i32,
    ) -> Result<Vec<Request>, TableError> {
        self.fetch_requests_in(&format!("PROVIDER#{provider}#REQUESTS"), limit).await
    }

    /// The newest requests that an account made for itself, open and closed.
    pub async fn fetch_requests_of_account(&self, account: &AccountId, limit: i32) -> Result<Vec<Request>, TableError> {
        self.fetch_requests_in(&format!("ACCOUNT#{account}#REQUESTS"), limit).await
    }

    /// Closes an open request with its effect and the mail that tells of it: all, or nothing.
    pub async fn decide_request(
        &self,
        request: &Request,
        decision: &Decision,
        effect: Effect<'_>,
        mail: Option<&Mail>,
    ) -> Result<Decided, TableError> {
        let decided = Request { decision: Some(decision.clone()), ..request.clone() };
        let closing = Put::builder()
            .table_name(&self.name)
            .set_item(Some(queued(&decided)?))
            .condition_expression("gsi1pk = :open")
            .expression_attribute_values(":open", s(OPEN))
            .build()
            .map_err(|_| TableError::BadItem("request"))?;
        let mut writes = vec![TransactWriteItem::builder().put(closing).build()];
        writes.extend(mail.map(|mail| self.mail_write(mail)).transpose()?);
        writes.extend(copy(&decided)?.map(|copy| self.put_any(copy)).transpose()?);
        let entry = writes.len();
        match effect {
            Effect::Nothing => {}
            Effect::Provider { provider, before, change } => {
                writes.extend(self.provider_writes(provider, before, change)?);
            }
            Effect::Licence { account, licence } => {
                writes.extend(self.prove_writes(account, licence, decision.at)?);
            }
            Effect::Event { after, before } => {
                let by = By { account: &decision.by, at: decision.at };
                let why = match &request.asks {
                    Asks::EventConsent { body, .. } => {
                        answered(body, decision.outcome == Outcome::Granted, &decision.why)
                    }
                    Asks::ProviderAddress { .. } | Asks::ProfileChange { .. } | Asks::Licence { .. } => {
                        decision.why.clone()
                    }
                };
                writes.extend(self.answered_writes(before, after, by, &why)?);
            }
        }
        Ok(match self.transact(writes).await?.refused_at() {
            None => Decided::Now,
            // The mail's id is the decision's: where it stands, the decision does.
            Some(place) if place < entry => Decided::Before,
            Some(_) if matches!(effect, Effect::Licence { .. }) => Decided::LicenceTaken,
            Some(_) if matches!(effect, Effect::Event { .. }) => Decided::RegisterMoved,
            Some(place) if place < entry + 2 => Decided::RegisterMoved,
            Some(_) => Decided::NumberTaken,
        })
    }

    /// An open request about an event, closed since its event took it back. Who asks has no copy of it: the event says it all.
    pub(super) fn request_taken_back(
        &self,
        id: &RequestId,
        by: By<'_>,
        why: &str,
    ) -> Result<TransactWriteItem, TableError> {
        let values = item([
            (":open", s(OPEN)),
            (":closed", s(CLOSED)),
            (":place", s(place(by.at, id))),
            (":outcome", s(outcome_text(Outcome::TakenBack))),
            (":by", s(by.account.as_str())),
            (":at", n(by.at)),
            (":why", s(why)),
        ]);
        let update =
            "SET gsi1pk = :closed, gsi1sk = :place, outcome = :outcome, decided_by = :by, decided_at = :at, why = :why";
        self.update_if(request_key(id), update, "gsi1pk = :open", values)
    }

    async fn fetch_queue(
        &self,
        queue: &str,
        oldest_first: bool,
        after: Option<&str>,
        limit: i32,
    ) -> Result<(Vec<Request>, Option<String>), TableError> {
        self.fetch_page(Part::of_index(queue).backwards(!oldest_first), after, limit, read).await
    }

    async fn fetch_requests_in(&self, partition: &str, limit: i32) -> Result<Vec<Request>, TableError> {
        let answer = self
            .client
            .query()
            .table_name(&self.name)
            .consistent_read(true)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", s(partition))
            .scan_index_forward(false)
            .limit(limit)
            .send()
            .await
            .map_err(TableError::from_sdk)?;
        answer.items().iter().map(read).collect()
    }
}

fn request_key(id: &RequestId) -> Item {
    key(format!("REQUEST#{id}"), "REQUEST")
}

/// Where a request stands in its queue.
fn place(since: i64, id: &RequestId) -> String {
    format!("{}#{id}", sortable(since))
}

/// The request in its queue.
fn queued(request: &Request) -> Result<Item, TableError> {
    let (queue, since) = match &request.decision {
        None => (OPEN, request.created_at),
        Some(decision) => (CLOSED, decision.at),
    };
    let mut item = request_key(&request.id);
    item.insert("gsi1pk".to_owned(), s(queue));
    item.insert("gsi1sk".to_owned(), s(place(since, &request.id)));
    item.extend(attributes(request)?);
    Ok(item)
}

/// The copy beside who asks, if we know them.
fn copy(request: &Request) -> Result<Option<Item>, TableError> {
    let partition = match (&request.asks, &request.account) {
        (Asks::ProfileChange { provider, .. }, _) => format!("PROVIDER#{provider}#REQUESTS"),
        (Asks::ProviderAddress { .. } | Asks::Licence { .. }, Some(account)) => format!("ACCOUNT#{account}#REQUESTS"),
        // The event says itself what is asked.
        (Asks::EventConsent { .. }, _) | (Asks::ProviderAddress { .. } | Asks::Licence { .. }, None) => {
            return Ok(None);
        }
    };
    let mut item = key(partition, format!("{}#{}", sortable(request.created_at), request.id));
    item.extend(attributes(request)?);
    Ok(Some(item))
}

fn attributes(request: &Request) -> Result<Item, TableError> {
    let mut item = item([
        ("id", s(request.id.as_str())),
        ("asks", s(serde_json::to_string(&request.asks).map_err(|_| TableError::BadItem("asks"))?)),
        ("message", s(&request.message)),
        ("answer_to", s(request.answer_to.shown())),
        ("created_at", n(request.created_at)),
    ]);
    if let Some(account) = &request.account {
        item.insert("account".to_owned(), s(account.as_str()));
    }
    if let Some(Decision { outcome, by, at, why }) = &request.decision {
        item.insert("outcome".to_owned(), s(outcome_text(*outcome)));
        item.insert("decided_by".to_owned(), s(by.as_str()));
        item.insert("decided_at".to_owned(), n(at));
        item.insert("why".to_owned(), s(why));
    }
    Ok(item)
}

fn outcome_text(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Granted => "granted",
        Outcome::Refused => "refused",
        Outcome::TakenBack => "taken_back",
    }
}

fn outcome(item: &Item) -> Result<Option<Outcome>, TableError> {
    match optional_text(item, "outcome").as_deref() {
        None => Ok(None),
        Some("granted") => Ok(Some(Outcome::Granted)),
        Some("refused") => Ok(Some(Outcome::Refused)),
        Some("taken_back") => Ok(Some(Outcome::TakenBack)),
        Some(_) => Err(TableError::BadItem("outcome")),
    }
}

fn read(item: &Item) -> Result<Request, TableError> {
    let account = |name: &'static str, text: &str| AccountId::parse(text).map_err(|_| TableError::BadItem(name));
    let decision = match outcome(item)? {
        None => None,
        Some(outcome) => Some(Decision {
            outcome,
            by: account("decided_by", text(item, "decided_by")?)?,
            at: number(item, "decided_at")?,
            why: text(item, "why")?.to_owned(),
        }),
    };
    Ok(Request {
        id: RequestId::parse(text(item, "id")?).map_err(|_| TableError::BadItem("id"))?,
        asks: serde_json::from_str(text(item, "asks")?).map_err(|_| TableError::BadItem("asks"))?,
        message: text(item, "message")?.to_owned(),
        account: optional_text(item, "account").map(|text| account("account", &text)).transpose()?,
        answer_to: EmailAddress::parse(text(item, "answer_to")?).map_err(|_| TableError::BadItem("answer_to"))?,
        created_at: number(item, "created_at")?,
        decision,
    })
}
