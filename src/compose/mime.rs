//! A letter's parts to RFC 5322 bytes, by lettre's builder. Infallible: nothing here parses an address, and lettre never sees a control character.

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, Mac, digest::KeyInit};
use lettre::message::header::{self, ContentTransferEncoding, ContentType, Header, HeaderName, HeaderValue, Headers};
use lettre::message::{Body, Mailbox, Mailboxes, MultiPart, SinglePart};
use sha2::Sha256;

/// A file that goes along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct File {
    pub name: String,
    pub media_type: String,
    pub bytes: Vec<u8>,
}

/// A picture that the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Inline {
    /// Content-ID, bare.
    pub id: String,
    pub png: Vec<u8>,
}

/// A letter before it is bytes.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    /// The school's name and address.
    pub from: (String, String),
    pub to: String,
    pub subject: String,
    /// RFC 5322 date-time.
    pub date: String,
    /// Bare.
    pub message_id: String,
    /// Bare, clean, oldest first.
    pub references: Vec<String>,
    pub replied: bool,
    pub x_otklik: String,
    /// Where to unsubscribe: a `mailto:` link, for announcements alone.
    pub unsubscribe: Option<String>,
    pub text: String,
    pub html: String,
    /// METHOD and the object.
    pub calendar: Option<(String, Vec<u8>)>,
    pub files: Vec<File>,
    pub pictures: Vec<Inline>,
}

impl Draft {
    /// The whole letter. `boundary` names the multipart of each index.
    pub fn assemble(&self, boundary: impl Fn(u8) -> String) -> Vec<u8> {
        let alternative = MultiPart::alternative().boundary(boundary(0)).singlepart(text_part(ContentType::TEXT_PLAIN, &self.text));
        let page = text_part(ContentType::TEXT_HTML, &self.html);
        let mut alternative = if self.pictures.is_empty() {
            alternative.singlepart(page)
        } else {
            // RFC 2387: the page first, then what it shows by cid (RFC 2392).
            let related = MultiPart::related().boundary(boundary(2)).singlepart(page);
            alternative.multipart(self.pictures.iter().fold(related, |all, picture| all.singlepart(shown(picture))))
        };
        if let Some((method, object)) = &self.calendar {
            // RFC 6047 §2.4: `method` equals METHOD. No Content-Disposition: with one, programs show a file instead of an invitation.
            let kind = MediaType(format!("text/calendar; method={method}; charset=UTF-8"));
            alternative = alternative.singlepart(SinglePart::builder().header(kind).body(base64(object.clone())));
        }
        let body = if self.calendar.is_none() && self.files.is_empty() {
            alternative
        } else {
            let mut mixed = MultiPart::mixed().boundary(boundary(1)).multipart(alternative);
            if let Some((_, object)) = &self.calendar {
                mixed = mixed.singlepart(attached("invite.ics", "application/ics; name=\"invite.ics\"", object.clone()));
            }
            for file in &self.files {
                mixed = mixed.singlepart(attached(&file_name(&file.name), &harmless(&file.media_type, &file.bytes), file.bytes.clone()));
            }
            mixed
        };
        self.with_headers(body.formatted())
    }

    /// The same headers over a short plain text: what Sent keeps of a confidential letter.
    pub fn shell(&self, text: &str) -> Vec<u8> {
        self.with_headers(text_part(ContentType::TEXT_PLAIN, text).formatted())
    }

    fn with_headers(&self, body: Vec<u8>) -> Vec<u8> {
        let mut headers = Headers::new();
        let (name, address) = &self.from;
        let name = header_safe(name);
        let name = (!name.is_empty()).then_some(name);
        headers.set(header::From::from(Mailboxes::from(Mailbox::new(name, lettre_address(address)))));
        raw(&mut headers, "To", address_safe(&self.to));
        raw(&mut headers, "Subject", header_safe(&self.subject));
        raw(&mut headers, "Date", header_safe(&self.date));
        raw(&mut headers, "Message-ID", format!("<{}>", self.message_id));
        if let Some(last) = self.references.last() {
            raw(&mut headers, "In-Reply-To", format!("<{last}>"));
            raw(&mut headers, "References", self.references.iter().map(|id| format!("<{id}>")).collect::<Vec<_>>().join(" "));
        }
        // RFC 3834 §5; the second is Exchange's own word for it.
        raw(&mut headers, "Auto-Submitted", if self.replied { "auto-replied" } else { "auto-generated" }.to_owned());
        raw(&mut headers, "X-Auto-Response-Suppress", "All".to_owned());
        raw(&mut headers, "X-Otklik", header_safe(&self.x_otklik));
        if let Some(link) = &self.unsubscribe {
            raw(&mut headers, "List-Unsubscribe", format!("<{}>", header_safe(link)));
        }
        headers.set(header::MIME_VERSION_1_0);
        let mut bytes = headers.to_string().into_bytes();
        bytes.extend(body);
        bytes
    }
}

fn raw(headers: &mut Headers, name: &'static str, value: String) {
    headers.insert_raw(HeaderValue::new(HeaderName::new_from_ascii_str(name), value));
}

/// A Content-Type written as it stands: lettre's own type can only be made by a parser that may refuse.
#[derive(Clone)]
struct MediaType(String);

impl Header for MediaType {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Content-Type")
    }
    fn parse(s: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(MediaType(s.to_owned()))
    }
    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), self.0.clone())
    }
}

/// Base64 always: lines of 76 ASCII characters whatever the text, and the bytes of a file survive every relay.
fn base64(bytes: Vec<u8>) -> Body {
    let mut encoded = data_encoding::BASE64.encode(&bytes).into_bytes().chunks(76).fold(Vec::new(), |mut out, line| {
        out.extend_from_slice(line);
        out.extend_from_slice(b"\r\n");
        out
    });
    encoded.truncate(encoded.len().saturating_sub(2));
    Body::dangerous_pre_encoded(encoded, ContentTransferEncoding::Base64)
}

fn text_part(kind: ContentType, text: &str) -> SinglePart {
    let crlf = text.lines().fold(String::with_capacity(text.len() + 64), |mut out, line| {
        out.push_str(line);
        out.push_str("\r\n");
        out
    });
    SinglePart::builder().header(kind).body(base64(crlf.into_bytes()))
}

fn shown(picture: &Inline) -> SinglePart {
    let part = SinglePart::builder().header(MediaType("image/png".to_owned())).header(header::ContentId::from(format!("<{}>", picture.id)));
    part.header(header::ContentDisposition::inline()).body(base64(picture.png.clone()))
}

fn attached(name: &str, media_type: &str, bytes: Vec<u8>) -> SinglePart {
    let part = SinglePart::builder().header(MediaType(media_type.to_owned())).header(header::ContentDisposition::attachment(name));
    part.body(base64(bytes))
}

/// What staff's program may not act upon by itself, and what base64 is forbidden for (RFC 2046 §5), travels as plain bytes.
fn harmless(media_type: &str, bytes: &[u8]) -> String {
    let lower = media_type.trim().to_lowercase();
    let token = |t: &str| !t.is_empty() && t.len() <= 60 && t.bytes().all(|b| b.is_ascii_alphanumeric() || b"-+.".contains(&b));
    match lower.split_once('/') {
        Some(("text", "plain")) if std::str::from_utf8(bytes).is_ok() => "text/plain; charset=utf-8".to_owned(),
        Some(("text", "html" | "calendar") | ("application", "ics" | "xhtml+xml" | "javascript") | ("message" | "multipart", _)) => OCTETS.to_owned(),
        Some((kind, sub)) if token(kind) && token(sub) => lower,
        _ => OCTETS.to_owned(),
    }
}

const OCTETS: &str = "application/octet-stream";

fn file_name(name: &str) -> String {
    let clean: String = header_safe(name).chars().filter(|c| !"/\\\"<>:|?*".contains(*c)).collect();
    let (stem, ending) = clean.rsplit_once('.').filter(|(_, e)| e.chars().count() <= 8).unwrap_or((&clean, ""));
    let stem: String = stem.trim_matches(['.', ' ']).chars().take(70).collect();
    match (stem.is_empty(), ending.is_empty()) {
        (true, _) => "файл".to_owned(),
        (false, true) => stem,
        (false, false) => format!("{stem}.{ending}"),
    }
}

/// One line without control or bidi characters, at most 300 characters. lettre panics on a display name with CR or LF.
pub(super) fn header_safe(text: &str) -> String {
    let visible =
        |c: &char| !c.is_control() && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}');
    text.chars().map(|c| if matches!(c, '\r' | '\n' | '\t') { ' ' } else { c }).filter(visible).take(300).collect::<String>().trim().to_owned()
}

/// An address cannot carry spaces, brackets or a second address into the header.
fn address_safe(address: &str) -> String {
    address.chars().filter(|c| !c.is_control() && !c.is_whitespace() && !"<>,;".contains(*c)).take(254).collect()
}

fn lettre_address(address: &str) -> lettre::Address {
    let clean: String = address_safe(address).chars().filter(char::is_ascii).collect();
    match clean.rsplit_once('@') {
        Some((local, domain)) => lettre::Address::new_dangerous(local, domain),
        None => lettre::Address::new_dangerous(clean, "localhost"),
    }
}

/// An id of a foreign letter may stand in our headers only as an id: printable ASCII with one `@`, of a length that a line holds.
pub(super) fn clean_ids(ids: &[String]) -> Vec<String> {
    let mut clean: Vec<String> = Vec::new();
    let mut room = 900usize;
    for id in ids.iter().rev() {
        let id = id.trim().trim_start_matches('<').trim_end_matches('>');
        let fits = (3..=250).contains(&id.len()) && id.contains('@') && id.bytes().all(|b| b.is_ascii_graphic() && !b"<>,;".contains(&b));
        if !fits || clean.iter().any(|known| known == id) {
            continue;
        }
        if clean.len() == 10 || id.len() + 3 > room {
            break;
        }
        room -= id.len() + 3;
        clean.push(id.to_owned());
    }
    clean.reverse();
    clean
}

/// HMAC-SHA256 over both words with their lengths, cut to 128 bits, lower-case base32.
pub(super) fn token(key: &[u8; 32], purpose: &str, what: &str) -> String {
    // A key shorter than the block is padded with zeros (RFC 2104 §2): so given, making the MAC cannot fail.
    let mut block = [0u8; 64];
    block[..32].copy_from_slice(key);
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
    for word in [purpose, what] {
        mac.update(&(word.len() as u64).to_be_bytes());
        mac.update(word.as_bytes());
    }
    let digest = mac.finalize().into_bytes();
    BASE32_NOPAD.encode(digest.get(..16).unwrap_or_default()).to_lowercase()
}
