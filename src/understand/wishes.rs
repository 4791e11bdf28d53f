//! What the author would like: to talk to somebody, and by which way.
//!
//! Not here: when (`times`).

use super::words::{Matcher, Words, denied};
use super::{Category, Channel};
use std::sync::LazyLock;

/// Phrases that ask for a talk. The last list counts only where the matter itself is one for a consultation.
const TALKS: &[&[&str]] = &[
    &[
        "консультац* + можно|нужн*|хот*|запис*|прош*|получить|провед*|попаст*|нельзя|ли|назнач*|надо|необходим*|просит|интересует",
        "проконсультир*",
        "посоветова*",
        "записать*|запис*|запишите .. к|на .. психолог*|логопед*|консультац*|прием|педагог*|специалист*|диагностик*|заняти*|встреч*",
        "попасть .. к|на .. логопед*|психолог*|прием|педагог*|специалист*|заняти*|встреч*",
        "поговори* + с|специалист*|психолог*|можно|хот*|кто|нужно|лично|прош*|надо|по",
        "побеседова*|беседу + с|прош*|можно|хот*",
        "встретит*|встречу|встречи|встреча + с|можно|хот*|прош*|нужн*|лично|специалист*|индивидуальн*|личн*",
        "обсуди* + с|хот*|лично|можно|прош*|надо",
        "нужна|необходима|требуется|нужен + консультац*|помощ* .. психолог*|психолог|логопед|разговор|беседа",
        "кто .. поможет|может .. помочь|поговор*|объясн*|подсказ*|посмотр*|возьмет*",
        "с кем .. можно|мне .. поговорить|обсудить|посоветоваться",
        "показать .. ребенка|сына|дочь|его|ее|специалист*|логопед*|психолог*|вам",
        "посмотр* .. ребенка|сына|дочь|его|ее|нас",
        "позанима* .. с|дополнит*|отдельно",
        "заняти* + взять|возьмите|берете|хотим|хотел*|можно_ли|попасть|запис*|дополнительн* .. можно",
        "личн* .. встреч*|прием*|беседы",
        "на прием .. к|директор*|завуч*|заместител*",
        "созвонит*|созвон",
        "поговорить лично|отдельно|наедине|со_мной|с_ним|с_ней|с_кем",
        "объяснил* .. по телефону|медленно|лично",
        "рассказать .. чем_написать|по_телефону",
        "пусть .. позвон*|кто .. позвон*|объясн*",
        "помогите .. советом",
        "научите|обясни*",
        "кто_нибудь|кто_нибуть|кто_то .. может|объясн*|обясн*|позаним*|поможет",
        "есть ли .. педагог*|преподавател*|учител*|упражнен*|кто|специалист*",
        "можно .. к|группу|прийти .. учител*|специалист*|нам",
        "найд* + минут*|литератор*|учител*|педагог*|кто",
        "нужна .. помощь .. тренинг*|классн*|психолог*",
        "занятия .. бывают|есть_ли|можно",
        "готова|готов .. заниматься",
        "связат* .. со мной",
        "дайте|нужен .. совет",
        "посоветуйте .. как|что",
        "прошу|просит|просим .. консультац*|психолог*|встреч*|личной|беседы|разговор*|приема",
        "прошу|просим .. встретит*|принять_меня|принять_нас|побеседовать|проконсультировать",
        "провести|провед* .. занят*|бесед*|консультац*",
        "позвоните|перезвоните|наберите|созвонимся + понять|разобраться|посовет*|обсуд*|объясн*|поговор*",
        "позвоните|перезвоните|наберите|=позвонить|=перезвонить .. по_поводу|насчет",
        "позвоните|перезвоните|наберите|=позвонить|=перезвонить .. про сына|дочери|ребенка|дочку|него|нее|внука|поведения|учебы",
        "кто .. мог .. бы|заниматься|позаниматься|помочь",
        "предлагаем .. встрет*|встречу",
        "нужен|нужна|ищем .. логопед|психолог|соцпедагог",
        "давайте .. встрет*|созвонит*|поговорим|обсудим",
    ],
    &[
        "подскажите .. как .. быть|помочь|себя|вести|реагир*|поступить|справит*|говорить|лучше",
        "как .. быть|помочь|поступить|себя_вести|реагировать|справит*|с_этим|достучат*",
        "что .. делать|нам_делать|мне_делать|можно_сделать",
        "не знаю .. что|как|к_кому|куда .. делать|быть|обратит*|помочь",
        "помогите .. пожалуйста|нам|мне|разобрат*|советом|ребенку|сыну|дочери",
        "нужна .. помощь",
        "нужен|нужно .. кто|специалист",
        "можно .. прийти|подойти|приехать|приводить|к_вам",
        "хот* .. прийти|подойти|привести|понять",
        "есть ли .. специалист*|путь|возможность|такие|кто",
        "объясните|разъясните|расскажите",
        "куда .. с этим|обратит*|идти",
        "к кому .. обратит*|подойти|идти|можно",
        "буду|будем в школе",
        "посмотрите|послушайте|проверьте .. его|ее|ребенка|сына|дочь|речь",
    ],
];
static TALK: LazyLock<Matcher> = LazyLock::new(|| Matcher::of(TALKS));

/// The words that ask for a talk, if the letter does.
pub(super) fn wants_talk(words: &Words<'_>, category: Option<Category>, form_type: Option<&str>) -> Option<String> {
    if form_type.is_some_and(|t| t.to_lowercase().contains("консультац")) {
        return Some("в форме выбрана консультация".to_owned());
    }
    // Who demands measures and an answer in writing does not ask for a talk.
    let measures = |i: usize| matches!(words.norm(i), "принятых" | "примите" | "принять") && words.norm(i + 1).starts_with("мер");
    if words.tokens.len() > 3 && category == Some(Category::Psychologist) && !(0..words.tokens.len()).any(measures) {
        return Some("вопрос к психологу — это разговор".to_owned());
    }
    if category == Some(Category::SpeechTherapist)
        && !words.text.is_empty()
        && (0..words.tokens.len()).step_by(12).all(|i| help(words, i))
        && words.text.contains('?')
        && !words.tokens.iter().any(|t| t.norm.starts_with("замен"))
    {
        return Some("вопрос к логопеду — это приём".to_owned());
    }
    let personal = matches!(category, Some(Category::Psychologist | Category::SpeechTherapist | Category::SocialPedagogue | Category::LearningHelp));
    let thing = matches!(category, Some(Category::Technical | Category::Equipment | Category::Ejournal));
    let hit = TALK
        .find(words)
        .into_iter()
        .filter(|h| !denied(words, h) && (words.norm(h.last + 1) != "не" || !words.norm(h.last + 2).starts_with("получ")))
        // «перезвоните насчёт планшета» is about a thing.
        .filter(|h| !(thing && words.norm(h.first).contains("звон")))
        .find(|h| h.rule == 0 || matches!(category, Some(Category::Psychologist)) || (personal && h.rule == 1 && help(words, h.first)))?;
    Some(format!("просит поговорить («{}»)", words.quote(&hit)))
}

/// «Подскажите, какие документы», «какое расписание» ask for a fact, not for a talk.
fn help(words: &Words<'_>, at: usize) -> bool {
    const FACTS: [&str; 10] = ["замен", "документ", "расписан", "справк", "когда", "список", "график", "заявлен", "учебник", "распечат"];
    !(at..at + 12).any(|i| words.together(at, i) && FACTS.iter().any(|f| words.norm(i).starts_with(f)))
}

/// Ways to be reached, in the order of [`Channel`]: phone, video, messenger, e-mail, in person.
const WAYS: &[&[&str]] = &[
    &[
        "=позвоните|=перезвоните|=позвонить|=перезвонить|=позвонит|=перезвонит|=звоните|=звонить|=звонок|=звонка|=звоночек|=звонку|набери*|набрать|=перезвоним|=позвонил|=позвонили|=перезвонили|=перезвонил|=позвони|=перезвони",
        "или|либо .. разговаривать|говорить",
        "или|либо .. по телефону",
        "по телефону .. или|либо",
        "по телефону + удобн*|лучше|можно|консультац*|поговор*|объясн*|вечером|утром|готов*|хот*|прош*|разговор*|обсуд*|связ*",
        "созвонит*|созвон",
        "голосом|голосовой",
        "на связи .. по телефону",
        "трубку",
    ],
    &[
        "по видео|видеосвязи|видеозвонку|видеосвязь",
        "видеозвон*",
        "видеосвяз*",
        "видеоконсультац*|видео_консультац*",
        "по зуму|zoom|скайпу|сферуму",
        "в сферуме|зуме|зум|zoom|сферум + удобн*|лучше|консультац*|встрет*|поговор*|созвон*|связ*",
        "онлайн|дистанционно|удаленно + консультац*|встреч*|встрет*|поговор*|удобн*|лучше|предпоч*|беседо*|пообща*",
        "=дистанционно|=онлайн",
        "онлайн консультац*|встреч*|бесед*|разговор*",
        "скайп*|skype|телемост*",
        "по видео|онлайн .. или|либо",
    ],
    &[
        "ватсап*|вотсап*|вацап*|воцап*|уотсап*|whatsapp|вайбер*|viber|телеграм*|telegram|телега|телегу|телеге|смс|sms|смской|смску|мессенджер*|вконтакте|=макс|=max|=вк|=вайб|=вотс|=ватс",
        "в чате|чат + пришлите|присылайте|скиньте|сбросьте|пишите|напишите|лучше|удобн*|ответ*|связ*|переписк*|консультац*",
        "в чате|чатике .. например|можно",
        "переписыва* .. можно|удобн*|лучше",
        "можно|удобнее|лучше|проще .. переписыва*|переписк*",
        "сообщением|сообщениями .. удобнее|лучше|проще|можно",
        "удобнее|лучше|проще|только .. сообщением|сообщениями|сообщения",
    ],
    &[
        "на почту|почтой|почте|почту|мейл|email|mail + ответ*|пишите|напишите|лучше|пришлите|удобн*|прислать|сообщ*|направ*|выш*|жду",
        "письмом|письменно + проще|ответ*|лучше|прош*|удобн*|можно|сообщ*|консультац*|прислать|предпоч*|хот*",
        "ответ*|ждем|жду .. здесь|сюда",
        "на_этот|на_эту адрес|почту|ящик",
        "=сюда + пишите|ответ*|напишите|можно|присылайте|писать|написать",
        "ответ .. на .. электронн*|почту|адрес",
        "ответить .. сюда|письм*|почт*",
        "напишите|отпишите* .. мне|пожалуйста|ответ|по|как|если|что|когда|где|кто|куда|сюда",
        "по почте + ответ*|лучше|удобн*|можно|связ*|предпоч*",
        "электронн* .. почте|почту|письмом + ответ*|пришл*|прошу|лучше|удобн*|можно|связ*|предпоч*|сообщ*",
    ],
    &[
        "подойти|подойду|подойдем|=подходить|подбегу",
        "прийти|приду|придем|приходить|прихожу",
        "подъехать|подъеду|подъедем|заехать|заеду|приехать|приеду|подскочить",
        "зайти|зайду|зайдем|забегу|загляну",
        "очно|очная|очной|очную",
        "=живьем|=вживую",
        "дойду|дойдем",
        "заберу|забирать|заберем|забрала_бы",
        "пришла|пришел .. бы|познакомит*",
        "назначить .. встречу",
        "показать .. ребенка|сына|дочь|его|ее|внука",
        "буду .. в школе",
        "лично|очно .. или|либо",
        "или|либо .. лично|очно",
        "встретит* + с|хот*|хоте*|можно|прош*|предлаг*|давайте|готов*|лично|когда",
        "лично + познакомит*|встрет*|поговор*|обсуд*|прийти|прием*|хот*|консультац*|беседо*|приход*",
        "личн* .. встреч*|прием*|беседы|беседу",
        "при встрече",
        "забрать|занести|принести|привезти|отдать + могу|можем|готов*|завтра|смогу|куда|удобн*|хоть|кабинет*",
        "сдать|вернуть + могу|готов*|смогу|куда",
        "занесу|занесем|принесу|принесем|привезу|привезем|завезу",
        "в школе + предлага*|встрет*|поговор*|удобн*|консультац*",
    ],
];
static WAY: LazyLock<Matcher> = LazyLock::new(|| Matcher::of(WAYS));

const ALL: [Channel; 5] = [Channel::Phone, Channel::Video, Channel::Messenger, Channel::Email, Channel::InPerson];

/// Words that make a wish of a way beside them.
const WISHES: [&str; 42] = [
    "можно",
    "лучше",
    "удобн",
    "могу",
    "можем",
    "смогу",
    "=готов",
    "готова",
    "готовы",
    "прошу",
    "просим",
    "хоте",
    "хоти",
    "хочу",
    "хочет",
    "пожалуйста",
    "просит",
    "мог",
    "надо",
    "нужн",
    "предпоч",
    "жду",
    "связ",
    "буду",
    "давайте",
    "просьба",
    "хоть",
    "может",
    "соглас",
    "куда",
    "кому",
    "кабинет",
    "бы",
    "реальн",
    "возможн",
    "назначить",
    "предлаг",
    "просил",
    "проще",
    "желательн",
    "сможем",
    "устро",
];

/// A way that the letter names, with how strongly it is wished.
struct Named {
    way: usize,
    at: (usize, usize),
    points: i32,
}

/// The wished way, when one is wished: not a mere number, nothing said under «если», and not several as equals.
pub(super) fn channel(words: &Words<'_>, phone_times: bool) -> Option<Channel> {
    let mut named: Vec<Named> = WAY.find(words).into_iter().filter_map(|hit| weigh(words, &hit)).collect();
    // «по телефону или лично»: as equals, unless one of them is better.
    for i in 1..named.len() {
        let Some([a, b]) = named.get_mut(i - 1..=i) else { continue };
        let joined = (a.at.0.min(b.at.0)..=a.at.1.max(b.at.1)).any(|n| matches!(words.norm(n), "или" | "либо"));
        if a.way != b.way && words.together(a.at.0, b.at.0) && joined && a.points.max(b.points) < BETTER {
            let most = a.points.max(b.points);
            (a.points, b.points) = (most, most);
        }
    }
    let mut score = [0i32; 5];
    for name in &named {
        if let Some(points) = score.get_mut(name.way) {
            *points = (*points).max(name.points);
        }
    }
    // A remark on when the number may be called is a wish to be called.
    if phone_times && score.iter().skip(1).all(|&s| s < 2) {
        return Some(Channel::Phone);
    }
    let top = score.iter().copied().max().filter(|&s| s > 0)?;
    let mut best = ALL.into_iter().zip(score).filter(|(_, s)| *s == top);
    let first = best.next()?.0;
    let others = best.next();
    // «переписка в вайбере» names its number too; a messenger beats the plain phone it uses and the plain «напишите».
    match others {
        None => Some(first),
        Some((Channel::Messenger, _)) if first == Channel::Phone && best.next().is_none() => Some(Channel::Messenger),
        Some(_) => None,
    }
}

/// Points of a way that is said to be better than others.
const BETTER: i32 = 4;

/// How strongly a way is wished where the hit stands; `None`: not at all.
fn weigh(words: &Words<'_>, hit: &super::words::Hit) -> Option<Named> {
    let norm = |i: usize| words.norm(i);
    let sentence = |i: usize| words.together(hit.first, i);
    let near = |from: usize, to: usize, list: &[&str]| {
        (hit.first.saturating_sub(from)..hit.last + to).any(|i| {
            sentence(i)
                && list.iter().any(|l| match l.strip_prefix('=') {
                    Some(whole) => norm(i) == whole,
                    None if l.chars().count() <= 2 => norm(i) == *l,
                    None => norm(i).starts_with(l),
                })
        })
    };
    let before = |n: usize| hit.first.checked_sub(n).filter(|&i| sentence(i)).map_or("", norm);
    // «если надо позвонить», «если проще по телефону» are no wishes; «если можно, по телефону», «если найдётся, позвоните» are.
    let under_if = (1..=4).any(|n| before(n) == "если" && !parted(words, hit.first - n, hit.first) && !matches!(norm(hit.first - n + 1), "можно" | "возможно"));
    // «не звоните», «не по телефону»
    let refused = (hit.first..=hit.last).any(|i| norm(i) == "не" && (norm(i + 1) == "по" || norm(i + 1).contains("звон")));
    if under_if || refused || (1..=2).any(|n| before(n) == "не" && !parted(words, hit.first - n, hit.first)) || denied(words, hit) {
        return None;
    }
    if near(3, 3, &["ребен", "сын", "доч", "внук", "дети", "учител"])
        && hit.rule == 4
        && !near(
            6,
            6,
            &[
                "могу",
                "можем",
                "смогу",
                "готов",
                "можно",
                "хот",
                "удобн",
                "прийти",
                "лично",
                "мог",
                "может",
                "кому",
                "куда",
                "кабинет",
                "бы",
                "встре",
                "прош",
                "буду",
            ],
        )
    {
        return None;
    }
    // «созвоны мне сложно», «звонить неудобно», «созвониться не получится»
    let hard = (hit.first.saturating_sub(2)..hit.last + 4).any(|i| {
        sentence(i)
            && ["сложно", "неудобн", "нельзя", "невозможно", "бесполезно"].iter().any(|l| norm(i).starts_with(l))
            && !parted(words, i.min(hit.last), i.max(hit.first))
    });
    if hard
        || (1..=2).any(|n| {
            norm(hit.last + n) == "не"
                && sentence(hit.last + n)
                && (norm(hit.last + n + 1).starts_with("получ") || matches!(norm(hit.last + n + 1), "надо" | "нужно" | "могу" | "смогу"))
        })
    {
        return None;
    }
    let wish = near(5, 6, &WISHES) || (hit.rule == 1 && near(3, 3, &["консультац", "встреч"]));
    let imperative = matches!(
        norm(hit.first),
        "позвоните"
            | "перезвоните"
            | "звоните"
            | "наберите"
            | "подойду"
            | "приду"
            | "подъеду"
            | "зайду"
            | "заеду"
            | "приеду"
            | "заберу"
            | "созвонимся"
            | "трубку"
            | "очно"
            | "переписка"
            | "набери"
            | "позвони"
            | "перезвони"
            | "дойду"
            | "дойдем"
            | "принесу"
            | "занесу"
            | "привезу"
    ) || norm(hit.first).starts_with("видеозвон")
        || (near(2, 0, &["просил", "прошу", "просит", "жду"]) && norm(hit.first).contains("звон"));
    let wrote = matches!(norm(hit.first), "напишите" | "пишите" | "отпишитесь");
    // «как вам удобнее» leaves the choice to the school.
    let theirs = near(3, 4, &["=вам"]) && near(3, 4, &["=как"]);
    let better =
        (near(3, 3, &["лучше", "удобнее", "предпоч", "желательно", "только", "проще"]) && !theirs) || (before(1) == "а" && (2..=5).any(|n| before(n) == "не"));
    let answer = near(4, 4, &["пиш", "писать", "связ", "ответ", "лучше", "удобн", "присл", "сброс", "скин", "перепис", "можно", "напи"]);
    // A bare word answers a question: «Дистанционно.»
    let alone = hit.first == hit.last && !sentence(hit.last + 1) && before(1).is_empty();
    if hit.rule == 1 && hit.first == hit.last && matches!(norm(hit.first), "дистанционно" | "онлайн") && !alone {
        return None;
    }
    let points = if wrote && hit.rule == 3 && !near(0, 3, &["почт", "письм", "мейл", "mail"]) {
        2
    } else if better {
        BETTER
    } else if (imperative && hit.rule != 4) || (hit.rule == 2 && answer) || alone {
        3
    } else if wish || imperative || norm(hit.first) == "звонить" {
        2
    } else if hit.rule == 2 || hit.rule == 3 {
        1
    } else {
        return None;
    };
    Some(Named { way: hit.rule, at: (hit.first, hit.last), points })
}

/// Whether a comma stands between two words.
fn parted(words: &Words<'_>, a: usize, b: usize) -> bool {
    match (words.tokens.get(a), words.tokens.get(b)) {
        (Some(a), Some(b)) => words.text.get(a.at.end..b.at.start).is_some_and(|t| t.contains([',', ';', '—'])),
        _ => false,
    }
}
