//! Whose a row is, and what staff have to look at.

use super::*;
use domain::attendance::{Staff, Verdict};

fn row(from: &str, to: &str, name: &'static str) -> Row<'static> {
    Row { registrant_id: "".into(), name: name.into(), ..ann(from, to) }
}

#[test]
fn a_link_comes_before_an_address_and_a_name_makes_nobody_somebody() {
    let by_link = Row { name: "Bob Stone".into(), email: "".into(), ..ann("15:00", "16:00") };
    let person = of_ann(&facts(), &[by_link]);
    assert_eq!((person.attended_seconds, person.verdict), (3_600, Verdict::Review), "hers, under another's name");
    assert_eq!(codes(&person), ["renamed"]);
    let by_email = Row { email: "ANN@people.example ".into(), ..row("15:00", "16:00", "Ann Lee") };
    assert_eq!(of_ann(&facts(), &[by_email]).verdict, Verdict::Full);
    let by_name = decide(&facts(), &[row("15:00", "16:00", "Ann Lee")]);
    assert_eq!(by_name.people[0].verdict, Verdict::Absent, "a name is no identity");
    let stranger = &by_name.people[2];
    assert_eq!(
        (stranger.registrant, stranger.verdict, codes(stranger)),
        (None, Verdict::Review, vec!["not_registered"])
    );
    assert_eq!((stranger.attended_seconds, &stranger.zoom_names[..]), (3_600, &["Ann Lee".to_owned()][..]));
    let anothers = Row { email: "bob@people.example".into(), ..ann("15:00", "16:00") };
    let person = of_ann(&facts(), &[anothers]);
    assert_eq!((person.verdict, codes(&person)), (Verdict::Review, vec!["other_account"]));
}

#[test]
fn who_is_called_like_a_presenter_or_sits_at_the_offices_computer_isnt_lost() {
    let staff = |first: &str, last: &str, email: &str| Staff {
        name: name(first, last),
        emails: EmailAddress::parse(email).into_iter().collect(),
    };
    let facts = Facts { staff: vec![staff("Ann", "Lee", ""), staff("", "", "office@acme.example")], ..facts() };
    // A registrant has the presenter's name: whose row it is, people say.
    let decision = decide(&facts, &[row("15:00", "16:00", "Ann Lee")]);
    assert_eq!((decision.rows.staff, codes(&decision.people[2])), (0, vec!["not_registered"]));
    let at_the_office = Row { email: "office@acme.example".into(), ..ann("15:00", "16:00") };
    let person = of_ann(&facts, &[at_the_office]);
    assert_eq!((person.attended_seconds, codes(&person)), (3_600, vec!["other_account"]), "her link comes first");
    let host = Row { email: "office@acme.example".into(), ..row("15:00", "16:00", "Host") };
    assert_eq!(decide(&facts, &[host]).rows.staff, 1);
}

#[test]
fn a_number_that_somebody_with_an_address_calls_themselves_by_is_no_call() {
    let mut facts = facts();
    facts.registrants[0].phone_last4 = Some("0123".into());
    let guest = Row { email: "who@elsewhere.example".into(), ..row("15:00", "16:00", "2025550123") };
    let decision = decide(&facts, &[guest]);
    assert_eq!((decision.people[0].verdict, codes(&decision.people[2])), (Verdict::Absent, vec!["not_registered"]));
    let call = row("15:00", "16:00", "2025550123");
    assert_eq!(decide(&facts, &[call]).people[0].attended_seconds, 3_600);
}

#[test]
fn an_address_that_two_have_is_nobodys() {
    let mut facts = facts();
    facts.registrants[1].emails.push(EmailAddress::parse("ann@people.example").unwrap());
    let shared = Row { email: "ann@people.example".into(), ..row("15:00", "16:00", "Ann Lee") };
    let decision = decide(&facts, &[shared]);
    assert_eq!(decision.people[0].verdict, Verdict::Absent);
    assert_eq!(codes(&decision.people[2]), ["not_registered", "ambiguous_email"]);
}

#[test]
fn two_with_one_name_are_two_and_staff_look_at_both() {
    let mut facts = facts();
    facts.registrants[1].name = name("Ann", "Lee");
    let other = Row { registrant_id: "zoom-bob".into(), ..ann("15:00", "15:30") };
    let decision = decide(&facts, &[ann("15:00", "16:00"), other]);
    let seconds: Vec<_> = decision.people.iter().map(|person| person.attended_seconds).collect();
    assert_eq!(seconds, [3_600, 1_800], "never merged");
    assert_eq!(decision.people[0].verdict, Verdict::Review);
    assert_eq!(decision.people[1].verdict, Verdict::Short, "whoever it was, it was too short");
    assert!(decision.people.iter().all(|person| codes(person).contains(&"same_name")));
}

#[test]
fn a_shared_link_a_rename_and_a_group_go_to_staff() {
    let other = |from, to, name: &'static str| Row { name: name.into(), ..ann(from, to) };
    let cases = [
        (vec![ann("15:00", "16:00"), other("15:10", "15:40", "Zoe Marsh")], "shared_link"),
        (vec![ann("15:00", "15:30"), other("15:30", "16:00", "Zoe Marsh")], "renamed"),
        (vec![other("15:00", "16:00", "The Lee Family")], "group_name"),
        (vec![other("15:00", "16:00", "Ann & Zoe Lee")], "group_name"),
    ];
    for (rows, code) in cases {
        let person = of_ann(&facts(), &rows);
        assert_eq!((person.verdict, person.attended_seconds), (Verdict::Review, 3_600), "{code}");
        assert!(codes(&person).contains(&code), "{code}: {:?}", codes(&person));
        assert!(person.credits.iter().all(|credit| credit.hours.is_none()));
    }
    for harmless in
        ["ANN LEE", "Lee, Ann", "Lee# Ann", "Ann", "Ann L.", "Ann's iPad", "Galaxy S21", "Ann Lee (she/her)", ""]
    {
        let person = of_ann(&facts(), &[ann("15:00", "15:30"), other("15:20", "16:00", harmless)]);
        assert_eq!((person.verdict, codes(&person)), (Verdict::Full, vec![]), "{harmless}");
    }
}

#[test]
fn staff_are_no_attendees() {
    let host = Staff { name: name("Ada", "Host"), emails: vec![EmailAddress::parse("host@acme.example").unwrap()] };
    let facts = Facts { staff: vec![host], ..facts() };
    let by_email = Row { email: "Host@acme.example".into(), ..row("14:30", "16:30", "Somebody") };
    let by_name = row("14:30", "16:30", "Ada Host");
    let decision = decide(&facts, &[by_email, by_name, ann("15:00", "16:00")]);
    assert_eq!(decision.people.len(), 2, "nobody but the registrants");
    assert_eq!((decision.rows.staff, decision.rows.all), (2, 3));
    // A registrant of the presenter's name is a registrant.
    let namesake = Row { name: "Ada Host".into(), ..ann("15:00", "16:00") };
    assert_eq!(of_ann(&facts, &[namesake]).attended_seconds, 3_600);
}

#[test]
fn a_telephone_is_whose_claim_it_fits_alone() {
    let mut facts = facts();
    facts.registrants[0].phone_last4 = Some("0123".to_owned());
    let call = |number: &'static str| row("15:00", "16:00", number);
    for written in ["16155550123", "+1 (615) 555-0123", "1615***0123"] {
        let person = of_ann(&facts, &[call(written)]);
        assert_eq!((person.verdict, person.attended_seconds), (Verdict::Full, 3_600), "{written}");
    }
    let two_calls = decide(&facts, &[call("16155550123"), call("12125550123")]);
    assert_eq!(two_calls.people[0].verdict, Verdict::Absent, "two calls could be meant");
    assert!(two_calls.people[2..].iter().all(|call| codes(call).contains(&"dial_in_unverified")));
    let mut both = facts.clone();
    both.registrants[1].phone_last4 = Some("0123".to_owned());
    let two_claims = decide(&both, &[call("16155550123")]);
    assert!(two_claims.people[..2].iter().all(|person| person.verdict == Verdict::Absent), "two say so");
    let unclaimed = decide(&facts, &[call("16155559999")]);
    assert_eq!(codes(&unclaimed.people[2]), ["not_registered", "dial_in_unverified"]);
    // A link is surer than a claim.
    let by_link = Row { registrant_id: "zoom-bob".into(), ..call("16155550123") };
    assert_eq!(decide(&facts, &[by_link]).people[1].attended_seconds, 3_600);
}

#[test]
fn a_bound_telephone_and_a_breakout_room_are_of_whose_connection_they_are() {
    let on = |uuid: &'static str, row: Row<'static>| Row { instance: "i".into(), uuid: uuid.into(), ..row };
    let bound = Row { bound_to: "computer".into(), ..on("phone", row("15:30", "16:00", "16155550123")) };
    let breakout = on("computer", row("15:20", "15:31", ""));
    let person = of_ann(&facts(), &[on("computer", ann("15:00", "15:20")), breakout, bound]);
    assert_eq!((person.attended_seconds, person.verdict), (3_600, Verdict::Full));
    // Zoom counts connections anew in each instance.
    let elsewhere = Row { instance: "other".into(), connection: "7".into(), ..row("15:30", "16:00", "Zoe Marsh") };
    let here = Row { instance: "i".into(), connection: "7".into(), ..ann("15:00", "15:20") };
    assert_eq!(of_ann(&facts(), &[here, elsewhere]).attended_seconds, 1_200);
}

#[test]
fn without_registrants_people_are_told_apart_by_what_zoom_tells() {
    let facts = Facts { registrants: vec![], ..facts() };
    let by = |email: &'static str, from, to| Row { email: email.into(), ..row(from, to, "Same Name") };
    let rows =
        [by("a@b.example", "15:00", "15:20"), by("A@b.example", "15:20", "16:00"), by("c@b.example", "15:00", "15:10")];
    let people = decide(&facts, &rows).people;
    assert_eq!(people.iter().map(|person| person.attended_seconds).collect::<Vec<_>>(), [3_600, 600]);
    assert!(codes(&people[0]).contains(&"same_name"));
    let alone = decide(&facts, &rows[..2]).people;
    assert_eq!((alone.len(), alone[0].verdict, codes(&alone[0])), (1, Verdict::Full, vec![]));
    let nameless = decide(&facts, &[row("15:00", "16:00", "Ann Lee")]).people;
    assert_eq!((nameless[0].verdict, codes(&nameless[0])), (Verdict::Review, vec!["not_registered"]));
}

#[test]
fn what_is_printed_of_a_decision_names_nobody() {
    let facts = facts();
    let printed = format!("{facts:?} {:?}", decide(&facts, &[ann("15:00", "16:00")]));
    for private in ["Ann", "Lee", "people.example"] {
        assert!(!printed.contains(private), "{printed}");
    }
}
