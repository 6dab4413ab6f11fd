//! Mails that came back, or were called spam: who has logged in says that the address works, and we write there again. At most
//! once a day, since each mail that comes back costs everybody's mails their good name.

use crate::{Door, Shared, trouble};
use adapters::{clock, table::Lifted};
use axum::{extract::State, response::Response};
use domain::email::EmailAddress;
use pages::{answer, problem::Problem, visitor::AskingAccount};

/// `POST /account/write-again`
pub(crate) async fn write_again(State(door): State<Shared>, own: AskingAccount) -> Result<Response, Problem> {
    let account = &own.0.account;
    let table = &door.clients.table;
    match table.lift_suppression(&account.email, clock::now()).await.map_err(trouble::table)? {
        Lifted::Now => {
            tracing::info!(account = %account.id, "account.written_again: its person says that mail arrives")
        }
        Lifted::NothingStands => {}
        Lifted::NotBefore(_) => {
            return Err(Problem::NotNow(
                "We wrote to this address again within the last day, and it failed again. Give another email on the Account page, or try once more tomorrow.",
            ));
        }
    }
    // If the account was changed in the same moment the mark stays, and goes with the next try.
    table.clear_mail_trouble(account).await.map_err(trouble::table)?;
    answer::see_other("/account?done=write-again")
}

/// Notes that a link which was sent to this address was opened: mail arrives there. What was asked for doesn't fail for it.
pub(crate) async fn note_proven(door: &Door, address: &EmailAddress) {
    if let Err(error) = door.clients.table.lift_proven(address, clock::now()).await {
        tracing::warn!(%error, "account.not_lifted: an address was proven, and still counts as one that mail comes back from");
    }
}
