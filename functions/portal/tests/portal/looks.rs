//! What every page must be, whatever it shows: complete, small, without anything inline, and safe with any text.

use crate::world::{Answer, Who, World, credit, failed, processed, request};
use adapters::table::{By, HelpComment, credit_reference};
use axum::body::Body;
use domain::{
    credit::CreditKey,
    email::EmailAddress,
    event::{Approval, Approved, Consent, Event, Presenter, Segment, SegmentKind, Standing},
    id::EventId,
    import::{Mode, Refusal},
    licence::LicenceNumber,
    organisation::Organisation,
    register::{Change, Holder},
    request::{Asks, Decision, FieldChange, Outcome, Request},
    roster::{heading::Column, judge::Credit, outcome::RecordTexts},
};
use http::Method;
use jiff::civil::date;

/// Texts that would become markup, script or an attribute if any page forgot to escape them.
const HOSTILE: &str = r#"<script>alert(1)</script>"'><img src=x onerror=alert(2)>{{7*7}}"#;

async fn world_with_every_page() -> (World, Vec<(String, Who)>) {
    let world = World::new().await;
    let now = adapters::clock::now();
    let long = "The license number 00123 isn't in the register. Check it with the licensee, correct the cell and upload the file again; rows already processed won't be doubled.";
    let mut rows: Vec<_> = (2..60)
        .map(|row| {
            failed(row, &[("unknown_licence", long, "license_number"), ("unknown_course", long, "course_number")])
        })
        .collect();
    rows[0] = processed(2, HOSTILE, HOSTILE);
    rows[1] = failed(3, &[("unknown_licence", HOSTILE, "license_number")]);
    let kept = |column: Column| rows[1].record.get(column).filter(|_| column != Column::LicenseNumber);
    rows[1].record = RecordTexts::of(Column::ALL.map(|column| (column, kept(column).map(str::to_owned))));
    let refusal = Refusal { code: "damaged".to_owned(), text: HOSTILE.to_owned() };
    let imports = [
        world.announced("acme-ce", 1, Mode::Import, now).await,
        world.announced("acme-ce", 2, Mode::Import, now - 7_200).await,
        world.received("acme-ce", 3, Mode::Import).await,
        world.done("acme-ce", 4, Mode::Check, &rows).await,
        world.refused("acme-ce", 5, &refusal).await,
    ];
    let (hostile_pages, holder) = records(&world).await;
    world.credit(&holder, "CE-101", HOSTILE, 14).await;
    let ann = world.holder("TX-BON", "RN", "RN-2", "Ann", "Lee").await;
    for number in 0..60 {
        let credit = Credit { title: HOSTILE.to_owned(), ..credit(&ann, &format!("CE-{number}"), date(2026, 1, 15)) };
        world.record("acme-ce", credit, 14).await;
    }
    let withdrawn = credit_reference(&world.record("acme-ce", credit(&holder, "CE-102", date(2026, 1, 15)), 15).await);
    let why = format!("version=1&reason={}", pages::address::segment(HOSTILE));
    let done = world.post(&format!("/details/credits/{withdrawn}/withdraw"), Who::Acme, why).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let mut pages: Vec<_> = imports.iter().map(|import| (format!("/import/{}", import.id), Who::Acme)).collect();
    pages.extend(["/", "/import", "/help", "/nothing", "/office/licensees"].map(|path| (path.to_owned(), Who::Acme)));
    for ending in ["", "/correct", "/withdraw", "/restore", "?done=withdrawn"] {
        pages.push((format!("/details/credits/{withdrawn}{ending}"), Who::Acme));
        pages.push((format!("/office/credits/{withdrawn}{ending}"), Who::Office));
    }
    let standing = credit_reference(&CreditKey::of(&credit(&ann, "CE-1", date(2026, 1, 15))));
    for path in [
        "/details".to_owned(),
        "/details?state=withdrawn".to_owned(),
        "/details?number=%00&course=%23&from=x&to=y&surname=%22%3E%3Cscript%3E".to_owned(),
        "/details?surname=nobody".to_owned(),
        format!("/details/credits/{standing}/correct"),
        format!("/details/credits/{standing}/withdraw"),
    ] {
        pages.push((path, Who::Acme));
    }
    let mut draft = crate::catalogue::draft_of_acme(EventId::from_bits(9));
    (draft.title, draft.details.about, draft.agenda[0].title) = (HOSTILE.into(), HOSTILE.into(), HOSTILE.into());
    let by = By { account: &Who::Acme.account_id(), at: 1 };
    assert!(world.clients.table.create_events(std::slice::from_ref(&draft), by).await.unwrap());
    let catalogue = format!("/events?category={0}&body={0}&words={0}", pages::address::segment(HOSTILE));
    pages.extend([(catalogue, Who::Nobody), ("/events".to_owned(), Who::Ann)]);
    pages.push((format!("/events/{}?zone=Asia/Kolkata", draft.id), Who::Acme));
    let event = crate::registration::published_of_acme(&world, 10, HOSTILE).await;
    pages.push((format!("/events/{}", event.id), Who::Ann));
    for who in [Who::Ann, Who::Bob] {
        let done = world.post(&format!("/events/{}/register", event.id), who, "").await;
        assert_eq!(done.status, 303, "{}", done.text());
    }
    let address = format!("/wallet/events/{}", event.id);
    let cancel = format!("/events/{}/cancel", event.id);
    let registered = format!("{address}?done=registered");
    pages.extend(["/wallet/events".to_owned(), address, registered, cancel].map(|path| (path, Who::Ann)));
    pages.push((format!("/wallet/missing/{}?done=no-call", event.id), Who::Ann));
    pages.push(("/manage/appeals".to_owned(), Who::Office));
    pages.push((format!("/manage/events/{}/people", event.id), Who::Acme));
    pages.push(("/office/settings/zoom".to_owned(), Who::Office));
    let search = format!("/help?words={}", pages::address::segment(HOSTILE));
    pages.extend([(search, Who::Nobody), ("/help/users?answered=no".to_owned(), Who::Acme)]);
    let articles = world.get("/help", Who::Acme).await;
    let articles = articles.text().split('"').filter(|part| part.starts_with("/help/"));
    pages.extend(articles.map(|path| (path.to_owned(), Who::Acme)));
    let comment = HelpComment { article: "import".to_owned(), at: now, comment: HOSTILE.to_owned() };
    world.clients.table.save_help_comment(&comment).await.unwrap();
    pages.extend(
        [
            "/",
            "/about",
            "/office/settings",
            "/office/settings?saved=yes",
            "/office/settings/texts",
            "/office/help",
            "/office/licensees",
            "/office/licensees?number=RN-1",
            "/office/licensees/TX-BON/RN/RN1",
            "/office/licensees?number=%3Cscript%3Ealert%281%29%3C%2Fscript%3E",
        ]
        .map(|path| (path.to_owned(), Who::Office)),
    );
    pages.extend(hostile_pages);
    pages.extend(events(&world).await);
    (world, pages)
}

/// Events whose every text is hostile, and the pages that manage them.
async fn events(world: &World) -> Vec<(String, Who)> {
    let (table, now) = (&world.clients.table, adapters::clock::now());
    let (office, acme) = (Who::Office.account_id(), Who::Acme.account_id());
    let by = By { account: &office, at: now };
    let body = |short: &str| domain::organisation::Body { short: short.to_owned(), name: HOSTILE.to_owned() };
    let bodies = vec![body("NASBA"), body("APA"), body("AMA")];
    assert!(table.save_organisation(&Organisation { bodies, ..Organisation::default() }, by).await.unwrap());
    world.offer("ETH-101", &["acme-ce"]).await;
    let before = world.draft_event(1).await;
    let hostile = || HOSTILE.to_owned();
    let approved = Approved {
        number: hostile(),
        statement: hostile(),
        valid_from: Some(date(2026, 1, 1)),
        valid_to: None,
        evidence: hostile(),
        advertised: domain::hours::CreditHours::from_hundredths(200),
        consent: Consent::NotAsked,
    };
    let mut event = Event { title: hostile(), ..before.clone() };
    let standing = Standing::Approved(Box::new(approved));
    event.approvals = vec![Approval { body: "NASBA".to_owned(), standing }];
    event.details.about = hostile();
    event.details.presenters = vec![Presenter { name: hostile(), credentials: hostile(), about: hostile() }];
    let (starts_at, ends_at) = (event.when.starts_at, event.when.starts_at + 1_800);
    event.agenda = vec![Segment { title: hostile(), kind: SegmentKind::Instruction, starts_at, ends_at }];
    table.save_event(&before, &event, By { account: &acme, at: now }, HOSTILE).await.unwrap();
    let asked = world.post(&format!("/manage/events/{}/consent", event.id), Who::Acme, "version=2").await;
    assert_eq!(asked.status, 303, "{}", asked.text());
    let request = table.fetch_open_requests(None, 10).await.unwrap().0.pop().unwrap();
    let mut pages: Vec<_> =
        ["", "/details", "/agenda", "/approvals", "/where", "/history", "/copy", "/series", "/cancel", "/delete"]
            .map(|page| (format!("/manage/events/{}{page}", event.id), Who::Acme))
            .into();
    for path in ["/manage/events", "/manage/events?provider=acme-ce", "/office/settings/credit?example=NASBA"] {
        pages.push((path.to_owned(), Who::Office));
    }
    pages.push((format!("/office/requests/{}", request.id), Who::Office));
    pages.extend(["/manage/events", "/manage/events/new"].map(|path| (path.to_owned(), Who::Acme)));
    pages
}

/// Entries, requests and a licensee with hostile texts wherever somebody can type, and the pages that show them.
async fn records(world: &World) -> (Vec<(String, Who)>, Holder) {
    let holder = world.holder("TX-BON", "RN", "RN-1", HOSTILE, HOSTILE).await;
    let table = &world.clients.table;
    table.prove_licence(&Who::Ann.account_id(), &holder.licence, None, 1).await.unwrap();
    let mut course = world.offer("A/1", &["acme-ce"]).await;
    course.title = HOSTILE.to_owned();
    table.save_courses(&[course]).await.unwrap();
    let change = |why: &str| Change { by: Who::Office.account_id().to_string(), at: 1, why: why.to_owned() };
    let before = world.entry("acme-ce").await;
    let mut now = before.value.clone();
    now.contact.city = Some(HOSTILE.to_owned());
    table.save_provider_if(&now, Some(&before), &change(HOSTILE)).await.unwrap();
    let field = FieldChange { field: "City".to_owned(), from: HOSTILE.to_owned(), to: HOSTILE.to_owned() };
    let asks = Asks::ProfileChange { provider: now.id.clone(), version: 1, fields: vec![field] };
    let asked = world.asked(1, asks).await;
    let number = LicenceNumber::parse("RN-1").unwrap();
    let claim = world.asked(2, Asks::Licence { licence: number.clone() }).await;
    let email = EmailAddress::parse("new@example.org").unwrap();
    let other = world.asked(3, Asks::ProviderAddress { licence: number, email }).await;
    let decided = Request { message: HOSTILE.to_owned(), ..world.asked(4, claim.asks.clone()).await };
    let (by, why) = (Who::Office.account_id(), HOSTILE.to_owned());
    let decision = Decision { outcome: Outcome::Refused, by, at: 2, why };
    table.decide_request(&decided, &decision, adapters::table::Effect::Nothing, None).await.unwrap();
    let mut pages: Vec<(String, Who)> = [
        "/office/providers",
        "/office/providers?search=%3Cscript%3E",
        "/office/providers/acme-ce",
        "/office/courses",
        "/office/courses?number=%3Cscript%3E",
        "/office/courses/A%2F1",
        "/office/registers/providers/add",
        "/office/registers/courses/add",
        "/office/registers/licensees/add",
        "/office/licensees?surname=%3Cscript%3E",
        "/office/licensees/TX-BON/RN/RN1?tab=profile",
        "/office/licensees/TX-BON/RN/RN1?tab=history",
        "/office/requests",
        "/office/requests?show=closed",
    ]
    .map(|path| (path.to_owned(), Who::Office))
    .into();
    let requests = [asked, claim, other, decided];
    pages.extend(requests.map(|request| (format!("/office/requests/{}", request.id), Who::Office)));
    pages.extend(["/profile", "/profile?search=zzz", "/profile/change"].map(|path| (path.to_owned(), Who::Acme)));
    pages.extend([Who::Ann, Who::Bob].map(|who| ("/wallet/courses".to_owned(), who)));
    (pages, holder)
}

#[tokio::test]
async fn every_page_has_a_title_a_heading_a_language_and_landmarks() {
    let (world, pages) = world_with_every_page().await;
    for (path, who) in pages {
        let answer = world.get(&path, who).await;
        let text = answer.text();
        assert!(text.starts_with("<!doctype html>\n<html lang=\"en\">"), "{path}");
        for once in
            ["<title>", "<h1>", "<main id=\"main\"", "<nav aria-label=\"Main\">", "href=\"#main\"", "name=\"viewport\""]
        {
            assert_eq!(text.matches(once).count(), 1, "{once} in {path}");
        }
        assert_eq!(text.matches("<table").count(), text.matches("<caption").count(), "{path}");
        assert_eq!(
            text.matches("<th").count() - text.matches("<thead").count(),
            text.matches("scope=\"").count(),
            "{path}"
        );
        // On a phone the rows stack, and not every browser takes what is stacked for a table.
        let roles = |names: &[&str]| -> usize {
            names.iter().map(|name| text.matches(&format!(" role=\"{name}\"")).count()).sum()
        };
        assert_eq!(roles(&["rowgroup"]), text.matches("<thead").count() + text.matches("<tbody").count(), "{path}");
        assert_eq!(roles(&["row"]), text.matches("<tr").count(), "{path}");
        assert_eq!(roles(&["cell"]), text.matches("<td").count(), "{path}");
        assert_eq!(roles(&["columnheader", "rowheader"]), text.matches("scope=\"").count(), "{path}");
    }
}

#[tokio::test]
async fn no_page_has_anything_inline_or_lets_a_text_become_markup() {
    let (world, pages) = world_with_every_page().await;
    for (path, who) in pages {
        let answer = world.get(&path, who).await;
        let text = answer.text();
        for (at, _) in text.match_indices("<script") {
            let tag = &text[at..at + text[at..].find('>').unwrap()];
            assert!(tag.contains(" src=\"/assets/"), "{tag} in {path}");
            assert!(text[at..].contains("></script>"), "{path}");
        }
        for inline in ["<style", " style=\"", "onerror=alert(2)>", " onclick=", "javascript:", "<img src=x"] {
            assert!(!text.contains(inline), "{inline} in {path}");
        }
    }
}

#[tokio::test]
async fn a_page_is_under_60_kb_with_all_that_it_loads_but_pictures() {
    let (world, pages) = world_with_every_page().await;
    for (path, who) in pages {
        let page = fetch_packed(&world, &path, who).await;
        let plain = world.get(&path, who).await;
        let text = plain.text();
        let mut total = page.body.len();
        let is_counted = |part: &&str| part.starts_with("/assets/") && !part.starts_with("/assets/help-");
        for address in text.split(['"', '\'']).filter(is_counted) {
            let asset = fetch_packed(&world, address, who).await;
            assert_eq!((asset.status, asset.header("content-encoding")), (200, "gzip"), "{address}");
            total += asset.body.len();
        }
        assert_eq!(text.matches("rel=\"stylesheet\"").count(), 1, "{path}");
        assert!(total < 60_000, "{path} weighs {total} bytes");
        assert!(!text.contains("src=\"http") && !text.contains("href=\"http"), "{path} asks a third party");
    }
}

#[tokio::test]
async fn static_files_are_kept_for_good_and_unpacked_for_those_who_ask() {
    let world = World::new().await;
    for asset in pages::assets::ALL {
        let packed = fetch_packed(&world, asset.path, Who::Nobody).await;
        let plain = world.get(asset.path, Who::Nobody).await;
        assert_eq!(plain.header("content-encoding"), "");
        assert_eq!(plain.body, asset.content().unwrap());
        assert!(packed.body.len() < plain.body.len());
        for answer in [packed, plain] {
            assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
            assert_eq!(answer.header("content-type"), asset.content_type);
            assert_eq!(answer.header("vary"), "accept-encoding");
        }
    }
    assert_eq!(world.get("/assets/style.000000000000.css", Who::Nobody).await.status, 404);
}

async fn fetch_packed(world: &World, path: &str, who: Who) -> Answer {
    let request = request(Method::GET, path, who).header("accept-encoding", "gzip, br");
    world.send(request.body(Body::empty()).unwrap()).await
}
