//! A table as a page for print: nothing is loaded, the heading repeats on every sheet.

use super::table::Table;

const STYLE: &str = "<style>
@page { size: A4 landscape; margin: 12mm; }
body { font: 10pt/1.3 \"PT Sans\", \"Liberation Sans\", Arial, sans-serif; color: #000; background: #fff; }
h1 { font-size: 14pt; margin: 0 0 2mm; }
table { border-collapse: collapse; width: 100%; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { border: 0.3mm solid #000; padding: 1mm 1.5mm; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { background: #eee; }
td { white-space: pre-line; }
td:first-child, td:nth-child(2) { white-space: nowrap; }
.sign { margin-top: 10mm; }
@media screen { body { margin: 0; padding: 12px; } .wide { overflow-x: auto; } .wide table { min-width: 900px; } }
</style>
";

impl Table {
    /// The page's HTML.
    pub fn page(&self) -> String {
        let title = escaped(&self.title);
        let mut page = String::with_capacity(2_048 + self.rows.len() * 400);
        page.push_str(&format!("<!DOCTYPE html>\n<html lang=\"ru\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n"));
        page.push_str(STYLE);
        let heading: Vec<String> = self.heading.iter().filter(|l| !l.trim().is_empty()).map(|l| escaped(l)).collect();
        page.push_str(&format!("</head>\n<body>\n<h1>{title}</h1>\n<p>{}</p>\n", heading.join("<br>")));
        if self.rows.is_empty() {
            page.push_str(&format!("<p>{}</p>\n", escaped(self.none)));
        } else {
            page.push_str("<div class=\"wide\"><table>\n<thead>\n");
            push_row(&mut page, "th", self.columns.iter().map(|c| c.title.to_owned()));
            page.push_str("</thead>\n<tbody>\n");
            for row in &self.rows {
                push_row(&mut page, "td", row.iter().map(super::table::Cell::shown));
            }
            page.push_str("</tbody>\n</table></div>\n");
            page.push_str(&format!("<p>Всего записей: {}</p>\n", self.rows.len()));
            if self.signed {
                page.push_str("<p class=\"sign\">Подпись ____________________ &nbsp; Дата ____________</p>\n");
            }
        }
        page.push_str("</body>\n</html>\n");
        page
    }
}

fn push_row(page: &mut String, tag: &str, cells: impl Iterator<Item = String>) {
    page.push_str("<tr>");
    for cell in cells {
        page.push_str(&format!("<{tag}>{}</{tag}>", escaped(&cell)));
    }
    page.push_str("</tr>\n");
}

/// Text as HTML.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}
