//! What became of a batch of what a feed says.

/// What storing did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stored {
    /// Records that were not known.
    pub new: usize,
    /// Records that were known and say something else now.
    pub changed: usize,
    /// Records that are as they were, or older than what is known.
    pub unchanged: usize,
}
