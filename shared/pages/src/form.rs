//! Forms and queries: read into a type that names every field. Forms' types say `#[serde(deny_unknown_fields)]`; a field that
//! stands there twice is refused by the reading itself. An address may carry fields that aren't ours: mail programs and search
//! engines append theirs (`utm_source`), and the page behind it is the same. A refusal never repeats what was sent.

use crate::problem::Problem;
use axum::extract::{FromRequest, FromRequestParts, Request};
use http::request::Parts;
use serde::de::DeserializeOwned;

/// The largest form, in bytes: ours have a few short fields. Files don't come this way.
pub const LARGEST_FORM: usize = 16 * 1024;

/// The fields of a posted form.
#[derive(Debug, Clone, Copy)]
pub struct Form<T>(pub T);

/// The fields of an address.
#[derive(Debug, Clone, Copy)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match axum::extract::Form::<T>::from_request(request, state).await {
            Ok(form) => Ok(Self(form.0)),
            Err(refused) => Err(Problem::of_status(refused.status())),
        }
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(query) => Ok(Self(query.0)),
            Err(_) => Err(Problem::Unreadable),
        }
    }
}
