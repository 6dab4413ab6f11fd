//! "Why don't I have my evaluation?": the answer, from what stands and nothing else. Every reason that applies is told, the decisive
//! one first, each with what to do now.
//!
//! It must never tell whoever isn't registered anything about those who are, or guess where nothing is known.

mod words;

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
    /// They had it, and it doesn't count any more.
    Revoked,
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
    /// People look at it, or have looked.
    UnderReview {
        /// Whether they have decided, and not in full: by a reason of their own that no rule tells.
        is_decided: bool,
    },
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
            Why::UnderReview { .. } => "under_review",
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
        None => whys.push(Why::UnderReview { is_decided: false }),
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
        (true, Certificate::None | Certificate::Pending | Certificate::Held | Certificate::Revoked) => {
            Plainly::OnItsWay
        }
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
            whys.push(Why::UnderReview { is_decided: false });
            whys.extend(of_reasons(&decided.reasons, true));
        }
        Verdict::Short | Verdict::Absent => {
            let found = of_reasons(&decided.reasons, false);
            let is_decided = decided.by.is_some();
            if is_decided || found.is_empty() {
                whys.push(Why::UnderReview { is_decided });
            }
            whys.extend(found);
        }
    }
}

fn of_full(decided: &Decided, asked: &Asked<'_>, whys: &mut Vec<Why>) {
    // A later report says less; or the event was too short for what was advertised, and people have to say what becomes of it. Nothing
    // can be submitted and nothing goes out before they have, also to whoever was invited before.
    let is_doubted = decided.turned.is_some() || asked.event.advertised().next().is_some() && !decided.is_credited();
    let has_certificate = asked.evaluation == Evaluation::Submitted && asked.certificate == Certificate::Issued;
    if is_doubted && !has_certificate {
        whys.push(Why::UnderReview { is_decided: false });
    }
    match asked.evaluation {
        Evaluation::Undeliverable | Evaluation::Incomplete { .. } | Evaluation::Expired if is_doubted => {}
        Evaluation::NotInvited => {}
        Evaluation::Undeliverable => whys.push(Why::MailUndeliverable),
        Evaluation::Incomplete { until } => whys.push(Why::EvaluationIncomplete { until }),
        Evaluation::Expired => whys.push(Why::EvaluationExpired),
        Evaluation::Submitted => match asked.certificate {
            Certificate::None | Certificate::Pending => whys.push(Why::CertificatePending),
            Certificate::Held | Certificate::Revoked => whys.push(Why::CertificateHeld),
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
