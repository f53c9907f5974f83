//! A small OSV feed: one zip of records over HTTP, with an entity tag that changes
//! when the records do. Ids, packages and ranges are those of published records;
//! the words are our own.

use super::http::{Answered, Asked, Neighbour, start};
use sha2::{Digest as _, Sha256};
use std::io::{Cursor, Write as _};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// The records the feed begins with: (file name, record).
pub const RECORDS: &[(&str, &str)] = &[
    ("RUSTSEC-2021-0003.json", include_str!("records/RUSTSEC-2021-0003.json")),
    ("RUSTSEC-2026-0009.json", include_str!("records/RUSTSEC-2026-0009.json")),
    ("RUSTSEC-2022-0042.json", include_str!("records/RUSTSEC-2022-0042.json")),
    ("GHSA-jf85-cpcp-j695.json", include_str!("records/GHSA-jf85-cpcp-j695.json")),
    ("GHSA-xvch-5gv4-984h.json", include_str!("records/GHSA-xvch-5gv4-984h.json")),
    ("MAL-2026-2307.json", include_str!("records/MAL-2026-2307.json")),
    ("PYSEC-2023-74.json", include_str!("records/PYSEC-2023-74.json")),
    ("PYSEC-2026-1873.json", include_str!("records/PYSEC-2026-1873.json")),
    ("MAL-2026-2144.json", include_str!("records/MAL-2026-2144.json")),
    ("PYSEC-2026-2.json", include_str!("records/PYSEC-2026-2.json")),
];

/// The feed.
pub struct OsvFeed {
    neighbour: Neighbour,
    archive: Arc<Mutex<Vec<u8>>>,
}

impl OsvFeed {
    /// Starts the feed with [`RECORDS`].
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start() -> anyhow::Result<Self> {
        let archive = Arc::new(Mutex::new(zip(RECORDS)?));
        let served = archive.clone();
        let neighbour = start(move |asked| answer(asked, &served.lock().unwrap_or_else(PoisonError::into_inner))).await?;
        Ok(Self { neighbour, archive })
    }

    /// Publishes other records instead.
    ///
    /// # Errors
    /// When they cannot be packed.
    pub fn publish(&self, records: &[(&str, &str)]) -> anyhow::Result<()> {
        *self.archive.lock().unwrap_or_else(PoisonError::into_inner) = zip(records)?;
        Ok(())
    }

    /// Where the feed listens.
    pub fn address(&self) -> SocketAddr {
        self.neighbour.address
    }

    /// The address of the archive.
    pub fn url(&self) -> String {
        format!("http://{}/all.zip", self.neighbour.address)
    }
}

fn zip(records: &[(&str, &str)]) -> anyhow::Result<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, record) in records {
        archive.start_file(*name, SimpleFileOptions::default())?;
        archive.write_all(record.as_bytes())?;
    }
    Ok(archive.finish()?.into_inner())
}

fn answer(asked: &Asked, archive: &[u8]) -> Answered {
    if asked.path != "/all.zip" {
        return Answered::status(404);
    }
    let tag = format!("\"{}\"", hex::encode(Sha256::digest(archive)));
    if asked.headers.get("if-none-match") == Some(&tag) {
        return Answered { headers: vec![("etag", tag)], ..Answered::status(304) };
    }
    let headers = vec![("etag", tag), ("content-type", "application/zip".to_owned())];
    Answered { headers, body: archive.to_vec(), ..Answered::status(200) }
}
