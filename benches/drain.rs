//! Draining a mailbox: from the letter on a Dovecot over TLS to a durable appeal with its receipt in the outbox, beside `mbsync` that only
//! downloads the same mailbox over the same TLS. Run `cargo bench --bench drain`; nothing is sent. See docs/benchmarks.md.
//!
//! Rounds alternate, so that whatever else the machine does meets both; medians are compared. After the rounds a split by stage is printed:
//! each stage alone, one after the other, where the daemon lets fetching and handling overlap.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot set itself up fails and says where")]

#[path = "../tests/wire/dovecot.rs"]
#[expect(dead_code, reason = "the mailbox's own tests use the rest")]
mod dovecot;

use dovecot::{Dovecot, PASSWORD, USER};
use otklik::clock::Clock;
use otklik::config;
use otklik::jobs::{self, School};
use otklik::mailbox::{Imap, Mailbox};
use otklik::message;
use otklik::settings::{Settings, Source};
use otklik::store::Store;
use otklik::understand::{Context, understand};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

const LETTERS: usize = 2000;
const ROUNDS: usize = 7;

#[expect(clippy::disallowed_methods, reason = "a measurement takes time")]
fn instant() -> Instant {
    Instant::now()
}

/// Processor time of this process and of the children it has waited for, in that order: what a busy machine does not blur. Ticks of 10 ms.
fn processor() -> [Duration; 2] {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let after_name = stat.rsplit_once(')').unwrap().1;
    let ticks: Vec<u64> = after_name.split_whitespace().skip(11).take(4).map(|n| n.parse().unwrap()).collect();
    [Duration::from_millis(10 * (ticks[0] + ticks[1])), Duration::from_millis(10 * (ticks[2] + ticks[3]))]
}

/// Letters of the corpus with authors, ids and texts of their own: the same text twice would be recognised as sent twice.
fn letters() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/dev");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().flatten().map(|e| e.path()).collect();
    files.sort();
    let labels = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/labels.jsonl")).unwrap();
    let corpus: Vec<(Vec<u8>, bool)> = (files.iter())
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy();
            let label = labels.lines().find(|line| line.contains(&*name)).unwrap_or_default();
            (fs::read(path).unwrap(), label.contains("\"kind\": \"new_appeal\""))
        })
        .collect();
    assert!(corpus.len() >= 100, "the corpus is not there");
    (0..LETTERS).map(|n| varied(&corpus[n % corpus.len()], n)).collect()
}

/// Header fields, folded lines together, and what follows them.
fn fields(raw: &[u8]) -> (Vec<String>, Vec<u8>) {
    let text = String::from_utf8_lossy(raw).replace("\r\n", "\n");
    let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
    let mut fields: Vec<String> = Vec::new();
    for line in head.lines() {
        match fields.last_mut() {
            Some(last) if line.starts_with([' ', '\t']) => last.push_str(&format!("\r\n{line}")),
            _ => fields.push(line.to_owned()),
        }
    }
    (fields, body.replace('\n', "\r\n").into_bytes())
}

fn varied((raw, appeal): &(Vec<u8>, bool), n: usize) -> Vec<u8> {
    let message = message::read(raw);
    let (mut fields, mut body) = fields(raw);
    let is = |field: &str, name: &str| field.to_ascii_lowercase().starts_with(&format!("{name}:"));
    let from = message.from.first().map_or("parent@family.example".to_owned(), |a| a.email.clone());
    // What is written anew below.
    let anew: &[&str] =
        if *appeal { &["message-id", "from", "reply-to", "content-type", "content-transfer-encoding", "mime-version"] } else { &["message-id"] };
    fields.retain(|field| !anew.iter().any(|name| is(field, name)));
    fields.push(format!("Message-ID: <bench.{n}@mail.example>"));
    if *appeal {
        let text = format!("{}\n\nОбращение {n}.\n", message.body.whole);
        let html = format!("<html><body><p>{}</p></body></html>", text.replace('<', "&lt;").replace('\n', "<br>\n"));
        fields.push(format!(
            "From: =?utf-8?b?{}?= <u{n}.{from}>",
            data_encoding::BASE64.encode(message.from.first().and_then(|a| a.name.clone()).unwrap_or_default().as_bytes())
        ));
        fields.push("MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"bench\"".to_owned());
        let part = |kind: &str, text: &str| {
            let encoded = data_encoding::BASE64_MIME.encode(text.as_bytes());
            format!("--bench\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{encoded}\r\n")
        };
        body = format!("{}{}--bench--\r\n", part("text/plain", &text), part("text/html", &html)).into_bytes();
    }
    [fields.join("\r\n").into_bytes(), b"\r\n\r\n".to_vec(), body].concat()
}

fn settings(dovecot: &Dovecot, dir: &Path) -> Settings {
    let text = format!(
        "mode = \"live\"\nstate_dir = \"state\"\n\n[school]\nname = \"Школа № 12\"\nzone = \"Europe/Moscow\"\nphone = \"8 (495) 000-00-00\"\n\
         head = [\"zam@school.example\", \"zam2@school.example\"]\ndirector = [\"director@school.example\", \"zam2@school.example\"]\n\
         operator = [\"it@school.example\"]\n\n[mailbox]\nhost = \"localhost\"\nport = {}\nuser = \"{USER}\"\nca_file = {:?}\n\n\
         [transport]\nkind = \"folder\"\npath = \"out\"\n\n[brake]\nhour = 1000\nday = 5000\n",
        dovecot.imaps,
        dovecot.ca_file.display().to_string()
    );
    fs::write(dir.join("otklik.toml"), text).unwrap();
    fs::write(dir.join("imap-password"), PASSWORD).unwrap();
    fs::write(dir.join("instance.key"), "5a".repeat(32)).unwrap();
    match config::load(&dir.join("otklik.toml"), Clock::System.now().date_naive()) {
        Ok(loaded) => loaded.settings,
        Err(mistakes) => panic!("{}", mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
    }
}

fn mailbox(settings: &Settings) -> Mailbox {
    let Source::Imap(server) = &settings.mailbox.source else { panic!("no server") };
    Mailbox::Imap(Box::new(Imap::new(server.clone())))
}

/// One round of ours: connection, scan, everything to the last commit.
async fn drain(settings: Settings, database: &Path) -> (Duration, Arc<School>) {
    let mut mailbox = mailbox(&settings);
    let school = Arc::new(School::new(settings, Store::open(database).unwrap(), false));
    let begin = instant();
    let folders = mailbox.folders().await.unwrap();
    let done = jobs::intake(&school, &mut mailbox, &folders, Clock::System.now()).await.unwrap();
    let took = begin.elapsed();
    assert_eq!((done.handled, done.parked), (LETTERS, 0));
    (took, school)
}

/// One round of mbsync into an empty Maildir; as it is by default every letter is fsynced.
fn download(dovecot: &Dovecot, fsync: bool) -> Duration {
    let local = tempfile::Builder::new().prefix("otklik-mbsync-").tempdir().unwrap();
    let password = local.path().join("password");
    fs::write(&password, PASSWORD).unwrap();
    let text = format!(
        "FSync {}\n\nIMAPAccount s\nHost localhost\nPort {}\nUser {USER}\nPassCmd \"cat {}\"\nSSLType IMAPS\nCertificateFile {}\nAuthMechs PLAIN\n\n\
         IMAPStore far\nAccount s\n\nMaildirStore near\nPath {local}/\nInbox {local}/INBOX\n\n\
         Channel c\nFar :far:INBOX\nNear :near:INBOX\nCreate Near\nSyncState *\nSync Pull New\n",
        if fsync { "yes" } else { "no" },
        dovecot.imaps,
        password.display(),
        dovecot.ca_file.display(),
        local = local.path().display()
    );
    let config = local.path().join("mbsyncrc");
    fs::write(&config, text).unwrap();
    let begin = instant();
    let done = Command::new("mbsync").arg("-q").arg("-c").arg(&config).arg("c").output().unwrap();
    let took = begin.elapsed();
    let files: usize = ["new", "cur"].iter().map(|sub| fs::read_dir(local.path().join("INBOX").join(sub)).map_or(0, Iterator::count)).sum();
    assert_eq!(files, LETTERS, "{}", String::from_utf8_lossy(&done.stderr));
    took
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn line(name: &str, time: Duration) {
    println!("{name:<34} {:>8.1} ms  {:>8.0} letters/s", time.as_secs_f64() * 1000.0, LETTERS as f64 / time.as_secs_f64());
}

/// Each stage alone, over all letters, on one thread; processor time, the server's left out.
async fn split(settings: &Settings) {
    let begin = processor()[0];
    let mut mailbox = mailbox(settings);
    mailbox.examine("INBOX").await.unwrap();
    let entries = mailbox.scan(0).await.unwrap();
    let mut fetched = Vec::new();
    for chunk in entries.chunks(64) {
        fetched.extend(mailbox.fetch(chunk, settings.mailbox.size_limit).await.unwrap());
    }
    println!("\nstages alone, ms of processor time per letter");
    let per = |name: &str, time: Duration| println!("  {name:<12} {:.3}", time.as_secs_f64() * 1000.0 / LETTERS as f64);
    per("fetch", processor()[0] - begin);
    let begin = processor()[0];
    let messages: Vec<_> = fetched.iter().map(|f| message::read(f.bytes.as_deref().unwrap_or_default())).collect();
    per("read", processor()[0] - begin);
    let begin = processor()[0];
    let own = [settings.address.clone()];
    for message in &messages {
        let context = Context {
            own: &own,
            staff_domains: &settings.staff_domains,
            staff: &settings.staff_names,
            school_phones: &settings.school_phones,
            sent: &[],
            received: Some(Clock::System.now()),
            zone: Some(settings.worktime.zone),
        };
        std::hint::black_box(understand(&settings.topics, message, &context));
    }
    per("understand", processor()[0] - begin);
}

/// What became of the letters, to see that the work was done.
fn tally(school: &School, database: &Path) {
    let db = rusqlite::Connection::open(database).unwrap();
    let rows = |sql: &str| {
        let mut found = db.prepare(sql).unwrap();
        let rows: Vec<String> =
            found.query_map([], |r| Ok(format!("{} {}", r.get::<_, i64>(1)?, r.get::<_, String>(0)?))).unwrap().map(Result::unwrap).collect();
        rows.join(", ")
    };
    println!("letters: {}", rows("SELECT coalesce(outcome, state), count(*) FROM letter GROUP BY 1 ORDER BY 2 DESC"));
    println!("outbox:  {}", rows("SELECT kind, count(*) FROM posting GROUP BY 1 ORDER BY 2 DESC"));
    drop(school.store());
}

fn main() {
    // `cargo test --all-targets` runs this too; it measures for `cargo bench` alone.
    if !std::env::args().any(|a| a == "--bench") {
        return;
    }
    let Some(mut dovecot) = Dovecot::start() else { return };
    let letters = letters();
    println!("{LETTERS} letters, {:.1} KB on average", letters.iter().map(Vec::len).sum::<usize>() as f64 / 1024.0 / LETTERS as f64);
    dovecot.deliver_many(&letters);
    let dir = tempfile::Builder::new().prefix("otklik-drain-").tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let settings = || settings(&dovecot, dir.path());
    // The first reader of a new mailbox makes the server write its index: both meet a mailbox that was read before.
    download(&dovecot, false);
    let (mut ours, mut default, mut quick) = (Vec::new(), Vec::new(), Vec::new());
    let (mut worked, mut copied) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let database = dir.path().join(format!("round{round}/otklik.db"));
        let mut own = || {
            let before = processor();
            let (took, school) = runtime.block_on(drain(settings(), &database));
            ours.push(took);
            worked.push(processor()[0] - before[0]);
            if round == 0 {
                tally(&school, &database);
            }
            drop(school);
            fs::remove_dir_all(database.parent().unwrap()).unwrap();
        };
        if round % 2 == 0 {
            own();
        }
        default.push(download(&dovecot, true));
        let before = processor();
        quick.push(download(&dovecot, false));
        copied.push(processor()[1] - before[1]);
        if round % 2 == 1 {
            own();
        }
        println!("round {}: otklik {:?}, mbsync {:?}, mbsync without fsync {:?}", round + 1, ours[round], default[round], quick[round]);
    }
    let (ours, default, quick) = (median(&mut ours), median(&mut default), median(&mut quick));
    println!("\nmedians of {ROUNDS} rounds");
    line("otklik: read, decided, durable", ours);
    line("mbsync: downloaded", default);
    line("mbsync without fsync: downloaded", quick);
    println!(
        "ratio to mbsync {:.2}, to mbsync without fsync {:.2} (below 1: faster than it)",
        ours.as_secs_f64() / default.as_secs_f64(),
        ours.as_secs_f64() / quick.as_secs_f64()
    );
    let (worked, copied) = (median(&mut worked), median(&mut copied));
    println!("processor time, without the server's: otklik {worked:?}, mbsync {copied:?}");
    runtime.block_on(split(&settings()));
}
