//! Finds what the tests run: our own programs, built first where cargo is at
//! hand, and the foreign ones that `make test` installs.

use anyhow::{Context as _, Result, bail, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Set by `make test` once everything is built, so that nothing is built again under the tests.
pub const BUILT: &str = "BOMWARDEN_TESTS_BUILT";

/// The path of `bomwarden-server`.
///
/// # Errors
/// When it is not there and cannot be built.
pub fn server() -> Result<PathBuf> {
    own("bomwarden-server")
}

/// The path of the command line, `bomwarden`.
///
/// # Errors
/// When it is not there and cannot be built.
pub fn cli() -> Result<PathBuf> {
    own("bomwarden")
}

/// The folder into which cargo puts the programs of this build.
///
/// # Errors
/// When the running program does not lie in such a folder.
pub fn folder() -> Result<PathBuf> {
    let own = std::env::current_exe().context("where does this program lie?")?;
    let folder = own.parent().context("a program lies in a folder")?;
    let folder = if folder.ends_with("deps") { folder.parent().context("`deps` lies in a folder")? } else { folder };
    Ok(folder.to_path_buf())
}

fn own(name: &str) -> Result<PathBuf> {
    static BUILD: OnceLock<Result<(), String>> = OnceLock::new();
    if let Err(error) = BUILD.get_or_init(|| build().map_err(|error| format!("{error:#}"))) {
        bail!("{error}");
    }
    let path = folder()?.join(name);
    ensure!(path.is_file(), "`{}` is not built; run `cargo build --workspace --all-targets`", path.display());
    Ok(path)
}

/// Brings our programs up to date; quick when they are. All targets: any choice of packages
/// would unite other features and build the dependencies and the server a second time.
fn build() -> Result<()> {
    let Some(cargo) = std::env::var_os("CARGO").filter(|_| std::env::var_os(BUILT).is_none()) else { return Ok(()) };
    let status = Command::new(cargo)
        .args(["build", "--quiet", "--workspace", "--all-targets"])
        .current_dir(workspace())
        .status()
        .context("cargo does not start")?;
    ensure!(status.success(), "the programs under test do not build");
    Ok(())
}

/// The folder of the workspace.
pub fn workspace() -> PathBuf {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    crate_folder.parent().unwrap_or(crate_folder).to_path_buf()
}

/// A foreign program on the `PATH`, or in one of the folders where Debian hides some.
///
/// # Errors
/// Names the package to install when it is nowhere.
pub fn foreign(name: &str, package: &str) -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/sbin", "/sbin", "/usr/bin"].map(PathBuf::from))
        .map(|folder| folder.join(name))
        .find(|candidate| candidate.is_file())
        .with_context(|| format!("`{name}` is not installed; `make test` installs it, or install Debian's `{package}`"))
}
