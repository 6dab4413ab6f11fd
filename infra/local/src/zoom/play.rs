//! A meeting played through: what people do in an hour, told in the times of the plan, in a minute or at once. A [`Play`] says
//! who comes and goes when; what it leaves out is usual.

mod part;

pub use part::Part;

use super::{meeting::Meeting, running::Who, world::FakeZoom};
use std::{collections::BTreeMap, time::Duration};

/// What is played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Play {
    /// When the host opens the meeting, in seconds after its planned beginning.
    pub opens: i64,
    /// When the host ends it, in seconds after its planned end.
    pub ends: i64,
    /// When it is closed in between, from and to, in seconds after its planned beginning: it opens again as another run.
    pub closed: Option<(i64, i64)>,
    /// What everybody does of whom nothing is said; one of each part in turn, if nothing.
    pub usual: Option<Part>,
    /// What single registrants do, by their addresses.
    pub parts: Vec<(String, Part)>,
    /// Whether a guest and a telephone come that nobody knows.
    pub strangers: bool,
}

impl Play {
    /// The plays that a person can choose: their names in forms, and what they are called.
    pub const CHOICES: [(&str, &str); 15] = [
        ("each", "one of each"),
        ("restarted", "everybody in full, and it is restarted"),
        ("in_full", "everybody in full"),
        ("late", "everybody joins late"),
        ("early", "everybody leaves early"),
        ("away", "everybody is away for nine minutes"),
        ("devices", "everybody with two devices"),
        ("breakout", "everybody in a breakout room"),
        ("bound", "everybody with a telephone for the sound"),
        ("pin", "everybody dials in with the PIN"),
        ("phone", "everybody dials in without a PIN"),
        ("shared", "everybody shares the link"),
        ("renamed", "everybody changes the name"),
        ("waited", "everybody waits to be let in"),
        ("absent", "nobody comes"),
    ];

    /// One of each thing that makes reports hard to read.
    pub fn one_of_each() -> Self {
        Self { opens: -600, ends: 60, closed: None, usual: None, parts: Vec::new(), strangers: true }
    }

    /// All registrants do the same, and nobody else comes but the host.
    pub fn everybody(part: Part) -> Self {
        Self { usual: Some(part), strangers: false, ..Self::one_of_each() }
    }

    /// The same, but this registrant plays this part.
    pub fn with(mut self, email: &str, part: Part) -> Self {
        self.parts.push((email.to_owned(), part));
        self
    }

    /// The same, closed from and to these seconds after the planned beginning.
    pub fn restarted(self, from: i64, to: i64) -> Self {
        Self { closed: Some((from, to)), ..self }
    }

    /// A play by its name in forms, in a meeting of this length in seconds.
    pub fn named(name: &str, length: i64) -> Option<Self> {
        match name {
            "each" => Some(Self::one_of_each()),
            "restarted" => Some(Self::everybody(Part::InFull).restarted(length / 3, length / 3 + 120)),
            part => Part::each(length).into_iter().find(|it| it.as_str() == part).map(Self::everybody),
        }
    }

    fn part(&self, email: &str, place: usize, length: i64) -> Part {
        let own = self.parts.iter().rev().find(|(whose, _)| whose.eq_ignore_ascii_case(email));
        let each = Part::each(length);
        own.map(|(_, part)| *part).or(self.usual).unwrap_or(each[place % each.len()])
    }
}

/// Something that happens, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Step {
    /// Seconds after the planned beginning; before it, if negative.
    after: i64,
    deed: Deed,
}

/// What happens. Whoever comes has a name in the play, by which they go.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Deed {
    Start,
    Come(String, Who),
    Wait(String, Who),
    Admit(String),
    Go(String),
    Bind { phone: String, computer: String },
    ToBreakout(String),
    FromBreakout(String),
    Rename(String, String),
    Close,
    Reopen,
    End,
}

/// What happens in a meeting with these registrants.
fn script(meeting: &Meeting, play: &Play) -> Vec<Step> {
    let length = meeting.minutes * 60;
    let mut steps = vec![(play.opens, Deed::Start), (play.opens + 10, Deed::Come("host".to_owned(), Who::Host))];
    let present = meeting.registrants.iter().filter(|registrant| !registrant.is_cancelled);
    for (place, registrant) in present.enumerate() {
        steps.extend(play.part(&registrant.email, place, length).deeds(registrant, place, length));
    }
    if play.strangers {
        steps.push((30, Deed::Come("guest".to_owned(), Who::Guest("iPhone".to_owned()))));
        let phone = Who::Phone { number: "12175550199".to_owned(), registrant: None };
        steps.push((45, Deed::Come("phone".to_owned(), phone)));
        steps.push((length / 2, Deed::Go("phone".to_owned())));
    }
    if let Some((from, to)) = play.closed {
        // Whoever would come to a closed door comes when it opens.
        for (after, deed) in &mut steps {
            if (from..to).contains(after) && matches!(deed, Deed::Come(..) | Deed::Wait(..)) {
                *after = to + 10;
            }
        }
        steps.extend([(from, Deed::Close), (to, Deed::Reopen)]);
    }
    steps.push((length + play.ends, Deed::End));
    steps.sort_by_key(|(after, _)| *after);
    steps.into_iter().map(|(after, deed)| Step { after, deed }).collect()
}

/// Who is in the meeting by which join, by their names in the play.
type Cast = BTreeMap<String, (String, Who)>;

impl FakeZoom {
    /// Plays a meeting through, one of each thing, in the times of its plan, at this moment. What was registered until now takes
    /// part.
    pub fn play_at_once(&self, number: &str, now: i64) -> bool {
        self.stage(number, &Play::one_of_each(), now)
    }

    /// Plays a meeting through in the times of its plan, at this moment.
    pub fn stage(&self, number: &str, play: &Play, now: i64) -> bool {
        let Some(meeting) = self.meeting(number) else { return false };
        let mut cast = Cast::new();
        for step in script(&meeting, play) {
            self.take(number, &step, &mut cast, meeting.starts_at + step.after, now, 1);
        }
        true
    }

    /// Plays a meeting through in so long, in the times of its plan.
    pub async fn play(&self, number: &str, play: &Play, length: Duration) -> bool {
        let Some(meeting) = self.meeting(number) else { return false };
        let steps = script(&meeting, play);
        let (first, last) = match (steps.first(), steps.last()) {
            (Some(first), Some(last)) => (first.after, last.after),
            _ => return false,
        };
        let pace = ((last - first) / i64::try_from(length.as_secs().max(1)).unwrap_or(1)).max(1);
        let mut cast = Cast::new();
        let began = std::time::Instant::now();
        for step in steps {
            let due = length.mul_f64((step.after - first) as f64 / (last - first).max(1) as f64);
            tokio::time::sleep(due.saturating_sub(began.elapsed())).await;
            self.take(number, &step, &mut cast, meeting.starts_at + step.after, adapters::clock::now(), pace);
        }
        true
    }

    fn take(&self, number: &str, step: &Step, cast: &mut Cast, at: i64, now: i64, pace: i64) {
        let join = |name: &String| cast.get(name).map(|(join, _)| join.clone()).unwrap_or_default();
        match &step.deed {
            Deed::Start => {
                self.start(number, at, now, pace);
            }
            Deed::Come(name, who) => enter(cast, name, who, self.join(number, who, at)),
            Deed::Wait(name, who) => enter(cast, name, who, self.wait(number, who, at)),
            Deed::Admit(name) => {
                let admitted = self.admit(number, &join(name), at);
                if let (Some(join), Some(place)) = (admitted, cast.get_mut(name)) {
                    place.0 = join;
                }
            }
            Deed::Go(name) => {
                self.leave(number, &join(name), at);
                cast.remove(name);
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
            Deed::Rename(name, shown) => {
                self.rename(number, &join(name), shown);
            }
            Deed::Close | Deed::End => {
                self.end(number, at, now);
            }
            Deed::Reopen => {
                self.start(number, at, now, pace);
                for (join, who) in cast.values_mut() {
                    *join = self.join(number, who, at + 5).unwrap_or_default();
                }
            }
        }
    }
}

fn enter(cast: &mut Cast, name: &str, who: &Who, join: Option<String>) {
    if let Some(join) = join {
        cast.insert(name.to_owned(), (join, who.clone()));
    }
}
