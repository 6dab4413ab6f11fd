//! The organisation's settings, texts and logo: saved, refused, tried out, and overtaken.

use crate::world::{Answer, Who, World, request};
use axum::body::Body;
use http::Method;

const GOOD: &str = "do=save&name=Board+of+Nursing&support_email=help%40example.org&reply_to=&accent=%237a0019&month=7&day=1&retention_years=7&short-0=TX-BON&body-0=Texas+Board+of+Nursing&short-1=&body-1=";

/// A form's answer has these parts.
fn check(answer: &Answer, status: u16, parts: &[&str]) {
    assert_eq!(answer.status, status, "{}", answer.text());
    for part in parts {
        assert!(answer.text().contains(part), "{part} in {}", answer.text());
    }
}

async fn save(world: &World, version: u64, form: &str) -> Answer {
    world.post("/office/settings", Who::Office, format!("version={version}&{form}")).await
}

#[tokio::test]
async fn settings_are_saved_and_stand_on_every_page() {
    let world = World::new().await;
    let saved = save(&world, 0, GOOD).await;
    assert_eq!((saved.status, saved.header("location")), (303, "/office/settings?saved=yes"));
    let shown = world.get("/office/settings?saved=yes", Who::Office).await;
    check(
        &shown,
        200,
        &[
            "Saved.",
            "value=\"Board of Nursing\"",
            "value=\"help@example.org\"",
            "value=\"#7a0019\"",
            "<option value=\"7\" selected>July",
            "value=\"TX-BON\"",
            "name=\"version\" value=\"1\"",
        ],
    );
    let home = world.get("/", Who::Nobody).await;
    check(&home, 200, &["Board of Nursing", ".7a0019.css", "mailto:help@example.org"]);
    let standing = world.clients.table.fetch_organisation().await.unwrap();
    assert_eq!((standing.retention_years, standing.reporting_year.unwrap().to_string()), (7, "07-01".to_owned()));
}

#[tokio::test]
async fn every_wrong_field_is_told_beside_it_and_nothing_typed_is_lost() {
    let world = World::new().await;
    let form = "do=save&name=&support_email=no+address&reply_to=&accent=%23ffee00&month=2&day=30&retention_years=many&short-0=&body-0=Some+body";
    let again = save(&world, 0, form).await;
    check(
        &again,
        422,
        &[
            "Not saved yet",
            "href=\"#support_email\"",
            "id=\"name-problem\"",
            "aria-describedby=\"support_email-hint support_email-problem\"",
            "value=\"no address\"",
            "too pale on white",
            "value=\"#ffee00\"",
            "a month and a day that every year has",
            "value=\"30\"",
            "value=\"many\"",
            "id=\"short-0-problem\"",
            "value=\"Some body\"",
        ],
    );
    assert_eq!(world.clients.table.fetch_organisation().await.unwrap().version, 0);
}

#[tokio::test]
async fn settings_that_somebody_else_changed_meanwhile_stand_beside_what_was_typed() {
    let world = World::new().await;
    save(&world, 0, GOOD).await;
    let late = save(&world, 0, &GOOD.replace("name=Board+of+Nursing", "name=Board+of+Medicine")).await;
    check(
        &late,
        409,
        &[
            "somebody else changed the settings",
            "value=\"Board of Medicine\"",
            "<strong>Board of Nursing</strong>",
            "name=\"version\" value=\"1\"",
        ],
    );
    assert_eq!(late.text().matches("Now there stands").count(), 1, "only what differs: {}", late.text());
    // Having seen it, the same is saved over it.
    assert_eq!(save(&world, 1, &GOOD.replace("name=Board+of+Nursing", "name=Board+of+Medicine")).await.status, 303);
    assert_eq!(world.clients.table.fetch_organisation().await.unwrap().name, "Board of Medicine");
}

#[tokio::test]
async fn a_colour_can_be_tried_out_and_rows_added_without_saving() {
    let world = World::new().await;
    let tried = save(&world, 0, &GOOD.replace("do=save", "do=preview")).await;
    check(&tried, 200, &["Only tried out", ".7a0019.css", "fill=\"#7a0019\"", "value=\"Board of Nursing\""]);
    let pale = save(&world, 0, &GOOD.replace("do=save", "do=preview").replace("7a0019", "ffee00")).await;
    check(&pale, 422, &["too pale"]);
    let more = save(&world, 0, &GOOD.replace("do=save", "do=rows")).await;
    check(&more, 200, &["name=\"short-4\"", "value=\"TX-BON\""]);
    let fewer = save(&world, 0, &GOOD.replace("do=save", "do=remove-0")).await;
    check(&fewer, 200, &["Nothing is saved until"]);
    assert!(!fewer.text().contains("TX-BON\""), "{}", fewer.text());
    for bad in ["remove-9", "remove-x", "drop", ""] {
        let answer = save(&world, 0, &GOOD.replace("do=save", &format!("do={bad}"))).await;
        assert_eq!(answer.status, 400, "{bad}");
    }
    assert_eq!(save(&world, 0, &format!("{GOOD}&colour=red")).await.status, 400);
    assert_eq!(save(&world, 0, &format!("{GOOD}&name=Twice")).await.status, 400);
    assert_eq!(world.clients.table.fetch_organisation().await.unwrap().version, 0);
}

#[tokio::test]
async fn texts_stand_on_the_page_of_policies_and_the_built_in_ones_where_there_are_none() {
    let world = World::new().await;
    check(
        &world.get("/about", Who::Nobody).await,
        200,
        &["Policies and privacy", "What is kept, of whom, and why", "at least 6 years"],
    );
    let saved = world
        .post(
            "/office/settings/texts",
            Who::Office,
            "version=0&grievance=Write+us.%0D%0A%0D%0AThen+wait.&disclaimer=%3Cb%3ENone%3C%2Fb%3E",
        )
        .await;
    assert_eq!((saved.status, saved.header("location")), (303, "/office/settings/texts?saved=yes"));
    let about = world.get("/about", Who::Nobody).await;
    check(&about, 200, &["<p>Write us.</p>", "<p>Then wait.</p>", "&#60;b&#62;None", "What is kept, of whom, and why"]);
    let late = world.post("/office/settings/texts", Who::Office, "version=0&grievance=Mine").await;
    check(&late, 409, &["somebody else changed the texts", ">\nMine</textarea>", "Write us."]);
    let long = format!("version=1&privacy={}", "x".repeat(4_001));
    let refused = world.post("/office/settings/texts", Who::Office, long).await;
    check(&refused, 422, &["1 characters too long", "aria-invalid=\"true\""]);
    // As long as they may be, in a script of four bytes a letter.
    let letter = "%F0%90%8D%88".repeat(4_000);
    let full = format!("version=1&grievance={letter}&accommodation={letter}&disclaimer={letter}&privacy={letter}");
    assert_eq!(world.post("/office/settings/texts", Who::Office, full).await.status, 303);
}

fn png(side: u32, size: usize) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bytes.extend(side.to_be_bytes());
    bytes.extend(side.to_be_bytes());
    bytes.resize(size, 0);
    bytes
}

async fn send_logo(world: &World, file: &[u8], button: &str) -> Answer {
    let mut body = b"--edge\r\ncontent-disposition: form-data; name=\"logo\"; filename=\"evil.html\"\r\ncontent-type: text/html\r\n\r\n".to_vec();
    body.extend(file);
    body.extend(
        format!("\r\n--edge\r\ncontent-disposition: form-data; name=\"do\"\r\n\r\n{button}\r\n--edge--\r\n").bytes(),
    );
    let request = http::Request::builder()
        .method(Method::POST)
        .uri("/office/settings/logo")
        .header("cookie", Who::Office.cookie())
        .header("origin", crate::world::BASE)
        .header("content-type", "multipart/form-data; boundary=edge");
    world.send(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn a_logo_is_served_to_everybody_under_a_name_of_its_own() {
    let world = World::new().await;
    let file = png(64, 90_000);
    assert_eq!(send_logo(&world, &file, "take").await.status, 303);
    let home = world.get("/", Who::Nobody).await;
    let name = home.text().split("src=\"/organisation/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let logo = world.get(&format!("/organisation/{name}"), Who::Nobody).await;
    assert_eq!((logo.status, logo.header("content-type")), (200, "image/png"));
    assert_eq!(logo.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(logo.header("x-content-type-options"), "nosniff");
    assert_eq!(logo.body, file);
    assert_eq!(send_logo(&world, b"", "remove").await.status, 303);
    assert!(!world.get("/", Who::Nobody).await.text().contains("/organisation/"));
    // What is linked in old mails and caches stays.
    assert_eq!(world.get(&format!("/organisation/{name}"), Who::Nobody).await.status, 200);
}

#[tokio::test]
async fn what_is_no_logo_is_refused_in_words() {
    let world = World::new().await;
    for (file, told) in [
        (&b""[..], "Choose a file first."),
        (b"<svg onload=alert(1)>", "neither a PNG nor a JPEG"),
        (&png(64, 110_000), "larger than 100 KB"),
        (&png(4_000, 100), "4000 by 4000 pixels"),
    ] {
        check(&send_logo(&world, file, "take").await, 422, &[told, "aria-invalid=\"true\"", "id=\"logo-problem\""]);
    }
    assert_eq!(send_logo(&world, &png(64, 200_000), "take").await.status, 413);
    for name in ["TEXTS", "..%2FSETTINGS", "0123456789abcdef01234567.svg"] {
        let answer = world
            .send(request(Method::GET, &format!("/organisation/{name}"), Who::Nobody).body(Body::empty()).unwrap())
            .await;
        assert_eq!(answer.status, 404, "{name}");
    }
    assert_eq!(world.clients.table.fetch_organisation().await.unwrap().version, 0);
}
