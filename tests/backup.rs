//! Backups as files: the daily one and how many are kept, a passphrase that opens and one that does not, files that were cut or changed.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails and says where")]

use age::secrecy::ExposeSecret as _;
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use otklik::jobs::archive::{Opener, unpack};
use otklik::jobs::{School, backup, daily_backup};
use otklik::settings::{BackupLock, BackupRule, Settings};
use otklik::store::{Store, contents};
use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A school's folder with a database, a configuration and rules.
struct Home {
    dir: tempfile::TempDir,
    school: School,
    config: PathBuf,
    key: age::x25519::Identity,
}

impl Home {
    fn new(keep: usize) -> Home {
        let dir = tempfile::tempdir().unwrap();
        let config = dir.path().join("otklik.toml");
        std::fs::write(&config, "mode = \"shadow\"\n").unwrap();
        std::fs::create_dir_all(dir.path().join("rules/calendar")).unwrap();
        std::fs::write(dir.path().join("rules/calendar/2026.toml"), "decree = \"№ 1\"\n").unwrap();
        let key = age::x25519::Identity::generate();
        let rule = BackupRule {
            folder: dir.path().join("backups"),
            lock: BackupLock::Recipient(key.to_public().to_string()),
            keep,
            at: NaiveTime::from_hms_opt(3, 0, 0).unwrap(),
        };
        let settings = Settings { state_dir: dir.path().to_owned(), backup: Some(rule), ..otklik::config::demo() };
        let store = Store::open(&dir.path().join("otklik.db")).unwrap();
        let school = School::new(settings, store, false);
        Home { dir, school, config, key }
    }

    fn settings(&self) -> Settings {
        (*self.school.settings()).clone()
    }

    fn files(&self) -> BTreeSet<String> {
        let entries = std::fs::read_dir(self.dir.path().join("backups"));
        entries.map(|all| all.map(|e| e.unwrap().file_name().into_string().unwrap()).collect()).unwrap_or_default()
    }

    fn identity(&self) -> Opener {
        let path = self.dir.path().join("secret.txt");
        std::fs::write(&path, self.key.to_string().expose_secret()).unwrap();
        Opener::Identity(path)
    }
}

#[test]
fn one_backup_a_local_day_and_the_oldest_goes_when_the_new_one_is_whole() {
    let home = Home::new(3);
    // 3:00 in Moscow is midnight of Greenwich.
    let mut now = at("2026-11-17T23:30:00Z");
    assert!(daily_backup(&home.school, &home.config, now).unwrap().is_none(), "its hour has not come");
    now += TimeDelta::hours(1);
    let mut deleted = Vec::new();
    for _ in 0..6 {
        let made = daily_backup(&home.school, &home.config, now).unwrap().unwrap();
        deleted.push(made.deleted);
        assert!(home.files().contains(made.file.file_name().unwrap().to_str().unwrap()));
        assert_eq!(std::fs::metadata(&made.file).unwrap().permissions().mode() & 0o777, 0o600);
        for hours in [1, 10, 20] {
            assert!(daily_backup(&home.school, &home.config, now + TimeDelta::hours(hours)).unwrap().is_none(), "one a day");
        }
        // What a person put there is theirs.
        std::fs::write(home.dir.path().join("backups/otklik-saved-by-hand.txt"), "x").unwrap();
        now += TimeDelta::days(1);
    }
    assert_eq!(deleted, [0, 0, 0, 1, 1, 1]);
    let left: Vec<String> = home.files().into_iter().filter(|f| f.ends_with(".age")).collect();
    assert_eq!(left, [21, 22, 23].map(|day| format!("otklik-priemnaya@school.example-2026-11-{day}T003000Z.tar.age")));
    assert!(home.files().contains("otklik-saved-by-hand.txt"));
    let to = home.dir.path().join("opened");
    std::fs::create_dir(&to).unwrap();
    let names = unpack(&home.dir.path().join("backups").join(&left[2]), &home.identity(), &to).unwrap();
    for wanted in ["state/otklik.db", "instance.key", "otklik.toml", "rules/calendar/2026.toml", "backup.txt"] {
        assert!(names.iter().any(|n| n == wanted), "{wanted} is not among {names:?}");
    }
    contents(&to.join("state/otklik.db")).unwrap();
}

#[test]
fn a_daily_backup_that_fails_calls_a_person_keeps_the_old_ones_and_comes_again_the_next_day() {
    let home = Home::new(2);
    let first = at("2026-11-18T00:30:00Z");
    daily_backup(&home.school, &home.config, first).unwrap().unwrap();
    let before = home.files();
    let aside = home.dir.path().join("otklik.toml.aside");
    std::fs::rename(&home.config, &aside).unwrap();
    assert!(daily_backup(&home.school, &home.config, first + TimeDelta::days(1)).unwrap().is_none());
    assert_eq!(home.files(), before, "no half of a file, nothing deleted");
    let alerts = home.school.store().alerts().unwrap();
    assert!(alerts.iter().any(|(key, text)| key == "backup/2026-11-19" && text.contains("the daily backup failed")), "{alerts:?}");
    std::fs::rename(&aside, &home.config).unwrap();
    assert!(daily_backup(&home.school, &home.config, first + TimeDelta::days(2)).unwrap().is_some());
    assert_eq!(home.files().len(), 2);
}

#[test]
fn a_passphrase_opens_it_and_a_wrong_one_is_told_so() {
    let home = Home::new(2);
    let words = home.dir.path().join("words");
    std::fs::write(&words, "правильная лошадь батарея скрепка\nсюда не смотрят\n").unwrap();
    let file = home.dir.path().join("one.tar.age");
    let made = backup(&home.settings(), &home.config, &BackupLock::Passphrase(words), &file, at("2026-11-18T09:00:00Z")).unwrap();
    assert_eq!(made.file, file);
    let open = |to: &str, opener: &Opener, file: &Path| {
        let to = home.dir.path().join(to);
        std::fs::create_dir(&to).unwrap();
        (unpack(file, opener, &to).map_err(|e| e.to_string()), to)
    };
    let right = Opener::Passphrase("правильная лошадь батарея скрепка".into());
    let (names, to) = open("right", &right, &file);
    assert!(names.unwrap().iter().any(|n| n == "state/otklik.db"));
    contents(&to.join("state/otklik.db")).unwrap();
    let key = std::fs::read_to_string(to.join("instance.key")).unwrap();
    assert_eq!(key.trim(), data_encoding::HEXLOWER.encode(&home.settings().composer.key.0), "the key is part of it");

    let (refused, _) = open("wrong", &Opener::Passphrase("неправильная лошадь батарея".into()), &file);
    let words = refused.unwrap_err();
    assert!(words.starts_with("the backup cannot be opened"), "{words}");
    let (refused, _) = open("key", &home.identity(), &file);
    assert!(refused.unwrap_err().starts_with("the backup cannot be opened"), "a key is no passphrase");
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    let (refused, _) = open("half", &right, &file);
    assert!(refused.unwrap_err().starts_with("the backup is damaged"));

    let short = home.dir.path().join("short");
    std::fs::write(&short, "короткая\n").unwrap();
    let refused = backup(&home.settings(), &home.config, &BackupLock::Passphrase(short), &home.dir.path().join("no"), at("2026-11-18T09:00:00Z")).unwrap_err();
    assert!(refused.to_string().contains("at least 12 characters"), "{refused}");
    assert!(!home.dir.path().join("no").exists());
}

/// Cut anywhere or changed anywhere, it is refused in words: a restore never starts from half of a school.
#[test]
fn a_file_that_was_cut_or_changed_is_refused() {
    let home = Home::new(2);
    let file = home.dir.path().join("whole.tar.age");
    let lock = BackupLock::Recipient(home.key.to_public().to_string());
    backup(&home.settings(), &home.config, &lock, &file, at("2026-11-18T09:00:00Z")).unwrap();
    let opener = home.identity();
    let whole = std::fs::read(&file).unwrap();
    let damaged = home.dir.path().join("damaged.tar.age");
    let mut tried = 0;
    let mut refused = |bytes: &[u8], what: String| {
        std::fs::write(&damaged, bytes).unwrap();
        let to = home.dir.path().join(format!("to{tried}"));
        tried += 1;
        std::fs::create_dir(&to).unwrap();
        let words = unpack(&damaged, &opener, &to).err().unwrap_or_else(|| panic!("{what} was opened")).to_string();
        assert!(words.starts_with("the backup "), "{what}: {words}");
        std::fs::remove_dir_all(&to).unwrap();
    };
    for step in 0..40 {
        let length = whole.len() * step / 40;
        refused(&whole[..length], format!("cut at {length} of {}", whole.len()));
    }
    refused(&whole[..whole.len() - 1], "cut by one byte".into());
    for step in 0..40 {
        let place = whole.len() * step / 40;
        let mut changed = whole.clone();
        changed[place] ^= 1;
        refused(&changed, format!("a bit changed at {place}"));
    }
}
