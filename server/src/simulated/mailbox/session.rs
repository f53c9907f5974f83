//! One connection to the mailbox: greeting, STARTTLS, sign-in, mails (RFC 5321, 3207, 4954).

use super::{Mail, MailFault, SIGN_IN, State, lock};
use base64::Engine as _;
use std::io::{Error, ErrorKind, Result};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

/// The longest line and the longest mail that are read.
const LINE: usize = 64 << 10;
const MAIL: usize = 8 << 20;

/// How a part of a session ended.
#[derive(PartialEq)]
enum End {
    /// The client wants TLS from here on.
    Upgrade,
    /// It is over.
    Over,
}

/// A connection and what was said on it.
pub(super) struct Session {
    state: Arc<Mutex<State>>,
    folder: PathBuf,
    signed_in: bool,
    from: String,
    to: Vec<String>,
}

impl Session {
    pub(super) fn new(state: Arc<Mutex<State>>, folder: PathBuf) -> Self {
        Self { state, folder, signed_in: false, from: String::new(), to: Vec::new() }
    }

    pub(super) async fn run(mut self, mut stream: TcpStream, acceptor: &TlsAcceptor) -> Result<()> {
        if lock(&self.state).fault == Some(MailFault::Refuses) {
            return say(&mut stream, "421 not now").await;
        }
        say(&mut stream, "220 mailbox.example ESMTP").await?;
        if self.talk(&mut Wire::new(&mut stream), false).await? == End::Upgrade {
            let mut secret = acceptor.accept(stream).await?;
            self.talk(&mut Wire::new(&mut secret), true).await?;
            secret.shutdown().await?;
        }
        Ok(())
    }

    async fn talk<S: AsyncRead + AsyncWrite + Unpin>(&mut self, wire: &mut Wire<'_, S>, secret: bool) -> Result<End> {
        loop {
            let line = wire.line().await?;
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            let answer = match verb.as_str() {
                "EHLO" if secret => "250-mailbox.example\r\n250-AUTH PLAIN LOGIN\r\n250-8BITMIME\r\n250 SIZE 8388608".to_owned(),
                "EHLO" | "HELO" => "250-mailbox.example\r\n250 STARTTLS".to_owned(),
                "STARTTLS" if !secret => {
                    say(wire.stream, "220 go on").await?;
                    return Ok(End::Upgrade);
                }
                "QUIT" => {
                    say(wire.stream, "221 bye").await?;
                    return Ok(End::Over);
                }
                "NOOP" | "RSET" => "250 good".to_owned(),
                _ if !secret => "530 5.7.0 use STARTTLS first".to_owned(),
                "AUTH" => self.sign_in(wire, &line).await?,
                "MAIL" | "RCPT" | "DATA" if !self.signed_in => "530 5.7.0 sign in first".to_owned(),
                "MAIL" => {
                    (self.from, self.to) = (address(&line), Vec::new());
                    "250 good".to_owned()
                }
                "RCPT" => {
                    self.to.push(address(&line));
                    "250 good".to_owned()
                }
                "DATA" => match self.data(wire).await? {
                    Some(answer) => answer,
                    None => return Ok(End::Over),
                },
                _ => "502 not known".to_owned(),
            };
            say(wire.stream, &answer).await?;
        }
    }

    async fn sign_in<S: AsyncRead + AsyncWrite + Unpin>(&mut self, wire: &mut Wire<'_, S>, line: &str) -> Result<String> {
        let read = |text: &str| base64::engine::general_purpose::STANDARD.decode(text.trim()).unwrap_or_default();
        let mut words = line.split_whitespace().skip(1);
        let given = match words.next().map(str::to_ascii_uppercase).as_deref() {
            Some("PLAIN") => read(words.next().unwrap_or_default()),
            Some("LOGIN") => {
                let mut both = vec![0];
                for ask in ["334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6"] {
                    say(wire.stream, ask).await?;
                    both.extend(read(&wire.line().await?));
                    both.push(0);
                }
                both.pop();
                both
            }
            _ => return Ok("504 not known".to_owned()),
        };
        self.signed_in = given == format!("\0{}\0{}", SIGN_IN.0, SIGN_IN.1).as_bytes();
        Ok(if self.signed_in { "235 welcome" } else { "535 5.7.8 wrong user or password" }.to_owned())
    }

    /// Takes a mail. `None` where the connection is to break off.
    async fn data<S: AsyncRead + AsyncWrite + Unpin>(&mut self, wire: &mut Wire<'_, S>) -> Result<Option<String>> {
        let fault = {
            let mut state = lock(&self.state);
            state.begun += 1;
            state.fault
        };
        say(wire.stream, "354 go on").await?;
        let raw = wire.data().await?;
        match fault {
            Some(MailFault::Says(code)) => return Ok(Some(format!("{code} simulated"))),
            Some(MailFault::BreaksOff) => return Ok(None),
            _ => {}
        }
        let number = self.keep(raw)?;
        match fault {
            Some(MailFault::KeepsAndBreaksOff) => return Ok(None),
            Some(MailFault::Slow(wait)) => tokio::time::sleep(wait).await,
            _ => {}
        }
        Ok(Some(format!("250 2.0.0 kept as {number}")))
    }

    fn keep(&self, raw: Vec<u8>) -> Result<usize> {
        let mut state = lock(&self.state);
        let number = state.mails.len() + 1;
        std::fs::write(self.folder.join(format!("{number:04}.eml")), &raw)?;
        state.mails.push(Mail { from: self.from.clone(), to: self.to.clone(), raw });
        Ok(number)
    }
}

/// A stream that is read line by line.
struct Wire<'a, S> {
    stream: &'a mut S,
    read: Vec<u8>,
}

impl<'a, S: AsyncRead + Unpin> Wire<'a, S> {
    fn new(stream: &'a mut S) -> Self {
        Self { stream, read: Vec::new() }
    }

    async fn line(&mut self) -> Result<String> {
        let line = self.until(b"\r\n", LINE).await?;
        Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
    }

    /// A mail, with the dots that were doubled single again.
    async fn data(&mut self) -> Result<Vec<u8>> {
        let mut mail = Vec::new();
        loop {
            let line = self.until(b"\r\n", LINE).await?;
            match line.as_slice() {
                b".\r\n" => return Ok(mail),
                [b'.', rest @ ..] => mail.extend_from_slice(rest),
                line => mail.extend_from_slice(line),
            }
            if mail.len() > MAIL {
                return Err(Error::other("the mail is too long"));
            }
        }
    }

    async fn until(&mut self, end: &[u8], most: usize) -> Result<Vec<u8>> {
        loop {
            if let Some(at) = self.read.windows(end.len()).position(|window| window == end) {
                let rest = self.read.split_off(at + end.len());
                return Ok(std::mem::replace(&mut self.read, rest));
            }
            if self.read.len() > most || self.stream.read_buf(&mut self.read).await? == 0 {
                return Err(Error::from(ErrorKind::UnexpectedEof));
            }
        }
    }
}

async fn say<S: AsyncWrite + Unpin>(stream: &mut S, text: &str) -> Result<()> {
    stream.write_all(format!("{text}\r\n").as_bytes()).await?;
    stream.flush().await
}

/// What stands between `<` and `>`.
fn address(line: &str) -> String {
    line.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(address, _)| address.to_owned()).unwrap_or_default()
}
