//! The registers over a real table in memory: what is found how, and what two people who change one entry come to.

use adapters::table::{Saved, Table};
use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use aws_sdk_dynamodb::{
    Client,
    types::{
        AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
        ScalarAttributeType,
    },
};
use domain::{
    course::{Course, CourseNumber, ProviderId},
    email::EmailAddress,
    hours::CreditHours,
    licence::{Licence, LicenceNumber},
    name::PersonName,
    register::{Change, Holder, Provider},
};
use jiff::civil::date;

async fn table() -> Table {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(dynoxide::server::serve_on(listener, dynoxide::Database::memory().unwrap()));
    let config = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "tests"))
        .endpoint_url(endpoint)
        .load()
        .await;
    let client = Client::new(&config);
    let key = |name: &str, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap();
    let index = GlobalSecondaryIndex::builder()
        .index_name("gsi1")
        .key_schema(key("gsi1pk", KeyType::Hash))
        .key_schema(key("gsi1sk", KeyType::Range))
        .projection(Projection::builder().projection_type(ProjectionType::All).build())
        .build()
        .unwrap();
    let mut create = client
        .create_table()
        .table_name("table")
        .billing_mode(BillingMode::PayPerRequest)
        .key_schema(key("pk", KeyType::Hash))
        .key_schema(key("sk", KeyType::Range))
        .global_secondary_indexes(index);
    for name in ["pk", "sk", "gsi1pk", "gsi1sk"] {
        let kind = ScalarAttributeType::S;
        let attribute = AttributeDefinition::builder().attribute_name(name).attribute_type(kind).build().unwrap();
        create = create.attribute_definitions(attribute);
    }
    create.send().await.unwrap();
    Table::new(client, "table".to_owned())
}

fn change(at: i64) -> Change {
    Change { by: "account-1".to_owned(), at, why: "by letter".to_owned() }
}

fn id(text: &str) -> ProviderId {
    ProviderId::parse(text).unwrap()
}

fn licensed(name: &str, licence: &str) -> Provider {
    Provider { licence: LicenceNumber::parse(licence).ok(), ..Provider::named(id(name), name) }
}

fn course(number: &str, providers: &[&str]) -> Course {
    Course {
        number: CourseNumber::parse(number).unwrap(),
        title: format!("Title of {number}"),
        hours: CreditHours::from_hundredths(150).unwrap(),
        category: "Ethics".to_owned(),
        approved_from: date(2025, 1, 1),
        approved_to: None,
        providers: providers.iter().map(|provider| id(provider)).collect(),
    }
}

fn holder(profession: &str, number: &str, first: &str, last: &str) -> Holder {
    Holder {
        licence: Licence {
            board: "TX-BON".to_owned(),
            profession: profession.to_owned(),
            number: LicenceNumber::parse(number).unwrap(),
        },
        name: PersonName { first: first.to_owned(), last: last.to_owned() },
        active_from: None,
        active_to: Some(date(2027, 1, 31)),
        email_on_file: EmailAddress::parse("someone@example.org").ok(),
    }
}

#[tokio::test]
async fn a_provider_is_found_by_id_and_by_its_number_in_any_spelling() {
    let table = table().await;
    let mut acme = licensed("acme-ce", "PRV-0042");
    acme.contact.person = Some("Ann Lee".to_owned());
    acme.contact.country = Some("USA".to_owned());
    acme.email_on_file = EmailAddress::parse("office@acme.example").ok();
    acme.active_from = Some(date(2020, 1, 1));
    assert_eq!(table.save_provider_if(&acme, None, &change(1)).await.unwrap(), Saved::Now(1));
    let found = table.fetch_provider(&acme.id).await.unwrap().unwrap();
    assert_eq!((&found.value, found.version), (&acme, 1));
    assert_eq!(found.last_change.as_ref().unwrap().by, "account-1");
    let number = LicenceNumber::parse("prv 0042").unwrap();
    assert_eq!(table.fetch_provider_by_licence(&number).await.unwrap(), Some(found));
    let unknown = LicenceNumber::parse("prv 0043").unwrap();
    assert_eq!(table.fetch_provider_by_licence(&unknown).await.unwrap(), None);
    assert_eq!(table.fetch_providers().await.unwrap(), [acme]);
}

#[tokio::test]
async fn of_two_who_change_the_same_version_the_second_is_told() {
    let table = table().await;
    let acme = licensed("acme-ce", "1");
    table.save_provider_if(&acme, None, &change(1)).await.unwrap();
    assert_eq!(table.save_provider_if(&acme, None, &change(1)).await.unwrap(), Saved::Conflict);
    let read = table.fetch_provider(&acme.id).await.unwrap().unwrap();
    let renamed = |name: &str| Provider { name: name.to_owned(), ..acme.clone() };
    assert_eq!(table.save_provider_if(&renamed("A"), Some(&read), &change(2)).await.unwrap(), Saved::Now(2));
    assert_eq!(table.save_provider_if(&renamed("B"), Some(&read), &change(3)).await.unwrap(), Saved::Conflict);
    let now = table.fetch_provider(&acme.id).await.unwrap().unwrap();
    assert_eq!((now.value.name.as_str(), now.version), ("A", 2));
    assert_eq!(table.save_provider_if(&now.value, Some(&now), &change(4)).await.unwrap(), Saved::Unchanged);
    assert_eq!(table.fetch_provider(&acme.id).await.unwrap().unwrap(), now);
}

#[tokio::test]
async fn each_change_is_kept_with_who_when_why_and_what_stood_there() {
    let table = table().await;
    let acme = licensed("acme-ce", "1");
    table.save_provider_if(&acme, None, &change(1)).await.unwrap();
    let read = table.fetch_provider(&acme.id).await.unwrap().unwrap();
    let renamed = Provider { name: "Acme CE".to_owned(), ..acme.clone() };
    table.save_provider_if(&renamed, Some(&read), &change(2)).await.unwrap();
    let (changes, _) = table.fetch_changes_of_provider(&acme.id, None, 10).await.unwrap();
    assert_eq!(changes.len(), 2);
    assert_eq!((changes[0].version, changes[0].was_new), (2, false));
    assert_eq!(changes[0].change, change(2));
    assert_eq!(changes[0].before, [("Provider Name".to_owned(), "acme-ce".to_owned())]);
    assert!(changes[1].was_new);
}

#[tokio::test]
async fn a_licence_number_is_one_providers_and_is_free_when_it_is_given_up() {
    let table = table().await;
    let (acme, beta) = (licensed("acme-ce", "PRV-1"), licensed("beta-ce", "prv1"));
    table.save_provider_if(&acme, None, &change(1)).await.unwrap();
    assert_eq!(table.save_provider_if(&beta, None, &change(2)).await.unwrap(), Saved::NumberTaken);
    assert_eq!(table.fetch_provider(&beta.id).await.unwrap(), None);
    let read = table.fetch_provider(&acme.id).await.unwrap().unwrap();
    table.save_provider_if(&licensed("acme-ce", "PRV-2"), Some(&read), &change(3)).await.unwrap();
    assert_eq!(table.save_provider_if(&beta, None, &change(4)).await.unwrap(), Saved::Now(1));
    let found = table.fetch_provider_by_licence(&LicenceNumber::parse("PRV-1").unwrap()).await.unwrap();
    assert_eq!(found.unwrap().value.id, beta.id);
}

#[tokio::test]
async fn courses_are_listed_in_order_and_for_each_of_their_providers() {
    let table = table().await;
    let numbers = |courses: &[Course]| courses.iter().map(|course| course.number.to_string()).collect::<Vec<_>>();
    for number in ["PHM-220", "ETH-101", "ETH-102"] {
        table.save_course_if(&course(number, &["acme-ce"]), None, &change(1)).await.unwrap();
    }
    let (first, next) = table.fetch_courses("", None, 2).await.unwrap();
    assert_eq!(numbers(&first), ["ETH-101", "ETH-102"]);
    let (rest, end) = table.fetch_courses("", next.as_deref(), 2).await.unwrap();
    assert_eq!((numbers(&rest), end), (vec!["PHM-220".to_owned()], None));
    assert_eq!(numbers(&table.fetch_courses("PHM", None, 9).await.unwrap().0), ["PHM-220"]);

    let read = table.fetch_course(&CourseNumber::parse("ETH-101").unwrap()).await.unwrap().unwrap();
    table.save_course_if(&course("ETH-101", &["beta-ce"]), Some(&read), &change(2)).await.unwrap();
    let of_acme = table.fetch_courses_of(&id("acme-ce"), None, 9).await.unwrap().0;
    assert_eq!(numbers(&of_acme), ["ETH-102", "PHM-220"], "a provider that has left has no copy");
    let of_beta = table.fetch_courses_of(&id("beta-ce"), None, 9).await.unwrap().0;
    assert_eq!(of_beta, [course("ETH-101", &["beta-ce"])]);
    let (changes, _) = table.fetch_changes_of_course(&read.value.number, None, 9).await.unwrap();
    assert_eq!(changes[0].before, [("Providers".to_owned(), "acme-ce".to_owned())]);
}

#[tokio::test]
async fn holders_are_found_by_number_by_licence_and_by_the_beginning_of_their_surname() {
    let table = table().await;
    let people = [
        holder("RN", "777", "Ann", "Müller-Lee"),
        holder("LVN", "777", "Bo", "Muller"),
        holder("RN", "778", "Cy", "Mu"),
        holder("RN", "779", "Di", "O"),
    ];
    for person in &people {
        assert_eq!(table.save_holder_if(person, None, &change(1)).await.unwrap(), Saved::Now(1));
    }
    let by_number = table.fetch_holders_by_number(&people[0].licence.number).await.unwrap();
    assert_eq!(by_number, [people[1].clone(), people[0].clone()], "one number, two professions");
    assert_eq!(table.fetch_holder(&people[0].licence).await.unwrap().unwrap().value, people[0]);
    let found = async |surname: &str, first: Option<&str>| {
        let (found, _) = table.fetch_holders_by_surname(surname, first, None, 9).await.unwrap();
        found.into_iter().map(|holder| holder.name.first).collect::<Vec<_>>()
    };
    assert_eq!(found("MÜLL", None).await, ["Bo", "Ann"]);
    assert_eq!(found("mu", None).await, ["Cy", "Bo", "Ann"]);
    assert_eq!(found("Muller", Some("b")).await, ["Bo"]);
    assert_eq!(found("o", None).await, ["Di"]);
    assert!(found("lee", None).await.is_empty());
    let (page, next) = table.fetch_holders_by_surname("mu", None, None, 2).await.unwrap();
    let (rest, _) = table.fetch_holders_by_surname("mu", None, next.as_deref(), 2).await.unwrap();
    assert_eq!((page.len(), rest.len()), (2, 1));
}

#[tokio::test]
async fn a_holder_who_changes_the_name_is_found_by_the_new_one_only() {
    let table = table().await;
    let before = holder("RN", "777", "Ann", "Miller");
    table.save_holder_if(&before, None, &change(1)).await.unwrap();
    let read = table.fetch_holder(&before.licence).await.unwrap().unwrap();
    let after = holder("RN", "777", "Ann", "Smith");
    assert_eq!(table.save_holder_if(&after, Some(&read), &change(2)).await.unwrap(), Saved::Now(2));
    assert!(table.fetch_holders_by_surname("miller", None, None, 9).await.unwrap().0.is_empty());
    assert_eq!(table.fetch_holders_by_surname("smith", None, None, 9).await.unwrap().0, std::slice::from_ref(&after));
    assert_eq!(table.fetch_holders_by_number(&after.licence.number).await.unwrap(), std::slice::from_ref(&after));
    let both = table.fetch_versions_of_holders(&["777".to_owned()].into()).await.unwrap();
    assert_eq!(both["777"][0], table.fetch_holder(&after.licence).await.unwrap().unwrap());
}

#[tokio::test]
async fn a_licence_without_board_or_profession_is_refused() {
    let table = table().await;
    for (board, profession) in [("", "RN"), ("TX-BON", ""), ("TX#BON", "RN"), ("TX-BON", "a/b")] {
        let mut nowhere = holder(profession, "1", "Ann", "Lee");
        nowhere.licence.board = board.to_owned();
        assert!(table.save_holder_if(&nowhere, None, &change(1)).await.is_err(), "{board:?} {profession:?}");
        assert!(table.save_holders(&[nowhere]).await.is_err(), "{board:?} {profession:?}");
    }
}

#[tokio::test]
async fn what_is_loaded_whole_is_found_as_what_is_entered_and_can_be_changed() {
    let table = table().await;
    let (acme, ethics, ann) =
        (licensed("acme-ce", "1"), course("ETH-101", &["acme-ce"]), holder("RN", "7", "Ann", "Lee"));
    for _ in 0..2 {
        table.save_provider(&acme).await.unwrap();
        table.save_courses(&[course("ETH-101", &["beta-ce"])]).await.unwrap();
        table.save_courses(std::slice::from_ref(&ethics)).await.unwrap();
        table.save_holders(std::slice::from_ref(&ann)).await.unwrap();
    }
    let provider = table.fetch_provider_by_licence(acme.licence.as_ref().unwrap()).await.unwrap().unwrap();
    let course = table.fetch_course(&ethics.number).await.unwrap().unwrap();
    let holder = table.fetch_holder(&ann.licence).await.unwrap().unwrap();
    assert_eq!((provider.version, course.version, holder.version), (2, 4, 2));
    assert_eq!(table.fetch_courses_of(&id("acme-ce"), None, 9).await.unwrap().0, std::slice::from_ref(&ethics));
    assert!(table.fetch_courses_of(&id("beta-ce"), None, 9).await.unwrap().0.is_empty());
    assert_eq!(table.fetch_holders_by_surname("le", None, None, 9).await.unwrap().0, std::slice::from_ref(&ann));
    let married = Holder { name: PersonName { first: "Ann".into(), last: "Ray".into() }, ..ann };
    assert_eq!(table.save_holder_if(&married, Some(&holder), &change(2)).await.unwrap(), Saved::Now(3));
    let renamed = Course { title: "Ethics".into(), ..ethics };
    assert_eq!(table.save_course_if(&renamed, Some(&course), &change(2)).await.unwrap(), Saved::Now(5));
}
