//! Tests of likeness: families of one incident against other letters.

use super::{ALIKE, Category, Topics, Understanding, compared_with, gist, likeness};

fn read(text: &str) -> Understanding {
    Understanding { category: Some(Category::Technical), text: text.to_owned(), ..Understanding::default() }
}

#[test]
fn one_incident_is_alike_and_other_troubles_are_not() {
    let topics = Topics::embedded();
    let outage = [
        "Здравствуйте! С утра Сферум не открывается, пишет ошибка 503, ребёнок не может попасть на урок.",
        "Добрый день, у нас Сферум выдаёт ошибку 503, на урок не зайти. Что делать?",
        "сферум ошибка 503 не можем войти на урок",
        "Подскажите, Сферум сегодня работает? Ошибка 503 весь урок, никто не может войти.",
        "Не заходит в Сферум, пишет 503 ошибка. Урок математики пропустили.",
    ];
    let others = [
        "На планшете не работает микрофон, учитель сына не слышит.",
        "Забыли пароль от почты ученика, как восстановить?",
        "Не открывается присланный файл с заданием, формат неизвестен.",
        "Изображение дёргается и звук отстаёт, хотя интернет хороший.",
    ];
    let gists = |texts: &[&str]| texts.iter().map(|t| gist(&topics, &read(t)).unwrap()).collect::<Vec<_>>();
    let (outage, others) = (gists(&outage), gists(&others));
    for (i, a) in outage.iter().enumerate() {
        for b in outage.iter().skip(i + 1) {
            assert!(likeness(a, b) >= ALIKE, "{}", likeness(a, b));
        }
        for b in &others {
            assert!(likeness(a, b) < ALIKE, "{}", likeness(a, b));
        }
        assert!((likeness(a, a) - 1.0).abs() < 1e-3);
    }
}

#[test]
fn children_are_never_alike() {
    let topics = Topics::embedded();
    let text = "Сын боится идти в школу, плачет каждое утро.";
    for read in [
        Understanding { urgent: true, ..read(text) },
        Understanding { delicate: true, ..read(text) },
        Understanding { complaint: true, ..read(text) },
        Understanding { category: Some(Category::Psychologist), ..read(text) },
        Understanding { category: None, ..read(text) },
    ] {
        assert_eq!(gist(&topics, &read), None);
    }
    let equipment = Understanding { category: Some(Category::Equipment), ..read(text) };
    let (a, b) = (gist(&topics, &read(text)).unwrap(), gist(&topics, &equipment).unwrap());
    assert_eq!(likeness(&a, &b), 0.0);
}

#[test]
fn an_outage_is_one_however_its_letters_were_sorted() {
    let topics = Topics::embedded();
    let of = |category, text: &str| gist(&topics, &Understanding { category: Some(category), ..read(text) }).unwrap();
    let technical = of(Category::Technical, "Не открывается электронный журнал, ошибка сервера 502. Что делать?");
    let journal = of(Category::Ejournal, "Здравствуйте! С утра электронный журнал не открывается, пишет ошибка 502 сервера.");
    let lesson = of(Category::LessonQuality, "Урока сегодня не было: электронный журнал не открывается, ошибка сервера 502.");
    for (a, b) in [(&technical, &journal), (&technical, &lesson), (&journal, &lesson)] {
        assert!(likeness(a, b) >= ALIKE, "{}", likeness(a, b));
    }
    let other = of(Category::Ejournal, "В журнале у сына чужая двойка по физике, исправьте, пожалуйста.");
    assert!(likeness(&technical, &other) < ALIKE);
    assert_eq!(compared_with(Category::Ejournal), [Category::Ejournal, Category::Technical, Category::LessonQuality]);
    assert_eq!(compared_with(Category::Equipment), [Category::Equipment]);
}
