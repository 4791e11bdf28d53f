//! How an appeal ended: what was received is open, answered, withdrawn or merged, and reports balance.
//!
//! Not here: the state (`state`); an appeal that is opened again has none of these until it is closed anew.

/// How an appeal was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The author got an answer, the consultation took place, or staff closed it with a reason.
    Answered,
    /// The author no longer needs it.
    Withdrawn,
    /// It is answered together with another appeal.
    Merged,
}

impl Ending {
    /// All endings.
    pub const ALL: [Ending; 3] = [Ending::Answered, Ending::Withdrawn, Ending::Merged];

    /// Key in the schema.
    pub fn key(self) -> &'static str {
        match self {
            Ending::Answered => "answered",
            Ending::Withdrawn => "withdrawn",
            Ending::Merged => "merged",
        }
    }

    /// In words, for the register.
    pub fn title(self) -> &'static str {
        match self {
            Ending::Answered => "ответ дан",
            Ending::Withdrawn => "автору больше не нужно",
            Ending::Merged => "объединена с другой",
        }
    }

    /// The ending of a key.
    pub fn from_key(key: &str) -> Option<Ending> {
        Ending::ALL.into_iter().find(|e| e.key() == key)
    }
}
