//! Why Zoom didn't do it: each reason a sentence that may be shown to staff, with what to do now.

use crate::{remedy::Remedy, secrets::SecretError};
use jiff::Timestamp;

/// Why Zoom didn't do it.
#[derive(Debug, thiserror::Error)]
pub enum ZoomError {
    /// There are no credentials.
    #[error(
        "Zoom isn't set up: there are no credentials. Put account_id, client_id and client_secret into the secret that ZOOM_SECRET_ID names."
    )]
    NotConfigured,
    /// The secret is there and can't be used.
    #[error("Zoom's credentials couldn't be read: {0}.")]
    Secret(SecretError),
    /// Zoom doesn't take the credentials.
    #[error(
        "Zoom refuses the credentials. Compare them with those of the Server-to-Server OAuth app at marketplace.zoom.us, and see that the app is activated."
    )]
    CredentialsRefused,
    /// The app lacks rights.
    #[error(
        "The Zoom app may not do this. Add {scopes} under Scopes of the Server-to-Server OAuth app at marketplace.zoom.us."
    )]
    ScopeMissing {
        /// The scopes, as Zoom names them.
        scopes: String,
    },
    /// The account's plan doesn't have it: webinars and reports are paid for.
    #[error("The Zoom account's plan doesn't include this: webinars and reports need a paid one.")]
    PlanMissing,
    /// There is no such meeting, or not yet, or no more.
    #[error(
        "Zoom finds nothing under this number. Compare it with the one at Zoom; a meeting's number ends 30 days after its last use."
    )]
    NotFound,
    /// Its host is in another account.
    #[error("Its host doesn't belong to the connected Zoom account: ask the host for one made in this account.")]
    NotHostOfAccount,
    /// A webinar was asked for as a meeting, or the other way.
    #[error("At Zoom this number is of the other kind: a meeting is no webinar.")]
    OtherKind,
    /// Nobody can be registered.
    #[error("Registration is off at Zoom. Edit the meeting there, and set Registration to Required.")]
    RegistrationOff,
    /// It is over or full.
    #[error("Zoom takes no more registrants for it: it is over, closed or full.")]
    RegistrationClosed,
    /// The page of a report was asked for too late.
    #[error("Zoom's report took too long to read and has to be read from its beginning.")]
    PageExpired,
    /// Too many calls in a second or a minute.
    #[error("Zoom is asked too much at the moment. It can be tried again from {}.", shown(.until))]
    RateLimited {
        /// From when on, in seconds since 1970.
        until: i64,
    },
    /// Too many calls in a day.
    #[error("Zoom's limit for today is used up. It can be tried again from {}.", shown(.until))]
    DailyLimit {
        /// From when on, in seconds since 1970.
        until: i64,
    },
    /// No answer came.
    #[error("Zoom doesn't answer. Try again in some minutes; status.zoom.us says whether Zoom knows of it.")]
    Unreachable {
        /// Whether it was sent: it may have been carried out.
        sent: bool,
    },
    /// Zoom is broken at the moment.
    #[error("Zoom has a failure of its own (status {status}). Try again in some minutes.")]
    Failing {
        /// HTTP's status.
        status: u16,
    },
    /// Zoom refused it for a reason that we don't know.
    #[error("Zoom refused it (status {status}, code {code}).")]
    Refused {
        /// HTTP's status.
        status: u16,
        /// Zoom's own code; 0 if it gave none.
        code: i64,
    },
    /// The answer isn't what Zoom says that it is.
    #[error("Zoom's answer can't be understood. If it stays so, Zoom has changed, and so must this.")]
    Unreadable,
    /// The answer is larger than any that is right.
    #[error("Zoom's answer is too large to be right.")]
    TooLarge,
    /// A wish couldn't be formed from what was asked.
    #[error("This can't be asked of Zoom.")]
    Unaskable,
}

impl ZoomError {
    /// What cures it.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Secret(error) => error.remedy(),
            Self::RateLimited { .. }
            | Self::DailyLimit { .. }
            | Self::Unreachable { .. }
            | Self::Failing { .. }
            | Self::PageExpired => Remedy::RetryLater,
            Self::NotConfigured
            | Self::CredentialsRefused
            | Self::ScopeMissing { .. }
            | Self::PlanMissing
            | Self::NotFound
            | Self::NotHostOfAccount
            | Self::OtherKind
            | Self::RegistrationOff
            | Self::RegistrationClosed
            | Self::Refused { .. }
            | Self::Unreadable
            | Self::TooLarge
            | Self::Unaskable => Remedy::TellTheOperator,
        }
    }

    /// From when on it is worth another try, if Zoom said so.
    pub fn not_before(&self) -> Option<i64> {
        match self {
            Self::RateLimited { until } | Self::DailyLimit { until } => Some(*until),
            _ => None,
        }
    }

    /// Its name in logs, where a sentence would be too long.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotConfigured => "not_configured",
            Self::Secret(_) => "secret",
            Self::CredentialsRefused => "credentials_refused",
            Self::ScopeMissing { .. } => "scope_missing",
            Self::PlanMissing => "plan_missing",
            Self::NotFound => "not_found",
            Self::NotHostOfAccount => "not_host_of_account",
            Self::OtherKind => "other_kind",
            Self::RegistrationOff => "registration_off",
            Self::RegistrationClosed => "registration_closed",
            Self::PageExpired => "page_expired",
            Self::RateLimited { .. } => "rate_limited",
            Self::DailyLimit { .. } => "daily_limit",
            Self::Unreachable { .. } => "unreachable",
            Self::Failing { .. } => "failing",
            Self::Refused { .. } => "refused",
            Self::Unreadable => "unreadable",
            Self::TooLarge => "too_large",
            Self::Unaskable => "unaskable",
        }
    }
}

impl From<SecretError> for ZoomError {
    fn from(error: SecretError) -> Self {
        match error {
            SecretError::NotConfigured => Self::NotConfigured,
            error => Self::Secret(error),
        }
    }
}

fn shown(until: &i64) -> String {
    Timestamp::from_second(*until).map(|time| time.strftime("%-d %b %Y, %H:%M UTC").to_string()).unwrap_or_default()
}
