//! Answers: a page, a way to another address, a file to keep.

use crate::problem::Problem;
use adapters::remedy::Remedy;
use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use http::{
    HeaderValue, StatusCode,
    header::{CONTENT_DISPOSITION, CONTENT_TYPE, LOCATION},
};

/// The media type of an Excel workbook.
pub const XLSX: HeaderValue =
    HeaderValue::from_static("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");

/// A rendered template.
pub fn page(template: &impl Template) -> Result<Response, Problem> {
    match template.render() {
        Ok(html) => Ok(Html(html).into_response()),
        Err(error) => Err(Problem::of_failure("rendering a page", &error, Remedy::TellTheOperator)),
    }
}

/// A page that says itself why nothing was done: the threshold puts no other in its place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct InWords;

/// A form shown again, with what is wrong beside its fields, or what somebody else has changed meanwhile.
pub fn form_again(template: &impl Template, status: StatusCode) -> Result<Response, Problem> {
    let mut again = page(template)?;
    *again.status_mut() = status;
    again.extensions_mut().insert(InWords);
    Ok(again)
}

/// On to another address, to be read there.
pub fn see_other(address: &str) -> Result<Response, Problem> {
    let location = HeaderValue::try_from(address).map_err(|_| Problem::Ours)?;
    Ok((StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response())
}

/// A workbook to be saved under a name of ours.
pub fn workbook(bytes: Vec<u8>, file_name: &'static str) -> Result<Response, Problem> {
    let disposition =
        HeaderValue::try_from(format!("attachment; filename=\"{file_name}\"")).map_err(|_| Problem::Ours)?;
    Ok(([(CONTENT_TYPE, XLSX), (CONTENT_DISPOSITION, disposition)], bytes).into_response())
}
