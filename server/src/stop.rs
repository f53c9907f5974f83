//! The wish to stop, as everything that runs for long sees it.

use tokio::sync::watch;

/// Asks for the stop.
pub struct Stopper(watch::Sender<bool>);

/// Sees that a stop was asked for.
#[derive(Clone)]
pub struct Stop(watch::Receiver<bool>);

/// The two ends.
pub fn stop() -> (Stopper, Stop) {
    let (sender, receiver) = watch::channel(false);
    (Stopper(sender), Stop(receiver))
}

impl Stopper {
    /// Asks everything to stop.
    pub fn ask(&self) {
        self.0.send_replace(true);
    }
}

impl Stop {
    /// Whether a stop was asked for, or whoever could ask is gone.
    pub fn is_asked(&self) -> bool {
        *self.0.borrow() || self.0.has_changed().is_err()
    }

    /// Waits until a stop is asked for.
    pub async fn asked(&self) {
        // An error means that the asking end is gone, which is a stop too.
        let _gone = self.0.clone().wait_for(|asked| *asked).await.is_err();
    }
}
