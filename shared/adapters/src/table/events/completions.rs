//! What follows from attendance in full, on the participation's item: the mail that is due about it, claimed and marked there, the
//! submitted evaluation, and where the certificate stands.
//!
//! A mail costs two writes of one unit each: its claim, which also reads the item, and its end. Neither raises the participation's
//! version: they change nothing that anybody decides by.

use super::{
    super::{Table, TableError, Transacted, item::*, part::Part, transact::key},
    json, partition,
    people::{letter_values, participation, person_key},
    registering::Tries,
    seats::seats_key,
};
use aws_sdk_dynamodb::{
    operation::update_item::UpdateItemError,
    types::{ReturnValue, ReturnValuesOnConditionCheckFailure, TransactWriteItem},
};
use domain::{
    completion::{Completion, Deed, Letter, LetterState, given_up},
    evaluation::Answers,
    id::{AccountId, EventId},
    mail::{Mail, rest_after},
    registration::Participation,
};

/// Seconds after which the event's own look makes sure that a certificate was made or revoked.
const LOOKED_AFTER_SECONDS: i64 = 300;

/// A letter's attributes, but for its epoch: that only rises, so that a worker which was at one letter can't end the next.
pub(super) const LETTER: [&str; 6] =
    ["letter", "letter_state", "letter_at", "letter_until", "letter_tries", "letter_code"];

/// The right to send a letter: whose it is, and the epoch of the worker's claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldLetter {
    /// The event.
    pub event: EventId,
    /// The account.
    pub account: AccountId,
    /// The worker's epoch.
    pub epoch: u64,
    /// How often it was begun, this time too.
    pub tries: u32,
}

/// What came of a claim.
#[derive(Debug)]
pub enum LetterClaimed {
    /// It is this worker's to send: the participation as it stands now.
    Held(HeldLetter, Box<Participation>),
    /// There is nothing to send, or another worker has it.
    NotFree,
}

impl Table {
    /// Claims the letter that is due about a participation, for so many seconds. `by` tells this claim from every other: one whose
    /// answer was lost is known again by it.
    pub async fn claim_letter(
        &self,
        event: &EventId,
        account: &AccountId,
        by: &str,
        now: i64,
        lease_seconds: i64,
    ) -> Result<LetterClaimed, TableError> {
        let answer = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(person_key(event, account)))
            .update_expression(
                "SET letter_epoch = letter_epoch + :one, letter_tries = letter_tries + :one, letter_until = :until, letter_by = :by",
            )
            .condition_expression("letter_state = :due AND letter_until <= :now")
            .expression_attribute_values(":one", n(1))
            .expression_attribute_values(":until", n(now + lease_seconds))
            .expression_attribute_values(":by", s(by))
            .expression_attribute_values(":due", s(LetterState::Due.as_str()))
            .expression_attribute_values(":now", n(now))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let item = match answer {
            Ok(claimed) => claimed.attributes,
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(failed)) => failed
                    .item()
                    .filter(|item| optional_text(item, "letter_by").as_deref() == Some(by))
                    .filter(|item| optional_text(item, "letter_state").as_deref() == Some(LetterState::Due.as_str()))
                    .cloned(),
                _ => return Err(TableError::from_sdk(error)),
            },
        };
        let Some(item) = item else { return Ok(LetterClaimed::NotFree) };
        let held = HeldLetter {
            event: event.clone(),
            account: account.clone(),
            epoch: number(&item, "letter_epoch")?,
            tries: number(&item, "letter_tries")?,
        };
        Ok(LetterClaimed::Held(held, Box::new(participation(&item)?)))
    }

    /// Notes that a letter was taken for delivery. The name that the service gave it stands in the log: here it would make the item
    /// larger than a unit for as long as records are kept.
    pub async fn mark_letter_sent(&self, held: &HeldLetter, now: i64) -> Result<(), TableError> {
        let update = "SET letter_state = :state, letter_at = :now REMOVE letter_by, letter_code";
        self.update_letter(held, update, item([(":state", s(LetterState::Sent.as_str())), (":now", n(now))])).await
    }

    /// Notes that a letter can't be delivered, and why.
    pub async fn mark_letter_refused(&self, held: &HeldLetter, code: &str, now: i64) -> Result<(), TableError> {
        let update = "SET letter_state = :state, letter_code = :code, letter_at = :now REMOVE letter_by";
        let values = item([(":state", s(LetterState::Refused.as_str())), (":code", s(code)), (":now", n(now))]);
        self.update_letter(held, update, values).await
    }

    /// Gives a letter back that couldn't be sent now: it rests as long as its tries have earned, and at least until `not_before`.
    pub async fn release_letter(&self, held: &HeldLetter, not_before: i64, now: i64) -> Result<(), TableError> {
        let until = (now + rest_after(held.tries)).max(not_before);
        let values = item([(":until", n(until))]);
        self.update_letter(held, "SET letter_until = :until", values).await
    }

    async fn update_letter(&self, held: &HeldLetter, update: &str, mut values: Item) -> Result<(), TableError> {
        values.extend(item([(":epoch", n(held.epoch)), (":due", s(LetterState::Due.as_str()))]));
        let answer = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(person_key(&held.event, &held.account)))
            .update_expression(update)
            .condition_expression("letter_epoch = :epoch AND letter_state = :due")
            .set_expression_attribute_values(Some(values))
            .send()
            .await;
        match answer {
            Ok(_) => Ok(()),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(_)) => Err(TableError::LeaseLost),
                _ => Err(TableError::from_sdk(error)),
            },
        }
    }

    /// Moves a completion forward, if the participation is as it was read; with a letter that is due from then on, if there is one.
    /// Tells whether it was written.
    pub async fn save_completion(
        &self,
        person: &Participation,
        completion: &Completion,
        letter: Option<&Letter>,
    ) -> Result<bool, TableError> {
        let (set, values) = moved(person, completion, letter)?;
        let answer = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(person_key(&person.event, &person.account)))
            .update_expression(set)
            .condition_expression("version = :was")
            .set_expression_attribute_values(Some(values))
            .send()
            .await;
        match answer {
            Ok(_) => Ok(true),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(false),
                _ => Err(TableError::from_sdk(error)),
            },
        }
    }

    /// The same for what somebody of the staff has done, with the note of it and the mail that tells it: all or nothing. Where it gives a
    /// code up under which something was entered just now, nothing is done either.
    pub async fn save_completion_for(
        &self,
        person: &Participation,
        completion: &Completion,
        deed: &Deed,
        mail: Option<&Mail>,
    ) -> Result<bool, TableError> {
        let (set, values) = moved(person, completion, None)?;
        let mut writes = vec![
            self.update_if(person_key(&person.event, &person.account), &set, "version = :was", values)?,
            self.deed_write(&person.event, deed)?,
        ];
        writes.extend(mail.map(|mail| self.mail_write(mail)).transpose()?);
        let code = person.submitted().zip(completion.submitted.as_ref()).and_then(|(was, is)| given_up(was, is));
        writes.extend(code.map(|code| self.given_up(code)).transpose()?);
        let at = deed.at + LOOKED_AFTER_SECONDS;
        Ok(self.transact_and_look(&person.event, writes, at).await? == Transacted::Done)
    }

    /// The same for what a licensee has done that a worker has to end: the event is looked at soon, whatever becomes of its nudge.
    pub async fn save_completion_to_end(
        &self,
        person: &Participation,
        completion: &Completion,
        now: i64,
    ) -> Result<bool, TableError> {
        let (set, values) = moved(person, completion, None)?;
        let writes =
            vec![self.update_if(person_key(&person.event, &person.account), &set, "version = :was", values)?];
        Ok(self.transact_and_look(&person.event, writes, now + LOOKED_AFTER_SECONDS).await? == Transacted::Done)
    }

    /// The note of what was done to a certificate.
    pub(super) fn deed_write(&self, event: &EventId, deed: &Deed) -> Result<TransactWriteItem, TableError> {
        let mut noted = key(partition(event), deed_key(&deed.account, deed.at, deed.code.as_str()));
        noted.insert("deed".to_owned(), s(json(deed)?));
        self.put_new(noted)
    }

    /// What staff have done to somebody's certificates of an event, the latest first.
    pub async fn fetch_certificate_deeds(&self, event: &EventId, account: &AccountId) -> Result<Vec<Deed>, TableError> {
        /// Nobody issues one certificate oftener; the latest are what is asked for.
        const MOST_DEEDS: i32 = 100;
        let (partition, beginning) = (partition(event), format!("CERTIFICATE-DEED#{account}#"));
        let part = Part::of(&partition).beginning(&beginning).backwards(true).of_now();
        let deed = |item: &Item| serde_json::from_str(text(item, "deed")?).map_err(|_| TableError::BadItem("deed"));
        Ok(self.fetch_page(part, None, MOST_DEEDS, deed).await?.0)
    }

    /// Submits an evaluation: the participation, with the certificate's code, and the answers, both or neither. Tells whether it was
    /// done: not if the participation has moved since it was read, or the evaluation was submitted before.
    pub async fn submit_evaluation(
        &self,
        person: &Participation,
        completion: &Completion,
        answers: &Answers,
        now: i64,
    ) -> Result<bool, TableError> {
        let (set, values) = moved(person, completion, None)?;
        let update = self.update_if(person_key(&person.event, &person.account), &set, "version = :was", values)?;
        let answers = self.submitted_write(&person.event, &person.account, answers, now)?;
        let at = now + LOOKED_AFTER_SECONDS;
        Ok(self.transact_and_look(&person.event, vec![update, answers], at).await? == Transacted::Done)
    }

    /// Writes all or nothing, and with it that somebody looks after the event at this moment or before: what is outstanding there is
    /// found then, whatever happens to whoever began it. The places in the answer are those of `writes`.
    ///
    /// The look is asked for in the same transaction, and the version of the seats moves in any case: a look that is under way at this
    /// moment may have passed this person already, and must not put the event off by what it read before.
    async fn transact_and_look(
        &self,
        event: &EventId,
        writes: Vec<TransactWriteItem>,
        at: i64,
    ) -> Result<Transacted, TableError> {
        let (due, place) = (super::due::due_at(event, at), writes.len());
        let mut tries = Tries::default();
        loop {
            let Some(seats) = self.fetch_item(seats_key(event), true).await? else {
                return self.transact(writes).await;
            };
            let known = optional_text(&seats, "gsi2sk");
            let mut values = item([(":one", n(1))]);
            let is_as_read = match &known {
                Some(known) => {
                    values.insert(":known".to_owned(), s(known));
                    "gsi2sk = :known"
                }
                None => "attribute_exists(pk) AND attribute_not_exists(gsi2sk)",
            };
            let mut update = "SET version = version + :one".to_owned();
            if known.is_none_or(|known| known > due) {
                update.push_str(", gsi2pk = :due, gsi2sk = :at");
                values.extend(item([(":due", s(super::due::DUE)), (":at", s(&due))]));
            }
            let mut all = writes.clone();
            all.push(self.update_if(seats_key(event), &update, is_as_read, values)?);
            match self.transact(all).await {
                // Only the look has moved.
                Ok(Transacted::Refused(places)) if places == [place] => {}
                Err(TableError::Throttled) => {}
                written => return written,
            }
            tries.rest().await?;
        }
    }
}

fn deed_key(account: &AccountId, at: i64, code: &str) -> String {
    format!("CERTIFICATE-DEED#{account}#{}#{code}", sortable(at))
}

fn moved(
    person: &Participation,
    completion: &Completion,
    letter: Option<&Letter>,
) -> Result<(String, Item), TableError> {
    let mut set = "SET version = version + :one".to_owned();
    let mut values = item([(":one", n(1)), (":was", n(person.version))]);
    match letter {
        Some(letter) => set_invitation(&mut set, &mut values, completion, letter)?,
        None => {
            set.push_str(", completion = :completion");
            values.insert(":completion".to_owned(), s(json(completion)?));
        }
    }
    Ok((set, values))
}

/// The part of an update that sets a completion with a letter that is due.
pub(super) fn set_invitation(
    set: &mut String,
    values: &mut Item,
    completion: &Completion,
    letter: &Letter,
) -> Result<(), TableError> {
    set.push_str(", completion = :completion");
    values.insert(":completion".to_owned(), s(json(completion)?));
    for (name, value) in letter_values(letter) {
        // Epochs only rise: a worker that was at an earlier letter can't end this one.
        if name == "letter_epoch" {
            set.push_str(", letter_epoch = if_not_exists(letter_epoch, :letter_epoch) + :one");
        } else {
            set.push_str(&format!(", {name} = :{name}"));
        }
        values.insert(format!(":{name}"), value);
    }
    Ok(())
}
