//! A mail of each kind with sample facts, some of which mean harm: for tests, and for looking at.

use domain::{
    account::Rank,
    course::{CourseNumber, ProviderId},
    email::EmailAddress,
    event::{
        When, Word, Zone,
        change::Told,
        promotion::{Line, Statements},
    },
    hours::CreditHours,
    id::{AccountId, EventId, InvitationId},
    licence::{Licence, LicenceNumber},
    link::Purpose,
    mail::{Content, CreditChange, EventFacts, ExpectedNews, PastEvent},
    registration::Reminder,
};
use jiff::civil::date;

/// A mail to look at.
#[derive(Debug, Clone)]
pub struct Sample {
    /// Its name: its kind, and what is special about it.
    pub name: &'static str,
    /// What it tells.
    pub content: Content,
}

/// Names as somebody might give them who wants to write mails in our name.
pub(super) const HOSTILE: [&str; 4] = [
    "<script>alert(1)</script><a href=\"https://evil.example\">x</a>",
    "Acme\r\nBcc: everybody@evil.example\r\n\r\nPay here",
    "\u{202e}drawkcab\u{2066} \u{200f}מכללה לאחיות",
    "{{ 7 * 7 }} & \"quoted\" 'single' %0d%0a",
];

/// Mails of every kind: first as they usually are, then with each name replaced by a hostile one.
pub fn samples() -> Vec<Sample> {
    let mut samples = with_names("Acme Continuing Education", "maria.garcia", "The certificate shows another date.");
    for hostile in HOSTILE {
        samples.extend(with_names(hostile, hostile, hostile));
    }
    samples
}

fn with_names(provider: &str, username: &str, why: &str) -> Vec<Sample> {
    let (provider, username, why) = (provider.to_owned(), username.to_owned(), why.to_owned());
    let email = EmailAddress::parse("maria.garcia@example.org").expect("a constant");
    let account = AccountId::from_bits(7);
    let acme = ProviderId::parse("acme-ce").expect("a constant");
    let of_provider = Purpose::SignUpProvider { provider: acme.clone(), email: email.clone() };
    let of_licensee = Purpose::SignUpLicensee { email: email.clone(), licence: Some("RN-1234".to_owned()) };
    let reset = Purpose::Reset { account: account.clone(), epoch: 1 };
    let change = Purpose::ChangeEmail { account: account.clone(), email: email.clone() };
    let invited = Purpose::Invitation {
        invitation: InvitationId::from_bits(8),
        provider: Some(acme),
        rank: Rank::Member,
        email: email.clone(),
    };
    let number = LicenceNumber::parse("RN-1234").expect("a constant");
    let licence = Licence { board: "TX-BON".to_owned(), profession: "RN".to_owned(), number };
    let stops = Purpose::StopReminders { account: account.clone(), licence: licence.clone() };
    let proves = Purpose::ProveLicence { account, licence, email };
    let new = "m…a@example.net".to_owned();
    let sample = |name, content| Sample { name, content };
    let mut samples = vec![
        sample("sign_up provider", Content::SignUp { provider: Some(provider.clone()), purpose: of_provider }),
        sample("sign_up licensee", Content::SignUp { provider: None, purpose: of_licensee }),
        sample("has_account", Content::HasAccount { username: username.clone() }),
        sample("licence_ended", Content::LicenceEnded { provider: provider.clone() }),
        sample("invitation", Content::Invitation { by: provider.clone(), purpose: invited }),
        sample("reset", Content::Reset { username: username.clone(), purpose: reset }),
        sample("verify_email", Content::VerifyEmail { username: username.clone(), purpose: change }),
        sample("email_changing", Content::EmailChanging { username: username.clone(), new: new.clone() }),
        sample("email_changed", Content::EmailChanged { username: username.clone(), new }),
        sample("password_changed", Content::PasswordChanged { username: username.clone() }),
        sample("many_attempts", Content::ManyAttempts { username: username.clone() }),
        sample("account_closed", Content::AccountClosed { username, of_licensee: true }),
        sample("prove_licence", Content::ProveLicence { licence: "RN-1234".to_owned(), purpose: proves }),
    ];
    let missing = ["15.00 hours in all", "1.00 hours of Jurisprudence"].map(str::to_owned).into();
    let ends = jiff::civil::date(2026, 12, 31);
    let licence = "TX-BON RN 00012345".to_owned();
    samples.push(sample("cycle_ends", Content::CycleEnds { licence, ends, missing, stops }));
    let event = Some(EventId::from_bits(7));
    for (name, granted, of_event) in [
        ("decided granted", true, None),
        ("decided refused", false, None),
        ("decided consent granted", true, event.clone()),
        ("decided consent refused", false, event),
    ] {
        let what = if of_event.is_some() {
            "Consent to the approval of “Ethics” by NASBA"
        } else {
            "Another provider name"
        };
        let what = what.to_owned();
        samples.push(sample(name, Content::Decided { what, granted, why: why.clone(), of_event }));
    }
    samples.extend(credits(&provider, &why));
    samples.extend(events(&provider, &why));
    samples
}

fn events(provider: &str, why: &str) -> Vec<Sample> {
    let zone = Zone::parse("America/New_York").expect("a constant");
    // July 1, 2026, from 1:00 PM to 2:30 PM.
    let when = When { starts_at: 1_782_925_200, ends_at: 1_782_930_600, zone };
    let line = |word, text: &str, statement: &str| Line {
        body: "NASBA".to_owned(),
        word,
        text: text.to_owned(),
        statement: statement.to_owned(),
    };
    let facts = EventFacts {
        id: EventId::from_bits(9),
        title: format!("Ethics with {provider}"),
        provider: provider.to_owned(),
        when: when.clone(),
        contact: format!("Write to {provider}."),
        refunds: "All of the fee until a day before.".to_owned(),
        statements: Statements {
            lines: vec![
                line(
                    Word::Approved,
                    "Approved by NASBA, no. 123: 1.60 credits for attending in its entirety, and none for less.",
                    why,
                ),
                line(Word::NotApproved, "Not approved by APA: this event gives no credit there.", ""),
                line(
                    Word::Pending,
                    "Pending with ANCC: it hasn't decided, and as long as it hasn't this event gives no credit there.",
                    "",
                ),
            ],
            disclaimer: vec!["No board has to accept what another body approves. Ask yours first.".to_owned()],
        },
    };
    let event = || Box::new(facts.clone());
    let about = PastEvent {
        id: facts.id.clone(),
        title: facts.title.clone(),
        provider: facts.provider.clone(),
        when: when.clone(),
        contact: facts.contact.clone(),
    };
    let past = || Box::new(about.clone());
    let asked = Content::ConsentAsked {
        provider: provider.to_owned(),
        title: facts.title.clone(),
        when: when.clone(),
        bodies: vec!["NASBA".to_owned(), provider.to_owned()],
    };
    let earlier = When { starts_at: when.starts_at - 86_400, ends_at: when.ends_at - 86_400, ..when };
    let told = vec![Told::Time { before: earlier }, Told::Room, Told::Kind];
    let sample = |name, content| Sample { name, content };
    let expected = |name, news| sample(name, Content::Expected { event: event(), news });
    vec![
        expected("expected put down", ExpectedNews::PutDown),
        expected("expected put down begun", ExpectedNews::PutDownBegun),
        expected("expected put down afterwards", ExpectedNews::PutDownAfterwards),
        expected("expected asked again", ExpectedNews::AskedAgain),
        expected("expected changed", ExpectedNews::Changed { told: told.clone() }),
        expected("expected cancelled", ExpectedNews::Cancelled { why: why.to_owned() }),
        expected("expected confirmed afterwards", ExpectedNews::ConfirmedAfterwards),
        sample("consent_asked", asked),
        sample("registration_confirmed", Content::RegistrationConfirmed { event: event() }),
        sample("waiting_listed", Content::WaitingListed { event: event() }),
        sample("seat_free", Content::SeatFree { event: event() }),
        sample("registration_cancelled", Content::RegistrationCancelled { event: event() }),
        sample("event_changed", Content::EventChanged { event: event(), told }),
        sample("event_cancelled", Content::EventCancelled { event: event(), why: why.to_owned() }),
        sample("reminder day", Content::Reminder { event: event(), reminder: Reminder::Day }),
        sample("reminder hour", Content::Reminder { event: event(), reminder: Reminder::Hour }),
        sample(
            "appeal_filed",
            Content::AppealFiled { about: past(), account: AccountId::from_bits(7), answer_by: 1_783_900_000 },
        ),
        sample("appeal_decided granted", Content::AppealDecided { about: past(), granted: true, why: why.to_owned() }),
        sample("appeal_decided refused", Content::AppealDecided { about: past(), granted: false, why: why.to_owned() }),
        sample("evaluation_ready", Content::EvaluationReady { about: past(), until: 1_794_000_000 }),
        sample("evaluation_reminder", Content::EvaluationReminder { about: past(), until: 1_794_000_000 }),
        sample("certificate_corrected", Content::CertificateCorrected { about: past(), why: why.to_owned() }),
        sample("certificate_revoked", Content::CertificateRevoked { about: past(), why: why.to_owned() }),
        sample("attendance_taken_back", Content::AttendanceTakenBack { about: past(), why: why.to_owned() }),
    ]
}

fn credits(by: &str, why: &str) -> Vec<Sample> {
    let course = CourseNumber::parse("ETH-101").expect("a constant");
    let hours = |hundredths| CreditHours::from_hundredths(hundredths).expect("a constant");
    let corrected = CreditChange::Corrected { course: course.clone(), date: date(2026, 2, 1), hours: hours(150) };
    let changes = [
        ("credit_changed corrected", corrected),
        ("credit_changed withdrawn", CreditChange::Withdrawn),
        ("credit_changed restored", CreditChange::Restored),
        ("credit_changed added", CreditChange::Added),
    ];
    let sample = |(name, change)| Sample {
        name,
        content: Content::CreditChanged {
            change,
            course: course.clone(),
            title: "Ethics in Practice".to_owned(),
            date: date(2026, 1, 31),
            hours: hours(200),
            by: by.to_owned(),
            why: why.to_owned(),
        },
    };
    changes.map(sample).into()
}
