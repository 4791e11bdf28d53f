//! The operator at the command line while the daemon runs: a second program on the same file.

use super::luck::Luck;
use chrono::{DateTime, TimeDelta, Utc};
use otklik::daemon::round::catching_up;
use otklik::decide::Order;
use otklik::jobs::{self, School};
use otklik::settings::Settings;
use otklik::store::Store;
use otklik::understand::Category;
use std::path::Path;

/// Types one command. What is refused is refused: the sentence is the answer.
pub fn types(luck: &mut Luck, settings: &Settings, folder: &Path, now: DateTime<Utc>) -> String {
    let Ok(store) = Store::open(&folder.join("otklik.db")) else { return "the database could not be opened".into() };
    let open: Vec<i64> = store.appeals(true, 100).map(|all| all.iter().map(|a| a.number).collect()).unwrap_or_default();
    let settings = Settings { state_dir: folder.to_owned(), ..settings.clone() };
    let staff: Vec<String> = settings.staff.iter().map(|s| s.id.clone()).collect();
    let school = School::new(settings, store, true);
    // As `otklik` does before it changes anything.
    if catching_up(&school).unwrap_or(true) {
        return "it is still catching up".into();
    }
    if luck.percent(15) {
        let who = luck.pick(&staff).clone();
        let from = (now + TimeDelta::days(i64::try_from(luck.below(5)).unwrap())).date_naive();
        let until = luck.percent(80).then(|| from + TimeDelta::days(i64::try_from(luck.below(6)).unwrap()));
        let present = luck.percent(20);
        let done = jobs::absence(&school, &who, (from, until), present, now).map_err(|e| e.to_string());
        return format!("absence {who} {from} {until:?} {present}: {done:?}");
    }
    let Some(number) = (!open.is_empty()).then(|| *luck.pick(&open)) else { return "nothing is open".into() };
    if luck.percent(15) {
        let until = luck.percent(70).then(|| (now + TimeDelta::days(7)).date_naive());
        return format!("silence {number} {until:?}: {:?}", jobs::silence(&school, number, until, now).map_err(|e| e.to_string()));
    }
    if luck.percent(20) {
        return format!("undo {number}: {:?}", jobs::undo(&school, number, now).map_err(|e| e.to_string()));
    }
    let order = match luck.below(9) {
        0 => Order::Take,
        1 => Order::Close { answer: Some("Здравствуйте! Всё сделано, проверьте, пожалуйста.".into()), reason: None },
        2 => Order::Close { answer: None, reason: Some("повтор".into()) },
        3 => Order::Category(*luck.pick(&[Category::Technical, Category::Ejournal, Category::Psychologist, Category::SpeechTherapist])),
        4 => Order::Assign(luck.pick(&staff).clone()),
        5 => Order::Extend { until: (now + TimeDelta::days(4)).date_naive(), reason: Some("ждём поставщика".into()) },
        6 => Order::Accept,
        7 => Order::Another(None),
        _ => Order::Cancel(Some("болезнь".into())),
    };
    let done = jobs::order(&school, number, &order, now).map_err(|e| e.to_string());
    format!("order {number} {order:?}: {done:?}")
}
