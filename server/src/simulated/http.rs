//! A small HTTP/1.1 server for the simulated neighbours: one request for each
//! connection, on loopback, at a port of the system's choice.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The longest head and the longest body that are read.
const HEAD: usize = 16 << 10;
const BODY: usize = 4 << 20;

/// A request as a neighbour sees it.
#[derive(Clone, Debug)]
pub struct Asked {
    /// `GET`, `POST`, …
    pub method: String,
    /// Path and query, as sent.
    pub path: String,
    /// Header values by lower-case name.
    pub headers: HashMap<String, String>,
    /// The body.
    pub body: Vec<u8>,
}

/// What a neighbour answers.
#[derive(Clone, Debug)]
pub struct Answered {
    /// The status.
    pub status: u16,
    /// Header lines.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// After how many bytes of the reply it falls silent, with the connection open.
    pub silent_after: Option<usize>,
}

impl Answered {
    /// A status without more.
    pub fn status(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), silent_after: None }
    }
}

/// A neighbour that answers until it is dropped.
pub struct Neighbour {
    /// Where it listens.
    pub address: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for Neighbour {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Starts a neighbour.
///
/// # Errors
/// When no port can be had.
pub async fn start(answer: impl Fn(&Asked) -> Answered + Send + Sync + 'static) -> std::io::Result<Neighbour> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let answer = Arc::new(answer);
    let task = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let answer = answer.clone();
            tokio::spawn(async move {
                if let Err(error) = serve(stream, &*answer).await {
                    tracing::debug!(%error, "a simulated neighbour lost a connection");
                }
            });
        }
    });
    Ok(Neighbour { address, task })
}

async fn serve(mut stream: TcpStream, answer: &(dyn Fn(&Asked) -> Answered + Send + Sync)) -> std::io::Result<()> {
    let answered = match read(&mut stream).await? {
        Some(asked) => {
            let mut answered = answer(&asked);
            if asked.method == "HEAD" {
                answered.body.clear();
            }
            answered
        }
        None => Answered::status(400),
    };
    let mut head = format!("HTTP/1.1 {} -\r\nconnection: close\r\ncontent-length: {}\r\n", answered.status, answered.body.len());
    for (name, value) in &answered.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    let mut reply = head.into_bytes();
    reply.extend_from_slice(&answered.body);
    if let Some(said) = answered.silent_after {
        reply.truncate(said);
        stream.write_all(&reply).await?;
        // Until the other side gives up.
        return stream.read_buf(&mut reply).await.map(drop);
    }
    stream.write_all(&reply).await?;
    stream.shutdown().await
}

async fn read(stream: &mut TcpStream) -> std::io::Result<Option<Asked>> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if bytes.len() > HEAD || stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    };
    let Some(mut asked) = bytes.get(..end).and_then(head) else { return Ok(None) };
    let length: usize = asked.headers.get("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    if length > BODY {
        return Ok(None);
    }
    let mut body = bytes.split_off(end + 4);
    while body.len() < length {
        if stream.read_buf(&mut body).await? == 0 {
            return Ok(None);
        }
    }
    asked.body = body;
    Ok(Some(asked))
}

fn head(bytes: &[u8]) -> Option<Asked> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut lines = text.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (method, path) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
        .collect();
    Some(Asked { method, path, headers, body: Vec::new() })
}
