//! Which statement is about a component in a product. A statement reaches no further
//! than its words: what is said of one product is not said of another that holds the
//! same component, and a product that cannot be recognised is nobody's.

use super::{Identity, Product, Statement, Vex};
use crate::purl::Purl;
use crate::version::vers::Vers;
use std::collections::HashMap;

/// A product, or a component in it, by what it is recognised.
#[derive(Clone, Copy, Debug, Default)]
pub struct Thing<'a> {
    /// Its purl.
    pub purl: Option<&'a Purl>,
    /// Its CPE names.
    pub cpes: &'a [String],
    /// Its name, where it has neither.
    pub name: &'a str,
    /// Its version.
    pub version: Option<&'a str>,
    /// An IRI, or another name that documents call it by.
    pub iri: Option<&'a str>,
    /// The SBOM that lists it, by its own identity, and the reference that it has there.
    pub listed: Option<(&'a str, &'a str)>,
}

/// What is stated of a component, and by which document.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// The document.
    pub vex: &'a Vex,
    /// The statement.
    pub statement: &'a Statement,
}

/// The statements of some documents, by the names of vulnerabilities.
#[derive(Debug, Default)]
pub struct Statements {
    documents: Vec<Vex>,
    /// Document and statement, by the vulnerability's name in upper case.
    named: HashMap<String, Vec<(usize, usize)>>,
}

impl Statements {
    /// Those of `documents`. What its author took back states nothing.
    pub fn of(documents: Vec<Vex>) -> Self {
        let mut named: HashMap<String, Vec<(usize, usize)>> = HashMap::new();
        for (d, vex) in documents.iter().enumerate().filter(|(_, vex)| !vex.withdrawn) {
            for (s, statement) in vex.statements.iter().enumerate() {
                for name in &statement.names {
                    named.entry(name.to_ascii_uppercase()).or_default().push((d, s));
                }
            }
        }
        Self { documents, named }
    }

    /// Every statement that counts, in document order.
    pub fn all(&self) -> impl Iterator<Item = &Statement> {
        self.documents.iter().filter(|vex| !vex.withdrawn).flat_map(|vex| &vex.statements)
    }

    /// What is stated of a vulnerability in `part`, a component of `whole`: the latest statement, the last of
    /// several at one time.
    pub fn said<'n>(
        &self,
        names: impl IntoIterator<Item = &'n str>,
        whole: Option<&Thing<'_>>,
        part: &Thing<'_>,
    ) -> Option<Said<'_>> {
        let mut latest: Option<(_, Said<'_>)> = None;
        for name in names {
            for &(d, s) in self.named.get(&name.to_ascii_uppercase()).into_iter().flatten() {
                let Some((vex, statement)) = self.documents.get(d).and_then(|vex| Some((vex, vex.statements.get(s)?))) else {
                    continue;
                };
                let rank = (statement.at.or(vex.updated).or(vex.issued), d, s);
                let later = latest.as_ref().is_none_or(|(other, _)| rank > *other);
                if later && statement.products.iter().any(|product| product.is_about(whole, part)) {
                    latest = Some((rank, Said { vex, statement }));
                }
            }
        }
        latest.map(|(_, said)| said)
    }
}

impl Product {
    /// Whether what is said of it is said of `part`, a component of `whole`.
    pub fn is_about(&self, whole: Option<&Thing<'_>>, part: &Thing<'_>) -> bool {
        let is_whole = || whole.is_some_and(|whole| self.whole.is(whole));
        match self.parts.is_empty() {
            true => self.whole.is(part) || is_whole(),
            false => self.parts.iter().any(|inner| inner.is(part)) && is_whole(),
        }
    }
}

impl Identity {
    /// Whether it names `thing`.
    pub fn is(&self, thing: &Thing<'_>) -> bool {
        let linked = |reference: &String| thing.listed.is_some_and(|(sbom, listed)| is_link(reference, sbom, listed, thing));
        let called = |reference: &String| thing.iri == Some(reference);
        if self.reference.as_ref().is_some_and(|reference| called(reference) || linked(reference)) {
            return self.has_version(thing, None);
        }
        let by_purl = |purl: &Purl, other: &Purl| is_package(purl, other) && self.has_version(thing, purl.version.as_deref());
        if let Some(other) = thing.purl
            && !self.purls.is_empty()
        {
            return self.purls.iter().any(|purl| by_purl(purl, other));
        }
        if !self.cpes.is_empty() && !thing.cpes.is_empty() {
            return self.cpes.iter().any(|cpe| thing.cpes.contains(cpe)) && self.has_version(thing, None);
        }
        // By name only where neither side has anything better.
        let nameless = self.purls.is_empty() && self.cpes.is_empty();
        nameless
            && thing.purl.is_none()
            && self.name.as_ref().is_some_and(|name| !name.is_empty() && name == thing.name)
            && self.has_version(thing, None)
    }

    /// Whether the versions that it means hold that of `thing`; `own` is the one that its purl names.
    fn has_version(&self, thing: &Thing<'_>, own: Option<&str>) -> bool {
        let version = thing.purl.and_then(|purl| purl.version.as_deref()).or(thing.version);
        if let Some(own) = own {
            return version == Some(own);
        }
        let holds = |stated: &String, version: &str| match stated.starts_with("vers:") {
            // A range that cannot be compared reaches nothing.
            true => Vers::of(stated).is_ok_and(|range| range.contains(version).unwrap_or(false)),
            false => stated == version,
        };
        self.versions.is_empty() || version.is_some_and(|version| self.versions.iter().any(|stated| holds(stated, version)))
    }
}

/// Whether two purls name one package, and the second has every qualifier that the first asks for.
fn is_package(wanted: &Purl, found: &Purl) -> bool {
    let has = |(key, value): (&String, &String)| found.qualifier(key) == Some(value.as_str());
    (&wanted.kind, &wanted.namespace, &wanted.name) == (&found.kind, &found.namespace, &found.name)
        && wanted.qualifiers().iter().all(has)
        && (wanted.subpath().is_none() || wanted.subpath() == found.subpath())
}

/// Whether `link` (`urn:cdx:serial/version#reference`) leads to what the SBOM lists under this reference.
fn is_link(link: &str, sbom: &str, listed: &str, thing: &Thing<'_>) -> bool {
    let Some((document, reference)) = link.strip_prefix("urn:cdx:").and_then(|rest| rest.split_once('#')) else { return false };
    let serial = document.split('/').next().unwrap_or_default();
    let same = sbom.strip_prefix("urn:uuid:").unwrap_or(sbom).eq_ignore_ascii_case(serial) && !serial.is_empty();
    let purl = || Purl::tolerant(reference).is_ok_and(|(purl, _)| Some(&purl) == thing.purl);
    same && !reference.is_empty() && (reference == listed || purl())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Status;
    use std::sync::Arc;

    fn purl(text: &str) -> Option<Purl> {
        text.parse().ok()
    }

    fn check(product: &Product, whole: &str, part: &str, expect: bool) {
        let (whole, part) = (purl(whole), purl(part));
        let whole = whole.as_ref().map(|purl| Thing { purl: Some(purl), ..Thing::default() });
        let part = Thing { purl: part.as_ref(), ..Thing::default() };
        assert_eq!(product.is_about(whole.as_ref(), &part), expect, "{product:?} {whole:?} {part:?}");
    }

    fn alone(text: &str) -> Product {
        Product { whole: Identity::of_text(text), parts: Vec::new() }
    }

    #[test]
    fn a_statement_reaches_no_further_than_its_words() {
        let inside = |whole: &str, part: &str| Product { parts: vec![Identity::of_text(part)], ..alone(whole) };
        let (app, left) = ("pkg:npm/app@1.0.0", "pkg:npm/left@1.3.0");
        check(&alone(left), "", left, true);
        check(&alone("pkg:npm/left"), "", left, true);
        check(&alone("pkg:npm/left@1.3.1"), "", left, false);
        check(&alone("pkg:npm/left@1.3.0?arch=x"), "", left, false);
        check(&alone("pkg:npm/left"), "", "pkg:npm/left@1.3.0?arch=x", true);
        check(&alone(app), app, left, true);
        check(&inside(app, left), app, left, true);
        check(&inside(app, left), "pkg:npm/other@1.0.0", left, false);
        check(&inside(app, left), "", left, false);
        check(&inside(app, "pkg:npm/right"), app, left, false);
        check(&alone("https://products.example/left"), "", left, false);
        let ranged = |versions: &str| {
            let whole = Identity { versions: vec![versions.to_owned()], ..Identity::of_text("pkg:npm/left") };
            Product { whole, parts: Vec::new() }
        };
        check(&ranged("1.3.0"), "", left, true);
        check(&ranged("1.2.0"), "", left, false);
        check(&ranged("vers:npm/>=1.0.0|<1.4.0"), "", left, true);
        check(&ranged("vers:npm/<1.3.0"), "", left, false);
        check(&ranged("vers:unheard/<9"), "", left, false);
    }

    #[test]
    fn a_link_leads_into_one_sbom() {
        let product = alone("urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#left");
        let part = |sbom, reference| Thing { listed: Some((sbom, reference)), ..Thing::default() };
        for (sbom, reference, expect) in [
            ("urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79", "left", true),
            ("urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79", "right", false),
            ("urn:uuid:00000000-395b-41f5-a30f-a58921a69b79", "left", false),
            ("", "left", false),
        ] {
            assert_eq!(product.is_about(None, &part(sbom, reference)), expect, "{sbom} {reference}");
        }
    }

    #[test]
    fn a_name_counts_where_nothing_better_is_there() {
        let whole = Identity { name: Some("shop".into()), versions: vec!["2.0".into()], ..Identity::default() };
        let product = Product { whole, parts: Vec::new() };
        let thing = |name, version| Thing { name, version, ..Thing::default() };
        for (name, version, expect) in
            [("shop", Some("2.0"), true), ("shop", Some("2.1"), false), ("shop", None, false), ("stall", Some("2.0"), false)]
        {
            assert_eq!(product.is_about(Some(&thing(name, version)), &thing("left", None)), expect, "{name} {version:?}");
        }
    }

    #[test]
    fn the_latest_statement_counts() {
        let stated = |status, at: &str| Statement {
            at: at.parse().ok(),
            ..Statement::new(vec!["CVE-1".into(), "GHSA-1".into()], vec![Arc::new(alone("pkg:npm/left"))], status)
        };
        let left = purl("pkg:npm/left@1");
        let part = Thing { purl: left.as_ref(), ..Thing::default() };
        let of = |statements| Statements::of(vec![Vex { statements, ..Vex::default() }]);
        let said = |statements: &Statements, name| statements.said([name], None, &part).map(|said| said.statement.status);
        let both = || vec![stated(Status::NotAffected, "2024-02-01T00:00:00Z"), stated(Status::Affected, "2024-01-01T00:00:00Z")];
        assert_eq!(said(&of(both()), "ghsa-1"), Some(Status::NotAffected));
        assert_eq!(said(&of(both()), "CVE-2"), None);
        let undated = of(vec![stated(Status::NotAffected, ""), stated(Status::Fixed, "")]);
        assert_eq!(said(&undated, "CVE-1"), Some(Status::Fixed), "the last one");
        let withdrawn = Vex { withdrawn: true, statements: both(), ..Vex::default() };
        assert_eq!(said(&Statements::of(vec![withdrawn]), "CVE-1"), None);
    }
}
