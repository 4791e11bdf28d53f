//! Scenarios of our own: the operator's hand, and servers that do not do what is asked.
//!
//! Not here: what must come out (`verdict`).

use crate::scenes::of_text;
use crate::servers::{Kind, Moment, Planned, Wire};
use crate::world::{Act, Hand, Scenario};
use chrono::TimeDelta;
use otklik::appeal::State;
use otklik::decide::Order;
use otklik::jobs;

/// They, in order.
pub const OWN: [(&str, fn() -> Scenario); 6] =
    [("outcomes", outcomes), ("unread", unread), ("by order", by_order), ("groups", groups), ("shadow", shadow), ("forgotten", forgotten)];

/// Two families write in the morning, a third one later.
const MORNING: &str = "at 2026-11-23 09:00
mail
From: Анна Петрова <anna@family.example>
Subject: Не могу войти в журнал

Здравствуйте! Не могу войти в электронный журнал, пишет, что пароль неверный. Петров Илья, 6 «А». Телефон +7 900 000-10-01.
.
until 2026-11-23 09:20
mail
From: Ольга Орлова <olga@family.example>
Subject: Консультация психолога

Здравствуйте! Прошу записать на консультацию к психологу: дочь плачет по утрам. Орлова Маша, 5 «Б». Телефон +7 900 000-10-02.
.
until 2026-11-23 12:00
mail
From: Вера Сизова <vera@family.example>
Subject: Логопед

Здравствуйте! Нужна консультация логопеда: сын путает буквы «б» и «д». Сизов Пётр, 2 «В». Телефон +7 900 000-10-03.
.
until 2026-11-24 18:00
";

fn plan(wire: Wire, verb: &'static str, nth: u32, what: Kind) -> Planned {
    Planned { when: Moment::Verb(wire, verb, nth), what }
}

/// Every way in which sending can end.
fn outcomes() -> Scenario {
    let mut scene = of_text("outcomes", MORNING);
    scene.planned = vec![
        plan(Wire::Smtp, "RCPT", 1, Kind::No),
        plan(Wire::Smtp, "RCPT", 3, Kind::Greylist),
        plan(Wire::Smtp, "DOT", 2, Kind::Untold),
        plan(Wire::Smtp, "MAIL", 6, Kind::LostLogin),
        plan(Wire::Smtp, "DOT", 6, Kind::Spam),
    ];
    scene.end += TimeDelta::days(3);
    scene.alike = false;
    scene
}

/// A mailbox that is away now and then, and has a letter that it does not hand out.
fn unread() -> Scenario {
    let mut scene = of_text("unread", MORNING);
    scene.planned = vec![
        plan(Wire::Imap, "FETCH", 1, Kind::NoBody),
        plan(Wire::Imap, "FETCH", 2, Kind::NoBody),
        plan(Wire::Imap, "FETCH", 3, Kind::NoBody),
        plan(Wire::Imap, "FETCH", 5, Kind::Restart),
        plan(Wire::Imap, "EXAMINE", 9, Kind::Renumbered),
    ];
    scene.alike = false;
    scene
}

fn with(name: &str, text: &str, hands: &[(i64, Hand)]) -> Scenario {
    let mut scene = of_text(name, text);
    let start = scene.start;
    scene.acts.extend(hands.iter().map(|(minutes, hand)| (start + TimeDelta::minutes(*minutes), Act::By(*hand))));
    scene.acts.sort_by_key(|(at, _)| *at);
    scene
}

/// Orders from the command line; the operator looks whether one was done before it is given again.
fn by_order() -> Scenario {
    with(
        "by_order",
        MORNING,
        &[
            (30, |school, _, now| {
                Box::pin(async move {
                    let open = school.store().appeal(1).unwrap().is_some_and(|a| a.state == State::Assigned);
                    if open {
                        let _ = jobs::order(school, 1, &Order::Take, now);
                    }
                })
            }),
            (60, |school, _, now| {
                Box::pin(async move {
                    let open = school.store().appeal(1).unwrap().is_some_and(|a| a.open());
                    if open {
                        let _ = jobs::order(school, 1, &Order::Close { answer: Some("Пароль сброшен, новый пришёл Вам на телефон.".into()), reason: None }, now);
                    }
                })
            }),
        ],
    )
}

fn groups() -> Scenario {
    with("groups", MORNING, &[])
}

fn shadow() -> Scenario {
    let mut scene = with(
        "shadow",
        MORNING,
        &[(240, |school, _, now| {
            Box::pin(async move {
                let _ = jobs::go_live(school, &[2], now);
            })
        })],
    );
    scene.settings.mode = otklik::settings::Mode::Shadow;
    scene.baseline = true;
    scene
}

fn forgotten() -> Scenario {
    with("forgotten", MORNING, &[])
}
