//! Copies of an event on other days, one or a series of them.
//!
//! What stands on the wall's clock stays: nine o'clock is nine o'clock on any day, in summer and in winter. A copy is a draft: it
//! is published by itself, and the office's word on an approval goes with it only where the approval holds on the new day.

use super::{
    Approval, Consent, Event, EventState, Standing, When,
    when::{LocalProblem, Pick},
};
use crate::id::{EventId, SeriesId};
use jiff::{Span, civil::Date};

/// A year of weeks.
pub const MOST_IN_A_SERIES: usize = 52;

/// On which days a series is held besides the event that it is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repeat {
    /// So many more times, a week apart.
    Weekly {
        /// How many more times.
        times: usize,
    },
    /// So many more times, on the same day of each month.
    Monthly {
        /// How many more times.
        times: usize,
    },
    /// On these days.
    Days(Vec<Date>),
}

/// Why there is no series.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SeriesProblem {
    /// No day, or too many.
    #[error("Enter from 1 to {MOST_IN_A_SERIES} more days.")]
    HowMany,
    /// A month lacks the day.
    #[error("{} has no day {day}. Enter the days one by one instead.", month.strftime("%B %Y"))]
    NoSuchDay {
        /// A day of the month.
        month: Date,
        /// The day.
        day: i8,
    },
    /// A day is among them twice, or is the event's own.
    #[error("{} is among the days twice, or is the event's own day. Enter each day once.", .0.strftime("%B %-d, %Y"))]
    Twice(Date),
    /// The event can't be on that day at its time.
    #[error("{problem}")]
    Local {
        /// The day.
        day: Date,
        /// Why.
        problem: LocalProblem,
    },
}

/// A copy of an event on another day, as a draft. `pick` says which is meant where a time comes twice on that day.
pub fn plan_copy(event: &Event, id: EventId, day: Date, pick: Option<Pick>) -> Result<Event, LocalProblem> {
    let zone = &event.when.zone;
    let days = event.when.first_day().until(day).map_err(|_| LocalProblem::NotADate)?.get_days();
    let moved = |seconds: i64| {
        let local = zone.local(seconds).checked_add(Span::new().days(days)).map_err(|_| LocalProblem::NotADate)?;
        zone.moment_of(local, pick)
    };
    let when =
        When { starts_at: moved(event.when.starts_at)?, ends_at: moved(event.when.ends_at)?, zone: zone.clone() };
    let mut agenda = event.agenda.clone();
    for segment in &mut agenda {
        segment.starts_at = moved(segment.starts_at)?;
        segment.ends_at = moved(segment.ends_at)?;
    }
    let (first, last) = (when.first_day(), when.last_day());
    let approvals = event.approvals.iter().map(|approval| approval_on(approval, first, last)).collect();
    Ok(Event {
        id,
        when,
        agenda,
        approvals,
        state: EventState::Draft,
        published: None,
        notices: Vec::new(),
        series: None,
        version: 0,
        ..event.clone()
    })
}

/// The same approval on other days: the office's consent is kept only where it holds there, and no other word of the office is.
fn approval_on(approval: &Approval, first: Date, last: Date) -> Approval {
    let mut approval = approval.clone();
    if let Standing::Approved(approved) = &mut approval.standing
        && !(approved.consent.is_given() && approved.holds_on(first) && approved.holds_on(last))
    {
        approved.consent = Consent::NotAsked;
    }
    approval
}

/// The further days of a series.
pub fn plan_days(event: &Event, repeat: &Repeat) -> Result<Vec<Date>, SeriesProblem> {
    let first = event.when.first_day();
    let count = match repeat {
        Repeat::Weekly { times } | Repeat::Monthly { times } => *times,
        Repeat::Days(days) => days.len(),
    };
    if !(1..=MOST_IN_A_SERIES).contains(&count) {
        return Err(SeriesProblem::HowMany);
    }
    let mut days = match repeat {
        Repeat::Weekly { .. } => {
            let weeks = (1..).take(count).map(|week: i64| first.saturating_add(Span::new().weeks(week)));
            weeks.collect()
        }
        Repeat::Monthly { .. } => months_after(first, count)?,
        Repeat::Days(days) => days.clone(),
    };
    days.sort_unstable();
    let twice = days.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0]);
    match twice.or(days.contains(&first).then_some(first)) {
        Some(day) => Err(SeriesProblem::Twice(day)),
        None => Ok(days),
    }
}

/// The same day of so many following months.
fn months_after(first: Date, count: usize) -> Result<Vec<Date>, SeriesProblem> {
    (1..)
        .take(count)
        .map(|months: i64| {
            let day = first.saturating_add(Span::new().months(months));
            if day.day() == first.day() {
                Ok(day)
            } else {
                Err(SeriesProblem::NoSuchDay { month: day, day: first.day() })
            }
        })
        .collect()
}

/// The further events of a series, one for each day, as drafts under these ids. The first one joins the series by its id.
pub fn plan_series(
    event: &Event,
    series: &SeriesId,
    days: &[Date],
    ids: &[EventId],
    pick: Option<Pick>,
) -> Result<Vec<Event>, SeriesProblem> {
    if days.len() != ids.len() || !(1..=MOST_IN_A_SERIES).contains(&days.len()) {
        return Err(SeriesProblem::HowMany);
    }
    let copy = |(day, id): (&Date, &EventId)| {
        let copy =
            plan_copy(event, id.clone(), *day, pick).map_err(|problem| SeriesProblem::Local { day: *day, problem })?;
        Ok(Event { series: Some(series.clone()), ..copy })
    };
    days.iter().zip(ids).map(copy).collect()
}
