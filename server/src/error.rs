//! What a request can go wrong with: few variants, each a status and a sentence
//! for people. Detail of our own faults goes to the log under an id; the user
//! gets the id. `http` gives these their shape, as problem JSON or as a page.

/// Why a request is not answered as asked. Sentences say what happened, to what,
/// and what to do.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The request itself is wrong.
    #[error("{0}")]
    Invalid(String),
    /// Nobody is signed in, or the token is not valid.
    #[error("{0}")]
    SignIn(String),
    /// Who asks is known and may not.
    #[error("{0}")]
    Forbidden(String),
    /// There is no such thing, or the viewer may not see it.
    #[error("{0}")]
    Missing(String),
    /// The path is known, the method is not.
    #[error("{0}")]
    Method(String),
    /// The client stopped sending.
    #[error("{0}")]
    Slow(String),
    /// It exists already, or has changed meanwhile.
    #[error("{0}")]
    Conflict(String),
    /// It is larger than the configured limit.
    #[error("{0}")]
    TooLarge(String),
    /// The request is well-formed, what it carries is not.
    #[error("{0}")]
    Unreadable(String),
    /// Too many tries; the second part is the number of seconds to wait.
    #[error("{0}")]
    TooMany(String, u32),
    /// The server cannot answer now.
    #[error("{0}")]
    Unavailable(String),
    /// Our fault: the id under which the detail is logged, and the detail.
    #[error("something went wrong in the server; its log says what under the id `{0}`")]
    Internal(String, String),
}

impl AppError {
    /// One of our own faults, under a new id.
    pub fn internal(detail: impl std::fmt::Display) -> Self {
        Self::Internal(uuid::Uuid::new_v4().simple().to_string(), detail.to_string())
    }

    /// Something that does not exist, or not for this viewer.
    pub fn missing(what: &str, id: &str) -> Self {
        let id: String = id.chars().take(120).collect();
        Self::Missing(format!("there is no {what} `{id}` that you may see"))
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            Self::Invalid(_) => 400,
            Self::SignIn(_) => 401,
            Self::Forbidden(_) => 403,
            Self::Missing(_) => 404,
            Self::Method(_) => 405,
            Self::Slow(_) => 408,
            Self::Conflict(_) => 409,
            Self::TooLarge(_) => 413,
            Self::Unreadable(_) => 422,
            Self::TooMany(..) => 429,
            Self::Unavailable(_) => 503,
            Self::Internal(..) => 500,
        }
    }

    /// A few words that name the kind.
    pub fn title(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "the request is not right",
            Self::SignIn(_) => "sign in first",
            Self::Forbidden(_) => "not allowed",
            Self::Missing(_) => "not found",
            Self::Method(_) => "method not allowed",
            Self::Slow(_) => "too slow",
            Self::Conflict(_) => "conflict",
            Self::TooLarge(_) => "too large",
            Self::Unreadable(_) => "not readable",
            Self::TooMany(..) => "too many tries",
            Self::Unavailable(_) => "not available now",
            Self::Internal(..) => "internal error",
        }
    }
}
