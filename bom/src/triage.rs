//! What people say about a problem in a package (triage): whether it affects them, why
//! not, until when the risk is accepted; and when the problem outgrows what was said.

use crate::advisory::Severity;
use crate::document::Status;
use crate::vex::Justification;
use chrono::{DateTime, Utc};

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is being looked at.
    InTriage,
    /// It affects us.
    Affected,
    /// It does not, and why; where no word says why, the decision's own text does.
    NotAffected(Option<Justification>),
    /// It did, and is repaired here: a patch of one's own, a rebuilt package.
    Fixed,
    /// The match is wrong.
    FalsePositive,
    /// It affects us and nothing is done about it until this time.
    Accepted(DateTime<Utc>),
}

/// How much a problem weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weight {
    /// How bad it is.
    pub severity: Severity,
    /// Whether it is known to be exploited (KEV).
    pub exploited: bool,
}

/// How a decision ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Another decision took its place.
    Replaced,
    /// A person took it back.
    TakenBack,
    /// Its problem turned out to be another one's, and that one's decision is newer.
    Joined,
    /// The date came until which the risk was accepted.
    Expired,
    /// The problem is graver than it was.
    Worse,
    /// The problem is exploited, and was not known to be.
    Exploited,
    /// A record says that the package was made to harm, and none said so before.
    Malicious,
}

/// Why words make no decision.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mistake {
    /// No such word.
    #[error("`{0}` is no status; use one of {known}", known = Decision::WORDS.join(", "))]
    Status(String),
    /// No such reason.
    #[error("`{0}` is no justification; use one of {known}", known = reasons())]
    Justification(String),
    /// A reason for what needs none.
    #[error("`{0}` takes no justification; only `not_affected` does")]
    NeedlessJustification(&'static str),
    /// Not affected, and nobody knows why.
    #[error("`not_affected` needs a justification, or a detail that says why")]
    Unjustified,
    /// A date for what has none.
    #[error("`{0}` takes no `until`; only `accepted` does")]
    NeedlessDate(&'static str),
    /// Accepted for ever.
    #[error("`accepted` needs a date in `until`: a risk is not accepted for ever")]
    Endless,
    /// Accepted until a day that is over.
    #[error("`until` is {0}, which has come already; give a later date")]
    Past(DateTime<Utc>),
    /// A package that was made to harm, accepted.
    #[error("a package that was made to harm cannot be accepted; remove it, or say why it does not affect you")]
    Malice,
}

/// The words of all reasons.
fn reasons() -> String {
    Justification::all().map(Justification::word).collect::<Vec<_>>().join(", ")
}

impl Decision {
    /// The words of all decisions.
    pub const WORDS: [&'static str; 6] = ["in_triage", "affected", "not_affected", "fixed", "false_positive", "accepted"];

    /// The decision that these words make. Empty ones were not given.
    ///
    /// # Errors
    /// [`Mistake`] for a word that is none, and for words that do not go together.
    pub fn of_words(status: &str, justification: Option<&str>, until: Option<DateTime<Utc>>) -> Result<Self, Mistake> {
        let reason = match justification.filter(|word| !word.is_empty()) {
            Some(word) => Some(Justification::of_word(word).ok_or_else(|| Mistake::Justification(word.to_owned()))?),
            None => None,
        };
        let decision = match (status, until) {
            ("in_triage", _) => Self::InTriage,
            ("affected", _) => Self::Affected,
            ("not_affected", _) => Self::NotAffected(reason),
            ("fixed", _) => Self::Fixed,
            ("false_positive", _) => Self::FalsePositive,
            ("accepted", Some(until)) => Self::Accepted(until),
            ("accepted", None) => return Err(Mistake::Endless),
            (other, _) => return Err(Mistake::Status(other.to_owned())),
        };
        if reason.is_some() && decision.justification().is_none() {
            return Err(Mistake::NeedlessJustification(decision.word()));
        }
        if until.is_some() && decision.until().is_none() {
            return Err(Mistake::NeedlessDate(decision.word()));
        }
        Ok(decision)
    }

    /// Whether it may be said at a time about a problem that weighs so much. `detail` is
    /// what the person adds.
    ///
    /// # Errors
    /// [`Mistake`].
    pub fn check(self, detail: &str, weight: Weight, at: DateTime<Utc>) -> Result<(), Mistake> {
        match self {
            Self::NotAffected(None) if detail.trim().is_empty() => Err(Mistake::Unjustified),
            Self::Accepted(_) if weight.severity == Severity::Malicious => Err(Mistake::Malice),
            Self::Accepted(until) if until <= at => Err(Mistake::Past(until)),
            _ => Ok(()),
        }
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::InTriage => "in_triage",
            Self::Affected => "affected",
            Self::NotAffected(_) => "not_affected",
            Self::Fixed => "fixed",
            Self::FalsePositive => "false_positive",
            Self::Accepted(_) => "accepted",
        }
    }

    /// What it says, for people: `accepted until 2027-01-31`.
    pub fn sentence(self) -> String {
        match self {
            Self::InTriage => "being looked at".to_owned(),
            Self::Affected => "affects us".to_owned(),
            Self::NotAffected(Some(reason)) => format!("does not affect us: {}", reason.sentence()),
            Self::NotAffected(None) => "does not affect us".to_owned(),
            Self::Fixed => "fixed here".to_owned(),
            Self::FalsePositive => "false positive".to_owned(),
            Self::Accepted(until) => format!("accepted until {}", until.format("%Y-%m-%d")),
        }
    }

    /// What it is for a reader of VEX: who accepts a risk is affected.
    pub fn status(self) -> Status {
        match self {
            Self::InTriage => Status::InTriage,
            Self::Affected | Self::Accepted(_) => Status::Affected,
            Self::NotAffected(_) => Status::NotAffected,
            Self::Fixed => Status::Fixed,
            Self::FalsePositive => Status::FalsePositive,
        }
    }

    /// Why it does not affect us, where a word says so.
    pub fn justification(self) -> Option<Justification> {
        match self {
            Self::NotAffected(reason) => reason,
            _ => None,
        }
    }

    /// When it ends by itself.
    pub fn until(self) -> Option<DateTime<Utc>> {
        match self {
            Self::Accepted(until) => Some(until),
            _ => None,
        }
    }

    /// Whether nothing is left to be done about a finding.
    pub fn settles(self) -> bool {
        !matches!(self, Self::InTriage | Self::Affected)
    }

    /// Why it stands no more at a time, though nobody said so: the problem weighed `then`
    /// when it was decided, and weighs `now`.
    pub fn outgrown(self, then: Weight, now: Weight, at: DateTime<Utc>) -> Option<Ending> {
        if !self.settles() {
            return None;
        }
        if now.severity == Severity::Malicious && then.severity != Severity::Malicious {
            return Some(Ending::Malicious);
        }
        let Self::Accepted(until) = self else { return None };
        if until <= at {
            Some(Ending::Expired)
        } else if now.exploited && !then.exploited {
            Some(Ending::Exploited)
        } else if now.severity > then.severity {
            Some(Ending::Worse)
        } else {
            None
        }
    }
}

impl Ending {
    /// Every way.
    pub const ALL: [Self; 7] =
        [Self::Replaced, Self::TakenBack, Self::Joined, Self::Expired, Self::Worse, Self::Exploited, Self::Malicious];

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Replaced => "replaced",
            Self::TakenBack => "taken_back",
            Self::Joined => "joined",
            Self::Expired => "expired",
            Self::Worse => "worse",
            Self::Exploited => "exploited",
            Self::Malicious => "malicious",
        }
    }

    /// The way with this word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ending| ending.word() == word)
    }

    /// What happened, for people.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Replaced => "another decision took its place",
            Self::TakenBack => "it was taken back",
            Self::Joined => "the problem is one with another, about which was decided later",
            Self::Expired => "its date came",
            Self::Worse => "the problem is graver than it was",
            Self::Exploited => "the problem is being exploited",
            Self::Malicious => "a record says that the package was made to harm",
        }
    }
}

#[cfg(test)]
mod tests;
