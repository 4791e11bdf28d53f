//! What in a text is the author's, what is the letter answered, what is the signature. A fold for reading: every line
//! goes to exactly one of the three, and where the cut would leave nothing, the author's text is the whole.
//!
//! Answers between quoted lines stay with the author (lessons 14); a forwarded letter is content, not a quotation.

use std::sync::LazyLock;

use regex::Regex;

use super::signature;

/// The three folds of a text.
#[derive(Debug, Default)]
pub(super) struct Folds {
    pub(super) own: String,
    pub(super) signature: String,
    pub(super) quoted: String,
}

/// A pattern of this file. They are literals under test, so a mistake in one shows at once and matches nothing. Letters and digits are those of Russian and
/// English: the classes of all the world's letters make a pattern a hundred times as large, in memory and in what is wiped before each match.
pub(super) fn pattern(source: &str) -> Option<Regex> {
    Regex::new(source).ok()
}

pub(super) fn is_match(pattern: &LazyLock<Option<Regex>>, text: &str) -> bool {
    pattern.as_ref().is_some_and(|p| p.is_match(text))
}

/// A date as mail clients write it: 14.09.2026, 2026-09-14, 14/09/2026, 14 сент. 2026, Sep 14, 2026.
pub(super) static DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"(?ix) \b[0-9]{1,2}[./][0-9]{1,2}[./](?:[0-9]{4}|[0-9]{2})\b | \b[0-9]{4}-[0-9]{2}-[0-9]{2}\b
        | \b[0-9]{1,2}\s+(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-zа-яё]*\.?,?\s+[0-9]{4}(?:г|\b)
        | \b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-zа-яё]*\.?\s+[0-9]{1,2}(?:st|nd|rd|th)?,?\s+[0-9]{4}\b",
    )
});
pub(super) static TIME: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"\b[0-9]{1,2}:[0-9]{2}\b"));
pub(super) static ANGLE_ADDRESS: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"[<\[(][^\s<>@]+@[^\s<>@]+[>\])]"));
/// An address without brackets behind «от» and before the last colon: «от office@school.example:».
pub(super) static BARE_ADDRESS: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"(?i)(?:^|\s)(?:от|from)\s(?:.*\s)?[^\s<>@]+@[^\s<>@]+:$"));
pub(super) static VERB: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?i)\b(?:пишет|писала?|писали|писал\(а\)|написала?|написали|написал\(а\)|сообщила?|wrote|writes|schrieb)(?:\s|:|$)"));
/// `-----Исходное сообщение-----`, `----- Original Message -----`.
pub(super) static ORIGINAL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"(?i)^[-–—_*=]{2,}\s*(?:исходное|первоначальное|оригинальное|original|reply|ответ\s+на)\s+(?:сообщение|письмо|message)(?:\s+(?:от|from)\s.*)?\s*[-–—_*=]{2,}$",
    )
});
/// Separators above a letter that is passed on.
pub(super) static FORWARD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"(?ix) ^[-–—_*=]{2,}\s*(?:(?:пересылаемо|пересланно|перенаправленно|переадресованно|перенаправляемо)е\s+(?:сообщение|письмо)|forwarded\s+message)(?:\s+от\s.*)?\s*[-–—_*=]*$
        | ^(?:начало\s+(?:переадресованного|пересылаемого)\s+сообщения|begin\s+forwarded\s+message|пересылаемое\s+сообщение|переадресованное\s+сообщение)\s*:$",
    )
});
pub(super) static FIELD_FROM: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?i)^[^a-zа-яё0-9_]{0,2}(?:от|от кого|from|отправитель)[^a-zа-яё0-9_]{0,2}:[^a-zа-яё0-9_]{0,2}\s*\S"));
pub(super) static FIELD_WHEN: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?i)^[^a-zа-яё0-9_]{0,2}(?:отправлено|дата|sent|date|дата отправки)[^a-zа-яё0-9_]{0,2}:.*[0-9]"));
pub(super) static FIELD_OTHER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?i)^[^a-zа-яё0-9_]{0,2}(?:кому|копия|тема|to|cc|subject|важность|importance|отправлено|дата|sent|date|reply-to)[^a-zа-яё0-9_]{0,2}:")
});
pub(super) static FIELD_BARE: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?i)^(?:от|кому|копия|тема|дата|отправлено|from|to|cc|subject|date|sent)\s+\S"));
pub(super) static FORWARD_SUBJECT: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?i)^\s*(?:\[[^\]]*\]\s*)?(?:fwd?|wg|пер|пересл|переслано|пересылка)\s*(?:\[[0-9]+\])?\s*:"));

/// Does the subject say that the letter passes another one on?
pub(super) fn is_forward(subject: &str) -> bool {
    is_match(&FORWARD_SUBJECT, subject)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    Author,
    Quoted,
    Forwarded,
}

/// Cuts `whole`. `forward` tells that the subject announces a forwarded letter.
pub(super) fn cut(whole: &str, forward: bool) -> Folds {
    let lines: Vec<&str> = whole.lines().collect();
    let owners = owners(&lines, forward);
    let (mut own, mut quoted, mut passed_on) = (Vec::new(), Vec::new(), Vec::new());
    let mut last = Owner::Author;
    for (line, owner) in lines.iter().zip(&owners) {
        match owner {
            Owner::Author => {
                if last == Owner::Quoted && own.last().is_some_and(|l: &&str| !l.is_empty()) {
                    own.push("");
                }
                own.push(*line);
            }
            Owner::Quoted => quoted.push(unprefixed(line)),
            Owner::Forwarded => passed_on.push(*line),
        }
        last = *owner;
    }
    // Signatures are looked for in the author's own words: the one in a forwarded letter names its author, and is content.
    let (own, signature) = signature::cut(&own);
    let mut text = join(&own);
    let passed_on = join(&passed_on);
    if !passed_on.is_empty() {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(&passed_on);
    }
    if text.is_empty() {
        text = whole.to_owned();
    }
    Folds { own: text, signature: join(&signature), quoted: join(&quoted) }
}

/// Lines as text, without empty ones at either end and without runs of them.
fn join(lines: &[&str]) -> String {
    let mut out = String::new();
    let mut empty = false;
    for line in lines {
        if line.trim().is_empty() {
            empty = !out.is_empty();
            continue;
        }
        if !out.is_empty() {
            out.push_str(if empty { "\n\n" } else { "\n" });
        }
        out.push_str(line);
        empty = false;
    }
    out
}

fn owners(lines: &[&str], forward: bool) -> Vec<Owner> {
    let mut owners = vec![Owner::Author; lines.len()];
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let text = line.trim();
        if is_forward_mark(text) || forward && (is_original_mark(text) || header_block(lines, at).is_some()) {
            fill(&mut owners, at, lines.len(), Owner::Forwarded);
            return owners;
        }
        if is_prefixed(line) {
            // mail.ru marks the head and nothing below it: then all below is the quotation.
            let bare: Vec<&str> = lines.iter().skip(at).take(3).map(|l| unprefixed(l)).collect();
            if forward && is_forward_mark(unprefixed(line).trim()) {
                fill(&mut owners, at, lines.len(), Owner::Forwarded);
                return owners;
            }
            if let Some((used, true)) = attribution(&bare, 0) {
                let next = lines.iter().skip(at + used).find(|l| !l.trim().is_empty());
                if next.is_some_and(|l| !is_prefixed(l)) && lines.iter().skip(at + used).all(|l| !is_prefixed(l)) {
                    fill(&mut owners, at, lines.len(), Owner::Quoted);
                    return owners;
                }
            }
            fill(&mut owners, at, at + 1, Owner::Quoted);
            at += 1;
            continue;
        }
        let head = if is_original_mark(text) { Some(after_block(lines, at + 1)) } else { header_block(lines, at) };
        if let Some(end) = head {
            at = quote(lines, &mut owners, at, end);
        } else if let Some((end, sure)) = attribution(lines, at) {
            let next = lines.iter().skip(end).find(|l| !l.trim().is_empty());
            if next.is_some_and(|l| is_prefixed(l)) {
                fill(&mut owners, at, end, Owner::Quoted);
                at = end;
            } else if sure {
                fill(&mut owners, at, lines.len(), Owner::Quoted);
                return owners;
            } else {
                at += 1;
            }
        } else {
            at += 1;
        }
    }
    owners
}

/// A quotation whose head ends at `end`: to the end of the text, or only the head where the lines below are marked one by one.
fn quote(lines: &[&str], owners: &mut [Owner], from: usize, end: usize) -> usize {
    let next = lines.iter().skip(end).find(|l| !l.trim().is_empty());
    let until = if next.is_some_and(|l| is_prefixed(l)) { end } else { lines.len() };
    // Outlook draws a line of underscores above the head.
    let from = if from > 0 && lines.get(from - 1).is_some_and(|l| is_rule(l)) { from - 1 } else { from };
    fill(owners, from, until, Owner::Quoted);
    until
}

fn fill(owners: &mut [Owner], from: usize, to: usize, owner: Owner) {
    for slot in owners.iter_mut().take(to).skip(from) {
        *slot = owner;
    }
}

fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 5 && line.chars().all(|c| c == '_')
}

/// `> text`, `ИП> text` (The Bat! puts initials before the mark).
fn is_prefixed(line: &str) -> bool {
    let line = line.trim_start();
    let rest = line.trim_start_matches(|c: char| c.is_uppercase());
    let initials = line.chars().count() - rest.chars().count();
    initials <= 3 && rest.starts_with('>')
}

/// The line without one level of quotation.
fn unprefixed(line: &str) -> &str {
    if !is_prefixed(line) {
        return line;
    }
    let rest = line.trim_start().trim_start_matches(|c: char| c.is_uppercase());
    let rest = rest.strip_prefix('>').unwrap_or(rest);
    rest.strip_prefix(' ').unwrap_or(rest)
}

/// A line drawn by hand: what such marks begin with.
fn is_drawn(text: &str) -> bool {
    text.starts_with(['-', '–', '—', '_', '*', '='])
}

fn is_forward_mark(text: &str) -> bool {
    text.len() < 200 && (is_drawn(text) || text.ends_with(':')) && is_match(&FORWARD, text)
}

fn is_original_mark(text: &str) -> bool {
    text.len() < 200 && is_drawn(text) && is_match(&ORIGINAL, text)
}

/// A field of a head has a colon: most lines have none, and no pattern is tried on them.
fn is_field(pattern: &LazyLock<Option<Regex>>, line: &str) -> bool {
    line.contains(':') && is_match(pattern, line)
}

/// Whether a number stands right behind a colon, as in every time of day.
fn has_time(line: &str) -> bool {
    line.split(':').skip(1).any(|rest| rest.starts_with(char::is_numeric))
}

/// The head `От: … Отправлено: … Кому: … Тема: …` that begins at `at`, and where it ends. A letter to «Кому: директору,
/// от: …» is no such head: a sender's field, a dated field and a third one must stand together.
fn header_block(lines: &[&str], at: usize) -> Option<usize> {
    let first = lines.get(at)?.trim();
    if first.len() > 400 || !is_field(&FIELD_FROM, first) {
        return None;
    }
    let end = after_block(lines, at + 1);
    let fields = lines.get(at + 1..end)?;
    let dated = fields.iter().any(|l| is_field(&FIELD_WHEN, l.trim()));
    let others = fields.iter().filter(|l| is_field(&FIELD_OTHER, l.trim())).count();
    (dated && others >= 2).then_some(end)
}

/// Where the fields that begin at `at` end. A field may be wrapped once. eM Client writes them without colons: only below a mark they are believed.
fn after_block(lines: &[&str], at: usize) -> usize {
    let marked = at > 0 && lines.get(at - 1).is_some_and(|l| is_original_mark(l.trim()));
    if marked && lines.get(at).is_some_and(|l| is_match(&FIELD_BARE, l.trim())) {
        return at + lines.iter().skip(at).take(8).take_while(|l| is_match(&FIELD_BARE, l.trim())).count();
    }
    let at_field = |i: usize| lines.get(i).is_some_and(|l| is_field(&FIELD_OTHER, l.trim()) || is_field(&FIELD_FROM, l.trim()));
    let mut end = at;
    while end < at + 12 {
        if at_field(end) {
            end += 1;
        } else if end > at && at_field(end + 1) && lines.get(end).is_some_and(|l| !is_prefixed(l)) {
            end += 2;
        } else {
            break;
        }
    }
    end.min(lines.len())
}

/// A line such as «пн, 14 сент. 2026 г. в 11:02, Имя <адрес>:» or «… пишет:», up to three lines long, and whether it is sure
/// without marked lines below. People write «14.09.2026 в 11:02 учитель написал:» themselves: that is sure only with marks.
fn attribution(lines: &[&str], at: usize) -> Option<(usize, bool)> {
    // It ends in a colon and names a time of day: what does not is told without a pattern.
    let last = (0..3).find(|n| lines.get(at + n).is_some_and(|l| l.trim_end().ends_with(':')))?;
    if !lines.get(at..=at + last)?.iter().any(|l| has_time(l)) {
        return None;
    }
    let mut joined = String::new();
    for taken in 1..=3 {
        let line = lines.get(at + taken - 1)?.trim();
        if line.is_empty() || line.len() > 400 || taken > 1 && is_prefixed(line) {
            return None;
        }
        // The date or the writer stands in the first line: without either there is no need to look further.
        if taken == 1 && !(is_match(&DATE, line) || is_match(&VERB, line) || is_match(&ANGLE_ADDRESS, line)) {
            return None;
        }
        if taken > 1 && !joined.ends_with('<') {
            joined.push(' ');
        }
        joined.push_str(line);
        if line.ends_with(':') {
            let dated = is_match(&DATE, &joined) && is_match(&TIME, &joined);
            let address = is_match(&ANGLE_ADDRESS, &joined) || is_match(&BARE_ADDRESS, &joined);
            let verb = is_match(&VERB, &joined);
            // «07.11.2026 11:02, office@school.example пишет:»
            let address = address || verb && joined.split([' ', ',', '"']).any(|w| w.split_once('@').is_some_and(|(a, b)| !a.is_empty() && b.contains('.')));
            return (dated && (address || verb)).then_some((at + taken, address));
        }
    }
    None
}
