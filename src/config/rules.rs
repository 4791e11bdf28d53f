//! `rules/categories.toml`, `terms.toml`, `seasons.toml`, `elsewhere.toml`, `safety.toml`.

use super::document::{At, Section};
use crate::settings::{CategoryRule, Handling, Policy, Route, Season, Terms};
use crate::understand::{Category, SubjectRule, Subjects};
use crate::worktime::{Office, ReceiptRule, Term, Workweek};
use chrono::NaiveTime;
use std::collections::BTreeMap;

/// All nine categories; one that is missing would leave letters without anybody.
pub(super) fn categories(root: Section<'_>) -> BTreeMap<Category, CategoryRule> {
    let mut rules = BTreeMap::new();
    for category in Category::ALL {
        let key = category.key();
        let Some(section) = root.table(key) else {
            if !root.has(key) {
                root.wrong(None, format!("[{key}] is missing; every category needs its section with to = \"specialist\" or \"head\" and handled = \"request\" or \"consultation\""));
            }
            continue;
        };
        let to = section.choice("to", &[("specialist", Route::Specialist), ("head", Route::Head)]);
        let handled = section.choice("handled", &[("request", Handling::Request), ("consultation", Handling::Consultation)]);
        let policy = section.choice("policy", &[("specialist_first", Policy::SpecialistFirst), ("at_once", Policy::AtOnce)]);
        let offer = section.number("offer", 1..=3).map_or(1, |n| u8::try_from(n.value).unwrap_or(1));
        for key in ["to", "handled"] {
            if !section.has(key) {
                let words = if key == "to" { "\"specialist\" or \"head\"" } else { "\"request\" or \"consultation\"" };
                section.wrong(None, format!("{key} is missing; write {key} = {words}"));
            }
        }
        if let (Some(to), Some(handled)) = (to, handled) {
            let policy = policy.map_or(Policy::SpecialistFirst, |p| p.value);
            rules.insert(category, CategoryRule { to: to.value, handled: handled.value, policy, offer });
        }
        section.finish();
    }
    root.finish();
    rules
}

/// Terms, limits and hours. Every key has to be there: the file replaces the embedded one as a whole.
pub(super) fn terms(root: Section<'_>) -> Option<(Terms, Office)> {
    let minutes = |key: &'static str, most: u64| whole(&root, key, 0, most);
    let take = term(&root, "take", "30m");
    let answer = term(&root, "answer", "24h");
    let invite = term(&root, "invite", "3bd");
    // 000 4.3.1: at most 40 minutes.
    let consultation_minutes = whole(&root, "consultation_minutes", 5, 40);
    let prepare_minutes = minutes("prepare_minutes", 240);
    let notice_minutes = minutes("notice_minutes", 7 * 24 * 60);
    let horizon_days = whole(&root, "horizon_days", 3, 90);
    let buffer_minutes = minutes("buffer_minutes", 120);
    let silence = super::staff::silence(&root).unwrap_or_default();
    let silence_minutes = whole(&root, "silence_minutes", 30, 2400);
    let remind_minutes = minutes("remind_minutes", 2400);
    let director_minutes = whole(&root, "director_minutes", 30, 4800);
    let alarm_minutes = whole(&root, "alarm_minutes", 5, 120);
    let reopen_days = whole(&root, "reopen_days", 1, 60);
    // Both may be missing: files of schools from before they were there stay good.
    let staff_letters_a_day = root.number("staff_letters_a_day", 3..=1000).map_or(12, |n| u32::try_from(n.value).unwrap_or(12));
    let believe_auto_replies = root.choice("auto_reply_absence", &[("ask", false), ("act", true)]).is_some_and(|c| c.value);
    let sure = root.share("sure");
    if !root.has("sure") {
        root.wrong(None, "sure is missing; write e.g. sure = 0.55");
    }
    let hours = root.table("hours");
    if hours.is_none() && !root.has("hours") {
        root.wrong(None, "[hours] is missing; write parents_from, parents_until, staff_from, staff_until");
    }
    let office = root.table("office");
    if office.is_none() && !root.has("office") {
        root.wrong(None, "[office] is missing; write from, until, workweek, receipt_rule");
    }
    root.finish();
    let hours = hours.and_then(|section| {
        let parents = span(&section, "parents_from", "parents_until");
        let staff = span(&section, "staff_from", "staff_until");
        section.finish();
        Some((parents?, staff?))
    });
    let office = office.and_then(office_hours);
    let ((quiet_until, quiet_from), (staff_from, staff_until)) = hours?;
    let terms = Terms {
        take: take?,
        answer: answer?,
        invite: invite?,
        consultation_minutes: consultation_minutes?,
        prepare_minutes: prepare_minutes?,
        notice_minutes: notice_minutes?,
        horizon_days: horizon_days?,
        buffer_minutes: buffer_minutes?,
        silence,
        silence_minutes: silence_minutes?,
        remind_minutes: remind_minutes?,
        director_minutes: director_minutes?,
        alarm_minutes: alarm_minutes?,
        reopen_days: reopen_days?,
        sure: sure?.value,
        quiet_until,
        quiet_from,
        staff_from,
        staff_until,
        staff_letters_a_day,
        believe_auto_replies,
    };
    Some((terms, office?))
}

/// When the school is open: working minutes and reminders run in these hours.
fn office_hours(section: Section<'_>) -> Option<Office> {
    let hours = span(&section, "from", "until");
    let workweek = section.number("workweek", 5..=6).map_or(Workweek::Five, |n| if n.value == 6 { Workweek::Six } else { Workweek::Five });
    let receipt_rule =
        section.choice("receipt_rule", &[("civil", ReceiptRule::Civil), ("office", ReceiptRule::Office)]).map_or(ReceiptRule::Civil, |r| r.value);
    section.finish();
    let (from, to) = hours?;
    Some(Office { from, to, workweek, receipt_rule })
}

fn whole(root: &Section<'_>, key: &'static str, least: u64, most: u64) -> Option<u32> {
    if !root.has(key) {
        root.wrong(None, format!("{key} is missing; write a whole number from {least} to {most}"));
    }
    root.number(key, least..=most).and_then(|n| u32::try_from(n.value).ok())
}

/// Two times of day in their order.
pub(super) fn span(section: &Section<'_>, from: &'static str, until: &'static str) -> Option<(NaiveTime, NaiveTime)> {
    for key in [from, until] {
        if !section.has(key) {
            section.wrong(None, format!("{key} is missing; write e.g. {key} = \"09:00\""));
        }
    }
    let (start, end) = (section.time(from)?, section.time(until)?);
    if start.value >= end.value {
        section.wrong(
            Some(end.line),
            format!("{until} ({}) is not after {from} ({}); exchange them or correct one", end.value.format("%H:%M"), start.value.format("%H:%M")),
        );
        return None;
    }
    Some((start.value, end.value))
}

fn term(root: &Section<'_>, key: &'static str, example: &str) -> Option<Term> {
    let text = root.required(key, example)?;
    let found = text.value.parse::<Term>().ok();
    if found.is_none() {
        root.wrong(
            Some(text.line),
            format!(
                "{key} = \"{}\" is no term; write business days like \"3bd\", hours \"24h\", minutes \"30m\", in office hours \"24hw\", \"30mw\"",
                text.value
            ),
        );
    }
    found
}

/// Seasons with those on duty; ids are checked against the register by `gather`.
pub(super) fn seasons(root: Section<'_>) -> Vec<(Season, Vec<At<String>>)> {
    let mut out: Vec<(Season, Vec<At<String>>)> = Vec::new();
    for mut section in root.tables("season") {
        section.call("[[season]]");
        let name = section.required("name", "Летние каникулы");
        if let Some(name) = &name {
            section.call(&format!("[[season]] {}:", name.value));
        }
        let days = days(&section);
        let duty = section.texts("duty", "psychologist-1").unwrap_or_default();
        let line = section.text("line", "До 31 августа отвечает дежурный педагог.").map(|t| t.value);
        if let (Some(name), Some((from, to))) = (name, days) {
            let season = Season { name: name.value, from, to, duty: duty.iter().map(|d| d.value.clone()).collect(), line };
            if let Some((other, _)) = out.iter().find(|(s, _)| s.from <= season.to && season.from <= s.to) {
                section.wrong(None, format!("overlaps with the season {}; let one end before the other begins", other.name));
            }
            out.push((season, duty));
        }
        section.finish();
    }
    root.finish();
    out
}

/// `from` and `to` as dates in their order.
pub(super) fn days(section: &Section<'_>) -> Option<(chrono::NaiveDate, chrono::NaiveDate)> {
    for key in ["from", "to"] {
        if !section.has(key) {
            section.wrong(None, format!("{key} is missing; write e.g. {key} = 2026-12-28"));
        }
    }
    let (from, to) = (section.date("from")?, section.date("to")?);
    if from.value > to.value {
        section.wrong(Some(to.line), format!("to ({}) is before from ({}); exchange them or correct one", to.value, from.value));
        return None;
    }
    Some((from.value, to.value))
}

/// The table of school subjects.
pub(super) fn subjects(root: Section<'_>) -> Option<Subjects> {
    let (mut found, mut lines) = (Vec::new(), Vec::new());
    let (file, notes) = (root.file, root.notes);
    for mut section in root.tables("subject") {
        section.call("[[subject]]");
        let name = section.required("name", "русский язык");
        if let Some(name) = &name {
            section.call(&format!("[[subject]] {}:", name.value));
        }
        let also = section.texts("also", "русский").unwrap_or_default();
        let phrases = section.texts("phrases", "русск* язык*").unwrap_or_default();
        if phrases.is_empty() {
            section.wrong(None, "phrases is missing; write how letters name the subject, e.g. phrases = [\"русск* язык*\"]");
        }
        section.finish();
        let texts = |list: Vec<At<String>>| list.into_iter().map(|t| t.value).collect();
        if let Some(name) = name {
            lines.push((name.value.clone(), phrases.iter().map(|p| p.line).collect::<Vec<_>>()));
            found.push(SubjectRule { name: name.value, also: texts(also), phrases: texts(phrases) });
        }
    }
    root.finish();
    Subjects::new(found)
        .map_err(|wrong| {
            for (subject, phrase, why) in wrong {
                let (line, name) = lines.get(subject).map_or((None, ""), |(name, l)| (l.get(phrase).copied(), name));
                notes.add(&file.name, line, format!("[[subject]] {name}: {why}"));
            }
        })
        .ok()
}

/// Help outside the school, by category.
pub(super) fn elsewhere(root: Section<'_>) -> BTreeMap<Category, Vec<String>> {
    let mut out = BTreeMap::new();
    for category in Category::ALL {
        if let Some(lines) = root.texts(category.key(), "Где получить помощь: телефон, часы") {
            out.insert(category, lines.into_iter().map(|l| l.value).collect());
        }
    }
    root.finish();
    out
}

/// The helpline block, the same in every receipt (service.md, "Terms"): one line each.
pub(super) fn safety(root: Section<'_>) -> Vec<String> {
    let lines = root.texts("helplines", "Если ребёнку угрожает опасность, звоните 112.").unwrap_or_default();
    if !lines.iter().any(|l| l.value.contains("112")) {
        let line = lines.first().map(|l| l.line);
        root.wrong(line, "helplines must name 112, the single emergency number; add the line to helplines = [\"…\"]");
    }
    if let Some(l) = lines.iter().find(|l| l.value.chars().count() > 200) {
        root.wrong(Some(l.line), "a line of helplines is longer than 200 letters; it stands in every receipt: shorten it");
    }
    root.finish();
    lines.into_iter().map(|l| l.value).collect()
}
