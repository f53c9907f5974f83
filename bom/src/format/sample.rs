//! A document with something of everything, for tests of writers and readers.

use crate::document::{
    Component, Document, Edge, Hash, HashAlgorithm, Kind, Licence, Node, Scope, Statement, Status, Target, TargetVersions,
};
use crate::origin::Origin;
use crate::purl::Purl;

/// Every field of the model is used at least once.
pub(super) fn document() -> Document {
    let edge = |from, to| Edge { from, to: Node::Component(to) };
    Document {
        format: String::new(),
        identity: Some("urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79".into()),
        name: None,
        created: "2024-02-29T12:00:00Z".parse().ok(),
        tools: vec!["bomwarden 0.1.0".into(), "another tool".into()],
        authors: vec!["Alice Adams".into()],
        subject: Some(Component {
            reference: "shop".into(),
            kind: Kind::Application,
            name: "shop".into(),
            version: Some("2.0.0".into()),
            ..Component::default()
        }),
        components: vec![library(), nested(), fork(), file()],
        edges: vec![edge(Node::Subject, 0), edge(Node::Subject, 2), edge(Node::Component(0), 1), edge(Node::Component(1), 0)],
        relations: Vec::new(),
        statements: statements(),
        properties: vec![("ci:run".into(), "17".into()), ("ci:note".into(), "<&\"' ü".into())],
    }
}

fn library() -> Component {
    Component {
        reference: "pkg:npm/%40scope/left@1.3.0".into(),
        group: Some("@scope".into()),
        name: "left".into(),
        version: Some("1.3.0".into()),
        purl: Some(Purl::new("npm", Some("@scope"), "left", Some("1.3.0"))),
        cpes: ["cpe:2.3:a:scope:left:1.3.0:*:*:*:*:*:*:*".into(), "cpe:2.3:a:left:left:1.3.0:*:*:*:*:*:*:*".into()].into(),
        hashes: vec![
            Hash { algorithm: HashAlgorithm::Sha1, value: "da39a3ee5e6b4b0d3255bfef95601890afd80709".into() },
            Hash {
                algorithm: HashAlgorithm::Sha256,
                value: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855".into(),
            },
        ]
        .into(),
        licences: vec![Licence::Id("MIT".into()), Licence::Name("House licence".into())].into(),
        supplier: Some("Left Ltd".into()),
        author: Some("Bob Brown".into()),
        description: Some("pads\non the left".into()),
        copyright: Some("© 2024 Left".into()),
        links: [("vcs".into(), "https://git.example/left".into()), ("website".into(), "https://left.example/".into())].into(),
        properties: [("a".into(), "1".into()), ("a".into(), "2".into())].into(),
        ..Component::default()
    }
}

fn fork() -> Component {
    Component {
        reference: "fork".into(),
        name: "serde".into(),
        version: Some("1.0.0".into()),
        purl: Some(Purl::new("cargo", None, "serde", Some("1.0.0"))),
        licences: [Licence::Expression("MIT OR Apache-2.0".into())].into(),
        scope: Scope::Development,
        origin: Origin::Git("https://git.example/fork/serde#0a1b2c".into()),
        ..Component::default()
    }
}

fn nested() -> Component {
    Component {
        reference: "inner".into(),
        kind: Kind::Framework,
        name: "inner".into(),
        version: Some("0.1".into()),
        scope: Scope::Optional,
        parent: Some(0),
        ..Component::default()
    }
}

fn file() -> Component {
    Component {
        reference: "file".into(),
        kind: Kind::File,
        name: "lib/a.so".into(),
        version: Some("1".into()),
        origin: Origin::Path("lib/a.so".into()),
        ..Component::default()
    }
}

fn statements() -> Vec<Statement> {
    let about = |reference: &str| vec![Target::from(reference.to_owned())];
    vec![
        Statement {
            vulnerability: "CVE-2024-0001".into(),
            aliases: vec!["GHSA-1111-1111-1111".into()],
            about: vec![Target {
                reference: "fork".into(),
                versions: vec![
                    TargetVersions { versions: "1.0.0".into(), affected: Some(false) },
                    TargetVersions { versions: "vers:cargo/>=0.9|<1.0.0".into(), affected: Some(true) },
                ],
            }],
            status: Some(Status::NotAffected),
            justification: Some("code_not_reachable".into()),
            responses: vec!["will_not_fix".into(), "update".into()],
            detail: Some("never called".into()),
            at: "2024-03-01T00:00:00Z".parse().ok(),
        },
        Statement { vulnerability: "GHSA-0000-0000-0000".into(), about: about("inner"), ..Statement::default() },
    ]
}
