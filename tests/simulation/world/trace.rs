//! What happened in a seed, line by line: the last lines of a failing one are printed, and all of them together are its hash, by which two runs of one
//! seed are compared.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use std::collections::VecDeque;

/// Lines that a failing seed prints.
const KEPT: usize = 40;

/// The trace of one seed.
#[derive(Default)]
pub struct Trace {
    last: VecDeque<String>,
    hash: Sha256,
    /// Every line goes to standard error as well.
    pub aloud: bool,
}

impl Trace {
    /// A line.
    pub fn say(&mut self, at: DateTime<Utc>, what: &str) {
        let line = format!("{} {what}", at.format("%m-%d %H:%M:%S"));
        if self.aloud {
            eprintln!("{line}");
        }
        self.hash.update(line.as_bytes());
        self.hash.update([b'\n']);
        self.last.push_back(line);
        if self.last.len() > KEPT {
            self.last.pop_front();
        }
    }

    /// Adds to the hash what is too long to be a line.
    pub fn weigh(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
    }

    /// The last lines.
    pub fn tail(&self) -> Vec<String> {
        self.last.iter().cloned().collect()
    }

    /// The hash of all lines so far.
    pub fn hash(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.hash.clone().finalize())
    }
}
