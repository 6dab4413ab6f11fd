//! A meeting played through: what people do in an hour, told in the times of the plan, in a minute or at once.

use super::{meeting::Meeting, running::Who, world::FakeZoom};
use std::{collections::BTreeMap, time::Duration};

/// Something that happens, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Seconds after the planned beginning; before it, if negative.
    pub after: i64,
    deed: Deed,
}

/// What happens. Whoever comes has a name in the play, by which they go.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Deed {
    Start,
    Come(String, Who),
    Go(String),
    Bind { phone: String, computer: String },
    ToBreakout(String),
    FromBreakout(String),
    End,
}

/// What happens in a meeting with these registrants: one of each thing that makes reports hard to read.
pub(super) fn script(meeting: &Meeting) -> Vec<Step> {
    let length = meeting.minutes * 60;
    let mut steps = vec![(-600, Deed::Start), (-590, Deed::Come("host".to_owned(), Who::Host))];
    let present = meeting.registrants.iter().filter(|registrant| !registrant.is_cancelled);
    for (place, registrant) in present.enumerate() {
        let name = registrant.id.clone();
        let who = Who::Registrant(name.clone());
        let come = |after| (after, Deed::Come(name.clone(), who.clone()));
        steps.push(come(-120 + 15 * i64::try_from(place % 8).unwrap_or_default()));
        match place % 6 {
            // Away for nine minutes, with another computer afterwards.
            1 => steps.extend([(length / 3, Deed::Go(name.clone())), come(length / 3 + 540)]),
            // The computer for the picture, the telephone for the sound.
            2 => {
                let phone = format!("{name} phone");
                let who = Who::Phone { number: "1312***0142".to_owned(), registrant: Some(name.clone()) };
                steps.push((60, Deed::Come(phone.clone(), who)));
                steps.push((75, Deed::Bind { phone, computer: name.clone() }));
            }
            // Somebody else comes by the same link.
            3 => {
                let who = Who::Sharing { registrant: name.clone(), name: "A Colleague".to_owned() };
                steps.push((120, Deed::Come(format!("{name} shared"), who)));
            }
            4 => {
                steps.push((length / 2, Deed::ToBreakout(name.clone())));
                steps.push((length / 2 + 600.min(length / 4), Deed::FromBreakout(name.clone())));
            }
            // Goes early.
            5 => steps.push((length * 2 / 3, Deed::Go(name.clone()))),
            _ => {}
        }
    }
    steps.push((30, Deed::Come("guest".to_owned(), Who::Guest("iPhone".to_owned()))));
    let phone = Who::Phone { number: "1217***0199".to_owned(), registrant: None };
    steps.push((45, Deed::Come("phone".to_owned(), phone)));
    steps.push((length / 2, Deed::Go("phone".to_owned())));
    steps.push((length + 60, Deed::End));
    steps.sort_by_key(|(after, _)| *after);
    steps.into_iter().map(|(after, deed)| Step { after, deed }).collect()
}

impl FakeZoom {
    /// Plays a meeting through, in the times of its plan, at this moment. What was registered until now takes part.
    pub fn play_at_once(&self, number: &str, now: i64) -> bool {
        let Some(meeting) = self.meeting(number) else { return false };
        let mut joins = BTreeMap::new();
        for step in script(&meeting) {
            self.take(number, &step, &mut joins, meeting.starts_at + step.after, now, 1);
        }
        true
    }

    /// Plays a meeting through in so long, in the times of its plan.
    pub async fn play(&self, number: &str, length: Duration) -> bool {
        let Some(meeting) = self.meeting(number) else { return false };
        let steps = script(&meeting);
        let (first, last) = match (steps.first(), steps.last()) {
            (Some(first), Some(last)) => (first.after, last.after),
            _ => return false,
        };
        let pace = ((last - first) / i64::try_from(length.as_secs().max(1)).unwrap_or(1)).max(1);
        let mut joins = BTreeMap::new();
        let began = std::time::Instant::now();
        for step in steps {
            let due = length.mul_f64((step.after - first) as f64 / (last - first).max(1) as f64);
            tokio::time::sleep(due.saturating_sub(began.elapsed())).await;
            self.take(number, &step, &mut joins, meeting.starts_at + step.after, adapters::clock::now(), pace);
        }
        true
    }

    fn take(&self, number: &str, step: &Step, joins: &mut BTreeMap<String, String>, at: i64, now: i64, pace: i64) {
        let join = |name: &String| joins.get(name).cloned().unwrap_or_default();
        match &step.deed {
            Deed::Start => {
                self.start(number, at, now, pace);
            }
            Deed::Come(name, who) => {
                if let Some(user_id) = self.join(number, who, at) {
                    joins.insert(name.clone(), user_id);
                }
            }
            Deed::Go(name) => {
                self.leave(number, &join(name), at);
            }
            Deed::Bind { phone, computer } => {
                self.bind(number, &join(phone), &join(computer), at);
            }
            Deed::ToBreakout(name) => {
                self.enter_breakout(number, &join(name), at);
            }
            Deed::FromBreakout(name) => {
                self.leave_breakout(number, &join(name), at);
            }
            Deed::End => {
                self.end(number, at, now);
            }
        }
    }
}
