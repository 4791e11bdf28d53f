//! The loop of a world: jumps from moment to moment, lets people act and the machine run its rounds, strikes it, and looks after each step whether
//! everything still holds. First a month with troubles, then days without any.

use super::counters::Counters;
use super::invariants::{self, Broken, Checked, Memory};
use super::luck::Luck;
use super::machine::{Machine, Strike};
use super::people::{Act, People, before};
use super::trace::Trace;
use super::truth::{Nature, Oracle};
use super::weather::{Weather, wrong_clock};
use super::wrong::{self, Wrong};
use super::{invariants_store, liveness, operator};
use crate::servers::{Kind, Servers};
use chrono::{DateTime, TimeDelta, Utc};
use otklik::daemon::round;
use otklik::jobs::RECONCILE;
use otklik::settings::{Mode, SenderCheck, Settings};
use otklik::store::{copy_into, open_sound};
use rusqlite::{Connection, OpenFlags, ToSql};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

/// Days without trouble at the end.
const HEALED_DAYS: i64 = 4;
/// Rounds of one hour beyond which the machine turns in a circle.
const MOST_ROUNDS: u32 = 2_000;

/// What is simulated.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    pub seed: u64,
    /// Days with troubles.
    pub days: u64,
    /// Nothing goes wrong.
    pub calm: bool,
    /// The trace goes to standard error, and the state folder is kept.
    pub aloud: bool,
    pub wrong: Option<Wrong>,
}

impl Options {
    /// A month of a seed.
    pub fn seed(seed: u64) -> Options {
        Options { seed, days: 30, calm: false, aloud: false, wrong: None }
    }
}

/// How a seed ended.
pub struct Told {
    pub counters: Counters,
    pub broken: Option<Broken>,
    /// The trace's hash.
    pub hash: String,
    /// What a failing seed prints.
    pub story: String,
}

/// Everything there is.
pub struct World {
    pub settings: Settings,
    pub servers: Servers,
    pub oracle: Oracle,
    pub people: People,
    pub machine: Machine,
    pub memory: Memory,
    pub now: DateTime<Utc>,
    pub counters: Counters,
    trace: Trace,
    weather: Weather,
    luck: Luck,
    acts: BTreeMap<(DateTime<Utc>, u64), Act>,
    acted: u64,
    /// Letters of the servers' list that were looked at.
    seen: usize,
    eyes: Connection,
    dir: tempfile::TempDir,
    generation: u32,
    round_at: DateTime<Utc>,
    /// Rounds until the disk has room again.
    full: u64,
    standing: bool,
    /// When the operator typed last.
    typed: DateTime<Utc>,
    backup: Option<PathBuf>,
    /// From then on nobody writes.
    quiet_from: DateTime<Utc>,
    seed: u64,
}

fn school() -> &'static Settings {
    static LOADED: OnceLock<Settings> = OnceLock::new();
    LOADED.get_or_init(|| {
        let mut settings = otklik::config::demo();
        settings.mode = Mode::Live;
        settings.sender_check = SenderCheck { authserv_id: Some("mx.school.example".into()), ..SenderCheck::default() };
        settings.mailbox.folders = vec!["INBOX".into()];
        settings
    })
}

/// Simulates a seed. Panics of the program are invariants that broke.
pub fn run(options: Options) -> Told {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    let mut world = World::new(options);
    let lived = catch_unwind(AssertUnwindSafe(|| runtime.block_on(world.live(options))));
    let broken = match lived {
        Ok(Ok(())) => None,
        Ok(Err(broken)) => Some(broken),
        Err(panic) => {
            let words = panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()));
            Some(Broken { name: "P4 Panic", what: words.unwrap_or_else(|| "a panic".into()) })
        }
    };
    world.told(broken)
}

impl World {
    fn new(options: Options) -> World {
        let seed = options.seed;
        let mut luck = Luck::new(seed);
        let settings = school().clone();
        let monday: DateTime<Utc> = "2026-11-16T05:00:00Z".parse().unwrap();
        let start = monday + TimeDelta::days(i64::try_from(luck.below(150)).unwrap());
        let servers = Servers::new(seed);
        servers.set_now(start);
        let mut people = People::new(seed, &settings, &mut luck);
        let mut oracle = Oracle::default();
        for (at, raw) in before(&mut people.pen, start, luck.below(4)) {
            servers.deliver("INBOX", &raw, at);
            oracle.add(Nature::Old, "old@past.example", at, &Arc::from(raw), None);
        }
        let weather = if options.calm { Weather::calm() } else { Weather::draw(&mut luck.fork(), start, options.days) };
        let shm = std::path::Path::new("/dev/shm");
        let dir = if shm.is_dir() { tempfile::tempdir_in(shm).unwrap() } else { tempfile::tempdir().unwrap() };
        let folder = dir.path().join("g0");
        std::fs::create_dir_all(&folder).unwrap();
        let machine = Machine::start(&settings, &folder, &servers, start).unwrap();
        let mut world = World {
            eyes: eyes(&machine),
            settings,
            servers,
            oracle,
            people,
            machine,
            memory: Memory::default(),
            now: start,
            counters: Counters { seeds: 1, ..Counters::default() },
            trace: Trace::default(),
            weather,
            luck,
            acts: BTreeMap::new(),
            acted: 0,
            seen: 0,
            dir,
            generation: 0,
            round_at: start,
            full: 0,
            standing: false,
            typed: start,
            backup: None,
            quiet_from: start + TimeDelta::days(i64::try_from(options.days).unwrap()),
            seed,
        };
        world.trace.aloud = options.aloud;
        let plans = world.people.plans(start, options.days);
        world.plan(plans);
        world
    }

    /// A month with troubles, then days without.
    async fn live(&mut self, options: Options) -> Checked {
        let start = self.now;
        self.trace.say(self.now, &format!("seed {} begins: {:?}", self.seed, self.weather));
        // The first look makes the baseline; whatever breaks it, letters of before stay letters of before.
        let end = start + TimeDelta::days(i64::try_from(options.days).unwrap());
        self.until(end, options.wrong).await?;
        self.heal().await;
        let healed = self.now;
        self.until(healed + TimeDelta::days(HEALED_DAYS), options.wrong).await?;
        self.counters.days = u64::try_from((self.now - start).num_days()).unwrap();
        if let Some(wrong) = options.wrong.filter(|w| w.at_the_end()) {
            wrong::does(self, wrong).await;
        }
        invariants_store::all(self)?;
        liveness::all(self, healed)
    }

    async fn heal(&mut self) {
        self.weather.heal();
        self.servers.with(|s| s.heal());
        self.full = 0;
        let _ = self.machine.school.store().limit_pages(u32::MAX - 1);
        self.round_at = self.now;
        self.trace.say(self.now, "the world gets well");
    }

    async fn until(&mut self, end: DateTime<Utc>, wrong: Option<Wrong>) -> Checked {
        let mut wrong = wrong.filter(|w| !w.at_the_end());
        let (mut hour, mut rounds, mut day) = (self.now, 0, self.now);
        while self.now < end {
            let act = self.acts.keys().next().map(|(at, _)| *at);
            let next = act.into_iter().chain([self.round_at, end]).min().unwrap_or(end).max(self.now);
            self.now = next;
            self.servers.set_now(next);
            self.carry_out();
            if self.round_at <= self.now && self.now < end {
                self.step().await?;
                rounds += 1;
                if self.now - hour > TimeDelta::hours(1) {
                    (hour, rounds) = (self.now, 0);
                }
                if rounds > MOST_ROUNDS {
                    return invariants::broken("I14 Progress", format!("{rounds} rounds within an hour"));
                }
            }
            if let Some(w) = wrong
                && wrong::does(self, w).await
            {
                self.trace.say(self.now, &format!("on purpose: {w:?}"));
                wrong = None;
            }
            self.read_letters()?;
            invariants::no_destroy(self)?;
            if self.now - day >= TimeDelta::days(1) {
                day = self.now;
                invariants_store::all(self)?;
            }
        }
        Ok(())
    }

    /// What people do at this moment.
    fn carry_out(&mut self) {
        while let Some(entry) = self.acts.first_entry().filter(|e| e.key().0 <= self.now) {
            let ((at, _), act) = entry.remove_entry();
            let raw: Arc<[u8]> = Arc::from(act.raw);
            self.servers.deliver(act.folder, &raw, at);
            self.oracle.add(act.nature, &act.who, at, &raw, act.mark);
            self.counters.letters_in += 1;
            self.trace.say(at, &format!("{:?} of {} into {}: {}", act.nature, act.who, act.folder, otklik::message::read(&raw).subject));
            // IDLE or the next look: it takes from no time to a poll's.
            let noticed = at + self.luck.minutes(0, 10);
            self.round_at = self.round_at.min(noticed.max(self.now));
        }
    }

    /// The machine's turn, with whatever strikes it.
    async fn step(&mut self) -> Checked {
        if self.weather.standstills.iter().any(|s| s.holds(self.now)) {
            let until = self.weather.standstills.iter().filter(|s| s.holds(self.now)).map(|s| s.until).max();
            self.round_at = until.unwrap_or(self.now);
            if !self.standing {
                self.trace.say(self.now, "the machine is switched off");
                self.servers.cut_client();
            }
            self.standing = true;
            return Ok(());
        }
        if std::mem::take(&mut self.standing) {
            self.again("is switched on")?;
        }
        self.lose_the_machine()?;
        let down = self.weather.outages.iter().any(|s| s.holds(self.now));
        let mut rates = self.weather.rates.clone();
        if down {
            *rates.of_mut(Kind::Refused) = 1_000;
        }
        self.servers.with(|s| s.faults.rates = rates);
        self.disk();
        let (clock, skewed) = if self.luck.per_mille(self.weather.clock) { wrong_clock(&mut self.luck, self.now) } else { (self.now, "") };
        if !skewed.is_empty() {
            self.count("clock");
            self.trace.say(self.now, &format!("the clock is {skewed}"));
        }
        let strike = self.strike();
        self.generation += 1;
        let next_folder = self.dir.path().join(format!("g{}", self.generation));
        let order = self.luck.below(3);
        self.counters.rounds += 1;
        let ended = self.machine.round(clock, order, strike, &next_folder).await;
        for error in &ended.errors {
            self.trace.say(self.now, error);
        }
        self.now += ended.took;
        self.servers.set_now(self.now);
        if let Some((moment, folder)) = ended.died {
            self.counters.crashes += 1;
            self.trace.say(self.now, &format!("the program dies at {moment}"));
            let old = std::mem::replace(&mut self.machine.folder, folder);
            self.again("starts again")?;
            let _ = std::fs::remove_dir_all(old);
        } else {
            self.next_round(ended.news);
        }
        Ok(())
    }

    /// The program starts over what its folder holds.
    fn again(&mut self, how: &str) -> Checked {
        let folder = self.machine.folder.clone();
        self.machine = match Machine::start(&self.settings, &folder, &self.servers, self.now) {
            Ok(machine) => machine,
            Err(e) => return invariants::broken("P4 Crash", format!("the program cannot start again: {e}")),
        };
        self.eyes = eyes(&self.machine);
        self.full = 0;
        self.trace.say(self.now, &format!("the program {how}"));
        self.round_at = self.now + TimeDelta::seconds(15);
        Ok(())
    }

    fn strike(&mut self) -> Option<Strike> {
        if self.luck.per_mille(self.weather.crash) {
            return Some(Strike::Crash(self.moment()));
        }
        // By the hour, not by the round: each command makes letters, letters make rounds, and nobody types in a circle.
        if self.luck.per_mille(self.weather.operator) && self.now >= self.typed + TimeDelta::hours(1) {
            self.typed = self.now;
            self.counters.commands += 1;
            let (mut luck, settings, now) = (self.luck.fork(), self.settings.clone(), self.now);
            if luck.percent(50) {
                return Some(Strike::Command(luck.below(60), Box::new(move |folder| drop(operator::types(&mut luck, &settings, folder, now)))));
            }
            let said = operator::types(&mut luck, &settings, &self.machine.folder, now);
            self.trace.say(self.now, &said);
        }
        None
    }

    /// Which moment of a round: quiet rounds have a few dozen, busy ones many hundreds.
    fn moment(&mut self) -> u64 {
        let most = *self.luck.pick(&[30, 120, 600]);
        self.luck.below(most)
    }

    /// The disk fills up or has room again.
    fn disk(&mut self) {
        if self.full > 0 {
            self.full -= 1;
            if self.full == 0 {
                let _ = self.machine.school.store().limit_pages(u32::MAX - 1);
                self.trace.say(self.now, "the disk has room again");
            }
        } else if self.luck.per_mille(self.weather.disk) {
            let store = self.machine.school.store();
            let room = u32::try_from(self.luck.below(12)).unwrap();
            let _ = store.pages().and_then(|n| store.limit_pages(n + room));
            drop(store);
            self.full = self.luck.between(1, 12);
            self.count("disk_full");
            self.trace.say(self.now, &format!("the disk has room for {room} pages"));
        }
    }

    /// A backup is made; later the machine burns down and another one starts from it.
    fn lose_the_machine(&mut self) -> Checked {
        let Some((made, lost)) = self.weather.restore else { return Ok(()) };
        if self.backup.is_none() && self.now >= made {
            let file = self.dir.path().join("backup.db");
            copy_into(&self.machine.database(), &file).unwrap();
            self.backup = Some(file);
            self.trace.say(self.now, "a backup is made");
        }
        let Some(file) = self.backup.take_if(|_| self.now >= lost) else { return Ok(()) };
        self.weather.restore = None;
        self.servers.cut_client();
        self.generation += 1;
        let folder = self.dir.path().join(format!("g{}", self.generation));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::copy(file, folder.join("otklik.db")).unwrap();
        let store = open_sound(&folder.join("otklik.db")).unwrap();
        let made = store.last_moment().unwrap().map_or(0, |at| at.timestamp());
        store.set_meta(RECONCILE, &made.to_string()).unwrap();
        store.settle_down().unwrap();
        drop(store);
        let old = std::mem::replace(&mut self.machine.folder, folder);
        self.counters.restores += 1;
        self.again("was restored from the backup")?;
        let _ = std::fs::remove_dir_all(old);
        Ok(())
    }

    /// When the daemon would look again.
    fn next_round(&mut self, news: bool) {
        let soon = self.now + TimeDelta::seconds(1);
        let decides = round::next(&self.machine.school, self.now);
        let read_at = match self.machine.failures {
            0 if news => soon,
            0 => self.now + self.luck.minutes(10, 240),
            n => self.now + TimeDelta::seconds((5_i64 << n.min(10)).min(600)),
        };
        // A mailbox that is away is asked by the back-off alone; the line and the terms go on with it.
        let others = decides.into_iter().chain(self.machine.posting_at);
        self.round_at = others.chain([read_at]).min().unwrap_or(read_at).max(soon);
    }

    /// People find what the servers took for them; every letter is checked.
    fn read_letters(&mut self) -> Checked {
        let fresh: Vec<_> = self.servers.with(|s| s.accepted.get(self.seen..).map(<[_]>::to_vec)).unwrap_or_default();
        self.seen += fresh.len();
        let mut ids = Vec::new();
        for taken in fresh {
            self.counters.letters_out += 1;
            invariants::letter(self, &taken)?;
            let left = self.memory.left.last();
            let (kind, id) = left.map(|l| (l.ours.kind.clone(), l.ours.message_id.clone())).unwrap_or_default();
            self.trace.say(taken.at, &format!("{kind} to {}{}", taken.to, if taken.told { "" } else { ", and the program is not told" }));
            self.trace.weigh(&taken.raw);
            ids.push(id);
            let acts = self.people.got(&taken.to, &taken.raw, self.now);
            self.plan(acts);
        }
        invariants::record(self, &ids);
        Ok(())
    }

    fn plan(&mut self, acts: Vec<(DateTime<Utc>, Act)>) {
        // In the last days nobody does anything new.
        for (at, act) in acts.into_iter().filter(|(at, _)| *at < self.quiet_from) {
            self.acted += 1;
            self.acts.insert((at.max(self.now), self.acted), act);
        }
    }

    fn count(&mut self, kind: &str) {
        *self.counters.faults.entry(kind.to_owned()).or_default() += 1;
    }

    /// Whether anything happened after which a letter may be parked.
    pub fn may_park(&self) -> bool {
        self.counters.crashes > 0 || self.servers.with(|s| s.faults_injected()) > 0 || !self.counters.faults.is_empty()
    }

    /// One value of the database, as it stands on disk.
    pub fn one<T: rusqlite::types::FromSql>(&self, sql: &str, with: &[&dyn ToSql]) -> Option<T> {
        self.eyes.query_row(sql, with, |r| r.get(0)).ok()
    }

    /// Rows of two values, by the first.
    pub fn many<K: rusqlite::types::FromSql + Ord, V: rusqlite::types::FromSql>(&self, sql: &str) -> BTreeMap<K, V> {
        self.rows(sql).into_iter().collect()
    }

    /// Rows of two texts.
    pub fn pairs(&self, sql: &str) -> Vec<(String, String)> {
        self.rows(sql)
    }

    /// Rows of two values.
    pub fn rows<K: rusqlite::types::FromSql, V: rusqlite::types::FromSql>(&self, sql: &str) -> Vec<(K, V)> {
        let mut found = self.eyes.prepare(sql).unwrap();
        let rows = found.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).unwrap();
        rows.map(Result::unwrap).collect()
    }

    /// A wrong is done to the database; how many rows it met.
    pub fn eyes_write(&self, sql: &str) -> usize {
        let db = Connection::open(self.machine.database()).unwrap();
        db.execute(sql, []).unwrap()
    }

    fn told(mut self, broken: Option<Broken>) -> Told {
        let faults = self.servers.with(|s| s.counts.clone());
        for (kind, n) in faults {
            *self.counters.faults.entry(kind.to_owned()).or_default() += n;
        }
        self.counters.forged = u64::from(self.people.forged());
        self.counters.repeated = self.memory.repeated;
        self.counters.appeals = self.one::<i64>("SELECT count(*) FROM appeal", &[]).and_then(|n| u64::try_from(n).ok()).unwrap_or_default();
        let mut story = String::new();
        if let Some(b) = &broken {
            self.counters.broken = 1;
            self.counters.lost = u64::from(b.name.starts_with("I1 "));
            self.counters.destroyed = u64::from(b.name.starts_with("I3"));
            if self.trace.aloud {
                self.dir.disable_cleanup(true);
                eprintln!("kept: {}", self.machine.folder.display());
            }
            story = format!("seed {} broke {} at {}: {}\n", self.seed, b.name, self.now, b.what);
            self.trace.tail().iter().for_each(|l| story.push_str(&format!("  {l}\n")));
        }
        Told { counters: self.counters.clone(), broken, hash: self.trace.hash(), story }
    }
}

fn eyes(machine: &Machine) -> Connection {
    Connection::open_with_flags(machine.database(), OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX).unwrap()
}
