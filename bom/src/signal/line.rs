//! Lines of versions: those between which a build moves by itself.

/// The part of a version that tells its line: the first number that is not zero, and
/// those before it (`1.4.2` is on line `1`, `0.3.10` on `0.3`).
pub(super) fn line(version: &str) -> Vec<u64> {
    let mut line = Vec::new();
    for number in version.trim_start_matches('v').split(['.', '-', '+']) {
        let Ok(number) = number.parse() else { break };
        line.push(number);
        if number != 0 {
            break;
        }
    }
    line
}

/// Whether a version is a pre-release, which nobody gets without asking for it.
pub(super) fn is_prerelease(version: &str) -> bool {
    let core = version.split('+').next().unwrap_or(version);
    core.contains('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_what_a_caret_requirement_allows() {
        for (a, b, same) in [
            ("1.4.2", "1.9.0", true),
            ("0.3.9", "0.3.10", true),
            ("0.3.9", "0.4.0", false),
            ("1.0.0", "2.0.0", false),
            ("v1.0.0", "1.2.0-rc.1", true),
            ("0.0.1", "0.0.2", false),
        ] {
            assert_eq!(line(a) == line(b), same, "{a} {b}");
        }
        assert!(is_prerelease("1.0.0-rc.1") && !is_prerelease("1.0.0+b-1") && !is_prerelease("1.0.0"));
    }
}
