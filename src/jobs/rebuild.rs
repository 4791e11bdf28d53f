//! Memory out of the mailbox: from an empty database (`otklik rebuild`) or one restored from a backup, the letters of INBOX and Sent are lived
//! through once more, each at its own moment, with the ordinary jobs; nothing leaves. Numbers are those that our letters in Sent name; what Sent holds
//! counts as sent. It ends at the newest letter of ours: what came later is ordinary work.
//!
//! Not here: reading our letters in Sent (`own`), what the store makes of the proofs (`store::rebuilt`), words for people (`otklik rebuild`).

use super::coming::{Bytes, Coming, Happened, What};
use super::dispatch::{Line, send_due};
use super::handle::LEFT;
use super::intake::journal_new;
use super::own::{self, Own};
use super::rebuilt::{RebuildError, Rebuilt, Unknown};
use super::records::Said;
use super::retire::is_forgotten;
use super::then::{Present, Then};
use super::{RECONCILE, School, deadlines, dkim, forgotten, handle_proved, learn, next_report, order, reports, sent, takeover};
use crate::clock::Clock;
use crate::decide::{RECOVERED, on_recovered};
use crate::mailbox::Mailbox;
use crate::message;
use crate::settings::Settings;
use crate::store::{Match, Waiting};
use crate::transport::{self, Transport};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// Letters older than our first one by more than this were there before the program came.
const BEFORE_US: TimeDelta = TimeDelta::days(14);
/// A letter that should have left so shortly before the end may not have.
const DOUBT: TimeDelta = TimeDelta::hours(1);
/// Letters of one folder, more than any school has.
const ALL: u32 = 1 << 30;
/// How far a restored database has lived through its past: one that was cut off goes on from there, never back.
const LIVED: &str = "reconciled_to";

/// The past, while it is lived through.
struct Past<'a> {
    school: &'a Arc<School>,
    /// As the files say: key, epoch, mode and proofs of senders.
    present: Arc<Settings>,
    own: &'a [Own],
    /// Numbers by the content of the letter that opened the appeal.
    numbers: HashMap<String, i64>,
    taken: BTreeSet<i64>,
    /// Ids that our letters answer, and when the first such was decided.
    answered: HashMap<&'a str, DateTime<Utc>>,
    /// When the first letter of an appeal was decided.
    opened: HashMap<i64, DateTime<Utc>>,
    coming: Coming,
    then: Then,
    /// Before our first letter only what our letters speak of was ever handled.
    served_since: Option<DateTime<Utc>>,
    fresh: bool,
    unknown: Vec<Unknown>,
    letters: usize,
    orders: usize,
    parked: usize,
    /// How many of `own` have left by the present of the past.
    proved: usize,
}

/// Lives through what the mailbox holds up to our newest letter in Sent. `since`: what came before was there before the program, instead of guessing.
///
/// # Errors
/// The mailbox's or the store's; a rebuild begins anew then, a restored database goes on withholding its letters and catches up at the next call: our
/// letters in Sent are settled with the end of it, in one transaction, and whatever was done until then is done once.
pub async fn catch_up(school: &Arc<School>, mailbox: &mut Mailbox, since: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<Rebuilt, RebuildError> {
    let present = Present::of(school);
    let done = relive(school, &present, mailbox, since, now).await;
    if done.is_err() {
        // Nobody is called for what a past moment wanted to call for.
        school.store().alerts_are_past(now)?;
    }
    done
}

async fn relive(
    school: &Arc<School>,
    present: &Present<'_>,
    mailbox: &mut Mailbox,
    since: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<Rebuilt, RebuildError> {
    let settings = school.settings();
    let restored = moment_in(school, RECONCILE)?;
    let folders = mailbox.folders().await?;
    let sent_folder = settings.mailbox.sent.clone().or(folders.sent).ok_or(RebuildError::NoSent)?;
    school.store().set_meta(sent::FOLDER, &sent_folder)?;
    let sent_validity = journal_new(school, mailbox, &sent_folder, false, false, now).await?;
    let own = own::index(school, mailbox, &sent_folder, sent_validity).await?;
    // The mark of a takeover is no letter: what came before it was still to be done.
    let letters = own.iter().rev().find(|o| !o.is_takeover()).map(|o| o.proved.at);
    let marks = own.last().map(|o| restored.unwrap_or(o.proved.at));
    let Some(until) = letters.or(marks) else {
        if restored.is_none() {
            return Err(RebuildError::NothingOfOurs(sent_folder));
        }
        let done = Rebuilt { letters: 0, orders: 0, own: 0, until: None, unknown: Vec::new() };
        finish(school, &done, &own, true, now)?;
        return Ok(done);
    };
    let ours: HashSet<i64> = own.iter().map(|o| o.row).collect();
    for (mark, at) in own.iter().filter(|o| o.stamp.signed).filter_map(|o| o.stamp.forgotten.as_ref()) {
        school.store().obey(mark, *at)?;
    }
    let mut letters = school.store().waiting(&sent_folder, sent_validity, ALL)?;
    letters.retain(|w| !ours.contains(&w.id));
    let mut places = BTreeMap::from([(sent_folder, sent_validity)]);
    for folder in &settings.mailbox.folders {
        let validity = journal_new(school, mailbox, folder, false, false, now).await?;
        letters.extend(school.store().waiting(folder, validity, ALL)?);
        places.insert(folder.clone(), validity);
    }
    if let Some(spam) = settings.mailbox.spam.clone().or(folders.spam) {
        school.store().set_meta("spam_folder", &spam)?;
        journal_new(school, mailbox, &spam, true, true, now).await?;
    }
    let fresh = restored.is_none();
    let mut past = Past::new(school, &own, fresh, since);
    past.expect(letters, places, until, restored, since)?;
    let causes = past.numbers.keys().cloned().collect();
    school.live_in_the_past(Some(causes));
    past.live_through(mailbox, restored, until).await?;
    school.live_in_the_past(None);
    past.prove(restored, until, now)?;
    forgotten::again(school, &past.present, fresh, now)?;
    let newest = own.iter().filter(|o| o.stamp.signed).map(|o| o.stamp.epoch).max().unwrap_or(1);
    takeover::adopt(school, newest)?;
    present.back();
    let Past { mut unknown, letters, orders, parked, .. } = past;
    if parked > 0 {
        unknown.push(Unknown::Parked(parked));
    }
    unknown.sort();
    unknown.dedup();
    let done = Rebuilt { letters, orders, own: own.len(), until: Some(until), unknown };
    finish(school, &done, &own, !fresh, now)?;
    Ok(done)
}

/// A moment that the store keeps.
fn moment_in(school: &School, key: &str) -> Result<Option<DateTime<Utc>>, RebuildError> {
    Ok(school.store().meta(key)?.and_then(|s| s.parse().ok()).and_then(|s| DateTime::from_timestamp(s, 0)))
}

/// The present begins: in one step our letters in Sent are settled, the head hears of it once, and letters may leave again.
fn finish(school: &School, done: &Rebuilt, own: &[Own], restored: bool, now: DateTime<Utc>) -> Result<(), RebuildError> {
    let settings = school.refresh()?;
    let all = school.store().appeals(false, 1_000_000)?.len();
    let open = school.store().appeals(true, 1_000_000)?.len();
    let effects = on_recovered(school.round(&settings, now), &done.letter(restored, (all, open)));
    let rows: Vec<(i64, String)> = own.iter().map(|o| (o.row, o.proved.message_id.clone())).collect();
    school.store().caught_up(&rows, &effects, &[RECONCILE, LIVED], now)?;
    school.sent_was_seen();
    Ok(())
}

impl<'a> Past<'a> {
    fn new(school: &'a Arc<School>, own: &'a [Own], fresh: bool, since: Option<DateTime<Utc>>) -> Past<'a> {
        let present = school.settings();
        let mut numbers = HashMap::new();
        for letter in own {
            let brought = letter.order.as_ref().and_then(|o| match &o.what {
                Said::Command { command } => command.opened(&present, o.at),
                Said::Order { .. } => None,
            });
            if let Some((cause, number)) = brought.or_else(|| letter.stamp.cause.clone().zip(letter.stamp.appeal)) {
                numbers.entry(cause).or_insert(number);
            }
        }
        let (mut answered, mut opened) = (HashMap::new(), HashMap::new());
        for letter in own {
            for id in &letter.answers {
                let first = answered.entry(id.as_str()).or_insert(letter.decided);
                *first = letter.decided.min(*first);
            }
            if let Some(number) = letter.stamp.appeal.filter(|_| letter.stamp.cause.is_some()) {
                let first = opened.entry(number).or_insert(letter.decided);
                *first = letter.decided.min(*first);
            }
        }
        Past {
            school,
            then: Then::new(Arc::clone(&present), own, fresh),
            present,
            numbers,
            taken: own.iter().filter_map(|o| o.stamp.appeal).collect(),
            answered,
            opened,
            served_since: if fresh && since.is_none() { own.first().map(|o| o.proved.at) } else { None },
            own,
            coming: Coming::new(Vec::new(), BTreeMap::new(), 0),
            fresh,
            unknown: Vec::new(),
            letters: 0,
            orders: 0,
            parked: 0,
            proved: 0,
        }
    }

    /// Puts letters and orders up to the end in order; what lies before the program's first day becomes baseline.
    fn expect(
        &mut self,
        letters: Vec<Waiting>,
        folders: BTreeMap<String, u32>,
        until: DateTime<Utc>,
        restored: Option<DateTime<Utc>>,
        since: Option<DateTime<Utc>>,
    ) -> Result<(), RebuildError> {
        let first = if self.fresh { since.or(self.served_since.map(|at| at - BEFORE_US)) } else { None };
        let (before, after): (Vec<_>, Vec<_>) = letters.into_iter().partition(|w| first.is_some_and(|at| w.internal_date < at));
        self.school.store().leave_as_baseline(&before.iter().map(|w| w.id).collect::<Vec<_>>())?;
        let mut events: Vec<Happened> = Vec::new();
        events.extend(after.into_iter().filter(|w| w.internal_date <= until).map(|w| Happened { at: w.internal_date, what: What::Letter(w, Bytes::Unread) }));
        let orders = self.own.iter().enumerate().filter_map(|(n, o)| o.order.as_ref().map(|order| (n, order.at)));
        events.extend(orders.filter(|(_, at)| restored.is_none_or(|since| *at > since)).map(|(n, at)| Happened { at, what: What::Order(n) }));
        self.coming = Coming::new(events, folders, self.present.mailbox.size_limit);
        Ok(())
    }

    /// The clock goes from moment to moment, as in a rehearsal.
    async fn live_through(&mut self, mailbox: &mut Mailbox, restored: Option<DateTime<Utc>>, until: DateTime<Utc>) -> Result<(), RebuildError> {
        // The program was there when it decided about its first letter; what had come before waited for it.
        let first = self.own.iter().map(|o| o.decided).min();
        let lived = if restored.is_some() { moment_in(self.school, LIVED)?.max(restored) } else { None };
        let mut at = lived.or(first.map(|first| first - TimeDelta::seconds(1)));
        let mut posting_at = lived;
        while let Some(next) = self.next_moment(at, posting_at)?.filter(|next| *next <= until) {
            at = Some(next);
            self.then.set(self.school, next)?;
            self.left_before(next)?;
            learn(self.school)?;
            while let Some(event) = self.coming.by(next, mailbox).await? {
                if matches!(event.what, What::Order(_)) {
                    // Whoever ordered at this moment saw what was due until then as done.
                    self.clock_work(next).await?;
                }
                self.happen(event, next).await?;
            }
            posting_at = self.clock_work(next).await?;
            if restored.is_some() {
                self.school.store().set_meta(LIVED, &next.timestamp().to_string())?;
            }
            // What else the daemon has to do (its watchdog) is not kept waiting by years of letters.
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    /// What had left by then stands in Sent. Where another key made its id, answers to it are understood only after this.
    fn left_before(&mut self, now: DateTime<Utc>) -> Result<(), RebuildError> {
        let mut store = self.school.store();
        while let Some(letter) = self.own.get(self.proved).filter(|o| o.proved.at < now) {
            let most = if letter.stamp.signed { Match::Exact } else { Match::Linked };
            store.prove_left(&letter.proved, most, now)?;
            self.proved += 1;
        }
        Ok(())
    }

    /// What the clock brings about at this moment; returns when the line has something again. Its letters go nowhere.
    async fn clock_work(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, RebuildError> {
        deadlines(self.school, now)?;
        reports(self.school, now)?;
        let mut transport = Transport::Script(transport::Script::default());
        Ok(send_due(self.school, &mut transport, Clock::Virtual(now), Line::Past).await?.next)
    }

    fn next_moment(&self, at: Option<DateTime<Utc>>, posting: Option<DateTime<Utc>>) -> Result<Option<DateTime<Utc>>, RebuildError> {
        let event = self.coming.next_at();
        let Some(now) = at else { return Ok(event) };
        let later = |at: DateTime<Utc>| at.max(now + TimeDelta::seconds(1));
        let wake = self.school.store().next_wake()?.map(later);
        let report = next_report(&self.present, now);
        Ok(event.map(|e| e.max(now)).into_iter().chain(wake).chain(posting.map(later)).chain(report).min())
    }

    async fn happen(&mut self, event: Happened, now: DateTime<Utc>) -> Result<(), RebuildError> {
        match event.what {
            What::Order(index) => self.order(index),
            What::Letter(letter, Bytes::Here(bytes)) => self.letter(letter, bytes, now).await,
            // It goes on waiting: daily life looks for it three times and tells a person.
            What::Letter(..) => {
                self.parked += 1;
                Ok(())
            }
        }
    }

    /// Carries an order out again. One whose record stands in the outbox was carried out already, before the backup or by a try that was cut off.
    fn order(&mut self, index: usize) -> Result<(), RebuildError> {
        let Some((letter, recorded)) = self.own.get(index).and_then(|o| Some((o, o.order.as_ref()?))) else { return Ok(()) };
        for id in [&letter.proved.message_id, &letter.proved.other_id] {
            if self.school.store().is_ours(id)? {
                return Ok(());
            }
        }
        self.orders += 1;
        let at = recorded.at;
        match &recorded.what {
            Said::Order { appeal, order: said } if order(self.school, *appeal, said, at).is_err() => self.unknown.push(Unknown::Order(*appeal, at)),
            Said::Order { .. } => {}
            Said::Command { command } => {
                if let Some((_, number)) = command.opened(&self.present, at) {
                    self.school.store().set_meta("next_number", &number.to_string())?;
                }
                if command.again(self.school, at).is_err() {
                    self.unknown.push(Unknown::Command(command.key(), command.appeal(), at));
                }
            }
        }
        Ok(())
    }

    async fn letter(&mut self, letter: Waiting, bytes: Vec<u8>, now: DateTime<Utc>) -> Result<(), RebuildError> {
        let read = message::read(&bytes);
        let number = self.numbers.get(&read.content_hash).copied();
        let spoken_of = number.is_some() || read.message_id.as_deref().is_some_and(|id| self.answered.contains_key(id));
        if self.served_since.is_some_and(|at| letter.internal_date < at) && !spoken_of {
            return Ok(self.school.store().leave_as_baseline(&[letter.id])?);
        }
        if let Some(later) = self.decided_at(&read, number, letter.internal_date).filter(|at| *at > now) {
            // The machine stood still, or the letter was moved in later: it is decided about when it was then.
            self.coming.put_off(letter, later);
            return Ok(());
        }
        let number = match number {
            Some(number) => number,
            None => self.free_number()?,
        };
        self.school.store().set_meta("next_number", &number.to_string())?;
        let letters = [(letter, bytes)];
        let proofs = dkim::proofs(&self.school.keys, &self.present, &letters).await;
        let failed = handle_proved(self.school, &letters, proofs, now)?;
        if failed.first().is_some_and(|(_, why)| why == LEFT) {
            return Ok(());
        }
        self.letters += 1;
        if let (Some((row, why)), [(_, bytes)]) = (failed.first(), &letters) {
            self.parked += 1;
            self.school.store().park(*row, why, Some(bytes), now)?;
        }
        Ok(())
    }

    /// When a letter was decided about, as far as our letters tell: the first of its appeal for the one that opened it, else the first that answers it.
    fn decided_at(&self, read: &message::Message, number: Option<i64>, received: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let of_appeal = number.and_then(|n| self.opened.get(&n));
        let answering = read.message_id.as_deref().and_then(|id| self.answered.get(id));
        of_appeal.or(answering).copied().filter(|at| *at > received)
    }

    /// The next number that no letter in Sent names for another appeal.
    fn free_number(&self) -> Result<i64, RebuildError> {
        let mut number = self.school.store().appeals(false, 1)?.first().map_or(0, |a| a.number) + 1;
        while self.taken.contains(&number) {
            number += 1;
        }
        Ok(number)
    }

    /// What Sent proves, and what it does not.
    fn prove(&mut self, restored: Option<DateTime<Utc>>, until: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), RebuildError> {
        let mut store = self.school.store();
        let last = store.appeals(false, 1)?.first().map_or(0, |a| a.number).max(self.taken.last().copied().unwrap_or(0));
        store.set_meta("next_number", &(last + 1).to_string())?;
        for (cause, number) in &self.numbers {
            if store.opened_by(cause)? != Some(*number) {
                self.unknown.push(Unknown::Appeal(*number));
            }
        }
        for number in &self.taken {
            if store.appeal(*number)?.is_none() {
                self.unknown.push(Unknown::Appeal(*number));
            }
        }
        let mut rest = Vec::new();
        for letter in self.own {
            if store.prove_left(&letter.proved, Match::Exact, now)?.is_none() {
                rest.push(letter);
            }
        }
        drop(store);
        let mut known = Vec::with_capacity(rest.len());
        for letter in rest {
            // Of whoever was forgotten not even the address of a letter to them comes back.
            if !is_forgotten(self.school, &self.present, Some(&letter.proved.to), letter.proved.at)? {
                known.push(letter);
            }
        }
        let mut store = self.school.store();
        for letter in known {
            let how = store.prove_left(&letter.proved, Match::Kept, now)?;
            if letter.locked {
                self.unknown.push(letter.stamp.appeal.map_or(Unknown::Command("locked", None, letter.proved.at), |n| Unknown::Order(n, letter.proved.at)));
            }
            // The letter about an earlier rebuild has no occasion in the mailbox.
            let told = letter.stamp.signed && letter.stamp.cause.as_deref() == Some(RECOVERED);
            if how == Some(Match::Kept) && !letter.stamp.record && !told {
                self.unknown.push(Unknown::Letter(letter.proved.appeal, letter.proved.kind, letter.proved.at));
            }
        }
        let mut times: BTreeMap<&str, (DateTime<Utc>, DateTime<Utc>)> = BTreeMap::new();
        for (uid, start, end) in self.own.iter().filter_map(|o| o.told.as_ref()) {
            times.insert(uid, (*start, *end));
        }
        for (uid, (start, end)) in times {
            self.unknown.extend(store.told_time(uid, start, end)?.map(Unknown::Time));
        }
        let unproved = store.settle_unproved(restored.unwrap_or(DateTime::UNIX_EPOCH), until - DOUBT, now)?;
        self.unknown.extend(unproved.into_iter().map(|u| Unknown::Unproved(u.appeal, u.kind, u.at)));
        let unverified = self.own.iter().filter(|o| !o.stamp.signed).count();
        if unverified > 0 {
            self.unknown.push(Unknown::Unverified(unverified));
        }
        Ok(())
    }
}
