//! The trail of an entry's changes, as a page shows it.

use crate::{Portal, entry::Key, trouble};
use domain::id::AccountId;
use pages::{moment::Moment, problem::Problem};

/// Changes on one page.
const PAGE_CHANGES: i32 = 20;

/// A page of changes.
pub(crate) struct Trail {
    pub(crate) lines: Vec<TrailLine>,
    pub(crate) older: Option<String>,
    pub(crate) is_first: bool,
    /// The entry's page.
    pub(crate) address: String,
}

/// A change.
pub(crate) struct TrailLine {
    pub(crate) when: Moment,
    pub(crate) who: String,
    pub(crate) was_new: bool,
    pub(crate) before: Vec<(String, String)>,
    pub(crate) why: String,
}

/// The changes of an entry after the cursor.
pub(crate) async fn fetch_trail(
    portal: &Portal,
    key: &Key,
    address: String,
    after: Option<&str>,
    now: i64,
) -> Result<Trail, Problem> {
    let table = &portal.clients.table;
    let (changes, older) = match key {
        Key::Provider(id) => table.fetch_changes_of_provider(id, after, PAGE_CHANGES).await,
        Key::Course(number) => table.fetch_changes_of_course(number, after, PAGE_CHANGES).await,
        Key::Licence(licence) => table.fetch_changes_of_holder(licence, after, PAGE_CHANGES).await,
    }
    .map_err(trouble::table)?;
    let names = if changes.is_empty() { Names::default() } else { fetch_names(portal).await? };
    let lines = changes
        .into_iter()
        .map(|change| TrailLine {
            when: portal.moment(change.change.at, now),
            who: names.of(&change.change.by),
            was_new: change.was_new,
            before: change.before,
            why: change.change.why,
        })
        .collect();
    Ok(Trail { lines, older, is_first: after.is_none(), address })
}

/// The office's people by their accounts.
#[derive(Default)]
pub(crate) struct Names(Vec<(AccountId, String)>);

impl Names {
    /// What a page calls who did something: a person of the office by name, anybody else by what is recorded.
    pub(crate) fn of(&self, by: &str) -> String {
        match self.0.iter().find(|(id, _)| id.as_str() == by) {
            Some((_, name)) => name.clone(),
            None if AccountId::parse(by).is_ok() => format!("account {by}"),
            None => by.to_owned(),
        }
    }
}

/// The names of the office's people: one query.
pub(crate) async fn fetch_names(portal: &Portal) -> Result<Names, Problem> {
    let (users, _) = portal.clients.table.fetch_users(None).await.map_err(trouble::table)?;
    Ok(Names(users.into_iter().map(|user| (user.account, format!("{} {}", user.name.first, user.name.last))).collect()))
}
