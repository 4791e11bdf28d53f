//! Samples of the letters to authors, and the invented school they come from. `check` renders a school's own templates with them.

use super::author_letters::{Absent, Answer, Cancelled, Extension, Invitation, Path, Receipt, Rescheduled};
use super::{Composer, Letter, PUBLIC_KEY, Templates};
use chrono::{DateTime, Duration, NaiveDate, TimeZone, Utc};

/// A moment of November 2026 in Moscow.
pub(super) fn moment(day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
    chrono_tz::Europe::Moscow.with_ymd_and_hms(2026, 11, day, hour, minute, 0).single().map(|t| t.with_timezone(&Utc)).unwrap_or_default()
}

pub(super) fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

impl Composer {
    /// The school of the samples: rehearsals without a configuration, demo and tests.
    pub fn sample() -> Composer {
        Composer {
            templates: Templates::default(),
            school: "Школа № 12".to_owned(),
            address: "priemnaya@school.example".to_owned(),
            phone: "8 (495) 000-12-00".to_owned(),
            zone: chrono_tz::Europe::Moscow,
            helplines: vec![
                "Если кому-то грозит опасность, звоните 112.".to_owned(),
                "Детский телефон доверия: 8-800-2000-122, с мобильного 124 (бесплатно).".to_owned(),
                "Этот почтовый ящик читают не круглосуточно.".to_owned(),
            ],
            key: PUBLIC_KEY,
            older: None,
            marks: Vec::new(),
            epoch: 1,
        }
    }
}

impl Letter for Receipt {
    const NAME: &'static str = "receipt";
    fn samples() -> Vec<Self> {
        let request = Receipt {
            name: some("Петрова Мария Ивановна"),
            number: 147,
            received: moment(18, 10, 0),
            path: Path::Request,
            due_date: date(2026, 11, 19),
            due: moment(19, 10, 0),
            provisional: false,
            skipped: None,
            holder: "технический специалист".to_owned(),
            season: None,
            passed_by: None,
            wordless: None,
            ask_phone: false,
            known: None,
        };
        let consultation = Receipt {
            path: Path::Consultation,
            received: moment(19, 16, 40),
            due_date: date(2026, 11, 24),
            due: moment(24, 23, 59) + Duration::seconds(59),
            skipped: some("21 и 22 ноября выходные"),
            ..request.clone()
        };
        vec![
            Receipt { path: Path::Complaint, holder: "руководитель службы".to_owned(), ..request.clone() },
            Receipt { path: Path::Delicate, holder: "руководитель службы".to_owned(), ..request.clone() },
            Receipt { name: some("Olga"), due_date: date(2026, 11, 18), due: moment(18, 18, 0), ..request.clone() },
            Receipt {
                name: None,
                due_date: date(2027, 1, 13),
                provisional: true,
                season: some("До 11 января школа отвечает дежурным составом."),
                passed_by: some("классный руководитель"),
                ..consultation.clone()
            },
            Receipt { wordless: some("фото"), ask_phone: true, name: None, ..request.clone() },
            Receipt {
                known: some("Журнал сегодня не открывается у всех, до вечера починят."), ..request.clone()
            },
            request,
            consultation,
        ]
    }
}

fn invitation() -> Invitation {
    Invitation {
        name: some("Петрова Мария Ивановна"),
        number: 147,
        start: moment(25, 15, 30),
        end: moment(25, 16, 10),
        channel: "phone".to_owned(),
        connect: None,
        specialist: "педагог-психолог Соколова Ирина Юрьевна".to_owned(),
        wish_unmet: false,
        phone: some("+7 900 000-00-01"),
        meeting: None,
        dates: Vec::new(),
    }
}

impl Letter for Invitation {
    const NAME: &'static str = "invitation";
    fn samples() -> Vec<Self> {
        vec![
            invitation(),
            Invitation { wish_unmet: true, phone: None, ..invitation() },
            Invitation {
                name: None,
                channel: "Сферум".to_owned(),
                connect: some("ссылка на комнату придёт в Сферум за 10 минут до начала"),
                phone: None,
                ..invitation()
            },
            Invitation { meeting: Some((2, 3)), dates: vec![moment(25, 15, 30), moment(27, 15, 30)], ..invitation() },
        ]
    }
}

impl Letter for Rescheduled {
    const NAME: &'static str = "rescheduled";
    fn samples() -> Vec<Self> {
        let moved = Rescheduled {
            invitation: Invitation { start: moment(26, 16, 0), end: moment(26, 16, 40), ..invitation() },
            old_start: moment(25, 15, 30),
            reason: some("Специалист в это время занят."),
        };
        vec![
            Rescheduled {
                reason: None,
                invitation: Invitation {
                    connect: some("кабинет 214, второй этаж"), channel: "in_person".to_owned(), ..moved.invitation.clone()
                },
                ..moved.clone()
            },
            moved,
        ]
    }
}

impl Letter for Cancelled {
    const NAME: &'static str = "cancelled";
    fn samples() -> Vec<Self> {
        let cancelled = Cancelled {
            name: some("Мария Ивановна"),
            number: 147,
            start: moment(25, 15, 30),
            reason: some("Специалист заболел."),
            new_time_follows: true,
            open: false,
        };
        vec![
            Cancelled { name: None, reason: None, new_time_follows: false, ..cancelled.clone() },
            Cancelled { new_time_follows: false, open: true, ..cancelled.clone() },
            cancelled,
        ]
    }
}

impl Letter for Answer {
    const NAME: &'static str = "answer";
    fn samples() -> Vec<Self> {
        vec![Answer {
            name: some("Мария Ивановна"),
            number: 147,
            text: "Пароль от электронного дневника сброшен. Новый Вы получите по СМС до конца дня.\n\nПри первом входе дневник попросит его сменить: это обычный порядок, <пароль> придумайте сами.".to_owned(),
            signer: "Лебедев Олег Павлович, технический специалист".to_owned(),
        }]
    }
}

impl Letter for Extension {
    const NAME: &'static str = "extension";
    fn samples() -> Vec<Self> {
        let extension = Extension {
            name: some("Мария Ивановна"),
            number: 147,
            until: date(2026, 11, 23),
            reason: some("Ждём ответа от поставщика электронного дневника."),
        };
        vec![Extension { name: None, reason: None, ..extension.clone() }, extension]
    }
}

impl Letter for Absent {
    const NAME: &'static str = "absent";
    fn samples() -> Vec<Self> {
        let absent = Absent {
            name: some("Мария Ивановна"),
            number: 147,
            back: Some(date(2026, 11, 30)),
            elsewhere: vec![
                "Районный центр помощи семье, 8 (495) 000-12-40, будни с 9 до 18".to_owned(),
                "Консультация по телефону в областном центре: 8 (495) 000-12-41".to_owned(),
            ],
        };
        vec![Absent { name: None, back: None, ..absent.clone() }, Absent { elsewhere: Vec::new(), ..absent.clone() }, absent]
    }
}
