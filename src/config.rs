//! Files to [`Settings`](crate::settings::Settings): `otklik.toml`, `rules/`, `templates/`; every mistake at once, with file and line.

/// A mistake in a file of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// File, relative to the configuration's folder.
    pub file: String,
    /// Line from 1, where known.
    pub line: Option<usize>,
    /// What is wrong and what to do.
    pub message: String,
}
