//! A backlog assigned at once: against every other assignment there is, and against what must hold.

use super::batch::SMALL;
use super::tests::{day, moscow, msk, specialist, time, wanted, window};
use super::*;
use crate::understand::{Channel, Window};
use crate::worktime::Worktime;
use chrono::{DateTime, Datelike, TimeDelta, Utc, Weekday};
use proptest::prelude::*;

/// A family of a generated backlog.
#[derive(Debug, Clone)]
struct Family {
    hours_waited: i64,
    wishes: Vec<Window>,
    urgent: bool,
    minutes: u32,
    channel: Option<Channel>,
    prefer: Option<&'static str>,
    name: Option<&'static str>,
    declined: Vec<(String, DateTime<Utc>)>,
}

#[derive(Debug, Clone)]
struct Backlog {
    families: Vec<Family>,
    staff: Vec<Specialist>,
    busy: Vec<Busy>,
    days: i64,
}

fn now() -> DateTime<Utc> {
    msk("2026-11-23T08:00")
}

impl Backlog {
    fn requests(&self) -> Vec<Request<'_>> {
        self.families.iter().map(|f| self.request(f)).collect()
    }

    fn request<'a>(&self, f: &'a Family) -> Request<'a> {
        let wanted = Wanted {
            earliest: now(),
            latest: now() + TimeDelta::days(self.days),
            minutes: f.minutes,
            wishes: &f.wishes,
            urgent: f.urgent,
            channel: f.channel,
            prefer: f.prefer,
            declined: &f.declined,
            ..wanted()
        };
        Request { wanted, since: now() - TimeDelta::hours(f.hours_waited), among: &[], family: f.name }
    }
}

fn any_family() -> impl Strategy<Value = Family> {
    let wish = (0u32..5, 9u32..16, any::<bool>(), prop::bool::weighted(0.3)).prop_map(|(weekday, hour, open, not)| Window {
        weekday: vec![Weekday::try_from(weekday as u8).unwrap()],
        after: Some(time(&format!("{hour:02}:00"))),
        before: (!open).then(|| time(&format!("{:02}:00", hour + 2))),
        not,
        ..Window::default()
    });
    (
        0i64..100,
        prop::collection::vec(wish, 0..2),
        prop::bool::weighted(0.2),
        prop::sample::select(vec![20u32, 40]),
        prop::option::of(prop::sample::select(vec![Channel::Phone, Channel::InPerson])),
        prop::option::of(prop::sample::select(vec!["a", "b"])),
        prop::option::of(prop::sample::select(vec!["Ивановы", "Петровы"])),
        prop::option::of(0i64..8),
    )
        .prop_map(|(hours_waited, wishes, urgent, minutes, channel, prefer, name, declined)| Family {
            hours_waited,
            wishes,
            urgent,
            minutes,
            channel,
            prefer,
            name,
            declined: declined.map(|n| ("a".to_owned(), msk("2026-11-23T10:00") + TimeDelta::minutes(20 * n))).into_iter().collect(),
        })
}

fn any_backlog(families: std::ops::Range<usize>) -> impl Strategy<Value = Backlog> {
    let person = |id: &'static str, channel: &'static str| {
        let limits = (prop::option::of(1u32..3), prop::option::of(1u32..4), prop::option::of(0u32..20));
        (10u32..14, 60u32..130, limits, prop::sample::subsequence(vec![Weekday::Mon, Weekday::Tue, Weekday::Wed], 1..3)).prop_map(
            move |(hour, length, (day, week, buffer_minutes), days)| {
                let end = hour * 60 + length;
                let open = window(&days, &format!("{hour:02}:00"), &format!("{:02}:{:02}", end / 60, end % 60), &[channel]);
                Specialist { load: Load { day, week }, buffer_minutes, ..specialist(id, vec![open]) }
            },
        )
    };
    let busy = prop::collection::vec((prop::sample::select(vec!["a", "b"]), 0i64..5, 9i64..15, any::<bool>()), 0..3).prop_map(|all| {
        let one = |(id, day, hour, counts)| {
            let start = msk("2026-11-23T00:00") + TimeDelta::days(day) + TimeDelta::hours(hour);
            Busy { counts, ..Busy::consultation(id, start, start + TimeDelta::minutes(30)) }
        };
        all.into_iter().map(one).collect::<Vec<_>>()
    });
    (prop::collection::vec(any_family(), families), person("a", "phone"), person("b", "in_person"), busy).prop_map(|(families, a, b, busy)| Backlog {
        families,
        staff: vec![a, b],
        busy,
        days: 3,
    })
}

/// The cost of one slot, read from the documentation once more; `None` where it may not be.
fn price(backlog: &Backlog, worktime: &Worktime, family: &Family, slot: &Slot) -> Option<i64> {
    let s = backlog.staff.iter().find(|s| s.id == slot.specialist)?;
    let (from, to) = (worktime.to_local(slot.start), worktime.to_local(slot.end));
    let buffer = TimeDelta::minutes(i64::from(s.buffer_minutes.unwrap_or(10)));
    let open = s.windows.iter().any(|w| w.holds_on(from.date(), from.weekday()) && w.from <= from.time() && to.time() <= w.to) && from.date() == to.date();
    let free = backlog.busy.iter().all(|b| b.specialist != s.id || b.end + buffer <= slot.start || slot.end + buffer <= b.start);
    let refused = family.declined.iter().any(|(id, at)| *id == s.id && *at < slot.end && slot.start < *at + (slot.end - slot.start));
    let of_day = |w: &&Window| w.weekday.contains(&from.weekday());
    let meets = |w: &Window| w.after.is_none_or(|t| t <= from.time()) && w.before.is_none_or(|t| to.time() <= t);
    let touches = |w: &Window| w.after.is_none_or(|t| t < to.time()) && w.before.is_none_or(|t| from.time() < t);
    let cannot = family.wishes.iter().filter(|w| w.not).filter(of_day).any(touches);
    if !open || !free || refused || cannot || slot.start < now() || slot.end > now() + TimeDelta::days(backlog.days) {
        return None;
    }
    let unwished = family.wishes.iter().any(|w| !w.not) && !family.wishes.iter().filter(|w| !w.not).filter(of_day).any(meets);
    let channel = family.channel.is_some_and(|c| channel_kind(&slot.channel) != Some(c));
    let stranger = family.prefer.or(family.declined.last().map(|_| "a")).is_some_and(|id| id != s.id);
    let days = 28 * i64::from(unwished) + 7 * i64::from(channel) + 3 * i64::from(stranger);
    let waiting = (slot.start - now()).num_seconds() + family.hours_waited * 3600;
    Some(if family.urgent { waiting * 5 + days } else { waiting + days * 86_400 })
}

fn nobody(family: &Family) -> i64 {
    4000 * 86_400 * if family.urgent { 5 } else { 1 }
}

/// What is wrong with an assignment as a whole.
fn clash(backlog: &Backlog, worktime: &Worktime, slots: &[Option<Slot>]) -> Option<String> {
    let given: Vec<(&Family, &Slot)> = backlog.families.iter().zip(slots).filter_map(|(f, s)| Some((f, s.as_ref()?))).collect();
    for (n, (f, a)) in given.iter().enumerate() {
        for (g, b) in given.iter().take(n) {
            let who = backlog.staff.iter().find(|s| s.id == a.specialist)?;
            let buffer = TimeDelta::minutes(i64::from(who.buffer_minutes.unwrap_or(10)));
            if a.specialist == b.specialist && a.start < b.end + buffer && b.start < a.end + buffer {
                return Some(format!("{a:?} and {b:?}"));
            }
            if f.name.is_some() && f.name == g.name && a.start < b.end && b.start < a.end {
                return Some(format!("one family twice: {a:?} and {b:?}"));
            }
        }
    }
    for s in &backlog.staff {
        for (_, one) in given.iter().filter(|(_, slot)| slot.specialist == s.id) {
            let date = worktime.local_date(one.start);
            let stands = |week: bool| {
                let same = |d: chrono::NaiveDate| if week { d.iso_week() == date.iso_week() } else { d == date };
                let before = backlog.busy.iter().filter(|b| b.counts && b.specialist == s.id && same(worktime.local_date(b.start))).count();
                let new = |urgent| given.iter().filter(|(f, x)| f.urgent == urgent && x.specialist == s.id && same(worktime.local_date(x.start))).count();
                (before as u32, new(false) as u32, new(true) as u32)
            };
            let ((day, plain, urgent), (week, plain_week, _)) = (stands(false), stands(true));
            if s.load.day.is_some_and(|most| (plain > 0 && day + plain > most) || day + plain + urgent > most + 1) {
                return Some(format!("day's load: {one:?}"));
            }
            if s.load.week.is_some_and(|most| plain_week > 0 && week + plain_week > most) {
                return Some(format!("week's load: {one:?}"));
            }
        }
    }
    None
}

fn total(backlog: &Backlog, worktime: &Worktime, slots: &[Option<Slot>]) -> Option<i64> {
    let mut sum = 0;
    for (family, slot) in backlog.families.iter().zip(slots) {
        sum += match slot {
            Some(slot) => price(backlog, worktime, family, slot)?,
            None => nobody(family),
        };
    }
    Some(sum)
}

/// Every slot that each family could have if it were alone.
fn options(backlog: &Backlog, worktime: &Worktime) -> Vec<Vec<(i64, Slot)>> {
    let mut options = Vec::new();
    for family in &backlog.families {
        let mut own = Vec::new();
        for s in &backlog.staff {
            for step in 0..backlog.days * 144 {
                let start = now() + TimeDelta::minutes(10 * step);
                let slot = Slot {
                    specialist: s.id.clone(),
                    start,
                    end: start + TimeDelta::minutes(i64::from(family.minutes)),
                    channel: s.windows[0].channels[0].clone(),
                    place: None,
                };
                own.extend(price(backlog, worktime, family, &slot).map(|p| (p, slot)));
            }
        }
        options.push(own);
    }
    options
}

/// The least total of all assignments there are.
fn brute_force(backlog: &Backlog, worktime: &Worktime) -> i64 {
    fn go(backlog: &Backlog, worktime: &Worktime, options: &[Vec<(i64, Slot)>], chosen: &mut Vec<Option<Slot>>, so_far: i64, best: &mut i64) {
        if so_far >= *best || clash(backlog, worktime, chosen).is_some() {
            return;
        }
        let Some(own) = options.get(chosen.len()) else {
            *best = so_far;
            return;
        };
        for (price, slot) in own {
            chosen.push(Some(slot.clone()));
            go(backlog, worktime, options, chosen, so_far + price, best);
            chosen.pop();
        }
        let family = &backlog.families[chosen.len()];
        chosen.push(None);
        go(backlog, worktime, options, chosen, so_far + nobody(family), best);
        chosen.pop();
    }
    let mut best = i64::MAX;
    go(backlog, worktime, &options(backlog, worktime), &mut Vec::new(), 0, &mut best);
    best
}

fn solved(backlog: &Backlog, worktime: &Worktime) -> Vec<Option<Slot>> {
    assign(&backlog.requests(), &backlog.staff.iter().collect::<Vec<_>>(), worktime, &backlog.busy)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn of_few_requests_no_assignment_is_cheaper(backlog in any_backlog(1..4)) {
        let worktime = moscow();
        let slots = solved(&backlog, &worktime);
        prop_assert_eq!(clash(&backlog, &worktime, &slots), None);
        prop_assert_eq!(total(&backlog, &worktime, &slots), Some(brute_force(&backlog, &worktime)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn of_many_requests_none_is_double_booked_and_none_breaks_a_rule(backlog in any_backlog(SMALL + 1..20)) {
        let worktime = moscow();
        let slots = solved(&backlog, &worktime);
        prop_assert_eq!(clash(&backlog, &worktime, &slots), None);
        let cost = total(&backlog, &worktime, &slots);
        prop_assert!(cost.is_some(), "a slot that may not be: {:?}", slots);
        prop_assert_eq!(&solved(&backlog, &worktime), &slots);
        // First come, first served, each with the cheapest that is left, is never better.
        let mut plain: Vec<Option<Slot>> = vec![None; backlog.families.len()];
        for (n, mut own) in options(&backlog, &worktime).into_iter().enumerate() {
            own.sort_by_key(|(price, slot)| (*price, slot.start));
            for (_, slot) in own {
                plain[n] = Some(slot);
                if clash(&backlog, &worktime, &plain).is_none() {
                    break;
                }
                plain[n] = None;
            }
        }
        prop_assert!(cost <= total(&backlog, &worktime, &plain), "{:?} and plainly {:?}", cost, plain);
    }
}

#[test]
fn whoever_can_only_then_gets_the_time_that_others_need_not_have() {
    // First come, first served gives the one Tuesday slot to the family that could come on Thursday as well.
    let staff = [specialist("a", vec![window(&[Weekday::Tue, Weekday::Thu], "14:00", "14:40", &["phone"])])];
    let tuesdays = [Window { weekday: vec![Weekday::Tue], ..Window::default() }];
    let request = |wishes| Request {
        wanted: Wanted { earliest: now(), latest: msk("2026-11-27T20:00"), wishes, ..wanted() },
        since: now() - TimeDelta::hours(5),
        among: &[],
        family: None,
    };
    let requests = [request(&[][..]), request(&tuesdays)];
    let slots = assign(&requests, &[&staff[0]], &moscow(), &[]);
    let starts: Vec<Option<DateTime<Utc>>> = slots.iter().map(|s| s.as_ref().map(|s| s.start)).collect();
    assert_eq!(starts, [Some(msk("2026-11-26T14:00")), Some(msk("2026-11-24T14:00"))]);
    let sum = outcome(&requests, &moscow(), &slots);
    assert_eq!((sum.unmet, sum.unplaced, sum.waiting), (0, 0, TimeDelta::hours(35 + 83)));
    assert_eq!(assign(&[], &[&staff[0]], &moscow(), &[]), []);
    assert_eq!(assign(&requests, &[], &moscow(), &[]), [None, None]);
    let nobody = ["b".to_owned()];
    assert_eq!(assign(&[Request { among: &nobody, ..requests[0].clone() }], &[&staff[0]], &moscow(), &[]), [None]);
    let away = Specialist { absences: vec![Absence { from: day("2026-11-01"), to: day("2026-12-31") }], ..staff[0].clone() };
    assert_eq!(assign(&requests, &[&away], &moscow(), &[]), [None, None]);
}

#[test]
fn a_matching_of_rows_and_columns_is_the_cheapest() {
    // Every assignment of up to five rows tried out beside it.
    fn least(edges: &[Vec<(usize, i64)>], nobody: &[i64], used: &mut Vec<usize>) -> i64 {
        let row = used.len();
        let Some(own) = edges.get(row) else { return 0 };
        let free = own.iter().filter(|(c, _)| !used.contains(c)).copied().collect::<Vec<_>>();
        let mut best = i64::MAX;
        for (column, cost) in free.into_iter().chain([(usize::MAX - row, nobody[row])]) {
            used.push(column);
            best = best.min(cost + least(edges, nobody, used));
            used.pop();
        }
        best
    }
    let mut seed = 7_u64;
    let mut next = |most: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % most
    };
    for _ in 0..500 {
        let rows = 1 + next(5) as usize;
        let mut edges: Vec<Vec<(usize, i64)>> = Vec::new();
        for _ in 0..rows {
            let all: Vec<(usize, i64)> = (0..5).map(|c| (c, next(30) as i64)).collect();
            edges.push(all.into_iter().filter(|(_, cost)| *cost < 20).collect());
        }
        let nobody: Vec<i64> = (0..rows).map(|_| 5 + next(30) as i64).collect();
        let found = super::matching::cheapest(&edges, 5, &nobody);
        let mut columns: Vec<usize> = found.iter().flatten().copied().collect();
        columns.sort_unstable();
        assert!(columns.windows(2).all(|w| w[0] != w[1]), "{found:?}");
        let cost: i64 = found.iter().enumerate().map(|(row, column)| column.map_or(nobody[row], |c| edges[row].iter().find(|(e, _)| *e == c).unwrap().1)).sum();
        assert_eq!(cost, least(&edges, &nobody, &mut Vec::new()), "{edges:?} {nobody:?} {found:?}");
    }
}
