//! Telephone calls that registrants say are theirs, by four digits.

use super::{
    THREE, at, facts,
    missing::{END, decided, event, person},
};
use domain::{
    attendance::{
        Adjustment, Facts, Row, Said, Settled, Verdict, Voice,
        claim::{ClaimRefusal, Claimed, LastDigits, judge_claim, may_claim},
        decide,
    },
    event::Room,
    id::AccountId,
};

fn account(number: u128) -> AccountId {
    AccountId::from_bits(number)
}

fn call(number: &'static str) -> Row<'static> {
    Row { join: Some(THREE), leave: Some(END), name: number.into(), ..Row::default() }
}

fn claim(number: u64, who: u128, last4: &str) -> Adjustment {
    let said = Said::Claim { account: account(who), last4: last4.to_owned() };
    Adjustment { number, at: 1, by: account(who), voice: Voice::Licensee, why: String::new(), said }
}

fn dismissed(number: u64, who: &str) -> Adjustment {
    let said = Said::Dismiss { who: who.to_owned() };
    Adjustment { number, at: 1, by: account(9), voice: Voice::Office, why: "Nobody".to_owned(), said }
}

/// What comes of Ann's digits where these people called in and these words were said.
fn judged(rows: &[Row<'_>], words: &[Adjustment], digits: &str) -> Claimed {
    let settled = Settled::of(words);
    let mut of_event: Facts = facts();
    of_event.registrants[0].id = account(1).to_string();
    of_event.registrants[1].id = account(2).to_string();
    let decision = decide(&of_event.settle(settled.clone()), rows);
    judge_claim(&decision, &settled, &account(1), &LastDigits::parse(digits).unwrap())
}

#[test]
fn digits_are_found_among_the_calls_that_nobody_has_proven_theirs() {
    let one = call("1615***0123");
    let other = call("+1 (212) 555-0123");
    let cases: [(&[Row<'_>], &[Adjustment], &str, Claimed); 8] = [
        (std::slice::from_ref(&one), &[], "0123", Claimed::Found),
        (std::slice::from_ref(&one), &[], "0124", Claimed::NoSuchCall),
        (&[], &[], "0123", Claimed::NoSuchCall),
        // The same call twice is one call.
        (&[one.clone(), one.clone()], &[], "0123", Claimed::Found),
        (&[one.clone(), other.clone()], &[], "0123", Claimed::Unclear),
        // Bob says that it is his.
        (std::slice::from_ref(&one), &[claim(1, 2, "0123")], "0123", Claimed::Unclear),
        (std::slice::from_ref(&one), &[claim(1, 2, "9999")], "0123", Claimed::Found),
        (std::slice::from_ref(&one), &[dismissed(1, "phone:1615***0123")], "0123", Claimed::NoSuchCall),
    ];
    for (place, (rows, words, digits, expected)) in cases.into_iter().enumerate() {
        assert_eq!(judged(rows, words, digits), expected, "case {place}");
    }
}

#[test]
fn a_found_call_is_counted_for_who_named_it_and_an_unclear_one_for_nobody() {
    let of = |words: &[Adjustment], rows: &[Row<'_>]| {
        let mut of_event = facts();
        of_event.registrants[0].id = account(1).to_string();
        of_event.registrants[1].id = account(2).to_string();
        decide(&of_event.settle(Settled::of(words)), rows).people[0].verdict
    };
    let rows = [call("1615***0123")];
    assert_eq!(of(&[], &rows), Verdict::Absent);
    assert_eq!(of(&[claim(1, 1, "0123")], &rows), Verdict::Full);
    assert_ne!(of(&[claim(1, 1, "0123"), claim(2, 2, "0123")], &rows), Verdict::Full);
}

#[test]
fn who_may_name_a_call_and_when() {
    let (live, none, absent) = (event(), Settled::default(), person(Some(decided(Verdict::Absent, &[]))));
    let full = person(Some(decided(Verdict::Full, &[])));
    let claimed = Settled::of(&[claim(1, 1, "0123")]);
    let mut elsewhere = event();
    elsewhere.room = Some(Room::Link { url: "https://meet.example.org".to_owned() });
    let now = at("18:00");
    let cases = [
        (&live, &absent, &none, true, now, Ok(())),
        (&live, &absent, &none, false, now, Err(ClaimRefusal::TooEarly)),
        (&live, &absent, &none, true, END - 1, Err(ClaimRefusal::TooEarly)),
        (&live, &full, &none, true, now, Err(ClaimRefusal::InFull)),
        (&live, &absent, &claimed, true, now, Err(ClaimRefusal::FoundBefore)),
        (&elsewhere, &absent, &none, true, now, Err(ClaimRefusal::NotPossible)),
        (&live, &absent, &none, true, END + 91 * 86_400, Err(ClaimRefusal::TooLate)),
    ];
    for (place, (event, person, settled, is_final, now, expected)) in cases.into_iter().enumerate() {
        assert_eq!(may_claim(event, person, settled, is_final, now), expected, "case {place}");
    }
}

#[test]
fn four_digits_are_read_as_people_write_them() {
    for good in ["0123", " 01 23 ", "01-23"] {
        assert_eq!(LastDigits::parse(good).unwrap().as_str(), "0123", "{good}");
    }
    for bad in ["", "123", "12345", "o123", "١٢٣٤"] {
        assert_eq!(LastDigits::parse(bad), None, "{bad}");
    }
}
