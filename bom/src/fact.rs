//! A fact about a package, and the ways of not knowing it.

/// One fact about a package, as one look saw it. Absence is not change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Fact<T> {
    /// The registry says so.
    Known(T),
    /// The registry says it is as last time.
    Unchanged,
    /// The registry says there is none.
    Absent,
    /// Not known, and why.
    Unknown(String),
    /// Not asked in this look.
    #[default]
    NotAsked,
}

impl<T> Fact<T> {
    /// What the registry says, where it said it anew.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            _ => None,
        }
    }

    /// Whether the registry answered: anew, or "as last time".
    pub fn is_answered(&self) -> bool {
        matches!(self, Self::Known(_) | Self::Unchanged)
    }
}
