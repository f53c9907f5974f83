//! Tests of the table: what purls and advisories name, and that it is unambiguous.

use super::*;

#[test]
fn codes_and_names_are_unique() {
    for (i, a) in ECOSYSTEMS.iter().enumerate() {
        for b in &ECOSYSTEMS[i + 1..] {
            assert!(a.code != b.code && a.name != b.name, "{a:?} and {b:?}");
            for purl in a.purls {
                assert!(!b.purls.contains(purl), "{a:?} and {b:?} share {purl:?}");
            }
        }
    }
}

#[test]
fn a_purl_names_its_package() {
    for (purl, name) in [
        ("pkg:npm/%40angular/core@1", Some("npm @angular/core")),
        ("pkg:pypi/Zope.Interface@1", Some("PyPI zope-interface")),
        ("pkg:cargo/serde@1", Some("crates.io serde")),
        ("pkg:maven/org.apache.commons/commons-lang3@3", Some("Maven org.apache.commons:commons-lang3")),
        ("pkg:golang/github.com/Azure/azure-sdk-for-go@v1", Some("Go github.com/azure/azure-sdk-for-go")),
        ("pkg:golang/github.com/%21azure/azure-sdk-for-go@v1", Some("Go github.com/azure/azure-sdk-for-go")),
        ("pkg:golang/std@go1.22", Some("Go stdlib")),
        ("pkg:nuget/Newtonsoft.Json@13", Some("NuGet newtonsoft.json")),
        ("pkg:gem/actionpack@7", Some("RubyGems actionpack")),
        ("pkg:composer/Laravel/Framework@8", Some("Packagist laravel/framework")),
        ("pkg:hex/phoenix@1", Some("Hex phoenix")),
        ("pkg:hex/acme/foo@1", Some("Hex acme/foo")),
        ("pkg:pub/flutter_lints@1", Some("Pub flutter_lints")),
        ("pkg:hackage/aeson@2", Some("Hackage aeson")),
        ("pkg:cran/ggplot2@3", Some("CRAN ggplot2")),
        ("pkg:conan/openssl.org/openssl@3", Some("ConanCenter openssl")),
        ("pkg:bitnami/wordpress@6", Some("Bitnami wordpress")),
        ("pkg:opam/lwt@5", Some("opam lwt")),
        ("pkg:swift/github.com/Alamofire/Alamofire@5", Some("SwiftURL github.com/alamofire/alamofire")),
        ("pkg:github/Actions/Checkout@v4", Some("GitHub Actions actions/checkout")),
        ("pkg:brew/curl@8", Some("Homebrew curl")),
        ("pkg:deb/debian/openssl@3", Some("Debian openssl")),
        ("pkg:deb/ubuntu/openssl@3", Some("Ubuntu openssl")),
        ("pkg:apk/alpine/busybox@1", Some("Alpine busybox")),
        ("pkg:alpine/busybox@1", Some("Alpine busybox")),
        ("pkg:apk/wolfi/busybox@1", Some("Wolfi busybox")),
        ("pkg:rpm/redhat/PyYAML@5", Some("Red Hat PyYAML")),
        ("pkg:rpm/rhel/PyYAML@5", Some("Red Hat PyYAML")),
        ("pkg:rpm/rocky/curl@7", Some("Rocky Linux curl")),
        ("pkg:rpm/openSUSE/curl@7", Some("openSUSE curl")),
        // Nobody publishes advisories of these in OSV's form.
        ("pkg:rpm/fedora/curl@7", None),
        ("pkg:deb/raspbian/curl@7", None),
        ("pkg:generic/openssl@1", None),
    ] {
        let package = purl.parse().ok().and_then(|p| Package::of_purl(&p));
        let text = package.map(|p| format!("{} {}", p.ecosystem.name, p.name));
        assert_eq!(text.as_deref(), name, "{purl}");
    }
}

#[test]
fn an_advisory_names_the_same_package() {
    for (ecosystem, given, name) in [
        ("npm", "JSONStream", "JSONStream"),
        ("PyPI", "Zope__Interface", "zope-interface"),
        ("Packagist:https://packages.drupal.example/8", "Drupal/token", "drupal/token"),
        ("SwiftURL", "https://github.com/apple/swift-nio.git", "github.com/apple/swift-nio"),
        ("SwiftURL", "github.com/sparkle-project/Sparkle", "github.com/sparkle-project/sparkle"),
        ("GitHub Actions", "tj-actions/Changed-Files", "tj-actions/changed-files"),
        ("VSCode", "Ms-Python.Python", "ms-python.python"),
        ("Pub", "Agent-Dart", "agent_dart"),
    ] {
        let (ecosystem, _) = Ecosystem::of_osv(ecosystem).expect(ecosystem);
        assert_eq!(Package::named(ecosystem, given).name, name, "{ecosystem:?} {given}");
    }
}

#[test]
fn a_word_finds_its_order() {
    for (word, scheme) in [
        ("crates.io", Some("semver")),
        ("cargo", Some("semver")),
        ("redhat", Some("rpm")),
        ("Red Hat:enterprise_linux:9::appstream", Some("rpm")),
        ("debian:12", Some("dpkg")),
        ("deb", Some("dpkg")),
        ("semver", Some("semver")),
        ("pep440", Some("pep440")),
        ("Root", Some("opaque")),
        ("Root:Alpine:3.18", Some("apk")),
        ("Echo:PyPI", Some("pep440")),
        ("Echo", Some("dpkg")),
        ("TuxCare:Root:Debian", Some("opaque")),
        ("rocky linux", Some("rpm")),
        ("nowhere", None),
    ] {
        assert_eq!(scheme_named(word).map(|found| found.name()), scheme, "{word}");
    }
}
