//! The ecosystems: their OSV names, the purl types that speak of them, how they
//! spell names canonically and order versions. A new one is a line in the table
//! [`ECOSYSTEMS`] and, where no existing order fits, a file in `version/`.

mod names;
mod table;

pub(crate) use names::{lower, pep503};
pub use table::ECOSYSTEMS;

use crate::purl::Purl;
use crate::version::{self, Scheme};
use std::borrow::Cow;

/// One ecosystem of the OSV schema, without a release suffix.
pub struct Ecosystem {
    /// The number it has in a database; never reused.
    pub code: i16,
    /// Its name in OSV records, for example `crates.io`.
    pub name: &'static str,
    /// The purl types whose packages belong to it, each with the namespace it is limited
    /// to (`("deb", "debian")`); empty for any. The first is the one to write.
    pub purls: &'static [(&'static str, &'static str)],
    /// How its versions are ordered.
    pub scheme: &'static dyn Scheme,
    /// Its canonical spelling of a package's name.
    pub canonical: fn(&str) -> Cow<'_, str>,
    /// How a purl's namespace and name become one name in OSV records.
    pub join: fn(Option<&str>, &str) -> String,
    /// Whether the text behind the colon may name the ecosystem whose packages are
    /// rebuilt (`Root:Debian:12`, `Echo:PyPI`).
    pub rebuilds: bool,
    /// Whether its names are guessed (CPE), so that a match by them is weak evidence. What
    /// stands behind the colon then is what a record asks besides a version.
    pub weak: bool,
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

    /// Type, namespace and name of the purl of a package of this name: what `join` joined.
    pub fn purl_parts<'a>(&self, name: &'a str) -> Option<(&'static str, Option<&'a str>, &'a str)>
    where
        Self: 'static,
    {
        let (kind, namespace) = *self.purls.first()?;
        // How `join` puts two letters together tells what stands between them.
        let between = (self.join)(Some("a"), "b").chars().nth(1);
        let (found, name) = match between.and_then(|sign| name.rsplit_once(sign)) {
            Some((namespace, name)) => (Some(namespace), name),
            None => (None, name),
        };
        Some((kind, found.or(Some(namespace).filter(|namespace| !namespace.is_empty())), name))
    }

    /// The ecosystem with this database number.
    pub fn of_code(code: i16) -> Option<&'static Ecosystem> {
        ECOSYSTEMS.iter().find(|e| e.code == code)
    }

    /// The ecosystem that a purl's type and namespace speak of.
    pub fn of_purl(kind: &str, namespace: Option<&str>) -> Option<&'static Ecosystem> {
        let namespace = namespace.unwrap_or("");
        let speaks = |(t, n): &(&str, &str)| *t == kind && (n.is_empty() || namespace.eq_ignore_ascii_case(n));
        ECOSYSTEMS.iter().find(|e| e.purls.iter().any(speaks))
    }

    /// Of a component's identity qualifiers what tells its release, or what else its
    /// name says.
    pub fn build<'a>(&self, qualifiers: &'a str) -> Option<&'a str> {
        if self.weak {
            return Some(qualifiers);
        }
        qualifiers.split('&').find_map(|qualifier| qualifier.strip_prefix("distro="))
    }

    /// How versions are ordered in this release of it, the text behind the colon.
    pub fn scheme_of(&self, release: Option<&str>) -> &'static dyn Scheme {
        let rebuilt = release.filter(|_| self.rebuilds).and_then(Ecosystem::of_osv);
        match rebuilt {
            Some((rebuilt, _)) if !rebuilt.rebuilds => rebuilt.scheme,
            _ => self.scheme,
        }
    }
}

/// The order that a person means by a word: an ecosystem (`Debian:12`, `redhat`), a
/// purl type (`cargo`) or a scheme (`semver`), in any case and without spaces.
pub fn scheme_named(word: &str) -> Option<&'static dyn Scheme> {
    let folded = |text: &str| text.chars().filter(|c| !" -_".contains(*c)).flat_map(char::to_lowercase).collect::<String>();
    let (base, release) = match word.split_once(':') {
        Some((base, release)) => (base, Some(release)),
        None => (word, None),
    };
    let wanted = folded(base);
    let by_name = || ECOSYSTEMS.iter().find(|e| folded(e.name) == wanted).map(|e| e.scheme_of(release));
    let by_scheme = || version::SCHEMES.iter().find(|s| folded(s.name()) == wanted).copied();
    // A type such as `deb` belongs to many ecosystems, all of one order.
    let by_purl = || ECOSYSTEMS.iter().find(|e| e.purls.iter().any(|(t, _)| folded(t) == wanted)).map(|e| e.scheme);
    by_name().or_else(by_scheme).or_else(by_purl)
}

impl Package {
    /// The package a purl names; `None` where its type belongs to no known ecosystem.
    pub fn of_purl(purl: &Purl) -> Option<Package> {
        let namespace = purl.namespace.as_deref();
        let ecosystem = Ecosystem::of_purl(&purl.kind, namespace)?;
        Some(Package::named(ecosystem, &(ecosystem.join)(namespace, &purl.name)))
    }

    /// The package of this name, spelled canonically.
    pub fn named(ecosystem: &'static Ecosystem, name: &str) -> Package {
        Package { ecosystem, name: (ecosystem.canonical)(name).into_owned() }
    }
}

#[cfg(test)]
mod tests;
