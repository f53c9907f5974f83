//! When a registry that does not answer is left alone, and when the operator hears of
//! it: once in a row of failures.

use crate::store::registries::Health;
use std::time::Duration;

/// Failures in a row after which a registry is left alone for a while.
const MANY: i64 = 5;
/// The first rest, and the longest, in milliseconds.
const FIRST_REST: i64 = 60_000;
const LONGEST_REST: i64 = 3_600_000;
/// The longest rest that a registry may ask for.
const LONGEST_ASKED: i64 = 86_400_000;

/// After an answer, whatever it was.
pub(super) fn after_answer(now: i64) -> Health {
    Health { answered_at: Some(now), ..Health::default() }
}

/// After a request that brought nothing.
pub(super) fn after_failure(before: &Health, why: &str, asked_rest: Option<Duration>, now: i64) -> Health {
    let failures = before.failures.saturating_add(1);
    let asked = asked_rest.map(|rest| super::millis(rest).min(LONGEST_ASKED));
    let own = (failures >= MANY).then(|| {
        let doublings = u32::try_from((failures - MANY).clamp(0, 16)).unwrap_or(16);
        FIRST_REST.saturating_mul(1_i64 << doublings).min(LONGEST_REST)
    });
    let rest = asked.max(own).unwrap_or(0);
    Health {
        answered_at: before.answered_at,
        failures,
        failing_since: before.failing_since.or(Some(now)),
        closed_until: before.closed_until.max(now.saturating_add(rest)),
        last_error: Some(why.to_owned()),
        told_at: before.told_at.or((failures >= MANY).then_some(now)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silent_registry_rests_longer_each_time_and_is_told_once() {
        let mut health = Health { answered_at: Some(0), ..Health::default() };
        let (mut rests, mut told) = (Vec::new(), Vec::new());
        for now in (1..=9).map(|hour| hour * 3_600_000) {
            health = after_failure(&health, "busy", None, now);
            rests.push((health.closed_until - now) / 60_000);
            told.push(health.told_at == Some(now));
        }
        assert_eq!(rests, [0, 0, 0, 0, 1, 2, 4, 8, 16]);
        assert_eq!(told.iter().filter(|told| **told).count(), 1);
        assert_eq!((health.answered_at, health.failing_since), (Some(0), Some(3_600_000)));
        assert_eq!(after_answer(5), Health { answered_at: Some(5), ..Health::default() });
    }

    #[test]
    fn a_rest_that_is_asked_for_is_given_within_reason() {
        let asked = |seconds| after_failure(&Health::default(), "429", Some(Duration::from_secs(seconds)), 0).closed_until;
        assert_eq!((asked(7), asked(999_999_999)), (7_000, LONGEST_ASKED));
    }
}
