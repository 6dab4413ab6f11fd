//! Reasons: stable codes, and the sentence that staff and licensees read.

use serde::{Deserialize, Serialize};

/// Why somebody's outcome is what it is, or what staff should look at. In the order in which they are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Registered, and in no row.
    NotInReport,
    /// In the report, and matched with no registrant.
    NotRegistered,
    /// A telephone call that nobody has claimed.
    DialInUnverified,
    /// An address that several registrants have.
    AmbiguousEmail,
    /// Came after instruction had begun.
    JoinedLate,
    /// Left before it ended.
    LeftEarly,
    /// Was away in between.
    Gap,
    /// Was in the waiting room meanwhile.
    InWaitingRoom,
    /// Missed something that the policy forgives.
    WithinTolerance,
    /// Two people at the same time by one link.
    SharedLink,
    /// A link used by the account of another registrant.
    OtherAccount,
    /// Another name than the registrant's, or two.
    Renamed,
    /// A name of several people.
    GroupName,
    /// Somebody else was there under the same name.
    SameName,
    /// The report has no time of leaving: the instance's end stands for it.
    LeaveMissing,
    /// There is no time of leaving, and nothing that stands for it.
    LeaveUnknown,
    /// The times and the length contradict each other: the shorter counts.
    TimesContradict,
    /// A row that ends before it begins, or has no beginning: it counts nothing.
    ImpossibleTimes,
    /// The report knows only a sum of minutes.
    MinutesOnly,
    /// Pages of the report are missing.
    ReportIncomplete,
    /// The event's times are to be settled first.
    EventTimesDiffer,
    /// The event was too short for its credit.
    EventTooShort,
    /// Staff have settled what was doubtful.
    ClearedByStaff,
    /// Staff have decided, whatever the report says.
    DecidedByStaff,
}

impl Reason {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Reason::NotInReport => "not_in_report",
            Reason::NotRegistered => "not_registered",
            Reason::DialInUnverified => "dial_in_unverified",
            Reason::AmbiguousEmail => "ambiguous_email",
            Reason::JoinedLate => "joined_late",
            Reason::LeftEarly => "left_early",
            Reason::Gap => "gap",
            Reason::InWaitingRoom => "in_waiting_room",
            Reason::WithinTolerance => "within_tolerance",
            Reason::SharedLink => "shared_link",
            Reason::OtherAccount => "other_account",
            Reason::Renamed => "renamed",
            Reason::GroupName => "group_name",
            Reason::SameName => "same_name",
            Reason::LeaveMissing => "leave_missing",
            Reason::LeaveUnknown => "leave_unknown",
            Reason::TimesContradict => "times_contradict",
            Reason::ImpossibleTimes => "impossible_times",
            Reason::MinutesOnly => "minutes_only",
            Reason::ReportIncomplete => "report_incomplete",
            Reason::EventTimesDiffer => "event_times_differ",
            Reason::EventTooShort => "event_too_short",
            Reason::ClearedByStaff => "cleared_by_staff",
            Reason::DecidedByStaff => "decided_by_staff",
        }
    }

    /// What it says, about the person.
    pub fn text(self) -> &'static str {
        match self {
            Reason::NotInReport => "Zoom's report has no row of this person.",
            Reason::NotRegistered => "Nobody who is registered is matched with this person.",
            Reason::DialInUnverified => "Somebody called in by telephone, and it isn't proven whose call it was.",
            Reason::AmbiguousEmail => "Several registrants have this address.",
            Reason::JoinedLate => "They came after instruction had begun.",
            Reason::LeftEarly => "They left before instruction ended.",
            Reason::Gap => "They were away during instruction.",
            Reason::InWaitingRoom => "They were in the waiting room during instruction, which is no attendance.",
            Reason::WithinTolerance => "What they missed is within what the event's policy forgives.",
            Reason::SharedLink => "Two people with different names were there at the same time by one link.",
            Reason::OtherAccount => "The link was used with the address of another registrant.",
            Reason::Renamed => "They were there under another name than the registrant's.",
            Reason::GroupName => "The name is one of several people.",
            Reason::SameName => "Somebody else was there under the same name.",
            Reason::LeaveMissing => "Zoom tells no time of leaving: the meeting's end stands for it.",
            Reason::LeaveUnknown => "Zoom tells no time of leaving, and the meeting's end isn't known.",
            Reason::TimesContradict => {
                "Zoom's times and its length of the stay contradict each other: the shorter counts."
            }
            Reason::ImpossibleTimes => "A row ends before it begins, or has no beginning: it counts nothing.",
            Reason::MinutesOnly => "The report has only minutes, and no times that could be compared with the event's.",
            Reason::ReportIncomplete => "Pages of Zoom's report are missing: what seems missed may stand on them.",
            Reason::EventTimesDiffer => {
                "The meeting's times differ from the schedule: staff have to settle them first."
            }
            Reason::EventTooShort => "The event was shorter than its credit asks for: staff have to look at it.",
            Reason::ClearedByStaff => "Staff have looked at what was doubtful, and it was this person.",
            Reason::DecidedByStaff => "Staff have decided this, with a reason of their own.",
        }
    }

    /// Whether nothing may be credited before staff have looked at it.
    pub fn asks_for_review(self) -> bool {
        match self {
            Reason::NotRegistered
            | Reason::DialInUnverified
            | Reason::AmbiguousEmail
            | Reason::SharedLink
            | Reason::OtherAccount
            | Reason::Renamed
            | Reason::GroupName
            | Reason::SameName
            | Reason::TimesContradict
            | Reason::MinutesOnly
            | Reason::EventTimesDiffer => true,
            // What can't be used counts nothing, so what is enough without it is enough.
            Reason::NotInReport
            | Reason::JoinedLate
            | Reason::LeftEarly
            | Reason::Gap
            | Reason::InWaitingRoom
            | Reason::WithinTolerance
            | Reason::LeaveMissing
            | Reason::LeaveUnknown
            | Reason::ImpossibleTimes
            | Reason::ReportIncomplete
            | Reason::EventTooShort
            | Reason::ClearedByStaff
            | Reason::DecidedByStaff => false,
        }
    }

    /// Whether staff can settle it by saying that it was this person alone.
    pub fn is_about_identity(self) -> bool {
        matches!(
            self,
            Reason::SharedLink | Reason::OtherAccount | Reason::Renamed | Reason::GroupName | Reason::SameName
        )
    }

    /// Whether somebody who seems to have missed something may have been there all the same.
    pub fn leaves_open(self) -> bool {
        matches!(
            self,
            Reason::LeaveUnknown
                | Reason::TimesContradict
                | Reason::ImpossibleTimes
                | Reason::MinutesOnly
                | Reason::ReportIncomplete
                | Reason::EventTimesDiffer
        )
    }
}

/// Why a slice of instruction was missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MissedReason {
    /// Before the first stay.
    JoinedLate,
    /// After the last.
    LeftEarly,
    /// Between two.
    Gap,
    /// In the waiting room.
    InWaitingRoom,
    /// All of it: they weren't there.
    Absent,
}

impl MissedReason {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            MissedReason::JoinedLate => "joined_late",
            MissedReason::LeftEarly => "left_early",
            MissedReason::Gap => "gap",
            MissedReason::InWaitingRoom => "in_waiting_room",
            MissedReason::Absent => "absent",
        }
    }

    /// The reason of the person that goes with it.
    pub(super) fn of_person(self) -> Option<Reason> {
        match self {
            MissedReason::JoinedLate => Some(Reason::JoinedLate),
            MissedReason::LeftEarly => Some(Reason::LeftEarly),
            MissedReason::Gap => Some(Reason::Gap),
            MissedReason::InWaitingRoom => Some(Reason::InWaitingRoom),
            MissedReason::Absent => None,
        }
    }
}

/// Why an event is held for staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hold {
    /// The meeting opened after the scheduled start or ended before the scheduled end.
    TimesDiffer,
    /// It wasn't open at all at the event's time.
    NeverOpen,
    /// There was no instruction.
    NothingRequired,
    /// There was less than an hour of instruction.
    UnderAnHour,
    /// The instruction yields less than what was advertised.
    LessThanAdvertised,
}

impl Hold {
    /// All of them.
    pub const ALL: [Hold; 5] =
        [Hold::TimesDiffer, Hold::NeverOpen, Hold::NothingRequired, Hold::UnderAnHour, Hold::LessThanAdvertised];

    /// Whether nothing can be decided of anybody before staff have settled it.
    pub fn leaves_undecided(self) -> bool {
        matches!(self, Hold::TimesDiffer | Hold::NeverOpen | Hold::NothingRequired)
    }

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Hold::TimesDiffer => "times_differ",
            Hold::NeverOpen => "never_open",
            Hold::NothingRequired => "nothing_required",
            Hold::UnderAnHour => "under_an_hour",
            Hold::LessThanAdvertised => "less_than_advertised",
        }
    }

    /// What staff read, with what to do.
    pub fn text(self) -> &'static str {
        match self {
            Hold::TimesDiffer => {
                "Zoom's meeting wasn't open for all of the scheduled time. Set when the event really began and ended."
            }
            Hold::NeverOpen => {
                "Zoom's meeting wasn't open at the event's time. Check the meeting's number, or set when the event really took place."
            }
            Hold::NothingRequired => "There is no instruction in the event's time. Check its times and breaks.",
            Hold::UnderAnHour => {
                "There was less than an hour of instruction. Such an event gives no credit by itself: decide what becomes of it."
            }
            Hold::LessThanAdvertised => {
                "There was less instruction than the advertised credit asks for. Nobody is credited by itself: decide what becomes of it."
            }
        }
    }
}
