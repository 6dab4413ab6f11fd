//! Why a request is refused: SES's names and, where they are known, SES's words.

use http::StatusCode;

/// A refusal, as SES says it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    /// Only signed requests come from an SDK; a page in a browser can't sign.
    #[error("Missing Authentication Token")]
    Unsigned,
    /// The body isn't the JSON that the operation takes.
    #[error("The request can't be read: {0}")]
    Unreadable(String),
    /// Nothing that is kept here.
    #[error("The local SESv2 doesn't know this operation: it has SendEmail, GetAccount and the suppression list.")]
    UnknownOperation,
    /// Attachments, stored templates and lists, which nothing of ours uses.
    #[error("The local SESv2 doesn't keep {0} yet. Teach it in infra/local/src/mail/request.rs.")]
    NotKept(&'static str),
    /// No sender.
    #[error("The FromEmailAddress is missing.")]
    SenderMissing,
    /// Nobody to send to.
    #[error("At least one destination address is required.")]
    NoRecipient,
    /// More than a message may have.
    #[error("Recipient count exceeds {most}.")]
    TooManyRecipients {
        /// SES's limit.
        most: usize,
    },
    /// Not an address.
    #[error("{field}: {reason}")]
    BadAddress {
        /// Which field.
        field: &'static str,
        /// SES's words.
        reason: &'static str,
    },
    /// No content, or two.
    #[error("Content must have exactly one of Simple and Raw.")]
    NoContent,
    /// Neither text nor HTML.
    #[error("The body needs a text or an HTML part.")]
    NoBody,
    /// Text that SES would garble.
    #[error("Text of other than ASCII characters needs a Charset.")]
    NoCharset,
    /// A header's name or value that SES doesn't take.
    #[error("The header {name} {reason}.")]
    BadHeader {
        /// Which, escaped.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// More headers than SES takes.
    #[error("More than {most} headers.")]
    TooManyHeaders {
        /// SES's limit.
        most: usize,
    },
    /// Larger than is taken.
    #[error("The message is larger than {most} bytes.")]
    TooLarge {
        /// The limit.
        most: usize,
    },
    /// An address that isn't on the suppression list.
    #[error("Email address {0} does not exist on your suppression list.")]
    NotSuppressed(String),
    /// Too many in a second.
    #[error("Maximum sending rate exceeded.")]
    TooFast,
    /// The day's quota is used up.
    #[error("Daily message quota exceeded.")]
    QuotaExhausted,
    /// The account's sending is paused.
    #[error("Email sending has been disabled for your AWS account.")]
    Paused,
    /// A failure of SES's own, made for a test.
    #[error("Internal failure.")]
    Internal,
}

impl Refusal {
    /// The name of SES's exception, and its status.
    pub(super) fn kind(&self) -> (&'static str, StatusCode) {
        match self {
            Self::Unsigned => ("MissingAuthenticationTokenException", StatusCode::FORBIDDEN),
            Self::Unreadable(_) => ("SerializationException", StatusCode::BAD_REQUEST),
            Self::UnknownOperation => ("UnknownOperationException", StatusCode::NOT_FOUND),
            Self::NotKept(_)
            | Self::SenderMissing
            | Self::NoRecipient
            | Self::TooManyRecipients { .. }
            | Self::BadAddress { .. }
            | Self::NoContent
            | Self::NoBody
            | Self::NoCharset
            | Self::BadHeader { .. }
            | Self::TooManyHeaders { .. }
            | Self::TooLarge { .. } => ("BadRequestException", StatusCode::BAD_REQUEST),
            Self::NotSuppressed(_) => ("NotFoundException", StatusCode::NOT_FOUND),
            Self::TooFast => ("TooManyRequestsException", StatusCode::TOO_MANY_REQUESTS),
            Self::QuotaExhausted => ("LimitExceededException", StatusCode::BAD_REQUEST),
            Self::Paused => ("SendingPausedException", StatusCode::BAD_REQUEST),
            Self::Internal => ("InternalFailure", StatusCode::INTERNAL_SERVER_ERROR),
        }
    }
}
