//! The report of who was there, page by page and byte by byte as Zoom wrote it: it is archived before anybody reads meaning
//! into it.
//!
//! Zoom makes no report of a running with one participant; the list of past participants stands in for it then.

use super::{
    Zoom,
    ask::Ask,
    error::ZoomError,
    text::Text,
    uuid::{encode, encode_uuid},
};
use domain::zoom::ZoomKind;
use serde::{Deserialize, de::IgnoredAny};
use std::collections::BTreeSet;

/// The most rows that Zoom puts on a page.
const PAGE_ROWS: usize = 300;

/// 60,000 rows: the largest webinars have 10,000 people, who join three times with two devices.
const MOST_PAGES: usize = 200;

/// A page's token lives for a quarter of an hour; who is slower than that twice is too slow.
const MOST_BEGINNINGS: usize = 3;

/// Which of Zoom's lists it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportSource {
    /// The report.
    Report,
    /// The list of past participants, for want of a report.
    PastParticipants,
}

/// Where the next page is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    source: ReportSource,
    token: String,
}

/// One page. Its bytes hold people: they are no part of `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Page {
    /// What Zoom wrote.
    pub raw: Vec<u8>,
    /// Which list it is of.
    pub source: ReportSource,
    /// How many rows it has.
    pub rows: usize,
    /// How many rows there are in all, as Zoom says.
    pub total: Option<i64>,
    /// Where the next page is, if there is one.
    pub next: Option<Cursor>,
}

impl std::fmt::Debug for Page {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Page")
            .field("source", &self.source)
            .field("rows", &self.rows)
            .field("total", &self.total)
            .field("more", &self.next.is_some())
            .finish_non_exhaustive()
    }
}

/// All pages of a report, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The pages.
    pub pages: Vec<Page>,
}

impl Report {
    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.pages.iter().map(|page| page.rows).sum()
    }
}

#[derive(Deserialize)]
struct Written {
    next_page_token: Option<Text>,
    total_records: Option<Text>,
    participants: Vec<IgnoredAny>,
}

impl Zoom {
    /// The whole report of a running; if reading it takes too long for Zoom, from its beginning again.
    pub async fn fetch_report(&self, kind: ZoomKind, uuid: &str) -> Result<Report, ZoomError> {
        // Without an end to the time there is always an answer.
        self.fetch_report_while(kind, uuid, || true).await?.ok_or(ZoomError::Unaskable)
    }

    /// The same, for whoever may have to stop: `None` if there was no time left to begin one of its pages.
    pub async fn fetch_report_while(
        &self,
        kind: ZoomKind,
        uuid: &str,
        has_time: impl Fn() -> bool,
    ) -> Result<Option<Report>, ZoomError> {
        let mut beginnings = 1;
        loop {
            match self.fetch_pages(kind, uuid, &has_time).await {
                Err(ZoomError::PageExpired) if beginnings < MOST_BEGINNINGS => beginnings += 1,
                read => return read,
            }
        }
    }

    async fn fetch_pages(
        &self,
        kind: ZoomKind,
        uuid: &str,
        has_time: &impl Fn() -> bool,
    ) -> Result<Option<Report>, ZoomError> {
        if !has_time() {
            return Ok(None);
        }
        let mut pages = vec![self.fetch_report_page(kind, uuid, None).await?];
        let mut seen = BTreeSet::new();
        while let Some(cursor) = pages.last().and_then(|page| page.next.clone()) {
            if !has_time() {
                return Ok(None);
            }
            // A token that comes again would lead round for ever, and a cut report would look whole.
            if pages.len() >= MOST_PAGES || !seen.insert(cursor.token.clone()) {
                return Err(ZoomError::Unreadable);
            }
            pages.push(self.fetch_report_page(kind, uuid, Some(&cursor)).await?);
        }
        Ok(Some(Report { pages }))
    }

    /// One page: the first, or the one that a cursor leads to.
    pub async fn fetch_report_page(
        &self,
        kind: ZoomKind,
        uuid: &str,
        after: Option<&Cursor>,
    ) -> Result<Page, ZoomError> {
        let name = encode_uuid(uuid).ok_or(ZoomError::Unaskable)?;
        let Some(cursor) = after else {
            return self.fetch_first_page(kind, &name).await;
        };
        self.fetch_page(kind, &name, cursor.source, Some(&cursor.token)).await
    }

    async fn fetch_first_page(&self, kind: ZoomKind, name: &str) -> Result<Page, ZoomError> {
        let report = self.fetch_page(kind, name, ReportSource::Report, None).await;
        let lacks = match &report {
            Ok(page) => page.rows == 0 && page.next.is_none(),
            Err(ZoomError::NotFound | ZoomError::Refused { .. }) => true,
            Err(_) => false,
        };
        if !lacks {
            return report;
        }
        match self.fetch_page(kind, name, ReportSource::PastParticipants, None).await {
            // What Zoom knows for certain of it is nothing: the report's own answer says so better.
            Err(ZoomError::NotFound | ZoomError::Refused { .. } | ZoomError::ScopeMissing { .. }) => report,
            listed => listed,
        }
    }

    async fn fetch_page(
        &self,
        kind: ZoomKind,
        name: &str,
        source: ReportSource,
        token: Option<&str>,
    ) -> Result<Page, ZoomError> {
        let kinds = kind.plural();
        let path = match source {
            ReportSource::Report => format!("/report/{kinds}/{name}/participants"),
            ReportSource::PastParticipants => format!("/past_{kinds}/{name}/participants"),
        };
        // Without `include_fields` Zoom leaves out the one thing that it knows a registrant by.
        let mut path = format!("{path}?page_size={PAGE_ROWS}&include_fields=registrant_id");
        if let Some(token) = token {
            path.push_str(&format!("&next_page_token={}", encode(token)));
        }
        let raw = self.ask(&Ask::get(path)).await?;
        let written: Written = serde_json::from_slice(&raw).map_err(|_| ZoomError::Unreadable)?;
        let next = written.next_page_token.as_ref().and_then(Text::text);
        Ok(Page {
            source,
            rows: written.participants.len(),
            total: written.total_records.as_ref().and_then(Text::number),
            next: next.map(|token| Cursor { source, token: token.to_owned() }),
            raw: raw.to_vec(),
        })
    }
}
