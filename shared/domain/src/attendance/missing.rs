//! "Why don't I have my evaluation?": the answer, from what stands and nothing else. Every reason that applies is told, the decisive
//! one first, each with what to do now.
//!
//! It must never tell whoever isn't registered anything about those who are, or guess where nothing is known.

use super::{Decided, Reason, Record, Verdict, tries};
use crate::{
    event::{Event, EventKind},
    registration::Participation,
};

/// What the answer depends on.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The event.
    pub event: &'a Event,
    /// The person's part in it, if there ever was one.
    pub person: Option<&'a Participation>,
    /// What is known of the event's attendance.
    pub record: &'a Record,
    /// Where the person's evaluation stands.
    pub evaluation: Evaluation,
    /// Where their certificate stands.
    pub certificate: Certificate,
    /// The moment, in seconds since 1970.
    pub now: i64,
}

/// Where somebody's evaluation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evaluation {
    /// They weren't invited.
    NotInvited,
    /// The mail that invited them came back.
    Undeliverable,
    /// They are invited.
    Incomplete {
        /// Until when it can be submitted, in seconds since 1970.
        until: i64,
    },
    /// It can't be submitted any more.
    Expired,
    /// They have submitted it.
    Submitted,
}

/// Where somebody's certificate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certificate {
    /// There is none.
    None,
    /// It is being made.
    Pending,
    /// Something keeps it back.
    Held,
    /// They have it.
    Issued,
}

/// Why there is no evaluation, or no certificate after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// They have no seat in this event.
    NotRegistered,
    /// Nobody is decided of, since Zoom's report isn't there.
    ReportPending {
        /// By when everybody is decided, in seconds since 1970.
        due_at: i64,
        /// When Zoom is asked next.
        next_at: Option<i64>,
        /// Whether it takes longer than it may.
        is_late: bool,
    },
    /// Staff look at it.
    UnderReview,
    /// Zoom's report doesn't name them.
    NotInReport,
    /// They left before instruction ended.
    LeftEarly,
    /// They came after it had begun.
    JoinedLate,
    /// They were away in between.
    Gap,
    /// They were in the waiting room meanwhile.
    InWaitingRoom,
    /// Somebody called in, and it isn't proven who.
    DialInUnverified,
    /// Their link was used with somebody else's account.
    OtherAccount,
    /// Their link was used by two.
    SharedLink,
    /// The mail that invites them came back.
    MailUndeliverable,
    /// The evaluation waits for them.
    EvaluationIncomplete {
        /// Until when, in seconds since 1970.
        until: i64,
    },
    /// It waited, and its time is over.
    EvaluationExpired,
    /// The certificate is being made.
    CertificatePending,
    /// Something keeps the certificate back.
    CertificateHeld,
    /// This event gives no credit by an evaluation.
    EventWithoutCredit(NoCredit),
}

/// Why an event gives no credit by an evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoCredit {
    /// It didn't take place.
    Cancelled,
    /// Its provider reports who completed it, and the credit comes with that.
    Reported,
    /// Nothing was advertised.
    NothingAdvertised,
}

/// What is to be said if there is nothing that keeps the evaluation back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plainly {
    /// The event isn't over.
    NotOver,
    /// They attended in full, and the invitation follows.
    OnItsWay,
    /// All is done.
    Done,
}

impl Why {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Why::NotRegistered => "not_registered",
            Why::ReportPending { .. } => "report_pending",
            Why::UnderReview => "under_review",
            Why::NotInReport => "not_in_report",
            Why::LeftEarly => "left_early",
            Why::JoinedLate => "joined_late",
            Why::Gap => "gap",
            Why::InWaitingRoom => "in_waiting_room",
            Why::DialInUnverified => "dial_in_unverified",
            Why::OtherAccount => "other_account",
            Why::SharedLink => "shared_link",
            Why::MailUndeliverable => "mail_undeliverable",
            Why::EvaluationIncomplete { .. } => "evaluation_incomplete",
            Why::EvaluationExpired => "evaluation_expired",
            Why::CertificatePending => "certificate_pending",
            Why::CertificateHeld => "certificate_held",
            Why::EventWithoutCredit(_) => "event_without_credit",
        }
    }

    /// What happened.
    pub fn text(self) -> &'static str {
        match self {
            Why::NotRegistered => {
                "With this account you have no seat in this event, so nothing is decided of you there."
            }
            Why::ReportPending { is_late: false, .. } => {
                "Zoom's report of who was there isn't in yet. Zoom takes up to half an hour to write it, and it counts only when it has come twice the same."
            }
            Why::ReportPending { is_late: true, .. } => {
                "Zoom's report of who was there should be in and isn't. The event's staff have been told to see to it."
            }
            Why::UnderReview => "Something about your attendance can't be decided by a rule, so people look at it.",
            Why::NotInReport => "Zoom's report doesn't name you.",
            Why::LeftEarly => "You left before instruction ended, and missed more than this event forgives.",
            Why::JoinedLate => "You came after instruction had begun, and missed more than this event forgives.",
            Why::Gap => "You were away in between, and missed more than this event forgives.",
            Why::InWaitingRoom => {
                "You were in Zoom's waiting room during instruction. That is no attendance, and you missed more than this event forgives."
            }
            Why::DialInUnverified => "Somebody called in by telephone, and it isn't proven that the call was yours.",
            Why::OtherAccount => "Your personal link was used with a Zoom account that isn't known to be yours.",
            Why::SharedLink => "Your personal link was used under two names at the same time.",
            Why::MailUndeliverable => {
                "We have sent you the invitation to the evaluation, and your mailbox didn't take it."
            }
            Why::EvaluationIncomplete { .. } => {
                "Your evaluation is there and isn't submitted. Without it there is no certificate."
            }
            Why::EvaluationExpired => "Your evaluation was there, and the time in which it could be submitted is over.",
            Why::CertificatePending => "Your evaluation is submitted, and your certificate is being made.",
            Why::CertificateHeld => "Your certificate is made, and something keeps it back.",
            Why::EventWithoutCredit(NoCredit::Cancelled) => {
                "This event was cancelled. It gives no credit, so it has no evaluation."
            }
            Why::EventWithoutCredit(NoCredit::Reported) => {
                "This kind of event has no evaluation here. Its provider reports who completed it, and the credit comes with that report."
            }
            Why::EventWithoutCredit(NoCredit::NothingAdvertised) => {
                "No body approves this event, so it gives no credit and has no certificate."
            }
        }
    }

    /// What to do now.
    pub fn what_now(self) -> &'static str {
        match self {
            Why::NotRegistered => {
                "If you registered with another account, log in with that one. If you were there without being registered, write to the event's contact and name the event."
            }
            Why::ReportPending { is_late: false, .. } => "Come back later: you need do nothing.",
            Why::ReportPending { is_late: true, .. } => {
                "You need do nothing. If a day and more has passed since the end, you can appeal below, or write to the event's contact."
            }
            Why::UnderReview => {
                "You need do nothing. If you know something that staff should know, say it in an appeal below."
            }
            Why::NotInReport => {
                "If you called in by telephone, enter the last four digits of its number below. If you were on Zoom with another name, address or device, appeal and say which."
            }
            Why::LeftEarly => {
                "Look at the times below. If you stayed on with another device, or the times are wrong, appeal and say so."
            }
            Why::JoinedLate => {
                "Look at the times below. If you were there in time with another device, or the times are wrong, appeal and say so."
            }
            Why::Gap => {
                "Look at the times below. If you were there meanwhile with another device, or the times are wrong, appeal and say so."
            }
            Why::InWaitingRoom => {
                "If the host let you in late although you were there in time, appeal and say when you came."
            }
            Why::DialInUnverified => {
                "If it was you, enter the last four digits of the number that you called from, below."
            }
            Why::OtherAccount => "If you used somebody else's computer or Zoom account, appeal and say whose and why.",
            Why::SharedLink => {
                "If both were you, with two devices, appeal and say so. Each person can be credited only for their own registration."
            }
            Why::MailUndeliverable => {
                "Correct your address in Account. Then write to the event's contact, so that it is sent again."
            }
            Why::EvaluationIncomplete { .. } => {
                "Open Evaluations in your CE Wallet, fill it in, and press Submit at its bottom."
            }
            Why::EvaluationExpired => "Write to the event's contact and say why you couldn't submit it in time.",
            Why::CertificatePending => "Come back in some minutes: you need do nothing.",
            Why::CertificateHeld => "Write to the event's contact, and name the event and your account.",
            Why::EventWithoutCredit(NoCredit::Cancelled) => "Look for another event in the catalogue.",
            Why::EventWithoutCredit(NoCredit::Reported) => {
                "If the credit isn't under Courses yet, ask the event's contact when it is reported."
            }
            Why::EventWithoutCredit(NoCredit::NothingAdvertised) => {
                "If you expected credit, look at what the event's page says of each body, and write to the event's contact."
            }
        }
    }
}

impl Plainly {
    /// What is said.
    pub fn text(self) -> &'static str {
        match self {
            Plainly::NotOver => {
                "This event isn't over. The evaluation comes after it, to those who attended all of it."
            }
            Plainly::OnItsWay => {
                "You attended this event in full. Your evaluation is on its way: as soon as it can be filled in, you get a mail. You need do nothing now."
            }
            Plainly::Done => "Your evaluation is submitted, and you have your certificate.",
        }
    }
}

/// All reasons that apply, the decisive one first; none if nothing keeps the evaluation back: then [`plainly`] says what is.
pub fn why(asked: &Asked<'_>) -> Vec<Why> {
    let Some(person) = asked.person.filter(|person| person.state.has_seat()) else { return vec![Why::NotRegistered] };
    let event = asked.event;
    if event.is_cancelled() {
        return vec![Why::EventWithoutCredit(NoCredit::Cancelled)];
    }
    if event.kind != EventKind::LiveWebinar {
        return vec![Why::EventWithoutCredit(NoCredit::Reported)];
    }
    let mut whys = Vec::new();
    if event.advertised().next().is_none() {
        whys.push(Why::EventWithoutCredit(NoCredit::NothingAdvertised));
    }
    if !event.has_ended(asked.now) {
        return whys;
    }
    match person.decided.as_deref() {
        None if asked.record.applied.is_none() => whys.push(pending(asked)),
        // The others are decided of, and this person isn't: they came to it later.
        None => whys.push(Why::UnderReview),
        Some(decided) => of_decision(decided, asked, &mut whys),
    }
    whys
}

/// What is to be said if nothing keeps the evaluation back.
pub fn plainly(asked: &Asked<'_>) -> Option<Plainly> {
    if !why(asked).is_empty() {
        return None;
    }
    Some(match (asked.event.has_ended(asked.now), asked.certificate) {
        (false, _) => Plainly::NotOver,
        (true, Certificate::Issued) => Plainly::Done,
        (true, Certificate::None | Certificate::Pending | Certificate::Held) => Plainly::OnItsWay,
    })
}

fn pending(asked: &Asked<'_>) -> Why {
    let clock = tries::clock(asked.event.when.ends_at, asked.now);
    let is_late = clock.state != tries::ClockState::InTime;
    Why::ReportPending { due_at: clock.due_at, next_at: asked.record.next_at, is_late }
}

fn of_decision(decided: &Decided, asked: &Asked<'_>, whys: &mut Vec<Why>) {
    match decided.verdict {
        Verdict::Full => of_full(decided, asked, whys),
        Verdict::Review => {
            whys.push(Why::UnderReview);
            whys.extend(of_reasons(&decided.reasons, true));
        }
        Verdict::Short | Verdict::Absent => {
            let found = of_reasons(&decided.reasons, false);
            let is_by_staff = decided.by.is_some();
            // What people have decided goes by their own reason, which no rule tells.
            if is_by_staff || found.is_empty() {
                whys.push(Why::UnderReview);
            }
            whys.extend(found);
        }
    }
}

fn of_full(decided: &Decided, asked: &Asked<'_>, whys: &mut Vec<Why>) {
    match asked.evaluation {
        // A later report says less: nothing goes out before staff have looked.
        Evaluation::NotInvited if decided.turned.is_some() => whys.push(Why::UnderReview),
        Evaluation::NotInvited => {}
        Evaluation::Undeliverable => whys.push(Why::MailUndeliverable),
        Evaluation::Incomplete { until } => whys.push(Why::EvaluationIncomplete { until }),
        Evaluation::Expired => whys.push(Why::EvaluationExpired),
        Evaluation::Submitted => match asked.certificate {
            Certificate::None | Certificate::Pending => whys.push(Why::CertificatePending),
            Certificate::Held => whys.push(Why::CertificateHeld),
            Certificate::Issued => {}
        },
    }
}

/// The reasons that a person reads of, who somebody was first where that is what is doubtful.
fn of_reasons(reasons: &[Reason], identity_first: bool) -> Vec<Why> {
    let mut found: Vec<(bool, Why)> = reasons.iter().filter_map(|reason| of_reason(*reason)).collect();
    found.sort_by_key(|(is_identity, _)| *is_identity != identity_first);
    found.into_iter().map(|(_, why)| why).collect()
}

/// A reason, and whether it is about who somebody was.
fn of_reason(reason: Reason) -> Option<(bool, Why)> {
    match reason {
        Reason::NotInReport => Some((false, Why::NotInReport)),
        Reason::DialInUnverified => Some((true, Why::DialInUnverified)),
        Reason::JoinedLate => Some((false, Why::JoinedLate)),
        Reason::LeftEarly => Some((false, Why::LeftEarly)),
        Reason::Gap => Some((false, Why::Gap)),
        Reason::InWaitingRoom => Some((false, Why::InWaitingRoom)),
        Reason::SharedLink => Some((true, Why::SharedLink)),
        Reason::OtherAccount => Some((true, Why::OtherAccount)),
        // These alone send it to people, who look at it.
        Reason::NotRegistered
        | Reason::AmbiguousEmail
        | Reason::WithinTolerance
        | Reason::Renamed
        | Reason::GroupName
        | Reason::SameName
        | Reason::LeaveMissing
        | Reason::LeaveUnknown
        | Reason::TimesContradict
        | Reason::ImpossibleTimes
        | Reason::MinutesOnly
        | Reason::ReportIncomplete
        | Reason::EventTimesDiffer
        | Reason::EventTooShort
        | Reason::ClearedByStaff
        | Reason::DecidedByStaff => None,
    }
}
