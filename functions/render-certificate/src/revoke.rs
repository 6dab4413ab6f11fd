//! A certificate is revoked: everybody who checks it reads why, the credit of it is withdrawn, its status says so under our signature.

use crate::{
    CertificateError, Task, credits,
    make::{save_ended_status, signing_key},
};
use domain::{certificate::Validity, completion::Step};

pub(crate) async fn revoke(task: &Task<'_>, at: i64, why: &str) -> Result<(), CertificateError> {
    let table = &task.world.clients.table;
    let issue = &task.submitted.certificate;
    let signing = task.world.clients.secrets.fetch_signing().await?;
    let key = signing_key(&signing)?;
    // One that was to be replaced still stands if the new one was never made.
    for code in [Some(&issue.code), issue.replaces.as_ref()].into_iter().flatten() {
        if table.fetch_certificate(code).await?.is_none() {
            continue;
        }
        table.end_certificate(code, &Validity::Revoked { at, why: why.to_owned() }).await?;
        save_ended_status(task, code, &key).await?;
    }
    credits::withdraw(task, why).await?;
    task.move_on(Step::Revoked { at, why: why.to_owned() }).await?;
    tracing::info!(event = %task.event.id, account = %task.person.account, certificate = %issue.code, "certificate.revoked");
    Ok(())
}
