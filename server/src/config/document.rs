//! The page of all settings, made from the table that reads them.

use super::settings::{FEED_SETTINGS, SETTINGS, Setting};
use super::target::TARGET_SETTINGS;
use super::{Config, FeedConfig, TargetConfig};

const INTRODUCTION: &str = "\
# Settings

Three sources, the later win: a file, the environment, the flags of `bomwarden-server`.

- The file is the one that `--config` names, else `./bomwarden.toml`, else `/etc/bomwarden/bomwarden.toml`. It is TOML; a dot in a
  name below is a table (`limits.documents` is `documents` under `[limits]`).
- In the environment a name is in capitals behind `BOMWARDEN_`, with two underscores for a dot: `BOMWARDEN_LIMITS__DOCUMENTS=50`. A
  list is separated by commas, or written as in TOML.
- Flags: `--listen`, `--database`, `--data`.

A name that is not in these tables is a mistake, and so is a value that cannot be read: the server does not start and tells all
mistakes at once, each with its place. `bomwarden-server config show` prints what is in force, secrets masked; the same command with
`docs` prints this page.

";

const FEEDS: &str = "
## `[[feed]]`

One table for each place advisories come from. In the environment: `BOMWARDEN_FEED='[{name = \"own\", from = \"/srv/advisories\"}]'`.

";

const TARGETS: &str = "
## `[[target]]`

One table for each place messages go to; [deliveries.md](deliveries.md) says how to set one up and try it.

";

const EXAMPLE: &str = "
```toml
public_url = \"https://bomwarden.example\"
database = \"postgres://bomwarden@db.example/bomwarden\"

[[feed]]
name = \"osv-npm\"
from = \"https://advisories.example/npm/all.zip\"
every = \"1h\"

[mail]
host = \"mail.example\"
user = \"bomwarden\"
password_file = \"/etc/bomwarden/mail-password\"
from = \"Bomwarden <bomwarden@example.org>\"

[[target]]
name = \"payments\"
channel = \"slack\"
address_file = \"/etc/bomwarden/slack-payments\"
teams = [\"payments\"]

[[target]]
name = \"security\"
channel = \"email\"
address = \"security@example.org\"
operator = true
last_resort = true
```
";

/// The text of `docs/configuration.md`.
pub fn document() -> String {
    let mut page = INTRODUCTION.to_owned();
    table(&mut page, SETTINGS, &Config::default());
    page.push_str(FEEDS);
    table(&mut page, FEED_SETTINGS, &FeedConfig::default());
    page.push_str(TARGETS);
    table(&mut page, TARGET_SETTINGS, &TargetConfig::default());
    page.push_str(EXAMPLE);
    page
}

fn table<T>(page: &mut String, settings: &[Setting<T>], unset: &T) {
    page.push_str("| setting | value | without it | what it does |\n|---|---|---|---|\n");
    for Setting { key, kind, meaning, show, .. } in settings {
        let unset = match show(unset) {
            text if text.is_empty() => String::new(),
            text => format!("`{text}`"),
        };
        page.push_str(&format!("| `{key}` | {kind} | {unset} | {meaning} |\n"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Sources;

    #[test]
    fn the_page_in_docs_is_this_page() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/configuration.md");
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        assert!(kept == document(), "docs/configuration.md is old; run `bomwarden-server config docs > docs/configuration.md`");
    }

    #[test]
    fn the_example_is_read_and_a_value_shown_is_a_value_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("b.toml");
        let example = EXAMPLE.trim().trim_start_matches("```toml").trim_end_matches("```");
        let secrets = folder.path().display().to_string();
        std::fs::write(folder.path().join("mail-password"), "s3cret").expect("a file");
        std::fs::write(folder.path().join("slack-payments"), "https://hooks.example/T/s3cret").expect("a file");
        std::fs::write(&path, example.replace("/etc/bomwarden", &secrets)).expect("a file");
        let config = Config::load(&Sources { file: Some(path), ..Sources::default() }).expect("settings");
        assert_eq!((config.feeds.len(), config.targets.len()), (1, 2));
        let shown =
            format!("{:?} {:?} {config:?}", config.shown(), config.targets.iter().map(TargetConfig::shown).collect::<Vec<_>>());
        assert!(
            !shown.contains("s3cret") && shown.contains("payments: slack to https://hooks.example/********, for team payments")
        );
        let mut again = Config::default();
        for setting in SETTINGS.iter().filter(|setting| !(setting.show)(&config).is_empty()) {
            let value = super::super::given::Value::Text((setting.show)(&config));
            (setting.take)(&mut again, &value).unwrap_or_else(|error| panic!("{}: {error}", setting.key));
        }
        assert_eq!(again.shown(), config.shown());
    }
}
