//! The credit beside what is recorded already: one licensee, one course and one day are one credit, and one event's certificate never
//! disposes of what another, or a roster, gave.

use crate::world::{World, acme, ann, code, licence};
use adapters::{objects::preview_key, table::ChangeApplied};
use domain::{
    attendance::{Decided, Turned, Verdict},
    completion::{AssignRefusal, HeldBecause, Step, assign_later},
    course::ProviderId,
    credit::{ChangeReason, Made, Plan},
    event::Event,
    licence::Licence,
    name::PersonName,
    roster::judge::Credit,
};

impl World {
    /// Somebody withdraws what stands under the key.
    async fn withdraw(&self, event: &Event, by_office: bool) {
        let record = self.credit(event).await.unwrap();
        let reason = ChangeReason::parse("By mistake").unwrap();
        let on = event.when.first_day();
        let made = Made { by_office, account: "somebody".to_owned(), at: 2, on, reason };
        let applied = self.clients.table.apply_change(&record, &Plan::Withdraw, &made, &[]).await.unwrap();
        assert_eq!(applied, ChangeApplied::Now);
    }

    async fn by_roster(&self, event: &Event) -> bool {
        self.person(event).await.submitted().unwrap().licences[0].by_roster
    }
}

fn is_issued(step: &Step) -> bool {
    matches!(step, Step::Issued { .. })
}

#[tokio::test(flavor = "multi_thread")]
async fn its_picture_is_stored_with_its_sheets_once() {
    let world = World::new().await;
    let event = world.submitted(1).await;
    assert!(world.deliver(&event).await && is_issued(&world.step(&event).await));
    let key = preview_key(&code(1));
    let picture = world.stored(&key);
    assert!(picture.starts_with(&[0x1f, 0x8b]), "SVG, packed");
    assert!(world.deliver(&event).await);
    assert_eq!(world.stored(&key), picture);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_roster_that_reported_it_before_is_enough_and_the_certificate_says_so_and_leaves_it() {
    let world = World::new().await;
    let event = world.submitted(1).await;
    world.report(&event, &acme()).await;
    assert!(world.deliver(&event).await);
    assert!(is_issued(&world.step(&event).await));
    assert!(world.by_roster(&event).await);
    let credit = world.credit(&event).await.unwrap();
    assert_eq!((credit.recorded.source.row().map(|(_, row)| row), credit.hours.hundredths()), (Some(3), 200));
    world.revoke(&event, "By mistake").await;
    assert!(world.deliver(&event).await);
    assert_eq!(world.credit(&event).await, Some(credit), "the roster's credit isn't the certificate's to withdraw");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_events_credit_takes_the_place_of_a_row_that_its_provider_has_withdrawn() {
    let world = World::new().await;
    let event = world.submitted(1).await;
    world.report(&event, &acme()).await;
    world.withdraw(&event, false).await;
    assert!(world.deliver(&event).await);
    assert!(is_issued(&world.step(&event).await) && !world.by_roster(&event).await);
    let credit = world.credit(&event).await.unwrap();
    assert!(credit.stands());
    assert_eq!((credit.recorded.source.event(), credit.hours.hundredths()), (Some(&event.id), 150));
    let history = world.clients.table.fetch_history(&credit).await.unwrap();
    let hours: Vec<(u32, bool)> = history.iter().map(|it| (it.hours.hundredths(), it.was_withdrawn)).collect();
    assert_eq!(hours, [(200, true), (200, false)], "what stood there is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_office_or_another_provider_has_withdrawn_keeps_the_certificate_back() {
    for (provider, by_office) in [(acme(), true), (ProviderId::parse("beta-ce").unwrap(), false)] {
        let world = World::new().await;
        let event = world.submitted(1).await;
        world.report(&event, &provider).await;
        world.withdraw(&event, by_office).await;
        assert!(world.deliver(&event).await);
        let step = world.step(&event).await;
        assert!(matches!(step, Step::Held { why: HeldBecause::CreditWithdrawn { .. }, .. }), "{step:?}");
        assert!(!world.credit(&event).await.unwrap().stands());
        assert_eq!(world.certificate(1).await, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_its_provider_has_corrected_to_another_license_keeps_the_certificate_back() {
    let world = World::new().await;
    let event = world.submitted(1).await;
    world.report(&event, &acme()).await;
    let record = world.credit(&event).await.unwrap();
    let other = Licence { board: "CA-BRN".to_owned(), ..licence() };
    let onto = Credit { licence: other.clone(), ..world.reported(&event) };
    let plan = Plan::Move { credit: Box::new(onto), onto: None };
    let reason = ChangeReason::parse("The other license was meant").unwrap();
    let on = event.when.first_day();
    let made = Made { by_office: false, account: "somebody".to_owned(), at: 2, on, reason };
    let applied = world.clients.table.apply_change(&record, &plan, &made, &[]).await.unwrap();
    assert_eq!(applied, ChangeApplied::Now);
    assert!(world.deliver(&event).await);
    let step = world.step(&event).await;
    assert!(matches!(step, Step::Held { why: HeldBecause::CreditWithdrawn { .. }, .. }), "{step:?}");
    let left = world.credit(&event).await.unwrap();
    assert!(!left.stands() && left.recorded.source.event().is_none(), "what was corrected stays as it was left");
    assert_eq!(world.certificate(1).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_events_of_a_course_on_one_day_one_gives_the_credit_and_neither_takes_the_others() {
    let world = World::new().await;
    let (first, second) = (world.submitted(1).await, world.submitted(2).await);
    assert!(world.deliver(&first).await && world.deliver(&second).await);
    assert!(is_issued(&world.step(&first).await));
    let step = world.step(&second).await;
    assert!(matches!(step, Step::Held { why: HeldBecause::OtherEvent { .. }, .. }), "{step:?}");
    // The second one's end leaves the first one's credit alone.
    world.revoke(&second, "Not needed").await;
    assert!(world.deliver(&second).await);
    let credit = world.credit(&first).await.unwrap();
    assert!(credit.stands() && credit.recorded.source.event() == Some(&first.id));
    // Once the first one is revoked, the second one's may take its place; and then that one is nobody else's to withdraw.
    world.revoke(&first, "It was the other one").await;
    assert!(world.deliver(&first).await);
    world.issue_again(&second, ann(), 22).await;
    assert!(world.deliver(&second).await);
    assert!(is_issued(&world.step(&second).await));
    let credit = world.credit(&second).await.unwrap();
    assert!(credit.stands() && credit.recorded.source.event() == Some(&second.id));
    assert!(world.deliver(&first).await, "a message that comes late");
    assert!(world.credit(&second).await.unwrap().stands());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credit_that_comes_back_is_restored_and_corrected_by_one_message() {
    let world = World::new().await;
    let event = world.submitted(1).await;
    world.deliver(&event).await;
    world.revoke(&event, "By mistake").await;
    world.deliver(&event).await;
    // The hours and the name have been decided anew meanwhile.
    let mut decided = *world.person(&event).await.decided.unwrap();
    decided.credits[0].hours = Some(crate::world::hours(125));
    world.decide(&event, &decided).await;
    let anne = PersonName { first: "Anne".to_owned(), last: "Lee".to_owned() };
    world.issue_again(&event, anne.clone(), 11).await;
    assert!(world.deliver(&event).await, "nothing comes twice for it");
    let credit = world.credit(&event).await.unwrap();
    assert!(credit.stands());
    assert_eq!((credit.hours.hundredths(), credit.name), (125, anne));
}

/// Ann's certificate of this event, issued without a licence and then assigned to hers.
async fn assigned_later(world: &World, number: u128) -> Event {
    let event = world.submitted(number).await;
    let mut completion = *world.person(&event).await.completion.unwrap();
    completion.submitted.as_mut().unwrap().licences.clear();
    world.move_to(&event, &completion).await;
    assert!(world.deliver(&event).await);
    assert!(is_issued(&world.step(&event).await));
    let completion = *world.person(&event).await.completion.unwrap();
    let after = assign_later(&completion, licence(), "Law".to_owned()).unwrap();
    assert_eq!(assign_later(&after, licence(), "Law".to_owned()), Err(AssignRefusal::Already));
    let person = world.person(&event).await;
    assert!(world.clients.table.save_completion_to_end(&person, &after, 5).await.unwrap());
    event
}

#[tokio::test(flavor = "multi_thread")]
async fn a_license_that_a_certificate_is_assigned_to_later_gets_its_credit_once_and_loses_it_with_the_certificate() {
    let world = World::new().await;
    let event = assigned_later(&world, 1).await;
    assert!(world.person(&event).await.submitted().unwrap().is_to_do(), "an event's look finds it");
    assert_eq!(world.credit(&event).await, None);
    let frozen = world.certificate(1).await;
    for _ in 0..2 {
        assert!(world.deliver(&event).await);
    }
    let credit = world.credit(&event).await.unwrap();
    assert_eq!((credit.category.as_str(), credit.stands(), credit.version), ("Law", true, 1));
    let submitted = world.person(&event).await.submitted().cloned().unwrap();
    assert!(is_issued(&submitted.certificate.step) && !submitted.is_to_do());
    assert_eq!(world.certificate(1).await, frozen, "the certificate says what it said");
    world.revoke(&event, "By mistake").await;
    assert!(world.deliver(&event).await);
    assert!(!world.credit(&event).await.unwrap().stands());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_license_whose_record_has_another_events_credit_of_that_course_and_day_is_left_out_again() {
    let world = World::new().await;
    let first = world.submitted(1).await;
    assert!(world.deliver(&first).await);
    let event = assigned_later(&world, 2).await;
    assert!(world.deliver(&event).await);
    let submitted = world.person(&event).await.submitted().cloned().unwrap();
    assert!(submitted.licences.is_empty() && is_issued(&submitted.certificate.step), "{submitted:?}");
    assert_eq!(world.credit(&event).await.unwrap().recorded.source.event(), Some(&first.id));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_entered_while_the_attendance_is_doubted() {
    let world = World::new().await;
    let event = assigned_later(&world, 1).await;
    let turned =
        Turned { at: 5, case: "case".to_owned(), verdict: Verdict::Short, reasons: Vec::new(), attended: 0, missed: 1 };
    let doubted = Decided { turned: Some(turned), ..*world.person(&event).await.decided.unwrap() };
    world.decide(&event, &doubted).await;
    assert!(world.deliver(&event).await);
    assert_eq!(world.credit(&event).await, None);
    assert!(world.person(&event).await.submitted().unwrap().is_to_do(), "it is looked at again");
}
