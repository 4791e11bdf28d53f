//! The daemon as it is shipped, under what its unit asks for: no call, address family, file or memory mapping beyond; nobody can connect to it; what it
//! writes is its owner's alone; no secret stands where others look.
//!
//! systemd does not run here: `tests/hardening/launch` reads the unit and does the same with bubblewrap and a seccomp filter (see there what is only near).
//! That the limits are real is shown by a program that tries to break each (`tests/hardening/probe`). Where a tool is missing the test is skipped with a
//! line; with `CI=true` that fails, unless the machine forbids namespaces. Not here: `systemd-analyze security`, which `.ci/run` asks.

#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "wire/dovecot.rs"]
#[expect(dead_code, reason = "the mailbox's own tests use the rest")]
mod dovecot;
#[path = "wire/postfix.rs"]
#[expect(dead_code, reason = "the transport's own tests use the rest")]
mod postfix;
#[path = "wire/school.rs"]
#[expect(dead_code, reason = "the daemon's own tests use the rest")]
mod school;

use data_encoding::{BASE64, HEXLOWER};
use school::{Daemon, PSYCHOLOGIST, TestSchool, wait};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const SOON: Duration = Duration::from_secs(30);
/// The Python of the system: one below somebody's home is not there under the unit.
const PYTHON: &str = "/usr/bin/python3";

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// What is missing for the launcher. With `CI=true` no tool may be; that a machine lets nobody make namespaces is its owner's decision.
fn missing() -> Option<&'static str> {
    let there = |program: &str, argument: &str| Command::new(program).arg(argument).output().is_ok_and(|out| out.status.success());
    let bare =
        |program: &str| Command::new(program).args(["--ro-bind", "/", "/", "--unshare-user", "--", "/bin/true"]).output().is_ok_and(|o| o.status.success());
    let library = "import ctypes, ctypes.util; ctypes.CDLL(ctypes.util.find_library('seccomp') or 'libseccomp.so.2')";
    let missing = if !there("bwrap", "--version") {
        "bubblewrap is not installed"
    } else if !there("systemd-analyze", "--version") {
        "systemd-analyze (package systemd) is not installed: it knows the groups of calls"
    } else if !Command::new(PYTHON).args(["-c", library]).output().is_ok_and(|out| out.status.success()) {
        "python3 or libseccomp2 is not installed"
    } else if !bare("bwrap") {
        println!("skipped: the limits of the unit: this machine lets nobody make a user namespace");
        return Some("namespaces");
    } else {
        return None;
    };
    #[expect(clippy::disallowed_methods, reason = "a test that is skipped in CI would be skipped for ever")]
    let ci = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(!ci, "CI must run the daemon under its unit's limits: {missing}");
    println!("skipped: the limits of the unit: {missing}");
    Some(missing)
}

/// A program under the unit's limits; `more` are further options of the launcher.
fn limited(write: &Path, read: &[&Path], more: &[&str], program: &Path) -> Command {
    let mut command = Command::new(PYTHON);
    command.arg(here("tests/hardening/launch")).arg(here("systemd/otklik.service")).arg("--write").arg(write);
    for path in read {
        command.arg("--read").arg(path);
    }
    command.args(more).arg("--").arg(program);
    for name in ["CREDENTIALS_DIRECTORY", "OTKLIK_IMAP_PASSWORD", "OTKLIK_SMTP_PASSWORD", "NOTIFY_SOCKET", "WATCHDOG_USEC"] {
        command.env_remove(name);
    }
    command.stdin(std::process::Stdio::null());
    command
}

/// A command of Otklik for a school, under the limits.
fn otklik(school: &TestSchool, more: &[&str], arguments: &[&str]) -> Command {
    let state = school.dir().join("state");
    if !state.exists() {
        // As StateDirectory= makes it.
        fs::create_dir(&state).unwrap();
        fs::set_permissions(&state, fs::Permissions::from_mode(0o700)).unwrap();
    }
    let mut command = limited(&state, &[school.dir(), &school.dovecot.ca_file], more, Path::new(env!("CARGO_BIN_EXE_otklik")));
    command.arg("--config").arg(school.config()).args(arguments);
    command
}

/// The process of Otklik itself, behind the one that was started.
fn inner(told: &Path) -> u32 {
    let read = || serde_json::from_slice::<serde_json::Value>(&fs::read(told).ok()?).ok()?["child-pid"].as_u64();
    u32::try_from(wait(SOON, read).unwrap()).unwrap()
}

fn status(pid: u32) -> BTreeMap<String, String> {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    text.lines().filter_map(|l| l.split_once(':')).map(|(k, v)| (k.to_owned(), v.trim().to_owned())).collect()
}

fn kilobytes(status: &BTreeMap<String, String>, key: &str) -> u64 {
    status[key].split_whitespace().next().unwrap().parse().unwrap()
}

fn signal(pid: u32, name: &str) {
    assert!(Command::new("kill").arg(format!("-{name}")).arg(pid.to_string()).status().unwrap().success());
}

fn letter(from: &str, id: &str, text: &str) -> Vec<u8> {
    format!(
        "From: {from}\r\nTo: {}\r\nSubject: Request\r\nDate: Wed, 18 Nov 2026 12:00:00 +0300\r\nMessage-ID: <{id}>\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n",
        school::ADDRESS
    )
    .into_bytes()
}

const WISH: &str = "Здравствуйте! Прошу записать на консультацию к психологу: ребёнок плачет по утрам и боится идти в школу. Мама, 5А.";

/// Sockets that somebody could connect to: of all programs, by inode.
fn listening() -> BTreeMap<u64, String> {
    let mut found = BTreeMap::new();
    // Local address, state (0A: listening), inode: fields 1, 3 and 9 of tcp; any bound socket of UDP takes what comes (07).
    for (table, state) in [("tcp", "0A"), ("tcp6", "0A"), ("udp", "07"), ("udp6", "07"), ("udplite", "07"), ("raw", "07"), ("raw6", "07")] {
        for line in fs::read_to_string(format!("/proc/net/{table}")).unwrap_or_default().lines().skip(1) {
            let words: Vec<&str> = line.split_whitespace().collect();
            if words[3] == state {
                found.insert(words[9].parse().unwrap(), format!("{table} {}", words[1]));
            }
        }
    }
    // Flags (__SO_ACCEPTCON: 00010000) and inode: fields 3 and 6.
    for line in fs::read_to_string("/proc/net/unix").unwrap().lines().skip(1) {
        let words: Vec<&str> = line.split_whitespace().collect();
        if words[3] == "00010000" {
            found.insert(words[6].parse().unwrap(), format!("unix {}", words.get(7).unwrap_or(&"")));
        }
    }
    found
}

/// The sockets of one process, by inode.
fn sockets(pid: u32) -> BTreeSet<u64> {
    let entries = fs::read_dir(format!("/proc/{pid}/fd")).unwrap().flatten();
    let names = entries.filter_map(|entry| fs::read_link(entry.path()).ok());
    names.filter_map(|name| name.to_string_lossy().strip_prefix("socket:[")?.strip_suffix(']')?.parse().ok()).collect()
}

/// Everything below a folder.
fn below(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![folder.to_owned()];
    let mut at = 0;
    while let Some(path) = found.get(at).cloned() {
        if path.is_dir() {
            found.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        }
        at += 1;
    }
    found
}

/// Whatever is written is its owner's alone.
fn private(folder: &Path) -> usize {
    let all = below(folder);
    for path in &all {
        let mode = fs::symlink_metadata(path).unwrap().mode() & 0o7777;
        let right = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode, right, "{} has mode {mode:o}", path.display());
    }
    all.len()
}

/// A daily backup into the state folder: the one place that the unit lets it write.
fn with_backup(school: &TestSchool) {
    let key = age::x25519::Identity::generate().to_public();
    school.configure(&format!("[backup]\nfolder = \"state/backups\"\nrecipient = \"{key}\"\n"));
}

fn first_letter(school: &mut TestSchool, daemon: &Daemon, n: usize) {
    let parent = format!("parent{n}@family.example");
    school.dovecot.deliver(&letter(&parent, &format!("wish.{n}@family.example"), &format!("{WISH} Обращение {n}.")));
    let receipt = school.await_letter(&parent, &["Auto-Submitted: auto-replied"], SOON);
    assert!(receipt.is_some(), "no receipt:\n{}", daemon.log());
}

#[test]
fn the_daemon_does_its_work_under_the_limits_of_its_unit() {
    if missing().is_some() {
        return;
    }
    let Some(mut school) = TestSchool::start() else { return };
    with_backup(&school);
    let told = school.dir().join("pid");
    let mut daemon = school.run_as(otklik(&school, &["--pid", &told.display().to_string()], &["run"]));
    school.await_first_look(&daemon);
    let pid = inner(&told);
    first_letter(&mut school, &daemon, 1);
    assert!(school.await_letter(PSYCHOLOGIST, &["method=REQUEST"], SOON).is_some(), "no task:\n{}", daemon.log());

    let now = status(pid);
    assert_eq!(fs::read_to_string(format!("/proc/{pid}/comm")).unwrap().trim(), "otklik");
    assert_eq!((now["NoNewPrivs"].as_str(), now["Seccomp"].as_str()), ("1", "2"), "a filter of calls, and no way back");
    for kind in ["CapInh", "CapPrm", "CapEff", "CapAmb"] {
        assert_eq!(now[kind].trim_start_matches('0'), "", "{kind}");
    }
    let threads: u64 = now["Threads"].parse().unwrap();
    let files = fs::read_dir(format!("/proc/{pid}/fd")).unwrap().count();
    println!("under the unit: {} MB at most, {threads} threads, {files} open files", kilobytes(&now, "VmHWM") / 1024);
    assert!(kilobytes(&now, "VmHWM") < 192 << 10, "MemoryHigh");
    assert!(threads <= 64 && files <= 64, "TasksMax; 512 files are far away");

    // A reload, another letter, a backup by the daemon's own command, a clean end.
    signal(pid, "HUP");
    assert!(daemon.await_log(" reloaded", SOON), "{}", daemon.log());
    first_letter(&mut school, &daemon, 2);
    let backup = otklik(&school, &[], &["backup"]).output().unwrap();
    assert!(backup.status.success(), "{}", String::from_utf8_lossy(&backup.stderr));
    assert!(below(&school.dir().join("state/backups")).iter().any(|p| p.is_file()), "a backup lies there");
    let log = daemon.log();
    let of_configuration = |line: &&str| line.contains("WARN rules/") || line.contains("WARN otklik.toml");
    let wrong: Vec<&str> = log.lines().filter(|l| l.contains("WARN") || l.contains("ERROR")).filter(|l| !of_configuration(l)).collect();
    assert!(wrong.is_empty() && !log.contains("ermitted"), "{wrong:#?}");
    signal(pid, "TERM");
    assert_eq!(daemon.ended(SOON), Some(Some(0)), "{}", daemon.log());
    assert!(private(&school.dir().join("state")) >= 4);
}

#[test]
fn what_the_unit_forbids_is_refused() {
    if missing().is_some() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let (state, configuration) = (dir.path().join("state"), dir.path().join("otklik.toml"));
    fs::create_dir(&state).unwrap();
    fs::write(&configuration, "x").unwrap();
    let probe = here("tests/hardening/probe");
    let arguments = [probe.as_os_str().to_owned(), state.clone().into(), configuration.clone().into(), std::process::id().to_string().into()];
    let said = |command: &mut Command| {
        let out = command.output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        let text = String::from_utf8(out.stdout).unwrap();
        text.lines().filter_map(|l| l.split_once(": ")).map(|(what, how)| (what.to_owned(), how.to_owned())).collect::<BTreeMap<_, _>>()
    };
    let inside = said(limited(&state, &[&configuration, &probe], &[], Path::new(PYTHON)).args(&arguments));
    assert!(inside.len() >= 29, "{inside:?}");
    let may = ["writes its state", "reads its configuration", "connects by IPv4", "connects by a local socket", "asks name servers"];
    for (what, how) in &inside {
        let right: &[&str] = match what.as_str() {
            may_do if may.contains(&may_do) => &["done"],
            "writes its configuration" | "writes to /etc" | "writes to /usr" => &["EROFS"],
            "reads other homes" => &["ENOENT", "EACCES"],
            "sees other programs" => &["ESRCH"],
            "asks netlink" | "reads raw packets" => &["EAFNOSUPPORT"],
            _ => &["EPERM"],
        };
        assert!(right.contains(&how.as_str()), "a program under the unit {what}: {how}");
    }
    // The same without the limits: what was refused is possible here, so that it was the limits that refused.
    let possible = [
        "writes its configuration",
        "sees other programs",
        "asks netlink",
        "listens",
        "listens locally",
        "changes its personality",
        "makes a program of root's",
        "maps memory to write and run",
        "makes memory executable",
    ];
    let outside = said(Command::new(PYTHON).args(&arguments).args(possible));
    assert_eq!(outside.len(), possible.len());
    assert!(outside.values().all(|how| how == "done"), "{outside:?}");
}

/// The unit for one of several schools limits as the unit for one does; only paths differ.
#[test]
fn both_units_limit_alike() {
    let service = |name: &str| {
        let text = fs::read_to_string(here("systemd").join(name)).unwrap();
        let lines = text.lines().skip_while(|l| *l != "[Service]").take_while(|l| *l != "[Install]").filter(|l| !l.starts_with('#') && !l.is_empty());
        let of_paths = ["ExecStart=", "StateDirectory=", "WorkingDirectory=", "LoadCredential=", "TemporaryFileSystem=", "BindPaths=", "BindReadOnlyPaths="];
        lines.filter(|l| !of_paths.iter().any(|path| l.starts_with(path))).map(str::to_owned).collect::<Vec<_>>()
    };
    let (one, several) = (service("otklik.service"), service("otklik@.service"));
    assert!(one.len() > 40, "{one:?}");
    assert_eq!(one, several);
}

#[test]
fn nobody_can_connect_to_the_daemon() {
    let Some(mut school) = TestSchool::start() else { return };
    let daemon = school.run();
    school.await_first_look(&daemon);
    first_letter(&mut school, &daemon, 1);
    let (open, own) = (listening(), sockets(daemon.id()));
    assert!(!own.is_empty(), "it is connected to its servers");
    assert!(open.values().any(|at| at.starts_with("tcp")), "Dovecot listens, so the table is read rightly");
    let ours: Vec<&String> = own.iter().filter_map(|inode| open.get(inode)).collect();
    assert!(ours.is_empty(), "the daemon takes connections: {ours:?}");
}

#[test]
fn no_secret_stands_in_arguments_environment_or_log() {
    let Some(mut school) = TestSchool::start() else { return };
    let daemon = school.run();
    school.await_first_look(&daemon);
    first_letter(&mut school, &daemon, 1);
    let of_process = |name: &str| fs::read(format!("/proc/{}/{name}", daemon.id())).unwrap();
    let key = "5a".repeat(32);
    let raw_key = HEXLOWER.decode(key.as_bytes()).unwrap();
    // As they are, and as AUTHENTICATE PLAIN sends them.
    let plain = |user: &str, password: &str| BASE64.encode(format!("\0{user}\0{password}").as_bytes());
    let secrets = [
        dovecot::PASSWORD.as_bytes().to_vec(),
        postfix::PASSWORD.as_bytes().to_vec(),
        key.into_bytes(),
        raw_key,
        plain(dovecot::USER, dovecot::PASSWORD).into_bytes(),
        plain(postfix::USER, postfix::PASSWORD).into_bytes(),
    ];
    let database: Vec<u8> = below(&school.dir().join("state")).iter().filter(|p| p.is_file()).flat_map(|p| fs::read(p).unwrap()).collect();
    assert!(database.windows(6).any(|w| w == b"parent"), "the database was read");
    let places = [("arguments", of_process("cmdline")), ("environment", of_process("environ")), ("log", daemon.log().into_bytes()), ("state", database)];
    for (place, bytes) in &places {
        for secret in &secrets {
            assert!(!bytes.windows(secret.len()).any(|w| w == secret), "a secret stands in the {place}");
        }
    }
    // A wrong password is told without it.
    fs::write(school.dir().join("imap-password"), "kanareyka-17").unwrap();
    let checked = school.otklik(&["check", "--online"]);
    let told = [checked.stdout, checked.stderr].concat();
    assert_eq!(checked.status.code(), Some(1));
    assert!(!String::from_utf8_lossy(&told).contains("kanareyka"));
}

#[test]
fn what_the_daemon_writes_is_its_owners_alone() {
    let Some(mut school) = TestSchool::start() else { return };
    with_backup(&school);
    // Started by somebody whose files everybody may read.
    let mut command = Command::new("sh");
    command.args(["-c", "umask 000; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_otklik"), "--config"]).arg(school.config()).arg("run");
    let mut daemon = school.run_as(command);
    school.await_first_look(&daemon);
    first_letter(&mut school, &daemon, 1);
    let open = school.otklik(&["backup"]);
    assert!(open.status.success(), "{}", String::from_utf8_lossy(&open.stderr));
    // While it runs: the log of SQLite and its index are there.
    let state = school.dir().join("state");
    let names: Vec<String> = below(&state).iter().map(|p| p.display().to_string()).collect();
    assert!(names.iter().any(|n| n.ends_with("-wal")) && names.iter().any(|n| n.contains("backups/")), "{names:?}");
    private(&state);
    daemon.signal("TERM");
    assert_eq!(daemon.ended(SOON), Some(Some(0)), "{}", daemon.log());
    private(&state);
}

/// A name server that knows nobody; the names it was asked for.
fn name_server() -> Option<(std::net::UdpSocket, String)> {
    let socket = std::net::UdpSocket::bind("127.0.0.77:53").ok()?;
    socket.set_read_timeout(Some(SOON)).unwrap();
    Some((socket, "nameserver 127.0.0.77\n".to_owned()))
}

/// The keys of signers are asked for over UDP, whose answers come to a port of the asker's: the one thing that the unit lets it bind.
#[test]
fn keys_of_signers_are_found_under_the_limits() {
    if missing().is_some() {
        return;
    }
    let Some((socket, resolver)) = name_server() else {
        println!("skipped: a name server on 127.0.0.77:53 needs root");
        return;
    };
    let Some(mut school) = TestSchool::start() else { return };
    let path = school.dir().join("resolv.conf");
    fs::write(&path, resolver).unwrap();
    let text = fs::read_to_string(school.config()).unwrap().replace("[mailbox]\n", "[mailbox]\ndkim = \"verify\"\n");
    fs::write(school.config(), text).unwrap();
    let told = school.dir().join("pid");
    let (path, told) = (path.display().to_string(), told.display().to_string());
    let daemon = school.run_as(otklik(&school, &["--pid", &told, "--over", &path, "/etc/resolv.conf"], &["run"]));
    school.await_first_look(&daemon);

    #[expect(clippy::disallowed_methods, reason = "the daemon under test lives by the real clock, and an old signature is not looked at")]
    let now = chrono::Utc::now();
    let signature = format!(
        "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d=school.example; s=probe; h=from:subject:date:message-id; bh={}; b={}\r\n",
        BASE64.encode(&Sha256::digest(b"x\r\n")),
        BASE64.encode(&[7; 64])
    );
    let signed = String::from_utf8(letter(PSYCHOLOGIST, "order.1@school.example", "x")).unwrap();
    let signed = signed.replace("Wed, 18 Nov 2026 12:00:00 +0300", &now.to_rfc2822());
    school.dovecot.deliver(format!("{signature}{signed}").as_bytes());
    let mut asked = [0; 512];
    let heard = socket.recv_from(&mut asked);
    assert!(heard.is_ok(), "nobody asked for the key:\n{}", daemon.log());
    assert!(asked.windows(16).any(|w| w == b"\x05probe\x0a_domainke"), "the signer's name is asked for");
}
