//! Our own letters taken apart again: for the shadow twin, for `decoded` and for pages. It knows the one structure that `mime` writes and
//! gives what it can of anything else; foreign letters are `message`'s.

use super::mime::File;
use data_encoding::BASE64;

/// A letter in parts.
#[derive(Debug, Clone, Default)]
pub(super) struct Parts {
    /// Names and decoded values, in order.
    pub headers: Vec<(String, String)>,
    pub text: String,
    pub html: String,
    /// METHOD and the object's bytes.
    pub calendar: Option<(String, Vec<u8>)>,
    pub files: Vec<File>,
    /// What the page shows by cid.
    pub pictures: Vec<super::mime::Inline>,
}

impl Parts {
    /// The first header of this name, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map_or("", |(_, v)| v)
    }
}

/// Takes any bytes.
pub(super) fn take_apart(raw: &[u8]) -> Parts {
    let letter = String::from_utf8_lossy(raw);
    let (head, body) = split_head(&letter);
    let fields = unfold(head);
    let mut parts = Parts { headers: fields.iter().map(|(n, v)| (n.clone(), decode_words(v))).collect(), ..Parts::default() };
    part(&fields, body, 0, &mut parts);
    parts
}

fn split_head(text: &str) -> (&str, &str) {
    if let Some(body) = text.strip_prefix("\r\n") {
        return ("", body);
    }
    text.split_once("\r\n\r\n").or_else(|| text.split_once("\n\n")).unwrap_or((text, ""))
}

fn unfold(head: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in head.lines().take(500) {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    fields
}

fn field<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    fields.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map_or("", |(_, v)| v)
}

fn part(fields: &[(String, String)], body: &str, depth: usize, out: &mut Parts) {
    let kind = field(fields, "Content-Type");
    let media = kind.split(';').next().unwrap_or_default().trim().to_lowercase();
    if let Some(boundary) = param(kind, "boundary").filter(|b| media.starts_with("multipart/") && !b.is_empty() && depth < 4) {
        let marker = format!("--{boundary}");
        for piece in body.split(marker.as_str()).skip(1).take(100).take_while(|p| !p.starts_with("--")) {
            let (head, inner) = split_head(piece.strip_prefix("\r\n").unwrap_or(piece));
            part(&unfold(head), inner.strip_suffix("\r\n").unwrap_or(inner), depth + 1, out);
        }
        return;
    }
    let bytes = transfer_decoded(field(fields, "Content-Transfer-Encoding"), body);
    let disposition = field(fields, "Content-Disposition");
    if disposition.to_lowercase().starts_with("attachment") {
        let name = file_name(disposition).or_else(|| param(kind, "name")).unwrap_or_else(|| "файл".to_owned());
        out.files.push(File { name, media_type: media, bytes });
        return;
    }
    if media == "image/png" {
        let id = field(fields, "Content-ID").trim_matches(['<', '>']).to_owned();
        out.pictures.push(super::mime::Inline { id, png: bytes });
        return;
    }
    let text = || String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
    match media.as_str() {
        "text/calendar" => out.calendar = Some((param(kind, "method").unwrap_or_default(), bytes)),
        "text/html" if out.html.is_empty() => out.html = text(),
        _ if out.text.is_empty() => out.text = text(),
        _ => {}
    }
}

fn transfer_decoded(encoding: &str, body: &str) -> Vec<u8> {
    if encoding.eq_ignore_ascii_case("base64") {
        let packed: String = body.split_ascii_whitespace().collect();
        return BASE64.decode(packed.as_bytes()).unwrap_or_else(|_| body.as_bytes().to_vec());
    }
    body.as_bytes().to_vec()
}

fn params(value: &str) -> impl Iterator<Item = (String, String)> {
    value.split(';').skip(1).filter_map(|p| p.split_once('=')).map(|(n, v)| (n.trim().to_lowercase(), v.trim().trim_matches('"').to_owned()))
}

fn param(value: &str, name: &str) -> Option<String> {
    params(value).find(|(n, _)| n == name).map(|(_, v)| v)
}

/// `filename`, or its RFC 2231 pieces `filename*0*=utf-8''…` put together.
fn file_name(disposition: &str) -> Option<String> {
    let mut whole = Vec::new();
    for (name, value) in params(disposition).filter(|(n, _)| n.starts_with("filename*")) {
        let value = value.rsplit('\'').next().unwrap_or_default();
        if name.ends_with('*') { percent_decoded(value, &mut whole) } else { whole.extend_from_slice(value.as_bytes()) }
    }
    if whole.is_empty() { param(disposition, "filename") } else { Some(String::from_utf8_lossy(&whole).into_owned()) }
}

fn percent_decoded(text: &str, out: &mut Vec<u8>) {
    hex_escapes(text.as_bytes(), b'%', out);
}

fn hex_escapes(text: &[u8], escape: u8, out: &mut Vec<u8>) {
    let hex = |i: usize| text.get(i).and_then(|b| char::from(*b).to_digit(16));
    let mut i = 0;
    while let Some(byte) = text.get(i) {
        match (*byte == escape, hex(i + 1), hex(i + 2)) {
            (true, Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                i += 3;
            }
            _ => {
                out.push(*byte);
                i += 1;
            }
        }
    }
}

/// RFC 2047 words in UTF-8; the space between two of them is not text.
fn decode_words(value: &str) -> String {
    let mut out: Vec<u8> = Vec::new();
    let mut rest = value;
    let mut after_word = false;
    while let Some(at) = rest.find("=?") {
        let (before, from) = rest.split_at(at);
        let Some((word, tail)) = encoded_word(from) else {
            out.extend_from_slice(rest.get(..at + 2).unwrap_or(rest).as_bytes());
            rest = rest.get(at + 2..).unwrap_or_default();
            after_word = false;
            continue;
        };
        if !(after_word && before.trim().is_empty()) {
            out.extend_from_slice(before.as_bytes());
        }
        out.extend(word);
        rest = tail;
        after_word = true;
    }
    out.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&out).into_owned()
}

fn encoded_word(from: &str) -> Option<(Vec<u8>, &str)> {
    let mut fields = from.strip_prefix("=?")?.splitn(3, '?');
    let (charset, encoding, rest) = (fields.next()?, fields.next()?, fields.next()?);
    let (content, tail) = rest.split_once("?=")?;
    if !charset.eq_ignore_ascii_case("utf-8") {
        return None;
    }
    let mut word = Vec::new();
    match encoding {
        "b" | "B" => word = BASE64.decode(content.as_bytes()).ok()?,
        "q" | "Q" => hex_escapes(content.replace('_', " ").as_bytes(), b'=', &mut word),
        _ => return None,
    }
    Some((word, tail))
}

/// The lines of a calendar object that a person asks about: unfolded, alarms and zones left out.
pub(super) fn calendar_lines(object: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(object).replace("\r\n ", "").replace("\n ", "");
    let mut inside = Vec::new();
    let mut lines = Vec::new();
    for line in text.lines().take(500) {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        match name {
            "BEGIN" => inside.push(value.to_owned()),
            "END" => drop(inside.pop()),
            _ if inside.last().is_some_and(|c| c == "VEVENT" || c == "VCALENDAR") => lines.push((name.to_owned(), value.to_owned())),
            _ => {}
        }
    }
    lines
}
