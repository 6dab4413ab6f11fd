//! What SES tells EventBridge about a mail, in the shape in which a rule hands it to a function.
//!
//! EventBridge takes `aws.` sources from AWS's services alone, and the local one does as AWS: the events aren't put on the bus,
//! but handed on as the template's rule does, and kept for whoever invokes a function with them.

use super::message::{Mail, Outcome};
use serde_json::{Value, json};

/// The account that the local cloud is.
const ACCOUNT: &str = "000000000000";

/// Whether the template's rule hands an event on.
pub(super) fn is_feedback(event: &Value) -> bool {
    event["detail-type"] == "Email Bounced" || event["detail-type"] == "Email Complaint Received"
}

/// The events of a mail. SES has none of a mail that named no configuration set.
pub(super) fn of(mail: &Mail) -> Vec<Value> {
    let Some(set) = &mail.configuration_set else { return Vec::new() };
    let mut events = vec![event(mail, set, "Email Sent", "Send", "send", json!({}))];
    let to = |outcomes: &[Outcome]| -> Vec<&str> {
        let wanted = mail.deliveries.iter().filter(|delivery| outcomes.contains(&delivery.outcome));
        wanted.map(|delivery| delivery.address.as_str()).collect()
    };
    let delivered = to(&[Outcome::Delivered, Outcome::Complained]);
    if !delivered.is_empty() {
        events.push(event(mail, set, "Email Delivered", "Delivery", "delivery", delivery(mail, &delivered)));
    }
    let bounces = [(Outcome::Bounced, "General"), (Outcome::Suppressed, "OnAccountSuppressionList")];
    for (outcome, kind) in bounces {
        let bounced = to(&[outcome]);
        if !bounced.is_empty() {
            events.push(event(mail, set, "Email Bounced", "Bounce", "bounce", bounce(mail, kind, &bounced)));
        }
    }
    let complained = to(&[Outcome::Complained]);
    if !complained.is_empty() {
        let told = complaint(mail, &complained);
        events.push(event(mail, set, "Email Complaint Received", "Complaint", "complaint", told));
    }
    events
}

fn event(mail: &Mail, set: &str, detail_type: &str, kind: &str, field: &str, told: Value) -> Value {
    let mut tags: serde_json::Map<_, _> =
        mail.tags.iter().map(|(name, value)| (name.clone(), json!([value]))).collect();
    tags.insert("ses:configuration-set".to_owned(), json!([set]));
    let headers: Vec<Value> =
        mail.headers.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
    let mut detail = json!({
        "eventType": kind,
        "mail": {
            "timestamp": time(mail),
            "source": mail.from,
            "sendingAccountId": ACCOUNT,
            "messageId": mail.id,
            "destination": mail.recipients().collect::<Vec<_>>(),
            "headersTruncated": false,
            "headers": headers,
            "commonHeaders": { "from": [mail.from], "to": mail.to, "messageId": mail.id, "subject": mail.subject },
            "tags": tags,
        },
    });
    detail[field] = told;
    json!({
        "version": "0",
        "id": format!("{}-{field}", mail.id),
        "detail-type": detail_type,
        "source": "aws.ses",
        "account": ACCOUNT,
        "time": time(mail),
        "region": crate::REGION,
        "resources": [format!("arn:aws:ses:{}:{ACCOUNT}:configuration-set/{set}", crate::REGION)],
        "detail": detail,
    })
}

fn delivery(mail: &Mail, recipients: &[&str]) -> Value {
    json!({
        "timestamp": time(mail),
        "processingTimeMillis": 0,
        "recipients": recipients,
        "smtpResponse": "250 2.0.0 Ok",
        "reportingMTA": "local",
    })
}

fn bounce(mail: &Mail, kind: &str, recipients: &[&str]) -> Value {
    let (status, words) = match kind {
        "General" => ("5.1.1", "smtp; 550 5.1.1 user unknown"),
        _ => ("5.1.1", "Amazon SES did not send the message to this address because it is on the suppression list."),
    };
    let recipient = |address: &&str| json!({ "emailAddress": address, "action": "failed", "status": status, "diagnosticCode": words });
    json!({
        "bounceType": "Permanent",
        "bounceSubType": kind,
        "bouncedRecipients": recipients.iter().map(recipient).collect::<Vec<_>>(),
        "timestamp": time(mail),
        "feedbackId": format!("{}-bounce", mail.id),
        "reportingMTA": "dns; local",
    })
}

fn complaint(mail: &Mail, recipients: &[&str]) -> Value {
    json!({
        "complaintSubType": null,
        "complainedRecipients": recipients.iter().map(|address| json!({ "emailAddress": address })).collect::<Vec<_>>(),
        "timestamp": time(mail),
        "feedbackId": format!("{}-complaint", mail.id),
        "userAgent": "Amazon SES Mailbox Simulator",
        "complaintFeedbackType": "abuse",
    })
}

fn time(mail: &Mail) -> String {
    jiff::Timestamp::from_second(mail.sent_at).map(|time| time.to_string()).unwrap_or_default()
}
