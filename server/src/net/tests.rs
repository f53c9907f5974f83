//! The door against a real server on loopback.

use super::loopback::Loopback;
use super::*;
use crate::config::Allowed;
use std::io::Read;

fn net(allow: &[Allowed]) -> Net {
    let outbound = Outbound { allow: allow.to_vec(), reply_bytes: 1000, ..Outbound::default() };
    Net::new(&outbound, std::env::temp_dir()).expect("a door")
}

fn open(server: &Loopback) -> Net {
    net(&[Allowed::Host("127.0.0.1".to_owned(), server.address.port())])
}

async fn said(net: &Net, server: &Loopback) -> String {
    match net.fetch(&Fetch::plain(server.url("all.zip?token=s3cret"))).await {
        Ok(Fetched::Unchanged) => "unchanged".to_owned(),
        Ok(Fetched::Body(mut body)) => {
            let mut text = String::new();
            body.file.read_to_string(&mut text).expect("the file");
            format!("{text} {} {:?}", body.bytes, body.etag)
        }
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn a_private_address_is_refused_unless_it_is_allowed() {
    let server = Loopback::start();
    let refused = said(&net(&[]), &server).await;
    assert!(refused.starts_with("`127.0.0.1` is at the private address 127.0.0.1"), "{refused}");
    let mut by_name = server.url("");
    by_name.set_host(Some("localhost")).expect("a host");
    let refused = net(&[]).fetch(&Fetch::plain(by_name.clone())).await.expect_err("a name for loopback");
    assert!(matches!(&refused, NetError::Refused(text) if text.starts_with("`localhost` is at the private")), "{refused}");
    assert!(server.asked().is_empty());
    server.reply("200 OK", b"hello");
    let by_net = net(&[Allowed::Net("127.0.0.0/8".parse().expect("a network"))]);
    assert!(matches!(by_net.fetch(&Fetch::plain(by_name)).await, Ok(Fetched::Body(_))));
}

#[tokio::test]
async fn what_is_here_already_is_said_and_not_sent_again() {
    let server = Loopback::start();
    server.reply("200 OK\r\netag: \"a\"\r\nlast-modified: Mon, 23 Nov 2026 00:00:00 GMT", b"hello");
    assert_eq!(said(&open(&server), &server).await, "hello 5 Some(\"\\\"a\\\"\")");
    server.reply("304 Not Modified", b"");
    let fetch = Fetch {
        etag: Some("\"a\"".into()),
        last_modified: Some("Mon, 23 Nov 2026 00:00:00 GMT".into()),
        ..Fetch::plain(server.url("x"))
    };
    assert!(matches!(open(&server).fetch(&fetch).await, Ok(Fetched::Unchanged)));
    let asked = server.asked().pop().expect("a request");
    assert!(asked.contains("if-none-match: \"a\"") && asked.contains("if-modified-since: Mon, 23"), "{asked}");
}

#[tokio::test]
async fn a_bad_reply_is_an_error_that_shows_no_secret() {
    let server = Loopback::start();
    let net = open(&server);
    let long = [b'x'; 1001];
    let chunked = |size: &str| {
        let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n";
        [head.as_bytes(), size.as_bytes(), b"\r\n", &long, b"\r\n0\r\n\r\n"].concat()
    };
    for (bytes, start) in [
        (
            b"HTTP/1.1 503 Busy\r\nconnection: close\r\ncontent-length: 0\r\nretry-after: 7\r\n\r\n".to_vec(),
            "`http://127.0.0.1:PORT/all.zip` answered 503",
        ),
        (
            b"HTTP/1.1 206 Part\r\nconnection: close\r\ncontent-length: 1\r\n\r\nx".to_vec(),
            "`http://127.0.0.1:PORT/all.zip` answered 206",
        ),
        (
            b"HTTP/1.1 302 Found\r\nconnection: close\r\nlocation: /b?token=s3cret\r\ncontent-length: 0\r\n\r\n".to_vec(),
            "`http://127.0.0.1:PORT/all.zip` points to `http://127.0.0.1:PORT/b`; redirects",
        ),
        (
            b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf".to_vec(),
            "the reply of `http://127.0.0.1:PORT/all.zip` broke off after",
        ),
        (
            b"HTTP/1.1 200 OK\r\ncontent-length: 1001\r\n\r\n".to_vec(),
            "the reply of `http://127.0.0.1:PORT/all.zip` is longer than 1000",
        ),
        (chunked("3e9"), "the reply of `http://127.0.0.1:PORT/all.zip` is longer than 1000"),
        (chunked("ffff"), "the reply of `http://127.0.0.1:PORT/all.zip` "),
        (b"not http at all\r\n\r\n".to_vec(), "`127.0.0.1` cannot be reached"),
        (Vec::new(), "`127.0.0.1` cannot be reached"),
    ] {
        server.raw(bytes);
        let said = said(&net, &server).await.replace(&server.address.port().to_string(), "PORT");
        assert!(said.starts_with(start) && !said.contains("s3cret"), "{said} / {start}");
    }
}
