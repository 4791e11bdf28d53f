//! Who has the appeal: the specialist of its category, the head for what is unclear or a complaint, a deputy for the absent.

use super::case::{Case, Proposal};
use super::{Round, alarm, consult, open, phone, places};
use crate::appeal::{About, Move, Outcome, State};
use crate::compose::{self, Choice, Decision, Handover, Listed, Notice, Task, upfirst};
use crate::effect::{Effect, Event};
use crate::outbox::Kind;
use crate::settings::Route;
use crate::slots::{Presence, Specialist};
use crate::understand::{Category, Channel, Role, Window};
use chrono::Weekday;

/// The first assignment, at once, day and night (001 3.1.1).
pub(super) fn first(case: &mut Case<'_>, listed: Vec<Listed>, last: Option<&str>) {
    let a = &case.appeal;
    if a.delicate {
        return delicate(case, &listed);
    }
    if a.complaint {
        ask(case, complaint_question(case), &listed);
        return phone_only(case);
    }
    if a.unsure {
        let question = "Не удалось уверенно понять, кому это письмо. Решите, пожалуйста, кто ответит.".to_owned();
        ask(case, question, &listed);
        return phone_only(case);
    }
    match open::route(case.round, a.category) {
        Route::Head => to_head(case, &listed),
        Route::Specialist => to_specialist(case, &listed, last),
    }
    phone_only(case);
}

fn complaint_question(case: &Case<'_>) -> String {
    if case.appeal.excluded.is_empty() {
        "Это жалоба. Прочтите её, пожалуйста, и решите, кто разберётся.".to_owned()
    } else {
        "Это жалоба на сотрудника. Он не получает её и не участвует в ответе. Решите, пожалуйста, кто разберётся.".to_owned()
    }
}

/// Death, grave illness, disaster: the head and the psychologist are told; nothing else is sent by the machine.
fn delicate(case: &mut Case<'_>, listed: &[Listed]) {
    ask(case, "Письмо о беде в семье. Автору ушли две строки, больше автоматических писем не будет. Ответьте, пожалуйста, сами.".into(), listed);
    let number = case.appeal.number;
    for person in case.round.of_category(Category::Psychologist, &case.appeal.excluded) {
        let notice = Notice {
            number: Some(number),
            title: "беда в семье".into(),
            lines: vec![
                format!("В заявке № {number} семья пишет о беде. Руководитель получил письмо и решает, как ответить."),
                "Возможно, понадобится Ваша помощь; автоматических писем семье больше не будет.".into(),
            ],
        };
        case.to_staff(Kind::Other, format!("delicate/{number}/{}", person.id), person, &notice);
    }
}

/// Puts a question before whoever decides.
pub(super) fn ask(case: &mut Case<'_>, question: String, listed: &[Listed]) {
    let round = case.round;
    if case.step(Move::Ask).is_err() {
        return;
    }
    case.appeal.question = Some(question.clone());
    case.appeal.asked = Some(round.now);
    let Some(decider) = round.decider(&case.appeal.excluded) else {
        // It is about everybody who could decide: only a person outside the list can take it up.
        let n = case.appeal.number;
        case.appeal.assignee = None;
        case.effects.push(Effect::Alert { key: format!("nobody/{n}"), text: format!("appeal {n} is about everybody who decides; a person must take it up") });
        return;
    };
    case.appeal.assignee = Some(decider.id.clone());
    case.appeal.assigned.get_or_insert(round.now);
    case.note(Event::Asked, format!("решает {}: {question}", RoundTitle(decider)));
    let letter = decision(case, question, listed);
    let key = case.key("decision");
    case.to_staff(Kind::Task, key, decider, &letter);
}

/// «заместитель директора Орлова М. В.» in history lines.
struct RoundTitle<'a>(&'a Specialist);

impl std::fmt::Display for RoundTitle<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.post.is_empty() { &self.0.name } else { &self.0.post })
    }
}

/// The decision letter; the text only where its reader may see it.
pub(super) fn decision(case: &Case<'_>, question: String, listed: &[Listed]) -> Decision {
    let a = &case.appeal;
    let open = !case.confidential();
    let n = a.number;
    let mut options: Vec<Choice> = Vec::new();
    if case.ahead() {
        let standing =
            [("Пусть состоится", "состоится", "stands"), ("Найти другое время", "перенести", "another"), ("Заменить специалиста", "заменить", "replace")];
        options.extend(standing.map(|(label, words, order)| Choice::of(label, words).command(format!("otklik order {n} {order}"))));
    }
    options.extend(case.proposals.iter().filter_map(|p| proposed(case, p)));
    if case.all.last().is_some_and(|c| c.outcome == Some(Outcome::Failed)) {
        options.push(Choice::of("Разрешить новую дату", "разрешаю").command(format!("otklik order {n} allow")));
    }
    let mut categories = vec![a.category];
    categories.extend(a.runner_up);
    let in_groups = places::options(case);
    // What is allowed in groups only is handed to nobody for a consultation of its own (003 3.7).
    for category in categories.into_iter().filter(|c| *c != Category::Other && places::only_in_groups(case).is_none()) {
        for person in case.round.of_category(category, &a.excluded).into_iter().filter(|p| case.unwilling.as_ref() != Some(&p.id)).take(2) {
            let label = format!("Передать: {}", Round::titled(person));
            options.push(Choice::of(&label, &format!("передать: {}", person.name)).command(format!("otklik order {n} assign {}", person.id)));
        }
    }
    options.dedup();
    options.extend(in_groups);
    if a.unsure {
        options.push(Choice::with_room("Назвать тему, дальше передаст Отклик", "тема", ": ").command(format!("otklik order {n} category …")));
    }
    options.push(Choice::of("Взять себе", "беру себе").command(format!("otklik order {n} take")));
    options.push(Choice::with_room("Ответить автору и закрыть", "готово", ": ").command(format!("otklik order {n} close --answer \"…\"")));
    Decision {
        number: n,
        category: a.category.title().into(),
        runner_up: a.runner_up.map(|c| c.title().into()),
        question,
        name: a.name.clone().filter(|_| open),
        class: a.class.clone().filter(|_| open),
        phone: a.phone.as_deref().filter(|_| open).map(compose::phone),
        text: Some(a.text.clone()).filter(|_| open),
        reasons: if open { a.reasons.clone() } else { Vec::new() },
        options,
        due: a.due.literal.max(a.due.office),
        files: if open { listed.iter().map(|f| Listed { included: false, ..f.clone() }).collect() } else { Vec::new() },
    }
}

/// A time as a button, with what speaks against it.
fn proposed(case: &Case<'_>, proposal: &Proposal) -> Option<Choice> {
    let slot = &proposal.slot;
    let person = case.round.settings.person(&slot.specialist)?;
    let local = case.round.settings.worktime.to_local(slot.start);
    let why = proposal.why.first().filter(|_| !case.confidential()).map(|w| format!(" ({w})")).unwrap_or_default();
    let label = format!("{}: {}{why}", upfirst(&case.spoken(slot.start)), person.name);
    let words = format!("время {} у: {}", local.format("%d.%m %H:%M"), person.name);
    Some(Choice::of(&label, &words).command(format!("otklik order {} slot {} {}", case.appeal.number, person.id, local.format("%Y-%m-%dT%H:%M"))))
}

/// The head answers this category themselves.
fn to_head(case: &mut Case<'_>, listed: &[Listed]) {
    match case.round.decider(&case.appeal.excluded) {
        Some(head) => give(case, head, listed, false),
        None => ask(case, "Письмо касается всех, кто решает.".to_owned(), listed),
    }
}

/// A specialist of the category who is present; for a consultation the slot decides who.
fn to_specialist(case: &mut Case<'_>, listed: &[Listed], last: Option<&str>) {
    let round = case.round;
    let all = consult::teaching(case, round.of_category(case.appeal.category, &case.appeal.excluded));
    let present: Vec<_> = all.iter().copied().filter(|p| round.present(p)).collect();
    if all.is_empty() {
        return ask(case, format!("По теме «{}» нет специалиста. Решите, пожалуйста, кто ответит.", case.appeal.category.title()), listed);
    }
    if case.appeal.consultation {
        return consult::arrange(case, if present.is_empty() { &all } else { &present }, listed, last);
    }
    if let Some(person) = least_loaded(case, &present, last) {
        return give(case, person, listed, false);
    }
    let absent = all[0];
    match round.deputy(absent, &case.appeal.excluded) {
        Some(deputy) => {
            case.note(Event::Handover, format!("{} отсутствует, заявку получает {}", absent.post, RoundTitle(deputy)));
            give(case, deputy, listed, false);
        }
        None => ask(case, "Специалист отсутствует, заместителя на месте нет. Решите, пожалуйста, кто ответит.".into(), listed),
    }
}

/// The specialist of the last time where present, else the one with the fewest open appeals; equal ones by id.
fn least_loaded<'b>(case: &Case<'_>, present: &[&'b Specialist], last: Option<&str>) -> Option<&'b Specialist> {
    let load = |p: &Specialist| case.load.iter().find(|(id, _)| *id == p.id).map_or(0, |(_, n)| *n);
    present.iter().copied().find(|p| Some(p.id.as_str()) == last).or_else(|| present.iter().copied().min_by_key(|p| (load(p), &p.id)))
}

/// Gives the appeal to a person and writes them their task.
pub(super) fn give(case: &mut Case<'_>, person: &Specialist, listed: &[Listed], reopened: bool) {
    assigned(case, person);
    let letter = task(case, listed, reopened);
    let key = case.key(&format!("task/{}", person.id));
    let files = case.files.clone();
    if !case.appeal.excluded.contains(&person.id) {
        case.to_address(Kind::Task, key, &person.email.clone(), None, files, &letter);
    }
}

/// The state of an assignment, without a letter.
pub(super) fn assigned(case: &mut Case<'_>, person: &Specialist) {
    if case.step(Move::Assign).is_ok() {
        case.appeal.assignee = Some(person.id.clone());
        case.appeal.assigned = Some(case.round.now);
        case.appeal.taken = None;
        case.appeal.question = None;
        case.appeal.asked = None;
        case.note(Event::Assigned, format!("передана: {}", Round::titled(person)));
    }
}

/// The specialist's letter.
pub(super) fn task(case: &Case<'_>, listed: &[Listed], reopened: bool) -> Task {
    let a = &case.appeal;
    let mut marks = Vec::new();
    marks.extend(a.urgent.then(|| "срочно".to_owned()));
    marks.extend(a.complaint.then(|| "жалоба".to_owned()));
    marks.extend(case.known.is_some().then(|| "общий случай: автору ушёл известный ответ".to_owned()));
    marks.extend((a.consultation && matches!(a.role, Role::Unknown)).then(|| "представитель? уточнить".to_owned()));
    marks.extend(open::on_paper(a.category, &a.text).then(|| "материалы на бумаге, когда отдадите, ответьте «выдано»".to_owned()));
    Task {
        number: a.number,
        category: a.category.title().into(),
        secondary: a.secondary.map(|c| c.title().into()),
        received: a.received,
        due: a.due.literal.max(a.due.office),
        provisional: a.due.provisional,
        name: a.name.clone(),
        role: role_words(a.role).into(),
        child: a.child.clone(),
        class: a.class.clone(),
        phone: a.phone.as_deref().map(compose::phone),
        email: a.email.clone(),
        wishes: wishes(a.channel, &a.times),
        text: a.text.clone(),
        reasons: a.reasons.clone(),
        files: listed.to_vec(),
        marks,
        slot: None,
        passed_by: a.passed_by.as_ref().map(|email| case.round.settings.person_by_email(email).map_or_else(|| email.clone(), |p| p.name.clone())),
        reopened,
    }
}

fn role_words(role: Role) -> &'static str {
    match role {
        Role::Parent => "родитель",
        Role::Pupil => "ученик",
        Role::Teacher => "учитель",
        Role::Staff => "сотрудник",
        Role::Unknown => "кем приходится ребёнку, не указано",
    }
}

/// Channel and times in words.
pub(super) fn wishes(channel: Option<Channel>, times: &[Window]) -> Vec<String> {
    let mut words = Vec::new();
    words.extend(channel.map(|c| {
        match c {
            Channel::Phone => "по телефону",
            Channel::Video => "по видео",
            Channel::Messenger => "в мессенджере",
            Channel::Email => "письмом",
            Channel::InPerson => "лично",
        }
        .to_owned()
    }));
    words.extend(times.iter().map(window_words));
    words
}

fn window_words(w: &Window) -> String {
    let day = |d: &Weekday| match d {
        Weekday::Mon => "пн",
        Weekday::Tue => "вт",
        Weekday::Wed => "ср",
        Weekday::Thu => "чт",
        Weekday::Fri => "пт",
        Weekday::Sat => "сб",
        Weekday::Sun => "вс",
    };
    let mut parts = Vec::new();
    if !w.weekday.is_empty() {
        parts.push(w.weekday.iter().map(day).collect::<Vec<_>>().join(", "));
    }
    parts.extend(w.date.map(|d| d.format("%d.%m").to_string()));
    parts.extend(w.from.map(|d| d.format("с %d.%m").to_string()));
    parts.extend(w.to.map(|d| d.format("по %d.%m").to_string()));
    parts.extend(w.after.map(|t| t.format("с %H:%M").to_string()));
    parts.extend(w.before.map(|t| t.format("до %H:%M").to_string()));
    let words = if parts.is_empty() { "в любое время".to_owned() } else { parts.join(" ") };
    if w.not { format!("не подходит: {words}") } else { words }
}

/// An author without an address is told by telephone: a task for the operator (000 4.1, 001 3.2.3).
pub(super) fn phone_only(case: &mut Case<'_>) {
    phone::phone_only(case);
}

/// A call about something that was not owed: a cancellation, more time.
pub(super) fn call(case: &mut Case<'_>, say: Vec<String>, reason: &str) {
    phone::call(case, About::News, say, reason);
}

/// Passes work to a deputy; both get a line, and the head where neither is the head.
pub(super) fn hand_over(case: &mut Case<'_>, from: &Specialist, to: &Specialist, reason: &str, listed: &[Listed]) {
    passed_over(case, (from, to), reason, listed, true);
}

/// The same where one letter about the whole absence told the head, and one on the return will tell whoever is away.
pub(super) fn hand_over_quietly(case: &mut Case<'_>, from: &Specialist, to: &Specialist, reason: &str) {
    passed_over(case, (from, to), reason, &[], false);
}

fn passed_over(case: &mut Case<'_>, (from, to): (&Specialist, &Specialist), reason: &str, listed: &[Listed], told: bool) {
    let n = case.appeal.number;
    case.note(Event::Handover, format!("{reason}: {} → {}", Round::titled(from), Round::titled(to)));
    let letter =
        |takes: bool| Handover { number: Some(n), from: Round::titled(from), to: Round::titled(to), reason: reason.to_owned(), reader_takes_over: takes };
    if told {
        let key = case.key(&format!("handover/{}", from.id));
        case.to_staff(Kind::Other, key, from, &letter(false));
    }
    if case.appeal.state == State::Undecided {
        case.appeal.assignee = Some(to.id.clone());
        case.appeal.asked = Some(case.round.now);
        let question = case.appeal.question.clone().unwrap_or_else(|| "Нужно решение.".into());
        let decision = decision(case, question, listed);
        let key = case.key(&format!("decision/{}", to.id));
        case.to_staff(Kind::Task, key, to, &decision);
        let key = case.key(&format!("handover/{}", to.id));
        return case.to_staff(Kind::Other, key, to, &letter(true));
    }
    give(case, to, listed, false);
    let heads: Vec<_> = case.round.decider(&case.appeal.excluded).into_iter().filter(|h| told && h.id != from.id && h.id != to.id).collect();
    for head in heads {
        let key = case.key(&format!("handover/{}", head.id));
        case.to_staff(Kind::Other, key, head, &letter(false));
    }
    if case.appeal.urgent && case.appeal.acknowledged.is_none() {
        alarm::wake(case);
    }
}

/// First working day back of somebody absent, where known.
pub(super) fn back(round: Round<'_>, person: &Specialist) -> Option<chrono::NaiveDate> {
    match person.presence(&round.settings.worktime, round.now) {
        Presence::Away(day) => day,
        Presence::Present => None,
    }
}
