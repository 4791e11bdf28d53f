//! What a letter carries besides its text: files, calendar objects, delivery reports, attached letters.

use sha2::{Digest, Sha256};

use super::headers::Headers;
use super::mime::Part;
use super::words::RawCharset;
use super::{Attachment, CalendarPart, Message, Oddity, charset, clean, note, references};

/// Attached letters that are read.
const MOST_LETTERS: usize = 3;
/// Bytes of a delivery report that are kept.
const LONGEST_REPORT: usize = 64 * 1024;
/// Characters of a file name.
const LONGEST_NAME: usize = 200;

/// The contents of a letter's parts, and which parts are its text.
#[derive(Default)]
pub(super) struct Attached {
    pub(super) files: Vec<Attachment>,
    pub(super) calendars: Vec<CalendarPart>,
    pub(super) report: Option<String>,
    pub(super) returned_id: Option<String>,
    pub(super) forwarded: Vec<Message>,
    /// For each part: is it text to be read?
    pub(super) is_body: Vec<bool>,
}

/// Reads an attached letter.
pub(super) type Reader<'a> = &'a dyn Fn(&[u8]) -> Message;

/// Sorts the parts. `nested` reads an attached letter; without it (already within one) letters stay files.
pub(super) fn sort(parts: &[Part<'_>], raw: RawCharset, nested: Option<Reader<'_>>, oddities: &mut Vec<Oddity>) -> Attached {
    let mut found = Attached { is_body: vec![false; parts.len()], ..Attached::default() };
    let mut seen = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        if part.is_multipart() {
            continue;
        }
        let name = file_name(part, raw, oddities);
        let is = |suffix: &str| name.as_deref().is_some_and(|n| n.to_lowercase().ends_with(suffix));
        let in_report = part.parent.and_then(|p| parts.get(p)).is_some_and(|p| p.kind.word == "multipart/report");
        let kind = part.kind.word.as_str();
        if matches!(kind, "text/calendar" | "application/ics") || is(".ics") && !part.is_letter() {
            found.calendar(part, &mut seen, oddities);
        } else if matches!(kind, "message/delivery-status" | "message/global-delivery-status" | "message/disposition-notification") {
            found.report(part, oddities);
        } else if in_report && (part.is_letter() || kind.ends_with("/rfc822-headers") || kind == "message/global-headers") {
            let bytes = part.decoded(oddities);
            let (headers, _) = Headers::split(&bytes);
            found.returned_id = found.returned_id.take().or_else(|| message_id(&headers, RawCharset::default()));
        } else if part.is_letter() || is(".eml") && looks_like_letter(part, oddities) {
            match nested.filter(|_| found.forwarded.len() < MOST_LETTERS) {
                Some(read) => found.forwarded.push(read(&part.decoded(oddities))),
                None => {
                    note(oddities, Oddity::Cut);
                    found.file(part, name, oddities);
                }
            }
        } else if is_text(part, name.as_deref(), parts.len() == 1) {
            found.mark_body(index);
        } else {
            found.file(part, name, oddities);
        }
    }
    found
}

impl Attached {
    fn mark_body(&mut self, index: usize) {
        if let Some(slot) = self.is_body.get_mut(index) {
            *slot = true;
        }
    }

    fn file(&mut self, part: &Part<'_>, name: Option<String>, oddities: &mut Vec<Oddity>) {
        let media_type = part.kind.word.clone();
        self.files.push(Attachment { name, media_type, bytes: part.decoded(oddities).into_owned() });
    }

    /// Calendar objects are sent twice on purpose (as an alternative and as a file): the part with a method is preferred.
    fn calendar(&mut self, part: &Part<'_>, seen: &mut Vec<[u8; 32]>, oddities: &mut Vec<Oddity>) {
        let bytes = part.decoded(oddities).into_owned();
        if bytes.trim_ascii().is_empty() {
            return;
        }
        let method = part.kind.ascii("method").map(|m| m.to_ascii_uppercase()).filter(|m| !m.is_empty());
        let hash: [u8; 32] = Sha256::digest(bytes.trim_ascii()).into();
        match seen.iter().position(|s| *s == hash).and_then(|i| self.calendars.get_mut(i)) {
            Some(same) => same.method = same.method.take().or(method),
            None => {
                seen.push(hash);
                self.calendars.push(CalendarPart { method, bytes });
            }
        }
    }

    fn report(&mut self, part: &Part<'_>, oddities: &mut Vec<Oddity>) {
        let bytes = part.decoded(oddities);
        let decoded = charset::decode(&bytes, part.kind.ascii("charset").as_deref().or(Some("utf-8")));
        let (text, cut) = clean::text(&decoded.text, LONGEST_REPORT);
        if cut {
            note(oddities, Oddity::Cut);
        }
        if self.report.is_none() {
            // A receipt names the letter it is about in the report itself (RFC 8098 §3.2.5).
            self.returned_id = self.returned_id.take().or_else(|| id_in_text(&text, "original-message-id:"));
            self.report = Some(text);
        }
    }
}

/// The bare Message-ID of a header.
pub(super) fn message_id(headers: &Headers<'_>, raw: RawCharset) -> Option<String> {
    headers.all("message-id").map(super::headers::unfolded).find_map(|value| {
        let value = raw.text(&value);
        references::ids(&value).into_iter().next().or_else(|| Some(references::bare_id(&value))).filter(|id| !id.is_empty())
    })
}

/// The Message-ID in a plain-text bounce, which copies the returned letter into its text (mail.ru, Exim, qmail).
pub(super) fn returned_in_text(whole: &str) -> Option<String> {
    id_in_text(whole, "message-id:")
}

fn id_in_text(text: &str, field: &str) -> Option<String> {
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let line = line.trim_start_matches(['>', ' ', '\t']);
        let Some(value) = line.get(..field.len()).filter(|name| name.eq_ignore_ascii_case(field)).and_then(|_| line.get(field.len()..)) else { continue };
        // A long id stands in the next line.
        let value = if value.trim().is_empty() { lines.next().unwrap_or_default() } else { value };
        let id = references::ids(value).into_iter().next().unwrap_or_else(|| references::bare_id(value));
        return (!id.is_empty()).then_some(id);
    }
    None
}

/// Is this part text to be read, rather than a file? A named text file is a file, unless the letter is nothing else.
fn is_text(part: &Part<'_>, name: Option<&str>, alone: bool) -> bool {
    if !matches!(part.kind.word.as_str(), "text/plain" | "text/html") {
        return false;
    }
    alone || part.disposition.word != "attachment" && name.is_none()
}

fn looks_like_letter(part: &Part<'_>, oddities: &mut Vec<Oddity>) -> bool {
    let bytes = part.decoded(oddities);
    let (headers, _) = Headers::split(&bytes);
    headers.has("from") && (headers.has("date") || headers.has("subject"))
}

/// The file's name reduced to its last component: `../../etc/passwd` and `C:\x` are names that letters carry.
fn file_name(part: &Part<'_>, raw: RawCharset, oddities: &mut Vec<Oddity>) -> Option<String> {
    let name = part.disposition.text("filename", raw).or_else(|| part.kind.text("name", raw))?;
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let cleaned = clean::line(last, LONGEST_NAME);
    if cleaned.controls {
        note(oddities, Oddity::Controls);
    }
    if cleaned.cut {
        note(oddities, Oddity::Cut);
    }
    (!cleaned.text.trim_matches(['.', ' ']).is_empty()).then_some(cleaned.text)
}
