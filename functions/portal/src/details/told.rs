//! The licensee is told of every change of a record, and both are when one goes from one licence to another: with the change itself,
//! so that neither is without the other.

use super::Asking;
use crate::{Portal, trouble};
use adapters::table::RecordedCredit;
use domain::{
    credit::{Actor, CreditKey, Made, Plan},
    email::EmailAddress,
    hours::CreditHours,
    licence::Licence,
    mail::{Content, CreditChange, Mail},
};
use pages::problem::Problem;

/// The mails that tell the licensee, and with a record that goes to somebody else that person too, where there is an address to
/// write to.
pub(super) async fn fetch_mails(
    portal: &Portal,
    asking: &Asking,
    record: &RecordedCredit,
    plan: &Plan,
    made: &Made,
) -> Result<Vec<Mail>, Problem> {
    let told = [
        Some(Told {
            key: record.key(),
            title: &record.title,
            hours: record.hours,
            version: record.version + 1,
            change: change(record, plan),
        }),
        gained(record, plan),
    ];
    let mut mails = Vec::new();
    for Told { key, title, hours, version, change } in told.into_iter().flatten() {
        let Some(to) = fetch_address(portal, &key.licence).await? else { continue };
        let Licence { board, profession, number } = &key.licence;
        let (date, version) = (key.date.to_string(), version.to_string());
        let parts = ["credit", board, profession, number.compared(), key.course.as_str(), &date, &version];
        let content = Content::CreditChanged {
            change,
            course: key.course.clone(),
            title: title.to_owned(),
            date: key.date,
            hours,
            by: fetch_name(portal, asking).await?,
            why: made.reason.as_str().to_owned(),
        };
        mails.push(Mail::about(&parts, to, content, made.at));
    }
    Ok(mails)
}

/// What one person is told: of which credit, as it was or is recorded for them, under which version, and what happened to it.
struct Told<'a> {
    key: CreditKey,
    title: &'a str,
    hours: CreditHours,
    version: u32,
    change: CreditChange,
}

/// What the other person is told whose record a credit is put on.
fn gained<'a>(record: &RecordedCredit, plan: &'a Plan) -> Option<Told<'a>> {
    match plan {
        Plan::Move { credit, onto } if !is_same(&credit.licence, &record.licence) => Some(Told {
            key: CreditKey::of(credit),
            title: &credit.title,
            hours: credit.hours,
            version: onto.as_ref().map_or(1, |onto| onto.version + 1),
            change: CreditChange::Added,
        }),
        Plan::Move { .. } | Plan::Correct(_) | Plan::Withdraw | Plan::Restore => None,
    }
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
