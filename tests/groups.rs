//! Group consultations from the outside: what families are sent tells none of them of another, and whatever happens in whatever order, no
//! group is over its capacity, the waiting list keeps its order, SEQUENCE grows, and a family's last letter says what its seat is.

#![expect(clippy::unwrap_used, reason = "the helpers of a test may fail it")]

use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone, Timelike, Utc};
use otklik::appeal::{Meeting, Place, Seat};
use otklik::compose::PUBLIC_KEY;
use otklik::decide::{GroupOrder, Order, Plan};
use otklik::itip::{Event, Method, Object, PartStat};
use otklik::jobs::story::{Story, tell};
use otklik::jobs::{Happening, Rehearsal, group_order, plan};
use otklik::mailbox::Recorded;
use otklik::outbox::Kind;
use otklik::settings::Settings;
use otklik::store::Store;

const SCHOOL: &str = "priemnaya@school.example";

fn settings() -> Settings {
    let mut settings = otklik::config::demo();
    settings.composer.key = PUBLIC_KEY;
    settings
}

fn rehearsal() -> Rehearsal {
    Rehearsal::new(settings(), Store::in_memory().unwrap()).unwrap()
}

fn wait<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// A moment on the school's clock.
fn local(month: u32, day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
    chrono_tz::Europe::Moscow.with_ymd_and_hms(2026, month, day, hour, minute, 0).unwrap().to_utc()
}

/// Everything that a letter says, however it is packed: headers, text, HTML, calendar objects unfolded.
fn everything(raw: &[u8]) -> String {
    let message = otklik::message::read(raw);
    let mut all = String::from_utf8_lossy(raw).into_owned();
    all.push_str(&otklik::compose::decoded(raw));
    all.push_str(&message.body.whole);
    for part in &message.calendars {
        all.push_str(&String::from_utf8_lossy(&part.bytes).replace("\r\n ", ""));
    }
    // What BASE64 hides is shown by `decoded`; folded headers are unfolded here.
    all.replace("\r\n ", "").to_lowercase()
}

/// Address, surname, child, phone as printed.
const FAMILIES: [[&str; 4]; 5] = [
    ["kotova.anna@mail.example", "Котова", "Варвара", "900 111-11-11"],
    ["zimin.petr@post.example", "Зимин", "Илья", "900 222-22-22"],
    ["ryabova.olga@inbox.example", "Рябова", "Степан", "900 333-33-33"],
    ["belkina.inna@letters.example", "Белкина", "Соня", "900 444-44-44"],
    ["lunin.oleg@box.example", "Лунин", "Матвей", "900 555-55-55"],
];

#[test]
fn no_letter_tells_a_family_of_another() {
    let mut story = String::from(
        "at 2026-12-01 09:00\ngroup add --specialist teacher-1 --topic \"Подготовка к промежуточной аттестации по математике\" --start 2026-12-10T15:00 --capacity 3 \
         --class 9А --certification --course-end 2026-12-09\n",
    );
    for (i, [email, surname, child, phone]) in FAMILIES.iter().enumerate() {
        story.push_str(&format!(
            "at 2026-12-01 10:{i:02}\nmail\nFrom: {surname} <{email}>\nSubject: консультация\n\nПрошу консультацию по математике перед промежуточной аттестацией. \
             {surname} {child}, 9А. +7 {phone}\n.\n"
        ));
    }
    story.push_str(
        "at 2026-12-02 10:00\ncalendar kotova.anna@mail.example accepted as gmail\nreply zimin.petr@post.example to invitation\nНет, не сможем.\n.\n\
         calendar belkina.inna@letters.example declined as apple\n\
         reply ryabova.olga@inbox.example to invitation\nА можно в другой день?\n.\nat 2026-12-03 10:00\ngroup move 1 2026-12-11T15:00\ngroup capacity 1 5\n\
         at 2026-12-04 10:00\ngroup add --specialist teacher-1 --topic \"Подготовка к промежуточной аттестации по математике\" --start 2026-12-15T15:00 --capacity 1 \
         --class 9А --certification --course-end 2026-12-09\n\
         group cancel 1 --reason \"карантин в классе\"\nat 2026-12-16 12:00\ngroup held 2 --duties 1,2,3\nuntil 2026-12-17 12:00\n",
    );
    // Whoever waits got no invitation, so the fourth has none to decline: its line is left out where the seat is not free.
    let story = story.replace("calendar belkina.inna@letters.example declined as apple\n", "");
    let mut rehearsal = rehearsal();
    let mut heard: Vec<Happening> = Vec::new();
    wait(tell(&Story::parse(&story).unwrap(), &mut rehearsal, &|_| None, &mut |h| heard.push(h))).unwrap();
    let store = rehearsal.school().store();
    let seats: Vec<Seat> = [1, 2].iter().flat_map(|id| store.meeting(*id).unwrap().unwrap().1).collect();
    assert!(seats.len() >= 6, "{seats:?}");
    let (mut looked, mut of_one) = (0, 0);
    for sent in heard.iter().filter(|h| h.event == "sent") {
        let (to, said) = (sent.to.as_deref().unwrap(), everything(sent.raw.as_deref().unwrap()));
        let own = FAMILIES.iter().position(|f| f[0] == to);
        let named: Vec<usize> = FAMILIES.iter().enumerate().filter(|(_, f)| f.iter().any(|sign| said.contains(&sign.to_lowercase()))).map(|(i, _)| i).collect();
        // A letter to staff speaks of one family at most.
        assert!(named.len() <= 1 && own.is_none_or(|i| named.iter().all(|n| *n == i)), "{to} reads of {named:?}:\n{said}");
        of_one += named.len();
        for seat in &seats {
            let theirs = usize::try_from(seat.appeal - 1).unwrap();
            assert!(own == Some(theirs) || !said.contains(&seat.author.uid), "the event of family {theirs} is in a letter to {to}");
        }
        // Nor how many there are.
        if own.is_some() {
            looked += 1;
            for count in ["мест: ", "семей:", "участник", "из 3", "из 5"] {
                assert!(!said.contains(count), "{to} is told «{count}»:\n{said}");
            }
        }
    }
    assert!(looked >= 20, "{looked} letters to families");
    assert!(of_one >= 30, "{of_one}: the search finds nothing");
    let rows = store.journal_rows(local(12, 1, 0, 0), local(12, 31, 0, 0)).unwrap();
    let group: Vec<_> = rows.iter().filter(|r| r.group).collect();
    assert_eq!(group.len(), 1, "one seat in the second group: {rows:?}");
    assert!(group.iter().all(|r| r.state == "состоялась" && r.note.contains("проведён инструктаж") && r.note.contains("критерии")), "{group:?}");
}

/// A small generator: one seed replays a failure.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// A rehearsal with what everybody got.
struct World {
    rehearsal: Rehearsal,
    now: DateTime<Utc>,
    sent: Vec<(String, Kind, Vec<u8>)>,
    /// The calendar object and the words of each.
    read: Vec<(Option<Object>, String)>,
    /// UIDs that the group has had in the calendars of those who held it.
    of_group: Vec<String>,
}

impl World {
    fn run(&mut self) {
        let mut heard = Vec::new();
        wait(self.rehearsal.run(Some(self.now), &mut |h: Happening| heard.push(h))).unwrap();
        heard.into_iter().for_each(|h| self.hear(h));
    }

    fn hear(&mut self, h: Happening) {
        if let (Some(to), Some(kind), Some(raw)) = (h.to, h.kind, h.raw) {
            let object = otklik::message::read(&raw).calendars.first().and_then(|c| otklik::itip::read(&c.bytes, c.method.as_deref()).ok());
            self.read.push((object, otklik::compose::decoded(&raw)));
            self.sent.push((to, kind, raw));
        }
    }

    fn letter(&mut self, text: String) {
        let recorded = Recorded { folder: "INBOX".into(), arrival: Some(self.now), bytes: text.into_bytes(), origin: "test".into() };
        self.rehearsal.deliver_now(recorded).unwrap();
        self.run();
    }

    fn appeal_order(&mut self, number: i64, given: &Order) -> bool {
        let done = otklik::jobs::order(self.rehearsal.school(), number, given, self.now).is_ok();
        self.run();
        done
    }

    fn order(&mut self, id: i64, order: &GroupOrder) -> bool {
        let done = group_order(self.rehearsal.school(), id, order, self.now).is_ok();
        self.run();
        done
    }

    /// Who is away on a day; whoever was before is back.
    fn absent(&mut self, ids: &[&str], day: NaiveDate) {
        let school = self.rehearsal.school();
        let mut settings = (*school.settings()).clone();
        for person in &mut settings.staff {
            person.absences.clear();
            if ids.contains(&person.id.as_str()) {
                person.absences.push(otklik::slots::Absence { from: day, to: day });
            }
        }
        school.reload(settings);
        self.run();
    }

    fn group(&self, id: i64) -> (Meeting, Vec<Seat>) {
        self.rehearsal.school().store().meeting(id).unwrap().unwrap()
    }

    /// The calendar objects that somebody got, oldest first.
    fn objects(&self, to: &str) -> Vec<Object> {
        self.sent.iter().zip(&self.read).filter(|((who, ..), _)| who == to).filter_map(|(_, (object, _))| object.clone()).collect()
    }

    /// What the letters to somebody say, the last one first.
    fn words(&self, to: &str) -> Vec<&str> {
        self.sent.iter().zip(&self.read).rev().filter(|((who, ..), _)| who == to).map(|(_, (_, words))| words.as_str()).collect()
    }

    /// Somebody's calendar answers one of the objects it got.
    fn answer(&mut self, who: &str, object: &Object, partstat: PartStat) {
        self.speak(who, object, "REPLY", partstat, object.start.unwrap());
    }

    /// Somebody's calendar says something about one of the objects it got: REPLY, COUNTER with another start, REFRESH.
    fn speak(&mut self, who: &str, object: &Object, method: &str, partstat: PartStat, start: DateTime<Utc>) {
        let event = Event {
            method: Method::Reply,
            uid: object.uid.clone(),
            sequence: u32::try_from(object.sequence).unwrap(),
            dtstamp: self.now,
            start,
            end: start + TimeDelta::minutes(40),
            summary: "Консультация".into(),
            description: String::new(),
            location: String::new(),
            organizer: ("Школа № 12".into(), SCHOOL.into()),
            attendee: (None, who.to_owned()),
            alarm: None,
            series: None,
            recurrence_id: None,
            conference: None,
            partstat,
        };
        let reply = otklik::itip::answer(&event, partstat, None).replace("METHOD:REPLY", &format!("METHOD:{method}"));
        let date = self.now.to_rfc2822();
        let id = format!("{}-{}", self.now.timestamp(), self.sent.len());
        self.letter(format!(
            "From: <{who}>\r\nTo: <{SCHOOL}>\r\nDate: {date}\r\nMessage-ID: <{id}@{}>\r\nSubject: answer\r\nMIME-Version: 1.0\r\nContent-Type: text/calendar; charset=UTF-8; \
             method={method}\r\n\r\n{reply}",
            who.split('@').nth(1).unwrap()
        ));
    }
}

fn address(appeal: i64) -> String {
    format!("family{appeal}@mail.example")
}

fn those(seats: &[Seat], place: Place) -> Vec<i64> {
    let mut found: Vec<_> = seats.iter().filter(|s| s.place == place).collect();
    found.sort_by_key(|s| (s.joined, s.appeal));
    found.into_iter().map(|s| s.appeal).collect()
}

/// What must hold after every step.
fn sound(world: &World, before: &(Meeting, Vec<Seat>), after: &(Meeting, Vec<Seat>), what: &str) {
    let (meeting, seats) = after;
    let (invited, waiting) = (those(seats, Place::Invited), those(seats, Place::Waiting));
    assert!(invited.len() <= meeting.capacity as usize, "{what}: {invited:?} of {}", meeting.capacity);
    let ahead = meeting.ahead(world.now);
    assert!(!ahead || waiting.is_empty() || invited.len() == meeting.capacity as usize, "{what}: {waiting:?} wait while a seat is free");
    assert!(!meeting.cancelled || (invited.is_empty() && waiting.is_empty()), "{what}: a place in a cancelled group");
    // Who moved up waited longer than everybody who still waits.
    let still: Vec<i64> = those(&before.1, Place::Waiting).into_iter().filter(|a| !those(seats, Place::Left).contains(a)).collect();
    let moved = still.iter().take_while(|a| invited.contains(a)).count();
    assert!(still.iter().skip(moved).all(|a| waiting.contains(a)), "{what}: the waiting list was jumped: {still:?}, now {invited:?} and {waiting:?}");
    for seat in seats {
        let got = world.objects(&address(seat.appeal));
        let own: Vec<&Object> = got.iter().filter(|o| o.uid == seat.author.uid).collect();
        grows(&own, &format!("{what}: family {}", seat.appeal));
        // What stands in its calendar: an answer to a proposal changes nothing of it.
        let own: Vec<&Object> = own.into_iter().filter(|o| o.method != Some(Method::DeclineCounter)).collect();
        match seat.place {
            Place::Invited => {
                let last = own.last().unwrap_or_else(|| panic!("{what}: family {} has no event", seat.appeal));
                assert_eq!(
                    (last.method, last.start, last.sequence),
                    (Some(Method::Request), Some(meeting.start), i64::from(seat.author.sequence)),
                    "{what}: {seat:?}"
                );
                let settings = world.rehearsal.school().settings();
                let named = settings.person(&meeting.specialist).unwrap().name.clone();
                let told = world.words(&address(seat.appeal)).into_iter().find(|text| text.contains("Провод") || text.contains("проведёт")).unwrap_or_default();
                assert!(told.contains(&named), "{what}: family {} was last told of another specialist than {named}:\n{told}", seat.appeal);
            }
            Place::Waiting => assert!(own.is_empty(), "{what}: a family that waits has an event"),
            Place::Left => assert!(own.last().is_none_or(|o| o.method == Some(Method::Cancel)), "{what}: {} still has the event", seat.appeal),
        }
        let last = world.words(&address(seat.appeal)).first().copied().unwrap_or_default();
        let says_waiting = last.contains("Вы в листе ожидания группы") || last.contains("по-прежнему в листе ожидания");
        assert_eq!(says_waiting, seat.place == Place::Waiting, "{what}: family {} was told\n{last}", seat.appeal);
    }
    for (id, email) in TEACHERS {
        // Events of the group in this teacher's calendar, by UID; one is live where they hold it, none where they do not.
        let got: Vec<Object> = world.objects(email).into_iter().filter(|o| world.of_group.contains(&o.uid)).collect();
        let mut live = Vec::new();
        for uid in &world.of_group {
            let own: Vec<&Object> = got.iter().filter(|o| o.uid == *uid).collect();
            grows(&own, &format!("{what}: {id}"));
            live.extend(own.last().filter(|o| o.method == Some(Method::Request)).map(|o| (o.uid.clone(), o.start, o.sequence)));
        }
        let expected: Vec<_> = (meeting.planned() && meeting.specialist == id)
            .then(|| (meeting.staff.uid.clone(), Some(meeting.start), i64::from(meeting.staff.sequence)))
            .into_iter()
            .collect();
        assert_eq!(live, expected, "{what}: the calendar of {id}");
    }
}

/// SEQUENCE never falls, and each object is later than the one before it.
fn grows(own: &[&Object], what: &str) {
    assert!(own.windows(2).all(|w| w[0].sequence <= w[1].sequence && w[0].dtstamp < w[1].dtstamp), "{what}: SEQUENCE or DTSTAMP does not grow: {own:?}");
}

/// Each is the other's deputy in the demo school.
const TEACHERS: [(&str, &str); 2] = [("teacher-1", "t.morozova@school.example"), ("teacher-2", "d.kozlov@school.example")];

#[test]
fn any_order_of_events_keeps_a_group_sound() {
    const FAMILIES: i64 = 7;
    let mut happened = [0; 9];
    for seed in 0..14_u64 {
        let mut dice = Dice(seed * 7919 + 17);
        let mut world = World { rehearsal: rehearsal(), now: local(12, 1, 9, 0), sent: Vec::new(), read: Vec::new(), of_group: Vec::new() };
        world.rehearsal.start_at(world.now);
        for n in 1..=FAMILIES {
            world.now += TimeDelta::minutes(1);
            let text = "Ребёнок не понимает дроби, нужна консультация учителя математики.";
            world.letter(format!(
                "From: <{}>\r\nTo: <{SCHOOL}>\r\nDate: {}\r\nMessage-ID: <first{n}@mail.example>\r\nSubject: =?utf-8?q?help?=\r\nContent-Type: text/plain; \
                 charset=utf-8\r\n\r\n{text} Класс 9А, {n}.\r\n",
                address(n),
                world.now.to_rfc2822()
            ));
        }
        let planned = Plan {
            specialist: "teacher-1".into(),
            topic: "Дроби".into(),
            start: local(12, 10, 12, 0),
            capacity: 2,
            classes: Vec::new(),
            course_end: None,
            channel: "in_person".into(),
        };
        let id = plan(world.rehearsal.school(), &planned, world.now).unwrap();
        world.run();
        let mut done = 0;
        world.of_group = vec![world.group(id).0.staff.uid];
        for step in 0..50 {
            // Now and then hours pass: a calendar may ask again, a family hears by day.
            world.now += TimeDelta::minutes(if dice.roll(4) == 0 { 75 } else { 3 });
            if world.now.with_timezone(&chrono_tz::Europe::Moscow).hour() >= 18 {
                // Letters wait at night; the next working morning goes on.
                world.now += TimeDelta::hours(15);
            }
            let before = world.group(id);
            let who = i64::try_from(dice.roll(FAMILIES as u64)).unwrap() + 1;
            let kind = dice.roll(28);
            let what = format!("seed {seed}, step {step}, kind {kind}, family {who}");
            done += i64::from(match kind {
                0..=6 => world.order(id, &GroupOrder::Join(who)),
                7 | 8 => world.order(id, &GroupOrder::Leave { appeal: who, reason: None }),
                9..=14 => {
                    // Sometimes an old object is answered: it must change nothing.
                    let got = world.objects(&address(who));
                    let requests: Vec<_> = got.into_iter().filter(|o| o.method == Some(Method::Request)).collect();
                    let partstat = if kind < 12 { PartStat::Declined } else { PartStat::Accepted };
                    let count = requests.len() as u64;
                    if count > 0 {
                        let index = if kind == 9 { dice.roll(count) } else { count - 1 };
                        world.answer(&address(who), &requests[usize::try_from(index).unwrap()], partstat);
                    }
                    count > 0
                }
                15 | 16 => {
                    let day = 9 + u32::try_from(dice.roll(3)).unwrap();
                    world.order(id, &GroupOrder::Move(local(12, day, 10 + u32::try_from(dice.roll(4)).unwrap(), 0)))
                }
                20 | 21 | 26 | 27 => {
                    let got = world.objects(&address(who));
                    let last = got.into_iter().rfind(|o| o.method == Some(Method::Request));
                    let (method, start) = if kind != 26 && kind != 21 { ("COUNTER", local(12, 11, 16, 0)) } else { ("REFRESH", local(12, 10, 12, 0)) };
                    last.inspect(|o| world.speak(&address(who), o, method, PartStat::Tentative, start)).is_some()
                }
                22 => {
                    let staff = TEACHERS.iter().find(|(t, _)| *t == before.0.specialist).unwrap().1;
                    let last = world.objects(staff).into_iter().rfind(|o| o.uid == before.0.staff.uid);
                    last.inspect(|o| world.speak(staff, o, "REFRESH", PartStat::NeedsAction, before.0.start)).is_some()
                }
                23 => {
                    let day = before.0.start.with_timezone(&chrono_tz::Europe::Moscow).date_naive();
                    // Whoever holds it, now and then both.
                    let ids: Vec<&str> = if dice.roll(4) == 0 { vec!["teacher-1", "teacher-2"] } else { vec![before.0.specialist.as_str()] };
                    world.absent(&ids, day);
                    true
                }
                24 => {
                    world.absent(&[], local(12, 10, 12, 0).date_naive());
                    true
                }
                25 => world.appeal_order(who, &Order::Assign("teacher-1".into())),
                17 | 18 => world.order(id, &GroupOrder::Capacity(1 + u32::try_from(dice.roll(5)).unwrap())),
                _ if step > 25 => world.order(id, &GroupOrder::Cancel(None)),
                _ => false,
            });
            let after = world.group(id);
            if !world.of_group.contains(&after.0.staff.uid) {
                world.of_group.push(after.0.staff.uid.clone());
            }
            sound(&world, &before, &after, &what);
            let (was, is) = (|p| those(&before.1, p), |p| those(&after.1, p));
            let invited = is(Place::Invited);
            happened[0] += was(Place::Waiting).iter().filter(|a| invited.contains(a)).count();
            happened[1] += usize::from((9..12).contains(&kind) && is(Place::Left).len() > was(Place::Left).len());
            happened[2] += usize::from(before.0.start != after.0.start);
            happened[3] += usize::from(before.0.cancelled != after.0.cancelled);
            happened[4] += usize::from(before.0.specialist != after.0.specialist);

            happened[6] += usize::from((kind == 21 || kind == 26) && after.1 != before.1);
            happened[7] += usize::from(kind == 22 && after.0.staff.dtstamp != before.0.staff.dtstamp);
            happened[8] += usize::from(kind == 25 && is(Place::Left).len() > was(Place::Left).len());
        }
        happened[5] += world.read.iter().filter(|(o, _)| o.as_ref().is_some_and(|o| o.method == Some(Method::DeclineCounter))).count();
        assert!(done > 5, "seed {seed}: {done} steps did something");
    }
    assert!(
        happened.iter().all(|n| *n >= 3),
        "moved up, declined, moved, cancelled, passed on, answered a counter, a refresh of a family, of the specialist, assigned: {happened:?}"
    );
}

#[test]
fn what_cannot_be_planned_is_said() {
    let mut world = World { rehearsal: rehearsal(), now: local(12, 1, 9, 0), sent: Vec::new(), read: Vec::new(), of_group: Vec::new() };
    world.rehearsal.start_at(world.now);
    let good = Plan {
        specialist: "teacher-1".into(),
        topic: "Дроби".into(),
        start: local(12, 10, 15, 0),
        capacity: 2,
        classes: Vec::new(),
        course_end: None,
        channel: "in_person".into(),
    };
    let tried = |p: Plan| plan(world.rehearsal.school(), &p, world.now).map_err(|e| e.to_string());
    let bad = [
        (Plan { specialist: "nobody".into(), ..good.clone() }, "no member of staff"),
        (Plan { topic: " ".into(), ..good.clone() }, "no topic"),
        (Plan { capacity: 0, ..good.clone() }, "seats"),
        (Plan { channel: "phone".into(), ..good.clone() }, "telephone"),
        (Plan { start: local(11, 30, 15, 0), ..good.clone() }, "past"),
        (Plan { start: local(12, 12, 15, 0), ..good.clone() }, "no working day"),
        (Plan { course_end: NaiveDate::from_ymd_opt(2026, 12, 11), ..good.clone() }, "003 3.7"),
    ];
    for (p, words) in bad {
        let said = tried(p.clone()).unwrap_err();
        assert!(said.contains(words), "{p:?}: {said}");
    }
    assert_eq!(tried(good.clone()), Ok(1));
    assert!(tried(Plan { start: local(12, 10, 15, 20), ..good.clone() }).unwrap_err().contains("another consultation"), "a meeting is busy time");
    assert_eq!(tried(Plan { start: local(12, 10, 15, 40), ..good }), Ok(2));
    assert!(group_order(world.rehearsal.school(), 1, &GroupOrder::Held { duties: None, missed: Vec::new() }, world.now).is_err(), "it has not begun");
    assert!(group_order(world.rehearsal.school(), 9, &GroupOrder::Cancel(None), world.now).is_err(), "no such group");
}

/// A story told to a school of its own.
fn told(story: &str) -> (Rehearsal, Vec<Happening>) {
    let mut rehearsal = rehearsal();
    let mut heard = Vec::new();
    wait(tell(&Story::parse(story).unwrap(), &mut rehearsal, &|_| None, &mut |h| heard.push(h))).unwrap();
    (rehearsal, heard)
}

/// A group with one seat and so many families that ask for help with fractions; the second and further ones wait.
fn one_seat(families: usize) -> String {
    let mut story = String::from("at 2026-12-01 09:00\ngroup add --specialist teacher-1 --topic \"Дроби\" --start 2026-12-10T12:00 --capacity 1\n");
    for (i, [email, surname, child, phone]) in FAMILIES.iter().enumerate().take(families) {
        story.push_str(&format!(
            "mail\nFrom: {surname} <{email}>\nSubject: дроби\n\nРебёнок не понимает дроби, нужна консультация учителя математики. {surname} {child}, 6А. +7 {phone}\n.\n\
             group join 1 {}\n",
            i + 1
        ));
    }
    story
}

fn places(rehearsal: &Rehearsal, id: i64) -> Vec<(i64, Place)> {
    let (_, seats) = rehearsal.school().store().meeting(id).unwrap().unwrap();
    let mut found: Vec<_> = seats.iter().map(|s| (s.appeal, s.place)).collect();
    found.sort_by_key(|(appeal, _)| *appeal);
    found
}

#[test]
fn an_appeal_that_ends_otherwise_frees_its_seat() {
    use Place::{Invited, Left, Waiting};
    let base = one_seat(3);
    let (rehearsal, _) = told(&base);
    assert_eq!(places(&rehearsal, 1), [(1, Invited), (2, Waiting), (3, Waiting)]);
    let (rehearsal, _) = told(&format!("{base}at 2026-12-01 12:00\norder 1 close --reason \"решили в школе\"\nuntil 2026-12-01 12:10\n"));
    assert_eq!(places(&rehearsal, 1), [(1, Left), (2, Invited), (3, Waiting)]);
    let (rehearsal, heard) = told(&format!("{base}at 2026-12-01 12:00\norder 1 assign teacher-1\nuntil 2026-12-01 12:10\n"));
    assert_eq!(places(&rehearsal, 1), [(1, Left), (2, Invited), (3, Waiting)]);
    let last = heard.iter().rev().find(|h| h.kind == Some(Kind::Cancel) && h.to.as_deref() == Some(FAMILIES[0][0])).unwrap();
    assert!(otklik::compose::decoded(last.raw.as_deref().unwrap()).contains("личная консультация"));
}

#[test]
fn assigning_moves_a_family_to_the_group_of_that_teacher() {
    use Place::{Invited, Left};
    let add = |who: &str, day: u32| {
        format!(
            "group add --specialist {who} --topic \"Подготовка к аттестации по математике\" --start 2026-12-{day}T15:00 --capacity 1 --class 9 --certification \
             --course-end 2026-12-07\n"
        )
    };
    let text = "Прошу консультацию по математике перед промежуточной аттестацией. Котова Варвара, 9А.";
    let base =
        format!("at 2026-12-01 09:00\n{}{}mail\nFrom: Котова <{}>\nSubject: help\n\n{text}\n.\n", add("teacher-1", 10), add("teacher-2", 11), FAMILIES[0][0]);
    let (rehearsal, heard) = told(&format!("{base}order 1 assign teacher-2\nuntil 2026-12-01 09:10\n"));
    assert_eq!((places(&rehearsal, 1), places(&rehearsal, 2)), (vec![(1, Left)], vec![(1, Invited)]));
    let store = rehearsal.school().store();
    assert!(store.consultations_of(1).unwrap().is_empty(), "never a time of its own (003 3.7)");
    assert_eq!(store.appeal(1).unwrap().unwrap().assignee.as_deref(), Some("teacher-2"));
    let events: Vec<Object> = (heard.iter().filter(|h| h.to.as_deref() == Some(FAMILIES[0][0])))
        .filter_map(|h| otklik::message::read(h.raw.as_deref()?).calendars.first().and_then(|c| otklik::itip::read(&c.bytes, c.method.as_deref()).ok()))
        .collect();
    let live: Vec<_> = events.iter().filter(|o| !events.iter().any(|c| c.uid == o.uid && c.method == Some(Method::Cancel))).map(|o| o.start).collect();
    assert_eq!(live, [Some(local(12, 11, 15, 0))], "one event stands in the family's calendar");
    drop(store);
    // Nobody is given a time of its own, and a second place in one group is none.
    for order in ["assign teacher-1", "slot teacher-1 2026-12-08T15:00", "again"] {
        let story = format!("{base}order 1 {order}\n");
        let mut rehearsal = self::rehearsal();
        let said = wait(tell(&Story::parse(&story).unwrap(), &mut rehearsal, &|_| None, &mut |_| ())).unwrap_err();
        assert!(said.contains("already") || said.contains("003 3.7"), "{order}: {said}");
    }
}

#[test]
fn a_waiting_family_keeps_its_term() {
    let (rehearsal, heard) = told(&format!("{}until 2026-12-09 12:00\n", one_seat(2)));
    let appeal = rehearsal.school().store().appeal(2).unwrap().unwrap();
    let asked: Vec<_> = heard.iter().filter(|h| h.event == "asked" && h.appeal == Some(2)).collect();
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert!(asked[0].at < appeal.due.office && asked[0].text.contains("ждёт места"), "{asked:?}, due {}", appeal.due.office);
    assert_eq!(appeal.met, None, "the waiting letter is no invitation");
}

#[test]
fn the_deputy_gets_the_whole_group() {
    let (rehearsal, heard) = told(&format!("{}at 2026-12-02 09:00\nabsent teacher-1 2026-12-10 2026-12-11\nuntil 2026-12-02 12:00\n", one_seat(3)));
    let store = rehearsal.school().store();
    assert_eq!(store.meeting(1).unwrap().unwrap().0.specialist, "teacher-2");
    let after = |h: &&Happening| h.event == "sent" && h.at >= local(12, 2, 9, 0) && !matches!(h.kind, Some(Kind::ReportDaily | Kind::ReportWeekly));
    let to = |who: &str| {
        heard.iter().filter(after).filter(|h| h.to.as_deref() == Some(who)).map(|h| otklik::compose::decoded(h.raw.as_deref().unwrap())).collect::<Vec<_>>()
    };
    let deputy = to("d.kozlov@school.example");
    assert_eq!(deputy.len(), 1, "one letter: {deputy:#?}");
    assert!(deputy[0].contains("заявки: № 1;") && deputy[0].contains("В листе ожидания: № 2, № 3."), "{}", deputy[0]);
    assert_eq!(to("t.morozova@school.example").len(), 1, "CANCEL and nothing else");
    assert_eq!(to(FAMILIES[0][0]).len(), 1, "the seat's family hears who holds it");
    assert_eq!(to(FAMILIES[1][0]).len(), 0, "for a family that waits nothing changes");
    assert!((1..=3).all(|n| store.appeal(n).unwrap().unwrap().assignee.as_deref() == Some("teacher-2")));
}

#[test]
fn with_nobody_left_the_head_is_asked_at_once_and_on_the_eve() {
    let (rehearsal, heard) = told(&format!(
        "{}at 2026-12-02 09:00\nabsent teacher-2 2026-12-10 2026-12-11\nabsent teacher-1 2026-12-10 2026-12-11\nuntil 2026-12-09 18:00\n",
        one_seat(1)
    ));
    let away = |h: &&Happening| h.raw.as_deref().is_some_and(|raw| otklik::compose::decoded(raw).contains("специалист группы отсутствует"));
    assert_eq!(heard.iter().filter(away).count(), 2);
    assert!(rehearsal.school().store().meeting(1).unwrap().unwrap().0.planned(), "nothing is cancelled by itself");
}

#[test]
fn the_subject_chooses_the_group() {
    let add = |who: &str, topic: &str, day: u32| {
        format!("group add --specialist {who} --topic \"{topic}\" --start 2026-12-{day}T15:00 --capacity 5 --class 9 --certification --course-end 2026-12-07\n")
    };
    let mail = |who: &str, text: &str| format!("mail\nFrom: {who} <{who}@mail.example>\nSubject: help\n\n{text}\n.\n");
    let story = [
        "at 2026-12-01 09:00\n".to_owned(),
        add("teacher-1", "Математика: промежуточная аттестация", 8),
        add("teacher-2", "Русский язык: промежуточная аттестация", 9),
        mail("anna", "Прошу консультацию по русскому языку перед промежуточной аттестацией, сын в 9Б, не может разобраться с запятыми."),
        mail("boris", "Нужна консультация учителя по алгебре перед промежуточной аттестацией. 9А класс, задачи не решаются."),
        mail("vera", "Можно ли на консультацию учителя перед промежуточной аттестацией? Дочь в 9В, помогите с учёбой по предмету."),
        mail("gleb", "Нужна консультация по физике перед промежуточной аттестацией, 9А, не понимаем задачи."),
        "until 2026-12-01 10:00\n".to_owned(),
    ];
    let (rehearsal, _) = told(&story.concat());
    assert_eq!((places(&rehearsal, 1), places(&rehearsal, 2)), (vec![(2, Place::Invited)], vec![(1, Place::Invited)]));
    let question = |n| rehearsal.school().store().appeal(n).unwrap().unwrap().question.unwrap_or_default();
    // Without a subject no group is guessed, whether the letter was understood for sure or not.
    assert!(question(3).contains("из письма не ясно") || question(3).contains("Не удалось уверенно"), "{}", question(3));
    assert!(question(4).contains("нет"), "{}", question(4));
}

#[test]
fn answers_of_others_and_to_older_times_change_nothing() {
    let mut world = World { rehearsal: rehearsal(), now: local(12, 1, 9, 0), sent: Vec::new(), read: Vec::new(), of_group: Vec::new() };
    world.rehearsal.start_at(world.now);
    let mut heard = Vec::new();
    wait(tell(&Story::parse(&one_seat(2)).unwrap(), &mut world.rehearsal, &|_| None, &mut |h: Happening| heard.push(h))).unwrap();
    heard.into_iter().for_each(|h| world.hear(h));
    let family = FAMILIES[0][0];
    let first = world.objects(family).pop().unwrap();
    world.now += TimeDelta::minutes(5);
    world.answer(FAMILIES[1][0], &first, PartStat::Declined);
    assert_eq!(those(&world.group(1).1, Place::Invited), [1], "another family answers with the UID of the first");
    assert!(world.order(1, &GroupOrder::Move(local(12, 11, 12, 0))));
    world.now += TimeDelta::minutes(5);
    world.answer(family, &first, PartStat::Accepted);
    let seat = world.group(1).1.into_iter().find(|s| s.appeal == 1).unwrap();
    assert_eq!((seat.place, seat.author.partstat), (Place::Invited, PartStat::NeedsAction), "an old yes confirms no new time");
    let second = world.objects(family).pop().unwrap();
    world.now += TimeDelta::minutes(5);
    world.answer(family, &second, PartStat::Declined);
    assert_eq!(those(&world.group(1).1, Place::Invited), [2]);
    // Back again: at the end of the list, with an event of its own; the old one is dead.
    assert!(world.order(1, &GroupOrder::Join(1)));
    assert_eq!(those(&world.group(1).1, Place::Waiting), [1]);
    assert!(world.order(1, &GroupOrder::Capacity(2)));
    let third = world.objects(family).pop().unwrap();
    assert_ne!(third.uid, second.uid);
    world.now += TimeDelta::minutes(5);
    world.answer(family, &second, PartStat::Declined);
    assert_eq!(those(&world.group(1).1, Place::Invited), [2, 1]);
    world.answer(family, &third, PartStat::Accepted);
    assert_eq!(world.group(1).1.iter().find(|s| s.appeal == 1).unwrap().author.partstat, PartStat::Accepted);
}
