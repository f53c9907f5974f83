//! Bounds on what one document may ask for. Each is a setting; a document beyond
//! one is refused with an error that names the bound and the setting.

use super::ReadError;

/// Bounds on what a reader accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the document, after decompression.
    pub bytes: usize,
    /// Nesting of objects, arrays or elements.
    pub depth: usize,
    /// Components, nested ones counted.
    pub components: usize,
    /// Dependency edges.
    pub edges: usize,
    /// Lists, objects and tables of a lockfile.
    pub records: usize,
    /// Bytes of a name, a version, a purl or another text that is kept.
    pub text: usize,
    /// Bytes of the file that was measured by [`Limits::for_file`].
    pub file: Option<usize>,
}

/// One of the bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// [`Limits::bytes`].
    Bytes,
    /// [`Limits::depth`].
    Depth,
    /// [`Limits::components`].
    Components,
    /// [`Limits::edges`].
    Edges,
    /// [`Limits::records`].
    Records,
    /// [`Limits::text`].
    Text,
}

impl Bound {
    /// Every bound.
    pub const ALL: &[Self] = &[Self::Bytes, Self::Depth, Self::Components, Self::Edges, Self::Records, Self::Text];

    /// The setting, as the server's settings name it.
    pub fn setting(self) -> &'static str {
        match self {
            Self::Bytes => "limits.document_bytes",
            Self::Depth => "limits.depth",
            Self::Components => "limits.components",
            Self::Edges => "limits.edges",
            Self::Records => "limits.records",
            Self::Text => "limits.text_bytes",
        }
    }

    /// The environment variable that sets it.
    pub fn variable(self) -> String {
        format!("BOMWARDEN_{}", self.setting().replace('.', "__").to_uppercase())
    }
}

impl Limits {
    /// The bounds where nobody set others.
    pub const DEFAULT: Self = Self {
        bytes: 256 << 20,
        depth: Self::DEEPEST,
        components: 1_000_000,
        edges: 5_000_000,
        records: 5_000_000,
        text: 64 << 10,
        file: None,
    };

    /// The deepest nesting that may be allowed: readers follow it on the stack.
    pub const DEEPEST: usize = 128;

    /// The place of a bound, to read or to set it.
    pub fn bound(&mut self, bound: Bound) -> &mut usize {
        match bound {
            Bound::Bytes => &mut self.bytes,
            Bound::Depth => &mut self.depth,
            Bound::Components => &mut self.components,
            Bound::Edges => &mut self.edges,
            Bound::Records => &mut self.records,
            Bound::Text => &mut self.text,
        }
    }

    /// The same bounds, and none beyond what a file of `bytes` bytes, packed or not, may ask for: a small file
    /// cannot fill the memory with components that say nothing, nor unpack to more than forty times its size
    /// (documents of tools pack ten- to thirtyfold) and 16 MB.
    /// A component takes six hundred bytes of memory, however little is said of it.
    #[must_use]
    pub fn for_file(self, bytes: usize) -> Self {
        let of_size = |bound| self.of_size(bound, bytes).unwrap_or(usize::MAX);
        Self {
            bytes: self.bytes.min(of_size(Bound::Bytes)),
            components: self.components.min(of_size(Bound::Components)),
            edges: self.edges.min(of_size(Bound::Edges)),
            records: self.records.min(of_size(Bound::Records)),
            file: Some(bytes),
            ..self
        }
    }

    /// What a file of so many bytes may ask for; real records of lockfiles take 90 bytes and more.
    fn of_size(&self, bound: Bound, bytes: usize) -> Option<usize> {
        match bound {
            Bound::Bytes => Some(bytes.saturating_mul(40).saturating_add(16 << 20)),
            Bound::Components => Some(bytes / 64 + 100_000),
            Bound::Edges => Some(bytes.saturating_add(500_000)),
            Bound::Records => Some(bytes / 32 + 100_000),
            Bound::Depth | Bound::Text => None,
        }
    }

    /// Refuses a document that lists more components than it may, before they are made.
    ///
    /// # Errors
    /// [`ReadError`] that names the bound.
    pub fn foresee(&self, components: usize) -> Result<(), ReadError> {
        if components > self.components { Err(ReadError::whole(self.refusal(Bound::Components))) } else { Ok(()) }
    }

    /// Why a document beyond this bound is refused, and what allows more.
    pub fn refusal(mut self, bound: Bound) -> String {
        let most = *self.bound(bound);
        let text = match bound {
            Bound::Bytes => format!("the document has more than {most} bytes"),
            Bound::Depth => format!("the document is nested more than {most} deep"),
            Bound::Components => format!("the document has more than {most} components"),
            Bound::Edges => format!("the document has more than {most} dependencies"),
            Bound::Records => format!("the document has more than {most} lists, objects and tables"),
            Bound::Text => format!("a text of the document has more than {most} bytes"),
        };
        match self.file.filter(|bytes| self.of_size(bound, *bytes) == Some(most)) {
            Some(bytes) => format!("{text}, too many for a file of {bytes} bytes"),
            None if bound == Bound::Depth && most == Self::DEEPEST => text,
            None => format!("{text}; `{}` allows more", bound.setting()),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_file_may_not_ask_for_much() {
        let check = |bytes: usize, expected: (usize, usize, usize)| {
            let limits = Limits::default().for_file(bytes);
            assert_eq!((limits.bytes, limits.components, limits.edges), expected, "{bytes}");
        };
        check(0, (16 << 20, 100_000, 500_000));
        check(3_200_000, ((16 << 20) + 128_000_000, 150_000, 3_700_000));
        check(1 << 30, (256 << 20, 1_000_000, 5_000_000));
        let own = Limits { bytes: 10, components: 1, edges: 1, records: 1, ..Limits::default() };
        assert_eq!(own.for_file(1000), Limits { file: Some(1000), ..own }, "the operator's own bounds stay");
    }

    #[test]
    fn a_refusal_names_the_setting_unless_the_size_is_what_bounds() {
        for &bound in Bound::ALL {
            let mut limits = Limits::default();
            *limits.bound(bound) = 7;
            let text = limits.for_file(1000).refusal(bound);
            assert!(text.contains("more than 7 ") && text.contains(bound.setting()), "{text}");
        }
        let text = Limits::default().for_file(3200).refusal(Bound::Components);
        assert_eq!(text, "the document has more than 100050 components, too many for a file of 3200 bytes");
        assert_eq!(Bound::Bytes.variable(), "BOMWARDEN_LIMITS__DOCUMENT_BYTES");
    }
}
