//! Text to frozen RFC 5322 bytes.

use super::{Composer, Envelope, InstanceKey, Letter};
use crate::outbox::{Posting, SentCopy};

/// Renders the letter's templates and freezes it. Equal input gives equal bytes; never fails (a template that breaks at run time,
/// which `check` excludes, falls back to the embedded one).
pub fn freeze<L: Letter>(composer: &Composer, envelope: Envelope, _letter: &L) -> Posting {
    Posting {
        message_id: format!("{}@{}", hmac_token(&composer.key, "message-id", &envelope.key), domain_of(&composer.address)),
        key: envelope.key,
        kind: envelope.kind,
        appeal: envelope.appeal,
        to: envelope.to,
        shadow_of: None,
        subject: String::new(),
        raw: Vec::new(),
        shell: None,
        copy: SentCopy::Full,
        audience: envelope.audience,
        priority: envelope.priority,
        not_before: envelope.not_before.unwrap_or(envelope.now),
        not_after: envelope.not_after,
        ics_uid: envelope.event.as_ref().map(|e| e.uid.clone()),
        slot: envelope.event.as_ref().map(|e| (e.start, e.end)),
    }
}

/// The same letter addressed to the operator, marked with the real recipient (mode = "shadow"). New key, new Message-ID.
pub fn shadow(_composer: &Composer, posting: Posting, operator: &str) -> Posting {
    Posting { shadow_of: Some(posting.to.clone()), to: operator.to_owned(), ..posting }
}

/// HMAC-SHA256(key, purpose, what) cut to 128 bits, lower-case base32, 26 characters.
pub fn hmac_token(_key: &InstanceKey, _purpose: &str, _what: &str) -> String {
    String::new()
}

/// The part behind `@`.
pub fn domain_of(address: &str) -> &str {
    address.rsplit_once('@').map_or("localhost", |(_, d)| d)
}

/// A frozen letter as a person would read it: headers that matter, text, calendar unfolded. For scenarios, pages and `show`.
pub fn decoded(_raw: &[u8]) -> String {
    String::new()
}
