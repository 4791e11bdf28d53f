//! Encoded words (RFC 2047) and raw 8-bit text of header fields. mail-parser decodes word by word, which breaks
//! letters that a mailer cut in two, and turns raw windows-1251 into U+FFFD; here adjacent words are joined first.

use data_encoding::BASE64;
use encoding_rs::{Encoding, UTF_8};

use super::charset;
use super::transfer;

/// One stretch of a field's value.
enum Piece<'a> {
    /// As it stands, perhaps with 8-bit bytes.
    Raw(&'a [u8]),
    /// Adjacent encoded words of one charset, joined.
    Words { charset: String, bytes: Vec<u8>, pending: Vec<u8> },
}

/// How raw 8-bit bytes of this letter's header are to be read where they are not UTF-8.
#[derive(Clone, Copy)]
pub(super) struct RawCharset(pub(super) &'static Encoding);

impl RawCharset {
    /// Text of raw bytes.
    pub(super) fn text(self, bytes: &[u8]) -> String {
        match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => charset::plain(self.0, bytes),
        }
    }
}

impl Default for RawCharset {
    fn default() -> Self {
        Self(UTF_8)
    }
}

/// The decoded text of an unfolded field. The second value tells that a charset was guessed.
pub(super) fn decode(value: &[u8], raw: RawCharset) -> (String, bool) {
    let (mut out, mut guessed) = (String::new(), false);
    for piece in pieces(value) {
        match piece {
            Piece::Raw(bytes) => out.push_str(&raw.text(bytes)),
            Piece::Words { charset, bytes, .. } => {
                let decoded = charset::decode(&bytes, Some(&charset));
                guessed |= decoded.guessed;
                out.push_str(&decoded.text);
            }
        }
    }
    (out, guessed)
}

/// The field with every run of encoded words made one UTF-8 word and raw bytes made UTF-8, so that a structured
/// parser can take it: structure is read before decoding, hence a name can never turn into an address.
pub(super) fn repaired(value: &[u8], raw: RawCharset) -> (Vec<u8>, bool) {
    let (mut out, mut guessed) = (Vec::with_capacity(value.len() + 16), false);
    for piece in pieces(value) {
        match piece {
            Piece::Raw(bytes) => out.extend_from_slice(raw.text(bytes).as_bytes()),
            Piece::Words { charset, bytes, .. } => {
                let decoded = charset::decode(&bytes, Some(&charset));
                guessed |= decoded.guessed;
                out.extend_from_slice(b"=?utf-8?b?");
                out.extend_from_slice(BASE64.encode(decoded.text.as_bytes()).as_bytes());
                out.extend_from_slice(b"?=");
            }
        }
    }
    out.push(b'\n');
    (out, guessed)
}

fn pieces(value: &[u8]) -> Vec<Piece<'_>> {
    let mut list: Vec<Piece<'_>> = Vec::new();
    let (mut from, mut at) = (0, 0);
    while let Some(found) = find(value, at, b"=?") {
        let Some((word, end)) = word(value, found) else {
            at = found + 2;
            continue;
        };
        let between = value.get(from..found).unwrap_or_default();
        // RFC 2047 §6.2: white space between adjacent encoded words is not shown.
        let adjacent = matches!(list.last(), Some(Piece::Words { .. })) && between.iter().all(u8::is_ascii_whitespace);
        if !adjacent && !between.is_empty() {
            list.push(Piece::Raw(between));
        }
        add(&mut list, word);
        (from, at) = (end, end);
    }
    let rest = value.get(from..).unwrap_or_default();
    if !rest.is_empty() {
        list.push(Piece::Raw(rest));
    }
    for piece in &mut list {
        if let Piece::Words { bytes, pending, .. } = piece {
            bytes.extend(transfer::base64(pending));
            pending.clear();
        }
    }
    list
}

struct Word<'a> {
    charset: String,
    base64: bool,
    text: &'a [u8],
}

/// Appends a word, joined with the previous one where the charset is the same.
fn add(list: &mut Vec<Piece<'_>>, word: Word<'_>) {
    let same = matches!(list.last(), Some(Piece::Words { charset, .. }) if *charset == word.charset);
    if !same {
        list.push(Piece::Words { charset: word.charset, bytes: Vec::new(), pending: Vec::new() });
    }
    let Some(Piece::Words { bytes, pending, .. }) = list.last_mut() else { return };
    if word.base64 {
        // Some mailers cut the base64 text itself, not at four characters: an unfinished group waits for the next word.
        pending.extend_from_slice(word.text);
        if pending.len() % 4 == 0 || pending.ends_with(b"=") {
            bytes.extend(transfer::base64(pending));
            pending.clear();
        }
    } else {
        bytes.extend(transfer::base64(pending));
        pending.clear();
        bytes.extend(transfer::q_word(word.text));
    }
}

/// The encoded word that begins at `start`, and where it ends. Looks no further than the next `?` each time: linear.
fn word(value: &[u8], start: usize) -> Option<(Word<'_>, usize)> {
    let charset_at = start + 2;
    let charset_end = charset_at + value.get(charset_at..)?.iter().take(64).position(|b| *b == b'?')?;
    let kind = *value.get(charset_end + 1)?;
    let base64 = match kind {
        b'B' | b'b' => true,
        b'Q' | b'q' => false,
        _ => return None,
    };
    if value.get(charset_end + 2) != Some(&b'?') {
        return None;
    }
    let text_at = charset_end + 3;
    let text_end = find(value, text_at, b"?")?;
    if value.get(text_end + 1) != Some(&b'=') {
        return None;
    }
    let label = value.get(charset_at..charset_end)?;
    if label.is_empty() || label.iter().any(|b| b.is_ascii_whitespace()) {
        return None;
    }
    // RFC 2231 §5: a language may follow the charset after `*`.
    let label = label.split(|b| *b == b'*').next().unwrap_or(label);
    let charset = String::from_utf8_lossy(label).to_ascii_lowercase();
    Some((Word { charset, base64, text: value.get(text_at..text_end)? }, text_end + 2))
}

fn find(value: &[u8], from: usize, what: &[u8]) -> Option<usize> {
    value.get(from..)?.windows(what.len()).position(|w| w == what).map(|i| from + i)
}
