//! Announcements as their sender orders them: a letter «объявление» becomes a preview, «разослать» sends it, «отмена» drops it, «исправить: …» makes a
//! new preview, «список» tells who has answered. The same for the command line.
//!
//! Not here: letters that leave by their pace (`announcement_clock`), what families answer (`announcement_answers`).

use super::Round;
use super::announcement_letters::{Listing, Shown, list, moment, note, preview, sender_token, tokens};
use super::message::{Incoming, settled};
use crate::announcement::orders::{Word, word};
use crate::announcement::{
    Addressee, Announced, Announcement, Audience, Change, Stage, Written, announces, choose, class_words, concerns, read_text, sender_press, sorted,
};
use crate::compose::{InstanceKey, Moment, buttons, domain_of, plural};
use crate::effect::{Effect, Event, Settled};
use crate::facts::ForLetter;
use crate::message::{Attachment, Message};
use crate::settings::Mode;
use crate::slots::{ClassRange, Specialist};
use crate::understand::Kind as LetterKind;
use chrono::{DateTime, TimeDelta, Utc};

/// An announcement on the command line: with the rights of the person named.
#[derive(Debug, Clone)]
pub enum AnnouncementOrder {
    /// Makes a preview.
    Preview {
        /// Id of the sender in the register.
        staff: String,
        /// The text, as in a letter.
        text: String,
        /// Files.
        files: Vec<Attachment>,
    },
    /// «Разослать».
    Send {
        /// At night too, where it is urgent.
        now: bool,
    },
    /// «Отмена».
    Drop,
}

/// How an announcement is written, for whoever did not manage.
const SAMPLE: &str = "Пример письма. Тема: «Объявление: собрание». Текст: «Приглашаем Вас на собрание.», затем строки «Кому: 5А, 5Б», «Когда: 12.12 18:00», «Где: кабинет 214», «Нужно подтверждение», «Ответить до: 10.12», «Варианты: 1) да 2) нет». Нужны только текст и «Кому».";

const NOT_ALLOWED: &str = "Объявления семьям рассылает руководитель или классный руководитель, которому это разрешено (rules/announcements.toml). Перешлите, пожалуйста, текст руководителю.";

fn is_head(round: Round<'_>, id: &str) -> bool {
    round.settings.head.iter().chain(&round.settings.director).any(|h| h == id)
}

/// The letter of a member of staff, where it is about an announcement.
pub(super) fn on_desk<'a>(round: Round<'a>, facts: &ForLetter, incoming: &Incoming<'_>, person: &'a Specialist) -> Option<Vec<Effect>> {
    let m = incoming.message;
    let known = facts.announced.as_ref();
    if matches!(incoming.understanding.kind, Some(LetterKind::AutoReply | LetterKind::Bounce | LetterKind::CalendarReply)) {
        return None;
    }
    let fresh = announces(&m.subject, &m.body.own) && known.about.is_none();
    if !fresh && known.about.is_none() {
        return None;
    }
    let mut effects = settled(Settled::Answer(None), Event::Ordered, None, "письмо сотрудника об объявлении");
    let about = known.about.as_ref();
    let key = format!("announcement/{}/note/{}/{}", about.map_or(known.next, |a| a.id), m.content_hash.get(..16).unwrap_or("0"), round.now.timestamp());
    let tell = |title: &str, lines: Vec<String>| note(round, person, m.message_id.as_deref(), key.clone(), title, lines);
    let Some(about) = about else {
        let written = read_text(&m.subject, &m.body.own, round.date(incoming.received)).whole();
        effects.extend(
            previewed(round, known, person, written, Some(&m.attachments), None, m.message_id.as_deref()).unwrap_or_else(|wrong| vec![unready(&tell, wrong)]),
        );
        return Some(effects);
    };
    if sender_press(&m.subject).is_none() && !known.referred {
        // Found by the subject alone, which anybody may guess.
        effects.push(tell(
            &format!("объявление {}: ответьте на письмо", about.id),
            vec!["Чтобы слово об объявлении исполнилось, ответьте на само письмо с предпросмотром (кнопкой «Ответить»).".into()],
        ));
        return Some(effects);
    }
    let Some(version) = trusted(round, known, &m.subject, about, person) else {
        return Some(settled(Settled::Ignored("forged"), Event::Refused, None, "слово об объявлении без верного ключа: не исполняется"));
    };
    if about.staff != person.id && !is_head(round, &person.id) {
        effects.push(tell("объявление другого сотрудника", vec!["Распоряжаться объявлением может его отправитель или руководитель.".into()]));
        return Some(effects);
    }
    let own = own_words(incoming);
    let again = announces("", own);
    let said = if again { Some(Word::Correct(own.to_owned())) } else { word(own) };
    match said {
        None => effects.push(tell(
            &format!("объявление {}: не понял", about.id),
            vec![
                format!("Объявление {}: {}.", about.id, about.stage.title()),
                "Можно ответить: «разослать», «отмена», «исправить:» и новый текст, «список».".into(),
            ],
        )),
        Some(Word::Correct(text)) if about.stage == Stage::Preview => {
            let read = read_text("", &text, round.date(incoming.received));
            let written = if again { read.whole() } else { read.over(&about.draft).whole() };
            let files = Some(&m.attachments).filter(|f| !f.is_empty());
            let made = previewed(round, known, person, written, files, Some(about), m.message_id.as_deref());
            effects.extend(made.unwrap_or_else(|wrong| vec![unready(&tell, wrong)]));
        }
        Some(Word::Correct(_)) => effects.push(tell(
            &format!("объявление {}: исправить уже нельзя", about.id),
            vec![format!("Объявление {}: {}. Напишите, пожалуйста, новое объявление с исправлением.", about.id, state(known, about))],
        )),
        Some(Word::List) => effects.extend(list(round, about, &known.families, &format!("list/{}", round.now.timestamp()), Listing::Asked)),
        Some(Word::Send | Word::SendNow) if version != about.version && about.stage == Stage::Preview => effects.push(tell(
            &format!("объявление {}: есть вариант новее", about.id),
            vec!["Вы ответили на прежний вариант. Чтобы разослать, ответьте на последнее письмо с предпросмотром.".into()],
        )),
        Some(word) => match carried(round, known, about, person, &word) {
            Ok((changed, line)) => {
                effects.extend(changed);
                effects.push(tell(
                    &format!(
                        "объявление {}: {}",
                        about.id,
                        match word {
                            Word::Drop if known.tally.reached() > 0 => "отменено",
                            Word::Drop => "снято",
                            _ => "рассылаем",
                        }
                    ),
                    vec![line],
                ));
            }
            Err(line) => effects.push(tell(&format!("объявление {}: пока без изменений", about.id), vec![line])),
        },
    }
    Some(effects)
}

/// Words above a quotation, else those of a button's subject.
fn own_words<'m>(incoming: &Incoming<'m>) -> &'m str {
    let m = incoming.message;
    let own = m.body.own.trim();
    // Where only a quotation is there, `own` is all of it, and its words are ours.
    let quoted = !m.body.quoted.trim().is_empty() && m.body.own == m.body.whole;
    if !own.is_empty() && !quoted {
        return own;
    }
    let before = m.subject.rsplit_once('[').map_or("", |(b, _)| b);
    sender_press(&m.subject).and_then(|_| before.split_once(": ")).map_or("", |(_, words)| words.trim())
}

fn unready(tell: &dyn Fn(&str, Vec<String>) -> Effect, wrong: Vec<String>) -> Effect {
    let mut lines = vec!["Семьям ничего не ушло. Исправьте, пожалуйста, и пришлите письмо ещё раз целиком:".to_owned()];
    // Who may not write to families needs no sample.
    let may = !wrong.iter().any(|w| w == NOT_ALLOWED);
    lines.extend(wrong);
    lines.extend(may.then(|| SAMPLE.to_owned()));
    tell("объявление не готово", lines)
}

/// The version of the preview that a word is about; `None` for a press whose token is not the sender's.
fn trusted(round: Round<'_>, known: &Announced, subject: &str, about: &Announcement, person: &Specialist) -> Option<u32> {
    match sender_press(subject) {
        Some((id, version, token)) => {
            let right = |key: &InstanceKey| buttons::same_token(token, &sender_token(key, id, version, &person.id));
            (id == about.id && round.settings.composer.keys(about.previewed).any(right)).then_some(version)
        }
        // Found by the id of our letter, which nobody can guess.
        None => Some(known.version.unwrap_or(about.version)),
    }
}

/// Whether a letter answers the preview that this person got: by its id or by its button.
pub(super) fn answers_preview(round: Round<'_>, facts: &ForLetter, message: &Message, person: &Specialist) -> bool {
    let known = facts.announced.as_ref();
    let Some(about) = known.about.as_ref().filter(|a| a.staff == person.id) else { return false };
    let pressed = sender_press(&message.subject).is_some();
    (pressed || known.referred && known.version.is_some()) && trusted(round, known, &message.subject, about, person).is_some()
}

fn state(known: &Announced, about: &Announcement) -> String {
    let stage = about.stage.title();
    if known.tally.posted > 0 { format!("{stage}, отправлено {} из {}", known.tally.posted, known.tally.families) } else { stage.to_owned() }
}

/// «Разослать», «отмена»: the changes and a line for the person, or why not.
fn carried(round: Round<'_>, known: &Announced, about: &Announcement, person: &Specialist, word: &Word) -> Result<(Vec<Effect>, String), String> {
    let mut a = about.clone();
    let say = |at: DateTime<Utc>| Moment { at, zone: round.settings.worktime.zone }.spoken();
    let event = |text: String| Effect::Note { appeal: None, event: Event::Announced, text };
    match (word, about.stage) {
        (Word::Send | Word::SendNow, Stage::Preview) => {
            if round.mode == Mode::Shadow {
                return Err("Отклик работает в пробном режиме: семьям ничего не уходит. После перехода в рабочий режим ответьте «разослать» ещё раз.".into());
            }
            if a.draft.start.is_some_and(|s| moment(round, s) <= round.now) {
                return Err("Время, о котором объявление, уже прошло. Исправьте строку «Когда».".into());
            }
            if a.draft.until.is_some_and(|day| day < round.date(round.now)) {
                return Err("День, до которого ждали ответов, уже прошёл. Исправьте строку «Ответить до».".into());
            }
            let night = round.author_hours(round.now) > round.now;
            let may_at_night = a.draft.urgent && is_head(round, &person.id);
            if night && may_at_night && *word == Word::Send {
                return Err("Сейчас часы, когда семьям не пишут. Если объявление не может ждать утра, ответьте «разослать сейчас».".into());
            }
            a.at_night = may_at_night && *word == Word::SendNow;
            (a.stage, a.started) = (Stage::Sending, Some(round.now));
            let left = known.tally.families;
            let last = span(round, known, &a, &known.families).1;
            let changed =
                vec![Effect::Announcement(Change::Save(Box::new(a), Some(round.now))), event(format!("объявление {}: разослать, писем {left}", about.id))];
            Ok((
                changed,
                format!(
                    "Рассылаем {left} {}, последнее уйдёт {}. Остановить: ответьте «отмена».",
                    plural(left.into(), ["письмо", "письма", "писем"]),
                    say(last)
                ),
            ))
        }
        (Word::Drop, Stage::Preview | Stage::Sending | Stage::Open) if known.tally.reached() == 0 => {
            a.stage = Stage::Dropped;
            let withdrawn = Effect::Announcement(Change::Withdraw(a.id));
            let changed = vec![withdrawn, Effect::Announcement(Change::Save(Box::new(a), None)), event(format!("объявление {}: снято", about.id))];
            Ok((changed, format!("Объявление {} снято, семьям ничего не ушло.", about.id)))
        }
        (Word::Drop, Stage::Sending | Stage::Open | Stage::Reminding | Stage::Closed) => {
            if a.draft.start.is_some_and(|s| moment(round, s) <= round.now) {
                return Err("То, о чём объявление, уже началось или прошло: отменять нечего.".into());
            }
            // Nobody is asked any more, and no closing list follows; a list of questions still may.
            (a.stage, a.remind_at, a.close_at) = (Stage::Cancelling, None, None);
            let n = known.tally.reached();
            let withdrawn = Effect::Announcement(Change::Withdraw(a.id));
            let changed = vec![
                withdrawn,
                Effect::Announcement(Change::Save(Box::new(a), Some(round.now))),
                event(format!("объявление {}: отменено, писем об этом {n}", about.id)),
            ];
            Ok((changed, format!("Больше никому не отправим. Тем, кто письмо получил ({n}), сообщаем, что объявление отменено.")))
        }
        _ => Err(format!("Объявление {}: {}. Второй раз ничего не уйдёт.", about.id, state(known, about))),
    }
}

/// When the first and the last letter leave: the last no later than so, since it is foreseen as if all families had the hours of the strictest class.
fn span(round: Round<'_>, known: &Announced, a: &Announcement, families: &[Addressee]) -> (DateTime<Utc>, DateTime<Utc>) {
    let urgent = a.draft.urgent;
    let ahead = if urgent { 0 } else { known.ahead };
    let pace = round.settings.announcements.pace;
    let letters = u32::try_from(families.len()).unwrap_or(u32::MAX);
    let with_hours = |c: &&String| ClassRange::parse(c).is_some_and(|own| round.settings.hours.iter().any(|h| h.classes.iter().any(|r| r.holds(own))));
    let mut classes: Vec<Option<&String>> = families.iter().map(|f| f.classes.iter().find(with_hours)).collect();
    classes.sort_unstable();
    classes.dedup();
    let last = |n: u32, class: Option<&String>| {
        let hours = |at: DateTime<Utc>| match class {
            _ if a.at_night => at,
            Some(class) if !urgent => round.class_hours(at, Some(class)),
            _ => round.author_hours(at),
        };
        pace.last(round.now, n, &known.recent, hours)
    };
    let first = classes.iter().map(|c| last(ahead.saturating_add(1), *c)).min();
    let end = classes.iter().map(|c| last(ahead.saturating_add(letters), *c)).max();
    (first.unwrap_or(round.now), end.unwrap_or(round.now))
}

/// The audience that somebody may write to, or why not.
fn allowed(round: Round<'_>, person: &Specialist, audience: Audience) -> Result<Audience, String> {
    if is_head(round, &person.id) {
        return if audience == Audience::Unsaid {
            Err("Не сказано, кому: напишите строку «Кому: 5А, 5Б», «Кому: 1-4 классы» или «Кому: все».".into())
        } else {
            Ok(audience)
        };
    }
    let own: Vec<ClassRange> = round.settings.announcements.may.iter().filter(|(id, _)| *id == person.id).flat_map(|(_, c)| c.iter().copied()).collect();
    let words = || own.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if own.is_empty() {
        return Err(NOT_ALLOWED.into());
    }
    match audience {
        // The preview shows to whom.
        Audience::Unsaid => Ok(Audience::Classes(own.iter().map(ToString::to_string).collect())),
        Audience::All => Err(format!("Всем классам пишет руководитель; Вы можете писать в {}.", words())),
        Audience::Classes(_) => {
            let mine = |r: &ClassRange| own.iter().any(|c| c.from <= r.from && r.to <= c.to && (c.letter.is_none() || c.letter == r.letter));
            let other: Vec<String> = audience.ranges().iter().filter(|r| !mine(r)).map(ToString::to_string).collect();
            if other.is_empty() {
                Ok(audience)
            } else {
                Err(format!("В {} Вы писать не можете, только в {}. Попросите руководителя.", other.join(", "), words()))
            }
        }
    }
}

/// A preview and its frozen audience, or what is wrong.
fn previewed(
    round: Round<'_>,
    known: &Announced,
    person: &Specialist,
    written: Written,
    files: Option<&Vec<Attachment>>,
    prior: Option<&Announcement>,
    answers: Option<&str>,
) -> Result<Vec<Effect>, Vec<String>> {
    let Written { mut draft, mut wrong, .. } = written;
    let s = round.settings;
    // What the head corrects remains its sender's.
    let sender = prior.map_or(person.id.clone(), |p| p.staff.clone());
    match allowed(round, person, draft.audience.clone()) {
        Ok(audience) => draft.audience = audience,
        Err(why) => wrong.push(why),
    }
    let today = round.date(round.now);
    if draft.start.is_some_and(|at| moment(round, at) <= round.now + TimeDelta::minutes(5)) {
        wrong.push("Время в строке «Когда» уже прошло.".into());
    }
    if draft.until.is_some_and(|day| day < today) {
        wrong.push("День в строке «Ответить до» уже прошёл.".into());
    }
    let mut warned = Vec::new();
    if draft.urgent && !is_head(round, &person.id) {
        draft.urgent = false;
        warned.push("Срочные объявления рассылает руководитель: это уйдёт как обычное.".into());
    }
    let leave = |email: &str| [&known.unsubscribed, &known.silent].iter().any(|list| list.binary_search_by(|e| e.as_str().cmp(email)).is_ok());
    let chosen = choose(&s.contacts, &draft.audience, leave);
    if wrong.is_empty() && chosen.families.is_empty() {
        wrong.push(format!("В списке семей (rules/contacts.csv) нет ни одного адреса для: {}.", draft.audience.words()));
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let (along, refused) = match files {
        Some(files) => sorted(files),
        None => (known.files.clone(), Vec::new()),
    };
    let a = Announcement {
        id: prior.map_or(known.next, |p| p.id),
        staff: sender,
        version: prior.map_or(1, |p| p.version + 1),
        stage: Stage::Preview,
        message_id: answers.map(str::to_owned),
        draft,
        previewed: round.now,
        started: None,
        finished: None,
        remind_at: None,
        close_at: None,
        list_at: None,
        listed: None,
        at_night: false,
    };
    let families: Vec<Addressee> = (1_u32..)
        .zip(chosen.families)
        .map(|(ordinal, (name, classes, email))| {
            let (token, uid) = tokens(round, a.id, &email);
            Addressee {
                announcement: a.id,
                ordinal,
                name,
                classes,
                email,
                token,
                uid,
                posted: None,
                left_out: None,
                reminded: None,
                cancelled: None,
                answer: None,
                answered: None,
                question: None,
                undelivered: false,
            }
        })
        .collect();
    let count = u32::try_from(families.len()).unwrap_or(u32::MAX);
    warned.extend(concerns(&a.draft, &s.contacts, domain_of(&s.address), &s.school_phones));
    let shown = Shown {
        classes: class_words(&chosen.by_class),
        families: count,
        without: chosen.without,
        left_out: chosen.left_out,
        refused,
        span: span(round, known, &a, &families),
        ahead: known.ahead > 0 && !a.draft.urgent,
        concerns: warned,
    };
    let letter = families.first().and_then(|first| preview(round, &a, first, &along, shown));
    let text = format!("объявление {}: предпросмотр {}, писем {count}", a.id, a.version);
    let (id, wake) = (a.id, a.wake());
    let mut effects = vec![
        Effect::Announcement(Change::Save(Box::new(a), wake)),
        Effect::Announcement(Change::Audience(id, families)),
        Effect::Announcement(Change::Files(id, along)),
        Effect::Note { appeal: None, event: Event::Announced, text },
    ];
    effects.extend(letter);
    Ok(effects)
}

/// The same on the command line.
///
/// # Errors
/// A sentence for the person who gave the order.
pub fn on_announcement(round: Round<'_>, known: &Announced, order: &AnnouncementOrder) -> Result<Vec<Effect>, String> {
    let word = match order {
        AnnouncementOrder::Preview { staff, text, files } => {
            let person =
                round.settings.person(staff).or_else(|| round.settings.person_by_email(staff)).ok_or_else(|| format!("nobody in the register is {staff}"))?;
            let written = read_text("", text, round.date(round.now)).whole();
            return previewed(round, known, person, written, Some(files), None, None).map_err(|wrong| wrong.join("\n"));
        }
        AnnouncementOrder::Send { now: true } => Word::SendNow,
        AnnouncementOrder::Send { now: false } => Word::Send,
        AnnouncementOrder::Drop => Word::Drop,
    };
    let about = known.about.as_ref().ok_or("there is no such announcement; `otklik announce list` shows them")?;
    let person = round.settings.person(&about.staff).ok_or("its sender is not in the register any more")?;
    // Whoever has the machine has the head's rights; the sender of the announcement stays who it is.
    let acting = if is_head(round, &person.id) { person } else { round.decider(&[]).unwrap_or(person) };
    let (mut effects, line) = carried(round, known, about, acting, &word)?;
    effects.push(note(
        round,
        person,
        None,
        format!("announcement/{}/note/cli/{}", about.id, round.now.timestamp()),
        &format!("объявление {}", about.id),
        vec![line],
    ));
    Ok(effects)
}
