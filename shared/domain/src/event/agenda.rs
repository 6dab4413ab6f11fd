//! What happens in an event: sessions and breaks, each with its time.

use super::Span;
use serde::{Deserialize, Serialize};

/// A conference of a week with a dozen sessions a day.
pub const MOST_SEGMENTS: usize = 100;
/// As long as a line of a page.
pub const LONGEST_SEGMENT_TITLE: usize = 200;

/// A part of the agenda.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// What it is about; a break's may be empty.
    pub title: String,
    /// Whether it counts.
    pub kind: SegmentKind,
    /// When it begins, in seconds since 1970.
    pub starts_at: i64,
    /// When it ends, in seconds since 1970.
    pub ends_at: i64,
}

impl Segment {
    /// Its time.
    pub fn span(&self) -> Span {
        Span { from: self.starts_at, to: self.ends_at }
    }
}

/// Whether a part of the agenda counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SegmentKind {
    /// It counts.
    Instruction,
    /// It doesn't: breaks, meals, announcements.
    Break,
}

impl SegmentKind {
    /// Both kinds.
    pub const ALL: [SegmentKind; 2] = [SegmentKind::Instruction, SegmentKind::Break];

    /// Its name in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            SegmentKind::Instruction => "instruction",
            SegmentKind::Break => "break",
        }
    }

    /// Reads its name.
    pub fn parse(raw: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == raw.trim())
    }

    /// What pages call it.
    pub fn title(self) -> &'static str {
        match self {
            SegmentKind::Instruction => "Instruction",
            SegmentKind::Break => "Break",
        }
    }
}
