//! Zoom's refusals, told apart: HTTP's status alone says too little, and one code of Zoom's means several things.

use super::{error::ZoomError, limits::Limited};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;

/// What Zoom says when it refuses.
#[derive(Deserialize, Default)]
struct Words {
    #[serde(default)]
    code: i64,
    #[serde(default)]
    message: String,
}

/// The longest list of scopes that is repeated: an app has some dozens of 60 letters, a call needs a handful.
const LONGEST_SCOPES: usize = 300;

/// What an answer that isn't a success means.
pub(super) fn judged(status: StatusCode, headers: &HeaderMap, body: &[u8], now: i64) -> ZoomError {
    let words: Words = serde_json::from_slice(body).unwrap_or_default();
    if status == StatusCode::TOO_MANY_REQUESTS {
        return Limited::read(headers, &words.message, now).into();
    }
    if status.is_server_error() {
        return ZoomError::Failing { status: status.as_u16() };
    }
    let says = words.message.to_ascii_lowercase();
    match words.code {
        // 104 is the older name of it.
        4711 | 104 => ZoomError::ScopeMissing { scopes: scopes_in(&words.message) },
        200 if says.contains("plan") || says.contains("paid") || says.contains("subscription") => {
            ZoomError::PlanMissing
        }
        1001 | 1010 => ZoomError::NotHostOfAccount,
        3000 if says.contains("webinar") => ZoomError::OtherKind,
        3027 | 3034 | 3038 | 3043 => ZoomError::RegistrationClosed,
        300 if says.contains("page token") || says.contains("next_page_token") => ZoomError::PageExpired,
        _ if says.contains("registration has not been enabled") => ZoomError::RegistrationOff,
        _ if status == StatusCode::UNAUTHORIZED => ZoomError::CredentialsRefused,
        300 | 3001 => ZoomError::NotFound,
        _ if status == StatusCode::NOT_FOUND => ZoomError::NotFound,
        code => ZoomError::Refused { status: status.as_u16(), code },
    }
}

/// The names between the brackets; only what a scope is made of, since it is shown.
fn scopes_in(message: &str) -> String {
    let inside = message.split_once('[').and_then(|(_, rest)| rest.split_once(']')).map_or("", |(inside, _)| inside);
    let is_of_scopes = |c: &char| c.is_ascii_alphanumeric() || matches!(c, ':' | '_' | '-' | ',' | ' ' | '.');
    let scopes: String = inside.chars().filter(is_of_scopes).take(LONGEST_SCOPES).collect();
    if scopes.trim().is_empty() { "the scopes that the README lists".to_owned() } else { scopes }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(status: u16, code: i64, message: &str) -> &'static str {
        let body = serde_json::json!({ "code": code, "message": message, "errors": [] }).to_string();
        judged(StatusCode::from_u16(status).unwrap(), &HeaderMap::new(), body.as_bytes(), 0).code()
    }

    #[test]
    fn each_refusal_of_zooms_has_its_own_name() {
        for (status, code, message, expected) in [
            (400, 4711, "Invalid access token, does not contain scopes:[meeting:read:meeting:admin].", "scope_missing"),
            (400, 104, "Invalid access token, does not contain scopes.", "scope_missing"),
            (400, 200, "Webinar plan is missing.", "plan_missing"),
            (400, 200, "Only available for Paid account", "plan_missing"),
            (404, 1001, "User does not exist: abc.", "not_host_of_account"),
            (400, 1010, "User does not belong to this account: abc.", "not_host_of_account"),
            (400, 3000, "Cannot access webinar info.", "other_kind"),
            (404, 3001, "Meeting does not exist: 1.", "not_found"),
            (404, 404, "Registration has not been enabled for this meeting: 1.", "registration_off"),
            (400, 3038, "Meeting is over, you can not register now.", "registration_closed"),
            (400, 300, "The next page token is invalid or expired.", "page_expired"),
            (400, 300, "Invalid meeting id.", "not_found"),
            (401, 124, "Invalid access token.", "credentials_refused"),
            (500, 0, "", "failing"),
            (418, 7, "", "refused"),
        ] {
            assert_eq!(judge(status, code, message), expected, "{status} {code} {message}");
        }
    }

    #[test]
    fn the_missing_scope_is_named_and_nothing_else_is_repeated() {
        let message = "does not contain scopes:[a:b:admin, <script>].";
        assert_eq!(scopes_in(message), "a:b:admin, script");
        assert!(scopes_in("no brackets").contains("README"));
    }
}
