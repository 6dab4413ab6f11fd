//! The registers of providers and courses as lists: searched, in pages.

use super::{active_days, day};
use crate::{Shared, course_state::CourseState, trouble};
use adapters::clock;
use askama::Template;
use axum::{extract::State, response::Response};
use domain::{course::CourseNumber, name::search_form, register::Provider};
use pages::{
    address::segment,
    answer,
    form::Query,
    layout::{Page, Section},
    problem::Problem,
    visitor::Visitor,
    words::counted,
};
use serde::Deserialize;

/// Entries on one page.
const PAGE_ENTRIES: usize = 50;

/// The fields of the providers' address.
#[derive(Deserialize)]
pub(crate) struct ProvidersAsked {
    search: Option<String>,
    page: Option<usize>,
}

#[derive(Template)]
#[template(path = "office/providers.html")]
struct ProvidersPage {
    page: Page,
    search: String,
    providers: Vec<ProviderLine>,
    found: String,
    at: usize,
    pages: usize,
}

struct ProviderLine {
    address: String,
    name: String,
    id: String,
    number: String,
    active: String,
    email: String,
}

/// `GET /office/providers`
pub(crate) async fn providers(
    State(portal): State<Shared>,
    visitor: Visitor,
    Query(asked): Query<ProvidersAsked>,
) -> Result<Response, Problem> {
    let search = asked.search.unwrap_or_default();
    let mut found = portal.clients.table.fetch_providers().await.map_err(trouble::table)?;
    found.retain(|provider| is_meant(provider, &search));
    found.sort_by_cached_key(|provider| search_form(&provider.name));
    let pages = found.len().div_ceil(PAGE_ENTRIES).max(1);
    let at = asked.page.unwrap_or(1).clamp(1, pages);
    let line = |provider: &Provider| ProviderLine {
        address: format!("/office/providers/{}", provider.id),
        name: provider.name.clone(),
        id: provider.id.to_string(),
        number: provider.licence.as_ref().map(ToString::to_string).unwrap_or_default(),
        active: active_days(provider.active_from, provider.active_to),
        email: provider.email_on_file.as_ref().map(|email| email.shown().to_owned()).unwrap_or_default(),
    };
    answer::page(&ProvidersPage {
        page: portal.page("Providers", Section::Providers, &visitor),
        providers: found.iter().skip((at - 1) * PAGE_ENTRIES).take(PAGE_ENTRIES).map(line).collect(),
        found: counted(u32::try_from(found.len()).unwrap_or(u32::MAX), "provider", "providers"),
        search,
        at,
        pages,
    })
}

/// Whether a search means this provider: by a part of its name, its id or its licence number.
fn is_meant(provider: &Provider, search: &str) -> bool {
    let wanted = search_form(search);
    if wanted.is_empty() && search.trim().is_empty() {
        return true;
    }
    let number = provider.licence.as_ref().map(|number| search_form(number.shown())).unwrap_or_default();
    let texts = [search_form(&provider.name), search_form(provider.id.as_str()), number];
    !wanted.is_empty() && texts.iter().any(|text| text.contains(&wanted))
}

/// The fields of the courses' address.
#[derive(Deserialize)]
pub(crate) struct CoursesAsked {
    number: Option<String>,
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "office/courses.html")]
struct CoursesPage {
    page: Page,
    number: String,
    courses: Vec<CourseLine>,
    next: Option<String>,
    is_first: bool,
}

struct CourseLine {
    address: String,
    number: String,
    title: String,
    hours: String,
    category: String,
    approved: String,
    state: CourseState,
    providers: usize,
}

/// `GET /office/courses`
pub(crate) async fn courses(
    State(portal): State<Shared>,
    visitor: Visitor,
    Query(asked): Query<CoursesAsked>,
) -> Result<Response, Problem> {
    let number = asked.number.unwrap_or_default();
    // Read as a number is, so that small letters and blanks don't matter. What can't begin a number begins none.
    let beginning = match (number.trim().is_empty(), CourseNumber::parse(&number)) {
        (true, _) => Some(String::new()),
        (false, beginning) => beginning.ok().map(String::from),
    };
    let limit = i32::try_from(PAGE_ENTRIES).unwrap_or(i32::MAX);
    let (found, next) = match &beginning {
        Some(beginning) => {
            let table = &portal.clients.table;
            table.fetch_courses(beginning, asked.after.as_deref(), limit).await.map_err(trouble::table)?
        }
        None => (Vec::new(), None),
    };
    let today = portal.today(clock::now());
    let line = |course: &domain::course::Course| CourseLine {
        address: format!("/office/courses/{}", segment(course.number.as_str())),
        number: course.number.to_string(),
        title: course.title.clone(),
        hours: course.hours.to_string(),
        category: course.category.clone(),
        approved: match course.approved_to {
            Some(to) => format!("{} to {}", day(course.approved_from), day(to)),
            None => format!("since {}", day(course.approved_from)),
        },
        state: CourseState::of(course, today),
        providers: course.providers.len(),
    };
    answer::page(&CoursesPage {
        page: portal.page("Courses", Section::Courses, &visitor),
        courses: found.iter().map(line).collect(),
        number,
        next,
        is_first: asked.after.is_none(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{course::ProviderId, licence::LicenceNumber};

    #[test]
    fn providers_are_found_by_part_of_name_id_or_number_without_accents() {
        let mut provider = Provider::named(ProviderId::parse("acme-ce").unwrap(), "Académie Éthique");
        provider.licence = LicenceNumber::parse("CEP-0042").ok();
        for search in ["", "  ", "ethique", "ACME", "0042", "cep 00"] {
            assert!(is_meant(&provider, search), "{search}");
        }
        for search in ["acmf", "0043", "---"] {
            assert!(!is_meant(&provider, search), "{search}");
        }
    }
}
