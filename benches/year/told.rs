//! What came of the year, in numbers: medians, and counts beside percentages.

use crate::arrivals::suits;
use crate::oracle::hours;
use crate::school;
use crate::world::{Track, World};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use otklik::appeal::{Outcome, State};
use otklik::settings::Settings;
use otklik::slots::{Specialist, channel_kind};
use std::collections::BTreeMap;
use std::time::Duration;

/// A specialist and a start for each letter, by one way of assigning.
type Given = Vec<Option<(String, DateTime<Utc>)>>;

fn share(part: usize, of: usize) -> String {
    format!("{part} of {of} ({:.1} %)", 100.0 * part as f64 / of.max(1) as f64)
}

/// Prints it.
pub fn tell(world: &World, took: Duration) {
    let settings = world.school.settings();
    let urgent = world.asked.iter().filter(|a| a.urgent).count();
    println!(
        "seed {}: {} letters that ask for a consultation ({} urgent), {} specialists",
        world.seed,
        world.asked.len(),
        urgent,
        specialists(&settings).len()
    );
    let opened = world.tracks.iter().filter(|t| t.number.is_some()).count();
    let right = |which: fn(&Track) -> bool| share(world.tracks.iter().filter(|t| which(t)).count(), world.tracks.len());
    println!(
        "opened {opened}; understood as meant: category {}, times {}, channel {}",
        right(|t| t.understood.0),
        right(|t| t.understood.1),
        right(|t| t.understood.2)
    );
    outcomes(world);
    terms(world);
    println!("\nassigned first, by three ways on the same letters (wait in working days from letter to consultation):");
    let first: Given = world.tracks.iter().map(|t| t.assigned.as_ref().map(|(id, at, _)| (id.clone(), *at))).collect();
    let held: Given = world.tracks.iter().map(|t| t.number.and_then(|n| world.held(n)).map(|c| (c.specialist, c.start))).collect();
    way(world, &settings, "Otklik, first assignment", &first);
    way(world, &settings, "Otklik, as held in the end", &held);
    way(world, &settings, "first free slot of the first by id", &world.greedy[0].given);
    way(world, &settings, "earliest free slot of anybody", &world.greedy[1].given);
    channels(world);
    println!("\nmust be none:");
    for what in ["double bookings", "outside the windows", "on days off", "in an absence", "longer than 40 minutes"] {
        println!("  {what}: {}", world.wrong.get(what).map_or(0, Vec::len));
    }
    let unadmitted: Vec<usize> = (0..world.tracks.len()).filter(|i| world.tracks[*i].assigned.is_some() && !world.tracks[*i].admitted).collect();
    let teaches = |i: &&usize| {
        let person = world.tracks[**i].assigned.as_ref().and_then(|(id, ..)| settings.person(id));
        person.is_some_and(|p| world.asked[**i].subject.is_none_or(|s| p.subjects.iter().any(|own| own == s)))
    };
    println!(
        "  first assignments that the oracle does not admit: {} (of {}), of them with a teacher of the right subject, or none asked for: {}",
        unadmitted.len(),
        first.iter().flatten().count(),
        unadmitted.iter().filter(teaches).count()
    );
    for (what, sentences) in &world.wrong {
        println!("noted: {what}: {}{}", sentences.len(), sentences.iter().take(4).map(|s| format!("\n    {s}")).collect::<String>());
    }
    let [authors, staff, heads, others] = world.letters;
    let each = |n: u32| f64::from(n) / world.asked.len() as f64;
    println!(
        "\nletters an appeal: {:.2} to authors, {:.2} to specialists, {:.2} to the head and deputies; {others} reports and others in the year",
        each(authors),
        each(staff),
        each(heads)
    );
    println!("what people did: {:?}; decisions that could not be carried out: {}", world.people.said, world.refused);
    println!(
        "the whole run {:.0} s, {} rounds: intake {:.0} s, deadlines {:.0} s, dispatch {:.0} s, oracle {:.0} s",
        took.as_secs_f64(),
        world.rounds,
        world.spent[0].as_secs_f64(),
        world.spent[1].as_secs_f64(),
        world.spent[2].as_secs_f64(),
        world.spent[3].as_secs_f64()
    );
}

fn specialists(settings: &Settings) -> Vec<&Specialist> {
    settings.staff.iter().filter(|s| !s.windows.is_empty() && !s.categories.is_empty()).collect()
}

/// Held, not held, still open.
fn outcomes(world: &World) {
    let store = world.school.store();
    let mut by: BTreeMap<&str, usize> = BTreeMap::new();
    let mut open: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for number in world.tracks.iter().filter_map(|t| t.number) {
        let all = store.consultations_of(number).unwrap();
        for c in &all {
            *by.entry(c.outcome.map_or(if c.live() { "nobody said" } else { "cancelled" }, Outcome::title)).or_default() += 1;
        }
        let Some(appeal) = store.appeal(number).unwrap().filter(|a| a.state != State::Closed) else { continue };
        let last = all.last().map_or("no consultation".to_owned(), |c| c.outcome.map_or_else(|| c.title().to_owned(), |o| o.title().to_owned()));
        open.entry(format!("{}, {last}", appeal.state.title())).or_default().push(number);
    }
    println!("consultations: {} whose time came; {by:?}", world.come);
    println!("appeals still open on 1 July: {}", open.values().map(Vec::len).sum::<usize>());
    for (what, numbers) in open {
        println!("  {what}: {} {:?}", numbers.len(), numbers.iter().take(6).collect::<Vec<_>>());
    }
}

/// The term of three business days, against the oracle.
fn terms(world: &World) {
    let in_time = |t: &Track| t.told.is_some_and(|at| at <= t.due);
    let with_head = |t: &Track| t.asked.is_some_and(|at| at <= t.due);
    let opened: Vec<&Track> = world.tracks.iter().filter(|t| t.number.is_some()).collect();
    let all = opened.len();
    let found: Vec<&Track> = opened.iter().copied().filter(|t| t.free > 0).collect();
    let sure: Vec<&Track> = found.iter().copied().filter(|t| !t.unsure && t.understood.0).collect();
    let late: Vec<&Track> = opened.iter().copied().filter(|t| !in_time(t)).collect();
    println!("\ndate and time with the author within 3 business days: {}", share(all - late.len(), all));
    println!("of those for which the oracle finds an admissible slot: {}", share(found.iter().filter(|t| in_time(t)).count(), found.len()));
    println!("  and whose topic was understood for certain: {}", share(sure.iter().filter(|t| in_time(t)).count(), sure.len()));
    println!("the rest, {}: with the head before the term {}", late.len(), share(late.iter().filter(|t| with_head(t)).count(), late.len()));
    let none: Vec<_> = late.iter().filter(|t| t.free == 0).collect();
    println!("  oracle finds no slot: {}, of them with the head before the term {}", none.len(), none.iter().filter(|t| with_head(t)).count());
    let freed = none.iter().filter(|t| t.free_at_due.is_some_and(|n| n > 0)).count();
    println!("  of them had a free slot by the end of the term: {freed}");
    println!("  told later: {}, never: {}", late.iter().filter(|t| t.told.is_some()).count(), late.iter().filter(|t| t.told.is_none()).count());
    println!("  oracle finds one: {}", late.len() - none.len());
    let zone = world.school.settings().worktime.zone;
    let local = |at: DateTime<Utc>| at.with_timezone(&zone).format("%d.%m.%y %H:%M").to_string();
    for (index, t) in world.tracks.iter().enumerate().filter(|(_, t)| t.number.is_some() && !in_time(t) && t.free > 0).take(40) {
        let a = &world.asked[index];
        println!(
            "    appeal {:?} of {}: {} {:?} {:?}{}: due {}, told {:?}, asked {:?}, {} free, the first {:?}, assigned {:?}, unsure {}, question {:?}, text «{}»",
            t.number,
            local(a.at),
            a.category.key(),
            a.class,
            a.subject,
            if a.urgent { " urgent" } else { "" },
            local(t.due),
            t.told.map(local),
            t.asked.map(local),
            t.free,
            t.first_free.as_ref().map(|(id, at)| (id, local(*at))),
            t.assigned.as_ref().map(|(id, at, _)| (id, local(*at))),
            t.unsure,
            t.question,
            a.text.lines().next().unwrap_or_default()
        );
    }
}

fn way(world: &World, settings: &Settings, name: &str, given: &Given) {
    let worktime = &settings.worktime;
    let mut waits = Vec::new();
    let (mut wished, mut met, mut cannot) = (0, 0, 0);
    for (asked, (_, start)) in world.asked.iter().zip(given).filter_map(|(a, g)| Some((a, g.as_ref()?))) {
        let (from, to) = (worktime.local_date(asked.at), worktime.to_local(*start));
        waits.push(from.iter_days().skip(1).take_while(|d| *d <= to.date()).filter(|d| worktime.is_workday(*d)).count());
        let (fits, possible) = suits(&asked.wishes, to, to + TimeDelta::minutes(40));
        if asked.wishes.iter().any(|w| !w.not) {
            wished += 1;
            met += usize::from(fits);
        }
        cannot += usize::from(!possible);
    }
    waits.sort_unstable();
    let at = |percent: usize| waits.get((waits.len().saturating_sub(1)) * percent / 100).copied().unwrap_or(0);
    println!(
        "  {name}: {} placed, wait median {}, 90 % {}, longest {}; wishes met {}; when the family cannot {cannot}",
        waits.len(),
        at(50),
        at(90),
        at(100),
        share(met, wished)
    );
    spread(settings, given);
}

/// The load of equal specialists: consultations, and consultations for ten hours offered.
fn spread(settings: &Settings, given: &Given) {
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for (id, _) in given.iter().flatten() {
        *count.entry(id).or_default() += 1;
    }
    let mut groups: BTreeMap<String, Vec<(usize, f64)>> = BTreeMap::new();
    for person in specialists(settings) {
        let subject = person.subjects.first().cloned().unwrap_or_default();
        let group = format!("{} {subject}", person.categories[0].key());
        let of_day = |d: NaiveDate| hours(settings, person, d, false).iter().map(|(a, b)| (*b - *a).num_minutes()).sum::<i64>();
        let offered: i64 = school::first().iter_days().take_while(|d| *d <= school::last()).map(of_day).sum();
        let n = count.get(person.id.as_str()).copied().unwrap_or(0);
        groups.entry(group).or_default().push((n, n as f64 * 600.0 / offered.max(1) as f64));
    }
    for (group, loads) in groups.iter().filter(|(_, loads)| loads.len() > 2) {
        let mean = loads.iter().map(|l| l.1).sum::<f64>() / loads.len() as f64;
        let deviation = (loads.iter().map(|l| (l.1 - mean).powi(2)).sum::<f64>() / loads.len() as f64).sqrt();
        let least = loads.iter().map(|l| l.1).fold(f64::MAX, f64::min);
        let most = loads.iter().map(|l| l.1).fold(0.0, f64::max);
        let (few, many) = (loads.iter().map(|l| l.0).min().unwrap_or(0), loads.iter().map(|l| l.0).max().unwrap_or(0));
        println!(
            "      {group}: {few} to {many} each; for 10 hours offered {least:.2} to {most:.2} (ratio {:.2}), deviation {:.2}",
            most / least.max(0.01),
            deviation
        );
    }
}

fn channels(world: &World) {
    let wished: Vec<_> = world.asked.iter().zip(&world.tracks).filter_map(|(a, t)| Some((a.channel?, &t.assigned.as_ref()?.2))).collect();
    let met = wished.iter().filter(|(wish, given)| channel_kind(given) == Some(*wish)).count();
    println!("  the wished way of meeting, first assignment: {}", share(met, wished.len()));
}
