//! The head's morning letter: its lists cut to a screen, each question with its buttons. Text and page show the same lines.
//!
//! Not here: what is asked (`decide::agenda`), how much a screen holds (`report::Screen`).

use super::{Action, Choice, Composer};
use crate::report::{self, Act, Line, SCREEN_LINES, Screen};
use chrono::{DateTime, Utc};
use serde::Serialize;

/// Daily report.
#[derive(Debug, Clone, Serialize)]
pub struct Daily {
    /// Its data.
    pub report: report::Daily,
    /// Nothing to decide, nothing overdue, nothing to look at: three lines.
    pub quiet: bool,
    /// Above the totals: decisions, overdue, today's terms.
    pub first: Vec<Section>,
    /// Below them.
    pub rest: Vec<Section>,
    /// «технические вопросы 5, дневник 2»: what was new.
    pub topics: String,
    /// «Лебедев О. П. 12»: who has how much.
    pub load: String,
}

/// One list.
#[derive(Debug, Clone, Serialize)]
pub struct Section {
    /// Heading.
    pub title: &'static str,
    /// Colour of the heading.
    pub colour: &'static str,
    /// How many there are in all.
    pub total: usize,
    /// Those that are not shown.
    pub more: usize,
    /// Those that are.
    pub items: Vec<Shown>,
}

/// A line of a list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Shown {
    /// «№ 147», «группа № 3».
    pub label: String,
    /// When it is, for what has a time.
    pub at: Option<DateTime<Utc>>,
    /// What it is about.
    pub what: String,
    /// Due.
    pub due: Option<DateTime<Utc>>,
    /// Category and assignee, channel and state.
    pub also: String,
    /// What can be answered.
    pub actions: Vec<Action>,
}

const BLUE: &str = "#1f5fa8";
const RED: &str = "#b3261e";
const INK: &str = "#1c2430";

/// Names that one line of load or topics holds.
const NAMES: usize = 6;

impl Daily {
    /// The letter with this key to this member of staff, made now.
    pub fn of(report: report::Daily, composer: &Composer, letter: (&str, DateTime<Utc>), staff: &str) -> Daily {
        let screen = Screen::of(&report, SCREEN_LINES);
        let link = |number: Option<i64>, act: &Act| match (&act.subject, number) {
            (Some(subject), _) => Action { words: act.line.clone(), ..Action::letter(composer, &act.label, subject, &format!("{}{}", act.words, act.room)) },
            (None, number) => {
                let choice = Choice::with_room(&act.label, &act.words, &act.room);
                Action { words: act.line.clone(), ..Action::order(composer, letter, (number.unwrap_or(0), staff), &choice) }
            }
        };
        let line = |l: &Line| Shown {
            label: format!("№ {}", l.number),
            what: l.what.clone(),
            due: l.due,
            also: also(l),
            actions: l.acts.iter().map(|a| link(Some(l.number), a)).collect(),
            ..Shown::default()
        };
        let ask = |a: &report::Ask| Shown { what: a.text.clone(), actions: a.acts.iter().map(|act| link(None, act)).collect(), ..Shown::default() };
        let plain = |text: &String| Shown { what: text.clone(), ..Shown::default() };
        let meeting = |m: &report::Meeting| Shown {
            label: if m.group { format!("группа № {}", m.number) } else { format!("№ {}", m.number) },
            at: Some(m.start),
            what: super::initials(&m.specialist),
            also: format!("{}, {}", super::event_text::channel_words(&m.channel), m.state),
            ..Shown::default()
        };
        let first = vec![
            section("Ждут решения", BLUE, report.decisions.iter().map(line), screen.decisions),
            section("Ответьте, пожалуйста", BLUE, report.asks.iter().map(ask), screen.asks),
            section("Срок сегодня", INK, report.due_today.iter().map(line), screen.due_today),
            section("Просрочено", RED, report.overdue.iter().map(line), screen.overdue),
        ];
        let rest = vec![
            section("Консультации сегодня и завтра", INK, report.meetings.iter().map(meeting), screen.meetings),
            section("Срочные в работе", RED, report.urgent.iter().map(line), screen.urgent),
            section("Письма не дошли", RED, report.undelivered.iter().map(plain), screen.undelivered),
            section("Одно у многих", INK, report.incidents.iter().map(plain), screen.incidents),
            section("Отложенные письма, посмотрите в ящике", INK, report.parked.iter().map(plain), screen.parked),
            section("Сотрудники ответили на письма Отклика: прочтите в ящике школы", INK, report.staff_letters.iter().map(plain), screen.staff_letters),
            section("Обратите внимание", INK, report.warnings.iter().map(plain), screen.warnings),
        ];
        let told = |s: Vec<Section>| s.into_iter().filter(|s| s.total > 0).collect::<Vec<_>>();
        let (first, rest) = (told(first), told(rest));
        let listed = |counts: &[report::Count], value: fn(&report::Count) -> u32, name: fn(&str) -> String| {
            let mut some: Vec<&report::Count> = counts.iter().filter(|c| value(c) > 0).collect();
            some.sort_by_key(|c| std::cmp::Reverse(value(c)));
            let mut words: Vec<String> = some.iter().take(NAMES).map(|c| format!("{} {}", name(&c.title), value(c))).collect();
            words.extend((some.len() > NAMES).then(|| format!("ещё {}", some.len() - NAMES)));
            words.join(", ")
        };
        Daily {
            quiet: first.is_empty() && rest.is_empty() && report.total.new == 0 && report.reconciliation.balanced(),
            topics: listed(&report.by_category, |c| c.new, str::to_owned),
            load: listed(&report.by_specialist, |c| c.open, super::initials),
            first,
            rest,
            report,
        }
    }
}

fn also(l: &Line) -> String {
    let who = l.assignee.as_deref().map(|name| format!(", {}", super::initials(name))).unwrap_or_default();
    format!("{}{who}", super::upfirst(&l.category))
}

fn section(title: &'static str, colour: &'static str, items: impl ExactSizeIterator<Item = Shown>, shown: usize) -> Section {
    let total = items.len();
    Section { title, colour, total, more: total - shown.min(total), items: items.take(shown).collect() }
}
