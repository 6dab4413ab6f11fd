//! What programs check a certificate by: the signed record and its signed status, byte for byte as they are kept. Public, and for other
//! sites' scripts too.

use crate::{Door, Shared, code::Asked, trouble};
use adapters::objects::{credential_key, status_key};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use domain::id::CertificateCode;
use http::{
    HeaderValue,
    header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE},
};
use pages::problem::Problem;

/// A record is some 6 KB with ten bodies' statements, a status 1 KB; far more than either.
const LARGEST: usize = 256 * 1024;
/// A revocation is to be seen soon.
const ONE_MINUTE: HeaderValue = HeaderValue::from_static("public, max-age=60");
const CREDENTIAL: HeaderValue = HeaderValue::from_static("application/vc+ld+json");
/// Whose scripts may read it: everybody's. It is public, and no answer here depends on a cookie.
pub(crate) const EVERYBODY: HeaderValue = HeaderValue::from_static("*");

/// `GET /verify/{code}/credential.json`
pub(crate) async fn credential(State(door): State<Shared>, asked: Asked) -> Result<Response, Problem> {
    let code = registered(&door, asked).await?;
    let bytes = fetch(&door, &credential_key(&code)).await?;
    let disposition = format!("attachment; filename=\"certificate-{code}.json\"");
    let disposition = HeaderValue::try_from(disposition).map_err(|_| Problem::Ours)?;
    let headers =
        [(CONTENT_TYPE, CREDENTIAL), (CONTENT_DISPOSITION, disposition), (ACCESS_CONTROL_ALLOW_ORIGIN, EVERYBODY)];
    Ok((headers, bytes).into_response())
}

/// `GET /verify/{code}/status`
pub(crate) async fn status(State(door): State<Shared>, asked: Asked) -> Result<Response, Problem> {
    let code = registered(&door, asked).await?;
    let bytes = fetch(&door, &status_key(&code)).await?;
    let headers = [(CONTENT_TYPE, CREDENTIAL), (CACHE_CONTROL, ONE_MINUTE), (ACCESS_CONTROL_ALLOW_ORIGIN, EVERYBODY)];
    Ok((headers, bytes).into_response())
}

/// A code that the register has. The bucket isn't asked for others: to whoever may not list it, it doesn't say that something isn't there.
async fn registered(door: &Door, asked: Asked) -> Result<CertificateCode, Problem> {
    let code = asked.code.ok_or(Problem::NotFound)?;
    door.fetch(&code).await?.map(|record| record.data.code).ok_or(Problem::NotFound)
}

async fn fetch(door: &Door, key: &str) -> Result<Vec<u8>, Problem> {
    door.clients.certificates.fetch_evidence(key, LARGEST).await.map_err(trouble::objects)
}
