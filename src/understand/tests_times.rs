//! Tests of `times`: the table of Russian expressions with its conventions (a Wednesday, 18 November 2026, is the day of the letter).

use super::times::{Mode, windows};
use chrono::NaiveDate;

fn read(text: &str, mode: Mode) -> String {
    let today = NaiveDate::from_ymd_opt(2026, 11, 18).unwrap();
    shown(&windows(text, today, mode))
}

/// Windows as the tables write them.
pub(super) fn shown(windows: &[super::Window]) -> String {
    windows
        .iter()
        .map(|w| {
            let mut parts = Vec::new();
            if w.not {
                parts.push("not".to_owned());
            }
            if !w.weekday.is_empty() {
                parts.push(w.weekday.iter().map(|d| d.to_string().to_lowercase()).collect::<Vec<_>>().join(","));
            }
            parts.extend(w.date.map(|d| d.format("%m-%d").to_string()));
            if w.from.is_some() || w.to.is_some() {
                let show = |d: Option<NaiveDate>| d.map(|d| d.format("%m-%d").to_string()).unwrap_or_default();
                parts.push(format!("{}..{}", show(w.from), show(w.to)));
            }
            if w.after.is_some() || w.before.is_some() {
                let show = |t: Option<chrono::NaiveTime>| t.map(|t| t.format("%H:%M").to_string()).unwrap_or_default();
                parts.push(format!("{}-{}", show(w.after), show(w.before)));
            }
            parts.join(" ")
        })
        .collect::<Vec<_>>()
        .join("; ")
}

/// Fails with every sentence of the table that is read otherwise; the order of the windows does not count.
pub(super) fn wrong(mode: Mode, table: &[(&str, &str)]) {
    let sorted = |s: &str| {
        let mut list: Vec<String> = s.split("; ").map(str::to_owned).collect();
        list.sort();
        list
    };
    let wrong: Vec<String> = table
        .iter()
        .filter_map(|(text, wanted)| Some((text, wanted, read(text, mode))).filter(|(_, w, got)| sorted(got) != sorted(w)))
        .map(|(text, wanted, got)| format!("«{text}»: {got} instead of {wanted}"))
        .collect();
    assert!(wrong.is_empty(), "{} of {} wrong:\n{}", wrong.len(), table.len(), wrong.join("\n"));
}

#[test]
fn expressions() {
    let table = [
        ("завтра", "11-19"),
        ("послезавтра", "11-20"),
        ("сегодня после 16", "11-18 16:00-"),
        ("завтра после обеда", "11-19 13:00-"),
        ("завтра в первой половине дня", "11-19 08:00-12:00"),
        ("завтра утром", "11-19 08:00-12:00"),
        ("завтра вечером", "11-19 17:00-"),
        ("завтра в 15:30", "11-19 15:30-16:10"),
        ("в пятницу", "11-20"),
        ("в эту пятницу", "11-20"),
        ("в следующую пятницу", "11-27"),
        ("в следующий вторник", "11-24"),
        ("во вторник на следующей неделе", "11-24"),
        ("в ближайший понедельник", "11-23"),
        ("в среду", "11-25"),
        ("в прошлую среду", ""),
        ("на этой неделе", "11-18..11-22"),
        ("на следующей неделе", "11-23..11-29"),
        ("на следующей неделе, кроме среды", "11-23..11-29; not 11-25"),
        ("в любой день кроме среды", "not wed"),
        ("в любой рабочий день после 17:00", "mon,tue,wed,thu,fri 17:00-"),
        ("после 18", "18:00-"),
        ("после 18:00", "18:00-"),
        ("до 12", "-12:00"),
        ("с 10 до 12", "10:00-12:00"),
        ("с 10 по 12 декабря", "12-10..12-12"),
        ("с 10 до 12 декабря", "12-10..12-12"),
        ("в понедельник или в четверг с 9 до 11", "11-23 09:00-11:00; 11-19 09:00-11:00"),
        ("по вторникам и четвергам после 14:00", "tue,thu 14:00-"),
        ("25-го", "11-25"),
        ("25 ноября", "11-25"),
        ("25.11", "11-25"),
        ("25.11.2026 в 14.00", "11-25 14:00-14:40"),
        ("25.11.26 в 14-00", "11-25 14:00-14:40"),
        ("10-го", "12-10"),
        ("15 января", "01-15"),
        ("через неделю", "11-25"),
        ("через 3 дня", "11-21"),
        ("через пару дней", "11-20"),
        ("в обед", "12:00-14:00"),
        ("в 15", "15:00-15:40"),
        ("в три часа дня", "15:00-15:40"),
        ("в половине четвертого", "15:30-16:10"),
        ("в полтретьего", "14:30-15:10"),
        ("во второй половине дня", "13:00-18:00"),
        ("в любое время", ""),
        ("мне удобно пн, ср, пт с 16.00 до 17.30", "11-23 16:00-17:30; 11-25 16:00-17:30; 11-20 16:00-17:30"),
        ("только не в понедельник", "not mon"),
        ("20 или 21 ноября", "11-20; 11-21"),
        ("22 ноября в 10 утра", "11-22 10:00-10:40"),
        ("вчера произошёл конфликт", ""),
        ("утром до 11", "08:00-11:00"),
        ("вечером после 19", "19:00-"),
        ("с 7 до 8 вечера", "19:00-20:00"),
        ("18-20", "18:00-20:00"),
        ("в будни после шести вечера", "mon,tue,wed,thu,fri 18:00-"),
        ("в выходные", "sat,sun"),
        ("пн-чт после 17", "mon,tue,wed,thu 17:00-"),
        ("только не в первой половине дня", "not 08:00-12:00"),
        ("Доброе утро! Добрый вечер!", ""),
    ];
    let wrong: Vec<String> = table
        .iter()
        .filter_map(|(text, wanted)| {
            Some((text, wanted, read(text, Mode::Answer))).filter(|(_, w, got)| got != *w).map(|(t, w, got)| format!("«{t}»: {got} instead of {w}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_letter_names_times_only_where_it_speaks_of_meeting() {
    let table = [
        ("Ребёнку 10 лет, учится в 5 классе.", ""),
        ("С понедельника не открывается дневник.", ""),
        ("Завтра в 9 у нас контрольная.", ""),
        ("Тел. 8 900 000-45-67, звонить после 19.", "19:00-"),
        ("Могу подойти во вторник утром или в четверг вечером.", "11-24 08:00-12:00; 11-19 17:00-"),
        ("Прошу ответить до пятницы.", ""),
        ("В четверг не смогу, удобно в пятницу после 15.", "11-20 15:00-; not 11-19"),
        ("Удобно по средам с половины восьмого до восьми утра.", "wed 07:30-08:00"),
        ("По вторникам мы заняты, в остальные дни свободна с 16 до 18.", "16:00-18:00; not tue"),
    ];
    let wrong: Vec<String> = table
        .iter()
        .filter_map(|(text, wanted)| {
            Some((text, wanted, read(text, Mode::Letter))).filter(|(_, w, got)| got != *w).map(|(t, w, got)| format!("«{t}»: {got} instead of {w}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn any_text_is_read() {
    for text in ["", "с до по", "99999999999999 числа 99.99.9999 в 77:88", "через через через", &"в 5 ".repeat(30_000), "🙂 - – — 18-20-22 25-го-го"]
    {
        assert!(windows(text, NaiveDate::MAX.pred_opt().unwrap().pred_opt().unwrap() - chrono::Duration::days(800), Mode::Answer).len() <= 12);
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(128))]

    /// Any mixture of words of time is read to its end, and every window keeps its order.
    #[test]
    fn any_mixture_is_read(words in proptest::collection::vec(proptest::sample::select(MIXTURE), 0..60), day in 0i64..40_000) {
        let today = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap() + chrono::Duration::days(day);
        let text = words.join(" ");
        for mode in [Mode::Letter, Mode::Answer] {
            let found = windows(&text, today, mode);
            proptest::prop_assert!(found.len() <= 12);
            for w in found {
                proptest::prop_assert!(w.from.is_none() || w.to.is_none() || w.from <= w.to, "{text}: {w:?}");
                proptest::prop_assert!(w.not || w.date.is_none_or(|d| d >= today), "{text}: {w:?}");
                proptest::prop_assert!(w.after.is_none() || w.before.is_none() || w.after < w.before, "{text}: {w:?}");
                proptest::prop_assert!(w.weekday.len() <= 60);
            }
        }
    }

    /// A signature and a line with the office's hours add no window.
    #[test]
    fn a_signature_adds_nothing(words in proptest::collection::vec(proptest::sample::select(MIXTURE), 0..12)) {
        let today = NaiveDate::from_ymd_opt(2026, 11, 18).unwrap();
        let text = words.join(" ");
        let plain = windows(&text, today, Mode::Letter);
        for line in ["С уважением, Анна Лаптева", "+7 900 000-16-30, дом 15, кв. 18", "Режим работы: пн-пт с 9 до 18", "5А класс, 2026 год"] {
            proptest::prop_assert_eq!(&windows(&format!("{text}.\n\n{line}"), today, Mode::Letter), &plain);
        }
    }
}

const MIXTURE: &[&str] = &[
    "могу",
    "удобно",
    "не",
    "кроме",
    "или",
    "и",
    "в",
    "во",
    "с",
    "со",
    "до",
    "по",
    "к",
    "после",
    "на",
    "без",
    "четверти",
    "половине",
    "первого",
    "пятого",
    "часов",
    "часа",
    "минут",
    "15",
    "7",
    "25-го",
    "99-го",
    "31",
    "2.12",
    "31.02",
    "29.02.2027",
    "16:30",
    "18-20",
    "24:00",
    "декабря",
    "февраля",
    "среду",
    "пт",
    "по вт",
    "понедельник",
    "будни",
    "выходные",
    "неделе",
    "следующей",
    "этой",
    "через",
    "две",
    "недели",
    "конце",
    "начале",
    "каникулы",
    "чётным",
    "числам",
    "вечером",
    "утром",
    "обеда",
    "не смогу",
    "тоже",
    "нет",
    ",",
    ".",
    "-",
    "(",
    ";",
    "\n",
    "завтра",
    "сегодня",
    "двадцать",
    "тридцать",
    "100000",
    "вечера",
    "дня",
    "утра",
    "раньше",
    "позже",
    "весь",
    "август",
    "в декабре",
];
