//! Channels that carry messages: each is one file and one line in [`CHANNELS`]. Pure:
//! a channel writes a message as its protocol wants it and judges the reply. The
//! outbox chooses, sends and keeps.

mod email;
#[cfg(test)]
#[path = "../../docs/examples/channel.rs"]
mod example;
pub mod message;
mod slack;
#[cfg(test)]
mod tests;
mod wording;

use crate::parcel::{Parcel, Reply};
use message::Message;
use std::time::Duration;

pub use wording::joint;

/// Every channel.
pub const CHANNELS: &[&dyn Channel] = &[&email::Email, &slack::Slack];

/// One way to carry messages.
pub trait Channel: Sync {
    /// Its name in the settings.
    fn name(&self) -> &'static str;

    /// Judges the address of a target.
    ///
    /// # Errors
    /// A sentence on what it is not, without the address where that is a secret.
    fn accepts(&self, address: &str) -> Result<(), String>;

    /// Writes a message. The same message gives the same parcel, so that one that is
    /// sent again can be told from another.
    fn compose(&self, message: &Message) -> Parcel;

    /// What a reply means.
    fn judge(&self, reply: &Reply) -> Judgement;
}

/// What a reply means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// The other side has it, and perhaps calls it something.
    Sent(Option<String>),
    /// To be tried again, not before this long.
    Retry {
        /// What the other side asks for.
        after: Option<Duration>,
        /// What is wrong.
        why: String,
    },
    /// Trying again changes nothing.
    Dead(String),
}

/// The channel of a name.
pub fn channel(name: &str) -> Option<&'static dyn Channel> {
    CHANNELS.iter().copied().find(|channel| channel.name() == name)
}

/// Judges a target's channel and address.
///
/// # Errors
/// A sentence on what is wrong.
pub fn accepts(name: &str, address: &str) -> Result<(), String> {
    let Some(channel) = channel(name) else {
        let names: Vec<String> = CHANNELS.iter().map(|channel| format!("`{}`", channel.name())).collect();
        return Err(format!("`{name}` is no channel; there are {}", names.join(", ")));
    };
    channel.accepts(address)
}
