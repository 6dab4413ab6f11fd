//! What stands in the head of every page of somebody whom no mail reaches. It is read with the account, and costs no question.

use crate::visitor::Visitor;
use domain::suppression::Trouble;

/// What is said, in two sentences; the button says the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailNotice {
    /// What happened.
    pub happened: String,
    /// What to do.
    pub to_do: &'static str,
}

impl MailNotice {
    /// What there is to say to this visitor.
    pub fn of(visitor: &Visitor) -> Option<Self> {
        let account = &visitor.account.as_ref()?.account;
        let address = account.email.masked();
        Some(match account.mail_trouble?.why {
            Trouble::Bounce => Self {
                happened: format!("Mail to {address} came back, so we have stopped writing there."),
                to_do: "Correct your email, or confirm that it works.",
            },
            Trouble::Complaint => Self {
                happened: format!("A mail to {address} was marked as spam, so we have stopped writing there."),
                to_do: "If you want our mail, say so; you can also give another email.",
            },
        })
    }
}

/// Why nothing is written to an address, in the words that staff read beside it.
pub fn trouble_words(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Bounce => "Mail came back",
        Trouble::Complaint => "Marked as spam",
    }
}
