//! The first account of the office: somebody has to be invited before anybody can invite.

use adapters::{
    clients::Clients,
    clock,
    queue::QueueError,
    random::{self, NoRandomness},
    table::{TableError, accounts::Invitation},
};
use domain::{account::Rank, email::EmailAddress};

/// Why nobody was invited.
#[derive(Debug, thiserror::Error)]
pub enum FirstOfficeError {
    /// The office has an account.
    #[error("The office has an account already. Whoever has it invites others under Users.")]
    HasAccount,
    /// The table can't be asked.
    #[error("The table didn't do it: {0}")]
    Table(#[from] TableError),
    /// The system gave no random number.
    #[error(transparent)]
    Chance(#[from] NoRandomness),
    /// The invitation stands in the outbox, and its sending couldn't be nudged.
    #[error("The invitation is in the outbox and goes out within five minutes; the queue could not be told: {0}")]
    Nudge(#[from] QueueError),
}

/// Invites the office's first user; an invitation that is open is replaced by the new one.
pub async fn invite_first(clients: &Clients, email: &EmailAddress) -> Result<(), FirstOfficeError> {
    let (users, invitations) = clients.table.fetch_users(None).await?;
    if !users.is_empty() {
        return Err(FirstOfficeError::HasAccount);
    }
    for open in &invitations {
        clients.table.withdraw_invitation(None, &open.id).await?;
    }
    let now = clock::now();
    let by = clients.table.fetch_organisation().await?.name;
    let invitation =
        Invitation { id: random::invitation_id()?, provider: None, rank: Rank::Member, email: email.clone(), at: now };
    let mail = invitation.mail(by, now);
    clients.table.invite(&invitation, &mail).await?;
    clients.mails.send_nudge(&mail.id).await?;
    Ok(())
}
