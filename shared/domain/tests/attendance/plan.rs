//! What a decision changes of what stood before.

use super::missing;
use domain::{
    attendance::{Change, Counts, Credited, Decided, Explained, Plan, Reason, Verdict, plan, plan_for},
    email::EmailAddress,
    id::AccountId,
    registration::Participation,
};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn decided(verdict: Verdict, substance: &str) -> Decided {
    Decided {
        at: 100,
        case: format!("case-{substance}"),
        verdict,
        reasons: if verdict == Verdict::Full { vec![] } else { vec![Reason::LeftEarly] },
        required: 3_600,
        attended: if verdict == Verdict::Full { 3_600 } else { 1_800 },
        missed: if verdict == Verdict::Full { 0 } else { 1_800 },
        credits: vec![Credited { body: "NBCC".into(), hours: domain::hours::CreditHours::parse("1").ok() }],
        by: None,
        withdrawn: None,
        explained: Explained { from: 0, bytes: 10, sha256: "ab".into() },
        substance: substance.into(),
        turned: None,
    }
}

fn plan_one(stood: Option<Decided>, now: Decided) -> Plan {
    let account = AccountId::from_bits(1);
    plan(&BTreeMap::from([(account.clone(), stood)]), vec![(account, now)], 0)
}

#[test]
fn what_is_the_same_in_substance_isnt_written_again() {
    let stood = decided(Verdict::Full, "a");
    let now = Decided { at: 900, case: "another".into(), ..stood.clone() };
    let plan = plan_one(Some(stood), now);
    assert_eq!((plan.moves.len(), plan.same), (0, 1));
    assert_eq!(plan.counts, Counts { full: 1, ..Counts::default() });
}

#[test]
fn a_full_that_would_be_less_stays_and_goes_to_staff_once() {
    let stood = decided(Verdict::Full, "a");
    let first = plan_one(Some(stood.clone()), decided(Verdict::Short, "b"));
    let [only] = &first.moves[..] else { panic!("{first:?}") };
    assert_eq!((only.change, only.decided.verdict), (Change::Turned, Verdict::Full), "nothing is taken back");
    assert_eq!(only.decided.credits, stood.credits);
    assert_eq!(only.decided.turned.as_ref().map(|turned| turned.verdict), Some(Verdict::Short));
    assert_eq!((first.counts.review, first.counts.open()), (1, 1));
    let again = plan_one(Some(only.decided.clone()), decided(Verdict::Short, "b"));
    assert!(again.moves.is_empty(), "asked once");
    let right = plan_one(Some(only.decided.clone()), decided(Verdict::Full, "a"));
    assert_eq!(right.moves[0].decided, stood, "a report that was set right leaves no trace of the doubt");
}

#[test]
fn staffs_word_alone_takes_a_full_back() {
    let word = Decided { by: Some(4), ..decided(Verdict::Short, "b") };
    let plan = plan_one(Some(decided(Verdict::Full, "a")), word.clone());
    assert_eq!((plan.moves[0].change, &plan.moves[0].decided), (Change::TakenBack, &word));
    assert_eq!(plan.counts.short, 1);
}

#[test]
fn a_credit_that_would_go_is_a_full_that_would_be_less() {
    let stood = decided(Verdict::Full, "a");
    let less = |hours: &str| {
        let hours = domain::hours::CreditHours::parse(hours).ok();
        Decided { credits: vec![Credited { body: "NBCC".into(), hours }], ..decided(Verdict::Full, "b") }
    };
    let none = Decided { credits: vec![], ..decided(Verdict::Full, "b") };
    for now in [none.clone(), less("0.5")] {
        let plan = plan_one(Some(stood.clone()), now);
        assert_eq!((plan.moves[0].change, &plan.moves[0].decided.credits), (Change::Turned, &stood.credits));
        assert_eq!(plan.counts.open(), 1, "people look at it");
    }
    assert_eq!(plan_one(Some(stood.clone()), less("2")).moves[0].change, Change::Details, "more is no loss");
    assert_eq!(plan_one(Some(none), stood).moves[0].change, Change::Details);
}

#[test]
fn a_fuller_report_raises_whom_it_may() {
    for stood in [Verdict::Short, Verdict::Review, Verdict::Absent] {
        let plan = plan_one(Some(decided(stood, "a")), decided(Verdict::Full, "b"));
        assert_eq!((plan.moves[0].change, plan.counts.full), (Change::Raised, 1), "{stood:?}");
    }
    let plan = plan_one(Some(decided(Verdict::Absent, "a")), decided(Verdict::Short, "b"));
    assert_eq!(plan.moves[0].change, Change::Other);
    assert_eq!(plan_one(None, decided(Verdict::Short, "b")).moves[0].change, Change::First);
}

fn any_verdict() -> impl Strategy<Value = Verdict> {
    prop_oneof![Just(Verdict::Full), Just(Verdict::Short), Just(Verdict::Review), Just(Verdict::Absent)]
}

proptest! {
    /// However many reports come: who was in full once stays so without a word of staff's, a plan carried out leaves nothing to
    /// do, and everybody is counted once.
    #[test]
    fn reports_alone_never_take_a_full_back(reports in prop::collection::vec((any_verdict(), 0_u8..4), 1..12)) {
        let mut stood: Option<Decided> = None;
        for (verdict, substance) in reports {
            let now = decided(verdict, &format!("{verdict:?}{substance}"));
            let made = plan_one(stood.clone(), now.clone());
            prop_assert_eq!(made.counts.people(), 1);
            let was_full = stood.as_ref().is_some_and(|stood| stood.verdict == Verdict::Full);
            if let Some(step) = made.moves.first() {
                stood = Some(step.decided.clone());
            }
            let is_full = stood.as_ref().is_some_and(|stood| stood.verdict == Verdict::Full);
            prop_assert!(!was_full || is_full);
            prop_assert_eq!(verdict == Verdict::Full || was_full, is_full);
            prop_assert!(plan_one(stood.clone(), now).moves.is_empty());
        }
    }
}

#[test]
fn of_a_closed_account_a_later_report_changes_nothing_and_by_words_alone_only_those_move_whom_they_are_about() {
    let person = |decided: Option<Decided>, email: Option<&str>| Participation {
        email: email.and_then(|email| EmailAddress::parse(email).ok()),
        ..missing::person(decided)
    };
    let (account, short) = (missing::person(None).account, decided(Verdict::Short, "b"));
    let closed = person(Some(decided(Verdict::Full, "a")), None);
    let plan = plan_for(std::slice::from_ref(&closed), vec![(account.clone(), short.clone())], 0, false);
    assert_eq!((plan.moves.len(), plan.counts.full, plan.counts.people()), (0, 1, 1), "and is counted as it stands");
    let word = Decided { by: Some(1), ..short.clone() };
    assert_eq!(plan_for(&[closed], vec![(account.clone(), word.clone())], 0, false).moves[0].change, Change::TakenBack);
    let open = [person(None, Some("ann@people.example"))];
    assert!(plan_for(&open, vec![(account.clone(), short)], 0, true).moves.is_empty(), "nothing is known of them");
    assert_eq!(plan_for(&open, vec![(account, word)], 0, true).moves.len(), 1);
}
