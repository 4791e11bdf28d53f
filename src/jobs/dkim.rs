//! Signatures of letters that come in the name of staff, verified with the keys of the signer's domain (RFC 6376): for providers whose own
//! `Authentication-Results` prove nothing. The result goes into the letter as a value before anything is decided; whoever decides asks no network.
//!
//! `mail-auth` checks the signature itself; here stands what an order needs beyond a valid one. Only letters that name somebody of the staff in
//! From are looked at, at most a few signatures each, and no longer than some seconds. Whatever goes wrong proves nothing, and the order is confirmed
//! by letter. Not here: what a proof is worth (`decide::sender`).

use crate::message::{self, Message, Proof};
use crate::settings::Settings;
use crate::store::Waiting;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt as _;
use mail_auth::common::parse::TxtRecordParser as _;
use mail_auth::common::verify::DomainKey;
use mail_auth::dkim::Signature;
use mail_auth::hickory_resolver::config::{ResolverConfig, ResolverOpts};
use mail_auth::{AuthenticatedMessage, DkimOutput, DkimResult, DnsError, Error, MessageAuthenticator, Parameters, ResolverCache, Txt};
use std::borrow::Borrow;
use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::time::Duration;

/// Bytes of a header, signatures and signed fields that are looked at: the work stays linear whatever is sent.
const LONGEST_HEADER: usize = 256 << 10;
const MOST_SIGNATURES: usize = 5;
const MOST_SIGNED: usize = 60;
/// Fields of a header: each signed name is looked for among them.
const MOST_FIELDS: usize = 500;
/// Days that a signature is worth something.
const FRESH: i64 = 7;
/// Patience with the name servers, a letter.
const PATIENCE: Duration = Duration::from_secs(8);

/// Fields that an order is read from: signed, and there once. A second one above the signed one would be the one that is read.
const READ_FROM: [&str; 4] = ["from", "subject", "date", "message-id"];
/// The same where the letter has them: they say which appeal is meant.
const THREAD: [&str; 2] = ["in-reply-to", "references"];

/// Proofs by row of the journal; a letter that is not there has none.
pub type Proofs = HashMap<i64, Proof>;

/// Where the keys of signers are looked up.
pub enum Keys {
    /// Nowhere: a rehearsal asks no network.
    Nowhere,
    /// The system's resolver, made when it is first needed.
    System(OnceLock<Option<Box<MessageAuthenticator>>>),
    /// A table of names and TXT records: tests.
    Fixed(BTreeMap<String, String>),
}

impl Keys {
    /// The system's resolver.
    pub fn system() -> Keys {
        Keys::System(OnceLock::new())
    }
}

/// The proofs of a batch of letters.
pub async fn proofs(keys: &Keys, settings: &Settings, letters: &[(Waiting, Vec<u8>)]) -> Proofs {
    let mut found = Proofs::new();
    if !settings.sender_check.dkim || matches!(keys, Keys::Nowhere) {
        return found;
    }
    for (letter, bytes) in letters {
        let Some(head) = head(bytes).filter(|head| names_staff(head, settings)) else { continue };
        let proving = AssertUnwindSafe(proof(keys, settings, bytes, head, letter.internal_date)).catch_unwind();
        if let Ok(Ok(proof)) = tokio::time::timeout(PATIENCE, proving).await {
            found.insert(letter.id, proof);
        }
    }
    found
}

/// The header, where it is of a size and shape that signatures are looked for in.
fn head(bytes: &[u8]) -> Option<&[u8]> {
    let window = bytes.get(..LONGEST_HEADER).unwrap_or(bytes);
    let end = window.windows(4).position(|w| w == b"\r\n\r\n").or_else(|| window.windows(2).position(|w| w == b"\n\n"))?;
    let head = window.get(..end)?;
    let fields = |name: &[u8]| head.split(|b| *b == b'\n').filter(|l| l.get(..name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name))).count();
    let signatures = fields(b"dkim-signature:");
    let all = head.split(|b| *b == b'\n').filter(|l| !l.starts_with(b" ") && !l.starts_with(b"\t")).count();
    ((1..=MOST_SIGNATURES).contains(&signatures) && all <= MOST_FIELDS).then_some(head)
}

/// Whether an address of the staff stands in the header at all: other people's letters need no proof.
fn names_staff(head: &[u8], settings: &Settings) -> bool {
    let head = String::from_utf8_lossy(head).to_lowercase();
    settings.staff.iter().any(|p| head.contains(&p.email.to_lowercase()))
}

/// How often a field stands in a header.
fn count(headers: &[(&[u8], &[u8])], name: &str) -> usize {
    headers.iter().filter(|(n, _)| n.trim_ascii().eq_ignore_ascii_case(name.as_bytes())).count()
}

async fn proof(keys: &Keys, settings: &Settings, bytes: &[u8], head: &[u8], received: DateTime<Utc>) -> Proof {
    let read: Message = message::read(head);
    let of_staff = read.sender().is_some_and(|a| settings.person_by_email(&a.email).is_some());
    // `strict`: a signature of a part of the body (l=) is none.
    let parsed = catch_unwind(|| AuthenticatedMessage::parse_with_opts(bytes, None, true)).ok().flatten();
    let Some(mut letter) = parsed.filter(|_| of_staff) else { return Proof::Unknown };
    let once = READ_FROM.iter().all(|name| count(&letter.headers, name) == 1) && THREAD.iter().all(|name| count(&letter.headers, name) <= 1);
    // What the body is read by may be signed by few, but never may there be two of them.
    let once = once && ["content-type", "content-transfer-encoding"].iter().all(|name| count(&letter.headers, name) <= 1);
    let dated = read.date.is_some_and(|date| (received - date.to_utc()).abs() <= TimeDelta::days(FRESH));
    if !once || !dated {
        return Proof::Unknown;
    }
    let threaded: Vec<&str> = THREAD.into_iter().filter(|name| count(&letter.headers, name) > 0).collect();
    letter.dkim_headers.retain(|h| worth(&h.header, &threaded, received));
    for signature in &mut letter.dkim_headers {
        // Nobody who signs makes us look up more than their key.
        signature.header.r = false;
        signature.header.atps = None;
    }
    letter.errors.clear();
    let domains = match keys {
        Keys::Nowhere => return Proof::Unknown,
        Keys::System(resolver) => {
            let Some(resolver) = resolver.get_or_init(|| MessageAuthenticator::new_system_conf().ok().map(Box::new)) else { return Proof::Unknown };
            passed(&resolver.verify_dkim(Parameters::new(&letter)).await)
        }
        Keys::Fixed(table) => {
            let table = Table(table);
            let Ok(resolver) = MessageAuthenticator::new(ResolverConfig::default(), ResolverOpts::default()) else { return Proof::Unknown };
            passed(&resolver.verify_dkim(Parameters::new(&letter).with_txt_cache(&table)).await)
        }
    };
    if domains.is_empty() { Proof::Unknown } else { Proof::Signed(domains) }
}

/// The domains of the signatures that hold.
fn passed(outputs: &[DkimOutput<'_>]) -> Vec<String> {
    outputs.iter().filter(|o| *o.result() == DkimResult::Pass).filter_map(|o| o.signature()).map(|s| s.d.to_lowercase()).collect()
}

/// What a signature must cover, and how old it may be, to speak for an order.
fn worth(signature: &Signature, threaded: &[&str], received: DateTime<Utc>) -> bool {
    let signs = |name: &&str| signature.h.iter().any(|h| h.trim().eq_ignore_ascii_case(name));
    let moment = |seconds: u64| i64::try_from(seconds).ok().and_then(|s| DateTime::from_timestamp(s, 0));
    let made = signature.t == 0 || moment(signature.t).is_some_and(|t| (received - t).abs() <= TimeDelta::days(FRESH));
    let lives = signature.x == 0 || moment(signature.x).is_some_and(|x| received < x);
    signature.h.len() <= MOST_SIGNED
        && signature.l == 0
        && signature.a != mail_auth::common::crypto::Algorithm::RsaSha1
        && made
        && lives
        && READ_FROM.iter().all(|name| signs(name))
        && threaded.iter().all(|name| signs(name))
}

/// A fixed table in the place of a cache: it answers everything, so that nobody is ever asked.
struct Table<'a>(&'a BTreeMap<String, String>);

impl ResolverCache<Box<str>, Txt> for Table<'_> {
    fn get<Q>(&self, name: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let known = |known: &str| Borrow::<Q>::borrow(&Box::<str>::from(known)) == name;
        let record = self.0.iter().find(|(name, _)| known(name)).map(|(_, record)| record);
        Some(match record {
            Some(record) => Txt::from(DomainKey::parse(record.as_bytes())),
            None => Txt::Error(Error::Dns(DnsError::InvalidRecordType)),
        })
    }

    fn remove<Q>(&self, _: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        None
    }

    fn insert(&self, _: Box<str>, _: Txt, _: std::time::Instant) {}
}
