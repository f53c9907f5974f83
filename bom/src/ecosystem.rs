//! The ecosystems: their OSV names, the purl types that speak of them, how they
//! spell names canonically and order versions. A new one is a line in
//! [`ECOSYSTEMS`] and, where no existing order fits, a file in `version/`.

use crate::purl::Purl;
use crate::version::{self, Scheme};
use std::borrow::Cow;

/// One ecosystem of the OSV schema, without a release suffix.
pub struct Ecosystem {
    /// The number it has in a database; never reused.
    pub code: i16,
    /// Its name in OSV records, for example `crates.io`.
    pub name: &'static str,
    /// The purl type whose packages belong to it.
    pub purl_type: &'static str,
    /// The purl namespace it is limited to, for example `debian` of `deb`; empty for any.
    pub purl_namespace: &'static str,
    /// How its versions are ordered.
    pub scheme: &'static dyn Scheme,
    /// Its canonical spelling of a package's name.
    pub canonical: fn(&str) -> Cow<'_, str>,
    /// How a purl's namespace and name become one name in OSV records.
    pub join: fn(Option<&str>, &str) -> String,
}

impl std::fmt::Debug for Ecosystem {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.name)
    }
}

impl PartialEq for Ecosystem {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Ecosystem {}

/// Every ecosystem that is known by name.
pub const ECOSYSTEMS: &[Ecosystem] = &[
    Ecosystem {
        code: 1,
        name: "crates.io",
        purl_type: "cargo",
        purl_namespace: "",
        scheme: &version::SEMVER,
        canonical: same,
        join: name_only,
    },
    Ecosystem {
        code: 2,
        name: "npm",
        purl_type: "npm",
        purl_namespace: "",
        scheme: &version::SEMVER,
        canonical: same,
        join: slash,
    },
    Ecosystem {
        code: 3,
        name: "PyPI",
        purl_type: "pypi",
        purl_namespace: "",
        scheme: &version::PEP440,
        canonical: pep503,
        join: name_only,
    },
];

/// A package: an ecosystem and a name in its canonical spelling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// The ecosystem.
    pub ecosystem: &'static Ecosystem,
    /// The canonical name.
    pub name: String,
}

impl Ecosystem {
    /// The ecosystem of an OSV name, and the release behind its colon (`Debian:12` → `12`).
    pub fn of_osv(name: &str) -> Option<(&'static Ecosystem, Option<&str>)> {
        let (base, release) = match name.split_once(':') {
            Some((base, release)) => (base, Some(release)),
            None => (name, None),
        };
        ECOSYSTEMS.iter().find(|e| e.name == base).map(|e| (e, release))
    }

    /// The ecosystem with this database number.
    pub fn of_code(code: i16) -> Option<&'static Ecosystem> {
        ECOSYSTEMS.iter().find(|e| e.code == code)
    }
}

impl Package {
    /// The package a purl names; `None` where its type belongs to no known ecosystem.
    pub fn of_purl(purl: &Purl) -> Option<Package> {
        let namespace = purl.namespace.as_deref().unwrap_or("");
        let ecosystem = ECOSYSTEMS.iter().find(|e| {
            e.purl_type == purl.kind && (e.purl_namespace.is_empty() || namespace.eq_ignore_ascii_case(e.purl_namespace))
        })?;
        Some(Package::named(ecosystem, &(ecosystem.join)(purl.namespace.as_deref(), &purl.name)))
    }

    /// The package of this name, spelled canonically.
    pub fn named(ecosystem: &'static Ecosystem, name: &str) -> Package {
        Package { ecosystem, name: (ecosystem.canonical)(name).into_owned() }
    }
}

fn same(name: &str) -> Cow<'_, str> {
    Cow::Borrowed(name)
}

/// PEP 503: lower case, every run of `-`, `_` and `.` one `-`.
fn pep503(name: &str) -> Cow<'_, str> {
    let mut out = String::with_capacity(name.len());
    let mut separated = false;
    for c in name.chars() {
        if matches!(c, '-' | '_' | '.') {
            separated = true;
            continue;
        }
        if separated && !out.is_empty() {
            out.push('-');
        }
        separated = false;
        out.extend(c.to_lowercase());
    }
    Cow::Owned(out)
}

fn name_only(_namespace: Option<&str>, name: &str) -> String {
    name.to_owned()
}

fn slash(namespace: Option<&str>, name: &str) -> String {
    match namespace {
        Some(namespace) => format!("{namespace}/{name}"),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_are_unique() {
        for (i, a) in ECOSYSTEMS.iter().enumerate() {
            for b in &ECOSYSTEMS[i + 1..] {
                assert!(a.code != b.code && a.name != b.name, "{a:?} and {b:?}");
            }
        }
    }

    #[test]
    fn a_purl_names_its_package() {
        for (purl, name) in [
            ("pkg:npm/%40angular/core@1", Some("@angular/core")),
            ("pkg:pypi/Zope.Interface@1", Some("zope-interface")),
            ("pkg:cargo/serde@1", Some("serde")),
            ("pkg:generic/openssl@1", None),
        ] {
            let package = purl.parse().ok().and_then(|p| Package::of_purl(&p));
            assert_eq!(package.as_ref().map(|p| p.name.as_str()), name, "{purl}");
        }
    }
}
