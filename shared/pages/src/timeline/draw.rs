//! The SVG of a picture: lanes below each other, each with its bars and what is marked at them, and the axis at the bottom.

use super::{Bar, Lane, Look, Timeline, axis::percent};
use domain::event::Span;
use std::{collections::BTreeSet, fmt::Write};

/// The height of a row of full bars, in pixels: a finger's, and one line of text.
const ROW: usize = 34;
/// The height of a lane that has only thin bars, in pixels.
const THIN_ROW: usize = 22;
/// The height of a line of text above or below bars, in pixels.
const LINE: usize = 18;
/// The height of the axis below them, in pixels.
const AXIS: usize = 24;
/// With more bars than these a picture doesn't tell each in words, of some 60 bytes: a page is 60 KB, and its lists tell them
/// anyway. More than the agenda of a day in a conference has.
const MOST_DESCRIBED: usize = 120;
/// A letter of a mark in hundredths of a percent: 7.5 pixels on a phone of 300.
const LETTER: i64 = 250;

impl Timeline {
    /// The picture, to be put into a page as it is.
    pub fn svg(&self) -> String {
        let (id, clock) = (&self.id, self.clock());
        let bottom: usize = self.lanes.iter().map(Lane::height).sum::<usize>().max(ROW);
        let mut out = format!(
            "<svg class=\"timeline\" role=\"img\" aria-labelledby=\"{id}-title {id}-words\" width=\"100%\" height=\"{}\">\
             <title id=\"{id}-title\">{}</title><desc id=\"{id}-words\">{}</desc>",
            bottom + AXIS,
            escaped(&self.title),
            escaped(&self.described()),
        );
        self.define_patterns(&mut out);
        let marks = self.marks(&clock);
        for mark in &marks {
            let x = percent(self.place(*mark));
            let _ = write!(out, "<line class=\"mark\" x1=\"{x}\" x2=\"{x}\" y1=\"0\" y2=\"{}\"/>", bottom + 4);
        }
        let mut top = 0;
        for lane in &self.lanes {
            self.draw_lane(lane, top, &mut out);
            top += lane.height();
        }
        for mark in marks {
            let (x, y, anchor) = (percent(self.place(mark)), bottom + AXIS - 5, self.anchor(mark));
            let time = clock.time_of_day(mark);
            let _ = write!(out, "<text class=\"time\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{time}</text>");
        }
        out.push_str("</svg>");
        out
    }

    /// What the looks say that no lane is named by, as a list of HTML beside the picture, whose patterns it uses. Empty if there is
    /// none of them.
    pub fn key(&self) -> String {
        let looks: BTreeSet<Look> = self.bars().map(|bar| bar.look).filter(|look| look.needs_a_key()).collect();
        if looks.is_empty() {
            return String::new();
        }
        let mut out = String::from("<ul class=\"key\">");
        for look in looks {
            let (class, fill) = (look.class(), self.fill(look));
            let (y, height) = if look.is_block() { (1, 14) } else { (3, 10) };
            let _ = write!(
                out,
                "<li><svg class=\"timeline\" width=\"26\" height=\"16\" aria-hidden=\"true\" focusable=\"false\">\
                 <rect class=\"{class}\" x=\"1\" y=\"{y}\" width=\"24\" height=\"{height}\"{fill}/></svg> {}</li>",
                look.word(),
            );
        }
        out.push_str("</ul>");
        out
    }

    /// The words that belong to the picture itself.
    fn described(&self) -> String {
        match self.bars().count() {
            ..=MOST_DESCRIBED => self.words(),
            many => format!("{many} stretches of time, more than are told here: each stands in the list beside."),
        }
    }

    fn define_patterns(&self, out: &mut String) {
        let looks: BTreeSet<Look> = self.bars().map(|bar| bar.look).collect();
        let patterns: Vec<_> = looks.into_iter().filter_map(Look::pattern).collect();
        if patterns.is_empty() {
            return;
        }
        out.push_str("<defs>");
        for pattern in patterns {
            let _ = write!(
                out,
                "<pattern id=\"{}-{}\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate({})\">\
                 <rect class=\"hatch-ground\" width=\"8\" height=\"8\"/><path class=\"hatch\" d=\"{}\"/></pattern>",
                self.id, pattern.name, pattern.turn, pattern.tile,
            );
        }
        out.push_str("</defs>");
    }

    fn draw_lane(&self, lane: &Lane, top: usize, out: &mut String) {
        let mut top = top;
        if !lane.name.is_empty() {
            let _ = write!(out, "<text class=\"lane\" x=\"0\" y=\"{}\">{}</text>", top + 13, escaped(&lane.name));
            top += LINE;
        }
        for (bar, row) in lane.spans.iter().zip(rows(&lane.spans)) {
            self.draw(bar, top + row * ROW, out);
        }
        self.draw_marks(lane, top + lane.bars_height() + 12, out);
    }

    /// A bar with its name in it, cut off where the bar ends. However short, its outline keeps it visible.
    fn draw(&self, bar: &Bar, top: usize, out: &mut String) {
        let Some((from, to)) = self.ends(bar.span) else { return };
        let (x, width, class) = (percent(from), percent((to - from).max(1)), bar.look.class());
        let (top, height) = if bar.look.is_block() { (top + 3, ROW - 6) } else { (top + 4, THIN_ROW - 8) };
        let fill = self.fill(bar.look);
        let _ = write!(
            out,
            "<rect class=\"{class}\" x=\"{x}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" rx=\"2\"{fill}/>"
        );
        if bar.look == Look::Counts && !bar.label.is_empty() {
            let _ = write!(
                out,
                "<svg x=\"{x}\" y=\"{top}\" width=\"{width}\" height=\"{height}\"><text x=\"7\" y=\"19\">{}</text></svg>",
                escaped(&bar.label),
            );
        }
    }

    /// What is marked below a lane's bars: all of it where there is room, else its first word, else nothing.
    fn draw_marks(&self, lane: &Lane, y: usize, out: &mut String) {
        let mut marked: Vec<(i64, &str)> = Vec::new();
        for bar in lane.spans.iter().filter(|bar| !bar.mark.is_empty()) {
            if let Some((from, to)) = self.ends(bar.span) {
                marked.push(((from + to) / 2, &bar.mark));
            }
        }
        marked.sort_unstable();
        let mut free = 0;
        for (place, (middle, mark)) in marked.iter().enumerate() {
            let short = mark.split(' ').next().unwrap_or_default();
            // The next one's first word comes before this one's others.
            let end = marked
                .get(place + 1)
                .map_or(10_000, |(next, mark)| next - half(mark.split(' ').next().unwrap_or_default()));
            for (text, end) in [(*mark, end), (short, 10_000)] {
                let half = half(text);
                let middle = (*middle).clamp(half, 10_000 - half);
                if middle - half >= free && middle + half <= end {
                    let (x, text) = (percent(middle), escaped(text));
                    let _ = write!(out, "<text class=\"at\" x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">{text}</text>");
                    free = middle + half;
                    break;
                }
            }
        }
    }

    /// The places of both ends of what is seen of a span; nothing if nothing is.
    fn ends(&self, span: Span) -> Option<(i64, i64)> {
        let (from, to) = (span.from.max(self.from), span.to.min(self.to));
        (from < to).then(|| (self.place(from), self.place(to)))
    }

    fn fill(&self, look: Look) -> String {
        look.pattern().map(|pattern| format!(" fill=\"url(#{}-{})\"", self.id, pattern.name)).unwrap_or_default()
    }
}

impl Lane {
    fn height(&self) -> usize {
        let line = |is_there: bool| if is_there { LINE } else { 0 };
        line(!self.name.is_empty()) + self.bars_height() + line(self.spans.iter().any(|bar| !bar.mark.is_empty()))
    }

    fn bars_height(&self) -> usize {
        if self.spans.iter().any(|bar| bar.look.is_block()) {
            rows(&self.spans).iter().max().map_or(1, |most| most + 1) * ROW
        } else {
            THIN_ROW
        }
    }
}

/// Half of the room that a mark takes, with a blank.
fn half(mark: &str) -> i64 {
    let letters = i64::try_from(mark.chars().count()).unwrap_or(i64::MAX);
    (letters.saturating_add(1).saturating_mul(LETTER) / 2).min(5_000)
}

/// The row of each bar: the first that is free, except that a break stands in the row of the session that it is taken from.
fn rows(spans: &[Bar]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..spans.len()).collect();
    order.sort_by_key(|place| (spans[*place].look != Look::Counts, spans[*place].span));
    let mut ends: Vec<i64> = Vec::new();
    let mut rows = vec![0; spans.len()];
    for place in order {
        let bar = &spans[place];
        if bar.look != Look::Counts {
            continue;
        }
        let free = ends.iter().position(|end| *end <= bar.span.from);
        let row = free.unwrap_or(ends.len());
        match ends.get_mut(row) {
            Some(end) => *end = bar.span.to,
            None => ends.push(bar.span.to),
        }
        rows[place] = row;
    }
    rows
}

/// Text as it may stand in markup. Letters that turn the order of what follows around are left out: a name must not reach
/// beyond itself.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_at_the_same_time_stand_below_each_other() {
        let bar = |from, to| Bar::new(Span { from, to }, Look::Counts, "");
        assert_eq!(rows(&[bar(0, 60), bar(30, 90), bar(60, 120)]), [0, 1, 0]);
    }
}
