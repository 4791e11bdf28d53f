//! `otklik evaluate` as a school runs it on letters that it labelled itself.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its own output fails")]

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const LETTERS: [(&str, &str, &str); 5] = [
    (
        "in/1.eml",
        "Вера Лунина <vera@mail.example>",
        "Не открывается электронный журнал\n\nЗдравствуйте! Не могу войти в электронный журнал, пишет неверный пароль.\nПозвоните мне, пожалуйста: +7 900 000-00-11, во вторник после 17:00.\n\nВера Лунина, мама Пети, 5А",
    ),
    (
        "in/2.eml",
        "Олег Дроздов <oleg@mail.example>",
        "Вопрос логопеду\n\nЗдравствуйте! Сын не выговаривает звук «р», нужна консультация логопеда.\n\nОлег Дроздов",
    ),
    (
        "in/3.eml",
        "Анна Савина <anna@mail.example>",
        "Психолог\n\nДобрый день! Дочь плохо спит и боится идти в школу, хотелось бы поговорить с психологом.\n\nАнна Савина",
    ),
    ("in/4.eml", "Илья Котов <ilya@mail.example>", "Не включается ноутбук\n\nЗдравствуйте! Школьный ноутбук, который нам выдали, не включается.\n\nИлья Котов"),
    ("in/5.eml", "Лавка <shop@shop.example>", "Скидки\n\nТолько сегодня скидки на всё!"),
];

/// A folder of this test run with the letters and a labels file.
fn folder(name: &str, labels: &str) -> PathBuf {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("evaluate-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&root);
    std::fs::create_dir_all(root.join("in")).unwrap();
    for (file, from, text) in LETTERS {
        let (subject, body) = text.split_once("\n\n").unwrap();
        let list = if from.starts_with("Лавка") { "List-Unsubscribe: <mailto:off@shop.example>\nPrecedence: bulk\n" } else { "" };
        let letter = format!(
            "From: {from}\nTo: priemnaya@school.example\nSubject: {subject}\nDate: Mon, 9 Nov 2026 10:00:00 +0300\nMessage-ID: <{}@mail.example>\n{list}MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{body}\n",
            file.replace('/', "-")
        );
        std::fs::write(root.join(file), letter.replace('\n', "\r\n")).unwrap();
    }
    std::fs::write(root.join("labels.jsonl"), labels).unwrap();
    root
}

fn labels() -> String {
    [
        // What is wrong on purpose: the class, and the day of the window.
        json!({"file": "in/1.eml", "kind": "new_appeal", "category": "ejournal", "secondary": null, "urgent": false, "wants_consultation": false, "role": "parent",
            "name": "Вера Лунина", "class": "6Б", "phone": "+79000000011", "channel": "phone", "times": [{"date": "2026-11-11", "after": "17:00"}], "difficulty": "easy"}),
        json!({"file": "in/2.eml", "kind": "new_appeal", "category": "speech_therapist", "wants_consultation": true, "difficulty": "easy"}),
        json!({"file": "in/3.eml", "category": "psychologist", "urgent": false, "difficulty": "medium"}),
        json!({"file": "in/4.eml", "category": "other", "also_ok": ["equipment", "technical"], "difficulty": "hard"}),
        json!({"file": "in/5.eml", "kind": "spam_or_list"}),
    ]
    .map(|line| format!("{line}\n"))
    .concat()
}

fn run(root: &Path, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_otklik"))
        .args(["evaluate", "--mailbox", "priemnaya@school.example", "--staff-domain", "school.example"])
        .arg(root.join("labels.jsonl"))
        .args(more)
        .current_dir(env!("CARGO_TARGET_TMPDIR"))
        .output()
        .unwrap()
}

fn good(root: &Path, more: &[&str]) -> String {
    let done = run(root, more);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

#[test]
fn people_read_tables_and_misses() {
    let root = folder("people", &labels());
    let told = good(&root, &[]);
    for line in [
        "labels.jsonl: писем 5",
        "вид письма             kind                   3 из 3    100.0 %",
        "тема                   category               3 из 4     75.0 %",
        "  и допустимая         also_ok                4 из 4    100.0 %",
        "класс                  class                  0 из 1      0.0 %     0 из 1      0.0 %  0 из 0",
        "Срочные письма:  найдено 0 из 0",
        "                 ложных тревог среди несрочных 0 из 2 (0.0 %)",
        "Окна времени:    точность 0 из 1 (0.0 %)",
        "трудные                   0 из 1      0.0 %     1 из 1    100.0 %",
        " 5 педагог-психолог                  ·    ·    ·    ·    1    ·    ·    ·    ·    ·",
        " – не обращение                      ·    ·    ·    ·    ·    ·    ·    ·    ·    1",
        "Ожидаемая ошибка уверенности ",
        "Расхождения: 3\nin/1.eml\n  class               прочитано 5А, в разметке 6Б\n  times               прочитано [{\"after\":\"17:00\",\"date\":\"2026-11-10\"}], в разметке [{\"after\":\"17:00\",\"date\":\"2026-11-11\"}]\n",
        "(допустимо)",
    ] {
        assert!(told.contains(line), "no «{line}» in\n{told}");
    }
    assert!(!told.contains("    — ") && !told.contains("пароль"), "no word of a letter unless asked for:\n{told}");
    let more = good(&root, &["--misses"]);
    assert!(more.contains("    — "), "{more}");
    // Dealt or not, the letters are counted in the order of their labels; only the head and how sure the topics are differ, as they learned from the others.
    let dealt = good(&root, &["--folds", "3"]);
    assert!(dealt.contains("писем 5, частей 3"));
    let alike = |table: &str| table.lines().skip(1).filter(|l| !l.starts_with("0.") && !l.starts_with("Ожидаемая")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(alike(&dealt), alike(&told));
    assert_ne!(dealt, told);
}

#[test]
fn machines_read_one_object() {
    let root = folder("machines", &labels());
    let told = good(&root, &["--json"]);
    assert_eq!(told.lines().count(), 1);
    let read: Value = serde_json::from_str(&told).unwrap();
    assert_eq!((&read["letters"], &read["folds"]), (&json!(5), &Value::Null));
    assert_eq!(read["keys"]["kind"]["right"], 3);
    assert_eq!(read["keys"]["category"]["share"], 0.75);
    assert_eq!(read["keys"]["phone"]["said"], json!({"right": 1, "of": 1, "share": 1.0}));
    assert_eq!(read["keys"].get("intent"), None, "nobody labelled it");
    assert_eq!(read["category"]["also_ok"]["right"], 4);
    assert_eq!(read["difficulty"]["hard"]["strict"], json!({"right": 0, "of": 1, "share": 0.0}));
    assert_eq!(read["urgent"], json!({"recall": {"right": 0, "of": 0, "share": null}, "false_alarms": {"count": 0, "of": 2}}));
    assert_eq!(read["windows"]["f1"], 0.0);
    assert_eq!((&read["confusion"]["psychologist"]["psychologist"], &read["confusion"]["none"]["none"]), (&json!(1), &json!(1)));
    assert_eq!(read["calibration"].as_array().unwrap().iter().map(|b| b["letters"].as_u64().unwrap()).sum::<u64>(), 4);
    assert!(read["calibration_error"].as_f64().unwrap() < 1.0);
    assert_eq!(read["misses"][0], json!({"file": "in/1.eml", "key": "class", "read": "5А", "label": "6Б", "accepted": false}));
    let more: Value = serde_json::from_str(&good(&root, &["--json", "--misses"])).unwrap();
    assert!(more["misses"][0]["reasons"].as_array().is_some_and(|r| !r.is_empty()));
}

#[test]
fn bad_labels_are_told_at_once_and_nothing_is_scored() {
    let bad = "{\"file\":\"in/1.eml\",\"kind\":\"appeal\"}\nnot json\n{\"file\":\"in/9.eml\",\"urgent\":true}\n{\"file\":\"in/2.eml\",\"class\":\"5A\",\"categorie\":\"other\"}\n";
    let many = format!("{}{bad}", labels());
    let cases: &[(&str, &str, &[&str], &[&str])] = &[
        (
            "many",
            bad,
            &[],
            &[
                "nothing was scored",
                "labels.jsonl:1: kind: \"appeal\" is none of new_appeal",
                "labels.jsonl:2: is no JSON",
                "labels.jsonl:3: file: ",
                "in/9.eml cannot be read: No such file",
                "labels.jsonl:4: class: \"5A\" is no class",
                "labels.jsonl:4: categorie: no such key",
            ],
        ),
        ("twice", &many, &[], &["labels.jsonl:6: kind: \"appeal\"", "labels.jsonl:8: file: "]),
        ("empty", "\n", &[], &["labels.jsonl:1: no label at all"]),
        ("folds", "{\"file\":\"in/2.eml\",\"urgent\":false}\n", &["--folds", "2"], &["--folds 2: there are only 1 letters"]),
        ("one-fold", "{\"file\":\"in/2.eml\",\"urgent\":false}\n", &["--folds", "1"], &["--folds <N>"]),
    ];
    for (name, labels, more, told) in cases {
        let done = run(&folder(name, labels), more);
        let said = String::from_utf8(done.stderr).unwrap();
        assert_eq!((done.status.code(), done.stdout.len()), (Some(2), 0), "{name}: {said}");
        for sentence in *told {
            assert!(said.contains(sentence), "{name}: no «{sentence}» in\n{said}");
        }
    }
    let root = folder("gone", "");
    std::fs::write(root.join("labels.jsonl"), b"{\"file\":\"in/1.eml\"}\n{\"name\":\"\xcf\xb8\xf2\xf0\"}\n").unwrap();
    assert!(String::from_utf8(run(&root, &[]).stderr).unwrap().contains("labels.jsonl:2: is not UTF-8"));
    std::fs::remove_file(root.join("labels.jsonl")).unwrap();
    let done = run(&root, &[]);
    assert_eq!(done.status.code(), Some(2));
    assert!(String::from_utf8(done.stderr).unwrap().contains("labels.jsonl cannot be read"));
}
