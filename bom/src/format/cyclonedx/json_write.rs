//! CycloneDX in JSON, written straight from the model. The same document gives
//! the same bytes. Versions before 1.6 go through a crate of their own after this.

use super::plan::{self, Licences, Part, Plan};
use super::words;
use crate::document::{Document, Statement, TargetVersions};
use crate::format::{WriteError, Written, time};
use serde::Serialize;
use serde::ser::{SerializeSeq, Serializer};
use std::borrow::Cow;

/// Writes `document` in version 1.`minor`, 3 to 7.
pub(super) fn write(document: &Document, minor: u8) -> Result<Written, WriteError> {
    let plan = Plan::new(document, minor);
    let version = format!("1.{minor}");
    let mut bytes = Vec::with_capacity(512 + 512 * document.components.len());
    let bom = Bom {
        schema: &format!("http://cyclonedx.org/schema/bom-{version}.schema.json"),
        format: "CycloneDX",
        spec_version: &version,
        serial_number: plan.serial_number(),
        version: 1,
        metadata: Metadata::new(&plan),
        components: Components { plan: &plan, indices: &plan.roots },
        dependencies: plan
            .dependencies()
            .into_iter()
            .map(|(reference, depends_on)| Dependency { reference, depends_on })
            .collect(),
        vulnerabilities: plan.statements().iter().map(|statement| Vulnerability::new(&plan, statement)).collect(),
    };
    serde_json::to_writer_pretty(&mut bytes, &bom).map_err(|error| WriteError(error.to_string()))?;
    bytes.push(b'\n');
    Ok(Written { bytes, lost: plan.lost() })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Bom<'a> {
    #[serde(rename = "$schema")]
    schema: &'a str,
    #[serde(rename = "bomFormat")]
    format: &'static str,
    spec_version: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    serial_number: Option<&'a str>,
    version: u32,
    metadata: Metadata<'a>,
    components: Components<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    dependencies: Vec<Dependency<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    vulnerabilities: Vec<Vulnerability<'a>>,
}

#[derive(Serialize)]
struct Metadata<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tools: Option<Tools<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Named<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    component: Option<PartJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    properties: Vec<Property<'a>>,
}

impl<'a> Metadata<'a> {
    fn new(plan: &'a Plan<'a>) -> Self {
        let document = plan.document;
        let tools: Vec<_> = document.tools.iter().map(|text| Tool::new(text, plan.minor)).collect();
        Self {
            timestamp: document.created.map(time::write),
            tools: match tools.is_empty() {
                true => None,
                false if plan.minor < 5 => Some(Tools::List(tools)),
                false => Some(Tools::Object { components: tools }),
            },
            authors: document.authors.iter().map(|name| Named { name }).collect(),
            component: plan.part(None).map(|part| PartJson::new(plan, part)),
            properties: document.properties.iter().map(|(name, value)| Property { name, value: Cow::Borrowed(value) }).collect(),
        }
    }
}

/// A list until 1.4, an object since.
#[derive(Serialize)]
#[serde(untagged)]
enum Tools<'a> {
    List(Vec<Tool<'a>>),
    Object { components: Vec<Tool<'a>> },
}

#[derive(Serialize)]
struct Tool<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<&'static str>,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
}

impl<'a> Tool<'a> {
    fn new(text: &'a str, minor: u8) -> Self {
        let (name, version) = plan::tool(text);
        Self { r#type: (minor >= 5).then_some("application"), name, version }
    }
}

#[derive(Serialize)]
struct Named<'a> {
    name: &'a str,
}

/// Components, each made when its turn comes.
struct Components<'a> {
    plan: &'a Plan<'a>,
    indices: &'a [u32],
}

impl Components<'_> {
    fn is_empty(&self) -> bool {
        self.indices.is_empty()
    }
}

impl Serialize for Components<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.indices.len()))?;
        for part in self.indices.iter().filter_map(|index| self.plan.part(Some(*index))) {
            list.serialize_element(&PartJson::new(self.plan, part))?;
        }
        list.end()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PartJson<'a> {
    r#type: &'a str,
    #[serde(rename = "bom-ref")]
    reference: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    supplier: Option<Named<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authors: Option<[Named<'a>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<&'a str>,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hashes: Vec<HashJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    licenses: Vec<LicenceJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    copyright: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cpe: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    purl: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    external_references: Vec<Link<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    properties: Vec<Property<'a>>,
    #[serde(skip_serializing_if = "Components::is_empty")]
    components: Components<'a>,
}

impl<'a> PartJson<'a> {
    fn new(plan: &'a Plan<'a>, part: Part<'a>) -> Self {
        let component = part.component;
        Self {
            r#type: part.kind,
            reference: part.reference,
            supplier: component.supplier.as_deref().map(|name| Named { name }),
            authors: component.author.as_deref().filter(|_| plan.minor >= 6).map(|name| [Named { name }]),
            author: component.author.as_deref().filter(|_| plan.minor < 6),
            group: component.group.as_deref(),
            name: &component.name,
            // Before 1.4 it must be there.
            version: component.version.as_deref().or((plan.minor < 4).then_some("")),
            description: component.description.as_deref(),
            scope: part.scope,
            hashes: part.hashes.into_iter().map(|(alg, content)| HashJson { alg, content }).collect(),
            licenses: licences(part.licences),
            copyright: component.copyright.as_deref(),
            cpe: part.cpe,
            purl: part.purl,
            external_references: part.links.into_iter().map(|(kind, url)| Link { r#type: kind, url }).collect(),
            properties: part.properties.into_iter().map(|(name, value)| Property { name, value }).collect(),
            components: Components { plan, indices: part.children },
        }
    }
}

#[derive(Serialize)]
struct HashJson<'a> {
    alg: &'a str,
    content: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum LicenceJson<'a> {
    License(LicenceName<'a>),
    Expression(Cow<'a, str>),
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum LicenceName<'a> {
    Id(&'a str),
    Name(&'a str),
}

fn licences(licences: Licences<'_>) -> Vec<LicenceJson<'_>> {
    match licences {
        Licences::Expression(text) => vec![LicenceJson::Expression(text)],
        Licences::List(list) => list
            .into_iter()
            .map(|(is_id, text)| LicenceJson::License(if is_id { LicenceName::Id(text) } else { LicenceName::Name(text) }))
            .collect(),
    }
}

#[derive(Serialize)]
struct Link<'a> {
    r#type: &'a str,
    url: Cow<'a, str>,
}

#[derive(Serialize)]
struct Property<'a> {
    name: &'a str,
    value: Cow<'a, str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Dependency<'a> {
    #[serde(rename = "ref")]
    reference: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    depends_on: Vec<&'a str>,
}

#[derive(Serialize)]
struct Vulnerability<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    references: Vec<Name<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    analysis: Option<Analysis<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    affects: Vec<Target<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Analysis<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    justification: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    response: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_updated: Option<String>,
}

/// An id in another database.
#[derive(Serialize)]
struct Name<'a> {
    id: &'a str,
    source: Source<'a>,
}

#[derive(Serialize)]
struct Source<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct Target<'a> {
    r#ref: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    versions: Vec<Versions<'a>>,
}

#[derive(Serialize)]
struct Versions<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<&'a str>,
    status: &'static str,
}

impl<'a> Target<'a> {
    fn new((reference, versions): (&'a str, &'a [TargetVersions])) -> Self {
        let versions = versions.iter().map(|stated| {
            let (version, range) = words::version_or_range(stated);
            Versions { version, range, status: words::affected_word(stated.affected) }
        });
        Self { r#ref: reference, versions: versions.collect() }
    }
}

impl<'a> Vulnerability<'a> {
    fn new(plan: &'a Plan<'a>, statement: &'a Statement) -> Self {
        let analysis = Analysis {
            state: statement.status.map(words::status_word),
            justification: plan.justification(statement),
            response: plan.responses(statement),
            detail: statement.detail.as_deref(),
            last_updated: plan.stated_at(statement),
        };
        let said = analysis.state.is_some()
            || analysis.justification.is_some()
            || !analysis.response.is_empty()
            || analysis.detail.is_some()
            || analysis.last_updated.is_some();
        let names = statement.aliases.iter().map(|id| Name { id, source: Source { name: words::database(id) } });
        Self {
            id: &statement.vulnerability,
            references: names.collect(),
            analysis: said.then_some(analysis),
            affects: plan.about(statement).into_iter().map(Target::new).collect(),
        }
    }
}
