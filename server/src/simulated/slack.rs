//! An incoming webhook of Slack: takes posts, keeps their bodies in a log, and
//! misbehaves on demand.

use super::http::{Answered, Asked, Neighbour, start};
use std::collections::VecDeque;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The secret part of its address.
const PATH: &str = "/services/T0/B0/simulated";

#[derive(Default)]
struct State {
    /// What it answers next instead of taking a post: a status and a wish to rest, in seconds.
    faults: VecDeque<(u16, Option<u32>)>,
    posts: Vec<String>,
    asked: usize,
}

/// The webhook.
pub struct SlackHook {
    neighbour: Neighbour,
    log: PathBuf,
    state: Arc<Mutex<State>>,
}

impl SlackHook {
    /// Starts a webhook whose log, a body on each line, lies in a folder.
    ///
    /// # Errors
    /// When no port can be had, or the folder cannot be written.
    pub async fn start(folder: &Path) -> std::io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let (log, state) = (folder.join("slack.jsonl"), Arc::new(Mutex::new(State::default())));
        let mut file = std::fs::File::create(&log)?;
        let served = state.clone();
        let file = Mutex::new(move |body: &str| writeln!(file, "{body}"));
        let neighbour = start(move |asked| {
            let mut state = lock(&served);
            let answered = answer(asked, &mut state);
            if let (200, Some(body)) = (answered.status, state.posts.last()) {
                let written = (file.lock().unwrap_or_else(PoisonError::into_inner))(body);
                return if written.is_ok() { answered } else { Answered::status(500) };
            }
            answered
        })
        .await?;
        Ok(Self { neighbour, log, state })
    }

    /// The address that a target has.
    pub fn url(&self) -> String {
        format!("http://{}{PATH}", self.neighbour.address)
    }

    /// Host and port, as `outbound.allow` takes them.
    pub fn address(&self) -> std::net::SocketAddr {
        self.neighbour.address
    }

    /// The file with the bodies.
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// The bodies that were taken, in order.
    pub fn posts(&self) -> Vec<String> {
        lock(&self.state).posts.clone()
    }

    /// How often it was asked, whatever it answered.
    pub fn asked(&self) -> usize {
        lock(&self.state).asked
    }

    /// Answers this to the next post instead of taking it.
    pub fn fault(&self, status: u16, rest: Option<u32>) {
        lock(&self.state).faults.push_back((status, rest));
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn answer(asked: &Asked, state: &mut State) -> Answered {
    state.asked += 1;
    if (asked.method.as_str(), asked.path.as_str()) != ("POST", PATH) {
        return Answered::status(404);
    }
    if let Some((status, rest)) = state.faults.pop_front() {
        let headers = rest.map(|rest| ("retry-after", rest.to_string())).into_iter().collect();
        return Answered { headers, ..Answered::status(status) };
    }
    match serde_json::from_slice::<serde_json::Value>(&asked.body) {
        Ok(body) if body.get("text").is_some() && body.get("blocks").is_some() => {
            state.posts.push(body.to_string());
            Answered { body: b"ok".to_vec(), ..Answered::status(200) }
        }
        _ => Answered { body: b"invalid_payload".to_vec(), ..Answered::status(400) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Allowed, Outbound};
    use crate::net::Net;

    #[tokio::test]
    async fn posts_go_through_the_guard_and_come_as_they_were_sent() {
        let folder = tempfile::tempdir().expect("a folder");
        let hook = SlackHook::start(folder.path()).await.expect("a webhook");
        let url = hook.url().parse().expect("an address");
        let body = || r#"{"blocks":[],"text":"<b>"}"#.to_owned();
        let closed = Net::new(&Outbound::default(), folder.path().to_owned()).expect("a door");
        let refused = closed.post(&url, "application/json", body()).await;
        assert!(refused.code.is_none() && refused.text.contains("`outbound.allow`"), "{refused:?}");
        assert!(!refused.text.contains("simulated"), "the address is a secret");
        let allow = vec![Allowed::Host("127.0.0.1".to_owned(), hook.address().port())];
        let open = Net::new(&Outbound { allow, ..Outbound::default() }, folder.path().to_owned()).expect("a door");
        hook.fault(429, Some(30));
        let later = open.post(&url, "application/json", body()).await;
        assert_eq!((later.code, later.rest.map(|rest| rest.as_secs())), (Some(429), Some(30)));
        assert_eq!(open.post(&url, "application/json", "{".to_owned()).await.text, "invalid_payload");
        assert_eq!(open.post(&url, "application/json", body()).await.code, Some(200));
        assert_eq!((hook.posts(), hook.asked()), (vec![body()], 3));
        assert_eq!(std::fs::read_to_string(hook.log()).expect("a log"), format!("{}\n", body()));
    }
}
