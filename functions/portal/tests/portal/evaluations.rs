//! Evaluations for staff: the questions of an event, and what the answers add up to, without anybody's name.

use crate::world::{Answer, Who, World};
use adapters::table::{By, DraftSaved, EventSaved, QuestionsState};
use domain::{
    evaluation::{About, Answers, Form, QuestionId, Template, read_answers, read_draft},
    event::{Event, EventKind},
    id::{AccountId, EventId},
};

const NUMBER: u128 = 1;

fn path(page: &str) -> String {
    format!("/manage/events/{}{page}", EventId::from_bits(NUMBER))
}

async fn world(objectives: &[&str]) -> World {
    let world = World::new().await;
    world.offer("ETH-101", &["acme-ce"]).await;
    world.draft_event(NUMBER).await;
    change(&world, NUMBER, |event| {
        event.details.objectives = objectives.iter().map(|text| (*text).to_owned()).collect();
    })
    .await;
    world
}

async fn change(world: &World, number: u128, change: impl Fn(&mut Event)) -> Event {
    let before = world.event(number).await;
    let mut after = before.clone();
    change(&mut after);
    let acme = Who::Acme.account_id();
    let saved = world.clients.table.save_event(&before, &after, By { account: &acme, at: 1 }, "A test.").await;
    assert!(matches!(saved.unwrap(), EventSaved::Now(_)));
    world.event(number).await
}

fn has(answer: &Answer, status: u16, parts: &[&str]) {
    assert_eq!(answer.status, status, "{}", answer.text());
    for part in parts {
        assert!(answer.text().contains(part), "{part} isn't in {}", answer.text());
    }
}

fn lacks(answer: &Answer, parts: &[&str]) {
    for part in parts {
        assert!(!answer.text().contains(part), "{part} is in {}", answer.text());
    }
}

/// The questions that an event has of its own, with their version.
async fn own(world: &World, number: u128) -> Option<(Template, u64)> {
    let own = world.clients.table.fetch_questions(&EventId::from_bits(number)).await.unwrap()?;
    match own.state {
        QuestionsState::Open { template, .. } => Some((template, own.version)),
        QuestionsState::Frozen { .. } => panic!("the questions are frozen"),
    }
}

/// Presses a button of the page as it stands, with these fields.
async fn press(world: &World, deed: &str, fields: &str) -> Answer {
    let version = own(world, NUMBER).await.map_or(0, |own| own.1);
    world.post(&path("/evaluation"), Who::Acme, format!("version={version}&do={deed}{fields}")).await
}

/// An evaluation with these fields, whole.
fn answers(form: &Form, fields: &[(&str, &str)]) -> Answers {
    read_answers(form, |name| fields.iter().find(|field| field.0 == name).map_or("", |field| field.1)).unwrap()
}

const ADDED: &str = "&text=Which+colour%3F&kind=choices&options=Red%0D%0AGreen&about=own&required=yes";

#[tokio::test]
async fn an_event_asks_by_its_objectives_and_the_standard_questions_without_anybodys_doing() {
    let world = world(&["Describe the duty to warn", "Write a <safe> note"]).await;
    for who in [Who::Acme, Who::AcmeMember, Who::Office] {
        let page = world.get(&path("/evaluation"), who).await;
        has(&page, 200, &["I can now: describe the duty to warn", "I can now: write a &#60;safe&#62; note"]);
        has(
            &page,
            200,
            &["Each presenter knew the subject well.", "These are the standard questions.", "Everybody attests"],
        );
    }
    assert_eq!(own(&world, NUMBER).await, None, "looking saves nothing");
    let preview = world.get(&path("/evaluation/preview"), Who::Acme).await;
    let fields = [
        "<legend><span class=\"quiet\">1.</span>",
        "name=\"q-1\" value=\"5\"",
        "name=\"q-101\"",
        "<textarea id=\"q-110\"",
    ];
    has(&preview, 200, &fields);
    has(&preview, 200, &["Strongly agree", "Does not apply", "What will you do differently in your practice?"]);
    lacks(&preview, &["name=\"q-101\" value=\"\"", "<button type=\"submit\">"]);
    change(&world, NUMBER, |event| event.details.objectives.clear()).await;
    has(
        &world.get(&path("/evaluation"), Who::Acme).await,
        200,
        &["The event has no learning objectives.", "/details#objectives"],
    );
}

#[tokio::test]
async fn questions_are_added_changed_moved_and_removed_and_each_of_it_can_be_undone() {
    let world = world(&[]).await;
    let added = press(&world, "add", ADDED).await;
    assert_eq!((added.status, added.header("location")), (303, path("/evaluation?done=added#question-113").as_str()));
    let page = world.get(&path("/evaluation?done=added"), Who::Acme).await;
    has(
        &page,
        200,
        &["The question is added.", ">Undo<", "Which colour?", "<li dir=\"auto\">Green</li>", "event&#39;s own"],
    );
    let edit = world.get(&path("/evaluation?edit=113"), Who::Acme).await;
    has(
        &edit,
        200,
        &["Change the question", "Red\nGreen</textarea>", "value=\"save-113\"", "value=\"choices\" selected"],
    );
    let saved = press(&world, "save-113", "&text=Which+one%3F&kind=text&about=comments").await;
    assert_eq!(saved.header("location"), path("/evaluation?done=saved#question-113"));
    assert_eq!(press(&world, "up-113", "").await.header("location"), path("/evaluation?done=moved#question-113"));
    let (template, version) = own(&world, NUMBER).await.unwrap();
    let place = template.questions.iter().position(|question| question.text == "Which one?").unwrap();
    assert_eq!((place, version, template.questions[place].required), (11, 3, false));
    assert_eq!(press(&world, "remove-113", "").await.header("location"), path("/evaluation?done=removed"));
    lacks(&world.get(&path("/evaluation"), Who::Acme).await, &["Which one?"]);
    assert_eq!(press(&world, "undo", "").await.header("location"), path("/evaluation?done=undone"));
    assert_eq!(own(&world, NUMBER).await.unwrap().0, template);
    assert_eq!(press(&world, "standard", "").await.status, 303);
    assert_eq!(own(&world, NUMBER).await.unwrap().0, Template::standard());
    assert_eq!(press(&world, "undo", "").await.status, 303);
    assert_eq!(own(&world, NUMBER).await.unwrap().0, template, "the way back to the standard has a way back too");
}

#[tokio::test]
async fn a_wrong_question_is_told_field_by_field_and_what_was_typed_stays() {
    let world = world(&[]).await;
    let wrong = press(&world, "add", "&text=&kind=choice&options=Only+one&about=content").await;
    has(
        &wrong,
        422,
        &["Enter what you ask.", "at least two answers", "Only one</textarea>", "href=\"#text\"", "aria-invalid"],
    );
    has(&wrong, 422, &["value=\"content\" selected"]);
    let gone = press(&world, "remove-999", "").await;
    has(&gone, 422, &["Nothing was changed", "isn&#39;t there any more"]);
    let longest = format!("&text={}&kind=text&about=own", "%F0%9D%95%8F".repeat(400));
    has(&press(&world, "add", &longest).await, 422, &["longer than 200 characters"]);
    assert_eq!(own(&world, NUMBER).await, None);
    for form in ["version=0", "version=0&do=explode", "do=undo", "version=0&do=add&other=1"] {
        assert_eq!(world.post(&path("/evaluation"), Who::Acme, form).await.status, 400, "{form}");
    }
}

#[tokio::test]
async fn a_button_pressed_twice_and_a_page_of_yesterday_change_nothing_more() {
    let world = world(&[]).await;
    let form = format!("version=0&do=add{ADDED}");
    assert_eq!(world.post(&path("/evaluation"), Who::Acme, form.clone()).await.status, 303);
    let again = world.post(&path("/evaluation"), Who::Acme, form).await;
    has(
        &again,
        409,
        &["Somebody else has changed the questions meanwhile", "value=\"1\"", "\nWhich colour?</textarea>"],
    );
    let (template, version) = own(&world, NUMBER).await.unwrap();
    assert_eq!((template.questions.len(), version), (13, 1));
    // Where nothing would change, nothing is saved.
    assert_eq!(press(&world, "up-101", "").await.status, 303);
    assert_eq!(own(&world, NUMBER).await.unwrap().1, 1);
    assert_eq!(world.post(&path("/evaluation"), Who::Beta, "version=1&do=undo").await.status, 404);
}

#[tokio::test]
async fn a_providers_own_questions_are_those_of_its_events_that_nobody_has_changed() {
    let world = world(&[]).await;
    world.draft_event(2).await;
    world.draft_event(3).await;
    let other = |number: u128| format!("/manage/events/{}/evaluation", EventId::from_bits(number));
    assert_eq!(world.post(&other(3), Who::Acme, "version=0&do=remove-101").await.status, 303);
    assert_eq!(press(&world, "add", ADDED).await.status, 303);
    let saved = press(&world, "for-new", "").await;
    assert_eq!(saved.header("location"), path("/evaluation?done=for-new"));
    lacks(&world.get(&path("/evaluation?done=for-new"), Who::Acme).await, &[">Undo<"]);
    assert_eq!(press(&world, "for-new", "").await.status, 303, "twice is once");
    has(
        &world.get(&other(2), Who::Office).await,
        200,
        &["Which colour?", "the provider&#39;s questions for all events"],
    );
    lacks(&world.get(&other(3), Who::Acme).await, &["Which colour?"]);
    assert_eq!(world.post(&other(3), Who::Acme, "version=1&do=provider").await.status, 303);
    has(&world.get(&other(3), Who::Acme).await, 200, &["Which colour?"]);
    let beta = domain::course::ProviderId::parse("beta-ce").unwrap();
    assert_eq!(world.clients.table.fetch_questions_of(&beta).await.unwrap(), Template::standard());
}

#[tokio::test]
async fn once_somebody_is_invited_everybody_is_asked_the_same() {
    let world = world(&["Describe the duty to warn"]).await;
    assert_eq!(press(&world, "add", ADDED).await.status, 303);
    let table = &world.clients.table;
    let event = world.event(NUMBER).await;
    let form = table.freeze_form(&event, 1_782_925_200).await.unwrap();
    assert!(form.questions[0].about == About::Objective(1) && form.questions.len() == 14);
    let changed = change(&world, NUMBER, |event| event.details.objectives.clear()).await;
    assert_eq!(table.freeze_form(&changed, 9).await.unwrap(), form, "it is frozen once");
    assert_eq!(table.fetch_form(&changed).await.unwrap(), form);
    let page = world.get(&path("/evaluation"), Who::Acme).await;
    has(&page, 200, &["These questions are fixed", "I can now: describe the duty to warn", "Which colour?"]);
    lacks(&page, &["Add a question", ">Remove<", "value=\"standard\""]);
    for deed in ["version=1&do=undo", "version=2&do=remove-101", "version=2&do=standard"] {
        has(&world.post(&path("/evaluation"), Who::Acme, deed).await, 409, &["can&#39;t be changed any more"]);
    }
    assert_eq!(table.fetch_form(&changed).await.unwrap(), form);
    // They can still be used for events to come.
    assert_eq!(world.post(&path("/evaluation"), Who::Acme, "version=2&do=for-new").await.status, 303);
    assert_eq!(table.fetch_questions_of(&event.provider).await.unwrap(), form.template());
}

#[tokio::test]
async fn two_who_freeze_a_form_at_once_get_the_same() {
    let world = world(&["Describe the duty to warn"]).await;
    let (table, event) = (&world.clients.table, world.event(NUMBER).await);
    let (one, other) = tokio::join!(table.freeze_form(&event, 1), table.freeze_form(&event, 2));
    assert_eq!(one.unwrap(), other.unwrap());
}

#[tokio::test]
async fn a_draft_is_saved_over_what_was_read_and_never_over_what_was_sent_in() {
    let world = World::new().await;
    let whole = world.ended_event(NUMBER).await;
    world.seat_both(&whole).await;
    let (table, event, ann) = (&world.clients.table, whole.id.clone(), Who::Ann.account_id());
    let form = table.fetch_form(&whole).await.unwrap();
    let draft = |step: &'static str| read_draft(&form, move |name| if name == "q-101" { step } else { "" }).unwrap();
    assert_eq!(table.save_draft(&event, &ann, &draft("4"), 0, 7).await.unwrap(), DraftSaved::Now(1));
    assert_eq!(table.save_draft(&event, &ann, &draft("2"), 0, 8).await.unwrap(), DraftSaved::Conflict);
    assert_eq!(table.save_draft(&event, &ann, &draft("5"), 1, 9).await.unwrap(), DraftSaved::Now(2));
    let kept = table.fetch_evaluation(&event, &ann).await.unwrap().unwrap();
    assert!(kept.answers == draft("5") && !kept.is_submitted && (kept.version, kept.saved_at) == (2, 9));
    world.sent_in(&event, &ann, &draft("3")).await;
    assert_eq!(table.save_draft(&event, &ann, &draft("1"), 2, 10).await.unwrap(), DraftSaved::Conflict);
    let kept = table.fetch_evaluation(&event, &ann).await.unwrap().unwrap();
    assert!(kept.is_submitted && kept.answers == draft("3"));
    let nobody = AccountId::from_bits(77);
    assert_eq!(table.save_draft(&event, &nobody, &draft("1"), 0, 10).await.unwrap(), DraftSaved::Left);
}

/// An event that is over, with a scale and words to answer, and evaluations with these steps and words.
async fn evaluated(world: &World, said: &[(&str, &str)]) -> (Event, Form) {
    let event = world.ended_event(NUMBER).await;
    let table = &world.clients.table;
    let standard = Template::standard();
    let of = |id: &str| standard.question(QuestionId::parse(id).unwrap()).unwrap().clone();
    let template = Template { questions: vec![of("101"), of("106"), of("110")] };
    let acme = Who::Acme.account_id();
    table.save_questions(&event.id, &template, &standard, 0, By { account: &acme, at: 1 }).await.unwrap();
    let form = table.freeze_form(&event, 1).await.unwrap();
    for (number, (step, words)) in (500..).zip(said) {
        let fields = [("q-101", *step), ("q-106", "2"), ("q-110", *words)];
        world.sent_in(&event.id, &AccountId::from_bits(number), &answers(&form, &fields)).await;
    }
    let begun = read_draft(&form, |name| if name == "q-101" { "1" } else { "" }).unwrap();
    let bob = Who::Bob.account_id();
    world.seat(&event, bob.clone(), "Bob", "Tester", "bob@example.org").await;
    assert_eq!(table.save_draft(&event.id, &bob, &begun, 0, 1).await.unwrap(), DraftSaved::Now(1));
    (event, form)
}

const FIVE: [(&str, &str); 5] =
    [("5", "=HYPERLINK(\"x\")"), ("5", ""), ("4", "Line one\nline <two>"), ("3", ""), ("1", "Too fast")];

#[tokio::test]
async fn results_are_shown_in_figures_and_words_and_say_nobodys_name() {
    let world = World::new().await;
    evaluated(&world, &FIVE).await;
    for who in [Who::Acme, Who::Office] {
        let page = world.get(&path("/results"), who).await;
        // Two of five, and (5 + 5 + 4 + 3 + 1) / 5.
        has(
            &page,
            200,
            &["Mean <strong>3.60 of 5</strong>", "width=\"40.00%\"", "40 %", "5 answered", "A fair amount"],
        );
        has(
            &page,
            200,
            &["<dt>Sent in</dt><dd>5</dd>", "<dt>Begun, not sent in yet</dt><dd>1</dd>", "3 wrote something."],
        );
        has(&page, 200, &["Line one\nline &#60;two&#62;", "Too fast"]);
        let bob = Who::Bob.account_id();
        lacks(&page, &[AccountId::from_bits(500).as_str(), bob.as_str(), "Bob"]);
    }
    assert_eq!(world.get(&path("/results"), Who::Beta).await.status, 404);
    assert_eq!(world.get(&path("/results"), Who::Ann).await.status, 403);
}

#[tokio::test]
async fn results_come_in_fives_also_when_nobody_can_send_one_in_any_more() {
    let world = World::new().await;
    let said: Vec<(&str, &str)> = [&FIVE[..], &[("2", "The sixth"), ("2", "The seventh")]].concat();
    let (event, _) = evaluated(&world, &said).await;
    // The only one who could still come to be invited closes his account.
    let (table, bob) = (&world.clients.table, Who::Bob.account_id());
    table.leave_event(&event.id, Some(&event), &bob, adapters::clock::now()).await.unwrap();
    let page = world.get(&path("/results"), Who::Acme).await;
    has(&page, 200, &["<dt>Sent in</dt><dd>7</dd>", "of the first 5 evaluations", "Mean <strong>3.60 of 5</strong>"]);
    has(&page, 200, &["up to 4 stay uncounted, also once nobody can send one in any more"]);
    lacks(&page, &["The sixth", "The seventh"]);
}

#[tokio::test]
async fn of_four_evaluations_only_their_number_is_told_on_the_page_and_in_files() {
    let world = World::new().await;
    evaluated(&world, &FIVE[1..]).await;
    let page = world.get(&path("/results"), Who::Acme).await;
    has(
        &page,
        200,
        &[
            "<dt>Sent in</dt><dd>4</dd>",
            "Results are shown from 5 evaluations on",
            "If no 5 are sent in, none are shown.",
        ],
    );
    lacks(&page, &["Too fast", "Mean", "Export"]);
    for kind in ["csv", "xlsx"] {
        let refused = world.post(&path("/results/export"), Who::Acme, format!("kind={kind}")).await;
        has(&refused, 409, &["from five on"]);
    }
}

#[tokio::test]
async fn before_anybody_has_answered_the_page_says_what_comes() {
    let world = World::new().await;
    world.ended_event(NUMBER).await;
    has(
        &world.get(&path("/results"), Who::Acme).await,
        200,
        &["Nobody has sent an evaluation in yet.", "/evaluation\">"],
    );
}

#[tokio::test]
async fn the_files_say_what_the_page_says_and_hold_no_formula() {
    let world = World::new().await;
    evaluated(&world, &FIVE).await;
    for kind in ["csv", "xlsx"] {
        let answer = world.post(&path("/results/export"), Who::Acme, format!("kind={kind}")).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        let address = answer.header("location");
        let path = address.strip_prefix(&format!("{}/", world.settings.bucket_origin)).unwrap();
        let bytes = world.shelved(path.split('?').next().unwrap()).unwrap();
        if kind == "xlsx" {
            assert_eq!(&bytes[..2], b"PK");
            continue;
        }
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let lines: Vec<_> = text.trim_start_matches('\u{feff}').split("\r\n").collect();
        assert_eq!(lines[0], "No.,About,Question,Answered,Mean (1 to 5),Answer or comment,Count");
        assert_eq!(lines[1], "1,Presenters,Each presenter knew the subject well.,5,3.60,1 Strongly disagree,1");
        assert_eq!(lines[5], "1,Presenters,Each presenter knew the subject well.,5,3.60,5 Strongly agree,2");
        assert_eq!(lines[8], "2,What you learned,How much did you learn?,5,,A fair amount,5");
        assert!(text.contains("\"'=HYPERLINK(\"\"x\"\")\"") && text.contains("\"Line one\nline <two>\""), "{text}");
        assert!(!text.contains(AccountId::from_bits(500).as_str()), "{text}");
    }
    for form in ["kind=pdf", "", "kind=csv&who=ann"] {
        assert_eq!(world.post(&path("/results/export"), Who::Acme, form).await.status, 400, "{form}");
    }
}

#[tokio::test]
async fn an_event_whose_credit_its_provider_reports_has_no_evaluation_here() {
    let world = world(&[]).await;
    change(&world, NUMBER, |event| event.kind = EventKind::OnDemand).await;
    for page in ["/evaluation", "/evaluation/preview", "/results"] {
        assert_eq!(world.get(&path(page), Who::Acme).await.status, 404, "{page}");
    }
    let overview = world.get(&path(""), Who::Acme).await;
    lacks(&overview, &["/evaluation\"", "/results\""]);
}

#[tokio::test]
async fn what_two_dozen_people_answered_fits_a_page() {
    let world = World::new().await;
    let event = world.ended_event(NUMBER).await;
    world.evaluated(&event).await;
    let page = world.get(&path("/results"), Who::Acme).await;
    has(&page, 200, &["<dt>Sent in</dt><dd>24</dd>", "Does not apply", "I will ask for a second opinion earlier"]);
    assert!(page.text().len() < 60_000, "{} bytes", page.text().len());
    // Every question has a heading of its own, and every picture its figures beside it.
    let form = world.clients.table.fetch_form(&event).await.unwrap();
    assert_eq!(page.text().matches("<h3 id=\"result-").count(), form.questions.len());
    assert_eq!(page.text().matches("class=\"tally\"").count(), page.text().matches(" %</td>").count());
}
