//! Where the repository's own files stand.

use std::path::{Path, PathBuf};

/// The repository's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).map(Path::to_path_buf).unwrap_or_default()
}

/// A file beside this crate's manifest.
pub fn here(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The template that everything is deployed from.
pub fn template() -> PathBuf {
    root().join("infra/template.yaml")
}

/// Where the local cloud keeps what it makes. Not in git; safe to remove while nothing runs.
pub fn kept() -> PathBuf {
    root().join(".local")
}

/// A path as a person at the root would write it.
pub fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}
