//! A port of this machine, served over HTTP for as long as its runtime lives. Who is asked decides what is answered.

use hyper::{
    Request, Response,
    body::{Body, Incoming},
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use std::{error::Error, net::TcpListener, time::Duration};
use tokio::runtime::Runtime;

/// What makes an accept fail, such as too many open files, mostly passes within this.
const AFTER_A_FAILED_ACCEPT: Duration = Duration::from_millis(50);

/// Serves the listener's port from now on. An error of `answer` ends the connection without a word.
pub(crate) fn serve<A, F, B, E>(runtime: &Runtime, listener: TcpListener, answer: A) -> std::io::Result<()>
where
    A: Fn(Request<Incoming>) -> F + Clone + Send + 'static,
    F: Future<Output = Result<Response<B>, E>> + Send + 'static,
    B: Body<Data: Send, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
    E: Into<Box<dyn Error + Send + Sync>> + Send + 'static,
{
    listener.set_nonblocking(true)?;
    let listener = {
        let _inside = runtime.enter();
        tokio::net::TcpListener::from_std(listener)?
    };
    runtime.spawn(async move {
        loop {
            let Ok((stream, _)) = listener.accept().await else {
                tokio::time::sleep(AFTER_A_FAILED_ACCEPT).await;
                continue;
            };
            let answer = answer.clone();
            tokio::spawn(async move {
                let service = service_fn(answer);
                hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await.ok();
            });
        }
    });
    Ok(())
}
