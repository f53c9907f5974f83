//! The table of ecosystems: every one that the OSV schema defines, Homebrew, which
//! publishes in its form, and what has no purl and is named by a CPE. A code is what a database holds: it is never
//! changed and never given again.

use super::Ecosystem;
use super::names::{colon, dot, go, lower, name_only, pep503, pub_name, same, slash, swift};
use crate::version::{self, Scheme};
use std::borrow::Cow;

/// Every ecosystem that is known by name.
pub static ECOSYSTEMS: &[Ecosystem] = &[
    entry(1, "crates.io", &[("cargo", "")], &version::SEMVER, same, name_only),
    entry(2, "npm", &[("npm", "")], &version::SEMVER, same, slash),
    entry(3, "PyPI", &[("pypi", "")], &version::PEP440, pep503, name_only),
    entry(4, "Maven", &[("maven", "")], &version::MAVEN, same, colon),
    entry(5, "Go", &[("golang", "")], &version::GO, go, slash),
    entry(6, "NuGet", &[("nuget", "")], &version::NUGET, lower, name_only),
    entry(7, "RubyGems", &[("gem", "")], &version::RUBYGEMS, same, name_only),
    entry(8, "Packagist", &[("composer", "")], &version::PACKAGIST, lower, slash),
    entry(9, "Debian", &[("deb", "debian")], &version::DPKG, lower, name_only),
    entry(10, "Ubuntu", &[("deb", "ubuntu")], &version::DPKG, lower, name_only),
    // `pkg:alpine/…` is what generators wrote before the type `apk` had a name.
    entry(11, "Alpine", &[("apk", "alpine"), ("alpine", "")], &version::APK, lower, name_only),
    entry(12, "Red Hat", &[("rpm", "redhat"), ("rpm", "rhel")], &version::RPM, same, name_only),
    entry(13, "AlmaLinux", &[("rpm", "almalinux"), ("rpm", "alma")], &version::RPM, same, name_only),
    entry(14, "Rocky Linux", &[("rpm", "rocky-linux"), ("rpm", "rocky")], &version::RPM, same, name_only),
    entry(15, "SUSE", &[("rpm", "suse"), ("rpm", "sles"), ("rpm", "sled")], &version::RPM, same, name_only),
    entry(
        16,
        "openSUSE",
        &[("rpm", "opensuse"), ("rpm", "opensuse-leap"), ("rpm", "opensuse-tumbleweed")],
        &version::RPM,
        same,
        name_only,
    ),
    entry(17, "Alpaquita", &[("apk", "alpaquita")], &version::APK, lower, name_only),
    entry(18, "Android", &[], &version::OPAQUE, same, slash),
    entry(19, "Azure Linux", &[("rpm", "azure-linux"), ("rpm", "azurelinux")], &version::RPM, same, name_only),
    entry(20, "BellSoft Hardened Containers", &[("apk", "bellsoft-hardened-containers")], &version::APK, lower, name_only),
    entry(21, "Bioconductor", &[("bioconductor", "")], &version::CRAN, same, name_only),
    entry(22, "Bitnami", &[("bitnami", "")], &version::BITNAMI, lower, name_only),
    entry(23, "Chainguard", &[("apk", "chainguard")], &version::APK, lower, name_only),
    entry(24, "CleanStart", &[("apk", "cleanstart")], &version::APK, lower, name_only),
    entry(25, "ConanCenter", &[("conan", "")], &version::CONAN, lower, name_only),
    entry(26, "CRAN", &[("cran", "")], &version::CRAN, same, name_only),
    rebuilder(27, "Docker Hardened Images", &[("deb", "dhi"), ("apk", "dhi")], &version::OPAQUE),
    rebuilder(28, "Echo", &[("deb", "echo")], &version::DPKG),
    entry(29, "FreeBSD", &[("freebsd", "")], &version::FREEBSD, same, name_only),
    entry(30, "GHC", &[], &version::HACKAGE, same, name_only),
    // Generators name an action by its repository.
    entry(31, "GitHub Actions", &[("github", ""), ("githubactions", "")], &version::SEMVER, lower, slash),
    entry(32, "Hackage", &[("hackage", "")], &version::HACKAGE, same, name_only),
    entry(33, "Hex", &[("hex", "")], &version::SEMVER, lower, slash),
    entry(34, "Julia", &[("julia", "")], &version::SEMVER_BUILD, same, name_only),
    entry(35, "Kubernetes", &[], &version::SEMVER, go, slash),
    entry(36, "Linux", &[], &version::SEMVER, same, name_only),
    entry(37, "Mageia", &[("rpm", "mageia")], &version::RPM, same, name_only),
    entry(38, "MinimOS", &[("apk", "minimos")], &version::APK, lower, name_only),
    entry(39, "opam", &[("opam", "")], &version::OPAM, same, name_only),
    entry(40, "openEuler", &[("rpm", "openeuler")], &version::RPM, same, name_only),
    entry(41, "OSS-Fuzz", &[], &version::OPAQUE, same, name_only),
    entry(42, "Photon OS", &[("rpm", "photon")], &version::RPM, same, name_only),
    entry(43, "Pub", &[("pub", "")], &version::SEMVER_BUILD, pub_name, name_only),
    rebuilder(44, "Root", &[], &version::OPAQUE),
    entry(45, "SwiftURL", &[("swift", "")], &version::SEMVER, swift, slash),
    rebuilder(46, "TuxCare", &[], &version::OPAQUE),
    entry(47, "VSCode", &[("vscode-extension", "")], &version::SEMVER, lower, dot),
    entry(48, "Wolfi", &[("apk", "wolfi")], &version::APK, lower, name_only),
    entry(49, "Homebrew", &[("brew", "")], &version::HOMEBREW, same, name_only),
    Ecosystem { weak: true, ..entry(50, "CPE", &[], &version::CPE, lower, name_only) },
];

const fn entry(
    code: i16,
    name: &'static str,
    purls: &'static [(&'static str, &'static str)],
    scheme: &'static dyn Scheme,
    canonical: fn(&str) -> Cow<'_, str>,
    join: fn(Option<&str>, &str) -> String,
) -> Ecosystem {
    Ecosystem { code, name, purls, scheme, canonical, join, rebuilds: false, weak: false }
}

/// One that publishes other ecosystems' packages built anew.
const fn rebuilder(
    code: i16,
    name: &'static str,
    purls: &'static [(&'static str, &'static str)],
    scheme: &'static dyn Scheme,
) -> Ecosystem {
    Ecosystem { code, name, purls, scheme, canonical: same, join: name_only, rebuilds: true, weak: false }
}
