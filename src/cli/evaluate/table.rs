//! The scores for people: tables in Russian, counts beside percentages.
//!
//! Not here: the counting. No word of a letter is printed unless reasons were asked for; what was read of it (a name, a phone) is.

use super::Shown;
use crate::understand::Category;
use crate::understand::scores::{CategoryScore, Difficulty, KEYS, Miss, Scores, Tally};
use anyhow::Result;
use serde_json::Value;
use std::io::Write;

pub(super) fn print(scores: &Scores, shown: &Shown<'_>, out: &mut impl Write) -> Result<()> {
    let folds = shown.folds.map(|n| format!(", частей {n}")).unwrap_or_default();
    writeln!(out, "{}: писем {}{folds}", plain(&shown.labels.display().to_string()), scores.letters)?;
    keys(scores, out)?;
    categories(scores, out)?;
    confusion(scores, out)?;
    calibration(scores, out)?;
    misses(scores, shown.reasons, out)
}

/// `12 из 14 (85.7 %)`, in a sentence.
fn said(tally: Tally) -> String {
    let percent = tally.share().map(|share| format!(" ({:.1} %)", share * 100.0)).unwrap_or_default();
    format!("{} из {}{percent}", tally.right, tally.of)
}

/// `12 из 14   85.7 %`, always equally wide up to 9999 letters.
fn share(tally: Tally) -> String {
    match tally.share() {
        Some(share) => format!("{:>4} из {:<4} {:>5.1} %", tally.right, tally.of, share * 100.0),
        None => format!("{:>4}{:16}", "–", ""),
    }
}

fn keys(scores: &Scores, out: &mut impl Write) -> Result<()> {
    writeln!(out, "\n{:<22} {:<18}  {:<20}  {:<20}  придумано", "Что прочитано", "ключ", "верно", "где указано")?;
    for key in KEYS.iter().filter(|key| scores.keys.contains_key(*key)) {
        let score = scores.key(key);
        // Nearly every letter has a kind, an appeal its category: nothing to tell apart.
        let (given, made_up) = match *key {
            "kind" | "category" => (String::new(), String::new()),
            _ => (share(score.said), format!("{} из {}", score.silent.wrong(), score.silent.of)),
        };
        let line = format!("{:<22} {key:<18}  {}  {given:<20}  {made_up}", title(key), share(score.all()));
        writeln!(out, "{}", line.trim_end())?;
        if *key == "category" {
            writeln!(out, "{:<22} {:<18}  {}", "  и допустимая", "also_ok", share(scores.category.also))?;
        }
    }
    let urgent = scores.key("urgent");
    if urgent.all().of > 0 {
        let alarms = Tally { right: urgent.silent.wrong(), of: urgent.silent.of };
        writeln!(out, "\nСрочные письма:  найдено {}", said(urgent.said))?;
        writeln!(out, "                 ложных тревог среди несрочных {}", said(alarms))?;
    }
    let windows = scores.windows;
    if let Some(f1) = windows.f1() {
        writeln!(out, "Окна времени:    точность {}", said(windows.precision()))?;
        writeln!(out, "                 полнота  {}", said(windows.recall()))?;
        writeln!(out, "                 F1       {:.1} %", f1 * 100.0)?;
    }
    Ok(())
}

fn categories(scores: &Scores, out: &mut impl Write) -> Result<()> {
    if scores.category.strict.of == 0 || scores.difficulty.keys().all(Option::is_none) {
        return Ok(());
    }
    writeln!(out, "\n{:<22} {:<20}  с допустимыми", "Тема по трудности", "верно")?;
    for (level, CategoryScore { strict, also }) in &scores.difficulty {
        writeln!(out, "{:<22} {}  {}", difficulty(*level), share(*strict), share(*also))?;
    }
    Ok(())
}

fn confusion(scores: &Scores, out: &mut impl Write) -> Result<()> {
    let all: Vec<Option<Category>> = Category::ALL.into_iter().map(Some).chain([None]).collect();
    let cell = |wanted: Option<Category>, found: Option<Category>| scores.confusion.get(&(wanted, found)).copied().unwrap_or_default();
    if scores.category.strict.of == 0 {
        return Ok(());
    }
    writeln!(out, "\nТемы: строка — по разметке, столбец — прочитано")?;
    let heads: String = (1..all.len()).map(|n| format!("{n:>5}")).collect();
    writeln!(out, "   {:<30}{heads}{:>5}", "", "–")?;
    for (row, wanted) in all.iter().enumerate() {
        let mark = if wanted.is_some() { (row + 1).to_string() } else { "–".to_owned() };
        let cells: String = all.iter().map(|found| cell(*wanted, *found)).map(|n| if n == 0 { format!("{:>5}", "·") } else { format!("{n:>5}") }).collect();
        writeln!(out, "{mark:>2} {:<30}{cells}", wanted.map_or("не обращение", Category::title))?;
    }
    Ok(())
}

fn calibration(scores: &Scores, out: &mut impl Write) -> Result<()> {
    let Some(error) = scores.calibration_error() else { return Ok(()) };
    writeln!(out, "\n{:<22} {:<20}  в среднем уверенность", "Уверенность в теме", "верно")?;
    for (tenth, bin) in scores.bins.iter().enumerate() {
        if let Some(mean) = bin.confidence() {
            let range = if tenth == 9 { "0.90–1.00".to_owned() } else { format!("0.{tenth}0–0.{tenth}9") };
            writeln!(out, "{range:<22} {}  {mean:.2}", share(bin.tally))?;
        }
    }
    writeln!(out, "Ожидаемая ошибка уверенности {error:.3} (верным считается и допустимое)")?;
    Ok(())
}

fn misses(scores: &Scores, reasons: bool, out: &mut impl Write) -> Result<()> {
    if scores.misses.is_empty() {
        writeln!(out, "\nРасхождений с разметкой нет")?;
        return Ok(());
    }
    writeln!(out, "\nРасхождения: {}", scores.misses.len())?;
    let of_letters = scores.misses.chunk_by(|a, b| a.file == b.file);
    for of_letter in of_letters {
        let Some(first) = of_letter.first() else { continue };
        writeln!(out, "{}", plain(&first.file))?;
        for Miss { key, read, label, accepted, .. } in of_letter {
            let accepted = if *accepted { " (допустимо)" } else { "" };
            writeln!(out, "  {key:<18}  прочитано {}, в разметке {}{accepted}", told(read), told(label))?;
        }
        for reason in first.reasons.iter().filter(|_| reasons) {
            writeln!(out, "    — {}", plain(reason))?;
        }
    }
    Ok(())
}

/// A value for people: text as it is, nothing as a dash.
fn told(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::Bool(yes) => if *yes { "да" } else { "нет" }.to_owned(),
        Value::String(text) => plain(text),
        other => plain(&other.to_string()),
    }
}

/// Letters come from outside: nothing in them may steer the terminal.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn title(key: &str) -> &'static str {
    match key {
        "kind" => "вид письма",
        "category" => "тема",
        "secondary" => "второй вопрос",
        "urgent" => "срочность",
        "wants_consultation" => "просьба о встрече",
        "role" => "кто пишет",
        "name" => "имя",
        "class" => "класс",
        "phone" => "телефон",
        "channel" => "как связаться",
        "times" => "удобное время",
        "intent" => "смысл ответа",
        _ => "",
    }
}

fn difficulty(level: Option<Difficulty>) -> &'static str {
    match level {
        Some(Difficulty::Easy) => "лёгкие",
        Some(Difficulty::Medium) => "средние",
        Some(Difficulty::Hard) => "трудные",
        None => "не указана",
    }
}
