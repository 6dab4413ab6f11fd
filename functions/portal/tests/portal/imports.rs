//! The tab Import CE Details: starting, waiting, counts, rows, refusals, and what comes after.

use crate::world::{Who, World, failed, processed, request, unchanged};
use adapters::clock;
use axum::body::Body;
use domain::import::{Counts, ImportId, Mode, Refusal, State};
use http::Method;

#[tokio::test]
async fn another_providers_import_looks_like_one_that_never_was() {
    let world = World::new().await;
    let rows = [processed(2, "Ann", "Lee")];
    let own = world.done("acme-ce", 1, Mode::Check, &rows).await;
    let never = ImportId::from_bits(999);
    for (ending, method) in
        [("", Method::GET), ("/counts", Method::GET), ("/workbook", Method::GET), ("/import", Method::POST)]
    {
        let ask = |id: &ImportId| {
            request(method.clone(), &format!("/import/{id}{ending}"), Who::Beta).body(Body::empty()).unwrap()
        };
        let foreign = world.send(ask(&own.id)).await;
        let unknown = world.send(ask(&never)).await;
        assert_eq!((foreign.status, &foreign.body), (404, &unknown.body), "{ending}");
        assert_eq!(foreign.headers, unknown.headers, "{ending}");
    }
    assert_eq!(world.get("/import/nonsense", Who::Beta).await.status, 404);
    assert!(!world.get("/import", Who::Beta).await.text().contains("May roster.xlsx"));
    let followed = world.clients.table.fetch_import(&own.following_import()).await.unwrap();
    assert!(followed.is_none(), "the other provider's button started nothing");
}

#[tokio::test]
async fn a_plain_form_leads_to_the_page_with_the_buckets_form() {
    let world = World::new().await;
    let started = world.post("/import", Who::Acme, "mode=check").await;
    assert_eq!(started.status, 303);
    let page = started.header("location").to_owned();
    let import = world.clients.table.fetch_import(&ImportId::parse(&page["/import/".len()..]).unwrap()).await.unwrap();
    let import = import.unwrap();
    assert_eq!(
        (import.mode, import.state, import.owner.provider().unwrap().as_str()),
        (Mode::Check, State::AwaitingFile, "acme-ce")
    );
    let shown = world.get(&page, Who::Acme).await;
    let text = shown.text();
    assert!(text.contains(&format!(
        r#"method="post" action="{}/rosters" enctype="multipart/form-data""#,
        world.settings.bucket_origin
    )));
    assert!(text.contains(&format!(r#"name="key" value="uploads/{}""#, import.id)));
    assert!(text.contains(&format!(r#"name="success_action_redirect" value="http://portal.test{page}""#)));
    assert!(text.contains(r#"type="file" id="file" name="file" required"#));
    assert!(text.contains(">Upload CE File</button>"));
    assert!(text.find("name=\"policy\"") < text.find("type=\"file\""), "the file comes after the fields");
    // The bucket sends the browser back with these.
    let back = world.get(&format!("{page}?bucket=rosters&key=uploads%2Fx&etag=%22a%22"), Who::Acme).await;
    assert!(back.text().contains("The file has been sent") && !back.text().contains("type=\"file\""));
    assert!(
        back.text().contains(&format!("<a href=\"{page}\">choose it here</a>")),
        "a file that got lost can be sent again"
    );
}

#[tokio::test]
async fn a_script_gets_what_it_needs_for_sending_the_file() {
    let world = World::new().await;
    let ask = request(Method::POST, "/import", Who::Acme).header("accept", "application/json");
    let form = "mode=import&file_name=C%3A%5Cmine%5CMay+roster.xlsx";
    let answer = world.send(ask.body(Body::from(form)).unwrap()).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    let way = answer.json();
    let id = way["id"].as_str().unwrap();
    assert_eq!(way["page"], format!("/import/{id}"));
    assert_eq!(way["url"], format!("{}/rosters", world.settings.bucket_origin));
    assert_eq!(way["fields"]["key"], format!("uploads/{id}"));
    assert_eq!(way["fields"]["x-amz-algorithm"], "AWS4-HMAC-SHA256");
    assert!(way["fields"]["policy"].is_string() && way["fields"]["x-amz-signature"].is_string());
    assert_eq!(way["max_bytes"], domain::import::LARGEST_FILE);
    let import = world.clients.table.fetch_import(&ImportId::parse(id).unwrap()).await.unwrap().unwrap();
    assert_eq!((import.file_name.as_str(), import.mode), ("May roster.xlsx", Mode::Import));
}

#[tokio::test]
async fn forms_with_missing_unknown_or_doubled_fields_are_refused() {
    let world = World::new().await;
    for form in ["", "mode=delete", "mode=import&mode=check", "mode=import&provider=beta-ce", "mode=import&id=1"] {
        assert_eq!(world.post("/import", Who::Acme, form).await.status, 400, "{form:?}");
    }
    assert!(world.get("/import", Who::Acme).await.text().contains("You haven't uploaded a roster yet."));
}

#[tokio::test]
async fn reading_pages_changes_nothing() {
    let world = World::new().await;
    let waiting = world.announced("acme-ce", 1, Mode::Import, clock::now()).await;
    let before = world.clients.table.fetch_import(&waiting.id).await.unwrap();
    for path in ["/import", &format!("/import/{}", waiting.id), &format!("/import/{}/counts", waiting.id)] {
        world.get(path, Who::Acme).await;
    }
    assert_eq!(world.clients.table.fetch_import(&waiting.id).await.unwrap(), before);
}

#[tokio::test]
async fn a_file_that_never_came_is_told() {
    let world = World::new().await;
    let late = world.announced("acme-ce", 1, Mode::Import, clock::now() - 3601).await;
    let page = world.get(&format!("/import/{}", late.id), Who::Acme).await;
    assert!(page.text().contains("The time for sending the file is over") && !page.text().contains("type=\"file\""));
    assert!(world.get("/import", Who::Acme).await.text().contains("Expired: no file came"));
}

#[tokio::test]
async fn counts_renew_themselves_until_the_end() {
    let world = World::new().await;
    let counts = Counts { processed: 1_204, failed: 6, ..Counts::default() };
    let running = world.judging("acme-ce", 1, 14_000, &counts).await;
    let page = world.get(&format!("/import/{}", running.id), Who::Acme).await;
    let text = page.text();
    assert!(text.contains(&format!(r#"hx-get="/import/{}/counts""#, running.id)));
    // Read aloud every other second, it would never end.
    assert!(!text.contains("aria-live") && !text.contains("role=\"status\""));
    assert!(text.contains("<noscript><meta http-equiv=\"refresh\" content=\"3\"></noscript>"));
    let ask = |id: &ImportId| {
        let request = request(Method::GET, &format!("/import/{id}/counts"), Who::Acme).header("hx-request", "true");
        request.body(Body::empty()).unwrap()
    };
    let piece = world.send(ask(&running.id)).await;
    assert_eq!((piece.status, piece.header("hx-refresh")), (200, ""));
    for part in [
        "<dd>1,204</dd>",
        "<dd>6</dd>",
        "<dd>1,210</dd>",
        "1,210 of 14,000 rows judged.",
        "value=\"1210\" max=\"14000\"",
    ] {
        assert!(piece.text().contains(part), "{part} in {}", piece.text());
    }
    assert!(!piece.text().contains("<html"));
    let ended = world.done("acme-ce", 2, Mode::Import, &[processed(2, "Ann", "Lee")]).await;
    assert_eq!(world.send(ask(&ended.id)).await.header("hx-refresh"), "true");
}

#[tokio::test]
async fn rows_are_shown_by_page_and_by_what_came_of_them() {
    let world = World::new().await;
    let mut rows: Vec<_> = (2..122).map(|row| processed(row, "Ann", "Lee")).collect();
    rows[0] = unchanged(2);
    let unknown = ("unknown_licence", "The license number 7 isn't in the register.", "license_number");
    let hours = ("hours_not_positive", "The hours must be more than zero.", "ce_hours");
    rows[1] = failed(3, &[unknown, hours]);
    rows[2] = failed(4, &[hours]);
    let done = world.done("acme-ce", 1, Mode::Import, &rows).await;
    let get = async |query: &str| world.get(&format!("/import/{}{query}", done.id), Who::Acme).await;

    let first = get("").await;
    let text = first.text();
    for part in [
        "<dd>118</dd>",
        "<dd>2</dd>",
        "<dd>120</dd>",
        "All (120)",
        "Processed (118)",
        "Failed (2)",
        "Hours not above zero (2)",
        "Unknown license (1)",
        "All rows: 1 to 50 of 120",
        "Page 1 of 3",
        "1 processed row was already recorded, unchanged.",
        "Already recorded, unchanged.",
        "Of 120 rows, 118 processed and 2 failed.",
        "rows already processed won&#39;t be doubled",
    ] {
        assert!(text.contains(part), "{part}");
    }
    assert_eq!(text.matches("<tr ").count(), 51);
    let last = get("?view=all&page=3").await;
    assert_eq!(last.text().matches("<tr ").count(), 21);
    let failed_rows = get("?view=failed").await;
    assert_eq!(failed_rows.text().matches("<tr ").count(), 3);
    let status = failed_rows.text().split("Failed:</span>").nth(1).unwrap().split("</td>").next().unwrap();
    assert!(
        status.contains("The license number 7 isn&#39;t in the register.")
            && status.contains("The hours must be more than zero.")
    );
    assert_eq!(get("?view=unknown_licence").await.text().matches("<tr ").count(), 2);
    for query in ["?page=4", "?page=0", "?view=secrets", "?view=duplicate_in_file"] {
        assert_eq!(get(query).await.status, 404, "{query}");
    }
    assert_eq!(get("?page=-1").await.status, 400);
}

#[tokio::test]
async fn a_refused_file_says_why_and_what_to_do() {
    let world = World::new().await;
    let text = "The file is empty. Check that it was saved, and upload it again.".to_owned();
    let refused =
        world.refused("acme-ce", 1, &Refusal { code: "unsupported_format".to_owned(), text: text.clone() }).await;
    let page = world.get(&format!("/import/{}", refused.id), Who::Acme).await;
    assert!(page.text().contains(&text) && page.text().contains("Nothing of this file was recorded."));
    assert_eq!(world.get(&format!("/import/{}/workbook", refused.id), Who::Acme).await.status, 409);
}

#[tokio::test]
async fn the_workbook_is_fetched_from_the_bucket_under_the_files_name() {
    let world = World::new().await;
    let done = world.done("acme-ce", 1, Mode::Import, &[processed(2, "Ann", "Lee")]).await;
    let answer = world.get(&format!("/import/{}/workbook", done.id), Who::Acme).await;
    let address = answer.header("location");
    assert_eq!(answer.status, 303);
    assert!(
        address.starts_with(&format!("{}/rosters/imports/{}/annotated.xlsx?", world.settings.bucket_origin, done.id))
    );
    assert!(address.contains("X-Amz-Signature=") && address.contains("May%20roster%20with%20status.xlsx"), "{address}");
}

#[tokio::test]
async fn a_check_is_imported_once_however_often_the_button_is_pressed() {
    let world = World::new().await;
    let check = world.done("acme-ce", 1, Mode::Check, &[processed(2, "Ann", "Lee")]).await;
    let page = format!("/import/{}", check.id);
    assert!(world.get(&page, Who::Acme).await.text().contains(">Import these rows</button>"));
    let first = world.post(&format!("{page}/import"), Who::Acme, "").await;
    let second = world.post(&format!("{page}/import"), Who::Acme, "").await;
    assert_eq!(first.status, 303);
    assert_eq!(first.header("location"), second.header("location"));
    let id = ImportId::parse(&first.header("location")["/import/".len()..]).unwrap();
    let import = world.clients.table.fetch_import(&id).await.unwrap().unwrap();
    assert_eq!((import.mode, import.state, import.object), (Mode::Import, State::Received, check.object.clone()));
    assert_eq!(world.clients.table.fetch_due_imports(i64::MAX / 2, 10).await.unwrap(), std::slice::from_ref(&id));
    let after = world.get(&page, Who::Acme).await;
    assert!(after.text().contains(&format!("/import/{id}\">The import of these rows")));
    assert!(!after.text().contains("Import these rows</button>"));
    assert!(world.get(&format!("/import/{id}"), Who::Acme).await.text().contains("the check of this file"));
}

#[tokio::test]
async fn what_is_no_finished_check_cannot_be_imported() {
    let world = World::new().await;
    let import = world.done("acme-ce", 1, Mode::Import, &[processed(2, "Ann", "Lee")]).await;
    let running = world.received("acme-ce", 2, Mode::Check).await;
    let empty = world.done("acme-ce", 3, Mode::Check, &[failed(2, &[])]).await;
    for id in [&import.id, &running.id] {
        assert_eq!(world.post(&format!("/import/{id}/import"), Who::Acme, "").await.status, 409);
    }
    assert!(
        !world.get(&format!("/import/{}", empty.id), Who::Acme).await.text().contains("Import these rows</button>")
    );
}
