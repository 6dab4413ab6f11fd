//! A processed record that was wrong: corrected, withdrawn, restored; with its history, and with the files that come after.

use crate::world::{Who, World, credit, provider};
use adapters::table::{CreditWritten, RecordedCredit, credit_reference};
use domain::{
    course::CourseNumber,
    credit::{Actor, CreditKey, CreditState},
    email::EmailAddress,
    import::ImportId,
    mail::{Content, CreditChange},
    register::Holder,
    roster::{
        reason::Reason,
        record::{Asker, Settled, settle},
    },
};
use jiff::civil::date;
use pages::address::segment;

/// Ann's credit for CE-101 on 31 January, recorded by Acme; Bo holds a licence too.
async fn world() -> (World, Holder, CreditKey) {
    let world = World::new().await;
    let ann = world.holder("TX-BON", "RN", "RN-1", "Ann", "Lee").await;
    world.holder("TX-BON", "RN", "RN-2", "Bo", "Chen").await;
    for course in ["CE-101", "CE-102", "B-1"] {
        world.course(course).await;
    }
    let key = world.record("acme-ce", credit(&ann, "CE-101", date(2026, 1, 31)), 14).await;
    (world, ann, key)
}

fn at(key: &CreditKey, ending: &str) -> String {
    format!("/details/credits/{}{ending}", credit_reference(key))
}

fn form(version: u32, reason: &str, replaced: &[(usize, &str)]) -> String {
    let names = ["first_name", "last_name", "license_number", "course_number", "ce_year", "course_date", "ce_hours"];
    let mut texts = ["Ann", "Lee", "RN-1", "CE-101", "2026", "2026-01-31", "1.50"];
    for (place, text) in replaced {
        texts[*place] = text;
    }
    let fields: Vec<_> = names.iter().zip(texts).map(|(name, text)| format!("{name}={}", segment(text))).collect();
    format!("{}&version={version}&reason={}", fields.join("&"), segment(reason))
}

fn signed(version: u32, reason: &str) -> String {
    format!("version={version}&reason={}", segment(reason))
}

async fn record(world: &World, key: &CreditKey) -> RecordedCredit {
    world.clients.table.fetch_credit(&Actor::Office, key).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_correction_keeps_what_stood_before_with_who_when_and_why() {
    let (world, _, key) = world().await;
    let shown = world.get(&at(&key, "/correct"), Who::Acme).await;
    for part in
        ["value=\"Ann\"", "value=\"RN-1\"", "value=\"2026-01-31\"", "value=\"1.50\"", "name=\"version\" value=\"1\""]
    {
        assert!(shown.text().contains(part), "{part} in {}", shown.text());
    }
    let saved = world.post(&at(&key, "/correct"), Who::Acme, form(1, "Typed wrong", &[(6, "2"), (0, "Anne")])).await;
    assert_eq!((saved.status, saved.header("location")), (303, format!("{}?done=corrected", at(&key, "")).as_str()));
    let now = record(&world, &key).await;
    assert_eq!((now.version, now.hours.to_string().as_str(), now.name.first.as_str()), (2, "2.00", "Anne"));
    assert_eq!(
        (now.title.as_str(), now.recorded.source.row().map(|(_, row)| row)),
        ("Title of CE-101", Some(14)),
        "what isn't corrected stays"
    );
    let page = world.get(saved.header("location"), Who::Acme).await;
    for part in [
        "The record is corrected.",
        "Corrected</span>",
        "Ann Lee, RN-1, 1.50 hours, CE Year 2026 <small>version 1",
        ">Typed wrong<",
        ">You<",
        ">2.00<",
    ] {
        assert!(page.text().contains(part), "{part} in {}", page.text());
    }
    let colleague = world.get(&at(&key, ""), Who::AcmeMember).await;
    assert!(colleague.text().contains(&format!("Your account {}<", Who::Acme.account_id())));
    // The surname that the list is searched by is corrected with the name.
    let saved = world
        .post(&at(&key, "/correct"), Who::Acme, form(2, "Married", &[(6, "2"), (0, "Anne"), (1, "Lee-Müller")]))
        .await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    let found = world.get("/details?surname=leemueller&state=corrected", Who::Acme).await;
    assert!(found.text().contains("Anne Lee-Müller") && found.text().contains(": Married"), "{}", found.text());
}

#[tokio::test]
async fn cells_that_cannot_be_right_come_back_with_the_sentences_of_a_roster() {
    let (world, _, key) = world().await;
    let wrong = form(1, "", &[(1, "Smith"), (4, "2025"), (6, "3")]);
    let page = world.post(&at(&key, "/correct"), Who::Acme, wrong).await;
    assert_eq!(page.status, 422);
    for part in [
        "id=\"wrong-last_name\"><p class=\"amiss\">The name isn&#39;t that of the holder of license RN-1.",
        "id=\"wrong-ce_year\"><p class=\"amiss\">The course date 2026-01-31 belongs to CE Year 2026, not 2025.",
        "id=\"wrong-ce_hours\"><p class=\"amiss\">3.00 hours are more than the 2.00",
        "id=\"wrong-reason\">Say in a few words why the record is changed.",
        "value=\"Smith\"",
    ] {
        assert!(page.text().contains(part), "{part} in {}", page.text());
    }
    let zeros = world.holder("TX-BON", "RN", "00077", "Ann", "Lee").await;
    assert_eq!(zeros.licence.number.compared(), "00077");
    let lost = world.post(&at(&key, "/correct"), Who::Acme, form(1, "Zeros", &[(2, "77")])).await;
    assert!(lost.text().contains("isn&#39;t in the register, but 00077 is"), "{}", lost.text());
    let same = world.post(&at(&key, "/correct"), Who::Acme, form(1, "No change", &[])).await;
    assert!(same.status == 422 && same.text().contains("Nothing differs from what is recorded"));
    assert_eq!(record(&world, &key).await.version, 1);
}

#[tokio::test]
async fn a_correction_of_the_date_withdraws_the_old_record_and_makes_the_new_one_at_once() {
    let (world, ann, key) = world().await;
    let saved = world
        .post(&at(&key, "/correct"), Who::Acme, form(1, "The day before", &[(5, "2025-12-30"), (4, "2025")]))
        .await;
    let moved = CreditKey { date: date(2025, 12, 30), ..key.clone() };
    assert_eq!((saved.status, saved.header("location")), (303, format!("{}?done=corrected", at(&moved, "")).as_str()));
    let (old, new) = (record(&world, &key).await, record(&world, &moved).await);
    assert!(!old.stands() && new.stands());
    assert_eq!(
        (new.version, new.recorded.source.row().map(|(_, row)| row), new.recorded_at),
        (1, Some(14), old.recorded_at),
        "from the same row"
    );
    assert!(new.changed.unwrap().other.unwrap().is(&key));
    let page = world.get(&at(&key, ""), Who::Acme).await;
    assert!(page.text().contains("The record that has taken its place") && !page.text().contains("/restore\""));
    // Both stand in the list, each in its month, and one of them counts.
    let list = world.get("/details?sort=oldest", Who::Acme).await;
    assert!(list.text().contains("2 records") && list.text().contains("2025-12-30"));
    assert!(world.get("/details?state=standing", Who::Acme).await.text().contains("1 record with standing"));
    // The old record isn't restored beside the new one.
    let restored = world.post(&at(&key, "/restore"), Who::Acme, signed(2, "Both")).await;
    assert!(restored.status == 422 && restored.text().contains("has taken its place"), "{}", restored.text());
    // But the correction can be taken back: the place of the old one is free for it.
    let back = world.post(&at(&moved, "/correct"), Who::Acme, form(1, "It was right", &[])).await;
    assert_eq!(back.status, 303, "{}", back.text());
    let (old, new) = (record(&world, &key).await, record(&world, &moved).await);
    assert!(old.stands() && !new.stands());
    assert_eq!((old.version, world.clients.table.fetch_history(&old).await.unwrap().len()), (3, 2));
    assert_eq!(old.licence, ann.licence);
}

#[tokio::test]
async fn a_correction_of_the_licence_credits_the_other_person() {
    let (world, ann, key) = world().await;
    let other = form(1, "Bo took it", &[(0, "Bo"), (1, "Chen"), (2, "rn 2")]);
    assert_eq!(world.post(&at(&key, "/correct"), Who::Acme, other).await.status, 303);
    let courses = world.get("/office/licensees/TX-BON/RN/RN2", Who::Office).await;
    assert!(courses.text().contains("CE-101") && courses.text().contains("Corrected</span>"), "{}", courses.text());
    let anns = world.get("/office/licensees/TX-BON/RN/RN1", Who::Office).await;
    assert!(anns.text().contains("<s>Title of CE-101</s>") && anns.text().contains("Withdrawn</span>"));
    assert!(anns.text().contains(": Bo took it"), "the reason stands beside it");
    assert_eq!(ann.licence.number.compared(), "RN1");
}

#[tokio::test]
async fn nothing_is_overwritten_where_something_else_stands() {
    let (world, ann, key) = world().await;
    world.record("acme-ce", credit(&ann, "CE-102", date(2026, 1, 31)), 15).await;
    world.record("beta-ce", credit(&ann, "B-1", date(2026, 1, 31)), 16).await;
    let own = world.post(&at(&key, "/correct"), Who::Acme, form(1, "Other course", &[(3, "CE-102")])).await;
    assert_eq!(own.status, 409);
    assert!(
        own.text().contains("You have already recorded a credit for this license, course and date with 1.50 hours.")
    );
    let foreign = world.post(&at(&key, "/correct"), Who::Acme, form(1, "Other course", &[(3, "B-1")])).await;
    assert!(foreign.status == 409 && foreign.text().contains("already recorded by another provider"));
    let now = record(&world, &key).await;
    assert!(now.stands() && now.version == 1);
}

#[tokio::test]
async fn a_version_that_is_not_the_present_one_is_refused_with_what_stands_now() {
    let (world, _, key) = world().await;
    let first = world.post(&at(&key, "/correct"), Who::Acme, form(1, "Hours", &[(6, "2")])).await;
    assert_eq!(first.status, 303);
    let late = world.post(&at(&key, "/correct"), Who::Acme, form(1, "Hours too", &[(6, "1")])).await;
    assert_eq!(late.status, 409);
    assert!(late.text().contains("Somebody else changed this record while you were looking at it"));
    assert!(late.text().contains("value=\"2.00\"") && late.text().contains("name=\"version\" value=\"2\""));
    let late = world.post(&at(&key, "/withdraw"), Who::Acme, signed(1, "Never came")).await;
    assert!(late.status == 409 && record(&world, &key).await.stands());
}

#[tokio::test]
async fn a_form_that_is_sent_twice_has_been_sent_once() {
    let (world, _, key) = world().await;
    let moved = [(5, "2026-01-30")];
    for (ending, form) in [
        ("/correct", form(1, "Hours", &[(6, "2")])),
        ("/withdraw", signed(2, "Never came")),
        ("/restore", signed(3, "Came after all")),
        ("/correct", form(4, "The day before", &[(6, "2"), moved[0]])),
    ] {
        let first = world.post(&at(&key, ending), Who::Acme, form.clone()).await;
        let second = world.post(&at(&key, ending), Who::Acme, form).await;
        assert_eq!((first.status, second.status), (303, 303), "{ending}: {}", second.text());
        assert_eq!(first.header("location"), second.header("location"));
    }
    assert_eq!(record(&world, &key).await.version, 5);
}

#[tokio::test]
async fn what_is_withdrawn_no_longer_counts_until_it_is_restored() {
    let (world, _, key) = world().await;
    let asked = world.get(&at(&key, "/withdraw"), Who::Acme).await;
    assert!(asked.text().contains("Take it back?") && asked.text().contains(">Withdraw the record</button>"));
    let short = world.post(&at(&key, "/withdraw"), Who::Acme, signed(1, "no")).await;
    assert!(short.status == 422 && short.text().contains("Say in a few words"));
    assert_eq!(world.post(&at(&key, "/withdraw"), Who::Acme, signed(1, "Never came")).await.status, 303);
    let page = world.get(&at(&key, ""), Who::Acme).await;
    for part in ["Withdrawn</span>", ": Never came", "<s>1.50</s>", "/restore\"", ", RN-1, 1.50 hours"] {
        assert!(page.text().contains(part), "{part} in {}", page.text());
    }
    assert!(!page.text().contains("/correct\""));
    let corrected = world.post(&at(&key, "/correct"), Who::Acme, form(2, "Hours", &[(6, "2")])).await;
    assert!(corrected.status == 422 && corrected.text().contains("This record is withdrawn"));
    assert_eq!(world.post(&at(&key, "/restore"), Who::Acme, signed(2, "Came after all")).await.status, 303);
    let now = record(&world, &key).await;
    assert!(now.stands() && now.version == 3 && now.corrected_on.is_none());
    assert_eq!(world.clients.table.fetch_history(&now).await.unwrap().len(), 2);
}

#[tokio::test]
async fn an_old_file_does_not_bring_back_what_was_withdrawn() {
    let (world, ann, key) = world().await;
    world.post(&at(&key, "/withdraw"), Who::Acme, signed(1, "Never came")).await;
    let again = credit(&ann, "CE-101", date(2026, 1, 31));
    let (acme, later) = (provider("acme-ce"), ImportId::from_bits(78));
    let asker = Asker { provider: &acme, import: &later, row: 2 };
    let written = world.clients.table.record_credit(&again, &asker, 0).await.unwrap();
    let CreditWritten::Before(recorded) = written else { panic!("recorded again") };
    assert!(matches!(recorded.state, CreditState::Withdrawn(_)));
    let Settled::Refused(reason @ Reason::ConflictsWithRecord { .. }) = settle(&again, &asker, &recorded) else {
        panic!("not refused")
    };
    assert!(reason.text().starts_with("You withdrew this credit on 20"), "{}", reason.text());
    // The check, which records nothing, says the same.
    let checked = world.clients.table.fetch_recorded(&[&again]).await.unwrap();
    assert_eq!(checked[&0], recorded);
    // And the import that recorded it, run a second time, says what it said.
    let same = ImportId::from_bits(77);
    let asker = Asker { provider: &acme, import: &same, row: 14 };
    assert_eq!(settle(&again, &asker, &recorded), Settled::New);
}

#[tokio::test]
async fn the_office_does_the_same_and_its_withdrawal_is_its_own_to_undo() {
    let (world, _, key) = world().await;
    let office = |ending: &str| format!("/office/credits/{}{ending}", credit_reference(&key));
    let profile = world.get("/office/licensees/TX-BON/RN/RN1", Who::Office).await;
    assert!(profile.text().contains(&format!("href=\"{}\"", office(""))), "{}", profile.text());
    assert_eq!(world.post(&office("/correct"), Who::Office, form(1, "By the board", &[(6, "2")])).await.status, 303);
    assert_eq!(world.post(&office("/withdraw"), Who::Office, signed(2, "Not accepted")).await.status, 303);
    let refused = world.post(&at(&key, "/restore"), Who::Acme, signed(3, "But it is right")).await;
    assert!(refused.status == 422 && refused.text().contains("only the office can restore it"), "{}", refused.text());
    let seen = world.get(&at(&key, ""), Who::Acme).await;
    assert!(seen.text().contains("by the office: Not accepted") && seen.text().contains(">The office<"));
    let account = Who::Office.account_id();
    assert!(!seen.text().contains(account.as_str()), "a provider isn't told who in the office it was");
    assert_eq!(world.post(&office("/restore"), Who::Office, signed(3, "Accepted now")).await.status, 303);
    let now = record(&world, &key).await;
    assert!(now.stands() && now.recorded.provider == provider("acme-ce") && now.corrected_on.is_some());
    assert_eq!(now.course, CourseNumber::parse("CE-101").unwrap());
    let page = world.get(&office(""), Who::Office).await;
    assert!(page.text().contains(">You<") && page.text().contains("Office Profile</a>"));
}

#[tokio::test]
async fn the_licensee_is_told_of_each_change_once() {
    let (world, ann, key) = world().await;
    let table = &world.clients.table;
    let due = async || table.fetch_due_mails(i64::MAX / 2, 10).await.unwrap();
    assert_eq!(world.post(&at(&key, "/correct"), Who::Acme, form(1, "Hours", &[(6, "2")])).await.status, 303);
    assert!(due().await.is_empty(), "there is no address to write to");
    let reached = Holder { email_on_file: EmailAddress::parse("ann@example.org").ok(), ..ann };
    table.save_holders(&[reached]).await.unwrap();
    for _ in 0..2 {
        assert_eq!(world.post(&at(&key, "/withdraw"), Who::Acme, signed(2, "Never came")).await.status, 303);
    }
    let mails = due().await;
    assert_eq!(mails.len(), 1);
    let mail = table.fetch_mail(&mails[0]).await.unwrap().unwrap().mail;
    assert_eq!(mail.to.shown(), "ann@example.org");
    let Content::CreditChanged { change, hours, by, why, .. } = mail.content else { panic!("another mail") };
    assert_eq!((change, hours.to_string().as_str()), (CreditChange::Withdrawn, "2.00"));
    assert_eq!((by.as_str(), why.as_str()), ("Acme Continuing Education", "Never came"));
    // A change that isn't made tells nobody.
    world.post(&at(&key, "/withdraw"), Who::Acme, signed(1, "Late")).await;
    assert_eq!(due().await.len(), 1);
}

#[tokio::test]
async fn both_are_told_when_a_credit_goes_from_one_licence_to_another() {
    let (world, ann, key) = world().await;
    let table = &world.clients.table;
    let bo = world.holder("TX-BON", "RN", "RN-2", "Bo", "Chen").await;
    for (holder, email) in [(ann, "ann@example.org"), (bo, "bo@example.org")] {
        let reached = Holder { email_on_file: EmailAddress::parse(email).ok(), ..holder };
        table.save_holders(&[reached]).await.unwrap();
    }
    let other = form(1, "Bo took it", &[(0, "Bo"), (1, "Chen"), (2, "rn 2"), (6, "2")]);
    for _ in 0..2 {
        assert_eq!(world.post(&at(&key, "/correct"), Who::Acme, other.clone()).await.status, 303);
    }
    let mut told: Vec<_> = world
        .mails()
        .await
        .into_iter()
        .map(|(to, content)| match content {
            Content::CreditChanged { change, hours, why, .. } => (to, change, hours.to_string(), why),
            other => panic!("{other:?}"),
        })
        .collect();
    told.sort_by(|one, other| one.0.cmp(&other.0));
    let line = |to: &str, change, hours: &str| (to.to_owned(), change, hours.to_owned(), "Bo took it".to_owned());
    let expected =
        [line("ann@example.org", CreditChange::Withdrawn, "1.50"), line("bo@example.org", CreditChange::Added, "2.00")];
    assert_eq!(told, expected);
}
