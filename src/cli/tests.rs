//! Tests of `check` and `init`.

use super::check::{check_in, json};
use super::init::{InitFlags, init_with, next_steps};
use crate::config::Surroundings;
use chrono::NaiveDate;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 18).unwrap()
}

fn passwords() -> Surroundings {
    Surroundings { credentials: None, imap_password: Some("invented".into()), smtp_password: Some("invented".into()) }
}

fn flags(address: &str) -> InitFlags {
    InitFlags { address: Some(address.into()), yes: true, ..InitFlags::default() }
}

fn run(dir: &Path, flags: InitFlags, typed: &str) -> (anyhow::Result<Vec<std::path::PathBuf>>, String) {
    let mut said = Vec::new();
    let result = init_with(dir, flags, &mut typed.as_bytes(), &mut said);
    (result, String::from_utf8(said).unwrap())
}

#[test]
fn what_init_writes_passes_check_for_every_provider() {
    let cases = [
        ("shkola12@mail.ru", None, "imap.mail.ru:993 (TLS)", "smtp.mail.ru:465 (TLS)"),
        ("shkola12@yandex.ru", None, "imap.yandex.ru:993 (TLS)", "smtp.yandex.ru:465 (TLS)"),
        ("shkola12@rambler.ru", None, "imap.rambler.ru:993 (TLS)", "smtp.rambler.ru:465 (TLS)"),
        ("priemnaya@school.example", Some("yandex"), "imap.yandex.ru:993 (TLS)", "smtp.yandex.ru:465 (TLS)"),
        ("priemnaya@school.example", Some("own"), "mail.school.example:143 (STARTTLS)", "mail.school.example:587 (STARTTLS)"),
    ];
    for (address, provider, imap, smtp) in cases {
        let dir = tempfile::tempdir().unwrap();
        let own = provider == Some("own");
        let given = InitFlags {
            provider: provider.map(str::to_owned),
            imap: own.then(|| "mail.school.example:143".into()),
            smtp: own.then(|| "mail.school.example:587".into()),
            ..flags(address)
        };
        let (written, _) = run(dir.path(), given, "");
        assert_eq!(written.unwrap().len(), 3);
        let checked = check_in(&dir.path().join("otklik.toml"), today(), &passwords());
        assert_eq!(checked.code, 0, "{address}: {}", checked.text);
        assert!(checked.text.contains(&format!("Mailbox: {imap} as {address}")) && checked.text.contains(&format!("Transport: {smtp}")), "{}", checked.text);
        assert!(checked.text.contains("mode is \"shadow\""), "{}", checked.text);
        if !own {
            assert!(checked.text.contains("[school] phone is still a placeholder") && checked.text.contains("reaches nobody"), "{}", checked.text);
            assert!(checked.text.contains("operator is the school's own mailbox"), "{}", checked.text);
        }
    }
}

#[test]
fn the_key_is_secret_and_each_its_own_and_never_written_over() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for dir in [&one, &two] {
        run(dir.path(), flags("shkola12@mail.ru"), "").0.unwrap();
    }
    let key = |dir: &tempfile::TempDir| std::fs::read_to_string(dir.path().join("instance.key")).unwrap();
    assert_eq!(std::fs::metadata(one.path().join("instance.key")).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(key(&one).trim().len(), 64);
    assert_ne!(key(&one), key(&two));
    let before = key(&one);
    let (again, _) = run(one.path(), flags("shkola12@mail.ru"), "");
    assert!(again.unwrap_err().to_string().contains("is there already and is not written over"));
    std::fs::remove_file(one.path().join("otklik.toml")).unwrap();
    std::fs::remove_dir_all(one.path().join("rules")).unwrap();
    assert_eq!(run(one.path(), flags("shkola12@mail.ru"), "").0.unwrap().len(), 2);
    assert_eq!(key(&one), before);
}

#[test]
fn what_the_flags_leave_open_is_asked_and_asked_again() {
    let dir = tempfile::tempdir().unwrap();
    let typed = "school12\nshkola12@yandex.ru\n\nШкола \"Радуга\"\n8 (343) 000-12-00\nYekaterinburg\nAsia/Yekaterinburg\nit@school.example\n";
    let (written, said) = run(dir.path(), InitFlags::default(), typed);
    written.unwrap();
    assert!(said.contains("«school12» has no @") && said.contains("[yandex]") && said.contains("Asia/Vladivostok"), "{said}");
    let checked = check_in(&dir.path().join("otklik.toml"), today(), &passwords());
    assert!(checked.text.contains("Школа \"Радуга\" <shkola12@yandex.ru>, 8 (343) 000-12-00, zone Asia/Yekaterinburg"), "{}", checked.text);
    assert!(checked.text.contains("every letter goes to it@school.example"), "{}", checked.text);
}

#[test]
fn nothing_is_written_when_an_answer_is_missing() {
    let dir = tempfile::tempdir().unwrap();
    let (result, _) = run(dir.path(), InitFlags { yes: true, ..InitFlags::default() }, "");
    assert!(result.unwrap_err().to_string().contains("--address is needed with --yes"));
    let (result, _) = run(dir.path(), flags("priemnaya@school.example"), "");
    assert!(result.unwrap_err().to_string().contains("--imap is needed with --yes"));
    let (result, _) = run(dir.path(), InitFlags::default(), "shkola12@mail.ru\n");
    assert!(result.unwrap_err().to_string().contains("no answer to"));
    let (result, _) = run(dir.path(), InitFlags { zone: Some("Moscow".into()), ..flags("shkola12@mail.ru") }, "");
    assert!(format!("{:#}", result.unwrap_err()).contains("--zone Moscow: write a name like"));
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    assert!(next_steps(dir.path()).contains("otklik check --config"));
}

#[test]
fn json_has_one_object_for_each_finding() {
    let dir = tempfile::tempdir().unwrap();
    run(dir.path(), flags("shkola12@mail.ru"), "").0.unwrap();
    let path = dir.path().join("otklik.toml");
    let bad = check_in(&path, today(), &Surroundings::default());
    assert_eq!((bad.code, json(&bad.result).lines().count()), (2, 2), "{}", bad.text);
    let first: serde_json::Value = serde_json::from_str(json(&bad.result).lines().next().unwrap()).unwrap();
    assert_eq!((&first["kind"], &first["file"]), (&"mistake".into(), &"otklik.toml".into()));
    assert!(first["line"].is_u64() && first["message"].as_str().unwrap().contains("OTKLIK_IMAP_PASSWORD"));
    assert!(json(&check_in(&path, today(), &passwords()).result).lines().all(|l| l.contains("\"kind\":\"warning\"")));
}

#[test]
fn check_says_what_the_configuration_comes_to() {
    let dir = tempfile::tempdir().unwrap();
    run(
        dir.path(),
        InitFlags {
            operator: Some("it@school.example".into()),
            school: Some("Школа № 12".into()),
            phone: Some("8 (495) 000-12-00".into()),
            ..flags("shkola12@mail.ru")
        },
        "",
    )
    .0
    .unwrap();
    std::fs::remove_dir_all(dir.path().join("rules")).unwrap();
    let checked = check_in(&dir.path().join("otklik.toml"), today(), &passwords());
    let expected = "No mistakes.

To know:
  otklik.toml:5: mode is \"shadow\": every letter goes to the operator and nobody else hears anything; when the copies look right, run `otklik go-live`
  otklik.toml: no backup is configured: a lost disk costs what only the database knows (docs/recovery.md); write [backup] with folder and recipient or passphrase_file
  rules/specialists.toml: head-1, head-2, director-1 and 8 more: an address that ends in .example reaches nobody; write the real ones before `otklik go-live`

Школа № 12 <shkola12@mail.ru>, 8 (495) 000-12-00, zone Europe/Moscow
Mode: shadow, every letter goes to it@school.example
Mailbox: imap.mail.ru:993 (TLS) as shkola12@mail.ru, INBOX, every 60 s
Transport: smtp.mail.ru:465 (TLS) as shkola12@mail.ru
Head: Орлова Марина Викторовна; when away Лебедев Андрей Павлович
Director: Громова Елена Сергеевна; when away Орлова Марина Викторовна

Who answers what:
  technical         request       Ершов Павел Николаевич (deputy Белов Сергей Викторович)
  ejournal          request       Зайцева Анна Михайловна (deputy Ершов Павел Николаевич)
  lesson_quality    request       the head
  equipment         request       the head
  psychologist      consultation  Самойлова Ирина Юрьевна (deputy Никитина Светлана Олеговна)
  speech_therapist  consultation  Полозова Ольга Петровна (deputy Самойлова Ирина Юрьевна)
  social_pedagogue  consultation  Никитина Светлана Олеговна (deputy Самойлова Ирина Юрьевна)
  learning_help     consultation  Морозова Татьяна Игоревна (deputy Козлов Дмитрий Алексеевич); Козлов Дмитрий Алексеевич (deputy Морозова Татьяна Игоревна)
  other             request       the head

Terms: taken within 30m, answered within 24h, invited within 3bd
Letters to families 08:00-20:00, to staff 07:30-19:00
Reports: daily from Wed 2026-11-18 07:30, weekly from Fri 2026-11-20 12:00
";
    let (before, letters) = checked.text.rsplit_once("Letters: ").unwrap();
    let (above, rest) = before.split_once("Orders by letter").unwrap();
    let (orders, below) = rest.split_once("\n\n").unwrap();
    assert_eq!(format!("{above}{below}"), expected);
    // One line a person: all of them write from the school's domain, which mail.ru's servers check.
    let lines: Vec<&str> = orders.lines().skip(1).collect();
    assert_eq!(lines.len(), checked.result.as_ref().unwrap().settings.staff.len());
    assert!(
        lines.iter().all(|l| l.contains("@school.example") && l.ends_with("no confirmation while the mail of school.example passes DMARC or DKIM")),
        "{orders}"
    );
    assert!(letters.trim_end().trim_end_matches(" samples composed").parse::<usize>().unwrap() > 40, "{letters}");
    let composed = super::check::samples(&checked.result.unwrap().settings, today());
    assert!(composed.iter().all(|(name, posting)| !posting.subject.is_empty() && posting.raw.len() > 500 && !name.is_empty()));
}

#[test]
fn a_key_is_replaced_and_the_one_before_kept_while_its_letters_live() {
    let dir = tempfile::tempdir().unwrap();
    let flags = InitFlags { operator: Some("it@school.example".into()), phone: Some("8 (495) 000-12-00".into()), ..flags("shkola12@mail.ru") };
    run(dir.path(), flags, "").0.unwrap();
    std::fs::remove_dir_all(dir.path().join("rules")).unwrap();
    let config = dir.path().join("otklik.toml");
    let file = dir.path().join("instance.key");
    let keys = || crate::config::keys(&std::fs::read(&file).unwrap()).unwrap();
    let settings = || check_in(&config, today(), &passwords()).result.unwrap().settings;
    let now = chrono::DateTime::from_timestamp(1_795_600_000, 0).unwrap();
    let first = keys().0;
    let school = || crate::jobs::School::new(settings(), crate::store::Store::in_memory().unwrap(), false);
    super::key::rotate(&config, &school(), false, now, &mut Vec::new()).unwrap();
    let (second, older) = keys();
    assert!(second.0 != first.0 && older.is_some_and(|o| o.key.0 == first.0 && o.until == now));
    let loaded = settings().composer;
    assert!(loaded.key.0 == second.0 && loaded.older.is_some(), "the configuration reads both");
    super::key::rotate(&config, &school(), true, now, &mut Vec::new()).unwrap();
    assert!(keys().1.is_none() && keys().0.0 != second.0, "in wrong hands: nothing is kept");
    // But for the marks of forgotten people: no other key can make them again.
    super::key::rotate(&config, &school(), false, now, &mut Vec::new()).unwrap();
    let marks: Vec<_> = settings().composer.marks.into_iter().map(|k| k.0).collect();
    assert_eq!((marks, keys().1.is_some()), (vec![first.0], true));
    let lost = crate::jobs::mark(&settings(), "mama@mail.example");
    assert_eq!(lost, crate::compose::hmac_token(&first, "forgotten", "mama@mail.example"), "the same mark as before any rotation");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_rebuild_refuses_beside_the_log_of_an_old_database() {
    let dir = tempfile::tempdir().unwrap();
    let database = dir.path().join("otklik.db");
    super::rebuild::away(&database).unwrap();
    for ending in ["", "-wal", "-shm"] {
        let left = dir.path().join(format!("otklik.db{ending}"));
        std::fs::write(&left, "frames").unwrap();
        let refused = super::rebuild::away(&database).unwrap_err().to_string();
        assert!(refused.contains(&format!("otklik.db{ending} is there")) && refused.contains("move"), "{refused}");
        std::fs::remove_file(left).unwrap();
    }
}
