//! A version that is many times larger than the one before it on its line.

use super::line::line;
use super::{Evidence, History, Signal};

/// How many times larger is suspicious.
const TIMES: u64 = 3;

pub(super) struct SizeJump;

impl Signal for SizeJump {
    fn id(&self) -> &'static str {
        "size-jump"
    }

    fn about(&self) -> &'static str {
        "a new version is many times larger than the one before it on its line"
    }

    fn judge(&self, history: &History<'_>) -> Vec<Evidence> {
        let judged = history.new_releases().filter_map(|new| {
            let same_line = |version: &str| line(version) == line(&new.release.version);
            let last = history.before(new).filter(|old| same_line(&old.release.version)).last()?;
            // A registry that does not tell sizes is no evidence.
            let (then, now) = (last.release.size?, new.release.size?);
            (now > then.saturating_mul(TIMES)).then(|| Evidence {
                signal: self.id(),
                version: Some(new.release.version.clone()),
                what: "size",
                then: format!("{then} bytes"),
                now: format!("{now} bytes"),
                at: new.at(),
                // Alone a line in the digest; with others it adds up.
                weight: 10,
                unconfirmed: false,
            })
        });
        judged.collect()
    }
}
