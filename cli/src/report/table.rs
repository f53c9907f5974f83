//! The report for people: a line for each finding, the worst first, then what could
//! not be told, then the sums.

use super::{Report, word};
use crate::scan::{Hit, Scanned};
use crate::screen::Tone;
use crate::{Failure, Screen};
use bom::advisory::Severity;
use bom::plain::hides;
use std::collections::BTreeMap;

/// Components of one unknown kind that are named.
const NAMED: usize = 3;

/// Prints it.
///
/// # Errors
/// [`Failure`] when standard output cannot be written.
pub fn tell(report: &Report<'_>, screen: &Screen) -> Result<(), Failure> {
    for scanned in report.scanned {
        tell_one(scanned, screen)?;
    }
    Ok(())
}

fn tell_one(scanned: &Scanned, screen: &Screen) -> Result<(), Failure> {
    let width = scanned.hits.iter().map(|hit| hit.component.chars().count()).max().unwrap_or(0).min(48);
    screen.say(&format!("{}: {}", screen.paint(Tone::Strong, &shown(&scanned.name)), sums(scanned)))?;
    for hit in &scanned.hits {
        tell_hit(hit, width, screen)?;
    }
    for (hit, why) in &scanned.settled {
        let text = format!("{}  {}: {}", shown(&hit.component), shown(&hit.finding.id), shown(&why.sentence()));
        screen.say(&format!("  {}      {}", screen.paint(Tone::Faint, "settled"), screen.paint(Tone::Faint, &text)))?;
    }
    for (component, doubt) in &scanned.doubts {
        let text = format!("{}: {}: {}", shown(component), shown(&doubt.id), shown(&doubt.reason));
        screen.say(&format!("  {}  {text}", screen.paint(Tone::Warn, "cannot tell")))?;
    }
    let mut unknown: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (component, why) in &scanned.unknown {
        unknown.entry(why).or_default().push(component);
    }
    for (why, components) in unknown {
        let named = components.iter().take(NAMED).map(|component| shown(component)).collect::<Vec<_>>().join(", ");
        let more = components.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        screen.say(&format!("  {}      {}: {named}{more}", screen.paint(Tone::Warn, "unknown"), shown(why)))?;
    }
    Ok(())
}

fn tell_hit(hit: &Hit, width: usize, screen: &Screen) -> Result<(), Failure> {
    let finding = &hit.finding;
    let tone = match finding.severity {
        Severity::Malicious | Severity::Critical => Tone::Bad,
        Severity::High | Severity::Medium => Tone::Warn,
        Severity::Low | Severity::Unknown => Tone::Faint,
    };
    let word = screen.paint(tone, &format!("{:<12}", shown(word(hit))));
    let fixed = finding.fixed.first().map(|fixed| format!("  upgrade to {}", shown(fixed))).unwrap_or_default();
    let component = shown(&hit.component);
    screen.say(&format!("  {word} {component:<width$}  {}{fixed}", screen.paint(Tone::Strong, &shown(&finding.id))))?;
    let mut details = Vec::new();
    if finding.weak {
        details.push("weak: it has no purl and was found by a CPE, a name that somebody guessed".to_owned());
    }
    if !finding.summary.is_empty() {
        details.push(shown(&finding.summary));
    }
    if !finding.aliases.is_empty() {
        details.push(format!("also {}", shown(&finding.aliases.join(", "))));
    }
    if hit.way.len() > 1 {
        details.push(format!("by way of {}", shown(&hit.way.join(" > "))));
    }
    for detail in details {
        screen.say(&format!("               {}", screen.paint(Tone::Faint, &detail)))?;
    }
    Ok(())
}

/// `851 components, 54 findings (2 critical, 33 unknown, …)`.
fn sums(scanned: &Scanned) -> String {
    let mut words: Vec<(Severity, &str, usize)> = Vec::new();
    for hit in &scanned.hits {
        let severity = if hit.finding.informational.is_some() { Severity::Unknown } else { hit.finding.severity };
        match words.iter_mut().find(|(_, name, _)| *name == word(hit)) {
            Some((_, _, count)) => *count += 1,
            None => words.push((severity, word(hit), 1)),
        }
    }
    words.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    let parts: Vec<String> = words.iter().map(|(_, name, count)| format!("{count} {}", shown(name))).collect();
    let findings = match scanned.hits.len() {
        0 => "no findings".to_owned(),
        count => format!("{count} findings ({})", parts.join(", ")),
    };
    let settled = match scanned.settled.len() {
        0 => String::new(),
        count => format!(", {count} settled by VEX"),
    };
    let unknown = match scanned.unknown.len() {
        0 => String::new(),
        count => format!(", {count} unknown"),
    };
    let elsewhere = match scanned.elsewhere {
        0 => String::new(),
        count => format!(", {count} not from a registry and not compared"),
    };
    format!("{} components, {findings}{settled}{unknown}{elsewhere}", scanned.components)
}

/// Text from a document or record, without what could rewrite the terminal or turn it round.
fn shown(text: &str) -> String {
    text.chars().map(|c| if hides(c) { ' ' } else { c }).collect()
}
