use super::*;
use crate::table::mails::tests::table;
use domain::suppression::TRIED_AGAIN_SECONDS;

const NOW: i64 = 1_770_000_000;

fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

fn noted(trouble: Trouble, at: i64) -> Noted<'static> {
    Noted { trouble, at, mail: None, code: "General" }
}

#[tokio::test]
async fn words_that_come_twice_or_late_change_nothing() {
    let (table, maria) = (table().await, address("maria@example.org"));
    for at in [NOW, NOW, NOW - 60] {
        let known = table.note_suppression(&maria, &noted(Trouble::Bounce, at)).await.unwrap();
        assert_eq!(known.standing(), Some((Trouble::Bounce, NOW)), "{at}");
    }
    let known = table.note_suppression(&maria, &noted(Trouble::Complaint, NOW - 9)).await.unwrap();
    assert_eq!((known.bounced_at, known.standing()), (Some(NOW), Some((Trouble::Complaint, NOW - 9))));
}

#[tokio::test]
async fn an_address_is_found_however_it_is_written_and_never_stands_in_the_table() {
    let (table, maria) = (table().await, address("Maria@Example.org"));
    table.note_suppression(&maria, &noted(Trouble::Bounce, NOW)).await.unwrap();
    let asked = [address("maria@example.org"), maria.clone(), address("other@example.org")];
    let found = table.fetch_suppressions(&asked).await.unwrap();
    assert_eq!(found.keys().cloned().collect::<Vec<_>>(), [maria.clone(), address("maria@example.org")]);
    assert_eq!(table.fetch_suppression(&asked[0]).await.unwrap(), Some(found[&maria]));
    assert_eq!(table.fetch_suppression(&asked[2]).await.unwrap(), None);
    assert!(!format!("{:?}", table.fetch_item(suppression_key(&maria), true).await.unwrap()).contains("example"));
}

#[tokio::test]
async fn more_addresses_than_one_call_takes_are_all_looked_up() {
    let table = table().await;
    let all: Vec<EmailAddress> = (0..230).map(|number| address(&format!("p{number}@example.org"))).collect();
    for each in all.iter().step_by(23) {
        table.note_suppression(each, &noted(Trouble::Bounce, NOW)).await.unwrap();
    }
    assert_eq!(table.fetch_suppressions(&all).await.unwrap().len(), 10);
    assert!(table.fetch_suppressions(&[]).await.unwrap().is_empty());
}

#[tokio::test]
async fn that_the_mail_service_knows_of_it_is_noted_of_addresses_that_something_was_noted_of() {
    let (table, maria) = (table().await, address("maria@example.org"));
    table.note_allowed(&maria, NOW).await.unwrap();
    assert_eq!(table.fetch_suppression(&maria).await.unwrap(), None);
    table.note_suppression(&maria, &noted(Trouble::Bounce, NOW)).await.unwrap();
    table.lift_suppression(&maria, NOW + 10).await.unwrap();
    for at in [NOW + 20, NOW + 15] {
        table.note_allowed(&maria, at).await.unwrap();
    }
    let found = table.fetch_suppression(&maria).await.unwrap().unwrap();
    assert_eq!((found.lifted_at, found.allowed_at), (Some(NOW + 10), Some(NOW + 20)));
}

#[tokio::test]
async fn it_is_lifted_once_a_day_and_old_words_dont_bring_it_back() {
    let (table, maria) = (table().await, address("maria@example.org"));
    assert_eq!(table.lift_suppression(&maria, NOW).await.unwrap(), Lifted::NothingStands);
    table.note_suppression(&maria, &noted(Trouble::Bounce, NOW)).await.unwrap();
    assert_eq!(table.lift_suppression(&maria, NOW + 10).await.unwrap(), Lifted::Now);
    assert_eq!(table.lift_suppression(&maria, NOW + 10).await.unwrap(), Lifted::NothingStands);
    let late = table.note_suppression(&maria, &noted(Trouble::Bounce, NOW + 5)).await.unwrap();
    assert_eq!(late.standing(), None);
    let again = table.note_suppression(&maria, &noted(Trouble::Bounce, NOW + 20)).await.unwrap();
    assert_eq!(again.standing(), Some((Trouble::Bounce, NOW + 20)));
    let from = NOW + 10 + TRIED_AGAIN_SECONDS;
    assert_eq!(table.lift_suppression(&maria, from - 1).await.unwrap(), Lifted::NotBefore(from));
    assert_eq!(table.lift_suppression(&maria, from).await.unwrap(), Lifted::Now);
}

#[tokio::test]
async fn an_opened_link_lifts_it_whenever_and_leaves_no_trace_where_nothing_was() {
    let (table, maria) = (table().await, address("maria@example.org"));
    table.lift_proven(&maria, NOW).await.unwrap();
    assert_eq!(table.fetch_suppression(&maria).await.unwrap(), None);
    for at in [NOW, NOW + 100] {
        table.note_suppression(&maria, &noted(Trouble::Complaint, at)).await.unwrap();
        table.lift_proven(&maria, at + 1).await.unwrap();
        assert_eq!(table.fetch_suppression(&maria).await.unwrap().unwrap().standing(), None);
    }
}
