//! Pictures of time: sessions as bars, breaks hatched, under each other where they are at the same time, as SVG made here with a
//! text equivalent. Lengths are in percent, so that words keep their size on a phone. It draws what it is told and counts nothing.

use domain::event::{Event, Segment, SegmentKind, Span, Zone};
use std::fmt::Write;

/// The height of a lane of bars, in pixels: a finger's, and one line of text.
const LANE: usize = 34;
/// The height of the axis below them, in pixels.
const AXIS: usize = 24;
/// More marks on the axis than this run into each other on a phone: 320 pixels, 60 for each.
const MOST_MARKS: i64 = 5;
/// How close a mark may come to either end, in thousandths of the picture: on a phone of 300 pixels an end's own mark reaches 60
/// pixels in, the other 30 to each side, and a blank parts them.
const APART: i64 = 330;
/// Steps between marks, in seconds.
const STEPS: [i64; 9] = [300, 900, 1_800, 3_600, 7_200, 10_800, 14_400, 21_600, 43_200];

/// A picture of a stretch of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    /// Its id on the page, of letters, digits and hyphens; each picture of a page has its own.
    pub id: String,
    /// What it shows: `Agenda of Wednesday, July 1, 2026`.
    pub title: String,
    /// Where it begins, in seconds since 1970.
    pub from: i64,
    /// Where it ends.
    pub to: i64,
    /// The clock of its axis.
    pub zone: Zone,
    /// What is in it, in any order.
    pub spans: Vec<Bar>,
}

/// A stretch in the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// From when to when.
    pub span: Span,
    /// How it looks.
    pub look: Look,
    /// What it is.
    pub label: String,
}

/// How a stretch looks. Each look differs by its pattern or outline too, never by its colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Time that counts: a full bar.
    Counts,
    /// Time that doesn't: hatched.
    Break,
    /// Time that somebody was there: a thin full bar.
    Stay,
    /// Time that somebody missed: an outline, marked.
    Missed,
}

impl Look {
    fn class(self) -> &'static str {
        match self {
            Look::Counts => "counts",
            Look::Break => "break",
            Look::Stay => "stay",
            Look::Missed => "missed",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Look::Counts => "instruction",
            Look::Break => "break",
            Look::Stay => "present",
            Look::Missed => "missed",
        }
    }
}

impl Timeline {
    /// An event's agenda: a picture for each of its days on which something happens, in its zone. None without an agenda.
    pub fn agenda_of(event: &Event) -> Vec<Self> {
        Self::agenda_in(event, &event.when.zone)
    }

    /// The same on a reader's clock.
    pub fn agenda_in(event: &Event, zone: &Zone) -> Vec<Self> {
        let mut days: Vec<Self> = Vec::new();
        let mut segments: Vec<&Segment> = event.agenda.iter().collect();
        segments.sort_by_key(|segment| (segment.starts_at, segment.ends_at));
        for segment in segments {
            let day = zone.day(segment.starts_at);
            let bar = Bar::of(segment);
            match days.last_mut().filter(|last| zone.day(last.from) == day) {
                Some(last) => {
                    last.to = last.to.max(segment.ends_at);
                    last.spans.push(bar);
                }
                None => days.push(Self {
                    id: format!("agenda-{day}"),
                    title: format!("Agenda of {}", day.strftime("%A, %B %-d, %Y")),
                    from: segment.starts_at,
                    to: segment.ends_at,
                    zone: zone.clone(),
                    spans: vec![bar],
                }),
            }
        }
        if let [only] = &mut days[..] {
            // The whole of an event of one day, with what its agenda leaves open.
            only.from = only.from.min(event.when.starts_at);
            only.to = only.to.max(event.when.ends_at);
        }
        days
    }

    /// The picture, to be put into a page as it is.
    pub fn svg(&self) -> String {
        let lanes = lanes(&self.spans);
        let count = lanes.iter().max().map_or(1, |most| most + 1);
        let (id, bottom) = (&self.id, count * LANE);
        let mut out = format!(
            "<svg class=\"timeline\" role=\"img\" aria-labelledby=\"{id}-title {id}-words\" width=\"100%\" height=\"{}\">\
             <title id=\"{id}-title\">{}</title><desc id=\"{id}-words\">{}</desc>\
             <defs><pattern id=\"{id}-hatch\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
             <rect class=\"hatch-ground\" width=\"8\" height=\"8\"/><rect class=\"hatch\" width=\"3\" height=\"8\"/></pattern></defs>",
            bottom + AXIS,
            escaped(&self.title),
            escaped(&self.words()),
        );
        for mark in self.marks() {
            let x = self.percent(mark);
            let _ = write!(out, "<line class=\"mark\" x1=\"{x}\" x2=\"{x}\" y1=\"0\" y2=\"{}\"/>", bottom + 4);
        }
        for (bar, lane) in self.spans.iter().zip(&lanes) {
            self.draw(bar, *lane, &mut out);
        }
        for mark in self.marks() {
            let anchor = if mark == self.from {
                "start"
            } else if mark == self.to {
                "end"
            } else {
                "middle"
            };
            let (x, y, time) = (self.percent(mark), bottom + AXIS - 5, self.time(mark));
            let _ = write!(out, "<text class=\"time\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{time}</text>");
        }
        out.push_str("</svg>");
        out
    }

    /// The same in words: `9:00 AM to 10:00 AM: Ethics (instruction); …`.
    pub fn words(&self) -> String {
        let mut spans: Vec<&Bar> = self.spans.iter().collect();
        spans.sort_by_key(|bar| bar.span);
        let words = |bar: &&Bar| {
            let (from, to) = (self.time(bar.span.from), self.time(bar.span.to));
            let word = bar.look.word();
            if bar.label.is_empty() || bar.label.eq_ignore_ascii_case(word) {
                format!("{from} to {to}: {word}")
            } else {
                format!("{from} to {to}: {} ({word})", bar.label)
            }
        };
        spans.iter().map(words).collect::<Vec<_>>().join("; ")
    }

    /// A bar with its name in it, cut off where the bar ends.
    fn draw(&self, bar: &Bar, lane: usize, out: &mut String) {
        let (from, to) = (bar.span.from.clamp(self.from, self.to), bar.span.to.clamp(self.from, self.to));
        if to <= from {
            return;
        }
        let (x, width) = (self.percent(from), self.percent(self.from + (to - from)));
        let (thin, class) = (matches!(bar.look, Look::Stay | Look::Missed), bar.look.class());
        let (top, height) = (lane * LANE + if thin { 10 } else { 3 }, if thin { LANE - 20 } else { LANE - 6 });
        let hatch = if bar.look == Look::Break { format!(" fill=\"url(#{}-hatch)\"", self.id) } else { String::new() };
        let label = if thin || bar.look == Look::Break { String::new() } else { escaped(&bar.label) };
        let _ = write!(
            out,
            "<svg x=\"{x}\" y=\"{top}\" width=\"{width}\" height=\"{height}\">\
             <rect class=\"{class}\" width=\"100%\" height=\"100%\" rx=\"2\"{hatch}/>\
             <text x=\"7\" y=\"19\">{label}</text></svg>",
        );
    }

    /// A moment's place from the left.
    fn percent(&self, at: i64) -> String {
        let whole = (self.to - self.from).max(1);
        let hundredths = ((at - self.from).clamp(0, whole)).saturating_mul(10_000) / whole;
        format!("{}.{:02}%", hundredths / 100, hundredths % 100)
    }

    /// Both ends, and round times between them that leave room.
    fn marks(&self) -> Vec<i64> {
        let length = (self.to - self.from).max(1);
        let step = STEPS.into_iter().find(|step| length / step <= MOST_MARKS).unwrap_or(86_400);
        let local = self.zone.local(self.from);
        let since_midnight =
            i64::from(local.hour()) * 3_600 + i64::from(local.minute()) * 60 + i64::from(local.second());
        let first = self.from + (step - since_midnight % step) % step;
        let between = (0..=MOST_MARKS).map(|mark| first + mark * step);
        let has_room =
            |at: &i64| (at - self.from) * 1_000 >= APART * length && (self.to - at) * 1_000 >= APART * length;
        let mut marks = vec![self.from];
        marks.extend(between.filter(has_room));
        marks.push(self.to);
        marks
    }

    fn time(&self, at: i64) -> String {
        self.zone.local(at).strftime("%-I:%M %p").to_string()
    }
}

impl Bar {
    /// A part of an agenda.
    pub fn of(segment: &Segment) -> Self {
        let look = match segment.kind {
            SegmentKind::Instruction => Look::Counts,
            SegmentKind::Break => Look::Break,
        };
        Self { span: segment.span(), look, label: segment.title.clone() }
    }
}

/// The lane of each bar: the first that is free, except that a break stands in the lane of the session that it is taken from.
fn lanes(spans: &[Bar]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..spans.len()).collect();
    order.sort_by_key(|place| (spans[*place].look != Look::Counts, spans[*place].span));
    let mut ends: Vec<i64> = Vec::new();
    let mut lanes = vec![0; spans.len()];
    for place in order {
        let bar = &spans[place];
        if bar.look != Look::Counts {
            continue;
        }
        let free = ends.iter().position(|end| *end <= bar.span.from);
        let lane = free.unwrap_or(ends.len());
        match ends.get_mut(lane) {
            Some(end) => *end = bar.span.to,
            None => ends.push(bar.span.to),
        }
        lanes[place] = lane;
    }
    lanes
}

/// Text as it may stand in markup.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const NINE: i64 = 1_782_910_800; // 2026-07-01T13:00:00Z: nine o'clock in New York

    fn bar(from: i64, to: i64, look: Look, label: &str) -> Bar {
        Bar { span: Span { from: NINE + from * 60, to: NINE + to * 60 }, look, label: label.to_owned() }
    }

    fn morning(spans: Vec<Bar>) -> Timeline {
        let zone = Zone::parse("America/New_York").unwrap();
        Timeline { id: "day".into(), title: "Agenda".into(), from: NINE, to: NINE + 3 * 3_600, zone, spans }
    }

    #[test]
    fn a_picture_says_in_words_what_it_shows() {
        let day = morning(vec![
            bar(75, 180, Look::Counts, "Part <two>"),
            bar(0, 60, Look::Counts, "Part one"),
            bar(60, 75, Look::Break, ""),
        ]);
        assert_eq!(
            day.words(),
            "9:00 AM to 10:00 AM: Part one (instruction); 10:00 AM to 10:15 AM: break; 10:15 AM to 12:00 PM: Part <two> (instruction)"
        );
        let svg = day.svg();
        assert!(svg.contains("Part &lt;two&gt;") && !svg.contains("<two>"), "{svg}");
        assert!(svg.contains("x=\"33.33%\" y=\"3\" width=\"8.33%\""), "{svg}");
        assert!(svg.contains("class=\"break\"") && svg.contains("url(#day-hatch)"), "{svg}");
    }

    #[test]
    fn sessions_at_the_same_time_stand_below_each_other() {
        let spans = [bar(0, 60, Look::Counts, "A"), bar(30, 90, Look::Counts, "B"), bar(60, 120, Look::Counts, "C")];
        assert_eq!(lanes(&spans), [0, 1, 0]);
    }

    #[test]
    fn the_axis_has_both_ends_and_round_times_between() {
        let times: Vec<_> = morning(vec![]).marks().into_iter().map(|at| morning(vec![]).time(at)).collect();
        assert_eq!(times, ["9:00 AM", "10:00 AM", "11:00 AM", "12:00 PM"]);
    }
}
