//! A sent letter as an HTML page, for the demo.

/// A whole page: headers, the HTML part as the reader's program shows it, the calendar object in words.
pub fn letter_page(_raw: &[u8]) -> String {
    String::new()
}
