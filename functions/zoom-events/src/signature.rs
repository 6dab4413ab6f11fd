//! Whether a body is Zoom's: the digest over its bytes as they came, keyed with a secret that only Zoom and we know, and made a
//! moment ago.

use crate::{HookError, SigningSecret, WebhookSecrets};
use hmac::{Hmac, KeyInit, Mac};
use lambda_http::http::HeaderMap;
use sha2::Sha256;

/// The header with the signature.
pub const SIGNATURE_HEADER: &str = "x-zm-signature";
/// The header with the moment of signing, in seconds since 1970.
pub const TIMESTAMP_HEADER: &str = "x-zm-request-timestamp";

/// A signature is good for this long, in seconds, and as long before its moment, since clocks differ.
pub const TOLERANCE_SECONDS: i64 = 300;

/// A moment has ten digits until the year 2286.
const MOST_DIGITS: usize = 12;

const VERSION: &str = "v0";

/// Why a request isn't taken for Zoom's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// A header is missing, twice there or can't be one of Zoom's.
    NoSignature,
    /// It was signed too long ago, or will be.
    Stale,
    /// No secret of ours made this signature of this body.
    Forged,
    /// There is no secret: Zoom isn't set up.
    NoSecret,
}

impl Refusal {
    /// Its name in the log.
    pub fn code(self) -> &'static str {
        match self {
            Refusal::NoSignature => "no_signature",
            Refusal::Stale => "stale",
            Refusal::Forged => "forged",
            Refusal::NoSecret => "no_secret",
        }
    }
}

/// A body with what is said of its signing.
pub(crate) struct Signed<'a> {
    pub(crate) body: &'a [u8],
    pub(crate) timestamp: &'a str,
    pub(crate) signature: &'a str,
}

impl<'a> Signed<'a> {
    /// What a request says; empty where it doesn't.
    pub(crate) fn of(headers: &'a HeaderMap, body: &'a [u8]) -> Self {
        let only = |name| {
            let mut values = headers.get_all(name).iter();
            let first = values.next().filter(|_| values.next().is_none());
            first.and_then(|value| value.to_str().ok()).unwrap_or_default()
        };
        Self { body, timestamp: only(TIMESTAMP_HEADER), signature: only(SIGNATURE_HEADER) }
    }

    /// The secret that it was signed with.
    pub(crate) async fn verified(
        &self,
        secrets: &WebhookSecrets,
        now: i64,
    ) -> Result<Result<SigningSecret, Refusal>, HookError> {
        let signature = match self.fresh(now) {
            Ok(signature) => signature,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let known = secrets.fetch().await?;
        if known.is_empty() {
            return Ok(Err(Refusal::NoSecret));
        }
        let by = |secret: &SigningSecret| self.mac(secret).verify_slice(&signature).is_ok();
        if let Some(secret) = known.into_iter().find(by) {
            return Ok(Ok(secret));
        }
        Ok(secrets.fetch_anew(now).await?.into_iter().find(by).ok_or(Refusal::Forged))
    }

    /// The signature's bytes, if it can be one and is of this moment.
    fn fresh(&self, now: i64) -> Result<Vec<u8>, Refusal> {
        let digits = (1..=MOST_DIGITS).contains(&self.timestamp.len())
            && self.timestamp.bytes().all(|byte| byte.is_ascii_digit());
        let moment: i64 = self.timestamp.parse().ok().filter(|_| digits).ok_or(Refusal::NoSignature)?;
        let written = self.signature.strip_prefix(VERSION).and_then(|rest| rest.strip_prefix('='));
        // Zoom writes small letters: one way to write a signature, so that no changed bit leaves it good.
        let small = written.filter(|text| !text.bytes().any(|byte| byte.is_ascii_uppercase()));
        let signature = small.and_then(|text| hex::decode(text).ok()).ok_or(Refusal::NoSignature)?;
        if (now - moment).abs() > TOLERANCE_SECONDS { Err(Refusal::Stale) } else { Ok(signature) }
    }

    fn mac(&self, secret: &SigningSecret) -> Hmac<Sha256> {
        let mut mac = keyed(secret);
        for part in [VERSION.as_bytes(), b":", self.timestamp.as_bytes(), b":", self.body] {
            mac.update(part);
        }
        mac
    }
}

/// The signature of a body, as Zoom makes it: for whoever plays Zoom.
pub fn sign(secret: &SigningSecret, timestamp: &str, body: &[u8]) -> String {
    let signed = Signed { body, timestamp, signature: "" };
    format!("{VERSION}={}", hex::encode(signed.mac(secret).finalize().into_bytes()))
}

/// The answer to the validation of an address: the token, and the digest that only who has the secret can make of it.
pub(crate) fn validation(secret: &SigningSecret, plain_token: &str) -> serde_json::Value {
    let mut mac = keyed(secret);
    mac.update(plain_token.as_bytes());
    let encrypted = hex::encode(mac.finalize().into_bytes());
    serde_json::json!({ "plainToken": plain_token, "encryptedToken": encrypted })
}

fn keyed(secret: &SigningSecret) -> Hmac<Sha256> {
    Hmac::new_from_slice(secret.bytes()).expect("a key of any length will do")
}
