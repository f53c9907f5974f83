//! HTTP/1.1 over a plain socket: one request a connection, cookies kept,
//! redirects left to the caller. No proxies, no TLS: the demo is on loopback.

use crate::Fault;
use crate::json::{self, Json};
use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// The largest answer that is read, in bytes.
const LARGEST: u64 = 64 << 20;

/// Someone who asks the demo: through `/v1` with a session, or as a browser with cookies.
pub struct Client {
    authority: String,
    cookies: BTreeMap<String, String>,
    session: Option<String>,
}

/// An answer.
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub body: String,
}

impl Answer {
    /// The first header of this name, in lower case.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }
}

impl Client {
    /// A client of the server at `http://HOST:PORT`.
    ///
    /// # Errors
    /// When the address is of another kind.
    pub fn new(url: &str) -> Result<Self, Fault> {
        let authority = url.strip_prefix("http://").map(|rest| rest.trim_end_matches('/')).filter(|rest| !rest.contains('/'));
        let authority = authority.ok_or_else(|| format!("`{url}` is not of the kind http://HOST:PORT"))?;
        Ok(Self { authority: authority.to_owned(), cookies: BTreeMap::new(), session: None })
    }

    /// Begins a session of the API.
    ///
    /// # Errors
    /// When login and password are refused.
    pub fn sign_in(&mut self, login: &str, password: &str) -> Result<(), Fault> {
        let body = format!("{{\"login\":{},\"password\":{}}}", quoted(login), quoted(password));
        let answer = self.send("POST", "/v1/sessions", Some(("application/json", &body)))?;
        let session = json::read(&answer.body)?.get("session").text().to_owned();
        if answer.status != 201 || session.is_empty() {
            return Err(format!("POST /v1/sessions answers {}: {}", answer.status, answer.body));
        }
        self.session = Some(session);
        Ok(())
    }

    /// Asks `/v1` for a list and gathers all its pages.
    ///
    /// # Errors
    /// When an answer is not a page of a list.
    pub fn list(&mut self, path: &str) -> Result<Vec<Json>, Fault> {
        let mut items = Vec::new();
        let mut after = String::new();
        for _ in 0..1000 {
            let join = if path.contains('?') { '&' } else { '?' };
            let answer = self.get(&format!("{path}{join}limit=500{after}"))?;
            if answer.status != 200 {
                return Err(format!("GET {path} answers {}: {}", answer.status, answer.body));
            }
            let page = json::read(&answer.body).map_err(|error| format!("GET {path}: {error}"))?;
            items.extend_from_slice(page.get("items").items());
            match page.get("next").text() {
                "" => return Ok(items),
                next => after = format!("&after={}", encoded(next)),
            }
        }
        Err(format!("GET {path} has no last page"))
    }

    /// Asks for a path.
    ///
    /// # Errors
    /// When there is no whole answer.
    pub fn get(&mut self, path: &str) -> Result<Answer, Fault> {
        self.send("GET", path, None)
    }

    /// Sends a form, as a browser does.
    ///
    /// # Errors
    /// When there is no whole answer.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<Answer, Fault> {
        let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        self.send("POST", path, Some(("application/x-www-form-urlencoded", &pairs.join("&"))))
    }

    fn send(&mut self, method: &str, path: &str, body: Option<(&str, &str)>) -> Result<Answer, Fault> {
        let failed = |error: std::io::Error| format!("{method} {path}: {error}");
        let mut socket = TcpStream::connect(&self.authority).map_err(failed)?;
        socket.set_read_timeout(Some(Duration::from_secs(30))).map_err(failed)?;
        let head = self.head(method, path, body);
        socket.write_all(head.as_bytes()).map_err(failed)?;
        socket.write_all(body.map_or("", |(_, text)| text).as_bytes()).map_err(failed)?;
        let mut bytes = Vec::new();
        socket.take(LARGEST).read_to_end(&mut bytes).map_err(failed)?;
        let answer = parse(&bytes).ok_or_else(|| format!("{method} {path}: the answer is not whole"))?;
        self.keep_cookies(&answer);
        Ok(answer)
    }

    fn head(&self, method: &str, path: &str, body: Option<(&str, &str)>) -> String {
        let mut head =
            format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nAccept-Encoding: identity\r\n", self.authority);
        if let Some(session) = &self.session {
            head += &format!("Authorization: Bearer {session}\r\n");
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            head += &format!("Cookie: {}\r\n", pairs.join("; "));
        }
        if let Some((kind, text)) = body {
            let origin = format!("http://{}", self.authority);
            head += &format!("Origin: {origin}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n", text.len());
        }
        head + "\r\n"
    }

    fn keep_cookies(&mut self, answer: &Answer) {
        for (_, value) in answer.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let pair = value.split(';').next().unwrap_or("");
            match pair.split_once('=') {
                Some((name, _)) if is_over(value) => drop(self.cookies.remove(name.trim())),
                Some((name, value)) => drop(self.cookies.insert(name.trim().to_owned(), value.trim().to_owned())),
                None => {}
            }
        }
    }
}

/// Whether a browser throws a cookie away at once: its clock shows today, whatever the
/// server's shows (RFC 6265, section 5.3).
fn is_over(cookie: &str) -> bool {
    let attribute = |wanted: &str| {
        let pairs = cookie.split(';').skip(1).filter_map(|pair| pair.split_once('='));
        pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case(wanted)).map(|(_, value)| value.trim().to_owned()).last()
    };
    match (attribute("max-age"), attribute("expires")) {
        (Some(seconds), _) => seconds.parse::<i64>().is_ok_and(|seconds| seconds <= 0),
        (None, Some(at)) => chrono::DateTime::parse_from_rfc2822(&at).is_ok_and(|at| at < chrono::Utc::now()),
        (None, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_over;

    #[test]
    fn cookies_live_by_the_clock_of_who_keeps_them() {
        assert!(is_over("a=b; HttpOnly; Expires=Sun, 27 Sep 2020 18:00:00 GMT"));
        assert!(!is_over("a=b; HttpOnly; Expires=Sun, 27 Sep 2020 18:00:00 GMT; Max-Age=60"));
        assert!(is_over("a=b; max-age=0") && !is_over("a=b"));
    }
}

fn parse(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let rest = &bytes[end + 4..];
    let header = |wanted: &str| headers.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let body = if header("transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked")) {
        chunks(rest)?
    } else if let Some(length) = header("content-length") {
        rest.get(..length.parse().ok()?)?.to_vec()
    } else {
        rest.to_vec()
    };
    Some(Answer { status, headers, body: String::from_utf8_lossy(&body).into_owned() })
}

fn chunks(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n")?;
        let length = std::str::from_utf8(&rest[..end]).ok()?.split(';').next()?;
        let length = usize::from_str_radix(length.trim(), 16).ok()?;
        rest = &rest[end + 2..];
        if length == 0 {
            return Some(body);
        }
        body.extend_from_slice(rest.get(..length)?);
        rest = rest.get(length..)?.strip_prefix(b"\r\n")?;
    }
}

/// A string as JSON.
fn quoted(text: &str) -> String {
    let escaped: String = text
        .chars()
        .map(|c| match c {
            '"' => "\\\"".to_owned(),
            '\\' => "\\\\".to_owned(),
            c if c < ' ' => format!("\\u{:04x}", u32::from(c)),
            c => c.to_string(),
        })
        .collect();
    format!("\"{escaped}\"")
}

/// A string as a part of a form or a query (RFC 3986, unreserved kept).
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[test]
fn an_answer_is_read_by_length_by_chunks_and_to_the_end() {
    for (answer, body) in [
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", Some("hi")),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n3;x=y\r\n you\r\n0\r\n\r\n", None),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n4\r\n you\r\n0\r\n\r\n", Some("hi you")),
        ("HTTP/1.1 200 OK\r\n\r\nhi", Some("hi")),
        ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi", None),
        ("HTTP/1.1 200 OK\r\n", None),
    ] {
        assert_eq!(parse(answer.as_bytes()).map(|answer| answer.body).as_deref(), body, "{answer}");
    }
}
