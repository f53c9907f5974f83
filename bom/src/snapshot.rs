//! What a registry said about a package at a time. Its texts come from strangers:
//! whoever fills one passes them through [`plain`](crate::plain::plain).

use crate::fact::Fact;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What one look at a package learned.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// The accounts that may publish, by stable id.
    pub owners: Fact<Vec<Owner>>,
    /// The published versions, with those known to have been removed.
    pub versions: Fact<Vec<Release>>,
    /// The address of the source repository, as the registry shows it.
    pub repository: Fact<String>,
    /// Who owned the package at earlier times, oldest first, where the registry tells.
    pub owners_before: Vec<OwnersAt>,
}

/// Who owned a package at one time, in the registry's own record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnersAt {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub owners: Vec<Owner>,
}

/// An account or team that may publish a package.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Owner {
    /// The registry's stable id; where it has none, the login with a `login:` prefix.
    pub id: String,
    /// The name shown; it can change while the id stays.
    pub login: String,
    /// `user` or `team`.
    pub kind: OwnerKind,
    /// When the account was made, where the registry says.
    pub since: Option<DateTime<Utc>>,
}

/// What sort of owner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OwnerKind {
    /// A person or a machine account.
    #[default]
    User,
    /// A team or an organisation.
    Team,
}

impl OwnerKind {
    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Team => "team",
        }
    }
}

/// One published version, as the registry shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Release {
    /// The version.
    pub version: String,
    /// When it was published.
    pub published_at: Option<DateTime<Utc>>,
    /// The stable id of who published it.
    pub publisher: Option<String>,
    /// The login of who published it.
    pub publisher_login: Option<String>,
    /// What vouches for how it was published; `None` where the registry does not say.
    pub trust: Option<Trust>,
    /// Whether it runs code when installed; `None` where the registry does not say.
    pub install_hook: Option<bool>,
    /// Whether it was taken out of what builds choose by themselves. A word of warning is not that.
    pub yanked: bool,
    /// Whether it is gone though it was published once.
    pub removed: bool,
    /// When it was last yanked or removed, also where that was undone; `None` for never or unknown.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// The stable id of who did that, where the registry says.
    pub withdrawn_by: Option<String>,
    /// What it needs; `None` where the registry does not say.
    pub dependencies: Option<Vec<Need>>,
    /// SHA-256, SHA-512 or another digest of the artefact, as the registry writes it.
    pub digest: Option<String>,
    /// Bytes of the artefact.
    pub size: Option<u64>,
    /// Licence.
    pub licence: Option<String>,
}

/// What vouches for how a version was published, strongest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trust {
    /// Nothing.
    None,
    /// A provenance attestation.
    Provenance,
    /// A trusted publisher: no long-lived token was involved.
    TrustedPublisher,
}

/// A dependency that a version declares.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Need {
    /// The package's name in the same ecosystem.
    pub name: String,
    /// The requirement, as declared.
    pub requirement: String,
    /// `normal`, `dev`, `build`, `optional` or `peer`.
    pub kind: String,
    /// Whether it comes from the registry (not git, not an address).
    pub from_registry: bool,
}
