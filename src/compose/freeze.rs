//! Text to frozen RFC 5322 bytes.

use super::mime::{self, Draft, File};
use super::parts::{calendar_lines, take_apart};
use super::russian::date_words;
use super::stamp::{sealed, unsealed};
use super::templates::{Rendered, Surroundings};
use super::{Composer, Envelope, InstanceKey, Letter, Moment};
use crate::itip::Method;
use crate::outbox::{Posting, SentCopy};
use chrono::{DateTime, Utc};

/// Renders the letter's templates and freezes it. Equal input gives equal bytes; never fails (a template that breaks at run time,
/// which `check` excludes, falls back to the embedded one).
pub fn freeze<L: Letter>(composer: &Composer, envelope: Envelope, letter: &L) -> Posting {
    freeze_listed(composer, envelope, letter, None)
}

/// The same with a link to unsubscribe in its headers (RFC 2369 §3.2).
pub(super) fn freeze_listed<L: Letter>(composer: &Composer, envelope: Envelope, letter: &L, unsubscribe: Option<String>) -> Posting {
    let press = envelope.press.as_ref().map(|press| press.bound(&composer.address, &envelope.key, envelope.now));
    let around = composer.surroundings(envelope.now, press.as_ref());
    let value = minijinja::Value::from(minijinja::value::Serde(letter));
    let rendered = composer.templates.render(L::NAME, &value, &around).unwrap_or_else(|| bare_letter(composer, &envelope));
    let message_id = message_id(composer, &envelope.key);
    let pictures = pictures(composer, &envelope.key, letter.pictures());
    let draft = Draft {
        from: (composer.school.clone(), composer.address.clone()),
        to: envelope.to.clone(),
        subject: rendered.subject.clone(),
        date: date_header(envelope.now, composer.zone),
        message_id: message_id.clone(),
        references: mime::clean_ids(&envelope.references),
        replied: envelope.replied,
        x_otklik: sealed(composer, &message_id, &x_otklik(&envelope)),
        unsubscribe,
        text: rendered.text,
        html: with_ids(rendered.html, &pictures),
        pictures: pictures.into_iter().map(|(_, picture)| picture).collect(),
        calendar: (envelope.event.as_ref().map(|event| (event.method, crate::itip::build(event))))
            .or_else(|| envelope.reply.clone().map(|text| (Method::Reply, text)))
            .map(|(method, text)| (method.as_str().to_owned(), text.into_bytes())),
        files: envelope.attachments.iter().enumerate().map(|(i, a)| file(i, a)).collect(),
    };
    Posting {
        message_id,
        kind: envelope.kind,
        appeal: envelope.appeal,
        to: envelope.to,
        shadow_of: None,
        subject: rendered.subject,
        raw: draft.assemble(|index| boundary(composer, &envelope.key, index)),
        shell: (envelope.copy == SentCopy::Shell).then(|| draft.shell(&shell_text(composer, envelope.appeal, envelope.now))),
        copy: envelope.copy,
        audience: envelope.audience,
        priority: envelope.priority,
        not_before: envelope.not_before.unwrap_or(envelope.now),
        not_after: envelope.not_after,
        ics_uid: envelope.event.as_ref().map(|e| e.uid.clone()),
        slot: envelope.event.as_ref().map(|e| (e.start, e.end)),
        key: envelope.key,
    }
}

/// The same letter addressed to the operator, marked with the real recipient (mode = "shadow"). New key, new Message-ID; no thread, so that
/// the operator's answer joins no appeal; the calendar object becomes a text file that no calendar accepts.
pub fn shadow(composer: &Composer, posting: Posting, operator: &str) -> Posting {
    if posting.shadow_of.is_some() {
        return posting;
    }
    let parts = take_apart(&posting.raw);
    let key = format!("shadow/{}", posting.key);
    let message_id = message_id(composer, &key);
    let real = mime::header_safe(&posting.to);
    let subject = format!("[проба → {real}] {}", posting.subject);
    let mark = format!("Пробный режим: это письмо получили только Вы. В рабочем режиме его получит {real}.");
    let mut files: Vec<File> = parts.files.iter().filter(|f| f.media_type != "application/ics").cloned().collect();
    if let Some((_, object)) = &parts.calendar {
        files.push(File { name: "invite.ics.txt".to_owned(), media_type: "text/plain".to_owned(), bytes: object.clone() });
    }
    let draft = Draft {
        from: (composer.school.clone(), composer.address.clone()),
        to: operator.to_owned(),
        subject: subject.clone(),
        date: parts.header("Date").to_owned(),
        message_id: message_id.clone(),
        references: Vec::new(),
        replied: false,
        x_otklik: sealed(composer, &message_id, &format!("{}; shadow=1", unsealed(parts.header("X-Otklik")))),
        unsubscribe: None,
        text: format!("{mark}\n\n{}", parts.text),
        html: with_mark(&parts.html, &mark),
        calendar: None,
        files,
        pictures: parts.pictures,
    };
    let shell = posting.shell.as_deref().map(|shell| draft.shell(&take_apart(shell).text));
    Posting {
        raw: draft.assemble(|index| boundary(composer, &key, index)),
        shell,
        shadow_of: Some(posting.to),
        to: operator.to_owned(),
        key,
        message_id,
        subject,
        ..posting
    }
}

/// HMAC-SHA256(key, purpose, what) cut to 128 bits, lower-case base32, 26 characters.
pub fn hmac_token(key: &InstanceKey, purpose: &str, what: &str) -> String {
    mime::token(&key.0, purpose, what)
}

/// The part behind `@`.
pub fn domain_of(address: &str) -> &str {
    address.rsplit_once('@').map_or("localhost", |(_, d)| d)
}

/// A frozen letter as a person would read it: headers that matter, text, calendar unfolded. For scenarios, pages and `show`.
pub fn decoded(raw: &[u8]) -> String {
    let parts = take_apart(raw);
    let mut out = String::new();
    for (name, title) in [("From", "От"), ("To", "Кому"), ("Subject", "Тема"), ("Date", "Дата"), ("Auto-Submitted", "Auto-Submitted")] {
        out.push_str(&format!("{title}: {}\n", parts.header(name)));
    }
    if !parts.header("In-Reply-To").is_empty() {
        out.push_str(&format!("В ответ на: {}\n", short_id(parts.header("In-Reply-To"))));
    }
    out.push_str(&format!("\n{}\n", parts.text.trim_end()));
    if !parts.files.is_empty() {
        let files: Vec<String> = parts.files.iter().map(|f| format!("{} ({})", f.name, f.media_type)).collect();
        out.push_str(&format!("\nВложения: {}\n", files.join(", ")));
    }
    if let Some((method, object)) = &parts.calendar {
        out.push_str(&format!("\nКалендарь: {method}\n"));
        for (name, value) in calendar_lines(object) {
            let bare = name.split(';').next().unwrap_or_default();
            if ["SUMMARY", "DTSTART", "DTEND", "SEQUENCE", "STATUS", "LOCATION"].contains(&bare) {
                out.push_str(&format!("  {bare}: {}\n", super::page::unescaped(&value)));
            } else if bare == "ATTENDEE" {
                let status = name.split(';').find(|p| p.starts_with("PARTSTAT=")).unwrap_or_default();
                out.push_str(&format!("  ATTENDEE: {} {status}\n", value.trim_start_matches("mailto:").trim_start_matches("MAILTO:")).replace(" \n", "\n"));
            }
        }
    }
    out
}

/// Our own ids are 26 letters that say nothing: ten tell them apart.
fn short_id(id: &str) -> String {
    let id = id.trim_matches(['<', '>']);
    match id.split_once('@') {
        Some((local, domain)) if local.chars().count() > 12 => format!("{}…@{domain}", local.chars().take(10).collect::<String>()),
        _ => id.to_owned(),
    }
}

pub(super) fn message_id(composer: &Composer, key: &str) -> String {
    let domain: String = domain_of(&composer.address).chars().filter(|c| c.is_ascii_alphanumeric() || ".-".contains(*c)).take(200).collect();
    let epoch = if composer.epoch > 1 { format!(".e{}", composer.epoch) } else { String::new() };
    format!("{}{epoch}@{}", hmac_token(&composer.key, "message-id", key), if domain.is_empty() { "localhost" } else { &domain })
}

/// The letter's pictures under ids that no other letter has.
fn pictures(composer: &Composer, key: &str, drawn: Vec<super::Picture>) -> Vec<(&'static str, mime::Inline)> {
    let id = |name: &str| format!("{}@{}", hmac_token(&composer.key, "picture", &format!("{key}#{name}")), domain_of(&composer.address));
    drawn.into_iter().map(|p| (p.name, mime::Inline { id: id(p.name), png: p.png })).collect()
}

/// The page with `cid:name` turned into the ids of its pictures.
fn with_ids(html: String, pictures: &[(&'static str, mime::Inline)]) -> String {
    pictures.iter().fold(html, |html, (name, picture)| html.replace(&format!("\"cid:{name}\""), &format!("\"cid:{}\"", picture.id)))
}

pub(super) fn boundary(composer: &Composer, key: &str, index: u8) -> String {
    hmac_token(&composer.key, "boundary", &format!("{key}#{index}"))
}

/// The round's moment in the school's zone; years that RFC 5322 cannot write do not panic.
pub(super) fn date_header(now: DateTime<Utc>, zone: chrono_tz::Tz) -> String {
    now.with_timezone(&zone).format("%a, %d %b %Y %H:%M:%S %z").to_string()
}

/// Enough to rebuild from, nothing personal (design.md, 4).
fn x_otklik(envelope: &Envelope) -> String {
    let mut fields = vec!["v=1".to_owned()];
    fields.extend(envelope.appeal.map(|n| format!("appeal={n}")));
    fields.push(format!("kind={}", envelope.kind.key()));
    fields.extend(envelope.cause.as_deref().map(|c| format!("cause={}", c.chars().filter(char::is_ascii_alphanumeric).take(64).collect::<String>())));
    fields.extend(envelope.due.map(|d| format!("due={}", d.format("%Y-%m-%dT%H:%M:%SZ"))));
    fields.join("; ")
}

fn shell_text(composer: &Composer, appeal: Option<i64>, now: DateTime<Utc>) -> String {
    let date = date_words(Moment { at: now, zone: composer.zone }.date(), Some(0));
    match appeal {
        Some(number) => format!("Содержание письма в «Отправленных» не хранится. Заявка № {number}, {date}"),
        None => format!("Содержание письма в «Отправленных» не хранится. {date}"),
    }
}

fn file(index: usize, attachment: &crate::message::Attachment) -> File {
    let name = attachment.name.clone().unwrap_or_else(|| format!("вложение-{}", index + 1));
    File { name, media_type: attachment.media_type.clone(), bytes: attachment.bytes.clone() }
}

/// The mark as the first line of the page, wherever its body begins.
fn with_mark(html: &str, mark: &str) -> String {
    let block = format!(
        "<p style=\"margin:0;padding:10px 16px;background:#fff3cd;color:#5c4400;font:bold 15px/1.4 Arial,Helvetica,sans-serif\">{}</p>",
        super::page::escaped(mark)
    );
    let at = html.find("<body").and_then(|body| html.get(body..).and_then(|rest| rest.find('>')).map(|end| body + end + 1)).unwrap_or(0);
    let (head, tail) = html.split_at(at);
    format!("{head}{block}{tail}")
}

/// What would leave if even an embedded template were broken: a letter that a person can act on.
fn bare_letter(composer: &Composer, envelope: &Envelope) -> Rendered {
    let subject = envelope.appeal.map_or_else(|| composer.school.clone(), |n| format!("Заявка № {n}"));
    let text = format!("{subject}.\n\nЭто письмо не удалось составить полностью. Позвоните, пожалуйста: {}, {}.\n", composer.school, composer.phone);
    let html = format!("<!doctype html><html lang=\"ru\"><body><p>{}</p></body></html>", super::page::escaped(&text));
    Rendered { subject, text, html }
}

impl Composer {
    /// What templates know besides the letter.
    pub(super) fn surroundings<'a>(&'a self, now: DateTime<Utc>, press: Option<&'a super::Press>) -> Surroundings<'a> {
        Surroundings { school: &self.school, address: &self.address, phone: &self.phone, helplines: &self.helplines, zone: self.zone, now, press }
    }
}
