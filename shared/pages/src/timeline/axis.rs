//! Where things stand from left to right: places in percent, and the times that are named below them.

use super::{Clock, Timeline};

/// More marks on the axis than this run into each other on a phone: 320 pixels, 60 for each.
const MOST_MARKS: i64 = 5;
/// How close a mark may come to either end, in thousandths of the picture: on a phone of 300 pixels an end's own mark reaches 60
/// pixels in, the other 30 to each side, and a blank parts them.
const APART: i64 = 330;
/// Nearer to the picture's edge than this, in thousandths, half of a time of 60 pixels would be cut off on a phone of 300.
const HALF_A_TIME: i64 = 100;
/// Steps between marks, in seconds.
const STEPS: [i64; 9] = [300, 900, 1_800, 3_600, 7_200, 10_800, 14_400, 21_600, 43_200];

impl Timeline {
    /// A moment's place from the left, in hundredths of a percent.
    pub(super) fn place(&self, at: i64) -> i64 {
        let whole = (self.to - self.from).max(1);
        (at.clamp(self.from, self.to.max(self.from)) - self.from).saturating_mul(10_000) / whole
    }

    /// Both ends of what is marked, and round times between them that leave room.
    pub(super) fn marks(&self, clock: &Clock) -> Vec<i64> {
        let (from, to, length) = (self.marked.from, self.marked.to, (self.to - self.from).max(1));
        let step = STEPS.into_iter().find(|step| length / step <= MOST_MARKS).unwrap_or(86_400);
        let local = self.zone.local(from);
        let since_midnight =
            i64::from(local.hour()) * 3_600 + i64::from(local.minute()) * 60 + i64::from(local.second());
        let first = from + (step - since_midnight % step) % step;
        // With the clock's name beside them there is no room between the ends.
        let between = (0..=MOST_MARKS).map(|mark| first + mark * step).filter(|_| !clock.is_changed());
        let has_room = |at: &i64| (at - from) * 1_000 >= APART * length && (to - at) * 1_000 >= APART * length;
        let mut marks = vec![from];
        marks.extend(between.filter(has_room));
        marks.push(to);
        marks
    }

    /// How the time at a mark hangs at it, so that nothing of it is cut off.
    pub(super) fn anchor(&self, mark: i64) -> &'static str {
        match self.place(mark) / 10 {
            ..HALF_A_TIME => "start",
            thousandths if thousandths > 1_000 - HALF_A_TIME => "end",
            _ => "middle",
        }
    }
}

/// Hundredths of a percent as an attribute's value.
pub(super) fn percent(hundredths: i64) -> String {
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::event::{Span, Zone};

    #[test]
    fn the_axis_has_both_ends_and_round_times_between() {
        let nine = 1_782_910_800; // 2026-07-01T13:00:00Z: nine o'clock in New York
        let marked = Span { from: nine, to: nine + 3 * 3_600 };
        let mut day = Timeline {
            id: "day".into(),
            title: "Agenda".into(),
            from: marked.from,
            to: marked.to,
            marked,
            zone: Zone::parse("America/New_York").unwrap(),
            lanes: vec![],
        };
        let told = |day: &Timeline| {
            let clock = day.clock();
            day.marks(&clock).into_iter().map(|at| (clock.time(at), day.anchor(at))).collect::<Vec<_>>()
        };
        let times = |told: &[(String, &'static str)]| told.iter().map(|(time, _)| time.clone()).collect::<Vec<_>>();
        assert_eq!(times(&told(&day)), ["9:00 AM", "10:00 AM", "11:00 AM", "12:00 PM"]);
        assert_eq!((told(&day)[0].1, told(&day)[1].1, told(&day)[3].1), ("start", "middle", "end"));
        day.from -= 3_600;
        day.to += 3_600;
        assert_eq!(told(&day)[0], ("9:00 AM".to_owned(), "middle"));
    }
}
