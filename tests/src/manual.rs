//! The manual's pictures: which page each article shows, and to whom that page belongs. A story that has them signed in takes
//! them with [`crate::browser::Browser::keep_help_picture`].

/// Whose page a picture shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// Nobody's: it is public.
    Nobody,
    /// A provider's owner.
    Owner,
    /// A licensee with a verified license.
    Licensee,
    /// The office.
    Office,
}

/// A picture of a page.
#[derive(Debug, Clone, Copy)]
pub struct HelpPicture {
    /// The article that shows it, and its file's name.
    pub name: &'static str,
    /// The page, or the one that leads to it.
    pub path: &'static str,
    /// What the first button there begins with that leads to the page, if its address isn't known beforehand.
    pub press: Option<&'static str>,
    /// How wide the browser is, in pixels.
    pub width: u32,
    /// Who looks at it.
    pub of: Of,
}

const fn of(of: Of, name: &'static str, path: &'static str) -> HelpPicture {
    HelpPicture { name, path, press: None, width: 1_000, of }
}

const fn behind(button: &'static str, picture: HelpPicture) -> HelpPicture {
    HelpPicture { press: Some(button), ..picture }
}

/// All pictures. Of the Office Profile, any licensee of the demo will do; of the Main Hall, any event.
pub const PICTURES: [HelpPicture; 14] = [
    of(Of::Nobody, "sign-up", "/sign-up"),
    of(Of::Nobody, "events", "/events"),
    of(Of::Owner, "account", "/account"),
    of(Of::Owner, "profile", "/profile"),
    of(Of::Owner, "details", "/details"),
    of(Of::Owner, "import", "/import"),
    of(Of::Owner, "users", "/account/users"),
    of(Of::Owner, "manage-events", "/manage/events"),
    behind("Access Event", of(Of::Licensee, "joining", "/wallet/events")),
    of(Of::Licensee, "courses", "/wallet/courses"),
    of(Of::Office, "office-profile", "/office/licensees/TX-BON/RN/00012345"),
    of(Of::Office, "office-registers", "/office/courses"),
    of(Of::Office, "office-requests", "/office/requests"),
    of(Of::Office, "office-settings", "/office/settings"),
];
