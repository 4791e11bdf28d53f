//! The command line: one file for each command. Prints for people, JSON with `--json`; exit codes: 0 done, 1 failed, 2 wrong use or configuration.

mod absence;
mod announce;
mod backup;
mod blocks;
pub mod check;
mod demo;
mod due;
mod evaluate;
mod explain;
mod find;
mod forget;
mod go_live;
mod group;
pub mod init;
mod journal;
mod key;
mod look;
mod new;
mod online;
mod order;
mod rebuild;
mod rehearse;
mod report;
mod restore;
mod schedule;
mod site;
mod survey;
mod takeover;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_order;
mod train;
mod written;

use crate::clock::Clock;
use crate::config::{self, Loaded};
use crate::jobs::School;
use crate::settings::Settings;
use anyhow::{Context, Result};
use clap::{CommandFactory, Parser, Subcommand};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Letters to a school become answered appeals.
#[derive(Debug, Parser)]
#[command(name = "otklik", version, about, max_term_width = 100)]
struct Arguments {
    /// Configuration file; otherwise ./otklik.toml, then /etc/otklik/otklik.toml
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Print JSON, one object a line where there are many
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// A school's week in virtual time on bundled letters; needs nothing
    Demo(demo::Demo),
    /// Write a commented configuration
    Init(InitArguments),
    /// Every mistake in configuration, rules, templates and calendars at once
    Check {
        /// Log in to IMAP and SMTP and say what the servers can do
        #[arg(long)]
        online: bool,
    },
    /// The daemon, for one school or many
    Run {
        /// Configurations, where there are several schools
        configurations: Vec<PathBuf>,
        /// The school begins anew although its mailbox holds letters of an earlier Otklik: what is there is not answered
        #[arg(long)]
        fresh: bool,
    },
    /// Each job once, then exit
    Once {
        /// The school begins anew although its mailbox holds letters of an earlier Otklik: what is there is not answered
        #[arg(long)]
        fresh: bool,
    },
    /// The whole daemon in virtual time on recorded mail; delivers nothing
    Rehearse(rehearse::Rehearse),
    /// What is understood of a letter, with reasons
    Explain(explain::Explain),
    /// How well letters that people labelled are understood
    Evaluate(evaluate::Evaluate),
    /// When a term ends and why, day by day
    Due(due::Due),
    /// Health and numbers
    Status,
    /// Appeals
    List {
        /// Closed ones too
        #[arg(long)]
        all: bool,
    },
    /// One appeal's whole history
    Show {
        /// Appeal number
        number: i64,
    },
    /// Take in an appeal that came by telephone or on paper
    New(new::New),
    /// Appeals by telephone, surname or number: numbers, states, times
    Find(find::Find),
    /// Carry out what staff can order about an appeal
    Order(order::OrderArguments),
    /// Group consultations: plan, fill, move, cancel, tell how they went
    Group(group::GroupArguments),
    /// Who is away, as told by letter or here
    Absence(absence::AbsenceArguments),
    /// Announcements to families: preview, send, who has answered
    Announce(announce::AnnounceArguments),
    /// Consent that families gave or refused by letter
    Consent(announce::ConsentArguments),
    /// Time that is taken besides consultations
    Blocks(blocks::BlocksArguments),
    /// What corrections have taught, and what that changes
    Train(train::Train),
    /// Print the report of a day, week, month or quarter
    Report(report::Report),
    /// Journal of consultations or register of appeals, for a period
    Journal(journal::Journal),
    /// What families said after consultations, of nobody in particular
    Survey(survey::Survey),
    /// The schedule of consultations: print it, or write page, workbook and calendar feeds
    Schedule(schedule::Schedule),
    /// Fragments for the school's site: support, hours, announcements
    Site(site::Site),
    /// Leave shadow mode: letters go to people from now on
    GoLive(go_live::GoLive),
    /// A checked, locked copy of database, configuration, rules and instance key
    Backup(backup::Backup),
    /// Open a backup into a new folder; its database then catches up with the mailbox before anything leaves
    Restore(restore::Restore),
    /// A database from the mailbox alone: appeals, terms and consultations come back, what cannot be known is listed
    Rebuild(rebuild::Rebuild),
    /// This machine serves the school from now on; another one that still runs stops by itself
    Takeover,
    /// Take out all that is known of a person or an appeal, with a certificate
    Forget(forget::Forget),
    /// All that is known of a person, for that person
    Export(forget::Export),
    /// The instance key, which signs buttons and Message-IDs
    Key(key::KeyArguments),
    /// Shell completions
    Completions {
        /// Shell
        shell: clap_complete::Shell,
    },
    /// Manual page
    Man,
}

/// Flags of `init`; what they leave open is asked.
#[derive(Debug, clap::Args)]
struct InitArguments {
    /// Folder to write into
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// mailru, yandex, rambler or own
    #[arg(long)]
    provider: Option<String>,
    /// The school's mailbox
    #[arg(long)]
    address: Option<String>,
    /// IMAP server
    #[arg(long, value_name = "HOST:PORT")]
    imap: Option<String>,
    /// SMTP server
    #[arg(long, value_name = "HOST:PORT")]
    smtp: Option<String>,
    /// The school's name as people write it
    #[arg(long)]
    school: Option<String>,
    /// Time zone, Europe/Moscow
    #[arg(long)]
    zone: Option<String>,
    /// The school's phone as printed in letters
    #[arg(long)]
    phone: Option<String>,
    /// Address of whoever keeps the machine
    #[arg(long)]
    operator: Option<String>,
    /// Ask nothing
    #[arg(long)]
    yes: bool,
}

/// A configuration that cannot be used: exit code 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct WrongUse(String);

/// Runs the program; the exit code says how it went.
pub fn main() -> ExitCode {
    // Dates of birth of files: the store, keys and outputs are the owner's alone.
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(e) => {
            let code = if e.use_stderr() { 2 } else { 0 };
            let _ = e.print();
            return ExitCode::from(code);
        }
    };
    log_to_stderr(matches!(arguments.command, Command::Run { .. } | Command::Once { .. }));
    match run(arguments) {
        Ok(code) => code,
        Err(e) => {
            // A closed pipe (`otklik list | head`) is no failure worth words.
            if e.chain().any(|c| c.downcast_ref::<std::io::Error>().is_some_and(|io| io.kind() == std::io::ErrorKind::BrokenPipe)) {
                return ExitCode::SUCCESS;
            }
            eprintln!("otklik: {e:#}");
            ExitCode::from(code_of(&e))
        }
    }
}

/// 77 (EX_NOPERM) and 78 (EX_CONFIG) are those after which the service manager does not start the program again.
fn code_of(error: &anyhow::Error) -> u8 {
    let damaged =
        |c: &(dyn std::error::Error + 'static)| matches!(c.downcast_ref(), Some(crate::store::StoreError::Damaged(_) | crate::store::StoreError::Newer(_)));
    if error.chain().any(|c| c.is::<WrongUse>()) {
        2
    } else if error.chain().any(|c| c.is::<crate::daemon::Superseded>()) {
        77
    } else if error.chain().any(damaged) || error.chain().any(|c| matches!(c.downcast_ref(), Some(crate::jobs::JobError::NotNew))) {
        78
    } else {
        1
    }
}

/// Logs to stderr; the mail crates never above info: at trace level they print passwords and letters.
fn log_to_stderr(daemon: bool) {
    use tracing_subscriber::EnvFilter;
    let level = if daemon { "info" } else { "error" };
    let filter = EnvFilter::new(format!("{level},async_imap=info,imap_proto=info,lettre=info,rustls=warn"));
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false).with_target(false).try_init();
}

fn run(arguments: Arguments) -> Result<ExitCode> {
    let Arguments { config, json, command } = arguments;
    let out = &mut std::io::stdout().lock();
    match command {
        Command::Demo(demo) => demo.run(out)?,
        Command::Init(flags) => return run_init(flags, out),
        Command::Check { online } => return run_check(config.as_deref(), online, json, out),
        Command::Run { configurations, fresh } => {
            let paths = if configurations.is_empty() { vec![path_of(config.as_deref())?] } else { configurations };
            runtime()?.block_on(crate::daemon::run(&paths, fresh))?;
        }
        Command::Once { fresh } => runtime()?.block_on(crate::daemon::once(&path_of(config.as_deref())?, fresh))?,
        Command::Rehearse(rehearse) => rehearse.run(settings_as_taught(config.as_deref())?, json, out)?,
        Command::Explain(explain) => explain.run(config.as_deref(), json, out)?,
        Command::Evaluate(evaluate) => evaluate.run(config.as_deref(), json, out)?,
        Command::Due(due) => due.run(&settings_or_demo(config.as_deref())?, json, out)?,
        Command::Status => return look::status(&open(config.as_deref())?, json, out),
        Command::List { all } => look::list(&open(config.as_deref())?, all, json, out)?,
        Command::Show { number } => look::show(&open(config.as_deref())?, number, json, out)?,
        Command::New(new) => new.run(&open_to_decide(config.as_deref())?, json, out)?,
        Command::Find(find) => find.run(&open(config.as_deref())?, json, out)?,
        Command::Order(order) => order.run(&open_to_decide(config.as_deref())?, json, out)?,
        Command::Group(group) => group.run(&open_to_decide(config.as_deref())?, json, out)?,
        Command::Absence(absence) => absence.run(&open_to_decide(config.as_deref())?, json, out)?,
        Command::Announce(announce) => announce.run(&open_to_decide(config.as_deref())?, json, out)?,
        Command::Consent(consent) => consent.run(&open_to_decide(config.as_deref())?, json, out)?,
        Command::Blocks(blocks) => blocks.run(&open_to_decide(config.as_deref())?, json, out)?,
        Command::Train(train) => train.run(&open_to_decide(config.as_deref())?, json, out)?,
        Command::Report(report) => report.run(&open(config.as_deref())?, json, out)?,
        Command::Journal(journal) => journal.run(&open(config.as_deref())?, json, out)?,
        Command::Survey(survey) => survey.run(&open(config.as_deref())?, json, out)?,
        Command::Schedule(schedule) => schedule.run(&settings_or_demo(config.as_deref())?, found(config.as_deref()).is_some(), json, out)?,
        Command::Site(site) => site.run(&settings_or_demo(config.as_deref())?, found(config.as_deref()).is_some(), out)?,
        Command::GoLive(go_live) => go_live.run(&open_to_decide(config.as_deref())?, out)?,
        Command::Backup(backup) => backup.run(&path_of(config.as_deref())?, json, out)?,
        Command::Restore(restore) => restore.run(json, out)?,
        Command::Rebuild(rebuild) => rebuild.run(&path_of(config.as_deref())?, json, out)?,
        Command::Takeover => takeover::run(&path_of(config.as_deref())?, json, out)?,
        Command::Forget(forget) => forget.run(&open_to_decide(config.as_deref())?, json, Clock::System.now(), out)?,
        Command::Export(export) => export.run(&open(config.as_deref())?, Clock::System.now(), out)?,
        Command::Key(key) => key.run(&path_of(config.as_deref())?, &open_to_decide(config.as_deref())?, Clock::System.now(), out)?,
        Command::Completions { shell } => clap_complete::generate(shell, &mut Arguments::command(), "otklik", out),
        Command::Man => clap_mangen::Man::new(Arguments::command()).render(out)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// One thread for all waiting; what works long (a backlog, name look-ups) has threads of its own for as long as it works. Each further
/// thread would keep a heap of its own while the daemon idles.
fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().context("starting the runtime")
}

/// The configuration file: named, else in this folder, else the system's.
fn found(config: Option<&Path>) -> Option<PathBuf> {
    match config {
        Some(path) => Some(path.to_owned()),
        None => ["./otklik.toml", "/etc/otklik/otklik.toml"].into_iter().map(PathBuf::from).find(|p| p.exists()),
    }
}

fn path_of(config: Option<&Path>) -> Result<PathBuf> {
    found(config).ok_or_else(|| {
        WrongUse(
            "no configuration: neither ./otklik.toml nor /etc/otklik/otklik.toml is there; `otklik init` writes one, or name one with --config FILE".into(),
        )
        .into()
    })
}

fn loaded(path: &Path) -> Result<Loaded> {
    let today = Clock::System.now().date_naive();
    config::load(path, today).map_err(|mistakes| {
        let lines: String = mistakes.iter().map(|m| format!("\n  {m}")).collect();
        WrongUse(format!("{} has mistakes:{lines}", path.display())).into()
    })
}

/// The settings of a school with a store.
fn open(config: Option<&Path>) -> Result<School> {
    let settings = loaded(&path_of(config)?)?.settings;
    crate::daemon::open(settings).context("opening the database")
}

/// The same for what changes anything: a database that does not know the present yet would decide wrongly, and give numbers a second time.
fn open_to_decide(config: Option<&Path>) -> Result<School> {
    let school = open(config)?;
    anyhow::ensure!(
        !crate::daemon::round::catching_up(&school)?,
        "this database is still catching up with the mailbox: start the service first (systemctl start otklik) and try again in a few minutes"
    );
    Ok(school)
}

/// Settings for commands that need no mailbox; without a configuration, the demo school's.
fn settings_or_demo(config: Option<&Path>) -> Result<Settings> {
    match found(config) {
        Some(path) => {
            let today = Clock::System.now().date_naive();
            let loaded = config::load_offline(&path, today).map_err(|mistakes| {
                let lines: String = mistakes.iter().map(|m| format!("\n  {m}")).collect();
                WrongUse(format!("{} has mistakes:{lines}", path.display()))
            })?;
            Ok(loaded.settings)
        }
        None => Ok(config::demo()),
    }
}

/// The same with what the school's own people taught, where it has a database: letters are sorted as the daemon would.
fn settings_as_taught(config: Option<&Path>) -> Result<Settings> {
    let settings = settings_or_demo(config)?;
    if found(config).is_none() {
        return Ok(settings);
    }
    match crate::store::lessons_in(&settings.state_dir.join("otklik.db")) {
        Ok(own) if own.is_empty() => Ok(settings),
        Ok(own) => Ok(Settings { topics: settings.topics.learned(&own), ..settings }),
        Err(e) => {
            eprintln!("otklik: the school's own examples could not be read ({e}); letters are sorted without them");
            Ok(settings)
        }
    }
}

fn run_init(flags: InitArguments, out: &mut impl Write) -> Result<ExitCode> {
    let InitArguments { dir, provider, address, imap, smtp, school, zone, phone, operator, yes } = flags;
    let written = init::init(&dir, init::InitFlags { provider, address, imap, smtp, school, zone, phone, operator, yes })?;
    for path in written {
        writeln!(out, "written: {}", path.display())?;
    }
    write!(out, "{}", init::next_steps(&dir))?;
    Ok(ExitCode::SUCCESS)
}

fn run_check(config: Option<&Path>, online: bool, json: bool, out: &mut impl Write) -> Result<ExitCode> {
    let path = path_of(config)?;
    let today = Clock::System.now().date_naive();
    let checked = check::check_in(&path, today, &config::Surroundings::of_process());
    if json {
        write!(out, "{}", check::json(&checked.result))?;
    } else {
        write!(out, "{}", checked.text)?;
    }
    let mut code = checked.code;
    if online && let Ok(loaded) = &checked.result {
        let (lines, good) = runtime()?.block_on(online::look(&loaded.settings));
        for line in lines {
            writeln!(out, "{line}")?;
        }
        code = code.max(u8::from(!good));
    }
    Ok(ExitCode::from(code))
}
