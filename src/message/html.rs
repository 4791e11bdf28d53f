//! HTML to text in one linear pass. mail-parser's `html_to_text` is linear too, but glues table cells and words
//! (`<b>Класс:</b> 5А` becomes `Класс:5А`) and drops link targets; html2text and ammonia are quadratic in nesting
//! (lessons 5). Only the table of entities is mail-parser's. Quoted blocks come out as lines with `> `.

use mail_parser::decoders::html::add_html_token;

/// Levels of quotation that are shown, and lists that are numbered.
const DEEPEST: usize = 8;
/// Characters of a link target that are shown.
const LONGEST_LINK: usize = 200;

/// The text of an HTML part.
pub(super) fn to_text(html: &str) -> String {
    let (text, hidden_open) = Writer::default().run(html, true);
    // A hidden element that never ends would swallow the letter: then nothing is taken as hidden.
    if hidden_open { Writer::default().run(html, false).0 } else { text }
}

#[derive(Default)]
struct Writer {
    out: String,
    /// White space was seen and not yet written.
    gap: bool,
    pre: usize,
    quotes: usize,
    /// Counters of the open lists; `None` for bullets.
    lists: Vec<Option<u32>>,
    /// The element that is not shown, and how many of its name are open.
    hidden: Option<(String, usize)>,
    link: Option<(String, usize)>,
    /// Where the current table row began.
    row: usize,
    /// Elements that are known never to end: their end is not looked for again.
    endless: Vec<String>,
}

/// What is still ahead, so that no search is ever repeated in vain.
struct Ahead {
    comment_end: bool,
    quotes: bool,
    bracket: bool,
}

impl Writer {
    fn run(mut self, html: &str, hide: bool) -> (String, bool) {
        let mut ahead = Ahead { comment_end: true, quotes: true, bracket: true };
        let mut rest = html;
        while let Some(open) = rest.find('<') {
            let (text, tail) = rest.split_at(open);
            self.text(text);
            let next = tail.as_bytes().get(1).copied().unwrap_or_default();
            if !(next.is_ascii_alphabetic() || matches!(next, b'/' | b'!' | b'?')) || !ahead.bracket {
                self.text("<");
                rest = tail.get(1..).unwrap_or_default();
                continue;
            }
            if ahead.comment_end && tail.starts_with("<!--") {
                match tail.get(4..).and_then(|t| t.find("-->")) {
                    Some(end) => {
                        rest = tail.get(end + 7..).unwrap_or_default();
                        continue;
                    }
                    None => ahead.comment_end = false,
                }
            }
            let Some(end) = tag_end(tail, &mut ahead) else {
                self.text("<");
                rest = tail.get(1..).unwrap_or_default();
                continue;
            };
            let tag = tail.get(1..end).unwrap_or_default();
            rest = tail.get(end + 1..).unwrap_or_default();
            rest = self.tag(tag, rest, hide);
        }
        self.text(rest);
        (self.out, self.hidden.is_some())
    }

    /// Handles one tag; returns what follows it (for style and script, what follows their end).
    fn tag<'a>(&mut self, tag: &str, rest: &'a str, hide: bool) -> &'a str {
        let closing = tag.starts_with('/');
        let body = tag.trim_start_matches('/');
        let name: String = body.chars().take_while(|c| c.is_ascii_alphanumeric()).take(16).map(|c| c.to_ascii_lowercase()).collect();
        if !closing && matches!(name.as_str(), "style" | "script" | "title") && !body.ends_with('/') {
            if self.endless.contains(&name) {
                return rest;
            }
            return after_end_of(&name, rest).unwrap_or_else(|| {
                self.endless.push(name);
                rest
            });
        }
        if let Some((hidden, depth)) = &mut self.hidden {
            if *hidden == name && !body.ends_with('/') {
                *depth = if closing { depth.saturating_sub(1) } else { *depth + 1 };
            }
            if *depth == 0 {
                self.hidden = None;
            }
            return rest;
        }
        if hide && !closing && !is_void(&name) && !body.ends_with('/') && is_hidden(body) {
            self.hidden = Some((name, 1));
            return rest;
        }
        match (name.as_str(), closing) {
            ("br", _) => self.newline(),
            ("blockquote", false) => {
                self.block();
                self.quotes += 1;
            }
            ("blockquote", true) => {
                self.block();
                self.quotes = self.quotes.saturating_sub(1);
            }
            ("pre", false) => {
                self.block();
                self.pre += 1;
            }
            ("pre", true) => {
                self.block();
                self.pre = self.pre.saturating_sub(1);
            }
            ("ol" | "ul", false) => {
                self.block();
                if self.lists.len() < DEEPEST {
                    self.lists.push((name == "ol").then_some(0));
                }
            }
            ("ol" | "ul", true) => {
                self.block();
                self.lists.pop();
            }
            ("li", false) => {
                self.block();
                let mark = match self.lists.last_mut() {
                    Some(Some(count)) => {
                        *count = count.saturating_add(1);
                        format!("{count}. ")
                    }
                    _ => "- ".to_owned(),
                };
                self.text(&mark);
            }
            ("tr", false) => {
                self.block();
                self.row = self.out.len();
            }
            ("tr", true) => {
                self.end_cell();
                self.out.truncate(self.out.trim_end_matches('\t').len());
                self.block();
            }
            ("td" | "th", true) => {
                self.end_cell();
                if !self.fresh() {
                    self.out.push('\t');
                }
                self.gap = false;
            }
            ("a", false) => self.link = attribute(body, "href").map(|href| (href, self.out.len())),
            ("a", true) => self.end_link(),
            (
                "p" | "div" | "table" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "section" | "article" | "header" | "footer" | "address" | "form" | "hr"
                | "dl" | "dt" | "dd" | "fieldset" | "option" | "body" | "center" | "caption" | "li" | "main",
                _,
            ) => self.block(),
            _ => {}
        }
        rest
    }

    /// Is the next character the first of its line or table cell?
    fn fresh(&self) -> bool {
        self.out.is_empty() || self.out.ends_with(['\n', '\t'])
    }

    fn block(&mut self) {
        if !self.fresh() {
            self.newline();
        }
        self.gap = false;
    }

    fn newline(&mut self) {
        self.out.push('\n');
        self.gap = false;
    }

    /// The line ends that blocks left at the end of a table cell: its neighbour belongs on the same line.
    fn end_cell(&mut self) {
        let kept = self.out.trim_end_matches(['\n', ' ']).len().max(self.row.min(self.out.len()));
        if self.out.is_char_boundary(kept) {
            self.out.truncate(kept);
        }
        self.gap = false;
    }

    /// Shows a link's target where the text does not already say it.
    fn end_link(&mut self) {
        let Some((href, from)) = self.link.take() else { return };
        let href = href.trim();
        let lower = href.to_ascii_lowercase();
        let bare = ["https://", "http://", "mailto:", "tel:"].iter().find_map(|scheme| lower.strip_prefix(scheme));
        let Some(bare) = bare.map(|b| b.trim_end_matches('/')).filter(|b| !b.is_empty()) else { return };
        let shown = self.out.get(from..).unwrap_or_default().to_lowercase();
        let same = |a: &str, b: &str| a.chars().filter(char::is_ascii_digit).eq(b.chars().filter(char::is_ascii_digit));
        let said = shown.contains(bare) || lower.starts_with("tel:") && same(bare, &shown);
        if !said && !shown.trim().is_empty() {
            let target: String = href.chars().filter(|c| !c.is_whitespace()).take(LONGEST_LINK).collect();
            self.out.push_str(" (");
            self.out.push_str(&target);
            self.out.push(')');
        }
    }

    fn text(&mut self, text: &str) {
        if self.hidden.is_some() {
            return;
        }
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if c.is_ascii_whitespace() {
                if self.pre > 0 && c == '\n' {
                    self.newline();
                } else {
                    self.gap = true;
                }
                rest = rest.get(1..).unwrap_or_default();
                continue;
            }
            let end = rest.find(|c: char| c.is_ascii_whitespace() || c == '&').unwrap_or(rest.len());
            if end > 0 {
                let (word, tail) = rest.split_at(end);
                self.start_word();
                self.out.push_str(word);
                rest = tail;
                continue;
            }
            let (entity, tail) = entity(rest);
            self.start_word();
            add_html_token(&mut self.out, entity.as_bytes(), false);
            rest = tail;
        }
    }

    /// What stands before a word: the quotation mark of its line, or the blank between words.
    fn start_word(&mut self) {
        if self.out.is_empty() || self.out.ends_with('\n') {
            for _ in 0..self.quotes.min(DEEPEST) {
                self.out.push_str("> ");
            }
            if self.pre > 0 && self.gap {
                self.out.push(' ');
            }
        } else if self.gap && !self.out.ends_with('\t') {
            self.out.push(' ');
        }
        self.gap = false;
    }
}

/// The leading entity with its semicolon, or the bare `&`; and what follows. The common ones may lack the semicolon.
fn entity(text: &str) -> (&str, &str) {
    let length = text.bytes().skip(1).take(32).take_while(|b| b.is_ascii_alphanumeric() || *b == b'#').count() + 1;
    if length > 1 && text.as_bytes().get(length) == Some(&b';') {
        return text.split_at(length + 1);
    }
    for (bare, whole) in [("&nbsp", "&nbsp;"), ("&quot", "&quot;"), ("&amp", "&amp;"), ("&lt", "&lt;"), ("&gt", "&gt;")] {
        if let Some(tail) = text.strip_prefix(bare) {
            return (whole, tail);
        }
    }
    text.split_at(1)
}

/// Where the tag that begins `tail` ends. Brackets inside quoted values do not count, as long as quotes close.
fn tag_end(tail: &str, ahead: &mut Ahead) -> Option<usize> {
    if ahead.quotes {
        let mut quote = None;
        for (i, b) in tail.bytes().enumerate() {
            match (quote, b) {
                (Some(q), b) if q == b => quote = None,
                (Some(_), _) => {}
                (None, b'"' | b'\'') if tail.as_bytes().get(..i).is_some_and(|t| t.trim_ascii_end().ends_with(b"=")) => quote = Some(b),
                (None, b'>') => return Some(i),
                _ => {}
            }
        }
        ahead.quotes = false;
    }
    let end = tail.find('>');
    ahead.bracket = end.is_some();
    end
}

/// What follows `</name>`, where there is such an end.
fn after_end_of<'a>(name: &str, rest: &'a str) -> Option<&'a str> {
    let is_end = |w: &[u8]| w.strip_prefix(b"</").is_some_and(|n| n.eq_ignore_ascii_case(name.as_bytes()));
    let end = rest.as_bytes().windows(name.len() + 2).position(is_end)?;
    let tail = rest.get(end..)?;
    Some(tail.find('>').and_then(|close| tail.get(close + 1..)).unwrap_or_default())
}

fn is_void(name: &str) -> bool {
    matches!(name, "img" | "br" | "hr" | "input" | "meta" | "link" | "col" | "wbr" | "area" | "base" | "source")
}

/// Letter counters, preheaders of mailings and texts for other readers are hidden this way.
fn is_hidden(body: &str) -> bool {
    let style = attribute(body, "style").unwrap_or_default();
    let style: String = style.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect();
    style.contains("display:none")
}

/// The value of an attribute, its entities resolved.
fn attribute(body: &str, name: &str) -> Option<String> {
    let body = body.get(..4096).unwrap_or(body);
    let mut from = 0;
    loop {
        let rest = body.get(from..)?;
        let at = rest.as_bytes().windows(name.len()).position(|w| w.eq_ignore_ascii_case(name.as_bytes()))?;
        let before = rest.as_bytes().get(at.checked_sub(1)?)?;
        from += at + name.len();
        let value = body.get(from..)?.trim_start();
        let Some(value) = value.strip_prefix('=').filter(|_| before.is_ascii_whitespace() || matches!(before, b'"' | b'\'')) else { continue };
        let value = value.trim_start();
        let raw = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value.get(1..)?.split(quote).next()?,
            _ => value.split(char::is_whitespace).next()?,
        };
        let mut out = String::new();
        let mut rest = raw;
        while let Some(amp) = rest.find('&') {
            out.push_str(rest.get(..amp)?);
            let (token, tail) = entity(rest.get(amp..)?);
            add_html_token(&mut out, token.as_bytes(), false);
            rest = tail;
        }
        out.push_str(rest);
        return Some(out);
    }
}
