//! The manual: every article can be found and read, leads nowhere that isn't there, and counts what readers answer.

use crate::world::{Answer, Who, World, request};
use axum::body::Body;
use http::Method;
use lambda_http::request::RequestContext;
use portal::Route;
use std::collections::BTreeSet;

const ARTICLES: [&str; 27] = [
    "sign-up",
    "account",
    "check-a-certificate",
    "profile",
    "details",
    "import",
    "manage-events",
    "review-attendance",
    "evaluations-of-events",
    "certificates-of-events",
    "users",
    "events",
    "joining",
    "attendance",
    "evaluations",
    "certificates",
    "earn-credit",
    "on-demand",
    "conferences",
    "tracker",
    "courses",
    "licences",
    "office-profile",
    "office-registers",
    "office-requests",
    "office-settings",
    "office-requirements",
];

/// What the door of accounts answers.
const OF_SIGN_UP: [&str; 5] = ["/sign-up", "/login", "/forgot", "/account", "/account/users"];

/// What the door of the check answers.
const OF_CHECK: [&str; 2] = ["/verify", "/.well-known/certificate-keys.json"];

/// Tabs whose routes come with their own pages.
const TO_COME: [&str; 11] = [
    "/profile",
    "/details",
    "/wallet/courses",
    "/office/providers",
    "/office/courses",
    "/office/requests",
    "/office/settings",
    "/office/registers/providers/import",
    "/office/registers/courses/import",
    "/office/registers/licensees/import",
    "/about",
];

fn main_of(answer: &Answer) -> &str {
    let text = answer.text();
    &text[text.find("<main").unwrap()..text.find("</main>").unwrap()]
}

fn links(html: &str) -> BTreeSet<String> {
    html.split("href=\"").skip(1).map(|rest| rest[..rest.find('"').unwrap()].to_owned()).collect()
}

/// Whether a route stands at this address.
fn is_there(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap();
    if let Some(article) = path.strip_prefix("/help/").filter(|rest| !rest.contains('/')) {
        return ARTICLES.contains(&article);
    }
    let fits = |route: &str| {
        let (wanted, given): (Vec<_>, Vec<_>) = (route.split('/').collect(), path.split('/').collect());
        wanted.len() == given.len()
            && wanted.iter().zip(&given).all(|(want, have)| want.starts_with('{') || want == have)
    };
    let is_elsewhere = OF_SIGN_UP.contains(&path) || OF_CHECK.contains(&path);
    is_elsewhere || TO_COME.contains(&path) || Route::ALL.iter().any(|route| fits(route.path()))
}

#[tokio::test]
async fn every_article_is_reached_from_the_index_and_says_when_it_was_last_updated() {
    let world = World::new().await;
    let index = world.get("/help", Who::Nobody).await;
    let listed = links(main_of(&index));
    assert_eq!(listed, ARTICLES.iter().map(|name| format!("/help/{name}")).collect());
    for heading in ["For everybody", "For providers", "For licensees", "For the office"] {
        assert!(index.text().contains(&format!("<h2>{heading}</h2>")), "{heading}");
    }
    for name in ARTICLES {
        let answer = world.get(&format!("/help/{name}"), Who::Nobody).await;
        let page = answer.text();
        assert_eq!(answer.status, 200, "{name}");
        assert!(answer.body.len() < 60_000, "{name}");
        assert!(page.contains("Last updated <time datetime=\"2026-"), "{name}");
        assert!(
            page.contains("Did this answer your question?") && page.contains("<h2>Related articles</h2>"),
            "{name}"
        );
    }
    assert_eq!(world.get("/help/zebra", Who::Nobody).await.status, 404);
}

#[tokio::test]
async fn the_manual_leads_only_to_addresses_that_are_there() {
    let world = World::new().await;
    for name in ARTICLES {
        let answer = world.get(&format!("/help/{name}"), Who::Nobody).await;
        for address in links(main_of(&answer)) {
            assert!(address.starts_with('/') && is_there(&address), "{name} leads to {address}");
        }
    }
    assert!(!is_there("/zebra") && !is_there("/help/zebra") && is_there("/help/examples/failed.xlsx"));
}

#[tokio::test]
async fn every_tab_leads_to_the_article_about_it() {
    use pages::layout::{Section, help_of};
    for section in [
        Section::Profile,
        Section::Details,
        Section::Import,
        Section::Wallet,
        Section::Tracker,
        Section::Catalogue,
        Section::Licensees,
        Section::Providers,
        Section::Courses,
        Section::Requests,
        Section::Settings,
        Section::Users,
        Section::Account,
    ] {
        let article = help_of(section).and_then(|address| address.strip_prefix("/help/"));
        assert!(article.is_some_and(|name| ARTICLES.contains(&name)), "{section:?} leads to {article:?}");
    }
    let world = World::new().await;
    let import = world.get("/import", Who::Acme).await;
    assert!(main_of(&import).contains("<a href=\"/help/import\">Help on this page</a>"));
    assert!(!world.get("/help", Who::Acme).await.text().contains("Help on this page"));
}

#[tokio::test]
async fn the_manual_keeps_the_words_and_the_examples_of_importing() {
    let world = World::new().await;
    let answer = world.get("/help/import", Who::Nobody).await;
    let page = answer.text();
    for words in [
        "Click Here to Download Sample Format For Uploads",
        "Upload CE File",
        "Total records",
        "Status",
        "Course not associated with you",
        "href=\"/help/examples/successful.xlsx\"",
        "href=\"/help/examples/failed.xlsx\"",
        "CE Hours",
    ] {
        assert!(page.contains(words), "{words}");
    }
}

#[tokio::test]
async fn the_search_finds_articles_by_plain_words_and_repeats_them_safely() {
    let world = World::new().await;
    let found = world.get("/help?words=why+was+my+roster+rejected", Who::Nobody).await;
    let results = found.text().split("<div class=\"articles\">").next().unwrap();
    assert!(results.contains("<a href=\"/help/import\">") && !results.contains("No article"));
    let nothing = world.get("/help?words=zebra", Who::Nobody).await;
    assert!(nothing.text().contains("No article has these words"));
    let some = world.get("/help?words=zebra+rejected", Who::Nobody).await;
    assert!(some.text().contains("These have the most of them"));
    let hostile = world.get("/help?words=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", Who::Nobody).await;
    assert!(hostile.status == 200 && !hostile.text().contains("<script>alert"));
    let long = world.get(&format!("/help?words={}", "a".repeat(5_000)), Who::Nobody).await;
    assert!(long.status == 200 && !long.text().contains(&"a".repeat(101)));
}

async fn press(world: &World, article: &str, form: &'static str) -> (u16, String) {
    let answer = world.post(&format!("/help/{article}"), Who::Nobody, form).await;
    (answer.status, answer.header("location").to_owned())
}

#[tokio::test]
async fn each_press_is_counted_once_and_thanked_after_it() {
    let world = World::new().await;
    let to = |answered: &str| (303, format!("/help/details?answered={answered}#answer"));
    assert_eq!(press(&world, "details", "press=yes").await, to("yes"));
    assert_eq!(press(&world, "details", "press=no").await, to("no"));
    assert_eq!(press(&world, "details", "press=no").await, to("no"));
    assert_eq!(press(&world, "details", "press=comment&comment=+").await, to("told"));
    let counts = world.clients.table.fetch_help_counts(&["details", "import"]).await.unwrap();
    assert_eq!(counts.get("details").map(|counts| (counts.yes, counts.no)), Some((1, 2)));
    assert_eq!(counts.get("import"), None);
    let (comments, _) = world.clients.table.fetch_help_comments(None, 10).await.unwrap();
    assert_eq!(comments, [], "an empty comment isn't one");

    // Reading the thanks, or reading them again, counts nothing.
    for (answered, words) in [("yes", "Thank you. We are glad"), ("no", "What was missing?"), ("told", "It helps us")] {
        let page = world.get(&format!("/help/details?answered={answered}"), Who::Nobody).await;
        assert!(page.text().contains(words), "{answered}");
    }
    assert_eq!(world.clients.table.fetch_help_counts(&["details"]).await.unwrap(), counts_of("details", 1, 2));
    for bad in ["", "press=maybe", "press=yes&press=no", "press=yes&colour=red"] {
        assert_eq!(press(&world, "details", bad).await.0, 400, "{bad}");
    }
    assert_eq!(press(&world, "zebra", "press=yes").await.0, 404);
}

fn counts_of(article: &str, yes: u64, no: u64) -> std::collections::BTreeMap<String, adapters::table::HelpCounts> {
    [(article.to_owned(), adapters::table::HelpCounts { yes, no })].into()
}

#[tokio::test]
async fn a_comment_is_kept_without_its_writer_and_escaped_on_the_offices_page() {
    let world = World::new().await;
    let form = "press=comment&comment=%3Cscript%3Ealert(1)%3C%2Fscript%3E%0D%0Ahow+do+I+%26+who%3F";
    assert_eq!(world.post("/help/import", Who::Acme, form).await.status, 303);
    world.post("/help/import", Who::Acme, "press=yes").await;
    let (comments, _) = world.clients.table.fetch_help_comments(None, 10).await.unwrap();
    assert_eq!(comments[0].comment, "<script>alert(1)</script>\nhow do I & who?");
    assert!(!format!("{comments:?}").contains("alert"), "a log would show the words");

    let page = world.get("/office/help", Who::Office).await;
    assert!(page.text().contains("alert(1)") && !page.text().contains("<script>alert"));
    assert!(page.text().contains("100 %"));
    for trace in ["Acme", "acme"] {
        assert!(!main_of(&page).contains(trace), "{trace} tells who wrote it");
    }
    assert!(world.get("/help", Who::Office).await.text().contains("href=\"/office/help\""));
    assert!(!world.get("/help", Who::Acme).await.text().contains("href=\"/office/help\""));
}

#[tokio::test]
async fn the_office_pages_through_comments() {
    let world = World::new().await;
    for number in 0..60_i64 {
        let comment = adapters::table::HelpComment {
            article: if number == 0 { "an-older-article" } else { "import" }.to_owned(),
            at: 1_000 + number,
            comment: format!("comment {number}."),
        };
        world.clients.table.save_help_comment(&comment).await.unwrap();
        // Saved again it is the same one.
        world.clients.table.save_help_comment(&comment).await.unwrap();
    }
    let first = world.get("/office/help", Who::Office).await;
    assert!(first.text().contains("comment 59.") && !first.text().contains("comment 9."));
    let older = links(main_of(&first)).into_iter().find(|address| address.contains("after=")).unwrap();
    let second = world.get(older.split('#').next().unwrap(), Who::Office).await;
    assert_eq!(second.text().matches("comment ").count(), 10);
    assert!(second.text().contains("comment 9.") && second.text().contains("an-older-article"));
}

/// A press from an address on the network.
async fn press_from(world: &World, address: &str) -> u16 {
    let event = include_str!("../../../../events/portal/home.json").replace("203.0.113.7", address);
    let from_event = lambda_http::request::from_str(&event).unwrap();
    let context = from_event.extensions().get::<RequestContext>().unwrap().clone();
    let request = request(Method::POST, "/help/users", Who::Nobody).extension(context);
    world.send(request.body(Body::from("press=yes")).unwrap()).await.status
}

#[tokio::test]
async fn one_network_answers_only_so_often_and_others_are_not_held_up() {
    let world = World::new().await;
    let mut taken = 0;
    // If a window ends in the midst of it, the next one takes as many again.
    for _ in 0..61 {
        match press_from(&world, "203.0.113.7").await {
            303 => taken += 1,
            status => assert_eq!(status, 429),
        }
    }
    assert!((30..=60).contains(&taken), "{taken} were taken");
    assert_eq!(press_from(&world, "198.51.100.9").await, 303);
    let counts = world.clients.table.fetch_help_counts(&["users"]).await.unwrap();
    assert_eq!(counts["users"].yes, taken + 1, "what was turned away isn't counted");
}

#[tokio::test]
async fn a_comment_that_is_too_long_is_turned_away() {
    let world = World::new().await;
    let form = format!("press=comment&comment={}", "a".repeat(501));
    let request = request(Method::POST, "/help/users", Who::Nobody);
    assert_eq!(world.send(request.body(Body::from(form)).unwrap()).await.status, 413);
}

#[tokio::test]
async fn every_picture_belongs_to_an_article_and_is_shown_there_with_words_for_it() {
    let world = World::new().await;
    for picture in pages::assets::PICTURES {
        let page = world.get(&format!("/help/{}", picture.name), Who::Nobody).await;
        let at = page.text().find(&format!("<img src=\"{}\"", picture.path));
        let tag = &page.text()[at.unwrap_or_else(|| panic!("{} is shown nowhere", picture.name))..];
        let words = tag.split_once(" alt=\"").unwrap().1.split('"').next().unwrap();
        assert!(words.split(' ').count() > 4, "{}: {words:?} says too little", picture.name);
        let served = world.get(picture.path, Who::Nobody).await;
        assert_eq!((served.status, served.header("content-type")), (200, picture.content_type));
        assert_eq!(served.body, picture.bytes);
        assert_eq!(served.header("cache-control"), "public, max-age=31536000, immutable");
    }
}
