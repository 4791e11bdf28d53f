//! A machine is lost on real servers: the program as it is installed, Dovecot and Postfix, a backup opened with a key of `age`.

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

use age::secrecy::ExposeSecret as _;
use otklik::message;
use school::{TestSchool, wait};
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

const LATER: Duration = Duration::from_secs(120);

fn request(n: usize) -> Vec<u8> {
    format!(
        "From: parent{n}@family.example\r\nTo: {}\r\nSubject: Request {n}\r\nDate: Wed, 18 Nov 2026 12:00:00 +0300\r\nMessage-ID: <request.{n}@family.example>\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
         Здравствуйте! Пишет мама ученика 5А класса, обращение {n}: не могу войти в электронный журнал, пишет, что пароль неверный.\r\n",
        school::ADDRESS
    )
    .into_bytes()
}

fn run(school: &TestSchool, arguments: &[&str]) -> String {
    let done = school.otklik(arguments);
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

/// Letters delivered, without the one in which the head reads what came back: on a working day it leaves at once.
fn but_the_heads(school: &TestSchool) -> usize {
    school.delivered_files().iter().filter(|file| !message::read(file).subject.contains("записи восстановлены")).count()
}

/// Waits until so many receipts have left and nothing else waits.
fn await_receipts(school: &TestSchool, count: i64) -> bool {
    let sql = "SELECT count(*) FROM posting WHERE kind = 'receipt' AND status = 'sent'";
    wait(LATER, || (school.count(sql) >= count && school.count("SELECT count(*) FROM posting WHERE status IN ('queued', 'sending')") == 0).then_some(()))
        .is_some()
}

#[test]
fn after_a_restore_each_parent_has_exactly_what_they_should() {
    let Some(mut school) = TestSchool::start() else { return };
    run(&school, &["once"]);
    let key = age::x25519::Identity::generate();
    let identity = school.dir().join("backup-key.txt");
    std::fs::write(&identity, key.to_string().expose_secret()).unwrap();
    let backups = school.dir().join("backups");
    school.configure(&format!("[backup]\nfolder = {backups:?}\nrecipient = \"{}\"\nkeep = 2\nat = \"00:00\"\n", key.to_public()));

    (0..6).for_each(|n| drop(school.dovecot.deliver(&request(n))));
    run(&school, &["once"]);
    assert_eq!(std::fs::read_dir(&backups).unwrap().count(), 1, "the daily one");
    let file = school.dir().join("one.tar.age");
    let told = run(&school, &["backup", "--out", file.to_str().unwrap()]);
    assert!(told.contains("6 appeals"), "{told}");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);

    (6..12).for_each(|n| drop(school.dovecot.deliver(&request(n))));
    run(&school, &["once"]);
    run(&school, &["order", "8", "take"]);
    run(&school, &["order", "8", "close", "--answer", "Пароль сброшен, попробуйте войти снова."]);
    run(&school, &["once"]);
    assert_eq!(school.count("SELECT count(*) FROM posting WHERE kind = 'receipt' AND status = 'sent' AND copied_at IS NOT NULL"), 12);
    (12..15).for_each(|n| drop(school.dovecot.deliver(&request(n))));

    let restored = school.dir().join("restored");
    let told = run(&school, &["restore", file.to_str().unwrap(), "--to", restored.to_str().unwrap(), "--identity", identity.to_str().unwrap()]);
    assert!(told.contains("6 appeals"), "{told}");
    let again = school.otklik(&["restore", file.to_str().unwrap(), "--to", restored.to_str().unwrap(), "--identity", identity.to_str().unwrap()]);
    assert_eq!(again.status.code(), Some(2), "a restore overwrites nothing");
    for name in ["otklik.toml", "instance.key", "rules/specialists.toml", "state/otklik.db"] {
        assert_eq!(std::fs::metadata(restored.join(name)).unwrap().permissions().mode() & 0o077, 0, "{name}");
    }
    std::fs::rename(school.dir().join("state"), school.dir().join("lost")).unwrap();
    std::fs::rename(restored.join("state"), school.dir().join("state")).unwrap();

    let mut daemon = school.run();
    let all = "SELECT count(*) FROM appeal";
    assert!(wait(LATER, || (school.count(all) >= 15).then_some(())).is_some(), "{}", daemon.log());
    assert!(await_receipts(&school, 15), "{}", daemon.log());
    daemon.signal("TERM");
    assert_eq!(daemon.ended(LATER), Some(Some(0)), "{}", daemon.log());
    assert_eq!(school.count(all), 15);
    assert_eq!(school.count("SELECT count(*) FROM appeal WHERE number = 8 AND state = 'closed'"), 1, "the order of the lost days is known again");
    let mut heard: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    for file in school.delivered_files() {
        let letter = message::read(&file);
        *heard.entry(letter.to[0].email.clone()).or_default().entry(letter.message_id.unwrap()).or_default() += 1;
    }
    let twice: Vec<_> = heard.iter().filter(|(_, ids)| ids.values().any(|n| *n > 1)).collect();
    assert!(twice.is_empty(), "{twice:?}");
    for n in 0..15 {
        let letters = heard.get(&format!("parent{n}@family.example")).map_or(0, BTreeMap::len);
        let answered = usize::from(school.count(&format!("SELECT count(*) FROM appeal WHERE email = 'parent{n}@family.example' AND state = 'closed'")) == 1);
        assert_eq!(letters, 1 + answered, "parent {n}");
    }
}

#[test]
fn a_lost_database_is_rebuilt_from_the_mailbox_and_another_machine_takes_over() {
    let Some(mut school) = TestSchool::start() else { return };
    run(&school, &["once"]);
    (0..4).for_each(|n| drop(school.dovecot.deliver(&request(n))));
    run(&school, &["once"]);
    let refused = school.otklik(&["rebuild"]);
    assert_eq!(refused.status.code(), Some(2), "a database that is there is not replaced");
    std::fs::rename(school.dir().join("state"), school.dir().join("lost")).unwrap();
    let told = run(&school, &["rebuild"]);
    assert!(told.contains("Заявок: 4") && told.contains("Всё сошлось"), "{told}");
    assert_eq!(school.count("SELECT count(*) FROM posting WHERE kind = 'receipt' AND evidence = 'sent_folder'"), 4);
    let sent = usize::try_from(school.count("SELECT count(*) FROM posting WHERE status = 'sent'")).unwrap();
    wait(LATER, || (school.delivered_count() >= sent).then_some(()));
    let delivered = but_the_heads(&school);
    run(&school, &["once"]);
    assert_eq!(but_the_heads(&school), delivered, "nobody hears anything again");
    assert_eq!(school.count("SELECT count(*) FROM posting WHERE key LIKE 'recovered/%'"), 1, "the head is told once, in the hours of staff");

    // The lost machine comes back while the new one has taken over.
    let told = run(&school, &["takeover"]);
    assert!(told.contains("epoch 2"), "{told}");
    std::fs::rename(school.dir().join("state"), school.dir().join("new")).unwrap();
    std::fs::rename(school.dir().join("lost"), school.dir().join("state")).unwrap();
    drop(school.dovecot.deliver(&request(9)));
    let mut old = school.run();
    assert_eq!(old.ended(LATER), Some(Some(77)), "{}", old.log());
    assert!(old.log().contains("another machine serves this school"), "{}", old.log());
    assert_eq!(but_the_heads(&school), delivered, "the replaced machine sends nothing");
    let again = school.otklik(&["once"]);
    assert_eq!(again.status.code(), Some(77), "nor does it start again");
}
