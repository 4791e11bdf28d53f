//! What the command line orders besides orders about an appeal, as it is written down, and how it is carried out again.
//!
//! The words of a record lie in mailboxes for years: a name here never changes its meaning. Not here: the record's form (`records`), its moment
//! (`rebuild`).

use super::{School, absence, announce, bring, brought, group_order, plan, silence, train, undo};
use crate::decide::{AnnouncementOrder, GroupOrder, Plan};
use crate::message::Attachment;
use crate::settings::Settings;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// A file of an announcement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct WrittenFile {
    name: Option<String>,
    media_type: String,
    /// Base64.
    bytes: String,
}

/// A command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Command {
    /// `otklik order N undo`.
    Undo {
        /// Appeal.
        appeal: i64,
    },
    /// `otklik order N silence`.
    Silence {
        /// Appeal.
        appeal: i64,
        /// Last day; none: again as usual.
        until: Option<NaiveDate>,
    },
    /// `otklik group add`.
    Plan(Plan),
    /// Any other order about a group.
    Group {
        /// Group.
        group: i64,
        /// Order.
        order: GroupOrder,
    },
    /// `otklik absence add` and `end`.
    Absence {
        /// Id or address.
        who: String,
        /// First day.
        from: NaiveDate,
        /// Last day.
        until: Option<NaiveDate>,
        /// There again.
        present: bool,
    },
    /// `otklik announce preview`.
    Preview {
        /// Id of the sender.
        staff: String,
        /// The text, as in a letter.
        text: String,
        /// Files.
        files: Vec<WrittenFile>,
    },
    /// `otklik announce send`.
    Send {
        /// Announcement.
        announcement: Option<i64>,
        /// At night too.
        now: bool,
    },
    /// `otklik announce drop`.
    Drop {
        /// Announcement.
        announcement: Option<i64>,
    },
    /// `otklik new`.
    Brought {
        /// The number that it got.
        number: i64,
        /// Address of whoever wrote it down.
        by: String,
        /// The form.
        body: String,
    },
    /// `otklik train --undo` and `--redo`.
    Train {
        /// The appeal that taught; none: all.
        lesson: Option<i64>,
        /// Taken out, or put back.
        undo: bool,
    },
}

impl Command {
    /// An order about an announcement as it is written down.
    pub(super) fn announced(about: Option<i64>, order: &AnnouncementOrder) -> Command {
        match order {
            AnnouncementOrder::Preview { staff, text, files } => Command::Preview {
                staff: staff.clone(),
                text: text.clone(),
                files: (files.iter())
                    .map(|f| WrittenFile { name: f.name.clone(), media_type: f.media_type.clone(), bytes: data_encoding::BASE64.encode(&f.bytes) })
                    .collect(),
            },
            AnnouncementOrder::Send { now } => Command::Send { announcement: about, now: *now },
            AnnouncementOrder::Drop => Command::Drop { announcement: about },
        }
    }

    /// The appeal that it is about.
    pub(super) fn appeal(&self) -> Option<i64> {
        match self {
            Command::Undo { appeal } | Command::Silence { appeal, .. } => Some(*appeal),
            Command::Brought { number, .. } => Some(*number),
            Command::Group { order: GroupOrder::Join(appeal) | GroupOrder::Leave { appeal, .. }, .. } => Some(*appeal),
            _ => None,
        }
    }

    /// What it was, for the list of what could not be done again: a key of docs/recovery.md.
    pub(super) fn key(&self) -> &'static str {
        match self {
            Command::Undo { .. } => "undo",
            Command::Silence { .. } => "silence",
            Command::Plan(_) | Command::Group { .. } => "group",
            Command::Absence { .. } => "absence",
            Command::Preview { .. } | Command::Send { .. } | Command::Drop { .. } => "announce",
            Command::Brought { .. } => "new",
            Command::Train { .. } => "train",
        }
    }

    /// Where it opened an appeal: by what our letters name its first letter, and its number.
    pub(super) fn opened(&self, settings: &Settings, at: DateTime<Utc>) -> Option<(String, i64)> {
        match self {
            Command::Brought { number, by, body } => Some((brought::cause(settings, by, body, at), *number)),
            _ => None,
        }
    }

    /// Carries it out as it was then.
    ///
    /// # Errors
    /// A sentence: why it cannot be carried out again.
    pub(super) fn again(&self, school: &School, at: DateTime<Utc>) -> Result<(), String> {
        let said = |e: &dyn std::fmt::Display| e.to_string();
        match self {
            Command::Undo { appeal } => undo(school, *appeal, at).map(drop).map_err(|e| said(&e)),
            Command::Silence { appeal, until } => silence(school, *appeal, *until, at).map_err(|e| said(&e)),
            Command::Plan(planned) => plan(school, planned, at).map(drop).map_err(|e| said(&e)),
            Command::Group { group, order } => group_order(school, *group, order, at).map_err(|e| said(&e)),
            Command::Absence { who, from, until, present } => absence(school, who, (*from, *until), *present, at).map_err(|e| said(&e)),
            Command::Preview { staff, text, files } => {
                let order = AnnouncementOrder::Preview { staff: staff.clone(), text: text.clone(), files: files.iter().map(attachment).collect() };
                announce(school, None, &order, at).map_err(|e| said(&e))
            }
            Command::Send { announcement, now } => announce(school, *announcement, &AnnouncementOrder::Send { now: *now }, at).map_err(|e| said(&e)),
            Command::Drop { announcement } => announce(school, *announcement, &AnnouncementOrder::Drop, at).map_err(|e| said(&e)),
            Command::Brought { number, by, body } => match bring(school, by, body, at) {
                Ok(opened) if opened == *number => Ok(()),
                Ok(other) => Err(format!("it is {other} now")),
                Err(e) => Err(said(&e)),
            },
            Command::Train { lesson, undo } => train(school, *lesson, *undo, at).map(drop).map_err(|e| said(&e)),
        }
    }
}

fn attachment(file: &WrittenFile) -> Attachment {
    let bytes = data_encoding::BASE64.decode(file.bytes.as_bytes()).unwrap_or_default();
    Attachment { name: file.name.clone(), media_type: file.media_type.clone(), bytes }
}
