//! The daemon: the jobs of one or many schools, signals, sd_notify and watchdog, back-off. Two tasks a school, so that a slow SMTP server
//! never delays intake: one reads, decides and reports, one sends. What a round does is in `round`.

pub mod round;

use crate::clock::Clock;
use crate::config;
use crate::jobs::{self, JobError, School, brief};
use crate::mailbox::{Folders, Imap, Mailbox, Wake};
use crate::settings::{Settings, Source};
use crate::store::StoreError;
use crate::transport::Transport;
use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Notify, watch};

/// Longest pause between two tries of a connection.
const BACK_OFF_MOST: Duration = Duration::from_secs(600);
/// Without mailbox or transport for so long a person is called.
const ALERT_AFTER: TimeDelta = TimeDelta::hours(1);

/// A school with what its tasks share.
struct Served {
    path: PathBuf,
    /// Held as long as we serve: two programs sending one outbox would send twice.
    _lock: std::fs::File,
    school: Arc<School>,
    /// New postings may be there.
    posted: Notify,
    /// Look again now: a reload.
    again: Notify,
    /// The school is not new, and its database is gone.
    lost: AtomicBool,
    /// Last finished round of each task, seconds: the watchdog's proof of life.
    read_at: AtomicI64,
    sent_at: AtomicI64,
}

/// Opens a school's store and says what it found.
///
/// # Errors
/// When the database cannot be opened or is damaged.
pub fn open(settings: Settings) -> Result<School, StoreError> {
    Ok(School::new(settings.clone(), crate::store::open_sound(&settings.state_dir.join("otklik.db"))?, true))
}

/// Another machine serves this school.
#[derive(Debug, thiserror::Error)]
#[error(
    "another machine serves this school (epoch {0} in Sent, newer than ours): nothing is sent from here. If that machine is gone, run `otklik takeover`; otherwise stop this service for good"
)]
pub struct Superseded(pub u32);

/// A mailbox of the configured kind; nothing is connected yet.
pub fn mailbox_of(settings: &Settings) -> Mailbox {
    match &settings.mailbox.source {
        Source::Imap(server) => Mailbox::Imap(Box::new(Imap::new(server.clone()))),
        Source::Folder(path) => Mailbox::Folder(crate::mailbox::Folder::new(path)),
    }
}

/// Runs until a signal ends it. `fresh`: these schools begin anew, whatever letters of ours their mailboxes hold.
///
/// # Errors
/// When a configuration or a database cannot be opened at start; later failures are retried and logged.
pub async fn run(configurations: &[PathBuf], fresh: bool) -> Result<()> {
    let clock = Clock::System;
    // Before anything is told to the service manager: a signal in the moment after READY is a signal to a service that runs.
    let mut term = signal(SignalKind::terminate())?;
    let mut int = signal(SignalKind::interrupt())?;
    let mut hup = signal(SignalKind::hangup())?;
    let mut served = Vec::new();
    for path in configurations {
        served.push(Arc::new(serve(path, clock.now(), fresh).await.with_context(|| format!("starting {}", path.display()))?));
    }
    let schools: Vec<Arc<School>> = served.iter().map(|one| Arc::clone(&one.school)).collect();
    if schools.len() > 1 {
        jobs::Neighbours::introduce(&schools);
    }
    let (stop, stopped) = watch::channel(false);
    let mut tasks = tokio::task::JoinSet::new();
    for one in &served {
        tasks.spawn(read_loop(Arc::clone(one), clock, stopped.clone()));
        tasks.spawn(send_loop(Arc::clone(one), clock, stopped.clone()));
    }
    tasks.spawn(watchdog(served.clone(), clock, stopped));
    let _ = sd_notify::notify(&[sd_notify::NotifyState::Ready]);
    tracing::info!(schools = served.len(), "running");
    loop {
        tokio::select! {
            _ = term.recv() => break,
            _ = int.recv() => break,
            _ = hup.recv() => served.iter().for_each(|one| reload(one, clock)),
            Some(ended) = tasks.join_next() => {
                if let Err(e) = ended {
                    tracing::error!(reason = brief(&e), "a task broke; the service manager starts the program again");
                    anyhow::bail!("a task broke");
                }
                // Tasks end by themselves only where this machine must not serve the school.
                if served.iter().all(|one| refused(one).is_some()) {
                    break;
                }
            }
        }
    }
    let _ = sd_notify::notify(&[sd_notify::NotifyState::Stopping]);
    tracing::info!("stopping: rounds in work are finished");
    let _ = stop.send(true);
    for one in &served {
        one.posted.notify_one();
        one.again.notify_one();
    }
    // A letter in transmission may take its time; what is cut off is told apart at the next start.
    let _ = tokio::time::timeout(Duration::from_secs(60), async { while tasks.join_next().await.is_some() {} }).await;
    match served.iter().find_map(|one| refused(one)) {
        Some(why) if served.iter().all(|one| refused(one).is_some()) => Err(why),
        _ => Ok(()),
    }
}

/// The epoch of the machine that has taken this school over.
fn replaced(one: &Served) -> Option<u32> {
    jobs::superseded(&one.school).ok().flatten()
}

/// Why this machine does not serve this school any more.
fn refused(one: &Served) -> Option<anyhow::Error> {
    let lost = || one.lost.load(Ordering::Relaxed).then(|| JobError::NotNew.into());
    replaced(one).map(|epoch| Superseded(epoch).into()).or_else(lost)
}

async fn serve(path: &Path, now: DateTime<Utc>, fresh: bool) -> Result<Served> {
    let loaded = config::load(path, now.date_naive()).map_err(|mistakes| anyhow::anyhow!(told(&mistakes)))?;
    for warning in &loaded.warnings {
        tracing::warn!("{warning}");
    }
    let lock = lock(&loaded.settings)?;
    let school = open(loaded.settings)?;
    if fresh {
        school.store().begin_anew()?;
    }
    if let Some(epoch) = jobs::superseded(&school)? {
        // The machine may have gone down before anybody was called.
        give_alerts(&school, now).await;
        return Err(Superseded(epoch).into());
    }
    round::begin(&school, now)?;
    let at = AtomicI64::new(now.timestamp());
    Ok(Served {
        path: path.to_owned(),
        _lock: lock,
        school: Arc::new(school),
        posted: Notify::new(),
        again: Notify::new(),
        lost: AtomicBool::new(false),
        read_at: at,
        sent_at: AtomicI64::new(now.timestamp()),
    })
}

/// One daemon or `once` a school; the command line's other commands work beside it.
///
/// # Errors
/// When another program serves the school, or the folder cannot be written.
pub fn lock(settings: &Settings) -> Result<std::fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    let path = settings.state_dir.join("otklik.lock");
    crate::store::private_folder(&settings.state_dir).with_context(|| format!("making {}", settings.state_dir.display()))?;
    let file = std::fs::OpenOptions::new().create(true).append(true).mode(0o600).open(&path);
    let file = file.with_context(|| format!("opening {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => {
            anyhow::bail!("another Otklik serves this school already ({} is locked); stop it first: systemctl stop otklik", path.display())
        }
        Err(std::fs::TryLockError::Error(e)) => Err(e).with_context(|| format!("locking {}", path.display())),
    }
}

fn told(mistakes: &[config::Mistake]) -> String {
    let lines: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    format!("the configuration has mistakes:\n{}", lines.join("\n"))
}

/// SIGHUP: everything is read again; with mistakes the old settings stay.
fn reload(one: &Served, clock: Clock) {
    match config::load(&one.path, clock.now().date_naive()) {
        Ok(loaded) => {
            one.school.reload(loaded.settings);
            if let Err(e) = one.school.store().wake_all() {
                tracing::error!(reason = brief(&e), "deadlines could not be woken after the reload");
            }
            tracing::info!(configuration = %one.path.display(), "reloaded");
            one.again.notify_one();
        }
        Err(mistakes) => {
            tracing::error!(configuration = %one.path.display(), mistakes = mistakes.len(), "not reloaded, the old settings stay:\n{}", told(&mistakes))
        }
    }
}

/// Reads, decides, reports; then waits for news or the next moment.
async fn read_loop(one: Arc<Served>, clock: Clock, mut stopped: watch::Receiver<bool>) {
    let mut mailbox = mailbox_of(&one.school.settings());
    let mut folders: Option<Folders> = None;
    let mut failures = 0_u32;
    let mut since_failure: Option<DateTime<Utc>> = None;
    while !*stopped.borrow() {
        let now = clock.now();
        let read = round::read(&one.school, &mut mailbox, &mut folders, now, &|| one.posted.notify_one()).await;
        // Terms, alarms and reports go on without the mailbox.
        if let Err(e) = round::decide(&one.school, clock.now()) {
            tracing::error!(reason = brief(&e), "deadlines or reports failed");
        }
        one.posted.notify_one();
        if let Err(e) = &read
            && e.chain().any(|c| matches!(c.downcast_ref(), Some(JobError::NotNew)))
        {
            one.lost.store(true, Ordering::Relaxed);
            tracing::error!("{e:#}");
            return;
        }
        let pause = match read {
            Ok(news) => {
                failures = 0;
                since_failure = None;
                one.read_at.store(clock.now().timestamp(), Ordering::Relaxed);
                if news {
                    continue;
                }
                None
            }
            Err(e) => {
                failures += 1;
                folders = None;
                mailbox = mailbox_of(&one.school.settings());
                tracing::warn!(failures, reason = brief(&e), "the mailbox could not be read");
                let since = *since_failure.get_or_insert(now);
                alert_if_long(&one, "mailbox", since, now).await;
                // The loop itself is alive: the watchdog is for hangs, the alert for a dead server.
                one.read_at.store(clock.now().timestamp(), Ordering::Relaxed);
                Some(back_off(failures))
            }
        };
        back_up(&one, clock.now()).await;
        give_alerts(&one.school, clock.now()).await;
        if replaced(&one).is_some() {
            return;
        }
        let most = until_next(&one, clock.now());
        tokio::select! {
            _ = stopped.changed() => {}
            () = one.again.notified() => {
                mailbox = mailbox_of(&one.school.settings());
                folders = None;
            }
            () = rest(&mut mailbox, pause, most) => {}
        }
    }
}

/// The daily backup, on a thread of its own: locking with a passphrase takes a second.
async fn back_up(one: &Arc<Served>, now: DateTime<Utc>) {
    let served = Arc::clone(one);
    match tokio::task::spawn_blocking(move || jobs::daily_backup(&served.school, &served.path, now)).await {
        Ok(Ok(Some(made))) => tracing::info!(appeals = made.contents.appeals, deleted = made.deleted, "a backup was made"),
        Ok(Ok(None)) => {}
        Ok(Err(e)) => tracing::error!(reason = brief(&e), "the backup could not be noted"),
        Err(e) => tracing::error!(reason = brief(&e), "the backup broke"),
    }
}

/// 5, 10, 20 … seconds, at most ten minutes.
fn back_off(failures: u32) -> Duration {
    Duration::from_secs(5).saturating_mul(1 << failures.saturating_sub(1).min(10)).min(BACK_OFF_MOST)
}

/// Waits by IDLE or polling; an error of the wait is the next round's business.
async fn rest(mailbox: &mut Mailbox, pause: Option<Duration>, most: Duration) {
    match pause {
        Some(pause) => tokio::time::sleep(pause.min(most.max(Duration::from_secs(5)))).await,
        None => match mailbox.wait(most).await {
            Ok(Wake::News | Wake::Timeout) => {}
            Err(e) => {
                tracing::debug!(reason = brief(&e), "waiting ended");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        },
    }
}

/// How long to wait for news at most: the poll interval, or less when a deadline or report comes first.
fn until_next(one: &Served, now: DateTime<Utc>) -> Duration {
    let settings = one.school.settings();
    let wait = round::next(&one.school, now).map_or(settings.mailbox.poll, |at| (at - now).to_std().unwrap_or(Duration::ZERO));
    wait.clamp(Duration::from_millis(200), settings.mailbox.poll)
}

/// Sends what is due, as soon as something is.
async fn send_loop(one: Arc<Served>, clock: Clock, mut stopped: watch::Receiver<bool>) {
    let mut transport = Transport::open(&one.school.settings().transport);
    let mut since_failure: Option<DateTime<Utc>> = None;
    let mut settings = one.school.settings();
    while !*stopped.borrow() && refused(&one).is_none() {
        let present = one.school.settings();
        if !Arc::ptr_eq(&present, &settings) {
            transport = Transport::open(&present.transport);
            settings = present;
        }
        let now = clock.now();
        let next = match jobs::dispatch(&one.school, &mut transport, clock).await {
            Ok(done) => {
                if !done.sent.is_empty() {
                    tracing::info!(letters = done.sent.len(), "letters were sent");
                }
                if done.reached {
                    since_failure = None;
                } else {
                    alert_if_long(&one, "transport", *since_failure.get_or_insert(now), now).await;
                }
                done.next
            }
            Err(e) => {
                tracing::error!(reason = brief(&e), "sending failed");
                Some(now + TimeDelta::seconds(30))
            }
        };
        one.sent_at.store(clock.now().timestamp(), Ordering::Relaxed);
        let wait = next.map_or(Duration::from_secs(60), |at| (at - clock.now()).to_std().unwrap_or(Duration::ZERO));
        tokio::select! {
            _ = stopped.changed() => {}
            () = one.posted.notified() => {}
            () = tokio::time::sleep(wait.clamp(Duration::from_millis(200), Duration::from_secs(60))) => {}
        }
    }
}

/// After an hour without a server a person is called, once a day.
async fn alert_if_long(one: &Served, what: &str, since: DateTime<Utc>, now: DateTime<Utc>) {
    if now - since < ALERT_AFTER {
        return;
    }
    let key = format!("{what}/{}", now.format("%Y-%m-%d"));
    let text = format!("no {what} for an hour: letters are neither lost nor answered; run `otklik check --online`");
    let effect = crate::effect::Effect::Alert { key, text };
    if let Err(e) = one.school.store().carry_out(&[effect], now) {
        tracing::error!(reason = brief(&e), "the alert could not be noted");
    }
    give_alerts(&one.school, now).await;
}

/// Runs the configured command for each alert, once. Its text holds no personal data.
async fn give_alerts(school: &School, now: DateTime<Utc>) {
    let alerts = school.store().alerts().unwrap_or_default();
    for (key, text) in alerts {
        tracing::error!(alert = key, "{text}");
        if let Some((program, arguments)) = school.settings().alert_command.as_deref().and_then(<[String]>::split_first) {
            run_alert(program, arguments, &text).await;
        }
        if let Err(e) = school.store().alert_given(&key, now) {
            tracing::error!(reason = brief(&e), "the alert could not be noted");
        }
    }
}

async fn run_alert(program: &str, arguments: &[String], text: &str) {
    let (program, arguments, text) = (program.to_owned(), arguments.to_owned(), text.to_owned());
    let ran =
        tokio::task::spawn_blocking(move || std::process::Command::new(program).args(arguments).arg(text).stdin(std::process::Stdio::null()).status()).await;
    match ran {
        Ok(Ok(status)) if status.success() => {}
        Ok(Ok(status)) => tracing::error!(code = status.code(), "alert_command failed"),
        Ok(Err(e)) => tracing::error!(reason = brief(&e), "alert_command could not be run"),
        Err(e) => tracing::error!(reason = brief(&e), "alert_command broke"),
    }
}

/// Tells systemd that we live, only while rounds of every task really finish.
async fn watchdog(served: Vec<Arc<Served>>, clock: Clock, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        let now = clock.now().timestamp();
        // A round ends with a wait as long as `poll`, which may be an hour; a patient SMTP server may take ten minutes in good health.
        let read_within = |s: &Served| 1200 + i64::try_from(s.school.settings().mailbox.poll.as_secs()).unwrap_or(3600);
        let alive = served
            .iter()
            .filter(|s| refused(s).is_none())
            .all(|s| now - s.read_at.load(Ordering::Relaxed) < read_within(s) && now - s.sent_at.load(Ordering::Relaxed) < 1500);
        let waiting: u32 = served.iter().map(|s| s.school.store().count_waiting().unwrap_or(0)).sum();
        let status = format!("{} school(s), {waiting} letter(s) waiting", served.len());
        if alive {
            let _ = sd_notify::notify(&[sd_notify::NotifyState::Watchdog, sd_notify::NotifyState::Status(&status)]);
        } else {
            tracing::error!("a round does not finish; the watchdog is not fed");
        }
        tokio::select! {
            _ = stopped.changed() => {}
            () = tokio::time::sleep(Duration::from_secs(30)) => {}
        }
    }
}

/// Each job once. `fresh`: the school begins anew.
///
/// # Errors
/// The first failure; what was done until then stays.
pub async fn once(path: &Path, fresh: bool) -> Result<()> {
    let clock = Clock::System;
    let one = Arc::new(serve(path, clock.now(), fresh).await?);
    let mut mailbox = mailbox_of(&one.school.settings());
    let mut folders = None;
    round::read(&one.school, &mut mailbox, &mut folders, clock.now(), &|| one.posted.notify_one()).await?;
    round::decide(&one.school, clock.now())?;
    let mut transport = Transport::open(&one.school.settings().transport);
    jobs::dispatch(&one.school, &mut transport, clock).await?;
    if let Some(folders) = &folders {
        jobs::copy_sent(&one.school, &mut mailbox, folders, clock.now()).await?;
    }
    back_up(&one, clock.now()).await;
    give_alerts(&one.school, clock.now()).await;
    replaced(&one).map_or(Ok(()), |epoch| Err(Superseded(epoch).into()))
}
