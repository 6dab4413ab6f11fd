//! The reasons in the second person, with what to do now where there is something to do. The domain's own texts are for staff.
//! None of these tells somebody about another person.

use super::Voice;
use domain::attendance::{Hold, MissedReason, Person, Reason, Verdict, Window};

/// A reason as the person themselves reads it.
pub fn reason_to_you(reason: Reason) -> &'static str {
    match reason {
        Reason::NotInReport => {
            "Zoom's report doesn't name you. If you were there, perhaps by telephone or with another address, send an appeal and say how you came in: staff compare it with the report."
        }
        Reason::NotRegistered => {
            "What Zoom tells couldn't be matched with your registration. Send an appeal and say under which name and address you were on Zoom."
        }
        Reason::DialInUnverified => {
            "Somebody called in by telephone, and it isn't proven yet that it was you. If it was, enter the last four digits of the number that you called from."
        }
        Reason::AmbiguousEmail => {
            "The address that you used on Zoom belongs to more than one registration. Staff settle whose time it was; if that takes long, send an appeal and say when you were there."
        }
        Reason::JoinedLate => {
            "You came after instruction had begun. If you were there in time by another device or telephone, send an appeal and say which."
        }
        Reason::LeftEarly => {
            "You left before instruction ended. If you stayed on by another device or telephone, send an appeal and say which."
        }
        Reason::Gap => {
            "You were away during instruction, perhaps because your connection broke off. If you were there meanwhile by another device or telephone, send an appeal and say which."
        }
        Reason::InWaitingRoom => {
            "You were in the waiting room during instruction, which is no attendance. If the host let you in late although you were there in time, send an appeal: staff look at it."
        }
        Reason::WithinTolerance => {
            "What you missed is within what the event's policy forgives. You don't have to do anything."
        }
        Reason::SharedLink => {
            "Your personal link was used under two names at the same time, so staff have to look at who you were. If you were there with two devices, send an appeal and say so. Next time, don't pass your link on."
        }
        Reason::OtherAccount => {
            "Your personal link was used with an address on Zoom that isn't yours with us. If you used somebody else's computer or account, send an appeal and say so."
        }
        Reason::Renamed => {
            "You were on Zoom under another name than the one on your account. Staff look at whether it was you; if the name is yours too, send an appeal and say so."
        }
        Reason::GroupName => {
            "You were on Zoom under a name that stands for more than one person. Attendance is each person's own: staff look at it, and you can send an appeal and say who was there."
        }
        Reason::SameName => {
            "Your name was on Zoom twice. If the other one was your second device, you don't have to do anything but wait: staff look at it."
        }
        Reason::LeaveMissing => {
            "Zoom doesn't tell when you left, so the meeting's end is taken for it. You don't have to do anything."
        }
        Reason::LeaveUnknown => {
            "Zoom doesn't tell when you left, and the meeting's end isn't known. Staff look at it; send an appeal and say until when you stayed."
        }
        Reason::TimesContradict => {
            "Zoom's times of your stay contradict its length, so staff look at it. You can send an appeal and say when you were there."
        }
        Reason::ImpossibleTimes => {
            "A part of what Zoom tells of you can't be true, such as leaving before coming, and counts nothing. If you miss time because of it, send an appeal and say when you were there."
        }
        Reason::MinutesOnly => {
            "The report tells how many minutes you were there and not when, so it can't be compared with the event. Staff look at it; you don't have to do anything now."
        }
        Reason::ReportIncomplete => {
            "Zoom's report isn't complete yet: what you seem to have missed may stand on the part that is missing. It is asked for again; you don't have to do anything now."
        }
        Reason::EventTimesDiffer => {
            "The event didn't take place exactly when it was scheduled. Staff settle its times before anything is decided of you; you don't have to do anything now."
        }
        Reason::EventTooShort => {
            "You attended all of it, and the event was shorter than its credit asks for. Staff decide what becomes of the credit; you don't have to do anything now."
        }
        Reason::ClearedByStaff => {
            "Staff have looked at what was doubtful, and it was you. You don't have to do anything."
        }
        Reason::DecidedByStaff => {
            "Staff have decided this, with a reason of their own. If you think that it is wrong, send an appeal and say why."
        }
    }
}

/// Why the event is held, as a person who attended it reads it.
pub fn hold_to_you(hold: Hold) -> &'static str {
    match hold {
        Hold::TimesDiffer => {
            "Zoom's meeting wasn't open for all of the scheduled time. Staff settle when the event really began and ended; you don't have to do anything now."
        }
        Hold::NeverOpen => {
            "Zoom's meeting wasn't open at the event's time. Staff settle when the event really took place; you don't have to do anything now."
        }
        Hold::NothingRequired => {
            "The event's times leave no instruction. Staff correct them; you don't have to do anything now."
        }
        Hold::UnderAnHour => {
            "There was less than an hour of instruction, and such an event gives no credit by itself. Staff decide what becomes of it; you don't have to do anything now."
        }
        Hold::LessThanAdvertised => {
            "There was less instruction than the advertised credit asks for. Staff decide what becomes of it; you don't have to do anything now."
        }
    }
}

/// Why a slice was missed, in a few words that go with anybody.
pub fn missed_words(reason: MissedReason) -> &'static str {
    match reason {
        MissedReason::JoinedLate => "came after instruction had begun",
        MissedReason::LeftEarly => "left before instruction ended",
        MissedReason::Gap => "away during instruction",
        MissedReason::InWaitingRoom => "in the waiting room, which is no attendance",
        MissedReason::Absent => "not there at all",
    }
}

/// An outcome in words.
pub fn verdict_words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Full => "In full",
        Verdict::Short => "Not in full",
        Verdict::Review => "Under review",
        Verdict::Absent => "Not there",
    }
}

/// An outcome's look: `good`, `bad` or `open`.
pub fn verdict_look(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Full => "good",
        Verdict::Review => "open",
        Verdict::Short | Verdict::Absent => "bad",
    }
}

/// The reasons of a person and of the event, for whoever reads them.
pub(super) fn of(person: &Person, window: &Window, voice: Voice) -> Vec<&'static str> {
    // The person's own sentence says already that the times are to be settled, or that there was too little time.
    let is_told = |hold: &Hold| match hold {
        Hold::TimesDiffer | Hold::NeverOpen | Hold::NothingRequired => {
            person.reasons.contains(&Reason::EventTimesDiffer)
        }
        Hold::UnderAnHour | Hold::LessThanAdvertised => person.reasons.contains(&Reason::EventTooShort),
    };
    let reasons = person.reasons.iter();
    let holds = window.holds.iter();
    match voice {
        Voice::You => {
            let holds = holds.filter(|hold| !is_told(hold)).map(|hold| hold_to_you(*hold));
            reasons.map(|reason| reason_to_you(*reason)).chain(holds).collect()
        }
        Voice::They => reasons.map(|reason| reason.text()).chain(holds.map(|hold| hold.text())).collect(),
    }
}
