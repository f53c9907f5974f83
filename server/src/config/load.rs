//! Gathers what was given, puts it in order and finds every mistake in one go.

use super::given::{self, Entries, Given, Place, Value};
use super::settings::{FEED_SETTINGS, SETTINGS, Setting};
use super::target::{self, TARGET_SETTINGS};
use super::{Config, FeedConfig, Judge, TargetConfig, units};
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
    /// Knows the channels of targets; without it their addresses are not judged.
    pub judge: Option<Judge>,
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
    judge: Option<Judge>,
    mistakes: Vec<String>,
}

pub(super) fn load(sources: &Sources) -> Result<Config, Mistakes> {
    let mut draft = Draft { judge: sources.judge, ..Draft::default() };
    draft.file(sources.file.as_deref());
    draft.environment(&sources.environment);
    for (flag, key, text) in &sources.flags {
        draft.set(key, &Given { value: Value::Text(text.clone()), place: Place::Flag(flag) });
    }
    if !draft.database_given {
        draft.config.database = Config::database_in(&draft.config.data);
    }
    let together =
        draft.config.mail.mistakes().into_iter().chain(target::all_mistakes(&draft.config.targets, &draft.config.mail));
    draft.mistakes.extend(together.collect::<Vec<_>>());
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
        match key {
            "feed" => return self.feeds(given),
            "target" => return self.targets(given),
            _ => {}
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
                let names = SETTINGS.iter().map(|setting| setting.key).chain(["feed", "target"]);
                self.mistake(&given.place, &unknown(key, names));
            }
        }
    }

    fn feeds(&mut self, given: &Given) {
        self.config.feeds.clear();
        for (place, entries) in self.tables("feed", given) {
            let feed: FeedConfig = self.table("feed", FEED_SETTINGS, &["name", "from"], &place, &entries);
            let twice = self.config.feeds.iter().any(|other| other.name == feed.name);
            self.named_once("feed", &feed.name, twice, &place);
            self.config.feeds.push(feed);
        }
    }

    fn targets(&mut self, given: &Given) {
        self.config.targets.clear();
        for (place, entries) in self.tables("target", given) {
            let target: TargetConfig = self.table("target", TARGET_SETTINGS, &["name", "channel"], &place, &entries);
            let twice = self.config.targets.iter().any(|other| other.name == target.name);
            self.named_once("target", &target.name, twice, &place);
            for text in target::mistakes(&target, &entries, self.judge) {
                self.mistake(&place, &text);
            }
            self.config.targets.push(target);
        }
    }

    /// The tables that were given as a list, each with its place.
    fn tables(&mut self, key: &str, given: &Given) -> Vec<(Place, Entries)> {
        let Value::List(tables) = &given.value else {
            self.mistake(&given.place, &format!("`{key}`: a list of tables was expected; write each as `[[{key}]]`"));
            return Vec::new();
        };
        let mut good = Vec::new();
        for table in tables {
            match &table.value {
                Value::Table(entries) => good.push((table.place.clone(), entries.clone())),
                _ => self.mistake(&table.place, &format!("`{key}`: a table was expected")),
            }
        }
        good
    }

    /// One table of a list.
    fn table<T: Default>(&mut self, key: &str, settings: &[Setting<T>], needed: &[&str], place: &Place, entries: &Entries) -> T {
        let mut value = T::default();
        for (name, inner) in entries {
            let outcome = match settings.iter().find(|setting| setting.key == name) {
                Some(setting) => (setting.take)(&mut value, &inner.value).map_err(|text| format!("`{key}.{name}`: {text}")),
                None => Err(unknown(&format!("{key}.{name}"), settings.iter().map(|setting| setting.key))),
            };
            if let Err(text) = outcome {
                self.mistake(&inner.place, &text);
            }
        }
        for missing in needed {
            if !entries.iter().any(|(name, _)| name == missing) {
                self.mistake(place, &format!("`{key}`: `{missing}` is missing"));
            }
        }
        value
    }

    fn named_once(&mut self, key: &str, name: &str, twice: bool, place: &Place) {
        if twice && !name.is_empty() {
            self.mistake(place, &format!("`{key}`: `{name}` is the name of two {key}s"));
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
