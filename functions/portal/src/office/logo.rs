//! The logo: taken as a file from the office's form, known by its content, and handed out to everybody under a name that
//! another picture never has.

use super::settings;
use crate::{Shared, trouble};
use adapters::{clock, table::By};
use axum::{
    extract::{Multipart, Path, State, multipart::MultipartError},
    response::{IntoResponse, Response},
};
use domain::organisation::{
    Organisation,
    logo::{Kind, LARGEST_LOGO, Logo},
};
use http::{
    HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE},
};
use pages::{
    answer,
    problem::Problem,
    visitor::{AskingAccount, Visitor},
};

/// The largest form with a logo, in bytes: half as much again as the picture, so that one that is somewhat too large is told so
/// in words.
pub(crate) const LARGEST_LOGO_FORM: usize = LARGEST_LOGO + LARGEST_LOGO / 2;

/// A year: the longest that caches are asked to keep anything. The name changes when the content does.
const FOR_GOOD: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// What the form asks for.
enum Wish {
    Remove,
    Take(Vec<u8>),
}

/// `POST /office/settings/logo`
pub(crate) async fn save(
    State(portal): State<Shared>,
    visitor: Visitor,
    AskingAccount(asking): AskingAccount,
    form: Multipart,
) -> Result<Response, Problem> {
    let name = match read_wish(form).await? {
        Wish::Remove => None,
        Wish::Take(bytes) => match Logo::read(&bytes) {
            Ok(logo) => {
                let name = logo.name();
                portal.clients.table.save_logo(&name, logo.bytes).await.map_err(trouble::table)?;
                Some(name)
            }
            Err(problem) => return settings::with_logo_problem(&portal, &visitor, problem.to_string()),
        },
    };
    let settings = Organisation { logo: name, ..Organisation::clone(&visitor.organisation) };
    let by = By { account: &asking.account.id, at: clock::now() };
    if !portal.clients.table.save_organisation(&settings, by).await.map_err(trouble::table)? {
        return Err(Problem::NotNow(
            "Somebody else has changed the settings at this very moment. Go back, reload the page and choose the logo again.",
        ));
    }
    answer::see_other("/office/settings?saved=yes")
}

async fn read_wish(mut form: Multipart) -> Result<Wish, Problem> {
    let unreadable = |error: MultipartError| Problem::of_status(error.status());
    let mut wish = Wish::Take(Vec::new());
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        match field.name().unwrap_or_default() {
            "do" => {
                if field.text().await.map_err(unreadable)? == "remove" {
                    wish = Wish::Remove;
                }
            }
            "logo" => {
                let bytes = field.bytes().await.map_err(unreadable)?.to_vec();
                if let Wish::Take(_) = wish {
                    wish = Wish::Take(bytes);
                }
            }
            _ => return Err(Problem::Unreadable),
        }
    }
    Ok(wish)
}

/// `GET /organisation/{name}`
pub(crate) async fn show(State(portal): State<Shared>, Path(name): Path<String>) -> Result<Response, Problem> {
    let kind = Kind::of_name(&name).ok_or(Problem::NotFound)?;
    let bytes = portal.clients.table.fetch_logo(&name).await.map_err(trouble::table)?.ok_or(Problem::NotFound)?;
    let headers = [(CONTENT_TYPE, HeaderValue::from_static(kind.media_type())), (CACHE_CONTROL, FOR_GOOD)];
    Ok((StatusCode::OK, headers, bytes).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_that_is_somewhat_too_large_still_comes_in_to_be_told_so() {
        assert!(LARGEST_LOGO_FORM > LARGEST_LOGO + 1024);
        let told = domain::organisation::logo::InvalidLogo::TooLarge;
        assert!(told.to_string().contains("100 KB"));
    }
}
