//! Why a problem does not affect somebody, in the words of CycloneDX
//! (`vulnerabilities[].analysis.justification`), the finest that VEX has.

/// Why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Justification {
    /// The vulnerable code is not there.
    CodeNotPresent,
    /// It is there and never runs.
    CodeNotReachable,
    /// It needs a setting that is not set.
    RequiresConfiguration,
    /// It needs another component that is not there.
    RequiresDependency,
    /// It needs surroundings that are not ours.
    RequiresEnvironment,
    /// The compiler's protection keeps it from being used.
    ProtectedByCompiler,
    /// Something at run time does.
    ProtectedAtRuntime,
    /// Something in front of it does.
    ProtectedAtPerimeter,
    /// Another measure does.
    ProtectedByMitigatingControl,
}

impl Justification {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::CodeNotPresent,
        Self::CodeNotReachable,
        Self::RequiresConfiguration,
        Self::RequiresDependency,
        Self::RequiresEnvironment,
        Self::ProtectedByCompiler,
        Self::ProtectedAtRuntime,
        Self::ProtectedAtPerimeter,
        Self::ProtectedByMitigatingControl,
    ];

    /// CycloneDX's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::CodeNotPresent => "code_not_present",
            Self::CodeNotReachable => "code_not_reachable",
            Self::RequiresConfiguration => "requires_configuration",
            Self::RequiresDependency => "requires_dependency",
            Self::RequiresEnvironment => "requires_environment",
            Self::ProtectedByCompiler => "protected_by_compiler",
            Self::ProtectedAtRuntime => "protected_at_runtime",
            Self::ProtectedAtPerimeter => "protected_at_perimeter",
            Self::ProtectedByMitigatingControl => "protected_by_mitigating_control",
        }
    }

    /// The one with this word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.word() == word)
    }

    /// What it means, for people.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::CodeNotPresent => "the vulnerable code is not in what we ship",
            Self::CodeNotReachable => "the vulnerable code is never run",
            Self::RequiresConfiguration => "it needs a setting that we do not use",
            Self::RequiresDependency => "it needs a component that is not there",
            Self::RequiresEnvironment => "it needs surroundings that are not ours",
            Self::ProtectedByCompiler => "the compiler's protection stops it",
            Self::ProtectedAtRuntime => "a protection at run time stops it",
            Self::ProtectedAtPerimeter => "a protection in front of it stops it",
            Self::ProtectedByMitigatingControl => "another measure stops it",
        }
    }
}
