//! Choosing one slot among 30 specialists and 60 days; and a backlog assigned at once, beside two ways of doing it one by one.
//! Run `cargo bench --bench slots`. See docs/benchmarks.md. Everything is made from a fixed seed.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a measurement reads the clock; one that cannot set itself up fails and says where")]

use chrono::{DateTime, NaiveTime, TimeDelta, Utc, Weekday};
use otklik::slots::{Busy, ClassRange, Load, Outcome, Request, Slot, Specialist, Wanted, WeeklyWindow, Weeks, assign, choose, outcome};
use otklik::understand::{Category, Channel, Window};
use otklik::worktime::{CalendarRules, Office, Worktime};
use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

const CATEGORIES: [Category; 4] = [Category::Psychologist, Category::SpeechTherapist, Category::SocialPedagogue, Category::LearningHelp];
const DAYS: [Weekday; 5] = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];

/// A linear congruential generator: the same school every time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

fn time(hour: u64, minute: u64) -> NaiveTime {
    NaiveTime::from_hms_opt(u32::try_from(hour).unwrap(), u32::try_from(minute).unwrap(), 0).unwrap()
}

fn worktime() -> Worktime {
    let year = |text: &str| -> CalendarRules { toml::from_str(text).unwrap() };
    let years = BTreeMap::from([(2026, year(include_str!("../rules/calendar/2026.toml"))), (2027, year(include_str!("../rules/calendar/2027.toml")))]);
    Worktime::new(chrono_tz::Europe::Moscow, &years, &[], Office::default()).unwrap()
}

fn staff(chance: &mut Chance) -> Vec<Specialist> {
    let mut staff = Vec::new();
    for n in 0..30 {
        let mut windows = Vec::new();
        for k in 0..2 + chance.below(2) {
            let (a, from) = (DAYS[chance.below(5) as usize], 9 + 4 * k.min(1) + chance.below(2));
            windows.push(WeeklyWindow {
                weekdays: vec![a, a.succ()],
                from: time(from, 0),
                to: time(from + 3, 0),
                channels: ["phone", "Сферум", "in_person"].iter().take(2 + n % 2).map(|c| (*c).to_owned()).collect(),
                weeks: (n % 7 == 0).then_some(Weeks::Odd),
                ..WeeklyWindow::default()
            });
        }
        staff.push(Specialist {
            id: format!("s{n:02}"),
            categories: vec![CATEGORIES[n % 4]],
            classes: if n % 5 == 0 { vec![ClassRange::parse("5-11").unwrap()] } else { Vec::new() },
            windows,
            lunch: Some((time(12, 30), time(13, 0))),
            load: Load { day: Some(4), week: Some(15) },
            ..Specialist::default()
        });
    }
    staff
}

/// Three weeks back and five ahead, a third of what is offered taken.
fn busy(staff: &[Specialist], worktime: &Worktime, now: DateTime<Utc>, chance: &mut Chance) -> Vec<Busy> {
    let mut taken = Vec::new();
    for specialist in staff {
        let wanted = Wanted { earliest: now - TimeDelta::days(21), latest: now + TimeDelta::days(35), minutes: 40, buffer_minutes: 10, ..Wanted::default() };
        for slot in otklik::slots::free_slots(specialist, worktime, &[], &wanted) {
            if chance.below(3) == 0 {
                taken.push(Busy::consultation(slot.specialist, slot.start, slot.end));
            }
        }
    }
    taken
}

struct Family {
    wishes: Vec<Window>,
    channel: Option<Channel>,
    category: Category,
    urgent: bool,
    since: DateTime<Utc>,
}

fn families(count: usize, now: DateTime<Utc>, chance: &mut Chance) -> Vec<Family> {
    let mut families = Vec::new();
    for _ in 0..count {
        let day = DAYS[chance.below(5) as usize];
        let wish = match chance.below(4) {
            0 => Vec::new(),
            1 => vec![Window { weekday: vec![day], ..Window::default() }],
            2 => vec![Window { weekday: vec![day, day.succ()], after: Some(time(10 + chance.below(5), 0)), ..Window::default() }],
            _ => vec![Window { after: Some(time(13, 0)), ..Window::default() }, Window { weekday: vec![day], not: true, ..Window::default() }],
        };
        families.push(Family {
            wishes: wish,
            channel: (chance.below(3) == 0).then_some(Channel::InPerson),
            category: CATEGORIES[chance.below(4) as usize],
            urgent: chance.below(20) == 0,
            since: now - TimeDelta::hours(i64::try_from(chance.below(72)).unwrap()),
        });
    }
    families.sort_by_key(|f| f.since);
    families
}

fn wanted(family: &Family, now: DateTime<Utc>, days: i64) -> Wanted<'_> {
    Wanted {
        earliest: now + TimeDelta::hours(18),
        latest: now + TimeDelta::days(days),
        minutes: 40,
        buffer_minutes: 10,
        wishes: &family.wishes,
        channel: family.channel,
        urgent: family.urgent,
        category: Some(family.category),
        ..Wanted::default()
    }
}

/// One after the other, by `plain` without regard to wishes: the earliest slot that is free.
fn one_by_one(requests: &[Request<'_>], staff: &[Specialist], worktime: &Worktime, busy: &[Busy], plain: bool) -> Vec<Option<Slot>> {
    let mut busy = busy.to_vec();
    let mut slots = Vec::new();
    for request in requests {
        let own: Vec<&Specialist> = staff.iter().filter(|s| request.wanted.category.is_none_or(|c| s.categories.contains(&c))).collect();
        // What the author cannot holds for every way.
        let nots: Vec<Window> = request.wanted.wishes.iter().filter(|w| w.not).cloned().collect();
        let wanted = if plain { Wanted { wishes: &nots, channel: None, ..request.wanted.clone() } } else { request.wanted.clone() };
        let slot = choose(&own, worktime, &busy, &wanted).slot;
        busy.extend(slot.iter().map(|s| Busy::consultation(s.specialist.clone(), s.start, s.end)));
        slots.push(slot);
    }
    slots
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64() * 1000.0
}

fn timed<T>(rounds: usize, mut work: impl FnMut() -> T) -> (T, f64) {
    let mut times = Vec::new();
    let mut last = None;
    for _ in 0..rounds {
        let begin = Instant::now();
        last = Some(black_box(work()));
        times.push(begin.elapsed());
    }
    (last.unwrap(), median(times))
}

fn line(name: &str, sum: Outcome, ms: f64) {
    println!("  {name:<22} waiting {:>7} h   unmet {:>3}   without {:>3}   {ms:>9.2} ms", sum.waiting.num_hours(), sum.unmet, sum.unplaced);
}

fn main() {
    let (worktime, mut chance) = (worktime(), Chance(12));
    let now: DateTime<Utc> = "2026-11-20T12:00:00+03:00".parse().unwrap();
    let staff = staff(&mut chance);
    let busy = busy(&staff, &worktime, now, &mut chance);
    println!("school: {} specialists, {} consultations taken", staff.len(), busy.len());

    let all: Vec<&Specialist> = staff.iter().collect();
    let mut times = Vec::new();
    for family in &families(500, now, &mut chance) {
        let wanted = Wanted { category: None, ..wanted(family, now, 60) };
        let begin = Instant::now();
        black_box(choose(&all, &worktime, &busy, &wanted));
        times.push(begin.elapsed());
    }
    times.sort();
    let ms = |at: usize| times[at].as_secs_f64() * 1000.0;
    println!("choose among 30 specialists x 60 days: median {:.3} ms, 95 % {:.3} ms, longest {:.3} ms", ms(250), ms(475), ms(499));

    for count in [20, 100, 300] {
        let families = families(count, now, &mut chance);
        let requests: Vec<Request<'_>> = families.iter().map(|f| Request { wanted: wanted(f, now, 60), since: f.since, among: &[], family: None }).collect();
        println!("backlog of {count}:");
        for (name, plain) in [("first fit", true), ("one by one, by wishes", false)] {
            let (slots, ms) = timed(3, || one_by_one(&requests, &staff, &worktime, &busy, plain));
            line(name, outcome(&requests, &worktime, &slots), ms);
        }
        let (slots, ms) = timed(3, || assign(&requests, &all, &worktime, &busy));
        line("at once", outcome(&requests, &worktime, &slots), ms);
    }
}
