//! Fields of forms: what each is called and holds, and beside it what is wrong with it. Rendered by `fields.html`.

/// A field of one line.
#[derive(Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name in the form.
    pub name: &'static str,
    /// Its label.
    pub label: &'static str,
    /// What stands in it.
    pub value: String,
    /// Its type in HTML: `text`, `email`, `password`.
    pub kind: &'static str,
    /// What a browser may fill in: one of HTML's tokens.
    pub autocomplete: &'static str,
    /// What helps to fill it in.
    pub hint: Option<&'static str>,
    /// What is wrong with it.
    pub error: Option<String>,
    /// Whether it may stay empty.
    pub optional: bool,
    /// Whether a browser may ask for it; not where the hint says who can leave it out.
    pub required: bool,
}

impl Field {
    /// A field of text.
    pub fn text(name: &'static str, label: &'static str, autocomplete: &'static str) -> Self {
        Self {
            name,
            label,
            value: String::new(),
            kind: "text",
            autocomplete,
            hint: None,
            error: None,
            optional: false,
            required: true,
        }
    }

    /// A field of a mail address.
    pub fn email(name: &'static str, label: &'static str) -> Self {
        Self { kind: "email", ..Self::text(name, label, "email") }
    }

    /// A field of a password: what was typed is never sent back.
    pub fn password(name: &'static str, label: &'static str, autocomplete: &'static str) -> Self {
        Self { kind: "password", ..Self::text(name, label, autocomplete) }
    }

    /// The same, holding this.
    pub fn holding(self, value: impl Into<String>) -> Self {
        Self { value: value.into(), ..self }
    }

    /// The same, with words that help.
    pub fn with_hint(self, hint: &'static str) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// The same, with what is wrong with it.
    pub fn with_error(self, error: Option<impl Into<String>>) -> Self {
        Self { error: error.map(Into::into), ..self }
    }

    /// The same, which a browser doesn't ask for: its hint says who needs it.
    pub fn not_required(self) -> Self {
        Self { required: false, ..self }
    }

    /// The same, and may stay empty.
    pub fn optional(self) -> Self {
        Self { optional: true, required: false, ..self }
    }
}

/// Whether any of the fields has something wrong with it.
pub fn any_wrong(fields: &[Field]) -> bool {
    fields.iter().any(|field| field.error.is_some())
}
