//! Downloads a file that was named by its address, such as an export of advisories,
//! to a temporary file: whole, below a limit, or not at all.

use super::{CONNECT, REQUEST, is_loopback};
use crate::Failure;
use indicatif::ProgressBar;
use reqwest::blocking::Client;
use reqwest::header::{ETAG, IF_NONE_MATCH};
use reqwest::redirect::Policy;
use reqwest::{StatusCode, Url};
use std::error::Error as _;
use std::io::{self, Read as _};
use tempfile::NamedTempFile;

/// Largest download, in bytes.
const LARGEST: u64 = 8 << 30;
/// Redirects that are followed.
const REDIRECTS: usize = 5;

/// A file that was downloaded.
pub struct Downloaded {
    /// Where it lies for now.
    pub file: NamedTempFile,
    /// The server's name for this state of it.
    pub tag: Option<String>,
}

/// Whether `source` is the address of a file on the web.
pub fn is_address(source: &str) -> bool {
    source.starts_with("https://") || source.starts_with("http://")
}

/// Downloads the file at `address`; `None` where its state is still the one named `known`.
///
/// # Errors
/// [`Failure`] when it cannot be fetched whole.
pub fn download(address: &str, known: Option<&str>, bar: &ProgressBar) -> Result<Option<Downloaded>, Failure> {
    // What is shown must not hold a password or a signed query.
    let shown = bom::origin::clean_address(address).unwrap_or_else(|| "the address".to_owned());
    let unreachable = |cause: &dyn std::fmt::Display| {
        Failure::new(format!("`{shown}` cannot be fetched: {cause}"))
            .next("check the address and the network, or name a local copy")
    };
    let url = Url::parse(address).map_err(|error| unreachable(&error))?;
    let client = client(&url).map_err(|error| unreachable(&error))?;
    let mut request = client.get(url);
    if let Some(known) = known {
        request = request.header(IF_NONE_MATCH, known);
    }
    let response = request.send().map_err(|error| unreachable(&innermost(&error)))?;
    if known.is_some() && response.status() == StatusCode::NOT_MODIFIED {
        return Ok(None);
    }
    if !response.status().is_success() {
        return Err(unreachable(&format!("the answer was {}", response.status())));
    }
    if let Some(length) = response.content_length() {
        bar.inc_length(length);
    }
    let tag = response.headers().get(ETAG).and_then(|tag| tag.to_str().ok()).map(str::to_owned);
    let mut file = NamedTempFile::new().map_err(|error| unreachable(&error))?;
    let copied = io::copy(&mut bar.wrap_read(response.take(LARGEST + 1)), &mut file);
    match copied.map_err(|error| unreachable(&error))? {
        bytes if bytes > LARGEST => Err(unreachable(&format!("it has more than {LARGEST} bytes, the limit"))),
        _ => Ok(Some(Downloaded { file, tag })),
    }
}

fn client(url: &Url) -> reqwest::Result<Client> {
    // Somebody else in this process may have chosen before; any choice is good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let secure = url.scheme() == "https";
    let redirects = Policy::custom(move |attempt| {
        if attempt.previous().len() > REDIRECTS {
            attempt.error("there are too many redirects")
        } else if secure && attempt.url().scheme() != "https" {
            attempt.error("a redirect leads from https to http")
        } else {
            attempt.follow()
        }
    });
    let client = Client::builder().user_agent(concat!("bomwarden/", env!("CARGO_PKG_VERSION"))).redirect(redirects);
    let client = client.connect_timeout(CONNECT).timeout(REQUEST);
    if is_loopback(url) { client.no_proxy().build() } else { client.build() }
}

fn innermost(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = error.to_string();
        source = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;
    use std::net::TcpListener;

    /// The first words of what a server with this answer leads to.
    fn outcome(answer: &'static str) -> Result<String, String> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://someone:secret@{}/all.zip?key=secret", listener.local_addr().unwrap());
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 1024];
            let _ = stream.read(&mut request).unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
        });
        let file = download(&address, Some("\"old\""), &ProgressBar::hidden());
        server.join().unwrap();
        let text = |got: Downloaded| format!("{} {:?}", std::fs::read_to_string(got.file.path()).unwrap(), got.tag);
        file.map(|got| got.map_or_else(|| "as before".to_owned(), text)).map_err(|failure| failure.to_string())
    }

    #[test]
    fn a_download_is_whole_or_an_error_without_secrets() {
        for (answer, expect) in [
            ("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nPK12", "PK12 None"),
            ("HTTP/1.1 200 OK\r\netag: \"new\"\r\ncontent-length: 4\r\n\r\nPK12", "PK12 Some(\"\\\"new\\\"\")"),
            ("HTTP/1.1 304 Not Modified\r\netag: \"old\"\r\n\r\n", "as before"),
        ] {
            assert_eq!(outcome(answer).as_deref(), Ok(expect));
        }
        for answer in [
            "HTTP/1.1 200 OK\r\ncontent-length: 40\r\n\r\nPK12",
            "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n",
            "nonsense\r\n\r\n",
        ] {
            let error = outcome(answer).expect_err(answer);
            assert!(error.contains("cannot be fetched: ") && !error.contains("secret"), "{error}");
        }
    }
}
