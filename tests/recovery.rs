//! A machine is lost: what a backup gives back, what the mailbox gives back alone, and that nobody hears anything twice.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails and says where")]

use chrono::{DateTime, TimeDelta, Utc};
use otklik::jobs::story::{Story, tell};
use otklik::jobs::{Rehearsal, Rebuilt, School, Unknown, catch_up};
use otklik::mailbox::{Mailbox, Script};
use otklik::settings::{Mode, Settings};
use otklik::store::Store;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

/// The demo week as it was lived, and its mailbox as the provider keeps it.
fn demo_week() -> (Rehearsal, Mailbox) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli/demo");
    let story = Story::parse(&std::fs::read_to_string(folder.join("week.story")).unwrap()).unwrap();
    let mut rehearsal = Rehearsal::new(otklik::config::demo(), Store::in_memory().unwrap()).unwrap();
    let letters = |name: &str| std::fs::read(folder.join("letters").join(name)).ok();
    runtime().block_on(tell(&story, &mut rehearsal, &letters, &mut |_| {})).unwrap();
    let mailbox = std::mem::replace(rehearsal.mailbox(), Mailbox::Script(Script::new()));
    (rehearsal, mailbox)
}

/// What the school would miss of an appeal.
fn facts(school: &School) -> BTreeMap<i64, BTreeMap<&'static str, String>> {
    let store = school.store();
    let mut all = BTreeMap::new();
    for appeal in store.appeals(false, 10_000).unwrap() {
        let times: Vec<String> = (store.consultations_of(appeal.number).unwrap().iter())
            .map(|c| format!("{} {} {} {:?}", c.start, c.specialist, c.channel, c.stage))
            .collect();
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

fn differences(lived: &School, rebuilt: &School) -> Vec<String> {
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

fn rebuild(settings: Settings, mailbox: &mut Mailbox, now: DateTime<Utc>) -> (Arc<School>, Rebuilt) {
    let school = Arc::new(School::new(settings, Store::in_memory().unwrap(), true));
    let done = runtime().block_on(catch_up(&school, mailbox, None, now)).unwrap();
    (school, done)
}

#[test]
fn the_demo_week_comes_back_from_the_mailbox_alone() {
    let (lived, mut mailbox) = demo_week();
    let settings = (*lived.school().settings()).clone();
    let now = lived.now().unwrap() + TimeDelta::hours(3);
    let (school, done) = rebuild(settings, &mut mailbox, now);
    for line in differences(lived.school(), &school) {
        println!("{line}");
    }
    println!("{} letters, {} orders, {} of ours; unknown: {:#?}", done.letters, done.orders, done.own, done.unknown);
    assert!(done.letters >= 30 && done.orders >= 30 && done.own > 100, "{done:?}");
}
