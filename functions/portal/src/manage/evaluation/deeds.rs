//! Changes of an event's questions, one press of a button each, saved over the version that the page showed.

use super::{
    Questions, address,
    builder::{FIELDS, Note, Typed, again},
};
use crate::{
    Portal, Shared,
    manage::{
        Managing, Part,
        form::{text, version},
    },
    trouble,
};
use adapters::{clock, table::QuestionsSaved};
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::evaluation::{
    Direction, LONGEST_OPTION, LONGEST_QUESTION, MOST_OPTIONS, NotEdited, QuestionDraft, QuestionId, Template,
};
use http::StatusCode;
use pages::{answer, fields, problem::Problem, visitor::Visitor};

/// The largest form of a question, in bytes: its text and its options, twice as long as may be so that it can be said, each
/// character of which can take four bytes and each byte three characters in a form.
pub(crate) const LARGEST_QUESTION_FORM: usize = 2 * (LONGEST_QUESTION + MOST_OPTIONS * LONGEST_OPTION) * 12 + 1_024;

const MEANWHILE: &str =
    "Somebody else has changed the questions meanwhile, so nothing was done. Below they stand as they are now.";
const FROZEN: &str = "People are invited to answer these questions by now, so they can't be changed any more.";
const BUSY: &str = "Somebody else has saved questions for all new events at this moment, so yours aren't. Look at them, and press the button again.";

/// A button of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Add,
    Save(QuestionId),
    Move(QuestionId, Direction),
    Remove(QuestionId),
    /// Back to the standard questions.
    Standard,
    /// Back to the provider's.
    Provider,
    Undo,
    /// These for all new events.
    ForNew,
}

impl Deed {
    fn parse(raw: &str) -> Option<Self> {
        let of = |prefix: &str| raw.strip_prefix(prefix).and_then(QuestionId::parse);
        Some(match raw {
            "add" => Deed::Add,
            "standard" => Deed::Standard,
            "provider" => Deed::Provider,
            "undo" => Deed::Undo,
            "for-new" => Deed::ForNew,
            _ => of("save-")
                .map(Deed::Save)
                .or_else(|| of("up-").map(|id| Deed::Move(id, Direction::Up)))
                .or_else(|| of("down-").map(|id| Deed::Move(id, Direction::Down)))
                .or_else(|| of("remove-").map(Deed::Remove))?,
        })
    }

    /// Where its page goes on afterwards.
    fn told(self, after: &Template) -> String {
        match self {
            Deed::Add => {
                let added = after.questions.iter().map(|question| question.id).max();
                added.map_or_else(String::new, |id| format!("?done=added#question-{id}"))
            }
            Deed::Save(id) => format!("?done=saved#question-{id}"),
            Deed::Move(id, _) => format!("?done=moved#question-{id}"),
            Deed::Remove(_) => "?done=removed".to_owned(),
            Deed::Standard => "?done=standard".to_owned(),
            Deed::Provider => "?done=provider".to_owned(),
            Deed::Undo => "?done=undone".to_owned(),
            Deed::ForNew => "?done=for-new".to_owned(),
        }
    }
}

/// Why a deed isn't done.
enum Undone {
    NotEdited(NotEdited),
    Fields(Vec<(&'static str, String)>),
}

/// `POST /manage/events/{id}/evaluation`
pub(crate) async fn change(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    typed: fields::Typed,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let questions = Questions::fetch(&portal, &managing, &id, Part::Evaluation).await?;
    let typed =
        typed.only(|name| matches!(name, "version" | "do") || FIELDS.iter().any(|(field, _)| *field == name))?;
    let (seen, deed) = (version(&typed)?, Deed::parse(typed.text("do")).ok_or(Problem::Unreadable)?);
    let draft = draft_of(&typed);
    let shown = || shown(deed, &draft);
    if deed == Deed::ForNew {
        return for_new(&portal, &managing, &questions, seen).await;
    }
    if questions.frozen.is_some() {
        return again(&portal, &managing, &questions, Typed::new(), Note::Refused(FROZEN), StatusCode::CONFLICT);
    }
    if seen != questions.version {
        return again(&portal, &managing, &questions, shown(), Note::Refused(MEANWHILE), StatusCode::CONFLICT);
    }
    let after = match done(deed, &questions, &draft) {
        Ok(after) => after,
        Err(Undone::NotEdited(why)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return again(&portal, &managing, &questions, shown(), Note::NotEdited(why), status);
        }
        Err(Undone::Fields(wrong)) => {
            let typed = Typed { wrong, ..shown() };
            return again(&portal, &managing, &questions, typed, Note::Nothing, StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    let there = || answer::see_other(&format!("{}{}", address(&questions.event), deed.told(&after)));
    if after == questions.template {
        return there();
    }
    let (table, by) = (&portal.clients.table, managing.by(clock::now()));
    let saved = table.save_questions(&questions.event.id, &after, &questions.template, questions.version, by).await;
    match saved.map_err(trouble::table)? {
        QuestionsSaved::Now(_) => there(),
        QuestionsSaved::Conflict => {
            let fresh = Questions::fetch(&portal, &managing, &id, Part::Evaluation).await?;
            let note = if fresh.frozen.is_some() { FROZEN } else { MEANWHILE };
            again(&portal, &managing, &fresh, shown(), Note::Refused(note), StatusCode::CONFLICT)
        }
    }
}

/// What a deed makes of the questions.
fn done(deed: Deed, questions: &Questions, draft: &QuestionDraft) -> Result<Template, Undone> {
    let template = &questions.template;
    let read = |id| {
        draft.read(id).map_err(|wrong| {
            Undone::Fields(wrong.into_iter().map(|wrong| (wrong.field, wrong.why.to_string())).collect())
        })
    };
    let edited = match deed {
        Deed::Add => template.with(read(QuestionId::FIRST_OF_TEMPLATE)?),
        Deed::Save(id) => template.replacing(read(id)?),
        Deed::Move(id, direction) => template.moving(id, direction),
        Deed::Remove(id) => template.without(id),
        Deed::Standard => Ok(Template::standard()),
        Deed::Provider => Ok(questions.of_provider.clone().unwrap_or_else(Template::standard)),
        Deed::Undo => Ok(questions.before.clone().unwrap_or_else(|| template.clone())),
        Deed::ForNew => Ok(template.clone()),
    };
    edited.map_err(Undone::NotEdited)
}

/// Saves the questions as they stand for all of the provider's events that have none of their own.
async fn for_new(portal: &Portal, managing: &Managing, questions: &Questions, seen: u64) -> Result<Response, Problem> {
    if seen != questions.version {
        return again(portal, managing, questions, Typed::new(), Note::Refused(MEANWHILE), StatusCode::CONFLICT);
    }
    let (table, provider) = (&portal.clients.table, &questions.event.provider);
    let own = table.fetch_provider_template(provider).await.map_err(trouble::table)?;
    let there =
        || answer::see_other(&format!("{}{}", address(&questions.event), Deed::ForNew.told(&questions.template)));
    if own.as_ref().is_some_and(|own| own.template == questions.template) {
        return there();
    }
    let was = own.map_or(0, |own| own.version);
    let by = managing.by(clock::now());
    match table.save_provider_template(provider, &questions.template, was, by).await.map_err(trouble::table)? {
        true => there(),
        false => Err(Problem::NotNow(BUSY)),
    }
}

fn draft_of(typed: &fields::Typed) -> QuestionDraft {
    QuestionDraft {
        text: text(typed, "text"),
        kind: text(typed, "kind"),
        options: text(typed, "options"),
        may_not_apply: text(typed, "may_not_apply"),
        required: text(typed, "required"),
        about: text(typed, "about"),
    }
}

/// The form of a question as it is shown again: what was typed, if something was.
fn shown(deed: Deed, draft: &QuestionDraft) -> Typed {
    let editing = match deed {
        Deed::Add => None,
        Deed::Save(id) => Some(id),
        Deed::Move(..) | Deed::Remove(_) | Deed::Standard | Deed::Provider | Deed::Undo | Deed::ForNew => {
            return Typed::new();
        }
    };
    Typed { draft: draft.clone(), editing, wrong: Vec::new() }
}
