//! Evaluations: an event's questions, its form once it is frozen, and what people answer.
//!
//! ```text
//! EVENT#{event}, EVALUATION-FORM          the template, with the one before it, and a version that rises with each change; from the
//!                                         first invitation on the form instead, which never changes
//!                EVALUATION#{account}     somebody's answers: a draft in its version, and once they are sent in as they are
//! PROVIDER#{provider}, EVALUATION-TEMPLATE  the questions of a provider's events that have none of their own
//! ```
//!
//! What is read to be added up comes without the account that it belongs to.

use super::{
    super::{By, Table, TableError, Transacted, item::*, part::Part, transact::key},
    json, partition,
    people::person_key,
    registering::Tries,
};
use aws_sdk_dynamodb::{
    operation::put_item::PutItemError,
    types::{Delete, Put, TransactWriteItem},
};
use domain::{
    course::ProviderId,
    evaluation::{Answers, Form, Template},
    event::Event,
    id::{AccountId, EventId},
};

/// Tries to freeze a form while somebody is changing it: each change takes a person seconds.
const MOST_TRIES: usize = 4;

/// An event's questions, as they are saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventQuestions {
    /// Where they stand.
    pub state: QuestionsState,
    /// Rises with each change; 0 while the event has none of its own.
    pub version: u64,
}

/// Where an event's questions stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuestionsState {
    /// They can be changed.
    Open {
        /// The questions.
        template: Template,
        /// What they were before the last change.
        before: Option<Template>,
    },
    /// Somebody was invited: they are what everybody is asked.
    Frozen {
        /// The form.
        form: Form,
        /// Since when, in seconds since 1970.
        at: i64,
    },
}

/// What came of saving questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuestionsSaved {
    /// They are so now, in this version.
    Now(u64),
    /// Somebody has changed or frozen them since they were read; nothing has happened.
    Conflict,
}

/// A provider's own questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderTemplate {
    /// The questions.
    pub template: Template,
    /// Rises with each change.
    pub version: u64,
}

/// What somebody has answered so far, or has sent in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// The answers.
    pub answers: Answers,
    /// Whether they are sent in.
    pub is_submitted: bool,
    /// Rises each time a draft is saved.
    pub version: u64,
    /// When it was, in seconds since 1970.
    pub saved_at: i64,
}

/// What came of saving a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DraftSaved {
    /// It is so now, in this version.
    Now(u64),
    /// It was sent in, or saved from elsewhere, since it was read; nothing has happened.
    Conflict,
    /// The account is closed, or was never registered: what is theirs alone goes with it, and nothing has happened.
    Left,
}

/// A page of what was answered about an event, in no order that would tell who did. `Debug` shows no answer.
#[derive(Debug, Clone, Default)]
pub struct Answered {
    /// What was sent in, each with when it was, in seconds since 1970: it isn't for anybody to see either.
    pub submitted: Vec<(i64, Answers)>,
    /// How many are begun and not sent in.
    pub drafts: u32,
    /// Leads to the next page. It names an account: it isn't for anybody to see.
    pub next: Option<String>,
}

impl Table {
    /// An event's own questions, as they stand at this moment; nothing while it has those of its provider.
    pub async fn fetch_questions(&self, event: &EventId) -> Result<Option<EventQuestions>, TableError> {
        self.fetch_item(questions_key(event), true).await?.as_ref().map(questions).transpose()
    }

    /// The questions that an event is asked by if it has none of its own: its provider's, or the standard ones.
    pub async fn fetch_questions_of(&self, provider: &ProviderId) -> Result<Template, TableError> {
        Ok(self.fetch_provider_template(provider).await?.map_or_else(Template::standard, |own| own.template))
    }

    /// The form of an event: the frozen one, or what it would be now. Two reads at most.
    pub async fn fetch_form(&self, event: &Event) -> Result<Form, TableError> {
        Ok(match self.fetch_questions(&event.id).await?.map(|own| own.state) {
            Some(QuestionsState::Frozen { form, .. }) => form,
            Some(QuestionsState::Open { template, .. }) => Form::of(&template, event),
            None => Form::of(&self.fetch_questions_of(&event.provider).await?, event),
        })
    }

    /// Saves an event's questions over the version that was read (0 if it had none), with what they were before.
    pub async fn save_questions(
        &self,
        event: &EventId,
        after: &Template,
        before: &Template,
        was: u64,
        by: By<'_>,
    ) -> Result<QuestionsSaved, TableError> {
        let mut made = questions_key(event);
        made.extend(item([
            ("template", s(json(after)?)),
            ("before", s(json(before)?)),
            ("version", n(was + 1)),
            ("changed_by", s(by.account.as_str())),
            ("changed_at", n(by.at)),
        ]));
        let condition =
            if was == 0 { "attribute_not_exists(pk)" } else { "version = :was AND attribute_not_exists(form)" };
        Ok(match self.put_where(made, condition, was).await? {
            true => QuestionsSaved::Now(was + 1),
            false => QuestionsSaved::Conflict,
        })
    }

    /// Freezes an event's form, if it isn't, and gives what everybody is asked: the same to each who calls it, whenever.
    pub async fn freeze_form(&self, event: &Event, at: i64) -> Result<Form, TableError> {
        for _ in 0..MOST_TRIES {
            let own = self.fetch_questions(&event.id).await?;
            let (template, was) = match own {
                Some(EventQuestions { state: QuestionsState::Frozen { form, .. }, .. }) => return Ok(form),
                Some(EventQuestions { state: QuestionsState::Open { template, .. }, version }) => (template, version),
                None => (self.fetch_questions_of(&event.provider).await?, 0),
            };
            let form = Form::of(&template, event);
            let mut made = questions_key(&event.id);
            made.extend(item([("form", s(json(&form)?)), ("frozen_at", n(at)), ("version", n(was + 1))]));
            let condition =
                if was == 0 { "attribute_not_exists(pk)" } else { "version = :was AND attribute_not_exists(form)" };
            if self.put_where(made, condition, was).await? {
                return Ok(form);
            }
        }
        Err(TableError::Throttled)
    }

    /// A provider's own questions, if it has any.
    pub async fn fetch_provider_template(&self, provider: &ProviderId) -> Result<Option<ProviderTemplate>, TableError> {
        let Some(item) = self.fetch_item(template_key(provider), true).await? else { return Ok(None) };
        Ok(Some(ProviderTemplate { template: template(&item, "template")?, version: number(&item, "version")? }))
    }

    /// Saves a provider's own questions over the version that was read (0 if it had none); `false` if they have changed since.
    pub async fn save_provider_template(
        &self,
        provider: &ProviderId,
        after: &Template,
        was: u64,
        by: By<'_>,
    ) -> Result<bool, TableError> {
        let mut made = template_key(provider);
        made.extend(item([
            ("template", s(json(after)?)),
            ("version", n(was + 1)),
            ("changed_by", s(by.account.as_str())),
            ("changed_at", n(by.at)),
        ]));
        let condition = if was == 0 { "attribute_not_exists(pk)" } else { "version = :was" };
        self.put_where(made, condition, was).await
    }

    /// What somebody has answered about an event, as it stands at this moment.
    pub async fn fetch_evaluation(
        &self,
        event: &EventId,
        account: &AccountId,
    ) -> Result<Option<Evaluation>, TableError> {
        self.fetch_item(answers_key(event, account), true).await?.as_ref().map(evaluation).transpose()
    }

    /// Saves a draft over the version that was read (0 if there was none). What is sent in never becomes a draft again, and no draft
    /// is saved once the account is closed: in one transaction, so that none is left behind.
    pub async fn save_draft(
        &self,
        event: &EventId,
        account: &AccountId,
        answers: &Answers,
        was: u64,
        at: i64,
    ) -> Result<DraftSaved, TableError> {
        let mut made = answers_key(event, account);
        made.extend(item([("answers", s(json(answers)?)), ("version", n(was + 1)), ("saved_at", n(at))]));
        let put = Put::builder().table_name(&self.name).set_item(Some(made));
        let put = match was {
            0 => put.condition_expression("attribute_not_exists(pk)"),
            _ => put
                .condition_expression("version = :was AND attribute_not_exists(submitted)")
                .expression_attribute_values(":was", n(was)),
        };
        let put = put.build().map_err(|_| TableError::BadItem("answers"))?;
        let writes =
            vec![TransactWriteItem::builder().put(put).build(), self.must_be_somebodys(person_key(event, account))?];
        let mut tries = Tries::default();
        loop {
            match self.transact(writes.clone()).await {
                Ok(Transacted::Done) => return Ok(DraftSaved::Now(was + 1)),
                Ok(Transacted::Refused(places)) if places.contains(&1) => return Ok(DraftSaved::Left),
                Ok(Transacted::Refused(_)) => return Ok(DraftSaved::Conflict),
                // Somebody else is at the person's item at this moment.
                Err(TableError::Throttled) => tries.rest().await?,
                Err(error) => return Err(error),
            }
        }
    }

    /// The answers that somebody sends in, in the transaction that sends them: whatever draft there is, unless they were sent before.
    pub(super) fn submitted_write(
        &self,
        event: &EventId,
        account: &AccountId,
        answers: &Answers,
        at: i64,
    ) -> Result<TransactWriteItem, TableError> {
        let mut made = answers_key(event, account);
        made.extend(item([
            ("answers", s(json(answers)?)),
            ("submitted", s("yes")),
            ("version", n(0)),
            ("saved_at", n(at)),
        ]));
        let put = Put::builder()
            .table_name(&self.name)
            .set_item(Some(made))
            .condition_expression("attribute_not_exists(submitted)")
            .build()
            .map_err(|_| TableError::BadItem("answers"))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    /// A draft goes, if there is one; what was sent in stays, and makes the transaction fail.
    pub(super) fn forget_draft(&self, event: &EventId, account: &AccountId) -> Result<TransactWriteItem, TableError> {
        let delete = Delete::builder()
            .table_name(&self.name)
            .set_key(Some(answers_key(event, account)))
            .condition_expression("attribute_not_exists(submitted)");
        Ok(TransactWriteItem::builder().delete(delete.build().map_err(|_| TableError::BadItem("answers"))?).build())
    }

    /// What was answered about an event, without those who did: a page of `limit` at most after the cursor, as it stands at this moment:
    /// which are the first must not change from one look to the next.
    pub async fn fetch_answered(
        &self,
        event: &EventId,
        after: Option<&str>,
        limit: i32,
    ) -> Result<Answered, TableError> {
        let partition = partition(event);
        let part = Part::of(&partition).beginning(ANSWERS).of_now();
        let (evaluations, next) = self.fetch_page(part, after, limit, evaluation).await?;
        let mut page = Answered { next, ..Answered::default() };
        for evaluation in evaluations {
            if evaluation.is_submitted {
                page.submitted.push((evaluation.saved_at, evaluation.answers));
            } else {
                page.drafts += 1;
            }
        }
        Ok(page)
    }

    /// Puts one item, under a condition that may name the version that was read; tells whether it held.
    async fn put_where(&self, item: Item, condition: &str, was: u64) -> Result<bool, TableError> {
        let put = self.client.put_item().table_name(&self.name).set_item(Some(item)).condition_expression(condition);
        let put = if was == 0 { put } else { put.expression_attribute_values(":was", n(was)) };
        match put.send().await {
            Ok(_) => Ok(true),
            Err(error) => match error.as_service_error() {
                Some(PutItemError::ConditionalCheckFailedException(_)) => Ok(false),
                _ => Err(TableError::from_sdk(error)),
            },
        }
    }
}

const ANSWERS: &str = "EVALUATION#";

fn questions_key(event: &EventId) -> Item {
    key(partition(event), "EVALUATION-FORM")
}

fn template_key(provider: &ProviderId) -> Item {
    key(format!("PROVIDER#{provider}"), "EVALUATION-TEMPLATE")
}

fn answers_key(event: &EventId, account: &AccountId) -> Item {
    key(partition(event), format!("{ANSWERS}{account}"))
}

fn template(item: &Item, name: &'static str) -> Result<Template, TableError> {
    serde_json::from_str(text(item, name)?).map_err(|_| TableError::BadItem("template"))
}

fn questions(item: &Item) -> Result<EventQuestions, TableError> {
    let state = match optional_text(item, "form") {
        Some(form) => QuestionsState::Frozen {
            form: serde_json::from_str(&form).map_err(|_| TableError::BadItem("form"))?,
            at: number(item, "frozen_at")?,
        },
        None => QuestionsState::Open {
            template: template(item, "template")?,
            before: item.contains_key("before").then(|| template(item, "before")).transpose()?,
        },
    };
    Ok(EventQuestions { state, version: number(item, "version")? })
}

fn evaluation(item: &Item) -> Result<Evaluation, TableError> {
    Ok(Evaluation {
        answers: serde_json::from_str(text(item, "answers")?).map_err(|_| TableError::BadItem("answers"))?,
        is_submitted: item.contains_key("submitted"),
        version: number(item, "version")?,
        saved_at: number(item, "saved_at")?,
    })
}
