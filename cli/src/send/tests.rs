//! Tests against a server of a few lines that answers what it is told.

use super::*;
use crate::Screen;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;

/// Answers one connection after the other with `answers`; returns the requests that came.
pub(crate) fn serve(answers: Vec<String>) -> (String, thread::JoinHandle<Vec<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let served = thread::spawn(move || {
        let mut requests = Vec::new();
        for answer in answers {
            let (stream, _) = listener.accept().unwrap();
            requests.push(request(&stream));
            (&stream).write_all(answer.as_bytes()).unwrap();
        }
        requests
    });
    (address, served)
}

fn request(stream: &TcpStream) -> Vec<u8> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(reader.read_line(&mut head).unwrap() > 0, "the request ends early");
    }
    let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).unwrap();
    [head.into_bytes(), body].concat()
}

/// An answer with a body of a known length.
pub(crate) fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n{body}", body.len())
}

fn parcel() -> Parcel {
    Parcel { part: "doc0".into(), name: "Cargo.lock".into(), bytes: Arc::from(b"{\"bom\":1}".as_slice()) }
}

fn upload(address: &str, patience: u64) -> Result<Vec<u8>, String> {
    let server = Server::new(address, "bwt_a_secret", Duration::from_millis(patience)).map_err(|failure| failure.to_string())?;
    server
        .upload(b"{\"project\":\"p\"}", &[parcel()], &ProgressBar::hidden(), &Screen::new(true, true))
        .map_err(|failure| failure.to_string())
}

#[test]
fn a_document_is_sent_byte_for_byte_with_its_meta() {
    let (address, served) = serve(vec![answer("201 Created", "", "{}")]);
    assert_eq!(upload(&address, 0), Ok(b"{}".to_vec()));
    let request = String::from_utf8(served.join().unwrap().remove(0)).unwrap();
    assert!(request.starts_with("POST /v1/uploads HTTP/1.1\r\n"), "{request}");
    for part in
        ["authorization: Bearer bwt_a_secret", "name=\"meta\"", "{\"project\":\"p\"}", "name=\"doc0\"", "\r\n{\"bom\":1}\r\n"]
    {
        assert!(request.contains(part), "{part} in {request}");
    }
}

#[test]
fn an_upload_is_sent_again_while_the_server_is_away() {
    let away = answer("503 Service Unavailable", "", "");
    let (address, served) = serve(vec![away.clone(), away.clone(), answer("200 OK", "", "{\"upload\":\"u\"}")]);
    assert_eq!(upload(&address, 5_000), Ok(b"{\"upload\":\"u\"}".to_vec()));
    let requests = served.join().unwrap();
    assert_eq!(requests.len(), 3);
    let (address, served) = serve(vec![away]);
    assert!(upload(&address, 0).unwrap_err().contains("answered 503"));
    served.join().unwrap();
}

#[test]
fn a_refusal_is_told_in_the_servers_words_with_a_next_step() {
    let problem = r#"{"type":"about:blank","title":"token refused","status":401,"detail":"it was revoked on Monday"}"#;
    for (status, headers, body, told) in [
        ("401 Unauthorized", "", problem, "token refused: it was revoked on Monday; check BOMWARDEN_TOKEN"),
        ("404 Not Found", "", "<html>", "answered 404 Not Found; check that BOMWARDEN_SERVER_URL is"),
        ("404 Not Found", "", r#"{"title":"no such project"}"#, "no such project; check `--project`"),
        ("500 Internal Server Error", "", "", "answered 500 Internal Server Error; try again"),
        ("301 Moved", "Location: https://u:p@new.example/x?y=1\r\n", "", "points to `https://new.example/x`; name"),
    ] {
        let (address, served) = serve(vec![answer(status, headers, body)]);
        let failure = upload(&address, 0).unwrap_err();
        assert!(failure.contains(told), "{failure}");
        assert!(!failure.contains("secret"), "{failure}");
        served.join().unwrap();
    }
}

#[test]
fn an_endless_answer_is_cut_off() {
    let body = " ".repeat(usize::try_from(LARGEST_ANSWER).unwrap() + 1);
    let (address, served) = serve(vec![answer("200 OK", "", &body)]);
    assert!(upload(&address, 0).unwrap_err().contains("more than 16777216 bytes"));
    // It may have failed to send the rest.
    let _ = served.join();
}

#[test]
fn a_server_that_is_not_there_is_told_at_once_without_patience() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let failure = upload(&format!("http://{free}"), 0).unwrap_err();
    assert!(failure.contains("cannot be reached") && failure.contains("check that the server runs"), "{failure}");
}

#[test]
fn addresses() {
    for (address, expected) in [
        ("https://bomwarden.example", Ok("https://bomwarden.example/")),
        ("https://bomwarden.example/sub?x#y", Ok("https://bomwarden.example/sub/")),
        ("ftp://bomwarden.example", Err("is not one of the web")),
        ("https://u:p@bomwarden.example", Err("give a token instead")),
        ("bomwarden", Err("does not begin with")),
    ] {
        match (base(address), expected) {
            (Ok(base), Ok(expected)) => assert_eq!(base.as_str(), expected),
            (Err(failure), Err(expected)) => assert!(failure.to_string().contains(expected), "{failure}"),
            (found, expected) => panic!("{address}: {found:?}, not {expected:?}"),
        }
    }
}

#[test]
fn pages_are_addresses_of_the_web() {
    let server = Server::new("https://bomwarden.example/sub", "bwt_a_b", Duration::ZERO).unwrap();
    for (path, page) in [
        ("/projects/1", Some("https://bomwarden.example/sub/projects/1")),
        ("https://dashboard.example/projects/1", Some("https://dashboard.example/projects/1")),
        ("javascript:alert(1)", None),
    ] {
        assert_eq!(server.page(path).as_deref(), page, "{path}");
    }
}
