//! The office's view of a licensee: found by licence number or surname, with what the register says, the courses that are
//! recorded, and the history.

pub(crate) mod certification;
pub(crate) mod credit_types;
pub(crate) mod entries;
pub(crate) mod lists;
pub(crate) mod logo;
pub(crate) mod requests;
pub(crate) mod requirements;
pub(crate) mod settings;
pub(crate) mod texts;
pub(crate) mod trail;
pub(crate) mod zoom;

use crate::{
    Portal, Shared,
    details::{StateWords, state_words},
    entry::{Entry, EntryForm, Key},
    trouble,
};
use adapters::{
    clock,
    table::{RecordedCredit, credit_reference},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    course::ProviderId,
    licence::{Licence, LicenceNumber},
    register::Holder,
    suppression::Trouble,
};
use jiff::civil::Date;
use pages::{
    address::segment,
    answer,
    fields::Typed,
    form::Query,
    layout::{Page, Section},
    mail_trouble::trouble_words,
    moment::Moment,
    problem::Problem,
    visitor::{AskingAccount, Visitor},
    words::grouped,
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What the first page of somebody's courses says of itself.
pub(crate) const NEWEST_FIRST: &str = "Recorded courses, the newest first";

/// Courses on one page of a profile.
const PAGE_COURSES: i32 = 50;

/// The fields of the search.
#[derive(Deserialize)]
pub(crate) struct Search {
    number: Option<String>,
    surname: Option<String>,
    first_name: Option<String>,
    after: Option<String>,
}

/// Licensees on one page of a search by name.
const PAGE_HOLDERS: i32 = 50;

#[derive(Template)]
#[template(path = "office/search.html")]
struct SearchPage {
    page: Page,
    number: String,
    surname: String,
    first_name: String,
    next: Option<String>,
    is_first: bool,
    /// What came of the search, if there was one.
    found: Option<Found>,
}

enum Found {
    NotANumber,
    Holders(Vec<HolderLine>),
}

/// A licence and who holds it.
struct HolderLine {
    address: String,
    name: String,
    board: String,
    profession: String,
    number: String,
    active: String,
}

/// `GET /office/licensees`
pub(crate) async fn search(
    State(portal): State<Shared>,
    visitor: Visitor,
    Query(asked): Query<Search>,
) -> Result<Response, Problem> {
    let [number, surname, first_name] = [asked.number, asked.surname, asked.first_name].map(Option::unwrap_or_default);
    let table = &portal.clients.table;
    let after = asked.after.as_deref();
    let (found, next) = match (LicenceNumber::parse(&number), surname.trim().is_empty()) {
        (Ok(number), _) => (Some(table.fetch_holders_by_number(&number).await.map_err(trouble::table)?), None),
        (Err(_), true) => (None, None),
        (Err(_), false) => {
            let first = Some(first_name.as_str());
            let found = table.fetch_holders_by_surname(&surname, first, after, PAGE_HOLDERS).await;
            found.map(|(found, next)| (Some(found), next)).map_err(trouble::table)?
        }
    };
    let found = match found {
        Some(holders) => Some(Found::Holders(holders.iter().map(holder_line).collect())),
        None if number.trim().is_empty() => None,
        None => Some(Found::NotANumber),
    };
    answer::page(&SearchPage {
        page: portal.page("Licensees", Section::Licensees, &visitor),
        is_first: after.is_none(),
        number,
        surname,
        first_name,
        next,
        found,
    })
}

/// The fields of a profile's address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    tab: Option<Tab>,
    after: Option<String>,
    changes: Option<String>,
    saved: Option<String>,
}

/// A tab of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Tab {
    Profile,
    #[default]
    Courses,
    History,
}

#[derive(Template)]
#[template(path = "office/profile.html")]
struct ProfilePage {
    page: Page,
    holder: HolderLine,
    part: Part,
}

/// What a tab shows.
enum Part {
    Profile {
        entry: Box<EntryForm>,
        account: Option<Connected>,
        email: String,
        email_trouble: Option<Box<TroubleWords>>,
        saved: bool,
    },
    Courses {
        courses: Vec<CourseLine>,
        caption: &'static str,
        older: Option<String>,
        is_first: bool,
    },
    History {
        trail: trail::Trail,
    },
}

/// The account that a licence is on.
struct Connected {
    username: String,
    trouble: Option<Box<TroubleWords>>,
}

/// Why nothing is written to an address, and since when.
struct TroubleWords {
    words: &'static str,
    since: Moment,
}

impl TroubleWords {
    fn of(portal: &Portal, (why, at): (Trouble, i64)) -> Box<Self> {
        Box::new(Self { words: trouble_words(why), since: portal.moment(at, clock::now()) })
    }
}

impl ProfilePage {
    fn is(&self, tab: &str) -> bool {
        match self.part {
            Part::Profile { .. } => tab == "profile",
            Part::Courses { .. } => tab == "courses",
            Part::History { .. } => tab == "history",
        }
    }
}

/// A recorded credit.
pub(crate) struct CourseLine {
    pub(crate) number: String,
    pub(crate) title: String,
    pub(crate) date: String,
    pub(crate) machine_date: String,
    pub(crate) hours: String,
    pub(crate) ce_year: i16,
    pub(crate) category: String,
    pub(crate) provider: String,
    /// The row and the import that it came from, for the office.
    pub(crate) row: Option<(String, String)>,
    /// The page of the record, for those who may see it.
    pub(crate) address: Option<String>,
    pub(crate) state: StateWords,
}

/// `GET /office/licensees/{board}/{profession}/{number}`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(path): Path<(String, String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let key = licence_key(path)?;
    let standing = entries::fetch(&portal, &key).await?.ok_or(Problem::NotFound)?;
    let Entry::Holder(holder) = &standing.value else { return Err(Problem::NotFound) };
    let part = match asked.tab.unwrap_or_default() {
        Tab::Profile => {
            let headings = key.register().asked(false);
            let form = EntryForm::of(headings, &standing.value.texts(), key.address(), standing.version);
            profile_part(&portal, holder, form, asked.saved.is_some()).await?
        }
        Tab::Courses => {
            let after = asked.after.as_deref();
            let table = &portal.clients.table;
            let (credits, older) =
                table.fetch_credits_of(&holder.licence, after, PAGE_COURSES).await.map_err(trouble::table)?;
            let names = fetch_provider_names(&portal, &credits).await?;
            let courses = credits.iter().map(|credit| course_line(credit, &names, true)).collect();
            let is_first = after.is_none();
            let caption = if is_first { NEWEST_FIRST } else { "Older courses" };
            Part::Courses { courses, caption, older, is_first }
        }
        Tab::History => {
            let address = format!("{}?tab=history", key.address());
            let after = asked.changes.as_deref();
            Part::History { trail: trail::fetch_trail(&portal, &key, address, after, clock::now()).await? }
        }
    };
    answer::page(&profile_page(&portal, &visitor, holder, part))
}

/// `POST /office/licensees/{board}/{profession}/{number}`
pub(crate) async fn save(
    State(portal): State<Shared>,
    visitor: Visitor,
    asking: AskingAccount,
    Path(path): Path<(String, String, String)>,
    typed: Typed,
) -> Result<Response, Problem> {
    let key = licence_key(path)?;
    let standing = entries::fetch(&portal, &key).await?.ok_or(Problem::NotFound)?;
    let Entry::Holder(holder) = &standing.value else { return Err(Problem::NotFound) };
    match entries::change(&portal, &standing, typed, &asking, clock::now()).await? {
        entries::Sent::Saved => answer::see_other(&format!("{}?tab=profile&saved=yes", key.address())),
        entries::Sent::Again(form, status) => {
            let part = profile_part(&portal, holder, form, false).await?;
            answer::form_again(&profile_page(&portal, &visitor, holder, part), status)
        }
    }
}

fn licence_key((board, profession, number): (String, String, String)) -> Result<Key, Problem> {
    let number = LicenceNumber::parse(&number).map_err(|_| Problem::NotFound)?;
    Ok(Key::Licence(Licence { board, profession, number }))
}

fn profile_page(portal: &Portal, visitor: &Visitor, holder: &Holder, part: Part) -> ProfilePage {
    let page = portal.page("Office Profile", Section::Licensees, visitor);
    ProfilePage { page, holder: holder_line(holder), part }
}

async fn profile_part(portal: &Portal, holder: &Holder, entry: EntryForm, saved: bool) -> Result<Part, Problem> {
    let table = &portal.clients.table;
    let account = match table.fetch_account_of(&holder.licence).await.map_err(trouble::table)? {
        Some(id) => table.fetch_account(&id).await.map_err(trouble::table)?,
        None => None,
    };
    let account = account.map(|account| Connected {
        username: account.username.shown().to_owned(),
        trouble: account.mail_trouble.map(|trouble| TroubleWords::of(portal, (trouble.why, trouble.at))),
    });
    let on_file = match &holder.email_on_file {
        Some(email) => table.fetch_suppression(email).await.map_err(trouble::table)?,
        None => None,
    };
    let email_trouble = on_file.and_then(|found| found.standing()).map(|standing| TroubleWords::of(portal, standing));
    let email = holder.email_on_file.as_ref().map(|email| email.shown().to_owned()).unwrap_or_default();
    Ok(Part::Profile { entry: Box::new(entry), account, email, email_trouble, saved })
}

fn holder_line(holder: &Holder) -> HolderLine {
    let Licence { board, profession, number } = &holder.licence;
    HolderLine {
        address: profile_address(&holder.licence),
        name: format!("{} {}", holder.name.first, holder.name.last),
        board: board.clone(),
        profession: profession.clone(),
        number: number.shown().to_owned(),
        active: active(holder),
    }
}

/// Where a licensee's Office Profile is.
pub(crate) fn profile_address(Licence { board, profession, number }: &Licence) -> String {
    format!("/office/licensees/{}/{}/{}", segment(board), segment(profession), segment(number.compared()))
}

fn active(holder: &Holder) -> String {
    active_days(holder.active_from, holder.active_to)
}

/// The days that a licence was active on, in words.
pub(crate) fn active_days(from: Option<Date>, to: Option<Date>) -> String {
    match (from.map(day), to.map(day)) {
        (Some(from), Some(to)) => format!("{from} to {to}"),
        (Some(from), None) => format!("since {from}"),
        (None, Some(to)) => format!("until {to}"),
        (None, None) => "no dates on the register".to_owned(),
    }
}

/// What the providers are called that recorded these credits: people know them by their names.
pub(crate) async fn fetch_provider_names(
    portal: &Portal,
    credits: &[RecordedCredit],
) -> Result<BTreeMap<ProviderId, String>, Problem> {
    let ids = credits.iter().map(|credit| credit.recorded.provider.clone()).collect();
    portal.clients.table.fetch_provider_names(&ids).await.map_err(trouble::table)
}

/// A provider's name; its id where it is no longer on the register.
pub(crate) fn provider_name(names: &BTreeMap<ProviderId, String>, id: &ProviderId) -> String {
    names.get(id).cloned().unwrap_or_else(|| id.to_string())
}

/// A recorded credit as a line of a page. The office is told the file's row too, the licensee who reported it.
pub(crate) fn course_line(credit: &RecordedCredit, names: &BTreeMap<ProviderId, String>, office: bool) -> CourseLine {
    CourseLine {
        number: credit.course.to_string(),
        title: credit.title.clone(),
        date: day(credit.date),
        machine_date: credit.date.to_string(),
        hours: credit.hours.to_string(),
        ce_year: credit.ce_year,
        category: credit.category.clone(),
        provider: provider_name(names, &credit.recorded.provider),
        row: credit.recorded.source.row().filter(|_| office).map(|(import, row)| (grouped(row), import.to_string())),
        address: office.then(|| format!("/office/credits/{}", credit_reference(&credit.key()))),
        state: state_words(credit),
    }
}

/// A day as pages say it: Jan 31, 2026.
pub(crate) fn day(date: Date) -> String {
    date.strftime("%b %-d, %Y").to_string()
}
