//! A neighbour on loopback that answers every request with what a test last told it
//! to say, whole or broken off.

use anyhow::{Context as _, Result};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// A neighbour; it is silent once dropped.
pub struct Neighbour {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    reply: Mutex<(u16, Vec<u8>)>,
    asked: AtomicUsize,
    over: AtomicBool,
}

impl Neighbour {
    /// Starts one that says `body` with `status`.
    ///
    /// # Errors
    /// When it cannot listen.
    pub fn start(status: u16, body: Vec<u8>) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").context("loopback")?;
        let shared = Arc::new(Shared::default());
        let neighbour = Self { address: listener.local_addr()?, shared: shared.clone() };
        neighbour.say(status, body);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if shared.over.load(Ordering::SeqCst) {
                    return;
                }
                let _caller_went_away = answer(&shared, stream);
            }
        });
        Ok(neighbour)
    }

    /// From now on it says `body` with `status`. Answers how often it was asked so far.
    pub fn say(&self, status: u16, body: Vec<u8>) -> usize {
        *self.shared.reply.lock().unwrap_or_else(PoisonError::into_inner) = (status, body);
        self.asked()
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        self.shared.asked.load(Ordering::SeqCst)
    }

    /// `host:port`.
    pub fn host(&self) -> String {
        self.address.to_string()
    }
}

impl Drop for Neighbour {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::SeqCst);
        // The last connection lets its thread see that it is over.
        let _gone = TcpStream::connect(self.address);
    }
}

fn answer(shared: &Shared, mut stream: TcpStream) -> Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    while reader.read_line(&mut line)? > 2 {
        line.clear();
    }
    let (status, body) = shared.reply.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let head = format!("HTTP/1.1 {status} Said\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    stream.write_all(head.as_bytes())?;
    stream.write_all(&body)?;
    shared.asked.fetch_add(1, Ordering::SeqCst);
    Ok(())
}
