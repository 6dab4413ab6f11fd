//! The demo's webinars that are over: one played at the fake Zoom with one of each thing that makes reports hard to read, so that its
//! attendance can be looked at, reviewed and appealed; one that the licensee attended in full, so that there is an evaluation to
//! fill in. The worker decides them, as any other.

use super::{MARIAS, failed};
use crate::{
    Cloud, StartError,
    zoom::{NewMeeting, Part, Play},
};
use adapters::{
    clients::Clients,
    clock,
    table::{Person, Table},
};
use domain::{
    attendance::Record,
    email::EmailAddress,
    event::{Event, MeetingNumber, Room, ZoomKind},
    id::AccountId,
    licence::LicenceNumber,
    mail::{Content, Mail},
    name::PersonName,
    registration::{ShownLicence, ZoomRegistrant},
};
use std::time::Duration;

/// A webinar as it was played.
pub(super) struct Played {
    /// How long ago it ended, in seconds: Zoom's report is there, and the day for deciding isn't over.
    ended_seconds: i64,
    minutes: i64,
    /// What the demo's licensee did.
    maria: Part,
    /// Who else was there, and how.
    guests: &'static [(&'static str, &'static str, Part)],
    strangers: bool,
}

/// One of each.
pub(super) const ONE_OF_EACH: Played = Played {
    ended_seconds: 2 * 3_600,
    minutes: 90,
    maria: Part::JoinedLate { at: 240 },
    guests: &GUESTS,
    strangers: true,
};

/// Everybody attended all of it.
pub(super) const IN_FULL: Played = Played {
    ended_seconds: 10 * 3_600,
    minutes: 90,
    maria: Part::InFull,
    guests: &[("Lucia", "Ferrari", Part::InFull), ("Omar", "Haddad", Part::InFull), ("Petra", "Vogel", Part::InFull)],
    strangers: false,
};

/// How often, and how long, the worker is waited for: it needs a second.
const LOOKS: u32 = 40;
const PAUSE: Duration = Duration::from_millis(250);

/// Who was there, and how.
const GUESTS: [(&str, &str, Part); 11] = [
    ("Amara", "Okoye", Part::InFull),
    ("Beatriz", "Lima", Part::TwoDevices),
    ("Chen", "Wei", Part::Breakout),
    ("Dolores", "Haze", Part::LeftEarly { at: 3_900 }),
    ("Emil", "Novak", Part::Away { from: 1_500, to: 2_040 }),
    ("Farah", "Siddiqui", Part::Waited { until: 420 }),
    ("Grace", "Kim", Part::Shared),
    ("Henry", "Adler", Part::Renamed),
    ("Ines", "Moreau", Part::PhoneAlone),
    ("Jonas", "Berg", Part::BoundPhone),
    ("Katya", "Orlova", Part::Absent),
];

/// Loads it, once a day.
pub(super) async fn load(
    cloud: &Cloud,
    played: &Played,
    make: impl AsyncFn(i64, Room) -> Result<Option<Event>, StartError>,
) -> Result<(), StartError> {
    let clients = cloud.clients().await?;
    let ended_at = clock::now() - played.ended_seconds;
    let starts_at = ended_at - ended_at % 300 - played.minutes * 60;
    let zoom = cloud.zoom();
    let number = zoom.add_meeting(NewMeeting::at(ZoomKind::Meeting, starts_at, played.minutes));
    let room = Room::Zoom { number: MeetingNumber::parse(&number).map_err(failed)?, kind: ZoomKind::Meeting };
    let Some(event) = make(starts_at, room).await? else { return Ok(()) };
    let mut play = Play::everybody(Part::InFull);
    let maria = EmailAddress::parse(MARIAS.1).map_err(failed)?;
    if let Some(account) = clients.table.fetch_accounts_of(&maria).await.map_err(failed)?.into_iter().next() {
        register(
            cloud,
            &clients.table,
            &event,
            &number,
            Person {
                account: account.id,
                name: account.name,
                email: maria,
                licences: vec![ShownLicence::Claimed { number: LicenceNumber::parse(MARIAS.0).map_err(failed)? }],
            },
        )
        .await?;
        play = play.with(MARIAS.1, played.maria);
    }
    for (first, last, part) in played.guests {
        let email = format!("{}.{}@people.example", first.to_lowercase(), last.to_lowercase());
        let person = Person {
            account: AccountId::of(&["demo", "past", &email]),
            name: PersonName { first: (*first).to_owned(), last: (*last).to_owned() },
            email: EmailAddress::parse(&email).map_err(failed)?,
            licences: Vec::new(),
        };
        register(cloud, &clients.table, &event, &number, person).await?;
        play = play.with(&email, *part);
    }
    // Long enough ago that Zoom has written its report.
    zoom.stage(&number, &Play { strangers: played.strangers, ..play }, starts_at + played.minutes * 60);
    decide(&clients, &event).await
}

/// Registers somebody as they would have been before it began. No mail is sent of it.
async fn register(cloud: &Cloud, table: &Table, event: &Event, number: &str, person: Person) -> Result<(), StartError> {
    let before = event.when.starts_at - 86_400;
    let key = ["demo", event.id.as_str(), person.account.as_str()];
    let mail = Mail::about(&key, person.email.clone(), Content::Nothing, before);
    let registered = table.register(event, &person, |_| Some(mail.clone()), before).await.map_err(failed)?;
    registered.map_err(|refusal| failed(format!("{refusal:?}")))?;
    let known = cloud.zoom().register(number, person.email.shown(), &person.name.first, &person.name.last);
    let Some(known) = known else { return Err(failed("the fake Zoom has forgotten its meeting")) };
    let own = ZoomRegistrant {
        number: MeetingNumber::parse(number).map_err(failed)?,
        kind: ZoomKind::Meeting,
        registrant_id: known.id,
        email: Some(person.email),
        join_url: None,
        pin: None,
    };
    table.save_zoom_registrant(&event.id, &person.account, &own).await.map_err(failed)?;
    Ok(())
}

/// Lets the worker ask Zoom twice without the ten minutes between. Whatever it hasn't done by then it does in its own time.
async fn decide(clients: &Clients, event: &Event) -> Result<(), StartError> {
    clients.events_queue.send_nudge(&event.id).await.map_err(failed)?;
    for _ in 0..LOOKS {
        let record = clients.table.fetch_attendance(&event.id).await.map_err(failed)?;
        if record.report.is_some() {
            let now = clock::now();
            let soon = Record { next_at: Some(now), ..record };
            if clients.table.ask_again(event, &soon, now).await.map_err(failed)? {
                clients.events_queue.send_nudge(&event.id).await.map_err(failed)?;
                return Ok(());
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}
