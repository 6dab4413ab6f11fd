//! What comes after an import: its annotated workbook, and the import of what a check found sound.

use super::{fetch_own, tab::AskingOwner};
use crate::{Shared, trouble};
use adapters::{clock, objects::annotated_key};
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::import::{Mode, State as ImportState};
use pages::{answer, problem::Problem};

/// `GET /import/{id}/workbook`: on to the bucket, by an address that works for minutes.
pub(crate) async fn workbook(
    State(portal): State<Shared>,
    AskingOwner(owner): AskingOwner,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let import = fetch_own(&portal, &owner, &id).await?;
    if import.state != ImportState::Done {
        return Err(Problem::NotNow(
            "The workbook with the Status column is there when the import has ended. Go back to the import and wait for its end.",
        ));
    }
    let name = annotated_name(&import.file_name);
    let address =
        portal.clients.objects.presign_download(&annotated_key(&import.id), &name).await.map_err(trouble::objects)?;
    answer::see_other(&address)
}

/// The provider's own name for the file, told apart from what was sent: `May roster with status.xlsx`.
fn annotated_name(file_name: &str) -> String {
    let stem = file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem);
    format!("{stem} with status.xlsx")
}

/// `POST /import/{id}/import`: the same version of the same file again, to be recorded. Pressing twice is pressing once.
pub(crate) async fn import_checked(
    State(portal): State<Shared>,
    AskingOwner(owner): AskingOwner,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let check = fetch_own(&portal, &owner, &id).await?;
    if check.mode != Mode::Check || check.state != ImportState::Done {
        return Err(Problem::NotNow(
            "Only a check that has ended can be imported. Go back to the import and look where it stands.",
        ));
    }
    let now = clock::now();
    let started =
        portal.clients.table.start_following_import(&check, now, portal.today(now)).await.map_err(trouble::table)?;
    // The import stands in the table as due: without the nudge it begins with the next sweep.
    if let Err(error) = portal.clients.queue.send_nudge(&started).await {
        tracing::warn!(error = %error, import = %started, "an import was started and its nudge couldn't be sent");
    }
    answer::see_other(&format!("/import/{started}"))
}

#[cfg(test)]
mod tests {
    use super::annotated_name;

    #[test]
    fn the_annotated_workbook_is_named_after_the_file_that_was_sent() {
        assert_eq!(annotated_name("May roster.csv"), "May roster with status.xlsx");
        assert_eq!(annotated_name("v1.2 roster.xlsx"), "v1.2 roster with status.xlsx");
        assert_eq!(annotated_name("roster"), "roster with status.xlsx");
    }
}
