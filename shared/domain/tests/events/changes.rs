//! Published events: what is frozen, and what registrants are told.

use crate::world::*;
use domain::event::{
    Card, Event, EventKind, EventState, Room, SegmentKind, Standing,
    change::{EditRefusal, Frozen, Told, plan_cancellation, plan_edit, untold},
};

fn edited(change: impl FnOnce(&mut Event)) -> (Event, Event) {
    let before = published();
    let mut after = before.clone();
    change(&mut after);
    (before, after)
}

fn refused(change: impl FnOnce(&mut Event)) -> Vec<&'static str> {
    let (before, after) = edited(change);
    let refusals = plan_edit(&before, &after, &world().facts()).unwrap_err();
    assert!(refusals.iter().all(|refusal| refusal.text().ends_with('.')));
    refusals.iter().map(EditRefusal::code).collect()
}

fn told(change: impl FnOnce(&mut Event)) -> Vec<Told> {
    let (before, after) = edited(change);
    let plan = plan_edit(&before, &after, &world().facts()).unwrap();
    assert_eq!(plan.event.notices.len(), usize::from(!plan.told.is_empty()));
    assert!(plan.event.notices.iter().all(|notice| notice.version == before.version + 1));
    plan.told
}

fn shift(event: &mut Event, seconds: i64) {
    event.when.starts_at += seconds;
    event.when.ends_at += seconds;
    for segment in &mut event.agenda {
        segment.starts_at += seconds;
        segment.ends_at += seconds;
    }
}

#[test]
fn what_was_promised_is_frozen() {
    assert_eq!(
        refused(|event| event.approvals[0].standing = Standing::Approved(Box::new(approved(140)))),
        ["frozen_approval"]
    );
    assert_eq!(refused(|event| event.approvals[1].standing = Standing::Pending), ["frozen_approval"]);
    assert_eq!(refused(|event| drop(event.approvals.remove(2))), ["frozen_approval"]);
    assert_eq!(refused(|event| event.course = domain::course::CourseNumber::parse("X-1").unwrap()), ["frozen_course"]);
    let shorter = refused(|event| event.agenda[2].ends_at -= 60);
    assert_eq!(shorter, ["frozen_instruction", "more_than_the_time"]);
    let longer = told(|event| event.agenda[1].kind = SegmentKind::Instruction);
    assert_eq!(longer, [Told::Attendance], "more of it has to be attended");
}

#[test]
fn a_changed_rule_of_a_body_changes_nothing_that_was_promised() {
    let (before, after) = edited(|event| event.title = "Another title".into());
    let mut world = world();
    world.credit_types.clear();
    world.course.as_mut().unwrap().hours = hours(50);
    assert_eq!(plan_edit(&before, &after, &world.facts()).unwrap().event.title, "Another title");
}

#[test]
fn a_published_event_stays_one_that_could_be_published() {
    assert_eq!(refused(|event| event.details.objectives.clear()), ["objectives_missing"]);
    assert_eq!(refused(|event| event.room = None), ["no_room"]);
    assert_eq!(refused(|event| shift(event, -8 * 24 * HOUR)), ["in_the_past"]);
    assert_eq!(refused(|event| shift(event, 200 * 24 * HOUR)), ["course_not_approved", "approval_not_valid"]);
}

#[test]
fn s2_29_a_published_event_isnt_shortened_below_an_hour_though_nobody_approves_it() {
    let mut draft = event();
    draft.approvals[0].standing = Standing::NotApproved;
    let before = domain::event::publish::plan_publication(&draft, &world().facts()).unwrap();
    let mut after = before.clone();
    after.agenda = vec![segment(SegmentKind::Instruction, 0, 59)];
    let refused = plan_edit(&before, &after, &world().facts()).unwrap_err();
    assert_eq!(refused.iter().map(EditRefusal::code).collect::<Vec<_>>(), ["under_sixty_minutes"]);
    after.agenda = vec![segment(SegmentKind::Instruction, 0, 60)];
    assert!(plan_edit(&before, &after, &world().facts()).is_ok());
}

#[test]
fn what_a_change_doesnt_touch_isnt_judged_by_what_the_office_says_now() {
    let (before, after) = edited(|event| event.room = Some(Room::Link { url: "https://a.example/".into() }));
    let mut world = world();
    world.texts = Default::default();
    world.organisation.bodies.clear();
    world.credit_types.clear();
    world.course = None;
    assert_eq!(plan_edit(&before, &after, &world.facts()).unwrap().told, [Told::Room]);
    let (before, mut after) = edited(|event| event.details.fees = "Ten dollars".into());
    assert!(plan_edit(&before, &after, &world.facts()).is_ok());
    // Another time is: the course has to be approved then.
    shift(&mut after, HOUR);
    let refused = plan_edit(&before, &after, &world.facts()).unwrap_err();
    assert_eq!(refused.iter().map(EditRefusal::code).collect::<Vec<_>>(), ["course_unknown"]);
}

#[test]
fn a_published_event_doesnt_move_into_anothers_meeting_or_time_but_keeps_its_own() {
    let mut world = world();
    let mut other = published();
    other.id = domain::id::EventId::from_bits(2);
    other.provider = domain::course::ProviderId::parse("beta-ce").unwrap();
    shift(&mut other, 48 * HOUR);
    world.neighbours.push(other);
    let code = |world: &World, change: fn(&mut Event)| {
        let (before, after) = edited(change);
        plan_edit(&before, &after, &world.facts()).map_err(|refusals| refusals[0].code()).err()
    };
    assert_eq!(code(&world, |event| shift(event, 24 * HOUR)), Some("meeting_taken"));
    assert_eq!(code(&world, |event| shift(event, HOUR)), None);
    world.neighbours[0].when = published().when;
    let (before, after) = edited(|event| event.title = "Another title".into());
    assert!(plan_edit(&before, &after, &world.facts()).is_ok(), "what stands already isn't this change's");
}

#[test]
fn registrants_are_told_of_time_kind_room_and_what_counts_and_of_nothing_else() {
    assert_eq!(told(|event| event.title = "Another title".into()), []);
    assert_eq!(told(|event| event.capacity = None), []);
    assert_eq!(told(|event| shift(event, HOUR)), [Told::Time { before: published().when }]);
    assert_eq!(told(|event| event.when.zone = zone("America/Chicago")), [Told::Time { before: published().when }]);
    assert_eq!(told(|event| event.kind = EventKind::Conference), [Told::Kind]);
    assert_eq!(told(|event| event.room = Some(Room::Link { url: "https://a.example/".into() })), [Told::Room]);
    assert_eq!(told(|event| event.policy.tolerance_seconds = 60), [Told::Attendance]);
}

#[test]
fn a_running_event_may_get_another_link_but_no_other_time_and_one_that_is_over_nothing() {
    let (before, mut after) = edited(|event| event.room = Some(Room::Link { url: "https://a.example/".into() }));
    let mut world = world();
    world.now = START + HOUR;
    assert_eq!(plan_edit(&before, &after, &world.facts()).unwrap().told, [Told::Room]);
    let running = Err(vec![EditRefusal::Frozen(Frozen::Running)]);
    after.policy.tolerance_seconds = 60;
    assert_eq!(plan_edit(&before, &after, &world.facts()), running);
    // Not to tomorrow either, with all of its agenda.
    let (before, moved) = edited(|event| shift(event, 24 * HOUR));
    assert_eq!(plan_edit(&before, &moved, &world.facts()), running);
    after.when.ends_at += 60;
    assert!(plan_edit(&before, &after, &world.facts()).is_err());
    world.now = START + 2 * HOUR;
    assert_eq!(plan_edit(&before, &before, &world.facts()), Err(vec![EditRefusal::Over]));
    let draft = event();
    assert_eq!(plan_edit(&draft, &draft, &world.facts()), Err(vec![EditRefusal::NotPublished]));
}

#[test]
fn a_form_cant_change_where_an_event_stands_in_its_life() {
    let (before, after) = edited(|event| {
        event.state = EventState::Draft;
        event.published = None;
        event.version = 99;
    });
    let plan = plan_edit(&before, &after, &world().facts()).unwrap();
    assert_eq!((plan.event.state, plan.event.published, plan.event.version), (before.state, before.published, 3));
}

#[test]
fn a_cancelled_event_says_why_and_is_cancelled_once() {
    let plan = plan_cancellation(&published(), "The presenter is ill.", NOW).unwrap();
    assert_eq!(plan.told, [Told::Cancelled { why: "The presenter is ill.".into() }]);
    assert!(Card::of(&plan.event).unwrap().cancelled);
    assert_eq!(plan_cancellation(&plan.event, "Again", NOW), None);
    assert_eq!(plan_cancellation(&event(), "A draft", NOW), None);
    assert_eq!(plan_cancellation(&published(), "Late", START + 2 * HOUR), None);
}

#[test]
fn whoever_missed_several_changes_is_told_once_from_what_they_knew() {
    let first_time = published().when;
    let (before, after) = edited(|event| shift(event, HOUR));
    let mut once = plan_edit(&before, &after, &world().facts()).unwrap().event;
    once.version = 4;
    let mut again = once.clone();
    shift(&mut again, HOUR);
    again.room = Some(Room::Link { url: "https://a.example/".into() });
    let mut twice = plan_edit(&once, &again, &world().facts()).unwrap().event;
    twice.version = 5;
    assert_eq!(untold(&twice, 3).unwrap().told, [Told::Time { before: first_time }, Told::Room]);
    assert_eq!(untold(&twice, 4).unwrap().told, [Told::Time { before: once.when }, Told::Room]);
    assert_eq!(untold(&twice, 5), None);
    let cancelled = plan_cancellation(&twice, "Ill", NOW).unwrap().event;
    assert_eq!(untold(&cancelled, 3).unwrap().told, [Told::Cancelled { why: "Ill".into() }]);
}
