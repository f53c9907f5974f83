//! A registry that does not answer: kept, and told to the operator once in a row of
//! failures, until it answers again.

use crate::clock::rfc3339;
use crate::fact::Fact;
use crate::store::alerts::{NewAlert, operator};
use crate::store::registries::{Health, Registry, keep_health, record_silence};
use crate::store::{Db, StoreError};

/// Keeps how a registry answers, and tells what is news of that.
pub(super) fn keep(db: &mut Db, registry: &Registry, health: &Health, now: i64) -> Result<(), StoreError> {
    keep_health(db, registry.id, health)?;
    let part = format!("registry {}", registry.address);
    if health.failures == 0 {
        return operator::works(db, &part, now);
    }
    if health.told_at == Some(now)
        && let Some(since) = health.failing_since
    {
        record_silence(db, registry, health.last_error.as_deref(), since, now)?;
        return operator::fails(db, &silent(registry, health, &part, since), now);
    }
    Ok(())
}

/// What the operator is told of a registry that is silent since `since`.
fn silent(registry: &Registry, health: &Health, part: &str, since: i64) -> NewAlert {
    let fact = |what: &str, now: String, at: i64| Fact {
        what: what.to_owned(),
        then: String::new(),
        now,
        source: registry.address.clone(),
        at,
    };
    let last = health.answered_at.map_or("never".to_owned(), rfc3339);
    NewAlert {
        headline: "does not answer as it should".to_owned(),
        todo: "Look whether it can be reached from here. It is asked again, less and less often; what it said before stays, and grows old.".to_owned(),
        unknown: vec!["what happened to its packages since".to_owned()],
        facts: vec![
            fact("last error", health.last_error.clone().unwrap_or_default(), since),
            fact("last answer", last, health.answered_at.unwrap_or(since)),
        ],
        ..operator::about(part, since.to_string())
    }
}
