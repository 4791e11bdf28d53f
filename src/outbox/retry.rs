//! What follows from an outcome: when to try again, when to give up, when to stop the line.
//!
//! Not here: the brake and the order of postings (`jobs::dispatch`), how an outcome is read off the wire (`transport`).

use super::{Kind, Outcome};
use chrono::{DateTime, Duration, Utc};

/// What becomes of the posting and of the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Sent.
    Done,
    /// This posting again at that moment.
    RetryAt(DateTime<Utc>),
    /// This posting never again: a task for a person.
    Dead,
    /// Nothing is sent before that moment; the posting stays queued.
    StopLineUntil(DateTime<Utc>),
    /// Wait for evidence until that moment, then [`after_evidence`] decides.
    AwaitEvidence(DateTime<Utc>),
}

/// What becomes of a posting of unknown outcome when no evidence came in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterEvidence {
    /// Once more, the same bytes: readers and calendars merge on Message-ID, UID and SEQUENCE.
    Repeat,
    /// Not again: a task for a person, who is told that the letter may or may not have arrived.
    Dead,
}

/// Minutes to the second, third … attempt; afterwards hourly.
const STEPS: [i64; 5] = [1, 5, 15, 30, 60];
/// RFC 5321 §4.5.4.1 wants 4 to 5 days.
const GIVE_UP: Duration = Duration::days(4);
/// A full mailbox is emptied within two days or not by waiting.
const FULL_GIVE_UP: Duration = Duration::hours(48);
/// A letter still taken for spam on the third daily try is itself the cause: it must not hold the line for ever.
const SPAM_GIVE_UP: Duration = Duration::hours(48);
/// Greylisting servers refuse whoever comes back sooner.
const GREYLIST: Duration = Duration::minutes(5);
/// How long evidence (Sent, a reply, a bounce) is waited for.
const EVIDENCE: Duration = Duration::minutes(15);

/// The rule of retries. `attempt` counts from 1; `first` is the moment of the first attempt. Jitter comes from `key`, so that the same
/// history always gives the same moments. The kind does not shorten or lengthen the waiting: `not_after` of the posting does.
pub fn next(outcome: &Outcome, _kind: Kind, key: &str, attempt: u32, first: DateTime<Utc>, now: DateTime<Utc>) -> Next {
    let age = now.signed_duration_since(first);
    match outcome {
        Outcome::Accepted(_) => Next::Done,
        Outcome::Refused(_) => Next::Dead,
        Outcome::Unknown(_) => Next::AwaitEvidence(later(now, EVIDENCE)),
        Outcome::Deferred(_) if age >= GIVE_UP => Next::Dead,
        Outcome::Deferred(text) => {
            let wait = step(key, attempt);
            Next::RetryAt(later(now, if greylisted(text) { wait.max(GREYLIST) } else { wait }))
        }
        Outcome::Full(_) if age >= FULL_GIVE_UP => Next::Dead,
        Outcome::Full(_) => Next::RetryAt(later(now, hour(key, attempt))),
        // No letter dies of a wrong password: the line waits, and `check` and the report say why.
        Outcome::Account(_) => Next::StopLineUntil(later(now, Duration::minutes(15 * i64::from(attempt.clamp(1, 4))))),
        Outcome::Spam(_) if age >= SPAM_GIVE_UP => Next::Dead,
        // Each attempt within the provider's block prolongs it: never sooner than 24 hours, hence jitter in one direction only.
        Outcome::Spam(_) => Next::StopLineUntil(later(now, Duration::hours(24) + Duration::seconds(mix(key, attempt, 3600)))),
    }
}

/// What to do when the evidence of an unknown outcome did not come.
///
/// A letter that somebody waits for, or that a term hangs on, is repeated once: a second copy costs a glance, a missing one costs the
/// term. So are the letters to staff (task, call task, report, and `Other`: decisions and alarms for heads and operators), since nobody else
/// would notice the loss. What is only kind to have (receipt, reminder, survey), what may reach somebody who never wrote (confirmation), and
/// what goes to many (announcement) is sent at most once. A second unknown always goes to a person.
pub fn after_evidence(kind: Kind, already_repeated: bool) -> AfterEvidence {
    let repeatable = match kind {
        Kind::Invitation | Kind::Update | Kind::Cancel | Kind::Escalation | Kind::Answer => true,
        Kind::Task | Kind::CallTask | Kind::ReportDaily | Kind::ReportWeekly | Kind::Other => true,
        Kind::Receipt | Kind::Reminder | Kind::Survey | Kind::Confirm | Kind::Announcement => false,
    };
    if repeatable && !already_repeated { AfterEvidence::Repeat } else { AfterEvidence::Dead }
}

/// The wait after this attempt: the first five exact, then an hour give or take a tenth.
fn step(key: &str, attempt: u32) -> Duration {
    let index = usize::try_from(attempt.max(1) - 1).unwrap_or(usize::MAX);
    STEPS.get(index).map_or_else(|| hour(key, attempt), |minutes| Duration::minutes(*minutes))
}

/// An hour ±10 %.
fn hour(key: &str, attempt: u32) -> Duration {
    Duration::seconds(3240 + mix(key, attempt, 721))
}

/// 450 and 451 are how greylisting answers (RFC 6647 §2.1); some say so in words.
fn greylisted(text: &str) -> bool {
    let word = text.to_ascii_lowercase();
    text.starts_with("450") || text.starts_with("451") || word.contains("greylist") || word.contains("graylist")
}

/// A number below `below` from key and attempt: FNV-1a with a final mix, spread evenly enough for jitter and stable across versions of Rust.
fn mix(key: &str, attempt: u32, below: i64) -> i64 {
    let fold = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = key.as_bytes().iter().chain(&attempt.to_le_bytes()).fold(0xcbf2_9ce4_8422_2325, fold);
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    i64::try_from(hash >> 33).unwrap_or(0).rem_euclid(below.max(1))
}

/// `now` and a span, at the end of time at the latest.
fn later(now: DateTime<Utc>, span: Duration) -> DateTime<Utc> {
    now.checked_add_signed(span).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
