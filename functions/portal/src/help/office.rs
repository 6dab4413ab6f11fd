//! What readers answered, for the office: the counts of each article, and the comments, the newest first.

use super::articles::Article;
use crate::{Shared, trouble};
use adapters::{
    clock,
    table::{HelpComment, HelpCounts},
};
use askama::Template;
use axum::{extract::State, response::Response};
use pages::{
    answer,
    form::Query,
    layout::{Page, Section},
    moment::Moment,
    problem::Problem,
    visitor::Visitor,
    words::grouped,
};
use serde::Deserialize;

/// Comments on one page: of 500 signs at most, so 25 KB.
const PAGE_COMMENTS: i32 = 50;

/// The fields of the address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "help/office.html")]
struct AnswersPage {
    page: Page,
    lines: Vec<Line>,
    comments: Vec<Comment>,
    older: Option<String>,
    is_first: bool,
}

/// An article and what its readers answered.
struct Line {
    address: String,
    title: &'static str,
    yes: String,
    no: String,
    share: String,
}

/// A comment, with its article.
struct Comment {
    address: String,
    title: String,
    when: Moment,
    text: String,
}

/// `GET /office/help`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let table = &portal.clients.table;
    let names = Article::ALL.map(|article| article.about().name);
    let counts = table.fetch_help_counts(&names).await.map_err(trouble::table)?;
    let (comments, older) =
        table.fetch_help_comments(asked.after.as_deref(), PAGE_COMMENTS).await.map_err(trouble::table)?;
    let now = clock::now();
    let count_of = |article: Article| counts.get(article.about().name).copied().unwrap_or_default();
    answer::page(&AnswersPage {
        page: portal.page("Answers to the help", Section::Help, &visitor),
        lines: Article::ALL.into_iter().map(|article| line(article, count_of(article))).collect(),
        comments: comments
            .into_iter()
            .map(|comment| {
                let when = portal.moment(comment.at, now);
                told(comment, when)
            })
            .collect(),
        older,
        is_first: asked.after.is_none(),
    })
}

fn line(article: Article, HelpCounts { yes, no }: HelpCounts) -> Line {
    let number = |count: u64| grouped(u32::try_from(count).unwrap_or(u32::MAX));
    let share = (yes * 100).checked_div(yes + no);
    Line {
        address: article.address(),
        title: article.about().title,
        yes: number(yes),
        no: number(no),
        share: share.map(|percent| format!("{percent} %")).unwrap_or_default(),
    }
}

/// A comment on an article that is no more is told by the article's name.
fn told(comment: HelpComment, when: Moment) -> Comment {
    let article = Article::named(&comment.article);
    let title = article.map_or(comment.article, |article| article.about().title.to_owned());
    Comment { address: article.map(Article::address).unwrap_or_default(), title, when, text: comment.comment }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_of_yes_is_of_those_who_answered() {
        let share = |yes, no| line(Article::Import, HelpCounts { yes, no }).share;
        assert_eq!([share(0, 0), share(2, 1), share(0, 4), share(1_204, 0)], ["", "66 %", "0 %", "100 %"]);
        assert_eq!(line(Article::Import, HelpCounts { yes: 1_204, no: 0 }).yes, "1,204");
    }
}
