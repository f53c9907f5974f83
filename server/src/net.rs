//! The one door to the outside. Nothing private is contacted unless the operator
//! allowed it, no redirect is followed, no reply is longer or slower than agreed,
//! and a reply that stopped half-way is an error, never a short reply.

mod guard;
mod post;

use crate::config::{Outbound, Secret};
use guard::{Guard, Refusal};
use reqwest::header::{
    ACCEPT, ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION, RETRY_AFTER,
};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};
use std::fs::File;
use std::io::{Seek, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

const USER_AGENT: &str = concat!("bomwarden/", env!("CARGO_PKG_VERSION"));

/// The door, to be made once and shared.
#[derive(Clone)]
pub struct Net {
    guard: Arc<Guard>,
    guarded: Client,
    /// For a host and port that the operator named, whatever its address is.
    named: Client,
    spool: PathBuf,
    most: u64,
}

/// One request: a `GET` that may say what is already here.
#[derive(Clone, Debug)]
pub struct Fetch {
    /// The address.
    pub url: Url,
    /// The entity tag of what is here.
    pub etag: Option<String>,
    /// The `Last-Modified` of what is here.
    pub last_modified: Option<String>,
    /// The media type to ask for, where it matters.
    pub accept: Option<&'static str>,
    /// The most bytes of the reply, where that is less than for every reply.
    pub most: Option<u64>,
    /// A header with a secret that the other side asks for.
    pub key: Option<(&'static str, Secret)>,
}

impl Fetch {
    /// A request for what is there now.
    pub fn plain(url: Url) -> Self {
        Self { url, etag: None, last_modified: None, accept: None, most: None, key: None }
    }
}

/// A good answer.
#[derive(Debug)]
pub enum Fetched {
    /// It is still what is here.
    Unchanged,
    /// The whole body.
    Body(Body),
}

/// A body in a file without a name, to be read from its start.
#[derive(Debug)]
pub struct Body {
    /// The file.
    pub file: File,
    /// Its length in bytes.
    pub bytes: u64,
    /// The entity tag.
    pub etag: Option<String>,
    /// When it was changed, as the server says it.
    pub last_modified: Option<String>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum NetError {
    /// The guard closed the door.
    #[error("{0}")]
    Refused(String),
    /// Nothing was reached.
    #[error("`{host}` cannot be reached: {reason}")]
    Unreachable {
        /// The host.
        host: String,
        /// Why.
        reason: String,
    },
    /// It points elsewhere; whether to go there is for a person to say.
    #[error("`{from}` points to `{to}`; redirects are not followed, so set that address if it is right")]
    Moved {
        /// What was asked.
        from: String,
        /// Where it points.
        to: String,
    },
    /// It answered, but not well.
    #[error("`{url}` answered {status}")]
    Status {
        /// What was asked.
        url: String,
        /// The status.
        status: u16,
        /// How long it asks to be left alone.
        retry_after: Option<Duration>,
    },
    /// The reply is longer than `outbound.reply_bytes`.
    #[error("the reply of `{url}` is longer than {most} bytes; raise `outbound.reply_bytes` if that is right")]
    TooLong {
        /// What was asked.
        url: String,
        /// The limit.
        most: u64,
    },
    /// The reply stopped before its end.
    #[error("the reply of `{url}` broke off after {bytes} bytes: {reason}")]
    BrokenOff {
        /// What was asked.
        url: String,
        /// What came.
        bytes: u64,
        /// Why.
        reason: String,
    },
    /// The machine could not keep the reply.
    #[error("a reply cannot be kept in `{folder}`: {source}")]
    Spool {
        /// Where.
        folder: String,
        /// Why.
        source: std::io::Error,
    },
    /// The client could not be made.
    #[error("requests cannot be made at all: {0}")]
    Setup(String),
}

impl NetError {
    /// Whether the place answers and has nothing there (RFC 9110, sections 15.5.5 and 15.5.11).
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::Status { status: 404 | 410, .. })
    }
}

impl Net {
    /// The door with these bounds; replies are kept in `spool` while they are used.
    ///
    /// # Errors
    /// [`NetError::Setup`] where TLS cannot be set up.
    pub fn new(outbound: &Outbound, spool: PathBuf) -> Result<Self, NetError> {
        // A second installation in one process answers an error and changes nothing.
        let _installed = rustls::crypto::ring::default_provider().install_default().is_ok();
        let guard = Arc::new(Guard::new(outbound.allow.clone()));
        let builder = || {
            Client::builder()
                .user_agent(USER_AGENT)
                .connect_timeout(outbound.connect_timeout)
                .read_timeout(outbound.read_timeout)
                .timeout(outbound.timeout)
                .redirect(Policy::none())
                .referer(false)
                .no_proxy()
                .pool_max_idle_per_host(2)
        };
        let setup = |error: reqwest::Error| NetError::Setup(reason(&error));
        let guarded = builder().dns_resolver(guard.clone()).build().map_err(setup)?;
        let named = builder().build().map_err(setup)?;
        let most = u64::try_from(outbound.reply_bytes).unwrap_or(u64::MAX);
        Ok(Self { guard, guarded, named, spool, most })
    }

    /// Fetches an address into a file.
    ///
    /// # Errors
    /// [`NetError`]; nothing is kept then.
    pub async fn fetch(&self, fetch: &Fetch) -> Result<Fetched, NetError> {
        let mut request = self.client(&fetch.url)?.get(fetch.url.clone());
        for (name, value) in [(IF_NONE_MATCH, &fetch.etag), (IF_MODIFIED_SINCE, &fetch.last_modified)] {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        if let Some(accept) = fetch.accept {
            request = request.header(ACCEPT, accept);
        }
        if let Some((name, key)) = &fetch.key {
            // Marked, so that no log of the client shows it.
            let mut value = HeaderValue::from_str(key.reveal())
                .map_err(|_| NetError::Refused(format!("the key is no value of the header `{name}`")))?;
            value.set_sensitive(true);
            request = request.header(*name, value);
        }
        let response = request.send().await.map_err(|error| unreachable(&fetch.url, &error))?;
        if response.status() == StatusCode::NOT_MODIFIED {
            return Ok(Fetched::Unchanged);
        }
        judge(&fetch.url, &response)?;
        self.keep(fetch, response).await.map(Fetched::Body)
    }

    /// The client by which an address may be contacted.
    fn client(&self, url: &Url) -> Result<&Client, NetError> {
        match self.guard.admit(url) {
            Ok(guard::Admitted::Named) => Ok(&self.named),
            Ok(guard::Admitted::Guarded) => Ok(&self.guarded),
            Err(refusal) => Err(NetError::Refused(refusal.to_string())),
        }
    }

    async fn keep(&self, fetch: &Fetch, mut response: Response) -> Result<Body, NetError> {
        let (url, most) = (&fetch.url, fetch.most.unwrap_or(self.most).min(self.most));
        let too_long = || NetError::TooLong { url: shown(url), most };
        if response.content_length().is_some_and(|length| length > most) {
            return Err(too_long());
        }
        let spool = |source| NetError::Spool { folder: self.spool.display().to_string(), source };
        let mut file = tempfile::tempfile_in(&self.spool).map_err(spool)?;
        let mut bytes: u64 = 0;
        loop {
            let chunk = match response.chunk().await {
                Ok(Some(chunk)) => chunk,
                Ok(None) => break,
                Err(error) => return Err(NetError::BrokenOff { url: shown(url), bytes, reason: reason(&error) }),
            };
            bytes = bytes.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
            if bytes > most {
                return Err(too_long());
            }
            // A chunk is a few kilobytes into the page cache: not worth a thread.
            file.write_all(&chunk).map_err(spool)?;
        }
        file.rewind().map_err(spool)?;
        let headers = response.headers();
        Ok(Body { file, bytes, etag: header(headers, &ETAG), last_modified: header(headers, &LAST_MODIFIED) })
    }
}

fn judge(url: &Url, response: &Response) -> Result<(), NetError> {
    let status = response.status();
    if status.is_redirection() {
        let to = header(response.headers(), &LOCATION).unwrap_or_default();
        let to = url.join(&to).map_or(to, |to| shown(&to));
        return Err(NetError::Moved { from: shown(url), to });
    }
    if status != StatusCode::OK {
        let retry_after = retry_after(response.headers());
        return Err(NetError::Status { url: shown(url), status: status.as_u16(), retry_after });
    }
    Ok(())
}

/// How long the other side asks to be left alone.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    header(headers, &RETRY_AFTER).and_then(|text| text.parse().ok()).map(Duration::from_secs)
}

fn header(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// An address as it may be shown: without anything that could be a secret.
fn shown(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    // Addresses with a user name are refused where they are configured.
    let _cut = url.set_password(None).and_then(|()| url.set_username("")).is_ok();
    url.into()
}

fn unreachable(url: &Url, error: &reqwest::Error) -> NetError {
    let mut source: Option<&dyn std::error::Error> = Some(error);
    while let Some(inner) = source {
        if let Some(refusal) = inner.downcast_ref::<Refusal>() {
            return NetError::Refused(refusal.to_string());
        }
        source = inner.source();
    }
    NetError::Unreachable { host: url.host_str().unwrap_or_default().to_owned(), reason: reason(error) }
}

/// The innermost reason, which is the one that says something.
fn reason(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "it took too long".to_owned();
    }
    let mut inner: &dyn std::error::Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}

#[cfg(test)]
pub(crate) mod loopback;
#[cfg(test)]
mod tests;
