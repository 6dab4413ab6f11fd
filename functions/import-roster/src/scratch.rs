//! Folders for files that live as long as one message. A process that is killed leaves its own behind, and Lambda keeps the
//! disk for its successor: what the dead left is removed when a process starts, before it fills the disk.

use std::{fs, io, path::Path, process};
use tempfile::TempDir;

const PREFIX: &str = "import-";

/// A new folder, named after this process.
pub(crate) fn folder_in(scratch: &Path) -> io::Result<TempDir> {
    tempfile::Builder::new().prefix(&format!("{PREFIX}{}-", process::id())).tempdir_in(scratch)
}

/// Removes the folders of processes that are no more. Called once, before this process has any.
pub fn clear_abandoned(scratch: &Path) {
    for entry in fs::read_dir(scratch).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let owner = name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.split_once('-'));
        let Some((owner, _)) = owner else { continue };
        let is_number = owner.bytes().all(|b| b.is_ascii_digit());
        let lives = owner != process::id().to_string() && Path::new("/proc").join(owner).exists();
        if is_number && !lives {
            // What can't be removed is no reason not to start.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_folders_of_the_dead_are_removed() {
        let scratch = tempfile::tempdir().unwrap();
        let make = |name: &str| fs::create_dir(scratch.path().join(name)).unwrap();
        // The kernel gives out no process id above 4,194,304; process 1 is there on every machine.
        make("import-4999999-abc");
        make("import-1-abc");
        make("something-else");
        clear_abandoned(scratch.path());
        let names =
            fs::read_dir(scratch.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut left: Vec<_> = names.collect();
        left.sort();
        assert_eq!(left, ["import-1-abc", "something-else"]);
    }
}
