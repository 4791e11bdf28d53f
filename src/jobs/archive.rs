//! A backup as a file: a tar archive (POSIX ustar, plain files alone) encrypted by age, so that the standard tools open it:
//! `age -d FILE | tar x`.
//!
//! Not here: what goes in and when (`backup`), what becomes of what comes out (`otklik restore`).

use crate::settings::BackupLock;
use age::secrecy::SecretString;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes of a block of tar.
const BLOCK: usize = 512;
/// The longest path that the simple header holds.
const LONGEST: usize = 100;
/// Work that scrypt may ask of us when a file is opened: 2^22 takes some seconds; a forged file could ask for hours.
const MOST_WORK: u8 = 22;
/// Work that a passphrase costs when a file is written: 2^15 takes 32 megabytes. What age would choose by the processor's speed, up to 512 megabytes, is
/// more than the unit allows (systemd/otklik.service): the daemon would be killed night after night. The passphrase is long instead.
const WORK: u8 = 15;
/// Characters of a passphrase at least; the documentation asks for more.
const SHORTEST: usize = 12;

/// A file that goes in: its path inside, and where its bytes are.
pub(super) enum Part {
    /// From a file.
    File(String, PathBuf),
    /// From a file that is open, and perhaps has no name any more.
    Open(String, File),
    /// From memory.
    Bytes(String, Vec<u8>),
}

/// What opens a backup.
pub enum Opener {
    /// A passphrase.
    Passphrase(String),
    /// A file of secret keys as `age-keygen` writes it: `AGE-SECRET-KEY-1…`, other lines begin with `#`.
    Identity(PathBuf),
}

/// Why a backup could not be written or opened.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// A file of this machine.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// The secret that locks or opens.
    #[error("{0}")]
    Secret(String),
    /// The archive itself.
    #[error("the backup cannot be opened: {0}")]
    Opening(String),
    /// What it holds.
    #[error("the backup is damaged: {0}")]
    Damaged(String),
}

fn at(path: &Path) -> impl Fn(io::Error) -> ArchiveError + '_ {
    move |source| ArchiveError::File { path: path.display().to_string(), source }
}

/// The first line of a file with a passphrase, as it opens a backup.
///
/// # Errors
/// When it cannot be read or says nothing.
pub fn passphrase_in(path: &Path) -> Result<String, ArchiveError> {
    let text = std::fs::read_to_string(path).map_err(at(path))?;
    let line = text.lines().next().unwrap_or_default().trim();
    if line.is_empty() {
        return Err(ArchiveError::Secret(format!("{}: a passphrase is wanted in the first line", path.display())));
    }
    Ok(line.to_owned())
}

/// The same for a new backup: it must be worth something.
fn long_passphrase_in(path: &Path) -> Result<String, ArchiveError> {
    let line = passphrase_in(path)?;
    if line.chars().count() < SHORTEST {
        let words = format!("{}: a passphrase of at least {SHORTEST} characters is wanted in the first line, five words for example", path.display());
        return Err(ArchiveError::Secret(words));
    }
    Ok(line)
}

/// Number of the next unfinished file of this process.
static UNFINISHED: AtomicU64 = AtomicU64::new(0);

/// How the unfinished file of a backup ends: nobody else writes into it, and nothing that lies there already is written over.
pub(super) const PART: &str = ".part";

/// Writes the parts into a new file with mode 0600, locked; the file appears under its name when it is whole and on disk.
pub(super) fn write(parts: &mut [Part], lock: &BackupLock, to: &Path) -> Result<(), ArchiveError> {
    let mut name = to.as_os_str().to_owned();
    name.push(format!(".{}-{}{PART}", std::process::id(), UNFINISHED.fetch_add(1, Ordering::Relaxed)));
    let unfinished = PathBuf::from(name);
    let file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished).map_err(at(&unfinished))?;
    // Whoever finds the file unlocked knows that its writer is gone.
    let held = file.lock().map_err(at(&unfinished));
    let written = held.and_then(|()| locked(parts, lock, &file)).and_then(|()| file.sync_all().map_err(at(&unfinished)));
    if let Err(e) = written.and_then(|()| std::fs::rename(&unfinished, to).map_err(at(to))) {
        let _ = std::fs::remove_file(&unfinished);
        return Err(e);
    }
    Ok(())
}

fn locked(parts: &mut [Part], lock: &BackupLock, file: &File) -> Result<(), ArchiveError> {
    let told = |e: age::EncryptError| ArchiveError::Secret(e.to_string());
    let encryptor = match lock {
        BackupLock::Passphrase(path) => {
            let mut recipient = age::scrypt::Recipient::new(SecretString::from(long_passphrase_in(path)?));
            recipient.set_work_factor(WORK);
            age::Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient)).map_err(told)?
        }
        BackupLock::Recipient(key) => {
            let key: age::x25519::Recipient = key.parse().map_err(|e: &str| ArchiveError::Secret(format!("[backup] recipient: {e}")))?;
            age::Encryptor::with_recipients(std::iter::once(&key as &dyn age::Recipient)).map_err(told)?
        }
    };
    let told = |e: io::Error| ArchiveError::File { path: "writing the backup".into(), source: e };
    let mut out = encryptor.wrap_output(file).map_err(told)?;
    for part in parts {
        match part {
            Part::Bytes(name, bytes) => entry(&mut out, name, &mut bytes.as_slice(), bytes.len() as u64).map_err(told)?,
            Part::Open(name, source) => {
                let size = source.metadata().map_err(told)?.len();
                entry(&mut out, name, source, size).map_err(told)?;
            }
            Part::File(name, path) => {
                let mut source = File::open(&*path).map_err(at(path))?;
                let size = source.metadata().map_err(at(path))?.len();
                entry(&mut out, name, &mut source, size).map_err(at(path))?;
            }
        }
    }
    out.write_all(&[0; 2 * BLOCK]).map_err(told)?;
    out.finish().map_err(told)?;
    Ok(())
}

/// One file: a header, its bytes, zeros to the end of the block.
fn entry(out: &mut impl Write, name: &str, source: &mut impl Read, size: u64) -> io::Result<()> {
    out.write_all(&header(name, size)?)?;
    let copied = io::copy(&mut source.take(size), out)?;
    if copied != size {
        return Err(io::Error::other("it became shorter while it was read"));
    }
    let rest = usize::try_from(size % BLOCK as u64).unwrap_or(0);
    if rest > 0 {
        out.write_all(&[0; BLOCK][rest..])?;
    }
    Ok(())
}

/// A header of POSIX ustar; everything belongs to root and is for its owner alone.
fn header(name: &str, size: u64) -> io::Result<[u8; BLOCK]> {
    let mut block = [0u8; BLOCK];
    let mut put = |from: usize, bytes: &[u8]| {
        if let Some(place) = block.get_mut(from..from + bytes.len()) {
            place.copy_from_slice(bytes);
        }
    };
    if name.len() > LONGEST || size >= 1 << 33 {
        return Err(io::Error::other(format!("{name}: its name or its size does not fit into the backup")));
    }
    put(0, name.as_bytes());
    put(100, b"0000600\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(124, format!("{size:011o}\0").as_bytes());
    put(136, b"00000000000\0");
    put(148, b"        ");
    put(156, b"0");
    put(257, b"ustar\x0000");
    let sum: u32 = block.iter().map(|b| u32::from(*b)).sum();
    if let Some(place) = block.get_mut(148..156) {
        place.copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    }
    Ok(block)
}

/// Opens a backup into a folder that is there and empty; returns the paths inside, in order.
///
/// # Errors
/// When it cannot be opened, is cut, was changed, or names a path outside the folder.
pub fn unpack(from: &Path, opener: &Opener, folder: &Path) -> Result<Vec<String>, ArchiveError> {
    let file = File::open(from).map_err(at(from))?;
    let decryptor = age::Decryptor::new(io::BufReader::new(file)).map_err(|e| ArchiveError::Opening(e.to_string()))?;
    let identities = identities(opener)?;
    let opened = decryptor.decrypt(identities.iter().map(AsRef::as_ref)).map_err(|e| ArchiveError::Opening(e.to_string()))?;
    files(opened, folder)
}

fn identities(opener: &Opener) -> Result<Vec<Box<dyn age::Identity>>, ArchiveError> {
    match opener {
        Opener::Passphrase(words) => {
            let mut identity = age::scrypt::Identity::new(SecretString::from(words.clone()));
            identity.set_max_work_factor(MOST_WORK);
            Ok(vec![Box::new(identity)])
        }
        Opener::Identity(path) => {
            let text = std::fs::read_to_string(path).map_err(at(path))?;
            let keys = text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')).map(str::parse::<age::x25519::Identity>);
            let keys: Vec<_> = keys.collect::<Result<_, _>>().map_err(|e| ArchiveError::Secret(format!("{}: {e}", path.display())))?;
            Ok(keys.into_iter().map(|key| Box::new(key) as Box<dyn age::Identity>).collect())
        }
    }
}

/// Reads an archive of ours: a foreign one may be refused.
fn files(mut archive: impl Read, folder: &Path) -> Result<Vec<String>, ArchiveError> {
    let damaged = |what: &str| ArchiveError::Damaged(what.to_owned());
    let mut names = Vec::new();
    loop {
        let mut block = [0u8; BLOCK];
        archive.read_exact(&mut block).map_err(|e| ArchiveError::Damaged(e.to_string()))?;
        if block.iter().all(|b| *b == 0) {
            // What stands behind the end must be read too: only then age knows that nothing was cut off.
            io::copy(&mut archive, &mut io::sink()).map_err(|e| ArchiveError::Damaged(e.to_string()))?;
            return Ok(names);
        }
        let text = |from: usize, to: usize| {
            let field = block.get(from..to).unwrap_or_default();
            let end = field.iter().position(|b| *b == 0).unwrap_or(field.len());
            std::str::from_utf8(field.get(..end).unwrap_or_default()).ok().map(str::trim).map(str::to_owned)
        };
        let name = text(0, LONGEST).ok_or_else(|| damaged("a name that is no text"))?;
        let size = text(124, 136).and_then(|s| u64::from_str_radix(&s, 8).ok()).ok_or_else(|| damaged("a size that is no number"))?;
        let safe = !name.is_empty() && Path::new(&name).components().all(|c| matches!(c, Component::Normal(_)));
        if !safe || block.get(156) != Some(&b'0') {
            return Err(damaged("a path that leads outside"));
        }
        let path = folder.join(&name);
        if let Some(parent) = path.parent() {
            private_folder(parent)?;
        }
        let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).map_err(at(&path))?;
        let copied = io::copy(&mut (&mut archive).take(size), &mut file).map_err(|e| ArchiveError::Damaged(e.to_string()))?;
        let rest = (BLOCK as u64 - size % BLOCK as u64) % BLOCK as u64;
        let skipped = io::copy(&mut (&mut archive).take(rest), &mut io::sink()).map_err(|e| ArchiveError::Damaged(e.to_string()))?;
        if copied != size || skipped != rest {
            return Err(damaged("it ends in the middle of a file"));
        }
        file.sync_all().map_err(at(&path))?;
        names.push(name);
    }
}

/// Makes a folder, its parents too, for its owner alone.
///
/// # Errors
/// The file system's.
pub fn private_folder(folder: &Path) -> Result<(), ArchiveError> {
    crate::store::private_folder(folder).map_err(at(folder))
}
