//! What staff say of those who are matched with nobody: whose they are, whose they aren't, or that they are nobody's; one by one,
//! or the best suggestion of several at once. Two for one registrant are one person with two devices.

use super::{
    Asked,
    again::Again,
    known::{Known, fetch_ended, name_of},
    review::{Likely, PAGE_UNMATCHED, address, review_page},
    say::say,
    words::form_key,
};
use crate::{Shared, manage::Managing};
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    attendance::{Adjustment, Person, Said},
    id::AccountId,
    name::search_form,
    registration::Participation,
};
use http::StatusCode;
use pages::{answer, fields::Typed, problem::Problem, visitor::Visitor};
use std::collections::BTreeMap;

/// The largest form of several, in bytes: for each of twenty a digest and an account with the names of their fields, under 200
/// characters; and a reason and a name, each character of which can take four bytes and each byte three characters in a form.
pub(crate) const LARGEST_REVIEW_FORM: usize = PAGE_UNMATCHED * 200 + (1_000 + 300) * 12;

const GONE: &str = "This person isn't among the unmatched any more: somebody has matched them, or another report came. Nothing was said.";
const NOBODY_CHOSEN: &str = "Choose who it was, or type the whole name or the e-mail address of a registrant.";
const NONE_CHECKED: &str = "Check at least one person whose best suggestion is to be taken.";
const TWICE: &str = "Two of those whom you checked would be the same registrant. If they are (one with two devices), match them one after the other, so that you look at both. Nothing was said.";
const NOT_BEST: &str = "The suggestions have changed meanwhile. Look at them again; nothing was said.";

/// `POST /manage/events/{id}/attendance/review`
pub(crate) async fn deed(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = fetch_ended(&portal, &managing, &id).await?;
    let is_field = |name: &str| {
        matches!(name, "said" | "do" | "why" | "who" | "account" | "other" | "page") || place_of(name).is_some()
    };
    let typed = typed.only(is_field)?;
    let known = Known::fetch(&portal, event).await?;
    let seen = typed.text("said").parse().map_err(|_| Problem::Unreadable)?;
    let page = typed.text("page").parse().unwrap_or(1_usize);
    let (told, status) = match said_by(&typed, &known, seen)? {
        Ok(said) => match say(&portal, &managing, &known.event, seen, typed.text("why"), &said).await? {
            Ok(()) => return answer::see_other(&format!("{}?done=said&page={page}", address(&known))),
            Err(not) => (not.text().to_owned(), not.status()),
        },
        Err(told) => (told, StatusCode::UNPROCESSABLE_ENTITY),
    };
    let form = if typed.text("do") == "many" { "many" } else { typed.text("who") };
    let again = Again { other: typed.text("other").to_owned(), ..Again::of(form, typed.text("why"), told) };
    let asked = Asked { page: Some(page), ..Asked::default() };
    answer::form_again(&review_page(&portal, &managing, &known, &asked, again), status)
}

/// The number of a check box for one of several.
fn place_of(name: &str) -> Option<usize> {
    let (stem, number) = name.rsplit_once('-')?;
    number.parse().ok().filter(|_| matches!(stem, "check" | "best") && number.len() <= 6)
}

type Saying = Result<Vec<Said>, String>;

fn said_by(typed: &Typed, known: &Known, seen: u64) -> Result<Saying, Problem> {
    let what = typed.text("do");
    if what == "many" {
        return Ok(many(typed, known, seen));
    }
    let Some(who) = handles(known, seen).remove(typed.text("who")) else { return Ok(Err(GONE.to_owned())) };
    let said = match what {
        "dismiss" => Ok(Said::Dismiss { who }),
        "accept" => chosen(typed, known).map(|account| Said::Accept { who, account }),
        "reject" => chosen(typed, known).map(|account| Said::Reject { who, account }),
        _ => return Err(Problem::Unreadable),
    };
    Ok(said.map(|said| vec![said]))
}

/// The handles of those who are unmatched, by what forms have for them. Whoever sends a form twice is matched by the first: those
/// of whom something was said since the form's page are there too, and then the words are compared.
fn handles(known: &Known, seen: u64) -> BTreeMap<String, String> {
    let of_word = |word: &Adjustment| match &word.said {
        Said::Accept { who, .. } | Said::Reject { who, .. } | Said::Dismiss { who } => Some(who.clone()),
        _ => None,
    };
    let since = known.inputs.adjustments.iter().filter(|word| word.number > seen).filter_map(of_word);
    let open = known.unmatched().map(|person| person.handle.clone());
    open.chain(since).map(|handle| (form_key(&handle), handle)).collect()
}

/// The best suggestion for each who is checked, as the page showed it.
fn many(typed: &Typed, known: &Known, seen: u64) -> Saying {
    let likely = Likely::of(known);
    let people: Vec<&Person> = known.unmatched().collect();
    let handles = handles(known, seen);
    let most = people.len().max(PAGE_UNMATCHED * 2);
    let mut said = Vec::new();
    for number in 0..most {
        let key = typed.text(&format!("check-{number}"));
        if key.is_empty() {
            continue;
        }
        let who = handles.get(key).ok_or_else(|| GONE.to_owned())?;
        let best = typed.text(&format!("best-{number}"));
        let account = AccountId::parse(best).map_err(|_| NOT_BEST.to_owned())?;
        let is_best = || {
            let person = people.iter().find(|person| person.handle == *who)?;
            likely.of_person(person).first().map(|first| first.stands_out && first.account == best)
        };
        if known.inputs.record.said == seen && is_best() != Some(true) {
            return Err(NOT_BEST.to_owned());
        }
        let is_taken = said.iter().any(|said: &Said| said.account() == Some(&account));
        if is_taken {
            return Err(TWICE.to_owned());
        }
        said.push(Said::Accept { who: who.clone(), account });
    }
    if said.is_empty() { Err(NONE_CHECKED.to_owned()) } else { Ok(said) }
}

/// The registrant who is chosen: one of the suggested, or any by the whole name or the address.
fn chosen(typed: &Typed, known: &Known) -> Result<AccountId, String> {
    let other = typed.text("other").trim();
    if other.is_empty() {
        let account = AccountId::parse(typed.text("account")).map_err(|_| NOBODY_CHOSEN.to_owned())?;
        let is_seated = known.inputs.people.iter().any(|person| person.account == account && person.state.has_seat());
        return if is_seated { Ok(account) } else { Err(NOBODY_CHOSEN.to_owned()) };
    }
    let seated = known.seated();
    let sought = search_form(other);
    let is_them = |person: &&&Participation| {
        let has_address = person.email.as_ref().is_some_and(|email| email.shown().eq_ignore_ascii_case(other));
        has_address || !sought.is_empty() && search_form(&name_of(person)) == sought
    };
    let found: Vec<_> = seated.iter().filter(is_them).collect();
    match found[..] {
        [one] => Ok(one.account.clone()),
        [] => Err(format!(
            "Nobody with a seat is called “{other}” or has this address. Type the whole name or the address of a registrant."
        )),
        _ => Err(format!(
            "Several people with a seat are called “{other}”. Type the e-mail address of the one that you mean."
        )),
    }
}
