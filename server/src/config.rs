//! What the administrator may set, by file, environment and flags.

use crate::store::Address;
use std::path::PathBuf;

/// Every setting, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen, `127.0.0.1:8080` unless told.
    pub listen: String,
    /// The folder of everything the server keeps.
    pub data: PathBuf,
    /// The database.
    pub database: Address,
    /// Limits on what is accepted.
    pub limits: UploadLimits,
}

/// Bounds on one upload.
#[derive(Clone, Copy, Debug)]
pub struct UploadLimits {
    /// Bytes of all documents of one run together.
    pub bytes: usize,
    /// Documents of one run.
    pub documents: usize,
}

impl Default for Config {
    fn default() -> Self {
        let data = PathBuf::from("bomwarden-data");
        Self {
            listen: "127.0.0.1:8080".to_owned(),
            database: Address::Sqlite(data.join("bomwarden.db").display().to_string()),
            data,
            limits: UploadLimits { bytes: 256 << 20, documents: 1000 },
        }
    }
}
