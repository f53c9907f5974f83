//! Whether a version is affected: the OSV schema's evaluation, as written, over a
//! package's ranges and its list of versions.
//!
//! What the schema leaves to the reader is decided so:
//! - an order that cannot be told (a version or an event that its scheme cannot
//!   read) is [`Answer::CannotTell`], unless another range or the list says yes;
//! - two spellings of one version are one version (`1.0` and `1.0.0` on PyPI);
//! - a `SEMVER` range is ordered by Semantic Versioning, and by the ecosystem's own
//!   order where a text is no semantic version;
//! - a `GIT` range needs the repository and never decides; where a package has
//!   nothing else, the answer is that it cannot be told.

use super::{Answer, Event, RangeKind, Versions};
use crate::version::{SEMVER, Scheme, VersionError};
use std::cmp::Ordering;

/// How many versions to upgrade to are looked at in one record.
const FIXES: usize = 64;

/// One word of a stored set of versions, in its order: the listed versions, then
/// each range followed by its events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item<'a> {
    Listed(&'a str),
    Range(RangeKind),
    Introduced(&'a str),
    Behind(&'a str),
    Fixed(&'a str),
    LastAffected(&'a str),
    Limit(&'a str),
}

impl Versions {
    /// Whether `version` is affected; `scheme` is the ecosystem's order.
    pub fn affects(&self, scheme: &dyn Scheme, version: &str) -> Answer {
        evaluate(self.items(), scheme, version)
    }

    /// Whether every version there is or will be is affected, so that a package
    /// without a known version is affected too.
    pub fn affects_all(&self) -> bool {
        self.ranges.iter().any(|range| range.kind != RangeKind::Git && range.is_bare())
    }

    /// The versions to upgrade to, lowest first: each `fixed` event above `version`
    /// that is not itself affected. An event that cannot be ordered is left out, and
    /// of a record with more than `FIXES` candidates only these are looked at.
    pub fn fixes(&self, scheme: &dyn Scheme, version: &str) -> Vec<String> {
        let mut above: Vec<&str> = Vec::new();
        for range in self.ranges.iter().filter(|range| range.kind != RangeKind::Git) {
            let order = Order { scheme, kind: range.kind };
            for event in &range.events {
                if let Event::Fixed(fixed) = event
                    && above.len() < FIXES
                    && order.compare(version, fixed) == Ok(Ordering::Less)
                    && !above.contains(&fixed.as_str())
                    && self.affects(scheme, fixed) == Answer::No
                {
                    let place = above.iter().position(|other| order.compare(fixed, other) == Ok(Ordering::Less));
                    above.insert(place.unwrap_or(above.len()), fixed);
                }
            }
        }
        above.into_iter().map(str::to_owned).collect()
    }

    pub(super) fn items(&self) -> impl Iterator<Item = Item<'_>> {
        let listed = self.listed.iter().map(|version| Item::Listed(version));
        let ranges = self.ranges.iter().flat_map(|range| {
            std::iter::once(Item::Range(range.kind)).chain(range.events.iter().map(|event| match event {
                Event::Introduced(at) => Item::Introduced(at),
                Event::Behind(at) => Item::Behind(at),
                Event::Fixed(at) => Item::Fixed(at),
                Event::LastAffected(at) => Item::LastAffected(at),
                Event::Limit(at) => Item::Limit(at),
            }))
        });
        listed.chain(ranges)
    }
}

/// The schema's `IsVulnerable` for one package, in one pass without allocation.
pub(super) fn evaluate<'a>(items: impl Iterator<Item = Item<'a>>, scheme: &dyn Scheme, version: &str) -> Answer {
    let mut doubt: Option<String> = None;
    let mut only_commits = false;
    let mut listed_elsewhere = false;
    let mut decides = false;
    let mut range: Option<Walk<'a, '_>> = None;
    for item in items {
        let event = match item {
            Item::Listed(listed) => {
                decides = true;
                if listed == version {
                    return Answer::Yes;
                }
                match scheme.compare(listed, version) {
                    Ok(Ordering::Equal) => return Answer::Yes,
                    Ok(_) => listed_elsewhere = true,
                    // An unreadable entry is another text than the version; an unreadable
                    // version could be another spelling of any entry.
                    Err(_) => {
                        if doubt.is_none() {
                            doubt = scheme.compare(version, version).err().map(|error| error.to_string());
                        }
                    }
                }
                continue;
            }
            Item::Range(kind) => {
                if range.take().is_some_and(|walk| walk.affected(&mut doubt)) {
                    return Answer::Yes;
                }
                if kind == RangeKind::Git {
                    only_commits = true;
                } else {
                    decides = true;
                    range = Some(Walk::new(Order { scheme, kind }, version));
                }
                continue;
            }
            event => event,
        };
        if let Some(walk) = &mut range {
            walk.step(event);
        }
    }
    if range.is_some_and(|walk| walk.affected(&mut doubt)) {
        return Answer::Yes;
    }
    if only_commits && !decides {
        return Answer::CannotTell("the record names commits only".to_owned());
    }
    if listed_elsewhere && doubt.is_none() {
        doubt = scheme.check(version).err().map(|error| error.to_string());
    }
    doubt.map_or(Answer::No, Answer::CannotTell)
}

/// The order of a range.
#[derive(Clone, Copy)]
struct Order<'s> {
    scheme: &'s dyn Scheme,
    kind: RangeKind,
}

impl Order<'_> {
    fn compare(&self, a: &str, b: &str) -> Result<Ordering, VersionError> {
        match self.kind {
            RangeKind::Semver => SEMVER.compare(a, b).or_else(|_| self.scheme.compare(a, b)),
            _ => self.scheme.compare(a, b),
        }
    }

    /// Some schemes order texts that are no versions (`dev-main`, `unknown`), as their
    /// packagers' tools do; whether such a component is affected cannot be told.
    fn check(&self, version: &str) -> Result<(), VersionError> {
        match self.kind {
            RangeKind::Semver => SEMVER.check(version).or_else(|_| self.scheme.check(version)),
            _ => self.scheme.check(version),
        }
    }
}

/// A walk over one range's events. The schema sorts the events and lets each one
/// that the version has reached set the state; the last of these decides. So it is
/// enough to keep the highest event reached, the later one among equals.
struct Walk<'a, 's> {
    order: Order<'s>,
    version: &'s str,
    /// Whether the version was found to be one.
    checked: bool,
    /// The highest event reached; `None` stands for the `0` before every version.
    highest: Option<&'a str>,
    affected: bool,
    limited: bool,
    within: bool,
    /// Why it cannot be told which events are reached.
    error: Option<VersionError>,
    /// Why it cannot be told whether a limit is.
    limit_error: Option<VersionError>,
}

impl<'a, 's> Walk<'a, 's> {
    fn new(order: Order<'s>, version: &'s str) -> Self {
        Self {
            order,
            version,
            checked: false,
            highest: None,
            affected: false,
            limited: false,
            within: false,
            error: None,
            limit_error: None,
        }
    }

    fn step(&mut self, event: Item<'a>) {
        let outcome = match event {
            // Before every version, so reached by all and passed by every other event reached.
            Item::Introduced("0") => {
                self.affected |= self.highest.is_none();
                Ok(())
            }
            Item::Introduced(at) => self.reach(at, Ordering::is_ge, true),
            Item::Behind(at) => self.reach(at, Ordering::is_gt, true),
            Item::Fixed(at) => self.reach(at, Ordering::is_ge, false),
            Item::LastAffected(at) => self.reach(at, Ordering::is_gt, false),
            Item::Limit(at) => return self.limit(at),
            Item::Listed(_) | Item::Range(_) => Ok(()),
        };
        if let Err(error) = outcome {
            self.error.get_or_insert(error);
        }
    }

    fn reach(&mut self, at: &'a str, reached: fn(Ordering) -> bool, affected: bool) -> Result<(), VersionError> {
        self.check()?;
        if !reached(self.order.compare(self.version, at)?) {
            return Ok(());
        }
        if let Some(highest) = self.highest
            && self.order.compare(at, highest)? == Ordering::Less
        {
            return Ok(());
        }
        self.highest = Some(at);
        self.affected = affected;
        Ok(())
    }

    /// One limit that the version is below is enough.
    fn limit(&mut self, at: &str) {
        self.limited = true;
        // The schema: a limit that contains `*` is infinity.
        if self.within || at.contains('*') {
            self.within = true;
            return;
        }
        match self.check().and_then(|()| self.order.compare(self.version, at)) {
            Ok(order) => self.within = order.is_lt(),
            Err(error) => self.limit_error = self.limit_error.take().or(Some(error)),
        }
    }

    fn check(&mut self) -> Result<(), VersionError> {
        if !self.checked {
            self.order.check(self.version)?;
            self.checked = true;
        }
        Ok(())
    }

    /// The range's word at its end; what cannot be told is put into `doubt`. One half of
    /// the sentence that says no decides, whatever the other would say.
    fn affected(self, doubt: &mut Option<String>) -> bool {
        let affected = self.error.map_or(Ok(self.affected), Err);
        let within = match self.limit_error {
            Some(error) if !self.within => Err(error),
            _ => Ok(self.within || !self.limited),
        };
        match (affected, within) {
            (Ok(true), Ok(true)) => true,
            (Ok(false), _) | (_, Ok(false)) => false,
            (Err(error), _) | (_, Err(error)) => {
                doubt.get_or_insert_with(|| error.to_string());
                false
            }
        }
    }
}

impl super::Range {
    /// Whether the range is every version: introduced at `0`, however
    /// that is spelled (`0.0.0-0`), and nothing after it.
    pub(super) fn is_bare(&self) -> bool {
        let unlimited = |event: &Event| match event {
            Event::Introduced(at) => !at.is_empty() && at.bytes().all(|byte| b"0.-".contains(&byte)),
            Event::Limit(at) => at.contains('*'),
            _ => false,
        };
        let starts = self.events.iter().any(|event| matches!(event, Event::Introduced(_)));
        starts && self.events.iter().all(unlimited)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advisory::Range;
    use crate::version::{APK, PACKAGIST, PEP440};

    /// `S i0 f1.2 v3`: the short spelling with spaces for line breaks.
    fn versions(text: &str) -> Versions {
        Versions::from_text(&text.replace(' ', "\n")).expect(text)
    }

    fn check(text: &str, version: &str, expect: Option<bool>) {
        let answer = match versions(text).affects(&SEMVER, version) {
            Answer::Yes => Some(true),
            Answer::No => Some(false),
            Answer::CannotTell(_) => None,
        };
        assert_eq!(answer, expect, "{version} in {text}");
    }

    #[test]
    fn ranges_follow_the_schema() {
        for (text, affected, unaffected) in [
            ("S i0", "0.0.0-0 0.0.1 9.9.9", ""),
            ("S i0 f1.0.2", "0.0.1 1.0.1 1.0.2-rc.1", "1.0.2 1.0.3"),
            ("S i1.0.0 f1.0.2 i3.0.0 f3.2.5", "1.0.0 1.0.1 3.0.0 3.2.4", "0.9.9 1.0.2 2.9.9 3.0.0-0 3.2.5"),
            ("S f3.2.5 i3.0.0 f1.0.2 i0", "0.0.1 3.0.0 3.2.4", "1.0.2 2.9.9 3.2.5"),
            ("S i1.0.0 l2.1.0", "1.0.0 2.1.0", "0.9.9 2.1.1"),
            ("S a1.0.0 f2.0.0", "1.0.1 1.9.9", "0.9.9 1.0.0 2.0.0"),
            ("S a1.0.0 l2.0.0", "1.0.1 2.0.0", "1.0.0 2.0.1"),
            ("S i1.0.0 m1.5.0", "1.0.0 1.4.9", "0.9.0 1.5.0"),
            ("S i1.0.0 m1.5.0 m2.0.0", "1.6.0", "2.0.0"),
            ("S i1.0.0 m*", "1.0.0 9.0.0", "0.9.0"),
            ("S i0 f1.0.0 S i2.0.0 f3.0.0", "0.1.0 2.5.0", "1.0.0 3.0.0"),
            ("S i1.0.0 f1.0.0", "", "0.9.0 1.0.0 1.0.1"),
            ("S f1.0.0 i1.0.0", "1.0.0 2.0.0", "0.9.0"),
            ("S f1.0.0", "", "0.1.0 2.0.0"),
            ("v1.2.3 v1.2.5 S i2.0.0 f2.1.0", "1.2.3 1.2.5 2.0.5", "1.2.4 2.1.0"),
            ("v1.2.3 G i0 fabc", "1.2.3", "1.2.4"),
            ("E i0 f1.0.0 G i0", "0.9.0", "1.0.0"),
        ] {
            affected.split_whitespace().for_each(|version| check(text, version, Some(true)));
            unaffected.split_whitespace().for_each(|version| check(text, version, Some(false)));
        }
    }

    #[test]
    fn what_cannot_be_ordered_is_never_a_no() {
        for (text, version, expect) in [
            ("S i0 f1.0.0", "banana", None),
            ("S i0", "banana", Some(true)),
            ("S i0 fbanana", "1.0.0", None),
            ("S i0 fbanana S i1.0.0", "1.0.0", Some(true)),
            ("v1.0.0", "banana", None),
            ("vbanana", "banana", Some(true)),
            ("vbanana", "1.0.0", Some(false)),
            ("G i0", "1.0.0", None),
            // A limit below which the version lies is enough, and a half that says no is a no.
            ("S i0 m* mbanana", "1.0.0", Some(true)),
            ("S i0 mbanana m2.0.0", "1.0.0", Some(true)),
            ("S i0 mbanana", "1.0.0", None),
            ("S i2.0.0 mbanana", "1.0.0", Some(false)),
            ("S ibanana m1.0.0", "1.0.0", Some(false)),
        ] {
            check(text, version, expect);
        }
        assert_eq!(Versions::default().affects(&SEMVER, "1.0.0"), Answer::No);
        // Tools order these texts, but they are no versions.
        for (scheme, version) in
            [(&PEP440 as &dyn Scheme, "unknown"), (&PACKAGIST, "dev-main"), (&PACKAGIST, "2.x-dev"), (&APK, "unknown")]
        {
            for text in ["E i0 f1.0.0", "E i0 m1.0.0", "v1.0.0"] {
                let answer = versions(text).affects(scheme, version);
                assert!(matches!(answer, Answer::CannotTell(_)), "{version} in {text}: {answer:?}");
            }
            assert_eq!(versions("E i0").affects(scheme, version), Answer::Yes, "{version}");
        }
    }

    #[test]
    fn an_upgrade_goes_to_the_lowest_fix_that_is_one() {
        for (text, version, fixes) in [
            ("S i0 f1.0.2 i2.0.0 f2.0.7", "1.0.0", "1.0.2 2.0.7"),
            ("S i0 f1.0.2 i2.0.0 f2.0.7", "2.0.1", "2.0.7"),
            ("S i2.0.0 f2.0.7 S i0 f1.0.2", "1.0.0", "1.0.2 2.0.7"),
            ("S i0 f1.0.2 S i1.0.0 f1.5.0", "0.9.0", "1.5.0"),
            ("S i0 l1.0.2", "1.0.0", ""),
            ("v1.0.0", "1.0.0", ""),
            ("S i0 f1.0.2", "banana", ""),
        ] {
            assert_eq!(versions(text).fixes(&SEMVER, version).join(" "), fixes, "{version} in {text}");
        }
    }

    #[test]
    fn a_bare_range_is_every_version() {
        for (text, all) in [("S i0", true), ("S i0.0.0-0", true), ("E i0 m*", true), ("S i0 f1", false), ("G i0", false)] {
            assert_eq!(versions(text).affects_all(), all, "{text}");
        }
        assert!(!Range { kind: RangeKind::Semver, events: Vec::new() }.is_bare());
    }
}
