//! Reports in pages: who was there, once Zoom has made up its mind, by tokens that end.

use super::{meeting::Meeting, running::Running};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Zoom's own limits.
const LARGEST_PAGE: usize = 300;
const USUAL_PAGE: usize = 30;
const TOKEN_SECONDS: i64 = 900;

/// The pages that were not asked for yet.
#[derive(Debug, Default)]
pub(super) struct Pages {
    /// Where each token leads, and when it ends.
    open: BTreeMap<String, (usize, i64)>,
    issued: u64,
    expire: u32,
    /// How many rows reports show; all if nothing is said.
    pub(super) shown: Option<usize>,
    /// How many rows a page has at most; as many as Zoom's if nothing is said.
    pub(super) limit: Option<usize>,
}

/// Which page is wanted.
pub(super) struct Wanted<'a> {
    pub(super) size: Option<usize>,
    pub(super) token: Option<&'a str>,
    pub(super) with_registrant: bool,
}

impl Pages {
    pub(super) fn expire_next(&mut self, pages: u32) {
        self.expire = pages;
    }

    /// A page of the rows; `None` if its token has ended.
    pub(super) fn page(&mut self, running: &Running, wanted: &Wanted<'_>, now: i64) -> Option<Value> {
        let from = match wanted.token.filter(|token| !token.is_empty()) {
            None => 0,
            Some(token) => self.open.get(token).filter(|(_, ends)| *ends > now).map(|(from, _)| *from)?,
        };
        let size = wanted.size.unwrap_or(USUAL_PAGE).min(self.limit.unwrap_or(LARGEST_PAGE)).clamp(1, LARGEST_PAGE);
        let ends_at = running.ends_at.unwrap_or(running.starts_at);
        let total = running.stays.len().min(self.shown.unwrap_or(usize::MAX));
        let rows: Vec<Value> = running.stays[from.min(total)..(from + size).min(total)]
            .iter()
            .map(|stay| stay.row(ends_at, wanted.with_registrant))
            .collect();
        let next = if from + size < total { self.issue(from + size, now) } else { String::new() };
        Some(json!({
            "page_count": total.div_ceil(size),
            "page_size": size,
            "total_records": total,
            "next_page_token": next,
            "participants": rows,
        }))
    }

    fn issue(&mut self, from: usize, now: i64) -> String {
        self.issued += 1;
        let token = format!("Tva2CuIdTgsv8wAnhyAdU3m06Y2HuLQtlh{}", self.issued);
        let ends = if self.expire > 0 { now } else { now + TOKEN_SECONDS };
        self.expire = self.expire.saturating_sub(1);
        self.open.insert(token.clone(), (from, ends));
        token
    }
}

/// The running of this name whose report is there by now.
pub(super) fn ready<'a>(meeting: &'a Meeting, uuid: &str, delay: i64, now: i64) -> Option<&'a Running> {
    let running = meeting.runnings.iter().find(|running| running.uuid == uuid)?;
    running.ended_on.filter(|ended| *ended + delay <= now).map(|_| running)
}
