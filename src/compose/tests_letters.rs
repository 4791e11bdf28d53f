//! Letters as their receivers read them.

use super::samples_author::moment;
use super::*;

fn envelope(kind: Kind, key: &str, to: &str) -> Envelope {
    Envelope {
        kind,
        key: key.to_owned(),
        appeal: Some(147),
        to: to.to_owned(),
        references: vec!["first-letter@mail.example".to_owned()],
        replied: true,
        event: None,
        reply: None,
        attachments: Vec::new(),
        audience: Audience::OutsiderAutomatic,
        priority: 2,
        copy: SentCopy::Full,
        not_before: None,
        not_after: None,
        cause: Some("ab12".to_owned()),
        due: Some(moment(19, 10, 0)),
        press: None,
        now: moment(18, 10, 1),
    }
}

fn read<L: Letter>(letter: &L, kind: Kind) -> String {
    let author = matches!(kind, Kind::Receipt | Kind::Invitation | Kind::Update | Kind::Cancel | Kind::Answer | Kind::Confirm);
    let mut envelope = envelope(kind, "test/147", if author { "m.petrova@mail.example" } else { "i.sokolova@school.example" });
    if !author {
        (envelope.replied, envelope.references) = (false, Vec::new());
    }
    let posting = freeze(&Composer::sample(), envelope, letter);
    decoded(&posting.raw)
}

fn receipt(path: Path) -> Receipt {
    Receipt::samples().into_iter().rev().find(|r| r.path == path).unwrap()
}

fn body(read: &str) -> &str {
    read.split_once("\n\n").unwrap().1
}

#[test]
fn receipt_of_a_request() {
    insta::assert_snapshot!(read(&receipt(Path::Request), Kind::Receipt), @r"
    От: Школа № 12 <priemnaya@school.example>
    Кому: m.petrova@mail.example
    Тема: Заявка № 147 принята
    Дата: Wed, 18 Nov 2026 10:01:00 +0300
    Auto-Submitted: auto-replied
    В ответ на: first-letter@mail.example

    Здравствуйте, Мария Ивановна!

    Ваше письмо получено в среду, 18 ноября, в 10:00 (по московскому времени). Номер заявки: 147.
    Ответим не позднее четверга, 19 ноября.
    Добавить что-то или отменить заявку можно ответом на это письмо.

    Если кому-то грозит опасность, звоните 112.
    Детский телефон доверия: 8-800-2000-122, с мобильного 124 (бесплатно).
    Этот почтовый ящик читают не круглосуточно.

    Данные из письма нужны школе, только чтобы помочь Вам; попросить удалить их можно ответом.

    Школа № 12, 8 (495) 000-12-00
    Письмо составлено автоматически, но Ваш ответ прочитает человек.
    ");
}

#[test]
fn receipt_of_a_consultation() {
    insta::assert_snapshot!(read(&receipt(Path::Consultation), Kind::Receipt), @r"
    От: Школа № 12 <priemnaya@school.example>
    Кому: m.petrova@mail.example
    Тема: Заявка № 147 принята
    Дата: Wed, 18 Nov 2026 10:01:00 +0300
    Auto-Submitted: auto-replied
    В ответ на: first-letter@mail.example

    Здравствуйте, Мария Ивановна!

    Ваше письмо получено в четверг, 19 ноября, в 16:40 (по московскому времени). Номер заявки: 147.
    Не позднее вторника, 24 ноября, пришлём письмо с датой и временем консультации (21 и 22 ноября выходные).
    Добавить что-то или отменить заявку можно ответом на это письмо.

    Если кому-то грозит опасность, звоните 112.
    Детский телефон доверия: 8-800-2000-122, с мобильного 124 (бесплатно).
    Этот почтовый ящик читают не круглосуточно.

    Данные из письма нужны школе, только чтобы помочь Вам; попросить удалить их можно ответом.

    Школа № 12, 8 (495) 000-12-00
    Письмо составлено автоматически, но Ваш ответ прочитает человек.
    ");
}

#[test]
fn receipt_of_a_complaint() {
    insta::assert_snapshot!(read(&receipt(Path::Complaint), Kind::Receipt), @r"
    От: Школа № 12 <priemnaya@school.example>
    Кому: m.petrova@mail.example
    Тема: Заявка № 147 принята
    Дата: Wed, 18 Nov 2026 10:01:00 +0300
    Auto-Submitted: auto-replied
    В ответ на: first-letter@mail.example

    Здравствуйте, Мария Ивановна!

    Ваше письмо прочитает руководитель службы и ответит Вам не позднее четверга, 19 ноября.
    Мы получили его в среду, 18 ноября, в 10:00 (по московскому времени). Номер заявки: 147.
    Добавить что-то или отменить заявку можно ответом на это письмо.

    Если кому-то грозит опасность, звоните 112.
    Детский телефон доверия: 8-800-2000-122, с мобильного 124 (бесплатно).
    Этот почтовый ящик читают не круглосуточно.

    Данные из письма нужны школе, только чтобы помочь Вам; попросить удалить их можно ответом.
    Официальное обращение подают через Госуслуги, на бумаге или на личном приёме; электронная почта для этого с 30 марта 2025 года не подходит (59-ФЗ).

    Школа № 12, 8 (495) 000-12-00
    Письмо составлено автоматически, но Ваш ответ прочитает человек.
    ");
}

#[test]
fn receipt_of_a_delicate_letter_has_two_lines() {
    let read = read(&receipt(Path::Delicate), Kind::Receipt);
    assert_eq!(body(&read).trim_end().lines().count(), 2);
    insta::assert_snapshot!(read, @r"
    От: Школа № 12 <priemnaya@school.example>
    Кому: m.petrova@mail.example
    Тема: Заявка № 147 принята
    Дата: Wed, 18 Nov 2026 10:01:00 +0300
    Auto-Submitted: auto-replied
    В ответ на: first-letter@mail.example

    Здравствуйте, Мария Ивановна! Ваше письмо получено; руководитель службы лично прочитает его и свяжется с Вами не позднее четверга, 19 ноября.
    Если Вам нужен человек сейчас, звоните: Школа № 12, 8 (495) 000-12-00. Номер письма: 147.
    ");
}

#[test]
fn receipt_with_everything() {
    let all = Receipt::samples().into_iter().find(|r| r.season.is_some()).unwrap();
    insta::assert_snapshot!(body(&read(&all, Kind::Receipt)), @r"
    Здравствуйте!

    Ваше письмо получено в четверг, 19 ноября, в 16:40 (по московскому времени). Номер заявки: 147. Письмо передал нам классный руководитель.
    Не позднее среды, 13 января 2027 г., пришлём письмо с датой и временем консультации (21 и 22 ноября выходные).
    Дата предварительная: календарь выходных на этот год ещё не утверждён.
    До 11 января школа отвечает дежурным составом.
    Добавить что-то или отменить заявку можно ответом на это письмо.

    Если кому-то грозит опасность, звоните 112.
    Детский телефон доверия: 8-800-2000-122, с мобильного 124 (бесплатно).
    Этот почтовый ящик читают не круглосуточно.

    Данные из письма нужны школе, только чтобы помочь Вам; попросить удалить их можно ответом.

    Школа № 12, 8 (495) 000-12-00
    Письмо составлено автоматически, но Ваш ответ прочитает человек.
    ");
}

#[test]
fn receipts_are_short_and_all_carry_the_same_block() {
    for sample in Receipt::samples() {
        let read = read(&sample, Kind::Receipt);
        let text = body(&read).trim_end();
        assert!(text.lines().count() <= 16, "{text}");
        assert!(text.lines().filter(|l| !l.is_empty()).count() <= 15);
        assert_eq!(sample.path == Path::Delicate, !text.contains("8-800-2000-122"), "{text}");
    }
}

#[test]
fn invitation() {
    let invitation = Invitation::samples().into_iter().next().unwrap();
    let read = read(&invitation, Kind::Invitation);
    let first: Vec<&str> = body(&read).lines().take(3).collect();
    let first = first.join(" ");
    for what in ["среду", "25 ноября", "15:30", "по телефону"] {
        assert!(first.contains(what), "the first three lines say {what}");
    }
    insta::assert_snapshot!(read, @r"
    От: Школа № 12 <priemnaya@school.example>
    Кому: m.petrova@mail.example
    Тема: Консультация: среда, 25 ноября, 15:30 (заявка № 147)
    Дата: Wed, 18 Nov 2026 10:01:00 +0300
    Auto-Submitted: auto-replied
    В ответ на: first-letter@mail.example

    Здравствуйте, Мария Ивановна!
    Консультация в среду, 25 ноября, в 15:30, до 16:10 (по московскому времени).
    Способ: по телефону, позвоним на +7 900 000-00-01.
    С Вами поговорит педагог-психолог Соколова Ирина Юрьевна. Это ответ на Вашу заявку № 147.

    Ответьте одним словом: да / не смогу. Нужно другое время или другой способ (звонок, видео, лично): так и напишите.
    Если ответа не будет, консультация остаётся в силе. Приглашение для календаря приложено.

    Школа № 12, 8 (495) 000-12-00
    Письмо составлено автоматически, но Ваш ответ прочитает человек.
    ");
}

#[test]
fn rescheduled_and_cancelled() {
    insta::assert_snapshot!(read(&Rescheduled::samples().pop().unwrap(), Kind::Update), @r"
    От: Школа № 12 <priemnaya@school.example>
    Кому: m.petrova@mail.example
    Тема: Консультация перенесена: четверг, 26 ноября, 16:00 (заявка № 147)
    Дата: Wed, 18 Nov 2026 10:01:00 +0300
    Auto-Submitted: auto-replied
    В ответ на: first-letter@mail.example

    Здравствуйте, Мария Ивановна!
    Консультация перенесена: теперь в четверг, 26 ноября, в 16:00, до 16:40 (по московскому времени).
    Способ: по телефону, позвоним на +7 900 000-00-01.

    Прежнее время (в среду, 25 ноября, в 15:30) отменяется. Специалист в это время занят. С Вами поговорит педагог-психолог Соколова Ирина Юрьевна.
    Ответьте одним словом: да / не смогу. Нужно другое время или другой способ: так и напишите.
    Если ответа не будет, новое время остаётся в силе. Приглашение для календаря приложено.

    Школа № 12, 8 (495) 000-12-00
    Письмо составлено автоматически, но Ваш ответ прочитает человек.
    ");
    insta::assert_snapshot!(read(&Cancelled::samples().pop().unwrap(), Kind::Cancel), @r"
    От: Школа № 12 <priemnaya@school.example>
    Кому: m.petrova@mail.example
    Тема: Консультация отменена: среда, 25 ноября, 15:30 (заявка № 147)
    Дата: Wed, 18 Nov 2026 10:01:00 +0300
    Auto-Submitted: auto-replied
    В ответ на: first-letter@mail.example

    Здравствуйте, Мария Ивановна!

    Консультация в среду, 25 ноября, в 15:30 (по московскому времени) не состоится. Специалист заболел.
    Новое время пришлём отдельным письмом. Если Вам удобны определённые дни и часы, напишите в ответе.

    Школа № 12, 8 (495) 000-12-00
    Письмо составлено автоматически, но Ваш ответ прочитает человек.
    ");
}

#[test]
fn answer_extension_and_absence() {
    insta::assert_snapshot!(body(&read(&Answer::samples().pop().unwrap(), Kind::Answer)), @r"
    Здравствуйте, Мария Ивановна!

    Пароль от электронного дневника сброшен. Новый Вы получите по СМС до конца дня.

    При первом входе дневник попросит его сменить: это обычный порядок, <пароль> придумайте сами.

    С уважением,
    Лебедев Олег Павлович, технический специалист
    Школа № 12, 8 (495) 000-12-00

    Если вопрос решён не до конца, просто ответьте на это письмо: заявка № 147 откроется снова.
    ");
    insta::assert_snapshot!(body(&read(&Extension::samples().pop().unwrap(), Kind::Confirm)), @r"
    Здравствуйте, Мария Ивановна!

    По заявке № 147 нам нужно больше времени: ответим не позднее понедельника, 23 ноября.
    Ждём ответа от поставщика электронного дневника.
    Простите за ожидание. Если за это время что-то изменится, напишите в ответе.

    Школа № 12, 8 (495) 000-12-00
    Письмо составлено автоматически, но Ваш ответ прочитает человек.
    ");
    insta::assert_snapshot!(body(&read(&Absent::samples().pop().unwrap(), Kind::Confirm)), @r"
    Здравствуйте, Мария Ивановна!

    Специалист, который может помочь по заявке № 147, сейчас отсутствует и вернётся в понедельник, 30 ноября.
    Первое свободное время после этого пришлём Вам отдельным письмом.

    Если ждать не хочется, помогут и здесь:
    — Районный центр помощи семье, 8 (495) 000-12-40, будни с 9 до 18
    — Консультация по телефону в областном центре: 8 (495) 000-12-41

    Если заявка уже не нужна, напишите об этом в ответе.

    Школа № 12, 8 (495) 000-12-00
    Письмо составлено автоматически, но Ваш ответ прочитает человек.
    ");
}

#[test]
fn task_with_a_consultation() {
    insta::assert_snapshot!(read(&Task::samples()[0], Kind::Task), @r"
    От: Школа № 12 <priemnaya@school.example>
    Кому: i.sokolova@school.example
    Тема: Срочно. Заявка № 147, консультация: четверг, 26 ноября, 15:30
    Дата: Wed, 18 Nov 2026 10:01:00 +0300
    Auto-Submitted: auto-generated

    Консультация в четверг, 26 ноября, в 15:30, до 16:10, по телефону.
    Автора надо пригласить до понедельника, 23 ноября.
    Срок предварительный: календарь выходных на этот год ещё не утверждён.
    Пометки: срочно, представитель? уточнить.
    Ответьте «вижу», когда займётесь.

    Заявка № 147: педагог-психолог; второй вопрос: электронный журнал и дневник
    Получена: среда, 18 ноября, 10:00
    Автор: Петрова Мария Ивановна (родитель)
    Ребёнок: Ваня
    Класс: 5А
    Телефон: +7 900 000-00-01
    Почта: m.petrova@mail.example
    Пожелания: по телефону, после 15:00, кроме среды
    Передал заявку: классный руководитель

    Письмо автора:
    | Здравствуйте! Сын (5А) в последние недели не хочет идти в школу, плохо спит.
    |
    | Не могли бы Вы с ним поговорить? Удобно после 15:00, кроме среды.
    | С уважением, Мария Петрова <m.petrova>

    Файлы:
    — вложение-1.pdf (PDF, 120 КБ)
    — вложение-2.mp4 (видео, 48 МБ): смотрите в ящике школы

    Ответьте одним словом: подходит / не могу / перенести. С временем: «перенести на четверг 16:00».
    Или примите либо отклоните приглашение в календаре.
    Без Вашего ответа до четверга, 19 ноября, 12:00, время считается принятым.
    Почему это время: автор просит после 15:00, кроме среды; первое свободное окно в Вашем графике.
    Почему заявка пришла Вам: «не хочет идти в школу»; «поговорить».

    Отклик, Школа № 12
    ");
}

#[test]
fn task_of_a_request_and_of_a_call() {
    insta::assert_snapshot!(body(&read(&Task::samples()[1], Kind::Task)), @r"
    Ответьте автору до четверга, 19 ноября, 10:00.

    Заявка № 147: технические вопросы
    Получена: среда, 18 ноября, 10:00
    Автор: не назвался (не указано)
    Почта: m.petrova@mail.example

    Письмо автора:
    | Не открывается урок, пишет «нет доступа».

    Ответьте на это письмо одной строкой: беру в работу / готово: текст ответа / ответ дан / продлить до 28.11, причина.
    Всё, что написано после «готово:», уйдёт автору, и заявка закроется.

    Отклик, Школа № 12
    ");
    insta::assert_snapshot!(body(&read(&Task::samples()[2], Kind::Task)), @r"
    Позвоните автору до четверга, 19 ноября, 10:00: адреса почты нет.
    Заявка открыта снова: автор пишет, что вопрос не решён.

    Заявка № 147: технические вопросы
    Получена: среда, 18 ноября, 10:00
    Автор: не назвался (не указано)
    Телефон: +7 900 000-00-02

    Письмо автора:
    | Не открывается урок, пишет «нет доступа».

    Ответьте на это письмо одной строкой: созвонились / позвоню сам / беру в работу / готово: что сказать автору / продлить до 28.11, причина.
    Слова после «готово:» скажет автору оператор по телефону, и заявка закроется.

    Отклик, Школа № 12
    ");
}

#[test]
fn alarm() {
    insta::assert_snapshot!(read(&Alarm::samples().pop().unwrap(), Kind::Other), @r"
    От: Школа № 12 <priemnaya@school.example>
    Кому: i.sokolova@school.example
    Тема: Срочно: заявка № 148, нужен человек
    Дата: Wed, 18 Nov 2026 10:01:00 +0300
    Auto-Submitted: auto-generated

    Возможно, ребёнок в опасности. Прочитайте письмо и свяжитесь с семьёй сейчас.
    Телефон: +7 900 000-00-01
    Ребёнок: Ваня
    Класс: 5А
    Автор: Петрова Мария Ивановна, m.petrova@mail.example
    Заявка № 148, получена в среду, 18 ноября, в 22:40.

    Письмо:
    | Сын сказал, что не хочет жить. Я не знаю, что делать.

    Когда займётесь, ответьте на это письмо одним словом: вижу.
    До этого письмо будет приходить снова.
    Что насторожило: «не хочет жить».
    За пределы школы Отклик ничего не сообщал. Если опасность сейчас, звоните 112.

    Отклик, Школа № 12
    ");
}

#[test]
fn decision() {
    insta::assert_snapshot!(read(&Decision::samples()[0], Kind::Other), @r"
    От: Школа № 12 <priemnaya@school.example>
    Кому: i.sokolova@school.example
    Тема: Заявка № 147: нужно Ваше решение до четверга, 19 ноября, 10:00
    Дата: Wed, 18 Nov 2026 10:01:00 +0300
    Auto-Submitted: auto-generated

    Кому передать заявку?
    Решить до четверга, 19 ноября, 10:00. Заявка № 147, другие вопросы (или: социальный педагог).

    Ответьте на это письмо одной из строк:
    — передать: Никитина Светлана Олеговна
    — беру себе (Взять себе)
    — готово: (Ответить автору и закрыть)

    Автор: Петрова Мария Ивановна
    Класс: 5А
    Телефон: +7 900 000-00-01
    Письмо автора:
    | Подскажите, к кому обратиться по поводу питания?
    | Спасибо.

    Файлы:
    — вложение-1.pdf (PDF, 120 КБ)
    — вложение-2.mp4 (видео, 48 МБ): смотрите в ящике школы

    Что понял Отклик: ни одна тема не набрала уверенности.

    Отклик, Школа № 12
    ");
}

#[test]
fn escalation_to_the_director_is_one_list() {
    insta::assert_snapshot!(read(&Escalation::samples().pop().unwrap(), Kind::Escalation), @r"
    От: Школа № 12 <priemnaya@school.example>
    Кому: i.sokolova@school.example
    Тема: Просрочено: 14 заявок
    Дата: Wed, 18 Nov 2026 10:01:00 +0300
    Auto-Submitted: auto-generated

    Срок прошёл, ответа нет: 14 заявок.

    № 147   19.11 10:00 ответить     технические вопросы, Лебедев О. П.
    № 151   18.11       пригласить   педагог-психолог, никто
    № 147   19.11 10:00 ответить     технические вопросы, Лебедев О. П.
    № 151   18.11       пригласить   педагог-психолог, никто
    № 147   19.11 10:00 ответить     технические вопросы, Лебедев О. П.
    № 151   18.11       пригласить   педагог-психолог, никто
    № 147   19.11 10:00 ответить     технические вопросы, Лебедев О. П.
    № 151   18.11       пригласить   педагог-психолог, никто
    № 147   19.11 10:00 ответить     технические вопросы, Лебедев О. П.
    № 151   18.11       пригласить   педагог-психолог, никто
    ещё 4

    Руководитель службы извещён, но заявки всё ещё открыты. Это единственный такой список за день.

    Отклик, Школа № 12
    ");
}

#[test]
fn call_task_says_at_most_five_lines() {
    let long = CallTask { say: vec!["Строка.".to_owned(); 9], ..CallTask::samples().pop().unwrap() };
    assert_eq!(read(&long, Kind::CallTask).matches("Строка.").count(), 5);
    insta::assert_snapshot!(body(&read(&CallTask::samples().pop().unwrap(), Kind::CallTask)), @r"
    Позвоните: +7 900 000-00-01, спросите: Мария Ивановна
    Почему звонок: адреса нет. Заявка № 147.

    Что сказать:
    1. Здравствуйте, это Школа № 12.
    2. Консультация назначена в среду, 25 ноября, в 15:30.
    3. Если неудобно, скажите, когда лучше.

    Если трубку взял кто-то другой, ничего о заявке не говорите, спросите, когда перезвонить.
    После разговора ответьте на это письмо: созвонились. Никто не ответил: не дозвонились. (На сервере: otklik order 147 called)

    Отклик, Школа № 12
    ");
}

#[test]
fn daily_report() {
    insta::assert_snapshot!(read(&Daily::samples()[0], Kind::ReportDaily), @r"
    ");
}

#[test]
fn daily_report_of_a_quiet_day_in_shadow_mode() {
    let read = read(&Daily::samples()[1], Kind::ReportDaily);
    assert!(body(&read).starts_with("Пробный режим"), "the first line says so");
    insta::assert_snapshot!(body(&read), @r"
    Пробный режим: письма получает только оператор, людям ничего не отправлено.
    С опозданием: Отклик какое-то время не работал.
    Школа № 12, среда, 18 ноября: решать нечего, просроченного нет.
    Новых нет, закрыто 0, открыто 0. Писем в журнале 5, всё сходится.
    Если в рабочий день к 9:00 этого письма нет, Отклик не работает: позвоните 8 (495) 000-12-05.
    ");
}

#[test]
fn the_fullest_daily_report_fits_a_screen() {
    let mut report = Daily::samples()[0].report.clone();
    let many = |list: &Vec<String>| list.iter().cycle().take(30).cloned().collect::<Vec<_>>();
    report.decisions = report.decisions.iter().cycle().take(30).cloned().collect();
    report.asks = report.asks.iter().cycle().take(30).cloned().collect();
    report.urgent = report.urgent.iter().cycle().take(30).cloned().collect();
    report.due_today = report.due_today.iter().cycle().take(30).cloned().collect();
    report.overdue = report.overdue.iter().cycle().take(30).cloned().collect();
    report.meetings = report.meetings.iter().cycle().take(30).cloned().collect();
    report.undelivered = many(&report.undelivered);
    report.incidents = many(&report.incidents);
    report.staff_letters = many(&report.staff_letters);
    report.parked = many(&report.parked);
    report.warnings = many(&report.warnings);
    (report.shadow, report.late) = (true, true);
    let letter = Daily::of(report, &Composer::sample(), ("report/daily/2026-11-18", moment(18, 7, 30)), "head-1");
    let read = read(&letter, Kind::ReportDaily);
    let lines = body(&read).lines().count();
    assert!((36..=crate::report::SCREEN_LINES).contains(&lines), "{lines} lines:\n{}", body(&read));
    assert!(body(&read).contains("ещё "), "what is left out is told");
}

#[test]
fn weekly_report() {
    insta::assert_snapshot!(read(&Weekly::samples()[0], Kind::ReportWeekly), @r"
    ");
}

#[test]
fn the_directors_page() {
    insta::assert_snapshot!(body(&read(&DirectorReport::samples()[0], Kind::ReportWeekly)), @r"
    ");
    let page = DirectorReport::samples()[0].page("Школа № 12", chrono::NaiveDate::from_ymd_opt(2026, 11, 20).unwrap());
    assert!(page.contains("Согласовано. Директор ____") && page.contains("<svg") && !page.contains("http://") | page.contains("www.w3.org"));
    assert!(page.contains("Изменить график консультаций: ☐ согласовано ☐ отклонено"));
}

#[test]
fn a_prepared_letter_holds_three_proposals_of_the_longest() {
    let long = crate::report::Proposal { text: "Щ".repeat(crate::report::LONGEST_PROPOSAL), cause: None, cost: None, decision: None };
    let offer = DraftOffer::of(&Composer::sample(), "2026-W47", "head-1", moment(23, 12, 0), &vec![long; 3]);
    let link = &offer.actions[0].link;
    assert!(link.len() < 1_800, "{} characters", link.len());
    assert_eq!(link.matches(&"%D0%A9".repeat(crate::report::LONGEST_PROPOSAL)).count(), 3);
}

#[test]
fn short_letters_to_staff() {
    let mut all = String::new();
    let mut add = |text: String| {
        let (head, body) = text.split_once("\n\n").unwrap();
        let subject = head.lines().find(|l| l.starts_with("Тема")).unwrap();
        all.push_str(&format!("{subject}\n\n{}\n---\n", body.trim_end()));
    };
    add(read(&TaskMoved::samples().pop().unwrap(), Kind::Task));
    add(read(&TaskCancelled::samples().pop().unwrap(), Kind::Task));
    add(read(&Reminder::samples()[0], Kind::Reminder));
    add(read(&Escalation::samples()[0], Kind::Escalation));
    add(read(&Handover::samples().pop().unwrap(), Kind::Other));
    add(read(&Added::samples().pop().unwrap(), Kind::Other));
    add(read(&Parked::samples()[0], Kind::Other));
    add(read(&Undeliverable::samples().pop().unwrap(), Kind::Other));
    add(read(&Passed::samples()[0], Kind::Other));
    add(read(&Notice::samples()[0], Kind::Other));
    insta::assert_snapshot!(all, @r"
    Тема: Заявка № 147: консультация перенесена — четверг, 26 ноября, 15:30

    Консультация перенесена: теперь в четверг, 26 ноября, в 15:30, до 16:10, по телефону.
    Прежнее время: среда, 25 ноября, 15:30. Автор попросил другое время.
    Заявка № 147.

    Ответьте одним словом: подходит / не могу / перенести. С временем: «перенести на четверг 16:00».
    Или примите либо отклоните приглашение в календаре.
    Без Вашего ответа до четверга, 19 ноября, 12:00, время считается принятым.
    Почему это время: автор просит после 15:00, кроме среды; первое свободное окно в Вашем графике.

    Отклик, Школа № 12
    ---
    Тема: Заявка № 147: консультация отменена, среда, 25 ноября, 15:30

    Консультации в среду, 25 ноября, в 15:30 не будет.
    Автор отменил консультацию. Заявка № 147.
    Это время снова свободно.

    Отклик, Школа № 12
    ---
    Тема: Заявка № 147: ответить до четверга, 19 ноября, 10:00

    Скоро срок: ответить до четверга, 19 ноября, 10:00.
    Заявка № 147, технические вопросы.

    Ответьте на это письмо: готово: текст ответа / ответ дан / продлить до 28.11, причина.

    Отклик, Школа № 12
    ---
    Тема: Заявка № 147: срок прошёл

    Срок прошёл в четверг, 19 ноября, в 10:00: ответить.
    Заявка № 147, технические вопросы. Кто занимается: Лебедев Олег Павлович.

    Можно поторопить, передать другому или продлить срок. Ответьте, например: «продлить до 28.11, причина», «передать Петровой», «беру себе».

    Отклик, Школа № 12
    ---
    Тема: Заявка № 147: теперь у Вас

    Заявка № 147 теперь у Вас.
    Кто занимался: Соколова Ирина Юрьевна
    Кто занимается: Белова Анна Сергеевна
    Почему: отсутствует с 18 по 27 ноября

    Отклик, Школа № 12
    ---
    Тема: Заявка № 147: новое письмо

    Заявка № 147: автор просит другое время.

    Письмо:
    | А можно в пятницу?

    Файлы:
    — вложение-1.pdf (PDF, 120 КБ)
    — вложение-2.mp4 (видео, 48 МБ): смотрите в ящике школы

    Отклик, Школа № 12
    ---
    Тема: Отклик отложил 1 письмо: посмотрите сами

    Это письмо Отклик разобрать не смог. Оно лежит в ящике нетронутым, автору никто не ответил.

    — INBOX, номер 4711, получено 18 ноября в 10:05: письмо не читается

    Откройте почту и ответьте сами или передайте, кому нужно.

    Отклик, Школа № 12
    ---
    Тема: Заявка № 147: письмо не дошло

    Автор, похоже, не получил письмо: приглашение на 25 ноября.
    Почему: такого адреса нет. Заявка № 147.

    Позвоните: +7 900 000-00-01

    Отклик, Школа № 12
    ---
    Тема: Заявка № 147 принята

    Спасибо, заявка № 147 принята. Занимается социальный педагог, автору ответят не позднее понедельника, 23 ноября.
    Адреса автора нет, поэтому ему позвонят.

    Отклик, Школа № 12
    ---
    Тема: Заявка № 147: срок продлён

    Заявка № 147: срок продлён.

    Ответить до понедельника, 23 ноября.
    Автору написали.

    Отклик, Школа № 12
    ---
    ");
}

#[test]
fn zz_dump() {
    let dump = |name: &str, raw: &[u8]| std::fs::write(format!("/tmp/reports-html/{name}.html"), letter_page(raw)).unwrap();
    std::fs::create_dir_all("/tmp/reports-html").unwrap();
    for (i, s) in Daily::samples().iter().enumerate() {
        dump(&format!("daily{i}"), &freeze(&Composer::sample(), envelope(Kind::ReportDaily, "t/1", "zam@school.example"), s).raw);
    }
    for (i, s) in Weekly::samples().iter().enumerate() {
        dump(&format!("weekly{i}"), &freeze(&Composer::sample(), envelope(Kind::ReportWeekly, "t/2", "zam@school.example"), s).raw);
    }
    for (i, s) in DirectorReport::samples().iter().enumerate() {
        dump(&format!("director{i}"), &freeze(&Composer::sample(), envelope(Kind::ReportWeekly, "t/3", "zam@school.example"), s).raw);
        std::fs::write(format!("/tmp/reports-html/print{i}.html"), s.page("Школа № 12", chrono::NaiveDate::from_ymd_opt(2026, 11, 20).unwrap())).unwrap();
    }
}
