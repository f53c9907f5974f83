//! Bundler and RubyGems: mirrors in `.bundle/config`, sources in `.gemrc` and `Gemfile`.

use super::lines::lines;
use super::{Manager, Place, Setting};

/// Bundler and RubyGems.
pub struct Bundler;

impl Manager for Bundler {
    fn ecosystem(&self) -> &'static str {
        "RubyGems"
    }

    fn settings(&self, place: &Place) -> Vec<Setting> {
        let mut settings = Vec::new();
        for file in [place.project(".bundle/config"), place.home(".bundle/config")].into_iter().flatten() {
            // `BUNDLE_MIRROR__HTTPS://…: "https://…"`: the key holds colons too, the value comes after the last `: `.
            let mirrors =
                file.text.lines().filter(|line| line.starts_with("BUNDLE_MIRROR__")).filter_map(|line| line.rsplit_once(": "));
            settings.extend(mirrors.filter_map(|(_, mirror)| Setting::new(self, None, mirror, &file.name)));
        }
        if let Some(file) = place.project("Gemfile") {
            let sources = file.text.lines().filter_map(|line| line.trim().strip_prefix("source")).filter_map(quoted);
            settings.extend(sources.filter_map(|source| Setting::new(self, None, source, &file.name)));
        }
        if let Some(file) = place.home(".gemrc") {
            let sources = lines(&file.text, ' ').into_iter().filter(|line| line.key == "-");
            settings.extend(sources.filter_map(|line| Setting::new(self, None, line.value, &file.name)));
        }
        settings
    }

    fn question(&self) -> Option<&'static [&'static str]> {
        Some(&["gem", "sources", "--list"])
    }
}

/// The first text in quotes.
fn quoted(text: &str) -> Option<&str> {
    let start = text.find(['"', '\''])?;
    let mark = text.get(start..)?.chars().next()?;
    text.get(start + 1..)?.split(mark).next()
}
