//! What staff are told about their orders: what was done, why not, how things stand, what else could be ordered.

use super::case::Case;
use super::order::Order;
use super::{Round, places};
use crate::appeal::{Outcome, Stage, State};
use crate::compose::{Choice, Done, event_text::channel_words, upfirst};
use crate::itip::PartStat;
use crate::slots::Specialist;

fn name<'a>(case: &Case<'a>, id: &'a str) -> &'a str {
    case.round.settings.person(id).map_or(id, |p| p.name.as_str())
}

/// An order in a few words, for the history; nothing of what was said with it.
pub(super) fn title(order: &Order) -> &'static str {
    match order {
        Order::Assign(_) => "передать",
        Order::Category(_) => "тема",
        Order::Take => "в работу",
        Order::Close { .. } => "закрыть",
        Order::Extend { .. } => "продлить срок",
        Order::Move(_) => "перенести",
        Order::Cancel(_) => "отменить",
        Order::Accept => "время подходит",
        Order::Decline => "время не подходит",
        Order::Slot { .. } => "назначить время",
        Order::Another(_) => "другое время",
        Order::Replace(_) => "заменить специалиста",
        Order::Stands => "состоится",
        Order::Channel(_) => "способ",
        Order::Held { .. } => "состоялась",
        Order::NotHeld { outcome, .. } => outcome.title(),
        Order::Allow => "новая дата разрешена",
        Order::Recommend(_) => "рекомендации",
        Order::Again(_) => "ещё раз",
        Order::Series { .. } => "серия",
        Order::EndSeries(_) => "закончить серию",
        Order::Join(_) => "в группу",
        Order::Reminders(true) => "напоминать",
        Order::Reminders(false) => "не напоминать",
        Order::Acknowledge => "вижу",
        Order::Called => "созвонились",
        Order::Unreached => "не дозвонились",
        Order::CallMyself => "звонит специалист",
        Order::Confirmed => "подтверждено по телефону",
        Order::Reopen => "открыть снова",
        Order::Ask(_) => "уточнить у автора",
        Order::NotMine(_) => "не моё",
        Order::Merge(_) => "объединить",
        Order::Keep(_) => "не продлевать",
        Order::Note(_) => "заметка",
        Order::TakeBack | Order::TakeOver(_) => "взять из пробного режима",
    }
}

/// What was done, for who ordered it, behind «Сделано: »: the case is as it became.
pub(super) fn done(case: &Case<'_>, order: &Order) -> String {
    let live = case.consultation.as_ref().filter(|c| c.live());
    let time = live.map(|c| case.spoken(c.start));
    let now = || time.clone().map_or_else(|| "свободного времени нет, решает руководитель".to_owned(), |t| format!("консультация {t}"));
    let author = if case.appeal.email.is_some() { "автору ушло письмо" } else { "автору позвонит оператор" };
    match order {
        Order::Assign(id) => match case.seated() {
            Some((meeting, _)) if meeting.specialist == *id => format!("семья записана в группу № {}, её проводит {}", meeting.id, name(case, id)),
            _ => format!("заявку получает {}", name(case, id)),
        },
        Order::Category(category) => format!("тема — {}, заявка {}", category.title(), case.appeal.state.title()),
        Order::Take => format!("заявка № {} в работе", case.appeal.number),
        Order::Close { answer: Some(_), .. } => format!("заявка закрыта, {author} с Вашим ответом"),
        Order::Close { .. } => "заявка закрыта".to_owned(),
        Order::Extend { until, .. } => format!("срок продлён до {}, {author}", until.format("%d.%m.%Y")),
        Order::Move(at) => format!("консультация перенесена: {}", case.spoken(*at)),
        Order::Another(_) | Order::Decline => format!("время изменено, теперь {}", now()),
        Order::Cancel(_) => "консультация отменена".to_owned(),
        Order::Accept => format!("время принято, {}, {author} с приглашением", now()),
        Order::Slot { start, specialist } => format!("консультация назначена: {}, {}", case.spoken(*start), name(case, specialist)),
        Order::Replace(_) => {
            let who = live.map(|c| format!(", проведёт {}", name(case, &c.specialist))).unwrap_or_default();
            format!("специалист заменён, {}{who}", now())
        }
        Order::Stands => format!("{} состоится", now()),
        Order::Channel(way) => format!("способ консультации — {}", channel_words(way)),
        Order::Held { recommendations: Some(text) } if super::held::in_person(text) => {
            "отмечено, что консультация состоялась, рекомендации даны лично".to_owned()
        }
        Order::Held { recommendations: Some(_) } => "отмечено, что консультация состоялась; рекомендации ушли автору".to_owned(),
        Order::Held { .. } => "отмечено, что консультация состоялась".to_owned(),
        Order::NotHeld { outcome: Outcome::Failed, .. } => "отмечен сбой связи; новую дату разрешает руководитель".to_owned(),
        Order::NotHeld { outcome, .. } => format!("отмечено: {}", outcome.title()),
        Order::Allow => format!("новая дата разрешена, {}", now()),
        Order::Recommend(text) if super::held::in_person(text) => "отмечено, что рекомендации даны лично".to_owned(),
        Order::Recommend(_) => "рекомендации ушли автору".to_owned(),
        Order::Again(_) => format!("назначена следующая встреча, {}", now()),
        Order::Series { count, .. } => format!("назначена серия, встреч {count}"),
        Order::EndSeries(_) => "серия закончена, оставшиеся встречи отменены".to_owned(),
        Order::Join(group) => format!("семья записана в группу № {group}"),
        Order::Reminders(on) => format!("напоминания за полчаса {}", if *on { "включены" } else { "выключены" }),
        Order::Acknowledge => "отмечено, что Вы занимаетесь; тревожные письма прекращены".to_owned(),
        Order::Called => "отмечено, что автору сообщили по телефону".to_owned(),
        Order::Unreached => super::phone::tried(case),
        Order::CallMyself => "автору звоните Вы, оператор звонить не будет".to_owned(),
        Order::Confirmed => format!("отмечено, что автор подтвердил по телефону: {}", now()),
        Order::Reopen => "заявка открыта снова".to_owned(),
        Order::Ask(_) if case.appeal.email.is_some() => "вопрос ушёл автору, его ответ придёт Вам; срок ответа прежний".to_owned(),
        Order::Ask(_) => "автору позвонит оператор и спросит; срок ответа прежний".to_owned(),
        Order::NotMine(_) => "заявка передана руководителю, он решит, кто ответит".to_owned(),
        Order::Merge(other) => format!("заявка № {} объединена с № {}, автору сказано", case.appeal.number, other),
        Order::Keep(_) => "срок прежний, специалисту сказано".to_owned(),
        Order::Note(_) | Order::TakeBack | Order::TakeOver(_) => "записано".to_owned(),
    }
}

/// Whether an order is carried out already: a button pressed twice.
pub(super) fn already(case: &Case<'_>, order: &Order) -> bool {
    let c = case.consultation.as_ref();
    let outcome = c.and_then(|c| c.outcome);
    match order {
        Order::Take => case.appeal.state == State::Taken,
        // Whoever has the appeal may have spoken to the author again; anybody else says the same twice.
        Order::Called => {
            let holder = case.by.is_some() && case.by == case.appeal.assignee;
            case.call.as_ref().is_some_and(|c| !c.waits()) && (case.appeal.met.is_some() || !holder)
        }
        Order::Close { .. } => case.appeal.state == State::Closed,
        Order::Acknowledge => case.appeal.acknowledged.is_some(),
        Order::Accept => c.is_some_and(|c| c.live() && c.staff.partstat == PartStat::Accepted && c.stage == Stage::Invited),
        Order::Move(at) => c.is_some_and(|c| c.live() && c.start == *at),
        Order::Cancel(_) => c.is_some_and(|c| !c.live()) && case.all.iter().all(|c| !c.live()),
        Order::Held { recommendations: None } => outcome == Some(Outcome::Held),
        Order::Held { recommendations } => outcome == Some(Outcome::Held) && c.is_some_and(|c| c.recommendations == *recommendations),
        Order::NotHeld { outcome: said, .. } => outcome == Some(*said),
        Order::Recommend(text) if super::held::in_person(text) => c.is_some_and(|c| c.recommendations.is_some()),
        Order::Recommend(text) => c.is_some_and(|c| c.recommendations.as_ref() == Some(text)),
        Order::Channel(way) => c.is_some_and(|c| c.live() && c.channel == *way),
        Order::Assign(id) => case.appeal.state == State::Assigned && case.appeal.assignee.as_ref() == Some(id),
        Order::Join(group) => case.seated().is_some_and(|(m, _)| m.id == *group),
        Order::Extend { until, .. } => case.appeal.extended && case.round.date(case.appeal.due.literal) == *until,
        _ => false,
    }
}

/// Why an order could not be carried out, by how things stand; the decision's own sentence is for the command line.
pub(super) fn why_not(case: &Case<'_>, order: &Order) -> String {
    let closed = !case.appeal.open();
    let on_consultation = matches!(
        order,
        Order::Accept
            | Order::Decline
            | Order::Move(_)
            | Order::Another(_)
            | Order::Cancel(_)
            | Order::Replace(_)
            | Order::Stands
            | Order::Channel(_)
            | Order::Confirmed
    );
    let afterwards = matches!(order, Order::Held { .. } | Order::NotHeld { .. });
    match order {
        _ if closed => "Заявка закрыта. Чтобы продолжить, напишите «вернуть в работу».".to_owned(),
        Order::Reopen => "Заявка и так открыта.".to_owned(),
        Order::NotMine(_) => "Решаете Вы. Передайте заявку тому, кто ответит: «передать Петровой».".to_owned(),
        Order::Ask(_) => "У автора нет ни адреса, ни телефона: спросить его Отклик не может.".to_owned(),
        Order::Acknowledge => "Заявка не срочная, отмечать нечего.".to_owned(),
        Order::Close { .. } => "Автору ещё ничего не отправлено. Напишите «готово: » и ответ автору или «закрыть без ответа: » и причину.".to_owned(),
        Order::Extend { until, .. } if *until <= case.round.date(case.round.now) => "Эта дата уже прошла. Назовите будущий день.".to_owned(),
        Order::Join(_) => "Такой группы впереди нет, или записать в неё эту семью нельзя. Список групп: otklik group list.".to_owned(),
        Order::Assign(_) | Order::Slot { .. } | Order::Again(_) | Order::Series { .. } if places::only_in_groups(case).is_some() => {
            "Консультации перед промежуточной аттестацией бывают только групповые. Подходящей группы у этого сотрудника нет: запишите семью в другую («в группу 3») или назначьте новую."
                .to_owned()
        }
        Order::Assign(id) | Order::Replace(Some(id)) if case.appeal.excluded.contains(id) => {
            "Заявка касается этого сотрудника: ему её передать нельзя. Назовите другого.".to_owned()
        }
        Order::Move(at) | Order::Slot { start: at, .. } if *at <= case.round.now => "Это время уже прошло. Назовите будущее.".to_owned(),
        _ if (on_consultation || afterwards) && case.consultation.is_none() => "По этой заявке консультация не назначена.".to_owned(),
        Order::Move(at) => {
            let away = case.consultation.as_ref().and_then(|c| case.round.settings.person(&c.specialist)).is_some_and(|p| p.is_away(case.round.date(*at)));
            match (case.ahead(), away) {
                (false, _) => "Консультации, которую можно перенести, нет: её время прошло или она отменена.".to_owned(),
                (true, true) => "В этот день специалист отсутствует. Назовите другой.".to_owned(),
                (true, false) => "Это время у специалиста занято. Назовите другое.".to_owned(),
            }
        }
        _ if on_consultation && !case.ahead() => "Предстоящей консультации по этой заявке нет.".to_owned(),
        _ if afterwards && case.ahead() && case.consultation.as_ref().is_some_and(|c| c.start > case.round.now) => {
            "Консультация ещё впереди: отметить её можно, когда она начнётся.".to_owned()
        }
        _ => "Сейчас это сделать нельзя, ничего не изменено.".to_owned(),
    }
}

/// The order is somebody else's to give.
pub(super) fn not_yours(order: &Order) -> String {
    match order {
        Order::Accept | Order::Decline => "Принять или отклонить время может только тот, кто проводит консультацию.",
        Order::Assign(_) | Order::Replace(_) | Order::Category(_) => {
            "Передать другому может только руководитель. Ответьте ему или напишите, почему это не Ваше."
        }
        Order::Extend { .. } | Order::Keep(_) => "Срок продлевает руководитель.",
        Order::NotMine(_) => "Заявка и так не у Вас.",
        Order::Merge(_) => "Объединить заявки может тот, у кого они обе, или руководитель.",
        Order::Slot { .. } | Order::Stands | Order::Allow => "Это решает руководитель.",
        _ => "Это может сделать тот, у кого заявка, или руководитель.",
    }
    .to_owned()
}

/// How things stand, in one line.
pub(super) fn present(case: &Case<'_>) -> String {
    let state = format!("Сейчас заявка № {}: {}", case.appeal.number, case.appeal.state.title());
    match case.consultation.as_ref() {
        Some(c) if c.live() => format!("{state}. Консультация {}, {}: {}.", case.spoken(c.start), channel_words(&c.channel), c.title()),
        Some(c) => format!("{state}. Консультация {}.", c.title()),
        None => format!("{state}."),
    }
}

/// What the head alone may give, asked for by whoever has the appeal: more time, other hands.
pub(super) fn wish(case: &Case<'_>, person: &Specialist, order: &Order) -> Done {
    let number = case.appeal.number;
    let done = |title: String, said: String, options: Vec<Choice>| Done { number, title, said, present: Some(present(case)), options, undo_until: None };
    let (until, why) = match order {
        Order::Extend { until, reason } => (until.format("%d.%m.%Y").to_string(), reason.clone()),
        Order::Assign(id) => {
            let to = name(case, id);
            let said = format!("{} просит передать заявку. Кому: {to}.", upfirst(&Round::titled(person)));
            let options = vec![Choice::of(&format!("Передать: {to}"), &format!("передать: {to}")), Choice::with_room("Передать другому…", "передать", ": ")];
            return done("просьба передать".to_owned(), said, options);
        }
        _ => (String::new(), None),
    };
    // The button carries no reason: what it carries the author reads.
    let words = format!("продлить до {until}");
    let why = why.filter(|_| !case.confidential());
    let because = why.map(|w| format!(" Причина: {}.", w.trim_end_matches('.'))).unwrap_or_default();
    let said = format!("{} просит продлить срок до {until}.{because}", upfirst(&Round::titled(person)));
    let options = vec![Choice::of("Продлить", &words), Choice::with_room("Не продлевать", "не продлевать", ": "), Choice::of("Взять себе", "беру себе")];
    done(format!("просьба продлить срок до {until}"), said, options)
}

/// That a wish was passed on, for who has it.
pub(super) fn passed_on(order: &Order) -> &'static str {
    match order {
        Order::Extend { .. } => "Срок продлевает руководитель: просьба ему передана.",
        _ => "Заявку передаёт руководитель: просьба ему передана.",
    }
}
