//! The code in an address, as it was scanned, followed or typed. What can't be a code is no error here: it is answered like a code
//! that no certificate has.

use axum::extract::{FromRequestParts, Path};
use domain::{certificate::read_code, id::CertificateCode};
use http::request::Parts;
use std::convert::Infallible;

/// The code in an address.
pub(crate) struct Asked {
    /// The code; `None` for whatever can't be one.
    pub(crate) code: Option<CertificateCode>,
    /// Whether it stands there as we write codes, so that a page has one address.
    pub(crate) is_as_issued: bool,
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        // What isn't even text is no code either.
        let written = Path::<String>::from_request_parts(parts, state).await.map(|Path(text)| text).unwrap_or_default();
        let code = read_code(&written);
        Ok(Self { is_as_issued: code.as_ref().is_some_and(|code| code.as_str() == written), code })
    }
}

/// What was typed into the form: a code, or the address of a certificate's page, which ends with one.
pub(crate) fn read_typed(typed: &str) -> Option<CertificateCode> {
    read_code(typed.split(['?', '#']).next()?.trim_end_matches('/').rsplit('/').next()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_out_of_the_address_that_a_scanner_shows() {
        let code = CertificateCode::from_bits(7);
        for typed in [
            format!("https://ce.example.org/verify/{code}"),
            format!(" https://ce.example.org/verify/{code}/?from=mail#top "),
            domain::certificate::grouped(&code),
        ] {
            assert_eq!(read_typed(typed.trim()), Some(code.clone()), "{typed}");
        }
        assert_eq!(read_typed("https://ce.example.org/verify/"), None);
        assert_eq!(read_typed(""), None);
    }
}
