//! What people have said, on top of what Zoom reports.

use super::*;
use domain::{
    attendance::{Adjustment, Reason, Said, Verdict, Voice},
    id::AccountId,
};

fn account(id: &str) -> AccountId {
    AccountId::from_bits(u128::from(id.as_bytes()[0]))
}

/// Ann and Bob by the ids of accounts, as an event has them.
fn facts_of_accounts() -> Facts {
    let mut facts = facts();
    for registrant in &mut facts.registrants {
        registrant.id = account(&registrant.id).to_string();
    }
    facts
}

fn words(said: Vec<Said>) -> Vec<Adjustment> {
    let word = |(number, said)| Adjustment {
        number,
        at: THREE + 90_000,
        by: AccountId::from_bits(9),
        voice: Voice::Provider,
        why: "as the host saw it".into(),
        said,
    };
    (1..).zip(said).map(word).collect()
}

/// What is decided after these words.
fn after(said: Vec<Said>, rows: &[Row<'_>]) -> Vec<Person> {
    decide(&facts_of_accounts().settle(Settled::of(&words(said))), rows).people
}

fn nobodys(from: &str, to: &str, name: &'static str) -> Row<'static> {
    Row { registrant_id: "".into(), name: name.into(), ..ann(from, to) }
}

#[test]
fn two_who_are_accepted_for_one_registrant_are_one_person() {
    let rows = [nobodys("15:00", "15:30", "Annie's iPad"), nobodys("15:30", "16:00", "Old Friend Of Zoe")];
    let before = after(vec![], &rows);
    assert_eq!((before[0].verdict, before.len()), (Verdict::Absent, 4));
    let handles: Vec<String> = before[2..].iter().map(|person| person.handle.clone()).collect();
    assert_eq!(handles, ["name:Annie's iPad", "name:Old Friend Of Zoe"]);
    let accept = |who: &String| Said::Accept { who: who.clone(), account: account("ann") };
    let all = after(handles.iter().map(accept).collect(), &rows);
    assert_eq!((all[0].attended_seconds, all.len()), (3_600, 2), "nobody is left over");
    // Who was accepted under another name is still doubted by it, until staff say that it was them.
    let clear = Said::Clear { account: account("ann"), doubts: all[0].reasons.clone() };
    let cleared = after(handles.iter().map(accept).chain([clear]).collect(), &rows);
    assert_eq!(cleared[0].verdict, Verdict::Full, "{:?}", cleared[0]);
    assert!(cleared[0].reasons.contains(&Reason::ClearedByStaff));
    let rejected =
        after(vec![accept(&handles[0]), Said::Reject { who: handles[0].clone(), account: account("ann") }], &rows);
    assert_eq!(rejected[0].verdict, Verdict::Absent, "a later word stands over an earlier one");
}

#[test]
fn a_word_that_is_taken_back_is_as_if_it_was_never_said_and_so_is_its_taking_back() {
    let rows = [ann("15:00", "15:30")];
    let decide_full = || Said::Decide { account: account("ann"), full: true, appeal: false };
    let full = after(vec![decide_full()], &rows);
    assert_eq!((full[0].verdict, full[0].decided_by), (Verdict::Full, Some(1)));
    assert!(codes(&full[0]).contains(&"decided_by_staff") && codes(&full[0]).contains(&"left_early"));
    let undone = after(vec![decide_full(), Said::TakeBack { number: 1 }], &rows);
    assert_eq!((undone[0].verdict, undone[0].decided_by), (Verdict::Short, None));
    let redone = after(vec![decide_full(), Said::TakeBack { number: 1 }, Said::TakeBack { number: 2 }], &rows);
    assert_eq!(redone[0].verdict, Verdict::Full);
    let not_yet = after(vec![Said::TakeBack { number: 2 }, decide_full()], &rows);
    assert_eq!(not_yet[0].verdict, Verdict::Full, "nothing takes back what comes after it");
}

#[test]
fn words_in_any_order_of_their_list_come_to_the_same() {
    let said = vec![
        Said::Decide { account: account("ann"), full: true, appeal: false },
        Said::Decide { account: account("ann"), full: false, appeal: false },
        Said::Times { event: span("15:00", "15:50"), breaks: vec![] },
        Said::TakeBack { number: 2 },
        Said::Times { event: span("15:05", "16:05"), breaks: vec![span("15:30", "15:35")] },
    ];
    let (forwards, mut backwards) = (words(said.clone()), words(said));
    backwards.reverse();
    let settled = Settled::of(&forwards);
    assert_eq!(settled, Settled::of(&backwards));
    assert_eq!(settled.times, Some((span("15:05", "16:05"), vec![span("15:30", "15:35")])));
    assert_eq!(settled.standing.iter().copied().collect::<Vec<_>>(), [1, 3, 5]);
}

#[test]
fn exactly_the_times_that_staff_set_count() {
    let rows = [ann("15:10", "16:00")];
    assert_eq!(after(vec![], &rows)[0].verdict, Verdict::Short);
    let times =
        Said::Times { event: span("15:10", "16:15"), breaks: vec![span("15:40", "15:45"), span("16:00", "16:15")] };
    let person = &after(vec![times], &rows)[0];
    assert_eq!((person.verdict, person.attended_seconds), (Verdict::Full, 45 * 60));
}

#[test]
fn what_is_split_off_a_link_is_nobodys_until_staff_say_whose() {
    let shared = Row { name: "Zoe Marsh".into(), ..ann("15:10", "16:00") };
    let rows = [ann("15:00", "15:20"), shared];
    let before = after(vec![], &rows);
    assert_eq!((before[0].verdict, before[0].attended_seconds), (Verdict::Review, 3_600));
    let split = Said::Split { account: account("ann"), name: "Zoe Marsh".into() };
    let parted = after(vec![split.clone()], &rows);
    assert_eq!((parted[0].verdict, parted[0].attended_seconds), (Verdict::Short, 1_200));
    let zoe = &parted[2];
    assert_eq!(
        (zoe.registrant, zoe.attended_seconds, codes(zoe)),
        (None, 3_000, vec!["not_registered", "joined_late"])
    );
    let bobs = after(vec![split, Said::Accept { who: zoe.handle.clone(), account: account("bob") }], &rows);
    assert_eq!((bobs[1].attended_seconds, bobs.len()), (3_000, 2));
}

#[test]
fn who_is_nobody_of_ours_is_looked_at_no_more_and_not_credited() {
    let rows = [nobodys("15:00", "16:00", "Zoe Marsh")];
    let zoe = after(vec![Said::Dismiss { who: "name:Zoe Marsh".into() }], &rows).remove(2);
    assert!(zoe.is_settled && zoe.credits.is_empty());
    assert_eq!(zoe.verdict, Verdict::Review);
}

#[test]
fn an_event_that_was_too_short_credits_by_staffs_word_alone() {
    let mut facts = facts_of_accounts();
    facts.schedule = span("15:00", "15:50");
    facts.credits = vec![domain::attendance::Advertised {
        body: "NBCC".into(),
        hours: domain::hours::CreditHours::parse("1.00").unwrap(),
        rule: domain::credit_type::Rule {
            minutes_per_credit: 60,
            increment: None,
            rounding: domain::credit_type::Rounding::Down,
            minimum_minutes: 0,
            first_credit_whole: false,
        },
    }];
    let rows = [ann("15:00", "16:00")];
    let of = |said: Vec<Said>| decide(&facts.clone().settle(Settled::of(&words(said))), &rows).people.remove(0);
    let hours = |person: &Person| person.credits[0].hours.map(|hours| hours.to_string());
    assert_eq!((of(vec![]).verdict, hours(&of(vec![]))), (Verdict::Full, None));
    assert_eq!(hours(&of(vec![Said::EventCounts])), Some("1.00".to_owned()));
    let one = of(vec![Said::Decide { account: account("ann"), full: true, appeal: true }]);
    assert_eq!(hours(&one), Some("1.00".to_owned()));
}

#[test]
fn digits_that_somebody_says_claim_the_one_call_that_has_them() {
    let call = nobodys("15:00", "16:00", "1312***0142");
    let claim = |id: &str| Said::Claim { account: account(id), last4: "0142".into() };
    let people = after(vec![claim("ann")], std::slice::from_ref(&call));
    assert_eq!((people[0].attended_seconds, people.len()), (3_600, 2));
    let two = after(vec![claim("ann"), claim("bob")], &[call]);
    assert_eq!((two[0].verdict, codes(&two[2])), (Verdict::Absent, vec!["not_registered", "dial_in_unverified"]));
}
