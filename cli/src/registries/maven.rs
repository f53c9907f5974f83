//! Maven: mirrors and repositories of the user's `settings.xml`, and the
//! repositories of `pom.xml`.

use super::{Manager, Place, Setting};

/// Maven.
pub struct Maven;

impl Manager for Maven {
    fn ecosystem(&self) -> &'static str {
        "Maven"
    }

    fn settings(&self, place: &Place) -> Vec<Setting> {
        let files = [place.home(".m2/settings.xml"), place.project("pom.xml")];
        let mut settings = Vec::new();
        for file in files.into_iter().flatten() {
            for element in ["mirror", "repository", "pluginRepository"] {
                let addresses = elements(&file.text, element).filter_map(|inner| elements(inner, "url").next());
                settings.extend(addresses.filter_map(|address| Setting::new(self, None, address, &file.name)));
            }
        }
        settings
    }
}

/// The insides of the elements called `name`, in order. Enough for files that people
/// write for Maven; comments may hide no more than a tag of the same name.
fn elements<'a>(text: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let mut rest = text;
    std::iter::from_fn(move || {
        let (_, after) = rest.split_once(&open)?;
        let (inner, behind) = after.split_once(&close)?;
        rest = behind;
        Some(inner)
    })
}
