//! Backups as they are made night after night: within the service's memory, one beside another, on a machine whose clock was wrong, and killed half-way.
//!
//! Not here: what a restored database does next (`recovery.rs`), the command on real servers (`recovery_wire.rs`).

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails and says where")]

use chrono::{DateTime, TimeDelta, Utc};
use otklik::jobs::archive::{Opener, unpack};
use otklik::jobs::{DATABASE, Made, RECONCILE, School, backup, backup_by_rule, daily_backup, sweep};
use otklik::settings::{BackupLock, BackupRule, Settings};
use otklik::store::{Store, contents};
use std::path::{Path, PathBuf};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A school with a database of its own and a backup folder that may be shared.
struct Home {
    dir: tempfile::TempDir,
    settings: Settings,
    config: PathBuf,
    identity: PathBuf,
}

impl Home {
    fn new(address: &str, folder: &Path, keep: usize) -> Home {
        let dir = tempfile::tempdir().unwrap();
        let config = dir.path().join("otklik.toml");
        std::fs::write(&config, "# the configuration\n").unwrap();
        let key = age::x25519::Identity::generate();
        let identity = dir.path().join("key.txt");
        {
            use age::secrecy::ExposeSecret as _;
            std::fs::write(&identity, key.to_string().expose_secret()).unwrap();
        }
        let state_dir = dir.path().join("state");
        std::fs::create_dir(&state_dir).unwrap();
        let lock = BackupLock::Recipient(key.to_public().to_string());
        let backup = Some(BackupRule { folder: folder.to_owned(), lock, keep, at: "03:30:00".parse().unwrap() });
        let settings = Settings { state_dir, backup, address: address.into(), ..otklik::config::demo() };
        drop(Store::open(&settings.state_dir.join("otklik.db")).unwrap());
        Home { dir, settings, config, identity }
    }

    fn rule(&self) -> BackupRule {
        self.settings.backup.clone().unwrap()
    }

    fn by_rule(&self, now: DateTime<Utc>) -> Made {
        backup_by_rule(&self.settings, &self.config, &self.rule(), now).unwrap()
    }

    fn school(&self) -> School {
        School::new(self.settings.clone(), Store::open(&self.settings.state_dir.join("otklik.db")).unwrap(), false)
    }

    /// The database out of a backup.
    fn opened(&self, file: &Path) -> (tempfile::TempDir, PathBuf) {
        let to = tempfile::tempdir().unwrap();
        unpack(file, &Opener::Identity(self.identity.clone()), to.path()).unwrap();
        let database = to.path().join(DATABASE);
        contents(&database).unwrap();
        (to, database)
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

const SCHOOL: &str = "priemnaya@school.example";

#[test]
fn a_passphrase_costs_no_more_memory_than_the_service_has() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::new(SCHOOL, folder.path(), 3);
    let words = home.dir.path().join("passphrase");
    std::fs::write(&words, "five plain words of a song\n").unwrap();
    let file = folder.path().join("one.tar.age");
    backup(&home.settings, &home.config, &BackupLock::Passphrase(words.clone()), &file, at("2026-11-23T00:30:00Z")).unwrap();
    let bytes = std::fs::read(&file).unwrap();
    let header = String::from_utf8_lossy(&bytes[..200]).into_owned();
    let factor: u32 = header.lines().find_map(|l| l.strip_prefix("-> scrypt ")).and_then(|l| l.split(' ').nth(1)).unwrap().parse().unwrap();
    // scrypt takes 1024 bytes for each unit of work, in one piece; MemoryMax is 256 megabytes.
    assert!(factor <= 16, "{} megabytes", (1u64 << factor) >> 10);
    let to = tempfile::tempdir().unwrap();
    unpack(&file, &Opener::Passphrase("five plain words of a song".into()), to.path()).unwrap();
    assert_eq!(names(folder.path()), ["one.tar.age"], "nothing unfinished stays");
}

#[test]
fn what_a_killed_backup_leaves_is_told_and_cleared_away() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::new(SCHOOL, folder.path(), 3);
    let state = &home.settings.state_dir;
    for name in ["backup-copy.db", "rebuilding.db", "rebuilding.db-wal"] {
        std::fs::write(state.join(name), "everything in the clear").unwrap();
    }
    let school = home.school();
    school.store().set_meta("backup_attempt", "2026-11-23").unwrap();
    let now = at("2026-11-23T01:00:00Z");
    assert_eq!(daily_backup(&school, &home.config, now).unwrap(), None, "what ended the program once may end it again");
    let alerts = school.store().alerts().unwrap();
    assert!(alerts.iter().any(|(key, text)| key == "backup/2026-11-23" && text.contains("in the middle")), "{alerts:?}");
    assert!(names(state).iter().all(|n| !n.starts_with("backup-copy") && !n.starts_with("rebuilding")), "{:?}", names(state));
    // The next day it is made, and the one after a good one says nothing.
    let next = now + TimeDelta::days(1);
    assert!(daily_backup(&school, &home.config, next).unwrap().is_some());
    assert_eq!(daily_backup(&school, &home.config, next + TimeDelta::hours(1)).unwrap(), None);
    assert_eq!(school.store().alerts().unwrap().len(), alerts.len());
    // Without [backup] the daemon clears away too.
    std::fs::write(state.join("backup-copy.db"), "everything in the clear").unwrap();
    assert!(sweep(&home.settings).unwrap());
    assert!(!state.join("backup-copy.db").exists());
}

#[test]
fn two_backups_at_once_are_each_whole() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::new(SCHOOL, folder.path(), 100);
    let (school, now) = (home.school(), at("2026-11-23T00:30:00Z"));
    // Enough pages that one copy takes longer than the other's beginning.
    for n in 0..200 {
        school.store().set_meta(&format!("filling/{n}"), &"x".repeat(4000)).unwrap();
    }
    std::thread::scope(|scope| {
        for n in 0..2 {
            let (home, folder) = (&home, folder.path());
            scope.spawn(move || {
                for i in 0..12 {
                    backup(&home.settings, &home.config, &home.rule().lock, &folder.join(format!("{n}-{i}.tar.age")), now).unwrap();
                }
            });
        }
    });
    assert_eq!(names(folder.path()).len(), 24);
    for name in names(folder.path()) {
        let (_to, database) = home.opened(&folder.path().join(name));
        let filled = Store::open(&database).unwrap().meta("filling/199").unwrap();
        assert_eq!(filled.map(|f| f.len()), Some(4000));
    }
}

#[test]
fn a_clock_that_was_wrong_for_a_day_costs_no_backup_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::new(SCHOOL, folder.path(), 2);
    for foreign in ["otklik-vor-update.tar.age", "otklik-priemnaya@school.example-mine.tar.age", "readme.txt"] {
        std::fs::write(folder.path().join(foreign), "by hand").unwrap();
    }
    // As the first versions called it.
    std::fs::write(folder.path().join("otklik-2026-11-20T003000Z.tar.age"), "old").unwrap();
    home.by_rule(at("2031-11-23T00:30:00Z"));
    home.by_rule(at("2031-11-24T00:30:00Z"));
    let mut made = Vec::new();
    for day in 24..=27 {
        let one = home.by_rule(at(&format!("2026-11-{day}T00:30:00Z")));
        assert!(one.file.exists(), "what was made just now is never what is deleted");
        made.push(one.file);
    }
    assert_eq!(made.iter().map(|f| f.exists()).collect::<Vec<_>>(), [false, false, true, true]);
    let names = names(folder.path());
    assert!(!names.contains(&"otklik-2026-11-20T003000Z.tar.age".to_owned()), "{names:?}");
    assert!(names.iter().filter(|n| n.contains("vor-update") || n.contains("mine") || n.contains("readme")).count() == 3, "{names:?}");
    assert!(names.iter().filter(|n| n.contains("-2031-")).count() == 2, "a person sees them: {names:?}");
}

#[test]
fn schools_that_share_a_folder_keep_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (Home::new(SCHOOL, folder.path(), 2), Home::new("office@lyceum.example", folder.path(), 2));
    let first = one.by_rule(at("2026-11-23T00:30:00Z"));
    for day in 23..=27 {
        two.by_rule(at(&format!("2026-11-{day}T00:30:00Z")));
    }
    assert!(first.file.exists(), "{:?}", names(folder.path()));
    one.opened(&first.file);
    assert_eq!(names(folder.path()).len(), 3);
}

#[test]
fn every_copy_says_itself_up_to_when_it_knows() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::new(SCHOOL, folder.path(), 2);
    let (school, now) = (home.school(), at("2026-11-23T00:30:00Z"));
    let note = |at| school.store().carry_out(&[otklik::effect::Effect::Note { appeal: None, event: otklik::effect::Event::Report, text: "a line".into() }], at);
    note(now - TimeDelta::hours(3)).unwrap();
    let mark = |file: &Path| Store::open(&home.opened(file).1).unwrap().meta(RECONCILE).unwrap().unwrap().parse::<i64>().unwrap();
    assert_eq!(mark(&home.by_rule(now).file), (now - TimeDelta::hours(3)).timestamp());
    // A row of a day when the clock was wrong: nothing later than the backup is believed.
    note(at("2031-01-01T00:00:00Z")).unwrap();
    let later = now + TimeDelta::days(1);
    assert_eq!(mark(&home.by_rule(later).file), later.timestamp());
    assert_eq!(school.store().meta(RECONCILE).unwrap(), None, "the school itself goes on");
}
