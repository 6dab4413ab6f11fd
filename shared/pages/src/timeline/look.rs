//! How stretches of time look. Each look differs by its pattern or outline too, never by its colour alone.

/// How a stretch looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Look {
    /// Time that counts: a full bar.
    Counts,
    /// Time that doesn't: hatched.
    Break,
    /// Time when the meeting was closed: dotted.
    Closed,
    /// Time that somebody was there: a thin full bar.
    Stay,
    /// The same before or after the event: a thin outline.
    Outside,
    /// Time in the waiting room: thin, in upright stripes.
    Waiting,
    /// Time that somebody missed: a dashed outline, marked.
    Missed,
    /// Time when the meeting was open: a thin full bar in grey.
    Open,
    /// Time that is proposed: a thin outline in long dashes.
    Suggested,
}

impl Look {
    /// Its name in the style.
    pub(super) fn class(self) -> &'static str {
        match self {
            Look::Counts => "counts",
            Look::Break => "break",
            Look::Closed => "closed",
            Look::Stay => "stay",
            Look::Outside => "outside",
            Look::Waiting => "waiting",
            Look::Missed => "missed",
            Look::Open => "open",
            Look::Suggested => "suggested",
        }
    }

    /// What it says.
    pub fn word(self) -> &'static str {
        match self {
            Look::Counts => "instruction",
            Look::Break => "break",
            Look::Closed => "meeting closed",
            Look::Stay => "present",
            Look::Outside => "present before or after the event, which doesn't count",
            Look::Waiting => "in the waiting room",
            Look::Missed => "missed",
            Look::Open => "meeting open",
            Look::Suggested => "suggested",
        }
    }

    /// Whether it fills its lane.
    pub(super) fn is_block(self) -> bool {
        matches!(self, Look::Counts | Look::Break | Look::Closed)
    }

    /// Whether it may stand in a lane that is named by something else, so that a key has to say what it is.
    pub(super) fn needs_a_key(self) -> bool {
        matches!(self, Look::Break | Look::Closed | Look::Outside)
    }

    /// The pattern that it is filled with: its name, its turn, and the path of one tile of 8 by 8 pixels.
    pub(super) fn pattern(self) -> Option<Pattern> {
        match self {
            Look::Break => Some(Pattern { name: "hatch", turn: 45, tile: "M0 0h3v8h-3z" }),
            Look::Closed => Some(Pattern { name: "dots", turn: 0, tile: "M1 1h2.5v2.5h-2.5zM5 5h2.5v2.5h-2.5z" }),
            Look::Waiting => Some(Pattern { name: "stripes", turn: 0, tile: "M1 0h2v8h-2zM5 0h2v8h-2z" }),
            Look::Counts | Look::Stay | Look::Outside | Look::Missed | Look::Open | Look::Suggested => None,
        }
    }
}

/// What fills a bar where its colour alone would say too little.
pub(super) struct Pattern {
    pub(super) name: &'static str,
    pub(super) turn: u16,
    pub(super) tile: &'static str,
}
