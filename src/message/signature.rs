//! Signature blocks below an author's words: "-- ", «С уважением, …», «Отправлено с iPhone». A postscript below one is the author's text.

use std::sync::LazyLock;

use regex::Regex;

use super::quotes::{is_match, pattern};

/// A signature is short: a longer tail is text, whatever stands above it.
const MOST_LINES: usize = 10;
const MOST_CHARS: usize = 700;
const LONGEST_LINE: usize = 100;

/// What programs add by themselves.
pub(super) static DEVICE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"(?ix) ^(?:отправлено|послано|отослано|написано|sent)\s+(?:с|со|из|через|при\s+помощи|с\s+помощью|from|using|via|by)\s.*
            (?:iphone|ipad|ios|mac|android|mail|почт|яндекс|yandex|outlook|galaxy|samsung|huawei|honor|xiaomi|redmi|poco|realme|телефон|смартфон|устройств|планшет|мобильн|gmail|windows|rambler|рамблер|nokia|phone|мой|моего)
        | ^(?:get|download|try|скачать|скачайте|загрузить|загрузите|получить|получите|попробуйте|установите)\s+(?:приложение\s+)?(?:outlook|mail\.ru|mymail|почту|яндекс|gmail|spark|bluemail|spike|edison)\b.*(?:for|для)\s
        | ^(?:отправлено|sent)\s+(?:мной|мною|автоматически|by\s+me)?\s*(?:с|из|from|via)\s+(?:spark|bluemail|spike|aquamail|k-9|k9|thunderbird|protonmail|proton|the\s+bat|edison|mymail|fairemail|телефона|смартфона|планшета|айфона|компьютера)\b
        | ^(?:это\s+(?:письмо|сообщение)|проверено|это\s+электронное\s+(?:письмо|сообщение))\s.*(?:антивирус|avast|касперск|kaspersky|dr\.?web|вирус).*
        | ^без\s+вирусов\.|^virus-free\.",
    )
});
/// «С уважением» alone, before a comma, or before a name; «с уважением отношусь …» is a sentence.
pub(super) static CLOSING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"(?x) ^[СсCc]\s+(?:(?:искренним|глубоким|большим|огромным|безмерным)\s+)?(?:уважением|благодарностью|ув\.?|наилучшими\s+пожеланиями)
            (?:\s+и\s+[а-яё\s]{3,40})?\s*(?:$|[,.!;:—–-]|\s[А-ЯЁA-Z])
        | ^[СC]\s+УВАЖЕНИЕМ | ^(?i:best\s+regards|kind\s+regards|искренне\s+ваш)",
    )
});
pub(super) static POSTSCRIPT: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"(?i)^(?:p\.?\s?p?\.?s\b|п\.?\s?с\.|з\.?ы\b|постскриптум)"));

/// Splits lines into the author's words and the signature.
pub(super) fn cut<'a>(lines: &[&'a str]) -> (Vec<&'a str>, Vec<&'a str>) {
    let mut is_signature = vec![false; lines.len()];
    for (i, line) in lines.iter().enumerate() {
        if line.len() < 200 && may_be_device(line.trim()) && is_match(&DEVICE, line.trim()) {
            mark(&mut is_signature, i);
            // The mark above it announces nothing else.
            let above = i.checked_sub(1).filter(|above| lines.get(*above).is_some_and(|l| is_dashes(l)));
            above.iter().for_each(|above| mark(&mut is_signature, *above));
        }
    }
    if let Some(start) = start(lines, &is_signature) {
        for (i, line) in lines.iter().enumerate().skip(start) {
            // A question or an exclamation is addressed to the school.
            if is_match(&POSTSCRIPT, line.trim()) || line.contains('?') || i > start && line.trim_end().ends_with('!') {
                break;
            }
            mark(&mut is_signature, i);
        }
    }
    let words = lines.iter().zip(&is_signature).filter(|(_, s)| !**s).map(|(l, _)| *l).collect();
    let signature = lines.iter().zip(&is_signature).filter(|(_, s)| **s).map(|(l, _)| *l).collect();
    (words, signature)
}

/// The first three letters in lower case where they are Latin or Russian; patterns alone tell of others.
fn head(text: &str) -> Option<[char; 3]> {
    let mut chars = text.chars().map(|c| c.to_lowercase().next().unwrap_or(c));
    let head = [chars.next()?, chars.next()?, chars.next()?];
    head.iter().all(|c| c.is_ascii() || matches!(c, 'а'..='я' | 'ё')).then_some(head)
}

/// Whether a line begins as what programs add does: most lines do not, and no pattern is tried on them.
fn may_be_device(text: &str) -> bool {
    const HEADS: [&str; 17] = ["отп", "пос", "ото", "нап", "sen", "get", "dow", "try", "ска", "заг", "пол", "поп", "уст", "это", "про", "без", "vir"];
    head(text).is_none_or(|head| HEADS.iter().any(|h| h.chars().eq(head)))
}

/// The same of closing formulas.
fn may_close(text: &str) -> bool {
    head(text).is_none_or(|[first, second, _]| match first {
        'с' | 'c' => second.is_whitespace(),
        'b' | 'k' | 'и' => true,
        _ => false,
    })
}

fn mark(slots: &mut [bool], i: usize) {
    if let Some(slot) = slots.get_mut(i) {
        *slot = true;
    }
}

fn is_dashes(line: &str) -> bool {
    matches!(line.trim(), "--" | "—" | "---" | "–")
}

/// Where the signature begins: the first mark or closing formula with only a short tail below, and words above.
fn start(lines: &[&str], taken: &[bool]) -> Option<usize> {
    let (mut count, mut chars, mut found) = (0, 0, None);
    for (i, line) in lines.iter().enumerate().rev() {
        let text = line.trim();
        if text.is_empty() || taken.get(i) == Some(&true) {
            continue;
        }
        count += 1;
        let length = text.chars().count();
        chars += length;
        if count > MOST_LINES || chars > MOST_CHARS || length > LONGEST_LINE {
            break;
        }
        // Longer dashes are what people draw between thoughts.
        if text == "--" && i > 0 || may_close(text) && is_match(&CLOSING, text) {
            found = Some(i);
        }
    }
    found.filter(|start| lines.iter().take(*start).any(|l| !l.trim().is_empty()))
}
