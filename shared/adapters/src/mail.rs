//! SESv2: the one way out for mails. What a mail says and whether it is due is decided elsewhere; a refusal is an answer and
//! no error, since the next try would be refused too.

use crate::{clients, config::Settings, remedy::Remedy};
use aws_config::{SdkConfig, retry::RetryConfig};
use aws_sdk_sesv2::{
    Client,
    error::{DisplayErrorContext, ProvideErrorMetadata, SdkError},
    operation::send_email::SendEmailError,
    types::{Body, Content, Destination, EmailContent, Message, MessageHeader, MessageTag, builders::MessageBuilder},
};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use base64::{Engine, prelude::BASE64_STANDARD};
use domain::{email::EmailAddress, id::MailId, mail::HeaderLine};

/// The header that carries a mail's id, so that copies of one mail can be told from two mails.
pub const ID_HEADER: &str = "X-Contact-Hour-Mail";

/// The tag that carries it to whoever is told what became of the mail.
pub const ID_TAG: &str = "mail";

/// A mail on its way out. It has no `Debug`: it is somebody's.
pub struct Outgoing<'a> {
    /// The mail.
    pub id: &'a MailId,
    /// The one person who gets it.
    pub to: &'a EmailAddress,
    /// The name that it comes from. Whatever it holds is encoded, and stays a name.
    pub from_name: &'a str,
    /// Where answers go, if not to where it comes from.
    pub reply_to: Option<&'a EmailAddress>,
    /// Its subject.
    pub subject: &'a HeaderLine,
    /// What it says, plain.
    pub text: &'a str,
    /// The same as HTML.
    pub html: &'a str,
    /// The address that ends mails of this kind when something is posted to it, for programs that offer that (RFC 8058).
    pub stop: Option<&'a str>,
}

/// What the service said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It was taken, under this name.
    Accepted(String),
    /// It will never be taken: why, as a code.
    Refused(&'static str),
}

/// A mail that couldn't be sent now.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// More mails than the account may send in a second or a day.
    #[error("more mails were sent than the account may send")]
    Throttled,
    /// No address that mails could come from is set.
    #[error("MAIL_FROM isn't an address that mails could come from")]
    NoSender,
    /// In an account that AWS hasn't opened yet, nobody is written to who isn't verified.
    #[error("an address isn't verified, and the account may only write to those that are")]
    NotVerified,
    /// The account, the address that mails come from or the function's rights don't allow it.
    #[error("the account may not send this mail: {0}")]
    NotAllowed(&'static str),
    /// The service didn't answer as it should.
    #[error("the mail service didn't answer as it should: {0}")]
    Service(String),
}

impl SendError {
    /// What cures it.
    pub fn remedy(&self) -> Remedy {
        match self {
            SendError::Throttled | SendError::Service(_) => Remedy::RetryLater,
            SendError::NoSender | SendError::NotVerified | SendError::NotAllowed(_) => Remedy::TellTheOperator,
        }
    }
}

/// Sends mails.
#[derive(Clone)]
pub struct MailSender {
    client: Client,
    /// Read before anything is sent: with a bad one every mail would be refused for good.
    from: Option<EmailAddress>,
    configuration_set: Option<String>,
}

impl MailSender {
    /// Makes the client. Nothing is connected before the first call. `http` replaces the connector.
    pub async fn load(settings: &Settings, http: Option<SharedHttpClient>) -> Self {
        Self::from_config(settings, &clients::load_config(http).await)
    }

    /// Makes the client from an SDK configuration.
    pub fn from_config(settings: &Settings, shared: &SdkConfig) -> Self {
        let config = aws_sdk_sesv2::config::Builder::from(shared)
            .timeout_config(clients::timeouts(2, 10, 12))
            // The SDK asking again after a lost answer would be a second mail; the outbox tries again, and counts.
            .retry_config(RetryConfig::disabled())
            .build();
        let set = settings.mail_configuration_set.clone();
        Self {
            client: Client::from_conf(config),
            from: EmailAddress::parse(&settings.mail_from).ok(),
            configuration_set: Some(set).filter(|set| !set.is_empty()),
        }
    }

    /// How many mails the account may send in a second.
    pub async fn fetch_send_rate(&self) -> Result<f64, SendError> {
        let account = self.client.get_account().send().await.map_err(|error| match error.code() {
            Some(code) => failure(code).unwrap_or_else(|| SendError::Service(code.to_owned())),
            None => SendError::Service(DisplayErrorContext(error).to_string()),
        })?;
        let rate = account.send_quota().map(|quota| quota.max_send_rate());
        rate.filter(|rate| *rate > 0.0).ok_or_else(|| SendError::Service("no MaxSendRate".to_owned()))
    }

    /// Takes an address off the service's own list of those that it sends nothing to. One that isn't there stays off.
    pub async fn allow_again(&self, address: &EmailAddress) -> Result<(), SendError> {
        match self.client.delete_suppressed_destination().email_address(address.shown()).send().await {
            Ok(_) => Ok(()),
            Err(error) => match error.code() {
                Some("NotFoundException") => Ok(()),
                Some(code) => Err(failure(code).unwrap_or_else(|| SendError::Service(code.to_owned()))),
                None => Err(SendError::Service(DisplayErrorContext(error).to_string())),
            },
        }
    }

    /// Sends one mail.
    pub async fn send(&self, mail: &Outgoing<'_>) -> Result<Answer, SendError> {
        let from = self.from.as_ref().ok_or(SendError::NoSender)?;
        let answer = self
            .client
            .send_email()
            .from_email_address(sender(mail.from_name, from.shown()))
            .destination(Destination::builder().to_addresses(mail.to.shown()).build())
            .set_reply_to_addresses(mail.reply_to.map(|address| vec![address.shown().to_owned()]))
            .content(EmailContent::builder().simple(message(mail)?).build())
            .email_tags(tag(ID_TAG, mail.id.as_str())?)
            .set_configuration_set_name(self.configuration_set.clone())
            .send()
            .await;
        match answer {
            Ok(taken) => Ok(Answer::Accepted(taken.message_id().unwrap_or_default().to_owned())),
            Err(error) => judged(error),
        }
    }
}

fn message(mail: &Outgoing<'_>) -> Result<Message, SendError> {
    let utf8 = |text: &str| Content::builder().data(text).charset("UTF-8").build().map_err(unbuilt);
    let header = |name: &str, value: &str| MessageHeader::builder().name(name).value(value).build().map_err(unbuilt);
    let body = Body::builder().text(utf8(mail.text)?).html(utf8(mail.html)?).build();
    let stops = match mail.stop {
        Some(stop) => vec![
            header("List-Unsubscribe", &format!("<{stop}>"))?,
            header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")?,
        ],
        None => Vec::new(),
    };
    let message = Message::builder()
        .subject(utf8(mail.subject.as_str())?)
        .body(body)
        .headers(header(ID_HEADER, mail.id.as_str())?)
        // RFC 3834: whoever is on holiday need not tell us.
        .headers(header("Auto-Submitted", "auto-generated")?);
    Ok(stops.into_iter().fold(message, MessageBuilder::headers).build())
}

fn tag(name: &str, value: &str) -> Result<MessageTag, SendError> {
    MessageTag::builder().name(name).value(value).build().map_err(unbuilt)
}

fn unbuilt(error: aws_sdk_sesv2::error::BuildError) -> SendError {
    SendError::Service(error.to_string())
}

/// Tells what an error is about: this mail (refused), the account, or the moment.
fn judged(error: SdkError<SendEmailError>) -> Result<Answer, SendError> {
    let code = error.code().unwrap_or_default().to_owned();
    let words = error.message().unwrap_or_default().to_owned();
    match code.as_str() {
        "MessageRejected" if words.contains("not verified") => Err(SendError::NotVerified),
        "MessageRejected" => Ok(Answer::Refused("message_rejected")),
        "BadRequestException" | "ValidationException" | "InvalidParameterValue" => Ok(Answer::Refused("bad_request")),
        code => Err(failure(code).unwrap_or_else(|| SendError::Service(DisplayErrorContext(error).to_string()))),
    }
}

fn failure(code: &str) -> Option<SendError> {
    Some(match code {
        "TooManyRequestsException" | "LimitExceededException" | "ThrottlingException" | "Throttling" => {
            SendError::Throttled
        }
        "AccountSuspendedException" => SendError::NotAllowed("the account is suspended"),
        "SendingPausedException" => SendError::NotAllowed("sending is paused"),
        "MailFromDomainNotVerifiedException" => SendError::NotAllowed("the domain mails come from isn't verified"),
        "NotFoundException" => SendError::NotAllowed("the identity or the configuration isn't there"),
        "AccessDeniedException" => SendError::NotAllowed("the function has no right to"),
        _ => return None,
    })
}

/// Base64 of at most 42 bytes keeps an encoded word under its 75 signs (RFC 2047, 2).
const ENCODED_BYTES: usize = 42;

/// The address that a mail comes from with a name before it. A name of other signs than letters, digits and spaces is encoded,
/// so that whatever it holds stays a name.
fn sender(name: &str, address: &str) -> String {
    let name = name.trim();
    if name.is_empty() {
        return address.to_owned();
    }
    if name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b' ') {
        return format!("{name} <{address}>");
    }
    let mut words = vec![String::new()];
    for letter in name.chars().filter(|letter| !letter.is_control()) {
        match words.last_mut() {
            Some(word) if word.len() + letter.len_utf8() <= ENCODED_BYTES => word.push(letter),
            _ => words.push(letter.to_string()),
        }
    }
    let words: Vec<String> = words.iter().map(|word| format!("=?UTF-8?B?{}?=", BASE64_STANDARD.encode(word))).collect();
    format!("{} <{address}>", words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_a_name_whatever_it_holds() {
        assert_eq!(sender("", "a@b.c"), "a@b.c");
        assert_eq!(sender("Texas Board 2", "a@b.c"), "Texas Board 2 <a@b.c>");
        assert_eq!(
            sender("x\" <e@f.g>,\r\nBcc: h@i.j", "a@b.c"),
            format!("=?UTF-8?B?{}?= <a@b.c>", "eCIgPGVAZi5nPixCY2M6IGhAaS5q")
        );
        let long = sender(&"é".repeat(80), "a@b.c");
        assert!(long.split(' ').all(|word| word.len() <= 75 && !word.contains('é')), "{long}");
    }

    #[test]
    fn what_only_an_operator_can_cure_is_told_from_what_passes() {
        assert_eq!(failure("SendingPausedException").unwrap().remedy(), Remedy::TellTheOperator);
        assert_eq!(failure("TooManyRequestsException").unwrap().remedy(), Remedy::RetryLater);
        assert!(failure("InternalFailure").is_none());
    }
}
