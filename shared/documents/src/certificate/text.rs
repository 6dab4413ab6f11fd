//! Text into lines of glyphs: ordered by the bidirectional algorithm, cut into runs of one font, shaped, broken into lines.
//!
//! A sign that no font has is an error here, never a box. Signs that only steer (overrides, isolates, marks of direction) are left
//! out: they print nothing and could make a name read as another.

use super::{
    Part, RenderError,
    fonts::{Fonts, Loaded, Look, Manner, NoFont, Placed},
    scripts::Writing,
};
use std::{collections::BTreeSet, ops::Range};
use unicode_bidi::{BidiInfo, Level};

/// A text that is ready to be set in any size and width.
pub(super) struct Shaped {
    /// The text as it prints.
    pub(super) text: String,
    pieces: Vec<Piece>,
    clusters: Vec<Cluster>,
}

/// A run of one font and direction, in the text's order.
struct Piece {
    font: &'static Loaded,
    level: Level,
    range: Range<usize>,
    /// In the order in which they are drawn.
    glyphs: Vec<Placed>,
}

/// The smallest part of a text that keeps its shape alone.
struct Cluster {
    start: usize,
    width: f32,
    /// A line may end behind it.
    breaks: bool,
    is_space: bool,
}

/// Glyphs of one font, next to one another.
pub(super) struct Slice<'a> {
    piece: &'a Piece,
    /// In the order in which they are drawn.
    pub(super) glyphs: &'a [Placed],
}

impl Shaped {
    /// Shapes a text. Gaps of all sorts become single blanks.
    pub(super) fn new(fonts: &Fonts, look: Look, part: Part, raw: &str) -> Result<Self, RenderError> {
        let text = printed(raw);
        let levels = levels(&text);
        let language = language(&text);
        let mut missing = BTreeSet::new();
        let mut pieces = Vec::new();
        for run in runs(fonts, look, &text, &levels).map_err(|problem| RenderError::NoFont { part, problem })? {
            let part = &text[run.range.clone()];
            let is_plain = part.chars().all(is_whole);
            let manner = Manner { writing: run.writing, rtl: run.level.is_rtl(), language, is_plain };
            let glyphs = run.font.shape(part, run.range.start, manner);
            missing.extend(glyphs.iter().filter(|glyph| glyph.id == 0).map(|glyph| glyph.start));
            pieces.push(Piece { font: run.font, level: run.level, range: run.range, glyphs });
        }
        if !missing.is_empty() {
            let characters = missing.iter().filter_map(|start| text[*start..].chars().next()).collect();
            return Err(RenderError::MissingGlyphs { part, characters });
        }
        let clusters = clusters(&text, &pieces);
        Ok(Self { text, pieces, clusters })
    }

    /// Whether there is nothing to set.
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether all its fonts are built in.
    pub(super) fn is_built_in(&self) -> bool {
        self.pieces.iter().all(|piece| piece.font.is_built_in)
    }

    /// Whether it has letters with signs above and below them.
    pub(super) fn is_tall(&self) -> bool {
        self.text.chars().filter_map(Writing::of).any(Writing::is_tall)
    }

    /// How wide it is in one line, in parts of its size.
    pub(super) fn width(&self) -> f32 {
        self.clusters.iter().map(|cluster| cluster.width).sum()
    }

    /// Breaks it into lines that are at most so wide, in parts of its size.
    pub(super) fn lines(&self, widest: f32) -> Vec<Line> {
        let mut lines = Vec::new();
        let (mut first, mut width, mut at) = (0, 0.0_f32, 0);
        // The last place to break at, and how wide the line is up to there.
        let mut last: Option<usize> = None;
        while let Some(cluster) = self.clusters.get(at) {
            if !cluster.is_space && width + cluster.width > widest && at > first {
                let next = last.map_or(at, |last| last + 1);
                lines.push(self.line(first, next));
                (first, width, last, at) = (next, 0.0, None, next);
                continue;
            }
            width += cluster.width;
            if cluster.breaks {
                last = Some(at);
            }
            at += 1;
        }
        if first < self.clusters.len() {
            lines.push(self.line(first, self.clusters.len()));
        }
        lines
    }

    /// The same number of lines, but about equally long: for what stands in the middle.
    pub(super) fn balanced(&self, widest: f32) -> Vec<Line> {
        let lines = self.lines(widest);
        if lines.len() < 2 {
            return lines;
        }
        let (mut low, mut high) = (self.width() / (lines.len() + 1) as f32, widest);
        // Eight halvings are as near as the eye sees: a 256th of the width.
        for _ in 0..8 {
            let middle = f32::midpoint(low, high);
            if self.lines(middle).len() > lines.len() { low = middle } else { high = middle }
        }
        self.lines(high)
    }

    fn line(&self, first: usize, next: usize) -> Line {
        let inner = &self.clusters[first..next];
        let kept = inner.iter().rposition(|cluster| !cluster.is_space).map_or(0, |last| last + 1);
        let width = inner[..kept].iter().map(|cluster| cluster.width).sum();
        let byte = |place: usize| self.clusters.get(place).map_or(self.text.len(), |cluster| cluster.start);
        let (start, end) = (byte(first), byte(first + kept));
        // The blank at the end parts the words for those who have the text read out; from right to left it would shift the line.
        let goes_left = self.pieces.iter().any(|piece| piece.level.is_rtl() && overlaps(&piece.range, &(start..end)));
        Line { range: start..if goes_left { end } else { byte(next) }, width }
    }

    /// What is drawn for a line, from left to right.
    pub(super) fn slices(&self, line: &Line) -> Vec<Slice<'_>> {
        let inside: Vec<&Piece> = self.pieces.iter().filter(|piece| overlaps(&piece.range, &line.range)).collect();
        let levels: Vec<Level> = inside.iter().map(|piece| piece.level).collect();
        let slice = |place: usize| {
            let piece = inside[place];
            let is_in = |glyph: &Placed| line.range.contains(&glyph.start);
            let first = piece.glyphs.iter().position(is_in).unwrap_or(0);
            let next = piece.glyphs.iter().rposition(is_in).map_or(first, |last| last + 1);
            Slice { piece, glyphs: &piece.glyphs[first..next] }
        };
        BidiInfo::reorder_visual(&levels).into_iter().map(slice).collect()
    }
}

impl Slice<'_> {
    /// Its font.
    pub(super) fn font(&self) -> &'static Loaded {
        self.piece.font
    }

    /// The bytes of the text that each of its glyphs stands for.
    pub(super) fn ranges(&self) -> Vec<Range<usize>> {
        let mut starts: Vec<usize> = self.piece.glyphs.iter().map(|glyph| glyph.start).collect();
        starts.sort_unstable();
        let end = |start: usize| {
            let next = starts.partition_point(|other| *other <= start);
            starts.get(next).copied().unwrap_or(self.piece.range.end)
        };
        self.glyphs.iter().map(|glyph| glyph.start..end(glyph.start)).collect()
    }
}

/// A line: a part of the text, and how wide it is in parts of its size.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub(super) range: Range<usize>,
    pub(super) width: f32,
}

fn overlaps(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

/// Whether a sign is one glyph that takes no marks: the letters of western Europe, Greek and Russian ones without accents.
fn is_whole(sign: char) -> bool {
    matches!(sign, ' '..='\u{ff}' | 'Ā'..='ž' | '‐'..='”' | 'А'..='я')
}

/// The text as it prints: single blanks, and nothing that only steers.
pub(super) fn printed(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    for sign in raw.chars().filter(|sign| !steers(*sign)) {
        let is_gap = sign.is_whitespace() && sign != '\u{a0}';
        if !is_gap {
            text.push(sign);
        } else if !text.is_empty() && !text.ends_with(' ') {
            text.push(' ');
        }
    }
    text.truncate(text.trim_end_matches(' ').len());
    text
}

/// Signs that print nothing and change how others read. The joiners aren't among them: Persian and Sinhala are spelled with them.
fn steers(sign: char) -> bool {
    matches!(
        sign,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
    )
}

/// The level of each byte; none where all is written from left to right, as most texts are.
fn levels(text: &str) -> Vec<Level> {
    /// The first sign that is written from right to left.
    const HEBREW: char = '\u{590}';
    let goes_right = text.chars().all(|sign| sign < HEBREW);
    if goes_right { Vec::new() } else { BidiInfo::new(text, None).levels }
}

/// The language whose forms Chinese characters take beside kana or hangul.
fn language(text: &str) -> Option<&'static str> {
    /// The first sign of the East Asian blocks.
    const CJK: char = '\u{1100}';
    text.chars().filter(|sign| *sign >= CJK).find_map(|sign| match Writing::of(sign) {
        Some(Writing::Kana) => Some("ja"),
        Some(Writing::Hangul) => Some("ko"),
        _ => None,
    })
}

struct Run {
    font: &'static Loaded,
    writing: Writing,
    level: Level,
    range: Range<usize>,
}

/// Cuts a text into runs of one font, script and direction. What scripts share stays with the signs before it.
fn runs(fonts: &Fonts, look: Look, text: &str, levels: &[Level]) -> Result<Vec<Run>, NoFont> {
    let mut runs: Vec<Run> = Vec::new();
    let first = text.chars().find_map(Writing::of).unwrap_or(Writing::Latin);
    for (at, sign) in text.char_indices() {
        let level = levels.get(at).copied().unwrap_or_else(Level::ltr);
        let before = runs.last().map(|run| (run.font, run.writing));
        let (font, writing) = font_for(fonts, look, sign, before, first)?;
        let end = at + sign.len_utf8();
        match runs.last_mut() {
            Some(run) if std::ptr::eq(run.font, font) && run.writing == writing && run.level == level => {
                run.range.end = end;
            }
            _ => runs.push(Run { font, writing, level, range: at..end }),
        }
    }
    Ok(runs)
}

type Choice = (&'static Loaded, Writing);

/// The font for a sign. One that scripts share stays with the font beside it if that has the sign, else it is taken from the Latin
/// ones, else from the one with the wide punctuation. What no font has stays where it is, and the shaper says so.
fn font_for(fonts: &Fonts, look: Look, sign: char, before: Option<Choice>, first: Writing) -> Result<Choice, NoFont> {
    let own = Writing::of(sign);
    let writing = own.or(before.map(|(_, writing)| writing)).unwrap_or(first);
    let font = match before {
        Some((font, same)) if same == writing && writing > Writing::Cyrillic => font,
        _ => fonts.find(look, writing)?,
    };
    // Every Latin font has these: a test says so.
    let is_common = u32::from(sign) < 0x250 && writing <= Writing::Cyrillic;
    if is_common
        || own.is_some_and(|own| own > Writing::Cyrillic)
        || matches!(sign, '\u{200c}' | '\u{200d}')
        || font.has(sign)
    {
        return Ok((font, writing));
    }
    let latin = if writing <= Writing::Cyrillic { writing } else { Writing::Latin };
    for look in [look, Look::Plain] {
        let font = fonts.find(look, latin)?;
        if font.has(sign) {
            return Ok((font, latin));
        }
    }
    match u32::from(sign) {
        0x3000..=0x303f | 0xff00..=0xffef => Ok((fonts.find(look, Writing::Han)?, Writing::Han)),
        _ => Ok((font, writing)),
    }
}

/// The clusters of a text, in its order.
fn clusters(text: &str, pieces: &[Piece]) -> Vec<Cluster> {
    let mut clusters: Vec<Cluster> = Vec::with_capacity(text.len());
    for piece in pieces {
        let mut add = |glyph: &Placed| match clusters.last_mut() {
            Some(last) if last.start == glyph.start => last.width += glyph.advance,
            _ => clusters.push(Cluster { start: glyph.start, width: glyph.advance, breaks: false, is_space: false }),
        };
        if piece.level.is_rtl() {
            piece.glyphs.iter().rev().for_each(&mut add);
        } else {
            piece.glyphs.iter().for_each(&mut add);
        }
    }
    for place in 0..clusters.len() {
        let start = clusters[place].start;
        let end = clusters.get(place + 1).map_or(text.len(), |next| next.start);
        let own = &text[start..end];
        clusters[place].is_space = own == " ";
        clusters[place].breaks = may_break(own, text[end..].chars().next());
    }
    clusters
}

/// Whether a line may end between these signs and the next.
fn may_break(own: &str, next: Option<char>) -> bool {
    let (Some(last), Some(next)) = (own.chars().next_back(), next) else { return true };
    if next == ' ' {
        return false;
    }
    if last == ' ' {
        return true;
    }
    if matches!(last, '-' | '–' | '—' | '\u{2010}' | '/') {
        return next.is_alphanumeric();
    }
    let is_wide = |sign: char| Writing::of(sign).is_some_and(Writing::breaks_anywhere);
    is_wide(last)
        && is_wide(next)
        && !matches!(next, '々' | 'ー' | 'っ' | 'ッ' | 'ゃ' | 'ゅ' | 'ょ' | 'ャ' | 'ュ' | 'ョ')
}
