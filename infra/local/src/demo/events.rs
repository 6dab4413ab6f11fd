//! The demo's events: the coming weeks of both providers, with a word of each body. They are made and published as any event is,
//! by the rules; an event that they refuse isn't there.

use super::{failed, past};
use crate::{Cloud, StartError};
use adapters::{
    clients::Clients,
    table::{By, EventSaved, Person},
};
use domain::{
    course::{Course, CourseNumber, ProviderId},
    credit_type::{CreditType, CreditTypes, examples},
    email::EmailAddress,
    event::{
        Approval, Approved, Consent, Event, EventKind, EventState, Level, Presenter, Room, Segment, SegmentKind,
        Standing, When, Zone,
        publish::{Facts, plan_publication},
    },
    hours::CreditHours,
    id::{AccountId, EventId},
    mail::{Content, Mail},
    name::PersonName,
    organisation::{Body, Organisation, Texts},
};
use jiff::{ToSpan, civil::Date};

/// The bodies: short name, whole name, and after whose example their credit is counted.
const BODIES: [(&str, &str, &str); 3] = [
    ("TX-BON", "Texas Board of Nursing (demo)", "ANCC"),
    ("NASBA", "National Registry of CPE Sponsors (demo)", "NASBA"),
    ("APA", "American Psychological Association (demo)", "APA"),
];

const DISCLAIMER: &str = "Approval by one body is not acceptance by all. Not every event meets every body's standards, and each \
    board decides itself what it accepts for renewal. Before you rely on a credit, check with your board.";
const GRIEVANCE: &str = "If you think that an event, an attendance or a credit was not dealt with rightly, write to the office at \
    registrar@board.example. Name the event, say what happened and what you ask for. You get an answer in writing.";
const ACCOMMODATION: &str = "If you need captions, an interpreter, material in another form or more time, tell us as early as you \
    can at registrar@board.example, with the event and its date.";

/// The fixed facts of one event.
struct Plan {
    number: u128,
    provider: &'static str,
    course: &'static str,
    title: &'static str,
    kind: EventKind,
    zone: &'static str,
    /// In so many days, at this hour, for so many minutes.
    days: i32,
    hour: i8,
    minutes: i64,
    /// What happens in it: minutes from the start, and what; a break has no title.
    agenda: &'static [(i64, i64, &'static str)],
    /// What is advertised, in hundredths, for each of [`BODIES`]; no number is no approval.
    credits: [Says; 3],
    capacity: Option<u32>,
    presenter: (&'static str, &'static str),
    about: &'static str,
    objectives: &'static [&'static str],
    cancelled: Option<&'static str>,
}

/// What a body says.
#[derive(Clone, Copy)]
enum Says {
    Credit(u32),
    No,
    NotYet,
}

const PLANS: [Plan; 6] = [
    Plan {
        number: 1,
        provider: "acme-ce",
        course: "ETH-101",
        title: "Ethics in Daily Practice",
        kind: EventKind::LiveWebinar,
        zone: "America/New_York",
        days: 6,
        hour: 13,
        minutes: 130,
        agenda: &[(0, 60, "Duties and where they collide"), (60, 70, ""), (70, 130, "Cases from your practice")],
        credits: [Says::Credit(200), Says::Credit(200), Says::No],
        capacity: None,
        presenter: ("Dr. Amara Nwosu", "PhD, RN"),
        about: "What you owe to patients, colleagues and the law, and what to do when these don't agree.",
        objectives: &["Name the duties that collide in a case.", "Choose a way and give its reasons."],
        cancelled: None,
    },
    Plan {
        number: 2,
        provider: "acme-ce",
        course: "LAW-016",
        title: "Documentation that Holds Up: Small Group",
        kind: EventKind::LiveWebinar,
        zone: "America/Chicago",
        days: 11,
        hour: 18,
        minutes: 60,
        agenda: &[(0, 60, "Notes that others can rely on")],
        credits: [Says::Credit(100), Says::Credit(100), Says::NotYet],
        capacity: Some(2),
        presenter: ("Robert Hale", "JD"),
        about: "Bring a note of yours, without names. There are two seats, so that there is time for both.",
        objectives: &["Write a note that a court can follow."],
        cancelled: None,
    },
    Plan {
        number: 3,
        provider: "northside",
        course: "NSD-400",
        title: "Grand Rounds: Sepsis in the First Hour",
        kind: EventKind::LiveWebinar,
        zone: "America/Chicago",
        days: 17,
        hour: 12,
        minutes: 60,
        agenda: &[(0, 60, "Recognize, measure, treat")],
        credits: [Says::Credit(100), Says::No, Says::No],
        capacity: None,
        presenter: ("Dr. Lena Fischer", "MD"),
        about: "What has to happen in the first hour, and who does it.",
        objectives: &["Name the signs of sepsis.", "Put the first hour's steps into order."],
        cancelled: Some("The presenter is ill. We look for another date and announce it here."),
    },
    Plan {
        number: 4,
        provider: "northside",
        course: "NSD-401",
        title: "Northside Skills Conference",
        kind: EventKind::Conference,
        zone: "America/Chicago",
        days: 33,
        hour: 9,
        minutes: 480,
        agenda: &[
            (0, 90, "Opening: what has changed this year"),
            (90, 105, ""),
            (105, 210, "Airway workshop"),
            (105, 210, "Wound workshop"),
            (210, 270, ""),
            (270, 390, "Simulation"),
            (390, 480, "Questions to the faculty"),
        ],
        credits: [Says::Credit(675), Says::NotYet, Says::No],
        capacity: Some(120),
        presenter: ("Samuel Okafor", "MSN, RN"),
        about: "A day of workshops. Two run at the same time: choose one of them when you come.",
        objectives: &["Secure a simple airway.", "Dress a wound by its stage."],
        cancelled: None,
    },
    Plan {
        number: 5,
        provider: "acme-ce",
        course: "GER-301",
        title: "Dementia: Communication, Session of the Quarter",
        kind: EventKind::LiveWebinar,
        zone: "America/Los_Angeles",
        days: 47,
        hour: 10,
        minutes: 100,
        agenda: &[(0, 45, "Listening"), (45, 55, ""), (55, 100, "Answering")],
        credits: [Says::Credit(150), Says::NotYet, Says::Credit(100)],
        capacity: Some(300),
        presenter: ("Inés Marín", "LCSW"),
        about: "How to speak with people whose words go missing.",
        objectives: &["Tell a question that helps from one that tests."],
        cancelled: None,
    },
    Plan {
        number: 6,
        provider: "acme-ce",
        course: "TEC-330",
        title: "Safe Use of Telehealth",
        kind: EventKind::OnDemand,
        zone: "America/New_York",
        days: 1,
        hour: 8,
        minutes: 180 * 24 * 60,
        agenda: &[],
        credits: [Says::Credit(100), Says::Credit(100), Says::No],
        capacity: None,
        presenter: ("Dana Whitaker", "MEd"),
        about: "Four films with questions between them: the room, the picture, the record and the emergency.",
        objectives: &["Prepare a visit at a distance.", "Know what to do when the picture is gone."],
        cancelled: None,
    },
];

/// The webinar that is over.
const PAST: Plan = Plan {
    number: 7,
    provider: "acme-ce",
    course: "ETH-101",
    title: "Boundaries in Practice",
    kind: EventKind::LiveWebinar,
    zone: "America/New_York",
    days: 0,
    hour: 0,
    minutes: 90,
    agenda: &[(0, 40, "Where help ends"), (40, 50, ""), (50, 90, "Saying no")],
    credits: [Says::Credit(125), Says::No, Says::No],
    capacity: None,
    presenter: ("Dr. Amara Nwosu", "PhD, RN"),
    about: "How close is too close, and how to say so.",
    objectives: &["Name three signs of a boundary that is crossed."],
    cancelled: None,
};

/// The webinar that Maria attended in full: her evaluation waits.
const ATTENDED: Plan = Plan {
    number: 8,
    provider: "acme-ce",
    course: "PHM-220",
    title: "Medication at the End of Life",
    kind: EventKind::LiveWebinar,
    zone: "America/New_York",
    days: 0,
    hour: 0,
    minutes: 90,
    agenda: &[(0, 50, "What relieves, and what it costs"), (50, 90, "Talking with families")],
    credits: [Says::Credit(150), Says::Credit(140), Says::No],
    capacity: None,
    presenter: ("Dr. Amara Nwosu", "PhD, RN"),
    about: "What relieves at the end of life, at which price, and how to speak of it.",
    objectives: &["Choose what relieves, and say why.", "Lead a talk with a family that doesn't agree."],
    cancelled: None,
};

/// An event of so few seats is a full one in the demo.
const SMALL: u32 = 2;
/// An on-demand event's minutes.
const ON_DEMAND_MINUTES: u32 = 60;

/// The organisation with its bodies, its texts, and how the bodies count credit.
struct Rules {
    organisation: Organisation,
    texts: Texts,
    credit_types: Vec<CreditType>,
}

fn rules(organisation: Organisation, texts: Texts) -> Rules {
    let bodies = BODIES.map(|(short, name, _)| Body { short: short.to_owned(), name: name.to_owned() }).into();
    let known = examples();
    let of_body = |(short, _, example): (&str, &str, &str)| {
        CreditType::of_body(&known, example).map(|found| CreditType { body: short.to_owned(), ..found.clone() })
    };
    Rules {
        organisation: Organisation { bodies, ..organisation },
        texts: Texts {
            grievance: GRIEVANCE.to_owned(),
            accommodation: ACCOMMODATION.to_owned(),
            disclaimer: DISCLAIMER.to_owned(),
            ..texts
        },
        credit_types: BODIES.into_iter().filter_map(of_body).collect(),
    }
}

/// Loads the demo's events, those of a day; a second time changes nothing.
pub(super) async fn load(
    cloud: &Cloud,
    courses: &[Course],
    names: &[(&str, &str)],
    today: Date,
) -> Result<(), StartError> {
    let clients = cloud.clients().await?;
    let table = &clients.table;
    let by = AccountId::of(&["demo", "office"]);
    let organisation = table.fetch_organisation().await.map_err(failed)?;
    if !organisation.bodies.is_empty() {
        return Ok(());
    }
    let rules = rules(organisation, table.fetch_texts().await.map_err(failed)?);
    let at = adapters::clock::now();
    let by = By { account: &by, at };
    table.save_organisation(&rules.organisation, by).await.map_err(failed)?;
    table.save_texts(&rules.texts, by).await.map_err(failed)?;
    let types = table.fetch_credit_types().await.map_err(failed)?;
    let types = CreditTypes { types: rules.credit_types.clone(), ..types };
    table.save_credit_types(&types, by).await.map_err(failed)?;
    for plan in &PLANS {
        let facts = facts(plan, courses, names, &rules, at);
        make(&clients, plan.event(today)?, plan, &facts, by).await?;
    }
    Ok(())
}

fn facts<'a>(plan: &Plan, courses: &'a [Course], names: &'a [(&str, &str)], rules: &'a Rules, now: i64) -> Facts<'a> {
    let name = names.iter().find(|(id, _)| *id == plan.provider).map_or("", |(_, name)| name);
    Facts {
        course: courses.iter().find(|course| course.number.as_str() == plan.course),
        provider_name: name,
        organisation: &rules.organisation,
        texts: &rules.texts,
        credit_types: &rules.credit_types,
        neighbours: &[],
        now,
    }
}

/// Loads the demo's webinars that are over, those of a day; a second time changes nothing.
pub(super) async fn load_past(
    cloud: &Cloud,
    courses: &[Course],
    names: &[(&str, &str)],
    today: Date,
) -> Result<(), StartError> {
    let clients = &cloud.clients().await?;
    let office = &AccountId::of(&["demo", "office"]);
    let make = async |plan: &Plan, starts_at: i64, room: Room| {
        let table = &clients.table;
        let rules =
            rules(table.fetch_organisation().await.map_err(failed)?, table.fetch_texts().await.map_err(failed)?);
        let event = Event { room: Some(room), ..plan.event_at(today, starts_at)? };
        let at = starts_at - 7 * 86_400;
        let facts = facts(plan, courses, names, &rules, at);
        make(clients, event, plan, &facts, By { account: office, at }).await
    };
    past::load(cloud, &past::IN_FULL, async |at, room| make(&ATTENDED, at, room).await).await?;
    past::load(cloud, &past::ONE_OF_EACH, async |at, room| make(&PAST, at, room).await).await
}

/// Makes and publishes an event; `None` if it stood there before.
async fn make(
    clients: &Clients,
    event: Event,
    plan: &Plan,
    facts: &Facts<'_>,
    by: By<'_>,
) -> Result<Option<Event>, StartError> {
    let table = &clients.table;
    if !table.create_events(std::slice::from_ref(&event), by).await.map_err(failed)? {
        return Ok(None);
    }
    let draft = table.fetch_event(&event.id).await.map_err(failed)?.unwrap_or(event);
    let published = plan_publication(&draft, facts)
        .map_err(|refusals| failed(refusals.iter().map(|r| r.text()).collect::<Vec<_>>().join(" ")))?;
    let saved = table.publish_event(&draft, &published, by).await.map_err(failed)?;
    let EventSaved::Now(version) = saved else { return Ok(None) };
    let published = Event { version, ..published };
    if let Some(seats) = plan.capacity.filter(|seats| *seats <= SMALL) {
        fill(clients, &published, seats, by.at).await?;
    }
    let Some(why) = plan.cancelled else { return Ok(Some(published)) };
    let state = EventState::Cancelled { at: by.at, why: why.to_owned() };
    let cancelled = Event { state, ..published.clone() };
    table.change_event(&published, &cancelled, by, why).await.map_err(failed)?;
    Ok(Some(cancelled))
}

/// Takes all seats of a small event, so that a demo of the waiting list needs no crowd. No mail is sent of it.
async fn fill(clients: &Clients, event: &Event, seats: u32, now: i64) -> Result<(), StartError> {
    for seat in 1..=seats {
        let account = AccountId::of(&["demo", "guest", &seat.to_string()]);
        let email = EmailAddress::parse(&format!("guest-{seat}@people.example")).map_err(failed)?;
        let name = PersonName { first: "Guest".to_owned(), last: format!("Number {seat}") };
        let mail = Mail::about(&["demo", event.id.as_str(), account.as_str()], email.clone(), Content::Nothing, now);
        let person = Person { account, name, email, licences: Vec::new() };
        let registered = clients.table.register(event, &person, |_| Some(mail.clone()), now).await.map_err(failed)?;
        registered.map_err(|refusal| failed(format!("{refusal:?}")))?;
    }
    Ok(())
}

impl Plan {
    /// The draft, as its provider would have typed it.
    fn event(&self, today: Date) -> Result<Event, StartError> {
        let zone = Zone::parse(self.zone).map_err(failed)?;
        let first = today.checked_add(self.days.days()).map_err(failed)?;
        let starts_at = zone.moment_of(first.at(self.hour, 0, 0, 0), None).map_err(|_| failed("no such hour"))?;
        self.event_at(today, starts_at)
    }

    /// The same at another moment than its own.
    fn event_at(&self, today: Date, starts_at: i64) -> Result<Event, StartError> {
        let zone = Zone::parse(self.zone).map_err(failed)?;
        let when = When { starts_at, ends_at: starts_at + self.minutes * 60, zone };
        let id = EventId::of(&["demo", &self.number.to_string(), &today.to_string()]);
        let provider = ProviderId::parse(self.provider).map_err(failed)?;
        let course = CourseNumber::parse(self.course).map_err(failed)?;
        let mut event = Event::draft(id, provider, course, self.title.to_owned(), self.kind, when);
        let segment = |(from, to, title): &(i64, i64, &str)| Segment {
            title: (*title).to_owned(),
            kind: if title.is_empty() { SegmentKind::Break } else { SegmentKind::Instruction },
            starts_at: starts_at + from * 60,
            ends_at: starts_at + to * 60,
        };
        event.agenda = self.agenda.iter().map(segment).collect();
        event.minutes = (self.kind == EventKind::OnDemand).then_some(ON_DEMAND_MINUTES);
        event.capacity = self.capacity;
        event.approvals =
            BODIES.iter().zip(self.credits).map(|((short, ..), says)| says.approval(short, today)).collect();
        event.room = (self.kind == EventKind::LiveWebinar)
            .then(|| Room::Link { url: format!("https://meet.example.org/demo-{}", self.number) });
        let (name, credentials) = self.presenter;
        let about = String::new();
        event.details.presenters =
            vec![Presenter { name: name.to_owned(), credentials: credentials.to_owned(), about }];
        event.details.objectives = self.objectives.iter().map(|objective| (*objective).to_owned()).collect();
        event.details.level = Some(Level::Intermediate);
        for (text, words) in [
            (&mut event.details.about, self.about),
            (&mut event.details.audience, "Nurses, counselors and others with a license in a health profession."),
            (&mut event.details.prerequisites, "None."),
            (&mut event.details.preparation, "None."),
            (&mut event.details.fees, "Free."),
            (
                &mut event.details.refunds,
                "There is nothing to refund. Cancel when you can't come, so that somebody else can.",
            ),
            (&mut event.details.contact, "The provider's office, by the address in its CE Profile."),
            (&mut event.details.complaints, "The provider's office first; the organisation's if that doesn't help."),
        ] {
            words.clone_into(text);
        }
        Ok(event)
    }
}

impl Says {
    fn approval(self, body: &str, today: Date) -> Approval {
        let standing = match self {
            Says::No => Standing::NotApproved,
            Says::NotYet => Standing::Pending,
            Says::Credit(hundredths) => Standing::Approved(Box::new(Approved {
                number: format!("DEMO-{body}-1"),
                statement: format!("This provider is approved by {body} for this demo only."),
                valid_from: Some(today.saturating_sub(1.year())),
                valid_to: Some(today.saturating_add(2.years())),
                evidence: "The demo's letter".to_owned(),
                advertised: CreditHours::from_hundredths(hundredths),
                consent: Consent::Given { by: AccountId::of(&["demo", "office"]), at: adapters::clock::now() },
            })),
        };
        Approval { body: body.to_owned(), standing }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::event::publish::refusals;

    /// A year's days: over both changes of the clocks, and within the courses' approval.
    #[test]
    fn every_demo_event_may_be_published_on_any_day() {
        let courses: Vec<Course> = super::super::register().unwrap().registers.courses.into_values().collect();
        let rules = rules(Organisation::default(), Texts::default());
        assert_eq!(rules.credit_types.len(), BODIES.len());
        let first = jiff::civil::date(2026, 6, 1);
        for day in 0..365 {
            let today = first.saturating_add(day.days());
            for plan in &PLANS {
                let event = plan.event(today).unwrap();
                let facts = Facts {
                    course: courses.iter().find(|course| course.number.as_str() == plan.course),
                    provider_name: "Demo",
                    organisation: &rules.organisation,
                    texts: &rules.texts,
                    credit_types: &rules.credit_types,
                    neighbours: &[],
                    now: event.when.starts_at - 3_600,
                };
                assert_eq!(refusals(&event, &facts), Vec::new(), "{} on {today}", plan.title);
            }
        }
    }

    #[test]
    fn the_demo_shows_every_kind_every_word_a_cancelled_and_a_small_event() {
        for kind in EventKind::ALL {
            assert!(PLANS.iter().any(|plan| plan.kind == kind), "{}", kind.title());
        }
        let says = |word: fn(&Says) -> bool| PLANS.iter().any(|plan| plan.credits.iter().any(word));
        assert!(says(|says| matches!(says, Says::No)) && says(|says| matches!(says, Says::NotYet)));
        assert!(PLANS.iter().any(|plan| plan.cancelled.is_some()) && PLANS.iter().any(|plan| plan.capacity == Some(2)));
    }
}
