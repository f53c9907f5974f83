//! The table of settings: one line each, which reads it, shows it and documents it.

use super::given::Value;
use super::{Address, Config, LogFormat, MailTls, feed, outbound, secret, units};
use bom::reading::Limits;
use std::path::PathBuf;

/// One setting of `T`.
pub(super) struct Setting<T: 'static> {
    /// Its name, with a dot between the levels.
    pub key: &'static str,
    /// What a value looks like, in a word.
    pub kind: &'static str,
    /// What it does, for the person who sets it.
    pub meaning: &'static str,
    /// Reads a value into the settings, or says what is wrong with it.
    pub take: fn(&mut T, &Value) -> Result<(), String>,
    /// The value as it would be written; secrets masked.
    pub show: fn(&T) -> String,
}

/// Every setting of the server but its `[[feed]]` and `[[target]]` tables.
pub(super) const SETTINGS: &[Setting<Config>] = &[
    Setting {
        key: "listen",
        kind: "host:port",
        meaning: "Where to listen. Port 0 lets the system choose; `--address-file` tells which it was. TLS is the work of a proxy in front.",
        take: |config, value| put(&mut config.listen, units::text(value).and_then(listen)),
        show: |config| config.listen.clone(),
    },
    Setting {
        key: "public_url",
        kind: "address",
        meaning: "The address under which people reach the server, for links in messages and for cookies (`https` makes them secure).",
        take: |config, value| put(&mut config.public_url, units::text(value).and_then(outbound::web_address).map(Some)),
        show: |config| config.public_url.as_ref().map(ToString::to_string).unwrap_or_default(),
    },
    Setting {
        key: "data",
        kind: "folder",
        meaning: "The folder of everything the server keeps. It is made when it is missing.",
        take: |config, value| put(&mut config.data, not_empty(value).map(PathBuf::from)),
        show: |config| config.data.display().to_string(),
    },
    Setting {
        key: "database",
        kind: "address",
        meaning: "`sqlite:PATH` or `postgres://user:password@host/name`. Without it, the file `bomwarden.db` in `data`.",
        take: |config, value| put(&mut config.database, units::text(value).and_then(Address::parse)),
        show: |config| config.database.to_string(),
    },
    Setting {
        key: "limits.upload_bytes",
        kind: "size",
        meaning: "The most that all documents of one upload may have together.",
        take: |config, value| put(&mut config.limits.bytes, units::size(value)),
        show: |config| units::show_size(config.limits.bytes),
    },
    Setting {
        key: "limits.documents",
        kind: "number",
        meaning: "The most documents in one upload.",
        take: |config, value| put(&mut config.limits.documents, units::count(value)),
        show: |config| config.limits.documents.to_string(),
    },
    Setting {
        key: "limits.document_bytes",
        kind: "size",
        meaning: "The most that one document may have, unpacked.",
        take: |config, value| put(&mut config.limits.reading.bytes, units::size(value)),
        show: |config| units::show_size(config.limits.reading.bytes),
    },
    Setting {
        key: "limits.depth",
        kind: "number",
        meaning: "How deep a document may nest objects, arrays or elements; 128 at most.",
        take: |config, value| put(&mut config.limits.reading.depth, units::count(value).and_then(depth)),
        show: |config| config.limits.reading.depth.to_string(),
    },
    Setting {
        key: "limits.components",
        kind: "number",
        meaning: "The most components in one document.",
        take: |config, value| put(&mut config.limits.reading.components, units::count(value)),
        show: |config| config.limits.reading.components.to_string(),
    },
    Setting {
        key: "limits.edges",
        kind: "number",
        meaning: "The most dependencies in one document.",
        take: |config, value| put(&mut config.limits.reading.edges, units::count(value)),
        show: |config| config.limits.reading.edges.to_string(),
    },
    Setting {
        key: "limits.text_bytes",
        kind: "size",
        meaning: "The most that one name, version, purl or other text of a document may have.",
        take: |config, value| put(&mut config.limits.reading.text, units::size(value)),
        show: |config| units::show_size(config.limits.reading.text),
    },
    Setting {
        key: "outbound.allow",
        kind: "list",
        meaning: "Private addresses the server may contact all the same: `host:port`, an address, or a network such as `10.1.0.0/16`. All others on loopback, private, link-local and metadata networks are refused.",
        take: |config, value| put(&mut config.outbound.allow, units::texts(value).and_then(|texts| outbound::allowed(&texts))),
        show: |config| config.outbound.allow.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    },
    Setting {
        key: "outbound.connect_timeout",
        kind: "time",
        meaning: "How long a connection may take to open.",
        take: |config, value| put(&mut config.outbound.connect_timeout, units::duration(value)),
        show: |config| units::show_duration(config.outbound.connect_timeout),
    },
    Setting {
        key: "outbound.read_timeout",
        kind: "time",
        meaning: "How long a reply may fall silent.",
        take: |config, value| put(&mut config.outbound.read_timeout, units::duration(value)),
        show: |config| units::show_duration(config.outbound.read_timeout),
    },
    Setting {
        key: "outbound.timeout",
        kind: "time",
        meaning: "How long one request may take from its start to its last byte.",
        take: |config, value| put(&mut config.outbound.timeout, units::duration(value)),
        show: |config| units::show_duration(config.outbound.timeout),
    },
    Setting {
        key: "outbound.reply_bytes",
        kind: "size",
        meaning: "The most bytes one reply may have.",
        take: |config, value| put(&mut config.outbound.reply_bytes, units::size(value)),
        show: |config| units::show_size(config.outbound.reply_bytes),
    },
    Setting {
        key: "watch.every",
        kind: "time",
        meaning: "How often an approved registry is asked about one package. A bad version may be offered for an hour or two only.",
        take: |config, value| put(&mut config.watch.every, units::duration(value)),
        show: |config| units::show_duration(config.watch.every),
    },
    Setting {
        key: "watch.owners_every",
        kind: "time",
        meaning: "How often a registry that answers this apart is asked who owns a package, where nothing else changed.",
        take: |config, value| put(&mut config.watch.owners_every, units::duration(value)),
        show: |config| units::show_duration(config.watch.owners_every),
    },
    Setting {
        key: "messages.gather",
        kind: "time",
        meaning: "How long what is to be told is gathered into one message, once a target got two messages in half an hour.",
        take: |config, value| put(&mut config.gather, units::duration(value)),
        show: |config| units::show_duration(config.gather),
    },
    Setting {
        key: "mail.host",
        kind: "host",
        meaning: "The mail server that takes what is sent (docs/deliveries.md). Without it no mail is sent.",
        take: |config, value| put(&mut config.mail.host, not_empty(value)),
        show: |config| config.mail.host.clone(),
    },
    Setting {
        key: "mail.port",
        kind: "number",
        meaning: "Its port.",
        take: |config, value| put(&mut config.mail.port, port(value)),
        show: |config| config.mail.port.to_string(),
    },
    Setting {
        key: "mail.tls",
        kind: "`starttls`, `tls` or `none`",
        meaning: "How the connection is kept secret: it must change over before anything is said, it is secret from the first byte, or not at all (to loopback only).",
        take: |config, value| put(&mut config.mail.tls, units::word(value, MAIL_TLS)),
        show: |config| show_word(config.mail.tls, MAIL_TLS),
    },
    Setting {
        key: "mail.user",
        kind: "text",
        meaning: "Whom to sign in as; nobody where it is missing.",
        take: |config, value| put(&mut config.mail.user, not_empty(value)),
        show: |config| config.mail.user.clone(),
    },
    Setting {
        key: "mail.password",
        kind: "secret",
        meaning: "The password of `mail.user`.",
        take: |config, value| put(&mut config.mail.password, secret::given(value)),
        show: |config| config.mail.password.masked(),
    },
    Setting {
        key: "mail.password_file",
        kind: "path",
        meaning: "A file with the password, instead of `mail.password`.",
        take: |config, value| put(&mut config.mail.password, secret::in_file(value)),
        show: |_| String::new(),
    },
    Setting {
        key: "mail.from",
        kind: "mail address",
        meaning: "Who mail comes from: `bomwarden@example.org`, or with a name before it in `<` and `>`.",
        take: |config, value| put(&mut config.mail.from, not_empty(value)),
        show: |config| config.mail.from.clone(),
    },
    Setting {
        key: "mail.ca_file",
        kind: "path",
        meaning: "Certificates (PEM) that are trusted besides the public ones, for a mail server of one's own.",
        take: |config, value| put(&mut config.mail.ca_file, not_empty(value).map(PathBuf::from).map(Some)),
        show: |config| config.mail.ca_file.as_ref().map(|path| path.display().to_string()).unwrap_or_default(),
    },
    Setting {
        key: "mail.timeout",
        kind: "time",
        meaning: "How long one exchange with the mail server may take.",
        take: |config, value| put(&mut config.mail.timeout, units::duration(value)),
        show: |config| units::show_duration(config.mail.timeout),
    },
    Setting {
        key: "log.level",
        kind: "filter",
        meaning: "`error`, `warn`, `info`, `debug` or `trace`, also by module: `info,bomwarden_server::net=debug`.",
        take: |config, value| put(&mut config.log.level, not_empty(value)),
        show: |config| config.log.level.clone(),
    },
    Setting {
        key: "log.format",
        kind: "`auto`, `json` or `text`",
        meaning: "How a log line looks; `auto` is text on a terminal and JSON elsewhere.",
        take: |config, value| put(&mut config.log.format, units::word(value, LOG_FORMATS)),
        show: |config| show_word(config.log.format, LOG_FORMATS),
    },
];

/// The settings of one `[[feed]]` table.
pub(super) const FEED_SETTINGS: &[Setting<feed::FeedConfig>] = &[
    Setting {
        key: "name",
        kind: "name",
        meaning: "What the feed is called on pages and in logs: lower-case letters, digits, `.`, `-` and `_`.",
        take: |feed, value| put(&mut feed.name, units::text(value).and_then(feed::name)),
        show: |feed| feed.name.clone(),
    },
    Setting {
        key: "kind",
        kind: "feed kind",
        meaning: "How it is read, for example `osv`.",
        take: |feed, value| put(&mut feed.kind, not_empty(value)),
        show: |feed| feed.kind.clone(),
    },
    Setting {
        key: "from",
        kind: "path or address",
        meaning: "A folder, a file, or an `http` or `https` address. An address that ends with `/` is a folder with an index.",
        take: |feed, value| put(&mut feed.from, units::text(value).and_then(feed::from)),
        show: |feed| feed.from.clone(),
    },
    Setting {
        key: "every",
        kind: "time or cron",
        meaning: "How often it is fetched: a span of time (`6h`), or five fields of cron in UTC (`15 4 * * *`).",
        take: |feed, value| put(&mut feed.every, units::text(value).and_then(feed::Rhythm::parse)),
        show: |feed| feed.every.to_string(),
    },
    Setting {
        key: "pause",
        kind: "time",
        meaning: "How long to wait between two requests of one fetch, where its source answers in pages (`nvd`).",
        take: |feed, value| put(&mut feed.pause, units::duration(value)),
        show: |feed| units::show_duration(feed.pause),
    },
    Setting {
        key: "key",
        kind: "secret",
        meaning: "The key that its source gave you, where it gives keys (`nvd`). Use it with an `https` address only.",
        take: |feed, value| put(&mut feed.key, secret::given(value)),
        show: |feed| feed.key.masked(),
    },
    Setting {
        key: "key_file",
        kind: "path",
        meaning: "A file with the key, instead of `key`.",
        take: |feed, value| put(&mut feed.key, secret::in_file(value)),
        show: |_| String::new(),
    },
];

const MAIL_TLS: &[(&str, MailTls)] = &[("starttls", MailTls::StartTls), ("tls", MailTls::Tls), ("none", MailTls::None)];
const LOG_FORMATS: &[(&str, LogFormat)] = &[("auto", LogFormat::Auto), ("json", LogFormat::Json), ("text", LogFormat::Text)];

fn listen(text: &str) -> Result<String, String> {
    let wrong = || "`host:port` was expected, for example `127.0.0.1:8080`".to_owned();
    let (host, port) = text.rsplit_once(':').ok_or_else(wrong)?;
    if host.is_empty() || port.parse::<u16>().is_err() {
        return Err(wrong());
    }
    Ok(text.to_owned())
}

pub(super) fn put<T>(setting: &mut T, value: Result<T, String>) -> Result<(), String> {
    *setting = value?;
    Ok(())
}

fn depth(levels: usize) -> Result<usize, String> {
    let most = Limits::DEEPEST;
    if levels > most { Err(format!("{most} levels are the most")) } else { Ok(levels) }
}

fn port(value: &Value) -> Result<u16, String> {
    u16::try_from(units::count(value)?).map_err(|_| "a port from 1 to 65535 was expected".to_owned())
}

fn not_empty(value: &Value) -> Result<String, String> {
    match units::text(value)? {
        text if text.trim().is_empty() => Err("it is empty".to_owned()),
        text => Ok(text.to_owned()),
    }
}

fn show_word<T: PartialEq>(value: T, words: &[(&str, T)]) -> String {
    words.iter().find(|(_, meaning)| *meaning == value).map(|(word, _)| (*word).to_owned()).unwrap_or_default()
}
