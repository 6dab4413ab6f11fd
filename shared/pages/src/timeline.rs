//! Pictures of time: sessions as bars, breaks hatched, under each other where they are at the same time, as SVG made here with a
//! text equivalent. Lengths are in percent, so that words keep their size on a phone. It draws what it is told and counts nothing.

mod axis;
mod clock;
mod draw;
mod look;

pub use clock::Clock;
pub use look::Look;

use domain::event::{Event, Segment, SegmentKind, Span, Zone};

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
    /// The stretch whose ends its axis names: all of it, or what the rest lies about.
    pub marked: Span,
    /// The clock of its axis.
    pub zone: Zone,
    /// What is in it, from top to bottom.
    pub lanes: Vec<Lane>,
}

/// What belongs together in a picture.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lane {
    /// What stands above it; nothing stands there if it is empty.
    pub name: String,
    /// Its bars, in any order.
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
    /// What stands below it, such as `2 away`: only its first word where there is no room for more.
    pub mark: String,
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
            match days.last_mut().filter(|last| zone.day(last.from) == day) {
                Some(last) => {
                    last.to = last.to.max(segment.ends_at);
                    last.lanes[0].spans.push(Bar::of(segment));
                }
                None => days.push(Self {
                    id: format!("agenda-{day}"),
                    title: format!("Agenda of {}", day.strftime("%A, %B %-d, %Y")),
                    from: segment.starts_at,
                    to: segment.ends_at,
                    marked: segment.span(),
                    zone: zone.clone(),
                    lanes: vec![Lane { name: String::new(), spans: vec![Bar::of(segment)] }],
                }),
            }
        }
        if let [only] = &mut days[..] {
            // The whole of an event of one day, with what its agenda leaves open.
            only.from = only.from.min(event.when.starts_at);
            only.to = only.to.max(event.when.ends_at);
        }
        for day in &mut days {
            day.marked = Span { from: day.from, to: day.to };
        }
        days
    }

    /// The same in words: `9:00 AM to 10:00 AM: Ethics (instruction); …`.
    pub fn words(&self) -> String {
        let clock = self.clock();
        let mut spans: Vec<&Bar> = self.bars().collect();
        spans.sort_by_key(|bar| bar.span);
        spans.iter().map(|bar| bar.words(&clock)).collect::<Vec<_>>().join("; ")
    }

    fn bars(&self) -> impl Iterator<Item = &Bar> {
        self.lanes.iter().flat_map(|lane| &lane.spans)
    }

    /// The clock of all that is told: a stay may have begun before the picture does.
    fn clock(&self) -> Clock {
        let from = self.bars().map(|bar| bar.span.from).min().unwrap_or(self.from);
        let to = self.bars().map(|bar| bar.span.to).max().unwrap_or(self.to);
        Clock::over(&self.zone, Span { from: from.min(self.from), to: to.max(self.to) })
    }
}

impl Bar {
    /// A stretch without a mark.
    pub fn new(span: Span, look: Look, label: impl Into<String>) -> Self {
        Self { span, look, label: label.into(), mark: String::new() }
    }

    /// A part of an agenda.
    pub fn of(segment: &Segment) -> Self {
        let look = match segment.kind {
            SegmentKind::Instruction => Look::Counts,
            SegmentKind::Break => Look::Break,
        };
        Self::new(segment.span(), look, segment.title.clone())
    }

    fn words(&self, clock: &Clock) -> String {
        let (times, word) = (clock.span(self.span), self.look.word());
        if self.label.is_empty() || self.label.eq_ignore_ascii_case(word) {
            format!("{times}: {word}")
        } else {
            format!("{times}: {} ({word})", self.label)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NINE: i64 = 1_782_910_800; // 2026-07-01T13:00:00Z: nine o'clock in New York

    fn bar(from: i64, to: i64, look: Look, label: &str) -> Bar {
        Bar::new(Span { from: NINE + from * 60, to: NINE + to * 60 }, look, label)
    }

    fn morning(spans: Vec<Bar>) -> Timeline {
        let zone = Zone::parse("America/New_York").unwrap();
        let marked = Span { from: NINE, to: NINE + 3 * 3_600 };
        let lanes = vec![Lane { name: String::new(), spans }];
        Timeline { id: "day".into(), title: "Agenda".into(), from: marked.from, to: marked.to, marked, zone, lanes }
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
    fn what_lasts_less_than_a_pixel_is_drawn_with_a_width() {
        let mut day = morning(vec![bar(30, 31, Look::Stay, "")]);
        day.lanes[0].spans[0].span.to = day.lanes[0].spans[0].span.from + 1;
        let svg = day.svg();
        assert!(svg.contains("class=\"stay\" x=\"16.66%\" y=\"4\" width=\"0.01%\""), "{svg}");
    }

    #[test]
    fn no_name_turns_the_words_of_a_picture_around() {
        let mut day = morning(vec![bar(0, 60, Look::Counts, "a\u{202e}b\u{2066}c\u{0}d\"e'f")]);
        day.title = "x\u{200f}<script>".into();
        let svg = day.svg();
        assert!(
            svg.contains("abcd&quot;e&#39;f") && svg.contains("x&lt;script&gt;") && !svg.contains('\u{202e}'),
            "{svg}"
        );
    }
}
