//! Tests of names, roles, classes, phones, children, named staff.

use super::author::Side;
use super::words::Words;
use super::{Role, StaffName, author, classes, contact, family, names, people};

#[test]
fn classes_in_every_spelling() {
    let table = [
        ("Сын учится в 5А", "5А"),
        ("5 А класс", "5А"),
        ("мы из 5а", "5А"),
        ("5 \"А\"", "5А"),
        ("5 «А»", "5А"),
        ("5«А»", "5А"),
        ("5-А", "5А"),
        ("5/А класс", "5А"),
        ("5 (А)", "5А"),
        ("5А кл.", "5А"),
        ("5-го «А»", "5А"),
        ("5-го А класса", "5А"),
        ("пятый А", "5А"),
        ("мама ученика пятого «А» класса", "5А"),
        ("пятый бэ", "5Б"),
        ("5 класс А", "5А"),
        ("ученица 5A класса", "5А"),
        ("ученик 7B", "7В"),
        ("учится в 9 в, зовут Лев", "9В"),
        ("10-й класс", "10"),
        ("в 11 классе", "11"),
        ("первоклассник", "1"),
        ("дочь второклассница", "2"),
        ("перевели из 3 Г в 3 А", "3А"),
        ("живём: дом 5А", ""),
        ("кабинет 7Б", ""),
        ("5 и 6 класс", "6"),
        ("дети с 1 по 4 класс", ""),
        ("в 5 в понедельник", ""),
        ("ему 9 лет", ""),
        ("звоните с 9 до 11", ""),
        ("8 (900) 000-11-22", ""),
    ];
    let wrong: Vec<String> = table
        .iter()
        .filter_map(|(text, wanted)| {
            let got = classes::class(text, false).unwrap_or_default();
            (got != *wanted).then(|| format!("«{text}»: {got} instead of {wanted}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn phones_in_every_spelling() {
    let own = ["+74950001200".to_owned()];
    let table = [
        ("8 900 000-45-67", "+79000004567"),
        ("+7 (900) 000-45-67", "+79000004567"),
        ("89000004567", "+79000004567"),
        ("9000004567", "+79000004567"),
        ("7 900 000 45 67", "+79000004567"),
        ("8.900.000.45.67", "+79000004567"),
        ("8\u{2011}900\u{2011}000\u{2011}45\u{2011}67", "+79000004567"),
        ("(900) 000 45 67", "+79000004567"),
        ("8-(900)-000-45-67", "+79000004567"),
        ("8 495 000 77 01", "+74950007701"),
        ("восемь девятьсот ноль ноль ноль сорок пять шестьдесят семь", "+79000004567"),
        ("восемь, девятьсот, три нуля, сорок пять, шестьдесят семь", "+79000004567"),
        ("школа 8 (495) 000-12-00, мой 8 900 000-45-67", "+79000004567"),
        ("телефон доверия 8-800-2000-122", ""),
        ("СНИЛС 112-233-445 95", ""),
        ("8 900 000-45", ""),
        ("договор 1234567890123", ""),
    ];
    let wrong: Vec<String> = table
        .iter()
        .filter_map(|(text, wanted)| {
            let got = contact::phone(text, &own).unwrap_or_default();
            (got != *wanted).then(|| format!("«{text}»: {got} instead of {wanted}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn names() {
    let table = [
        ("Помогите.\nС уважением, Ковалёва Мария Петровна", Some("Мария К"), "Ковалёва Мария Петровна"),
        ("Помогите.\nМария", Some("Мария Ковалёва"), "Мария Ковалёва"),
        ("Помогите.\nМ. Ковалёва", Some("Мария Ковалёва"), "Мария Ковалёва"),
        ("Помогите.\nКовалёва Мария", Some("Мария Ковалёва"), "Ковалёва Мария"),
        ("Меня зовут Анна Белкина, мой сын болеет.", Some("anna_b"), "Анна Белкина"),
        ("Помогите.\nНастя, мама Пети Ухова", Some("Настя Ухова"), "Настя Ухова"),
        ("Помогите.\nПетя Ухов, 6 Б.\nМама, Анна Ухова", None, "Анна Ухова"),
        ("Лидия Павловна, простите, что пишу ночью, сын совсем не спит", Some("Инна Ветрова"), "Инна Ветрова"),
        ("Помогите", Some("Сайт школы"), ""),
        ("Помогите", Some("+7 900 000-11-22"), ""),
    ];
    let wrong: Vec<String> = table
        .iter()
        .filter_map(|(text, display, wanted)| {
            let got = author::name(&names::read(text), *display, Side::Parent).name.unwrap_or_default();
            (got != *wanted).then(|| format!("«{text}»: {got} instead of {wanted}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(
        author::name(&names::read("Не могу войти. 8 Б, Ухов Пётр"), Some("petr2012"), Side::Pupil).name.as_deref(),
        Some("Ухов Пётр"),
        "a pupil signs with the class"
    );
}

#[test]
fn roles() {
    let table = [
        ("Мой сын не может войти в урок.", false, Role::Parent),
        ("Пишет бабушка, внук картавит.", false, Role::Parent),
        ("Я ученица 9Б, забыла пароль.", false, Role::Pupil),
        ("мама не знает что я пишу, мне страшно", false, Role::Pupil),
        ("В моём классе двое ребят не подключаются, я классный руководитель.", true, Role::Teacher),
        ("Прошу рассмотреть моё резюме на вакансию.", false, Role::Unknown),
    ];
    for (text, staff, wanted) in table {
        assert_eq!(people::evidence(&Words::new(text), None).role(false, staff, false), wanted, "{text}");
    }
}

#[test]
fn child_and_staff() {
    assert_eq!(family::child(&names::read("У дочери (Ухова Варвара, 5А) нет отметок"), Some("Анна Ухова")).as_deref(), Some("Ухова Варвара"));
    assert_eq!(family::child(&names::read("Я мама Пети Ухова"), Some("Анна Ухова")).as_deref(), Some("Пети Ухова"));
    assert_eq!(family::child(&names::read("Сын болеет"), None), None);
    let staff = [
        StaffName { id: "maths".into(), name: "Громова Нина Аркадьевна".into(), email: "g@school.example".into() },
        StaffName { id: "head".into(), name: "Зимин Олег Петрович".into(), email: "z@school.example".into() },
    ];
    let named = |text: &str| people::staff_named(&Words::new(text), &staff, Some("Анна Ухова"));
    assert_eq!(named("Жалоба на Громову: кричит на детей"), ["maths"]);
    assert_eq!(named("Претензия к Нине Аркадьевне"), ["maths"]);
    assert_eq!(named("Прошу проверить работу Зимина О. П."), ["head"]);
    assert!(named("Жалоба на столовую").is_empty());
}

#[test]
fn long_texts_of_names_classes_and_numbers_take_no_time() {
    for piece in ["Анна ", "брат 5а ", "8 900 000-11-22, ", "мама Оля Петрова, ", "а@", "в пятом а ", "И. ", "a@b.example "] {
        let text = piece.repeat(64 * 1024 / piece.len());
        let named = names::read(&text);
        let author = author::name(&named, Some("Анна Белкина"), Side::Open);
        let _ = (author, family::child(&named, None), classes::class(&text, false), contact::phone(&text, &[]), contact::answer_to(&text, &[]));
    }
}
