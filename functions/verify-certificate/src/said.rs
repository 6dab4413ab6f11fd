//! A certificate in the words of its page: whether it counts, and every credited field, as it was frozen at issue. Nothing is said
//! here that the register doesn't say.

use domain::{
    certificate::{CertificateData, CertificateRecord, CertifiedCredit, Validity, grouped},
    event::Presenter,
};
use pages::moment::Moment;

/// What a certificate says.
pub(crate) struct Said {
    pub(crate) state: State,
    pub(crate) code: String,
    /// The code in groups, as it prints.
    pub(crate) grouped: String,
    pub(crate) name: String,
    pub(crate) licences: Vec<String>,
    pub(crate) title: String,
    pub(crate) course: String,
    /// The course's own title, where the event has another.
    pub(crate) course_title: Option<String>,
    pub(crate) category: String,
    pub(crate) when: String,
    pub(crate) format: String,
    pub(crate) location: String,
    pub(crate) minutes: u32,
    pub(crate) presenters: Vec<String>,
    pub(crate) provider: String,
    pub(crate) provider_number: String,
    pub(crate) organisation: String,
    pub(crate) credits: Vec<Credit>,
    pub(crate) issued: Moment,
    pub(crate) signatory: Option<String>,
    /// The certificate that it took the place of.
    pub(crate) replaces: Option<String>,
    /// The key that its record is signed with.
    pub(crate) key: String,
}

/// Whether it counts.
pub(crate) struct State {
    /// How it looks: `good`, `open` or `bad`. The word says the same.
    pub(crate) look: &'static str,
    pub(crate) word: &'static str,
    pub(crate) counts: bool,
    /// Since when it doesn't.
    pub(crate) since: Option<Moment>,
    /// The certificate that took its place, or was issued after it was revoked.
    pub(crate) newer: Option<String>,
    /// Why it was revoked.
    pub(crate) why: Option<String>,
}

/// Credit with a body.
pub(crate) struct Credit {
    pub(crate) body: String,
    pub(crate) hours: String,
    pub(crate) kind: String,
    pub(crate) approval: String,
}

impl Said {
    /// What this certificate says.
    pub(crate) fn of(record: &CertificateRecord) -> Self {
        let data = &record.data;
        let activity = &data.activity;
        let licence = |licence: &domain::licence::Licence| {
            format!("{} {} {}", licence.board, licence.profession, licence.number.shown())
        };
        Self {
            state: state(record),
            code: data.code.to_string(),
            grouped: grouped(&data.code),
            name: data.participant.printed_name(),
            licences: data.participant.licences.iter().map(licence).collect(),
            title: activity.title.clone(),
            course: activity.course.to_string(),
            course_title: (activity.course_title != activity.title).then(|| activity.course_title.clone()),
            category: activity.category.clone(),
            when: activity.when.words(),
            format: activity.format.clone(),
            location: activity.location.clone(),
            minutes: activity.instruction_minutes,
            presenters: activity.presenters.iter().map(presenter).collect(),
            provider: data.provider.name.clone(),
            provider_number: data.provider.number.clone(),
            organisation: data.organisation.name.clone(),
            credits: data.credits.iter().map(credit).collect(),
            issued: moment(data, data.issued_at),
            signatory: data.signatory.as_ref().map(|who| format!("{}, {}", who.name, who.role)),
            replaces: data.supersedes.as_ref().map(ToString::to_string),
            key: record.key.clone(),
        }
    }
}

fn state(record: &CertificateRecord) -> State {
    let since = |at: i64| Some(moment(&record.data, at));
    match &record.validity {
        Validity::Valid => State { look: "good", word: "Valid", counts: true, since: None, newer: None, why: None },
        Validity::Superseded { at, by } => State {
            look: "open",
            word: "Superseded",
            counts: false,
            since: since(*at),
            newer: Some(by.to_string()),
            why: None,
        },
        Validity::Revoked { at, why, successor } => State {
            look: "bad",
            word: "Revoked",
            counts: false,
            since: since(*at),
            newer: successor.as_ref().map(ToString::to_string),
            why: Some(why.clone()),
        },
    }
}

/// In the event's own zone, like the date on the sheet; without "ago", since the page is printed and filed.
fn moment(data: &CertificateData, at: i64) -> Moment {
    Moment { relative: None, ..Moment::new(at, at, &data.activity.when.zone.rules()) }
}

fn presenter(presenter: &Presenter) -> String {
    match presenter.credentials.trim() {
        "" => presenter.name.clone(),
        credentials => format!("{}, {credentials}", presenter.name),
    }
}

fn credit(credit: &CertifiedCredit) -> Credit {
    let body = match credit.body_name.trim() {
        "" => credit.body.clone(),
        name if name == credit.body => name.to_owned(),
        name => format!("{name} ({})", credit.body),
    };
    Credit {
        body,
        hours: credit.hours.to_string(),
        kind: format!("{}, {} minutes each", credit.kind, credit.minutes_per_credit),
        approval: credit.approval.clone(),
    }
}
