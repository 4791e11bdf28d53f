//! Folder names: modified UTF-7 (RFC 3501 §5.1.3) and which folder plays which role. Pure.

use data_encoding::{BASE64_NOPAD, Encoding, Specification};
use std::sync::LazyLock;

/// What a folder is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Copies of what was sent.
    Sent,
    /// What the provider takes for spam.
    Spam,
}

/// Names seen at providers, lower case. «Исходящие» is the outbox and not here.
const SENT: [&str; 7] = ["sent", "sent items", "sent messages", "sent mail", "отправленные", "отправленные письма", "отправленная почта"];
const SPAM: [&str; 8] = ["spam", "junk", "junk e-mail", "junk email", "junk mail", "bulk mail", "спам", "нежелательная почта"];

/// The role that the last part of a name (as people read it) tells.
pub(super) fn role(last_part: &str) -> Option<Role> {
    let name = last_part.trim().to_lowercase();
    if SENT.contains(&name.as_str()) {
        Some(Role::Sent)
    } else if SPAM.contains(&name.as_str()) {
        Some(Role::Spam)
    } else {
        None
    }
}

/// Base64 of modified UTF-7: `,` for `/`, no padding, stray bits forgiven.
static BASE64: LazyLock<Encoding> = LazyLock::new(|| {
    let mut spec = Specification::new();
    spec.symbols.push_str("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,");
    spec.check_trailing_bits = false;
    spec.encoding().unwrap_or(BASE64_NOPAD)
});

/// A folder's name as people read it; what is no modified UTF-7 stays as it is.
pub fn folder_name(raw: &str) -> String {
    let mut name = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once('&') {
        name.push_str(before);
        let Some((coded, next)) = after.split_once('-') else {
            name.push('&');
            name.push_str(after);
            return name;
        };
        if coded.is_empty() {
            name.push('&');
        } else if let Some(text) = decode(coded) {
            name.push_str(&text);
        } else {
            // Yandex sometimes writes a bare `&`.
            name.push('&');
            name.push_str(coded);
            name.push('-');
        }
        rest = next;
    }
    name.push_str(rest);
    name
}

fn decode(coded: &str) -> Option<String> {
    let bytes = BASE64.decode(coded.as_bytes()).ok()?;
    let units = bytes.chunks_exact(2).map(|pair| match pair {
        [high, low] => u16::from_be_bytes([*high, *low]),
        _ => 0,
    });
    char::decode_utf16(units).collect::<Result<String, _>>().ok().filter(|text| !text.is_empty())
}

/// The name to send for one that an operator wrote: raw names pass, anything beyond ASCII is coded.
pub(super) fn wire_name(name: &str) -> String {
    if name.is_ascii() {
        return name.to_owned();
    }
    let mut coded = String::with_capacity(name.len() * 2);
    let mut run = Vec::new();
    for c in name.chars() {
        if matches!(c, ' '..='~') {
            flush(&mut run, &mut coded);
            coded.push(c);
            if c == '&' {
                coded.push('-');
            }
        } else {
            run.extend(c.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| unit.to_be_bytes()));
        }
    }
    flush(&mut run, &mut coded);
    coded
}

fn flush(run: &mut Vec<u8>, coded: &mut String) {
    if !run.is_empty() {
        coded.push('&');
        coded.push_str(&BASE64.encode(run));
        coded.push('-');
        run.clear();
    }
}
