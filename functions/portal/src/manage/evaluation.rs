//! The evaluation of an event, for its staff: what is asked, changed question by question until the first person is invited, how it
//! looks to whoever answers, and what the answers add up to. Nobody here ever sees who answered what.

mod builder;
mod deeds;
mod file;
mod preview;
mod results;

pub(crate) use builder::show;
pub(crate) use deeds::{LARGEST_QUESTION_FORM, change};
pub(crate) use file::make as export;
pub(crate) use preview::show as preview;
pub(crate) use results::show as results;

use super::{Managing, Part, has};
use crate::{Portal, trouble};
use adapters::table::{EventQuestions, QuestionsState};
use domain::{
    evaluation::{Form, Template},
    event::Event,
};
use pages::{layout::Page, problem::Problem};

/// The article of the manual about these pages.
const HELP: &str = "/help/evaluations-of-events";

/// An event with its questions, as they stand.
struct Questions {
    event: Event,
    /// The questions that can be changed, or that were frozen.
    template: Template,
    /// What they were before the last change.
    before: Option<Template>,
    /// 0 while they aren't the event's own.
    version: u64,
    /// The form that everybody is asked, and since when.
    frozen: Option<(Form, i64)>,
    /// What the provider's events are asked by that have no questions of their own; nothing if those are the standard ones.
    of_provider: Option<Template>,
}

impl Questions {
    async fn fetch(portal: &Portal, managing: &Managing, id: &str, part: Part) -> Result<Self, Problem> {
        let event = managing.fetch(portal, id).await?;
        if !has(&event, part) {
            return Err(Problem::NotFound);
        }
        let table = &portal.clients.table;
        let (own, of_provider) =
            tokio::try_join!(table.fetch_questions(&event.id), table.fetch_provider_template(&event.provider))
                .map_err(trouble::table)?;
        let of_provider = of_provider.map(|own| own.template);
        let (template, before, version, frozen) = match own {
            Some(EventQuestions { state: QuestionsState::Open { template, before }, version }) => {
                (template, before, version, None)
            }
            Some(EventQuestions { state: QuestionsState::Frozen { form, at }, version }) => {
                (form.template(), None, version, Some((form, at)))
            }
            None => (of_provider.clone().unwrap_or_else(Template::standard), None, 0, None),
        };
        Ok(Self { event, template, before, version, frozen, of_provider })
    }

    /// What everybody is asked, or would be now.
    fn form(&self) -> Form {
        self.frozen.as_ref().map_or_else(|| Form::of(&self.template, &self.event), |(form, _)| form.clone())
    }
}

/// Where an event's questions are.
fn address(event: &Event) -> String {
    format!("{}/evaluation", super::address(&event.id))
}

fn page(portal: &Portal, managing: &Managing, event: &Event, what: &str) -> Page {
    let mut page = managing.page(portal, format!("{what}: {}", event.title));
    page.help = Some(HELP);
    page
}
