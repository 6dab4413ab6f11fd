//! What a certificate says as an Open Badges 3.0 credential, still unsigned. It leaves out what only paper needs: statements,
//! disclaimer, addresses.

use domain::certificate::{CertificateData, CertifiedCredit};
use jiff::Timestamp;
use serde_json::{Value, json};

/// The vocabularies; their addresses are names, and nothing is fetched from there.
pub(super) const CONTEXT: [&str; 2] =
    ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"];
/// The shape that Open Badges checks it by.
const SCHEMA: &str = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json";

/// The credential.
pub(super) fn credential(data: &CertificateData) -> Value {
    let address = data.organisation.address.trim_end_matches('/');
    let issued = moment(data.issued_at);
    json!({
        "@context": CONTEXT,
        "id": data.verify_at,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": data.activity.title,
        "issuer": {"id": address, "type": ["Profile"], "name": data.organisation.name, "url": address},
        "validFrom": issued,
        "awardedDate": issued,
        "credentialSubject": subject(data),
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
        "credentialStatus": {
            "id": format!("{}#0", status_address(address, data.code.as_str())),
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "0",
            "statusListCredential": status_address(address, data.code.as_str()),
        },
    })
}

/// Where it is told whether a certificate was revoked.
pub(super) fn status_address(address: &str, code: &str) -> String {
    format!("{}/verify/{code}/status", address.trim_end_matches('/'))
}

pub(super) fn moment(seconds: i64) -> String {
    Timestamp::from_second(seconds).unwrap_or_default().to_string()
}

fn subject(data: &CertificateData) -> Value {
    let named = json!({
        "type": "IdentityObject",
        "hashed": false,
        "identityHash": data.participant.printed_name(),
        "identityType": "name",
    });
    let licences = data.participant.licences.iter().map(|licence| {
        json!({
            "type": "IdentityObject",
            "hashed": false,
            "identityHash": format!("{}, {} {}", licence.board, licence.profession, licence.number.shown()),
            "identityType": "identifier",
        })
    });
    let identifiers: Vec<Value> = std::iter::once(named).chain(licences).collect();
    let results: Vec<Value> = (1..)
        .zip(&data.credits)
        .map(|(number, credit)| {
            json!({
                "type": ["Result"],
                "resultDescription": result_id(data, number),
                "value": credit.hours.to_string(),
            })
        })
        .collect();
    json!({
        "type": ["AchievementSubject"],
        "identifier": identifiers,
        "activityStartDate": moment(data.activity.when.starts_at),
        "activityEndDate": moment(data.activity.when.ends_at),
        "achievement": achievement(data),
        "result": results,
    })
}

fn achievement(data: &CertificateData) -> Value {
    let address = data.organisation.address.trim_end_matches('/');
    let activity = &data.activity;
    let descriptions: Vec<Value> = (1..)
        .zip(&data.credits)
        .map(|(number, credit)| {
            json!({
                "id": result_id(data, number),
                "type": ["ResultDescription"],
                "name": credited(credit),
                "resultType": "Result",
            })
        })
        .collect();
    json!({
        "id": format!("{}#achievement", data.verify_at),
        "type": ["Achievement"],
        "achievementType": "Course",
        "name": activity.title,
        "description": format!("{}, {} minutes of instruction", activity.format, activity.instruction_minutes),
        "criteria": {"narrative": "Attended in full, and the evaluation submitted."},
        "humanCode": activity.course.to_string(),
        "fieldOfStudy": activity.category,
        "creator": {
            "id": format!("{address}/#provider-{}", escaped(&data.provider.number)),
            "type": ["Profile"],
            "name": data.provider.name,
        },
        "resultDescription": descriptions,
    })
}

fn result_id(data: &CertificateData, number: usize) -> String {
    format!("{}#credit-{number}", data.verify_at)
}

/// What an amount counts, and who says so: `CPE credit (50-minute hour), NASBA, Sponsor 103482`.
fn credited(credit: &CertifiedCredit) -> String {
    let name = if credit.body_name.trim().is_empty() { &credit.body } else { &credit.body_name };
    let approval = if credit.approval.trim().is_empty() { String::new() } else { format!(", {}", credit.approval) };
    format!("{} ({}-minute hour), {name}{approval}", credit.kind, credit.minutes_per_credit)
}

/// A number as a part of an address.
fn escaped(text: &str) -> String {
    let one = |byte: u8| match byte {
        b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(one).collect()
}
