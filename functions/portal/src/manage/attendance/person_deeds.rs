//! What staff say of one person: that it was them alone, that a name was somebody else's, or what is decided whatever the report
//! says. Each is a word with its reason, and can be taken back by another.

use super::{
    Asked, LARGEST_WORD_FORM,
    again::Again,
    base,
    known::{Known, fetch_ended},
    person::{doubts, find, person_page},
    say::say,
    words::form_key,
};
use crate::{Shared, manage::Managing};
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    attendance::{Reason, Said},
    id::AccountId,
};
use http::StatusCode;
use pages::{answer, form::Form, problem::Problem, visitor::Visitor};
use serde::Deserialize;

const NO_DOUBT: &str = "Nothing was doubtful any more, so nothing was said.";
const NO_DOUBT_SEEN: &str =
    "Look at it: it stands below with the others. Send the form again if it was still them. Nothing was said.";
const NO_NAME: &str = "Choose the name that was somebody else's.";
const NOT_ITS: &str = "This word is taken back already, so nothing was said.";
// The form of a word has a reason, the digest of a name, and the codes of doubts.
const _: () = assert!(LARGEST_WORD_FORM > 1_000 * 12 + 1_000);

/// What a form says of somebody.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Deed {
    said: u64,
    #[serde(rename = "do")]
    what: What,
    #[serde(default)]
    why: String,
    /// What the form has for the name that was somebody else's.
    #[serde(default)]
    name: String,
    /// The codes of the doubts that the page showed, with spaces between them.
    #[serde(default)]
    doubts: String,
    /// The word that is taken back.
    number: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum What {
    Clear,
    Split,
    Full,
    Short,
    Withdraw,
    Undo,
}

impl What {
    /// The form on the page that it is of.
    fn form(self) -> &'static str {
        match self {
            What::Clear => "clear",
            What::Split => "split",
            What::Full | What::Short | What::Withdraw => "decide",
            What::Undo => "undo",
        }
    }
}

/// `POST /manage/events/{id}/attendance/people/{account}`
pub(crate) async fn deed(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path((id, account)): Path<(String, String)>,
    Form(deed): Form<Deed>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let known = Known::fetch(&portal, fetch_ended(&portal, &managing, &id).await?).await?;
    let account = find(&known, &account)?;
    let (told, status) = match said_by(&deed, &known, &account) {
        Ok(said) => match say(&portal, &managing, &known.event, deed.seen(), &deed.why, &[said]).await? {
            Ok(()) => {
                return answer::see_other(&format!("{}/people/{account}?done=said", base(&known.event)));
            }
            Err(not) => (not.text().to_owned(), not.status()),
        },
        Err(told) => (told, StatusCode::UNPROCESSABLE_ENTITY),
    };
    let again = Again { other: deed.name.clone(), ..Again::of(deed.what.form(), &deed.why, told) };
    let page = person_page(&portal, &managing, &known, &account, &Asked::default(), again).await?;
    answer::form_again(&page, status)
}

impl Deed {
    fn seen(&self) -> u64 {
        self.said
    }
}

fn said_by(deed: &Deed, known: &Known, account: &AccountId) -> Result<Said, String> {
    let account = account.clone();
    let now = known.by_account().get(account.as_str()).copied();
    match deed.what {
        What::Clear => {
            let person = known.inputs.people.iter().find(|person| person.account == account);
            let doubts = doubts(person.and_then(|person| person.decided.as_deref()), now);
            let is_new = |doubt: &&Reason| deed.doubts.split(' ').all(|code| code != doubt.code());
            // Nobody settles what they haven't read.
            if let Some(new) = doubts.iter().find(is_new) {
                return Err(format!("Something new is doubtful since you looked: {} {NO_DOUBT_SEEN}", new.text()));
            }
            if doubts.is_empty() { Err(NO_DOUBT.to_owned()) } else { Ok(Said::Clear { account, doubts }) }
        }
        What::Split => {
            let mut names = now.into_iter().flat_map(|person| &person.zoom_names);
            let name = names.find(|name| form_key(name) == deed.name).ok_or(NO_NAME)?;
            Ok(Said::Split { account, name: name.clone() })
        }
        What::Full => Ok(Said::Decide { account, full: true, appeal: false }),
        What::Short => Ok(Said::Decide { account, full: false, appeal: false }),
        What::Withdraw => Ok(Said::Withdraw { account }),
        What::Undo => {
            let number = deed.number.ok_or(NOT_ITS)?;
            let word = known.inputs.adjustments.iter().find(|word| word.number == number).ok_or(NOT_ITS)?;
            if word.said.account() == Some(&account) { Ok(Said::TakeBack { number }) } else { Err(NOT_ITS.to_owned()) }
        }
    }
}
