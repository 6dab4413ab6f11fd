//! A form that is shown again since nothing was done: which one it was, what was typed, and why.

/// What is kept of a form that is shown again; nothing for a page that is shown for the first time.
#[derive(Clone, Default)]
pub(crate) struct Again {
    /// Which of the page's forms it was.
    pub(super) form: String,
    /// The reason that was typed.
    pub(super) why: String,
    /// Something else that was typed.
    pub(super) other: String,
    /// Why nothing was done.
    pub(super) told: Option<String>,
}

impl Again {
    pub(super) fn of(form: &str, why: &str, told: impl Into<String>) -> Self {
        Self { form: form.to_owned(), why: why.to_owned(), other: String::new(), told: Some(told.into()) }
    }

    /// The reason that was typed into this form.
    pub(super) fn why(&self, form: &str) -> &str {
        if self.form == form { &self.why } else { "" }
    }

    /// What else was typed into this form.
    pub(super) fn other(&self, form: &str) -> &str {
        if self.form == form { &self.other } else { "" }
    }

    pub(super) fn is(&self, form: &str) -> bool {
        self.form == form
    }
}
