//! The one kind of HTTP client that tests use: no proxy, no redirects, a limit.

use reqwest::blocking::{Client, ClientBuilder};
use reqwest::redirect::Policy;
use std::time::Duration;

/// A client to be set up further.
pub fn client() -> ClientBuilder {
    // reqwest wants a TLS provider to be there even for plain HTTP; a second call finds one.
    let _there_already = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy().redirect(Policy::none()).timeout(Duration::from_secs(120))
}
