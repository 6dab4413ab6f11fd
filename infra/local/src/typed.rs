//! What the stories type into forms, and where the pages lead them, noted so that `ce test` can look for the one in the other and in logs.

use http::{StatusCode, Uri};
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use std::{env, ffi::OsString, fs::OpenOptions, io::Write};

/// The environment variable that names the file to note it in; nothing is noted without it.
pub const NOTED_IN: &str = "CONTACT_HOUR_TYPED";

/// One line of that file, as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Noted {
    /// Something was typed into a form.
    Typed {
        /// The form's field.
        field: String,
        /// What was typed into it.
        text: String,
    },
    /// A page's address was asked for: its path and query, with nothing encoded.
    Asked(String),
    /// An error page was answered: its text.
    Refused(String),
}

/// Notes what is typed into a field.
pub fn note(field: &str, text: &str) {
    if let Some(file) = env::var_os(NOTED_IN) {
        append(&file, &Noted::Typed { field: field.to_owned(), text: text.to_owned() });
    }
}

/// Notes an address that is asked for.
pub(crate) fn note_address(asked: &Uri) {
    if let Some(file) = env::var_os(NOTED_IN) {
        let address = asked.path_and_query().map_or("/", |path| path.as_str()).replace('+', " ");
        append(&file, &Noted::Asked(percent_decode_str(&address).decode_utf8_lossy().into_owned()));
    }
}

/// Whether an answer is an error page that is to be noted. Of a form that isn't right yet (422) the page shows what was typed: not here.
pub(crate) fn is_error_page(status: StatusCode) -> bool {
    let is_one = status.is_server_error() || matches!(status.as_u16(), 400 | 403 | 404 | 405);
    is_one && env::var_os(NOTED_IN).is_some()
}

/// Notes an error page.
pub(crate) fn note_error_page(text: &[u8]) {
    if let Some(file) = env::var_os(NOTED_IN) {
        append(&file, &Noted::Refused(String::from_utf8_lossy(text).into_owned()));
    }
}

/// One write for each line: several processes write into one file.
fn append(file: &OsString, noted: &Noted) {
    let line = serde_json::to_string(noted).map(|line| line + "\n").unwrap_or_default();
    // A story that can't note anything shows nothing less of itself: too few words are told by whoever looks for them.
    let _ =
        OpenOptions::new().create(true).append(true).open(file).and_then(|mut file| file.write_all(line.as_bytes()));
}
