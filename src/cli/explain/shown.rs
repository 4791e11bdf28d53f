//! What was understood of a letter, for a person to read: facts, reasons, and the letter with the words that caused them marked.
//!
//! Not here: the reading itself (`understand`), the machine's form (`explain --json`).

use crate::compose::phone;
use crate::understand::{BounceClass, Channel, Intent, Kind, Role, Understanding, Window};
use chrono::{Datelike, NaiveDate, Weekday};
use std::fmt::Write as _;

/// No more of the letter is shown.
const SHOWN: usize = 4000;
/// Under this many letters a quoted reason is a common word that would be marked everywhere.
const LEAST_QUOTE: usize = 4;

/// The whole page.
pub(super) fn page(read: &Understanding) -> String {
    let mut page = String::new();
    let mut line = |title: &str, value: String| {
        if !value.is_empty() {
            let _ = writeln!(page, "  {title:<14}{value}");
        }
    };
    line("что это", read.kind.map_or_else(|| ignored(read), |k| kind(k).to_owned()));
    line("язык", read.language.map(str::to_owned).unwrap_or_default());
    line("смысл", intent(read.intent).to_owned());
    line("ответ на", read.thread.clone().unwrap_or_default());
    if let Some(bounce) = &read.bounce {
        let class = match bounce.class {
            BounceClass::Hard => "не доставлено",
            BounceClass::Soft => "пока не доставлено",
            BounceClass::Delayed => "задержано",
        };
        line("доставка", [Some(class.to_owned()), bounce.recipient.clone(), bounce.status.clone()].into_iter().flatten().collect::<Vec<_>>().join(", "));
    }
    if let Some(calendar) = &read.calendar {
        line("календарь", [Some(calendar.method.clone()), calendar.partstat.clone()].into_iter().flatten().collect::<Vec<_>>().join(", "));
    }
    if let Some(survey) = &read.survey {
        line("оценка", survey.score.map(|s| s.to_string()).unwrap_or_default());
    }
    if let Some(category) = read.category {
        let runner_up = read.runner_up.map(|c| format!("; иначе {}", c.title())).unwrap_or_default();
        line("тема", format!("{} (уверенность {:.2}{runner_up})", category.title(), read.confidence));
        line("ещё вопрос", read.secondary.map(|c| c.title().to_owned()).unwrap_or_default());
    }
    let marks = [(read.urgent, "срочно"), (read.complaint, "жалоба"), (read.delicate, "беда в семье"), (read.wants_consultation, "просит поговорить")];
    line("отметки", marks.iter().filter(|m| m.0).map(|m| m.1).collect::<Vec<_>>().join(", "));
    if read.kind.is_some_and(|k| !matches!(k, Kind::Bounce | Kind::AutoReply | Kind::SpamOrList)) {
        line("кто", [Some(role(read.role).to_owned()).filter(|r| !r.is_empty()), read.name.clone()].into_iter().flatten().collect::<Vec<_>>().join(", "));
    }
    line("ребёнок", [read.child.clone(), read.class.clone()].into_iter().flatten().collect::<Vec<_>>().join(", "));
    line("телефон", read.phone.as_deref().map(phone).unwrap_or_default());
    line("отвечать на", read.contact_email.clone().unwrap_or_default());
    line("как удобно", read.channel.map(channel).unwrap_or_default().to_owned());
    let (never, suits): (Vec<&Window>, Vec<&Window>) = read.times.iter().partition(|w| w.not);
    line("когда удобно", suits.into_iter().map(window).collect::<Vec<_>>().join("; или "));
    line("неудобно", never.into_iter().map(window).collect::<Vec<_>>().join("; "));
    line("о ком", if read.about_unclear { "о ком-то из школы, по имени не назван".to_owned() } else { read.about_staff.join(", ") });
    if !read.reasons.is_empty() {
        page.push_str("  почему\n");
        for reason in &read.reasons {
            let _ = writeln!(page, "    — {reason}");
        }
    }
    let text = marked(&read.text, &read.reasons);
    if !text.trim().is_empty() {
        page.push_str("  письмо\n");
        for line in text.lines() {
            let _ = writeln!(page, "    {line}");
        }
    }
    page
}

/// The text with every quoted cause between asterisks.
pub(super) fn marked(text: &str, reasons: &[String]) -> String {
    let end = text.char_indices().nth(SHOWN).map_or(text.len(), |(i, _)| i);
    let (shown, rest) = text.split_at(end);
    // Folding keeps the number of characters for the letters that matter, so places are counted in characters.
    let folded: Vec<char> = shown.chars().map(lower).collect();
    let mut spans: Vec<(usize, usize)> = Vec::new();
    for quote in reasons.iter().flat_map(|r| r.split('«').skip(1).filter_map(|q| q.split('»').next())) {
        let wanted: Vec<char> = quote.trim_end_matches('…').chars().map(lower).collect();
        if wanted.len() >= LEAST_QUOTE {
            spans.extend(places(&folded, &wanted));
        }
    }
    spans.sort_unstable();
    let (mut out, mut open) = (String::with_capacity(text.len() + 64), None::<usize>);
    let mut spans = spans.into_iter().peekable();
    for (i, c) in shown.chars().enumerate() {
        while let Some((_, to)) = spans.next_if(|s| s.0 <= i) {
            if open.is_none() && to > i {
                out.push('*');
            }
            open = Some(open.unwrap_or(0).max(to)).filter(|to| *to > i);
        }
        if open == Some(i) {
            out.push('*');
            open = None;
        }
        out.push(c);
    }
    if open.is_some() {
        out.push('*');
    }
    if !rest.is_empty() {
        out.push_str("\n[…]");
    }
    out
}

/// Where whole words of `wanted` stand, white space being equal to white space; the first twenty.
fn places(text: &[char], wanted: &[char]) -> Vec<(usize, usize)> {
    let Some(first) = wanted.first() else { return Vec::new() };
    let starts = text.iter().enumerate().filter(|(i, c)| *c == first && !i.checked_sub(1).and_then(|b| text.get(b)).is_some_and(|b| b.is_alphanumeric()));
    starts.filter_map(|(from, _)| Some((from, follow(text, from, wanted)?))).take(20).collect()
}

/// The place after `wanted` when it stands at `from`.
fn follow(text: &[char], from: usize, wanted: &[char]) -> Option<usize> {
    let mut at = from;
    for w in wanted {
        if w.is_whitespace() {
            let gap = text.get(at..)?.iter().take_while(|c| c.is_whitespace() || **c == '>').count();
            at += (gap > 0).then_some(gap)?;
        } else {
            at += (text.get(at)? == w).then_some(1)?;
        }
    }
    (!text.get(at).is_some_and(|c| c.is_alphanumeric())).then_some(at)
}

fn lower(c: char) -> char {
    match c.to_lowercase().next().unwrap_or(c) {
        'ё' => 'е',
        c => c,
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::NewAppeal => "новое обращение",
        Kind::ReplyToThread => "ответ на наше письмо",
        Kind::AutoReply => "автоответ",
        Kind::Bounce => "отчёт о доставке",
        Kind::CalendarReply => "ответ календаря",
        Kind::SurveyAnswer => "ответы на анкету",
        Kind::SpamOrList => "рассылка или спам",
        Kind::StaffForm => "обращение, переданное сотрудником",
    }
}

fn ignored(read: &Understanding) -> String {
    format!("не обращение ({})", read.ignored.unwrap_or("причина не названа"))
}

fn intent(intent: Intent) -> &'static str {
    match intent {
        Intent::Accept => "согласие",
        Intent::Tentative => "согласие под вопросом",
        Intent::Decline => "отказ",
        Intent::Reschedule => "просит другое время",
        Intent::Withdraw => "больше не нужно",
        Intent::Question => "вопрос",
        Intent::Info => "сообщает сведения",
        Intent::Complaint => "недоволен",
        Intent::NoShow => "встреча не состоялась",
        Intent::Thanks => "благодарит",
        Intent::WrongPerson => "письмо не тому",
        Intent::DataWithdrawal => "отзывает согласие на данные",
        Intent::CloseReport => "отчёт специалиста",
        Intent::Instruction => "указание сотрудника",
        Intent::NotHelped => "не помогло",
        Intent::None => "",
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Parent => "родитель",
        Role::Pupil => "ученик",
        Role::Teacher => "учитель",
        Role::Staff => "сотрудник",
        Role::Unknown => "",
    }
}

fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Phone => "по телефону",
        Channel::Video => "по видеосвязи",
        Channel::Messenger => "в мессенджере",
        Channel::Email => "письмом",
        Channel::InPerson => "лично",
    }
}

/// «по вторникам и четвергам с 13:00», «25.11 с 15:30 до 16:10».
fn window(window: &Window) -> String {
    let date = |d: NaiveDate| format!("{} {}", short(d.weekday()), d.format("%d.%m"));
    let mut words: Vec<String> = Vec::new();
    if !window.weekday.is_empty() {
        words.push(format!("по {}", window.weekday.iter().map(|d| plural(*d)).collect::<Vec<_>>().join(", ")));
    }
    words.extend(window.date.map(date));
    match (window.from, window.to) {
        (Some(from), Some(to)) => words.push(format!("с {} по {}", date(from), date(to))),
        (Some(from), None) => words.push(format!("с {}", date(from))),
        (None, Some(to)) => words.push(format!("по {}", date(to))),
        (None, None) => {}
    }
    words.extend(window.after.map(|t| format!("с {}", t.format("%H:%M"))));
    words.extend(window.before.map(|t| format!("до {}", t.format("%H:%M"))));
    if words.is_empty() { "в любое время".to_owned() } else { words.join(" ") }
}

fn short(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "пн",
        Weekday::Tue => "вт",
        Weekday::Wed => "ср",
        Weekday::Thu => "чт",
        Weekday::Fri => "пт",
        Weekday::Sat => "сб",
        Weekday::Sun => "вс",
    }
}

fn plural(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "понедельникам",
        Weekday::Tue => "вторникам",
        Weekday::Wed => "средам",
        Weekday::Thu => "четвергам",
        Weekday::Fri => "пятницам",
        Weekday::Sat => "субботам",
        Weekday::Sun => "воскресеньям",
    }
}
