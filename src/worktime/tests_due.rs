//! Tests of terms: the table that a deputy head would check by hand, and what holds for any receipt.

use super::tests::{day, in_zone, moscow, shipped};
use super::*;
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use proptest::prelude::*;

fn received(worktime: &Worktime, local: &str) -> DateTime<Utc> {
    let at = NaiveDateTime::parse_from_str(local, "%Y-%m-%d %H:%M:%S").unwrap();
    worktime.local(at.date(), at.time())
}

fn shown(worktime: &Worktime, at: DateTime<Utc>) -> String {
    worktime.to_local(at).format("%Y-%m-%d %H:%M:%S").to_string()
}

/// (received, term, due, skipped), Moscow time.
const TABLE: [(&str, &str, &str, &str); 18] = [
    ("2026-11-16 10:00:00", "3bd", "2026-11-19 23:59:59", ""),
    ("2026-11-20 22:00:00", "3bd", "2026-11-25 23:59:59", "21-22 ноября выходные"),
    ("2026-11-21 11:00:00", "3bd", "2026-11-25 23:59:59", "22 ноября выходной"),
    ("2026-11-22 23:59:59", "3bd", "2026-11-25 23:59:59", ""),
    ("2026-11-23 00:00:00", "3bd", "2026-11-26 23:59:59", ""),
    ("2026-10-30 09:00:00", "3bd", "2026-11-05 23:59:59", "с 31 октября по 1 ноября выходные; 4 ноября — День народного единства"),
    ("2026-12-30 16:00:00", "3bd", "2027-01-13 23:59:59", "31 декабря — перенос выходного дня; 1-8 января — новогодние каникулы; 9-10 января выходные"),
    ("2026-12-31 12:00:00", "3bd", "2027-01-13 23:59:59", "1-8 января — новогодние каникулы; 9-10 января выходные"),
    ("2025-10-31 18:00:00", "3bd", "2025-11-06 23:59:59", "2 ноября выходной; 3 ноября — перенос выходного дня; 4 ноября — День народного единства"),
    ("2025-11-01 10:00:00", "1bd", "2025-11-05 23:59:59", "2 ноября выходной; 3 ноября — перенос выходного дня; 4 ноября — День народного единства"),
    ("2027-02-19 10:00:00", "1bd", "2027-02-20 23:59:59", ""),
    ("2027-02-19 10:00:00", "3bd", "2027-02-25 23:59:59", "21 февраля выходной; 22 февраля — перенос выходного дня; 23 февраля — День защитника Отечества"),
    ("2026-03-06 10:00:00", "3bd", "2026-03-12 23:59:59", "7 марта выходной; 8 марта — Международный женский день; 9 марта — перенос выходного дня"),
    ("2024-04-26 10:00:00", "3bd", "2024-05-03 23:59:59", "28 апреля выходной; 29-30 апреля — перенос выходных дней; 1 мая — Праздник Весны и Труда"),
    ("2026-11-20 22:00:00", "24h", "2026-11-21 22:00:00", ""),
    ("2026-11-20 22:00:00", "30mw", "2026-11-23 09:00:00", "21-22 ноября выходные"),
    ("2026-11-03 16:00:00", "1hw", "2026-11-05 09:00:00", "4 ноября — День народного единства"),
    ("2026-11-19 16:30:00", "24hw", "2026-11-24 13:30:00", "21-22 ноября выходные"),
];

#[test]
fn terms_end_as_the_table_says() {
    let worktime = moscow();
    for (from, term, due, skipped) in TABLE {
        let found = worktime.due(received(&worktime, from), term.parse().unwrap());
        assert_eq!(shown(&worktime, found.at), due, "{from} + {term}");
        assert_eq!(worktime.skipped(&found).unwrap_or_default(), skipped, "{from} + {term}");
        assert!(!found.provisional, "{from} + {term}");
        assert_eq!(found.date, worktime.local_date(found.at));
    }
}

#[test]
fn every_day_is_explained() {
    let worktime = moscow();
    let due = worktime.due(received(&worktime, "2025-10-31 18:00:00"), Term::BusinessDays(3));
    let told: Vec<String> = due.days.iter().map(|d| format!("{} {} {}", d.date.format("%d.%m"), if d.counted { "+" } else { "-" }, d.reason)).collect();
    assert_eq!(
        told,
        [
            "01.11 + рабочая суббота",
            "02.11 - воскресенье",
            "03.11 - перенос выходного дня",
            "04.11 - День народного единства",
            "05.11 + рабочий день",
            "06.11 + рабочий день"
        ]
    );
    let hours = worktime.due(received(&worktime, "2026-11-20 16:00:00"), "2hw".parse().unwrap());
    let told: Vec<String> = hours.days.iter().map(|d| format!("{} {} {}", d.date.format("%d.%m"), if d.counted { "+" } else { "-" }, d.reason)).collect();
    assert_eq!(told, ["20.11 + рабочий день, учтено 1 ч 30 мин", "21.11 - суббота", "22.11 - воскресенье", "23.11 + рабочий день, учтено 30 мин"]);
    let clock = worktime.due(received(&worktime, "2026-11-20 16:00:00"), "24h".parse().unwrap());
    assert_eq!(clock.days.len(), 2);
    assert!(clock.days.iter().all(|d| d.counted));
}

#[test]
fn a_term_that_reaches_an_unknown_year_is_provisional() {
    let worktime = moscow();
    let due = worktime.due(received(&worktime, "2027-12-29 10:00:00"), Term::BusinessDays(3));
    assert!(due.provisional);
    assert_eq!(due.date, day("2028-01-11"));
    assert!(!worktime.due(received(&worktime, "2027-12-29 10:00:00"), Term::BusinessDays(1)).provisional);
    // Hours by the clock need no calendar.
    assert!(!worktime.due(received(&worktime, "2030-01-01 10:00:00"), Term::Minutes(60)).provisional);
    assert!(worktime.due(received(&worktime, "2030-01-01 10:00:00"), Term::WorkingMinutes(60)).provisional);
}

#[test]
fn by_the_office_rule_what_comes_after_hours_is_received_on_the_next_working_day() {
    let office = Office { receipt_rule: ReceiptRule::Office, ..Office::default() };
    let worktime = Worktime::new(chrono_tz::Europe::Moscow, &shipped(), &[], office).unwrap();
    let due = |at| worktime.due(received(&worktime, at), Term::BusinessDays(3));
    assert_eq!(due("2026-11-20 17:29:59").date, day("2026-11-25"));
    assert_eq!(due("2026-11-20 07:00:00").date, day("2026-11-25"));
    assert_eq!(due("2026-11-20 18:00:00").date, day("2026-11-26"));
    assert_eq!(due("2026-11-21 10:00:00").date, day("2026-11-26"));
    // The eve of a holiday closes an hour earlier.
    assert_eq!(due("2026-11-03 16:29:59").date, day("2026-11-09"));
    assert_eq!(due("2026-11-03 16:30:00").date, day("2026-11-10"));
    let late = due("2026-11-20 18:00:00");
    assert_eq!(late.days.iter().filter(|d| d.counted).count(), 3);
    assert_eq!(worktime.skipped(&late).unwrap(), "21-22 ноября выходные; 23 ноября — день получения: письмо пришло вне рабочих часов");
}

#[test]
fn the_day_is_that_of_the_schools_zone() {
    use chrono_tz::{Asia::Kamchatka, Asia::Yekaterinburg, Europe::Berlin, Europe::Kaliningrad, Europe::Moscow};
    // Thursday 19 November 2026, 23:59:59 in each zone: the same local answer, and its own moment.
    for (zone, at) in [
        (Moscow, "2026-11-24T20:59:59Z"),
        (Kaliningrad, "2026-11-24T21:59:59Z"),
        (Yekaterinburg, "2026-11-24T18:59:59Z"),
        (Kamchatka, "2026-11-24T11:59:59Z"),
        (Berlin, "2026-11-24T22:59:59Z"),
    ] {
        let worktime = in_zone(zone);
        let due = worktime.due(received(&worktime, "2026-11-19 23:59:59"), Term::BusinessDays(3));
        assert_eq!(due.at, at.parse::<DateTime<Utc>>().unwrap(), "{zone}");
        assert_eq!(due.date, day("2026-11-24"));
    }
    // One moment, two dates: Friday evening in Moscow is Saturday morning in Kamchatka.
    let at: DateTime<Utc> = "2026-11-19T20:30:00Z".parse().unwrap();
    assert_eq!(moscow().due(at, Term::BusinessDays(1)).date, day("2026-11-20"));
    assert_eq!(in_zone(Kamchatka).due(at, Term::BusinessDays(1)).date, day("2026-11-23"));
}

#[test]
fn terms_are_written_as_they_are_read() {
    for text in ["3bd", "1bd", "24h", "30m", "24hw", "30mw", "1000bd", "90m"] {
        assert_eq!(text.parse::<Term>().unwrap().to_string(), text);
    }
    assert_eq!("60m".parse::<Term>().unwrap().to_string(), "1h");
    assert_eq!(" 3bd ".parse::<Term>().unwrap(), Term::BusinessDays(3));
    let refused = |text: &str| text.parse::<Term>().unwrap_err().to_string();
    assert_eq!(
        refused("three days"),
        "the term \"three days\" is not understood: write a number and a unit, 3bd (business days), 24h, 30m, 24hw or 30mw (in working time)"
    );
    for text in ["", "bd", "3", "3 bd", "-3bd", "3d", "3BD", "1.5h", "٣bd", "3bdw", "3bd\0", "тридцать минут"] {
        assert!(refused(text).contains("is not understood"), "{text}");
    }
    assert_eq!(refused("0bd"), "the term \"0bd\" is nought: a term is at least 1bd");
    assert_eq!(refused("1001bd"), "the term \"1001bd\" is too long: at most 1000bd");
    assert_eq!(refused("99999999999999h"), "the term \"99999999999999h\" is too long: at most 8784h");
    #[derive(serde::Deserialize)]
    struct Rules {
        invite: Term,
    }
    assert_eq!(toml::from_str::<Rules>("invite = \"3bd\"").unwrap().invite, Term::BusinessDays(3));
    assert!(toml::from_str::<Rules>("invite = \"3\"").err().unwrap().to_string().contains("is not understood"));
}

fn any_zone() -> impl Strategy<Value = chrono_tz::Tz> {
    prop::sample::select(vec![chrono_tz::Europe::Moscow, chrono_tz::Europe::Kaliningrad, chrono_tz::Asia::Kamchatka, chrono_tz::Europe::Berlin])
}

fn any_term() -> impl Strategy<Value = Term> {
    prop_oneof![(1u32..12).prop_map(Term::BusinessDays), (1u32..5000).prop_map(Term::Minutes), (1u32..5000).prop_map(Term::WorkingMinutes)]
}

// 2024-01-01 to 2028-06-01: the shipped years and beyond.
const FROM: i64 = 1_704_067_200;
const TO: i64 = 1_843_430_400;

proptest! {
    #[test]
    fn a_later_receipt_is_never_due_earlier(zone in any_zone(), at in FROM..TO, later in 0i64..1_000_000, term in any_term(), office_rule: bool) {
        let receipt_rule = if office_rule { ReceiptRule::Office } else { ReceiptRule::Civil };
        let worktime = Worktime::new(zone, &shipped(), &[], Office { receipt_rule, ..Office::default() }).unwrap();
        let at = DateTime::from_timestamp(at, 0).unwrap();
        prop_assert!(worktime.due(at, term).at <= worktime.due(at + TimeDelta::seconds(later), term).at);
        prop_assert!(worktime.due(at, term).at > at);
    }

    #[test]
    fn business_days_are_counted_in_full_and_end_on_none_but_a_working_day(zone in any_zone(), at in FROM..TO, n in 1u32..15) {
        let worktime = in_zone(zone);
        let at = DateTime::from_timestamp(at, 0).unwrap();
        let due = worktime.due(at, Term::BusinessDays(n));
        prop_assert!(worktime.is_workday(due.date));
        prop_assert_eq!(due.days.iter().filter(|d| d.counted).count(), n as usize);
        prop_assert_eq!(due.days.last().map(|d| (d.date, d.counted)), Some((due.date, true)));
        prop_assert_eq!(due.days.first().map(|d| d.date), worktime.local_date(at).succ_opt());
        prop_assert!(due.days.windows(2).all(|w| w[0].date.succ_opt() == Some(w[1].date)));
        prop_assert!(due.days.iter().all(|d| d.counted == worktime.is_workday(d.date)));
        // The last second: one more is the next day.
        prop_assert_eq!(worktime.local_date(due.at), due.date);
        prop_assert_eq!(worktime.local_date(due.at + TimeDelta::seconds(1)), due.date.succ_opt().unwrap());
        prop_assert_eq!(worktime.skipped(&due).is_none(), due.days.len() == n as usize);
    }

    #[test]
    fn a_term_text_is_never_a_panic(text in ".{0,20}") {
        if let Ok(term) = text.parse::<Term>() {
            prop_assert_eq!(term.to_string().parse::<Term>(), Ok(term));
        }
    }
}
