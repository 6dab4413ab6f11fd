//! When Zoom is asked for the report of an event, and how long a decision may take. It reads no clock: the moment is handed in.
//!
//! Zoom takes up to half an hour to write a report, may write it in pieces, and may be away. So it is asked again until two
//! answers agree, at a pace that slows down, and in the end a person has to act. It must never give up unseen.

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// How long after an event's end Zoom is asked for the first time, in seconds: Zoom says that a report may take half an hour.
pub const FIRST_TRY_SECONDS: i64 = 30 * MINUTE;
/// How long after rows that were new they are asked for again, in seconds: a report that is still being written has grown by
/// then, and two answers that agree this far apart are whole.
pub const AGREE_SECONDS: i64 = 10 * MINUTE;
/// The first pause while nothing is there; it doubles until it is an hour.
pub const FIRST_PAUSE_SECONDS: i64 = 10 * MINUTE;
/// The pause on the day after the end, in seconds.
pub const LONGEST_PAUSE_SECONDS: i64 = HOUR;
/// The pause from the second day on, in seconds: what isn't there by then comes because a person cures something.
pub const LATE_PAUSE_SECONDS: i64 = 6 * HOUR;
/// How long Zoom is asked at all, in seconds. After two weeks of silence staff have to act: with Zoom's export, or by hand.
pub const GIVEN_UP_SECONDS: i64 = 14 * DAY;
/// Within so many seconds of an event's end everybody is decided.
pub const DECIDED_WITHIN_SECONDS: i64 = DAY;
/// So many seconds after an event's end staff are warned: four hours are enough to fetch an export and upload it.
pub const ALARM_SECONDS: i64 = 20 * HOUR;

/// When Zoom is asked next for the report of an event that ended at `ended_at`; `None` when nobody is to ask any more. `tries`
/// is how often it was asked, `last_changed` whether the last answer had rows that weren't known before. Once two answers
/// agree nobody asks again: that is the caller's to know.
pub fn next_try(ended_at: i64, first_try: i64, tries: u32, last_changed: bool, now: i64) -> Option<i64> {
    if tries == 0 {
        return Some(ended_at + first_try.max(0));
    }
    // However late a report comes, it is asked for once more: until it has agreed, nothing is decided by it.
    if last_changed {
        return Some(now + AGREE_SECONDS);
    }
    let pause = if now - ended_at >= DAY {
        LATE_PAUSE_SECONDS
    } else {
        let doubled = FIRST_PAUSE_SECONDS << (tries - 1).min(8);
        doubled.min(LONGEST_PAUSE_SECONDS)
    };
    Some(now + pause).filter(|at| *at <= ended_at + GIVEN_UP_SECONDS)
}

/// How much of the time for deciding is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// By when everybody has to be decided, in seconds since 1970.
    pub due_at: i64,
    /// How many seconds that is away; negative when it is past.
    pub left_seconds: i64,
    /// What staff have to make of it.
    pub state: ClockState,
}

/// What staff have to make of the time that is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClockState {
    /// There is time.
    InTime,
    /// Somebody has to see to it now.
    Alarm,
    /// It is too late.
    Late,
}

/// The clock of an event that ended at `ended_at` and isn't decided yet.
pub fn clock(ended_at: i64, now: i64) -> Clock {
    let due_at = ended_at + DECIDED_WITHIN_SECONDS;
    let state = if now > due_at {
        ClockState::Late
    } else if now >= ended_at + ALARM_SECONDS {
        ClockState::Alarm
    } else {
        ClockState::InTime
    };
    Clock { due_at, left_seconds: due_at - now, state }
}
