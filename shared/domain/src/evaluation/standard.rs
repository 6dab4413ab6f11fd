//! The questions that are asked unless a provider asks others: what the published standards of accrediting bodies have in common.

use super::{About, Kind, Question, QuestionId, Template};

const AGREE: Kind = Kind::Scale { may_not_apply: false };
const AGREE_IF_IT_APPLIES: Kind = Kind::Scale { may_not_apply: true };

impl Template {
    /// A sound default. The event's objectives come before it by themselves.
    pub fn standard() -> Self {
        let learned = ["Nothing new", "A little", "A fair amount", "A great deal"].map(str::to_owned);
        let learned = Kind::Choice { options: learned.into(), several: false };
        let asked = [
            (About::Presenter, "Each presenter knew the subject well.", AGREE),
            (About::Presenter, "Each presenter explained it clearly and held my attention.", AGREE),
            (About::Content, "The content was current and accurate.", AGREE),
            (About::Content, "What was taught is relevant to my practice.", AGREE),
            (About::Content, "The teaching methods suited the content.", AGREE),
            (About::Learned, "How much did you learn?", learned),
            (About::Accessibility, "The technology worked: I could see, hear and take part.", AGREE),
            (
                About::Accessibility,
                "If I asked for an accommodation because of a disability, it was made.",
                AGREE_IF_IT_APPLIES,
            ),
            (About::Administration, "Registration, information and support were handled well.", AGREE_IF_IT_APPLIES),
            (About::Comments, "What will you do differently in your practice?", Kind::Text),
            (About::Comments, "What should be better next time?", Kind::Text),
            (About::Comments, "Is there anything else that you want to say?", Kind::Text),
        ];
        let mut id = QuestionId::FIRST_OF_TEMPLATE;
        let questions = asked.into_iter().map(|(about, text, kind)| {
            let question = Question { id, text: text.to_owned(), required: kind != Kind::Text, kind, about };
            id = id.next();
            question
        });
        Self { questions: questions.collect() }
    }
}
