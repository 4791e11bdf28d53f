//! Passwords and the instance key: systemd's credentials first, then a file, then (passwords) the environment. Never printed.

use super::document::{At, Notes};
use super::server::ServerText;
use super::{Surroundings, Warning};
use crate::compose::{InstanceKey, OlderKey};
use crate::settings::Server;
use std::path::{Path, PathBuf};

/// A server with its password, or mistakes.
pub(super) fn server(text: &ServerText, label: &str, environment: Option<&String>, ground: &Ground<'_>) -> Option<Server> {
    let ca_file = match &text.ca_file {
        Some(ca) => Some(certificate(text, ca, label, ground)?),
        None => None,
    };
    let password = if ground.secrets { password(text, label, environment, ground)? } else { String::new() };
    Some(Server { host: text.host.value.to_ascii_lowercase(), port: text.port, tls: text.tls, user: text.user.value.clone(), password, ca_file })
}

/// Where secrets are looked for.
pub(super) struct Ground<'a> {
    /// The configuration's folder: relative paths start here.
    pub(super) folder: &'a Path,
    pub(super) surroundings: &'a Surroundings,
    /// Whether secrets are wanted at all; rehearsals and `explain` need none.
    pub(super) secrets: bool,
    pub(super) notes: &'a Notes,
    pub(super) warnings: &'a std::cell::RefCell<Vec<Warning>>,
}

impl Ground<'_> {
    /// The first existing one of credential and file.
    fn find(&self, name: &str, path: &Path) -> Option<PathBuf> {
        let credential = self.surroundings.credentials.as_ref().map(|d| d.join(name)).filter(|p| p.is_file());
        credential.or_else(|| Some(self.folder.join(path)).filter(|p| p.is_file()))
    }

    fn read(&self, file: &str, line: Option<usize>, shown: &str, path: &Path) -> Option<Vec<u8>> {
        self.warn_open(file, line, shown, path);
        match std::fs::read(path) {
            Ok(bytes) => Some(bytes),
            Err(e) => {
                self.notes.add(file, line, format!("{shown} cannot be read ({}); give the service's user the right to read it", e.kind()));
                None
            }
        }
    }

    #[cfg(unix)]
    fn warn_open(&self, file: &str, line: Option<usize>, shown: &str, path: &Path) {
        use std::os::unix::fs::PermissionsExt as _;
        if std::fs::metadata(path).is_ok_and(|m| m.permissions().mode() & 0o007 != 0) {
            let message = format!("everybody on this machine can read {shown}; run `chmod 600` on it");
            self.warnings.borrow_mut().push(Warning { file: file.to_owned(), line, message, report: None });
        }
    }

    #[cfg(not(unix))]
    fn warn_open(&self, _file: &str, _line: Option<usize>, _shown: &str, _path: &Path) {}
}

fn password(text: &ServerText, label: &str, environment: Option<&String>, ground: &Ground<'_>) -> Option<String> {
    let At { value: file, line } = &text.password_file;
    let path = Path::new(file);
    let name = path.file_name().map_or_else(|| file.clone(), |n| n.to_string_lossy().into_owned());
    let variable = format!("OTKLIK_{}_PASSWORD", if label == "mailbox" { "IMAP" } else { "SMTP" });
    let password = match ground.find(&name, path) {
        Some(found) => String::from_utf8(ground.read(&text.file, Some(*line), file, &found)?).unwrap_or_default().trim_end_matches(['\r', '\n']).to_owned(),
        None => match environment {
            Some(password) => password.clone(),
            None => {
                ground.notes.add(
                    &text.file,
                    Some(*line),
                    format!("[{label}] no password: there is no credential {name}, no file {file} and no {variable}; write the password for applications into the file {file}"),
                );
                return None;
            }
        },
    };
    if password.is_empty() || password.chars().any(char::is_control) {
        ground.notes.add(
            &text.file,
            Some(*line),
            format!("[{label}] the password in {file} is empty or not one line of UTF-8 text; write the password for applications there, alone on one line"),
        );
        return None;
    }
    Some(password)
}

fn certificate(text: &ServerText, ca: &At<String>, label: &str, ground: &Ground<'_>) -> Option<PathBuf> {
    let path = ground.folder.join(&ca.value);
    let wrong = match std::fs::read(&path) {
        Ok(bytes) if bytes.windows(27).any(|w| w == b"-----BEGIN CERTIFICATE-----") => return Some(path),
        Ok(_) => "holds no certificate in PEM form; export it as PEM (\"BEGIN CERTIFICATE\")",
        Err(_) => "is not there or cannot be read; copy the certificate of your own authority there, or take the line out",
    };
    ground.notes.add(&text.file, Some(ca.line), format!("[{label}] ca_file {} {wrong}", ca.value));
    None
}

/// The instance key: the credential `instance-key`, else `instance.key` in the state folder, else beside the configuration, where `init`
/// puts it; 64 hex digits or 32 bytes. After `otklik key rotate` the key before it stands in a second line with its end, and the one that makes marks in a
/// third.
pub(super) fn instance_key(state_dir: &Path, ground: &Ground<'_>) -> Option<Keys> {
    let shown = "instance.key";
    let Some(found) = ground.find("instance-key", &state_dir.join(shown)).or_else(|| ground.find(shown, Path::new(shown))) else {
        let message = "no instance key: there is no credential instance-key, and no instance.key in state_dir or beside otklik.toml; `otklik init` makes one for a new school, an old school's is in its backup";
        ground.notes.add("otklik.toml", None, message);
        return None;
    };
    let bytes = ground.read("otklik.toml", None, shown, &found)?;
    let keys = keys(&bytes).map(|(key, older)| (key, older, mark_keys(&bytes)));
    if keys.is_none() {
        ground.notes.add("otklik.toml", None, format!("the instance key ({shown}) is neither 64 hex digits nor 32 bytes; restore it from the backup"));
    }
    keys
}

/// The instance key, the one before it, and those that made marks.
pub(super) type Keys = (InstanceKey, Option<OlderKey>, Vec<InstanceKey>);

/// How a line ends whose key makes the marks of forgotten people.
const MARKS: &str = " marks";

fn hex(word: &str) -> Option<InstanceKey> {
    data_encoding::HEXLOWER.decode(word.trim().to_ascii_lowercase().as_bytes()).ok().and_then(|b| b.try_into().ok()).map(InstanceKey)
}

/// The keys in a file that make the marks of forgotten people, `HEX marks`: they outlive every rotation. None before the first one: then the present key does.
pub fn mark_keys(bytes: &[u8]) -> Vec<InstanceKey> {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    text.lines().filter_map(|l| l.trim().strip_suffix(MARKS)).filter_map(hex).collect()
}

/// The keys in a file: the present one in the first line, below it perhaps `HEX until 2026-11-25T10:00:00Z`, and lines of [`mark_keys`].
pub fn keys(bytes: &[u8]) -> Option<(InstanceKey, Option<OlderKey>)> {
    if let Ok(plain) = <[u8; 32]>::try_from(bytes) {
        return Some((InstanceKey(plain), None));
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let mut lines =
        text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')).filter(|l| l.strip_suffix(MARKS).is_none_or(|key| hex(key).is_none()));
    let present = hex(lines.next()?)?;
    let older = match lines.next() {
        None => None,
        Some(line) => {
            let (key, until) = line.split_once(" until ")?;
            Some(OlderKey { key: hex(key.trim())?, until: until.trim().parse().ok()? })
        }
    };
    lines.next().is_none().then_some((present, older))
}
