//! SPDX 2 in tag-value: a line is a tag and its value; `<text>` holds lines
//! together. The first tag of a package, file, snippet or licence begins it.

mod entries;
mod places;

use super::package;
use super::raw::{ChecksumRaw, CreationRaw, DocumentRaw, ExtractedRaw, PackageRaw, ReferenceRaw};
use super::relationship::RelationshipRaw;
use super::whole;
use crate::document::Document;
use crate::format::draft::{Draft, Syntax};
use crate::format::lenient::Text;
use crate::format::place::Place;
use crate::reading::{Limits, ReadError, Reading};
use crate::word::{split_first, trim};
use entries::{Entries, Entry};
use std::borrow::Cow;

/// Reads a document.
pub(super) fn read(text: &str, limits: &Limits) -> Result<Reading<Document>, ReadError> {
    let root = Place::root("$");
    let mut draft = Draft::new(text, limits, Syntax::Lists, root);
    draft.keep_first_apart();
    let mut machine = Machine { creation: CreationRaw::default(), ..Machine::default() };
    for entry in Entries::new(text) {
        machine.take(entry?, &mut draft);
        if let Some(refusal) = draft.refusal() {
            return Err(places::error(refusal, text));
        }
    }
    machine.close(&mut draft);
    machine.document.creation = Some(machine.creation);
    places::with_places(whole::finish(machine.document, draft, &root), text)
}

/// What the tags that come now are about.
#[derive(Default)]
enum Section<'d> {
    #[default]
    Document,
    Package(Box<PackageRaw<'d>>),
    /// A file or a snippet: nothing is kept of it but its reference.
    Element,
    Licence(ExtractedRaw<'d>),
}

#[derive(Default)]
struct Machine<'d> {
    document: DocumentRaw<'d>,
    creation: CreationRaw<'d>,
    section: Section<'d>,
    packages: usize,
    /// A package of which everything was taken out.
    spare: Option<Box<PackageRaw<'d>>>,
}

impl<'d> Machine<'d> {
    fn take(&mut self, entry: Entry<'d>, draft: &mut Draft<'d>) {
        let Entry { tag, value, line, .. } = entry;
        let value = value.unwrap_or_default();
        match tag {
            _ if entry.value.is_none() => no_tag(entry, draft),
            "Relationship" => self.relate(value, draft),
            _ if self.is_of_package(tag, value) => {}
            "PackageName" => {
                self.close(draft);
                let place = draft.root;
                let index = draft.reserve(&place.key("packages").index(self.packages));
                let mut package = self.spare.take().unwrap_or_default();
                (package.index, package.name) = (index, some(value));
                self.section = Section::Package(package);
            }
            "FileName" => {
                self.close(draft);
                self.section = Section::Element;
            }
            "SnippetSPDXID" | "SnippetSPDXIdentifier" => {
                self.close(draft);
                self.section = Section::Element;
                draft.register_elsewhere(Cow::Borrowed(value));
            }
            "LicenseID" => {
                self.close(draft);
                self.section = Section::Licence(ExtractedRaw { id: some(value), name: None });
            }
            "SPDXID" => self.reference(value, draft),
            "Creator" => self.creation.creators.push(Cow::Borrowed(value)),
            "Created" => self.creation.created = some(value),
            "SPDXVersion" => self.document.version = some(value),
            "DocumentName" => self.document.name = some(value),
            "DocumentNamespace" => self.document.namespace = some(value),
            "LicenseName" => {
                if let Section::Licence(licence) = &mut self.section {
                    licence.name = some(value);
                }
            }
            tag if is_passed(tag) => {}
            _ if !entry.has_tag() => no_tag(entry, draft),
            tag if tag.starts_with("File") || tag.starts_with("Snippet") => {}
            tag if places::is_of_package(tag) => {
                draft.note_at(tag, line, "this tag belongs to a package and stands outside of one; it was left out");
            }
            tag => draft.note_at(tag, line, "this tag is not in the specification; it was left out"),
        }
    }

    fn reference(&mut self, value: &'d str, draft: &mut Draft<'d>) {
        match &mut self.section {
            Section::Document => self.document.reference = some(value),
            Section::Package(package) => (package.reference, package.is_named) = (some(value), None),
            Section::Element => draft.register_elsewhere(Cow::Borrowed(value)),
            Section::Licence(_) => {}
        }
    }

    /// Takes a relationship. It may name the package that did not end yet: the last one mostly ends with the document.
    fn relate(&mut self, value: &'d str, draft: &mut Draft<'d>) {
        if let Section::Package(package) = &mut self.section {
            let root = draft.root;
            package::register(package, draft, &root.key("packages").index(self.packages));
        }
        self.document.relationships.take(&mut relationship(value), draft);
    }

    /// Takes a tag that says something of the package, if there is one.
    fn is_of_package(&mut self, tag: &str, value: &'d str) -> bool {
        if let Section::Package(package) = &mut self.section { package_field(package, tag, value) } else { false }
    }

    /// Ends what the tags were about.
    fn close(&mut self, draft: &mut Draft<'d>) {
        match std::mem::take(&mut self.section) {
            Section::Package(mut package) => {
                let root = draft.root;
                package::add(&mut package, draft, &root.key("packages").index(self.packages));
                self.packages += 1;
                self.spare = Some(package);
            }
            Section::Licence(licence) => self.document.licences.push(licence),
            Section::Document | Section::Element => {}
        }
        // What follows a package is never about the document again.
        self.section = Section::Element;
    }
}

/// Takes one tag of a package; false where it is none.
fn package_field<'d>(package: &mut PackageRaw<'d>, tag: &str, value: &'d str) -> bool {
    let into = match tag {
        "PackageVersion" => &mut package.version,
        "PackageSupplier" => &mut package.supplier,
        "PackageOriginator" => &mut package.originator,
        "PackageDownloadLocation" => &mut package.download,
        "PackageHomePage" => &mut package.homepage,
        "PackageLicenseConcluded" => &mut package.concluded,
        "PackageLicenseDeclared" => &mut package.declared,
        "PackageCopyrightText" => &mut package.copyright,
        "PackageSummary" => &mut package.summary,
        "PackageDescription" => &mut package.description,
        "PrimaryPackagePurpose" => &mut package.purpose,
        "PackageChecksum" => {
            let (algorithm, hash) = split_first(value, b':').map_or((value, None), |(name, hash)| (name, Some(hash)));
            package
                .checksums
                .push(ChecksumRaw { algorithm: some(trim(algorithm)), value: hash.and_then(|hash| some(trim(hash))) });
            return true;
        }
        "ExternalRef" => {
            let [category, kind, locator] = three(value).map_or_else(
                || {
                    let mut words = value.splitn(3, char::is_whitespace).map(str::trim);
                    [words.next(), words.next(), words.next()]
                },
                |parts| parts.map(|part| Some(trim(part))),
            );
            package.references.push(ReferenceRaw {
                category: category.map(Cow::Borrowed),
                kind: kind.map(Cow::Borrowed),
                locator: locator.and_then(some),
            });
            return true;
        }
        _ => return false,
    };
    *into = some(value);
    true
}

/// Whether a tag says nothing that is kept.
fn is_passed(tag: &str) -> bool {
    matches!(
        tag,
        "DataLicense"
            | "LicenseListVersion"
            | "ExternalDocumentRef"
            | "DocumentComment"
            | "CreatorComment"
            | "PackageFileName"
            | "FilesAnalyzed"
            | "PackageVerificationCode"
            | "PackageSourceInfo"
            | "PackageLicenseInfoFromFiles"
            | "PackageLicenseComments"
            | "PackageComment"
            | "PackageAttributionText"
            | "ExternalRefComment"
            | "ReleaseDate"
            | "BuiltDate"
            | "ValidUntilDate"
            | "RelationshipComment"
            | "LicenseCrossReference"
            | "LicenseComment"
            | "ExtractedText"
            | "Annotator"
            | "AnnotationDate"
            | "AnnotationType"
            | "AnnotationComment"
            | "SPDXREF"
            | "Reviewer"
            | "ReviewDate"
            | "ReviewComment"
            | "LicenseConcluded"
            | "LicenseInfoInFile"
            | "LicenseComments"
            | "ArtifactOfProjectName"
            | "ArtifactOfProjectHomePage"
            | "ArtifactOfProjectURI"
    )
}

fn no_tag(entry: Entry<'_>, draft: &mut Draft<'_>) {
    let shown = entry.text.trim();
    let shown = shown.get(..shown.floor_char_boundary(60)).unwrap_or_default();
    draft.note_at(shown, entry.line, "this line is no tag with a value; it was left out");
}

fn some(text: &str) -> Text<'_> {
    (!text.is_empty()).then_some(Cow::Borrowed(text))
}

fn relationship(value: &str) -> RelationshipRaw<'_> {
    let text = |text| Some(Cow::Borrowed(text));
    if let Some([from, kind, to]) = three(value)
        && ![from, kind, to].contains(&"")
        && memchr::memchr(b' ', to.as_bytes()).is_none()
    {
        return RelationshipRaw { from: text(from), kind: text(kind), to: text(to) };
    }
    let mut words = value.split_whitespace().map(Cow::Borrowed);
    RelationshipRaw { from: words.next(), kind: words.next(), to: words.next() }
}

/// Two words and the rest, of a text in which nothing is space but blanks.
fn three(text: &str) -> Option<[&str; 3]> {
    let bytes = text.as_bytes();
    if !bytes.iter().fold(true, |is_plain, byte| is_plain & matches!(byte, b' '..=b'~')) {
        return None;
    }
    let first = memchr::memchr(b' ', bytes)?;
    let second = first + 1 + memchr::memchr(b' ', bytes.get(first + 1..)?)?;
    Some([text.get(..first)?, text.get(first + 1..second)?, text.get(second + 1..)?])
}
