//! A letter of ours as understanding an answer needs to know it. Not here: finding it (`store`), which one is answered (`thread`).

use chrono::{DateTime, Utc};

/// A letter of ours that may have been answered: what the store (or `--known`) tells.
#[derive(Debug, Clone, Default, serde::Deserialize)]
pub struct Sent {
    /// Message-ID, bare.
    pub message_id: String,
    /// Recipient.
    #[serde(default)]
    pub to: Option<String>,
    /// Where it really went, in shadow mode.
    #[serde(default)]
    pub instead: Option<String>,
    /// Appeal number as printed.
    #[serde(default)]
    pub appeal: Option<serde_json::Value>,
    /// Posting kind.
    #[serde(default)]
    pub kind: Option<String>,
    /// Slot offered.
    #[serde(default)]
    pub slot_start: Option<DateTime<Utc>>,
    /// Its end.
    #[serde(default)]
    pub slot_end: Option<DateTime<Utc>>,
    /// UID of the calendar object in it.
    #[serde(default)]
    pub ics_uid: Option<String>,
    /// Subject.
    #[serde(default)]
    pub subject: Option<String>,
    /// When.
    #[serde(default)]
    pub sent_at: Option<DateTime<Utc>>,
}
