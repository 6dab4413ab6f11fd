//! Whom of the registrants a stranger may be: suggestions that staff read, and that never count.

use super::{Facts, Registrant, Row, at, facts, name, registrant};
use domain::{
    attendance::{Decision, Likeness, Person, Suggester, Suggestion, Verdict, decide, stands_out, suggest},
    email::EmailAddress,
};
use serde_json::Value;

const VECTORS: &str = include_str!("../data/zoom/name_matching.json");

/// A row of somebody without a link.
fn stranger(name: &str, email: &str) -> Row<'static> {
    Row {
        join: Some(at("15:00")),
        leave: Some(at("16:00")),
        name: name.to_owned().into(),
        email: email.to_owned().into(),
        ..Row::default()
    }
}

/// An event with these registrants, and what is decided of these rows.
fn decided(registrants: Vec<Registrant>, rows: &[Row<'_>]) -> (Facts, Decision) {
    let facts = Facts { registrants, ..facts() };
    let decision = decide(&facts, rows);
    (facts, decision)
}

fn strangers(decision: &Decision) -> impl Iterator<Item = &Person> {
    decision.people.iter().filter(|person| person.registrant.is_none())
}

/// What is suggested of the only stranger.
fn of_stranger(registrants: Vec<Registrant>, rows: &[Row<'_>]) -> Vec<Suggestion> {
    let (facts, decision) = decided(registrants, rows);
    let stranger = strangers(&decision).next().expect("somebody isn't matched");
    suggest(&facts, &decision, stranger)
}

fn people() -> Vec<Registrant> {
    vec![registrant("ann", "Ann", "Lee"), registrant("bob", "Robert", "Stone"), registrant("cy", "Cy", "Okafor")]
}

/// What comes first, and why.
fn first(shown: &str, email: &str) -> Option<(usize, Vec<&'static str>)> {
    let suggestions = of_stranger(people(), &[stranger(shown, email)]);
    let first = stands_out(&suggestions)?;
    Some((first.registrant, first.why.iter().map(|likeness| likeness.code()).collect()))
}

/// An account as the vectors write it: `Bob Johnson <bob.brown@example.com>`, the last word being the surname.
fn account(place: usize, written: &str) -> Registrant {
    let (whole, email) = written.split_once('<').unwrap_or((written, ""));
    let (given, surname) = whole.trim().rsplit_once(' ').unwrap_or(("", whole));
    let emails = EmailAddress::parse(email.trim_end_matches('>')).into_iter().collect();
    Registrant { name: name(given, surname), emails, ..registrant(&format!("account{place}"), "", "") }
}

#[test]
fn every_vector_of_names_is_suggested_as_other_projects_found() {
    let vectors: Vec<Value> = serde_json::from_str(VECTORS).unwrap();
    assert_eq!(vectors.len(), 10, "all of them are run: none states another policy");
    for vector in &vectors {
        let accounts: Vec<&str> = vector["accounts"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let text = |member: &str| vector[member].as_str().unwrap_or_default().to_owned();
        // The vectors with an address tell no name: a device stands for it.
        let shown = if vector["zoom_display"].is_null() { "iPhone".to_owned() } else { text("zoom_display") };
        let registrants = accounts.iter().enumerate().map(|(place, written)| account(place, written)).collect();
        let row = stranger(&shown, &text("zoom_email"));
        let (facts, decision) = decided(registrants, std::slice::from_ref(&row));
        let stranger = strangers(&decision).next().expect("a name makes nobody a registrant");
        assert_eq!(stranger.verdict, Verdict::Review, "{}: whatever is suggested, nothing is credited", vector["id"]);
        let suggestions = suggest(&facts, &decision, stranger);
        match vector["expected"].as_str() {
            None => assert!(suggestions.is_empty(), "{}: {suggestions:?}", vector["id"]),
            Some("AMBIGUOUS") => {
                assert_eq!(stands_out(&suggestions), None, "{}: {suggestions:?}", vector["id"]);
                assert_eq!(suggestions.len(), 2, "{}: staff see both", vector["id"]);
            }
            Some(expected) => {
                let best = stands_out(&suggestions).unwrap_or_else(|| panic!("{}: {suggestions:?}", vector["id"]));
                assert_eq!(accounts[best.registrant], expected, "{}", vector["id"]);
            }
        }
    }
}

#[test]
fn each_likeness_is_found_and_told() {
    for (shown, email, registrant, why) in [
        ("ann lee", "", 0, "same_name"),
        ("Ann Maria Lee", "", 0, "missing_middle"),
        ("Lee Ann", "", 0, "parts_swapped"),
        ("Bob Stone", "", 1, "nickname"),
        ("R. Stone", "", 1, "initial"),
        ("Robert S.", "", 1, "surname_begun"),
        ("Stone", "", 1, "surname_only"),
        ("Rob", "", 1, "given_name_only"),
        ("iPhone", "robert.stone7@home.example", 1, "address_has_name"),
        ("iPhone", "stonerobert@home.example", 1, "address_has_name"),
        ("iPhone", "rstone@home.example", 1, "address_has_initial"),
    ] {
        assert_eq!(first(shown, email), Some((registrant, vec![why])), "{shown} {email}");
    }
    for (shown, email) in
        [("Jane Doe", "jane@home.example"), ("iPhone", ""), ("Ann Leeson", ""), ("", "info@home.example")]
    {
        assert_eq!(first(shown, email), None, "{shown} {email}");
    }
}

#[test]
fn a_part_of_a_surname_and_a_mailbox_elsewhere_are_told_too() {
    let maria = || {
        vec![
            Registrant {
                emails: EmailAddress::parse("mgl77@firm.example").into_iter().collect(),
                ..registrant("m", "Maria", "Garcia Lopez")
            },
            registrant("x", "Xu", "Wei"),
        ]
    };
    let why = |shown: &str, email: &str| of_stranger(maria(), &[stranger(shown, email)])[0].why.clone();
    assert_eq!(why("Maria Lopez", ""), [Likeness::PartOfSurname]);
    assert_eq!(why("iPad", "maria.garcia@home.example"), [Likeness::AddressHasName]);
    let other = vec![
        Registrant {
            emails: EmailAddress::parse("sunny@firm.example").into_iter().collect(),
            ..registrant("m", "Maria", "Lopez")
        },
        registrant("x", "Xu", "Wei"),
    ];
    assert_eq!(of_stranger(other, &[stranger("iPad", "sunny@home.example")])[0].why, [Likeness::SameMailbox]);
}

#[test]
fn an_address_of_two_and_digits_of_two_suggest_both_in_the_registrants_order() {
    let shared = |id: &str, first: &str| Registrant {
        emails: EmailAddress::parse("both@home.example").into_iter().collect(),
        phone_last4: Some("0123".to_owned()),
        ..registrant(id, first, "Lee")
    };
    let both = || vec![shared("a", "Ann"), shared("b", "Ben")];
    for (row, why) in [
        (stranger("iPhone", "both@home.example"), Likeness::SameAddress),
        (stranger("1615***0123", ""), Likeness::SamePhoneDigits),
    ] {
        let suggestions = of_stranger(both(), &[row]);
        assert_eq!(suggestions.iter().map(|it| it.registrant).collect::<Vec<_>>(), [0, 1]);
        assert!(suggestions.iter().all(|it| it.why == [why] && it.score == suggestions[0].score));
        assert_eq!(stands_out(&suggestions), None);
    }
}

#[test]
fn who_is_looked_for_comes_before_who_attended_and_the_last_one_missing_is_suggested() {
    let two = || vec![registrant("one", "Ann", "Lee"), registrant("two", "Ann", "Lee")];
    let there = Row { registrant_id: "zoom-one".into(), name: "iPad".into(), ..stranger("", "") };
    let suggestions = of_stranger(two(), &[there.clone(), stranger("Ann Lee", "")]);
    assert_eq!(suggestions.iter().map(|it| it.registrant).collect::<Vec<_>>(), [1, 0]);
    assert_eq!(suggestions[0].why, [Likeness::SameName, Likeness::OnlyOneAbsent]);
    // Somebody whose name tells nothing may be the only one who is missing; of two nobody is suggested.
    let alone = of_stranger(two(), &[there, stranger("Galaxy S21", "")]);
    assert_eq!(
        alone.iter().map(|it| (it.registrant, it.why.as_slice())).collect::<Vec<_>>(),
        [(1, [Likeness::OnlyOneAbsent].as_slice())]
    );
    assert!(of_stranger(two(), &[stranger("Galaxy S21", "")]).is_empty());
}

#[test]
fn who_is_matched_gets_no_suggestions_and_nobody_more_than_five() {
    let (facts, decision) = decided(people(), &[stranger("Ann Lee", "")]);
    assert!(suggest(&facts, &decision, &decision.people[0]).is_empty());
    let many: Vec<Registrant> = (0..20).map(|place| registrant(&format!("r{place}"), "Ann", "Lee")).collect();
    let suggestions = of_stranger(many, &[stranger("Ann Lee", "")]);
    assert_eq!(suggestions.iter().map(|it| it.registrant).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
    assert!(suggestions.iter().all(|it| it.score <= 100));
}

#[test]
fn every_likeness_has_a_code_of_its_own_and_a_sentence() {
    use Likeness::*;
    let all = [
        SameAddress,
        SameName,
        SamePhoneDigits,
        MissingMiddle,
        PartsSwapped,
        Nickname,
        AddressHasName,
        PartOfSurname,
        Initial,
        SurnameBegun,
        SameMailbox,
        AddressHasInitial,
        SurnameOnly,
        GivenNameOnly,
        OnlyOneAbsent,
    ];
    let codes: std::collections::BTreeSet<&str> = all.iter().map(|likeness| likeness.code()).collect();
    assert_eq!(codes.len(), all.len());
    assert!(all.iter().all(|likeness| likeness.text().ends_with('.') && likeness.text().len() > 20));
}

/// 1,000 people of one surname are the worst that names can do.
#[test]
fn two_hundred_strangers_find_their_names_among_a_thousand_registrants() {
    let given = |place: usize| {
        format!("{}{}", ["An", "Binh", "Chi", "Dung"][place % 4], ["a", "e", "i", "o", "u"][place / 4 % 5])
    };
    let registrants = (0..1_000).map(|place| registrant(&format!("r{place}"), &given(place), "Nguyen")).collect();
    let rows: Vec<Row<'_>> = (0..200)
        .map(|place| stranger(&format!("{} Nguyen", given(place)), &format!("s{place}@home.example")))
        .collect();
    let (facts, decision) = decided(registrants, &rows);
    let suggester = Suggester::new(&facts, &decision);
    let all: Vec<_> = strangers(&decision).map(|person| suggester.suggest(person)).collect();
    assert_eq!(all.len(), 200);
    assert!(all.iter().all(|suggestions| suggestions.len() == 5 && suggestions[0].why == [Likeness::SameName]));
}
