//! Package URLs (purl-spec, ECMA-427): parsing, canonical spelling, and the
//! package a purl names in its ecosystem.

use std::collections::BTreeMap;
use std::fmt;

/// A package URL, parsed and canonical.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Purl {
    /// Type, lower case (`cargo`, `npm`, …).
    pub kind: String,
    /// Namespace, percent-decoded, segments joined by `/`.
    pub namespace: Option<String>,
    /// Name, percent-decoded.
    pub name: String,
    /// Version, percent-decoded.
    pub version: Option<String>,
    /// Qualifiers, keys lower case, percent-decoded, empty values dropped.
    pub qualifiers: BTreeMap<String, String>,
    /// Subpath, percent-decoded.
    pub subpath: Option<String>,
}

/// Why a text is no package URL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no package URL: {reason}")]
pub struct PurlError {
    /// What was given, cut to a readable length.
    pub text: String,
    /// What is wrong with it.
    pub reason: String,
}

impl Purl {
    /// A purl of `kind`, `namespace`, `name` and `version` alone.
    pub fn new(kind: &str, namespace: Option<&str>, name: &str, version: Option<&str>) -> Self {
        Self {
            kind: kind.to_owned(),
            namespace: namespace.map(str::to_owned),
            name: name.to_owned(),
            version: version.map(str::to_owned),
            qualifiers: BTreeMap::new(),
            subpath: None,
        }
    }
}

impl std::str::FromStr for Purl {
    type Err = PurlError;

    /// Parses and canonicalises; accepts what the specification says a parser accepts.
    fn from_str(text: &str) -> Result<Self, PurlError> {
        let parsed = packageurl::PackageUrl::from_str(text)
            .map_err(|error| PurlError { text: text.chars().take(200).collect(), reason: error.to_string() })?;
        Ok(Self {
            kind: parsed.ty().to_owned(),
            namespace: parsed.namespace().map(str::to_owned),
            name: parsed.name().to_owned(),
            version: parsed.version().map(str::to_owned),
            qualifiers: parsed.qualifiers().iter().map(|(k, v)| (k.to_string(), v.to_string())).collect(),
            subpath: parsed.subpath().map(str::to_owned),
        })
    }
}

impl fmt::Display for Purl {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "pkg:{}/", self.kind)?;
        for segment in self.namespace.iter().flat_map(|n| n.split('/')) {
            write!(out, "{}/", encode(segment))?;
        }
        out.write_str(&encode(&self.name))?;
        if let Some(version) = &self.version {
            write!(out, "@{}", encode(version))?;
        }
        for (i, (key, value)) in self.qualifiers.iter().enumerate() {
            write!(out, "{}{key}={}", if i == 0 { '?' } else { '&' }, encode(value))?;
        }
        if let Some(subpath) = &self.subpath {
            let segments: Vec<_> = subpath.split('/').map(encode).collect();
            write!(out, "#{}", segments.join("/"))?;
        }
        Ok(())
    }
}

/// Percent-encodes all but the unreserved characters of the specification.
fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_' | b'~' | b':' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::Purl;

    #[test]
    fn a_purl_is_spelled_canonically() {
        for (given, canonical) in [
            ("pkg:cargo/serde@1.0.0", "pkg:cargo/serde@1.0.0"),
            ("pkg:npm/%40angular/core@17.0.0", "pkg:npm/%40angular/core@17.0.0"),
            ("pkg:npm/@angular/core@17.0.0", "pkg:npm/%40angular/core@17.0.0"),
            ("pkg:pypi/Django_X@1.0", "pkg:pypi/django-x@1.0"),
            ("pkg:cargo/libgit2-sys@0.18.7+1.9.6", "pkg:cargo/libgit2-sys@0.18.7%2B1.9.6"),
        ] {
            assert_eq!(given.parse::<Purl>().map(|p| p.to_string()).as_deref(), Ok(canonical), "{given}");
        }
    }
}
