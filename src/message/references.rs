//! Message-IDs as they are compared: bare, unfolded, trimmed.

use super::clean;

/// Characters of an id that are kept: a header line may have no more (RFC 5322 §2.1.1).
const LONGEST: usize = 998;

/// The id without angle brackets, white space or folding.
pub fn bare_id(raw: &str) -> String {
    raw.chars().filter(|c| !c.is_whitespace() && !clean::is_unwelcome(*c) && *c != '<' && *c != '>').take(LONGEST).collect()
}

/// The ids of In-Reply-To or References, in order. Where no brackets stand, words with an `@` are taken.
pub(super) fn ids(value: &str) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    let mut rest = value;
    while let Some((_, after)) = rest.split_once('<') {
        let Some((id, tail)) = after.split_once('>') else { break };
        // An unclosed bracket before this one: the id begins at the last.
        list.push(bare_id(id.rsplit('<').next().unwrap_or(id)));
        rest = tail;
    }
    if list.is_empty() {
        list.extend(value.split_whitespace().filter(|w| w.contains('@')).map(bare_id));
    }
    list.retain(|id| !id.is_empty());
    list
}
