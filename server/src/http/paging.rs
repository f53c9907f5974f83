//! Keyset pages: `?limit=` and `?after=`, an opaque cursor that says where the
//! page before ended. Lists never grow without bound and never skip rows.

use crate::error::AppError;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Items of a page unless told.
pub const USUAL: usize = 100;
/// The most items of a page.
pub const MOST: usize = 1000;

/// What a client asks of a list.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Ask {
    /// Where the page before ended.
    pub after: Option<String>,
    /// How many items.
    pub limit: Option<usize>,
}

/// A page of a list.
#[derive(Debug, Serialize)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// What to send as `after` for the next page; null at the end.
    pub next: Option<String>,
}

impl Ask {
    /// The number of items to give.
    ///
    /// # Errors
    /// [`AppError::Invalid`] outside of 1 to [`MOST`].
    pub fn limit(&self) -> Result<usize, AppError> {
        match self.limit {
            None => Ok(USUAL),
            Some(limit) if (1..=MOST).contains(&limit) => Ok(limit),
            Some(limit) => Err(AppError::Invalid(format!("`limit` is {limit}; use 1 to {MOST}"))),
        }
    }

    /// The key behind which the page begins.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a cursor that is not ours.
    pub fn key<K: DeserializeOwned>(&self) -> Result<Option<K>, AppError> {
        let wrong = || AppError::Invalid("`after` is not a cursor of this list; ask for the first page again".to_owned());
        let Some(text) = self.after.as_deref().filter(|text| !text.is_empty()) else { return Ok(None) };
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| wrong())?;
        serde_json::from_slice(&bytes).map(Some).map_err(|_| wrong())
    }
}

/// Cuts `rows`, of which one more than `limit` was asked for, to a page.
///
/// # Errors
/// [`AppError::Internal`] where the key cannot be written.
pub fn cut<T, K: Serialize>(mut rows: Vec<T>, limit: usize, key: impl Fn(&T) -> K) -> Result<Page<T>, AppError> {
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = match rows.last().filter(|_| more) {
        Some(last) => Some(cursor(&key(last))?),
        None => None,
    };
    Ok(Page { items: rows, next })
}

impl<T> Page<T> {
    /// The same page of other items.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(change).collect(), next: self.next }
    }
}

/// One row more than the page has, to see whether there is another page.
pub fn row_count(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX - 1).saturating_add(1)
}

fn cursor(key: &impl Serialize) -> Result<String, AppError> {
    let bytes = serde_json::to_vec(key).map_err(AppError::internal)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_tells_where_the_next_one_begins() {
        let page = cut(vec![("a", 1), ("b", 2), ("c", 3)], 2, |row| (row.0.to_owned(), row.1)).unwrap();
        assert_eq!(page.items, [("a", 1), ("b", 2)]);
        let ask = Ask { after: page.next, limit: None };
        assert_eq!(ask.key::<(String, i64)>().unwrap(), Some(("b".to_owned(), 2)));
        assert!(cut(vec![1, 2], 2, |n| *n).unwrap().next.is_none());
    }

    #[test]
    fn foreign_cursors_and_limits_are_refused() {
        for after in ["x", "!!!", "bnVsbA"] {
            assert!(Ask { after: Some(after.to_owned()), limit: None }.key::<(String, i64)>().is_err(), "{after}");
        }
        assert!(Ask { after: None, limit: Some(0) }.limit().is_err() && Ask { after: None, limit: Some(1001) }.limit().is_err());
    }
}
