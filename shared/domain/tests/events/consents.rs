//! The office's consent: asked for once, given for what was looked at.

use crate::world::{approval, approved, event};
use domain::{
    event::{
        Approved, Consent, Event, EventState, Standing,
        consent::{AskedOf, content_of, plan_answer, plan_asking, request_id},
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
    assert_eq!(
        (consent(&asked), of.len(), of[0].body.as_str()),
        (Consent::Asked { by: by.clone(), at: 7 }, 1, "NASBA")
    );
    assert_eq!(plan_asking(&asked, &by, 8), None);
    assert_eq!(plan_asking(&with(Consent::NotAsked, |said| said.evidence.clear()), &by, 8), None);
    assert_eq!(plan_asking(&Event { state: EventState::Published, ..draft }, &by, 8), None);
}

#[test]
fn an_answer_holds_only_for_what_was_asked() {
    let (by, at) = (AccountId::from_bits(2), 9);
    let (asked, of) = plan_asking(&with(Consent::NotAsked, |_| {}), &by, 7).unwrap();
    let answer = Consent::Given { by, at };
    let given = plan_answer(&asked, &of[0], answer.clone()).unwrap();
    assert_eq!(consent(&given), answer);
    assert_eq!(plan_answer(&given, &of[0], answer.clone()), None, "it is answered");
    let changed = with(Consent::Asked { by: AccountId::from_bits(1), at: 8 }, |said| said.number = "124".to_owned());
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
