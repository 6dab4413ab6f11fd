//! What a function is told by its environment, read once at the start. An error names the variable.

use domain::{attendance::tries::FIRST_TRY_SECONDS, roster::judge::ReportingYear};
use jiff::tz::TimeZone;

/// Which deployment this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// A local cloud.
    Local,
    /// Anywhere on AWS.
    Deployed,
}

/// The settings that the functions share.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Local or deployed.
    pub stage: Stage,
    /// The table's name.
    pub table_name: String,
    /// The bucket that rosters and results stand in.
    pub roster_bucket: String,
    /// The queue that nudges the import.
    pub roster_queue_url: String,
    /// The queue that nudges the sending of mails.
    pub mail_queue_url: String,
    /// The queue that nudges the worker of events; empty where a function has no use for it.
    pub event_queue_url: String,
    /// The queue that nudges the making of certificates; empty where a function has no use for it.
    pub certificate_queue_url: String,
    /// The bucket of certificates; empty where a function has no use for it.
    pub certificate_bucket: String,
    /// The name or ARN of the secret that certificates are signed with; empty where a function has no right to it.
    pub certificate_secret_id: String,
    /// The address that mails come from; empty where nobody has set one up, and then none goes out.
    pub mail_from: String,
    /// The configuration set that mails go out by, so that it is told what becomes of them; empty where there is none.
    pub mail_configuration_set: String,
    /// Where people reach the pages: scheme, host and port, no slash at the end.
    pub public_base_url: String,
    /// Where browsers reach the bucket: scheme, host and port.
    pub bucket_origin: String,
    /// The organisation's time zone: what day it is.
    pub time_zone: TimeZone,
    /// When the board's reporting year begins.
    pub reporting_year: ReportingYear,
    /// The name or ARN of the secret with Zoom's credentials; empty where there are none.
    pub zoom_secret_id: String,
    /// Another address than Zoom's own: scheme, host and port. Empty on AWS.
    pub zoom_base_url: String,
    /// How long after an event's end Zoom is asked for its report for the first time, in seconds.
    pub first_report_try_seconds: i64,
}

/// A variable that is missing or can't be understood.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It isn't set.
    #[error("the environment variable {0} is not set")]
    Missing(&'static str),
    /// It can't be understood.
    #[error("the environment variable {0} can't be understood")]
    Unreadable(&'static str),
}

/// Half a day: whoever is asked later for the first time can't be decided within a day if anything goes wrong.
const MOST_FIRST_TRY_MINUTES: u16 = 720;

impl Settings {
    /// Reads the process's environment.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::read(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    }

    /// Reads the settings through a lookup of variables.
    pub fn read(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let needed = |name| lookup(name).ok_or(ConfigError::Missing(name));
        let stage = if needed("STAGE")? == "local" { Stage::Local } else { Stage::Deployed };
        let zone = lookup("ORGANISATION_TIME_ZONE").unwrap_or_else(|| "UTC".to_owned());
        let begins = lookup("REPORTING_YEAR_START").unwrap_or_else(|| "01-01".to_owned());
        let first_try = match lookup("FIRST_REPORT_TRY_MINUTES") {
            None => FIRST_TRY_SECONDS,
            Some(text) => {
                let minutes = text.trim().parse::<u16>().ok().filter(|minutes| *minutes <= MOST_FIRST_TRY_MINUTES);
                60 * i64::from(minutes.ok_or(ConfigError::Unreadable("FIRST_REPORT_TRY_MINUTES"))?)
            }
        };
        Ok(Self {
            stage,
            table_name: needed("TABLE_NAME")?,
            roster_bucket: needed("ROSTER_BUCKET")?,
            roster_queue_url: needed("ROSTER_QUEUE_URL")?,
            mail_queue_url: needed("MAIL_QUEUE_URL")?,
            event_queue_url: lookup("EVENT_QUEUE_URL").unwrap_or_default(),
            certificate_queue_url: lookup("CERTIFICATE_QUEUE_URL").unwrap_or_default(),
            certificate_bucket: lookup("CERTIFICATE_BUCKET").unwrap_or_default(),
            certificate_secret_id: lookup("CERTIFICATE_SECRET_ID").unwrap_or_default(),
            mail_from: lookup("MAIL_FROM").unwrap_or_default(),
            mail_configuration_set: lookup("MAIL_CONFIGURATION_SET").unwrap_or_default(),
            public_base_url: lookup("PUBLIC_BASE_URL").unwrap_or_default().trim_end_matches('/').to_owned(),
            bucket_origin: lookup("BUCKET_ORIGIN").unwrap_or_default().trim_end_matches('/').to_owned(),
            time_zone: TimeZone::get(&zone).map_err(|_| ConfigError::Unreadable("ORGANISATION_TIME_ZONE"))?,
            reporting_year: ReportingYear::parse(&begins).ok_or(ConfigError::Unreadable("REPORTING_YEAR_START"))?,
            zoom_secret_id: lookup("ZOOM_SECRET_ID").unwrap_or_default(),
            zoom_base_url: lookup("ZOOM_BASE_URL").unwrap_or_default(),
            first_report_try_seconds: first_try,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_variable_is_named() {
        let error = Settings::read(|_| None).unwrap_err();
        assert_eq!(error.to_string(), "the environment variable STAGE is not set");
    }

    #[test]
    fn zoom_is_asked_half_an_hour_after_the_end_unless_the_deployment_says_otherwise() {
        let seconds = |minutes: Option<&str>| {
            let read = Settings::read(|name| match name {
                "FIRST_REPORT_TRY_MINUTES" => minutes.map(ToOwned::to_owned),
                "ORGANISATION_TIME_ZONE" | "REPORTING_YEAR_START" => None,
                _ => Some("local".to_owned()),
            });
            read.ok().map(|settings| settings.first_report_try_seconds)
        };
        let told = [None, Some("0"), Some("45"), Some("720"), Some("721"), Some("-1"), Some("soon")].map(seconds);
        assert_eq!(told, [Some(1_800), Some(0), Some(2_700), Some(43_200), None, None, None]);
    }
}
