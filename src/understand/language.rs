//! The language of a letter: Russian, Russian in other letters, or another one, which is named so that a person who reads it can be found.
//!
//! Not here: the reading of other languages. A letter with a fair share of Russian words is Russian, whatever else stands in it.

use super::translit::{self, Script};
use super::words::{TEXT_LIMIT, cut, fold, folded, is_letter};
use crate::message::Message;
use std::sync::LazyLock;
use whatlang::{Detector, Lang};

/// The letter with its own words in Cyrillic, where they were Russian in Latin letters.
pub(super) fn restored(message: &Message) -> Option<(Message, Script)> {
    let script = translit::script(&message.body.own).or_else(|| translit::script(&message.subject).filter(|_| message.body.own.trim().is_empty()))?;
    let mut turned = message.clone();
    turned.subject = translit::restored(&message.subject, translit::script(&message.subject).unwrap_or(script));
    turned.body.own = translit::restored(&message.body.own, script);
    turned.body.signature = translit::restored(&message.body.signature, script);
    turned.body.whole = translit::restored(cut(&message.body.whole, TEXT_LIMIT), script);
    Some((turned, script))
}

/// A language of Cyrillic letters: its name, the letters that Russian lacks, words that every letter has.
const CYRILLIC: [(&str, &str, &str); 23] = [
    (
        "татарский",
        "әҗңөүһ",
        "исәнмесез сәлам һәм белән өчен минем улым кызым сыйныф сыйныфында рәхмәт ярдәм түгел кирәк безгә бала укый мәктәп зинһар хәерле көн тели бит ул аңа сез",
    ),
    ("башкирский", "әғҙҡңөҫүһ", "һаумыһығыҙ һәм менән өсөн минең улым ҡыҙым рәхмәт ярҙам түгел кәрәк беҙгә бала уҡый мәктәп һеҙ ине"),
    ("казахский", "әғқңөұүһі", "сәлеметсіз сәлем және үшін менің ұлым қызым рахмет көмек көмегі емес керек бізге бала оқиды мектеп бұл сіз жоқ қажет өтінемін"),
    (
        "киргизский",
        "ңөү",
        "саламатсызбы салам жана менен үчүн менин уулум кызым балам рахмат жардам эмес керек бизге мектеп мектепке окуйт барат боюнча бул сиз жок класс ага суранам балага",
    ),
    (
        "таджикский",
        "ғӣқӯҳҷ",
        "салом ассалому ва дар барои ман писарам духтарам писари духтари мактаб синфи рахмат раҳмат ташаккур ёрӣ ёрии лозим аст мо ба аз ки намешавад лутфан кӯмак",
    ),
    (
        "узбекский",
        "ўқғҳ",
        "ассалому алайкум салом ва учун менинг ўғлим қизим рахмат раҳмат ёрдам керак бизга мактаб синф билан бола эмас илтимос ўқийди мактабга",
    ),
    ("чувашский", "ӑӗҫӳ", "ман тата валли ывӑл хӗр пире кирлӗ шкул тавтапуҫ"),
    ("украинский", "іїєґ", "та що мій моя донька син добрий дякую ласка навчається він вона має вчитель немає чи як"),
    ("белорусский", "ўі", "дзень добры мой мая сын дачка дзякуй калі ласка вучыцца школе няма гэта што"),
    ("осетинский", "ӕ", "ӕмӕ мӕ нӕ лӕппу чызг скъола бузныг"),
    ("якутский", "ҕҥһөү", "мин уолум кыыһым оскуола көмө баһыыба дорообо"),
    ("бурятский", "өүһ", "сайн байна би минии хүбүүн басаган һургуули"),
    ("калмыцкий", "әҗңөүһ", "мендвт мини көвүн күүкн сурһуль ханҗанав"),
    ("марийский", "ҥӧӱӓӹ", "поро кече мыйын эргым ӱдырем школ тау"),
    ("удмуртский", "ӝӟӥӧӵ", "мынам пие нылы школа тау ӟечбур"),
    ("коми", "ӧі", "менам пи ныв школа аттьӧ видза"),
    ("тувинский", "ңөү", "мээң оглум уруум школа четтирдим экии"),
    ("алтайский", "јҥӧӱ", "мениҥ уулым кызым школ быйан јакшылар"),
    ("чеченский", "ӏ", "сан кӏант йоӏ ишкола баркалла маршалла"),
    ("монгольский", "өү", "сайн байна уу миний хүү охин сургууль баярлалаа надад"),
    ("сербский", "јљњђћџ", "здраво мој син ћерка школа хвала молим није"),
    ("македонский", "ѓќљњѕџј", "здраво мојот син ќерка училиште благодарам"),
    ("болгарский", "", "здравейте синът дъщеря моят училище благодаря моля може ли учи нужда имаме помощ клас"),
];

/// Languages of Latin letters, with words that are in every letter of theirs.
const LATIN: [(&str, &str); 12] = [
    (
        "английский",
        "the and is my for to you please we are have has not can cannot he she in of with hello hi help dear regards school son daughter thank thanks child class would like your \
         i it do does log diary lesson teacher could at on be this that",
    ),
    ("немецкий", "der die das und ist mein meine sohn tochter nicht ich wir für bitte guten tag haben einen eine mit kann schule klasse danke hallo geht"),
    ("французский", "le la les et est mon ma fils fille pas je nous pour bonjour avec une des vous école merci dans ne de"),
    ("испанский", "el los y es mi hijo hija no por para con una hola gracias escuela que de la clase necesitamos ayuda buenos días"),
    ("итальянский", "il è mio figlio figlia per con una buongiorno grazie scuola che non sono di la classe abbiamo bisogno"),
    (
        "турецкий",
        "ve bir bu için icin oğlum oglum kızım kizim merhaba değil cok çok ile teşekkürler tesekkurler okul okula lütfen lutfen istiyorum sınıfında dersinde var",
    ),
    ("узбекский", "va bu uchun lim qizim assalomu alaykum rahmat bilan maktab maktabga kerak iltimos yordam men mening bizga sinf sinfda salom emas"),
    ("азербайджанский", "və bu üçün oğlum qızım salam çox sağ məktəb məktəbə lazım zəhmət olmasa sinifdə bizə kömək"),
    ("туркменский", "we bu üçin oglum gyzym salam mekdep sag boluň bize kömek gerek däl"),
    ("польский", "i nie jest mój moja syn córka na proszę dzień dobry szkoła się z do dla dziękuję klasie"),
    ("вьетнамский", "con tôi xin chào của không là và có cho lớp trường cảm ơn em học"),
    ("румынский", "și nu este fiul meu bună ziua vă rog copilul la în pentru mulțumesc clasa școală am nevoie de"),
];

/// Languages that the statistics of letters may name, where no word list did.
static DETECTOR: LazyLock<Detector> = LazyLock::new(|| {
    Detector::with_allowlist(vec![
        Lang::Eng,
        Lang::Deu,
        Lang::Fra,
        Lang::Spa,
        Lang::Ita,
        Lang::Por,
        Lang::Pol,
        Lang::Tur,
        Lang::Uzb,
        Lang::Aze,
        Lang::Tuk,
        Lang::Vie,
        Lang::Ron,
        Lang::Ces,
        Lang::Fin,
        Lang::Est,
        Lang::Lav,
        Lang::Lit,
        Lang::Hun,
        Lang::Nld,
        Lang::Swe,
        Lang::Ind,
        Lang::Tgl,
        Lang::Ukr,
        Lang::Bel,
        Lang::Bul,
        Lang::Srp,
        Lang::Mkd,
        Lang::Rus,
    ])
});

/// The Russian name of a language, where it is not Russian.
fn named(lang: Lang) -> Option<&'static str> {
    Some(match lang {
        Lang::Rus => return None,
        Lang::Eng => "английский",
        Lang::Deu => "немецкий",
        Lang::Fra => "французский",
        Lang::Spa => "испанский",
        Lang::Ita => "итальянский",
        Lang::Por => "португальский",
        Lang::Pol => "польский",
        Lang::Tur => "турецкий",
        Lang::Uzb => "узбекский",
        Lang::Aze => "азербайджанский",
        Lang::Tuk => "туркменский",
        Lang::Vie => "вьетнамский",
        Lang::Ron => "румынский",
        Lang::Ces => "чешский",
        Lang::Fin => "финский",
        Lang::Est => "эстонский",
        Lang::Lav => "латышский",
        Lang::Lit => "литовский",
        Lang::Hun => "венгерский",
        Lang::Nld => "нидерландский",
        Lang::Swe => "шведский",
        Lang::Ind => "индонезийский",
        Lang::Tgl => "тагальский",
        Lang::Ukr => "украинский",
        Lang::Bel => "белорусский",
        Lang::Bul => "болгарский",
        Lang::Srp => "сербский",
        Lang::Mkd => "македонский",
        _ => "иностранный",
    })
}

/// «письмо на английском», «письмо на хинди».
pub(super) fn told(language: &str) -> String {
    match language.strip_suffix("ий") {
        Some("иностранн") | None if !language.ends_with("ый") && !language.ends_with("ий") => format!("письмо на языке {language}"),
        Some(root) => format!("письмо на {root}ом"),
        None => format!("письмо на {}ом языке", language.trim_end_matches("ый")),
    }
}

/// The script of a letter that belongs to one language.
fn by_script(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{530}'..='\u{58F}' => "армянский",
        '\u{590}'..='\u{5FF}' => "иврит",
        '\u{600}'..='\u{6FF}' | '\u{750}'..='\u{77F}' => {
            if matches!(c, 'پ' | 'چ' | 'گ' | 'ژ' | 'ی' | 'ک') {
                "персидский"
            } else {
                "арабский"
            }
        }
        '\u{900}'..='\u{97F}' => "хинди",
        '\u{E00}'..='\u{E7F}' => "тайский",
        '\u{10A0}'..='\u{10FF}' => "грузинский",
        '\u{3040}'..='\u{30FF}' => "японский",
        '\u{4E00}'..='\u{9FFF}' => "китайский",
        '\u{AC00}'..='\u{D7AF}' => "корейский",
        '\u{370}'..='\u{3FF}' => "греческий",
        _ => return None,
    })
}

fn is_russian(c: char) -> bool {
    matches!(c, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё')
}

/// The language of a text, `None` for Russian and for what is too short to tell.
pub(super) fn foreign(text: &str) -> Option<&'static str> {
    let text = cut(text, 4096);
    // Addresses are in no language; a letter without a Latin letter has none.
    let cleaned: String;
    let text = if text.bytes().any(|b| matches!(b, b'@' | b'/')) {
        cleaned = text.split_inclusive(char::is_whitespace).filter(|w| !w.contains(['@', '/'])).collect();
        cleaned.as_str()
    } else {
        text
    };
    let (mut russian, mut cyrillic, mut latin, mut others) = (0usize, 0usize, 0usize, 0usize);
    for c in text.chars() {
        if is_russian(c) {
            russian += 1;
        } else if !is_letter(c) {
            continue;
        } else if matches!(c, '\u{400}'..='\u{52F}') {
            cyrillic += 1;
        } else if c.is_ascii_alphabetic() || matches!(c, '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}') {
            latin += 1;
        } else {
            others += 1;
        }
    }
    if others > russian + cyrillic + latin {
        let mut found: Vec<&'static str> = text.chars().filter_map(by_script).collect();
        found.sort_unstable();
        // Japanese is written with Chinese signs among its own, Persian with Arabic ones.
        return ["японский", "персидский"]
            .into_iter()
            .find(|l| found.contains(l))
            .or_else(|| found.chunk_by(|a, b| a == b).max_by_key(|run| run.len()).and_then(|run| run.first().copied()));
    }
    if latin > 2 * (russian + cyrillic) {
        return in_latin(text);
    }
    in_cyrillic(text, russian, cyrillic)
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !is_letter(c) && c != '\u{4CF}').filter(|w| !w.is_empty()).take(300)
}

fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    parts(text).map(fold)
}

fn in_latin(text: &str) -> Option<&'static str> {
    let all: Vec<String> = words(text).collect();
    if all.len() < 3 {
        return None;
    }
    let hits = |list: &str| {
        let list: Vec<&str> = list.split_whitespace().collect();
        all.iter().filter(|w| list.contains(&w.as_str())).count()
    };
    let best = LATIN.iter().map(|(name, list)| (hits(list), *name)).max_by_key(|h| h.0)?;
    if best.0 >= 2 && best.0 * 6 >= all.len() {
        return Some(best.1);
    }
    DETECTOR.detect(text).filter(|d| d.confidence() > 0.1).and_then(|d| named(d.lang())).or(Some("иностранный").filter(|_| all.len() > 6))
}

fn in_cyrillic(text: &str, russian: usize, extra: usize) -> Option<&'static str> {
    // Most letters end here: no foreign letter, and the very words of Russian within the first lines.
    let frequent = |w: &str| {
        matches!(
            w,
            "и" | "что"
                | "не"
                | "как"
                | "мы"
                | "я"
                | "вы"
                | "с"
                | "это"
                | "здравствуйте"
                | "пожалуйста"
                | "спасибо"
                | "день"
                | "вечер"
        )
    };
    if extra == 0 && parts(cut(text, 600)).any(|w| frequent(&folded(w))) {
        return None;
    }
    if russian + extra < 15 {
        return None;
    }
    let (count, strong, weak) = translit::russian(text);
    let marked = extra * 30 >= russian + extra;
    if (marked && strong * 5 >= count.max(1) * 2)
        || (!marked && strong * 4 >= count.max(1))
        || (extra == 0 && (strong + weak) * 4 >= count)
        || (strong > 1 && (strong + weak) * 2 >= count)
    {
        return None;
    }
    let mut letters: Vec<char> = text.to_lowercase().chars().filter(|c| matches!(*c, '\u{400}'..='\u{52F}') && !is_russian(*c)).collect();
    letters.sort_unstable();
    letters.dedup();
    let all: Vec<String> = words(text).collect();
    let judged = CYRILLIC.iter().enumerate().map(|(i, (name, own, list))| {
        let list: Vec<&str> = list.split_whitespace().collect();
        let hits = all.iter().filter(|w| list.contains(&w.as_str())).count();
        let strange = letters.iter().filter(|c| !own.contains(**c)).count();
        let covered = letters.len() - strange;
        // Every letter outside the alphabet speaks against it, every word for it; the earlier in the table is the more spoken.
        (hits as i64 * 4 + covered as i64 * 2 - strange as i64 * 5, hits, std::cmp::Reverse(i), *name)
    });
    let (score, hits, _, name) = judged.max()?;
    // One word of thanks or a surname makes no language.
    let strange = all.iter().filter(|w| w.chars().any(|c| letters.contains(&c))).count();
    if score > 0 && hits * 2 + strange >= 4 {
        return Some(name);
    }
    DETECTOR.detect(text).filter(|d| extra > 0 || d.is_reliable()).and_then(|d| named(d.lang()))
}
