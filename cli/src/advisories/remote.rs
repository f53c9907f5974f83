//! Sources of advisories on the network: a Bomwarden server, which is asked for what
//! was stored since the last time, or a file by its address, which is passed over
//! where the server says that it has not changed.

use super::source::{self, Outcome};
use crate::send::{self, Server};
use crate::{Failure, Screen};
use bom::advisory::Advisory;
use indicatif::ProgressBar;
use std::time::Duration;

/// How long a server that is away is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// The server that the user works with, as far as it was named.
#[derive(Default)]
pub struct Account {
    /// Its address.
    pub server: Option<String>,
    /// A token that may read.
    pub token: Option<String>,
}

/// What a source brought.
#[derive(Default)]
pub struct Brought {
    /// What became of its records.
    pub outcome: Outcome,
    /// It has nothing new since the last time.
    pub unchanged: bool,
    /// Its name in the database, and up to where it was read.
    pub mark: Option<(String, String)>,
}

/// Reads the source at `address` into `sink`; `known` tells up to where a source was
/// read before.
///
/// # Errors
/// [`Failure`] when it cannot be fetched whole or holds no record.
pub fn read(
    address: &str,
    account: &Account,
    known: impl Fn(&str) -> Option<String>,
    screen: &Screen,
    bar: &ProgressBar,
    sink: &mut dyn FnMut(&Advisory),
) -> Result<Brought, Failure> {
    let name = bom::origin::clean_address(address).unwrap_or_else(|| address.to_owned());
    let known = known(&name);
    let is_ours = account.server.as_deref().is_some_and(|server| send::is_same_server(server, address));
    if is_ours || send::is_whole_server(address) {
        return from_server(address, &name, account, known.as_deref(), bar, sink);
    }
    let fetching = screen.bytes("fetching", 0);
    let downloaded = send::download(address, known.as_deref(), &fetching);
    fetching.finish_and_clear();
    let Some(downloaded) = downloaded? else { return Ok(Brought { unchanged: true, ..Brought::default() }) };
    let outcome = source::read(downloaded.file.path(), bar, sink)?;
    // Records that this program cannot read may be read by its next version.
    let mark = downloaded.tag.filter(|_| outcome.unreadable == 0).map(|tag| (name, tag));
    Ok(Brought { outcome, unchanged: false, mark })
}

fn from_server(
    address: &str,
    name: &str,
    account: &Account,
    known: Option<&str>,
    bar: &ProgressBar,
    sink: &mut dyn FnMut(&Advisory),
) -> Result<Brought, Failure> {
    let token = account.token.as_deref().ok_or_else(|| {
        Failure::new(format!("`{name}` asks for a token")).next("give one with the scope `read` in BOMWARDEN_TOKEN or `--token`")
    })?;
    if let Some(server) = account.server.as_deref().filter(|server| !send::is_same_server(server, address)) {
        return Err(Failure::new(format!("the token is for `{server}`, not for `{name}`"))
            .next("name the file on it, or the server in BOMWARDEN_SERVER_URL"));
    }
    let server = Server::new(address, token, PATIENCE)?;
    let mut records = server.records(known)?;
    let outcome = source::read_lines(&mut records.lines, bar, sink)
        .map_err(|error| Failure::new(format!("the advisories of `{name}` ended early: {error}")).next("try again"))?;
    let mark = records.next.filter(|_| outcome.unreadable == 0).map(|next| (name.to_owned(), next));
    Ok(Brought { unchanged: outcome.read == 0 && outcome.unreadable == 0, outcome, mark })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::send::tests::{answer, serve};

    const GOOD: &str = r#"{"id": "X-1", "affected": [{"package": {"ecosystem": "npm", "name": "a"}, "versions": ["1"]}]}"#;

    /// `read/unreadable mark`, or the failure; and the request that came.
    fn outcome(path: &str, account: &Account, known: Option<&str>, answers: Vec<String>) -> (String, String) {
        let expected = answers.len();
        let (address, served) = serve(answers);
        let account = Account { server: account.server.clone().map(|_| address.clone()), token: account.token.clone() };
        let known = |source: &str| {
            (source == format!("{address}{}", path.trim_end_matches('/'))).then(|| known.map(str::to_owned)).flatten()
        };
        let screen = Screen::new(false, true);
        let read = read(&format!("{address}{path}"), &account, known, &screen, &ProgressBar::hidden(), &mut |_| {});
        let told = match read {
            Ok(brought) if brought.unchanged => "unchanged".to_owned(),
            Ok(Brought { outcome, mark, .. }) => {
                format!("{}/{} {}", outcome.read, outcome.unreadable, mark.map_or_else(|| "-".to_owned(), |(_, mark)| mark))
            }
            Err(failure) => failure.to_string().replace(&address, "IT"),
        };
        let request = if expected > 0 { served.join().unwrap().remove(0) } else { Vec::new() };
        (told, String::from_utf8(request).unwrap())
    }

    #[test]
    fn a_server_is_asked_for_what_is_new() {
        let ours = Account { server: Some(String::new()), token: Some("bwt_a_secret".to_owned()) };
        let lines = |text: &str| vec![answer("200 OK", "bomwarden-next: 42\r\n", text)];
        for (known, answers, expect) in [
            (None, lines(&format!("{GOOD}\n{GOOD}\n")), "2/0 42"),
            (Some("7"), lines(""), "unchanged"),
            // What cannot be read today is asked for again.
            (None, lines(&format!("{GOOD}\n{{\n")), "1/1 -"),
            (None, vec!["HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{".to_owned()], "the advisories of `IT` ended early: "),
            (
                None,
                vec![answer("403 Forbidden", "", r#"{"title": "not yours"}"#)],
                "not yours; use a token with the scope `read`",
            ),
        ] {
            let (told, request) = outcome("/", &ours, known, answers);
            assert!(told.starts_with(expect), "{told}");
            let path =
                known.map_or_else(|| "/v1/advisory-records".to_owned(), |known| format!("/v1/advisory-records?since={known}"));
            assert!(request.starts_with(&format!("GET {path} HTTP/1.1\r\n")), "{request}");
            assert!(request.contains("authorization: Bearer bwt_a_secret\r\n"), "{request}");
        }
    }

    #[test]
    fn a_token_goes_to_its_own_server_alone() {
        let token = Some("bwt_a_secret".to_owned());
        let (told, _) = outcome("/", &Account::default(), None, vec![]);
        assert!(told.starts_with("`IT` asks for a token; "), "{told}");
        let elsewhere = Account { server: Some("https://bomwarden.example".to_owned()), token: token.clone() };
        let screen = Screen::new(false, true);
        let read = |address: &str| read(address, &elsewhere, |_| None, &screen, &ProgressBar::hidden(), &mut |_| {});
        let failure = read("https://mirror.example/").err().map(|failure| failure.to_string());
        assert!(failure.is_some_and(|told| told.starts_with("the token is for `https://bomwarden.example`, not for ")));
        // A file needs no token and gets none.
        let (told, request) = outcome("/all.json", &Account { server: None, token }, None, vec![answer("200 OK", "", GOOD)]);
        assert_eq!(told, "1/0 -");
        assert!(!request.contains("secret"), "{request}");
    }

    #[test]
    fn a_file_that_has_not_changed_is_not_fetched_again() {
        let nobody = Account::default();
        for (known, answers, expect) in [
            (None, answer("200 OK", "etag: \"v1\"\r\n", GOOD), "1/0 \"v1\""),
            (Some("\"v1\""), "HTTP/1.1 304 Not Modified\r\n\r\n".to_owned(), "unchanged"),
        ] {
            let (told, request) = outcome("/all.json", &nobody, known, vec![answers]);
            assert_eq!(told, expect);
            assert_eq!(request.contains("if-none-match: \"v1\""), known.is_some(), "{request}");
        }
    }
}
