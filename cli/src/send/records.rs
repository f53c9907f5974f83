//! The advisories that a server knows, as they were published, one a line
//! (`GET /v1/advisory-records`).

use super::{Server, body, problem};
use crate::Failure;
use reqwest::StatusCode;
use reqwest::blocking::Response;
use reqwest::header::{ACCEPT, AUTHORIZATION};
use std::io::{BufReader, Read};
use std::time::Duration;

/// The header that says what to ask for next time.
const NEXT: &str = "bomwarden-next";
/// How long the whole answer may take.
const WHOLE: Duration = Duration::from_secs(2 * 3600);

/// A server's records, still on their way.
pub struct Records {
    /// Them, one a line.
    pub lines: BufReader<Box<dyn Read>>,
    /// What to ask for next time, once all were taken in.
    pub next: Option<String>,
}

impl Server {
    /// Asks for all records, or those that were stored since the answer that said `since`.
    ///
    /// # Errors
    /// [`Failure`] when the server refuses or cannot be reached.
    pub fn records(&self, since: Option<&str>) -> Result<Records, Failure> {
        let mut address = self.base.join("v1/advisory-records").map_err(|error| Failure::new(error.to_string()))?;
        if let Some(since) = since {
            address.query_pairs_mut().append_pair("since", since);
        }
        let request = self.client.get(address).header(AUTHORIZATION, self.token.clone()).timeout(WHOLE);
        let request = request.header(ACCEPT, "application/x-ndjson, application/problem+json");
        let response = request.send().map_err(|error| self.unreachable(&error))?;
        if response.status().is_success() {
            let next = response.headers().get(NEXT).and_then(|next| next.to_str().ok()).map(str::to_owned);
            return Ok(Records { lines: BufReader::new(Box::new(response)), next });
        }
        Err(self.refusal(response))
    }

    fn refusal(&self, response: Response) -> Failure {
        let status = response.status();
        let body = body(response).unwrap_or_default();
        let failure = problem::failure(&self.base, status, &body);
        match status {
            StatusCode::FORBIDDEN => failure.next("use a token with the scope `read`"),
            _ => failure,
        }
    }
}
