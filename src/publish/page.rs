//! The schedule as a page of its own: for the stand on A4, on a telephone one card a line. Nothing is loaded, nothing runs.

use super::Publication;
use super::schedule::{DAYS_OFF, NONE, SCHEDULE_COLUMNS, TITLE, approval, entries};

const STYLE: &str = "<style>
@page { size: A4 landscape; margin: 12mm; }
:root { color-scheme: light dark; }
body { margin: 0 auto; padding: 16px; max-width: 1180px; font: 16px/1.45 \"PT Sans\", \"Liberation Sans\", Arial, sans-serif; color: #1c2430; background: #ffffff; }
.approval { max-width: 400px; margin: 0 0 20px auto; }
.approval p { margin: 0 0 4px; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid #9aa5b1; padding: 6px 8px; text-align: left; vertical-align: top; overflow-wrap: break-word; }
th, td:nth-child(3), td:nth-child(5) { white-space: nowrap; }
thead th { background: #eef1f5; }
@media screen and (max-width: 760px) {
  .approval { margin-left: 0; }
  table, tbody, tr, td { display: block; }
  thead { display: none; }
  tr { border: 1px solid #9aa5b1; border-radius: 8px; margin: 0 0 12px; padding: 8px 12px; }
  td, td:nth-child(3), td:nth-child(5) { border: 0; padding: 2px 0; white-space: normal; }
  td:empty { display: none; }
  td:first-child { font-weight: bold; }
  td + td::before { content: attr(data-title) \": \"; color: #4f5a68; }
}
@media screen and (prefers-color-scheme: dark) {
  body { color: #e8ecf1; background: #12161c; }
  thead th { background: #262e39; }
  td + td::before { color: #b4bfcc; }
}
@media print {
  body { font-size: 10pt; padding: 0; max-width: none; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
}
</style>
";

/// The page's HTML.
pub fn page(of: Publication<'_>) -> String {
    let [approved, order] = approval(of.settings);
    let school = escaped(&of.settings.school);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"ru\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{TITLE}. {school}</title>\n{STYLE}</head>\n<body>\n\
         <div class=\"approval\"><p><b>УТВЕРЖДАЮ</b></p><p>{}</p><p>{}</p></div>\n<h1>{TITLE}</h1>\n<p>{school}, {}. {DAYS_OFF}</p>\n",
        escaped(&approved),
        escaped(&order),
        of.period.words(),
    );
    let lines: Vec<_> = of.people().flat_map(|p| entries(of, p)).collect();
    if lines.is_empty() {
        out.push_str(&format!("<p>{NONE}</p>\n"));
    } else {
        out.push_str("<table>\n<thead>\n<tr>");
        for column in SCHEDULE_COLUMNS {
            out.push_str(&format!("<th scope=\"col\">{}</th>", column.title));
        }
        out.push_str("</tr>\n</thead>\n<tbody>\n");
        for line in &lines {
            out.push_str("<tr>");
            for (column, cell) in SCHEDULE_COLUMNS.iter().zip(line.cells()) {
                out.push_str(&format!("<td data-title=\"{}\">{}</td>", column.title, escaped(cell)));
            }
            out.push_str("</tr>\n");
        }
        out.push_str("</tbody>\n</table>\n");
    }
    out.push_str(&format!(
        "<p>Записаться на консультацию: напишите на <a href=\"mailto:{0}\">{0}</a> или позвоните {1}.</p>\n</body>\n</html>\n",
        escaped(&of.settings.address),
        escaped(&of.settings.phone)
    ));
    out
}

/// Text for HTML, quotes included.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
