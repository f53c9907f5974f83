//! Reading and spelling of `vers:` ranges, and the strict check of their canonical form.

use super::{Comparator, Constraint, Vers};

/// Signs, the longer ones first.
const SIGNS: &[(&str, Comparator)] = &[
    ("!=", Comparator::NotEqual),
    ("<=", Comparator::LessOrEqual),
    (">=", Comparator::GreaterOrEqual),
    ("<", Comparator::Less),
    (">", Comparator::Greater),
    ("=", Comparator::Equal),
];

/// Reads a range without white space, in any order. Empty constraints are passed over.
pub(super) fn read(text: &str) -> Result<Vers, &'static str> {
    let (scheme, list) = split(text)?;
    let scheme = scheme.to_ascii_lowercase();
    if list == "*" {
        return Ok(Vers { scheme, constraints: Vec::new() });
    }
    let constraints: Result<Vec<_>, _> = list.split('|').filter(|c| !c.is_empty()).map(constraint).collect();
    let constraints = constraints?;
    if constraints.is_empty() {
        return Err("it has no constraint");
    }
    Ok(Vers { scheme, constraints })
}

/// Reads a range that must be canonical, else says how it is not.
pub(super) fn check(text: &str) -> Result<Vers, &'static str> {
    if text.chars().any(char::is_whitespace) {
        return Err("non-canonical VERS: whitespace is not permitted");
    }
    let (scheme, list) = split(text)?;
    if scheme.bytes().any(|b| b.is_ascii_uppercase()) {
        return Err("non-canonical VERS: the scheme must be lower case");
    }
    if list.starts_with('|') {
        return Err("non-canonical VERS: leading pipe is not permitted");
    }
    if list.ends_with('|') {
        return Err("non-canonical VERS: trailing pipe is not permitted");
    }
    if list.contains("||") {
        return Err("non-canonical VERS: consecutive pipes are not permitted");
    }
    let range = read(text)?;
    for written in list.split('|').filter(|_| list != "*") {
        let version = SIGNS.iter().find_map(|(sign, _)| written.strip_prefix(sign)).unwrap_or(written);
        if scheme == "datetime" {
            check_datetime(version)?;
        }
        if decode(version).map(|version| encode(&version)).as_deref() != Ok(version) {
            return Err("non-canonical VERS: percent-encoding in version is not canonical");
        }
    }
    let mut sorted = range.clone();
    if sorted.sort().is_ok() && sorted != range {
        return Err("non-canonical VERS: constraints are not sorted by version");
    }
    Ok(range)
}

fn split(text: &str) -> Result<(&str, &str), &'static str> {
    let rest = text.strip_prefix("vers:").ok_or("it does not begin with `vers:`")?;
    let (scheme, list) = rest.split_once('/').ok_or("it has no `/` behind the scheme")?;
    if scheme.is_empty() || list.is_empty() {
        return Err("it has no scheme or no constraint");
    }
    Ok((scheme, list))
}

fn constraint(text: &str) -> Result<Constraint, &'static str> {
    let signed = SIGNS.iter().find_map(|(sign, comparator)| Some((*comparator, text.strip_prefix(sign)?)));
    let (comparator, version) = signed.unwrap_or((Comparator::Equal, text));
    if version.is_empty() || version == "*" {
        return Err("a constraint has no version");
    }
    Ok(Constraint { comparator, version: decode(version)? })
}

fn check_datetime(version: &str) -> Result<(), &'static str> {
    if version.contains("%3A") && decode(version).is_ok() {
        return Err("non-canonical VERS: datetime time colons must be unencoded");
    }
    if version.bytes().any(|b| matches!(b, b't' | b'z')) {
        return Err("non-canonical VERS: datetime must use uppercase T and Z");
    }
    Ok(())
}

/// Percent-decodes once.
fn decode(text: &str) -> Result<String, &'static str> {
    const INVALID: &str = "non-canonical VERS: invalid percent-encoding in version";
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        rest = behind;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let [high, low, behind @ ..] = rest else { return Err(INVALID) };
        let digits = [*high, *low];
        let digits = std::str::from_utf8(&digits).ok().filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
        bytes.push(digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()).ok_or(INVALID)?);
        rest = behind;
    }
    String::from_utf8(bytes).map_err(|_| INVALID)
}

/// Percent-encodes what would mean something else in a range.
pub(super) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let plain = c.is_ascii_alphanumeric() || ".-_~:+^".contains(c);
        if plain {
            out.push(c);
        } else {
            let mut bytes = [0; 4];
            c.encode_utf8(&mut bytes).bytes().for_each(|byte| out.push_str(&format!("%{byte:02X}")));
        }
    }
    out
}
