//! Tests: configuration files as people write them, with secrets planted in every
//! place that may hold one.

use super::*;
use crate::ci::Environment;
use std::fs;

/// Checks that the files below the project `p` or the home `h` and the variables make the
/// settings `ecosystem scope address`, in this order.
fn check(files: &[(&str, &str)], variables: &[(&str, &str)], expected: &[&str]) {
    let root = tempfile::tempdir().unwrap();
    for folder in ["p", "h"] {
        fs::create_dir_all(root.path().join(folder)).unwrap();
    }
    for (path, content) in files {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    let home = root.path().join("h").display().to_string();
    let get = |name: &str| match name {
        "HOME" => Some(home.clone()),
        name => variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()),
    };
    let environment = Environment::new(&get);
    let settings = configured(&Place::new(&root.path().join("p"), &environment));
    let told: Vec<_> =
        settings.iter().map(|s| format!("{} {} {}", s.ecosystem, s.scope.as_deref().unwrap_or("-"), s.address)).collect();
    assert_eq!(told, expected, "{files:?} {variables:?}");
}

#[test]
fn cargo() {
    let replaced = "[source.crates-io]\nreplace-with = \"mirror\"\n[source.mirror]\nregistry = \"sparse+https://u:s3cret@crates.example/i/\"\n";
    let named = "[registries.ours]\nindex = \"https://ours.example/index?token=s3cret\"\n[registries.spare-one]\nindex = \"https://old.example\"\n";
    check(
        &[("p/.cargo/config.toml", replaced), ("h/.cargo/config.toml", named)],
        &[("CARGO_REGISTRIES_SPARE_ONE_INDEX", "https://new.example/")],
        &[
            "crates.io - https://crates.example/i",
            "crates.io ours https://ours.example/index",
            "crates.io spare-one https://new.example",
        ],
    );
    let circle = "[source.crates-io]\nreplace-with = \"a\"\n[source.a]\nreplace-with = \"crates-io\"\n";
    check(&[("p/.cargo/config.toml", circle)], &[], &[]);
    check(&[("p/.cargo/config.toml", "not = [toml")], &[], &[]);
}

#[test]
fn npm_and_yarn() {
    let npmrc =
        "registry=https://npm.example/\n@acme:registry=https://${HOST}/npm/\n//npm.example/:_authToken=s3cret\n_auth=s3cret\n";
    check(
        &[("p/.npmrc", npmrc), ("h/.npmrc", "registry = https://u:s3cret@user.example\n")],
        &[("HOST", "acme.example")],
        &["npm - https://npm.example", "npm @acme https://acme.example/npm", "npm - https://user.example"],
    );
    let berry = "npmRegistryServer: \"https://yarn.example\"\nnpmScopes:\n  acme:\n    npmAuthToken: s3cret\n    npmRegistryServer: https://acme.example\n";
    check(&[("p/.yarnrc.yml", berry)], &[], &["npm - https://yarn.example", "npm @acme https://acme.example"]);
    check(&[("p/.yarnrc", "registry \"https://one.example\"\n")], &[], &["npm - https://one.example"]);
    check(&[], &[("npm_config_registry", "https://v.example/")], &["npm - https://v.example"]);
}

#[test]
fn python() {
    let pip = "[global]\nindex-url = https://u:s3cret@pip.example/simple\nextra-index-url =\n    https://b.example/simple\n    https://c.example/simple\n";
    let expected = ["PyPI - https://pip.example/simple", "PyPI - https://b.example/simple", "PyPI - https://c.example/simple"];
    check(&[("h/.config/pip/pip.conf", pip)], &[], &expected);
    let project = "[[tool.uv.index]]\nname = \"ours\"\nurl = \"https://uv.example/simple\"\nexplicit = true\n[[tool.poetry.source]]\nname = \"p\"\nurl = \"https://poetry.example/simple\"\n";
    check(
        &[("p/pyproject.toml", project)],
        &[],
        &["PyPI ours https://uv.example/simple", "PyPI - https://poetry.example/simple"],
    );
    check(
        &[],
        &[("PIP_INDEX_URL", "https://a.example/simple"), ("UV_INDEX", "ours=https://o.example https://u.example")],
        &["PyPI - https://a.example/simple", "PyPI - https://o.example", "PyPI - https://u.example"],
    );
}

#[test]
fn go_ruby_php_java_and_dotnet() {
    check(&[], &[("GOPROXY", "https://u:s3cret@go.example,direct")], &["Go - https://go.example"]);
    check(&[("h/.config/go/env", "GOPROXY=https://go.example|off\n")], &[], &["Go - https://go.example"]);
    check(
        &[
            ("p/Gemfile", "source 'https://gems.example'\ngem 'rake'\n"),
            (
                "p/.bundle/config",
                "---\nBUNDLE_MIRROR__HTTPS://GEMS__EXAMPLE/: \"https://u:s3cret@mirror.example\"\nBUNDLE_GEMS__EXAMPLE: \"u:s3cret\"\n",
            ),
            ("h/.gemrc", ":sources:\n- https://rc.example/\n"),
        ],
        &[],
        &["RubyGems - https://mirror.example", "RubyGems - https://gems.example", "RubyGems - https://rc.example"],
    );
    let composer = r#"{"repositories":[{"type":"composer","url":"https://u:s3cret@php.example"},{"type":"vcs","url":"https://git.example/x"}]}"#;
    check(&[("p/composer.json", composer)], &[], &["Packagist - https://php.example"]);
    let maven = "<settings><servers><server><password>s3cret</password></server></servers><mirrors><mirror><id>m</id><url>https://maven.example/</url></mirror></mirrors></settings>";
    check(&[("h/.m2/settings.xml", maven)], &[], &["Maven - https://maven.example"]);
    let nuget = "<configuration><packageSources><clear/><add key=\"a\" value=\"https://nuget.example/v3/index.json\"/><add key=\"b\" value=\"C:\\packages\"/></packageSources></configuration>";
    check(&[("p/nuget.config", nuget)], &[], &["NuGet - https://nuget.example/v3/index.json"]);
}

#[test]
fn a_document_gets_the_addresses_of_its_own_ecosystem() {
    let get = |name: &str| match name {
        "GOPROXY" => Some("https://go.example".to_owned()),
        "npm_config_registry" => Some("https://npm.example".to_owned()),
        _ => None,
    };
    let environment = Environment::new(&get);
    let folder = tempfile::tempdir().unwrap();
    let mut document = Document::default();
    put_on(&mut document, "npm", &Place::new(folder.path(), &environment));
    assert_eq!(document.properties, [("bomwarden:registry:npm".to_owned(), "https://npm.example".to_owned())]);
}

#[test]
fn a_program_that_is_missing_or_fails_answers_nothing() {
    let get = |_: &str| None;
    let environment = Environment::new(&get);
    let folder = tempfile::tempdir().unwrap();
    let place = Place::new(folder.path(), &environment);
    assert_eq!(ask(&["no-such-program-anywhere"], &place), None);
    assert_eq!(ask(&["echo", "https://u:s3cret@a.example"], &place).as_deref(), Some("https://u:s3cret@a.example\n"));
}
