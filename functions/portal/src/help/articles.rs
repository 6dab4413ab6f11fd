//! The manual's articles: what each is called, whom it is for, and when it was last changed. Their words stand in
//! `templates/help/articles`. An article says only what the product does today.

use crate::reasons;
use askama::Template;
use domain::roster::heading::Column;
use jiff::civil::Date;

/// An article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Article {
    SignUp,
    Account,
    CheckACertificate,
    Profile,
    Details,
    Import,
    ManageEvents,
    ReviewAttendance,
    EvaluationsOfEvents,
    CertificatesOfEvents,
    Users,
    Events,
    Joining,
    Attendance,
    Evaluations,
    Certificates,
    EarnCredit,
    OnDemand,
    Conferences,
    Tracker,
    Courses,
    Licences,
    OfficeProfile,
    OfficeRegisters,
    OfficeRequests,
    OfficeSettings,
    Requirements,
}

/// Whom an article is for: a heading of the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    Everybody,
    Providers,
    Licensees,
    Office,
}

/// What stands around an article's words.
pub(crate) struct About {
    /// Its name in addresses and keys: it never changes.
    pub(crate) name: &'static str,
    pub(crate) group: Group,
    pub(crate) title: &'static str,
    pub(crate) summary: &'static str,
    /// The day on which it was last changed.
    pub(crate) updated: Date,
    pub(crate) related: &'static [Article],
    /// What people may call it who don't know our words.
    pub(crate) also: &'static str,
    /// What its picture shows, for those who don't see it.
    pub(crate) picture: Option<&'static str>,
}

/// An article's words.
#[derive(Template)]
#[template(path = "help/body.html")]
struct Body {
    article: Article,
}

impl Group {
    pub(crate) const ALL: [Group; 4] = [Group::Everybody, Group::Providers, Group::Licensees, Group::Office];

    pub(crate) fn heading(self) -> &'static str {
        match self {
            Group::Everybody => "For everybody",
            Group::Providers => "For providers",
            Group::Licensees => "For licensees",
            Group::Office => "For the office",
        }
    }
}

impl Article {
    /// All of them, in the order of the index.
    pub(crate) const ALL: [Article; 27] = [
        Article::SignUp,
        Article::Account,
        Article::CheckACertificate,
        Article::Profile,
        Article::Details,
        Article::Import,
        Article::ManageEvents,
        Article::ReviewAttendance,
        Article::EvaluationsOfEvents,
        Article::CertificatesOfEvents,
        Article::Users,
        Article::Events,
        Article::Joining,
        Article::Attendance,
        Article::Evaluations,
        Article::Certificates,
        Article::EarnCredit,
        Article::OnDemand,
        Article::Conferences,
        Article::Tracker,
        Article::Courses,
        Article::Licences,
        Article::OfficeProfile,
        Article::OfficeRegisters,
        Article::OfficeRequests,
        Article::OfficeSettings,
        Article::Requirements,
    ];

    /// The article of this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Article::ALL.into_iter().find(|article| article.about().name == name)
    }

    /// Where it is read.
    pub(crate) fn address(self) -> String {
        format!("/help/{}", self.about().name)
    }

    /// Its words, without what stands around them.
    pub(crate) fn body(self) -> Result<String, askama::Error> {
        Body { article: self }.render()
    }

    pub(crate) fn about(self) -> &'static About {
        match self {
            Article::SignUp => &SIGN_UP,
            Article::Account => &ACCOUNT,
            Article::CheckACertificate => &CHECK_A_CERTIFICATE,
            Article::Profile => &PROFILE,
            Article::Details => &DETAILS,
            Article::Import => &IMPORT,
            Article::ManageEvents => &MANAGE_EVENTS,
            Article::ReviewAttendance => &REVIEW_ATTENDANCE,
            Article::EvaluationsOfEvents => &EVALUATIONS_OF_EVENTS,
            Article::CertificatesOfEvents => &CERTIFICATES_OF_EVENTS,
            Article::Users => &USERS,
            Article::Events => &EVENTS,
            Article::Joining => &JOINING,
            Article::Attendance => &ATTENDANCE,
            Article::Evaluations => &EVALUATIONS,
            Article::Certificates => &CERTIFICATES,
            Article::EarnCredit => &EARN_CREDIT,
            Article::OnDemand => &ON_DEMAND,
            Article::Conferences => &CONFERENCES,
            Article::Tracker => &TRACKER,
            Article::Courses => &COURSES,
            Article::Licences => &LICENCES,
            Article::OfficeProfile => &OFFICE_PROFILE,
            Article::OfficeRegisters => &OFFICE_REGISTERS,
            Article::OfficeRequests => &OFFICE_REQUESTS,
            Article::OfficeSettings => &OFFICE_SETTINGS,
            Article::Requirements => &REQUIREMENTS,
        }
    }
}

/// What the article about importing lists.
impl Article {
    pub(crate) fn headings(self) -> [&'static str; 7] {
        Column::ALL.map(Column::heading)
    }

    pub(crate) fn row_reasons(self) -> Vec<reasons::Told> {
        reasons::of_rows()
    }

    pub(crate) fn file_reasons(self) -> Vec<reasons::Told> {
        reasons::of_files()
    }
}

const FIRST_EDITION: Date = Date::constant(2026, 11, 22);

const SIGN_UP: About = About {
    name: "sign-up",
    group: Group::Everybody,
    title: "Sign Up and CE Profile Login",
    summary: "How you get an account, how you log in, and what to do when you have forgotten your password.",
    updated: FIRST_EDITION,
    related: &[Article::Account, Article::Users, Article::Licences],
    also: "register registration create log in sign in logout cannot locked lost forgot reset activate address on file",
    picture: Some("The page Sign Up: a choice between provider and licensee, and the field License Number."),
};

const ACCOUNT: About = About {
    name: "account",
    group: Group::Everybody,
    title: "Account",
    summary: "Change your name, email and password, end your sessions, take your data with you, or close the account.",
    updated: FIRST_EDITION,
    related: &[Article::SignUp, Article::Licences, Article::Users],
    also: "delete remove download my data privacy log out device browser stolen hacked",
    picture: Some("The page Account, with a part for each thing that you can change."),
};

const CHECK_A_CERTIFICATE: About = About {
    name: "check-a-certificate",
    group: Group::Everybody,
    title: "Check a certificate",
    summary: "How anybody sees whether a certificate is real, what it says, and whether it still counts.",
    updated: FIRST_EDITION,
    related: &[Article::EarnCredit, Article::Courses, Article::Account],
    also: "verify verification validate real genuine fake forged authentic qr code scan employer board pdf hash sha-256 valid \
           superseded revoked open badges credential signature keys",
    picture: None,
};

const PROFILE: About = About {
    name: "profile",
    group: Group::Providers,
    title: "CE Profile",
    summary: "What the register says of you as a provider, and at its bottom the courses that are associated with you.",
    updated: FIRST_EDITION,
    related: &[Article::Details, Article::Import, Article::Users],
    also: "change request wrong address telephone name my courses approved approval missing course update",
    picture: Some(
        "The tab CE Profile with Provider name, License information and Contact information, and the courses below.",
    ),
};

const DETAILS: About = About {
    name: "details",
    group: Group::Providers,
    title: "CE Details",
    summary: "The list of the individuals who have taken your courses: search it, export it, and correct what is wrong.",
    updated: FIRST_EDITION,
    related: &[Article::Import, Article::Profile, Article::Courses],
    also: "attendees participants completions download spreadsheet delete undo wrong hours mistake filter sort roster",
    picture: Some("The tab CE Details: search and filters above a table of individuals and their courses."),
};

const IMPORT: About = About {
    name: "import",
    group: Group::Providers,
    title: "Import CE Details",
    summary: "With one file you report as many completions as you like. Every row is judged by itself: what is right is \
              recorded, and what isn't comes back with its reasons.",
    updated: FIRST_EDITION,
    related: &[Article::Details, Article::Profile, Article::Users],
    also: "rejected refused error errors spreadsheet csv template roster upload failed attendees bulk",
    picture: Some(
        "The tab Import CE Details: the red link to the sample format, the button Upload CE File, and the history of uploads.",
    ),
};

const MANAGE_EVENTS: About = About {
    name: "manage-events",
    group: Group::Providers,
    title: "Events: from draft to catalogue",
    summary: "How you make an event of an approved course, what it needs before you can publish it, and what may change \
              afterwards.",
    updated: FIRST_EDITION,
    related: &[Article::ReviewAttendance, Article::Import, Article::OnDemand],
    also: "webinar zoom schedule publish draft approval consent agenda cancel copy series credit bodies advertise seats \
           registrations list people import csv",
    picture: Some(
        "The tab Events: the button New event, and a table of events with when they take place and where each stands.",
    ),
};

const REVIEW_ATTENDANCE: About = About {
    name: "review-attendance",
    group: Group::Providers,
    title: "Attendance: how it is decided, and your part in it",
    summary: "How Zoom's report becomes decisions, what waits for you, and how you say that somebody was there, that the event \
              began later, or that another report counts.",
    updated: FIRST_EDITION,
    related: &[Article::ManageEvents, Article::Joining, Article::EarnCredit],
    also: "zoom report participants unmatched review queue match accept reject split doubtful absent times breaks late start \
           upload csv export minutes sign-in sheet sign-out roster history undo explanation json hash evidence",
    picture: None,
};

const EVALUATIONS_OF_EVENTS: About = About {
    name: "evaluations-of-events",
    group: Group::Providers,
    title: "Evaluations: what you ask, and what was answered",
    summary: "How you choose the questions of an event's evaluation, how they look to whoever answers, and how you read the results \
              without ever seeing who said what.",
    updated: FIRST_EDITION,
    related: &[Article::ManageEvents, Article::ReviewAttendance],
    also: "survey feedback questionnaire questions template objectives scale rating comments anonymous results summary report \
           mean average csv excel export",
    picture: None,
};

const CERTIFICATES_OF_EVENTS: About = About {
    name: "certificates-of-events",
    group: Group::Providers,
    title: "Certificates: who has one, what is held, and how to correct one",
    summary: "Who is invited to an event's evaluation and who has a certificate; what to do if one is held, bears a wrong name or \
              shouldn't count.",
    updated: FIRST_EDITION,
    related: &[Article::EvaluationsOfEvents, Article::ReviewAttendance, Article::Certificates],
    also: "issue again reissue correct name revoke withdraw held glyph signs mail came back incomplete expired deadline",
    picture: None,
};

const USERS: About = About {
    name: "users",
    group: Group::Providers,
    title: "Users",
    summary: "Several people can work for one provider, each with an account of their own. The owner says who.",
    updated: FIRST_EDITION,
    related: &[Article::SignUp, Article::Account, Article::Import],
    also: "invite colleague employee staff team share password access permission rights role administrator add person",
    picture: Some("The page Users: who has an account, who is invited, and the form that invites somebody."),
};

const EVENTS: About = About {
    name: "events",
    group: Group::Licensees,
    title: "Types of Events and How to Register",
    summary: "Live webinars, on-demand education and conferences: how each works, how you find one, what its approvals \
              mean, and how you take part.",
    updated: FIRST_EDITION,
    related: &[Article::Joining, Article::EarnCredit, Article::OnDemand, Article::Conferences],
    also: "catalogue catalog calendar webinar zoom join attend sign up seat schedule upcoming approved not approved pending \
           time zone partial credit ics",
    picture: Some("The page Events: search and filters, and the announced events by month with the credit of each."),
};

const JOINING: About = About {
    name: "joining",
    group: Group::Licensees,
    title: "Joining a Live Virtual Webinar",
    summary: "From My Events to the Main Hall to Zoom, and what you have to do so that your attendance counts.",
    updated: FIRST_EDITION,
    related: &[Article::Attendance, Article::Events, Article::EarnCredit],
    also: "zoom link join now access event late early leave break group watching together telephone phone dial in pin \
           waiting list cancel registration attendance sign in sheet",
    picture: Some("A Main Hall six days before its event: when the door opens, the rules, and your registration."),
};

const ATTENDANCE: About = About {
    name: "attendance",
    group: Group::Licensees,
    title: "How attendance is counted, and why an evaluation is missing",
    summary: "What counts as attending a live webinar in full, how to read the decision, how to name a telephone call, and how \
              to appeal.",
    updated: FIRST_EDITION,
    related: &[Article::Joining, Article::EarnCredit, Article::Events],
    also: "why don't i have my evaluation missing certificate not credited attended in full late early gap disconnected \
           waiting room break report review appeal complain wrong dial in digits phone zoom minutes",
    picture: None,
};

const EVALUATIONS: About = About {
    name: "evaluations",
    group: Group::Licensees,
    title: "Accessing Your Evaluations",
    summary: "Where the evaluation of an event is, how you fill it in, and what happens when you press Submit.",
    updated: FIRST_EDITION,
    related: &[Article::Certificates, Article::Attendance, Article::EarnCredit],
    also: "survey questionnaire feedback form incomplete submitted expired deadline save later category license assign mail \
           invitation link reminder",
    picture: None,
};

const CERTIFICATES: About = About {
    name: "certificates",
    group: Group::Licensees,
    title: "Certificates: download, print and check",
    summary: "Where your certificates are, what stands on them, how anybody can check that one is real, and what to do about a wrong \
              name.",
    updated: FIRST_EDITION,
    related: &[Article::Evaluations, Article::EarnCredit, Article::Courses],
    also: "pdf download print frame letter a4 qr code verify valid superseded revoked share employer board proof credential \
           open badge name wrong correct",
    picture: None,
};

const TRACKER: About = About {
    name: "tracker",
    group: Group::Licensees,
    title: "CE Tracker: what you have, what is missing, and by when",
    summary: "What your board asks in a cycle, what your credits count for, where to assign them, and certificates from elsewhere.",
    updated: FIRST_EDITION,
    related: &[Article::Licences, Article::Courses, Article::Certificates],
    also: "requirement cycle renewal category breakdown hours missing gap assign unassigned carry over repeat self-reported outside upload \
           transcript bars deadline remind reminder",
    picture: None,
};

const EARN_CREDIT: About = About {
    name: "earn-credit",
    group: Group::Licensees,
    title: "How do I earn CE credit?",
    summary: "You complete an approved course, its provider reports it, and the credit stands on your record.",
    updated: FIRST_EDITION,
    related: &[Article::Joining, Article::OnDemand, Article::Conferences, Article::Courses, Article::Licences],
    also: "hours points continuing education requirement get missing not showing report",
    picture: None,
};

const ON_DEMAND: About = About {
    name: "on-demand",
    group: Group::Licensees,
    title: "On Demand Education Overview",
    summary: "On demand education is a course that you take with its provider in your own time. The provider reports \
              your completion, and the credit stands on your record.",
    updated: FIRST_EDITION,
    related: &[Article::EarnCredit, Article::Conferences, Article::Courses],
    also: "recorded recording self-paced self study online video home study",
    picture: None,
};

const CONFERENCES: About = About {
    name: "conferences",
    group: Group::Licensees,
    title: "Conference Overview",
    summary: "A conference can carry one approved course or many. Its provider reports what you completed, and each \
              credit stands on your record by itself.",
    updated: FIRST_EDITION,
    related: &[Article::EarnCredit, Article::OnDemand, Article::Courses],
    also: "convention congress symposium sessions in person workshop attended partial",
    picture: None,
};

const COURSES: About = About {
    name: "courses",
    group: Group::Licensees,
    title: "CE Wallet: Courses",
    summary: "The credits that stand on your record, with who reported them.",
    updated: FIRST_EDITION,
    related: &[Article::Licences, Article::EarnCredit, Article::Account],
    also: "transcript record history missing not showing wrong hours withdrawn corrected hours points empty",
    picture: Some("The page Courses: a table of recorded courses with date, hours, category and who reported each."),
};

const LICENCES: About = About {
    name: "licences",
    group: Group::Licensees,
    title: "CE Wallet: Manage your License",
    summary: "Add each license that you hold. Once it is verified, the credits recorded for it are yours to see.",
    updated: FIRST_EDITION,
    related: &[Article::Courses, Article::Account, Article::EarnCredit],
    also: "unverified verify prove proof claim add second state board taken somebody else address on file",
    picture: None,
};

const OFFICE_PROFILE: About = About {
    name: "office-profile",
    group: Group::Office,
    title: "Office Profile",
    summary: "Everything the register and the records say of one licensee, with the credits under Courses.",
    updated: FIRST_EDITION,
    related: &[Article::OfficeRegisters, Article::OfficeRequests, Article::Details],
    also: "find licensee search number surname record transcript correct withdraw credit",
    picture: Some("An Office Profile: name, License Number, board and profession, and the tab Courses below."),
};

const OFFICE_REGISTERS: About = About {
    name: "office-registers",
    group: Group::Office,
    title: "Registers",
    summary: "Providers, courses and licensees: what every row of a roster is judged by. You import them from Excel or \
              edit them by hand.",
    updated: FIRST_EDITION,
    related: &[Article::OfficeProfile, Article::OfficeRequests, Article::Import],
    also: "excel upload spreadsheet add provider add course add licensee approval associate expire inactive delete",
    picture: Some("The register of courses: a search above a table of numbers, titles, hours and approvals."),
};

const OFFICE_REQUESTS: About = About {
    name: "office-requests",
    group: Group::Office,
    title: "Requests",
    summary: "What people ask the office for waits here until one of you grants or refuses it, and says why.",
    updated: FIRST_EDITION,
    related: &[Article::OfficeRegisters, Article::OfficeProfile, Article::SignUp],
    also: "queue approve approval reject deny decide change request claim inbox pending",
    picture: Some("The page Requests: what is asked for, by whom and since when."),
};

const OFFICE_SETTINGS: About = About {
    name: "office-settings",
    group: Group::Office,
    title: "Settings",
    summary: "The organisation's name, looks, addresses, texts and rules, as every page and message shows them.",
    updated: FIRST_EDITION,
    related: &[Article::OfficeRegisters, Article::OfficeRequests, Article::Users],
    also: "logo color colour contrast support reporting year privacy grievance accommodation disclaimer retention bodies",
    picture: Some("The page Settings, with a form for each group of settings."),
};

const REQUIREMENTS: About = About {
    name: "office-requirements",
    group: Group::Office,
    title: "Requirements: what boards ask of their licensees",
    summary: "Enter what a board asks in a cycle, try it out on real licensees, and change it without rewriting cycles that are over.",
    updated: FIRST_EDITION,
    related: &[Article::Tracker, Article::OfficeSettings, Article::OfficeRegisters],
    also: "board rules hours cycle category minimum maximum carry over renewal version reviewed source requirement set tracker",
    picture: None,
};
