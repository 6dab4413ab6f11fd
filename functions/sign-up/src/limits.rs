//! How often what may be tried. Windows are a quarter of an hour and a day: what a person needs passes, what a program needs
//! doesn't. No limit is by account alone, so that nobody can lock somebody else out: who is kept from a username by others'
//! attempts gets in from a browser that has logged in before, or by the link to a new password.

use domain::throttle::Limit;

/// A quarter of an hour.
const WHILE: i64 = 15 * 60;
const DAY: i64 = 24 * 3600;

/// The limits of a deployment.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Logins from one network address.
    pub login_by_network: Limit,
    /// Logins with one username, from browsers that aren't known to be its owner's.
    pub login_by_name: Limit,
    /// Logins from one browser that is known.
    pub login_by_device: Limit,
    /// Requests that have a mail sent, from one network address.
    pub mails_by_network: Limit,
    /// Mails to one address that were asked for without proof, from one network.
    pub mails_to_address: Limit,
    /// Mails to one address that were asked for without proof, from all networks together.
    pub mails_to_address_of_all: Limit,
    /// What a person with an account has sent to others: invitations, claims.
    pub by_account: Limit,
}

/// An office behind one address shares it: thirty people may log in within a quarter of an hour.
const LOGINS_BY_NETWORK: u32 = 30;
/// More slips than anybody makes who then doesn't ask for a new password.
const LOGINS_BY_NAME: u32 = 10;

/// Mails of one kind that one network may have sent to an address in a day: a slip or two, and mails that got lost.
const MAILS_OF_NETWORK: u32 = 5;
/// And all networks together: four networks' shares, so that a stranger needs as many to use up what the address's owner needs
/// elsewhere; far fewer than the 96 quarters of an hour of a day.
const MAILS_TO_ADDRESS: u32 = 20;

impl Limits {
    /// The limits as the environment sets them, or the usual ones.
    pub fn read(lookup: impl Fn(&str) -> Option<String>) -> Self {
        let number = |name: &str, usual: u32| lookup(name).and_then(|text| text.parse().ok()).unwrap_or(usual);
        let by_network = number("ATTEMPTS_BY_NETWORK", LOGINS_BY_NETWORK);
        let by_name = number("ATTEMPTS_BY_NAME", LOGINS_BY_NAME);
        let limit = |name, most, seconds| Limit { name, most, seconds };
        Self {
            login_by_network: limit("login-network", by_network, WHILE),
            login_by_name: limit("login-name", by_name, WHILE),
            login_by_device: limit("login-device", by_name, WHILE),
            mails_by_network: limit("mails-network", by_network, WHILE),
            mails_to_address: limit("mails-address", MAILS_OF_NETWORK, DAY),
            mails_to_address_of_all: limit("mails-address-all", number("MAILS_TO_ADDRESS", MAILS_TO_ADDRESS), DAY),
            by_account: limit("account", 20, DAY),
        }
    }
}
