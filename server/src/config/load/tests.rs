//! Settings from all three sources, right and wrong.

use super::*;
use bom::reading::Bound;

fn with(file: Option<&str>, environment: &[(&str, &str)], flags: Flags) -> Result<Config, Vec<String>> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("b.toml");
    std::fs::write(&path, file.unwrap_or_default()).expect("a file");
    let environment = environment.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let shown = path.display().to_string();
    let sources = Sources { file: Some(path), environment, flags, judge: None };
    Config::load(&sources).map_err(|Mistakes(all)| all.iter().map(|text| text.replace(&shown, "b.toml")).collect())
}

#[test]
fn a_flag_wins_over_the_environment_and_that_over_the_file() {
    let file = "listen = '127.0.0.1:1'\ndata = '/a'\n[limits]\ndocuments = 7\ncomponents = 9\n";
    let environment = [("BOMWARDEN_LISTEN", "127.0.0.1:2"), ("BOMWARDEN_LIMITS__UPLOAD_BYTES", "3 MiB"), ("HOME", "/")];
    let config = with(Some(file), &environment, vec![("--listen", "listen", "127.0.0.1:3".into())]).expect("settings");
    assert_eq!(config.listen, "127.0.0.1:3");
    assert_eq!((config.limits.documents, config.limits.bytes, config.limits.reading.components), (7, 3 << 20, 9));
    assert_eq!(config.database, super::super::Address::Sqlite("/a/bomwarden.db".into()));
}

#[test]
fn every_bound_on_a_document_is_a_setting() {
    // No lockfile comes here.
    for &bound in Bound::ALL.iter().filter(|bound| **bound != Bound::Records) {
        let mut config = with(None, &[(bound.variable().as_str(), "7"), ("HOME", "/")], Vec::new()).expect("settings");
        assert_eq!(*config.limits.reading.bound(bound), 7, "{}", bound.setting());
    }
}

#[test]
fn feeds_come_from_tables_or_from_a_list_in_the_environment() {
    let file = "[[feed]]\nname = 'osv-npm'\nfrom = 'https://feed.example/npm/all.zip'\n[[feed]]\nname = 'own'\nfrom = '/a'\nevery = '15 4 * * *'\n";
    let config = with(Some(file), &[], Vec::new()).expect("settings");
    let shown: Vec<_> = config.feeds.iter().map(|feed| (feed.name.as_str(), feed.every.to_string(), feed.is_remote())).collect();
    assert_eq!(shown, [("osv-npm", "15min".to_owned(), true), ("own", "15 4 * * *".to_owned(), false)]);
    let config = with(Some(file), &[("BOMWARDEN_FEED", "[{name='b', from='/b', every='1d'}]")], Vec::new()).expect("settings");
    assert_eq!(config.feeds.iter().map(|feed| feed.name.as_str()).collect::<Vec<_>>(), ["b"]);
}

#[test]
fn every_mistake_is_told_at_once_with_its_place() {
    let file = "lisen = 'a:1'\ndatabase = 'mysql://me:s3cret@h/d'\n\n[limits]\ndocuments = -1\nupload_bytes = 1.5\n\
                [log]\nformat = 'xml'\n[[feed]]\nnmae = 'x'\nfrom = 'ftp://a.example/'\n[[feed]]\nname = 'a b'\nfrom = '/a'\nevery = 'often'\n";
    let environment = [
        ("BOMWARDEN_LISTEN", "8080"),
        ("BOMWARDEN_TOKEN", "bwt_1_2"),
        ("BOMWARDEN_PROJECT", "shop"),
        ("BOMWARDEN_RELEASE", "main"),
        ("BOMWARDEN_COLOUR", "red"),
        ("BOMWARDEN_OUTBOUND__ALLOW", "[1"),
    ];
    let mistakes = with(Some(file), &environment, vec![("--database", "database", "x".into())]).expect_err("mistakes");
    let expect = [
        "b.toml, line 1: `lisen` is not a setting; did you mean `listen`?",
        "b.toml, line 2: `database`: a database address begins with",
        "b.toml, line 5: `limits.documents`: a whole number above zero was expected",
        "b.toml, line 6: `limits.upload_bytes`: a size was expected",
        "b.toml, line 8: `log.format`: `xml` is not one of `auto`, `json`, `text`",
        "b.toml, line 10: `feed.nmae` is not a setting; did you mean `name`?",
        "b.toml, line 11: `feed.from`: `ftp` is no scheme",
        "b.toml, line 9: `feed`: `name` is missing",
        "b.toml, line 13: `feed.name`: `a b` is no name",
        "b.toml, line 15: `feed.every`: a span of time (`6h`) or five fields",
        "BOMWARDEN_COLOUR: `colour` is not a setting; docs/configuration.md",
        "BOMWARDEN_LISTEN: `listen`: `host:port` was expected",
        "BOMWARDEN_OUTBOUND__ALLOW: not a list in TOML",
        "--database: `database`: a database address begins with",
    ];
    for (i, start) in expect.iter().enumerate() {
        assert!(mistakes.iter().any(|mistake| mistake.starts_with(start)), "{i}: {start}\n{mistakes:#?}");
    }
    assert_eq!(mistakes.len(), expect.len(), "{mistakes:#?}");
    assert!(!mistakes.concat().contains("s3cret"));
}

#[test]
fn a_file_that_is_no_toml_is_told_by_line_and_a_missing_one_by_name() {
    let mistakes = with(Some("listen = 'a:1'\ndata = \n= 3\n"), &[], Vec::new()).expect_err("mistakes");
    assert!(mistakes.iter().all(|mistake| mistake.starts_with("b.toml, line ")), "{mistakes:?}");
    let missing = Sources { file: Some("/nonexistent/b.toml".into()), ..Sources::default() };
    let Err(Mistakes(all)) = Config::load(&missing) else { panic!("a missing file was read") };
    assert!(matches!(all.as_slice(), [one] if one.starts_with("/nonexistent/b.toml: the file cannot be read")), "{all:?}");
}

#[test]
fn targets_and_the_way_out_for_mail_are_told_all_their_mistakes() {
    let file = "[mail]\nhost = 'mail.example'\nport = 70000\ntls = 'none'\nuser = 'me'\n\
                [[target]]\nname = 'a'\nchannel = 'email'\n[[target]]\nname = 'a'\nchannel = 'pigeon'\naddress = 'x'\nteams = ['t']\n\
                [[target]]\nname = 'c'\nchannel = 'slack'\naddress_file = '/nonexistent/f'\noperator = 'often'\n";
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("b.toml");
    std::fs::write(&path, file).expect("a file");
    let judge = |channel: &str, _: &str| if channel == "pigeon" { Err("`pigeon` is no channel".to_owned()) } else { Ok(()) };
    let sources = Sources { file: Some(path), judge: Some(judge), ..Sources::default() };
    let Mistakes(mistakes) = Config::load(&sources).expect_err("mistakes");
    for expect in [
        "`mail.port`: a port from 1 to 65535 was expected",
        "line 6: `target`: either `address` or `address_file` is needed",
        "line 6: `target`: it is for nobody",
        "line 9: `target`: `a` is the name of two targets",
        "line 9: `target`: `pigeon` is no channel",
        "`target.address_file`: `/nonexistent/f` cannot be read",
        "`target.operator`: `true` or `false` was expected, not a text",
        "line 14: `target`: it is for nobody",
        "`mail.from` is missing",
        "`mail.user` and `mail.password` (or `mail.password_file`) go together",
        "`mail.tls`: `none` is for a server on loopback",
        "`target`: none is `last_resort = true`",
    ] {
        assert!(mistakes.iter().any(|mistake| mistake.contains(expect)), "{expect}\n{mistakes:#?}");
    }
    assert_eq!(mistakes.len(), 12, "{mistakes:#?}");
}
