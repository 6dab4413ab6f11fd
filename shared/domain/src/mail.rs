//! Mails: why one is sent, to whom, and what it has to say. How it reads is another room's; here stands only what is told.
//!
//! One reason is one mail: its id is a digest of the reason, so that asking twice sends once.

use crate::{
    attendance::{
        Decided,
        appeal::{Appeal, AppealState},
    },
    course::CourseNumber,
    email::EmailAddress,
    event::{Event, When, change::Told, promotion::Statements},
    hours::CreditHours,
    id::{AccountId, CertificateCode, EventId, MailId},
    licence::Licence,
    link::Purpose,
    registration::{Expected, Participation, Reminder},
    suppression::Errand,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A mail to be sent. `Debug` shows no address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Its id.
    pub id: MailId,
    /// The one person who gets it.
    pub to: EmailAddress,
    /// What it tells.
    pub content: Content,
    /// When the reason arose, in seconds since 1970.
    pub created_at: i64,
}

/// A text that stands in a mail's header: one line, whatever it was made of, so that it can't begin another header or the mail
/// itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderLine(String);

impl HeaderLine {
    /// The text on one line: ends of lines and other signs that aren't shown become spaces.
    pub fn of(text: &str) -> Self {
        let ends_line = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
        Self(text.chars().map(|c| if ends_line(c) { ' ' } else { c }).collect::<String>().trim().to_owned())
    }

    /// The line.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a mail tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Content {
    /// Nothing: somebody asked for a mail that there is no reason to send. It is kept like the others, so that nobody can
    /// tell from our work whether there was one, and never sent.
    Nothing,
    /// The link that proves who reads the address on file.
    SignUp {
        /// Who may sign up: the provider's name, or nothing for a licensee.
        provider: Option<String>,
        /// What the link is for.
        purpose: Purpose,
    },
    /// Somebody signed up again with what has an account already.
    HasAccount {
        /// The account's username.
        username: String,
    },
    /// The provider's licence has ended: no account can be made.
    LicenceEnded {
        /// The provider's name.
        provider: String,
    },
    /// An invitation to join.
    Invitation {
        /// Who invites: the provider's or the organisation's name.
        by: String,
        /// What the link is for.
        purpose: Purpose,
    },
    /// The link to a new password.
    Reset {
        /// The account's username.
        username: String,
        /// What the link is for.
        purpose: Purpose,
    },
    /// The link that proves a new address.
    VerifyEmail {
        /// The account's username.
        username: String,
        /// What the link is for.
        purpose: Purpose,
    },
    /// To the old address: another one is to replace it.
    EmailChanging {
        /// The account's username.
        username: String,
        /// The new address, masked.
        new: String,
    },
    /// To the old address: another one has replaced it.
    EmailChanged {
        /// The account's username.
        username: String,
        /// The new address, masked.
        new: String,
    },
    /// The password was changed.
    PasswordChanged {
        /// The account's username.
        username: String,
    },
    /// Many wrong passwords were tried.
    ManyAttempts {
        /// The account's username.
        username: String,
    },
    /// The account was closed.
    AccountClosed {
        /// The account's username.
        username: String,
        /// Whether it was a licensee's: what it was registered for was cancelled.
        #[serde(default)]
        of_licensee: bool,
    },
    /// To a licence's address on file: an account says that it is the holder's.
    ProveLicence {
        /// The licence number, as the register shows it.
        licence: String,
        /// What the link is for.
        purpose: Purpose,
    },
    /// A licence's cycle ends, and something is missing. Only whoever asked for it gets one.
    CycleEnds {
        /// The licence, as pages call it.
        licence: String,
        /// The cycle's last day.
        ends: Date,
        /// What is missing, part by part.
        missing: Vec<String>,
        /// What stops these mails.
        stops: Purpose,
    },
    /// What somebody asked the office for was decided.
    Decided {
        /// What was asked for, as the office's queue calls it.
        what: String,
        /// Whether it was granted.
        granted: bool,
        /// Why, in the office's words.
        why: String,
        /// The event that it is about.
        #[serde(default)]
        of_event: Option<EventId>,
    },
    /// To somebody of the office: a provider asks for its consent to approvals of an event.
    ConsentAsked {
        /// The provider's name.
        provider: String,
        /// The event's title.
        title: String,
        /// When it is.
        when: When,
        /// The bodies whose approvals they are.
        bodies: Vec<String>,
    },
    /// A credit on the licensee's record was changed.
    CreditChanged {
        /// What happened to it.
        change: CreditChange,
        /// The course.
        course: CourseNumber,
        /// Its title.
        title: String,
        /// The day it was completed, as it was recorded.
        date: Date,
        /// The hours, as they were recorded.
        hours: CreditHours,
        /// Who changed it: the provider's or the organisation's name.
        by: String,
        /// Why, in their words.
        why: String,
    },
    /// Somebody has a seat in an event.
    RegistrationConfirmed {
        /// The event.
        event: Box<EventFacts>,
    },
    /// Somebody waits for a seat.
    WaitingListed {
        /// The event.
        event: Box<EventFacts>,
    },
    /// Somebody who waited has a seat now.
    SeatFree {
        /// The event.
        event: Box<EventFacts>,
    },
    /// Somebody cancelled their registration.
    RegistrationCancelled {
        /// The event.
        event: Box<EventFacts>,
    },
    /// An event that somebody registered for was changed.
    EventChanged {
        /// The event as it is now.
        event: Box<EventFacts>,
        /// What changed.
        told: Vec<Told>,
    },
    /// An event that somebody registered for won't take place.
    EventCancelled {
        /// The event as it would have been.
        event: Box<EventFacts>,
        /// Why, in its provider's words.
        why: String,
    },
    /// An event is near.
    Reminder {
        /// The event.
        event: Box<EventFacts>,
        /// How near.
        reminder: Reminder,
    },
    /// To a provider's owner: somebody appeals against what was decided of their attendance.
    AppealFiled {
        /// The event, which is over.
        about: Box<PastEvent>,
        /// Whose appeal it is.
        account: AccountId,
        /// By when it is to be answered, in seconds since 1970.
        answer_by: i64,
    },
    /// An appeal about somebody's attendance was answered.
    AppealDecided {
        /// The event, which is over.
        about: Box<PastEvent>,
        /// Whether their attendance counts in full by it.
        granted: bool,
        /// Why, in the words of whoever answered.
        why: String,
    },
    /// Attendance that was in full isn't any more, by a person's word.
    AttendanceTakenBack {
        /// The event, which is over.
        about: Box<PastEvent>,
        /// Why, in their words.
        why: String,
    },
    /// Somebody attended in full: the evaluation waits for them.
    EvaluationReady {
        /// The event, which is over.
        about: Box<PastEvent>,
        /// Until when it can be submitted, in seconds since 1970.
        until: i64,
    },
    /// The evaluation still waits.
    EvaluationReminder {
        /// The event, which is over.
        about: Box<PastEvent>,
        /// Until when it can be submitted, in seconds since 1970.
        until: i64,
    },
    /// A certificate was corrected: another one takes its place.
    CertificateCorrected {
        /// The event, which is over.
        about: Box<PastEvent>,
        /// Why, in the words of whoever did it.
        why: String,
    },
    /// A certificate was revoked.
    CertificateRevoked {
        /// The event, which is over.
        about: Box<PastEvent>,
        /// Why, in the words of whoever did it.
        why: String,
    },
    /// Somebody is put down for an event by its provider, or was until they confirmed.
    Expected {
        /// The event.
        event: Box<EventFacts>,
        /// What there is to tell.
        news: ExpectedNews,
    },
}

/// What somebody is told whom a provider has put down for an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "news", rename_all = "snake_case")]
pub enum ExpectedNews {
    /// They are put down, and asked to confirm.
    PutDown,
    /// The same when the event has begun: somebody else may not get the seat any more.
    PutDownBegun,
    /// The same when it is over: there is no seat to keep.
    PutDownAfterwards,
    /// They are asked once more, a day before.
    AskedAgain,
    /// The event was changed.
    Changed {
        /// What changed.
        told: Vec<Told>,
    },
    /// The event won't take place.
    Cancelled {
        /// Why, in its provider's words.
        why: String,
    },
    /// They have confirmed when it was over.
    ConfirmedAfterwards,
}

/// What mails say of an event, as it was when the mail's reason arose. What is said of approvals is promotion's own text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventFacts {
    /// The event.
    pub id: EventId,
    /// Its title.
    pub title: String,
    /// Its provider's name.
    pub provider: String,
    /// When it is.
    pub when: When,
    /// Whom to ask about it.
    pub contact: String,
    /// What becomes of the money when somebody or everybody cancels.
    pub refunds: String,
    /// What is said of approvals, with the disclaimer.
    pub statements: Statements,
}

impl EventFacts {
    /// What mails say of a published event; `statements` as `event::promotion` makes them.
    pub fn of(event: &Event, statements: Statements) -> Self {
        Self {
            id: event.id.clone(),
            title: event.title.clone(),
            provider: event.published.as_ref().map(|known| known.provider_name.clone()).unwrap_or_default(),
            when: event.when.clone(),
            contact: event.details.contact.clone(),
            refunds: event.details.refunds.clone(),
            statements,
        }
    }
}

/// What mails say of an event that is over: nobody can come to it any more, so nothing is said of approvals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastEvent {
    /// The event.
    pub id: EventId,
    /// Its title.
    pub title: String,
    /// Its provider's name.
    pub provider: String,
    /// When it was.
    pub when: When,
    /// Whom to ask about it.
    pub contact: String,
}

impl PastEvent {
    /// What mails say of an event that was published.
    pub fn of(event: &Event) -> Self {
        Self {
            id: event.id.clone(),
            title: event.title.clone(),
            provider: event.published.as_ref().map(|known| known.provider_name.clone()).unwrap_or_default(),
            when: event.when.clone(),
            contact: event.details.contact.clone(),
        }
    }
}

/// What happened to a credit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum CreditChange {
    /// It was corrected, and is now this.
    Corrected {
        /// The course now.
        course: CourseNumber,
        /// The day now.
        date: Date,
        /// The hours now.
        hours: CreditHours,
    },
    /// It was withdrawn: it no longer counts.
    Withdrawn,
    /// It was withdrawn before, and counts again.
    Restored,
    /// It was recorded for somebody else, and is the licensee's now.
    Added,
}

impl Content {
    /// What the link in it is for, if it has one.
    pub fn purpose(&self) -> Option<&Purpose> {
        match self {
            Content::SignUp { purpose, .. }
            | Content::Invitation { purpose, .. }
            | Content::Reset { purpose, .. }
            | Content::VerifyEmail { purpose, .. }
            | Content::ProveLicence { purpose, .. } => Some(purpose),
            Content::Nothing
            | Content::HasAccount { .. }
            | Content::LicenceEnded { .. }
            | Content::EmailChanging { .. }
            | Content::EmailChanged { .. }
            | Content::PasswordChanged { .. }
            | Content::ManyAttempts { .. }
            | Content::AccountClosed { .. }
            | Content::CycleEnds { .. }
            | Content::Decided { .. }
            | Content::ConsentAsked { .. }
            | Content::CreditChanged { .. }
            | Content::RegistrationConfirmed { .. }
            | Content::WaitingListed { .. }
            | Content::SeatFree { .. }
            | Content::RegistrationCancelled { .. }
            | Content::EventChanged { .. }
            | Content::EventCancelled { .. }
            | Content::Reminder { .. }
            | Content::AppealFiled { .. }
            | Content::AppealDecided { .. }
            | Content::AttendanceTakenBack { .. }
            | Content::EvaluationReady { .. }
            | Content::EvaluationReminder { .. }
            | Content::CertificateCorrected { .. }
            | Content::CertificateRevoked { .. }
            | Content::Expected { .. } => None,
        }
    }

    /// What a link in it is for that ends mails of this kind: it stands in the mail's foot and in a header (RFC 8058), for those who want no
    /// more of them.
    pub fn way_out(&self) -> Option<&Purpose> {
        match self {
            Content::CycleEnds { stops, .. } => Some(stops),
            _ => None,
        }
    }

    /// On whose word it is sent: what may still be tried where mails came back from.
    pub fn errand(&self) -> Errand {
        match self {
            // What answers a sign-up tells no stranger which answer it is, not even by when it is sent.
            Content::SignUp { .. }
            | Content::HasAccount { .. }
            | Content::LicenceEnded { .. }
            | Content::Reset { .. }
            | Content::VerifyEmail { .. } => Errand::AskedByReader,
            Content::Invitation { .. } | Content::ProveLicence { .. } => Errand::AskedByAnother,
            Content::Nothing
            | Content::EmailChanging { .. }
            | Content::EmailChanged { .. }
            | Content::PasswordChanged { .. }
            | Content::ManyAttempts { .. }
            | Content::AccountClosed { .. }
            | Content::CycleEnds { .. }
            | Content::Decided { .. }
            | Content::ConsentAsked { .. }
            | Content::CreditChanged { .. }
            | Content::RegistrationConfirmed { .. }
            | Content::WaitingListed { .. }
            | Content::SeatFree { .. }
            | Content::RegistrationCancelled { .. }
            | Content::EventChanged { .. }
            | Content::EventCancelled { .. }
            | Content::Reminder { .. }
            | Content::AppealFiled { .. }
            | Content::AppealDecided { .. }
            | Content::AttendanceTakenBack { .. }
            | Content::EvaluationReady { .. }
            | Content::EvaluationReminder { .. }
            | Content::CertificateCorrected { .. }
            | Content::CertificateRevoked { .. }
            | Content::Expected { .. } => Errand::Told,
        }
    }

    /// Whether it is sent at all.
    pub fn is_sent(&self) -> bool {
        *self != Content::Nothing
    }
}

/// Mails that anybody can have sent to somebody's address are one per reason and address in so many seconds.
pub const ASKED_MAIL_SECONDS: i64 = 15 * 60;

/// How long a mail rests after so many tries that didn't send it, in seconds, before the sweep hands it out again: a minute,
/// then twice as long each time, up to about an hour, so that it goes out soon after its cause is cured.
pub fn rest_after(tries: u32) -> i64 {
    60 << tries.saturating_sub(1).min(6)
}

impl Mail {
    /// A mail that somebody asked for without proving who they are (sign-up, a new password): the same request to the same
    /// address within a quarter of an hour is the same mail. `about` is what was typed, so that the id tells nothing.
    pub fn asked_for(reason: &str, about: &str, to: EmailAddress, content: Content, now: i64) -> Self {
        let window = now.div_euclid(ASKED_MAIL_SECONDS).to_string();
        Self { id: MailId::of(&["asked", reason, about, &window]), to, content, created_at: now }
    }

    /// A mail about what happened to an account; `event` tells it from every other, as a version does.
    pub fn about_account(account: &AccountId, event: &str, to: EmailAddress, content: Content, now: i64) -> Self {
        Self { id: MailId::of(&["account", account.as_str(), event]), to, content, created_at: now }
    }

    /// A mail about somebody's registration; the participation's version tells it from every other. `None` if the account is
    /// closed: there is nobody to write to.
    pub fn about_registration(person: &Participation, content: Content, now: i64) -> Option<Self> {
        let version = person.version.to_string();
        let key = ["registration", person.event.as_str(), person.account.as_str(), &version];
        Some(Self { id: MailId::of(&key), to: person.email.clone()?, content, created_at: now })
    }

    /// A mail about a change of an event: one for each change and each time that the person registered. `None` for a closed account.
    pub fn about_change(person: &Participation, version: u64, content: Content, now: i64) -> Option<Self> {
        let (version, since) = (version.to_string(), person.registered_at.to_string());
        let key = ["event-change", person.event.as_str(), person.account.as_str(), &version, &since];
        Some(Self { id: MailId::of(&key), to: person.email.clone()?, content, created_at: now })
    }

    /// A reminder: one of each for each start that the event was given and each time that the person registered. `None` for a closed account.
    pub fn reminding(person: &Participation, event: &EventFacts, reminder: Reminder, now: i64) -> Option<Self> {
        let (start, since) = (event.when.starts_at.to_string(), person.registered_at.to_string());
        let key = ["reminder", person.event.as_str(), person.account.as_str(), reminder.as_str(), &start, &since];
        let content = Content::Reminder { event: Box::new(event.clone()), reminder };
        Some(Self { id: MailId::of(&key), to: person.email.clone()?, content, created_at: now })
    }

    /// The mail that asks somebody who is put down to confirm: one a day for an event, however often they are put down and taken
    /// off again.
    pub fn putting_down(person: &Expected, event: &EventFacts, now: i64) -> Self {
        const DAY: i64 = 86_400;
        let day = now.div_euclid(DAY).to_string();
        let news = match now {
            now if now >= event.when.ends_at => ExpectedNews::PutDownAfterwards,
            now if now >= event.when.starts_at => ExpectedNews::PutDownBegun,
            _ => ExpectedNews::PutDown,
        };
        let content = Content::Expected { event: Box::new(event.clone()), news };
        Self::about_expected(person, "put-down", &day, content, now)
    }

    /// A mail that asks somebody once more who is put down: one for each start that the event was given.
    pub fn asking_again(person: &Expected, event: &EventFacts, now: i64) -> Self {
        let key = format!("{}#{}", event.when.starts_at, person.put_down_at);
        let content = Content::Expected { event: Box::new(event.clone()), news: ExpectedNews::AskedAgain };
        Self::about_expected(person, "asked-again", &key, content, now)
    }

    /// A mail about a change of an event to somebody who is put down: one for each change.
    pub fn about_change_to_expected(person: &Expected, version: u64, content: Content, now: i64) -> Self {
        let key = format!("{version}#{}", person.put_down_at);
        Self::about_expected(person, "change", &key, content, now)
    }

    fn about_expected(person: &Expected, what: &str, which: &str, content: Content, now: i64) -> Self {
        let key = ["expected", person.event.as_str(), person.email.compared(), what, which];
        Self { id: MailId::of(&key), to: person.email.clone(), content, created_at: now }
    }

    /// The mail that tells an owner of an event's provider of an appeal: one for each appeal and owner.
    pub fn of_appeal(appeal: &Appeal, event: &Event, owner: &AccountId, to: EmailAddress) -> Self {
        let number = appeal.number.to_string();
        let key = ["appeal-filed", appeal.event.as_str(), appeal.account.as_str(), &number, owner.as_str()];
        let (about, account) = (Box::new(PastEvent::of(event)), appeal.account.clone());
        let content = Content::AppealFiled { about, account, answer_by: appeal.answer_by };
        Self { id: MailId::of(&key), to, content, created_at: appeal.at }
    }

    /// The mail that answers an appeal: one for each. `None` if it isn't answered, or the account is closed.
    pub fn answering(appeal: &Appeal, person: &Participation, event: &Event) -> Option<Self> {
        let AppealState::Decided { granted, why, at, .. } = &appeal.state else { return None };
        let number = appeal.number.to_string();
        let key = ["appeal", appeal.event.as_str(), appeal.account.as_str(), &number];
        let about = Box::new(PastEvent::of(event));
        let content = Content::AppealDecided { about, granted: *granted, why: why.clone() };
        Some(Self { id: MailId::of(&key), to: person.email.clone()?, content, created_at: *at })
    }

    /// The mail that tells somebody that their attendance, which was in full, was taken back, and why: one for each word of
    /// staff's that does so, at the address that they have now.
    pub fn attendance_taken_back(
        (person, to): (&Participation, EmailAddress),
        event: &Event,
        (decided, why): (&Decided, &str),
        now: i64,
    ) -> Self {
        let word = decided.by.or(decided.withdrawn).map_or_else(|| decided.case.clone(), |word| word.to_string());
        // The same word may stand again after another one was taken back: that is another case.
        let key = ["attendance-taken-back", person.event.as_str(), person.account.as_str(), &word, &decided.case];
        let content = Content::AttendanceTakenBack { about: Box::new(PastEvent::of(event)), why: why.to_owned() };
        Self { id: MailId::of(&key), to, content, created_at: now }
    }

    /// The mail that tells somebody what was done to their certificate, at the address that they have now: one for each code and deed.
    pub fn about_certificate(to: EmailAddress, code: &CertificateCode, content: Content, now: i64) -> Self {
        let deed = match &content {
            Content::CertificateRevoked { .. } => "revoked",
            _ => "corrected",
        };
        let key = ["certificate", deed, code.as_str()];
        Self { id: MailId::of(&key), to, content, created_at: now }
    }

    /// The mail that reminds somebody of a licence's cycle, on a day that was planned: one for each such day.
    pub fn of_cycle(
        to: EmailAddress,
        (account, licence): (&AccountId, &Licence),
        planned: Date,
        content: Content,
        now: i64,
    ) -> Self {
        let Licence { board, profession, number } = licence;
        let key = ["cycle", account.as_str(), board, profession, number.compared(), &planned.to_string()];
        Self::about(&key, to, content, now)
    }

    /// A mail about anything else with a natural key.
    pub fn about(key: &[&str], to: EmailAddress, content: Content, now: i64) -> Self {
        Self { id: MailId::of(key), to, content, created_at: now }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_one_line_whatever_it_was_made_of() {
        let line = HeaderLine::of(" Your seat\r\nBcc: x@y.z\n\n<b>\u{2028}\u{85}\0 ok\t");
        assert_eq!(line.as_str(), "Your seat  Bcc: x@y.z  <b>    ok");
        assert!(!line.as_str().contains(char::is_control));
        assert_eq!(HeaderLine::of("Größe – 大").as_str(), "Größe – 大");
    }

    #[test]
    fn a_mail_that_cant_be_sent_rests_longer_each_time_and_an_hour_at_most() {
        assert_eq!([1, 2, 3, 7, 8, u32::MAX].map(rest_after), [60, 120, 240, 3_840, 3_840, 3_840]);
    }
}
