//! What strangers' bytes are read by, one function for each way in: what a fuzzer calls with bytes of its own (`targets/`), and what
//! `tests/regressions.rs` calls with those that once broke something. Each ends or panics; what it checks holds for all bytes.
//!
//! Not here: what happens with what was read (`tests/mutants.rs`, the simulator).

use chrono::{DateTime, NaiveDate, Utc};
use otklik::config;
use otklik::itip::{self, PartStat};
use otklik::jobs::dkim::{Keys, proofs};
use otklik::message::{self, Message};
use otklik::settings::{SenderCheck, Settings};
use otklik::store::Waiting;
use otklik::understand::orders::{self, Colleague};
use otklik::understand::{Context, Sent, explain_json, order_absence, order_incident, order_list, order_report, order_silence, understand};
use std::cell::RefCell;
use std::sync::{Arc, OnceLock};

/// One of the readers.
pub type Reader = fn(&[u8]);

/// All of them, by the name of their target and of their folder in `found/`.
pub const READERS: [(&str, Reader); 7] = [
    ("letter", letter),
    ("calendar", calendar),
    ("orders", orders),
    ("bounce", bounce),
    ("sender", sender),
    ("configuration", configuration),
    ("rules", rules),
];

/// The member of staff in whose name `sender` is forged.
const STAFF: &str = "a.zaytseva@school.example";

fn settings() -> &'static Arc<Settings> {
    static SETTINGS: OnceLock<Arc<Settings>> = OnceLock::new();
    SETTINGS.get_or_init(|| {
        let sender_check = SenderCheck { dkim: true, ..SenderCheck::default() };
        Arc::new(Settings { sender_check, ..config::demo() })
    })
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000, 0).unwrap_or_default()
}

fn today() -> NaiveDate {
    now().date_naive()
}

/// Understands a letter as the school would that had sent `sent`.
fn understood(message: &Message, sent: &[Sent]) {
    let settings = settings();
    let own = [settings.address.clone()];
    let context = Context {
        own: &own,
        staff_domains: &settings.staff_domains,
        staff: &settings.staff_names,
        school_phones: &settings.school_phones,
        sent,
        received: Some(now()),
        zone: Some(settings.worktime.zone),
    };
    let read = understand(&settings.topics, message, &context);
    assert!(!read.reasons.is_empty(), "each finding has its reason");
    drop(explain_json("letter", &read, settings.worktime.zone));
}

/// Bounds that hold for every letter.
fn bounded(message: &Message) {
    assert!(message.subject.chars().count() <= 500 && message.references.len() <= 10 && message.forwarded.len() <= 3);
    assert!(message.body.whole.len() <= (1 << 20) + 4 && message.to.len() <= 200 && message.attachments.len() + message.calendars.len() <= 200);
    assert!(message.attachments.iter().filter_map(|a| a.name.as_ref()).all(|n| !n.contains(['/', '\\', '\0', '\r', '\n'])), "a name is no path");
    let names = message.from.iter().chain(&message.to).chain(&message.reply_to).filter_map(|a| a.name.as_ref());
    let ids = message.message_id.iter().chain(&message.references).chain(&message.in_reply_to);
    assert!(names.chain(ids).chain([&message.subject]).all(|line| !line.contains(['\r', '\n', '\0'])), "one clean line");
}

/// A whole letter: MIME, charsets, HTML, quotes, then all that is understood of it.
pub fn letter(bytes: &[u8]) {
    let message = message::read(bytes);
    bounded(&message);
    assert_eq!(message.content_hash, message::read(bytes).content_hash, "the same bytes are the same letter");
    understood(&message, &[]);
}

/// A calendar object or file: answers, blocked time, what `forget` keeps of it, and our answer to it.
pub fn calendar(bytes: &[u8]) {
    let zone = settings().worktime.zone;
    let week = (now(), now() + chrono::TimeDelta::days(28));
    for method in [None, Some("REPLY"), Some("REQUEST")] {
        let Ok(object) = itip::read(bytes, method) else { continue };
        assert!(!object.uid.is_empty() && object.uid.len() <= 2_000);
        let _ = itip::verdict(&object, 1, Some(now()), now());
        let _ = itip::times_only(bytes, &object.uid);
    }
    if let Ok(objects) = itip::read_all(bytes, None) {
        let _ = itip::busy(&objects, zone, week.0, week.1);
        let _ = itip::reply_to(&objects, ("Школа", "priemnaya@school.example"), PartStat::Declined, now());
    }
    if let Ok((blocks, _)) = itip::busy_file(bytes, zone, week.0, week.1) {
        assert!(blocks.len() <= 100_000, "{} blocks", blocks.len());
    }
}

/// What staff write: an order, a list of them, absences, silence, incidents, reports.
pub fn orders(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let staff = [
        Colleague { id: "psy", name: "Соколова Ирина Юрьевна", post: "педагог-психолог" },
        Colleague { id: "tech", name: "Вишневский Павел Николаевич", post: "технический специалист" },
    ];
    let _ = orders::read(&text, today(), &staff);
    let _ = order_list::lines(&text, "Орлова Марина Викторовна", today(), &staff);
    let _ = order_list::numbers(&text);
    let _ = order_absence::read(&text, today(), &staff);
    let _ = order_absence::of_auto_reply(&text, today());
    let _ = order_silence::read(&text, today());
    let _ = order_incident::read(&text);
    let _ = order_report::read(&text, today());
}

/// A delivery report about a letter of ours: the bytes are its header from Content-Type on, and its parts.
pub fn bounce(bytes: &[u8]) {
    let top = b"Return-Path: <>\r\nFrom: Mail Delivery System <mailer-daemon@mx.example>\r\nAuto-Submitted: auto-replied\r\n";
    let message = message::read(&[top, bytes].concat());
    bounded(&message);
    let ours = |id: &String| Sent { message_id: id.clone(), to: Some("mama@family.example".to_owned()), kind: Some("receipt".to_owned()), ..Sent::default() };
    let sent: Vec<Sent> = message.returned_id.iter().map(ours).collect();
    understood(&message, &sent);
}

/// A letter in the name of staff: the bytes are more of its header (`Authentication-Results`, `Received`, `DKIM-Signature`) and its body.
pub fn sender(bytes: &[u8]) {
    let top = format!("From: {STAFF}\r\nSubject: Re\r\nDate: {}\r\nMessage-ID: <x@school.example>\r\n", now().to_rfc2822());
    let raw = [top.as_bytes(), bytes].concat();
    let message = message::read(&raw);
    bounded(&message);
    assert!(message.authentication.len() <= 8 && message.authentication.iter().all(|a| a.results.len() <= 30 && a.above.len() <= 20));
    let letter = Waiting { id: 1, folder: "INBOX".to_owned(), uid: 1, internal_date: now(), size: raw.len() as u64, attempts: 0, working: false };
    thread_local! {
        static RUNTIME: RefCell<Option<tokio::runtime::Runtime>> = const { RefCell::new(None) };
    }
    let signed = RUNTIME.with_borrow_mut(|runtime| {
        if runtime.is_none() {
            *runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().ok();
        }
        let keys = Keys::Fixed([("k1._domainkey.school.example.".to_owned(), KEY.to_owned())].into());
        runtime.as_ref().map(|r| r.block_on(proofs(&keys, settings(), &[(letter, raw)])))
    });
    assert!(signed.is_some_and(|p| p.values().all(|proof| !matches!(proof, message::Proof::Signed(_)))), "nobody guesses a signature");
}

/// An Ed25519 key whose private half nobody has.
const KEY: &str = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

/// Loads a configuration whose file of this name holds these bytes.
fn loaded(name: &str, bytes: &[u8]) {
    thread_local! {
        static FOLDER: RefCell<Option<tempfile::TempDir>> = const { RefCell::new(None) };
    }
    FOLDER.with_borrow_mut(|folder| {
        if folder.is_none() {
            let made = ["/dev/shm", "/tmp"].iter().find_map(|place| tempfile::tempdir_in(place).ok());
            let Some(made) = made else { panic!("no folder for a configuration") };
            *folder = Some(made);
        }
        let Some(root) = folder.as_ref().map(tempfile::TempDir::path) else { return };
        let main = root.join("otklik.toml");
        let path = root.join(name);
        let written = [path.parent().map_or(Ok(()), std::fs::create_dir_all), std::fs::write(&main, config::DEMO), std::fs::write(&path, bytes)];
        assert!(written.iter().all(Result::is_ok), "a configuration cannot be written: {written:?}");
        let found = config::load_offline(&main, today());
        if path != main {
            assert!(std::fs::remove_file(&path).is_ok());
        }
        if let Err(mistakes) = found {
            assert!(!mistakes.is_empty() && mistakes.iter().all(|m| !m.message.is_empty()), "a refusal says why");
        }
    });
}

/// `otklik.toml`.
pub fn configuration(bytes: &[u8]) {
    loaded("otklik.toml", bytes);
}

/// A file of `rules/` or a template: the first line is its name below the configuration, the rest its text.
pub fn rules(bytes: &[u8]) {
    let (name, text) = bytes.split_at(bytes.iter().position(|b| *b == b'\n').map_or(0, |at| at + 1));
    let name = String::from_utf8_lossy(name).trim().to_owned();
    let known = NAMES.iter().find(|known| **known == name);
    loaded(known.unwrap_or(&NAMES[0]), if known.is_some() { text } else { bytes });
}

/// Files that a school can replace, one of each kind.
const NAMES: [&str; 18] = [
    "rules/specialists.toml",
    "rules/announcements.toml",
    "rules/categories.toml",
    "rules/elsewhere.toml",
    "rules/hours.toml",
    "rules/proposals.toml",
    "rules/safety.toml",
    "rules/seasons.toml",
    "rules/site.toml",
    "rules/subjects.toml",
    "rules/terms.toml",
    "rules/urgency.toml",
    "rules/topics/technical.toml",
    "rules/calendar/2026.toml",
    "rules/calendar/school.toml",
    "rules/calendar/regional/tuva.toml",
    "rules/contacts.csv",
    "templates/receipt/text.txt",
];
