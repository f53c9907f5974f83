//! Who asks, and what they may see. Every read takes a [`Viewer`]; what it may
//! not see does not exist for it.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::sql_types::Bool;

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// The name that audit rows bear: `person:alice`, `token:…`, `server`.
    pub who: String,
    /// What they may see.
    pub sight: Sight,
}

/// How far a viewer sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Every project.
    All,
    /// The projects of these teams.
    Teams(Vec<i64>),
    /// One project.
    Project(i64),
}

impl Viewer {
    /// The server itself: jobs and the command line.
    pub fn server() -> Self {
        Self { who: "server".to_owned(), sight: Sight::All }
    }

    /// A viewer of everything.
    pub fn all(who: impl Into<String>) -> Self {
        Self { who: who.into(), sight: Sight::All }
    }

    /// Whether this viewer may see and use a team.
    pub fn sees_team(&self, team: i64) -> bool {
        match &self.sight {
            Sight::All => true,
            Sight::Teams(teams) => teams.contains(&team),
            Sight::Project(_) => false,
        }
    }

    /// The condition on the table `project`, known as `name` in the query. It is
    /// made of our own integers alone.
    pub fn condition(&self, name: &str) -> String {
        let seen = match &self.sight {
            Sight::All => "1 = 1".to_owned(),
            Sight::Teams(teams) if teams.is_empty() => "1 = 0".to_owned(),
            Sight::Teams(teams) => {
                let list: Vec<_> = teams.iter().map(i64::to_string).collect();
                format!("{name}.team_id IN ({})", list.join(", "))
            }
            Sight::Project(id) => format!("{name}.id = {id}"),
        };
        format!("({name}.deleted_at IS NULL AND {seen})")
    }

    /// The same condition for a typed query on `project`.
    pub fn sees(&self) -> SqlLiteral<Bool> {
        sql(&self.condition("project"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_sees_nothing() {
        let nobody = Viewer { who: "person:charlie".into(), sight: Sight::Teams(Vec::new()) };
        assert_eq!(nobody.condition("p"), "(p.deleted_at IS NULL AND 1 = 0)");
        assert!(!nobody.sees_team(1) && Viewer::server().sees_team(1));
    }

    #[test]
    fn a_team_sees_its_own() {
        let bob = Viewer { who: "person:bob".into(), sight: Sight::Teams(vec![2, 5]) };
        assert_eq!(bob.condition("project"), "(project.deleted_at IS NULL AND project.team_id IN (2, 5))");
    }
}
