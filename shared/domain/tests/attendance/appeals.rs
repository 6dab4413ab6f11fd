//! Appeals: who may send one, how many, until when, and what may come with it.

use super::missing::{END, decided, event, person};
use domain::{
    attendance::{
        Reason, Verdict,
        appeal::{
            ANSWER_WITHIN_SECONDS, APPEAL_WITHIN_SECONDS, Appeal, AppealFile, AppealRefusal, FileKind, LONGEST_APPEAL,
            file_appeal, parse_appeal, plan_appeal,
        },
    },
    event::EventKind,
    id::AccountId,
    registration::{Participation, ParticipationState},
};

const HOUR: i64 = 3_600;
const NOW: i64 = END + 3 * HOUR;

fn short() -> Participation {
    person(Some(decided(Verdict::Short, &[Reason::LeftEarly])))
}

fn file(sha256: &str) -> AppealFile {
    let kind = FileKind::Png;
    AppealFile { key: "k".to_owned(), sha256: sha256.to_owned(), bytes: 9, name: "shot.png".to_owned(), kind }
}

fn filed(earlier: &[Appeal], text: &str, shown: Option<AppealFile>) -> Result<Appeal, AppealRefusal> {
    file_appeal(&event(), &short(), earlier, (text.to_owned(), shown), NOW)
}

fn refused(appeal: &Appeal) -> Appeal {
    appeal.decided(false, "No.", &AccountId::from_bits(5), NOW + HOUR).unwrap()
}

#[test]
fn an_appeal_is_answered_within_ten_days_and_once() {
    let appeal = filed(&[], "I was there.", None).unwrap();
    assert_eq!((appeal.number, appeal.answer_by), (1, NOW + ANSWER_WITHIN_SECONDS));
    assert_eq!(ANSWER_WITHIN_SECONDS, 10 * 86_400);
    let answered = refused(&appeal);
    assert!(!answered.is_open());
    assert_eq!(answered.decided(true, "Yes.", &AccountId::from_bits(6), NOW), None);
}

#[test]
fn one_is_open_at_a_time_and_another_says_something_new_three_times_at_most() {
    let first = filed(&[], "I was there.", None).unwrap();
    assert_eq!(filed(std::slice::from_ref(&first), "Please!", None), Err(AppealRefusal::OneIsOpen));
    let mut earlier = vec![refused(&first)];
    assert_eq!(filed(&earlier, "I was there.", None), Err(AppealRefusal::NothingNew));
    let shown = filed(&earlier, "I was there.", Some(file("aa"))).unwrap();
    assert_eq!(shown.number, 2);
    earlier.push(refused(&shown));
    assert_eq!(filed(&earlier, "I was there.", Some(file("aa"))), Err(AppealRefusal::NothingNew));
    earlier.push(refused(&filed(&earlier, "By telephone.", None).unwrap()));
    assert_eq!(filed(&earlier, "Something else.", None), Err(AppealRefusal::TooMany));
}

#[test]
fn who_may_appeal_and_when() {
    let (live, short) = (event(), short());
    let full = person(Some(decided(Verdict::Full, &[])));
    let waiting = Participation { state: ParticipationState::Waiting { place: 1 }, ..person(None) };
    let mut on_demand = event();
    on_demand.kind = EventKind::OnDemand;
    let open = person(None);
    let cases = [
        (&live, None, NOW, Err(AppealRefusal::NotRegistered)),
        (&live, Some(&waiting), NOW, Err(AppealRefusal::NotRegistered)),
        (&on_demand, Some(&open), NOW, Err(AppealRefusal::NotDecidedHere)),
        (&live, Some(&full), NOW, Err(AppealRefusal::InFull)),
        (&live, Some(&open), END + 24 * HOUR - 1, Err(AppealRefusal::NothingDecided)),
        (&live, Some(&open), END + 24 * HOUR, Ok(1)),
        (&live, Some(&short), NOW, Ok(1)),
        // It was decided an hour after the end.
        (&live, Some(&short), END + HOUR + APPEAL_WITHIN_SECONDS, Ok(1)),
        (&live, Some(&short), END + HOUR + APPEAL_WITHIN_SECONDS + 1, Err(AppealRefusal::TooLate)),
        (&live, Some(&open), END + APPEAL_WITHIN_SECONDS + 1, Err(AppealRefusal::TooLate)),
    ];
    for (place, (event, person, now, expected)) in cases.into_iter().enumerate() {
        assert_eq!(plan_appeal(event, person, &[], now), expected, "case {place}");
    }
}

#[test]
fn what_is_said_is_some_text_without_hidden_signs() {
    assert_eq!(parse_appeal("  \r\n "), None);
    assert_eq!(parse_appeal(" I was\r\nthere.\u{0} ").as_deref(), Some("I was\nthere."));
    assert!(parse_appeal(&"a".repeat(LONGEST_APPEAL)).is_some());
    assert_eq!(parse_appeal(&"a".repeat(LONGEST_APPEAL + 1)), None);
}

#[test]
fn a_file_is_what_its_content_says() {
    assert_eq!(FileKind::of(b"%PDF-1.7"), Some(FileKind::Pdf));
    assert_eq!(FileKind::of(b"\x89PNG\r\n\x1a\n..."), Some(FileKind::Png));
    assert_eq!(FileKind::of(&[0xff, 0xd8, 0xff, 0xe0]), Some(FileKind::Jpeg));
    for other in [&b"<html>"[..], b"PK\x03\x04", b"", b" %PDF-"] {
        assert_eq!(FileKind::of(other), None, "{other:?}");
    }
    assert_eq!(FileKind::Pdf.name("..\\..\\evil<b>.html"), "evilb.pdf");
    assert_eq!(FileKind::Png.name("/etc/.hidden"), "file.png");
    assert_eq!(FileKind::Jpeg.name("Мой звонок.jpeg"), "Мой звонок.jpg");
}
