//! What the tests of a lost machine share: the school's facts compared appeal by appeal, a mailbox in memory, a round of the daemon.

use chrono::{DateTime, Utc};
use otklik::clock::Clock;
use otklik::jobs::{Rebuilt, School, catch_up, dispatch, intake};
use otklik::mailbox::{Mailbox, Script};
use otklik::message;
use otklik::settings::Settings;
use otklik::store::Store;
use otklik::transport::{self, Transport};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

pub fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

/// What the school would miss of an appeal.
pub fn facts(school: &School) -> BTreeMap<i64, BTreeMap<&'static str, String>> {
    let store = school.store();
    let mut all = BTreeMap::new();
    for appeal in store.appeals(false, 10_000).unwrap() {
        let times: Vec<String> =
            (store.consultations_of(appeal.number).unwrap().iter()).map(|c| format!("{} {} {} {:?}", c.start, c.specialist, c.channel, c.stage)).collect();
        let mut row = BTreeMap::new();
        row.insert("author", format!("{:?} {:?} {:?}", appeal.email, appeal.name, appeal.phone));
        row.insert("category", appeal.category.key().to_owned());
        row.insert("state", appeal.state.key().to_owned());
        row.insert("assignee", format!("{:?}", appeal.assignee));
        row.insert("received", appeal.received.to_string());
        row.insert("term", format!("{:?}", appeal.due));
        row.insert("closed", format!("{:?}", appeal.closed));
        row.insert("consultations", times.join("; "));
        row.insert("marks", format!("{} {} {} {}", appeal.urgent, appeal.complaint, appeal.delicate, appeal.unsure));
        all.insert(appeal.number, row);
    }
    all
}

pub fn differences(lived: &School, rebuilt: &School) -> Vec<String> {
    let (was, is) = (facts(lived), facts(rebuilt));
    let numbers: BTreeSet<i64> = was.keys().chain(is.keys()).copied().collect();
    let mut found = Vec::new();
    for number in numbers {
        match (was.get(&number), is.get(&number)) {
            (Some(was), Some(is)) => {
                for (what, value) in was {
                    if is.get(what) != Some(value) {
                        found.push(format!("№ {number} {what}: {value} -> {}", is[what]));
                    }
                }
            }
            (was, is) => found.push(format!("№ {number}: was there {}, is there {}", was.is_some(), is.is_some())),
        }
    }
    found
}

pub fn rebuild(settings: Settings, mailbox: &mut Mailbox, now: DateTime<Utc>) -> (Arc<School>, Rebuilt) {
    let school = Arc::new(School::new(settings, Store::in_memory().unwrap(), true));
    let done = runtime().block_on(catch_up(&school, mailbox, None, now)).unwrap();
    (school, done)
}

/// A letter of a parent.
pub fn letter(n: u32, more: &str, when: DateTime<Utc>) -> Vec<u8> {
    format!(
        "From: Anna <parent{n}@family.example>\r\nTo: priemnaya@school.example\r\nSubject: question {n}\r\nMessage-ID: <q{n}@family.example>\r\n{more}Date: {}\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\nЗдравствуйте! Обращение {n}: не могу войти в электронный журнал, пишет, что пароль неверный. Анна Котова, мама ученика 5А.\r\n",
        when.to_rfc2822()
    )
    .into_bytes()
}

pub fn script(mailbox: &mut Mailbox) -> &mut Script {
    match mailbox {
        Mailbox::Script(script) => script,
        _ => unreachable!("the tests use a mailbox in memory"),
    }
}

/// Every job of the daemon once; what left: Message-IDs by recipient.
pub fn round(school: &Arc<School>, mailbox: &mut Mailbox, now: DateTime<Utc>) -> Vec<(String, String)> {
    let mut line = Transport::Script(transport::Script::default());
    runtime().block_on(async {
        let folders = mailbox.folders().await.unwrap();
        intake(school, mailbox, &folders, now).await.unwrap();
        let sent = dispatch(school, &mut line, Clock::Virtual(now)).await.unwrap().sent;
        otklik::jobs::copy_sent(school, mailbox, &folders, now).await.unwrap();
        sent.into_iter().map(|s| (s.to, s.message_id)).collect()
    })
}

/// Message-IDs in Sent.
pub fn in_sent(mailbox: &mut Mailbox) -> Vec<String> {
    runtime().block_on(async {
        mailbox.examine("Sent").await.unwrap();
        let entries = mailbox.scan(0).await.unwrap();
        let fetched = mailbox.fetch(&entries, 64 << 10).await.unwrap();
        fetched.iter().filter_map(|f| message::read(f.bytes.as_deref().unwrap()).message_id).collect()
    })
}

/// The mailbox as it would be without some of its letters: somebody deleted them, or the copy was never laid there.
pub fn without(mailbox: &mut Mailbox, gone: impl Fn(&str, &otklik::message::Message) -> bool) -> Mailbox {
    let mut left = Script::new();
    runtime().block_on(async {
        for folder in ["INBOX", "Sent"] {
            mailbox.examine(folder).await.unwrap();
            let entries = mailbox.scan(0).await.unwrap();
            for (entry, fetched) in entries.iter().zip(mailbox.fetch(&entries, 1 << 20).await.unwrap()) {
                assert_eq!(entry.uid, fetched.uid);
                let bytes = fetched.bytes.unwrap();
                if !gone(folder, &message::read(&bytes)) {
                    left.deliver(folder, entry.internal_date, bytes);
                }
            }
        }
    });
    Mailbox::Script(left)
}
