//! Go: the proxies in `GOPROXY`, from the variable or the file `go env -w` writes.

use super::lines::lines;
use super::{Manager, Place, Setting};

/// Go.
pub struct Go;

impl Manager for Go {
    fn ecosystem(&self) -> &'static str {
        "Go"
    }

    fn settings(&self, place: &Place) -> Vec<Setting> {
        if let Some(value) = place.environment.text("GOPROXY") {
            return self.proxies(&value, "GOPROXY");
        }
        let file = place.named_by("GOENV").or_else(|| place.in_variable("XDG_CONFIG_HOME", ".config", "go/env"));
        let Some(file) = file else {
            return Vec::new();
        };
        let lines = lines(&file.text, '=');
        lines.iter().filter(|line| line.key == "GOPROXY").flat_map(|line| self.proxies(line.value, &file.name)).collect()
    }

    fn question(&self) -> Option<&'static [&'static str]> {
        Some(&["go", "env", "GOPROXY"])
    }
}

impl Go {
    /// The proxies of a list with `,` or `|` between them; `direct` and `off` are none.
    fn proxies(&self, value: &str, source: &str) -> Vec<Setting> {
        value.split([',', '|']).filter_map(|proxy| Setting::new(self, None, proxy, source)).collect()
    }
}
