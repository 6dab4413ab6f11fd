//! Evaluations that were sent in, as the table keeps them.

use super::World;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    evaluation::{Answers, Form, Kind, Question, read_answers},
    event::Event,
    id::{AccountId, EventId},
};
use std::collections::BTreeMap;

const STEPS: [&str; 8] = ["5", "4", "5", "3", "4", "5", "2", "5"];
const WORDS: [&str; 6] = [
    "",
    "The cases were the best part.",
    "",
    "Slower, please: I take notes.\nAnd more breaks.",
    "",
    "I will ask for a second opinion earlier, and write down who was asked and when, as the last case showed.",
];

impl World {
    /// An evaluation that somebody has sent in.
    pub(crate) async fn sent_in(&self, event: &EventId, account: &AccountId, answers: &Answers) {
        let text = AttributeValue::S;
        let put = self
            .raw
            .put_item()
            .table_name(&self.settings.table_name)
            .item("pk", text(format!("EVENT#{event}")))
            .item("sk", text(format!("EVALUATION#{account}")))
            .item("answers", text(serde_json::to_string(answers).unwrap()))
            .item("submitted", text("yes".to_owned()))
            .item("version", AttributeValue::N("0".to_owned()))
            .item("saved_at", AttributeValue::N("1".to_owned()));
        put.send().await.unwrap();
    }

    /// The evaluations of an event by two dozen people, who agree more or less and write something now and then.
    pub(crate) async fn evaluated(&self, event: &Event) {
        let form = self.clients.table.freeze_form(event, adapters::clock::now() - 3_600).await.unwrap();
        for number in 0..24_usize {
            let fields = fields(&form, number);
            let answers = read_answers(&form, |name| fields.get(name).copied().unwrap_or_default()).unwrap();
            let account = AccountId::from_bits(1_000 + u128::try_from(number).unwrap());
            self.sent_in(&event.id, &account, &answers).await;
        }
    }
}

/// The fields of a form as one of these people fills them in.
fn fields(form: &Form, number: usize) -> BTreeMap<String, &'static str> {
    let field = |(place, question): (usize, &Question)| match question.kind {
        Kind::Scale { may_not_apply: true } if !number.is_multiple_of(3) => (question.field(), "na"),
        Kind::Scale { .. } => (question.field(), STEPS[(number * (place + 1) + place) % STEPS.len()]),
        Kind::Choice { several: false, .. } => (question.field(), ["1", "2", "2"][number % 3]),
        Kind::Choice { several: true, .. } => (question.field_of(0), "yes"),
        Kind::Text => (question.field(), WORDS[(number + place) % WORDS.len()]),
    };
    form.questions.iter().enumerate().map(field).collect()
}
