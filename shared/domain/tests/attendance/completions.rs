//! What follows from attendance in full: invited, reminded, submitted, certified, corrected, revoked; and nobody else.

use super::missing::{END, decided, event, person};
use domain::{
    attendance::{
        Credited, Decided, Turned, Verdict,
        missing::{Certificate, Evaluation},
    },
    certificate::{Certifying, certify, grouped, hours_for, read_code},
    completion::{
        Assigned, Completion, Correction, EvaluationTimes, Following, HeldBecause, IssueRefusal, Letter, LetterKind,
        LetterNow, LetterState, Step, SubmitRefusal, TakingBack, What, correct, following, invite, is_to_invite,
        is_to_remind, is_to_send_again, letter_now, may_be_certified, may_issue, may_submit, next_look, released,
        revoke, submit, taken_back,
    },
    event::{Approval, Approved, Card, EventKind, EventState, Published, Standing},
    hours::CreditHours,
    id::{AccountId, CertificateCode},
    licence::{Licence, LicenceNumber},
    name::PersonName,
    organisation::{Body, Organisation, Texts},
    registration::{Participation, ParticipationState},
    tracker::Offered,
};
use jiff::civil::date;

const NOW: i64 = END + 1_800;
const DAY: i64 = 86_400;
const TIMES: EvaluationTimes = EvaluationTimes { days: 30, remind_after: 7 };

fn hours(hundredths: u32) -> CreditHours {
    CreditHours::from_hundredths(hundredths).unwrap()
}

fn in_full() -> Decided {
    let credits = vec![Credited { body: "NBCC".to_owned(), hours: Some(hours(100)) }];
    Decided { credits, ..decided(Verdict::Full, &[]) }
}

fn invited() -> Participation {
    let (completion, letter) = invite(TIMES, NOW);
    Participation { completion: Some(Box::new(completion)), letter: Some(letter), ..person(Some(in_full())) }
}

/// The same, in doubt since this moment.
fn doubted(person: &Participation, at: i64) -> Participation {
    let turned =
        Turned { at, case: "case".to_owned(), verdict: Verdict::Short, reasons: Vec::new(), attended: 1, missed: 1 };
    let decided = Decided { turned: Some(turned), ..*person.decided.clone().unwrap() };
    Participation { decided: Some(Box::new(decided)), ..person.clone() }
}

/// The same, with a letter that is as this makes it.
fn with_letter(mut person: Participation, change: impl FnOnce(&mut Letter)) -> Participation {
    change(person.letter.as_mut().unwrap());
    person
}

fn code(number: u128) -> CertificateCode {
    CertificateCode::from_bits(number)
}

fn anna() -> PersonName {
    PersonName { first: "Anna".to_owned(), last: "Lee".to_owned() }
}

fn submitted() -> Participation {
    let person = invited();
    let after = submit(person.completion.as_deref().unwrap(), anna(), Vec::new(), code(1), NOW + DAY);
    Participation { completion: Some(Box::new(after)), ..person }
}

fn at_step(step: Step) -> Completion {
    let mut completion = *submitted().completion.unwrap();
    completion.submitted.as_mut().unwrap().certificate.step = step;
    completion
}

fn issued() -> Completion {
    at_step(Step::Issued { at: NOW + DAY })
}

#[test]
fn who_attended_in_full_with_credit_is_invited_and_nobody_else() {
    let is_invited = |person: &Participation| is_to_invite(&event(), person);
    assert!(is_invited(&person(Some(in_full()))));
    assert!(!is_invited(&person(None)), "nothing is decided");
    for verdict in [Verdict::Short, Verdict::Review, Verdict::Absent] {
        assert!(!is_invited(&person(Some(Decided { verdict, ..in_full() }))), "{verdict:?}");
    }
    let uncredited = Decided { credits: vec![Credited { body: "NBCC".to_owned(), hours: None }], ..in_full() };
    assert!(!is_invited(&person(Some(uncredited))), "the event was too short for what it advertised");
    let turned = Turned {
        at: NOW,
        case: "case".to_owned(),
        verdict: Verdict::Short,
        reasons: Vec::new(),
        attended: 1,
        missed: 1,
    };
    assert!(!is_invited(&person(Some(Decided { turned: Some(turned), ..in_full() }))), "a later report says less");
    assert!(!is_invited(&Participation { email: None, ..person(Some(in_full())) }), "the account is closed");
    let cancelled = Participation { state: ParticipationState::Cancelled, ..person(Some(in_full())) };
    assert!(!is_invited(&cancelled));
    assert!(!is_invited(&invited()), "once is enough");
    let mut reported = event();
    reported.kind = EventKind::Conference;
    assert!(!is_to_invite(&reported, &person(Some(in_full()))), "its credit comes by a roster");
    let mut called_off = event();
    called_off.state = EventState::Cancelled { at: 1, why: "ill".to_owned() };
    assert!(!is_to_invite(&called_off, &person(Some(in_full()))));
}

#[test]
fn a_decision_brings_the_invitation_and_staffs_word_takes_it_back() {
    let staff = AccountId::from_bits(9);
    let now = |person: &Participation, decided: &Decided, why: Option<&str>| {
        let taking_back = why.map(|why| TakingBack { by: Some(&staff), why });
        following(&event(), person, decided, taking_back, TIMES, NOW)
    };
    let Following::Invited { completion, letter } = now(&person(None), &in_full(), None) else { panic!("invited") };
    assert_eq!((completion.until, completion.remind_at), (NOW + 30 * DAY, Some(NOW + 7 * DAY)));
    assert_eq!((letter.kind, letter.state), (LetterKind::Invitation, LetterState::Due));
    let short = decided(Verdict::Short, &[]);
    assert_eq!(now(&person(None), &short, None), Following::Stays);
    assert_eq!(now(&invited(), &in_full(), None), Following::Stays, "the same again");
    // An invitation that nobody has answered is gone; what was submitted is to be revoked, with the reason.
    let gone = Following::TakenBack { completion: None, deed: None };
    assert_eq!(now(&invited(), &short, Some("Two people")), gone);
    let Following::TakenBack { completion: Some(completion), deed } = now(&submitted(), &short, Some("Two people"))
    else {
        panic!("taken back")
    };
    let deed = deed.expect("the end of a certificate is noted");
    assert_eq!((&deed.by, &deed.code, deed.what, deed.why.as_str()), (&staff, &code(1), What::TakenBack, "Two people"));
    let step = completion.submitted.unwrap().certificate.step;
    assert_eq!(step, Step::Revoking { at: NOW, why: "Two people".to_owned(), is_taken_back: true });
    assert_eq!(now(&person(Some(in_full())), &short, Some("Two people")), Following::Stays, "there was nothing yet");
}

#[test]
fn one_reminder_goes_out_after_the_days_that_are_set() {
    let sent = |mut person: Participation| {
        person.letter.as_mut().unwrap().state = LetterState::Sent;
        person
    };
    let reminded = |person: &Participation, now| is_to_remind(&event(), person, now);
    assert!(!reminded(&sent(invited()), NOW + 7 * DAY - 1));
    assert!(reminded(&sent(invited()), NOW + 7 * DAY));
    assert!(!reminded(&invited(), NOW + 7 * DAY), "the invitation isn't out yet");
    assert!(!reminded(&sent(submitted()), NOW + 7 * DAY));
    assert!(!reminded(&sent(invited()), NOW + 30 * DAY), "it can't be submitted any more");
    let (none, _) = invite(EvaluationTimes { days: 30, remind_after: 0 }, NOW);
    let (late, _) = invite(EvaluationTimes { days: 5, remind_after: 7 }, NOW);
    assert_eq!((none.remind_at, late.remind_at), (None, None));
    // What is outstanding is looked after, and who waits for nothing isn't.
    assert_eq!(next_look(&invited(), NOW), Some(NOW + 300));
    assert_eq!(next_look(&sent(invited()), NOW), Some(NOW + 7 * DAY));
    assert_eq!(next_look(&sent(submitted()), NOW), Some(NOW + 300), "its certificate is to be made");
    let done = Participation { completion: Some(Box::new(issued())), ..sent(invited()) };
    assert_eq!(next_look(&done, NOW), None);
    assert_eq!(next_look(&person(None), NOW), None);
}

#[test]
fn whose_days_went_by_in_doubt_gets_them_anew_once_nobody_doubts_any_more() {
    let later = NOW + 29 * DAY;
    let cleared = |person: &Participation| following(&event(), person, &in_full(), None, TIMES, later);
    let Following::Invited { completion, letter } = cleared(&doubted(&invited(), NOW + DAY)) else { panic!("again") };
    assert_eq!((completion.invited_at, completion.until), (later, later + 30 * DAY));
    assert_eq!((letter.kind, letter.state), (LetterKind::Invitation, LetterState::Due));
    // Also whose time ran out meanwhile; but not whose time was over before.
    let after = following(&event(), &doubted(&invited(), NOW + DAY), &in_full(), None, TIMES, NOW + 90 * DAY);
    assert!(matches!(after, Following::Invited { .. }));
    assert_eq!(cleared(&doubted(&invited(), NOW + 31 * DAY)), Following::Stays);
    // Who has submitted has nothing to gain by it, and who is still in doubt isn't written to.
    assert_eq!(cleared(&doubted(&submitted(), NOW + DAY)), Following::Stays);
    let still = doubted(&invited(), NOW + DAY);
    let decided = still.decided.clone().unwrap();
    assert_eq!(following(&event(), &still, &decided, None, TIMES, later), Following::Stays);
}

#[test]
fn a_letter_that_cant_go_out_rests_and_is_given_up_when_its_time_is_over_or_the_account_is_closed() {
    let person = invited();
    assert_eq!(letter_now(&event(), &person, NOW), LetterNow::Send(person.completion.as_deref().unwrap()));
    let in_doubt = doubted(&person, NOW);
    assert_eq!(letter_now(&event(), &in_doubt, NOW), LetterNow::Later(NOW + 6 * 3_600));
    assert_eq!(letter_now(&event(), &in_doubt, NOW + 30 * DAY), LetterNow::Never("expired"));
    assert_eq!(letter_now(&event(), &person, NOW + 30 * DAY), LetterNow::Never("expired"));
    let closed = Participation { email: None, ..in_doubt.clone() };
    assert_eq!(letter_now(&event(), &closed, NOW), LetterNow::Never("account_closed"));
    assert_eq!(letter_now(&event(), &submitted(), NOW), LetterNow::Never("submitted"));
    // While it rests nobody looks every five minutes.
    let resting = with_letter(in_doubt, |letter| letter.lease.until = NOW + 6 * 3_600);
    assert_eq!(next_look(&resting, NOW), Some(NOW + 6 * 3_600));
    let given_up = with_letter(closed, |letter| {
        (letter.state, letter.code) = (LetterState::Refused, Some("account_closed".to_owned()));
    });
    let without_reminder = Participation {
        completion: given_up.completion.clone().map(|it| Box::new(Completion { remind_at: None, ..*it })),
        ..given_up
    };
    assert_eq!(next_look(&without_reminder, NOW), None);
}

#[test]
fn what_was_refused_since_mails_came_back_is_sent_again_once_that_is_lifted() {
    let refused = |code: &str| {
        with_letter(invited(), |letter| {
            (letter.state, letter.code) = (LetterState::Refused, Some(code.to_owned()));
        })
    };
    let bounced = refused("suppressed_bounce");
    let again = |person: &Participation, now| is_to_send_again(&event(), person, now);
    assert!(!again(&bounced, NOW + 6 * 3_600 - 1));
    assert!(again(&bounced, NOW + 6 * 3_600));
    assert!(!again(&refused("message_rejected"), NOW + DAY), "that is about the address, and nothing lifts it");
    assert!(!again(&bounced, NOW + 30 * DAY), "its time is over");
    assert!(!again(&doubted(&bounced, NOW), NOW + DAY));
    assert_eq!(next_look(&bounced, NOW), Some(NOW + 6 * 3_600), "somebody looks then");
    assert_eq!(next_look(&bounced, NOW + 30 * DAY - 1), None);
    // The reminder's time comes in any case, and what is sent later ends that nothing was delivered.
    assert!(is_to_remind(&event(), &bounced, NOW + 7 * DAY));
    assert_eq!(bounced.evaluation_standing(NOW), Evaluation::Undeliverable);
    let sent = with_letter(bounced, |letter| letter.state = LetterState::Sent);
    assert_eq!(sent.evaluation_standing(NOW), Evaluation::Incomplete { until: NOW + 30 * DAY });
}

#[test]
fn nobody_in_doubt_is_certified_and_what_was_held_for_it_is_made_afterwards() {
    assert!(may_be_certified(&event(), &submitted()));
    assert_eq!(may_issue(&event(), &submitted()), Ok(()));
    assert_eq!(may_issue(&event(), &doubted(&submitted(), NOW)), Err(IssueRefusal::InDoubt));
    let short = Participation { decided: Some(Box::new(decided(Verdict::Short, &[]))), ..submitted() };
    assert_eq!(may_issue(&event(), &short), Err(IssueRefusal::NotInFull));
    let held = |why| at_step(Step::Held { at: NOW, why });
    let held = |why| Participation { completion: Some(Box::new(held(why))), ..submitted() };
    let made = released(&event(), &held(HeldBecause::InDoubt)).unwrap();
    assert_eq!(made.submitted.unwrap().certificate.step, Step::Pending);
    assert_eq!(released(&event(), &doubted(&held(HeldBecause::InDoubt), NOW)), None);
    assert_eq!(released(&event(), &held(HeldBecause::BadPicture)), None);
}

#[test]
fn an_evaluation_is_submitted_once_in_time_and_in_full_only() {
    let may = |person: &Participation, now| may_submit(&event(), person, now).map(|_| ());
    assert_eq!(may(&invited(), NOW), Ok(()));
    assert_eq!(may(&invited(), NOW + 30 * DAY - 1), Ok(()));
    assert_eq!(may(&invited(), NOW + 30 * DAY), Err(SubmitRefusal::Expired));
    assert_eq!(may(&person(Some(in_full())), NOW), Err(SubmitRefusal::NotInvited));
    assert_eq!(may(&submitted(), NOW), Err(SubmitRefusal::AlreadySubmitted));
    let doubted = Participation { decided: Some(Box::new(decided(Verdict::Short, &[]))), ..invited() };
    assert_eq!(may(&doubted, NOW), Err(SubmitRefusal::NotInFull));
    let after = submitted();
    let made = after.submitted().unwrap();
    assert_eq!((made.at, &made.name, &made.certificate.step), (NOW + DAY, &anna(), &Step::Pending));
    assert_eq!(after.completion.unwrap().remind_at, None);
}

#[test]
fn each_standing_is_what_the_page_about_missing_evaluations_tells() {
    assert_eq!(person(None).evaluation_standing(NOW), Evaluation::NotInvited);
    assert_eq!(invited().evaluation_standing(NOW), Evaluation::Incomplete { until: NOW + 30 * DAY });
    assert_eq!(invited().evaluation_standing(NOW + 30 * DAY), Evaluation::Expired);
    let mut returned = invited();
    returned.letter.as_mut().unwrap().state = LetterState::Refused;
    assert_eq!(returned.evaluation_standing(NOW), Evaluation::Undeliverable);
    assert_eq!(submitted().evaluation_standing(NOW), Evaluation::Submitted);
    let of = |step| Participation { completion: Some(Box::new(at_step(step))), ..invited() }.certificate_standing();
    assert_eq!(invited().certificate_standing(), Certificate::None);
    assert_eq!(of(Step::Pending), Certificate::Pending);
    assert_eq!(of(Step::Held { at: NOW, why: HeldBecause::NoApprovalThatDay }), Certificate::Held);
    assert_eq!(of(Step::Issued { at: NOW }), Certificate::Issued);
    assert_eq!(of(Step::Revoking { at: NOW, why: String::new(), is_taken_back: false }), Certificate::Revoked);
}

#[test]
fn a_corrected_certificate_takes_the_place_of_the_one_that_stands() {
    let correction = |name: PersonName| Correction { name, code: code(2) };
    let other = PersonName { first: "Anne".to_owned(), last: "Lee".to_owned() };
    let after = correct(&issued(), correction(other.clone())).unwrap().submitted.unwrap();
    assert_eq!((&after.name, &after.certificate.code, &after.certificate.step), (&other, &code(2), &Step::Pending));
    assert_eq!(after.certificate.replaces, Some(code(1)));
    assert_eq!(correct(&issued(), correction(anna())), Err(IssueRefusal::NothingDiffers));
    // One that is held was never issued: there is nothing that it would take the place of.
    let held = at_step(Step::Held { at: NOW, why: HeldBecause::BadPicture });
    assert_eq!(correct(&held, correction(anna())).unwrap().submitted.unwrap().certificate.replaces, None);
    let gone = at_step(Step::Revoked { at: NOW, why: "why".to_owned(), is_taken_back: false });
    let anew = correct(&gone, correction(anna())).unwrap().submitted.unwrap().certificate;
    assert_eq!(anew.replaces, Some(code(1)), "whoever checks the revoked one is led to the new one");
    assert_eq!(correct(&at_step(Step::Pending), correction(other)), Err(IssueRefusal::UnderWay));
    assert_eq!(correct(&invite(TIMES, NOW).0, correction(anna())), Err(IssueRefusal::NoCertificate));
}

#[test]
fn a_certificate_is_revoked_once_and_stays_so() {
    let after = revoke(&issued(), "Wrong person", NOW).unwrap();
    let step = &after.submitted.as_ref().unwrap().certificate.step;
    assert_eq!(*step, Step::Revoking { at: NOW, why: "Wrong person".to_owned(), is_taken_back: false });
    assert_eq!(revoke(&after, "Again", NOW + 1), Err(IssueRefusal::Revoked));
    assert_eq!(revoke(&at_step(Step::Pending), "why", NOW), Err(IssueRefusal::UnderWay));
    assert_eq!(revoke(&invite(TIMES, NOW).0, "why", NOW), Err(IssueRefusal::NoCertificate));
    // Attendance that is taken back revokes whatever stands, but no revocation is written over.
    assert_eq!(taken_back(&after, "Later", NOW + 9), Some(after.clone()));
    let pending = taken_back(&at_step(Step::Pending), "Later", NOW).unwrap().submitted.unwrap();
    assert_eq!(pending.certificate.step, Step::Revoking { at: NOW, why: "Later".to_owned(), is_taken_back: true });
}

fn licence(board: &str) -> Licence {
    let number = LicenceNumber::parse("RN-1").unwrap();
    Licence { board: board.to_owned(), profession: "RN".to_owned(), number }
}

#[test]
fn a_licence_gets_what_its_own_board_gave_and_else_the_least() {
    let credited =
        |body: &str, hundredths: Option<u32>| Credited { body: body.to_owned(), hours: hundredths.map(hours) };
    let mut event = event();
    let day = event.when.first_day();
    let Standing::Approved(approved) = event.approvals[0].standing.clone() else { panic!("approved") };
    let approved = Standing::Approved(Box::new(Approved { valid_from: Some(day), valid_to: None, ..*approved }));
    let word = |body: &str, standing: &Standing| Approval { body: body.to_owned(), standing: standing.clone() };
    event.approvals = vec![
        word("NBCC", &approved),
        word("NASBA", &approved),
        word("TX-BON", &approved),
        word("KY-BON", &Standing::NotApproved),
        word("FL-BON", &Standing::Pending),
    ];
    let all = [credited("NBCC", Some(100)), credited("NASBA", Some(120)), credited("TX-BON", None)];
    assert_eq!(hours_for(&event, &all, &licence("nasba")), Some(hours(120)));
    assert_eq!(hours_for(&event, &all, &licence("TX-BON")), None, "its own board gave nothing");
    assert_eq!(hours_for(&event, &all, &licence("KY-BON")), None, "its own board doesn't approve, whatever others say");
    assert_eq!(hours_for(&event, &all, &licence("FL-BON")), None, "its own board hasn't decided");
    assert_eq!(hours_for(&event, &all, &licence("OH-CSW")), Some(hours(100)));
    assert_eq!(hours_for(&event, &[], &licence("OH-CSW")), None);
    // The catalogue says of each the same before anybody registers.
    event.published = Some(Published {
        at: NOW,
        provider_name: String::new(),
        course_title: String::new(),
        category: String::new(),
        course_hours: hours(100),
        credit_types: Vec::new(),
    });
    let card = Card::of(&event).unwrap();
    for board in ["nasba", "KY-BON", "FL-BON", "OH-CSW"] {
        let promised = Offered::of(&card, &licence(board), day).map(|offered| offered.hours);
        let all = card.credits.iter().map(|it| Credited { body: it.body.clone(), hours: it.advertised });
        assert_eq!(promised, hours_for(&event, &all.collect::<Vec<_>>(), &licence(board)), "{board}");
    }
    // An approval that doesn't hold on the day gives nothing, to its own board or to others.
    if let Standing::Approved(approved) = &mut event.approvals[0].standing {
        approved.valid_to = Some(day.yesterday().unwrap());
    }
    assert_eq!(hours_for(&event, &all, &licence("nbcc")), None);
    assert_eq!(hours_for(&event, &all, &licence("OH-CSW")), Some(hours(120)));
}

#[test]
fn a_certificate_says_what_was_decided_by_approvals_that_hold_that_day() {
    let organisation = Organisation {
        name: "The Board".to_owned(),
        bodies: vec![Body { short: "NBCC".to_owned(), name: "National Board".to_owned() }],
        ..Organisation::default()
    };
    let texts = Texts { disclaimer: "No guarantee.\n\nAsk your board.".to_owned(), ..Texts::default() };
    let mut person = submitted();
    let assigned = Assigned::to(licence("TX-BON"), String::new());
    person.completion.as_mut().unwrap().submitted.as_mut().unwrap().licences = vec![assigned];
    let make = |event: &domain::event::Event| {
        certify(&Certifying {
            event,
            person: &person,
            submitted: person.submitted().unwrap(),
            organisation: &organisation,
            texts: &texts,
            provider: None,
            signatory: None,
            address: "https://ce.example.org",
            now: NOW,
        })
    };
    let mut held = event();
    let approved = |event: &mut domain::event::Event, from, to| {
        let domain::event::Standing::Approved(approved) = &mut event.approvals[0].standing else { panic!("approved") };
        (approved.valid_from, approved.valid_to) = (from, to);
    };
    let day = held.when.first_day();
    assert_eq!(make(&held), Err(HeldBecause::NoApprovalThatDay), "an approval without a first day holds on none");
    approved(&mut held, Some(day), Some(day));
    let data = make(&held).unwrap();
    assert_eq!(data.verify_at, format!("https://ce.example.org/verify/{}", code(1)));
    assert_eq!((&data.participant.name, data.participant.licences.as_slice()), (&anna(), &[licence("TX-BON")][..]));
    assert_eq!(
        (data.activity.format.as_str(), data.activity.location.as_str()),
        ("Live interactive webinar", "Online, by Zoom")
    );
    assert_eq!((data.credits[0].hours, data.credits[0].body_name.as_str()), (hours(100), "National Board"));
    assert_eq!(data.disclaimer, ["No guarantee.", "Ask your board."]);
    approved(&mut held, Some(day.tomorrow().unwrap()), None);
    assert_eq!(make(&held), Err(HeldBecause::NoApprovalThatDay));
    approved(&mut held, Some(date(2000, 1, 1)), Some(day.yesterday().unwrap()));
    assert_eq!(make(&held), Err(HeldBecause::NoApprovalThatDay));
}

#[test]
fn codes_are_read_as_people_type_them() {
    let code = CertificateCode::of(&["a"]);
    assert_eq!(read_code(&grouped(&code)), Some(code.clone()));
    let told = CertificateCode::parse("0123456789abcdefghjkmnpqrs").unwrap();
    assert_eq!(grouped(&told), "01234 56789 abcde fghjk mnpqrs");
    let spoken = code.as_str().replace('0', "O").replace('1', "l");
    assert_eq!(read_code(&format!("  {}\u{2013} {} ", &spoken[..9], &spoken[9..])), Some(code));
    for bad in ["", "abc", &"u".repeat(26), &"0".repeat(27), &" ".repeat(5_000)] {
        assert_eq!(read_code(bad), None, "{bad:.30}");
    }
}
