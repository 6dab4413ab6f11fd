//! Links in mails: what each proves, to whom it was sent, and how long it works. A link's secret is minted when its mail is
//! sent; only its hash is kept. A link does nothing by being opened: programs that look into mails open links too.

use crate::{account::Rank, course::ProviderId, email::EmailAddress, id::*, licence::Licence};
use serde::{Deserialize, Serialize};

/// What a link proves, and what it may therefore be used for, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "snake_case")]
pub enum Purpose {
    /// Whoever has it reads the provider's address on file: may make the owner's account.
    SignUpProvider {
        /// The provider.
        provider: ProviderId,
        /// Where it was sent.
        email: EmailAddress,
    },
    /// Whoever has it reads this address: may make a licensee's account with it.
    SignUpLicensee {
        /// Where it was sent.
        email: EmailAddress,
        /// The licence number that was given at sign-up, as entered.
        licence: Option<String>,
    },
    /// Whoever has it was invited: may make an account of a provider or of the office.
    Invitation {
        /// The invitation.
        invitation: InvitationId,
        /// Who invited: a provider's id, or nobody for the office.
        provider: Option<ProviderId>,
        /// As what, at a provider. Links from before there was a choice are members'.
        #[serde(default = "member")]
        rank: Rank,
        /// Where it was sent.
        email: EmailAddress,
    },
    /// Whoever has it reads the account's address: may set a new password.
    Reset {
        /// The account.
        account: AccountId,
        /// The account's epoch when it was asked for: a password that was set since makes it void.
        epoch: u64,
    },
    /// Whoever has it reads the new address of the account.
    ChangeEmail {
        /// The account.
        account: AccountId,
        /// The new address.
        email: EmailAddress,
    },
    /// Whoever has it reads the licence's address on file: may say that the account is the holder's.
    ProveLicence {
        /// The account that claims the licence.
        account: AccountId,
        /// The licence.
        licence: Licence,
        /// Where it was sent: the address on file, as it was.
        email: EmailAddress,
    },
    /// Whoever has it may stop the reminders of a licence's cycle, and nothing else.
    StopReminders {
        /// The account.
        account: AccountId,
        /// The licence.
        licence: Licence,
    },
}

fn member() -> Rank {
    Rank::Member
}

const HOUR: i64 = 3600;

impl Purpose {
    /// How long a link of this purpose works, in seconds.
    pub fn seconds(&self) -> i64 {
        match self {
            // Whoever asked for it waits for it.
            Purpose::Reset { .. } => HOUR / 2,
            // Offices read their mail the next day.
            Purpose::SignUpProvider { .. } | Purpose::SignUpLicensee { .. } | Purpose::ChangeEmail { .. } => 24 * HOUR,
            // Nobody waits for it: a week holds a holiday.
            Purpose::Invitation { .. } | Purpose::ProveLicence { .. } => 7 * 24 * HOUR,
            // As long as somebody may have the mail in a heap of others.
            Purpose::StopReminders { .. } => 400 * 24 * HOUR,
        }
    }

    /// The page that a link of this purpose opens.
    pub fn path(&self) -> &'static str {
        match self {
            Purpose::SignUpProvider { .. } | Purpose::SignUpLicensee { .. } | Purpose::Invitation { .. } => {
                "/sign-up/details"
            }
            Purpose::Reset { .. } => "/reset",
            Purpose::ChangeEmail { .. } => "/verify-email",
            Purpose::ProveLicence { .. } => "/verify-licence",
            Purpose::StopReminders { .. } => "/reminders/stop",
        }
    }
}
