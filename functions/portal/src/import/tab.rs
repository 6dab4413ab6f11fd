//! The places that files are imported at: the provider's tab for rosters, and one for each of the office's registers. One set
//! of pages serves them all; here is what they say differently.

use axum::extract::FromRequestParts;
use domain::import::{Owner, Subject};
use http::request::Parts;
use pages::{layout::Section, problem::Problem, visitor::Visitor};

/// A place to import at.
pub(crate) struct Tab {
    /// The heading of its pages.
    pub(super) title: &'static str,
    /// Where it stands.
    pub(super) address: &'static str,
    /// Where its sample format is.
    pub(super) sample: &'static str,
    /// The sentence under its heading.
    pub(super) lead: &'static str,
    /// What a file of it is called, as in "Choose the roster".
    pub(super) file: &'static str,
    /// The help on it.
    pub(super) help: &'static str,
    pub(super) section: Section,
    /// One of the office's, whose history has several registers.
    pub(super) is_register: bool,
}

impl Tab {
    /// The tab of a subject.
    pub(super) fn of(subject: Subject) -> Self {
        match subject {
            Subject::Roster => Tab {
                title: "Import CE Details",
                address: "/import",
                sample: "/import/sample.xlsx",
                lead: "Report who completed your courses: fill in the sample format, upload the file, and read in the Status column what came of each row.",
                file: "roster",
                help: "/help/import",
                section: Section::Import,
                is_register: false,
            },
            Subject::Providers => Tab {
                title: "Import providers",
                address: "/office/registers/providers/import",
                sample: "/office/registers/providers/sample.xlsx",
                lead: "Bring the register of providers up to date: new rows are entered, changed ones are updated, and providers that aren't in the file stay as they are.",
                file: "sheet of providers",
                section: Section::Providers,
                ..Tab::of_register()
            },
            Subject::Courses => Tab {
                title: "Import courses",
                address: "/office/registers/courses/import",
                sample: "/office/registers/courses/sample.xlsx",
                lead: "Bring the register of courses up to date: new rows are entered, changed ones are updated, and courses that aren't in the file stay as they are.",
                file: "sheet of courses",
                section: Section::Courses,
                ..Tab::of_register()
            },
            Subject::Licensees => Tab {
                title: "Import licensees",
                address: "/office/registers/licensees/import",
                sample: "/office/registers/licensees/sample.xlsx",
                lead: "Bring the register of licensees up to date: new rows are entered, changed ones are updated, and licenses that aren't in the file stay as they are.",
                file: "sheet of licensees",
                section: Section::Licensees,
                ..Tab::of_register()
            },
        }
    }

    fn of_register() -> Self {
        Tab {
            title: "",
            address: "",
            sample: "",
            lead: "",
            file: "",
            help: "/help/office-registers",
            section: Section::Elsewhere,
            is_register: true,
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
    }
}

/// The register of this name in an address.
pub(crate) fn register_named(name: &str) -> Result<Subject, Problem> {
    Subject::named(name).filter(|subject| *subject != Subject::Roster).ok_or(Problem::NotFound)
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
