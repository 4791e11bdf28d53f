//! Message-IDs as they are compared: bare, unfolded, trimmed.

/// The id without angle brackets, white space or folding.
pub fn bare_id(raw: &str) -> String {
    raw.chars().filter(|c| !c.is_whitespace() && !c.is_control() && *c != '<' && *c != '>').collect()
}
