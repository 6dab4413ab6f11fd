//! Each process on the way to the certificate torn at each of its calls: nobody is invited twice, credited twice or left behind.

use adapters::clock;
use domain::{
    certificate::{Paper, Validity},
    completion::{Deed, LetterState, Step, What, revoke},
    credit::{Actor, CreditKey},
    email::EmailAddress,
    id::{AccountId, CertificateCode, TranscriptId},
    transcript::{Cover, TranscriptChoice, TranscriptRecord, TranscriptState},
};
use http::Method;
use serde_json::{Value, json};
use tests::{
    completing::{Completing, licence_of, sha256},
    connector::Death,
    due::{FAR, address},
};

const SUBMITTED: &str = "/wallet/certificates?done=submitted";

/// A death before and one after each of so many calls, each for another person, from 1.
fn deaths(calls: usize) -> impl Iterator<Item = (u128, Death)> {
    let each = (0..calls).flat_map(|at| [Death::Before(at), Death::After(at)]);
    (1..).zip(each)
}

/// More people than there are deaths to die in any of the processes here.
const MANY: u128 = 60;

/// An event that so many people attended in full.
async fn attended(people: u128) -> Completing {
    let all = Completing::open().await;
    let portal = all.portal().await;
    for number in 1..=people {
        all.licensee(number).await;
        assert_eq!(all.register(&portal, number).await, 303);
    }
    all.due.wait(60);
    assert!(all.due.look().await);
    all.take_place().await;
    all
}

/// The same with everybody invited.
async fn invited(people: u128) -> Completing {
    let all = attended(people).await;
    all.decide().await;
    all.nudges();
    all
}

/// The same with everybody's evaluation submitted.
async fn submitted(people: u128) -> Completing {
    let all = invited(people).await;
    let portal = all.portal().await;
    for number in 1..=people {
        assert_eq!(all.submit(&portal, number).await, SUBMITTED);
    }
    all
}

/// How many mails somebody has of an evaluation that waits.
fn invitations(all: &Completing, number: u128) -> usize {
    let mails = all.mailbox().mails_to(&address(number));
    mails.iter().filter(|mail| mail.subject.contains("evaluation")).count()
}

/// The version of the one credit that somebody's licence has of the event, and whether it stands.
async fn credit(all: &Completing, number: u128) -> Option<(u32, bool)> {
    let event = all.due.event().await;
    let key = CreditKey { licence: licence_of(number), course: event.course.clone(), date: event.when.first_day() };
    let record = all.due.table.fetch_credit(&Actor::Office, &key).await.unwrap()?;
    Some((record.version, record.stands()))
}

#[tokio::test]
async fn whoever_dies_deciding_has_everybody_invited_once() {
    let plain = attended(1).await;
    plain.decide_but_last().await;
    plain.watch().reset();
    assert!(plain.due.look().await);
    let calls = plain.watch().total();
    assert!(calls > 10 && plain.person(1).await.letter.is_some());
    for (_, death) in deaths(calls) {
        let all = attended(1).await;
        all.decide_but_last().await;
        all.watch().die(death);
        all.due.look().await;
        assert!(all.watch().has_died(), "{death:?} was never reached");
        all.watch().reset();
        all.due.wait(FAR + 1);
        all.due.sweep().await;
        let person = all.person(1).await;
        let completion = person.completion.as_deref().expect("they are invited");
        assert!(completion.submitted.is_none());
        assert_eq!(person.letter.as_ref().map(|letter| (letter.state, letter.tries)), Some((LetterState::Due, 0)));
        // A nudge that was lost is made up for by the next look.
        all.due.wait(600);
        all.due.sweep().await;
        assert!(!all.nudges_of("letter").is_empty(), "after {death:?} somebody is told to send it");
        assert_eq!(all.person(1).await.completion.as_deref(), Some(completion), "and nobody is invited anew");
    }
}

#[tokio::test]
async fn whoever_dies_sending_an_invitation_loses_none_and_doubles_it_only_where_it_was_taken_and_not_marked() {
    let all = invited(MANY).await;
    all.watch().reset();
    let letter = |number| serde_json::json!({ "letter": all.about(number) });
    assert!(all.send(&all.sender().await, &[letter(MANY)]).await);
    let (calls, sequence) = (all.watch().total(), all.watch().sequence());
    let taken = sequence.iter().position(|call| call == "ses POST").expect("it was sent");
    assert_eq!(invitations(&all, MANY), 1);
    for (number, death) in deaths(calls) {
        all.watch().die(death);
        all.send(&all.sender().await, &[letter(number)]).await;
        assert!(all.watch().has_died(), "{death:?} was never reached");
        all.watch().reset();
        all.expire_letter(number).await;
        for _ in 0..2 {
            assert!(all.send(&all.sender().await, &[letter(number)]).await);
        }
        let unmarked =
            matches!(death, Death::After(at) if at == taken) || matches!(death, Death::Before(at) if at == taken + 1);
        assert_eq!(invitations(&all, number), if unmarked { 2 } else { 1 }, "after {death:?} of {sequence:?}");
        assert_eq!(all.person(number).await.letter.map(|letter| letter.state), Some(LetterState::Sent));
    }
}

#[tokio::test]
async fn whoever_dies_submitting_has_submitted_once_or_not_at_all() {
    let all = invited(MANY).await;
    let portal = all.portal().await;
    assert_eq!(all.submit(&portal, MANY).await, SUBMITTED);
    all.watch().reset();
    assert_eq!(all.submit(&portal, MANY - 1).await, SUBMITTED);
    let calls = all.watch().total();
    for (number, death) in deaths(calls) {
        all.watch().die(death);
        all.submit(&all.portal().await, number).await;
        assert!(all.watch().has_died(), "{death:?} was never reached");
        all.watch().reset();
        let before = all.person(number).await.submitted().cloned();
        assert_eq!(all.submit(&all.portal().await, number).await, SUBMITTED, "after {death:?}");
        let after = all.person(number).await.submitted().cloned();
        assert!(before.is_none() || before == after, "the code of the first stays");
        assert!(after.is_some_and(|after| after.certificate.step == Step::Pending));
    }
    let answered = all.due.table.fetch_answered(all.due.id(), None, 200).await.unwrap();
    assert_eq!((answered.submitted.len(), answered.drafts), (calls * 2 + 2, 0));
    // Whatever became of the nudges, the event's own look makes sure that all are made.
    all.nudges();
    all.due.wait(600);
    all.due.sweep().await;
    assert_eq!(
        all.nudges().iter().filter(|body| body.get("letter").is_none() && body.get("account").is_some()).count(),
        calls * 2 + 2
    );
}

#[tokio::test]
async fn whoever_dies_making_a_certificate_leaves_one_and_one_credit() {
    let all = submitted(MANY).await;
    all.watch().reset();
    assert!(all.make(&all.maker().await, &[all.about(MANY)]).await);
    let calls = all.watch().total();
    let files = all.certificates.kept().len();
    assert_eq!((files, credit(&all, MANY).await), (6, Some((1, true))));
    for (number, death) in deaths(calls) {
        all.watch().die(death);
        all.make(&all.maker().await, &[all.about(number)]).await;
        assert!(all.watch().has_died(), "{death:?} was never reached");
        all.watch().reset();
        for _ in 0..2 {
            assert!(all.make(&all.maker().await, &[all.about(number)]).await, "after {death:?}");
        }
        let record = all.certificate(number).await.expect("a certificate");
        assert_eq!((&record.validity, record.version), (&Validity::Valid, 1), "after {death:?}");
        assert_eq!(credit(&all, number).await, Some((1, true)), "after {death:?}");
        for file in &record.files {
            let kept = all.certificates.kept().into_iter().any(|(_, bytes)| sha256(&bytes) == file.sha256);
            assert!(kept, "the file that the record names is there, after {death:?}");
        }
        let step = all.person(number).await.submitted().map(|submitted| submitted.certificate.step.clone());
        assert!(matches!(step, Some(Step::Issued { .. })), "{step:?} after {death:?}");
    }
    assert_eq!(all.certificates.kept().len(), files * (1 + 2 * calls), "no file is there twice");
}

/// Somebody of the staff revokes somebody's certificate, as their page does.
async fn say_revoked(all: &Completing, number: u128) {
    let person = all.person(number).await;
    let completion = revoke(person.completion.as_deref().unwrap(), "Issued by mistake.", clock::now()).unwrap();
    let code = person.submitted().unwrap().certificate.code.clone();
    let deed = Deed {
        at: clock::now(),
        by: AccountId::from_bits(99),
        account: person.account.clone(),
        code,
        what: What::Revoked,
        why: "Issued by mistake.".to_owned(),
    };
    assert!(all.due.table.save_completion_for(&person, &completion, &deed, None).await.unwrap());
}

#[tokio::test]
async fn whoever_dies_revoking_leaves_it_revoked_and_the_credit_withdrawn_once() {
    let all = submitted(MANY).await;
    let maker = all.maker().await;
    for number in 1..=MANY {
        assert!(all.make(&maker, &[all.about(number)]).await);
        say_revoked(&all, number).await;
    }
    all.watch().reset();
    assert!(all.make(&all.maker().await, &[all.about(MANY)]).await);
    let calls = all.watch().total();
    for (number, death) in deaths(calls) {
        all.watch().die(death);
        all.make(&all.maker().await, &[all.about(number)]).await;
        assert!(all.watch().has_died(), "{death:?} was never reached");
        all.watch().reset();
        for _ in 0..2 {
            assert!(all.make(&all.maker().await, &[all.about(number)]).await, "after {death:?}");
        }
        let record = all.certificate(number).await.expect("a certificate");
        assert!(matches!(record.validity, Validity::Revoked { .. }), "after {death:?}");
        assert_eq!(credit(&all, number).await, Some((2, false)), "after {death:?}");
        let step = all.person(number).await.submitted().map(|submitted| submitted.certificate.step.clone());
        assert!(matches!(step, Some(Step::Revoked { .. })), "{step:?} after {death:?}");
    }
}

#[tokio::test]
async fn a_mail_service_that_is_down_or_says_slower_loses_no_invitation() {
    let mut all = invited(2).await;
    let letter = |all: &Completing, number| serde_json::json!({ "letter": all.about(number) });
    let down = (503, "ServiceUnavailableException", 1);
    let slower = (429, "TooManyRequestsException", 2);
    for (status, error, number) in [down, slower] {
        let body: &'static str = format!(r#"{{"__type":"{error}","message":"later"}}"#).leak();
        let headers: &'static str = "content-type: application/json\r\n";
        all.with_ses(Some(tests::outbox::always(status, headers, body).0));
        let there = letter(&all, number);
        assert!(!all.send(&all.sender().await, std::slice::from_ref(&there)).await, "{error}: it comes again");
        let left = all.person(number).await.letter.expect("a letter");
        assert_eq!((left.state, left.tries), (LetterState::Due, 1));
        // It rests; nobody sends it while it does.
        all.with_ses(None);
        assert!(all.send(&all.sender().await, std::slice::from_ref(&there)).await);
        assert_eq!(invitations(&all, number), 0, "{error}");
        all.expire_letter(number).await;
        assert!(all.send(&all.sender().await, std::slice::from_ref(&there)).await);
        assert_eq!(invitations(&all, number), 1, "{error}");
    }
}

#[tokio::test]
async fn a_name_that_no_font_has_is_held_for_staff_and_printed_once_it_is_written_otherwise() {
    let all = submitted(1).await;
    let maker = all.maker().await;
    assert!(all.make(&maker, &[all.about(1)]).await);
    let first = all.certificate(1).await.expect("a certificate").data.code;
    // Hieroglyphs: no font of ours has them.
    all.issue_again(1, "\u{13000}\u{13001}", "Garcia").await;
    assert!(all.make(&maker, &[all.about(1)]).await);
    let step = all.person(1).await.submitted().map(|submitted| submitted.certificate.step.clone());
    let Some(Step::Held { why, .. }) = step else { panic!("{step:?}") };
    assert!(why.text().contains("no font here can print") && why.text().contains('\u{13000}'), "{}", why.text());
    assert!(all.certificate(1).await.is_none(), "nobody can check what wasn't issued");
    let stands = all.due.table.fetch_certificate(&first).await.unwrap().unwrap();
    assert_eq!(stands.validity, Validity::Valid, "the first one stands until another takes its place");
    // Staff have it written in other letters: the new one takes the old one's place, and the old file stays and says so.
    all.issue_again(1, "Mar\u{ed}a", "Garc\u{ed}a").await;
    for _ in 0..2 {
        assert!(all.make(&maker, &[all.about(1)]).await);
    }
    let second = all.certificate(1).await.expect("a certificate");
    assert_eq!((second.validity.clone(), second.data.supersedes.clone()), (Validity::Valid, Some(first.clone())));
    assert_eq!(second.data.participant.name.last, "Garc\u{ed}a");
    let old = all.due.table.fetch_certificate(&first).await.unwrap().unwrap();
    assert!(matches!(&old.validity, Validity::Superseded { by, .. } if *by == second.data.code), "{:?}", old.validity);
    let kept = all.certificates.kept();
    for file in old.files.iter().chain(&second.files) {
        assert!(kept.iter().any(|(_, bytes)| sha256(bytes) == file.sha256), "each file stays");
    }
    assert!(credit(&all, 1).await.is_some_and(|(_, stands)| stands), "and the credit is one, under the new name");
}

#[tokio::test]
async fn nothing_is_sent_to_an_address_that_isnt_the_accounts_any_more() {
    let all = invited(1).await;
    all.due.account(1, Some("maria.new@people.example")).await;
    assert!(all.send(&all.sender().await, &[serde_json::json!({ "letter": all.about(1) })]).await);
    assert_eq!(invitations(&all, 1), 0);
    let there = EmailAddress::parse("maria.new@people.example").unwrap();
    assert_eq!(all.mailbox().mails_to(there.shown()).len(), 1);
}

/// More people than there are deaths to die on the way to a transcript.
const TRANSCRIBED: u128 = 50;

fn transcript_id(number: u128) -> TranscriptId {
    TranscriptId::from_bits(number)
}

/// Somebody presses the button, once more with the same form.
async fn press(all: &Completing, number: u128) -> u16 {
    let form = format!("id={}&licence=&cover=everything&paper=letter", transcript_id(number));
    all.ask(&all.portal().await, number, Method::POST, "/wallet/transcripts", &form).await.status().as_u16()
}

fn about_transcript(number: u128) -> Value {
    let about = json!({ "account": AccountId::from_bits(number).as_str(), "id": transcript_id(number).as_str() });
    json!({ "transcript": about })
}

async fn transcript(all: &Completing, number: u128) -> Option<TranscriptRecord> {
    all.due.table.fetch_transcript(&AccountId::from_bits(number), &transcript_id(number)).await.unwrap()
}

/// Whether a transcript is made, and its file the one that everybody who checks it is told of.
async fn is_made(all: &Completing, number: u128) -> bool {
    let Some(record) = transcript(all, number).await else { return false };
    let issued = all.due.table.fetch_issued_transcript(&record.code).await.unwrap();
    let TranscriptState::Made { sha256: told } = &record.state else { return false };
    let file = kept(all, number).into_iter().find(|(path, _)| path.ends_with(".pdf"));
    file.is_some_and(|(_, bytes)| sha256(&bytes) == *told) && issued.is_some_and(|issued| issued.sha256 == *told)
}

/// The files of somebody's transcripts.
fn kept(all: &Completing, number: u128) -> Vec<(String, axum::body::Bytes)> {
    let part = format!("/transcripts/{}/", AccountId::from_bits(number));
    all.certificates.kept().into_iter().filter(|(path, _)| path.contains(&part)).collect()
}

async fn licensees(people: u128) -> Completing {
    let all = Completing::open().await;
    for number in 1..=people {
        all.licensee(number).await;
    }
    all
}

#[tokio::test]
async fn whoever_dies_asking_for_a_transcript_has_it_by_pressing_again() {
    let all = licensees(TRANSCRIBED).await;
    all.watch().reset();
    assert_eq!(press(&all, TRANSCRIBED).await, 303);
    let calls = all.watch().total();
    for (number, death) in deaths(calls) {
        all.nudges();
        all.watch().die(death);
        press(&all, number).await;
        assert!(all.watch().has_died(), "{death:?} was never reached");
        all.watch().reset();
        assert_eq!(press(&all, number).await, 303, "after {death:?}");
        assert!(!all.nudges_of("transcript").is_empty(), "after {death:?} it is being made");
        assert!(all.make(&all.maker().await, &[about_transcript(number)]).await, "after {death:?}");
        assert!(is_made(&all, number).await, "after {death:?}");
        assert_eq!(kept(&all, number).len(), 2);
    }
}

#[tokio::test]
async fn a_transcript_that_nobody_was_told_of_is_found_by_the_sweep_and_one_that_was_never_begun_is_said() {
    let all = licensees(2).await;
    assert_eq!(press(&all, 1).await, 303);
    // Of the second its request has died before it could say what it is to hold.
    let choice = TranscriptChoice { licence: None, cover: Cover::Everything, paper: Paper::Letter };
    let (id, code) = (transcript_id(2), CertificateCode::from_bits(2));
    let asked_at = clock::now() - 100;
    let never = TranscriptRecord { id, code, choice, asked_at, state: TranscriptState::Asked };
    assert!(all.due.table.ask_transcript(&AccountId::from_bits(2), &never).await.unwrap());
    all.nudges();
    let sweep = async || {
        let worker = all.due.worker().await;
        Box::pin(reconcile_attendance::handle(json!({ "sweep": true }), all.due.now() + FAR, &worker)).await.unwrap();
        all.nudges_of("transcript")
    };
    all.due.wait(clock::now() + 300 - all.due.now());
    let mut found = sweep().await;
    found.sort_by_key(Value::to_string);
    let mut both = [about_transcript(1), about_transcript(2)];
    both.sort_by_key(Value::to_string);
    assert_eq!(found, both);
    assert!(sweep().await.is_empty(), "it rests while its message comes again by itself");
    for number in [1, 2] {
        assert!(all.make(&all.maker().await, &[about_transcript(number)]).await);
    }
    assert!(is_made(&all, 1).await);
    let state = transcript(&all, 2).await.unwrap().state;
    assert!(matches!(&state, TranscriptState::Refused { why } if why.contains("Make it again")), "{state:?}");
    all.due.wait(2 * 3_600);
    assert!(sweep().await.is_empty(), "neither is due any more");
}

#[tokio::test]
async fn what_a_worker_has_made_of_a_removed_transcript_is_nothing_of_the_next_one_of_the_same_form() {
    let all = licensees(1).await;
    let account = AccountId::from_bits(1);
    assert_eq!(press(&all, 1).await, 303);
    let first = transcript(&all, 1).await.unwrap();
    let table = &all.due.table;
    table.delete_transcript(&account, &first).await.unwrap();
    assert_eq!(press(&all, 1).await, 303, "the page before is sent again");
    let second = transcript(&all, 1).await.unwrap();
    assert_ne!(first.code, second.code);
    // The worker of the first comes to its end only now.
    assert!(!table.issue_transcript(&account, &first, "ab").await.unwrap());
    assert!(!table.refuse_transcript(&account, &first, "Why").await.unwrap());
    assert_eq!(table.fetch_issued_transcript(&first.code).await.unwrap(), None);
    assert_eq!(transcript(&all, 1).await, Some(second));
}

#[tokio::test]
async fn whoever_dies_making_a_transcript_leaves_one_that_everybody_can_check() {
    let all = licensees(TRANSCRIBED).await;
    for number in 1..=TRANSCRIBED {
        assert_eq!(press(&all, number).await, 303);
    }
    all.watch().reset();
    assert!(all.make(&all.maker().await, &[about_transcript(TRANSCRIBED)]).await);
    let calls = all.watch().total();
    for (number, death) in deaths(calls) {
        all.watch().die(death);
        all.make(&all.maker().await, &[about_transcript(number)]).await;
        assert!(all.watch().has_died(), "{death:?} was never reached");
        all.watch().reset();
        for _ in 0..2 {
            assert!(all.make(&all.maker().await, &[about_transcript(number)]).await, "after {death:?}");
        }
        assert!(is_made(&all, number).await, "after {death:?}");
        assert_eq!(kept(&all, number).len(), 2);
    }
}

#[tokio::test]
async fn whoever_dies_removing_a_transcript_leaves_nothing_of_it_in_the_end() {
    let all = licensees(TRANSCRIBED).await;
    let maker = all.maker().await;
    for number in 1..=TRANSCRIBED {
        assert_eq!(press(&all, number).await, 303);
        assert!(all.make(&maker, &[about_transcript(number)]).await);
    }
    let remove = async |number: u128| {
        let there = format!("/wallet/transcripts/{}/remove", transcript_id(number));
        all.ask(&all.portal().await, number, Method::POST, &there, "").await.status().as_u16()
    };
    all.watch().reset();
    assert_eq!(remove(TRANSCRIBED).await, 303);
    let calls = all.watch().total();
    for (number, death) in deaths(calls) {
        all.watch().die(death);
        remove(number).await;
        assert!(all.watch().has_died(), "{death:?} was never reached");
        all.watch().reset();
        assert_eq!(remove(number).await, 303, "after {death:?}");
        // A message about it that comes late brings nothing back.
        assert!(all.make(&maker, &[about_transcript(number)]).await);
        assert_eq!(transcript(&all, number).await, None, "after {death:?}");
        assert!(kept(&all, number).is_empty(), "after {death:?}");
    }
}
