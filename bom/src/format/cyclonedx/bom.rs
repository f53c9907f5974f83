//! A CycloneDX document as a whole, when its fields were read: the same for JSON
//! and XML.

use super::component;
use super::fields::BomRaw;
use crate::format::draft::Draft;
use crate::format::place::Place;
use std::borrow::Cow;

/// Versions of the specification that are known.
const KNOWN: &[&str] = &["1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7"];

/// Puts what stands at the `root` of a document into the draft.
pub(super) fn add<'d>(mut bom: BomRaw<'d>, version: Option<Cow<'d, str>>, draft: &mut Draft<'d>, root: &Place<'_>) {
    let version = version.unwrap_or_default();
    let version: String = draft.word(&version, root);
    if !version.is_empty() && !KNOWN.contains(&version.as_str()) {
        draft.note(root, format!("version `{version}` of CycloneDX is not known; the fields of 1.7 are read"));
    }
    draft.document.format = format!("CycloneDX {version}").trim_end().to_owned();
    draft.document.identity =
        bom.serial_number.filter(|text| !text.is_empty()).map(|text| draft.word(&text, &root.key("serialNumber")));
    let properties: Vec<_> = component::properties(&mut bom.properties, draft, root);
    draft.document.properties.extend(properties);
}
