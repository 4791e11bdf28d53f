//! Letters that orders of staff cause: a question and a short word for the author; the answer to several orders, the list of all orders.

use super::samples_author::moment;
use super::{Choice, Letter};
use chrono::{DateTime, Utc};
use serde::Serialize;

/// What the specialist needs to know before an answer; the author answers the letter.
#[derive(Debug, Clone, Serialize)]
pub struct Question {
    /// Author's name.
    pub name: Option<String>,
    /// Appeal number.
    pub number: i64,
    /// The question, in the specialist's own words.
    pub text: String,
    /// Who asks.
    pub signer: String,
}

/// One or two sentences for the author: two appeals are one, an earlier letter was a mistake.
#[derive(Debug, Clone, Serialize)]
pub struct Word {
    /// Author's name.
    pub name: Option<String>,
    /// Appeal number.
    pub number: i64,
    /// Behind the number in the subject.
    pub title: String,
    /// Sentences, a paragraph each.
    pub lines: Vec<String>,
}

/// What became of several orders in one letter.
#[derive(Debug, Clone, Serialize)]
pub struct DoneList {
    /// A line each, in the order in which they were written: «№ 12: срок продлён до 20.05.2026, автору ушло письмо».
    pub done: Vec<String>,
    /// Those that were not carried out, and why.
    pub not_done: Vec<String>,
    /// Until when they can be taken back.
    pub undo_until: Option<DateTime<Utc>>,
}

/// Orders that are for one thing.
#[derive(Debug, Clone, Serialize)]
pub struct HelpGroup {
    /// «Взять и ответить».
    pub title: String,
    /// What can be written.
    pub lines: Vec<String>,
}

/// What can be written, by what it is for.
#[derive(Debug, Clone, Serialize)]
pub struct Help {
    /// Appeal number, where the letter is about one.
    pub number: Option<i64>,
    /// How it stands.
    pub present: Option<String>,
    /// All orders.
    pub groups: Vec<HelpGroup>,
    /// What can be ordered now, each a button.
    pub options: Vec<Choice>,
}

impl Letter for Question {
    const NAME: &'static str = "question";
    fn samples() -> Vec<Self> {
        let question = Question {
            name: Some("Мария Ивановна".to_owned()),
            number: 147,
            text: "Какой номер стоит на обороте ноутбука?".to_owned(),
            signer: "Вишневский Павел Николаевич, технический специалист".to_owned(),
        };
        vec![Question { name: None, ..question.clone() }, question]
    }
}

impl Letter for Word {
    const NAME: &'static str = "word";
    fn samples() -> Vec<Self> {
        let word = Word {
            name: Some("Мария Ивановна".to_owned()),
            number: 151,
            title: "рассмотрим вместе с № 147".to_owned(),
            lines: vec!["Обе Ваши заявки, № 147 и № 151, об одном, поэтому ответим на них вместе, под номером 147.".to_owned()],
        };
        vec![Word { name: None, ..word.clone() }, word]
    }
}

impl Letter for DoneList {
    const NAME: &'static str = "done_list";
    fn samples() -> Vec<Self> {
        let list = DoneList {
            done: vec!["№ 12: срок продлён до 30.11.2026, автору ушло письмо".to_owned(), "№ 14: заявку получает Петрова Мария Ивановна".to_owned()],
            not_done: vec!["№ 15: автору ещё ничего не отправлено. Напишите «готово: » и ответ автору.".to_owned()],
            undo_until: Some(moment(23, 11, 0)),
        };
        vec![DoneList { not_done: Vec::new(), ..list.clone() }, DoneList { done: Vec::new(), undo_until: None, ..list.clone() }, list]
    }
}

impl Letter for Help {
    const NAME: &'static str = "help";
    fn samples() -> Vec<Self> {
        let help = Help {
            number: Some(147),
            present: Some("Сейчас заявка № 147: в работе.".to_owned()),
            groups: vec![HelpGroup {
                title: "Взять и ответить".to_owned(), lines: vec!["беру".to_owned(), "готово: текст ответа".to_owned()]
            }],
            options: vec![Choice::of("Беру в работу", "беру в работу")],
        };
        vec![Help { number: None, present: None, options: Vec::new(), ..help.clone() }, help]
    }
}
