//! The letter after a lost machine: what came back, what could not be known, what to look at. Counts and numbers of appeals, nobody's name.
//!
//! Not here: how memory comes back (`jobs::rebuild`), who reads it and when (`decide::recovered`).

use super::Letter;
use super::samples_author::moment;
use chrono::{DateTime, Utc};
use serde::Serialize;

/// Numbers that a line names; a head does not read more of them in a row.
const MOST: usize = 30;

/// To whoever acts as the head, once after a rebuild or a restore.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recovered {
    /// From a backup; otherwise from the mailbox alone.
    pub restored: bool,
    /// Our newest letter in Sent; `None` where there is none.
    pub until: Option<DateTime<Utc>>,
    /// What came back: «заявки: 48, из них открыты 12».
    pub came: Vec<String>,
    /// What could not be known, a sentence or two each.
    pub doubts: Vec<String>,
}

/// What could not be known, by kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Doubts {
    /// Appeals whose first letter is not in the mailbox.
    pub lost: Vec<i64>,
    /// Letters of ours without an occasion, each with its appeal.
    pub letters: Vec<Option<i64>>,
    /// Appeals with an order that could not be carried out again.
    pub orders: Vec<i64>,
    /// Keys of other commands that could not (docs/recovery.md).
    pub commands: Vec<&'static str>,
    /// Letters that are not in Sent, each with its appeal.
    pub unproved: Vec<Option<i64>>,
    /// Appeals whose consultation's time is the invitation's.
    pub times: Vec<i64>,
    /// Letters of ours that bear no signature of this key.
    pub unverified: usize,
    /// Letters that could not be read.
    pub parked: usize,
}

/// «№ 3, № 8 и ещё 12».
fn numbers(all: impl IntoIterator<Item = i64>) -> String {
    let mut all: Vec<i64> = all.into_iter().collect();
    all.sort_unstable();
    all.dedup();
    let named: Vec<String> = all.iter().take(MOST).map(|n| format!("№ {n}")).collect();
    let more = all.len().saturating_sub(MOST);
    if more > 0 { format!("{} и ещё {more}", named.join(", ")) } else { named.join(", ") }
}

/// «3 (заявки № 1, № 2)».
fn counted(all: &[Option<i64>]) -> String {
    let named = numbers(all.iter().flatten().copied());
    if named.is_empty() { all.len().to_string() } else { format!("{} (заявки {named})", all.len()) }
}

/// «об отсутствии (1), об объявлении (2)».
fn about(keys: &[&'static str]) -> String {
    let words = |key: &str| match key {
        "group" => "о группе",
        "absence" => "об отсутствии",
        "announce" => "об объявлении",
        "new" => "о заявке по телефону",
        "train" => "об обучении",
        _ => "запись не открылась",
    };
    let mut kinds: Vec<&str> = keys.iter().map(|k| words(k)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let count = |kind: &str| keys.iter().filter(|k| words(k) == kind).count();
    kinds.iter().map(|kind| format!("{kind} ({})", count(kind))).collect::<Vec<_>>().join(", ")
}

impl Doubts {
    /// A sentence or two for each kind.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if !self.lost.is_empty() {
            lines.push(format!(
                "Заявки, первого письма которых в ящике нет (звонок, бумага или письмо удалили): {}. Что по ним было, видно по нашим письмам в «Отправленных».",
                numbers(self.lost.iter().copied())
            ));
        }
        if !self.letters.is_empty() {
            lines.push(format!("Наши письма, повода для которых в ящике нет: {}. Посмотрите их в «Отправленных».", counted(&self.letters)));
        }
        if !self.orders.is_empty() {
            lines.push(format!(
                "Распоряжения с сервера, которые не удалось повторить: заявки {}. Отдайте их снова, если они ещё нужны.",
                numbers(self.orders.iter().copied())
            ));
        }
        if !self.commands.is_empty() {
            lines.push(format!("Другие распоряжения с сервера, которые не удалось повторить: {}.", about(&self.commands)));
        }
        if !self.times.is_empty() {
            lines.push(format!(
                "Время консультации взято из приглашения: заявки {}. Уточните у специалиста, верно ли оно.",
                numbers(self.times.iter().copied())
            ));
        }
        if !self.unproved.is_empty() {
            lines.push(format!(
                "Письма, которых нет в «Отправленных»: {}. Отклик считает их отправленными и снова не посылает; если письмо важное, позвоните.",
                counted(&self.unproved)
            ));
        }
        if self.unverified > 0 {
            lines.push(format!("Наши письма, которые нечем проверить: {}. Кнопки в них больше не действуют, ответ словами действует.", self.unverified));
        }
        if self.parked > 0 {
            lines.push(format!("Письма, которые не удалось прочесть: {}. Они названы в ежедневном отчёте.", self.parked));
        }
        lines
    }
}

impl Letter for Recovered {
    const NAME: &'static str = "recovered";
    fn samples() -> Vec<Self> {
        let doubts = Doubts {
            lost: vec![3, 8],
            letters: vec![Some(8), None],
            orders: vec![4],
            commands: vec!["announce", "absence", "announce", "locked"],
            unproved: vec![Some(5)],
            times: vec![7],
            unverified: 176,
            parked: 2,
        };
        let came = vec!["заявки: 48, из них открыты 12".to_owned(), "письма, прочитанные заново: 61".to_owned(), "распоряжения с сервера: 39".to_owned()];
        vec![
            Recovered { restored: false, until: Some(moment(25, 15, 30)), came: came.clone(), doubts: doubts.lines() },
            Recovered { restored: true, until: Some(moment(25, 15, 30)), came: came.clone(), doubts: Vec::new() },
            Recovered { restored: true, until: None, came, doubts: Vec::new() },
        ]
    }
}
