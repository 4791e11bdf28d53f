//! A watched thread is told each moment once, others and later ones are not; the list of names is that of the source.

use super::{NAMES, pass, watch};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;

#[test]
fn only_a_watched_thread_is_told() {
    let told = Rc::new(RefCell::new(Vec::new()));
    let told_too = Rc::clone(&told);
    pass("before");
    let watching = watch(move |name| {
        // What the watcher itself passes is not told.
        pass("within");
        told_too.borrow_mut().push(name);
    });
    pass("one");
    std::thread::spawn(|| pass("elsewhere")).join().unwrap();
    pass("two");
    drop(watching);
    pass("after");
    assert_eq!(*told.borrow(), ["one", "two"]);
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("moment/names.rs") && !path.ends_with("moment/tests.rs") {
            found.push(path);
        }
    }
}

/// What the names of commands and writes end with; a host is none of them.
const ENDS: [&str; 11] = ["send", "sent", "answered", "go", "waiting", "dial", "greeted", "commit", "committed", "write", "written"];

/// Quoted words of the shape of a name: `imap.examine.send`.
fn named(source: &str) -> impl Iterator<Item = &str> {
    let first: BTreeSet<&str> = NAMES.iter().filter_map(|n| n.split('.').next()).collect();
    let shaped = move |word: &str| {
        let Some((head, rest)) = word.split_once('.') else { return false };
        let end = rest.rsplit('.').next().unwrap_or_default();
        let wire = ["imap", "smtp", "store"].contains(&head);
        first.contains(head) && !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_lowercase() || b == b'_' || b == b'.') && (!wire || ENDS.contains(&end))
    };
    source.split('"').filter(move |word| shaped(word))
}

#[test]
fn the_list_of_names_is_that_of_the_source() {
    assert!(NAMES.is_sorted() && NAMES.windows(2).all(|w| w[0] != w[1]), "sorted, each once");
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let texts: Vec<String> = files.iter().map(|f| std::fs::read_to_string(f).unwrap()).collect();
    let used: BTreeSet<&str> = texts.iter().flat_map(|t| named(t)).collect();
    let listed: BTreeSet<&str> = NAMES.iter().copied().collect();
    assert_eq!(used.difference(&listed).collect::<Vec<_>>(), Vec::<&&str>::new(), "used and not listed");
    assert_eq!(listed.difference(&used).collect::<Vec<_>>(), Vec::<&&str>::new(), "listed and used nowhere");
}

#[test]
fn every_commit_stands_between_two_moments() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store"), &mut files);
    for file in files.iter().filter(|f| !f.to_string_lossy().contains("tests")) {
        let text = std::fs::read_to_string(file).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        for (n, _) in lines.iter().enumerate().filter(|(_, l)| l.contains("tx.commit()")) {
            assert!(lines[n - 1].contains(".commit\")") && lines[n + 1].contains(".committed\")"), "{}:{}", file.display(), n + 1);
        }
    }
}
