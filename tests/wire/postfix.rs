//! A private Postfix on loopback for tests: configuration, queue and mail in a temporary folder, stopped when dropped.
//!
//! Takes letters for any `*.example` address by implicit TLS, STARTTLS or plain, with a login (see [`USER`]) or without, and keeps them for
//! [`Postfix::delivered`]. Recipients whose local part is `rejected`, `deferred`, `full` or `spam` are answered so. The login is checked by a
//! few lines of Dovecot's auth protocol in this process, so Dovecot is not needed. Needs root and Debian's `postfix`:
//! use through `#[path = "wire/postfix.rs"] mod postfix;`.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a harness of tests: what fails here fails the test")]

use rcgen::{CertificateParams, Issuer, KeyPair, SigningKey};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;
use tempfile::TempDir;

/// The one user who may log in.
pub const USER: &str = "priemnaya@school.example";
/// The password of [`USER`].
pub const PASSWORD: &str = "correct horse";

/// A running Postfix.
pub struct Postfix {
    /// Implicit TLS.
    pub port: u16,
    /// STARTTLS offered, not enforced: also for plain connections.
    pub starttls_port: u16,
    dir: TempDir,
}

/// Starts Postfix with a certificate for `localhost` and `127.0.0.1` from `ca`. `None`, with a printed line, where it cannot run; with `CI=true` that
/// is a failure instead.
pub fn start<S: SigningKey>(ca: &Issuer<'_, S>) -> Option<Postfix> {
    if let Some(missing) = missing() {
        #[expect(clippy::disallowed_methods, reason = "a test that is skipped in CI would be skipped for ever")]
        let ci = std::env::var("CI").is_ok_and(|value| value == "true");
        assert!(!ci, "CI must be able to run Postfix: {missing}");
        println!("skipped: no Postfix for this test: {missing}");
        return None;
    }
    // Ports are chosen before Postfix takes them; somebody else may be quicker, so more than one try.
    let started = (0..5).find_map(|_| try_start(ca));
    assert!(started.is_some(), "Postfix did not start in five tries");
    started
}

fn missing() -> Option<&'static str> {
    let root = fs::metadata("/proc/self").map(|m| m.uid() == 0).unwrap_or(false);
    match (root, Path::new("/usr/lib/postfix/sbin/master").exists()) {
        (_, false) => Some("the package postfix is not installed"),
        (false, _) => Some("it must be started by root"),
        (true, true) => None,
    }
}

fn try_start<S: SigningKey>(ca: &Issuer<'_, S>) -> Option<Postfix> {
    let dir = tempfile::Builder::new().prefix("otklik-postfix-").tempdir().unwrap();
    let root = dir.path();
    fs::set_permissions(root, fs::Permissions::from_mode(0o755)).unwrap();
    let (uid, gid) = postfix_ids();
    for name in ["etc", "queue", "data", "mail", "log"] {
        fs::create_dir(root.join(name)).unwrap();
    }
    chown(root.join("data"), Some(uid), Some(gid)).unwrap();
    chown(root.join("mail"), Some(uid), Some(gid)).unwrap();
    let key = KeyPair::generate().unwrap();
    let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let certificate = CertificateParams::new(names).unwrap().signed_by(&key, ca).unwrap();
    fs::write(root.join("etc/cert.pem"), certificate.pem()).unwrap();
    fs::write(root.join("etc/key.pem"), key.serialize_pem()).unwrap();
    fs::set_permissions(root.join("etc/key.pem"), fs::Permissions::from_mode(0o600)).unwrap();
    let listeners = [free(), free()];
    let [port, starttls_port] = listeners.each_ref().map(|l| l.local_addr().unwrap().port());
    let auth = auth_server();
    fs::write(root.join("etc/main.cf"), main_cf(root, uid, gid, auth)).unwrap();
    fs::write(root.join("etc/master.cf"), master_cf(port, starttls_port)).unwrap();
    fs::write(root.join("etc/domains"), "/\\.example$/ OK\n").unwrap();
    fs::write(root.join("etc/boxes"), "/@.+\\.example$/ all/\n").unwrap();
    let refusals = "/^rejected@/ 550 5.1.1 No such user here\n/^deferred@/ 450 4.2.1 Try again later\n/^full@/ 552 5.2.2 Mailbox is full\n\
                    /^spam@/ 554 5.7.1 Message rejected under suspicion of SPAM\n";
    fs::write(root.join("etc/refusals"), refusals).unwrap();
    drop(listeners);
    let postfix = Postfix { port, starttls_port, dir };
    (postfix.control("start") && postfix.answers()).then_some(postfix)
}

fn free() -> TcpListener {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap()
}

fn postfix_ids() -> (u32, u32) {
    let passwd = fs::read_to_string("/etc/passwd").unwrap();
    let line = passwd.lines().find(|line| line.starts_with("postfix:")).expect("the package postfix makes the user postfix");
    let mut fields = line.split(':').skip(2);
    let mut id = || fields.next().unwrap().parse().unwrap();
    (id(), id())
}

fn main_cf(root: &Path, uid: u32, gid: u32, auth: u16) -> String {
    let root = root.display();
    let lines = [
        "compatibility_level = 3.6".to_owned(),
        format!("queue_directory = {root}/queue"),
        format!("data_directory = {root}/data"),
        "daemon_directory = /usr/lib/postfix/sbin".to_owned(),
        "command_directory = /usr/sbin".to_owned(),
        "mail_owner = postfix".to_owned(),
        "setgid_group = postdrop".to_owned(),
        "myhostname = mx.test.example".to_owned(),
        "mydestination =".to_owned(),
        "mynetworks = 127.0.0.0/8".to_owned(),
        "inet_interfaces = 127.0.0.1".to_owned(),
        "inet_protocols = ipv4".to_owned(),
        "alias_maps =".to_owned(),
        "alias_database =".to_owned(),
        format!("maillog_file = {root}/log/maillog"),
        format!("maillog_file_prefixes = {root}"),
        // Letters stay as they came: no field is added or completed.
        "local_header_rewrite_clients =".to_owned(),
        "smtputf8_enable = no".to_owned(),
        // Nothing leaves this machine: what is not *.example has nowhere to go.
        "default_transport = error:5.4.4 no mail leaves the test".to_owned(),
        "relay_transport = error:5.4.4 no mail leaves the test".to_owned(),
        format!("virtual_mailbox_domains = regexp:{root}/etc/domains"),
        format!("virtual_mailbox_maps = regexp:{root}/etc/boxes"),
        format!("virtual_mailbox_base = {root}/mail"),
        format!("virtual_minimum_uid = {}", uid.min(100)),
        format!("virtual_uid_maps = static:{uid}"),
        format!("virtual_gid_maps = static:{gid}"),
        "virtual_mailbox_limit = 0".to_owned(),
        "message_size_limit = 31457280".to_owned(),
        format!("smtpd_tls_cert_file = {root}/etc/cert.pem"),
        format!("smtpd_tls_key_file = {root}/etc/key.pem"),
        "smtpd_tls_security_level = may".to_owned(),
        "smtpd_sasl_auth_enable = yes".to_owned(),
        "smtpd_sasl_type = dovecot".to_owned(),
        format!("smtpd_sasl_path = inet:127.0.0.1:{auth}"),
        "smtpd_sasl_security_options = noanonymous".to_owned(),
        format!("smtpd_recipient_restrictions = check_recipient_access regexp:{root}/etc/refusals, permit_sasl_authenticated, permit_mynetworks, reject"),
        "smtpd_relay_restrictions = permit_sasl_authenticated, permit_mynetworks, reject".to_owned(),
        "smtpd_error_sleep_time = 0".to_owned(),
        "smtpd_client_connection_count_limit = 0".to_owned(),
        "in_flow_delay = 0".to_owned(),
    ];
    lines.join("\n") + "\n"
}

fn master_cf(port: u16, starttls_port: u16) -> String {
    let mut services = vec![
        format!("127.0.0.1:{port} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes"),
        format!("127.0.0.1:{starttls_port} inet n - n - - smtpd"),
        "pickup unix n - n 60 1 pickup".to_owned(),
        "cleanup unix n - n - 0 cleanup".to_owned(),
        "qmgr unix n - n 300 1 qmgr".to_owned(),
        "tlsmgr unix - - n 1000? 1 tlsmgr".to_owned(),
        "postlog unix-dgram n - n - 1 postlogd".to_owned(),
    ];
    let plain = [("rewrite", "trivial-rewrite"), ("bounce", "bounce"), ("defer", "bounce"), ("trace", "bounce"), ("verify", "verify"), ("flush", "flush")];
    let more = [("proxymap", "proxymap"), ("error", "error"), ("retry", "error"), ("discard", "discard"), ("anvil", "anvil"), ("scache", "scache")];
    services.extend(plain.iter().chain(&more).map(|(name, command)| format!("{name} unix - - n - - {command}")));
    services.push("virtual unix - n n - - virtual".to_owned());
    services.join("\n") + "\n"
}

impl Postfix {
    fn control(&self, order: &str) -> bool {
        let mut command = Command::new("/usr/sbin/postfix");
        command.arg("-c").arg(self.dir.path().join("etc")).arg(order).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().unwrap().success()
    }

    /// Whether both ports greet.
    fn answers(&self) -> bool {
        let greets = |port: u16| match TcpStream::connect((Ipv4Addr::LOCALHOST, port)) {
            Ok(stream) if port == self.starttls_port => {
                stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
                let mut line = String::new();
                BufReader::new(stream).read_line(&mut line).is_ok() && line.starts_with("220")
            }
            other => other.is_ok(),
        };
        wait(|| (greets(self.starttls_port) && greets(self.port)).then_some(())).is_some()
    }

    /// The letters delivered so far to this address, oldest first, as they were sent: CRLF, without the trace fields that Postfix puts on top.
    pub fn delivered(&self, address: &str) -> Vec<Vec<u8>> {
        let mut files: Vec<PathBuf> = match fs::read_dir(self.dir.path().join("mail/all/new")) {
            Ok(entries) => entries.map(|entry| entry.unwrap().path()).collect(),
            Err(_) => Vec::new(),
        };
        // Names begin with the second and hold the microsecond after M.
        files.sort_by_key(|path| arrival(path));
        files.iter().filter_map(|path| as_sent(&fs::read(path).unwrap(), address)).collect()
    }

    /// [`Postfix::delivered`], once there are at least `count`; whatever there is after half a minute.
    pub fn wait_delivered(&self, address: &str, count: usize) -> Vec<Vec<u8>> {
        let enough = || Some(self.delivered(address)).filter(|letters| letters.len() >= count);
        wait(enough).unwrap_or_else(|| self.delivered(address))
    }

    /// The log, for a failing test.
    pub fn log(&self) -> String {
        fs::read_to_string(self.dir.path().join("log/maillog")).unwrap_or_default()
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        // `abort` ends this instance only: it goes by the process id in the queue folder.
        self.control("abort");
    }
}

/// Half a minute of asking, twenty times a second.
fn wait<T>(mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    for _ in 0..600 {
        if let Some(answer) = ask() {
            return Some(answer);
        }
        #[expect(clippy::disallowed_methods, reason = "the harness waits for another process")]
        thread::sleep(Duration::from_millis(50));
    }
    None
}

fn arrival(path: &Path) -> (u64, u64) {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let mut parts = name.split('.');
    let second = parts.next().and_then(|s| s.parse().ok()).unwrap_or(0);
    let micro = parts.next().and_then(|s| s.rsplit_once('M')).and_then(|(_, m)| m.parse().ok()).unwrap_or(0);
    (second, micro)
}

/// The letter without Return-Path, X-Original-To, Delivered-To and the one Received on top, when it was delivered to `address`.
fn as_sent(stored: &[u8], address: &str) -> Option<Vec<u8>> {
    let mut lines = stored.split_inclusive(|b| *b == b'\n').peekable();
    let mut to = String::new();
    let mut inside = false;
    while let Some(line) = lines.peek() {
        let text = String::from_utf8_lossy(line);
        let folded = text.starts_with([' ', '\t']);
        let received = text.starts_with("Received: ") && text.contains("[127.0.0.1]");
        if let Some(value) = text.strip_prefix("Delivered-To: ") {
            to = value.trim().to_owned();
        } else if !(text.starts_with("Return-Path: ") || text.starts_with("X-Original-To: ") || received || (folded && inside)) {
            break;
        }
        inside = true;
        lines.next();
    }
    if !to.eq_ignore_ascii_case(address) {
        return None;
    }
    let mut letter = Vec::new();
    for line in lines {
        letter.extend_from_slice(line.strip_suffix(b"\n").unwrap_or(line));
        letter.extend_from_slice(b"\r\n");
    }
    Some(letter)
}

/// Dovecot's auth protocol, version 1, as far as Postfix asks: PLAIN and LOGIN for [`USER`]. The thread ends with the process.
fn auth_server() -> u16 {
    let listener = free();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || drop(auth_client(&stream)));
        }
    });
    port
}

fn auth_client(mut stream: &TcpStream) -> std::io::Result<()> {
    let greeting = "VERSION\t1\t1\nMECH\tPLAIN\tplaintext\nMECH\tLOGIN\tplaintext\nSPID\t1\nCUID\t1\nCOOKIE\t0123456789abcdef0123456789abcdef\nDONE\n";
    stream.write_all(greeting.as_bytes())?;
    let decode = |text: &str| data_encoding::BASE64.decode(text.as_bytes()).unwrap_or_default();
    let encode = |text: &str| data_encoding::BASE64.encode(text.as_bytes());
    // LOGIN answers in two steps: the name is remembered between them.
    let mut login_name: Option<Vec<u8>> = None;
    for line in BufReader::new(stream).lines() {
        let line = line?;
        let fields: Vec<&str> = line.split('\t').collect();
        let (verb, id) = (fields[0], fields.get(1).copied().unwrap_or_default());
        let response = fields.iter().find_map(|field| field.strip_prefix("resp="));
        let verdict = |right: bool| if right { format!("OK\t{id}\tuser={USER}\n") } else { format!("FAIL\t{id}\n") };
        let answer = match (verb, fields.get(2).copied().unwrap_or_default()) {
            ("AUTH", "LOGIN") => {
                login_name = None;
                format!("CONT\t{id}\t{}\n", encode("Username:"))
            }
            ("AUTH", "PLAIN") => match response {
                Some(given) => verdict(decode(given) == [b"\0", USER.as_bytes(), b"\0", PASSWORD.as_bytes()].concat()),
                None => format!("CONT\t{id}\t\n"),
            },
            ("CONT", given) => match login_name.take() {
                None => {
                    login_name = Some(decode(given));
                    format!("CONT\t{id}\t{}\n", encode("Password:"))
                }
                Some(name) => verdict(name == USER.as_bytes() && decode(given) == PASSWORD.as_bytes()),
            },
            _ => continue,
        };
        stream.write_all(answer.as_bytes())?;
    }
    Ok(())
}
