//! One thing that isn't as the event needs it: a sentence, and where at Zoom it is cured.

/// How bad it is. The order is that in which people want to read them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The event can't take place like this, or nobody could be credited.
    Wrong,
    /// It works, and somebody will be surprised.
    Warning,
    /// Good to know.
    Note,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub level: Level,
    /// Its name, which stays when the words change.
    pub code: &'static str,
    /// What is so, and why it matters.
    pub says: String,
    /// Where in Zoom's settings to change it.
    pub cure: &'static str,
}

impl Finding {
    pub(super) fn wrong(code: &'static str, says: impl Into<String>, cure: &'static str) -> Self {
        Self { level: Level::Wrong, code, says: says.into(), cure }
    }

    pub(super) fn warning(code: &'static str, says: impl Into<String>, cure: &'static str) -> Self {
        Self { level: Level::Warning, code, says: says.into(), cure }
    }

    pub(super) fn note(code: &'static str, says: impl Into<String>, cure: &'static str) -> Self {
        Self { level: Level::Note, code, says: says.into(), cure }
    }
}
