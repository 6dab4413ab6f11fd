//! The certificates of an event, for its provider's staff and the office: who is invited, who has submitted, what is issued, what is
//! held and why. Staff revoke a certificate, or issue it again with the name that the account has now; each deed has its reason, is
//! kept, and is told to the licensee. What somebody answered is never shown here. The list, one person's page and the deeds are rooms of
//! their own.

pub(crate) mod deeds;
pub(crate) mod list;
pub(crate) mod one;

use super::Managing;
use crate::{Portal, trouble};
use domain::{
    attendance::missing::Evaluation, completion::Step, email::EmailAddress, event::Event, id::AccountId,
    registration::Participation,
};
use pages::{layout::Page, problem::Problem};

/// A state with its look.
struct Words {
    look: &'static str,
    words: &'static str,
}

/// A page of this part, with its own article.
fn page_of(managing: &Managing, portal: &Portal, title: String) -> Page {
    let mut page = managing.page(portal, title);
    page.help = Some("/help/certificates-of-events");
    page
}

const HELD: &str = "Held";

fn address(event: &Event, account: &AccountId) -> String {
    format!("/manage/events/{}/certificates/{account}", event.id)
}

fn name_of(person: &Participation) -> String {
    format!("{} {}", person.name.first, person.name.last)
}

fn evaluation_words(person: &Participation, came_back: bool, now: i64) -> Words {
    let (look, words) = match person.evaluation_standing(now) {
        Evaluation::Incomplete { .. } if came_back => ("bad", "Mail came back"),
        Evaluation::NotInvited => ("open", "Not invited"),
        Evaluation::Undeliverable => ("bad", "Mail came back"),
        Evaluation::Incomplete { .. } => ("open", "Incomplete"),
        Evaluation::Expired => ("bad", "Expired"),
        Evaluation::Submitted => ("good", "Submitted"),
    };
    Words { look, words }
}

fn certificate_words(person: &Participation) -> Words {
    let step = person.submitted().map(|submitted| &submitted.certificate.step);
    let (look, words) = match step {
        None => ("open", "None yet"),
        Some(Step::Pending) => ("open", "Being made"),
        Some(Step::Held { .. }) => ("bad", HELD),
        Some(Step::Issued { .. }) => ("good", "Issued"),
        Some(Step::Revoking { .. } | Step::Revoked { .. }) => ("bad", "Revoked"),
    };
    Words { look, words }
}

/// What one person's page is made of.
struct Facts {
    event: Event,
    person: Participation,
    /// The name that the account has now; where it is closed, the one on the certificate, which nobody can correct any more.
    name: domain::name::PersonName,
    /// Where mails to them go now; nowhere once the account is closed.
    address: Option<EmailAddress>,
    /// Mail to them came back.
    came_back: bool,
}

impl Facts {
    async fn fetch(portal: &Portal, managing: &Managing, id: &str, account: &str) -> Result<Self, Problem> {
        let account = AccountId::parse(account).map_err(|_| Problem::NotFound)?;
        let event = managing.fetch(portal, id).await?;
        let table = &portal.clients.table;
        let (person, known) =
            tokio::try_join!(table.fetch_participation(&event.id, &account), table.fetch_account(&account))
                .map_err(trouble::table)?;
        let person = person.filter(|person| person.completion.is_some()).ok_or(Problem::NotFound)?;
        let came_back = known.as_ref().is_some_and(|account| account.mail_trouble.is_some());
        let (name, address) = match known.filter(|_| !person.is_closed()) {
            Some(account) => (account.name, Some(account.email)),
            None => (person.submitted().map_or(&person.name, |submitted| &submitted.name).clone(), None),
        };
        Ok(Self { event, person, name, address, came_back })
    }
}
