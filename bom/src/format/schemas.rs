//! The official schemas, for tests of writers: JSON Schema by the crate
//! `jsonschema`, XML Schema by `xmllint` where that is installed. They are read
//! from the folder of test data; nothing of them is in this repository.

use serde_json::Value;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Schemas below one folder, each compiled once.
pub(super) struct Schemas {
    folder: PathBuf,
    compiled: HashMap<String, jsonschema::Validator>,
    has_xmllint: bool,
}

/// Finds by file name what a schema refers to.
struct Folder(PathBuf);

impl jsonschema::Retrieve for Folder {
    fn retrieve(&self, uri: &jsonschema::Uri<String>) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        let name = uri.path().as_str().rsplit('/').next().unwrap_or_default().to_owned();
        Ok(serde_json::from_slice(&std::fs::read(self.0.join(name))?)?)
    }
}

impl Schemas {
    pub(super) fn new(folder: &Path) -> Self {
        let has_xmllint = std::process::Command::new("xmllint").arg("--version").output().is_ok();
        if !has_xmllint {
            println!("skipped: `xmllint` is not installed, XML is not validated");
        }
        Self { folder: folder.to_owned(), compiled: HashMap::new(), has_xmllint }
    }

    /// Whether a written document is valid; `None` where no schema can tell.
    pub(super) fn check(&mut self, format: &str, version: &str, bytes: &[u8]) -> Option<Result<(), String>> {
        match format {
            "cyclonedx-json" => Some(self.json(&self.folder.join("cyclonedx"), &format!("bom-{version}.schema.json"), bytes)),
            "spdx-json" => Some(self.json(&self.folder.join("spdx"), &format!("spdx-schema-v{version}.json"), bytes)),
            "openvex" => Some(self.json(&self.folder.join("openvex"), "openvex_json_schema.json", bytes)),
            // The data may lack it.
            "csaf" if self.folder.join("csaf/csaf_json_schema.json").is_file() => {
                Some(self.json(&self.folder.join("csaf"), "csaf_json_schema.json", bytes))
            }
            "cyclonedx-xml" if self.has_xmllint => Some(self.xml(&format!("bom-{version}.xsd"), bytes)),
            _ => None,
        }
    }

    fn json(&mut self, folder: &Path, schema: &str, bytes: &[u8]) -> Result<(), String> {
        let validator = self.compiled.entry(schema.to_owned()).or_insert_with(|| {
            let value: Value = serde_json::from_slice(&std::fs::read(folder.join(schema)).expect("a schema")).expect("JSON");
            jsonschema::options().with_retriever(Folder(folder.to_owned())).build(&value).expect("a schema")
        });
        let document: Value = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        match validator.iter_errors(&document).next() {
            None => Ok(()),
            Some(error) => Err(format!("{}: {}", error.instance_path(), error.to_string().chars().take(300).collect::<String>())),
        }
    }

    fn xml(&self, schema: &str, bytes: &[u8]) -> Result<(), String> {
        let folder = self.folder.join("cyclonedx");
        let file = std::env::temp_dir().join(format!("bomwarden-schema-{}.xml", std::process::id()));
        std::fs::write(&file, bytes).map_err(|error| error.to_string())?;
        let run = std::process::Command::new("xmllint")
            .args(["--noout", "--nonet", "--schema"])
            .args([&folder.join(schema), &file])
            .env("XML_CATALOG_FILES", folder.join("xmlcatalog.xml"))
            .output()
            .map_err(|error| error.to_string())?;
        let _ = std::fs::remove_file(&file);
        match run.status.success() {
            true => Ok(()),
            false => Err(String::from_utf8_lossy(&run.stderr).lines().take(2).collect::<Vec<_>>().join(" ")),
        }
    }
}
