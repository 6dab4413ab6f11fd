//! What a revocation ends, also where it overtakes the making; and what no certificate is made of.

use crate::world::{World, ann, code, decided, hours};
use adapters::objects::{credential_key, status_key};
use documents::credential::{self, Keys, PublicKey};
use domain::{
    attendance::{Credited, Decided, Turned, Verdict},
    certificate::Validity,
    completion::{HeldBecause, Step, TAKEN_BACK},
};

/// Whether a status list says that the certificate doesn't count: its one bit is in a gzipped list, so the two differ.
fn is_ended(status: &[u8], number: u128, world_key: &str) -> bool {
    let list = String::from_utf8_lossy(status).into_owned();
    let key = credential::SigningKey::from_seed(world_key, &[1; 32]).unwrap();
    let ended = credential::status_list(&code(number), "http://check.test", true, 1, &key);
    let encoded = |text: &str| text.split("encodedList\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    encoded(&list) == encoded(std::str::from_utf8(&ended).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_is_revoked_while_it_is_made_is_never_entered() {
    let world = World::new().await;
    let event = world.submitted(1).await;
    let gate = world.gate("status");
    let (made, ()) = tokio::join!(world.deliver(&event), async {
        // Everything but the register's entry is made; meanwhile the attendance is taken back, and another process has done it.
        gate.reached().await;
        world.take_back(&event, "Somebody else sat there").await;
        assert!(world.deliver(&event).await);
        assert!(matches!(world.step(&event).await, Step::Revoked { .. }));
        gate.open();
    });
    assert!(!made, "its message comes again");
    assert!(world.deliver(&event).await, "and is at an end then");
    assert_eq!(world.certificate(1).await, None, "nobody can check what was never issued");
    assert!(!world.credit(&event).await.unwrap().stands());
    assert!(world.deliver(&event).await, "as often as you like");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_certificate_is_ended_in_the_register_and_in_its_signed_status() {
    let world = World::new().await;
    let event = world.submitted(1).await;
    assert!(world.deliver(&event).await);
    assert!(!is_ended(&world.stored(&status_key(&code(1))), 1, "2026-1"));
    world.revoke(&event, "By mistake").await;
    for _ in 0..2 {
        assert!(world.deliver(&event).await);
        let record = world.certificate(1).await.unwrap();
        assert!(matches!(record.validity, Validity::Revoked { .. }), "{:?}", record.validity);
        assert!(is_ended(&world.stored(&status_key(&code(1))), 1, "2026-1"));
        assert!(!world.credit(&event).await.unwrap().stands());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revocation_that_comes_late_leaves_the_credit_of_what_was_issued_again() {
    let world = World::new().await;
    let event = world.submitted(1).await;
    assert!(world.deliver(&event).await);
    world.revoke(&event, "By mistake").await;
    let gate = world.gate("status");
    let (revoked, ()) = tokio::join!(world.deliver(&event), async {
        // Another process has done it meanwhile, and staff have issued the certificate again.
        gate.reached().await;
        assert!(world.deliver(&event).await);
        world.issue_again(&event, ann(), 11).await;
        assert!(world.deliver(&event).await);
        gate.open();
    });
    assert!(!revoked, "it was overtaken, and its message comes again");
    assert!(world.credit(&event).await.unwrap().stands(), "the credit is the new certificate's");
    assert!(world.deliver(&event).await);
    assert!(world.credit(&event).await.unwrap().stands());
    assert_eq!(world.certificate(11).await.unwrap().validity, Validity::Valid);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_maker_that_comes_late_enters_nothing_beside_the_certificate_that_was_issued_instead() {
    let world = World::new().await;
    let event = world.submitted(1).await;
    let gate = world.gate("status");
    let (made, ()) = tokio::join!(world.deliver(&event), async {
        gate.reached().await;
        world.take_back(&event, "Somebody else sat there").await;
        assert!(world.deliver(&event).await);
        world.issue_again(&event, ann(), 11).await;
        assert!(world.deliver(&event).await);
        gate.open();
    });
    assert!(!made, "it was overtaken, and its message comes again");
    assert!(world.deliver(&event).await);
    assert_eq!(world.certificate(1).await, None);
    assert_eq!(world.certificate(11).await.unwrap().validity, Validity::Valid);
    assert!(world.credit(&event).await.unwrap().stands());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_entered_while_it_is_held_is_issued_and_what_is_given_up_for_another_isnt_entered() {
    for is_issued_again in [false, true] {
        let world = World::new().await;
        let event = world.submitted(1).await;
        let in_full = *world.person(&event).await.decided.unwrap();
        let gate = world.gate("status");
        let (made, ()) = tokio::join!(world.deliver(&event), async {
            gate.reached().await;
            let (case, reasons) = ("later".to_owned(), Vec::new());
            let turned = Turned { at: 1, case, verdict: Verdict::Short, reasons, attended: 1, missed: 9 };
            world.decide(&event, &Decided { turned: Some(turned), ..in_full.clone() }).await;
            assert!(world.deliver(&event).await);
            assert!(matches!(world.step(&event).await, Step::Held { .. }));
            if is_issued_again {
                world.decide(&event, &in_full).await;
                assert!(world.staff_issue_again(&event, 11).await);
                assert!(world.deliver(&event).await);
            }
            gate.open();
        });
        assert!(!made, "it was overtaken, and its message comes again");
        if !is_issued_again {
            assert!(!world.staff_issue_again(&event, 11).await, "what stands in the register isn't given up");
        }
        assert!(world.deliver(&event).await);
        assert!(matches!(world.step(&event).await, Step::Issued { .. }));
        let numbers = if is_issued_again { (11, 1) } else { (1, 11) };
        assert_eq!(world.certificate(numbers.0).await.unwrap().validity, Validity::Valid);
        assert_eq!(world.certificate(numbers.1).await, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_staff_say_of_somebodys_attendance_isnt_told_to_everybody() {
    let world = World::new().await;
    let event = world.submitted(1).await;
    assert!(world.deliver(&event).await);
    world.take_back(&event, "Slept through it, says a neighbour").await;
    assert!(world.deliver(&event).await);
    let Validity::Revoked { why, .. } = world.certificate(1).await.unwrap().validity else { panic!("revoked") };
    assert_eq!(why, TAKEN_BACK);
    let Step::Revoked { why, .. } = world.step(&event).await else { panic!("revoked") };
    assert_eq!(why, "Slept through it, says a neighbour", "staff and the person read their words");
    // What they say when they revoke a certificate is for everybody, and the form says so.
    let other = world.submitted(2).await;
    world.deliver(&other).await;
    world.revoke(&other, "Issued by mistake").await;
    world.deliver(&other).await;
    let Validity::Revoked { why, .. } = world.certificate(2).await.unwrap().validity else { panic!("revoked") };
    assert_eq!(why, "Issued by mistake");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_certificate_names_the_one_that_was_issued_after_it() {
    let world = World::new().await;
    let event = world.submitted(1).await;
    world.deliver(&event).await;
    world.revoke(&event, "Wrong person").await;
    world.deliver(&event).await;
    world.issue_again(&event, ann(), 11).await;
    assert!(world.deliver(&event).await);
    let first = world.certificate(1).await.unwrap();
    let Validity::Revoked { why, successor, .. } = first.validity else { panic!("revoked") };
    assert_eq!((why.as_str(), successor), ("Wrong person", Some(code(11))));
    let second = world.certificate(11).await.unwrap();
    assert_eq!((second.validity, second.data.supersedes), (Validity::Valid, Some(code(1))));
    assert!(world.credit(&event).await.unwrap().stands(), "its credit stands again");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_made_for_somebody_whose_attendance_is_doubted_again() {
    let world = World::new().await;
    let event = world.submitted(1).await;
    let turned = Turned {
        at: 1,
        case: "later".to_owned(),
        verdict: Verdict::Short,
        reasons: Vec::new(),
        attended: 1,
        missed: 9,
    };
    let credits = vec![Credited { body: "NASBA".to_owned(), hours: Some(hours(150)) }];
    let in_full = Decided { credits, ..decided(Verdict::Full) };
    world.decide(&event, &Decided { turned: Some(turned), ..in_full.clone() }).await;
    assert!(world.deliver(&event).await);
    assert!(matches!(world.step(&event).await, Step::Held { why: HeldBecause::InDoubt, .. }));
    assert_eq!((world.certificate(1).await, world.credit(&event).await), (None, None));
    // Once nobody doubts it any more, it is made by itself.
    world.decide(&event, &in_full).await;
    let person = world.person(&event).await;
    world.move_to(&event, &domain::completion::released(&event, &person).unwrap()).await;
    assert!(world.deliver(&event).await);
    assert!(matches!(world.step(&event).await, Step::Issued { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_register_names_the_key_of_the_record_that_was_kept_and_a_late_signature_is_valid() {
    let world = World::new().await;
    let event = world.submitted(1).await;
    // The process dies once the signed record is stored, and the key is another one when the message comes again.
    let gate = world.gate("letter");
    tokio::select! {
        _ = world.deliver(&event) => panic!("it waits"),
        () = gate.reached() => {}
    }
    gate.open();
    world.sign_with("2026-2");
    let world = World { clients: world.with_fresh_secrets().await, ..world };
    assert!(world.deliver(&event).await);
    let record = world.certificate(1).await.unwrap();
    assert_eq!(record.key, "2026-1");
    let stored = world.stored(&credential_key(&code(1)));
    assert_eq!(credential::key_of(&stored).as_deref(), Some("2026-1"));
    world.revoke(&event, "It was the other event").await;
    world.deliver(&event).await;
    // One that was frozen long before its key is signed by a key that was in use when it signed.
    let other = world.submitted(2).await;
    world.freeze_days_ago(&other, 2, 9).await;
    assert!(world.deliver(&other).await);
    let public = |key: &adapters::table::PublishedKey| PublicKey {
        id: key.id.clone(),
        public_key_multibase: key.multibase.clone(),
        from: jiff::Timestamp::from_second(key.from).unwrap(),
        retired: None,
    };
    let keys = Keys { keys: world.clients.table.fetch_keys().await.unwrap().iter().map(public).collect() };
    let signed = world.stored(&credential_key(&code(2)));
    assert_eq!(credential::verify(&signed, &keys).unwrap().key, "2026-2");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_entered_by_a_process_that_died_then_is_issued_and_never_held() {
    let world = World::new().await;
    let event = world.submitted(1).await;
    assert!(world.deliver(&event).await);
    let issued = world.certificate(1).await.unwrap();
    // The process died after that; before the message came again somebody doubted the attendance.
    let mut completion = *world.person(&event).await.completion.unwrap();
    completion.submitted.as_mut().unwrap().certificate.step = Step::Pending;
    world.move_to(&event, &completion).await;
    let (case, reasons) = ("later".to_owned(), Vec::new());
    let turned = Turned { at: 1, case, verdict: Verdict::Short, reasons, attended: 1, missed: 9 };
    let credits = vec![Credited { body: "NASBA".to_owned(), hours: Some(hours(150)) }];
    world.decide(&event, &Decided { turned: Some(turned), credits, ..decided(Verdict::Full) }).await;
    assert!(world.deliver(&event).await);
    assert_eq!(world.step(&event).await, Step::Issued { at: issued.data.issued_at });
    assert_eq!(world.certificate(1).await.unwrap().validity, Validity::Valid);
}
