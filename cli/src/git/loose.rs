//! Commits that lie in a file of their own (gitformat-loose).

use flate2::read::ZlibDecoder;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// Largest commit that is read, in bytes.
pub const LARGEST_COMMIT: u64 = 1 << 20;

/// The body of the commit with this hash.
pub fn commit(objects: &Path, hash: &str) -> Option<Vec<u8>> {
    let (folder, name) = hash.split_at_checked(2)?;
    let file = File::open(objects.join(folder).join(name)).ok()?;
    let mut bytes = Vec::new();
    ZlibDecoder::new(file).take(LARGEST_COMMIT).read_to_end(&mut bytes).ok()?;
    let end = bytes.iter().position(|byte| *byte == 0)?;
    bytes.starts_with(b"commit ").then(|| bytes.split_off(end.saturating_add(1)))
}
