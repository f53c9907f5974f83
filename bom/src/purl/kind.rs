//! Types of purls. Those that are in use take a byte: a document repeats them as
//! often as it has components, and their rules are looked up for each purl.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Deref;

/// A purl's type, in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Type(Spelled);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Spelled {
    Known(Known),
    /// None of the known ones.
    Other(Box<str>),
}

/// The known types, the most frequent first: they are tried in this order.
macro_rules! known {
    ($($name:ident $word:literal,)*) => {
        /// A type that the specification, or many documents, use.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(super) enum Known {
            $(#[doc = $word] $name,)*
        }

        impl Known {
            fn of(word: &str) -> Option<Self> {
                Some(match word {
                    $($word => Self::$name,)*
                    _ => return None,
                })
            }

            fn word(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }
        }
    };
}

known! {
    Npm "npm",
    Maven "maven",
    PyPi "pypi",
    Golang "golang",
    Cargo "cargo",
    NuGet "nuget",
    Gem "gem",
    Composer "composer",
    Deb "deb",
    Rpm "rpm",
    Apk "apk",
    Generic "generic",
    GitHub "github",
    Oci "oci",
    Docker "docker",
    Alpm "alpm",
    Bitbucket "bitbucket",
    Bitnami "bitnami",
    Brew "brew",
    ChromeExtension "chrome-extension",
    CocoaPods "cocoapods",
    Conan "conan",
    Conda "conda",
    Cpan "cpan",
    Cran "cran",
    Git "git",
    Hackage "hackage",
    Hex "hex",
    HuggingFace "huggingface",
    Julia "julia",
    LuaRocks "luarocks",
    Mlflow "mlflow",
    Otp "otp",
    Pub "pub",
    Qpkg "qpkg",
    Swift "swift",
    Vcpkg "vcpkg",
    VscodeExtension "vscode-extension",
    Yocto "yocto",
}

impl Type {
    /// The type of this name, in any case.
    pub(super) fn new(name: &str) -> Self {
        match Known::of(name) {
            Some(known) => Self(Spelled::Known(known)),
            None if name.bytes().any(|byte| byte.is_ascii_uppercase()) => Self::new(&name.to_ascii_lowercase()),
            None => Self(Spelled::Other(name.into())),
        }
    }

    /// The known type of this name, in lower case.
    pub(super) fn of_known(name: &str) -> Option<Self> {
        Known::of(name).map(|known| Self(Spelled::Known(known)))
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Spelled::Known(known) => known.word(),
            Spelled::Other(name) => name,
        }
    }

    /// Which of the known ones it is.
    pub(super) fn known(&self) -> Option<Known> {
        match self.0 {
            Spelled::Known(known) => Some(known),
            Spelled::Other(_) => None,
        }
    }
}

impl Deref for Type {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Type {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self)
    }
}

impl PartialEq<str> for Type {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Type {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl Ord for Type {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other)
    }
}

impl PartialOrd for Type {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
