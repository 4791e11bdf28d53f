//! The scenarios: stories of tests/scenarios whose people only write letters, and some of our own for what needs an operator or a bad server.
//!
//! A story is told once to a rehearsal, so that people answer what they got; their letters are then written again, at the same moments, to the
//! school over servers in memory.

use crate::by_hand;
use crate::world::{Act, Scenario};
use otklik::compose::PUBLIC_KEY;
use otklik::jobs::Rehearsal;
use otklik::jobs::story::{Story, tell};
use otklik::store::Store;
use std::path::Path;

/// Stories that are told.
const STORIES: [&str; 24] = [
    "15-bounces",
    "10-a-silent-specialist",
    "16-autoreply-and-loop",
    "22-a-stranger-replies",
    "30-orders-by-letter",
    "31-buttons",
    "32-another-time-in-the-calendar",
    "33-after-a-consultation",
    "35-time-that-is-taken",
    "36-three-times-to-choose",
    "40-none-of-the-three",
    "50-confirmed-by-a-press",
    "56-taken-back",
    "57-a-list-of-orders",
    "60-an-answer-by-hand",
    "61-a-time-by-hand",
    "64-one-call-at-a-time",
    "67-ill-and-back",
    "98-which-of-them",
    "69-silence",
    "71-an-incident",
    "74-a-meeting-of-parents",
    "89-to-the-director",
    "91-a-report-on-request",
];

/// Moments that no scenario passes yet: what tests/recovery.rs does (a restored database that has lost something), what was forgotten and
/// comes back with a backup, an announcement of the command line, a letter that fails to be fetched alone, one that is too late. The list may only shrink.
pub const NOT_YET: [&str; 14] = [
    "store.announced.decide_announced.commit",
    "store.announced.decide_announced.committed",
    "store.forget.forget_again.commit",
    "store.forget.forget_again.committed",
    "store.letters.uncount_attempt.write",
    "store.letters.uncount_attempt.written",
    "store.postings.expire.write",
    "store.postings.expire.written",
    "store.rebuilt.leave_as_baseline.commit",
    "store.rebuilt.leave_as_baseline.committed",
    "store.rebuilt.prove_left.commit",
    "store.rebuilt.prove_left.committed",
    "store.rebuilt.settle_unproved.commit",
    "store.rebuilt.settle_unproved.committed",
];

/// How many scenarios there are.
pub const COUNT: usize = STORIES.len() + by_hand::OWN.len();

/// The name of the n-th scenario.
pub fn name(n: usize) -> &'static str {
    STORIES.get(n).copied().unwrap_or_else(|| by_hand::OWN[n - STORIES.len()].0)
}

/// The n-th scenario.
pub fn scene(n: usize) -> Scenario {
    let mut scene = match STORIES.get(n) {
        Some(name) => told(name),
        None => by_hand::OWN[n - STORIES.len()].1(),
    };
    // Every second provider files what it accepts, which is evidence of it.
    if n.is_multiple_of(2) && scene.planned.is_empty() {
        scene.keeps_sent = true;
        scene.settings.mailbox.sent_by_provider = true;
    }
    scene
}

/// The name of a server's folder for one of the stories.
fn folder(name: &str) -> &str {
    match name {
        "Sent" => "Отправленные",
        "Spam" => "Спам",
        other => other,
    }
}

/// A story told to a rehearsal, as letters and their moments.
pub fn told(name: &str) -> Scenario {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join(format!("tests/scenarios/{name}.txt"))).unwrap();
    of_text(name, &text)
}

/// The same of a text.
pub fn of_text(name: &str, text: &str) -> Scenario {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut settings = otklik::config::demo();
    settings.composer.key = PUBLIC_KEY;
    let story = Story::parse(text).unwrap();
    let mut rehearsal = Rehearsal::new(settings, Store::in_memory().unwrap()).unwrap();
    let letters = |file: &str| ["tests/scenarios/letters", "tests/letters"].iter().find_map(|f| std::fs::read(root.join(f).join(file)).ok());
    let mut acts = Vec::new();
    let mut start = None;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut hear = |h: otklik::jobs::Happening| {
        start.get_or_insert(h.at);
        if h.event == "incoming" {
            acts.push((h.at, Act::Letter(folder(h.to.as_deref().unwrap_or("INBOX")).to_owned(), h.raw.unwrap_or_default().into())));
        }
    };
    runtime.block_on(tell(&story, &mut rehearsal, &letters, &mut hear)).unwrap_or_else(|e| panic!("{name}: {e}"));
    let end = rehearsal.now().unwrap();
    // What the story says of the school's settings is so from the beginning.
    let settings = (*rehearsal.school().as_configured()).clone();
    Scenario { name: name.to_owned(), settings, acts, start: start.unwrap_or(end), end, planned: Vec::new(), keeps_sent: false, baseline: false, alike: true }
}
