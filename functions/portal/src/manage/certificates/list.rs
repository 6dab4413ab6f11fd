//! The list of an event's certificates: everybody who was invited, those first whose certificate waits for somebody.

use super::{HELD, Words, address, certificate_words, evaluation_words, name_of, page_of};
use crate::{
    Shared,
    manage::{Head, Managing, Part},
    trouble,
};
use adapters::clock;
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{event::Event, id::AccountId, registration::Participation};
use pages::{answer, form::Query, layout::Page, moment::Moment, problem::Problem, visitor::Visitor};
use serde::Deserialize;

/// People on one page.
const PAGE_PEOPLE: i32 = 200;

/// The fields of the address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "manage/certificates.html")]
struct ListPage {
    page: Page,
    head: Head,
    lines: Vec<Line>,
    is_first: bool,
    next: Option<String>,
}

/// Somebody in the list.
struct Line {
    address: String,
    name: String,
    evaluation: Words,
    certificate: Words,
    at: Option<Moment>,
}

/// `GET /manage/events/{id}/certificates`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = managing.fetch(&portal, &id).await?;
    let after = asked.after.as_deref();
    let (people, next) =
        portal.clients.table.fetch_people_of(&event.id, after, PAGE_PEOPLE).await.map_err(trouble::table)?;
    let invited: Vec<&Participation> = people.iter().filter(|person| person.completion.is_some()).collect();
    let accounts: Vec<AccountId> = invited.iter().map(|person| person.account.clone()).collect();
    let troubles = portal.clients.table.fetch_mail_troubles(&accounts).await.map_err(trouble::table)?;
    let now = clock::now();
    let came_back = |person: &Participation| troubles.contains_key(&person.account);
    let mut lines: Vec<Line> = invited.iter().map(|person| line(&event, person, came_back(person), now)).collect();
    // What waits for somebody first.
    lines.sort_by_cached_key(|line| (line.certificate.words != HELD, line.name.to_lowercase()));
    answer::page(&ListPage {
        page: page_of(&managing, &portal, format!("Certificates: {}", event.title)),
        head: Head::of(&managing, &event, Part::Certificates),
        lines,
        is_first: after.is_none(),
        next,
    })
}

fn line(event: &Event, person: &Participation, came_back: bool, now: i64) -> Line {
    let moment = |at| Moment::new(at, now, &event.when.zone.rules());
    Line {
        address: address(event, &person.account),
        name: name_of(person),
        evaluation: evaluation_words(person, came_back, now),
        certificate: certificate_words(person),
        at: person.submitted().map(|submitted| moment(submitted.at)),
    }
}
