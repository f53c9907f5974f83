//! Tests of CPE names: both bindings, and what they say of a package.

use super::*;
use proptest::prelude::*;

fn check(text: &str, name: &str, version: &str, qualifiers: &str) {
    let cpe = Cpe::of(text).unwrap_or_else(|error| panic!("{error}"));
    let package = cpe.package().map(|package| package.name).unwrap_or_default();
    let said = (package.as_str(), cpe.full_version().unwrap_or_default(), cpe.qualifiers());
    assert_eq!(said, (name, version.to_owned(), qualifiers.to_owned()), "{text}");
}

#[test]
fn both_bindings_name_a_package() {
    for (text, name, version, qualifiers) in [
        ("cpe:2.3:a:openssl:openssl:1.1.1k:*:*:*:*:*:*:*", "a:openssl:openssl", "1.1.1k", ""),
        ("CPE:2.3:a:OpenSSL:OpenSSL:1.1.1K:*:*:*:*:*:*:*", "a:openssl:openssl", "1.1.1k", ""),
        ("cpe:/a:openssl:openssl:1.1.1k", "a:openssl:openssl", "1.1.1k", ""),
        ("cpe:2.3:a:oracle:jdk:1.8.0:update_261:*:*:*:*:*:*", "a:oracle:jdk", "1.8.0 update_261", ""),
        ("cpe:/a:oracle:jdk:1.8.0:update_261", "a:oracle:jdk", "1.8.0 update_261", ""),
        ("cpe:2.3:a:left:left:1.0:-:*:*:*:*:*:*", "a:left:left", "1.0", "update=-"),
        (
            "cpe:2.3:a:left:left:1.0:*:*:*:pro:wordpress:x64:*",
            "a:left:left",
            "1.0",
            "sw_edition=pro&target_hw=x64&target_sw=wordpress",
        ),
        ("cpe:/a:left:left:1.0::~~pro~wordpress~x64~", "a:left:left", "1.0", "sw_edition=pro&target_hw=x64&target_sw=wordpress"),
        ("cpe:/a:left:left:1.0::online:en", "a:left:left", "1.0", "edition=online&language=en"),
        (r"cpe:2.3:a:perl:archive\:\:tar:1.30\+1:*:*:*:*:*:*:*", r"a:perl:archive\:\:tar", "1.30+1", ""),
        ("cpe:/a:perl:archive%3a%3atar:1.30%2B1", r"a:perl:archive\:\:tar", "1.30+1", ""),
        ("cpe:2.3:o:cisco:ios:12.2\\(18\\)sxf:*:*:*:*:*:*:*", "o:cisco:ios", "12.2(18)sxf", ""),
        ("cpe:2.3:a:left:left:*:*:*:*:*:*:*:*", "a:left:left", "", ""),
        ("cpe:2.3:a:left:left:-:*:*:*:*:*:*:*", "a:left:left", "", ""),
        ("cpe:2.3:a:left:left:1.*:*:*:*:*:*:*:*", "a:left:left", "", ""),
        ("cpe:/a:left:left:1.%02", "a:left:left", "", ""),
        ("cpe:2.3:a:left:left", "a:left:left", "", ""),
        ("cpe:2.3:a:*:left:1.0:*:*:*:*:*:*:*", "", "1.0", ""),
        ("cpe:2.3:a:left:le?t:1.0:*:*:*:*:*:*:*", "", "1.0", ""),
        ("cpe:/", "", "", ""),
    ] {
        check(text, name, version, qualifiers);
    }
}

#[test]
fn what_is_no_name_is_refused() {
    for text in [
        "",
        "openssl",
        "pkg:npm/left",
        "cpe:2.3:x:left:left:1.0",
        "cpe:2.3:a:left:left:1.0:*:*:*:*:*:*:*:*",
        "cpe:2.3:a:left:left\\",
        "cpe:2.3:a:left left:left:1.0",
        "cpe:/a:left:left:1.0:a:b:c:d",
        "cpe:/a:left:left:%",
        "cpe:/a:left:left:%zz",
        "cpe:/a:left:left:%ff",
        "cpe:/a:left:le%20ft",
    ] {
        assert!(Cpe::of(text).is_err(), "{text}");
    }
    assert!(Cpe::of(&format!("cpe:2.3:a:left:{}", "x".repeat(LONGEST))).is_err());
}

#[test]
fn conditions_are_met_missed_or_open() {
    for (conditions, qualifiers, expect) in [
        ("", "", Some(true)),
        ("target_sw=wordpress", "target_sw=wordpress", Some(true)),
        ("target_sw=wordpress", "target_sw=drupal", Some(false)),
        ("target_sw=wordpress", "target_sw=-", Some(false)),
        ("target_sw=wordpress", "", None),
        ("target_sw=wordpress", "sw_edition=pro", None),
        ("sw_edition=pro&target_sw=wordpress", "target_sw=wordpress", None),
        ("sw_edition=pro&target_sw=wordpress", "target_sw=drupal", Some(false)),
        ("with o:left:right", "target_sw=wordpress", None),
        ("target_sw like w*", "target_sw=wordpress", None),
    ] {
        assert_eq!(holds(conditions, qualifiers), expect, "{conditions} {qualifiers}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,60}", rest in "[a-z0-9:*?~%\\\\.-]{0,60}") {
        for text in [text, format!("cpe:2.3:{rest}"), format!("cpe:/{rest}"), format!("cpe:2.3:a:v:p:{rest}")] {
            if let Ok(cpe) = Cpe::of(&text) {
                let _ = (cpe.package(), cpe.full_version(), cpe.qualifiers(), Conditions::of(&cpe).to_text());
            }
        }
    }
}
