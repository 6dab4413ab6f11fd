//! Zoom on a bad day: what the next calls are answered with instead.

use serde::Deserialize;

/// A fault, for so many calls.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Fault {
    /// Only for calls whose path holds this; empty is all.
    pub path: String,
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

impl Default for Fault {
    fn default() -> Self {
        Self {
            path: String::new(),
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

    pub(super) fn take(&mut self, path: &str) -> Option<Fault> {
        let at = self.0.iter().position(|fault| fault.count > 0 && path.contains(&fault.path))?;
        self.0[at].count -= 1;
        let fault = self.0[at].clone();
        self.0.retain(|fault| fault.count > 0);
        Some(fault)
    }
}
