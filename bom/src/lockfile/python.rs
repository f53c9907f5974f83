//! What the lockfiles of Python's package managers share: how PyPI spells
//! names, requirements (PEP 508), and `pyproject.toml`.

pub(super) mod environment;
pub(super) mod project;

use super::{draft, place};
use crate::document::{Component, Scope};
use crate::ecosystem::pep503;
use crate::origin::{Origin, clean_git};
use crate::purl::Purl;
use std::borrow::Cow;
use std::collections::HashMap;

/// A name as PEP 503 spells it.
pub(super) fn canonical(name: &str) -> Cow<'_, str> {
    pep503(name.trim())
}

/// Where the packages of each canonical name stand in a lockfile.
pub(super) type ByName<'a> = HashMap<Cow<'a, str>, Vec<usize>>;

/// A component of the package `name`.
pub(super) fn component(name: &str, version: Option<&str>, origin: Origin, scope: Scope) -> Component {
    draft::component(Purl::new("pypi", None, &canonical(name), version), origin, scope)
}

/// The origin that an address in a requirement tells; the revision of a
/// repository stands behind `@`.
pub(super) fn origin(address: &str, folder: &str) -> Option<Origin> {
    if !place::is_git(address) {
        return place::of_address(address, folder);
    }
    let bare = address.split(['#', '?']).next().unwrap_or(address);
    let path = bare.find("://").and_then(|at| bare.get(at + 3..)?.find('/').map(|slash| at + 3 + slash));
    let revision = bare.rfind('@').filter(|at| path.is_some_and(|path| *at > path));
    match revision.and_then(|at| Some((bare.get(..at)?, bare.get(at + 1..)?))) {
        Some((base, revision)) => clean_git(&format!("{base}#{revision}")).map(Origin::Git),
        None => clean_git(bare).map(Origin::Git),
    }
}

/// The name and version that the name of a wheel or a source archive tells.
pub(super) fn of_file_name(address: &str) -> Option<(String, String)> {
    let file = address.rsplit(['/', '\\']).next()?.replace("%2B", "+");
    if let Some(stem) = file.strip_suffix(".whl") {
        let mut parts = stem.split('-');
        return Some((canonical(parts.next()?).into_owned(), parts.next()?.to_owned()));
    }
    let stem = [".tar.gz", ".tar.bz2", ".tgz", ".zip"].iter().find_map(|end| file.strip_suffix(end))?;
    let (name, version) = stem.rsplit_once('-')?;
    version.starts_with(|c: char| c.is_ascii_digit()).then(|| (canonical(name).into_owned(), version.to_owned()))
}

/// A requirement as PEP 508 spells it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Requirement<'a> {
    /// The package's name, as written.
    pub(super) name: &'a str,
    /// Versions that will do, for example `>=1,<2`; empty for any.
    pub(super) specifier: &'a str,
    /// The address behind `@`.
    pub(super) address: Option<&'a str>,
    /// The environment it is for.
    pub(super) marker: Option<&'a str>,
}

impl<'a> Requirement<'a> {
    /// Reads `text`; `None` where it is no requirement.
    pub(super) fn of(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c))).unwrap_or(text.len());
        let (name, rest) = text.split_at_checked(end)?;
        if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) || !name.ends_with(|c: char| c.is_ascii_alphanumeric()) {
            return None;
        }
        let rest = rest.trim_start();
        let rest = match rest.strip_prefix('[') {
            Some(extras) => extras.split_once(']')?.1.trim_start(),
            None => rest,
        };
        if let Some(address) = rest.strip_prefix('@') {
            let (address, marker) = split(address, " ;");
            return Some(Self { name, specifier: "", address: Some(address.trim()).filter(|a| !a.is_empty()), marker });
        }
        let (specifier, marker) = split(rest, ";");
        let specifier = specifier.trim().trim_start_matches('(').trim_end_matches(')').trim();
        (specifier.is_empty() || specifier.starts_with(['=', '<', '>', '!', '~'])).then_some(Self {
            name,
            specifier,
            address: None,
            marker,
        })
    }

    /// The one version that will do.
    pub(super) fn pinned(&self) -> Option<&'a str> {
        pinned(self.specifier)
    }
}

/// The version of `==VERSION` or `===VERSION` among the clauses of `specifier`.
pub(super) fn pinned(specifier: &str) -> Option<&str> {
    specifier.split(',').find_map(|clause| {
        let version = clause.trim().strip_prefix("==")?;
        let version = version.strip_prefix('=').unwrap_or(version).trim();
        (!version.is_empty() && !version.contains(['*', ' '])).then_some(version)
    })
}

fn split<'a>(text: &'a str, mark: &str) -> (&'a str, Option<&'a str>) {
    match text.split_once(mark) {
        Some((before, after)) => (before, Some(after.trim()).filter(|m| !m.is_empty())),
        None => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_are_read_as_pep_508_spells_them() {
        for (text, name, pinned, address, marker) in [
            ("requests", "requests", None, None, None),
            (
                "requests[security, socks] == 2.8.1 ; python_version < '3'",
                "requests",
                Some("2.8.1"),
                None,
                Some("python_version < '3'"),
            ),
            ("a (>=1,<2)", "a", None, None, None),
            ("a===1.0-legacy", "a", Some("1.0-legacy"), None, None),
            ("a==1.*", "a", None, None, None),
            ("a>=1,==1.5", "a", Some("1.5"), None, None),
            (
                "pip @ https://files.example/pip.whl ; os_name == 'nt'",
                "pip",
                None,
                Some("https://files.example/pip.whl"),
                Some("os_name == 'nt'"),
            ),
        ] {
            let read = Requirement::of(text).unwrap_or_default();
            assert_eq!((read.name, read.pinned(), read.address, read.marker), (name, pinned, address, marker), "{text}");
        }
        for text in ["", "./folder", "-e .", "a b", "https://files.example/a.whl", "a[", "-a"] {
            assert_eq!(Requirement::of(text), None, "{text}");
        }
        assert_eq!(canonical("Zope._.Interface"), "zope-interface");
    }

    #[test]
    fn an_address_tells_origin_and_name() {
        for (address, told, file) in [
            ("git+https://tok@git.example/a/b.git@v1.0#egg=b", "git:https://git.example/a/b.git#v1.0", None),
            ("git+ssh://git@git.example/a/b", "git:ssh://git.example/a/b", None),
            (
                "https://files.example/x/B_c-1.0-py3-none-any.whl#sha256=0",
                "url:https://files.example/x/B_c-1.0-py3-none-any.whl",
                None,
            ),
            ("./dist/b-c-1.0.tar.gz", "path:dist/b-c-1.0.tar.gz", Some(("b-c", "1.0"))),
        ] {
            assert_eq!(origin(address, "").map(|o| o.to_text()).unwrap_or_default(), told, "{address}");
            let named = of_file_name(address);
            assert!(file.is_none() || named == file.map(|(n, v)| (n.into(), v.into())), "{address}: {named:?}");
        }
    }
}
