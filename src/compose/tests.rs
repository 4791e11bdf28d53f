//! Tests of Russian words and of templates.

use super::russian::{Case, date_words, day_words};
use super::samples_author::{date, moment};
use super::*;
use event_text::{channel_words, description, summary};

#[test]
fn a_salutation_uses_a_name_only_when_it_is_sure() {
    let sure = [
        ("Мария Ивановна", "Мария Ивановна"),
        ("Петрова Мария Ивановна", "Мария Ивановна"),
        ("Мария Ивановна Петрова", "Мария Ивановна"),
        ("Иванов Пётр Сергеевич", "Пётр Сергеевич"),
        ("Галина Фёдоровна ОРЕХОВА", "Галина Фёдоровна"),
        ("ИВАНОВА МАРИЯ ПЕТРОВНА", "Мария Петровна"),
        ("иванов илья ильич", "Илья Ильич"),
        ("Салтыкова-Щедрина Анна-Мария Львовна", "Анна-Мария Львовна"),
        ("Ким Алина Енсуевна", "Алина Енсуевна"),
        ("Абрамович Роман Аркадьевич", "Роман Аркадьевич"),
        ("Анна Сергеевна Петрович", "Анна Сергеевна"),
        ("Яков Петрович", "Яков Петрович"),
        ("Никита Олегович Белов", "Никита Олегович"),
        ("Алиев Вагиф Рашид оглы", "Вагиф Рашид оглы"),
        ("Эльмира Рашид кызы Алиева", "Эльмира Рашид кызы"),
        ("Вагиф Рашид-оглы Алиев", "Вагиф Рашид-оглы"),
        ("Петрова Мария Ивановна,", "Мария Ивановна"),
    ];
    for (name, expected) in sure {
        assert_eq!(salutation(Some(name)), format!("Здравствуйте, {expected}!"), "{name}");
    }
    let unsure = [
        "мама Вани",
        "Maria Ivanovna",
        "Иванова М. И.",
        "Мария",
        "Петрова Мария",
        "Мария Абрамович",
        "Петрова Ивановна",
        "мама Иванова Петра Сергеевича",
        "Марии Ивановне",
        "Алиев Вагиф оглы",
        "Рашид оглы",
        "m.petrova@mail.example",
        "Мария\r\nBcc: x@mail.example",
        "<b>Мария</b> Ивановна",
        "Ильич",
        "",
    ];
    for name in unsure {
        assert_eq!(salutation(Some(name)), "Здравствуйте!", "{name}");
    }
    assert_eq!(salutation(None), "Здравствуйте!");
}

#[test]
fn numbers_take_the_right_form() {
    let forms = ["заявка", "заявки", "заявок"];
    let table = [(0, "заявок"), (1, "заявка"), (2, "заявки"), (4, "заявки"), (5, "заявок"), (11, "заявок"), (12, "заявок"), (14, "заявок")];
    let more =
        [(21, "заявка"), (22, "заявки"), (25, "заявок"), (100, "заявок"), (101, "заявка"), (111, "заявок"), (112, "заявок"), (1_003, "заявки"), (-1, "заявка")];
    for (n, expected) in table.into_iter().chain(more) {
        assert_eq!(plural(n, forms), expected, "{n}");
    }
    assert_eq!(plural(i64::MIN, forms), "заявок");
}

#[test]
fn dates_are_said_as_people_say_them() {
    let week: Vec<String> = (23..=29).map(|d| day_words(date(2026, 11, d), Case::On, None)).collect();
    assert_eq!(
        week.join("; "),
        "в понедельник, 23 ноября; во вторник, 24 ноября; в среду, 25 ноября; в четверг, 26 ноября; в пятницу, 27 ноября; в субботу, 28 ноября; в воскресенье, 29 ноября"
    );
    let deadlines: Vec<String> = (23..=29).map(|d| day_words(date(2026, 11, d), Case::By, None)).collect();
    assert_eq!(
        deadlines.join("; "),
        "понедельника, 23 ноября; вторника, 24 ноября; среды, 25 ноября; четверга, 26 ноября; пятницы, 27 ноября; субботы, 28 ноября; воскресенья, 29 ноября"
    );
    let months: Vec<String> = (1..=12).map(|m| date_words(date(2026, m, 1), None)).collect();
    assert_eq!(months.join("; "), "1 января; 1 февраля; 1 марта; 1 апреля; 1 мая; 1 июня; 1 июля; 1 августа; 1 сентября; 1 октября; 1 ноября; 1 декабря");
    assert_eq!(day_words(date(2027, 1, 13), Case::Plain, Some(2026)), "среда, 13 января 2027 г.");
}

#[test]
fn moments_are_local_and_the_end_of_a_day_is_the_day() {
    let at = |at| Moment { at, zone: chrono_tz::Europe::Moscow };
    assert_eq!(at(moment(25, 15, 30)).spoken(), "в среду, 25 ноября, в 15:30");
    assert_eq!(at(moment(25, 15, 30)).title(), "среда, 25 ноября, 15:30");
    assert_eq!(at(moment(19, 9, 5)).deadline(), "четверга, 19 ноября, 9:05");
    assert_eq!(at(moment(19, 23, 59)).deadline(), "четверга, 19 ноября");
    assert_eq!(at(moment(19, 23, 59)).zone_words(), "по московскому времени");
    let ural = Moment { at: moment(25, 15, 30), zone: chrono_tz::Asia::Yekaterinburg };
    assert_eq!((ural.spoken().as_str(), ural.zone_words().as_str()), ("в среду, 25 ноября, в 17:30", "по местному времени, МСК+2"));
    assert_eq!(Moment { at: moment(25, 15, 30), zone: chrono_tz::Europe::Kaliningrad }.zone_words(), "по местному времени, МСК-1");
}

#[test]
fn phones_are_printed_one_way() {
    for raw in ["+79000000001", "8 (900) 000-00-01", "89000000001", "9000000001", "+7 900 000 00 01"] {
        assert_eq!(phone(raw), "+7 900 000-00-01", "{raw}");
    }
    assert_eq!(phone("112"), "112");
    assert_eq!(phone(" +375 29 000-00-00 "), "+375 29 000-00-00");
}

#[test]
fn staff_are_named_by_initials_in_lists() {
    assert_eq!(initials("Соколова Ирина Юрьевна"), "Соколова И. Ю.");
    assert_eq!(initials("Дежурный"), "Дежурный");
    assert_eq!(initials(""), "");
}

#[test]
fn calendar_texts_name_nobody() {
    assert_eq!(summary(147), "Консультация, заявка № 147");
    let zone = chrono_tz::Europe::Moscow;
    let text = description(147, moment(25, 15, 30), moment(25, 16, 10), zone, &channel_words("phone"), Some("ждите звонка"), "8 (495) 000-12-00");
    insta::assert_snapshot!(text, @r"
    Консультация по заявке № 147.
    Когда: в среду, 25 ноября, в 15:30, до 16:10 (по московскому времени).
    Как: по телефону.
    Подключение: ждите звонка
    Перенести или отменить: ответьте на письмо или позвоните: 8 (495) 000-12-00.
    ");
    let words: Vec<String> = ["phone", "in_person", "email", "Сферум", "MAX", "кабинет 7"].into_iter().map(channel_words).collect();
    assert_eq!(words.join("; "), "по телефону; лично, в школе; по электронной почте; в Сферуме; в MAX; кабинет 7");
}

fn mistakes(overrides: &[(&str, &str)]) -> Vec<String> {
    let overrides: Vec<(String, String)> = overrides.iter().map(|(f, s)| ((*f).to_owned(), (*s).to_owned())).collect();
    let found = Templates::new(&overrides).err().unwrap_or_default();
    found.into_iter().map(|m| format!("{}:{}: {}", m.file, m.line.map_or("-".to_owned(), |l| l.to_string()), m.message)).collect()
}

#[test]
fn every_mistake_of_a_schools_templates_is_told_at_once() {
    let found = mistakes(&[
        ("receipt/text.txt", "Здравствуйте!\n{% if %}\n"),
        ("letter/text.txt", "нет такого"),
        ("receipt/body.txt", "нет такого"),
        ("answer/subject.txt", "{{ number | nonsense_filter( }}"),
    ]);
    insta::assert_snapshot!(found.join("\n"), @r"
    templates/receipt/text.txt:2: syntax error: unexpected end of block
    templates/letter/text.txt:-: no letter uses a template of this name; the letters are: receipt, invitation, rescheduled, cancelled, answer, extension, absent, group_invitation, group_waiting, group_moved, group_cancelled, group_task, group_family, task, task_moved, task_cancelled, decision, alarm, reminder, escalation, handover, call_task, added, parked, undeliverable, passed, notice, offers, tomorrow, recommendations, no_show, way, not_free, survey, soon, ask, done, question, word, done_list, help, confirmation, staff_question, day_list, return, schedule_changed, recovered, report_daily, report_weekly, report_director, announcement, announcement_reminder, announcement_cancelled, announcement_preview, announcement_list, second_address, unsubscribed
    templates/receipt/body.txt:-: no letter uses a template of this name; known there: receipt/subject.txt, receipt/text.txt, receipt/html.html
    templates/answer/subject.txt:1: syntax error: unexpected `}`
    ");
    let found = mistakes(&[
        ("receipt/text.txt", "Заявка {{ number }}\n\n{{ nubmer }}\n"),
        ("invitation/text.txt", "Консультация\n{{ start | on_dya }}\n"),
        ("answer/subject.txt", "{% if false %}x{% endif %}"),
        ("cancelled/text.txt", "{% if reason %}{{ reason.length }}{% endif %}"),
        ("base.html", "<p>{{ school.director }}</p>"),
    ]);
    insta::assert_snapshot!(found.join("\n"), @r"
    templates/answer/subject.txt:-: renders to nothing
    templates/base.html:1: undefined value: `school.director` is undefined
    templates/cancelled/text.txt:-: renders to nothing
    templates/cancelled/text.txt:1: undefined value: `reason.length` is undefined
    templates/invitation/text.txt:2: unknown filter: filter on_dya is unknown
    templates/receipt/text.txt:3: undefined value: `nubmer` is undefined
    ");
}

#[test]
fn a_schools_template_replaces_the_file_as_a_whole() {
    let own = [("receipt/text.txt".to_owned(), "{{ name | hello }} № {{ number }}, {{ school.name }}".to_owned())];
    let composer = Composer { templates: Templates::new(&own).unwrap(), ..Composer::sample() };
    let letter = Receipt::samples().pop().unwrap();
    let value = minijinja::Value::from(minijinja::value::Serde(&letter));
    let rendered = composer.templates.render("receipt", &value, &composer.surroundings(moment(18, 10, 0), None)).unwrap();
    assert_eq!(rendered.text, "Здравствуйте, Мария Ивановна! № 147, Школа № 12\n");
    assert!(rendered.html.contains("112"), "the other files stay embedded");
}

#[test]
fn a_template_that_breaks_on_a_real_letter_gives_way_to_the_embedded_one() {
    // No sample has the number 5, so `check` cannot see this one.
    let own = [("receipt/text.txt".to_owned(), "{% if number == 5 %}{{ nothing }}{% endif %}своя".to_owned())];
    let templates = Templates::new(&own).unwrap();
    let composer = Composer { templates, ..Composer::sample() };
    let text = |number| {
        let letter = Receipt { number, ..Receipt::samples().pop().unwrap() };
        let value = minijinja::Value::from(minijinja::value::Serde(&letter));
        composer.templates.render("receipt", &value, &composer.surroundings(moment(18, 10, 0), None)).unwrap().text
    };
    assert_eq!(text(6), "своя\n");
    assert!(text(5).contains("Номер заявки: 5"));
}

#[test]
fn only_html_is_escaped() {
    let letter = Answer { text: "<script>alert(1)</script> & «да»".to_owned(), ..Answer::samples().pop().unwrap() };
    let composer = Composer::sample();
    let value = minijinja::Value::from(minijinja::value::Serde(&letter));
    let rendered = composer.templates.render("answer", &value, &composer.surroundings(moment(18, 10, 0), None)).unwrap();
    assert!(rendered.text.contains("<script>alert(1)</script> & «да»"));
    assert!(!rendered.html.contains("<script"));
    assert!(rendered.html.contains("&lt;script&gt;"));
}

#[test]
fn the_salutation_follows_the_patronymic() {
    let table = [
        ("Ковалёва Мария Петровна", "Здравствуйте, Мария Петровна!"),
        ("ГАЛИНА ФЁДОРОВНА ОРЕХОВА", "Здравствуйте, Галина Фёдоровна!"),
        ("павел андреевич сотник", "Здравствуйте, Павел Андреевич!"),
        ("Абдуллаева Патимат Магомедовна", "Здравствуйте!"),
        ("Гульнара Фаритовна", "Здравствуйте, Гульнара Фаритовна!"),
        ("Никита Сергеевич Лавров", "Здравствуйте, Никита Сергеевич!"),
        ("Эльмира Тофик кызы", "Здравствуйте, Эльмира Тофик кызы!"),
        ("Ли Чан", "Здравствуйте!"),
        ("Ольга Абрамович", "Здравствуйте!"),
        ("Анна Белкина", "Здравствуйте!"),
        ("Elena Sidorova", "Здравствуйте!"),
        ("Снегирёва З.П.", "Здравствуйте!"),
        ("Мама Оли", "Здравствуйте!"),
    ];
    for (name, wanted) in table {
        assert_eq!(super::salutation(Some(name)), wanted, "{name}");
    }
}
