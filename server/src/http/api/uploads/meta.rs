//! The part `meta` of an upload: what the documents belong to and which CI run
//! sends them. Fields that a newer client adds are not looked at.

use crate::error::AppError;
use crate::store::uploads::NewRun;
use chrono::{DateTime, Utc};
use serde::Deserialize;

/// The part as it is sent.
#[derive(Deserialize)]
struct MetaRaw {
    project: String,
    release: String,
    #[serde(default)]
    complete: bool,
    documents: Vec<PlaceRaw>,
    #[serde(default)]
    run: RunRaw,
}

#[derive(Deserialize)]
struct PlaceRaw {
    part: String,
    slot: String,
}

#[derive(Default, Deserialize)]
struct RunRaw {
    provider: Option<String>,
    id: Option<String>,
    attempt: Option<i64>,
    url: Option<String>,
    commit: Option<String>,
    branch: Option<String>,
    committed_at: Option<DateTime<Utc>>,
    started_at: Option<DateTime<Utc>>,
    pull_request: Option<String>,
    runner: Option<String>,
    actor: Option<String>,
}

/// What an upload belongs to.
pub struct Meta {
    /// The project's name.
    pub project: String,
    /// The release's name.
    pub release: String,
    /// The run names every slot of the release.
    pub complete: bool,
    /// The slot of each part: (part, slot).
    pub places: Vec<(String, String)>,
    /// The CI run.
    pub run: NewRun,
}

/// The longest text of a run that is kept, in characters.
const LONGEST: usize = 2000;

impl Meta {
    /// Reads the part.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with the place in the JSON.
    pub fn read(bytes: &[u8]) -> Result<Self, AppError> {
        let wrong = |what: String| AppError::Invalid(format!("the part `meta` is not right: {what}"));
        let raw: MetaRaw = serde_json::from_slice(bytes).map_err(|error| wrong(error.to_string()))?;
        let run = raw.run;
        let texts = [&run.provider, &run.id, &run.url, &run.commit, &run.branch, &run.pull_request, &run.runner, &run.actor];
        if texts.into_iter().flatten().any(|text| text.chars().count() > LONGEST) {
            return Err(wrong(format!("a text of `run` is longer than {LONGEST} characters")));
        }
        if run.attempt.is_some_and(|attempt| attempt < 0) {
            return Err(wrong("`run.attempt` is negative".to_owned()));
        }
        let known = |text: Option<String>| text.filter(|text| !text.is_empty());
        Ok(Self {
            project: raw.project.trim().to_owned(),
            release: raw.release.trim().to_owned(),
            complete: raw.complete,
            places: raw.documents.into_iter().map(|place| (place.part, place.slot)).collect(),
            run: NewRun {
                provider: run.provider.unwrap_or_default(),
                external_id: run.id.unwrap_or_default(),
                attempt: run.attempt.unwrap_or(1),
                url: known(run.url),
                commit_id: known(run.commit),
                branch: known(run.branch),
                committed_at: run.committed_at.map(|at| at.timestamp_millis()),
                started_at: run.started_at.map(|at| at.timestamp_millis()),
                pull_request: known(run.pull_request),
                runner: known(run.runner),
                actor: known(run.actor),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Meta;

    #[test]
    fn most_may_be_left_out() {
        let meta = Meta::read(br#"{"project":" web ","release":"main","documents":[{"part":"d0","slot":"Cargo.lock"}],"new":1}"#);
        let meta = meta.map_err(|error| error.to_string()).unwrap();
        assert_eq!((meta.project.as_str(), meta.complete, meta.run.attempt), ("web", false, 1));
        assert_eq!(meta.places, [("d0".to_owned(), "Cargo.lock".to_owned())]);
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        for (given, says) in [
            ("{", "EOF"),
            (r#"{"project":"a"}"#, "missing field `release`"),
            (r#"{"project":"a","release":"b","documents":[],"run":{"committed_at":"yesterday"}}"#, "line 1"),
            (r#"{"project":"a","release":"b","documents":[],"run":{"attempt":-1}}"#, "`run.attempt` is negative"),
        ] {
            let error = Meta::read(given.as_bytes()).err().map(|error| error.to_string()).unwrap_or_default();
            assert!(error.contains(says), "{given}: {error}");
        }
    }
}
