//! Hostile lockfiles, each with its kind.

use super::{DEEP, Input, LONG, MANY, aliases, many, nested};
use bom::lockfile::{Files, of_kind};
use bom::reading::ReadError;

/// Reads `bytes` as a lockfile of this kind that lies alone in its folder.
pub fn read(kind: &str, bytes: Vec<u8>) -> Result<String, ReadError> {
    let kind = of_kind(kind).ok_or_else(|| ReadError::whole(format!("`{kind}` is no kind of lockfile")))?;
    let path = kind.names().first().copied().unwrap_or_default().replace('*', "");
    let reading = kind.read(&path, &Alone(&path, bytes))?;
    let document = &reading.value;
    let (components, edges) = (document.components.len(), document.edges.len());
    Ok(format!("read, {components} components, {edges} edges, {} warnings", reading.warnings.len()))
}

/// One file, and nothing beside it.
struct Alone<'a>(&'a str, Vec<u8>);

impl Files for Alone<'_> {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, ReadError> {
        Ok((path == self.0).then(|| self.1.clone()))
    }
}

/// All inputs.
pub fn all() -> Vec<Input> {
    [in_json(), in_toml(), in_lines()].into_iter().flatten().collect()
}

fn in_json() -> Vec<Input> {
    vec![
        of("npm-package-lock", "package-lock: dependencies in dependencies", || {
            nested("{\"lockfileVersion\":1,\"dependencies\":{", "\"a\":{\"dependencies\":{", "")
        }),
        of("npm-package-lock", "package-lock: 10^6 packages", packages),
        of("npm-package-lock", "package-lock: folders in folders", folders),
        of("bun-lock", "bun: a comment that never ends", || [&b"{/*"[..], &b"*".repeat(LONG)].concat()),
        of("composer-lock", "composer: 10^6 packages", || many("{\"packages\":[", "{\"name\":\"a/b\"}", ",", "]}")),
        of("composer-lock", "composer: 10^6 empty packages", || many("{\"packages\":[", "{}", ",", "]}")),
        of("bun-lock", "bun: 10^6 packages", || many("{\"packages\":{", "\"a\":[\"a@1\"]", ",", "}}")),
        of("bun-lock", "bun: 10^6 numbers in a package", || many("{\"packages\":{\"a\":[\"a@1\",", "1", ",", "]}}")),
        of("npm-package-lock", "package-lock: 10^6 empty packages", || many("{\"packages\":{", "\"a\":{}", ",", "}}")),
        of("npm-package-lock", "package-lock: 10^6 packages that are none", || many("{\"packages\":{", "\"a\":1", ",", "}}")),
        of("npm-package-lock", "package-lock: 10^5 packages in a small file", || {
            numbered("{\"packages\":{\"\":{}", MANY / 10, |n| format!(",\"node_modules/{n}\":{{}}"), "}}")
        }),
        of("pipfile-lock", "Pipfile.lock: 10^6 empty packages", || many("{\"default\":{", "\"a\":{}", ",", "}}")),
        of("nuget-packages-lock", "packages.lock.json: 10^6 empty packages", || {
            many("{\"version\":1,\"dependencies\":{\"net8\":{", "\"a\":{}", ",", "}}}")
        }),
    ]
}

fn in_toml() -> Vec<Input> {
    vec![
        of("cargo-lock", "Cargo.lock: 10^6 empty packages", || many("version = 4\n", "[[package]]\n", "", "")),
        of("cargo-lock", "Cargo.lock: one name 10^6 times", || {
            many("", "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n", "", "")
        }),
        of("uv-lock", "uv: arrays in arrays", || nested("version = 1\na = ", "[", "")),
        of("poetry-lock", "poetry: tables in tables", || [&b"["[..], &b"a.".repeat(DEEP), b"a]\n"].concat()),
        of("uv-lock", "uv: 10^6 empty packages", || many("version = 1\n", "[[package]]\n", "", "")),
        of("uv-lock", "uv: 10^6 needs of one package", || {
            many("version = 1\n[[package]]\nname = \"a\"\ndependencies = [", "{name=\"a\"}", ",", "]\n")
        }),
        of("uv-lock", "uv: 10^5 needs of one package", || {
            numbered("version = 1\n[[package]]\nname = \"a\"\ndependencies = [", MANY / 10, |_| "{name=\"a\"},".to_owned(), "]\n")
        }),
        of("uv-lock", "uv: 10^6 numbers", || many("version = 1\na = [", "1", ",", "]\n")),
        of("poetry-lock", "poetry: 10^6 keys in a table", || numbered("[metadata]\n", MANY, |n| format!("k{n}=1\n"), "")),
        of("pdm-lock", "pdm: 10^5 packages in a small file", || {
            numbered("", MANY / 10, |n| format!("[[package]]\nname=\"{n}\"\n"), "")
        }),
        of("pylock", "pylock: 10^6 texts in a list", || many("lock-version = \"1.0\"\ndefault-groups = [", "\"\"", ",", "]\n")),
    ]
}

fn in_lines() -> Vec<Input> {
    vec![
        of("yarn-lock", "yarn: patches of patches", patches),
        of("yarn-lock", "yarn: 10^6 patterns of one package", || many("", "\"a@1\"", ", ", ":\n  version \"1.0.0\"\n")),
        of("pnpm-lock", "pnpm: 10^6 packages", || many("lockfileVersion: '9.0'\npackages:\n", "  a@1: {}\n", "", "")),
        of("pnpm-lock", "pnpm: aliases of aliases", || [&b"lockfileVersion: '9.0'\n"[..], &aliases("packages")].concat()),
        of("pip-requirements", "requirements: a line of 10^6 lines", || many("a==1", " \\\n", "", "\n")),
        of("pip-requirements", "requirements: 10^6 packages", || numbered("", MANY, |n| format!("a{n}\n"), "")),
        of("gradle-lockfile", "gradle: 10^6 packages", || numbered("", MANY, |n| format!("a:b{n}:1=c\n"), "")),
        of("gemfile-lock", "Gemfile.lock: 10^6 gems", || {
            numbered("GEM\n  remote: https://gems.example/\n  specs:\n", MANY, |n| format!("    a{n} (1)\n"), "")
        }),
        of("yarn-lock", "yarn: 10^6 packages", || numbered("", MANY, |n| format!("a{n}@1:\n  version \"1\"\n"), "")),
        of("yarn-lock", "yarn: 10^6 empty packages", || numbered("", MANY, |n| format!("a{n}@1:\n"), "")),
        of("pnpm-lock", "pnpm: 10^6 packages of nothing", || many("lockfileVersion: '9.0'\npackages:\n", "  a@1:\n", "", "")),
        of("maven-pom", "pom: 10^6 empty elements", || many("<project><dependencies>", "<a/>", "", "</dependencies></project>")),
        of("maven-pom", "pom: 10^6 dependencies", || {
            many("<project><dependencies>", "<dependency/>", "", "</dependencies></project>")
        }),
        of("go-mod", "go.mod: 10^6 different requirements", || {
            numbered("module a\nrequire (\n", MANY, |n| format!("b{n} v1\n"), ")\n")
        }),
        of("maven-pom", "pom: properties of properties", properties),
        of("go-mod", "go.mod: 10^6 requirements", || many("module a\nrequire (\n", "b.example/c v1.0.0\n", "", ")\n")),
    ]
}

fn of(kind: &'static str, name: &'static str, make: fn() -> Vec<u8>) -> Input {
    Input { name, kind: Some(kind), make }
}

fn numbered(start: &str, count: usize, item: impl Fn(usize) -> String, end: &str) -> Vec<u8> {
    let mut text = start.to_owned();
    (0..count).for_each(|number| text.push_str(&item(number)));
    text.push_str(end);
    text.into_bytes()
}

fn packages() -> Vec<u8> {
    let list: String = (0..MANY).map(|number| format!(",\"node_modules/a{number}\":{{}}")).collect();
    format!("{{\"lockfileVersion\":3,\"packages\":{{\"\":{{}}{list}}}}}").into_bytes()
}

/// Packages that are installed in each other, each with a need that is nowhere.
fn folders() -> Vec<u8> {
    let folder = "node_modules/a/".repeat(1_000);
    let entry = |level: usize| {
        let folder = folder.get(..level * 15 - 1).unwrap_or_default();
        format!(",\"{folder}\":{{\"dependencies\":{{\"b\":\"1\"}}}}")
    };
    let list: String = (1..=1_000).map(entry).collect();
    format!("{{\"lockfileVersion\":3,\"packages\":{{\"\":{{}}{list}}}}}").into_bytes()
}

fn patches() -> Vec<u8> {
    let resolution = "a@patch:".repeat(MANY);
    format!("__metadata:\n  version: 8\n\n\"a@npm:1\":\n  version: 1.0.0\n  resolution: \"{resolution}\"\n").into_bytes()
}

/// Each property is twice the one before.
fn properties() -> Vec<u8> {
    let list: String = (1..64).map(|n| format!("<p{n}>${{p{}}}${{p{}}}</p{n}>", n - 1, n - 1)).collect();
    let needs = "<dependency><groupId>a</groupId><artifactId>b</artifactId><version>${p63}</version></dependency>".repeat(10_000);
    format!("<project><properties><p0>a</p0>{list}</properties><dependencies>{needs}</dependencies></project>").into_bytes()
}
