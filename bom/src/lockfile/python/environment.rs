//! Whether two environment markers (PEP 508) can hold at once, as far as they
//! speak of Python's version. Lockfiles list several versions of a package for
//! different Pythons; this keeps the graph of one Python from the other's.

/// Pythons from `from` to before `until`, as (major, minor, micro).
#[derive(Clone, Copy, PartialEq)]
struct Range {
    from: [u32; 3],
    until: [u32; 3],
}

const ANY: Range = Range { from: [0; 3], until: [u32::MAX; 3] };

/// Whether both markers can hold on one Python; `true` wherever that is not certain.
pub(in crate::lockfile) fn compatible(a: Option<&str>, b: Option<&str>) -> bool {
    let (a, b) = (a.map_or(ANY, range), b.map_or(ANY, range));
    a.from.max(b.from) < a.until.min(b.until)
}

/// The Pythons that a conjunction allows; anything else allows any.
fn range(marker: &str) -> Range {
    let mut range = ANY;
    if marker.contains(" or ") {
        return range;
    }
    for clause in marker.split(" and ") {
        let clause = clause.trim_matches(|c: char| c.is_whitespace() || c == '(' || c == ')');
        let mut words = clause.split_whitespace();
        let (Some(variable), Some(operator), Some(value), None) = (words.next(), words.next(), words.next(), words.next()) else {
            continue;
        };
        if variable != "python_version" && variable != "python_full_version" {
            continue;
        }
        let Some((version, after)) = version(value, variable == "python_version") else { continue };
        match operator {
            "<" => range.until = range.until.min(version),
            "<=" => range.until = range.until.min(after),
            ">=" => range.from = range.from.max(version),
            ">" => range.from = range.from.max(after),
            "==" => {
                range.from = range.from.max(version);
                range.until = range.until.min(after);
            }
            _ => {}
        }
    }
    range
}

/// A version and the next one; `python_version` has two parts only.
fn version(quoted: &str, short: bool) -> Option<([u32; 3], [u32; 3])> {
    let text = quoted.trim_matches(['"', '\'']);
    let star = text.ends_with(".*");
    let mut parts = [0u32; 3];
    let mut count = 0;
    for (slot, part) in parts.iter_mut().zip(text.trim_end_matches(".*").split('.')) {
        *slot = part.parse().ok()?;
        count += 1;
    }
    let mut after = parts;
    let last = if short || (star && count == 2) { 1 } else { 2 };
    if let Some(part) = after.get_mut(last) {
        *part = part.saturating_add(1);
    }
    Some((parts, after))
}

#[cfg(test)]
mod tests {
    use super::compatible;

    #[test]
    fn markers_exclude_each_other_only_where_that_is_certain() {
        for (a, b, both) in [
            ("python_version < \"3.11\"", "python_version >= \"3.11\"", false),
            ("python_version < \"3.11\"", "python_version >= \"3.10\"", true),
            ("python_version <= '3.10'", "python_full_version >= '3.10.4'", true),
            ("python_version == '3.10'", "python_version > '3.10'", false),
            ("python_full_version == '3.10.*'", "python_version == '3.11'", false),
            ("sys_platform == 'win32' and python_version < '3.9'", "(python_version >= '3.9')", false),
            ("python_version < '3.9' or os_name == 'nt'", "python_version >= '3.9'", true),
            ("sys_platform == 'win32'", "sys_platform == 'linux'", true),
        ] {
            assert_eq!(compatible(Some(a), Some(b)), both, "{a} | {b}");
        }
    }
}
