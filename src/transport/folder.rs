//! Letters as files: one `.eml` each.
//!
//! Not here: names by kind (`rehearse` writes those itself); the envelope, which the letter's own fields repeat.

use crate::outbox::Outcome;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes `NNNN.eml` into a folder.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    next: Option<u32>,
}

impl Folder {
    /// Into this folder, made when missing. Numbers go on after the highest that is there.
    pub fn new(path: &Path) -> Folder {
        Folder { path: path.to_owned(), next: None }
    }

    pub(super) fn send(&mut self, _to: &str, raw: &[u8], on_data: &mut (dyn FnMut() -> Result<(), String> + Send)) -> Outcome {
        if let Err(e) = on_data() {
            return Outcome::Deferred(e);
        }
        match self.write(raw) {
            Ok(name) => Outcome::Accepted(format!("250 written as {name}")),
            Err(e) => Outcome::Deferred(format!("cannot write the letter: {}", e.kind())),
        }
    }

    /// The file is complete and on disk when its name is returned; never over a file that exists.
    fn write(&mut self, raw: &[u8]) -> io::Result<String> {
        let mut number = match self.next {
            Some(number) => number,
            None => self.first_free()?,
        };
        loop {
            let name = format!("{number:04}.eml");
            let path = self.path.join(&name);
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(mut file) => {
                    if let Err(e) = file.write_all(raw).and_then(|()| file.sync_all()) {
                        // Half a letter must not look like one; if even that fails, the error below says enough.
                        let _ = fs::remove_file(&path);
                        return Err(e);
                    }
                    self.next = Some(number.saturating_add(1));
                    return Ok(name);
                }
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists && number < u32::MAX => number += 1,
                Err(e) => return Err(e),
            }
        }
    }

    fn first_free(&self) -> io::Result<u32> {
        fs::create_dir_all(&self.path)?;
        let mut highest = 0;
        for entry in fs::read_dir(&self.path)? {
            let name = entry?.file_name();
            if let Some(number) = name.to_str().and_then(|n| n.strip_suffix(".eml")).and_then(|n| n.parse::<u32>().ok()) {
                highest = highest.max(number);
            }
        }
        Ok(highest.saturating_add(1))
    }
}
