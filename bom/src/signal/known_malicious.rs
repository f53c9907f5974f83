//! A published version that an advisory calls malicious: no more doubt.

use super::{Evidence, History, Signal};

pub(super) struct KnownMalicious;

impl Signal for KnownMalicious {
    fn id(&self) -> &'static str {
        "known-malicious"
    }

    fn about(&self) -> &'static str {
        "an advisory says that the version was made to harm"
    }

    fn judge(&self, history: &History<'_>) -> Vec<Evidence> {
        let said = history.malicious.iter().filter_map(|(id, version)| {
            // What was called malicious before anybody watched is the advisories' news, not the watch's.
            let seen = history.new_releases().find(|seen| seen.release.version == *version)?;
            Some(Evidence {
                signal: self.id(),
                version: Some(version.clone()),
                what: "advisory",
                then: "none".to_owned(),
                now: id.clone(),
                at: seen.at(),
                weight: 100,
                unconfirmed: false,
            })
        });
        said.collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::signal::sample::Story;

    #[test]
    fn only_the_version_that_the_advisory_names_is_evidence() {
        let mut story = Story::begin("2026-06-01T00:00:00Z");
        story.publish("2026-06-10T00:00:00Z", "1.0.3", "u-1", &[]);
        let said = [("MAL-2026-1".to_owned(), "1.0.3".to_owned()), ("MAL-2026-1".to_owned(), "9.9.9".to_owned())];
        let found = story.found(&super::KnownMalicious, &said);
        assert_eq!(found, [("1.0.3".to_owned(), 100)]);
    }
}
