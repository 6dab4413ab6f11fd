//! The sign-in/sign-out sheet of an event: who was there, when they came and left, and what that comes to, made to be printed and
//! filed. It repeats what was decided and what Zoom tells, decides nothing, and shows nobody's address, link or PIN.

use super::words::without_numbers;
use crate::registration::LicenceLine;
use askama::Template;
use domain::{
    attendance::{Person, Window},
    credit_type::duration,
    event::{Event, Span},
    name::{PersonName, search_form},
    registration::ShownLicence,
};
use pages::{
    attendance::{verdict_look, verdict_words},
    layout::Page,
    moment::Moment,
    timeline::Clock,
};

/// The sheet.
#[derive(Template)]
#[template(path = "manage/attendance_sheet.html")]
pub(crate) struct SignInSheet {
    pub(crate) page: Page,
    /// Where the event is managed.
    pub(crate) back: String,
    pub(crate) title: String,
    /// Provider, course, time and instruction, each with its name.
    pub(crate) facts: Vec<(&'static str, String)>,
    /// Which clock the times are of.
    pub(crate) clock: String,
    /// By surname; whoever isn't matched with a registrant comes last.
    pub(crate) lines: Vec<SheetLine>,
    /// Why the outcomes aren't final, if they aren't.
    pub(crate) open: Option<&'static str>,
    pub(crate) evidence: Vec<Evidence>,
    pub(crate) made_at: String,
}

/// A person on the sheet.
pub(crate) struct SheetLine {
    pub(crate) name: String,
    /// Whether somebody who is registered was recognised.
    pub(crate) is_registered: bool,
    pub(crate) licences: Vec<LicenceLine>,
    /// When they came first and left last; none if they weren't there.
    pub(crate) first_in: Option<String>,
    pub(crate) last_out: Option<String>,
    pub(crate) stays: Vec<String>,
    pub(crate) attended: String,
    pub(crate) outcome: &'static str,
    /// What stands behind it beside the times.
    pub(crate) note: Option<&'static str>,
    pub(crate) look: &'static str,
}

/// Somebody for the sheet.
pub(crate) struct Attendee<'a> {
    /// The registrant's name and licences; none for somebody who was there and isn't matched.
    pub(crate) registrant: Option<(&'a PersonName, &'a [ShownLicence])>,
    pub(crate) person: &'a Person,
    /// What stands behind the outcome beside the times.
    pub(crate) note: Option<&'static str>,
}

/// A file that the sheet is made from.
pub(crate) struct Evidence {
    /// What it is: `Zoom's report of May 3, 2026`.
    pub(crate) what: String,
    /// Its SHA-256, in hexadecimal digits.
    pub(crate) sha256: String,
}

/// What a sheet is made from.
pub(crate) struct Sources<'a> {
    pub(crate) event: &'a Event,
    pub(crate) provider: &'a str,
    pub(crate) window: &'a Window,
    pub(crate) people: &'a [Attendee<'a>],
    pub(crate) evidence: Vec<Evidence>,
    /// When it is made, in seconds since 1970.
    pub(crate) made_at: i64,
}

const NOT_SETTLED: &str =
    "The event's times aren't settled yet, so no outcome on this sheet is final. Print it again when they are.";

impl SignInSheet {
    pub(crate) fn of(page: Page, from: Sources<'_>) -> Self {
        let Sources { event, window, .. } = from;
        let zone = &event.when.zone;
        let clock = Clock::over(zone, told(window, from.people));
        let mut people: Vec<&Attendee<'_>> = from.people.iter().collect();
        people.sort_by_cached_key(|attendee| order(attendee));
        let mut facts = vec![
            ("Provider", from.provider.to_owned()),
            ("Course", event.course.to_string()),
            ("When", event.when.words()),
            ("Instruction", duration(window.required_seconds())),
            ("Tolerance", duration(event.policy.tolerance_seconds.into())),
        ];
        if window.event != event.when.span() {
            let actual = clock.span(window.event);
            facts.insert(3, ("Took place", actual));
        }
        Self {
            page,
            back: crate::manage::address(&event.id),
            title: event.title.clone(),
            facts,
            clock: clock.words(window.event.from),
            lines: people.into_iter().map(|attendee| line(&clock, attendee)).collect(),
            open: window.is_undecided().then_some(NOT_SETTLED),
            evidence: from.evidence,
            made_at: Moment::new(from.made_at, from.made_at, &zone.rules()).exact,
        }
    }
}

fn line(clock: &Clock, attendee: &Attendee<'_>) -> SheetLine {
    let person = attendee.person;
    let name = match attendee.registrant {
        Some((name, _)) => format!("{}, {}", name.last, name.first),
        None => without_numbers(&person.zoom_names.join(", ")),
    };
    let licences = attendee.registrant.map(|(_, licences)| licences).unwrap_or_default();
    SheetLine {
        name,
        is_registered: attendee.registrant.is_some(),
        licences: licences.iter().map(LicenceLine::of).collect(),
        first_in: person.stays.first().map(|stay| clock.time(stay.from)),
        last_out: person.stays.last().map(|stay| clock.time(stay.to)),
        stays: person.stays.iter().map(|stay| clock.span(*stay)).collect(),
        attended: duration(person.attended_seconds),
        outcome: verdict_words(person.verdict),
        note: attendee.note,
        look: verdict_look(person.verdict),
    }
}

/// By surname as lists are sorted, then by given name; who isn't matched after all others, by what they called themselves.
fn order(attendee: &Attendee<'_>) -> (bool, String, String, String) {
    match attendee.registrant {
        Some((name, _)) => (false, search_form(&name.last), search_form(&name.first), name.last.clone()),
        None => (true, attendee.person.zoom_names.join(", "), String::new(), String::new()),
    }
}

/// All that is told on the sheet, from the first to the last.
fn told(window: &Window, people: &[Attendee<'_>]) -> Span {
    let stays = || people.iter().flat_map(|attendee| &attendee.person.stays);
    Span {
        from: stays().map(|stay| stay.from).fold(window.event.from, i64::min),
        to: stays().map(|stay| stay.to).fold(window.event.to, i64::max),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        attendance::{Facts, Registrant, Row, decide},
        course::{CourseNumber, ProviderId},
        event::{EventKind, When, Zone},
        id::EventId,
        licence::LicenceNumber,
        organisation::Organisation,
    };
    use pages::{layout::Section, visitor::Visitor};
    use std::borrow::Cow;

    const THREE: i64 = 1_782_932_400; // 2026-07-01T19:00:00Z: three o'clock in New York

    fn registrant(first: &str, last: &str) -> Registrant {
        let name = PersonName { first: first.into(), last: last.into() };
        Registrant { id: last.into(), name, emails: vec![], zoom_ids: vec![last.into()], phone_last4: None }
    }

    fn row(id: &str, name: &str, from: i64, to: i64) -> Row<'static> {
        Row {
            join: Some(THREE + from),
            leave: Some(THREE + to),
            registrant_id: Cow::Owned(id.into()),
            name: Cow::Owned(name.into()),
            ..Row::default()
        }
    }

    fn sheet(registrants: Vec<Registrant>, rows: &[Row<'_>]) -> SignInSheet {
        let zone = Zone::parse("America/New_York").unwrap();
        let when = When { starts_at: THREE, ends_at: THREE + 3_600, zone };
        let event = Event::draft(
            EventId::from_bits(7),
            ProviderId::parse("acme-ce").unwrap(),
            CourseNumber::parse("CE-101").unwrap(),
            "Ethics <b>now</b>".into(),
            EventKind::LiveWebinar,
            when,
        );
        let facts = Facts {
            schedule: event.when.span(),
            actual: None,
            breaks: vec![],
            instances: None,
            is_partial: false,
            tolerance_seconds: 0,
            credits: vec![],
            staff: vec![],
            registrants,
            settled: domain::attendance::Settled::default(),
        };
        let decision = decide(&facts, rows);
        let claimed = [ShownLicence::Claimed { number: LicenceNumber::parse("00123").unwrap() }];
        let people: Vec<Attendee<'_>> = decision
            .people
            .iter()
            .map(|person| Attendee {
                registrant: person.registrant.map(|place| (&facts.registrants[place].name, &claimed[..])),
                person,
                note: None,
            })
            .collect();
        let page = Page::new("Sign-in/sign-out sheet", Section::Events, &Visitor::nobody(Organisation::default()));
        let evidence = vec![Evidence { what: "Zoom's report".into(), sha256: "ab".repeat(32) }];
        let sources = Sources {
            event: &event,
            provider: "Acme CE",
            window: &decision.window,
            people: &people,
            evidence,
            made_at: THREE + 7_200,
        };
        SignInSheet::of(page, sources)
    }

    #[test]
    fn people_stand_by_surname_with_when_they_came_and_left() {
        let sheet = sheet(
            vec![registrant("Zoe", "Young"), registrant("Ann", "Ábalos"), registrant("Ben", "Lee")],
            &[
                row("Young", "Zoe Young", -120, 3_700),
                row("Ábalos", "Ann Ábalos", 0, 1_800),
                row("Ábalos", "Ann Ábalos", 1_860, 3_600),
                row("", "iPad", 0, 60),
            ],
        );
        let told: Vec<_> = sheet.lines.iter().map(|line| (line.name.as_str(), line.outcome)).collect();
        assert_eq!(
            told,
            [
                ("Ábalos, Ann", "Not in full"),
                ("Lee, Ben", "Not there"),
                ("Young, Zoe", "In full"),
                ("iPad", "Under review")
            ]
        );
        let ann = &sheet.lines[0];
        assert_eq!((ann.first_in.as_deref(), ann.last_out.as_deref()), (Some("3:00 PM"), Some("4:00 PM")));
        assert_eq!(ann.stays, ["3:00 PM to 3:30 PM", "3:31 PM to 4:00 PM"]);
        assert_eq!(ann.attended, "59 minutes");
        assert_eq!(sheet.lines[1].first_in, None);
        assert_eq!(sheet.lines[2].first_in.as_deref(), Some("2:58 PM"));
    }

    #[test]
    fn the_sheet_says_what_it_is_made_of_and_escapes_every_name() {
        let text =
            sheet(vec![registrant("<script>", "O'\"Neil\u{202e}")], &[row("", "<img src=x>", 0, 60)]).render().unwrap();
        assert!(!text.contains("<script>") && !text.contains("<img src=x") && !text.contains("<b>now"), "{text}");
        assert!(text.contains("<bdi>O&#39;&#34;Neil"), "{text}");
        assert!(text.contains(&"ab".repeat(32)) && text.contains("All times are EDT (America/New_York)."), "{text}");
        assert!(text.contains("unverified") && text.contains("Nobody who is registered"), "{text}");
    }

    #[test]
    fn a_sheet_without_people_says_so() {
        let text = sheet(vec![], &[]).render().unwrap();
        assert!(text.contains("Nobody is registered, and nobody was there."), "{text}");
    }
}
