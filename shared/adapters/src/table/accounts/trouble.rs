//! The mark on an account that nothing is written to its address: put there when the word comes, so that no page has to ask.

use super::*;
use crate::table::{Transacted, item::*};
use domain::suppression::Trouble;

/// The mark of an account's item.
pub(super) fn read(item: &Item) -> Result<Option<MailTrouble>, TableError> {
    let Some(why) = optional_text(item, "mail_trouble") else { return Ok(None) };
    let why = Trouble::parse(&why).ok_or(TableError::BadItem("mail_trouble"))?;
    Ok(Some(MailTrouble { why, at: number(item, "mail_trouble_at")? }))
}

impl Table {
    /// Marks the accounts whose address this is at this moment; how many were marked. One that was changed in the same moment
    /// makes it fail, and is looked at anew by whoever tries again.
    pub async fn mark_mail_trouble(&self, address: &EmailAddress, trouble: MailTrouble) -> Result<usize, TableError> {
        let mut marked = 0;
        for account in self.fetch_accounts_of(address).await? {
            // An address is entered among the addresses of accounts in the transaction that gives it to one; still the account
            // itself has the last word.
            if account.email.compared() != address.compared() || account.mail_trouble == Some(trouble) {
                continue;
            }
            let values = [(":why", s(trouble.why.as_str())), (":at", n(trouble.at))];
            let write = self.next_version(&account, "SET mail_trouble = :why, mail_trouble_at = :at", &values)?;
            match self.transact(vec![write]).await? {
                Transacted::Done => marked += 1,
                Transacted::Refused(_) => return Err(TableError::Throttled),
            }
        }
        Ok(marked)
    }

    /// Which of these accounts' addresses nothing is written to. One call for each hundred; eventually consistent.
    pub async fn fetch_mail_troubles(
        &self,
        accounts: &[AccountId],
    ) -> Result<BTreeMap<AccountId, MailTrouble>, TableError> {
        let mut troubles = BTreeMap::new();
        for accounts in accounts.chunks(ADDRESSES_AT_ONCE) {
            for item in self.fetch_batch(accounts.iter().map(account_key).collect()).await? {
                let account = read_account(&item)?;
                troubles.extend(account.and_then(|account| Some((account.id, account.mail_trouble?))));
            }
        }
        Ok(troubles)
    }

    /// Takes the mark off an account, if it is the one that was read.
    pub async fn clear_mail_trouble(&self, account: &Account) -> Result<Changed, TableError> {
        self.changed(vec![self.next_version(account, "REMOVE mail_trouble, mail_trouble_at", &[])?]).await
    }
}
