//! A mail server that takes mail and keeps it: real SMTP on loopback, with STARTTLS by a
//! certificate that it makes for itself and a sign-in that it insists on. Each mail
//! lies as it came in a folder, and faults happen on demand.

mod session;

use session::Session;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::{ServerConfig, crypto};

/// Whom to sign in as, and with what.
pub const SIGN_IN: (&str, &str) = ("bomwarden", "simulated-password");

/// How it misbehaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailFault {
    /// It greets nobody.
    Refuses,
    /// It answers this to a mail, and keeps nothing.
    Says(u16),
    /// It keeps a mail and breaks off before it says so.
    KeepsAndBreaksOff,
    /// It breaks off in a mail, and keeps nothing.
    BreaksOff,
    /// It keeps a mail and answers after a while.
    Slow(Duration),
}

/// A mail as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Who it is from, as the envelope says.
    pub from: String,
    /// Who it is for, as the envelope says.
    pub to: Vec<String>,
    /// Header and body, byte for byte.
    pub raw: Vec<u8>,
}

#[derive(Default)]
struct State {
    fault: Option<MailFault>,
    mails: Vec<Mail>,
    /// Mails that were begun.
    begun: usize,
}

/// The mail server, until it is dropped.
pub struct Mailbox {
    address: SocketAddr,
    folder: PathBuf,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Mailbox {
    /// Starts an empty mailbox that keeps its mails and its certificate in a folder.
    ///
    /// # Errors
    /// When no port or no certificate can be had, or the folder cannot be written.
    pub async fn start(folder: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let (certificate, acceptor) = certificate()?;
        std::fs::write(folder.join("certificate.pem"), certificate)?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let (address, state) = (listener.local_addr()?, Arc::new(Mutex::new(State::default())));
        let (folder, shared) = (folder.to_owned(), state.clone());
        let keep = folder.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let session = Session::new(shared.clone(), keep.clone());
                let acceptor = acceptor.clone();
                // A client that goes away ends its session; that is no news.
                tokio::spawn(async move { session.run(stream, &acceptor).await.ok() });
            }
        });
        Ok(Self { address, folder, state, task })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where its mails lie, each in a file of its own, in the order in which they came.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file of the certificate that its clients are to trust.
    pub fn certificate(&self) -> PathBuf {
        self.folder.join("certificate.pem")
    }

    /// The mails so far.
    pub fn mails(&self) -> Vec<Mail> {
        lock(&self.state).mails.clone()
    }

    /// How many mails were begun, whatever became of them.
    pub fn begun(&self) -> usize {
        lock(&self.state).begun
    }

    /// Misbehaves from now on, or no more.
    pub fn fault(&self, fault: Option<MailFault>) {
        lock(&self.state).fault = fault;
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A certificate for loopback, as PEM, and what answers with it.
fn certificate() -> anyhow::Result<(String, TlsAcceptor)> {
    use base64::Engine as _;
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned(), "127.0.0.1".to_owned()])?;
    let der = made.cert.der().clone();
    let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let config = ServerConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![der.clone()], key)?;
    let text = base64::engine::general_purpose::STANDARD.encode(&der);
    let pem = format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n");
    Ok((pem, TlsAcceptor::from(Arc::new(config))))
}

#[cfg(test)]
pub(crate) mod tests;
