//! Evaluations: what is asked, what is taken as an answer, and what may be told of them.

use domain::{
    course::{CourseNumber, ProviderId},
    evaluation::{
        About, Answer, Answers, Direction, Figures, Form, InvalidAnswer, Kind, LARGEST_ANSWERS, LEAST_SHOWN,
        LONGEST_COMMENT, MOST_QUESTIONS, MOST_TEXT_QUESTIONS, NotEdited, Question, QuestionDraft, QuestionId, Results,
        SETTLED_AFTER_SECONDS, Template, read_answers, read_draft,
    },
    event::{Event, EventKind, When, Zone},
    id::EventId,
};
use std::collections::BTreeMap;

const FIRST: QuestionId = QuestionId::FIRST_OF_TEMPLATE;

fn event(objectives: &[&str]) -> Event {
    let when =
        When { starts_at: 1_782_925_200, ends_at: 1_782_932_400, zone: Zone::parse("America/New_York").unwrap() };
    let (course, provider) = (CourseNumber::parse("ETH-101").unwrap(), ProviderId::parse("acme-ce").unwrap());
    let mut event =
        Event::draft(EventId::from_bits(1), provider, course, "Ethics".to_owned(), EventKind::LiveWebinar, when);
    event.details.objectives = objectives.iter().map(|objective| (*objective).to_owned()).collect();
    event
}

fn question(kind: Kind, required: bool) -> Question {
    Question { id: FIRST, text: "It was good.".to_owned(), kind, required, about: About::Own }
}

fn choice(several: bool) -> Kind {
    Kind::Choice { options: ["Red", "Green", "Blue"].map(str::to_owned).into(), several }
}

/// A scale, one and any of three, and words: all of them required, with the ids 101 to 104.
fn form() -> Form {
    let kinds = [Kind::Scale { may_not_apply: false }, choice(false), choice(true), Kind::Text];
    let mut template = Template { questions: Vec::new() };
    for kind in kinds {
        template = template.with(question(kind, true)).unwrap();
    }
    Form::of(&template, &event(&[]))
}

fn read(form: &Form, fields: &[(&str, &str)], whole: bool) -> Result<Answers, Vec<(String, InvalidAnswer)>> {
    let fields: BTreeMap<&str, &str> = fields.iter().copied().collect();
    let text = |name: &str| fields.get(name).copied().unwrap_or_default();
    let read = if whole { read_answers(form, text) } else { read_draft(form, text) };
    read.map_err(|wrong| wrong.into_iter().map(|wrong| (wrong.question.to_string(), wrong.why)).collect())
}

fn wrong(form: &Form, fields: &[(&str, &str)], whole: bool) -> Vec<(String, InvalidAnswer)> {
    read(form, fields, whole).unwrap_err()
}

const ALL: [(&str, &str); 5] =
    [("q-101", "4"), ("q-102", "1"), ("q-103-0", "yes"), ("q-103-2", "yes"), ("q-104", " Well\r\ndone ")];

#[test]
fn the_objectives_are_questions_of_their_own_before_the_templates() {
    let event = event(&["Describe the duty to warn", "HIPAA in practice", "  I-messages "]);
    let form = Form::of(&Template::standard(), &event);
    let texts: Vec<_> = form.questions.iter().take(3).map(|question| question.text.as_str()).collect();
    assert_eq!(
        texts,
        ["I can now: describe the duty to warn", "I can now: HIPAA in practice", "I can now: I-messages"]
    );
    let first = &form.questions[0];
    assert_eq!((first.field().as_str(), first.required, first.about), ("q-1", true, About::Objective(1)));
    assert_eq!(form.questions[3].field(), "q-101");
    assert_eq!(form.template(), Template::standard(), "the template is what was put behind them");
    assert_eq!(form.place_of(FIRST), 4);
}

#[test]
fn the_standard_questions_cover_what_bodies_ask_for_and_are_within_the_limits() {
    let standard = Template::standard();
    for about in About::OF_TEMPLATES.into_iter().filter(|about| *about != About::Own) {
        assert!(standard.questions.iter().any(|question| question.about == about), "{about:?}");
    }
    let accommodation = standard.questions.iter().find(|question| question.text.contains("accommodation")).unwrap();
    assert_eq!(accommodation.kind, Kind::Scale { may_not_apply: true }, "most never asked for one");
    for question in &standard.questions {
        assert_eq!(QuestionDraft::of(question).read(question.id).as_ref(), Ok(question), "it can be typed as it is");
        assert_eq!(question.required, question.kind != Kind::Text, "nobody has to write");
    }
    let mut ids: Vec<_> = standard.questions.iter().map(|question| question.id).collect();
    ids.dedup();
    assert_eq!(ids.len(), standard.questions.len());
}

#[test]
fn a_whole_evaluation_is_read_and_fills_its_form_again() {
    let form = form();
    let answers = read(&form, &ALL, true).unwrap();
    assert!(answers.get(FIRST) == Some(&Answer::Scale(4)) && answers.len() == 4);
    let filled: Vec<_> = answers.fields(&form).into_iter().collect();
    let filled: Vec<_> = filled.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    assert_eq!(
        filled,
        [("q-101", "4"), ("q-102", "1"), ("q-103-0", "yes"), ("q-103-2", "yes"), ("q-104", "Well\ndone")]
    );
    assert!(filled.iter().all(|(name, _)| form.has_field(name)));
    let again: Answers = serde_json::from_str(&serde_json::to_string(&answers).unwrap()).unwrap();
    assert!(again == answers, "it is kept as it was");
    for other in ["q-105", "q-103", "q-103-3", "q-104-0", "q-1", "q-", "version", "q-101-x"] {
        assert!(!form.has_field(other), "{other}");
    }
}

#[test]
fn everything_that_is_missing_is_told_at_once_but_only_when_it_is_sent_in() {
    let form = form();
    let missing =
        [InvalidAnswer::NotChosen, InvalidAnswer::NotChosen, InvalidAnswer::NoneChosen, InvalidAnswer::NotWritten];
    let told: Vec<_> = wrong(&form, &[("q-104", " \r\n\t ")], true).into_iter().map(|(_, why)| why).collect();
    assert_eq!(told, missing);
    assert!(read(&form, &[], false).unwrap().is_empty(), "a draft may be empty");
    assert_eq!(read(&form, &ALL[..2], false).unwrap().len(), 2);
    let mut optional = form.clone();
    for question in &mut optional.questions {
        question.required = false;
    }
    assert!(read(&optional, &[], true).unwrap().is_empty());
}

#[test]
fn what_cant_be_kept_is_refused_in_a_draft_too() {
    let form = form();
    let long = "é".repeat(LONGEST_COMMENT + 1);
    let fields = [("q-101", "6"), ("q-102", "3"), ("q-104", long.as_str())];
    let told = [
        ("101".to_owned(), InvalidAnswer::Unknown),
        ("102".to_owned(), InvalidAnswer::Unknown),
        ("104".to_owned(), InvalidAnswer::TooLong { characters: LONGEST_COMMENT + 1 }),
    ];
    assert_eq!(wrong(&form, &fields, false), told);
    for step in ["0", "na", "-1", "4.5", "five"] {
        assert_eq!(wrong(&form, &[("q-101", step)], false)[0].1, InvalidAnswer::Unknown, "{step}");
    }
    let longest = "é".repeat(LONGEST_COMMENT);
    assert_eq!(read(&form, &[("q-104", &longest)], false).unwrap().len(), 1);
    // What nobody sees is no reason to send somebody back.
    let pasted = read(&form, &[("q-104", "a\u{b}b\u{0}\tc")], false).unwrap();
    assert!(pasted.get(QuestionId::parse("104").unwrap()) == Some(&Answer::Text("a\nb c".to_owned())));
}

#[test]
fn all_answers_of_a_person_fit_into_what_one_transaction_may_cost() {
    let mut template = Template { questions: vec![question(Kind::Text, false)] };
    for _ in 1..MOST_TEXT_QUESTIONS {
        template = template.with(question(Kind::Text, false)).unwrap();
    }
    let form = Form::of(&template, &event(&[]));
    // Each character takes four bytes, or two in JSON.
    for letter in ["𝕏", "\""] {
        let long = letter.repeat(LONGEST_COMMENT);
        let fields: Vec<_> = form.questions.iter().map(|question| (question.field(), long.clone())).collect();
        let fields: Vec<_> = fields.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let one = read(&form, &fields[..1], true).unwrap();
        assert!(serde_json::to_string(&one).unwrap().len() <= LARGEST_ANSWERS);
        let told = wrong(&form, &fields, false);
        assert!(matches!(told[..], [(_, InvalidAnswer::TooMuch { by })] if by > 10_000), "{told:?}");
    }
}

#[test]
fn a_template_is_changed_question_by_question_and_keeps_their_numbers() {
    let template = Template::standard();
    let second = template.questions[1].id;
    let up = template.moving(second, Direction::Up).unwrap();
    assert_eq!((up.questions[0].id, up.questions[1].id), (second, FIRST));
    assert_eq!(up.moving(second, Direction::Up).unwrap(), up, "it can't go further up");
    assert_eq!(up.moving(second, Direction::Down).unwrap(), template);
    let without = template.without(second).unwrap();
    assert!(without.question(second).is_none() && without.without(second) == Err(NotEdited::Gone));
    let more = template.with(Question { about: About::Content, ..question(Kind::Text, false) }).unwrap();
    let place = more.questions.iter().position(|question| question.id > template.questions.last().unwrap().id).unwrap();
    assert_eq!(more.questions[place - 1].about, About::Content);
    assert_eq!(more.questions[place + 1].about, About::Learned, "it stands behind those about the same");
    let changed = template.replacing(Question { id: second, ..question(Kind::Text, true) }).unwrap();
    assert_eq!(changed.questions[1].kind, Kind::Text);
    let only = Template { questions: vec![question(Kind::Text, true)] };
    assert_eq!(only.without(FIRST), Err(NotEdited::Last));
}

#[test]
fn a_template_has_its_limits() {
    let scale = || question(Kind::Scale { may_not_apply: false }, true);
    let mut template = Template { questions: vec![scale()] };
    while template.questions.len() < MOST_TEXT_QUESTIONS + 1 {
        template = template.with(question(Kind::Text, false)).unwrap();
    }
    assert_eq!(template.with(question(Kind::Text, false)), Err(NotEdited::TooManyTexts));
    assert_eq!(template.replacing(question(Kind::Text, false)), Err(NotEdited::TooManyTexts));
    while template.questions.len() < MOST_QUESTIONS {
        template = template.with(scale()).unwrap();
    }
    assert_eq!(template.with(scale()), Err(NotEdited::TooMany));
}

#[test]
fn a_typed_question_says_everything_that_is_wrong_with_it() {
    let told = |draft: &QuestionDraft| -> Vec<String> {
        let wrong = draft.read(FIRST).unwrap_err();
        wrong.iter().map(|wrong| format!("{}: {}", wrong.field, wrong.why)).collect()
    };
    let about = "content".to_owned();
    assert_eq!(
        told(&QuestionDraft::default()),
        ["text: Enter what you ask.", "kind: Choose how it is answered.", "about: Choose what it is about."]
    );
    let options = |options: &str| QuestionDraft {
        text: "Why?".to_owned(),
        kind: "choice".to_owned(),
        options: options.to_owned(),
        about: about.clone(),
        ..QuestionDraft::default()
    };
    assert_eq!(told(&options(" \nOne\n")), ["options: Enter at least two answers to choose from, one a line."]);
    assert_eq!(told(&options("One\nTwo\none ")), ["options: Answer 3 stands there twice. Remove one of the two."]);
    assert_eq!(
        told(&options(&"x\n".repeat(13)))[0],
        "options: There are more than 12 answers to choose from. Remove some."
    );
    let long = "x".repeat(81);
    assert_eq!(told(&options(&format!("a\n{long}")))[0], "options: Answer 2 is longer than 80 characters. Shorten it.");
    let long = QuestionDraft { text: "x".repeat(201), ..options("a\nb") };
    assert_eq!(told(&long), ["text: This is longer than 200 characters. Shorten it."]);
    let read = options("A  b\r\n c").read(FIRST).unwrap();
    assert_eq!(read.kind, Kind::Choice { options: vec!["A b".to_owned(), "c".to_owned()], several: false });
}

fn sent(form: &Form, step: &str, comment: &str) -> Answers {
    read(form, &[("q-101", step), ("q-102", "0"), ("q-103-1", "yes"), ("q-103-2", "yes"), ("q-104", comment)], true)
        .unwrap()
}

/// Evaluations that were sent in long ago, one after the other.
fn in_order(all: &[Answers]) -> Vec<(i64, Answers)> {
    (1..).zip(all.iter().cloned()).collect()
}

/// Long after all of them.
const LATER: i64 = 1_000_000;

#[test]
fn results_are_counts_and_means_to_the_nearest_hundredth() {
    let form = form();
    let of = |steps: &[(&str, usize)]| {
        let each = steps.iter().flat_map(|(step, people)| vec![*step; *people]);
        let all: Vec<_> = each.map(|step| sent(&form, step, "Good")).collect();
        Results::of(&form, &event(&[]).id, in_order(&all), LATER)
    };
    let results = of(&[("1", 1), ("4", 13), ("5", 1)]);
    let shown = results.questions.unwrap();
    assert_eq!((results.submitted, results.counted, shown.len(), shown[0].answered), (15, 15, 4, 15));
    // 58 / 15 = 3.8666…
    let scale = Figures::Scale { counts: [1, 0, 0, 13, 1], not_applicable: 0, mean_hundredths: Some(387) };
    assert_eq!(shown[0].figures, scale);
    assert_eq!(shown[1].figures, Figures::Choice { counts: vec![15, 0, 0] });
    assert_eq!(shown[2].figures, Figures::Choice { counts: vec![0, 15, 15] });
    let shown = of(&[("1", 1), ("3", 1), ("4", 13)]).questions.unwrap();
    // 56 / 15 = 3.7333…
    assert!(matches!(shown[0].figures, Figures::Scale { mean_hundredths: Some(373), .. }), "{shown:?}");
}

#[test]
fn what_doesnt_apply_is_counted_and_no_part_of_the_mean() {
    let template = Template { questions: vec![question(Kind::Scale { may_not_apply: true }, true)] };
    let form = Form::of(&template, &event(&[]));
    let steps = ["na", "na", "na", "2", "3"];
    let all: Vec<_> = steps.iter().map(|step| read(&form, &[("q-101", step)], true).unwrap()).collect();
    let shown = Results::of(&form, &event(&[]).id, in_order(&all), LATER).questions.unwrap();
    let figures = Figures::Scale { counts: [0, 1, 1, 0, 0], not_applicable: 3, mean_hundredths: Some(250) };
    assert_eq!((shown[0].answered, &shown[0].figures), (5, &figures));
    let all = vec![all[0].clone(); 5];
    let shown = Results::of(&form, &event(&[]).id, in_order(&all), LATER).questions.unwrap();
    assert!(matches!(shown[0].figures, Figures::Scale { mean_hundredths: None, not_applicable: 5, .. }));
}

#[test]
fn of_fewer_than_five_nothing_but_their_number_is_told() {
    let form = form();
    for count in 0..LEAST_SHOWN {
        let few: Vec<_> = (0..count).map(|_| sent(&form, "5", "I am Ann")).collect();
        let results = Results::of(&form, &event(&[]).id, in_order(&few), LATER);
        assert_eq!((results.submitted, results.questions), (count, None));
    }
}

#[test]
fn results_come_in_fives_and_the_last_one_to_four_are_never_counted() {
    let form = form();
    let all: Vec<_> = (1..=12).map(|number| sent(&form, "5", &format!("Comment {number}"))).collect();
    let of = |count: usize| Results::of(&form, &event(&[]).id, in_order(&all[..count]), LATER);
    let told = |count: usize| {
        let results = of(count);
        let said = results.questions.map(|shown| match &shown[3].figures {
            Figures::Text { comments } => comments.len(),
            other => panic!("{other:?}"),
        });
        (results.submitted, results.counted, said)
    };
    assert_eq!(told(4), (4, 0, None));
    assert_eq!([5, 6, 9].map(|count| told(count).2), [Some(5); 3]);
    assert_eq!(told(9), (9, 5, Some(5)));
    assert_eq!(told(10), (10, 10, Some(10)));
    // However late one looks: by the last two each of them would know the other.
    assert_eq!(told(12), (12, 10, Some(10)));
    // It is the first that are counted, whoever comes later.
    assert_eq!(of(9).questions, of(5).questions);
}

#[test]
fn an_evaluation_is_counted_a_minute_after_it_was_sent_in_so_that_none_can_come_before_it_any_more() {
    let form = form();
    let all: Vec<_> = (1..=6).map(|number| sent(&form, "5", &format!("Comment {number}"))).collect();
    let of = |places: &[usize], now| {
        let sent_in = places.iter().map(|place| (100 + i64::try_from(*place).unwrap(), all[*place].clone())).collect();
        Results::of(&form, &event(&[]).id, sent_in, now)
    };
    // The one of 104 was entered while the one of 103 was still under way.
    let early = of(&[0, 1, 2, 4, 5], 105 + SETTLED_AFTER_SECONDS - 1);
    assert_eq!((early.submitted, early.counted, early.questions), (5, 0, None));
    let settled = of(&[0, 1, 2, 3, 4, 5], 105 + SETTLED_AFTER_SECONDS);
    assert_eq!((settled.submitted, settled.counted), (6, 5));
    assert_eq!(settled.questions, of(&[0, 1, 2, 3, 4], LATER).questions);
    // In whatever order the table gives them.
    assert_eq!(of(&[5, 4, 3, 2, 1, 0], LATER).questions, settled.questions);
}

#[test]
fn the_order_of_comments_tells_nothing_of_who_wrote_them_or_when() {
    let form = form();
    let words = ["Ann", "Bo", "Cy", "Di", "Ed", "Flo", "Gus", "Hal", "Ivy", "Jo"];
    let of = |words: &[&str], event: u128| {
        let all: Vec<_> = words.iter().map(|word| sent(&form, "5", word)).collect();
        let shown = Results::of(&form, &EventId::from_bits(event), in_order(&all), LATER).questions.unwrap();
        let Figures::Text { comments } = shown[3].figures.clone() else { panic!("{shown:?}") };
        comments
    };
    let mut backwards = words;
    backwards.reverse();
    let one = of(&words, 1);
    assert_eq!(one, of(&backwards, 1), "the same whatever the order they come in");
    assert!(one != words && one != backwards, "{one:?}");
    assert_ne!(one, of(&words, 2), "another order for another event");
}

#[test]
fn answers_dont_show_in_what_is_logged() {
    let answers = sent(&form(), "5", "I am Ann");
    assert_eq!(format!("{answers:?} {:?}", answers.get(FIRST).unwrap()), "Answers(4 answered) Answer(…)");
    let few = vec![answers; 5];
    assert!(!format!("{:?}", Results::of(&form(), &event(&[]).id, in_order(&few), LATER)).contains("Ann"));
}
