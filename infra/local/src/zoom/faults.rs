//! Zoom on a bad day: what the next calls are answered with instead.

use percent_encoding::percent_decode_str;
use serde::Deserialize;

/// A fault, for so many calls.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Fault {
    /// Only for calls whose path with its query holds this, as it is written or as it is meant; empty is all.
    pub path: String,
    /// So many of these calls are answered as always first.
    pub after: u32,
    /// For so many calls.
    pub count: u32,
    /// The status that is answered; none answers as always, after the delay.
    pub status: Option<u16>,
    /// How long the answer takes.
    pub delay_ms: u64,
    /// `Retry-After`, as it is: seconds, or a moment.
    pub retry_after: Option<String>,
    /// `X-RateLimit-Type`: `QPS` or `Daily-limit`.
    pub limit: Option<String>,
    /// The body, whatever it is.
    pub body: Option<String>,
    /// So many bytes of body instead.
    pub oversized: Option<usize>,
}

impl Fault {
    /// Calls for the report of one running fail, for so many calls.
    pub fn of_report(uuid: &str, count: u32) -> Self {
        Self { path: format!("{uuid}/participants"), status: Some(500), count, ..Self::default() }
    }

    /// Calls for the pages of reports after the first fail, for so many calls.
    pub fn of_later_pages(count: u32) -> Self {
        Self { path: "next_page_token=".to_owned(), status: Some(500), count, ..Self::default() }
    }
}

impl Default for Fault {
    fn default() -> Self {
        Self {
            path: String::new(),
            after: 0,
            count: 1,
            status: None,
            delay_ms: 0,
            retry_after: None,
            limit: None,
            body: None,
            oversized: None,
        }
    }
}

/// The faults that are still to come; the first that fits a call is taken.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<Fault>);

impl Faults {
    pub(super) fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn take(&mut self, target: &str) -> Option<Fault> {
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        // Names that hold slashes are encoded twice.
        let once = decoded(target);
        let written = [decoded(&once), once, target.to_owned()];
        let fits = |fault: &Fault| fault.count > 0 && written.iter().any(|target| target.contains(&fault.path));
        let mut found = None;
        for (at, fault) in self.0.iter_mut().enumerate().filter(|(_, fault)| fits(fault)) {
            if fault.after == 0 {
                found = Some(at);
                break;
            }
            fault.after -= 1;
        }
        let at = found?;
        self.0[at].count -= 1;
        let fault = self.0[at].clone();
        self.0.retain(|fault| fault.count > 0);
        Some(fault)
    }
}
