//! Templates: embedded ones, overrides from `templates/`, prepared once.

/// A template that does not compile or render.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateMistake {
    /// `templates/receipt/text.txt`
    pub file: String,
    /// Line, from 1, where known.
    pub line: Option<usize>,
    /// What is wrong.
    pub message: String,
}

/// All templates, compiled.
#[derive(Debug, Clone, Default)]
pub struct Templates {}

impl Templates {
    /// The embedded ones with overrides by name (`receipt/text.txt` -> source); every mistake at once, each overridden template rendered with each sample.
    pub fn new(_overrides: &[(String, String)]) -> Result<Templates, Vec<TemplateMistake>> {
        Ok(Templates {})
    }
}
