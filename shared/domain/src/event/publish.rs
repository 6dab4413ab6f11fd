//! May an event be published? Every reason against it at once, each with its remedy and its place.
//!
//! The organisation's policies stand here, one refusal each: an hour of instruction at least; no more credit than the time
//! yields, than the course is approved for, or than was approved; a word on every body; evidence, a statement and the office's
//! consent for each approval; and what promotion has to say.

mod refusal;

pub use refusal::{ApprovalPart, Needed, OrganisationText, Page, Refusal};

use super::{Approved, Event, EventKind, EventState, LEAST_MINUTES, Published, Room, Standing};
use crate::{
    course::Course,
    credit_type::{CreditType, credit},
    organisation::{Organisation, Texts},
};

/// What publishing is decided by, as it stands at this moment.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The event's course, if it is in the register.
    pub course: Option<&'a Course>,
    /// The provider's name.
    pub provider_name: &'a str,
    /// The organisation with its bodies.
    pub organisation: &'a Organisation,
    /// Its texts.
    pub texts: &'a Texts,
    /// The types of credit.
    pub credit_types: &'a [CreditType],
    /// The events that use the same meeting of Zoom's about that time; others among them don't count.
    pub neighbours: &'a [Event],
    /// In seconds since 1970.
    pub now: i64,
}

/// Every reason against publishing a draft; none if it may be published.
pub fn refusals(event: &Event, facts: &Facts<'_>) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    if event.state != EventState::Draft {
        refusals.push(Refusal::NotADraft);
    }
    if event.when.starts_at <= facts.now {
        refusals.push(Refusal::InThePast);
    }
    course(event, facts, &mut refusals);
    time(event, &mut refusals);
    meeting(event, facts, &mut refusals);
    promotion(event, &mut refusals);
    texts(facts, &mut refusals);
    bodies(event, facts, &mut refusals);
    let course_hours = facts.course.map(|course| course.hours);
    credits(event, facts.credit_types, course_hours, &mut refusals);
    refusals
}

/// The event as it is published, or every reason against it.
pub fn plan_publication(event: &Event, facts: &Facts<'_>) -> Result<Event, Vec<Refusal>> {
    let refusals = refusals(event, facts);
    let (true, Some(course)) = (refusals.is_empty(), facts.course) else { return Err(refusals) };
    let is_advertised =
        |credit_type: &&CreditType| event.approval_of(&credit_type.body).is_some_and(|a| a.approved().is_some());
    let published = Published {
        at: facts.now,
        provider_name: facts.provider_name.to_owned(),
        course_title: course.title.clone(),
        category: course.category.clone(),
        course_hours: course.hours,
        credit_types: facts.credit_types.iter().filter(is_advertised).cloned().collect(),
    };
    Ok(Event { state: EventState::Published, published: Some(published), ..event.clone() })
}

/// Every reason against a published event's becoming what somebody has made of it. What was promised is counted by the types of
/// credit and the course's hours of then. An event that runs may get another link, but no other time. What the change doesn't
/// touch isn't judged again: a text that the office has emptied since keeps nobody from telling registrants another room.
pub(super) fn refusals_of_change(
    before: &Event,
    after: &Event,
    published: &Published,
    facts: &Facts<'_>,
) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let (moved, elsewhere) = (after.when != before.when, after.room != before.room);
    if after.when.starts_at <= facts.now && moved {
        refusals.push(Refusal::InThePast);
    }
    if before.course == after.course && moved {
        course(after, facts, &mut refusals);
    }
    let of_time = |event: &Event| (event.kind, event.minutes, event.agenda.clone());
    let retimed = moved || of_time(before) != of_time(after);
    if retimed || elsewhere {
        time(after, &mut refusals);
    }
    if moved || elsewhere {
        meeting(after, facts, &mut refusals);
    }
    if before.details != after.details {
        promotion(after, &mut refusals);
    }
    if before.approvals == after.approvals && retimed {
        approvals_on(after, after.when.first_day(), after.when.last_day(), &mut refusals);
        credits(after, &published.credit_types, Some(published.course_hours), &mut refusals);
    }
    refusals
}

fn course(event: &Event, facts: &Facts<'_>, refusals: &mut Vec<Refusal>) {
    let Some(course) = facts.course else { return refusals.push(Refusal::CourseUnknown) };
    for day in days(event) {
        if !course.approved_on(day) {
            refusals.push(Refusal::CourseNotApproved { day });
            break;
        }
    }
    if !course.providers.contains(&event.provider) {
        refusals.push(Refusal::CourseNotYours);
    }
}

/// The days that approvals have to cover, in the event's own zone: its first and its last.
fn days(event: &Event) -> [jiff::civil::Date; 2] {
    [event.when.first_day(), event.when.last_day()]
}

fn time(event: &Event, refusals: &mut Vec<Refusal>) {
    let window = event.when.span();
    for segment in &event.agenda {
        if segment.starts_at < window.from || segment.ends_at > window.to {
            refusals.push(Refusal::OutsideTheEvent { title: segment.title.clone() });
        }
    }
    let seconds = event.instruction_seconds();
    if seconds == 0 {
        refusals.push(Refusal::NoAgenda);
    } else if seconds < u64::from(LEAST_MINUTES) * 60 {
        refusals.push(Refusal::TooShort { seconds });
    }
    if event.kind == EventKind::LiveWebinar && event.room.is_none() {
        refusals.push(Refusal::NoRoom);
    }
}

/// One meeting is one event's at a time. Sightings in it are told apart by their time alone, so that another provider's event
/// near it would show each one's people to the other; a provider's own events may follow each other in one meeting.
fn meeting(event: &Event, facts: &Facts<'_>, refusals: &mut Vec<Refusal>) {
    let Some(number) = event.room.as_ref().and_then(Room::meeting_number) else { return };
    let is_there = |other: &&Event| {
        let same = other.room.as_ref().and_then(Room::meeting_number) == Some(number);
        same && other.id != event.id && other.is_published()
    };
    let (own, theirs): (Vec<&Event>, Vec<&Event>) =
        facts.neighbours.iter().filter(is_there).partition(|other| other.provider == event.provider);
    if theirs.iter().any(|other| event.slot().is_near(&other.slot())) {
        refusals.push(Refusal::MeetingTaken { number: number.shown() });
    }
    for other in own.into_iter().filter(|other| event.slot().overlaps(&other.slot())) {
        refusals.push(Refusal::MeetingTwice { title: other.title.clone(), when: other.when.words() });
    }
}

fn promotion(event: &Event, refusals: &mut Vec<Refusal>) {
    let details = &event.details;
    let needed = [
        (Needed::Presenters, details.presenters.is_empty()),
        (Needed::Objectives, details.objectives.is_empty()),
        (Needed::Audience, details.audience.is_empty()),
        (Needed::Level, details.level.is_none()),
        (Needed::Prerequisites, details.prerequisites.is_empty()),
        (Needed::Preparation, details.preparation.is_empty()),
        (Needed::Fees, details.fees.is_empty()),
        (Needed::Refunds, details.refunds.is_empty()),
        (Needed::Contact, details.contact.is_empty()),
        (Needed::Complaints, details.complaints.is_empty()),
    ];
    refusals.extend(needed.into_iter().filter(|(_, is_missing)| *is_missing).map(|(what, _)| Refusal::Missing(what)));
}

fn texts(facts: &Facts<'_>, refusals: &mut Vec<Refusal>) {
    let texts = [
        (OrganisationText::Grievance, &facts.texts.grievance),
        (OrganisationText::Accommodation, &facts.texts.accommodation),
        (OrganisationText::Disclaimer, &facts.texts.disclaimer),
    ];
    let missing = texts.into_iter().filter(|(_, text)| text.trim().is_empty());
    refusals.extend(missing.map(|(what, _)| Refusal::OrganisationTextMissing(what)));
}

fn bodies(event: &Event, facts: &Facts<'_>, refusals: &mut Vec<Refusal>) {
    for body in &facts.organisation.bodies {
        if event.approval_of(&body.short).is_none() {
            refusals.push(Refusal::NoStanding { body: body.short.clone() });
        }
    }
    for approval in &event.approvals {
        if !facts.organisation.bodies.iter().any(|body| body.short.eq_ignore_ascii_case(&approval.body)) {
            refusals.push(Refusal::UnknownBody { body: approval.body.clone() });
        }
        match &approval.standing {
            Standing::Approved(approved) => consented(&approval.body, approved, refusals),
            Standing::NotApproved | Standing::Pending => {}
        }
    }
    let [first, last] = days(event);
    approvals_on(event, first, last, refusals);
}

fn consented(body: &str, approved: &Approved, refusals: &mut Vec<Refusal>) {
    let parts = [
        (ApprovalPart::Number, approved.number.is_empty()),
        (ApprovalPart::Statement, approved.statement.is_empty()),
        (ApprovalPart::Evidence, approved.evidence.is_empty()),
        (ApprovalPart::Validity, approved.valid_from.is_none()),
        (ApprovalPart::Advertised, approved.advertised.is_none()),
    ];
    let lacking = parts.into_iter().filter(|(_, is_missing)| *is_missing);
    refusals.extend(lacking.map(|(part, _)| Refusal::ApprovalLacks { body: body.to_owned(), part }));
    if !approved.consent.is_given() {
        refusals.push(Refusal::NoConsent { body: body.to_owned() });
    }
}

fn approvals_on(event: &Event, first: jiff::civil::Date, last: jiff::civil::Date, refusals: &mut Vec<Refusal>) {
    for approval in &event.approvals {
        let Some(approved) = approval.approved().filter(|approved| approved.valid_from.is_some()) else { continue };
        if let Some(day) = [first, last].into_iter().find(|day| !approved.holds_on(*day)) {
            refusals.push(Refusal::ApprovalNotValid { body: approval.body.clone(), day });
        }
    }
}

fn credits(
    event: &Event,
    credit_types: &[CreditType],
    course_hours: Option<crate::hours::CreditHours>,
    refusals: &mut Vec<Refusal>,
) {
    let seconds = event.instruction_seconds();
    for (body, advertised) in event.advertised() {
        let body_name = body.to_owned();
        match CreditType::of_body(credit_types, body) {
            None => refusals.push(Refusal::NoCreditType { body: body_name }),
            Some(credit_type) => {
                let yields = credit(seconds, &credit_type.rule);
                if advertised.hundredths() > yields.hundredths() {
                    let arithmetic = yields.arithmetic;
                    refusals.push(Refusal::MoreThanTheTime { body: body_name, advertised, arithmetic });
                } else if let Some(step) = credit_type.rule.increment
                    && advertised.hundredths() % step.hundredths() != 0
                {
                    refusals.push(Refusal::NotInSteps { body: body_name, advertised, step });
                }
            }
        }
        if let Some(course) = course_hours.filter(|course| advertised > *course) {
            refusals.push(Refusal::MoreThanTheCourse { body: body.to_owned(), advertised, course });
        }
    }
}
