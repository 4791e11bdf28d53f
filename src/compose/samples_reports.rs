//! Samples of the reports: a full day, a quiet one in shadow mode; a full week, an empty one.

use super::{Letter, Picture};
use super::samples_author::{date, moment};
use super::staff_letters::{Daily, Weekly};
use crate::report::{Count, Day, Line, Meeting, Reconciliation, Satisfaction, Terms};
use chrono::{DateTime, Utc};

fn line(number: i64, category: &str, assignee: Option<&str>, what: &str, due: Option<DateTime<Utc>>) -> Line {
    Line { number, category: category.to_owned(), assignee: assignee.map(str::to_owned), what: what.to_owned(), due }
}

fn count(title: &str, new: u32, closed: u32, open: u32, overdue: u32) -> Count {
    Count { title: title.to_owned(), new, closed, open, overdue }
}

fn reconciliation() -> Reconciliation {
    Reconciliation {
        journalled: 120,
        opened: 34,
        added: 21,
        answers: 18,
        duplicates: 4,
        ignored: vec![("рассылки".to_owned(), 30), ("автоответы".to_owned(), 10)],
        parked: 1,
        waiting: 2,
    }
}

const ABSENCE: &str = "Если в рабочий день к 9:00 этого письма нет, Отклик не работает: позвоните 8 (495) 000-12-05.";

impl Letter for Daily {
    const NAME: &'static str = "report_daily";
    fn samples() -> Vec<Self> {
        let full = crate::report::Daily {
            date: date(2026, 11, 18),
            since: moment(17, 7, 30),
            until: moment(18, 7, 30),
            late: false,
            shadow: false,
            decisions: vec![
                line(147, "другие вопросы", None, "решить: кому передать", Some(moment(18, 18, 0))),
                line(151, "качество уроков", None, "решить: продлить срок", None),
            ],
            urgent: vec![line(148, "педагог-психолог", Some("Соколова Ирина Юрьевна"), "связаться", Some(moment(18, 8, 0)))],
            due_today: (152..164).map(|n| line(n, "технические вопросы", Some("Лебедев Олег Павлович"), "ответить", Some(moment(18, 16, 20)))).collect(),
            overdue: vec![line(139, "электронный журнал и дневник", Some("Белова Анна Сергеевна"), "ответить", Some(moment(17, 15, 0)))],
            total: count("всего", 9, 7, 21, 1),
            by_category: vec![
                count("технические вопросы", 5, 4, 12, 0),
                count("электронный журнал и дневник", 2, 3, 6, 1),
                count("педагог-психолог", 2, 0, 3, 0),
            ],
            by_specialist: vec![
                count("Лебедев Олег Павлович", 5, 4, 12, 0),
                count("Белова Анна Сергеевна", 2, 3, 6, 1),
                count("Соколова Ирина Юрьевна", 2, 0, 3, 0),
            ],
            meetings: vec![
                Meeting {
                    number: 120,
                    group: false,
                    specialist: "Соколова Ирина Юрьевна".to_owned(),
                    start: moment(18, 15, 30),
                    channel: "phone".to_owned(),
                    state: "подтверждена".to_owned(),
                },
                Meeting {
                    number: 131,
                    group: false,
                    specialist: "Соколова Ирина Юрьевна".to_owned(),
                    start: moment(19, 14, 0),
                    channel: "Сферум".to_owned(),
                    state: "ждём автора".to_owned(),
                },
            ],
            undelivered: vec!["№ 140: письмо не дошло, позвоните +7 900 000-00-03".to_owned()],
            staff_letters: vec!["№ 133: 2".to_owned()],
            parked: vec!["INBOX, 17 ноября".to_owned()],
            spam: Some(3),
            warnings: vec!["Нет производственного календаря на 2027 год: сроки января предварительные.".to_owned()],
            reconciliation: reconciliation(),
            absence_means: ABSENCE.to_owned(),
        };
        let quiet = crate::report::Daily {
            late: true,
            shadow: true,
            decisions: Vec::new(),
            urgent: Vec::new(),
            due_today: Vec::new(),
            overdue: Vec::new(),
            total: Count::default(),
            by_category: Vec::new(),
            by_specialist: Vec::new(),
            meetings: Vec::new(),
            undelivered: Vec::new(),
            staff_letters: Vec::new(),
            parked: Vec::new(),
            spam: None,
            warnings: Vec::new(),
            reconciliation: Reconciliation { journalled: 5, ..Reconciliation::default() },
            ..full.clone()
        };
        vec![Daily { report: full }, Daily { report: quiet }]
    }
}

impl Letter for Weekly {
    const NAME: &'static str = "report_weekly";
    fn samples() -> Vec<Self> {
        let full = crate::report::Weekly {
            from: date(2026, 11, 16),
            to: date(2026, 11, 20),
            late: false,
            shadow: false,
            total: count("всего", 42, 38, 21, 2),
            weeks_before: vec![31, 28, 35, 40],
            days: [(16, 11, 6), (17, 9, 10), (18, 8, 8), (19, 7, 9), (20, 7, 5)].map(|(d, received, closed)| Day { date: date(2026, 11, d), received, closed }).to_vec(),
            terms_before: [(19, 10, 38, 36), (26, 10, 30, 26), (2, 11, 0, 0), (9, 11, 41, 41)]
                .map(|(d, m, ended, kept)| (date(2026, m, d), Terms { ended, kept_literal: kept, kept_office: kept }))
                .to_vec(),
            satisfaction: Some(Satisfaction {
                answers: 7,
                mean: 46,
                mean_before: Some(43),
                asked: 6,
                recommend: 6,
                by_specialist: vec![("Соколова Ирина Юрьевна".to_owned(), 48)],
            }),
            by_category: vec![
                count("технические вопросы", 20, 19, 12, 0),
                count("электронный журнал и дневник", 14, 13, 6, 2),
                count("педагог-психолог", 8, 6, 3, 0),
            ],
            by_specialist: vec![
                count("Лебедев Олег Павлович", 20, 19, 12, 0),
                count("Белова Анна Сергеевна", 14, 13, 6, 2),
                count("Соколова Ирина Юрьевна", 8, 6, 3, 0),
            ],
            terms: Terms { ended: 40, kept_literal: 34, kept_office: 38 },
            median_minutes: Some(200),
            p90_minutes: Some(1710),
            meetings: 9,
            thanks: 6,
            overdue: vec![line(139, "электронный журнал и дневник", Some("Белова Анна Сергеевна"), "ответить", Some(moment(17, 15, 0)))],
            unknown: 1,
            reconciliation: reconciliation(),
        };
        let empty = crate::report::Weekly {
            late: true,
            shadow: true,
            total: Count::default(),
            weeks_before: Vec::new(),
            days: Vec::new(),
            terms_before: Vec::new(),
            satisfaction: None,
            by_category: Vec::new(),
            by_specialist: Vec::new(),
            terms: Terms::default(),
            median_minutes: None,
            p90_minutes: None,
            meetings: 0,
            thanks: 0,
            overdue: Vec::new(),
            unknown: 0,
            reconciliation: Reconciliation::default(),
            ..full.clone()
        };
        vec![Weekly::of(full), Weekly::of(empty)]
    }

    fn pictures(&self) -> Vec<Picture> {
        self.drawn()
    }
}
