//! Runs the tool as a process.

use std::path::Path;
use std::process::Command;

/// What a run of the tool left.
pub struct Done {
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// A new folder with these files.
pub fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = root.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    root
}

/// Runs the tool in `folder`, which is its home too, with no other variable set.
pub fn run(folder: &Path, arguments: &[&str]) -> Done {
    run_with(folder, arguments, &[])
}

/// The same with variables.
pub fn run_with(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Done {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bomwarden"));
    command.args(arguments).current_dir(folder).env_clear().env("HOME", folder).envs(variables.iter().copied());
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Done { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}
