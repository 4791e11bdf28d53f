//! `otklik rebuild`: a new database from the mailbox alone, and in words what the mailbox could not tell.
//!
//! Not here: how (`jobs::rebuild`, docs/recovery.md).

use super::{WrongUse, loaded};
use crate::clock::Clock;
use crate::daemon;
use crate::jobs::{REBUILDING, Rebuilt, School, Unknown, catch_up, sweep};
use crate::settings::Settings;
use crate::store::Store;
use anyhow::{Context, Result, bail};
use chrono::{DateTime, Utc};
use serde_json::json;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct Rebuild {
    /// Letters before this moment were there before the program came (RFC 3339); otherwise it is seen from the first letters of the program
    #[arg(long, value_name = "TIME")]
    since: Option<DateTime<Utc>>,
}

/// The report beside the database: for the head, in Russian.
const REPORT: &str = "rebuild.txt";

impl Rebuild {
    pub(super) fn run(self, config: &Path, json: bool, out: &mut impl Write) -> Result<()> {
        let settings = loaded(config)?.settings;
        let _lock = daemon::lock(&settings)?;
        let database = settings.state_dir.join("otklik.db");
        if database.exists() && untouched(&database)? {
            // What a start left behind that found the school not to be new.
            for ending in ["", "-wal", "-shm"] {
                let _ = std::fs::remove_file(settings.state_dir.join(format!("otklik.db{ending}")));
            }
        }
        away(&database)?;
        // Under another name until it is whole: the daemon must never start from half of it.
        let unfinished = settings.state_dir.join(REBUILDING);
        sweep(&settings).context("removing what an earlier rebuild left")?;
        let school = Arc::new(School::new(settings.clone(), Store::open(&unfinished)?, true));
        let mut mailbox = daemon::mailbox_of(&settings);
        let done = super::runtime()?.block_on(catch_up(&school, &mut mailbox, self.since, Clock::System.now())).context("rebuilding from the mailbox")?;
        let open = school.store().appeals(true, 10_000)?.len();
        let all = school.store().appeals(false, 1_000_000)?.len();
        if !school.store().settle_down()? {
            bail!("{} is being read by another program; end it and rebuild again", unfinished.display());
        }
        drop(school);
        // A command may have made an empty one meanwhile.
        away(&database)?;
        put(&unfinished, &database).with_context(|| format!("putting the new database to {}", database.display()))?;
        let words = words(&settings, &done, all, open);
        let report = settings.state_dir.join(REPORT);
        write_private(&report, &words).with_context(|| format!("writing {}", report.display()))?;
        if json {
            let rows: Vec<_> = done.unknown.iter().map(|u| json!({"kind": kind(u), "words": line(&settings, u)})).collect();
            let row =
                json!({"appeals": all, "open": open, "letters": done.letters, "orders": done.orders, "own": done.own, "until": done.until, "unknown": rows});
            writeln!(out, "{row}")?;
        } else {
            write!(out, "{words}")?;
            writeln!(out, "\nwritten: {}, {}", database.display(), report.display())?;
            writeln!(out, "next: otklik takeover (unless the old machine is surely off), then otklik run")?;
        }
        Ok(())
    }
}

/// Whether nothing was ever read or written down in this database.
fn untouched(database: &Path) -> Result<bool> {
    let store = crate::store::open_sound(database).context("looking into the database that is there")?;
    Ok(store.is_new()? && store.last_moment()?.is_none() && store.appeals(false, 1)?.is_empty())
}

/// Nothing of an old database is there. A write-ahead log alone is as bad as the whole: SQLite would play it into the new file.
pub(super) fn away(database: &Path) -> Result<()> {
    for ending in ["", "-wal", "-shm", "-journal"] {
        let mut name = database.as_os_str().to_owned();
        name.push(ending);
        let file = Path::new(&name);
        if file.exists() {
            let words = format!(
                "{} is there; a rebuild begins from nothing: move otklik.db, otklik.db-wal and otklik.db-shm away first, and keep them together",
                file.display()
            );
            return Err(WrongUse(words).into());
        }
    }
    Ok(())
}

/// Renames, and has the folder on disk.
fn put(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::rename(from, to)?;
    std::fs::File::open(to.parent().unwrap_or(Path::new(".")))?.sync_all()
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}

/// The kinds of docs/recovery.md, "What a rebuild cannot know".
pub(super) fn kind(unknown: &Unknown) -> &'static str {
    match unknown {
        Unknown::Appeal(_) => "appeal",
        Unknown::Letter(..) => "letter",
        Unknown::Order(..) => "order",
        Unknown::Command(..) => "command",
        Unknown::Unproved(..) => "unproved",
        Unknown::Time(_) => "time",
        Unknown::Unverified(_) => "unverified",
        Unknown::Parked(_) => "parked",
    }
}

/// Numbers and moments alone: no name, no address, no subject.
fn words(settings: &Settings, done: &Rebuilt, all: usize, open: usize) -> String {
    let until = done.until.map(|at| local(settings, at)).unwrap_or_default();
    let mut text = format!(
        "База восстановлена по почтовому ящику.\n\nЗаявок: {all}, из них открыто: {open}. Прочитано писем: {}, распоряжений с командной строки: {}, наших писем в «Отправленных»: {}.\n\
         Последнее наше письмо: {until}. Всё, что пришло позже, программа разберёт как обычно.\n",
        done.letters, done.orders, done.own
    );
    if done.unknown.is_empty() {
        text.push_str("\nВсё сошлось.\n");
        return text;
    }
    text.push_str("\nПроверьте, пожалуйста, сами:\n");
    for unknown in &done.unknown {
        text.push_str(&format!("- {}\n", line(settings, unknown)));
    }
    text
}

fn local(settings: &Settings, at: DateTime<Utc>) -> String {
    at.with_timezone(&settings.worktime.zone).format("%d.%m.%Y %H:%M").to_string()
}

fn about(number: Option<i64>) -> String {
    number.map_or_else(|| "без номера".to_owned(), |n| format!("№ {n}"))
}

fn line(settings: &Settings, unknown: &Unknown) -> String {
    match unknown {
        Unknown::Appeal(n) => format!(
            "№ {n}: письма, с которого началась заявка, в ящике нет (звонок, бумага или письмо удалили); что было, видно по нашим письмам о ней в «Отправленных»"
        ),
        Unknown::Letter(n, kind, at) => {
            format!(
                "{}: {} мы отправили письмо «{}», повода для него в ящике нет; посмотрите его в «Отправленных» и поправьте заявку",
                about(*n),
                local(settings, *at),
                kind.key()
            )
        }
        Unknown::Order(n, at) => {
            format!("№ {n}: распоряжение с командной строки от {} повторить не удалось; отдайте его снова, если оно ещё нужно", local(settings, *at))
        }
        Unknown::Command(key, n, at) => {
            let what = match *key {
                "group" => "распоряжение о группе",
                "absence" => "отметку об отсутствии",
                "announce" => "распоряжение об объявлении",
                "new" => "заявку, принятую не письмом,",
                "undo" => "отмену распоряжения",
                "silence" => "просьбу семьи о тишине",
                "train" => "правку обучения",
                _ => "распоряжение, запись о котором не открылась,",
            };
            let number = n.map(|n| format!(" (№ {n})")).unwrap_or_default();
            format!("{what} с командной строки от {}{number} повторить не удалось; сделайте это снова, если оно ещё нужно", local(settings, *at))
        }
        Unknown::Unproved(n, kind, at) => {
            format!("{}: письма «{kind}» от {} в «Отправленных» нет; считаем, что оно ушло, снова не посылаем", about(*n), local(settings, *at))
        }
        Unknown::Time(n) => format!("№ {n}: время консультации взято из приглашения в «Отправленных»; уточните у специалиста, что оно верно"),
        Unknown::Unverified(count) => {
            format!("наших писем без проверяемой подписи: {count}; они привязаны по номеру, виду и получателю. Кнопки в старых письмах не действуют")
        }
        Unknown::Parked(count) => format!("писем, которые не удалось разобрать: {count}; они названы в ежедневном отчёте"),
    }
}
