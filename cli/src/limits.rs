//! The bounds on what is read, where the environment sets others: by the names that
//! the server's settings have there, in plain numbers.

use crate::Failure;
use bom::reading::{Bound, Limits};

/// The bounds of this run.
///
/// # Errors
/// [`Failure`] that names the variable whose value is no number above zero.
pub fn limits() -> Result<Limits, Failure> {
    of(|name| std::env::var(name).ok())
}

fn of(variable: impl Fn(&str) -> Option<String>) -> Result<Limits, Failure> {
    let mut limits = Limits::default();
    for &bound in Bound::ALL {
        let name = bound.variable();
        let Some(text) = variable(&name) else { continue };
        let number = text.trim().parse().ok().filter(|number: &usize| *number > 0);
        let wrong = || Failure::new(format!("`{name}` is `{text}`")).next("set it to a whole number above zero");
        *limits.bound(bound) = number.ok_or_else(wrong)?;
    }
    limits.depth = limits.depth.min(Limits::DEEPEST);
    Ok(limits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_sets_bounds() {
        let set = |name: &str| match name {
            "BOMWARDEN_LIMITS__COMPONENTS" => Some("7".to_owned()),
            "BOMWARDEN_LIMITS__DEPTH" => Some("100000".to_owned()),
            _ => None,
        };
        let limits = of(set).ok().unwrap();
        assert_eq!(limits, Limits { components: 7, depth: 128, ..Limits::DEFAULT });
        for wrong in ["", "0", "-1", "256 MiB"] {
            let error = of(|name| (name == "BOMWARDEN_LIMITS__EDGES").then(|| wrong.to_owned())).unwrap_err();
            assert!(error.to_string().contains("`BOMWARDEN_LIMITS__EDGES`"), "{error}");
        }
    }
}
