//! How purl types spell their parts: the normalisation and the constraints that
//! the type definitions of the purl specification state.

use super::Purl;
use super::kind::Known;
use crate::word::Word;
use std::borrow::Cow;

/// How the case of a part is treated.
#[derive(Clone, Copy, PartialEq)]
enum Case {
    Keep,
    Lower,
    Upper,
}

use Case::{Keep, Lower, Upper};

/// The case of namespace, name and version of a type whose parts are not all case sensitive.
fn cases(kind: Known) -> Option<(Case, Case, Case)> {
    Some(match kind {
        Known::Alpm | Known::Apk | Known::Bitbucket | Known::Brew | Known::Composer => (Lower, Lower, Keep),
        Known::Deb | Known::GitHub | Known::Hex | Known::LuaRocks => (Lower, Lower, Keep),
        Known::Bitnami | Known::ChromeExtension | Known::Otp | Known::Pub => (Keep, Lower, Keep),
        Known::Cpan => (Upper, Keep, Keep),
        Known::HuggingFace => (Keep, Keep, Lower),
        Known::Oci | Known::PyPi => (Keep, Lower, Lower),
        Known::Qpkg | Known::Rpm | Known::Yocto => (Lower, Keep, Keep),
        Known::VscodeExtension => (Lower, Lower, Lower),
        _ => return None,
    })
}

/// A repository is a host and a path on it, however the slashes are encoded.
fn repository(purl: &mut Purl) {
    let segments = |text: &str| text.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let path = segments(&purl.name);
    let all = [purl.namespace.as_deref().map(segments).unwrap_or_default(), path.clone()].concat();
    (purl.namespace, purl.name) = match all.split_first() {
        Some((host, rest)) if !path.is_empty() && !rest.is_empty() => (Some(Word::new(host)), Word::from(rest.join("/"))),
        _ => (purl.namespace.take(), Word::from(path.concat())),
    };
}

/// Spells the parts of `purl` as its type wants them.
pub(super) fn normalise(purl: &mut Purl) {
    let Some(known) = purl.kind.known() else { return };
    if known == Known::Git {
        repository(purl);
    }
    if let Some((namespace, name, version)) = cases(known) {
        purl.namespace.iter_mut().for_each(|text| apply(namespace, text));
        apply(name, &mut purl.name);
        purl.version.iter_mut().for_each(|text| apply(version, text));
    }
    match known {
        Known::PyPi if purl.name.contains('_') => purl.name = purl.name.replace('_', "-").into(),
        Known::Pub => purl.name = purl.name.replace(|c: char| !c.is_ascii_alphanumeric() && c != '_', "_").into(),
        // The server decides: Databricks' model names are not case sensitive, Azure's are.
        Known::Mlflow if purl.qualifier("repository_url").is_some_and(|url| url.contains("databricks")) => {
            apply(Lower, &mut purl.name)
        }
        // A repository on a host whose own type is not case sensitive.
        Known::Git if purl.namespace.as_deref().is_some_and(on_caseless_host) => {
            purl.namespace.iter_mut().for_each(|text| apply(Lower, text));
            apply(Lower, &mut purl.name);
        }
        // Seen often: a scoped name encoded as one segment.
        Known::Npm if purl.namespace.is_none() && purl.name.starts_with('@') => {
            if let Some((scope, name)) = purl.name.split_once('/') {
                let (scope, name) = (Word::new(scope), Word::new(name));
                (purl.namespace, purl.name) = (Some(scope), name);
            }
        }
        _ => {}
    }
}

fn apply(case: Case, text: &mut Word) {
    match case {
        Lower if text.bytes().any(|byte| byte.is_ascii_uppercase()) || !text.is_ascii() => *text = text.to_lowercase().into(),
        Upper => *text = text.to_uppercase().into(),
        Lower | Keep => {}
    }
}

fn on_caseless_host(namespace: &str) -> bool {
    let host = namespace.split('/').next().unwrap_or_default();
    ["github", "github.com", "bitbucket", "bitbucket.org"].iter().any(|known| known.eq_ignore_ascii_case(host))
}

/// What the type does not allow about `purl`, which is normalised.
pub(super) fn offence(purl: &Purl) -> Option<Cow<'static, str>> {
    let says = |text: &'static str| Some(Cow::Borrowed(text));
    let version = purl.version.as_deref();
    match purl.kind.known()? {
        Known::Swift | Known::VscodeExtension if purl.namespace.is_none() => {
            Some(Cow::Owned(format!("the type `{}` needs a namespace", purl.kind)))
        }
        Known::Otp | Known::Vcpkg if purl.namespace.is_some() => {
            Some(Cow::Owned(format!("the type `{}` has no namespaces", purl.kind)))
        }
        Known::Julia if purl.qualifier("uuid").is_none() => says("the type `julia` needs the qualifier `uuid`"),
        Known::Cpan if purl.name.contains("::") => says("the type `cpan` names a distribution, not a module"),
        Known::ChromeExtension if purl.name.len() != 32 || !purl.name.bytes().all(|byte| (b'a'..=b'p').contains(&byte)) => {
            says("the name of a `chrome-extension` has 32 letters from a to p")
        }
        Known::ChromeExtension if version.is_some_and(|text| !is_chrome_version(text)) => {
            says("the version of a `chrome-extension` has one to four numbers")
        }
        _ => None,
    }
}

fn is_chrome_version(text: &str) -> bool {
    text.split('.').count() <= 4 && text.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}
