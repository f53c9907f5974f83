//! Releases of distributions: `Debian:12` speaks of Debian 12 alone. The release a
//! component belongs to is its purl's `distro` qualifier (`debian-12.5`,
//! `ubuntu-22.04`, `alpine-3.19.1`, a code name), written by many tools in many ways.

/// Debian's and Ubuntu's code names, with the number an OSV ecosystem uses.
const CODE_NAMES: &[(&str, &str)] = &[
    ("wheezy", "7"),
    ("jessie", "8"),
    ("stretch", "9"),
    ("buster", "10"),
    ("bullseye", "11"),
    ("bookworm", "12"),
    ("trixie", "13"),
    ("forky", "14"),
    ("trusty", "14.04"),
    ("xenial", "16.04"),
    ("bionic", "18.04"),
    ("focal", "20.04"),
    ("jammy", "22.04"),
    ("noble", "24.04"),
];

/// Whether what a record says of `release` is said of a component from `distro`.
///
/// - A release that is the address of a repository says where the package's truth
///   lies, not which release it is; it holds for every component.
/// - Numbers are compared part by part as far as the record goes: `12` holds for
///   `debian-12.5`, `v3.19` for `alpine-3.19.1`, `rhel_e4s:9.2::appstream` for `rhel-9.2`.
/// - A release without a number (`sid`, `stream`) must be in the qualifier by its name.
///
/// `None` where the component says nothing of its release.
pub fn release_matches(release: &str, distro: Option<&str>) -> Option<bool> {
    if release.contains("://") {
        return Some(true);
    }
    let distro = distro.filter(|distro| !distro.is_empty())?.to_ascii_lowercase();
    let release = release.to_ascii_lowercase();
    let wanted = numbers(&release);
    if wanted.is_empty() {
        return Some(words(&distro).any(|word| words(&release).any(|name| name == word)));
    }
    let named = words(&distro).find_map(|word| CODE_NAMES.iter().find(|(name, _)| *name == word));
    let given = numbers(named.map_or(distro.as_str(), |(_, number)| number));
    Some(given.starts_with(&wanted))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty())
}

/// The numbers of a release, without those that are part of a word (`e4s`) but with
/// those behind a single mark (`v3`, `sp4`, `ol8`).
fn numbers(text: &str) -> Vec<u32> {
    let number = |word: &str| {
        let digits = word.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let marked = word.len() - digits.len() <= 2;
        if marked { digits.parse().ok() } else { None }
    };
    words(text).filter_map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::release_matches;

    #[test]
    fn a_release_holds_for_its_own_components() {
        for (release, distro, holds) in [
            ("12", Some("debian-12"), Some(true)),
            ("12", Some("debian-12.5"), Some(true)),
            ("12", Some("bookworm"), Some(true)),
            ("11", Some("debian-12"), Some(false)),
            ("12", None, None),
            ("12", Some(""), None),
            ("sid", Some("debian-sid"), Some(true)),
            ("sid", Some("debian-12"), Some(false)),
            ("v3.19", Some("alpine-3.19.1"), Some(true)),
            ("v3.1", Some("alpine-3.19.1"), Some(false)),
            ("22.04:LTS", Some("ubuntu-22.04"), Some(true)),
            ("Pro:18.04:LTS", Some("ubuntu-18.04"), Some(true)),
            ("20.04:LTS", Some("jammy"), Some(false)),
            ("9", Some("rocky-9.3"), Some(true)),
            ("rhel_e4s:9.2::appstream", Some("rhel-9.2"), Some(true)),
            ("rhel_aus:8.4::appstream", Some("rhel-8.6"), Some(false)),
            ("Linux Enterprise Server 15 SP4", Some("sles-15.4"), Some(true)),
            ("Leap 15.5", Some("opensuse-leap-15.5"), Some(true)),
            ("https://packages.drupal.example/8", None, Some(true)),
        ] {
            assert_eq!(release_matches(release, distro), holds, "{release} {distro:?}");
        }
    }
}
