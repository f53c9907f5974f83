//! The server that mail goes out by.

use super::Secret;
use std::path::PathBuf;
use std::time::Duration;

/// The way out for mail. Without a host there is none.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Name or address of the server; empty: no mail is sent.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is kept secret.
    pub tls: MailTls,
    /// Whom to sign in as; empty: nobody.
    pub user: String,
    /// With what.
    pub password: Secret,
    /// Who mail is from: `bomwarden@example.org`, or `Bomwarden <bomwarden@example.org>`.
    pub from: String,
    /// Certificates (PEM) that are trusted besides the public ones.
    pub ca_file: Option<PathBuf>,
    /// How long one exchange with the server may take.
    pub timeout: Duration,
}

/// How the connection to the mail server is kept secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailTls {
    /// It begins in the open and must change over before anything is said.
    StartTls,
    /// From the first byte.
    Tls,
    /// Not at all; to loopback only.
    None,
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            host: String::new(),
            port: 587,
            tls: MailTls::StartTls,
            user: String::new(),
            password: Secret::default(),
            from: String::new(),
            ca_file: None,
            timeout: Duration::from_secs(30),
        }
    }
}

impl Mail {
    /// What is wrong with the settings beside each other.
    pub(super) fn mistakes(&self) -> Vec<String> {
        let mut mistakes = Vec::new();
        if self.host.is_empty() {
            return mistakes;
        }
        if self.from.is_empty() {
            mistakes.push("`mail.from` is missing; say who mail comes from, for example `bomwarden@example.org`".to_owned());
        }
        if self.user.is_empty() != self.password.is_empty() {
            mistakes
                .push("`mail.user` and `mail.password` (or `mail.password_file`) go together; one of them is missing".to_owned());
        }
        if self.tls == MailTls::None && !self.is_loopback() {
            mistakes.push("`mail.tls`: `none` is for a server on loopback; use `starttls` or `tls`".to_owned());
        }
        mistakes
    }

    fn is_loopback(&self) -> bool {
        let host = self.host.trim_start_matches('[').trim_end_matches(']');
        host.eq_ignore_ascii_case("localhost") || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}
