//! Samples of the letters about announcements; `check` renders a school's own templates with them.

use super::announcement_letters::{
    AnnouncementCancelled, AnnouncementLetter, AnnouncementList, AnnouncementPreview, AnnouncementReminder, Asked, SecondAddress, Unsubscribed, family_links,
    sender_link,
};
use super::samples_author::{date, moment};
use super::{Letter, PUBLIC_KEY, hmac_token};

const ADDRESS: &str = "priemnaya@school.example";
const SENDER: &str = "классный руководитель Лебедева Анна Сергеевна";

fn links(words: &[(&str, &str)]) -> Vec<(String, String)> {
    let words: Vec<(String, String)> = words.iter().map(|(l, w)| ((*l).to_owned(), (*w).to_owned())).collect();
    family_links(ADDRESS, "Родительское собрание 5А", &hmac_token(&PUBLIC_KEY, "announcement", "sample"), &words)
}

fn asked(what: &'static str, words: &[(&str, &str)]) -> Asked {
    Asked { what, choices: Vec::new(), until: None, protocol: None, links: links(words) }
}

fn meeting() -> AnnouncementLetter {
    AnnouncementLetter {
        name: Some("Петрова Мария Ивановна".to_owned()),
        topic: "Родительское собрание 5А".to_owned(),
        text: "Приглашаем Вас на родительское собрание. Поговорим об итогах четверти и о поездке в музей.".to_owned(),
        start: Some(moment(25, 18, 0)),
        end: Some(moment(25, 19, 0)),
        place: Some("кабинет 214".to_owned()),
        sender: SENDER.to_owned(),
        asked: asked("come", &[("Буду", "буду"), ("Не буду", "не буду")]),
    }
}

fn letters() -> Vec<AnnouncementLetter> {
    let plain = AnnouncementLetter { name: None, start: None, end: None, place: None, ..meeting() };
    let read = asked("read", &[("Ознакомлен(а)", "ознакомлен(а)")]);
    let poll = Asked {
        choices: vec!["есть компьютер и интернет".to_owned(), "есть только телефон".to_owned()],
        until: Some(date(2026, 11, 24)),
        ..asked("choose", &[("1. есть компьютер и интернет", "1"), ("2. есть только телефон", "2")])
    };
    vec![
        meeting(),
        AnnouncementLetter { asked: asked("nothing", &[]), place: Some("school.example/vstrecha".to_owned()), ..plain.clone() },
        AnnouncementLetter { asked: read.clone(), ..plain.clone() },
        AnnouncementLetter {
            asked: Asked { protocol: Some("протокол собрания от 15.09.2026 № 2".to_owned()), until: Some(date(2026, 11, 24)), ..read },
            ..plain.clone()
        },
        AnnouncementLetter { asked: poll, ..plain.clone() },
        AnnouncementLetter {
            asked: asked("consent", &[("Согласен (согласна)", "согласен"), ("Не согласен (не согласна)", "не согласен")]), ..plain
        },
    ]
}

impl Letter for AnnouncementLetter {
    const NAME: &'static str = "announcement";
    fn samples() -> Vec<Self> {
        letters()
    }
}

impl Letter for AnnouncementReminder {
    const NAME: &'static str = "announcement_reminder";
    fn samples() -> Vec<Self> {
        letters().into_iter().filter(|l| l.asked.what != "nothing").map(|letter| AnnouncementReminder { letter }).collect()
    }
}

impl Letter for AnnouncementCancelled {
    const NAME: &'static str = "announcement_cancelled";
    fn samples() -> Vec<Self> {
        let topic = "Родительское собрание 5А".to_owned();
        vec![
            AnnouncementCancelled {
                name: Some("Петрова Мария Ивановна".to_owned()),
                topic: topic.clone(),
                start: Some(moment(25, 18, 0)),
                sender: SENDER.to_owned(),
            },
            AnnouncementCancelled { name: None, topic, start: None, sender: SENDER.to_owned() },
        ]
    }
}

impl Letter for AnnouncementPreview {
    const NAME: &'static str = "announcement_preview";
    fn samples() -> Vec<Self> {
        let token = hmac_token(&PUBLIC_KEY, "announce", "sample");
        let link = |label: &str, words: &str| sender_link(ADDRESS, (12, 1), &token, label, words);
        let full = AnnouncementPreview {
            id: 12,
            version: 2,
            topic: "Родительское собрание 5А".to_owned(),
            families: 27,
            classes: "5А (27)".to_owned(),
            without: vec!["Сидоров Пётр Ильич, 5А".to_owned()],
            left_out: 1,
            letter: "Здравствуйте, Мария Ивановна!\n\nПриглашаем Вас на родительское собрание.".to_owned(),
            files: vec!["повестка.pdf (120 КБ)".to_owned()],
            refused: vec!["Файл «песня.mp3» не прикреплён: можно pdf, docx, xlsx, odt, jpg и png.".to_owned()],
            first: moment(23, 10, 0),
            last: moment(23, 10, 3),
            ahead: true,
            urgent: true,
            event: true,
            concerns: vec!["Слова заглавными буквами читаются как крик: ВНИМАНИЕ, ВСЕМ. Напишите их, пожалуйста, обычными.".to_owned()],
            days: 3,
            links: vec![link("Разослать", "разослать"), link("Отменить", "отмена")],
        };
        let plain = AnnouncementPreview {
            without: Vec::new(),
            version: 1,
            left_out: 0,
            families: 1,
            files: Vec::new(),
            refused: Vec::new(),
            ahead: false,
            urgent: false,
            event: false,
            concerns: Vec::new(),
            last: moment(23, 10, 0),
            ..full.clone()
        };
        vec![full, plain]
    }
}

impl Letter for AnnouncementList {
    const NAME: &'static str = "announcement_list";
    fn samples() -> Vec<Self> {
        let who = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
        let full = AnnouncementList {
            id: 12,
            topic: "Родительское собрание 5А".to_owned(),
            closing: true,
            whole: true,
            stage: "закончено".to_owned(),
            families: 27,
            posted: 26,
            what: "come",
            answers: vec![
                ("будут".to_owned(), who(&["Петрова Мария Ивановна, 5А", "Котов Олег Павлович, 5А"])),
                ("не будут".to_owned(), who(&["Белов Иван Ильич, 5А"])),
            ],
            silent: who(&["Смирнова Ольга Петровна, 5А"]),
            undelivered: who(&["Громова Вера Львовна, 5А"]),
            questions: vec![("Котов Олег Павлович, 5А".to_owned(), "А можно прийти с младшим сыном?".to_owned())],
        };
        let quiet = AnnouncementList {
            closing: false,
            whole: false,
            stage: "разослано".to_owned(),
            what: "nothing",
            answers: Vec::new(),
            silent: Vec::new(),
            undelivered: Vec::new(),
            questions: Vec::new(),
            posted: 27,
            ..full.clone()
        };
        let day = AnnouncementList { closing: false, whole: false, stage: "разослано, собираем ответы".to_owned(), ..full.clone() };
        vec![full, day, quiet]
    }
}

impl Letter for SecondAddress {
    const NAME: &'static str = "second_address";
    fn samples() -> Vec<Self> {
        vec![SecondAddress { links: links(&[("Да, это мой адрес", "да")]) }]
    }
}

impl Letter for Unsubscribed {
    const NAME: &'static str = "unsubscribed";
    fn samples() -> Vec<Self> {
        vec![Unsubscribed { again: false }, Unsubscribed { again: true }]
    }
}
