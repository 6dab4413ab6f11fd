//! Forms that people fill in: what they typed, and the page that shows it again with what is wrong beside each field. What was
//! typed is kept whatever is wrong with it, and nothing is done with it here.

use crate::problem::Problem;
use axum::extract::{FromRequest, Request};
use std::collections::BTreeMap;

/// What somebody typed: a posted form's texts by their fields' names, each there once.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Typed(BTreeMap<String, String>);

impl Typed {
    /// What was typed into a field; nothing if the form hadn't got it.
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).map(String::as_str).unwrap_or_default()
    }

    /// A form's fields, none of which may be there twice.
    fn of(pairs: Vec<(String, String)>) -> Option<Self> {
        let count = pairs.len();
        let texts: BTreeMap<_, _> = pairs.into_iter().collect();
        (texts.len() == count).then_some(Self(texts))
    }

    /// The same, if it has no other fields than these.
    pub fn only(self, is_field: impl Fn(&str) -> bool) -> Result<Self, Problem> {
        if self.0.keys().all(|name| is_field(name)) { Ok(self) } else { Err(Problem::Unreadable) }
    }
}

impl<S: Send + Sync> FromRequest<S> for Typed {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match axum::extract::Form::<Vec<(String, String)>>::from_request(request, state).await {
            Ok(pairs) => Typed::of(pairs.0).ok_or(Problem::Unreadable),
            Err(refused) => Err(Problem::of_status(refused.status())),
        }
    }
}

/// A field as a page shows it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Field {
    /// Its name in the form, and its id on the page.
    pub name: String,
    /// What stands in it.
    pub value: String,
    /// What is wrong with that, and what to do.
    pub problem: Option<String>,
    /// What somebody else has put there meanwhile, if it is something else.
    pub now: Option<String>,
}

static NO_FIELD: Field = Field { name: String::new(), value: String::new(), problem: None, now: None };

impl Field {
    /// The ids of what describes the field: its hint if there is one, what is wrong, what stands there now.
    pub fn described_by(&self, hinted: bool) -> Option<String> {
        let parts = [(hinted, "hint"), (self.problem.is_some(), "problem"), (self.now.is_some(), "now")];
        let ids: Vec<_> =
            parts.into_iter().filter(|(there, _)| *there).map(|(_, part)| format!("{}-{part}", self.name)).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}

/// A form's fields as a page shows them, in their order.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Fields(Vec<Field>);

impl Fields {
    /// Fields with what stands in them.
    pub fn of<N: Into<String>, V: Into<String>>(values: impl IntoIterator<Item = (N, V)>) -> Self {
        let field = |(name, value): (N, V)| Field { name: name.into(), value: value.into(), problem: None, now: None };
        Self(values.into_iter().map(field).collect())
    }

    /// The field of this name; one without anything in it if the form hasn't got it.
    pub fn at(&self, name: &str) -> &Field {
        self.0.iter().find(|field| field.name == name).unwrap_or(&NO_FIELD)
    }

    /// Says what is wrong with a field, after what was said of it before.
    pub fn tell(&mut self, name: &str, problem: impl std::fmt::Display) {
        if let Some(field) = self.0.iter_mut().find(|field| field.name == name) {
            let told = field.problem.get_or_insert_default();
            if !told.is_empty() {
                told.push(' ');
            }
            told.push_str(&problem.to_string());
        }
    }

    /// Sets what stands there now beside what was typed, wherever they differ.
    pub fn stands_now<N: AsRef<str>, V: Into<String>>(&mut self, values: impl IntoIterator<Item = (N, V)>) {
        for (name, value) in values {
            let value = value.into();
            if let Some(field) = self.0.iter_mut().find(|field| field.name == name.as_ref() && field.value != value) {
                field.now = Some(value);
            }
        }
    }

    /// The fields with which something is wrong.
    pub fn problems(&self) -> impl Iterator<Item = &Field> {
        self.0.iter().filter(|field| field.problem.is_some())
    }

    /// Whether nothing is.
    pub fn are_right(&self) -> bool {
        self.problems().next().is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_is_there_twice_makes_a_form_unreadable() {
        let pairs = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), "x".to_owned())).collect();
        assert!(Typed::of(pairs(&["a", "b"])).is_some());
        assert!(Typed::of(pairs(&["a", "a"])).is_none());
        let typed = Typed::of(pairs(&["a", "b"])).unwrap();
        assert!(typed.clone().only(|name| name == "a").is_err() && typed.only(|name| name.len() == 1).is_ok());
    }

    #[test]
    fn a_field_is_described_by_all_that_is_said_of_it() {
        let mut fields = Fields::of([("city", "Ostin"), ("name", "Acme")]);
        assert!(fields.are_right() && fields.at("city").described_by(false).is_none());
        fields.tell("city", "It is misspelt.");
        fields.tell("city", "It is far.");
        fields.stands_now([("city", "Austin"), ("name", "Acme")]);
        assert_eq!(fields.at("city").problem.as_deref(), Some("It is misspelt. It is far."));
        assert_eq!(fields.at("city").described_by(true).as_deref(), Some("city-hint city-problem city-now"));
        assert_eq!(fields.problems().count(), 1);
        assert_eq!((fields.at("name").now.as_deref(), fields.at("other").value.as_str()), (None, ""));
    }
}
