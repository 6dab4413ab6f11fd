//! A mail as it was handed over, and what became of it. Nothing of it is changed.

use serde::Serialize;
use std::{collections::BTreeMap, fmt};

/// A mail that was accepted.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Mail {
    /// SES's message id, as the sender was told it.
    pub id: String,
    /// When it was accepted, in seconds.
    pub sent_at: i64,
    /// The sender, with its name if it has one.
    pub from: String,
    /// To whom.
    pub to: Vec<String>,
    /// Who sees a copy.
    pub cc: Vec<String>,
    /// Who gets a copy unseen.
    pub bcc: Vec<String>,
    /// Where answers go.
    pub reply_to: Vec<String>,
    /// The subject.
    pub subject: String,
    /// The text part; empty if there is none.
    pub text: String,
    /// The HTML part; empty if there is none.
    pub html: String,
    /// The headers that the sender added, in their order; of a raw mail, all that it has.
    pub headers: Vec<(String, String)>,
    /// The configuration set that was named.
    pub configuration_set: Option<String>,
    /// The tags, by name.
    pub tags: BTreeMap<String, String>,
    /// The whole mail, if it was handed over as one.
    pub raw: Option<String>,
    /// What became of it, for each recipient.
    pub deliveries: Vec<Delivery>,
}

/// What became of a mail for one recipient.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// The recipient, without a name.
    pub address: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a mail, by SES's rules: every address works but those of SES's simulator and the suppressed ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It arrived.
    Delivered,
    /// It came back for good.
    Bounced,
    /// It arrived, and was called spam.
    Complained,
    /// It wasn't sent, since the address is on the suppression list.
    Suppressed,
}

impl Mail {
    /// Whether it is addressed to this person, openly or not.
    pub fn is_to(&self, address: &str) -> bool {
        let wanted = bare_address(address);
        self.recipients().any(|recipient| bare_address(recipient).eq_ignore_ascii_case(wanted))
    }

    /// What became of it for this person.
    pub fn outcome_for(&self, address: &str) -> Option<Outcome> {
        let wanted = bare_address(address);
        let found = self.deliveries.iter().find(|delivery| delivery.address.eq_ignore_ascii_case(wanted));
        found.map(|delivery| delivery.outcome)
    }

    /// The first value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The addresses of the web in the text part, in their order: what a person would follow.
    pub fn links(&self) -> Vec<&str> {
        links_of(&self.text)
    }

    pub(super) fn recipients(&self) -> impl Iterator<Item = &str> {
        self.to.iter().chain(&self.cc).chain(&self.bcc).map(String::as_str)
    }
}

impl fmt::Debug for Mail {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Mail").field("id", &self.id).field("sent_at", &self.sent_at).finish_non_exhaustive()
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Delivery").field("outcome", &self.outcome).finish_non_exhaustive()
    }
}

/// The address in `Name <address>`, or the whole.
pub fn bare_address(written: &str) -> &str {
    let inner = written.rsplit_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(address, _)| address);
    inner.unwrap_or(written).trim()
}

/// Where the links of a text begin and end; what ends a sentence doesn't belong to one.
pub(super) fn links_of(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = [rest.find("http://"), rest.find("https://")].into_iter().flatten().min() {
        let from = &rest[start..];
        let end = from.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"')).unwrap_or(from.len());
        found.push(from[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '\'']));
        rest = &from[end..];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_ends_where_its_sentence_goes_on() {
        let text =
            "Sign in (https://a.example/x?y=1), or at http://b.example/z.\nNothing: https ://c <https://d.example>";
        assert_eq!(links_of(text), ["https://a.example/x?y=1", "http://b.example/z", "https://d.example"]);
    }
}
