//! HTTP to a Bomwarden server, and in `download` to an address that was named;
//! nothing else in this tool opens a connection. An
//! upload is sent again when the server is away for a moment: the same documents
//! of the same run are the same upload, so it does no harm.

mod download;
mod problem;
mod records;

pub use download::{download, is_address};

use crate::{Failure, Screen};
use indicatif::ProgressBar;
use reqwest::blocking::multipart::{Form, Part};
use reqwest::blocking::{Client, Response};
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderValue, LOCATION, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{StatusCode, Url};
use std::error::Error as _;
use std::io::{self, Read};
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Largest answer that is read, in bytes.
const LARGEST_ANSWER: u64 = 16 << 20;
/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long one request may take in all.
const REQUEST: Duration = Duration::from_secs(600);
/// The first pause before a request is sent again; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

/// A server, and what we show it.
pub struct Server {
    client: Client,
    base: Url,
    token: HeaderValue,
    patience: Duration,
}

/// A document to send.
pub struct Parcel {
    /// The part's name in the request.
    pub part: String,
    /// The file name it is given, for the server's log.
    pub name: String,
    /// Its bytes, sent as they are.
    pub bytes: Arc<[u8]>,
}

/// Why one attempt brought no answer.
enum Missed {
    /// Worth another attempt, after at least this long.
    Passing(Failure, Option<Duration>),
    /// Final.
    Final(Failure),
}

impl Server {
    /// The server at `address`, to which `token` gives access; a request is repeated for `patience`
    /// while the server is away.
    ///
    /// # Errors
    /// [`Failure`] for an address or a token that cannot be one.
    pub fn new(address: &str, token: &str, patience: Duration) -> Result<Self, Failure> {
        let base = base(address)?;
        let mut token = HeaderValue::from_str(&format!("Bearer {}", token.trim()))
            .map_err(|_| Failure::new("the token holds characters that no token has").next("check BOMWARDEN_TOKEN"))?;
        token.set_sensitive(true);
        // Somebody else in this process may have chosen before; any choice is good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut client = Client::builder()
            .user_agent(concat!("bomwarden/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .connect_timeout(CONNECT)
            .timeout(REQUEST);
        if is_loopback(&base) {
            // A proxy would look for the server on its own machine.
            client = client.no_proxy();
        }
        let client = client.build().map_err(|error| Failure::new(format!("no connection can be made: {error}")))?;
        Ok(Self { client, base, token, patience })
    }

    /// Whether the token would travel in the clear over a network.
    pub fn is_in_the_clear(&self) -> bool {
        self.base.scheme() == "http" && !is_loopback(&self.base)
    }

    /// The address of a page of the server, which `path` names from its root or in full; `None` where it is elsewhere.
    pub fn page(&self, path: &str) -> Option<String> {
        let page = match path.strip_prefix('/') {
            Some(below) => self.base.join(below).ok()?,
            None => Url::parse(path).ok()?,
        };
        matches!(page.scheme(), "http" | "https").then(|| page.to_string())
    }

    /// Sends one run: `meta` and its documents; answers the body of the server's answer.
    ///
    /// # Errors
    /// [`Failure`] when the server refused it or could not be reached.
    pub fn upload(&self, meta: &[u8], parcels: &[Parcel], bar: &ProgressBar, screen: &Screen) -> Result<Vec<u8>, Failure> {
        let started = Instant::now();
        let mut told = false;
        let mut pause = FIRST_PAUSE;
        loop {
            bar.set_position(0);
            let (failure, least) = match self.attempt(meta, parcels, bar) {
                Ok(body) => return Ok(body),
                Err(Missed::Final(failure)) => return Err(failure),
                Err(Missed::Passing(failure, least)) => (failure, least),
            };
            let wait = least.unwrap_or(pause).max(pause);
            if started.elapsed().saturating_add(wait) > self.patience {
                return Err(failure);
            }
            if !std::mem::replace(&mut told, true) {
                screen.note(&format!("{}; trying again for {} seconds", failure.what(), self.patience.as_secs()));
            }
            sleep(wait);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    fn attempt(&self, meta: &[u8], parcels: &[Parcel], bar: &ProgressBar) -> Result<Vec<u8>, Missed> {
        let form = form(meta, parcels, bar).map_err(|error| Missed::Final(self.unreachable(&error)))?;
        let address = self.base.join("v1/uploads").map_err(|error| Missed::Final(Failure::new(error.to_string())))?;
        let request = self.client.post(address).header(AUTHORIZATION, self.token.clone());
        let request = request.header(ACCEPT, "application/json, application/problem+json").multipart(form);
        let response = request.send().map_err(|error| match is_passing(&error) {
            true => Missed::Passing(self.unreachable(&error), None),
            false => Missed::Final(self.unreachable(&error)),
        })?;
        self.judge(response)
    }

    fn judge(&self, response: Response) -> Result<Vec<u8>, Missed> {
        let status = response.status();
        let header = |name| response.headers().get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let later = header(RETRY_AFTER).and_then(|seconds| seconds.parse().ok()).map(Duration::from_secs);
        let elsewhere = header(LOCATION).and_then(bom::origin::clean_address);
        if status.is_redirection() {
            let elsewhere = elsewhere.unwrap_or_else(|| "another address".to_owned());
            let failure = Failure::new(format!("`{}` points to `{elsewhere}`", self.base));
            return Err(Missed::Final(failure.next("name the server's own address with `--server`")));
        }
        let body = body(response).map_err(|error| Missed::Passing(self.broken(&error), None))?;
        if status.is_success() {
            return Ok(body);
        }
        let failure = problem::failure(&self.base, status, &body);
        match status {
            StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT => Err(Missed::Passing(failure, later)),
            _ => Err(Missed::Final(failure)),
        }
    }

    fn unreachable(&self, error: &reqwest::Error) -> Failure {
        let mut cause = String::new();
        let mut source = error.source();
        while let Some(error) = source {
            cause = error.to_string();
            source = error.source();
        }
        let cause = if cause.is_empty() { "no answer came".to_owned() } else { cause };
        let next = match cause.contains("certificate") {
            true => "install the certificate of the authority that signed the server's, or name it in SSL_CERT_FILE",
            false => "check that the server runs, and its address in BOMWARDEN_SERVER_URL or `--server`",
        };
        Failure::new(format!("`{}` cannot be reached: {cause}", self.base)).next(next)
    }

    fn broken(&self, error: &io::Error) -> Failure {
        Failure::new(format!("the answer of `{}` cannot be read: {error}", self.base)).next("try again")
    }
}

/// The server's address with a slash at its end, so that paths go below it.
fn base(address: &str) -> Result<Url, Failure> {
    let wrong =
        |what: &str| Failure::new(format!("the server's address {what}")).next("an address is like `https://bomwarden.example`");
    let address = address.trim();
    if !address.contains("://") {
        return Err(Failure::new(format!("the server's address `{address}` does not begin with `https://` or `http://`"))
            .next(format!("write `https://{address}`, or `http://{address}` on this machine alone")));
    }
    let mut base = Url::parse(address).map_err(|error| wrong(&format!("cannot be read: {error}")))?;
    if !matches!(base.scheme(), "http" | "https") || base.host().is_none() {
        return Err(wrong("is not one of the web"));
    }
    if !base.username().is_empty() || base.password().is_some() {
        return Err(wrong("holds a user name or a password: give a token instead"));
    }
    base.set_query(None);
    base.set_fragment(None);
    if !base.path().ends_with('/') {
        base.set_path(&format!("{}/", base.path()));
    }
    Ok(base)
}

/// Whether two addresses are of one server.
pub fn is_same_server(one: &str, other: &str) -> bool {
    matches!((base(one), base(other)), (Ok(one), Ok(other)) if one == other)
}

/// Whether an address names a whole server, not a file on it.
pub fn is_whole_server(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| url.path() == "/" && url.query().is_none())
}

fn is_loopback(address: &Url) -> bool {
    match address.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Whether an attempt that failed so may go well later: all but a certificate that is not trusted.
fn is_passing(error: &reqwest::Error) -> bool {
    let mut source = error.source();
    while let Some(error) = source {
        if error.to_string().contains("certificate") {
            return false;
        }
        source = error.source();
    }
    error.is_timeout() || error.is_connect() || error.is_request() || error.is_body()
}

fn form(meta: &[u8], parcels: &[Parcel], bar: &ProgressBar) -> reqwest::Result<Form> {
    let mut form = Form::new().part("meta", Part::bytes(meta.to_vec()).mime_str("application/json")?);
    for parcel in parcels {
        let mime = match parcel.bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'{') => "application/json",
            Some(b'<') => "application/xml",
            _ => "application/octet-stream",
        };
        let length = parcel.bytes.len() as u64;
        let counted = Counted { bytes: Arc::clone(&parcel.bytes), at: 0, bar: bar.clone() };
        let part = Part::reader_with_length(counted, length).file_name(parcel.name.clone()).mime_str(mime)?;
        form = form.part(parcel.part.clone(), part);
    }
    Ok(form)
}

fn body(response: Response) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    response.take(LARGEST_ANSWER.saturating_add(1)).read_to_end(&mut body)?;
    if body.len() as u64 > LARGEST_ANSWER {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("it has more than {LARGEST_ANSWER} bytes")));
    }
    Ok(body)
}

/// Bytes that move a progress bar as they are read.
struct Counted {
    bytes: Arc<[u8]>,
    at: usize,
    bar: ProgressBar,
}

impl Read for Counted {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let count = rest.len().min(out.len());
        let (Some(from), Some(to)) = (rest.get(..count), out.get_mut(..count)) else {
            return Ok(0);
        };
        to.copy_from_slice(from);
        self.at += count;
        self.bar.inc(count as u64);
        Ok(count)
    }
}

#[cfg(test)]
pub(crate) mod tests;
