//! `Authentication-Results` as fields of RFC 8601 §2.2: who checked, which methods, what came out.
//!
//! Anybody can write such a field: which one is believed is for the caller (`decide`), who knows the provider. Comments and quoted strings are
//! read as the grammar has them, so that «(dkim=pass)» in a comment is no result.

use std::borrow::Cow;

use super::headers::Headers;

/// Fields looked at, from the top; trace fields counted above one; results of one field; bytes of one field.
const MOST_FIELDS: usize = 8;
const MOST_TRACES: usize = 20;
const MOST_RESULTS: usize = 30;
const LONGEST: usize = 4096;

/// One field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Authentication {
    /// authserv-id: who checked, lower case; empty where the field has a version that nobody knows (RFC 8601 §2.2: only 1).
    pub server: String,
    /// The `Received` fields above it, from the top: the host that each names behind `by`, lower case, empty where it names none. Whoever handed
    /// the letter over wrote everything below the first of them that is no server of the provider's.
    pub above: Vec<String>,
    /// Results, in order.
    pub results: Vec<Checked>,
}

/// One result.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checked {
    /// `dkim`, `spf`, `dmarc`, lower case.
    pub method: String,
    /// `pass`, `fail`, `none`, lower case.
    pub result: String,
    /// The domains that its properties name (`header.d`, `header.i`, `header.from`, `smtp.mailfrom`), lower case.
    pub domains: Vec<String>,
}

/// All fields of a header, from the top.
pub(super) fn read(headers: &Headers<'_>) -> Vec<Authentication> {
    let (mut above, mut found) = (Vec::new(), Vec::new());
    for (is_trace, value) in headers.both("received", "authentication-results") {
        let line = super::headers::unfolded(value.get(..LONGEST).unwrap_or(value));
        if is_trace {
            if above.len() < MOST_TRACES {
                above.push(by(&line));
            }
        } else if found.len() < MOST_FIELDS {
            found.push(Authentication { above: above.clone(), ..field(&line) });
        }
    }
    found
}

/// `from … by mx.school.example (Postfix) with …`: the host that took the letter. Comments are no part of it.
fn by(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(raw);
    let items = items(&text);
    let mut words = items.first().map_or("", |first| first).split_whitespace().skip_while(|w| !w.eq_ignore_ascii_case("by")).skip(1);
    words.next().unwrap_or_default().trim_end_matches('.').to_lowercase()
}

fn field(raw: &[u8]) -> Authentication {
    let text = String::from_utf8_lossy(raw);
    let items = items(&text);
    let mut items = items.iter();
    // `authserv-id [version]`
    let mut first = items.next().map(|first| first.split_whitespace()).into_iter().flatten();
    let server = first.next().unwrap_or_default().to_lowercase();
    let server = if first.all(|version| version == "1") { server } else { String::new() };
    Authentication { server, above: Vec::new(), results: items.take(MOST_RESULTS).filter_map(|item| checked(item)).collect() }
}

/// Splits at semicolons outside quotes and leaves comments out.
fn items(text: &str) -> Vec<Cow<'_, str>> {
    // Where nothing is quoted or remarked, nothing is left out.
    if !text.contains(['(', '"']) {
        return text.split(';').map(Cow::Borrowed).collect();
    }
    let (mut all, mut item) = (Vec::new(), String::with_capacity(text.len()));
    let (mut depth, mut quoted, mut escaped) = (0_u32, false, false);
    for c in text.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted || depth > 0 => escaped = true,
            '"' if depth == 0 => quoted = !quoted,
            '(' if !quoted => depth = depth.saturating_add(1),
            ')' if !quoted && depth > 0 => depth -= 1,
            ';' if !quoted && depth == 0 => all.push(Cow::Owned(std::mem::take(&mut item))),
            // What is quoted is a value and holds no words of the grammar.
            c if depth == 0 && !(quoted && (c.is_whitespace() || c == '=' || c == ';')) => item.push(c),
            _ => {}
        }
    }
    all.push(Cow::Owned(item));
    all
}

/// `dkim=pass reason="…" header.d=school.example header.i=@school.example`
fn checked(item: &str) -> Option<Checked> {
    let item = item.trim();
    // Blanks are allowed round the equals sign, and hardly ever stand there.
    let tight = match item.split('=').all(|side| side.trim() == side) {
        true => Cow::Borrowed(item),
        false => Cow::Owned(item.split('=').map(str::trim).collect::<Vec<_>>().join("=")),
    };
    let mut words = tight.split_whitespace();
    let (method, result) = words.next()?.split_once('=')?;
    let method = method.split('/').next().unwrap_or_default().to_lowercase();
    let mut domains = Vec::new();
    for (name, value) in words.filter_map(|w| w.split_once('=')).take(20) {
        if ["header.d", "header.i", "header.from", "smtp.mailfrom", "smtp.from"].iter().any(|n| name.eq_ignore_ascii_case(n)) {
            domains.push(value.rsplit('@').next().unwrap_or_default().trim_matches(['<', '>', '.']).to_lowercase());
        }
    }
    (!method.is_empty() && !result.is_empty()).then(|| Checked { method, result: result.to_lowercase(), domains })
}
