//! A mail's link that ends the reminders of a licence: whoever has the mail may do that, and nothing else, without a login. Opening the
//! link changes nothing, since programs that look into mails open links too; posting to it does, as the button and programs that offer to
//! unsubscribe do (RFC 8058).

use crate::{Portal, Shared, trouble};
use adapters::{clock, random::Secret};
use askama::Template;
use axum::{extract::State, response::Response};
use domain::{id::AccountId, licence::Licence, link::Purpose, tracker::Reminders};
use http::StatusCode;
use pages::{
    address::segment,
    answer,
    form::Query,
    layout::{Page, Section},
    problem::Problem,
    visitor::Visitor,
};
use serde::Deserialize;

/// How often settings are read anew that are saved at this moment: nobody has so many windows open.
const MOST_TRIES: usize = 4;

/// The query that the link has.
#[derive(Deserialize)]
pub(crate) struct Asked {
    token: Option<String>,
}

#[derive(Template)]
#[template(path = "tracker/stop.html")]
struct StopPage {
    page: Page,
    stage: Stage,
}

/// How it stands.
enum Stage {
    /// Nothing is done yet. The number of the licence isn't said: the mail may have been passed on.
    Asks { address: String, board: String },
    /// It is done.
    Done { board: String },
    /// The link ends nothing any more.
    Dead,
}

/// `GET /reminders/stop`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    match fetch(&portal, &asked).await? {
        Some((secret, (_, licence))) => {
            let address = format!("/reminders/stop?token={}", segment(secret.reveal()));
            answer::page(&page(&portal, &visitor, Stage::Asks { address, board: board(&licence) }))
        }
        None => dead(&portal, &visitor),
    }
}

/// `POST /reminders/stop`
pub(crate) async fn stop(
    State(portal): State<Shared>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let Some((_, (account, licence))) = fetch(&portal, &asked).await? else { return dead(&portal, &visitor) };
    let table = &portal.clients.table;
    for _ in 0..MOST_TRIES {
        let wallet = table.fetch_wallet(&account).await.map_err(trouble::table)?;
        let told = wallet.settings.into_iter().find(|told| told.licence.as_compared() == licence.as_compared());
        // Pressed twice: it was done by the first. Nobody is reminded of a licence that nothing was told of.
        let is_done = match told.filter(|told| told.remind != Reminders::Never) {
            None => true,
            Some(mut told) => {
                told.remind = Reminders::Never;
                table.save_licence_settings(&account, &told, clock::now()).await.map_err(trouble::table)?
            }
        };
        if is_done {
            tracing::info!(%account, "tracker.reminders_stopped");
            return answer::page(&page(&portal, &visitor, Stage::Done { board: board(&licence) }));
        }
    }
    Err(Problem::TryAgain)
}

/// The link's secret, and whose reminders of which licence it ends, if it ends any.
async fn fetch(portal: &Portal, asked: &Asked) -> Result<Option<(Secret, (AccountId, Licence))>, Problem> {
    let Some(secret) = asked.token.as_deref().and_then(Secret::parse) else { return Ok(None) };
    let purpose = portal.clients.table.fetch_link(&secret.hash(), clock::now()).await.map_err(trouble::table)?;
    Ok(match purpose {
        Some(Purpose::StopReminders { account, licence }) => Some((secret, (account, licence))),
        _ => None,
    })
}

fn board(licence: &Licence) -> String {
    format!("{} {}", licence.board, licence.profession)
}

fn page(portal: &Portal, visitor: &Visitor, stage: Stage) -> StopPage {
    StopPage { page: portal.page("Reminders", Section::Elsewhere, visitor), stage }
}

fn dead(portal: &Portal, visitor: &Visitor) -> Result<Response, Problem> {
    answer::form_again(&page(portal, visitor, Stage::Dead), StatusCode::GONE)
}
