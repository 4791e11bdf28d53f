//! Recorded mail as a mailbox: a folder of `.eml`, a Maildir or an mbox that somebody else fills. Nothing is written there.
//!
//! A folder of files has no UIDs, and none are written beside the letters. The mapping lives in memory: at the first look a folder's letters
//! are numbered by (arrival, name), later ones in the order in which they are first seen, and a number is never used twice. UIDVALIDITY is a
//! hash of the path and of the letters of the first look. So after a restart with letters added or taken away the folder counts as numbered
//! anew: everything is read again, and the store knows the letters that it has by Message-ID and hash. After a restart with nothing changed
//! the numbers are the same. One thing stays unseen: a letter that came and was removed again, and after a restart another in its number.

use super::recorded::{Found, find};
use super::*;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const FOLDERS: [&str; 3] = ["INBOX", "Sent", "Spam"];

/// Recorded mail as a mailbox.
#[derive(Debug, Default)]
pub struct Folder {
    path: PathBuf,
    open: String,
    numbered: BTreeMap<&'static str, Numbered>,
}

/// One folder's letters; a UID is a place in the list plus one.
#[derive(Debug, Default)]
struct Numbered {
    uid_validity: u32,
    letters: Vec<Letter>,
    known: BTreeMap<String, usize>,
    present: u32,
}

#[derive(Debug)]
struct Letter {
    found: Found,
    entry: Entry,
    present: bool,
}

impl Folder {
    /// Over a path.
    pub fn new(path: &Path) -> Folder {
        Folder { path: path.to_owned(), ..Folder::default() }
    }

    pub(super) fn folders(&mut self) -> Result<Folders, MailboxError> {
        Ok(Folders { sent: Some("Sent".into()), spam: Some("Spam".into()), all: FOLDERS.map(str::to_owned).to_vec() })
    }

    pub(super) fn examine(&mut self, folder: &str) -> Result<Examined, MailboxError> {
        let Some(name) = FOLDERS.into_iter().find(|f| f.eq_ignore_ascii_case(folder)) else {
            return Err(MailboxError::Permanent(super::wire::cut(
                &format!("recorded mail at {} has the folders INBOX, Sent and Spam only", self.path.display()),
                200,
            )));
        };
        self.open = name.to_owned();
        self.look()?;
        let numbered = self.numbered.get(name);
        let uid_next = numbered.map(|n| n.letters.len()).and_then(|n| u32::try_from(n + 1).ok());
        Ok(Examined { uid_validity: numbered.map_or(1, |n| n.uid_validity), uid_next, exists: numbered.map_or(0, |n| n.present) })
    }

    pub(super) fn scan(&mut self, last: u32) -> Result<Vec<Entry>, MailboxError> {
        self.look()?;
        let letters = self.numbered.get(self.open.as_str()).map(|n| n.letters.as_slice()).unwrap_or_default();
        Ok(letters.iter().filter(|l| l.present && l.entry.uid > last).map(|l| l.entry).collect())
    }

    pub(super) fn fetch(&mut self, entries: &[Entry], limit: u64) -> Result<Vec<Fetched>, MailboxError> {
        let mut wanted: Vec<u32> = entries.iter().map(|e| e.uid).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let mut got = Vec::with_capacity(wanted.len());
        let mut looked = false;
        for uid in wanted {
            let mut bytes = self.read(uid, limit);
            if bytes.is_none() && !looked {
                // A letter goes from `new` to `cur` when somebody reads it.
                looked = true;
                self.look()?;
                bytes = self.read(uid, limit);
            }
            let cut = bytes.as_ref().is_some_and(|b| b.len() as u64 > limit);
            if let (true, Some(bytes)) = (cut, bytes.as_mut()) {
                bytes.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            }
            got.push(Fetched { uid, bytes, cut });
        }
        Ok(got)
    }

    fn read(&self, uid: u32, limit: u64) -> Option<Vec<u8>> {
        let at = usize::try_from(uid.checked_sub(1)?).ok()?;
        let letter = self.numbered.get(self.open.as_str())?.letters.get(at)?;
        letter.found.place.read(limit.saturating_add(1)).ok()
    }

    /// Looks at the files and numbers what is new.
    fn look(&mut self) -> Result<(), MailboxError> {
        let mut found: BTreeMap<&'static str, Vec<Found>> = BTreeMap::new();
        for letter in find(&self.path)? {
            found.entry(letter.folder).or_default().push(letter);
        }
        for name in FOLDERS {
            let letters = found.remove(name).unwrap_or_default();
            match self.numbered.get_mut(name) {
                Some(numbered) => numbered.add(letters),
                None => {
                    let mut numbered = Numbered::default();
                    numbered.add(letters);
                    numbered.uid_validity = validity(&self.path, name, numbered.letters.iter().map(|l| l.found.key.as_str()));
                    self.numbered.insert(name, numbered);
                }
            }
        }
        Ok(())
    }
}

impl Numbered {
    fn add(&mut self, found: Vec<Found>) {
        for letter in &mut self.letters {
            letter.present = false;
        }
        let mut fresh = Vec::new();
        for found in found {
            let known = self.known.get(&found.key).and_then(|at| self.letters.get_mut(*at));
            match known {
                Some(letter) => {
                    letter.found = found;
                    letter.present = true;
                }
                None => fresh.push((found.arrival(), found)),
            }
        }
        fresh.sort_by(|(a, x), (b, y)| (a.is_none(), a, &x.key).cmp(&(b.is_none(), b, &y.key)));
        for (arrival, found) in fresh {
            let Ok(uid) = u32::try_from(self.letters.len() + 1) else { break };
            // A letter that tells no date came, as far as anyone can say, with the one before it.
            let internal_date = arrival.or_else(|| self.letters.last().map(|l| l.entry.internal_date)).unwrap_or_default();
            let entry = Entry { uid, internal_date, size: found.place.size() };
            self.known.insert(found.key.clone(), self.letters.len());
            self.letters.push(Letter { found, entry, present: true });
        }
        self.present = u32::try_from(self.letters.iter().filter(|l| l.present).count()).unwrap_or(u32::MAX);
    }
}

fn validity<'a>(path: &Path, folder: &str, keys: impl Iterator<Item = &'a str>) -> u32 {
    let mut hash = Sha256::new();
    hash.update(path.to_string_lossy().as_bytes());
    hash.update([0]);
    hash.update(folder.as_bytes());
    for key in keys {
        hash.update([0]);
        hash.update(key.as_bytes());
    }
    let digest = hash.finalize();
    digest.iter().take(4).fold(0_u32, |n, b| (n << 8) | u32::from(*b)).max(1)
}
