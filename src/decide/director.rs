//! The analysis on its way to the director (001 3.3.3): with the head as a draft, passed on by one press, edited where the head wishes, kept, or, where
//! nobody has said anything by Monday noon, sent as it is. The director is told once a period.
//!
//! A press carries a token of the period and its reader; an answer below the report does as well. Not here: the figures (`report`), the letter's words
//! (`compose`), orders of the director in answer.

use super::message::{Incoming, settled};
use super::report::{answer_to_staff, staff_envelope, staff_letter};
use super::{Round, confirm, staff, token};
use crate::compose::buttons::same_token;
use crate::compose::{Composer, DirectorReport, KEEP, Notice, PASS, director_pressed, director_token, freeze};
use crate::effect::{Effect, Event, Settled};
use crate::facts::ForLetter;
use crate::message::Attachment;
use crate::outbox::Kind;
use crate::report::{DraftState, Drafted, MOST_FOR_DIRECTOR, Proposal};
use crate::slots::Specialist;
use crate::understand::order_report;
use chrono::{DateTime, Datelike, Days, NaiveTime, TimeDelta, Utc};

/// Lines of the head's own that reach the director, and letters of each.
const MOST_LINES: usize = 12;
const LONGEST_LINE: usize = 300;
/// Letters of the director's answer that reach the head.
const MOST_WORDS: usize = 2_000;

/// What was said about a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Said {
    /// Pass it on, with these lines.
    Pass(Vec<String>),
    Keep,
}

/// Noon of the Monday behind a moment; of the next working day where that is off.
pub fn passes_at(round: Round<'_>, made: DateTime<Utc>) -> DateTime<Utc> {
    let date = round.date(made);
    let monday = date + Days::new(7 - u64::from(date.weekday().num_days_from_monday()));
    let worktime = &round.settings.worktime;
    round.staff_hours(worktime.local(worktime.workday_from(monday), NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default()))
}

/// The letter to the director, and the draft settled; a note where there is no director.
fn told(round: Round<'_>, drafted: &Drafted, state: DraftState, report: &DirectorReport) -> Vec<Effect> {
    let settled = Effect::Drafted(Box::new(Drafted { state, ..drafted.clone() }));
    let Some(director) = round.director(&[]) else { return vec![settled] };
    let composer = &round.settings.composer;
    let page = report.page(&round.settings.school, round.date(round.now)).into_bytes();
    let file = Attachment { name: Some(format!("analiz-{}.html", drafted.period)), media_type: "text/html".into(), bytes: page };
    let mut envelope = staff_envelope(round, Kind::ReportWeekly, format!("director/{}", drafted.period), &director.email, 5);
    envelope.attachments = vec![file];
    let posting = super::case::shadowed(&round, freeze(composer, envelope, report));
    let text = match state {
        DraftState::Unedited => "анализ ушёл директору без правки руководителя",
        _ => "анализ передан директору",
    };
    vec![settled, Effect::Post(Box::new(posting)), Effect::Note { appeal: None, event: Event::Report, text: text.to_owned() }]
}

/// A new draft in the hands of whoever acts as the head; where that is the director, they read it at once.
pub(super) fn drafted(round: Round<'_>, head: &Specialist, period: &str, analysis: &crate::report::Analysis) -> Option<(Drafted, Vec<Effect>)> {
    let director = round.director(&[])?;
    if analysis.empty() {
        return None;
    }
    let due = passes_at(round, round.now);
    let draft = Drafted { period: period.to_owned(), staff: head.id.clone(), analysis: analysis.clone(), made: round.now, due, state: DraftState::Draft };
    let effects = if director.id == head.id {
        told(round, &draft, DraftState::Passed, &report_of(round, &draft, false))
    } else {
        vec![Effect::Drafted(Box::new(draft.clone()))]
    };
    Some((draft, effects))
}

/// The time for a word is over: the director reads it as it is.
pub fn on_draft_due(round: Round<'_>, drafted: &Drafted) -> Vec<Effect> {
    told(round, drafted, DraftState::Unedited, &report_of(round, drafted, true))
}

/// With our own proposals.
fn report_of(round: Round<'_>, drafted: &Drafted, unedited: bool) -> DirectorReport {
    let proposals = drafted.analysis.proposals.iter().take(MOST_FOR_DIRECTOR).cloned().collect();
    let by = round.settings.person(&drafted.staff).filter(|_| !unedited).map(Round::titled);
    DirectorReport::of(&drafted.analysis, proposals, Vec::new(), by, unedited)
}

/// «Передать директору» and what stands below; «не передавать».
fn read(own: &str) -> Option<Said> {
    let mut lines = own.lines().map(str::trim).filter(|l| !l.is_empty());
    let first = lines.next()?.trim_end_matches(['.', '!', ':']).to_lowercase();
    let words = first.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.as_str() {
        PASS | "передать анализ директору" | "передайте директору" | "директору" => {}
        KEEP | "не передавать директору" | "не передавайте" | "не надо передавать" => {
            return Some(Said::Keep);
        }
        _ => return None,
    }
    let kept = lines.map(|l| l.chars().take(LONGEST_LINE).collect::<String>()).take(MOST_LINES).collect();
    Some(Said::Pass(kept))
}

/// The head's lines as proposals: one of ours keeps its cause and cost, a changed or new one is the head's; what is not numbered is a remark.
fn edited(ours: &[Proposal], lines: &[String]) -> (Vec<Proposal>, Vec<String>) {
    let (mut proposals, mut words) = (Vec::new(), Vec::new());
    for line in lines {
        let digits = line.chars().take_while(char::is_ascii_digit).count();
        let text = line.get(digits..).and_then(|rest| rest.strip_prefix(['.', ')'])).map(str::trim).filter(|_| digits > 0);
        let known = ours.iter().find(|p| Some(p.text.as_str()) == text || p.text == *line);
        match (known, text) {
            (Some(p), _) => proposals.push(p.clone()),
            (None, Some("")) => {}
            (None, Some(text)) => proposals.push(Proposal { text: text.to_owned(), cause: None, cost: None, decision: None }),
            (None, None) => words.push(line.clone()),
        }
    }
    proposals.truncate(MOST_FOR_DIRECTOR);
    (proposals, words)
}

/// Whose token a subject carries for this draft.
fn holder<'a>(round: Round<'a>, drafted: &Drafted, given: &str) -> Option<&'a Specialist> {
    let composer: &Composer = &round.settings.composer;
    let fits = |p: &&Specialist| composer.keys(drafted.made).any(|key| same_token(given, &director_token(key, &drafted.period, &p.id)));
    round.settings.staff.iter().find(fits)
}

/// A press that is not its bearer's: from another address, or with a token that is nobody's.
pub(super) fn foreign(round: Round<'_>, facts: &ForLetter, incoming: &Incoming<'_>) -> Option<Vec<Effect>> {
    let (_, given) = director_pressed(&incoming.message.subject)?;
    let sender = incoming.message.sender().map(|a| a.email.as_str()).unwrap_or_default();
    let owner = facts.draft.as_deref().and_then(|d| holder(round, d, &given));
    match owner {
        Some(person) if person.email.eq_ignore_ascii_case(sender) => None,
        Some(person) if staff::by_hand(incoming) => Some(confirm::warn(round, person, None)),
        _ => Some(confirm::distrusted(None, "письмо об анализе для директора с чужим или неверным ключом: не исполнено".into())),
    }
}

/// What the director writes in answer to the analysis: the head reads it, nothing is done by itself.
fn of_director(round: Round<'_>, facts: &ForLetter, incoming: &Incoming<'_>, person: &Specialist) -> Option<Vec<Effect>> {
    let answered = facts.list.as_ref().filter(|l| l.to.eq_ignore_ascii_case(&person.email))?;
    let period = answered.key.trim_start_matches("shadow/").strip_prefix("director/")?;
    let own = token::own(incoming);
    let another = order_report::read(own, round.date(round.now)).is_some();
    if another || own.is_empty() || !staff::by_hand(incoming) {
        return None;
    }
    let mut effects = settled(Settled::Answer(None), Event::StaffLetter, None, "ответ директора на анализ: передан руководителю");
    let m = incoming.message;
    let hash = m.content_hash.get(..16).unwrap_or("0");
    if let Some(head) = round.decider(&[]).filter(|h| h.id != person.id) {
        let words: String = own.chars().take(MOST_WORDS).collect();
        let lines = vec![format!("Директор ответил на анализ {period}:"), format!("«{}»", words.trim())];
        let notice = Notice { number: None, title: "ответ директора на анализ".into(), lines };
        effects.extend(staff_letter(round, Kind::Other, format!("director_said/{}/{hash}", head.id), &head.email, 4, &notice));
        let notice =
            Notice {
                number: None, title: "ответ передан руководителю службы".into(), lines: vec!["Сам Отклик по этому письму ничего не меняет.".into()]
            };
        effects.push(answer_to_staff(round, format!("director_heard/{}/{hash}", person.id), &person.email, m.message_id.as_deref(), None, &notice));
    }
    Some(effects)
}

/// A word about a draft: by its button, or below the report that carried it.
pub(super) fn on_letter<'a>(round: Round<'a>, facts: &ForLetter, incoming: &Incoming<'_>, person: &'a Specialist) -> Option<Vec<Effect>> {
    let m = incoming.message;
    if let Some(heard) = of_director(round, facts, incoming, person) {
        return Some(heard);
    }
    let said = read(token::own(incoming))?;
    let key = format!("director_done/{}/{}", person.id, m.content_hash.get(..16).unwrap_or("0"));
    let answer = |title: &str, line: String| {
        let notice = Notice { number: None, title: title.to_owned(), lines: vec![line] };
        answer_to_staff(round, key.clone(), &person.email, m.message_id.as_deref(), None, &notice)
    };
    let Some(drafted) = facts.draft.as_deref() else {
        let mine = facts.list.as_ref().filter(|l| l.kind == Kind::ReportWeekly && l.to.eq_ignore_ascii_case(&person.email));
        return mine.map(|_| {
            let mut effects = settled(Settled::Answer(None), Event::Refused, None, "анализ для директора: черновика нет");
            effects.push(answer("передавать нечего", "За этот период анализа для директора нет: обращений не было.".to_owned()));
            effects
        });
    };
    let pressed = director_pressed(&m.subject).and_then(|(_, given)| holder(round, drafted, &given)).is_some_and(|p| p.id == person.id);
    let answered = facts.list.as_ref().is_some_and(|l| l.to.eq_ignore_ascii_case(&person.email));
    let may = round.settings.head.contains(&person.id) || round.decider(&[]).is_some_and(|d| d.id == person.id);
    if !(pressed || answered) || !may || !staff::by_hand(incoming) {
        let text = format!("слово об анализе для директора ({}): не от руководителя, не исполнено", person.post);
        return Some(settled(Settled::Answer(None), Event::Refused, None, &text));
    }
    let said_already = match drafted.state {
        DraftState::Draft => None,
        DraftState::Passed => Some("Директор уже получил анализ. Второй раз ничего не отправлено."),
        DraftState::Unedited => Some("Время правки прошло, и анализ ушёл директору без правки. Если что-то надо исправить, напишите директору сами."),
        DraftState::Kept => Some("Вы решили не передавать этот анализ. Чтобы директор его увидел, перешлите, пожалуйста, недельный отчёт сами."),
    };
    if let Some(line) = said_already {
        let mut effects = settled(Settled::Answer(None), Event::Refused, None, "анализ для директора: уже решено, ничего не изменено");
        effects.push(answer("уже решено", line.to_owned()));
        return Some(effects);
    }
    let mut effects = settled(Settled::Answer(None), Event::Ordered, None, &format!("слово об анализе для директора ({})", person.post));
    match said {
        Said::Keep => {
            effects.push(Effect::Drafted(Box::new(Drafted { state: DraftState::Kept, ..drafted.clone() })));
            effects.push(answer("анализ остаётся у Вас", format!("Директору анализ за {} не уйдёт.", drafted.analysis.title)));
        }
        Said::Pass(lines) => {
            // «Передать» without a line below: as it stands in the report. A press always has its lines.
            let (proposals, words) = if lines.is_empty() && !pressed {
                (drafted.analysis.proposals.iter().take(MOST_FOR_DIRECTOR).cloned().collect(), Vec::new())
            } else {
                edited(&drafted.analysis.proposals, &lines)
            };
            let count = proposals.len();
            let report = DirectorReport::of(&drafted.analysis, proposals, words, Some(Round::titled(person)), false);
            effects.extend(told(round, drafted, DraftState::Passed, &report));
            let what = match count {
                0 => "без предложений".to_owned(),
                n => format!("предложений: {n}"),
            };
            effects.push(answer("передано директору", format!("Анализ за {} уходит директору, {what}.", drafted.analysis.title)));
        }
    }
    Some(effects)
}

/// The period whose draft a letter speaks of by its subject.
pub(super) fn period_of(incoming: &Incoming<'_>) -> Option<String> {
    director_pressed(&incoming.message.subject).map(|(period, _)| period)
}

/// A draft that waits has its next moment here: for rehearsals, which look at nothing in between.
pub fn next_draft_due(round: Round<'_>, made: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let at = passes_at(round, made);
    (at > round.now && made > round.now - TimeDelta::days(30)).then_some(at)
}
