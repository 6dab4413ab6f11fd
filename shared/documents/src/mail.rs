//! Mails, as they read: a content and some facts in; a subject, a text and the same as HTML out.
//!
//! Each mail says what happened, why one gets it, what to do now and, where somebody else may have caused it, what to do then.
//! What is said stands once, as a letter, so that text and HTML can't say different things. Nothing in it tells the sender
//! whether it was opened.

mod attendance;
mod completion;
mod events;
mod expected;
mod letters;
mod records;
mod samples;
#[cfg(test)]
mod tests;

pub use samples::{Sample, samples};

use askama::Template;
use domain::{
    link::Purpose,
    mail::{Content, HeaderLine},
    organisation::Organisation,
};

/// RFC 5322 wants lines under 998 octets; mail programs show some sixty signs of a subject.
const LONGEST_SUBJECT: usize = 120;
/// As long as a reason or a course's title may get; a fact that is longer is cut.
const LONGEST_FACT: usize = 1_000;

/// What a mail is rendered with.
#[derive(Clone, Copy)]
pub struct MailFacts<'a> {
    /// Whose mail it is.
    pub organisation: &'a Organisation,
    /// Where people reach the pages, without a slash at the end.
    pub public_base_url: &'a str,
    /// The secret of the link, for mails that have one.
    pub link: Option<&'a str>,
}

/// A mail that can be sent. It has no `Debug`: it may hold a link's secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: HeaderLine,
    /// Plain.
    pub text: String,
    /// The same as HTML.
    pub html: String,
    /// The address that ends mails of this kind, if that can be done by the mail.
    pub stop: Option<String>,
}

/// A mail that can't be rendered.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// It is never sent.
    #[error("a mail that says nothing isn't sent")]
    SaysNothing,
    /// It needs a link, and none was given.
    #[error("the mail needs a link")]
    NoLink,
    /// The template failed.
    #[error("the template of mails failed")]
    Template(#[from] askama::Error),
}

/// What a mail says, in the order in which it says it.
struct Letter {
    subject: String,
    /// What a list of mails shows beside the subject.
    preheader: String,
    before: Vec<String>,
    /// Names and values.
    facts: Vec<(&'static str, String)>,
    action: Option<Action>,
    after: Vec<String>,
    why: String,
}

/// The one thing to do now.
struct Action {
    label: &'static str,
    url: String,
}

#[derive(Template)]
#[template(path = "mail/letter.html")]
struct LetterHtml<'a> {
    letter: &'a Letter,
    organisation: &'a str,
    accent: String,
    accent_on_dark: String,
    stop: Option<&'a str>,
    help: &'a str,
    from: &'a str,
}

#[derive(Template)]
#[template(path = "mail/letter.txt")]
struct LetterText<'a> {
    letter: &'a Letter,
    stop: Option<&'a str>,
    help: &'a str,
    from: &'a str,
}

/// Renders a mail.
pub fn render(content: &Content, facts: &MailFacts<'_>) -> Result<Rendered, RenderError> {
    let letter = letters::letter(content, facts)?;
    let stop = content.way_out().map(|purpose| facts.link(purpose)).transpose()?;
    let organisation = fact(&facts.organisation.name);
    let help = match &facts.organisation.support_email {
        Some(address) => format!("Questions? Write to {}.", address.shown()),
        None => format!("Questions? Ask {organisation}."),
    };
    // Without its scheme: the one link of a mail is the one to follow.
    let base = facts.public_base_url;
    let from = format!("{organisation}, {}", base.split_once("://").map_or(base, |(_, host)| host));
    let accent = facts.organisation.accent;
    let html = LetterHtml {
        letter: &letter,
        organisation: &organisation,
        accent: accent.to_string(),
        accent_on_dark: accent.on_dark().to_string(),
        stop: stop.as_deref(),
        help: &help,
        from: &from,
    };
    let html = html.render()?;
    let text = LetterText { letter: &letter, stop: stop.as_deref(), help: &help, from: &from }.render()?;
    let subject = HeaderLine::of(&cut(&letter.subject, LONGEST_SUBJECT));
    Ok(Rendered { subject, text, html, stop })
}

impl MailFacts<'_> {
    /// The address that proves what the mail is about, once.
    fn link(&self, purpose: &Purpose) -> Result<String, RenderError> {
        let secret = self.link.ok_or(RenderError::NoLink)?;
        Ok(format!("{}{}?token={secret}", self.public_base_url, purpose.path()))
    }

    fn page(&self, path: &str) -> String {
        format!("{}{path}", self.public_base_url)
    }

    fn organisation(&self) -> String {
        fact(&self.organisation.name)
    }
}

/// Somebody's words as they may stand in a sentence or in a header: on one line, without signs that hide or turn others around.
fn fact(words: &str) -> String {
    let shown = words
        .split(|c: char| c.is_whitespace() || c.is_control())
        .map(|word| word.chars().filter(|c| !is_invisible(*c)).collect::<String>());
    let shown: Vec<String> = shown.filter(|word| !word.is_empty()).collect();
    cut(&shown.join(" "), LONGEST_FACT)
}

/// A text of somebody's that has to be shown whole, as a statement that a body prescribes: in paragraphs, each made safe.
fn paragraphs(text: &str) -> Vec<String> {
    let mut shown = Vec::new();
    for paragraph in domain::organisation::draft::paragraphs(text) {
        let mut part = String::new();
        for word in paragraph.split_whitespace() {
            if !part.is_empty() && part.chars().count() + 1 + word.chars().count() > LONGEST_FACT {
                shown.push(fact(&part));
                part.clear();
            }
            if !part.is_empty() {
                part.push(' ');
            }
            part.push_str(word);
        }
        shown.push(fact(&part));
    }
    shown
}

/// Marks of direction, of width and of lines' ends: a name with them could reverse the words after it.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn cut(words: &str, longest: usize) -> String {
    if words.chars().count() <= longest {
        return words.to_owned();
    }
    words.chars().take(longest - 1).chain(['…']).collect()
}

/// How long a link works, in words.
fn lasts(purpose: &Purpose) -> String {
    const HOUR: i64 = 3600;
    match purpose.seconds() {
        seconds if seconds > 48 * HOUR => format!("{} days", seconds / (24 * HOUR)),
        seconds if seconds >= 2 * HOUR => format!("{} hours", seconds / HOUR),
        seconds => format!("{} minutes", seconds / 60),
    }
}
