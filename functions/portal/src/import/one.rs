//! One import: the form for its file, then its counts, then its rows.

use super::{
    Standing, fetch_own, mode_words,
    rows::{Asked, RowsPiece, fetch_rows},
    state_words,
    tab::{AskingOwner, Tab},
    tally::{self, Tally},
};
use crate::{Portal, Shared, trouble};
use adapters::clock;
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::import::{Import, Mode, Refusal};
use pages::{answer, form::Query, layout::Page, moment::Moment, problem::Problem, visitor::Visitor};

/// How often a page without scripts loads itself anew while work goes on, in seconds.
const RELOAD_SECONDS: u32 = 3;

#[derive(Template)]
#[template(path = "import/one.html")]
struct ImportPage {
    page: Page,
    tab: Tab,
    id: String,
    file_name: String,
    mode: &'static str,
    state: &'static str,
    look: &'static str,
    created: Moment,
    ended: Option<Moment>,
    /// The check that this import follows from.
    check: Option<String>,
    /// The browser says that the file was sent, and the table doesn't know of it yet.
    awaiting: bool,
    stage: Stage,
}

/// What the page is about.
enum Stage {
    Send(SendForm),
    Expired,
    Running(Tally),
    Done(Box<Done>),
    Refused(Refusal),
}

/// The form that sends the file straight to the bucket.
struct SendForm {
    url: String,
    fields: Vec<(String, String)>,
    until: Moment,
}

/// An import that came to its end.
struct Done {
    tally: Tally,
    ending: String,
    rows: RowsPiece,
    /// A check's rows can be imported.
    can_import: bool,
    /// The import that followed from this check.
    followed_by: Option<String>,
}

/// `GET /import/{id}`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    AskingOwner(owner): AskingOwner,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let import = fetch_own(&portal, &owner, &id).await?;
    let now = clock::now();
    let stage = match Standing::of(&import, now) {
        Standing::Awaiting if asked.says_sent() => Stage::Running(Tally::of(&import)),
        Standing::Awaiting => Stage::Send(sign_form(&portal, &import, now).await?),
        Standing::Expired => Stage::Expired,
        Standing::Running => Stage::Running(Tally::of(&import)),
        Standing::Done => Stage::Done(Box::new(fetch_done(&portal, &import, &asked).await?)),
        Standing::Refused => Stage::Refused(refusal(&import)),
    };
    let tab = Tab::of(import.subject, &import.owner);
    let page = portal.page(format!("{}: {}", import.file_name, tab.title), tab.section, &visitor);
    answer::page(&ImportPage {
        page: if matches!(stage, Stage::Running(_)) { page.reloading(RELOAD_SECONDS) } else { page },
        id: import.id.to_string(),
        mode: mode_words(import.mode),
        state: state_words(&import, now),
        look: Standing::of(&import, now).look(&import),
        created: portal.moment(import.created_at, now),
        ended: import.ended_at.map(|at| portal.moment(at, now)),
        check: import.follows.as_ref().map(ToString::to_string),
        awaiting: Standing::of(&import, now) == Standing::Awaiting,
        file_name: import.file_name,
        tab,
        stage,
    })
}

async fn sign_form(portal: &Portal, import: &Import, now: i64) -> Result<SendForm, Problem> {
    let redirect = portal.full_address(import);
    let ticket =
        portal.clients.objects.upload_ticket(&import.id, Some(&redirect), now).await.map_err(trouble::ticket)?;
    let until = import.created_at + adapters::objects::TICKET_SECONDS;
    Ok(SendForm { url: ticket.url, fields: ticket.fields, until: portal.moment(until, now) })
}

async fn fetch_done(portal: &Portal, import: &Import, asked: &Asked) -> Result<Done, Problem> {
    let rows = fetch_rows(portal, import, asked).await?;
    let followed_by = match import.mode {
        Mode::Import => None,
        Mode::Check => {
            let id = import.following_import();
            portal.clients.table.fetch_import(&id).await.map_err(trouble::table)?.map(|import| import.id.to_string())
        }
    };
    Ok(Done {
        tally: Tally::of(import),
        ending: match &followed_by {
            Some(_) => "This was the check. Its rows were imported afterwards; what came of that stands on the import's own page.".to_owned(),
            None => format!("{}{}", tally::ending(import), tally::left_out(import)),
        },
        rows,
        can_import: import.mode == Mode::Check && followed_by.is_none() && import.counts.processed > 0,
        followed_by,
    })
}

fn refusal(import: &Import) -> Refusal {
    import.refusal.clone().unwrap_or_else(|| Refusal {
        code: "damaged".to_owned(),
        text: "The file couldn't be read. Save it again in Excel as .xlsx and upload that file.".to_owned(),
    })
}
