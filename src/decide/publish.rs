//! The schedule of consultations has changed: whoever keeps the school's site gets its files, once a change.
//!
//! Not here: what stands in them (`crate::publish`), the folder they lie in (`jobs`).

use super::Round;
use super::case::shadowed;
use super::report::staff_envelope;
use crate::compose::{Envelope, NamedFile, ScheduleChanged, freeze, initials};
use crate::effect::{Effect, Event};
use crate::message::Attachment;
use crate::outbox::Kind;
use crate::publish::PublishedFile;

/// What the store remembers it by.
pub const SCHEDULE: &str = "published/schedule";

/// Which content, and when it was made: the same content may come back, and then it is news again.
fn version(digest: &str, round: Round<'_>) -> String {
    format!("{digest}/{}", round.now.timestamp())
}

/// Whether this content is what the last letter was about.
pub fn schedule_known(last: Option<&str>, digest: &str) -> bool {
    last.and_then(|version| version.split('/').next()) == Some(digest)
}

/// One letter with the files; `first`: there was none before.
pub fn on_schedule(round: Round<'_>, files: &[PublishedFile], digest: &str, first: bool) -> Vec<Effect> {
    let rules = &round.settings.schedule;
    let to = rules.administrator.as_deref().unwrap_or_else(|| round.operator());
    let letter = ScheduleChanged {
        first,
        files: files.iter().map(|f| NamedFile { name: f.name.clone(), what: what_for(round, &f.name) }).collect(),
        folder: rules.folder.as_ref().map(|f| f.display().to_string()),
        unsigned: rules.number.is_none() || rules.date.is_none(),
    };
    let attachments = files.iter().map(|f| Attachment { name: Some(f.name.clone()), media_type: f.media_type.to_owned(), bytes: f.bytes.clone() }).collect();
    let version = version(digest, round);
    let envelope = Envelope { attachments, ..staff_envelope(round, Kind::Other, format!("schedule/{version}"), to, 5) };
    vec![
        Effect::Post(Box::new(shadowed(&round, freeze(&round.settings.composer, envelope, &letter)))),
        Effect::Published { key: SCHEDULE, version },
        Effect::Note { appeal: None, event: Event::Report, text: "schedule".to_owned() },
    ]
}

fn what_for(round: Round<'_>, name: &str) -> String {
    match name.rsplit_once('.') {
        Some((_, "html")) => "страница для сайта и стенда".to_owned(),
        Some((_, "xlsx")) => "таблица для печати".to_owned(),
        Some((id, "ics")) => format!("календарь для подписки, {}", round.settings.person(id).map_or_else(|| id.to_owned(), |p| initials(&p.name))),
        _ => "файл".to_owned(),
    }
}
