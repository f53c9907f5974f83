//! The look itself: windows of packages, each joined by walking components and claims
//! side by side. What there should be is kept as one small mark for each match.

use crate::rematch::wanted::{Claimed, Held, Wanted};
use crate::stop::Stop;
use crate::store::matching::{self, Match};
use crate::store::rechecks::{self, Claim, Recheck, Whose};
use crate::store::{Db, StoreError};
use bom::ecosystem::Ecosystem;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::atomic::{AtomicI64, Ordering};

/// Packages of one window: some thousand components in the hands of a connection.
const WINDOW: i64 = 4096;

/// A match in short: its component, and a hash of all that it says.
pub(super) type Mark = (i64, u64);

/// What both connections share.
pub(super) struct Survey {
    last: i64,
    /// Records that were not taken back and their problems, by record.
    problems: Vec<(i64, i64)>,
    public: HashSet<i64>,
    next: AtomicI64,
    reached: AtomicI64,
    components: AtomicI64,
    pairs: AtomicI64,
}

impl Survey {
    pub(super) fn prepare(db: &mut Db) -> Result<Self, StoreError> {
        Ok(Self {
            last: rechecks::last_package(db)?,
            problems: rechecks::problems(db)?,
            public: matching::public_origins(db)?,
            next: AtomicI64::new(1),
            reached: AtomicI64::new(0),
            components: AtomicI64::new(0),
            pairs: AtomicI64::new(0),
        })
    }

    /// Looks at windows until none is left; answers the marks of the matches there should be.
    pub(super) fn look(&self, db: &mut Db, stop: &Stop) -> Result<Vec<Mark>, StoreError> {
        let mut marks = Vec::new();
        loop {
            let first = self.next.fetch_add(WINDOW, Ordering::Relaxed);
            if first > self.last {
                return Ok(marks);
            }
            if stop.is_asked() {
                return Err(StoreError::Stopping);
            }
            self.window(db, first, first + WINDOW - 1, &mut marks)?;
            self.reached.fetch_add(WINDOW, Ordering::Relaxed);
        }
    }

    fn window(&self, db: &mut Db, first: i64, last: i64, marks: &mut Vec<Mark>) -> Result<(), StoreError> {
        let claims = rechecks::claims(db, first, last)?;
        if claims.is_empty() {
            return Ok(());
        }
        let named = claims.chunk_by(|one, next| one.package_id == next.package_id).count();
        // To leave out what nobody names costs a look at each component.
        let whose = if i64::try_from(named).is_ok_and(|named| named > WINDOW / 2) { Whose::All } else { Whose::Named };
        let (mut wanted, mut side) = (Wanted::default(), Side::new(&claims));
        let (mut components, mut pairs) = (0, 0);
        rechecks::components(db, first, last, whose, &mut |component| {
            let Some((ecosystem, claims)) = side.of(component.package_id) else { return };
            components += 1;
            if !self.public.contains(&component.origin_id) {
                return;
            }
            let held = Held { id: component.id, ecosystem, version: &component.version, qualifiers: &component.qualifiers };
            for claim in claims {
                let Some(problem_id) = self.problem(claim.advisory_id) else { continue };
                pairs += 1;
                let (release, versions) = (claim.release.as_str(), claim.versions.as_str());
                wanted.consider(held, Claimed { advisory_id: claim.advisory_id, problem_id, release, versions });
            }
        })?;
        marks.extend(wanted.matches().values().map(mark));
        self.components.fetch_add(components, Ordering::Relaxed);
        self.pairs.fetch_add(pairs, Ordering::Relaxed);
        Ok(())
    }

    fn problem(&self, advisory_id: i64) -> Option<i64> {
        let at = self.problems.binary_search_by_key(&advisory_id, |(id, _)| *id).ok()?;
        self.problems.get(at).map(|(_, problem)| *problem)
    }

    /// Writes how far it is into the kept row.
    pub(super) fn tell(&self, seen: &mut Recheck, now: i64) {
        seen.seen_at = now;
        seen.last = self.last;
        seen.reached = self.reached.load(Ordering::Relaxed).min(self.last);
        seen.components = self.components.load(Ordering::Relaxed);
        seen.pairs = self.pairs.load(Ordering::Relaxed);
    }
}

/// The claims of a window, walked along beside the components.
struct Side<'a> {
    rest: &'a [Claim],
    package: i64,
    mine: &'a [Claim],
    ecosystem: Option<&'static Ecosystem>,
}

impl<'a> Side<'a> {
    fn new(rest: &'a [Claim]) -> Self {
        Self { rest, package: 0, mine: &[], ecosystem: None }
    }

    /// The claims about a package, which is not before the last one that was asked for.
    fn of(&mut self, package: i64) -> Option<(&'static Ecosystem, &'a [Claim])> {
        if package != self.package {
            let before = self.rest.iter().take_while(|claim| claim.package_id < package).count();
            let rest = self.rest.get(before..).unwrap_or_default();
            let length = rest.iter().take_while(|claim| claim.package_id == package).count();
            (self.mine, self.rest) = rest.split_at_checked(length).unwrap_or_default();
            self.package = package;
            self.ecosystem = self.mine.first().and_then(|claim| Ecosystem::of_code(claim.ecosystem));
        }
        self.ecosystem.map(|ecosystem| (ecosystem, self.mine))
    }
}

fn mark(of: &Match) -> Mark {
    let mut hasher = DefaultHasher::new();
    (of.problem_id, of.advisory_id, of.answer, &of.fixed).hash(&mut hasher);
    (of.component_id, hasher.finish())
}

/// The marks of the matches that stand, sorted.
pub(super) fn standing(db: &mut Db) -> Result<Vec<Mark>, StoreError> {
    let mut standing = Vec::new();
    rechecks::standing(db, &mut |row| standing.push(mark(row)))?;
    standing.sort_unstable();
    Ok(standing)
}

/// The components whose matches stand otherwise than they should; both sides are
/// sorted. One component's matches are compared as a set.
pub(super) fn differing(wanted: &[Mark], standing: &[Mark]) -> Vec<i64> {
    let (mut wanted, mut standing) = (wanted.iter().peekable(), standing.iter().peekable());
    let mut differing = Vec::new();
    loop {
        let odd = match (wanted.peek(), standing.peek()) {
            (None, None) => break,
            (Some(a), Some(b)) if a == b => {
                wanted.next();
                standing.next();
                continue;
            }
            (Some(a), Some(b)) if a < b => wanted.next(),
            (Some(_), None) => wanted.next(),
            _ => standing.next(),
        };
        if let Some((component, _)) = odd
            && differing.last() != Some(component)
        {
            differing.push(*component);
        }
    }
    differing
}
