//! Recorded mail of three shapes: a folder of `.eml`, a Maildir (Maildir++), an mbox file. Reading only; who the letters are for is known by `folder` and `rehearse`.
//!
//! - **Folder**: every `*.eml` below the path; below `Sent/` or `Spam/` (or a name that providers use for them) it belongs there, else to INBOX.
//! - **Maildir**: `cur` and `new`; `.Sent` and `.Spam` are those folders, all else INBOX. The moment of receipt is the number that the file name begins with.
//! - **mbox**: letters begin with a `From ` line after an empty one; `>From ` loses one `>` (mboxrd). A file that begins otherwise is one letter.
//!
//! Elsewhere the moment of receipt is the date of the topmost Received, else Date. Hidden files, and what is not a file, are passed over.

use super::MailboxError;
use super::names::{Role, folder_name, role};
use chrono::{DateTime, Utc};
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// A letter found in recorded mail.
#[derive(Clone, PartialEq, Eq)]
pub struct Recorded {
    /// INBOX, Sent or Spam.
    pub folder: String,
    /// Moment of receipt: Maildir file time in the name, else the topmost Received, else Date.
    pub arrival: Option<DateTime<Utc>>,
    /// Bytes.
    pub bytes: Vec<u8>,
    /// Path (or mbox path and index), for messages to the operator.
    pub origin: String,
}

/// Where it lay and how long it is; file names of recorded mail may be subjects.
impl std::fmt::Debug for Recorded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Recorded({}, {:?}, {} bytes)", self.folder, self.arrival, self.bytes.len())
    }
}

/// Folders below folders are followed so deep.
const DEPTH: usize = 16;
/// The head of a letter is looked for in so many bytes.
const HEAD: u64 = 64 * 1024;
/// No letter is read beyond this.
const LETTER: u64 = 256 << 20;

/// A letter's place, before its bytes are read.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) folder: &'static str,
    /// The same for the same letter as long as it lies there: a Maildir's flags are no part of it.
    pub(super) key: String,
    pub(super) place: Place,
    told: Option<DateTime<Utc>>,
}

/// Where bytes lie.
#[derive(Debug, Clone)]
pub(super) enum Place {
    File(PathBuf),
    /// From, to, and the number of the letter in an mbox.
    Part(PathBuf, u64, u64, usize),
}

fn unreadable(path: &Path, e: &std::io::Error) -> MailboxError {
    MailboxError::Permanent(super::wire::cut(&format!("recorded mail at {} cannot be read: {e}", path.display()), 200))
}

/// Reads recorded mail of any of the three shapes, in a stable order: by arrival (unknown ones last), then by path.
pub fn recorded(path: &Path) -> Result<Vec<Recorded>, MailboxError> {
    let mut letters = Vec::new();
    for found in find(path)? {
        let bytes = found.place.read(LETTER).map_err(|e| unreadable(path, &e))?;
        let arrival = found.told.or_else(|| arrival(&bytes));
        letters.push((found.key, Recorded { folder: found.folder.to_owned(), arrival, bytes, origin: found.place.origin() }));
    }
    letters.sort_by(|(a_key, a), (b_key, b)| (a.arrival.is_none(), a.arrival, a_key).cmp(&(b.arrival.is_none(), b.arrival, b_key)));
    Ok(letters.into_iter().map(|(_, letter)| letter).collect())
}

/// All letters, in no particular order.
pub(super) fn find(path: &Path) -> Result<Vec<Found>, MailboxError> {
    let mut found = Vec::new();
    let walked = match fs::metadata(path) {
        Ok(meta) if meta.is_dir() && is_maildir(path) => maildir(path, &mut found),
        Ok(meta) if meta.is_dir() => folder_of_eml(path, "INBOX", 0, &mut found),
        Ok(_) => file(path, &mut found),
        Err(e) => Err(e),
    };
    walked.map_err(|e| unreadable(path, &e))?;
    Ok(found)
}

fn is_maildir(path: &Path) -> bool {
    ["cur", "new"].iter().any(|sub| path.join(sub).is_dir())
}

fn role_folder(name: &str) -> Option<&'static str> {
    match role(&folder_name(name)) {
        Some(Role::Sent) => Some("Sent"),
        Some(Role::Spam) => Some("Spam"),
        None => None,
    }
}

/// The entries of a directory, by name. Links to directories are not followed: they may lead in circles.
fn entries(path: &Path) -> std::io::Result<Vec<(String, PathBuf, bool)>> {
    let mut list = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        list.push((entry.file_name().to_string_lossy().into_owned(), entry.path(), entry.file_type()?.is_dir()));
    }
    list.sort();
    Ok(list)
}

fn folder_of_eml(path: &Path, folder: &'static str, depth: usize, found: &mut Vec<Found>) -> std::io::Result<()> {
    for (name, path, is_dir) in entries(path)? {
        if name.starts_with('.') {
            continue;
        }
        if is_dir && depth < DEPTH {
            folder_of_eml(&path, role_folder(&name).unwrap_or(folder), depth + 1, found)?;
        } else if !is_dir && path.extension().is_some_and(|e| e.eq_ignore_ascii_case("eml")) && path.is_file() {
            found.push(Found { folder, key: path.to_string_lossy().into_owned(), place: Place::File(path), told: None });
        }
    }
    Ok(())
}

fn maildir(path: &Path, found: &mut Vec<Found>) -> std::io::Result<()> {
    one_maildir(path, "INBOX", found)?;
    for (name, path, is_dir) in entries(path)? {
        // Maildir++: `.Sent`, `.INBOX.Sent`; a name in modified UTF-7 has no dots of its own.
        if is_dir && name.starts_with('.') {
            one_maildir(&path, name.rsplit('.').next().and_then(role_folder).unwrap_or("INBOX"), found)?;
        }
    }
    Ok(())
}

fn one_maildir(path: &Path, folder: &'static str, found: &mut Vec<Found>) -> std::io::Result<()> {
    for sub in ["cur", "new"] {
        let sub = path.join(sub);
        if !sub.is_dir() {
            continue;
        }
        for (name, file, is_dir) in entries(&sub)? {
            if is_dir || name.starts_with('.') {
                continue;
            }
            let base = name.split([':', ';', '!']).next().unwrap_or(&name);
            let seconds = base.split('.').next().and_then(|s| s.parse::<i64>().ok()).filter(|s| (0..=i64::from(u32::MAX)).contains(s));
            let told = seconds.and_then(|s| DateTime::from_timestamp(s, 0));
            found.push(Found { folder, key: format!("{}/{base}", path.to_string_lossy()), place: Place::File(file), told });
        }
    }
    Ok(())
}

/// An mbox, or one letter.
fn file(path: &Path, found: &mut Vec<Found>) -> std::io::Result<()> {
    let bytes = fs::read(path)?;
    let name = path.to_string_lossy();
    if !bytes.starts_with(b"From ") {
        if !bytes.is_empty() {
            found.push(Found { folder: "INBOX", key: name.into_owned(), place: Place::File(path.to_owned()), told: None });
        }
        return Ok(());
    }
    let (mut at, mut begin, mut blank, mut number) = (0, None, true, 0);
    let mut close = |begin: Option<usize>, end: usize| {
        if let Some(begin) = begin {
            number += 1;
            let place = Place::Part(path.to_owned(), begin as u64, end as u64, number);
            found.push(Found { folder: "INBOX", key: format!("{name}#{number:09}"), place, told: None });
        }
    };
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        if blank && line.starts_with(b"From ") {
            close(begin, at);
            begin = Some(at + line.len());
        }
        blank = matches!(line, b"\n" | b"\r\n");
        at += line.len();
    }
    close(begin, at);
    Ok(())
}

impl Place {
    fn origin(&self) -> String {
        match self {
            Place::File(path) => path.display().to_string(),
            Place::Part(path, _, _, number) => format!("{}, letter {number}", path.display()),
        }
    }

    /// The letter's bytes, at most so many.
    pub(super) fn read(&self, most: u64) -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        match self {
            Place::File(path) => {
                File::open(path)?.take(most).read_to_end(&mut bytes)?;
            }
            Place::Part(path, begin, end, _) => {
                let mut file = File::open(path)?;
                file.seek(SeekFrom::Start(*begin))?;
                file.take(end.saturating_sub(*begin).min(most)).read_to_end(&mut bytes)?;
                bytes = unquoted(&bytes);
            }
        }
        Ok(bytes)
    }

    /// Its size as it lies there.
    pub(super) fn size(&self) -> u64 {
        match self {
            Place::File(path) => fs::metadata(path).map_or(0, |m| m.len()),
            Place::Part(_, begin, end, _) => end.saturating_sub(*begin),
        }
    }
}

impl Found {
    /// The moment of receipt; reads the head of the letter where the name does not tell it.
    pub(super) fn arrival(&self) -> Option<DateTime<Utc>> {
        self.told.or_else(|| arrival(&self.place.read(HEAD).ok()?))
    }
}

/// `>From ` loses one `>`, and the empty line that an mbox puts after each letter goes.
fn unquoted(bytes: &[u8]) -> Vec<u8> {
    let mut letter = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        let marks = line.iter().take_while(|b| **b == b'>').count();
        let quoted = marks > 0 && line.get(marks..).is_some_and(|rest| rest.starts_with(b"From "));
        letter.extend_from_slice(if quoted { line.get(1..).unwrap_or(line) } else { line });
    }
    for end in [&b"\r\n\r\n"[..], b"\n\n"] {
        if letter.ends_with(end) {
            letter.truncate(letter.len() - end.len() / 2);
            break;
        }
    }
    letter
}

/// The date of the topmost Received, else Date.
fn arrival(letter: &[u8]) -> Option<DateTime<Utc>> {
    let (mut received, mut date) = (None, None);
    for (name, value) in Head(letter) {
        if received.is_none() && name.eq_ignore_ascii_case(b"Received") {
            received = Some(value.rsplit(';').next().and_then(moment));
        } else if date.is_none() && name.eq_ignore_ascii_case(b"Date") {
            date = Some(moment(&value));
        }
    }
    received.flatten().or(date.flatten())
}

/// A date of RFC 5322 without its comments.
fn moment(text: &str) -> Option<DateTime<Utc>> {
    let mut depth = 0_u32;
    let plain: String = text
        .chars()
        .filter(|c| {
            let kept = depth == 0 && *c != '(';
            match c {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            kept && *c != ')'
        })
        .collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    DateTime::parse_from_rfc2822(&words.join(" ")).ok().map(|d| d.to_utc())
}

/// Fields of a head, unfolded.
struct Head<'a>(&'a [u8]);

impl<'a> Iterator for Head<'a> {
    type Item = (&'a [u8], String);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let mut value = String::new();
            let line = self.line()?;
            let colon = line.iter().position(|b| *b == b':');
            let (name, first) = line.split_at(colon.unwrap_or(0));
            value.push_str(&String::from_utf8_lossy(first.get(1..).unwrap_or_default()));
            while matches!(self.0.first(), Some(b' ' | b'\t')) {
                value.push(' ');
                value.push_str(&String::from_utf8_lossy(self.line()?));
            }
            if colon.is_some() {
                return Some((name.trim_ascii_end(), value));
            }
        }
    }
}

impl<'a> Head<'a> {
    /// One line; `None` at the end of the head.
    fn line(&mut self) -> Option<&'a [u8]> {
        let whole = self.0.split_inclusive(|b| *b == b'\n').next()?;
        self.0 = self.0.get(whole.len()..).unwrap_or_default();
        let line = whole.strip_suffix(b"\n").unwrap_or(whole);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        (!line.is_empty()).then_some(line)
    }
}
