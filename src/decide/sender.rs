//! Whether a letter is from whom it says: exactly one From, and what the receiving server or its signature proves (reliability.md, 2.1).
//!
//! Not here: who may order what (`may`), tokens (`token`), what follows of both (`trust`).

use super::Round;
use super::trust::Auth;
use crate::message::{Authentication, Message, Oddity, Proof};
use crate::settings::SenderCheck;

/// mail.ru's own name for its checks. Its servers write the field above all that came in, so that one below a `Received` is somebody else's.
const MAIL_RU: &str = "mxs.mail.ru";

/// Mail for everybody: a proof of the domain proves no person (reliability.md, T7). With each, whether its server lets nobody write under another
/// address than that of the login: known of Yandex (lessons 18); a school that knows it of others names them in `binds_from`.
const FREE_MAIL: [(&str, bool); 29] = [
    ("mail.ru", false),
    ("inbox.ru", false),
    ("bk.ru", false),
    ("list.ru", false),
    ("internet.ru", false),
    ("xmail.ru", false),
    ("vk.com", false),
    ("yandex.ru", true),
    ("ya.ru", true),
    ("yandex.com", true),
    ("yandex.by", true),
    ("yandex.kz", true),
    ("narod.ru", true),
    ("rambler.ru", false),
    ("lenta.ru", false),
    ("autorambler.ru", false),
    ("myrambler.ru", false),
    ("ro.ru", false),
    ("gmail.com", false),
    ("googlemail.com", false),
    ("outlook.com", false),
    ("hotmail.com", false),
    ("live.com", false),
    ("icloud.com", false),
    ("me.com", false),
    ("yahoo.com", false),
    ("proton.me", false),
    ("protonmail.com", false),
    ("gmx.com", false),
];

/// Whether the sender of a letter can be believed, as far as the provider tells. Nothing may be ordered or blocked by a letter that fails.
pub(super) fn sender_passes(round: Round<'_>, message: &Message) -> bool {
    match auth(round, message) {
        Auth::Sure | Auth::Login | Auth::Shared => true,
        Auth::None => !round.settings.sender_check.required,
        Auth::Fail => false,
    }
}

/// The one address of the one From field; of all other letters none. Display names are never looked at.
pub(super) fn one_sender(message: &Message) -> Option<&str> {
    let one = message.from_fields == 1 && message.from.len() == 1 && !message.oddities.contains(&Oddity::SeveralFrom);
    let email = &message.from.first().filter(|_| one)?.email;
    let (local, domain) = email.rsplit_once('@')?;
    (!local.is_empty() && !domain.is_empty() && email.is_ascii()).then_some(email)
}

/// What is proved of the sender.
pub(super) fn auth(round: Round<'_>, message: &Message) -> Auth {
    let Some((_, domain)) = one_sender(message).and_then(|email| email.rsplit_once('@')) else { return Auth::Fail };
    let check = &round.settings.sender_check;
    match &message.proof {
        Proof::Confirmed => return Auth::Sure,
        Proof::Signed(domains) if check.dkim && domains.iter().any(|d| aligned(d, domain)) => return of_domain(check, domain),
        _ => {}
    }
    let own = check.authserv_id.as_ref();
    let believed = message.authentication.iter().find(|a| own.is_none_or(|id| *id == a.server && unbroken(id, &a.above)));
    match believed {
        Some(found) if fails(found, domain) => Auth::Fail,
        // A pass is worth something only in a field whose writer is known.
        Some(found) if own.is_some() && passes(found, domain) => of_domain(check, domain),
        _ if check.trusted => Auth::Sure,
        _ => Auth::None,
    }
}

/// What the proof of a domain proves of a person.
fn of_domain(check: &SenderCheck, domain: &str) -> Auth {
    match FREE_MAIL.iter().find(|(free, _)| *free == domain) {
        None => Auth::Sure,
        Some((_, true)) => Auth::Login,
        Some((_, false)) if check.binds_from.iter().any(|b| b == domain) => Auth::Login,
        Some((_, false)) => Auth::Shared,
    }
}

/// The best that a letter from this address can be: for `otklik check`.
pub(super) fn at_best(check: &SenderCheck, email: &str) -> Auth {
    let domain = email.rsplit_once('@').map_or("", |(_, d)| d);
    if check.authserv_id.is_some() || check.dkim {
        of_domain(check, domain)
    } else if check.trusted {
        Auth::Sure
    } else {
        Auth::None
    }
}

/// Whether only servers of the house of `id` stand above a field: below the first foreign one anybody may have written it.
fn unbroken(id: &str, above: &[String]) -> bool {
    let house = if id.split('.').count() > 2 { id.split_once('.').map_or(id, |(_, house)| house) } else { id };
    let inside = |host: &String| host == id || host == house || host == "localhost" || host.strip_suffix(house).is_some_and(|sub| sub.ends_with('.'));
    if id == MAIL_RU { above.is_empty() } else { above.iter().all(inside) }
}

/// A fail of any method; a signature that fails beside one that holds is a mailing list's or a gateway's, and so is a path that fails where the
/// domain of From is proved. A fail of DMARC is the domain's own word and final.
fn fails(found: &Authentication, domain: &str) -> bool {
    let failed = |method: &str| found.results.iter().any(|c| c.method == method && matches!(c.result.as_str(), "fail" | "hardfail"));
    let passed = |method: &str| found.results.iter().any(|c| c.method == method && c.result == "pass");
    failed("dmarc") || failed("spf") && !passes(found, domain) || failed("dkim") && !passed("dkim")
}

/// DMARC passes for the domain of From, or a signature of it holds. The path alone (SPF) proves nothing of what people see as the sender.
fn passes(found: &Authentication, domain: &str) -> bool {
    found.results.iter().filter(|c| c.result == "pass").any(|c| match c.method.as_str() {
        "dmarc" | "dkim" => !c.domains.is_empty() && c.domains.iter().all(|d| aligned(d, domain)),
        _ => false,
    })
}

/// The very domain, or one above it (relaxed alignment, RFC 7489 §3.1), which is no top-level domain.
fn aligned(proved: &str, domain: &str) -> bool {
    proved == domain || domain.strip_suffix(proved).is_some_and(|sub| sub.ends_with('.') && proved.contains('.'))
}
