//! The agenda's page: sessions and breaks, row by row.

use super::{InvalidField, Reading, Why, details::fold};
use crate::event::{
    Event, EventKind, Segment, SegmentKind,
    agenda::{LONGEST_SEGMENT_TITLE, MOST_SEGMENTS},
    consent::without_stale,
    when::{LocalProblem, Pick, read_local},
};

/// The agenda as typed; rows that are empty don't count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AgendaDraft {
    /// Its rows.
    pub rows: Vec<SegmentDraft>,
}

/// A part of the agenda as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SegmentDraft {
    /// What it is about.
    pub title: String,
    /// `instruction` or `break`; empty for instruction.
    pub kind: String,
    /// Its day; empty for the event's first.
    pub on: String,
    /// When it begins.
    pub starts: String,
    /// When it ends; a time before its start is the next day's.
    pub ends: String,
    /// `first` or `second`, if a time comes twice.
    pub fold: String,
}

impl AgendaDraft {
    /// The agenda as it stands, as somebody would type it.
    pub fn of(event: &Event) -> Self {
        let zone = &event.when.zone;
        let time = |seconds| zone.local(seconds).strftime("%H:%M").to_string();
        let row = |segment: &Segment| SegmentDraft {
            title: segment.title.clone(),
            kind: segment.kind.as_str().to_owned(),
            on: zone.day(segment.starts_at).to_string(),
            starts: time(segment.starts_at),
            ends: time(segment.ends_at),
            fold: match fold(zone, segment.starts_at) {
                none if none.is_empty() => fold(zone, segment.ends_at),
                fold => fold,
            },
        };
        Self { rows: event.agenda.iter().map(row).collect() }
    }

    /// The event with the agenda that was typed.
    pub fn read(&self, standing: &Event) -> Result<Event, Vec<InvalidField>> {
        let mut reading = Reading::default();
        let mut agenda: Vec<(usize, Segment)> = Vec::new();
        for (row, typed) in self.rows.iter().enumerate() {
            let is_empty = [&typed.title, &typed.starts, &typed.ends].iter().all(|text| text.trim().is_empty());
            if !is_empty && let Some(segment) = typed.read(row, standing, &mut reading) {
                agenda.push((row, segment));
            }
        }
        agenda.sort_by_key(|(_, segment)| (segment.starts_at, segment.ends_at));
        if standing.kind == EventKind::LiveWebinar {
            refuse_overlaps(&agenda, &mut reading);
        }
        if agenda.len() > MOST_SEGMENTS {
            reading.refuse::<()>("segment-0", Why::TooManySegments);
        }
        let agenda = agenda.into_iter().map(|(_, segment)| segment).collect();
        reading.end(Some(without_stale(standing, Event { agenda, ..standing.clone() })))
    }
}

impl SegmentDraft {
    fn read(&self, row: usize, event: &Event, reading: &mut Reading) -> Option<Segment> {
        let kind = match self.kind.trim() {
            "" => Some(SegmentKind::Instruction),
            typed => SegmentKind::parse(typed).or_else(|| reading.refuse(format!("kind-{row}"), Why::SegmentKind)),
        };
        let title = self.title.trim();
        let is_titled = kind == Some(SegmentKind::Break) || !title.is_empty();
        if !is_titled || title.chars().count() > LONGEST_SEGMENT_TITLE || title.chars().any(char::is_control) {
            reading.refuse::<()>(format!("segment-{row}"), Why::SegmentTitle);
        }
        let starts_at = self.moment(row, "starts", &self.starts, event, None, reading);
        let ends_at = self.moment(row, "ends", &self.ends, event, starts_at, reading);
        let (kind, starts_at, ends_at) = (kind?, starts_at?, ends_at?);
        if ends_at <= starts_at {
            return reading.refuse(format!("ends-{row}"), Why::EndsBeforeItBegins);
        }
        if !(event.when.starts_at..event.when.ends_at).contains(&starts_at) {
            return reading.refuse(format!("starts-{row}"), Why::BeginsOutside(event.when.words()));
        }
        if ends_at > event.when.ends_at {
            return reading.refuse(format!("ends-{row}"), Why::EndsOutside(event.when.words()));
        }
        Some(Segment { title: title.to_owned(), kind, starts_at, ends_at })
    }

    /// A time of this row as a moment. Where it comes twice, the one inside the event is meant, and only if both are it is asked.
    fn moment(
        &self,
        row: usize,
        side: &str,
        time: &str,
        event: &Event,
        after: Option<i64>,
        reading: &mut Reading,
    ) -> Option<i64> {
        let zone = &event.when.zone;
        let first_day = event.when.first_day().to_string();
        let day = if self.on.trim().is_empty() { first_day.as_str() } else { self.on.trim() };
        let pick = Pick::parse(&self.fold);
        let mut read = read_local(day, time, zone, pick);
        // After midnight: the row's day is that of its start.
        if let (Ok(at), Some(after)) = (&read, after)
            && *at <= after
            && let Ok(next) = day.parse::<jiff::civil::Date>().map(|day| day.saturating_add(jiff::Span::new().days(1)))
        {
            read = read_local(&next.to_string(), time, zone, pick);
        }
        let problem = match read {
            Ok(at) => return Some(at),
            Err(problem) => problem,
        };
        if let LocalProblem::Twice { first, second, .. } = &problem {
            let earliest = after.map_or(event.when.starts_at, |after| after + 1);
            let inside: Vec<i64> =
                [first.at, second.at].into_iter().filter(|at| (earliest..=event.when.ends_at).contains(at)).collect();
            if let [only] = inside[..] {
                return Some(only);
            }
        }
        let field = match problem {
            LocalProblem::NotADate => format!("on-{row}"),
            LocalProblem::Twice { .. } => format!("fold-{row}"),
            LocalProblem::NotATime | LocalProblem::Skipped { .. } => format!("{side}-{row}"),
        };
        reading.refuse(field, Why::Local(problem))
    }
}

/// A live webinar has one room: two sessions at a time are a mistake. A break inside a session is none: it is taken out.
fn refuse_overlaps(agenda: &[(usize, Segment)], reading: &mut Reading) {
    let mut last: Option<(usize, i64)> = None;
    for (row, segment) in agenda.iter().filter(|(_, segment)| segment.kind == SegmentKind::Instruction) {
        if let Some((other, _)) = last.filter(|(_, ends_at)| segment.starts_at < *ends_at) {
            reading.refuse::<()>(format!("starts-{row}"), Why::Overlaps { other: other + 1 });
        }
        if last.is_none_or(|(_, ends_at)| ends_at < segment.ends_at) {
            last = Some((*row, segment.ends_at));
        }
    }
}
