//! Taking an upload off the network: parts go to files as they come, and every
//! bound is checked before more is read.

use super::meta::Meta;
use crate::config::UploadLimits;
use crate::error::AppError;
use crate::ingest::Sent;
use actix_multipart::{Field, Multipart};
use actix_web::http::header;
use actix_web::{HttpRequest, web};
use futures_util::StreamExt as _;
use std::collections::HashMap;
use std::io::SeekFrom;
use std::ops::Range;
use std::time::Duration;
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _};
use tokio::time::{Instant, timeout_at};

/// The largest part `meta`, in bytes.
const META: usize = 4 << 20;
/// What the headers of one part may take, in bytes.
const PART_HEAD: usize = 4 << 10;
/// What is larger than this waits in a file.
const IN_MEMORY: usize = 1 << 20;
/// How long nothing may come.
const SILENCE: Duration = Duration::from_secs(30);
/// How long an upload may take.
const WHOLE: Duration = Duration::from_secs(30 * 60);

/// What came, not yet in memory.
pub struct Received {
    meta: Meta,
    parts: HashMap<String, Range<usize>>,
    spool: Spool,
}

/// All documents of an upload, one behind the other: in memory as long as they
/// are small, else in one temporary file that has no name.
#[derive(Default)]
struct Spool {
    memory: Vec<u8>,
    file: Option<File>,
    size: usize,
}

/// Takes an upload in.
///
/// # Errors
/// [`AppError`] for a body that is no such upload, too large or too slow.
pub async fn receive(request: &HttpRequest, payload: web::Payload, limits: &UploadLimits) -> Result<Received, AppError> {
    let too_large = || {
        AppError::TooLarge(format!(
            "the documents have more than {} bytes together; send less, or ask for another `limits.upload_bytes`",
            limits.bytes
        ))
    };
    let most = limits.bytes.saturating_add(META).saturating_add(limits.documents.saturating_mul(PART_HEAD));
    let declared = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if declared.and_then(|text| text.parse::<u64>().ok()).is_some_and(|length| usize::try_from(length).map_or(true, |n| n > most))
    {
        return Err(too_large());
    }
    let mut body = Multipart::new(request.headers(), payload);
    let (mut meta, mut parts, mut spool) = (None, HashMap::new(), Spool::default());
    let end = Instant::now() + WHOLE;
    while let Some(field) = soon(end, body.next()).await? {
        let mut field = field.map_err(|error| broken(&error))?;
        let name = field.name().unwrap_or_default().to_owned();
        if name == "meta" {
            meta = Some(Meta::read(&small(&mut field, end).await?)?);
            continue;
        }
        if parts.len() >= limits.documents {
            return Err(AppError::TooLarge(format!("the upload has more than {} documents; split it", limits.documents)));
        }
        let start = spool.size;
        while let Some(chunk) = soon(end, field.next()).await? {
            let chunk = chunk.map_err(|error| broken(&error))?;
            if spool.size + chunk.len() > limits.bytes {
                return Err(too_large());
            }
            spool.append(&chunk).await.map_err(AppError::internal)?;
        }
        if parts.insert(name.clone(), start..spool.size).is_some() {
            return Err(AppError::Invalid(format!("the part `{name}` comes twice")));
        }
    }
    let meta = meta.ok_or_else(|| AppError::Invalid("the part `meta` is missing; send it as JSON".to_owned()))?;
    Ok(Received { meta, parts, spool })
}

/// Reads the part `meta`.
async fn small(field: &mut Field, end: Instant) -> Result<Vec<u8>, AppError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = soon(end, field.next()).await? {
        let chunk = chunk.map_err(|error| broken(&error))?;
        if bytes.len() + chunk.len() > META {
            return Err(AppError::TooLarge(format!("the part `meta` has more than {META} bytes")));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

impl Received {
    /// Bytes of all documents.
    pub fn size(&self) -> usize {
        self.spool.size
    }

    /// Reads the documents into memory, in the order in which `meta` names them.
    ///
    /// # Errors
    /// [`AppError::Invalid`] where `meta` and the parts do not fit together.
    pub async fn read(mut self) -> Result<(Meta, Vec<Sent>), AppError> {
        let mut documents = Vec::with_capacity(self.meta.places.len());
        for (part, slot) in &self.meta.places {
            let missing = || AppError::Invalid(format!("`meta` names the part `{part}`, which did not come or is named twice"));
            let range = self.parts.remove(part).ok_or_else(missing)?;
            let bytes = self.spool.read(range).await.map_err(AppError::internal)?;
            documents.push(Sent { slot: slot.clone(), bytes });
        }
        match self.parts.keys().next() {
            Some(part) => Err(AppError::Invalid(format!("`meta` says nothing of the part `{part}`; give it a slot"))),
            None => Ok((self.meta, documents)),
        }
    }
}

impl Spool {
    async fn append(&mut self, chunk: &[u8]) -> std::io::Result<()> {
        self.memory.extend_from_slice(chunk);
        self.size += chunk.len();
        if self.memory.len() > IN_MEMORY { self.spill().await } else { Ok(()) }
    }

    async fn spill(&mut self) -> std::io::Result<()> {
        let file = match self.file.take() {
            Some(file) => file,
            None => File::from_std(tempfile::tempfile()?),
        };
        let file = self.file.insert(file);
        file.write_all(&self.memory).await?;
        file.flush().await?;
        self.memory.clear();
        Ok(())
    }

    async fn read(&mut self, range: Range<usize>) -> std::io::Result<Vec<u8>> {
        if self.file.is_some() && !self.memory.is_empty() {
            self.spill().await?;
        }
        match &mut self.file {
            None => Ok(self.memory.get(range).map(<[u8]>::to_vec).unwrap_or_default()),
            Some(file) => {
                let mut bytes = vec![0; range.len()];
                file.seek(SeekFrom::Start(range.start as u64)).await?;
                file.read_exact(&mut bytes).await?;
                Ok(bytes)
            }
        }
    }
}

/// What comes next, unless nothing does for too long.
async fn soon<T>(end: Instant, next: impl Future<Output = T>) -> Result<T, AppError> {
    let by = end.min(Instant::now() + SILENCE);
    timeout_at(by, next).await.map_err(|_| slow())
}

fn slow() -> AppError {
    AppError::Slow("nothing came for a while, and the upload was given up; send it again".to_owned())
}

fn broken(error: &actix_multipart::MultipartError) -> AppError {
    AppError::Invalid(format!("the body is no whole `multipart/form-data`: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_spool_gives_back_what_it_took() {
        for pieces in [1, 40] {
            let mut spool = Spool::default();
            let piece: Vec<u8> = (0..=255).cycle().take(100_001).collect();
            for _ in 0..pieces {
                spool.append(&piece).await.unwrap();
            }
            assert_eq!(spool.file.is_some(), pieces > 1);
            let last = spool.size - piece.len()..spool.size;
            assert_eq!(spool.read(last).await.unwrap(), piece);
            assert_eq!(spool.read(0..3).await.unwrap(), [0, 1, 2]);
            assert!(spool.read(5..5).await.unwrap().is_empty());
        }
    }
}
