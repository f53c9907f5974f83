//! SPDX 2.3 written from a plan: in JSON, and in tag-value. The same document
//! gives the same bytes.

use super::plan::{self, Package, Whole};
use crate::document::Document;
use crate::format::{WriteError, Written};
use std::fmt::Write as _;

/// Writes `document` in JSON.
pub(super) fn json(document: &Document) -> Result<Written, WriteError> {
    let (whole, lost) = plan::whole(document);
    let mut bytes = Vec::with_capacity(512 + 1024 * whole.packages.len());
    serde_json::to_writer_pretty(&mut bytes, &whole).map_err(|error| WriteError(error.to_string()))?;
    bytes.push(b'\n');
    Ok(Written { bytes, lost })
}

/// Writes `document` in tag-value.
pub(super) fn tag_value(document: &Document) -> Result<Written, WriteError> {
    let (whole, lost) = plan::whole(document);
    let mut tags = Tags { text: String::new(), folded: false };
    tags.whole(&whole);
    let folded = tags.folded.then(|| "line breaks in names, and the marks of texts in texts".to_owned());
    Ok(Written { bytes: tags.text.into_bytes(), lost: lost.into_iter().chain(folded).collect() })
}

struct Tags {
    text: String,
    folded: bool,
}

impl Tags {
    /// A tag whose value stands on one line.
    fn line(&mut self, tag: &str, value: &str) {
        let mut clean = value.replace(['\n', '\r'], " ");
        // It would open a text that nothing closes.
        while clean.trim_start().starts_with("<text>") {
            clean = clean.replacen("<text>", "", 1);
        }
        self.folded |= clean != value;
        // A `String` takes everything.
        let _ = writeln!(self.text, "{tag}: {clean}");
    }

    /// A tag whose value may have several lines.
    fn prose(&mut self, tag: &str, value: &str) {
        if matches!(value, "NOASSERTION" | "NONE") {
            return self.line(tag, value);
        }
        let clean = value.replace("</text>", "");
        self.folded |= clean != value;
        let _ = writeln!(self.text, "{tag}: <text>{clean}</text>");
    }

    fn whole(&mut self, whole: &Whole<'_>) {
        self.line("SPDXVersion", whole.spdx_version);
        self.line("DataLicense", whole.data_license);
        self.line("SPDXID", whole.id);
        self.line("DocumentName", &whole.name);
        self.line("DocumentNamespace", &whole.document_namespace);
        whole.creation_info.creators.iter().for_each(|creator| self.line("Creator", creator));
        self.line("Created", &whole.creation_info.created);
        for package in &whole.packages {
            self.text.push('\n');
            self.package(package);
        }
        for licence in &whole.has_extracted_licensing_infos {
            self.text.push('\n');
            self.line("LicenseID", &licence.license_id);
            self.line("LicenseName", &licence.name);
            self.prose("ExtractedText", &licence.extracted_text);
        }
        self.text.push('\n');
        for relationship in &whole.relationships {
            let (from, kind, to) =
                (&relationship.spdx_element_id, &relationship.relationship_type, &relationship.related_spdx_element);
            self.line("Relationship", &format!("{from} {kind} {to}"));
        }
    }

    fn package(&mut self, package: &Package<'_>) {
        self.line("PackageName", package.name);
        self.line("SPDXID", &package.id);
        let optional = [
            ("PackageVersion", package.version_info),
            ("PackageSupplier", package.supplier.as_deref()),
            ("PackageOriginator", package.originator.as_deref()),
            ("PackageDownloadLocation", Some(package.download_location)),
            ("PrimaryPackagePurpose", Some(package.primary_package_purpose)),
            ("FilesAnalyzed", Some("false")),
            ("PackageHomePage", package.homepage),
        ];
        for (tag, value) in optional {
            value.into_iter().for_each(|value| self.line(tag, value));
        }
        for hash in &package.checksums {
            self.line("PackageChecksum", &format!("{}: {}", hash.algorithm, hash.checksum_value));
        }
        self.line("PackageLicenseConcluded", &package.license_concluded);
        self.line("PackageLicenseDeclared", &package.license_declared);
        self.prose("PackageCopyrightText", package.copyright_text);
        package.description.into_iter().for_each(|text| self.prose("PackageDescription", text));
        for reference in &package.external_refs {
            let (category, kind, locator) =
                (&reference.reference_category, &reference.reference_type, &reference.reference_locator);
            self.line("ExternalRef", &format!("{category} {kind} {locator}"));
        }
    }
}
