//! What a record's criteria ask of a component besides its version: attributes of
//! its name, and things that no component tells, such as the platform it runs on.
//! They stand behind the colon of the ecosystem's name as `key=value&…`; a condition
//! without `=` is one that nobody can answer.

use super::{Cpe, Value};
use std::collections::BTreeSet;

/// The conditions of a record's criteria.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Conditions(BTreeSet<String>);

impl Conditions {
    /// What a name asks besides its version and update.
    pub fn of(cpe: &Cpe) -> Self {
        let mut asked = Self::default();
        for (key, value) in cpe.further() {
            asked.ask(key, value);
        }
        asked
    }

    /// Adds that an attribute must be so.
    pub fn ask(&mut self, key: &str, value: &Value) {
        match value {
            Value::Any => {}
            Value::Absent => drop(self.0.insert(format!("{key}=-"))),
            Value::Is(text) => drop(self.0.insert(format!("{key}={}", escaped(text)))),
            Value::Like(text) => self.doubt(&format!("{key} like {text}")),
        }
    }

    /// Adds something that no component tells.
    pub fn doubt(&mut self, what: &str) {
        self.0.insert(escaped(what));
    }

    /// These and others.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    /// Them as one text; empty where there are none.
    pub fn to_text(&self) -> String {
        self.0.iter().map(String::as_str).collect::<Vec<_>>().join("&")
    }
}

/// Whether a component of these qualifiers meets all conditions; `None` where one is
/// about something that it does not tell and none is against it.
pub fn holds(conditions: &str, qualifiers: &str) -> Option<bool> {
    let mut all = Some(true);
    for condition in conditions.split('&').filter(|condition| !condition.is_empty()) {
        let told = condition.split_once('=').and_then(|(key, wanted)| {
            let given = qualifiers.split('&').find_map(|given| given.strip_prefix(key)?.strip_prefix('='));
            given.map(|given| given == wanted)
        });
        match told {
            Some(true) => {}
            Some(false) => return Some(false),
            None => all = None,
        }
    }
    all
}

/// A text without the signs that part conditions.
pub(super) fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('&', "%26").replace('=', "%3d")
}
