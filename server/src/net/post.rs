//! A message sent to a web address. The address is a secret: it stands in no error.

use super::{Net, header, reason, retry_after, unreachable};
use crate::parcel::Reply;
use reqwest::Response;
use reqwest::header::{CONTENT_TYPE, LOCATION};
use std::time::Duration;
use url::Url;

/// How long a post may take as a whole.
const PATIENCE: Duration = Duration::from_secs(30);
/// How much of the answer is read.
const MOST: usize = 2000;

impl Net {
    /// Posts a body, by the same guard as every request, and answers what came back.
    /// Redirects are not followed.
    pub async fn post(&self, url: &Url, content_type: &'static str, body: String) -> Reply {
        let client = match self.client(url) {
            Ok(client) => client,
            Err(error) => return silence(error.to_string()),
        };
        let request = client.post(url.clone()).header(CONTENT_TYPE, content_type).timeout(PATIENCE).body(body);
        match request.send().await {
            Ok(response) => reply(response).await,
            Err(error) => silence(unreachable(url, &error.without_url()).to_string()),
        }
    }
}

async fn reply(mut response: Response) -> Reply {
    let (code, rest) = (response.status().as_u16(), retry_after(response.headers()));
    if response.status().is_redirection() {
        let to = header(response.headers(), &LOCATION).and_then(|to| Url::parse(&to).ok());
        let host = to.and_then(|to| to.host_str().map(str::to_owned)).unwrap_or_default();
        return Reply { code: Some(code), rest, text: format!("it points to `{host}`; redirects are not followed") };
    }
    let mut said = Vec::new();
    while said.len() < MOST {
        match response.chunk().await {
            Ok(Some(chunk)) => said.extend(chunk.iter().take(MOST - said.len())),
            Ok(None) => break,
            // The status has come: what was said beside it does not change it.
            Err(error) => {
                said.extend_from_slice(reason(&error).as_bytes());
                break;
            }
        }
    }
    Reply { code: Some(code), rest, text: String::from_utf8_lossy(&said).into_owned() }
}

fn silence(text: String) -> Reply {
    Reply { code: None, rest: None, text }
}
