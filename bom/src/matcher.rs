//! Whether what a record says of a package holds for a component of it. Pure and
//! without allocation for the ordinary answer, since a full re-check asks it for
//! every component and every record of its package.

use crate::advisory::{Answer, Versions, VersionsText, release_matches};
use crate::cpe::{self, Cpe};
use crate::document::Component;
use crate::ecosystem::{Ecosystem, Package};
use crate::purl::Purl;
use std::borrow::Cow;

/// A component as advisories see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject<'a> {
    /// Its package; a distribution's records name the source package.
    pub package: Package,
    /// Its version; `None` where nobody said.
    pub version: Option<Cow<'a, str>>,
    /// The distribution's release it belongs to, as the purl writes it; of a CPE, what it
    /// says besides the version.
    pub build: Option<Cow<'a, str>>,
}

impl<'a> Subject<'a> {
    /// The component that a purl names; `None` where its type belongs to no known ecosystem.
    ///
    /// Packages of distributions are built from source packages of other names, which
    /// records name: the qualifier `upstream` (`openssl`, `openssl@3.0.1-1`, or the file
    /// name of a source rpm) tells it. An rpm's `epoch` belongs to its version.
    pub fn of_purl(purl: &'a Purl) -> Option<Self> {
        let mut package = Package::of_purl(purl)?;
        let mut version = purl.version.as_deref().filter(|version| !version.is_empty()).map(Cow::Borrowed);
        if matches!(purl.kind.as_str(), "deb" | "rpm" | "apk") {
            if let Some(upstream) = purl.qualifier("upstream") {
                let (name, source_version) = source(upstream);
                package = Package::named(package.ecosystem, name);
                version = source_version.map(Cow::Borrowed).or(version);
            }
            if let (Some(epoch), Some(number)) = (purl.qualifier("epoch"), &version)
                && !number.contains(':')
            {
                version = Some(Cow::Owned(format!("{epoch}:{number}")));
            }
        }
        Some(Self { package, version, build: purl.qualifier("distro").map(Cow::Borrowed) })
    }

    /// The component that a document lists: by its purl, and where it has none by its CPE.
    pub fn of_component(component: &'a Component) -> Option<Self> {
        if let Some(purl) = &component.purl {
            return Self::of_purl(purl);
        }
        let (cpe, package) = Cpe::first_of(&component.cpes)?;
        let stated = || component.version.as_deref().filter(|version| !version.is_empty()).map(Cow::Borrowed);
        let version = cpe.full_version().map(Cow::Owned).or_else(stated);
        Some(Self { package, version, build: Some(Cow::Owned(cpe.qualifiers())) })
    }

    /// What a record that affects `versions` of the package's `release` (empty: of all)
    /// means for it.
    pub fn judge(&self, release: &str, versions: VersionsText<'_>) -> Answer {
        judge(self.package.ecosystem, self.version.as_deref(), self.build.as_deref(), release, versions)
    }
}

/// What a record that affects `versions` of `release` (empty: of all releases) means
/// for a component of this version and [build](Ecosystem::build), in the release's order
/// of versions.
pub fn judge(
    ecosystem: &Ecosystem,
    version: Option<&str>,
    build: Option<&str>,
    release: &str,
    versions: VersionsText<'_>,
) -> Answer {
    let mine = match (release.is_empty(), ecosystem.weak) {
        (true, _) => Some(true),
        (false, true) => cpe::holds(release, build.unwrap_or_default()),
        (false, false) => release_matches(release, build),
    };
    if mine == Some(false) {
        return Answer::No;
    }
    let answer = match version {
        Some(version) => versions.affects(ecosystem.scheme_of(Some(release)), version),
        None => any_version(versions),
    };
    match (answer, mine) {
        (Answer::Yes, None) if ecosystem.weak => {
            Answer::CannotTell(format!("it depends on what the component does not tell: `{release}`"))
        }
        (Answer::Yes, None) => Answer::CannotTell(format!("it does not say whether it belongs to release `{release}`")),
        (answer, _) => answer,
    }
}

/// The answer for a component whose version nobody knows.
fn any_version(versions: VersionsText<'_>) -> Answer {
    match Versions::from_text(versions.0) {
        Ok(versions) if versions.affects_all() => Answer::Yes,
        Ok(versions) if versions == Versions::default() => Answer::No,
        Ok(_) => Answer::CannotTell("its version is not known".to_owned()),
        Err(error) => Answer::CannotTell(error.to_string()),
    }
}

/// A source package's name and version: `name`, `name@version` or `name-version-release.src.rpm`.
fn source(upstream: &str) -> (&str, Option<&str>) {
    if let Some(file) = upstream.strip_suffix(".src.rpm") {
        // The last two hyphens stand before the version and the release.
        let name = file.rsplitn(3, '-').nth(2).unwrap_or(file);
        return (name, None);
    }
    match upstream.split_once('@') {
        Some((name, version)) if !version.is_empty() => (name, Some(version)),
        Some((name, _)) => (name, None),
        None => (upstream, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_and_a_version_are_needed_for_a_yes() {
        let (ecosystem, _) = Ecosystem::of_osv("crates.io").unwrap();
        for (version, distro, release, versions, expect) in [
            (Some("1.0.0"), None, "", "S\ni0\nf2.0.0", Some(true)),
            (Some("2.0.0"), None, "", "S\ni0\nf2.0.0", Some(false)),
            (Some("1.0.0"), Some("debian-12"), "12", "S\ni0\nf2.0.0", Some(true)),
            (Some("1.0.0"), Some("debian-11"), "12", "S\ni0\nf2.0.0", Some(false)),
            (Some("1.0.0"), None, "12", "S\ni0\nf2.0.0", None),
            (Some("2.0.0"), None, "12", "S\ni0\nf2.0.0", Some(false)),
            (None, None, "", "S\ni0\nf2.0.0", None),
            (None, None, "", "S\ni0", Some(true)),
            (None, None, "", "", Some(false)),
        ] {
            let answer = match judge(ecosystem, version, distro, release, VersionsText(versions)) {
                Answer::Yes => Some(true),
                Answer::No => Some(false),
                Answer::CannotTell(_) => None,
            };
            assert_eq!(answer, expect, "{version:?} {distro:?} {release} {versions}");
        }
    }

    #[test]
    fn what_is_built_anew_keeps_its_order() {
        let purl: Purl = "pkg:deb/dhi/openssl@3.0.9-1?distro=debian-12".parse().expect("a purl");
        let subject = Subject::of_purl(&purl).expect("Docker Hardened Images");
        for (release, versions, expect) in [
            ("Debian:12", "E\ni0\nf3.0.10-1", Answer::Yes),
            ("Debian:12", "E\ni0\nf3.0.9-1", Answer::No),
            ("Debian:11", "E\ni0\nf3.0.10-1", Answer::No),
        ] {
            assert_eq!(subject.judge(release, VersionsText(versions)), expect, "{release} {versions}");
        }
    }

    #[test]
    fn a_source_package_is_found_behind_its_binary_one() {
        for (upstream, expect) in [
            ("openssl", ("openssl", None)),
            ("openssl@3.0.1-1", ("openssl", Some("3.0.1-1"))),
            ("util-linux-2.37.4-9.el9.src.rpm", ("util-linux", None)),
        ] {
            assert_eq!(source(upstream), expect);
        }
    }

    #[test]
    fn a_purl_becomes_a_subject() {
        for (purl, expect) in [
            ("pkg:npm/%40angular/core@17.0.0", Some(("@angular/core", Some("17.0.0")))),
            ("pkg:npm/core", Some(("core", None))),
            ("pkg:generic/core@1", None),
        ] {
            let purl: Purl = purl.parse().expect(purl);
            let subject = Subject::of_purl(&purl);
            let seen = subject.as_ref().map(|s| (s.package.name.as_str(), s.version.as_deref()));
            assert_eq!(seen, expect, "{purl}");
        }
    }
}
