//! After the stories: nothing that somebody typed stands in a line that a function has logged, in an address or on an error page, and
//! neither do mail addresses or links' secrets in a log. Every form that a story fills in is a canary, so that no story has to think of it.

use local::typed::Noted;
use std::{collections::BTreeSet, path::Path, time::SystemTime};

/// Fewer would show little.
pub(super) const LEAST_CANARIES: usize = 50;
/// Functions that people's words come to.
const HEARD: [&str; 5] = ["portal", "sign_up", "reconcile_attendance", "render_certificate", "send_evaluations"];
/// Shorter words stand in other words.
const SHORTEST: usize = 5;
/// Lines that are told: the first ones say what is to be mended.
const MOST_TOLD: usize = 10;
/// How much is told of a line or page: what is around it is asked for by the test that typed it.
const MOST_OF_A_LINE: usize = 400;

/// What was looked for and found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Search {
    /// What was looked for.
    pub(super) canaries: usize,
    /// In how many of the functions' lines.
    pub(super) lines: usize,
    /// In how many addresses that were asked for, and error pages.
    pub(super) pages: usize,
    /// Functions without whose lines nothing is shown, and of which there are none.
    pub(super) unheard: Vec<&'static str>,
    /// What stands there, with the line: the first ones.
    pub(super) found: Vec<(String, String)>,
}

/// Fields whose every value is a person's: who they are, how they are reached, what they prove it by.
const PERSONAL: [&str; 16] = [
    "username",
    "password",
    "new_password",
    "current_password",
    "first_name",
    "last_name",
    "first",
    "last",
    "name",
    "email",
    "license_number",
    "phone",
    "digits",
    "try_on",
    "why",
    "text",
];

/// Fields whose values stand in addresses by their nature: a license's page is found by its number, which boards publish, and a
/// certificate's check by the code that is printed on it. In a log neither may stand.
const ADDRESSED: [&str; 2] = ["license_number", "code"];

/// Whether something that was typed would tell of somebody where it stood: what is a person's, and whatever is in several words. An id, a
/// choice or a number of the form is one word, and may be logged.
fn is_canary(field: &str, text: &str) -> bool {
    // The demo's usernames are words that its providers and its office go by too.
    let is_demos = field == "username" && !text.contains('.');
    // A form's link, by the secret of its mail: a word as the tests invent them is none.
    let is_secret = field == "link" && text.len() == 64;
    let is_personal = (PERSONAL.contains(&field) && !is_demos) || is_secret || text.contains('@');
    text.chars().count() >= SHORTEST && (is_personal || text.split_whitespace().count() > 1)
}

/// What is looked for, with its field.
fn canaries(noted: &[Noted]) -> BTreeSet<(&str, &str)> {
    let typed = noted.iter().filter_map(|noted| match noted {
        Noted::Typed { field, text } => Some((field.as_str(), text.trim())),
        Noted::Asked(_) | Noted::Refused(_) => None,
    });
    typed.filter(|(field, text)| is_canary(field, text)).map(|(field, text)| (text, field)).collect()
}

/// What stands in a line that mustn't stand in any, whoever typed it: an address of a mail, or a link with its secret.
fn is_always_one(line: &str) -> Option<String> {
    if line.contains("token=") {
        return Some("a link's secret".to_owned());
    }
    let is_part = |c: char| c.is_ascii_alphanumeric() || "._-+".contains(c);
    line.match_indices('@').find_map(|(at, _)| {
        let before: usize = line[..at].chars().rev().take_while(|c| is_part(*c)).count();
        let after: String = line[at + 1..].chars().take_while(|c| is_part(*c)).collect();
        (before > 0 && after.trim_matches('.').contains('.')).then(|| format!("an address at {after}"))
    })
}

/// What is a page's own: around it stand the names of whoever is logged in, for that one's eyes.
fn main(page: &str) -> &str {
    let from = page.find("<main").unwrap_or_default();
    &page[from..page.find("</main>").filter(|to| *to > from).unwrap_or(page.len())]
}

fn search(noted: &[Noted], lines: impl Iterator<Item = String>) -> Search {
    let canaries = canaries(noted);
    let mut search = Search { canaries: canaries.len(), unheard: HEARD.to_vec(), ..Search::default() };
    let mut found = Vec::new();
    // As it stands in JSON, without its quotes.
    let written = |text: &str| serde_json::to_string(text).map(|text| text[1..text.len() - 1].to_owned());
    let in_logs: Vec<String> = canaries.iter().filter_map(|(text, _)| written(text).ok()).collect();
    // The emulator of AWS writes into the same files; what functions log is JSON.
    for line in lines.filter(|line| line.starts_with('{')) {
        search.lines += 1;
        search.unheard.retain(|function| !line.contains(&format!("\"target\":\"{function}")));
        let canary = in_logs.iter().find(|canary| line.contains(canary.as_str())).cloned();
        if let Some(canary) = canary.or_else(|| is_always_one(&line)) {
            found.push((canary, line));
        }
    }
    for noted in noted {
        let (text, spared): (&str, &[&str]) = match noted {
            Noted::Asked(address) => (address, &ADDRESSED),
            Noted::Refused(page) => (main(page), &[]),
            Noted::Typed { .. } => continue,
        };
        search.pages += 1;
        let is_leak = |(canary, field): &&(&str, &str)| text.contains(canary) && !spared.contains(field);
        if let Some((canary, _)) = canaries.iter().find(is_leak) {
            found.push(((*canary).to_owned(), text.to_owned()));
        }
    }
    found.dedup();
    found.truncate(MOST_TOLD);
    for (_, line) in &mut found {
        *line = line.chars().take(MOST_OF_A_LINE).collect();
    }
    Search { found, ..search }
}

/// Looks for what was noted in a file, in the logs of all local clouds that were written to since.
pub(super) fn search_since(began: SystemTime, noted: &Path) -> Search {
    let noted: Vec<Noted> = super::lines(noted).filter_map(|line| serde_json::from_str(&line).ok()).collect();
    search(&noted, super::lines_since(began, "cloud.log"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(field: &str, text: &str) -> Noted {
        Noted::Typed { field: field.to_owned(), text: text.to_owned() }
    }

    fn found(noted: &[Noted], lines: &[&str]) -> Vec<String> {
        let search = search(noted, lines.iter().map(|line| (*line).to_owned()));
        search.found.into_iter().map(|(found, _)| found).collect()
    }

    #[test]
    fn what_a_person_typed_is_found_in_any_line_of_a_function() {
        let all = [
            typed("last_name", "Okonkwo"),
            typed("q3", "The room was cold"),
            typed("licence/TX", "decide-later"),
            typed("last_name", "Ma"),
            typed("username", "office"),
            typed("why", "She said \"no\""),
        ];
        assert_eq!(canaries(&all).len(), 3, "neither a choice nor what is too short");
        let clean =
            [r#"{"message":"tracker.assigned","account":"0c3"}"#, "127.0.0.1 GET /Okonkwo", "{}", "decide-later"];
        assert_eq!(found(&all, &clean), Vec::<String>::new());
        assert_eq!(found(&all, &[r#"{"error":"no seat for Vida Okonkwo"}"#]), ["Okonkwo"]);
        assert_eq!(found(&all, &[r#"{"error":"The room was cold"}"#]), ["The room was cold"]);
        assert_eq!(found(&all, &[r#"{"why":"She said \"no\""}"#]), [r#"She said \"no\""#]);
    }

    #[test]
    fn what_a_person_typed_is_found_in_an_address_and_on_an_error_page() {
        let noted = |page| [typed("last_name", "Okonkwo"), typed("license_number", "RN-77001"), page];
        for leak in [Noted::Asked("/wallet?of=Okonkwo".to_owned()), Noted::Refused("Okonkwo isn't here.".to_owned())] {
            assert_eq!(found(&noted(leak), &[]), ["Okonkwo"]);
        }
        let own = "<header>Vida Okonkwo</header><main>That page isn't here.</main><footer>Okonkwo</footer>".to_owned();
        let its_page = "/office/licensees/TX-BON/RN/RN-77001".to_owned();
        for clean in [Noted::Asked("/wallet?page=2".to_owned()), Noted::Asked(its_page), Noted::Refused(own)] {
            assert_eq!(found(&noted(clean), &[]), Vec::<String>::new());
        }
    }

    #[test]
    fn whose_lines_arent_there_is_told() {
        let lines = [r#"{"target":"portal::tracker"}"#, r#"{"target":"sign_up"}"#].map(str::to_owned);
        let search = search(&[], lines.into_iter());
        assert_eq!(search.unheard, ["reconcile_attendance", "render_certificate", "send_evaluations"]);
    }

    #[test]
    fn addresses_and_secrets_are_found_whoever_they_are_of() {
        assert_eq!(found(&[], &[r#"{"to":"vida.okonkwo@people.example"}"#]), ["an address at people.example"]);
        assert_eq!(found(&[], &[r#"{"url":"/reset?token=abc"}"#]), ["a link's secret"]);
        assert_eq!(found(&[], &[r#"{"message":"@ 5 pm, a@b, @types/node"}"#]), Vec::<String>::new());
    }
}
