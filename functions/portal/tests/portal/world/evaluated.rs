//! Evaluations that were sent in, as the table keeps them.

use super::World;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    evaluation::{Answers, Form, read_answers},
    event::Event,
    id::{AccountId, EventId},
};

impl World {
    /// An evaluation that somebody has sent in.
    pub(crate) async fn sent_in(&self, event: &EventId, account: &AccountId, answers: &Answers) {
        let text = |text: String| AttributeValue::S(text);
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
    #[expect(clippy::allow_attributes, reason = "either the tests or the gallery use it")]
    #[allow(dead_code)]
    pub(crate) async fn evaluated(&self, event: &Event) {
        let form = self.clients.table.freeze_form(event, adapters::clock::now() - 3_600).await.unwrap();
        let comments = ["", "The cases were the best part.", "", "Slower, please: I take notes.\nAnd more breaks.", ""];
        for number in 0..24_usize {
            let steps = ["5", "4", "5", "3", "4", "5", "2", "4"];
            let fields: Vec<(String, &str)> =
                fields(&form, steps[number % steps.len()], comments[number % comments.len()]);
            let answers =
                read_answers(&form, |name| fields.iter().find(|field| field.0 == name).map_or("", |field| field.1));
            let account = AccountId::from_bits(1_000 + u128::try_from(number).unwrap());
            self.sent_in(&event.id, &account, &answers.unwrap()).await;
        }
    }
}

/// The fields of a form, answered by this step, the last option and these words.
#[expect(clippy::allow_attributes, reason = "either the tests or the gallery use it")]
#[allow(dead_code)]
fn fields<'a>(form: &Form, step: &'a str, words: &'a str) -> Vec<(String, &'a str)> {
    use domain::evaluation::Kind;
    let field = |question: &domain::evaluation::Question| match question.kind {
        Kind::Scale { .. } => (question.field(), step),
        Kind::Choice { several: false, .. } => (question.field(), "1"),
        Kind::Choice { several: true, .. } => (question.field_of(0), "yes"),
        Kind::Text => (question.field(), words),
    };
    form.questions.iter().map(field).collect()
}
