//! CycloneDX 1.6 and 1.7 in XML, written straight from the model, elements in the
//! order of the schema. The same document gives the same bytes.

use super::plan::{self, Licences, Part, Plan};
use super::words;
use crate::document::{Document, Statement};
use crate::format::xml_text::XmlText;
use crate::format::{Written, time};

/// Writes `document` in version 1.`minor`, 6 or 7.
pub(super) fn write(document: &Document, minor: u8) -> Written {
    let plan = Plan::new(document, minor);
    let namespace = format!("http://cyclonedx.org/schema/bom/1.{minor}");
    let mut xml = XmlText::new();
    let serial = plan.serial_number().map(|serial| ("serialNumber", serial));
    let attributes: Vec<_> = [("xmlns", namespace.as_str())].into_iter().chain(serial).chain([("version", "1")]).collect();
    xml.element("bom", &attributes, |xml| {
        metadata(&plan, xml);
        components(&plan, &plan.roots, xml);
        xml.list("dependencies", plan.dependencies(), |xml, (reference, needs)| {
            xml.list_with("dependency", &[("ref", reference)], needs, |xml, need| xml.empty("dependency", &[("ref", need)]));
        });
        xml.list("vulnerabilities", plan.statements(), |xml, statement| vulnerability(&plan, statement, xml));
    });
    if xml.has_replaced() {
        plan.lose("characters that XML cannot hold");
    }
    Written { bytes: xml.finish(), lost: plan.lost() }
}

fn metadata(plan: &Plan<'_>, xml: &mut XmlText) {
    let document = plan.document;
    xml.element("metadata", &[], |xml| {
        xml.text("timestamp", &[], document.created.map(time::write).as_deref());
        if !document.tools.is_empty() {
            xml.element("tools", &[], |xml| {
                xml.list("components", &document.tools, |xml, tool| {
                    let (name, version) = plan::tool(tool);
                    xml.element("component", &[("type", "application")], |xml| {
                        xml.text("name", &[], Some(name));
                        xml.text("version", &[], version);
                    });
                });
            });
        }
        xml.list("authors", &document.authors, |xml, name| named("author", Some(name), xml));
        if let Some(part) = plan.part(None) {
            component(plan, &part, xml);
        }
        xml.list("properties", &document.properties, |xml, (name, value)| property(name, value, xml));
    });
}

fn components(plan: &Plan<'_>, indices: &[u32], xml: &mut XmlText) {
    let parts = indices.iter().filter_map(|index| plan.part(Some(*index)));
    xml.list("components", parts, |xml, part| component(plan, &part, xml));
}

fn component(plan: &Plan<'_>, part: &Part<'_>, xml: &mut XmlText) {
    let stated = part.component;
    xml.element("component", &[("type", part.kind), ("bom-ref", part.reference)], |xml| {
        named("supplier", stated.supplier.as_deref(), xml);
        xml.list("authors", &stated.author, |xml, name| named("author", Some(name), xml));
        xml.text("group", &[], stated.group.as_deref());
        xml.text("name", &[], Some(&stated.name));
        xml.text("version", &[], stated.version.as_deref());
        xml.text("description", &[], stated.description.as_deref());
        xml.text("scope", &[], part.scope);
        xml.list("hashes", &part.hashes, |xml, (algorithm, value)| xml.text("hash", &[("alg", algorithm)], Some(value)));
        licences(&part.licences, xml);
        xml.text("copyright", &[], stated.copyright.as_deref());
        xml.text("cpe", &[], part.cpe);
        xml.text("purl", &[], part.purl.as_deref());
        xml.list("externalReferences", &part.links, |xml, (kind, url)| {
            xml.element("reference", &[("type", kind)], |xml| xml.text("url", &[], Some(url)));
        });
        xml.list("properties", &part.properties, |xml, (name, value)| property(name, value, xml));
        components(plan, part.children, xml);
    });
}

fn licences(licences: &Licences<'_>, xml: &mut XmlText) {
    match licences {
        Licences::Expression(text) => xml.element("licenses", &[], |xml| xml.text("expression", &[], Some(text))),
        Licences::List(list) => xml.list("licenses", list, |xml, (is_id, text)| {
            xml.element("license", &[], |xml| xml.text(if *is_id { "id" } else { "name" }, &[], Some(text)));
        }),
    }
}

fn named(element: &str, name: Option<&str>, xml: &mut XmlText) {
    if name.is_some() {
        xml.element(element, &[], |xml| xml.text("name", &[], name));
    }
}

fn property(name: &str, value: &str, xml: &mut XmlText) {
    xml.text("property", &[("name", name)], Some(value));
}

fn vulnerability(plan: &Plan<'_>, statement: &Statement, xml: &mut XmlText) {
    let (justification, responses) = (plan.justification(statement), plan.responses(statement));
    let at = plan.stated_at(statement);
    let said = statement.status.is_some() || justification.is_some() || !responses.is_empty();
    xml.element("vulnerability", &[], |xml| {
        xml.text("id", &[], Some(&statement.vulnerability));
        xml.list("references", statement.aliases.iter(), |xml, id| {
            xml.element("reference", &[], |xml| {
                xml.text("id", &[], Some(id));
                xml.element("source", &[], |xml| xml.text("name", &[], Some(words::database(id))));
            });
        });
        if said || statement.detail.is_some() || at.is_some() {
            xml.element("analysis", &[], |xml| {
                xml.text("state", &[], statement.status.map(words::status_word));
                xml.text("justification", &[], justification);
                xml.list("responses", responses, |xml, response| xml.text("response", &[], Some(response)));
                xml.text("detail", &[], statement.detail.as_deref());
                xml.text("lastUpdated", &[], at.as_deref());
            });
        }
        xml.list("affects", plan.about(statement), |xml, (reference, versions)| {
            xml.element("target", &[], |xml| {
                xml.text("ref", &[], Some(reference));
                xml.list("versions", versions, |xml, stated| {
                    let (version, range) = words::version_or_range(stated);
                    xml.element("version", &[], |xml| {
                        xml.text("version", &[], version);
                        xml.text("range", &[], range);
                        xml.text("status", &[], Some(words::affected_word(stated.affected)));
                    });
                });
            });
        });
    });
}
