//! The notes that `pip-compile` and `uv` leave behind requirements: `# via`
//! and the packages or files that asked for this one.

use crate::lockfile::python;

/// Who asked for a requirement.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Via {
    /// Packages, by canonical name.
    pub(super) names: Vec<String>,
    /// Whether the project itself did, through a file it wrote.
    pub(super) project: bool,
}

/// Reads the comments that belong to a requirement.
pub(super) fn read(notes: &[String]) -> Via {
    let mut via = Via::default();
    let mut begun = false;
    for note in notes {
        let rest = match note.strip_prefix("via") {
            Some(rest) if rest.is_empty() || rest.starts_with(' ') => {
                begun = true;
                rest
            }
            _ if begun => note.as_str(),
            _ => continue,
        };
        for asker in rest.split(',').map(str::trim).filter(|asker| !asker.is_empty()) {
            // `-r FILE`, or `NAME (pyproject.toml)`.
            if asker.starts_with("-r") || asker.ends_with(')') {
                via.project = true;
            } else if asker.starts_with("-c") {
            } else if asker.contains(char::is_whitespace) {
                // Another comment begins.
                return via;
            } else {
                let name = asker.split('[').next().unwrap_or(asker);
                via.names.push(python::canonical(name).into_owned());
            }
        }
    }
    via
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_tell_who_asked() {
        for (notes, names, project) in [
            (vec!["via kombu"], vec!["kombu"], false),
            (vec!["via", "-r main.in", "Kombu[redis]", "-c bounds.txt"], vec!["kombu"], true),
            (vec!["via a, b"], vec!["a", "b"], false),
            (vec!["via demo (pyproject.toml)"], vec![], true),
            (vec!["viable"], vec![], false),
            (vec!["via a", "The following packages are unsafe:", "b"], vec!["a"], false),
        ] {
            let notes: Vec<String> = notes.into_iter().map(str::to_owned).collect();
            let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
            assert_eq!(read(&notes), Via { names, project }, "{notes:?}");
        }
    }
}
