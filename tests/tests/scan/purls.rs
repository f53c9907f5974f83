//! Purls one a line: what each ecosystem's spelling, version and release mean.

use super::{answers, database, record, told};
use anyhow::Result;
use bomwarden_tests::cli::run;
use serde_json::{Value, json};

fn records() -> Vec<Value> {
    let below = |at| [("introduced", "0"), ("fixed", at)];
    vec![
        record("NPM-1", "npm", "JSONStream", &below("1.3.0")),
        record("PY-1", "PyPI", "Foo_Bar.baz", &below("1.3")),
        record("GO-1", "Go", "github.com/Azure/go-autorest", &below("1.3.0")),
        record(
            "GO-2",
            "Go",
            "stdlib",
            &[("introduced", "0"), ("fixed", "1.21.5"), ("introduced", "1.22.0-0"), ("fixed", "1.22.1")],
        ),
        record("MVN-1", "Maven", "org.x:lib", &below("1.3.0")),
        record("DEB-1", "Debian:12", "openssl", &below("1:3.0.9-1")),
        record("DEB-2", "Debian", "zlib", &below("1:1.3")),
        record("UBU-1", "Ubuntu:22.04:LTS", "curl", &below("7.81.0-1ubuntu1.15")),
        record("ALP-1", "Alpine:v3.19", "busybox", &below("1.36.1-r15")),
        record("WOLFI-1", "Wolfi", "curl", &below("8.5.0-r1")),
        record("RH-1", "Red Hat:enterprise_linux:9::baseos", "openssl", &below("1:3.0.7-18.el9_2")),
        record("ROCKY-1", "Rocky Linux:9", "openssl", &below("1:3.0.7-18.el9_2")),
        record("SUSE-1", "SUSE:Linux Enterprise Server 15 SP4", "curl", &below("7.79.1-150400.5.1")),
        record("SWIFT-1", "SwiftURL", "https://git.example/Apple/swift-nio.git", &below("2.0.0")),
        record("GHA-1", "GitHub Actions", "Actions/Checkout", &below("4.0.0")),
        record("PHP-1", "Packagist", "Vendor/Pkg", &below("2.0.0")),
        record("NET-1", "NuGet", "Newtonsoft.Json", &below("13.0.1")),
        record("VSC-1", "VSCode", "pub.ext", &below("2.0.0")),
    ]
}

const PURLS: &[(&str, &str)] = &[
    // Names: npm tells case apart (legacy packages), the others fold theirs.
    ("pkg:npm/JSONStream@1.0.0", "NPM-1"),
    ("pkg:npm/jsonstream@1.0.0", ""),
    ("PKG:NPM/JSONStream@v1.2.0", "NPM-1"),
    ("pkg://npm/JSONStream@1.2.0?", "NPM-1"),
    ("pkg:npm/JSONStream", "unknown"),
    ("pkg:npm/JSONStream@latest", "unknown"),
    ("pkg:pypi/foo-bar-baz@1.0?file_name=x.whl#sub/dir", "PY-1"),
    ("pkg:pypi/FOO.BAR_baz@1.3.0", ""),
    ("pkg:golang/github.com/Azure/go-autorest@v1.2.0", "GO-1"),
    ("pkg:golang/github.com/%21azure/go-autorest@v1.2.0", "GO-1"),
    ("pkg:golang/github.com/!azure/go-autorest@v1.2.0", "GO-1"),
    ("pkg:golang/github.com/azure/go-autorest@1.2.0#autorest", "GO-1"),
    ("pkg:golang/github.com/azure/go-autorest@v1.3.0%2Bincompatible", ""),
    ("pkg:golang/github.com/azure/go-autorest@v1.3.0-0.20190101000000-abcdefabcdef", "GO-1"),
    ("pkg:golang/github.com/azure/go-autorest@v1.3.1-0.20190101000000-abcdefabcdef", ""),
    // A module below is another module.
    ("pkg:golang/github.com/azure/go-autorest/autorest@v1.2.0", ""),
    ("pkg:golang/std@1.21.4", "GO-2"),
    ("pkg:golang/stdlib@go1.22rc1", "GO-2"),
    ("pkg:golang/stdlib@go1.22.1", ""),
    ("pkg:maven/org.x/lib@1.2.0?classifier=sources&type=jar", "MVN-1"),
    ("pkg:maven/org.x/lib@1.3.0-SNAPSHOT", "MVN-1"),
    ("pkg:maven/org.x/lib@1.3", ""),
    // Distributions: epoch, release, and the source package behind a binary one.
    ("pkg:deb/debian/openssl@3.0.8-1?epoch=1&distro=debian-12", "DEB-1"),
    ("pkg:deb/debian/openssl@1:3.0.9-1?distro=bookworm", ""),
    ("pkg:deb/debian/openssl@1%3A3.0.8-1?distro=debian-12.5", "DEB-1"),
    ("pkg:deb/debian/openssl@1:3.0.8-1?distro=debian-11", ""),
    ("pkg:deb/debian/openssl@1:3.0.8-1", "unknown"),
    ("pkg:deb/debian/libssl3@1:3.0.8-1?upstream=openssl&distro=debian-12", "DEB-1"),
    ("pkg:deb/debian/zlib@1.2.13.dfsg-1?distro=debian-12", "DEB-2"),
    ("pkg:deb/ubuntu/libcurl4@7.81.0-1ubuntu1.10?arch=amd64&upstream=curl&distro=ubuntu-22.04", "UBU-1"),
    ("pkg:apk/alpine/busybox@1.36.1-r14?distro=alpine-3.19.0", "ALP-1"),
    ("pkg:apk/alpine/busybox@1.36.1-r15?distro=3.19", ""),
    ("pkg:apk/alpine/busybox@1.36.1-r14?distro=alpine-3.18.0", ""),
    ("pkg:apk/alpine/busybox-binsh@1.36.1-r2?upstream=busybox&distro=alpine-3.19.1", "ALP-1"),
    ("pkg:apk/wolfi/curl@8.5.0-r0?arch=x86_64", "WOLFI-1"),
    ("pkg:rpm/redhat/openssl@3.0.7-17.el9?epoch=1&distro=rhel-9.2", "RH-1"),
    ("pkg:rpm/redhat/openssl@3.0.7-17.el9?epoch=1&distro=rhel-8.2", ""),
    ("pkg:rpm/rocky/openssl-libs@3.0.7-17.el9?upstream=openssl-3.0.7-17.el9.src.rpm&epoch=1&distro=rocky-9.3", "ROCKY-1"),
    ("pkg:rpm/rocky/openssl-libs@3.0.7-24.el9?upstream=openssl-3.0.7-24.el9.src.rpm&epoch=1&distro=rocky-9.3", ""),
    ("pkg:rpm/sles/curl@7.79.0-1?distro=sles-15.4", "SUSE-1"),
    ("pkg:rpm/sles/curl@7.79.0-1?distro=sles-15.5", ""),
    ("pkg:swift/git.example/apple/swift-nio@1.0.0", "SWIFT-1"),
    ("pkg:githubactions/actions/checkout@v3", "GHA-1"),
    ("pkg:composer/vendor/pkg@v1.9.0", "PHP-1"),
    ("pkg:nuget/newtonsoft.json@12.0.3", "NET-1"),
    ("pkg:vscode-extension/pub/ext@1.0.0", "VSC-1"),
    // Of these worlds the database knows nothing.
    ("pkg:generic/x@1", "unknown"),
    ("pkg:cargo/serde@1.0.0", "unknown"),
];

#[test]
fn every_purl_is_answered_in_its_place() -> Result<()> {
    let folder = database(&records())?;
    let lines: Vec<&str> = PURLS.iter().map(|(purl, _)| *purl).collect();
    let answers = answers(folder.path(), lines.join("\n").as_bytes())?;
    assert_eq!(answers.len(), PURLS.len());
    for ((purl, expect), answer) in PURLS.iter().zip(&answers) {
        assert_eq!((answer["purl"].as_str(), told(answer).as_str()), (Some(*purl), *expect));
    }
    Ok(())
}

#[test]
fn one_problem_is_one_match_with_everything_that_is_known_of_it() -> Result<()> {
    let mut one = record(
        "GHSA-aaaa-bbbb-cccc",
        "npm",
        "left",
        &[("introduced", "0"), ("fixed", "1.2.0"), ("introduced", "2.0.0"), ("fixed", "2.0.7")],
    );
    one["aliases"] = json!(["CVE-2026-1"]);
    one["severity"] = json!([{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]);
    let mut other = record("OTHER-1", "npm", "left", &[("introduced", "0"), ("fixed", "1.1.0")]);
    other["aliases"] = json!(["CVE-2026-1"]);
    let mut withdrawn = record("GONE-1", "npm", "left", &[("introduced", "0")]);
    withdrawn["withdrawn"] = json!("2026-02-01T00:00:00Z");
    let folder = database(&[one, other, withdrawn])?;
    let answers = answers(folder.path(), b"pkg:npm/left@1.0.0\n")?;
    let found = json!({"id": "GHSA-aaaa-bbbb-cccc", "aliases": ["CVE-2026-1", "OTHER-1"], "fixed": ["1.2.0", "2.0.7"], "severity": "critical"});
    assert_eq!(answers, [json!({"purl": "pkg:npm/left@1.0.0", "matches": [found]})]);
    Ok(())
}

#[test]
fn a_list_of_malicious_versions_does_not_flag_every_version() -> Result<()> {
    let listed = |range: &[(&str, &str)], versions: &[&str], id: &str, name: &str| {
        let mut record = record(id, "npm", name, range);
        record["affected"][0]["versions"] = json!(versions);
        record
    };
    let folder = database(&[
        listed(&[("introduced", "0")], &["1.161.9"], "MAL-2026-1", "router"),
        listed(&[("introduced", "0")], &[], "MAL-2026-2", "stealer"),
        listed(&[("introduced", "0"), ("limit", "2.0.0")], &["9.0.0"], "X-1", "limited"),
    ])?;
    let lines = [
        ("pkg:npm/router@1.161.9", "MAL-2026-1"),
        ("pkg:npm/router@1.162.0", ""),
        ("pkg:npm/stealer@7.0.0", "MAL-2026-2"),
        ("pkg:npm/stealer", "MAL-2026-2"),
        ("pkg:npm/limited@1.9.9", "X-1"),
        ("pkg:npm/limited@2.0.0", ""),
        ("pkg:npm/limited@9.0.0", "X-1"),
    ];
    let text: Vec<&str> = lines.iter().map(|(purl, _)| *purl).collect();
    let answers = answers(folder.path(), text.join("\n").as_bytes())?;
    assert_eq!(answers.iter().map(told).collect::<Vec<_>>(), lines.map(|(_, expect)| expect.to_owned()));
    Ok(())
}

#[test]
fn exit_codes_follow_what_is_found() -> Result<()> {
    let mut high = record("X-1", "npm", "left", &[("introduced", "0"), ("fixed", "2.0.0")]);
    high["database_specific"] = json!({"severity": "HIGH"});
    let mut note = record("X-2", "npm", "old", &[("introduced", "0")]);
    note["affected"][0]["database_specific"] = json!({"informational": "unmaintained"});
    let folder = database(&[high, note])?;
    for (purl, fail_on, code) in [
        ("pkg:npm/left@1.0.0", None, 0),
        ("pkg:npm/left@1.0.0", Some("high"), 1),
        ("pkg:npm/left@1.0.0", Some("critical"), 0),
        ("pkg:npm/left@2.0.0", Some("any"), 0),
        ("pkg:npm/old@1.0.0", Some("unknown"), 0),
        ("pkg:npm/old@1.0.0", Some("any"), 1),
        ("pkg:npm/left@1.0.0", Some("dreadful"), 2),
    ] {
        std::fs::write(folder.path().join("one.txt"), purl)?;
        for format in ["table", "json", "sarif", "vex", "junit"] {
            let mut arguments = vec!["scan", "--purls", "one.txt", "--db", "all.db", "--format", format];
            arguments.extend(fail_on.iter().flat_map(|word| ["--fail-on", word]));
            run(folder.path(), None, &arguments)?.with_code(code)?;
        }
    }
    Ok(())
}
