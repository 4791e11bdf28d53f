//! Letters and calendar objects made to break a reader (reliability.md §5): each is read, understood and taken in by the real path, within 64 MB more
//! than before and with an answer of bounded size. A generator makes each; none lies in the tree.
//!
//! Memory is counted by the allocator of this test program: the most that lived at once. The processor time of each, as the system counts it (so that
//! a busy machine changes little), is printed (`--nocapture`) and stands in docs/hostile.md; nothing is asserted about it.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails and says where")]

#[path = "bombs/calendars.rs"]
mod calendars;
#[path = "bombs/shapes.rs"]
mod shapes;
#[path = "bombs/texts.rs"]
mod texts;

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::BASE64;
use otklik::itip;
use otklik::jobs::dkim::{Keys, proofs};
use otklik::jobs::{School, intake};
use otklik::mailbox::{Mailbox, Script};
use otklik::message::{self, Message};
use otklik::settings::{SenderCheck, Settings};
use otklik::store::{Store, Waiting};
use otklik::understand::{Context, understand};
use peak_alloc::PeakAlloc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Once, PoisonError};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What a bomb may cost at its worst moment, beside its own bytes.
const MOST: usize = 64 << 20;

type Made = (&'static str, fn() -> Vec<u8>);

macro_rules! made {
    ($family:ident: $($name:ident),* $(,)?) => { [$((stringify!($name), $family::$name as fn() -> Vec<u8>)),*] };
}

fn letters() -> Vec<Made> {
    let shapes = made![shapes: multiparts_within_multiparts, multiparts_within_multiparts_closed, letters_within_letters, letters_within_base64,
        base64_within_base64, a_million_parts, parts_that_never_begin, a_digest_of_letters, calendars_in_each_part, a_hundred_thousand_fields,
        one_field_of_60_megabytes, a_subject_of_10_megabytes, a_million_addresses, a_hundred_thousand_groups, groups_within_groups,
        a_hundred_thousand_senders, sections_of_a_file_name, sections_of_a_file_name_backwards, a_hundred_thousand_encoded_words,
        encoded_words_that_never_end, a_million_brackets, a_boundary_of_dashes, lines_of_dashes, a_hundred_thousand_references,
        a_hundred_thousand_checks, signatures_without_end, a_report_about_everybody];
    let texts = made![texts: a_million_nested_divs, nested_tables_and_quotes, tags_that_never_end, entities_in_base64, an_unknown_charset, utf_7,
        a_wrong_charset, torn_utf_8, uuencoded_files_in_the_text, headers_of_cp1251, an_empty_letter, only_a_header, only_nuls, only_line_ends,
        one_line_without_end, quotes_within_quotes, letters_quoted_in_the_text, days_and_hours, numbers, names_and_classes, everything_at_once,
        orders_without_end, a_form_without_end, a_zip_of_zeros, a_letter_of_50_megabytes];
    [shapes.to_vec(), texts.to_vec()].concat()
}

fn objects() -> Vec<Made> {
    made![calendars: components_within_components, components_within_components_in_16_kb, fifty_thousand_events, every_second_since_1970,
        a_rule_that_never_comes_true, rules_in_every_event, exceptions_without_end, a_line_of_10_megabytes, ten_megabytes_of_folds,
        parameters_without_end, people_without_end, zones_without_end]
    .to_vec()
}

fn now() -> DateTime<Utc> {
    "2026-11-23T07:00:00Z".parse().unwrap()
}

/// One at a time: the allocator counts for the whole program.
static ALONE: Mutex<()> = Mutex::new(());

/// Panics of the whole program: the readers catch their own, and none shall be.
static PANICS: AtomicUsize = AtomicUsize::new(0);

/// What some work costs: the most that lived at once beyond what lived before, and milliseconds of processor time.
struct Cost {
    bytes: usize,
    time: u64,
}

/// Milliseconds that this program has worked, of its own and in the system (proc(5): fields 14 and 15, in hundredths of a second).
fn worked() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let behind_the_name = stat.rsplit(')').next().unwrap();
    behind_the_name.split_whitespace().skip(11).take(2).map(|n| n.parse::<u64>().unwrap() * 10).sum()
}

fn measured<T>(work: impl FnOnce() -> T) -> (T, Cost) {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            PANICS.fetch_add(1, Ordering::Relaxed);
            usual(info);
        }));
    });
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let begin = worked();
    let done = work();
    (done, Cost { bytes: MEMORY.peak_usage().saturating_sub(before), time: worked() - begin })
}

fn mb(bytes: usize) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

/// Prints a line of docs/hostile.md, and holds the bound.
fn within(name: &str, size: usize, what: &str, cost: &Cost) {
    println!("| {} | {:.1} | {what} | {} | {:.1} |", name.replace('_', " "), mb(size), cost.time, mb(cost.bytes));
    assert_eq!(PANICS.load(Ordering::Relaxed), 0, "{name}: {what} panicked, and it was caught");
    assert!(cost.bytes <= MOST, "{name}: {what} took {:.1} MB", mb(cost.bytes));
}

/// An answer of bounded size, whatever came.
fn bounded(name: &str, message: &Message) {
    assert!(message.subject.chars().count() <= 500 && message.references.len() <= 10 && message.in_reply_to.len() <= 10, "{name}");
    assert!(message.from.len() <= 20 && message.to.len() <= 200 && message.cc.len() <= 200 && message.forwarded.len() <= 3, "{name}");
    assert!(message.body.whole.len() <= (1 << 20) + 4 && message.attachments.len() + message.calendars.len() <= 200, "{name}");
    assert!(message.attachments.iter().filter_map(|a| a.name.as_ref()).all(|n| n.len() <= 800 && !n.contains(['/', '\\', '\0'])), "{name}: a path");
}

fn settings() -> Settings {
    Settings { sender_check: SenderCheck { dkim: true, ..SenderCheck::default() }, ..otklik::config::demo() }
}

fn understood(settings: &Settings, message: &Message) -> usize {
    let own = [settings.address.clone()];
    let context = Context {
        own: &own,
        staff_domains: &settings.staff_domains,
        staff: &settings.staff_names,
        school_phones: &settings.school_phones,
        sent: &[],
        received: Some(now()),
        zone: Some(settings.worktime.zone),
    };
    understand(&settings.topics, message, &context).reasons.len()
}

#[test]
fn every_letter_is_read_and_understood() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let settings = settings();
    // What is made once for the program is no letter's cost.
    understood(&settings, &message::read(&shapes::plain(shapes::TEXT)));
    for (name, make) in letters() {
        let bytes = make();
        let (reasons, cost) = measured(|| {
            let message = message::read(&bytes);
            bounded(name, &message);
            let objects = message.calendars.iter().filter(|part| itip::read(&part.bytes, part.method.as_deref()).is_ok()).count();
            understood(&settings, &message) + objects
        });
        assert!(reasons > 0 && reasons < 10_000, "{name}: {reasons} reasons");
        within(name, bytes.len(), "read and understood", &cost);
    }
}

#[test]
fn every_letter_is_taken_in_and_the_next_one_is_answered() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let school = Arc::new(School::new(settings(), Store::in_memory().unwrap(), false).with_keys(Keys::Fixed([].into())));
    let (mut n, mut parked) = (0, 0);
    for (name, make) in letters() {
        let bytes = make();
        let size = bytes.len();
        let mut script = Script::new();
        n += 1;
        let at = now() + TimeDelta::hours(i64::from(n));
        script.deliver("INBOX", at, bytes);
        script.uid_validity = n;
        let mut mailbox = Mailbox::Script(script);
        let folders = runtime.block_on(mailbox.folders()).unwrap();
        let (done, cost) = measured(|| runtime.block_on(intake(&school, &mut mailbox, &folders, at)).expect(name));
        assert_eq!(done.handled + done.parked, 1, "{name}");
        parked += done.parked;
        within(name, size, "taken in", &cost);
    }
    assert_eq!(parked, 0, "reading is total");
    let mut script = Script::new();
    let at = now() + TimeDelta::days(30);
    let other = String::from_utf8(shapes::plain(shapes::TEXT)).unwrap().replace("mama@", "papa@").replace("<b@", "<last@").replace("Мама", "Папа");
    script.deliver("INBOX", at, other.into_bytes());
    script.uid_validity = n + 1;
    let appeals = || school.store().appeals(false, 10_000).unwrap().len();
    let before = appeals();
    let mut mailbox = Mailbox::Script(script);
    let folders = runtime.block_on(mailbox.folders()).unwrap();
    let done = runtime.block_on(intake(&school, &mut mailbox, &folders, at)).unwrap();
    assert_eq!((done.handled, appeals()), (1, before + 1), "an ordinary letter after all of them");
}

/// Signatures are looked for in letters in the name of staff; mail-auth reads their header by itself.
#[test]
fn no_signature_costs_more_than_a_letter() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (settings, keys) = (settings(), Keys::Fixed([].into()));
    let zeros = |bytes: usize| BASE64.encode(&vec![0; bytes]);
    let (hash, signed) = (zeros(32), zeros(256));
    let signature = format!(
        "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=school.example; s=k1; h=from:subject:date:message-id; bh={hash}; b={signed}
"
    );
    let (mama, staff) = (b"mama@family.example", b"a.zaytseva@school.example");
    for (name, make) in letters() {
        let mut bytes = [signature.as_bytes(), &make()].concat();
        if let Some(at) = bytes.windows(mama.len()).take(2_000).position(|w| w == mama) {
            bytes.splice(at..at + mama.len(), staff.iter().copied());
        }
        let letter = Waiting { id: 1, folder: "INBOX".into(), uid: 1, internal_date: now(), size: bytes.len() as u64, attempts: 0, working: false };
        let size = bytes.len();
        let pair = [(letter, bytes)];
        let (found, cost) = measured(|| runtime.block_on(proofs(&keys, &settings, &pair)));
        assert!(found.len() <= 1, "{name}");
        within(name, size, "signatures", &cost);
    }
}

#[test]
fn every_calendar_object_is_read_or_refused() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let settings = settings();
    let zone = settings.worktime.zone;
    for (name, make) in objects() {
        let bytes = make();
        let (_, cost) = measured(|| {
            for method in [None, Some("REPLY")] {
                if let Ok(object) = itip::read(&bytes, method) {
                    let (verdict, times) = (itip::verdict(&object, 0, None, now()), itip::times_only(&bytes, &object.uid));
                    assert!(times.is_none_or(|kept| kept.len() <= bytes.len() + 1_000), "{name}: {verdict:?}");
                }
            }
            itip::read_all(&bytes, None).map(|all| all.len())
        });
        within(name, bytes.len(), "an answer", &cost);
        let (blocks, cost) = measured(|| itip::busy_file(&bytes, zone, now(), now() + TimeDelta::days(28)));
        assert!(blocks.map_or(0, |(found, _)| found.len()) <= 100_000, "{name}");
        within(name, bytes.len(), "blocked time", &cost);
    }
}

/// For `otklik explain` of an installed program, whose times stand in docs/hostile.md.
#[test]
#[ignore = "writes 400 MB into target/tmp/bombs"]
fn every_letter_as_a_file() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("bombs");
    std::fs::create_dir_all(&folder).unwrap();
    for (name, make) in letters() {
        std::fs::write(folder.join(format!("{name}.eml")), make()).unwrap();
    }
}
