//! The text of a letter: HTML to text, quotes and signatures folded for reading only. Nothing is ever cut from the record.

/// Text in four views of the same letter. `whole` is the record; the others are folds of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Body {
    /// Everything, as text with `\n` line ends (quoted text, signature and all).
    pub whole: String,
    /// What the author wrote, answers between quoted lines included.
    pub own: String,
    /// The signature block below the author's words ("С уважением, …", "-- ", "Отправлено с iPhone"), empty if none.
    pub signature: String,
    /// The quoted letter, unprefixed, empty if none.
    pub quoted: String,
    /// The text part came as HTML only.
    pub html_only: bool,
}
