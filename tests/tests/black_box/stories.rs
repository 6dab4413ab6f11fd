//! Stories: the deployed stack, through the browser, HTTP and the bucket, as a provider and the office use it.

use adapters::{clients::Clients, objects::upload_key, table::Table};
use domain::import::{Import, ImportId, LARGEST_FILE, Owner, State};
use local::{demo::DEMO_PASSWORD, person::Person};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};
use tests::{
    browser::{Browser, Manner},
    cloud,
    http::{Answer, ask, multipart},
    killers::{killers, wide_roster_of_one_long_text},
    rosters::{Row, garcia, workbook},
};

/// The deployed cloud, from inside a runtime.
async fn deployed() -> (&'static local::Cloud, Clients) {
    let cloud = tokio::task::spawn_blocking(cloud).await.unwrap();
    (cloud, cloud.clients().await.unwrap())
}

fn portal(cloud: &local::Cloud) -> String {
    cloud.portal_url().unwrap().to_owned()
}

/// A file on the disk, for a browser to choose.
fn on_disk(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// Waits until the import has ended, at most two minutes.
async fn wait_for_end(table: &Table, id: &ImportId) -> Import {
    for _ in 0..480 {
        if let Some(import) = table.fetch_import(id).await.unwrap()
            && import.state.has_ended()
        {
            return import;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    panic!("the import {id} never ended");
}

async fn assert_accessible(browser: &Browser, page: &str) {
    let found = browser.violations().await;
    assert!(found.is_empty(), "{page}: {found:#?}");
}

/// The id at the end of the browser's address.
async fn import_shown(browser: &Browser) -> ImportId {
    let address = browser.page.current_url().await.unwrap();
    ImportId::parse(address.path_segments().unwrap().next_back().unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_downloads_the_sample_uploads_it_and_reads_what_came_of_it() {
    let (cloud, _) = deployed().await;
    let portal = portal(cloud);
    let folder = tempfile::tempdir().unwrap();
    let browser = Browser::open(Manner::default()).await;
    browser.log_in(&portal, "acme").await;
    browser.go(&format!("{portal}/import")).await;
    let page = browser.wait_for("Click Here to Download Sample Format For Uploads").await;
    assert!(page.contains("Upload CE File"), "{page}");
    assert_accessible(&browser, "Import CE Details").await;
    browser.keep_picture("import").await;

    let cookie = cookie(&browser).await;
    let sample = ask("GET", &format!("{portal}/import/sample.xlsx"), &[("cookie", &cookie)], vec![]).await;
    assert_eq!(sample.status, 200);
    browser.choose_file(&on_disk(folder.path(), "sample.xlsx", &sample.body)).await;
    browser.press("Upload CE File").await;
    let page = browser.wait_for("Download your workbook with the Status column").await;
    for words in ["Processed", "Failed", "Total records", "Maria", "sample.xlsx"] {
        assert!(page.contains(words), "{words:?} isn't on the page:\n{page}");
    }
    assert_eq!(figures(&browser).await, ["3", "0", "3"]);
    assert_accessible(&browser, "an import").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_import_gives_its_reasons_on_the_page_and_in_the_workbook() {
    let (cloud, clients) = deployed().await;
    let portal = portal(cloud);
    let folder = tempfile::tempdir().unwrap();
    let failing = documents::sample::failed_example().unwrap();
    let browser = Browser::open(Manner::default()).await;
    browser.log_in(&portal, "acme").await;
    browser.go(&format!("{portal}/import")).await;
    browser.choose_file(&on_disk(folder.path(), "failing.xlsx", &failing)).await;
    browser.press("Upload CE File").await;
    let page = browser.wait_for("isn't associated with you").await;
    assert!(page.contains("isn't in the register"), "{page}");
    let import = clients.table.fetch_import(&import_shown(&browser).await).await.unwrap().unwrap();
    let counts = &import.counts;
    assert!(counts.failed > 4 && counts.processed > 0, "{counts:?}");
    assert_eq!(import.rows_in_file, Some(counts.processed + counts.failed));
    browser.keep_picture("failed-import").await;

    browser.click(fantoccini::Locator::Css("#view-unknown_licence")).await;
    browser.page.wait().for_element(fantoccini::Locator::Css("#view-unknown_licence[aria-current]")).await.unwrap();
    let filtered = browser.page.find(fantoccini::Locator::Css("#rows table")).await.unwrap().text().await.unwrap();
    assert!(!filtered.contains("isn't associated with you"), "the filter shows other rows:\n{filtered}");
    assert_accessible(&browser, "a filtered import").await;

    let cookie = cookie(&browser).await;
    let address = format!("{portal}/import/{}/workbook", import.id);
    let redirect = ask("GET", &address, &[("cookie", &cookie)], vec![]).await;
    assert_eq!(redirect.status, 303);
    let file = ask("GET", redirect.header("location"), &[], vec![]).await;
    assert!(file.header("content-disposition").starts_with("attachment"), "{:?}", file.headers);
    let path = on_disk(folder.path(), "annotated.xlsx", &file.body);
    let statuses = statuses(&path);
    assert_eq!(statuses.len() as u32, counts.processed + counts.failed);
    assert_eq!(statuses.iter().filter(|status| status.starts_with("Failed: ")).count() as u32, counts.failed);
    browser.close().await;
}

/// The Status column of an annotated workbook.
fn statuses(path: &Path) -> Vec<String> {
    use calamine::{Data, Reader, Xlsx, open_workbook};
    let mut workbook: Xlsx<_> = open_workbook(path).unwrap();
    let range = workbook.worksheet_range_at(0).unwrap().unwrap();
    let place = range.rows().next().unwrap().iter().position(|cell| *cell == Data::String("Status".into())).unwrap();
    range.rows().skip(1).map(|row| row[place].to_string()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn without_scripts_a_plain_form_uploads_the_file() {
    let (cloud, clients) = deployed().await;
    let portal = portal(cloud);
    let folder = tempfile::tempdir().unwrap();
    let browser = Browser::open(Manner { no_scripts: true, phone: true, ..Manner::default() }).await;
    browser.log_in(&portal, "acme").await;
    browser.go(&format!("{portal}/import")).await;
    browser.keep_picture("import-on-a-phone").await;
    browser.press("Upload CE File").await;
    browser.choose_file(&on_disk(folder.path(), "plain.xlsx", &workbook(&[garcia(20)]))).await;
    browser.press("Upload CE File").await;
    let page = browser.wait_for("Total records").await;
    assert!(page.contains("Processed"), "{page}");
    let id = import_shown(&browser).await;
    let import = wait_for_end(&clients.table, &id).await;
    assert_eq!((import.state, import.counts.processed), (State::Done, 1));
    browser.go(&format!("{portal}/import/{id}")).await;
    assert_eq!(figures(&browser).await, ["1", "0", "1"]);
    browser.keep_picture("import-done-on-a-phone").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_is_followed_by_its_import_and_the_office_sees_the_course() {
    let (cloud, clients) = deployed().await;
    let portal = portal(cloud);
    let folder = tempfile::tempdir().unwrap();
    let browser = Browser::open(Manner { dark: true, ..Manner::default() }).await;
    browser.log_in(&portal, "acme").await;
    browser.go(&format!("{portal}/import")).await;
    browser.click(fantoccini::Locator::Css("input[value=check]")).await;
    browser.choose_file(&on_disk(folder.path(), "checked.xlsx", &workbook(&[garcia(21)]))).await;
    browser.press("Upload CE File").await;
    browser.wait_for("Import these rows").await;
    let check = import_shown(&browser).await;
    browser.keep_picture("check-in-the-dark").await;
    assert_accessible(&browser, "a check in the dark").await;
    browser.press("Import these rows").await;
    browser.wait_for("the check of this file").await;
    let import = import_shown(&browser).await;
    assert_ne!(import, check);
    assert_eq!(wait_for_end(&clients.table, &import).await.counts.processed, 1);

    browser.log_in(&portal, "office").await;
    browser.go(&format!("{portal}/office/licensees?number=000-12345")).await;
    let page = browser.wait_for("Garcia").await;
    assert!(page.contains("00012345"), "{page}");
    browser.go(&format!("{portal}/office/licensees/TX-BON/RN/00012345")).await;
    let page = browser.wait_for("Courses").await;
    for words in ["Office Profile", "ETH-101", "2.00", "2026"] {
        assert!(page.contains(words), "{words:?} isn't on the page:\n{page}");
    }
    assert_accessible(&browser, "Office Profile").await;
    browser.keep_picture("office-profile").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_dropped_into_the_bucket_is_imported_and_stands_in_the_history() {
    let (cloud, clients) = deployed().await;
    let name = "dropped by a program – ü.xlsx";
    clients.objects.save_bytes(&format!("drop/northside/{name}"), workbook(&[garcia(22)]), "x").await.unwrap();
    let northside = tests::workshop::provider("northside");
    let mut found = None;
    for _ in 0..240 {
        let (imports, _) = clients.table.fetch_imports_of(&northside, None, 10).await.unwrap();
        found = imports.into_iter().find(|import| import.file_name == name && import.state.has_ended());
        if found.is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    let import = found.expect("the dropped file was never imported");
    assert_eq!(import.state, State::Done, "{:?}", import.refusal);
    assert_eq!(import.counts.judged(), 1);

    // Another provider doesn't see it, nor learn that it exists.
    let address = format!("{}/import/{}", portal(cloud), import.id);
    let unknown = format!("{}/import/{}", portal(cloud), ImportId::from_bits(1));
    let acme = demo_cookie(&portal(cloud), "acme").await;
    let foreign = ask("GET", &address, &[("cookie", &acme)], vec![]).await;
    let nothing = ask("GET", &unknown, &[("cookie", &acme)], vec![]).await;
    assert_eq!((foreign.status, nothing.status), (404, 404));
    assert_eq!(foreign.text(), nothing.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_killer_ends_as_a_failed_import_that_says_why() {
    let (cloud, clients) = deployed().await;
    let acme = demo_cookie(&portal(cloud), "acme").await;
    for killer in killers() {
        let (id, ticket) = announce(&portal(cloud), &acme).await;
        let bytes = killer.bytes();
        let sent = send(&ticket, &bytes).await;
        if bytes.len() as u64 > LARGEST_FILE {
            assert!(sent.text().contains("EntityTooLarge"), "{}: {}", killer.name, sent.text());
            continue;
        }
        assert!((200..300).contains(&sent.status), "{}: {}", killer.name, sent.text());
        let import = wait_for_end(&clients.table, &id).await;
        assert_eq!(import.state, State::Failed, "{} was read", killer.name);
        let refusal = import.refusal.unwrap();
        assert!(killer.expected.contains(&refusal.code.as_str()), "{}: {refusal:?}", killer.name);
        let page = ask("GET", &format!("{}/import/{id}", portal(cloud)), &[("cookie", &acme)], vec![]).await.text();
        assert!(page.contains("Nothing of this file was recorded"), "{}: the page doesn't say so", killer.name);
        clients.objects.fetch_version(&upload_key(&id), None).await.expect("the evidence is kept");
    }
    // A sound roster of a few kilobytes whose other columns unfold to a gigabyte of text.
    let (id, ticket) = announce(&portal(cloud), &acme).await;
    send(&ticket, &wide_roster_of_one_long_text(120, 240)).await;
    let import = wait_for_end(&clients.table, &id).await;
    assert_eq!((import.state, import.counts.judged()), (State::Done, 120), "{:?}", import.refusal);
    let peak = peak_of_functions(cloud);
    eprintln!("the functions' largest resident size: {peak} MB");
    assert!(peak < 400, "a function took {peak} MB of its 1,024");
}

/// The largest resident size of the functions' processes, in MB.
fn peak_of_functions(cloud: &local::Cloud) -> u64 {
    let group = cloud.process().unwrap().to_string();
    let mut peak = 0;
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let stat = std::fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        let Some((name, rest)) = stat.rsplit_once(')') else { continue };
        let is_function = name.ends_with("(bootstrap") && rest.split_whitespace().nth(2) == Some(&group);
        let status = std::fs::read_to_string(entry.path().join("status")).unwrap_or_default();
        let kilobytes =
            status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().split(' ').next()?.parse().ok());
        if is_function {
            peak = peak.max(kilobytes.unwrap_or(0) / 1024);
        }
    }
    peak
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bucket_takes_one_file_of_the_announced_size_and_no_other() {
    let (cloud, clients) = deployed().await;
    let acme = demo_cookie(&portal(cloud), "acme").await;
    let (id, ticket) = announce(&portal(cloud), &acme).await;
    let too_large = send(&ticket, &vec![b'x'; usize::try_from(LARGEST_FILE).unwrap() + 1]).await;
    assert_eq!(too_large.status, 400);
    assert!(too_large.text().contains("EntityTooLarge"), "{}", too_large.text());
    let mut elsewhere = ticket.clone();
    elsewhere.1.iter_mut().filter(|(name, _)| name == "key").for_each(|(_, key)| "imports/x".clone_into(key));
    assert_eq!(send(&elsewhere, b"x").await.status, 403, "another key than the signed one");
    let import = clients.table.fetch_import(&id).await.unwrap().unwrap();
    assert_eq!(import.state, State::AwaitingFile);
}

#[tokio::test(flavor = "multi_thread")]
async fn live_counts_never_disagree_with_themselves() {
    let (cloud, clients) = deployed().await;
    let acme = demo_cookie(&portal(cloud), "acme").await;
    let (id, ticket) = announce(&portal(cloud), &acme).await;
    let rows: Vec<Row> = (0..6_000).map(|n| Row { licence: format!("N{n}"), ..garcia(10) }).collect();
    assert!((200..300).contains(&send(&ticket, &workbook(&rows)).await.status));
    let mut last = 0;
    for _ in 0..600 {
        let import = clients.table.fetch_import(&id).await.unwrap().unwrap();
        assert!(import.counts.judged() >= last, "the counts went back");
        last = import.counts.judged();
        if import.state.has_ended() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let import = wait_for_end(&clients.table, &id).await;
    assert_eq!((import.counts.processed, import.counts.failed), (0, 6_000));
    let page =
        ask("GET", &format!("{}/import/{id}?view=failed&page=120", portal(cloud)), &[("cookie", &acme)], vec![]).await;
    assert!(page.text().contains("Page 120 of 120"), "the last page isn't there");
    assert!(page.body.len() < 60_000, "{} bytes", page.body.len());
}

/// The browser's cookies as a header.
async fn cookie(browser: &Browser) -> String {
    let cookies = browser.page.get_all_cookies().await.unwrap();
    cookies.iter().map(|cookie| format!("{}={}", cookie.name(), cookie.value())).collect::<Vec<_>>().join("; ")
}

/// The cookie of a demo account that has logged in.
async fn demo_cookie(portal: &str, username: &str) -> String {
    let mut person = Person::at(portal);
    let fields = [("username", username), ("password", DEMO_PASSWORD)];
    let reply = person.post("/login", &fields).await.unwrap();
    assert_eq!(reply.status, 303, "{}", reply.text);
    person.cookie()
}

/// Where the form goes, and its fields.
type Ticket = (String, Vec<(String, String)>);

/// Announces an import as the page's script does.
async fn announce(portal: &str, cookie: &str) -> (ImportId, Ticket) {
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("accept", "application/json"),
        ("origin", portal),
        ("cookie", cookie),
    ];
    let answer = ask("POST", &format!("{portal}/import"), &headers, b"mode=import&file_name=a.xlsx".to_vec()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let way: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    let fields = way["fields"].as_object().unwrap();
    let fields = fields.iter().map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect();
    (ImportId::parse(way["id"].as_str().unwrap()).unwrap(), (way["url"].as_str().unwrap().to_owned(), fields))
}

async fn send((url, fields): &Ticket, file: &[u8]) -> Answer {
    let (kind, body) = multipart(fields, file);
    ask("POST", url, &[("content-type", &kind)], body).await
}

/// Processed, Failed and Total records, as the page shows them.
async fn figures(browser: &Browser) -> Vec<String> {
    let mut figures = Vec::new();
    for figure in browser.page.find_all(fantoccini::Locator::Css("dl.figures dd")).await.unwrap() {
        figures.push(figure.text().await.unwrap());
    }
    figures
}
