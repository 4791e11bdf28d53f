//! Samples of the letters around a consultation.

use super::author_letters::Invitation;
use super::consult_letters::{Ask, NoShow, NotFree, OfferedTime, Offers, Recommendations, Soon, Survey, Tomorrow, Way};
use super::samples_author::moment;
use super::{Choice, Letter};

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn invitation(at: usize) -> Invitation {
    let mut samples = Invitation::samples();
    samples.swap_remove(at)
}

fn options(list: &[(&str, &str)]) -> Vec<Choice> {
    list.iter().map(|(words, label)| Choice::of(label, words)).collect()
}

impl Letter for Offers {
    const NAME: &'static str = "offers";
    fn samples() -> Vec<Self> {
        let time = |day: u32, hour: u32, channel: &str| OfferedTime { start: moment(day, hour, 0), end: moment(day, hour, 40), channel: channel.to_owned() };
        let offers = Offers {
            name: some("Петрова Мария Ивановна"),
            number: 147,
            times: vec![time(24, 15, "phone"), time(25, 9, "Сферум"), time(26, 16, "in_person")],
            specialist: "педагог-психолог Соколова Ирина Юрьевна".to_owned(),
            choose_by: moment(20, 17, 30),
        };
        vec![Offers { name: None, times: offers.times.iter().take(2).cloned().collect(), ..offers.clone() }, offers]
    }
}

impl Letter for Tomorrow {
    const NAME: &'static str = "tomorrow";
    fn samples() -> Vec<Self> {
        (0..3).map(|at| Tomorrow { invitation: invitation(at) }).collect()
    }
}

impl Letter for Soon {
    const NAME: &'static str = "soon";
    fn samples() -> Vec<Self> {
        let soon = Soon {
            number: 147,
            start: moment(25, 15, 30),
            end: moment(25, 16, 10),
            channel: "phone".to_owned(),
            name: some("Петрова Мария Ивановна"),
            class: some("5А"),
            phone: some("+7 900 000-00-01"),
            author: "время подтверждено".to_owned(),
            options: options(&[("сбой связи", "Нет связи"), ("напоминание нет", "Больше не напоминать")]),
        };
        vec![Soon { name: None, class: None, phone: None, author: "ответа не было".to_owned(), ..soon.clone() }, soon]
    }
}

impl Letter for Recommendations {
    const NAME: &'static str = "recommendations";
    fn samples() -> Vec<Self> {
        let given = Recommendations {
            name: some("Мария Ивановна"),
            number: 147,
            text: "Дома помогут короткие игры на внимание, по десять минут в день.\nЧерез две недели посмотрим, что изменилось.".to_owned(),
            signer: "Соколова Ирина Юрьевна, педагог-психолог".to_owned(),
            next: Some(moment(26, 15, 0)),
        };
        vec![Recommendations { name: None, next: None, ..given.clone() }, given]
    }
}

impl Letter for NoShow {
    const NAME: &'static str = "no_show";
    fn samples() -> Vec<Self> {
        vec![NoShow { name: some("Мария Ивановна"), number: 147, start: moment(25, 15, 30) }]
    }
}

impl Letter for Way {
    const NAME: &'static str = "way";
    fn samples() -> Vec<Self> {
        (0..3).map(|at| Way { invitation: invitation(at), specialist: at == 0 }).collect()
    }
}

impl Letter for Survey {
    const NAME: &'static str = "survey";
    fn samples() -> Vec<Self> {
        vec![Survey { name: some("Мария Ивановна"), number: 147, start: moment(25, 15, 30) }, Survey { name: None, number: 9, start: moment(18, 9, 0) }]
    }
}

impl Letter for Ask {
    const NAME: &'static str = "ask";
    fn samples() -> Vec<Self> {
        vec![
            Ask {
                number: 147,
                title: "консультация прошла?".to_owned(),
                lines: vec!["Консультация в среду, 25 ноября, в 15:30 закончилась. Как она прошла?".to_owned()],
                options: options(&[("состоялась", "Состоялась"), ("не пришли", "Семья не пришла"), ("сбой связи", "Не было связи")]),
            },
            Ask {
                number: 9, title: "приглашение передано".to_owned(), lines: vec!["Время остаётся за консультацией.".to_owned()], options: Vec::new()
            },
        ]
    }
}

impl Letter for NotFree {
    const NAME: &'static str = "not_free";
    fn samples() -> Vec<Self> {
        let time = |day: u32, hour: u32| OfferedTime { start: moment(day, hour, 0), end: moment(day, hour, 40), channel: "phone".to_owned() };
        let letter =
            NotFree {
                name: some("Мария Ивановна"), number: 147, asked: moment(25, 18, 0), stands: moment(25, 15, 30), times: vec![time(26, 15), time(27, 9)]
            };
        vec![NotFree { name: None, times: Vec::new(), ..letter.clone() }, letter]
    }
}
