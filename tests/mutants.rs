//! A hundred thousand letters, calendar objects and orders broken at random, in ways that real letters break: no panic, and bounds that always hold.
//!
//! Seeded: the same mutants every run; `OTKLIK_MUTANTS=N` makes N of them, `OTKLIK_SEED=S` others. A failing mutant prints its number and lies in target/mutants.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails and says where")]

#[path = "fuzz/readers.rs"]
#[expect(dead_code, reason = "letters, calendars and orders have checks of their own below")]
mod readers;

use chrono::NaiveDate;
use otklik::itip;
use otklik::message;
use otklik::understand::orders::{self, Colleague};
use otklik::understand::{Context, Topics, understand};
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Once;

/// splitmix64.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n.max(1) as u64).unwrap()
    }
}

/// What breaks readers of mail and calendars.
const PIECES: [&str; 44] = [
    "\r\n",
    "\n",
    "\r",
    "\0",
    "\r\n\r\n",
    "--",
    "----=_x\r\n",
    "--=_x--\r\n",
    "=?utf-8?B?",
    "=?utf-8?Q?=D0?=",
    "=?koi8-r?B?8NLJ18XU?=",
    "=?x-unknown?B?AAAA?=",
    "Content-Type: multipart/mixed; boundary=\"\"\r\n",
    "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n",
    "Content-Type: message/rfc822\r\n\r\n",
    "Content-Type: text/html\r\n",
    "Content-Type: text/plain; charset=utf-7\r\n",
    "Content-Transfer-Encoding: base64\r\n",
    "Content-Transfer-Encoding: quoted-printable\r\n",
    "From: ,,,;<<>>\r\n",
    "From: \"a\\\"b\" <a@b@c>\r\n",
    "To: group: a@b, c@d;\r\n",
    "Message-ID: <><>\r\n",
    "References: <a@b> <a@b>",
    "Date: Mon, 99 Foo 99999 99:99:99 +9999\r\n",
    "Auto-Submitted: no; ;;\r\n",
    "Authentication-Results: mx; dmarc=pass (((( header.from=x\r\n",
    "filename*0*=utf-8''%D0%",
    "filename*1=",
    "BEGIN:VCALENDAR\r\n",
    "END:VEVENT\r\n",
    "RRULE:FREQ=SECONDLY;COUNT=999999999\r\n",
    "DTSTART;TZID=X:99999999T999999\r\n",
    "UID:\r\n",
    "SEQUENCE:-1\r\n",
    "METHOD:REPLY\r\n",
    "ATTENDEE;PARTSTAT=ACCEPTED:mailto:\r\n",
    "begin 644 a\r\n",
    "<div><div><p>",
    "&#1114112;&#xD800;",
    "\u{202e}\u{200b}",
    "> > > >",
    "\u{fffd}",
    "№ 147 отменить",
];

fn mutate(dice: &mut Dice, base: &[u8], other: &[u8]) -> Vec<u8> {
    let mut bytes = base.to_vec();
    for _ in 0..1 + dice.below(6) {
        let at = dice.below(bytes.len() + 1);
        let length = dice.below(1 + bytes.len().saturating_sub(at).min(200));
        match dice.below(11) {
            0 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            1 => drop(bytes.drain(at..at + length)),
            2 => {
                let part = bytes[at..at + length].to_vec();
                let to = dice.below(bytes.len() + 1);
                bytes.splice(to..to, part);
            }
            3 => {
                let from = dice.below(other.len() + 1);
                let part = other[from..(from + length * 3).min(other.len())].to_vec();
                bytes.splice(at..at, part);
            }
            4 => bytes.truncate(at),
            5 => {
                let times = 1 + dice.below(40);
                let piece = PIECES[dice.below(PIECES.len())].repeat(times);
                bytes.splice(at..at, piece.into_bytes());
            }
            6 => {
                // A line moves, as a header does under a gateway.
                let lines: Vec<&[u8]> = bytes.split_inclusive(|b| *b == b'\n').collect();
                let (a, b) = (dice.below(lines.len()), dice.below(lines.len()));
                let mut lines = lines;
                if !lines.is_empty() {
                    lines.swap(a, b);
                }
                bytes = lines.concat();
            }
            7 => bytes.retain(|b| *b != b'\r'),
            8 => {
                let junk: Vec<u8> = (0..length).map(|_| u8::try_from(dice.below(256)).unwrap()).collect();
                bytes.splice(at..at, junk);
            }
            _ => {
                let piece = PIECES[dice.below(PIECES.len())];
                bytes.splice(at..at, piece.bytes());
            }
        }
        bytes.truncate(200_000);
    }
    bytes
}

fn files(folder: &str, ending: &str) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(dir) = folders.pop() {
        let mut entries: Vec<_> = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == ending) {
                found.push(std::fs::read(path).unwrap());
            }
        }
    }
    assert!(!found.is_empty(), "{folder}");
    found
}

#[expect(clippy::disallowed_methods, reason = "how long a test runs is no configuration of the program")]
fn number(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

thread_local! {
    /// Panics of this thread: reading catches its own, and none shall be.
    static PANICS: Cell<usize> = const { Cell::new(0) };
}
static HOOK: Once = Once::new();

/// Runs mutants of a corpus; a failing one is kept and told.
fn run(name: &str, corpus: &[Vec<u8>], count: u64, check: impl Fn(u64, &[u8])) {
    let seed = number("OTKLIK_SEED", 1);
    HOOK.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            PANICS.set(PANICS.get() + 1);
            usual(info);
        }));
    });
    for n in 0..count {
        let mut dice = Dice(seed.wrapping_mul(0x1000_0000).wrapping_add(n));
        let (base, other) = (dice.below(corpus.len()), dice.below(corpus.len()));
        let mutant = mutate(&mut dice, &corpus[base], &corpus[other]);
        if catch_unwind(AssertUnwindSafe(|| check(n, &mutant))).is_err() || PANICS.get() > 0 {
            let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutants");
            std::fs::create_dir_all(&dir).unwrap();
            let path = dir.join(format!("{name}-{seed}-{n}"));
            std::fs::write(&path, &mutant).unwrap();
            panic!("mutant {n} of {name} (seed {seed}): {}", path.display());
        }
    }
    println!("{name}: {count} mutants");
}

#[test]
fn letters() {
    let corpus: Vec<Vec<u8>> = [files("tests/corpus/dev", "eml"), files("tests/letters", "eml")].concat();
    let topics = Topics::embedded();
    let own = ["priemnaya@school.example".to_owned()];
    let staff = ["school.example".to_owned()];
    let context = Context { own: &own, staff_domains: &staff, ..Context::default() };
    run("letters", &corpus, number("OTKLIK_MUTANTS", 100_000) * 6 / 10, |n, bytes| {
        let read = message::read(bytes);
        assert!(read.subject.chars().count() <= 500 && read.body.whole.len() <= (1 << 20) + 4 && read.references.len() <= 10);
        assert_eq!(read.content_hash, message::read(bytes).content_hash, "the same bytes are the same letter");
        if n % 12 == 0 {
            let understood = understand(&topics, &read, &context);
            assert!(!understood.reasons.is_empty());
        }
    });
}

#[test]
fn calendars() {
    let mut corpus = files("tests/itip/replies", "ics");
    corpus.extend(files("tests/itip/replies", "txt"));
    run("calendars", &corpus, number("OTKLIK_MUTANTS", 100_000) * 2 / 10, |_, bytes| {
        if let Ok(objects) = itip::read_all(bytes, None) {
            assert!(objects.iter().all(|o| o.uid.len() <= 2_000));
        }
        let _ = itip::read(bytes, Some("REPLY"));
    });
}

#[test]
fn staff_orders() {
    let lists = [include_str!("orders/first.tsv"), include_str!("orders/fresh.tsv")];
    let corpus: Vec<Vec<u8>> = lists.iter().flat_map(|l| l.lines()).filter_map(|l| l.split_once('\t')).map(|(text, _)| text.as_bytes().to_vec()).collect();
    let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    let staff = [
        Colleague { id: "psy", name: "Соколова Ирина Юрьевна", post: "педагог-психолог" },
        Colleague { id: "tech", name: "Вишневский Павел Николаевич", post: "технический специалист" },
    ];
    run("orders", &corpus, number("OTKLIK_MUTANTS", 100_000) * 2 / 10, |_, bytes| {
        let text = String::from_utf8_lossy(bytes);
        let _ = orders::read(&text, today, &staff);
        let _ = otklik::understand::order_list::lines(&text, "Орлова Марина Викторовна", today, &staff);
    });
}

/// Delivery reports and whatever says who sent a letter: read by the fuzzer's readers, from its seeds.
#[test]
fn reports_and_senders() {
    let mut corpus: Vec<Vec<u8>> = files("tests/fuzz/seeds/bounce", "eml");
    run("bounces", &corpus, number("OTKLIK_MUTANTS", 100_000) / 100, |_, bytes| readers::bounce(bytes));
    corpus.extend(files("tests/fuzz/seeds/sender", "eml"));
    run("senders", &corpus, number("OTKLIK_MUTANTS", 100_000) / 100, |_, bytes| readers::sender(bytes));
}

/// What an administrator may have written: any text is read or refused with a reason.
#[test]
fn configurations() {
    let mut corpus = vec![otklik::config::DEMO.as_bytes().to_vec()];
    corpus.extend(files("tests/bad_configs", "toml").into_iter().step_by(7));
    run("configurations", &corpus, number("OTKLIK_MUTANTS", 100_000) * 2 / 10_000, |_, bytes| readers::configuration(bytes));
    let named = |name: &str| [name.as_bytes(), b"\n", &std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()].concat();
    let rules = ["specialists", "terms", "categories", "hours", "seasons", "subjects", "urgency", "announcements", "site", "calendar/2026"];
    let corpus: Vec<Vec<u8>> = rules.iter().map(|name| named(&format!("rules/{name}.toml"))).collect();
    run("rules", &corpus, number("OTKLIK_MUTANTS", 100_000) * 2 / 10_000, |_, bytes| readers::rules(bytes));
}
