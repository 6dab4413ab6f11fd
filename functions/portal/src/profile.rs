//! CE Profile: what the register says of a provider in its three groups, its courses, and what it has asked the office to change.
//! A provider changes nothing of this itself.

pub(crate) mod change;

use crate::{
    Shared,
    course_state::CourseState,
    entry::text_of,
    office::{
        day,
        requests::{Ended, ended},
        trail::Names,
    },
    trouble,
};
use adapters::{clock, table::Table};
use askama::Template;
use axum::{extract::State, response::Response};
use domain::{
    course::{Course, ProviderId},
    name::search_form,
    register::Fields as Texts,
    request::{Asks, Request},
};
use pages::{
    answer,
    form::Query,
    layout::{Page, Section},
    moment::Moment,
    problem::Problem,
    visitor::{AskingProvider, Visitor},
};
use serde::Deserialize;

/// Courses on one page.
const PAGE_COURSES: i32 = 50;
/// Courses that a search looks through: far more than one provider offers, and 10 reads at most.
const SEARCHED_COURSES: usize = 2_000;
const SEARCH_STEP: i32 = 200;
/// Requests that are shown: all that can be open, and as many that were decided.
const SHOWN_REQUESTS: i32 = 40;

/// The fields of the address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    search: Option<String>,
    after: Option<String>,
    asked: Option<String>,
}

#[derive(Template)]
#[template(path = "profile/show.html")]
struct ProfilePage {
    page: Page,
    asked: bool,
    groups: Vec<Group>,
    requests: Vec<RequestLine>,
    search: String,
    courses: Vec<CourseLine>,
    next: Option<String>,
    is_first: bool,
}

/// One of the three groups: its heading, and its fields with what stands there.
struct Group {
    id: &'static str,
    heading: &'static str,
    facts: Vec<(&'static str, String)>,
}

struct RequestLine {
    id: String,
    what: Vec<String>,
    since: Moment,
    ended: Option<Ended>,
}

struct CourseLine {
    number: String,
    title: String,
    hours: String,
    category: String,
    from: String,
    to: String,
    state: CourseState,
}

/// `GET /profile`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    AskingProvider(provider): AskingProvider,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let table = &portal.clients.table;
    let search = asked.search.unwrap_or_default();
    let (standing, requests, courses) = tokio::try_join!(
        async { table.fetch_provider(&provider).await.map_err(trouble::table) },
        async { table.fetch_requests_of_provider(&provider, SHOWN_REQUESTS).await.map_err(trouble::table) },
        fetch_courses(table, &provider, &search, asked.after.as_deref()),
    )?;
    let (courses, next) = courses;
    let texts = standing.ok_or(Problem::NotFound)?.value.fields();
    let (now, today) = (clock::now(), portal.today(clock::now()));
    answer::page(&ProfilePage {
        page: portal.page("CE Profile", Section::Profile, &visitor),
        asked: asked.asked.is_some(),
        groups: groups(&texts),
        requests: requests.iter().map(|request| request_line(&portal, request, now)).collect(),
        search,
        courses: courses.iter().map(|course| course_line(course, today)).collect(),
        next,
        is_first: asked.after.is_none(),
    })
}

/// The three groups in the words that the manual has for them.
fn groups(texts: &Texts) -> Vec<Group> {
    let facts = |headings: &[&'static str]| -> Vec<_> {
        let label = |heading: &'static str| if heading == "Email" { "Email on file" } else { heading };
        headings.iter().map(|heading| (label(heading), text_of(texts, heading).to_owned())).collect()
    };
    vec![
        Group { id: "name", heading: "Provider name", facts: facts(&["Provider Name", "Provider ID"]) },
        Group {
            id: "licence",
            heading: "License information",
            facts: facts(&["License Number", "Active From", "Active To"]),
        },
        Group {
            id: "contact",
            heading: "Contact information",
            facts: facts(&[
                "Contact Person",
                "Email",
                "Phone",
                "Website",
                "Street",
                "City",
                "State",
                "Postal Code",
                "Country",
            ]),
        },
    ]
}

/// A page of the provider's courses, or those that a search finds.
async fn fetch_courses(
    table: &Table,
    provider: &ProviderId,
    search: &str,
    after: Option<&str>,
) -> Result<(Vec<Course>, Option<String>), Problem> {
    let wanted = search_form(search);
    if wanted.is_empty() {
        return table.fetch_courses_of(provider, after, PAGE_COURSES).await.map_err(trouble::table);
    }
    let (mut found, mut seen, mut after) = (Vec::new(), 0, None);
    loop {
        let (courses, next) =
            table.fetch_courses_of(provider, after.as_deref(), SEARCH_STEP).await.map_err(trouble::table)?;
        seen += courses.len();
        let is_meant = |course: &Course| {
            [course.number.as_str(), &course.title, &course.category]
                .iter()
                .any(|text| search_form(text).contains(&wanted))
        };
        found.extend(courses.into_iter().filter(is_meant));
        after = next;
        if after.is_none() || seen >= SEARCHED_COURSES {
            return Ok((found, None));
        }
    }
}

fn request_line(portal: &crate::Portal, request: &Request, now: i64) -> RequestLine {
    let what = match &request.asks {
        Asks::ProfileChange { fields, .. } => {
            let told = |text: &str| if text.is_empty() { "nothing".to_owned() } else { format!("“{text}”") };
            fields.iter().map(|it| format!("{}: {} instead of {}", it.field, told(&it.to), told(&it.from))).collect()
        }
        Asks::ProviderAddress { .. } | Asks::Licence { .. } | Asks::EventConsent { .. } => {
            vec![request.asks.title().to_owned()]
        }
    };
    let mut ended = ended(portal, request, &Names::default(), now);
    if let Some(ended) = &mut ended {
        // Who in the office decided is the office's own business.
        ended.who = if ended.words == "Taken back" { "you".to_owned() } else { "the office".to_owned() };
    }
    RequestLine { id: request.id.to_string(), what, since: portal.moment(request.created_at, now), ended }
}

fn course_line(course: &Course, today: jiff::civil::Date) -> CourseLine {
    CourseLine {
        number: course.number.to_string(),
        title: course.title.clone(),
        hours: course.hours.to_string(),
        category: course.category.clone(),
        from: day(course.approved_from),
        to: course.approved_to.map_or_else(|| "no end".to_owned(), day),
        state: CourseState::of(course, today),
    }
}
