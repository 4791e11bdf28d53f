//! Samples of the letters to staff.

use super::samples_author::{date, moment};
use super::staff_letters::{
    Added, Alarm, CallTask, Decision, Done, Escalation, Handover, Item, Listed, Notice, Parked, Passed, Reminder, Slotted, Task, TaskCancelled, TaskMoved,
    Undeliverable,
};
use super::{Choice, Letter};
use chrono::Duration;

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|w| (*w).to_owned()).collect()
}

const LETTER: &str = "Здравствуйте! Сын (5А) в последние недели не хочет идти в школу, плохо спит.\n\nНе могли бы Вы с ним поговорить? Удобно после 15:00, кроме среды.\nС уважением, Мария Петрова <m.petrova>";

fn slot() -> Slotted {
    Slotted {
        start: moment(26, 15, 30),
        end: moment(26, 16, 10),
        channel: "phone".to_owned(),
        silent_until: Some(moment(19, 12, 0)),
        why: words(&["автор просит после 15:00, кроме среды", "первое свободное окно в Вашем графике"]),
    }
}

fn files() -> Vec<Listed> {
    vec![
        Listed { name: "вложение-1.pdf".to_owned(), what: "PDF, 120 КБ".to_owned(), included: true },
        Listed { name: "вложение-2.mp4".to_owned(), what: "видео, 48 МБ".to_owned(), included: false },
    ]
}

impl Letter for Task {
    const NAME: &'static str = "task";
    fn samples() -> Vec<Self> {
        let full = Task {
            number: 147,
            category: "педагог-психолог".to_owned(),
            secondary: some("электронный журнал и дневник"),
            received: moment(18, 10, 0),
            due: moment(23, 23, 59) + Duration::seconds(59),
            provisional: true,
            name: some("Петрова Мария Ивановна"),
            role: "родитель".to_owned(),
            child: some("Ваня"),
            class: some("5А"),
            phone: some("+7 900 000-00-01"),
            email: some("m.petrova@mail.example"),
            wishes: words(&["по телефону", "после 15:00", "кроме среды"]),
            text: LETTER.to_owned(),
            reasons: words(&["«не хочет идти в школу»", "«поговорить»"]),
            files: files(),
            marks: words(&["срочно", "представитель? уточнить"]),
            slot: Some(slot()),
            passed_by: some("классный руководитель"),
            reopened: false,
        };
        let bare = Task {
            category: "технические вопросы".to_owned(),
            secondary: None,
            due: moment(19, 10, 0),
            provisional: false,
            name: None,
            role: "не указано".to_owned(),
            child: None,
            class: None,
            phone: None,
            wishes: Vec::new(),
            text: "Не открывается урок, пишет «нет доступа».".to_owned(),
            reasons: Vec::new(),
            files: Vec::new(),
            marks: Vec::new(),
            slot: None,
            passed_by: None,
            ..full.clone()
        };
        let by_phone = Task { email: None, phone: some("+7 900 000-00-02"), reopened: true, ..bare.clone() };
        vec![full.clone(), bare, by_phone, Task { slot: Some(Slotted { silent_until: None, why: Vec::new(), ..slot() }), marks: Vec::new(), ..full }]
    }
}

impl Letter for TaskMoved {
    const NAME: &'static str = "task_moved";
    fn samples() -> Vec<Self> {
        let moved = TaskMoved {
            number: 147, slot: slot(), old_start: moment(25, 15, 30), reason: "Автор попросил другое время.".to_owned(), agreed: false
        };
        vec![TaskMoved { agreed: true, slot: Slotted { silent_until: None, why: Vec::new(), ..slot() }, ..moved.clone() }, moved]
    }
}

impl Letter for TaskCancelled {
    const NAME: &'static str = "task_cancelled";
    fn samples() -> Vec<Self> {
        vec![TaskCancelled { number: 147, start: moment(25, 15, 30), reason: "Автор отменил консультацию.".to_owned() }]
    }
}

impl Letter for Decision {
    const NAME: &'static str = "decision";
    fn samples() -> Vec<Self> {
        let seen = Decision {
            number: 147,
            category: "другие вопросы".to_owned(),
            runner_up: some("социальный педагог"),
            question: "Кому передать заявку?".to_owned(),
            name: some("Петрова Мария Ивановна"),
            class: some("5А"),
            phone: some("+7 900 000-00-01"),
            text: some("Подскажите, к кому обратиться по поводу питания?\nСпасибо."),
            reasons: words(&["ни одна тема не набрала уверенности"]),
            options: vec![
                Choice::of("Передать: социальный педагог Никитина С. О.", "передать: Никитина Светлана Олеговна")
                    .command("otklik order 147 assign social-1".to_owned()),
                Choice::of("Взять себе", "беру себе").command("otklik order 147 take".to_owned()),
                Choice::with_room("Ответить автору и закрыть", "готово", ": ").command("otklik order 147 close --answer \"…\"".to_owned()),
            ],
            due: moment(19, 10, 0),
            files: files(),
        };
        let hidden = Decision {
            runner_up: None,
            question: "Специалиста нет на месте. Кому передать заявку?".to_owned(),
            name: None,
            class: None,
            phone: None,
            text: None,
            reasons: Vec::new(),
            files: Vec::new(),
            ..seen.clone()
        };
        vec![seen, hidden]
    }
}

impl Letter for Alarm {
    const NAME: &'static str = "alarm";
    fn samples() -> Vec<Self> {
        let first = Alarm {
            number: 148,
            round: 1,
            received: moment(18, 22, 40),
            name: some("Петрова Мария Ивановна"),
            child: some("Ваня"),
            class: some("5А"),
            phone: some("+7 900 000-00-01"),
            email: some("m.petrova@mail.example"),
            text: "Сын сказал, что не хочет жить. Я не знаю, что делать.".to_owned(),
            reasons: words(&["«не хочет жить»"]),
        };
        vec![Alarm { round: 3, name: None, child: None, class: None, phone: None, email: None, reasons: Vec::new(), ..first.clone() }, first]
    }
}

fn item() -> Item {
    Item {
        number: 147,
        category: "технические вопросы".to_owned(),
        assignee: some("Лебедев Олег Павлович"),
        what: "ответить".to_owned(),
        due: moment(19, 10, 0),
        overdue: false,
    }
}

impl Letter for Reminder {
    const NAME: &'static str = "reminder";
    fn samples() -> Vec<Self> {
        vec![Reminder { number: 147, item: item() }, Reminder { number: 147, item: Item { what: "пригласить".to_owned(), overdue: true, ..item() } }]
    }
}

impl Letter for Escalation {
    const NAME: &'static str = "escalation";
    fn samples() -> Vec<Self> {
        let late = Item { overdue: true, ..item() };
        let other = Item {
            number: 151,
            category: "педагог-психолог".to_owned(),
            assignee: None,
            what: "пригласить".to_owned(),
            due: moment(18, 23, 59),
            ..late.clone()
        };
        vec![
            Escalation { items: vec![late.clone()], director: false },
            Escalation { items: vec![late.clone(), other.clone()], director: false },
            Escalation { items: std::iter::repeat_n([late, other], 7).flatten().collect(), director: true },
        ]
    }
}

impl Letter for Handover {
    const NAME: &'static str = "handover";
    fn samples() -> Vec<Self> {
        let one = Handover {
            number: Some(147),
            from: "Соколова Ирина Юрьевна".to_owned(),
            to: "Белова Анна Сергеевна".to_owned(),
            reason: "отсутствует с 18 по 27 ноября".to_owned(),
            reader_takes_over: true,
        };
        vec![Handover { number: None, reader_takes_over: false, ..one.clone() }, one]
    }
}

impl Letter for CallTask {
    const NAME: &'static str = "call_task";
    fn samples() -> Vec<Self> {
        let call = CallTask {
            number: 147,
            phone: "+7 900 000-00-01".to_owned(),
            name: some("Мария Ивановна"),
            say: words(&["Здравствуйте, это Школа № 12.", "Консультация назначена в среду, 25 ноября, в 15:30.", "Если неудобно, скажите, когда лучше."]),
            reason: "адреса нет".to_owned(),
            instead: false,
            own: false,
        };
        vec![CallTask { name: None, instead: true, own: true, ..call.clone() }, call]
    }
}

impl Letter for Added {
    const NAME: &'static str = "added";
    fn samples() -> Vec<Self> {
        let added = Added {
            number: 147, what: "автор просит другое время".to_owned(), text: "А можно в пятницу?".to_owned(), files: files()
        };
        vec![Added { files: Vec::new(), ..added.clone() }, added]
    }
}

impl Letter for Parked {
    const NAME: &'static str = "parked";
    fn samples() -> Vec<Self> {
        let line = "INBOX, номер 4711, получено 18 ноября в 10:05: письмо не читается".to_owned();
        vec![Parked { letters: vec![line.clone()] }, Parked { letters: vec![line; 14] }]
    }
}

impl Letter for Undeliverable {
    const NAME: &'static str = "undeliverable";
    fn samples() -> Vec<Self> {
        let lost =
            Undeliverable {
                number: 147, what: "приглашение на 25 ноября".to_owned(), why: "такого адреса нет".to_owned(), phone: some("+7 900 000-00-01")
            };
        vec![Undeliverable { phone: None, ..lost.clone() }, lost]
    }
}

impl Letter for Passed {
    const NAME: &'static str = "passed";
    fn samples() -> Vec<Self> {
        let passed = Passed {
            number: 147, who: "социальный педагог".to_owned(), due_date: date(2026, 11, 23), call: false, say: Vec::new(), phone: None
        };
        let said = Passed {
            say: words(&["«Номер Вашей заявки 147, ответим до понедельника, 23 ноября»."]), phone: some("+7 900 000-00-01"), ..passed.clone()
        };
        vec![Passed { call: true, ..passed.clone() }, said, passed]
    }
}

impl Letter for Notice {
    const NAME: &'static str = "notice";
    fn samples() -> Vec<Self> {
        vec![
            Notice {
                number: Some(147), title: "срок продлён".to_owned(), lines: words(&["Ответить до понедельника, 23 ноября.", "Автору написали."])
            },
            Notice {
                number: None, title: "почта не принимала письма два часа".to_owned(), lines: words(&["Письма ушли в 12:40, ничего не потеряно."])
            },
        ]
    }
}

impl Letter for Done {
    const NAME: &'static str = "done";
    fn samples() -> Vec<Self> {
        let done = Done {
            number: 147,
            title: "сделано".to_owned(),
            said: "Сделано: консультация перенесена на четверг, 26 ноября, 16:00.".to_owned(),
            present: None,
            options: Vec::new(),
            undo_until: Some(moment(23, 11, 0)),
        };
        let unclear = Done {
            title: "не понял поручения".to_owned(),
            said: "Такого поручения не знаю, поэтому ничего не изменено.".to_owned(),
            present: some("Консультация в среду, 25 ноября, в 15:30, по телефону: ждём специалиста."),
            options: vec![Choice::of("Время подходит", "подходит"), Choice::of("Не могу", "не могу"), Choice::with_room("Перенести", "перенести", " на ")],
            undo_until: None,
            ..done.clone()
        };
        vec![unclear, done]
    }
}
