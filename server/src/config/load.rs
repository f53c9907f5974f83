//! Gathers what was given, puts it in order and finds every mistake in one go.

use super::given::{self, Given, Place, Value};
use super::settings::{FEED_SETTINGS, SETTINGS, Setting};
use super::{Config, FeedConfig, units};
use std::fmt;
use std::path::{Path, PathBuf};

/// Where a settings file is looked for when none is named.
const PLACES: &[&str] = &["bomwarden.toml", "/etc/bomwarden/bomwarden.toml"];

const PREFIX: &str = "BOMWARDEN_";

/// Variables that begin like ours and are the command-line tool's.
const FOREIGN: &[&str] = &["PROJECT", "RELEASE", "SERVER_URL", "TOKEN"];

/// Of the project's own tests.
const FOREIGN_PREFIX: &str = "TESTS_";

/// Where settings come from; the later win: file, environment, flags.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The file that was named.
    pub file: Option<PathBuf>,
    /// The variables of the environment, all of them.
    pub environment: Vec<(String, String)>,
    /// The flags that were set.
    pub flags: Flags,
}

/// Values of flags, by flag and setting.
pub type Flags = Vec<(&'static str, &'static str, String)>;

/// Everything that is wrong with the settings.
#[derive(Debug)]
pub struct Mistakes(pub Vec<String>);

impl fmt::Display for Mistakes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [one] => write!(out, "a setting is wrong: {one}"),
            all => {
                write!(out, "{} settings are wrong:", all.len())?;
                all.iter().try_for_each(|mistake| write!(out, "\n  {mistake}"))
            }
        }
    }
}

impl std::error::Error for Mistakes {}

/// Settings being put together.
#[derive(Default)]
struct Draft {
    config: Config,
    database_given: bool,
    mistakes: Vec<String>,
}

pub(super) fn load(sources: &Sources) -> Result<Config, Mistakes> {
    let mut draft = Draft::default();
    draft.file(sources.file.as_deref());
    draft.environment(&sources.environment);
    for (flag, key, text) in &sources.flags {
        draft.set(key, &Given { value: Value::Text(text.clone()), place: Place::Flag(flag) });
    }
    if !draft.database_given {
        draft.config.database = Config::database_in(&draft.config.data);
    }
    if draft.mistakes.is_empty() { Ok(draft.config) } else { Err(Mistakes(draft.mistakes)) }
}

impl Draft {
    fn file(&mut self, named: Option<&Path>) {
        let found = || PLACES.iter().map(Path::new).find(|path| path.exists());
        let Some(path) = named.or_else(found) else { return };
        let shown = path.display().to_string();
        match std::fs::read_to_string(path) {
            Err(error) => self.mistakes.push(format!("{shown}: the file cannot be read: {error}")),
            Ok(text) => match given::of_file(&shown, &text) {
                Ok(entries) => entries.iter().for_each(|(key, given)| self.set(key, given)),
                Err(errors) => errors.iter().for_each(|(place, text)| self.mistake(place, text)),
            },
        }
    }

    fn environment(&mut self, all: &[(String, String)]) {
        let mut ours: Vec<_> = all.iter().filter_map(|(name, text)| Some((name, name.strip_prefix(PREFIX)?, text))).collect();
        ours.sort();
        for (name, key, text) in ours {
            if FOREIGN.contains(&key) || key.starts_with(FOREIGN_PREFIX) {
                continue;
            }
            match given::of_environment(name, text) {
                Ok(given) => self.set(&key.to_ascii_lowercase().replace("__", "."), &given),
                Err((place, text)) => self.mistake(&place, &text),
            }
        }
    }

    /// Sets `key`, or the settings below it where a table was given.
    fn set(&mut self, key: &str, given: &Given) {
        if key == "feed" {
            return self.feeds(given);
        }
        if let Some(setting) = SETTINGS.iter().find(|setting| setting.key == key) {
            self.database_given |= key == "database";
            if let Err(text) = (setting.take)(&mut self.config, &given.value) {
                self.mistake(&given.place, &format!("`{key}`: {text}"));
            }
            return;
        }
        let group = SETTINGS.iter().any(|setting| setting.key.strip_prefix(key).is_some_and(|rest| rest.starts_with('.')));
        match &given.value {
            Value::Table(entries) if group => entries.iter().for_each(|(name, inner)| self.set(&format!("{key}.{name}"), inner)),
            other if group => self.mistake(&given.place, &format!("`{key}`: a table was expected, not {}", units::kind(other))),
            _ => {
                let names = SETTINGS.iter().map(|setting| setting.key).chain(["feed"]);
                self.mistake(&given.place, &unknown(key, names));
            }
        }
    }

    fn feeds(&mut self, given: &Given) {
        let Value::List(tables) = &given.value else {
            return self.mistake(&given.place, "`feed`: a list of tables was expected; write each as `[[feed]]`");
        };
        self.config.feeds.clear();
        for table in tables {
            let Value::Table(entries) = &table.value else {
                self.mistake(&table.place, "`feed`: a table was expected");
                continue;
            };
            let mut feed = FeedConfig::default();
            for (key, inner) in entries {
                self.feed_setting(&mut feed, key, inner);
            }
            for missing in ["name", "from"] {
                if !entries.iter().any(|(key, _)| key == missing) {
                    self.mistake(&table.place, &format!("`feed`: `{missing}` is missing"));
                }
            }
            if !feed.name.is_empty() && self.config.feeds.iter().any(|other| other.name == feed.name) {
                self.mistake(&table.place, &format!("`feed`: `{}` is the name of two feeds", feed.name));
            }
            self.config.feeds.push(feed);
        }
    }

    fn feed_setting(&mut self, feed: &mut FeedConfig, key: &str, given: &Given) {
        let setting: Option<&Setting<FeedConfig>> = FEED_SETTINGS.iter().find(|setting| setting.key == key);
        let outcome = match setting {
            Some(setting) => (setting.take)(feed, &given.value).map_err(|text| format!("`feed.{key}`: {text}")),
            None => Err(unknown(&format!("feed.{key}"), FEED_SETTINGS.iter().map(|setting| setting.key))),
        };
        if let Err(text) = outcome {
            self.mistake(&given.place, &text);
        }
    }

    fn mistake(&mut self, place: &Place, text: &str) {
        self.mistakes.push(format!("{place}: {text}"));
    }
}

/// What to say of a name that is no setting, with the nearest that is.
fn unknown(key: &str, names: impl Iterator<Item = &'static str>) -> String {
    let last = |name: &str| name.rsplit('.').next().unwrap_or(name).to_owned();
    let near = names.map(|name| (distance(&last(key), &last(name)), name)).min();
    match near {
        Some((steps, name)) if steps <= 2 => format!("`{key}` is not a setting; did you mean `{name}`?"),
        _ => format!("`{key}` is not a setting; docs/configuration.md lists them all"),
    }
}

/// How many letters must be changed, added or left out to make `a` into `b`.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        for (to, (diagonal, above)) in b.iter().zip(row.iter().zip(row.iter().skip(1))) {
            let left = next.last().copied().unwrap_or(0);
            next.push((diagonal + usize::from(from != *to)).min(above + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests;
