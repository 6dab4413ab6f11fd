//! A licensee's tracker as it is read: their licences, what their boards ask, their credits, what they said of them, and the events that
//! they are registered for. The counting is the domain's; nothing is counted here, and nothing is written.

use crate::table::{RecordedCredit, Table, TableError, Wallet, accounts::Claim, credit_reference};
use domain::{
    certificate::{day_of, hours_for, least_hours},
    completion::Step,
    event::{Card, Event},
    id::{AccountId, CertificateCode, EventId},
    licence::Licence,
    registration::Participation,
    requirement::{Delivery, Requirements},
    tracker::{
        Assignment, Choice, CreditSource, Known, Lacking, Ledger, LicenceSettings, LicenceTracker, Over, TrackedCredit,
        track,
    },
};
use futures_util::future::try_join_all;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Credits of one licence that are counted: one query, and more than thirty years of learning.
const MOST_CREDITS: i32 = 1_000;
/// Registrations that are looked through for certificates without a licence and for events to come: the newest, those of years.
const MOST_EVENTS: i32 = 100;

/// What a person's tracker is made of.
pub struct Tracking {
    /// Their licences.
    pub held: Vec<Held>,
    /// Numbers that aren't proven yet.
    pub claims: Vec<Claim>,
    /// Their credits.
    pub ledger: Ledger,
    /// Events that they are registered for and that are to come.
    pub planned: Vec<Card>,
    /// The certificates that were issued for credits and count, by the credits' ids.
    pub certificates: BTreeMap<String, CertificateCode>,
    /// What was said of credits, and in which version of the credit's entry, by the credits' ids.
    pub said: BTreeMap<String, Said>,
    /// The day.
    pub today: Date,
    /// Whether a licence has more credits than were read.
    pub credits_are_cut: bool,
    /// Whether there are more registrations than were looked through for certificates without a licence.
    pub registrations_are_cut: bool,
}

/// What a licensee said of a credit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// For each licence that something was said of.
    pub choices: Vec<Assignment>,
    /// The version of the entry; 0 if there is none.
    pub version: u64,
}

/// A licence with what its tracker is made of.
pub struct Held {
    /// The licence.
    pub licence: Licence,
    /// What its board asks.
    pub requirements: Requirements,
    /// What its holder told of it.
    pub settings: LicenceSettings,
    /// Its days.
    pub known: Known,
    /// What was said of credits and it.
    chosen: Vec<(usize, Choice)>,
}

impl Held {
    /// What stands for it in addresses.
    pub fn reference(&self) -> String {
        reference(&self.licence)
    }

    /// What people know it by: `TX-BON RN 00012345`.
    pub fn title(&self) -> String {
        let Licence { board, profession, number } = &self.licence;
        format!("{board} {profession} {number}")
    }

    /// What was said of a credit and it.
    pub fn choice(&self, place: usize) -> Option<&Choice> {
        self.chosen.iter().find(|(chosen, _)| *chosen == place).map(|(_, choice)| choice)
    }
}

/// A licence in an address.
pub fn reference(licence: &Licence) -> String {
    format!("{}/{}/{}", licence.board, licence.profession, licence.number.compared())
}

impl Tracking {
    /// Reads all of it: side by side the licences, the wallet and the registrations; then of each licence its credits, its entry of the
    /// register and its board's requirements.
    pub async fn fetch(table: &Table, account: &AccountId, today: Date, now: i64) -> Result<Self, TableError> {
        let read = tokio::try_join!(
            table.fetch_licences(account),
            table.fetch_wallet(account),
            table.fetch_events_of_person(account, None, MOST_EVENTS),
        );
        let (claimed, mut wallet, (people, more)) = read?;
        let licences: Vec<Licence> = claimed.held.into_iter().map(|held| held.licence).collect();
        let of_licence = async |licence: &Licence| {
            tokio::try_join!(
                table.fetch_credits_of(licence, None, MOST_CREDITS),
                table.fetch_holder(licence),
                table.fetch_requirements(&licence.board, &licence.profession),
            )
        };
        let ids = people.iter().map(|person| person.event.clone()).collect::<Vec<_>>();
        let read = tokio::try_join!(try_join_all(licences.iter().map(of_licence)), table.fetch_events(&ids));
        let (of_licences, events) = read?;
        let registrations_are_cut = more.is_some();
        let mut credits_are_cut = false;
        let (mut credits, mut held) = (Vec::new(), Vec::new());
        for (licence, ((recorded, more), holder, requirements)) in licences.into_iter().zip(of_licences) {
            credits_are_cut |= more.is_some();
            credits.extend(recorded.into_iter().filter(RecordedCredit::stands));
            let settings = wallet.settings.iter().find(|it| it.licence.as_compared() == licence.as_compared());
            let settings = settings.cloned().unwrap_or_else(|| LicenceSettings::of(licence.clone()));
            let known = settings.known_with(holder.and_then(|holder| holder.value.active_from));
            held.push(Held { licence, requirements, settings, known, chosen: Vec::new() });
        }
        let providers = credits.iter().map(|credit| credit.recorded.provider.clone()).collect();
        // The certificate of each credit is to be known, however long ago its event was.
        let known: BTreeSet<&EventId> = people.iter().map(|person| &person.event).collect();
        let of_credits = credits.iter().filter_map(|credit| credit.recorded.source.event());
        let older: BTreeSet<&EventId> = of_credits.filter(|event| !known.contains(event)).collect();
        let read = tokio::try_join!(table.fetch_provider_names(&providers), async {
            if older.is_empty() { Ok(Vec::new()) } else { table.fetch_participations(&older, account).await }
        });
        let (names, older) = read?;
        let recorded = credits.iter().map(|credit| {
            // Its id where it is no longer on the register.
            let id = &credit.recorded.provider;
            of_record(credit, names.get(id).cloned().unwrap_or_else(|| id.to_string()))
        });
        let certificates = issued(&credits, people.iter().chain(&older));
        let with_event = people.iter().filter_map(|person| Some((event_of(&events, person)?, person)));
        let unentered = with_event.clone().filter_map(|(event, person)| of_certificate(event, person));
        let outside = wallet.outside.iter().map(|certificate| certificate.tracked());
        let ledger = Ledger::of(recorded.chain(unentered).chain(outside).collect());
        let is_planned = |(event, person): &(&Event, &Participation)| {
            person.state.has_seat() && person.completion.is_none() && event.is_published() && !event.has_ended(now)
        };
        let planned = with_event.filter(is_planned).filter_map(|(event, _)| Card::of(event)).collect();
        for held in &mut held {
            held.chosen = chosen(&ledger, &wallet, &held.licence);
        }
        let said = said_of(&mut wallet);
        Ok(Self {
            held,
            claims: claimed.claims,
            ledger,
            planned,
            certificates,
            said,
            today,
            credits_are_cut,
            registrations_are_cut,
        })
    }

    /// Counts a licence's cycles.
    pub fn track<'a>(&'a self, held: &'a Held) -> Result<LicenceTracker<'a>, Lacking> {
        let chosen: Vec<(usize, &Choice)> = held.chosen.iter().map(|(place, choice)| (*place, choice)).collect();
        let over = Over {
            licence: &held.licence,
            requirements: &held.requirements,
            known: &held.known,
            conditions: &held.settings.conditions,
            chosen: &chosen,
            today: self.today,
        };
        track(&self.ledger, &over)
    }

    /// The licence that an address names, if it is theirs.
    pub fn licence(&self, named: &str) -> Option<&Held> {
        self.held.iter().find(|held| held.reference() == named)
    }

    /// Whether a credit counts for a licence, by the register or by what was said.
    pub fn counts_for(&self, place: usize, held: &Held) -> bool {
        let Some(credit) = self.ledger.credits().get(place) else { return false };
        match held.choice(place) {
            Some(Choice::Counts { .. }) => true,
            Some(Choice::Left) => false,
            None => is_recorded_for(credit, &held.licence),
        }
    }

    /// The places of credits that count for no licence.
    pub fn unassigned(&self) -> Vec<usize> {
        let counts = |place: &usize| self.held.iter().any(|held| self.counts_for(*place, held));
        (0..self.ledger.credits().len()).filter(|place| !counts(place)).collect()
    }
}

/// Whether the register has a credit under a licence.
pub fn is_recorded_for(credit: &TrackedCredit, licence: &Licence) -> bool {
    match &credit.source {
        CreditSource::Recorded { licence: of } => of.as_compared() == licence.as_compared(),
        CreditSource::Certificate | CreditSource::Outside => false,
    }
}

fn event_of<'a>(events: &'a [Event], person: &Participation) -> Option<&'a Event> {
    events.iter().find(|event| event.id == person.event)
}

fn of_record(credit: &RecordedCredit, provider: String) -> TrackedCredit {
    // Of what a roster reports nobody says how it was delivered; an event's credit is a live webinar's.
    let delivery = credit.recorded.source.event().map(|_| Delivery::LiveWebinar);
    TrackedCredit {
        id: credit_reference(&credit.key()),
        source: CreditSource::Recorded { licence: credit.licence.clone() },
        date: credit.date,
        hours: credit.hours,
        title: credit.title.clone(),
        provider,
        course: Some(credit.course.clone()),
        category: credit.category.clone(),
        delivery,
    }
}

/// The certificates that were issued and count, by the ids of the credits that they were issued for.
fn issued<'a>(
    credits: &[RecordedCredit],
    people: impl Iterator<Item = &'a Participation>,
) -> BTreeMap<String, CertificateCode> {
    let code = |person: &'a Participation| {
        let certificate = &person.submitted()?.certificate;
        match certificate.step {
            Step::Issued { .. } => Some((person.event.as_str(), &certificate.code)),
            // Until the new one is made, the one that it takes the place of is the one that everybody finds.
            Step::Pending | Step::Held { .. } => Some((person.event.as_str(), certificate.replaces.as_ref()?)),
            Step::Revoking { .. } | Step::Revoked { .. } => None,
        }
    };
    let codes: BTreeMap<&str, &CertificateCode> = people.filter_map(code).collect();
    let recorded = credits.iter().filter_map(|credit| {
        let code = codes.get(credit.recorded.source.event()?.as_str())?;
        Some((credit_reference(&credit.key()), (*code).clone()))
    });
    // One that was entered for no licence is known by its event.
    let unentered = codes.iter().map(|(event, code)| ((*event).to_owned(), (*code).clone()));
    recorded.chain(unentered).collect()
}

/// The credit of a certificate that was entered for no licence, or for such alone whose boards don't approve the event: the least that
/// any body gave.
fn of_certificate(event: &Event, person: &Participation) -> Option<TrackedCredit> {
    let submitted = person.submitted().filter(|it| matches!(it.certificate.step, Step::Issued { .. }))?;
    let credited = person.decided.as_ref().map(|decided| decided.credits.as_slice()).unwrap_or_default();
    if submitted.licences.iter().any(|assigned| hours_for(event, credited, &assigned.licence).is_some()) {
        return None;
    }
    let published = event.published.as_ref();
    Some(TrackedCredit {
        id: event.id.to_string(),
        source: CreditSource::Certificate,
        date: day_of(event),
        hours: least_hours(event, credited)?,
        title: event.title.clone(),
        provider: published.map(|known| known.provider_name.clone()).unwrap_or_default(),
        course: Some(event.course.clone()),
        category: published.map(|known| known.category.clone()).unwrap_or_default(),
        delivery: Some(Delivery::of(event.kind)),
    })
}

/// What was said, by the credits' ids.
fn said_of(wallet: &mut Wallet) -> BTreeMap<String, Said> {
    let versions = std::mem::take(&mut wallet.assigned).into_iter();
    let mut said: BTreeMap<_, _> =
        versions.map(|(credit, version)| (credit, Said { choices: Vec::new(), version })).collect();
    for assignment in wallet.assignments.drain(..) {
        said.entry(assignment.credit.clone()).or_default().choices.push(assignment);
    }
    said
}

/// What was said of a licence's credits, by the credits' places.
fn chosen(ledger: &Ledger, wallet: &Wallet, licence: &Licence) -> Vec<(usize, Choice)> {
    let own = licence.as_compared();
    let said = wallet.assignments.iter().filter(|assignment| assignment.licence.as_compared() == own);
    said.filter_map(|assignment| Some((ledger.find(&assignment.credit)?.0, assignment.choice.clone()))).collect()
}
