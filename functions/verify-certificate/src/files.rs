//! What programs check certificates by: the signed credential, its signed status, and the keys. Public, and for other sites' scripts too.

use crate::{Shared, trouble};
use adapters::objects::{credential_key, status_key};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use domain::id::CertificateCode;
use http::{
    HeaderValue,
    header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE},
};
use pages::problem::Problem;
use serde_json::json;

/// A credential is some 6 KB with ten bodies' statements, a status 1 KB; far more than either.
const LARGEST: usize = 256 * 1024;
/// Keys are added, and never taken away: five minutes are soon enough for a new one.
const FIVE_MINUTES: HeaderValue = HeaderValue::from_static("public, max-age=300");
/// A revocation is to be seen soon.
const ONE_MINUTE: HeaderValue = HeaderValue::from_static("public, max-age=60");
const CREDENTIAL: HeaderValue = HeaderValue::from_static("application/vc+ld+json");
const EVERYBODY: HeaderValue = HeaderValue::from_static("*");

/// `GET /verify/{code}/credential.json`
pub(crate) async fn credential(State(door): State<Shared>, Path(code): Path<String>) -> Result<Response, Problem> {
    let code = CertificateCode::parse(&code).map_err(|_| Problem::NotFound)?;
    let bytes = door.clients.certificates.fetch_evidence(&credential_key(&code), LARGEST).await;
    let disposition = HeaderValue::from_static("attachment; filename=\"credential.json\"");
    let headers =
        [(CONTENT_TYPE, CREDENTIAL), (CONTENT_DISPOSITION, disposition), (ACCESS_CONTROL_ALLOW_ORIGIN, EVERYBODY)];
    Ok((headers, bytes.map_err(trouble::objects)?).into_response())
}

/// `GET /verify/{code}/status`
pub(crate) async fn status(State(door): State<Shared>, Path(code): Path<String>) -> Result<Response, Problem> {
    let code = CertificateCode::parse(&code).map_err(|_| Problem::NotFound)?;
    let bytes = door.clients.certificates.fetch_evidence(&status_key(&code), LARGEST).await;
    let headers = [(CONTENT_TYPE, CREDENTIAL), (CACHE_CONTROL, ONE_MINUTE), (ACCESS_CONTROL_ALLOW_ORIGIN, EVERYBODY)];
    Ok((headers, bytes.map_err(trouble::objects)?).into_response())
}

/// `GET /.well-known/certificate-keys.json`
pub(crate) async fn keys(State(door): State<Shared>) -> Result<Response, Problem> {
    let keys = door.clients.table.fetch_keys().await.map_err(trouble::table)?;
    let controller = format!("{}/.well-known/certificate-keys.json", door.site.public_base_url());
    let keys: Vec<_> = keys
        .iter()
        .map(|key| {
            json!({
                "id": key.id,
                "type": "Multikey",
                "controller": controller,
                "publicKeyMultibase": key.multibase,
                "from": jiff::Timestamp::from_second(key.from).unwrap_or_default().to_string(),
                "retired": null,
            })
        })
        .collect();
    let body = serde_json::to_vec(&json!({ "keys": keys })).map_err(|_| Problem::Ours)?;
    let kind = HeaderValue::from_static("application/json");
    let headers = [(CONTENT_TYPE, kind), (CACHE_CONTROL, FIVE_MINUTES), (ACCESS_CONTROL_ALLOW_ORIGIN, EVERYBODY)];
    Ok((headers, body).into_response())
}
