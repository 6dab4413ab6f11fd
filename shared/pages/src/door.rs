//! The threshold: what happens to every request before a route sees it and to every answer before it leaves. Here a
//! visitor is identified, a request from elsewhere is turned away, a refusal is put into words, and the headers go on.

use crate::{
    address::segment,
    answer::InWords,
    assets::accepts_gzip,
    compress::gzip,
    form::LARGEST_FORM,
    headers::{LeadsTo, harden},
    origin,
    problem::{Problem, wants_json},
    site::Site,
    visitor::Visitor,
};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{DefaultBodyLimit, Request, State},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};
use domain::organisation::Organisation;
use http::{
    HeaderValue, Method,
    header::{ALLOW, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, VARY},
};

/// Puts the threshold before all routes of a door, and before what is no route.
pub fn behind_threshold<S>(routes: Router<S>, site: Site) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    routes
        .fallback(|| async { Problem::NotFound })
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .layer(from_fn_with_state(site, threshold))
}

async fn threshold(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let as_json = wants_json(request.headers());
    let packed = accepts_gzip(request.headers());
    let asked = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
    let ours = origin::only_reads(&method) || origin::is_ours(request.headers(), site.public_base_url());
    let (visitor, answer) = match site.identify(request.uri().path(), request.headers()).await {
        Err(problem) => (Visitor::nobody(Organisation::default()), problem.into_response()),
        Ok(visitor) if !ours => (visitor, Problem::FromElsewhere.into_response()),
        Ok(visitor) => {
            request.extensions_mut().insert(visitor.clone());
            (visitor, next.run(request).await)
        }
    };
    let answer = put_into_words(answer, |problem| match problem {
        // Whoever wants to see a page is asked who they are, and comes back to it.
        Problem::NotSignedIn if origin::only_reads(&method) && !as_json => to_login(&asked),
        problem => problem.present(as_json, &visitor),
    });
    let mut answer = if packed { compress(answer).await } else { answer };
    let leads_to = answer.extensions_mut().remove::<LeadsTo>();
    harden(answer.headers_mut(), &site, leads_to.as_ref());
    if method == Method::HEAD {
        *answer.body_mut() = Body::empty();
    }
    answer
}

fn to_login(asked: &str) -> Response {
    crate::answer::see_other(&format!("/login?next={}", segment(asked))).into_response()
}

/// Replaces a refusal, one of ours or a bare status of the framework's, by the same in words.
fn put_into_words(mut answer: Response, present: impl Fn(&Problem) -> Response) -> Response {
    let status = answer.status();
    let problem = match answer.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        None if answer.extensions().get::<InWords>().is_some() => return answer,
        None if status.is_client_error() || status.is_server_error() => Problem::of_status(status),
        None => return answer,
    };
    let mut told = present(&problem);
    if let Some(allow) = answer.headers_mut().remove(ALLOW) {
        told.headers_mut().insert(ALLOW, allow);
    }
    told
}

/// Shorter than this, a page doesn't get shorter.
const WORTH_COMPRESSING: usize = 1024;
/// A Lambda answers at most 6 MB; pages are far below it.
const LARGEST_PAGE: usize = 6 * 1024 * 1024;

/// Compresses a page; nothing in our pages is both secret and beside text that another site could choose.
async fn compress(answer: Response) -> Response {
    let is_page = answer.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !is_page || answer.headers().contains_key(CONTENT_ENCODING) {
        return answer;
    }
    let (mut parts, body) = answer.into_parts();
    let Ok(bytes) = to_bytes(body, LARGEST_PAGE).await else { return Problem::Ours.status().into_response() };
    if bytes.len() < WORTH_COMPRESSING {
        return Response::from_parts(parts, Body::from(bytes));
    }
    match gzip(&bytes) {
        Some(packed) => {
            parts.headers.remove(CONTENT_LENGTH);
            parts.headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            parts.headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
            Response::from_parts(parts, Body::from(packed))
        }
        None => Response::from_parts(parts, Body::from(bytes)),
    }
}
