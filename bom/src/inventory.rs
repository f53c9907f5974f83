//! What a document says is held: the components' identities, sorted and without
//! duplicates, and one fingerprint of the whole. Two documents with the same
//! fingerprint hold the same things, whatever their dates and serial numbers.

use crate::cpe::Cpe;
use crate::document::{Component, Document, Scope};
use crate::ecosystem::{Ecosystem, Package};
use crate::origin::Origin;
use crate::purl::Purl;
use crate::word::Word;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// What makes a component the same one wherever it is held (storage rule D7).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Identity {
    /// The ecosystem's code; 0 for a purl type outside the known ones, or no purl at all.
    pub ecosystem: i16,
    /// The package's canonical name: of a component without a purl that its CPE names; for
    /// code 0 `type/namespace/name`, or `none/group/name` where there is neither.
    pub name: String,
    /// The version, empty where the document gives none.
    pub version: String,
    /// The qualifiers that tell builds apart, `key=value&…`, sorted.
    pub qualifiers: String,
    /// Where it came from.
    pub origin: Origin,
}

/// How a component is held: facts that may change without its being another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Flags(pub i16);

impl Flags {
    const DIRECT_KNOWN: i16 = 1;
    const DIRECT: i16 = 2;
    const OPTIONAL: i16 = 4;
    const DEVELOPMENT: i16 = 8;

    /// Flags of these facts.
    pub fn new(direct: Option<bool>, scope: Scope) -> Self {
        let direct = match direct {
            None => 0,
            Some(false) => Self::DIRECT_KNOWN,
            Some(true) => Self::DIRECT_KNOWN | Self::DIRECT,
        };
        let scope = match scope {
            Scope::Required => 0,
            Scope::Optional => Self::OPTIONAL,
            Scope::Development => Self::DEVELOPMENT,
        };
        Self(direct | scope)
    }

    /// Whether what was built names it itself; `None` for unknown.
    pub fn direct(self) -> Option<bool> {
        (self.0 & Self::DIRECT_KNOWN != 0).then_some(self.0 & Self::DIRECT != 0)
    }

    /// Whether what was built needs it.
    pub fn scope(self) -> Scope {
        match (self.0 & Self::DEVELOPMENT != 0, self.0 & Self::OPTIONAL != 0) {
            (true, _) => Scope::Development,
            (false, true) => Scope::Optional,
            (false, false) => Scope::Required,
        }
    }

    /// Of two entries for one component: direct if either is, the stronger need.
    fn merge(self, other: Self) -> Self {
        let direct = match (self.direct(), other.direct()) {
            (None, known) | (known, None) => known,
            (Some(a), Some(b)) => Some(a || b),
        };
        Self::new(direct, self.scope().min(other.scope()))
    }
}

/// The inventory of `document`: its components by identity, in order.
pub fn inventory(document: &Document) -> BTreeMap<Identity, Flags> {
    let mut held = BTreeMap::new();
    for (component, direct) in document.components.iter().zip(document.direct()) {
        let flags = Flags::new(direct, component.scope);
        held.entry(identity(component)).and_modify(|seen: &mut Flags| *seen = seen.merge(flags)).or_insert(flags);
    }
    held
}

/// The SHA-256 of an inventory.
pub fn fingerprint(inventory: &BTreeMap<Identity, Flags>) -> [u8; 32] {
    let mut hash = Sha256::new();
    for (identity, flags) in inventory {
        hash.update(identity.ecosystem.to_le_bytes());
        for text in [&identity.name, &identity.version, &identity.qualifiers, identity.origin.kind(), identity.origin.at()] {
            // Lengths keep neighbouring texts apart.
            hash.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_le_bytes());
            hash.update(text.as_bytes());
        }
        hash.update(flags.0.to_le_bytes());
    }
    hash.finalize().into()
}

/// The identity of one component.
pub fn identity(component: &Component) -> Identity {
    let version = |stated: Option<&Word>| stated.or(component.version.as_ref()).map_or(String::new(), Word::to_string);
    let Some(purl) = &component.purl else {
        if let Some((cpe, package)) = Cpe::first_of(&component.cpes) {
            return Identity {
                ecosystem: package.ecosystem.code,
                name: package.name,
                version: cpe.full_version().unwrap_or_else(|| version(None)),
                qualifiers: cpe.qualifiers(),
                origin: component.origin.clone(),
            };
        }
        let group = component.group.as_deref().unwrap_or("");
        let supplier = component.supplier.as_deref().map(|s| format!("supplier={s}"));
        return Identity {
            ecosystem: 0,
            name: format!("none/{group}/{}", component.name),
            version: version(None),
            qualifiers: supplier.unwrap_or_default(),
            origin: component.origin.clone(),
        };
    };
    let kept = identity_qualifiers(&purl.kind);
    let qualifiers: Vec<_> = purl
        .qualifiers()
        .iter()
        .filter(|(key, _)| kept.contains(&key.as_str()))
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    let (ecosystem, name) = match Package::of_purl(purl) {
        Some(package) => (package.ecosystem.code, package.name),
        None => (0, format!("{}/{}/{}", purl.kind, purl.namespace.as_deref().unwrap_or(""), purl.name)),
    };
    Identity {
        ecosystem,
        name,
        version: version(purl.version.as_ref()),
        qualifiers: qualifiers.join("&"),
        origin: component.origin.clone(),
    }
}

impl Identity {
    /// The purl that names this component; `None` where its document gave none, and
    /// where its ecosystem has no purl type.
    pub fn purl(&self) -> Option<Purl> {
        let (kind, namespace, name) = match Ecosystem::of_code(self.ecosystem) {
            Some(ecosystem) => ecosystem.purl_parts(&self.name)?,
            None => foreign_parts(&self.name)?,
        };
        let version = Some(self.version.as_str()).filter(|version| !version.is_empty());
        let mut purl = Purl::new(kind, namespace, name, version);
        let pairs = self.qualifiers.split('&').filter_map(|q| q.split_once('='));
        purl.qualify(pairs.map(|(key, value)| (key.to_owned(), value.to_owned())));
        Some(purl)
    }
}

/// Type, namespace and name of the spelling `type/namespace/name`.
fn foreign_parts(name: &str) -> Option<(&str, Option<&str>, &str)> {
    let (kind, rest) = name.split_once('/').filter(|(kind, _)| *kind != "none")?;
    let (namespace, name) = rest.rsplit_once('/')?;
    Some((kind, Some(namespace).filter(|namespace| !namespace.is_empty()), name))
}

/// The qualifiers that make another component of a purl of this type.
fn identity_qualifiers(purl_type: &str) -> &'static [&'static str] {
    match purl_type {
        "apk" | "deb" | "rpm" => &["arch", "distro", "epoch"],
        "maven" => &["classifier", "type"],
        "oci" | "docker" => &["repository_url", "tag"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component(purl: &str) -> Component {
        Component { purl: purl.parse().ok(), ..Component::default() }
    }

    #[test]
    fn an_identity_knows_its_purl() {
        for purl in [
            "pkg:cargo/bytes@1.6.1",
            "pkg:npm/%40scope/name@1.0.0",
            "pkg:npm/left-pad@1.0.0",
            "pkg:maven/org.apache.logging/log4j-core@2.14.1?classifier=sources",
            "pkg:golang/golang.org/x/net@v0.1.0",
            "pkg:deb/debian/openssl@3.0.1-1?arch=amd64&distro=debian-12",
            "pkg:generic/openssl@3.0",
            "pkg:bitbucket/a/b@1",
            "pkg:gem/rails",
        ] {
            assert_eq!(identity(&component(purl)).purl().map(|p| p.to_string()).as_deref(), Some(purl));
        }
        let bare = Component { name: "x".into(), ..Component::default() };
        assert_eq!(identity(&bare).purl(), None);
    }

    #[test]
    fn a_cpe_is_who_somebody_without_a_purl_is() {
        let cpe = |cpes: &[&str], version: Option<&str>| {
            let cpes = cpes.iter().map(|cpe| (*cpe).to_owned()).collect();
            let component = Component { name: "x".into(), cpes, version: version.map(Into::into), ..Component::default() };
            let Identity { ecosystem, name, version, qualifiers, .. } = identity(&component);
            format!("{ecosystem} {name} {version} {qualifiers}")
        };
        let full = "cpe:2.3:a:left:left:1.0:rc1:*:*:*:wordpress:*:*";
        assert_eq!(cpe(&[full], Some("1.0-rc1")), "50 a:left:left 1.0 rc1 target_sw=wordpress");
        assert_eq!(cpe(&["broken", "cpe:2.3:a:*:*:1", full], None), "50 a:left:left 1.0 rc1 target_sw=wordpress");
        assert_eq!(cpe(&["cpe:/a:left:left"], Some("1.2")), "50 a:left:left 1.2 ");
        assert_eq!(cpe(&["broken"], Some("1.2")), "0 none//x 1.2 ");
        let both = Component { cpes: [full.to_owned()].into(), ..component("pkg:npm/left@2") };
        assert_eq!(identity(&both).name, "left");
    }

    #[test]
    fn a_fork_is_another_component() {
        let here = component("pkg:cargo/bytes@1.6.1");
        let fork = Component { origin: Origin::Git("https://git.example/bytes#0a".into()), ..here.clone() };
        assert_ne!(identity(&here), identity(&fork));
    }

    #[test]
    fn only_identity_qualifiers_tell_components_apart() {
        let a = identity(&component("pkg:deb/debian/curl@8?arch=amd64&distro=debian-12&checksum=sha1:x"));
        assert_eq!(a.qualifiers, "arch=amd64&distro=debian-12");
        let jar = identity(&component("pkg:maven/g/a@1?classifier=sources&type=jar"));
        assert_eq!(jar.qualifiers, "classifier=sources&type=jar");
    }

    #[test]
    fn duplicates_collapse_to_the_stronger_need() {
        let development = Component { scope: Scope::Development, ..component("pkg:npm/a@1") };
        let document = Document { components: vec![development, component("pkg:npm/a@1")], ..Document::default() };
        let held = inventory(&document);
        assert_eq!(held.values().map(|f| f.scope()).collect::<Vec<_>>(), [Scope::Required]);
    }

    #[test]
    fn a_fingerprint_does_not_depend_on_the_order() {
        let (a, b) = (component("pkg:npm/a@1"), component("pkg:npm/b@1"));
        let one = Document { components: vec![a.clone(), b.clone()], ..Document::default() };
        let two = Document { components: vec![b, a.clone()], created: None, ..Document::default() };
        let less = Document { components: vec![a], ..Document::default() };
        assert_eq!(fingerprint(&inventory(&one)), fingerprint(&inventory(&two)));
        assert_ne!(fingerprint(&inventory(&one)), fingerprint(&inventory(&less)));
    }
}
