//! What goes wrong in a seed, drawn once at its beginning: many rates are 0, so that most seeds have a trouble of their own and a few have all.
//!
//! Not here: how a fault looks (`servers`, `machine`).

use super::luck::Luck;
use crate::servers::{Kind, Rates};
use chrono::{DateTime, TimeDelta, Utc};

/// A time in which something is away.
#[derive(Debug, Clone, Copy)]
pub struct Spell {
    pub from: DateTime<Utc>,
    pub until: DateTime<Utc>,
}

impl Spell {
    /// Whether it is on.
    pub fn holds(&self, now: DateTime<Utc>) -> bool {
        self.from <= now && now < self.until
    }
}

/// The troubles of a seed; rates per mille of rounds.
#[derive(Debug, Clone)]
pub struct Weather {
    /// Of the wires.
    pub rates: Rates,
    /// No connection to either server.
    pub outages: Vec<Spell>,
    /// The machine is switched off.
    pub standstills: Vec<Spell>,
    /// The program dies.
    pub crash: u64,
    /// The disk is full for some rounds.
    pub disk: u64,
    /// The clock is wrong for one round.
    pub clock: u64,
    /// The operator types a command.
    pub operator: u64,
    /// A backup is made, and later the machine is lost.
    pub restore: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

impl Weather {
    /// A seed without trouble.
    pub fn calm() -> Weather {
        Weather { rates: Rates::default(), outages: Vec::new(), standstills: Vec::new(), crash: 0, disk: 0, clock: 0, operator: 0, restore: None }
    }

    /// What a seed has.
    pub fn draw(luck: &mut Luck, start: DateTime<Utc>, days: u64) -> Weather {
        let mut w = Weather::calm();
        let minutes = days.max(2) * 24 * 60;
        if luck.percent(75) {
            // Of a few kinds much, of most nothing: kinds that never leave each other alone hide one another.
            let share = luck.between(3, 40);
            for kind in Kind::ALL {
                if luck.percent(share) {
                    *w.rates.of_mut(*kind) = u32::try_from(*luck.pick(&[1, 5, 20, 60])).unwrap();
                }
            }
        }
        let mut spells = |share: u64, most: u64| {
            let mut found = Vec::new();
            while luck.percent(share) && found.len() < 3 {
                let from = start + luck.minutes(60, minutes);
                found.push(Spell { from, until: from + luck.minutes(5, most) });
            }
            found
        };
        w.outages = spells(30, 4_000);
        w.standstills = spells(20, 6_000);
        let mut rate = |share: u64, of: &[u64]| if luck.percent(share) { *luck.pick(of) } else { 0 };
        w.crash = rate(60, &[3, 15, 60, 200]);
        w.disk = rate(30, &[2, 8, 30]);
        w.clock = rate(25, &[2, 8]);
        w.operator = rate(40, &[3, 15, 40]);
        if luck.percent(20) {
            let made = start + luck.minutes(24 * 60, minutes - 24 * 60);
            w.restore = Some((made, made + luck.minutes(30, 4 * 24 * 60)));
        }
        w
    }

    /// The world gets well: nothing goes wrong any more.
    pub fn heal(&mut self) {
        *self = Weather::calm();
    }
}

/// How wrong a clock can be.
pub fn wrong_clock(luck: &mut Luck, now: DateTime<Utc>) -> (DateTime<Utc>, &'static str) {
    let day = TimeDelta::days(1);
    let of = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    match luck.below(8) {
        0 => (now - TimeDelta::seconds(1), "a second slow"),
        1 => (now + TimeDelta::seconds(1), "a second fast"),
        2 => (now - TimeDelta::hours(1), "an hour slow"),
        3 => (now + TimeDelta::hours(1), "an hour fast"),
        4 => (now - day, "a day slow"),
        5 => (now + day, "a day fast"),
        6 => (of("1970-01-01T00:00:10Z"), "in 1970"),
        _ => (of("2100-01-01T12:00:00Z"), "in 2100"),
    }
}
