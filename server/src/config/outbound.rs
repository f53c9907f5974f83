//! What the server may contact, and how long and how much.

use ipnet::IpNet;
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;
use url::Url;

/// Bounds on outbound requests.
#[derive(Clone, Debug)]
pub struct Outbound {
    /// Private places that may be contacted all the same.
    pub allow: Vec<Allowed>,
    /// How long a connection may take to open.
    pub connect_timeout: Duration,
    /// How long a reply may fall silent.
    pub read_timeout: Duration,
    /// How long a request may take as a whole.
    pub timeout: Duration,
    /// The most bytes of one reply.
    pub reply_bytes: usize,
}

impl Default for Outbound {
    fn default() -> Self {
        Self {
            allow: Vec::new(),
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(60),
            timeout: Duration::from_secs(1800),
            reply_bytes: 2 << 30,
        }
    }
}

/// A place that is allowed although its address is private.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// A host by its name or address, and its port.
    Host(String, u16),
    /// A network, every port.
    Net(IpNet),
}

impl fmt::Display for Allowed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host(host, port) => write!(out, "{host}:{port}"),
            Self::Net(net) => write!(out, "{net}"),
        }
    }
}

/// Reads the entries of `outbound.allow`.
pub(super) fn allowed(entries: &[String]) -> Result<Vec<Allowed>, String> {
    entries.iter().map(|entry| one(entry)).collect()
}

fn one(entry: &str) -> Result<Allowed, String> {
    if let Ok(net) = entry.parse::<IpNet>() {
        return Ok(Allowed::Net(net.trunc()));
    }
    if let Ok(address) = entry.parse::<IpAddr>() {
        return Ok(Allowed::Net(IpNet::from(address)));
    }
    let wrong = || format!("`{entry}` is neither `host:port` nor an address nor a network such as `10.1.0.0/16`");
    let (host, port) = entry.rsplit_once(':').ok_or_else(wrong)?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let port = port.parse().map_err(|_| wrong())?;
    if host.is_empty() || host.contains('/') {
        return Err(wrong());
    }
    Ok(Allowed::Host(host.to_ascii_lowercase(), port))
}

/// An `http` or `https` address without a user name, a password or a fragment.
///
/// # Errors
/// A sentence on what it is not.
pub fn web_address(text: &str) -> Result<Url, String> {
    let wrong = || "an `http` or `https` address was expected".to_owned();
    let url = Url::parse(text).map_err(|error| format!("not an address: {error}"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err(wrong());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("an address with a user name or a password would be shown; leave them out".to_owned());
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allowed_place_is_a_host_an_address_or_a_network() {
        for (entry, shown) in [
            ("10.1.2.3/16", "10.1.0.0/16"),
            ("127.0.0.1", "127.0.0.1/32"),
            ("::1", "::1/128"),
            ("127.0.0.1:8080", "127.0.0.1:8080"),
            ("[::1]:8080", "::1:8080"),
            ("Mirror.example:443", "mirror.example:443"),
        ] {
            assert_eq!(one(entry).map(|allowed| allowed.to_string()), Ok(shown.to_owned()), "{entry}");
        }
        for wrong in ["", "mirror.example", "mirror.example:", "http://a.example/:1", ":80", "10.0.0.0/33"] {
            assert!(one(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_address_with_a_password_is_refused_without_repeating_it() {
        let refused = web_address("https://me:s3cret@feed.example/").expect_err("a password");
        assert!(!refused.contains("s3cret"));
        assert!(web_address("ftp://feed.example/").is_err());
        assert!(web_address("https://feed.example/all.zip").is_ok());
    }
}
