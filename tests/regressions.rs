//! What a fuzzer once broke something with (`tests/fuzz/run` puts it into `tests/fuzz/found/`), read again by the same readers: none panics, and none
//! takes the process with it. The seeds that were written by hand are read too, so that the test never reads nothing.

#![expect(clippy::unwrap_used, reason = "a tree that cannot be read fails the test")]

#[path = "fuzz/readers.rs"]
mod readers;

use std::cell::Cell;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

thread_local! {
    /// Panics of this thread: reading a letter catches its own, and none shall be.
    static PANICS: Cell<usize> = const { Cell::new(0) };
}

fn files(folder: &str, reader: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz").join(folder).join(reader);
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

#[test]
fn nothing_breaks_a_reader_twice() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        PANICS.set(PANICS.get() + 1);
        usual(info);
    }));
    let mut read = 0;
    let mut broken = Vec::new();
    for (name, reader) in readers::READERS {
        for path in files("found", name).into_iter().chain(files("seeds", name)) {
            let bytes = std::fs::read(&path).unwrap();
            let before = PANICS.get();
            if catch_unwind(|| reader(&bytes)).is_err() || PANICS.get() > before {
                broken.push(path);
            }
            read += 1;
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
    assert!(read >= 5, "only {read} inputs were found: were they checked out?");
}

/// A folder of `found/` whose name no reader has would be read by nobody.
#[test]
fn each_folder_has_its_reader() {
    let names: Vec<&str> = readers::READERS.iter().map(|(name, _)| *name).collect();
    for folder in ["found", "seeds"] {
        for path in files(folder, "") {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            assert!(!path.is_dir() || names.contains(&name.as_str()), "{}", path.display());
        }
    }
}
