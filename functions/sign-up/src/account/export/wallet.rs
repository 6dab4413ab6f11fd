//! What somebody told and entered in their CE Wallet: licences' days, where credits are assigned, certificates from elsewhere, and the
//! transcripts that they had made.

use super::moment;
use adapters::table::Wallet;
use domain::{
    tracker::{Assignment, Choice, LicenceSettings, OutsideCertificate},
    transcript::{TranscriptRecord, TranscriptState},
};
use serde_json::{Value, json};

pub(super) fn of(wallet: &Wallet) -> Value {
    json!({
        "license_days": wallet.settings.iter().map(days).collect::<Vec<_>>(),
        "assigned_credits": wallet.assignments.iter().map(assigned).collect::<Vec<_>>(),
        "certificates_from_elsewhere": wallet.outside.iter().map(outside).collect::<Vec<_>>(),
        "transcripts": wallet.transcripts.iter().map(transcript).collect::<Vec<_>>(),
    })
}

fn days(settings: &LicenceSettings) -> Value {
    json!({
        "board": settings.licence.board,
        "profession": settings.licence.profession,
        "license_number": settings.licence.number.shown(),
        "issued_on": settings.known.issued_on.map(|day| day.to_string()),
        "birth_month": settings.known.birth_month,
        "ends_on": settings.known.ends_on.map(|day| day.to_string()),
        "is_one_of": settings.conditions,
        "reminders": settings.remind.title(),
    })
}

fn assigned(assignment: &Assignment) -> Value {
    let (counts, category) = match &assignment.choice {
        Choice::Counts { category, .. } => (true, Some(category)),
        Choice::Left => (false, None),
    };
    json!({
        "board": assignment.licence.board,
        "profession": assignment.licence.profession,
        "license_number": assignment.licence.number.shown(),
        "credit": assignment.credit,
        "counts": counts,
        "category": category,
    })
}

fn outside(certificate: &OutsideCertificate) -> Value {
    json!({
        "title": certificate.title,
        "provider": certificate.provider,
        "date": certificate.date.to_string(),
        "hours": certificate.hours.to_string(),
        "held_as": certificate.delivery.title(),
        "course_number": certificate.course.as_ref().map(|course| course.as_str()),
        "file": certificate.file.as_ref().map(|file| &file.name),
        "entered_at": moment(certificate.entered_at),
    })
}

fn transcript(transcript: &TranscriptRecord) -> Value {
    json!({
        "title": transcript.choice.title(),
        "number": transcript.code.as_str(),
        "asked_at": moment(transcript.asked_at),
        "state": match &transcript.state {
            TranscriptState::Asked => "being made",
            TranscriptState::Made { .. } => "made",
            TranscriptState::Refused { .. } => "refused",
        },
    })
}
