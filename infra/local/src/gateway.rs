//! http://127.0.0.1:3000/ in front of the API, which the local cloud serves under a path of its own.
//!
//! The pages must never know: what arrives is passed on as it is, and nothing is added. What AWS would refuse is refused.
//! Only a page that is asked for by another name of this machine is sent to this one, since its forms work nowhere else.

use crate::{accept, typed};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri, header};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited, combinators::BoxBody};
use hyper::body::{Bytes, Incoming};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use std::{convert::Infallible, net::TcpListener, sync::Arc};
use tokio::runtime::Runtime;

/// An HTTP API of AWS takes no larger body.
pub const LARGEST_BODY: usize = 10 * 1024 * 1024;

/// These are about one connection, and end with it.
const OF_THE_CONNECTION: [HeaderName; 6] = [
    header::CONNECTION,
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

type Answer = Response<BoxBody<Bytes, hyper::Error>>;

struct Gateway {
    client: Client<HttpConnector, Full<Bytes>>,
    /// `http://127.0.0.1:4566/_aws/execute-api/{api}/$default`
    base: String,
    /// `127.0.0.1:3000`
    own: String,
}

/// Serves the listener's port from now on, for as long as the runtime lives.
pub(crate) fn serve(runtime: &Runtime, listener: TcpListener, base: String) -> std::io::Result<()> {
    let own = format!("127.0.0.1:{}", listener.local_addr()?.port());
    let gateway = Arc::new(Gateway { client: Client::builder(TokioExecutor::new()).build_http(), base, own });
    accept::serve(runtime, listener, move |request| {
        let gateway = Arc::clone(&gateway);
        async move { Ok::<_, Infallible>(gateway.pass(request).await) }
    })
}

impl Gateway {
    async fn pass(&self, request: Request<Incoming>) -> Answer {
        let (mut head, body) = request.into_parts();
        if (head.method == Method::GET || head.method == Method::HEAD) && !self.is_own(&head.headers) {
            return self.elsewhere(&head.uri);
        }
        let Some(uri) = self.uri(&head.uri) else {
            return refusal(StatusCode::BAD_REQUEST, "Bad Request");
        };
        let body = match Limited::new(body, LARGEST_BODY).collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) if error.is::<LengthLimitError>() => {
                return refusal(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large");
            }
            Err(_) => return refusal(StatusCode::BAD_REQUEST, "Bad Request"),
        };
        typed::note_address(&head.uri);
        head.uri = uri;
        drop_connection_headers(&mut head.headers);
        match self.client.request(Request::from_parts(head, Full::new(body))).await {
            Ok(answer) => {
                let (mut head, body) = answer.into_parts();
                drop_connection_headers(&mut head.headers);
                if !typed::is_error_page(head.status) {
                    return Response::from_parts(head, body.boxed());
                }
                let Ok(body) = body.collect().await else {
                    return refusal(StatusCode::SERVICE_UNAVAILABLE, "The local cloud doesn't answer.");
                };
                let body = body.to_bytes();
                typed::note_error_page(&body);
                Response::from_parts(head, Full::new(body).map_err(|never| match never {}).boxed())
            }
            Err(_) => refusal(StatusCode::SERVICE_UNAVAILABLE, "The local cloud doesn't answer."),
        }
    }

    /// Whether it was asked by the name that the pages know. Who gives none is content with any.
    fn is_own(&self, headers: &HeaderMap) -> bool {
        // A browser leaves port 80 out.
        let short = self.own.strip_suffix(":80").unwrap_or(&self.own);
        headers.get(header::HOST).is_none_or(|host| host == self.own.as_str() || host == short)
    }

    /// A form's POST from http://localhost:3000 would be refused as another origin's: the same page under the known name.
    fn elsewhere(&self, asked: &Uri) -> Answer {
        let Ok(location) = HeaderValue::try_from(format!("http://{}{}", self.own, path(asked))) else {
            return refusal(StatusCode::BAD_REQUEST, "Bad Request");
        };
        let mut answer = Response::new(Full::default().map_err(|never| match never {}).boxed());
        *answer.status_mut() = StatusCode::FOUND;
        answer.headers_mut().insert(header::LOCATION, location);
        answer
    }

    fn uri(&self, asked: &Uri) -> Option<Uri> {
        format!("{}{}", self.base, path(asked)).parse().ok()
    }
}

fn path(asked: &Uri) -> &str {
    asked.path_and_query().map_or("/", |path| path.as_str())
}

fn drop_connection_headers(headers: &mut HeaderMap) {
    for name in OF_THE_CONNECTION {
        headers.remove(name);
    }
}

/// As API Gateway says it.
fn refusal(status: StatusCode, message: &str) -> Answer {
    let body = Bytes::from(serde_json::json!({ "message": message }).to_string());
    let mut answer = Response::new(Full::new(body).map_err(|never| match never {}).boxed());
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        io::{Read, Write},
        net::TcpStream,
    };

    #[test]
    fn a_page_asked_for_as_localhost_is_sent_to_the_name_that_its_forms_work_under() {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let own = listener.local_addr().unwrap();
        // Nobody is behind it: what is passed on is answered with 503.
        serve(&runtime, listener, "http://127.0.0.1:1".to_owned()).unwrap();
        let ask = |request: &str, host: &str| {
            let mut stream = TcpStream::connect(own).unwrap();
            let head = format!("{request} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
            stream.write_all(head.as_bytes()).unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            answer
        };
        let localhost = format!("localhost:{}", own.port());
        let moved = format!("location: http://{own}/a/b?x=%20y\r\n");
        for request in ["GET /a/b?x=%20y", "HEAD /a/b?x=%20y"] {
            let answer = ask(request, &localhost);
            assert!(answer.starts_with("HTTP/1.1 302") && answer.contains(&moved), "{answer}");
        }
        assert!(ask("POST /a/b", &localhost).starts_with("HTTP/1.1 503"));
        assert!(ask("GET /a/b", &own.to_string()).starts_with("HTTP/1.1 503"));
    }

    #[test]
    fn on_port_80_a_name_without_its_port_is_the_known_one() {
        let client = Client::builder(TokioExecutor::new()).build_http();
        let gateway = Gateway { client, base: String::new(), own: "127.0.0.1:80".to_owned() };
        let named = |host| HeaderMap::from_iter([(header::HOST, HeaderValue::from_static(host))]);
        assert!(gateway.is_own(&named("127.0.0.1")) && gateway.is_own(&named("127.0.0.1:80")));
        assert!(!gateway.is_own(&named("localhost")));
    }
}
