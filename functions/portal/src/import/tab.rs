//! The places that files are imported at: the provider's tab for rosters, one for each of the office's registers, and one for the
//! people of each event. One set of pages serves them all; here is what they say differently.

use axum::extract::FromRequestParts;
use domain::{
    id::EventId,
    import::{Owner, Subject},
};
use http::request::Parts;
use pages::{layout::Section, problem::Problem, visitor::Visitor};

/// A place to import at.
pub(crate) struct Tab {
    /// The heading of its pages.
    pub(super) title: &'static str,
    /// Where it stands.
    pub(super) address: String,
    /// Where its sample format is.
    pub(super) sample: String,
    /// The sentence under its heading.
    pub(super) lead: &'static str,
    /// What a file of it is called, as in "Choose the roster".
    pub(super) file: &'static str,
    /// The help on it.
    pub(super) help: &'static str,
    pub(super) section: Section,
    /// One of the office's, whose history has several registers.
    pub(super) is_register: bool,
    /// The button that sends the file.
    pub(super) button: &'static str,
    /// What stands in place of an empty history.
    pub(super) nothing_yet: &'static str,
    /// Where it belongs to: the event's people.
    pub(super) back: Option<String>,
    /// Why nothing can be uploaded, if so.
    pub(super) closed: Option<&'static str>,
}

impl Tab {
    /// The tab of a subject of an owner's.
    pub(super) fn of(subject: Subject, owner: &Owner) -> Self {
        match subject {
            Subject::People => Tab::of_people(owner.event()),
            Subject::Roster => Tab {
                title: "Import CE Details",
                address: "/import".to_owned(),
                sample: "/import/sample.xlsx".to_owned(),
                lead: "Report who completed your courses: fill in the sample format, upload the file, and read in the Status column what came of each row.",
                file: "roster",
                help: "/help/import",
                section: Section::Import,
                is_register: false,
                nothing_yet: "You haven't uploaded a roster yet. Download the sample format above, fill in one row for each person and course, and upload the file.",
                ..Tab::of_register("")
            },
            Subject::Providers => Tab {
                title: "Import providers",
                lead: "Bring the register of providers up to date: new rows are entered, changed ones are updated, and providers that aren't in the file stay as they are.",
                file: "sheet of providers",
                section: Section::Providers,
                ..Tab::of_register("providers")
            },
            Subject::Courses => Tab {
                title: "Import courses",
                lead: "Bring the register of courses up to date: new rows are entered, changed ones are updated, and courses that aren't in the file stay as they are.",
                file: "sheet of courses",
                section: Section::Courses,
                ..Tab::of_register("courses")
            },
            Subject::Licensees => Tab {
                title: "Import licensees",
                lead: "Bring the register of licensees up to date: new rows are entered, changed ones are updated, and licenses that aren't in the file stay as they are.",
                file: "sheet of licensees",
                section: Section::Licensees,
                ..Tab::of_register("licensees")
            },
        }
    }

    fn of_register(name: &str) -> Self {
        Tab {
            title: "",
            address: format!("/office/registers/{name}/import"),
            sample: format!("/office/registers/{name}/sample.xlsx"),
            lead: "",
            file: "",
            help: "/help/office-registers",
            section: Section::Elsewhere,
            is_register: true,
            button: "Upload CE File",
            nothing_yet: "No register has been imported yet. Download the sample format above, fill in one row for each entry, and upload the file.",
            back: None,
            closed: None,
        }
    }

    fn of_people(event: Option<&EventId>) -> Self {
        let people = event.map(|event| format!("{}/people", crate::manage::address(event))).unwrap_or_default();
        Tab {
            title: "Import registrations",
            address: format!("{people}/import"),
            sample: format!("{people}/sample.xlsx"),
            lead: "Put people down for this event who registered elsewhere. Each new one takes a seat, gets a mail, and is registered as soon as they have confirmed with an account of that address.",
            file: "list of people",
            help: "/help/manage-events",
            section: Section::Events,
            is_register: false,
            button: "Upload List",
            nothing_yet: "No list has been uploaded for this event yet. Download the sample format above, fill in one row for each person, and upload the file; a registration report from Zoom can be uploaded without changes, and only people whom it calls approved are put down.",
            back: Some(people),
            closed: None,
        }
    }
}

/// A register's name in a sentence of its own.
pub(super) fn register_words(subject: Subject) -> &'static str {
    match subject {
        Subject::Roster => "Rosters",
        Subject::Providers => "Providers",
        Subject::Courses => "Courses",
        Subject::Licensees => "Licensees",
        Subject::People => "People",
    }
}

/// The register of this name in an address.
pub(crate) fn register_named(name: &str) -> Result<Subject, Problem> {
    Subject::named(name).filter(|subject| Subject::REGISTERS.contains(subject)).ok_or(Problem::NotFound)
}

/// Who asks, as imports know owners: a provider or the office, and all that the handler's queries may be about.
pub(crate) struct AskingOwner(pub(crate) Owner);

impl<S: Sync> FromRequestParts<S> for AskingOwner {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let visitor = Visitor::from_request_parts(parts, state).await?;
        match (visitor.provider(), visitor.is_office()) {
            (Some(provider), _) => Ok(Self(Owner::Provider(provider.clone()))),
            (None, true) => Ok(Self(Owner::Office)),
            (None, false) => Err(Problem::NotForYou),
        }
    }
}
