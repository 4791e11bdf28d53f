//! What staff write down of a call in their own words: who called, whose class, which number, about what. Each sentence was written before it was tried.

use super::tests::read;
use super::{Category, Kind};
use crate::message;

/// What was told: text, name, class, phone, topic, the hour after which to call.
type Told = (&'static str, Option<&'static str>, Option<&'static str>, &'static str, Option<Category>, Option<u32>);

use Category::{Ejournal, Equipment, LearningHelp, LessonQuality, Psychologist, SocialPedagogue, SpeechTherapist, Technical};

#[rustfmt::skip]
const FIRST: [Told; 30] = [
    ("звонила Иванова, 5А, тел. 8 900 000-11-01, не может войти в ЭЖД, просит перезвонить после 18", Some("Иванова"), Some("5А"), "+79000001101", Some(Ejournal), Some(18)),
    ("Звонила мама Пети Сомова из 3Б, 89000001102: не открывается электронный дневник.", None, Some("3Б"), "+79000001102", Some(Ejournal), None),
    ("Звонок 10:15. Кравцов Олег Ильич, 8 (900) 000-11-03, сын в 7В, не работает камера на дистанционных уроках.", Some("Кравцов Олег Ильич"), Some("7В"), "+79000001103", Some(Technical), None),
    ("Принято по телефону: Белова Анна Сергеевна, 1Г, +7 900 000 11 04. Нужен логопед, ребёнок не выговаривает «р».", Some("Белова Анна Сергеевна"), Some("1Г"), "+79000001104", Some(SpeechTherapist), None),
    ("по телефону обратилась Гусева Нина, тел 89000001105, 9А, хочет поговорить с психологом, звонить после 17:30", Some("Гусева Нина"), Some("9А"), "+79000001105", Some(Psychologist), Some(17)),
    ("Дозвонился папа ученика 6Б Ершов, номер 8-900-000-11-06. Нет компьютера для дистанционных занятий, просит помочь с техникой.", Some("Ершов"), Some("6Б"), "+79000001106", Some(Equipment), None),
    ("Прошу оформить: позвонила бабушка, Тамара Ильинична Жукова, 2А, 8 900 000 11 07, пароль от дневника потеряли", Some("Тамара Ильинична Жукова"), Some("2А"), "+79000001107", Some(Ejournal), None),
    ("Заявка по звонку. Зимина О. П., 4В. Тел.: 8 900 000 11 08. Просит дополнительные занятия по математике.", Some("Зимина О. П."), Some("4В"), "+79000001108", Some(LearningHelp), None),
    ("звонили от Ильиной (8Б) 8(900)0001109 — учитель не ведёт онлайн-уроки, жалуется на качество", Some("Ильиной"), Some("8Б"), "+79000001109", Some(LessonQuality), None),
    ("Мама Карповой Даши, 5 «В» класс, звонила, просила перезвонить: 8 900 000-11-10. Вопрос по льготному питанию для многодетных.", None, Some("5В"), "+79000001110", Some(SocialPedagogue), None),
    ("Для психолога: звонила Лебедева Ирина, 10А, тел. +79000001111, дочь замкнулась, плачет", Some("Лебедева Ирина"), Some("10А"), "+79000001111", Some(Psychologist), None),
    ("Тел. 8 900 000 11 12, Морозова Елена Викторовна, 3А класс. Сферум не запускается на планшете. Звонить до 15:00 не надо.", Some("Морозова Елена Викторовна"), Some("3А"), "+79000001112", Some(Technical), None),
    ("Записала звонок: Носов Павел, отец Носовой Кати 7А, 8 900 000 1113, в ЭЖД стоят чужие оценки", Some("Носов Павел"), Some("7А"), "+79000001113", Some(Ejournal), None),
    ("Обращение с горячей линии. Орехова, 6А. 8 900 000-11-14. Не может подключиться к уроку.", Some("Орехова"), Some("6А"), "+79000001114", Some(Technical), None),
    ("позвонил Павлов Игорь Андреевич 8 900 000 11 15 ребёнок 1А нужна консультация логопеда по вечерам после 18:00", Some("Павлов Игорь Андреевич"), Some("1А"), "+79000001115", Some(SpeechTherapist), Some(18)),
    ("Сейчас звонила Рыбакова (мама Рыбакова Димы, 2Б): дома нет интернета, просит задания на бумаге. 89000001116", Some("Рыбакова"), Some("2Б"), "+79000001116", None, None),
    ("Коллеги, звонила Савельева Ольга, 11А, 8-900-000-11-17, спрашивает, как восстановить доступ в электронный журнал. Почты нет.", Some("Савельева Ольга"), Some("11А"), "+79000001117", Some(Ejournal), None),
    ("Звонок от родителя 5Б Титовой М.А., 8 900 000 11 18: просит помочь с русским языком, пропустили месяц", Some("Титовой М.А."), Some("5Б"), "+79000001118", Some(LearningHelp), None),
    ("Телефонный звонок, Уварова Светлана Петровна, 8г, т. 8 900 000 11 19, микрофон не работает в видеоконференции", Some("Уварова Светлана Петровна"), Some("8Г"), "+79000001119", Some(Technical), None),
    ("обратилась по телефону Фомина, дочь учится в 4А, нужен ноутбук на время карантина, 8 900 000 11 20", Some("Фомина"), Some("4А"), "+79000001120", Some(Equipment), None),
    ("Просят перезвонить: Харитонова Вера, 89000001121, 6В, ребёнок боится ходить в школу, хочет к психологу", Some("Харитонова Вера"), Some("6В"), "+79000001121", Some(Psychologist), None),
    ("Цветков, тел. 8 900 000-11-22, звонил насчёт сына из 9Б: не видны домашние задания в дневнике.", Some("Цветков"), Some("9Б"), "+79000001122", Some(Ejournal), None),
    ("звонила мама из 1Б, фамилию не назвала, 8 900 000 11 23, не заходит в электронный дневник", None, Some("1Б"), "+79000001123", Some(Ejournal), None),
    ("ФИО Шилова Галина; 3В; 8 900 000 11 24; звонила; пропал звук на уроках в Сферуме; перезвонить вечером", Some("Шилова Галина"), Some("3В"), "+79000001124", Some(Technical), None),
    ("Щербаков Д. звонил дважды, 7Б, 8 900 000 11 25, недоволен, как проходят дистанционные уроки физики", Some("Щербаков Д."), Some("7Б"), "+79000001125", Some(LessonQuality), None),
    ("Звонила Юдина Марина Львовна, опекун, 5А, 8 900 000 11 26, вопрос к социальному педагогу о пособии", Some("Юдина Марина Львовна"), Some("5А"), "+79000001126", Some(SocialPedagogue), None),
    ("входящий звонок 12.40, Яшина Т., 2В, 8 900 000 11 27, забыли логин и пароль от ЭЖД", Some("Яшина Т."), Some("2В"), "+79000001127", Some(Ejournal), None),
    ("Передаю звонок: Абрамова Лидия, 10Б, 8 900 000-11-28, просит консультацию по химии, удобно после 16", Some("Абрамова Лидия"), Some("10Б"), "+79000001128", Some(LearningHelp), Some(16)),
    ("Быкова (4Б) просила передать: планшет для учёбы сломался, взять негде, тел. 8 900 000 11 29", Some("Быкова"), Some("4Б"), "+79000001129", Some(Equipment), None),
    ("На горячую линию звонил Власов Артём Игоревич, 8 900 000 11 30, 8А, не приходит ссылка на онлайн-урок", Some("Власов Артём Игоревич"), Some("8А"), "+79000001130", Some(Technical), None),
];

/// The readings of a sentence that are not as a person reads them.
fn wrong(told: &Told) -> Vec<String> {
    let (text, name, class, phone, topic, after) = told;
    let raw = format!("From: Никитина Светлана Олеговна <s.nikitina@school.example>\r\nTo: priemnaya@school.example\r\nSubject: звонок\r\nDate: Tue, 24 Nov 2026 11:40:00 +0300\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n");
    let read = read(&message::read(raw.as_bytes()));
    let mut list = Vec::new();
    let mut check = |what: &str, is: String, should: String| {
        if is != should {
            list.push(format!("{what}: {is}, not {should}"));
        }
    };
    check("kind", format!("{:?}", read.kind), format!("{:?}", Some(Kind::StaffForm)));
    check("name", format!("{:?}", read.name), format!("{:?}", name.map(str::to_owned)));
    check("class", format!("{:?}", read.class), format!("{:?}", class.map(str::to_owned)));
    check("phone", format!("{:?}", read.phone), format!("{:?}", Some((*phone).to_owned())));
    if let Some(topic) = topic {
        check("topic", format!("{:?}", read.category), format!("{:?}", Some(*topic)));
    }
    if let Some(hour) = after {
        let found = read.times.iter().filter(|w| !w.not).find_map(|w| w.after).map(|t| chrono::Timelike::hour(&t));
        check("after", format!("{found:?}"), format!("{:?}", Some(*hour)));
    }
    check("address", format!("{:?}", read.contact_email), "None".to_owned());
    list
}

#[test]
fn thirty_calls_in_free_words() {
    let mut bad = Vec::new();
    for told in &FIRST {
        let list = wrong(told);
        if !list.is_empty() {
            bad.push(format!("{}\n    {}", told.0, list.join("; ")));
        }
    }
    assert!(bad.is_empty(), "{} of 30 read otherwise:\n{}", bad.len(), bad.join("\n"));
}
