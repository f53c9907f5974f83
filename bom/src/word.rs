//! Short texts of which documents hold a great many: names, versions, licences.
//! Most have less than 24 bytes and lie in place, with nothing allocated for them.

/// A short text that does not change: up to 23 bytes in place, longer ones shared by their copies.
pub use smol_str::SmolStr as Word;
