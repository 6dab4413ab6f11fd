//! Two ports of this machine: SESv2's for the functions, and the mailbox's for people.

use super::{Mailbox, api, feedback, pages};
use crate::{StartError, accept, server};
use std::{convert::Infallible, io, net::TcpListener};
use tokio::runtime::Runtime;

/// Where a local SESv2 answers; 0 takes a free port.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ports {
    /// SESv2's.
    pub ses: u16,
    /// The mailbox's pages.
    pub mailbox: u16,
}

/// A running local SESv2 with its mailbox. Dropping it ends it, and the mails with it.
pub struct MailServer {
    mailbox: Mailbox,
    endpoint: String,
    mailbox_url: String,
    runtime: Option<Runtime>,
}

impl MailServer {
    /// Starts it. It answers from now on, from threads of its own.
    pub fn start(ports: Ports) -> Result<Self, StartError> {
        let ses = server::listen(ports.ses, "--ses-port")?;
        let pages = server::listen(ports.mailbox, "--mailbox-port")?;
        Self::serve(ses, pages).map_err(StartError::io("starting the local SESv2"))
    }

    fn serve(ses: TcpListener, pages: TcpListener) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let mailbox = Mailbox::default();
        let endpoint = url(&ses)?;
        let own = pages.local_addr()?;
        let mailbox_url = url(&pages)?;
        let mails = mailbox.clone();
        accept::serve(&runtime, ses, move |request| {
            let mails = mails.clone();
            async move { api::answer(&mails, request).await }
        })?;
        let mails = mailbox.clone();
        accept::serve(&runtime, pages, move |request| {
            let answer = pages::answer(&mails, own.port(), &request);
            async move { Ok::<_, Infallible>(answer) }
        })?;
        Ok(Self { mailbox, endpoint, mailbox_url, runtime: Some(runtime) })
    }

    /// The mails, and the switches.
    pub fn mailbox(&self) -> &Mailbox {
        &self.mailbox
    }

    /// From now on what SES would tell EventBridge of bounces and complaints goes into this queue, as by the template's rule.
    pub fn deliver_feedback_to(&self, endpoint: &str, queue_url: &str) {
        self.mailbox.hand_on();
        if let Some(runtime) = &self.runtime {
            runtime.spawn(feedback::deliver(self.mailbox.clone(), endpoint.to_owned(), queue_url.to_owned()));
        }
    }

    /// Where SESv2 is answered: the value of [`super::ENDPOINT_VARIABLE`].
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Where people read the mails, without a slash at the end.
    pub fn mailbox_url(&self) -> &str {
        &self.mailbox_url
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        // Not waited for: it may be dropped inside a runtime.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn url(listener: &TcpListener) -> io::Result<String> {
    Ok(format!("http://127.0.0.1:{}", listener.local_addr()?.port()))
}
