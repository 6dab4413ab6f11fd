//! SendEmail's body, and what SES would refuse of it. What is read is kept as it came.

use super::{
    message::{Mail, bare_address},
    refusal::Refusal,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde::Deserialize;

/// SES's own limit, of To, Cc and Bcc together.
const MOST_RECIPIENTS: usize = 50;

/// SES's own limits of the headers that a caller adds.
const MOST_HEADERS: usize = 15;
const LONGEST_HEADER_NAME: usize = 126;
const LONGEST_HEADER: usize = 996;

/// SendEmail's body, as far as it is kept.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Request {
    from_email_address: Option<String>,
    #[serde(default)]
    destination: Destination,
    #[serde(default)]
    reply_to_addresses: Vec<String>,
    content: Content,
    #[serde(default)]
    email_tags: Vec<NameAndValue>,
    configuration_set_name: Option<String>,
    list_management_options: Option<serde::de::IgnoredAny>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Destination {
    to_addresses: Vec<String>,
    cc_addresses: Vec<String>,
    bcc_addresses: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Content {
    simple: Option<Simple>,
    raw: Option<RawPart>,
    template: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Simple {
    subject: Part,
    body: Body,
    #[serde(default)]
    headers: Vec<NameAndValue>,
    attachments: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    text: Option<Part>,
    html: Option<Part>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Part {
    data: String,
    charset: Option<String>,
}

impl Part {
    /// Without a character set SES takes it for ASCII, and garbles what isn't: refused here, to be seen before it is sent.
    fn text(self) -> Result<String, Refusal> {
        if self.charset.is_none() && !self.data.is_ascii() { Err(Refusal::NoCharset) } else { Ok(self.data) }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RawPart {
    data: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct NameAndValue {
    name: String,
    value: String,
}

impl Request {
    /// The mail, if SES would take it. Who gets it isn't known yet.
    pub(super) fn read(self, id: String, sent_at: i64) -> Result<Mail, Refusal> {
        if self.list_management_options.is_some() {
            return Err(Refusal::NotKept("contact lists"));
        }
        let Destination { to_addresses: to, cc_addresses: cc, bcc_addresses: bcc } = self.destination;
        let mut mail = Mail {
            id,
            sent_at,
            from: self.from_email_address.unwrap_or_default(),
            to,
            cc,
            bcc,
            reply_to: self.reply_to_addresses,
            subject: String::new(),
            text: String::new(),
            html: String::new(),
            headers: Vec::new(),
            configuration_set: self.configuration_set_name,
            tags: self.email_tags.into_iter().map(|tag| (tag.name, tag.value)).collect(),
            raw: None,
            deliveries: Vec::new(),
        };
        match self.content {
            Content { template: Some(_), .. } => return Err(Refusal::NotKept("stored templates")),
            Content { simple: Some(simple), raw: None, .. } => simple.put_into(&mut mail)?,
            Content { simple: None, raw: Some(raw), .. } => put_raw_into(&mut mail, &raw.data)?,
            Content { .. } => return Err(Refusal::NoContent),
        }
        check(&mail)?;
        Ok(mail)
    }
}

impl Simple {
    fn put_into(self, mail: &mut Mail) -> Result<(), Refusal> {
        if self.attachments.is_some() {
            return Err(Refusal::NotKept("attachments"));
        }
        if self.body.text.is_none() && self.body.html.is_none() {
            return Err(Refusal::NoBody);
        }
        if self.headers.len() > MOST_HEADERS {
            return Err(Refusal::TooManyHeaders { most: MOST_HEADERS });
        }
        mail.subject = self.subject.text()?;
        mail.text = self.body.text.map(Part::text).transpose()?.unwrap_or_default();
        mail.html = self.body.html.map(Part::text).transpose()?.unwrap_or_default();
        mail.headers = self.headers.into_iter().map(|header| (header.name, header.value)).collect();
        if mail.subject.chars().any(char::is_control) {
            return Err(bad_header("Subject", "has a control character"));
        }
        mail.headers.iter().try_for_each(|(name, value)| check_header(name, value))
    }
}

/// What SES takes of a header that a caller adds: anything else could end it and begin another.
fn check_header(name: &str, value: &str) -> Result<(), Refusal> {
    let is_name = |byte: u8| byte.is_ascii_graphic() && byte != b':';
    if name.is_empty() || name.len() > LONGEST_HEADER_NAME || !name.bytes().all(is_name) {
        return Err(bad_header(name, "has a name of other than printable ASCII characters, or too long a one"));
    }
    if !value.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') {
        return Err(bad_header(name, "has a value of other than printable ASCII characters"));
    }
    if name.len() + value.len() > LONGEST_HEADER {
        return Err(bad_header(name, "is longer than 996 characters"));
    }
    Ok(())
}

fn bad_header(name: &str, reason: &'static str) -> Refusal {
    Refusal::BadHeader { name: name.escape_debug().to_string(), reason }
}

/// A raw mail brings its own headers: they stand in for what the request leaves out.
fn put_raw_into(mail: &mut Mail, data: &str) -> Result<(), Refusal> {
    let unreadable = || Refusal::Unreadable("Content.Raw.Data isn't Base64".to_owned());
    let bytes = BASE64_STANDARD.decode(data).map_err(|_| unreadable())?;
    let raw = String::from_utf8_lossy(&bytes).into_owned();
    mail.headers = headers_of(&raw);
    let header = |name| mail.header(name).unwrap_or_default().to_owned();
    let listed = |name| -> Vec<String> {
        let value: String = header(name);
        value.split(',').map(|address| address.trim().to_owned()).filter(|address| !address.is_empty()).collect()
    };
    let (from, subject, reply_to) = (header("From"), header("Subject"), listed("Reply-To"));
    let recipients = (listed("To"), listed("Cc"), listed("Bcc"));
    if mail.from.is_empty() {
        mail.from = from;
    }
    if mail.recipients().next().is_none() {
        (mail.to, mail.cc, mail.bcc) = recipients;
    }
    if mail.reply_to.is_empty() {
        mail.reply_to = reply_to;
    }
    mail.subject = subject;
    mail.raw = Some(raw);
    Ok(())
}

/// The headers before the first empty line, each unfolded.
fn headers_of(raw: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in raw.lines().take_while(|line| !line.is_empty()) {
        match (line.starts_with([' ', '\t']), found.last_mut(), line.split_once(':')) {
            (true, Some((_, value)), _) => {
                value.push(' ');
                value.push_str(line.trim());
            }
            (_, _, Some((name, value))) => found.push((name.to_owned(), value.trim().to_owned())),
            _ => {}
        }
    }
    found
}

fn check(mail: &Mail) -> Result<(), Refusal> {
    if mail.from.is_empty() {
        return Err(Refusal::SenderMissing);
    }
    match mail.recipients().count() {
        0 => return Err(Refusal::NoRecipient),
        1..=MOST_RECIPIENTS => {}
        _ => return Err(Refusal::TooManyRecipients { most: MOST_RECIPIENTS }),
    }
    check_address("FromEmailAddress", &mail.from)?;
    mail.recipients().try_for_each(|address| check_address("Destination", address))?;
    mail.reply_to.iter().try_for_each(|address| check_address("ReplyToAddresses", address))
}

fn check_address(field: &'static str, written: &str) -> Result<(), Refusal> {
    let wrong = |reason| Err(Refusal::BadAddress { field, reason });
    let address = bare_address(written);
    if written.chars().any(char::is_control) || address.contains(char::is_whitespace) {
        return wrong("Local address contains control or whitespace");
    }
    match address.rsplit_once('@') {
        Some((local, domain)) if !local.is_empty() && !domain.is_empty() => {}
        _ => return wrong("Missing final '@domain'"),
    }
    // Names are encoded by whoever sends; SES does it for nobody.
    if written.is_ascii() { Ok(()) } else { wrong("Local address contains non-ASCII characters") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folded_header_of_a_raw_mail_is_one() {
        let headers = headers_of("Subject: a\r\n b\r\nX-Y: c: d\r\n\r\nBody: no header");
        let expected = [("Subject", "a b"), ("X-Y", "c: d")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(headers, expected);
    }
}
