//! A certificate is revoked: everybody who checks it reads why, the credit of it is withdrawn, its status says so under our signature.
//! All of it may be done again, and is, where a revocation has overtaken the making.

use crate::{
    CertificateError, Task, credits,
    make::{save_ended_status, signing_key},
};
use domain::{certificate::Validity, completion::Step};

pub(crate) async fn revoke(task: &Task<'_>) -> Result<(), CertificateError> {
    end(task).await?;
    let issue = &task.submitted.certificate;
    let Step::Revoking { at, why, is_taken_back } = issue.step.clone() else { return Ok(()) };
    task.move_on(Step::Revoked { at, why, is_taken_back }).await?;
    tracing::info!(event = %task.event.id, account = %task.person.account, certificate = %issue.code, "certificate.revoked");
    Ok(())
}

/// Ends whatever of a certificate stands, on the participation's word that it is revoked.
pub(crate) async fn end(task: &Task<'_>) -> Result<(), CertificateError> {
    let table = &task.world.clients.table;
    let issue = &task.submitted.certificate;
    let (Step::Revoking { at, why, .. } | Step::Revoked { at, why, .. }) = &issue.step else { return Ok(()) };
    let public = issue.step.public_reason().unwrap_or(why);
    let signing = task.world.clients.secrets.fetch_signing().await?;
    let key = signing_key(&signing)?;
    // One that was to be replaced still stands if the new one was never made.
    for code in [Some(&issue.code), issue.replaces.as_ref()].into_iter().flatten() {
        // Whoever is making it at this moment can't enter it any more, or has entered it just now.
        if table.give_up_certificate(code).await? || table.fetch_certificate_of_now(code).await?.is_none() {
            continue;
        }
        let validity = Validity::Revoked { at: *at, why: public.to_owned(), successor: None };
        table.end_certificate(code, &validity).await?;
        save_ended_status(task, code, &key).await?;
    }
    credits::withdraw(task, why).await
}
