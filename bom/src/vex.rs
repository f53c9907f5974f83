//! What suppliers and teams state about vulnerabilities in products (VEX): one model
//! for OpenVEX, CSAF and CycloneDX, read by [`read()`] and written by [`write()`]. The words
//! of the three for one thought stand side by side in `vex/words.rs`.

mod applies;
mod words;

pub use crate::document::Status;
pub use crate::format::vex::{FORMATS, VexFormat, is_vex, read, write};
pub use applies::{Said, Statements, Thing};
pub use words::{Justification, Response};

pub(crate) use words::{csaf_status, openvex_status, status_of_csaf, status_of_openvex};

use crate::purl::Purl;
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// A VEX document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vex {
    /// The format's name and version as found, for example `OpenVEX 0.2.0`; empty for one just made.
    pub format: String,
    /// The document's own identity: an IRI, a tracking id or a serial number.
    pub id: Option<String>,
    /// Which state of the document it is, as it counts them.
    pub version: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Who states it.
    pub author: Option<String>,
    /// An address that stands for the author (CSAF: `publisher.namespace`).
    pub author_address: Option<String>,
    /// When it was first issued.
    pub issued: Option<DateTime<Utc>>,
    /// When it was last changed.
    pub updated: Option<DateTime<Utc>>,
    /// The tool that made it, as `name version`.
    pub tool: Option<String>,
    /// Whether its author took it back (CSAF 2.1: withdrawn or superseded).
    pub withdrawn: bool,
    /// What is stated, in document order.
    pub statements: Vec<Statement>,
}

/// One status of one vulnerability in some products.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// The vulnerability's id, then its other names.
    pub names: Vec<String>,
    /// What it is about.
    pub products: Vec<Arc<Product>>,
    /// What is said.
    pub status: Status,
    /// Why not affected.
    pub justification: Option<Justification>,
    /// What the author does about it.
    pub responses: Vec<Response>,
    /// Why, in words for people.
    pub detail: Option<String>,
    /// What to do about it, in words for people.
    pub action: Option<String>,
    /// Since when it is stated.
    pub at: Option<DateTime<Utc>>,
}

/// A product, or components inside one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Product {
    /// The product.
    pub whole: Identity,
    /// The components in it that are meant; empty when the product as such is.
    pub parts: Vec<Identity>,
}

/// By what a product or component is recognised.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Identity {
    /// Its name, for people.
    pub name: Option<String>,
    /// An IRI, or the key that the document gives it. A link into an SBOM begins with `urn:cdx:`.
    pub reference: Option<String>,
    /// Its purls; one that has no version means every version, as far as `versions` does not say which.
    pub purls: Vec<Purl>,
    /// Its CPE names, 2.2 or 2.3 spelling.
    pub cpes: Vec<String>,
    /// The versions that are meant, each a version or a range that begins with `vers:`; empty for those the names say.
    pub versions: Vec<String>,
}

impl Identity {
    /// What `text` names: a purl, a CPE name, or something else by reference.
    pub fn of_text(text: &str) -> Self {
        let mut identity = Self::default();
        if let Some(purl) = text.starts_with("pkg:").then(|| Purl::tolerant(text).ok()).flatten() {
            identity.purls.push(purl.0);
        } else if text.starts_with("cpe:") {
            identity.cpes.push(text.to_owned());
        } else {
            identity.reference = Some(text.to_owned());
        }
        identity
    }

    /// How it is called, for people.
    pub fn shown(&self) -> String {
        let purl = self.purls.first().map(ToString::to_string);
        let named = || self.name.clone().or_else(|| self.cpes.first().cloned()).or_else(|| self.reference.clone());
        purl.or_else(named).unwrap_or_default()
    }
}

impl Statement {
    /// A statement that gives no reasons.
    pub fn new(names: Vec<String>, products: Vec<Arc<Product>>, status: Status) -> Self {
        Self { names, products, status, justification: None, responses: Vec::new(), detail: None, action: None, at: None }
    }
}
