//! The text of a story to its steps; the first mistake is told with its line.

use super::calendars::{Client, Said};
use super::{Answered, Ordered, Step, Story, What, Which, date, families, groups, moment, presses};
use crate::appeal::Outcome as Happened;
use crate::decide::Order;
use crate::itip::PartStat;
use crate::outbox::{Kind, Outcome};
use crate::settings::{ClassHours, Mode};
use crate::slots::{Absence, Silence};
use crate::understand::{BounceClass, Category};
use chrono::NaiveDateTime;

/// Letters that one `smtp` command can be about.
const MOST: usize = 1000;

pub(super) fn parse(text: &str) -> Result<Story, String> {
    let mut lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    let mut steps = Vec::new();
    let mut last: Option<NaiveDateTime> = None;
    while let Some((index, line)) = lines.next() {
        let number = index + 1;
        if line.trim().is_empty() || line.trim_start().starts_with('#') {
            continue;
        }
        let mut block = || block(&mut lines).ok_or_else(|| "the text has no end: write a line with one dot".to_owned());
        let what = command(line.trim(), &mut block).map_err(|e| format!("line {number}: {e}"))?;
        if let What::Until(at) | What::Down(at) = &what {
            if last.is_some_and(|l| *at < l) {
                return Err(format!("line {number}: this moment is before the one above"));
            }
            last = Some(*at);
        } else if last.is_none() {
            return Err(format!("line {number}: the story has no time yet: begin it with \"at 2026-11-20 22:00\""));
        }
        steps.push(Step { line: number, what });
    }
    if steps.is_empty() {
        return Err("the story is empty".into());
    }
    Ok(Story { steps })
}

/// Lines up to one with a dot.
fn block<'a>(lines: &mut impl Iterator<Item = (usize, &'a str)>) -> Option<String> {
    let mut text = String::new();
    for (_, line) in lines {
        if line.trim_end() == "." {
            return Some(text);
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    None
}

fn command(line: &str, block: &mut dyn FnMut() -> Result<String, String>) -> Result<What, String> {
    let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let rest = rest.trim();
    let words: Vec<&str> = rest.split_whitespace().collect();
    if let Some(about_families) = families::parse(name, rest, block) {
        return about_families.map(What::Families);
    }
    match (name, words.as_slice()) {
        ("at" | "until", _) => moment(rest).map(What::Until).ok_or_else(|| no_time(rest)),
        ("down", _) => moment(rest).map(What::Down).ok_or_else(|| no_time(rest)),
        ("letter", [_, ..]) => Ok(What::Letter { folder: "INBOX", name: rest.to_owned() }),
        ("spam", [_, ..]) => Ok(What::Letter { folder: "Spam", name: rest.to_owned() }),
        ("sent", [_, ..]) => Ok(What::Letter { folder: "Sent", name: rest.to_owned() }),
        ("mail", []) => mail("INBOX", &block()?),
        // What somebody wrote by hand in the school's mailbox.
        ("mail", ["sent"]) => mail("Sent", &block()?),
        ("reply", [who, "to", kind, nth @ ..]) => {
            let kind = match *kind {
                "any" => None,
                key => Some(Kind::from_key(key).ok_or_else(|| format!("there is no kind {key}; write any or one of {}", kinds()))?),
            };
            let (of, nth) = match nth {
                ["of", other, nth @ ..] => (*other, nth),
                nth => (*who, nth),
            };
            Ok(What::Reply { who: (*who).to_owned(), of: of.to_owned(), to: Which { kind, nth: ordinal(nth)? }, text: block()? })
        }
        ("press", [who, words @ ..]) => {
            let (first, words) = words.split_first().filter(|(w, _)| **w == "first").map_or((false, words), |(_, rest)| (true, rest));
            let (of, words) = match words {
                ["of", of, words @ ..] => (*of, words),
                words => (*who, words),
            };
            if words.is_empty() {
                return Err("press which button? write the words that it begins with".into());
            }
            Ok(What::Press { who: (*who).to_owned(), of: of.to_owned(), first, words: words.join(" "), text: String::new() })
        }
        ("fill", [who, words @ ..]) if !words.is_empty() => {
            Ok(What::Press { who: (*who).to_owned(), of: (*who).to_owned(), first: false, words: words.join(" "), text: block()? })
        }
        ("sender", [word]) => match presses::profile(word) {
            Some(check) => Ok(What::Sender { word: (*word).to_owned(), check }),
            None => Err(format!("the sender check {word} is not known; write mail.ru, own, yandex, none or trusted")),
        },
        ("rotate", []) => Ok(What::Rotate),
        ("calendar", [who, answer, "as", client, nth @ ..]) => {
            let answer = match *answer {
                "accepted" => PartStat::Accepted,
                "declined" => PartStat::Declined,
                "tentative" => PartStat::Tentative,
                other => return Err(format!("«{other}» is no answer: write accepted, declined or tentative")),
            };
            let answer = Answered::Plain(Said::Answer(answer));
            Ok(What::Calendar { who: (*who).to_owned(), answer, client: client_named(client)?, nth: ordinal(nth)? })
        }
        ("counter", [who, date, time, "as", client, nth @ ..]) => {
            let answer = Answered::Counter(joined(date, time)?);
            Ok(What::Calendar { who: (*who).to_owned(), answer, client: client_named(client)?, nth: ordinal(nth)? })
        }
        ("delegate", [who, "to", other, "as", client]) => {
            let answer = Answered::Plain(Said::Delegated((*other).to_owned()));
            Ok(What::Calendar { who: (*who).to_owned(), answer, client: client_named(client)?, nth: None })
        }
        ("refresh", [who]) => Ok(What::Refresh { who: (*who).to_owned() }),
        ("invite", [who, "from", day, time, "to", rest @ ..]) => {
            let (to, weeks) = match rest {
                [to] => (joined(day, to)?, None),
                [to, "weekly", n] => (joined(day, to)?, Some(n)),
                [day, to] => (joined(day, to)?, None),
                [day, to, "weekly", n] => (joined(day, to)?, Some(n)),
                _ => return Err("write invite ADDRESS from 2026-11-25 10:00 to 12:00 weekly 4".into()),
            };
            let weeks = weeks.map(|n| n.parse().ok().filter(|n| *n > 0).ok_or_else(|| format!("«{n}» is no number of weeks"))).transpose()?;
            let from = joined(day, time)?;
            if to <= from {
                return Err("the event ends before it begins".into());
            }
            Ok(What::Invite { who: (*who).to_owned(), from, to, weeks })
        }
        ("uninvite", [who]) => Ok(What::Uninvite { who: (*who).to_owned() }),
        ("bounce", [who, class]) => {
            let class = match *class {
                "hard" => BounceClass::Hard,
                "soft" => BounceClass::Soft,
                "delayed" => BounceClass::Delayed,
                other => return Err(format!("«{other}» is no kind of bounce: write hard, soft or delayed")),
            };
            Ok(What::Bounce { who: (*who).to_owned(), class })
        }
        ("autoreply", [who]) => Ok(What::Autoreply { who: (*who).to_owned() }),
        ("order", [number, _, ..]) => {
            let words = rest.split_once(char::is_whitespace).map_or("", |(_, w)| w).trim();
            let n = number.parse().map_err(|_| format!("«{number}» is no number of an appeal"))?;
            Ok(What::Order { number: n, order: ordered(&shell_words(words)?)?, words: words.to_owned() })
        }
        ("group", [_, ..]) => Ok(What::Group { grouped: groups::parse(&shell_words(rest)?)?, words: rest.to_owned() }),
        ("train", [flag @ ("--undo" | "--redo"), which]) => {
            let number = match *which {
                "all" => None,
                n => Some(n.parse().map_err(|_| format!("«{n}» is no number of an appeal; write one, or all"))?),
            };
            Ok(What::Lessons { undo: *flag == "--undo", number })
        }
        ("absent", [id, from, to]) => {
            let (from, to) = date(from).zip(date(to)).ok_or("write absent ID 2026-11-20 2026-11-27")?;
            Ok(What::Absent { id: (*id).to_owned(), absence: Absence { from, to } })
        }
        ("back", [id]) => Ok(What::Back { id: (*id).to_owned() }),
        ("offer", [category, n]) => {
            let category = Category::from_key(category).ok_or_else(|| format!("there is no category {category}"))?;
            Ok(What::Offer { category, times: n.parse().ok().filter(|n| (1..=3).contains(n)).ok_or("write a number from 1 to 3")? })
        }
        ("silence", [id, what @ ("ask" | "consent"), hours @ ..]) => {
            let silence = if *what == "ask" { Silence::Ask } else { Silence::Consent };
            let hours = match hours {
                [] => None,
                [n] => Some(n.parse().ok().filter(|n| (1..=40).contains(n)).ok_or("write the working hours as a number from 1 to 40")?),
                _ => return Err("write silence ID consent 8".into()),
            };
            Ok(What::Silence { id: (*id).to_owned(), silence, hours })
        }
        ("letters", ["a", "day", most]) => Ok(What::LettersADay(most.parse().map_err(|_| format!("{most} is no number"))?)),
        ("hours", [class, from, until]) => {
            let time = |t: &str| chrono::NaiveTime::parse_from_str(t, "%H:%M").map_err(|_| format!("{t} is no time"));
            let classes = vec![crate::slots::ClassRange::parse(class).ok_or_else(|| format!("{class} is no class"))?];
            let (from, until) = (time(from)?, time(until)?);
            Ok(What::Hours(ClassHours { classes, from, until, weekdays: Vec::new(), protocol: "№ 1".into(), date: chrono::NaiveDate::default() }))
        }
        ("smtp", [key, times @ ..]) => {
            let times = match times {
                [] => Some(1),
                [word] => word.strip_prefix('x').and_then(|n| n.parse().ok()).filter(|n| (1..=MOST).contains(n)),
                _ => None,
            };
            Ok(What::Smtp { outcome: outcome(key)?, times: times.ok_or("write the number of letters as x3")? })
        }
        ("go-live", [numbers]) => {
            let numbers = numbers.split(',').map(|n| n.parse().map_err(|_| format!("«{n}» is no number of an appeal")));
            Ok(What::GoLive(numbers.collect::<Result<_, _>>()?))
        }
        ("shadow", []) => Ok(What::Mode(Mode::Shadow)),
        ("live", []) => Ok(What::Mode(Mode::Live)),
        (known, _) if COMMANDS.contains(&known) => Err(format!("{known} is not written so; see the list at the top of src/jobs/story/mod.rs")),
        (other, _) => Err(format!("there is no command {other}; write one of {}", COMMANDS.join(", "))),
    }
}

const COMMANDS: [&str; 31] = [
    "contacts",
    "may",
    "pace",
    "protocol",
    "go-live",
    "offer",
    "at",
    "letter",
    "spam",
    "sent",
    "mail",
    "reply",
    "calendar",
    "counter",
    "delegate",
    "refresh",
    "invite",
    "uninvite",
    "bounce",
    "autoreply",
    "order",
    "group",
    "train",
    "absent",
    "back",
    "silence",
    "smtp",
    "shadow",
    "live",
    "down",
    "until",
];

fn client_named(name: &str) -> Result<Client, String> {
    let known = Client::ALL.into_iter().find(|(n, _)| *n == name).map(|(_, client)| client);
    known.ok_or_else(|| format!("«{name}» is no known client: write one of {}", Client::ALL.map(|(n, _)| n).join(", ")))
}

fn joined(date: &str, time: &str) -> Result<NaiveDateTime, String> {
    let text = format!("{date} {time}");
    moment(&text).ok_or_else(|| no_time(&text))
}

fn no_time(text: &str) -> String {
    format!("«{text}» is no time; write 2026-11-20 22:00")
}

fn kinds() -> String {
    Kind::ALL.map(Kind::key).join(", ")
}

fn ordinal(words: &[&str]) -> Result<Option<usize>, String> {
    match words {
        [] => Ok(None),
        [n] => n.parse().ok().filter(|n| *n > 0).map(Some).ok_or_else(|| format!("«{n}» is no ordinal: 1 is the first one")),
        _ => Err("there are words too many".into()),
    }
}

fn outcome(key: &str) -> Result<Outcome, String> {
    Ok(match key {
        "accepted" => Outcome::Accepted("250 2.0.0 Ok".into()),
        "deferred" => Outcome::Deferred("421 4.3.2 service not available".into()),
        "account" => Outcome::Account("535 5.7.8 authentication failed".into()),
        "spam" => Outcome::Spam("554 5.7.1 message looks like spam".into()),
        "refused" => Outcome::Refused("550 5.1.1 no such user".into()),
        "full" => Outcome::Full("552 5.2.2 mailbox full".into()),
        "unknown" => Outcome::Unknown("connection closed after the final dot".into()),
        other => return Err(format!("«{other}» is no outcome: write accepted, deferred, refused, unknown, spam, account or full")),
    })
}

/// Header lines (a folded one begins with a blank), an empty line, the text.
fn mail(folder: &'static str, block: &str) -> Result<What, String> {
    let (head, text) = block.split_once("\n\n").unwrap_or((block.trim_end(), ""));
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in head.lines() {
        match (line.starts_with([' ', '\t']), headers.last_mut(), line.split_once(':')) {
            (true, Some((_, value)), _) => {
                value.push(' ');
                value.push_str(line.trim());
            }
            (false, _, Some((name, value))) if !name.trim().is_empty() && name.is_ascii() => headers.push((name.trim().to_owned(), value.trim().to_owned())),
            _ => return Err(format!("«{line}» is no header line; the text begins after an empty line")),
        }
    }
    if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("From")) {
        return Err("the letter has no From".into());
    }
    Ok(What::Mail { folder, headers, text: text.to_owned() })
}

/// Words as a shell would cut them: quotes keep blanks.
fn shell_words(text: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let (mut word, mut quoted, mut begun) = (String::new(), false, false);
    for c in text.chars() {
        match c {
            '"' => (quoted, begun) = (!quoted, true),
            c if c.is_whitespace() && !quoted => {
                if std::mem::take(&mut begun) {
                    words.push(std::mem::take(&mut word));
                }
            }
            c => {
                begun = true;
                word.push(c);
            }
        }
    }
    if quoted {
        return Err("a quotation mark is not closed".into());
    }
    if begun {
        words.push(word);
    }
    Ok(words)
}

/// As `otklik order N …` takes it.
fn ordered(words: &[String]) -> Result<Ordered, String> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let own = |s: &&str| (*s).to_owned();
    Ok(Ordered::Plain(match words.as_slice() {
        ["assign", who] => Order::Assign(own(who)),
        ["category", key] => Order::Category(Category::from_key(key).ok_or_else(|| format!("there is no category {key}"))?),
        ["take"] => Order::Take,
        ["close"] => Order::Close { answer: None, reason: None },
        ["close", "--answer", text] => Order::Close { answer: Some(own(text)), reason: None },
        ["close", "--reason", text] => Order::Close { answer: None, reason: Some(own(text)) },
        ["extend", until, rest @ ..] => {
            let until = date(until).ok_or_else(|| format!("«{until}» is no date; write 2026-11-28"))?;
            match rest {
                [] => Order::Extend { until, reason: None },
                ["--reason", text] => Order::Extend { until, reason: Some(own(text)) },
                _ => return Err("after the date of extend only --reason \"…\" may stand".into()),
            }
        }
        ["move", to] => return moment(to).map(Ordered::Move).ok_or_else(|| no_time(to)),
        ["cancel"] => Order::Cancel(None),
        ["cancel", "--reason", text] => Order::Cancel(Some(own(text))),
        ["accept"] => Order::Accept,
        ["decline"] => Order::Decline,
        ["slot", who, at] => return moment(at).map(|at| Ordered::Slot(own(who), at)).ok_or_else(|| no_time(at)),
        ["another"] => Order::Another(None),
        ["another", "--reason", text] => Order::Another(Some(own(text))),
        ["replace"] => Order::Replace(None),
        ["replace", who] => Order::Replace(Some(own(who))),
        ["stands"] => Order::Stands,
        ["channel", way] => Order::Channel(own(way)),
        ["held"] => Order::Held { recommendations: None },
        ["held", "--recommendations", text] => Order::Held { recommendations: Some(own(text)) },
        ["not-held", why, rest @ ..] => {
            let outcome = match *why {
                "no-show" => Happened::NoShow,
                "failed" => Happened::Failed,
                "other" => Happened::NotHeld,
                other => return Err(format!("«{other}» is no reason: write no-show, failed or other")),
            };
            match rest {
                [] => Order::NotHeld { outcome, reason: None },
                ["--reason", text] => Order::NotHeld { outcome, reason: Some(own(text)) },
                _ => return Err("after the reason of not-held only --reason \"…\" may stand".into()),
            }
        }
        ["allow"] => Order::Allow,
        ["recommend", text] => Order::Recommend(own(text)),
        ["again"] => Order::Again(None),
        ["again", at] => return moment(at).map(Ordered::Again).ok_or_else(|| no_time(at)),
        ["series", count, rest @ ..] => {
            let whole = |n: &str| n.parse().map_err(|_| format!("«{n}» is no number"));
            let (rest, one_event) = rest.strip_suffix(&["--one-event"]).map_or((rest, false), |rest| (rest, true));
            let weeks = match rest {
                [] => 1,
                ["--weeks", n] => whole(n)?,
                _ => return Err("after the count of series only --weeks N and --one-event may stand".into()),
            };
            Order::Series { count: whole(count)?, weeks, one_event }
        }
        ["end-series"] => Order::EndSeries(None),
        ["end-series", "--reason", text] => Order::EndSeries(Some(own(text))),
        ["reminders", "on"] => Order::Reminders(true),
        ["reminders", "off"] => Order::Reminders(false),
        ["acknowledge"] => Order::Acknowledge,
        ["called"] => Order::Called,
        ["unreached"] => Order::Unreached,
        ["confirmed"] => Order::Confirmed,
        ["reopen"] => Order::Reopen,
        ["note", text] => Order::Note(own(text)),
        other => return Err(format!("«{}» is no order; `otklik order --help` lists them", other.join(" "))),
    }))
}
