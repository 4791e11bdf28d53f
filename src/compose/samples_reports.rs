//! Samples of the reports: a full day, a quiet one in shadow mode; a full week, an empty one.

use super::samples_author::{date, moment};
use super::staff_letters::Weekly;
use super::{Composer, Daily, Letter, Picture};
use crate::report::{Act, Analysis, Ask, Compared, Count, Day, Frequent, Line, Meeting, Moved, Proposal, Reconciliation, Satisfaction, Span, Terms, Wish};
use chrono::{DateTime, Utc};

fn line(number: i64, category: &str, assignee: Option<&str>, what: &str, due: Option<DateTime<Utc>>) -> Line {
    Line { number, category: category.to_owned(), assignee: assignee.map(str::to_owned), what: what.to_owned(), due, acts: Vec::new() }
}

fn act(label: &str, words: &str, line: &str) -> Act {
    Act { label: label.to_owned(), words: words.to_owned(), room: String::new(), line: line.to_owned(), subject: None }
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

/// A week with something to propose.
pub(super) fn analysis() -> Analysis {
    let compared = |key: &str, title: &str, received: u32, closed: u32, before: [u32; 4]| Compared {
        key: key.to_owned(),
        title: title.to_owned(),
        received,
        closed,
        received_before: before.to_vec(),
        closed_before: before.to_vec(),
    };
    let frequent = |parallel: Option<u8>, families: u32| Frequent {
        key: "ejournal".to_owned(),
        category: "электронный журнал и дневник".to_owned(),
        topic: "доступ к дневнику, привязка ребёнка".to_owned(),
        parallel,
        families,
    };
    let proposal = |text: &str, cause: &str, cost: &str, decision: Option<&str>| Proposal {
        text: text.to_owned(),
        cause: Some(cause.to_owned()),
        cost: Some(cost.to_owned()),
        decision: decision.map(str::to_owned),
    };
    Analysis {
        span: Span::Week,
        title: "неделю 16-20 ноября".to_owned(),
        from: date(2026, 11, 16),
        to: date(2026, 11, 20),
        all: compared("", "всего", 42, 38, [31, 28, 35, 40]),
        categories: vec![
            compared("technical", "технические вопросы", 20, 19, [18, 16, 19, 21]),
            compared("ejournal", "электронный журнал и дневник", 14, 13, [7, 6, 8, 7]),
            compared("psychologist", "педагог-психолог", 8, 6, [6, 6, 8, 12]),
        ],
        terms: Terms { ended: 40, kept_literal: 34, kept_office: 38 },
        terms_before: Terms { ended: 109, kept_literal: 99, kept_office: 103 },
        median: Some(200),
        median_before: Some(190),
        topics: vec![frequent(None, 9)],
        groups: vec![frequent(Some(5), 6)],
        wishes: vec![Wish { time: "после 18:00".to_owned(), asked: 12, of: 20, unmet: 9, open: false }],
        moved: Moved { handed: 4, corrected: 3 },
        thanks: 6,
        load: vec![("Лебедев Олег Павлович".to_owned(), 12), ("Белова Анна Сергеевна".to_owned(), 6), ("Соколова Ирина Юрьевна".to_owned(), 3)],
        satisfaction: None,
        proposals: vec![
            proposal(
                "Добавить окно консультаций после 18:00",
                "12 из 20 семей просили время после 18:00: окон нет.",
                "1 час специалиста в неделю",
                Some("Изменить график консультаций"),
            ),
            proposal(
                "Разослать классным памятку о входе в дневник",
                "Обращений об электронном журнале стало больше: 14 против 7; чаще всего: доступ к дневнику, привязка ребёнка.",
                "1 час администратора журнала",
                None,
            ),
            proposal(
                "Групповая консультация для родителей 5-х классов",
                "У 6 семей одной параллели один вопрос: доступ к дневнику, привязка ребёнка.",
                "40 минут специалиста вместо отдельных встреч",
                None,
            ),
        ],
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
                Line {
                    acts: vec![
                        act("Передать: Лебедев О. П.", "передать: Лебедев Олег Павлович", "147 → Лебедев"),
                        act("Взять себе", "беру себе", "147 беру себе"),
                    ],
                    ..line(147, "другие вопросы", None, "тема не ясна: кто ответит", Some(moment(18, 18, 0)))
                },
                Line {
                    acts: vec![act("Продлить", "продлить до 28.11", "151 продлить до 28.11"), act("Не продлевать", "не продлевать", "151 не продлевать")],
                    ..line(151, "качество уроков", Some("Белова Анна Сергеевна"), "просят продлить срок до 28.11", None)
                },
            ],
            asks: vec![Ask {
                text: "Похоже на общий случай, технические вопросы: обращений 7. Одно это или разное?".to_owned(),
                acts: vec![Act {
                    subject: Some("Общий случай 3: разные [inc-x]".to_owned()), ..act("Это разное", "разные", "разные")
                }],
            }],
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
            undelivered: vec!["№ 140: письмо не дошло, телефон у оператора".to_owned()],
            incidents: vec!["Общий случай, технические вопросы: обращений 7, всем отвечено, новым ответ приходит с квитанцией".to_owned()],
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
            asks: Vec::new(),
            urgent: Vec::new(),
            due_today: Vec::new(),
            overdue: Vec::new(),
            total: Count::default(),
            by_category: Vec::new(),
            by_specialist: Vec::new(),
            meetings: Vec::new(),
            undelivered: Vec::new(),
            incidents: Vec::new(),
            staff_letters: Vec::new(),
            parked: Vec::new(),
            spam: None,
            warnings: Vec::new(),
            reconciliation: Reconciliation { journalled: 5, opened: 2, added: 3, ..Reconciliation::default() },
            ..full.clone()
        };
        let composer = Composer::sample();
        let of = |report: crate::report::Daily| Daily::of(report, &composer, ("report/daily/2026-11-18", moment(18, 7, 30)), "head-1");
        let restless =
            crate::report::Daily { parked: Vec::new(), reconciliation: Reconciliation { journalled: 5, ..Reconciliation::default() }, ..full.clone() };
        vec![of(full), of(quiet), of(restless)]
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
            withdrawn: 3,
            merged: 1,
            weeks_before: vec![31, 28, 35, 40],
            days: [(16, 11, 6), (17, 9, 10), (18, 8, 8), (19, 7, 9), (20, 7, 5)]
                .map(|(d, received, closed)| Day { date: date(2026, 11, d), received, closed })
                .to_vec(),
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
            analysis: analysis(),
        };
        let empty = crate::report::Weekly {
            late: true,
            shadow: true,
            total: Count::default(),
            withdrawn: 0,
            merged: 0,
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
            analysis: Analysis {
                all: Compared::default(),
                categories: Vec::new(),
                terms: Terms::default(),
                terms_before: Terms::default(),
                median: None,
                median_before: None,
                topics: Vec::new(),
                groups: Vec::new(),
                wishes: Vec::new(),
                moved: Moved::default(),
                thanks: 0,
                load: Vec::new(),
                satisfaction: None,
                proposals: Vec::new(),
                ..analysis()
            },
            ..full.clone()
        };
        let composer = Composer::sample();
        let draft = super::DraftOffer::of(&composer, "2026-W47", "head-1", moment(23, 12, 0), &full.analysis.proposals);
        let month =
            crate::report::Weekly { analysis: Analysis { span: Span::Month, title: "ноябрь 2026 года".to_owned(), ..analysis() }, ..full.clone() };
        vec![Weekly { draft: Some(draft), ..Weekly::of(full) }, Weekly::of(empty), Weekly::of(month)]
    }

    fn pictures(&self) -> Vec<Picture> {
        self.drawn()
    }
}
