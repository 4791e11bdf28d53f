//! Russian written with other letters: transliteration («Zdravstvuyte») and the wrong keyboard layout («ghbdtn»), turned back into Cyrillic for reading.
//!
//! Not here: letters in other languages (`language`). Only lines of Latin letters are turned, and only where the result is plainly Russian.

use super::words::{TEXT_LIMIT, cut, folded, is_letter, stem, stemmed};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::LazyLock;

/// How a Russian text came to be in Latin letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    /// Typed by sound.
    Translit,
    /// Typed with the English layout switched on.
    Layout,
}

/// Words that Russian letters to a school are full of; none of them is, transliterated, a word of another language.
const KNOWN: &str = "здравствуйте здравствуй привет добрый доброе утро вечер пожалуйста спасибо благодарю подскажите скажите помогите помощь помочь прошу просим просьба \
    нужно нужна нужен нужны можно нельзя надо хочу хотим хотел хотела хотелось могу можем может смогу сможем хорошо плохо подходит подойдет договорились согласен согласна \
    что чтобы как какой какая когда где куда кому кто если или тоже также только уже еще очень потому поэтому почему после перед через между около сейчас сегодня завтра вчера \
    утром вечером днем неделя неделе месяц понедельник вторник среду среда четверг пятница пятницу суббота воскресенье время часов минут позже раньше лучше \
    меня мне мной нам нас наш наша нашего вам вас ваш ваша его ему она они этот эта эту этого этом того тому быть было была были будет есть нету \
    сын сына сыну дочь дочка дочери ребенок ребенка дети детей внук внучка мама папа бабушка родитель муж \
    школа школе школу школы класс классный классе учитель учительница учителя урок уроки уроков ученик ученица задание домашнее оценка оценки дневник дневнике журнал \
    электронный пароль войти зайти открывается открыть работает сайт ошибка кабинет входит пишет заходит вход \
    логопед психолог специалист педагог социальный консультация консультацию записаться запись выговаривает говорит буквы звуки \
    математика русский язык английский физика химия понимает отстает объяснить занятия подготовиться \
    ноутбук компьютер планшет выдать техника дистанционный обучение \
    боится плачет хочет ходить идти бьют обижают дразнят травят однокласник одноклассники переживаю боюсь жить болеет больница страшно \
    позвоните перезвоните звонить телефон номер письмо ответ ответьте ответа вопрос почта обращение заявление справка \
    удобно приду придем буду будем жду ждем разобрались сами нашли решили спит дома домой получается получилось знаю знаем делать сделать узнать посмотреть \
    уважением заранее всего доброго свидания извините простите большое огромное который которая потерял пропали пропал исчезли стоят поставили двойка тройка неверно";
/// Short words: each counts half, and only beside a longer one.
const SHORT: &str = "я и в не на с у к по за до из от о об про для без при а но да нет мы вы он то так же бы ли мой моя моей моего вот где все там тут";

static LEXICON: LazyLock<FxHashSet<String>> = LazyLock::new(|| KNOWN.split_whitespace().map(|w| stem(&w.replace('ё', "е"))).collect());
static WEAK: LazyLock<FxHashSet<&str>> = LazyLock::new(|| SHORT.split_whitespace().collect());

/// How Russian a text of Cyrillic words is: words, known ones, short ones.
pub(super) fn russian(text: &str) -> (usize, usize, usize) {
    let (mut words, mut strong, mut weak) = (0, 0, 0);
    for word in text.split(|c: char| !is_letter(c)).filter(|w| !w.is_empty()).take(400) {
        words += 1;
        let folded = folded(word);
        if WEAK.contains(&*folded) {
            weak += 1;
        } else if LEXICON.contains(&*stemmed(&folded)) {
            strong += 1;
        }
    }
    (words, strong, weak)
}

fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52F}')
}

/// Whether a line is of Latin letters.
fn latin(line: &str) -> bool {
    let (mut latin, mut cyrillic) = (0usize, 0usize);
    for c in line.chars() {
        latin += usize::from(c.is_ascii_alphabetic());
        cyrillic += usize::from(is_cyrillic(c));
    }
    latin > 1 && latin > 2 * cyrillic
}

/// Which script the Latin lines of a text are written in, where turning them gives Russian.
pub(super) fn script(text: &str) -> Option<Script> {
    let text = cut(text, TEXT_LIMIT);
    if text.bytes().filter(u8::is_ascii_alphabetic).take(2).count() < 2 {
        return None;
    }
    let lines: Vec<&str> = text.lines().filter(|l| latin(l)).take(60).collect();
    if lines.is_empty() {
        return None;
    }
    let joined = cut(&lines.join("\n"), 4096).to_owned();
    let share = |script: Script| {
        let (words, strong, weak) = russian(&turned(&joined, script));
        let score = strong * 2 + weak.min(strong * 2);
        if strong > 0 && words > 0 && score * 5 >= words * 2 { score * 1000 / words } else { 0 }
    };
    let (sound, layout) = (share(Script::Translit), share(Script::Layout));
    match (sound, layout) {
        (0, 0) => None,
        _ if layout > sound => Some(Script::Layout),
        _ => Some(Script::Translit),
    }
}

/// The text with its Latin lines turned.
pub(super) fn restored(text: &str, script: Script) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for (i, line) in text.split('\n').enumerate() {
        if i > 0 {
            out.push('\n');
        }
        if latin(line) { out.push_str(&turned(line, script)) } else { out.push_str(line) }
    }
    out
}

/// The words of `name`, read by sound, as they stand in the letter.
pub(super) fn as_written(name: &str, text: &str) -> Option<String> {
    let text = cut(text, TEXT_LIMIT);
    let back = |wanted: &str| {
        text.split(|c: char| !c.is_ascii_alphabetic() && c != '\'').filter(|w| !w.is_empty()).find(|w| {
            let mut turned = String::new();
            one_word(w, &mut turned);
            turned == wanted
        })
    };
    name.split_whitespace().map(|w| if w.chars().any(is_cyrillic) { back(w) } else { Some(w) }).collect::<Option<Vec<_>>>().map(|w| w.join(" "))
}

/// Turns every word that is no address.
fn turned(text: &str, script: Script) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for piece in text.split_inclusive(char::is_whitespace) {
        let address = piece.contains("://") || piece.contains("www.") || piece.split_once('@').is_some_and(|(a, b)| !a.is_empty() && b.contains('.'));
        match script {
            _ if address => out.push_str(piece),
            Script::Layout => out.extend(piece.chars().map(key)),
            Script::Translit => sounds(piece, &mut out),
        }
    }
    out
}

/// The Cyrillic letter on the key of a Latin one.
fn key(c: char) -> char {
    const LATIN: &str = "qwertyuiop[]asdfghjkl;'zxcvbnm,./`QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?~&^@#$";
    const CYRILLIC: &str = "йцукенгшщзхъфывапролджэячсмитьбю.ёЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,Ё?:\"№;";
    static KEYS: LazyLock<FxHashMap<char, char>> = LazyLock::new(|| LATIN.chars().zip(CYRILLIC.chars()).collect());
    KEYS.get(&c).copied().unwrap_or(c)
}

/// Spellings of Russian sounds, the longest first.
const SOUNDS: [(&str, &str); 62] = [
    ("shch", "щ"),
    ("tsya", "тся"),
    ("t'sya", "ться"),
    ("zdrast", "здравст"),
    ("sch", "щ"),
    ("shh", "щ"),
    ("zh", "ж"),
    ("kh", "х"),
    ("ts", "ц"),
    ("tz", "ц"),
    ("ch", "ч"),
    ("sh", "ш"),
    ("ph", "ф"),
    ("ck", "к"),
    ("yu", "ю"),
    ("ju", "ю"),
    ("iu", "ю"),
    ("ya", "я"),
    ("ja", "я"),
    ("yo", "ё"),
    ("jo", "ё"),
    ("ye", "е"),
    ("je", "е"),
    ("e'", "э"),
    ("yj", "ый"),
    ("yy", "ый"),
    ("iy", "ий"),
    ("ij", "ий"),
    ("ey", "ей"),
    ("ay", "ай"),
    ("oy", "ой"),
    ("uy", "уй"),
    ("a", "а"),
    ("b", "б"),
    ("v", "в"),
    ("w", "в"),
    ("g", "г"),
    ("d", "д"),
    ("e", "е"),
    ("z", "з"),
    ("i", "и"),
    ("j", "й"),
    ("k", "к"),
    ("l", "л"),
    ("m", "м"),
    ("n", "н"),
    ("o", "о"),
    ("p", "п"),
    ("q", "к"),
    ("r", "р"),
    ("s", "с"),
    ("t", "т"),
    ("u", "у"),
    ("f", "ф"),
    ("h", "х"),
    ("x", "х"),
    ("c", "ц"),
    ("y", "ы"),
    ("''", "ъ"),
    ("\"", "ъ"),
    ("'", "ь"),
    ("`", "ь"),
];

/// The same by their first letter, so that few are tried.
static BY_LETTER: LazyLock<FxHashMap<u8, Vec<(&str, &str)>>> = LazyLock::new(|| {
    let mut by_letter: FxHashMap<u8, Vec<_>> = FxHashMap::default();
    for sound in SOUNDS {
        by_letter.entry(sound.0.as_bytes().first().copied().unwrap_or_default()).or_default().push(sound);
    }
    by_letter
});

/// One word or what stands between blanks, by sound.
fn sounds(piece: &str, out: &mut String) {
    let mut word = String::new();
    for c in piece.chars().chain(['\0']) {
        if c.is_ascii_alphanumeric() || (matches!(c, '\'' | '`' | '’') && word.chars().any(|w| w.is_ascii_alphabetic())) {
            word.push(if c == '’' { '\'' } else { c });
            continue;
        }
        if !word.is_empty() {
            one_word(&std::mem::take(&mut word), out);
        }
        if c != '\0' {
            out.push(c);
        }
    }
}

fn one_word(word: &str, out: &mut String) {
    let sounds_of = |rest: &str| rest.as_bytes().first().and_then(|first| BY_LETTER.get(first)).map_or(&[][..], Vec::as_slice);
    let letters = word.chars().filter(char::is_ascii_alphabetic).count();
    if letters == 0 {
        out.push_str(word);
        return;
    }
    let low = word.to_ascii_lowercase();
    let mut cyrillic = String::with_capacity(low.len() * 2);
    let mut rest = low.as_str();
    // «4to», «xo4u»: digits that stand for letters among others.
    let digits = letters > 1 && low.bytes().filter(u8::is_ascii_digit).count() == 1;
    while let Some(first) = rest.chars().next() {
        let last = cyrillic.chars().next_back();
        let vowel = |c: Option<char>| c.is_some_and(|c| matches!(c, 'а' | 'е' | 'ё' | 'и' | 'о' | 'у' | 'ы' | 'э' | 'ю' | 'я'));
        let next = rest.chars().nth(1);
        let (take, give) = if digits && first == '4' {
            (1, "ч")
        } else if digits && first == '6' {
            (1, "ш")
        } else if first == 'e' && last.is_none() && matches!(next, Some('t' | 'k' | 'l' | 'm' | 'n' | 'f')) {
            (1, "э")
        } else if first == 'y' && vowel(last) && !matches!(next, Some('a' | 'e' | 'o' | 'u')) {
            (1, "й")
        } else if matches!(first, 'y' | 'j') && last.is_some_and(|c| "бвгдзклмнпрстф".contains(c)) && next.is_none() {
            (1, if first == 'y' { "ы" } else { "ь" })
        } else if rest == "ii" {
            (2, "ий")
        } else if let Some((from, to)) = sounds_of(rest).iter().find(|s| rest.starts_with(s.0)) {
            (from.len(), *to)
        } else {
            cyrillic.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
            continue;
        };
        cyrillic.push_str(give);
        rest = rest.get(take..).unwrap_or_default();
    }
    let mended = softened(cyrillic);
    let mut chars = mended.chars();
    match chars.next().filter(|_| word.starts_with(|c: char| c.is_ascii_uppercase())) {
        Some(head) if letters > 1 && word.chars().all(|c| !c.is_ascii_lowercase()) => {
            out.extend(head.to_uppercase());
            out.extend(chars.flat_map(char::to_uppercase));
        }
        Some(head) => {
            out.extend(head.to_uppercase());
            out.push_str(chars.as_str());
        }
        None => out.push_str(&mended),
    }
}

/// Soft signs and the like that people leave out: «skolko», «roditelskiy», «zapisatsya», «opyat».
fn softened(word: String) -> String {
    const INSIDE: [(&str, &str); 30] = [
        ("толко", "только"),
        ("сколк", "скольк"),
        ("столк", "стольк"),
        ("болш", "больш"),
        ("менш", "меньш"),
        ("болн", "больн"),
        ("школн", "школьн"),
        ("телн", "тельн"),
        ("телс", "тельс"),
        ("писмо", "письмо"),
        ("денги", "деньги"),
        ("силн", "сильн"),
        ("алн", "альн"),
        ("алш", "альш"),
        ("нелзя", "нельзя"),
        ("лзя", "льзя"),
        ("маленк", "маленьк"),
        ("хоров", "здоров"),
        ("бют", "бьют"),
        ("компют", "компьют"),
        ("компъют", "компьют"),
        ("семя", "семья"),
        ("судба", "судьба"),
        ("просба", "просьба"),
        ("просбо", "просьбо"),
        ("возмите", "возьмите"),
        ("жалуста", "жалуйста"),
        ("пожалуиста", "пожалуйста"),
        ("здравствуите", "здравствуйте"),
        ("елз", "ельз"),
    ];
    const WHOLE: [(&str, &str); 34] = [
        ("очен", "очень"),
        ("доч", "дочь"),
        ("ден", "день"),
        ("помоч", "помочь"),
        ("есче", "еще"),
        ("есть", "есть"),
        ("эсть", "есть"),
        ("эсли", "если"),
        ("эще", "еще"),
        ("эму", "ему"),
        ("эму", "ему"),
        ("этой", "этой"),
        ("здес", "здесь"),
        ("опят", "опять"),
        ("тепер", "теперь"),
        ("мат", "мать"),
        ("ноч", "ночь"),
        ("жит", "жить"),
        ("быт", "быть"),
        ("парол", "пароль"),
        ("болезн", "болезнь"),
        ("дверь", "дверь"),
        ("тетрад", "тетрадь"),
        ("площад", "площадь"),
        ("помощ", "помощь"),
        ("рядом", "рядом"),
        ("учител", "учитель"),
        ("родител", "родитель"),
        ("боюс", "боюсь"),
        ("стес", "стесь"),
        ("что", "что"),
        ("щто", "что"),
        ("шо", "что"),
        ("сеичас", "сейчас"),
    ];
    if let Some((_, right)) = WHOLE.iter().find(|w| w.0 == word) {
        return (*right).to_owned();
    }
    let mut out = word;
    for (from, to) in INSIDE {
        if out.contains(from) {
            out = out.replace(from, to);
        }
    }
    let long = out.chars().count() > 4;
    for (end, right) in [("атся", "аться"), ("ится", "иться"), ("юс", "юсь"), ("лас", "лась"), ("лис", "лись"), ("лос", "лось")]
    {
        // «учится» is as frequent as «учиться»: only the ending that is surely an infinitive is mended.
        if long && end != "ится" && out.ends_with(end) {
            out.truncate(out.len() - end.len());
            out.push_str(right);
            return out;
        }
    }
    let noun = ["результат", "аттестат", "плакат", "брат", "интернат", "чат", "формат", "реферат", "депутат", "мандат", "халат", "автомат", "сертификат"];
    if long && out.ends_with("ат") && !noun.contains(&out.as_str()) && !out.ends_with("чат") && !out.ends_with("шат") && !out.ends_with("жат") {
        out.push('ь');
    }
    out
}
