//! What became of a message. A message that nobody will take is an alert for the
//! operator, once for each target.

use crate::fact::Fact;
use crate::store::alerts::{self, NewAlert, operator};
use crate::store::schema::{delivery, target};
use crate::store::{Db, StoreError, clipped};
use diesel::prelude::*;

/// The longest body and the longest error that are kept.
const BODY: usize = 64 << 10;
const ERROR: usize = 1000;

/// What became of a message.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The other side has it, and calls it something.
    Sent(Option<String>),
    /// It is tried again at this time, for this reason; with what the target asks for.
    Again {
        /// When.
        at: i64,
        /// Until when the target wants to be left alone.
        rest_until: Option<i64>,
        /// Why.
        why: String,
    },
    /// Nobody will take it, for this reason.
    Dead(String),
}

/// Keeps what became of a message that was claimed, and its body as sent.
///
/// # Errors
/// [`StoreError`] from the database.
pub fn keep(db: &mut Db, id: i64, target_name: &str, body: &str, outcome: &Outcome, now: i64) -> Result<(), StoreError> {
    let mine = || delivery::table.find(id).filter(delivery::state.eq("sending"));
    diesel::update(mine()).set(delivery::body.eq(clipped(body, BODY))).execute(db)?;
    match outcome {
        Outcome::Sent(reference) => {
            let values = (delivery::state.eq("sent"), delivery::sent_at.eq(now), delivery::reference.eq(reference));
            diesel::update(mine()).set((values, delivery::last_error.eq(None::<String>))).execute(db)?;
            match alerts::by_dedupe(db, &notice(target_name, "", now).dedupe())?.filter(alerts::Alert::is_open) {
                Some(trouble) => alerts::resolve(db, &trouble, "it takes messages again", now),
                None => Ok(()),
            }
        }
        Outcome::Again { at, rest_until, why } => {
            let values = (delivery::state.eq("ready"), delivery::due_at.eq(at), delivery::last_error.eq(clipped(why, ERROR)));
            let target_id: i64 = delivery::table.find(id).select(delivery::target_id).first(db)?;
            diesel::update(mine()).set(values).execute(db)?;
            if let Some(until) = rest_until {
                diesel::update(target::table.find(target_id)).set(target::not_before.eq(until)).execute(db)?;
            }
            Ok(())
        }
        Outcome::Dead(why) => {
            let values = (delivery::state.eq("dead"), delivery::last_error.eq(clipped(why, ERROR)));
            diesel::update(mine()).set(values).execute(db)?;
            alerts::raise(db, &notice(target_name, why, now), now).map(drop)
        }
    }
}

fn notice(target_name: &str, why: &str, now: i64) -> NewAlert {
    NewAlert {
        headline: "does not take messages".to_owned(),
        todo: format!(
            "Mend the target, then try it: `bomwarden-server targets test {target_name}`. What it did not take is on the page of alerts."
        ),
        unknown: vec!["whether its readers know of the alerts otherwise".to_owned()],
        facts: vec![Fact {
            what: "reply".to_owned(),
            then: String::new(),
            now: why.to_owned(),
            source: format!("target `{target_name}`"),
            at: now,
        }],
        ..operator::about(&format!("target `{target_name}`"), "silent".to_owned())
    }
}
