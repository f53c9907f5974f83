//! CPE names (Common Platform Enumeration 2.3, NISTIR 7695): how NVD and many
//! documents name products. Both bindings are read, the formatted string
//! (`cpe:2.3:a:vendor:product:…`) and the URI (`cpe:/a:vendor:product:…`).
//!
//! A component that has such a name and no purl is a package of the ecosystem
//! `CPE`, called `part:vendor:product`. Vendors and products were guessed by tools
//! and people: what is matched by them is **weak** (docs/decisions/0014).

mod bound;
mod condition;

pub use condition::{Conditions, holds};

use crate::ecosystem::{Ecosystem, Package};
use std::fmt::Write as _;

/// Bytes of a name; longer ones are none.
const LONGEST: usize = 2048;

/// What an attribute of a name says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Value {
    /// Anything (`*`).
    #[default]
    Any,
    /// There is none (`-`).
    Absent,
    /// This, lower case and without quoting.
    Is(String),
    /// A text with unquoted `*` or `?`, which stands for several.
    Like(String),
}

/// A name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Cpe {
    /// `a` application, `o` operating system, `h` hardware.
    pub part: Value,
    /// Who makes it.
    pub vendor: Value,
    /// What it is called.
    pub product: Value,
    /// Its version.
    pub version: Value,
    /// What came after the version: a service pack, a candidate.
    pub update: Value,
    /// An edition, as version 2.2 had it.
    pub edition: Value,
    /// The language of its surface.
    pub language: Value,
    /// For which market it is made.
    pub sw_edition: Value,
    /// The software it runs in.
    pub target_sw: Value,
    /// The hardware it runs on.
    pub target_hw: Value,
    /// Anything else.
    pub other: Value,
}

/// Why a text is no CPE name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no CPE name: {reason}")]
pub struct CpeError {
    /// What was given, cut to a readable length.
    pub text: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl Cpe {
    /// Reads either binding, in any case.
    ///
    /// # Errors
    /// [`CpeError`] for a text that is neither.
    pub fn of(text: &str) -> Result<Self, CpeError> {
        let wrong = |reason| CpeError { text: text.chars().take(200).collect(), reason };
        if text.len() > LONGEST {
            return Err(wrong("it is too long"));
        }
        let lower = text.trim().to_lowercase();
        if lower.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(wrong("it has spaces"));
        }
        let read = match (lower.strip_prefix("cpe:2.3:"), lower.strip_prefix("cpe:/")) {
            (Some(rest), _) => bound::formatted(rest),
            (None, Some(rest)) => bound::uri(rest),
            (None, None) => Err("it begins with neither `cpe:2.3:` nor `cpe:/`"),
        };
        read.map_err(wrong)
    }

    /// The package that one of a component's names names: the first that says what it is.
    pub fn first_of(names: &[String]) -> Option<(Self, Package)> {
        names.iter().find_map(|name| {
            let cpe = Self::of(name).ok()?;
            let package = cpe.package()?;
            Some((cpe, package))
        })
    }

    /// The package `part:vendor:product`; `None` where one of the three is not one text.
    pub fn package(&self) -> Option<Package> {
        let (Value::Is(part), Value::Is(vendor), Value::Is(product)) = (&self.part, &self.vendor, &self.product) else {
            return None;
        };
        let (ecosystem, _) = Ecosystem::of_osv("CPE")?;
        let mut name = part.clone();
        for text in [vendor, product] {
            name.push(':');
            for c in text.chars() {
                if matches!(c, ':' | '\\') {
                    name.push('\\');
                }
                name.push(c);
            }
        }
        Some(Package { ecosystem, name })
    }

    /// `version`, or `version update`; `None` where the version is not one text.
    pub fn full_version(&self) -> Option<String> {
        match (&self.version, &self.update) {
            (Value::Is(version), Value::Is(update)) => Some(format!("{version} {update}")),
            (Value::Is(version), _) => Some(version.clone()),
            _ => None,
        }
    }

    /// What else it says, as a component's qualifiers: `key=value&…`, sorted. `-` stands
    /// for what it says there is none of.
    pub fn qualifiers(&self) -> String {
        let no_update = (self.update == Value::Absent).then_some(("update", &self.update));
        let mut out = String::new();
        for (key, value) in self.further().into_iter().chain(no_update) {
            let text = match value {
                Value::Is(text) => condition::escaped(text),
                Value::Absent => "-".to_owned(),
                Value::Any | Value::Like(_) => continue,
            };
            let between = if out.is_empty() { "" } else { "&" };
            // Writing to a text cannot fail.
            let _written = write!(out, "{between}{key}={text}").is_ok();
        }
        out
    }

    /// The attributes behind the update, by name.
    fn further(&self) -> [(&'static str, &Value); 6] {
        [
            ("edition", &self.edition),
            ("language", &self.language),
            ("other", &self.other),
            ("sw_edition", &self.sw_edition),
            ("target_hw", &self.target_hw),
            ("target_sw", &self.target_sw),
        ]
    }
}

#[cfg(test)]
mod tests;
