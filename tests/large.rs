//! Letters that are too large: for the configured limit, and for the machine. The program as it is installed, its memory as the system counts it.
//!
//! What each bomb costs inside the program stands in `tests/bombs.rs`.

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

use school::TestSchool;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

const LATER: Duration = Duration::from_secs(120);

/// A letter with an attachment of so many bytes as they travel.
fn letter(n: usize, attached: usize) -> Vec<u8> {
    let line = format!("{}\r\n", "QUJD".repeat(19));
    #[expect(clippy::disallowed_methods, reason = "the program under test lives by the real clock, and a folder of letters by their Date")]
    let date = chrono::Utc::now().to_rfc2822();
    format!(
        "From: parent{n}@family.example\r\nTo: {}\r\nSubject: Photo {n}\r\nDate: {date}\r\nMessage-ID: <large.{n}@family.example>\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\nContent-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: 8bit\r\n\r\nЗдравствуйте! Не могу войти в электронный журнал, пишет, что пароль неверный, снимок {n} во вложении.\r\n\
         --q\r\nContent-Type: image/jpeg; name=\"photo.jpg\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{}--q--\r\n",
        school::ADDRESS,
        line.repeat(attached / line.len())
    )
    .into_bytes()
}

/// The most that a process ever had in memory, in kilobytes.
fn most(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).unwrap()
}

#[test]
fn letters_of_50_megabytes_are_answered_within_128_megabytes_of_memory() {
    let Some(mut school) = TestSchool::start() else { return };
    let daemon = school.run();
    school.await_first_look(&daemon);
    let idle = most(daemon.id());
    school.dovecot.deliver(&letter(1, 50 << 20));
    let receipt = school.await_letter("parent1@family.example", &["Auto-Submitted: auto-replied"], LATER);
    assert!(receipt.is_some(), "no receipt:\n{}", daemon.log());
    let one = most(daemon.id());
    let said = String::from_utf8(school.otklik(&["show", "1"]).stdout).unwrap();
    assert!(said.contains("прочитано только начало"), "{said}");
    // Several at once: what is fetched, understood and decided overlaps.
    school.dovecot.deliver_many((2..6).map(|n| letter(n, 50 << 20)));
    for n in 2..6 {
        let receipt = school.await_letter(&format!("parent{n}@family.example"), &["Auto-Submitted: auto-replied"], LATER);
        assert!(receipt.is_some(), "no receipt for {n}:\n{}", daemon.log());
    }
    let four = most(daemon.id());
    println!("most memory: {} MB idle, {} MB after a letter of 50 MB, {} MB after four at once", idle >> 10, one >> 10, four >> 10);
    assert!(one <= 128 << 10, "one letter: {one} KB");
    assert!(four <= 256 << 10, "MemoryMax of the unit: {four} KB");
}

/// One round of a school whose mailbox is a folder, with so many megabytes of address space.
fn once(dir: &Path, megabytes: u64) -> Output {
    let limited = format!("ulimit -v {}; ulimit -c 0; exec \"$@\"", megabytes << 10);
    let mut command = Command::new("sh");
    command.args(["-c", &limited, "sh", env!("CARGO_BIN_EXE_otklik"), "--config"]).arg(dir.join("otklik.toml")).arg("once");
    // One heap: what a thread reserves for itself is no letter's.
    command.env("MALLOC_ARENA_MAX", "1").output().unwrap()
}

#[test]
fn a_letter_that_the_machine_has_no_memory_for_is_parked_and_the_others_are_answered() {
    let dir = tempfile::tempdir().unwrap();
    let mail = dir.path().join("demo-mail");
    fs::create_dir(&mail).unwrap();
    fs::write(dir.path().join("otklik.toml"), otklik::config::DEMO).unwrap();
    fs::create_dir(dir.path().join("demo-state")).unwrap();
    fs::write(dir.path().join("demo-state/instance.key"), "5a".repeat(32)).unwrap();
    fs::set_permissions(dir.path().join("demo-state/instance.key"), fs::Permissions::from_mode(0o600)).unwrap();
    // What the program needs by itself, to four megabytes, so that the limit fits any build.
    let (mut few, mut enough) = (16, 1024);
    assert!(once(dir.path(), enough).status.success(), "a round of an empty mailbox");
    while enough - few > 4 {
        let middle = few.midpoint(enough);
        if once(dir.path(), middle).status.success() { enough = middle } else { few = middle }
    }
    let put = |n: usize, attached: usize| fs::write(mail.join(format!("{n}.eml")), letter(n, attached)).unwrap();
    put(1, 1000);
    let limit = enough + 30;
    let first = once(dir.path(), limit);
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));

    // 24 MB can be fetched; there is nothing left to take it apart with.
    put(2, 24 << 20);
    put(3, 1000);
    let ends: Vec<Output> = (0..5).map(|_| once(dir.path(), limit)).collect();
    let aborted = ends.iter().filter(|out| out.status.signal() == Some(6)).count();
    println!("limit {limit} MB, {aborted} aborts");
    let told: Vec<String> = ends.iter().map(|out| format!("{} {}", out.status, String::from_utf8_lossy(&out.stderr))).collect();
    assert!((1..=4).contains(&aborted), "{told:#?}");
    assert!(ends.last().is_some_and(|out| out.status.success()), "{told:#?}");
    let told = Command::new(env!("CARGO_BIN_EXE_otklik")).arg("--config").arg(dir.path().join("otklik.toml")).args(["--json", "status"]).output().unwrap();
    let status: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!((&status["parked"], &status["open"], &status["waiting"]), (&1.into(), &2.into(), &0.into()), "{status}");
}
