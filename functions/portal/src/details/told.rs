//! The licensee is told of every change of a record: with the change itself, so that neither is without the other.

use super::Asking;
use crate::{Portal, trouble};
use adapters::table::RecordedCredit;
use domain::{
    credit::{Actor, Made, Plan},
    email::EmailAddress,
    licence::Licence,
    mail::{Content, CreditChange, Mail},
};
use pages::problem::Problem;

/// The mail that tells the licensee, if there is an address to write to.
pub(super) async fn fetch_mails(
    portal: &Portal,
    asking: &Asking,
    record: &RecordedCredit,
    plan: &Plan,
    made: &Made,
) -> Result<Vec<Mail>, Problem> {
    let Some(to) = fetch_address(portal, &record.licence).await? else { return Ok(Vec::new()) };
    let Licence { board, profession, number } = &record.licence;
    let (date, version) = (record.date.to_string(), (record.version + 1).to_string());
    let key = ["credit", board, profession, number.compared(), record.course.as_str(), &date, &version];
    let content = Content::CreditChanged {
        change: change(record, plan),
        course: record.course.clone(),
        title: record.title.clone(),
        date: record.date,
        hours: record.hours,
        by: fetch_name(portal, asking).await?,
        why: made.reason.as_str().to_owned(),
    };
    Ok(vec![Mail::about(&key, to, content, made.at)])
}

/// What the change means for the licensee that has the record now: one that goes to somebody else is gone.
fn change(record: &RecordedCredit, plan: &Plan) -> CreditChange {
    match plan {
        Plan::Move { credit, .. } if !is_same(&credit.licence, &record.licence) => CreditChange::Withdrawn,
        Plan::Correct(credit) | Plan::Move { credit, .. } => {
            CreditChange::Corrected { course: credit.course.clone(), date: credit.date, hours: credit.hours }
        }
        Plan::Withdraw => CreditChange::Withdrawn,
        Plan::Restore => CreditChange::Restored,
    }
}

fn is_same(one: &Licence, other: &Licence) -> bool {
    one.board == other.board && one.profession == other.profession && one.number.compared() == other.number.compared()
}

/// Where the holder of a licence is written to: the verified address of the account that has proven it, else the one on file.
async fn fetch_address(portal: &Portal, licence: &Licence) -> Result<Option<EmailAddress>, Problem> {
    let table = &portal.clients.table;
    if let Some(id) = table.fetch_account_of(licence).await.map_err(trouble::table)?
        && let Some(account) = table.fetch_account(&id).await.map_err(trouble::table)?
    {
        return Ok(Some(account.email));
    }
    let holder = table.fetch_holder(licence).await.map_err(trouble::table)?;
    Ok(holder.and_then(|holder| holder.value.email_on_file))
}

/// In whose name the change is made.
async fn fetch_name(portal: &Portal, asking: &Asking) -> Result<String, Problem> {
    match &asking.actor {
        Actor::Office => Ok(asking.visitor.organisation.name.clone()),
        Actor::Provider(id) => {
            let found = portal.clients.table.fetch_provider(id).await.map_err(trouble::table)?;
            Ok(found.map_or_else(|| id.to_string(), |provider| provider.value.name))
        }
    }
}
