//! The list of CE Details: order, pages, search, filters, and whose it is.

use crate::world::{Who, World, credit, provider};
use adapters::table::{CreditOrder, CreditsAsked, InState, RecordedCredit};
use domain::{course::CourseNumber, import::Mode, licence::LicenceNumber, name::SurnameForms, register::Holder};
use jiff::{
    ToSpan,
    civil::{Date, date},
};

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

async fn people(world: &World, names: &[(&str, &str)]) -> Vec<Holder> {
    let mut people = Vec::new();
    for (place, (first, last)) in names.iter().enumerate() {
        people.push(world.holder("TX-BON", "RN", &format!("RN-{place}"), first, last).await);
    }
    people
}

/// Some hundred credits of Acme over five courses and a year, and a few of Beta's among them; three of Acme's withdrawn.
async fn busy_world() -> World {
    let world = World::new().await;
    let names = [("Ann", "Lee"), ("Zoë", "Müller"), ("James", "O'Brien"), ("Bo", "Leeds")];
    let people = people(&world, &names).await;
    let mut dice = Dice(7);
    for row in 0..140 {
        let holder = &people[dice.below(4) as usize];
        let course = format!("CE-{}", dice.below(5));
        let day = date(2025, 3, 1).checked_add((dice.below(360) as i64).days()).unwrap();
        let whose = if row % 10 == 0 { "beta-ce" } else { "acme-ce" };
        world.record(whose, credit(holder, &course, day), row).await;
    }
    let page = list(&world, &CreditsAsked::default(), 3).await;
    for record in &page[..3] {
        let reference = adapters::table::credit_reference(&record.key());
        let form = "version=1&reason=never+came";
        assert_eq!(world.post(&format!("/details/credits/{reference}/withdraw"), Who::Acme, form).await.status, 303);
    }
    world
}

/// A list, page by page to its end.
async fn list(world: &World, asked: &CreditsAsked, limit: usize) -> Vec<RecordedCredit> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let table = &world.clients.table;
        let page = table.fetch_credits_page(&provider("acme-ce"), asked, after.as_deref(), limit).await.unwrap();
        assert!(page.credits.len() <= limit);
        assert!(page.next.is_none() || page.credits.len() == limit || page.paused.is_some());
        all.extend(page.credits);
        match page.next {
            Some(next) => assert_ne!(after.replace(next.clone()), Some(next), "a page that leads to itself"),
            None => return all,
        }
    }
}

fn sorted(mut records: Vec<RecordedCredit>, order: CreditOrder) -> Vec<RecordedCredit> {
    let person = |record: &RecordedCredit| record.licence.number.compared().to_owned();
    records.sort_by(|one, other| {
        let by_day = one.date.cmp(&other.date).then_with(|| person(one).cmp(&person(other)));
        let by_course = one.course.cmp(&other.course);
        match order {
            CreditOrder::Newest => by_day.reverse().then(by_course),
            CreditOrder::Oldest => by_day.then(by_course),
            CreditOrder::Course => by_course.then(by_day),
        }
    });
    records
}

#[tokio::test]
async fn pages_of_any_size_order_and_filter_give_each_record_once_and_in_order() {
    let world = busy_world().await;
    let all = list(&world, &CreditsAsked::default(), 1_000).await;
    assert!(all.len() > 110 && all.iter().all(|record| record.recorded.provider == provider("acme-ce")));
    let days = |from: Option<Date>, to: Option<Date>| CreditsAsked { from, to, ..CreditsAsked::default() };
    let surname = |text| CreditsAsked { surname: Some(SurnameForms::of(text)), ..CreditsAsked::default() };
    let number = |text| CreditsAsked { number: LicenceNumber::parse(text).ok(), ..CreditsAsked::default() };
    let in_state = |state| CreditsAsked { state: Some(state), ..CreditsAsked::default() };
    let course = CreditsAsked { course: CourseNumber::parse("ce-3").ok(), ..CreditsAsked::default() };
    let filters = [
        CreditsAsked::default(),
        days(Some(date(2025, 7, 10)), Some(date(2025, 7, 20))),
        days(Some(date(2025, 5, 15)), Some(date(2025, 11, 2))),
        days(None, Some(date(2025, 6, 30))),
        surname("lee"),
        surname("MUELLER"),
        surname("Lee Z"),
        number("rn 1"),
        in_state(InState::Standing),
        in_state(InState::Withdrawn),
        CreditsAsked { from: Some(date(2025, 9, 5)), surname: Some(SurnameForms::of("o'b")), ..course.clone() },
        course,
    ];
    for order in [CreditOrder::Newest, CreditOrder::Oldest, CreditOrder::Course] {
        for filter in &filters {
            let asked = CreditsAsked { order, ..filter.clone() };
            let expected = sorted(all.iter().filter(|record| asked.matches(record)).cloned().collect(), order);
            for limit in [4, 23] {
                let listed = list(&world, &asked, limit).await;
                assert!(listed == expected, "{asked:?} by {limit}: {} of {}", listed.len(), expected.len());
            }
        }
    }
}

#[tokio::test]
async fn the_page_shows_each_record_with_its_source_and_state() {
    let world = World::new().await;
    let ann = world.holder("TX-BON", "RN", "rn-1", "Ann", "O'Lee").await;
    world.done("acme-ce", 77, Mode::Import, &[]).await;
    world.record("acme-ce", credit(&ann, "CE-101", date(2026, 1, 31)), 1_404).await;
    let page = world.get("/details", Who::Acme).await;
    for part in [
        "<h1>CE Details</h1>",
        "Ann O&#39;Lee</a>",
        ">rn-1<",
        "CE-101 <small>Title of CE-101",
        "<time datetime=\"2026-01-31\">Jan 31, 2026",
        ">1.50<",
        ">2026<",
        ">May roster.xlsx, row 1,404</a>",
        "/import/000000000000000000000",
        "Standing</span>",
        "1 record, newest course date first",
        "aria-sort=\"descending\">Course Date",
        ">CE Details</a>",
    ] {
        assert!(page.text().contains(part), "{part} in {}", page.text());
    }
    let by_course = world.get("/details?sort=course", Who::Acme).await;
    assert!(by_course.text().contains("aria-sort=\"ascending\">Course<"));
}

#[tokio::test]
async fn what_is_searched_for_stays_in_the_form_and_in_the_way_to_the_next_page() {
    let world = busy_world().await;
    let first =
        world.get("/details?course=&surname=&number=&from=2025-04-01&to=&state=standing&sort=oldest", Who::Acme).await;
    let text = first.text();
    assert!(
        text.contains("50 records with course date from Apr 1, 2025 on, standing; oldest course date first"),
        "{text}"
    );
    assert!(text.contains("value=\"2025-04-01\"") && text.contains("value=\"standing\" selected"));
    assert!(text.contains("<input type=\"hidden\" name=\"from\" value=\"2025-04-01\">"), "the export takes the same");
    let next = text.split("href=\"/details?from=2025-04-01&#38;state=standing&#38;sort=oldest&#38;after=").nth(1);
    let cursor = next.unwrap_or_else(|| panic!("no next page in {text}")).split('"').next().unwrap();
    let second =
        world.get(&format!("/details?from=2025-04-01&state=standing&sort=oldest&after={cursor}"), Who::Acme).await;
    assert!(second.text().contains("records on this page") && second.text().contains(">First page</a>"));
    let foreign = world.get(&format!("/details?sort=oldest&after={cursor}"), Who::Beta).await;
    assert_eq!(foreign.status, 200);
    assert!(foreign.text().matches("<tr ").count() <= 15, "a cursor leads nobody into another's list");
}

#[tokio::test]
async fn a_provider_sees_only_what_it_recorded_itself() {
    let world = World::new().await;
    let ann = world.holder("TX-BON", "RN", "RN-1", "Ann", "Lee").await;
    let key = world.record("acme-ce", credit(&ann, "CE-101", date(2026, 1, 31)), 2).await;
    let reference = adapters::table::credit_reference(&key);
    for query in ["", "?number=RN-1", "?surname=lee", "?course=CE-101"] {
        assert!(!world.get(&format!("/details{query}"), Who::Beta).await.text().contains("Ann"), "{query}");
        assert!(world.get(&format!("/details{query}"), Who::Acme).await.text().contains("Ann Lee"), "{query}");
    }
    let never = credit(&ann, "CE-999", date(2026, 1, 31));
    let never = adapters::table::credit_reference(&domain::credit::CreditKey::of(&never));
    for ending in ["", "/correct", "/withdraw", "/restore"] {
        let foreign = world.get(&format!("/details/credits/{reference}{ending}"), Who::Beta).await;
        let unknown = world.get(&format!("/details/credits/{never}{ending}"), Who::Beta).await;
        assert_eq!((foreign.status, &foreign.body), (404, &unknown.body), "{ending}");
    }
    let form = "version=1&reason=not+mine";
    assert_eq!(world.post(&format!("/details/credits/{reference}/withdraw"), Who::Beta, form).await.status, 404);
    assert!(!world.get("/details", Who::Acme).await.text().contains("Withdrawn</span>"));
    assert_eq!(world.get("/details/credits/nonsense", Who::Acme).await.status, 404);
}

#[tokio::test]
async fn empty_lists_say_what_to_do() {
    let world = World::new().await;
    let get = async |query: &str| world.get(&format!("/details{query}"), Who::Acme).await;
    let first = get("").await;
    assert!(first.text().contains("Nobody is recorded yet") && first.text().contains("href=\"/import\""));
    assert!(!first.text().contains("Download as Excel"));
    assert!(get("?number=RN-1").await.text().contains("No record of yours matches this search."));
    for (query, wrong) in [
        ("?number=%00", "That can&#39;t be a license number."),
        ("?surname=...", "That can&#39;t be a surname."),
        ("?course=a%23b", "That can&#39;t be a course number."),
        ("?from=2026-02-30", "This isn&#39;t a date."),
        ("?from=2026-02-03&to=2026-02-01", "This day is before the first one."),
    ] {
        let page = get(query).await;
        assert!(
            page.text().contains(wrong) && page.text().contains("Nothing was searched"),
            "{query}: {}",
            page.text()
        );
    }
    assert!(get("?state=lost").await.text().contains("Nothing was searched"));
    assert_eq!(get("?state=standing&state=withdrawn").await.status, 400);
    assert!(get("?after=nonsense").await.text().contains("There is nothing more."));
}

#[tokio::test]
async fn a_search_that_has_looked_far_says_how_far_and_goes_on() {
    let world = World::new().await;
    let people = people(&world, &[("Ann", "Lee"), ("Bo", "Quixwood")]).await;
    for month in 0..45 {
        let day = date(2026, 1, 15).checked_sub(month.months()).unwrap();
        world.record("acme-ce", credit(&people[usize::from(month == 44)], "CE-101", day), 2).await;
    }
    let first = world.get("/details?surname=quix", Who::Acme).await;
    assert!(
        first.text().contains("Nothing was found yet. So far everything after September 2022 has been searched."),
        "{}",
        first.text()
    );
    let further = first.text().split("href=\"").find(|part| part.contains("Search further")).unwrap();
    let address = further.split('"').next().unwrap().replace("&#38;", "&");
    let second = world.get(&address, Who::Acme).await;
    assert!(second.text().contains("Bo Quixwood"), "{}", second.text());
    assert!(!second.text().contains("Search further"));
}

#[tokio::test]
async fn a_page_view_asks_the_directory_and_as_many_partitions_as_it_shows() {
    let world = World::new().await;
    let names: Vec<_> = (0..60).map(|n| format!("Person{n}")).collect();
    let names: Vec<_> = names.iter().map(|last| ("Ann", last.as_str())).collect();
    for person in people(&world, &names).await {
        for course in ["CE-1", "CE-2"] {
            world.record("acme-ce", credit(&person, course, date(2026, 1, 31)), 2).await;
            world.record("acme-ce", credit(&person, course, date(2025, 12, 31)), 2).await;
        }
    }
    let calls = async |asked: CreditsAsked| {
        let table = &world.clients.table;
        let page = table.fetch_credits_page(&provider("acme-ce"), &asked, None, 50).await.unwrap();
        assert_eq!(page.credits.len().min(2), 2);
        page.calls
    };
    // The directory, and the two courses of the newest month.
    assert_eq!(calls(CreditsAsked::default()).await, 3);
    let course = CreditsAsked { course: CourseNumber::parse("CE-1").ok(), ..CreditsAsked::default() };
    assert_eq!(calls(course).await, 2);
    // The register's entry, and the licensee's own records.
    let number = CreditsAsked { number: LicenceNumber::parse("RN-7").ok(), ..CreditsAsked::default() };
    assert_eq!(calls(number).await, 2);
    // The directory, and every course and month.
    let surname = CreditsAsked { surname: Some(SurnameForms::of("person7")), ..CreditsAsked::default() };
    assert_eq!(calls(surname).await, 5);
}
