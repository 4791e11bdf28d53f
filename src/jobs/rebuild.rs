//! Memory out of the mailbox: from an empty database (`otklik rebuild`) or one restored from a backup, the letters of INBOX and Sent are lived
//! through once more, each at its own moment, with the ordinary jobs; nothing leaves. Numbers are those that our letters in Sent name; what Sent holds
//! counts as sent. It ends at the newest letter of ours: what came later is ordinary work.
//!
//! Not here: reading our letters in Sent (`own`), what the store makes of the proofs (`store::rebuilt`), words for people (`otklik rebuild`).

use super::dispatch::send_due;
use super::handle::LEFT;
use super::intake::{BATCH, journal_new};
use super::own::{self, Own};
use super::rebuilt::{RebuildError, Rebuilt, Unknown};
use super::records::{Recorded, Said};
use super::retire::is_forgotten;
use super::{RECONCILE, School, deadlines, dkim, forgotten, handle_proved, learn, next_report, order, reports, sent, takeover};
use crate::clock::Clock;
use crate::compose::InstanceKey;
use crate::decide::{RECOVERED, on_recovered};
use crate::mailbox::{Entry, Mailbox};
use crate::message;
use crate::settings::{Mode, Settings};
use crate::store::{Match, Waiting};
use crate::transport::{self, Transport};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

/// Letters older than our first one by more than this were there before the program came.
const BEFORE_US: TimeDelta = TimeDelta::days(14);
/// A letter that should have left so shortly before the end may not have.
const DOUBT: TimeDelta = TimeDelta::hours(1);
/// Letters of one folder, more than any school has.
const ALL: u32 = 1 << 30;

/// Something to live through.
struct Happened {
    at: DateTime<Utc>,
    what: What,
}

enum What {
    Letter(Waiting, Option<Vec<u8>>),
    Order(Recorded),
}

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
    events: VecDeque<Happened>,
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
/// The mailbox's or the store's; a rebuild begins anew then, a restored database goes on withholding its letters.
pub async fn catch_up(school: &Arc<School>, mailbox: &mut Mailbox, since: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<Rebuilt, RebuildError> {
    let settings = school.settings();
    let restored = school.store().meta(RECONCILE)?.and_then(|s| s.parse().ok()).and_then(|s| DateTime::from_timestamp(s, 0));
    let folders = mailbox.folders().await?;
    let sent_folder = settings.mailbox.sent.clone().or(folders.sent).ok_or(RebuildError::NoSent)?;
    school.store().set_meta(sent::FOLDER, &sent_folder)?;
    let sent_validity = journal_new(school, mailbox, &sent_folder, false, false, now).await?;
    let own = own::index(school, mailbox, &sent_folder, sent_validity, now).await?;
    let Some(until) = own.last().map(|o| o.proved.at) else {
        if restored.is_none() {
            return Err(RebuildError::NothingOfOurs(sent_folder));
        }
        let done = Rebuilt { letters: 0, orders: 0, own: 0, until: None, unknown: Vec::new() };
        tell(school, &done, true, now)?;
        school.store().clear_meta(RECONCILE)?;
        return Ok(done);
    };
    for (mark, at) in own.iter().filter(|o| o.stamp.signed).filter_map(|o| o.stamp.forgotten.as_ref()) {
        school.store().obey(mark, *at)?;
    }
    let mut letters = school.store().waiting(&sent_folder, sent_validity, ALL)?;
    for folder in &settings.mailbox.folders {
        let validity = journal_new(school, mailbox, folder, false, false, now).await?;
        letters.extend(school.store().waiting(folder, validity, ALL)?);
    }
    if let Some(spam) = settings.mailbox.spam.clone().or(folders.spam) {
        school.store().set_meta("spam_folder", &spam)?;
        journal_new(school, mailbox, &spam, true, true, now).await?;
    }
    let fresh = restored.is_none();
    let mut past = Past::new(school, &own, fresh, since);
    past.expect(letters, until, restored, since)?;
    let causes = past.numbers.keys().cloned().collect();
    school.live_in_the_past(Some(causes));
    let lived = past.live_through(mailbox, restored, until).await;
    school.live_in_the_past(None);
    lived?;
    past.prove(restored, until, now)?;
    forgotten::again(school, &past.present, fresh, now)?;
    let newest = own.iter().filter(|o| o.stamp.signed).map(|o| o.stamp.epoch).max().unwrap_or(1);
    takeover::adopt(school, newest)?;
    past.back_to_the_present(newest);
    let Past { mut unknown, letters, orders, parked, .. } = past;
    if parked > 0 {
        unknown.push(Unknown::Parked(parked));
    }
    unknown.sort();
    unknown.dedup();
    let done = Rebuilt { letters, orders, own: own.len(), until: Some(until), unknown };
    tell(school, &done, !fresh, now)?;
    school.store().clear_meta(RECONCILE)?;
    Ok(done)
}

/// The head hears of it once.
fn tell(school: &School, done: &Rebuilt, restored: bool, now: DateTime<Utc>) -> Result<(), RebuildError> {
    let settings = school.refresh()?;
    let all = school.store().appeals(false, 1_000_000)?.len();
    let open = school.store().appeals(true, 1_000_000)?.len();
    let effects = on_recovered(school.round(&settings, now), &done.letter(restored, (all, open)));
    Ok(school.store().carry_out(&effects, now)?)
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
            present,
            numbers,
            taken: own.iter().filter_map(|o| o.stamp.appeal).collect(),
            answered,
            opened,
            served_since: if fresh && since.is_none() { own.first().map(|o| o.proved.at) } else { None },
            own,
            events: VecDeque::new(),
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
        until: DateTime<Utc>,
        restored: Option<DateTime<Utc>>,
        since: Option<DateTime<Utc>>,
    ) -> Result<(), RebuildError> {
        let first = if self.fresh { since.or(self.served_since.map(|at| at - BEFORE_US)) } else { None };
        let (before, after): (Vec<_>, Vec<_>) = letters.into_iter().partition(|w| first.is_some_and(|at| w.internal_date < at));
        self.school.store().leave_as_baseline(&before.iter().map(|w| w.id).collect::<Vec<_>>())?;
        let mut events: Vec<Happened> = Vec::new();
        events.extend(after.into_iter().filter(|w| w.internal_date <= until).map(|w| Happened { at: w.internal_date, what: What::Letter(w, None) }));
        let orders = self.own.iter().filter_map(|o| o.order.clone()).filter(|o| restored.is_none_or(|at| o.at > at));
        events.extend(orders.map(|o| Happened { at: o.at, what: What::Order(o) }));
        // Letters before orders of the same second: an order needs its appeal.
        events.sort_by_key(|e| match &e.what {
            What::Letter(w, _) => (e.at.timestamp(), 0, w.uid),
            What::Order(_) => (e.at.timestamp(), 1, 0),
        });
        self.events = events.into();
        Ok(())
    }

    /// The clock goes from moment to moment, as in a rehearsal.
    async fn live_through(&mut self, mailbox: &mut Mailbox, restored: Option<DateTime<Utc>>, until: DateTime<Utc>) -> Result<(), RebuildError> {
        // The program was there when it decided about its first letter; what had come before waited for it.
        let first = self.own.iter().map(|o| o.decided).min();
        let mut at = restored.or(first.map(|first| first - TimeDelta::seconds(1)));
        let mut posting_at = restored;
        while let Some(next) = self.next_moment(at, posting_at)?.filter(|next| *next <= until) {
            at = Some(next);
            self.as_then(next)?;
            self.left_before(next)?;
            learn(self.school)?;
            while self.events.front().is_some_and(|e| e.at <= next) {
                self.fetch_ahead(mailbox).await?;
                let Some(event) = self.events.pop_front() else { break };
                if matches!(event.what, What::Order(_)) {
                    // Whoever ordered at this moment saw what was due until then as done.
                    self.clock_work(next).await?;
                }
                self.happen(event, next).await?;
            }
            posting_at = self.clock_work(next).await?;
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
        Ok(send_due(self.school, &mut transport, Clock::Virtual(now)).await?.next)
    }

    fn next_moment(&self, at: Option<DateTime<Utc>>, posting: Option<DateTime<Utc>>) -> Result<Option<DateTime<Utc>>, RebuildError> {
        let event = self.events.front().map(|e| e.at);
        let Some(now) = at else { return Ok(event) };
        let later = |at: DateTime<Utc>| at.max(now + TimeDelta::seconds(1));
        let wake = self.school.store().next_wake()?.map(later);
        let report = next_report(&self.present, now);
        Ok(event.map(|e| e.max(now)).into_iter().chain(wake).chain(posting.map(later)).chain(report).min())
    }

    /// Letters are made as they were made then: with the key and epoch of that time, in shadow or live.
    fn as_then(&self, at: DateTime<Utc>) -> Result<(), RebuildError> {
        let composer = &self.present.composer;
        let key = composer.older.as_ref().filter(|older| at <= older.until).map_or(&composer.key, |older| &older.key);
        let seen = self.own.iter().take_while(|o| o.proved.at <= at);
        let epoch = seen.filter(|o| o.stamp.signed).map(|o| o.stamp.epoch).max().unwrap_or(1);
        let mode = self.mode_then(at);
        if mode == Some(Mode::Live) && self.school.store().meta("mode")?.is_none() && self.own.iter().any(|o| o.stamp.shadow) {
            self.school.store().set_meta("mode", "live")?;
        }
        let now = self.school.settings();
        if now.composer.epoch != epoch || now.composer.key.0 != key.0 || mode.is_some_and(|m| m != now.mode) {
            let key = InstanceKey(key.0);
            self.school.retune(|s| {
                s.composer.epoch = epoch;
                s.composer.key = key.clone();
                s.mode = mode.unwrap_or(s.mode);
            });
        }
        Ok(())
    }

    /// Shadow until the first letter that went to its reader; a restored database knows by itself.
    fn mode_then(&self, at: DateTime<Utc>) -> Option<Mode> {
        if !self.fresh {
            return None;
        }
        let live_since = self.own.iter().find(|o| !o.stamp.shadow && !o.stamp.record).map(|o| o.decided);
        Some(if live_since.is_some_and(|since| since <= at) || !self.own.iter().any(|o| o.stamp.shadow) { Mode::Live } else { Mode::Shadow })
    }

    fn back_to_the_present(&self, epoch: u32) {
        let (key, mode) = (self.present.composer.key.clone(), self.present.mode);
        self.school.retune(|s| {
            s.composer.key = key.clone();
            s.composer.epoch = epoch.max(s.composer.epoch);
            s.mode = mode;
        });
    }

    /// The next letters' bytes, folder by folder.
    async fn fetch_ahead(&mut self, mailbox: &mut Mailbox) -> Result<(), RebuildError> {
        if !matches!(self.events.front().map(|e| &e.what), Some(What::Letter(_, None))) {
            return Ok(());
        }
        let mut wanted: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
        for event in self.events.iter().take(BATCH) {
            if let What::Letter(w, None) = &event.what {
                wanted.entry(w.folder.clone()).or_default().push(Entry { uid: w.uid, internal_date: w.internal_date, size: w.size });
            }
        }
        let mut bytes: HashMap<(String, u32), Vec<u8>> = HashMap::new();
        for (folder, mut entries) in wanted {
            entries.sort_by_key(|e| e.uid);
            mailbox.examine(&folder).await?;
            for fetched in mailbox.fetch(&entries, self.present.mailbox.size_limit).await? {
                bytes.insert((folder.clone(), fetched.uid), fetched.bytes.unwrap_or_default());
            }
        }
        for event in self.events.iter_mut().take(BATCH) {
            if let What::Letter(w, place @ None) = &mut event.what {
                *place = Some(bytes.remove(&(w.folder.clone(), w.uid)).unwrap_or_default());
            }
        }
        Ok(())
    }

    async fn happen(&mut self, event: Happened, now: DateTime<Utc>) -> Result<(), RebuildError> {
        match event.what {
            What::Order(recorded) => {
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
            What::Letter(letter, bytes) => self.letter(letter, bytes.unwrap_or_default(), now).await,
        }
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
            let index = self.events.partition_point(|e| e.at <= later);
            self.events.insert(index, Happened { at: later, what: What::Letter(letter, Some(bytes)) });
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
