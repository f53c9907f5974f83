//! Where the database is. The scheme decides, never a guess.

use std::fmt;

/// Where the database is.
#[derive(Clone, PartialEq, Eq)]
pub enum Address {
    /// A file.
    Sqlite(String),
    /// A server, by its connection address.
    Postgres(String),
}

impl Address {
    /// Reads `sqlite:PATH`, `postgres://…` or `postgresql://…`.
    ///
    /// # Errors
    /// A sentence for any other scheme.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return match path {
                "" => Err("`sqlite:` needs a path behind it".to_owned()),
                path => Ok(Self::Sqlite(path.to_owned())),
            };
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        Err("a database address begins with `sqlite:` or `postgres://`".to_owned())
    }
}

/// The address as it may be shown and logged: without its password, wherever the
/// address carries one.
impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Sqlite(path) => return write!(out, "sqlite:{path}"),
            Self::Postgres(text) => text,
        };
        let Ok(mut url) = url::Url::parse(text) else { return out.write_str("postgres://…") };
        if url.password().is_some() && url.set_password(Some("********")).is_err() {
            return out.write_str("postgres://…");
        }
        if url.query_pairs().any(|(name, _)| name.contains("password")) {
            url.set_query(Some("…"));
        }
        out.write_str(url.as_str())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn only_known_schemes_are_addresses() {
        assert_eq!(Address::parse("sqlite:a.db"), Ok(Address::Sqlite("a.db".into())));
        assert_eq!(Address::parse("sqlite:///var/a.db"), Ok(Address::Sqlite("/var/a.db".into())));
        assert!(matches!(Address::parse("postgres://h/d"), Ok(Address::Postgres(_))));
        for wrong in ["", "a.db", "mysql://h/d", "sqlite:"] {
            assert!(Address::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        for address in [
            "postgres://me:s3cret@db.example/b",
            "postgresql://db.example/b?user=me&password=s3cret",
            "postgres://me:s3cret@/b?sslpassword=s3cret",
        ] {
            let shown = format!("{0} {0:?}", Address::parse(address).expect("an address"));
            assert!(!shown.contains("s3cret"), "{shown}");
        }
        assert_eq!(Address::parse("postgres://db/b").expect("an address").to_string(), "postgres://db/b");
    }
}
