//! The organisation's policies: each has a test that fails when the policy is taken out.

use crate::world::*;
use domain::{
    event::{
        Attended, Consent, Event, EventKind, EventState, Room, SegmentKind, Standing, Word,
        promotion::{Line, lines_of_card, statements},
        publish::{Page, plan_publication, refusals},
    },
    organisation::Body,
};
use jiff::civil::date;

/// The codes of the reasons against an event that is spoiled like this.
fn codes(spoil: impl FnOnce(&mut Event, &mut World)) -> Vec<&'static str> {
    let (mut event, mut world) = (event(), world());
    spoil(&mut event, &mut world);
    let refusals = refusals(&event, &world.facts());
    for refusal in &refusals {
        let text = refusal.text();
        assert!(text.len() > 40 && text.ends_with('.'), "{text}");
        assert!(!refusal.field().is_empty());
    }
    assert_eq!(plan_publication(&event, &world.facts()).err().unwrap_or_default(), refusals);
    refusals.iter().map(|refusal| refusal.code()).collect()
}

fn change_approval(event: &mut Event, change: impl FnOnce(&mut domain::event::Approved)) {
    let Standing::Approved(approved) = &mut event.approvals[0].standing else { panic!("not approved") };
    change(approved);
}

#[test]
fn an_event_with_all_that_is_needed_is_published_with_what_it_promises() {
    assert!(codes(|_, _| {}).is_empty());
    let event = published();
    assert_eq!(event.state, EventState::Published);
    let published = event.published.unwrap();
    assert_eq!((published.category.as_str(), published.course_hours), ("Ethics", hours(200)));
    let bodies: Vec<_> = published.credit_types.iter().map(|credit_type| credit_type.body.as_str()).collect();
    assert_eq!(bodies, ["NASBA"], "the rules that it is counted by stay with it");
}

#[test]
fn s2_29_under_sixty_minutes_of_instruction_isnt_published() {
    let short = |minutes: i64| {
        codes(move |event, _| {
            event.agenda = vec![segment(SegmentKind::Instruction, 0, minutes)];
            event.approvals[0].standing = Standing::NotApproved;
        })
    };
    assert_eq!(short(59), ["under_sixty_minutes"]);
    assert!(short(60).is_empty());
    assert_eq!(codes(|event, _| event.agenda.clear()), ["no_agenda", "more_than_the_time"]);
    let on_demand = |minutes| {
        codes(move |event, _| {
            (event.kind, event.minutes) = (EventKind::OnDemand, minutes);
            event.approvals[0].standing = Standing::NotApproved;
        })
    };
    assert_eq!(on_demand(Some(59)), ["under_sixty_minutes"]);
    assert_eq!(on_demand(None), ["no_agenda"]);
    assert!(on_demand(Some(60)).is_empty());
}

#[test]
fn s2_30_no_more_credit_is_advertised_than_the_time_yields_or_the_course_has() {
    assert_eq!(codes(|event, _| change_approval(event, |a| a.advertised = Some(hours(180)))), ["more_than_the_time"]);
    assert_eq!(codes(|event, _| change_approval(event, |a| a.advertised = Some(hours(150)))), ["not_in_steps"]);
    assert!(codes(|event, _| change_approval(event, |a| a.advertised = Some(hours(140)))).is_empty());
    let by_course = codes(|_, world| world.course.as_mut().unwrap().hours = hours(159));
    assert_eq!(by_course, ["more_than_the_course"]);
    assert_eq!(codes(|_, world| world.credit_types.retain(|known| known.body != "NASBA")), ["no_credit_type"]);
}

#[test]
fn s2_31_a_body_gives_all_of_its_credit_or_none() {
    let event = event();
    let earned = |body: &str, attended| event.approval_of(body).unwrap().earned(attended);
    assert_eq!(earned("NASBA", Attended::InItsEntirety), Some(hours(160)));
    assert_eq!(earned("NASBA", Attended::LessThanThat), None);
    assert_eq!(earned("APA", Attended::InItsEntirety), None);
    assert_eq!(earned("ANCC", Attended::InItsEntirety), None);
}

#[test]
fn s2_32_breaks_dont_count() {
    assert_eq!(event().instruction_seconds(), 80 * 60);
    let as_instruction = |event: &mut Event| event.agenda[1].kind = SegmentKind::Instruction;
    let mut longer = event();
    as_instruction(&mut longer);
    assert_eq!(longer.instruction_seconds(), 90 * 60);
    let ninety = |event: &mut Event| change_approval(event, |approved| approved.advertised = Some(hours(180)));
    assert_eq!(codes(|event, _| ninety(event)), ["more_than_the_time"]);
    let without_break = codes(|event, _| {
        as_instruction(event);
        ninety(event);
    });
    assert!(without_break.is_empty());
    // A break in the middle of a session is taken out of it, and two sessions at a time count once.
    let mut conference = event();
    conference.kind = EventKind::Conference;
    conference.agenda = vec![
        segment(SegmentKind::Instruction, 0, 90),
        segment(SegmentKind::Instruction, 0, 60),
        segment(SegmentKind::Break, 30, 45),
    ];
    assert_eq!(conference.instruction_seconds(), 75 * 60);
    // What begins before the event or goes on after it isn't its instruction.
    conference.agenda = vec![segment(SegmentKind::Instruction, -30, 120)];
    assert_eq!(conference.instruction_seconds(), 90 * 60);
}

#[test]
fn s2_33_something_is_said_of_every_body() {
    assert_eq!(codes(|event, _| drop(event.approvals.remove(2))), ["no_standing"]);
    let another = Body { short: "AMA".into(), name: "American Medical Association".into() };
    assert_eq!(codes(|_, world| world.organisation.bodies.push(another)), ["no_standing"]);
    assert_eq!(codes(|_, world| drop(world.organisation.bodies.remove(1))), ["unknown_body"]);
}

#[test]
fn s2_34_an_approval_needs_its_evidence_its_statement_and_the_offices_consent() {
    let without = |change: fn(&mut domain::event::Approved)| codes(move |event, _| change_approval(event, change));
    assert_eq!(without(|a| a.number.clear()), ["approval_number_missing"]);
    assert_eq!(without(|a| a.statement.clear()), ["approval_statement_missing"]);
    assert_eq!(without(|a| a.evidence.clear()), ["approval_evidence_missing"]);
    assert_eq!(without(|a| a.valid_from = None), ["approval_validity_missing"]);
    assert_eq!(without(|a| a.advertised = None), ["advertised_missing"]);
    assert_eq!(without(|a| a.consent = Consent::NotAsked), ["no_consent"]);
    assert_eq!(
        without(|a| a.consent = Consent::Asked { by: domain::id::AccountId::from_bits(1), at: 1, request: None }),
        ["no_consent"]
    );
    let refused = |a: &mut domain::event::Approved| {
        a.consent = Consent::Refused { by: domain::id::AccountId::from_bits(1), at: 1, why: "No".into() }
    };
    assert_eq!(without(refused), ["no_consent"]);
}

#[test]
fn an_approval_and_a_course_have_to_hold_on_the_events_day_in_its_own_zone() {
    let late = |event: &mut Event| {
        // Nine in the evening of June 30 in New York is July 1 in UTC.
        let moved = -16 * HOUR;
        event.when.starts_at += moved;
        event.when.ends_at += moved;
        for segment in &mut event.agenda {
            segment.starts_at += moved;
            segment.ends_at += moved;
        }
    };
    let until_june = |event: &mut Event| change_approval(event, |a| a.valid_to = Some(date(2026, 6, 30)));
    assert_eq!(codes(|event, _| until_june(event)), ["approval_not_valid"]);
    let in_june = codes(|event, _| {
        late(event);
        until_june(event);
    });
    assert!(in_june.is_empty(), "{in_june:?}");
    assert_eq!(
        codes(|event, _| change_approval(event, |a| a.valid_from = Some(date(2026, 7, 2)))),
        ["approval_not_valid"]
    );
    let course_until_june = |world: &mut World| world.course.as_mut().unwrap().approved_to = Some(date(2026, 6, 30));
    assert_eq!(codes(|_, world| course_until_june(world)), ["course_not_approved"]);
    let both_in_june = codes(|event, world| {
        late(event);
        course_until_june(world);
    });
    assert!(both_in_june.is_empty(), "{both_in_june:?}");
    // Of an event of two days they hold on both.
    let on_two_days = |event: &mut Event| event.when.ends_at += 24 * HOUR;
    let until_the_first = codes(|event, world| {
        on_two_days(event);
        change_approval(event, |a| a.valid_to = Some(date(2026, 7, 1)));
        world.course.as_mut().unwrap().approved_to = Some(date(2026, 7, 1));
    });
    assert_eq!(until_the_first, ["course_not_approved", "approval_not_valid"]);
    assert!(codes(|event, _| on_two_days(event)).is_empty());
}

#[test]
fn s2_35_the_disclaimer_and_the_organisations_texts_have_to_be_written() {
    assert_eq!(codes(|_, world| world.texts.disclaimer = " ".into()), ["disclaimer_text_missing"]);
    assert_eq!(codes(|_, world| world.texts.grievance.clear()), ["grievance_text_missing"]);
    assert_eq!(codes(|_, world| world.texts.accommodation.clear()), ["accommodation_text_missing"]);
}

#[test]
fn s2_36_promotion_names_who_approves_and_who_doesnt_with_the_disclaimer() {
    let (event, world) = (event(), world());
    let said = statements(&event, &world.organisation, &world.texts);
    let texts: Vec<_> = said.lines.iter().map(|line| (line.word, line.text.as_str())).collect();
    assert_eq!(
        texts,
        [
            (
                Word::Approved,
                "Approved by National Registry of CPE Sponsors (NASBA), no. 123: 1.60 credits for attending in its entirety, and none for less."
            ),
            (
                Word::NotApproved,
                "Not approved by American Psychological Association (APA): this event gives no credit there."
            ),
            (
                Word::Pending,
                "Pending with Nursing Credentialing Center (ANCC): it hasn't decided, and as long as it hasn't this event gives no credit there."
            ),
        ]
    );
    assert_eq!(said.lines[0].statement, "Acme is registered with NASBA.");
    assert_eq!(said.disclaimer, ["No board has to accept this.", "Ask yours."]);
    // The catalogue says the same of each body, those that don't approve as well.
    let card = domain::event::Card::of(&published()).unwrap();
    let in_catalogue = lines_of_card(&card, &world.organisation);
    let words = |lines: &[Line]| lines.iter().map(|line| (line.word, line.text.clone())).collect::<Vec<_>>();
    assert_eq!(words(&in_catalogue), words(&said.lines));
    let mut silent = event;
    silent.approvals.clear();
    let said = statements(&silent, &world.organisation, &world.texts);
    let named: Vec<_> = said.lines.iter().map(|line| (line.body.as_str(), line.word)).collect();
    let not = Word::NotApproved;
    assert_eq!(named, [("NASBA", not), ("APA", not), ("ANCC", not)], "nothing said is no approval, and is said");
}

#[test]
fn what_people_want_to_know_before_they_register_is_said() {
    let without = |change: fn(&mut domain::event::Details)| codes(move |event, _| change(&mut event.details));
    assert_eq!(without(|details| details.objectives.clear()), ["objectives_missing"]);
    assert_eq!(without(|details| details.presenters.clear()), ["presenters_missing"]);
    assert_eq!(without(|details| details.audience.clear()), ["audience_missing"]);
    assert_eq!(without(|details| details.level = None), ["level_missing"]);
    assert_eq!(without(|details| details.prerequisites.clear()), ["prerequisites_missing"]);
    assert_eq!(without(|details| details.preparation.clear()), ["preparation_missing"]);
    assert_eq!(without(|details| details.fees.clear()), ["fees_missing"]);
    assert_eq!(without(|details| details.refunds.clear()), ["refunds_missing"]);
    assert_eq!(without(|details| details.contact.clear()), ["contact_missing"]);
    assert_eq!(without(|details| details.complaints.clear()), ["complaints_missing"]);
}

#[test]
fn the_course_the_time_and_the_room_have_to_be_there() {
    assert_eq!(codes(|_, world| world.course = None), ["course_unknown"]);
    assert_eq!(codes(|_, world| world.course.as_mut().unwrap().providers.clear()), ["course_not_yours"]);
    assert_eq!(codes(|_, world| world.now = START), ["in_the_past"]);
    assert!(codes(|_, world| world.now = START - 1).is_empty());
    assert_eq!(codes(|event, _| event.room = None), ["no_room"]);
    assert!(codes(|event, _| event.room = Some(Room::Link { url: "https://a.example/x".into() })).is_empty());
    assert_eq!(codes(|event, _| event.agenda[2].ends_at += 1), ["outside_the_event"]);
    assert_eq!(codes(|event, _| event.state = EventState::Published), ["not_a_draft"]);
}

#[test]
fn one_meeting_is_one_events_at_a_time_and_no_other_providers_near_it() {
    let beside = |hours: i64, provider: &str, change: fn(&mut Event)| {
        let mut other = published();
        (other.id, other.title) = (domain::id::EventId::from_bits(2), "The other".to_owned());
        other.provider = domain::course::ProviderId::parse(provider).unwrap();
        other.when.starts_at += hours * HOUR;
        other.when.ends_at += hours * HOUR;
        change(&mut other);
        codes(|_, world| world.neighbours.push(other))
    };
    let as_it_is = |_: &mut Event| {};
    assert_eq!(beside(0, "beta-ce", as_it_is), ["meeting_taken"]);
    assert_eq!(beside(20, "beta-ce", as_it_is), ["meeting_taken"], "a sighting could be about either");
    assert!(beside(38, "beta-ce", as_it_is).is_empty());
    assert_eq!(beside(1, "acme-ce", as_it_is), ["meeting_twice"]);
    assert!(beside(2, "acme-ce", as_it_is).is_empty(), "one's own may follow each other in one meeting");
    for harmless in [
        (|other| other.room = Some(Room::Link { url: "https://a.example/x".into() })) as fn(&mut Event),
        |other| other.state = EventState::Cancelled { at: 1, why: "Ill".into() },
        |other| other.state = EventState::Draft,
        |other| other.id = event().id,
    ] {
        assert!(beside(0, "beta-ce", harmless).is_empty());
    }
    let (mut world, mut other) = (world(), published());
    (other.id, other.title) = (domain::id::EventId::from_bits(2), "A secret of Beta's".to_owned());
    other.provider = domain::course::ProviderId::parse("beta-ce").unwrap();
    world.neighbours.push(other);
    let told = refusals(&event(), &world.facts())[0].text();
    assert!(told.contains("812 3456 7890") && !told.contains("secret") && !told.contains("beta"), "{told}");
}

#[test]
fn every_reason_is_told_at_once_with_its_page() {
    let (mut event, mut world) = (event(), world());
    event.agenda.truncate(1);
    event.details.objectives.clear();
    event.approvals.pop();
    change_approval(&mut event, |approved| approved.consent = Consent::NotAsked);
    world.texts.disclaimer.clear();
    let told: Vec<_> =
        refusals(&event, &world.facts()).into_iter().map(|refusal| (refusal.code(), refusal.page())).collect();
    assert_eq!(
        told,
        [
            ("under_sixty_minutes", Page::Agenda),
            ("objectives_missing", Page::Details),
            ("disclaimer_text_missing", Page::Office),
            ("no_standing", Page::Approvals),
            ("no_consent", Page::Approvals),
            ("more_than_the_time", Page::Approvals),
        ]
    );
}
