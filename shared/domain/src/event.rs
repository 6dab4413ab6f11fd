//! Events: a dated offering of one approved course by its provider, and what may be promised of it.
//!
//! Here stands what an event is. When it may be published, what may be changed afterwards, how it is copied and what promotion
//! says of it are rooms of their own. Nothing here may promise credit that the time doesn't yield or that nobody approved, or
//! credit a part of what was promised.

pub mod agenda;
pub mod approval;
pub mod card;
pub mod change;
pub mod consent;
pub mod copy;
pub mod draft;
pub mod promotion;
pub mod publish;
pub mod room;
pub mod spans;
pub mod when;

pub use crate::zoom::{InvalidMeetingNumber, MeetingNumber, ZoomKind};
pub use agenda::{Segment, SegmentKind};
pub use approval::{Approval, Approved, Attended, Consent, Standing};
pub use card::{Card, CardCredit, Word};
pub use room::Room;
pub use spans::Span;
pub use when::{When, Zone};

use crate::{
    course::{CourseNumber, ProviderId},
    credit_type::CreditType,
    hours::CreditHours,
    id::{EventId, SeriesId},
    presence::Slot,
};
use serde::{Deserialize, Serialize};

/// The least instruction of any event, in minutes: the organisation gives no credit for less.
pub const LEAST_MINUTES: u32 = 60;
/// As many seconds as a policy may forgive: five minutes, beyond which "in its entirety" would say nothing.
pub const MOST_TOLERANCE_SECONDS: u16 = 300;
/// More people than any meeting of Zoom's holds (a webinar's largest plan is 100,000).
pub const MOST_CAPACITY: u32 = 100_000;

/// An event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// Who offers it.
    pub provider: ProviderId,
    /// The approved course that it is an offering of.
    pub course: CourseNumber,
    /// Its title.
    pub title: String,
    /// Which rules it follows.
    pub kind: EventKind,
    /// When it is, and where its clock stands.
    pub when: When,
    /// What happens in it, by start; empty for on-demand events.
    pub agenda: Vec<Segment>,
    /// An on-demand event's minutes of instruction.
    pub minutes: Option<u32>,
    /// What people want to know before they register.
    pub details: Details,
    /// How many may register; `None` if there is no limit.
    pub capacity: Option<u32>,
    /// How attendance is judged.
    pub policy: Policy,
    /// What each body says of it.
    pub approvals: Vec<Approval>,
    /// Where it takes place; `None` until somebody says.
    pub room: Option<Room>,
    /// The series that it belongs to.
    pub series: Option<SeriesId>,
    /// Where it stands in its life.
    pub state: EventState,
    /// What was so when it was published, and is promised since.
    pub published: Option<Published>,
    /// What registrants are to be told of, oldest first.
    #[serde(default)]
    pub notices: Vec<change::Notice>,
    /// Rises with each change; 0 before it is saved for the first time.
    pub version: u64,
}

/// Which rules an event follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// Held live on Zoom: the full set of rules.
    LiveWebinar,
    /// Watched when one likes, from its start to its end; its credit is entered by import.
    OnDemand,
    /// Several sessions, perhaps at the same time and on several days; its credit is entered by import.
    Conference,
}

impl EventKind {
    /// All kinds.
    pub const ALL: [EventKind; 3] = [EventKind::LiveWebinar, EventKind::OnDemand, EventKind::Conference];

    /// Its name in forms and addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            EventKind::LiveWebinar => "live_webinar",
            EventKind::OnDemand => "on_demand",
            EventKind::Conference => "conference",
        }
    }

    /// Reads its name.
    pub fn parse(raw: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == raw.trim())
    }

    /// What pages and mails call it.
    pub fn title(self) -> &'static str {
        match self {
            EventKind::LiveWebinar => "Live webinar",
            EventKind::OnDemand => "On-demand",
            EventKind::Conference => "Conference",
        }
    }
}

/// What people want to know before they register: plain texts, empty where nothing is said yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// What it is about.
    pub about: String,
    /// Who presents it.
    pub presenters: Vec<Presenter>,
    /// What participants will be able to do afterwards.
    pub objectives: Vec<String>,
    /// Whom it is for.
    pub audience: String,
    /// How much it asks for.
    pub level: Option<Level>,
    /// What one has to know already; "None" is an answer, nothing is not.
    pub prerequisites: String,
    /// What one has to prepare; "None" is an answer, nothing is not.
    pub preparation: String,
    /// What it costs; "Free" is an answer, nothing is not.
    pub fees: String,
    /// What becomes of the money when somebody or everybody cancels.
    pub refunds: String,
    /// Whom to ask.
    pub contact: String,
    /// Whom to complain to.
    pub complaints: String,
}

/// Somebody who presents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presenter {
    /// The name, as it is announced.
    pub name: String,
    /// Degrees and licences: `PhD, LPC`.
    pub credentials: String,
    /// Some words about the person.
    pub about: String,
}

/// How much an event asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// For beginners.
    Introductory,
    /// For those who know the basics.
    Intermediate,
    /// For those who know the field.
    Advanced,
}

impl Level {
    /// All levels.
    pub const ALL: [Level; 3] = [Level::Introductory, Level::Intermediate, Level::Advanced];

    /// Its name in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Introductory => "introductory",
            Level::Intermediate => "intermediate",
            Level::Advanced => "advanced",
        }
    }

    /// Reads its name.
    pub fn parse(raw: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == raw.trim())
    }

    /// What pages call it.
    pub fn title(self) -> &'static str {
        match self {
            Level::Introductory => "Introductory",
            Level::Intermediate => "Intermediate",
            Level::Advanced => "Advanced",
        }
    }
}

/// How attendance is judged: printed in every decision.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// How many seconds somebody may miss in all, at most [`MOST_TOLERANCE_SECONDS`].
    pub tolerance_seconds: u16,
}

/// Where an event stands. That it has ended is the clock's word, and no state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum EventState {
    /// Only its provider and the office see it.
    Draft,
    /// In the catalogue; people register.
    Published,
    /// It won't take place.
    Cancelled {
        /// When that was decided, in seconds since 1970.
        at: i64,
        /// Why, in its provider's words: registrants read them.
        why: String,
    },
}

/// What was so when an event was published. What is promised is counted by these types of credit, whatever becomes of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// When, in seconds since 1970.
    pub at: i64,
    /// The provider's name.
    pub provider_name: String,
    /// The course's title.
    pub course_title: String,
    /// The board's category that it counts in.
    pub category: String,
    /// What the course was approved for at most.
    pub course_hours: CreditHours,
    /// The types of credit of the bodies that approved it.
    pub credit_types: Vec<CreditType>,
}

impl Event {
    /// A new draft in which only the least is said.
    pub fn draft(
        id: EventId,
        provider: ProviderId,
        course: CourseNumber,
        title: String,
        kind: EventKind,
        when: When,
    ) -> Self {
        Self {
            id,
            provider,
            course,
            title,
            kind,
            when,
            agenda: Vec::new(),
            minutes: None,
            details: Details::default(),
            capacity: None,
            policy: Policy::default(),
            approvals: Vec::new(),
            room: None,
            series: None,
            state: EventState::Draft,
            published: None,
            notices: Vec::new(),
            version: 0,
        }
    }

    /// The time that counts as instruction: the agenda's sessions inside the event, two at the same time once, without breaks.
    pub fn instruction(&self) -> Vec<Span> {
        let of_kind = |kind| self.agenda.iter().filter(move |segment| segment.kind == kind).map(Segment::span);
        let sessions = spans::union(of_kind(SegmentKind::Instruction));
        let breaks = spans::union(of_kind(SegmentKind::Break));
        spans::minus(&spans::within(&sessions, self.when.span()), &breaks)
    }

    /// How many seconds of instruction it has: what credit is counted by.
    pub fn instruction_seconds(&self) -> u64 {
        match self.kind {
            EventKind::OnDemand => u64::from(self.minutes.unwrap_or(0)) * 60,
            EventKind::LiveWebinar | EventKind::Conference => spans::seconds(&self.instruction()),
        }
    }

    /// Whether it is in the catalogue and will take place.
    pub fn is_published(&self) -> bool {
        self.state == EventState::Published
    }

    /// Whether it was called off.
    pub fn is_cancelled(&self) -> bool {
        matches!(self.state, EventState::Cancelled { .. })
    }

    /// Whether it has begun.
    pub fn has_begun(&self, now: i64) -> bool {
        self.when.starts_at <= now
    }

    /// Whether it is over.
    pub fn has_ended(&self, now: i64) -> bool {
        self.when.ends_at <= now
    }

    /// Its time in its meeting.
    pub fn slot(&self) -> Slot {
        Slot { starts_at: self.when.starts_at, ends_at: self.when.ends_at, event: self.id.clone() }
    }

    /// What a body says of it, if anything is entered.
    pub fn approval_of(&self, body: &str) -> Option<&Approval> {
        self.approvals.iter().find(|approval| approval.body.eq_ignore_ascii_case(body))
    }

    /// What is advertised, body by body; only bodies that approved it.
    pub fn advertised(&self) -> impl Iterator<Item = (&str, CreditHours)> {
        self.approvals.iter().filter_map(|approval| Some((approval.body.as_str(), approval.advertised()?)))
    }
}
