//! What goes out and what comes back: a message as a channel wrote it, and the other
//! side's reply. Values only; `mailer` and `net` carry them.

use std::time::Duration;

/// A message as a channel wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parcel {
    /// For the mail server.
    Letter(Letter),
    /// A `POST` to the target's address.
    Post {
        /// The media type.
        content_type: &'static str,
        /// The body.
        body: String,
    },
}

impl Parcel {
    /// What is kept of it: what a person reads.
    pub fn text(&self) -> &str {
        match self {
            Self::Letter(letter) => &letter.text,
            Self::Post { body, .. } => body,
        }
    }
}

/// A mail before it is put into headers and an encoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The subject, without line breaks.
    pub subject: String,
    /// The text.
    pub text: String,
    /// The left side of its message id: the same however often it is sent.
    pub id: String,
    /// The left sides of the ids that it belongs to, so that updates stand together.
    pub about: Vec<String>,
}

/// What came back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// The status of SMTP or HTTP; `None` where nothing came back.
    pub code: Option<u16>,
    /// How long the other side asks to be left alone.
    pub rest: Option<Duration>,
    /// What was said, or why nothing was.
    pub text: String,
}
