//! Small projects as a developer might have them: with packages that have known
//! problems, and with packages to which something will happen. `SUFFIX` in a file
//! stands for what simulated names end with.

/// A project's files, and what people call it.
pub struct Sample {
    /// The project's name.
    pub name: &'static str,
    /// The ecosystem it is built in.
    pub ecosystem: &'static str,
    /// (path, content).
    pub files: &'static [(&'static str, &'static str)],
}

/// The samples.
pub const SAMPLES: &[Sample] = &[
    Sample {
        name: "ledger-service",
        ecosystem: "crates.io",
        files: &[
            ("Cargo.toml", include_str!("samples/rust/manifest.toml")),
            ("Cargo.lock", include_str!("samples/rust/lock.toml")),
        ],
    },
    Sample {
        name: "gateway",
        ecosystem: "crates.io",
        files: &[
            ("Cargo.toml", include_str!("samples/gateway/manifest.toml")),
            ("Cargo.lock", include_str!("samples/gateway/lock.toml")),
        ],
    },
    Sample {
        name: "checkout-web",
        ecosystem: "npm",
        files: &[
            ("package.json", include_str!("samples/npm/package.json")),
            ("package-lock.json", include_str!("samples/npm/package-lock.json")),
        ],
    },
    Sample {
        name: "scoring-job",
        ecosystem: "PyPI",
        files: &[
            ("pyproject.toml", include_str!("samples/python/pyproject.toml")),
            ("uv.lock", include_str!("samples/python/lock.toml")),
        ],
    },
];
