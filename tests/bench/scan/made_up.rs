//! Made-up records of any number, three to a package on average.

use anyhow::Result;
use serde_json::json;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

/// A purl that records speak of.
pub const PURL: &str = "pkg:npm/package-7@1.0.0\n";

/// Writes so many records to `path`, one a line.
///
/// # Errors
/// When the file cannot be written.
pub fn write(path: &Path, records: u32) -> Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    for n in 0..records {
        let ecosystem = ["npm", "PyPI", "crates.io"][(n % 3) as usize];
        let package = json!({"ecosystem": ecosystem, "name": format!("package-{}", n / 3 % (records / 9))});
        let events = json!([{"introduced": "0"}, {"fixed": format!("{}.{}.0", 1 + n % 9, n % 30)}]);
        let record = json!({"id": format!("MADE-{n:06}"), "modified": "2026-01-01T00:00:00Z", "aliases": [format!("CVE-2026-{n}")],
            "summary": format!("the problem number {n}"), "affected": [{"package": package,
            "ranges": [{"type": if n % 3 == 1 { "ECOSYSTEM" } else { "SEMVER" }, "events": events}]}]});
        writeln!(out, "{record}")?;
    }
    Ok(out.flush()?)
}
