//! Bytes to text: declared charsets, odd labels, and the choice where the label is missing or wrong.
//! A wrong guess gives unreadable letters, a refused guess loses the whole text, so there is always an answer.

use std::borrow::Cow;

use encoding_rs::{Encoding, IBM866, KOI8_R, KOI8_U, REPLACEMENT, UTF_8, WINDOWS_1251, WINDOWS_1252, X_MAC_CYRILLIC};

/// Decoded text, and whether the charset had to be guessed.
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) guessed: bool,
}

/// How often each letter from а to я stands in Russian text, in tenths of a percent.
const FREQUENCY: [i64; 32] = [
    80, 16, 45, 17, 30, 85, 9, 17, 74, 12, 35, 44, 32, 67, 110, 28, 47, 55, 63, 26, 3, 10, 5, 14, 7, 4, 1, 19, 17, 3, 6, 20, //
];

/// Decodes `bytes` by `label` where the label is known and fits the bytes, otherwise by their look.
pub(super) fn decode(bytes: &[u8], label: Option<&str>) -> Decoded {
    let known = label.and_then(resolve);
    if bytes.is_ascii() && known.is_none_or(|e| e.is_ascii_compatible() && e.name() != "ISO-2022-JP") {
        let text = String::from_utf8_lossy(bytes);
        // RFC 2152: the only charset in use whose 8-bit text is written in ASCII; encoding_rs leaves it out on purpose.
        if label.is_some_and(|l| squeeze(l) == "utf7")
            && text.contains('+')
            && let Some(utf7) = mail_parser::decoders::charsets::map::charset_decoder(b"utf-7")
        {
            return Decoded { text: utf7(bytes), guessed: true };
        }
        return Decoded { text: text.into_owned(), guessed: false };
    }
    match known {
        Some(encoding) if fits(encoding, bytes, label) => Decoded { text: plain(encoding, bytes), guessed: false },
        // A declared multi-byte charset is not second-guessed: its errors are shown as such.
        Some(encoding) if !encoding.is_single_byte() && encoding != UTF_8 => Decoded { text: plain(encoding, bytes), guessed: false },
        _ => Decoded { text: plain(guess(bytes), bytes), guessed: true },
    }
}

/// The charset that undeclared bytes look like: UTF-8 where they are valid, otherwise the likelier of windows-1251 and koi8-r.
pub(super) fn guess(bytes: &[u8]) -> &'static Encoding {
    if mostly_utf8(bytes) || Encoding::for_bom(bytes).is_some() {
        return UTF_8;
    }
    if score(KOI8_R, bytes) > score(WINDOWS_1251, bytes) { KOI8_R } else { WINDOWS_1251 }
}

/// Decodes by one charset; a byte order mark wins over it and is removed.
pub(super) fn plain(encoding: &'static Encoding, bytes: &[u8]) -> String {
    let (text, _, _) = encoding.decode(bytes);
    match text {
        Cow::Borrowed(text) => text.to_owned(),
        Cow::Owned(text) => text,
    }
}

/// Does the declared charset agree with the bytes? Web forms declare windows-1251 and send UTF-8, old mailers
/// declare us-ascii or iso-8859-1 and send windows-1251, relays relabel koi8-r.
fn fits(encoding: &'static Encoding, bytes: &[u8], label: Option<&str>) -> bool {
    if encoding == UTF_8 {
        return mostly_utf8(bytes);
    }
    if !encoding.is_single_byte() {
        return true;
    }
    let high = bytes.iter().filter(|b| **b >= 0x80).count();
    if high >= 4 && std::str::from_utf8(bytes).is_ok() {
        return false;
    }
    if encoding == WINDOWS_1252 {
        // In Western text most letters are ASCII; in mislabelled Russian most are not.
        let ascii = bytes.iter().filter(|b| b.is_ascii_alphabetic()).count();
        return high <= ascii && !label.is_some_and(|l| squeeze(l).ends_with("ascii"));
    }
    let other = if encoding == WINDOWS_1251 {
        KOI8_R
    } else if encoding == KOI8_R || encoding == KOI8_U {
        WINDOWS_1251
    } else {
        return true;
    };
    // Right text scores about 1.7 times as high as the wrong reading: a third above the declared one is never chance.
    high < 20 || score(other, bytes).saturating_mul(3) <= score(encoding, bytes).max(0).saturating_mul(4)
}

/// Valid UTF-8, or UTF-8 with some damage (a cut tail, one bad byte).
fn mostly_utf8(bytes: &[u8]) -> bool {
    if std::str::from_utf8(bytes).is_ok() {
        return true;
    }
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    bad == 0 || good > bad.saturating_mul(4)
}

/// Likeness to Russian: letters count by their frequency; a capital after a small letter, and signs that no one types, count against.
fn score(encoding: &'static Encoding, bytes: &[u8]) -> i64 {
    let sample = bytes.get(..4096).unwrap_or(bytes);
    let (text, _) = encoding.decode_without_bom_handling(sample);
    let (mut sum, mut small_in_word) = (0_i64, false);
    for c in text.chars() {
        let small = match c {
            'а'..='я' => Some(c as usize - 'а' as usize),
            'А'..='Я' => Some(c as usize - 'А' as usize),
            _ => None,
        };
        match small.and_then(|i| FREQUENCY.get(i)) {
            Some(weight) => {
                let capital = c < 'а';
                sum += if capital && small_in_word { -60 } else { *weight + i64::from(!capital) };
                small_in_word |= !capital;
            }
            None if c.is_ascii() || "ёЁ«»№—–“”„…\u{A0}".contains(c) => small_in_word = false,
            None => {
                sum -= 30;
                small_in_word = false;
            }
        }
    }
    sum
}

/// The charset that a label means, tolerant to the ways in which labels are misspelt.
fn resolve(label: &str) -> Option<&'static Encoding> {
    let short = squeeze(label);
    let known = if short.contains("1251") {
        Some(WINDOWS_1251)
    } else if short.starts_with("koi8u") {
        Some(KOI8_U)
    } else if short.starts_with("koi8") {
        Some(KOI8_R)
    } else if short.starts_with("utf8") {
        Some(UTF_8)
    } else if short.ends_with("866") {
        Some(IBM866)
    } else if short.ends_with("maccyrillic") {
        Some(X_MAC_CYRILLIC)
    } else {
        Encoding::for_label(label.trim().as_bytes())
    };
    known.filter(|e| *e != REPLACEMENT)
}

/// A label's letters and digits only, lower case.
fn squeeze(label: &str) -> String {
    label.chars().take(64).filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}
