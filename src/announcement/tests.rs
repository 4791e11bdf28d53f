//! Answers of families, the audience, the pace, files, warnings.

use super::*;
use crate::message::Attachment;
use crate::slots::ClassRange;
use chrono::{TimeDelta, TimeZone as _, Timelike as _};

fn draft(kind: &str) -> Draft {
    let mut d = read_text("объявление: тема", "Текст\nКому: 5А", chrono::NaiveDate::default()).draft;
    match kind {
        "come" => d.start = chrono::NaiveDate::from_ymd_opt(2026, 12, 12).and_then(|d| d.and_hms_opt(18, 0, 0)),
        "read" => d.confirm = true,
        "choose" => d.choices = vec!["есть компьютер".into(), "есть только телефон".into(), "ничего нет".into()],
        "consent" => d.consent = true,
        _ => {}
    }
    d
}

#[test]
fn answers_are_counted_as_people_write_them() {
    for (kind, text, wanted) in [
        ("read", "Ознакомлена", Some(Answer::Read)),
        ("read", "ОЗНАКОМЛЕН.", Some(Answer::Read)),
        ("read", "ознакомлен(а)", Some(Answer::Read)),
        ("read", "Здравствуйте! С информацией ознакомлена. Спасибо.", Some(Answer::Read)),
        ("read", "Добрый день!\nОзнакомились\n\nИванова Анна", Some(Answer::Read)),
        ("come", "буду", Some(Answer::Yes)),
        ("come", "Да, буду!", Some(Answer::Yes)),
        ("come", "Придём", Some(Answer::Yes)),
        ("come", "Не буду", Some(Answer::No)),
        ("come", "К сожалению, не сможем.", Some(Answer::No)),
        ("come", "нет", Some(Answer::No)),
        ("choose", "2", Some(Answer::Choice(2))),
        ("choose", "Вариант 3", Some(Answer::Choice(3))),
        ("choose", "2) есть только телефон", Some(Answer::Choice(2))),
        ("choose", "Ничего нет", Some(Answer::Choice(3))),
        ("consent", "Согласна", Some(Answer::Yes)),
        ("consent", "Не согласен.", Some(Answer::No)),
        ("consent", "Даю согласие", Some(Answer::Yes)),
    ] {
        let r = read_reply(text, "", &draft(kind));
        assert_eq!((r.answer, r.question, r.unsubscribe), (wanted, None, false), "{kind}: {text}");
    }
}

#[test]
fn other_words_are_a_question_and_never_an_answer() {
    for (kind, text) in [
        ("come", "А можно прийти с младшим сыном?"),
        ("come", "Буду или не буду, пока не знаю"),
        ("come", "Буду. Нет, не буду."),
        ("choose", "4"),
        ("choose", "2 или 3"),
        ("choose", "25.11 не подходит"),
        ("read", "С чем ознакомлен?"),
        ("consent", "Согласна, если без фотографий?"),
        ("consent", "Согласна, но фотографировать ребёнка нельзя"),
        ("consent", "Согласна. Фотографировать ребёнка нельзя."),
        ("nothing", "буду"),
    ] {
        let r = read_reply(text, "", &draft(kind));
        assert!(r.question.is_some(), "{kind}: {text}: {r:?}");
        assert_eq!(r.answer, None, "{kind}: {text}");
    }
    let both = read_reply("Буду. А можно с братом?", "", &draft("come"));
    assert_eq!((both.answer, both.question.as_deref()), (Some(Answer::Yes), Some("А можно с братом?")));
    let late = read_reply("Буду, но опоздаю на десять минут", "", &draft("come"));
    assert_eq!((late.answer, late.question.is_some()), (Some(Answer::Yes), true));
    assert_eq!(read_reply("", "Re: тема", &draft("come")), Reading::default());
}

#[test]
fn unsubscribing_is_known_by_word_and_by_the_header_s_link() {
    for (text, subject) in [("Отписаться", "Re: тема"), ("отпишите меня", ""), ("unsubscribe", "unsubscribe [obv-x]"), ("", "Отписаться")]
    {
        assert!(read_reply(text, subject, &draft("come")).unsubscribe, "{text} / {subject}");
    }
    let both = read_reply("Буду. Отпишите меня.", "", &draft("come"));
    assert!(both.unsubscribe && both.answer == Some(Answer::Yes), "{both:?}");
}

fn contact(name: &str, class: &str, email: &str) -> Contact {
    Contact { name: Some(name.into()), class: ClassRange::parse(class), email: Some(email.to_owned()).filter(|e| !e.is_empty()), ..Contact::default() }
}

#[test]
fn an_address_gets_one_letter_whatever_children_it_has() {
    let contacts = [
        contact("Петрова Мария Ивановна", "5А", "m@mail.example"),
        contact("Петров Олег Павлович", "5А", "o@mail.example"),
        contact("Петрова Мария Ивановна", "7Б", "m@mail.example"),
        contact("Котова Вера Ильинична", "5Б", ""),
        contact("Белова Анна Сергеевна", "5Б", "b@mail.example"),
    ];
    let of = |text: &str| choose(&contacts, &Audience::parse(text).unwrap(), |e| e == "b@mail.example");
    let all = of("все");
    assert_eq!(all.families.len(), 2, "{all:?}");
    assert_eq!(all.families[0].1, ["5А", "7Б"]);
    assert_eq!((class_words(&all.by_class).as_str(), all.left_out), ("5А (2), 7Б (1)", 1));
    assert_eq!(all.without, ["Котова Вера Ильинична, 5Б"]);
    assert_eq!(of("7").families, [(Some("Петрова Мария Ивановна".to_owned()), vec!["7Б".to_owned()], "m@mail.example".to_owned())]);
    assert!(of("11").families.is_empty());
}

#[test]
fn the_last_letter_leaves_as_the_pace_says() {
    let at = |h, m| chrono::Utc.with_ymd_and_hms(2026, 11, 23, h, m, 0).single().unwrap_or_default();
    let pace = Pace { minute: 10, day: 300 };
    let free = Recent::default();
    let hours = |at: DateTime<Utc>| {
        if at.hour() < 5 {
            at.date_naive().and_hms_opt(5, 0, 0).unwrap_or_default().and_utc()
        } else if at.hour() >= 17 {
            (at.date_naive() + TimeDelta::days(1)).and_hms_opt(5, 0, 0).unwrap_or_default().and_utc()
        } else {
            at
        }
    };
    assert_eq!(pace.last(at(10, 0), 10, &free, hours), at(10, 0));
    assert_eq!(pace.last(at(10, 0), 27, &free, hours), at(10, 2));
    assert_eq!(pace.last(at(16, 59), 27, &free, hours), at(5, 1) + TimeDelta::days(1), "the night is left out");
    assert_eq!(pace.last(at(10, 0), 301, &free, hours), at(10, 0) + TimeDelta::days(1), "the day's share is used up");
    let used = Recent { day: (300, Some(at(9, 0))), ..free };
    assert_eq!(pace.last(at(10, 0), 1, &used, hours), at(9, 0) + TimeDelta::days(1));
    assert_eq!(pace.allows(at(10, 0), &used), Err(at(9, 0) + TimeDelta::days(1)));
    assert_eq!(pace.allows(at(10, 0), &Recent { minute: (4, Some(at(10, 0))), ..free }), Ok(6));
    assert!(pace.allows(at(10, 0), &Recent { waiting: 21, ..free }).is_err(), "a stopped line gets no heap of letters");
}

#[test]
fn files_of_other_kinds_and_large_ones_stay_behind() {
    let file = |name: &str, bytes: Vec<u8>| Attachment { name: Some(name.into()), media_type: "application/octet-stream".into(), bytes };
    let pdf = |size: usize| [b"%PDF-1.7".to_vec(), vec![0; size]].concat();
    let (along, refused) = sorted(&[
        file("повестка.PDF", pdf(100)),
        file("песня.mp3", vec![1]),
        file("таблица.xlsx", b"PK\x03\x04".to_vec()),
        file("счёт.pdf.exe", pdf(1)),
        file("подделка.pdf", b"MZ".to_vec()),
        file("большой.pdf", pdf(MOST_BYTES)),
    ]);
    assert_eq!(along.iter().filter_map(|f| f.name.as_deref()).collect::<Vec<_>>(), ["повестка.PDF", "таблица.xlsx"]);
    assert_eq!(along[0].media_type, "application/pdf");
    assert_eq!(refused.len(), 4, "{refused:?}");
}

#[test]
fn the_sender_is_warned_and_a_quiet_letter_is_not() {
    let contacts = [contact("Петрова Мария Ивановна", "5А", "m@mail.example")];
    let of = |text: &str| {
        let d = Draft { text: text.into(), ..draft("nothing") };
        concerns(&d, &contacts, "school.example", &["+74950001200".to_owned()])
    };
    assert_eq!(of("Приглашаем Вас на собрание. Телефон школы 8 (495) 000-12-00, сайт https://school.example/5a"), Vec::<String>::new());
    for (text, part) in [
        ("ВНИМАНИЕ ВСЕМ РОДИТЕЛЯМ", "заглавными"),
        ("Срочно!! Приходите", "восклицательных"),
        ("Заполните https://forms.example/abc", "forms.example"),
        ("Петрова Ваня получил двойку", "Петрова"),
        ("У Петровой долг", "Петровой"),
        ("Звоните +7 900 000-00-01", "телефона"),
    ] {
        let found = of(text);
        assert!(found.iter().any(|w| w.contains(part)), "{text}: {found:?}");
    }
    assert!(of(&"слово ".repeat(400)).iter().any(|w| w.contains("длинный")));
}

#[test]
fn the_sender_s_words_are_few() {
    use super::orders::{Word, word};
    for (text, wanted) in [
        ("разослать", Some(Word::Send)),
        ("Разослать.", Some(Word::Send)),
        ("РАЗОСЛАТЬ", Some(Word::Send)),
        ("Разошлите, пожалуйста", Some(Word::Send)),
        ("разослать сейчас", Some(Word::SendNow)),
        ("Отмена", Some(Word::Drop)),
        ("Список", Some(Word::List)),
        ("исправить: Когда: 12.12 19:00", Some(Word::Correct("Когда: 12.12 19:00".into()))),
        ("разослать, но не всем", None),
        ("не надо разослать", None),
        ("Можно разослать?", None),
        ("", None),
    ] {
        assert_eq!(word(text), wanted, "{text}");
    }
}

#[test]
fn a_second_address_is_named_in_a_whole_sentence() {
    assert_eq!(second_address("Здравствуйте!\nМой второй адрес: Anna@Mail.example").as_deref(), Some("anna@mail.example"));
    assert_eq!(second_address("Второй адрес anna@mail.example").as_deref(), Some("anna@mail.example"));
    for text in ["Пишите на anna@mail.example", "Мой второй адрес", "Учитель прислал с anna@mail.example", ""] {
        assert_eq!(second_address(text), None, "{text}");
    }
}
