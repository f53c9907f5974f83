//! The store: a bounded set of connections, used from blocking threads so that
//! no request ever waits on a database in an async task.

use super::db::Kind;
use super::{Address, Db, StoreError};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// The database, shared by everything in the process.
#[derive(Clone)]
pub struct Store {
    readers: Arc<Lane>,
    writers: Arc<Lane>,
    /// The name under which this process holds leases.
    holder: Arc<str>,
}

/// Some connections and as many permits.
struct Lane {
    address: Address,
    permits: Semaphore,
    idle: Mutex<Vec<Db>>,
}

/// Makes a folder, and those above it, that only their owner may enter; what is there stays as it is.
///
/// # Errors
/// [`std::io::Error`] of the file system.
pub fn private_folder(path: &std::path::Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

impl Store {
    /// Opens the database, brings its schema up to date and keeps it ready.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be reached or migrated.
    pub fn open(address: &Address) -> Result<Self, StoreError> {
        if let Address::Sqlite(path) = address
            && let Some(folder) = std::path::Path::new(path).parent()
            && !folder.as_os_str().is_empty()
        {
            private_folder(folder).map_err(|error| StoreError::Connect(format!("`{}`: {error}", folder.display())))?;
        }
        let mut first = Db::open(address)?;
        super::migrations::run(&mut first)?;
        // SQLite has one writer whatever we do: one connection keeps the queue fair.
        let writers = if matches!(address, Address::Sqlite(_)) { 1 } else { 8 };
        let (readers, writers) = (Arc::new(Lane::new(address, 8)), Arc::new(Lane::new(address, writers)));
        let store = Self { readers, writers, holder: super::new_id().into() };
        store.writers.give(first);
        Ok(store)
    }

    /// The same database, for a process that holds leases under this name.
    #[must_use]
    pub fn held_by(self, holder: &str) -> Self {
        Self { holder: holder.into(), ..self }
    }

    /// The name under which this process holds leases.
    pub fn holder(&self) -> &str {
        &self.holder
    }

    /// Runs `work` in the write transaction and answers after the commit.
    ///
    /// # Errors
    /// Whatever `work` answers, after a rollback.
    pub async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&mut Db) -> Result<T, StoreError> + Send + 'static,
    {
        self.writers.clone().run(Kind::Write, move |db| db.write(&work)).await
    }

    /// Runs `work` on a consistent snapshot.
    ///
    /// # Errors
    /// Whatever `work` answers.
    pub async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Db) -> Result<T, StoreError> + Send + 'static,
    {
        self.readers.clone().run(Kind::Read, move |db| db.read(work)).await
    }
}

impl Lane {
    fn new(address: &Address, size: usize) -> Self {
        Self { address: address.clone(), permits: Semaphore::new(size), idle: Mutex::new(Vec::new()) }
    }

    async fn run<T, F>(self: Arc<Self>, kind: Kind, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Db) -> Result<T, StoreError> + Send + 'static,
    {
        let lane = self.clone();
        let _permit = self.permits.acquire().await.map_err(|_| StoreError::Stopping)?;
        let task = tokio::task::spawn_blocking(move || {
            let mut db = lane.begun(kind)?;
            let answer = work(&mut db);
            if db.is_sound() {
                lane.give(db);
            }
            answer
        });
        task.await.map_err(|_| StoreError::Stopping)?
    }

    /// A connection with a transaction begun. Whether one that lay idle still stands
    /// shows here, before anything was done on it; then a new one takes its place.
    fn begun(&self, kind: Kind) -> Result<Db, StoreError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(mut db) = idle {
            match db.begin(kind) {
                Ok(()) => return Ok(db),
                Err(StoreError::Connect(error)) => {
                    tracing::warn!(error, "a connection to the database was lost");
                    // Its neighbours are as old.
                    self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
                }
                Err(error) => return Err(error),
            }
        }
        let mut db = Db::open(&self.address)?;
        db.begin(kind)?;
        Ok(db)
    }

    fn give(&self, db: Db) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(db);
    }
}
