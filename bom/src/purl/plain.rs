//! The spelling of nearly all purls: a known type, then parts in which nothing is
//! encoded but the `@` that begins a namespace, and neither qualifiers nor subpath.

use super::kind::Known;
use super::{Purl, Type, namespace_of, types};
use crate::word::{Word, split_first, split_last, trim};

/// The purl, if it is spelled so; the other way of parsing says the same of it.
pub(super) fn parse(text: &str) -> Option<Purl> {
    let rest = trim(text).strip_prefix("pkg:")?;
    let (kind, rest) = split_first(rest, b'/')?;
    let kind = Type::of_known(kind).filter(|kind| kind.known() != Some(Known::Git))?;
    let is_scoped = rest.starts_with("%40");
    let encoded = rest.as_bytes().get(if is_scoped { 3 } else { 0 }..)?;
    if memchr::memchr3(b'%', b'?', b'#', encoded).is_some() || rest.starts_with('/') || rest.ends_with('/') {
        return None;
    }
    let (path, version) = split_last(rest, b'@').map_or((rest, None), |(path, version)| (path, Some(version)));
    let (namespace, name) = split_last(path, b'/').map_or((None, path), |(namespace, name)| (Some(namespace), name));
    // A part is missing, or the name is encoded: for the other way.
    if name.is_empty() || version == Some("") || (is_scoped && namespace.is_none()) {
        return None;
    }
    let mut purl = Purl {
        kind,
        namespace: namespace.and_then(namespace_of),
        name: Word::new(name),
        version: version.map(Word::new),
        further: None,
    };
    types::normalise(&mut purl);
    Some(purl)
}
