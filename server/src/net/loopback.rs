//! For tests: a server on loopback that sends exactly the bytes it is told, wrong
//! ones too, and keeps what it was asked.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

/// The server; it ends with the test's process.
pub(crate) struct Loopback {
    pub(crate) address: SocketAddr,
    /// None is silence.
    replies: Arc<Mutex<VecDeque<Option<Vec<u8>>>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Loopback {
    /// A server that answers 404 when it runs out of replies.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let (replies, asked) = (Arc::new(Mutex::new(VecDeque::new())), Arc::new(Mutex::new(Vec::new())));
        let (queue, log) = (replies.clone(), asked.clone());
        std::thread::spawn(move || {
            let mut held = Vec::new();
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let (mut head, mut byte) = (Vec::new(), [0]);
                while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read == 1) {
                    head.extend(byte);
                }
                log.lock().expect("the log").push(String::from_utf8_lossy(&head).into_owned());
                let none = || Some(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_vec());
                match queue.lock().expect("the replies").pop_front().unwrap_or_else(none) {
                    // A client that gave up is no mistake of the server.
                    Some(reply) => drop(stream.write_all(&reply)),
                    None => held.push(stream),
                }
            }
        });
        Self { address, replies, asked }
    }

    /// Sends this for the next request.
    pub(crate) fn reply(&self, head: &str, body: &[u8]) {
        let head = format!("HTTP/1.1 {head}\r\nconnection: close\r\n");
        self.raw([head.as_bytes(), format!("content-length: {}\r\n\r\n", body.len()).as_bytes(), body].concat());
    }

    /// Sends these very bytes for the next request.
    pub(crate) fn raw(&self, bytes: Vec<u8>) {
        self.replies.lock().expect("the replies").push_back(Some(bytes));
    }

    /// Says nothing to the next request, and keeps its connection open.
    pub(crate) fn silence(&self) {
        self.replies.lock().expect("the replies").push_back(None);
    }

    /// The heads of all requests so far.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("the log").clone()
    }

    /// An address on it.
    pub(crate) fn url(&self, path: &str) -> url::Url {
        format!("http://{}/{path}", self.address).parse().expect("an address")
    }
}
