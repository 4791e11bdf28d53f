//! Folder names as IMAP spells them: modified UTF-7 (RFC 3501 §5.1.3). The way back is the program's own `folder_name`.

use data_encoding::{BASE64_NOPAD, Encoding, Specification};
use std::sync::LazyLock;

static BASE64: LazyLock<Encoding> = LazyLock::new(|| {
    let mut spec = Specification::new();
    spec.symbols.push_str("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,");
    spec.encoding().unwrap_or(BASE64_NOPAD)
});

/// «Спам» as `&BCEEPwQwBDw-`.
pub fn wire_name(name: &str) -> String {
    let mut wire = String::new();
    let mut foreign: Vec<u8> = Vec::new();
    let close = |foreign: &mut Vec<u8>, wire: &mut String| {
        if !foreign.is_empty() {
            wire.push('&');
            wire.push_str(&BASE64.encode(foreign));
            wire.push('-');
            foreign.clear();
        }
    };
    for c in name.chars() {
        if matches!(c, ' '..='~') {
            close(&mut foreign, &mut wire);
            wire.push(c);
            if c == '&' {
                wire.push('-');
            }
        } else {
            let mut units = [0; 2];
            foreign.extend(c.encode_utf16(&mut units).iter().flat_map(|unit| unit.to_be_bytes()));
        }
    }
    close(&mut foreign, &mut wire);
    wire
}
