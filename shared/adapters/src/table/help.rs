//! What readers say of the help: a count an article, and comments that name nobody.
//!
//! ```text
//! HELP#{article}  / COUNTS              how often it answered the question (yes) and how often it didn't (no)
//! HELP-COMMENTS   / {seconds}#{digest}  what somebody missed, and in which article; gone by itself after a year (expires_at)
//! ```
//!
//! An answer whose write is repeated counts twice: these are opinions, and a count is one write.

use super::{Table, TableError, item::*, part::Part, transact::key};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, fmt};

/// An article is rewritten sooner than its comments are a year old; and what somebody typed needn't be kept for longer.
const COMMENT_SECONDS: i64 = 365 * 86_400;
const COMMENTS: &str = "HELP-COMMENTS";

/// How often an article answered its readers' question.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HelpCounts {
    /// How often it did.
    pub yes: u64,
    /// How often it didn't.
    pub no: u64,
}

/// What somebody missed in an article. `Debug` doesn't show the words: somebody may have put a name into them.
#[derive(Clone, PartialEq, Eq)]
pub struct HelpComment {
    /// The article.
    pub article: String,
    /// When, in seconds since 1970.
    pub at: i64,
    /// In the reader's words.
    pub comment: String,
}

impl Table {
    /// Counts an answer to "Did this answer your question?": one write.
    pub async fn count_help_answer(&self, article: &str, answered: bool) -> Result<(), TableError> {
        self.client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(counts_key(article)))
            .update_expression("ADD #answer :one")
            .expression_attribute_names("#answer", if answered { "yes" } else { "no" })
            .expression_attribute_values(":one", n(1))
            .send()
            .await
            .map_err(TableError::from_sdk)?;
        Ok(())
    }

    /// The counts of these articles, 100 at most: one call. An article that nobody has answered about is left out.
    pub async fn fetch_help_counts(&self, articles: &[&str]) -> Result<BTreeMap<String, HelpCounts>, TableError> {
        let items = self.fetch_now(articles.iter().map(|article| counts_key(article)).collect()).await?;
        let counts = |item: &Item| {
            let article = text(item, "pk")?.strip_prefix("HELP#").ok_or(TableError::BadItem("pk"))?.to_owned();
            let count = |name| optional_number(item, name).unwrap_or(0);
            Ok((article, HelpCounts { yes: count("yes"), no: count("no") }))
        };
        items.iter().map(counts).collect()
    }

    /// Saves a comment. The same words in the same second are one comment.
    pub async fn save_help_comment(&self, comment: &HelpComment) -> Result<(), TableError> {
        let digest = Sha256::new().chain_update(&comment.article).chain_update("\n").chain_update(&comment.comment);
        // 64 bits: it only has to tell the comments of one second apart.
        let print = hex::encode(&digest.finalize()[..8]);
        let mut item = key(COMMENTS, format!("{}#{print}", sortable(comment.at)));
        item.insert("article".to_owned(), s(&comment.article));
        item.insert("at".to_owned(), n(comment.at));
        item.insert("comment".to_owned(), s(&comment.comment));
        item.insert("expires_at".to_owned(), n(comment.at + COMMENT_SECONDS));
        self.put(item).await
    }

    /// All articles' comments, newest first, a page of `limit` after the cursor.
    pub async fn fetch_help_comments(
        &self,
        after: Option<&str>,
        limit: i32,
    ) -> Result<(Vec<HelpComment>, Option<String>), TableError> {
        let comment = |item: &Item| {
            Ok(HelpComment {
                article: text(item, "article")?.to_owned(),
                at: number(item, "at")?,
                comment: text(item, "comment")?.to_owned(),
            })
        };
        self.fetch_page(Part::of(COMMENTS).backwards(true), after, limit, comment).await
    }
}

fn counts_key(article: &str) -> Item {
    key(format!("HELP#{article}"), "COUNTS")
}

impl fmt::Debug for HelpComment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("HelpComment").field("article", &self.article).field("at", &self.at).finish_non_exhaustive()
    }
}
