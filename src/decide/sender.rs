//! Whether a letter is from whom it says: exactly one From, and what the receiving server found out (reliability.md, 2.1).
//!
//! Not here: who may order what (`may`), tokens (`staff`).

use super::Round;
use crate::message::{Authentication, Message, Oddity};

/// Whether the sender of a letter can be believed, as far as the provider tells. Nothing may be ordered or blocked by a letter that fails.
pub(super) fn sender_passes(round: Round<'_>, message: &Message) -> bool {
    let one = message.from_fields == 1 && message.from.len() == 1 && !message.oddities.contains(&Oddity::SeveralFrom);
    let Some(from) = message.sender().filter(|_| one) else { return false };
    let Some((_, domain)) = from.email.rsplit_once('@').filter(|(local, domain)| !local.is_empty() && !domain.is_empty() && from.email.is_ascii()) else {
        return false;
    };
    let check = &round.settings.sender_check;
    let believed = message.authentication.iter().find(|a| check.authserv_id.as_ref().is_none_or(|id| *id == a.server));
    match believed {
        None => !check.required,
        Some(found) => !fails(found) && (!check.required || passes(found, domain)),
    }
}

/// A fail of any method; a signature that fails beside one that holds is a mailing list's or a gateway's.
fn fails(found: &Authentication) -> bool {
    let failed = |method: &str| found.results.iter().any(|c| c.method == method && matches!(c.result.as_str(), "fail" | "hardfail"));
    let passed = |method: &str| found.results.iter().any(|c| c.method == method && c.result == "pass");
    failed("dmarc") || failed("spf") || failed("dkim") && !passed("dkim")
}

/// DMARC passes, or a signature or the path does for the very domain of From.
fn passes(found: &Authentication, domain: &str) -> bool {
    let aligned = |d: &String| d == domain || domain.strip_suffix(d.as_str()).is_some_and(|sub| sub.ends_with('.') && d.contains('.'));
    found.results.iter().filter(|c| c.result == "pass").any(|c| match c.method.as_str() {
        "dmarc" => c.domains.is_empty() || c.domains.iter().all(aligned),
        "dkim" | "spf" => !c.domains.is_empty() && c.domains.iter().all(aligned),
        _ => false,
    })
}
