//! Orders of staff: tables of what people write and what is meant, written before the grammar was tried.

use super::orders::{Colleague, OfGroup, Reading, Said, read};
use chrono::{NaiveDate, NaiveDateTime};

pub(super) const STAFF: [Colleague<'static>; 8] = [
    Colleague { id: "psy", name: "Соколова Ирина Юрьевна", post: "педагог-психолог" },
    Colleague { id: "psy2", name: "Петрова Мария Ивановна", post: "педагог-психолог" },
    Colleague { id: "social", name: "Никитина Светлана Олеговна", post: "социальный педагог" },
    Colleague { id: "math", name: "Козлов Дмитрий Алексеевич", post: "учитель математики" },
    Colleague { id: "rus", name: "Морозова Татьяна Игоревна", post: "учитель русского языка" },
    Colleague { id: "rus2", name: "Морозова Анна Львовна", post: "учитель истории" },
    Colleague { id: "tech", name: "Вишневский Павел Николаевич", post: "технический специалист" },
    Colleague { id: "it", name: "Белая Юлия Сергеевна", post: "администратор сайта" },
];

/// Monday.
pub(super) fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

fn at(day: u32, hour: u32, minute: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap().and_hms_opt(hour, minute, 0).unwrap()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// What an order is, without the words for the history.
fn said(text: &str) -> Option<Said> {
    match read(text, today(), &STAFF) {
        Reading::Order(said, _) => Some(said),
        _ => None,
    }
}

fn check(table: Vec<(&str, Said)>) {
    let wrong: Vec<String> = (table.iter())
        .filter(|(text, meant)| said(text).as_ref() != Some(meant))
        .map(|(text, meant)| format!("«{text}»\n   is    {:?}\n   meant {meant:?}", read(text, today(), &STAFF)))
        .collect();
    assert!(wrong.is_empty(), "{} of {} wrong:\n{}", wrong.len(), table.len(), wrong.join("\n"));
}

#[test]
fn the_first_table() {
    use Said::{Accept, Acknowledge, Allow, Another, Assign, Cancel, Close, CloseFor, Decline, Failed, Held, Move, NoShow, NotHeld, Replace, Stands, Take};
    check(vec![
        ("Взял", Take),
        ("взяла в работу", Take),
        ("Беру себе.", Take),
        ("Здравствуйте! Взяла в работу, свяжусь с мамой завтра.", Take),
        ("Здравствуйте, взял заявку в работу.", Take),
        ("Здравствуйте, Марина Викторовна! Взяла.", Take),
        ("Добрый день, коллеги. Беру.", Take),
        ("Принял в работу", Take),
        ("уже в работе", Take),
        ("Принимаю", Accept { takes: true }),
        ("подходит", Accept { takes: false }),
        ("Да", Accept { takes: false }),
        ("Да, подходит!", Accept { takes: false }),
        ("Время подходит.", Accept { takes: false }),
        ("Согласна, буду", Accept { takes: false }),
        ("Не могу", Decline(None)),
        ("К сожалению, не смогу.", Decline(None)),
        ("не могу: педсовет", Decline(some("педсовет"))),
        ("Отклоняю", Decline(None)),
        ("это время мне не подходит", Decline(None)),
        ("Перенести", Another(None)),
        ("перенесите, пожалуйста", Another(None)),
        ("Прошу перенести на другое время", Another(None)),
        ("перенести на четверг 16:00", Move(at(26, 16, 0))),
        ("Перенести консультацию на 28.11 15:00", Move(at(28, 15, 0))),
        ("перенесите на завтра в 15.30, пожалуйста", Move(at(24, 15, 30))),
        ("Не могу, перенесите на пятницу в 14:00", Move(at(27, 14, 0))),
        ("перенести со среды на четверг 16:00", Move(at(26, 16, 0))),
        ("перенести на следующий вторник в 4 часа дня", Move(NaiveDate::from_ymd_opt(2026, 12, 1).unwrap().and_hms_opt(16, 0, 0).unwrap())),
        ("Состоялась", Held(None)),
        ("Консультация проведена.", Held(None)),
        ("Провела, всё хорошо", Held(None)),
        ("состоялась, рекомендации: больше гулять, режим сна.", Held(some("больше гулять, режим сна."))),
        ("Состоялась. Рекомендации: читать вслух.", Held(some("читать вслух."))),
        ("Консультация состоялась.\nРекомендации:\n1. Режим.\n2. Прогулки.", Held(some("1. Режим.\n2. Прогулки."))),
        ("не пришли", NoShow(None)),
        ("Никто не пришёл", NoShow(None)),
        ("Мама не явилась на консультацию", NoShow(None)),
        ("Семья не вышла на связь.", NoShow(None)),
        ("не состоялась", NotHeld(None)),
        ("Не состоялась: ребёнок заболел", NotHeld(some("ребёнок заболел"))),
        ("не состоялась, не пришли", NoShow(None)),
        ("сбой связи", Failed(None)),
        ("Нет связи: Сферум не открывается", Failed(some("Сферум не открывается"))),
        ("Технический сбой.", Failed(None)),
        ("не состоялась из-за: сбой связи", Failed(some("из-за: сбой связи"))),
        ("Разрешаю", Allow),
        ("разрешаю новую дату", Allow),
        ("Состоится", Stands),
        ("Пусть состоится.", Stands),
        ("заменить", Replace(None)),
        ("Заменить на Петрову", Replace(some("psy2"))),
        ("передать Соколовой", Assign("psy".into())),
        ("Передайте, пожалуйста, Козлову Д. А.", Assign("math".into())),
        ("передать: Морозова Анна Львовна", Assign("rus2".into())),
        ("передать Белой", Assign("it".into())),
        ("Передайте Вишневскому", Assign("tech".into())),
        ("передать социальному педагогу", Assign("social".into())),
        ("отменить", Cancel(None)),
        ("Отменить консультацию: карантин", Cancel(some("карантин"))),
        ("готово: Пароль сброшен, проверьте.", Close(some("Пароль сброшен, проверьте."))),
        ("Закрыть: вопрос решён, спасибо за письмо", Close(some("вопрос решён, спасибо за письмо"))),
        ("Готово:\nДобрый день!\n\nЗайдите ещё раз.", Close(some("Добрый день!\n\nЗайдите ещё раз."))),
        ("закрыть", Close(None)),
        ("Закрыть без ответа: дубль", CloseFor("дубль".into())),
        ("Ответила сама", CloseFor("Ответила сама".into())),
        ("вижу", Acknowledge),
        ("Вижу, занимаюсь.", Acknowledge),
    ]);
}

#[test]
fn the_second_half_of_the_first_table() {
    use Said::{Again, CallMyself, Called, Channel, CloseFor, Confirmed, EndSeries, Extend, Group, Recommend, Reminders, Series, Slot, Unreached};
    let until = |day: u32| NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
    check(vec![
        ("время 25.11 15:00", Slot { start: at(25, 15, 0), who: None }),
        ("Время 25.11 15:00 у Соколовой", Slot { start: at(25, 15, 0), who: some("psy") }),
        ("назначить на среду в 15:00 у Никитиной", Slot { start: at(25, 15, 0), who: some("social") }),
        ("рекомендации: меньше экрана", Recommend("меньше экрана".into())),
        ("Рекомендации для родителей:\n— режим\n— сон", Recommend("— режим\n— сон".into())),
        ("ещё раз", Again(None)),
        ("Следующая встреча в четверг 16:00", Again(Some(at(26, 16, 0)))),
        ("следующая встреча", Again(None)),
        ("серия 5", Series { count: 5, weeks: 1, one_event: false }),
        ("Серия 5 раз в 2 недели", Series { count: 5, weeks: 2, one_event: false }),
        ("серия из 4 встреч каждую неделю", Series { count: 4, weeks: 1, one_event: false }),
        ("группу 3 проведёт: Козлов", Group(3, OfGroup::Give("math".into()))),
        ("Группу 3 передать: Козлов", Group(3, OfGroup::Give("math".into()))),
        ("Группу № 3 перенести на 28.11 15:00", Group(3, OfGroup::Move(at(28, 15, 0)))),
        ("Группу 3 отменить: карантин в классе", Group(3, OfGroup::Cancel(some("карантин в классе")))),
        ("закончить серию", EndSeries(None)),
        ("Закончить серию: всё наладилось", EndSeries(some("всё наладилось"))),
        ("способ: телефон", Channel("phone".into())),
        ("Способ Сферум", Channel("Сферум".into())),
        ("способ: лично", Channel("in_person".into())),
        ("напоминание нет", Reminders(false)),
        ("Напоминания не нужны", Reminders(false)),
        ("напоминание да", Reminders(true)),
        ("продлить до 28.11", Extend { until: until(28), reason: None }),
        ("Продлить до 28.11, ждём ЭЖД", Extend { until: until(28), reason: some("ждём ЭЖД") }),
        ("продлите до пятницы: ждём ответа", Extend { until: until(27), reason: some("ждём ответа") }),
        ("продлить на два дня", Extend { until: until(25), reason: None }),
        ("звонил", Called(None)),
        ("Позвонила маме: придут в четверг", Called(some("придут в четверг"))),
        ("Дозвонилась.", Called(None)),
        ("дозвонилась, всё сказала", Called(some("всё сказала"))),
        ("сказала", Called(None)),
        ("звонил, не отвечают", Unreached(some("не отвечают"))),
        ("Не дозвонилась", Unreached(None)),
        ("не берёт трубку", Unreached(None)),
        ("Не дозвонились, телефон недоступен", Unreached(some("телефон недоступен"))),
        ("Позвоню сам", CallMyself),
        ("сама позвоню маме", CallMyself),
        ("подтвердили по телефону", Confirmed),
        ("Мама подтвердила время по телефону.", Confirmed),
        ("выдано", CloseFor("выдано".into())),
        ("Материалы выданы маме", CloseFor("Материалы выданы маме".into())),
    ]);
}

#[test]
fn what_is_no_order() {
    let table = [
        "",
        "Спасибо!",
        "Здравствуйте! Подскажите, пожалуйста, что делать, если мама не берёт трубку?",
        "Не понимаю, почему эта заявка пришла мне.",
        "Состоялась, но связь прервалась на середине",
        "Мама просила перенести, но я пока не знаю",
        "Да нет, наверное",
        "Перенести на четверг",
        "перенести на утро",
        "перенести на четверг или пятницу в 16:00",
        "передать Ивановой",
        "передать Морозовой",
        "передать",
        "передать логопеду",
        "Повторная встреча через неделю",
        "продлить",
        "продлить до конца",
        "готово:",
        "рекомендации:",
        "Готово. Пароль сброшен.",
        "Не пришли. Перенести на четверг 16:00.",
        "Взяла? А мне сказали, что не моё",
        "Да, если в 16:00",
        "серия",
        "серия 500",
        "способ:",
        "состоялась ли консультация?",
        "отменить нельзя",
        "закрыть вопрос с учебниками до пятницы не получится",
        "не взял",
        "Не закрывайте заявку",
        "время идёт",
        "хорошо",
        "принято",
        "вижу, что мама не пишет, но это не срочно",
    ];
    let wrong: Vec<String> = table.iter().filter_map(|t| said(t).map(|s| format!("«{t}» is {s:?}"))).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_writer_is_told_what_is_missing() {
    for text in [
        "Перенести на четверг",
        "передать Ивановой",
        "передать Морозовой",
        "не отвечает на вопросы учителя",
        "продлить",
        "готово:",
        "рекомендации:",
        "серия 500",
    ] {
        assert!(matches!(read(text, today(), &STAFF), Reading::Unclear(_)), "{text}: {:?}", read(text, today(), &STAFF));
    }
    for text in ["Спасибо!", "Хорошо, спасибо.", "Понял"] {
        assert_eq!(read(text, today(), &STAFF), Reading::Courtesy, "{text}");
    }
}

#[test]
fn reading_is_bounded() {
    for text in ["перенести ".repeat(50_000), "да, ".repeat(50_000), "готово: ".repeat(50_000), "\n".repeat(100_000), ". ".repeat(100_000)] {
        let _ = read(&text, today(), &STAFF);
    }
    // What stands behind an order may be one again, and again: each was read twice, and so was each of the two.
    for text in [format!("{}но", "состоялась, ".repeat(40)), format!("{}x", "группу 1 ".repeat(40))] {
        assert_eq!(read(&text, today(), &STAFF), Reading::Nothing, "{text}");
    }
}

/// Written when the grammar stood, before it was tried on them.
#[test]
fn the_second_table() {
    use Said::{
        Accept, Acknowledge, Again, Allow, Another, Assign, Called, Cancel, Channel, Close, CloseFor, Decline, EndSeries, Extend, Failed, Held, Move, NoShow,
        NotHeld, Recommend, Reminders, Replace, Series, Slot, Stands, Take,
    };
    let until = |day: u32| NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
    let yes = || Accept { takes: false };
    check(vec![
        ("Добрый день! Заявку беру.", Take),
        ("Возьму я", Take),
        ("Взяли в работу, спасибо", Take),
        ("беру на себя", Take),
        ("Добрый вечер. Да, время удобное", yes()),
        ("Да, я согласна на это время", yes()),
        ("Мне удобно", yes()),
        ("Подойдёт", yes()),
        ("да, буду", yes()),
        ("Ок, подходит", yes()),
        ("В четверг не могу", Decline(None)),
        ("Увы, не получится", Decline(None)),
        ("нет, не могу, у меня урок", Decline(some("у меня урок"))),
        ("В это время не смогу", Decline(None)),
        ("не подходит", Decline(None)),
        ("Занята в это время", Decline(None)),
        ("Нужно другое время", Another(None)),
        ("Можно перенести?", Another(None)),
        ("Перенести: болею", Another(some("болею"))),
        ("Давайте в пятницу в 15:00", Move(at(27, 15, 0))),
        ("Перенесите встречу на 25 ноября 14:30", Move(at(25, 14, 30))),
        ("перенос на ср 10:00", Move(at(25, 10, 0))),
        ("Переношу на завтра, 16:00", Move(at(24, 16, 0))),
        ("прошу перенести на вторник, 15 часов", Move(at(24, 15, 0))),
        ("Перенести на четверг 26.11 в 16.00, мама просила", Move(at(26, 16, 0))),
        ("Консультация прошла успешно.", Held(None)),
        ("Провели, мама пришла с бабушкой", Held(None)),
        ("Состоялась вчера", Held(None)),
        ("Да, состоялась.", Held(None)),
        ("Проведена. Рекомендую режим дня и прогулки.", Held(some("Рекомендую режим дня и прогулки."))),
        ("состоялась; рекомендации: сон", Held(some("сон"))),
        ("Родители не пришли", NoShow(None)),
        ("Не явились", NoShow(None)),
        ("Ребёнок не пришёл, мама не предупредила", NoShow(some("мама не предупредила"))),
        ("не вышли на связь", NoShow(None)),
        ("Консультация не состоялась, так как отменили уроки", NotHeld(some("так как отменили уроки"))),
        ("Не провела: заболела", NotHeld(some("заболела"))),
        ("Не состоялась из-за интернета", NotHeld(some("из-за интернета"))),
        ("Связь прервалась", Failed(None)),
        ("Не работал Сферум", Failed(None)),
        ("техническая проблема: не было звука", Failed(some("не было звука"))),
        ("Разрешаю перенос", Allow),
        ("Да, разрешаю", Allow),
        ("Консультация состоится", Stands),
        ("остаётся в силе", Stands),
        ("Замените на Никитину", Replace(some("social"))),
        ("Заменить специалиста", Replace(None)),
        ("Передать: Соколова", Assign("psy".into())),
        ("передай это Вишневскому Павлу Николаевичу", Assign("tech".into())),
        ("Передайте Светлане Олеговне", Assign("social".into())),
        ("Поручить Козлову", Assign("math".into())),
        ("Назначьте Морозову Анну Львовну", Assign("rus2".into())),
        ("назначить консультацию на 26.11 в 15:00", Slot { start: at(26, 15, 0), who: None }),
        ("Время: четверг 15:00, Козлов", Slot { start: at(26, 15, 0), who: some("math") }),
        ("Отмена", Cancel(None)),
        ("Прошу отменить консультацию, так как болею", Cancel(some("так как болею"))),
        ("Отмените, пожалуйста", Cancel(None)),
        ("Ответ автору: пароль сброшен", Close(some("пароль сброшен"))),
        ("Закрыть с ответом: Исправили.", Close(some("Исправили."))),
        ("Готово — учебники в библиотеке.", Close(some("учебники в библиотеке."))),
        ("Сделано", Close(None)),
        ("Ответила маме по телефону", CloseFor("Ответила маме по телефону".into())),
        ("Вопрос решён", CloseFor("Вопрос решён".into())),
        ("продлить срок до 1 декабря", Extend { until: NaiveDate::from_ymd_opt(2026, 12, 1).unwrap(), reason: None }),
        ("Продлите, пожалуйста, до среды", Extend { until: until(25), reason: None }),
        ("продлить на неделю: ждём поставщика", Extend { until: until(30), reason: some("ждём поставщика") }),
        ("Прошу продлить до 27 ноября (нет ответа от ЭЖД)", Extend { until: until(27), reason: some("нет ответа от ЭЖД") }),
        ("Увидела, звоню маме", Acknowledge),
        ("Занимаюсь", Acknowledge),
        ("Созвонились", Called(None)),
        ("Созвонилась с мамой, всё в порядке", Called(some("всё в порядке"))),
        ("Сообщила родителям", Called(None)),
        ("Рекомендации такие: меньше телефона", Recommend("меньше телефона".into())),
        ("нужна ещё одна встреча", Again(None)),
        ("Повторная консультация 1 декабря в 15:00", Again(Some(NaiveDate::from_ymd_opt(2026, 12, 1).unwrap().and_hms_opt(15, 0, 0).unwrap()))),
        ("Серия: 6 встреч, раз в неделю", Series { count: 6, weeks: 1, one_event: false }),
        ("серия из пяти встреч через неделю", Series { count: 5, weeks: 2, one_event: false }),
        ("Завершить серию", EndSeries(None)),
        ("Формат: очно", Channel("in_person".into())),
        ("способ связи: MAX", Channel("MAX".into())),
        ("Без напоминаний", Reminders(false)),
        ("Не присылайте напоминания", Reminders(false)),
        ("Включить напоминания", Reminders(true)),
    ]);
}
