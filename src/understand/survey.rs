//! Answers to the questionnaire (000 App. 2): between the lines of ours, beside the questions in any order, as bare numbers and words, or told in a sentence.
//!
//! Not here: whether the letter is one (`thread`).

use super::Survey;
use super::phrases::Matcher;
use super::words::{Words, fold};
use std::sync::LazyLock;

const SIGNS: &[&[&str]] = &[
    &[
        "больше|побольше|добавить|добавьте|хватило|мало|маловато|недостаточно .. практи*|упражнений",
        "практи*|упражнени* .. больше|побольше|мало|маловато|хватило|добавить|не_хватает",
        "не_хватило|не_хватает .. практи*|упражнений",
    ],
    &[
        "больше|побольше|добавить|добавьте|хватило|мало|маловато|недостаточно .. теори*|теоретич*",
        "теори*|теоретич* .. больше|побольше|мало|маловато|хватило|не_хватает",
        "не_хватило|не_хватает .. теори*",
    ],
    &[
        "достаточно|хватило|устроило|хватает|хватило_всего",
        "всего .. достаточно|в_меру|хватило",
        "в самый_раз|меру|балансе",
        "практи*|теори* .. оптимальн*|поровну|сбалансир*|нормально",
    ],
    &[
        "порекоменд*|рекоменду*|посовету*|посоветовал*|советую|советуем",
        "буду|будем .. рекомендовать|советовать",
        "рекомендовать|советовать .. буду|будем|стану",
    ],
    &[
        "не .. порекоменд*|рекоменду*|посовету*|посоветовал*|советую|советуем|рекомендовать|советовать",
        "рекомендовать|советовать .. не .. буду|будем|стану|хочу|могу",
        "никому .. не",
    ],
];
static SIGN: LazyLock<Matcher> = LazyLock::new(|| Matcher::of(SIGNS));

/// A question of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Question {
    Name,
    /// All three marks.
    Marks,
    /// One of them.
    Mark,
    Include,
    Impression,
    Wishes,
    Recommend,
}

/// The question that a line repeats, and what stands behind it.
fn asked(line: &str) -> Option<(Question, &str)> {
    const LABELS: [(&str, Question); 21] = [
        ("ф.и.о", Question::Name),
        ("фио", Question::Name),
        ("оцените", Question::Marks),
        ("оценка", Question::Marks),
        ("ваша оценка", Question::Marks),
        ("организация", Question::Mark),
        ("понятность", Question::Mark),
        ("удобство", Question::Mark),
        ("стоит ли", Question::Include),
        ("больше практики / больше", Question::Include),
        ("что включ", Question::Include),
        ("ваше впечатление", Question::Impression),
        ("впечатление", Question::Impression),
        ("впечатления", Question::Impression),
        ("пожелание", Question::Wishes),
        ("мои пожелания", Question::Wishes),
        ("ваши пожелания", Question::Wishes),
        ("пожелания", Question::Wishes),
        ("порекомендовали бы", Question::Recommend),
        ("рекомендовали бы", Question::Recommend),
        ("рекомендация знакомым", Question::Recommend),
    ];
    let bare = line.trim_start_matches(['-', ' ', '•', '*', '–', '—']);
    let (number, rest) = numbered(bare).map_or((None, bare), |(n, r)| (Some(n), r));
    let folded = fold(rest);
    if let Some((label, question)) = LABELS.iter().find(|l| folded.starts_with(l.0)) {
        let running = *label == "оценка" && rest.split_whitespace().count() > 5;
        if running && !rest.contains(':') {
            return None;
        }
        let bare = match question {
            Question::Mark => true,
            Question::Marks => *label == "оценка",
            _ => !label.contains("ваш") && matches!(question, Question::Impression | Question::Wishes),
        };
        let options = ["всего было достаточно", "да / нет", "да/нет"];
        let optional = || options.iter().find_map(|o| folded.find(o).and_then(|at| tail_at(rest, &folded, at + o.len())));
        let marked = || rest.split_once([':', '?']).map(|t| t.1);
        let tail = match question {
            // Behind the options that are to choose from stands the choice.
            Question::Include | Question::Recommend => optional().filter(|t| t.chars().any(char::is_alphabetic)).or_else(marked),
            // «Ф.И.О. (по желанию). Ваша оценка от 1 до 5: Ухова А., 2»
            Question::Name if folded.contains("оценка") => {
                return Some((Question::Marks, rest.split_once(':').map_or("", |t| t.1).trim()));
            }
            _ => marked().or_else(|| rest.split_once([' ', '\t']).map(|t| t.1).filter(|_| bare)),
        };
        return Some((*question, tail.unwrap_or_default().trim_matches([' ', '-', '–', '—', '\t'])));
    }
    let question = match number? {
        1 => Question::Marks,
        2 => Question::Include,
        3 => Question::Impression,
        4 => Question::Wishes,
        _ => Question::Recommend,
    };
    Some((question, rest))
}

/// What of a line stands behind a place of its folded form: folding keeps the number of characters.
fn tail_at<'a>(line: &'a str, folded: &str, at: usize) -> Option<&'a str> {
    let chars = folded.get(..at)?.chars().count();
    line.char_indices().nth(chars).and_then(|(i, _)| line.get(i..))
}

/// The number of the question at the head of a line, and the rest.
fn numbered(line: &str) -> Option<(u8, &str)> {
    let digit = line.chars().next()?.to_digit(10)? as u8;
    let rest = line.get(1..)?.strip_prefix(['.', ')'])?;
    ((1..=5).contains(&digit) && !rest.starts_with(|c: char| c.is_ascii_digit())).then(|| (digit, rest.trim_start()))
}

fn yes_no(text: &str) -> Option<bool> {
    let folded = fold(text);
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric() && c != '+' && c != '👍' && c != '👎').filter(|w| !w.is_empty()).collect();
    let yes = words.iter().any(|w| {
        matches!(
            *w,
            "да" | "конечно"
                | "обязательно"
                | "yes"
                | "порекомендую"
                | "порекомендовали"
                | "посоветую"
                | "безусловно"
                | "разумеется"
                | "однозначно"
                | "ага"
                | "+"
                | "👍"
                | "естественно"
                | "рекомендую"
                | "уже"
        )
    });
    let no = words.iter().any(|w| matches!(*w, "нет" | "не" | "вряд" | "никому" | "👎" | "no" | "неа"));
    if yes == no { None } else { Some(yes) }
}

/// Marks 1 to 5 in a text, as digits or words, at most ten.
fn marks(text: &str) -> Vec<u8> {
    let folded = fold(text);
    folded
        .split(|c: char| !c.is_alphanumeric() && c != '+')
        .filter_map(|w| match w.trim_end_matches('+') {
            "5" | "пять" | "пятерка" | "пятерку" | "пятерки" | "отлично" | "пятерочка" => Some(5),
            "4" | "четыре" | "четверка" | "четверку" | "четверки" | "хорошо" => Some(4),
            "3" | "три" | "тройка" | "тройку" | "удовлетворительно" => Some(3),
            "2" | "два" | "двойка" | "двойку" | "плохо" => Some(2),
            "1" | "один" | "единица" | "единицу" | "кол" => Some(1),
            _ => None,
        })
        .take(10)
        .collect()
}

/// Marks in running text: «хорошо» is said of many things, a number is a mark.
fn told_marks(text: &str) -> Vec<u8> {
    let kept: String =
        fold(text).split_whitespace().filter(|w| !w.starts_with("хорошо") && !w.starts_with("плохо") && !w.contains("балл")).collect::<Vec<_>>().join(" ");
    marks(&kept)
}

/// What should be more of, by the words; all three beside each other are our own line.
fn include(text: &str) -> Option<&'static str> {
    // Options struck out (~~…~~) are not chosen.
    let kept = text.split("~~").step_by(2).collect::<Vec<_>>().join(" ");
    if fold(&kept).contains("больше практики / больше теории") {
        return None;
    }
    let words = Words::new(&kept);
    let unwanted = |last: usize| (1..=3).any(|n| words.norm(last + n) == "не" && matches!(words.norm(last + n + 1), "надо" | "нужно"));
    let mut said: Vec<usize> = SIGN.find(&words).iter().filter(|h| h.rule < 3 && !unwanted(h.last)).map(|h| h.rule).collect();
    said.sort_unstable();
    match said.first() {
        Some(0) => Some("practice"),
        Some(1) => Some("theory"),
        Some(2) => Some("enough"),
        _ => None,
    }
}

/// «Практики», «всего достаточно»: what is chosen, behind the question itself.
fn named(said: &str) -> Option<&'static str> {
    let folded = fold(said);
    let has = |w: &str| folded.contains(w);
    match (has("практик"), has("теори"), has("достаточн") || has("хватил") || has("в меру") || has("в самый раз")) {
        (true, false, false) => Some("practice"),
        (false, true, false) => Some("theory"),
        (false, false, true) => Some("enough"),
        _ => None,
    }
}

/// Whether a sentence says that one would send others.
fn recommends(text: &str) -> Option<bool> {
    let words = Words::new(text);
    let hits = SIGN.find(&words);
    let any = |rule: usize| hits.iter().any(|h| h.rule == rule);
    if any(4) { Some(false) } else { any(3).then_some(true) }
}

/// One question in a line: «5 5 5, достаточно, 3) супер 4) нет 5) да» becomes four lines.
fn one_a_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut before = '\n';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if matches!(c, '1'..='5') && matches!(before, ' ' | ',' | ';') && chars.peek() == Some(&')') {
            out.push('\n');
        }
        out.push(c);
        before = c;
    }
    out
}

/// Reads the answers out of the author's words. The score is the rounded mean of the marks.
pub(super) fn read(text: &str) -> Survey {
    let text = one_a_line(text);
    let mut survey = Survey::default();
    let (mut scores, mut loose) = (Vec::new(), Vec::new());
    let mut current: Option<Question> = None;
    for line in text.lines().take(300) {
        let ours = line.trim_start().starts_with('>');
        let line = line.trim_start_matches(['>', ' ', '\t']);
        if line.trim().is_empty() {
            continue;
        }
        let folded = fold(line);
        let several = ["организаци", "понятност", "удобств"].iter().filter(|l| folded.contains(**l)).count() > 1;
        let (question, said) = match asked(line) {
            Some((question, tail)) => (Some(if several { Question::Marks } else { question }), if several { line } else { tail }),
            None if ours => (current, ""),
            None => (current, line.trim()),
        };
        current = question;
        match question {
            _ if said.is_empty() => {}
            None => loose.push(said),
            Some(Question::Name) => current = None,
            Some(Question::Mark) => {
                scores.extend(marks(said).into_iter().take(1));
                current = None;
            }
            // «1. Ухова Анна»: the first question begins with the name.
            Some(Question::Marks) => {
                let found = marks(said);
                let bare = said.chars().any(|c| c.is_ascii_digit()) || found.len() > 1;
                current = current.filter(|_| found.is_empty());
                scores.extend(found.into_iter().take(if bare { 3 } else { 1 }));
            }
            Some(Question::Include) => {
                survey.include = survey.include.or(include(said).or_else(|| named(said)).map(str::to_owned));
                if survey.include.is_none() && !said.contains('/') {
                    loose.push(said);
                }
            }
            Some(Question::Impression) if survey.impression.is_none() => survey.impression = Some(said.to_owned()),
            Some(Question::Wishes) if survey.wishes.is_none() => survey.wishes = Some(said.to_owned()),
            Some(Question::Recommend) => {
                survey.recommend = survey.recommend.or(yes_no(said));
                current = Some(Question::Recommend).filter(|_| survey.recommend.is_none());
            }
            Some(_) => loose.push(said),
        }
    }
    by_place(&mut survey, &mut scores, &loose);
    let sum: u32 = scores.iter().take(3).map(|&s| u32::from(s)).sum();
    survey.score = u32::try_from(scores.len().min(3)).ok().filter(|&n| n > 0).map(|n| ((sum * 2 + n) / (2 * n)) as u8);
    if survey.wishes.as_deref().is_some_and(empty) {
        survey.wishes = None;
    }
    if survey.impression.as_deref().is_some_and(empty) {
        survey.impression = None;
    }
    survey
}

impl Survey {
    /// What is open here, from elsewhere.
    pub(super) fn or(self, other: Survey) -> Survey {
        Survey {
            score: self.score.or(other.score),
            include: self.include.or(other.include),
            recommend: self.recommend.or(other.recommend),
            impression: self.impression.or(other.impression),
            wishes: self.wishes.or(other.wishes),
        }
    }
}

/// «нет», «-», «пожеланий нет»: no wish.
fn empty(text: &str) -> bool {
    matches!(
        fold(text).trim_matches(['.', '!', ' ', ')']),
        "нет" | "-" | "—" | "–" | "не имею" | "нету" | "отсутствуют" | "пожеланий нет" | "нет пожеланий" | "без пожеланий" | ""
    )
}

/// «Впечатления самые тёплые, пожелание одно: …»: told in a breath, the sentence or the part of one that names it.
fn in_sentences(survey: &mut Survey, told: &str) {
    for sentence in told.split(['.', '!', '\n', ';']).map(str::trim).take(40) {
        let folded = fold(sentence);
        if let Some(at) = folded.find("впечатлени").filter(|_| survey.impression.is_none()) {
            let tail = tail_at(sentence, &folded, at).unwrap_or(sentence);
            survey.impression = Some(tail.to_owned()).filter(|t| t.split_whitespace().count() > 1);
        } else if let Some(at) = folded.find("пожелани").filter(|_| survey.wishes.is_none()) {
            let tail = tail_at(sentence, &folded, at).unwrap_or(sentence);
            let tail = tail.split_once(':').or_else(|| tail.split_once(' ')).map_or("", |t| t.1).trim();
            survey.wishes = Some(tail.to_owned()).filter(|t| !t.is_empty());
        } else if ["хотелось бы", "было бы", "хорошо бы", "лучше бы"].iter().any(|w| folded.contains(w)) && survey.wishes.is_none()
        {
            survey.wishes = Some(sentence.to_owned());
        }
    }
}

/// Answers without their questions: marks first, a yes or no last, the words between them in the order of the questions.
fn by_place(survey: &mut Survey, scores: &mut Vec<u8>, loose: &[&str]) {
    let (mut rest, mut marked) = (Vec::new(), false);
    for line in loose {
        let bare = line.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).all(|w| !marks(w).is_empty());
        if scores.len() < 3 && bare && !marks(line).is_empty() {
            scores.extend(marks(line));
            marked = true;
        } else {
            rest.push(*line);
        }
    }
    let told = rest.join("\n");
    if scores.is_empty() {
        // A class or a number of children beside the mark is none.
        let spoken: Vec<&str> =
            rest.iter().copied().filter(|l| ["оцен", "балл", "став", "ерк", "тройк", "двойк"].iter().any(|w| fold(l).contains(w))).collect();
        scores.extend(told_marks(&if spoken.is_empty() { told.clone() } else { spoken.join("\n") }));
        scores.truncate(3);
    }
    survey.include = survey.include.take().or(include(&told).map(str::to_owned));
    survey.recommend = survey.recommend.or(recommends(&told));
    // The last short yes or no is about recommending: the one before it, if any, says that there are no wishes.
    let short = |l: &&str| l.split_whitespace().count() <= 4 && yes_no(l).is_some() && include(l).is_none();
    if let Some(at) = rest.iter().rposition(short).filter(|_| survey.recommend.is_none() && (rest.len() > 1 || marked || scores.len() > 1)) {
        survey.recommend = yes_no(rest.remove(at));
    }
    in_sentences(survey, &told);
    if marked && survey.impression.is_none() {
        let mut words = rest.iter().filter(|l| include(l).is_none());
        survey.impression = words.next().map(|l| (*l).to_owned());
        survey.wishes = survey.wishes.take().or(words.next().map(|l| (*l).to_owned()));
    }
}
