//! "There is work": whoever commits some says so here, and the job of that name runs
//! at once instead of at its next time. A hint within the process and nothing more:
//! what is to be done stands in the database, where the job finds it by its state.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;

/// Wakes jobs; clones wake the same ones.
#[derive(Clone, Default)]
pub struct Wake(Arc<Inner>);

#[derive(Default)]
struct Inner {
    names: Mutex<BTreeSet<String>>,
    bell: Notify,
}

impl Wake {
    /// Says that the task of a job has work; to be called after the commit. Saying it
    /// often is saying it once.
    pub fn ask(&self, task: &str) {
        self.names().insert(task.to_owned());
        self.0.bell.notify_one();
    }

    /// Waits until somebody asks, and answers whom for.
    pub async fn asked(&self) -> BTreeSet<String> {
        loop {
            let names = std::mem::take(&mut *self.names());
            if !names.is_empty() {
                return names;
            }
            self.0.bell.notified().await;
        }
    }

    fn names(&self) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
        self.0.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn asking_often_is_asking_once_and_no_word_is_lost() {
        let wake = Wake::default();
        wake.ask("a");
        wake.ask("b");
        wake.ask("a");
        assert_eq!(wake.asked().await, BTreeSet::from(["a".to_owned(), "b".to_owned()]));
        wake.clone().ask("c");
        assert_eq!(wake.asked().await, BTreeSet::from(["c".to_owned()]));
    }
}
