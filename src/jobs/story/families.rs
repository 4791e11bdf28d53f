//! The commands of a story about families: the contacts are written anew, who may announce to whom, how fast.

use crate::announcement::{Contact, Pace};
use crate::settings::Settings;
use crate::slots::ClassRange;
use std::sync::Arc;

/// What changes.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Families {
    Contacts(Vec<Contact>),
    May(String, Vec<ClassRange>),
    Pace(Pace),
    Protocol(String),
}

/// `contacts` with a text, `may ID CLASS …`, `pace MINUTE DAY`, `protocol TEXT`; `None` where it is another command.
pub(super) fn parse(name: &str, rest: &str, block: &mut dyn FnMut() -> Result<String, String>) -> Option<Result<Families, String>> {
    let words: Vec<&str> = rest.split_whitespace().collect();
    Some(match (name, words.as_slice()) {
        ("contacts", []) => block().and_then(|text| {
            let told = |mistakes: Vec<crate::config::Mistake>| mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
            crate::config::contacts(text.as_bytes()).map(Families::Contacts).map_err(told)
        }),
        ("may", [id, classes @ ..]) if !classes.is_empty() => {
            let read = classes.iter().map(|c| ClassRange::parse(c).ok_or_else(|| format!("«{c}» is no class")));
            read.collect::<Result<Vec<_>, _>>().map(|classes| Families::May((*id).to_owned(), classes))
        }
        ("pace", [minute, day]) => match (minute.parse(), day.parse()) {
            (Ok(minute), Ok(day)) => Ok(Families::Pace(Pace { minute, day })),
            _ => Err("write pace 10 300".into()),
        },
        ("protocol", [_, ..]) => Ok(Families::Protocol(rest.to_owned())),
        _ => return None,
    })
}

/// Carries the change out; what the story says of it.
pub(super) fn carry_out(change: &Families, settings: &mut Settings) -> String {
    match change {
        Families::Contacts(contacts) => {
            settings.contacts = Arc::new(contacts.clone());
            format!("список семей: строк {}", contacts.len())
        }
        Families::May(id, classes) => {
            settings.announcements.may.push((id.clone(), classes.clone()));
            format!("{id} может писать семьям: {}", classes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
        }
        Families::Pace(pace) => {
            settings.announcements.pace = *pace;
            format!("объявления: {} в минуту, {} в сутки", pace.minute, pace.day)
        }
        Families::Protocol(text) => {
            settings.announcements.protocol = Some(text.clone());
            format!("ответ считается подписью: {text}")
        }
    }
}
