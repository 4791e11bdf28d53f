//! The analysis on its way to the director (001 3.3.3): the head's buttons in the weekly report, and the letter to the director: three figures, one chart,
//! at most three proposals, what the director has to decide, a page for print with a place for the signature.
//!
//! Not here: whose press counts (`decide::director`), the figures (`report`).

use super::staff_letters::ChartWords;
use super::{Action, Composer, InstanceKey, Letter, Picture, hmac_token};
use crate::report::{Analysis, Chart, Compared, MOST_FOR_DIRECTOR, Proposal, Span};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

/// First line of the prepared letter.
pub const PASS: &str = "передать директору";
/// Of the other one.
pub const KEEP: &str = "не передавать";

/// What the head can do with the draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DraftOffer {
    /// Without a word it goes to the director then.
    pub due: DateTime<Utc>,
    /// «Передать директору», «Не передавать».
    pub actions: Vec<Action>,
}

impl DraftOffer {
    /// For this member of staff.
    pub fn of(composer: &Composer, period: &str, staff: &str, due: DateTime<Utc>, proposals: &[Proposal]) -> DraftOffer {
        let token = director_token(&composer.key, period, staff);
        let subject = |words: &str| format!("Анализ {period}: {words} [dir-{token}]");
        let lines: Vec<String> = proposals.iter().take(MOST_FOR_DIRECTOR).enumerate().map(|(i, p)| format!("{}. {}", i + 1, p.text)).collect();
        let body = if lines.is_empty() { format!("{PASS}\n") } else { format!("{PASS}\n{}\n", lines.join("\n")) };
        let pass = Action { words: PASS.to_owned(), ..Action::letter(composer, "Передать директору", &subject(PASS), &body) };
        DraftOffer { due, actions: vec![pass, Action::letter(composer, "Не передавать", &subject(KEEP), KEEP)] }
    }
}

/// The token of a member of staff for the analysis of one period.
pub fn director_token(key: &InstanceKey, period: &str, staff: &str) -> String {
    hmac_token(key, "director", &format!("{period}/{staff}"))
}

/// Period and token of a subject «Анализ 2026-W47: передать директору [dir-…]».
pub fn director_pressed(subject: &str) -> Option<(String, String)> {
    let (before, token) = subject.rsplit_once("[dir-")?;
    let token = token.trim_end().strip_suffix(']')?.to_lowercase();
    let period: String = before.rsplit_once("Анализ ")?.1.split(':').next()?.trim().chars().take(20).collect();
    (token.len() == 26 && token.bytes().all(|b| b.is_ascii_alphanumeric())).then_some((period, token))
}

/// One of the three figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// «Получено обращений».
    pub label: &'static str,
    /// «42», «95 %», «3 ч».
    pub value: String,
    /// The same of the periods before; none where there were none.
    pub before: Option<String>,
}

/// The letter to the director.
#[derive(Debug, Clone, Serialize)]
pub struct DirectorReport {
    /// «неделю 16-20 ноября», behind «за».
    pub title: String,
    /// «4 недели до этого».
    pub compared: String,
    /// Three figures.
    pub figures: Vec<Figure>,
    /// The chart in words.
    pub chart: Option<ChartWords>,
    /// At most three.
    pub proposals: Vec<Proposal>,
    /// What only the director decides.
    pub decisions: Vec<String>,
    /// Nobody edited it before.
    pub unedited: bool,
    /// Who passed it on, with their post.
    pub by: Option<String>,
    /// Words of the head that are no proposal of ours.
    pub words: Vec<String>,
    #[serde(skip)]
    drawing: Option<Chart>,
}

impl DirectorReport {
    /// Of an analysis, with these proposals.
    pub fn of(analysis: &Analysis, proposals: Vec<Proposal>, words: Vec<String>, by: Option<String>, unedited: bool) -> DirectorReport {
        let drawing = chart(analysis);
        let told = |chart: &Chart| ChartWords { name: "periods", title: "Получено и закрыто", words: chart.words() };
        DirectorReport {
            title: analysis.title.clone(),
            compared: format!("{} до этого", analysis.span.words(analysis.all.received_before.len())),
            figures: figures(analysis),
            chart: drawing.as_ref().map(told),
            decisions: proposals.iter().filter_map(|p| p.decision.clone()).collect(),
            proposals,
            unedited,
            by,
            words,
            drawing,
        }
    }

    /// The page for print: one sheet of A4, nothing is loaded.
    pub fn page(&self, school: &str, today: NaiveDate) -> String {
        let e = super::page::escaped;
        let mut page = format!(
            "<!DOCTYPE html>\n<html lang=\"ru\">\n<head>\n<meta charset=\"utf-8\">\n<title>{0}</title>\n{STYLE}</head>\n<body>\n<p class=\"school\">{1}</p>\n<h1>{0}</h1>\n",
            e(&format!("Анализ обращений за {}", self.title)),
            e(school)
        );
        if self.unedited {
            page.push_str("<p><b>Без правки руководителя.</b></p>\n");
        }
        page.push_str("<table><tr>");
        for f in &self.figures {
            let before = f.before.as_ref().map(|b| format!("<br><small>раньше {}</small>", e(b))).unwrap_or_default();
            page.push_str(&format!("<td><b>{}</b><br>{}{before}</td>", e(&f.value), e(f.label)));
        }
        page.push_str("</tr></table>\n");
        if let (Some(drawing), Some(chart)) = (&self.drawing, &self.chart) {
            page.push_str(&format!(
                "<h2>{}</h2>\n<div class=\"chart\" role=\"img\" aria-label=\"{}\">{}</div>\n",
                e(chart.title),
                e(&chart.words),
                drawing.svg()
            ));
        }
        if !self.proposals.is_empty() || !self.words.is_empty() {
            page.push_str("<h2>Предложения</h2>\n<ol>\n");
            for p in &self.proposals {
                let cause = p.cause.as_ref().map(|c| format!("<br>Почему: {}", e(c))).unwrap_or_default();
                let cost = p.cost.as_ref().map(|c| format!("<br>Чего стоит: {}.", e(c))).unwrap_or_default();
                page.push_str(&format!("<li><b>{}</b>{cause}{cost}</li>\n", e(&p.text)));
            }
            page.push_str("</ol>\n");
            page.extend(self.words.iter().map(|w| format!("<p>{}</p>\n", e(w))));
        }
        if !self.decisions.is_empty() {
            page.push_str("<h2>Требует решения директора</h2>\n<ul>\n");
            page.extend(self.decisions.iter().map(|d| format!("<li>{}: ☐ согласовано ☐ отклонено</li>\n", e(d))));
            page.push_str("</ul>\n");
        }
        let by = self.by.as_deref().map(|b| format!("<p>Составил: {} ____________</p>\n", e(b))).unwrap_or_default();
        page.push_str(&format!(
            "<div class=\"sign\">{by}<p>Согласовано. Директор ____________________ «___» ____________ {} г.</p></div>\n",
            chrono::Datelike::year(&today)
        ));
        page.push_str("</body>\n</html>\n");
        page
    }
}

const STYLE: &str = "<style>
@page { size: A4; margin: 15mm; }
body { font: 11pt/1.35 \"PT Sans\", \"Liberation Sans\", Arial, sans-serif; color: #000; background: #fff; max-width: 180mm; margin: 0 auto; }
h1 { font-size: 15pt; margin: 0 0 3mm; } h2 { font-size: 12pt; margin: 4mm 0 1mm; }
.school { margin: 0 0 2mm; } .chart svg { width: 120mm; max-width: 100%; height: auto; }
table { border-collapse: collapse; width: 100%; } td { border: 0.3mm solid #000; padding: 2mm; text-align: center; width: 33%; } td b { font-size: 16pt; }
li { margin: 0 0 1.5mm; break-inside: avoid; } .sign { margin-top: 8mm; break-inside: avoid; }
</style>
";

/// Received, terms kept, usual time to answer.
fn figures(a: &Analysis) -> Vec<Figure> {
    let kept = |t: &crate::report::Terms| t.percent_office().map(|p| format!("{p} %"));
    let time = |m: i64| match (m / 1440, m / 60, m % 60) {
        (0, 0, m) => format!("{m} мин"),
        (0, h, _) if h < 24 => format!("{h} ч"),
        (d, h, _) => format!("{d} дн. {} ч", h % 24),
    };
    vec![
        Figure { label: "получено обращений", value: a.all.received.to_string(), before: a.all.usual().map(|n| n.to_string()) },
        Figure { label: "сроков соблюдено", value: kept(&a.terms).unwrap_or_else(|| "—".into()), before: kept(&a.terms_before) },
        Figure { label: "обычно до ответа", value: a.median.map_or_else(|| "—".into(), time), before: a.median_before.map(time) },
    ]
}

/// Received and closed of the periods before and of this one.
fn chart(a: &Analysis) -> Option<Chart> {
    let Compared { received, closed, received_before, closed_before, .. } = &a.all;
    let n = received_before.len();
    let short = match a.span {
        Span::Week => "нед.",
        Span::Month => "мес.",
        Span::Quarter => "кв.",
    };
    let mut columns: Vec<(String, [u32; 2])> =
        received_before.iter().zip(closed_before).enumerate().map(|(i, (r, c))| (format!("-{} {short}", n - i), [*r, *c])).collect();
    columns.push((if a.span == Span::Week { "эта" } else { "этот" }.to_owned(), [*received, *closed]));
    let any = columns.iter().any(|(_, [r, c])| r + c > 0);
    any.then(|| Chart::Pairs { series: ["получено".into(), "закрыто".into()], columns })
}

impl Letter for DirectorReport {
    const NAME: &'static str = "report_director";
    fn samples() -> Vec<Self> {
        let analysis = super::samples_reports::analysis();
        let full = DirectorReport::of(&analysis, analysis.proposals.clone(), Vec::new(), Some("заместитель директора Орлова Марина Викторовна".into()), false);
        let own = Proposal { text: "Собрать классных руководителей".into(), cause: None, cost: None, decision: None };
        let edited = DirectorReport::of(
            &analysis,
            vec![own],
            vec!["Подробности расскажу на планёрке.".into()],
            Some("заместитель директора Орлова Марина Викторовна".into()),
            false,
        );
        let quiet = Analysis { all: Compared::default(), median: None, median_before: None, ..analysis };
        vec![full, edited, DirectorReport::of(&quiet, Vec::new(), Vec::new(), None, true)]
    }

    fn pictures(&self) -> Vec<Picture> {
        self.drawing.iter().filter_map(|chart| Some(Picture { name: "periods", png: chart.png()? })).collect()
    }
}
