//! What the lockfiles of JavaScript's package managers share: how npm spells
//! packages, what a tarball's address tells of its registry, and `package.json`.

use super::licences::LicenceRaw;
use super::tolerant::{Either, Flag, List, Pairs, Record, Text};
use super::{Files, draft, place};
use crate::document::{Component, Scope};
use crate::origin::Origin;
use crate::purl::Purl;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::{HashMap, HashSet};

/// The names a package depends on; the ranges are not needed.
pub(super) type Names<'a> = Pairs<Text<'a>, IgnoredAny>;

/// The names a package depends on, and the versions that will do.
pub(super) type Ranges<'a> = Pairs<Text<'a>, Text<'a>>;

/// What a `package.json` says, or a lockfile in its words.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Manifest<'a> {
    #[serde(borrow)]
    pub(super) name: Text<'a>,
    pub(super) version: Text<'a>,
    pub(super) license: Either<'a, LicenceRaw<'a>>,
    dependencies: Ranges<'a>,
    optional_dependencies: Ranges<'a>,
    dev_dependencies: Ranges<'a>,
    peer_dependencies: Ranges<'a>,
    peer_dependencies_meta: Pairs<Text<'a>, Record<PeerRaw>>,
    /// Bun's spelling of the peers that need not be there.
    optional_peers: List<Text<'a>>,
}

/// An entry of `peerDependenciesMeta`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PeerRaw {
    pub(super) optional: Flag,
}

/// The peers that need not be there.
pub(super) fn optional_peers<'m>(meta: &'m Pairs<Text<'_>, Record<PeerRaw>>) -> impl Iterator<Item = &'m str> {
    let optional = meta.items.iter().filter(|(_, peer)| peer.value.as_deref().is_some_and(|peer| peer.optional.0));
    optional.filter_map(|(name, _)| name.get())
}

/// One thing that a manifest asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Need<'a> {
    /// The name under which it is installed.
    pub(super) name: &'a str,
    /// The versions that will do, an alias, or an address.
    pub(super) range: &'a str,
    /// What it is needed for.
    pub(super) scope: Scope,
    /// Whether it cannot be missing.
    pub(super) must: bool,
}

impl Manifest<'_> {
    /// Everything it asks for, peers that need not be there left out.
    pub(super) fn needs(&self) -> impl Iterator<Item = Need<'_>> {
        let mut optional: HashSet<&str> = optional_peers(&self.peer_dependencies_meta).collect();
        optional.extend(self.optional_peers.items.iter().filter_map(Text::get));
        let peers = self.peer_dependencies.items.iter().filter(move |(name, _)| !optional.contains(name.or_empty()));
        let required = self.dependencies.items.iter().map(|need| (need, Scope::Required, true));
        let peers = peers.map(|need| (need, Scope::Required, false));
        let optional = self.optional_dependencies.items.iter().map(|need| (need, Scope::Optional, false));
        let development = self.dev_dependencies.items.iter().map(|need| (need, Scope::Development, true));
        let all = required.chain(peers).chain(optional).chain(development);
        all.filter_map(|((name, range), scope, must)| Some(Need { name: name.get()?, range: range.or_empty(), scope, must }))
    }

    /// What each package is needed for, by its name.
    pub(super) fn scopes(&self) -> HashMap<&str, Scope> {
        let mut scopes = HashMap::new();
        for need in self.needs() {
            let strongest = scopes.entry(need.name).or_insert(need.scope);
            *strongest = need.scope.min(*strongest);
        }
        scopes
    }
}

/// The text of the `package.json` beside the lockfile at `path`; empty where there is none.
pub(super) fn manifest_text(path: &str, files: &dyn Files) -> String {
    place::optional_text(&place::beside(path, "package.json"), files).unwrap_or_default()
}

/// The manifest in `text`; an empty one where it is none.
pub(super) fn manifest(text: &str) -> Option<Manifest<'_>> {
    serde_json::from_str::<Record<Manifest<'_>>>(text.trim_start_matches('\u{feff}')).ok()?.value.map(|manifest| *manifest)
}

/// The project of a lockfile.
pub(super) fn subject(name: Option<&str>, version: Option<&str>, path: &str) -> Component {
    match name {
        Some(name) => draft::component(purl(name, version), Origin::Path(place::join(place::folder(path), ".")), Scope::Required),
        None => Component { version: version.map(Into::into), ..draft::unnamed_subject(path) },
    }
}

/// The purl of `name` or `@scope/name`.
pub(super) fn purl(name: &str, version: Option<&str>) -> Purl {
    match name.strip_prefix('@').and_then(|_| name.split_once('/')) {
        Some((scope, bare)) if !bare.is_empty() => Purl::new("npm", Some(scope), bare, version),
        _ => Purl::new("npm", None, name, version),
    }
}

/// The origin that the address of the package `name` tells: the registry whose
/// layout of tarballs it follows, a repository, a folder, or the bare address.
/// `None` for an address that is none.
pub(super) fn origin(address: &str, name: &str, folder: &str) -> Option<Origin> {
    if address.starts_with("http")
        && let Some(base) = registry_base(address, name)
        && let Some(registry) = place::registry(base)
    {
        return Some(registry);
    }
    if let Some((host, repository)) = address.split_once(':')
        && let Some(address) = hosted(host, repository)
    {
        return place::of_address(&address, folder);
    }
    place::of_address(address, folder)
}

/// The part of a tarball's address before the package: registries answer at
/// `BASE/NAME/-/FILE` (npm) or `BASE/download/NAME/VERSION/…` (GitHub Packages).
/// An address that names another package belongs to no registry.
fn registry_base<'a>(address: &'a str, name: &str) -> Option<&'a str> {
    let bare = address.split(['?', '#']).next()?;
    if let Some((before, _)) = bare.split_once("/-/") {
        let encoded = name.replacen('/', "%2f", 1);
        return [name, &encoded, &encoded.replace("%2f", "%2F")].into_iter().find_map(|spelling| {
            let base = before.strip_suffix(spelling)?;
            base.strip_suffix('/')
        });
    }
    let (base, rest) = bare.split_once("/download/")?;
    rest.strip_prefix(name)?.starts_with('/').then_some(base)
}

/// The repository that a short form such as `github:owner/name#revision` means.
/// The forges' addresses belong to npm's own specification of package arguments.
fn hosted(host: &str, repository: &str) -> Option<String> {
    let domain = match host {
        "github" => "github.com",
        "gitlab" => "gitlab.com",
        "bitbucket" => "bitbucket.org",
        _ => return None,
    };
    let (path, revision) = repository.split_once('#').map_or((repository, ""), |(path, revision)| (path, revision));
    let mark = if revision.is_empty() { "" } else { "#" };
    Some(format!("git+https://{domain}/{}.git{mark}{revision}", path.trim_end_matches(".git")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tarball_tells_its_registry() {
        for (address, name, told) in [
            ("https://npm.registry.example/ms/-/ms-2.1.3.tgz", "ms", "registry:https://npm.registry.example"),
            ("https://u:p@npm.registry.example/@a/b/-/b-1.0.0.tgz#sha", "@a/b", "registry:https://npm.registry.example"),
            ("https://npm.registry.example/@a%2fb/-/b-1.0.0.tgz", "@a/b", "registry:https://npm.registry.example"),
            ("https://art.example/api/npm/all/ms/-/ms-2.1.3.tgz", "ms", "registry:https://art.example/api/npm/all"),
            ("https://npm.pkg.example/download/@a/b/1.0.0/0a1b", "@a/b", "registry:https://npm.pkg.example"),
            // Another package's tarball under this name.
            (
                "https://npm.registry.example/evil/-/evil-1.0.0.tgz",
                "ms",
                "url:https://npm.registry.example/evil/-/evil-1.0.0.tgz",
            ),
            ("https://npm.registry.example/xms/-/xms-1.0.0.tgz", "ms", "url:https://npm.registry.example/xms/-/xms-1.0.0.tgz"),
            ("https://files.example/ms.tgz", "ms", "url:https://files.example/ms.tgz"),
            ("git+ssh://git@git.example/a/b.git#0a1b", "b", "git:ssh://git.example/a/b.git#0a1b"),
            ("github:a/b#0a1b", "b", "git:https://github.com/a/b.git#0a1b"),
            ("file:../b", "b", "path:b"),
        ] {
            assert_eq!(origin(address, name, "web").map(|o| o.to_text()).unwrap_or_default(), told, "{address}");
        }
    }

    #[test]
    fn a_manifest_tells_what_the_project_needs() {
        let text = r#"{"name":"@a/b","version":"1.0.0","license":"MIT","dependencies":{"x":"^1"},"devDependencies":{"y":"^2"},
            "peerDependencies":{"p":"*","q":"*"},"peerDependenciesMeta":{"q":{"optional":true}},"optionalDependencies":[]}"#;
        let manifest = manifest(text).unwrap();
        let needs: Vec<_> = manifest.needs().map(|need| (need.name, need.range, need.scope)).collect();
        assert_eq!(needs, [("x", "^1", Scope::Required), ("p", "*", Scope::Required), ("y", "^2", Scope::Development)]);
        assert_eq!((manifest.scopes().get("y"), manifest.scopes().get("unheard-of")), (Some(&Scope::Development), None));
    }
}
