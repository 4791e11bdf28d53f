//! The author's name as the letter gives it.
//!
//! Not here: role, child, named staff (`people`), how to address the author (`compose`), phones and classes (`contact`).

use super::words::fold;
use std::sync::LazyLock;

/// Common first names and short forms, folded: Russian and those of the peoples of Russia and its neighbours.
const FIRST: &str = " аврора агата ада адам аделина адель аделя азат азамат азиза аида айгуль айнур айрат айсель акмаль аким алан алевтина александр александра алексей алена алеся али алиби алина алим алина алиса алия алла алмаз алсу альберт альбина алька альфия амалия амина амир амирхан анаит анаида анастасия анатолий ангелина андрей анжела анжелика анна аня ануш антон антонина анфиса ариадна ариана арина аркадий арман армен арсен арсений арслан артем артемий артур асель ася ахмед аяна бахтияр белла бехруз богдан борис булат вадим валентин валентина валера валерий валерия валя ваня варвара варя василий василиса вася вера вероника веста виктор виктория вика виолетта виталий виталя влад влада владимир владислав владислава володя вова вячеслав слава гаврил галина галя гамлет гарик гевонд генадий геннадий георгий гульнара гульназ гульшат гузель глафира глеб гоша григорий гриша гуля гурам давид давлат дамир дана даниил данила данил данияр даня даниэль даниела дарина дарья даша дарьяна демид демьян денис диана диляра дильназ дильноза дилноза дима дина динара динар дмитрий дорофей ева евгений евгения евдокия егор екатерина елена елизавета елисей ерема ефим женя жанна забира залина замира зарема зарина захар зинаида зина злата зоя зульфия зухра иван игнат игнатий игорь икрам илиана илона илья ильдар ильнур ильшат ильяс инга индира инесса инна иннокентий иосиф ира ирада ираида ирина иса исмаил ия камила камиль камилла карен карина каролина катя катерина кира кирилл кирюша клавдия клара клим коля константин костя кристина ксения ксюша кузьма лада лана лариса лаура лев лева лейла лейсан лена леонид леня леся лида лидия лиза лика лилиана лилия лиля лина лия лола лолита лукерья лука луиза любовь люба людмила люда люся ляйсан магомед мадина майя макар макс максим малика мальвина манана марат маргарита марина мария марианна марк мариам марьям марта марфа маруся марьяна матвей маша медина мелания милана милена мира мирон мирослав мирослава михаил миша муса мурад мурат муслим муслима мухаммед надежда надя назар назира наиля наталия наталья наташа настя нелли ника никита николай нина нино нинель нона нурлан оганес оксана олег олеся олимпиада ольга оля павел паша патимат пелагея петр петя платон полина прасковья прохор равиль радик радмила раиса рамазан рамиль расул рафаэль рашид регина рената ренат римма рита роберт родион роза роксана роман рома ростислав рубен руслан руслана рустам рустем сабина савва савелий саида салават салима самвел самир самира санжар саша сатеник святослав севара семен серафим серафима сергей сережа снежана софия софья соня станислав стас степан степа стефания стелла султан сусанна таисия тая тамара тамерлан таня татьяна тарас тахир тая тимофей тимур тихон тея толя тоня ульяна умар умида фаина фарид фарида фатима федор федя феликс филипп фирдаус фируза фрося хадиджа хасан шамиль шахзода шахноза шурик эвелина эдуард эдик элеонора элина элла эльвира эльдар эльза эльмира эмилия эмиль эмма эрик эсмира юлиан юлиана юлия юля юра юрий юсуф яков ян яна ярослав ярослава ясмина генриетта нонна муслима злата рая эля аля ваге вахтанг леван гиорги гоар грант сурен тигран арам ашот ашхен наринэ нарине нуне мариэтта сона лала лейли гюнель айтадж эльнур эльчин вагиф рауф рамин фуад орхан турал самед нигяр севиндж ";

/// Words with a capital that are no name.
pub(super) const NO_NAME: &str = " здравствуйте здравствуй добрый доброе доброго день утро вечер дня спасибо заранее с уважением уважаемая уважаемый уважаемые мама папа бабушка дедушка мать отец родитель родители опекун телефон тел моб мобильный отправлено из класс класса школа школы школе кл директор директору приемная администрация учитель педагог психолог логопед завуч извините простите пожалуйста прошу подскажите помогите жду очень если и но а я мы он она они мой моя наш наша у в на по не нет да за от до для это ответ привет дорогие коллеги ученик ученица ребенок сын дочь дочка ждем будем буду всего хорошего доброго наилучшими пожеланиями яндекс почты почта почте мобильной приложения iphone ipad mail ru gmail android москва россия понедельник вторник среда четверг пятница суббота воскресенье января февраля марта апреля мая июня июля августа сентября октября ноября декабря сферум мэш эжд zoom огэ егэ впр whatsapp телеграм вайбер ватсап группа отдел служба поддержки форма сайт горячая линия классный руководитель кл рук звоните пишите номер контакт адрес моего моей искренне ваш ваша ваши подпись благодарю благодарим ";

pub(super) fn listed(list: &str, word: &str) -> bool {
    list.split(' ').any(|w| w == word)
}

static FIRST_NAMES: LazyLock<std::collections::HashSet<&'static str>> = LazyLock::new(|| FIRST.split_whitespace().collect());

pub(super) fn is_first(word: &str) -> bool {
    FIRST_NAMES.contains(word)
}

fn is_patronymic(word: &str) -> bool {
    let n = word.chars().count();
    n > 5 && ["ович", "евич", "ьич", "овна", "евна", "ична", "инична", "оглы", "кызы"].iter().any(|e| word.ends_with(e))
        || matches!(word, "оглы" | "кызы" | "гызы" | "улы" | "ильич" | "лукич" | "кузьмич")
}

fn like_surname(word: &str) -> bool {
    const ENDS: [&str; 42] = [
        "ов",
        "ев",
        "ова",
        "ева",
        "ин",
        "ына",
        "ина",
        "ский",
        "ская",
        "цкий",
        "цкая",
        "ых",
        "их",
        "ко",
        "юк",
        "чук",
        "як",
        "ян",
        "янц",
        "дзе",
        "швили",
        "ец",
        "ер",
        "ман",
        "штейн",
        "ой",
        "ая",
        "ый",
        "ий",
        "ич",
        "ук",
        "ис",
        "ус",
        "ия",
        "ава",
        "ели",
        "иев",
        "баев",
        "заде",
        "дин",
        "ан",
        "ль",
    ];
    word.chars().count() >= 3 && ENDS.iter().any(|e| word.ends_with(e))
}

#[derive(Debug, Clone)]
pub(super) struct Part {
    pub norm: String,
    pub initial: bool,
}

pub(super) fn parts(name: &str) -> Vec<Part> {
    name.split(|c: char| c.is_whitespace() || c == '.')
        .map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|w| !w.is_empty())
        .map(|w| Part { norm: fold(w), initial: w.chars().count() == 1 })
        .collect()
}

/// Whether all of `a` stands in `b`, an initial for a full part.
pub(super) fn within(a: &[Part], b: &[Part]) -> bool {
    !a.is_empty() && a.iter().all(|x| b.iter().any(|y| x.norm == y.norm || (x.initial && y.norm.starts_with(&x.norm))))
}

/// Whether a display name is a person's: letters, no digits, no business words.
fn personal(display: &str) -> bool {
    const BUSINESS: [&str; 23] = [
        "сайт",
        "служба",
        "отдел",
        "школ",
        "форма",
        "линия",
        "поддержк",
        "приемн",
        "академ",
        "компани",
        "центр",
        "магазин",
        "рассылк",
        "платформ",
        "почта",
        "admin",
        "info",
        "support",
        "noreply",
        "робот",
        "семья",
        "мама",
        "папа",
    ];
    let folded = fold(display);
    let cyrillic = folded.chars().filter(|c| matches!(c, 'а'..='я')).count();
    cyrillic >= 3
        && !folded.chars().any(|c| c.is_ascii_digit() || c.is_ascii_alphabetic() || matches!(c, '@' | '_' | '/' | '+'))
        && !folded.split_whitespace().any(|w| BUSINESS.iter().any(|b| w.starts_with(b)) || w == "и")
}

/// One word of a line as a name's part, if it can be one.
fn name_word(word: &str, any_case: bool) -> Option<String> {
    let trimmed = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '.');
    let bare = trimmed.trim_end_matches('.');
    let first = bare.chars().next()?;
    let folded = fold(bare);
    if !bare.chars().all(|c| c.is_alphabetic() || c == '-' || c == '.' || c == '\'')
        || listed(NO_NAME, &folded)
        || !matches!(fold(&first.to_string()).chars().next(), Some('а'..='я'))
    {
        return None;
    }
    (first.is_uppercase() || any_case && (is_first(&folded) || is_patronymic(&folded) || like_surname(&folded))).then_some(trimmed.to_owned())
}

/// A name at the beginning of a text: up to four parts («Иванова Мария Петровна», «И. И. Иванов», «Вагиф Эльчин оглы»).
fn leading_name(text: &str, any_case: bool) -> Option<String> {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let mut taken = Vec::new();
    for word in text.split_whitespace().take(4) {
        let Some(part) = name_word(word, any_case) else { break };
        let stops = word.ends_with([',', ';', ':', '(', ')', '!', '?'])
            || (word.ends_with('.') && part.trim_end_matches('.').chars().count() > 2 && !part.contains(".."));
        // «И.О.» stays as it is; a full word loses its full stop.
        let initials = part.trim_end_matches('.').split('.').all(|p| p.chars().count() <= 1);
        taken.push(if initials { part } else { part.trim_end_matches('.').to_owned() });
        if stops && !initials {
            break;
        }
    }
    let known = |w: &String| {
        let f = fold(w.trim_end_matches('.'));
        is_first(&f) || is_patronymic(&f)
    };
    let initials = |w: &String| w.trim_end_matches('.').split('.').all(|p| p.chars().count() == 1);
    let full = taken.iter().filter(|w| !initials(w)).count();
    let good = match full {
        0 => false,
        1 => taken.iter().any(known) || taken.len() > 1 || taken.first().is_some_and(|w| like_surname(&fold(w)) && !any_case),
        _ => taken.iter().any(known) || taken.iter().all(|w| like_surname(&fold(w)) || initials(w)) && !any_case,
    };
    good.then(|| taken.join(" "))
}

/// A name in the first words after a cue in the text: «меня зовут Анна», «пишет Вам Ольга Петрова», «это максим тюрин из 9в».
fn after_cue(text: &str) -> Option<String> {
    let flat = text.split_whitespace().take(3000).collect::<Vec<_>>().join(" ");
    let lower: Vec<(usize, char)> = flat.char_indices().collect();
    let folded = fold(&flat);
    // Folding keeps character counts: positions are counted in characters.
    let start = |cue: &str| folded.find(cue).map(|b| folded[..b].chars().count() + cue.chars().count());
    for cue in [
        "меня зовут ",
        "мое имя ",
        "зовут ее ",
        "зовут его ",
        "пишет вам ",
        "вам пишет ",
        "беспокоит ",
        "обращается ",
        "здравствуйте это ",
        "здравствуйте, это ",
        "добрый день, это ",
        "добрый день это ",
        "добрый вечер, это ",
        "это ",
        " я ",
    ] {
        let Some(at) = start(cue).and_then(|n| lower.get(n)).map(|l| l.0) else { continue };
        let rest = flat.get(at..).unwrap_or_default();
        let rest = ["бабушка ", "дедушка ", "мама ", "папа ", "БАБУШКА ", "МАМА "].iter().find_map(|r| rest.strip_prefix(r)).map_or(rest, |_| "");
        if let Some(name) = leading_name(rest, true).filter(|n| !matches!(cue, "это " | " я ") || n.contains(' ')) {
            return Some(name);
        }
    }
    None
}

const KIN: [&str; 16] = [
    "мама",
    "папа",
    "мать",
    "отец",
    "бабушка",
    "дедушка",
    "опекун",
    "попечитель",
    "родитель",
    "тетя",
    "дядя",
    "мамочка",
    "представитель",
    "законный",
    "сестра",
    "брат",
];

/// The author's name from the last lines of a text: signature lines, «Мама, Елена Мартынова», «Настя, мама Феди».
fn signed(text: &str, display: &[Part], pupil: bool) -> Option<String> {
    let mut lines: Vec<&str> = text.lines().map(str::trim).filter(|l| l.chars().any(char::is_alphanumeric)).collect();
    lines.reverse();
    let mut fallback = None;
    let last = lines.len().saturating_sub(1);
    for (n, line) in lines.iter().enumerate().take(6) {
        let folded = fold(line);
        if folded.starts_with("отправлено") || folded.starts_with("sent from") || folded.starts_with("получено") {
            continue;
        }
        let mut rest = *line;
        // «С уважением, Имя», «Спасибо! Имя», «Мама, Имя», «мама Имя» at the head of the line.
        for _ in 0..4 {
            let lead = [
                "с уважением",
                "с ув.",
                "с ув",
                "заранее спасибо",
                "спасибо",
                "заранее благодарю",
                "благодарю",
                "заранее благодарна",
                "всего доброго",
                "ваша",
                "ваш",
                "искренне ваша",
                "с благодарностью",
                "с надеждой",
            ];
            let f = fold(rest);
            let cutting = lead
                .iter()
                .chain(KIN.iter())
                .find(|l| f.starts_with(**l) && !f.get(l.len()..).and_then(|t| t.chars().next()).is_some_and(char::is_alphanumeric));
            let Some(l) = cutting else { break };
            let after: String = rest.chars().skip(l.chars().count()).collect();
            // «мама Феди Порошина»: a name right after a kinship word is the child's.
            if KIN.contains(l) && !after.trim_start().starts_with([',', ':', '-', '–', '—', '.']) {
                rest = "";
                break;
            }
            rest = line.get(line.len() - after.len()..).unwrap_or_default().trim_start_matches(|c: char| !c.is_alphanumeric());
        }
        if rest.is_empty() {
            continue;
        }
        // «9 Г, Громов Всеволод», «10 А, Полина Кузьмичёва»: a pupil signs with the class.
        if pupil && rest.chars().next().is_some_and(|c| c.is_ascii_digit()) {
            let after = rest.trim_start_matches(|c: char| !c.is_alphabetic());
            let mut chars = after.chars();
            chars.next();
            if let Some(name) = leading_name(chars.as_str(), true).filter(|n| n.contains(' ')) {
                return Some(name);
            }
        }
        // A whole sentence is no signature, unless its end is: «Мой телефон …, Алёна.»
        let words = rest.split_whitespace().count();
        let class_line = super::contact::class(rest, false).is_some();
        // A long first line begins with a salutation («Галина Викторовна, простите …»), not with a signature.
        let salutation = n == last && words > 6;
        if let Some(name) = leading_name(rest, false).filter(|_| !salutation) {
            let said = name.split_whitespace().count();
            let stopped = rest.split_whitespace().nth(said.saturating_sub(1)).is_some_and(|w| w.ends_with([',', '.', ';']));
            let short = stopped
                || words <= said + 9
                    && !rest.split_whitespace().nth(said).is_some_and(|w| {
                        w.chars().next().is_some_and(char::is_lowercase)
                            && !KIN.iter().any(|k| fold(w).starts_with(k))
                            && !fold(w).starts_with("тел")
                            && !fold(w).starts_with("моб")
                    });
            // A name beside a class is the child's, unless the pupil writes or the first name is the sender's.
            let senders = parts(&name).iter().any(|p| is_first(&p.norm) && display.iter().any(|d| d.norm == p.norm)) || within(display, &parts(&name));
            if short && (!class_line || pupil || senders) {
                return Some(name);
            }
            if short && display.is_empty() && fallback.is_none() {
                fallback = Some(name);
            }
        }
        let tail = rest.rsplit(['.', ',', '!', '?', ';']).find(|t| t.chars().any(char::is_alphabetic)).unwrap_or_default().trim();
        if words > 3 && tail.split_whitespace().count() <= 3 && tail.len() < rest.len() {
            let name = leading_name(tail, false).filter(|n| n.split_whitespace().count() == tail.split_whitespace().count());
            // «4-А, Жарков Лёва»: beside the class stands the child.
            let head = rest
                .get(..rest.len() - tail.len())
                .map(|h| h.chars().rev().take(14).collect::<Vec<_>>().into_iter().rev().collect::<String>())
                .unwrap_or_default();
            if name.is_some() && (pupil || super::contact::class(&head, true).is_none()) {
                return name;
            }
        }
    }
    fallback
}

/// The author's name: the fullest form; the display name wins over a signature that is a part of it, otherwise the signature.
pub(super) fn name(text: &str, display: Option<&str>, pupil: bool) -> Option<String> {
    let display = display.map(str::trim).filter(|d| personal(d));
    let display_parts = display.map(parts).unwrap_or_default();
    let mut own: Option<String> = None;
    for candidate in [signed(text, &display_parts, pupil), after_cue(text)].into_iter().flatten() {
        let new = parts(&candidate);
        // The child may be signed in the author's stead; a name that shares a part with the display name is the author's for sure.
        match &own {
            Some(have) if within(&parts(have), &new) => own = Some(candidate),
            None => own = Some(candidate),
            _ => {}
        }
    }
    match (own, display) {
        (Some(own), Some(display)) if within(&parts(&own), &display_parts) && !within(&display_parts, &parts(&own)) => Some(display.to_owned()),
        (Some(own), _) => Some(own),
        (None, Some(display)) => Some(display.to_owned()),
        (None, None) => None,
    }
}

/// The parent's name in a request that staff pass on in their own words: «Мама, Юсупова Дилноза», «Зовут её Щукина Валентина».
pub(super) fn relayed(text: &str) -> Option<String> {
    let flat = text.split_whitespace().take(3000).collect::<Vec<_>>().join(" ");
    let words: Vec<&str> = flat.split(' ').collect();
    (0..words.len()).find_map(|i| {
        let here = fold(words.get(i)?.trim_matches(|c: char| !c.is_alphanumeric()));
        let cue = KIN.contains(&here.as_str()) || matches!(here.as_str(), "зовут" | "мамы" | "отца" | "папы" | "бабушки" | "мамой" | "имя");
        let skip = if matches!(words.get(i + 1).map(|w| fold(w)).as_deref(), Some("ее" | "его" | "мамы" | "-" | "—" | "–")) { 2 } else { 1 };
        let name = leading_name(&words.get(i + skip..)?.join(" "), false)?;
        // «мама Артёма» names the child; two words or a mark after «мама» name the mother.
        let marked = words.get(i)?.ends_with([',', ':', '-']) || here == "зовут" || skip == 2 || name.split(' ').count() > 2;
        (cue && marked).then_some(name)
    })
}
