//! Tests of the text: HTML to text, and what is the author's, the signature's, the quoted letter's.

use super::tests::FIXTURES;
use super::{Body, html, quotes, read, signature};

fn body(number: &str) -> Body {
    let (_, bytes) = FIXTURES.iter().find(|(name, _)| name.starts_with(number)).unwrap();
    read(bytes).body
}

/// Own, signature, quoted of a text.
fn cut(text: &str) -> (String, String, String) {
    let folds = quotes::cut(text, false);
    (folds.own, folds.signature, folds.quoted)
}

#[test]
fn every_pattern_compiles() {
    use quotes::{ANGLE_ADDRESS, DATE, FIELD_FROM, FIELD_OTHER, FIELD_WHEN, FORWARD, FORWARD_SUBJECT, ORIGINAL, TIME, VERB};
    use signature::{CLOSING, DEVICE, POSTSCRIPT};
    let quoting = [&DATE, &TIME, &ANGLE_ADDRESS, &VERB, &ORIGINAL, &FORWARD, &FIELD_FROM, &FIELD_WHEN, &FIELD_OTHER, &FORWARD_SUBJECT];
    assert!(quoting.into_iter().chain([&DEVICE, &CLOSING, &POSTSCRIPT]).all(|p| p.is_some()));
}

#[test]
fn answers_between_quoted_lines_are_the_authors() {
    let body = body("14");
    assert_eq!(
        body.own,
        "Доброе утро! Отвечаю между строк.\n\nДа, брекеты с весны.\n\nДистанционно. Камеру она включать будет, обещала.\n\nПо вторникам с 17 до 18:30. По понедельникам точно никак.\n\nК. Ребров"
    );
    assert!(body.quoted.starts_with("04.12.2026 14:10, Приёмная школы № 12 пишет:\n1. Наблюдается ли девочка у ортодонта?"));
}

#[test]
fn the_letter_answered_is_quoted_however_the_client_marks_it() {
    let heads = [
        "пн, 14 сент. 2026 г. в 11:02, Приёмная школы № 12 <priemnaya@school.example>:",
        "пн, 14 сент. 2026 г. в 11:02, Приёмная школы № 12 <\npriemnaya@school.example>:",
        "> 14 сент. 2026 г., в 11:02, Приёмная <priemnaya@school.example> написал(а):",
        ">Понедельник, 14 сентября 2026, 11:02 +03:00 от Приёмная <priemnaya@school.example>:",
        "14.09.2026, 11:02, \"Приёмная\" <priemnaya@school.example>:",
        "14.09.2026 11:02, Приёмная школы № 12 пишет:",
        "Приёмная школы № 12 писал 2026-09-14 11:02:",
        "Вы писали 14 сентября 2026 г., 11:02:43:",
        "On Mon, Sep 14, 2026 at 11:02 AM Приёмная <priemnaya@school.example> wrote:",
        "В Пн, 14/09/2026 в 11:02 +0300, Приёмная пишет:",
        "-----Исходное сообщение-----\nОт: Приёмная\nДата: 14.09.2026 11:02\nКому: Мама\nТема: Консультация",
        "----- Original Message ----- \nFrom: \"Приёмная\" <priemnaya@school.example>\nTo: \nSent: Monday, September 14, 2026 11:02 AM\nSubject: Консультация",
    ];
    for head in heads {
        let text = format!("Да, подходит.\n\n{head}\n\n> Консультация в среду.\n> Придёте?\n");
        let (own, signature, quoted) = cut(&text);
        assert_eq!((own.as_str(), signature.as_str()), ("Да, подходит.", ""), "{head}");
        assert!(quoted.ends_with("Консультация в среду.\nПридёте?"), "{head}: {quoted}");
    }
}

#[test]
fn an_unmarked_quotation_goes_to_the_end() {
    let outlook = "От: Приёмная школы № 12 <priemnaya@school.example>\nОтправлено: пятница, 23 октября 2026 г. 15:40\nКому: Илья\nТема: Консультация";
    let mailru = "Понедельник, 14 сентября 2026, 11:02 +03:00 от Приёмная <priemnaya@school.example>:";
    let ruled = format!("________________________________\n{outlook}");
    for head in [outlook, mailru, &ruled] {
        let (own, _, quoted) = cut(&format!("Лучше в четверг.\n\n{head}\n\nКонсультация в среду.\n\nШкола № 12"));
        assert_eq!(own, "Лучше в четверг.", "{head}");
        assert!(quoted.ends_with("Консультация в среду.\n\nШкола № 12"), "{head}");
    }
    let body = body("05");
    assert!(body.own.ends_with("по видео?") && body.quoted.starts_with("От: Приёмная школы"));
}

#[test]
fn an_answer_below_the_quotation_is_found() {
    let (own, _, quoted) = cut("16.10.2026 14:05, Приёмная школы № 12 пишет:\n\n> Вариант 1 или 2?\n\nВторой вариант, пожалуйста.");
    assert_eq!((own.as_str(), quoted.as_str()), ("Второй вариант, пожалуйста.", "16.10.2026 14:05, Приёмная школы № 12 пишет:\nВариант 1 или 2?"));
    let (own, _, quoted) = cut("ИП> Придёте в среду?\nДа.\nИП> А сын?\nТоже.");
    assert_eq!((own.as_str(), quoted.as_str()), ("Да.\n\nТоже.", "Придёте в среду?\nА сын?"));
}

#[test]
fn what_people_tell_is_not_taken_for_a_quotation() {
    let told = [
        "Учительница пишет:\nРебёнок не готов. А он готов!",
        "14.09.2026 в 11:02 классная написала в чат:\n«Все молодцы». А наш плачет.",
        "Кому: директору\nОт: Ивановой М. П.\nТема: питание\n\nПрошу разобраться.",
        "От: Ивановой М. П.\nКому: директору\n\nПрошу разобраться.",
        "От кого: от мамы Пети\nПрошу разобраться с питанием.",
        "Прошу подтвердить дату 14.09.2026 и время 11:02:\nмы придём.",
        "a > b и 5 > 3",
    ];
    for text in told {
        let (own, signature, quoted) = cut(text);
        assert_eq!((own.as_str(), signature.as_str(), quoted.as_str()), (text, "", ""), "{text}");
    }
}

#[test]
fn a_forwarded_letter_is_content() {
    let outlook = body("04");
    assert!(outlook.own.contains("это по вашей части") && outlook.own.contains("8 (900) 000-69-20") && outlook.quoted.is_empty());
    let yandex = body("15");
    assert!(yandex.own.contains("Переправляю письмо мамы") && yandex.own.contains("8 900 000-75-14") && yandex.quoted.is_empty());
    let iphone = body("12");
    assert!(iphone.own.contains("Получила вот такое") && iphone.own.contains("has been suspended because"));
    assert_eq!(iphone.signature, "Отправлено с iPhone");
    let marks = [
        "---------- Forwarded message ---------",
        "---------- Пересылаемое сообщение ----------",
        "-------- Перенаправленное сообщение --------",
        "-------- Пересылаемое сообщение --------",
        "Начало переадресованного сообщения:",
        "-------- Forwarded Message --------",
    ];
    for mark in marks {
        let (own, signature, quoted) = cut(&format!(
            "Посмотрите.\nС уважением,\nБелова\n\n{mark}\nОт: Мама <m@x.example>\nДата: 14.09.2026, 08:41\nТема: беда\nКому: t@x.example\n\nПомогите.\nС уважением, Мама"
        ));
        assert!(own.starts_with("Посмотрите.\n\n") && own.ends_with("Помогите.\nС уважением, Мама"), "{mark}: {own}");
        assert_eq!((signature.as_str(), quoted.as_str()), ("С уважением,\nБелова", ""), "{mark}");
    }
}

#[test]
fn signatures_stand_below_the_words() {
    let cases = [
        ("Помогите.\n\nС уважением,\nМария Иванова\n8 900 000-00-01", "Помогите.", "С уважением,\nМария Иванова\n8 900 000-00-01"),
        ("Помогите.\nС уважением, мама Пети", "Помогите.", "С уважением, мама Пети"),
        ("Помогите.\n-- \nМария", "Помогите.", "-- \nМария"),
        ("Помогите.\n--\nОтправлено из мобильной Почты Mail.ru", "Помогите.", "--\nОтправлено из мобильной Почты Mail.ru"),
        ("Помогите.\n\nОтправлено с iPhone", "Помогите.", "Отправлено с iPhone"),
        ("Помогите.\nОтправлено с мобильной Яндекс Почты: http://m.ya.example", "Помогите.", "Отправлено с мобильной Яндекс Почты: http://m.ya.example"),
        ("Помогите.\nС уважением, Иванова\nP.S. Сын дома один!", "Помогите.\nP.S. Сын дома один!", "С уважением, Иванова"),
        ("Помогите.\nС уважением, Иванова\nОн не хочет жить!", "Помогите.\nОн не хочет жить!", "С уважением, Иванова"),
        ("Помогите.\nС уважением, Иванова\nКогда ответите?", "Помогите.\nКогда ответите?", "С уважением, Иванова"),
    ];
    for (text, own, signature) in cases {
        let found = cut(text);
        assert_eq!((found.0.as_str(), found.1.as_str()), (own, signature), "{text}");
    }
    let none = [
        "С уважением отношусь к вашей работе, но так нельзя.",
        "Отправлено заявление на прошлой неделе, ответа нет.",
        "--",
        "С уважением, Иванова",
        "Помогите.\nМария Иванова",
        "Здравствуйте.\n---\nСын не хочет жить.",
    ];
    for text in none {
        assert_eq!(cut(text), (text.to_owned(), String::new(), String::new()), "{text}");
    }
    let long = format!("С уважением,\n{}", "Ещё одна строка текста о том, что случилось.\n".repeat(40));
    assert!(cut(&format!("Добрый день.\n{long}")).1.is_empty());
}

#[test]
fn nothing_but_a_quotation_leaves_the_whole_as_own() {
    let text = "> Придёте в среду?\n> Школа";
    let (own, _, quoted) = cut(text);
    assert_eq!((own.as_str(), quoted.as_str()), (text, "Придёте в среду?\nШкола"));
}

/// Letters and digits, the only thing that counts here.
fn substance(text: &str) -> Vec<char> {
    let mut chars: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
    chars.sort_unstable();
    chars
}

#[test]
fn no_word_is_lost_or_doubled() {
    for (name, bytes) in FIXTURES {
        let body = read(bytes).body;
        if body.own != body.whole {
            assert_eq!(substance(&body.whole), substance(&format!("{}{}{}", body.own, body.signature, body.quoted)), "{name}");
        }
    }
}

#[test]
fn phone_clients_and_mailru_are_cut() {
    let body = body("09");
    assert!(body.own.starts_with("5б, Хамитов Данияр") && body.own.ends_with("после 16"));
    assert_eq!(body.signature, "--\nОтправлено из Mail.ru для Android");
    assert!(body.quoted.starts_with("Вторник, 24 ноября 2026") && body.quoted.ends_with("Обращение № 2026-0205"));
    let express = self::body("16");
    assert!(express.own.ends_with("(лучше в среду, я в среду выходная)") && express.quoted.contains("Уважаемые родители!"));
}

#[test]
fn html_tables_links_and_hidden_text() {
    let form = body("13");
    assert!(form.html_only);
    assert!(form.own.contains("Вопрос 4. Укажите класс, в котором обучается Ваш ребенок\t9б\n"), "{}", form.own);
    let cases = [
        ("<table><tr><td>Класс</td><td>5А</td></tr><tr><td><p>ФИО</p></td><td><p>Иванов</p></td></tr></table>", "Класс\t5А\nФИО\tИванов\n"),
        ("<b>Класс:</b> 5А, <i>при</i>вет", "Класс: 5А, привет"),
        ("<a href=\"https://x.example/a?b=1&amp;c=2\">сюда</a> <a href='https://x.example/'>x.example</a>", "сюда (https://x.example/a?b=1&c=2) x.example"),
        ("<a href=mailto:a@b.example>a@b.example</a> <a href='tel:+79000000001'>8 звонок</a>", "a@b.example 8 звонок (tel:+79000000001)"),
        ("<head><title>t</title><style>p{color:red}</style></head>Да<script>x</script>", "Да"),
        ("<div style='DISPLAY : none'>скрыто<div>и это</div></div>видно", "видно"),
        ("<div style=display:none>не закрыт, но это письмо", "не закрыт, но это письмо"),
        ("<p>раз<p>два<br>три<div><br></div>четыре", "раз\nдва\nтри\n\nчетыре"),
        ("<blockquote>раньше<br>писали</blockquote>ответ", "> раньше\n> писали\nответ"),
        ("<ol><li>да<li>нет</ol><ul><li>раз</ul>", "1. да\n2. нет\n- раз"),
        ("5 < 6 и <3 &laquo;ёлка&raquo; &amp &#1090;<!-- нет --->.", "5 < 6 и <3 «ёлка» & т."),
        ("<style>без конца", "без конца"),
        ("a<!-- без конца", "a<!-- без конца"),
        ("<pre>раз\n  два</pre>", "раз\n два\n"),
        ("<a title=\"x > y\" href=\"#\">т</a>", "т"),
    ];
    for (source, text) in cases {
        assert_eq!(html::to_text(source).trim_end(), text.trim_end(), "{source}");
    }
}

#[test]
fn the_plain_form_of_an_alternative_is_preferred_unless_it_is_empty() {
    let letter = |plain: &str| {
        let text = format!(
            "From: a@b.example\r\nContent-Type: multipart/alternative; boundary=q\r\n\r\n--q\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{plain}\r\n--q\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Из HTML</p>\r\n--q--\r\n"
        );
        read(text.as_bytes()).body
    };
    assert_eq!((letter("Из текста").whole.as_str(), letter("Из текста").html_only), ("Из текста", false));
    assert_eq!((letter(" ").whole.as_str(), letter(" ").html_only), ("Из HTML", true));
    assert_eq!(letter("Ваша программа не поддерживает HTML").whole, "Из HTML");
}

#[test]
fn text_around_attachments_is_joined() {
    let text = "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\n\r\nдо\r\n--q\r\nContent-Type: image/png; name=x.png\r\n\r\nx\r\n--q\r\n\r\nпосле\r\n--q\r\nContent-Type: text/plain; name=\"note.txt\"\r\n\r\nфайл\r\n--q--\r\n";
    let letter = read(text.as_bytes());
    assert_eq!((letter.body.whole.as_str(), letter.attachments.len()), ("до\nпосле", 2));
}
