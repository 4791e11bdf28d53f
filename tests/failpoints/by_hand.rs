//! Scenarios of our own: the operator's hand, and servers that do not do what is asked.
//!
//! Not here: what must come out (`verdict`).

use crate::scenes::of_text;
use crate::servers::{Kind, Moment, Planned, Wire};
use crate::world::{Act, Hand, Scenario};
use chrono::{DateTime, TimeDelta, Utc};
use otklik::appeal::State;
use otklik::decide::{AnnouncementOrder, GroupOrder, Order, Plan};
use otklik::jobs::{self, School};
use otklik::mailbox::Mailbox;
use otklik::store::Whom;
use std::path::PathBuf;
use std::sync::Arc;

/// A name and what makes the scenario.
type Named = (&'static str, fn() -> Scenario);

/// They, in order.
pub const OWN: [Named; 9] = [
    ("outcomes", outcomes),
    ("unread", unread),
    ("by order", by_order),
    ("groups", groups),
    ("shadow", shadow),
    ("forgotten", forgotten),
    ("restored", restored),
    ("shut", shut),
    ("taken over", taken_over),
];

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

/// A child may be in danger: alarms, until somebody has seen it.
const URGENT: &str = "at 2026-11-23 09:00
mail
From: Анна Петрова <anna@family.example>
Subject: Не могу войти в журнал

Здравствуйте! Не могу войти в электронный журнал, пишет, что пароль неверный. Петров Илья, 6 «А». Телефон +7 900 000-10-01.
.
until 2026-11-23 09:20
mail
From: Ольга Орлова <olga@family.example>
Subject: Помогите

Здравствуйте! Дочь пишет, что не хочет жить, и порезала руки. Орлова Маша, 8 «Б». Телефон +7 900 000-10-02.
.
until 2026-11-23 10:10
reply i.sokolova@school.example to any
вижу
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

/// A hand that may be told twice: what it says it does, where it is not done yet.
macro_rules! hand {
    (|$school:ident, $mailbox:ident, $now:ident| $what:block) => {
        |$school: &Arc<School>, $mailbox: &mut Mailbox, $now: DateTime<Utc>| {
            Box::pin(async move {
                let _ = (&$school, &$mailbox, &$now);
                $what;
            })
        }
    };
}

/// Orders from the command line; the operator looks whether one was done before it is given again. What a correction taught is taken out and put back.
fn by_order() -> Scenario {
    with(
        "by order",
        MORNING,
        &[
            (
                30,
                hand!(|school, _m, now| {
                    if school.store().appeal(1).unwrap().is_some_and(|a| a.state == State::Assigned) {
                        let _ = jobs::order(school, 1, &Order::Take, now);
                    }
                }),
            ),
            (
                60,
                hand!(|school, _m, now| {
                    if school.store().appeal(1).unwrap().is_some_and(|a| a.open()) {
                        let answer = Some("Пароль сброшен, новый пришёл Вам на телефон.".to_owned());
                        let _ = jobs::order(school, 1, &Order::Close { answer, reason: None }, now);
                    }
                }),
            ),
            (
                90,
                hand!(|school, _m, now| {
                    let _ = jobs::train(school, None, true, now).unwrap();
                }),
            ),
            (
                95,
                hand!(|school, _m, now| {
                    let _ = jobs::train(school, None, false, now).unwrap();
                }),
            ),
        ],
    )
}

/// A group of one place: planned, a family joins, another waits and leaves, it is moved and called off.
fn groups() -> Scenario {
    with(
        "groups",
        MORNING,
        &[
            (
                200,
                hand!(|school, _m, now| {
                    if school.store().meetings(None).unwrap().is_empty() {
                        let start = now + TimeDelta::days(8) - TimeDelta::minutes(200) + TimeDelta::hours(1);
                        let (specialist, topic, channel) = ("psychologist-1".to_owned(), "Как готовиться к контрольным".to_owned(), "in_person".to_owned());
                        let plan = Plan { specialist, topic, start, capacity: 1, classes: Vec::new(), course_end: None, channel };
                        jobs::plan(school, &plan, now).unwrap();
                    }
                }),
            ),
            (
                210,
                hand!(|school, _m, now| {
                    let _ = jobs::group_order(school, 1, &GroupOrder::Join(2), now);
                }),
            ),
            (
                215,
                hand!(|school, _m, now| {
                    let _ = jobs::group_order(school, 1, &GroupOrder::Join(3), now);
                }),
            ),
            (
                240,
                hand!(|school, _m, now| {
                    let _ = jobs::group_order(school, 1, &GroupOrder::Leave { appeal: 3, reason: None }, now);
                }),
            ),
            (
                300,
                hand!(|school, _m, now| {
                    if school.store().meeting(1).unwrap().is_some_and(|(m, _)| !m.cancelled) {
                        let _ = jobs::group_order(school, 1, &GroupOrder::Cancel(Some("карантин".into())), now);
                    }
                }),
            ),
        ],
    )
}

/// Shadow until noon; then the school goes live, and takes in a letter that lay in the mailbox before the program was there.
fn shadow() -> Scenario {
    let mut scene = with(
        "shadow",
        MORNING,
        &[(
            240,
            hand!(|school, _m, now| {
                let _ = jobs::go_live(school, &[1], now);
                school.store().take_in(1).unwrap();
            }),
        )],
    );
    scene.settings.mode = otklik::settings::Mode::Shadow;
    // An order that is given again after a crash looks for its time again.
    scene.alike = false;
    scene.baseline = true;
    scene
}

/// A family is forgotten, and the same letter comes again; a calendar file blocks a specialist's time and the operator frees it; the daily list.
fn forgotten() -> Scenario {
    let mut scene = with(
        "forgotten",
        URGENT,
        &[
            (
                60,
                hand!(|school, _m, now| {
                    if school.store().appeal(1).unwrap().is_some_and(|a| a.open()) {
                        let _ = jobs::order(school, 1, &Order::Close { answer: None, reason: Some("решено по телефону".into()) }, now);
                    }
                }),
            ),
            (
                70,
                hand!(|school, _m, _n| {
                    let blocks = school.store().blocks(_n).unwrap();
                    if let Some(block) = blocks.first() {
                        school.store().remove_block(block.id).unwrap();
                    }
                }),
            ),
            (
                90,
                hand!(|school, _m, now| {
                    let mark = jobs::mark(&school.settings(), "anna@family.example");
                    let _ = school.store().forget(&Whom::Address("anna@family.example".into()), Some(&mark), now);
                }),
            ),
            (
                120,
                hand!(|school, _m, now| {
                    let _ = jobs::announce(
                        school,
                        None,
                        &AnnouncementOrder::Preview { staff: "zam".into(), text: "Тема: Собрание".into(), files: Vec::new() },
                        now,
                    );
                }),
            ),
        ],
    );
    let again = scene.acts.first().map(|(_, act)| act.clone());
    scene.acts.extend(again.map(|act| (scene.start + TimeDelta::minutes(5), act)));
    scene.acts.sort_by_key(|(at, _)| *at);
    let rules = busy_folder();
    scene.settings.rules_dir = rules;
    if let Some(person) = scene.settings.staff.iter_mut().find(|p| p.id == "psychologist-1") {
        person.busy_file = Some("busy.ics".into());
    }
    scene
}

/// A folder with a calendar file; it stays for the other runs.
fn busy_folder() -> PathBuf {
    let folder = std::env::temp_dir().join("otklik-failpoints-busy");
    std::fs::create_dir_all(&folder).unwrap();
    let event = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\nBEGIN:VEVENT\r\nUID:busy\r\nDTSTAMP:20261101T000000Z\r\nDTSTART:20261125T100000Z\r\n\
                 DTEND:20261125T110000Z\r\nSUMMARY:x\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let place = folder.join("busy.ics");
    if !place.exists() {
        std::fs::write(&place, event).unwrap();
    }
    folder
}

/// A backup is restored at noon: what leaves is withheld until the mailbox has told what was done since.
fn restored() -> Scenario {
    with(
        "restored",
        MORNING,
        &[(
            180,
            hand!(|school, _m, now| {
                let store = school.store();
                if store.meta("restored-once").unwrap().is_none() {
                    store.set_meta(jobs::RECONCILE, &(now - TimeDelta::hours(2)).timestamp().to_string()).unwrap();
                    store.set_meta("restored-once", "1").unwrap();
                }
            }),
        )],
    )
}

/// The machine takes the school over, from one that has died; an order that is given again after a crash counts the epoch on again.
fn taken_over() -> Scenario {
    let mut scene = with(
        "taken over",
        MORNING,
        &[(
            60,
            hand!(|school, mailbox, now| {
                let _ = jobs::take_over(school, mailbox, now).await;
            }),
        )],
    );
    scene.alike = false;
    scene
}

/// The way out is shut for two days: what nobody needs any more is not said later, staff have one list.
fn shut() -> Scenario {
    let mut scene = of_text("shut", MORNING);
    scene.planned = (1..=70).map(|n| plan(Wire::Smtp, "connect", n, Kind::Refused)).collect();
    scene.settings.brake.hour = 1;
    scene.settings.brake.address_day = 1;
    scene.end += TimeDelta::days(5);
    scene.alike = false;
    scene
}
