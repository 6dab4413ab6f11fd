//! The reasons against publishing, each with its code, its sentence and the page where it can be put right.

use super::super::LEAST_MINUTES;
use crate::{credit_type::duration, hours::CreditHours};
use jiff::civil::Date;

/// The page on which something can be put right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Page {
    /// The event's details.
    Details,
    /// Its agenda.
    Agenda,
    /// Its approvals.
    Approvals,
    /// The office's settings: only the office can.
    Office,
}

/// A text of the event that promotion can't do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needed {
    /// Objectives.
    Objectives,
    /// Presenters.
    Presenters,
    /// Audience.
    Audience,
    /// Level.
    Level,
    /// Prerequisites.
    Prerequisites,
    /// Advance preparation.
    Preparation,
    /// Fees.
    Fees,
    /// Refunds and cancellation.
    Refunds,
    /// Contact.
    Contact,
    /// Whom to complain to.
    Complaints,
}

/// A text of the organisation that every promotion prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrganisationText {
    /// How to complain.
    Grievance,
    /// How to ask for what one needs to take part.
    Accommodation,
    /// That approval by one body isn't acceptance by all.
    Disclaimer,
}

/// A part of an approval that is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApprovalPart {
    /// Its number.
    Number,
    /// Its statement.
    Statement,
    /// Its evidence.
    Evidence,
    /// Its first day.
    Validity,
    /// The credit.
    Advertised,
}

/// A reason against publishing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It is published or cancelled already.
    NotADraft,
    /// It would begin in the past.
    InThePast,
    /// The course isn't in the register.
    CourseUnknown,
    /// The course is approved on other days.
    CourseNotApproved {
        /// The day.
        day: Date,
    },
    /// The course isn't this provider's.
    CourseNotYours,
    /// A live event or a conference without an agenda, or an on-demand event without its minutes.
    NoAgenda,
    /// A part of the agenda lies outside the event.
    OutsideTheEvent {
        /// Its title.
        title: String,
    },
    /// Less than an hour of instruction.
    TooShort {
        /// How much there is, in seconds.
        seconds: u64,
    },
    /// Promotion lacks something.
    Missing(Needed),
    /// The organisation's text isn't written.
    OrganisationTextMissing(OrganisationText),
    /// A live event without a meeting or a link.
    NoRoom,
    /// Somebody else's event uses the same meeting near that time. Whose it is isn't this provider's to know.
    MeetingTaken {
        /// The meeting's number, as people write it.
        number: String,
    },
    /// An event of the same provider uses the same meeting at the same time.
    MeetingTwice {
        /// Its title.
        title: String,
        /// When it is, in words.
        when: String,
    },
    /// Nothing is said of a body.
    NoStanding {
        /// The body.
        body: String,
    },
    /// A body that the organisation doesn't list.
    UnknownBody {
        /// The body.
        body: String,
    },
    /// An approval lacks a part.
    ApprovalLacks {
        /// The body.
        body: String,
        /// The part.
        part: ApprovalPart,
    },
    /// An approval doesn't cover the event.
    ApprovalNotValid {
        /// The body.
        body: String,
        /// The day that it doesn't cover.
        day: Date,
    },
    /// The office hasn't consented.
    NoConsent {
        /// The body.
        body: String,
    },
    /// Nobody has said how the body counts credit.
    NoCreditType {
        /// The body.
        body: String,
    },
    /// More credit than the time yields.
    MoreThanTheTime {
        /// The body.
        body: String,
        /// What is advertised.
        advertised: CreditHours,
        /// What the time yields, counted.
        arithmetic: String,
    },
    /// Credit in other steps than the body counts in.
    NotInSteps {
        /// The body.
        body: String,
        /// What is advertised.
        advertised: CreditHours,
        /// The steps.
        step: CreditHours,
    },
    /// More hours than the course is approved for.
    MoreThanTheCourse {
        /// The body.
        body: String,
        /// What is advertised.
        advertised: CreditHours,
        /// What the course has.
        course: CreditHours,
    },
}

impl Needed {
    fn word(self) -> &'static str {
        match self {
            Needed::Objectives => "objectives",
            Needed::Presenters => "presenters",
            Needed::Audience => "audience",
            Needed::Level => "level",
            Needed::Prerequisites => "prerequisites",
            Needed::Preparation => "preparation",
            Needed::Fees => "fees",
            Needed::Refunds => "refunds",
            Needed::Contact => "contact",
            Needed::Complaints => "complaints",
        }
    }

    fn text(self) -> &'static str {
        match self {
            Needed::Objectives => "The learning objectives aren't said. Enter at least one.",
            Needed::Presenters => "No presenter is named. Enter who presents, with their credentials.",
            Needed::Audience => "It isn't said whom the event is for. Enter its audience.",
            Needed::Level => "The level isn't said. Choose introductory, intermediate or advanced.",
            Needed::Prerequisites => "It isn't said what one has to know already. Enter the prerequisites, or None.",
            Needed::Preparation => "It isn't said what one has to prepare. Enter the advance preparation, or None.",
            Needed::Fees => "It isn't said what the event costs. Enter the fees, or Free.",
            Needed::Refunds => {
                "It isn't said what happens to the money after a cancellation. Enter the refund and cancellation policy."
            }
            Needed::Contact => "It isn't said whom to ask. Enter a contact.",
            Needed::Complaints => "It isn't said whom to complain to. Enter a contact for complaints.",
        }
    }
}

impl OrganisationText {
    fn word(self) -> &'static str {
        match self {
            OrganisationText::Grievance => "grievance",
            OrganisationText::Accommodation => "accommodation",
            OrganisationText::Disclaimer => "disclaimer",
        }
    }
}

impl ApprovalPart {
    fn words(self) -> &'static str {
        match self {
            ApprovalPart::Number => "its number",
            ApprovalPart::Statement => "its statement",
            ApprovalPart::Evidence => "its evidence",
            ApprovalPart::Validity => "the day from which it holds",
            ApprovalPart::Advertised => "the credit that it promises",
        }
    }
}

impl Refusal {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::NotADraft => "not_a_draft",
            Refusal::InThePast => "in_the_past",
            Refusal::CourseUnknown => "course_unknown",
            Refusal::CourseNotApproved { .. } => "course_not_approved",
            Refusal::CourseNotYours => "course_not_yours",
            Refusal::NoAgenda => "no_agenda",
            Refusal::OutsideTheEvent { .. } => "outside_the_event",
            Refusal::TooShort { .. } => "under_sixty_minutes",
            Refusal::Missing(needed) => match needed {
                Needed::Objectives => "objectives_missing",
                Needed::Presenters => "presenters_missing",
                Needed::Audience => "audience_missing",
                Needed::Level => "level_missing",
                Needed::Prerequisites => "prerequisites_missing",
                Needed::Preparation => "preparation_missing",
                Needed::Fees => "fees_missing",
                Needed::Refunds => "refunds_missing",
                Needed::Contact => "contact_missing",
                Needed::Complaints => "complaints_missing",
            },
            Refusal::OrganisationTextMissing(text) => match text {
                OrganisationText::Grievance => "grievance_text_missing",
                OrganisationText::Accommodation => "accommodation_text_missing",
                OrganisationText::Disclaimer => "disclaimer_text_missing",
            },
            Refusal::NoRoom => "no_room",
            Refusal::MeetingTaken { .. } => "meeting_taken",
            Refusal::MeetingTwice { .. } => "meeting_twice",
            Refusal::NoStanding { .. } => "no_standing",
            Refusal::UnknownBody { .. } => "unknown_body",
            Refusal::ApprovalLacks { part, .. } => match part {
                ApprovalPart::Number => "approval_number_missing",
                ApprovalPart::Statement => "approval_statement_missing",
                ApprovalPart::Evidence => "approval_evidence_missing",
                ApprovalPart::Validity => "approval_validity_missing",
                ApprovalPart::Advertised => "advertised_missing",
            },
            Refusal::ApprovalNotValid { .. } => "approval_not_valid",
            Refusal::NoConsent { .. } => "no_consent",
            Refusal::NoCreditType { .. } => "no_credit_type",
            Refusal::MoreThanTheTime { .. } => "more_than_the_time",
            Refusal::NotInSteps { .. } => "not_in_steps",
            Refusal::MoreThanTheCourse { .. } => "more_than_the_course",
        }
    }

    /// What is wrong, why, and what to do now.
    pub fn text(&self) -> String {
        let day = |day: &Date| day.strftime("%B %-d, %Y").to_string();
        match self {
            Refusal::NotADraft => "This event was published or cancelled before. Look at it again.".to_owned(),
            Refusal::InThePast => "The event would begin in the past. Enter a start that is still to come.".to_owned(),
            Refusal::CourseUnknown => "The course isn't on the register. Choose one of your approved courses.".to_owned(),
            Refusal::CourseNotApproved { day: on } => format!("The course isn't approved on {}. Choose another day or another course, or ask the office.", day(on)),
            Refusal::CourseNotYours => "The course isn't registered for you as its provider. Choose one of your own, or ask the office to associate you with it.".to_owned(),
            Refusal::NoAgenda => "The event has no instruction yet. Enter its agenda with at least one session; for an on-demand event enter its minutes of instruction.".to_owned(),
            Refusal::OutsideTheEvent { title } => format!("“{title}” lies outside the event's time. Move it, or change when the event starts or ends."),
            Refusal::TooShort { seconds } => format!("The agenda has {} of instruction without breaks; no credit is given for less than {LEAST_MINUTES} minutes. Add instruction.", duration(*seconds)),
            Refusal::Missing(needed) => needed.text().to_owned(),
            Refusal::OrganisationTextMissing(text) => format!("The organisation's {} text isn't written, and every promotion has to print it. Ask the office to write it in its settings.", text.word()),
            Refusal::MeetingTaken { number } => format!("The Zoom meeting {number} is in use for another event around this time, so nobody could tell who attended which. Check the number at Zoom and enter the event's own; if it is your meeting, write to the office."),
            Refusal::MeetingTwice { title, when } => format!("Your event “{title}” ({when}) uses the same Zoom meeting at the same time, so nobody could tell who attended which. Enter another meeting, or move one of the two."),
            Refusal::NoRoom => "It isn't said where the event takes place. Enter its Zoom meeting number or its link.".to_owned(),
            Refusal::NoStanding { body } => format!("Nothing is said of {body}. Say whether it approves the event, doesn't, or hasn't decided."),
            Refusal::UnknownBody { body } => format!("{body} isn't one of the organisation's bodies any more. Remove what is said of it, or ask the office to list it."),
            Refusal::ApprovalLacks { body, part } => format!("The approval by {body} lacks {}. Enter it, or say that {body} hasn't approved.", part.words()),
            Refusal::ApprovalNotValid { body, day: on } => format!("The approval by {body} doesn't hold on {}, a day of the event. Correct its days, choose another day, or say that {body} hasn't approved.", day(on)),
            Refusal::NoConsent { body } => format!("The office hasn't consented to the approval by {body}. Ask the office to look at its evidence."),
            Refusal::NoCreditType { body } => format!("How {body} counts credit isn't entered, so what is advertised can't be checked. Ask the office to enter it in its settings."),
            Refusal::MoreThanTheTime { body, advertised, arithmetic } => format!("{advertised} credits are advertised for {body}, more than the instruction yields ({arithmetic}). Advertise less, or add instruction."),
            Refusal::NotInSteps { body, advertised, step } => format!("{advertised} credits are advertised for {body}, which counts in steps of {step}. Advertise a multiple of that."),
            Refusal::MoreThanTheCourse { body, advertised, course } => format!("{advertised} credits are advertised for {body}, and the course is approved for {course} at most. Advertise less, or choose another course."),
        }
    }

    /// The page on which it can be put right.
    pub fn page(&self) -> Page {
        match self {
            Refusal::NotADraft
            | Refusal::InThePast
            | Refusal::CourseUnknown
            | Refusal::CourseNotApproved { .. }
            | Refusal::CourseNotYours
            | Refusal::Missing(_)
            | Refusal::NoRoom
            | Refusal::MeetingTaken { .. }
            | Refusal::MeetingTwice { .. } => Page::Details,
            Refusal::NoAgenda | Refusal::OutsideTheEvent { .. } | Refusal::TooShort { .. } => Page::Agenda,
            Refusal::NoStanding { .. }
            | Refusal::UnknownBody { .. }
            | Refusal::ApprovalLacks { .. }
            | Refusal::ApprovalNotValid { .. }
            | Refusal::NoConsent { .. }
            | Refusal::MoreThanTheTime { .. }
            | Refusal::NotInSteps { .. }
            | Refusal::MoreThanTheCourse { .. } => Page::Approvals,
            Refusal::OrganisationTextMissing(_) | Refusal::NoCreditType { .. } => Page::Office,
        }
    }

    /// The field on that page, for a link from the reason to it.
    pub fn field(&self) -> String {
        match self {
            Refusal::NotADraft => "title".to_owned(),
            Refusal::InThePast | Refusal::CourseNotApproved { .. } => "starts_on".to_owned(),
            Refusal::CourseUnknown | Refusal::CourseNotYours => "course".to_owned(),
            Refusal::NoAgenda | Refusal::OutsideTheEvent { .. } | Refusal::TooShort { .. } => "segment-0".to_owned(),
            Refusal::Missing(Needed::Presenters) => "presenter-0".to_owned(),
            Refusal::Missing(needed) => needed.word().to_owned(),
            Refusal::NoRoom => "room".to_owned(),
            Refusal::MeetingTaken { .. } | Refusal::MeetingTwice { .. } => "zoom_number".to_owned(),
            Refusal::OrganisationTextMissing(text) => text.word().to_owned(),
            Refusal::NoStanding { body }
            | Refusal::UnknownBody { body }
            | Refusal::ApprovalLacks { body, .. }
            | Refusal::ApprovalNotValid { body, .. }
            | Refusal::NoConsent { body }
            | Refusal::NoCreditType { body }
            | Refusal::MoreThanTheTime { body, .. }
            | Refusal::NotInSteps { body, .. }
            | Refusal::MoreThanTheCourse { body, .. } => body.clone(),
        }
    }
}
