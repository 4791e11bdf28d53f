//! The buttons of a frozen letter, as a mail program would open them: for stories and tests that press one.

use super::parts::take_apart;

/// Subject and body of each prepared letter, in order.
pub fn links(raw: &[u8]) -> Vec<(String, String)> {
    let html = take_apart(raw).html;
    let mut found = Vec::new();
    for rest in html.split("href=\"mailto:").skip(1) {
        let link = rest.split('"').next().unwrap_or_default().replace("&amp;", "&").replace("&#x2f;", "/");
        let Some((_, fields)) = link.split_once('?') else { continue };
        let field = |name: &str| fields.split('&').find_map(|f| f.strip_prefix(name)).map(plain).unwrap_or_default();
        found.push((field("subject="), field("body=")));
    }
    found
}

/// Percent signs taken back.
fn plain(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let hex = (*first == b'%').then(|| tail.get(..2).and_then(|h| std::str::from_utf8(h).ok()).and_then(|h| u8::from_str_radix(h, 16).ok())).flatten();
        bytes.push(hex.unwrap_or(*first));
        rest = if hex.is_some() { tail.get(2..).unwrap_or_default() } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
