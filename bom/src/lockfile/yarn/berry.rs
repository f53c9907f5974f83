//! Berry's `resolution`: `name@protocol:reference`, where the reference may be
//! a version, a workspace, a folder, an address, or a patch of one of these.

use super::{Package, split};
use crate::lockfile::{javascript, place};
use crate::origin::{Origin, clean_git};
use std::borrow::Cow;

/// Patches of patches that are looked through.
const PATCHES: usize = 8;

/// The package that `resolution` means; `version` is what its block says.
pub(super) fn package(resolution: &str, version: Option<&str>, folder: &str) -> Package {
    // The version that a patch is of, from where that one came.
    let mut resolution = Cow::Borrowed(resolution);
    for _ in 0..PATCHES {
        let reference = split(&resolution).1;
        let bare = reference.split_once("::").map_or(reference, |(bare, _)| bare);
        let Some(patched) = bare.strip_prefix("patch:") else { break };
        resolution = Cow::Owned(decode(patched.split('#').next().unwrap_or(patched)));
    }
    unpatched(&resolution, version, folder)
}

fn unpatched(resolution: &str, version: Option<&str>, folder: &str) -> Package {
    let (name, reference) = split(resolution);
    let package = |origin: Origin, workspace: Option<&str>| Package {
        name: name.to_owned(),
        version: version.map(str::to_owned),
        origin,
        workspace: workspace.map(str::to_owned),
    };
    let (bare, parameters) = reference.split_once("::").unwrap_or((reference, ""));
    if let Some(at) = bare.strip_prefix("workspace:") {
        return package(Origin::Path(place::join(folder, at)), Some(at));
    }
    if bare.starts_with("npm:") {
        let archive = parameters.split('&').find_map(|parameter| parameter.strip_prefix("__archiveUrl="));
        let origin = archive.and_then(|address| javascript::origin(&decode(address), name, folder));
        return package(origin.unwrap_or_default(), None);
    }
    if let Some((base, revision)) = commit(bare) {
        let origin = clean_git(&format!("{base}#{revision}")).map(Origin::Git);
        return package(origin.unwrap_or_default(), None);
    }
    let local = bare.split('#').next().unwrap_or(bare);
    let origin = if bare.starts_with("http") { javascript::origin(bare, name, folder) } else { place::of_address(local, folder) };
    package(origin.unwrap_or_default(), None)
}

/// The repository and the revision of `address#commit=revision`.
fn commit(reference: &str) -> Option<(&str, &str)> {
    let (base, fragment) = reference.split_once('#')?;
    let revision = fragment.split('&').find_map(|part| part.strip_prefix("commit=").or(part.strip_prefix("commit:")))?;
    Some((base, revision))
}

/// Percent-decoded text; what is not well encoded stays as it is.
fn decode(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let mut ahead = bytes.clone();
        let pair = (ahead.next().and_then(hex_digit), ahead.next().and_then(hex_digit));
        match pair {
            (Some(high), Some(low)) if byte == b'%' => {
                out.push(high << 4 | low);
                bytes = ahead;
            }
            _ => out.push(byte),
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resolution_tells_package_and_origin() {
        for (resolution, name, origin) in [
            ("@a/b@npm:1.0.0", "@a/b", "authority"),
            (
                "b@npm:1.0.0::__archiveUrl=https%3A%2F%2Fu:p%40npm.registry.example%2Fb%2F-%2Fb-1.0.0.tgz",
                "b",
                "registry:https://npm.registry.example",
            ),
            ("b@patch:b@npm%3A1.0.0#~/fix.patch::version=1.0.0&hash=0a", "b", "authority"),
            ("b@workspace:packages/b", "b", "path:web/packages/b"),
            ("b@file:../b#../b::hash=0&locator=x%40workspace%3A.", "b", "path:b"),
            ("b@https://git.example/a/b.git#commit=0a1b", "b", "git:https://git.example/a/b.git#0a1b"),
            ("b@ssh://git@git.example:a/b.git#commit:0a1b", "b", "git:ssh://git.example/a/b.git#0a1b"),
            ("b@https://files.example/b.tgz", "b", "url:https://files.example/b.tgz"),
        ] {
            let package = package(resolution, Some("1.0.0"), "web");
            assert_eq!((package.name.as_str(), package.origin.to_text().as_str()), (name, origin), "{resolution}");
        }
        let endless = "a@patch:".repeat(100_000);
        assert_eq!(package(&endless, None, "").name, "a");
        assert_eq!(decode("%zz%"), "%zz%");
    }
}
