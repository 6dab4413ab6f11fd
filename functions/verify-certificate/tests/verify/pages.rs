//! What the pages say, to whom, and what they never say.

use crate::world::{World, data, request};
use adapters::random::Secret;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    certificate::{Validity, grouped},
    id::{AccountId, CertificateCode},
    name::PersonName,
};
use http::Method;

const ISSUED: u128 = 0x1234_5678_9abc_def0_1234_5678_9abc_def0;
const NEWER: u128 = 77;

fn title(html: &str) -> &str {
    html.split("<title>").nth(1).unwrap().split("</title>").next().unwrap()
}

#[tokio::test]
async fn a_valid_certificate_says_so_first_and_then_every_credited_field() {
    let world = World::new().await;
    let issued = world.issue(ISSUED, Validity::Valid).await;
    let answer = world.get(&format!("/verify/{}", issued.record.data.code)).await;
    assert_eq!(answer.status, 200);
    let page = answer.text();
    let verdict = page.find("<div class=\"verdict good\">").unwrap();
    assert!(verdict < page.find("What the certificate says").unwrap());
    for said in [
        "</svg> Valid</h1>",
        "Mary Sue Hamish Watson",
        "TX-BON RN 0812345",
        "CA-BBS LCSW LCS 29187",
        "Ethics of Telehealth: Consent, Boundaries and Records across State Lines",
        "no. ETH-204, Ethics",
        "Wednesday, July 1, 2026, 1:30 PM to 3:00 PM EDT",
        "Live interactive webinar",
        "Online, by Zoom",
        "75 minutes of instruction",
        "Amara Okafor, PhD, LPC",
        "Daniel Reyes, JD",
        "Lakeside Learning Cooperative</bdi>, no. P-10482",
        "National Board for Certified Counselors (NBCC)",
        "<strong>1.25</strong>",
        "clock hour, 60 minutes each",
        "ACEP No. 7214",
        "<strong>1.50</strong>",
        "CPE credit, 50 minutes each",
        "Sponsor 103482",
        "Wed, Jul 1, 2026, 5:00 PM EDT",
        "<bdi>Association for Continuing Education in Counseling</bdi>, signed by Helen Brandt, EdD",
        &grouped(&issued.record.data.code),
        "It doesn't say that a board accepts the credit.",
        "Looked up on",
    ] {
        assert!(page.contains(said), "{said}");
    }
}

#[tokio::test]
async fn a_superseded_one_leads_to_the_one_that_took_its_place_and_that_one_back() {
    let world = World::new().await;
    let by = CertificateCode::from_bits(NEWER);
    let old = world.issue(ISSUED, Validity::Superseded { at: 1_783_000_000, by: by.clone() }).await.record.data.code;
    let mut newer = data(&by);
    newer.supersedes = Some(old.clone());
    world.issue_as(newer, Validity::Valid).await;

    let page = world.get(&format!("/verify/{old}")).await;
    let shown = page.shown();
    assert!(shown.contains("<div class=\"verdict open\">") && shown.contains("</svg> Superseded</h1>"));
    assert!(shown.contains(&format!("<a href=\"/verify/{by}\">See the certificate that took its place</a>")));
    assert!(shown.contains("Only that one counts") && shown.contains("Thu, Jul 2, 2026, 9:46 AM EDT"));
    let page = world.get(&format!("/verify/{by}")).await;
    assert!(page.text().contains(&format!("<a href=\"/verify/{old}\">an earlier certificate</a>")));
}

#[tokio::test]
async fn a_revoked_one_says_when_and_why_and_its_words_are_text() {
    let world = World::new().await;
    let why = "Issued by mistake <script>alert(1)</script>".to_owned();
    let code =
        world.issue(ISSUED, Validity::Revoked { at: 1_783_000_000, why, successor: None }).await.record.data.code;
    let shown = world.get(&format!("/verify/{code}")).await.shown();
    assert!(shown.contains("<div class=\"verdict bad\">") && shown.contains("</svg> Revoked</h1>"));
    assert!(shown.contains("Issued by mistake") && !shown.contains("<script>alert"));
    assert!(shown.contains("Thu, Jul 2, 2026, 9:46 AM EDT"));
    assert!(!shown.contains("and it counts"));
}

#[tokio::test]
async fn what_is_no_code_and_what_is_nobodys_code_get_the_same_bytes() {
    let world = World::new().await;
    let code = world.issue(ISSUED, Validity::Valid).await.record.data.code;
    let unknown = CertificateCode::from_bits(ISSUED + 1);
    let expected = world.get(&format!("/verify/{unknown}")).await;
    assert_eq!(expected.status, 404);
    assert!(!expected.text().contains(unknown.as_str()), "what was asked isn't repeated");
    let long = "a".repeat(5_000);
    let malformed = [
        "x",
        "%FF%FE",
        "%00",
        "..",
        "%3Cscript%3E",
        &code.as_str()[1..],
        &format!("{code}0"),
        &long,
        "u".repeat(26).as_str(),
    ]
    .map(str::to_owned);
    for code in &malformed {
        let page = world.get(&format!("/verify/{code}")).await;
        assert_eq!((page.status, &page.body), (404, &expected.body), "{code}");
        assert_eq!(page.headers, expected.headers, "{code}");
        let typed = world.get(&format!("/verify?code={code}")).await;
        assert!(typed.body == expected.body || typed.status == 400 && code.starts_with("%F"), "{code}");
        let sent = world.send(&format!("/verify/{code}"), b"%PDF-1.7").await;
        assert_eq!((sent.status, &sent.body), (404, &expected.body), "{code}");
    }
    let sent = world.send(&format!("/verify/{unknown}"), b"%PDF-1.7").await;
    assert_eq!((sent.status, &sent.body), (404, &expected.body));

    for file in ["credential.json", "status"] {
        let expected = world.get(&format!("/verify/{unknown}/{file}")).await;
        assert_eq!(expected.status, 404, "{file}");
        for code in &malformed {
            let answer = world.get(&format!("/verify/{code}/{file}")).await;
            assert_eq!((answer.status, &answer.body), (404, &expected.body), "{code}/{file}");
        }
    }
}

#[tokio::test]
async fn a_code_is_taken_as_people_type_it_and_has_one_page() {
    let world = World::new().await;
    let code = world.issue(ISSUED, Validity::Valid).await.record.data.code;
    let page = format!("/verify/{code}");
    for typed in [
        grouped(&code).replace(' ', "+"),
        grouped(&code).replace(' ', "-").to_uppercase(),
        code.as_str().replace('0', "o").replace('1', "I"),
        format!("http%3A%2F%2Fcheck.test%2Fverify%2F{code}"),
        format!("+{code}+"),
    ] {
        let answer = world.get(&format!("/verify?code={typed}")).await;
        assert_eq!((answer.status, answer.header("location")), (303, page.as_str()), "{typed}");
    }
    let answer = world.get(&format!("/verify/{}", grouped(&code).replace(' ', "%20"))).await;
    assert_eq!((answer.status, answer.header("location")), (303, page.as_str()));
    assert_eq!(world.get("/verify?code=").await.status, 200);
    // What mail programs append doesn't matter.
    assert_eq!(world.get(&format!("{page}?utm_source=mail")).await.status, 200);
}

#[tokio::test]
async fn pages_are_for_no_search_engine_no_cache_and_no_other_site() {
    let world = World::new().await;
    let code = world.issue(ISSUED, Validity::Valid).await.record.data.code;
    for path in ["/verify".to_owned(), format!("/verify/{code}"), "/verify/x".to_owned(), "/nothing".to_owned()] {
        let page = world.get(&path).await;
        for (name, value) in [
            ("x-robots-tag", "noindex, nofollow, noarchive"),
            ("cache-control", "no-store"),
            ("referrer-policy", "same-origin"),
            ("set-cookie", ""),
            ("access-control-allow-origin", ""),
        ] {
            assert_eq!(page.header(name), value, "{name} of {path}");
        }
        assert!(page.header("content-security-policy").contains("script-src 'self';"), "{path}");
        assert!(!page.text().contains("style=\"") && !page.text().contains(" onclick="), "{path}");
        for person in ["Mary", "Watson", "0812345", "Ethics"] {
            assert!(!title(page.text()).contains(person), "{path}: {person} stands in the title");
        }
    }
    let listed = "<meta name=\"robots\" content=\"noindex, nofollow, noarchive\">";
    assert!(world.get(&format!("/verify/{code}")).await.text().contains(listed));
}

#[tokio::test]
async fn nobody_is_asked_who_they_are() {
    let world = World::new().await;
    let code = world.issue(ISSUED, Validity::Valid).await.record.data.code;
    // An account that can't be read: whoever read it would fail.
    let (account, secret) = (AccountId::from_bits(5), Secret::new().unwrap());
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let put = world.dynamodb.put_item().table_name("table");
    let put = put.item("pk", text(&format!("ACCOUNT#{account}"))).item("sk", text("ACCOUNT"));
    put.send().await.unwrap();
    let cookie = format!("__Host-session={}", pages::visitor::session_cookie(&account, &secret));
    for path in [format!("/verify/{code}"), "/verify".to_owned()] {
        let page = world.ask(request(Method::GET, &path, &cookie)).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.text().contains("Log Out") && !page.text().contains("href=\"/login\""), "{path}");
    }
}

#[tokio::test]
async fn a_name_stands_there_as_it_prints() {
    let world = World::new().await;
    let mut said = data(&CertificateCode::from_bits(ISSUED));
    said.participant.name = PersonName { first: "أمينة".to_owned(), last: "الفارسي".to_owned() };
    let name = said.participant.printed_name();
    let code = world.issue_as(said, Validity::Valid).await.record.data.code;
    let page = world.get(&format!("/verify/{code}")).await;
    assert!(page.text().contains(&format!("<dd class=\"name\"><bdi>{name}</bdi></dd>")));
}

#[tokio::test]
async fn only_what_has_a_route_is_answered() {
    let world = World::new().await;
    let code = world.issue(ISSUED, Validity::Valid).await.record.data.code;
    for (method, path) in [
        (Method::DELETE, format!("/verify/{code}")),
        (Method::PUT, "/verify".to_owned()),
        (Method::POST, format!("/verify/{code}/status")),
        (Method::POST, "/.well-known/certificate-keys.json".to_owned()),
    ] {
        assert_eq!(world.ask(request(method.clone(), &path, "")).await.status, 405, "{method} {path}");
    }
    let head = world.ask(request(Method::HEAD, &format!("/verify/{code}"), "")).await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    // A page of another site can't have a visitor send something.
    let mut elsewhere = request(Method::POST, "/verify", "");
    elsewhere.headers_mut().insert("origin", http::HeaderValue::from_static("https://evil.example"));
    elsewhere.headers_mut().insert("sec-fetch-site", http::HeaderValue::from_static("cross-site"));
    assert_eq!(world.ask(elsewhere).await.status, 403);
}

#[test]
fn every_route_is_for_everybody_and_none_writes() {
    use pages::{route::Verb, visitor::Policy};
    use verify_certificate::Route;
    for route in Route::ALL {
        assert_eq!(route.policy(), Policy::Public, "{route:?}");
        let sends_a_file = matches!(route, Route::CheckFile | Route::Compare);
        assert_eq!(route.verb() == Verb::Post, sends_a_file, "{route:?}");
    }
}
