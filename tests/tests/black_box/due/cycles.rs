//! Reminders of licences' cycles: only whoever asked for them gets one, only while something is missing, once each, whatever dies.

use adapters::{
    clock,
    objects::{OUTSIDE, TRANSCRIPTS, outside_key, transcript_data_key, transcript_key},
    table::{By, Month},
};
use domain::{
    attached::{AttachedFile, FileKind},
    certificate::Paper,
    course::{CourseNumber, ProviderId},
    hours::CreditHours,
    id::{AccountId, CertificateCode, ImportId, OutsideId, TranscriptId},
    licence::{Licence, LicenceNumber},
    name::PersonName,
    register::Holder,
    requirement::{Anchor, CycleRule, Delivery, RequirementSet, Version, examples},
    roster::{judge::Credit, record::Asker},
    tracker::{Assignment, Choice, LicenceSettings, OutsideCertificate, Reminders},
    transcript::{Cover, TranscriptChoice, TranscriptRecord, TranscriptState},
};
use jiff::{
    Span,
    civil::{Date, date},
    tz::TimeZone,
};
use serde_json::json;
use tests::{
    connector::Death,
    due::{DAY, Due, FAR, address},
};

fn licence() -> Licence {
    Licence { board: "TX-BON".into(), profession: "RN".into(), number: LicenceNumber::parse("RN-1").unwrap() }
}

fn account() -> AccountId {
    AccountId::from_bits(1)
}

fn today(due: &Due) -> Date {
    clock::day_in(&TimeZone::UTC, due.now())
}

/// Somebody with a licence whose cycle ends in so many days, and asks for six hours.
async fn stage(ends_in: i64) -> Due {
    let due = Due::open(3 * DAY, None).await;
    due.account(1, Some(&address(1))).await;
    let holder = Holder {
        licence: licence(),
        name: PersonName { first: "Maria".into(), last: "Garcia".into() },
        active_from: Some(date(2015, 1, 1)),
        active_to: None,
        email_on_file: None,
    };
    due.table.save_holders(&[holder]).await.unwrap();
    due.table.prove_licence(&account(), &licence(), None, 1).await.unwrap();
    let ends = today(&due).checked_add(Span::new().days(ends_in)).unwrap();
    let set = RequirementSet {
        board: "TX-BON".into(),
        profession: "RN".into(),
        from: date(2015, 1, 1),
        cycle: CycleRule { months: 12, anchor: Anchor::FixedDate { ends } },
        total: CreditHours::from_hundredths(600).unwrap(),
        categories: Vec::new(),
        formats: Vec::new(),
        ..examples()[0].clone()
    };
    let version = Version { number: 1, set, saved_on: date(2015, 1, 1), corrects_past: false };
    let by = By { account: &AccountId::from_bits(99), at: 1 };
    assert!(due.table.save_requirements(&version, by).await.unwrap());
    due
}

async fn ask(due: &Due, remind: Reminders) {
    let wallet = due.table.fetch_wallet(&account()).await.unwrap();
    let told = wallet.settings.into_iter().next().unwrap_or_else(|| LicenceSettings::of(licence()));
    assert!(due.table.save_licence_settings(&account(), &LicenceSettings { remind, ..told }, due.now()).await.unwrap());
}

/// A sweep of a new process; whether it came to its end.
async fn sweep(due: &Due) -> bool {
    let worker = due.worker().await;
    reconcile_attendance::handle(json!({ "sweep": true }), due.now() + FAR, &worker).await.is_ok()
}

async fn reminders(due: &Due) -> usize {
    due.mails().await.iter().filter(|(kind, to)| kind == "cycle_ends" && *to == address(1)).count()
}

/// A credit of six hours, today.
async fn earn(due: &Due) {
    let credit = Credit {
        licence: licence(),
        course: CourseNumber::parse("ETH-101").unwrap(),
        title: "Ethics".into(),
        category: "Ethics".into(),
        date: today(due),
        hours: CreditHours::from_hundredths(600).unwrap(),
        ce_year: today(due).year(),
        name: PersonName { first: "Maria".into(), last: "Garcia".into() },
    };
    let provider = ProviderId::parse("acme-ce").unwrap();
    due.table.note_credit_months(&provider, &[(credit.course.clone(), Month::of(credit.date))]).await.unwrap();
    let asker = Asker { provider: &provider, import: &ImportId::from_bits(5), row: 2 };
    due.table.record_credit(&credit, &asker, due.now()).await.unwrap();
}

#[tokio::test]
async fn whoever_asked_is_reminded_once_on_each_day_that_was_planned_while_something_is_missing() {
    let due = stage(95).await;
    assert!(sweep(&due).await);
    assert_eq!(reminders(&due).await, 0, "nobody asked");
    ask(&due, Reminders::Usual).await;
    for _ in 0..3 {
        assert!(sweep(&due).await);
    }
    assert_eq!(reminders(&due).await, 0, "it is 95 days before the end");
    due.wait(5 * DAY);
    for _ in 0..3 {
        assert!(sweep(&due).await);
    }
    assert_eq!(reminders(&due).await, 1, "90 days before the end, once");
    due.wait(60 * DAY);
    earn(&due).await;
    assert!(sweep(&due).await && sweep(&due).await);
    assert_eq!(reminders(&due).await, 1, "nothing is missing any more");
    // The next cycle is planned by itself.
    due.wait(365 * DAY - 60 * DAY);
    assert!(sweep(&due).await && sweep(&due).await);
    assert_eq!(reminders(&due).await, 2);
    ask(&due, Reminders::Never).await;
    due.wait(60 * DAY);
    assert!(sweep(&due).await);
    assert_eq!(reminders(&due).await, 2, "who says so is left alone");
}

#[tokio::test]
async fn all_that_are_due_in_one_night_are_looked_at_in_one_sweep_and_one_that_cant_be_read_rests() {
    let due = stage(95).await;
    ask(&due, Reminders::Usual).await;
    for number in 0..70 {
        let number = LicenceNumber::parse(&format!("RN-9{number:02}")).unwrap();
        let settings =
            LicenceSettings { remind: Reminders::Usual, ..LicenceSettings::of(Licence { number, ..licence() }) };
        assert!(due.table.save_licence_settings(&account(), &settings, due.now()).await.unwrap());
    }
    due.account(2, Some(&address(2))).await;
    let other = AccountId::from_bits(2);
    let settings = LicenceSettings { remind: Reminders::Usual, ..LicenceSettings::of(licence()) };
    assert!(due.table.save_licence_settings(&other, &settings, due.now()).await.unwrap());
    due.spoil((&format!("WALLET#{other}"), "CYCLE#TX-BON#RN#RN1"), "remind", "whenever").await;
    let waiting = async || due.table.fetch_due_reminders(due.now(), 100).await.unwrap().len();
    assert_eq!(waiting().await, 72);
    assert!(sweep(&due).await);
    assert_eq!(waiting().await, 0, "all of them, though there are more than are asked for at once");
    due.wait(3_700);
    assert_eq!(waiting().await, 1, "the one that can't be read is tried again in an hour");
    due.wait(5 * DAY);
    assert!(sweep(&due).await);
    assert_eq!(reminders(&due).await, 1, "and keeps nobody from being reminded");
}

#[tokio::test]
async fn what_the_office_changes_moves_a_planned_reminder_and_a_sweep_never_touches_what_was_told() {
    let due = stage(200).await;
    ask(&due, Reminders::Usual).await;
    let told = due.table.fetch_wallet(&account()).await.unwrap().settings.remove(0);
    assert!(sweep(&due).await);
    let requirements = due.table.fetch_requirements("TX-BON", "RN").await.unwrap();
    let ends = today(&due).checked_add(Span::new().days(100)).unwrap();
    let cycle = CycleRule { months: 12, anchor: Anchor::FixedDate { ends } };
    let set = RequirementSet { cycle, ..requirements.versions[0].set.clone() };
    let version = Version { number: 2, set, saved_on: today(&due), corrects_past: false };
    assert!(due.table.save_requirements(&version, By { account: &AccountId::from_bits(99), at: 1 }).await.unwrap());
    due.wait(7 * DAY + 1);
    assert!(sweep(&due).await);
    assert_eq!(reminders(&due).await, 0);
    due.wait(3 * DAY);
    assert!(sweep(&due).await);
    assert_eq!(reminders(&due).await, 1, "90 days before the end as the board has it now");
    // A form that was open all the while is saved.
    let later = LicenceSettings { remind: Reminders::Never, ..told };
    assert!(due.table.save_licence_settings(&account(), &later, due.now()).await.unwrap());
}

#[tokio::test]
async fn a_reminders_day_begins_where_the_organisation_is() {
    let due = stage(95).await;
    ask(&due, Reminders::Usual).await;
    let zone = TimeZone::get("Pacific/Kiritimati").unwrap();
    let sweep = async || {
        let worker = due.worker().await.with_time_zone(zone.clone());
        reconcile_attendance::handle(json!({ "sweep": true }), due.now() + FAR, &worker).await.unwrap();
    };
    sweep().await;
    let day = clock::day_in(&zone, due.now()).checked_add(Span::new().days(1)).unwrap();
    let midnight = day.to_zoned(zone.clone()).unwrap().timestamp().as_second();
    // It lies fourteen hours before that of Greenwich: five days before that midnight are ninety days before the cycle's end.
    let ends = today(&due).checked_add(Span::new().days(95)).unwrap();
    let planned = ends.checked_sub(Span::new().days(90)).unwrap();
    let at = planned.to_zoned(zone.clone()).unwrap().timestamp().as_second();
    assert!(at >= midnight);
    due.wait(at - due.now() - 60);
    sweep().await;
    assert_eq!(reminders(&due).await, 0);
    due.wait(120);
    sweep().await;
    assert_eq!(reminders(&due).await, 1);
}

#[tokio::test]
async fn a_reminder_comes_once_whatever_call_the_sweep_dies_at() {
    let waiting = async || {
        let due = stage(95).await;
        ask(&due, Reminders::Usual).await;
        assert!(sweep(&due).await);
        due.wait(5 * DAY);
        due.watch.reset();
        due
    };
    let plain = waiting().await;
    assert!(sweep(&plain).await);
    let calls = plain.watch.total();
    assert!(calls >= 9, "{calls}");
    for at in 0..calls {
        for death in [Death::Before(at), Death::After(at)] {
            let due = waiting().await;
            due.watch.die(death);
            sweep(&due).await;
            due.watch.reset();
            for _ in 0..2 {
                due.wait(3_700);
                assert!(sweep(&due).await);
            }
            assert_eq!(reminders(&due).await, 1, "{death:?}");
        }
    }
}

#[tokio::test]
async fn a_closed_account_gets_no_reminder_and_its_wallet_goes_with_its_files() {
    let due = stage(95).await;
    ask(&due, Reminders::Usual).await;
    let outside = OutsideId::from_bits(7);
    let certificate = OutsideCertificate {
        id: outside.clone(),
        title: "Grief".into(),
        provider: "University".into(),
        date: today(&due),
        hours: CreditHours::from_hundredths(100).unwrap(),
        delivery: Delivery::InPerson,
        course: None,
        file: Some(AttachedFile {
            key: outside_key(&account(), &outside, "ab"),
            sha256: "ab".into(),
            bytes: 2,
            name: "grief.pdf".into(),
            kind: FileKind::Pdf,
        }),
        entered_at: 1,
        version: 0,
    };
    assert!(due.table.save_outside(&account(), &certificate).await.unwrap());
    // A transcript that everybody can check.
    let choice = TranscriptChoice { licence: None, cover: Cover::Everything, paper: Paper::Letter };
    let (id, code) = (TranscriptId::from_bits(7), CertificateCode::from_bits(7));
    let asked = TranscriptRecord { id, code, choice, asked_at: 1, state: TranscriptState::Asked };
    assert!(due.table.ask_transcript(&account(), &asked).await.unwrap());
    assert!(due.table.issue_transcript(&account(), &asked, "ab").await.unwrap());
    let objects = due.objects().await;
    let own = [
        transcript_key(&account(), &asked.id),
        transcript_data_key(&account(), &asked.id),
        outside_key(&account(), &outside, "ab"),
        // A file that a failed removal has left, and one of a transcript that was removed while it was being made.
        outside_key(&account(), &OutsideId::from_bits(8), "cd"),
        transcript_key(&account(), &TranscriptId::from_bits(8)),
    ];
    // Somebody else's stays.
    let others = outside_key(&AccountId::from_bits(99), &outside, "ab");
    for key in own.iter().chain([&others]) {
        objects.save_evidence(key, b"{}".to_vec(), "text/plain", Default::default()).await.unwrap();
    }
    let said = Assignment { licence: licence(), credit: outside.to_string(), choice: Choice::Left };
    assert!(due.table.save_assignments(&account(), outside.as_str(), std::slice::from_ref(&said), 0).await.unwrap());
    let kept = || due.kept().iter().filter(|key| key.starts_with(TRANSCRIPTS) || key.starts_with(OUTSIDE)).count();
    assert_eq!(kept(), 6);
    assert!(sweep(&due).await);
    due.close_account(1).await;
    due.wait(5 * DAY);
    assert!(sweep(&due).await);
    assert_eq!(reminders(&due).await, 0);
    assert_eq!(due.table.fetch_wallet(&account()).await.unwrap(), Default::default());
    assert_eq!(due.table.fetch_issued_transcript(&asked.code).await.unwrap(), None);
    assert_eq!(due.kept().iter().filter(|key| key.starts_with(OUTSIDE)).collect::<Vec<_>>(), [&others]);
    assert_eq!(kept(), 1);
    // A request that was under way when the account was closed leaves nothing either.
    assert!(!due.table.save_outside(&account(), &certificate).await.unwrap());
    assert!(!due.table.save_assignments(&account(), outside.as_str(), &[said], 0).await.unwrap());
    assert!(!due.table.ask_transcript(&account(), &asked).await.unwrap());
    let settings = LicenceSettings::of(licence());
    assert!(!due.table.save_licence_settings(&account(), &settings, due.now()).await.unwrap());
    assert_eq!(due.table.fetch_wallet(&account()).await.unwrap(), Default::default());
}
