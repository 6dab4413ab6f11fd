//! Entries of the registers by hand: shown with their trail, changed over the version that the form showed and with a reason,
//! and added. Nobody's change is lost unseen.

mod adding;

pub(crate) use adding::{add, show_add};

use super::trail::{Trail, fetch_trail};
use crate::{
    Portal, Shared,
    entry::{Entry, EntryForm, Key, Register, WHY, field_name, text_of, versioned},
    trouble,
};
use adapters::{clock, table::Saved};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    course::{CourseNumber, ProviderId},
    register::{Change, Versioned},
    request::parse_reason,
};
use http::StatusCode;
use pages::{
    address::segment,
    answer,
    fields::Typed,
    form::Query,
    layout::{Page, Section},
    problem::Problem,
    visitor::{AskingAccount, Visitor},
};
use serde::Deserialize;

/// Courses of a provider that its entry's page lists.
const LISTED_COURSES: i32 = 50;

/// The fields of an entry's address.
#[derive(Deserialize, Default)]
pub(crate) struct Asked {
    saved: Option<String>,
    changes: Option<String>,
}

#[derive(Template)]
#[template(path = "office/entry.html")]
struct EntryPage {
    page: Page,
    heading: String,
    register: &'static str,
    register_title: &'static str,
    facts: Vec<(&'static str, String)>,
    /// A provider's owner's page.
    owner: Option<String>,
    saved: bool,
    entry: EntryForm,
    /// What belongs to it: a provider's courses, a course's providers.
    related: Vec<(String, String)>,
    related_title: &'static str,
    /// Where a provider's events are.
    events: Option<String>,
    trail: Option<Trail>,
}

impl Key {
    /// The register that it is of.
    pub(crate) fn register(&self) -> Register {
        match self {
            Key::Provider(_) => Register::Providers,
            Key::Course(_) => Register::Courses,
            Key::Licence(_) => Register::Licensees,
        }
    }

    /// The entry's page.
    pub(crate) fn address(&self) -> String {
        match self {
            Key::Provider(id) => format!("/office/providers/{id}"),
            Key::Course(number) => format!("/office/courses/{}", segment(number.as_str())),
            Key::Licence(licence) => super::profile_address(licence),
        }
    }
}

/// The entry behind a key, as it stands at this moment.
pub(crate) async fn fetch(portal: &Portal, key: &Key) -> Result<Option<Versioned<Entry>>, Problem> {
    fn any<T>(found: Versioned<T>, entry: fn(T) -> Entry) -> Versioned<Entry> {
        Versioned { value: entry(found.value), version: found.version, last_change: found.last_change }
    }
    let table = &portal.clients.table;
    Ok(match key {
        Key::Provider(id) => {
            table.fetch_provider(id).await.map_err(trouble::table)?.map(|found| any(found, Entry::Provider))
        }
        Key::Course(number) => {
            table.fetch_course(number).await.map_err(trouble::table)?.map(|found| any(found, Entry::Course))
        }
        Key::Licence(licence) => {
            table.fetch_holder(licence).await.map_err(trouble::table)?.map(|found| any(found, Entry::Holder))
        }
    })
}

async fn save(
    portal: &Portal,
    entry: &Entry,
    before: Option<&Versioned<Entry>>,
    change: &Change,
) -> Result<Saved, Problem> {
    let table = &portal.clients.table;
    match entry {
        Entry::Provider(now) => {
            let only = |entry: &Entry| if let Entry::Provider(it) = entry { Some(it.clone()) } else { None };
            table.save_provider_if(now, before.and_then(|before| versioned(before, only)).as_ref(), change).await
        }
        Entry::Course(now) => {
            let only = |entry: &Entry| if let Entry::Course(it) = entry { Some(it.clone()) } else { None };
            table.save_course_if(now, before.and_then(|before| versioned(before, only)).as_ref(), change).await
        }
        Entry::Holder(now) => {
            let only = |entry: &Entry| if let Entry::Holder(it) = entry { Some(it.clone()) } else { None };
            table.save_holder_if(now, before.and_then(|before| versioned(before, only)).as_ref(), change).await
        }
    }
    .map_err(trouble::table)
}

/// What came of a form that was sent.
pub(crate) enum Sent {
    /// It is saved.
    Saved,
    /// It isn't: shown again with this status.
    Again(EntryForm, StatusCode),
}

/// Reads a change of an entry and saves it.
pub(crate) async fn change(
    portal: &Portal,
    standing: &Versioned<Entry>,
    typed: Typed,
    by: &AskingAccount,
    now: i64,
) -> Result<Sent, Problem> {
    let (key, texts) = (standing.value.key(), standing.value.texts());
    let register = key.register();
    let headings = register.asked(false);
    let (typed, version) = read_form(typed, &headings)?;
    let mut form = EntryForm::typed(headings.clone(), &typed, key.address(), version);
    let fields = form.fields.clone();
    let under = |heading: &'static str| match headings.contains(&heading) {
        true => fields.at(&field_name(heading)).value.as_str(),
        false => text_of(&texts, heading),
    };
    let Some((entry, change)) = judge(portal, register, under, &mut form, by, now).await? else {
        return Ok(Sent::Again(form, StatusCode::UNPROCESSABLE_ENTITY));
    };
    if version != standing.version {
        return Ok(Sent::Again(form.over(&entry.texts(), &texts, standing.version), StatusCode::CONFLICT));
    }
    match save(portal, &entry, Some(standing), &change).await? {
        Saved::Now(_) | Saved::Unchanged => Ok(Sent::Saved),
        Saved::NumberTaken => {
            form.fields.tell(&field_name("License Number"), NUMBER_TAKEN);
            Ok(Sent::Again(form, StatusCode::UNPROCESSABLE_ENTITY))
        }
        Saved::Conflict => {
            let fresh = fetch(portal, &key).await?.ok_or(Problem::NotFound)?;
            Ok(Sent::Again(form.over(&entry.texts(), &fresh.value.texts(), fresh.version), StatusCode::CONFLICT))
        }
    }
}

pub(crate) const NUMBER_TAKEN: &str = "Another provider has this license number. Correct one of the two entries.";

fn read_form(typed: Typed, headings: &[&'static str]) -> Result<(Typed, u64), Problem> {
    let typed = typed
        .only(|name| matches!(name, "version" | WHY) || headings.iter().any(|heading| field_name(heading) == name))?;
    let version = typed.text("version").parse().map_err(|_| Problem::Unreadable)?;
    Ok((typed, version))
}

/// The entry and the change that a form asks for; `None` if something is wrong, which the form then says.
async fn judge<'t>(
    portal: &Portal,
    register: Register,
    under: impl Fn(&'static str) -> &'t str,
    form: &mut EntryForm,
    by: &AskingAccount,
    now: i64,
) -> Result<Option<(Entry, Change)>, Problem> {
    let entry = register.read(under).map_err(|wrong| form.tell(&wrong)).ok();
    let why = parse_reason(&form.why().value);
    if why.is_none() {
        form.fields.tell(WHY, NO_REASON);
    }
    if let Some(Entry::Course(course)) = &entry {
        let known = portal.clients.table.fetch_providers().await.map_err(trouble::table)?;
        let unknown: Vec<_> = course
            .providers
            .iter()
            .filter(|id| known.iter().all(|provider| provider.id != **id))
            .map(|id| id.as_str())
            .collect();
        if !unknown.is_empty() {
            let told = format!(
                "Not on the register of providers: {}. Correct the ID, or add the provider first.",
                unknown.join(", ")
            );
            form.fields.tell(&field_name("Providers"), told);
        }
    }
    let by = by.0.account.id.to_string();
    Ok(entry.zip(why).filter(|_| form.fields.are_right()).map(|(entry, why)| (entry, Change { by, at: now, why })))
}

pub(crate) const NO_REASON: &str = "Say why, in three to 1,000 characters.";

/// `GET /office/providers/{id}`
pub(crate) async fn show_provider(
    state: State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    show(state.0, visitor, provider_key(&id)?, asked).await
}

/// `GET /office/courses/{number}`
pub(crate) async fn show_course(
    state: State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    show(state.0, visitor, course_key(&number)?, asked).await
}

/// `POST /office/providers/{id}`
pub(crate) async fn save_provider(
    state: State<Shared>,
    visitor: Visitor,
    asking: AskingAccount,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    save_entry(state.0, visitor, asking, provider_key(&id)?, typed).await
}

/// `POST /office/courses/{number}`
pub(crate) async fn save_course(
    state: State<Shared>,
    visitor: Visitor,
    asking: AskingAccount,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    save_entry(state.0, visitor, asking, course_key(&number)?, typed).await
}

fn provider_key(id: &str) -> Result<Key, Problem> {
    ProviderId::parse(id).map(Key::Provider).map_err(|_| Problem::NotFound)
}

fn course_key(number: &str) -> Result<Key, Problem> {
    CourseNumber::parse(number).map(Key::Course).map_err(|_| Problem::NotFound)
}

async fn show(portal: Shared, visitor: Visitor, key: Key, asked: Asked) -> Result<Response, Problem> {
    let standing = fetch(&portal, &key).await?.ok_or(Problem::NotFound)?;
    let headings = key.register().asked(false);
    let form = EntryForm::of(headings, &standing.value.texts(), key.address(), standing.version);
    let page = entry_page(&portal, &visitor, &standing.value, form, &asked).await?;
    answer::page(&EntryPage { saved: asked.saved.is_some(), ..page })
}

async fn save_entry(
    portal: Shared,
    visitor: Visitor,
    asking: AskingAccount,
    key: Key,
    typed: Typed,
) -> Result<Response, Problem> {
    let standing = fetch(&portal, &key).await?.ok_or(Problem::NotFound)?;
    match change(&portal, &standing, typed, &asking, clock::now()).await? {
        Sent::Saved => answer::see_other(&format!("{}?saved=yes", key.address())),
        Sent::Again(form, status) => {
            let page = entry_page(&portal, &visitor, &standing.value, form, &Asked::default()).await?;
            answer::form_again(&page, status)
        }
    }
}

async fn entry_page(
    portal: &Portal,
    visitor: &Visitor,
    entry: &Entry,
    form: EntryForm,
    asked: &Asked,
) -> Result<EntryPage, Problem> {
    let key = entry.key();
    let register = key.register();
    let trail = fetch_trail(portal, &key, key.address(), asked.changes.as_deref(), clock::now()).await?;
    let (related_title, related) = fetch_related(portal, entry).await?;
    let asked_for = register.asked(false);
    let facts = entry.texts().into_iter().filter(|(heading, _)| !asked_for.contains(heading)).collect();
    Ok(EntryPage {
        page: portal.page(entry.title(), section(register), visitor),
        heading: entry.title(),
        register: register.name(),
        register_title: title(register),
        facts,
        owner: match entry {
            Entry::Provider(provider) => Some(format!("/account/owner?provider={}", provider.id)),
            Entry::Course(_) | Entry::Holder(_) => None,
        },
        saved: false,
        entry: form,
        related,
        related_title,
        events: match entry {
            Entry::Provider(provider) => Some(crate::manage::list::address_of(Some(&provider.id))),
            Entry::Course(_) | Entry::Holder(_) => None,
        },
        trail: Some(trail),
    })
}

/// What belongs to an entry, as links.
async fn fetch_related(portal: &Portal, entry: &Entry) -> Result<(&'static str, Vec<(String, String)>), Problem> {
    let table = &portal.clients.table;
    Ok(match entry {
        Entry::Provider(provider) => {
            let (courses, _) =
                table.fetch_courses_of(&provider.id, None, LISTED_COURSES).await.map_err(trouble::table)?;
            let link = |course: &domain::course::Course| {
                (Key::Course(course.number.clone()).address(), format!("{}: {}", course.number, course.title))
            };
            ("Courses", courses.iter().map(link).collect())
        }
        Entry::Course(course) => {
            let known = table.fetch_providers().await.map_err(trouble::table)?;
            let link = |provider: &domain::register::Provider| {
                (Key::Provider(provider.id.clone()).address(), provider.name.clone())
            };
            ("Providers", known.iter().filter(|it| course.providers.contains(&it.id)).map(link).collect())
        }
        Entry::Holder(_) => ("", Vec::new()),
    })
}

pub(crate) fn section(register: Register) -> Section {
    match register {
        Register::Providers => Section::Providers,
        Register::Courses => Section::Courses,
        Register::Licensees => Section::Licensees,
    }
}

fn title(register: Register) -> &'static str {
    match register {
        Register::Providers => "Providers",
        Register::Courses => "Courses",
        Register::Licensees => "Licensees",
    }
}
