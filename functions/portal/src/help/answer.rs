//! "Did this answer your question?": each press counts once, so many from one network in a while. A comment is kept without
//! who wrote it.

use super::articles::Article;
use crate::{Shared, trouble};
use adapters::{
    clock,
    table::{Attempt, HelpComment},
};
use axum::{
    Extension,
    extract::{Path, State},
    response::Response,
};
use domain::throttle::{Limit, network};
use lambda_http::request::RequestContext;
use pages::{answer, form::Form, problem::Problem};
use serde::Deserialize;

/// Two or three sentences: it is for saying what was missing, and not for telling a case.
pub(super) const LONGEST_COMMENT: usize = 500;

/// Somebody who reads all fifteen articles answers fifteen times and may comment on each. An office behind one address shares
/// them; who is turned away loses an opinion and nothing else.
const ANSWERS: Limit = Limit { name: "help-answer", most: 30, seconds: 15 * 60 };

/// The answer.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Press {
    Yes,
    No,
    Comment,
}

/// The fields of the forms under an article.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pressed {
    press: Press,
    #[serde(default)]
    comment: String,
}

/// `POST /help/{article}`
pub(crate) async fn count(
    State(portal): State<Shared>,
    Path(name): Path<String>,
    context: Option<Extension<RequestContext>>,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Problem> {
    let article = Article::named(&name).ok_or(Problem::NotFound)?;
    let comment = read_comment(&pressed.comment)?;
    let (table, now) = (&portal.clients.table, clock::now());
    let from = source(context.as_ref().map(|Extension(context)| context));
    if let Attempt::NotBefore(moment) = table.count_attempt(&ANSWERS, &from, now).await.map_err(trouble::table)? {
        return Err(Problem::TooOften { seconds: u32::try_from(moment - now).unwrap_or(u32::MAX) });
    }
    let name = article.about().name;
    let answered = match (pressed.press, comment) {
        (Press::Yes, _) => {
            table.count_help_answer(name, true).await.map_err(trouble::table)?;
            "yes"
        }
        (Press::No, _) => {
            table.count_help_answer(name, false).await.map_err(trouble::table)?;
            "no"
        }
        (Press::Comment, Some(comment)) => {
            let comment = HelpComment { article: name.to_owned(), at: now, comment };
            table.save_help_comment(&comment).await.map_err(trouble::table)?;
            "told"
        }
        (Press::Comment, None) => "told",
    };
    answer::see_other(&format!("{}?answered={answered}#answer", article.address()))
}

/// A comment as it is kept; none if there is nothing in it. Browsers send each new line as two signs and count it as one.
fn read_comment(raw: &str) -> Result<Option<String>, Problem> {
    let lines = raw.replace("\r\n", "\n");
    let text: String = lines.trim().chars().filter(|c| !c.is_control() || *c == '\n').collect();
    match text.chars().count() {
        0 => Ok(None),
        1..=LONGEST_COMMENT => Ok(Some(text)),
        _ => Err(Problem::TooLong),
    }
}

/// Where the request comes from, as API Gateway says it; what a header says could be anything.
fn source(context: Option<&RequestContext>) -> String {
    match context {
        Some(RequestContext::ApiGatewayV2(context)) => network(context.http.source_ip.as_deref().unwrap_or_default()),
        _ => network(""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_of_500_signs_is_taken_however_its_lines_end_and_a_longer_one_is_not() {
        let lines = format!("{}\r\n{}", "é".repeat(250), "b".repeat(249));
        assert_eq!(read_comment(&lines).unwrap().unwrap().chars().count(), 500);
        assert_eq!(read_comment(&format!("{lines}c")), Err(Problem::TooLong));
        assert_eq!(read_comment(" \r\n "), Ok(None));
        assert_eq!(read_comment("a\u{0}\u{1b}[2Jb"), Ok(Some("a[2Jb".to_owned())));
    }
}
