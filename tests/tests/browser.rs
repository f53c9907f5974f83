//! What a person sees: the pages in a real browser, with and without scripts.

use anyhow::{Context as _, Result};
use bomwarden_tests::browser::{Browser, Scripts};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;

/// Answers every request with one page, until the test ends.
fn one_page(html: &'static str) -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").context("no port")?;
    let address = format!("http://{}", listener.local_addr()?);
    std::thread::spawn(move || {
        for mut socket in listener.incoming().flatten() {
            let mut request = [0; 4096];
            let _asked = socket.read(&mut request);
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close";
            let _answered = write!(socket, "{head}\r\nContent-Length: {}\r\n\r\n{html}", html.len());
        }
    });
    Ok(address)
}

#[test]
fn the_browser_of_the_tests_runs_scripts_only_when_told() -> Result<()> {
    let page = "<title>t</title><p id=said>plain</p><script>document.getElementById('said').textContent = 'scripted'</script>";
    let address = one_page(page)?;
    for (scripts, said) in [(Scripts::On, "scripted"), (Scripts::Off, "plain")] {
        let browser = Browser::open(&address, scripts)?;
        browser.go("/x")?;
        assert_eq!((browser.text("#said")?.as_str(), browser.path()?.as_str()), (said, "/x"));
        assert!(browser.picture()?.starts_with(b"\x89PNG"));
    }
    Ok(())
}
