//! Transfer encodings, lenient: a damaged line costs that line, not the letter.

use std::borrow::Cow;

/// Content-Transfer-Encoding of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transfer {
    /// 7bit, 8bit, missing or unknown.
    Lines,
    /// Bytes that are no lines (RFC 2045 §2.9).
    Binary,
    Base64,
    QuotedPrintable,
}

impl Transfer {
    pub(super) fn of(value: Option<&str>) -> Self {
        let value = value.unwrap_or_default().trim().to_ascii_lowercase();
        if value.starts_with("base64") {
            Self::Base64
        } else if value.starts_with("quoted-printable") {
            Self::QuotedPrintable
        } else if value.starts_with("binary") {
            Self::Binary
        } else {
            Self::Lines
        }
    }

    /// Decoded bytes. Line ends of encodings that keep lines come out as CRLF (RFC 2046 §4.1.1), so that a letter
    /// stored with LF gives the same bytes. `None` where the bytes are evidently not what the field says.
    pub(super) fn decode(self, bytes: &[u8]) -> Option<Cow<'_, [u8]>> {
        match self {
            Self::Binary => Some(Cow::Borrowed(bytes)),
            Self::Lines => Some(crlf(bytes)),
            Self::QuotedPrintable => Some(Cow::Owned(quoted_printable(bytes))),
            Self::Base64 => {
                let (mut alien, mut all) = (0_usize, 0_usize);
                for b in bytes {
                    if !b.is_ascii_whitespace() {
                        all += 1;
                        alien += usize::from(!(is_base64(*b) || *b == b'='));
                    }
                }
                (alien <= all / 10).then(|| Cow::Owned(base64(bytes)))
            }
        }
    }
}

fn is_base64(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'+' || b == b'/'
}

/// Base64 by mail-parser; what it refuses is tried again without foreign characters, and yields nothing at worst.
pub(super) fn base64(bytes: &[u8]) -> Vec<u8> {
    use mail_parser::decoders::base64::base64_decode;
    if bytes.is_empty() {
        return Vec::new();
    }
    base64_decode(bytes).unwrap_or_else(|| {
        let kept: Vec<u8> = bytes.iter().copied().filter(|b| is_base64(*b) || *b == b'=').collect();
        base64_decode(&kept).unwrap_or_default()
    })
}

/// Text of a Q-word: `_` is a blank (RFC 2047 §4.2).
pub(super) fn q_word(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, tail)) = rest.split_first() {
        match (first, hex_pair(tail)) {
            (b'=', Some(byte)) => {
                out.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            (b'_', _) => {
                out.push(b' ');
                rest = tail;
            }
            (other, _) => {
                out.push(*other);
                rest = tail;
            }
        }
    }
    out
}

/// The byte that two leading hex digits mean.
pub(super) fn hex_pair(bytes: &[u8]) -> Option<u8> {
    let digit = |b: u8| match b {
        b'0'..=b'9' => Some(b - b'0'),
        b'A'..=b'F' => Some(b - b'A' + 10),
        b'a'..=b'f' => Some(b - b'a' + 10),
        _ => None,
    };
    let [high, low] = *bytes.first_chunk()?;
    Some(digit(high)? << 4 | digit(low)?)
}

/// Quoted-printable, line by line; a `=` that starts no escape stays as it is (mail-parser refuses the whole part).
fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        let ended = line.ends_with(b"\n");
        // RFC 2045 §6.7 (3): blanks at the end of a line were added in transport.
        let mut rest = line.trim_ascii_end();
        let soft = rest.ends_with(b"=");
        if soft {
            rest = rest.get(..rest.len() - 1).unwrap_or_default();
        }
        loop {
            // Only a sign of equality can begin an escape.
            let plain = rest.iter().take_while(|b| **b != b'=').count();
            let (run, escape) = rest.split_at_checked(plain).unwrap_or((rest, &[]));
            out.extend_from_slice(run);
            let Some((_, tail)) = escape.split_first() else { break };
            match hex_pair(tail) {
                Some(byte) => {
                    out.push(byte);
                    rest = tail.get(2..).unwrap_or_default();
                }
                None => {
                    out.push(b'=');
                    rest = tail;
                }
            }
        }
        if ended && !soft {
            out.extend_from_slice(b"\r\n");
        }
    }
    out
}

/// Line ends as CRLF. Bytes with NUL are no lines whatever the field says, and stay untouched.
fn crlf(bytes: &[u8]) -> Cow<'_, [u8]> {
    let bare = bytes.first() == Some(&b'\n') || bytes.windows(2).any(|pair| matches!(pair, [before, b'\n'] if *before != b'\r'));
    if !bare || bytes.contains(&0) {
        return Cow::Borrowed(bytes);
    }
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 40);
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        match line.strip_suffix(b"\n") {
            Some(text) if !text.ends_with(b"\r") => {
                out.extend_from_slice(text);
                out.extend_from_slice(b"\r\n");
            }
            _ => out.extend_from_slice(line),
        }
    }
    Cow::Owned(out)
}
