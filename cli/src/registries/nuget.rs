//! NuGet: the `packageSources` of `NuGet.config` in the project's folder, those
//! above it and the home.

use super::{Manager, Place, Setting};

/// NuGet.
pub struct NuGet;

impl Manager for NuGet {
    fn ecosystem(&self) -> &'static str {
        "NuGet"
    }

    fn settings(&self, place: &Place) -> Vec<Setting> {
        let spellings = ["NuGet.config", "nuget.config", "NuGet.Config"];
        let projects = spellings.iter().flat_map(|name| place.above(name));
        let homes = [".nuget/NuGet/NuGet.Config", ".config/NuGet/NuGet.Config"].iter().filter_map(|name| place.home(name));
        let mut settings = Vec::new();
        for file in projects.chain(homes) {
            let sources = file.text.split_once("<packageSources").and_then(|(_, after)| after.split_once("</packageSources>"));
            let entries = sources.into_iter().flat_map(|(inside, _)| inside.split("<add").skip(1));
            let addresses = entries.filter_map(|entry| entry.split_once("value=\"")?.1.split('"').next());
            settings.extend(addresses.filter_map(|address| Setting::new(self, None, address, &file.name)));
        }
        settings
    }

    fn question(&self) -> Option<&'static [&'static str]> {
        Some(&["dotnet", "nuget", "list", "source", "--format", "Short"])
    }
}
