//! What a licensee reads of each answer: what happened, and what to do now. Each is said to them, in the second person.

use super::{NoCredit, Plainly, Why};

impl Why {
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
            Why::UnderReview { is_decided: false } => {
                "Something about your attendance can't be decided by a rule, so people look at it."
            }
            Why::UnderReview { is_decided: true } => {
                "People have looked at your attendance and decided that it doesn't count in full."
            }
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
            Why::CertificateHeld => {
                "Your certificate is kept back, or was revoked: which of the two, and why, stands under Certificates."
            }
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
            Why::UnderReview { is_decided: true } => {
                "Their reason stands in the Main Hall. If you think that it is wrong, appeal and say why."
            }
            Why::UnderReview { is_decided: false } => {
                "You need do nothing. If you know something that staff should know, say it in an appeal below."
            }
            Why::NotInReport => {
                "If you called in by telephone, enter the last four digits of its number below. If you were on Zoom with another name, address or device, appeal and say which."
            }
            Why::LeftEarly => {
                "Your times stand in the Main Hall. If you stayed on with another device, or the times are wrong, appeal and say so."
            }
            Why::JoinedLate => {
                "Your times stand in the Main Hall. If you were there in time with another device, or the times are wrong, appeal and say so."
            }
            Why::Gap => {
                "Your times stand in the Main Hall. If you were there meanwhile with another device, or the times are wrong, appeal and say so."
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
                "You don't need the mail: the evaluation stands under Evaluations in your CE Wallet. So that other mails reach you, correct your address in Account."
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
