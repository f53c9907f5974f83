//! Mail, over real SMTP: the one place that speaks to `lettre`. It makes the headers
//! and the encoding, so that no text can become a header, and answers what the mail
//! server said.

use crate::config::{Mail, MailTls};
use crate::parcel::{Letter, Reply};
use chrono::{DateTime, Utc};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder};
use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use std::error::Error as _;
use std::sync::Arc;

/// The way out for mail; clones share their connections.
#[derive(Clone)]
pub struct Mailer(Option<Arc<Way>>);

struct Way {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// What is wrong with the settings of mail.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct MailError(String);

impl Mailer {
    /// A way out with these settings; none where no mail server is named.
    ///
    /// # Errors
    /// [`MailError`] where a setting cannot be used.
    pub fn new(mail: &Mail) -> Result<Self, MailError> {
        if mail.host.is_empty() {
            return Ok(Self(None));
        }
        let from =
            mail.from.parse().map_err(|error| MailError(format!("`mail.from`: `{}` is no mail address: {error}", mail.from)))?;
        let host = mail.host.trim_start_matches('[').trim_end_matches(']');
        let tls = match mail.tls {
            MailTls::None => Tls::None,
            MailTls::StartTls => Tls::Required(parameters(mail, host)?),
            MailTls::Tls => Tls::Wrapper(parameters(mail, host)?),
        };
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(mail.port)
            .tls(tls)
            .timeout(Some(mail.timeout))
            // Messages are rare: a connection that lay idle is more often dead than not.
            .pool_config(PoolConfig::new().max_size(0).min_idle(0));
        if !mail.user.is_empty() {
            transport = transport.credentials(Credentials::new(mail.user.clone(), mail.password.reveal().to_owned()));
        }
        Ok(Self(Some(Arc::new(Way { transport: transport.build(), from }))))
    }

    /// Sends a letter to addresses with commas between, and answers what the mail
    /// server said.
    pub async fn send(&self, letter: &Letter, to: &str, now: DateTime<Utc>) -> Reply {
        let Some(way) = &self.0 else { return silence("no mail server is set (`mail.host`)") };
        let message = match way.message(letter, to, now) {
            Ok(message) => message,
            Err(MailError(text)) => return silence(&text),
        };
        match way.transport.send(message).await {
            Ok(response) => {
                let text = response.message().collect::<Vec<_>>().join(" ");
                Reply { code: Some(u16::from(response.code())), rest: None, text }
            }
            Err(error) => {
                let text = error.source().map_or_else(|| error.to_string(), ToString::to_string);
                Reply { code: error.status().map(u16::from), rest: None, text }
            }
        }
    }
}

impl Way {
    fn message(&self, letter: &Letter, to: &str, now: DateTime<Utc>) -> Result<Message, MailError> {
        let wrong = |error: String| MailError(format!("a mail cannot be made: {error}"));
        let host = self.from.email.domain();
        let about: Vec<String> = letter.about.iter().map(|id| format!("<{id}@{host}>")).collect();
        let mut builder = MessageBuilder::new().from(self.from.clone()).date(now.into());
        for address in to.split(',') {
            builder = builder.to(address.trim().parse().map_err(|error| wrong(format!("`{address}`: {error}")))?);
        }
        builder = builder.subject(&letter.subject).message_id(Some(format!("<{}@{host}>", letter.id)));
        if let Some(first) = about.first() {
            builder = builder.in_reply_to(first.clone()).references(about.join(" "));
        }
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        builder
            .raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()))
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text.clone())
            .map_err(|error| wrong(error.to_string()))
    }
}

fn parameters(mail: &Mail, host: &str) -> Result<TlsParameters, MailError> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(path) = &mail.ca_file {
        let wrong =
            |error: &dyn std::fmt::Display| MailError(format!("`mail.ca_file`: `{}` cannot be used: {error}", path.display()));
        let pem = std::fs::read(path).map_err(|error| wrong(&error))?;
        builder = builder.add_root_certificate(Certificate::from_pem(&pem).map_err(|error| wrong(&error))?);
    }
    builder.build().map_err(|error| MailError(format!("TLS for mail cannot be set up: {error}")))
}

fn silence(text: &str) -> Reply {
    Reply { text: text.to_owned(), ..Reply::default() }
}
