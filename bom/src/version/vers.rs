//! Version ranges as `vers:` writes them (the vers specification; CycloneDX and
//! CSAF documents hold such): `vers:pypi/>=1.0|!=1.3|<2.0`.

mod canonical;
#[cfg(test)]
mod conformance;
mod native;

use super::{Scheme, VersionError};
use std::cmp::Ordering;
use std::fmt;

/// A range: constraints on versions of one scheme, in the order of their versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vers {
    /// The versioning scheme, lower case (`npm`, `deb`).
    pub scheme: String,
    /// The constraints; empty where every version is meant (`*`).
    pub constraints: Vec<Constraint>,
}

/// One constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint {
    /// How a version must compare.
    pub comparator: Comparator,
    /// With what, percent-decoded.
    pub version: String,
}

/// How a version must compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparator {
    /// `=`, also written as nothing.
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// Why a text is no range.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VersError {
    /// It is none.
    #[error("`{text}` is no range of versions: {reason}")]
    Unreadable {
        /// What was given, cut to a readable length.
        text: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Nobody knows the order of its versions.
    #[error("`{0}` is no scheme whose order is known")]
    UnknownScheme(String),
    /// One of its versions is none.
    #[error(transparent)]
    Version(#[from] VersionError),
}

/// The schemes of the specification and the orders that they name.
const SCHEMES: &[(&str, &dyn Scheme)] = &[
    ("alpm", &super::ALPM),
    ("apk", &super::APK),
    ("alpine", &super::APK),
    ("cargo", &super::SEMVER),
    ("composer", &super::PACKAGIST),
    ("conan", &super::CONAN),
    ("cran", &super::CRAN),
    ("datetime", &super::DATETIME),
    ("deb", &super::DPKG),
    ("ebuild", &super::GENTOO),
    ("gem", &super::RUBYGEMS),
    ("gentoo", &super::GENTOO),
    ("github", &super::SEMVER),
    ("golang", &super::GO),
    ("hackage", &super::HACKAGE),
    ("hex", &super::SEMVER),
    ("intdot", &super::HACKAGE),
    ("lexicographic", &super::LEXICOGRAPHIC),
    ("maven", &super::MAVEN),
    ("mattermost", &super::SEMVER),
    ("nginx", &super::SEMVER),
    ("npm", &super::SEMVER),
    ("nuget", &super::NUGET),
    ("opam", &super::OPAM),
    ("openssl", &super::OPENSSL),
    ("pub", &super::SEMVER_BUILD),
    ("pypi", &super::PEP440),
    ("rpm", &super::RPM),
    ("semver", &super::SEMVER),
    ("swift", &super::SEMVER),
];

impl Vers {
    /// Reads a range and puts its constraints in order. White space is passed over.
    ///
    /// # Errors
    /// [`VersError`] when it is no range, or when the order of its versions cannot be told.
    pub fn of(text: &str) -> Result<Self, VersError> {
        let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let mut range = canonical::read(&bare).map_err(|reason| VersError::unreadable(text, reason))?;
        range.sort()?;
        Ok(range)
    }

    /// Reads a range that must be written as the specification's canonical form.
    ///
    /// # Errors
    /// [`VersError`] that names the first deviation.
    pub fn of_canonical(text: &str) -> Result<Self, VersError> {
        canonical::check(text).map_err(|reason| VersError::unreadable(text, reason))
    }

    /// Whether a version is in the range (the specification, "Checking if a version is
    /// contained within a range").
    ///
    /// # Errors
    /// [`VersError`] when the scheme is unknown or the version unreadable.
    pub fn contains(&self, version: &str) -> Result<bool, VersError> {
        let scheme = self.order()?;
        scheme.check(version)?;
        if self.constraints.is_empty() {
            return Ok(true);
        }
        let mut compared = Vec::with_capacity(self.constraints.len());
        for constraint in &self.constraints {
            compared.push((constraint.comparator, scheme.compare(version, &constraint.version)?));
        }
        Ok(decide(&compared))
    }

    /// The order of its versions.
    ///
    /// # Errors
    /// [`VersError::UnknownScheme`].
    pub fn order(&self) -> Result<&'static dyn Scheme, VersError> {
        let known = SCHEMES.iter().find(|(name, _)| *name == self.scheme);
        known.map(|(_, scheme)| *scheme).ok_or_else(|| VersError::UnknownScheme(self.scheme.clone()))
    }

    /// Sorts by insertion: some schemes are no total order, which `sort_by` may refuse.
    fn sort(&mut self) -> Result<(), VersError> {
        let scheme = self.order()?;
        for i in 1..self.constraints.len() {
            for j in (1..=i).rev() {
                let [a, b] = self.constraints.get(j - 1..=j).unwrap_or_default() else { break };
                if scheme.compare(&a.version, &b.version)? != Ordering::Greater {
                    break;
                }
                self.constraints.swap(j - 1, j);
            }
        }
        Ok(())
    }
}

/// Decides by how a version compares with each constraint's, in their order.
fn decide(compared: &[(Comparator, Ordering)]) -> bool {
    use Comparator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    if let Some((comparator, _)) = compared.iter().find(|(_, order)| order.is_eq()) {
        return matches!(comparator, Equal | LessOrEqual | GreaterOrEqual)
            || compared.iter().any(|(other, order)| order.is_eq() && *other == Equal);
    }
    let mut bounds = compared.iter().filter(|(comparator, _)| !matches!(comparator, Equal | NotEqual)).peekable();
    let Some(first) = bounds.peek() else {
        // Exceptions alone mean everything else.
        return compared.iter().all(|(comparator, _)| *comparator == NotEqual);
    };
    if matches!(first.0, Less | LessOrEqual) && first.1.is_lt() {
        return true;
    }
    while let Some((comparator, order)) = bounds.next() {
        let above = matches!(comparator, Greater | GreaterOrEqual) && order.is_gt();
        match bounds.peek() {
            None if above => return true,
            Some((Less | LessOrEqual, next)) if above && next.is_lt() => return true,
            _ => {}
        }
    }
    false
}

impl VersError {
    fn unreadable(text: &str, reason: &'static str) -> Self {
        Self::Unreadable { text: text.chars().take(200).collect(), reason }
    }
}

impl Comparator {
    /// `=`, `!=`, `<`, `<=`, `>` or `>=`.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

impl fmt::Display for Vers {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "vers:{}/", self.scheme)?;
        if self.constraints.is_empty() {
            return out.write_str("*");
        }
        for (i, constraint) in self.constraints.iter().enumerate() {
            let sign = if constraint.comparator == Comparator::Equal { "" } else { constraint.comparator.sign() };
            write!(out, "{}{sign}{}", if i == 0 { "" } else { "|" }, canonical::encode(&constraint.version))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_in_a_range_or_not() {
        for (range, version, inside) in [
            ("vers:npm/>=1.0.0|<2.0.0", "1.5.0", Some(true)),
            ("vers:npm/>=1.0.0|<2.0.0", "2.0.0", Some(false)),
            ("vers:npm/>=1.0.0|<2.0.0", "2.0.0-rc.1", Some(true)),
            ("vers:npm/ <2.0.0 | >=1.0.0", "0.9.0", Some(false)),
            ("vers:pypi/1.0|>=2.0|!=2.1|<3|4.0", "1.0.0", Some(true)),
            ("vers:pypi/1.0|>=2.0|!=2.1|<3|4.0", "2.1", Some(false)),
            ("vers:pypi/1.0|>=2.0|!=2.1|<3|4.0", "2.2", Some(true)),
            ("vers:pypi/1.0|>=2.0|!=2.1|<3|4.0", "4.0", Some(true)),
            ("vers:pypi/!=1.0", "2.0", Some(true)),
            ("vers:deb/<1:2.0-1", "1:1.9-3", Some(true)),
            ("vers:golang/*", "v1.2.3", Some(true)),
            ("vers:npm/<2.0.0", "main", None),
            ("vers:nowhere/<2.0.0", "1", None),
        ] {
            let found = Vers::of(range).and_then(|range| range.contains(version)).ok();
            assert_eq!(found, inside, "{version} in {range}");
        }
    }

    #[test]
    fn a_range_is_written_in_order() {
        for (given, canonical) in [
            ("vers:npm/ <2.0.0 | >=1.0.0", Some("vers:npm/>=1.0.0|<2.0.0")),
            ("vers:pypi/*", Some("vers:pypi/*")),
            ("vers:deb/=1%3a1.0", Some("vers:deb/1:1.0")),
            ("vers:rpm/1.0%7C2", Some("vers:rpm/1.0%7C2")),
            ("vers:npm/", None),
            ("vers:npm", None),
            ("npm/1.0", None),
            ("vers:npm/*|1.0", None),
        ] {
            assert_eq!(Vers::of(given).ok().map(|range| range.to_string()).as_deref(), canonical, "{given}");
        }
    }
}
