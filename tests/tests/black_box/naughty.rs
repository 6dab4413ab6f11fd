//! Words that other systems took for something else: markup, formulas, paths, format strings, marks that turn a line around. Whoever types
//! them finds them again as words, or is told why not; nothing of them ever runs.

use crate::{
    accounts::{PASSWORD, log_in, person},
    attending::open_cloud,
    tracking::licensee_of,
};
use domain::{
    licence::{Licence, LicenceNumber},
    name::PersonName,
};
use local::Cloud;
use serde_json::{Value, json};
use tests::browser::{Browser, Manner};

/// A sample of the big list of naughty strings.
const SAMPLE: &str = include_str!("../../fixtures/names/naughty_strings.json");
/// What spreadsheets calculate, and what a header would take for its end.
const MORE: [&str; 7] = [
    "=HYPERLINK(\"http://elsewhere.example\",\"Open\")",
    "+1+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "＝1+1",
    "One line\r\nBcc: everybody@people.example",
    "{{7*7}}${7*7}<%= 7*7 %>",
];

fn strings() -> Vec<String> {
    let sample: Vec<String> = serde_json::from_str(SAMPLE).unwrap();
    sample.into_iter().chain(MORE.map(ToOwned::to_owned)).collect()
}

/// How a browser sends it in an address.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn words_that_look_like_something_else_are_words_on_pages_in_lists_and_in_exports() {
    let cloud = open_cloud().await;
    let portal = cloud.portal_url().unwrap();
    let number = LicenceNumber::parse("OH-55777").unwrap();
    let licence = Licence { board: "OH-BON".to_owned(), profession: "RN".to_owned(), number };
    let name = PersonName { first: "Nell".to_owned(), last: "Amberg".to_owned() };
    let mut nell = licensee_of(cloud, licence, name, "nell.amberg").await;

    let mut taken = Vec::new();
    for words in strings() {
        let form = nell.get("/wallet/outside").await.unwrap().text;
        let hidden = |name: &str| {
            let (_, after) = form.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
            after.split('"').next().unwrap().to_owned()
        };
        let (id, version) = (hidden("id"), hidden("version"));
        let fields = [
            ("id", id.as_str()),
            ("version", &version),
            ("title", &words),
            ("provider", &words),
            ("date", "2026-01-02"),
            ("hours", "1"),
            ("delivery", "in_person"),
            ("course", ""),
        ];
        let answered = nell.post_parts("/wallet/outside", &fields).await.unwrap();
        match answered.status.as_u16() {
            // On one line: the end of a line is a space.
            303 => taken.push(words.split_whitespace().collect::<Vec<_>>().join(" ")),
            422 => assert!(answered.text.contains("Not saved yet"), "{words:?}: {}", answered.text),
            status => panic!("{words:?} is answered with {status}: {}", answered.text),
        }
    }
    let refused = strings().len() - taken.len();
    eprintln!("{} taken as they are, {refused} refused with a sentence", taken.len());
    assert!(taken.len() >= 50, "{taken:?}");

    // As JSON, sign by sign; as a list for a spreadsheet, and no cell of it is calculated.
    let export: Value = serde_json::from_str(&nell.get("/account/export").await.unwrap().text).unwrap();
    let told = export.to_string();
    let list = nell.get("/wallet/transcripts/credits.csv").await.unwrap();
    assert_eq!(list.status, 200, "{}", list.text);
    assert!(list.text.starts_with('\u{FEFF}'), "Excel takes it for UTF-8");
    let cells = cells(&list.text);
    for words in &taken {
        let in_json = json!(words).to_string();
        assert!(told.contains(&in_json[1..in_json.len() - 1]), "{words:?} isn't in the export");
        assert!(
            cells.iter().any(|cell| cell == words || cell.strip_prefix('\'') == Some(words)),
            "{words:?} isn't in the list: {cells:?}"
        );
    }
    let is_number = |cell: &str| cell.parse::<f64>().is_ok();
    for cell in &cells {
        let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
        assert!(!is_formula || is_number(cell), "a spreadsheet would calculate {cell:?}");
    }
    check_page(cloud, &taken).await;

    // In an address: as the words of a search, as a code, as a number, as the way back.
    let mut anybody = person(cloud);
    let mut acme = person(cloud);
    log_in(&mut acme, "acme", local::demo::DEMO_PASSWORD).await;
    for words in strings() {
        let words_encoded = encoded(&words);
        for page in ["/events?q=", "/help?q=", "/verify?code=", "/verify/", "/login?next=", "/reminders/stop?token="] {
            let answered = anybody.get(&format!("{page}{words_encoded}")).await.unwrap();
            check_answer(page, &words, &answered, portal);
        }
        for page in ["/details?number=", "/manage/events?q="] {
            let answered = acme.get(&format!("{page}{words_encoded}")).await.unwrap();
            check_answer(page, &words, &answered, portal);
        }
    }
}

/// Whatever an answer repeats, it repeats as words; it leads nowhere else, and never to a fault of ours.
fn check_answer(page: &str, words: &str, answered: &local::person::Reply, portal: &str) {
    assert!(!answered.status.is_server_error(), "{page}{words:?}: {}", answered.status);
    let is_markup = words.contains('<') && words.contains('>');
    assert!(!is_markup || !answered.text.contains(words.trim()), "{page}{words:?} comes back as markup");
    let location = &answered.location;
    let stays = location.is_empty() || location.starts_with('/') && !location.starts_with("//");
    assert!(stays || location.starts_with(portal), "{page}{words:?} leads to {location}");
}

/// In the browser: everything is there to be read, and nothing of it is an element, a link or a handler.
async fn check_page(cloud: &Cloud, taken: &[String]) {
    let portal = cloud.portal_url().unwrap();
    let browser = Browser::open(Manner::default()).await;
    browser.log_in_with(portal, "nell.amberg", PASSWORD).await;
    browser.go(&format!("{portal}/wallet/tracker")).await;
    browser.look("Certificates from elsewhere").await;
    let text = browser.text().await;
    let seen = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in taken.iter().filter(|words| words.is_ascii()) {
        assert!(seen.contains(words), "{words:?} isn't on the page:\n{text}");
    }
    let found = browser
        .run(
            "const all = [...document.querySelector('main').querySelectorAll('*')];
            const strange = all.filter(it => ['SCRIPT', 'IFRAME', 'OBJECT', 'EMBED', 'PLAINTEXT', 'FOO', 'STYLE'].includes(it.tagName)
                || [...it.attributes].some(that => that.name.startsWith('on')
                    || (['href', 'src', 'action'].includes(that.name) && /^\\s*(javascript|data):/i.test(that.value))));
            return strange.map(it => it.outerHTML);",
        )
        .await;
    assert_eq!(found, json!([]));
    browser.close().await;
}

/// The cells of a list, by RFC 4180.
fn cells(list: &str) -> Vec<String> {
    let (mut cells, mut cell, mut is_quoted) = (Vec::new(), String::new(), false);
    let mut signs = list.trim_start_matches('\u{FEFF}').chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '"' if is_quoted && signs.peek() == Some(&'"') => cell.extend(signs.next()),
            '"' => is_quoted = !is_quoted,
            ',' | '\n' if !is_quoted => cells.push(std::mem::take(&mut cell)),
            '\r' if !is_quoted && signs.peek() == Some(&'\n') => {}
            _ => cell.push(sign),
        }
    }
    cells
}
