//! A server's refusal in words: its own (RFC 9457) and what to do about it.

use crate::Failure;
use reqwest::{StatusCode, Url};
use serde::Deserialize;

/// Longest text of a server that is shown, in characters.
const LONGEST: usize = 500;

/// The members of a problem that are for people.
#[derive(Default, Deserialize)]
#[serde(default)]
struct ProblemRaw {
    title: String,
    detail: String,
}

/// The failure that an answer of `status` with this `body` is.
pub fn failure(base: &Url, status: StatusCode, body: &[u8]) -> Failure {
    let problem: ProblemRaw = serde_json::from_slice(body).unwrap_or_default();
    let what = match (problem.title.as_str(), problem.detail.as_str()) {
        ("", "") => format!("`{base}` answered {status}"),
        (title, "") => title.to_owned(),
        ("", detail) => detail.to_owned(),
        (title, detail) => format!("{title}: {detail}"),
    };
    // A server that explains itself has said what to do, behind a semicolon; of a token this
    // side knows better, since it was given here.
    let what = what.chars().take(LONGEST).collect::<String>();
    let next = next(status, !problem.title.is_empty());
    match what.split_once("; ") {
        Some((what, _)) if status == StatusCode::UNAUTHORIZED => Failure::new(what).next(next),
        Some(_) => Failure::new(what),
        None => Failure::new(what).next(next),
    }
}

/// What to do about a refusal; `ours` when a Bomwarden server has explained it.
fn next(status: StatusCode, ours: bool) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => "check BOMWARDEN_TOKEN: it may be mistyped, expired, revoked or of another server",
        StatusCode::FORBIDDEN => "use a token that may upload to this project",
        StatusCode::NOT_FOUND if ours => "check `--project`, or make the project on the server first",
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => {
            "check that BOMWARDEN_SERVER_URL is a Bomwarden server's address"
        }
        StatusCode::PAYLOAD_TOO_LARGE => "send fewer or smaller documents, or raise the limit on the server",
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY | StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            "`bomwarden inspect FILE` says what a document holds"
        }
        StatusCode::CONFLICT => "try again when the other upload is done",
        StatusCode::TOO_MANY_REQUESTS => "wait a moment and try again",
        status if status.is_server_error() => "try again; if it stays, look into the server's log",
        _ => "check BOMWARDEN_SERVER_URL and the versions of server and tool",
    }
}
