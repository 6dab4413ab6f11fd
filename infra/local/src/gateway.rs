//! http://127.0.0.1:3000/ in front of the API, which the local cloud serves under a path of its own.
//!
//! The pages must never know: what arrives is passed on as it is, and nothing is added. What AWS would refuse is refused.

use http::{HeaderMap, HeaderName, Request, Response, StatusCode, Uri, header};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited, combinators::BoxBody};
use hyper::{
    body::{Bytes, Incoming},
    service::service_fn,
};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioIo},
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
}

/// Serves the listener's port from now on, for as long as the runtime lives.
pub(crate) fn serve(runtime: &Runtime, listener: TcpListener, base: String) -> std::io::Result<()> {
    listener.set_nonblocking(true)?;
    let gateway = Arc::new(Gateway { client: Client::builder(TokioExecutor::new()).build_http(), base });
    let listener = {
        let _inside = runtime.enter();
        tokio::net::TcpListener::from_std(listener)?
    };
    runtime.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let gateway = Arc::clone(&gateway);
            tokio::spawn(async move {
                let service = service_fn(|request| {
                    let gateway = Arc::clone(&gateway);
                    async move { Ok::<_, Infallible>(gateway.pass(request).await) }
                });
                hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await.ok();
            });
        }
    });
    Ok(())
}

impl Gateway {
    async fn pass(&self, request: Request<Incoming>) -> Answer {
        let (mut head, body) = request.into_parts();
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
        head.uri = uri;
        drop_connection_headers(&mut head.headers);
        match self.client.request(Request::from_parts(head, Full::new(body))).await {
            Ok(answer) => {
                let (mut head, body) = answer.into_parts();
                drop_connection_headers(&mut head.headers);
                Response::from_parts(head, body.boxed())
            }
            Err(_) => refusal(StatusCode::SERVICE_UNAVAILABLE, "The local cloud doesn't answer."),
        }
    }

    fn uri(&self, asked: &Uri) -> Option<Uri> {
        let path = asked.path_and_query().map_or("/", |path| path.as_str());
        format!("{}{path}", self.base).parse().ok()
    }
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
    answer.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    answer
}
