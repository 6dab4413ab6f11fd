//! The office's consent: asked for once, given for what was looked at.

use crate::world::{approval, approved, event};
use domain::{
    event::{
        Approved, Consent, Event, EventState, Standing,
        consent::{AskedOf, Lost, NotAsked, content_of, lost, plan_answer, plan_asking, request_id, taken_back},
        draft::{AgendaDraft, DetailsDraft},
    },
    id::AccountId,
};

fn with(consent: Consent, change: impl Fn(&mut Approved)) -> Event {
    let mut said = Approved { consent, ..approved(100) };
    change(&mut said);
    let approvals = vec![approval("NASBA", Standing::Approved(Box::new(said))), approval("APA", Standing::Pending)];
    Event { approvals, state: EventState::Draft, published: None, ..event() }
}

fn consent(event: &Event) -> Consent {
    event.approval_of("NASBA").unwrap().approved().unwrap().consent.clone()
}

#[test]
fn the_office_is_asked_about_complete_approvals_and_once() {
    let (by, draft) = (AccountId::from_bits(1), with(Consent::NotAsked, |_| {}));
    let (asked, of) = plan_asking(&draft, &by, 7).unwrap();
    let request = Some(request_id(&draft, &of[0]));
    assert_eq!(
        (consent(&asked), of.len(), of[0].body.as_str()),
        (Consent::Asked { by: by.clone(), at: 7, request }, 1, "NASBA")
    );
    let nothing = Err(NotAsked::Nothing);
    assert_eq!(plan_asking(&asked, &by, 8), nothing);
    assert_eq!(plan_asking(&with(Consent::NotAsked, |said| said.evidence.clear()), &by, 8), nothing);
    assert_eq!(plan_asking(&Event { state: EventState::Published, ..draft.clone() }, &by, 8), nothing);
    let empty = Event { agenda: Vec::new(), ..draft };
    assert_eq!(plan_asking(&empty, &by, 8), Err(NotAsked::NoInstruction), "nobody could tell what it is for");
}

#[test]
fn a_change_takes_back_what_the_office_was_asked_and_says_which_words_it_cost() {
    let by = AccountId::from_bits(1);
    let (asked, of) = plan_asking(&with(Consent::NotAsked, |_| {}), &by, 7).unwrap();
    let request = request_id(&with(Consent::NotAsked, |_| {}), &of[0]);
    let mut shorter = AgendaDraft::of(&asked);
    shorter.rows.truncate(1);
    let after = shorter.read(&asked).unwrap();
    assert_eq!(taken_back(&asked, &after), std::slice::from_ref(&request));
    let said: Vec<_> = lost(&asked, &after).iter().map(Lost::text).collect();
    assert_eq!(
        said,
        [
            "The office's consent to the approval by NASBA is no longer asked for: what the office was asked about has changed. Ask again when it is right."
        ]
    );
    // Without the approval there is nothing to ask again.
    let gone = Event { approvals: vec![approval("APA", Standing::Pending)], ..asked.clone() };
    assert_eq!(taken_back(&asked, &gone), [request]);
    assert!(!lost(&asked, &gone)[0].text().contains("Ask again"));
    // An answer isn't lost by being given, and nothing is taken back by it.
    let given = plan_answer(&asked, &of[0], Consent::Given { by: by.clone(), at: 9 }).unwrap();
    assert!(lost(&asked, &given).is_empty() && taken_back(&asked, &given).is_empty());
    let after = shorter.read(&given).unwrap();
    assert!(taken_back(&given, &after).is_empty(), "what is answered isn't in the queue");
    assert!(lost(&given, &after)[0].text().contains("no longer holds"));
    let refused = plan_answer(&asked, &of[0], Consent::Refused { by, at: 9, why: "No".into() }).unwrap();
    assert!(lost(&refused, &shorter.read(&refused).unwrap())[0].text().contains("refusal"));
}

#[test]
fn an_answer_holds_only_for_what_was_asked() {
    let (by, at) = (AccountId::from_bits(2), 9);
    let (asked, of) = plan_asking(&with(Consent::NotAsked, |_| {}), &by, 7).unwrap();
    let answer = Consent::Given { by, at };
    let given = plan_answer(&asked, &of[0], answer.clone()).unwrap();
    assert_eq!(consent(&given), answer);
    assert_eq!(plan_answer(&given, &of[0], answer.clone()), None, "it is answered");
    let changed = with(Consent::Asked { by: AccountId::from_bits(1), at: 8, request: None }, |said| {
        said.number = "124".to_owned()
    });
    assert_eq!(plan_answer(&changed, &of[0], answer), None, "it says something else");
}

#[test]
fn a_request_is_told_from_others_by_event_body_content_and_version() {
    let draft = with(Consent::NotAsked, |_| {});
    let content = content_of(draft.approval_of("NASBA").unwrap().approved().unwrap());
    let of = AskedOf { body: "NASBA".to_owned(), content };
    assert_eq!(request_id(&draft, &of), request_id(&draft, &of));
    let later = Event { version: draft.version + 1, ..draft.clone() };
    let other = AskedOf { content: "x".to_owned(), ..of.clone() };
    assert!(
        request_id(&draft, &of) != request_id(&later, &of) && request_id(&draft, &of) != request_id(&draft, &other)
    );
}

#[test]
fn a_consent_goes_when_the_course_the_kind_or_the_instruction_is_another() {
    let given = Consent::Given { by: AccountId::from_bits(2), at: 9 };
    let standing = with(given.clone(), |_| {});
    let typed = || DetailsDraft::of(&standing);
    assert_eq!(consent(&DetailsDraft { title: "Another title".into(), ..typed() }.read(&standing).unwrap()), given);
    let other_course = DetailsDraft { course: "LAW-1".into(), ..typed() };
    assert_eq!(consent(&other_course.read(&standing).unwrap()), Consent::NotAsked);
    let other_kind = DetailsDraft { kind: "conference".into(), ..typed() };
    assert_eq!(consent(&other_kind.read(&standing).unwrap()), Consent::NotAsked);
    let mut agenda = AgendaDraft::of(&standing);
    assert_eq!(consent(&agenda.read(&standing).unwrap()), given);
    agenda.rows.truncate(1);
    assert_eq!(consent(&agenda.read(&standing).unwrap()), Consent::NotAsked);
}
