//! Samples of the letters about several appeals or about none.

use super::hours_letters::{Action, Ahead, DayList, ListItem, Return, StaffQuestion, Within};
use super::samples_author::{date, moment};
use super::{Composer, Letter};

fn actions() -> Vec<Action> {
    let composer = Composer::sample();
    vec![
        Action::order(&composer, ("list/ejournal-1/1", moment(18, 17, 0)), 147, "ejournal-1", ("Взять в работу", "беру", "")),
        Action::order(&composer, ("list/ejournal-1/1", moment(18, 17, 0)), 147, "ejournal-1", ("Ответить автору и закрыть", "готово", ": ")),
    ]
}

fn items() -> Vec<ListItem> {
    let first = ListItem {
        number: 147,
        category: "электронный журнал и дневник".to_owned(),
        what: "взять в работу".to_owned(),
        due: Some(moment(19, 10, 0)),
        actions: actions(),
    };
    let closed = ListItem {
        number: 148, what: "уже закрыта, делать ничего не нужно".to_owned(), due: None, actions: Vec::new(), ..first.clone()
    };
    vec![first, closed]
}

fn letters() -> Vec<Within> {
    vec![Within {
        subject: "Заявка № 147: электронный журнал".to_owned(), text: "В журнале стоит не та оценка.\nВторая строка <b>".to_owned()
    }]
}

impl Letter for StaffQuestion {
    const NAME: &'static str = "staff_question";
    fn samples() -> Vec<Self> {
        let composer = Composer::sample();
        let words = "Соколова Ирина Юрьевна отсутствует с 23.11.2026 по 05.12.2026";
        let asked = StaffQuestion {
            title: "отсутствует Соколова И. Ю.?".to_owned(),
            lines: vec!["Пришёл автоответ: педагога-психолога Соколовой Ирины Юрьевны нет с 23 ноября по 5 декабря.".to_owned()],
            actions: vec![Action::letter(&composer, "Да, отметить отсутствие", "Отсутствие", words)],
        };
        vec![StaffQuestion { actions: Vec::new(), ..asked.clone() }, asked]
    }
}

impl Letter for DayList {
    const NAME: &'static str = "day_list";
    fn samples() -> Vec<Self> {
        vec![
            DayList { most: 12, items: items(), letters: letters() },
            DayList { most: 12, items: Vec::new(), letters: letters() },
            DayList { most: 1, items: items(), letters: Vec::new() },
        ]
    }
}

impl Letter for Return {
    const NAME: &'static str = "return";
    fn samples() -> Vec<Self> {
        let full = Return {
            from: date(2026, 11, 23),
            to: date(2026, 11, 27),
            decided: vec!["№ 140, электронный журнал и дневник: закрыта, отвечал(а) Ершов П. Н.".to_owned()],
            passed: vec!["№ 141, электронный журнал и дневник: ведёт Ершов П. Н.".to_owned()],
            waiting: items(),
            meetings: vec![Ahead { number: 139, start: moment(26, 15, 30), channel: "phone".to_owned() }],
            letters: letters(),
        };
        let bare = Return {
            to: date(2026, 11, 23),
            decided: Vec::new(),
            passed: Vec::new(),
            waiting: Vec::new(),
            meetings: Vec::new(),
            letters: Vec::new(),
            ..full.clone()
        };
        vec![full, bare]
    }
}
