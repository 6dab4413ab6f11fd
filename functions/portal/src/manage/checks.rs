//! The check-list of publishing: what is good is ticked, and every reason against it leads to where it is put right.

use super::{Managing, Standing};
use domain::{
    credit_type::duration,
    event::{
        Event, EventKind,
        publish::{ApprovalPart, Page, Refusal},
    },
};

/// A line of the check-list.
pub(super) struct Check {
    pub(super) what: String,
    /// There is nothing yet that could be good.
    pub(super) is_open: bool,
    pub(super) reasons: Vec<Reason>,
}

/// A reason against publishing, and where it is put right.
pub(super) struct Reason {
    pub(super) text: String,
    pub(super) address: Option<String>,
}

/// What the list tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Topic {
    Course,
    Time,
    Instruction,
    Room,
    Promotion,
    Words,
    Approvals,
    Credit,
    Texts,
}

const TOPICS: [Topic; 9] = [
    Topic::Course,
    Topic::Time,
    Topic::Instruction,
    Topic::Room,
    Topic::Promotion,
    Topic::Words,
    Topic::Approvals,
    Topic::Credit,
    Topic::Texts,
];

impl Topic {
    fn of(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::CourseUnknown | Refusal::CourseNotApproved { .. } | Refusal::CourseNotYours => Topic::Course,
            Refusal::NotADraft | Refusal::InThePast => Topic::Time,
            Refusal::NoAgenda | Refusal::OutsideTheEvent { .. } | Refusal::TooShort { .. } => Topic::Instruction,
            Refusal::NoRoom | Refusal::MeetingTaken { .. } | Refusal::MeetingTwice { .. } => Topic::Room,
            Refusal::Missing(_) => Topic::Promotion,
            Refusal::NoStanding { .. } | Refusal::UnknownBody { .. } => Topic::Words,
            Refusal::ApprovalLacks { .. } | Refusal::ApprovalNotValid { .. } | Refusal::NoConsent { .. } => {
                Topic::Approvals
            }
            Refusal::NoCreditType { .. }
            | Refusal::MoreThanTheTime { .. }
            | Refusal::NotInSteps { .. }
            | Refusal::MoreThanTheCourse { .. } => Topic::Credit,
            Refusal::OrganisationTextMissing(_) => Topic::Texts,
        }
    }

    fn what(self, event: &Event) -> String {
        match self {
            Topic::Course => format!("The course {} is yours and approved on the event's days", event.course),
            Topic::Time => format!("It is still to come: {}", event.when.words()),
            Topic::Instruction => {
                format!("An hour of instruction at least: {} without breaks", duration(event.instruction_seconds()))
            }
            Topic::Room if event.kind == EventKind::LiveWebinar => {
                "It is said where it takes place, and nothing else does there then".to_owned()
            }
            Topic::Room => "Where it takes place needn't be said for this kind".to_owned(),
            Topic::Promotion => "All that people want to know before they register".to_owned(),
            Topic::Words => "A word on every body that the organisation lists".to_owned(),
            Topic::Approvals => "Each approval is complete, holds on the day, and has the office's consent".to_owned(),
            Topic::Credit => "No more credit than the time yields and the course has".to_owned(),
            Topic::Texts => "The organisation's texts that every promotion prints".to_owned(),
        }
    }
}

impl Topic {
    /// What is said of approvals as long as there is none: that nothing is wrong with them would say that they are there.
    fn nothing_yet(self, event: &Event) -> Option<&'static str> {
        if event.approvals.iter().any(|approval| approval.approved().is_some()) {
            return None;
        }
        match self {
            Topic::Approvals => Some("No body is said to approve it, so there is nothing for the office to consent to"),
            Topic::Credit => Some("No credit is advertised"),
            Topic::Course
            | Topic::Time
            | Topic::Instruction
            | Topic::Room
            | Topic::Promotion
            | Topic::Words
            | Topic::Texts => None,
        }
    }
}

/// The check-list of a draft.
pub(super) fn list(managing: &Managing, standing: &Standing, event: &Event, refusals: &[Refusal]) -> Vec<Check> {
    let reason =
        |refusal: &Refusal| Reason { text: refusal.text(), address: place(managing, standing, event, refusal) };
    let check = |topic: Topic| {
        let of = refusals.iter().filter(|refusal| Topic::of(refusal) == topic);
        let reasons: Vec<Reason> = of.map(reason).collect();
        match topic.nothing_yet(event).filter(|_| reasons.is_empty()) {
            Some(what) => Check { what: what.to_owned(), is_open: true, reasons },
            None => Check { what: topic.what(event), is_open: false, reasons },
        }
    };
    TOPICS.map(check).into()
}

/// Where a refusal is put right, if this visitor can.
fn place(managing: &Managing, standing: &Standing, event: &Event, refusal: &Refusal) -> Option<String> {
    let address = super::address(&event.id);
    if Topic::of(refusal) == Topic::Room {
        return Some(format!("{address}/where#{}", refusal.field()));
    }
    match refusal.page() {
        Page::Details => Some(format!("{address}/details#{}", refusal.field())),
        Page::Agenda if event.kind == EventKind::OnDemand => Some(format!("{address}/details#minutes")),
        Page::Agenda => Some(format!("{address}/agenda#{}", refusal.field())),
        Page::Approvals => Some(format!("{address}/approvals{}", anchor(standing, refusal))),
        Page::Office if !managing.is_office() => None,
        Page::Office => Some(match refusal {
            Refusal::OrganisationTextMissing(_) => format!("/office/settings/texts#{}", refusal.field()),
            _ => "/office/settings/credit".to_owned(),
        }),
    }
}

/// The field of a body's row that a refusal is about.
fn anchor(standing: &Standing, refusal: &Refusal) -> String {
    let body = refusal.field();
    let row = standing.organisation.bodies.iter().position(|listed| listed.short.eq_ignore_ascii_case(&body));
    let stem = match refusal {
        Refusal::ApprovalLacks { part, .. } => match part {
            ApprovalPart::Number => "number",
            ApprovalPart::Statement => "statement",
            ApprovalPart::Evidence => "evidence",
            ApprovalPart::Validity => "valid_from",
            ApprovalPart::Advertised => "advertised",
        },
        Refusal::ApprovalNotValid { .. } => "valid_from",
        Refusal::MoreThanTheTime { .. } | Refusal::NotInSteps { .. } | Refusal::MoreThanTheCourse { .. } => {
            "advertised"
        }
        _ => "standing",
    };
    row.map(|row| format!("#{stem}-{row}")).unwrap_or_default()
}
