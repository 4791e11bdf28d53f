//! Tests of quotations: attribution lines of every client for every weekday and month, forwarded letters, answers above, below and inside.

use super::quotes;

const WEEKDAYS: [(&str, &str, &str, &str); 7] = [
    ("Понедельник", "пн", "Monday", "Mon"),
    ("Вторник", "вт", "Tuesday", "Tue"),
    ("Среда", "ср", "Wednesday", "Wed"),
    ("Четверг", "чт", "Thursday", "Thu"),
    ("Пятница", "пт", "Friday", "Fri"),
    ("Суббота", "сб", "Saturday", "Sat"),
    ("Воскресенье", "вс", "Sunday", "Sun"),
];
const MONTHS: [(&str, &str, &str, &str); 12] = [
    ("января", "янв.", "January", "Jan"),
    ("февраля", "февр.", "February", "Feb"),
    ("марта", "мар.", "March", "Mar"),
    ("апреля", "апр.", "April", "Apr"),
    ("мая", "мая", "May", "May"),
    ("июня", "июн.", "June", "Jun"),
    ("июля", "июл.", "July", "Jul"),
    ("августа", "авг.", "August", "Aug"),
    ("сентября", "сент.", "September", "Sep"),
    ("октября", "окт.", "October", "Oct"),
    ("ноября", "нояб.", "November", "Nov"),
    ("декабря", "дек.", "December", "Dec"),
];

/// Heads of quotations as clients write them. `{W}` weekday, `{w}` short, `{E}` English, `{e}` its short form; `{M}`, `{m}`, `{N}`, `{n}` months likewise; `{k}` the month's number.
const CLIENTS: &[(&str, &str)] = &[
    ("mail.ru web", "{W}, 7 {M} 2026, 11:02 +03:00 от Приёмная <office@school.example>:"),
    ("mail.ru web, new", ">{W}, 7 {M} 2026, 11:02 +03:00 от Приёмная школы № 12 <office@school.example>:"),
    ("mail.ru app", "-- \nОтправлено из Mail.ru для Android\n{W}, 07 {M} 2026г., 11:02 +03:00 от Приёмная office@school.example:"),
    ("Yandex web", "07.{k}.2026, 11:02, \"Приёмная школы\" <office@school.example>:"),
    ("Yandex, old", "7 {M} 2026, 11:02, от «Приёмная» <office@school.example>:"),
    ("Yandex app", "{w}, 7 {m} 2026 г., 11:02 Приёмная <office@school.example>:"),
    ("Gmail ru", "{w}, 7 {m} 2026 г. в 11:02, Приёмная школы № 12 <office@school.example>:"),
    ("Gmail ru, wrapped", "{w}, 7 {m} 2026 г. в 11:02, Приёмная школы № 12 с очень длинным именем <\noffice@school.example>:"),
    ("Gmail en", "On {e}, {n} 7, 2026 at 11:02 AM Office <office@school.example> wrote:"),
    ("Gmail en, day first", "On {e}, 7 {n} 2026 at 11:02, Office <office@school.example> wrote:"),
    ("iPhone ru", "{W}, 7 {M} 2026 г., в 11:02, Приёмная <office@school.example> написал(а):"),
    ("iPhone ru, bare", "> 7 {m} 2026 г., в 11:02, Приёмная <office@school.example> написал(а):"),
    ("iPhone en", "On {n} 7, 2026, at 11:02, Office <office@school.example> wrote:"),
    ("iPhone ru, no address", "7 {M} 2026 г., в 11:02 AM, Приёмная школы № 12 написал(а):"),
    ("Outlook desktop ru", "От: Приёмная <office@school.example> \nОтправлено: {W}, 7 {M} 2026 г. 11:02\nКому: Мама\nТема: Консультация"),
    ("Outlook desktop en", "From: Office <office@school.example>\nSent: {E}, {N} 7, 2026 11:02 AM\nTo: Mother\nSubject: Консультация"),
    (
        "Outlook mobile ru",
        "________________________________\nОт: Приёмная <office@school.example>\nОтправлено: {W}, {M} 7, 2026 11:02:00 AM\nКому: Мама <m@mail.example>\nТема: Консультация",
    ),
    ("Outlook web ru", "________________________________________\nОт: Приёмная\nОтправлено: 7 {M} 2026 г. 11:02\nКому: Мама\nТема: Консультация"),
    (
        "Outlook original",
        "-----Original Message-----\nFrom: Office [mailto:office@school.example] \nSent: {E}, {N} 07, 2026 11:02 AM\nTo: Mother\nSubject: Консультация",
    ),
    (
        "Outlook исходное",
        "-----Исходное сообщение-----\nОт: Приёмная [mailto:office@school.example]\nОтправлено: {W}, 7 {M} 2026 г. 11:02\nКому: Мама\nТема: Консультация",
    ),
    ("Windows Mail", "От: Приёмная\nОтправлено: {W}, 7 {M} 2026 г. 11:02\nКому: Мама\nТема: Консультация"),
    ("Thunderbird ru", "07.{k}.2026 11:02, Приёмная школы № 12 пишет:"),
    ("Thunderbird en", "On 07/{k}/2026 11:02, Office wrote:"),
    ("Roundcube ru", "Приёмная писал 2026-{k}-07 11:02:"),
    ("Roundcube en", "On 2026-{k}-07 11:02, Office wrote:"),
    ("The Bat! ru", "Вы писали 7 {M} 2026 г., 11:02:43:"),
    ("The Bat! en", "{E}, {N} 7, 2026, 11:02:43 AM, you wrote:"),
    ("The Bat! weekday", "Вы писали {W}, 7 {M} 2026 г., 11:02:"),
    (
        "Samsung ru",
        "-------- Исходное сообщение --------\nОт: Приёмная <office@school.example> \nДата: 07.{k}.26  11:02  (GMT+03:00) \nКому: Мама <m@mail.example> \nТема: Консультация",
    ),
    (
        "Samsung en",
        "-------- Original message --------\nFrom: Office <office@school.example> \nDate: 07/{k}/2026  11:02  (GMT+03:00) \nTo: m@mail.example \nSubject: Консультация",
    ),
    (
        "Huawei",
        "-------- Исходное сообщение --------\nОт: Приёмная <office@school.example>\nДата: {w}, 7 {m} 2026 г., 11:02\nКому: m@mail.example\nТема: Консультация",
    ),
    ("KMail / Evolution", "В {w}, 07/{k}/2026 в 11:02 +0300, Приёмная пишет:"),
    ("Rambler", "{W}, 7 {M} 2026, 11:02 +03:00 от office@school.example:"),
    (
        "eM Client",
        "------ Исходное сообщение ------\nОт \"Приёмная\" <office@school.example>\nКому \"Мама\" <m@mail.example>\nДата 07.{k}.2026 11:02:00\nТема Консультация",
    ),
];

fn heads() -> Vec<(String, String)> {
    let mut out = Vec::new();
    for (name, head) in CLIENTS {
        for w in WEEKDAYS {
            for (i, m) in MONTHS.iter().enumerate() {
                let head = head
                    .replace("{W}", w.0)
                    .replace("{w}", w.1)
                    .replace("{E}", w.2)
                    .replace("{e}", w.3)
                    .replace("{M}", m.0)
                    .replace("{m}", m.1)
                    .replace("{N}", m.2)
                    .replace("{n}", m.3)
                    .replace("{k}", &format!("{:02}", i + 1));
                if !out.iter().any(|(_, h)| *h == head) {
                    out.push(((*name).to_owned(), head));
                }
            }
        }
    }
    out
}

/// Marked and unmarked quotations below every head; the answer above, below, inside.
#[test]
fn every_client_weekday_and_month() {
    let mut wrong = std::collections::BTreeMap::<String, (usize, String)>::new();
    let heads = heads();
    for (name, head) in &heads {
        let device = head.starts_with("-- \n");
        let cases = [
            ("above, marked", format!("Да, подходит.\n\n{head}\n\n> Консультация в среду.\n> Придёте?\n"), "Да, подходит."),
            ("below, marked", format!("{head}\n\n> Консультация в среду.\n> Придёте?\n\nДа, подходит."), "Да, подходит."),
            ("inside, marked", format!("{head}\n\n> Консультация в среду.\nДа.\n> Придёте?\nОба."), "Да.\n\nОба."),
        ];
        let unmarked = format!("Да, подходит.\n\n{head}\n\nКонсультация в среду.\nПридёте?\n");
        for (how, text, own) in cases {
            let folds = quotes::cut(&text, false);
            if folds.own != own && !(device && how != "above, marked") {
                wrong.entry(format!("{name}, {how}")).or_insert((0, folds.own)).0 += 1;
            }
        }
        let folds = quotes::cut(&unmarked, false);
        // A head with neither an address nor fields is believed only above marked lines.
        if folds.own != "Да, подходит." && (head.contains("@") || head.contains("Отправлено:")) {
            wrong.entry(format!("{name}, above, unmarked")).or_insert((0, folds.own)).0 += 1;
        }
    }
    println!("heads: {} of them, kinds of trouble {}", heads.len(), wrong.len());
    for (name, (count, own)) in &wrong {
        println!("  {name}: {count}, e.g. {own:?}");
    }
    assert!(wrong.is_empty());
}

/// Marks above a letter that is passed on, and what is under them.
const FORWARDS: &[&str] = &[
    "-------- Пересылаемое сообщение --------\n07.11.2026, 08:41, \"Мама\" <m@x.example>:",
    "-------- Пересылаемое сообщение --------\nОт кого: Мама <m@x.example>\nКому: t@x.example\nДата: Пятница, 7 ноября 2026, 8:41 +03:00\nТема: беда",
    "---------- Forwarded message ---------\nОт: Мама <m@x.example>\nDate: сб, 7 нояб. 2026 г. в 08:41\nSubject: беда\nTo: <t@x.example>",
    "---------- Пересланное сообщение ---------\nОт: Мама <m@x.example>\nДата: сб, 7 нояб. 2026 г. в 08:41\nТема: беда\nКому: <t@x.example>",
    "Begin forwarded message:\n\nFrom: Мама <m@x.example>\nSubject: беда\nDate: 7 November 2026 at 08:41:00 GMT+3\nTo: t@x.example",
    "Начало переадресованного сообщения:\n\nОт: Мама <m@x.example>\nТема: беда\nДата: 7 ноября 2026 г. в 08:41:00 GMT+3\nКому: t@x.example",
    "> Начало переадресованного сообщения:\n> \n> От: Мама <m@x.example>\n> Тема: беда\n> Дата: 7 ноября 2026 г. в 08:41:00 GMT+3\n> Кому: t@x.example",
    "-------- Перенаправленное сообщение --------\nТема: \tбеда\nДата: \tSat, 7 Nov 2026 08:41:00 +0300\nОт: \tМама <m@x.example>\nКому: \tt@x.example",
    "-------- Forwarded Message --------\nSubject: беда\nDate: Sat, 7 Nov 2026 08:41:00 +0300\nFrom: Мама <m@x.example>\nTo: t@x.example",
    "-------- Пересылаемое письмо --------\nОт: Мама <m@x.example>\nДата: 07.11.2026\nТема: беда",
    "<Пересланное сообщение>\nОт: Мама <m@x.example>\nДата: 07.11.2026 08:41\nТема: беда\nКому: t@x.example",
    "=== Пересылаемое сообщение ===\nОт: Мама <m@x.example>\nДата: 07.11.2026 08:41\nТема: беда",
    "*** Начало пересылаемого сообщения ***\nОт: Мама <m@x.example>\nДата: 07.11.2026 08:41\nТема: беда",
    "---- Переслано ----\nОт: Мама <m@x.example>\nДата: 07.11.2026 08:41\nТема: беда\nКому: t@x.example",
    "Это пересылаемое сообщение\nТема: беда\nДата: 2026-11-07 08:41\nОт: Мама <m@x.example>\nКому: t@x.example",
];

#[test]
fn letters_passed_on_stay_content() {
    let mut wrong = Vec::new();
    for head in FORWARDS {
        let folds = quotes::cut(&format!("Посмотрите, пожалуйста.\n\n{head}\n\nПомогите с уроками.\nС уважением, Мама"), true);
        if !(folds.own.contains("Посмотрите") && folds.own.contains("Помогите с уроками") && folds.quoted.is_empty()) {
            wrong.push(format!("{head}: {:?} | {:?}", folds.own, folds.quoted));
        }
    }
    println!("forwards: {} of {} right\n{}", FORWARDS.len() - wrong.len(), FORWARDS.len(), wrong.join("\n"));
    assert!(wrong.is_empty());
}

/// Further clients of the second round, and ways to answer inside.
#[test]
fn heads_of_the_second_set() {
    let heads = [
        "В письме от 7 ноября 2026 г. 11:02:43 пользователь Приёмная <office@school.example> написал:",
        "07.11.2026 11:02, office@school.example пишет:",
        "07.11.2026, 11:02 пользователь \"Приёмная\" <office@school.example> написал:",
        "суббота, 7 ноября 2026г. 11:02 пользователь Приёмная <office@school.example> написал(а):",
        "Сб 07.11.2026 11:02 Приёмная <office@school.example> писал(а):",
        "2026-11-07 11:02, Приёмная пишет:",
        "2026-11-07 11:02 GMT+03:00 Приёмная <office@school.example>:",
        "On Saturday, November 7th, 2026 at 11:02, Office <office@school.example> wrote:",
        "On 7 Nov 2026, at 11:02, Office <office@school.example> wrote:",
        "Am 07.11.26 um 11:02 schrieb Приёмная:",
        "От: Приёмная <office@school.example>\nДата: суббота, 7 ноября 2026 г. в 11:02\nКому: m@mail.example\nТема: Консультация",
        "*От:* Приёмная <office@school.example>\n*Отправлено:* 7 ноября 2026 г. 11:02\n*Кому:* m@mail.example\n*Тема:* Консультация",
        "From: Office <office@school.example>\nDate: Saturday, 7 November 2026 at 11:02\nTo: m@mail.example\nSubject: Консультация",
        "-------- Оригинальное сообщение --------\nОт: Приёмная <office@school.example>\nДата: 7 нояб. 2026 г., 11:02\nКому: m@mail.example\nТема: Консультация",
        "----- Исходное сообщение от Приёмная <office@school.example> -----\nОт: Приёмная <office@school.example>\nДата: 07.11.2026 11:02\nТема: Консультация",
    ];
    let mut wrong = Vec::new();
    for head in heads {
        let (above, unmarked) = (format!("Нет, лучше в среду.\n\n{head}\n\n> Придёте?\n"), format!("Нет, лучше в среду.\n\n{head}\n\nПридёте?\nШкола\n"));
        let below = format!("{head}\n> Придёте?\n> Школа\n\nНет, лучше в среду.");
        for (how, text) in [("above", above), ("unmarked", unmarked), ("below", below)] {
            let own = quotes::cut(&text, false).own;
            if own != "Нет, лучше в среду." && (how != "unmarked" || head.contains(['@', '*'])) {
                wrong.push(format!("{how}: {head}: {own:?}"));
            }
        }
    }
    println!("heads 2: {} of {} right\n{}", heads.len() * 3 - wrong.len(), heads.len() * 3, wrong.join("\n"));
    assert!(wrong.is_empty());
}
