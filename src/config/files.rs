//! The files of one configuration: what is embedded in the program, replaced and added to by what lies beside `otklik.toml`.
//!
//! A file in `rules/` or `templates/` replaces the embedded one of that name as a whole: what a school reads in its own file is all there is.

use super::document::{FileText, Notes};
use super::embedded::RULES;
use super::values;
use crate::understand::Category;
use std::collections::BTreeMap;
use std::path::Path;

/// Larger files are no configuration.
const LARGEST: u64 = 1 << 20;
/// More files are no configuration either.
const MOST: usize = 500;

/// Everything that will be read.
pub(super) struct Files {
    /// `otklik.toml`.
    pub(super) main: Option<FileText>,
    /// By name, `rules/terms.toml`.
    pub(super) rules: BTreeMap<String, FileText>,
    /// `rules/contacts.csv`, as it is: a spreadsheet may write it in CP1251.
    pub(super) contacts: Option<Vec<u8>>,
    /// Own templates: name below `templates/` and source.
    pub(super) templates: Vec<(String, String)>,
    /// Names of the files that were found beside `otklik.toml`.
    pub(super) own: Vec<String>,
}

impl Files {
    /// The embedded rules under a main file given as text.
    pub(super) fn embedded(main: &str) -> Files {
        let rules = RULES.iter().map(|(name, text)| ((*name).to_owned(), FileText { name: (*name).to_owned(), text: (*text).to_owned() })).collect();
        Files { main: Some(FileText { name: "otklik.toml".into(), text: main.to_owned() }), rules, contacts: None, templates: Vec::new(), own: Vec::new() }
    }

    /// The files of a folder over the embedded ones.
    pub(super) fn read(path: &Path, notes: &Notes) -> Files {
        let folder = super::folder_of(path);
        let name = path.file_name().map_or_else(|| "otklik.toml".to_owned(), |n| n.to_string_lossy().into_owned());
        let mut files = Files::embedded("");
        files.main = read(path, &name, notes);
        let mut found = Vec::new();
        list(&folder.join("rules"), "rules", &mut found, notes);
        for (name, path) in found.iter().take(MOST) {
            if name == "rules/contacts.csv" {
                files.contacts = bytes(path, name, notes);
                files.own.push(name.clone());
            }
            if !name.ends_with(".toml") {
                continue;
            }
            match place(name) {
                Ok(()) => {
                    files.rules.extend(read(path, name, notes).map(|f| (name.clone(), f)));
                    files.own.push(name.clone());
                }
                Err(hint) => notes.add(name, None, format!("nothing reads a file of this name; {hint}")),
            }
        }
        found.clear();
        list(&folder.join("templates"), "templates", &mut found, notes);
        for (name, path) in found.iter().take(MOST) {
            let Some(short) = name.strip_prefix("templates/") else { continue };
            files.own.push(name.clone());
            files.templates.extend(read(path, name, notes).map(|f| (short.to_owned(), f.text)));
        }
        files
    }
}

/// Whether a rules file of this name is read, or what to do about it.
fn place(name: &str) -> Result<(), String> {
    if RULES.iter().any(|(known, _)| *known == name) || name == "rules/calendar/school.toml" {
        return Ok(());
    }
    let inside = |folder: &str| name.strip_prefix(folder).is_some_and(|rest| !rest.contains('/'));
    if inside("rules/calendar/regional/") {
        return Ok(());
    }
    if inside("rules/topics/") {
        let known: Vec<String> = Category::ALL.iter().map(|c| format!("{}.toml", c.key())).collect();
        return if known.iter().any(|k| name.ends_with(&format!("/{k}"))) {
            Ok(())
        } else {
            Err(format!("in rules/topics a file is called by its category: {}", known.join(", ")))
        };
    }
    if inside("rules/calendar/") {
        let year = name.trim_start_matches("rules/calendar/").trim_end_matches(".toml");
        if year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()) {
            return Ok(());
        }
        return Err("in rules/calendar a file is called by its year (2028.toml), or school.toml, or lies in regional/".into());
    }
    let known: Vec<&str> = RULES.iter().map(|(n, _)| *n).collect();
    Err(match values::closest(name, &known) {
        Some(near) => format!("did you mean {near}?"),
        None => "rename it as in docs/configuration.md or take it away".into(),
    })
}

/// The names below a folder, sorted, at most three folders deep; hidden files and editors' backups left out.
fn list(folder: &Path, name: &str, found: &mut Vec<(String, std::path::PathBuf)>, notes: &Notes) {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return,
        Err(e) => return notes.add(name, None, format!("the folder cannot be read ({}); give the service's user the right to read it", e.kind())),
    };
    let mut names: Vec<_> = entries.flatten().map(|e| (e.file_name().to_string_lossy().into_owned(), e.path())).collect();
    names.sort();
    for (short, path) in names {
        if short.starts_with(['.', '#']) || short.ends_with('~') || short.ends_with(".bak") || found.len() > MOST {
            continue;
        }
        let full = format!("{name}/{short}");
        if path.is_dir() {
            if full.matches('/').count() < 4 {
                list(&path, &full, found, notes);
            }
        } else {
            found.push((full, path));
        }
    }
}

/// One file's bytes; what cannot be read is a mistake.
fn bytes(path: &Path, name: &str, notes: &Notes) -> Option<Vec<u8>> {
    let failed = |e: &std::io::Error| {
        let todo = match e.kind() {
            std::io::ErrorKind::NotFound => "there is no such file; make one with `otklik init`, or name another with --config",
            std::io::ErrorKind::PermissionDenied => "it may not be read; give the service's user the right to read it",
            _ => "it cannot be read; look at the disk and the path",
        };
        notes.add(name, None, todo);
    };
    let size = std::fs::metadata(path).map_err(|e| failed(&e)).ok()?.len();
    if size > LARGEST {
        notes.add(name, None, "is larger than 1 MB and cannot be a file of the configuration; take it away");
        return None;
    }
    std::fs::read(path).map_err(|e| failed(&e)).ok()
}

/// One file's text.
fn read(path: &Path, name: &str, notes: &Notes) -> Option<FileText> {
    let bytes = bytes(path, name, notes)?;
    match String::from_utf8(bytes) {
        Ok(text) => {
            let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
            Some(FileText { name: name.to_owned(), text })
        }
        Err(e) => {
            let line = e.as_bytes().iter().take(e.utf8_error().valid_up_to()).filter(|b| **b == b'\n').count() + 1;
            notes.add(name, Some(line), "is not UTF-8 text; save the file again as UTF-8");
            None
        }
    }
}
