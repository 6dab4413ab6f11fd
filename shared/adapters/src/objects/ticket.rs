//! The ticket for an upload: a form that the browser posts straight to the bucket, signed for one key, one size and one hour.
//!
//! The SDK has no helper for POST policies; the steps are those of "Authenticating Requests in Browser-Based Uploads Using
//! POST (AWS Signature Version 4)".

use super::{Objects, upload_key};
use aws_credential_types::provider::ProvideCredentials;
use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use base64::{Engine, prelude::BASE64_STANDARD};
use domain::import::{ImportId, LARGEST_FILE};
use jiff::{Timestamp, tz::TimeZone};
use serde_json::json;
use std::time::{Duration, SystemTime};

/// How long a ticket works, in seconds: time to find the file, and for 64 MB over a slow line to begin.
pub const TICKET_SECONDS: i64 = 3600;

/// A form to upload one file with.
#[derive(Clone)]
pub struct Ticket {
    /// Where the form is posted to.
    pub url: String,
    /// Its hidden fields, in order; the file comes after them.
    pub fields: Vec<(String, String)>,
    /// The largest file it takes, in bytes.
    pub max_bytes: u64,
    /// When it stops working, in seconds since 1970.
    pub expires_at: i64,
}

/// A ticket that couldn't be signed.
#[derive(Debug, thiserror::Error)]
pub enum TicketError {
    /// The function has no credentials.
    #[error("there are no credentials to sign an upload with")]
    NoCredentials,
    /// The moment is no date.
    #[error("the moment can't be written as a date")]
    Moment,
}

impl Objects {
    /// Signs a ticket for an import's file. `redirect` is where a browser without scripts goes when the bucket has the file;
    /// a script asks for none, since it couldn't follow it to another origin.
    pub async fn upload_ticket(
        &self,
        import: &ImportId,
        redirect: Option<&str>,
        now: i64,
    ) -> Result<Ticket, TicketError> {
        let provider = self.credentials.as_ref().ok_or(TicketError::NoCredentials)?;
        let credentials = provider.provide_credentials().await.map_err(|_| TicketError::NoCredentials)?;
        let at = |seconds: i64| {
            Timestamp::from_second(seconds).map(|t| t.to_zoned(TimeZone::UTC)).map_err(|_| TicketError::Moment)
        };
        let (issued, expires) = (at(now)?, at(now + TICKET_SECONDS)?);
        let day = issued.strftime("%Y%m%d").to_string();
        let scope = format!("{}/{day}/{}/s3/aws4_request", credentials.access_key_id(), self.region);
        let mut fields = vec![
            ("key".to_owned(), upload_key(import)),
            match redirect {
                Some(address) => ("success_action_redirect".to_owned(), address.to_owned()),
                None => ("success_action_status".to_owned(), "201".to_owned()),
            },
            ("x-amz-algorithm".to_owned(), "AWS4-HMAC-SHA256".to_owned()),
            ("x-amz-credential".to_owned(), scope),
            ("x-amz-date".to_owned(), issued.strftime("%Y%m%dT%H%M%SZ").to_string()),
        ];
        // Local clouds set the variable and leave it empty.
        if let Some(token) = credentials.session_token().filter(|token| !token.is_empty()) {
            fields.push(("x-amz-security-token".to_owned(), token.to_owned()));
        }
        let mut conditions = vec![json!({ "bucket": self.bucket }), json!(["content-length-range", 0, LARGEST_FILE])];
        conditions.extend(fields.iter().map(|(name, value)| json!({ name.as_str(): value })));
        let policy =
            json!({ "expiration": expires.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(), "conditions": conditions });
        let policy = BASE64_STANDARD.encode(policy.to_string());
        let moment = SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(now).map_err(|_| TicketError::Moment)?);
        let signature = sign(credentials.secret_access_key(), moment, &self.region, &policy);
        fields.push(("policy".to_owned(), policy));
        fields.push(("x-amz-signature".to_owned(), signature));
        Ok(Ticket { url: self.form_url.clone(), fields, max_bytes: LARGEST_FILE, expires_at: now + TICKET_SECONDS })
    }
}

/// The signature of a POST policy: that of its base64 text, under the day's key.
fn sign(secret: &str, moment: SystemTime, region: &str, policy: &str) -> String {
    calculate_signature(generate_signing_key(secret, moment, region, "s3"), policy.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// "Example: Browser-Based Upload using HTTP POST (Using AWS Signature Version 4)" of the S3 API reference.
    const POLICY: &str = "eyAiZXhwaXJhdGlvbiI6ICIyMDE1LTEyLTMwVDEyOjAwOjAwLjAwMFoiLA0KICAiY29uZGl0aW9ucyI6IFsNCiAgICB7ImJ1Y2tldCI6ICJzaWd2NGV4YW1wbGVidWNrZXQifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRrZXkiLCAidXNlci91c2VyMS8iXSwNCiAgICB7ImFjbCI6ICJwdWJsaWMtcmVhZCJ9LA0KICAgIHsic3VjY2Vzc19hY3Rpb25fcmVkaXJlY3QiOiAiaHR0cDovL3NpZ3Y0ZXhhbXBsZWJ1Y2tldC5zMy5hbWF6b25hd3MuY29tL3N1Y2Nlc3NmdWxfdXBsb2FkLmh0bWwifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRDb250ZW50LVR5cGUiLCAiaW1hZ2UvIl0sDQogICAgeyJ4LWFtei1tZXRhLXV1aWQiOiAiMTQzNjUxMjM2NTEyNzQifSwNCiAgICB7IngtYW16LXNlcnZlci1zaWRlLWVuY3J5cHRpb24iOiAiQUVTMjU2In0sDQogICAgWyJzdGFydHMtd2l0aCIsICIkeC1hbXotbWV0YS10YWciLCAiIl0sDQoNCiAgICB7IngtYW16LWNyZWRlbnRpYWwiOiAiQUtJQUlPU0ZPRE5ON0VYQU1QTEUvMjAxNTEyMjkvdXMtZWFzdC0xL3MzL2F3czRfcmVxdWVzdCJ9LA0KICAgIHsieC1hbXotYWxnb3JpdGhtIjogIkFXUzQtSE1BQy1TSEEyNTYifSwNCiAgICB7IngtYW16LWRhdGUiOiAiMjAxNTEyMjlUMDAwMDAwWiIgfQ0KICBdDQp9";

    #[test]
    fn policies_are_signed_as_in_the_services_own_example() {
        let moment = SystemTime::UNIX_EPOCH + Duration::from_secs(1_451_347_200);
        let signature = sign("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", moment, "us-east-1", POLICY);
        assert_eq!(signature, "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e");
    }
}
