//! A Dovecot of one's own for tests: own configuration, ports, certificate authority and mail in a temporary folder; ends with the value.
//!
//! Use it from a test file by `#[path = "wire/dovecot.rs"] mod dovecot;`. Letters are delivered the way a mail server delivers them, into the
//! Maildir's `new`, so that IDLE wakes. Runs as root (mail belongs to the user `mail`) and as anybody else. Without Dovecot on the machine
//! [`Dovecot::start`] gives `None` and says so; with `CI=true` in the environment that is a failure.
//!
//! A test file that uses only a part says `#[expect(dead_code, reason = "…")]` at its `mod dovecot;`.
//!
//! The one place of waiting: until the server takes connections, at most ten seconds.
#![expect(clippy::expect_used, reason = "a test that cannot set up its server fails, and says where")]

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, UNIX_EPOCH};
use tempfile::TempDir;

/// Login of the one mailbox.
pub const USER: &str = "priemnaya@school.example";
/// Its password: quotes, a backslash and Cyrillic, because passwords are like that.
pub const PASSWORD: &str = "q\"\\ пароль";

/// A running server.
#[derive(Debug)]
pub struct Dovecot {
    /// TLS from the first byte.
    pub imaps: u16,
    /// Clear text, and STARTTLS.
    pub imap: u16,
    /// PEM of the authority that signed the server's certificate (for `localhost`).
    pub ca_file: PathBuf,
    dir: TempDir,
    owner: (u32, u32),
    delivered: u32,
    child: Child,
}

/// Free at this moment; taken by Dovecot a moment later.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port on loopback").port()
}

fn id(args: &[&str]) -> Option<String> {
    let out = Command::new("id").args(args).output().ok()?;
    out.status.success().then(|| String::from_utf8_lossy(&out.stdout).trim().to_owned())
}

impl Dovecot {
    /// Starts a server with folders INBOX, Sent (`\Sent`), Spam (`\Junk`), Drafts and Trash.
    pub fn start() -> Option<Dovecot> {
        Dovecot::start_with("")
    }

    /// The same with more lines of configuration.
    pub fn start_with(more: &str) -> Option<Dovecot> {
        let binary = ["/usr/sbin/dovecot", "/usr/local/sbin/dovecot"].into_iter().find(|path| Path::new(path).exists());
        let Some(binary) = binary else {
            let in_ci = std::env::var_os("CI").is_some_and(|v| v == "true");
            assert!(!in_ci, "dovecot-imapd is not installed, and CI must test against it");
            println!("skipped: dovecot-imapd is not installed");
            return None;
        };
        let dir = tempfile::Builder::new().prefix("otklik-dovecot-").tempdir().expect("a temporary folder");
        let me = fs::metadata(dir.path()).expect("the temporary folder");
        let as_root = me.uid() == 0;
        let number = |args: &[&str]| id(args).and_then(|n| n.parse().ok());
        let owner: (u32, u32) =
            if as_root { (number(&["-u", "mail"]).expect("the user mail"), number(&["-g", "mail"]).expect("the user mail")) } else { (me.uid(), me.gid()) };
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).expect("the temporary folder");
        let (imap, imaps) = (free_port(), free_port());
        let ca_file = certificates(dir.path());
        for folder in ["", ".Sent", ".Spam"] {
            for sub in ["cur", "new", "tmp"] {
                fs::create_dir_all(dir.path().join("mail").join(folder).join(sub)).expect("the Maildir");
            }
        }
        give(&dir.path().join("mail"), owner, as_root);
        fs::write(dir.path().join("users"), format!("{USER}:{{PLAIN}}{PASSWORD}\n")).expect("the users");
        let config = dir.path().join("dovecot.conf");
        fs::write(&config, configuration(dir.path(), imap, imaps, owner, as_root) + more).expect("the configuration");
        let log = fs::File::create(dir.path().join("stderr")).expect("the log");
        let child = Command::new(binary)
            .args(["-F", "-c"])
            .arg(&config)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("dovecot could not be started");
        let mut server = Dovecot { imaps, imap, ca_file, dir, owner, delivered: 0, child };
        server.await_ports();
        Some(server)
    }

    fn await_ports(&mut self) {
        for _ in 0..500 {
            if [self.imap, self.imaps].iter().all(|port| TcpStream::connect(("127.0.0.1", *port)).is_ok()) {
                return;
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                panic!("dovecot ended at once ({status}): {}", self.log());
            }
            #[expect(clippy::disallowed_methods, reason = "a foreign process tells nobody when it listens")]
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("dovecot does not listen: {}", self.log());
    }

    /// Puts a letter into INBOX, received at this second of the epoch; returns its file.
    pub fn deliver_at(&mut self, received: u64, letter: &[u8]) -> PathBuf {
        self.deliver_into("", received, letter)
    }

    /// Puts a letter into a folder (`Sent`, `Spam`; empty for INBOX).
    pub fn deliver_into(&mut self, folder: &str, received: u64, letter: &[u8]) -> PathBuf {
        self.delivered += 1;
        let name = format!("{received}.M{:06}P1.otklik", self.delivered);
        let maildir = self.dir.path().join("mail").join(if folder.is_empty() { String::new() } else { format!(".{folder}") });
        let draft = maildir.join("tmp").join(&name);
        fs::write(&draft, letter).expect("the letter");
        let file = fs::File::options().write(true).open(&draft).expect("the letter");
        file.set_modified(UNIX_EPOCH + Duration::from_secs(received)).expect("the letter's time");
        if fs::metadata(&draft).is_ok_and(|m| m.uid() != self.owner.0) {
            chown(&draft, Some(self.owner.0), Some(self.owner.1)).expect("the letter's owner");
        }
        let place = maildir.join("new").join(&name);
        fs::rename(&draft, &place).expect("the letter's place");
        place
    }

    /// Puts a letter into INBOX.
    pub fn deliver(&mut self, letter: &[u8]) -> PathBuf {
        self.deliver_at(1_795_000_000 + u64::from(self.delivered), letter)
    }

    /// Puts many letters into INBOX, a second after each other.
    pub fn deliver_many<T: AsRef<[u8]>>(&mut self, letters: impl IntoIterator<Item = T>) {
        for letter in letters {
            self.deliver(letter.as_ref());
        }
    }

    /// Files of a folder (empty name for INBOX) as they lie in `cur` and `new`, by name: flags and bytes.
    pub fn files(&self, folder: &str) -> Vec<(String, Vec<u8>)> {
        let maildir = self.dir.path().join("mail").join(if folder.is_empty() { String::new() } else { format!(".{folder}") });
        let mut files = Vec::new();
        for sub in ["cur", "new"] {
            for entry in fs::read_dir(maildir.join(sub)).expect("the Maildir").flatten() {
                files.push((format!("{sub}/{}", entry.file_name().to_string_lossy()), fs::read(entry.path()).unwrap_or_default()));
            }
        }
        files.sort();
        files
    }

    /// The folder with everything of this server.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// What the server wrote about itself.
    pub fn log(&self) -> String {
        ["stderr", "log"].iter().filter_map(|name| fs::read_to_string(self.dir.path().join(name)).ok()).collect()
    }

    /// Cuts every session, as a restart does; the server goes on listening.
    pub fn kick(&self) {
        let _ = Command::new("doveadm").arg("-c").arg(self.dir.path().join("dovecot.conf")).args(["kick", USER]).output();
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        // TERM lets the master end its children; KILL only where it does not listen.
        let asked = Command::new("sh").args(["-c", &format!("kill -TERM {}", self.child.id())]).status().is_ok_and(|s| s.success());
        if !asked {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

fn give(path: &Path, owner: (u32, u32), as_root: bool) {
    if !as_root {
        return;
    }
    chown(path, Some(owner.0), Some(owner.1)).expect("the Maildir's owner");
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("the Maildir").flatten() {
            give(&entry.path(), owner, as_root);
        }
    }
}

/// An authority and a certificate for `localhost`; returns the authority's file.
fn certificates(dir: &Path) -> PathBuf {
    let authority_key = rcgen::KeyPair::generate().expect("a key");
    let mut authority = rcgen::CertificateParams::new(Vec::<String>::new()).expect("an authority");
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    authority.distinguished_name.push(rcgen::DnType::CommonName, "Otklik tests");
    let authority_certificate = authority.self_signed(&authority_key).expect("an authority");
    let issuer = rcgen::Issuer::new(authority, authority_key);
    let key = rcgen::KeyPair::generate().expect("a key");
    let server = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).expect("a certificate");
    let certificate = server.signed_by(&key, &issuer).expect("a certificate");
    fs::write(dir.join("cert.pem"), certificate.pem()).expect("the certificate");
    fs::write(dir.join("key.pem"), key.serialize_pem()).expect("the key");
    let ca_file = dir.join("ca.pem");
    fs::write(&ca_file, authority_certificate.pem()).expect("the authority");
    ca_file
}

fn configuration(dir: &Path, imap: u16, imaps: u16, owner: (u32, u32), as_root: bool) -> String {
    let dir = dir.display();
    let (uid, gid) = owner;
    let mut text = format!(
        "protocols = imap\nlisten = 127.0.0.1\nbase_dir = {dir}/run\nstate_dir = {dir}/run\nlog_path = {dir}/log\n\
         ssl = yes\nssl_cert = <{dir}/cert.pem\nssl_key = <{dir}/key.pem\ndisable_plaintext_auth = no\nauth_mechanisms = plain login\n\
         mail_location = maildir:{dir}/mail\nmail_uid = {uid}\nmail_gid = {gid}\nfirst_valid_uid = 1\nfirst_valid_gid = 1\nmail_fsync = never\n\
         passdb {{\n driver = passwd-file\n args = scheme=PLAIN username_format=%u {dir}/users\n}}\n\
         userdb {{\n driver = static\n args = uid={uid} gid={gid} home={dir}/mail\n}}\n\
         namespace inbox {{\n inbox = yes\n\
          mailbox Sent {{\n special_use = \\Sent\n auto = subscribe\n }}\n mailbox Spam {{\n special_use = \\Junk\n auto = subscribe\n }}\n\
          mailbox Drafts {{\n special_use = \\Drafts\n }}\n mailbox Trash {{\n special_use = \\Trash\n }}\n}}\n\
         service imap-login {{\n chroot =\n inet_listener imap {{\n port = {imap}\n }}\n inet_listener imaps {{\n port = {imaps}\n ssl = yes\n }}\n}}\n\
         service anvil {{\n chroot =\n}}\n"
    );
    if !as_root {
        let (user, group) = (id(&["-un"]).unwrap_or_default(), id(&["-gn"]).unwrap_or_default());
        text += &format!("default_internal_user = {user}\ndefault_login_user = {user}\ndefault_internal_group = {group}\n");
    }
    text
}
