//! Bytes to [`Message`].

use std::panic::catch_unwind;

use super::headers::Headers;
use super::words::{self, RawCharset};
use super::{Body, Message, Oddity, Origin, Proof, Robot};
use super::{attached, authentication, body, charset, clean, dates, identity, mime, note, origin, quotes, references};

/// Characters of a subject; ids of References; addresses of one kind.
const LONGEST_SUBJECT: usize = 500;
const MOST_REFERENCES: usize = 10;
const MOST_SENDERS: usize = 20;
const MOST_RECIPIENTS: usize = 200;

/// Reads a letter. Total: any bytes give a message; broken ones list their oddities.
///
/// The parsers below are bounded and free of panics as far as tests and fuzzing tell; fuzzed parsers still panic in the
/// field (lessons 8), so what one of them cannot take is kept as text.
pub fn read(bytes: &[u8]) -> Message {
    catch_unwind(|| letter(bytes, true)).unwrap_or_else(|_| catch_unwind(|| as_text(bytes, true)).unwrap_or_else(|_| as_text(bytes, false)))
}

/// Reads a letter without the net below it; an attached letter (not `outermost`) keeps its own attached letters as files.
pub(super) fn letter(bytes: &[u8], outermost: bool) -> Message {
    let mut oddities = Vec::new();
    let parts = mime::split(bytes, &mut oddities);
    let Some(root) = parts.first().filter(|root| root.headers.is_letter()) else { return as_text(bytes, true) };
    let headers = &root.headers;
    let raw = headers.raw_charset();
    if headers.has_raw() {
        note(&mut oddities, Oddity::RawHeader);
    }

    let from = headers.addresses("from", raw, MOST_SENDERS, &mut oddities);
    let from_fields = headers.all("from").count();
    if from.is_empty() {
        note(&mut oddities, Oddity::NoFrom);
    }
    if from_fields > 1 || from.len() > 1 {
        note(&mut oddities, Oddity::SeveralFrom);
    }
    let message_id = attached::message_id(headers, raw);
    if message_id.is_none() {
        note(&mut oddities, Oddity::NoMessageId);
    }
    let raw_date = headers.text("date").unwrap_or_default();
    let date = dates::moment(&raw_date);
    if date.is_none() {
        note(&mut oddities, Oddity::BadDate);
    }
    let subject = line(headers, "subject", raw, &mut oddities);

    let nested = |bytes: &[u8]| letter(bytes, false);
    let attached = attached::sort(&parts, raw, outermost.then_some(&nested as attached::Reader<'_>), &mut oddities);
    let (whole, html_only) = body::text(&parts, &attached.is_body, &mut oddities);
    let origin = origin::origin(headers, &root.kind, &from, &subject);
    let is_bounce = origin == Origin::Robot(Robot::Bounce);
    let returned_id = attached.returned_id.or_else(|| if is_bounce { attached::returned_in_text(&whole) } else { None });

    let mut references = ids(headers, "references");
    references.drain(..references.len().saturating_sub(MOST_REFERENCES));
    let mut in_reply_to = ids(headers, "in-reply-to");
    in_reply_to.truncate(MOST_REFERENCES);
    let mut message = Message {
        message_id,
        in_reply_to,
        references,
        from,
        from_fields,
        reply_to: headers.addresses("reply-to", raw, MOST_SENDERS, &mut oddities),
        to: headers.addresses("to", raw, MOST_RECIPIENTS, &mut oddities),
        cc: headers.addresses("cc", raw, MOST_RECIPIENTS, &mut oddities),
        body: folded(whole, html_only, quotes::is_forward(&subject)),
        subject,
        date,
        received: headers.text("received").and_then(|v| dates::received(&v)),
        attachments: attached.files,
        calendars: attached.calendars,
        report: attached.report,
        returned_id,
        forwarded: attached.forwarded,
        origin,
        authentication: authentication::read(headers),
        proof: Proof::Unknown,
        x_otklik: headers.has("x-otklik").then(|| line(headers, "x-otklik", raw, &mut oddities)),
        content_hash: String::new(),
        oddities,
    };
    message.content_hash = identity::content_hash(&message, &raw_date);
    message
}

/// A field for people, decoded, one line.
fn line(headers: &Headers<'_>, name: &str, raw: RawCharset, oddities: &mut Vec<Oddity>) -> String {
    let (text, guessed) = headers.first(name).map(|v| words::decode(&v, raw)).unwrap_or_default();
    let cleaned = clean::line(&text, LONGEST_SUBJECT);
    for (is, oddity) in [(guessed, Oddity::GuessedCharset), (cleaned.controls, Oddity::Controls), (cleaned.cut, Oddity::Cut)] {
        if is {
            note(oddities, oddity);
        }
    }
    cleaned.text
}

/// Ids of all fields of this name.
fn ids(headers: &Headers<'_>, name: &str) -> Vec<String> {
    headers.all(name).flat_map(|value| references::ids(&String::from_utf8_lossy(&super::headers::unfolded(value)))).collect()
}

fn folded(whole: String, html_only: bool, forward: bool) -> Body {
    let folds = quotes::cut(&whole, forward);
    Body { whole, own: folds.own, signature: folds.signature, quoted: folds.quoted, html_only }
}

/// Bytes that are no letter, kept as text for a person to look at.
fn as_text(bytes: &[u8], fold: bool) -> Message {
    let mut oddities = vec![Oddity::Unparseable, Oddity::NoFrom, Oddity::NoMessageId, Oddity::BadDate];
    let bytes = bytes.get(..body::LONGEST).unwrap_or(bytes);
    let decoded = charset::decode(bytes, None);
    if decoded.guessed {
        note(&mut oddities, Oddity::GuessedCharset);
    }
    let (whole, cut) = clean::text(&decoded.text, body::LONGEST);
    if cut || bytes.len() == body::LONGEST {
        note(&mut oddities, Oddity::Cut);
    }
    let body = if fold { folded(whole, false, false) } else { Body { own: whole.clone(), whole, ..Body::default() } };
    let mut message = Message { body, oddities, ..Message::default() };
    message.content_hash = identity::content_hash(&message, "");
    message
}
