//! What a certificate says, made of what was decided and published. Only bodies whose approval holds on the event's day have a line,
//! and only the credit that the decision gave.

use super::{Activity, CertificateData, CertifiedCredit, IssuingOrganisation, IssuingProvider, Participant, Signatory};
use crate::{
    attendance::Credited,
    completion::{HeldBecause, Submitted},
    event::{Approval, Event, EventKind, Room},
    hours::CreditHours,
    licence::Licence,
    organisation::{Organisation, Texts, draft::paragraphs},
    register::Provider,
    registration::Participation,
};
use jiff::civil::Date;

/// A clock hour, where a type of credit doesn't say otherwise.
const CLOCK_HOUR_MINUTES: u16 = 60;

/// What a certificate is made of.
#[derive(Debug, Clone, Copy)]
pub struct Certifying<'a> {
    /// The event.
    pub event: &'a Event,
    /// The person's part in it.
    pub person: &'a Participation,
    /// What they submitted.
    pub submitted: &'a Submitted,
    /// The organisation.
    pub organisation: &'a Organisation,
    /// Its texts.
    pub texts: &'a Texts,
    /// Who offered the event, if the register still has it.
    pub provider: Option<&'a Provider>,
    /// Who signs.
    pub signatory: Option<&'a Signatory>,
    /// Where the pages are: `https://ce.example.org`.
    pub address: &'a str,
    /// The moment of issue, in seconds since 1970.
    pub now: i64,
}

/// Makes it, or says what keeps it back.
pub fn certify(of: &Certifying<'_>) -> Result<CertificateData, HeldBecause> {
    let Certifying { event, person, submitted, organisation, .. } = of;
    let credited = person.decided.as_ref().map(|decided| decided.credits.as_slice()).unwrap_or_default();
    let credits: Vec<CertifiedCredit> = credited.iter().filter_map(|credit| certified(of, credit)).collect();
    if credits.is_empty() {
        return Err(HeldBecause::NoApprovalThatDay);
    }
    let code = &submitted.certificate.code;
    let published = event.published.as_ref();
    Ok(CertificateData {
        code: code.clone(),
        issued_at: of.now,
        verify_at: format!("{}/verify/{code}", of.address),
        participant: Participant {
            name: submitted.name.clone(),
            licences: submitted.licences.iter().map(|assigned| assigned.licence.clone()).collect(),
        },
        activity: Activity {
            title: event.title.clone(),
            course: event.course.clone(),
            course_title: published.map(|known| known.course_title.clone()).unwrap_or_default(),
            category: published.map(|known| known.category.clone()).unwrap_or_default(),
            when: event.when.clone(),
            format: format_of(event.kind).to_owned(),
            location: location(event).to_owned(),
            instruction_minutes: u32::try_from(event.instruction_seconds() / 60).unwrap_or(u32::MAX),
            presenters: event.details.presenters.clone(),
        },
        provider: provider(of),
        organisation: IssuingOrganisation {
            name: organisation.name.clone(),
            contact: organisation.support_email.as_ref().map(|email| email.shown().to_owned()).unwrap_or_default(),
            address: of.address.to_owned(),
        },
        credits,
        disclaimer: paragraphs(&of.texts.disclaimer),
        signatory: of.signatory.cloned(),
        supersedes: submitted.certificate.replaces.clone(),
    })
}

/// How it was delivered, in the words that boards ask for (C4: "live interactive webinar").
fn format_of(kind: EventKind) -> &'static str {
    match kind {
        EventKind::LiveWebinar => "Live interactive webinar",
        EventKind::OnDemand => "On-demand, self-study",
        EventKind::Conference => "Conference",
    }
}

fn location(event: &Event) -> &'static str {
    match &event.room {
        Some(Room::Zoom { .. }) => "Online, by Zoom",
        Some(Room::Link { .. }) | None => "Online",
    }
}

/// A body's line, if its approval holds on the day and the decision gave credit by it.
fn certified(of: &Certifying<'_>, credit: &Credited) -> Option<CertifiedCredit> {
    let hours = credit.hours?;
    let approved = of.event.approval_of(&credit.body)?.approved()?;
    if !approved.holds_on(day_of(of.event)) {
        return None;
    }
    let body = of.organisation.bodies.iter().find(|body| body.short.eq_ignore_ascii_case(&credit.body));
    let types = of.event.published.as_ref().map(|known| known.credit_types.as_slice()).unwrap_or_default();
    let credit_type = crate::credit_type::CreditType::of_body(types, &credit.body);
    Some(CertifiedCredit {
        body: credit.body.clone(),
        body_name: body.map_or_else(|| credit.body.clone(), |body| body.name.clone()),
        hours,
        kind: credit_type.map_or_else(|| "contact hours".to_owned(), |known| known.name.clone()),
        minutes_per_credit: credit_type.map_or(CLOCK_HOUR_MINUTES, |known| known.rule.minutes_per_credit),
        approval: approved.number.clone(),
        statement: approved.statement.clone(),
    })
}

fn provider(of: &Certifying<'_>) -> IssuingProvider {
    let known = of.provider;
    let published = of.event.published.as_ref();
    let contact = known.map(|provider| &provider.contact);
    let line = |part: fn(&crate::register::Contact) -> &Option<String>| contact.and_then(|c| part(c).clone());
    let city = [line(|c| &c.city), line(|c| &c.region)].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let place = [Some(city).filter(|city| !city.is_empty()), line(|c| &c.postal_code)];
    let place = place.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let address = [line(|c| &c.street), Some(place).filter(|place| !place.is_empty()), line(|c| &c.country)];
    IssuingProvider {
        name: published
            .map(|published| published.provider_name.clone())
            .filter(|name| !name.is_empty())
            .or_else(|| known.map(|provider| provider.name.clone()))
            .unwrap_or_default(),
        number: known.and_then(|p| p.licence.as_ref()).map(|number| number.shown().to_owned()).unwrap_or_default(),
        address: address.into_iter().flatten().collect(),
        contact: of.event.details.contact.clone(),
    }
}

/// The day that an event counts for: the one on which it began, where it took place.
pub fn day_of(event: &Event) -> Date {
    event.when.first_day()
}

/// How much of an event's credit a licence is given: what the licence's own board gave, if it says anything of the event, and nothing
/// where it doesn't approve; else the least that any body gave, so that nobody is credited with more than their board could have
/// meant. Only approvals that hold on the event's day give anything. `None` if nothing was given.
pub fn hours_for(event: &Event, credits: &[Credited], licence: &Licence) -> Option<CreditHours> {
    let is_own = |body: &str| body.eq_ignore_ascii_case(&licence.board);
    // A board that has refused, or hasn't decided, has given nothing: no other body's word is worth more to it.
    if event.approval_of(&licence.board).is_some() || credits.iter().any(|credit| is_own(&credit.body)) {
        return given(event, credits).find(|credit| is_own(&credit.body))?.hours;
    }
    least_hours(event, credits)
}

/// What an event's credit is worth where no licence is named: the least that any body gave whose approval holds on its day.
pub fn least_hours(event: &Event, credits: &[Credited]) -> Option<CreditHours> {
    given(event, credits).filter_map(|credit| credit.hours).min()
}

/// What was given by bodies whose approval holds on the event's day.
fn given<'a>(event: &'a Event, credits: &'a [Credited]) -> impl Iterator<Item = &'a Credited> {
    let day = day_of(event);
    let approved = |credit: &Credited| event.approval_of(&credit.body).and_then(Approval::approved);
    credits.iter().filter(move |credit| approved(credit).is_some_and(|approved| approved.holds_on(day)))
}
