//! The details' page: what the event is, when, where, and what people want to know before they register.

use super::{
    InvalidField, LONGEST_CONFERENCE_SECONDS, LONGEST_LIVE_SECONDS, LONGEST_ON_DEMAND_SECONDS, LONGEST_TEXT,
    MOST_MINUTES, MOST_OBJECTIVES, MOST_PRESENTERS, Reading, Why,
};
use crate::{
    course::{CourseNumber, ProviderId},
    event::{
        Details, Event, EventKind, Level, MOST_CAPACITY, MOST_TOLERANCE_SECONDS, MeetingNumber, Policy, Presenter,
        Room, When, Zone, ZoomKind,
        consent::without_stale,
        room::is_link,
        when::{Pick, read_local},
    },
    id::EventId,
};

/// The details as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DetailsDraft {
    /// The course's number.
    pub course: String,
    /// The event's title.
    pub title: String,
    /// `live_webinar`, `on_demand` or `conference`.
    pub kind: String,
    /// The first day.
    pub starts_on: String,
    /// The time of its start.
    pub starts_time: String,
    /// `first` or `second`, if that time comes twice.
    pub starts_fold: String,
    /// The last day; empty for the first.
    pub ends_on: String,
    /// The time of its end.
    pub ends_time: String,
    /// `first` or `second`, if that time comes twice.
    pub ends_fold: String,
    /// The time zone's name.
    pub zone: String,
    /// An on-demand event's minutes.
    pub minutes: String,
    /// What it is about.
    pub about: String,
    /// Who presents; rows that are empty don't count.
    pub presenters: Vec<PresenterDraft>,
    /// One objective a line.
    pub objectives: String,
    /// Whom it is for.
    pub audience: String,
    /// `introductory`, `intermediate`, `advanced`, or empty.
    pub level: String,
    /// What one has to know.
    pub prerequisites: String,
    /// What one has to prepare.
    pub preparation: String,
    /// What it costs.
    pub fees: String,
    /// What becomes of the money.
    pub refunds: String,
    /// Whom to ask.
    pub contact: String,
    /// Whom to complain to.
    pub complaints: String,
    /// How many may register; empty for no limit.
    pub capacity: String,
    /// How many seconds may be missed.
    pub tolerance_seconds: String,
    /// `zoom`, `link`, or empty.
    pub room: String,
    /// The meeting's number.
    pub zoom_number: String,
    /// `meeting` or `webinar`.
    pub zoom_kind: String,
    /// The link.
    pub link: String,
}

/// A presenter as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PresenterDraft {
    /// The name.
    pub name: String,
    /// Degrees and licences.
    pub credentials: String,
    /// Some words.
    pub about: String,
}

impl DetailsDraft {
    /// The details as they stand, as somebody would type them.
    pub fn of(event: &Event) -> Self {
        let (zone, details) = (&event.when.zone, &event.details);
        let day = |seconds| zone.local(seconds).date().to_string();
        let time = |seconds| zone.local(seconds).strftime("%H:%M").to_string();
        let (room, zoom_number, zoom_kind, link) = match &event.room {
            None => ("", String::new(), "", String::new()),
            Some(Room::Zoom { number, kind }) => ("zoom", number.shown(), kind.as_str(), String::new()),
            Some(Room::Link { url }) => ("link", String::new(), "", url.clone()),
        };
        let presenter = |presenter: &Presenter| PresenterDraft {
            name: presenter.name.clone(),
            credentials: presenter.credentials.clone(),
            about: presenter.about.clone(),
        };
        Self {
            course: event.course.to_string(),
            title: event.title.clone(),
            kind: event.kind.as_str().to_owned(),
            starts_on: day(event.when.starts_at),
            starts_time: time(event.when.starts_at),
            starts_fold: fold(zone, event.when.starts_at),
            ends_on: day(event.when.ends_at),
            ends_time: time(event.when.ends_at),
            ends_fold: fold(zone, event.when.ends_at),
            zone: zone.to_string(),
            minutes: event.minutes.map(|minutes| minutes.to_string()).unwrap_or_default(),
            about: details.about.clone(),
            presenters: details.presenters.iter().map(presenter).collect(),
            objectives: details.objectives.join("\n"),
            audience: details.audience.clone(),
            level: details.level.map(Level::as_str).unwrap_or_default().to_owned(),
            prerequisites: details.prerequisites.clone(),
            preparation: details.preparation.clone(),
            fees: details.fees.clone(),
            refunds: details.refunds.clone(),
            contact: details.contact.clone(),
            complaints: details.complaints.clone(),
            capacity: event.capacity.map(|capacity| capacity.to_string()).unwrap_or_default(),
            tolerance_seconds: event.policy.tolerance_seconds.to_string(),
            room: room.to_owned(),
            zoom_number,
            zoom_kind: zoom_kind.to_owned(),
            link,
        }
    }

    /// A new event of a provider's with the details that were typed.
    pub fn read_new(&self, id: EventId, provider: ProviderId) -> Result<Event, Vec<InvalidField>> {
        // What the form always holds is replaced by it, or there is no event.
        let course = CourseNumber::parse("NEW").expect("a constant");
        let when = When { starts_at: 0, ends_at: 0, zone: Zone::parse("UTC").expect("a constant") };
        self.read(&Event::draft(id, provider, course, String::new(), EventKind::LiveWebinar, when))
    }

    /// The event with the details that were typed, over the one that stands: its agenda moves with its start, and what the form
    /// doesn't hold stays.
    pub fn read(&self, standing: &Event) -> Result<Event, Vec<InvalidField>> {
        let mut reading = Reading::default();
        let course = match CourseNumber::parse(&self.course) {
            Ok(course) => Some(course),
            Err(_) => reading.refuse("course", Why::Course),
        };
        let title = reading.required("title", &self.title);
        let kind = EventKind::parse(&self.kind).or_else(|| reading.refuse("kind", Why::Kind));
        let when = self.read_when(kind, &mut reading);
        let minutes = self.read_minutes(kind, &mut reading);
        let details = self.read_details(&mut reading);
        let capacity = number(&mut reading, "capacity", &self.capacity, 1..=MOST_CAPACITY, Why::Capacity);
        let tolerance = match self.tolerance_seconds.trim() {
            "" => Some(0),
            typed => typed
                .parse()
                .ok()
                .filter(|seconds| *seconds <= MOST_TOLERANCE_SECONDS)
                .or_else(|| reading.refuse("tolerance_seconds", Why::Tolerance)),
        };
        let room = self.read_room(&mut reading);
        let read = (|| {
            let when = when?;
            let later = when.starts_at - standing.when.starts_at;
            let mut agenda = standing.agenda.clone();
            for segment in &mut agenda {
                segment.starts_at += later;
                segment.ends_at += later;
            }
            Some(Event {
                course: course?,
                title: title?,
                kind: kind?,
                when,
                agenda,
                minutes: minutes?,
                details: details?,
                capacity: capacity?,
                policy: Policy { tolerance_seconds: tolerance? },
                room: room?,
                ..standing.clone()
            })
        })();
        reading.end(read.map(|event| without_stale(standing, event)))
    }

    fn read_when(&self, kind: Option<EventKind>, reading: &mut Reading) -> Option<When> {
        let zone = match Zone::read(&self.zone) {
            Ok(zone) => zone,
            Err(problem) => return reading.refuse("zone", Why::Zone(problem)),
        };
        let starts_at = moment(reading, "starts", &self.starts_on, &self.starts_time, &self.starts_fold, &zone);
        let last = if self.ends_on.trim().is_empty() { &self.starts_on } else { &self.ends_on };
        let ends_at = moment(reading, "ends", last, &self.ends_time, &self.ends_fold, &zone);
        let (starts_at, ends_at) = (starts_at?, ends_at?);
        if ends_at <= starts_at {
            return reading.refuse("ends_time", Why::EndsBeforeItBegins);
        }
        let longest = match kind? {
            EventKind::LiveWebinar => LONGEST_LIVE_SECONDS,
            EventKind::Conference => LONGEST_CONFERENCE_SECONDS,
            EventKind::OnDemand => LONGEST_ON_DEMAND_SECONDS,
        };
        if ends_at - starts_at > longest {
            return reading.refuse("ends_on", Why::TooLongAnEvent);
        }
        Some(When { starts_at, ends_at, zone })
    }

    /// Minutes are only an on-demand event's; a live one has its agenda.
    fn read_minutes(&self, kind: Option<EventKind>, reading: &mut Reading) -> Option<Option<u32>> {
        match kind {
            Some(EventKind::OnDemand) => number(reading, "minutes", &self.minutes, 1..=MOST_MINUTES, Why::Minutes),
            Some(EventKind::LiveWebinar | EventKind::Conference) | None => Some(None),
        }
    }

    fn read_details(&self, reading: &mut Reading) -> Option<Details> {
        let about = reading.text("about", &self.about, LONGEST_TEXT);
        let presenters = self.read_presenters(reading);
        let objectives = self.read_objectives(reading);
        let level = match self.level.trim() {
            "" => Some(None),
            typed => Level::parse(typed).map(Some).or_else(|| reading.refuse("level", Why::Level)),
        };
        let mut text = |field: &str, raw: &str| reading.text(field, raw, LONGEST_TEXT);
        let audience = text("audience", &self.audience);
        let prerequisites = text("prerequisites", &self.prerequisites);
        let preparation = text("preparation", &self.preparation);
        let fees = text("fees", &self.fees);
        let refunds = text("refunds", &self.refunds);
        let contact = text("contact", &self.contact);
        let complaints = text("complaints", &self.complaints);
        Some(Details {
            about: about?,
            presenters: presenters?,
            objectives: objectives?,
            audience: audience?,
            level: level?,
            prerequisites: prerequisites?,
            preparation: preparation?,
            fees: fees?,
            refunds: refunds?,
            contact: contact?,
            complaints: complaints?,
        })
    }

    fn read_presenters(&self, reading: &mut Reading) -> Option<Vec<Presenter>> {
        let mut presenters = Vec::new();
        for (row, typed) in self.presenters.iter().enumerate() {
            if [&typed.name, &typed.credentials, &typed.about].iter().all(|text| text.trim().is_empty()) {
                continue;
            }
            let name = reading.required(&format!("presenter-{row}"), &typed.name);
            let credentials = reading.line(format!("credentials-{row}"), &typed.credentials);
            let about = reading.text(format!("presenter-about-{row}"), &typed.about, LONGEST_TEXT);
            if let (Some(name), Some(credentials), Some(about)) = (name, credentials, about) {
                presenters.push(Presenter { name, credentials, about });
            }
        }
        match presenters.len() > MOST_PRESENTERS {
            true => reading.refuse("presenter-0", Why::TooManyPresenters),
            false => Some(presenters),
        }
    }

    fn read_objectives(&self, reading: &mut Reading) -> Option<Vec<String>> {
        let text = reading.text("objectives", &self.objectives, LONGEST_TEXT)?;
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let objectives: Vec<String> = lines.map(str::to_owned).collect();
        match objectives.len() > MOST_OBJECTIVES {
            true => reading.refuse("objectives", Why::TooManyObjectives),
            false => Some(objectives),
        }
    }

    fn read_room(&self, reading: &mut Reading) -> Option<Option<Room>> {
        match self.room.trim() {
            "" => Some(None),
            "zoom" => {
                let number = MeetingNumber::parse(&self.zoom_number)
                    .ok()
                    .or_else(|| reading.refuse("zoom_number", Why::MeetingNumber));
                let kind = ZoomKind::parse(&self.zoom_kind).or_else(|| reading.refuse("zoom_kind", Why::ZoomKind));
                Some(Some(Room::Zoom { number: number?, kind: kind? }))
            }
            "link" => match self.link.trim() {
                url if is_link(url) => Some(Some(Room::Link { url: url.to_owned() })),
                _ => reading.refuse("link", Why::Link),
            },
            _ => reading.refuse("room", Why::Room),
        }
    }
}

/// `first` or `second` where a moment's local time comes twice, so that a form shown again asks nothing that was answered.
pub(super) fn fold(zone: &Zone, seconds: i64) -> String {
    let local = zone.local(seconds);
    let picked = |pick| zone.moment_of(local, Some(pick)).ok();
    match (picked(Pick::First), picked(Pick::Second)) {
        (first, second) if first == second => String::new(),
        (Some(first), _) if first == seconds => Pick::First.as_str().to_owned(),
        _ => Pick::Second.as_str().to_owned(),
    }
}

fn moment(reading: &mut Reading, side: &str, day: &str, time: &str, fold: &str, zone: &Zone) -> Option<i64> {
    use crate::event::when::LocalProblem;
    read_local(day, time, zone, Pick::parse(fold))
        .map_err(|problem| {
            let part = match problem {
                LocalProblem::NotADate => "on",
                LocalProblem::NotATime | LocalProblem::Skipped { .. } => "time",
                LocalProblem::Twice { .. } => "fold",
            };
            reading.refuse::<()>(format!("{side}_{part}"), Why::Local(problem))
        })
        .ok()
}

fn number(
    reading: &mut Reading,
    field: &str,
    raw: &str,
    range: std::ops::RangeInclusive<u32>,
    why: Why,
) -> Option<Option<u32>> {
    match raw.trim() {
        "" => Some(None),
        typed => match typed.parse().ok().filter(|number| range.contains(number)) {
            Some(number) => Some(Some(number)),
            None => reading.refuse(field, why),
        },
    }
}
