//! Intervals in brackets: NuGet (learn.microsoft.com, "Package versioning") and Maven
//! (maven.apache.org, POM reference, "Dependency Version Requirement Specification").

use super::super::{Comparator, Constraint};
use super::constraint;

/// One interval, or a version that is the lowest allowed one.
pub(super) fn nuget(text: &str) -> Option<Vec<Constraint>> {
    if !text.contains(['[', '(', ']', ')']) {
        return Some(vec![constraint(Comparator::GreaterOrEqual, text)?]);
    }
    interval(text.trim())
}

/// Intervals side by side. A bare version is a wish, not a range.
pub(super) fn maven(text: &str) -> Option<Vec<Constraint>> {
    let mut constraints = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let end = rest.find([']', ')'])? + 1;
        let (first, behind) = rest.split_at_checked(end)?;
        let read = interval(first.trim())?;
        if read.is_empty() {
            return Some(read);
        }
        constraints.extend(read);
        rest = behind.trim_start();
        rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
    }
    (!constraints.is_empty()).then_some(constraints)
}

/// `[a,b)`, either end open or missing, or `[a]`.
fn interval(text: &str) -> Option<Vec<Constraint>> {
    let from_included = text.starts_with('[');
    let to_included = text.ends_with(']');
    let inside = text.strip_prefix(['[', '('])?.strip_suffix([']', ')'])?;
    let Some((from, to)) = inside.split_once(',') else {
        return if from_included && to_included { Some(vec![constraint(Comparator::Equal, inside)?]) } else { None };
    };
    let mut constraints = Vec::new();
    if !from.trim().is_empty() {
        let comparator = if from_included { Comparator::GreaterOrEqual } else { Comparator::Greater };
        constraints.push(constraint(comparator, from)?);
    }
    if !to.trim().is_empty() {
        let comparator = if to_included { Comparator::LessOrEqual } else { Comparator::Less };
        constraints.push(constraint(comparator, to)?);
    }
    Some(constraints)
}
